"""From lines to sectors: importer x exporter x sector tariffs of one day, with or without duties of law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import BaselineError, RequestError
from winset.core.names import known
from winset.data.lines.hs import longest, read_rates_by_code, sectors_of
from winset.data.lines.means import METHODS, SUMS, combine
from winset.data.lines.quotas import rent_sql
from winset.data.lines.store import about, applied, codes, open_lines
from winset.data.mappings import membership

if TYPE_CHECKING:
    import duckdb

__all__ = ["AddedDuties", "AddedDuty", "SectorTariffs", "aggregate_lines"]

Floats = NDArray[np.float64]
DEFAULT_SIGMA = 5.0
"""Elasticity of substitution between lines of a sector where none is given: an assumption, printed as one."""


@dataclass(frozen=True, kw_only=True)
class AddedDuty:
    """What law adds to a line with the normal rate b: add + sum over parts of max(0, max reach (floor - b))."""

    importer: str
    exporter: str
    sector: str
    good: str
    """As `AddedDuties.goods` names it; "" for lines without one."""
    add: float
    """Fraction."""
    parts: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Of each part its floors: rate and reach, fractions."""


@dataclass(frozen=True, kw_only=True)
class AddedDuties:
    """Duties on top of the lines, by good."""

    goods: Mapping[str, str]
    """HS prefix to good; the longest prefix counts."""
    rows: Sequence[AddedDuty]


@dataclass(frozen=True, kw_only=True)
class SectorTariffs:
    """Tariffs by group, each array (g,)."""

    importers: tuple[str, ...]
    exporters: tuple[str, ...]
    sectors: tuple[str, ...]
    rates: Floats
    """Fractions, law included."""
    base: Floats
    """The same mean of the lines alone."""
    lines: NDArray[np.int64]
    imports: Floats
    """Unit of the source."""
    basis: tuple[str, ...]
    """The method, or `simple` where a group has no imports to weigh with."""
    rents: tuple[tuple[str, str, str, str, float], ...]
    """Importer, exporter, sector, holder, quota rent in the unit of imports."""
    goods: Mapping[tuple[str, str, str], Mapping[str, float]]
    """By importer, exporter, sector: imports by good of the law."""
    method: str
    notes: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    """What the file of lines says of itself."""

    def shock(self) -> dict[tuple[str, str, str], float]:
        """(exporter, importer, sector) to rate, as `Shock.tariffs` takes it."""
        keys = zip(self.exporters, self.importers, self.sectors, strict=True)
        return dict(zip(keys, self.rates.tolist(), strict=True))


def aggregate_lines(
    path: Path,
    *,
    on: dt.date,
    method: str,
    sectors: Sequence[str],
    concordance: Path | None = None,
    regions: Path | None = None,
    sigma: float | Mapping[str, float] = DEFAULT_SIGMA,
    eta: float | Mapping[str, float] | None = None,
    line_elasticities: Path | None = None,
    exporters: Sequence[str] = (),
    added: Callable[[Sequence[tuple[str, str]]], AddedDuties] | None = None,
) -> SectorTariffs:
    """Sector tariffs of a day from a file of lines.

    method: one of METHODS. sectors: codes to aggregate to. concordance: CSV hs,sector. regions: CSV
    country,region. sigma: elasticity of substitution between lines; eta: elasticity of a sector's demand (None:
    sigma), each a number or by sector. line_elasticities: CSV hs,elasticity for otri and tri (without: 1 for
    all). exporters: partners over which a general rate is laid out. added: given the pairs (importer, exporter),
    what law lays on the lines.
    """
    known(method, METHODS, "method")
    with open_lines(path) as database:
        applied(database, on, exporters)
        _refuse_unweighed(database, path, method)
        every = codes(database)
        found, left = sectors_of(every, sectors, concordance)
        notes = _left_out(left, every)
        pairs = _groups(database, path, regions)
        law = added(pairs) if added is not None else None
        elasticity = {} if line_elasticities is None else read_rates_by_code(line_elasticities, "elasticity")
        missing = _code_table(database, found, law, elasticity)
        if elasticity and missing:
            raise BaselineError(
                f"{len(missing)} codes have no elasticity: {', '.join(missing[:10])}", file=line_elasticities,
                remedy="Add them or shorter prefixes, or a line '*' that takes the rest",
            )  # fmt: skip
        if method in ("otri", "tri") and not elasticity:
            notes.append("Every line has the same demand elasticity: give --line-elasticities for their own.")
        substitution = _by_sector(sigma, sectors, "sigma")
        demand = _by_sector(sigma if eta is None else eta, sectors, "eta")
        database.execute("CREATE OR REPLACE TEMP TABLE sectors (sector VARCHAR, sigma DOUBLE)")
        database.executemany("INSERT INTO sectors VALUES (?, ?)", list(substitution.items()))
        terms = _law_table(database, law)
        sums = _sum(database, terms)
        if not len(sums["importer"]):
            raise BaselineError(f"no line is in force on {on}", file=path, remedy="Ask for another day")
        rents, goods = _rents(database, terms), _goods(database) if law is not None else {}
        facts = about(database)
    names = [str(name) for name in sums["sector"]]
    s = np.array([substitution[name] for name in names])
    e = np.array([demand[name] for name in names])
    rates, basis = _means(method, sums, "", s, e)
    base, _ = _means(method, sums, "base_", s, e)
    if basis.count("simple") and method != "simple":
        notes.append(
            f"{basis.count('simple')} of {len(basis)} groups have no imports: their rate is the simple mean."
        )
    return SectorTariffs(
        importers=tuple(map(str, sums["importer"])), exporters=tuple(map(str, sums["exporter"])),
        sectors=tuple(names),
        rates=rates, base=base, lines=np.asarray(sums["lines"], dtype=np.int64),
        imports=np.asarray(sums["m"], dtype=np.float64), basis=tuple(basis), rents=tuple(rents), goods=goods,
        method=method, notes=tuple(notes), about=tuple(facts),
    )  # fmt: skip


def _means(method: str, sums: Mapping[str, Any], which: str, s: Floats, e: Floats) -> tuple[Floats, list[str]]:
    own = {key: np.ma.filled(np.ma.asarray(sums[which + key], dtype=np.float64), np.nan) for key in SUMS}
    rate = combine(method, own, s, e)
    plain = combine("simple", own, s, e)
    gaps = ~np.isfinite(rate)
    return np.where(gaps, plain, rate), ["simple" if gap else method for gap in gaps]


def _refuse_unweighed(database: duckdb.DuckDBPyConnection, path: Path, method: str) -> None:
    if method == "simple":
        return
    blank = database.execute("SELECT importer, hs FROM applied WHERE m IS NULL LIMIT 1").fetchall()
    if blank:
        raise BaselineError(
            f"the lines have no imports ({blank[0][1]} of {blank[0][0]}), and {method!r} weighs with them",
            file=path, remedy="Load them with --trade FILE, or choose --method simple",
        )  # fmt: skip


def _left_out(left: Sequence[str], every: Sequence[str]) -> list[str]:
    if len(left) == len(every) and every:
        raise BaselineError(
            f"no code has a sector ({', '.join(every[:5])})",
            remedy="Give your own concordance: a CSV of hs,sector",
        )
    if not left:
        return []
    shown = ", ".join(left[:10]) + (f" and {len(left) - 10} more" if len(left) > 10 else "")
    return [f"{len(left)} codes have no sector and are left out: {shown}."]


def _groups(database: duckdb.DuckDBPyConnection, path: Path, regions: Path | None) -> list[tuple[str, str]]:
    """`place` (code, region) for every country of the lines; the pairs of regions, home trade left out."""
    rows = database.execute("SELECT DISTINCT importer, exporter FROM applied").fetchall()
    countries = sorted({str(name) for row in rows for name in row})
    groups = membership(regions, countries, "country") if regions is not None else None
    home = {
        code: code if groups is None or code == "*" else groups.groups[int(np.argmax(groups.matrix[:, k]))]
        for k, code in enumerate(countries)
    }
    database.execute("CREATE OR REPLACE TEMP TABLE place (code VARCHAR, region VARCHAR)")
    database.executemany("INSERT INTO place VALUES (?, ?)", list(home.items()))
    return sorted({(home[str(a)], home[str(b)]) for a, b in rows if home[str(a)] != home[str(b)]})


def _code_table(
    database: duckdb.DuckDBPyConnection,
    found: Mapping[str, str],
    law: AddedDuties | None,
    elasticity: Mapping[str, str],
) -> list[str]:
    """`goods_of` (hs, sector, good, e); codes without an elasticity where elasticities are given."""
    missing, rows = [], []
    for code, sector in found.items():
        text = (longest(code, elasticity) or elasticity.get("*")) if elasticity else "1"
        if text is None:
            missing.append(code)
        rows.append((code, sector, (longest(code, law.goods) or "") if law else "", float(text or 1)))
    database.execute("CREATE OR REPLACE TEMP TABLE goods_of (hs VARCHAR, sector VARCHAR, good VARCHAR, e DOUBLE)")
    database.execute(
        "INSERT INTO goods_of SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), "
        "unnest(?::DOUBLE[])",
        [list(column) for column in zip(*rows, strict=True)],
    )
    return missing


def _by_sector(value: float | Mapping[str, float], sectors: Sequence[str], what: str) -> dict[str, float]:
    if not isinstance(value, Mapping):
        return {sector: float(value) for sector in sectors}
    left = [sector for sector in sectors if sector not in value]
    if left:
        raise RequestError(f"{what} is not given for {', '.join(left[:10])}", remedy="Give it for every sector")
    return {sector: float(value[sector]) for sector in sectors}


def _law_table(database: duckdb.DuckDBPyConnection, law: AddedDuties | None) -> str:
    """`duties`, and the SQL of a line's rate with law in it: `t` in terms of the normal rate b."""
    if law is None or not law.rows:
        database.execute(
            "CREATE OR REPLACE TEMP TABLE duties "
            "(importer VARCHAR, exporter VARCHAR, sector VARCHAR, good VARCHAR)"
        )
        return "b"
    width = max(len(row.parts) for row in law.rows)
    depth = max((len(part) for row in law.rows for part in row.parts), default=0)
    extra = [f"{kind}_{k}_{d}" for k in range(width) for d in range(depth) for kind in ("floor", "reach")]
    table = []
    for row in law.rows:
        cells: list[float] = []
        for k in range(width):
            part = row.parts[k] if k < len(row.parts) else ()
            for d in range(depth):
                cells += part[d] if d < len(part) else (0.0, 0.0)
        table.append((row.importer, row.exporter, row.sector, row.good, row.add, *cells))
    texts = ["importer", "exporter", "sector", "good"]
    named = [f"{name} VARCHAR" for name in texts] + [f"{name} DOUBLE" for name in ("add_rate", *extra)]
    database.execute(f"CREATE OR REPLACE TEMP TABLE duties ({', '.join(named)})")
    kinds = ["VARCHAR"] * 4 + ["DOUBLE"] * (1 + len(extra))
    database.execute(
        f"INSERT INTO duties SELECT {', '.join(f'unnest(?::{kind}[])' for kind in kinds)}",
        [list(column) for column in zip(*table, strict=True)],
    )
    parts = [
        "greatest(0, " + ", ".join(f"d.reach_{k}_{i} * (d.floor_{k}_{i} - b)" for i in range(depth)) + ")"
        for k in range(width)
        if depth
    ]
    return f"b + coalesce({' + '.join(['d.add_rate', *parts])}, 0)"


_FROM = """FROM (SELECT i.region AS importer, x.region AS exporter, g.sector, g.good, g.e, s.sigma, a.rate AS b,
    a.low, a.fill, a.rent_to, coalesce(a.m, 0) AS m FROM applied a JOIN goods_of g ON g.hs = a.hs
    JOIN sectors s ON s.sector = g.sector JOIN place i ON i.code = a.importer JOIN place x ON x.code = a.exporter
    WHERE i.region <> x.region) l
    LEFT JOIN duties d ON d.importer = l.importer AND d.exporter = l.exporter AND d.sector = l.sector
    AND d.good = l.good"""


def _sum(database: duckdb.DuckDBPyConnection, terms: str) -> dict[str, Any]:
    wanted = [f"{sql.format(t='t')} AS {key}" for key, sql in SUMS.items()]
    wanted += [f"{sql.format(t='b')} AS base_{key}" for key, sql in SUMS.items()]
    found = database.execute(
        f"SELECT importer, exporter, sector, {', '.join(wanted)} FROM (SELECT l.importer, l.exporter, l.sector, "  # noqa: S608
        f"e, sigma, m, b, {terms} AS t {_FROM}) GROUP BY ALL ORDER BY importer, exporter, sector"
    )
    return dict(found.fetchnumpy())


def _rents(database: duckdb.DuckDBPyConnection, terms: str) -> list[tuple[str, str, str, str, float]]:
    rent = rent_sql("b", "low", "fill", "m")
    rows = database.execute(
        f"SELECT l.importer, l.exporter, l.sector, rent_to, sum({rent}) {_FROM} WHERE rent_to IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [(str(a), str(b), str(c), str(d), float(e)) for a, b, c, d, e in rows]


def _goods(database: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], dict[str, float]]:
    """Imports by pair, sector and good of the law; "" for what has none."""
    rows = database.execute(
        f"SELECT l.importer, l.exporter, l.sector, l.good, sum(m) {_FROM} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for a, b, c, good, value in rows:
        found.setdefault((str(a), str(b), str(c)), {})[str(good)] = float(value)
    return found
