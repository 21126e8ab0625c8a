"""Checks for defects that public trade and tariff tables are known to have; each says what it saw, in numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from winset.data.findings import Finding
from winset.data.levels import Floats

__all__ = ["blank_pairs", "domestic", "importer_share", "placeholders", "swapped"]

REACH = 0.75
"""A region counts as trading with everyone if it trades with this share of the largest regions."""
LARGE = 40
"""How many regions, by trade, are looked at for blank pairs."""
EXPECTED = 1e-5
"""Share of world trade that two regions must be expected to have (product of shares) for a blank to be odd."""
PLACEHOLDER = 0.02
"""Share of positive flows that may have one and the same value."""
FEWEST = 40
"""Positive flows below which one repeated value is no evidence."""
REGIONS_FOR_PATTERN = 4


def blank_pairs(flows: Floats, regions: tuple[str, ...], file: Path) -> list[Finding]:
    """Pairs of large regions with no flow either way, though both trade with nearly all other large ones.

    BACI's files on a recent HS revision only hold flows that one of the two reported on that revision, so two late
    reporters have none between them.
    """
    trade = flows.sum(axis=2)
    np.fill_diagonal(trade, 0.0)
    both = trade + trade.T
    size = both.sum(axis=1)
    order = np.argsort(-size)[:LARGE]
    if len(order) < REGIONS_FOR_PATTERN or size.sum() <= 0:
        return []
    linked = both[np.ix_(order, order)] > 0
    reach = linked.sum(axis=1) / (len(order) - 1)
    expected = np.outer(size, size) / size.sum() ** 2
    odd = []
    for a in range(len(order)):
        for b in range(a + 1, len(order)):
            i, j = order[a], order[b]
            # One blank must not spoil its own evidence: two late reporters lack each other, and only few more.
            if not linked[a, b] and min(reach[a], reach[b]) >= REACH and expected[i, j] > EXPECTED:
                odd.append((float(expected[i, j]), f"{regions[i]}-{regions[j]}"))
    if not odd:
        return []
    odd.sort(reverse=True)
    return [
        Finding(
            code="blank-pairs",
            what=f"{len(odd)} pairs among the {len(order)} largest traders have no trade in either "
            "direction, though "
            f"both trade with at least {REACH:.0%} of the others: {', '.join(name for _, name in odd[:12])}",
            remedy="Late reporters on a new HS revision look like this: use the file on an older revision "
            "(HS17, HS12)",
            stops=True,
            file=file,
        )
    ]


def placeholders(flows: Floats, regions: tuple[str, ...], sectors: tuple[str, ...], file: Path) -> list[Finding]:
    """One value that stands in many cells: a filler, not a figure."""
    positive = flows[flows > 0]
    if positive.size < FEWEST:
        return []
    values, counts = np.unique(positive, return_counts=True)
    top = int(np.argmax(counts))
    # Sources round, so their smallest unit recurs; only a value that is not the rounding unit is evidence.
    share = counts[top] / positive.size
    if share <= PLACEHOLDER or counts[top] < FEWEST / 4:
        return []
    unit = float(values[0])
    if values[top] == unit and unit <= 1e-3 and share < 0.2:
        return []
    where = np.argwhere(flows == values[top])[:3]
    cells = "; ".join(f"{regions[i]} to {regions[j]}, {sectors[s]}" for i, j, s in where)
    return [
        Finding(
            code="placeholders",
            what=f"the value {values[top]:g} (millions) stands in {counts[top]:,} of {positive.size:,} "
            f"positive flows: {cells}",
            remedy="Replace fillers by zero or by figures; a model takes them for trade",
            stops=True,
            file=file,
        )
    ]


def domestic(flows: Floats, regions: tuple[str, ...], sectors: tuple[str, ...], file: Path) -> list[Finding]:
    """Regions whose sales at home are missing in a sector that they export."""
    every = np.arange(len(regions))
    home = flows[every, every]
    exports = flows.sum(axis=1) - home
    bad = (home <= 0) & (exports > 0)
    if not bad.any():
        return []
    lost = float(exports[bad].sum() / max(exports.sum(), 1e-300))
    cells = np.argwhere(bad)
    worst = sorted(cells.tolist(), key=lambda c: -exports[c[0], c[1]])[:8]
    return [
        Finding(
            code="domestic-missing",
            what=f"{len(cells)} of {bad.size} cells export without selling at home ({lost:.1%} of exports): "
            + ", ".join(f"{regions[i]} {sectors[s]}" for i, s in worst),
            remedy="Domestic trade is missing where production was not reported: leave such regions out, or "
            "merge them",
            stops=lost > 0.1,
            file=file,
        )
    ]


def importer_share(tariffs: Floats) -> tuple[float, float]:
    """How much of the variance of tariffs lies between importers, and how much between exporters.

    Two-way means over foreign pairs, sector by sector, weighted by each sector's variance. Tariffs are a
    schedule of the importer with some preferences, so the first is the larger by far.
    """
    n = tariffs.shape[0]
    off = ~np.eye(n, dtype=bool)
    parts = np.zeros(3)
    for s in range(tariffs.shape[2]):
        rate = np.log1p(tariffs[:, :, s])
        mean = rate[off].mean()
        by_importer = np.where(off, rate, 0).sum(axis=0) / (n - 1)
        by_exporter = np.where(off, rate, 0).sum(axis=1) / (n - 1)
        parts += (by_importer.var(), by_exporter.var(), ((rate[off] - mean) ** 2).mean())
    return (float(parts[0] / parts[2]), float(parts[1] / parts[2])) if parts[2] > 0 else (0.0, 0.0)


def swapped(tariffs: Floats, regions: tuple[str, ...], file: Path) -> list[Finding]:
    """A table whose rates vary by the exporter, not by the importer."""
    if len(regions) < REGIONS_FOR_PATTERN:
        return []
    importer, exporter = importer_share(tariffs)
    if not (exporter > 0.3 and exporter > 2 * importer):
        return []
    return [
        Finding(
            code="swapped",
            what=f"tariffs differ by exporter ({exporter:.0%} of their variance) and hardly by importer "
            f"({importer:.0%}); "
            "a tariff is a schedule of the importer, so the two columns look exchanged",
            remedy="Check one pair that you know, then exchange the columns",
            stops=True,
            file=file,
        )
    ]
