"""Expressions of time placed on the calendar: each with bounds, a basis, and a flag where two readings remain.

Everything relative is resolved twice, from the first and the last day on which the document may have appeared;
where the two differ, the result is the interval that holds both, and it is flagged.
"""

from __future__ import annotations

import datetime as dt

from winset.record.reading import dates_calendar as cal
from winset.record.reading import dates_zones as zones
from winset.record.reading.dates_context import (
    OPEN,
    Context,
    Resolved,
    iso_value,
    nearest_year,
    relative,
    two_years,
)
from winset.record.reading.dates_direction import EITHER
from winset.record.reading.dates_expression import Expression
from winset.record.reading.dates_spans import SPANS, bare_season, fiscal_year, told_day, told_period
from winset.record.reading.dates_words import DAY_PARTS
from winset.record.reading.schema import changed

__all__ = ["resolve"]


def _day(e: Expression, context: Context) -> Resolved:
    assert e.month is not None  # noqa: S101  (what a day holds)
    assert e.day is not None  # noqa: S101
    month, number = e.month, e.day

    def build(year: int) -> cal.Interval | None:
        first = cal.day(year, month, number)
        if first is None:
            return None
        last = first
        if e.until_day:
            last = cal.day(year, month, e.until_day) or first
        elif e.until is not None and e.until.month and e.until.day:
            last = cal.day(year, e.until.month, e.until.day) or first
            if last < first:
                last = cal.day(year + 1, e.until.month, e.until.day) or first
        if e.part == "week to":
            return cal.add(first, 1 - (e.count or 7), "D"), first
        if e.count:
            last = cal.add(first, e.count - 1, "D")
        if e.part in ("week", "weekend"):
            first, last = cal.iso_week(first)
            first = cal.add(first, 5, "D") if e.part == "weekend" else first
        return (first, last) if first <= last else None

    if all(build(year) is None for year in ((e.year,) if e.year else (2023, 2024))):
        return Resolved(flagged=True, why="the calendar has no such day")
    if e.year is None and e.until is not None and e.until.year is not None:
        e = changed(e, year=e.until.year)
    if e.year is not None:
        interval = build(e.year)
        if interval is None:
            return Resolved(flagged=True, why="the calendar has no such day")
        if e.ambiguous and (other := cal.day(e.year, number, month)):
            pair = sorted((interval[0], other))
            return Resolved(
                span=(pair[0], pair[1]), basis="stated", flagged=True,
                why=f"day and month may be exchanged: {pair[0]} or {pair[1]}",
            )  # fmt: skip
        wrong = e.weekday is not None and interval[0].weekday() != e.weekday
        return Resolved(
            value=iso_value(interval, "day"), span=interval, basis="stated", flagged=wrong,
            why="the weekday does not fit the date" if wrong else "",
        )  # fmt: skip
    if e.relation == "year":
        return relative(lambda published: build(published.year + e.shift) or (published, published), context)
    place = nearest_year(build, context, e.relation, weekday=e.weekday)
    found = relative(place, context, basis="year_inferred")
    if found.span == (None, None):
        return changed(found, why="the year is not in the text, and no publication date is known")
    if context.stated and found.value:
        found = two_years(build, changed(found, flagged=False, why=""), e, context)
        if e.weekday is not None and found.span[0] and found.span[0].weekday() != e.weekday:
            return changed(found, flagged=True, why="the weekday does not fit the date in any near year")
        if (
            e.weekday is not None
            and found.span[0]
            and abs((found.span[0] - (context.latest or found.span[0])).days) > 270
        ):
            return changed(found, flagged=True, why="the weekday fits only a year far from the publication")
    return found


def _month(e: Expression, context: Context) -> Resolved:
    assert e.month is not None  # noqa: S101
    month = e.month

    def build(year: int) -> cal.Interval:
        first, last = cal.month_part(year, month, e.part)
        if e.until is not None and e.until.month:
            other = cal.month_part(year, e.until.month, e.until.part)
            if other[1] < first:
                other = cal.month_part(year + 1, e.until.month, e.until.part)
            last = other[1]
        return first, last

    kind = "month" if not e.until and not e.part else ""
    year = e.year or (e.until.year if e.until else None)
    if year is not None:
        if e.until and e.until.year and not e.year and e.until.month and e.until.month < month:
            year -= 1
        interval = build(year)
        return Resolved(
            value=interval[0].isoformat()[:7] if not e.until else iso_value(interval, kind),
            span=interval,
            basis="stated",
        )
    if e.relation == "year":
        return relative(lambda published: build(min(max(published.year + e.shift, 1), 9998)), context, kind)
    found = relative(nearest_year(build, context, e.relation), context, kind, basis="year_inferred")
    if e.relation in ("last", "next") and found.value:
        found = changed(
            found, basis="relative_to_publication" if context.stated else "relative_to_inferred_publication"
        )
    if found.span == (None, None):
        return changed(found, why="the year is not in the text, and no publication date is known")
    if context.stated and found.value:
        value = found.span[0].isoformat()[:7] if found.span[0] and not e.until else found.value
        return two_years(build, changed(found, flagged=False, why="", value=value), e, context)
    return found


def _weekday(e: Expression, context: Context) -> Resolved:
    assert e.weekday is not None  # noqa: S101
    wanted, guess = e.weekday, ""
    extra = (e.count or 1) - 1
    if e.until is not None and e.until.weekday is not None:
        extra = (e.until.weekday - wanted) % 7
    if context.earliest is None and context.latest is None:
        return OPEN
    sign = 0
    if e.relation in ("", "this"):
        sign = context.direction()
        reference = context.latest or context.earliest
        if sign == 0 and reference is not None and reference.weekday() != wanted:
            guess = "the sentence does not tell whether the day before or after publication is meant"
        elif sign == EITHER and reference is not None:
            # The nearer one: the plan of a day long past is rarely told.
            sign = 1 if (wanted - reference.weekday()) % 7 <= 3 else -1
            guess = "a plan that may have been overtaken: the day may lie before or after publication"
    elif e.relation == "next":
        reference = context.latest or context.earliest
        if reference is not None and wanted > reference.weekday() + 1:
            guess = "'next' may mean the coming one or the one after"

    def place(published: dt.date) -> cal.Interval:
        back, forth = (published.weekday() - wanted) % 7, (wanted - published.weekday()) % 7
        if e.relation == "last":
            first = cal.add(published, -(back or 7), "D")
        elif e.relation == "coming":
            first = cal.add(published, forth or 7, "D")
        elif e.relation == "week":
            first = cal.add(cal.iso_week(published, e.shift)[0], wanted, "D")
        elif e.relation == "weeks":
            base = cal.add(published, forth or 7, "D") if e.shift > 0 else cal.add(published, -(back or 7), "D")
            first = cal.add(base, e.shift, "W")
        elif e.relation == "next":
            # The one of next week where this week's still lies ahead.
            first = cal.add(cal.iso_week(published, 1)[0], wanted, "D")
        elif e.relation == "this" and sign == 0:
            first = cal.add(cal.iso_week(published)[0], wanted, "D")
        else:
            first = cal.add(published, forth, "D") if sign > 0 else cal.add(published, -back, "D")
        if e.part in ("week", "weekend"):
            monday, sunday = cal.iso_week(first)
            return cal.add(monday, 5, "D") if e.part == "weekend" else monday, sunday
        if e.part == "week to":
            return cal.add(first, -extra, "D"), first
        return first, cal.add(first, extra, "D")

    return relative(place, context, guess=guess)


def _unit(e: Expression, context: Context) -> Resolved:
    if e.relation == "following":
        return _following(e, context)
    if e.relation in ("bare", "year") and e.unit not in ("week", "weekend", "month", "quarter", "year"):
        return bare_season(e, context)
    shift = {"last": -1, "next": 1, "by": e.shift}.get(e.relation, 0)
    sign = context.direction() if e.unit in ("week", "weekend") else 0

    def place(published: dt.date) -> cal.Interval:
        year = published.year
        if e.unit == "week":
            first, last = cal.iso_week(published, shift)
            if published.weekday() == 6 and e.relation == "this" and sign > 0:
                # A Sunday's "this week", of things to come, is the week that begins.
                first, last = cal.iso_week(published, 1)
            cut = {"early": (0, 2), "mid": (2, 3), "late": (3, 6), "end": (4, 6)}.get(e.part)
            if cut:
                first, last = cal.add(first, cut[0], "D"), cal.add(first, cut[1], "D")
        elif e.unit == "weekend":
            saturday = cal.add(cal.iso_week(published, shift)[0], 5, "D")
            if e.relation in ("", "this"):
                if (published.weekday() < 5 and sign < 0) or (
                    published.weekday() < 5 and e.relation == "" and sign == 0
                ):
                    saturday = cal.add(saturday, -7, "D")
            elif e.relation == "last" and published.weekday() < 5:
                pass
            elif e.relation == "next" and published.weekday() < 5 and e.part == "":
                saturday = cal.add(saturday, 0, "D")
            first, last = saturday, cal.add(saturday, 1, "D")
        elif e.unit == "month":
            shifted = cal.add(published.replace(day=1), shift, "M")
            first, last = cal.month_part(shifted.year, shifted.month, e.part)
        elif e.unit == "quarter":
            shifted = cal.add(published.replace(day=1), 3 * shift, "M")
            first, last = cal.quarter(shifted.year, (shifted.month + 2) // 3)
            if e.part == "end":
                first = cal.month_part(last.year, last.month, "week last")[0]
        elif e.unit == "year":
            first, last = cal.year_part(min(max(year + shift, 1), 9998), e.part)
        else:
            return _season(e, published, shift)
        if e.part == "rest":
            first = min(max(published, first), last)
        elif e.part == "before":
            last = max(min(published, last), first)
        return first, last

    return relative(place, context, e.unit if not e.part else "")


def _following(e: Expression, context: Context) -> Resolved:
    """ "The following month": the one after the day or month last spoken of."""
    base = context.antecedent
    if base is None or e.unit not in ("week", "month", "year", "quarter"):
        return Resolved(basis="relative_to_text", flagged=True, why="what it follows is not clear")
    if e.unit == "week":
        interval = cal.iso_week(base[1], 1)
    elif e.unit == "year":
        year = min(base[1].year + 1, 9999)
        interval = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    else:
        after = cal.add(base[1].replace(day=1), 3 if e.unit == "quarter" else 1, "M")
        interval = (
            cal.month(after.year, after.month)
            if e.unit == "month"
            else cal.quarter(after.year, (after.month + 2) // 3)
        )
    return Resolved(
        value=iso_value(interval, e.unit), span=interval, basis="relative_to_text", flagged=True,
        why="counted from the date last named",
    )  # fmt: skip


def _season(e: Expression, published: dt.date, shift: int) -> cal.Interval:
    year = min(max(published.year, 3), 9996)
    options = [cal.season(y, e.unit) for y in range(year - 2, year + 3)]
    if shift < 0:
        return max((o for o in options if o[1] < published), default=options[0])
    if shift > 0:
        return min((o for o in options if o[0] > published), default=options[-1])
    return min(options, key=lambda o: max((o[0] - published).days, (published - o[1]).days, 0))


def _offset(e: Expression, context: Context) -> Resolved:
    count, unit = e.count or 0, e.unit
    if e.relation in ("later", "earlier"):
        leans = told_period(context, back=1) if unit in "MY" else None
        if leans is not None:
            context = changed(context, antecedent=(leans.first, leans.last))
        if context.antecedent is None:
            return Resolved(flagged=True, basis="relative_to_text", why="what it is counted from is not clear")
        shift = count if e.relation == "later" else -count
        span = (cal.add(context.antecedent[0], shift, unit), cal.add(context.antecedent[1], shift, unit))
        return Resolved(
            value=iso_value(span, ""),
            span=span,
            basis="relative_to_text",
            flagged=True,
            why="counted from the day last named",
        )
    sign = -1 if e.relation == "ago" else 1
    if e.relation == "in" and context.direction() < 0:
        return Resolved(value=f"P{count}{unit}", basis="duration")

    def place(published: dt.date) -> cal.Interval:
        target = cal.add(published, sign * count, unit)
        if e.relation == "within":
            return published, target
        return (target, target) if exact else _blurred(target, unit)

    exact = unit == "W" and count == 1  # "a week ago" is that day or one beside it
    guess = "" if unit == "D" or e.relation == "within" else "counted in weeks, months or years: about then"
    return relative(
        place,
        context,
        {"M": "month", "Y": "year", "W": "week"}.get(unit, "") if e.relation != "within" else "",
        guess=guess if unit == "W" else "",
    )


def _blurred(target: dt.date, unit: str) -> cal.Interval:
    """A day counted in weeks, months or years is that week, month or year, no single day."""
    if unit == "W":
        return cal.iso_week(target)
    if unit == "M":
        return cal.month(target.year, target.month)
    if unit == "Y":
        return dt.date(target.year, 1, 1), dt.date(target.year, 12, 31)
    return target, target


def _span(e: Expression, context: Context) -> Resolved:
    if not e.count:
        return changed(_vague(e, context), why="how many is not said")

    def place(published: dt.date) -> cal.Interval:
        other = cal.add(published, e.count or 0 if e.relation == "coming" else -(e.count or 0), e.unit)
        return (published, other) if e.relation == "coming" else (other, published)

    return relative(place, context)


def _vague(e: Expression, context: Context) -> Resolved:
    return Resolved(basis="vague", flagged=True, why="the expression is vague")


def _anaphor(e: Expression, context: Context) -> Resolved:
    told = told_day(context)
    shift = {"next": 1, "before": -1}.get(e.relation, 0)
    if told is not None:
        found = cal.add(told.first, shift, "D")
        basis = "relative_to_publication" if context.stated else "relative_to_text"
        far = context.sentence - told.sentence > _FAR
        why = "the day that it leans on was named some sentences before" if far else ""
        return Resolved(value=found.isoformat(), span=(found, found), basis=basis, flagged=far, why=why)
    if shift:
        return Resolved(
            basis="relative_to_text", flagged=True, why="the day that it follows or precedes is not clear"
        )
    return relative(lambda published: (published, published), context)


_FAR = 2
"""Sentences between a day and "the same day" beyond which it is flagged."""


def _period(e: Expression, context: Context) -> Resolved:
    """Quarters and halves, with or without a year."""
    number = e.count or 1

    def build(year: int) -> cal.Interval:
        return cal.quarter(year, number) if e.kind == "quarter" else cal.half(year, number)

    if e.year is not None:
        interval = build(e.year)
        return Resolved(value=iso_value(interval, ""), span=interval, basis="stated")
    if e.relation:
        shift = {"last": -1, "next": 1}.get(e.relation, 0)
        return relative(lambda published: build(min(max(published.year + shift, 1), 9999)), context)
    found = relative(nearest_year(build, context), context, basis="year_inferred")
    if context.stated and found.value:
        return two_years(build, changed(found, flagged=False, why=""), e, context, far=400)
    return found


def _year(e: Expression, context: Context) -> Resolved:
    assert e.year is not None  # noqa: S101
    if e.until is not None and e.until.year == e.year + 1 and e.name:
        return fiscal_year(e, context)
    first, last = cal.year_part(e.year, e.part)
    if e.until is not None and e.until.year is not None:
        if e.until.year < e.year:
            return Resolved(flagged=True, why="the range runs backwards")
        last = cal.year_part(e.until.year, e.until.part)[1]
        return Resolved(value=f"{e.year:04d}/{e.until.year:04d}", span=(first, last), basis="stated")
    return Resolved(value=f"{e.year:04d}", span=(first, last), basis="stated")


def _ordinal(e: Expression, context: Context) -> Resolved:
    """ "on the 28th": the day of the month last spoken of, else the nearest one in the direction of the tense."""
    assert e.day is not None  # noqa: S101
    number, sign = e.day, context.direction()

    def place(published: dt.date) -> cal.Interval:
        best: tuple[float, dt.date] | None = None
        for shift in range(-2, 3):
            base = cal.add(published.replace(day=1), shift, "M")
            found = cal.day(base.year, base.month, number)
            if found is None:
                continue
            away = (found - published).days
            cost = abs(away) + (_OTHER_WAY if away * sign < 0 or (sign == 0 and away > 0) else 0)
            if best is None or cost < best[0]:
                best = (cost, found)
        return (best[1], best[1]) if best else (published, published)

    base = context.antecedent
    if base is not None and (base[0].year, base[0].month) == (base[1].year, base[1].month):
        found = cal.day(base[0].year, base[0].month, number)
        published = context.latest
        told = published is None or sign == 0 or (found is not None and (found - published).days * sign >= 0)
        # "from 3 June to the 5th"; a month that lies the other way than the verb is not meant.
        if found is not None and told:
            return Resolved(
                value=found.isoformat(), span=(found, found), basis="relative_to_text", flagged=True,
                why="its month is that of the day spoken of before",
            )  # fmt: skip
    guess = "" if sign else "the sentence does not tell whether the day lies ahead or behind"
    return relative(place, context, guess=guess)


_OTHER_WAY = 365
"""Days that a reading against the tense counts as further away."""


def resolve(e: Expression, context: Context) -> Resolved:
    """Where `e` lies, given what `context` knows."""
    if e.kind == "day":
        found = _day(e, context)
    elif e.kind == "month":
        found = _month(e, context)
    elif e.kind == "weekday":
        found = _weekday(e, context)
    elif e.kind == "ordinal":
        found = _ordinal(e, context)
    elif e.kind == "single":
        count = e.count or 0
        if e.shift:
            found = relative(lambda p: (cal.add(p, e.shift, "D"), cal.add(p, e.shift, "D")), context)
        elif e.count is not None and abs(e.count) > 1:
            found = relative(lambda p: (p, cal.add(p, count - 1, "D")), context)
        else:
            found = relative(lambda p: (cal.add(p, count, "D"), cal.add(p, count, "D")), context)
    elif e.kind == "unit":
        found = _unit(e, context)
    elif e.kind == "offset":
        found = _offset(e, context)
    elif e.kind == "span":
        found = _span(e, context)
    elif e.kind == "anaphor":
        found = _anaphor(e, context)
    elif e.kind in ("quarter", "half"):
        found = _period(e, context)
    elif e.kind == "year":
        found = _year(e, context)
    elif e.kind == "season":
        assert e.year is not None  # noqa: S101
        interval = cal.season(e.year, e.name)
        found = Resolved(value=iso_value(interval, ""), span=interval, basis="stated")
    elif e.kind in SPANS:
        found = SPANS[e.kind](e, context)
    elif e.kind == "fiscal":
        found = fiscal_year(e, context)
    elif e.kind == "duration":
        return Resolved(value=f"P{e.count}{e.unit}", basis="duration")
    elif e.kind == "term":
        term = zones.terms().get((e.name, e.count or 1))
        if term is None:
            return Resolved(flagged=True, why="the term's dates are not known here")
        return Resolved(value=f"{term[0]}/{term[1]}", span=term, basis="world_knowledge")
    else:
        return _vague(e, context)
    return _timed(e, found, context)


def _timed(e: Expression, found: Resolved, context: Context) -> Resolved:
    """`found` narrowed to a time or part of the day, on the clock that the text names."""
    first, last = found.span
    if first is None or first != last or not (e.time or e.part in DAY_PARTS or e.zone):
        return found
    near = context.near()
    zone = zones.zone_of(e.zone, near) if e.zone else None
    rules = zones.info(zone) if zone else None
    if e.time:
        when = dt.datetime.combine(first, dt.time(*e.time), tzinfo=rules)
        text = zones.instant_text(when)
        if rules is None:
            return changed(found, value=text, times=(text, text))
        utc = when.astimezone(dt.timezone.utc)  # noqa: UP017
        shown = f"{utc:%Y-%m-%dT%H:%M}Z"
        return changed(found, value=text, times=(text, text), utc=shown, local=zones.local_clocks(when, near))
    if e.part in DAY_PARTS:
        begin, close = DAY_PARTS[e.part]
        start = dt.datetime.combine(first, dt.time(begin), tzinfo=rules)
        end = dt.datetime.combine(first, dt.time(23, 59) if close == 24 else dt.time(close), tzinfo=rules)
        return changed(found, times=(zones.instant_text(start), zones.instant_text(end)))
    return found
