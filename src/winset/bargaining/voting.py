"""Weighted votes: the chance that a quota is reached, and how often a member is pivotal.

Members are groups with whole numbers of seats. Counts are exact, by adding one member at a time to the
distribution of seats, so they cost members x seats, never two to the power of members.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import RequestError

__all__ = ["banzhaf", "passing_chance", "seat_distribution", "shapley_shubik", "yes_chances"]

Floats = NDArray[np.float64]

MOST_SEATS = 100_000
MOST_MEMBERS = 2_000
QUADRATURE = 41
"""Gauss-Hermite points over a common shock."""


def check_seats(seats: Sequence[int], quota: int) -> NDArray[np.intp]:
    """Seats as whole numbers above zero, and a quota that they can reach or miss."""
    array = np.asarray(seats)
    if array.ndim != 1 or not array.size or len(array) > MOST_MEMBERS:
        raise RequestError(f"a vote needs 1 to {MOST_MEMBERS} members with seats")
    if not np.issubdtype(array.dtype, np.integer) or (array < 1).any() or array.sum() > MOST_SEATS:
        raise RequestError(f"seats must be whole numbers above zero, {MOST_SEATS:,} at most in all")
    if isinstance(quota, bool) or int(quota) != quota or quota < 1:
        raise RequestError(f"a quota is a whole number of seats above zero, found {quota}")
    return array.astype(np.intp)


def seat_distribution(chances: ArrayLike, seats: Sequence[int]) -> Floats:
    """(total seats + 1,) chance of each number of yes seats, members voting independently (Poisson-binomial)."""
    total = np.ones(1)
    for chance, count in zip(np.asarray(chances, dtype=np.float64), seats, strict=True):
        longer = np.zeros(len(total) + int(count))
        longer[: len(total)] += (1 - chance) * total
        longer[int(count) :] += chance * total
        total = longer
    return total


def yes_chances(margins: ArrayLike, spreads: ArrayLike, shock: float = 0.0) -> Floats:
    """Chance that each member says yes: logit of its margin over its spread, plus a common shock (in logits).

    margins: (..., members) payoff less the floor; spreads: (members,) in payoff units, above zero.
    """
    score = np.asarray(margins, dtype=np.float64) / np.asarray(spreads, dtype=np.float64) + shock
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * score)))


def passing_chance(
    margins: ArrayLike, spreads: ArrayLike, seats: Sequence[int], quota: int, *, common: float = 0.0
) -> tuple[float, Floats]:
    """Chance that the yes seats reach the quota, and its derivative in each margin.

    margins, spreads: (members,) in payoff units. common: standard deviation, in logits, of a normal shock shared
    by all members, integrated by Gauss-Hermite quadrature; 0 for independent votes.
    """
    counts = check_seats(seats, quota)
    margin, spread = np.asarray(margins, dtype=np.float64), np.asarray(spreads, dtype=np.float64)
    if margin.shape != counts.shape or spread.shape != counts.shape or not (spread > 0).all():
        raise RequestError(f"a vote of {len(counts)} members needs as many margins, and spreads above zero")
    if not (np.isfinite(common) and common >= 0):
        raise RequestError(f"the common shock must be a number from 0 up, found {common}")
    if common == 0:
        nodes, weights = np.zeros(1), np.ones(1)
    else:
        nodes, weights = np.polynomial.hermite_e.hermegauss(QUADRATURE)
        weights = weights / weights.sum()
    chance, slope = 0.0, np.zeros(len(counts))
    for node, weight in zip(nodes, weights, strict=True):
        p = yes_chances(margin, spread, common * float(node))
        one, gradient = _passing(p, counts, quota)
        chance += weight * one
        slope += weight * gradient * p * (1 - p) / spread
    return float(min(1.0, max(0.0, chance))), slope


def _passing(p: Floats, seats: NDArray[np.intp], quota: int) -> tuple[float, Floats]:
    """Chance of reaching the quota and its derivative in each member's chance, from forward and backward sums."""
    if quota > seats.sum():
        return 0.0, np.zeros(len(p))
    # need[g, s]: chance that members g, g+1, ... bring at least `quota` seats where s are there already.
    members = len(p)
    need = np.zeros((members + 1, quota + 1))
    need[members, quota] = 1.0
    have = np.arange(quota + 1)
    after = [np.minimum(have + seats[g], quota) for g in range(members)]
    for g in range(members - 1, -1, -1):
        need[g] = (1 - p[g]) * need[g + 1] + p[g] * need[g + 1][after[g]]
    slope = np.zeros(members)
    before = np.zeros(quota + 1)
    before[0] = 1.0
    for g in range(members):
        slope[g] = before @ (need[g + 1][after[g]] - need[g + 1])
        moved = (1 - p[g]) * before
        np.add.at(moved, after[g], p[g] * before)
        before = moved
    return float(need[0, 0]), slope


def banzhaf(seats: Sequence[int], quota: int) -> Floats:
    """(members,) absolute Banzhaf index: the chance that a member is pivotal if all others toss fair coins."""
    counts = check_seats(seats, quota)
    return _passing(np.full(len(counts), 0.5), counts, quota)[1]


def shapley_shubik(seats: Sequence[int], quota: int) -> Floats:
    """(members,) Shapley-Shubik index: the share of orders of voting in which a member turns losing into winning.

    Sums to one where the quota can be reached. Coalitions are counted by size and seats, at most 200 members.
    """
    counts = check_seats(seats, quota)
    members = len(counts)
    if members > 200 or members * members * min(quota, int(counts.sum())) > 50_000_000:
        raise RequestError("the Shapley-Shubik index is counted for at most 200 members and modest seat numbers")
    index = np.zeros(members)
    if quota > counts.sum():
        return index
    # A random order is a random arrival time: given it, others are there independently with that chance. The
    # chance of being pivotal is a polynomial of the time, so Gauss-Legendre integrates it exactly.
    nodes, weights = np.polynomial.legendre.leggauss(members // 2 + 1)
    for node, weight in zip(nodes, weights, strict=True):
        index += 0.5 * weight * _passing(np.full(members, 0.5 * (node + 1)), counts, quota)[1]
    return index
