"""Blocks of the brief as paragraphs, tables and pictures of Word."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Pt

from winset.brief.columns import layout, numeric
from winset.brief.document import (
    Block,
    Bullets,
    Cell,
    Definitions,
    Document,
    Heading,
    Illustration,
    KeyNumbers,
    PageBreak,
    Paragraph,
    Part,
    Run,
    Side,
    Table,
)
from winset.brief.docx_styles import BREADTH, SIZES, TABLE_STYLE, TEXT_WIDTH, table_style
from winset.brief.docx_xml import Bookmarks, element, field, link, run
from winset.brief.printing import clean, ids_of, kept, number_of, safe_url
from winset.brief.typeset import png
from winset.brief.words import Words

__all__ = ["Body"]

DPI = 300
"""Dots per inch of the pictures."""
_TALLEST = 660.0
"""Points of a picture at most: a page without the caption."""
_ONE_PIECE = 30
"""Lines; a table that takes fewer is kept on one page."""
_LONG_CELL = 45
"""Lines; a row that is taller may go on over the page."""
_CONTENTS = 5
"""Headings from which on a list of them is worth its room."""

_ANNEX, _ANNEX_NUMBER = "annex_range", "0"
"""Bookmark around what the list of contents covers."""

_HEADINGS = {1: "Title", 2: "Heading 1", 3: "Heading 2", 4: "Heading 3"}
_PARAGRAPHS = {
    "body": "Normal", "lead": "Lead", "headline": "Headline", "kicker": "Kicker", "fine": "Fine Print",
    "empty": "Fine Print",
}  # fmt: skip
_RUNS = {"plain": "", "strong": "Strong", "small": "Small", "mark": "Mark"}

Place = Literal["text", "cell", "tight", "key"]
"""Where runs stand: in a paragraph, in a table, in a table too narrow for its bands, in a key number."""


class Body:
    """Appends blocks to a document of python-docx."""

    def __init__(self, word: Any, document: Document) -> None:
        self._word = word
        self._document = document
        self._words = Words(document.language)
        self._known = ids_of(document)
        self._bookmarks = Bookmarks()
        self._styles = {style.name: style.style_id for style in word.styles}
        self._end = word.element.body.sectPr
        self._relations: dict[str, str] = {}
        self._tables = self._pictures = 0
        self._new_page = self._annex = False

    def write(self, blocks: Sequence[Block]) -> None:
        """Append some blocks."""
        for block, keep in zip(blocks, kept(blocks), strict=True):
            self._write(block, keep=keep)

    def close(self) -> None:
        """To be called once, after the last block."""
        if self._annex:
            self._end.getprevious().append(element("bookmarkEnd", id=_ANNEX_NUMBER))

    def _write(self, block: Block, *, keep: bool) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(_PARAGRAPHS[block.style], self._runs(block.runs, "text"), keep=keep)
            case Bullets():
                self._bullets(block)
            case Definitions():
                for term, parts in block.items:
                    self._paragraph("Definition Term", [run(clean(term))])
                    for part in parts:
                        self._paragraph("Definition", self._runs(part, "text"))
            case KeyNumbers():
                self._key(block)
            case Table():
                self._table(block)
            case Illustration():
                self._picture(block)
            case Side():
                # Headings inside a table are not in Word's navigation, so the columns follow each other.
                self.write(block.left)
                self.write(block.right)
            case PageBreak():
                self._new_page = True

    # ------------------------------------------------------------------ paragraphs

    def _paragraph(self, style: str, content: Iterable[Any], *, keep: bool = False) -> Any:
        made = self._made(style, content, keep=keep, new_page=self._new_page)
        self._new_page = False
        self._end.addprevious(made)
        return made

    def _made(self, style: str, content: Iterable[Any], *, keep: bool = False, new_page: bool = False) -> Any:
        properties = element(
            "pPr",
            element("pStyle", val=self._styles[style]),
            element("keepNext") if keep else None,
            element("pageBreakBefore") if new_page else None,
        )
        return element("p", properties, *content)

    def _runs(self, part: Part, place: Place, *, strong: bool = False) -> list[Any]:
        made: list[Any] = []
        for one in part:
            made += self._run(one, place, strong=strong)
        return made

    def _run(self, one: Run, place: Place, *, strong: bool = False) -> list[Any]:
        """A run; strong: in heavy type, unless it has a style of its own."""
        if one.finding is not None:
            runs = self._number(one, place, strong=strong)
        else:
            url = safe_url(one.url)
            linked = url or one.target in self._known
            style = _RUNS[one.style] or ("Strong" if strong else "Hyperlink" if linked else "")
            if style == "Mark" and place == "text":
                style = "Raised Mark"
            runs = [run(clean(one.text), self._styles[style] if style else "")]
        tooltip = " ".join(clean(one.hover).split())
        if one.target in self._known:
            return [link(*runs, anchor=self._bookmarks.name(one.target), tooltip=tooltip)]
        if url := safe_url(one.url):
            return [link(*runs, relation=self._relation(url), tooltip=tooltip)]
        return runs

    def _number(self, one: Run, place: Place, *, strong: bool) -> list[Any]:
        assert one.finding is not None  # noqa: S101
        number = number_of(one.finding, with_unit=one.with_unit)
        style = self._styles["Strong" if strong or one.style == "strong" else "Number"]
        runs = [run(number.value, style)]
        if number.unit:
            runs.append(run(number.unit, self._styles["Key Unit"] if place == "key" else style))
        if number.band:
            band = number.joined(tight=place == "tight")
            runs.append(run(f" {band}", self._styles["Key Band" if place == "key" else "Band"]))
        return runs

    def _relation(self, url: str) -> str:
        if url not in self._relations:
            self._relations[url] = self._word.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self._relations[url]

    def _heading(self, block: Heading) -> None:
        found = self._sections(block) if self._new_page and block.level == 2 and not self._annex else []
        content = [*self._bookmarks.place(block.id), run(clean(block.text))]
        if found:
            self._annex = True
            content.insert(0, element("bookmarkStart", id=_ANNEX_NUMBER, name=_ANNEX))
        self._paragraph(_HEADINGS[block.level], content)
        if found:
            self._contents(found)

    def _sections(self, annex: Heading) -> list[Heading]:
        """The headings under that of the annex, if they are so many that a list of them is worth its room."""
        several = [one for one in self._document.walk() if isinstance(one, Heading)]
        below = several[several.index(annex) + 1 :]
        found = [one for one in below if one.level == 3 and one.id]
        return found if len(found) >= _CONTENTS else []

    def _contents(self, found: list[Heading]) -> None:
        """A list of headings as links, without page numbers: right before and after Word renews it."""
        begin = [
            element("r", element("fldChar", fldCharType="begin")),
            _instruction(f' TOC \\o "2-2" \\b {_ANNEX} \\h \\n '),
            element("r", element("fldChar", fldCharType="separate")),
        ]
        end = [element("r", element("fldChar", fldCharType="end"))]
        for position, one in enumerate(found):
            entry = link(run(clean(one.text)), anchor=self._bookmarks.name(one.id))
            first, last = position == 0, position == len(found) - 1
            content = [*(begin if first else []), entry, *(end if last else [])]
            self._paragraph("toc 2", content)

    def _bullets(self, block: Bullets) -> None:
        style = {"plain": "List Bullet", "dated": "Dated", "sources": "Source"}[block.style]
        ids = block.ids or ("",) * len(block.items)
        for id, item in zip(ids, block.items, strict=True):
            place: Place = "cell" if block.style == "sources" else "text"
            self._paragraph(style, [*self._bookmarks.place(id), *self._runs(item, place)])

    # ------------------------------------------------------------------ tables

    def _grid(
        self, shares: Iterable[float], rows: Iterable[Any], *, style: str, look: Any, name: str = ""
    ) -> None:
        if self._new_page:
            self._paragraph("Table Space", [])
        widths = [str(round(share * TEXT_WIDTH * 20)) for share in shares]
        properties = element(
            "tblPr",
            element("tblStyle", val=style) if style else None,
            element("tblW", w=str(round(TEXT_WIDTH * 20)), type="dxa"),
            element("tblLayout", type="fixed"),
            look,
            element("tblCaption", val=name) if name else None,
        )
        grid = element("tblGrid", *(element("gridCol", w=width) for width in widths))
        self._end.addprevious(element("tbl", properties, grid, *rows))
        # Word joins tables that touch, and wants a paragraph after the last.
        self._paragraph("Table Space", [])

    def _table(self, table: Table) -> None:
        self._tables += 1
        label = f"{self._words('Table')} "
        strong = self._styles["Strong"]
        self._paragraph(
            "Caption",
            [
                *self._bookmarks.place(table.id),
                run(label, strong),
                field("SEQ Table \\* ARABIC", str(self._tables), strong),
                run(". ", strong),
                *self._runs(table.caption, "cell"),
            ],
            keep=True,
        )
        look = layout(table, TEXT_WIDTH, SIZES, breadth=BREADTH)
        if not look.shares:
            return
        right = numeric(table)
        widths = [str(round(share * TEXT_WIDTH * 20)) for share in look.shares]
        whole, long = look.lines <= _ONE_PIECE, look.tallest > _LONG_CELL
        ids = table.ids or ("",) * len(table.rows)

        def row(
            cells: tuple[Cell, ...], *, head: bool = False, last: bool = False, id: str = "", total: bool = False
        ) -> Any:
            properties = element(
                "trPr", None if long else element("cantSplit"), element("tblHeader") if head else None
            )
            made = element("tr", properties)
            for position, width in enumerate(widths):
                cell = cells[position] if position < len(cells) else Cell(runs=())
                number = right[position] if head else cell.kind == "number"
                content = [
                    *(self._bookmarks.place(id) if position == 0 else []),
                    *self._bookmarks.place(cell.id),
                    *self._runs(cell.runs, "tight" if look.tight else "cell", strong=head or total),
                ]
                text = self._made(table_style(number, look.size), content, keep=whole and not last)
                made.append(element("tc", element("tcPr", element("tcW", w=width, type="dxa")), text))
            return made

        count = len(table.rows)
        rows = [row(table.head, head=True, last=count == 0)] if table.head else []
        rows += [
            row(cells, last=position == count - 1, id=id, total=table.total and position == count - 1)
            for position, (cells, id) in enumerate(zip(table.rows, ids, strict=True))
        ]
        total = "1" if table.total and count else "0"
        first = "1" if table.head else "0"
        value = f"{0x0600 | (0x20 if table.head else 0) | (0x40 if total == '1' else 0):04X}"
        flags = element(
            "tblLook", val=value, firstRow=first, lastRow=total, firstColumn="0", lastColumn="0", noHBand="1",
            noVBand="1",
        )  # fmt: skip
        self._grid(look.shares, rows, style=TABLE_STYLE, look=flags, name=clean(table.name))

    def _key(self, block: KeyNumbers) -> None:
        columns = min(len(block.items), 3)
        if not columns:
            return
        width = str(round(TEXT_WIDTH * 20 / columns))
        rows = []
        for start in range(0, len(block.items), columns):
            row = element("tr", element("trPr", element("cantSplit")))
            for finding, what, fine in block.items[start : start + columns]:
                rule = element("tcBorders", element("top", val="single", sz="10", space="0", color="1A1A1A"))
                row.append(
                    element(
                        "tc",
                        element("tcPr", element("tcW", w=width, type="dxa"), rule),
                        self._made("Key Number", self._run(Run(finding=finding, with_unit=True), "key")),
                        self._made("Key What", self._runs(what, "cell")),
                        self._made("Key Fine", self._runs(fine, "cell")),
                    )
                )
            for _ in range(columns - len(block.items[start : start + columns])):
                row.append(element("tc", element("tcPr", element("tcW", w=width, type="dxa")), element("p")))
            rows.append(row)
        margins = element("tblCellMar", element("left", w="0", type="dxa"), element("right", w="160", type="dxa"))
        self._grid([1 / columns] * columns, rows, style="", look=margins)

    # ------------------------------------------------------------------ pictures

    def _picture(self, block: Illustration) -> None:
        self._pictures += 1
        picture = block.picture
        paragraph = self._word.add_paragraph(style=self._word.styles["Figure"])
        if self._new_page:
            paragraph.paragraph_format.page_break_before = True
            self._new_page = False
        for mark in self._bookmarks.place(picture.id):
            paragraph._p.append(mark)
        inline = paragraph.add_run().add_picture(io.BytesIO(png(picture.svg, DPI)), width=Pt(TEXT_WIDTH))
        if inline.height > Pt(_TALLEST):
            inline.width, inline.height = round(inline.width * Pt(_TALLEST) / inline.height), Pt(_TALLEST)
        for side in ("distT", "distB", "distL", "distR"):
            inline._inline.set(side, "0")
        properties = inline._inline.docPr
        properties.set("name", f"Figure {self._pictures}")
        properties.set("descr", clean(picture.alt) or clean(picture.title))
        properties.set("title", clean(picture.title))
        strong = self._styles["Strong"]
        self._paragraph(
            "Caption",
            [
                run(f"{self._words('Figure')} ", strong),
                field("SEQ Figure \\* ARABIC", str(self._pictures), strong),
                run(f". {clean(picture.title).rstrip('.')}.", strong),
                run(f" {clean(picture.caption)} {clean(picture.source)}"),
            ],
        )


def _instruction(text: str) -> Any:
    made = element("instrText")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", made)
