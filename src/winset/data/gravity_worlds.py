"""Bilateral trade of BACI with domestic sales made up from World Bank GDP.

BACI (Gaulier and Zignago 2010, CEPII working paper 2010-23;
http://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37): `BACI_HS22_Y2023_V202501.csv` with t (year),
i (exporter), j (importer), k (HS6 product), v (thousands of US dollars), q (tonnes), and
`country_codes_V202501.csv` with country_code, country_name, country_iso2, country_iso3. GDP: the World Bank's
`API_NY.GDP.MKTP.CD_DS2_en_csv_v2_*.csv`, four lines above the column names, current US dollars.

BACI has no domestic sales. Output of region i is taken as `output_ratio` times GDP; what it does not export it
sells at home (at least `HOME_FLOOR` of its exports). Home sales are spread over sectors as imports are, so a
region's home share is the same in every sector: with several sectors that is an assumption, not data.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from winset.core.errors import BaselineError
from winset.data.checks import blank_pairs, placeholders
from winset.data.findings import Finding
from winset.data.levels import Floats, Levels
from winset.data.long_tables import HEADING_LINES, Column, LongTable, open_tables
from winset.data.mappings import Concordance, unmapped_error
from winset.data.source_files import SourceFile, find_source, take

__all__ = ["HOME_FLOOR", "read_baci"]

HOME_FLOOR = 0.05
"""Least home sales as a share of exports, for entrepots that export more than they produce."""
GDP_AGE = 5
"""How many years a figure of GDP may be older than the trade."""
GDP_INDICATOR = "NY.GDP.MKTP.CD"
MISSING_LIMIT = 0.02
"""Share of world trade that may be lost with countries without GDP before the build is refused."""
TRADE_BOUNDS = (0.02, 1.5)
"""World goods trade over world GDP: between 0.15 and 0.25 since 1990."""
FLOW_COLUMNS = {
    "year": Column(names=("t", "year"), number=True),
    "exporter": Column(names=("i", "exporter")),
    "importer": Column(names=("j", "importer")),
    "product": Column(names=("k", "hs6", "product")),
    "value": Column(names=("v", "value"), number=True),
}
CODE_COLUMNS = {
    "code": Column(names=("country_code",)),
    "iso3": Column(names=("country_iso3", "iso_3digit_alpha"), blank=True),
    "name": Column(
        names=("country_name", "country_name_full", "country_name_abbreviation"), required=False, blank=True
    ),
}


def read_baci(
    path: Path,
    year: int | None,
    scratch: Path,
    *,
    gdp: Path | None,
    products: Concordance | None,
    output_ratio: float = 1.0,
) -> tuple[Levels, int, list[SourceFile]]:
    """Levels, year and sources. products: HS codes to sectors, or None for HS chapters (two digits)."""
    stem = rf"BACI_HS\d\d_Y{year if year else '[0-9]{4}'}_V\w+"
    trade = take(find_source(path, [rf"{stem}\.csv", rf"{stem}\.(?:csv\.gz|zip)"], "BACI file"), "trade", scratch)
    folder = path if path.is_dir() else path.parent
    codes = take(
        find_source(folder, [r"country_codes?_V\w+\.csv", r"country_codes?\.csv"], "country codes"),
        "codes",
        scratch,
    )
    if gdp is None:
        gdp = find_source(folder, [r"API_NY\.GDP\.MKTP\.CD_.*\.csv", r".*gdp.*\.csv"], "World Bank GDP (--gdp)")
    money = take(gdp, "gross domestic product", scratch, member=r"^API_")
    named = re.search(r"_Y(\d{4})_", trade.path.name)
    if year is not None and named and int(named.group(1)) != year:
        raise BaselineError(f"--year {year}, but the file is of {named.group(1)}", file=trade.path)
    with open_tables(scratch, trade.text.stat().st_size) as database:
        table = LongTable(database, trade, FLOW_COLUMNS, name="baci", scratch=scratch, year=year)
        years = [int(row[0]) for row in table.ask("SELECT DISTINCT year FROM baci ORDER BY 1")]
        if len(years) > 1:
            raise table.fault(
                f"the file holds {len(years)} years ({years[0]} to {years[-1]})", remedy="Choose one with --year"
            )
        table.refuse_below(
            "value", 0.0, "a trade flow is negative", "Flows are values sold; download the file again"
        )
        table.refuse_duplicates(("exporter", "importer", "product"))
        home = table.ask("SELECT exporter FROM baci WHERE exporter = importer LIMIT 1")
        if home:
            raise table.fault(
                f"country {home[0][0]} exports to "
                "itself", line=table.line_of(exporter=home[0][0], importer=home[0][0]),
                remedy="BACI holds no domestic sales: check that i and j are exporter and importer",
            )  # fmt: skip
        listed = LongTable(database, codes, CODE_COLUMNS, name="codes", scratch=scratch)
        listed.refuse_duplicates(("code",))
        iso = {
            str(c).lstrip("0"): str(i)
            for c, i in listed.ask("SELECT code, iso3 FROM codes WHERE iso3 IS NOT NULL")
        }
        names = dict(listed.ask("SELECT iso3, name FROM codes")) if listed.has("name") else {}
        code = "substr(lpad(trim(product), 6, '0'), 1, " + ("6)" if products else "2)")
        sold, bought = table.distinct("ltrim(exporter, '0')"), table.distinct("ltrim(importer, '0')")
        unknown = sorted({*sold, *bought} - set(iso))
        if unknown:
            raise BaselineError(
                f"country code {unknown[0]!r} of the trade file is not listed ({len(unknown)} such codes)",
                file=codes.path, remedy="Use the country codes of the same BACI version",
            )  # fmt: skip
        sector_of = _sectors(set(table.distinct(code)), products)
        regions = sorted({iso[one] for one in (*sold, *bought)})
        held = set(sector_of.values())
        sectors = sorted(held) if products is None else [s for s in products.sectors if s in held]
        place = [(one, regions.index(iso[one])) for one in sorted({*sold, *bought})]
        kind = [(one, sectors.index(sector)) for one, sector in sector_of.items()]
        axes = (("ltrim(exporter, '0')", place), ("ltrim(importer, '0')", place), (code, kind))
        flows = table.cube(axes, (len(regions), len(regions), len(sectors))) / 1000  # thousands
    made, said, findings = _gdp(money, regions, years[0], scratch)
    levels = _with_home(regions, sectors, flows, made * output_ratio, said, findings, trade.path)
    return (
        Levels(
            regions=levels.regions, sectors=levels.sectors, flows=levels.flows, tariffs=levels.tariffs,
            region_names={r: str(names.get(r) or r) for r in levels.regions},
            notes=(
                *levels.notes,
                f"Output is {output_ratio:g} times GDP; home sales are output less exports, at least "
                f"{HOME_FLOOR:.0%} of "
                "exports, spread over sectors as imports are.",
            ),
            findings=levels.findings,
        ),
        years[0],
        [trade, codes, money],
    )  # fmt: skip


def _sectors(products: set[str], concordance: Concordance | None) -> dict[str, str]:
    if concordance is None:
        return {product: product for product in products}
    found = {product: concordance.lookup(product) for product in products}
    missing = [product for product, sector in found.items() if sector is None]
    if missing:
        raise unmapped_error(concordance.path, missing, concordance.sector_of, "product")
    return {product: sector for product, sector in found.items() if sector is not None}


def _gdp(
    source: SourceFile, regions: list[str], year: int, scratch: Path
) -> tuple[Floats, list[str], list[Finding]]:
    """(n,) GDP in millions, NaN where there is none of the year or the few years before."""
    columns = {
        "iso3": Column(names=("Country Code",)),
        "indicator": Column(names=("Indicator Code",)),
        **{
            f"y{y}": Column(names=(str(y),), number=True, required=y == year, blank=True)
            for y in range(year, year - GDP_AGE - 1, -1)
        },
    }
    with open_tables(scratch, source.text.stat().st_size) as database:
        table = LongTable(database, source, columns, name="gdp", scratch=scratch, headings=HEADING_LINES)
        wrong = table.ask("SELECT DISTINCT indicator FROM gdp WHERE indicator <> ? LIMIT 1", [GDP_INDICATOR])
        if wrong:
            raise table.fault(
                f"the indicator is {wrong[0][0]}, not {GDP_INDICATOR}", line=table.line_of(indicator=wrong[0][0]),
                remedy="Download GDP in current US dollars",
            )  # fmt: skip
        table.refuse_duplicates(("iso3",))
        have = [name for name in columns if name.startswith("y") and table.has(name)]
        rows = table.ask(f"SELECT iso3, {', '.join(have)} FROM gdp")  # noqa: S608
    found, old = np.full(len(regions), np.nan), []
    by_code = {row[0]: row[1:] for row in rows}
    for k, region in enumerate(regions):
        for name, value in zip(have, by_code.get(region, ()), strict=False):
            if value is not None and value > 0:
                found[k] = value / 1e6
                if int(name[1:]) != year:
                    old.append(f"{region} {name[1:]}")
                break
    said = [f"GDP of an earlier year: {', '.join(old)}."] if old else []
    return found, said, []


def _with_home(
    regions: list[str],
    sectors: list[str],
    flows: Floats,
    output: Floats,
    said: list[str],
    findings: list[Finding],
    file: Path,
) -> Levels:
    known_ = np.isfinite(output)
    trade = flows.sum(axis=(1, 2)) + flows.sum(axis=(0, 2))
    lost = float(trade[~known_].sum() / max(trade.sum(), 1e-300))
    if not known_.all():
        gone = [r for r, k in zip(regions, known_, strict=True) if not k]
        findings.append(
            Finding(
                code="gdp-missing",
                what=f"{len(gone)} of {len(regions)} countries have no GDP and are left out, with {lost:.2%} "
                "of trade: " + ", ".join(gone[:30]),
                remedy="Add their GDP to the file, or merge them into a region that has one",
                stops=lost > MISSING_LIMIT,
                file=file,
            )
        )
    flows = flows[np.ix_(known_, known_)]
    made = output[known_]
    kept = tuple(r for r, k in zip(regions, known_, strict=True) if k)
    findings += blank_pairs(flows, kept, file) + placeholders(flows, kept, tuple(sectors), file)
    total = float(flows.sum() / made.sum()) if made.size else 0.0
    if not TRADE_BOUNDS[0] <= total <= TRADE_BOUNDS[1]:
        findings.append(
            Finding(
                code="totals",
                what=f"world trade is {total:.3g} times world output; between 0.15 and 0.25 is usual",
                remedy="Trade must be in thousands of US dollars as BACI publishes it, GDP in US dollars",
                stops=True,
                file=file,
            )
        )
    exports, imports = flows.sum(axis=1), flows.sum(axis=0)
    sold = made - exports.sum(axis=1)
    floor = HOME_FLOOR * exports.sum(axis=1)
    raised = [r for r, low in zip(kept, sold < floor, strict=True) if low]
    if raised:
        said.append(
            f"Home sales raised to {HOME_FLOOR:.0%} of exports, since exports exceed output: {', '.join(raised)}."
        )
    sold = np.maximum(sold, floor)
    mix = np.where(imports.sum(axis=1, keepdims=True) > 0, imports, exports)
    share = np.divide(
        mix, mix.sum(axis=1, keepdims=True), out=np.zeros_like(mix), where=mix.sum(axis=1, keepdims=True) > 0
    )
    every = np.arange(len(kept))
    flows[every, every] = share * sold[:, None]
    return Levels(
        regions=kept, sectors=tuple(sectors), flows=flows, tariffs=np.zeros_like(flows), notes=tuple(said),
        findings=tuple(findings),
    )  # fmt: skip
