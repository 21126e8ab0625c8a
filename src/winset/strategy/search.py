"""Maximising an objective over free tariffs: one quasi-Newton search, with its honest end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from winset.strategy.instruments import Floats, FreeTariffs

__all__ = ["Search", "maximised"]

MEMORY = 20
"""Past steps kept by the quasi-Newton search. More saves a few steps, but its own matrices then cost more."""
WALLS = 12
"""Points without an equilibrium after which a search ends where it is: it would only run along the edge."""
WALL = 1e6
"""What the search is told where there is no equilibrium: a wall sends the line search back."""


class _EnoughError(Exception):
    """Ends a search from within."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Search:
    """Where one search ended."""

    unknowns: Floats
    value: float
    residual: float
    """First-order residual in d / d log(1 + t)."""


def maximised(
    free: FreeTariffs,
    objective: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    others: Floats,
    *,
    tolerance: float,
    max_iterations: int = 2000,
) -> Search:
    """Maximise an objective of tariffs (value, gradient (n, n, s)) from `start` (m,) by L-BFGS-B.

    tolerance: on the scaled projected gradient.
    """
    best: list[tuple[float, Floats, Floats]] = []
    walls = 0

    def negative(unknowns: Floats) -> tuple[float, Floats]:
        tariffs = free.placed(unknowns, others)
        value, gradient = objective(tariffs)
        if not np.isfinite(value):
            nonlocal walls
            walls += 1
            if walls >= WALLS:
                raise _EnoughError
            return WALL, np.zeros_like(unknowns)
        slopes = free.slopes(gradient, tariffs)
        if not best or value >= best[0][0]:
            best[:] = [(value, unknowns.copy(), slopes)]
        return -value, -slopes / free.scale

    with suppress(_EnoughError):
        optimize.minimize(
            negative,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=free.bounds,
            options={
                "maxcor": MEMORY,
                "gtol": tolerance,
                "ftol": 0.0,
                "maxiter": max_iterations,
                "maxfun": 2 * max_iterations,
            },
        )
    if not best:
        return Search(unknowns=start, value=-np.inf, residual=np.inf)
    value, unknowns, slopes = best[0]
    return Search(unknowns=unknowns, value=value, residual=free.residual(slopes, unknowns))
