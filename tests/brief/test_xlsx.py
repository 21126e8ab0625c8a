"""The workbook, read back with another library: numbers are numbers, texts are texts, and each number resolves."""

from __future__ import annotations

import io
import math
import re
import zipfile
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.trees import HOSTILE, document, finding, full, hostile, picture, table, text
from winset.brief.content import Finding
from winset.brief.document import Document, Illustration, KeyNumbers, Paragraph, Run, Table
from winset.brief.formats import in_shown_unit, unit_text, value_text
from winset.brief.printing import clean, findings_of, number_of
from winset.brief.xlsx import write_xlsx
from winset.brief.xlsx_sheet import pattern, sheet_name

TOP = 5
"""Row of the head of a table, counted from 1."""


@cache
def written(language: str = "en") -> bytes:
    return write_xlsx(full(language))


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def grid(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=TOP)]


def register(book: Any) -> dict[str, dict[str, Any]]:
    """The sheet of findings: id to head to value."""
    head, *rows = grid(book["Findings"])
    return {row[0]: dict(zip(head, row, strict=True)) for row in rows}


def test_every_finding_stands_in_the_register_with_all_that_belongs_beside_it() -> None:
    expected = findings_of(full().walk())
    found = register(opened(written()))
    assert list(found) == [one.id for one in expected]
    for one in expected:
        row = found[one.id]
        for name, value in (("Value", one.value), ("Low", one.low), ("High", one.high)):
            assert row[name] == in_shown_unit(value, one.unit)
        assert row["Unit"] == unit_text(one.unit)
        assert row["As printed"] == str(number_of(one))
        assert row["Rests on"] == ", ".join(one.rests_on)
        told = (
            row["Label"],
            row["Horizon"],
            row["Against"],
            row["Baseline"],
            row["Deficit closure"],
            row["Basis"],
        )
        assert told == (one.label, one.horizon, one.against, one.baseline, one.closure, one.basis)


def _groups(sheet: Any) -> list[tuple[str, float, float, float, str]]:
    """(head of the value, value, low, high, id) of every number of a sheet, by the words of its heads."""
    head, *rows = grid(sheet)
    first = [n for n, name in enumerate(head) if name and re.search(r": value( \[|$)", name)]
    ids = [next(k for k in range(n, len(head)) if head[k].endswith(": finding")) for n in first]
    return [
        (head[n], row[n], row[n + 1], row[n + 2], row[k])
        for row in rows
        for n, k in zip(first, ids, strict=True)
        if isinstance(row[n], (int, float))
    ]


def test_every_number_of_a_table_stands_with_band_unit_and_a_link_to_the_register() -> None:
    book = opened(written())
    rows = {row[0].value: row[0].row for row in book["Findings"].iter_rows(min_row=TOP + 1)}
    blocks = [b for b in full().walk() if isinstance(b, (Table, Illustration))]
    sheets = [one for one in book.worksheets if re.match(r"[TF]\d", one.title)]
    assert len(sheets) == len(blocks) == 3
    for sheet, block in zip(sheets, blocks, strict=True):
        expected = findings_of([block])
        found = {name: rest for *rest, name in _groups(sheet)}
        assert set(found) == {one.id for one in expected}
        for one in expected:
            head, value, low, high = found[one.id]
            shown = [in_shown_unit(x, one.unit) for x in (one.value, one.low, one.high)]
            assert [value, low, high] == shown
            assert head.endswith(f"[{unit_text(one.unit)}]")
        for row in sheet.iter_rows(min_row=TOP + 1):
            for cell in row:
                if cell.value in rows:
                    assert cell.hyperlink.location == f"'Findings'!A{rows[cell.value]}"
                if cell.data_type == "n" and cell.value is not None:
                    assert isinstance(cell.value, (int, float))


def test_units_that_differ_within_a_column_get_a_column_of_their_own() -> None:
    mixed = Table(
        id="m",
        name="Mixed",
        caption=(),
        head=(text("Line", kind="head"), text("Korea", kind="head")),
        rows=tuple(
            (text(unit), *(c,))
            for unit, c in (
                (u, table_cell(finding(n, unit=u)))
                for n, u in enumerate(("percent", "million US dollars of 2022"))
            )
        ),
    )
    head, *rows = grid(opened(write_xlsx(document(mixed)))["T1 Mixed"])
    column = head.index("Korea: unit")
    assert [row[column] for row in rows] == ["percent", "billion US dollars of 2022"]
    assert "Korea: value" in head


def table_cell(one: Finding, *more: Run) -> Any:
    from winset.brief.document import Cell

    return Cell(runs=(Run(finding=one), *more), kind="number")


def test_two_numbers_and_words_in_a_cell_all_stay() -> None:
    several = Table(
        id="s",
        name="Several",
        caption=(),
        head=(text("Korea"),),
        rows=((table_cell(finding(1), Run(text=" or "), Run(finding=finding(2)), Run(text=" R", style="mark")),),),
    )
    book = opened(write_xlsx(document(several)))
    head, row = grid(book["T1 Several"])
    assert {"f-1/x", "f-2/x", "or"} <= set(row)
    assert row[head.index("Korea: note")] == "or"


def test_number_formats_show_the_printed_digits_and_sign() -> None:
    book = opened(written())
    expected = {one.id: one for one in findings_of(full().walk())}
    for row in book["Findings"].iter_rows(min_row=TOP + 1):
        shape = row[2].number_format
        decimals = len(re.match(r"\+?#,##0\.?(0*)", shape).group(1))
        one = expected[row[0].value]
        assert decimals == len(value_text(one).partition(".")[2])
        assert shape.startswith("+") == bool(one.against)


def test_the_contents_list_every_other_sheet_with_a_link_and_say_what_the_run_was() -> None:
    book = opened(written())
    contents = book.worksheets[0]
    assert contents.title == "Contents"
    cells = {cell.value: cell for row in contents.iter_rows() for cell in row if cell.value}
    links = {row[0].value: row[0].hyperlink.location for row in contents.iter_rows() if row[0].hyperlink}
    for sheet in book.sheetnames[1:]:
        assert links[sheet] == f"'{sheet}'!A1"
        assert book[sheet]["A4"].hyperlink.location == "'Contents'!A1"
    assert {"run-1", "toy-2022", "world-share", "a year", "2026-07-25"} <= set(cells)
    units = {row[2].value for row in contents.iter_rows() if row[0].value in book.sheetnames[1:]}
    assert "Billion US dollars of 2022, a year" in units
    assert "Sources" in book.sheetnames


def test_heads_stay_in_sight_and_long_tables_can_be_filtered() -> None:
    book = opened(write_xlsx(document(table(40, 2))))
    sheet = book["T1 Account"]
    assert sheet.freeze_panes == f"B{TOP + 1}"
    assert sheet.auto_filter.ref.startswith(f"A{TOP}:")
    assert sheet.auto_filter.ref.endswith(str(TOP + 40))
    assert opened(written())["T1 Account"].auto_filter.ref is None
    assert sheet.column_dimensions["A"].width > 5


def test_a_figure_of_one_unit_has_a_native_chart_with_bands_and_alt_text() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        charts = [one for one in archive.namelist() if one.startswith("xl/charts/chart")]
        assert len(charts) == 1
        chart = archive.read(charts[0]).decode()
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert "<c:errBars>" in chart
    assert f'descr="{picture().picture.alt}"' in drawing
    sheet = opened(written())["F1 Net by party"]
    places = dict(re.findall(r"<c:(plus|minus)>.*?<c:f>(.*?)</c:f>", chart))
    for side, place in places.items():
        cells = [row[0].value for row in sheet[place.rpartition("!")[2].replace("$", "")]]
        numbers = findings_of([picture()])
        shown = [abs((n.high if side == "plus" else n.low) - n.value) / 1000 for n in numbers]
        assert cells[:2] == pytest.approx(shown)


def test_no_cell_is_a_formula_and_hostile_texts_survive() -> None:
    data = write_xlsx(hostile())
    book = opened(data)
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for one in HOSTILE:
        assert clean(one) in texts
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        sheets = [archive.read(one).decode() for one in names if one.startswith("xl/worksheets/sheet")]
        links = [archive.read(one).decode() for one in names if one.endswith(".rels")]
    assert not [one for one in sheets if "<f>" in one or "<f " in one]
    assert not [one for one in names if "vba" in one.lower() or "externalLink" in one]
    outside = re.findall(r'Target="([^"]*)" TargetMode="External"', " ".join(links))
    assert set(outside) <= {"http://example.org/=1"}


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40))
def test_any_text_is_written_as_it_is_once_cleaned(one: str) -> None:
    book = opened(
        write_xlsx(document(Table(id="t", name=one, caption=(Run(text=one),), head=(), rows=((text(one),),))))
    )
    value = book.worksheets[1][f"A{TOP + 1}"].value
    assert (value or "") == clean(one)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    for character in ("w", "\U0001f30d"):
        long = Table(id="t", name="t", caption=(), head=(), rows=((text(character * 40_000),),))
        value = opened(write_xlsx(document(long))).worksheets[1][f"A{TOP + 1}"].value
        assert len(value.encode("utf-16-le")) // 2 <= 32_767
        assert value.endswith(character + "…")


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=50), max_size=8))
def test_sheet_names_are_what_excel_takes_and_none_twice(wanted: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(one, taken) for one in (*wanted, *wanted, "History", "a" * 40, "a" * 41)]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_numbers_that_are_none_are_words() -> None:
    broken = finding(1, value=math.nan, low=-math.inf)
    book = opened(write_xlsx(document(KeyNumbers(items=((broken, (Run(text="x"),), ()),)))))
    row = register(book)["f-1/x"]
    assert (row["Value"], row["Low"]) == ("not computed", "not computed")
    assert pattern(finding(2)).startswith("+#,##0")


def test_the_same_document_gives_the_same_bytes_dated_by_itself() -> None:
    assert write_xlsx(full()) == written()
    properties = opened(written()).properties
    assert properties.created.date().isoformat() == "2026-07-25"
    assert (properties.title, properties.creator) == ("A made-up brief", "Winset")


@pytest.mark.parametrize(
    "tree", [document(), document(table(0, 3)), document(Paragraph(runs=())), document(table(3, 12)), full("ko")]
)
def test_awkward_documents_open(tree: Document) -> None:
    assert opened(write_xlsx(tree)).sheetnames[0]
