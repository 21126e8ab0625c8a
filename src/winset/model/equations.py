"""The equilibrium conditions of Caliendo and Parro (2015) in changes, one function each.

Numbers in brackets are those of `docs/explain/model.md`: (1) cost, (2) price, (3) shares, (4) goods,
(5) income, (6) labour. Index letters: exporter i, importer j, sector s, input k before use s.
`_hat` is counterfactual over baseline, `_cf` a counterfactual level.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

__all__ = [
    "Closure",
    "Economy",
    "costs",
    "income",
    "intermediate_demand",
    "labour_demand",
    "outputs",
    "price_kernel",
    "tariff_wedge",
]

CLOSURES = ("world-share", "nominal", "own-share", "balanced")
Closure = str


class Economy(NamedTuple):
    """One counterfactual, ready to be solved: calibrated shares and levels, tariffs already applied.

    Money is in units of baseline world labour income, which makes every residual scale-free.
    """

    weight_sij: Array
    """share_ijs ( d_hat_ijs (1 + tariff_cf) / (1 + tariff) )^(-theta_s): all that a shock changes. Sector first,
    so that each sum over regions is a batch of matrix-vector products on contiguous memory."""
    net_weight_sij: Array
    """weight_sij / (1 + tariff_cf_ijs): the part that the exporter receives."""
    va_is: Array
    """(n, s) value-added shares."""
    gamma_iks: Array
    """(n, s_input, s_use) input shares."""
    alpha_js: Array
    """(n, s) final-expenditure shares."""
    theta_s: Array
    """(s,) trade elasticities."""
    va_i: Array
    """(n,) baseline value added; sums to one."""
    deficit_j: Array
    """(n,) baseline deficit in the same unit."""
    income_j: Array
    """(n,) baseline income in the same unit."""
    own_share_j: Array
    """(n,) income_j / (va_j + revenue_j): the fixed multiple of the `own-share` closure."""
    numeraire_i: Array
    """(n,) weights of the numeraire that a nominal deficit is fixed in; unused by other closures."""
    leontief_iks: Array
    """(n, s, s) steering, see `preconditioner`: a region's own input-output loop."""
    price_ism: Array
    """(n, s, n) steering: how prices follow wages."""
    spend_ism: Array
    """(n, s, n) steering: how spending follows wages."""
    wage_im: Array
    """(n, n) steering: the wage changes that clear given labour-market errors."""
    expenditure_js: Array
    """(n, s) baseline spending, tariffs included."""


def costs(log_wage_i: Array, log_price_js: Array, economy: Economy) -> Array:
    """(1) log unit cost: va_is ln w_hat_i + sum_k gamma_iks ln P_hat_ik. Returns (n, s)."""
    return economy.va_is * log_wage_i[:, None] + jnp.einsum("iks,ik->is", economy.gamma_iks, log_price_js)


def price_kernel(cost_power_is: Array, economy: Economy) -> Array:
    """(2) P_hat_js^(-theta_s) = sum_i weight_ijs c_hat_is^(-theta_s). Returns (n, s)."""
    return jnp.einsum("sij,si->sj", economy.weight_sij, cost_power_is.T).T


def outputs(cost_power_is: Array, kernel_js: Array, expenditure_js: Array, economy: Economy) -> Array:
    """(3) and (4) output_is = sum_j share_cf_ijs expenditure_js / (1 + tariff_cf_ijs). Returns (n, s).

    With share_cf_ijs = weight_ijs c_hat_is^(-theta_s) / kernel_js, the cost power comes out of the sum.
    """
    spending = expenditure_js / kernel_js
    return cost_power_is * jnp.einsum("sij,sj->si", economy.net_weight_sij, spending.T).T


def tariff_wedge(cost_power_is: Array, kernel_js: Array, economy: Economy) -> Array:
    """Share of j's spending on s that is tariff revenue: 1 - sum_i share_cf_ijs / (1 + tariff_cf_ijs)."""
    return 1.0 - jnp.einsum("sij,si->sj", economy.net_weight_sij, cost_power_is.T).T / kernel_js


def intermediate_demand(output_is: Array, economy: Economy) -> Array:
    """(4) inputs_jk = sum_s gamma_jks output_js. Returns (n, s)."""
    return jnp.einsum("jks,js->jk", economy.gamma_iks, output_is)


def income(
    wage_i: Array,
    wedge_js: Array,
    inputs_js: Array,
    expenditure_js: Array,
    economy: Economy,
    closure: Closure,
) -> Array:
    """(5) income_j = w_hat_j VA_j + revenue_j + deficit_cf_j under a closure. Returns (n,).

    Revenue on final spending depends on income itself; that part is solved out exactly:
    income = (labour + deficit + sum_s wedge inputs) / (1 - sum_s wedge alpha).
    """
    labour = wage_i * economy.va_i
    if closure == "own-share":
        own = labour + (wedge_js * expenditure_js).sum(axis=1)
        spent = economy.own_share_j * own
        return spent * own.sum() / spent.sum()
    if closure == "balanced":
        deficit = jnp.zeros_like(labour)
    elif closure == "nominal":
        deficit = economy.deficit_j * (economy.numeraire_i * wage_i).sum()
    else:  # world-share: world labour income is the numeraire, so its change is one
        deficit = economy.deficit_j * labour.sum()
    revenue_on_inputs = (wedge_js * inputs_js).sum(axis=1)
    return (labour + deficit + revenue_on_inputs) / (1.0 - (wedge_js * economy.alpha_js).sum(axis=1))


def labour_demand(output_is: Array, economy: Economy) -> Array:
    """(6) sum_s va_is output_is, to equal w_hat_i VA_i. Returns (n,)."""
    return (economy.va_is * output_is).sum(axis=1)
