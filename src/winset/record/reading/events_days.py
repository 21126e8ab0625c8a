"""The days of a meeting where its sentence gives a bound, a length, or none.

"Before 7 August" said of what is planned runs from publication to that day; "a three-day round that ended on "
"Friday"
began on Wednesday; and what a report tells of in its course, without a day, took place on the day of its first
sentence (flagged).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from winset.record.reading.cues import rx
from winset.record.reading.events_types import Found
from winset.record.reading.schema import DateMention, When, changed
from winset.record.reading.wordlists import triggers

__all__ = ["fitting", "lead_day", "loose", "spread", "with_day"]

_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "2": 2,
    "3": 3,
    "4": 4,
    "5": 5,
}
_COUNT = "|".join(_NUMBERS)
_LENGTH = re.compile(
    rf"\b(?:(?P<a>{_COUNT})[- ]days?\b(?! (?:ago|later|before|after|earlier))"
    rf"|(?:for|over|after|lasted|lasting|in) (?P<b>{_COUNT}) days\b(?! (?:ago|later|before|earlier))"
    r"|(?:a|the) week of|two days(?= of| running))"
)
_ENDS = re.compile(
    r"\b(?:end(?:s|ed|ing)|clos(?:es|ed|ing)|conclud(?:es|ed|ing)|wrapp?(?:ed|s|ing)? up|wound up|finish(?:es|"
    r"ed)|complet(?:es|ed)"
    r"|culminat(?:es|ed)|broke (?:up|off)|after|collapsed|over|return(?:ed|s)?|left|home)\b"
)
_BY = re.compile(r"\b(?:by|before|until|till|no later than|not later than|within|ahead of)\s+(?:the\s)?$")
_ELSEWHEN = re.compile(
    r"\b(?:had|once|twice|times|earlier|previous(?:ly)?|last|former|ago|since|years?|months?|weeks?|recently|"
    r"before|past|ever|never|so far"
    r"|already|in january|in february)\b"
)


def lead_day(dates: Sequence[DateMention], published: str, first: int) -> DateMention | None:
    """The day of which a report speaks first: in its first two sentences, a single day not after publication."""
    for date in dates:
        if date.sentence is None or date.sentence > first + 1 or date.earliest is None or date.latest is None:
            continue
        day = date.earliest[:10]
        if day != date.latest[:10] or (date.value or "").startswith("P") or not published or day > published:
            continue
        if (dt.date.fromisoformat(published) - dt.date.fromisoformat(day)).days <= _RECENT:
            return date
    return None


_RECENT = 7
_BOUNDS = triggers("by before until till within later ahead")
_LENGTHS = triggers("day days week")


_WEEKDAY = re.compile(
    r"(?:(?:late|early)\s(?:on\s)?)?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:\s(?:morning|afternoon|evening|night|lunchtime))?",
    re.I,
)
_MONTH = re.compile(
    r"(?:(?:early|late|mid|the end of|the middle of)[\s-])?(?:january|february|march|april|may|june|july|"
    r"august|september|october|november|december)",
    re.I,
)
_LOOSE = re.compile(
    r"\b(?:since|until|till|through|frozen in|stalled in|signed in|imposed in|dating (?:from|to)|elected in|"
    r"started in|begun in)\s(?:the\s|early\s|late\s|mid-?\s?)*$"
)


def loose(low: str, start: int, date: DateMention) -> bool:
    """Whether a date is that of something else: "frozen since 2017", "its 2019 treaty"."""
    before = low[max(start, date.start - 24) : date.start]
    if _LOOSE.search(before) is not None:
        return (
            not before.endswith("since ")
            or rx(r"\b(?:has|have|had) been (?:back )?in\b").search(low[start : date.start]) is None
        )
    bare = rx(r"(?:19|20)\d\d").fullmatch(date.text) is not None
    return bare and rx(r"\b(?:the|its|their|a|his|her|from)\s$").search(before) is not None


def fitting(date: DateMention | None, status: str, published: str) -> DateMention | None:
    """The date of an event of this status: a bare weekday on the other side is that of a week before or after.

    None where the date lies on the wrong side of publication and is more than a weekday.
    """
    if date is None or not published or date.earliest is None or date.latest is None:
        return date
    first, last = date.earliest[:10], date.latest[:10]
    wrong = (status == "occurred" and first > published) or (
        status in ("planned", "expected") and last < published
    )
    if not wrong:
        return date
    if _MONTH.fullmatch(date.text) is not None and first[:7] == last[:7]:
        year = int(first[:4]) + (-1 if status == "occurred" else 1)
        end = f"{year}{last[4:]}" if last[4:] != "-02-29" else f"{year}-02-28"
        begin = f"{year}{first[4:]}"
        if (status == "occurred") == (begin > published):
            return None
        return changed(
            date,
            earliest=begin,
            latest=end,
            value=None,
            flagged=True,
            why=f"{date.why}; of the year that fits what it tells of",
        )
    if first != last or _WEEKDAY.fullmatch(date.text) is None or date.utc is not None:
        return None
    day = dt.date.fromisoformat(first) + dt.timedelta(days=-7 if status == "occurred" else 7)
    if abs((day - dt.date.fromisoformat(published)).days) > _RECENT:
        return None
    return changed(
        date, earliest=day.isoformat(), latest=day.isoformat(), value=day.isoformat(),
        why=f"{date.why}; by what it tells of, the {'last' if status == 'occurred' else 'next'} such day",
    )  # fmt: skip


def with_day(found: Found, lead: DateMention | None) -> Found:
    """An undated event of the report's course on the day of its first sentence."""
    if found.date is not None or lead is None or found.status not in ("occurred", "ongoing"):
        return found
    if found.line.sentence.block != "body" or lead.sentence is None or found.line.sentence.i < lead.sentence:
        return found
    if len(found.people) + len(found.codes) < 2 and not found.place:
        return found
    if _ELSEWHEN.search(found.line.low, found.start, found.end):
        return found
    own = [
        d for d in found.line.dates
        if found.line.outside(d.start) == found.line.outside(found.at) and d.earliest is not None
        and not (d.value or "").startswith("P") and not loose(found.line.low, found.line.start, d)
    ]  # fmt: skip
    if (
        len(own) == 1 and own[0].latest is not None and own[0].latest[:10] <= lead.latest[:10]
        if lead.latest
        else False
    ):
        lead = own[0]
    day = changed(
        lead, flagged=True, basis="relative_to_text",
        why="no day stands with it; taken for the day of which the report speaks first",
    )  # fmt: skip
    return changed(found, date=day)


def spread(found: Found, when: When, published: str) -> When:
    """The bounds of the day of an event, where its words make them wider: a length in days, or "by"."""
    date = found.date
    if date is None or when.earliest is None or when.latest is None:
        return when
    line = found.line
    first, last = when.earliest[:10], when.latest[:10]
    if (
        found.status == "occurred"
        and first <= published < last
        and not rx(r"\b(?:is|are)\s(?:\w+\s)?").search(line.low, max(line.start, found.at - 16), found.at + 1)
    ):
        return changed(when, latest=published, why=f"{when.why}; not after publication")
    if (
        found.status in ("planned", "expected")
        and published
        and published < last
        and not line.words.isdisjoint(_BOUNDS)
    ):
        if _BY.search(line.low, max(line.start, date.start - 18), date.start) is not None and first == last:
            return changed(when, earliest=published, why=f"{when.why}; not after it")
        if rx(r"(?:before|by) the end of ").match(line.low, max(line.start, date.start - 7)) or rx(
            r"(?:before|by) $"
        ).search(line.low, max(line.start, date.start - 8), date.start):
            return changed(when, earliest=published, why=f"{when.why}; not after it")
    if first != last or when.utc is not None or line.words.isdisjoint(_LENGTHS):
        return when
    length = _LENGTH.search(
        line.low, max(line.start, min(found.at, date.start) - 60), min(line.end, max(date.end, found.at) + 60)
    )
    if length is None:
        return when
    days = _NUMBERS.get(length["a"] or length["b"] or "", 0)
    if not days and "week of" in length.group():
        days = 5
    if days < 2:
        return when
    day = dt.date.fromisoformat(first)
    back = _ENDS.search(line.low, max(line.start, found.start - 40), date.end) is not None and not rx(
        r"\b(?:from|starting|beginning|began|begins|opens|opened|starts|started|arrive[sd]?|due)\b"
    ).search(line.low, max(line.start, date.start - 40), date.start)
    if back:
        return changed(when, earliest=(day - dt.timedelta(days=days - 1)).isoformat(), value=None)
    if rx(r"\b(?:from|start|begin|beg[ai]n|open|arriv|will|due|visit|fl(?:y|ies|ew)|travel|goes|has)").search(
        line.low, found.start, found.end
    ):
        return changed(when, latest=(day + dt.timedelta(days=days - 1)).isoformat(), value=None)
    return when
