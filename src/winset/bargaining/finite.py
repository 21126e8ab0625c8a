"""Bargaining over a finite list of outcomes: the Pareto set and the four classical solutions, exactly.

Gains are measured from the disagreement point. Only individually rational outcomes (nobody below
disagreement) can be solutions; where there is none, every result is empty, which is an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.dominance import undominated
from winset.core.errors import RequestError

__all__ = ["Bargain", "bargain", "payoff_table", "solve_front"]

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

    def as_plain(self) -> dict[str, list[int]]:
        """Lists of whole numbers by field, ready for JSON."""
        return {name: [int(k) for k in getattr(self, name)] for name in self.__dataclass_fields__}


def bargain(utilities: ArrayLike, disagreement: ArrayLike, *, weights: ArrayLike | None = None) -> Bargain:
    """Solve a bargaining problem with finitely many outcomes.

    utilities: (outcomes, parties), any unit per party; disagreement: (parties,) what each has without
    agreement; weights: (parties,) bargaining powers of the Nash solution, positive, equal unless given. Ties
    are broken towards the outcome with the larger smallest, next-smallest (relative) gain and then the lower
    index, so every solution is on the Pareto set; the other ties follow in the order of their index.
    Dominance compares the numbers exactly (tolerance zero); scores within 1e-12 of each other, relative to the
    larger or to one, tie. Two million outcomes of two parties take well under a second. Raises RequestError
    for a wrong shape or a number that is missing.
    """
    payoff, fallback = payoff_table(utilities, disagreement)
    inside = payoff[:, 0] >= fallback[0]
    for k in range(1, len(fallback)):
        inside &= payoff[:, k] >= fallback[k]
    rational = np.flatnonzero(inside)
    # Columns lie together in memory from here on: with millions of rows that halves the time.
    columns = [payoff[:, k] if len(rational) == len(payoff) else payoff[rational, k] for k in range(len(fallback))]
    with np.errstate(over="ignore"):
        gain = np.array([column - d for column, d in zip(columns, fallback, strict=True)])
    if not np.isfinite(gain).all():
        raise RequestError("a gain over disagreement is too large a number", remedy="Use a larger unit of payoffs")
    ideal = gain.max(axis=1) if gain.shape[1] else np.zeros(len(fallback))
    kept = undominated(gain.T)
    front = gain if len(kept) == gain.shape[1] else gain[:, kept]
    return solve_front(rational[kept], front.T, ideal, powers(weights, len(fallback)))


def solve_front(front: Indices, gains: Floats, ideal: Floats, power: Floats) -> Bargain:
    """The four solutions on an undominated set.

    front: (k,) names of the rows of gains, (k, parties) from disagreement; ideal: (parties,) the best
    individually rational gain of each; power: (parties,) weights of the Nash product.
    """
    if front.size == 0:
        none = np.array([], dtype=np.intp)
        return Bargain(pareto=none, nash=none, kalai_smorodinsky=none, egalitarian=none, utilitarian=none)
    # A party that can gain nothing has no say in relative gains.
    able = np.flatnonzero(ideal > 0)
    share = np.array([gains[:, k] / ideal[k] for k in able]).T if able.size else np.zeros((len(gains), 1))
    return Bargain(
        pareto=front,
        nash=front[_best(_log_product(gains, able, power), share)],
        kalai_smorodinsky=front[_best(_smallest(share), share)],
        egalitarian=front[_best(_smallest(gains), gains)],
        utilitarian=front[_best(_total(gains), share)],
    )


def payoff_table(utilities: ArrayLike, disagreement: ArrayLike) -> tuple[Floats, Floats]:
    """(outcomes, parties) and (parties,) as float64, checked: two parties or more, no number missing."""
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
    return payoff, fallback


def powers(weights: ArrayLike | None, parties: int) -> Floats:
    """Bargaining powers: positive, scaled so that they sum to the number of parties."""
    if weights is None:
        return np.ones(parties)
    power = np.asarray(weights, dtype=np.float64)
    if power.shape != (parties,) or not np.isfinite(power).all() or not (power > 0).all():
        raise RequestError(
            f"weights must be {parties} positive numbers, one per party, found {power.tolist()}",
            remedy="Leave a party without power out of the bargain",
        )
    return np.asarray(power * parties / power.sum())


def _log_product(gains: Floats, able: Indices, power: Floats) -> Floats:
    """Weighted sum of logs of gains of the able; minus infinity where a gain is zero."""
    score = np.zeros(len(gains))
    with np.errstate(divide="ignore"):
        for k in able:
            score += power[k] * np.log(gains[:, k])
    return score


def _smallest(values: Floats) -> Floats:
    least = values[:, 0].copy()
    for k in range(1, values.shape[1]):
        np.minimum(least, values[:, k], out=least)
    return least


def _total(values: Floats) -> Floats:
    """Row sums, added from left to right."""
    total = values[:, 0].copy()
    for k in range(1, values.shape[1]):
        total += values[:, k]
    return total


def _best(score: Floats, rows: Floats) -> Indices:
    """Positions that tie for the best score: first the one whose row is leximin-best, then the rest in order."""
    top = float(score.max())
    slack = TIE * max(1.0, abs(top)) if np.isfinite(top) else 0.0
    ties = np.flatnonzero(score >= top - slack)
    if len(ties) == 1:
        return ties
    left = np.arange(len(ties))
    # Compare smallest entries, then the next smallest among those that are equal, and so on.
    ordered = _ordered(rows if len(ties) == len(rows) else rows[ties])
    for column in ordered.T:
        left = left[column[left] == column[left].max()]
    chosen = ties[left[0]]
    return np.concatenate([[chosen], ties[ties != chosen]])


def _ordered(rows: Floats) -> Floats:
    """Each row sorted, smallest first."""
    if rows.shape[1] == 2:
        return np.array([np.minimum(rows[:, 0], rows[:, 1]), np.maximum(rows[:, 0], rows[:, 1])]).T
    return np.sort(rows, axis=1)
