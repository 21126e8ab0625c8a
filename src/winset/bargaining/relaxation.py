"""Asks within win-sets of continuous packages: what binds, at what price, and what would open a deal.

Votes enter as follows. A required chance is one smooth condition. A quota of seats is met by one of the smallest
groups of rows that reach it; each such group is a bargain of its own with its rows' floors as limits, all are
tried up to `MOST_COALITIONS`, the likeliest first, and results say whether some were left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.evaluator import Evaluator, evaluator_of
from winset.bargaining.frontier import best_for, feasible
from winset.bargaining.goals import Constraint, build, gain_floor, limits_of, row_floor
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Limit, Measure, Problem
from winset.bargaining.ratification import SeatQuota, SeatVote, WinSet
from winset.bargaining.search import TOLERANCE, Found, climb
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["Ask", "Relaxation", "SidePayment", "best_ask", "side_payment", "smallest_relaxation", "with_win_sets"]

Floats = NDArray[np.float64]

MOST_COALITIONS = 32
"""Ways to reach the quotas that are tried."""
MOST_MEMBERS = 16
"""Rows of one vote whose groups are listed."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Ask(Plain):
    """The most that a party could ask for, or the reason why nothing can be asked."""

    party: str
    x: Floats
    """(m,) the package; empty where there is none."""
    payoffs: Floats
    """(parties,) there."""
    prices: dict[str, float]
    """Binding conditions: what the party would gain per unit by which each is loosened (for a condition in
    payoff units of another party: own payoff per unit of theirs)."""
    residual: float
    reason: str
    """Why there is none; empty text where there is."""
    complete: bool
    """Whether every way to reach the quotas of seats was tried."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Relaxation(Plain):
    """The cheapest loosening of conditions that opens a deal."""

    x: Floats
    """(m,) the package that becomes possible; empty where loosening cannot help."""
    payoffs: Floats
    cost: float
    """Weighted sum of the loosenings; zero where a deal is open already."""
    loosened: dict[str, float]
    """By condition: how far it must give, in its own unit."""
    weights: dict[str, float]
    """Cost per unit of each condition that could be loosened."""
    residual: float
    reason: str
    """Why no loosening helps; empty text where one does."""
    complete: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class SidePayment(Plain):
    """The cheapest payment between parties that leaves everybody at or above disagreement."""

    x: Floats
    payoffs: Floats
    """(parties,) before the payment."""
    received: Floats
    """(parties,) received less paid, in payoff units; a payment loses `loss` on its way."""
    paid: float
    """Sum of what payers give; zero where none is needed."""
    reason: str
    """Why no payment can help; empty text where one does."""
    complete: bool


def with_win_sets(problem: Problem | Evaluator, win_sets: Sequence[WinSet]) -> tuple[list[Evaluator], bool]:
    """The problem with all ratifiers as limits, once for each way to reach the quotas; and whether all are there.

    Ways come in the order of how near the best package known is to them. All share what was evaluated.
    """
    room = evaluator_of(problem)
    base = room.problem
    fixed: list[Limit] = list(base.limits)
    measures = list(base.measures)
    quotas: list[SeatQuota] = []
    for one in win_sets:
        known(one.party, base.parties, "party")
        for ratifier in one.ratifiers:
            if isinstance(ratifier, SeatQuota):
                quotas.append(ratifier)
            elif isinstance(ratifier, SeatVote):
                measures.append(_vote_measure(ratifier, base))
                asked = float(np.log(ratifier.at_least / (1 - ratifier.at_least)))
                fixed.append(
                    Limit(name=ratifier.name, rows={_row_of(ratifier): 1.0}, at_least=asked, party=ratifier.party)
                )
            else:
                fixed.append(ratifier)
    ways, complete = _ways(quotas, room)
    rooms = []
    for way in ways:
        # A row may carry floors of several votes, so the vote's name goes into the limit's.
        floors = [
            Limit(name=f"{quota.name}: {row}", rows={row: 1.0}, at_least=quota.floors[row], party=quota.party)
            for quota, rows in zip(quotas, way, strict=True)
            for row in rows
        ]
        changed = replace(base, limits=(*fixed, *floors), measures=tuple(measures))
        rooms.append(room.derived(changed))
    return rooms, complete


def best_ask(problem: Problem | Evaluator, party: str, win_sets: Sequence[WinSet] = ()) -> Ask:
    """The package best for a party that all others and all ratifiers would accept, and what stops it there."""
    rooms, complete = with_win_sets(problem, win_sets)
    mover = rooms[0].problem.party(party)
    best: tuple[Evaluator, Found] | None = None
    reasons = []
    for room in rooms:
        reason = feasible(room)[1]
        if reason:
            reasons.append(reason)
            continue
        limits = [*limits_of(room, room.problem.limits), *(gain_floor(room, i) for i in _parties(room))]
        found = best_for(room, mover, limits)
        if found.broken <= 10 * TOLERANCE and (best is None or found.at.values[mover] > best[1].at.values[mover]):
            best = room, found
    if best is None:
        empty = np.empty(0)
        why = reasons[0] if reasons else "no search ended inside all limits"
        return Ask(party=party, x=empty, payoffs=empty, prices={}, residual=np.nan, reason=why, complete=complete)
    room, found = best
    return Ask(
        party=party,
        x=found.at.x,
        payoffs=found.at.values[: len(room.problem.parties)],
        prices={name: float(v * room.scale[mover]) for name, v in found.multipliers.items()},
        residual=found.residual,
        reason="",
        complete=complete,
    )


def smallest_relaxation(
    problem: Problem | Evaluator,
    win_sets: Sequence[WinSet] = (),
    *,
    weights: Mapping[str, float] | None = None,
    keep: Sequence[str] = (),
) -> Relaxation:
    """The least weighted sum of loosenings under which some package satisfies everybody.

    Every limit and each party's own disagreement (named "<party> at least at disagreement") may give, except
    those in `keep`. weights: cost of one unit by condition; a limit's own weight, and one per payoff unit for
    disagreement, unless given. Units differ between conditions, so the weights are a judgement: state them.
    """
    rooms, complete = with_win_sets(problem, win_sets)
    asked = dict(weights or {})
    best: tuple[float, Evaluator, Found, dict[str, float], dict[str, float]] | None = None
    for room in rooms:
        parties = room.problem.parties
        rational = {f"{party} at least at disagreement": i for i, party in enumerate(parties)}
        options = {limit.name: limit.weight for limit in room.problem.limits} | dict.fromkeys(rational, 1.0)
        _check_names([*asked, *keep], rooms)
        price = {n: float(asked.get(n, w)) for n, w in options.items() if n not in keep}
        if not all(np.isfinite(w) and w > 0 for w in price.values()):
            raise RequestError("weights of conditions must be above zero", remedy="Put fixed conditions into keep")
        number = {name: k for k, name in enumerate(price)}
        constraints = limits_of(room, room.problem.limits, aux=number)
        for name, i in rational.items():
            k = number.get(name, -1)
            floor = float(room.problem.disagreement[i])
            constraints.append(row_floor(room, name, i, floor, aux={} if k < 0 else {k: 1.0}, defines=k))
        unit = {one.name: one.unit for one in constraints}
        # Auxiliaries are in scaled units; the dearest of them costs one.
        size = max((price[n] * unit[n] for n in price), default=1.0)
        goal = build(
            room, constraints, aux=[-price[n] * unit[n] / size for n in price], aux_low=[0.0] * len(price)
        )
        found = climb(room, goal)
        if found.broken > 10 * TOLERANCE:
            continue
        loosened = {n: float(found.aux[k] * unit[n]) for n, k in number.items() if found.aux[k] > 10 * TOLERANCE}
        cost = sum(price[n] * v for n, v in loosened.items())
        if best is None or cost < best[0]:
            best = cost, room, found, loosened, price
    if best is None:
        empty = np.empty(0)
        return Relaxation(
            x=empty,
            payoffs=empty,
            cost=np.nan,
            loosened={},
            weights={},
            residual=np.nan,
            reason="the conditions that must be kept clash among themselves",
            complete=complete,
        )
    cost, room, found, loosened, price = best
    return Relaxation(
        x=found.at.x,
        payoffs=found.at.values[: len(room.problem.parties)],
        cost=cost,
        loosened=loosened,
        weights=price,
        residual=found.residual,
        reason="",
        complete=complete,
    )


def side_payment(
    problem: Problem | Evaluator, win_sets: Sequence[WinSet] = (), *, loss: float = 0.0
) -> SidePayment:
    """The package that needs the least payment between parties, and the payment.

    Payoffs must be in one unit. `loss`: share of a payment that is lost on its way. Limits and ratifiers are
    judged before the payment; only parties' own disagreement is made good by it. Those who gain pay in
    proportion to their gains (a convention: the problem does not say who pays).
    """
    if not 0 <= loss < 1:
        raise RequestError(f"the loss is a share from 0 up to below 1, found {loss}")
    rooms, complete = with_win_sets(problem, win_sets)
    count = len(rooms[0].problem.parties)
    best: tuple[float, Floats, Evaluator, Found] | None = None
    for room in rooms:
        fallback = room.problem.disagreement
        size = float(room.scale[:count].max())
        constraints = limits_of(room, room.problem.limits)
        for i in range(count):
            relief = {i: (1 - loss) * size / float(room.scale[i])}
            constraints.append(
                row_floor(room, f"gain of {room.problem.parties[i]}", i, float(fallback[i]), aux=relief, defines=i)
            )
        rows = np.zeros(len(room.scale))
        rows[:count] = room.scale[:count] / size
        pool = Constraint(
            name="gains pay for all losses",
            rows=rows,
            package=np.zeros(len(room.low)),
            bound=float(fallback.sum()) / size,
            aux=dict.fromkeys(range(count), -loss),
        )
        goal = build(room, [*constraints, pool], rows=1e-6 * rows, aux=[-1.0] * count, aux_low=[0.0] * count)
        found = climb(room, goal)
        gains = found.at.values[:count] - fallback
        needed = np.maximum(0.0, -gains) / (1 - loss)
        if found.broken <= 10 * TOLERANCE and (best is None or needed.sum() < best[0]):
            best = float(needed.sum()), gains, room, found
    if best is None:
        empty = np.empty(0)
        return SidePayment(
            x=empty,
            payoffs=empty,
            received=empty,
            paid=np.nan,
            reason="no package inside the limits creates enough gain to make the losers good",
            complete=complete,
        )
    paid, gains, room, found = best
    if paid <= 10 * TOLERANCE * float(room.scale[:count].max()):
        paid, received = 0.0, np.zeros(count)
    else:
        plus = np.maximum(0.0, gains)
        received = np.maximum(0.0, -gains) - paid * plus / plus.sum()
    return SidePayment(
        x=found.at.x,
        payoffs=found.at.values[:count],
        received=received,
        paid=paid,
        reason="",
        complete=complete,
    )


def _parties(room: Evaluator) -> range:
    return range(len(room.problem.parties))


def _check_names(names: Sequence[str], rooms: Sequence[Evaluator]) -> None:
    """Every condition that is named stands in one of the rooms."""
    there = [limit.name for room in rooms for limit in room.problem.limits]
    there += [f"{party} at least at disagreement" for party in rooms[0].problem.parties]
    for name in names:
        known(name, list(dict.fromkeys(there)), "condition")


def _row_of(vote: SeatVote) -> str:
    return f"odds of {vote.name}"


def _vote_measure(vote: SeatVote, problem: Problem) -> Measure:
    """The logarithm of the odds that a vote passes, as a row: smooth where the chance itself is flat."""
    rows = (*problem.parties, *problem.groups)
    at = [rows.index(known(name, rows, "payoff row")) for name in vote.seats]

    def odds(x: Floats, values: Floats, jacobian: Floats) -> tuple[float, Floats]:
        chance, slope = vote.chance(values[at])
        safe = min(max(chance, 1e-12), 1 - 1e-12)
        return float(np.log(safe / (1 - safe))), slope @ jacobian[at] / (safe * (1 - safe))

    return Measure(name=_row_of(vote), function=odds)


def _ways(quotas: Sequence[SeatQuota], room: Evaluator) -> tuple[list[tuple[tuple[str, ...], ...]], bool]:
    """Combinations of smallest winning groups, nearest first, and whether all are listed."""
    if not quotas:
        return [()], True
    each: list[list[tuple[float, tuple[str, ...]]]] = []
    complete = True
    for quota in quotas:
        names = list(quota.seats)
        at = [room.problem.rows.index(known(name, room.problem.rows, "payoff row")) for name in names]
        over = (room.values[:, at] - np.array([quota.floors[n] for n in names])) / room.scale[at]
        if len(names) > MOST_MEMBERS:
            # Too many groups to list: those most willing at the best package known, in order of willingness.
            likely = np.argsort(-over[int(quota.margin(room.values, room.problem.rows).argmax())])
            names = [names[k] for k in likely]
            taken: list[str] = []
            while names and sum(quota.seats[n] for n in taken) < quota.quota:
                taken.append(names.pop(0))
            each.append([(0.0, tuple(taken))])
            complete = False
            continue
        winning = []
        for size in range(1, len(names) + 1):
            for group in itertools.combinations(range(len(names)), size):
                seats = [quota.seats[names[k]] for k in group]
                if sum(seats) >= quota.quota and sum(seats) - min(seats) < quota.quota:
                    shortfall = float(np.minimum(0.0, over[:, group]).sum(axis=1).max())
                    winning.append((-shortfall, tuple(names[k] for k in group)))
        if not winning:
            raise RequestError(
                f"the vote {quota.name!r} cannot reach {quota.quota} seats",
                why=f"there are only {sum(quota.seats.values())}",
            )
        each.append(sorted(winning)[:MOST_COALITIONS])
        complete = complete and len(winning) <= MOST_COALITIONS
    combined = sorted(itertools.islice(itertools.product(*each), 100_000), key=lambda way: sum(w[0] for w in way))
    complete = complete and len(combined) <= MOST_COALITIONS
    return [tuple(w[1] for w in way) for way in combined[:MOST_COALITIONS]], complete
