"""Dated disagreement: what waiting is worth, and on which day each side should settle.

Without a deal each party has a flow in every period (a pause, then a snap-back), and at its end talks may break
down or a court may change the law with some chance. Values are worked back from the last date. A party accepts a
package if and only if it is worth at least its disagreement and at least going on (Binmore and others 1986).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.finite import bargain
from winset.bargaining.plain import Plain
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["DisagreementPath", "Settlement", "StandingOffer", "settle", "standing_offer"]

Floats = NDArray[np.float64]

DAYS = 365.25
"""Days of a year, for discounting."""
MOST_DATES = 5_000


@dataclass(frozen=True, kw_only=True, eq=False)
class DisagreementPath(Plain):
    """What each party has until there is a deal, by dates on which one could be signed."""

    parties: tuple[str, ...]
    dates: tuple[dt.date, ...]
    """(dates,) rising; the first is today, after the last no deal is possible any more."""
    flows: Floats
    """(dates, parties) present value, on each date, of what is had from then to the next date without a deal;
    on the last date: of all that follows for ever."""
    rates: Floats
    """(parties,) discount rates, fractions a year."""
    hazard: Floats = field(default_factory=lambda: np.empty(0))
    """(dates,) chance that talks end for good between a date and the next; the last is not used. Zero if empty."""
    breakdown: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """(dates, parties) present value, on the next date, of what follows if they end then. Zero if empty."""

    def __post_init__(self) -> None:
        count, n = len(self.dates), len(self.parties)
        flows, rates = np.asarray(self.flows, dtype=np.float64), np.asarray(self.rates, dtype=np.float64)
        hazard, broken = np.asarray(self.hazard, dtype=np.float64), np.asarray(self.breakdown, dtype=np.float64)
        hazard = np.zeros(count) if hazard.size == 0 else hazard
        broken = np.zeros((count, n)) if broken.size == 0 else broken
        if n < 1 or not 1 <= count <= MOST_DATES:
            raise RequestError(f"a path needs parties and 1 to {MOST_DATES:,} dates")
        if any(b <= a for a, b in zip(self.dates, self.dates[1:], strict=False)):
            raise RequestError("the dates of a disagreement path must rise")
        if flows.shape != (count, n) or broken.shape != (count, n):
            raise RequestError(f"flows and breakdown must be (dates, parties) = {(count, n)}, found {flows.shape}")
        if rates.shape != (n,) or hazard.shape != (count,):
            raise RequestError("a path needs one discount rate per party and one hazard per date")
        if not all(np.isfinite(a).all() for a in (flows, rates, hazard, broken)) or (rates <= -1).any():
            raise RequestError("a disagreement path has a number that is missing, infinite, or a rate below -1")
        if ((hazard < 0) | (hazard > 1)).any():
            raise RequestError("a hazard is a chance from 0 to 1")
        for name, value in (("flows", flows), ("rates", rates), ("hazard", hazard), ("breakdown", broken)):
            object.__setattr__(self, name, value)

    def discount(self, date: int) -> Floats:
        """(parties,) value on a date of one unit on the next."""
        years = (self.dates[date + 1] - self.dates[date]).days / DAYS
        return np.asarray((1.0 + self.rates) ** -years)

    def going_on(self, date: int, after: Floats) -> Floats:
        """(parties,) value of no deal on a date, given values on the next date if talks still run."""
        if date == len(self.dates) - 1:
            return np.asarray(self.flows[date])
        h = self.hazard[date]
        return np.asarray(self.flows[date] + self.discount(date) * ((1 - h) * after + h * self.breakdown[date]))

    @property
    def never(self) -> Floats:
        """(dates, parties) value, on each date, of never agreeing: the dated disagreement point."""
        value = np.empty_like(self.flows)
        for t in range(len(self.dates) - 1, -1, -1):
            value[t] = self.going_on(t, value[t + 1] if t + 1 < len(value) else np.zeros(len(self.parties)))
        return value


@dataclass(frozen=True, kw_only=True, eq=False)
class StandingOffer(Plain):
    """One party facing an offer that stays on the table."""

    party: str
    settle_on: dt.date | None
    """The first date on which taking the offer is worth at least waiting for any later date; None: never."""
    value: Floats
    """(dates,) value, on each date, of holding the choice."""
    waiting: Floats
    """(dates,) value of not taking it on a date and choosing well later."""
    taking: Floats
    """(dates,) value of taking it on that date."""
    option: float
    """What the right to wait is worth today beyond the better of taking the offer now and never agreeing."""


def standing_offer(path: DisagreementPath, party: str, offer: ArrayLike) -> StandingOffer:
    """When should a party take an offer that stays open (optimal stopping, backward induction)?

    offer: present value of the package on the day it is signed, one number or (dates,). The other side is taken to
    leave it open until the last date, unless talks end by hazard.
    """
    i = path.parties.index(known(party, path.parties, "party"))
    taking = np.broadcast_to(np.asarray(offer, dtype=np.float64), (len(path.dates),)).copy()
    if not np.isfinite(taking).all():
        raise RequestError("the value of the offer is missing or infinite")
    count = len(path.dates)
    value, waiting = np.empty(count), np.empty(count)
    after = np.zeros(len(path.parties))
    for t in range(count - 1, -1, -1):
        waiting[t] = path.going_on(t, after)[i]
        value[t] = max(taking[t], waiting[t])
        after = np.full(len(path.parties), value[t])
    takes = np.flatnonzero(taking >= waiting)
    return StandingOffer(
        party=party,
        settle_on=path.dates[int(takes[0])] if takes.size else None,
        value=value,
        waiting=waiting,
        taking=taking,
        option=float(value[0] - max(taking[0], path.never[0, i])),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Settlement(Plain):
    """Which package is signed when, if all play well and a stated solution divides the gain."""

    dates: tuple[dt.date, ...]
    parties: tuple[str, ...]
    continuation: Floats
    """(dates, parties) value of no deal on that date: what each must at least be given."""
    never: Floats
    """(dates, parties) value of never agreeing."""
    value: Floats
    """(dates, parties) value of the talks on that date."""
    package: tuple[int, ...]
    """(dates,) index of the package signed if the date is reached; -1 where none is acceptable to all."""
    settle_on: dt.date | None
    """First date with a package acceptable to all; None where there is none on any date."""
    earliest: dict[str, dt.date | None]
    """By party: first date on which it would accept some package that the others would accept at the last date."""
    cost_of_waiting: Floats
    """(dates - 1, parties) value lost, on each date, if everybody waits for the next: value less continuation.
    Zero where no deal is possible; never negative."""


def settle(
    path: DisagreementPath, packages: ArrayLike, *, solution: str = "nash", ratified: Sequence[bool] | None = None
) -> Settlement:
    """Backward induction on dated talks over a finite list of packages.

    packages: (packages, parties) present value on the day of signing, or (dates, packages, parties). ratified:
    which packages every ratifier accepts (all, unless given). On each date the acceptable packages are those
    worth at least max(never agreeing, going on) to everybody; `solution` (nash, kalai_smorodinsky, egalitarian,
    utilitarian), with that as the disagreement point, chooses among them, the first of ties.
    """
    n, count = len(path.parties), len(path.dates)
    table = np.asarray(packages, dtype=np.float64)
    if table.ndim == 2:
        table = np.broadcast_to(table, (count, *table.shape))
    if table.ndim != 3 or table.shape[0] != count or table.shape[2] != n or not np.isfinite(table).all():
        raise RequestError(f"packages must be (packages, {n}) or ({count}, packages, {n}) and finite")
    open_to = np.ones(table.shape[1], dtype=bool) if ratified is None else np.asarray(ratified, dtype=bool)
    if open_to.shape != (table.shape[1],):
        raise RequestError(f"ratified must say yes or no for each of {table.shape[1]} packages")
    known(solution, ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian"), "solution")
    if n < 2:
        raise RequestError("talks need two parties or more")
    never = path.never
    continuation, value = np.empty((count, n)), np.empty((count, n))
    signed: list[int] = [-1] * count
    after = np.zeros(n)
    listed = np.flatnonzero(open_to)
    for t in range(count - 1, -1, -1):
        continuation[t] = path.going_on(t, after)
        value[t] = continuation[t]
        floor = np.maximum(continuation[t], never[t])
        if listed.size:
            chosen = getattr(bargain(table[t, listed], floor), solution)
            if chosen.size:
                signed[t] = int(listed[chosen[0]])
                value[t] = table[t, signed[t]]
        after = value[t]
    deals = [t for t in range(count) if signed[t] >= 0]
    return Settlement(
        dates=path.dates,
        parties=path.parties,
        continuation=continuation,
        never=never,
        value=value,
        package=tuple(signed),
        settle_on=path.dates[deals[0]] if deals else None,
        earliest=_earliest(path, table[:, listed], np.maximum(continuation, never)),
        cost_of_waiting=(value - continuation)[:-1],
    )


def _earliest(path: DisagreementPath, table: Floats, floor: Floats) -> dict[str, dt.date | None]:
    found: dict[str, dt.date | None] = {}
    for i, party in enumerate(path.parties):
        others = [k for k in range(len(path.parties)) if k != i]
        fine = (table[-1][:, others] >= floor[-1, others]).all(axis=1)
        days = [t for t in range(len(path.dates)) if (table[t][fine, i] >= floor[t, i]).any()]
        found[party] = path.dates[days[0]] if days else None
    return found
