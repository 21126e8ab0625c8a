"""Quantities in a sentence: number, scale and unit; not yet what they are."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import cache

from winset.record.reading.figures_bare import Bare, label_unit, leaning_unit
from winset.record.reading.figures_counted import counted, counted_with, counts
from winset.record.reading.figures_currency import shared_code
from winset.record.reading.figures_pairs import parts, ranges
from winset.record.reading.figures_quantity import Quantity
from winset.record.reading.figures_units import (
    DIGITS,
    NUMBERS,
    SCALE,
    SCALE_PATTERN,
    SHORT_SCALE,
    TEN_OR_MORE,
    WORD_NUMBER,
    currencies,
    number_of,
    scale_of,
)
from winset.record.reading.schema import changed
from winset.record.reading.wordlists import triggers, words

__all__ = ["find"]


_PERCENT = (
    r"(?:\s?%(?!\w)|[\s-]?(?:percentage[\s-]points?|percent(?:age)?\b|per[\s-]?cent\b|pct\b|(?<=\d)pc\b)(?:\s"
    r"(?:points?)\b)?|\s?%p\b|\s?pp\b|[\s-]basis[\s-]points?\b|\sbps\b)"
)


_AFTER_NO = r"[\w.,:/+&]"
"""No quantity begins right after one of these."""


@cache
def _pattern() -> re.Pattern[str]:
    table = currencies()
    return re.compile(
        rf"(?<!{_AFTER_NO})(?:(?<![A-Za-z)]-)|(?=[$€£¥₩]))(?<!\d[-–]\d\d[-–])"
        rf"(?P<sign>[-−](?=\d))?(?:(?P<pre>{table.before})\s?(?=[\d]))?"
        rf"(?:(?P<num>{DIGITS})(?![\d])|(?P<word>(?i:{WORD_NUMBER}))(?=[\s-](?:{SCALE_PATTERN}|percent|per\s?cent"
        rf"|percentage)\b|\s(?:years|months|(?:percentage\s|full\s)?points)\b)(?!\s(?:hundred|thousand|million"
        rf"|billion)s?\sof\b)"
        rf"|(?P<ten>(?i:{TEN_OR_MORE})(?=\s(?:[a-z-]+\s){{0,2}}?[a-z]+s\b)|(?!an?\b)(?i:{WORD_NUMBER})"
        rf"(?=[\s-](?:years?|months?)\b)))"
        rf"(?:(?<=\d)(?P<short>{SHORT_SCALE})(?![\w-])|[\s-]?(?P<scale>(?i:{SCALE_PATTERN}))\b)?"
        rf"(?:(?P<percent>{_PERCENT})|[\s-]?(?P<post>{table.after}))?",
    )


_NUMBER_WORDS = triggers(
    frozenset((*NUMBERS, *(word for scale in SCALE for word in scale.split() if len(word) > 2)))
)
_A_PERCENT = ("a percent", "a per cent", "a-percent")
_APPROX = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|some|roughly|nearly|almost|an? estimated|more than|over"
    r"|at least|less than|up to|as much as|"
    r"as many as|close to|under|just over|just under|well over|fewer than|an additional|estimated at|or so"
    r"|worth about|upwards? of)\s|~\s?)(?:an?\s(?:combined|total|additional|record|estimated)\s)?$",
    re.I,
)
_PER = re.compile(
    r"\s(?:(?:worth|in [a-z]+|of [a-z]+(?: [a-z]+)?)\s)?(?:(?:a|per|each|every|an)\s(?P<unit>year|month|week"
    r"|day|quarter|barrel|ton|tonne|unit|vehicle|head|bushel|kilogram|hour|dollar)\b|(?P<adverb>annually"
    r"|monthly|yearly|quarterly|per annum)\b)"
)
_ANNUAL_BEFORE = re.compile(r"\b(?P<adverb>annual|yearly|monthly|quarterly|annually)\s(?:[a-z-]+\s){0,4}$")
_POUNDS = re.compile(
    r"\spounds(?: sterling)?\b(?!\sof\b(?!\s(?:[a-z-]+\s){0,2}?(?:exports|imports|trade|goods|products"
    r"|services|investments?"
    r"|spending|business|orders|aid|sales|loans|money|tariffs|duties|revenue|output|assets|contracts"
    r"|purchases)\b))"
)
"""Money after millions; "pounds of beef" weighs."""


def _overlaps(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a span touches one of the spans, which are in order and apart."""
    i = bisect.bisect_left(taken, (end,))
    return i > 0 and taken[i - 1][1] > start


@cache
def _beginning(in_words: bool) -> re.Pattern[str]:
    """The first character of what can be a quantity, with numbers in words or without."""
    table = currencies()
    signs = "".join(map(re.escape, sorted({sign[0] for sign in table.symbol} | {"W"})))
    longest = max(map(len, table.symbol))
    after = rf"(?<=\d)|(?<=[-−])(?=\d)|(?<=[{signs}])(?=[^\s\d]{{0,{longest}}}\s?\.?\d)"
    letters = ""
    if in_words:
        rests: dict[str, list[str]] = {}
        for word in (*NUMBERS, "a", "an"):
            rests.setdefault(word[0], []).append(word[1:])
        letters = "".join(first + first.upper() for first in rests)
        for first, ends in rests.items():
            after += rf"|(?<=[{first}{first.upper()}])(?i:(?=(?:{'|'.join(ends)})\b))"
    return re.compile(rf"[\d−{signs}{letters}-](?<!{_AFTER_NO}.)(?:{after})", re.S)


_BEFORE_ROUGH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        words(
            "about around approximately approx approx. some roughly nearly almost estimated than over least under "
            "additional combined total record"
        ),
        ("",),
    ),
    "to": ("up", "close"),
    "as": ("much", "many"),
    "of": ("upward", "upwards"),
    "at": ("estimated",),
    "so": ("or",),
}
"""The last word of what makes a number rough, and how the word before it must end."""


def _approximate(text: str, start: int, at: int) -> bool:
    """Whether the words right before a number make it a rough one or a bound."""
    before = text[max(start, at - 40) : at]
    if "~" not in before:
        last = before.rsplit(None, 2)[-2:]
        if not last:
            return False
        if last[-1][0].isalpha():
            ends = _BEFORE_ROUGH.get(last[-1].casefold())
            if ends is None or not last[0].casefold().endswith(ends):
                return False
    return _APPROX.search(text, max(start, at - 40), at) is not None


def _matches(text: str, start: int, end: int, said: frozenset[str]) -> Iterator[re.Match[str]]:
    """What `finditer` would give, looked for only where a quantity can begin."""
    in_words = not said.isdisjoint(_NUMBER_WORDS) or any(text.find(a, start, end) >= 0 for a in _A_PERCENT)
    pattern, reached = _pattern(), start
    for first in _beginning(in_words).finditer(text, start, end):
        at = first.start()
        if at >= reached and (found := pattern.match(text, at, end)) is not None:
            reached = found.end()
            yield found


def find(
    text: str,
    start: int,
    end: int,
    said: frozenset[str],
    taken: Sequence[tuple[int, int]] = (),
    carried: str = "",
    rated: bool = False,
    goods: str = "",
) -> list[Quantity]:
    """Every quantity of `text[start:end]` outside the spans `taken` (dates), in order.

    `said`: the words of the sentence that some rule looks for (`told_by`); `carried`: the currency last spoken of;
    `rated`: whether the sentences just before give a percentage; `goods`: the measure of goods last spoken of.
    """
    table = currencies()
    raw: list[Quantity] = []
    for match in _matches(text, start, end, said):
        at, until = match.start(), match.end()
        if _overlaps(at, until, taken):
            continue
        words = match["num"] or match["word"] or match["ten"]
        scale_word = match["short"] or match["scale"]
        if match["short"] and not match["pre"] and not match["post"]:
            if match["short"] == "t" and not match["percent"]:
                raw.append(Quantity(start=at, end=until, value=number_of(words), unit="tonnes", noun="tonnes"))
                continue
            if not counts(text, match["short"], until, end):
                continue
        if match["scale"] and match["scale"].casefold() == "jo" and not match["post"]:
            continue
        value = number_of(words) * scale_of(scale_word)
        if match["sign"]:
            value = -value
        unit, conflict, noun = "", False, ""
        if match["percent"]:
            kind = match["percent"].casefold()
            unit = "percent"
            if ("point" in kind and "basis" not in kind) or kind.strip() in ("%p", "pp"):
                unit = "percentage-points"
            elif "basis" in kind or "bps" in kind:
                unit = "basis-points"
        elif match["post"]:
            unit = table.code("CNY" if match["post"] == "RMB" else match["post"])
            if match["post"].casefold() in table.shared:
                unit = shared_code(text, match["post"], at)
                if not unit:
                    continue
            conflict = (
                bool(match["pre"])
                and table.code(match["pre"]) != unit
                and not (match["pre"] == "¥" and unit == "CNY")
            )
        elif match["pre"]:
            unit = table.code(match["pre"])
            if match["pre"] in table.shared:
                unit = shared_code(text, match["pre"], at)
        if not unit and scale_of(scale_word) >= 1e6 and (pounds := _POUNDS.match(text, until, end)):
            unit, until = "GBP", pounds.end()
        raw.append(
            Quantity(
                start=at,
                end=until,
                value=value,
                unit=unit,
                conflict=conflict,
                noun=noun,
                scaled=bool(scale_word),
                scale=scale_of(scale_word),
                approx=_approximate(text, start, at),
            )
        )
    joined = parts(text, ranges(text, raw))
    found: list[Quantity] = []
    before: list[tuple[int, str]] = []
    keep: dict[int, int] = {}
    for i, quantity in enumerate(joined):
        whole = quantity if quantity.unit else counted(text, quantity, start, end)
        if whole is None and i + 1 < len(joined):
            whole = counted_with(text, quantity, joined[i + 1], start, end)
        if whole is None:
            bare = Bare(
                start=quantity.start, end=quantity.end, value=quantity.value, scale=quantity.scale, before=before,
                carried=carried, rated=rated, goods=goods,
            )  # fmt: skip
            unit = leaning_unit(text, start, end, bare) or (
                "" if len(joined) > 1 else label_unit(text, start, end, quantity.start, quantity.end)
            )
            if not unit:
                continue
            money = unit in table.per_dollar or unit == "percent"
            length = unit in ("years", "months", "weeks", "days")
            whole = changed(quantity, unit=unit, noun="" if money else "duration" if length else unit)
        keep[i] = len(found)
        found.append(_with_period(text, whole, start, end))
        before.append((whole.end, whole.unit))
    return [
        q
        if q.partner is None
        else changed(q, partner=keep.get(q.partner), relation=q.relation if q.partner in keep else "")
        for q in found
    ]


def _with_period(text: str, q: Quantity, start: int, end: int) -> Quantity:
    after = _PER.match(text, q.end, end)
    if after:
        adverb = {
            "annually": "year",
            "per annum": "year",
            "yearly": "year",
            "monthly": "month",
            "quarterly": "quarter",
        }
        return changed(q, per=after["unit"] or adverb[after["adverb"]])
    first = max(start, q.start - 60)
    # "annual" or an adverb: looking for the letters is far cheaper than for the words.
    told = text.find("nnual", first, q.start) >= 0 or text.find("ly", first, q.start) >= 0
    if told and (before := _ANNUAL_BEFORE.search(text, first, q.start)):
        return changed(q, per={"monthly": "month", "quarterly": "quarter"}.get(before["adverb"], "year"))
    return q
