"""The brief as a tree of headings, paragraphs, tables and pictures: what every format is written from.

`outline` fills it from `BriefContent`; the writers of HTML, Word, PDF and Excel walk it. So all formats say the
same, in the same order, and no writer knows what a package is. Numbers stay `Finding`s until a writer prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from winset.brief.content import Finding

if TYPE_CHECKING:
    from winset.brief.canvas import Picture

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Definitions",
    "Document",
    "Heading",
    "Illustration",
    "KeyNumbers",
    "PageBreak",
    "Paragraph",
    "Part",
    "Run",
    "Side",
    "Table",
]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stretch of text in one style, or one number."""

    text: str = ""
    """Empty where `finding` is given: then the writer prints the number."""
    finding: Finding | None = None
    with_unit: bool = False
    """Whether the number is printed with its unit."""
    target: str = ""
    """Id in the document that this leads to."""
    url: str = ""
    """Address on the web that this leads to; http and https alone."""
    hover: str = ""
    """What a screen shows at the pointer."""
    style: Literal["plain", "strong", "small", "mark"] = "plain"
    """mark: the short sign of a source, an assumption or a run (C1, A2, R)."""


Part = tuple[Run, ...]
"""Runs that follow each other."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading; ids are unique in the document."""

    id: str
    level: Literal[1, 2, 3, 4]
    """1: the title. 2: summary, annex. 3 and 4 below them."""
    text: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    runs: Part
    style: Literal["body", "lead", "headline", "kicker", "fine", "empty"] = "body"
    """lead: under the title. headline: the finding in a sentence. fine: small print. empty: "there is none"."""


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list."""

    items: tuple[Part, ...]
    style: Literal["plain", "dated", "sources"] = "plain"
    """dated: each item begins with a day in strong type. sources: small, numbered by their own marks."""
    ids: tuple[str, ...] = ()
    """Ids of the items, where something leads to them; empty, or one each."""


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """Terms, each with what it means."""

    items: tuple[tuple[str, tuple[Part, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class KeyNumbers:
    """The three numbers of the first page, each with what it is and what it rests on."""

    items: tuple[tuple[Finding, Part, Part], ...]
    """(number, what it is, small print)."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a table."""

    runs: Part
    kind: Literal["text", "number", "head"] = "text"
    """head: names its row or column."""
    id: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The numbers in it."""
        return tuple(run.finding for run in self.runs if run.finding is not None)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: one row of heads, then rows of as many cells."""

    id: str
    caption: Part
    """What it shows, with unit, horizon, baseline and closure."""
    name: str
    """A few words: name of its sheet and its label for screen readers."""
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    """Whether the last row is the sum of those above it."""
    wordy: bool = False
    """Whether cells hold sentences."""
    ids: tuple[str, ...] = ()
    """Ids of the rows, where something leads to them; empty, or one each."""


@dataclass(frozen=True, kw_only=True)
class Illustration:
    """A picture with its caption, source line, words for those who cannot see it, and the table behind it."""

    picture: Picture


@dataclass(frozen=True, kw_only=True)
class Side:
    """Two columns of blocks where the page is wide enough, one after the other elsewhere."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class PageBreak:
    """On paper what follows begins a new page."""


Block = Heading | Paragraph | Bullets | Definitions | KeyNumbers | Table | Illustration | Side | PageBreak


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole brief."""

    title: str
    language: str
    """ISO 639: "en", "ko"."""
    day: str
    """Day of the state of play (ISO): the document's date."""
    blocks: tuple[Block, ...]
    manifest: Mapping[str, Any]
    """Inputs with hashes, versions, settings of the run."""

    def walk(self) -> Iterator[Block]:
        """Every block in reading order, those of two columns included."""
        for block in self.blocks:
            yield block
            if isinstance(block, Side):
                yield from block.left
                yield from block.right
