"""What no single row of a law file can show: unknown names, rows that contradict, shares above one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from winset.core.casefile import Located
from winset.core.names import known
from winset.package.law_rules import authority_names, lineage, partners
from winset.package.law_schema import ALL_GOODS, EVERYTHING_ELSE, LawFile, Scoped, SectorShare

__all__ = ["check"]

ALL = "all"
_ELSEWHERE = ""
"""Stands for any region that no row names, when shares are added up."""


def check(law: LawFile, located: Located) -> None:
    """Raise CaseFileError or UnknownNameError, with file and line, at the first fault."""
    _goods(law, located)
    _names(law, located)
    _entries(law, located)
    _shares(law, located)
    _one_row_each(law, located)


def _known(located: Located, what: str, names: Iterable[str], choices: Sequence[str], *path: str | int) -> None:
    for name in names:
        known(name, choices, what, file=located.file_of(path), line=located.line(path))


def _goods(law: LawFile, located: Located) -> None:
    for name in (EVERYTHING_ELSE, ALL_GOODS):
        if name not in law.goods:
            raise located.error(f"the good {name!r} is missing", ("goods",), remedy="Add it with a label")
    for name, good in law.goods.items():
        _known(located, "good", good.parents, list(law.goods), "goods", name)
    for name in law.goods:
        if name in lineage(law.goods, name)[1:]:
            raise located.error(f"the good {name!r} is its own parent", ("goods", name))


def _names(law: LawFile, located: Located) -> None:
    regions, sectors, goods = list(law.regions), list(law.sectors), list(law.goods)
    authorities = list(law.authorities)
    scoped = authority_names(law)
    _known(located, "sector", law.untaxed, sectors, "untaxed")
    for i, duty in enumerate(law.normal_duty):
        for names in (duty.importers, duty.exporters):
            _known(located, "region", (n for n in names if n != ALL), regions, "normal_duty", i)
    for section in ("stacking", "compliance", "sector_shares", "exemptions", "sector_rates", "entries"):
        for i, row in enumerate(getattr(law, section)):
            at = (section, i)
            if row.importer is not None:
                _known(located, "region", [row.importer], regions, *at, "importer")
            _known(located, "region", (n for n in row.exporters if n != ALL), regions, *at, "exporters")
            if hasattr(row, "good"):
                _known(located, "good", [row.good], goods, *at, "good")
            if hasattr(row, "authority"):
                _known(located, "authority", [row.authority], authorities, *at, "authority")
            for field in ("shares", "rates"):
                _known(located, "sector", getattr(row, field, ()), sectors, *at, field)
    for i, entry in enumerate(law.entries):
        _known(located, "region", entry.barring, regions, "entries", i, "except")
    for i, rule in enumerate(law.stacking):
        _known(located, "authority", rule.excludes, scoped, "stacking", i, "excludes")
        _known(located, "good", rule.goods, goods, "stacking", i, "goods")
    for i, exemption in enumerate(law.exemptions):
        _known(located, "authority", exemption.authorities, scoped, "exemptions", i, "authorities")
    for i, claim in enumerate(law.compliance):
        _known(located, "sector", claim.sectors, sectors, "compliance", i, "sectors")
        _known(located, "good", [*claim.twins, *claim.twins.values()], goods, "compliance", i, "twins")


def _overlap(a: tuple[dt.date | None, dt.date | None], b: tuple[dt.date | None, dt.date | None]) -> bool:
    (a_since, a_until), (b_since, b_until) = a, b
    return (a_until is None or b_since is None or b_since <= a_until) and (
        b_until is None or a_since is None or a_since <= b_until
    )


def _entries(law: LawFile, located: Located) -> None:
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, entry in enumerate(law.entries):
        for exporter in partners(entry.exporters, entry.importer, law.regions, entry.barring):
            key = (entry.importer, exporter, entry.good, *entry.key, entry.status)
            for j in seen[key]:
                other = law.entries[j]
                if _overlap((entry.since, entry.until), (other.since, other.until)):
                    there = located.mention(("entries", j), ("entries", i))
                    raise located.error(
                        f"this row overlaps the one on {there}: both say what "
                        f"{entry.importer} levies on {entry.good} from {exporter} under {entry.authority} "
                        f"({other.rate:g} and {entry.rate:g} percent)",
                        ("entries", i),
                        remedy="End one before the other begins, or give one an 'action' if they add up",
                    )
            seen[key].append(i)


def _tied(rows: Sequence[tuple[int, Scoped]], located: Located, section: str, what: str) -> None:
    """Two rows of equal precision that reach the same trade on the same day would be a coin toss."""
    for n, (i, row) in enumerate(rows):
        for j, other in rows[:n]:
            shared = not row.exporters or not other.exporters or set(row.exporters) & set(other.exporters)
            importers = {row.importer, other.importer}
            if (
                row.precision == other.precision
                and shared
                and (len(importers) == 1 or None in importers)
                and _overlap((row.since, row.until), (other.since, other.until))
            ):
                there = located.mention((section, j), (section, i))
                raise located.error(
                    f"{what} is given here and on {there} for the same trade",
                    (section, i),
                    remedy="Keep one, or limit them by exporters, since and until",
                )


def _one_row_each(law: LawFile, located: Located) -> None:
    shares: dict[tuple[str, str], list[tuple[int, Scoped]]] = defaultdict(list)
    exempt: dict[tuple[str, str], list[tuple[int, Scoped]]] = defaultdict(list)
    for i, row in enumerate(law.sector_shares):
        for sector in row.shares:
            shares[sector, row.good].append((i, row))
    for i, exemption in enumerate(law.exemptions):
        for sector in exemption.shares:
            for authority in exemption.authorities:
                exempt[sector, authority].append((i, exemption))
    for (sector, name), rows in shares.items():
        _tied(rows, located, "sector_shares", f"the share of {name} in {sector}")
    for (sector, name), rows in exempt.items():
        _tied(rows, located, "exemptions", f"the share of {sector} exempt from {name}")


def _shares(law: LawFile, located: Located) -> None:
    for sector in law.sectors:
        rows = [(i, row) for i, row in enumerate(law.sector_shares) if sector in row.shares]
        importers = {row.importer or _ELSEWHERE for _, row in rows} | {_ELSEWHERE}
        exporters = {name for _, row in rows for name in row.exporters} | {_ELSEWHERE}
        days = {law.known_from, law.last_seen}
        for _, row in rows:
            days |= {day for day in (row.since, row.until) if day is not None}
        # Sorted, so that the same file always gives the same message.
        for importer in sorted(importers):
            for exporter in sorted(exporters):
                for day in sorted(days):
                    _sum(sector, rows, importer, exporter, day, located)


def _sum(
    sector: str,
    rows: Sequence[tuple[int, SectorShare]],
    importer: str,
    exporter: str,
    day: dt.date,
    located: Located,
) -> None:
    best: dict[str, tuple[int, SectorShare]] = {}
    for i, row in rows:
        if row.reaches(importer, exporter, day):
            held = best.get(row.good)
            if held is None or row.precision > held[1].precision:
                best[row.good] = (i, row)
    total = sum(row.shares[sector].share for _, row in best.values())
    if total > 1 + 1e-9:
        rows_used = [i for i, _ in best.values()]
        # Rows of the file that was opened come before those it takes over from another: blame one of its own.
        own = [i for i in rows_used if located.file_of(("sector_shares", i)) == located.file]
        at = ("sector_shares", max(own or rows_used), "shares", sector)
        where = ", ".join(
            f"{good} on {located.mention(('sector_shares', i), at)}" for good, (i, _) in best.items()
        )
        raise located.error(
            f"the shares of {sector} add to {total:.3g}, more than 1 ({where})",
            at,
            why=f"This is for {exporter or 'other exporters'} to {importer or 'other importers'} on {day}",
            remedy="Lower one of them",
        )
