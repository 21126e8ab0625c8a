"""The two-sided account: what a package is worth to each party, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Band", "Line", "Memo", "PackageAccount", "PartyAccount", "SectorChange"]

Basis = Literal["model", "arithmetic", "assumption", "record"]


@dataclass(frozen=True, kw_only=True)
class Band:
    """A central value with the lowest and highest over the elasticity sets and the stated ranges."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> Band:
        """The band times a number (turned round if the number is negative)."""
        ends = sorted((self.low * factor, self.high * factor))
        return Band(value=self.value * factor, low=ends[0], high=ends[1])


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an account. Lines of a party add up to its net."""

    id: str
    label: str
    band: Band
    unit: str
    horizon: str
    basis: Basis
    rests_on: tuple[str, ...]
    """Ids of the run, claims and assumptions behind the number."""


@dataclass(frozen=True, kw_only=True)
class Memo:
    """A number shown beside the account and never added to it (it is inside a line already)."""

    id: str
    label: str
    band: Band
    unit: str
    horizon: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SectorChange:
    """Change of a sector of one region between the two packages, percent of its level under `against`."""

    sector: str
    name: str
    output: Band
    """Value of output deflated by nothing: producer revenue in the world numeraire."""
    exports_to: Mapping[str, float]
    """Change of exports to each other party, central set, percent."""


@dataclass(frozen=True, kw_only=True)
class PartyAccount:
    """What the package is worth to one region."""

    party: str
    net: Band
    lines: tuple[Line, ...]
    memos: tuple[Memo, ...]
    sectors: tuple[SectorChange, ...]
    by_set: Mapping[str, float]
    """Net by elasticity set, other lines at their central value."""

    def memo(self, id: str) -> Memo:
        """A memo by id."""
        return next(one for one in self.memos if one.id == id)

    def line(self, id: str) -> Line:
        """A line by id."""
        return next(one for one in self.lines if one.id == id)


@dataclass(frozen=True, kw_only=True)
class PackageAccount:
    """A package against another, under one background, for every region reported."""

    name: str
    against: str
    background: str
    """Day of the background law (ISO), and which of its rows count where not only those in force."""
    parties: Mapping[str, PartyAccount]
