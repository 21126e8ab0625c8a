"""Where in a sentence expressions of time begin, so that most words are never tried; and ranges of two of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from winset.record.reading import dates_patterns as p
from winset.record.reading.dates_expression import Expression
from winset.record.reading.dates_find import find_at
from winset.record.reading.dates_periods import FIRST_WORDS
from winset.record.reading.dates_words import MONTH_NUMBER, WEEKDAY_NUMBER
from winset.record.reading.schema import changed
from winset.record.reading.wordlists import DIGIT, triggers, words

__all__ = ["around", "find", "may_hold"]

_RANGED = frozenset({"day", "month", "year", "weekday", "quarter"})


def _ranged(text: str, found: Expression, end: int) -> Expression:
    """`found` joined with the other end of a range, where one follows."""
    if found.kind not in _RANGED or found.until or found.until_day:
        return found
    before = text[max(0, found.start - 10) : found.start].casefold()
    if found.kind == "weekday" and not found.part and found.relation in ("", "last", "next", "this"):
        # "Saturday and Sunday": two days in a row are one stretch.
        link = p.AND.match(text, found.end, end)
        other = find_at(text, link.end(), end, only=("weekday",)) if link else None
        if (
            other is not None
            and other.kind == "weekday"
            and not other.relation
            and other.weekday == ((found.weekday or 0) + 1) % 7
        ):
            return changed(found, end=other.end, until=other)
    if before.endswith("between "):
        link = p.CONNECT_AND.match(text, found.end, end)
    else:
        link = p.CONNECT.match(text, found.end, end)
        if (
            link
            and link[0].strip().casefold() == "to"
            and not (
                before.endswith(
                    ("from ", "period ") if found.kind != "year" else ("from ", "period ", "for ", "over ")
                )
                or found.kind in ("day", "month")
            )
        ):
            return found
    if link is None:
        return found
    other = find_at(text, link.end(), end)
    if other is not None and other.kind == "months" and found.kind == "month":
        other = find_at(text, link.end(), end, only=("month",))  # "the July-September quarter"
    if other is None or other.kind != found.kind or other.count is not None:
        return found
    return changed(found, end=other.end, until=other)


_FIRST_WORDS = words(
    "the early mid late end beginning start middle earlier later last next this past coming previous current "
    "following first second third fourth final within in a an one two three four five six seven eight nine "
    "ten eleven twelve fourteen fifteen eighteen twenty thirty forty fifty sixty seventy eighty ninety "
    "that week today yesterday tomorrow tonight q h "
    "fiscal fy spring summer autumn fall winter recently lately over during recent year month quarter"
    " several financial opening"
) | frozenset((*MONTH_NUMBER, *WEEKDAY_NUMBER))
"""Words with which an expression of time can begin."""


_COMMON = words("the in a an that over during")
"""Words of these that begin an expression only before one of the words below."""
_AFTER_COMMON = re.compile(
    r"\s(?:very\s|same\s)?(?:same|following|next|previous|preceding|day|early|mid|late|end|beginning|start|middle"
    r"|last|past|coming|first|second|third|fourth|final|fiscal|spring|summer|autumn|fall|winter|weekend|year|month"
    r"|quarter|week|business|working|calendar|morning|afternoon|evening|night|recent|near|due|the|about|around"
    r"|roughly|just|as|less|week|night|\d|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|fourteen"
    r"|more|fy|financial|preceding|opening|initial|closing|close|half-year|few|fortnight|new\syear|eleven"
    r"|fifteen|eighteen|twenty)"
)
"""What must follow, in small letters."""
_LONGEST_AFTER = 24
_WORD = re.compile(r"[A-Za-z]+|\d+")
_GLUED = frozenset("_$€£¥₩/-")
"""What makes the word or number after it a part of something else; so does a letter or digit."""


def _first_words() -> dict[str, bool]:
    """The words above as they may be written (small, with a capital, months all in capitals); which are common."""
    found = {word.upper(): False for word in MONTH_NUMBER}
    for word in _FIRST_WORDS | _COMMON:
        found[word] = found[word.capitalize()] = word in _COMMON
    for word in FIRST_WORDS:
        found.setdefault(word, False)
    return found


_BEGINNING = _first_words()


def _places(text: str, start: int, end: int, until: int | None = None) -> Iterator[int]:
    """Where in `text[start:until]` (else up to `end`) an expression of time can begin that ends before `end`."""
    for match in _WORD.finditer(text, start, end if until is None else until):
        word = match[0]
        common = _BEGINNING.get(word)
        if common is None and not word[0].isdecimal():
            continue
        at, to = match.span()
        before = text[at - 1] if at else " "
        if before in _GLUED or before.isalnum():
            continue
        if common is not None:
            if to < end and text[to].isalpha():
                continue
            if common and not _AFTER_COMMON.match(text[to : min(end, to + _LONGEST_AFTER)].lower()):
                continue
        yield at


_TOLD = triggers(
    words(
        "day days week weeks weekend month months year years quarter half morning afternoon evening night today "
        "yesterday tomorrow tonight spring summer autumn fall winter recent recently lately near due fiscal fy "
        "term fortnight fortnights christmas easter thanksgiving halloween quarters halves decade decades weekends"
    )
    | frozenset((*MONTH_NUMBER, *WEEKDAY_NUMBER))
)
"""Words one of which stands in every expression that has no digit."""


def may_hold(said: frozenset[str]) -> bool:
    """Whether a sentence with these words (see `told_by`) can hold an expression of time."""
    return DIGIT in said or not said.isdisjoint(_TOLD)


_LEAD = 48
"""Characters from the beginning of an expression within which its first digit or word of those above stands:
"within as little as forty-five business days" is about the longest."""
_DIGITS = re.compile(rf"\d(?:(?<=[A-Za-z]\d)|(?<=1)9\d\d|(?<=2)0\d\d|(?<!\d\d)\d*+{p.AFTER_DIGITS})")
"""Digits that tell of a time without any of those words: "Q1", "2025", "9:30". The digit in front lets the machine
skip all else; only the first of a number looks at what follows it."""


def around(text: str, low: str, start: int, end: int, said: frozenset[str]) -> list[tuple[int, int]]:
    """Parts of the sentence `text[start:end]` with these words in which expressions can begin.

    `low`: the text in small letters.
    """
    cores = [digits.span() for digits in _DIGITS.finditer(text, start, end)] if DIGIT in said else []
    for word in said & _TOLD:
        at = low.find(word, start, end)
        while at >= 0:
            cores.append((at, at + len(word)))
            at = low.find(word, at + 1, end)
    cores.sort()
    parts: list[tuple[int, int]] = []
    for at, to in cores:
        begin = max(at - _LEAD, start)
        if parts and begin <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(to, parts[-1][1]))
        else:
            parts.append((begin, to))
    return parts


def find(text: str, start: int, end: int, parts: Iterable[tuple[int, int]] | None = None) -> list[Expression]:
    """Every expression of time in `text[start:end]`, in order, none inside another.

    `parts`: where they can begin (`around`), where that is known.
    """
    found: list[Expression] = []
    reached = start
    places: Iterable[int] = (
        _places(text, start, end)
        if parts is None
        else chain.from_iterable(_places(text, begin, end, until) for begin, until in parts)
    )
    if " term" in text[start:end]:
        places = sorted({*places, *(term.start() for term in p.TERM.finditer(text, start, end))})
    for place in places:
        if place < reached:
            continue
        one = find_at(text, place, end)
        if one is not None:
            one = _ranged(text, one, end)
            found.append(one)
            reached = one.end
    return found
