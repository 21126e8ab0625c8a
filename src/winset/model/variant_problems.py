"""The variants as conditions F(y, t) = 0 with everything reported as a function of (y, t): what gradients need.

Money is in shares of the baseline's world sales net of inputs, as in `gradients.Quantities`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from winset.model import liberation_day_equations as ld
from winset.model import ossa_equations as ossa
from winset.model.baseline import Baseline, Floats
from winset.model.gradients import Quantities
from winset.model.liberation_day import economy_of as liberation_day_economy
from winset.model.liberation_day import prices_are_unknown, solve_liberation_days
from winset.model.liberation_day_equilibrium import LiberationDayScenario
from winset.model.ossa import MAX_ITERATIONS, solve_ossa
from winset.model.variants import liberation_day_people, ossa_firms

__all__ = ["VariantProblem", "variant_problem"]

NEWTON_TOLERANCE = 1e-12
GOOD = 1e-10
"""Residual that is accepted where rounding keeps a solve from the one asked."""


@dataclass(frozen=True, kw_only=True, eq=False)
class VariantProblem:
    """One variant on one world: how to solve it, and how its numbers depend on unknowns and tariffs."""

    base: Baseline
    """What hats are relative to."""
    data: Any
    """Calibrated arrays handed to `describe`."""
    describe: Callable[[Array, Array, Any], tuple[Array, Quantities]]
    """(unknowns (m,), tariffs (n, n, s), data) to the gaps (m,) of the conditions and the quantities."""
    origin: Floats
    """(m,) unknowns at the baseline."""
    solved: Callable[[Floats | None, Floats], Floats | None]
    """(start, tariffs) to the unknowns of the equilibrium, or None where it is not found."""


def variant_problem(world: Baseline, *, model: str, closure: str, settings: Mapping[str, Any]) -> VariantProblem:
    """The problem of a model other than the core one; refuses what `solve` with that model refuses."""
    # Arrays made outside would be rounded to single precision: payoffs would be right to seven digits only.
    with jax.enable_x64(True):
        if model == "ossa-2014":
            return _ossa_problem(world, closure, settings)
        return _liberation_day_problem(world, closure, settings)


# ---------------------------------------------------------------------- Ossa (2014)


class _OssaData(NamedTuple):
    economy: ossa.Economy
    net_exports: Any


def _ossa_described(point: Array, tariffs: Array, data: _OssaData) -> tuple[Array, Quantities]:
    economy = data.economy
    n = economy.income_j.shape[0]
    trade = ossa.sold_and_paid(tariffs, economy)
    out = ossa.outcome(point, trade, data.net_exports, economy)
    income = jnp.exp(point[n:])
    active = out.over_kernel > 0
    kernel = jnp.where(active, income[:, None] / jnp.where(active, out.over_kernel, 1.0), 1.0)
    power = jnp.exp(point[:n, None] * (1 - economy.sigma_s))
    labour = (1 - 1 / economy.sigma_s) * out.sales
    share = labour / labour.sum(axis=1, keepdims=True)
    # The equations count in world spending; quantities are in world value added, which is all sales here.
    unit = economy.flow_ijs.sum()
    return out.gaps, Quantities(
        real_income_hat=jnp.exp(out.log_real_income),
        income_hat=income,
        price_index_hat=jnp.exp(out.log_price),
        wage_hat=jnp.exp(point[:n]),
        sector_price_hat=kernel ** (1 / (1 - economy.sigma_s)),
        tariff_revenue=out.revenue / unit,
        flows=trade[0] * power[:, None, :] * out.over_kernel[None] / unit,
        attributed_income=(out.sales + share * out.revenue[:, None]) / unit,
    )


def _ossa_problem(world: Baseline, closure: str, settings: Mapping[str, Any]) -> VariantProblem:
    firms, base, _ = ossa_firms(world, closure, settings)
    n = len(base.regions)
    net = np.zeros(n) if closure == "balanced" else firms.checked_net_exports("held")
    economy = ossa.economy_of(firms)
    data = _OssaData(economy, jnp.asarray(net / firms.income.sum()))

    def solved(start: Floats | None, tariffs: Floats) -> Floats | None:
        if start is not None:
            point, error, _ = ossa.solved(
                start, tariffs, data.net_exports, economy, np.float64(NEWTON_TOLERANCE), np.int64(MAX_ITERATIONS)
            )
            return np.asarray(point) if float(error) <= GOOD else None
        found = solve_ossa(
            firms, tariffs, net_exports="zero" if closure == "balanced" else "held", tolerance=NEWTON_TOLERANCE
        )
        if not found.residual <= GOOD:
            return None
        return np.asarray(np.log(np.concatenate([found.wage_hat, found.income_hat])))

    return VariantProblem(base=base, data=data, describe=_ossa_described, origin=np.zeros(2 * n), solved=solved)


# ---------------------------------------------------------------------- Liberation Day (2025)


class _LiberationDayData(NamedTuple):
    economy: ld.Economy
    share_od: Any


def _liberation_day(
    point: Array, tariffs: Array, data: _LiberationDayData, prices: bool
) -> tuple[Array, Quantities]:
    rate = tariffs[:, :, 0]
    factor = 1 + rate
    kernel = data.share_od * factor ** (-data.economy.eps * data.economy.phi_d)
    economy = data.economy._replace(kernel_od=kernel, net_kernel_od=kernel / factor)
    n = economy.nu_d.shape[0]
    out = ld.outcome(point, economy, prices=prices)
    final = out.revenue_d + out.income_o + out.transfer_d
    flow = out.cost_power_o[:, None] * economy.net_kernel_od * (out.spending_d / out.market_d)[None]
    wage = jnp.exp(point[:n])
    level = (wage * economy.labour_income_o).sum() / economy.labour_income_o.sum()
    price = jnp.exp(out.log_price_d)
    return ld.errors(point, economy, prices=prices), Quantities(
        real_income_hat=ld.real_outcome(point, economy, prices=prices),
        income_hat=final / economy.final_d / level,
        price_index_hat=price / level,
        wage_hat=wage / level,
        sector_price_hat=price[:, None] / level,
        tariff_revenue=(rate * flow).sum(axis=0) / level,
        flows=flow[:, :, None] / level,
        attributed_income=final[:, None] / level,
    )


def _with_prices(point: Array, tariffs: Array, data: _LiberationDayData) -> tuple[Array, Quantities]:
    return _liberation_day(point, tariffs, data, True)


def _without_prices(point: Array, tariffs: Array, data: _LiberationDayData) -> tuple[Array, Quantities]:
    return _liberation_day(point, tariffs, data, False)


def _liberation_day_problem(world: Baseline, closure: str, settings: Mapping[str, Any]) -> VariantProblem:
    people, relief = liberation_day_people(world, closure, settings)
    n = len(world.regions)
    choice: dict[str, Any] = {"relief": relief, "closure": closure}
    scenario = LiberationDayScenario(world=people, tariffs=np.zeros((n, n)), **choice)
    prices = prices_are_unknown(scenario)
    _, economy = liberation_day_economy(scenario)
    data = _LiberationDayData(
        ld.Economy(*(jnp.asarray(part) for part in economy)), jnp.asarray(people.trade_shares)
    )

    def solved(start: Floats | None, tariffs: Floats) -> Floats | None:
        problem = replace(scenario, tariffs=tariffs[:, :, 0])
        (found,) = solve_liberation_days([problem], starts=[start], tolerance=NEWTON_TOLERANCE)
        return found.point if found.residual <= GOOD else None

    return VariantProblem(
        base=world,
        data=data,
        describe=_with_prices if prices else _without_prices,
        origin=np.zeros((3 if prices else 2) * n),
        solved=solved,
    )
