"""Stretches of time and days told through others: "the ten months to October", "Friday week"."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from winset.record.reading.dates_expression import Expression, count_of, month_number, year_of
from winset.record.reading.dates_patterns import YEAR
from winset.record.reading.dates_words import COUNT, MONTH, MONTH_NUMBER, WEEKDAY, WEEKDAY_NUMBER
from winset.record.reading.dates_zones import rows

__all__ = ["FIRST_WORDS", "Holiday", "find_period", "holidays"]

_NUMBER = (
    r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty[- ]four"
    r"|twenty|thirty[- ]six)"
)
_CLOSES = (
    r"(?=\s*(?:[,.;:!?)\]”\"’']|$|—|–|\s-\s)|\s(?:and|or|but|when|where|while|because|as|to|at|in|on|for|with"
    r"|by|from"
    r"|after|before|if|so|than|had|has|was|were|is|will|would|that|which|who|he|she|it|they|we)\b)"
)
"""After a noun of time that stands alone: no further noun that it would only describe."""
_PART = r"(?:(?P<p>early|earlier|late|later|mid)[\s-]|the\s(?P<q>end|close|start|beginning|middle)\sof\s)"
_PARTS = {
    "early": "early", "earlier": "", "start": "early", "beginning": "early", "mid": "mid", "middle": "mid",
    "late": "late", "later": "", "end": "end", "close": "end",
}  # fmt: skip

_FIRST_MONTHS = re.compile(
    rf"(?:the\s)?(?P<e>first|opening|initial|last|final|closing)\s(?P<n>{_NUMBER})\s(?P<u>months|quarters)"
    rf"(?:\s(?:of|in)\s(?:(?P<y>{YEAR})\b|(?P<r>this|last|next|the|that)\s(?:calendar\s)?year\b))?",
    re.I,
)
_NOT_OF_YEAR = re.compile(r"\s(?:of|after|since|following|under|in\s(?:office|power|force))\b", re.I)
_RUN = re.compile(
    rf"(?:the\s)?(?:(?P<n>{_NUMBER})[\s-](?P<u>month|quarter)s?|(?:(?:fiscal|financial|full)\s)?(?P<one>year"
    rf"|half-year"
    rf"|half|quarter))\s(?:period\s)?(?:up\s)?(?:to|through|until|till|(?:that\s)?(?:ended|ending"
    rf"|ends))\s(?:in\s|on\s)?"
    rf"(?:the\send\sof\s|end[\s-]|mid-|late\s)?(?P<m>{MONTH})(?:\s(?P<d>3[01]|[12]\d|0?[1-9])(?!\d))?"
    rf"(?:,?\s(?P<y>{YEAR})\b)?",
    re.I,
)
_MONTH_QUARTER = re.compile(rf"(?P<m>{MONTH})\s(?P<one>quarter|half|year)\b(?!-|['’]s)", re.I)
_THAT = re.compile(
    rf"{_PART}?(?P<d>that(?:\ssame)?|the\s(?:very\s)?same|the\s(?:previous|preceding))\s"
    rf"(?P<u>week|month|quarter|year|weekend)\b(?!-|['’]s?\b)"
    rf"(?:\s(?:of\s|in\s)?(?P<ly>last\syear|a\syear\s(?:ago|earlier|before)|the\syear\sbefore"
    rf"|the\sprevious\syear|(?P<y>{YEAR})\b))?",
    re.I,
)
_SAME_PERIOD = re.compile(
    rf"the\ssame\s(?:period|months|time|stretch|days|season)\s(?:of\s|in\s)?(?:last\syear|a\syear\s(?:ago"
    rf"|earlier|before)"
    rf"|the\syear\sbefore|the\sprevious\syear|(?P<y>{YEAR})\b)",
    re.I,
)
_BESIDE = re.compile(rf"the\s(?P<u>week|month|quarter|year)\s(?P<r>before|earlier|after|prior){_CLOSES}", re.I)
_BESIDE_OTHER = re.compile(
    r"the\s(?P<u>day|night|evening|morning|afternoon|week|weekend|month|quarter|year|summer|winter|spring"
    r"|autumn)\s"
    r"(?P<r>before\slast|after\snext|before\syesterday|after\stomorrow)\b",
    re.I,
)
_WEEKS_FROM = re.compile(
    rf"(?P<n>{COUNT})\sweeks?\s(?P<r>from|on|after|ago\son|ago|before)\s"
    rf"(?:(?P<w>{WEEKDAY})(?!['’])|(?P<s>today|tomorrow|yesterday)\b)",
    re.I,
)
_TO_DATE = re.compile(r"(?:the\s)?year[\s-]to[\s-]date\b", re.I)
_HALF = re.compile(rf"(?P<h>[12])H(?:\s?(?P<y>{YEAR})\b|\s?['’]?(?P<yy>\d\d)\b|\b)")
_DECADE = re.compile(r"(?:the\s)?(?:(?P<p>early|mid|late)[\s-])?(?P<y>(?:19|20)\d0)['’]?s\b", re.I)
_FISCAL = re.compile(
    r"(?:the\s)?(?P<r>this|last|next|current|previous|coming|past|present)\s(?:fiscal|financial|budget)\syear\b",
    re.I,
)
_FINANCIAL = re.compile(rf"(?:the\s)?financial\syear\s(?P<y>{YEAR})(?P<u>[-–/](?:{YEAR}|\d\d)\b)?", re.I)
_SEASON = re.compile(
    rf"(?:the\s)?(?:(?P<p>early|mid|late)[\s-])?(?:the\s)?(?P<s>spring|summer|autumn|fall|winter)(?:\s(?:of\s)?"
    rf"(?P<r>last|next|this)\syear\b|{_CLOSES}|(?=\s(?:the|both|its|their|his|her|an?)\s))",
    re.I,
)
_IN = re.compile(r"\b(?:in|by|until|over|during)\s$", re.I)
_VAGUE = re.compile(
    r"(?:a\sfew|several)\s(?:days|weeks|months|years)\s(?:ago|back|from\snow)\b",
    re.I,
)
_NEW_YEAR = re.compile(r"the\s(?:new|New)\s(?:year|Year)\b(?!['’]|\s(?:holiday|break|festival|celebration))")


_COMPARED = re.compile(r"\b(?:than|from|over|versus|to)\s(?:in\s)?$")
_COMPARED_TO = re.compile(r"\b(?:than|from|over|versus|to|on|against|with)\s(?:in\s)?$")
"""Before "the year before": the base of a comparison, no date of its own."""


class Holiday:
    """When a feast falls: on a day of a month, on its nth weekday (-1 the last), or so many days after Easter."""

    __slots__ = ("day", "easter", "month", "nth", "unsure", "weekday")

    def __init__(self, row: dict[str, str]) -> None:
        self.month = int(row["month"] or 0)
        self.day = int(row["day"] or 0)
        self.weekday = int(row["weekday"]) if row["weekday"] else None
        self.nth = int(row["nth"] or 0)
        self.easter = int(row["easter"]) if row["easter"] else None
        self.unsure = row["unsure"] == "yes"


@cache
def _feasts() -> tuple[dict[str, Holiday], re.Pattern[str]]:
    table = {name: Holiday(row) for row in rows("holidays.csv") for name in row["names"].split("|")}
    names = "|".join(re.escape(name).replace("'", "['’]") for name in sorted(table, key=len, reverse=True))
    return table, re.compile(rf"(?:{names})\b(?!['’]){_CLOSES}")


def holidays() -> dict[str, Holiday]:
    """Feasts that news takes for dates, by name."""
    return _feasts()[0]


FIRST_WORDS = frozenset(name.split()[0].strip("'.") for name in holidays()) - {"the"}
"""With which the names of feasts begin, as they are written."""


def find_period(text: str, pos: int, end: int) -> Expression | None:
    """The expression of the kinds above that begins at `pos`."""
    word = _WORD.match(text, pos, end)
    if word is None:
        rules = _BY_NUMBER if _COUNTS.match(text, pos, end) else ()
    else:
        rules = _BY_WORD.get(word[0].lower(), ())
    for pattern, build in rules:
        match = pattern.match(text, pos, end)
        if match is not None and (found := build(text, match)) is not None:
            return found
    if text[pos : pos + 2] in _FEAST_STARTS:
        feast = _feasts()[1].match(text, pos, end)
        if feast is not None:
            return Expression(kind="holiday", start=pos, end=feast.end(), name=feast[0].replace("’", "'"))
    return None


_WORD = re.compile(r"[A-Za-z]+")
_COUNTS = re.compile(r"\d{1,2}(?:H|[\s-](?:month|quarter|week))|\d{3}0['’]?s")
"""A number with which an expression of these kinds may begin."""


def _first_months(text: str, m: re.Match[str]) -> Expression | None:
    opening = m["e"].casefold() in ("first", "opening", "initial")
    year, relation = year_of(m["y"]), (m["r"] or "").casefold()
    if not (year or relation) and (not opening or _NOT_OF_YEAR.match(text, m.end())):
        return None
    count = count_of(m["n"]) * (3 if m["u"].casefold() == "quarters" else 1)
    if not 1 <= count <= 12:
        return None
    return Expression(
        kind="months", start=m.start(), end=m.end(), count=count, year=year, relation=relation,
        part="first" if opening else "last",
    )  # fmt: skip


def _run(text: str, m: re.Match[str]) -> Expression | None:
    if m["n"]:
        count = count_of(m["n"]) * (3 if m["u"].casefold() == "quarter" else 1)
        if not (m[0][:4].casefold() == "the " or _RUN_BEFORE.search(text, max(0, m.start() - 8), m.start())):
            return None
    else:
        count = {"year": 12, "half-year": 6, "half": 6, "quarter": 3}[m["one"].casefold()]
    return Expression(
        kind="months", start=m.start(), end=m.end(), count=count, month=month_number(m["m"]), year=year_of(m["y"]),
        day=int(m["d"]) if m["d"] else None, part="to",
    )  # fmt: skip


_RUN_BEFORE = re.compile(r"\b(?:in|over|for|during)\s$", re.I)


def _month_quarter(text: str, m: re.Match[str]) -> Expression | None:
    """ "the March quarter", "the September year": those that end in that month."""
    count = {"year": 12, "half": 6, "quarter": 3}[m["one"].casefold()]
    return Expression(
        kind="months", start=m.start(), end=m.end(), count=count, month=month_number(m["m"]), part="to",
        relation="" if m["one"].casefold() == "year" else "quarter",
    )  # fmt: skip


def _that(text: str, m: re.Match[str]) -> Expression | None:
    word = m["d"].casefold()
    if m["ly"]:
        if word.startswith("that") or "previous" in word or "preceding" in word:
            return None
        return Expression(kind="near", start=m.start(), end=m.end(), name="year ago", unit=m["u"].casefold(),
                          year=year_of(m["y"]))  # fmt: skip
    part = _PARTS[(m["p"] or m["q"] or "earlier").casefold()]
    if word[:4] == "the " and "same" not in word and _COMPARED_TO.search(text, max(0, m.start() - 8), m.start()):
        return None
    shift = -1 if "previous" in word or "preceding" in word else 0
    return Expression(kind="near", start=m.start(), end=m.end(), unit=m["u"].casefold(), shift=shift, part=part)


def _same_period(text: str, m: re.Match[str]) -> Expression:
    return Expression(
        kind="near", start=m.start(), end=m.end(), name="year ago", unit="period", year=year_of(m["y"])
    )


def _beside(text: str, m: re.Match[str]) -> Expression | None:
    if _COMPARED.search(text, max(0, m.start() - 8), m.start()):
        return None
    shift = 1 if m["r"].casefold() == "after" else -1
    return Expression(kind="near", start=m.start(), end=m.end(), unit=m["u"].casefold(), shift=shift)


def _beside_other(text: str, m: re.Match[str]) -> Expression | None:
    unit, word = m["u"].casefold(), m["r"].casefold()
    sign = -1 if word.startswith("before") else 1
    if unit in ("day", "night", "evening", "morning", "afternoon"):
        if word == "before last" and unit != "night":
            return None
        return Expression(
            kind="single", start=m.start(), end=m.end(), shift=2 * sign,
            part="" if unit == "day" else unit,
        )  # fmt: skip
    if word in ("before yesterday", "after tomorrow"):
        return None
    return Expression(kind="unit", start=m.start(), end=m.end(), unit=unit, shift=2 * sign, relation="by")


def _weeks_from(text: str, m: re.Match[str]) -> Expression:
    word = m["r"].casefold()
    count = count_of(m["n"]) * (-1 if word in ("ago", "ago on", "before") else 1)
    if m["s"]:
        days = {"today": 0, "tomorrow": 1, "yesterday": -1}[m["s"].casefold()]
        return Expression(kind="single", start=m.start(), end=m.end(), shift=7 * count + days)
    return Expression(
        kind="weekday", start=m.start(), end=m.end(), weekday=WEEKDAY_NUMBER[m["w"].rstrip(".").casefold()],
        relation="weeks", shift=count,
    )  # fmt: skip


def _to_date(text: str, m: re.Match[str]) -> Expression:
    return Expression(kind="unit", start=m.start(), end=m.end(), unit="year", relation="this", part="before")


def _half(text: str, m: re.Match[str]) -> Expression:
    return Expression(
        kind="half", start=m.start(), end=m.end(), count=int(m["h"]), year=year_of(m["y"] or m["yy"])
    )


def _decade(text: str, m: re.Match[str]) -> Expression:
    return Expression(
        kind="decade", start=m.start(), end=m.end(), year=int(m["y"]), part=(m["p"] or "").casefold()
    )


def _fiscal(text: str, m: re.Match[str]) -> Expression:
    shift = {"last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1}.get(m["r"].casefold(), 0)
    return Expression(kind="fiscal", start=m.start(), end=m.end(), shift=shift, relation="by", name=m[0])


def _financial(text: str, m: re.Match[str]) -> Expression:
    return Expression(
        kind="fiscal", start=m.start(), end=m.end(), year=year_of(m["y"]), part="two" if m["u"] else "", name=m[0]
    )


def _season(text: str, m: re.Match[str]) -> Expression | None:
    shift = {"last": -1, "this": 0, "next": 1}.get((m["r"] or "").casefold())
    if shift is None and m[0][:4].casefold() != "the ":
        return None  # "in winter" may be any
    name = m["s"].casefold()
    if name == "fall" and shift is None and not _IN.search(text, max(0, m.start() - 8), m.start()):
        return None
    return Expression(
        kind="unit", start=m.start(), end=m.end(), unit=name, relation="year" if shift is not None else "bare",
        shift=shift or 0,
    )  # fmt: skip


def _vague(text: str, m: re.Match[str]) -> Expression:
    return Expression(kind="vague", start=m.start(), end=m.end())


def _new_year(text: str, m: re.Match[str]) -> Expression | None:
    return Expression(kind="vague", start=m.start(), end=m.end())


_Rule = tuple[re.Pattern[str], Callable[[str, re.Match[str]], Expression | None]]
_THE: tuple[_Rule, ...] = (
    (_FIRST_MONTHS, _first_months), (_RUN, _run), (_THAT, _that), (_SAME_PERIOD, _same_period), (_BESIDE, _beside),
    (_BESIDE_OTHER, _beside_other), (_TO_DATE, _to_date), (_DECADE, _decade), (_FISCAL, _fiscal),
    (_FINANCIAL, _financial), (_SEASON, _season), (_NEW_YEAR, _new_year),
)  # fmt: skip
_COUNTED: tuple[_Rule, ...] = ((_RUN, _run), (_WEEKS_FROM, _weeks_from))
_BY_NUMBER: tuple[_Rule, ...] = ((_HALF, _half), (_DECADE, _decade), *_COUNTED)
_BY_WORDS: dict[str, tuple[_Rule, ...]] = {
    "the": _THE,
    "that": ((_THAT, _that),),
    "a": ((_WEEKS_FROM, _weeks_from), (_VAGUE, _vague)),
    "several": ((_VAGUE, _vague),),
    "one two three four five six seven eight nine ten eleven twelve eighteen twenty": _COUNTED,
    "early earlier late later mid": ((_THAT, _that), (_DECADE, _decade), (_SEASON, _season)),
    "first opening initial final closing": ((_FIRST_MONTHS, _first_months),),
    "last": ((_FIRST_MONTHS, _first_months), (_FISCAL, _fiscal)),
    "this next current previous coming past present": ((_FISCAL, _fiscal),),
    "financial": ((_FINANCIAL, _financial),),
    "year": ((_TO_DATE, _to_date),),
    "spring summer autumn fall winter": ((_SEASON, _season),),
}
_BY_WORDS[" ".join(MONTH_NUMBER)] = ((_MONTH_QUARTER, _month_quarter),)
_BY_WORD = {word: rules for line, rules in _BY_WORDS.items() for word in line.split()}
"""By the first word of an expression, the forms that may begin with it."""
_FEAST_STARTS = frozenset(name[:2] for name in holidays())
