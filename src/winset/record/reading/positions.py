"""Who demands, offers, commits to, refuses or expects what, in whose words.

The holder is the side whose wish it is; the speaker is who says so, often somebody else. A red line is only what
the words say; whether it is one, only an analyst can tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.cues import rx
from winset.record.reading.names import Hit
from winset.record.reading.parties import issues_in
from winset.record.reading.schema import Person, PositionItem
from winset.record.reading.understand_lines import Line, Named, span
from winset.record.reading.wordlists import triggers

__all__ = ["positions_in"]

_MODAL = r"(?:will|would|can|could|shall|may|should|must)"
# Order is precedence where two match at one place.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))  # tried on small letters
    for kind, pattern in (
        (
            "red_line",
            rf"\b(?:{_MODAL}\s+(?:not|never)|won[’']t|cannot|can[’']t)\s+(?:\w+ly\s+|be\s+)?(?:accept|"
            rf"lower|agree|give|yield|concede|"
            r"allow|tolerate|negotiate|compromise|open|cut|reduce|drop|lift|change|sign|accepting|remove|"
            r"back|bow|abandon|"
            r"sit|pay|raise|budge|scrap|seek|touch)\w*|\b(?:reject(?:s|ed)|ruled out|rules out|"
            r"refuse[ds]?)\b|\bred line\b|"
            r"\bnon-negotiable\b|\bunacceptable\b|\bnever (?:accept|agree|allow)\b",
        ),
        (
            "demand",
            r"\b(?:demand(?:s|ed|ing)|urge[ds]?|urging|call(?:s|ed|ing)?\s+(?:on|for|upon)|press(?:es|"
            r"ed)?|insist(?:s|ed)? (?:on|that)|"
            r"want(?:s|ed)|(?:(?<=\bwe )|(?<=\bthey )|(?<=\bi ))(?:demand|want|insist (?:on|that))|ask(?:s"
            r"|ed)?\s+(?!reporters)|request(?:s|ed)|at the request of|push(?:es|ed|"
            r"ing)? for|requires|require|"
            r"pressur\w+ from|seek(?:s|ing)? (?!favou?rable)|sought|needs? to (?:be )?(?:resolve|consider|"
            r"recogni|address)\w*|the need to|"
            r"are essential|conditional on|its demand for|exempt(?:ion)? (?:from|for) .{0,30}\bmust\b)",
        ),
        (
            "offer",
            r"\b(?:offer(?:s|ed)? to|offer(?:s|ed)?|propos(?:e|es|ed) (?:to|a|an|that)?|(?:is|are|was|"
            r"were) (?:ready|willing|prepared|open) to|"
            r"signal(?:s|l?ed)? (?:openness|readiness|willingness))\b",
        ),
        (
            "commitment",
            r"\b(?:(?:has|have|had)?\s*(?:committed|pledged|promised|vowed|undertook|undertaken|agreed|"
            r"agrees|agree|pledges|promises)\s+"
            r"(?:to|that|on)\b|pledged|(?:do|does)? its utmost|will (?:invest|purchase|buy|spend|"
            r"import)\b|encouraged to produce)",
        ),
        (
            "agenda",
            r"\b(?:(?:to|will|would|could|may|might|also)\s+(?:also\s+|jointly\s+)?(?:discuss|delve into|"
            r"address|focus on|cover|take up|negotiate over|deal with|touch on)|"
            r"on the agenda|agenda (?:includes|will include|of)|to highlight|discussions? included|"
            r"topics? (?:include|included|will include))\b",
        ),
        (
            "expectation",
            r"\b(?:expect(?:s|ed) (?:that|a|an|the|to (?:reach|conclude|sign|finalize|finalise))|(?:is|"
            r"are) (?:hopeful|optimistic|confident)|"
            r"hop(?:es?|ed|ing) (?:to|that|for)|anticipate[sd]?|will (?:not )?be (?:easy|difficult|hard|"
            r"tough)|(?:would|will) be “?\"?on the same page|"
            r"more time will be needed|looks? forward to)\b",
        ),
        (
            "position",
            r"\b(?:oppos(?:e|es|ed)|support(?:s|ed) (?!for)|emphasi[sz]ed?s? the importance|stress(?:es|"
            r"ed) (?:that|the)|reaffirm(?:s|ed)|"
            r"believes?|no objections?|favou?rs?|advocates?|aims? to|seeks? favou?rable|with a focus on|"
            r"backs|backed|expressed (?:apprehension|concern|support|regret|hope)|welcomed|criticiz?s?ed|"
            r"considers?|position on)\b",
        ),
    )
)
WORDS: dict[str, frozenset[str]] = {
    "red_line": triggers(
        "not never won cannot can reject rejects rejected ruled rules refuse refuses refused red "
        "negotiable unacceptable"
    ),
    "demand": triggers(
        "demand demands demanded demanding urge urges urged urging call calls called calling press "
        "presses pressed insist insists insisted want wants wanted ask asks asked requests requested "
        "request push pushes pushed pushing requires require pressure pressuring seek seeks seeking "
        "sought need needs essential conditional must"
    ),
    "offer": triggers(
        "offer offers offered propose proposes proposed ready willing prepared open signal signals "
        "signaled signalled"
    ),
    "commitment": triggers(
        "committed pledged promised vowed undertook undertaken agreed agrees agree pledges promises "
        "utmost invest purchase buy spend import encouraged"
    ),
    "agenda": triggers(
        "discuss delve address focus cover take negotiate deal touch agenda highlight discussions "
        "discussion topics topic"
    ),
    "expectation": triggers(
        "expects expected expect hopeful optimistic confident hope hopes hoped hoping anticipate "
        "anticipates anticipated easy difficult hard tough page looks look forward more"
    ),
    "position": triggers(
        "oppose opposes opposed support supports supported emphasize emphasise emphasized emphasised "
        "stresses stressed reaffirms reaffirmed believe believes objection objections favor favour "
        "favors favours advocates advocate aim aims seek seeks focus backs backed expressed welcomed "
        "criticised criticized consider considers position"
    ),
}
"""A word of the sentence must be among these for the pattern of its kind to be tried."""

_TRIED = tuple((kind, pattern, WORDS[kind]) for kind, pattern in PATTERNS)
_ANY = frozenset().union(*WORDS.values())
OURS = re.compile(r"\b(?:we|our|us|I)\b", re.IGNORECASE)
GOVERNMENT = re.compile(r"\b(?:the|our|his|her|its)\s+(?:government|administration|country|side)\b", re.IGNORECASE)
LEADS = re.compile(r"\s*(?:[“\"]|he|she|it|they)?\b", re.I)
CLAUSE = re.compile(
    r"[;, ](?:(?<=;)|(?=[ abw])(?:(?<=,) |(?<= ))(?:but |after (?=[A-Z])|while |although |as (?!well|an? )))"
)
TWO = re.compile(
    r"\b(?:the two|both|two) (?:[\w-]+ )?(?:sides|leaders|countries|nations|governments|presidents|"
    r"ministers)\b[^.;]{0,40}$|\bthey\b[^.;]{0,12}$",
    re.I,
)
THREE = re.compile(
    r"\b(?:the )?three (?:[\w-]+ ){0,2}(?:sides|leaders|countries|nations|governments|diplomats|"
    r"ministers)\b[^.;]{0,40}$",
    re.I,
)
JOINT = re.compile(r"\b(?:both|two|three|they)\b[^.;]{0,30}$", re.IGNORECASE)
ANALYSTS = re.compile(
    r"\b(?:analysts?|observers?|economists?|experts?|industry|exporters|farmers|unions?|"
    r"investors)\b[^.;,]{0,30}$",
    re.I,
)
MAX_PER_LINE = 3
_HEDGES = triggers("if could may might")
_BOTH = triggers("both two three they")
_ANALYSTS = triggers(
    "analyst analysts observer observers economist economists expert experts industry exporters farmers union "
    "unions "
    "investors"
)


def positions_in(line: Line, pair: Sequence[str] = (), trio: Sequence[str] = ()) -> list[PositionItem]:
    """Positions that a line tells of; at most one of a kind for one holder.

    `pair`, `trio`: the countries that "the two sides" and "the three" stand for in this document.
    """
    if line.sentence.block == "title":
        return []
    found: list[PositionItem] = []
    seen: set[tuple[str, str | None]] = set()
    taken: list[tuple[int, int]] = []
    said = line.words
    if said.isdisjoint(_ANY):
        return []
    for kind, pattern, needed in _TRIED:
        if said.isdisjoint(needed):
            continue
        for match in pattern.finditer(line.low, line.start, line.end):
            first, last = match.span()
            if not line.outside(first) or (taken and any(a < last and first < b for a, b in taken)):
                continue
            item = _position(line, kind, match, pair, trio)
            if item is None or (kind, item.holder) in seen or len(seen) >= MAX_PER_LINE:
                continue
            seen.add((kind, item.holder))
            taken.append(match.span())
            found.append(item)
    return found


def _position(
    line: Line, kind: str, match: re.Match[str], pair: Sequence[str], trio: Sequence[str]
) -> PositionItem | None:
    text = line.text
    stop = line.end
    if line.said is not None and line.said.start > match.start():
        stop = line.said.start
    begin = line.start if line.said is None or line.said.end > match.start() else line.said.end
    left = begin
    for cut in CLAUSE.finditer(text, begin, match.start()):
        left = cut.end()
    right_cut = CLAUSE.search(text, match.end(), stop)
    right = right_cut.start() if right_cut is not None else stop
    subject = text[left : match.start()]
    if (
        not line.words.isdisjoint(_ANALYSTS)
        and ANALYSTS.search(subject)
        and not line.people_in(left, match.start())
    ):
        return None
    word = match.group().casefold()
    holder: str | None = None
    speaker = _name(line.speaker)
    flags: tuple[str, ...] = ()
    if kind != "agenda":
        holder, speaker, flags = _holder(line, left, match, begin)
    if word.startswith(("its demand", "at the request", "pressur")):
        holder, speaker = _owner(line, match), _name(line.speaker)
    together = _together(line, left, match.start(), pair, trio)
    if together is not None:
        holder = together
        flags = tuple(flag for flag in flags if flag != "holder_inferred")
    if holder is None and kind not in ("agenda",) and speaker is None:
        return None
    issue = _issue(text, match.start(), right, line)
    if not line.words.isdisjoint(_HEDGES) and rx(r"\b(?:if|could|may|might)\b[^.;,]{0,20}$").search(subject):
        flags = (*flags, "conditional")
    start = left if kind != "position" or subject.strip() else match.start()
    return PositionItem(
        id="",
        kind=kind,
        holder=holder,
        speaker=speaker,
        addressee=_addressee(line, match.end(), right, holder),
        issue=issue,
        quote=span(text, start, right),
        sentence=line.sentence.i,
        reported_by=line.reported_by,
        confidence="medium" if holder is not None and not flags else "low",
        flags=flags,
    )


def _together(line: Line, left: int, end: int, pair: Sequence[str], trio: Sequence[str]) -> str | None:
    """ "KOR+USA" where both sides are the subject: "the two leaders agreed", "A and B have committed"."""
    subject = line.text[left:end]
    if len(trio) == 3 and "three" in line.words and THREE.search(subject):
        return "+".join(trio)
    if len(pair) >= 2 and not line.words.isdisjoint(_BOTH) and TWO.search(subject):
        return "+".join(pair[:2])
    people = line.people_in(left, end)
    if len(people) >= 2 and rx(r"\s+and\s+[^,.;]{0,40}$").match(
        line.text[people[0].mention.end : people[1].mention.start]
    ):
        codes = [n.person.party for n in people[:2] if n.person.party]
        if len(codes) < 2 and len(pair) >= 2 and set(codes) <= set(pair[:2]):
            codes = list(pair[:2])
        if len(set(codes)) == 2:
            return "+".join(codes)
    sides = [h for h in line.hits_in(left, end) if h.entry.code and h.entry.kind in ("country", "seat", "bloc")]
    if len(sides) >= 2 and line.text[sides[0].end : sides[1].start].strip() in ("and", "and the"):
        codes = [str(h.entry.code) for h in sides[:2]]
        if len(set(codes)) == 2 and not rx(r"\b(?:between|with|from|of)\s+(?:the\s+)?$").search(
            line.text[left : sides[0].start]
        ):
            return "+".join(codes)
    return None


def _name(person: Person | None) -> str | None:
    return person.name if person is not None else None


def _side(line: Line, start: int, end: int) -> tuple[str | None, Person | None]:
    """The side named last in a stretch that ends at the verb: its code, or the person."""
    people: list[Named] = [n for n in line.people_in(start, end) if not _owned(line, n.mention.end)]
    hits: list[Hit] = [
        h
        for h in line.hits_in(start, end)
        if h.entry.code is not None
        and h.entry.kind in ("country", "seat", "government", "bloc")
        and not rx(r"\b(?:in|at|to|from|with|of|for|on|against)\s+(?:the\s+)?$").search(
            line.text[max(start, h.start - 14) : h.start]
        )
    ]
    # The subject stands first: what follows it up to the verb is apposition.
    first_person = people[0] if people else None
    first_hit = hits[0] if hits else None
    if first_person is not None and (first_hit is None or first_person.mention.first <= first_hit.start + 40):
        person = first_person.person
        return person.party or (
            first_hit.entry.code if first_hit is not None and first_hit.end <= first_person.mention.start else None
        ), person
    if first_hit is not None:
        return first_hit.entry.code, None
    return None, None


def _owned(line: Line, end: int) -> bool:
    return rx(r"['’]s?\s+(?!administration|government|team|camp)").match(line.text[end : end + 20]) is not None


def _holder(
    line: Line, left: int, match: re.Match[str], begin: int
) -> tuple[str | None, str | None, tuple[str, ...]]:
    code, person = _side(line, left, match.start())
    subject = line.text[left : match.start()]
    speaker = line.speaker
    flags: tuple[str, ...] = ()
    if code is None and person is None:
        earlier, person = _side(line, begin, match.start())
        code = earlier
    if code is None and person is None and (speaker is not None or line.speaker_code is not None):
        own = OURS.search(subject) or GOVERNMENT.search(subject)
        code = line.speaker_code if own or LEADS.match(subject) else None
        person = speaker if code is None else None
        if not own:
            flags = ("holder_inferred",)
    if code is None and person is None and not line.words.isdisjoint(_BOTH) and JOINT.search(subject):
        flags = ("joint",)
    holder = code or _name(person)
    said = _name(speaker)
    if said is None and person is not None:
        said = person.name
    return holder, said, flags


def _owner(line: Line, match: re.Match[str]) -> str | None:
    after = next((h for h in line.hits if h.start >= match.end() - 2 and h.entry.code is not None), None)
    before = next((h for h in reversed(line.hits) if h.end <= match.start() and h.entry.code is not None), None)
    if match.group().casefold().startswith("its"):
        return before.entry.code if before is not None else None
    return after.entry.code if after is not None else None


def _addressee(line: Line, start: int, end: int, holder: str | None) -> str | None:
    """The first other country after the verb that is neither a place nor a topic."""
    for hit in line.hits_in(start, end):
        entry = hit.entry
        if (
            entry.code is None
            or entry.code == holder
            or entry.kind not in ("country", "seat", "government", "bloc")
        ):
            continue
        if (
            rx(r"\b(?:in|at)\s+(?:the\s+)?$").search(line.text[max(start, hit.start - 10) : hit.start])
            and entry.form == "seat"
        ):
            continue
        return entry.code
    return None


def _issue(text: str, start: int, end: int, line: Line) -> str:
    issues = issues_in(text[start:end]) or issues_in(text[line.start : line.end])
    return "; ".join(issues[:3])
