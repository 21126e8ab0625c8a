"""Issues that are either-or beside issues of degree: each combination of the former is a continuous bargain.

Combinations are enumerated. A payoff set in pieces has no other safe way, and the frontier of the whole is what
is undominated among the frontiers of the pieces.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.dominance import undominated
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.finite import powers
from winset.bargaining.frontier import FrontierPoint, frontier
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.solutions import CONVENTIONS, Solution, ideal_gains, solve_bargain
from winset.core.errors import RequestError

__all__ = ["Mixed", "MixedPoint", "solve_mixed"]

Floats = NDArray[np.float64]

MOST = 512
"""Combinations of either-or issues that are tried."""


@dataclass(frozen=True, kw_only=True, eq=False)
class MixedPoint(Plain):
    """A frontier point and the options it takes."""

    options: dict[str, str]
    point: FrontierPoint


@dataclass(frozen=True, kw_only=True, eq=False)
class Mixed(Plain):
    """Frontier and solutions over all combinations."""

    points: tuple[MixedPoint, ...]
    """Undominated over all combinations, in falling order of the first party's payoff."""
    solutions: dict[str, Solution]
    options: dict[str, dict[str, str]]
    """The options each solution takes, by solution."""
    ideal: Floats
    """(parties,) best individually rational gains over all combinations."""
    reasons: dict[str, str]
    """Combinations in which nothing is possible, and why."""
    evaluations: int


def solve_mixed(
    discrete: Mapping[str, Sequence[str]],
    problem: Callable[[dict[str, str]], Problem],
    *,
    points: int = 30,
    weights: ArrayLike | None = None,
) -> Mixed:
    """Solve a bargain with either-or issues.

    discrete: the options of each such issue by its name; problem: the continuous bargain once they are taken, with
    the same parties and disagreement each time. points: aimed at on each combination's frontier. weights: Nash
    powers. Each solution is the best of the combinations' by its own measure, with ideals over all of them.
    """
    count = math.prod(len(options) for options in discrete.values())
    if not 1 <= count <= MOST:
        raise RequestError(
            f"the either-or issues have {count:,} combinations",
            why=f"each is a bargain of its own, and 1 to {MOST} are tried",
            remedy="Fix some of them, or state additive issues with `additive`",
        )
    rooms: list[tuple[dict[str, str], Evaluator]] = []
    reasons: dict[str, str] = {}
    found: list[MixedPoint] = []
    for taken in itertools.product(*discrete.values()):
        options = dict(zip(discrete, taken, strict=True))
        room = Evaluator(problem(options))
        if rooms and not _alike(room.problem, rooms[0][1].problem):
            raise RequestError(f"the bargain under {options} has other parties or another disagreement point")
        traced = frontier(room, points=points)
        if traced.reason:
            reasons[", ".join(f"{k} {v}" for k, v in options.items())] = traced.reason
        found += [MixedPoint(options=options, point=point) for point in traced.points]
        rooms.append((options, room))
    parties = len(rooms[0][1].problem.parties)
    evaluations = sum(len(room.points) for _, room in rooms)
    if not found:
        return Mixed(
            points=(), solutions={}, options={}, ideal=np.zeros(parties), reasons=reasons, evaluations=evaluations
        )
    payoffs = np.array([one.point.payoffs for one in found])
    kept = undominated(payoffs)
    kept = kept[np.argsort(-payoffs[kept, 0], kind="stable")]
    open_rooms = [(o, r) for o, r in rooms if any(one.options is o for one in found)]
    ideal = np.max([ideal_gains(room) for _, room in open_rooms], axis=0)
    power = powers(weights, parties)
    best: dict[str, tuple[float, dict[str, str], Solution]] = {}
    for options, room in open_rooms:
        solved = solve_bargain(room, weights=power, ideal=ideal)
        for name, solution in solved.solutions.items():
            score = _score(name, solution.gains, ideal, power)
            if name not in best or score > best[name][0]:
                best[name] = (score, options, solution)
    return Mixed(
        points=tuple(found[k] for k in kept),
        solutions={name: best[name][2] for name in CONVENTIONS if name in best},
        options={name: best[name][1] for name in CONVENTIONS if name in best},
        ideal=ideal,
        reasons=reasons,
        evaluations=sum(len(room.points) for _, room in rooms),
    )


def _alike(one: Problem, other: Problem) -> bool:
    return one.parties == other.parties and bool((one.disagreement == other.disagreement).all())


def _score(name: str, gains: Floats, ideal: Floats, power: Floats) -> float:
    """What a solution maximises, to compare combinations."""
    able = ideal > 0
    if name == "utilitarian" or not able.any():
        return float(gains.sum())
    if name == "nash":
        return float(power[able] @ np.log(np.maximum(gains[able], 1e-300)))
    return float((gains[able] / ideal[able]).min() if name == "kalai_smorodinsky" else gains.min())
