"""Expressions of time in a sentence: found and taken apart, not yet placed on the calendar.

The first word of an expression is looked up in a set; the rules for that beginning then match from there. So a
text without dates costs one pass, and no rule is ever searched for through a whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from winset.record.reading import dates_patterns as p
from winset.record.reading.cues import rx
from winset.record.reading.dates_words import MONTH_NUMBER, NUMBER_WORDS, PARTS, UNIT_DAYS, WEEKDAY_NUMBER
from winset.record.reading.schema import changed

__all__ = ["Expression", "find_at"]


@dataclass(frozen=True, kw_only=True)
class Expression:
    """What an expression says, field by field; what it does not say is None or empty."""

    kind: str
    """day, month, year, quarter, half, season, fiscal, weekday, single, offset, unit, span, anaphor, duration,
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
    until: Expression | None = None
    """Other end of a range."""


def _n(word: str) -> int:
    word = word.casefold().removesuffix(" of")
    if word.isdigit():
        return int(word)
    tens, _, units = word.partition("-")
    return {"a": 1, "an": 1, "few": 0, "several": 0, "couple": 2}.get(
        word, NUMBER_WORDS.get(tens, 0) + NUMBER_WORDS.get(units, 0)
    )


def _unit(word: str) -> str:
    return UNIT_DAYS[word.casefold().rstrip("s")]


def _month(word: str) -> int:
    return MONTH_NUMBER[word.rstrip(".").casefold()]


def _number(word: str) -> int:
    return int(rx(r"\D").sub("", word))


def _clock(word: str) -> tuple[int, int] | None:
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


def _year(word: str | None) -> int | None:
    if not word:
        return None
    return int(word) if len(word) == 4 else 2000 + int(word)


def _tail(text: str, found: Expression, end: int) -> Expression:
    """`found` with a time of day and a zone that follow it."""
    tail = p.TAIL.match(text, found.end, end)
    if tail is None or tail.end() == found.end:
        return found
    time = _clock(tail["t"]) if tail["t"] else None
    if tail["t"] and time is None:
        return found
    return changed(found, end=tail.end(), time=time or found.time, zone=(tail["z"] or "").strip("() "))


def _on_month(text: str, pos: int, end: int) -> Expression | None:
    full = p.MDY.match(text, pos, end)
    if full:
        until = full["u"] or full["v"]
        found = Expression(
            kind="day",
            start=pos,
            end=full.end(),
            month=_month(full["m"]),
            day=_number(full["d"]),
            year=_year(full["y"]),
            until_day=_number(until) if until else None,
        )
        return _tail(text, found, end)
    short = p.MONTH_YEAR.match(text, pos, end)
    if short is None:
        return None
    word = short["m"]
    if word.isupper() or (len(word) <= 4 and word.casefold() not in ("may", "june", "july") and not short["y"]):
        return None
    if not short["y"]:
        before = text[max(0, pos - 12) : pos]
        if word in ("May", "March", "April", "June") and (
            not p.BARE_MONTH_BEFORE.search(before) or p.MODAL_AFTER.match(text, short.end())
        ):
            return None
        if (
            word in ("May", "April", "June", "August")
            and p.NAME_AFTER.match(text, short.end())
            and not before.endswith("the ")
        ):
            return None
    return Expression(kind="month", start=pos, end=short.end(), month=_month(word), year=_year(short["y"]))


def _on_weekday(text: str, pos: int, end: int) -> Expression | None:
    base = p.WEEKDAY_RULE.match(text, pos, end)
    if base is None:
        return None
    word = base["w"].rstrip(".")
    number = WEEKDAY_NUMBER[word.casefold()]
    found = Expression(kind="weekday", start=pos, end=base.end(), weekday=number, part=base["p"] or "")
    link = re.compile(r",?\s\(?(?:the\s)?").match(text, base.end(), end)
    if link:
        dated = find_at(text, link.end(), end, only=("month", "digit"))
        if dated is not None and dated.kind == "day":
            close = dated.end
            if "(" in link[0] and close < end and text[close] == ")":
                close += 1
            return _tail(text, changed(dated, start=pos, end=close, weekday=number, part=base["p"] or ""), end)
    if len(word) <= 4 and not (link and text[base.end() - 1] == "."):
        return None  # "Sun" and "Sat" alone are words; "Mon." is a weekday
    return _tail(text, found, end)


def _on_digit(text: str, pos: int, end: int) -> Expression | None:
    iso = p.ISO.match(text, pos, end)
    if iso:
        time = _clock(iso["t"]) if iso["t"] else None
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
                dated, start=pos, time=_clock(first["t"]), zone=dated.zone or (first["z"] or "").strip("() ")
            )
    day = p.DMY.match(text, pos, end)
    if day:
        found = Expression(
            kind="day",
            start=pos,
            end=day.end(),
            month=_month(day["m"]),
            day=_number(day["d"]),
            year=_year(day["y"]),
            until_day=_number(day["u"]) if day["u"] else None,
        )
        return _tail(text, found, end)
    for rule in (_on_number, _on_quarter):
        other = rule(text, pos, end)
        if other:
            return other
    alone = p.YEAR_ALONE.match(text, pos, end)
    if alone and p.YEAR_BEFORE.search(text, max(0, pos - 16), pos):
        until = alone["u"]
        last = None
        if until:
            last = int(until) if len(until) == 4 else int(alone["y"][:2] + until)
            if last <= int(alone["y"]):
                return None
        other_end = None if last is None else Expression(kind="year", start=pos, end=alone.end(), year=last)
        return Expression(kind="year", start=pos, end=alone.end(), year=int(alone["y"]), until=other_end)
    return None


def _on_number(text: str, pos: int, end: int) -> Expression | None:
    starting = p.STARTING.match(text, pos, end)
    if starting:
        first = find_at(text, starting.end(), end)
        if first is not None and first.kind in ("day", "weekday", "single"):
            days = _n(starting["n"]) * (7 if starting["u"].casefold().startswith("week") else 1)
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
            kind="offset", start=pos, end=ago.end(), count=_n(ago["n"]), unit=_unit(ago["u"]), relation=relation
        )
    long = p.DURATION.match(text, pos, end)
    if long and _n(long["n"]) > 1:
        return Expression(
            kind="duration", start=pos, end=long.end("u"), count=_n(long["n"]), unit=_unit(long["u"])
        )
    return None


def _on_part(text: str, pos: int, end: int) -> Expression | None:
    relative = _on_relative(text, pos, end)
    if relative:
        return relative
    of = p.PART_OF.match(text, pos, end)
    if of is None:
        return None
    part = PARTS[of["p"].casefold()]
    if of["m"]:
        if of["m"].isupper():
            return None
        return Expression(
            kind="month", start=pos, end=of.end(), month=_month(of["m"]), year=_year(of["y"]), part=part
        )
    if of["v"]:
        return Expression(kind="year", start=pos, end=of.end(), year=int(of["v"]), part=part)
    return Expression(kind="unit", start=pos, end=of.end(), unit=of["u"].casefold(), relation="this", part=part)


def _on_relative(text: str, pos: int, end: int) -> Expression | None:
    found = p.RELATIVE.match(text, pos, end)
    if found is None:
        return None
    part = (found["p"] or "").casefold()
    part = {
        "earlier": "before",
        "the end of": "end",
        "the start of": "early",
        "the beginning of": "early",
        "the middle of": "mid",
    }.get(part, PARTS.get(part, part))
    relation = {"past": "last", "previous": "last", "coming": "next", "current": "this"}.get(
        found["r"].casefold(), found["r"].casefold()
    )
    relation = {"this past": "last", "this coming": "coming"}.get(relation, relation)
    if found["w"]:
        word = found["w"].rstrip(".").casefold()
        if len(word) <= 4:
            return None
        base = Expression(
            kind="weekday",
            start=pos,
            end=found.end(),
            weekday=WEEKDAY_NUMBER[word],
            relation=relation,
            part=(found["dp"] or "").casefold(),
        )
        return _tail(text, base, end)
    if found["m"]:
        dated = p.MDY.match(text, found.start("m"), end)
        if dated:
            return Expression(
                kind="day",
                start=pos,
                end=dated.end(),
                month=_month(dated["m"]),
                day=_number(dated["d"]),
                year=_year(dated["y"]),
                relation=relation,
            )
        return Expression(
            kind="month", start=pos, end=found.end("m"), month=_month(found["m"]), relation=relation, part=part
        )
    return Expression(
        kind="unit", start=pos, end=found.end("u"), unit=found["u"].casefold(), relation=relation, part=part
    )


def _on_span(text: str, pos: int, end: int) -> Expression | None:
    span = p.SPAN.match(text, pos, end)
    if span is None or span["r"].casefold() == "first":
        return None
    relation = "coming" if span["r"].casefold() in ("next", "coming", "following") else "past"
    return Expression(
        kind="span", start=pos, end=span.end(), count=_n(span["n"]), unit=_unit(span["u"]), relation=relation
    )


def _on_within(text: str, pos: int, end: int) -> Expression | None:
    within = p.WITHIN.match(text, pos, end)
    if within is None:
        return _on_vague(text, pos, end)
    if p.HOW_OFTEN.search(text, max(0, pos - 40), pos):
        return None
    unit = _unit(within["u"])
    words = within[0].casefold()
    relation = "within" if words.startswith("within") or "the next" in words or "the coming" in words else "in"
    return Expression(
        kind="offset", start=pos, end=within.end(), count=_n(within["n"]), unit=unit, relation=relation
    )


def _on_anaphor(text: str, pos: int, end: int) -> Expression | None:
    found = p.ANAPHOR.match(text, pos, end)
    if found is None:
        return None
    assert found.lastgroup is not None  # noqa: S101  (every alternative is named)
    return _tail(text, Expression(kind="anaphor", start=pos, end=found.end(), relation=found.lastgroup), end)


def _on_single(text: str, pos: int, end: int) -> Expression | None:
    found = p.SINGLE.match(text, pos, end)
    if found is None:
        return None
    word = found["d"].casefold()
    count = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}[word]
    part = found["p"] or ("night" if word == "tonight" else "")
    return _tail(text, Expression(kind="single", start=pos, end=found.end(), count=count, part=part), end)


def _on_this_part(text: str, pos: int, end: int) -> Expression | None:
    found = p.THIS_PART.match(text, pos, end)
    if found is None:
        return None
    day = Expression(kind="single", start=pos, end=found.end(), count=0, part=found["p"].casefold())
    return _tail(text, day, end)


def _on_quarter(text: str, pos: int, end: int) -> Expression | None:
    found = p.QUARTER.match(text, pos, end)
    if found is None:
        return None
    names = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
    if found["n"]:
        kind, number = found["k"].casefold(), names[found["n"].casefold()]
        if found["n"].casefold() == "last":
            if not (found["y"] or found["r"]):
                return None  # "last quarter" is the one before this
            number = 4 if kind == "quarter" else 2
        if kind == "half" and number > 2:
            number = 2
    elif found["h"]:
        kind, number = "half", int(found["h"][1])
    else:
        kind, number = "quarter", int(found["q"] or found["g"])
    return Expression(
        kind=kind,
        start=pos,
        end=found.end(),
        count=number,
        year=_year(found["y"] or found["yy"]),
        relation=(found["r"] or "").casefold(),
    )


def _on_fiscal(text: str, pos: int, end: int) -> Expression | None:
    found = p.FISCAL.match(text, pos, end)
    if found is None or not (found["y"] or found["y0"]):
        return None
    return Expression(
        kind="fiscal",
        start=pos,
        end=found.end(),
        year=_year(found["y"] or found["y0"]),
        part="two" if found["u"] else "",
    )


def _on_season(text: str, pos: int, end: int) -> Expression | None:
    found = p.SEASON.match(text, pos, end)
    return found and Expression(
        kind="season", start=pos, end=found.end(), name=found["s"].casefold(), year=int(found["y"])
    )


_ATTRIBUTIVE = re.compile(r"\b(?:a|an|the|its|their|his|her|our|this|that|these|those|most|more)\s$")


def _on_vague(text: str, pos: int, end: int) -> Expression | None:
    found = p.VAGUE.match(text, pos, end)
    if found is None or _ATTRIBUTIVE.search(text, max(0, pos - 8), pos):
        return None
    words = found["v"].casefold()
    relation = "coming" if rx(r"coming|next|following|future|due").search(words) else "past"
    return Expression(kind="vague", start=pos, end=found.end(), relation=relation)


def _on_recent(text: str, pos: int, end: int) -> Expression | None:
    found = p.RECENT_NOUN.match(text, pos, end)
    if found is None or not rx(r"\b(?:his|her|their|its|a|an|my|our)\s$").search(text[max(0, pos - 7) : pos]):
        return None
    return Expression(kind="vague", start=pos, end=found.end(), relation="past")


def _on_weekend(text: str, pos: int, end: int) -> Expression | None:
    found = p.WEEKEND.match(text, pos, end)
    if found is None:
        return None
    relation = {"past": "last", "coming": "next"}.get((found["r"] or "").casefold(), (found["r"] or "").casefold())
    return Expression(kind="unit", start=pos, end=found.end(), unit="weekend", relation=relation)


def _on_end(text: str, pos: int, end: int) -> Expression | None:
    found = p.YEAR_END.match(text, pos, end)
    if found is None:
        return None
    if found["m"]:
        return Expression(kind="month", start=pos, end=found.end(), month=_month(found["m"]), part="end")
    if found["y"]:
        return Expression(kind="year", start=pos, end=found.end(), year=int(found["y"]), part="end")
    return Expression(
        kind="unit", start=pos, end=found.end(), unit=found["u"].casefold(), relation="this", part="end"
    )


def _on_term(text: str, pos: int, end: int) -> Expression | None:
    found = p.TERM.match(text, pos, end)
    if found is None:
        return None
    number = 1 if (found["n"] or found["k"]) in ("first", "1st") else 2
    return Expression(kind="term", start=pos, end=found.end(), name=found["name"] or found["adm"], count=number)


_RULES: dict[str, tuple[Callable[[str, int, int], Expression | None], ...]] = {
    "month": (_on_month,),
    "weekday": (_on_weekday,),
    "digit": (_on_digit,),
    "part": (_on_part,),
    "rel": (_on_anaphor, _on_relative, _on_span, _on_this_part),
    "span": (_on_span, _on_quarter),
    "within": (_on_within,),
    "number": (_on_anaphor, _on_number),
    "anaphor": (_on_anaphor,),
    "single": (_on_single,),
    "quarter": (_on_quarter, _on_relative),
    "fiscal": (_on_fiscal,),
    "season": (_on_season,),
    "vague": (_on_vague, _on_span, _on_within),
    "recent": (_on_recent,),
    "weekend": (_on_weekend,),
    "end": (_on_end,),
    "term": (_on_term,),
}


def find_at(text: str, pos: int, end: int, *, only: tuple[str, ...] = ()) -> Expression | None:
    """The expression that begins at `pos`, without ranges."""
    anchor = p.ANCHOR.match(text, pos, end)
    if anchor is None or anchor.lastgroup is None or (only and anchor.lastgroup not in only):
        return None
    for rule in _RULES[anchor.lastgroup]:
        found = rule(text, pos, end)
        if found is not None:
            return found
    return None
