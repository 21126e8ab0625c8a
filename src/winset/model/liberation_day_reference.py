"""A slow, readable twin of the Liberation Day solver: loops, NumPy and scipy's root finder, no shared code.

It takes the published route instead of ours: wages, spending, employment (and prices, with inputs) are all
unknowns, the last labour market is dropped and the numeraire takes its place. Tests compare the two; nothing
else uses it. Sections are those of the model note.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

__all__ = ["reference_liberation_day"]

Floats = NDArray[np.float64]


def reference_liberation_day(
    flows: ArrayLike,
    nu: ArrayLike,
    phi: ArrayLike,
    tariffs: ArrayLike,
    *,
    eps: float,
    kappa: float,
    psi: float,
    beta: float = 1.0,
    lump_sum: bool = False,
    wage_numeraire: bool = False,
) -> dict[str, Any]:
    """Solve a small world with home sales on the diagonal of `flows`; the largest gap is `residual`.

    flows, tariffs: (n, n) exporter, importer; nu, phi: (n,). Returns hats of wage, spending, employment,
    price and welfare, revenue over base spending, and `dropped`: the log gap of the labour market left out.
    """
    x0, t = np.asarray(flows, dtype=float), np.asarray(tariffs, dtype=float)
    nus, phis = np.asarray(nu, dtype=float), np.asarray(phi, dtype=float)
    n = len(x0)
    spending0, net0 = np.zeros(n), np.zeros(n)
    for o in range(n):
        for d in range(n):
            spending0[d] += x0[o, d]
            net0[o] += (1 - nus[d]) * x0[o, d]
    income0 = beta * net0 + nus * spending0
    transfer0 = spending0 - income0 - (1 - beta) * net0

    def world_at(logs: Floats) -> dict[str, Any]:
        wage, spend, labour = (np.exp(logs[k * n : (k + 1) * n]) for k in range(3))
        given_price = np.exp(logs[3 * n :]) if beta < 1 else np.ones(n)
        a = np.zeros((n, n))
        for o in range(n):
            scale = (wage[o] / given_price[o]) ** (1 - beta) * labour[o]
            cost = wage[o] ** beta * given_price[o] ** (1 - beta) * scale ** (-psi)
            for d in range(n):
                share = x0[o, d] / spending0[d]
                a[o, d] = share * cost ** (-eps) * (1 + t[o, d]) ** (-eps * phis[d])
        total = a.sum(axis=0)
        sales, revenue, price = np.zeros((n, n)), np.zeros(n), np.ones(n)
        for d in range(n):
            for o in range(n):
                sales[o, d] = a[o, d] / total[d] * spend[d] * spending0[d] / (1 + t[o, d])
                revenue[d] += t[o, d] * sales[o, d]
            price[d] = (spend[d] / wage[d]) ** (1 - phis[d]) * total[d] ** (-1 / eps)
        pay = wage * labour * income0
        growth = pay.sum() / income0.sum()
        demand, budget, supply = np.zeros(n), np.zeros(n), np.zeros(n)
        for i in range(n):
            net = sum((1 - nus[d]) * sales[i, d] for d in range(n))
            demand[i] = beta * net + nus[i] * sum(sales[k, i] for k in range(n))
            budget[i] = revenue[i] + pay[i] + (1 - beta) * net + transfer0[i] * growth
            tax = 0.0 if lump_sum else revenue[i] / pay[i]
            supply[i] = (wage[i] / price[i] / (1 - tax)) ** kappa
        return {
            "wage": wage, "spend": spend, "labour": labour, "price": price, "pay": pay, "revenue": revenue,
            "demand": demand, "budget": budget, "supply": supply, "growth": growth, "given_price": given_price,
        }  # fmt: skip

    def gaps(logs: Floats) -> Floats:
        w = world_at(logs)
        market = np.log(w["demand"] / w["pay"])
        if wage_numeraire:
            market[-1] = ((w["wage"] - 1) * income0).sum() / income0.sum()
        else:
            market[-1] = ((w["price"] - 1) * spending0).sum() / spending0.sum()
        budget = np.log(w["budget"] / (w["spend"] * spending0))
        parts = [market, budget, np.log(w["supply"] / w["labour"])]
        if beta < 1:
            parts.append(np.log(w["price"] / w["given_price"]))
        return np.concatenate(parts)

    start = np.zeros((4 if beta < 1 else 3) * n)
    found = optimize.root(gaps, start, method="hybr", options={"xtol": 1e-14})
    if np.abs(found.fun).max() > 1e-10:
        found = optimize.root(gaps, found.x, method="lm", options={"xtol": 1e-15, "ftol": 1e-15})
    w = world_at(found.x)
    welfare = np.zeros(n)
    for i in range(n):
        tax = 0.0 if lump_sum else w["revenue"][i] / w["pay"][i]
        final0 = income0[i] + transfer0[i]
        final = w["revenue"][i] + w["pay"][i] + transfer0[i] * w["growth"]
        d = final0 / (final0 - kappa * (1 - tax) * income0[i] / (1 + kappa))
        welfare[i] = (d * final / final0 + (1 - d) * w["wage"][i] * w["labour"][i]) / w["price"][i]
    return {
        "wage_hat": w["wage"],
        "expenditure_hat": w["spend"],
        "employment_hat": w["labour"],
        "price_hat": w["price"],
        "welfare_hat": welfare,
        "revenue_share": w["revenue"] / spending0,
        "dropped": float(np.log(w["demand"][-1] / w["pay"][-1])),
        "residual": float(np.abs(gaps(found.x)).max()),
    }
