"""Stretches of time and days told through others, placed on the calendar (`dates_periods` tells how they read)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import cache, lru_cache

from winset.record.reading import dates_calendar as cal
from winset.record.reading.dates_context import (
    OPEN,
    Context,
    Resolved,
    Told,
    iso_value,
    nearest_year,
    relative,
    two_years,
)
from winset.record.reading.dates_expression import Expression
from winset.record.reading.dates_periods import Holiday, holidays
from winset.record.reading.dates_zones import rows
from winset.record.reading.schema import changed

__all__ = ["SPANS", "bare_season", "fiscal_month", "fiscal_year", "told_day", "told_period"]


def told_day(context: Context) -> Told | None:
    """The day that "the same day" leans on: the last one told; of past things, the last that is not to come."""
    published, sign = context.latest, context.direction()
    for told in reversed(context.told):
        if told.first != told.last or not told.day:
            continue
        if sign <= 0 and published is not None and told.first > published and told.sentence != context.sentence:
            continue
        return told
    return None


def told_period(context: Context, longest: int = 400, *, back: int = 2) -> Told | None:
    """The last stretch told in this sentence or the `back` ones before it, of at most so many days."""
    published, sign = context.latest, context.direction()
    for told in reversed(context.told):
        if told.sentence < context.sentence - back:
            return None
        if (told.last - told.first).days >= longest:
            continue
        if sign < 0 and published is not None and told.first > published and told.sentence != context.sentence:
            continue
        return told
    return None


def _moved(told: Told, years: int) -> cal.Interval:
    """A stretch so many years away; whole months stay whole."""
    first = cal.add(told.first, years, "Y")
    after = cal.add(told.last, 1, "D")
    last = cal.add(cal.add(after, years, "Y"), -1, "D") if after.day == 1 else cal.add(told.last, years, "Y")
    return first, max(first, last)


_LEANS = "counted from the date last named"


def _near(e: Expression, context: Context) -> Resolved:
    """ "that week", "the year before", "the same month last year": seen from a date named before."""
    longest = {"week": 7, "weekend": 7, "month": 31, "quarter": 92, "period": 400}.get(e.unit, 400)
    back = 400 if e.unit == "week" else 3
    told = told_period(context, longest, back=back)
    if told is None and e.name and e.unit != "year":
        return relative(
            lambda published: _whole_year(published.year - 1),
            context,
            "year",
            guess="what it repeats is not clear",
        )
    if told is None:
        if e.shift < 0 and e.unit in ("week", "month", "quarter", "year"):
            return relative(lambda published: _beside(e, Told(published, published, 0)), context, guess=_LEANS)
        return Resolved(basis="relative_to_text", flagged=True, why="what it is counted from is not clear")
    if e.name:
        years = (e.year - told.first.year) if e.year else -1
        interval = _moved(told, years)
    else:
        interval = _beside(e, told)
    return Resolved(
        value=iso_value(interval, e.unit), span=interval, basis="relative_to_text", flagged=True, why=_LEANS
    )


def _whole_year(year: int) -> cal.Interval:
    return dt.date(max(year, 1), 1, 1), dt.date(max(year, 1), 12, 31)


def _beside(e: Expression, told: Told) -> cal.Interval:
    if e.unit in ("week", "weekend"):
        monday, sunday = cal.iso_week(told.last, e.shift)
        return (monday, sunday) if e.unit == "week" else (cal.add(monday, 5, "D"), sunday)
    if e.unit == "month":
        start = cal.add(told.first.replace(day=1), e.shift, "M")
        return cal.month_part(start.year, start.month, e.part)
    if e.unit == "quarter":
        start = cal.add(told.first.replace(day=1), 3 * e.shift, "M")
        return cal.quarter(start.year, (start.month + 2) // 3)
    if (told.last - told.first).days >= 360 and not e.part:
        return _moved(told, e.shift)
    return cal.year_part(min(max(told.last.year + e.shift, 1), 9998), e.part)


def _months(e: Expression, context: Context) -> Resolved:
    """ "the first seven months", "the ten months to October"."""
    count = e.count or 1

    def build(year: int) -> cal.Interval:
        if e.part == "first":
            return dt.date(year, 1, 1), cal.month(year, count)[1]
        if e.part == "last":
            return dt.date(year, 13 - count, 1), dt.date(year, 12, 31)
        end = cal.month(year, e.month or 12)[1]
        if e.day:
            end = end.replace(day=min(e.day, end.day))
        after = cal.add(end, 1, "D")
        return cal.add(after, -count, "M"), end

    if e.year is not None:
        interval = build(e.year)
        return Resolved(value=iso_value(interval, ""), span=interval, basis="stated")
    shift = {"last": -1, "next": 1}.get(e.relation, 0)
    if e.relation == "that":
        told = told_period(context)
        if told is not None:
            interval = build(told.last.year)
            return Resolved(
                value=iso_value(interval, ""), span=interval, basis="relative_to_text", flagged=True, why=_LEANS
            )
    if e.relation in ("this", "the", "that", "last", "next"):
        return relative(lambda published: build(min(max(published.year + shift, 2), 9998)), context)
    sign = context.direction()
    reference = context.latest or context.earliest
    guess = ""
    if reference is not None and sign >= 0 and build(min(reference.year, 9998))[1] >= reference:
        guess = "the sentence does not tell of which year"

    def place(published: dt.date) -> cal.Interval:
        year = min(max(published.year, 2), 9998)
        here = build(year)
        if sign > 0 and (e.part != "to" or e.relation):
            return here if here[1] >= published else build(year + 1)
        return here if here[1] <= published else build(year - 1)

    return relative(place, context, guess=guess)


def _decade(e: Expression, context: Context) -> Resolved:
    assert e.year is not None  # noqa: S101  (what a decade holds)
    first, last = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(e.part, (0, 9))
    interval = dt.date(e.year + first, 1, 1), dt.date(e.year + last, 12, 31)
    return Resolved(value=iso_value(interval, ""), span=interval, basis="stated")


def _easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def _feast(feast: Holiday, year: int) -> dt.date:
    if feast.easter is not None:
        return cal.add(_easter(year), feast.easter, "D")
    if feast.weekday is None:
        return dt.date(year, feast.month, feast.day)
    first, last = cal.month(year, feast.month)
    if feast.nth < 0:
        return cal.add(last, -((last.weekday() - feast.weekday) % 7), "D")
    return cal.add(first, (feast.weekday - first.weekday()) % 7 + 7 * (feast.nth - 1), "D")


def _holiday(e: Expression, context: Context) -> Resolved:
    feast = holidays()[e.name]

    def build(year: int) -> cal.Interval:
        day = _feast(feast, year)
        return day, day

    found = relative(nearest_year(build, context), context, basis="year_inferred")
    if found.value and context.stated:
        found = two_years(build, changed(found, flagged=False, why=""), e, context)
    if feast.unsure and not found.flagged:
        found = changed(found, flagged=True, why="countries keep this feast on different days")
    return found


def bare_season(e: Expression, context: Context) -> Resolved:
    """ "in the autumn": the last one of things past, the coming one of things to come; "autumn last year"."""
    if e.relation == "year":
        return relative(lambda published: cal.season(min(max(published.year + e.shift, 1), 9998), e.unit), context)
    sign = context.direction()

    def place(published: dt.date) -> cal.Interval:
        year = min(max(published.year, 3), 9996)
        options = [cal.season(y, e.unit) for y in range(year - 2, year + 3)]
        if sign > 0:
            return next((o for o in options if o[1] >= published), options[-1])
        if sign < 0:
            return next((o for o in reversed(options) if o[0] <= published), options[0])
        return min(options, key=lambda o: max((o[0] - published).days, (published - o[1]).days, 0))

    return relative(place, context, guess="" if sign else "the sentence does not tell which one is meant")


@cache
def _fiscal() -> tuple[re.Pattern[str], dict[str, str], dict[str, tuple[int, bool, str]]]:
    table = {
        row["code"]: (int(row["month"]), row["words"] == "fiscal", row["single"])
        for row in rows("fiscal_years.csv")
    }
    names = {
        name: row["code"]
        for row in rows("names_countries.csv", delimiter=";")
        if row["code"] in table
        for column in ("names", "adjectives", "seats")
        for name in row[column].split("|")
        if len(name) > 1
    }
    names |= {name.upper(): code for name, code in names.items() if len(name) > 3}
    longest = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)"), names, table


_CLOSE, _HEAD = 150, 20_000
"""Characters before the expression, and of the text, in which a country is looked for."""


def fiscal_month(text: str, at: int, words: str) -> tuple[int, str] | None:
    """First month of the financial year meant at `at`, of the country named shortly before, else most often.

    With it whether "fiscal 2025" is there the year that starts or ends in 2025 ("" where it may be either).
    """
    table = _fiscal()[2]
    fiscal = "fiscal" in words.casefold()
    close = _named(text, max(0, at - _CLOSE), at, fiscal)
    code = close[-1] if close else _usual(text[:_HEAD], fiscal)
    return table[code][::2] if code else None


def _named(text: str, start: int, end: int, fiscal: bool) -> list[str]:
    """The countries of the table named in `text[start:end]`; those that only say "fiscal", where that is said."""
    pattern, names, table = _fiscal()
    found = (names[match[0]] for match in pattern.finditer(text, start, end))
    return [code for code in found if fiscal or not table[code][1]]


@lru_cache(maxsize=4)
def _usual(text: str, fiscal: bool) -> str:
    """The country of the table that the text names most often."""
    return max(Counter(_named(text, 0, len(text), fiscal)).items(), key=lambda item: item[1], default=("", 0))[0]


_FISCAL_WHY = "the financial year is taken to be that of the country spoken of"


def fiscal_year(e: Expression, context: Context) -> Resolved:
    """ "this fiscal year" and "2023-24": of the country that the text names, else as wide as any country's."""
    home = context.fiscal(e.name or "fiscal")
    month = home[0] if home else None
    if e.kind == "year":
        assert e.year is not None  # noqa: S101
        if month is None:
            span = dt.date(e.year, 1, 1), dt.date(e.year + 1, 12, 31)
            return Resolved(value=f"{e.year:04d}/{e.year + 1:04d}", span=span, basis="vague", flagged=True,
                            why="a year that spans two: its first month is not in the text")  # fmt: skip
        first = dt.date(e.year, month, 1)
        span = first, cal.add(cal.add(first, 1, "Y"), -1, "D")
        return Resolved(value=iso_value(span, ""), span=span, basis="stated", flagged=True, why=_FISCAL_WHY)
    if e.relation != "by":
        assert e.year is not None  # noqa: S101
        single = home[1] if home else ""
        if month is None or not (single or e.part == "two"):
            # Fiscal years begin in different months; the years that any of them can touch.
            start = e.year if e.part == "two" else e.year - 1
            stop = min(start + (1 if e.part == "two" else 2), 9999)
            return Resolved(
                value=f"{e.year:04d}", span=(dt.date(start, 4, 1), dt.date(stop, 3, 31)), basis="vague",
                flagged=True, why="the fiscal year's first month is not in the text",
            )  # fmt: skip
        year = e.year - (e.part != "two" and single == "end")
        begin = dt.date(year, month, 1)
        span = begin, cal.add(cal.add(begin, 1, "Y"), -1, "D")
        return Resolved(value=iso_value(span, ""), span=span, basis="stated", flagged=True, why=_FISCAL_WHY)
    if context.latest is None:
        return OPEN

    def place(published: dt.date) -> cal.Interval:
        if month is None:
            return cal.add(published, -364 + 365 * e.shift, "D"), cal.add(published, 364 + 365 * e.shift, "D")
        year = min(max(published.year - (published.month < month) + e.shift, 1), 9997)
        first = dt.date(year, month, 1)
        return first, cal.add(cal.add(first, 1, "Y"), -1, "D")

    return relative(
        place, context, guess=_FISCAL_WHY if month else "the fiscal year's first month is not in the text"
    )


SPANS = {"near": _near, "months": _months, "decade": _decade, "holiday": _holiday}
"""How each kind of expression is placed."""
