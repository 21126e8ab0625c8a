"""Linkage: the same issues bargained apart and together, and what putting them on one table adds.

Linked bargaining gains in total only where parties value issues differently relative to one another: two issues
worth (3, 1) and (1, 3), each split evenly, give (2, 2) apart; linked, each side takes the issue it wants: (3, 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.additive import additive
from winset.bargaining.evaluator import Evaluator, evaluator_of
from winset.bargaining.finite import bargain, powers
from winset.bargaining.frontier import feasible
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.search import TOLERANCE
from winset.bargaining.solutions import CONVENTIONS, ideal_gains, search_solution
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["Linkage", "link_instruments", "link_issues"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Linkage(Plain):
    """Gains of each party over disagreement, apart and together."""

    solution: str
    apart: Floats
    """(parties,) all issues bargained one by one, each alone: gains of the whole."""
    together: Floats
    """(parties,) all issues on one table."""
    gain: Floats
    """(parties,) together less apart: a party may lose by linkage though the total of a solution seldom does."""
    by_issue: dict[str, Floats]
    """(parties,) gain of each issue bargained alone."""
    evaluations: int
    """Payoff evaluations; zero for lists."""


def link_issues(
    issues: Mapping[str, ArrayLike],
    disagreement: Mapping[str, ArrayLike],
    *,
    solution: str = "nash",
    weights: ArrayLike | None = None,
) -> Linkage:
    """Linkage of additive issues given as lists of options.

    issues: (options, parties) by name; disagreement: (parties,) by issue, what each has of that issue without
    agreement on it. An issue on which no option leaves everybody at least there stays without agreement.
    """
    known(solution, CONVENTIONS, "solution")
    if set(issues) != set(disagreement) or not issues:
        raise RequestError("linkage needs issues, and a disagreement point for each")
    names = list(issues)
    tables = [np.asarray(issues[name], dtype=np.float64) for name in names]
    points = [np.asarray(disagreement[name], dtype=np.float64) for name in names]
    alone: dict[str, Floats] = {}
    for name, table, point in zip(names, tables, points, strict=True):
        chosen = getattr(bargain(table, point, weights=weights), solution)
        alone[name] = table[chosen[0]] - point if chosen.size else np.zeros(len(point))
    apart = np.sum(list(alone.values()), axis=0)
    # No agreement on an issue is among the options of the linked talks as it is of those apart.
    whole = additive(
        [np.vstack([table, point]) for table, point in zip(tables, points, strict=True)],
        np.sum(points, axis=0),
        weights=weights,
    )
    chosen = getattr(whole, solution)
    together = whole.payoffs[chosen[0]] - np.sum(points, axis=0)
    return Linkage(
        solution=solution, apart=apart, together=together, gain=together - apart, by_issue=alone, evaluations=0
    )


def link_instruments(
    problem: Problem | Evaluator,
    parts: Mapping[str, Sequence[str]],
    status_quo: ArrayLike,
    *,
    solution: str = "nash",
    weights: ArrayLike | None = None,
) -> Linkage:
    """Linkage of groups of instruments of a continuous bargain.

    parts: instruments by group, none in two. status_quo: (m,) where instruments stay that are not agreed on; it is
    the disagreement point of every bargain here, apart and together. Apart: each group is bargained with all
    others at the status quo, and the results are put together. Instruments in no group stay.
    """
    known(solution, CONVENTIONS, "solution")
    base = evaluator_of(problem)
    instruments = base.problem.instruments
    taken = [name for names in parts.values() for name in names]
    if len(set(taken)) != len(taken) or not taken:
        raise RequestError("groups of linked instruments must not overlap and not all be empty")
    before = len(base.points)
    start = base.of(status_quo)
    count = len(base.problem.parties)
    # A room of its own: searches held to a few instruments start badly from packages where all of them moved.
    room = Evaluator(replace(base.problem, disagreement=start.values[:count]))
    power = powers(weights, count)
    mixed = start.z.copy()
    alone: dict[str, Floats] = {}
    for name, members in parts.items():
        at = [instruments.index(one) for one in members]
        z, gains = _bargained(room, solution, power, start.z, at)
        mixed[at] = z[at]
        alone[name] = gains
    assembled = room.at(mixed)
    if assembled is None:
        raise RequestError("the payoff function gave no finite payoff where the separate agreements meet")
    together = _bargained(room, solution, power, start.z, [instruments.index(one) for one in taken])[1]
    apart = assembled.values[:count] - start.values[:count]
    return Linkage(
        solution=solution,
        apart=apart,
        together=together,
        gain=together - apart,
        by_issue=alone,
        evaluations=len(room.points) - before,
    )


def _bargained(room: Evaluator, solution: str, power: Floats, z: Floats, at: list[int]) -> tuple[Floats, Floats]:
    """Package and gains where only some instruments move; the status quo where nobody can gain."""
    low, high = z.copy(), z.copy()
    low[at], high[at] = 0.0, room.top[at]
    box = (low, high)
    count = len(power)
    if feasible(room, box=box)[1]:
        return z, np.zeros(count)
    found = search_solution(room, solution, ideal_gains(room, box=box), power, box=box)
    gains = found.at.values[:count] - room.problem.disagreement
    if found.broken > 10 * TOLERANCE:
        return z, np.zeros(count)
    return found.at.z, gains
