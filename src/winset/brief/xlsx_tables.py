"""Tables and pictures of the brief as columns of a sheet: for each number value, low, high and its origin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from winset.brief.content import Finding
from winset.brief.document import Cell, Run
from winset.brief.formats import capital, in_shown_unit, unit_text
from winset.brief.printing import clean, part_text, run_text
from winset.brief.words import Words
from winset.brief.xlsx_sheet import Sheet

__all__ = ["Columns", "chart", "columns_of", "picture_table", "write_rows"]

_BARS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""Colours of series (Okabe and Ito)."""
_POINTS = 40
"""Rows beyond which bars are no longer legible."""


@dataclass(frozen=True, kw_only=True)
class _Column:
    """A column of the brief's table and where it stands in the sheet."""

    source: int
    """Its place in the table of the brief."""
    first: int
    """Its first column in the sheet."""
    slots: int
    """How many numbers a cell of it holds at most; 0: words."""
    mixed: bool
    """Whether its numbers differ in unit, so that each names its own."""
    noted: bool
    """Whether words stand beside its numbers."""

    @property
    def per_number(self) -> int:
        return 5 if self.mixed else 4


@dataclass(frozen=True, kw_only=True)
class Columns:
    """How a table is laid out in a sheet."""

    columns: tuple[_Column, ...]
    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    """Whether each head stands over numbers."""
    rests: int
    """Column of the basis; what the row rests on follows it. -1 where the table holds no number."""


def picture_table(headers: Sequence[str], cells: Sequence[Sequence[str | Finding]]) -> tuple[Any, Any]:
    """(head, rows) of the table behind a picture, in cells of the brief."""
    head = tuple(Cell(runs=(Run(text=one),), kind="head") for one in headers)
    rows = tuple(tuple(_cell(one) for one in row) for row in cells)
    return head, rows


def _cell(one: str | Finding) -> Cell:
    if isinstance(one, Finding):
        return Cell(runs=(Run(finding=one),), kind="number")
    return Cell(runs=(Run(text=one),))


def columns_of(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], words: Words) -> Columns:
    """Lay out a table."""
    columns: list[_Column] = []
    heads: list[str] = []
    numbers: list[bool] = []
    for source in range(max((len(row) for row in (head, *rows)), default=0)):
        name = part_text(head[source].runs) if source < len(head) else ""
        cells = [row[source] for row in rows if source < len(row)]
        slots = max((len(cell.findings) for cell in cells), default=0)
        units = list(dict.fromkeys(unit_text(one.unit) for cell in cells for one in cell.findings))
        column = _Column(
            source=source, first=len(heads), slots=slots, mixed=len(units) > 1,
            noted=any(cell.findings and _beside(cell) for cell in cells),
        )  # fmt: skip
        columns.append(column)
        if not slots:
            heads.append(name)
            numbers.append(False)
        for slot in range(slots):
            title = f"{name} {slot + 1}" if slots > 1 else name
            unit = f" [{units[0]}]" if len(units) == 1 else ""
            heads += [f"{title}: {words(end)}{unit}" for end in ("value", "low", "high")]
            numbers += [True, True, True]
            if column.mixed:
                heads.append(f"{title}: {words('unit')}")
                numbers.append(False)
            heads.append(f"{title}: {words('finding')}")
            numbers.append(False)
        if column.noted:
            heads.append(f"{name}: {words('note')}")
            numbers.append(False)
    rests = len(heads) if any(numbers) else -1
    if rests >= 0:
        heads += [capital(words("basis")), words("Rests on")]
        numbers += [False, False]
    return Columns(columns=tuple(columns), heads=tuple(heads), numbers=tuple(numbers), rests=rests)


def _beside(cell: Cell) -> str:
    """Words of a cell that stand beside its numbers, marks of sources apart."""
    return "".join(run_text(run) for run in cell.runs if run.finding is None and run.style != "mark").strip()


def write_rows(
    sheet: Sheet, top: int, rows: Sequence[Sequence[Cell]], columns: Columns, places: dict[str, int], register: str
) -> None:
    """Write the rows from row `top` on. places: row of each finding in the sheet `register`, for links."""
    for position, row in enumerate(rows):
        at = top + position
        for column in columns.columns:
            cell = row[column.source] if column.source < len(row) else Cell(runs=())
            if not cell.findings:
                words = clean(part_text(cell.runs))
                if words:
                    sheet.text(at, column.first, words, "strong" if cell.kind == "head" else "text")
                continue
            first = column.first
            for one in cell.findings:
                sheet.finding(at, first, one)
                if column.mixed:
                    sheet.text(at, first + 3, unit_text(one.unit), "small")
                sheet.link(
                    at, first + column.per_number - 1, register, one.id, "small-link", at=f"A{places[one.id] + 1}"
                )
                first += column.per_number
            if column.noted:
                sheet.text(at, column.first + column.slots * column.per_number, _beside(cell))
        several = [one for cell in row for one in cell.findings]
        if several and columns.rests >= 0:
            sheet.text(at, columns.rests, ", ".join(dict.fromkeys(f.basis for f in several)), "small")
            rests = dict.fromkeys(name for f in several for name in f.rests_on)
            sheet.text(at, columns.rests + 1, ", ".join(rests), "small")


def chart(
    sheet: Sheet, top: int, rows: Sequence[Sequence[Cell]], columns: Columns, *, title: str, alt: str, words: Words
) -> bool:
    """A native bar chart with bands beside a table of one unit and few rows; whether one was drawn."""
    series = [one for one in columns.columns if one.slots == 1]
    labels = [one for one in columns.columns if one.slots == 0]
    several = [f for row in rows for cell in row for f in cell.findings]
    fit = (
        series and labels and labels[0].first == 0 and len(series) <= len(_BARS) and 2 <= len(rows) <= _POINTS
        and len({unit_text(f.unit) for f in several}) == 1
        and all(map(math.isfinite, (x for f in several for x in (f.value, f.low, f.high))))
        and all(one.slots <= 1 for one in columns.columns)
    )  # fmt: skip
    if not fit:
        return False
    last_label = 0
    while last_label + 1 < len(columns.columns) and columns.columns[last_label + 1].slots == 0:
        last_label += 1
    made = sheet.book.workbook.add_chart({"type": "bar"})
    bottom = top + len(rows) - 1
    beyond = len(columns.heads) + 1
    for position, column in enumerate(series):
        found = [row[column.source].findings if column.source < len(row) else () for row in rows]
        facts: dict[str, Any] = {
            "name": [sheet.name, top - 1, column.first],
            "categories": [sheet.name, top, 0, bottom, last_label],
            "values": [sheet.name, top, column.first, bottom, column.first],
            "fill": {"color": _BARS[position]},
            "gap": 60,
        }
        if len(series) == 1:
            facts |= {"invert_if_negative": True, "invert_if_negative_color": _BARS[1]}
        arms = [_arms(sheet, top, found, beyond + 2 * position + side, side == 0, words) for side in (0, 1)]
        if any(f and f[0].low != f[0].high for f in found):
            facts["y_error_bars"] = {"type": "custom", "plus_values": arms[0], "minus_values": arms[1]}
        made.add_series(facts)
    lowest, highest = min(f.low for f in several), max(f.high for f in several)
    ends = {"min": 0} if lowest >= 0 else {"max": 0} if highest <= 0 else {}
    small = {"size": 8, "bold": False}
    made.set_title({"name": clean(title)[:200], "name_font": {"size": 10}, "overlay": False})
    made.set_y_axis({"reverse": True, "label_position": "low", "num_font": small})
    made.set_x_axis(
        {
            "name": unit_text(several[0].unit)[:200],
            "name_font": small,
            "num_font": small,
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            **ends,
        }
    )
    made.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
    height = 140 + 22 * len(rows) * len(series)
    made.set_size({"width": 640, "height": height})
    sheet.reserve(bottom + 3 + height // 18)
    facts = {"description": clean(alt)[:2000], "object_position": 2}
    sheet.worksheet.insert_chart(bottom + 2, 0, made, facts)
    return True


def _arms(
    sheet: Sheet, top: int, found: Sequence[Sequence[Finding]], column: int, upper: bool, words: Words
) -> str:
    """Write the lengths of the arms of a band, which a chart takes from cells, and say where they stand."""
    from xlsxwriter.utility import xl_col_to_name

    sheet.text(top - 1, column, words("Chart: value to high") if upper else words("Chart: low to value"), "small")
    for row, several in enumerate(found, start=top):
        for one in several:
            length = one.high - one.value if upper else one.value - one.low
            sheet.number(row, column, in_shown_unit(length, one.unit), "0.000")
    quoted = sheet.name.replace("'", "''")
    letter = xl_col_to_name(column, col_abs=True)
    return f"='{quoted}'!{letter}${top + 1}:{letter}${top + len(found)}"
