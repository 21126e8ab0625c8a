"""Draws of any range of numbers at once, bit for bit those of `valuation.points`.

NumPy makes one `SeedSequence` per number; here its published mixing (O'Neill's seed_seq, 32-bit words) runs
over all draws together, about a hundred times faster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from winset.package.case import Assumption
from winset.valuation.points import ELASTICITIES, Points, triangular

__all__ = ["drawn_elasticities", "drawn_points", "uniforms"]

Floats = NDArray[np.float64]
Words = NDArray[np.uint32]
THETA = "elasticity"
"""Begins the name under which the elasticity of a sector is drawn."""
HALF_STEP = 2.0**-54
"""Half the spacing of the uniform numbers: added before the normal quantile, so that zero has one."""

_POOL = 4
_START_A, _TIMES_A = 0x43B0D7E5, 0x931E8875
_START_B, _TIMES_B = 0x8B51F9DD, 0x58F38DED
_LEFT, _RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
_SHIFT = np.uint32(16)
_MASK = 0xFFFFFFFF


def _words(value: int) -> list[int]:
    """A number as 32-bit words, lowest first; zero is one word."""
    found = [value & _MASK]
    while value := value >> 32:
        found.append(value & _MASK)
    return found


class _Hash:
    """The running multiplier of the mixing."""

    def __init__(self, start: int, times: int) -> None:
        self.constant, self.times = start, times

    def __call__(self, value: Words) -> Words:
        mixed = value ^ np.uint32(self.constant)
        self.constant = self.constant * self.times & _MASK
        mixed = mixed * np.uint32(self.constant)
        return np.asarray(mixed ^ (mixed >> _SHIFT), dtype=np.uint32)


def _mix(x: Words, y: Words) -> Words:
    found = _LEFT * x - _RIGHT * y
    return np.asarray(found ^ (found >> _SHIFT), dtype=np.uint32)


def uniforms(seed: int, draws: NDArray[np.int64], name: str) -> Floats:
    """(m,) numbers in [0, 1): `valuation.points.uniform(seed, k, name)` for every k of draws (each below 2^32)."""
    if len(draws) and not 0 <= int(draws.min()) <= int(draws.max()) <= _MASK:
        raise ValueError("a draw's number lies outside 0 to 2^32 - 1")
    key = np.frombuffer(hashlib.sha256(name.encode()).digest()[:8], dtype="<u4")
    run = _words(seed)
    entropy: list[int | Words] = [*run, *[0] * (_POOL - len(run)), draws.astype(np.uint32)]
    entropy += [word for part in key for word in _words(int(part))]
    values = [np.full(len(draws), word, dtype=np.uint32) if isinstance(word, int) else word for word in entropy]
    scramble = _Hash(_START_A, _TIMES_A)
    pool = [scramble(value) for value in values[:_POOL]]
    for source in range(_POOL):
        for target in range(_POOL):
            if source != target:
                pool[target] = _mix(pool[target], scramble(pool[source]))
    for value in values[_POOL:]:
        for target in range(_POOL):
            pool[target] = _mix(pool[target], scramble(value))
    finish = _Hash(_START_B, _TIMES_B)
    low, high = finish(pool[0]).astype(np.uint64), finish(pool[1]).astype(np.uint64)
    whole = low | high << np.uint64(32)
    return np.asarray((whole >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def drawn_points(
    assumptions: Mapping[str, Assumption], names: Sequence[str], *, start: int, stop: int, seed: int
) -> Points:
    """Draws start to stop - 1 of `valuation.points.draws`. names: the elasticity sets, in order of position."""
    draws = np.arange(start, stop, dtype=np.int64)
    order = np.array([names.index(name) for name in sorted(names)], dtype=np.intp)
    which = (uniforms(seed, draws, ELASTICITIES) * len(order)).astype(np.intp)
    values = {}
    for name, one in assumptions.items():
        fixed = one.low == one.high
        u = np.full(len(draws), 0.5) if fixed else uniforms(seed, draws, name)
        values[name] = triangular(u, one)
    return Points(sets=order[which], values=values)


def drawn_elasticities(
    middle: Floats, log_spread: Floats, sectors: Sequence[str], *, draws: NDArray[np.int64], seed: int
) -> Floats:
    """(m, s) trade elasticities: lognormal around each row of middle (m, s), which is the median.

    log_spread: (m, s) standard deviation of the log. Each sector's number is keyed by draw and sector.
    """
    from scipy.special import ndtri

    noise = np.stack([ndtri(uniforms(seed, draws, f"{THETA}:{code}") + HALF_STEP) for code in sectors], axis=1)
    return np.asarray(middle * np.exp(log_spread * noise))
