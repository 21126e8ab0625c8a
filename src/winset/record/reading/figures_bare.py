"""Bare numbers that lean on another quantity or a label: "buys 27 billion", "it is now 5", "Products: 344"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.figures_units import currencies

__all__ = ["label_unit", "leaning_unit"]

_LARGE = 1e6
_REACH = 90
"""Characters between a number and the quantity that it leans on."""
_FREE = re.compile(
    r"\s*(?:[,.;:)\]!?”\"’]|$|\b(?:and|or|but|a|in|from|to|for|by|last|this|next|over|through|with|while|which|that"
    r"|against|per|each|annually|more|less|is|was|are|were|has|had|will|would)\b)"
)
"""After a number with a scale that is followed by no noun."""
_CLOSED = re.compile(
    r"\s*(?:[,;:)\]!?”\"’]|\.(?!\d)|$|\b(?:and|but|in (?:19|20)\d\d|last|this year|now|today|instead|before"
    r"|earlier)\b)"
)
"""After a bare number that is complete in itself."""
_LEVEL = re.compile(
    r"\b(?:(?:is|was|are|were|be|now|then|just|only|stays? at|stands? at|stood at|to|from|than|pays?|paid"
    r"|charged|faces?))\s$"
)
"""Before a number that gives another level of what the last percentage measures."""
_GAPPED = re.compile(r",\s(?:and\s|but\s)?(?:[a-z’'-]+\s){1,4}")
"""Between a percentage and one whose unit is left out: "145 percent, everything else 10"."""
_NAMED = re.compile(
    r"(?:\b[A-Z][\w.-]*|\b(?:no|item|paragraph|annex|article|chapter|section|round|page|point)\.?|#)\s$"
)
"""Before a number that counts nothing: "Chapter 5", "item 3"."""
_PEOPLE = re.compile(r"\b(?:population|people|inhabitants|users|voters|consumers)\b[^,;]{0,30}$")
_LABEL = re.compile(r"[-–—•*·\s]*(?P<words>[A-Za-z][A-Za-z ’'-]{2,50}?)(?:\s\([^()]{1,20}\))?\s*[:=]\s*$")
_LABEL_PLURAL = re.compile(r"[a-z-]*[a-rt-z]s|people|staff|aircraft|personnel|members")


def leaning_unit(
    text: str,
    start: int,
    end: int,
    number: tuple[int, int],
    scale: float,
    value: float,
    before: Sequence[tuple[int, str]],
    carried: str,
) -> str:
    """The unit that a bare number of the sentence `text[start:end]` takes from elsewhere, or "".

    `number`: where it begins and ends; `scale`: what its scale word multiplies by, 1 for none; `before`: end and
    unit of each quantity before it in its sentence; `carried`: the currency of the sentences just before.
    """
    at, to = number
    lead = text[max(start, at - 40) : at]
    if scale >= _LARGE:
        money = next((unit for _, unit in reversed(before) if unit in currencies().per_dollar), carried)
        return money if money and _FREE.match(text, to, end) and not _PEOPLE.search(lead) else ""
    if not before or _NAMED.search(lead) or not _CLOSED.match(text, to, end):
        return ""
    last, unit = before[-1]
    if at - last > _REACH:
        return ""
    if unit == "percent":
        gapped = _GAPPED.fullmatch(text, last, at) is not None
        return unit if value <= 1000 and (gapped or _LEVEL.search(lead)) else ""
    counted = unit not in currencies().per_dollar and unit not in ("percentage-points", "basis-points")
    return unit if counted and value >= 100 and unit not in ("years", "months", "weeks", "days") else ""


def label_unit(text: str, start: int, end: int, at: int, to: int) -> str:
    """What a number alone behind a label counts ("Protected names: 344"): the last word of the label, or ""."""
    if text[to:end].strip(" .;"):
        return ""
    label = _LABEL.match(text, start, at)
    if label is None or label.end() != at:
        return ""
    word = label["words"].rsplit(None, 1)[-1].casefold()
    return word if _LABEL_PLURAL.fullmatch(word) else ""
