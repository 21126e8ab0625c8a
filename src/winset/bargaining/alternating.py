"""Alternating offers between two parties (Rubinstein 1982), with a deadline or without, over any frontier.

In each period one party proposes a package; the other accepts, or refuses and the period passes. While they talk
each has an inside option (a flow); whoever refuses may leave for an outside option; after a refusal talks break
down with some chance. Binmore, Rubinstein and Wolinsky (1986) and Shaked and Sutton (1984): with patience alone
the flow while talking is the threat point, with a risk of breakdown the breakdown payoff is, and an outside
option matters only as a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from winset.bargaining.dominance import undominated
from winset.bargaining.finite import payoff_table
from winset.bargaining.plain import Plain
from winset.core.errors import RequestError

__all__ = ["AlternatingOffers", "Curve", "Packages", "alternating_offers"]

Floats = NDArray[np.float64]

ROUNDS = 1_000_000
"""Most periods that are worked through."""


class Packages:
    """A finite list of packages for two parties: the best for one that gives the other at least so much."""

    def __init__(self, utilities: ArrayLike) -> None:
        """utilities: (packages, 2)."""
        table = payoff_table(utilities, np.zeros(2))[0]
        if table.shape[1] != 2:
            raise RequestError(f"alternating offers are between two parties, found {table.shape[1]} columns")
        if not len(table):
            raise RequestError("there is no package to offer")
        kept = undominated(table)
        # Ascending in the first party's payoff, hence falling in the second's.
        order = kept[np.argsort(table[kept, 0], kind="stable")]
        self._index, self._payoffs = order, table[order]

    def best(self, proposer: int, floor: float) -> tuple[Floats, int] | None:
        """((2,) payoffs, index) of the proposer's best with the other at `floor` or above; None: there is none."""
        column = self._payoffs[:, 1 - proposer]
        slack = 1e-12 * max(1.0, abs(floor))
        if proposer == 0:
            # The other's payoffs fall along the list: the last one high enough.
            place = int(np.searchsorted(-column, -(floor - slack), side="right")) - 1
        else:
            place = int(np.searchsorted(column, floor - slack, side="left"))
        if not 0 <= place < len(column):
            return None
        return self._payoffs[place], int(self._index[place])


class Curve:
    """A frontier u2 = f(u1), falling on an interval (a function, or corner points joined by straight lines)."""

    def __init__(self, function: Callable[[float], float], low: float, high: float) -> None:
        """low, high: payoffs of the first party between which f falls; f need not be concave."""
        if not (np.isfinite([low, high]).all() and low < high):
            raise RequestError("a frontier needs an interval of the first party's payoff, low below high")
        ends = [float(function(low)), float(function(high))]
        if not (np.isfinite(ends).all() and ends[0] >= ends[1]):
            raise RequestError("the frontier must fall: more for the first party is less for the second")
        self._function, self._low, self._high = function, float(low), float(high)
        self._ends = ends

    @classmethod
    def through(cls, payoffs: ArrayLike) -> Curve:
        """Straight lines between undominated points (points, 2), such as those of a traced frontier."""
        table = payoff_table(payoffs, np.zeros(2))[0]
        kept = table[undominated(table)]
        kept = np.unique(kept, axis=0)
        if len(kept) < 2:
            raise RequestError("a frontier through points needs two undominated points or more")
        return cls(lambda u: float(np.interp(u, kept[:, 0], kept[:, 1])), kept[0, 0], kept[-1, 0])

    def best(self, proposer: int, floor: float) -> tuple[Floats, int] | None:
        """As `Packages.best`; the index is -1."""
        if proposer == 1:
            if floor > self._high:
                return None
            u = max(floor, self._low)
            return np.array([u, self._function(u)]), -1
        if floor > self._ends[0]:
            return None
        if floor <= self._ends[1]:
            return np.array([self._high, self._ends[1]]), -1
        u = float(brentq(lambda v: self._function(v) - floor, self._low, self._high, xtol=1e-15, rtol=1e-15))
        return np.array([u, self._function(u)]), -1


@dataclass(frozen=True, kw_only=True, eq=False)
class AlternatingOffers(Plain):
    """The subgame-perfect outcome."""

    payoffs: Floats
    """(2,) valued at the first period."""
    agreed: bool
    """Whether a package is agreed in the first period; otherwise the payoffs are those of going on or leaving."""
    package: int
    """Index of the package agreed first, where packages are a list; otherwise -1."""
    path: Floats = field(repr=False)
    """(periods, 2) payoffs if period t were reached, valued at t; the last row is the last period. Without a
    deadline, the two rows of a cycle: first when the first proposer moves, then when the other does."""
    agrees: NDArray[np.bool_] = field(repr=False)
    """(periods,) whether a package would be agreed there."""
    converged: bool
    """Without a deadline: whether values settled (a list of packages may cycle)."""
    periods: int
    """Periods worked through."""


def alternating_offers(
    frontier: Packages | Curve,
    discounts: ArrayLike,
    *,
    periods: int | None = None,
    first: int = 0,
    inside: ArrayLike = (0.0, 0.0),
    outside: ArrayLike | None = None,
    breakdown: float = 0.0,
    after_breakdown: ArrayLike = (0.0, 0.0),
    after_deadline: ArrayLike = (0.0, 0.0),
) -> AlternatingOffers:
    """Backward induction on alternating offers.

    discounts: (2,) value today of one next period, above 0 and at most 1 (below 1 without a deadline unless
    breakdown > 0). periods: offers until the deadline; None for no deadline. first: who proposes first (0 or 1).
    inside: (2,) flow in each period without agreement, received at its start. outside: (2,) what a party gets by
    leaving talks when it has refused, the other then getting its own; None where nobody can leave. breakdown:
    chance that talks end after a refusal, with after_breakdown: (2,). after_deadline: (2,), valued at the period
    after the last. Payoffs of packages and of all ends are present values on the day they happen.

    A responder accepts what equals its value of refusing; a proposer who gains nothing from any acceptable package
    lets the period pass. Worked values, splitting one: patience 0.9 both, one period gives the proposer 1, two
    0.1, three 0.91, none ending 1/1.9.
    """
    rates = _pair(discounts, "discounts")
    flow, broken, end = (
        _pair(inside, "inside"),
        _pair(after_breakdown, "after_breakdown"),
        _pair(after_deadline, "after_deadline"),
    )
    leave = None if outside is None else _pair(outside, "outside")
    if not ((rates > 0) & (rates <= 1)).all():
        raise RequestError(f"discounts must be above 0 and at most 1, found {rates.tolist()}")
    if not 0 <= breakdown <= 1 or first not in (0, 1):
        raise RequestError("breakdown is a chance from 0 to 1, and first is 0 or 1")
    keeping = rates * (1 - breakdown)

    def refused(after: Floats) -> Floats:
        """(2,) values once an offer is refused and nobody leaves."""
        return np.asarray(flow + keeping * after + rates * breakdown * broken)

    def play(proposer: int, after: Floats) -> tuple[Floats, bool, int]:
        other = 1 - proposer
        wait = refused(after)
        if leave is not None and leave[other] > wait[other]:
            wait = leave
        offer = frontier.best(proposer, float(wait[other]))
        if offer is None or offer[0][proposer] < wait[proposer] - 1e-12 * max(1.0, abs(wait[proposer])):
            return wait, False, -1
        return offer[0], True, offer[1]

    if periods is not None:
        if not 1 <= periods <= ROUNDS:
            raise RequestError(f"a deadline is 1 to {ROUNDS:,} periods away, found {periods}")
        value, package = end, -1
        path, agrees = np.empty((periods, 2)), np.empty(periods, dtype=bool)
        for t in range(periods - 1, -1, -1):
            value, agrees[t], package = play((first + t) % 2, value)
            path[t] = value
        return AlternatingOffers(
            payoffs=path[0],
            agreed=bool(agrees[0]),
            package=package,
            path=path,
            agrees=agrees,
            converged=True,
            periods=periods,
        )
    if (keeping >= 1).any():
        raise RequestError(
            "without a deadline nobody is in a hurry",
            why="discounts of 1 and no breakdown leave the division open",
            remedy="Give a discount below 1, a chance of breakdown, or periods",
        )
    # The unique equilibrium without a deadline is the limit of ever later deadlines.
    value = end
    cycle: list[tuple[Floats, bool, int]] = []
    done, settled = 0, False
    while not settled and done < ROUNDS:
        done += 2
        later = play(1 - first, value)
        now = play(first, later[0])
        cycle = [now, later]
        settled = bool(np.abs(now[0] - value).max() <= 1e-13 * max(1.0, float(np.abs(value).max())))
        value = now[0]
    return AlternatingOffers(
        payoffs=value,
        agreed=cycle[0][1],
        package=cycle[0][2],
        path=np.array([one[0] for one in cycle]),
        agrees=np.array([one[1] for one in cycle]),
        converged=settled,
        periods=done,
    )


def _pair(values: ArrayLike, name: str) -> Floats:
    pair = np.asarray(values, dtype=np.float64)
    if pair.shape != (2,) or not np.isfinite(pair).all():
        raise RequestError(f"{name} must be two finite numbers, one per party, found {pair.tolist()}")
    return pair
