"""Lists of words written as running text, so that they stay readable; and which words of a sentence are in one.

A rule is tried only in sentences that hold one of its words. Every such list is made by `triggers`, so that each
sentence is cut into words once and keeps only those that some rule looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["DIGIT", "flat", "placed", "small", "told_by", "triggers", "words"]

DIGIT = "0"
"""Stands among the words of a sentence for any digit."""
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_DIGITS = b"0123456789"
_LETTERS = bytes(c if chr(c) in "abcdefghijklmnopqrstuvwxyz" else 32 for c in range(256))
"""Bytes of ASCII, all but small letters as blanks."""
_NO_DIGITS = bytes(c for c in range(256) if c not in _DIGITS)
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
    # As bytes, for which cutting at all but letters is one table: a third of what a pattern costs.
    piece = low[start:end].encode("ascii", "replace")
    found = _LOOKED_FOR.intersection(piece.translate(_LETTERS).decode("ascii").split())
    if piece.translate(None, _NO_DIGITS) or (
        b"?" in piece and _DIGIT.search(low, start, end) is not None  # perhaps a digit of another script
    ):
        found.add(DIGIT)
    return frozenset(found)


def placed(
    pattern: re.Pattern[str], openings: Iterable[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text, start, end)` finds, looked for only where one of `openings` stands.

    For patterns of which every match begins with one of these words. `openings` is best the few that the sentence
    holds, by `told_by`: then the text is not gone through by the pattern at all.
    """
    places: list[int] = []
    for word in openings:
        at = text.find(word, start, end)
        while at >= 0:
            places.append(at)
            at = text.find(word, at + 1, end)
    if len(places) > 1:
        places.sort()
    reached = start
    for at in places:
        if at >= reached:
            match = pattern.match(text, at, end)
            if match is not None:
                reached = match.end()
                yield match


def flat(text: str) -> str:
    """The text with blanks of every kind as plain ones, place by place."""
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    return text


def small(text: str) -> str:
    """The text in small letters, every letter at its own place (a few capitals have small forms of two)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
