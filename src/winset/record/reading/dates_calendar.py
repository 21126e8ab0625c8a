"""Arithmetic of days: intervals of months, quarters, weeks; offsets that never leave the calendar."""

from __future__ import annotations

import calendar
import datetime as dt

__all__ = ["Interval", "add", "day", "half", "iso_week", "month", "month_part", "quarter", "season", "year_part"]

Interval = tuple[dt.date, dt.date]
"""First and last day."""

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year."""


def day(year: int, month: int, number: int) -> dt.date | None:
    """The day, or None where the calendar has none."""
    try:
        return dt.date(year, month, number)
    except ValueError:
        return None


def _days(year: int, number: int) -> int:
    """Days of a month."""
    return 29 if number == 2 and calendar.isleap(year) else _LENGTHS[number - 1]


def add(when: dt.date, count: int, unit: str) -> dt.date:
    """`when` and `count` days (D), weeks (W), months (M) or years (Y), kept inside months and the calendar."""
    if unit in "DW":
        ordinal = when.toordinal() + count * (7 if unit == "W" else 1)
        return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))
    months = when.year * 12 + when.month - 1 + count * (12 if unit == "Y" else 1)
    months = min(max(months, 12), 12 * 9999 + 11)
    year, index = divmod(months, 12)
    return dt.date(year, index + 1, min(when.day, _days(year, index + 1)))


def month(year: int, number: int) -> Interval:
    """First and last day of a month."""
    return dt.date(year, number, 1), dt.date(year, number, _days(year, number))


def month_part(year: int, number: int, part: str) -> Interval:
    """A part of a month: early is days 1-10, mid 11-20, late 21 to the last, end the last seven.

    "week 1" to "week 4" are its first to fourth seven days, "week last" its last seven; "half 1" ends on the 15th;
    "first 20 days" and "last 10 days" count from its ends.
    """
    first, last = month(year, number)
    if not part:
        return first, last
    counted = part.split()
    if len(counted) == 3:
        count = min(max(int(counted[1]), 1), last.day)
        return (first, first.replace(day=count)) if counted[0] == "first" else (add(last, 1 - count, "D"), last)
    return {
        "early": (first, first.replace(day=10)),
        "mid": (first.replace(day=11), first.replace(day=20)),
        "late": (first.replace(day=21), last),
        "end": (last - dt.timedelta(days=6), last),
        "week 1": (first, first.replace(day=7)),
        "week 2": (first.replace(day=8), first.replace(day=14)),
        "week 3": (first.replace(day=15), first.replace(day=21)),
        "week 4": (first.replace(day=22), first.replace(day=28)),
        "week last": (last - dt.timedelta(days=6), last),
        "half 1": (first, first.replace(day=15)),
        "half 2": (first.replace(day=16), last),
    }.get(part, (first, last))


def year_part(year: int, part: str) -> Interval:
    """A part of a year: early is the first four months, mid May to August, late the rest, end December."""
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (12, 12)}.get(part, (1, 12))
    return dt.date(year, first, 1), dt.date(year, last, _days(year, last))


def quarter(year: int, number: int) -> Interval:
    """First and last day of a calendar quarter, 1 to 4."""
    return month(year, 3 * number - 2)[0], month(year, 3 * number)[1]


def half(year: int, number: int) -> Interval:
    """First and last day of a half year, 1 or 2."""
    return month(year, 6 * number - 5)[0], month(year, 6 * number)[1]


def season(year: int, name: str) -> Interval:
    """A season of the northern hemisphere by whole months; winter begins in December of the year."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[name]
    start = dt.date(year, first, 1)
    return start, add(start, 3, "M") - dt.timedelta(days=1)


def iso_week(when: dt.date, offset: int = 0) -> Interval:
    """Monday and Sunday of the week that holds `when`, `offset` weeks later."""
    monday = add(when, -when.weekday() + 7 * offset, "D")
    return monday, add(monday, 6, "D")
