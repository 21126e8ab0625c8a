"""What stands around a figure, as names of features: words, their classes, other figures, what the rules say.

A feature is a short string. Words are reduced to stems and to classes of like meaning (`roles_words.toml`), so
that what is learnt of one verb holds for its fellows. Everything is taken from the sentence of the figure and
the sentences beside it; nothing depends on the order in which documents are read.
"""

from __future__ import annotations

import math
import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import chain

from winset.record.reading.figures_units import currencies
from winset.record.reading.schema import Figure

__all__ = ["Around", "classes_in", "features", "general", "kind_of", "stem"]

_TOKEN = re.compile(r"[a-z](?:[a-z’'&.-]*[a-z])?|\d[\d.,]*|[,;:()|—–%$€£¥₩]")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "e", "y")
_BOUND = frozenset(
    [",", ";", ":", "(", ")", "|", "—", "–", "and", "but", "while", "which", "whereas", "that", "who"]
)
_NEAR, _FAR = 4, 10
"""Words that count as near, and as within reach."""
_BACK, _AHEAD = 22, 16
"""Words of the sentence before and after a figure that are looked at."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word of small letters without its ending: crude, and the same every time."""
    word = word.removesuffix("’s").removesuffix("'s").strip(".'’")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    source = resources.files(__package__).joinpath("roles_words.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for name, listing in tomllib.loads(source)["classes"].items():
        for word in listing.split():
            for key in {word, stem(word)}:
                names = found.setdefault(key, [])
                if name not in names:
                    names.append(name)
    return {word: tuple(names) for word, names in found.items()}


_KEPT = 20_000
"""Words remembered; a hostile text has no end of them."""


class _Told(dict[str, tuple[str, tuple[str, ...]]]):
    """Stem and classes of a token, made when first asked for; every number is one token."""

    def __missing__(self, word: str) -> tuple[str, tuple[str, ...]]:
        if len(self) >= _KEPT:
            self.clear()
        short, table = "#" if word[0].isdigit() else stem(word), _classes()
        classes = () if short == "#" else table.get(word) or table.get(short) or ()
        told = self[word] = (short, classes)
        return told


_told = _Told().__getitem__


def kind_of(figure: Figure) -> str:
    """percent, money or count: each is told apart by words of its own."""
    if figure.unit in ("percent", "percentage-points", "basis-points"):
        return "percent"
    return "money" if figure.unit in currencies().per_dollar else "count"


def general(role: str) -> str:
    """A role without what it is a share or a count of."""
    if role.startswith("share_of_"):
        return "share_of"
    return "count_of" if role.startswith("count_of_") else role


class Around:
    """A sentence with figures, cut into stems and classes once."""

    __slots__ = ("all", "classes", "ends", "starts", "stems", "told")

    def __init__(self, low: str, start: int, end: int, before: frozenset[str]) -> None:
        tokens = list(_TOKEN.finditer(low, start, end))
        told = [_told(token[0]) for token in tokens]
        self.starts: list[int] = [token.start() for token in tokens]
        self.ends: list[int] = [token.end() for token in tokens]
        self.stems: list[str] = [short for short, _ in told]
        self.classes: list[tuple[str, ...]] = [classes for _, classes in told]
        self.all: frozenset[str] = frozenset(chain.from_iterable(self.classes))
        self.told = [*(f"S.{name}" for name in self.all), *(f"P.{name}" for name in before)]
        """Features of every figure of the sentence: its classes, and those of the sentence before."""


def classes_in(low: str, start: int, end: int) -> frozenset[str]:
    """The classes of the words of `low[start:end]` (small letters)."""
    return frozenset(chain.from_iterable([_told(token)[1] for token in _TOKEN.findall(low, start, end)]))


_TIMES = frozenset(["CURRENT", "FORMER", "FUTURE", "COMPARE", "LOWER", "RAISE"])
"""Classes of what was and what will be, which a figure tells of its neighbour."""
_BESIDE = 5


def _times(seen: Around, figure: Figure) -> set[str]:
    """Classes of time and change within a few words of a figure."""
    first = bisect_left(seen.ends, figure.start + 1)
    last = bisect_left(seen.starts, figure.end)
    found: set[str] = set()
    for group in seen.classes[max(first - _BESIDE, 0) : first]:
        found.update(group)
    for group in seen.classes[last : last + _BESIDE]:
        found.update(group)
    return found & _TIMES


def features(
    seen: Around,
    figure: Figure,
    role: str,
    left: tuple[Around | None, Figure] | None,
    right: tuple[Around | None, Figure] | None,
    block: str,
) -> list[str]:
    """Names of what holds of `figure`; `role`: what the rules say.

    `left`, `right`: the figures next to it in its sentence or in the sentence beside it, which is None where the
    units differ. A name stands once.
    """
    first = bisect_left(seen.ends, figure.start + 1)
    last = bisect_left(seen.starts, figure.end)
    stems, classes = seen.stems, seen.classes
    found = {"bias", f"u={stem(figure.unit.lower())}", f"b={block}"}
    add = found.add
    said = general(role)
    l1 = stems[first - 1] if first else "^"
    l2 = stems[first - 2] if first > 1 else "^"
    r1 = stems[last] if last < len(stems) else "$"
    r2 = stems[last + 1] if last + 1 < len(stems) else "$"
    found.update((f"l1={l1}", f"l2={l2}", f"l21={l2}_{l1}", f"r1={r1}", f"r2={r2}", f"r12={r1}_{r2}"))
    met = _side(found, "L", stems, classes, range(first - 1, max(first - 1 - _BACK, -1), -1))
    ahead = _side(found, "R", stems, classes, range(last, min(last + _AHEAD, len(stems))))
    found.update((f"l1n={l1}_{met}", f"r1n={r1}_{ahead}", f"n={met}_{ahead}"))
    whole = seen.all
    found.update(seen.told)
    found.update((f"rule={said}", f"rule_n={said}_{met}", f"rule_r={said}_{ahead}", f"rule_l={said}_{l1}"))
    add(f"size={math.floor(math.log10(figure.value)) if figure.value > 0 else -1}")
    if figure.per:
        add(f"per={figure.per}")
    if figure.approx:
        add("approx")
    if figure.pair:
        add("pair")
    mine = _times(seen, figure)
    change = "D" if "LOWER" in whole and "RAISE" not in whole else "U" if "RAISE" in whole else "-"
    for side, near in (("p", left), ("n", right)):
        if near is None:
            add(f"{side}:none")
            continue
        there, other = near
        apart = "x" if there is not seen else ""
        their = general(other.role)
        if there is None or other.unit != figure.unit:
            found.update((f"{side}u{apart}", f"{side}r{apart}={their}"))
            continue
        order = "gt" if figure.value > other.value else "lt" if figure.value < other.value else "eq"
        found.update((f"{side}s{apart}={their}", f"{side}{order}{apart}", f"{side}{order}{apart}_{change}"))
        found.update([f"{side}t{apart}.{name}" for name in _times(there, other) - mine])
        if not apart:
            edges = (other.end, figure.start) if side == "p" else (figure.end, other.start)
            begin, stop = bisect_left(seen.starts, edges[0]), bisect_left(seen.ends, edges[1] + 1)
            if stop - begin <= 8:
                found.update([f"{side}w:{word}" for word in stems[begin:stop]])
                add(f"{side}w={'_'.join(stems[begin:stop][:3])}")
    add(f"order={'m' if left and right else 'l' if left else 'f' if right else 'o'}")
    return list(found)


def _side(
    found: set[str], side: str, stems: Sequence[str], classes: Sequence[tuple[str, ...]], places: range
) -> str:
    """Words and classes on one side of a figure, from the nearest on; the nearest class of all, or ""."""
    crossed, met, near = 0, "", 0
    for i in places:
        word = stems[i]
        if word in _BOUND:
            crossed += 1
        if word == "#":
            continue
        near += 1
        bucket = "a" if near <= _NEAR and not crossed else "b" if near <= _FAR and crossed < 2 else "c"
        if bucket != "c":
            found.add(f"{side}{bucket}:{word}")
        for name in classes[i]:
            found.add(f"{side}{bucket}.{name}")
            if not met:
                met = name
                found.add(f"{side}n={name}")
    return met
