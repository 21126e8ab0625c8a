"""Many alternatives of one pattern, tried only where a word begins as one of them can.

A pattern `\\b(?:caps?|ceiling|...)` of some hundred alternatives costs every one of them at every word. Here the
first letters of a word choose the few that can match there, so the cost hardly depends on their number. It
finds what `re.finditer` would find, in the same order.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Cues", "alternatives", "by_letter", "openings", "rx"]

_LETTERS = 4
"""Letters by which alternatives are chosen."""
_RUN = re.compile(rf"([A-Za-z]{{1,{_LETTERS}}})[A-Za-z]*")
_KEPT = 20_000
"""Openings remembered; a hostile text has no end of them."""


@functools.cache
def rx(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, compiled when first used and kept: the cache of `re` drops the oldest of some hundred.

    For patterns written out in the code only.
    """
    return re.compile(pattern, flags)


def by_letter(words: Iterable[str]) -> str:
    """Literal alternatives as a pattern that tries only those of the letter that it meets.

    Of two that begin alike the first given wins, as ever.
    """
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return "|".join(f"{first}(?:{'|'.join(found)})" for first, found in rests.items())


def _closing(source: str, at: int) -> int:
    """Where the bracket that opens at `at` is closed; classes and escapes are skipped."""
    depth, i = 0, at
    while i < len(source):
        if source[i] == "\\":
            i += 1
        elif source[i] == "[":
            i = source.index("]", i + 2)
        elif source[i] == "(":
            depth += 1
        elif source[i] == ")":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    raise ValueError(f"a bracket is not closed in {source!r}")


def alternatives(source: str) -> list[str]:
    """The alternatives of a pattern, split at its bars outside brackets."""
    found, start, i = [], 0, 0
    while i < len(source):
        if source[i] == "\\":
            i += 1
        elif source[i] == "[":
            i = source.index("]", i + 2)
        elif source[i] == "(":
            i = _closing(source, i)
        elif source[i] == "|":
            found.append(source[start:i])
            start = i + 1
        i += 1
    return [*found, source[start:]]


def openings(source: str, letters: int = _LETTERS) -> frozenset[str]:
    """The first letters, small, with which a match of `source` can begin.

    An opening shorter than `letters` may be followed by anything. Literals, groups, `?` and look-arounds are
    followed; at anything else (a class, a repetition) an opening ends.
    """
    return frozenset(o for one in alternatives(source) for o in _openings(one, letters))


def _openings(source: str, letters: int) -> frozenset[str]:
    if not source or letters == 0:
        return frozenset([""])
    if source.startswith("("):
        close = _closing(source, 0)
        inner, rest = source[1:close], source[close + 1 :]
        if inner.startswith(("?=", "?!", "?<=", "?<!")):
            return _openings(rest, letters)
        first = openings(rx(r"^\?(?:P<\w+>|i?:)").sub("", inner), letters)
    elif source[0].isalpha() or source[0] in " -":
        first, rest = frozenset([source[0].lower()]), source[1:]
    else:
        return frozenset([""])
    found: set[str] = set()
    if rest.startswith(("*", "+", "{")):
        return frozenset([""]) if rest[0] != "+" else frozenset(o[:1] for o in first)
    if rest.startswith("?"):
        rest = rest[1:]
        found |= _openings(rest, letters)
    for opening in first:
        # A short opening that ends in a bracket may be complete: what follows the bracket goes on.
        more = _openings(rest, letters - len(opening)) if len(opening) < letters else frozenset([""])
        found |= {opening + one for one in more}
        if len(opening) < letters and source.startswith("("):
            found.add(opening)
    return frozenset(found)


class Cues:
    """Named groups of alternatives, `(name, source)`; at each word the first that matches wins, as in one pattern.

    With flags that keep the case, the alternatives and the text are in small letters.
    Every alternative begins with a letter and ends where a word ends; the names differ.
    """

    def __init__(self, groups: Sequence[tuple[str, str]], *, flags: int = re.IGNORECASE) -> None:
        self._flags = flags
        self._small = not flags & re.IGNORECASE
        self._leaves = [(name, leaf, openings(leaf)) for name, source in groups for leaf in alternatives(source)]
        self._chosen: dict[str, re.Pattern[str] | None] = {}

    def _at(self, opening: str) -> re.Pattern[str] | None:
        """The alternatives for words that begin with these letters, as one pattern."""
        short = len(opening) < _LETTERS
        fitting: dict[str, list[str]] = {}
        for name, leaf, begins in self._leaves:
            if any(opening.startswith(o) or (short and o.startswith(opening)) for o in begins):
                fitting.setdefault(name, []).append(leaf)
        if not fitting:
            return None
        groups = (rf"(?P<{name}>(?:{'|'.join(leaves)})\b)" for name, leaves in fitting.items())
        return re.compile(rf"\b(?:{'|'.join(groups)})", self._flags)

    def finditer(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Every match in `text[start:end]`, in order; `lastgroup` names the group."""
        chosen = self._chosen
        reached = start
        for run in _RUN.finditer(text, start, end):
            opening = run[1]
            try:
                pattern = chosen[opening]
            except KeyError:
                if len(chosen) >= _KEPT:
                    chosen.clear()
                pattern = chosen[opening] = self._at(opening if self._small else opening.lower())
            # Most words begin nothing: for them this is all that is done.
            if pattern is not None and (at := run.start()) >= reached:
                found = pattern.match(text, at, end)
                if found is not None:
                    reached = found.end()
                    yield found
