"""Lists of words written as running text, so that they stay readable; and which words of a sentence are in one.

A rule is tried only in sentences that hold one of its words. Every such list is made by `triggers`, so that each
sentence is cut into words once and keeps only those that some rule looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["DIGIT", "flat", "letters", "small", "told_by", "told_each", "triggers", "words"]

DIGIT = "0"
"""Stands among the words of a sentence for any digit."""
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_LETTERS = bytes(code if 97 <= code <= 122 else 32 for code in range(256))
"""Small letters as they are, all else blank."""
_DIGITS = bytes(48 if 48 <= code <= 57 else 32 for code in range(256))
_looked_for = frozenset([DIGIT])
"""Frozen, so that what a sentence has of it is frozen at once."""
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
    global _looked_for
    _looked_for |= found
    return found


def letters(low: str) -> str:
    """The small letters a to z of a text, each at its place, and blanks for all else.

    Its parts between blanks are what the pattern [a-z]+ finds, at a fifth of the cost.
    """
    return low.encode("ascii", "replace").translate(_LETTERS).decode("ascii")


def told_each(low: str, spans: Iterable[tuple[int, int]]) -> list[frozenset[str]]:
    """For each span of `low` (small letters) its words that are in some list of triggers, and `DIGIT`."""
    bare = letters(low)
    digits = low.encode("ascii", "replace").translate(_DIGITS)
    found: list[frozenset[str]] = []
    for start, end in spans:
        told = bare[start:end].split()
        if digits.find(b"0", start, end) >= 0 or _foreign_digit(low[start:end]):
            told.append(DIGIT)
        found.append(_looked_for.intersection(told))
    return found


def _foreign_digit(low: str) -> bool:
    return not low.isascii() and _DIGIT.search(low) is not None


def told_by(low: str, start: int, end: int) -> frozenset[str]:
    """The same for one span."""
    return told_each(low, [(start, end)])[0]


def flat(text: str) -> str:
    """The text with blanks of every kind as plain ones, place by place."""
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    return text


def small(text: str) -> str:
    """The text in small letters, every letter at its own place (a few capitals have small forms of two)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
