"""Welfare gradients and best tariffs in the Liberation Day models, and the paper's closed-form rates.

The published optima were found by finite differences and stopped early. Here a gradient costs one linear
system (the adjoint of the equilibrium conditions), and every result says whether it is an optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.liberation_day import economy_of, prices_are_unknown, solve_liberation_days
from winset.model.liberation_day_equations import Economy, errors, real_outcome
from winset.model.liberation_day_equilibrium import LiberationDayEquilibrium, LiberationDayScenario
from winset.model.liberation_day_world import LiberationDayWorld

__all__ = [
    "LiberationDayOptimum",
    "export_exposure",
    "formula_tariff",
    "liberation_day_gradient",
    "optimal_liberation_day_tariffs",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LiberationDayOptimum:
    """Tariffs that maximise a weighted mean of welfare, or the best point of a search that failed."""

    tariffs: Floats
    """(n, n) fractions, the fixed ones included."""
    equilibrium: LiberationDayEquilibrium
    objective: float
    """Weighted mean of welfare_hat - 1, a fraction."""
    converged: bool
    first_order_residual: float
    """Largest slope that the bounds do not explain, per square root of the instrument's share of flows."""
    at_bound: int
    """How many instruments that carry trade stand at a bound."""
    iterations: int
    message: str
    """What the search said when it stopped."""


def liberation_day_gradient(equilibrium: LiberationDayEquilibrium, weights: ArrayLike) -> Floats:
    """(n, n) derivative of sum_i weights_i welfare_hat_i with respect to every tariff, home ones set to 0.

    weights: (n,). Adjoint of the conditions at the solution; raises NotConvergedError where there is none.
    Where an absorber is named the same labour market stays left out.
    """
    scenario = equilibrium.checked().scenario
    weight = np.asarray(weights, dtype=np.float64)
    n = len(scenario.world.regions)
    if weight.shape != (n,) or not np.isfinite(weight).all():
        raise RequestError(f"weights must be {n} finite numbers, one a region")
    _, economy = economy_of(replace(scenario, tariffs=equilibrium.tariffs))
    with jax.enable_x64(True):
        slope = np.array(
            _adjoint(
                equilibrium.point,
                equilibrium.tariffs,
                scenario.world.trade_shares,
                economy,
                weight,
                prices=prices_are_unknown(scenario),
            )
        )
    np.fill_diagonal(slope, 0.0)
    return slope


@partial(jax.jit, static_argnames=("prices",))
def _adjoint(
    point: Array, tariff_od: Array, share_od: Array, economy: Economy, weight_i: Array, *, prices: bool
) -> Array:
    """dG/dt = G_t - F_t' a with F_z' a = G_z: conditions F(z, t) = 0, objective G(z, t)."""

    def at(tariff: Array) -> Economy:
        kernel = share_od * (1 + tariff) ** (-economy.eps * economy.phi_d)
        return economy._replace(kernel_od=kernel, net_kernel_od=kernel / (1 + tariff))

    def objective(z: Array, tariff: Array) -> Array:
        return weight_i @ real_outcome(z, at(tariff), prices=prices)

    by_point, by_tariff = jax.grad(objective, argnums=(0, 1))(point, tariff_od)
    jacobian = jax.jacfwd(lambda z: errors(z, at(tariff_od), prices=prices))(point)
    adjoint = jnp.linalg.solve(jacobian.T, by_point)
    _, pull = jax.vjp(lambda tariff: errors(point, at(tariff), prices=prices), tariff_od)
    return jnp.asarray(by_tariff - pull(adjoint)[0])


def optimal_liberation_day_tariffs(
    scenario: LiberationDayScenario,
    *,
    weights: ArrayLike,
    instruments: ArrayLike,
    bounds: tuple[float, float],
    tolerance: float = 1e-6,
    max_iterations: int = 1000,
) -> LiberationDayOptimum:
    """The tariffs that maximise the weighted mean of welfare, from the scenario's own tariffs as a start.

    weights: (n,), scaled to sum to one. instruments: (n, n) integers; flows with one number share one tariff,
    and -1 keeps the scenario's. bounds: of every instrument, fractions. The search (L-BFGS-B on instruments
    scaled by the root of their flows, so that small partners converge with large ones) ends when no slope is
    above `tolerance` beyond what the bounds explain; otherwise `converged` is False and `message` says why.
    """
    world = scenario.world
    n = len(world.regions)
    label = np.asarray(instruments)
    weight = np.asarray(weights, dtype=np.float64)
    if label.shape != (n, n) or not np.issubdtype(label.dtype, np.integer):
        raise RequestError(f"instruments must be {(n, n)} integers (exporter, importer), -1 for fixed")
    if weight.shape != (n,) or not np.isfinite(weight).all() or weight.sum() <= 0:
        raise RequestError(f"weights must be {n} finite numbers with a positive sum")
    low, high = bounds
    if not -1 < low < high:
        raise RequestError(f"bounds {bounds} must be fractions above -1, the lower one first")
    label = np.where(np.eye(n, dtype=bool), -1, label)
    names, index = np.unique(label[label >= 0], return_inverse=True)
    if not names.size:
        raise RequestError("no instrument is given", remedy="Number at least one foreign flow 0 or above")
    weight = weight / weight.sum()
    free = label >= 0
    base, _ = economy_of(scenario)
    count = np.bincount(index)
    traded = np.bincount(index, weights=world.flows[free])
    carries = traded > 0
    # An instrument without trade has no slope; any positive scale will do.
    scale = np.sqrt(np.where(carries, traded, traded.max()) / traded.sum())
    begin = np.clip(np.bincount(index, weights=base[free]) / count, low, high)
    last: dict[str, LiberationDayEquilibrium] = {}

    def tariffs_at(x: Floats) -> Floats:
        tariff = base.copy()
        tariff[free] = np.clip(x / scale, low, high)[index]
        return tariff

    def value_and_slope(x: Floats) -> tuple[float, Floats]:
        start = last["found"].point if "found" in last else None
        problem = replace(scenario, tariffs=tariffs_at(x))
        (found,) = solve_liberation_days([problem], starts=[start])
        if not found.converged and start is not None:
            (found,) = solve_liberation_days([problem])
        if not found.converged:  # a step too far: make the line search come back
            return 1e3, np.zeros_like(x)
        last["found"] = found
        slope = liberation_day_gradient(found, weight)
        return -float(weight @ (found.welfare_hat - 1)), -np.bincount(index, weights=slope[free]) / scale

    search = optimize.minimize(
        value_and_slope,
        begin * scale,
        jac=True,
        method="L-BFGS-B",
        bounds=[(low * s, high * s) for s in scale],
        options={
            "maxiter": max_iterations,
            "maxfun": 3 * max_iterations,
            "maxcor": 30,
            "ftol": 0.0,
            "gtol": 0.5 * tolerance,
        },
    )
    value, slope = value_and_slope(search.x)
    rate = search.x / scale
    at_low, at_high = rate <= low + 1e-12, rate >= high - 1e-12
    unexplained = np.where(at_low, np.minimum(slope, 0.0), np.where(at_high, np.maximum(slope, 0.0), slope))
    residual = float(np.abs(unexplained).max())
    return LiberationDayOptimum(
        tariffs=tariffs_at(search.x),
        equilibrium=last["found"],
        objective=-value,
        converged=bool(residual <= tolerance and last["found"].converged),
        first_order_residual=residual,
        at_bound=int(((at_low | at_high) & carries).sum()),
        iterations=int(search.nit),
        message=str(search.message),
    )


def export_exposure(
    world: LiberationDayWorld, region: str, *, base: Literal["expenditure", "income"] = "income"
) -> float:
    """delta_i(Z) of section 3.5: how much the rest of the world's demand answers region i's wage.

    delta_i = sum_{d != i} (1 - nu_d) X_id (1 - lambda_id) / [(1 - nu_i) (Z_i - X_ii)]. Z is E or Y; the paper
    uses both, and only Y gives the rate of its abstract.
    """
    known(base, ("expenditure", "income"), "base")
    i = world.regions.index(known(region, world.regions, "region"))
    total = world.expenditure[i] if base == "expenditure" else world.labour_income[i]
    answer = (1 - world.nu) * world.flows[i] * (1 - world.trade_shares[i])
    answer[i] = 0.0
    return float(answer.sum() / ((1 - world.nu[i]) * (total - world.flows[i, i])))


def formula_tariff(
    world: LiberationDayWorld, region: str, *, base: Literal["expenditure", "income"] = "income"
) -> float:
    """t*_i = 1 / [(1 + delta_i eps) phi_i - 1] (section 3.5): an approximation to the best uniform tariff."""
    i = world.regions.index(known(region, world.regions, "region"))
    delta = export_exposure(world, region, base=base)
    return float(1 / ((1 + delta * world.eps) * world.phi[i] - 1))
