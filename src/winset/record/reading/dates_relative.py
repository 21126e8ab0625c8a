"""Expressions that lean on another time: "next Friday", "within two weeks", "the same day", "last quarter"."""

from __future__ import annotations

import re

from winset.record.reading import dates_patterns as p
from winset.record.reading.cues import rx
from winset.record.reading.dates_expression import (
    Expression,
    count_of,
    digits_of,
    month_number,
    unit_letter,
    with_time,
    year_of,
)
from winset.record.reading.dates_words import PARTS, WEEKDAY_NUMBER

__all__ = [
    "on_anaphor",
    "on_end",
    "on_fiscal",
    "on_month_part",
    "on_part",
    "on_quarter",
    "on_recent",
    "on_relative",
    "on_season",
    "on_single",
    "on_span",
    "on_term",
    "on_this_part",
    "on_vague",
    "on_weekend",
    "on_within",
]


def on_part(text: str, pos: int, end: int) -> Expression | None:
    relative = on_relative(text, pos, end)
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
            kind="month", start=pos, end=of.end(), month=month_number(of["m"]), year=year_of(of["y"]), part=part
        )
    if of["v"]:
        return Expression(kind="year", start=pos, end=of.end(), year=int(of["v"]), part=part)
    return Expression(kind="unit", start=pos, end=of.end(), unit=of["u"].casefold(), relation="this", part=part)


def on_relative(text: str, pos: int, end: int) -> Expression | None:
    found = p.RELATIVE.match(text, pos, end)
    if found is None:
        return None
    if (
        found["r"] == "last"
        and found["u"]
        and p.LAST_OF.match(text, found.end())
        and text[pos - 4 : pos] == "the "
    ):
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
        return with_time(text, base, end)
    if found["m"]:
        dated = p.MDY.match(text, found.start("m"), end)
        if dated:
            return Expression(
                kind="day",
                start=pos,
                end=dated.end(),
                month=month_number(dated["m"]),
                day=digits_of(dated["d"]),
                year=year_of(dated["y"]),
                relation=relation,
            )
        return Expression(
            kind="month",
            start=pos,
            end=found.end("m"),
            month=month_number(found["m"]),
            relation=relation,
            part=part,
        )
    return Expression(
        kind="unit", start=pos, end=found.end("u"), unit=found["u"].casefold(), relation=relation, part=part
    )


def on_month_part(text: str, pos: int, end: int) -> Expression | None:
    found = p.MONTH_PART.match(text, pos, end)
    if found is None:
        return None
    number = {"first": "1", "second": "2", "third": "3", "fourth": "4"}.get(found["n"].casefold(), "last")
    if found["c"]:
        number = "first" if number == "1" else number
        if number not in ("first", "last"):
            return None
        part = f"{number} {count_of(found['c'])} days"
    else:
        part = f"{'week' if found['w'] else 'half'} {'2' if found['h'] and number == 'last' else number}"
        if part in ("half 3", "half 4"):
            return None
    if found["m"]:
        return Expression(
            kind="month", start=pos, end=found.end(), month=month_number(found["m"]), year=year_of(found["y"]),
            part=part,
        )  # fmt: skip
    relation = found["r"].casefold()
    return Expression(
        kind="unit", start=pos, end=found.end(), unit="month", relation="this" if relation == "the" else relation,
        part=part,
    )  # fmt: skip


def on_span(text: str, pos: int, end: int) -> Expression | None:
    span = p.SPAN.match(text, pos, end)
    if span is None or span["r"].casefold() == "first":
        return None
    if span["r"] == "last" and span.start("r") == pos and p.TO_LAST.search(text, max(0, pos - 10), pos):
        return None
    relation = "coming" if span["r"].casefold() in ("next", "coming", "following") else "past"
    return Expression(
        kind="span",
        start=pos,
        end=span.end(),
        count=count_of(span["n"]) * (1 + span["u"].casefold().startswith("fortnight")),
        unit=unit_letter(span["u"]),
        relation=relation,
    )


def on_within(text: str, pos: int, end: int) -> Expression | None:
    within = p.WITHIN.match(text, pos, end)
    if within is None:
        return on_vague(text, pos, end)
    if p.HOW_OFTEN.search(text, max(0, pos - 40), pos):
        return None
    if within["n"].casefold() in ("a", "an") and p.RATE_BEFORE.search(text, max(0, pos - 12), pos):
        return None
    unit = unit_letter(within["u"])
    words = within[0].casefold()
    relation = "within" if words.startswith("within") or "the next" in words or "the coming" in words else "in"
    return Expression(
        kind="offset",
        start=pos,
        end=within.end(),
        count=count_of(within["n"]) * (1 + within["u"].casefold().startswith("fortnight")),
        unit=unit,
        relation=relation,
    )


def on_anaphor(text: str, pos: int, end: int) -> Expression | None:
    found = p.ANAPHOR.match(text, pos, end)
    if found is None:
        return None
    assert found.lastgroup is not None  # noqa: S101  (every alternative is named)
    return with_time(text, Expression(kind="anaphor", start=pos, end=found.end(), relation=found.lastgroup), end)


def on_single(text: str, pos: int, end: int) -> Expression | None:
    found = p.SINGLE.match(text, pos, end)
    if found is None:
        return None
    word = found["d"].casefold()
    if word == "tomorrow" and p.NO_TOMORROW.search(text, max(0, pos - 14), pos):
        return None
    count = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}.get(word, -1)
    part = found["p"] or ("night" if word.endswith("night") else "")
    return with_time(text, Expression(kind="single", start=pos, end=found.end(), count=count, part=part), end)


def on_this_part(text: str, pos: int, end: int) -> Expression | None:
    found = p.THIS_PART.match(text, pos, end)
    if found is None:
        return None
    day = Expression(kind="single", start=pos, end=found.end(), count=0, part=found["p"].casefold())
    return with_time(text, day, end)


def on_quarter(text: str, pos: int, end: int) -> Expression | None:
    found = p.QUARTER.match(text, pos, end)
    if found is None:
        return None
    if found["q"] and (pos == 0 or text[pos - 1] == "\n") and p.QUESTION.match(text, found.end()):
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
        year=year_of(found["y"] or found["yy"]),
        relation=(found["r"] or "").casefold(),
    )


def on_fiscal(text: str, pos: int, end: int) -> Expression | None:
    found = p.FISCAL.match(text, pos, end)
    if found is None or not (found["y"] or found["y0"]):
        return None
    return Expression(
        kind="fiscal",
        start=pos,
        end=found.end(),
        year=year_of(found["y"] or found["y0"]),
        part="two" if found["u"] else "",
    )


def on_season(text: str, pos: int, end: int) -> Expression | None:
    found = p.SEASON.match(text, pos, end)
    return found and Expression(
        kind="season", start=pos, end=found.end(), name=found["s"].casefold(), year=int(found["y"])
    )


_ATTRIBUTIVE = re.compile(r"\b(?:a|an|the|its|their|his|her|our|this|that|these|those|most|more)\s$")


def on_vague(text: str, pos: int, end: int) -> Expression | None:
    found = p.VAGUE.match(text, pos, end)
    if found is None or _ATTRIBUTIVE.search(text, max(0, pos - 8), pos):
        return None
    words = found["v"].casefold()
    relation = "coming" if rx(r"coming|next|following|future|due").search(words) else "past"
    return Expression(kind="vague", start=pos, end=found.end(), relation=relation)


def on_recent(text: str, pos: int, end: int) -> Expression | None:
    found = p.RECENT_NOUN.match(text, pos, end)
    if found is None or not rx(r"\b(?:his|her|their|its|a|an|my|our)\s$").search(text[max(0, pos - 7) : pos]):
        return None
    return Expression(kind="vague", start=pos, end=found.end(), relation="past")


def on_weekend(text: str, pos: int, end: int) -> Expression | None:
    found = p.WEEKEND.match(text, pos, end)
    if found is None:
        return None
    relation = {"past": "last", "coming": "next"}.get((found["r"] or "").casefold(), (found["r"] or "").casefold())
    return Expression(kind="unit", start=pos, end=found.end(), unit="weekend", relation=relation)


def on_end(text: str, pos: int, end: int) -> Expression | None:
    found = p.YEAR_END.match(text, pos, end)
    if found is None:
        return None
    if found["m"]:
        return Expression(kind="month", start=pos, end=found.end(), month=month_number(found["m"]), part="end")
    if found["y"]:
        return Expression(kind="year", start=pos, end=found.end(), year=int(found["y"]), part="end")
    return Expression(
        kind="unit", start=pos, end=found.end(), unit=found["u"].casefold(), relation="this", part="end"
    )


def on_term(text: str, pos: int, end: int) -> Expression | None:
    found = p.TERM.match(text, pos, end)
    if found is None:
        return None
    number = 1 if (found["n"] or found["k"]) in ("first", "1st") else 2
    return Expression(kind="term", start=pos, end=found.end(), name=found["name"] or found["adm"], count=number)
