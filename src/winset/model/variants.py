"""Other models behind the same call: `winset.solve(world, shock, model=...)`.

`caliendo-parro` is the core model. `ossa-2014` has firms with profits and no entry (Krugman), no inputs.
`liberation-day-2025` has one sector, endogenous labour supply and destination market-penetration costs. Each
takes a Baseline and gives an Equilibrium with the same names; what only that model knows is in `detail`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.baseline import Baseline, Floats
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock

if TYPE_CHECKING:
    from winset.model.liberation_day_world import LiberationDayWorld
    from winset.model.ossa_world import OssaWorld

__all__ = ["MODELS", "liberation_day_people", "ossa_firms", "solve_variant"]

MODELS = ("caliendo-parro", "ossa-2014", "liberation-day-2025")


def solve_variant(
    world: Baseline,
    shock: Shock | None,
    *,
    model: str,
    closure: str,
    tolerance: float,
    settings: Mapping[str, Any],
) -> Equilibrium:
    """Solve a model other than the core one. RequestError where the world or the closure does not suit it."""
    known(model, MODELS, "model")
    tariff, cost = (shock or Shock()).filled(world)
    if (cost != 1).any():
        raise RequestError(f"the model {model!r} takes tariffs only, no iceberg changes")
    if model == "ossa-2014":
        return _ossa(world, tariff, closure, tolerance, settings)
    return _liberation_day(world, tariff, closure, tolerance, settings)


def _settings(given: Mapping[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
    for name in given:
        known(name, allowed, "setting of this model")
    return dict(given)


def _ossa(
    world: Baseline, tariff: Floats, closure: str, tolerance: float, settings: Mapping[str, Any]
) -> Equilibrium:
    from winset.model.ossa import solve_ossa

    firms, base, move = ossa_firms(world, closure, settings)
    found = solve_ossa(firms, tariff, net_exports="zero" if closure == "balanced" else "held", tolerance=tolerance)
    theta = world.elasticities
    factor = found.wage_hat[:, None, None] * (1 + tariff) / (1 + base.tariffs)
    price = (base.trade_shares * factor**-theta).sum(axis=0)
    sector_price = np.where(base.expenditure > 0, np.where(price > 0, price, 1.0) ** (-1 / theta), 1.0)
    return _common(
        base, found, tariff, closure, move, np.asarray(sector_price), np.asarray(found.flows),
        found.real_income_hat,
        found.income_hat, found.price_index_hat, found.tariff_revenue, "labour markets and budgets",
    )  # fmt: skip


def ossa_firms(world: Baseline, closure: str, settings: Mapping[str, Any]) -> tuple[OssaWorld, Baseline, float]:
    """The world with profits, the baseline that hats are relative to, and how far purging moved a log wage."""
    from winset.model.ossa import purge
    from winset.model.ossa_world import OssaWorld

    known(closure, ("balanced", "nominal"), "closure of the model 'ossa-2014'")
    options = _settings(settings, ("lobbying",))
    firms = OssaWorld.from_baseline(world, lobbying=options.get("lobbying"))
    if closure != "balanced":
        return firms, world, 0.0
    purged = purge(firms)
    move = float(np.abs(np.log(purged.wage_hat)).max())
    return purged.world, world.with_flows(purged.world.flows), move


def liberation_day_people(
    world: Baseline, closure: str, settings: Mapping[str, Any]
) -> tuple[LiberationDayWorld, Any]:
    """The world with labour supply, and how tariff revenue is returned; refuses a world that does not suit."""
    from winset.model.liberation_day_world import LiberationDayWorld

    known(closure, ("world-share", "nominal"), "closure of the model 'liberation-day-2025'")
    options = _settings(settings, ("nu", "phi", "kappa", "psi", "pass_through", "relief"))
    if len(world.sectors) != 1:
        raise RequestError(
            f"the model 'liberation-day-2025' has one sector; this world has {len(world.sectors)}",
            remedy="Merge them with world.aggregate(sectors={'ALL': [...]})",
        )
    if (world.tariffs != 0).any():
        raise RequestError(
            "the model 'liberation-day-2025' starts from zero tariffs", remedy="Use with_tariffs(0)"
        )
    labour = world.value_added_shares[:, 0]
    if np.ptp(labour) > 1e-9:
        raise RequestError("the model 'liberation-day-2025' needs one value-added share for all regions")
    relief = options.pop("relief", "income-tax")
    people = LiberationDayWorld.from_flows(
        regions=world.regions,
        flows=world.flows[:, :, 0],
        nu=options.pop("nu", np.zeros(len(world.regions))),
        eps=float(world.elasticities[0]),
        beta=float(labour[0]),
        **options,
    )
    return people, relief


def _liberation_day(
    world: Baseline, tariff: Floats, closure: str, tolerance: float, settings: Mapping[str, Any]
) -> Equilibrium:
    from winset.model.liberation_day import solve_liberation_day

    people, relief = liberation_day_people(world, closure, settings)
    choice: dict[str, Any] = {"relief": relief, "closure": closure, "tolerance": tolerance}
    found = solve_liberation_day(people, tariff[:, :, 0], **choice)
    return _common(
        world, found, tariff, closure, 0.0, np.asarray(found.price_hat)[:, None],
        np.asarray(found.flows)[:, :, None], found.welfare_hat, found.expenditure_hat, found.price_hat,
        found.revenue, found.worst_equation,
    )  # fmt: skip


def _common(
    base: Baseline,
    found: Any,
    tariff: Floats,
    closure: str,
    move: float,
    sector_price: Floats,
    flows: Floats,
    real_income: Floats,
    income: Floats,
    price_index: Floats,
    revenue: Floats,
    worst: str,
) -> Equilibrium:
    output = flows.sum(axis=1)
    return Equilibrium(
        world=base,
        closure=closure,
        numeraire="world",
        converged=bool(found.converged),
        residual=float(found.residual),
        iterations=int(found.iterations),
        worst_equation="" if found.converged else worst,
        remedy="" if found.converged else "Take a smaller shock, or another closure",
        baseline_move=move,
        real_income_hat=np.asarray(real_income),
        income_hat=np.asarray(income),
        price_index_hat=np.asarray(price_index),
        wage_hat=np.asarray(found.wage_hat),
        sector_price_hat=sector_price,
        output_hat=np.divide(output, base.output, out=np.full_like(output, np.nan), where=base.output > 0),
        flows=flows,
        expenditure=((1 + tariff) * flows).sum(axis=0),
        tariffs=np.array(tariff),
        tariff_revenue=np.asarray(revenue),
        deficit=flows.sum(axis=(0, 2)) - flows.sum(axis=(1, 2)),
        detail=found,
    )
