"""The dated law of tariffs: which rate applied to this good on that day, under which authority, says who.

A law is read from a file by `load_law`, asked with `rate`, `sector_rate` and `tariffs`, and changed, never in
place, by `with_terms` (a package), `frozen` (rates as of a day) and `without` (an authority struck down).
Where the record does not know, the answer is unknown with a reason, never zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError
from winset.core.names import known
from winset.package import sector_rates
from winset.package.law_answers import RateAnswer, RatePart, compose, unknown
from winset.package.law_extends import read_law
from winset.package.law_rules import Active, Hit, Key, active, authority_names, hits, lineage, names, partners
from winset.package.law_schema import Entry, Kind, LawFile, SectorDuty, Stacking
from winset.package.sector_rates import SectorRate

__all__ = ["Law", "RateAnswer", "RatePart", "SectorRate", "Term", "load_law"]

Pair = tuple[str, str]
"""Importer and exporter."""
_OPEN = ("unconfirmed", "announced")
"""Statuses that may be law: a good they reach has no known rate."""


class Term(Protocol):
    """A tariff term of a package. `action` may be absent."""

    @property
    def importer(self) -> str: ...
    @property
    def exporter(self) -> str: ...
    @property
    def good(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def rate(self) -> float: ...
    @property
    def kind(self) -> Kind: ...


@dataclass(frozen=True, kw_only=True)
class Law:
    """All rows of a law file, by trading pair, with the judgements that carry them to sectors."""

    book: LawFile
    """The file as read: goods, regions, sectors, stacking, shares, exemptions."""
    entries: Mapping[Pair, tuple[Entry, ...]]
    """Rows by (importer, exporter)."""
    sector_duties: Mapping[Pair, tuple[SectorDuty, ...]]
    """Duties known by sector, by (importer, exporter)."""
    stops: Mapping[Pair, dt.date] = field(default_factory=dict)
    """Pairs whose law is that of one day, whatever day is asked."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Every file it was read from: that of the case, then those it extends."""

    @property
    def base_date(self) -> dt.date:
        """The day whose law the base-year trade data already contain."""
        return self.book.base_date

    @property
    def known_from(self) -> dt.date:
        """The first day of the record."""
        return self.book.known_from

    @cached_property
    def lineages(self) -> Mapping[str, tuple[str, ...]]:
        """Every good with its parents, nearest first."""
        return {good: lineage(self.book.goods, good) for good in self.book.goods}

    def day(self, importer: str, exporter: str, on: dt.date) -> dt.date:
        """The day whose law is used for this pair when `on` is asked."""
        return self.stops.get((importer, exporter), on)

    def rows(
        self,
        importer: str,
        exporter: str,
        on: dt.date,
        statuses: Collection[str],
        *,
        for_sectors: bool = False,
    ) -> Active:
        """Rows of a pair on a day, by good; `for_sectors` leaves out those another row already counts."""
        entries = self.entries.get((importer, exporter), ())
        return active((e for e in entries if e.aggregate or not for_sectors), on, statuses)

    def rules(self, importer: str, exporter: str, on: dt.date) -> tuple[Stacking, ...]:
        """Stacking rules of a pair on a day, in the order of the file."""
        return tuple(
            rule
            for rule in self.book.stacking
            if rule.importer in (None, importer)
            and (not rule.exporters or exporter in rule.exporters)
            and rule.covers(on)
        )

    def rate(self, importer: str, exporter: str, good: str, on: dt.date) -> RateAnswer:
        """The duty (percent) on one good on one day, its parts and their sources, or unknown and why.

        Raises UnknownNameError for a region or good that the file does not name, RequestError for trade
        of a region with itself.
        """
        self._pair(importer, exporter)
        known(good, self.book.goods, "good")
        asked, on = on, self.day(importer, exporter, on)
        if on < self.known_from:
            return unknown(asked, f"the record begins on {self.known_from}")
        rules = self.rules(importer, exporter, on)
        line = self.lineages[good]
        rows = self.rows(importer, exporter, on, ("in_force", *_OPEN))
        chosen = hits(rows, line, rules, ("in_force",))
        doubtful = [hit.entry for hit in chosen.values() if hit.entry.status in _OPEN]
        if doubtful:
            return unknown(asked, _doubt(doubtful, list(chosen.values())))
        if chosen:
            late = self.book.last_seen if on > self.book.last_seen else None
            return compose(asked, list(chosen.values()), last_seen=late)
        for normal in self.book.normal_duty:
            inside = importer in partners(normal.importers, "", self.book.regions)
            if inside and exporter in partners(normal.exporters, importer, self.book.regions):
                part = RatePart(
                    authority=normal.authority,
                    rate=0.0,
                    kind="additional",
                    since=self.known_from,
                    until=None,
                    citation=normal.citation,
                    good=good,
                    note=normal.note or "no duty beyond the normal one is on record for this day",
                )
                return RateAnswer(on=asked, rate=0.0, kind="additional", parts=(part,))
        return unknown(asked, f"the record says nothing of the duties of {importer} on goods from {exporter}")

    def sector_rate(
        self,
        importer: str,
        exporter: str,
        sector: str,
        on: dt.date,
        base_rate: float,
        statuses: Collection[str] = ("in_force",),
    ) -> SectorRate:
        """The applied rate (fraction) of a sector: over its goods, share times rate, on top of `base_rate`.

        `base_rate` is the sector's normal (MFN or preference) rate as a fraction. Raises UnknownNameError,
        and RequestError for a day before the record or a region's trade with itself.
        """
        self._pair(importer, exporter)
        known(sector, self.book.sectors, "sector")
        return sector_rates.sector_rate(self, importer, exporter, sector, on, base_rate, statuses)

    def tariffs(
        self,
        base: NDArray[np.float64],
        regions: Iterable[str],
        sectors: Iterable[str],
        on: dt.date,
        statuses: Collection[str] = ("in_force",),
        pairs: Collection[tuple[str, str]] | None = None,
    ) -> NDArray[np.float64]:
        """`base` (exporter, importer, sector; fractions) with the law of that day laid on it; base is kept.

        pairs: (importer, exporter) to lay it on, all by default. Pairs of which the law says nothing keep
        their base rate. Raises RequestError for a wrong shape or a day before the record, UnknownNameError
        for a region or sector that the law file does not know.
        """
        return sector_rates.tariffs(self, base, list(regions), list(sectors), on, statuses, pairs)

    def with_terms(self, terms: Iterable[Term]) -> Law:
        """This law with a package's terms in place of the rows for the same pair, good and authority.

        A term holds on all days. Rows for other goods stay, so a term for `everything-else` leaves the
        named goods alone. A term without `action` takes that of the row it replaces.
        """
        entries = dict(self.entries)
        for term in terms:
            pair = (term.importer, term.exporter)
            self._pair(*pair)
            known(term.good, self.book.goods, "good")
            known(term.authority, self.book.authorities, "authority")
            action: str | None = getattr(term, "action", None) or None
            kept: list[Entry] = []
            replaced: list[Entry] = []
            for entry in entries.get(pair, ()):
                same = entry.good == term.good and entry.authority == term.authority
                same = same and action in (None, entry.action)
                (replaced if same else kept).append(entry)
            actions = {entry.action for entry in replaced}
            if action is None and len(actions) > 1:
                raise RequestError(
                    f"{term.importer} has several duties under {term.authority} on {term.good} from "
                    f"{term.exporter}: {', '.join(sorted(actions))}",
                    remedy="Name one of them as the term's 'action'",
                )
            claims = tuple(getattr(term, "citation", ()))
            entry = Entry(
                importer=term.importer,
                exporters=(term.exporter,),
                good=term.good,
                authority=term.authority,
                action=action or next(iter(actions), ""),
                rate=float(term.rate),
                kind=term.kind,
                since=min(self.known_from, self.base_date),
                citation=f"term of the package ({', '.join(claims)})" if claims else "term of the package",
                confidence="high",
            )
            entries[pair] = (*kept, entry)
        return replace(self, entries=entries)

    def frozen(self, pairs: Iterable[Pair], on: dt.date) -> Law:
        """This law, but for these (importer, exporter) pairs that of day `on`, whatever day is asked."""
        stops = dict(self.stops)
        for importer, exporter in pairs:
            self._pair(importer, exporter)
            stops[importer, exporter] = on
        return replace(self, stops=stops)

    def without(self, authorities: Iterable[str]) -> Law:
        """This law less every duty under these authorities (`name`, or `name/action` for one action)."""
        struck = list(authorities)
        for name in struck:
            known(name, authority_names(self.book), "authority")

        def stands(key: Key) -> bool:
            return not any(names(name, key) for name in struck)

        return replace(
            self,
            entries={pair: tuple(e for e in rows if stands(e.key)) for pair, rows in self.entries.items()},
            sector_duties={
                pair: tuple(d for d in rows if stands(d.key)) for pair, rows in self.sector_duties.items()
            },
        )

    def _pair(self, importer: str, exporter: str) -> None:
        known(importer, self.book.regions, "importer")
        known(exporter, self.book.regions, "exporter")
        if importer == exporter:
            raise RequestError(f"{importer} levies no tariff on its own goods", remedy="Name another exporter")


def _doubt(doubtful: list[Entry], chosen: list[Hit]) -> str:
    """Why a rate is unknown: the law that may or may not hold, and what is certain beside it."""
    rows = "; ".join(
        f"{e.authority} {e.rate:g} percent ({e.action or e.good}, {e.status} from {e.since}: {e.citation})"
        for e in doubtful
    )
    certain = [hit.entry for hit in chosen if hit.entry.status == "in_force"]
    beside = ", ".join(f"{e.authority} {e.rate:g}" for e in certain)
    return f"never seen called in force: {rows}" + (f". Certain beside it: {beside} percent" if beside else "")


def load_law(path: Path) -> Law:
    """Read and check a law file and those it extends; every fault names its file and line."""
    book, _, files = read_law(path)
    entries: dict[Pair, list[Entry]] = {}
    for entry in book.entries:
        for exporter in partners(entry.exporters, entry.importer, book.regions, entry.barring):
            entries.setdefault((entry.importer, exporter), []).append(entry)
    duties: dict[Pair, list[SectorDuty]] = {}
    for duty in book.sector_rates:
        for exporter in partners(duty.exporters, duty.importer, book.regions):
            duties.setdefault((duty.importer, exporter), []).append(duty)
    return Law(
        book=book,
        entries={pair: tuple(rows) for pair, rows in entries.items()},
        sector_duties={pair: tuple(rows) for pair, rows in duties.items()},
        files=files,
    )
