"""Where labels go: beside their points, over nothing that is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Box", "Placed", "place"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; inches."""

REACHES = (0.1, 0.16, 0.24, 0.34, 0.46, 0.6, 0.8)
"""How far from its point a label may stand, the nearest tried first (inches)."""
TURNS = tuple(math.radians(angle) for angle in (-45, 45, -135, 135, -90, 90, 0, 180, -20, 20, -160, 160))
"""Directions, to the upper right first."""
FAR = 0.2
"""From here on a thin line joins the label to its point."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A label with its place."""

    middle: tuple[float, float]
    box: Box
    joined: bool
    """Whether a line must lead to the point."""


def place(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    inside: Box,
    obstacles: Sequence[Box] = (),
) -> list[Placed]:
    """A place for the label of each point, found one after the other: the nearest that covers least.

    points: inches from the left and the top. sizes: (width, height) of each label, inches. inside: what no label
    may leave. obstacles: what should stay uncovered; other labels always do, while there is room.
    """
    taken: list[Box] = []
    found: list[Placed] = []
    # Points in a crowd choose first: those that stand alone have room anyway.
    order = sorted(range(len(points)), key=lambda k: (-_neighbours(points, k), k))
    for k in order:
        (x, y), (wide, tall) = points[k], sizes[k]
        best: tuple[float, Placed] | None = None
        for reach in REACHES:
            for rank, turn in enumerate(TURNS):
                # From the edge of the label, not from its middle: a broad one steps aside by half its width.
                cx = x + math.cos(turn) * (reach + wide / 2) if abs(math.cos(turn)) > 0.3 else x
                cy = y + math.sin(turn) * (reach if abs(math.cos(turn)) > 0.3 else reach + tall / 2)
                box = (cx - wide / 2, cy - tall / 2, cx + wide / 2, cy + tall / 2)
                cost = sum(1 + 100 * over for one in taken if (over := _overlap(box, one)))
                cost += sum(0.1 + 10 * over for one in obstacles if (over := _overlap(box, one)))
                cost += 1000 * _outside(box, inside)
                cost += reach * 0.02 + rank * 0.0002
                if best is None or cost < best[0]:
                    best = cost, Placed(middle=(cx, cy), box=box, joined=reach >= FAR)
            if best is not None and best[0] < 0.02 + reach * 0.02:
                break
        assert best is not None  # noqa: S101 - there are always candidates
        taken.append(best[1].box)
        found.append(best[1])
    by_point = dict(zip(order, found, strict=True))
    return [by_point[k] for k in range(len(points))]


def _neighbours(points: Sequence[tuple[float, float]], k: int) -> int:
    return sum(math.dist(points[k], other) < 0.4 for other in points)


def _overlap(a: Box, b: Box) -> float:
    """Square inches that two boxes share."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0


def _outside(box: Box, inside: Box) -> float:
    """How far a box leaves another, inches."""
    return sum(
        max(0.0, gap) for gap in (inside[0] - box[0], inside[1] - box[1], box[2] - inside[2], box[3] - inside[3])
    )
