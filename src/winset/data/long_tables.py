"""Long tables (one record a line) through DuckDB: columns by name, faults with file and line, bounded memory."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.core.errors import BaselineError, UnknownNameError
from winset.core.names import nearest
from winset.data.levels import Floats
from winset.data.source_files import SourceFile, bounded_lines, cells_of

if TYPE_CHECKING:
    import duckdb

__all__ = ["Column", "LongTable", "header_of", "memory_of_tables", "open_tables"]

MEMORY = "768MB"
"""What DuckDB may keep in memory; beyond it spills to the scratch folder."""
ON_DISK_BYTES = 50_000_000
"""From this size of a source on its table is kept on disk (bytes)."""
HEADING_LINES = 10
"""How many lines from the top the line of column names is looked for."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a source is known to have."""

    names: tuple[str, ...]
    """Spellings in use, the published one first; letter case, spaces and underscores are ignored."""
    number: bool = False
    """Read as a number; otherwise as text, so that codes keep their leading zeros."""
    required: bool = True
    blank: bool = False
    """Whether an empty cell is allowed (it is then missing, never zero)."""


def open_tables(scratch: Path, size: int) -> duckdb.DuckDBPyConnection:
    """A database of its own: nothing installed, nothing loaded, memory bounded.

    size: bytes of the file to be read; a large one is kept in `scratch`, where it is compressed.
    """
    import duckdb

    database = duckdb.connect(str(scratch / "tables.duckdb") if size > ON_DISK_BYTES else ":memory:")
    for setting in (
        f"SET memory_limit='{MEMORY}'",
        "SET threads=2",
        "SET autoinstall_known_extensions=false",
        "SET autoload_known_extensions=false",
        "SET preserve_insertion_order=false",
        "SET temp_directory='" + str(scratch).replace("'", "''") + "'",
    ):
        database.execute(setting)
    return database


def memory_of_tables() -> str:
    """The bound on memory, for the documentation and the tests."""
    return MEMORY


def _folded(name: str) -> str:
    return "".join(ch for ch in name.casefold() if ch.isalnum())


def header_of(
    source: SourceFile, columns: Mapping[str, Column], *, headings: int = 1
) -> tuple[int, str, list[str], dict[str, str]]:
    """Line number, delimiter and names of the heading line, and the name in the file of each wanted column.

    headings: how many lines from the top may hold the names (the World Bank puts four lines above them).
    Raises UnknownNameError naming the nearest column where a required one is absent.
    """
    best: tuple[int, int, str, list[str], dict[str, str]] | None = None
    for number, line in bounded_lines(source):
        if number > headings:
            break
        for delimiter in (",", ";", "\t", "|"):
            names = [cell.strip() for cell in cells_of(line, source.path, number, delimiter)]
            folded = {_folded(name): name for name in reversed(names)}
            found = {
                key: folded[_folded(spelling)]
                for key, column in columns.items()
                for spelling in reversed(column.names)
                if _folded(spelling) in folded
            }
            if best is None or len(found) > best[0]:
                best = (len(found), number, delimiter, names, found)
    if best is None:
        raise BaselineError("the file has no line of column names", file=source.path)
    _, number, delimiter, names, found = best
    for key, column in columns.items():
        if column.required and key not in found:
            unused = [name for name in names if name not in found.values()]
            close = nearest(column.names[0], unused)
            guess = f"Did the publisher rename it to {close!r}? " if close else ""
            raise UnknownNameError(
                f"the column {column.names[0]!r} is missing",
                file=source.path,
                line=number,
                why="Found: " + ", ".join(repr(name) for name in names[:15]),
                remedy=f"{guess}Rename it in the file if it means the same; otherwise this may be another edition",
            )
    twice = [name for name in found.values() if names.count(name) > 1]
    if twice:
        raise BaselineError(f"the column {twice[0]!r} stands twice", file=source.path, line=number)
    return number, delimiter, names, found


class LongTable:
    """A long table read once into a compact DuckDB table whose columns have our names."""

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        source: SourceFile,
        columns: Mapping[str, Column],
        *,
        name: str,
        year: int | None = None,
        headings: int = 1,
        scratch: Path,
    ) -> None:
        """Read the known columns; keep only the rows of `year` where the table has a column called year.

        Raises BaselineError (file and line) for a line with too few or too many fields, a figure that is not
        a number, is missing where it may not be, or is not finite; and for a year the file does not have.
        """
        self.database, self.source, self.name, self.scratch = database, source, name, scratch
        self.heading, self.delimiter, self.header, self.found = header_of(source, columns, headings=headings)
        self.columns = columns
        import duckdb

        try:
            self._read(year)
        except duckdb.Error as error:
            raise self.fault(
                f"the table cannot be read: {str(error).splitlines()[0][:200]}",
                remedy="Check that it is CSV with one record a line, or download it again",
            ) from error

    def _read(self, year: int | None) -> None:
        numbers = {self.found[k] for k, c in self.columns.items() if c.number and k in self.found}
        kinds = {n or f"unnamed_{k}": ("DOUBLE" if n in numbers else "VARCHAR") for k, n in enumerate(self.header)}
        if len(kinds) != len(self.header):
            twice = next(n for n in self.header if self.header.count(n) > 1)
            raise BaselineError(f"the column {twice!r} stands twice", file=self.source.path, line=self.heading)
        wanted = ", ".join(f"{_quoted(there)} AS {_quoted(key)}" for key, there in self.found.items())
        keep = f"WHERE {_quoted(self.found['year'])} = $year" if year is not None and "year" in self.found else ""
        parameters: dict[str, Any] = {
            "file": self._file(),
            **({"year": float(year or 0)} if keep else {}),
        }
        if keep and not self.columns["year"].number:
            parameters["year"] = str(year)
        self.database.execute(
            f"CREATE OR REPLACE TABLE {self.name} AS SELECT {wanted} FROM read_csv($file, auto_detect=false, "  # noqa: S608
            f"header=true, delim={_text(self.delimiter)}, quote='\"', escape='\"', "
            f"encoding='{self.source.encoding}', store_rejects=true, rejects_limit=5, max_line_size=4000000, "
            f"columns={{{', '.join(f'{_text(n)}: {_text(k)}' for n, k in kinds.items())}}}) {keep}",
            parameters,
        )
        self._refuse_rejects()
        self._refuse_missing()
        if self.rows == 0:
            self._refuse_empty(year)

    def _file(self) -> str:
        """The table with its heading line first: versions of DuckDB count skipped blank lines differently."""
        if self.heading == 1:
            return _without_glob(self.source.text, self.scratch)
        other = self.scratch / f"{len(list(self.scratch.iterdir()))}-table.csv"
        with other.open("w", encoding=self.source.encoding, newline="") as out:
            out.writelines(line for number, line in bounded_lines(self.source) if number >= self.heading)
        return str(other)

    @property
    def rows(self) -> int:
        """Number of records kept."""
        return int(self.ask(f"SELECT count(*) FROM {self.name}")[0][0])  # noqa: S608

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.found

    def ask(self, query: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.database.execute(query, parameters or []).fetchall()

    def distinct(self, expression: str) -> list[str]:
        """Every value of a column or expression, in order."""
        query = f"SELECT DISTINCT {expression} FROM {self.name} ORDER BY 1"  # noqa: S608
        return [str(row[0]) for row in self.ask(query)]

    def cube(
        self,
        axes: Sequence[tuple[str, Sequence[tuple[str, int]]]],
        shape: tuple[int, ...],
        *,
        value: str = "value",
        where: str = "true",
    ) -> Floats:
        """An expression added up over cells, in bounded memory whatever the number of records.

        axes: a text expression and pairs of one of its values and a place on the axis; a value without a place is
        passed over, one with several places counts in each.
        """
        cell, joins, step = [], [], int(np.prod(shape))
        for k, (expression, places) in enumerate(axes):
            step //= shape[k]
            self.database.execute(f"CREATE OR REPLACE TABLE axis_{k} (code VARCHAR, place BIGINT)")
            self.database.execute(
                f"INSERT INTO axis_{k} SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[])",
                [[code for code, _ in places], [place for _, place in places]],
            )
            cell.append(f"axis_{k}.place * {step}")
            joins.append(f"JOIN axis_{k} ON axis_{k}.code = {expression}")
        found = self.database.execute(
            f"SELECT {' + '.join(cell)} AS cell, sum({value}) AS total FROM {self.name} {' '.join(joins)} "  # noqa: S608
            f"WHERE {where} GROUP BY 1"
        ).fetchnumpy()
        out = np.zeros(int(np.prod(shape)))
        out[np.asarray(found["cell"], dtype=np.int64)] = np.asarray(found["total"], dtype=np.float64)
        return out.reshape(shape)

    def fault(self, what: str, *, line: int | None = None, why: str = "", remedy: str = "") -> BaselineError:
        """An error that names this file."""
        return BaselineError(what, file=self.source.path, line=line, why=why, remedy=remedy)

    def line_of(self, **cells: Any) -> int | None:
        """The first line whose named columns hold these texts or numbers; asked for when something is wrong."""
        spots = [(self.header.index(self.found[key]), value) for key, value in cells.items()]
        for number, line in bounded_lines(self.source):
            if number <= self.heading:
                continue
            row = cells_of(line, self.source.path, number, self.delimiter)
            if len(row) > max(k for k, _ in spots) and all(_same(row[k], value) for k, value in spots):
                return number
        return None

    def refuse_duplicates(self, keys: Sequence[str]) -> None:
        """Refuse two records with the same key, naming the first such key and its line."""
        list_ = ", ".join(_quoted(key) for key in keys)
        twice = self.ask(
            f"SELECT {list_}, count(*) FROM {self.name} GROUP BY {list_} HAVING count(*) > 1 "  # noqa: S608
            f"ORDER BY {list_} LIMIT 1"
        )
        if twice:
            cell = dict(zip(keys, twice[0], strict=False))
            more = self.ask(
                f"SELECT count(*) FROM (SELECT 1 FROM {self.name} GROUP BY {list_} HAVING count(*) > 1)"  # noqa: S608
            )[0][0]
            raise self.fault(
                f"{', '.join(f'{k} {v}' for k, v in cell.items())} stands {twice[0][-1]} times "
                f"({more} such records)",
                line=self.line_of(**cell),
                why="Adding both would count the same flow twice",
                remedy="Remove the copies, or the second file that was appended",
            )

    def refuse_below(self, column: str, bound: float, what: str, remedy: str) -> None:
        """Refuse the first record whose figure is below `bound`."""
        low = self.ask(
            f"SELECT * FROM {self.name} WHERE {_quoted(column)} < ? ORDER BY {_quoted(column)} LIMIT 1",  # noqa: S608
            [bound],
        )
        if low:
            record = dict(zip(self.found, low[0], strict=True))
            count = self.ask(f"SELECT count(*) FROM {self.name} WHERE {_quoted(column)} < ?", [bound])[0][0]  # noqa: S608
            shown = ", ".join(f"{k} {v}" for k, v in record.items() if k != column and v is not None)
            raise self.fault(
                f"{what}: {record[column]:g} for {shown} ({count} in all)",
                line=self.line_of(**{k: v for k, v in record.items() if v is not None}),
                remedy=remedy,
            )

    def _refuse_rejects(self) -> None:
        rejected = self.ask(
            "SELECT line, column_name, error_type, csv_line FROM reject_errors ORDER BY line LIMIT 1"
        )
        self.database.execute("DROP TABLE IF EXISTS reject_errors")
        self.database.execute("DROP TABLE IF EXISTS reject_scans")
        if not rejected:
            return
        line, column, kind, text = rejected[0]
        line += self.heading - 1
        wide = f"{len(self.header)} columns are named on line {self.heading}"
        if kind == "MISSING COLUMNS":
            last = not self.source.ends_whole
            raise self.fault(
                f"the line has fewer fields than there are columns: {str(text)[:80]!r}",
                line=line,
                why=f"{wide}; " + ("the file breaks off without a line end, so it was cut short" if last else ""),
                remedy="Download the file again" if last else "Mend the line, or download the file again",
            )
        if kind == "TOO MANY COLUMNS":
            raise self.fault(
                f"the line has more fields than there are columns: {str(text)[:80]!r}",
                line=line,
                why=wide,
                remedy="Quote texts that contain the separator; decimal commas must be points",
            )
        raise self.fault(
            f"the column {column!r} holds something that is not a number: {str(text)[:80]!r}",
            line=line,
            why="A figure that cannot be read is never taken for zero",
            remedy="Use a point for decimals and no separators for thousands; remove the record or fill it "
            "from a source",
        )

    def _refuse_missing(self) -> None:
        for key, column in self.columns.items():
            if key not in self.found:
                continue
            blank = f"{_quoted(key)} IS NULL" if column.number else f"trim(coalesce({_quoted(key)}, '')) = ''"
            odd = f"NOT isfinite({_quoted(key)})" if column.number else "false"
            test = odd if column.blank else f"({blank}) OR ({odd})"
            found = self.ask(f"SELECT * FROM {self.name} WHERE {test} LIMIT 1")  # noqa: S608
            if found:
                record = dict(zip(self.found, found[0], strict=True))
                value = record[key]
                is_blank = value is None or (isinstance(value, str) and not value.strip())
                what = "is empty" if is_blank else f"is {value}"
                record[key] = "" if is_blank else value
                raise self.fault(
                    f"the column {self.found[key]!r} {what}",
                    line=self.line_of(**{k: ("" if v is None else v) for k, v in record.items()}),
                    why="A missing figure is never taken for zero",
                    remedy="Fill it from a source, or remove the record",
                )

    def _refuse_empty(self, year: int | None) -> None:
        if year is not None and "year" in self.found:
            spot = self.header.index(self.found["year"])
            years: set[str] = set()
            for number, line in bounded_lines(self.source):
                if number > self.heading:
                    row = cells_of(line, self.source.path, number, self.delimiter)
                    years.add(row[spot].strip() if len(row) > spot else "")
            shown = ", ".join(sorted(years)[:30]) or "none"
            raise self.fault(
                f"the file has no record of the year {year}",
                why=f"Years in it: {shown}",
                remedy="Choose one with --year",
            )
        raise self.fault("the file has a line of column names and nothing below it", remedy="Download it again")


def _without_glob(path: Path, scratch: Path) -> str:
    """DuckDB takes * ? [ in a path for a pattern; such a file is read through a name without them."""
    if not set("*?[") & set(str(path)):
        return str(path)
    other = scratch / f"{len(list(scratch.iterdir()))}-source.csv"
    try:
        other.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, other)
    return str(other)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _same(cell: str, value: Any) -> bool:
    if isinstance(value, float):
        try:
            number = float(cell)
        except ValueError:
            return False
        return number == value or (math.isnan(number) and math.isnan(value))
    return cell.strip() == str(value).strip()
