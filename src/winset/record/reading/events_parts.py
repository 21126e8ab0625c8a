"""A sentence taken apart where it tells of more than one meeting: "saw the envoy on Monday and flies on Friday".

Each part is looked at as a sentence of its own. A semicolon parts; so does a conjunction or a relative word
before a verb, where a day stands on both sides of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from winset.record.reading.events_types import Found
from winset.record.reading.schema import DateMention, Person, Sentence, changed
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import told_by

__all__ = ["again", "parts", "several"]

_VERB = (
    r"(?:will|would|shall|is|are|was|were|has|have|had|may|might|could|should|plans?|intends?|expects?|hopes?"
    r"|meets?|met|sees?|saw|sits?|sat|holds?|held|hosts?|hosted|flies|flew|goes|went|gets?|got|comes?|came|leaves?|left"
    r"|travels?|heads?|returns?|visits?|arrives?|lands?|calls?|rang|rings?|spoke|speaks?|takes?|took|makes?|made|gave|gives?"
    r"|receives?|resumes?|convenes?|reconvenes?|joins?|attends?|follows?|begins?|began|starts?|opens?|ends?|"
    r"sets? off"
    r"|signs?|spent|spends?|welcomes?|briefs?|talks?|confers?|[a-z]{3,}ed)\b"
)
_SUBJECT = (
    r"(?:(?:he|she|they|it|i|we|both|another|a|an|the|his|her|its|their|our|this|that|these|officials?|ministers?"
    r"|negotiators?|leaders|talks|experts|teams?|diplomats|envoys)\b|[A-Z])"
)
_JOINT = re.compile(
    r"(?P<stop>;)\s+(?=\S)"
    rf"|(?:,| -| –| —)\s(?P<and>and|but|while|whereas|though|although|then|before|with|as)\s"
    rf"(?=(?:then\s|also\s|later\s)*(?:(?i:{_VERB})|{_SUBJECT}))"
    rf"|,?\s(?P<verb>and then|and|then|but|before)\s(?=(?:then\s|also\s|later\s|again\s)*(?:he\s|she\s|"
    rf"they\s)?{_VERB})"
    rf"|,?\s(?P<where>where|who|whose)\s(?=\S)"
)
_HAS_VERB = re.compile(rf"\b{_VERB}")
_BARE = re.compile(rf"(?:then\s|also\s|later\s|again\s)*{_VERB}")


def _days(dates: list[DateMention], start: int, end: int) -> int:
    return sum(start <= d.start < end and not (d.value or "").startswith("P") for d in dates)


def several(line: Line) -> bool:
    """Whether a sentence may have parts at all."""
    return len(line.dates) > 1 or line.text.find(";", line.sentence.start, line.sentence.end) >= 0


def parts(line: Line) -> Iterator[Line]:
    """The sentence, or its parts in order, each with what was found in it."""
    text, low = line.text, line.low
    semicolon = text.find(";", line.start, line.end) >= 0
    said = line.said
    dates = [d for d in line.dates if said is None or not said.start <= d.start < said.end]
    if not semicolon and len(dates) < 2:
        yield line
        return
    cuts: list[tuple[int, int]] = []
    at = line.start
    for joint in _JOINT.finditer(text, line.start, line.end):
        if said is not None and said.start < joint.start() < said.end:
            continue
        if low.count("“", at, joint.start()) != low.count("”", at, joint.start()):
            continue
        if joint["stop"] is None:
            near = _next(text, joint.end(), line.end, dates)
            if not _days(dates, at, joint.start()) or not _days(dates, joint.end(), near):
                continue
            if _HAS_VERB.search(low, joint.end(), near) is None:
                continue
        cuts.append((joint.start(), joint.end()))
        at = joint.end()
    if not cuts:
        yield line
        return
    starts = [line.start, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), line.end]
    carried: Person | None = None
    for start, end in zip(starts, ends, strict=True):
        part = _part(line, start, end)
        if start > line.start:
            before = [n.person for n in line.people if n.mention.end <= start]
            if text[start - 4 : start] == "who " and before:
                part.carried = before[-1]
            elif _BARE.match(low, start, end):
                part.carried = carried
        own = [n.person for n in part.people if part.outside(n.mention.start)] or [n.person for n in part.people]
        if own and (carried is None or text[max(line.start, start - 2) : start] == "; "):
            carried = own[0]
        yield part


_AGAIN = re.compile(
    r",?\s(?:and|then|and then|followed by|before)\s(?:once more\s|again\s|also\s)*(?:(?:to|in|"
    r"at)\s(?=[A-Z]))?(?P<place>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*)?\s?"
    r"(?:again\s|once more\s)?(?:in|on|from)?\s?(?:late\s|early\s|mid-)?"
)


def again(found: list[Found]) -> list[Found]:
    """Events, and those told by a second day alone: "in Rome in May and again in June", "then Oslo on Friday"."""
    more: list[Found] = []
    for one in found:
        more.append(one)
        first, line = one.date, one.line
        if first is None:
            continue
        for date in line.dates:
            gap = _AGAIN.fullmatch(line.text, first.end, date.start) if date.start > first.end else None
            if gap is None or (
                gap["place"] is None and "again" not in gap.group() and "once more" not in gap.group()
            ):
                continue
            if date.earliest is None or any(o is not one and o.date is date for o in found):
                continue
            place = gap["place"] or one.place
            if (
                gap["place"] is not None
                and place is not None
                and any(n.mention.first <= gap.start("place") < n.mention.end for n in line.people)
            ):
                continue
            more.append(
                changed(
                    one,
                    date=date,
                    place=place,
                    separate=True,
                    definite=False,
                    at=date.start,
                    end=max(one.end, date.end),
                )
            )
    return more


def _next(text: str, start: int, end: int, dates: list[DateMention]) -> int:
    """Where the clause that begins here surely ends: at a semicolon or the end."""
    stop = text.find(";", start, end)
    return end if stop < 0 else stop


def _part(line: Line, start: int, end: int) -> Line:
    said = line.said
    old = line.sentence
    sentence = Sentence(start=start, end=end, text=line.text[start:end], i=old.i, block=old.block)
    return Line(
        sentence=sentence,
        text=line.text,
        low=line.low,
        words=told_by(line.low, start, end),
        hits=line.hits_in(start, end),
        people=line.people_in(start, end),
        dates=[d for d in line.dates if d.start >= start and d.end <= end],
        figures=[f for f in line.figures if f.start >= start and f.end <= end],
        said=said if said is not None and start <= said.start and said.end <= end else None,
        speaker=line.speaker,
        speaker_code=line.speaker_code,
        asked=line.asked,
        reported_by=line.reported_by,
    )
