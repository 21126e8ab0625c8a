"""The Pareto frontier of a continuous bargain, traced by epsilon-constraint.

One payoff is maximised while the others are held at or above levels, so parts that no weighted sum reaches
(a set made by tariffs need not be convex) are found too. Two parties give a curve with points spaced evenly
along it; more give a set. Payoffs are normalised for spacing: 0 at the least, 1 at the best on the frontier.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.dominance import undominated
from winset.bargaining.evaluator import Evaluation, Evaluator, evaluator_of
from winset.bargaining.goals import Constraint, Goal, build, gain_floor, limits_of, row_floor
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.search import TOLERANCE, Box, Found, climb, climb_apart, stationarity
from winset.core.errors import RequestError

__all__ = ["Frontier", "FrontierPoint", "best_for", "describe", "feasible", "frontier"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

EFFICIENT = 1e-6
"""Weight on everybody's payoff (scaled) added to a party's own, so that no end of the frontier is only weakly
efficient."""
EVEN = 1.2
"""Points along a curve are placed again, from all that is known, while the largest gap is this many mean gaps."""
ROUNDS = 2
"""Most times that is done."""
SAME = 1e-7
"""Frontier points closer than this in normalised payoffs are one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FrontierPoint(Plain):
    """A package on the frontier."""

    x: Floats
    """(m,) the package."""
    payoffs: Floats
    """(parties,)"""
    weights: Floats
    """(parties,) weights, summing to one, at which the weighted sum of payoffs is stationary here. The ratio of
    two is the exchange rate along the frontier: moving along it, i gains w_j/w_i for each unit that j gives."""
    prices: dict[str, float] = field(default_factory=dict)
    """Rise of that weighted sum per unit by which a binding limit is loosened, by limit."""
    on_bounds: dict[str, float] = field(default_factory=dict)
    """Instruments on a bound: rise of that weighted sum per unit of the instrument if the bound moved outwards at
    the top (positive) or downwards at the bottom (negative sign)."""
    residual: float
    """Largest entry of the first-order condition for Pareto optimality, rows and widths scaled to order one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Frontier(Plain):
    """Points none of which dominates another; empty with a reason where no package qualifies."""

    points: tuple[FrontierPoint, ...]
    """For two parties in falling order of the first one's payoff."""
    reason: str
    """Why there is no point; empty where there are some."""
    spread: float
    """Two parties: largest gap between neighbours over the mean gap, in normalised payoffs; 1 is even. A hole of
    a frontier in pieces counts as a gap. nan for more parties or fewer than three points."""
    evaluations: int
    """Packages evaluated for this frontier, those already known not counted."""

    @property
    def payoffs(self) -> Floats:
        """(points, parties)"""
        return np.array([point.payoffs for point in self.points])


def describe(room: Evaluator, at: Evaluation) -> FrontierPoint:
    """What first-order conditions say at a package: weights, prices, bounds, residual."""
    limits = build(room, limits_of(room, room.problem.limits))
    residual, weights, prices, on_bounds = stationarity(room, at, limits)
    return FrontierPoint(
        x=at.x,
        payoffs=at.values[: len(room.problem.parties)],
        weights=weights,
        prices=prices,
        on_bounds=on_bounds,
        residual=residual,
    )


def best_for(
    room: Evaluator,
    party: int,
    constraints: list[Constraint],
    start: Floats | None = None,
    *,
    box: Box | None = None,
) -> Found:
    """The package best for a party under constraints (and, by a hair, for the others)."""
    rows = np.zeros(len(room.scale))
    rows[: len(room.problem.parties)] = EFFICIENT
    rows[party] = 1.0
    goal = build(room, constraints, rows=rows)
    return climb_apart(room, goal, box=box) if start is None else climb(room, goal, start, box=box)


def feasible(room: Evaluator, *, rational: bool = True, box: Box | None = None) -> tuple[Found, str]:
    """A package inside all limits where everybody gains, if there is one, and otherwise the reason."""
    problem = room.problem
    limits = limits_of(room, problem.limits)
    parties = range(len(problem.parties))
    floors = [
        row_floor(
            room, f"gain of {problem.parties[i]}", i, float(problem.disagreement[i]), aux={0: -1.0}, defines=0
        )
        for i in parties
    ]
    found = climb(room, build(room, [*limits, *floors], aux=[1.0], aux_low=[-np.inf]), box=box)
    if found.broken > 10 * TOLERANCE:
        names = [n for n in found.tight if not n.startswith("gain of ")]
        return found, "no package was found inside all limits" + (f": {', '.join(names)} clash" if names else "")
    if rational and found.aux[0] < -TOLERANCE:
        return found, "no package was found that leaves every party at or above disagreement"
    return found, ""


def frontier(
    problem: Problem | Evaluator, *, points: int = 50, rational: bool = True, extra: tuple[Constraint, ...] = ()
) -> Frontier:
    """Trace the Pareto frontier.

    points: how many to aim at (two parties: that many unless the frontier is in pieces or very short; more: at
    least that many reference points are tried). rational: only packages that leave every party at or above
    disagreement. Optima are local, each search starting from the best package known; points found to be
    dominated are searched again from what dominates them and otherwise dropped.
    """
    if not 2 <= points <= 10_000:
        raise RequestError(f"a frontier has 2 to 10,000 points, found {points}")
    room = evaluator_of(problem)
    before = len(room.points)
    limits = [*limits_of(room, room.problem.limits), *extra]
    parties = len(room.problem.parties)
    if rational:
        reason = feasible(room)[1]
        limits += [gain_floor(room, i) for i in range(parties)]
    else:
        reason = feasible(room, rational=False)[1]
    if reason:
        return Frontier(points=(), reason=reason, spread=np.nan, evaluations=len(room.points) - before)
    ends = [best_for(room, i, limits) for i in range(parties)]
    _scout(room, limits, ends)
    trace = _curve if parties == 2 else _set
    searches = trace(room, limits, ends, points)
    return _assembled(room, searches, before)


Search = tuple[Goal, Found]


def _assembled(room: Evaluator, searches: list[Search], before: int) -> Frontier:
    """Search again where a better package has turned up since, then drop what is dominated or double."""
    parties = len(room.problem.parties)
    for _ in range(2):
        improved = False
        for k, (goal, found) in enumerate(searches):
            merits = goal.merit(room.z, room.values / room.scale, 100.0)
            best = int(np.argmax(merits))
            own = float(goal.merit(found.at.z[None], (found.at.values / room.scale)[None], 100.0)[0])
            if merits[best] > own + 100 * TOLERANCE:
                searches[k] = (goal, climb(room, goal, room.points[best].z))
                improved = True
        if not improved:
            break
    kept = [found.at for _, found in searches if found.broken <= 10 * TOLERANCE]
    if not kept:
        return Frontier(
            points=(),
            reason="no search ended inside all limits",
            spread=np.nan,
            evaluations=len(room.points) - before,
        )
    payoffs = np.array([at.values[:parties] for at in kept])
    low, high = payoffs.min(axis=0), payoffs.max(axis=0)
    normal = (payoffs - low) / np.where(high > low, high - low, 1.0)
    # Rounding to SAME lets a point survive a neighbour that is better by noise only, and merges doubles.
    front = undominated(np.round(normal / SAME))
    order = front[np.argsort(-payoffs[front, 0], kind="stable")]
    chosen: list[int] = []
    for k in order:
        if all(np.abs(normal[k] - normal[c]).max() > 10 * SAME for c in chosen):
            chosen.append(int(k))
    gaps = np.linalg.norm(np.diff(normal[chosen], axis=0), axis=1)
    return Frontier(
        points=tuple(describe(room, kept[k]) for k in chosen),
        reason="",
        spread=float(gaps.max() / gaps.mean()) if parties == 2 and len(gaps) > 1 else np.nan,
        evaluations=len(room.points) - before,
    )


def _scout(room: Evaluator, limits: list[Constraint], ends: list[Found]) -> None:
    """Look for other basins: a few even divisions, each climbed from several packages that lie apart.

    What is found is remembered by the evaluator, so that later searches start there if it is better.
    """
    parties = len(room.problem.parties)
    corners = np.array([found.at.values[:parties] for found in ends])
    low, high = corners.min(axis=0), corners.max(axis=0)
    span = np.where(high > low, high - low, room.scale[:parties])
    for reference in _lattice(parties, 3):
        climb_apart(room, _outwards(room, limits, low, span, reference))


def _outwards(room: Evaluator, limits: list[Constraint], low: Floats, span: Floats, reference: Floats) -> Goal:
    """Largest t with every normalised payoff at least its reference plus t."""
    parties = len(span)
    floors = [
        row_floor(
            room,
            f"reference of {room.problem.parties[i]}",
            i,
            float(low[i] + reference[i] * span[i]),
            aux={0: -float(span[i] / room.scale[i])},
            defines=0,
        )
        for i in range(parties)
    ]
    rows = np.zeros(len(room.scale))
    rows[:parties] = EFFICIENT
    return build(room, [*limits, *floors], rows=rows, aux=[1.0], aux_low=[-np.inf])


def _curve(room: Evaluator, limits: list[Constraint], ends: list[Found], points: int) -> list[Search]:
    """Two parties: halve the longest gap until the shape is known, then place points evenly along it."""
    corners = np.array([found.at.values[:2] for found in ends])
    low = corners.min(axis=0)
    span = corners.max(axis=0) - low
    goals = [build(room, limits, rows=_own(room, i)) for i in (0, 1)]
    if (span <= SAME * room.scale[:2]).any():
        return [(goals[0], ends[0]), (goals[1], ends[1])]

    def held(at: Floats, slope: Floats) -> Search:
        """The point of the frontier through a guess: hold the payoff that changes faster, maximise the other."""
        fixed = 0 if abs(slope[0]) >= abs(slope[1]) else 1
        level = float(low[fixed] + at[fixed] * span[fixed])
        floor = row_floor(room, f"level of {room.problem.parties[fixed]}", fixed, level)
        goal = build(room, [*limits, floor], rows=_own(room, 1 - fixed))
        return goal, climb(room, goal)

    def normal(search: Search) -> Floats:
        return np.asarray((search[1].at.values[:2] - low) / span)

    found = [(goals[0], ends[0]), (goals[1], ends[1])]
    missed: list[Floats] = []

    def ordered() -> tuple[list[Search], Floats, Floats]:
        """Undominated searches from the first party's end to the second's, their places, and gap lengths."""
        at = np.array([normal(one) for one in found])
        kept = undominated(np.round(at / SAME))
        kept = kept[np.argsort(-at[kept, 0], kind="stable")]
        at = at[kept]
        gaps = np.linalg.norm(np.diff(at, axis=0), axis=1)
        for k in range(len(gaps)):
            # Nothing was found between these two: a hole, over which no point can be placed.
            if any(at[k + 1][0] < place[0] < at[k][0] for place in missed):
                gaps[k] = 0.0
        return [found[k] for k in kept], at, gaps

    def add(place: Floats, slope: Floats, near: float) -> Search:
        new = held(place, slope)
        found.append(new)
        if np.linalg.norm(normal(new) - place) > near:
            # Perhaps another basin reaches it.
            new = new[0], climb_apart(room, new[0])
            found.append(new)
        if np.linalg.norm(normal(new) - place) > near:
            missed.append(place)
            # The far side of the hole comes from holding the other payoff.
            found.append(held(place, slope[::-1]))
        return new

    for _ in range(max(min(7, points), points // 3) - 2):
        _, at, gaps = ordered()
        k = int(gaps.argmax()) if len(gaps) else 0
        if not len(gaps) or gaps[k] <= 0.2 / points:
            break
        add((at[k] + at[k + 1]) / 2, at[k + 1] - at[k], 0.45 * gaps[k])
    for _ in range(ROUNDS):
        line, at, gaps = ordered()
        length = np.concatenate([[0.0], np.cumsum(gaps)])
        if length[-1] <= 0:
            return line
        holes = len(missed)
        fine = [line[0]]
        for target in np.linspace(0.0, length[-1], points)[1:-1]:
            k = min(int(np.searchsorted(length, target, side="right")) - 1, len(gaps) - 1)
            share = (target - length[k]) / gaps[k] if gaps[k] > 0 else 0.0
            place = at[k] + share * (at[k + 1] - at[k])
            fine.append(add(place, at[k + 1] - at[k], max(0.45 * float(gaps[k]), 2 * length[-1] / points)))
        fine.append(line[-1])
        # Both sides of a hole belong to the frontier, wherever the even places fall.
        edges = [one for k, one in enumerate(line) if (gaps[max(0, k - 1) : k + 1] == 0).any()]
        if len(missed) > holes:
            continue
        steps = np.linalg.norm(np.diff(sorted(map(tuple, [normal(one) for one in fine])), axis=0), axis=1)
        steps = steps[steps < 4 * length[-1] / points]
        if not len(steps) or steps.max() <= EVEN * steps.mean():
            break
    return [*fine, *edges]


def _own(room: Evaluator, party: int) -> Floats:
    rows = np.zeros(len(room.scale))
    rows[: len(room.problem.parties)] = EFFICIENT
    rows[party] = 1.0
    return rows


def _set(room: Evaluator, limits: list[Constraint], ends: list[Found], points: int) -> list[Search]:
    """Three parties or more: from points spread evenly on the simplex between the ends, straight outwards.

    Normal-boundary intersection (Das, Dennis 1998) with inequalities, so that each search is feasible: the
    largest t with every normalised payoff at least its reference plus t.
    """
    parties = len(room.problem.parties)
    corners = np.array([found.at.values[:parties] for found in ends])
    low, high = corners.min(axis=0), corners.max(axis=0)
    span = np.where(high > low, high - low, room.scale[:parties])
    searches = [(build(room, limits, rows=_own(room, i)), ends[i]) for i in range(parties)]
    for reference in _lattice(parties, points):
        goal = _outwards(room, limits, low, span, reference)
        searches.append((goal, climb(room, goal)))
    return searches


def _lattice(parties: int, points: int) -> list[Floats]:
    """At least `points` vectors of shares that sum to one, evenly spread, the corners left out."""
    steps = 1
    while math.comb(steps + parties - 1, parties - 1) - parties < points:
        steps += 1
    found = []
    for bars in itertools.combinations(range(steps + parties - 1), parties - 1):
        edges = np.array([-1, *bars, steps + parties - 1])
        share = (np.diff(edges) - 1) / steps
        if share.max() < 1:
            found.append(share)
    return found
