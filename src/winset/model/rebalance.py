"""Making an equilibrium of data that are not one: the baseline re-solved with its tariffs unchanged.

Real tables break the accounts (negative final demand, placeholders, shares that were clipped). A model that
starts from them computes changes against a state that was never an equilibrium. Here trade shares,
technology, tastes, value added and deficits are taken as given and spending, wages and prices are solved
for; the result says how far wages moved, which is how far the data were from an equilibrium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import BaselineError, NotConvergedError
from winset.model import equations as eqn
from winset.model.baseline import Baseline, Floats
from winset.model.fixed_point import solve_batch
from winset.model.solve import MAX_ITERATIONS, sector_first

__all__ = ["Rebalanced", "rebalance", "rebalanced_flows"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rebalanced:
    """A re-solved baseline and how far it is from the data."""

    world: Baseline
    wage_hat: Floats
    """(n,) ratio of the re-solved wage to the one behind the data; world labour income is the numeraire."""
    clipped: float
    """Final demand that had to be set to zero, as a share of all final demand."""
    residual: float
    iterations: int

    @property
    def move(self) -> float:
        """Largest absolute log change of a wage."""
        return float(np.abs(np.log(self.wage_hat)).max())


def rebalance(
    *,
    regions: Sequence[str],
    sectors: Sequence[str],
    trade_shares: ArrayLike,
    tariffs: ArrayLike,
    elasticities: ArrayLike,
    value_added_shares: ArrayLike,
    input_shares: ArrayLike,
    final_shares: ArrayLike,
    value_added: ArrayLike,
    deficit: ArrayLike,
    tolerance: float = 1e-12,
    clipped: float = 0.0,
    **about: Any,
) -> Rebalanced:
    """An exact equilibrium from shares (Caliendo and Parro 2015, with tariffs unchanged).

    trade_shares: (n, n, s) tariff-inclusive, exporter, importer, sector, summing to one over exporters;
    final_shares: (n, s) summing to one; value_added and deficit: (n,) levels, the deficits summing to zero.
    Deficits stay in units of world labour income. Raises BaselineError for shares that do not add up and
    NotConvergedError where no equilibrium is found.
    """
    share, rate = np.asarray(trade_shares, dtype=float), np.asarray(tariffs, dtype=float)
    theta, va = np.asarray(elasticities, dtype=float), np.asarray(value_added_shares, dtype=float)
    gamma, alpha = np.asarray(input_shares, dtype=float), np.asarray(final_shares, dtype=float)
    labour, transfer = np.asarray(value_added, dtype=float), np.asarray(deficit, dtype=float)
    n, s = va.shape
    totals = share.sum(axis=0)
    bought = totals > 0.5
    if np.abs(totals[bought] - 1).max(initial=0.0) > 1e-6 or np.abs(alpha.sum(axis=1) - 1).max() > 1e-6:
        raise BaselineError("trade shares or final shares do not sum to 1", remedy="Normalise them first")
    if np.abs(transfer.sum()) > 1e-9 * labour.sum():
        raise BaselineError(
            f"the deficits sum to {transfer.sum():.4g}, not to zero",
            remedy="One region's surplus is another's deficit",
        )
    unit = labour.sum()
    # A first guess of spending: final demand and inputs with value added as data have it, by a few rounds.
    spending = alpha * (labour + transfer)[:, None]
    for _ in range(50):
        output = np.einsum("ijs,js->is", share / (1 + rate), spending)
        revenue = (rate * share / (1 + rate) * spending).sum(axis=(0, 2))
        spending = np.einsum("jks,js->jk", gamma, output) + alpha * (labour + transfer + revenue)[:, None]
    spending = np.where(bought, np.maximum(spending, 1e-12 * unit), 0.0)
    own = (share / (1 + rate) * spending * theta * (1 - share)).sum(axis=1)
    elasticity = (va**2 * own).sum(axis=1) / labour
    parts: dict[str, Any] = {
        "weight_sij": sector_first(share),
        "net_weight_sij": sector_first(share / (1 + rate)),
        "va_is": va,
        "gamma_iks": gamma,
        "alpha_js": alpha,
        "theta_s": theta,
        "va_i": labour / unit,
        "deficit_j": transfer / unit,
        "income_j": (labour + transfer) / unit,
        "own_share_j": np.ones(n),
        "numeraire_i": labour / unit,
        "leontief_iks": np.broadcast_to(np.eye(s), (n, s, s)),
        "price_ism": np.zeros((n, s, 0)),
        "spend_ism": np.zeros((n, s, 0)),
        "wage_im": np.diag(1 / (1 + elasticity)),
        "expenditure_js": spending / unit,
    }
    with jax.enable_x64(True):
        (found,) = solve_batch(
            [eqn.Economy(**parts)], np.zeros((1, n + 2 * n * s)), tolerance, MAX_ITERATIONS, "world-share"
        )
    solved, residual, count = found
    if not residual <= max(tolerance, 1e-10):
        raise NotConvergedError(
            f"the baseline could not be balanced: residual {residual:.2e} after {count} passes",
            remedy="Look for a region whose deficit is larger than its income, or for trade shares of zero",
        )
    log_wage, log_price = solved[:n], solved[n : n + n * s].reshape(n, s)
    wage = np.exp(log_wage) * unit / (np.exp(log_wage) * labour).sum()
    log_cost = va * np.log(wage)[:, None] + np.einsum("iks,ik->is", gamma, log_price)
    new_share = share * np.exp(-theta * (log_cost[:, None, :] - log_price[None]))
    level = spending * np.exp(solved[n + n * s :].reshape(n, s))
    world = Baseline.from_arrays(
        regions=regions,
        sectors=sectors,
        flows=new_share * level / (1 + rate),
        tariffs=rate,
        elasticities=theta,
        value_added_shares=va,
        input_shares=gamma,
        **about,
    )
    return Rebalanced(world=world, wage_hat=wage, clipped=clipped, residual=residual, iterations=count)


def rebalanced_flows(
    *,
    regions: Sequence[str],
    sectors: Sequence[str],
    flows: ArrayLike,
    tariffs: ArrayLike,
    elasticities: ArrayLike,
    value_added_shares: ArrayLike,
    input_shares: ArrayLike,
    deficits: str = "held",
    tolerance: float = 1e-12,
    **about: Any,
) -> Rebalanced:
    """`Baseline.from_arrays` for flows whose final demand is negative somewhere: clipped, then re-solved.

    deficits: "held" keeps those of the data, "zero" takes them out.
    """
    flow, rate = np.asarray(flows, dtype=float), np.asarray(tariffs, dtype=float)
    gamma, va = np.asarray(input_shares, dtype=float), np.asarray(value_added_shares, dtype=float)
    if deficits not in ("held", "zero"):
        raise BaselineError(f"deficits {deficits!r} is neither 'held' nor 'zero'")
    spent, made = ((1 + rate) * flow).sum(axis=0), flow.sum(axis=1)
    final = spent - np.einsum("jks,js->jk", gamma, made)
    kept = np.maximum(final, 0.0)
    share = np.divide((1 + rate) * flow, spent, out=np.zeros_like(flow), where=spent > 0)
    transfer = flow.sum(axis=(0, 2)) - flow.sum(axis=(1, 2))
    return rebalance(
        regions=regions,
        sectors=sectors,
        trade_shares=share,
        tariffs=rate,
        elasticities=elasticities,
        value_added_shares=va,
        input_shares=gamma,
        final_shares=kept / kept.sum(axis=1, keepdims=True),
        value_added=(va * made).sum(axis=1),
        deficit=transfer if deficits == "held" else np.zeros_like(transfer),
        tolerance=tolerance,
        clipped=float((kept - final).sum() / kept.sum()),
        **about,
    )
