"""Builds the baseline `icio-2022` from the project's working figures of OECD's inter-country tables.

The source folder holds two parts: `icio2022_81x28` (trade and tariffs of 81 countries) and
`icio2022_24x28` (cost shares of 24 regions, fitted to that trade). Trade and tariffs are aggregated here
from the 81 countries; the cost shares are taken over and checked against that aggregate. Nothing is
written unless every account balances.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from winset.core.errors import BaselineError, UnreadableFileError
from winset.core.files import read_text
from winset.data.folder import SHIPPED, write_baseline
from winset.model.baseline import Baseline, Floats

__all__ = ["build"]

BALANCE_TOLERANCE = 1e-10
"""Largest relative gap between two ways of computing the same account."""

TEXT = Path(__file__).parent / "icio2022_about.md"


def build(source: Path, folder: Path | None = None) -> Baseline:
    """Build from `source` (the folder with both parts) and write to `folder` (default: the shipped place).

    Raises UnreadableFileError for a missing file and BaselineError, naming the worst cell, where flows,
    tariffs or cost shares contradict each other.
    """
    fine, coarse = source / "icio2022_81x28", source / "icio2022_24x28"
    trade, table = _load(fine / "arrays.npz"), _load(coarse / "arrays.npz")
    region_rows, sector_rows = _rows(coarse / "regions.csv"), _rows(coarse / "sectors.csv")
    home = {row["country"]: row["region"] for row in _rows(fine / "countries.csv")}
    regions = [row["region"] for row in region_rows]
    sectors = [row["sector"] for row in sector_rows]
    for what, ours, theirs in (
        ("regions", regions, table["regions"]),
        ("sectors", sectors, table["sectors"]),
        ("sectors of the 81 countries", sectors, trade["sectors"]),
    ):
        if ours != [str(x) for x in theirs]:
            raise BaselineError(f"{what} of the arrays and of the tables are not the same, or not in one order")

    flows, tariffs = _aggregate(trade, [home[str(c)] for c in trade["countries"]], regions)
    _same(flows, table["flow_exporter_importer_sector"], "flow", (regions, regions, sectors))
    _same(tariffs, table["tariff_exporter_importer_sector"], "tariff", (regions, regions, sectors))
    # gamma is a share within intermediates; ours is a share of output. The value-added share is then what
    # is left, so that both sum to one to the last digit.
    value_added = table["beta_region_sector"]
    inputs = table["gamma_region_input_using"] * (1 - value_added)[:, None, :]
    _same(inputs.sum(axis=1), 1 - value_added, "sum of input shares", (regions, sectors))
    arrays = {
        "flows": flows,
        "tariffs": tariffs,
        "value_added_shares": 1 - inputs.sum(axis=1),
        "input_shares": inputs,
    }
    sets = _elasticity_sets(coarse, sectors)
    world = Baseline.from_arrays(
        regions=regions, sectors=sectors, elasticities=[sets["BSY"]["values"][s] for s in sectors], **arrays
    )
    for what, mine, given in (
        ("final expenditure", world.final_expenditure, table["final_region_sector"]),
        ("output", world.output, table["output_region_sector"]),
        ("income", world.income, table["income"]),
        ("deficit", world.deficit + world.value_added, table["deficit"] + world.value_added),
    ):
        _same(mine, given, what, (regions, sectors) if mine.ndim == 2 else (regions,))
    sheet = {
        "name": "icio-2022",
        "title": "World economy 2022: trade of 2022, production structure of 2014",
        "year": 2022,
        "unit": "million US dollars of 2022 a year",
        "valuation": "basic prices; flows exclude tariffs",
        "regions": [{"code": r["region"], "name": r["name"], "note": _members(r)} for r in region_rows],
        "sectors": [{"code": r["sector"], "name": r["name"]} for r in sector_rows],
        "default_elasticities": "BSY",
        "elasticity_sets": sets,
        "sources": [
            "Trade: OECD Inter-Country Input-Output tables, year 2022, https://oe.cd/icio, "
            "through https://github.com/ahmadlp/tariffwar",
            "Tariffs: Teti (2024), Global Tariff Database, ECARES working paper 2024-04, year 2021",
            "Cost shares: World Input-Output Database, release 2016, year 2014 (Timmer and others 2015, "
            "Review of International Economics 23(3), 575-605)",
        ],
        "licences": [
            "OECD: CC BY 4.0 by default since July 2024",
            "WIOD: CC BY 4.0",
            "Global Tariff Database: terms not found; figures aggregated and corrected here",
        ],
    }
    text = "# Built by `winset baseline build icio-2022`; see about.md for source, method and weaknesses.\n"
    text += yaml.safe_dump(sheet, sort_keys=False, allow_unicode=True, width=100)
    write_baseline(folder or SHIPPED / "icio-2022", text, arrays, read_text(TEXT))
    return world


def _aggregate(trade: dict[str, Any], home: list[str], regions: list[str]) -> tuple[Floats, Floats]:
    """Sum flows over member countries; weight tariffs by flows (simple mean where nothing is traded)."""
    member = np.array([[float(h == r) for h in home] for r in regions])
    fine_flow, fine_tariff = (
        trade["flow_exporter_importer_sector"],
        trade["tariff_exporter_importer_sector"],
    )

    def total(values: Floats) -> Floats:
        return np.asarray(np.einsum("ai,bj,ijs->abs", member, member, values, optimize=True))

    flow, paid, plain = total(fine_flow), total(fine_flow * fine_tariff), total(fine_tariff)
    pairs = np.outer(member.sum(axis=1), member.sum(axis=1))[:, :, None]
    tariff = np.divide(paid, flow, out=plain / pairs, where=flow > 0)
    every = np.arange(len(regions))
    tariff[every, every] = 0.0  # trade inside a region is domestic and untaxed
    return flow, tariff


def _same(ours: Floats, theirs: Floats, what: str, axes: tuple[list[str], ...]) -> None:
    """Refuse figures that two parts of the source give differently, naming the worst cell."""
    if ours.shape != theirs.shape:
        raise BaselineError(f"{what}: shapes {ours.shape} and {theirs.shape} differ")
    size = np.maximum(np.maximum(np.abs(ours), np.abs(theirs)), 1e-6 * np.abs(theirs).max())
    gap = np.where(np.isfinite(ours) & np.isfinite(theirs), np.abs(ours - theirs) / size, np.inf)
    worst = np.unravel_index(int(np.argmax(gap)), gap.shape)
    if gap[worst] > BALANCE_TOLERANCE:
        cell = " ".join(axis[k] for axis, k in zip(axes, worst, strict=True))
        raise BaselineError(
            f"the {what} does not balance: worst in {cell}, {ours[worst]:.10g} against {theirs[worst]:.10g}",
            why="The two parts of the source, or the accounts, contradict each other",
            remedy="Mend the source; nothing was written",
        )


def _load(path: Path) -> dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError) as error:
        raise UnreadableFileError(f"cannot read the source arrays: {error}", file=path) from error


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(read_text(path).splitlines()))


def _members(row: dict[str, str]) -> str:
    members = f"members {row['members']}; " if " " in row["members"] else ""
    return f"{members}cost shares: {row['io_source']}"


CITATIONS = {
    "IS": "Estimated on ICIO 2011-2022 with the Caliendo-Parro triple difference, in the code that accompanies "
    "Lashkaripour (2021), Journal of International Economics 131, 103489",
    "CP": "Caliendo and Parro (2015), Review of Economic Studies 82(1), 1-44",
    "FGO": "Fontagne, Guimbard and Orefice (2022), Journal of International Economics 137, 103593",
    "LL": "Lashkaripour and Lugovskyy (2023), American Economic Review 113(10), 2759-2808",
    "BSY": "Bagwell, Staiger and Yurukoglu (2021), Econometrica 89(4), 1723-1764",
    "GYY": "Giri, Yi and Yilmazkuday (2021), Journal of International Economics 129, 103429",
    "Shap": "Shapiro (2016), American Economic Journal: Economic Policy 8(4), 220-254",
    "U4": "Uniform 4: Simonovska and Waugh (2014), Journal of International Economics 92(1), 34-50",
}
NOTES = {
    "IS": "Electronics to furniture are the fill-in value 4.",
    "CP": "Outliers: refined petroleum 64.85, transport equipment 1.115.",
    "FGO": "Estimated on tariff-exclusive values, so it may be sigma rather than theta; taken as theta.",
}


def _elasticity_sets(coarse: Path, sectors: list[str]) -> dict[str, dict[str, Any]]:
    by_sector = {row["sector"]: row for row in _rows(coarse / "elasticities.csv")}
    services = {row["set"]: float(row["services_value"]) for row in _rows(coarse / "elasticity_sources.csv")}
    return {
        key: {
            "citation": citation,
            "note": NOTES.get(key, ""),
            "services": services[key],
            "values": {sector: round(float(by_sector[sector][key]), 6) for sector in sectors},
        }
        for key, citation in CITATIONS.items()
    }
