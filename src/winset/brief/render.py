"""The brief as one HTML page from the tree: no address is loaded, no script is run."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from winset.brief.canvas import Picture
from winset.brief.content import Finding
from winset.brief.document import (
    Block,
    Bullets,
    Cell,
    Definitions,
    Document,
    Heading,
    KeyNumbers,
    PageBreak,
    Paragraph,
    Part,
    Run,
    Table,
)
from winset.brief.findings import anchor
from winset.brief.formats import band_text, hover, short_unit, unit_text, value_text
from winset.brief.words import Words

__all__ = ["render_html"]

FEW = 3
"""Columns of numbers up to which a band stands beside its number on paper."""


def render_html(document: Document, files: Callable[[Picture, str], str] | None = None) -> str:
    """The whole brief as one self-contained HTML page. The same tree gives the same bytes.

    files: address of a picture's own file, relative to the page, by its ending (svg, png, csv); None: no such
    files lie beside the page, and it offers none.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("winset.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = _Page(document)
    environment.globals.update(
        {name: getattr(page, name) for name in dir(page) if not name.startswith("_")}
        | {
            "band_text": band_text,
            "files": files,
            "short_unit": short_unit,
            "unit_text": unit_text,
            "value_text": value_text,
        }
    )
    css = environment.get_template("brief.css").render()
    heading = next((b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1), document.title)
    return environment.get_template("brief.html.j2").render(
        document=document, css=css, nodes=list(_nodes(document)), heading=heading
    )


def _nodes(document: Document) -> Iterator[tuple[str, Any]]:
    """Blocks with the sections that headings open and close; the contents come before the first section."""
    open_: list[int] = []
    told = False
    for block in document.blocks:
        if isinstance(block, PageBreak):
            continue
        if isinstance(block, Heading):
            if block.level > 1 and not told:
                told = True
                heads = [b for b in document.walk() if isinstance(b, Heading) and b.level in (2, 3)]
                yield "contents", heads
            while open_ and open_[-1] >= block.level:
                open_.pop()
                yield "close", None
            open_.append(block.level)
            yield "open", block
        else:
            yield "block", block
    for _ in open_:
        yield "close", None


def _parts(block: Block) -> Iterator[Part]:
    """Stretches of runs in a block."""
    if isinstance(block, Paragraph):
        yield block.runs
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Definitions):
        yield from (part for _, several in block.items for part in several)
    elif isinstance(block, Table):
        yield block.caption
        yield from (cell.runs for row in (block.head, *block.rows) for cell in row)
    elif isinstance(block, KeyNumbers):
        for _, what, small in block.items:
            yield from (what, small)


class _Page:
    """What the templates may ask. Each id is given out once, to the place that comes first."""

    def __init__(self, document: Document) -> None:
        self._given: set[str] = set()
        self._in_the_open: set[str] = set()
        self._ids: set[str] = set()
        self.words = Words(document.language)
        for block in document.walk():
            if isinstance(block, KeyNumbers):
                self._in_the_open |= {f.id for f, _, _ in block.items}
            for run in (run for part in _parts(block) for run in part):
                if run.finding is not None:
                    self._in_the_open.add(run.finding.id)
            if isinstance(block, (Table, Bullets)):
                self._ids |= set(block.ids)

    def first(self, finding: Finding, folded: bool) -> bool:
        """Whether this place carries the id of the finding: the first, and an open one if there is any."""
        if folded and finding.id in self._in_the_open:
            return False
        new = finding.id not in self._given
        self._given.add(finding.id)
        return new

    def number(self, finding: Finding, with_unit: bool = False) -> Run:
        """A run for a number that stands in the data of a picture or among the key numbers."""
        listed = [anchor(kind, name) for kind in ("assumption", "claim") for name in finding.rests_on]
        run = any(name.startswith("run") for name in finding.rests_on)
        target = "run" if run else next((id for id in listed if id in self._ids), "")
        return Run(finding=finding, with_unit=with_unit, target=target, hover=hover(finding))

    def is_finding(self, cell: object) -> bool:
        """Whether a cell is a number that carries its sources."""
        return isinstance(cell, Finding)

    def grouped(self, runs: Part) -> list[tuple[bool, list[Run]]]:
        """Runs in stretches: of marks, and of everything else."""
        return [(is_mark, list(group)) for is_mark, group in itertools.groupby(runs, lambda r: r.style == "mark")]

    def kind_of_block(self, block: Block) -> str:
        """Name of the kind of a block."""
        return type(block).__name__

    def kind_of(self, cell: Cell) -> str:
        """What the look of a cell depends on besides its kind."""
        text = "".join(run.text for run in cell.runs)
        return "unknown" if text == self.words("unknown") else "short" if len(text) <= 14 else ""

    def numeric(self, table: Table, column: int) -> bool:
        """Whether a column holds numbers."""
        return any(row[column].kind == "number" for row in table.rows)

    def classes_of(self, table: Table) -> str:
        """Names under which the style sheet knows a table."""
        numbers = sum(self.numeric(table, k) for k in range(len(table.head)))
        return " ".join(
            name
            for name, fits in (
                ("wordy", table.wordy),
                ("account", table.total),
                ("few", 0 < numbers <= FEW),
                ("rates", table.id.startswith("rates-")),
                ("manifest", table.id == "run-table"),
            )
            if fits
        )

    def web(self, url: str) -> bool:
        """Whether an address may be a link: the web, never a script."""
        return url.startswith(("https://", "http://"))
