"""Ratifiers and win-sets: which packages a side could take home.

A win-set (Putnam 1988) is the set of packages that all ratifiers of a side accept. Ratifiers are hard limits
(`Limit`: a floor of a sector or region, a closed market, no worse than another's rate, a cap on yearly outlay, a
budget), votes that must reach a quota of seats (`SeatQuota`), or votes with a required chance (`SeatVote`).
Everything here works on a table of packages with their payoff rows, however the table was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.plain import Plain
from winset.bargaining.problem import Limit
from winset.bargaining.voting import check_seats, passing_chance
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["PackageTable", "Ratifier", "SeatQuota", "SeatVote", "WinSet", "accepted", "margins"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class SeatQuota(Plain):
    """A vote: groups whose payoff reaches their floor say yes, and the yes seats must reach the quota."""

    name: str
    party: str
    seats: Mapping[str, int]
    """Seats by payoff row."""
    floors: Mapping[str, float]
    """Payoff at which each row says yes, in the row's unit."""
    quota: int

    def __post_init__(self) -> None:
        check_seats(list(self.seats.values()), self.quota)
        if set(self.seats) != set(self.floors) or not np.isfinite(list(self.floors.values())).all():
            raise RequestError(f"vote {self.name!r} needs one finite floor for each row that has seats")

    def margin(self, values: Floats, rows: tuple[str, ...]) -> Floats:
        """(packages,) how far every row could fall with the quota still reached; negative where it is not."""
        names = list(self.seats)
        at = [rows.index(known(name, rows, "payoff row")) for name in names]
        over = values[:, at] - np.array([self.floors[name] for name in names])
        seats = np.array([self.seats[name] for name in names])
        order = np.argsort(-over, axis=1, kind="stable")
        yes = np.cumsum(seats[order], axis=1)
        reached = yes >= self.quota
        last = np.where(reached[:, -1], reached.argmax(axis=1), 0)
        margin = over[np.arange(len(values)), order[np.arange(len(values)), last]]
        return np.where(reached[:, -1], margin, -np.inf)


@dataclass(frozen=True, kw_only=True)
class SeatVote(Plain):
    """A vote whose outcome is uncertain: it must pass with at least a stated chance.

    Row g says yes with chance logit((U_g - d_g) / s_g), independently or with a shock common to all.
    """

    name: str
    party: str
    seats: Mapping[str, int]
    floors: Mapping[str, float]
    """d_g: payoff at which each row is as likely to say yes as no."""
    spreads: Mapping[str, float]
    """s_g: payoff, in the row's unit, that moves the odds by a factor e."""
    quota: int
    at_least: float
    """Chance that is asked for, above 0 and below 1."""
    common: float = 0.0
    """Standard deviation of the shock common to all, in logits."""

    def __post_init__(self) -> None:
        check_seats(list(self.seats.values()), self.quota)
        if not set(self.seats) == set(self.floors) == set(self.spreads):
            raise RequestError(f"vote {self.name!r} needs a floor and a spread for each row that has seats")
        if not 0 < self.at_least < 1:
            raise RequestError(f"vote {self.name!r} must ask for a chance between 0 and 1, found {self.at_least}")
        if not all(np.isfinite(s) and s > 0 for s in self.spreads.values()):
            raise RequestError(f"vote {self.name!r} needs spreads above zero")
        if not np.isfinite(list(self.floors.values())).all() or not self.common >= 0:
            raise RequestError(f"vote {self.name!r} has a floor that is not finite, or a shock below zero")

    def chance(self, row_values: Floats) -> tuple[float, Floats]:
        """Chance of passing and its derivative in each row of `seats`, at payoffs in the order of `seats`."""
        names = list(self.seats)
        return passing_chance(
            row_values - np.array([self.floors[n] for n in names]),
            [self.spreads[n] for n in names],
            [self.seats[n] for n in names],
            self.quota,
            common=self.common,
        )

    def margin(self, values: Floats, rows: tuple[str, ...]) -> Floats:
        """(packages,) chance of passing less the chance asked for."""
        at = [rows.index(known(name, rows, "payoff row")) for name in self.seats]
        return np.array([self.chance(one)[0] for one in values[:, at]]) - self.at_least


Ratifier = Limit | SeatQuota | SeatVote


@dataclass(frozen=True, kw_only=True)
class WinSet(Plain):
    """A side and all whose consent it needs."""

    party: str
    ratifiers: tuple[Ratifier, ...] = ()

    def __post_init__(self) -> None:
        for one in self.ratifiers:
            if one.party != self.party:
                raise RequestError(f"ratifier {one.name!r} belongs to {one.party!r}, not to {self.party!r}")
        if len({one.name for one in self.ratifiers}) != len(self.ratifiers):
            raise RequestError(f"two ratifiers of {self.party!r} have one name")


@dataclass(frozen=True, kw_only=True, eq=False)
class PackageTable(Plain):
    """Packages and everybody's payoffs from them: a sample of a continuous space, or a list."""

    rows: tuple[str, ...]
    """Names of payoff rows; the first ones are the parties."""
    values: Floats
    """(packages, rows)"""
    parties: tuple[str, ...]
    disagreement: Floats
    """(parties,)"""
    instruments: tuple[str, ...] = ()
    packages: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """(packages, instruments); may be left empty where no ratifier looks at instruments."""
    replicate: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    """(packages,) which independent scrambling of the sample a package is from; empty for a plain list."""

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        fallback = np.asarray(self.disagreement, dtype=np.float64)
        packages = np.asarray(self.packages, dtype=np.float64)
        if packages.size == 0:
            packages = np.zeros((len(values), len(self.instruments)))
            if self.instruments:
                raise RequestError("a table that names instruments must give their values")
        if values.ndim != 2 or values.shape[1] != len(self.rows) or not np.isfinite(values).all():
            raise RequestError(f"values must be (packages, {len(self.rows)}) and finite, found {values.shape}")
        if self.rows[: len(self.parties)] != tuple(self.parties) or fallback.shape != (len(self.parties),):
            raise RequestError("the first rows must be the parties, with one disagreement payoff each")
        if packages.shape != (len(values), len(self.instruments)):
            raise RequestError(f"packages must be {(len(values), len(self.instruments))}, found {packages.shape}")
        for name, value in (("values", values), ("disagreement", fallback), ("packages", packages)):
            object.__setattr__(self, name, value)

    @property
    def gains(self) -> Floats:
        """(packages, parties) payoffs less disagreement."""
        return np.asarray(self.values[:, : len(self.parties)] - self.disagreement)


def margins(ratifier: Ratifier, table: PackageTable) -> Floats:
    """(packages,) by how much a ratifier's condition holds, in its own unit; it accepts at zero and above."""
    if isinstance(ratifier, Limit):
        c, e = ratifier.coefficients(table.rows, table.instruments)
        return np.asarray(table.values @ c + table.packages @ e - ratifier.sign * ratifier.bound)
    return ratifier.margin(table.values, table.rows)


def accepted(win_set: WinSet, table: PackageTable, *, rational: bool = False) -> Bools:
    """(packages,) whether all ratifiers accept; with `rational`, and the party is not below disagreement."""
    yes = np.ones(len(table.values), dtype=bool)
    party = table.parties.index(known(win_set.party, table.parties, "party"))
    if rational:
        yes &= table.gains[:, party] >= 0
    for ratifier in win_set.ratifiers:
        yes &= margins(ratifier, table) >= 0
    return yes
