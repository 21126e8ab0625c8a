"""What every strategy result carries, and how it is told: tariffs, outcome, status, and the model behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from winset.core.errors import NotConvergedError
from winset.model.equilibrium import Equilibrium
from winset.strategy.instruments import Floats

__all__ = ["CAUTION", "StrategyResult", "mean_tariff"]

CAUTION = (
    "An optimal tariff is a property of a model, not advice. Published optima for the same country run from 9 "
    "to 60 percent with what the model says of foreign assets, inputs and profits (Itskhoki and Mukhin 2025; "
    "Caliendo, Feenstra, Romalis and Taylor; Ossa 2014). Rates on small flows are hardly identified, and no "
    "unilateral gain survives retaliation."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class StrategyResult:
    """Tariffs that somebody chose, and what they lead to. Printing it tells model, elasticities and closure."""

    tariffs: Floats
    """(n, n, s) fractions; those that nobody chose are as they were."""
    equilibrium: Equilibrium
    """The outcome, relative to the baseline."""
    converged: bool
    """Whether first-order conditions and equilibrium both hold."""
    first_order_residual: float
    """Largest |d objective / d log(1 + t)| that a bound does not hold back; objectives in logs, revenue in shares
    of baseline income."""
    evaluations: int
    """Equilibria solved on the way."""
    model: str
    closure: str
    elasticities: str
    """Name of the elasticity set."""
    baseline: str
    notes: tuple[str, ...] = ()
    """What a reader should know: bounds that hold, a second equilibrium, what to try."""

    def checked(self) -> Self:
        """This result if it converged; otherwise NotConvergedError (exit code 3)."""
        if not (self.converged and self.equilibrium.converged):
            raise NotConvergedError(
                f"the tariffs did not converge: first-order residual {self.first_order_residual:.2e} after "
                f"{self.evaluations} equilibria",
                why=" ".join(self.notes) or "No first-order condition holds at the last point",
                remedy=self._remedy(),
            )
        return self

    def _remedy(self) -> str:
        return "Narrow the bounds, choose coarser instruments, or start elsewhere"

    def summary(self) -> str:
        """A few lines: what was asked, what came out, and what the numbers rest on."""
        status = "converged" if self.converged else "NOT CONVERGED"
        head = [
            self._headline(),
            f"{status}: first-order residual {self.first_order_residual:.1e}, {self.evaluations} equilibria",
            f"model {self.model}, baseline {self.baseline}, elasticities {self.elasticities}, "
            f"closure {self.closure}",
        ]
        return "\n".join([*head, *self._lines(), *self.notes])

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        status = "converged" if self.converged else "not converged"
        return f"{type(self).__name__}({self._headline()!r}, {status})"

    def _headline(self) -> str:
        return "tariffs"

    def _lines(self) -> list[str]:
        return []

    def mean_tariff(self, importer: str, exporters: tuple[str, ...] = ()) -> float:
        """Mean tariff of an importer on some exporters (all others by default), weighted by baseline imports."""
        world = self.equilibrium.world
        who = [world.region(name) for name in exporters or world.regions if name != importer]
        return mean_tariff(self.tariffs, world.flows, world.region(importer), who)

    def percent(self, region: str) -> float:
        """Change of a region's real income from the baseline, percent."""
        world = self.equilibrium.world
        return float(100 * (self.equilibrium.real_income_hat[world.region(region)] - 1))


def mean_tariff(tariffs: Floats, flows: Floats, importer: int, exporters: list[int]) -> float:
    """Mean of `tariffs` of an importer on exporters, weighted by `flows`; 0 where nothing is traded."""
    weight = flows[exporters, importer]
    total = weight.sum()
    return float((tariffs[exporters, importer] * weight).sum() / total) if total > 0 else 0.0


def listed(world_names: tuple[str, ...], values: Floats, keep: list[int], form: str = "{:+.2f}") -> str:
    """ "KOR -0.31, USA +0.12" for some regions."""
    return ", ".join(f"{world_names[k]} {form.format(values[k])}" for k in keep if np.isfinite(values[k]))
