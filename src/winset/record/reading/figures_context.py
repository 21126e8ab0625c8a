"""Roles that a figure takes from elsewhere: the figure it is set against, the sentence before, its column's head.

A figure whose own words tell what it is keeps what they tell, except where it is set against another ("compared
with 3.9% in 2020"), which says outright that both measure one thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.figures_cues import MONEY_CUE, PERCENT_CUE
from winset.record.reading.schema import Figure, Sentence, changed

__all__ = ["UNTOLD", "roles_in_context"]

UNTOLD = ("amount", "percentage")
"""Roles of what no word near a figure tells."""
_OF_THE = re.compile(r"^[\"“]?(?:Of|Out of)\s(?:the|that|this|its)\s(?:total\s)?$")
_WANTED = re.compile(
    r"\b(?:wants?|demand(?:s|ed)|seeks?|asked for|against|compared (?:with|to)|versus|pressed|reach|raise)\b"
)
"""Between two figures of one kind: what is, and what somebody wants."""
_COMPARED = re.compile(
    r"(?:\b|(?=\())(?:compared (?:with|to)|against|versus|vs\.?|up from|down from|(?:more|less|lower|higher) "
    r"than the|after"
    r"|(?:narrow|wid)(?:er|ened|ed) from|from|\((?:was|were|previously|formerly|before|then|earlier|(?:in "
    r")?(?:19|20)\d\d:?))\s(?:an?\s|the\s|its\s|some\s|about\s|just\s|only\s|around\s|earlier\s"
    r"|previous\s|initial\s|original\s){0,2}$"
)
"""Right before a figure that is set against the one before it."""
_SAME_KIND = re.compile(
    r"share|growth_rate|inflation_rate|interest_rate|unemployment_rate|approval_rating|trade_|exports$|imports$|revenue"
    r"|profit$|loss$|price$|budget|reserves|gdp|defence_spending|ownership_stake|content_share|count_of_|investment"
)
_ANOTHER = re.compile(
    r"\b(?:another|a further|an additional|an extra|a second|the (?:other|remaining|rest|balance)(?: "
    r"of)?)\s(?:about\s|some\s|roughly\s)?$"
)
_PROMISE = re.compile(r"\b(?:promis|pledg|offer|want|demand|would like|ask|commit)\w*\b[^.;]{0,60}$")
_IT = re.compile(
    r"\b(?:put|puts|putting|estimate[sd]?|reckon(?:s|ed)?|value[sd]?)\s(?:it|this|that|them|the (?:figure|total"
    r"|sum|gap|number))\s"
    r"(?:at|to be)\s(?:about\s|around\s|some\s|nearly\s|roughly\s)?$"
    r"|^[\"“(]?(?:it|this|that|the (?:figure|total|sum|number)|they)\s(?:has |had |have |now |then |also "
    r")*(?:was|is|were|are|been|stands? at|stood at|came"
    r" to|comes to|reached|hit|rose|fell|grew|climbed|totall?ed|amounted to|amounts to|equals?|leaves"
    r"|left)\b[^.;,]{0,30}$"
)
"""Before a figure whose subject is what the sentence before speaks of."""
_BY = re.compile(r"\bby\s(?:about\s|around\s|some\s)?$")
_TOPICS = frozenset(
    [
        "trade_balance",
        "trade_volume",
        "exports",
        "imports",
        "tariff_rate",
        "inflation_rate",
        "interest_rate",
        "unemployment_rate",
        "tariff_revenue",
        "investment_commitment",
        "purchase_commitment",
        "loan",
        "subsidy",
        "aid",
        "defence_spending",
        "reserves",
    ]
)
_BEFORE_CELL = re.compile(
    r"\b(?:old|before|previous|prior|earlier|former|until|current|today|existing|april|threatened)\b"
)
_AFTER_CELL = re.compile(r"\b(?:new|after|agreed|revised|now|from|reduced|final)\b")
_CELL_ROLES = (
    ("tariff_rate", re.compile(r"\b(?:rates?|dut(?:y|ies)|tariffs?|lev(?:y|ies))\b")),
    ("trade_balance", re.compile(r"\b(?:deficit|surplus|balance|gap)\b")),
    ("exports", re.compile(r"\bexports?\b")),
    ("imports", re.compile(r"\bimports?\b")),
    ("investment_commitment", re.compile(r"\binvest\w*\b")),
    ("purchase_commitment", re.compile(r"\bpurchases?\b")),
    ("trade_volume", re.compile(r"\btrade\b")),
    ("quota", re.compile(r"\bquotas?\b")),
    ("share", re.compile(r"\bshares?\b")),
)


def roles_in_context(
    text: str, low: str, sentences: Sequence[Sentence], figures: Sequence[Figure]
) -> list[Figure]:
    """`figures`, in order, with the roles that others give them. `low`: the text in small letters."""
    at = {sentence.i: n for n, sentence in enumerate(sentences)}
    found: list[Figure] = []
    for figure in figures:
        n = at.get(figure.sentence if figure.sentence is not None else -1)
        if n is not None:
            sentence = sentences[n]
            before = found[-1] if found and found[-1].unit == figure.unit else None
            role = (
                _in_column(low, sentences, n, figure)
                or _compared(low, figure, before)
                or _further(low, sentence, figure, found)
                or _it(low, sentences, n, figure)
                or _its_level(low, figure, before)
                or _part_or_price(low, figure, found[-1] if found else None)
            )
            if role is not None and role != figure.role:
                figure = changed(figure, role=role)
        found.append(figure)
    return _by_value(text, found)


def _by_value(text: str, figures: list[Figure]) -> list[Figure]:
    """A figure whose own sentence does not tell what it is takes the role of the same figure elsewhere.

    "Of the $350 billion, $150 billion ...": parts are of the kind of their whole.
    """
    roles: dict[tuple[float, str], str] = {}
    for figure in figures:
        if figure.role not in UNTOLD:
            roles.setdefault((figure.value, figure.unit), figure.role)
    found: list[Figure] = []
    whole: Figure | None = None
    last: Figure | None = None
    for figure in figures:
        told = roles.get((figure.value, figure.unit)) if figure.role in UNTOLD else None
        if told is not None:
            figure = changed(figure, role=told)
        if (
            last is not None
            and figure.role in UNTOLD
            and last.role not in UNTOLD
            and (figure.sentence, figure.unit) == (last.sentence, last.unit)
            and _WANTED.search(text, last.end, figure.start)
        ):
            figure = changed(figure, role=last.role)
        last = figure
        if whole is not None and whole.sentence != figure.sentence:
            whole = None
        if (
            whole is not None
            and figure.role in UNTOLD
            and figure.unit == whole.unit
            and figure.value < whole.value
        ):
            figure = changed(figure, role=whole.role, part_of=whole.id)
        if _OF_THE.match(text[max(0, figure.start - 20) : figure.start].rsplit(". ", 1)[-1]):
            whole = figure
        found.append(figure)
    return found


def _compared(low: str, figure: Figure, before: Figure | None) -> str | None:
    """The role of the figure right before, where this one is set against it in the same sentence."""
    if (
        before is None
        or before.sentence != figure.sentence
        or before.role in UNTOLD
        or figure.start - before.end > 90
    ):
        return None
    if not _COMPARED.search(low, max(before.end, figure.start - 40), figure.start):
        return None
    between = low[before.end : figure.start]
    apart = ";" in between or "," in between[8:].replace(", compared", "").replace(", against", "")
    if apart and figure.role not in UNTOLD:
        return None  # a second clause speaks of a second thing
    if before.role == "tariff_rate_after" or (before.role == "tariff_rate" and "(" in between):
        return "tariff_rate_before"
    return before.role if _SAME_KIND.match(before.role) and not before.pair else None


def _further(low: str, sentence: Sentence, figure: Figure, found: Sequence[Figure]) -> str | None:
    """ "another $150 billion": what the last amount was; of what exists and what is promised, the promise."""
    if figure.role not in UNTOLD or not found:
        return None
    if not _ANOTHER.search(low, max(sentence.start, figure.start - 40), figure.start):
        return None
    like = next((f for f in reversed(found[-4:]) if f.unit == figure.unit and f.role not in UNTOLD), None)
    if like is None or (sentence.i - (like.sentence or 0)) > 3:
        return None
    if like.role.endswith("investment_existing") and _PROMISE.search(low, sentence.start, figure.start):
        return "investment_commitment"
    return like.role


def _it(low: str, sentences: Sequence[Sentence], n: int, figure: Figure) -> str | None:
    """The topic of the sentence before, where the subject of the figure is "it"."""
    sentence = sentences[n]
    if figure.role not in UNTOLD or n == 0 or sentences[n - 1].block != sentence.block:
        return None
    if not _IT.search(low[sentence.start : figure.start]) or _BY.search(low, sentence.start, figure.start):
        return None
    cues = PERCENT_CUE if figure.unit == "percent" else MONEY_CUE
    topics = [
        str(cue.lastgroup)
        for cue in cues.finditer(low, sentences[n - 1].start, sentences[n - 1].end)
        if cue.lastgroup in _TOPICS
    ]
    # "trade deficit", "trade gap": trade is the wider word.
    return min(topics, key=lambda topic: topic == "trade_volume", default=None)


def _its_level(low: str, figure: Figure, before: Figure | None) -> str | None:
    """ "was lifted from 2.5 percent; it stands at 25 percent": one rate told twice."""
    if before is None or before.sentence != figure.sentence or figure.role not in (*UNTOLD, "tariff_rate"):
        return None
    between = low[before.end : figure.start]
    if not before.role.startswith("tariff_rate") or not _THEN.match(between) or "." in between:
        return None
    return "tariff_rate_after" if before.role == "tariff_rate_before" else "tariff_rate"


def _part_or_price(low: str, figure: Figure, before: Figure | None) -> str | None:
    """ "$550bn, of which $80bn by 2026"; "90 jets worth $13 billion"."""
    if before is None or before.sentence != figure.sentence or figure.role not in UNTOLD:
        return None
    between = low[before.end : figure.start]
    if before.unit == figure.unit and _OF_WHICH.search(between) and before.role not in UNTOLD:
        return before.role
    if before.role == "purchase_commitment" and _WORTH.search(between) and ";" not in between:
        return before.role
    return None


_OF_WHICH = re.compile(r"\b(?:of which|including)\s(?:about\s|some\s|up to\s|at least\s)?$")
_WORTH = re.compile(r"\b(?:worth|valued at|costing|at a cost of)\s(?:about\s|some\s|more than\s|around\s)?$")
_THEN = re.compile(
    r"[^;,]{0,30}[;,]\s(?:and\s|but\s)?(?:it|they|these|that)\s(?:now\s)?(?:stands?|is|are|pays?|faces?|stays?|remains?)\b"
)


def _in_column(low: str, sentences: Sequence[Sentence], n: int, figure: Figure) -> str | None:
    """What the head of the column says: "Partner | old rate | new rate"."""
    sentence = sentences[n]
    row = low[sentence.start : sentence.end]
    bars = row.count("|")
    if bars < 2:
        return None
    for back in range(n - 1, max(n - 60, -1), -1):
        head = low[sentences[back].start : sentences[back].end]
        if head.count("|") != bars:
            return None
        if any(c.isdigit() for c in head):
            continue
        column = low.count("|", sentence.start, figure.start)
        cell = head.split("|")[column]
        for role, words in _CELL_ROLES:
            if words.search(cell):
                if role == "tariff_rate" and _BEFORE_CELL.search(cell):
                    return "tariff_rate_before"
                if role == "tariff_rate" and _AFTER_CELL.search(cell):
                    return "tariff_rate_after"
                return role
        return None
    return None
