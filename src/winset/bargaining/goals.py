"""What a search looks for: goals that are simple in the payoff rows, though the rows are not simple in packages.

Everything here is in scaled terms: rows divided by the evaluator's scale, packages within 0 to 1. With rows y,
package z and auxiliaries t (a common gain, a slack, the size of a change), a goal is

    maximise  r_y . y + r_z . z + r_t . t + sum_i b_i ln(y_i - d_i)
    subject to  A_y y + A_z z + A_t t >= c.

Only y(z) is costly and curved, so one method serves every solution concept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.evaluator import Evaluator
from winset.bargaining.problem import Limit

__all__ = ["Constraint", "Goal", "build", "gain_floor", "limits_of", "row_floor"]

Floats = NDArray[np.float64]

FLOOR = 1e-4
"""Below this scaled gain the logarithm is continued by its tangent parabola, so that a search may pass zero."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Constraint:
    """`rows . y + package . z + aux . t >= bound`, scaled."""

    name: str
    rows: Floats
    package: Floats
    bound: float
    aux: dict[int, float]
    """Coefficients of auxiliaries by number."""
    defines: int = -1
    """The auxiliary that this constraint bounds from one side; -1 where it defines none."""
    unit: float = 1.0
    """Raw size of one scaled unit: a multiplier in raw terms is the scaled one divided by this."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Goal:
    """A goal in arrays; see the module."""

    names: tuple[str, ...]
    units: Floats
    reward_rows: Floats
    reward_package: Floats
    reward_aux: Floats
    powers: Floats
    """(rows,) b_i; zero where a row has no logarithm."""
    offsets: Floats
    """(rows,) d_i."""
    a_rows: Floats
    a_package: Floats
    a_aux: Floats
    bounds: Floats
    defines: NDArray[np.intp]
    aux_low: Floats

    def project(self, z: Floats, y: Floats) -> Floats:
        """(points, aux): the best auxiliaries at given packages and rows, in closed form."""
        t = np.tile(self.aux_low, (len(z), 1))
        rest = y @ self.a_rows.T + z @ self.a_package.T - self.bounds
        for j in range(len(self.aux_low)):
            mine = np.flatnonzero(self.defines == j)
            if not mine.size:
                continue
            limits = -rest[:, mine] / self.a_aux[mine, j]
            # Lifted by some constraints or held down by them, as its coefficient says.
            t[:, j] = (
                np.maximum(limits.max(axis=1), self.aux_low[j]) if self.a_aux[mine[0], j] > 0 else limits.min(1)
            )
        return t

    def slack(self, z: Floats, y: Floats, t: Floats) -> Floats:
        """(points, constraints) left side less right side: negative where broken."""
        return np.asarray(y @ self.a_rows.T + z @ self.a_package.T + t @ self.a_aux.T - self.bounds)

    def reward(self, z: Floats, y: Floats, t: Floats) -> Floats:
        """(points,) value of the goal."""
        value = y @ self.reward_rows + z @ self.reward_package + t @ self.reward_aux
        for row in np.flatnonzero(self.powers):
            value = value + self.powers[row] * soft_log(y[:, row] - self.offsets[row])
        return np.asarray(value)

    def row_slopes(self, y: Floats) -> Floats:
        """(rows,) derivative of the reward in the rows at one point."""
        slope = self.reward_rows.copy()
        for row in np.flatnonzero(self.powers):
            slope[row] += self.powers[row] * soft_log_slope(y[row] - self.offsets[row])
        return slope

    def merit(self, z: Floats, y: Floats, penalty: float) -> Floats:
        """(points,) reward at the best auxiliaries less the penalty on broken constraints."""
        t = self.project(z, y)
        broken = np.maximum(0.0, -self.slack(z, y, t)).sum(axis=1)
        return np.asarray(self.reward(z, y, t) - penalty * broken)


def soft_log(gain: Floats) -> Floats:
    """ln, continued below FLOOR by its second-order expansion there: concave and finite."""
    part = (np.minimum(gain, FLOOR) - FLOOR) / FLOOR
    return np.asarray(np.log(np.maximum(gain, FLOOR)) + part - 0.5 * part**2)


def soft_log_slope(gain: float) -> float:
    """Derivative of `soft_log`."""
    return 1.0 / gain if gain > FLOOR else (1.0 - (gain - FLOOR) / FLOOR) / FLOOR


def build(
    room: Evaluator,
    constraints: Sequence[Constraint],
    *,
    rows: Floats | None = None,
    package: Floats | None = None,
    aux: Sequence[float] = (),
    aux_low: Sequence[float] = (),
    powers: Floats | None = None,
    offsets: Floats | None = None,
) -> Goal:
    """Put a goal together from scaled rewards and constraints."""
    count, m = len(room.scale), len(room.low)
    a_aux = np.zeros((len(constraints), len(aux)))
    for k, one in enumerate(constraints):
        for j, value in one.aux.items():
            a_aux[k, j] = value
    return Goal(
        names=tuple(one.name for one in constraints),
        units=np.array([one.unit for one in constraints]),
        reward_rows=np.zeros(count) if rows is None else rows,
        reward_package=np.zeros(m) if package is None else package,
        reward_aux=np.array(aux, dtype=np.float64),
        powers=np.zeros(count) if powers is None else powers,
        offsets=np.zeros(count) if offsets is None else offsets,
        a_rows=np.array([one.rows for one in constraints]).reshape(len(constraints), count),
        a_package=np.array([one.package for one in constraints]).reshape(len(constraints), m),
        a_aux=a_aux,
        bounds=np.array([one.bound for one in constraints]),
        defines=np.array([one.defines for one in constraints], dtype=np.intp),
        aux_low=np.array(aux_low, dtype=np.float64),
    )


def row_floor(
    room: Evaluator,
    name: str,
    row: int,
    at_least: float,
    *,
    aux: dict[int, float] | None = None,
    defines: int = -1,
) -> Constraint:
    """Row `row` stays at or above a raw value (auxiliaries in scaled units)."""
    rows = np.zeros(len(room.scale))
    rows[row] = 1.0
    scale = float(room.scale[row])
    return Constraint(
        name=name,
        rows=rows,
        package=np.zeros(len(room.low)),
        bound=at_least / scale,
        aux=aux or {},
        defines=defines,
        unit=scale,
    )


def gain_floor(room: Evaluator, party: int, at_least: float = 0.0) -> Constraint:
    """A party gains at least so much (raw) over disagreement."""
    problem = room.problem
    name = f"{problem.parties[party]} at least at disagreement"
    return row_floor(room, name, party, float(problem.disagreement[party]) + at_least)


def limits_of(room: Evaluator, limits: Sequence[Limit], *, aux: dict[str, int] | None = None) -> list[Constraint]:
    """Limits in scaled terms; `aux` gives a limit, by name, the auxiliary that relaxes it.

    A limit is divided by its largest scaled coefficient, and its auxiliary is in those units.
    """
    found = []
    for limit in limits:
        c, e = limit.coefficients(room.problem.rows, room.problem.instruments.names)
        bound = limit.sign * limit.bound - float(e @ room.low)
        c, e = c * room.scale, e * room.width
        size = max(float(np.abs(c).max()), float(np.abs(e).max()))
        number = -1 if aux is None else aux.get(limit.name, -1)
        found.append(
            Constraint(
                name=limit.name,
                rows=c / size,
                package=e / size,
                bound=bound / size,
                aux={} if number < 0 else {number: 1.0},
                defines=number,
                unit=size,
            )
        )
    return found
