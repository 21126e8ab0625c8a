"""The two-sided account: what a package is worth to each party, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "QUANTILES",
    "Band",
    "BranchAccount",
    "BreakEven",
    "DrawSummary",
    "Driver",
    "Line",
    "Memo",
    "PackageAccount",
    "PartyAccount",
    "SectorChange",
    "YearValue",
]

Basis = Literal["model", "arithmetic", "assumption", "record"]
QUANTILES = (5, 25, 50, 75, 95)
"""Percent, reported for every set of draws."""


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
class DrawSummary:
    """What a number does over the draws. Shares of draws, not probabilities of events."""

    quantiles: Mapping[int, float]
    """Percent to value, as in `QUANTILES`."""
    gains: float
    """Share of draws in which the number is above zero."""
    count: int


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
    status: str = ""
    """How far the term has come (agreed, announced, ...); empty for tariffs, which may mix several."""
    draws: DrawSummary | None = None


@dataclass(frozen=True, kw_only=True)
class Memo:
    """A number shown beside the account and never added to it (it is inside a line already, or not money)."""

    id: str
    label: str
    band: Band
    unit: str
    horizon: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SectorChange:
    """Change of a sector of one region between the two packages, percent of its level under `against`.

    Where a package moves in steps or has branches: of its average over the horizon and the branches.
    """

    sector: str
    name: str
    output: Band
    """Value of output deflated by nothing: producer revenue in the world numeraire."""
    exports_to: Mapping[str, float]
    """Change of exports to each other party, central set, percent."""
    exports: float | None
    """Change of exports to everyone, central set, percent; None where it exported nothing."""
    value_added: Band
    """Change of real value added (over consumer prices), millions of base-year dollars a year."""
    weight: float
    """Political weight that the case gives it; 1 by default."""


@dataclass(frozen=True, kw_only=True)
class YearValue:
    """Real income of one year of the horizon, millions of base-year dollars."""

    year: int
    """1 for the year that begins on the day of valuation."""
    value: Band
    """Undiscounted."""
    discounted: float
    """Central value on the day of valuation; the years sum to the tariff line."""


@dataclass(frozen=True, kw_only=True)
class Driver:
    """What one assumption, or the choice of elasticity set, does to a party's net, all else at the centre."""

    id: str
    label: str
    at_low: float
    """Net at the low end of the range (for elasticity sets: the lowest net of any set)."""
    at_high: float
    """Net at the high end (for elasticity sets: the highest net of any set)."""
    share: float
    """Share of the variance of the draws' ranks that goes with it; the shares of a party sum to 1."""

    @property
    def swing(self) -> float:
        """How far it moves the net."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """The value of one input at which a party is indifferent. Never a claim about what the input is."""

    id: str
    label: str
    unit: str
    value: float | None
    """None where no value within `tried` makes the party indifferent."""
    tried: tuple[float, float]
    assumed: float | None
    """What the account assumes in its place at the centre, averaged over the amounts concerned."""
    why: str
    """In words: what it means, or why there is none."""
    draws: DrawSummary | None
    """Over the draws in which there is one; `count` says how many, `gains` is not used."""
    rests_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceChange:
    """A place within a party. An approximation: every sector is taken to move alike wherever it stands."""

    name: str
    value_added: Band
    """Millions of base-year dollars a year; ends are the sums of the sectors' ends."""
    weight: float


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
    draws: DrawSummary | None = None
    """The net over the draws."""
    drivers: tuple[Driver, ...] = ()
    """Largest swing first."""
    years: tuple[YearValue, ...] = ()
    break_evens: tuple[BreakEven, ...] = ()
    places: tuple[PlaceChange, ...] = ()
    """Value added by place within the party, where the case names places."""
    political: Band | None = None
    """Net with the case's sector weights; None where it gives none. Beside the economic net, never in it."""

    def memo(self, id: str) -> Memo:
        """A memo by id."""
        return next(one for one in self.memos if one.id == id)

    def line(self, id: str) -> Line:
        """A line by id."""
        return next(one for one in self.lines if one.id == id)


@dataclass(frozen=True, kw_only=True)
class BranchAccount:
    """What the package is worth on one of its branches, central values."""

    label: str
    probability: float
    net: Mapping[str, float]
    """By party; the account's net is the mean of these by probability."""


@dataclass(frozen=True, kw_only=True)
class PackageAccount:
    """A package against another, under one background, for every region reported."""

    name: str
    against: str
    background: str
    """Day of the background law (ISO), and which of its rows count where not only those in force."""
    parties: Mapping[str, PartyAccount]
    branches: tuple[BranchAccount, ...] = ()
    """Empty where the package has one branch."""
    real_income: Mapping[str, Band] = field(default_factory=dict)
    """Change of real income of every region of the baseline, percent, trade fully adjusted; empty in brief
    accounts."""
