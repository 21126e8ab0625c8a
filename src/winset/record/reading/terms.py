"""Figures as terms on the table: what was done with a number, by whom, towards whom."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from winset.record.reading.cues import Cues, rx
from winset.record.reading.names import Hit
from winset.record.reading.parties import issues_in
from winset.record.reading.schema import Figure, TermItem
from winset.record.reading.understand_lines import Line, span
from winset.record.reading.wordlists import triggers

__all__ = ["terms_in"]

STATUS = (
    ("void", r"struck down|overturned|void|annulled|rescinded|repealed|revoked"),
    ("suspended", r"suspend(?:s|ed)|paused|put on hold|frozen"),
    ("threatened", r"threat(?:s|en|ens|ened|ening)?|warned of|vowed to impose"),
    (
        "demanded",
        r"demand(?:s|ed|ing)?|urge[ds]?|insist(?:s|ed)?|want(?:s|ed)?|call(?:s|ed)? for|ask(?:s|ed)?|"
        r"seek(?:s|ing)?|sought|request(?:s|ed)?",
    ),
    ("offered", r"offer(?:s|ed)?|propos(?:e|es|ed|al)|ready to|willing to|prepared to"),
    (
        "agreed",
        r"agree(?:s|d)?|agreement|pledge[ds]?|commit(?:s|ted)?|commitment|promise[ds]?|deal|signed|"
        r"under the (?:deal|pact|accord)|accord|settled on",
    ),
    ("announced", r"announce[ds]?|plan(?:s|ned)?|will|would|unveiled|set to|intends? to"),
    (
        "in_force",
        r"in force|took effect|imposed|imposes|levies|levied|currently|faces?|applied|applies|raised|"
        r"lowered|cut|has been|remains?",
    ),
)
CUES = Cues(STATUS, flags=0)
_DEMANDS = triggers("seek seeks demands demanded want wants asked urged")
RANK = [status for status, _ in STATUS]
GIVER = re.compile(r"\bby\s+(?:the\s+)?$", re.IGNORECASE)
TOWARDS = re.compile(
    r"\b(?:on|for|against|from|in|to|into|of|worth of)\s+(?:the\s+|all\s+|most\s+)?$", re.IGNORECASE
)
COUNTED = ("count", "share", "statistic", "number", "ordinal")


def terms_in(line: Line, known: Container[str]) -> list[TermItem]:
    """One term a figure of the line that is a rate, pledge, purchase, quota or cost; statistics are none.

    `known`: ids of the document's figures.
    """
    return [_term(line, figure, known) for figure in line.figures if _negotiable(figure)]


def _negotiable(figure: Figure) -> bool:
    if any(word in figure.role for word in COUNTED):
        return False
    money = len(figure.unit) == 3 and figure.unit.isupper()
    rate = figure.unit in ("percent", "percentage-points")
    return (
        money
        or (rate and ("tariff" in figure.role or "rate" in figure.role))
        or "quota" in figure.role
        or "cap" in figure.role
    )


def _term(line: Line, figure: Figure, figures: Container[str]) -> TermItem:
    text = line.text
    status = _status(line, figure)
    giver, taker, flags = _sides(line, figure)
    if figure.equals is not None and figure.equals not in figures:
        flags = (*flags, "equals")
    issue = next(iter(issues_in(text[line.start : line.end])), "")
    if "tariff" in figure.role:
        issue = "tariffs"
    elif "invest" in figure.role:
        issue = "investment"
    first = min(
        [figure.start, *[n.start for n in line.hits if n.entry.code == giver and n.end <= figure.start][:1]]
    )
    return TermItem(
        id="",
        figure=figure.id,
        role=figure.role,
        status=status,
        from_party=giver,
        to_party=taker,
        issue=issue,
        quote=span(text, first, figure.end),
        sentence=line.sentence.i,
        equals=figure.equals,
        confidence="medium" if giver and status != "reported" and not flags else "low",
        flags=flags,
    )


def _status(line: Line, figure: Figure) -> str:
    """The status word that stands nearest before the figure in what is said, else after it."""
    best: tuple[int, str] | None = None
    for cue in CUES.finditer(line.low, line.start, figure.start):
        status, distance = str(cue.lastgroup), figure.start - cue.end()
        # "agreed to ... will": an agreement outweighs the plain future.
        if status in ("announced", "in_force"):
            distance += 400
        if best is None or distance < best[0]:
            best = (distance, status)
    if best is not None:
        return best[1]
    after = {str(cue.lastgroup) for cue in CUES.finditer(line.low, figure.end, line.end)} - {"announced"}
    return min(after, key=RANK.index, default="reported")


def _sides(line: Line, figure: Figure) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Who gives or levies, and whom it falls on or who gets it."""
    text = line.text
    known = [
        h
        for h in line.hits
        if h.entry.code is not None and h.entry.kind in ("country", "seat", "bloc", "government")
    ]
    giver: str | None = None
    flags: tuple[str, ...] = ()
    for hit in known:
        if GIVER.search(text, max(line.start, hit.start - 10), hit.start):
            giver = hit.entry.code
    subject_end = figure.start
    subjects = [h for h in known if h.end <= subject_end and not _object(text, line.start, h)]
    people = [
        n for n in line.people if n.mention.end <= subject_end and n.person.party and line.outside(n.mention.start)
    ]
    if giver is None:
        chosen = _nearest_subject(line, subjects, figure)
        if chosen is not None:
            giver = chosen.entry.code
        elif people:
            giver = people[-1].person.party
        elif line.speaker_code is not None:
            giver, flags = line.speaker_code, ("giver_inferred",)
    taker: str | None = None
    for hit in known:
        if hit.entry.code == giver:
            continue
        if hit.start >= figure.end or _object(text, line.start, hit):
            if GIVER.search(text, max(line.start, hit.start - 10), hit.start):
                continue
            taker = hit.entry.code
            if hit.start >= figure.end or hit.entry.form == "adjective":
                break
    if not line.words.isdisjoint(_DEMANDS) and rx(r"\b(?:seeks?|demand(?:s|ed)|wants?|asked|urged)\b").search(
        line.low, line.start, figure.start
    ):
        tariff_of = next(
            (
                h
                for h in known
                if h.start >= figure.end
                and h.entry.form == "adjective"
                and rx(r"\s+(?:tariffs?|dut(?:y|ies))").match(text, h.end, h.end + 12)
            ),
            None,
        )
        if tariff_of is not None:
            giver, taker = tariff_of.entry.code, giver
    return giver, taker, flags


def _object(text: str, start: int, hit: Hit) -> bool:
    """Whether a country stands as object or adjective of goods: "on Korean cars", "in Canadian ports"."""
    before = text[max(start, hit.start - 22) : hit.start]
    if TOWARDS.search(before):
        return True
    return (
        hit.entry.form == "adjective"
        and rx(
            r"\s+(?:goods|exports?|imports?|products?|cars?|steel|economy|industry|market|energy|ports?|"
            r"firms|companies|aircraft|[a-z]+s)\b"
        ).match(text[hit.end : hit.end + 20])
        is not None
    )


def _nearest_subject(line: Line, subjects: Sequence[Hit], figure: Figure) -> Hit | None:
    """The subject of the clause in which the figure stands: the last one before it that a verb follows."""
    chosen = None
    for hit in subjects:
        if hit.entry.form == "adjective" and not rx(
            r"\s+(?:government|side|officials|president|minister)", re.I
        ).match(line.text[hit.end : hit.end + 14]):
            continue
        chosen = hit
    return chosen
