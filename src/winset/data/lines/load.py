"""A schedule of tariff lines, read, checked and written as one DuckDB file, whole or not at all.

Tables of the file: `lines` (importer, exporter, regime, hs, since, until, rate, low, high, fill, rent_to,
imports), `trade` (importer, exporter, hs, imports) where given, `about` (key, value). Rates are fractions;
`exporter` is '*' for any partner; an open date is 0001-01-01 or 9999-12-31.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from winset.core.errors import BaselineError, RequestError, UnreadableFileError
from winset.core.names import known
from winset.data.lines.check import check_lines, check_raw
from winset.data.lines.hs import EDITIONS
from winset.data.lines.quotas import marginal_sql
from winset.data.lines.tables import SCHEDULE, TRADE, read_table
from winset.data.long_tables import LongTable, open_tables
from winset.data.mappings import read_pairs

__all__ = ["SCHEMA", "Loaded", "load_lines"]

SCHEMA = "winset/lines/1"
WORLD = ("", "*", "000", "0", "WLD", "World", "All", "all", "MFN")
"""How a schedule writes "any partner"."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was written."""

    path: Path
    lines: int
    """Rows of the schedule, regimes laid out by partner."""
    trade: int
    """Rows of the trade table; 0 without one."""
    notes: tuple[str, ...]


def load_lines(
    path: Path,
    target: Path,
    *,
    edition: str,
    unit: str | None = None,
    trade: Path | None = None,
    regimes: Path | None = None,
) -> Loaded:
    """Read a schedule (CSV, packed CSV or Parquet) and write it as a DuckDB file in place of any earlier one.

    edition: of the HS, as HS2022. unit: percent (as schedules print; the default) or fraction. trade: a table of
    importer, exporter, hs, imports for the weights. regimes: a CSV regime,exporter; a partner in several regimes
    pays the lowest duty it is entitled to. Raises BaselineError or UnreadableFileError, with file and line, for
    anything that cannot be right; nothing is written then.
    """
    known(edition, EDITIONS, "edition of the HS")
    if unit not in (None, "percent", "fraction"):
        raise RequestError(f"the unit {unit!r} is neither percent nor fraction")
    if target.suffix.lower() not in (".duckdb", ".db"):
        raise RequestError(f"{target.name} is no name for a DuckDB file", remedy="End it in .duckdb")
    if target.is_dir():
        raise RequestError(f"{target} is a folder", remedy="Name a file that ends in .duckdb")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            return _load(path, target, Path(folder), edition, unit or "percent", unit is None, trade, regimes)
    except OSError as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            f"the file could not be written: {error.strerror or error}; nothing was changed",
            file=target, remedy="Choose another place with -o",
        ) from error  # fmt: skip


def _load(
    path: Path, target: Path, scratch: Path, edition: str, unit: str, guessed: bool, trade: Path | None,
    regimes: Path | None,
) -> Loaded:  # fmt: skip
    import duckdb

    made = scratch / "made.duckdb"
    try:
        with open_tables(scratch, 1 << 62) as database:
            raw = read_table(database, path, SCHEDULE, name="schedule", scratch=scratch)
            notes = check_raw(raw, unit, guessed)
            database.execute(f"ATTACH '{str(made).replace(chr(39), chr(39) * 2)}' AS made")
            _lay_out(raw, unit, _regimes(raw, regimes))
            notes += check_lines(raw)
            traded = 0
            about = [
                ("schema", SCHEMA), ("edition", edition), ("unit of the source", unit), ("source", path.name),
                ("sha256", raw.source.sha256), ("bytes", str(raw.source.size)),
            ]  # fmt: skip
            if trade is not None:
                table = read_table(database, trade, TRADE, name="traded", scratch=scratch)
                traded, more = _trade(table)
                notes += more
                about += [("trade", trade.name), ("trade sha256", table.source.sha256)]
            if regimes is not None:
                from winset.core.provenance import digest

                about += [("regimes", regimes.name), ("regimes sha256", digest(regimes.read_bytes()))]
            count = int(raw.ask("SELECT count(*) FROM made.lines")[0][0])
            about += [("lines", str(count)), ("trade rows", str(traded)), *(("note", note) for note in notes)]
            database.execute("CREATE TABLE made.about (key VARCHAR, value VARCHAR)")
            database.executemany("INSERT INTO made.about VALUES (?, ?)", about)
            database.execute("DETACH made")
    except duckdb.Error as error:
        raise UnreadableFileError(
            f"the lines could not be written: {str(error).splitlines()[0][:200]}",
            file=target, remedy="Check that the disk has room; nothing was changed",
        ) from error  # fmt: skip
    made.replace(target)
    return Loaded(path=target, lines=count, trade=traded, notes=tuple(notes))


def _lay_out(raw: LongTable, unit: str, regimes: list[tuple[str, str]]) -> None:
    """`made.lines` from the schedule: codes, dates, rates; regimes become partners."""
    per = "/ 100.0" if unit == "percent" else ""

    def column(name: str, otherwise: str = "NULL") -> str:
        return f"s.{name}" if raw.has(name) else otherwise

    def text(name: str) -> str:
        return f"trim(coalesce(s.{name}, ''))" if raw.has(name) else "''"

    advalorem, specific = f"({column('ad_valorem', 'NULL::DOUBLE')} {per})", column("specific", "NULL::DOUBLE")
    equivalent = f"({specific} / nullif({column('unit_value', 'NULL::DOUBLE')}, 0))"
    plain = (
        f"CASE lower({text('rule')}) WHEN 'max' THEN greatest({advalorem}, {equivalent}) "
        f"WHEN 'min' THEN least({advalorem}, {equivalent}) "
        f"ELSE CASE WHEN {advalorem} IS NULL THEN {equivalent} "
        f"ELSE {advalorem} + coalesce({equivalent}, 0) END END"
    )
    quota = column("quota", "NULL::DOUBLE")
    low = f"({column('in_rate', 'NULL::DOUBLE')} {per})"
    high = f"coalesce({column('out_rate', 'NULL::DOUBLE')} {per}, {plain})"
    fill = f"({column('volume', 'NULL::DOUBLE')} / nullif({quota}, 0))"
    rate = f"CASE WHEN {quota} IS NULL THEN {plain} ELSE {marginal_sql(fill, low, high)} END"
    year = "make_date(CAST(s.year AS INTEGER), {})"
    since = (
        year.format("1, 1") if raw.has("year") else f"coalesce(try_cast({text('since')} AS DATE), '0001-01-01')"
    )
    until = (
        year.format("12, 31") if raw.has("year") else f"coalesce(try_cast({text('until')} AS DATE), '9999-12-31')"
    )
    regime = text("regime")
    world = ", ".join(f"'{name}'" for name in WORLD)
    raw.database.execute("CREATE TABLE entitled (regime VARCHAR, exporter VARCHAR)")
    if regimes:
        raw.database.executemany("INSERT INTO entitled VALUES (?, ?)", regimes)
    partner = (
        f"CASE WHEN {text('exporter')} IN ({world}) THEN coalesce(e.exporter, '*') ELSE {text('exporter')} END"
    )
    raw.database.execute(
        f"CREATE TABLE made.lines AS SELECT trim(s.importer) AS importer, {partner} AS exporter, "  # noqa: S608
        f"{regime} AS regime, regexp_replace(s.hs, '[. ]', '', 'g') AS hs, "
        f"CAST({since} AS DATE) AS since, CAST({until} AS DATE) AS until, {rate} AS rate, "
        f"CASE WHEN {quota} IS NULL THEN NULL ELSE {low} END AS low, "
        f"CASE WHEN {quota} IS NULL THEN NULL ELSE {high} END AS high, {fill} AS fill, "
        f"CASE WHEN {quota} IS NULL THEN NULL ELSE coalesce(nullif(lower({text('rent')}), ''), 'unstated') END "
        f"AS rent_to, {column('imports', 'NULL::DOUBLE')} AS imports FROM schedule s "
        f"LEFT JOIN entitled e ON e.regime = {regime}"
    )


def _regimes(raw: LongTable, path: Path | None) -> list[tuple[str, str]]:
    """Regime and partner; every regime of the schedule but MFN must have partners, of its own or in the row."""
    pairs: list[tuple[str, str]] = []
    if path is not None:
        for line, regime, exporter in read_pairs(path):
            if (regime, exporter) in pairs:
                raise BaselineError(f"{exporter} stands twice in {regime}", file=path, line=line)
            pairs.append((regime, exporter))
    if raw.has("regime"):
        given = {name for name, _ in pairs}
        alone = "AND trim(coalesce(exporter, '')) = ''" if raw.has("exporter") else ""
        named = raw.ask(
            f"SELECT DISTINCT trim(coalesce(regime, '')) FROM schedule WHERE true {alone} ORDER BY 1"  # noqa: S608
        )
        left = [str(row[0]) for row in named if str(row[0]) not in WORLD and str(row[0]) not in given]
        if left:
            raise raw.fault(
                f"nothing says which partners the regime {left[0]!r} is for",
                line=raw.line_of(regime=left[0]),
                why=f"Regimes without partners: {', '.join(left[:10])}",
                remedy="Give --regimes, a CSV with the columns regime,exporter",
            )
    return pairs


def _trade(table: LongTable) -> tuple[int, list[str]]:
    """`made.trade`, checked; how much of it meets a line."""
    table.database.execute("UPDATE traded SET hs = regexp_replace(hs, '[. ]', '', 'g')")
    bad = table.ask("SELECT hs FROM traded WHERE NOT regexp_full_match(hs, '[0-9]{6}|[0-9]{8}|[0-9]{10}') LIMIT 1")
    if bad:
        raise table.fault(
            f"{bad[0][0]!r} is no HS code of 6, 8 or 10 digits",
            line=table.line_of(hs=bad[0][0]),
            remedy="Keep codes as text; a spreadsheet drops their leading zeros",
        )
    lengths = table.ask("SELECT DISTINCT length(hs) FROM traded")
    if len(lengths) > 1:
        raise table.fault("codes have several lengths", remedy="Give all trade at one level: 6, 8 or 10 digits")
    table.refuse_below("imports", 0.0, "imports are negative", "Remove the record")
    table.refuse_duplicates(("importer", "exporter", "hs"))
    size = int(lengths[0][0])
    short = table.ask(f"SELECT hs FROM made.lines WHERE length(hs) < {size} LIMIT 1")  # noqa: S608
    if short:
        raise table.fault(
            f"trade has {size} digits and the line {short[0][0]} fewer",
            remedy="Add trade up to the level of the lines",
        )
    table.database.execute(
        "CREATE TABLE made.trade AS SELECT trim(importer) AS importer, trim(exporter) AS exporter, hs, imports "
        "FROM traded"
    )
    total, met = table.ask(
        f"SELECT sum(imports), sum(imports) FILTER (EXISTS (SELECT 1 FROM made.lines l "  # noqa: S608
        "WHERE l.importer = t.importer "
        f"AND left(l.hs, {size}) = t.hs)) FROM made.trade t "
        "WHERE importer IN (SELECT DISTINCT importer FROM made.lines)"
    )[0]
    share = (met or 0.0) / total if total else 1.0
    if share < 0.8:
        raise table.fault(
            f"only {share:.0%} of the imports meet a line of the schedule",
            why="Codes of two editions of the HS do not match",
            remedy="Use trade of the same edition, or convert it first",
        )
    notes = [] if share > 1 - 1e-12 else [f"{1 - share:.2%} of the imports meet no line of the schedule."]
    return table.rows, notes
