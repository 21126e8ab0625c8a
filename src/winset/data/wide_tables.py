"""Inter-country input-output tables, a row at a time: one line holds the sales of one industry to all users.

Only sums by (seller, buyer, product) and by (buyer, product, using industry) are kept, so memory grows with the
world and not with the table: 4,000 x 4,500 cells pass through in about 15 MB.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winset.core.errors import BaselineError
from winset.core.names import nearest
from winset.data.findings import Finding
from winset.data.levels import Floats

__all__ = ["ColumnKind", "WideTable", "column_kinds", "world_size"]

ADDING_UP = 1e-3
"""Gap between a table's cells and its totals, over all output, beyond which the file is taken to be damaged."""
SMALLEST_WORLD, LARGEST_WORLD = 1e6, 1e9
"""Value added of the world in millions of US dollars. It passed 1e6 about 1960 and stood near 1e8 in the 2020s."""


@dataclass(frozen=True, kw_only=True)
class ColumnKind:
    """What the columns of a table are."""

    use: Floats
    """(columns,) position region * sectors + industry of an intermediate use, -1 elsewhere."""
    final: Floats
    """(columns,) region of a final use (changes in inventories excepted), -1 elsewhere."""
    stock: Floats
    """(columns,) region of changes in inventories, -1 elsewhere."""
    total: int
    """Position of the column of output, -1 without one."""


def column_kinds(
    labels: Sequence[tuple[str, str]],
    regions: Sequence[str],
    sectors: Sequence[str],
    *,
    final: Sequence[str],
    stock: str,
    total: str,
    home: Mapping[str, str],
) -> ColumnKind:
    """Sort columns by their labels (region, industry or category); home: parts of a region and the region."""
    where = {name: k for k, name in enumerate(regions)}
    which = {name: k for k, name in enumerate(sectors)}
    kinds = np.full((3, len(labels)), -1.0)
    last = -1
    for position, (region, item) in enumerate(labels):
        owner = where.get(home.get(region, region))
        if item == total and owner is None:
            last = position
        elif owner is not None and item in which:
            kinds[0, position] = owner * len(sectors) + which[item]
        elif owner is not None and item == stock:
            kinds[2, position] = owner
        elif owner is not None and item in final:
            kinds[1, position] = owner
    return ColumnKind(use=kinds[0], final=kinds[1], stock=kinds[2], total=last)


class WideTable:
    """Sums over the rows of an inter-country table."""

    def __init__(self, path: Path, regions: Sequence[str], sectors: Sequence[str], kinds: ColumnKind) -> None:
        """path is the file that messages name."""
        self.path, self.regions, self.sectors, self.kinds = path, tuple(regions), tuple(sectors), kinds
        n, s = len(regions), len(sectors)
        self.flows, self.stocks = np.zeros((n, n, s)), np.zeros((n, n, s))
        self.inputs = np.zeros((n, s, s))
        self.row_total, self.row_sum = np.zeros((n, s)), np.zeros((n, s))
        self.named: dict[str, Floats] = {}
        self.named_line: dict[str, int] = {}
        self.seen: dict[tuple[str, str], int] = {}
        self.by_part: dict[str, float] = {}
        used = kinds.use >= 0
        self._use, self._use_at = np.flatnonzero(used), kinds.use[used].astype(int)
        self._final, self._final_at = np.flatnonzero(kinds.final >= 0), kinds.final[kinds.final >= 0].astype(int)
        self._stock, self._stock_at = np.flatnonzero(kinds.stock >= 0), kinds.stock[kinds.stock >= 0].astype(int)

    def numbers(self, cells: Sequence[str], labels: Sequence[str], line: int) -> Floats:
        """The figures of a row; BaselineError names line and column of one that is not a finite number."""
        try:
            values = np.array(cells, dtype=float)
        except ValueError:
            values = np.array([_number(cell) for cell in cells])
        if not np.isfinite(values).all():
            at = int(np.flatnonzero(~np.isfinite(values))[0])
            raise BaselineError(
                f"the cell in column {labels[at]!r} is {cells[at]!r}, not a number",
                file=self.path,
                line=line,
                why="A missing figure is never taken for zero",
                remedy="Download the file again",
            )
        return values

    def add_product(self, part: str, region: str, sector: str, values: Floats, line: int) -> None:
        """Add the row of one industry; `part` is the region as the file spells it (CN1 of CHN)."""
        if (part, sector) in self.seen:
            raise BaselineError(
                f"the row {part}_{sector} stands twice, first on line {self.seen[part, sector]}",
                file=self.path, line=line, remedy="Remove the copy, or download the file again",
            )  # fmt: skip
        self.seen[part, sector] = line
        i, s, n, size = (
            self.regions.index(region),
            self.sectors.index(sector),
            len(self.regions),
            len(self.sectors),
        )
        used = np.bincount(self._use_at, weights=values[self._use], minlength=n * size).reshape(n, size)
        final = np.bincount(self._final_at, weights=values[self._final], minlength=n)
        stock = np.bincount(self._stock_at, weights=values[self._stock], minlength=n)
        self.inputs[:, s, :] += used
        self.flows[i, :, s] += used.sum(axis=1) + final
        self.stocks[i, :, s] += stock
        self.row_sum[i, s] += used.sum() + final.sum() + stock.sum()
        self.by_part[part] = self.by_part.get(part, 0.0) + float(used.sum() + final.sum())
        if self.kinds.total >= 0:
            self.row_total[i, s] += values[self.kinds.total]

    def add_named(self, name: str, values: Floats, line: int) -> None:
        """Keep a row below the industries (value added, taxes, output), by using region and industry."""
        n, s = len(self.regions), len(self.sectors)
        sums = np.bincount(self._use_at, weights=values[self._use], minlength=n * s).reshape(n, s)
        self.named[name] = self.named.get(name, np.zeros((n, s))) + sums
        self.named_line[name] = line

    def complete(
        self, output: str, others: Sequence[str], parts: Sequence[str], *, categories: Sequence[str] = ()
    ) -> None:
        """Refuse a table that ends early: an industry row or a row of totals is missing.

        categories: known columns of final demand, the nearest of which is named for a column without rows.
        """
        rowed = {sector for _, sector in self.seen}
        for sector in self.sectors:
            if sector not in rowed and rowed:
                close = nearest(sector, categories)
                raise BaselineError(
                    f"the columns {parts[0]}_{sector} and so on have no row",
                    file=self.path,
                    line=1,
                    why="An industry has a row and a column; final demand has columns under known names",
                    remedy=(f"Did the publisher rename {close!r}? " if close else "") + "Or rows were cut off",
                )
        for part in parts:
            for sector in self.sectors:
                if (part, sector) not in self.seen:
                    raise BaselineError(
                        f"the row {part}_{sector} is missing, though its column is there",
                        file=self.path,
                        why="The file was cut short, or rows were removed",
                        remedy="Download it again",
                    )
        for name in (output, *others):
            if name not in self.named:
                raise BaselineError(
                    f"the row {name!r} is missing",
                    file=self.path,
                    why="It is among the last of the table, so the file was probably cut short",
                    remedy="Download it again",
                )

    def adding_up(self, output: str, costs: Sequence[str]) -> list[Finding]:
        """Hold cells against the table's own totals: sales against output, costs against output."""
        made = self.named[output]
        scale = max(float(np.abs(made).sum()), 1e-300)
        found = []
        cost = self.inputs.sum(axis=1) + sum((self.named[name] for name in costs), np.zeros_like(made))
        sides = [("its inputs, taxes and value added", cost)]
        sides += [("its sales", self.row_sum)] if self.kinds.total < 0 else []
        if self.kinds.total >= 0:
            sides += [("its sales", self.row_sum - self.row_total + made), ("the last column", self.row_total)]
        for what, side in sides:
            gap = np.abs(side - made)
            if gap.sum() > ADDING_UP * scale:
                at = np.unravel_index(int(np.argmax(gap)), gap.shape)
                found.append(
                    Finding(
                        code="accounts",
                        what=f"output and {what} differ by {gap.sum() / scale:.2%} of all output; most in "
                        f"{self.regions[at[0]]} {self.sectors[at[1]]} ({made[at]:,.1f} against {side[at]:,.1f})",
                        remedy="Download the file again; a shifted column or an edited cell looks like this",
                        stops=True,
                        file=self.path,
                    )
                )
        return found


def world_size(value_added: float, path: Path) -> list[Finding]:
    """A world whose value added is a thousand times too large or too small is in another unit."""
    if SMALLEST_WORLD <= value_added <= LARGEST_WORLD:
        return []
    guess = (
        "thousands of dollars" if value_added > LARGEST_WORLD else "billions of dollars, or a part of the world"
    )
    return [
        Finding(
            code="totals",
            what=f"value added of the world is {value_added:.4g} if figures are millions of US dollars; "
            f"they look like {guess}",
            remedy="Use the table in millions of US dollars at current prices",
            stops=True,
            file=path,
        )
    ]


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
