"""Where an account is evaluated: the centre, the corners of ranges, draws, one assumption at a time.

A point is a value for every assumption and one elasticity set. Points come in batches, so that every line
of an account is one function of arrays and nothing is solved again.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError
from winset.package.case import Assumption
from winset.package.terms import Parameter

__all__ = [
    "ELASTICITIES",
    "Points",
    "centre",
    "corners",
    "draws",
    "one_at_a_time",
    "over_sets",
    "triangular",
    "uniform",
]

Floats = NDArray[np.float64]
Number = float | Floats
ELASTICITIES = "elasticity-set"
"""Name under which the elasticity set is drawn and reported beside the assumptions."""
MAX_RANGED = 12
"""Most ranged inputs of one line whose corners are all tried (4,096 evaluations)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """A batch of points."""

    sets: NDArray[np.intp]
    """(m,) position of the elasticity set."""
    values: Mapping[str, Floats]
    """(m,) value of each assumption."""

    def __len__(self) -> int:
        return len(self.sets)

    def get(self, parameter: Parameter) -> Number:
        """A parameter at every point: an array for an assumption, the number itself otherwise."""
        return self.values[parameter] if isinstance(parameter, str) else float(parameter)

    def with_values(self, changed: Mapping[str, Floats]) -> Points:
        """These points with some assumptions replaced."""
        return Points(sets=self.sets, values={**self.values, **changed})


def _constant(assumptions: Mapping[str, Assumption], count: int) -> dict[str, Floats]:
    return {name: np.full(count, one.value) for name, one in assumptions.items()}


def centre(assumptions: Mapping[str, Assumption], central: int) -> Points:
    """One point: every assumption at its value, the central set."""
    return Points(sets=np.array([central]), values=_constant(assumptions, 1))


def over_sets(assumptions: Mapping[str, Assumption], count: int) -> Points:
    """One point per elasticity set, assumptions at their values."""
    return Points(sets=np.arange(count), values=_constant(assumptions, count))


def corners(
    assumptions: Mapping[str, Assumption], used: Iterable[str], sets: Sequence[int], *, of: str = "this line"
) -> Points:
    """Every corner of the ranges of the assumptions used, under each of some elasticity sets."""
    ranged = sorted(name for name in set(used) if assumptions[name].low < assumptions[name].high)
    if len(ranged) > MAX_RANGED:
        raise RequestError(
            f"{of} rests on {len(ranged)} ranged assumptions; at most {MAX_RANGED} are tried",
            remedy="Fix some of them (low = value = high)",
        )
    ends = [(assumptions[name].low, assumptions[name].high) for name in ranged]
    grid = np.array(list(itertools.product(*ends)), dtype=np.float64).reshape(2 ** len(ranged), len(ranged))
    values = _constant(assumptions, len(grid) * len(sets))
    for column, name in enumerate(ranged):
        values[name] = np.tile(grid[:, column], len(sets))
    return Points(sets=np.repeat(np.asarray(sets, dtype=np.intp), len(grid)), values=values)


def one_at_a_time(assumptions: Mapping[str, Assumption], names: Sequence[str], central: int) -> Points:
    """Two points per assumption, its low then its high, all else at the centre."""
    values = _constant(assumptions, 2 * len(names))
    for position, name in enumerate(names):
        values[name][2 * position : 2 * position + 2] = assumptions[name].low, assumptions[name].high
    return Points(sets=np.full(2 * len(names), central, dtype=np.intp), values=values)


def uniform(seed: int, draw: int, name: str) -> float:
    """A number in [0, 1) that depends on the seed, the number of the draw and the name, and on nothing else.

    So draws do not move when assumptions are reordered or added, nor when more draws are asked for.
    """
    words = np.frombuffer(hashlib.sha256(name.encode()).digest()[:8], dtype="<u4")
    sequence = np.random.SeedSequence(seed, spawn_key=(draw, *(int(word) for word in words)))
    return float(int(sequence.generate_state(1, np.uint64)[0]) >> 11) * 2.0**-53


def triangular(u: Floats, one: Assumption) -> Floats:
    """Inverse distribution function of the triangle on low, value (mode), high."""
    width = one.high - one.low
    if width <= 0:
        return np.full_like(u, one.value)
    left = one.low + np.sqrt(u * width * (one.value - one.low))
    right = one.high - np.sqrt((1 - u) * width * (one.high - one.value))
    return np.where(u * width < one.value - one.low, left, right)


def draws(assumptions: Mapping[str, Assumption], names: Sequence[str], *, count: int, seed: int) -> Points:
    """Draws common to every package: one of the sets, each as likely, and every range as a triangle.

    `names` are the elasticity sets in the order of their positions; which of them a draw takes does not
    depend on that order.
    """
    order = np.array([names.index(name) for name in sorted(names)], dtype=np.intp)
    which = np.array([int(uniform(seed, k, ELASTICITIES) * len(order)) for k in range(count)], dtype=np.intp)
    values = {}
    for name, one in assumptions.items():
        fixed = one.low == one.high
        u = np.array([0.5 if fixed else uniform(seed, k, name) for k in range(count)])
        values[name] = triangular(u, one)
    return Points(sets=order[which], values=values)
