"""A file of tariff lines, opened for reading: what it says of itself, and the rates of one day."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.core.errors import RequestError, UnreadableFileError
from winset.data.lines.load import SCHEMA
from winset.data.long_tables import open_tables

if TYPE_CHECKING:
    import duckdb

__all__ = ["about", "applied", "codes", "open_lines", "show"]

MOST = 200_000_000
"""Lines to which general rates are laid out at most, so that time and scratch space stay bounded."""


@contextmanager
def open_lines(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The lines as `store.lines`, `store.trade`, `store.about`, read-only; UnreadableFileError where it is
    none.
    """
    import duckdb

    if not path.is_file():
        raise UnreadableFileError("no such file", file=path, remedy="Write it with winset lines load")
    with tempfile.TemporaryDirectory() as scratch, open_tables(Path(scratch), 1 << 62) as database:
        try:
            database.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS store (READ_ONLY)")
            found = dict(database.execute("SELECT key, value FROM store.about WHERE key <> 'note'").fetchall())
            held = database.execute("SELECT count(*) FROM store.lines").fetchall()[0][0]
        except duckdb.Error as error:
            raise UnreadableFileError(
                f"this is no whole file of tariff lines: {str(error).splitlines()[0][:160]}",
                file=path, remedy="Write it again with winset lines load",
            ) from error  # fmt: skip
        if found.get("schema") != SCHEMA or found.get("lines") != str(held):
            raise UnreadableFileError(
                f"the file says {found.get('schema')} with {found.get('lines')} lines and holds {held}",
                file=path, remedy="Write it again with winset lines load",
            )  # fmt: skip
        yield database


def about(database: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Key and value: edition, source, checksums, notes."""
    return [(str(key), str(value)) for key, value in database.execute("FROM store.about").fetchall()]


def codes(database: duckdb.DuckDBPyConnection) -> list[str]:
    """Every HS code of the lines, in order."""
    return [str(row[0]) for row in database.execute("SELECT DISTINCT hs FROM store.lines ORDER BY 1").fetchall()]


def _has_trade(database: duckdb.DuckDBPyConnection) -> bool:
    return bool(
        database.execute(
            "SELECT 1 FROM duckdb_tables() WHERE database_name = 'store' AND table_name = 'trade'"
        ).fetchall()
    )


def applied(database: duckdb.DuckDBPyConnection, on: dt.date, exporters: Sequence[str] = ()) -> str:
    """The name of a view of the rates of a day: importer, exporter, hs, rate, low, fill, rent_to, m.

    A partner named for a code pays its own rate there and any other partner that of '*'; where the schedule has
    regimes, the lowest it is entitled to. '*' is laid out over the partners that trade, or are named, or given.
    """
    day = f"DATE '{on.isoformat()}'"
    view = f"SELECT * FROM store.lines WHERE since <= {day} AND {day} <= until"  # noqa: S608
    trade = _has_trade(database)
    worlds, regimes = database.execute(
        f"SELECT count(*) FILTER (exporter = '*'), count(*) FILTER (regime NOT IN ('', 'MFN')) FROM ({view})"  # noqa: S608
    ).fetchall()[0]
    columns = "importer, exporter, hs, rate, low, fill, rent_to"
    if worlds or regimes:
        partners = [f"SELECT DISTINCT exporter FROM ({view}) WHERE exporter <> '*'"]  # noqa: S608
        if trade:
            partners.append("SELECT DISTINCT exporter FROM store.trade")
        database.execute("CREATE OR REPLACE TEMP TABLE partners (exporter VARCHAR)")
        if exporters:
            database.executemany("INSERT INTO partners VALUES (?)", [[name] for name in exporters])
        database.execute(f"INSERT INTO partners {' UNION '.join(partners)}")
        database.execute("CREATE OR REPLACE TEMP TABLE partner AS SELECT DISTINCT exporter FROM partners")
        if not database.execute("SELECT 1 FROM partner LIMIT 1").fetchall():
            database.execute("INSERT INTO partner VALUES ('*')")
        many = int(database.execute("SELECT count(*) FROM partner").fetchall()[0][0])
        if worlds * many > MOST:
            raise RequestError(
                f"{worlds:,} general rates over {many:,} partners are more than {MOST:,} lines",
                remedy="Keep the partners of interest in --trade, or split the file by importer",
            )
        spread = (
            "SELECT w.importer, p.exporter, w.hs, w.rate, w.low, w.fill, w.rent_to, w.imports FROM "  # noqa: S608
            f"({view} AND exporter = '*') w, partner p WHERE p.exporter <> w.importer"
        )
        named = f"SELECT {columns}, imports FROM ({view} AND exporter <> '*')"  # noqa: S608
        if regimes:
            rows = (
                "SELECT importer, exporter, hs, min(rate) AS rate, arg_min(low, rate) AS low, "  # noqa: S608
                "arg_min(fill, rate) AS fill, arg_min(rent_to, rate) AS rent_to, max(imports) AS imports "
                f"FROM ({named} UNION ALL {spread}) GROUP BY importer, exporter, hs"
            )
        else:
            rows = (
                f"{named} UNION ALL SELECT s.* FROM ({spread}) s ANTI JOIN ({named}) n "  # noqa: S608
                "ON s.importer = n.importer AND s.exporter = n.exporter AND s.hs = n.hs"
            )
    else:
        rows = f"SELECT {columns}, imports FROM ({view})"  # noqa: S608
    if trade:
        size = int(database.execute("SELECT length(hs) FROM store.trade LIMIT 1").fetchall()[0][0])
        # Trade known for a heading is shared out evenly over its lines.
        rows = (
            f"SELECT a.* EXCLUDE (imports), coalesce(t.imports / a.siblings, 0) AS imports "  # noqa: S608
            "FROM (SELECT *, count(*) "
            f"OVER (PARTITION BY importer, exporter, left(hs, {size})) AS siblings FROM ({rows})) a "
            "LEFT JOIN store.trade t ON t.importer = a.importer AND t.exporter = a.exporter "
            f"AND t.hs = left(a.hs, {size})"
        )
    database.execute(f"CREATE OR REPLACE TEMP VIEW applied AS SELECT {columns}, imports AS m FROM ({rows})")  # noqa: S608
    return "applied"


def show(path: Path, *, on: dt.date, importer: str, exporter: str, hs: str) -> dict[str, Any]:
    """What the file is, and the rates of a day for the lines that begin with `hs` (at most 200 of them)."""
    with open_lines(path) as database:
        facts = about(database)
        applied(database, on, [exporter] if exporter else [])
        asked = {"importer": importer, "exporter": exporter}
        where = " AND ".join(f"{key} = ${key}" for key, value in asked.items() if value) or "true"
        values = {key: value for key, value in asked.items() if value}
        rows = database.execute(
            f"SELECT importer, exporter, hs, rate, low, fill, m FROM applied WHERE {where} "  # noqa: S608
            "AND starts_with(hs, $hs) ORDER BY 1, 2, 3 LIMIT 200",
            {**values, "hs": hs},
        ).fetchall()
    names = ("importer", "exporter", "hs", "rate", "in_quota_rate", "fill", "imports")
    return {"about": facts, "lines": [dict(zip(names, row, strict=True)) for row in rows]}
