"""Made-up inter-country tables in the true layouts of OECD ICIO and WIOD 2016: random figures, exact accounts."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ICIO_2025 = ("A01", "B06", "C10T12", "C24A", "C29", "H49")
ICIO_2023 = ("A01_02", "B05_06", "C10T12", "C24", "C29", "H49")
WIOD = ("A01", "C10-C12", "C29", "H49")
FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
LABELS = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A made-up world: what a reader must find again."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    use: np.ndarray
    """(i, s, j, u) intermediate use."""
    final: np.ndarray
    """(i, s, j, c) final use by category."""
    stock: int
    """Which category is changes in inventories."""
    taxes: np.ndarray
    """(j, u)."""

    @property
    def output(self) -> np.ndarray:
        return self.use.sum(axis=(2, 3)) + self.final.sum(axis=(2, 3))

    @property
    def added(self) -> np.ndarray:
        return self.output - self.use.sum(axis=(0, 1)) - self.taxes

    @property
    def flows(self) -> np.ndarray:
        """(i, j, s) without changes in inventories, by plain sums."""
        final = np.delete(self.final, self.stock, axis=3)
        return (self.use.sum(axis=3) + final.sum(axis=3)).transpose(0, 2, 1)

    @property
    def inputs(self) -> np.ndarray:
        """(j, k, u)."""
        return self.use.sum(axis=0).transpose(1, 0, 2)


def made_up(
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    *,
    categories: int,
    stock: int,
    seed: int,
    size: float = 2e7,
) -> Table:
    """Random figures, rounded to four decimals as published; final demand leaves value added positive."""
    rng = np.random.default_rng(seed)
    n, s = len(regions), len(sectors)
    use = rng.lognormal(0, 1, (n, s, n, s)) * 0.3
    final = rng.lognormal(0, 1, (n, s, n, categories))
    every = np.arange(n)
    use[every, :, every] *= 20
    final[every, :, every] *= 30
    final[:, :, :, stock] *= rng.normal(0, 0.02, (n, s, n))
    scale = size / (use.sum() + final.sum())
    use, final = np.round(use * scale, 4), np.round(final * scale, 4)
    taxes = np.round(0.01 * use.sum(axis=(0, 1)), 4)
    return Table(regions=regions, sectors=sectors, use=use, final=final, stock=stock, taxes=taxes)


def icio_lines(table: Table) -> list[str]:
    """Lines of the CSV as OECD publishes it."""
    pairs = [f"{r}_{s}" for r in table.regions for s in table.sectors]
    heading = ["V1", *pairs, *(f"{r}_{c}" for r in table.regions for c in FINAL), "OUT"]
    lines = [",".join(heading)]
    n, s = len(table.regions), len(table.sectors)
    for i in range(n):
        for k in range(s):
            cells = [*table.use[i, k].ravel(), *table.final[i, k].ravel(), table.output[i, k]]
            lines.append(",".join([f"{table.regions[i]}_{table.sectors[k]}", *(f"{x:.4f}" for x in cells)]))
    blank = [0.0] * (n * len(FINAL))
    for name, row in (("TLS", table.taxes), ("VA", table.added), ("OUT", table.output)):
        cells = [*row.ravel(), *(blank if name != "OUT" else table.final.sum(axis=(0, 1)).ravel()), row.sum()]
        lines.append(",".join([name, *(f"{x:.4f}" for x in cells)]))
    return lines


def wiod_lines(table: Table, year: int) -> list[str]:
    """Lines of the R table written as CSV."""
    n, s, c = len(table.regions), len(table.sectors), len(LABELS)
    heading = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
    heading += [f"{r}{k}" for r in table.regions for k in range(1, s + 1)]
    heading += [f"{r}{k}" for r in table.regions for k in range(s + 1, s + c + 1)] + ["TOT"]
    lines = [",".join(f'"{name}"' for name in heading)]

    def line(code: str, name: str, country: str, number: int, cells: list[float]) -> str:
        return ",".join(
            [f'"{code}"', f'"{name}"', f'"{country}"', str(number), str(year), *(f"{x:.6f}" for x in cells)]
        )

    for i in range(n):
        for k in range(s):
            cells = [*table.use[i, k].ravel(), *table.final[i, k].ravel(), table.output[i, k]]
            lines.append(line(table.sectors[k], f"Industry, {table.sectors[k]}", table.regions[i], k + 1, cells))
    zero = np.zeros((n, s))
    below = {
        "II_fob": table.use.sum(axis=(0, 1)), "TXSP": table.taxes, "EXP_adj": zero, "PURR": zero, "PURNR": zero,
        "VA": table.added, "IntTTM": zero, "GO": table.output,
    }  # fmt: skip
    for number, (code, row) in enumerate(below.items(), start=65):
        lines.append(line(code, code, "TOT", number, [*row.ravel(), *([0.0] * (n * c)), row.sum()]))
    return lines


def wiod_workbook(table: Table, path: Path) -> None:
    """The workbook's layout as a minimal .xlsx: codes in row 3, countries in row 5, numbers in row 6."""
    s, c = len(table.sectors), len(LABELS)
    numbers = [(r, k) for r in table.regions for k in range(1, s + 1)]
    numbers += [(r, k) for r in table.regions for k in range(s + 1, s + c + 1)]
    codes = [table.sectors[k - 1] if k <= s else LABELS[k - s - 1] for _, k in numbers]
    rows: list[list[object]] = [
        ["Intercountry Input-Output Table"], ["(made up)"],
        ["", "", "", "", *codes, "GO"], ["", "", "", "", *codes, "Total"],
        ["", "", "", "", *(r for r, _ in numbers), "TOT"],
        ["", "", "", "", *(f"c{k}" for _, k in numbers), "c62"],
    ]  # fmt: skip
    for text in wiod_lines(table, 2014)[1:]:
        lead, _, rest = text.partition(",2014,")
        code, name, country, number = next(csv.reader([lead]))
        rows.append([code, name, country, f"r{number}", *map(float, rest.split(","))])
    body = "".join(
        f'<row r="{k}">{"".join(_cell(k, j, v) for j, v in enumerate(row))}</row>' for k, row in enumerate(rows, 1)
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{main}.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{office}"><sheets><sheet name="2014" sheetId="1" r:id="b"/>'
            "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="b" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{body}</sheetData></worksheet>"
        )


def _cell(row: int, column: int, value: object) -> str:
    name, left = "", column
    while True:
        name = chr(65 + left % 26) + name
        left = left // 26 - 1
        if left < 0:
            break
    if isinstance(value, float):
        return f'<c r="{name}{row}"><v>{value!r}</v></c>'
    return f'<c r="{name}{row}" t="inlineStr"><is><t>{value}</t></is></c>' if value != "" else ""
