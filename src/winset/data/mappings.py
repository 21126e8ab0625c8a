"""Mappings given as two-column CSV files: country to region, industry to sector, product to sector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winset.core.errors import BaselineError, UnknownNameError
from winset.core.files import read_text
from winset.core.names import known, nearest
from winset.data.levels import Membership
from winset.data.source_files import cells_of

__all__ = ["Concordance", "identity", "membership", "read_concordance", "read_pairs"]

REST = "*"
"""A code that stands for every code not named in the file."""


@dataclass(frozen=True, kw_only=True)
class Concordance:
    """Product codes to sectors; a code stands for all codes that begin with it, the longest match counting."""

    path: Path
    sector_of: dict[str, str]

    def lookup(self, code: str) -> str | None:
        """The sector of a product code, or None."""
        for length in range(len(code), 0, -1):
            if code[:length] in self.sector_of:
                return self.sector_of[code[:length]]
        return self.sector_of.get(REST)

    def exact(self, code: str) -> str | None:
        """The sector of a code that is not hierarchical (an industry number)."""
        return self.sector_of.get(code, self.sector_of.get(REST))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors in order of first mention."""
        return tuple(dict.fromkeys(self.sector_of.values()))


def read_pairs(path: Path) -> list[tuple[int, str, str]]:
    """Line, code and group of a two-column CSV with a heading line; further columns are comments."""
    rows = []
    for number, line in enumerate(read_text(path).lstrip("\ufeff").splitlines(), start=1):
        cells = [cell.strip() for cell in cells_of(line, path, number)]
        if number == 1 or not any(cells):
            continue
        if len(cells) < 2 or not cells[0] or not cells[1]:
            raise BaselineError(
                f"a mapping needs a code and a group, found {','.join(cells)!r}",
                file=path, line=number, remedy="Write lines such as DEU,EU27 under a heading such as code,group",
            )  # fmt: skip
        rows.append((number, cells[0], cells[1]))
    if not rows:
        raise BaselineError(
            "the mapping is empty", file=path, remedy="Write a heading line (code,group), then one code a line"
        )
    return rows


def membership(path: Path | None, codes: Sequence[str], what: str) -> Membership:
    """The grouping of `codes` by a mapping file; every code mapped exactly once, or the error names it.

    A line with the code `*` takes every code not named. path None: every code is its own group.
    """
    if path is None:
        return identity(codes)
    home: dict[str, tuple[int, str]] = {}
    rest: str | None = None
    for line, code, group in read_pairs(path):
        if code == REST:
            rest = group
            continue
        known(code, codes, f"{what} in the mapping", file=path, line=line)
        if code in home:
            raise BaselineError(
                f"{what} {code!r} is mapped twice, to {home[code][1]!r} on line {home[code][0]} and to {group!r}",
                file=path, line=line, remedy="Keep one of the two lines",
            )  # fmt: skip
        home[code] = (line, group)
    missing = [code for code in codes if code not in home]
    if missing and rest is None:
        shown = ", ".join(missing[:20]) + (f" and {len(missing) - 20} more" if len(missing) > 20 else "")
        raise UnknownNameError(
            f"{len(missing)} {what}(s) of the source are not mapped: {shown}",
            file=path,
            remedy=f"Add a line for each, or one line '{REST},ROW' that takes all the others",
        )
    groups = tuple(dict.fromkeys([group for _, group in home.values()] + ([rest] if missing and rest else [])))
    matrix = np.zeros((len(groups), len(codes)))
    for position, code in enumerate(codes):
        matrix[groups.index(home[code][1] if code in home else str(rest)), position] = 1.0
    return Membership(groups=groups, matrix=matrix)


def identity(codes: Sequence[str]) -> Membership:
    """Every code its own group."""
    return Membership(groups=tuple(codes), matrix=np.eye(len(codes)))


def read_concordance(path: Path) -> Concordance:
    """A product-to-sector mapping; a code may stand once only."""
    found: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, code, sector in read_pairs(path):
        if code in found:
            raise BaselineError(
                f"product {code!r} is mapped twice, first on line {lines[code]}",
                file=path, line=line, remedy="Keep one of the two lines",
            )  # fmt: skip
        found[code], lines[code] = sector, line
    return Concordance(path=path, sector_of=found)


def unmapped_error(path: Path, missing: Iterable[str], choices: Iterable[str], what: str) -> UnknownNameError:
    """The error for products that a concordance leaves out."""
    left = sorted(missing)
    shown = ", ".join(left[:20]) + (f" and {len(left) - 20} more" if len(left) > 20 else "")
    close = nearest(left[0], choices)
    return UnknownNameError(
        f"{len(left)} {what}(s) have no sector: {shown}",
        file=path,
        remedy=(f"Nearest to {left[0]}: {close}. " if close else "") + f"Add them, or one line '{REST},SECTOR'",
    )
