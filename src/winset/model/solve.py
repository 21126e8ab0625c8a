"""Solving for an equilibrium: a safeguarded, Anderson-accelerated fixed point, compiled by JAX.

The unknowns are log wages, log sector prices and log sector spending, each as a change from the baseline.
One pass through equations (1) to (6) maps them to themselves; the residual is the largest log difference
of that map over all markets, hence free of scale. Acceleration mixes the last passes (Anderson 1965, type
II; Walker and Ni 2011). It is safeguarded: a step that does not reduce the residual is undone, the memory
is dropped, and plain passes with a shorter wage step follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model import equations as eqn
from winset.model.baseline import Baseline, Floats
from winset.model.equilibrium import Equilibrium, Levels, equilibrium_from
from winset.model.preconditioner import cautious, preconditioner
from winset.model.shocks import Shock

__all__ = ["CLOSURES", "balanced_world", "solve", "solve_many"]

CLOSURES = ("world-share", "balanced", "nominal", "own-share")
MEMORY = 10
"""Passes mixed by the acceleration."""
MAX_ITERATIONS = 2000
TOLERANCE = 1e-10
DIRECT = 120
"""Passes that the whole shock in one go is given before it is taken in steps."""
SMALLEST_STEP = 1 / 1024
"""Share of a shock below which a step that still fails means that the path ends there."""


class _State(NamedTuple):
    point: Array
    """(m,) unknowns."""
    step: Array
    """(m,) map(point) - point, unit wage step."""
    residual: Array
    """max |step| over markets."""
    points: Array
    """(MEMORY, m) last points."""
    steps: Array
    """(MEMORY, m) their steps."""
    used: Array
    """number of valid rows."""
    damping: Array
    """multiplies the wage step of plain passes, in (0, 1]."""
    best_point: Array
    best_residual: Array
    iteration: Array


def _unpack(point: Array, n: int, s: int) -> tuple[Array, Array, Array]:
    return point[:n], point[n : n + n * s].reshape(n, s), point[n + n * s :].reshape(n, s)


def _split(point: Floats, n: int, s: int) -> tuple[Floats, Floats, Floats]:
    return point[:n], point[n : n + n * s].reshape(n, s), point[n + n * s :].reshape(n, s)


def _pass(point: Array, economy: eqn.Economy, closure: str) -> tuple[Array, Array]:
    """One pass: the step of every unknown (wages scaled), and the step with wages unscaled (the residual)."""
    n, s = economy.va_is.shape
    log_wage, log_price, log_spend = _unpack(point, n, s)
    # Only relative wages matter; the numeraire (world labour income unchanged) is imposed on the way in.
    log_wage = log_wage - jnp.log((jnp.exp(log_wage) * economy.va_i).sum())
    wage = jnp.exp(log_wage)
    spending = economy.expenditure_js * jnp.exp(log_spend)
    cost_power = jnp.exp(-economy.theta_s * eqn.costs(log_wage, log_price, economy))
    kernel = eqn.price_kernel(cost_power, economy)
    active = economy.expenditure_js > 0
    safe_kernel = jnp.where(active, kernel, 1.0)
    new_log_price = jnp.where(active, -jnp.log(safe_kernel) / economy.theta_s, 0.0)
    output = eqn.outputs(cost_power, safe_kernel, spending, economy)
    wedge = jnp.where(active, eqn.tariff_wedge(cost_power, safe_kernel, economy), 0.0)
    inputs = eqn.intermediate_demand(output, economy)
    money = eqn.income(wage, wedge, inputs, spending, economy, closure)
    # Negative income would still solve the equations; it is no equilibrium.
    money = jnp.where(money > 0, money, jnp.nan)
    new_spending = inputs + economy.alpha_js * money[:, None]
    new_log_spend = jnp.where(active, jnp.log(new_spending / jnp.where(active, economy.expenditure_js, 1.0)), 0.0)
    excess = jnp.log(eqn.labour_demand(output, economy) / (wage * economy.va_i))
    price_gap, spend_gap = new_log_price - log_price, new_log_spend - log_spend
    # Steering (see `preconditioner`): wages take Newton's step for their markets, prices and spending follow
    # them and solve out the region's own loop (prices through the transpose; spending in levels).
    wage_step = economy.wage_im @ excess
    wage_step = wage_step / jnp.maximum(1.0, jnp.abs(wage_step).max())
    follows = economy.price_ism.shape[2]
    level = jnp.where(active, economy.expenditure_js, 1.0) * jnp.exp(log_spend)
    price_step = (
        jnp.einsum("iks,ik->is", economy.leontief_iks, price_gap) + economy.price_ism @ wage_step[:follows]
    )
    spend_step = (
        jnp.einsum("iks,is->ik", economy.leontief_iks, spend_gap * level) / level
        + economy.spend_ism @ wage_step[:follows]
    )
    shift = log_wage - point[:n]
    step = jnp.concatenate([shift + wage_step, price_step.ravel(), spend_step.ravel()])
    return step, jnp.concatenate([excess, price_gap.ravel(), spend_gap.ravel()])


def _accelerated(state: _State) -> Array:
    """The Anderson mix of the remembered points and steps."""
    rows = jnp.arange(MEMORY)
    valid = (rows < state.used)[:, None]
    d_step = jnp.where(valid, state.step[None] - state.steps, 0.0)
    d_point = jnp.where(valid, state.point[None] - state.points, 0.0)
    gram = d_step @ d_step.T
    # A tiny ridge keeps the normal equations solvable when remembered steps are nearly parallel.
    scale = jnp.trace(gram) / jnp.maximum(state.used, 1)
    ridge = 1e-14 * scale + 1e-300
    mix = jnp.linalg.solve(gram + ridge * jnp.eye(MEMORY), d_step @ state.step)
    mixed: Array = state.point + state.step - mix @ (d_point + d_step)
    return mixed


@partial(jax.jit, static_argnames=("closure",))
def _fixed_point(
    start: Array, economy: eqn.Economy, tolerance: Array, limit: Array, *, closure: str
) -> tuple[Array, Array, Array]:
    """Iterate to `tolerance`; returns point, residual, iterations (map evaluations)."""
    n = economy.va_i.shape[0]
    size = start.shape[0]

    def evaluate(point: Array) -> tuple[Array, Array]:
        step, error = _pass(point, economy, closure)
        residual = jnp.abs(error).max()
        return step, jnp.where(jnp.isfinite(residual), residual, jnp.inf)

    first_step, first_residual = evaluate(start)
    initial = _State(
        point=start, step=first_step, residual=first_residual,
        points=jnp.zeros((MEMORY, size)), steps=jnp.zeros((MEMORY, size)), used=jnp.array(0),
        damping=jnp.array(1.0), best_point=start, best_residual=first_residual, iteration=jnp.array(1),
    )  # fmt: skip

    def running(state: _State) -> Array:
        return (state.best_residual > tolerance) & (state.iteration < limit)

    def advance(state: _State) -> _State:
        scaled = state.step.at[:n].multiply(state.damping)
        plain = state.point + scaled
        mixed = _accelerated(state)
        usable = (state.used > 0) & jnp.isfinite(mixed).all()
        # A log change of more than 2 in one step is an extrapolation, not an estimate.
        usable &= jnp.abs(mixed - state.point).max() < jnp.maximum(2.0, 2.0 * jnp.abs(state.step).max())
        candidate = jnp.where(usable, mixed, plain)
        step, residual = evaluate(candidate)
        good = residual < jnp.maximum(2.0 * state.best_residual, 0.0)
        bounded = jnp.isfinite(residual)
        accept = jnp.where(usable, good, bounded)
        points = jnp.roll(state.points, 1, axis=0).at[0].set(state.point)
        steps = jnp.roll(state.steps, 1, axis=0).at[0].set(state.step)
        better = residual < state.best_residual
        # Rejected: go back to the best point with an empty memory; a rejected plain pass also shortens it.
        worse_plain = (~usable) & (residual > state.residual)
        damping = jnp.where(worse_plain, 0.5 * state.damping, jnp.minimum(1.0, 1.1 * state.damping))
        return _State(
            point=jnp.where(accept, candidate, state.point),
            step=jnp.where(accept, step, state.step),
            residual=jnp.where(accept, residual, state.residual),
            points=jnp.where(accept, points, state.points),
            steps=jnp.where(accept, steps, state.steps),
            used=jnp.where(accept, jnp.minimum(state.used + 1, MEMORY), 0),
            damping=jnp.where(accept & usable, state.damping, damping),
            best_point=jnp.where(better, candidate, state.best_point),
            best_residual=jnp.where(better, residual, state.best_residual),
            iteration=state.iteration + 1,
        )

    final = jax.lax.while_loop(running, advance, initial)
    return final.best_point, final.best_residual, final.iteration


@partial(jax.jit, static_argnames=("closure",))
def _market_errors(point: Array, economy: eqn.Economy, *, closure: str) -> Array:
    return _pass(point, economy, closure)[1]


_batched_fixed_point = jax.jit(
    lambda start, economy, tolerance, limit, closure: jax.vmap(
        partial(_fixed_point, closure=closure), in_axes=(0, 0, None, None)
    )(start, economy, tolerance, limit),
    static_argnames=("closure",),
)


def solve(
    world: Baseline,
    shock: Shock | None = None,
    *,
    closure: str = "world-share",
    numeraire: str = "world",
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Equilibrium:
    """The equilibrium of `world` under `shock` (Caliendo and Parro 2015, equations (1) to (6) in changes).

    closure: `world-share` (each deficit a fixed share of world labour income), `balanced` (deficits purged
    from the baseline first), `nominal` (fixed in units of `numeraire`: "world", or a region, whose wage it
    then is), `own-share` (final expenditure a fixed multiple of own income, scaled by one common factor).
    Returns an Equilibrium whose `converged` and `residual` say whether it can be used; an unknown closure or
    numeraire raises UnknownNameError, a tolerance outside (0, 1) RequestError.
    """
    return solve_many(
        [(world, shock)],
        closure=closure,
        numeraire=numeraire,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )[0]


def solve_many(
    problems: Sequence[tuple[Baseline, Shock | None]],
    *,
    closure: str = "world-share",
    numeraire: str = "world",
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> list[Equilibrium]:
    """Many (world, shock) pairs of the same size solved together; one that fails does not touch the others.

    Worlds may differ in anything but their numbers of regions and sectors. Order is kept.
    """
    known(closure, CLOSURES, "closure")
    if not 0 < tolerance < 1:
        raise RequestError(f"tolerance {tolerance!r} is not between 0 and 1")
    if max_iterations < 1:
        raise RequestError(f"max_iterations {max_iterations!r} is not positive")
    if numeraire != "world" and closure != "nominal":
        raise RequestError(
            f"a numeraire is only used by the nominal closure, not by {closure!r}",
            remedy="Leave numeraire out, or choose closure='nominal'",
        )
    if not problems:
        return []
    sizes = {world.flows.shape for world, _ in problems}
    if len(sizes) > 1:
        raise RequestError(f"the worlds differ in size: {sorted(sizes)}", remedy="Solve each size on its own")
    prepared = []
    for world, shock in problems:
        if numeraire != "world":
            known(numeraire, world.regions, "numeraire region")
        move = 0.0
        if closure == "balanced":
            world, move = balanced_world(world, tolerance=tolerance, max_iterations=max_iterations)
        tariff, cost = (shock or Shock()).filled(world)
        prepared.append((world, tariff, cost, move))
    with jax.enable_x64(True):
        economies = [_economy(world, tariff, cost, numeraire) for world, tariff, cost, _ in prepared]
        limit, small = jnp.array(min(max_iterations, DIRECT)), jnp.array(tolerance)
        n, s = prepared[0][0].output.shape
        zero = np.zeros(n + 2 * n * s)
        if len(economies) == 1:
            point, residual, count = _fixed_point(zero, economies[0], small, limit, closure=closure)
            points, residuals, counts = (
                np.asarray(point)[None],
                np.asarray(residual)[None],
                np.asarray(count)[None],
            )
        else:
            stacked = eqn.Economy(*(jnp.asarray(np.stack(parts)) for parts in zip(*economies, strict=True)))
            starts = np.zeros((len(economies), zero.size))
            solved = _batched_fixed_point(starts, stacked, small, limit, closure=closure)
            points, residuals, counts = (np.asarray(part) for part in solved)
        results = []
        points, residuals, counts = (np.array(part) for part in (points, residuals, counts))
        for k, (world, tariff, cost, move) in enumerate(prepared):
            worst, reached = "", 1.0
            left = max_iterations - int(counts[k])
            if not residuals[k] <= tolerance and left > 0:
                problem = (world, tariff, cost, closure, numeraire)
                points[k], residuals[k], more, reached = _with_care(problem, tolerance, left)
                counts[k] += more
            if not residuals[k] <= tolerance:
                errors = np.asarray(_market_errors(points[k], economies[k], closure=closure))
                worst = _name_of(int(np.argmax(np.where(np.isfinite(errors), np.abs(errors), np.inf))), world)
            levels = Levels(*_split(points[k], n, s), tariff, cost)
            results.append(
                equilibrium_from(
                    world,
                    levels,
                    closure=closure,
                    numeraire=numeraire,
                    tolerance=tolerance,
                    residual=float(residuals[k]),
                    iterations=int(counts[k]),
                    worst=worst,
                    baseline_move=move,
                    reached=reached,
                )
            )
    return results


Problem = tuple[Baseline, Floats, Floats, str, str]
"""world, tariffs, iceberg ratios, closure, numeraire"""


def _attempt(problem: Problem, start: Floats, tolerance: float, limit: int) -> tuple[Floats, float, int]:
    """One problem from `start`: steered by how wages move everything, then, if that fails, own wages only."""
    world, tariff, cost, closure, numeraire = problem
    economy = _economy(world, tariff, cost, numeraire)
    used, best = 0, (start, np.inf)
    for steering, passes in ((None, DIRECT), (cautious(world), 4 * DIRECT)):
        if steering is not None:
            economy = economy._replace(**steering._asdict())
        allowed = jnp.array(min(passes, limit - used))
        found, residual, count = _fixed_point(start, economy, jnp.array(tolerance), allowed, closure=closure)
        used += int(count)
        if float(residual) < best[1]:
            best = (np.asarray(found), float(residual))
        if best[1] <= tolerance or used >= limit:
            break
    return *best, used


def _with_care(problem: Problem, tolerance: float, limit: int) -> tuple[Floats, float, int, float]:
    """A shock that one go did not solve: cautiously, then in steps, each from the equilibrium before it.

    An equilibrium of a step is a baseline for the next (base to 1 to 2 equals base to 2), so each step has
    fresh steering; a step that fails is halved. Returns the unknowns relative to the world, their residual
    in its own equations, passes used and the share of the shock that was reached: below one, no equilibrium
    was found beyond it.
    """
    world, tariff, cost, closure, numeraire = problem
    n, s = world.output.shape
    total = np.zeros(n + 2 * n * s)
    point, residual, used = _attempt(problem, total, tolerance, limit)
    if residual <= tolerance or used >= limit:
        return point, residual, used, 1.0
    origin = np.log1p(world.tariffs)
    whole = np.log1p(tariff) - origin
    here, at, step = world, 0.0, 0.25
    while at < 1 and used < limit and step >= SMALLEST_STEP:
        target = min(1.0, at + step)
        rates, costs = np.expm1(origin + target * whole), cost ** (target - at)
        part = (here, rates, costs, closure, numeraire)
        found, gap, count = _attempt(part, np.zeros_like(total), 1e-12, limit - used)
        used += count
        if not gap <= max(1e-11, 0.1 * tolerance):
            step /= 2
            continue
        levels = Levels(*_split(found, n, s), rates, costs)
        after = equilibrium_from(
            here, levels, closure=closure, numeraire=numeraire, tolerance=1.0, residual=gap, iterations=used,
            worst="", baseline_move=0.0,
        )  # fmt: skip
        here = here.with_equilibrium(after.flows, rates)
        total, at, step = total + found, target, min(1.0, 2 * step)
    if at < 1:
        return point, residual, used, at
    # Added up, the steps solve the whole shock but for rounding; its own equations have the last word.
    final, gap, count = _attempt(problem, total, tolerance, 4 * DIRECT)
    return final, gap, used + count, at


def balanced_world(
    world: Baseline, *, tolerance: float = TOLERANCE, max_iterations: int = MAX_ITERATIONS
) -> tuple[Baseline, float]:
    """The world re-solved with every deficit at zero and tariffs unchanged, and the largest |ln wage| moved.

    Raises NotConvergedError where that has no solution. The result is kept with the world.
    """
    kept = world.__dict__.get("_balanced")
    if kept is not None:
        result: tuple[Baseline, float] = kept
        return result
    size = np.abs(world.deficit).max()
    if size <= 1e-13 * world.value_added.sum():
        world.__dict__["_balanced"] = (world, 0.0)
        return world, 0.0
    with jax.enable_x64(True):
        economy = _economy(world, world.tariffs, np.ones_like(world.flows), "world")
        n, s = world.output.shape
        point, residual, count = _fixed_point(
            np.zeros(n + 2 * n * s), economy, jnp.array(min(tolerance, 1e-12)), jnp.array(max_iterations),
            closure="balanced",
        )  # fmt: skip
        point = np.asarray(point)
    levels = Levels(*_split(point, n, s), world.tariffs, np.ones_like(world.flows))
    solved = equilibrium_from(
        world, levels, closure="balanced", numeraire="world", tolerance=tolerance, residual=float(residual),
        iterations=int(count), worst="re-solved baseline without deficits", baseline_move=0.0,
    ).checked()  # fmt: skip
    result = (world.with_flows(solved.flows), float(np.abs(np.log(solved.wage_hat)).max()))
    world.__dict__["_balanced"] = result
    return result


def _economy(world: Baseline, tariff: Floats, cost: Floats, numeraire: str) -> eqn.Economy:
    """Calibrate one counterfactual. Money in units of baseline world labour income."""
    unit = world.value_added.sum()
    theta = world.elasticities
    weight = world.trade_shares * (cost * (1 + tariff) / (1 + world.tariffs)) ** (-theta)
    if numeraire == "world":
        numeraire_weights = world.value_added / unit
    else:
        numeraire_weights = (np.arange(len(world.regions)) == world.region(numeraire)).astype(float)
    parts: dict[str, Any] = dict(
        weight_ijs=weight,
        net_weight_ijs=weight / (1 + tariff),
        va_is=world.value_added_shares,
        gamma_iks=world.input_shares,
        alpha_js=world.final_shares,
        theta_s=theta,
        va_i=world.value_added / unit,
        deficit_j=world.deficit / unit,
        income_j=world.income / unit,
        own_share_j=world.income / (world.value_added + world.tariff_revenue),
        numeraire_i=numeraire_weights,
        **preconditioner(world)._asdict(),
        expenditure_js=world.expenditure / unit,
    )
    return eqn.Economy(**parts)


def _name_of(position: int, world: Baseline) -> str:
    """The market whose residual stands at `position` of the error vector."""
    n, s = world.output.shape
    if position < n:
        return f"labour market of {world.regions[position]}"
    kind, rest = divmod(position - n, n * s)
    region, sector = divmod(rest, s)
    return f"{('price', 'spending')[kind]} of {world.sectors[sector]} in {world.regions[region]}"
