"""Which rows of a table of payoffs no other row dominates: exact, in n log n for two and three parties.

Row p dominates row q if it is at least as large in every column and larger in one. Comparisons are of the
floating-point numbers themselves: the tolerance is zero. Equal rows do not dominate each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError

__all__ = ["undominated"]

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]

SMALL = 256
"""Below so many rows the prefilter costs more than it saves."""
RADIX = 20_000
"""Rows from which sorting by cells is faster."""
BLOCK = 512
"""Rows compared at once where there are four parties or more."""
NEAR_BITS = 4
"""Rows fewer than 2^4 places apart are compared directly."""
WORK = 20_000_000_000
"""Comparisons of rows of four parties or more after which the request is refused: about a minute."""
CELLS = 4096
"""Bins along the first column in the prefilter for two parties."""


def undominated(points: Floats) -> Indices:
    """Positions of the undominated rows of (rows, parties), ascending; every copy of an equal row stays.

    Two parties: a sort and a running maximum. Three: divide and conquer on the first column (Kung, Luccio,
    Preparata 1975), all blocks of a level at once. More: blocks in order of the sum against those kept so far,
    which is quadratic in the number kept.
    """
    if len(points) == 0:
        return np.empty(0, dtype=np.intp)
    if points.shape[1] == 1:
        return np.flatnonzero(points[:, 0] == points[:, 0].max())
    if points.shape[1] == 2:
        return _two(points)
    candidates = _prefilter(points) if len(points) > SMALL else np.arange(len(points))
    rows = points[candidates]
    order = _ascending(*rows.T)[::-1]
    ranked = rows[order]
    new = np.ones(len(ranked), dtype=bool)
    new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    distinct = np.ascontiguousarray(ranked[new])
    kept = _three(distinct) if rows.shape[1] == 3 else _many(distinct)
    stays = kept[np.cumsum(new) - 1]
    return _positions(candidates[order[stays]], len(points))


def _ascending(*columns: Floats) -> Indices:
    """Positions of rows in rising lexicographic order, equal rows in the order they came.

    The first column is cut into 2^32 cells and sorted by them in two linear passes (NumPy's stable sort of 16-bit
    numbers is a radix sort); only runs that share a cell are compared as numbers. Five times as fast as argsort.
    """
    first = np.ascontiguousarray(columns[0])
    low, high = float(first.min()), float(first.max())
    scale = (2.0**32 - 1) / (high - low) if 0 < high - low < np.inf else np.inf
    if len(first) < RADIX or not np.isfinite(scale):
        return np.lexsort(np.array(columns[::-1]))
    cell = ((first - low) * scale).astype(np.uint64).astype(np.uint32)
    order = np.argsort((cell & np.uint32(0xFFFF)).astype(np.uint16), kind="stable")
    order = order[np.argsort((cell >> np.uint32(16)).astype(np.uint16)[order], kind="stable")]
    ranked = cell[order]
    same = ranked[1:] == ranked[:-1]
    if not same.any():
        return order
    shared = np.zeros(len(order), dtype=bool)
    shared[1:] = same
    shared[:-1] |= same
    at = np.flatnonzero(shared)
    some = order[at]
    keys: list[Floats] = [column[some] for column in columns[::-1]]
    order[at] = some[np.lexsort(np.array([*keys, ranked[at].astype(np.float64)]))]
    return order


def _positions(chosen: Indices, rows: int) -> Indices:
    """The same positions, ascending."""
    mask = np.zeros(rows, dtype=bool)
    mask[chosen] = True
    return np.flatnonzero(mask)


def _two(points: Floats) -> Indices:
    """Two columns: rows in falling order of the first; a group of equal firsts must beat all before it."""
    first, second = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    candidates = np.arange(len(points))
    low, high = float(first.min()), float(first.max())
    if len(points) > 8 * CELLS and 0 < high - low < np.inf:
        scale = CELLS / (high - low)
        # A monotone map into cells: a row in a higher cell has a larger first entry.
        cell = np.minimum(((first - low) * scale).astype(np.int32), CELLS - 1) if np.isfinite(scale) else None
        if cell is not None:
            best = np.full(CELLS + 1, -np.inf)
            np.maximum.at(best, cell, second)
            above = np.maximum.accumulate(best[::-1])[::-1]
            candidates = np.flatnonzero(second >= above[1:][cell])
            first, second = first[candidates], second[candidates]
    order = _ascending(first)[::-1]
    first, second = first[order], second[order]
    starts = np.concatenate([[0], np.flatnonzero(first[1:] != first[:-1]) + 1])
    top = np.maximum.reduceat(second, starts)
    before = np.concatenate([[-np.inf], np.maximum.accumulate(top)[:-1]])
    bar = np.where(top > before, top, np.inf)
    stays = second == np.repeat(bar, np.diff(starts, append=len(first)))
    return _positions(candidates[order[stays]], len(points))


def _prefilter(points: Floats) -> Indices:
    """Rows that none of a few strong rows dominates: those with the largest weighted sums and minima."""
    columns = [np.ascontiguousarray(points[:, k]) for k in range(points.shape[1])]
    # Halved first: the difference of two finite numbers need not be finite.
    low = [0.5 * float(c.min()) for c in columns]
    span = [max(0.5 * float(c.max()) - a, np.finfo(float).tiny) for c, a in zip(columns, low, strict=True)]
    unit = [(0.5 * c - a) / s for c, a, s in zip(columns, low, span, strict=True)]
    total, least = unit[0].copy(), unit[0].copy()
    for one in unit[1:]:
        total += one
        np.minimum(least, one, out=least)
    strong = {int(total.argmax()), int(least.argmax())}
    for one in unit:
        strong.add(int((total + one).argmax()))
        strong.add(int((total - 0.5 * one).argmax()))
    alive = np.arange(len(points))
    for row in sorted(strong):
        weakly = np.ones(len(alive), dtype=bool)
        strictly = np.zeros(len(alive), dtype=bool)
        for k in range(len(columns)):
            weakly &= columns[k] <= points[row, k]
            strictly |= columns[k] < points[row, k]
        stays = ~(weakly & strictly)
        if not stays.all():
            alive = alive[stays]
            columns = [c[stays] for c in columns]
    return alive


def _three(rows: Floats) -> NDArray[np.bool_]:
    """Three columns; rows distinct and in falling lexicographic order, so only an earlier row can dominate.

    A row is dominated if some earlier row is no smaller in columns two and three. Split the places in half
    again and again; at each split the earlier half is tested against the later half. All halves of one depth
    are handled in one pass: within each, rows run in falling order of the second column, and a running
    maximum of the third over the earlier half answers the later half.
    """
    n = len(rows)
    dominated = np.zeros(n, dtype=bool)
    if n == 1:
        return ~dominated
    # Place of each row by falling second column; among equals the earlier row first.
    place = _ascending(-rows[:, 1]).astype(np.int32)
    by_third = _ascending(rows[:, 2])
    values = rows[by_third, 2]
    third = np.empty(n, dtype=np.int64)
    # Equal thirds share a rank, from one up.
    third[by_third] = np.cumsum(np.concatenate([[True], values[1:] != values[:-1]]))
    bits = (n - 1).bit_length()
    positions = np.arange(n, dtype=np.int32)
    for level in range(bits, NEAR_BITS, -1):
        half = np.int32(1 << (level - 1))
        side = place >> (level - 1)
        later = (side & 1).astype(bool)
        block = side >> 1
        # Blocks follow one another, so a key of an earlier block is below all keys of this one.
        key = third[place] + block * np.int64(n + 1)
        running = np.maximum.accumulate(np.where(later, 0, key))
        dominated[place[later & (running >= key)]] = True
        # Stable partition of each block into its halves: all blocks before are full, so counts are known.
        zeros = np.cumsum(~later, dtype=np.int32)
        target = np.where(later, positions - zeros + (block + 1) * half, zeros - 1 + block * half)
        moved = np.empty_like(place)
        moved[target] = place
        place = moved
    second, last = np.ascontiguousarray(rows[:, 1]), np.ascontiguousarray(rows[:, 2])
    for shift in range(1, min(1 << NEAR_BITS, n)):
        near = (second[:-shift] >= second[shift:]) & (last[:-shift] >= last[shift:])
        dominated[shift:] |= near
    return ~dominated


def _many(rows: Floats) -> NDArray[np.bool_]:
    """Four columns or more, rows distinct. A dominating row has the larger sum of ranks, column by column."""
    total = np.zeros(len(rows), dtype=np.int64)
    for k in range(rows.shape[1]):
        total += np.unique(rows[:, k], return_inverse=True)[1]
    order = np.argsort(-total, kind="stable")
    ranked = rows[order]
    front = np.empty((0, rows.shape[1]))
    kept = np.zeros(len(rows), dtype=bool)
    work = 0
    for begin in range(0, len(ranked), BLOCK):
        block = ranked[begin : begin + BLOCK]
        work += len(front) * len(block)
        if work > WORK:
            raise RequestError(
                f"more than {len(front):,} outcomes of {rows.shape[1]} parties are undominated",
                why="with four parties or more, comparing them takes time with the square of their number",
                remedy="Round payoffs to what matters, give fewer outcomes, or use `additive` for additive issues",
            )
        alive = np.arange(len(block))
        for chunk in range(0, len(front), BLOCK):
            if not len(alive):
                break
            alive = alive[~_covered(block[alive], front[chunk : chunk + BLOCK])]
        if len(alive):
            inner = block[alive]
            alive = alive[~_covered(inner, inner, itself=True)]
            front = np.vstack([front, block[alive]])
            kept[order[begin + alive]] = True
    return kept


def _covered(rows: Floats, others: Floats, *, itself: bool = False) -> NDArray[np.bool_]:
    """Which rows have another that is no smaller anywhere; with `itself`, a row does not count against itself."""
    cover = rows[:, None, 0] <= others[None, :, 0]
    for k in range(1, rows.shape[1]):
        cover &= rows[:, None, k] <= others[None, :, k]
    if itself:
        np.fill_diagonal(cover, False)
    return np.asarray(cover.any(axis=1))
