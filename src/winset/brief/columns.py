"""How wide each column of a table is: as browsers do it, from the longest word and the longest line of each.

Writers of paper formats know no fonts, so widths are counted in ems from the kind of character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from winset.brief.document import Cell, Table
from winset.brief.printing import clean, number_of, part_text

__all__ = ["Layout", "ems", "layout", "numeric"]

_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
"""Sizes of type (points) that a table may be set in: the first in which no word must be cut."""
_FAIR = 7.0
"""Points; before type gets smaller than this, bands are broken: "(1.2 to" and "3.4)"."""
_GAP = 0.9
"""Ems between two columns."""
_LONGEST_WORD = 16.0
"""Ems; a longer word (an address, a hash) may be cut."""
_LONGEST_LINE = 42.0
"""Ems; beyond it a column of sentences asks for no more width."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a table is set."""

    size: float
    """Of its type, in points."""
    shares: tuple[float, ...]
    """Of the width, one a column; they sum to one."""
    tight: bool
    """Whether bands would not fit on one line in fair type, so that they may be broken."""
    lines: int
    """Lines of type that it takes, about, the head included."""
    tallest: int
    """Lines of its tallest row, about."""


_NARROW, _WIDE = set("fijlrtI.,:;'|!()[]/ \u00a0\u2019"), set("mwMW@%&—–+−")


@lru_cache(maxsize=4096)
def ems(text: str) -> float:
    """Width of a text in ems, a little generous."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _WIDE:
        return 0.82 if character.isalpha() else 0.6
    return 0.34 if character in _NARROW else 0.66 if character.isupper() else 0.53


def _pieces(cell: Cell, *, whole: bool) -> list[str]:
    """Stretches that should not be broken; whole: bands among them."""
    pieces: list[str] = []
    for run in cell.runs:
        if run.finding is not None:
            number = number_of(run.finding, with_unit=run.with_unit)
            pieces += [number.value + number.unit, *([number.band] if whole else number.band.rsplit(" ", 1))]
        else:
            pieces += re.split(r"[\s\u2009]+|(?<!\d)-|-(?!\d)", clean(run.text))
    return [piece for piece in pieces if piece]


def _needs(cell: Cell, *, whole: bool) -> tuple[float, float]:
    """(longest word, longest line) in ems. Hangul may be broken anywhere, so six of its syllables are a word."""
    word = 0.0
    for piece in _pieces(cell, whole=whole):
        korean = any("\uac00" <= c <= "\ud7a3" for c in piece)
        word = max(word, min(ems(piece), 6.0 if korean else _LONGEST_WORD))
    line = max((ems(one) for one in part_text(cell.runs).split("\n")), default=0.0)
    heavier = 1.06 if cell.kind == "head" else 1.0
    return word * heavier, max(word, line) * heavier


def numeric(table: Table) -> tuple[bool, ...]:
    """Whether each column holds numbers, so that its head stands over them at the right."""
    count = max((len(row) for row in (table.head, *table.rows)), default=0)
    return tuple(any(n < len(row) and row[n].kind == "number" for row in table.rows) for n in range(count))


def layout(table: Table, points: float, sizes: Sequence[float] = _SIZES, *, breadth: float = 1.0) -> Layout:
    """How a table is set in a width of so many points, in the first of `sizes` (points, falling) that will do.

    breadth: how much broader the type runs than that which travels with the program.
    """
    points = points / breadth
    rows = (table.head, *table.rows)
    count = max(len(row) for row in rows) if table.head or table.rows else 0
    if count == 0:
        return Layout(size=sizes[0], shares=(), tight=False, lines=1, tallest=1)
    fair = [size for size in sizes if size >= _FAIR] or list(sizes[:1])
    least, most = _columns(rows, count, whole=True)
    size = next((s for s in fair if sum(least) * s <= points), 0.0)
    tight = not size
    if tight:
        least, most = _columns(rows, count, whole=False)
        size = next((s for s in sizes if s <= _FAIR and sum(least) * s <= points), sizes[-1])
    room = points / size
    if sum(least) > room:
        widths = [x * room / sum(least) for x in least]
    elif sum(most) <= room:
        widths = [x * room / sum(most) for x in most]
    else:
        spare = (room - sum(least)) / max(sum(most) - sum(least), 1e-9)
        widths = [low + (high - low) * spare for low, high in zip(least, most, strict=True)]
    heights = [
        max((_height(cell, width) for cell, width in zip(row, widths, strict=False)), default=1) for row in rows
    ]
    return Layout(
        size=size,
        shares=tuple(x / sum(widths) for x in widths),
        tight=tight,
        lines=sum(heights),
        tallest=max(heights),
    )


def _columns(rows: Sequence[Sequence[Cell]], count: int, *, whole: bool) -> tuple[list[float], list[float]]:
    """(least, most) that each column asks for, in ems, with the gap to the next."""
    least, most = [1.0] * count, [1.0] * count
    for row in rows:
        for position, cell in enumerate(row):
            word, line = _needs(cell, whole=whole)
            least[position] = max(least[position], word)
            most[position] = max(most[position], min(line, max(_LONGEST_LINE, word)))
    return [x + _GAP for x in least], [x + _GAP for x in most]


def _height(cell: Cell, width: float) -> int:
    """Lines of a cell in a column so many ems wide."""
    room = max(width - _GAP, 1.0)
    return sum(int(ems(line) / room) + 1 for line in part_text(cell.runs).split("\n"))
