"""Products of Legendre polynomials on the unit box, few variables at a time, with their slopes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_DEGREE", "columns", "slopes", "terms"]

Floats = NDArray[np.float64]
Terms = NDArray[np.int16]

ORDER = 3
"""Most variables in one term: effects of four levers at once are left to the error."""
MAX_DEGREE = 24


def terms(count: int, degree: int, norm: float, most: int) -> Terms | None:
    """(t, count) exponents a with sum_k a_k^norm <= degree^norm, of at most ORDER variables each.

    norm: 1 gives all terms of a total degree, less gives the hyperbolic cross, which keeps high powers of single
    variables and drops their products (Blatman and Sudret 2011, eq. 14). None where there are more than `most`.
    """
    top = degree**norm + 1e-9
    found: list[tuple[int, ...]] = []

    def grown(start: tuple[int, ...], left: float, open_: int) -> Iterator[tuple[int, ...]]:
        if len(start) == count:
            yield start
            return
        for power in range(degree + 1 if open_ else 1):
            cost = float(power**norm) if power else 0.0
            if cost > left:
                break
            yield from grown((*start, power), left - cost, open_ - bool(power))

    for one in grown((), top, ORDER):
        found.append(one)
        if len(found) > most:
            return None
    return np.array(found, dtype=np.int16).reshape(-1, count)


def _legendre(u: Floats, degree: int) -> tuple[Floats, Floats]:
    """(variables, degree + 1, points) values and slopes in u of the polynomials moved to [0, 1]."""
    t = 2 * u.T - 1
    value = np.empty((t.shape[0], degree + 1, t.shape[1]))
    slope = np.zeros_like(value)
    value[:, 0] = 1.0
    if degree:
        value[:, 1], slope[:, 1] = t, 1.0
    for k in range(1, degree):
        value[:, k + 1] = ((2 * k + 1) * t * value[:, k] - k * value[:, k - 1]) / (k + 1)
        slope[:, k + 1] = ((2 * k + 1) * (value[:, k] + t * slope[:, k]) - k * slope[:, k - 1]) / (k + 1)
    return value, 2 * slope


def _active(exponents: Terms) -> NDArray[np.intp]:
    """(t, ORDER) the variables of each term; places to spare name one that the term holds to the power 0."""
    order = np.argsort(exponents == 0, axis=1, kind="stable")[:, :ORDER]
    return np.asarray(order, dtype=np.intp)


def columns(u: Floats, exponents: Terms) -> Floats:
    """(t, points) every term at (points, variables) places u of the unit box."""
    value, _ = _legendre(u, int(exponents.max(initial=0)))
    active = _active(exponents)
    rows = np.arange(len(exponents))
    found = value[active[:, 0], exponents[rows, active[:, 0]]]
    for k in range(1, active.shape[1]):
        # Most terms have fewer variables than the most; a factor of one need not be multiplied.
        more = np.nonzero(exponents[rows, active[:, k]])[0]
        if len(more):
            found[more] *= value[active[more, k], exponents[more, active[more, k]]]
    return found


def slopes(u: Floats, exponents: Terms) -> Floats:
    """(variables, t, points) change of every term in each variable of the unit box."""
    value, slope = _legendre(u, int(exponents.max(initial=0)))
    active = _active(exponents)
    rows = np.arange(len(exponents))
    slots = range(active.shape[1])
    held = [value[active[:, k], exponents[rows, active[:, k]]] for k in slots]
    found = np.zeros((u.shape[1], len(exponents), len(u)))
    for j in slots:
        # A place to spare has the slope of a constant: none.
        part = slope[active[:, j], exponents[rows, active[:, j]]]
        for k in slots:
            if k != j:
                part *= held[k]
        found[active[:, j], rows] = part
    return found
