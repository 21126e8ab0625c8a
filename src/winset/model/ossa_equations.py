"""Ossa (2014): equilibrium in changes with profits, by Newton's method, and its adjoint gradients.

Unknowns are log wages and log incomes as changes from the baseline, 2n of them whatever the number of
industries: industry prices follow from wages in closed form. With a_is = w_hat_i^(1 - sigma_s),

    sold_ijs = T_ijs tau_hat_ijs^(-sigma_s),   paid_ijs = (1 + t'_ijs) sold_ijs,
    P_hat_js^(1-sigma_s) = sum_i paid_ijs a_is / spending_js                             (price index)
    T'_ijs = sold_ijs a_is X_hat_j P_hat_js^(sigma_s - 1)                                (flows)
    w_hat_i wL_i = sum_s (1 - 1/sigma_s) sum_j T'_ijs                                    (labour)
    X'_j = w_hat_j wL_j + sum_is T'_jis / sigma_s + sum_is t'_ijs T'_ijs - NX'_j         (income)

The two last are the 2n equations; by Walras' law they are dependent, and the numeraire (world labour income
of the baseline unchanged) is added to every labour equation, which makes them regular without singling one
region out. Tariffs enter through tau^(-sigma) because T is tariff-exclusive.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from winset.model.ossa_world import OssaWorld

__all__ = [
    "Economy",
    "Outcome",
    "economy_of",
    "expanded",
    "outcome",
    "payoffs_gradients",
    "sold_and_paid",
    "solved",
    "solved_many",
]

LONGEST_STEP = 1.0
"""A log change of more than this in one Newton step is an extrapolation, not an estimate."""
SHORTEST_STEP = 1e-4
"""Backtracking gives up below this fraction of the Newton step."""


class Economy(NamedTuple):
    """Calibrated numbers of one world; money in units of baseline world income."""

    flow_ijs: Array
    log_factor_ijs: Array
    """log(1 + baseline tariff)."""
    sigma_s: Array
    spending_js: Array
    wage_bill_i: Array
    income_j: Array
    mu_js: Array
    """Cobb-Douglas shares of industries in spending."""
    lobbying_is: Array
    government_i: Array
    """sum_s lambda_is E_is at the baseline."""


class Outcome(NamedTuple):
    """Everything that follows from wages, incomes and tariffs."""

    gaps: Array
    """(2n,) relative errors of the labour and income equations."""
    log_government: Array
    """(n,) log of G_hat."""
    log_real_income: Array
    """(n,) log of W_hat."""
    log_price: Array
    """(n,) log of the price index."""
    sales: Array
    """(n, s) counterfactual sales."""
    revenue: Array
    """(n,) counterfactual tariff revenue."""
    over_kernel: Array
    """(n, s) X'_j spending share over the price kernel: T'_ijs = sold_ijs a_is over_kernel_js."""


def sold_and_paid(tariffs: Array, world: Economy) -> tuple[Array, Array]:
    """(n, n, s) sold and paid: all that tariffs change, hence computed once for a whole solve."""
    change = jnp.log1p(tariffs) - world.log_factor_ijs
    sold = world.flow_ijs * jnp.exp(-world.sigma_s * change)
    return sold, (1 + tariffs) * sold


def outcome(unknowns: Array, trade: tuple[Array, Array], net_exports: Array, world: Economy) -> Outcome:
    """Everything at log wages and incomes (2n,); trade: of `sold_and_paid`; net exports (n,) in world income."""
    n = world.income_j.shape[0]
    sold, gross = trade
    log_wage, log_income = unknowns[:n], unknowns[n:]
    wage, income = jnp.exp(log_wage), jnp.exp(log_income)
    power = jnp.exp(log_wage[:, None] * (1 - world.sigma_s))
    active = world.spending_js > 0
    paid = jnp.einsum("ijs,is->js", gross, power)
    received = jnp.einsum("ijs,is->js", sold, power)
    # An industry on which a region spends nothing has no price; one keeps logs and gradients finite.
    safe = jnp.where(active, paid, 1.0)
    log_kernel = jnp.where(active, jnp.log(safe / jnp.where(active, world.spending_js, 1.0)), 0.0)
    over_kernel = income[:, None] * jnp.where(active, world.spending_js / safe, 0.0)
    sales = power * jnp.einsum("ijs,js->is", sold, over_kernel)
    revenue = ((paid - received) * over_kernel).sum(axis=1)
    labour_is = (1 - 1 / world.sigma_s) * sales
    labour = labour_is.sum(axis=1)
    wages = wage * world.wage_bill_i
    spent = income * world.income_j
    numeraire = wages.sum() / world.wage_bill_i.sum() - 1
    labour_gap = labour / wages - 1 + numeraire
    income_gap = (wages + (sales / world.sigma_s).sum(axis=1) + revenue - net_exports) / spent - 1
    log_price = (world.mu_js * log_kernel / (1 - world.sigma_s)).sum(axis=1)
    # E_is: sales of the industry and its share, by labour, of the tariff revenue.
    earned = sales + labour_is / labour[:, None] * revenue[:, None]
    log_government = jnp.log((world.lobbying_is * earned).sum(axis=1) / world.government_i) - log_price
    return Outcome(
        gaps=jnp.concatenate([labour_gap, income_gap]),
        log_government=log_government,
        log_real_income=log_income - log_price,
        log_price=log_price,
        sales=sales,
        revenue=revenue,
        over_kernel=over_kernel,
    )


class _Point(NamedTuple):
    """A Newton iterate with everything linear in reach: the equations, the payoffs and both Jacobians."""

    unknowns: Array
    """(2n,) log wages, log incomes."""
    gaps: Array
    """(2n,)"""
    gaps_y: Array
    """(2n, 2n)"""
    payoffs_y: Array
    """(2n, 2n) derivative of (log G, log W) to the unknowns."""
    error: Array
    """Largest absolute gap; infinite where a gap is no number."""


def _newton(
    start: Array, tariffs: Array, net_exports: Array, world: Economy, tolerance: Array, limit: Array
) -> tuple[_Point, Array]:
    """Safeguarded Newton: the last accepted point, and the steps taken.

    Equations and Jacobian are evaluated together, so a step that is accepted at once costs one evaluation.
    """
    trade = sold_and_paid(tariffs, world)

    def equations(unknowns: Array) -> tuple[tuple[Array, Array], Array]:
        out = outcome(unknowns, trade, net_exports, world)
        return (out.gaps, jnp.concatenate([out.log_government, out.log_real_income])), out.gaps

    def at(unknowns: Array) -> _Point:
        (gaps_y, payoffs_y), gaps = jax.jacfwd(equations, has_aux=True)(unknowns)
        largest = jnp.abs(gaps).max()
        return _Point(unknowns, gaps, gaps_y, payoffs_y, jnp.where(jnp.isfinite(largest), largest, jnp.inf))

    def running(state: tuple[_Point, Array, Array]) -> Array:
        point, count, stuck = state
        return (point.error > tolerance) & (count < limit) & ~stuck

    def advance(state: tuple[_Point, Array, Array]) -> tuple[_Point, Array, Array]:
        point, count, _ = state
        step = -jnp.linalg.solve(point.gaps_y, point.gaps)
        step = jnp.where(jnp.isfinite(step), step, 0.0)
        step = step * jnp.minimum(1.0, LONGEST_STEP / jnp.maximum(jnp.abs(step).max(), 1e-300))

        def worse(trial: tuple[Array, _Point]) -> Array:
            # The error of a smooth system falls by about the length of the step; ask for a tenth of it.
            return (trial[1].error > (1 - 0.1 * trial[0]) * point.error) & (trial[0] > SHORTEST_STEP)

        def shorten(trial: tuple[Array, _Point]) -> tuple[Array, _Point]:
            length = 0.5 * trial[0]
            return length, at(point.unknowns + length * step)

        _, found = jax.lax.while_loop(worse, shorten, (jnp.ones(()), at(point.unknowns + step)))
        better = found.error < point.error
        kept = _Point(*(jnp.where(better, new, old) for new, old in zip(found, point, strict=True)))
        return kept, count + 1, ~better

    first = (at(start), jnp.zeros((), dtype=int), jnp.zeros((), dtype=bool))
    point, count, _ = jax.lax.while_loop(running, advance, first)
    return point, count


def _solution(
    start: Array, tariffs: Array, net_exports: Array, world: Economy, tolerance: Array, limit: Array
) -> tuple[Array, Array, Array]:
    point, count = _newton(start, tariffs, net_exports, world, tolerance, limit)
    return point.unknowns, point.error, count


solved = jax.jit(_solution)
solved_many = jax.jit(jax.vmap(_solution, in_axes=(0, 0, None, None, None, None)))


@jax.jit
def expanded(unknowns: Array, tariffs: Array, net_exports: Array, world: Economy) -> Outcome:
    return outcome(unknowns, sold_and_paid(tariffs, world), net_exports, world)


@jax.jit
def payoffs_gradients(
    start: Array, tariffs: Array, net_exports: Array, world: Economy, tolerance: Array, limit: Array,
    weights: Array, curvature: Array,
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Solve; then unknowns, error, payoffs p = (log G, log W), and the gradient to tariffs of
    weights_m . p + p' curvature p / 2 for each row m.

    Adjoint: with F(y, t) = 0, d value / dt = value_t - F_t' (F_y')^(-1) value_y, one small linear system.
    """
    point, _ = _newton(start, tariffs, net_exports, world, tolerance, limit)

    def both(rate: Array) -> tuple[Array, Array]:
        out = outcome(point.unknowns, sold_and_paid(rate, world), net_exports, world)
        return out.gaps, jnp.concatenate([out.log_government, out.log_real_income])

    (_, payoffs), pull = jax.vjp(both, tariffs)
    weights = weights + curvature @ payoffs
    adjoint = -jnp.linalg.solve(point.gaps_y.T, point.payoffs_y.T @ weights.T).T
    gradients = jax.vmap(lambda a, w: pull((a, w))[0])(adjoint, weights)
    return point.unknowns, point.error, payoffs, gradients


def economy_of(world: OssaWorld) -> Economy:
    kept = world._kept.get("economy")
    if isinstance(kept, Economy):
        return kept
    unit = world.income.sum()
    labour = (1 - 1 / world.sigma) * world.sales
    share = labour / labour.sum(axis=1, keepdims=True)
    earned = world.sales + share * world.tariff_revenue[:, None]
    result = Economy(
        flow_ijs=jnp.asarray(world.flows / unit),
        log_factor_ijs=jnp.asarray(np.log1p(world.tariffs)),
        sigma_s=jnp.asarray(world.sigma),
        spending_js=jnp.asarray(world.expenditure / unit),
        wage_bill_i=jnp.asarray(world.wage_bill / unit),
        income_j=jnp.asarray(world.income / unit),
        mu_js=jnp.asarray(world.expenditure / world.income[:, None]),
        lobbying_is=jnp.asarray(world.lobbying),
        government_i=jnp.asarray((world.lobbying * earned).sum(axis=1) / unit),
    )
    world._kept["economy"] = result
    return result
