"""Solving for an equilibrium: one call, one status. The iteration itself is in `fixed_point`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model import equations as eqn
from winset.model.baseline import Baseline, Floats
from winset.model.equilibrium import Equilibrium, Levels, equilibrium_from
from winset.model.fixed_point import Solved, market_errors, solve_batch
from winset.model.preconditioner import cautious, preconditioner
from winset.model.shocks import Shock

__all__ = ["CLOSURES", "balanced_world", "economy_of", "solve", "solve_many"]

CLOSURES = ("world-share", "balanced", "nominal", "own-share")
MAX_ITERATIONS = 10_000
TOLERANCE = 1e-10
ROUNDING = 1e-11
"""A residual of this size is a solution; what is left above a stricter tolerance is rounding."""
CHUNK = 16
"""Problems solved in one batch. Fixed, so that the batched solver is compiled once."""
DIRECT = 120
"""Passes that the whole shock in one go is given before it is taken in steps."""
SMALLEST_STEP = 1 / 1024
"""Share of a shock below which a step that still fails means that the path ends there."""


def solve(
    world: Baseline,
    shock: Shock | None = None,
    *,
    closure: str = "world-share",
    numeraire: str = "world",
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
    model: str = "caliendo-parro",
    **settings: Any,
) -> Equilibrium:
    """The equilibrium of `world` under `shock` (Caliendo and Parro 2015, equations (1) to (6) in changes).

    closure: `world-share` (each deficit a fixed share of world labour income), `balanced` (deficits purged
    from the baseline first), `nominal` (fixed in units of `numeraire`: "world", or a region, whose wage it
    then is), `own-share` (final expenditure a fixed multiple of own income, scaled by one common factor).
    model: `caliendo-parro`, or `ossa-2014` (setting: lobbying) or `liberation-day-2025` (settings: nu, phi, kappa,
    psi, pass_through, relief), see `variants`; those two offer some closures only.
    Returns an Equilibrium whose `converged` and `residual` say whether it can be used; an unknown closure or
    numeraire raises UnknownNameError, a tolerance outside (0, 1) RequestError.
    """
    if model != "caliendo-parro":
        from winset.model.variants import solve_variant

        return solve_variant(world, shock, model=model, closure=closure, tolerance=tolerance, settings=settings)
    if settings:
        raise RequestError(f"the model {model!r} has no setting {sorted(settings)[0]!r}")
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
        economies = [economy_of(world, tariff, cost, numeraire) for world, tariff, cost, _ in prepared]
        limit = min(max_iterations, DIRECT)
        n, s = prepared[0][0].output.shape
        solved: list[Solved] = []
        for start in range(0, len(economies), CHUNK):
            part = economies[start : start + CHUNK]
            # Padded to a full chunk, so that one compiled solver serves every number of problems.
            full = part if len(economies) == 1 else [*part, *[part[-1]] * (CHUNK - len(part))]
            zeros = np.zeros((len(full), n + 2 * n * s))
            solved += solve_batch(full, zeros, tolerance, limit, closure)[: len(part)]
        results = []
        for k, (world, tariff, cost, move) in enumerate(prepared):
            point, residual, count = solved[k]
            worst, reached = "", 1.0
            if ROUNDING >= residual > tolerance and count < max_iterations:
                # Solved but for rounding: a fresh memory from here is all that can help.
                again = point[None]
                ((point, residual, more),) = solve_batch([economies[k]], again, tolerance, DIRECT, closure)
                count += more
            elif not residual <= tolerance and count < max_iterations:
                problem = (world, tariff, cost, closure, numeraire)
                point, residual, more, reached = _with_care(problem, tolerance, max_iterations - count)
                count += more
            if not residual <= tolerance:
                errors = np.asarray(market_errors(point, economies[k], closure=closure))
                worst = _name_of(int(np.argmax(np.where(np.isfinite(errors), np.abs(errors), np.inf))), world)
            levels = Levels(*_split(point, n, s), tariff, cost)
            results.append(
                equilibrium_from(
                    world,
                    levels,
                    closure=closure,
                    numeraire=numeraire,
                    tolerance=tolerance,
                    residual=residual,
                    iterations=count,
                    worst=worst,
                    baseline_move=move,
                    reached=reached,
                )
            )
    return results


def _split(point: Floats, n: int, s: int) -> tuple[Floats, Floats, Floats]:
    return point[:n], point[n : n + n * s].reshape(n, s), point[n + n * s :].reshape(n, s)


Problem = tuple[Baseline, Floats, Floats, str, str]
"""world, tariffs, iceberg ratios, closure, numeraire"""


def _attempt(problem: Problem, start: Floats, tolerance: float, limit: int) -> tuple[Floats, float, int]:
    """One problem from `start`: steered by how wages move everything, then, if that fails, own wages only."""
    world, tariff, cost, closure, numeraire = problem
    economy = economy_of(world, tariff, cost, numeraire)
    used, best = 0, (start, np.inf)
    for steering, passes in ((None, DIRECT), (cautious(world), 4 * DIRECT)):
        if steering is not None:
            economy = economy._replace(**steering._asdict())
        (solved,) = solve_batch([economy], start[None], tolerance, min(passes, limit - used), closure)
        found, residual, count = solved
        used += count
        if residual < best[1]:
            best = (found, residual)
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
        economy = economy_of(world, world.tariffs, np.ones_like(world.flows), "world")
        n, s = world.output.shape
        start = np.zeros((1, n + 2 * n * s))
        (solved,) = solve_batch([economy], start, min(tolerance, 1e-12), max_iterations, "balanced")
        point, residual, count = solved
    levels = Levels(*_split(point, n, s), world.tariffs, np.ones_like(world.flows))
    after = equilibrium_from(
        world, levels, closure="balanced", numeraire="world", tolerance=tolerance, residual=float(residual),
        iterations=int(count), worst="re-solved baseline without deficits", baseline_move=0.0,
    ).checked()  # fmt: skip
    result = (world.with_flows(after.flows), float(np.abs(np.log(after.wage_hat)).max()))
    world.__dict__["_balanced"] = result
    return result


def sector_first(values_ijs: Floats) -> Floats:
    """(n, n, s) to a contiguous (s, n, n)."""
    return np.ascontiguousarray(values_ijs.transpose(2, 0, 1))


def economy_of(world: Baseline, tariff: Floats, cost: Floats, numeraire: str) -> eqn.Economy:
    """Calibrate one counterfactual. Money in units of baseline world labour income."""
    theta = world.elasticities
    factor = cost * (1 + tariff) / (1 + world.tariffs)
    weight = world.trade_shares * factor**-theta
    parts = _constants(world)
    if numeraire != "world":
        own = (np.arange(len(world.regions)) == world.region(numeraire)).astype(float)
        parts = parts | {"numeraire_i": jnp.asarray(own)}
    return eqn.Economy(
        weight_sij=jnp.asarray(sector_first(weight)),
        net_weight_sij=jnp.asarray(sector_first(weight / (1 + tariff))),
        **parts,
    )


def _constants(world: Baseline) -> dict[str, Any]:
    """What every shock to a world shares, on the device, made once and kept with the world."""
    kept: dict[str, Any] | None = world.__dict__.get("_constants")
    if kept is None:
        unit = world.value_added.sum()
        plain = {
            "va_is": world.value_added_shares,
            "gamma_iks": world.input_shares,
            "alpha_js": world.final_shares,
            "theta_s": world.elasticities,
            "va_i": world.value_added / unit,
            "deficit_j": world.deficit / unit,
            "income_j": world.income / unit,
            "own_share_j": world.income / (world.value_added + world.tariff_revenue),
            "numeraire_i": world.value_added / unit,
            "expenditure_js": world.expenditure / unit,
            **preconditioner(world)._asdict(),
        }
        kept = world.__dict__["_constants"] = {name: jnp.asarray(value) for name, value in plain.items()}
    return kept


def _name_of(position: int, world: Baseline) -> str:
    """The market whose residual stands at `position` of the error vector."""
    n, s = world.output.shape
    if position < n:
        return f"labour market of {world.regions[position]}"
    kind, rest = divmod(position - n, n * s)
    region, sector = divmod(rest, s)
    return f"{('price', 'spending')[kind]} of {world.sectors[sector]} in {world.regions[region]}"
