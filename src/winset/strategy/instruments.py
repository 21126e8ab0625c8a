"""The tariffs that may change: which move together, within what bounds, and how a search scales them.

Free tariffs are searched in log(1 + t), each scaled by the square root of its importance: elasticity times the
flow's share in its buyer's income. The objective is then about equally curved in every direction, and a
quasi-Newton method needs tens of steps where it otherwise needs thousands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["FINE_FLOOR", "INSTRUMENTS", "SHARE_FLOOR", "Floats", "FreeTariffs"]

Floats = NDArray[np.float64]

INSTRUMENTS = ("uniform", "partner", "sector", "partner-sector")
SHARE_FLOOR = 1e-6
"""Added to every share in the scaling: without it a first step sends tariffs on negligible flows to a bound."""
FINE_FLOOR = 1e-10
"""The same once the large tariffs are right: the small ones then find their optimum too."""


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
        importance: Floats,
        free: NDArray[np.bool_],
        *,
        instruments: str = "partner-sector",
        low: float | Floats = 0.0,
        high: float | Floats = 10.0,
        floor: float = SHARE_FLOOR,
    ) -> FreeTariffs:
        """One unknown per importer and partner and sector (or sector, partner, or one) of free cells (n, n, s).

        importance: (n, n, s) elasticity times the flow's share in the importer's income. low, high: fractions,
        one number or (n, n, s); where cells move together the narrowest bounds hold. Raises UnknownNameError
        for an unknown instrument, RequestError for bounds that cross or reach -100 percent.
        """
        known(instruments, INSTRUMENTS, "kind of instrument")
        n, _, s = free.shape
        lowest, highest = (np.broadcast_to(np.asarray(b, dtype=np.float64), free.shape) for b in (low, high))
        for name, bound in (("lower", lowest), ("upper", highest)):
            if not np.isfinite(bound).all() or (bound <= -1).any():
                raise RequestError(
                    f"the {name} bound of the tariffs is missing, infinite, or -100 percent or less",
                    remedy="Bounds are fractions: (0, 1) for 0 to 100 percent",
                )
        if (lowest > highest).any():
            raise RequestError(
                f"tariff bounds cross: the lower one is {lowest[lowest > highest][0]:g}, the upper one "
                f"{highest[lowest > highest][0]:g}",
                remedy="Give (lowest, highest) as fractions: (0, 1) for 0 to 100 percent",
            )
        if not free.any():
            raise RequestError(
                "no tariff is free to change", remedy="Exempt fewer sectors, or name other partners"
            )
        partner, sector = np.meshgrid(np.arange(n), np.arange(s), indexing="ij")
        label = {
            "partner-sector": partner * s + sector,
            "sector": sector,
            "partner": partner,
            "uniform": np.zeros((n, s), dtype=int),
        }[instruments]
        importer = np.arange(n)[None, :, None]
        group = np.where(free, importer * n * s + label[:, None, :], -1)
        used, position = np.unique(group[free], return_inverse=True)
        group[free] = position
        share = np.bincount(position, weights=importance[free])
        bottom, top = np.full(used.size, -np.inf), np.full(used.size, np.inf)
        np.maximum.at(bottom, position, lowest[free])
        np.minimum.at(top, position, highest[free])
        return cls(group=group, scale=np.sqrt(share + floor), low=bottom, high=np.maximum(top, bottom))

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
        # A bound is met exactly: the way there and back through logarithms is not.
        rate = np.clip(np.expm1(unknowns / self.scale), self.low, self.high)
        result[free] = rate[self.group[free]]
        return result

    def slopes(self, gradient: Floats, tariffs: Floats) -> Floats:
        """(m,) d / d log(1 + t) of each unknown from a gradient (n, n, s) to tariffs."""
        free = self.group >= 0
        return np.asarray(
            np.bincount(self.group[free], weights=(gradient * (1 + tariffs))[free]), dtype=np.float64
        )

    def held(self, unknowns: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(m,) each: which unknowns stand at their lower, and at their upper bound."""
        bounds = self.bounds
        edge = 1e-9 * np.maximum(self.scale, 1e-12)
        return unknowns <= bounds.lb + edge, unknowns >= bounds.ub - edge

    def residual(self, slopes: Floats, unknowns: Floats) -> float:
        """Largest slope of a maximisation that a bound does not hold back."""
        at_low, at_high = self.held(unknowns)
        held = (at_low & (slopes < 0)) | (at_high & (slopes > 0))
        return float(np.abs(np.where(held, 0.0, slopes)).max(initial=0.0))
