"""A slow, readable twin of `ossa`: loops over regions and industries, no JAX, another order of solution.

It shares no code with `ossa_equations`. For given wages, prices follow one industry at a time, incomes by a
linear system in levels, and wages by a general root finder. Only tests use it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from winset.model.ossa_world import OssaWorld

__all__ = ["reference_ossa"]

Floats = NDArray[np.float64]


def reference_ossa(world: OssaWorld, tariffs: Floats, net_exports: Floats) -> dict[str, Floats]:
    """Hats by name (wage, income, price_index, real_income, government, profit), flows and the largest gap.

    tariffs (n, n, s) fractions; net_exports (n,) in the unit of the flows; `gap` is the largest relative
    error of a labour market.
    """
    bill = np.array([_wage_bill(world, world.flows, i) for i in range(len(world.regions))])

    def gaps(log_relative: Floats) -> Floats:
        # The first wage is free: the numeraire scales all. The market left out clears by Walras' law.
        wage = _numeraire(np.exp(np.concatenate([[0.0], log_relative])), bill)
        flow, _, _ = _given_wages(world, tariffs, net_exports, wage, bill)
        return np.array([_wage_bill(world, flow, i) / (wage[i] * bill[i]) - 1 for i in range(1, len(bill))])

    found = optimize.root(gaps, np.zeros(len(bill) - 1), method="hybr", options={"xtol": 1e-14})
    wage = _numeraire(np.exp(np.concatenate([[0.0], found.x])), bill)
    flow, price, income = _given_wages(world, tariffs, net_exports, wage, bill)
    n, s = price.shape
    before = [_spending(world.flows, world.tariffs, j) for j in range(n)]
    index, government, profit = np.ones(n), np.ones(n), np.ones(n)
    for j in range(n):
        for k in range(s):
            share = sum((1 + world.tariffs[i, j, k]) * world.flows[i, j, k] for i in range(n)) / before[j]
            index[j] *= price[j, k] ** share
        government[j] = _objective(world, flow, tariffs, j) / _objective(world, world.flows, world.tariffs, j)
        profit[j] = _profit(world, flow, j) / _profit(world, world.flows, j)
    return {
        "wage": wage,
        "income": income / np.array(before),
        "price_index": index,
        "real_income": income / np.array(before) / index,
        "government": government / index,
        "profit": profit,
        "flows": flow,
        "gap": np.array([abs(_wage_bill(world, flow, i) / (wage[i] * bill[i]) - 1) for i in range(n)]).max(),
    }


def _numeraire(wage: Floats, bill: Floats) -> Floats:
    return np.asarray(wage * bill.sum() / (wage * bill).sum())


def _spending(flow: Floats, tariffs: Floats, j: int) -> float:
    return float(((1 + tariffs[:, j]) * flow[:, j]).sum())


def _wage_bill(world: OssaWorld, flow: Floats, i: int) -> float:
    """Labour's share of sales is one less one over sigma: the rest is profit."""
    return float(sum((1 - 1 / world.sigma[k]) * flow[i, :, k].sum() for k in range(len(world.sigma))))


def _profit(world: OssaWorld, flow: Floats, i: int) -> float:
    return float(sum(flow[i, :, k].sum() / world.sigma[k] for k in range(len(world.sigma))))


def _objective(world: OssaWorld, flow: Floats, tariffs: Floats, i: int) -> float:
    """sum_s lambda_is E_is, where an industry earns its sales and, by labour, a share of tariff revenue."""
    revenue = float((tariffs[:, i] * flow[:, i]).sum())
    total = 0.0
    for k in range(len(world.sigma)):
        sales = float(flow[i, :, k].sum())
        labour = (1 - 1 / world.sigma[k]) * sales / _wage_bill(world, flow, i)
        total += world.lobbying[i, k] * (sales + labour * revenue)
    return total


def _given_wages(
    world: OssaWorld, tariffs: Floats, net_exports: Floats, wage: Floats, bill: Floats
) -> tuple[Floats, Floats, Floats]:
    """Flows, industry prices (n, s) and incomes (levels) when wages are given."""
    n, s = len(world.regions), len(world.industries)
    price = np.ones((n, s))
    # share[i, j, k]: what i receives, tariffs excluded, from one unit of j's income spent in k.
    share = np.zeros((n, n, s))
    for j in range(n):
        budget = _spending(world.flows, world.tariffs, j)
        for k in range(s):
            spent = sum((1 + world.tariffs[i, j, k]) * world.flows[i, j, k] for i in range(n))
            if spent == 0:
                continue
            power = 0.0
            for i in range(n):
                weight = (1 + world.tariffs[i, j, k]) * world.flows[i, j, k] / spent
                delivered = wage[i] * (1 + tariffs[i, j, k]) / (1 + world.tariffs[i, j, k])
                power += weight * delivered ** (1 - world.sigma[k])
            price[j, k] = power ** (1 / (1 - world.sigma[k]))
            for i in range(n):
                weight = (1 + world.tariffs[i, j, k]) * world.flows[i, j, k] / spent
                delivered = wage[i] * (1 + tariffs[i, j, k]) / (1 + world.tariffs[i, j, k])
                bought = weight * (delivered / price[j, k]) ** (1 - world.sigma[k])
                share[i, j, k] = bought * spent / budget / (1 + tariffs[i, j, k])
    # X_j = w_j L_j + profits_j + revenue_j - NX_j, linear in all X.
    system, right = np.eye(n), wage * bill - net_exports
    for j in range(n):
        for k in range(s):
            for h in range(n):
                system[j, h] -= share[j, h, k] / world.sigma[k]
            for i in range(n):
                system[j, j] -= tariffs[i, j, k] * share[i, j, k]
    income = np.linalg.solve(system, right)
    return np.asarray(share * income[None, :, None]), price, np.asarray(income, dtype=np.float64)
