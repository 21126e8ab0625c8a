"""From rows of law to the applied rate of a sector: shares of goods, exempt lists, claims of preference.

A sector's rate is the sum over its goods of share times rate. An additional duty adds to the base rate; a
total duty is the higher of itself and the base rate; an exempt share pays the base rate. All fractions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError
from winset.core.names import known
from winset.package.law_rules import Hit, hits, names
from winset.package.law_schema import EVERYTHING_ELSE, Exemption, SectorShare

if TYPE_CHECKING:
    from winset.package.law import Law

__all__ = ["GoodRate", "PairDay", "SectorRate", "sector_rate", "tariffs"]

_Row = TypeVar("_Row", SectorShare, Exemption)


class GoodRate(NamedTuple):
    """One good within a sector."""

    good: str
    share: float
    """Fraction of the sector's imports from this partner."""
    rate: float
    """Applied rate, fraction."""


@dataclass(frozen=True, kw_only=True)
class SectorRate:
    """The applied rate of one sector from one partner on one day."""

    rate: float
    """Fraction (0.15), the base rate included."""
    base_rate: float
    """Normal duty, fraction."""
    parts: tuple[tuple[str, float], ...]
    """What each authority adds to the base rate, in percentage points, in the order of the file."""
    goods: tuple[GoodRate, ...]
    """The goods that make up the sector; duties known only by sector are not in their rates."""
    unconfirmed: tuple[str, ...]
    """Law that may hold on this day and is not in the rate, in words."""


class PairDay:
    """Everything about one pair on one day that its sectors share, looked up once."""

    def __init__(self, law: Law, importer: str, exporter: str, on: dt.date, statuses: Collection[str]) -> None:
        on = law.day(importer, exporter, on)
        self.on, self.statuses, self.lineages = on, statuses, law.lineages
        self.untaxed = law.book.untaxed
        self.rows = law.rows(importer, exporter, on, statuses, for_sectors=True)
        self.rules = law.rules(importer, exporter, on)
        self.shares = _by_sector(row for row in law.book.sector_shares if row.reaches(importer, exporter, on))
        self.exempt = _by_sector(row for row in law.book.exemptions if row.reaches(importer, exporter, on))
        self.claims = [row for row in law.book.compliance if row.reaches(importer, exporter, on)]
        self.duties = [
            duty
            for duty in law.sector_duties.get((importer, exporter), ())
            if duty.status in statuses and duty.covers(on)
        ]
        self._hits: dict[str, tuple[Hit, ...]] = {}

    def hits(self, good: str) -> tuple[Hit, ...]:
        if good not in self._hits:
            found = hits(self.rows, self.lineages[good], self.rules, self.statuses)
            self._hits[good] = tuple(found.values())
        return self._hits[good]

    def goods(self, sector: str) -> list[tuple[str, float]]:
        """The goods of a sector with their shares, compliant parts split off."""
        named: dict[str, SectorShare] = {}
        for row in self.shares.get(sector, ()):
            if row.good not in named or row.precision > named[row.good].precision:
                named[row.good] = row
        split = {good: row.shares[sector].share for good, row in named.items()}
        split[EVERYTHING_ELSE] = split.get(EVERYTHING_ELSE, 0.0) + 1.0 - sum(split.values())
        for claim in self.claims:
            if claim.sectors and sector not in claim.sectors:
                continue
            begun = [day for day in claim.steps if day <= self.on]
            if not begun:
                continue
            claimed = claim.steps[max(begun)].share
            for good, twin in claim.twins.items():
                whole = split.get(good, 0.0)
                if whole:
                    split[good] = whole * (1.0 - claimed)
                    split[twin] = split.get(twin, 0.0) + whole * claimed
        return [(good, share) for good, share in split.items() if share > 0]

    def exempt_share(self, sector: str, hit: Hit) -> float:
        """The part of goods at large that an exempt list takes out of this duty."""
        # Goods with a row of their own are outside the list or are on it by that very row.
        if hit.place != EVERYTHING_ELSE:
            return 0.0
        best: Exemption | None = None
        for row in self.exempt.get(sector, ()):
            speaks = any(names(name, hit.entry.key) for name in row.authorities)
            if speaks and (best is None or row.precision > best.precision):
                best = row
        return 0.0 if best is None else best.shares[sector].share

    def increments(self, good: str, sector: str, base: float) -> list[tuple[str, float]]:
        """What each duty on a good adds to the base rate (authority, fraction)."""
        added: list[tuple[str, float]] = []
        floor: tuple[str, float] | None = None
        for hit in self.hits(good):
            entry = hit.entry
            reached = entry.coverage.share * (1.0 - self.exempt_share(sector, hit))
            if entry.kind == "additional":
                added.append((entry.authority, reached * entry.rate / 100.0))
                continue
            # Of several floors under the same duty only the highest is felt.
            raised = reached * max(entry.rate / 100.0 - base, 0.0)
            if floor is None or raised > floor[1]:
                floor = (entry.authority, raised)
        return added if floor is None else [floor, *added]

    def sector(self, sector: str, base: float) -> tuple[float, dict[str, float], list[GoodRate]]:
        """Applied rate, increments by authority, goods; all fractions."""
        points: dict[str, float] = {}
        if sector in self.untaxed:
            return base, points, []
        goods: list[GoodRate] = []
        for good, share in self.goods(sector):
            added = self.increments(good, sector, base)
            for authority, increment in added:
                points[authority] = points.get(authority, 0.0) + share * increment
            goods.append(GoodRate(good, share, base + sum(increment for _, increment in added)))
        for duty in self.duties:
            if sector in duty.rates:
                points[duty.authority] = points.get(duty.authority, 0.0) + duty.rates[sector] / 100.0
        return base + sum(points.values()), points, goods


def _by_sector(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        for sector in row.shares:
            found.setdefault(sector, []).append(row)
    return found


def sector_rate(
    law: Law,
    importer: str,
    exporter: str,
    sector: str,
    on: dt.date,
    base_rate: float,
    statuses: Collection[str],
) -> SectorRate:
    """See `Law.sector_rate`."""
    _begun(law, on)
    pair = PairDay(law, importer, exporter, on, statuses)
    rate, points, goods = pair.sector(sector, base_rate)
    return SectorRate(
        rate=rate,
        base_rate=base_rate,
        parts=tuple((authority, 100.0 * increment) for authority, increment in points.items() if increment),
        goods=tuple(goods),
        unconfirmed=_left_out(law, importer, exporter, goods, pair),
    )


def _left_out(law: Law, importer: str, exporter: str, goods: Sequence[GoodRate], pair: PairDay) -> tuple[str, ...]:
    """The possible law that the asked statuses leave out of a sector's rate."""
    also = {"in_force", "unconfirmed", "announced", *pair.statuses}
    rows = law.rows(importer, exporter, pair.on, also, for_sectors=True)
    found: dict[str, None] = {}
    for good in goods:
        for entry, _ in hits(rows, law.lineages[good.good], pair.rules, pair.statuses).values():
            if entry.status not in pair.statuses and entry.status != "in_force":
                label = f"{entry.authority}/{entry.action}" if entry.action else entry.authority
                found[f"{label} {entry.rate:g} percent, {entry.status} from {entry.since}"] = None
    return tuple(found)


def tariffs(
    law: Law,
    base: NDArray[np.float64],
    regions: Sequence[str],
    sectors: Sequence[str],
    on: dt.date,
    statuses: Collection[str],
    pairs: Collection[tuple[str, str]] | None = None,
) -> NDArray[np.float64]:
    """See `Law.tariffs`."""
    _begun(law, on)
    shape = (len(regions), len(regions), len(sectors))
    if base.shape != shape:
        raise RequestError(
            f"the base tariffs have shape {base.shape}, but there are {len(regions)} regions and "
            f"{len(sectors)} sectors: {shape}",
            remedy="Pass an array exporter, importer, sector with labels in its order",
        )
    for region in regions:
        known(region, law.book.regions, "region")
    for sector in sectors:
        known(sector, law.book.sectors, "sector")
    result = np.array(base, dtype=np.float64)
    place = {region: i for i, region in enumerate(regions)}
    for importer, exporter in dict.fromkeys((*law.entries, *law.sector_duties)):
        wanted = pairs is None or (importer, exporter) in pairs
        if wanted and importer in place and exporter in place:
            pair = PairDay(law, importer, exporter, on, statuses)
            rates = result[place[exporter], place[importer]]
            for k, sector in enumerate(sectors):
                rates[k] = pair.sector(sector, float(rates[k]))[0]
    return result


def _begun(law: Law, on: dt.date) -> None:
    # A frozen pair is checked too: a stop before the record would be as silent.
    for day in (on, *law.stops.values()):
        if day < law.known_from:
            raise RequestError(
                f"no tariffs are known on {day}",
                why=f"The record of law begins on {law.known_from}",
                remedy="Ask for a later day",
            )
