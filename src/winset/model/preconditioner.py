"""How the markets of a baseline answer one another, computed once per world and used to steer every solve.

The fixed point of `solve` converges fast when each step already knows (a) a region's own input-output loop
and (b) how all prices and all spending follow wages. Both are derivatives of equations (1) to (6) at the
baseline. They only steer: a rough one costs passes, never accuracy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from winset.model.baseline import Baseline, Floats

__all__ = ["Preconditioner", "cautious", "preconditioner"]

SWEEPS = 8
"""Sweeps of the linear solves; each gains about one digit, and two digits are plenty for steering."""
MAX_RESPONSE = 30_000_000
"""Largest number of cells of a response array (n, s, n) that is worth its memory; above it, own wages only."""


class Preconditioner(NamedTuple):
    """Derivatives at the baseline; m is a wage."""

    leontief_iks: Floats
    """(n, s, s) inverse of 1 - gamma_iks home_share_iis."""
    price_ism: Floats
    """(n, s, n) d ln price_is / d ln wage_m; (n, s, 0) where the world is too large for it."""
    spend_ism: Floats
    """(n, s, n) d ln spending_is / d ln wage_m; likewise."""
    wage_im: Floats
    """(n, n) inverse of minus the Jacobian of labour-market errors, all else following (own wages only where
    the world is too large)."""


def preconditioner(world: Baseline) -> Preconditioner:
    """The preconditioner of a world, computed at first use and kept with it."""
    kept = world.__dict__.get("_preconditioner")
    if kept is None:
        kept = world.__dict__["_preconditioner"] = _compute(world)
    result: Preconditioner = kept
    return result


def cautious(world: Baseline) -> Preconditioner:
    """Own wages only, shortened by the own-wage elasticity of labour demand: slower, and hard to upset."""
    own_flow = (world.flows * world.elasticities * (1 - world.trade_shares)).sum(axis=1)
    elasticity = (world.value_added_shares**2 * own_flow).sum(axis=1) / world.value_added
    n, s = world.output.shape
    none = np.zeros((n, s, 0))
    plain = np.broadcast_to(np.eye(s), (n, s, s))
    return Preconditioner(plain, none, none, np.diag(1 / (1 + elasticity)))


def _compute(world: Baseline) -> Preconditioner:
    n, s = world.output.shape
    theta, gamma, va = world.elasticities, world.input_shares, world.value_added_shares
    share, flow, spending = world.trade_shares, world.flows, world.expenditure
    every = np.arange(n)
    loops: Floats = np.eye(s) - gamma * share[every, every][:, None, :]
    leontief = np.asarray(np.linalg.inv(loops), dtype=np.float64)
    if n * s * n > MAX_RESPONSE:
        return cautious(world)
    # Sector-first copies, so that every product below is a batch of matrix products.
    share_sji = np.ascontiguousarray(share.transpose(2, 1, 0))
    flow_sij = np.ascontiguousarray(flow.transpose(2, 0, 1))
    gamma_isk = np.ascontiguousarray(gamma.transpose(0, 2, 1))
    wages = np.zeros((n, s, n))
    wages[every, :, every] = va

    def sector_first(x: Floats) -> Floats:
        return x.transpose(1, 0, 2)

    # (1), (2): cost_ism = va_is 1(i=m) + sum_k gamma_iks price_ikm; price_jsm = sum_i share_ijs cost_ism.
    price = np.zeros((n, s, n))
    for _ in range(SWEEPS):
        cost = wages + gamma_isk @ price
        gap = sector_first(share_sji @ sector_first(cost)) - price
        price = price + leontief.transpose(0, 2, 1) @ gap
    cost = wages + gamma_isk @ price

    # (4), (5): spending_jsm follows from outputs and incomes, both linear in it.
    active = np.where(spending > 0, spending, 1.0)
    wedge_sji = np.ascontiguousarray((world.tariffs * flow).transpose(2, 1, 0))
    level = np.zeros((n, s, n))
    rising = np.zeros((n, n))
    rising[every, every] = world.value_added
    own_cost = sector_first(cost) * theta[:, None, None]
    demand = sector_first(price) * theta[:, None, None]
    sales_s = flow_sij.sum(axis=2)[:, :, None]
    for _ in range(SWEEPS):
        pull = demand + sector_first(level / active[:, :, None])
        output = sector_first(flow_sij @ pull - sales_s * own_cost)
        revenue = (wedge_sji.sum(axis=2)[:, :, None] * pull - wedge_sji @ own_cost).sum(axis=0)
        income = rising + revenue
        new = gamma @ output + world.final_shares[:, :, None] * income[:, None, :]
        level = level + leontief @ np.where((spending > 0)[:, :, None], new - level, 0.0)
    spend = level / active[:, :, None]
    pull = demand + sector_first(spend)
    output = sector_first(flow_sij @ pull - sales_s * own_cost)
    labour = np.einsum("is,ism->im", va, output) / world.value_added[:, None]
    # One labour market is redundant; the numeraire (world labour income) closes the system.
    weight = world.value_added / world.value_added.sum()
    # Regions that do not trade with each other have no relative wage; the pseudo-inverse leaves it alone.
    wage = np.linalg.pinv(np.eye(n) - labour + weight[None, :], rcond=1e-12)
    return Preconditioner(leontief_iks=leontief, price_ism=price, spend_ism=spend, wage_im=wage)
