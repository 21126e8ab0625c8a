"""Equal Earth: a projection of the globe that keeps areas true.

Šavrič, Patterson and Jenny (2018), "The Equal Earth map projection", International Journal of Geographical
Information Science 33(3), equations 5 and 6.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["HEIGHT", "WIDTH", "equal_earth", "outline"]

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
"""Coefficients of the polynomial, as published."""


def equal_earth(
    east: ArrayLike, north: ArrayLike, centre: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place on the map, in radii of the globe.

    east, north: degrees, of one shape. centre: the meridian in the middle of the map, degrees; `east` may run up
    to 180 degrees to either side of it.
    """
    angle = np.deg2rad(np.asarray(east, float) - centre)
    t = np.arcsin(math.sqrt(3) / 2 * np.sin(np.deg2rad(np.asarray(north, float))))
    t2 = t * t
    t6 = t2 * t2 * t2
    x = 2 * math.sqrt(3) * angle * np.cos(t) / (3 * (9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    y = t * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
    return x, y


def outline(lowest: float = -90.0, highest: float = 90.0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The edge of the map between two parallels, as a ring."""
    up = np.linspace(lowest, highest, 61)
    east = np.concatenate([np.full(61, 180.0), np.full(61, -180.0)])
    return equal_earth(east, np.concatenate([up, up[::-1]]))


WIDTH = 2 * float(equal_earth(180.0, 0.0)[0])
"""Of the whole map, radii."""
HEIGHT = 2 * float(equal_earth(0.0, 90.0)[1])
"""Of the whole map, radii."""
