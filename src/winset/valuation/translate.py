"""From a package and a day to the model: the calibrated world, and the shock that a state of a package is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np

from winset.core.names import known
from winset.model.baseline import Baseline, Floats
from winset.model.shocks import Shock
from winset.package.case import Case, Package
from winset.package.law import Law
from winset.package.terms import Parameter
from winset.valuation.paths import State, first_state, measures

__all__ = ["calibrated", "package_law", "package_tariffs", "state_law", "state_shock"]


def calibrated(case: Case, world: Baseline) -> Baseline:
    """The baseline with the law of the case's base date calibrated in.

    Trade flows of the base year were made under those duties, so they belong to the starting point; only
    later changes are shocks. Raises UnknownNameError where a party is not a region of the baseline.
    """
    for position, party in enumerate(case.sheet.parties):
        with case.blame("case.yaml", "parties", position, "code"):
            known(party.code, world.regions, f"region of baseline {world.name}")
        for sector in sorted(party.weighted_sectors):
            with case.blame("case.yaml", "parties", position, "weights", sector):
                known(sector, world.sectors, f"sector of baseline {world.name}")
    rates = case.law.tariffs(
        world.tariffs,
        regions=world.regions,
        sectors=world.sectors,
        on=case.law.base_date,
        statuses=("in_force",),
    )
    return world.with_tariffs(_with_rents(case, world, rates))


def _with_rents(case: Case, world: Baseline, rates: Floats) -> Floats:
    """Tariffs with the rents of standing measures that stay with the importing side, which act like tariffs.

    They are part of the starting point, so that removing one mends a distortion rather than making a subsidy.
    """
    standing = measures(case, lambda p: central(case, p))
    if not any(cut.tariff for cut in standing.values()):
        return rates
    rates = np.array(rates)
    for cut in standing.values():
        i, j = world.region(cut.exporter), world.region(cut.importer)
        for s in map(world.sector, cut.sectors):
            rates[i, j, s] = (1 + rates[i, j, s]) / (1 - cut.tariff) - 1
    return rates


def central(case: Case, parameter: Parameter) -> float:
    """Central value of a parameter."""
    return case.assumptions[parameter].value if isinstance(parameter, str) else float(parameter)


def package_law(case: Case, package: Package, without: Collection[str] = ()) -> Law:
    """The law of the case with the package's terms between the parties in place of what it says there.

    without: legal authorities whose duties are struck, those of the package's own terms among them.
    """
    return state_law(case, first_state(case, package, lambda p: central(case, p)), without)


def state_law(case: Case, state: State, without: Collection[str]) -> Law:
    """The law of the case with a state's rates between the parties."""
    package = case.package(state.package)
    with case.blame(case.file_of(package.name), "tariffs", "terms"):
        law = case.law.frozen(case.pairs, package.tariffs.from_law).with_terms(state.rates)
    return law.without(without) if without else law


def package_tariffs(
    case: Case, package: Package, world: Baseline, *, on: dt.date, statuses: tuple[str, ...]
) -> Floats:
    """(n, n, s) tariffs, fractions: the package between the parties, the law of day `on` for everyone else.

    `world` is the baseline before calibration: its tariffs are the normal duties.
    """
    law = package_law(case, package)
    with case.blame("law.yaml"):
        return law.tariffs(world.tariffs, regions=world.regions, sectors=world.sectors, on=on, statuses=statuses)


def state_shock(
    case: Case,
    state: State,
    world: Baseline,
    *,
    on: dt.date,
    statuses: tuple[str, ...],
    without: Collection[str] = (),
) -> Shock:
    """The shock of one state: its tariffs and removed measures between the parties, the law of `on` elsewhere."""
    law = state_law(case, state, without)
    with case.blame("law.yaml"):
        rates = law.tariffs(world.tariffs, regions=world.regions, sectors=world.sectors, on=on, statuses=statuses)
    rates = _with_rents(case, world, rates)
    if not state.cuts:
        return Shock(tariffs=rates)
    rates, cost = np.array(rates), np.ones_like(world.flows)
    for cut in state.cuts:
        i, j = world.region(cut.exporter), world.region(cut.importer)
        for sector in cut.sectors:
            s = world.sector(sector)
            cost[i, j, s] *= 1 - cut.cost
            rates[i, j, s] = (1 + rates[i, j, s]) * (1 - cut.tariff) - 1
    return Shock(tariffs=rates, cost_hat=cost)
