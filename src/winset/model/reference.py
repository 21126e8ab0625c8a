"""A slow, readable twin of `solve`: plain NumPy, loops, nested solving, no acceleration and no JAX.

It shares no code with `equations.py` and solves the equations in another order: for given wages, prices by
repeated substitution, then spending and income by one linear system, then wages by a Newton root finder.
Tests compare the two; nothing else uses it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from winset.model.baseline import Baseline
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock

__all__ = ["reference_real_income", "violation"]

Floats = NDArray[np.float64]


def reference_real_income(
    world: Baseline,
    shock: Shock,
    *,
    closure: str = "world-share",
    numeraire: str = "world",
) -> tuple[Floats, float]:
    """(n,) real-income hats and the largest labour-market gap (share of the wage bill), by the slow way.

    `balanced` is not offered here: purge the world first and use `world-share`, which then has no deficits.
    """
    tariff, cost_change = shock.filled(world)
    wage_bill = world.value_added

    def gaps(log_wage: Floats) -> Floats:
        wage = _normalised(np.exp(log_wage), wage_bill)
        _, _, output = _given_wages(world, tariff, cost_change, wage, closure, numeraire)
        demand = (world.value_added_shares * output).sum(axis=1)
        gap: Floats = np.asarray(demand / (wage * wage_bill) - 1)
        # One labour market is redundant (Walras); the numeraire takes its place.
        gap[-1] = np.log((np.exp(log_wage) * wage_bill).sum() / wage_bill.sum())
        return gap

    start = np.zeros(len(world.regions))
    found = optimize.root(gaps, start, method="hybr", options={"xtol": 1e-13})
    if np.abs(found.fun).max() > 1e-9:
        found = optimize.root(gaps, found.x, method="lm", options={"xtol": 1e-15, "ftol": 1e-15})
    wage = _normalised(np.exp(found.x), wage_bill)
    price, income, output = _given_wages(world, tariff, cost_change, wage, closure, numeraire)
    demand = (world.value_added_shares * output).sum(axis=1)
    index = np.ones(len(world.regions))
    for j in range(len(world.regions)):
        for s in range(len(world.sectors)):
            index[j] *= price[j, s] ** world.final_shares[j, s]
    return income / world.income / index, float(np.abs(demand / (wage * wage_bill) - 1).max())


def violation(world: Baseline, shock: Shock, found: Equilibrium) -> float:
    """The largest violation of any equilibrium condition by a solution, as a share, in plain NumPy.

    `world` is the baseline that the solution's ratios are relative to. Checks prices, shares, goods, income under
    the closure, and labour, each from the solution's own levels.
    """
    tariff, cost_change = shock.filled(world)
    spend, wage, price = found.expenditure, found.wage_hat, found.sector_price_hat
    cost = wage[:, None] ** world.value_added_shares * np.exp(
        np.einsum("iks,ik->is", world.input_shares, np.log(price))
    )
    delivered = cost[:, None, :] * cost_change * (1 + tariff) / (1 + world.tariffs)
    bought = world.expenditure > 0
    with np.errstate(over="ignore"):
        kernel = (world.trade_shares * delivered**-world.elasticities).sum(axis=0)
        share = world.trade_shares * (delivered / price[None]) ** -world.elasticities
    worst = [np.abs(np.log(np.where(bought, kernel, 1.0)) / world.elasticities + np.log(price)).max()]
    flow = share * spend[None] / (1 + tariff)
    size = np.maximum(spend.max(axis=1), 1e-300)
    worst.append((np.abs(flow - found.flows).max(axis=(0, 2)) / size).max())
    output = found.flows.sum(axis=1)
    final = spend - np.einsum("jks,js->jk", world.input_shares, output)
    income = final.sum(axis=1)
    worst.append((np.abs(final - world.final_shares * income[:, None]).max(axis=1) / income).max())
    labour = wage * world.value_added
    revenue = (tariff * found.flows).sum(axis=(0, 2))
    if found.closure == "own-share":
        own = (labour + revenue) * world.income / (world.value_added + world.tariff_revenue)
        target = own * (labour + revenue).sum() / own.sum()
    else:
        unit = wage[world.region(found.numeraire)] if found.numeraire != "world" else 1.0
        target = labour + revenue + (0.0 if found.closure == "balanced" else world.deficit * unit)
    worst.append((np.abs(income - target) / income).max())
    worst.append(np.abs((world.value_added_shares * output).sum(axis=1) / labour - 1).max())
    return float(max(worst)) if (income > 0).all() else np.inf


def _normalised(wage: Floats, wage_bill: Floats) -> Floats:
    return np.asarray(wage * wage_bill.sum() / (wage * wage_bill).sum())


def _given_wages(
    world: Baseline, tariff: Floats, cost_change: Floats, wage: Floats, closure: str, numeraire: str
) -> tuple[Floats, Floats, Floats]:
    """Prices, final expenditure and output when wages are given (equations (1) to (5))."""
    n, s = len(world.regions), len(world.sectors)
    theta = world.elasticities
    price = np.ones((n, s))
    for _ in range(100_000):
        cost = np.ones((n, s))
        for i in range(n):
            for u in range(s):
                inputs = np.prod(price[i] ** world.input_shares[i, :, u])
                cost[i, u] = wage[i] ** world.value_added_shares[i, u] * inputs
        new = np.ones((n, s))
        for j in range(n):
            for u in range(s):
                delivered = (
                    cost[:, u] * cost_change[:, j, u] * (1 + tariff[:, j, u]) / (1 + world.tariffs[:, j, u])
                )
                total = (world.trade_shares[:, j, u] * delivered ** -theta[u]).sum()
                new[j, u] = total ** (-1 / theta[u]) if world.expenditure[j, u] > 0 else 1.0
        change = np.abs(np.log(new / price)).max()
        price = new
        if change < 1e-14:
            break
    share = np.zeros((n, n, s))
    for j in range(n):
        for u in range(s):
            delivered = cost[:, u] * cost_change[:, j, u] * (1 + tariff[:, j, u]) / (1 + world.tariffs[:, j, u])
            share[:, j, u] = world.trade_shares[:, j, u] * (delivered / price[j, u]) ** -theta[u]

    # Linear system in spending x (n s unknowns) and final expenditure m (n unknowns):
    #   x_jk = sum_u gamma_jku sum_h share_jhu x_hu / (1 + t_jhu) + alpha_jk m_j
    #   m_j  = w_j VA_j + sum_iu t_iju share_iju x_ju / (1 + t_iju) + deficit_j
    unknowns = n * s + n
    left, right = np.eye(unknowns), np.zeros(unknowns)
    labour = wage * world.value_added
    if closure == "world-share":
        deficit = world.deficit * labour.sum() / world.value_added.sum()
    elif closure == "nominal":
        unit = labour.sum() / world.value_added.sum() if numeraire == "world" else wage[world.region(numeraire)]
        deficit = world.deficit * unit
    else:
        deficit = np.zeros(n)
    for j in range(n):
        for k in range(s):
            row = j * s + k
            left[row, n * s + j] -= world.final_shares[j, k]
            for u in range(s):
                for h in range(n):
                    sold = share[j, h, u] / (1 + tariff[j, h, u])
                    left[row, h * s + u] -= world.input_shares[j, k, u] * sold
        row = n * s + j
        right[row] = labour[j] + deficit[j]
        for u in range(s):
            wedge = (tariff[:, j, u] * share[:, j, u] / (1 + tariff[:, j, u])).sum()
            left[row, j * s + u] -= wedge

    def solved(factor: float) -> Floats:
        system, target = left.copy(), right.copy()
        if closure == "own-share":
            multiple = factor * world.income / (world.value_added + world.tariff_revenue)
            for j in range(n):
                row = n * s + j
                system[row, : n * s] *= multiple[j]
                target[row] = labour[j] * multiple[j]
        return np.asarray(np.linalg.solve(system, target), dtype=np.float64)

    if closure == "own-share":

        def imbalance(factor: float) -> float:
            x = solved(factor)
            spent = x[n * s :].sum()
            paid = x[: n * s].reshape(n, s)
            revenue = sum(
                (tariff[:, j, u] * share[:, j, u] / (1 + tariff[:, j, u])).sum() * paid[j, u]
                for j in range(n)
                for u in range(s)
            )
            return float(np.log(spent / (labour.sum() + revenue)))

        factor = optimize.newton(imbalance, 1.0, x1=0.999, tol=1e-14)
        answer = solved(float(factor))
    else:
        answer = solved(1.0)
    spending, income = answer[: n * s].reshape(n, s), answer[n * s :]
    output = np.zeros((n, s))
    for i in range(n):
        for u in range(s):
            output[i, u] = (share[i, :, u] / (1 + tariff[i, :, u]) * spending[:, u]).sum()
    return price, np.asarray(income, dtype=np.float64), output
