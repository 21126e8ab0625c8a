"""OECD Inter-Country Input-Output tables, one CSV file a year, as published.

Layout (OECD, ICIO page https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html and the
ReadMe workbook that comes with each edition): the first column names rows `COUNTRY_INDUSTRY`, then `TLS` (taxes
less subsidies on products), `VA`, `OUT`; columns are `COUNTRY_INDUSTRY`, then `COUNTRY_CATEGORY` of final
demand, then `OUT`. Millions of US dollars at basic prices. In the extended files China and Mexico are split
(CN1, CN2, MX1, MX2); parts are added up (`icio_parts.csv`). Editions are told apart by their labels, never by
the year.
"""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

from winset.core.errors import BaselineError
from winset.core.names import nearest
from winset.data.findings import Finding
from winset.data.levels import Levels
from winset.data.source_files import SourceFile, bounded_lines, cells_of, find_source, take
from winset.data.wide_tables import WideTable, column_kinds, world_size

__all__ = ["file_of_year", "read_icio"]

FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "DPABR")
STOCK, OUTPUT, TAXES, ADDED = "INVNT", "OUT", "TLS", "VA"
EDITIONS = {"C24A": "2025 (50 industries)", "A01_02": "2023 (45 industries)"}
"""A label that only one edition has."""
OLDER = re.compile(r"(D?\d\d(T\d\d)?|TAXSUB|TTL.*)", re.IGNORECASE)
"""Industry labels of the editions up to 2021, whose final-demand and tax rows differ."""


def file_of_year(folder: Path, year: int | None) -> Path:
    """The file of a year in a folder, or the file itself."""
    stem = r"(?:ICIO)?[_-]?\d{4}" if year is None else rf"(?:ICIO\d{{4}}[_-])?{year}"
    return find_source(
        folder, [rf"{stem}(?:_SML)?\.csv", rf"{stem}(?:_SML)?\.(?:csv\.gz|zip)"], f"table of {year}"
    )


def read_icio(path: Path, year: int | None, scratch: Path) -> tuple[Levels, int, list[SourceFile]]:
    """Levels, year and source of one year's table. Tariffs are not in the table and stay zero.

    Raises BaselineError for another edition's layout, another year's file, a missing row or a cell that is no
    number.
    """
    source = take(file_of_year(path, year), "inter-country table", scratch, member=str(year) if year else "")
    found = _year(source, year)
    lines = bounded_lines(source)
    heading = [cell.strip() for cell in cells_of(next(lines)[1], source.path, 1)]
    labels = [tuple(cell.split("_", 1)) if "_" in cell else ("", cell) for cell in heading[1:]]
    pairs = [(one[0], one[1]) for one in labels]
    home = _parts()
    sectors, parts = _axes(pairs, source)
    regions = tuple(dict.fromkeys(home.get(part, part) for part in parts))
    kinds = column_kinds(pairs, regions, sectors, final=FINAL, stock=STOCK, total=OUTPUT, home=home)
    _refuse_odd_columns(pairs, heading, home, source)
    table = WideTable(source.path, regions, sectors, kinds)
    for number, line in lines:
        text = line.rstrip("\r\n")
        if not text:
            continue
        cells = text.split(",") if '"' not in text else cells_of(text, source.path, number)
        if len(cells) != len(heading):
            cut = (
                "the file breaks off here"
                if len(cells) < len(heading) and not source.ends_whole
                else "it is damaged"
            )
            raise BaselineError(
                f"the row {cells[0]!r} has {len(cells)} cells, the heading {len(heading)}",
                file=source.path, line=number, why=cut.capitalize(), remedy="Download the file again",
            )  # fmt: skip
        name = cells[0].strip().strip('"')
        values = table.numbers(cells[1:], heading[1:], number)
        part, _, sector = name.partition("_")
        if sector in sectors and part in parts:
            table.add_product(part, home.get(part, part), sector, values, number)
        elif name in (TAXES, ADDED, OUTPUT):
            table.add_named(name, values, number)
        else:
            close = nearest(name, [TAXES, ADDED, OUTPUT, *(f"{p}_{s}" for p in parts[:3] for s in sectors)])
            raise BaselineError(
                f"unknown row {name!r}",
                file=source.path,
                line=number,
                remedy=(f"Did the edition rename {close!r}? " if close else "")
                + "Check that this is the ICIO table",
            )
    table.complete(
        OUTPUT,
        (TAXES, ADDED),
        parts,
        categories=[c for c in (*FINAL, STOCK) if all(item != c for _, item in pairs)],
    )
    _refuse_double(table, home, source)
    findings: list[Finding] = table.adding_up(OUTPUT, (TAXES, ADDED))
    findings += world_size(float(table.named[ADDED].sum()), source.path)
    edition = next(
        (text for mark, text in EDITIONS.items() if mark in sectors), f"unknown ({len(sectors)} industries)"
    )
    split = sorted({part for part in parts if part in home})
    levels = Levels(
        regions=regions,
        sectors=sectors,
        flows=table.flows,
        tariffs=table.flows * 0.0,
        inputs=table.inputs,
        output=table.named[OUTPUT],
        inventories=table.stocks,
        isic=True,
        notes=(
            f"Edition {edition}, told by its industry labels; {len(regions)} regions.",
            *((f"Parts added up: {', '.join(split)}.",) if split else ()),
            "Value added is what output leaves after inputs at tariff-inclusive prices, so it contains taxes less "
            f"subsidies on products ({table.named[TAXES].sum() / table.named[OUTPUT].sum():.2%} of output in "
            "the table).",
        ),
        findings=tuple(findings),
    )
    return levels, found, [source]


def _year(source: SourceFile, year: int | None) -> int:
    names = f"{source.path.name} {source.text.name}"
    in_name = [int(y) for y in re.findall(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)", names.split(".")[0])]
    if year is None:
        if not in_name:
            raise BaselineError(
                "the year of the table is not in the name of the file",
                file=source.path,
                remedy="Say which with --year",
            )
        return in_name[-1]
    if in_name and year not in in_name:
        raise BaselineError(
            f"--year {year}, but the file's name says {in_name[-1]}",
            file=source.path, why="The table itself does not hold its year", remedy="Name the file of that year",
        )  # fmt: skip
    return year


def _parts() -> dict[str, str]:
    text = resources.files("winset.data").joinpath("icio_parts.csv").read_text(encoding="utf-8")
    return {row["part"]: row["region"] for row in csv.DictReader(text.splitlines())}


def _axes(labels: list[tuple[str, str]], source: SourceFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    final = {*FINAL, STOCK}
    own = [(part, item) for part, item in labels if part]
    sectors = tuple(dict.fromkeys(item for _, item in own if item not in final))
    parts = tuple(dict.fromkeys(part for part, item in own if item not in final))
    older = [item for _, item in own if OLDER.fullmatch(item)] + [item for _, item in own if item == "DIRPA"]
    if older:
        raise BaselineError(
            f"the column label {older[0]!r} belongs to an edition up to 2021",
            file=source.path, line=1, why="Read are the editions of 2023 (A01_02 ...) and 2025 (A01, C24A ...)",
            remedy="Download a later edition",
        )  # fmt: skip
    if len(parts) < 2 or len(sectors) < 2 or not {item for _, item in own} & final:
        raise BaselineError(
            "the first line does not name columns such as KOR_C29 and KOR_HFCE",
            file=source.path, line=1, remedy="Name the CSV file of the ICIO table itself, not an indicator file",
        )  # fmt: skip
    return sectors, parts


def _refuse_odd_columns(
    labels: list[tuple[str, str]], heading: list[str], home: dict[str, str], source: SourceFile
) -> None:
    """A column without a region, and a region that has industries without final demand or the reverse."""
    final = {*FINAL, STOCK}
    demand = {home.get(part, part) for part, item in labels if item in final}
    buyers = {home.get(part, part) for part, item in labels if part and item not in final}
    odd = [name for name, (part, item) in zip(heading[1:], labels, strict=True) if not part and item != OUTPUT]
    if odd or demand != buyers:
        what = odd[0] if odd else f"{sorted(buyers ^ demand)[0]}_..."
        why = "" if odd else "That region has industries but no final demand, or final demand but no industries"
        close = nearest(what, [*FINAL, STOCK, OUTPUT])
        raise BaselineError(
            f"unexpected column {what!r}",
            file=source.path,
            line=1,
            why=why,
            remedy=(f"Nearest known: {close}. " if close else "")
            + "Download the file again, or check its edition",
        )


def _refuse_double(table: WideTable, home: dict[str, str], source: SourceFile) -> None:
    """A region given whole and in parts would be counted twice."""
    for part, region in home.items():
        if table.by_part.get(part, 0.0) > 0 and table.by_part.get(region, 0.0) > 0:
            raise BaselineError(
                f"{region} has rows of its own and rows of its part {part}, both with sales",
                file=source.path, why="Adding both would count it twice", remedy="Keep the parts or the whole",
            )  # fmt: skip
