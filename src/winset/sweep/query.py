"""SQL over a sweep through DuckDB: three views, nothing to write to, no file but the sweep's own."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.core.errors import RequestError
from winset.sweep.plan import plan_from
from winset.sweep.store import GRID, read_store

__all__ = ["Answer", "answer_csv", "answer_text", "query"]

MAX_ROWS = 1_000_000
"""Rows of an answer; more belong in a table of their own."""
SHOWN = 200
"""Rows that the text shows."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The result of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """Numbers, text, flags and None."""
    chunks: tuple[int, int]
    """Chunks that the sweep has, and that its plan has: fewer while it is unfinished."""


def query(folder: Path, sql: str) -> Answer:
    """Answer one SELECT over `rows`, `draws` and `grid` of a sweep.

    Raises RequestError for anything but one SELECT, for SQL that DuckDB refuses, and for an answer of more than
    MAX_ROWS rows; UnreadableFileError for a folder without a sweep or with a damaged chunk.
    """
    import duckdb

    store = read_store(folder)
    plan = plan_from(store.manifest["settings"]["sweep"])
    wanted = [chunk.id for chunk in plan.chunks()]
    have = [name for name in wanted if name in store.done]
    root = folder.resolve()
    try:
        with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False}) as connection:
            for table in ("rows", "draws"):
                files = [str(root / name) for name in have if name.startswith(f"{table}/")]
                connection.execute(f"CREATE VIEW {table} AS {_over(files)}")
            levels = [str(root / GRID)] if plan.axes else []
            connection.execute(f"CREATE VIEW grid AS {_over(levels)}")
            connection.execute(f"SET allowed_directories = [{_text(str(root) + '/')}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            # Views are bound when they are used, so the folder stays open to reading; a SELECT cannot write.
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise RequestError(
                    "--sql takes one SELECT", remedy="Views: rows, draws, grid; 'describe rows' lists columns"
                )
            result = connection.execute(statements[0])
            names = tuple(one[0] for one in result.description or ())
            found = result.fetchmany(MAX_ROWS + 1)
    except duckdb.Error as error:
        raise RequestError(
            f"DuckDB refuses the query: {str(error).strip()}", remedy="'describe rows' lists columns"
        ) from error
    if len(found) > MAX_ROWS:
        raise RequestError(f"the answer has more than {MAX_ROWS:,} rows", remedy="Aggregate, or add a LIMIT")
    rows = tuple(tuple(_plain(value) for value in row) for row in found)
    return Answer(columns=names, rows=rows, chunks=(len(have), len(wanted)))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _over(files: Sequence[str]) -> str:
    if not files:
        return "SELECT NULL::INTEGER AS point WHERE false"
    listed = ", ".join(_text(file) for file in files)
    return (
        f"SELECT * FROM read_parquet([{listed}], union_by_name = true, "  # noqa: S608
        "hive_partitioning = true, hive_types_autocast = false)"
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return number if math.isfinite(number) else None


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def answer_text(answer: Answer) -> str:
    """An aligned table; numbers to the right."""
    body = [[_shown(value) for value in row] for row in answer.rows[:SHOWN]]
    widths = [max([len(name), *(len(row[k]) for row in body)]) for k, name in enumerate(answer.columns)]
    right = [
        all(row[k] is None or isinstance(row[k], int | float) for row in answer.rows[:SHOWN])
        for k in range(len(answer.columns))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)]
        return "  ".join(padded).rstrip()

    lines = [line(answer.columns), line(["-" * w for w in widths]), *(line(row) for row in body)]
    if len(answer.rows) > SHOWN:
        lines.append(f"{len(answer.rows):,} rows; the first {SHOWN} are shown (--json or --csv for all)")
    have, all_of_them = answer.chunks
    if have < all_of_them:
        lines.append(f"The sweep is unfinished: {have:,} of {all_of_them:,} chunks")
    return "\n".join(lines)


def answer_csv(answer: Answer) -> str:
    """Comma-separated, every digit; missing values empty."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(
        [["" if v is None else repr(v) if isinstance(v, float) else v for v in r] for r in answer.rows]
    )
    return stream.getvalue()


def answer_document(answer: Answer, folder: Path) -> dict[str, Any]:
    """For JSON."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    have, every = answer.chunks
    return {
        "schema": "winset/sweep-query/1", "run": manifest["id"], "chunks": have, "chunks_planned": every,
        "columns": list(answer.columns), "rows": [list(row) for row in answer.rows],
    }  # fmt: skip
