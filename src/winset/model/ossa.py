"""Ossa (2014): counterfactual equilibria with profits, purging of net exports, payoffs with their gradients.

The equations and their solution stand in `ossa_equations`; here are the checks, the results and a fallback by
continuation in tariffs. NumPy in and out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import ArrayLike

from winset.core.errors import NotConvergedError, RequestError
from winset.model.ossa_equations import (
    Economy,
    economy_of,
    expanded,
    payoffs_gradients,
    solved,
    solved_many,
)
from winset.model.ossa_world import Floats, OssaWorld

__all__ = [
    "OssaEquilibrium",
    "OssaEvaluator",
    "OssaWorld",
    "Purge",
    "ossa_value_and_gradient",
    "purge",
    "solve_ossa",
    "solve_ossa_many",
]

MAX_ITERATIONS = 60
"""Newton steps; from the baseline 5 to 10 are usual."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OssaEquilibrium:
    """A counterfactual relative to its world. Ratios unless a unit is named.

    Check `converged` (or call `checked()`) before using a number.
    """

    world: OssaWorld
    tariffs: Floats
    """(n, n, s) counterfactual tariffs, fractions."""
    net_exports: Floats
    """(n,) counterfactual net exports, unit of the flows (world labour income is the numeraire)."""
    converged: bool
    residual: float
    """Largest relative error of the labour and income equations."""
    iterations: int
    """Newton steps, those of a continuation included."""
    wage_hat: Floats
    """(n,) wage; world labour income of the baseline is the numeraire."""
    income_hat: Floats
    """(n,) X: nominal spending."""
    price_index_hat: Floats
    """(n,) consumer price index."""
    real_income_hat: Floats
    """(n,) W: income over price index."""
    government_hat: Floats
    """(n,) G: the government's objective; equals W without lobbying weights and net exports."""
    profit_hat: Floats
    """(n,) total profits."""
    industry_profit_hat: Floats
    """(n, s) profits by industry, also sales and wage bill by industry; nan where the baseline sells nothing."""
    flows: Floats
    """(n, n, s) counterfactual flows, unit of the flows, tariff-exclusive."""
    tariff_revenue: Floats
    """(n,) unit of the flows."""

    def checked(self) -> OssaEquilibrium:
        """This equilibrium if it converged; otherwise NotConvergedError (exit code 3)."""
        if not self.converged:
            raise NotConvergedError(
                f"the equilibrium did not converge: residual {self.residual:.2e} after {self.iterations} steps",
                remedy="Check net exports that a region's income cannot carry, or lower extreme tariffs",
            )
        return self

    def rebased(self) -> OssaWorld:
        """This counterfactual as a world of its own, relative to which later hats are."""
        self.checked()
        return self.world.with_trade(self.flows, self.tariffs)


def solve_ossa(
    world: OssaWorld,
    tariffs: ArrayLike,
    *,
    net_exports: str | ArrayLike = "zero",
    tolerance: float = 1e-12,
    max_iterations: int = MAX_ITERATIONS,
) -> OssaEquilibrium:
    """The equilibrium of `world` under `tariffs` (n, n, s).

    net_exports: "zero" for everybody, "held" at the baseline's level in numeraire units, or (n,) an array
    summing to zero. A failure to converge is told by `converged`; RequestError for arguments that cannot be
    used.
    """
    return solve_ossa_many(
        world, [tariffs], net_exports=net_exports, tolerance=tolerance, max_iterations=max_iterations
    )[0]


def solve_ossa_many(
    world: OssaWorld,
    tariffs: Sequence[ArrayLike],
    *,
    net_exports: str | ArrayLike = "zero",
    tolerance: float = 1e-12,
    max_iterations: int = MAX_ITERATIONS,
) -> list[OssaEquilibrium]:
    """Equilibria under many tariff arrays, solved together; one that fails does not touch the others."""
    if not 0 < tolerance < 1 or max_iterations < 1:
        raise RequestError("tolerance must lie between 0 and 1, and max_iterations above 0")
    rates = [world.checked_tariffs(one) for one in tariffs]
    net = world.checked_net_exports(net_exports)
    if not rates:
        return []
    n = len(world.regions)
    with jax.enable_x64(True):
        economy = economy_of(world)
        scaled = jnp.asarray(net / world.income.sum())
        small, limit = jnp.asarray(tolerance), jnp.asarray(max_iterations)
        if len(rates) == 1:
            answers = [solved(np.zeros(2 * n), rates[0], scaled, economy, small, limit)]
        else:
            points, errors, counts = solved_many(
                np.zeros((len(rates), 2 * n)), np.stack(rates), scaled, economy, small, limit
            )
            answers = list(zip(points, errors, counts, strict=True))
        results = []
        for rate, (point, error, count) in zip(rates, answers, strict=True):
            answer, residual, steps = np.asarray(point), float(error), int(count)
            if not residual <= tolerance:
                answer, residual, more = _continued(world, economy, rate, scaled, tolerance, max_iterations)
                steps += more
            results.append(_expand(world, economy, rate, net, answer, residual, steps, tolerance))
        return results


def _continued(
    world: OssaWorld, economy: Economy, rate: Floats, net: Array, tolerance: float, limit: int
) -> tuple[Floats, float, int]:
    """Walk from the baseline's tariffs to `rate` in log(1 + t), halving the stride where a solve fails."""
    base, goal = np.log1p(world.tariffs), np.log1p(rate)
    point, residual, steps = np.zeros(2 * len(world.regions)), np.inf, 0
    done, stride = -1e-12, 0.25
    while done < 1 and stride > 1e-3:
        part = min(1.0, max(0.0, done + stride)) if done >= 0 else 0.0
        at = np.expm1(base + part * (goal - base))
        found, error, count = solved(point, at, net, economy, jnp.asarray(tolerance), jnp.asarray(limit))
        steps += int(count)
        if float(error) <= tolerance:
            point, residual, done = np.asarray(found), float(error), part
            stride = min(0.5, 1.5 * stride)
        elif done < 0:
            return np.asarray(found), float(error), steps
        else:
            residual, stride = float(error), 0.5 * stride
    return point, residual if done >= 1 else max(residual, 2 * tolerance), steps


def _expand(
    world: OssaWorld, economy: Economy, rate: Floats, net: Floats, point: Floats, residual: float, steps: int,
    tolerance: float,
) -> OssaEquilibrium:  # fmt: skip
    unit, n = world.income.sum(), len(world.regions)
    out = expanded(point, rate, net / unit, economy)
    wage = np.exp(point[:n])
    sales = np.asarray(out.sales) * unit
    power = wage[:, None] ** (1 - world.sigma)
    sold = world.flows * ((1 + rate) / (1 + world.tariffs)) ** -world.sigma
    return OssaEquilibrium(
        world=world,
        tariffs=rate,
        net_exports=net,
        converged=bool(residual <= tolerance),
        residual=residual,
        iterations=steps,
        wage_hat=wage,
        income_hat=np.exp(point[n:]),
        price_index_hat=np.exp(np.asarray(out.log_price)),
        real_income_hat=np.exp(np.asarray(out.log_real_income)),
        government_hat=np.exp(np.asarray(out.log_government)),
        profit_hat=(sales / world.sigma).sum(axis=1) / world.profits.sum(axis=1),
        industry_profit_hat=np.divide(sales, world.sales, out=np.full_like(sales, np.nan), where=world.sales > 0),
        flows=np.asarray(sold * power[:, None, :] * np.asarray(out.over_kernel)),
        tariff_revenue=np.asarray(out.revenue) * unit,
    )


class Purge(NamedTuple):
    """What setting net exports to zero at unchanged tariffs does: not innocuous, so it is shown."""

    world: OssaWorld
    """The balanced world."""
    real_income_hat: Floats
    """(n,) welfare after over before."""
    wage_hat: Floats
    """(n,) wage after over before; world labour income is the numeraire."""


def purge(world: OssaWorld, *, tolerance: float = 1e-12) -> Purge:
    """Re-solve with NX' = 0 at unchanged tariffs; NotConvergedError where that has no solution."""
    after = solve_ossa(world, world.tariffs, net_exports="zero", tolerance=tolerance)
    return Purge(after.rebased(), after.real_income_hat, after.wage_hat)


class OssaEvaluator:
    """Payoffs and gradients at one tariff array after another, each solve started from the last answer.

    Net exports are zero. Not shared between threads: it remembers where it was.
    """

    def __init__(
        self, world: OssaWorld, *, tolerance: float = 1e-13, max_iterations: int = MAX_ITERATIONS
    ) -> None:
        self.world = world
        self.solves = 0
        """Equilibria computed so far."""
        self._point: Floats = np.zeros(2 * len(world.regions))
        self._tolerance, self._limit = np.float64(tolerance), np.int64(max_iterations)
        self._balanced = np.zeros(len(world.regions))
        self._flat = np.zeros((2 * len(world.regions), 2 * len(world.regions)))
        with jax.enable_x64(True):
            self._economy = economy_of(world)

    def __call__(self, tariffs: Floats, weights: Floats, curvature: Floats | None = None) -> tuple[Floats, Floats]:
        """Payoffs p = (log G, log W), (2n,), and gradients (m, n, n, s) to tariffs of
        weights_m . p + p' curvature p / 2, with weights (m, 2n) and a symmetric curvature (2n, 2n) or None.

        tariffs are trusted to be checked. Where the equilibrium is not found, both are nan.
        """
        self.solves += 1
        bend = self._flat if curvature is None else curvature
        # Rounding keeps the last digit of a residual above a tolerance as tight as this one.
        good = max(float(self._tolerance), 1e-11)
        with jax.enable_x64(True):
            for start in (self._point, np.zeros_like(self._point)):
                point, error, payoffs, gradients = payoffs_gradients(
                    start, tariffs, self._balanced, self._economy, self._tolerance, self._limit, weights, bend
                )
                if float(error) <= good:
                    self._point = np.asarray(point)
                    return np.asarray(payoffs), np.asarray(gradients)
        return np.full_like(self._point, np.nan), np.full((weights.shape[0], *tariffs.shape), np.nan)


def ossa_value_and_gradient(
    world: OssaWorld, tariffs: ArrayLike, region: str | int, *, of: str = "government"
) -> tuple[float, Floats]:
    """G_hat of a region (or W_hat, of="real-income") and its derivative (n, n, s) to every tariff.

    Net exports are zero. The derivative on the diagonal (home sales) is set to zero. NotConvergedError where
    the equilibrium is not found; RequestError or UnknownNameError for arguments that cannot be used.
    """
    if of not in ("government", "real-income"):
        raise RequestError(f"of={of!r} is neither 'government' nor 'real-income'")
    rate, position, n = world.checked_tariffs(tariffs), world.region(region), len(world.regions)
    weights = np.zeros((1, 2 * n))
    weights[0, position + (n if of == "real-income" else 0)] = 1.0
    payoffs, gradients = OssaEvaluator(world)(rate, weights)
    value = float(np.exp(weights[0] @ payoffs))
    if not np.isfinite(value):
        raise NotConvergedError("the equilibrium at these tariffs was not found")
    slope = value * gradients[0]
    slope[np.arange(n), np.arange(n)] = 0.0
    return value, slope
