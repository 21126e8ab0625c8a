"""One shock under many draws of the trade elasticities: what a sweep solves by the hundred thousand.

Draws near one elasticity set share everything but theta, so all are steered by one preconditioner, taken at the
equilibrium of the set itself, and start from it; the weights of trade and the aggregates that are asked for are
computed by the compiled solver. The equations and the residual are those of `solve`; a draw that this way does
not solve is given to `solve_many`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model import equations as eqn
from winset.model.baseline import Baseline, Floats
from winset.model.equilibrium import Equilibrium
from winset.model.fixed_point import iterate
from winset.model.preconditioner import preconditioner
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, DIRECT, TOLERANCE, economy_of, sector_first, solve, solve_many

__all__ = ["Centre", "Drawn", "centre_of", "solve_drawn"]

BATCH = 8
"""Draws solved side by side. Fixed, so that the solver is compiled once; few, so that their memory stays near."""
_OWN = ("weight_sij", "net_weight_sij", "theta_s")
"""Parts of an economy that each draw has of its own."""


class Centre(NamedTuple):
    """A shock solved under one elasticity set: where its draws start from, and what steers them."""

    world: Baseline
    shock: Shock
    closure: str
    middle: Equilibrium
    start: Floats
    """(n + 2 n s,) log wages, prices and spending; zeros where the set itself has no equilibrium."""
    economy: eqn.Economy
    share_sij: Array
    """Baseline trade shares."""
    log_factor_sij: Array
    """Log of iceberg ratio times (1 + tariff) / (1 + baseline tariff)."""
    keep_sij: Array
    """1 / (1 + counterfactual tariff)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """Aggregates of d equilibria. Rows that did not converge are nan: never the last iterate."""

    real_income_hat: Floats
    """(d, n) welfare, as in `Equilibrium`."""
    income: Floats
    """(d, n) final expenditure of the baseline that welfare is relative to, millions a year (under `balanced`
    the re-solved one, which depends on the elasticities)."""
    tariff_revenue: Floats
    """(d, n) millions a year."""
    residual: Floats
    """(d,) largest log difference over all markets."""
    iterations: NDArray[np.intp]
    """(d,) passes through the equations."""
    converged: NDArray[np.bool_]
    """(d,) whether the residual is within the tolerance."""


def centre_of(
    world: Baseline, shock: Shock | None = None, *, closure: str = "world-share", tolerance: float = TOLERANCE
) -> Centre:
    """Solve a shock under the elasticities of `world` and prepare what its draws share."""
    known(closure, CLOSURES, "closure")
    given = shock or Shock()
    middle = solve(world, given, closure=closure, tolerance=tolerance)
    tariff, cost = given.filled(world)
    n, s = world.output.shape
    start = np.zeros(n + 2 * n * s)
    with jax.enable_x64(True):
        economy = economy_of(world, tariff, cost, "world")
        if middle.converged and closure != "balanced":
            start = np.concatenate(
                [
                    np.log(middle.wage_hat),
                    np.log(middle.sector_price_hat).ravel(),
                    np.log(_ratio(middle.expenditure, world.expenditure)).ravel(),
                ]
            )
            steering = preconditioner(world.with_equilibrium(middle.flows, tariff))
            economy = economy._replace(**{k: jnp.asarray(v) for k, v in steering._asdict().items()})
        factor = cost * (1 + tariff) / (1 + world.tariffs)
        return Centre(
            world=world,
            shock=given,
            closure=closure,
            middle=middle,
            start=start,
            economy=economy,
            share_sij=jnp.asarray(sector_first(world.trade_shares)),
            log_factor_sij=jnp.asarray(sector_first(np.log(factor))),
            keep_sij=jnp.asarray(sector_first(1 / (1 + tariff))),
        )


def solve_drawn(centre: Centre, elasticities: Floats, *, tolerance: float = TOLERANCE) -> Drawn:
    """The shock of `centre` under each row of elasticities (d, s), all positive.

    A row's result does not depend on the rows that it is solved with, but for rounding. Raises RequestError for
    a wrong shape, or an elasticity that is not a positive number.
    """
    thetas = np.asarray(elasticities, dtype=np.float64)
    n, s = centre.world.output.shape
    if thetas.ndim != 2 or thetas.shape[1] != s:
        raise RequestError(f"elasticities of shape {thetas.shape}: expected (draws, {s})")
    if not (np.isfinite(thetas).all() and (thetas > 0).all()):
        raise RequestError("an elasticity is not a positive number", remedy="Elasticities are theta = sigma - 1")
    if not 0 < tolerance < 1:
        raise RequestError(f"tolerance {tolerance!r} is not between 0 and 1")
    count = len(thetas)
    real, revenue = np.full((count, n), np.nan), np.full((count, n), np.nan)
    income = np.tile(centre.world.income, (count, 1))
    residual, passes = np.full(count, np.inf), np.zeros(count, dtype=np.intp)
    # Without deficits the baseline itself depends on the elasticities, so nothing can be shared.
    if centre.closure != "balanced":
        with jax.enable_x64(True):
            for at in range(0, count, BATCH):
                part = thetas[at : at + BATCH]
                full = np.concatenate([part, np.repeat(part[-1:], BATCH - len(part), axis=0)])
                found = [np.asarray(x)[: len(part)] for x in _batch(full, centre, tolerance)]
                rows = slice(at, at + len(part))
                real[rows], revenue[rows], residual[rows], passes[rows] = found
    left = np.flatnonzero(~(residual <= tolerance))
    if len(left):
        problems = [(centre.world.with_elasticities(thetas[k]), centre.shock) for k in left]
        for k, one in zip(left, solve_many(problems, closure=centre.closure, tolerance=tolerance), strict=True):
            real[k], income[k], revenue[k] = one.real_income_hat, one.world.income, one.tariff_revenue
            residual[k], passes[k] = one.residual, passes[k] + one.iterations
    converged = residual <= tolerance
    real[~converged] = revenue[~converged] = np.nan
    return Drawn(
        real_income_hat=real, income=income, tariff_revenue=revenue, residual=residual, iterations=passes,
        converged=converged,
    )  # fmt: skip


def _batch(thetas: Floats, centre: Centre, tolerance: float) -> tuple[Array, Array, Array, Array]:
    """Real income and revenue (BATCH, n), residual and passes (BATCH,), on the device."""
    theta = jnp.asarray(thetas)
    weight, net = _weights(theta, centre.share_sij, centre.log_factor_sij, centre.keep_sij)
    economy = centre.economy._replace(weight_sij=weight, net_weight_sij=net, theta_s=theta)
    shared = tuple(name not in _OWN for name in economy._fields)
    starts = jnp.broadcast_to(jnp.asarray(centre.start), (len(thetas), len(centre.start)))
    point, residual, passes = iterate(
        starts, economy, jnp.array(tolerance), jnp.array(DIRECT), closure=centre.closure, shared=shared
    )
    real, revenue = _aggregates(point, economy, shared=shared)
    unit = centre.world.value_added.sum()
    return real, revenue * unit, residual, passes


@jax.jit
def _weights(theta: Array, share_sij: Array, log_factor_sij: Array, keep_sij: Array) -> tuple[Array, Array]:
    """(3) share_ijs factor_ijs^(-theta_s) for every draw, and the part that the exporter receives."""
    weight = share_sij * jnp.exp(-theta[:, :, None, None] * log_factor_sij)
    return weight, weight * keep_sij


@partial(jax.jit, static_argnames=("shared",))
def _aggregates(points: Array, economy: eqn.Economy, *, shared: tuple[bool, ...]) -> tuple[Array, Array]:
    """Real income and revenue of solved points, as `equilibrium_from` has them; money in the economy's unit."""
    axes = eqn.Economy(*[None if same else 0 for same in shared])  # type: ignore[arg-type]

    def one(point: Array, economy: eqn.Economy) -> tuple[Array, Array]:
        n, s = economy.va_is.shape
        log_wage, log_price = point[:n], point[n : n + n * s].reshape(n, s)
        log_wage = log_wage - jnp.log((jnp.exp(log_wage) * economy.va_i).sum())
        spending = economy.expenditure_js * jnp.exp(point[n + n * s :].reshape(n, s))
        cost_power = jnp.exp(-economy.theta_s * eqn.costs(log_wage, log_price, economy))
        # Shares at the solved prices, whose errors are within the residual.
        kernel = jnp.exp(-economy.theta_s * log_price)
        output = eqn.outputs(cost_power, kernel, spending, economy)
        paid = jnp.einsum("sij,si->sj", economy.weight_sij, cost_power.T).T / kernel
        received = jnp.einsum("sij,si->sj", economy.net_weight_sij, cost_power.T).T / kernel
        revenue = (spending * (paid - received)).sum(axis=1)
        income = (spending - eqn.intermediate_demand(output, economy)).sum(axis=1)
        index = jnp.exp((economy.alpha_js * log_price).sum(axis=1))
        return income / economy.income_j / index, revenue

    found: tuple[Array, Array] = jax.vmap(one, in_axes=(0, axes))(points, economy)
    return found


def _ratio(after: Floats, before: Floats) -> Floats:
    """after / before; 1 where there was nothing before."""
    return np.divide(after, before, out=np.ones_like(after), where=before > 0)
