"""World Input-Output Database, release 2016 (56 industries, 43 countries and ROW, 2000-2014).

Two layouts are read (Timmer, Dietzenbacher, Los, Stehrer, de Vries 2015, RIE 23(3); WIOD release 2016,
https://www.rug.nl/ggdc/valuechain/wiod/wiod-2016-release):

* the workbook `WIOT2014_Nov16_ROW.xlsb` (or saved as .xlsx): industry codes in row 3, countries in row 5, numbers
  c1 ... c61 in row 6, figures from row 7, column E; through the optional package python-calamine;
* the R table `WIOT2014_October16_ROW.RData` written with `write.csv(wiot, row.names = FALSE)`: columns
  IndustryCode, IndustryDescription, Country, RNr, Year, AUS1 ... ROW61, TOT.

Numbers up to 56 are industries, 57 to 61 household, non-profit and government consumption, fixed capital
formation, changes in inventories. Millions of US dollars at basic prices. Below the industries: II_fob, TXSP,
EXP_adj, PURR, PURNR, VA, IntTTM, GO, with country TOT.
"""

from __future__ import annotations

import importlib.util
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from winset.core.errors import BaselineError, RequestError, UnreadableFileError
from winset.core.names import nearest
from winset.data.findings import Finding
from winset.data.levels import Levels
from winset.data.source_files import SourceFile, bounded_lines, cells_of, find_source, take
from winset.data.wide_tables import WideTable, column_kinds, world_size

__all__ = ["read_wiod"]

CATEGORIES = 5
"""Columns of final demand a country has, the last one changes in inventories."""
COSTS = ("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM")
OUTPUT, SUBTOTAL, ADDED = "GO", "II_fob", "VA"
FIXED = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
MAX_WORKBOOK_BYTES = 3_000_000_000
"""Largest workbook, unpacked (bytes); those of the release stay below 200 MB."""


def read_wiod(path: Path, year: int | None, scratch: Path) -> tuple[Levels, int, list[SourceFile]]:
    """Levels, year and source of one year's table. Tariffs are not in the table and stay zero."""
    stem = rf"WIOT{year if year else '[0-9]{4}'}_.*ROW"
    file = find_source(path, [rf"{stem}\.csv", rf"{stem}\.csv\.gz", rf"{stem}\.xlsx", rf"{stem}\.xlsb"], "table")
    source = take(file, "inter-country table", scratch, member=str(year or ""))
    rows = _workbook_rows(source) if file.suffix.lower() in (".xlsx", ".xlsb") else _csv_rows(source)
    heading, years = next(rows), set[int]()
    labels, size = _labels(heading[2], source)
    regions = tuple(dict.fromkeys(region for region, _ in labels if region != "TOT"))
    numbers = [str(k) for k in range(1, size + 1)]
    kinds = column_kinds(
        labels,
        regions,
        numbers,
        final=[str(size + k) for k in range(1, CATEGORIES)],
        stock=str(size + CATEGORIES),
        total=next((item for region, item in labels if region == "TOT"), ""),
        home={},
    )
    table = WideTable(source.path, regions, numbers, kinds)
    codes: dict[str, tuple[str, str]] = {}
    names = [f"{region}{item}" for region, item in labels]
    for line, lead, cells in rows:
        if len(cells) != len(labels):
            cut = "" if source.ends_whole else "The file breaks off here"
            raise BaselineError(
                f"the row {lead['IndustryCode']!r} of {lead['Country']!r} has {len(cells)} figures, the heading "
                f"{len(labels)}", file=source.path, line=line, why=cut, remedy="Download the file again",
            )  # fmt: skip
        values = table.numbers(cells, names, line)
        if lead["Year"]:
            years.add(int(lead["Year"]) if lead["Year"].isdecimal() else -1)
        region, code, number = lead["Country"], lead["IndustryCode"], lead["RNr"]
        if region in regions and number in numbers:
            codes.setdefault(number, (code, lead["IndustryDescription"]))
            table.add_product(region, region, number, values, line)
        elif code in (OUTPUT, SUBTOTAL, *COSTS):
            table.add_named(code, values, line)
        else:
            close = nearest(code, [OUTPUT, SUBTOTAL, *COSTS])
            raise BaselineError(
                f"unknown row {code!r} of {region!r}", file=source.path, line=line,
                remedy=(f"Nearest known: {close}. " if close else "") + "Is this a table of release 2016?",
            )  # fmt: skip
    table.complete(OUTPUT, COSTS, regions)
    findings: list[Finding] = table.adding_up(OUTPUT, COSTS)
    findings += world_size(float(table.named[ADDED].sum()), source.path)
    sectors = tuple(re.sub(r"-[A-Z]?", "T", codes[number][0]) for number in numbers)
    levels = Levels(
        regions=regions,
        sectors=sectors,
        flows=table.flows,
        tariffs=table.flows * 0.0,
        inputs=table.inputs,
        output=table.named[OUTPUT],
        inventories=table.stocks,
        sector_names={sector: codes[number][1] or sector for sector, number in zip(sectors, numbers, strict=True)},
        isic=True,
        notes=(
            f"Release 2016, {size} industries, {len(regions)} regions; C10-C12 is written C10T12.",
            "Value added is what output leaves after inputs at tariff-inclusive prices, so it contains product "
            "taxes, "
            "transport margins and purchases by residents abroad.",
        ),
        findings=tuple(findings),
    )
    return levels, _year(source, year, years), [source]


def _year(source: SourceFile, year: int | None, inside: set[int]) -> int:
    named = re.search(r"WIOT_?(\d{4})", source.path.name, re.IGNORECASE)
    found = inside.pop() if len(inside) == 1 else int(named.group(1)) if named else year
    if found is None or inside:
        raise BaselineError(
            "the year of the table is neither in it nor in its name, or several are in it",
            file=source.path, remedy="Say which with --year, or name the file as published",
        )  # fmt: skip
    if year is not None and found != year:
        raise BaselineError(
            f"--year {year}, but the table is of {found}", file=source.path, remedy="Name the file of that year"
        )
    return found


def _labels(cells: Sequence[str], source: SourceFile) -> tuple[list[tuple[str, str]], int]:
    """(region, number) of each column of figures, and the number of industries."""
    labels = []
    for position, cell in enumerate(cells):
        match = re.fullmatch(r"([A-Z]{3}?)\.?c?(\d{0,2})", cell)
        if match is None or (not match[2] and match[1] != "TOT"):
            raise BaselineError(
                f"the column {cell!r} (number {position + 1} of the figures) is neither a country with a number "
                "(AUS1) nor TOT", file=source.path, line=1,
                remedy="Use the table of release 2016: the workbook, or the R table written as CSV",
            )  # fmt: skip
        labels.append((match[1], match[2]))
    count: dict[str, int] = {}
    for region, number in labels:
        if region != "TOT":
            count[region] = max(count.get(region, 0), int(number))
    if not count or len(set(count.values())) != 1 or min(count.values()) <= CATEGORIES:
        raise BaselineError(
            "the countries do not all have the same number of columns", file=source.path, line=1,
            remedy="Download or convert the file again",
        )  # fmt: skip
    return labels, next(iter(count.values())) - CATEGORIES


def _csv_rows(source: SourceFile) -> Iterator[Any]:
    """The heading (0, {}, labels), then (line, leading cells, figures) of each row."""
    lines = bounded_lines(source)
    heading = [cell.strip() for cell in cells_of(next(lines)[1], source.path, 1)]
    start = 1 if heading[:1] in ([""], ["rownames"]) else 0
    missing = [name for name in FIXED if name not in heading[start : start + len(FIXED)]]
    if missing:
        close = nearest(missing[0], heading[: len(FIXED) + 2])
        raise BaselineError(
            f"the column {missing[0]!r} is missing", file=source.path, line=1,
            why=f"The line begins {', '.join(heading[:6])}",
            remedy=(f"Nearest: {close!r}. " if close else "")
            + "Write the R table with write.csv(wiot, row.names = FALSE)",
        )  # fmt: skip
    yield 0, {}, heading[start + len(FIXED) :]
    for number, line in lines:
        cells = cells_of(line, source.path, number)
        if cells:
            lead = dict(zip(heading[start : start + len(FIXED)], cells[start : start + len(FIXED)], strict=False))
            yield number, {name: lead.get(name, "").strip() for name in FIXED}, cells[start + len(FIXED) :]


def _workbook_rows(source: SourceFile) -> Iterator[Any]:
    """The same from the workbook as published."""
    if importlib.util.find_spec("python_calamine") is None:
        raise RequestError(
            "reading a workbook needs the package python-calamine",
            remedy="Install it (pip install python-calamine), or write the table as CSV",
        )
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(source.path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_WORKBOOK_BYTES or size > 250 * max(source.size, 250_000):
            raise UnreadableFileError(
                f"the workbook of {source.size:,} bytes unpacks to {size:,}", file=source.path,
                why="It looks like an archive bomb", remedy="Get the file from its publisher",
            )  # fmt: skip
        rows = CalamineWorkbook.from_path(str(source.path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, OSError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            f"the workbook cannot be read: {error}", file=source.path, remedy="Download it again"
        ) from error
    if len(rows) < 7 or len(rows[5]) < 6:
        raise BaselineError("the first sheet holds no inter-country table", file=source.path)
    width = max(k for k, cell in enumerate(rows[5]) if cell != "") + 1
    numbers = [str(cell).lstrip("c").removesuffix(".0") for cell in rows[5][4:width]]
    countries = [str(cell) for cell in rows[4][4:width]]
    yield (
        0,
        {},
        [
            region if region == "TOT" else f"{region}{number}"
            for region, number in zip(countries, numbers, strict=True)
        ],
    )
    for line, row in enumerate(rows[6:], start=7):
        if any(cell != "" for cell in row[:4]):
            code, description, country, number = (str(cell).strip() for cell in row[:4])
            lead = dict(
                zip(FIXED, (code, description, country, number.lstrip("cr").removesuffix(".0"), ""), strict=True)
            )
            yield line, lead, [str(cell) for cell in row[4:width]]
