"""Issues whose payoffs add up: product spaces far too large to list, solved exactly through their structure.

A partial choice that another partial choice over the same issues dominates is in no undominated whole, since
adding the same remainder to both keeps the order. So issues are merged one by one and dominated sums dropped
after each merge; ten issues of ten options take thousands of sums, not ten thousand million.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.dominance import undominated
from winset.bargaining.finite import powers, solve_front
from winset.bargaining.plain import Plain
from winset.core.errors import RequestError

__all__ = ["AdditiveBargain", "additive"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

LIMIT = 8_000_000
"""Sums held at once; beyond it the request is refused, with the remedy."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AdditiveBargain(Plain):
    """The Pareto set of a product of additive issues, and the solutions as rows of it."""

    outcomes: int
    """Size of the product space."""
    choices: Indices
    """(k, issues) option taken on each issue by each row of the Pareto set; one row for each payoff vector."""
    payoffs: Floats
    """(k, parties) total payoffs of those rows, the disagreement point not subtracted."""
    ways: Floats
    """(k,) number of outcomes with exactly that payoff vector (a lower bound where tolerance > 0)."""
    nash: Indices
    """Rows of `choices`, ties included, the chosen one first; likewise below. Conventions as in `bargain`."""
    kalai_smorodinsky: Indices
    egalitarian: Indices
    utilitarian: Indices


def additive(
    issues: Sequence[ArrayLike],
    disagreement: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    tolerance: float = 0.0,
) -> AdditiveBargain:
    """Solve a bargain over several issues whose payoffs add up.

    issues: arrays (options, parties), one per issue; disagreement: (parties,) total payoff of each without
    agreement; weights: (parties,) Nash powers. With tolerance 0 the Pareto set is exact in float64 sums, issues
    added from first to last. With tolerance > 0 (payoff units) one sum is kept in each cell of that width after
    each merge: for every outcome there is then a row that is nowhere worse by more than issues x tolerance.
    Pareto rows are individually rational and sorted by falling payoff of the first party.
    """
    tables = [np.asarray(one, dtype=np.float64) for one in issues]
    fallback = np.asarray(disagreement, dtype=np.float64)
    _check(tables, fallback, tolerance)
    parties = len(fallback)
    sums, ways = np.zeros((1, parties)), np.ones(1)
    trail: list[tuple[Indices, Indices]] = []
    for number, table in enumerate(tables):
        if len(sums) * len(table) > LIMIT:
            raise RequestError(
                f"the Pareto set has {len(sums):,} members after {number} of {len(tables)} issues",
                why=f"merging the next would take more than {LIMIT:,} sums",
                remedy="Give a tolerance in payoff units, so that outcomes closer than that count as one",
            )
        merged = (sums[:, None, :] + table[None, :, :]).reshape(-1, parties)
        chosen, counts = _distinct_front(merged, np.repeat(ways, len(table)), tolerance)
        trail.append((chosen // len(table), chosen % len(table)))
        sums, ways = merged[chosen], counts
    rational = np.flatnonzero((sums >= fallback).all(axis=1))
    rows = np.arange(len(rational))
    gains = sums[rational] - fallback
    ideal = gains.max(axis=0) if len(gains) else np.zeros(parties)
    solved = solve_front(rows, gains, ideal, powers(weights, parties))
    choices = np.empty((len(rational), len(tables)), dtype=np.intp)
    at = rational
    for number in range(len(tables) - 1, -1, -1):
        before, option = trail[number]
        choices[:, number] = option[at]
        at = before[at]
    return AdditiveBargain(
        outcomes=math.prod(len(t) for t in tables),
        choices=choices,
        payoffs=sums[rational],
        ways=ways[rational],
        nash=solved.nash,
        kalai_smorodinsky=solved.kalai_smorodinsky,
        egalitarian=solved.egalitarian,
        utilitarian=solved.utilitarian,
    )


def _distinct_front(sums: Floats, ways: Floats, tolerance: float) -> tuple[Indices, Floats]:
    """One position for each undominated payoff vector (or cell), and how many outcomes stand behind it."""
    cells = np.floor(sums / tolerance) if tolerance > 0 else sums
    kept = undominated(cells)
    # Falling in the first party, then the second, and so on.
    order = kept[np.lexsort(tuple(cells[kept, k] for k in range(cells.shape[1] - 1, -1, -1)))[::-1]]
    ranked = cells[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    return order[new], np.add.reduceat(ways[order], np.flatnonzero(new))


def _check(tables: list[Floats], fallback: Floats, tolerance: float) -> None:
    if not tables:
        raise RequestError("there is no issue to bargain over")
    if fallback.ndim != 1 or len(fallback) < 2 or not np.isfinite(fallback).all():
        raise RequestError("disagreement must have one finite number per party, for two parties or more")
    for number, table in enumerate(tables):
        if table.ndim != 2 or table.shape[0] < 1 or table.shape[1] != len(fallback):
            raise RequestError(
                f"issue {number} must be (options, {len(fallback)} parties), found {table.shape}",
                why="payoffs are added across issues, party by party",
            )
        if not np.isfinite(table).all():
            raise RequestError(f"issue {number} has a payoff that is missing or infinite")
    if not (np.isfinite(tolerance) and tolerance >= 0):
        raise RequestError(f"tolerance must be a number from 0 up, found {tolerance}")
