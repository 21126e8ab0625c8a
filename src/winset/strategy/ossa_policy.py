"""What the strategy problems of Ossa (2014) share: the free tariffs, their scaling, and the result.

Free tariffs are searched in log(1 + t), each scaled by the square root of sigma times the share of the
flow in its buyer's spending: the objective is then about equally curved in every direction, and a
quasi-Newton method needs tens of steps where it otherwise needs thousands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from winset.core.errors import NotConvergedError, RequestError
from winset.core.names import known
from winset.model.ossa import OssaEquilibrium, OssaWorld

__all__ = ["FreeTariffs", "OssaPolicy", "Search", "maximised", "start_tariffs"]

Floats = NDArray[np.float64]

SHARE_FLOOR = 1e-6
"""Added to every share in the scaling: without it a first step sends tariffs on negligible flows to a bound."""
FINE_FLOOR = 1e-10
"""The same once the large tariffs are right: the small ones then find their optimum too."""
MEMORY = 20
"""Past steps kept by the quasi-Newton search. More saves a few steps, but its own matrices then cost more."""
STARTS = ("markup", "lobbying", "markup+lobbying")
INSTRUMENTS = ("partner-sector", "sector", "partner", "uniform")


@dataclass(frozen=True, kw_only=True, eq=False)
class OssaPolicy:
    """Tariffs that somebody chose, and what they lead to."""

    tariffs: Floats
    """(n, n, s) fractions."""
    equilibrium: OssaEquilibrium
    """The outcome, relative to the world that the problem was posed in."""
    converged: bool
    first_order_residual: float
    """Largest |d objective / d log(1 + t)| that a bound does not hold back; objectives are in logs."""
    evaluations: int
    """Equilibria solved, each with its gradient."""

    def checked(self) -> OssaPolicy:
        """This policy if it converged; otherwise NotConvergedError (exit code 3)."""
        if not (self.converged and self.equilibrium.converged):
            raise NotConvergedError(
                f"the tariffs did not converge: first-order residual {self.first_order_residual:.2e} "
                f"after {self.evaluations} equilibria",
                remedy="Allow more iterations, or start elsewhere",
            )
        return self


@dataclass(frozen=True, kw_only=True, eq=False)
class FreeTariffs:
    """Which tariffs may change, which move together, and within what bounds.

    `group` (n, n, s) holds the position of each tariff's unknown, -1 where it is fixed.
    """

    group: NDArray[np.int64]
    scale: Floats
    """(m,) unknown = scale * log(1 + t)."""
    low: Floats
    """(m,) lowest tariff of each unknown."""
    high: Floats
    """(m,) highest tariff of each unknown."""

    @classmethod
    def of(
        cls,
        world: OssaWorld,
        regions: tuple[int, ...],
        *,
        instruments: str = "partner-sector",
        low: float | Floats = 0.0,
        high: float | Floats = 10.0,
        floor: float = SHARE_FLOOR,
    ) -> FreeTariffs:
        """The tariffs of some regions: one for each partner and sector, for each sector (MFN), partner, or one.

        low, high: fractions, one number or (n, n, s). Raises UnknownNameError for an unknown instrument,
        RequestError for bounds that cross or reach -100 percent.
        """
        known(instruments, INSTRUMENTS, "kind of instrument")
        n, _, s = world.flows.shape
        lowest, highest = (np.broadcast_to(np.asarray(b, dtype=np.float64), (n, n, s)) for b in (low, high))
        if (lowest <= -1).any() or (lowest > highest).any():
            raise RequestError("tariff bounds cross, or allow a tariff of -100 percent or less")
        partner, sector = np.meshgrid(np.arange(n), np.arange(s), indexing="ij")
        label = {
            "partner-sector": partner * s + sector,
            "sector": sector,
            "partner": partner,
            "uniform": np.zeros((n, s), dtype=int),
        }[instruments]
        group = np.full((n, n, s), -1)
        for j in regions:
            group[:, j] = j * n * s + label
            group[j, j] = -1
        used, position = np.unique(group[group >= 0], return_inverse=True)
        group[group >= 0] = position
        free = group >= 0
        share = np.bincount(position, weights=(world.sigma * world.flows / world.income[:, None])[free])
        bottom, top = np.full(used.size, -np.inf), np.full(used.size, np.inf)
        np.maximum.at(bottom, position, lowest[free])
        np.minimum.at(top, position, highest[free])
        return cls(group=group, scale=np.sqrt(share + floor), low=bottom, high=top)

    @property
    def bounds(self) -> optimize.Bounds:
        """Bounds of the unknowns."""
        return optimize.Bounds(np.log1p(self.low) * self.scale, np.log1p(self.high) * self.scale)

    def unknowns(self, tariffs: Floats) -> Floats:
        """(m,) scaled unknowns nearest to given tariffs, within bounds; those that move together are averaged."""
        free = self.group >= 0
        total = np.bincount(self.group[free], weights=tariffs[free])
        mean = total / np.bincount(self.group[free])
        return np.asarray(np.log1p(np.clip(mean, self.low, self.high)) * self.scale)

    def placed(self, unknowns: Floats, others: Floats) -> Floats:
        """(n, n, s) tariffs: the free ones from the unknowns, the rest from `others`."""
        free = self.group >= 0
        result = others.copy()
        result[free] = np.expm1(unknowns / self.scale)[self.group[free]]
        return result

    def slopes(self, gradient: Floats, tariffs: Floats) -> Floats:
        """(m,) d / d log(1 + t) of each unknown from a gradient (n, n, s) to tariffs."""
        free = self.group >= 0
        return np.asarray(
            np.bincount(self.group[free], weights=(gradient * (1 + tariffs))[free]), dtype=np.float64
        )

    def residual(self, slopes: Floats, unknowns: Floats) -> float:
        """Largest slope of a maximisation that a bound does not hold back."""
        bounds = self.bounds
        edge = 1e-9 * np.maximum(self.scale, 1e-12)
        held = ((unknowns <= bounds.lb + edge) & (slopes < 0)) | ((unknowns >= bounds.ub - edge) & (slopes > 0))
        return float(np.abs(np.where(held, 0.0, slopes)).max(initial=0.0))


def start_tariffs(world: OssaWorld, start: float | str) -> Floats:
    """(n, n, s) tariffs to start a search from: a fraction for all, or a rule by importer and industry.

    "markup": 1 / (sigma - 1), the optimum of a small region; "lobbying": the weight above one, max(lambda - 1, 0),
    which starts favoured industries behind high walls; "markup+lobbying": their sum, not below zero.
    """
    if not isinstance(start, str):
        return np.full(world.flows.shape, float(start))
    known(start, STARTS, "start")
    rate = np.zeros_like(world.lobbying)
    if start != "lobbying":
        rate = rate + 1 / (world.sigma - 1)
    if start != "markup":
        rate = rate + world.lobbying - 1
    return np.broadcast_to(np.maximum(rate, 0.0)[None], world.flows.shape)


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

    def negative(unknowns: Floats) -> tuple[float, Floats]:
        tariffs = free.placed(unknowns, others)
        value, gradient = objective(tariffs)
        if not np.isfinite(value):
            # No equilibrium out there: a wall sends the line search back.
            return 1e6, np.zeros_like(unknowns)
        slopes = free.slopes(gradient, tariffs)
        if not best or value >= best[0][0]:
            best[:] = [(value, unknowns.copy(), slopes)]
        return -value, -slopes / free.scale

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
