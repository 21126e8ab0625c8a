"""Lists of words written as running text, so that they stay readable; and which words of a sentence are in one.

A rule is tried only in sentences that hold one of its words. Every such list is made by `triggers`, so that each
sentence is cut into words once and keeps only those that some rule looks for.
"""

from __future__ import annotations

import re

__all__ = ["DIGIT", "flat", "small", "told_by", "triggers", "words"]

DIGIT = "0"
"""Stands among the words of a sentence for any digit."""
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_LOOKED_FOR: set[str] = set()
_BLANKS = "\xa0\u2007\u202f\u2009\t\n\r"


def words(listing: str) -> frozenset[str]:
    """The words of a text parted by white space, as a set."""
    return frozenset(listing.split())


def triggers(listing: str | frozenset[str]) -> frozenset[str]:
    """Small words one of which a sentence must hold for a rule to be tried on it; for use while modules load."""
    found = frozenset(listing.split()) if isinstance(listing, str) else listing
    strange = [word for word in found if _WORD.fullmatch(word) is None]
    if strange:
        raise ValueError(f"a trigger is a run of small letters: {strange}")
    _LOOKED_FOR.update(found)
    return found


def told_by(low: str, start: int, end: int) -> frozenset[str]:
    """The words of `low[start:end]` (small letters) that are in some list of triggers, and `DIGIT`."""
    found = _LOOKED_FOR.intersection(_WORD.findall(low, start, end))
    if _DIGIT.search(low, start, end) is not None:
        found.add(DIGIT)
    return frozenset(found)


def flat(text: str) -> str:
    """The text with blanks of every kind as plain ones, place by place."""
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    return text


def small(text: str) -> str:
    """The text in small letters, every letter at its own place (a few capitals have small forms of two)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
