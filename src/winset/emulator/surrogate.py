"""The fitted emulator: values, slopes and the error that goes with them, for many packages at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import RequestError
from winset.emulator.basis import columns, slopes

__all__ = ["Emulator", "Prediction", "RowError"]

Floats = NDArray[np.float64]
BLOCK = 4096
"""Packages at once: what fits into the processor's cache."""


@dataclass(frozen=True, kw_only=True)
class RowError:
    """How far one payoff is off: prediction less model, over runs of the model that the fit had not seen."""

    row: str
    unit: str
    range: float
    """Highest less lowest payoff over the box, in `unit`."""
    largest: float
    """Largest |error|, in `unit`: the worse of left-out and separate runs."""
    usual: float
    """|error| that 95 percent of these runs stay below, in `unit`: the worse of both."""
    left_out: tuple[float, float]
    """Largest and 95th percentile, each run left out of the fit in turn."""
    separate: tuple[float, float]
    """The same over runs that no fit ever saw."""

    @property
    def relative(self) -> tuple[float, float]:
        """`largest` and `usual` as fractions of `range`; 0 for a payoff that does not move."""
        if self.range <= 0:
            return 0.0, 0.0
        return self.largest / self.range, self.usual / self.range


@dataclass(frozen=True, kw_only=True, eq=False)
class Prediction:
    """Emulated payoffs. Never shown without `error`."""

    values: Floats
    """(packages, rows) payoffs."""
    gradients: Floats | None
    """(packages, rows, levers) slopes, payoff per unit of the lever; None unless asked for."""
    error: Floats
    """(rows,) largest error that was met anywhere in the box, in the payoff's unit: not a bound."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Emulator:
    """A polynomial in the levers that stands in for the model within a box."""

    names: tuple[str, ...]
    """Levers."""
    low: Floats
    """(m,) smallest value of each, in its unit."""
    high: Floats
    """(m,) largest."""
    exponents: NDArray[np.int16]
    """(terms, m) degree of each lever's Legendre polynomial in each term."""
    coefficients: Floats
    """(terms, rows)."""
    errors: tuple[RowError, ...]
    """One a row."""
    target: float
    """Largest error asked for, as a fraction of the range."""
    runs: int
    """Runs of the model that were fitted."""
    checks: int
    """Further runs, only compared with."""
    failed: int
    """Places where the model had no answer, left out."""
    seed: int
    key: str = ""
    """Id of the manifest of the case that it was fitted to."""

    @property
    def rows(self) -> tuple[str, ...]:
        """What is emulated."""
        return tuple(one.row for one in self.errors)

    @property
    def reached(self) -> bool:
        """Whether no error that was met is larger than asked for."""
        return all(one.relative[0] <= self.target for one in self.errors)

    def inside(self, x: ArrayLike) -> Floats:
        """(packages, m) packages as they are, refused where one lies outside the box: nothing is extrapolated."""
        points = np.asarray(x, dtype=np.float64)
        points = points[None] if points.ndim == 1 else points
        if points.ndim != 2 or points.shape[1] != len(self.names):
            raise RequestError(f"packages need {len(self.names)} levers each, found shape {points.shape}")
        width = self.high - self.low
        beyond = ~((points >= self.low - 1e-9 * width) & (points <= self.high + 1e-9 * width))
        if beyond.any():
            row, k = (int(one[0]) for one in np.nonzero(beyond))
            raise RequestError(
                f"{self.names[k]!r} is {points[row, k]:g} in a package",
                why=f"the emulator was fitted from {self.low[k]:g} to {self.high[k]:g} and knows nothing beyond",
                remedy="Ask the model itself, or fit an emulator over wider bounds",
            )
        return np.clip(points, self.low, self.high)

    def predict(self, x: ArrayLike, *, gradients: bool = False) -> Prediction:
        """Payoffs of (packages, m) or (m,) packages, lever values in their units. Raises RequestError outside."""
        points = self.inside(x)
        width = self.high - self.low
        values = np.empty((len(points), len(self.errors)))
        change = np.empty((len(points), len(self.errors), len(self.names))) if gradients else None
        block = max(1, BLOCK // len(self.names)) if gradients else BLOCK
        for first in range(0, len(points), block):
            part = slice(first, first + block)
            u = (points[part] - self.low) / width
            values[part] = columns(u, self.exponents).T @ self.coefficients
            if change is not None:
                steep = np.einsum("jtp,tr->prj", slopes(u, self.exponents), self.coefficients, optimize=True)
                change[part] = steep / width
        return Prediction(values=values, gradients=change, error=np.array([one.largest for one in self.errors]))

    def __call__(self, x: Floats) -> tuple[Floats, Floats]:
        """One package, as a payoff function of the bargaining room: values (rows,), slopes (rows, m)."""
        found = self.predict(x, gradients=True)
        assert found.gradients is not None  # noqa: S101 - asked for above
        return found.values[0], found.gradients[0]

    def error_text(self, row: int) -> str:
        """What stands beside every number of the emulator."""
        one = self.errors[row]
        return f"emulator, error ±{one.largest:.3g} {one.unit}".rstrip()
