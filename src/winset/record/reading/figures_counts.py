"""What a count is - goods under a quota, a purchase, a cap, or just so many - from the words around it."""

from __future__ import annotations

import re

from winset.record.reading.cues import rx
from winset.record.reading.figures_quantity import Quantity
from winset.record.reading.wordlists import words

__all__ = ["CAPPED_BEFORE", "count_role", "tariff_in"]

CAPPED_BEFORE = re.compile(
    r"\b(?:caps?|capped|ceiling|upper limit|annual limit|limited|maximum|(?:no|not) more than|not exceed"
    r"(?:ing)?|not to exceed)\s(?:(?:of|at|to|for|about|around|the|an?|annual|payments|outlays)\s){0,4}$"
)
_QUOTA = re.compile(
    r"\b(?:tariff-rate |tariff )?quotas?\b|\btrqs?\b|\bduty-free (?:access|allowance|entry)\b"
    r"|\bat zero duty\b|\bfree of duty\b"
    r"|\bimport allowances?\b"
)
TARIFF = re.compile(r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))\b")
_PAUSE = re.compile(
    r"\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))\b[^.;]{0,40}?\b(?:pauses?|grace|suspen(?:sion|ded)|reprieve"
    r"|moratorium|truce|paused|delay(?:ed)?)\b|\b(?:pause[ds]?|suspen(?:sion|ded?)|delay(?:ed)?|postpone(?:d"
    r"|ment)?|reprieve|moratorium)\b[^.;]{0,40}?\b(?:tariffs?|dut(?:y|ies)|lev(?:y|ies))\b"
)
_QUOTA_BEFORE = re.compile(
    r"\b(?:beyond|above|in excess of|exceeding|access for|licen[cs]es? for|permits? for|allowances? (?:of|for)"
    r"|the first"
    r"|room for|(?:limit|restrict|cap|hold|keep|held|kept)(?:s|ed|ped)?\s(?:[^,.;]{1,50}\s)?(?:to|at|under|below))"
    r"\s(?:an?\s|about\s|around\s|some\s|the first\s|up to\s)*$"
)
"""Before a count of goods that may come in, or come in cheaply."""
_LIMIT_BEFORE = re.compile(r"\b(?:ceiling|threshold|entitlement|trigger level|import limit)s?\b[^.;,]{0,40}$")
_TO_TAKE = re.compile(
    r"\b(?:signed (?:up )?for|ordered|placed (?:an )?orders? for)\s(?:about\s|some\s|another\s|up to\s)*$"
    r"|\b(?:promis|pledg|agree|commit|undert|vow|will)\w*\s(?:itself\s|themselves\s)?(?:to\s)?(?:take|acquire|order|import)"
    r"\s(?:delivery of\s|up to\s|about\s|at least\s|some\s|another\s)*$"
)
_GOODS_UNITS = words(
    "tonnes tons head vehicles cars trucks units barrels litres liters hectolitres bottles cases pairs pieces "
    "kilograms "
    "kilos bushels bales heads animals carcasses cattle sheep"
)
_UNDERTAKEN = re.compile(
    r"\s(?:that\s|which\s)?(?:[a-z]+\s){1,3}?(?:undertook|undertaken|promised|pledged|agreed|committed|vowed)\s(?:itself\s)?to\s"
    r"(?:order|buy|purchase|take|import)\b|\son order\b"
)
""" "the 50 aircraft it undertook to order"."""


def tariff_in(low: str, start: int, end: int) -> bool:
    """Whether `low[start:end]` (small letters) speaks of tariffs, duties or levies."""
    # Looking for the letters is far cheaper than for the words.
    if all(low.find(word, start, end) < 0 for word in ("tariff", "dut", "lev")):
        return False
    return TARIFF.search(low, start, end) is not None


def count_role(text: str, low: str, q: Quantity, start: int, end: int) -> tuple[str, str]:
    """The role of a count and what is counted; `text[start:end]` is its sentence, `low` all in small letters."""
    left = low[max(start, q.start - 80) : q.start]
    if q.noun == "duration":
        return "duration", ""
    phrase = q.noun + (text[q.end : q.end] or "")
    if _QUOTA.search(low, max(start, q.start - 60), min(end, q.end + 40)):
        return "quota", phrase
    if q.unit in _GOODS_UNITS and (
        _QUOTA_BEFORE.search(left)
        or _LIMIT_BEFORE.search(left)
        or rx(r"\b(?:duty|tariff)[- ]free\b").search(low, max(start, q.start - 60), min(end, q.end + 40))
        or (q.per == "year" and rx(r"\bup to (?:about )?$").search(left))
    ):
        return "quota", phrase
    if _UNDERTAKEN.match(low, q.end, end) or _TO_TAKE.search(left):
        return "purchase_commitment", phrase
    if rx(
        r"\b(?:buy|bought|purchase|order|procure|acquire)(?:s|d|ed|ing)?\s(?:(?!\b(?:from|because|while"
        r"|but|which|will"
        r"|would|after|by|at)\b)[^.;:]){0,70}$",
    ).search(left):
        return "purchase_commitment", phrase
    if CAPPED_BEFORE.search(left):
        return ("annual_cap" if q.per == "year" else "cap"), phrase
    role = f"count_of_{q.unit.replace('-', '_')}"
    around = low[start:end]
    if q.unit in ("economies", "countries", "nations", "partners") and TARIFF.search(around):
        role += (
            "_under_tariff_pause"
            if _PAUSE.search(around)
            else "_under_tariffs"
            if rx(r"\b(?:on|for|against|to)\s(?:\w+\s){0,2}$").search(left)
            else ""
        )
    return role, phrase
