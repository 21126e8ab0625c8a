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
_RUNS = bytes(code if 97 <= code <= 122 else code + 32 if 65 <= code <= 90 else 32 for code in range(256))
"""Letters as small ones, all else blank: to cut at the blanks is far faster than to look for runs of letters."""
_KEPT = 20_000
_LONGEST = 40
"""Words remembered, and letters of one; a hostile text has no end of either."""


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

    With flags that keep the case, the alternatives are written as the text has them, best in small letters.
    Every alternative begins with a letter; the names differ. A match ends where a word ends, unless not `whole`.
    What may begin with any letters is tried only at words with this `ending`.
    """

    def __init__(
        self,
        groups: Sequence[tuple[str, str]],
        *,
        flags: int = re.IGNORECASE,
        whole: bool = True,
        ending: str = "",
    ) -> None:
        self._flags = flags
        self._ending = ending
        self._close = r"\b" if whole else ""
        self._leaves = [(name, leaf) for name, source in groups for leaf in alternatives(source)]
        # Which leaves begin with certain letters, and which with these and more; by their place in the list.
        self._begun: dict[str, list[int]] = {}
        self._longer: dict[str, list[int]] = {}
        for i, (_, leaf) in enumerate(self._leaves):
            for opening in openings(leaf):
                self._begun.setdefault(opening, []).append(i)
                for letters in range(len(opening)):
                    self._longer.setdefault(opening[:letters], []).append(i)
        self._compiled: dict[tuple[int, ...], re.Pattern[str] | None] = {(): None}
        self._chosen: dict[str, re.Pattern[str] | None] = {"": None}

    def _at(self, word: str) -> re.Pattern[str] | None:
        """The alternatives with which a match at this word can begin, as one pattern."""
        opening, least = word[:_LETTERS], 0 if word.endswith(self._ending) else 1
        fitting = {i for n in range(least, len(opening) + 1) for i in self._begun.get(opening[:n], ())}
        if len(opening) < _LETTERS:
            fitting.update(self._longer.get(opening, ()))
        places = tuple(sorted(fitting))
        if places not in self._compiled:
            named: dict[str, list[str]] = {}
            for i in places:
                name, leaf = self._leaves[i]
                named.setdefault(name, []).append(leaf)
            groups = (rf"(?P<{name}>(?:{'|'.join(leaves)}){self._close})" for name, leaves in named.items())
            self._compiled[places] = re.compile(rf"\b(?:{'|'.join(groups)})", self._flags)
        return self._compiled[places]

    def finditer(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Every match in `text[start:end]`, in order; `lastgroup` names the group."""
        chosen = self._chosen
        reached = at = start
        for word in text[start:end].encode("ascii", "replace").translate(_RUNS).decode("ascii").split(" "):
            try:
                pattern = chosen[word]
            except KeyError:
                pattern = self._at(word)
                if len(chosen) >= _KEPT:
                    chosen.clear()
                if len(word) <= _LONGEST:
                    chosen[word] = pattern
            # Most words begin nothing: for them this is all that is done.
            if pattern is not None and at >= reached:
                found = pattern.match(text, at, end)
                if found is not None:
                    reached = found.end()
                    yield found
            at += len(word) + 1
