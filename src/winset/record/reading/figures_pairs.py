"""Quantities that belong together: both ends of a range or of a change, and the parts of a total."""

from __future__ import annotations

import re

from winset.record.reading.cues import rx
from winset.record.reading.figures_quantity import Quantity
from winset.record.reading.schema import changed

__all__ = ["PARTS", "PART_LINK", "parts", "ranges"]

_RANGE = re.compile(
    r"\s?(?:[-–—~]|\bto\b|\band\b|\bor\b)\s?$|\s(?:to|and|or)\s(?:as much as\s|about\s|around\s|perhaps\s)?$"
)


_BY = re.compile(r"\bby\s(?:about\s|around\s|some\s|nearly\s|almost\s|up to\s|more than\s|just\s)?$")
_LOW_HIGH = re.compile(
    r"\b(?:between|ranging|ranged?|ranges|anywhere|runs?|running|var(?:y|ies|ied|ying)|spans?|spread)\b[^.;]{0,60}$",
    re.I,
)
_FROM = re.compile(
    r"\bfrom\s(?:an?\s|the\s)?(?:(?:current|previous|initial|existing|original|planned|proposed|about|around"
    r"|threatened)\s)*$",
    re.I,
)
_TO_AFTER = re.compile(
    r"\s?(?:(?:tariffs?|dut(?:y|ies)|rates?|lev(?:y|ies)|[a-z]+)\s)?(?:down\s|up\s)?(?:to|into)\s(?:an?\s"
    r"|the\s)?(?:(?:about|around|just|only|baseline|at least|a flat)\s)*$",
    re.I,
)
_FROM_BETWEEN = re.compile(
    r"\s?,?\s?(?:[a-z]+\s){0,2}?(?:down\s|up\s|lower than\s)?(?:from|instead of|rather than|compared (?:with"
    r"|to)|versus|not)\s(?:an?\s|the\s)?(?:(?:current|previous|initial|existing|original|planned|proposed|about"
    r"|around|earlier|threatened|initially|previously|current|feared)\s){0,2}$",
    re.I,
)


def ranges(text: str, raw: list[Quantity]) -> list[Quantity]:
    """Ends of ranges and from-to pairs told apart; an end without unit or scale takes the other's."""
    found = list(raw)
    for i in range(len(found) - 1):
        low, high = found[i], found[i + 1]
        if low.relation or high.start - low.end > 60:
            continue
        between = text[low.end : high.start]
        plain = bool(_RANGE.fullmatch(between) or (_RANGE.match(between) and len(between) < 16))
        if (
            plain
            and low.unit == "percent"
            and not high.unit
            and (high.value > 1000 or _BY.search(text, max(0, low.start - 24), low.start))
        ):
            continue  # "cut by 15 percent to 412,000 tonnes": a change, and the level that it leads to
        same = low.unit == high.unit or (plain and (not low.unit or not high.unit))
        if not same:
            continue
        preceded = text[max(0, low.start - 60) : low.start]
        if plain and (not low.unit or not high.unit or not low.scaled) and high.unit:
            low = _completed(low, high)
        elif plain and low.unit and not high.unit and high.scaled == low.scaled:
            if between.strip() in ("and", "or"):
                continue
            high = changed(high, unit=low.unit)
        if not low.unit or low.unit != high.unit:
            continue
        moved = _FROM.search(preceded) and _TO_AFTER.fullmatch(between) and not _LOW_HIGH.search(preceded)
        if moved:
            found[i], found[i + 1] = (
                changed(low, relation="before", partner=i + 1),
                changed(high, relation="after", partner=i),
            )
        elif _FROM_BETWEEN.fullmatch(between) and rx(
            r"\b(?:to|at|of|into|with|accept(?:s|ed|ing)?|pay(?:s|ing)?|paid|fac(?:e|es|ed|ing)|charg(?:e|es"
            r"|ed|ing)"
            r"|impos(?:e|es|ed|ing))\s(?:an?\s|the\s)?(?:[a-z]+\s)?$"
        ).search(preceded):
            found[i], found[i + 1] = (
                changed(low, relation="after", partner=i + 1),
                changed(high, relation="before", partner=i),
            )
        elif plain and (between.strip() in ("to", "–", "-", "—", "~", "or") or _LOW_HIGH.search(preceded)):
            found[i], found[i + 1] = (
                changed(low, relation="low", partner=i + 1),
                changed(high, relation="high", partner=i),
            )
    return found


PARTS = re.compile(
    r",?\s?(?:\([^()]{0,60}\)\s?)?(?:[\w’'-]+\s){0,5}?(?P<all>:|—|–|--|\b(?:comprising|consisting of"
    r"|made up of|composed of"
    r"|split (?:into|between)|divided (?:into|between)|broken down into)\b)"
    r"|,?\s?\(?(?:[\w’'-]+\s){0,5}?(?P<some>of which|including)\b"
)
"""Right after a total: its parts follow, all of them or some."""
PART_LINK = re.compile(
    r"[^.;:]{0,80}(?:,|\band|\bplus)\s(?:(?:another|about|some|the (?:other|remaining)|up to|a|an)\s)*$"
)
"""Between two parts of one total."""
_BARE_PART = re.compile(r"\s(?:in|for|of|as|from|to|on)\s")


def parts(text: str, found: list[Quantity]) -> list[Quantity]:
    """Bare numbers that are parts of an amount, with its unit and scale: "$350 billion: 200 in cash"."""
    total: Quantity | None = None
    for i in range(1, len(found)):
        before, q = found[i - 1], found[i]
        if q.unit and not q.noun and before.unit:
            total = None
        between = text[before.end : q.start]
        if before.unit and before.scaled and PARTS.match(between):
            total = before
        elif total is None or not PART_LINK.match(between):
            total = None
        if total is not None and not q.unit and not q.scaled and _BARE_PART.match(text, q.end):
            found[i] = changed(q, unit=total.unit, value=q.value * total.scale, scaled=True, scale=total.scale)
    return found


def _completed(low: Quantity, high: Quantity) -> Quantity:
    """The first end of a range with the unit, and where it has none the scale, of the second."""
    if low.scaled or not high.scaled or low.value > 1e5:
        return changed(low, unit=high.unit)
    return changed(low, unit=high.unit, value=low.value * high.scale, scaled=True, scale=high.scale)
