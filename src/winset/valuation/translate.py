"""From a package and a day to the model: the calibrated world, and the shock that a package is."""

from __future__ import annotations

import datetime as dt

from winset.core.names import known
from winset.model.baseline import Baseline, Floats
from winset.package.case import Case, Package
from winset.package.law import Law

__all__ = ["calibrated", "package_law", "package_tariffs"]


def calibrated(case: Case, world: Baseline) -> Baseline:
    """The baseline with the law of the case's base date calibrated in.

    Trade flows of the base year were made under those duties, so they belong to the starting point; only
    later changes are shocks. Raises UnknownNameError where a party is not a region of the baseline.
    """
    for position, party in enumerate(case.sheet.parties):
        with case.blame("case.yaml", "parties", position, "code"):
            known(party.code, world.regions, f"region of baseline {world.name}")
    rates = case.law.tariffs(
        world.tariffs,
        regions=world.regions,
        sectors=world.sectors,
        on=case.law.base_date,
        statuses=("in_force",),
    )
    return world.with_tariffs(rates)


def package_law(case: Case, package: Package) -> Law:
    """The law of the case with the package's terms between the parties in place of what it says there."""
    with case.blame(case.file_of(package.name), "tariffs", "terms"):
        return case.law.frozen(case.pairs, package.tariffs.from_law).with_terms(package.tariffs.terms)


def package_tariffs(
    case: Case, package: Package, world: Baseline, *, on: dt.date, statuses: tuple[str, ...]
) -> Floats:
    """(n, n, s) tariffs, fractions: the package between the parties, the law of day `on` for everyone else.

    `world` is the baseline before calibration: its tariffs are the normal duties.
    """
    law = package_law(case, package)
    with case.blame("law.yaml"):
        return law.tariffs(world.tariffs, regions=world.regions, sectors=world.sectors, on=on, statuses=statuses)
