"""Counter-offers: from an offer on the table to the nearest package that everybody could take home.

And exchange rates between issues: what one more unit of one instrument is worth in units of another.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.evaluator import Evaluation, Evaluator, evaluator_of
from winset.bargaining.goals import Constraint, Goal, build, limits_of, row_floor
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.ratification import WinSet
from winset.bargaining.relaxation import with_win_sets
from winset.bargaining.search import TOLERANCE, Found, climb
from winset.bargaining.solutions import Distance, distance
from winset.core.names import known

__all__ = ["CounterOffer", "ExchangeRates", "Least", "counter_offer", "exchange_rates"]

Floats = NDArray[np.float64]
Least = Literal["cost", "change", "count"]

MOST_SEARCHES = 150
"""Sets of instruments tried where the fewest changes are sought."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CounterOffer(Plain):
    """A package that all would accept, or the reason why there is none."""

    mover: str
    least: str
    """What was made least: `cost` to the mover, `change` of instruments, or `count` of instruments changed."""
    x: Floats
    """(m,) the package; empty where there is none."""
    payoffs: Floats
    """(parties,) there."""
    cost: float
    """What the mover gives up against the offer, in its payoff units; below zero where it gains."""
    moved: Distance | None
    """From the offer to the counter-offer."""
    refused_by: tuple[str, ...]
    """Conditions that the offer itself breaks; empty where it could be taken as it stands."""
    prices: dict[str, float]
    """Least cost only: what the mover would save per unit by which a binding condition is loosened."""
    residual: float
    reason: str
    """Why there is none; empty text where there is one."""
    complete: bool
    """Whether every way to reach quotas of seats, and every set of instruments that small, was tried."""


def counter_offer(
    problem: Problem | Evaluator,
    offer: ArrayLike,
    mover: str,
    *,
    win_sets: Sequence[WinSet] = (),
    least: Least = "cost",
    needs: Mapping[str, float] | None = None,
) -> CounterOffer:
    """The change of an offer that suits a party best among those that all parties and ratifiers accept.

    offer: (m,) the package on the table. mover: who makes the counter-offer. least: `cost`, the mover's payoff is
    the largest; `change`, the sum of changes in units of the instruments' scales is the smallest; `count`, the
    fewest instruments move, and of those ways the one that costs the mover least. needs: payoff at which a party
    accepts, disagreement unless given (a party that can wait needs its value of waiting).
    """
    base = evaluator_of(problem)
    known(least, ("cost", "change", "count"), "kind of counter-offer")
    asked = {name: float(v) for name, v in (needs or {}).items()}
    for name in asked:
        base.problem.party(name)
    i = base.problem.party(mover)
    base.of(offer)
    rooms, complete = with_win_sets(base, win_sets)
    best: tuple[float, Evaluator, Evaluation, Found] | None = None
    refused: tuple[str, ...] | None = None
    for room in rooms:
        start = room.of(offer)
        conditions = _conditions(room, asked)
        broken = _broken(room, conditions, start)
        refused = broken if refused is None or len(broken) < len(refused) else refused
        if least == "count":
            score, found, all_tried = _fewest(room, conditions, start, i)
            complete = complete and all_tried
        elif least == "change":
            found = _nearest(room, conditions, start)
            score = None if found is None else room.problem.instruments.change(start.x, found.at.x)
        else:
            found = _cheapest(room, conditions, start, i)
            score = None if found is None else -float(found.at.values[i])
        if found is not None and score is not None and (best is None or score < best[0]):
            best = score, room, start, found
    if best is None:
        empty = np.empty(0)
        return CounterOffer(
            mover=mover,
            least=least,
            x=empty,
            payoffs=empty,
            cost=np.nan,
            moved=None,
            refused_by=refused or (),
            prices={},
            residual=np.nan,
            reason="no package was found that every party and ratifier accepts",
            complete=complete,
        )
    _, room, start, found = best
    return CounterOffer(
        mover=mover,
        least=least,
        x=found.at.x,
        payoffs=found.at.values[: len(room.problem.parties)],
        cost=float(start.values[i] - found.at.values[i]),
        moved=distance(room.problem, start, found.at),
        refused_by=refused or (),
        prices={n: float(v * room.scale[i]) for n, v in found.multipliers.items()} if least == "cost" else {},
        residual=found.residual,
        reason="",
        complete=complete,
    )


def _conditions(room: Evaluator, needs: Mapping[str, float]) -> list[Constraint]:
    """Everything that makes a package acceptable: limits, ratifiers, each party's need."""
    found = limits_of(room, room.problem.limits)
    for i, party in enumerate(room.problem.parties):
        need = needs.get(party, float(room.problem.disagreement[i]))
        found.append(row_floor(room, f"{party} accepts", i, need))
    return found


def _broken(room: Evaluator, conditions: list[Constraint], at: Evaluation) -> tuple[str, ...]:
    goal = build(room, conditions)
    slack = goal.slack(at.z[None], (at.values / room.scale)[None], np.zeros((1, 0)))[0]
    return tuple(one.name for one, s in zip(conditions, slack, strict=True) if s < -10 * TOLERANCE)


def _accepted(found: Found) -> bool:
    return found.broken <= 10 * TOLERANCE


def _own(room: Evaluator, conditions: list[Constraint], party: int) -> Goal:
    rows = np.zeros(len(room.scale))
    rows[party] = 1.0
    return build(room, conditions, rows=rows)


def _cheapest(room: Evaluator, conditions: list[Constraint], start: Evaluation, party: int) -> Found | None:
    """From the offer and from the best package known."""
    goal = _own(room, conditions, party)
    tries = [one for one in (climb(room, goal), climb(room, goal, start.z)) if _accepted(one)]
    return max(tries, key=lambda one: one.at.values[party], default=None)


def _nearest(room: Evaluator, conditions: list[Constraint], start: Evaluation) -> Found | None:
    """Least sum of absolute changes: each instrument's change is an auxiliary, bounded below from both sides."""
    m = len(start.z)
    unit = room.width / room.problem.instruments.scale
    sides = [
        Constraint(
            name=f"change of {room.problem.instruments.names[k]}",
            rows=np.zeros(len(room.scale)),
            package=sign * unit * (np.arange(m) == k),
            bound=float(sign * unit[k] * start.z[k]),
            aux={k: 1.0},
            defines=k,
        )
        for k in range(m)
        for sign in (1.0, -1.0)
    ]
    goal = build(room, [*conditions, *sides], aux=[-1.0] * m, aux_low=[0.0] * m)
    tries = [one for one in (climb(room, goal, start.z), climb(room, goal)) if _accepted(one)]
    return max(tries, key=lambda one: -float(one.aux.sum()), default=None)


def _fewest(
    room: Evaluator, conditions: list[Constraint], start: Evaluation, party: int
) -> tuple[float | None, Found | None, bool]:
    """(count and, as a fraction, relative cost; the package; whether all sets of that size were tried)."""
    goal = _own(room, conditions, party)
    if not _broken(room, conditions, start):
        return 0.0, climb(room, goal, start.z, box=(start.z, start.z)), True
    free = [int(k) for k in np.flatnonzero(room.top > 0)]
    # Those that matter most to whoever refuses are tried first.
    pull = np.abs(build(room, conditions).a_rows @ (start.jacobian / room.scale[:, None])).max(axis=0, initial=0.0)
    free.sort(key=lambda k: -pull[k])
    tried = 0
    for size in range(1, len(free) + 1):
        best: Found | None = None
        every = True
        for group in itertools.combinations(free, size):
            if tried >= MOST_SEARCHES and size < len(free):
                every = False
                break
            tried += 1
            low, high = start.z.copy(), start.z.copy()
            low[list(group)], high[list(group)] = 0.0, 1.0
            found = climb(room, goal, start.z, box=(low, high))
            if _accepted(found) and (best is None or found.at.values[party] > best.at.values[party]):
                best = found
        if best is not None:
            # Count first, then cost squeezed into less than one, so that scores of rooms compare.
            loss = float(start.values[party] - best.at.values[party]) / float(room.scale[party])
            return size + 0.5 * (1 + loss / (1 + abs(loss))) * 0.999, best, every and tried <= MOST_SEARCHES
    return None, None, tried <= MOST_SEARCHES


@dataclass(frozen=True, kw_only=True, eq=False)
class ExchangeRates(Plain):
    """What instruments are worth, in money and in each other, at one package."""

    instruments: tuple[str, ...]
    parties: tuple[str, ...]
    marginal: Floats
    """(parties, m) change of each party's payoff per unit of each instrument."""
    rates: Floats = field(repr=False)
    """(parties, m, m): units of instrument b (second) that make good to the party one more unit of instrument a
    (first), its payoff unchanged; nan where b does not matter to it. rates[p, a, b] * rates[p, b, a] = 1."""

    def rate(self, party: str, one: str, other: str) -> float:
        """Units of `other` that make good one more unit of `one` to a party."""
        a, b = (self.instruments.index(known(n, self.instruments, "instrument")) for n in (one, other))
        return float(self.rates[self.parties.index(known(party, self.parties, "party")), a, b])


def exchange_rates(problem: Problem | Evaluator, x: ArrayLike) -> ExchangeRates:
    """Marginal rates of substitution between instruments at a package, for each party.

    Where two parties' rates for the same two instruments differ and both can move, both can gain by trading them.
    """
    room = evaluator_of(problem)
    at = room.of(x)
    marginal = at.jacobian[: len(room.problem.parties)] / room.width
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = -marginal[:, :, None] / marginal[:, None, :]
    rates[~np.isfinite(rates)] = np.nan
    return ExchangeRates(
        instruments=room.problem.instruments.names, parties=room.problem.parties, marginal=marginal, rates=rates
    )
