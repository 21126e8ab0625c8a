"""Hatching worked out as lines: small in a file, and the same in every program that draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["hatch", "thinned"]

Ring = NDArray[np.float64]
"""(n, 2) places, the last of which is the first."""


def hatch(rings: Sequence[Ring], spacing: float, angle: float = 45.0) -> NDArray[np.float64]:
    """Parallel lines inside some rings that do not overlap: (m, 2, 2) ends of segments.

    spacing: between lines, in the unit of the rings. angle: of the lines, degrees. Lines lie on one grid through
    the origin, so that they run on from a ring to its neighbour.
    """
    if not rings:
        return np.zeros((0, 2, 2))
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turn = np.array([[c, -s], [s, c]])  # rows times this turns the lines level
    starts = np.vstack([ring[:-1] for ring in rings]) @ turn
    ends = np.vstack([ring[1:] for ring in rings]) @ turn
    low, high = np.minimum(starts[:, 1], ends[:, 1]), np.maximum(starts[:, 1], ends[:, 1])
    found: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for k in range(math.ceil(float(low.min()) / spacing), math.floor(float(high.max()) / spacing) + 1):
        level = k * spacing
        # Half open, so that a corner on the line counts once; level edges count not at all.
        cut = (low <= level) & (level < high)
        (x0, y0), (x1, y1) = starts[cut].T, ends[cut].T
        xs = np.sort(x0 + (level - y0) / (y1 - y0) * (x1 - x0))
        for a, b in zip(xs[::2], xs[1::2], strict=False):
            if found and found[-1][0][1] == level and abs(found[-1][1][0] - a) < 1e-9:
                found[-1] = (found[-1][0], (b, level))  # over the border between two neighbours
            else:
                found.append(((a, level), (b, level)))
    ends_of_all: NDArray[np.float64] = np.array(found, float).reshape(-1, 2, 2) @ turn.T
    return ends_of_all


def thinned(ring: Ring, least: float) -> Ring:
    """A ring without places nearer than `least` to the one before; empty where nothing of it can be seen."""
    kept = [ring[0]]
    for place in ring[1:-1]:
        if abs(place[0] - kept[-1][0]) + abs(place[1] - kept[-1][1]) >= least:
            kept.append(place)
    return np.array([*kept, ring[0]]) if len(kept) > 2 else np.zeros((0, 2))
