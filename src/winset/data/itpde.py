"""USITC's International Trade and Production Database for Estimation (ITPD-E), with domestic trade, no inputs.

Borchert, Larch, Shikher and Yotov (2021, International Economics 166, 140-166;
https://www.usitc.gov/data/gravity/itpde.htm). One CSV for all years: exporter_iso3, importer_iso3, year,
industry_id, industry_descr, broad_sector, trade (millions of current US dollars), flag_mirror (1: taken from
the importer's or exporter's counterpart), flag_zero (p positive, r reported zero, u assumed zero).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from winset.core.errors import BaselineError
from winset.data.checks import blank_pairs, domestic, placeholders
from winset.data.levels import Levels
from winset.data.long_tables import Column, LongTable, open_tables
from winset.data.mappings import Concordance, unmapped_error
from winset.data.source_files import SourceFile, find_source, take

__all__ = ["read_itpde"]

COLUMNS = {
    "exporter": Column(names=("exporter_iso3",)),
    "importer": Column(names=("importer_iso3",)),
    "year": Column(names=("year",), number=True),
    "industry": Column(names=("industry_id",)),
    "sector": Column(names=("broad_sector",), required=False),
    "value": Column(names=("trade",), number=True),
    "mirror": Column(names=("flag_mirror",), required=False, blank=True),
    "zero": Column(names=("flag_zero",), required=False, blank=True),
}
MAX_CELLS = 40_000_000
"""Largest cube of flows (cells) that is made; 265 regions and 170 industries would be 12 million."""


def read_itpde(
    path: Path, year: int | None, scratch: Path, *, products: Concordance | None
) -> tuple[Levels, int, list[SourceFile]]:
    """Levels, year and source. products: industry_id to sector; None takes the four broad sectors."""
    names = [r"ITPD_?[ES]_?(?:R\d+\w*)?\.csv", r"ITPD.*\.(?:csv|csv\.gz|zip)"]
    source = take(find_source(path, names, "ITPD-E table"), "trade", scratch)
    if year is None:
        raise BaselineError("the table holds many years", file=source.path, remedy="Choose one with --year")
    with open_tables(scratch, source.text.stat().st_size) as database:
        table = LongTable(database, source, COLUMNS, name="itpd", scratch=scratch, year=year)
        table.refuse_below(
            "value", 0.0, "a trade flow is negative",
            "Negative domestic trade is gross output below exports: remove the record, or merge the region",
        )  # fmt: skip
        table.refuse_duplicates(("exporter", "importer", "industry"))
        if products is None and not table.has("sector"):
            raise table.fault(
                "the column 'broad_sector' is missing", line=1, remedy="Map industry_id to sectors with --products"
            )
        column = "sector" if products is None else "industry"
        regions = sorted({*table.distinct("exporter"), *table.distinct("importer")})
        sector_of, sectors = _sectors(table.distinct(column), products)
        if len(regions) ** 2 * len(sectors) > MAX_CELLS:
            raise table.fault(
                f"{len(regions)} regions and {len(sectors)} sectors are too many",
                remedy="Map industries to fewer sectors with --products",
            )
        place = [(region, k) for k, region in enumerate(regions)]
        kind = [(item, sectors.index(sector)) for item, sector in sector_of.items()]
        flows = table.cube(
            (("exporter", place), ("importer", place), (column, kind)), (len(regions), len(regions), len(sectors))
        )
        notes = []
        if table.has("mirror"):
            mirrored, total = table.ask(
                "SELECT sum(value) FILTER (WHERE trim(mirror) = '1'), sum(value) FROM itpd"
            )[0]
            notes.append(
                f"{(mirrored or 0) / max(total, 1e-300):.1%} of trade by value is mirrored from the partner's "
                "report."
            )
        if table.has("zero"):
            assumed = table.ask("SELECT count(*) FROM itpd WHERE trim(zero) = 'u'")[0][0]
            notes.append(f"{assumed:,} of {table.rows:,} records are zeros that nobody reported.")
    names_ = tuple(regions)
    findings = domestic(flows, names_, tuple(sectors), source.path)
    findings += blank_pairs(flows, names_, source.path) + placeholders(flows, names_, tuple(sectors), source.path)
    levels = Levels(
        regions=names_, sectors=tuple(sectors), flows=flows, tariffs=np.zeros_like(flows), notes=tuple(notes),
        findings=tuple(findings),
    )  # fmt: skip
    return levels, year, [source]


def _sectors(items: list[str], products: Concordance | None) -> tuple[dict[str, str], list[str]]:
    """The sector of each industry (or broad sector), and the sectors in order."""
    if products is None:
        sector_of = {item: item.replace(" ", "") for item in items}
        return sector_of, sorted(set(sector_of.values()))
    found = {item: products.exact(item) for item in items}
    missing = [item for item, sector in found.items() if sector is None]
    if missing:
        raise unmapped_error(products.path, missing, products.sector_of, "industry")
    kept = {item: sector for item, sector in found.items() if sector is not None}
    return kept, [sector for sector in products.sectors if sector in kept.values()]
