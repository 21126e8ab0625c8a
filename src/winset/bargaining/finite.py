"""Bargaining over a finite list of outcomes: the Pareto set and the four classical solutions, exactly.

Gains are measured from the disagreement point. Only individually rational outcomes (nobody below
disagreement) can be solutions; where there is none, every result is empty, which is an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import RequestError

__all__ = ["Bargain", "bargain"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

TIE = 1e-12
"""Two scores closer than this share of the larger are a tie."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bargain:
    """Indices of outcomes, in the order given; a solution lists all its ties, the chosen one first."""

    pareto: Indices
    """(k,) individually rational outcomes that no other individually rational outcome dominates."""
    nash: Indices
    """Maximises the product of gains (Nash 1950) of those who can gain; where every product is zero, all tie."""
    kalai_smorodinsky: Indices
    """Maximises the smallest gain relative to the best individually rational gain (Kalai, Smorodinsky 1975)."""
    egalitarian: Indices
    """Maximises the smallest gain (Kalai 1977)."""
    utilitarian: Indices
    """Maximises the sum of gains."""


def bargain(utilities: ArrayLike, disagreement: ArrayLike) -> Bargain:
    """Solve a bargaining problem with finitely many outcomes.

    utilities: (outcomes, parties), any unit per party; disagreement: (parties,) what each has without
    agreement. Ties are broken towards the outcome with the larger next-smallest (relative) gain and then
    the lower index, so every solution is on the Pareto set. Raises RequestError for a wrong shape or a
    number that is missing.
    """
    payoff = np.asarray(utilities, dtype=np.float64)
    fallback = np.asarray(disagreement, dtype=np.float64)
    if payoff.ndim != 2 or payoff.shape[1] < 2:
        raise RequestError(f"utilities must be (outcomes, parties) with two parties or more, found {payoff.shape}")
    if fallback.shape != (payoff.shape[1],):
        raise RequestError(
            f"disagreement must have one number per party ({payoff.shape[1]}), found {fallback.shape}"
        )
    if not np.isfinite(payoff).all() or not np.isfinite(fallback).all():
        raise RequestError("a utility is missing or infinite", remedy="Leave outcomes without a number out")
    rational = np.flatnonzero((payoff >= fallback).all(axis=1))
    if rational.size == 0:
        none = np.array([], dtype=np.intp)
        return Bargain(pareto=none, nash=none, kalai_smorodinsky=none, egalitarian=none, utilitarian=none)
    gain = payoff[rational] - fallback
    kept = _undominated(gain)
    front, gains = rational[kept], gain[kept]
    ideal = gain.max(axis=0)
    # A party that can gain nothing has no say in relative gains.
    able = ideal > 0
    relative = gains[:, able] / ideal[able] if able.any() else np.zeros((len(gains), 1))
    return Bargain(
        pareto=front,
        nash=front[_best([_log_product(gains[:, able]), *_leximin(relative)])],
        kalai_smorodinsky=front[_best(_leximin(relative))],
        egalitarian=front[_best(_leximin(gains))],
        utilitarian=front[_best([gains.sum(axis=1), *_leximin(relative)])],
    )


def _undominated(gain: Floats) -> Indices:
    """Positions of the rows that no other row dominates (equal rows all stay), in order."""
    order = np.lexsort(tuple(-gain[:, k] for k in range(gain.shape[1] - 1, -1, -1)))
    ranked = gain[order]
    if gain.shape[1] == 2:
        best = np.maximum.accumulate(ranked[:, 1])
        before = np.concatenate([[-np.inf], best[:-1]])
        strict = ranked[:, 1] > before
        # A row equal to the last kept one in both coordinates is a twin, not dominated.
        first = np.maximum.accumulate(np.where(strict, np.arange(len(ranked)), -1))
        twin = np.equal(ranked[:, 0], ranked[first, 0]) & np.equal(ranked[:, 1], ranked[first, 1])
        return np.sort(order[np.asarray(strict | twin)])
    front: list[int] = []
    values = np.empty((0, gain.shape[1]))
    for position, row in enumerate(ranked):
        weakly = (values >= row).all(axis=1)
        if not (weakly & (values > row).any(axis=1)).any():
            front.append(position)
            values = np.vstack([values, row])
    return np.sort(order[np.array(front, dtype=np.intp)])


def _log_product(gains: Floats) -> Floats:
    """ln of the product of gains; minus infinity where a gain is zero."""
    positive = np.asarray(np.all(gains > 0, axis=1))
    logs = np.log(np.where(positive[:, None], gains, 1.0)).sum(axis=1)
    return np.asarray(np.where(positive, logs, -np.inf))


def _leximin(values: Floats) -> list[Floats]:
    """Scores that compare rows by their smallest entry, then the next, and so on."""
    ordered = np.sort(values, axis=1)
    return [ordered[:, k] for k in range(ordered.shape[1])]


def _best(scores: list[Floats]) -> Indices:
    """Positions that tie for the best first score, ordered by the later scores, then by position."""
    first = scores[0]
    top = float(first.max())
    slack = TIE * max(1.0, abs(top)) if np.isfinite(top) else 0.0
    ties = np.flatnonzero(first >= top - slack)
    keys = tuple(-score[ties] for score in reversed(scores[1:]))
    return np.asarray(ties[np.lexsort((ties, *keys))] if keys else ties)
