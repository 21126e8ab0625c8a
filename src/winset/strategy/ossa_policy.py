"""What the strategy problems of Ossa (2014) share: the free tariffs, their starts, and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winset.core.errors import NotConvergedError
from winset.core.names import known
from winset.model.ossa import OssaEquilibrium, OssaWorld
from winset.strategy.instruments import SHARE_FLOOR, Floats, FreeTariffs

__all__ = ["OssaPolicy", "free_tariffs", "start_tariffs"]

STARTS = ("markup", "lobbying", "markup+lobbying")


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


def free_tariffs(
    world: OssaWorld,
    regions: Sequence[int],
    *,
    instruments: str = "partner-sector",
    low: float | Floats = 0.0,
    high: float | Floats = 10.0,
    floor: float = SHARE_FLOOR,
) -> FreeTariffs:
    """All foreign tariffs of some regions; see `FreeTariffs.of`."""
    n, _, s = world.flows.shape
    free = np.zeros((n, n, s), dtype=bool)
    free[:, list(regions)] = True
    free[np.arange(n), np.arange(n)] = False
    importance = world.sigma * world.flows / world.income[:, None]
    return FreeTariffs.of(importance, free, instruments=instruments, low=low, high=high, floor=floor)


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
