"""Where the model is run: places spread evenly over a box, its faces included, then where the fit is worst."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.stats import qmc

__all__ = ["refine", "spread"]

Floats = NDArray[np.float64]
RIM = 0.05
"""Share of places at each bound of each lever: the best often lies at a bound, which plain designs never meet."""


def spread(levers: int, first: int, count: int, seed: int) -> Floats:
    """(count, levers) places first, first + 1 ... of a scrambled Sobol sequence, drawn out to touch the bounds."""
    sequence = qmc.Sobol(levers, scramble=True, rng=np.random.default_rng(seed))
    with warnings.catch_warnings():
        # Balance over powers of two is not needed here.
        warnings.simplefilter("ignore", UserWarning)
        found = sequence.random(first + count)[first:]
    return np.asarray(np.clip((found - RIM) / (1 - 2 * RIM), 0.0, 1.0))


def refine(u: Floats, error: Floats, candidates: Floats, count: int) -> Floats:
    """(count, levers) of the candidates: far from every run so far, and near those that were badly predicted.

    u: (runs, levers) places of the runs; error: (runs,) how badly each was predicted when left out.
    """
    distance = cdist(candidates, u)
    weight = error[distance.argmin(axis=1)] + 0.1 * error.max()
    nearest = distance.min(axis=1)
    chosen: list[int] = []
    for _ in range(min(count, len(candidates))):
        k = int((weight * nearest).argmax())
        chosen.append(k)
        nearest = np.minimum(nearest, cdist(candidates, candidates[k : k + 1])[:, 0])
    return np.asarray(candidates[chosen])
