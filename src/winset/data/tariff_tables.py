"""Tariff tables of three layouts, put on the countries and sectors of a world.

teti  Global Tariff Database (Teti 2024, ECARES working paper 2024-04): iso1 levies on iso2; year; sector or HS
      code; tariff in percent (`tariff_w` where it gives weighted means).
wits  World Bank WITS, UNCTAD TRAINS: Reporter levies on Partner; Product; Tariff Year; DutyType (AHS applied,
      MFN, BND bound, PRF preferential); Simple Average, Weighted Average, Imports Value in 1000 USD; percent.
      https://wits.worldbank.org/wits/wits/witshelp/Content/Data_Retrieval/P/AQ/C5.AQ_Results.htm
csv   exporter, importer, sector (or product), tariff; fractions.

A pair with trade and without a rate is a finding, never a silent zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from winset.core.errors import BaselineError, RequestError
from winset.core.names import known
from winset.data.checks import swapped
from winset.data.findings import Finding
from winset.data.levels import Floats, Levels
from winset.data.long_tables import LongTable, open_tables
from winset.data.mappings import Concordance, read_pairs, unmapped_error
from winset.data.source_files import SourceFile, take
from winset.data.tariff_layouts import LAYOUTS, WEIGHT, Layout, layout_of

__all__ = ["TariffRequest", "with_tariffs"]

WORLD = ("000", "0", "WLD", "World", "All")
"""How a table writes "any partner" for a most-favoured-nation rate."""
HIGHEST = 30.0
"""A rate above 3,000 percent is a mistake of unit or of column."""


DUTY_TYPES = ("AHS", "MFN", "BND", "PRF")


@dataclass(frozen=True, kw_only=True)
class TariffRequest:
    """What to read and how."""

    path: Path
    layout: str | None = None
    """teti, wits or csv; None: told by the columns."""
    year: int | None = None
    """Year of the tariffs where the table has several."""
    unit: str | None = None
    """percent or fraction; None: the layout's."""
    products: Concordance | None = None
    """Product codes to sectors of the world; None: the codes are the world's sectors."""
    countries: Path | None = None
    """Codes of the table to the world's (840,USA; EUN,DEU; EUN,FRA): a code may stand for several."""
    duty: str = "AHS"
    """Which DutyType of a WITS table."""
    mean: str = "simple"
    """simple or weighted (by the table's imports)."""


def with_tariffs(levels: Levels, request: TariffRequest, scratch: Path) -> tuple[Levels, list[SourceFile], str]:
    """The levels with tariffs of the table, its sources, and the name of its layout."""
    source = take(request.path, "tariffs", scratch)
    name = request.layout or layout_of(source)
    layout = LAYOUTS[known(name, LAYOUTS, "layout of tariffs")]
    with open_tables(scratch, source.text.stat().st_size) as database:
        table = LongTable(database, source, layout.columns, name="tariffs", scratch=scratch, year=request.year)
        _one_year(table)
        where = _one_duty(table, request)
        table.refuse_below(
            "rate", 0.0, "a tariff is negative", "Subsidies on imports are not tariffs: remove the record"
        )
        column = _column(table, request)
        percent = _percent(table, column, layout, request)
        table.refuse_duplicates(("importer", "exporter", "product", *(("kind",) if table.has("kind") else ())))
        blank = table.ask(f"SELECT count(*) FROM tariffs WHERE {where} AND {column} IS NULL")[0][0]  # noqa: S608
        weight = f"coalesce({WEIGHT}, 0)" if request.mean == "weighted" and table.has(WEIGHT) else "1"
        total, count, notes = _on_axes(levels, table, column, weight, f"{where} AND {column} IS NOT NULL", request)
    rate = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0) / (100 if percent else 1)
    if np.nanmax(rate, initial=0.0) > HIGHEST:
        at = np.unravel_index(int(np.nanargmax(rate)), rate.shape)
        raise BaselineError(
            f"the tariff of {levels.regions[at[1]]} on {levels.regions[at[0]]}, {levels.sectors[at[2]]}, is "
            f"{rate[at]:.0%}", file=source.path, remedy="Check the unit with --tariff-unit percent",
        )  # fmt: skip
    if blank:
        notes.append(f"{blank:,} records of the tariff table without a rate were passed over.")
    filled, more, findings = _fill(levels, rate, source, given=name == "csv")
    findings += swapped(filled, levels.regions, source.path)
    return (
        replace(
            levels,
            tariffs=filled,
            notes=(*levels.notes, *notes, *more),
            findings=(*levels.findings, *findings),
        ),
        [source],
        name,
    )


def _one_year(table: LongTable) -> None:
    if table.has("year"):
        years = [int(row[0]) for row in table.ask("SELECT DISTINCT year FROM tariffs ORDER BY 1")]
        if len(years) > 1:
            raise table.fault(
                f"the tariff table holds {len(years)} years ({years[0]} to {years[-1]})",
                remedy="Choose one with --tariff-year",
            )


def _one_duty(table: LongTable, request: TariffRequest) -> str:
    if not table.has("kind"):
        return "true"
    kinds = [row[0] for row in table.ask("SELECT DISTINCT kind FROM tariffs ORDER BY 1")]
    known(request.duty, DUTY_TYPES, "duty type")
    if request.duty not in kinds:
        raise table.fault(
            f"the table has no rates of type {request.duty}", why=f"Types in it: {', '.join(map(str, kinds))}",
            remedy="Choose one with --duty",
        )  # fmt: skip
    return f"kind = '{request.duty}'"


def _column(table: LongTable, request: TariffRequest) -> str:
    if request.mean not in ("simple", "weighted"):
        raise RequestError(f"the mean {request.mean!r} is neither simple nor weighted")
    if request.mean == "weighted" and table.has("weighted"):
        return "weighted"
    if request.mean == "weighted" and not table.has(WEIGHT):
        raise table.fault(
            "the table has neither weighted means nor imports", remedy="Leave out --tariff-mean weighted"
        )
    return "rate"


def _percent(table: LongTable, column: str, layout: Layout, request: TariffRequest) -> bool:
    """The unit, held against the figures: positive rates are not half above 100 percent, nor all below 1."""
    if request.unit not in (None, "percent", "fraction"):
        raise RequestError(f"the unit {request.unit!r} is neither percent nor fraction")
    percent = layout.percent if request.unit is None else request.unit == "percent"
    middle, high, many = table.ask(
        f"SELECT median({column}), quantile_cont({column}, 0.95), count(*) FROM tariffs WHERE {column} > 0"  # noqa: S608
    )[0]
    if not many:
        return percent
    if not percent and middle >= 1:
        raise table.fault(
            f"read as fractions, the median positive tariff is {middle:.0%}",
            why=f"Half of {many:,} positive rates are {middle:g} or more, so the column "
            f"{table.found[column]!r} is in percent",
            remedy="Say --tariff-unit percent, or divide the column by 100",
        )
    if percent and high <= 1 and many >= 20:
        raise table.fault(
            f"read as percent, 95 of 100 positive tariffs are {high:g} percent or less",
            why=f"The column {table.found[column]!r} looks like fractions (0.25 for 25 percent)",
            remedy="Say --tariff-unit fraction",
        )
    return percent


def _country_codes(request: TariffRequest, levels: Levels) -> dict[str, list[int]]:
    place = {region: k for k, region in enumerate(levels.regions)}
    codes = {region: [k] for region, k in place.items()}
    if request.countries is not None:
        for line, code, region in read_pairs(request.countries):
            if region in place:
                codes.setdefault(code, []).append(place[region])
            elif code in place:
                known(region, levels.regions, "region", file=request.countries, line=line)
    return codes


def _on_axes(
    levels: Levels, table: LongTable, column: str, weight: str, where: str, request: TariffRequest
) -> tuple[Floats, Floats, list[str]]:
    """(n, n, s) sums of rate times weight and of weights, and what was passed over."""
    codes = _country_codes(request, levels)
    kind = {sector: k for k, sector in enumerate(levels.sectors)}
    products = {code: _sector(code, request, kind) for code in table.distinct("trim(product)")}
    lost = {code for code, sector in products.items() if sector is None}
    if lost:
        path = request.products.path if request.products else table.source.path
        choices: Sequence[str] = list(request.products.sector_of) if request.products else levels.sectors
        if not request.products and len(lost) == len(products):
            raise table.fault(
                f"no product code of the tariff table ({', '.join(sorted(lost)[:5])}) is a sector of the world",
                remedy="Map product codes to sectors with --tariff-products FILE (code,sector)",
            )
        raise unmapped_error(path, lost, choices, "product")
    names = {*table.distinct("trim(importer)"), *table.distinct("trim(exporter)")}
    outside = sorted(names - set(codes) - set(WORLD))
    place = [(code, k) for code in sorted(names & set(codes)) for k in codes[code]]
    sector_of = [(code, sector) for code, sector in products.items() if sector is not None]
    axes = (("trim(exporter)", place), ("trim(importer)", place), ("trim(product)", sector_of))
    world = ", ".join(f"'{name}'" for name in WORLD)
    shape = levels.flows.shape
    total = table.cube(axes, shape, value=f"{column} * {weight}", where=where)
    count = table.cube(axes, shape, value=weight, where=where)
    some = f"{where} AND trim(exporter) IN ({world})"
    any_total = table.cube(axes[1:], shape[1:], value=f"{column} * {weight}", where=some)
    any_count = table.cube(axes[1:], shape[1:], value=weight, where=some)
    if not count.any() and not any_count.any():
        raise table.fault(
            f"no country of the tariff table ({', '.join(outside[:5])}) is a region of the world",
            remedy="Map its codes with --tariff-countries FILE (code,region)",
        )
    gap = (count == 0) & (any_count > 0)[None]
    total, count = np.where(gap, any_total[None], total), np.where(gap, any_count[None], count)
    passed = f"{len(outside)} countries of the tariff table are not in the world and were passed over."
    return total, count, [passed] if outside else []


def _sector(product: str, request: TariffRequest, kind: dict[str, int]) -> int | None:
    if request.products is not None:
        sector = request.products.lookup(product)
        return None if sector is None else kind.get(sector)
    return kind.get(product)


def _fill(
    levels: Levels, rate: Floats, source: SourceFile, *, given: bool
) -> tuple[Floats, list[str], list[Finding]]:
    """Rates everywhere: zero at home and where the table has no goods; elsewhere a missing rate is a finding."""
    n = len(levels.regions)
    home = np.eye(n, dtype=bool)[:, :, None]
    covered = np.asarray(np.isfinite(rate).any(axis=(0, 1)))
    free = [sector for sector, one in zip(levels.sectors, covered.tolist(), strict=True) if not one]
    notes = [f"Sectors without any tariff in the table pay nothing: {', '.join(free)}."] if free else []
    missing = ~np.isfinite(rate) & ~home & covered[None, None] & (levels.flows > 0)
    findings: list[Finding] = []
    trade = np.where(home, 0.0, np.maximum(levels.flows, 0.0))[:, :, covered]
    lost = float(np.where(missing, levels.flows, 0.0).sum() / max(trade.sum(), 1e-300))
    # The importer's mean over its other partners stands in: nearest to its most-favoured-nation rate.
    have = np.isfinite(rate) & ~home
    mean = np.divide(
        np.where(have, rate, 0).sum(axis=0),
        have.sum(axis=0),
        out=np.zeros(rate.shape[1:]),
        where=have.sum(axis=0) > 0,
    )
    filled = np.where(np.isfinite(rate), rate, 0.0 if given else np.broadcast_to(mean[None], rate.shape))
    filled = np.where(home, 0.0, filled)
    if missing.any() and given:
        notes.append(
            f"{int(missing.sum()):,} flows ({lost:.1%} of trade) are not named in the tariff table: no tariff."
        )
    elif missing.any():
        by_importer = np.where(missing, levels.flows, 0.0).sum(axis=(0, 2))
        worst = [levels.regions[k] for k in np.argsort(-by_importer)[:8] if by_importer[k] > 0]
        findings.append(
            Finding(
                code="tariffs-missing",
                what=f"{int(missing.sum()):,} flows ({lost:.1%} of foreign trade in sectors with tariffs) "
                "have no rate; most "
                f"by importers {', '.join(worst)}",
                remedy="Map the codes with --tariff-countries, or take the importer's mean over its other "
                "partners",
                stops=lost > 0.01,
                file=source.path,
            )
        )
        notes.append(
            f"Where the table has no rate ({lost:.1%} of trade), the importer's simple mean over its partners "
            "stands in."
        )
    return np.ascontiguousarray(filled), notes, findings
