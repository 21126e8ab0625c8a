"""Flows and tariffs of the user, joined by exporter, importer, year and sector."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import BaselineError
from winset.data.lines.tables import read_table
from winset.data.long_tables import Column, LongTable, open_tables

__all__ = ["Panel", "read_panel"]

Floats = NDArray[np.float64]
KEYS: Mapping[str, Column] = {
    "exporter": Column(names=("exporter", "i")),
    "importer": Column(names=("importer", "j")),
    "year": Column(names=("year", "t"), number=True, required=False),
    "sector": Column(names=("sector", "industry"), required=False),
}
TRADE = {**KEYS, "value": Column(names=("value", "trade", "imports", "flow"), number=True)}
TARIFFS = {**KEYS, "tariff": Column(names=("tariff", "rate"), number=True)}
HIGHEST = 30.0
"""A tariff above 3,000 percent is a mistake of unit."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One sector: observations, each array (k,)."""

    sector: str
    exporters: NDArray[np.str_]
    importers: NDArray[np.str_]
    years: NDArray[np.int64]
    """0 where the files have no years."""
    values: Floats
    """Trade, unit of the source, zero or more."""
    tariffs: Floats
    """Fractions; zero at home."""


def read_panel(trade: Path, tariffs: Path, *, unit: str) -> tuple[list[Panel], list[tuple[str, str]]]:
    """Every sector's panel, and name and sha256 of the two files.

    Raises BaselineError (file, line) for a flow without a tariff, a record that stands twice, a negative figure,
    or tariffs in another unit than stated.
    """
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        with open_tables(scratch, 1 << 62) as database:
            flows = read_table(database, trade, TRADE, name="flows", scratch=scratch)
            rates = read_table(database, tariffs, TARIFFS, name="rates", scratch=scratch)
            for key in ("year", "sector"):
                if flows.has(key) != rates.has(key):
                    there, other = (flows, rates) if flows.has(key) else (rates, flows)
                    raise other.fault(
                        f"the column {key!r} is missing", why=f"{there.source.path.name} has it",
                        remedy="Give it in both files or in neither",
                    )  # fmt: skip
            keys = [key for key in KEYS if flows.has(key)]
            flows.refuse_below("value", 0.0, "a flow is negative", "Remove the record")
            rates.refuse_below("tariff", 0.0, "a tariff is negative", "Remove the record")
            flows.refuse_duplicates(keys)
            rates.refuse_duplicates(keys)
            _check_unit(rates, unit)
            using = ", ".join(keys)
            missing = flows.ask(
                f"SELECT {using} FROM flows ANTI JOIN rates USING ({using}) WHERE exporter <> importer "  # noqa: S608
                f"ORDER BY {using} LIMIT 1"
            )
            if missing:
                cells = dict(zip(keys, missing[0], strict=True))
                raise flows.fault(
                    f"no tariff for {', '.join(f'{k} {v}' for k, v in cells.items())}",
                    line=flows.line_of(**cells),
                    why="A missing tariff is never taken for zero", remedy=f"Add it to {tariffs.name}",
                )  # fmt: skip
            per = " / 100.0" if unit == "percent" else ""
            year = "CAST(year AS BIGINT)" if flows.has("year") else "0"
            sector = "sector" if flows.has("sector") else "'all'"
            found = database.execute(
                f"SELECT {sector} AS sector, exporter, importer, {year} AS year, value, "  # noqa: S608
                f"CASE WHEN exporter = importer THEN 0.0 ELSE tariff{per} END AS tariff "
                f"FROM flows LEFT JOIN rates USING ({using}) ORDER BY sector, exporter, importer, year"
            ).fetchnumpy()
    names = np.asarray(found["sector"], dtype=np.str_)
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    panels = [
        Panel(
            sector=str(names[a]),
            exporters=np.asarray(found["exporter"][a:b], dtype=np.str_),
            importers=np.asarray(found["importer"][a:b], dtype=np.str_),
            years=np.asarray(found["year"][a:b], dtype=np.int64),
            values=np.asarray(found["value"][a:b], dtype=np.float64),
            tariffs=np.asarray(found["tariff"][a:b], dtype=np.float64),
        )
        for a, b in zip(starts, [*starts[1:], len(names)], strict=True)
    ]
    return panels, [(trade.name, flows.source.sha256), (tariffs.name, rates.source.sha256)]


def _check_unit(rates: LongTable, unit: str) -> None:
    count, middle, high, most = rates.ask(
        "SELECT count(*), median(tariff), quantile_cont(tariff, 0.95), max(tariff) FROM rates WHERE tariff > 0"
    )[0]
    if not count:
        raise rates.fault("every tariff is zero", why="An elasticity is told by differences between tariffs")
    if unit == "fraction" and middle >= 1:
        raise rates.fault(
            f"read as fractions, the median positive tariff is {middle:.0%}", remedy="Give --unit percent"
        )
    if unit == "percent" and high <= 1:
        raise rates.fault(
            f"read as percent, 95 of 100 positive tariffs are below {high:.3g} percent",
            remedy="Give --unit fraction",
        )
    top = most / 100 if unit == "percent" else most
    if top > HIGHEST:
        raise BaselineError(f"the highest tariff is {top:.0%}", file=rates.source.path, remedy="Mend the record")
