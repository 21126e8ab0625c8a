"""Bargaining solutions over continuous packages, each with its convention and its first-order residual.

Gains are payoffs less disagreement. Packages must satisfy every limit and leave nobody below disagreement.
Nothing is convexified: where lotteries over packages are acceptable to the parties, see `lotteries`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.evaluator import Evaluation, Evaluator, evaluator_of
from winset.bargaining.finite import powers
from winset.bargaining.frontier import best_for, describe, feasible
from winset.bargaining.goals import Constraint, Goal, build, gain_floor, limits_of, row_floor
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.search import ACTIVE, TOLERANCE, Box, Found, climb, climb_apart
from winset.core.names import known

__all__ = ["CONVENTIONS", "Distance", "Solution", "Solutions", "ideal_gains", "solve_bargain"]

Floats = NDArray[np.float64]

CONVENTIONS = {
    "nash": "maximises the product of gains, each to the power of its party's weight (Nash 1950; Kalai 1977)",
    "kalai_smorodinsky": (
        "maximises the smallest gain relative to the ideal, the party's best gain among individually rational "
        "packages (Kalai and Smorodinsky 1975)"
    ),
    "egalitarian": "maximises the smallest gain, so payoffs must be in one unit (Kalai 1977)",
    "utilitarian": "maximises the sum of gains, so payoffs must be in one unit",
}
"""What each solution maximises, over individually rational packages within the limits. Parties that cannot gain
have no say in the first two. Of packages equal in the second and third the one with the larger sum is taken."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Distance(Plain):
    """How far an offer is from a solution."""

    payoffs: Floats
    """(parties,) what each would gain by going from the offer to the solution."""
    change: float
    """Sum over instruments of the absolute change in units of their scale."""
    instruments: dict[str, float]
    """Change of each instrument that moves, solution less offer, in its unit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution(Plain):
    """One solution."""

    name: str
    convention: str
    x: Floats
    """(m,) the package."""
    payoffs: Floats
    """(parties,)"""
    gains: Floats
    """(parties,) payoffs less disagreement."""
    residual: float
    """Largest entry of the first-order condition of this solution's own objective, rows and widths scaled to
    order one and relative to the objective's slope. Small means a stationary point, not a proof of the best."""
    converged: bool
    weights: Floats
    """(parties,) weights at which the package maximises the weighted sum of payoffs to first order."""
    prices: dict[str, float]
    """Worth of loosening each binding limit by one unit, in units of that weighted sum."""
    on_bounds: dict[str, float]
    """The same for instruments on a bound; see `FrontierPoint`."""
    distances: dict[str, Distance] = field(default_factory=dict)
    """By offer."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Solutions(Plain):
    """The solutions of one problem, or the reason why there are none."""

    solutions: dict[str, Solution]
    """By name: those asked for; empty where no package is feasible and individually rational."""
    ideal: Floats
    """(parties,) best individually rational gain of each, within the limits."""
    reason: str
    evaluations: int
    """Packages evaluated for this, those already known not counted."""


def ideal_gains(room: Evaluator, *, box: Box | None = None) -> Floats:
    """(parties,) the largest gain of each over packages within the limits that leave nobody worse off."""
    problem = room.problem
    parties = range(len(problem.parties))
    limits = [*limits_of(room, problem.limits), *(gain_floor(room, i) for i in parties)]
    found = [best_for(room, i, limits, box=box).at.values[i] - problem.disagreement[i] for i in parties]
    return np.asarray(np.maximum(0.0, np.array(found)))


def solve_bargain(
    problem: Problem | Evaluator,
    *,
    weights: ArrayLike | None = None,
    offers: Mapping[str, ArrayLike] | None = None,
    names: Sequence[str] = tuple(CONVENTIONS),
    ideal: ArrayLike | None = None,
) -> Solutions:
    """Solve a continuous bargain under the conventions in `CONVENTIONS`.

    weights: (parties,) bargaining powers of the Nash solution, equal unless given. offers: packages by name, from
    which distances are measured. ideal: (parties,) ideal gains for Kalai-Smorodinsky, where they come from a
    larger set than this problem's (a branch of a mixed problem). An empty feasible set is a result.
    """
    room = evaluator_of(problem)
    before = len(room.points)
    power = powers(weights, len(room.problem.parties))
    tabled = {name: room.of(x) for name, x in (offers or {}).items()}
    reason = feasible(room)[1]
    if reason:
        empty = np.zeros(len(power))
        return Solutions(solutions={}, ideal=empty, reason=reason, evaluations=len(room.points) - before)
    best = ideal_gains(room) if ideal is None else np.asarray(ideal, dtype=np.float64)
    solutions = {}
    for name in names:
        found = search_solution(room, known(name, CONVENTIONS, "solution"), best, power)
        solutions[name] = _told(room, name, found, tabled)
    return Solutions(solutions=solutions, ideal=best, reason="", evaluations=len(room.points) - before)


def search_solution(room: Evaluator, name: str, ideal: Floats, power: Floats, *, box: Box | None = None) -> Found:
    """The package of one solution, limits and individual rationality required, within a box if given."""
    problem = room.problem
    count = len(problem.parties)
    parties = range(count)
    scale = room.scale
    limits = limits_of(room, problem.limits)
    rational = [*limits, *(gain_floor(room, i) for i in parties)]
    able = [i for i in parties if ideal[i] > 10 * TOLERANCE * scale[i]]
    rows = np.zeros(len(scale))
    if name == "utilitarian" or not able:
        rows[:count] = scale[:count] / scale[:count].max()
        return climb_apart(room, build(room, rational, rows=rows), box=box)
    if name == "nash":
        logs, offsets = np.zeros(len(scale)), np.zeros(len(scale))
        logs[able] = power[able]
        offsets[:count] = problem.disagreement / scale[:count]
        goal = build(room, rational, powers=logs, offsets=offsets)
        # From a package where all gain: the objective is nearly flat where a gain is nil.
        start = _most_even(room, limits, ideal, able, "kalai_smorodinsky", box).at
        tries = [climb(room, goal, start.z, box=box), climb_apart(room, goal, box=box)]
        best = max(tries, key=lambda one: (one.converged, _merit(goal, room, one)))
        if not best.converged:
            # Near a nil gain the logarithm is steep and a search may stall: once more, with a fresh trust region.
            best = max(
                [best, climb(room, goal, best.at.z, box=box)], key=lambda one: (one.converged, -one.residual)
            )
        return best
    who = able if name == "kalai_smorodinsky" else list(parties)
    even = _most_even(room, rational, ideal, who, name, box)
    # The largest common gain may leave room for one side at no cost to the others.
    shares = _common(room, ideal, who, name)
    held = [
        row_floor(room, f"share of {problem.parties[i]}", i, problem.disagreement[i] + even.aux[0] * shares[i])
        for i in who
    ]
    rows[:count] = scale[:count] / scale[:count].max()
    after = climb(room, build(room, [*rational, *held], rows=rows), even.at.z, box=box)
    gained = (after.at.values[:count] - even.at.values[:count]) / scale[:count]
    if after.broken <= ACTIVE and gained.min() >= -10 * TOLERANCE and gained.max() > 1000 * TOLERANCE:
        return after
    return even


def _merit(goal: Goal, room: Evaluator, found: Found) -> float:
    return float(goal.merit(found.at.z[None], (found.at.values / room.scale)[None], 100.0)[0])


def _common(room: Evaluator, ideal: Floats, who: Sequence[int], name: str) -> Floats:
    """(parties,) raw gain of each per unit of the common auxiliary."""
    if name == "kalai_smorodinsky":
        return ideal
    return np.full(len(room.problem.parties), float(room.scale[list(who)].max()))


def _most_even(
    room: Evaluator,
    constraints: Sequence[Constraint],
    ideal: Floats,
    who: Sequence[int],
    name: str,
    box: Box | None,
) -> Found:
    """Largest t such that each of `who` gains t times its share."""
    shares = _common(room, ideal, who, name)
    floors = [
        row_floor(
            room,
            f"common gain of {room.problem.parties[i]}",
            i,
            float(room.problem.disagreement[i]),
            aux={0: -float(shares[i] / room.scale[i])},
            defines=0,
        )
        for i in who
    ]
    return climb_apart(room, build(room, [*constraints, *floors], aux=[1.0], aux_low=[-np.inf]), box=box)


def _told(room: Evaluator, name: str, found: Found, offers: Mapping[str, Evaluation]) -> Solution:
    problem = room.problem
    point = describe(room, found.at)
    return Solution(
        name=name,
        convention=CONVENTIONS[name],
        x=point.x,
        payoffs=point.payoffs,
        gains=point.payoffs - problem.disagreement,
        residual=found.residual,
        converged=found.converged,
        weights=point.weights,
        prices=point.prices,
        on_bounds=point.on_bounds,
        distances={offer: distance(problem, at, found.at) for offer, at in offers.items()},
    )


def distance(problem: Problem, start: Evaluation, end: Evaluation) -> Distance:
    """From one package to another: payoffs, size of the change, and what moves."""
    instruments = problem.instruments
    moved = end.x - start.x
    return Distance(
        payoffs=(end.values - start.values)[: len(problem.parties)],
        change=instruments.change(start.x, end.x),
        instruments={
            name: float(step)
            for name, step, width in zip(instruments.names, moved, instruments.width, strict=True)
            if abs(step) > 1e-9 * width
        },
    )
