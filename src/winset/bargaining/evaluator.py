"""Evaluations of one problem, kept: every solver of this room draws on the same points and curvature.

A payoff function costs a model solve, so nothing is evaluated twice, each search starts from the best point
known for its goal, and second derivatives of all rows, learnt from differences of gradients (symmetric
rank-one updates), are shared between all searches: along a frontier only the weights of rows change.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import qmc

from winset.bargaining.problem import Measure, Problem
from winset.core.errors import RequestError

__all__ = ["Evaluation", "Evaluator", "evaluator_of"]

Floats = NDArray[np.float64]

FEW = 10.0
"""Slopes this many times the median are taken for jumps when rows are scaled."""
NEAR = 1e-4
"""Two points closer than this share of the widths teach no curvature: their difference is mostly rounding."""
RECENT = 1000
"""Points back to which a neighbour is looked for, to learn curvature from."""
SCOUTS = 4
"""Starts tried where other basins are looked for."""
STARTS = 16
"""Least number of points looked at before any search."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """What is known at one package."""

    z: Floats
    """(m,) position within the bounds, 0 at low and 1 at high."""
    x: Floats
    """(m,) the package."""
    values: Floats
    """(rows,)"""
    jacobian: Floats
    """(rows, m), per unit of z."""


@dataclass(kw_only=True)
class _Calls:
    """Answers of one payoff function, shared by all evaluators that were derived from one another."""

    count: int = 0
    known: dict[bytes, tuple[Floats, Floats] | None] = field(default_factory=dict)


class Evaluator:
    """Evaluates a problem's payoffs, remembering points and curvature. Not for use by two threads at once."""

    def __init__(
        self, problem: Problem, *, starts: int | None = None, seed: int = 0, scouts: int = SCOUTS
    ) -> None:
        """starts: points of a scrambled Sobol sequence looked at first (default: 16 or twice the instruments).
        scouts: starts of a search where other basins are looked for."""
        self.problem = problem
        self.scouts = max(1, scouts)
        self.low, self.width = problem.instruments.low, problem.instruments.width
        self.top = np.where(problem.instruments.high > self.low, 1.0, 0.0)
        self.points: list[Evaluation] = []
        self._shared = _Calls()
        self._parent: Evaluator | None = None
        self.failed = 0
        """Packages at which a payoff was missing or infinite: searches avoid them."""
        self._known: dict[bytes, Evaluation | None] = {}
        self._z = np.empty((0, len(self.low)))
        self._values = np.empty((0, len(problem.rows)))
        m = len(self.low)
        self.curvature = np.zeros((len(problem.rows), m, m))
        """(rows, m, m) second derivatives as learnt so far, per unit of z twice."""
        count = max(STARTS, 2 * m) if starts is None else max(1, starts)
        draws = qmc.Sobol(m, seed=seed).random(1 << (count - 1).bit_length())[:count] if m <= 21201 else None
        if draws is None:
            raise RequestError(f"{m} instruments are too many")
        for z in np.vstack([np.full(m, 0.5), draws[1:]]):
            self.at(z * self.top)
        self._scale()

    def derived(self, problem: Problem) -> Evaluator:
        """An evaluator of the same payoffs with other measures, limits or disagreement, from what is known.

        The problem must have the same instruments, parties, groups and payoff function; no call is made. What
        the new one evaluates is known to this one, too.
        """
        mine = self.problem
        if problem.payoffs is not mine.payoffs or problem.instruments is not mine.instruments:
            raise RequestError(
                "only a problem with the same payoff function and instruments can share evaluations"
            )
        other = object.__new__(Evaluator)
        other.__dict__.update(self.__dict__)
        other.problem, other.points = problem, []
        other.failed, other._parent = 0, self
        other._known = {key: None for key, found in self._known.items() if found is None}
        other._z, other._values = np.empty((0, len(self.low))), np.empty((0, len(problem.rows)))
        other.curvature = np.zeros((len(problem.rows), *self.curvature.shape[1:]))
        base = len(problem.parties) + len(problem.groups)
        for point in self.points:
            found = other._with_measures(point.z, point.values[:base], point.jacobian[:base])
            if found is not None:
                other._keep(found)
        other._scale()
        return other

    def _keep(self, found: Evaluation) -> None:
        self._known[found.z.tobytes()] = found
        self._learn(found)
        self.points.append(found)
        count = len(self.points)
        if count > len(self._z):
            # Room for twice as many, so that a large sample is not copied at every point.
            self._z = np.vstack([self._z, np.empty((count, self._z.shape[1]))])
            self._values = np.vstack([self._values, np.empty((count, self._values.shape[1]))])
        self._z[count - 1], self._values[count - 1] = found.z, found.values

    def _scale(self) -> None:
        if not self.points:
            raise RequestError(
                "the payoff function gave no finite payoff at any package looked at",
                remedy="Check the bounds of the instruments, or the function at a package that is known",
            )
        spread = np.ptp(self.values, axis=0)
        # One point at which a payoff jumps must not flatten everything else: slopes count up to a few usual ones.
        slopes = np.abs(np.array([p.jacobian for p in self.points])).max(axis=2)
        slope = np.minimum(slopes.max(axis=0), FEW * np.median(slopes, axis=0))
        size = np.maximum(spread, slope)
        self.scale = np.where(size > 0, size, 1.0)
        """(rows,) size of each row's changes, by which it is divided in searches."""

    @property
    def calls(self) -> int:
        """Calls of the payoff function so far, those for finite differences and by derived evaluators included."""
        return self._shared.count

    @property
    def z(self) -> Floats:
        """(points, m) all packages evaluated so far, within 0 to 1."""
        return self._z[: len(self.points)]

    @property
    def values(self) -> Floats:
        """(points, rows) their rows."""
        return self._values[: len(self.points)]

    def of(self, x: ArrayLike) -> Evaluation:
        """Evaluate a named-unit package; one without finite payoffs is the caller's mistake."""
        package = self.problem.instruments.package(x)
        found = self.at((package - self.low) / self.width)
        if found is None:
            raise RequestError(f"a payoff is missing or infinite at {self.problem.instruments.named(package)}")
        return found

    def at(self, z: Floats) -> Evaluation | None:
        """Evaluate a point within 0 to 1; None where a payoff is missing or infinite."""
        z = np.clip(z, 0.0, self.top)
        key = z.tobytes()
        if key not in self._known:
            self._known[key] = found = self._evaluate(z)
            if found is None:
                self.failed += 1
            else:
                self._keep(found)
            if self._parent is not None:
                self._parent.at(z)
        return self._known[key]

    def _call(self, z: Floats) -> tuple[Floats, Floats | None]:
        """(parties and groups,) and their jacobian per unit of z, checked."""
        problem = self.problem
        rows, m = len(problem.parties) + len(problem.groups), len(z)
        self._shared.count += 1
        values, jacobian = problem.payoffs(self.low + z * self.width)
        values = np.asarray(values, dtype=np.float64)
        if values.shape != (rows,):
            raise RequestError(
                f"the payoff function returned shape {values.shape}, expected ({rows},)",
                why="it gives one number for each party and then each group",
            )
        if jacobian is None:
            return values, None
        jacobian = np.asarray(jacobian, dtype=np.float64)
        if jacobian.shape != (rows, m):
            raise RequestError(f"the jacobian has shape {jacobian.shape}, expected ({rows}, {m})")
        return values, jacobian * self.width

    def _evaluate(self, z: Floats) -> Evaluation | None:
        key = z.tobytes()
        if key not in self._shared.known:
            self._shared.known[key] = self._differentiated(z)
        known = self._shared.known[key]
        return None if known is None else self._with_measures(z, *known)

    def _differentiated(self, z: Floats) -> tuple[Floats, Floats] | None:
        """Parties and groups with their jacobian, from the payoff function; None where something is not finite."""
        values, jacobian = self._call(z)
        if not np.isfinite(values).all() or (jacobian is not None and not np.isfinite(jacobian).all()):
            return None
        if jacobian is None:
            jacobian = np.zeros((len(values), len(z)))
            for k in np.flatnonzero(self.top > 0):
                step = self.problem.step if z[k] + self.problem.step <= 1 else -self.problem.step
                near = z.copy()
                near[k] += step
                beside = self._call(near)[0]
                if not np.isfinite(beside).all():
                    return None
                jacobian[:, k] = (beside - values) / step
        return values, jacobian * self.top

    def _with_measures(self, z: Floats, values: Floats, jacobian: Floats) -> Evaluation | None:
        for measure in self.problem.measures:
            value, gradient = self._measure(measure, z, values, jacobian)
            if not np.isfinite(value) or not np.isfinite(gradient).all():
                return None
            values, jacobian = np.append(values, value), np.vstack([jacobian, gradient])
        return Evaluation(z=z, x=self.low + z * self.width, values=values, jacobian=jacobian)

    def _measure(self, measure: Measure, z: Floats, values: Floats, jacobian: Floats) -> tuple[float, Floats]:
        function = measure.function
        rows = len(self.problem.parties) + len(self.problem.groups)
        values, jacobian = values[:rows], jacobian[:rows]
        value, gradient = function(self.low + z * self.width, values, jacobian / self.width)
        if gradient is not None:
            return float(value), np.asarray(gradient, dtype=np.float64) * self.width * self.top
        # Rows move along their tangents: exact to first order and without a further payoff call.
        slope = np.zeros(len(z))
        for k in np.flatnonzero(self.top > 0):
            step = self.problem.step if z[k] + self.problem.step <= 1 else -self.problem.step
            near = z.copy()
            near[k] += step
            beside = function(self.low + near * self.width, values + jacobian[:, k] * step, jacobian / self.width)[
                0
            ]
            slope[k] = (float(beside) - float(value)) / step
        return float(value), slope

    def _learn(self, new: Evaluation) -> None:
        """Symmetric rank-one update of every row's second derivatives from the nearest known point."""
        if not self.points:
            return
        first = max(0, len(self.points) - RECENT)
        distance = np.abs(self.z[first:] - new.z).max(axis=1)
        distance[distance < NEAR] = np.inf
        nearest = int(distance.argmin())
        if not np.isfinite(distance[nearest]):
            return
        old = self.points[first + nearest]
        step = new.z - old.z
        gap = new.jacobian - old.jacobian - self.curvature @ step
        along = gap @ step
        sound = np.abs(along) > 1e-3 * np.linalg.norm(gap, axis=1) * np.linalg.norm(step)
        for row in np.flatnonzero(sound):
            self.curvature[row] += np.outer(gap[row], gap[row]) / along[row]


def evaluator_of(problem: Problem | Evaluator) -> Evaluator:
    """The evaluator itself, or a new one for a problem: pass one around to share what was evaluated."""
    return problem if isinstance(problem, Evaluator) else Evaluator(problem)
