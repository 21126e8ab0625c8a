"""The equilibrium conditions of the one-sector Liberation Day models in changes, and two ways to solve them.

Sections 3.2 (no inputs) and 4.2 (inputs) are one system; without inputs beta is 1. The unknowns are log
hats of wages and employment, and of prices where a price enters cost (inputs) or the deficits (nominal
closure); spending is solved out exactly:

    E'_d (1 - rho_d) (1 + nu_d (1 - beta) / beta) = Y'_d / beta + T_d g,

rho_d being the tariff part of d's spending. The system is homogeneous of degree one in money, so the
numeraire is imposed afterwards. Where transfers sum to zero no market is dropped: Walras' law makes all of
them hold at once, and no region is the residual claimant. Index letters: exporter o, importer d.
"""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

__all__ = ["Economy", "Outcome", "errors", "errors_and_jacobian", "fixed_point", "outcome", "real_outcome"]

MEMORY = 20
"""Passes mixed by the acceleration."""


class Economy(NamedTuple):
    """One world under one tariff matrix. Money is in units of baseline world labour income."""

    kernel_od: Array
    """lambda_od (1 + t_od)^(-eps phi_d)."""
    net_kernel_od: Array
    """kernel_od / (1 + t_od): the part that the exporter receives."""
    nu_d: Array
    phi_d: Array
    labour_income_o: Array
    transfer_d: Array
    expenditure_d: Array
    """gross spending E, inputs included."""
    final_d: Array
    """final spending as the flows imply it: what welfare is relative to."""
    eps: Array
    kappa: Array
    psi: Array
    beta: Array
    income_tax: Array
    """1 where tariff revenue replaces income tax, 0 where it is rebated as a lump sum."""
    price_numeraire: Array
    """1 where prices are the numeraire, 0 where wages are; matters inside only for nominal deficits."""
    nominal: Array
    """1 where transfers are fixed in units of the numeraire, 0 where they move with world labour income."""
    cleared_o: Array
    """1 for a labour market that must clear, 0 for one that absorbs transfers that do not sum to zero."""
    wage_step_o: Array
    """1 / (1 + own-wage elasticity of labour demand at the baseline): scales a wage step."""


class Outcome(NamedTuple):
    """Everything the conditions imply at given unknowns; hats and money in the unit of the economy."""

    excess_o: Array
    """log labour demand over labour income, (i)."""
    log_employment_o: Array
    """labour supply, (iii)."""
    log_price_d: Array
    """(iv)."""
    spending_d: Array
    """E', (ii)."""
    revenue_d: Array
    income_o: Array
    """Y'."""
    transfer_d: Array
    """T' in current money."""
    cost_power_o: Array
    market_d: Array
    """S, the sum of kernel_od cost_power_o over o."""


def outcome(point: Array, economy: Economy, *, prices: bool) -> Outcome:
    """Conditions (i) to (iv) at `point`: logs of wages, employment and, where `prices`, prices (n each)."""
    e = economy
    n = e.nu_d.shape[0]
    log_wage, log_labour = point[:n], point[n : 2 * n]
    log_price = point[2 * n :] if prices else jnp.zeros(n)
    # Entry follows sales deflated by the price of the input bundle, hence the real wage beside employment.
    entry = (1 - e.beta) * (log_wage - log_price) + log_labour
    log_cost = e.beta * log_wage + (1 - e.beta) * log_price - e.psi * entry
    power = jnp.exp(-e.eps * log_cost)
    market = power @ e.kernel_od
    kept = (power @ e.net_kernel_od) / market
    income = jnp.exp(log_wage + log_labour) * e.labour_income_o
    growth = income.sum() / e.labour_income_o.sum()
    level = _numeraire(log_wage, log_price, e)
    transfer = e.transfer_d * jnp.where(e.nominal > 0, level, growth)
    spending = (income / e.beta + transfer) / (kept * (1 + e.nu_d * (1 - e.beta) / e.beta))
    revenue = (1 - kept) * spending
    net_sales = power * (e.net_kernel_od @ ((1 - e.nu_d) * spending / market))
    demand = e.beta * net_sales + e.nu_d * kept * spending
    implied_price = (1 - e.phi_d) * (jnp.log(spending / e.expenditure_d) - log_wage) - jnp.log(market) / e.eps
    tax_relief = -jnp.log1p(-e.income_tax * revenue / income)
    supply = e.kappa * (tax_relief + log_wage - (log_price if prices else implied_price))
    return Outcome(
        excess_o=jnp.log(demand / income),
        log_employment_o=supply,
        log_price_d=implied_price,
        spending_d=spending,
        revenue_d=revenue,
        income_o=income,
        transfer_d=transfer,
        cost_power_o=power,
        market_d=market,
    )


def _numeraire(log_wage: Array, log_price: Array, e: Economy) -> Array:
    """The level of the numeraire: the E-weighted price index or the Y-weighted wage, 1 at the baseline."""
    wage = (jnp.exp(log_wage) * e.labour_income_o).sum() / e.labour_income_o.sum()
    price = (jnp.exp(log_price) * e.expenditure_d).sum() / e.expenditure_d.sum()
    return jnp.where(e.price_numeraire > 0, price, wage)


def _gaps(point: Array, economy: Economy, prices: bool) -> tuple[Array, Array]:
    """Log gaps of all conditions ((2 or 3) n), and the log level of wages (0 in the inner unit)."""
    n = economy.nu_d.shape[0]
    found = outcome(point, economy, prices=prices)
    parts = [economy.cleared_o * found.excess_o, found.log_employment_o - point[n : 2 * n]]
    if prices:
        parts.append(found.log_price_d - point[2 * n :])
    level = jnp.log((jnp.exp(point[:n]) * economy.labour_income_o).sum() / economy.labour_income_o.sum())
    return jnp.concatenate(parts), level


@partial(jax.jit, static_argnames=("prices",))
def errors(point: Array, economy: Economy, *, prices: bool) -> Array:
    """The conditions as a square system: log gaps, wages normalised through every labour market.

    Adding the log wage level to each market's gap removes the indeterminacy of money without singling out
    a market: at a root the gaps are all equal, and Walras' law then makes them zero.
    """
    gap, level = _gaps(point, economy, prices)
    return gap.at[: economy.nu_d.shape[0]].add(level)


@partial(jax.jit, static_argnames=("prices",))
def errors_and_jacobian(point: Array, economy: Economy, *, prices: bool) -> tuple[Array, Array]:
    """`errors` and its dense Jacobian."""
    return errors(point, economy, prices=prices), jax.jacfwd(partial(errors, prices=prices))(point, economy)


def real_outcome(point: Array, economy: Economy, *, prices: bool) -> Array:
    """(n,) welfare hats (section 3.3): W = d E^/P^ + (1 - d) w^ L^ / P^, with final expenditure for E.

    d_i = E_i / (E_i - kappa (1 - tau_i) Y_i / (1 + kappa)): the second term is the disutility of labour.
    """
    e = economy
    found = outcome(point, economy, prices=prices)
    # tau is the tax relief financed by tariffs; a lump-sum rebate relieves no tax.
    tax = e.income_tax * found.revenue_d / found.income_o
    weight = e.final_d / (e.final_d - e.kappa * (1 - tax) * e.labour_income_o / (1 + e.kappa))
    final = (found.revenue_d + found.income_o + found.transfer_d) / e.final_d
    wage_bill = found.income_o / e.labour_income_o
    return (weight * final + (1 - weight) * wage_bill) / jnp.exp(found.log_price_d)


class _State(NamedTuple):
    point: Array
    step: Array
    residual: Array
    points: Array
    steps: Array
    used: Array
    damping: Array
    best_point: Array
    best_residual: Array
    iteration: Array


@partial(jax.jit, static_argnames=("prices",))
def fixed_point(
    start: Array, economy: Economy, tolerance: Array, limit: Array, *, prices: bool
) -> tuple[Array, Array, Array]:
    """Accelerated passes (Anderson 1965, type II) to `tolerance`: point, residual, passes.

    A pass moves each wage by its market's log excess demand times `wage_step_o`, and sets employment and
    prices to what the conditions imply. A mixed step that does not help is undone, the memory dropped, and
    damped plain passes follow.
    """
    n, size = economy.nu_d.shape[0], start.shape[0]
    memory = min(MEMORY, size)

    def evaluate(point: Array) -> tuple[Array, Array]:
        gap, level = _gaps(point, economy, prices)
        residual = jnp.abs(gap).max()
        step = gap.at[:n].set(economy.wage_step_o * gap[:n] - level)
        return step, jnp.where(jnp.isfinite(residual), residual, jnp.inf)

    def mixed(state: _State) -> Array:
        valid = (jnp.arange(memory) < state.used)[:, None]
        d_step = jnp.where(valid, state.step - state.steps, 0.0)
        d_point = jnp.where(valid, state.point - state.points, 0.0)
        # Unit rows: old and new differences are of very different size near the solution.
        size_of = jnp.sqrt((d_step**2).sum(axis=1, keepdims=True)) + 1e-300
        d_step, d_point = d_step / size_of, d_point / size_of
        weights = jnp.linalg.solve(d_step @ d_step.T + 1e-13 * jnp.eye(memory), d_step @ state.step)
        return jnp.asarray(state.point + state.step - weights @ (d_point + d_step))

    def running(state: _State) -> Array:
        return (state.best_residual > tolerance) & (state.iteration < limit)

    def advance(state: _State) -> _State:
        jump = mixed(state)
        usable = (state.used > 0) & jnp.isfinite(jump).all()
        # A log change of more than 2 in one step is an extrapolation, not an estimate.
        usable &= jnp.abs(jump - state.point).max() < 2.0
        candidate = jnp.where(usable, jump, state.point + state.damping * state.step)
        step, residual = evaluate(candidate)
        accept = jnp.where(usable, residual < 2.0 * state.best_residual, jnp.isfinite(residual))
        worse_plain = (~usable) & (residual > state.residual)
        damping = jnp.where(worse_plain, 0.5 * state.damping, jnp.minimum(1.0, 1.1 * state.damping))
        better = residual < state.best_residual
        points = jnp.roll(state.points, 1, axis=0).at[0].set(state.point)
        steps = jnp.roll(state.steps, 1, axis=0).at[0].set(state.step)
        return _State(
            point=jnp.where(accept, candidate, state.point),
            step=jnp.where(accept, step, state.step),
            residual=jnp.where(accept, residual, state.residual),
            points=jnp.where(accept, points, state.points),
            steps=jnp.where(accept, steps, state.steps),
            used=jnp.where(accept, jnp.minimum(state.used + 1, memory), 0),
            damping=jnp.where(accept & usable, state.damping, damping),
            best_point=jnp.where(better, candidate, state.best_point),
            best_residual=jnp.where(better, residual, state.best_residual),
            iteration=state.iteration + 1,
        )

    step, residual = evaluate(start)
    blank = jnp.zeros((memory, size))
    state = _State(
        point=start, step=step, residual=residual, points=blank, steps=blank, used=jnp.array(0),
        damping=jnp.array(1.0), best_point=start, best_residual=residual, iteration=jnp.array(1),
    )  # fmt: skip
    final = jax.lax.while_loop(running, advance, state)
    return final.best_point, final.best_residual, final.iteration
