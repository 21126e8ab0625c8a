"""The law of a day laid on tariff lines, and how the result differs from the shares a law file states.

A line takes the good whose heading is the longest prefix of its code (of equal ones the good with most parents:
the most specific). Goods that a law names without headings (legal lists) are spread over the sector's other lines
by the law's own shares; so are preference claims and exempt lists, which no heading tells.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from winset.core.names import known
from winset.data.lines.aggregate import AddedDuties, AddedDuty, SectorTariffs, aggregate_lines
from winset.package.law import Law, load_law
from winset.package.law_schema import EVERYTHING_ELSE

# The rules from rows to a rate are those of the sector path: written once, there.
from winset.package.sector_rates import PairDay

__all__ = [
    "Difference",
    "aggregate_with_law",
    "difference_text",
    "differences",
    "differences_csv",
    "duties_on_lines",
    "headings",
]

IN_FORCE = ("in_force",)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One sector by both ways."""

    importer: str
    exporter: str
    sector: str
    by_lines: float
    """Fraction: the law laid on lines, then averaged."""
    by_shares: float
    """Fraction: the lines' mean, and on it the law by the shares that the law file states."""
    imports: float
    shares: Mapping[str, tuple[float, float]]
    """Good with headings: its share of imports by the lines, and by the law file."""


def headings(law: Law, spread: Collection[str] = ()) -> dict[str, str]:
    """HS prefix to good; not goods of `spread`, partial ones, or the compliant part of another."""
    for good in spread:
        known(good, law.book.goods, "good of the law")
    twins = {*spread} | {twin for claim in law.book.compliance for twin in claim.twins.values()}
    found: dict[str, str] = {}
    for good, row in law.book.goods.items():
        for code in () if row.partial or good in twins else row.hs:
            digits = "".join(ch for ch in code if ch.isdigit())
            if digits not in found or len(law.lineages[good]) > len(law.lineages[found[digits]]):
                found[digits] = good
    return found


def duties_on_lines(
    law: Law,
    on: dt.date,
    pairs: Sequence[tuple[str, str]],
    statuses: Collection[str] = IN_FORCE,
    *,
    spread: Collection[str] = (),
) -> AddedDuties:
    """What the law of a day adds to lines, for pairs (importer, exporter).

    spread: goods that are laid by the law's stated shares although they have headings, as those that the law marks
    partial are, because the headings hold much else.

    Raises UnknownNameError for a region that the law does not name, RequestError for a day before its record.
    """
    places = headings(law, spread)
    placed = set(places.values())
    rows: list[AddedDuty] = []
    for importer, exporter in pairs:
        known(importer, law.book.regions, "importer of the law")
        known(exporter, law.book.regions, "exporter of the law")
        if (importer, exporter) not in law.entries and (importer, exporter) not in law.sector_duties:
            continue
        pair = PairDay(law, importer, exporter, on, statuses)
        row = partial(_row, pair, importer, exporter)
        for sector in law.book.sectors:
            if sector in pair.untaxed:
                continue
            claims, pair.claims = pair.claims, []
            whole = dict(pair.goods(sector))
            pair.claims = claims
            rest = {good: share for good, share in whole.items() if good not in placed}
            total = sum(rest.values())
            others = {good: share / total for good, share in rest.items()} if total else {EVERYTHING_ELSE: 1.0}
            rows.append(row(sector, "", _claimed(pair, sector, others)))
            rows += [row(sector, good, _claimed(pair, sector, {good: 1.0})) for good in sorted(placed)]
    return AddedDuties(goods=places, rows=rows)


def _claimed(pair: PairDay, sector: str, split: Mapping[str, float]) -> dict[str, float]:
    """A split of lines over goods with the compliant part of each taken to its twin."""
    out = dict(split)
    for claim in pair.claims:
        begun = [day for day in claim.steps if day <= pair.on]
        if not begun or (claim.sectors and sector not in claim.sectors):
            continue
        share = claim.steps[max(begun)].share
        for good, twin in claim.twins.items():
            if out.get(good):
                out[twin] = out.get(twin, 0.0) + out[good] * share
                out[good] *= 1.0 - share
    return out


def _row(
    pair: PairDay, importer: str, exporter: str, sector: str, good: str, split: Mapping[str, float]
) -> AddedDuty:
    add = sum(duty.rates[sector] / 100.0 for duty in pair.duties if sector in duty.rates)
    parts = []
    for name, share in split.items():
        floors = []
        for hit in pair.hits(name):
            entry = hit.entry
            reach = share * entry.coverage.share * (1.0 - pair.exempt_share(sector, hit))
            if entry.kind == "additional":
                add += reach * entry.rate / 100.0
            elif reach:
                floors.append((entry.rate / 100.0, reach))
        if floors:
            parts.append(tuple(floors))
    return AddedDuty(importer=importer, exporter=exporter, sector=sector, good=good, add=add, parts=tuple(parts))


def differences(
    law: Law, table: SectorTariffs, on: dt.date, statuses: Collection[str] = IN_FORCE
) -> list[Difference]:
    """Both ways for every group of which the law speaks, the largest difference first."""
    found = []
    placed = set(headings(law).values())
    for k, (importer, exporter, sector) in enumerate(
        zip(table.importers, table.exporters, table.sectors, strict=True)
    ):
        pair = (importer, exporter)
        if sector not in law.book.sectors or (pair not in law.entries and pair not in law.sector_duties):
            continue
        answer = law.sector_rate(importer, exporter, sector, on, float(table.base[k]), statuses)
        by_good = table.goods.get((importer, exporter, sector), {})
        total = sum(by_good.values())
        stated = {good.good: good.share for good in answer.goods}
        goods = sorted({*(g for g in by_good if g), *(g for g in stated if g in placed)})
        shares = {g: (by_good.get(g, 0.0) / total, stated.get(g, 0.0)) for g in goods} if total else {}
        found.append(
            Difference(
                importer=importer,
                exporter=exporter,
                sector=sector,
                by_lines=float(table.rates[k]),
                by_shares=answer.rate,
                imports=float(table.imports[k]),
                shares=shares,
            )
        )
    return sorted(
        found, key=lambda one: (-abs(one.by_lines - one.by_shares), one.importer, one.exporter, one.sector)
    )


def aggregate_with_law(
    path: Path, case: str | None, *, on: dt.date, spread: Collection[str] = (), **options: Any
) -> tuple[Law | None, SectorTariffs]:
    """`aggregate_lines` with the law of a case (a folder or a shipped name) laid on; None: the lines alone.

    With a law the sectors are its own; without a mapping of regions a general rate is laid out over its regions.
    """
    if case is None:
        return None, aggregate_lines(path, on=on, **options)
    from winset.package.folder import case_folder

    law = load_law(case_folder(case) / "law.yaml")
    if options.get("regions") is None:
        options["exporters"] = law.book.regions
    eta = options.get("eta")
    if isinstance(eta, Mapping):
        for sector in law.book.sectors:
            known(sector, eta, "sector of the baseline")
    options["sectors"] = law.book.sectors
    return law, aggregate_lines(path, on=on, added=partial(duties_on_lines, law, on, spread=spread), **options)


def differences_csv(found: Sequence[Difference]) -> str:
    """One line a sector: both rates in percent, the difference, what it is of imports, shares of goods."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["importer", "exporter", "sector", "by_lines_percent", "by_shares_percent", "difference_points", "imports",
         "shares_lines_and_law"]
    )  # fmt: skip
    for one in found:
        gap = 100 * (one.by_lines - one.by_shares)
        shares = "; ".join(f"{good} {a:.1%} and {b:.1%}" for good, (a, b) in one.shares.items())
        writer.writerow([
            one.importer, one.exporter, one.sector, f"{100 * one.by_lines:.6g}", f"{100 * one.by_shares:.6g}",
            f"{gap:.6g}", f"{one.imports:.12g}", shares,
        ])  # fmt: skip
    return stream.getvalue()


def difference_text(found: Sequence[Difference], shown: int = 15) -> str:
    """The largest differences in words; empty without a law."""
    apart = [one for one in found if abs(one.by_lines - one.by_shares) > 5e-5]
    if not found:
        return ""
    out = [f"Lines against the shares stated in the law: {len(apart)} of {len(found)} sectors differ"]
    for one in apart[:shown]:
        out.append(
            f"{one.importer} on {one.exporter}, {one.sector}: {100 * one.by_lines:.2f} percent by lines, "
            f"{100 * one.by_shares:.2f} by shares"
            + "".join(
                f"; {good} {a:.0%} of imports, stated {b:.0%}" for good, (a, b) in list(one.shares.items())[:4]
            )
        )
    wide = sorted(_wide(found))
    if wide:
        out.append(
            f"The headings of {', '.join(wide)} hold far more than the law says is theirs: if the law means "
            "a part of those goods, lay it by stated shares with --spread"
        )
    if len(apart) > shown:
        out.append(f"and {len(apart) - shown} more (--report FILE)")
    return "\n".join(out)


def _wide(found: Sequence[Difference]) -> set[str]:
    """Goods with several times the share of a sector by headings that the law states, and a tenth more."""
    return {
        good
        for one in found
        for good, (by_lines, stated) in one.shares.items()
        if stated > 0 and by_lines > 4 * stated and by_lines - stated > 0.1
    }
