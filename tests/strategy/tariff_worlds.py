"""Small worlds for tests of strategy, and payoffs that do not come from the code under test.

Nearly every test uses three regions and two sectors: programs are compiled once for each shape and closure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from economies import random_world
from winset.model.baseline import Baseline
from winset.model.shocks import Shock
from winset.model.solve import solve

Floats = NDArray[np.float64]

N, S = 3, 2


def small_world(seed: int, *, inputs: bool = True) -> Baseline:
    """Three regions, two sectors, elasticities between 2 and 6, tariffs to 20 percent."""
    return random_world(seed, regions=N, sectors=S, theta=(2.0, 6.0), tariff=0.2, inputs=inputs)


def symmetric_world(
    regions: int = N, elasticities: tuple[float, ...] = (3.0, 5.0), *, home: float = 6.0, tariff: float = 0.0
) -> Baseline:
    """Regions alike in everything, no inputs: home sales `home`, every other flow 1."""
    n, s = regions, len(elasticities)
    every = np.arange(n)
    flows, tariffs = np.ones((n, n, s)), np.full((n, n, s), tariff)
    flows[every, every], tariffs[every, every] = home, 0.0
    return Baseline.from_arrays(
        regions=[f"R{k:02d}" for k in range(n)], sectors=[f"S{k:02d}" for k in range(s)], flows=flows,
        tariffs=tariffs, elasticities=elasticities,
    )  # fmt: skip


def two_regions(*, size: float = 3.0, theta: float = 4.0, tariffs: tuple[float, float] = (0.3, 0.4)) -> Baseline:
    """Two regions, one sector, balanced trade; R01 is `size` times R00; tariffs of R00 and R01."""
    flows = np.array([[[6.0], [1.0]], [[1.0], [6.0 * size]]])
    rates = np.array([[[0.0], [tariffs[1]]], [[tariffs[0]], [0.0]]])
    return Baseline.from_arrays(
        regions=["R00", "R01"], sectors=["S00"], flows=flows, tariffs=rates, elasticities=[theta]
    )


def log_real_income(world: Baseline, tariffs: Floats, closure: str = "world-share") -> Floats:
    """(n,) ln real income by `winset.solve`, which shares no derivative and no search with strategy."""
    found = solve(world, Shock(tariffs=tariffs), closure=closure, tolerance=1e-12).checked()
    return np.log(found.real_income_hat)


def with_rates(world: Baseline, importer: int, rates: Floats, others: Floats | None = None) -> Floats:
    """(n, n, s) tariffs with those of one importer on everybody else, (n - 1, s) or what broadcasts to it."""
    tariffs = np.array(world.tariffs if others is None else others)
    abroad = [k for k in range(len(world.regions)) if k != importer]
    tariffs[abroad, importer] = rates
    return tariffs
