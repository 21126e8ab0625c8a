"""Two results, number by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["DIGITS", "Comparison", "Moved", "compare", "differences"]

DIGITS = 9
FLOOR = 1e-9
"""Below this, in the unit of the number, only the solver's tolerance speaks."""
ASIDE = ("winset", "manifest", "earlier", "evaluations")
"""What tells of the run and not of its result."""
ABSENT = "(absent)"
MOST = 10_000
"""Differences that are kept; all are counted."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One place of a result that is not as it was."""

    id: str
    """Where: names and ids from the top, parted by slashes."""
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of it."""

    compared: int
    """Numbers, words and flags of either result."""
    unequal: int
    """Numbers that are not the same to the last bit and yet the same to nine digits."""
    largest: float
    """Largest relative difference of these."""
    differ: int
    """Places that differ."""
    moved: tuple[Moved, ...]
    """The first of them."""

    @property
    def verdict(self) -> str:
        """identical, same (to nine digits) or differs."""
        return "differs" if self.differ else "same" if self.unequal else "identical"


def compare(old: Any, new: Any, *, run: tuple[str, str] = ("", "")) -> Comparison:
    """Compare two results; members of lists are matched by id or name where they have one, else by place.

    run: ids of the two runs, which are no difference where a result rests on them.
    """
    before, after = (dict(_leaves(one)) for one in (old, new))
    unequal = differ = 0
    largest = 0.0
    moved: list[Moved] = []
    names = dict.fromkeys([*before, *after])
    for name in names:
        a, b = before.get(name, ABSENT), after.get(name, ABSENT)
        if (a, b) == run:
            continue
        if a == b and isinstance(a, bool) == isinstance(b, bool):
            continue
        gap = _gap(a, b)
        if gap is None:
            differ += 1
            if len(moved) < MOST:
                moved.append(Moved(id=name, old=a, new=b))
        else:
            unequal += 1
            largest = max(largest, gap)
    return Comparison(compared=len(names), unequal=unequal, largest=largest, differ=differ, moved=tuple(moved))


def _gap(a: Any, b: Any) -> float | None:
    """Relative difference of two numbers that are the same to nine digits; None for anything else."""
    for one in (a, b):
        if isinstance(one, bool) or not isinstance(one, int | float):
            return None
    if isinstance(a, int) and isinstance(b, int):
        return None  # a count is right or wrong
    try:
        one, other = float(a), float(b)
    except OverflowError:
        return None
    far, scale = abs(one - other), max(abs(one), abs(other))
    if far <= 0.5 * 10.0 ** (1 - DIGITS) * scale:
        return far / scale if scale else 0.0
    # Relative to what would still count: a number near zero has no digits of its own.
    return 0.0 if far <= FLOOR else None


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping):
        for name, child in node.items():
            if path or name not in ASIDE:
                yield from _leaves(child, f"{path}/{name}" if path else str(name))
    elif isinstance(node, list | tuple):
        for name, child in zip(_names(node), node, strict=True):
            if isinstance(child, Mapping) and "sha256" in child:
                child = {key: value for key, value in child.items() if key != "manifest"}
            yield from _leaves(child, f"{path}/{name}" if path else name)
        if not node:
            yield f"{path}/length", 0
    else:
        yield path, node


def _names(several: list[Any] | tuple[Any, ...]) -> list[str]:
    for key in ("id", "name", "sha256"):
        found = [one.get(key) if isinstance(one, Mapping) else None for one in several]
        if all(isinstance(one, str) for one in found) and len(set(found)) == len(found):
            return [str(one) for one in found]
    return [str(k) for k in range(len(several))]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Moved, ...]:
    """Entries that two flat or nested mappings do not share."""
    before, after = (dict(_flat(one)) for one in (old, new))
    return tuple(
        Moved(id=name, old=before.get(name, ABSENT), new=after.get(name, ABSENT))
        for name in sorted({*before, *after})
        if before.get(name, ABSENT) != after.get(name, ABSENT)
    )


def _flat(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, Mapping) and (node or not path):
        for name, child in node.items():
            yield from _flat(child, f"{path}.{name}" if path else str(name))
    else:
        yield path, node
