"""What an expression of time says, taken apart; and what its pieces mean: numbers, units, months, clock times."""

from __future__ import annotations

from dataclasses import dataclass

from winset.record.reading import dates_patterns as p
from winset.record.reading.cues import rx
from winset.record.reading.dates_words import MONTH_NUMBER, NUMBER_WORDS, UNIT_DAYS
from winset.record.reading.schema import changed

__all__ = [
    "Expression",
    "clock_of",
    "count_of",
    "digits_of",
    "month_number",
    "unit_letter",
    "with_time",
    "year_of",
]


@dataclass(frozen=True, kw_only=True)
class Expression:
    """What an expression says, field by field; what it does not say is None or empty."""

    kind: str
    """day, ordinal (a day without its month), month, year, quarter, half, season, fiscal, weekday, single, offset,
    unit, span, anaphor, duration,
    vague, term."""
    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until_day: int | None = None
    """Last day of "May 9-12"."""
    weekday: int | None = None
    relation: str = ""
    """last, next, this, ago, within, later, past, coming, or the name of an anaphor."""
    part: str = ""
    """early, mid, late, end, rest, before (the part up to now), or part of the day."""
    count: int | None = None
    unit: str = ""
    """D, W, M, Y, or week-end."""
    time: tuple[int, int] | None = None
    zone: str = ""
    name: str = ""
    ambiguous: bool = False
    """Written so that day and month may be exchanged."""
    shift: int = 0
    """Units (weeks of a weekday, days of a single day) between what the words start from and what they mean."""
    until: Expression | None = None
    """Other end of a range."""


def count_of(word: str) -> int:
    word = word.casefold().removesuffix(" of").replace(" ", "-")
    if word.isdigit():
        return int(word)
    tens, _, units = word.partition("-")
    return {"a": 1, "an": 1, "few": 0, "several": 0, "couple": 2}.get(
        word, NUMBER_WORDS.get(tens, 0) + NUMBER_WORDS.get(units, 0)
    )


def unit_letter(word: str) -> str:
    return UNIT_DAYS[word.casefold().rstrip("s")]


def month_number(word: str) -> int:
    return MONTH_NUMBER[word.rstrip(".").casefold()]


def digits_of(word: str) -> int:
    return int(rx(r"\D").sub("", word))


def clock_of(word: str) -> tuple[int, int] | None:
    word = rx(r"^(?:around|about|roughly)\s+").sub("", word.casefold())
    if word in ("noon", "midnight"):
        return (12, 0) if word == "noon" else (0, 0)
    if rx(r"\d{4}").fullmatch(word):
        hour, minute = int(word[:2]), int(word[2:])
        return (hour, minute) if hour < 24 and minute < 60 else None
    parts = p.CLOCK.match(word)
    if parts is None:
        return None
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts[3] == "p" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def year_of(word: str | None) -> int | None:
    if not word:
        return None
    return int(word) if len(word) == 4 else 2000 + int(word)


def with_time(text: str, found: Expression, end: int) -> Expression:
    """`found` with a time of day and a zone that follow it."""
    tail = p.TAIL.match(text, found.end, end)
    if tail is None or tail.end() == found.end:
        return found
    time = clock_of(tail["t"]) if tail["t"] else None
    if tail["t"] and time is None:
        return found
    return changed(found, end=tail.end(), time=time or found.time, zone=(tail["z"] or "").strip("() "))
