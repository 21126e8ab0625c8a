"""One search for every goal: quadratic models of the payoff rows in a trust region.

At a package the rows are replaced by their second-order models (gradients exact, curvature learnt, see
`evaluator`), the goal is maximised over the models with SLSQP, which costs no payoff evaluation, and the winner
is evaluated. That is the trust-region method for composite objectives (Conn, Gould, Toint 2000, ch. 11). The
models carry a moved bound to a good package at once, so a neighbour on a frontier takes two or three
evaluations. Optima are local; every search starts from the best package known for its goal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, nnls

from winset.bargaining.evaluator import Evaluation, Evaluator
from winset.bargaining.goals import Goal, soft_log, soft_log_slope
from winset.core.errors import RequestError

__all__ = ["Box", "Found", "climb", "climb_apart", "first_order", "stationarity"]

Floats = NDArray[np.float64]

TOLERANCE = 1e-6
"""First-order residual at which a search ends, in scaled terms (rows and widths of order one)."""
ACTIVE = 1e-6
"""A constraint or bound this near to equality is active."""
APART = 0.2
"""Share of an instrument's width by which such starts differ at least."""
STEPS = 40
"""Most evaluations of one search."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Where a search ended."""

    at: Evaluation
    aux: Floats
    residual: float
    """Largest entry of the first-order condition, scaled; zero at an exact stationary point."""
    broken: float
    """Largest violation of a constraint, scaled; zero where all hold."""
    multipliers: dict[str, float]
    """Reward per raw unit by which an active constraint is loosened."""
    tight: tuple[str, ...]
    """Constraints that hold with equality or are broken."""
    evaluations: int

    @property
    def converged(self) -> bool:
        """Feasible, and stationary to a hundred times the tolerance (noise of the payoffs may stop it short)."""
        return self.broken <= 10 * ACTIVE and self.residual <= 100 * TOLERANCE


Box = tuple[Floats, Floats]
"""Lowest and highest scaled package of a search; where they are equal an instrument is held."""


def climb(room: Evaluator, goal: Goal, start: Floats | None = None, *, box: Box | None = None) -> Found:
    """Maximise a goal from `start` (scaled package), or from the best package evaluated so far in the box."""
    box = (np.zeros(len(room.low)), room.top) if box is None else box
    calls = len(room.points)
    penalty = 10.0
    here = _begin(room, goal, penalty, start, box)
    radius = 0.3
    for _ in range(STEPS):
        residual, multipliers, broken = first_order(room, goal, here, box)
        if multipliers.size and 2 * multipliers.max() > penalty:
            penalty = 2 * float(multipliers.max())
        if max(residual, broken) <= TOLERANCE or radius < 1e-9:
            break
        merit = _merit(room, goal, here, penalty)
        step, promised = _model_step(room, goal, here, radius, penalty, box)
        if promised <= 1e-15 * max(1.0, abs(merit)):
            if radius <= 1e-6:
                break
            radius *= 0.1
            continue
        there = room.at(here.z + step)
        gained = -np.inf if there is None else _merit(room, goal, there, penalty) - merit
        length = float(np.abs(step).max())
        if gained < 0.25 * promised:
            radius = 0.3 * length
        elif gained > 0.7 * promised and length > 0.9 * radius:
            radius = min(1.0, 2.5 * radius)
        if there is not None and gained > 0.0:
            here = there
    residual, multipliers, broken = first_order(room, goal, here, box)
    y = (here.values / room.scale)[None]
    slack = goal.slack(here.z[None], y, goal.project(here.z[None], y))[0]
    return Found(
        at=here,
        aux=goal.project(here.z[None], y)[0],
        residual=residual,
        broken=broken,
        multipliers={
            name: float(value / unit)
            for name, value, unit in zip(goal.names, multipliers, goal.units, strict=True)
            if value > 0
        },
        tight=tuple(name for name, s in zip(goal.names, slack, strict=True) if s <= ACTIVE),
        evaluations=len(room.points) - calls,
    )


def climb_apart(room: Evaluator, goal: Goal, *, box: Box | None = None) -> Found:
    """The best of climbs from several good packages that lie apart: optima are local, basins may be many."""
    merits = goal.merit(room.z, room.values / room.scale, 10.0)
    known = room.z if box is None else np.clip(room.z, *box)
    starts: list[Floats] = []
    for k in np.argsort(-merits, kind="stable"):
        if len(starts) >= room.scouts:
            break
        if all(np.abs(known[k] - other).max() > APART for other in starts):
            starts.append(known[k].copy())
    # The first from the best package known inside the box, whatever the others find.
    tries = [climb(room, goal, None if k == 0 else start, box=box) for k, start in enumerate(starts)]
    values = [goal.merit(f.at.z[None], (f.at.values / room.scale)[None], 100.0)[0] for f in tries]
    return tries[int(np.argmax(values))]


def _begin(room: Evaluator, goal: Goal, penalty: float, start: Floats | None, box: Box) -> Evaluation:
    given = None if start is None else room.at(np.clip(start, *box))
    if given is not None:
        return given
    merits = goal.merit(room.z, room.values / room.scale, penalty)
    inside = ((room.z >= box[0] - 1e-12) & (room.z <= box[1] + 1e-12)).all(axis=1)
    if not inside.all():
        # Nobody may have looked inside the box yet: the best package known, moved into it, is looked at.
        moved = room.at(np.clip(room.points[int(np.argmax(merits))].z, *box))
        if not inside.any():
            middle = moved if moved is not None else room.at((box[0] + box[1]) / 2)
            if middle is None:
                raise RequestError("the payoff function gives no finite payoff where this search must look")
            return middle
        merits = goal.merit(room.z, room.values / room.scale, penalty)
        inside = ((room.z >= box[0] - 1e-12) & (room.z <= box[1] + 1e-12)).all(axis=1)
        merits = np.where(inside, merits, -np.inf)
    return room.points[int(np.argmax(merits))]


def _merit(room: Evaluator, goal: Goal, at: Evaluation, penalty: float) -> float:
    return float(goal.merit(at.z[None], (at.values / room.scale)[None], penalty)[0])


def _model_step(
    room: Evaluator, goal: Goal, here: Evaluation, radius: float, penalty: float, box: Box
) -> tuple[Floats, float]:
    """Best step on the models within the trust region, and the rise of merit that the models promise.

    Where SLSQP loses its way on the curved models (they need not be concave), the straight ones serve.
    """
    step, promised = _model_solution(room, goal, here, radius, penalty, box, curved=True)
    return (
        (step, promised) if promised > 0 else _model_solution(room, goal, here, radius, penalty, box, curved=False)
    )


def _model_solution(
    room: Evaluator, goal: Goal, here: Evaluation, radius: float, penalty: float, box: Box, *, curved: bool
) -> tuple[Floats, float]:
    # Only instruments that may move are variables.
    free = np.flatnonzero(box[1] > box[0])
    m, a = len(free), len(goal.aux_low)
    if not m:
        return np.zeros(len(here.z)), 0.0
    y0 = here.values / room.scale
    jac = here.jacobian[:, free] / room.scale[:, None]
    bend = room.curvature[:, free][:, :, free] / room.scale[:, None, None] * curved
    reward_package, a_package = goal.reward_package[free], goal.a_package[:, free]
    used = np.flatnonzero((goal.a_rows != 0).any(axis=0) | (goal.reward_rows != 0) | (goal.powers != 0))
    t0 = goal.project(here.z[None], y0[None])[0]
    broken = goal.slack(here.z[None], y0[None], t0[None])[0]
    elastic = np.flatnonzero(broken < 0)
    e = len(elastic)
    logs = np.flatnonzero(goal.powers)

    def rows(p: Floats) -> Floats:
        y = y0.copy()
        y[used] = y0[used] + jac[used] @ p + 0.5 * (bend[used] @ p) @ p
        return y

    def slopes(p: Floats) -> Floats:
        g = np.zeros_like(jac)
        g[used] = jac[used] + bend[used] @ p
        return g

    def loss(v: Floats) -> float:
        y = rows(v[:m])
        value = y @ goal.reward_rows + v[:m] @ reward_package + v[m : m + a] @ goal.reward_aux
        value += sum(goal.powers[i] * float(soft_log(y[i] - goal.offsets[i])) for i in logs)
        return -float(value - penalty * v[m + a :].sum())

    def loss_slope(v: Floats) -> Floats:
        y = rows(v[:m])
        weight = goal.reward_rows.copy()
        for i in logs:
            weight[i] += goal.powers[i] * soft_log_slope(float(y[i] - goal.offsets[i]))
        return -np.concatenate([weight @ slopes(v[:m]) + reward_package, goal.reward_aux, np.full(e, -penalty)])

    lift = np.zeros((len(goal.bounds), e))
    lift[elastic, np.arange(e)] = 1.0

    settled = goal.a_package @ here.z - goal.bounds

    def slack(v: Floats) -> Floats:
        left = goal.a_rows @ rows(v[:m]) + a_package @ v[:m] + goal.a_aux @ v[m : m + a]
        return np.asarray(left + lift @ v[m + a :] + settled)

    def slack_slope(v: Floats) -> Floats:
        return np.hstack([goal.a_rows @ slopes(v[:m]) + a_package, goal.a_aux, lift])

    low = np.maximum(-radius, box[0] - here.z)[free]
    high = np.minimum(radius, box[1] - here.z)[free]
    start = np.concatenate([np.zeros(m), t0, -broken[elastic]])
    low = np.concatenate([low, goal.aux_low, np.zeros(e)])
    high = np.concatenate([high, np.full(a + e, np.inf)])
    constraints = [{"type": "ineq", "fun": slack, "jac": slack_slope}] if len(goal.bounds) else []
    with np.errstate(all="ignore"):
        result = minimize(
            loss,
            start,
            jac=loss_slope,
            bounds=np.column_stack([low, high]),
            constraints=constraints,
            method="SLSQP",
            options={"maxiter": 60, "ftol": 1e-14},
        )
    step = np.zeros(len(here.z))
    if not np.isfinite(result.x).all():
        return step, 0.0
    step[free] = np.clip(result.x[:m], low[:m], high[:m])
    at = goal.merit(np.array([here.z, here.z + step]), np.array([y0, rows(step[free])]), penalty)
    return step, float(at[1] - at[0])


def first_order(room: Evaluator, goal: Goal, at: Evaluation, box: Box) -> tuple[float, Floats, float]:
    """(residual, multipliers of the constraints scaled, largest violation) of a goal at a package."""
    y = at.values / room.scale
    jac = at.jacobian / room.scale[:, None]
    t = goal.project(at.z[None], y[None])[0]
    slack = goal.slack(at.z[None], y[None], t[None])[0]
    rise = np.concatenate([goal.row_slopes(y) @ jac + goal.reward_package, goal.reward_aux])
    active = np.flatnonzero(slack <= ACTIVE)
    normals = np.hstack([goal.a_rows @ jac + goal.a_package, goal.a_aux])[active]
    bounds = _bound_normals(at.z, len(t), box)
    floors = np.zeros((0, len(rise)))
    resting = np.flatnonzero(np.isfinite(goal.aux_low) & (t <= goal.aux_low + ACTIVE))
    if resting.size:
        floors = np.zeros((len(resting), len(rise)))
        floors[np.arange(len(resting)), len(at.z) + resting] = 1.0
    # An instrument that is held has no condition to meet.
    free = np.concatenate([box[1] > box[0], np.ones(len(t), dtype=bool)])
    columns, rise = np.vstack([normals, bounds, floors]).T[free], rise[free]
    multipliers = np.zeros(len(slack))
    left = rise
    if columns.shape[1]:
        solution = nnls(columns, -rise)[0]
        multipliers[active] = solution[: len(active)]
        left = rise + columns @ solution
    # Rewards with logarithms grow steep near zero gains; the residual is relative to the slope there.
    size = max(1.0, float(np.abs(rise).max(initial=0.0)))
    return (
        float(np.abs(left).max(initial=0.0)) / size,
        multipliers,
        float(np.maximum(0, -slack).max(initial=0)),
    )


def _bound_normals(z: Floats, aux: int, box: Box) -> Floats:
    """Inward normals of the bounds on which a package lies; fixed instruments have none."""
    low, high = box
    free = high > low
    eye = np.hstack([np.eye(len(z)), np.zeros((len(z), aux))])
    return np.vstack([eye[(z <= low + ACTIVE) & free], -eye[(z >= high - ACTIVE) & free]])


def stationarity(
    room: Evaluator, at: Evaluation, constraints: Goal
) -> tuple[float, Floats, dict[str, float], dict[str, float]]:
    """How nearly a package is Pareto optimal to first order.

    Seeks weights of the parties (scaled, not negative, summing to one) and multipliers under which no
    instrument raises the weighted sum of payoffs. Returns the residual; the weights per raw payoff unit,
    summing to one; the price of each active limit in units of that weighted sum; and the same for each
    instrument on a bound, per raw unit of the instrument (negative at its low end).
    """
    parties, m = len(room.problem.parties), len(at.z)
    jac = at.jacobian / room.scale[:, None]
    y = at.values / room.scale
    slack = constraints.slack(at.z[None], y[None], np.zeros((1, constraints.a_aux.shape[1])))[0]
    active = np.flatnonzero(slack <= ACTIVE)
    normals = (constraints.a_rows @ jac + constraints.a_package)[active]
    bounds = _bound_normals(at.z, 0, (np.zeros(m), room.top))
    columns = np.vstack([jac[:parties], normals, bounds])
    count = parties + len(active)
    ones = np.zeros(len(columns))
    ones[:parties] = 1.0
    heavy = 1e3
    solution = nnls(np.vstack([columns.T, heavy * ones]), np.concatenate([np.zeros(m), [heavy]]))[0]
    solution = solution / max(float(solution[:parties].sum()), 1e-300)
    left = columns.T @ solution
    raw = solution[:parties] / room.scale[:parties]
    total = float(raw.sum())
    prices = {
        constraints.names[k]: float(solution[parties + i] / constraints.units[k] / total)
        for i, k in enumerate(active)
        if solution[parties + i] > 0
    }
    names = room.problem.instruments.names
    on_bounds = {
        names[int(np.flatnonzero(normal)[0])]: float(-normal.sum() * value)
        / float(room.width[int(np.flatnonzero(normal)[0])])
        / total
        for normal, value in zip(bounds, solution[count:], strict=True)
    }
    residual = float(np.abs(left[room.top > 0]).max(initial=0.0))
    return residual, raw / total, prices, on_bounds
