"""A world from plain CSV files, as one makes them in a spreadsheet.

flows.csv        exporter, importer, sector, value     millions of US dollars, tariffs excluded, home sales
included
tariffs.csv      exporter, importer, sector, tariff    fractions (0.25); optional; pairs not named pay nothing
value_added.csv  region, sector, value                 millions; optional, with inputs.csv
inputs.csv       region, input, sector, value          millions of input used by sector; optional
elasticities.csv sector, and a column a set            see `elasticity_files`
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from winset.core.errors import BaselineError
from winset.core.names import known
from winset.data.checks import domestic, placeholders
from winset.data.findings import Finding
from winset.data.levels import Floats, Levels
from winset.data.long_tables import Column, LongTable, open_tables
from winset.data.source_files import SourceFile, take

if TYPE_CHECKING:
    import duckdb

__all__ = ["read_plain"]

MAX_CELLS = 40_000_000
GAP = 1e-3
"""How far value added and inputs of a cell may be from its sales, as a share."""


def _columns(*texts: str, value: str = "value", year: bool = False) -> dict[str, Column]:
    found = {text: Column(names=(text,)) for text in texts}
    if year:
        found["year"] = Column(names=("year",), number=True, required=False)
    return {**found, "value": Column(names=(value,), number=True)}


def read_plain(path: Path, year: int | None, scratch: Path) -> tuple[Levels, int, list[SourceFile]]:
    """Levels, year and sources of a folder with flows.csv and, where given, value_added.csv and inputs.csv."""
    if not path.is_dir():
        raise BaselineError("a folder is needed", file=path, remedy="Name the folder that holds flows.csv")
    if year is None:
        raise BaselineError("the year of the figures is not given", file=path, remedy="Say which with --year")
    source = take(path / "flows.csv", "trade", scratch)
    sources = [source]
    with open_tables(scratch, source.text.stat().st_size) as database:
        table = LongTable(
            database,
            source,
            _columns("exporter", "importer", "sector", year=True),
            name="flows",
            scratch=scratch,
            year=year,
        )
        table.refuse_duplicates(("exporter", "importer", "sector"))
        table.refuse_below("value", 0.0, "a flow is negative", "Flows are values sold, never below 0")
        rows = table.ask("SELECT exporter, importer, sector, value FROM flows")
        regions = _order(
            table.ask("SELECT DISTINCT exporter FROM flows"), table.ask("SELECT DISTINCT importer FROM flows")
        )
        sectors = _order(table.ask("SELECT DISTINCT sector FROM flows"))
        if len(regions) ** 2 * len(sectors) > MAX_CELLS:
            raise BaselineError(
                f"{len(regions)} regions and {len(sectors)} sectors are too many", file=source.path
            )
        place, kind = {r: k for k, r in enumerate(regions)}, {s: k for k, s in enumerate(sectors)}
        flows = np.zeros((len(regions), len(regions), len(sectors)))
        for exporter, importer, sector, value in rows:
            flows[place[exporter], place[importer], kind[sector]] = value
        findings = domestic(flows, regions, sectors, source.path) + placeholders(
            flows, regions, sectors, source.path
        )
        inputs = output = None
        has = [(path / name).is_file() for name in ("value_added.csv", "inputs.csv")]
        if any(has):
            if not all(has):
                there = "value_added.csv" if has[0] else "inputs.csv"
                other = "inputs.csv" if has[0] else "value_added.csv"
                raise BaselineError(
                    f"{there} is there without {other}", file=path, remedy="Give both, or neither for no inputs"
                )
            inputs, output, more, files = _production(path, regions, sectors, flows, scratch, database)
            findings += more
            sources += files
    levels = Levels(
        regions=regions, sectors=sectors, flows=flows, tariffs=np.zeros_like(flows), inputs=inputs, output=output,
        isic=True, findings=tuple(findings),
    )  # fmt: skip
    return levels, year, sources


def _production(
    path: Path,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    flows: Floats,
    scratch: Path,
    database: duckdb.DuckDBPyConnection,
) -> tuple[Floats, Floats, list[Finding], list[SourceFile]]:
    place, kind = {r: k for k, r in enumerate(regions)}, {s: k for k, s in enumerate(sectors)}
    added, use = np.zeros((len(regions), len(sectors))), np.zeros((len(regions), len(sectors), len(sectors)))
    sources = [take(path / name, role, scratch) for name, role in
               (("value_added.csv", "value added"), ("inputs.csv", "inputs"))]  # fmt: skip
    first = LongTable(database, sources[0], _columns("region", "sector"), name="added", scratch=scratch)
    first.refuse_duplicates(("region", "sector"))
    first.refuse_below("value", 0.0, "value added is negative", "Value added pays factors: it cannot be below 0")
    for region, sector, value in first.ask("SELECT region, sector, value FROM added"):
        _known(first, region=(region, regions), sector=(sector, sectors))
        added[place[region], kind[sector]] = value
    second = LongTable(database, sources[1], _columns("region", "input", "sector"), name="inputs", scratch=scratch)
    second.refuse_duplicates(("region", "input", "sector"))
    second.refuse_below("value", 0.0, "a use of inputs is negative", "Uses of inputs are never below 0")
    for region, product, sector, value in second.ask("SELECT region, input, sector, value FROM inputs"):
        _known(second, region=(region, regions), input=(product, sectors), sector=(sector, sectors))
        use[place[region], kind[product], kind[sector]] = value
    output, sales = added + use.sum(axis=1), flows.sum(axis=1)
    gap = np.abs(output - sales) / np.maximum(np.maximum(output, sales), 1e-12)
    findings = []
    if gap.max() > GAP:
        at = np.unravel_index(int(np.argmax(gap)), gap.shape)
        findings.append(
            Finding(
                code="accounts",
                what=f"value added and inputs differ from sales by {gap[at]:.1%} in {regions[at[0]]} "
                f"{sectors[at[1]]} "
                f"({output[at]:,.6g} against {sales[at]:,.6g})",
                remedy="Sales at home and abroad must equal value added and inputs, in one unit",
                stops=True,
                file=sources[0].path,
            )
        )
    return use, output, findings, sources


def _known(table: LongTable, **cells: tuple[str, tuple[str, ...]]) -> None:
    for column, (code, choices) in cells.items():
        if code not in choices:
            known(code, choices, column, file=table.source.path, line=table.line_of(**{column: code}))


def _order(*columns: list[tuple[str]]) -> tuple[str, ...]:
    return tuple(sorted({row[0] for column in columns for row in column}))
