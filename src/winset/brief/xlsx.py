"""The brief as a workbook: contents, a sheet for each picture and table, and a register of every number.

Numbers are numbers, in the unit of the column's head and unrounded; each stands with its band, with the id under
which the register says all that belongs beside it, and with what it rests on. Texts are never formulas.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from winset.brief.content import Finding
from winset.brief.document import (
    Bullets,
    Definitions,
    Document,
    Heading,
    Illustration,
    KeyNumbers,
    Part,
    Table,
)
from winset.brief.formats import capital, unit_text
from winset.brief.printing import clean, date_of, findings_of, number_of, part_text, safe_url
from winset.brief.words import Words
from winset.brief.xlsx_sheet import Book, Sheet
from winset.brief.xlsx_tables import chart, columns_of, picture_table, write_rows

__all__ = ["write_xlsx"]

_TOP = 4
"""Row of the head of a table (from 0); above it stand title, caption, source and the way back."""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A line of the contents."""

    sheet: str
    title: str
    unit: str
    source: str


def write_xlsx(document: Document) -> bytes:
    """The numbers as an Excel workbook (Office Open XML, no macro). The same document gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    font = "Malgun Gothic" if document.language == "ko" else "Calibri"
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": font, "font_size": 10},
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        date = date_of(document).replace(tzinfo=None)
        workbook.set_properties(
            {
                "title": clean(document.title)[:255],
                "subject": clean(document.day)[:255],
                "author": "Winset",
                "keywords": _run(document),
                "created": date,
            }
        )
        _Writer(Book(workbook=workbook, taken=set(), formats={}), document).write()
    return buffer.getvalue()


def _run(document: Document) -> str:
    return clean(str(document.manifest.get("id", "")))


class _Writer:
    def __init__(self, book: Book, document: Document) -> None:
        self._book, self._document = book, document
        self._words = Words(document.language)
        self._findings = findings_of(document.walk())
        self._places = {one.id: row for row, one in enumerate(self._findings, start=_TOP + 1)}
        self._entries: list[_Entry] = []
        self._tables = self._pictures = 0
        say = self._words
        # The register is last but its name is needed by every link to it.
        self._contents = book.sheet(say("Contents"))
        self._register = say("Findings")
        book.taken.add(self._register.casefold())

    def write(self) -> None:
        """All sheets, contents first."""
        heading = ""
        for block in self._document.walk():
            match block:
                case Heading(text=text):
                    heading = clean(text)
                case KeyNumbers():
                    self._key(block)
                case Table():
                    self._table(block)
                case Illustration():
                    self._picture(block)
                case Definitions():
                    self._list(heading, [(term, part) for term, parts in block.items for part in parts])
                case Bullets(style="sources"):
                    self._list(heading, [_marked(item) for item in block.items])
                case _:
                    pass
        self._findings_sheet()
        self._contents_sheet()

    # ------------------------------------------------------------------ sheets

    def _open(self, name: str, title: str, caption: str, source: str, several: Iterable[Finding]) -> Sheet:
        sheet = self._book.sheet(name)
        sheet.text(0, 0, title, "title", measured=False)
        sheet.across(1, 0, caption)
        sheet.across(2, 0, source)
        sheet.link(3, 0, self._contents.name, self._words("Contents"))
        units = dict.fromkeys(capital(unit_text(one.unit)) for one in several)
        self._entries.append(_Entry(sheet=sheet.name, title=title, unit="; ".join(units), source=source))
        return sheet

    def _table(self, table: Table) -> None:
        self._tables += 1
        number = f"{self._words('Table')} {self._tables}"
        several = [f for row in table.rows for cell in row for f in cell.findings]
        sheet = self._open(
            f"T{self._tables} {table.name}", f"{number}. {clean(table.name)}", part_text(table.caption),
            self._source(several), several,
        )  # fmt: skip
        columns = columns_of(table.head, table.rows, self._words)
        sheet.head(_TOP, columns.heads, columns.numbers, len(table.rows))
        write_rows(sheet, _TOP + 1, table.rows, columns, self._places, self._register)
        sheet.close()

    def _picture(self, block: Illustration) -> None:
        self._pictures += 1
        picture = block.picture
        number = f"{self._words('Figure')} {self._pictures}"
        head, rows = picture_table(picture.headers, picture.cells)
        columns = columns_of(head, rows, self._words)
        several = [f for row in rows for cell in row for f in cell.findings]
        sheet = self._open(
            f"F{self._pictures} {picture.title}", f"{number}. {clean(picture.title)}", picture.caption,
            picture.source, several,
        )  # fmt: skip
        sheet.head(_TOP, columns.heads, columns.numbers, len(rows))
        write_rows(sheet, _TOP + 1, rows, columns, self._places, self._register)
        chart(sheet, _TOP + 1, rows, columns, title=picture.title, alt=picture.alt, words=self._words)
        sheet.close()

    def _key(self, block: KeyNumbers) -> None:
        several = [finding for finding, _, _ in block.items]
        title = self._words("Key numbers")
        sheet = self._open(title, title, "", self._source(several), several)
        say = self._words
        heads = [say("What it is")]
        heads += [capital(say(end)) for end in ("value", "low", "high", "unit", "finding", "note")]
        sheet.head(_TOP, heads, [False, True, True, True, False, False, False], len(several))
        for row, (finding, what, fine) in enumerate(block.items, start=_TOP + 1):
            sheet.text(row, 0, part_text(what), "strong")
            sheet.finding(row, 1, finding)
            sheet.text(row, 4, unit_text(finding.unit))
            sheet.link(row, 5, self._register, finding.id, "small-link", at=f"A{self._places[finding.id] + 1}")
            sheet.text(row, 6, part_text(fine), "small")
        sheet.close()

    def _list(self, heading: str, items: list[tuple[str, Part]]) -> None:
        """Sources, assumptions, authorities: a mark or term, the words, and an address where there is one."""
        if not items:
            return
        sheet = self._open(heading, heading, "", "", ())
        say = self._words
        sheet.head(_TOP, [say("Mark"), say("Text"), say("Address")], [False] * 3, len(items))
        for row, (mark, part) in enumerate(items, start=_TOP + 1):
            sheet.text(row, 0, mark, "strong")
            sheet.text(row, 1, part_text(part).strip())
            address = next((url for run in part if (url := safe_url(run.url))), "")
            if address:
                sheet.url(row, 2, address)
        sheet.close()

    def _findings_sheet(self) -> None:
        say = self._words
        self._book.taken.discard(self._register.casefold())
        sheet = self._open(
            self._register, self._register, say("Every number of the brief, with all that belongs beside it."),
            self._source(self._findings), self._findings,
        )  # fmt: skip
        heads = ("Finding", "Label", "Value", "Low", "High", "Unit", "As printed", "Horizon", "Against",
                 "Baseline", "Deficit closure", "Elasticities", "Basis", "Rests on")  # fmt: skip
        sheet.head(
            _TOP, [say(h) for h in heads], [h in ("Value", "Low", "High") for h in heads], len(self._findings)
        )
        for one in self._findings:
            row = self._places[one.id]
            sheet.text(row, 0, one.id, "plain")
            sheet.text(row, 1, one.label)
            sheet.finding(row, 2, one)
            texts = (unit_text(one.unit), str(number_of(one)), one.horizon, one.against, one.baseline, one.closure,
                     one.elasticities, one.basis, ", ".join(one.rests_on))  # fmt: skip
            for column, text in enumerate(texts, start=5):
                sheet.text(row, column, text)
        sheet.close()

    def _contents_sheet(self) -> None:
        say, sheet = self._words, self._contents
        sheet.text(0, 0, self._document.title, "title", measured=False)
        several = self._findings
        facts = (
            (say("State of play on"), self._document.day),
            (say("Run"), _run(self._document)),
            (say("Baseline"), _each(f.baseline for f in several)),
            (say("Deficit closure"), _each(f.closure for f in several)),
            (say("Elasticities"), _each(f.elasticities for f in several)),
            (say("Horizon"), _each(f.horizon for f in several)),
            (say("How to read"), say(
                "Each number stands in three columns: central value, low and high end of its band, unrounded, in "
                "the unit of the column's head. Its id leads to the sheet of findings, which says what it is held "
                "against and what it rests on."
            )),
            (say("Caution"), say(
                "No forecast of what a government will do is made here. No number of this brief should be quoted "
                "without what it is held against."
            )),
        )  # fmt: skip
        for row, (name, text) in enumerate(facts, start=2):
            sheet.text(row, 0, name, "strong")
            sheet.across(row, 1, text, "text")
        top = len(facts) + 3
        sheet.head(
            top,
            [say("Sheet"), say("Title"), say("Unit"), say("Source")],
            [False] * 4,
            len(self._entries),
            fixed=False,
        )
        for row, entry in enumerate(self._entries, start=top + 1):
            sheet.link(row, 0, entry.sheet, entry.sheet)
            for column, text in enumerate((entry.title, entry.unit, entry.source), start=1):
                sheet.text(row, column, text)
        sheet.close()

    def _source(self, several: Iterable[Finding]) -> str:
        bases = _each(one.basis for one in several)
        run = _run(self._document)
        made = f"Winset, {run}" if run else "Winset"
        return f"{self._words('Source')}: {made}; {bases}." if bases else f"{self._words('Source')}: {made}."


def _each(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


def _marked(item: Part) -> tuple[str, Part]:
    """(mark, the rest) of an item that begins with its own mark."""
    if item and item[0].style in ("mark", "strong"):
        return part_text(item[:1]), item[1:]
    return "", item
