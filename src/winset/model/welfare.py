"""Where a change of real income comes from.

Along a path from the baseline to the counterfactual, with c the unit cost of a sector, E_jis the exports of j
to i and M_jis its imports from i (tariff-exclusive), t the tariff of j on i and D the trade deficit,

    d ln real income_j = terms of trade + volume of trade + transfers
    terms of trade  = sum_is ( E_jis d ln c_js - M_jis d ln c_is ) / I_j
    volume of trade = sum_is t_ijs M_jis ( d ln M_jis - d ln c_is ) / I_j
    transfers       = d D_j / I_j

(Caliendo and Parro 2015, equation (15), with the transfer that keeps it true when trade is not balanced; an
iceberg change enters the cost of the delivered good and is `trade costs`). The paper applies the formula once,
to the whole change: `first_order`. Integrated along the path it adds up to the exact change: `path`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from winset.core.errors import RequestError
from winset.model.baseline import Baseline, Floats
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock
from winset.model.solve import balanced_world, solve_many

__all__ = ["Decomposition", "decompose", "first_order"]

FEWEST_STEPS = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Decomposition:
    """Contributions to a change of ln real income, (n,) each unless said otherwise; 0.01 is about 1 percent."""

    world: Baseline
    method: str
    """`first-order` (the formula applied once) or `path` (integrated; adds up to the exact change)."""
    terms_of_trade: Floats
    volume_of_trade: Floats
    """Tariff revenue won or lost because quantities change."""
    transfers: Floats
    """What a deficit adds when its real value changes."""
    trade_costs: Floats
    """Direct effect of iceberg changes."""
    exact: Floats
    """ln of the exact real-income ratio."""
    terms_of_trade_ij: Floats
    """(n, n) the part of region j's terms of trade (second axis) that partner i makes (first axis)."""
    volume_of_trade_ij: Floats
    """(n, n) likewise."""

    @property
    def total(self) -> Floats:
        """Sum of the contributions: the exact change along the path, the approximation for the first order."""
        return self.terms_of_trade + self.volume_of_trade + self.transfers + self.trade_costs

    @property
    def gap(self) -> Floats:
        """Total less the exact change: what the first-order formula gets wrong."""
        return self.total - self.exact


@dataclass(frozen=True, kw_only=True)
class _Point:
    """Logs and weights at one point of the path."""

    log_cost: Floats
    """(n, s) unit cost of the producer."""
    log_melt: Floats
    """(n, n, s) iceberg change."""
    log_flow: Floats
    flow: Floats
    tariff: Floats
    income: Floats
    deficit: Floats


def first_order(world: Baseline, shock: Shock, *, closure: str = "world-share", steps: int = 1) -> Decomposition:
    """The one-step formula of Caliendo and Parro (2015, Table 2): baseline weights times whole relative changes.

    For a large shock it is far from the exact change; both are returned. With more `steps` the formula is
    applied to each part of the shock from the equilibrium before it and summed: that tends to the exact change.
    """
    if steps < 1:
        raise RequestError(f"steps must be at least 1, found {steps}")
    points, last = _path(world, shock, closure, steps)
    return _sum(points, last, "first-order", one_sided=True)


def decompose(world: Baseline, shock: Shock, *, closure: str = "world-share", steps: int = 16) -> Decomposition:
    """The contributions integrated along the path on which ln(1 + tariff) and ln cost rise evenly.

    Trapezoids over `steps`, twice and four times as many, extrapolated (Richardson), so that the total equals
    the exact change to 1e-6 or better. Raises NotConvergedError where a point of the path has no equilibrium.
    """
    if steps < FEWEST_STEPS:
        raise RequestError(f"steps must be at least {FEWEST_STEPS}, found {steps}")
    points, last = _path(world, shock, closure, 4 * steps)
    coarse, middle, fine = (_sum(points[::k], last, "path") for k in (4, 2, 1))

    def limit(name: str) -> Floats:
        a, b, c = (getattr(one, name) for one in (coarse, middle, fine))
        # Trapezoids err by even powers of the step: two rounds of extrapolation remove the second and fourth.
        ab, bc = b + (b - a) / 3, c + (c - b) / 3
        return np.asarray(bc + (bc - ab) / 15)

    names = (
        "terms_of_trade",
        "volume_of_trade",
        "transfers",
        "trade_costs",
        "terms_of_trade_ij",
        "volume_of_trade_ij",
    )
    return Decomposition(
        world=fine.world, method="path", exact=fine.exact, **{name: limit(name) for name in names}
    )


def _path(world: Baseline, shock: Shock, closure: str, steps: int) -> tuple[list[_Point], Equilibrium]:
    if closure == "balanced":
        world, _ = balanced_world(world)
    tariff, cost = shock.filled(world)
    low, high = np.log1p(world.tariffs), np.log1p(tariff)
    shares = np.linspace(0, 1, steps + 1)
    shocks = [Shock(tariffs=np.expm1(low + x * (high - low)), cost_hat=cost**x) for x in shares]
    solved = [e.checked() for e in solve_many([(world, s) for s in shocks], closure=closure, tolerance=1e-12)]
    return [_point(world, e, cost**x) for e, x in zip(solved, shares, strict=True)], solved[-1]


def _point(world: Baseline, e: Equilibrium, cost: Floats) -> _Point:
    log_price = np.log(e.sector_price_hat)
    log_cost = world.value_added_shares * np.log(e.wage_hat)[:, None] + np.einsum(
        "iks,ik->is", world.input_shares, log_price
    )
    traded = e.flows > 0
    log_flow = np.log(np.where(traded, e.flows, 1.0))
    return _Point(
        log_cost=log_cost,
        log_melt=np.log(cost),
        log_flow=log_flow,
        flow=e.flows,
        tariff=e.tariffs,
        income=world.income * e.income_hat,
        deficit=e.deficit,
    )


def _sum(points: list[_Point], last: Equilibrium, method: str, *, one_sided: bool = False) -> Decomposition:
    n = len(last.world.regions)
    ij = np.zeros((n, n))
    trade, volume, icebergs, transfer = ij.copy(), ij.copy(), ij.copy(), np.zeros(n)
    for a, b in pairwise(points):

        def mean(f: Floats, g: Floats) -> Floats:
            return f if one_sided else (f + g) / 2

        d_cost, d_flow = b.log_cost - a.log_cost, b.log_flow - a.log_flow
        if one_sided:
            # The paper's step takes ratios less one for the differentials of logs.
            d_cost, d_flow = np.expm1(d_cost), np.where(b.flow > 0, np.expm1(d_flow), 0.0)
        home, melt = d_cost[:, None, :], b.log_melt - a.log_melt
        bought = mean(a.flow / a.income[None, :, None], b.flow / b.income[None, :, None])
        sold = mean(a.flow / a.income[:, None, None], b.flow / b.income[:, None, None])
        # Home sales are both an export and an import of the region and cancel.
        trade += (sold * home).sum(axis=2).T - (bought * home).sum(axis=2)
        icebergs -= (bought * melt).sum(axis=2)
        taxed = mean(a.tariff * a.flow / a.income[None, :, None], b.tariff * b.flow / b.income[None, :, None])
        volume += (taxed * (d_flow - home - melt)).sum(axis=2)
        transfer += mean(1 / a.income, 1 / b.income) * (b.deficit - a.deficit)
    return Decomposition(
        world=last.world,
        method=method,
        terms_of_trade=trade.sum(axis=0),
        volume_of_trade=volume.sum(axis=0),
        transfers=transfer,
        trade_costs=icebergs.sum(axis=0),
        exact=np.log(last.real_income_hat),
        terms_of_trade_ij=trade,
        volume_of_trade_ij=volume,
    )
