"""The uniform tariff that stands for many: seven definitions, from sums over the lines of a group.

m_n is imports of line n at the border (duty excluded), t_n its rate, e_n > 0 the size of its import demand
elasticity; s_n = m_n (1 + t_n) / sum_k m_k (1 + t_k) its share of spending. Lines of a group are varieties with
elasticity of substitution sigma, and the group's own demand has elasticity eta.

simple      mean of t_n.
weighted    w = sum m t / sum m: same revenue at given trade.
otri        sum m e t / sum m e: same value of imports to first order. The partial-equilibrium OTRI of Kee, Nicita
            and Olarreaga (2009, Economic Journal 119, 172-199), after Anderson and Neary's (2003) mercantilist
            index.
tri         sqrt(sum m e t^2 / sum m e): same deadweight loss to second order. Feenstra's (1995) simplification of
            Anderson and Neary's (1996, Review of Economic Studies 63, 107-125) index, as in Kee, Nicita and
            Olarreaga (2008, Review of Economics and Statistics 90, 666-682).
ces-price   1 + t_P = (sum s (1 + t)^(sigma - 1))^(1 / (sigma - 1)); sigma = 1: exp(sum s ln(1 + t)).
            Same price index.
ces-imports 1 + t_M = (1 + w)^(1 / eta) (1 + t_P)^(1 - 1 / eta): same value of imports at the border. eta = 1 gives
            the import-weighted mean, eta to infinity the price index.
ces-welfare t_W with F(t_W, t_W) = F(t_P, w), F(p, r) = (1 + p)^(1 - eta) (1 / (eta - 1) + r / (1 + r)): same
            consumers' surplus and revenue together. sigma = eta makes lines independent.

The three CES forms are derived in `docs/explain/tariff-aggregation.md`; they are exact for any size of tariff
where the others are expansions around zero. All seven give t where every line has the rate t.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError

__all__ = ["METHODS", "SUMS", "combine"]

Floats = NDArray[np.float64]

METHODS = ("simple", "weighted", "otri", "tri", "ces-price", "ces-imports", "ces-welfare")
SUMS: Mapping[str, str] = {
    "lines": "count(*)::DOUBLE",
    "t": "sum({t})",
    "m": "sum(m)",
    "mt": "sum(m * {t})",
    "me": "sum(m * e)",
    "met": "sum(m * e * {t})",
    "mett": "sum(m * e * {t} * {t})",
    "power": "sum(m * CASE WHEN abs(sigma - 1) < 1e-7 THEN (1 + {t}) * ln(1 + {t}) ELSE pow(1 + {t}, sigma) END)",
    "low": "min({t})",
    "high": "max({t})",
    "low_traded": "min({t}) FILTER (m > 0)",
    "high_traded": "max({t}) FILTER (m > 0)",
}
"""What is summed over the lines of a group, as SQL in the rate {t}, imports m, elasticity e and sigma."""


def combine(method: str, sums: Mapping[str, Any], sigma: Floats, eta: Floats) -> Floats:
    """(g,) rates (fractions) of groups from their sums (see SUMS); NaN where a group has no imports to weigh with.

    sigma, eta: (g,) elasticities of substitution and of the group's demand. The result never leaves the range
    of the traded lines' rates by rounding. Raises RequestError for elasticities a method cannot use.
    """
    if method not in METHODS:
        raise RequestError(f"unknown method {method!r}", remedy=f"Known: {', '.join(METHODS)}")
    if not (np.all(np.isfinite(sigma)) and np.all(sigma >= 0)):
        raise RequestError("an elasticity of substitution is below zero", remedy="Give sigma of zero or more")
    if method in ("ces-imports", "ces-welfare") and not np.all(eta >= 1):
        raise RequestError(
            "the demand for a sector has an elasticity below one", remedy="Give --eta of one or more"
        )
    of = {key: np.asarray(value, dtype=np.float64) for key, value in sums.items()}
    low, high = of["low_traded"], of["high_traded"]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if method == "simple":
            plain: Floats = np.clip(of["t"] / of["lines"], of["low"], of["high"])
            return plain
        weighted = np.clip(of["mt"] / of["m"], low, high)
        if method == "weighted":
            return weighted
        if method == "otri":
            mean: Floats = np.clip(of["met"] / of["me"], low, high)
            return mean
        if method == "tri":
            root: Floats = np.clip(np.sqrt(of["mett"] / of["me"]), low, high)
            return root
        spending = of["m"] + of["mt"]
        # Nearer to one than this the power loses more digits than its limit.
        order = np.where(np.abs(sigma - 1) < 1e-7, 0.0, sigma - 1)
        power = np.where(
            order == 0,
            np.exp(of["power"] / spending),
            (of["power"] / spending) ** (1 / np.where(order == 0, 1.0, order)),
        )
        price: Floats = np.clip(power - 1, low, high)
        if method == "ces-price":
            return price
        if method == "ces-imports":
            imports: Floats = (1 + weighted) ** (1 / eta) * (1 + price) ** (1 - 1 / eta) - 1
            volume: Floats = np.clip(imports, low, high)
            return volume
    return _welfare(price, weighted, eta)


def _surplus(price: Floats, rate: Floats, eta: Floats) -> Floats:
    """F(p, r) less its value at free trade, written so that eta = 1 is its limit: surplus and revenue."""
    logs = np.log1p(price)
    first = np.where(eta == 1, -logs, np.expm1((1 - eta) * logs) / np.where(eta == 1, 1.0, eta - 1))
    result: Floats = first + np.exp((1 - eta) * logs) * rate / (1 + rate)
    return result


def _welfare(price: Floats, weighted: Floats, eta: Floats) -> Floats:
    """The uniform tariff with the same surplus, by bisection: it falls with a uniform tariff above zero."""
    goal = _surplus(price, weighted, eta)
    low, high = np.zeros_like(goal), np.ones_like(goal)
    ok = np.isfinite(goal)
    for _ in range(200):
        more = ok & (_surplus(high, high, eta) > goal)
        if not more.any() or float(high.max()) > 1e12:
            break
        high = np.where(more, 2 * high, high)
    for _ in range(200):
        middle = (low + high) / 2
        above = _surplus(middle, middle, eta) > goal
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    # Near zero the surplus is flat (second order), so a free group is named as such and not left to rounding.
    return np.where(ok, np.where((price == 0) & (weighted == 0), 0.0, (low + high) / 2), np.nan)
