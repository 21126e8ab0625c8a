"""What the writers of Word, PDF and Excel share: text that any file can hold, ids, addresses, printed numbers.

Texts come from documents and case files of any origin. What a file format cannot hold is taken out here, once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from winset.brief.content import Finding
from winset.brief.document import (
    Block,
    Bullets,
    Definitions,
    Document,
    Heading,
    Illustration,
    KeyNumbers,
    Paragraph,
    Part,
    Run,
    Table,
)
from winset.brief.formats import NOT_COMPUTED, band_text, short_unit, unit_text, value_text

__all__ = [
    "Names",
    "Number",
    "clean",
    "date_of",
    "findings_of",
    "ids_of",
    "kept",
    "number_of",
    "part_text",
    "run_text",
    "runs_of",
    "safe_url",
]

# What XML 1.0 cannot hold, other control characters, and the signs that turn the direction of what follows:
# a text must not be able to print "521" where it says "125".
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")

_SHORT = 700
"""Characters of a paragraph that may be kept with what follows."""
LONGEST_URL = 2000
"""Characters; longer addresses are printed but lead nowhere (Excel takes 2,079)."""


def clean(text: str) -> str:
    """The text without control characters and direction overrides; halves of characters become U+FFFD."""
    return _HALF.sub("\ufffd", _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def safe_url(url: str) -> str:
    """An address that may be a link, or nothing: the web, never a script, a file or another program."""
    url = clean(url).strip()
    fit = re.match(r"https?://[^\s/]", url, re.IGNORECASE) and not re.search(r"[\s<>\"{}|\\^`]", url)
    return url if fit and len(url) <= LONGEST_URL else ""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A finding as it is printed."""

    value: str
    unit: str
    """What follows at once, with the space before it where one belongs; empty where it is not asked for."""
    band: str
    """In parentheses; empty where there is none."""

    def joined(self, *, tight: bool = False) -> str:
        """The band as it is set: on one line, for it is read as one; tight: broken once, before its upper end."""
        first, space, last = self.band.rpartition(" ") if tight else ("", "", self.band)
        return first.replace(" ", "\u00a0") + space + last.replace(" ", "\u00a0")

    def __str__(self) -> str:
        return f"{self.value}{self.unit} {self.band}".rstrip()


def number_of(finding: Finding, *, with_unit: bool = False) -> Number:
    """A finding as it is printed: the same digits in every format."""
    value, band = value_text(finding), band_text(finding)
    unit = short_unit(finding) or f" {unit_text(finding.unit)}"
    said = with_unit and value != NOT_COMPUTED
    return Number(value=value, unit=clean(unit) if said else "", band=f"({band})" if band else "")


def run_text(run: Run) -> str:
    """What a run prints."""
    if run.finding is not None:
        return str(number_of(run.finding, with_unit=run.with_unit))
    return clean(run.text)


def part_text(part: Part) -> str:
    """What runs print, one after the other."""
    return "".join(map(run_text, part))


def runs_of(block: Block) -> Iterator[Run]:
    """Every run of a block, in reading order; those of two columns are blocks of their own."""
    match block:
        case Paragraph(runs=runs):
            yield from runs
        case Bullets(items=items):
            for item in items:
                yield from item
        case Definitions(items=definitions):
            for _, parts in definitions:
                for part in parts:
                    yield from part
        case KeyNumbers(items=keys):
            for finding, what, fine in keys:
                yield Run(finding=finding, with_unit=True)
                yield from what
                yield from fine
        case Table():
            yield from block.caption
            for row in (block.head, *block.rows):
                for cell in row:
                    yield from cell.runs
        case _:
            return


def findings_of(blocks: Iterable[Block], *, pictures: bool = True) -> list[Finding]:
    """Every finding once by its id, in reading order; with those behind pictures or without."""
    found: dict[str, Finding] = {}
    for block in blocks:
        if isinstance(block, Illustration) and pictures:
            for row in block.picture.cells:
                for cell in row:
                    if isinstance(cell, Finding):
                        found.setdefault(cell.id, cell)
        for run in runs_of(block):
            if run.finding is not None:
                found.setdefault(run.finding.id, run.finding)
    return list(found.values())


def kept(blocks: Sequence[Block]) -> list[bool]:
    """Whether each block is a short paragraph that leads up to a table and must not be parted from it."""
    found = [False] * len(blocks)
    for n in range(len(blocks) - 2, -1, -1):
        block, after = blocks[n], blocks[n + 1]
        short = isinstance(block, Paragraph) and len(part_text(block.runs)) <= _SHORT
        found[n] = short and (isinstance(after, Table) or found[n + 1])
    return found


def ids_of(document: Document) -> frozenset[str]:
    """Every id that a link of the document may lead to."""
    return frozenset(one for block in document.walk() for one in _ids(block) if one)


def _ids(block: Block) -> Iterator[str]:
    match block:
        case Heading(id=one):
            yield one
        case Bullets(ids=ids):
            yield from ids
        case Table():
            yield block.id
            yield from block.ids
            for row in (block.head, *block.rows):
                yield from (cell.id for cell in row)
        case Illustration(picture=picture):
            yield picture.id
        case _:
            return


class Names:
    """Short names for the ids of a document that any format takes: letters, digits, one joint; none twice."""

    def __init__(self, prefix: str = "", joint: str = "-", longest: int = 60) -> None:
        self._prefix, self._joint, self._longest = prefix, joint, longest
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()

    def __call__(self, id: str) -> str:
        """The name for an id, always the same; letter case alone tells no two names apart."""
        if id not in self._names:
            joint = self._joint
            stem = self._prefix + (re.sub(r"[^A-Za-z0-9]+", joint, id).strip(joint) or "x")
            name, count = stem[: self._longest], 1
            while name.lower() in self._taken:
                count += 1
                end = f"{joint}{count}"
                name = stem[: self._longest - len(end)] + end
            self._taken.add(name.lower())
            self._names[id] = name
        return self._names[id]


def date_of(document: Document) -> dt.datetime:
    """The date that a file states: midnight UTC; 1 January 1980, the first that a ZIP knows, where none is."""
    first = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
    try:
        day = dt.datetime.fromisoformat(document.day[:10]).replace(tzinfo=dt.UTC)
    except ValueError:
        return first
    return max(first, day)
