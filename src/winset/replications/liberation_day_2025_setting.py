"""The data of the Liberation Day paper, its calibrated worlds, its groups and its tariff scenarios."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import UnreadableFileError
from winset.core.files import read_text
from winset.model.liberation_day import LiberationDayScenario, LiberationDayWorld, penetration_shares
from winset.model.liberation_day_optimum import formula_tariff

__all__ = ["Setting", "load"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TRADE, COUNTRIES, FOLDER = "trade_matrix_usd_m.csv", "countries.csv", "world194"
LEFT_OUT_OF_EU = ("CZE", "SVK")
"""Members that the published list leaves out; printed EU rows need the slip."""
LEAST_RATE = 0.10
"""Floor of the announced US tariff; also what Russia pays, for which no rate was announced."""
INPUT_BETA = 0.49
WAR_RATE = 1.08
ENDPOINTS = {"pre": 0.1257, "post": 0.283}
"""Uniform rates that come near the two rows printed as optima (section 4.3)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """The calibrated base world, and what the tables need besides."""

    world: LiberationDayWorld
    """Section 3.1, as published."""
    gdp: Floats
    """(n,) GDP of the data, millions of dollars."""
    ustr_rate: Floats
    """(n,) US tariff on each exporter as applied: at least 10 percent, 0 on the United States."""
    eu: Flags
    """(n,) the paper's 25 members."""

    @cached_property
    def us(self) -> int:
        """Position of the United States."""
        return self.world.regions.index("USA")

    @cached_property
    def abroad(self) -> Flags:
        """(n,) everyone but the United States."""
        return np.array([name != "USA" for name in self.world.regions])

    @cached_property
    def china(self) -> Flags:
        """(n,) China."""
        return np.array([name == "CHN" for name in self.world.regions])

    @cached_property
    def rest(self) -> Flags:
        """(n,) neither the United States, nor China, nor one of the 25."""
        return np.asarray(self.abroad & ~self.china & ~self.eu)

    @cached_property
    def with_inputs(self) -> LiberationDayWorld:
        """Section 4.1."""
        return self.world.with_intermediates(INPUT_BETA)

    def on_us_imports(self, rate: float | Floats) -> Floats:
        """(n, n) tariffs of the United States on its partners, (n,) or one for all; nobody else levies any."""
        tariff = np.zeros_like(self.world.flows)
        tariff[self.abroad, self.us] = np.broadcast_to(rate, self.gdp.shape)[self.abroad]
        return tariff

    def answered(self, tariff: Floats, rate: float | Floats) -> Floats:
        """`tariff` with the partners' tariffs on US exports set to `rate`."""
        return np.asarray(tariff + self.on_us_imports(rate).T)

    @cached_property
    def ustr(self) -> Floats:
        """(n, n) t^USTR."""
        return self.on_us_imports(self.ustr_rate)

    @cached_property
    def reciprocal(self) -> Floats:
        """(n, n) t^USTR, answered in kind."""
        return self.answered(self.ustr, self.ustr_rate)

    @cached_property
    def formula_rates(self) -> dict[str, float]:
        """Closed-form rates of sections 3.5, 5.1 and 5.2."""
        world = self.world
        abroad_block = world.two_blocks("USA", rest="abroad")
        return {
            "optimal (E)": formula_tariff(world, "USA", base="expenditure"),
            "optimal (Y)": formula_tariff(world, "USA", base="income"),
            "retaliation": formula_tariff(abroad_block, "abroad", base="income"),
            "eaton-kortum": 1 / ((1 + world.eps) - 1),
            # Published with the exponent of the United States, not of the partner that levies the tariff.
            "balanced": float(1 / ((1 + world.eps) * world.phi[self.us] - 1)),
        }

    def scenarios(self) -> dict[str, LiberationDayScenario]:
        """Every solve behind the tables, by name (section 3.4 for the first nine)."""
        world, rate, ustr = self.world, self.formula_rates, self.ustr
        low_pass = world.changed(phi=world.phi - 0.75)  # firm-level pass-through of 0.25 instead of 1
        simple = world.eaton_kortum()
        retaliation = self.answered(ustr, rate["retaliation"])

        def plain(base: LiberationDayWorld, tariff: Floats) -> LiberationDayScenario:
            return LiberationDayScenario(world=base, tariffs=tariff)

        found = {
            "ustr": plain(world, ustr),
            "incomplete pass-through": plain(low_pass, ustr),
            "eaton-kortum": plain(simple, ustr),
            "optimal": plain(world, self.on_us_imports(rate["optimal (E)"])),
            "ustr, retaliation": plain(world, retaliation),
            "reciprocal": plain(world, self.reciprocal),
            "optimal, retaliation": plain(
                world, self.answered(self.on_us_imports(rate["optimal (Y)"]), rate["retaliation"])
            ),
            "lump sum": LiberationDayScenario(world=world, tariffs=ustr, relief="lump-sum"),
            "eps 8": plain(world.changed(eps=8.0), ustr),
            "war with EU and China": plain(world, self._war(self.china | self.eu, self.ustr_rate)),
            "war with China": plain(world, self._war(self.china, self.ustr_rate)),
            "war at 108 percent": plain(world, self._war(self.china, np.full(self.gdp.shape, WAR_RATE))),
            "eaton-kortum, retaliation": plain(simple, self.answered(ustr, rate["eaton-kortum"])),
        }
        steps = {"": 0 * ustr, ", pre": ustr, ", post": self.answered(ustr, rate["balanced"])}
        gross = world.without_bilateral_imbalance("USA")
        net = world.without_bilateral_imbalance("USA", as_published=False)
        for step, tariff in steps.items():
            # The published code drops the last row, whose region then absorbs what transfers leave over.
            found[f"gross{step}"] = LiberationDayScenario(world=gross, tariffs=tariff, absorber=world.regions[-1])
            found[f"net{step}"] = plain(net, tariff)
        for name, tariff in {
            "ustr": ustr,
            "reciprocal": self.reciprocal,
            "endpoint pre": self.on_us_imports(ENDPOINTS["pre"]),
            "endpoint post": self.answered(ustr, ENDPOINTS["post"]),
        }.items():
            found[f"inputs, {name}"] = LiberationDayScenario(
                world=self.with_inputs, tariffs=tariff, numeraire="wages"
            )
        return found

    def _war(self, partners: Flags, rate: Floats) -> Floats:
        """Table 8: 10 percent both ways everywhere, `rate` both ways with `partners`."""
        both = np.where(partners, rate, LEAST_RATE)
        return self.answered(self.on_us_imports(both), both)


def load(folder: Path) -> Setting:
    """Read the two files of `folder` (or of its subfolder world194) and calibrate sections 2 and 3.1.

    A blank cell of the trade matrix is no trade: the paper reads it so. Raises UnreadableFileError, naming
    file and line, for what cannot be read.
    """
    home = folder if (folder / TRADE).exists() or not (folder / FOLDER).is_dir() else folder / FOLDER
    regions, trade = _matrix(home / TRADE)
    table = _countries(home / COUNTRIES, regions)
    gdp, rate = table["gdp_usd"] / 1e6, table["us_tariff_2apr2025_announced"]
    if "USA" not in regions:
        raise UnreadableFileError("no column USA", file=home / TRADE, why="The scenarios are US tariffs")
    us = regions.index("USA")
    abroad = np.arange(len(regions)) != us
    # The matrix is stored to six digits, the totals in full; nu and phi need the totals.
    sold, bought = float(table["exports_usd_m"][us]), float(table["imports_usd_m"][us])
    nu_abroad, nu_us = penetration_shares(
        gdp=(float(gdp[abroad].sum()), float(gdp[us])),
        internal_trade=float(table["exports_usd_m"].sum()) - sold - bought,
        sold_to_block=bought,
        bought_from_block=sold,
    )
    world = LiberationDayWorld.from_trade(
        regions=regions, trade=trade, gdp=gdp, nu=np.where(abroad, nu_abroad, nu_us), name=FOLDER
    )
    return Setting(
        world=world,
        gdp=gdp,
        ustr_rate=np.where(abroad, np.maximum(LEAST_RATE, rate), 0.0),
        eu=np.array([bool(m) and r not in LEFT_OUT_OF_EU for r, m in zip(regions, table["eu27"], strict=True)]),
    )


def _matrix(path: Path) -> tuple[tuple[str, ...], Floats]:
    """Labels and values of a square table whose first row and column are labels; blanks are zero."""
    rows = list(csv.reader(io.StringIO(read_text(path))))
    labels = tuple(rows[0][1:]) if rows else ()
    if len(rows) != len(labels) + 1 or tuple(row[0] for row in rows[1:]) != labels:
        raise UnreadableFileError(
            f"the table has {max(len(rows) - 1, 0)} rows and {len(labels)} columns, or labels that differ",
            file=path,
            remedy="Rows are exporters, columns importers, in one order",
        )
    return labels, np.array([[_number(c or "0", path, k) for c in row[1:]] for k, row in enumerate(rows[1:], 2)])


def _countries(path: Path, regions: tuple[str, ...]) -> dict[str, Floats]:
    """The numeric columns that are needed, in the order of `regions`."""
    wanted = ("gdp_usd", "exports_usd_m", "imports_usd_m", "us_tariff_2apr2025_announced")
    reader = csv.DictReader(io.StringIO(read_text(path)))
    lacking = [name for name in ("iso3", "eu27", *wanted) if name not in (reader.fieldnames or ())]
    if lacking:
        raise UnreadableFileError(f"no column {lacking[0]!r}", file=path, line=1)
    by_name = {row["iso3"]: (line, row) for line, row in enumerate(reader, 2)}
    absent = [name for name in regions if name not in by_name]
    if absent:
        raise UnreadableFileError(f"no row for {absent[0]}", file=path, why="The trade matrix has one")
    found = {
        name: np.array([_number(by_name[r][1][name], path, by_name[r][0]) for r in regions]) for name in wanted
    }
    found["eu27"] = np.array([float(by_name[r][1]["eu27"].strip().lower() == "true") for r in regions])
    return found


def _number(text: str, path: Path, line: int) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UnreadableFileError(f"{text!r} is not a number", file=path, line=line) from error
