"""A bargain over continuous packages: instruments, payoffs, disagreement and limits, as data.

A package is a vector of instruments within bounds. One call of the payoff function gives every party's payoff
and, if wanted, further rows (groups: sectors, regions, outlays) on which limits may rest. What they mean is the
caller's business; this room knows no economics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.plain import Plain
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["Instruments", "Limit", "Measure", "Payoffs", "Problem"]

Floats = NDArray[np.float64]
Payoffs = Callable[[Floats], tuple[Any, Any]]
"""x (instruments,) -> (values (rows,), jacobian (rows, instruments) or None)."""

PARTIES = (2, 6)
"""Fewest and most parties to a continuous bargain."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Instruments(Plain):
    """What a package is made of."""

    names: tuple[str, ...]
    low: Floats
    """(m,) smallest value of each, in its unit; equal to `high` where it is held fixed."""
    high: Floats
    """(m,) largest value of each."""
    units: tuple[str, ...] = ()
    """Unit of each, as printed; empty where none is stated."""
    scale: Floats = field(default_factory=lambda: np.empty(0))
    """(m,) change that counts as one in distances between packages; the width of the bounds unless given."""

    def __post_init__(self) -> None:
        count = len(self.names)
        low, high = (np.asarray(v, dtype=np.float64) for v in (self.low, self.high))
        if count < 1 or len(set(self.names)) != count:
            raise RequestError("instruments need names, one or more, all different")
        if low.shape != (count,) or high.shape != (count,):
            raise RequestError(
                f"there are {count} instruments, but bounds of shapes {low.shape} and {high.shape}",
                remedy="Give one low and one high per instrument",
            )
        bad = ~(np.isfinite(low) & np.isfinite(high) & (low <= high))
        if bad.any():
            name = self.names[int(bad.argmax())]
            raise RequestError(f"instrument {name!r} has no finite range", remedy="Give low <= high, both finite")
        width = np.where(high > low, high - low, 1.0)
        scale = np.asarray(self.scale, dtype=np.float64)
        scale = width if scale.size == 0 else scale
        if scale.shape != (count,) or not (np.isfinite(scale).all() and (scale > 0).all()):
            raise RequestError("the scale of instruments must be one positive number each")
        if self.units and len(self.units) != count:
            raise RequestError(f"there are {count} instruments, but {len(self.units)} units")
        for name, value in (("low", low), ("high", high), ("scale", scale)):
            object.__setattr__(self, name, value)

    @property
    def width(self) -> Floats:
        """(m,) high less low; one where they are equal."""
        return np.where(self.high > self.low, self.high - self.low, 1.0)

    def index(self, name: str) -> int:
        """Position of an instrument; an unknown name raises, naming the nearest."""
        return self.names.index(known(name, self.names, "instrument"))

    def package(self, x: ArrayLike) -> Floats:
        """A package as (m,) floats, checked to have the right length and to lie within the bounds."""
        point = np.asarray(x, dtype=np.float64)
        if point.shape != (len(self.names),) or not np.isfinite(point).all():
            raise RequestError(f"a package needs {len(self.names)} finite numbers, found shape {point.shape}")
        outside = (point < self.low - 1e-9 * self.width) | (point > self.high + 1e-9 * self.width)
        if outside.any():
            k = int(outside.argmax())
            raise RequestError(
                f"{self.names[k]!r} is {point[k]:g} in a package",
                why=f"it may go from {self.low[k]:g} to {self.high[k]:g}",
                remedy="Widen its bounds if the value was really on the table",
            )
        return np.clip(point, self.low, self.high)

    def named(self, x: Floats) -> dict[str, float]:
        """A package by name."""
        return {name: float(v) for name, v in zip(self.names, x, strict=True)}

    def change(self, start: Floats, end: Floats) -> float:
        """Distance of two packages: sum over instruments of the absolute change in units of `scale`."""
        return float((np.abs(end - start) / self.scale).sum())


@dataclass(frozen=True, kw_only=True)
class Limit(Plain):
    """A hard limit that is linear in payoff rows and instruments: exactly one of `at_least` and `at_most`."""

    name: str
    rows: Mapping[str, float] = field(default_factory=dict)
    """Coefficient of each row that enters."""
    instruments: Mapping[str, float] = field(default_factory=dict)
    """Coefficient of each instrument that enters; two with 1 and -1 make one no worse than the other."""
    at_least: float | None = None
    at_most: float | None = None
    party: str = ""
    """Whose ratification it belongs to; empty where it binds the package itself (a law, arithmetic)."""
    weight: float = 1.0
    """Cost of relaxing it by one unit, used where the least relaxation is sought."""

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise RequestError(f"limit {self.name!r} needs exactly one of at_least and at_most")
        numbers = [*self.rows.values(), *self.instruments.values(), self.bound, self.weight]
        if not np.isfinite(numbers).all() or not self.weight > 0:
            raise RequestError(
                f"limit {self.name!r} has a number that is missing, infinite or a weight below zero"
            )
        if not any(self.rows.values()) and not any(self.instruments.values()):
            raise RequestError(f"limit {self.name!r} names neither a row nor an instrument")

    @property
    def bound(self) -> float:
        """The number that must not be passed."""
        return float(self.at_least if self.at_least is not None else self.at_most or 0.0)

    @property
    def sign(self) -> float:
        """1 for `at_least`, -1 for `at_most`."""
        return 1.0 if self.at_least is not None else -1.0

    def coefficients(self, rows: tuple[str, ...], instruments: tuple[str, ...]) -> tuple[Floats, Floats]:
        """((rows,), (m,)) such that the limit reads `c . values + e . x >= sign * bound`."""
        c, e = np.zeros(len(rows)), np.zeros(len(instruments))
        for name, value in self.rows.items():
            c[rows.index(known(name, rows, "payoff row"))] = self.sign * value
        for name, value in self.instruments.items():
            e[instruments.index(known(name, instruments, "instrument"))] = self.sign * value
        return c, e


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A further row, computed from a package and its payoff rows: a vote's margin, a curved constraint."""

    name: str
    function: Callable[[Floats, Floats, Floats], tuple[float, Any]]
    """(x (m,), values (rows,), jacobian (rows, m)) -> (value, gradient (m,) or None for finite differences
    over payoffs too). Must be smooth; it sees parties and groups, not other measures."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """A bargain over continuous packages."""

    instruments: Instruments
    parties: tuple[str, ...]
    payoffs: Payoffs
    """x (m,) -> (values, jacobian): rows are the parties, then the groups. jacobian (rows, m) in payoff units
    per unit of instrument, or None; then derivatives are forward differences of `step` of each width, and
    every point costs one call more per instrument. Must give the same answer each time."""
    disagreement: Floats
    """(parties,) payoff of each without agreement."""
    groups: tuple[str, ...] = ()
    """Names of further rows that `payoffs` returns after the parties, in any unit."""
    measures: tuple[Measure, ...] = ()
    limits: tuple[Limit, ...] = ()
    step: float = 1e-5
    """Forward difference as a share of an instrument's width, where there is no jacobian."""

    def __post_init__(self) -> None:
        fallback = np.asarray(self.disagreement, dtype=np.float64)
        object.__setattr__(self, "disagreement", fallback)
        count = len(self.parties)
        if not PARTIES[0] <= count <= PARTIES[1]:
            raise RequestError(f"a continuous bargain has {PARTIES[0]} to {PARTIES[1]} parties, found {count}")
        if len(set(self.rows)) != len(self.rows):
            raise RequestError("parties, groups and measures must have different names")
        if fallback.shape != (count,) or not np.isfinite(fallback).all():
            raise RequestError(f"disagreement needs {count} finite numbers, one per party, found {fallback.shape}")
        if not 0 < self.step <= 0.1:
            raise RequestError(f"step must be above 0 and at most 0.1 of a width, found {self.step}")
        if len({limit.name for limit in self.limits}) != len(self.limits):
            raise RequestError("limits must have different names")
        for limit in self.limits:
            limit.coefficients(self.rows, self.instruments.names)

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of all rows: parties, groups, measures."""
        return (*self.parties, *self.groups, *(measure.name for measure in self.measures))

    def party(self, name: str) -> int:
        """Position of a party; an unknown name raises, naming the nearest."""
        return self.parties.index(known(name, self.parties, "party"))
