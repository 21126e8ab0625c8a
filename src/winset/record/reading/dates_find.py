"""Expressions of time in a sentence: found and taken apart, not yet placed on the calendar.

The first word of an expression is looked up in a set; the rules for that beginning then match from there. So a
text without dates costs one pass, and no rule is ever searched for through a whole sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from winset.record.reading import dates_patterns as p
from winset.record.reading import dates_relative as rel
from winset.record.reading.dates_expression import (
    Expression,
    clock_of,
    count_of,
    digits_of,
    month_number,
    unit_letter,
    with_time,
    year_of,
)
from winset.record.reading.dates_periods import find_period
from winset.record.reading.dates_words import WEEKDAY_NUMBER
from winset.record.reading.schema import changed

__all__ = ["find_at"]


def _on_month(text: str, pos: int, end: int) -> Expression | None:
    full = p.MDY.match(text, pos, end)
    if full:
        until = full["u"] or full["v"]
        stop = full.end()
        if full["a"]:
            # "May 10 and 11" is one stretch; "June 3 and 12 ..." is not.
            until = full["a"] if digits_of(full["a"]) == digits_of(full["d"]) + 1 else None
            stop = stop if until else full.end("d")
        found = Expression(
            kind="day",
            start=pos,
            end=stop,
            month=month_number(full["m"]),
            day=digits_of(full["d"]),
            year=year_of(full["y"]),
            until_day=digits_of(until) if until else None,
        )
        return with_time(text, _of_year(text, found, end), end)
    short = p.MONTH_YEAR.match(text, pos, end)
    if short is None:
        return None
    word = short["m"]
    if word.isupper() or (len(word) <= 4 and word.casefold() not in ("may", "june", "july") and not short["y"]):
        return None
    if not short["y"] and not p.OF_YEAR.match(text, short.end(), end):
        before = text[max(0, pos - 16) : pos]
        if word in ("May", "March", "April", "June") and (
            not (p.BARE_MONTH_BEFORE.search(before) or p.AT_THE_EARLIEST.match(text, short.end()))
            or p.MODAL_AFTER.match(text, short.end())
        ):
            return None
        if word in p.GIVEN_NAMES and (
            p.TITLE_BEFORE.search(before)
            or (p.NAME_AFTER.match(text, short.end()) and not p.NO_NAME_BEFORE.search(before))
        ):
            return None  # "April Chen", "Ms June"
    found = Expression(
        kind="month", start=pos, end=short.end(), month=month_number(word), year=year_of(short["y"])
    )
    return _of_year(text, found, end)


def _on_weekday(text: str, pos: int, end: int) -> Expression | None:
    base = p.WEEKDAY_RULE.match(text, pos, end)
    if base is None:
        return None
    word = base["w"].rstrip(".")
    if text[max(0, pos - 6) : pos] in _NO_DAY:
        return None
    number = WEEKDAY_NUMBER[word.casefold()]
    found = Expression(kind="weekday", start=pos, end=base.end(), weekday=number, part=base["p"] or "")
    link = p.TO_DATE.match(text, base.end(), end)
    if link:
        dated = find_at(text, link.end(), end, only=("month", "digit"))
        if dated is not None and dated.kind == "day":
            close = dated.end
            if "(" in link[0] and close < end and text[close] == ")":
                close += 1
            return with_time(text, changed(dated, start=pos, end=close, weekday=number, part=base["p"] or ""), end)
    days = p.DAYS_OF_MONTH.match(text, base.end(), end)
    if days:
        other = find_at(text, days.end(), end, only=("digit",))
        if other is not None and other.kind == "day" and not other.until_day:
            first = digits_of(days["d"])
            if other.day and first < other.day:
                return changed(other, start=pos, day=first, until_day=other.day, weekday=number)
    if len(word) <= 4 and not (link and text[base.end() - 1] == "."):
        return None  # "Sun" and "Sat" alone are words; "Mon." is a weekday
    week = p.OF_WEEK.match(text, base.end(), end)
    if week:
        shift = _SHIFTS[(week["r"] or "next").casefold()]
        relation = "week" if week["r"] else "weeks"  # "Friday week" is the Friday a week after the coming one
        return changed(found, end=week.end(), relation=relation, shift=shift)
    return with_time(text, found, end)


_NO_DAY = ("Black ", "Cyber ", "Super ", "Giving ")
"""Before a weekday: a sale or an election, no day of the week."""
_SHIFTS = {"last": -1, "this": 0, "next": 1}


def _of_year(text: str, found: Expression, end: int) -> Expression:
    """`found` with "last year" and the like behind it, which says its year."""
    year = p.OF_YEAR.match(text, found.end, end) if found.year is None and not found.relation else None
    if year is None:
        return found
    return changed(found, end=year.end(), relation="year", shift=_SHIFTS[year["r"].casefold()])


def _on_single(text: str, pos: int, end: int) -> Expression | None:
    """ "today, 1 October 2025", "yesterday (Tuesday)": one day said twice."""
    found = rel.on_single(text, pos, end)
    link = p.APPOSED.match(text, found.end, end) if found is not None and not found.time else None
    if found is None or link is None:
        return found
    dated = find_at(text, link.end(), end, only=("month", "digit", "weekday"))
    if dated is None or dated.until_day or not p.APPOSED_END.match(text, dated.end, end):
        return found
    if dated.kind == "day":
        return changed(dated, start=pos)
    return changed(found, end=dated.end) if dated.kind == "weekday" and not dated.relation else found


def _on_digit(text: str, pos: int, end: int) -> Expression | None:
    if p.DATED.match(text, pos, end) is None:
        return None
    iso = p.ISO.match(text, pos, end)
    if iso:
        time = clock_of(iso["t"]) if iso["t"] else None
        return Expression(
            kind="day",
            start=pos,
            end=iso.end(),
            year=int(iso["y"]),
            month=int(iso["m"]),
            day=int(iso["d"]),
            time=time,
        )
    slash = p.SLASH.match(text, pos, end)
    if slash:
        a, b = int(slash["a"]), int(slash["b"])
        if a > 12 >= b >= 1:
            a, b = b, a
        if 1 <= a <= 12 and 1 <= b <= 31:
            return Expression(
                kind="day",
                start=pos,
                end=slash.end(),
                year=int(slash["y"]),
                month=a,
                day=b,
                ambiguous=a != b and b <= 12,
            )
    first = p.TIME_FIRST.match(text, pos, end)
    if first:
        dated = find_at(text, first.end(), end)
        if dated is not None and dated.time is None:
            return changed(
                dated, start=pos, time=clock_of(first["t"]), zone=dated.zone or (first["z"] or "").strip("() ")
            )
    day = p.DMY.match(text, pos, end)
    if day:
        found = Expression(
            kind="day",
            start=pos,
            end=day.end(),
            month=month_number(day["m"]),
            day=digits_of(day["d"]),
            year=year_of(day["y"]),
            until_day=digits_of(day["u"]) if day["u"] else None,
        )
        return with_time(text, _of_year(text, found, end), end)
    ordinal = p.ORDINAL_DAY.match(text, pos, end)
    if ordinal and p.ORDINAL_BEFORE.search(text, max(0, pos - 16), pos):
        return Expression(kind="ordinal", start=pos, end=ordinal.end(), day=digits_of(ordinal["d"]))
    for rule in (_on_number, rel.on_quarter):
        other = rule(text, pos, end)
        if other:
            return other
    alone = p.YEAR_ALONE.match(text, pos, end)
    if alone and (
        p.YEAR_BEFORE.search(text, max(0, pos - 16), pos)
        or (p.YEAR_AFTER.match(text, alone.end(), end) and p.YEAR_LOOSE.search(text, max(0, pos - 24), pos))
    ):
        until = alone["u"]
        last = None
        if until:
            last = int(until) if len(until) == 4 else int(alone["y"][:2] + until)
            if last <= int(alone["y"]):
                return None
        other_end = None if last is None else Expression(kind="year", start=pos, end=alone.end(), year=last)
        # "2023-24" is a financial year or a season, "2023-2024" two years.
        name = alone[0] if until and len(until) == 2 else ""
        return Expression(
            kind="year", start=pos, end=alone.end(), year=int(alone["y"]), until=other_end, name=name
        )
    return None


def _on_number(text: str, pos: int, end: int) -> Expression | None:
    starting = p.STARTING.match(text, pos, end)
    if starting:
        first = find_at(text, starting.end(), end)
        if first is not None and first.kind in ("day", "weekday", "single"):
            days = count_of(starting["n"]) * (7 if starting["u"].casefold().startswith("week") else 1)
            return changed(first, start=pos, count=days)
    ago = p.AGO.match(text, pos, end)
    if (
        ago
        and ago["r"].casefold() in ("earlier", "before", "ago")
        and p.COMPARED.search(text, max(0, pos - 16), pos)
    ):
        return None
    if ago:
        relation = {"before": "earlier", "from now": "later", "from today": "later", "hence": "later"}.get(
            ago["r"].casefold(), ago["r"].casefold()
        )
        return Expression(
            kind="offset",
            start=pos,
            end=ago.end(),
            count=count_of(ago["n"]) * (1 + ago["u"].casefold().startswith("fortnight")),
            unit=unit_letter(ago["u"]),
            relation=relation,
        )
    long = p.DURATION.match(text, pos, end)
    if long and count_of(long["n"]) > 1:
        return Expression(
            kind="duration", start=pos, end=long.end("u"), count=count_of(long["n"]), unit=unit_letter(long["u"])
        )
    return None


def _on_week_to(text: str, pos: int, end: int) -> Expression | None:
    lead = p.WEEK_TO.match(text, pos, end)
    last = find_at(text, lead.end(), end, only=("month", "digit", "weekday")) if lead else None
    if lead is None or last is None or last.kind not in ("day", "weekday") or last.until_day or last.time:
        return None
    return changed(last, start=pos, part="week to", count=7 * (count_of(lead["n"]) if lead["n"] else 1))


def _on_week_of(text: str, pos: int, end: int) -> Expression | None:
    lead = p.WEEK_OF.match(text, pos, end)
    if lead is None:
        return _on_week_to(text, pos, end)
    first = find_at(text, lead.end(), end)
    if first is None or first.kind not in ("day", "weekday", "ordinal") or first.until_day or first.time:
        return None
    return changed(first, start=pos, part="weekend" if lead["e"] else "week")


def _on_part(text: str, pos: int, end: int) -> Expression | None:
    found = rel.on_part(text, pos, end)
    return _of_year(text, found, end) if found is not None and found.kind == "month" else found


_RULES: dict[str, tuple[Callable[[str, int, int], Expression | None], ...]] = {
    "month": (_on_month,),
    "weekday": (_on_weekday,),
    "digit": (_on_digit,),
    "part": (_on_part,),
    "monthpart": (rel.on_month_part, rel.on_relative, rel.on_quarter, rel.on_span),
    "weekof": (_on_week_of,),
    "rel": (rel.on_anaphor, rel.on_relative, rel.on_span, rel.on_this_part, _on_single),
    "span": (rel.on_span, rel.on_quarter),
    "within": (rel.on_within,),
    "number": (rel.on_anaphor, _on_number, _on_week_to),
    "anaphor": (rel.on_anaphor,),
    "single": (_on_single,),
    "quarter": (rel.on_quarter, rel.on_relative),
    "fiscal": (rel.on_fiscal,),
    "season": (rel.on_season,),
    "vague": (rel.on_vague, rel.on_span, rel.on_within),
    "recent": (rel.on_recent,),
    "weekend": (rel.on_weekend,),
    "end": (rel.on_end,),
    "term": (rel.on_term,),
}


def find_at(text: str, pos: int, end: int, *, only: tuple[str, ...] = ()) -> Expression | None:
    """The expression that begins at `pos`, without ranges."""
    if not only:
        period = find_period(text, pos, end)
        if period is not None:
            return period
    anchor = p.ANCHOR.match(text, pos, end)
    if anchor is None or anchor.lastgroup is None or (only and anchor.lastgroup not in only):
        return None
    for rule in _RULES[anchor.lastgroup]:
        found = rule(text, pos, end)
        if found is not None:
            return found
    return None
