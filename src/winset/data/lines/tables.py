"""The columns of a schedule and of a trade table, from CSV or from Parquet, as one checked DuckDB table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.core.errors import BaselineError, UnknownNameError, UnreadableFileError
from winset.core.names import nearest
from winset.data.long_tables import Column, LongTable
from winset.data.source_files import SourceFile, take

if TYPE_CHECKING:
    import duckdb

__all__ = ["SCHEDULE", "TRADE", "ParquetTable", "read_table"]


def _number(*names: str) -> Column:
    return Column(names=names, number=True, required=False, blank=True)


def _text(*names: str) -> Column:
    return Column(names=names, required=False, blank=True)


SCHEDULE: Mapping[str, Column] = {
    "importer": Column(names=("importer", "reporter")),
    "exporter": _text("exporter", "partner"),
    "regime": _text("regime", "tariff_regime", "duty_type"),
    "hs": Column(names=("hs", "hs_code", "tariff_line", "code", "product")),
    "year": Column(names=("year",), number=True, required=False),
    "since": _text("since", "from", "valid_from"),
    "until": _text("until", "to", "valid_to"),
    "ad_valorem": _number("ad_valorem", "rate", "tariff", "ave"),
    "specific": _number("specific", "specific_duty"),
    "unit_value": _number("unit_value"),
    "rule": _text("rule"),
    "quota": _number("quota", "quota_volume"),
    "volume": _number("volume", "imports_volume"),
    "in_rate": _number("in_rate", "in_quota_rate"),
    "out_rate": _number("out_rate", "out_quota_rate"),
    "rent": _text("rent", "rent_to"),
    "imports": Column(names=("imports", "imports_value", "value"), number=True, required=False),
}
"""One line of a schedule: rates in percent or fractions, `specific` in money per unit, `unit_value` likewise."""
TRADE: Mapping[str, Column] = {
    "importer": Column(names=("importer", "reporter", "j")),
    "exporter": Column(names=("exporter", "partner", "i")),
    "hs": Column(names=("hs", "hs_code", "code", "product", "k")),
    "imports": Column(names=("imports", "imports_value", "value", "v"), number=True),
}


class ParquetTable(LongTable):
    """A Parquet file with the same columns and checks; faults have no line, since it has none."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, source: SourceFile, columns: Mapping[str, Column], *, name: str
    ) -> None:
        import duckdb

        self.database, self.source, self.name, self.columns = database, source, name, columns
        self.heading, self.delimiter = 0, ","
        try:
            described = self.ask("DESCRIBE SELECT * FROM read_parquet(?)", [str(source.text)])
            kinds = {str(row[0]): str(row[1]) for row in described}
            self.header = list(kinds)
            self.found = self._names(kinds)
            wanted = []
            for key, there in self.found.items():
                if key == "hs" and kinds[there] != "VARCHAR":
                    raise self.fault(
                        f"the column {there!r} holds numbers ({kinds[there]})",
                        why="HS codes are text: as numbers they lose their leading zeros",
                        remedy="Write the column as strings",
                    )
                to = "DOUBLE" if columns[key].number else "VARCHAR"
                wanted.append(f'CAST("{there.replace(chr(34), chr(34) * 2)}" AS {to}) AS "{key}"')
            database.execute(
                f"CREATE OR REPLACE TABLE {name} AS SELECT {', '.join(wanted)} FROM read_parquet(?)",  # noqa: S608
                [str(source.text)],
            )
        except duckdb.Error as error:
            raise UnreadableFileError(
                f"this is not a readable Parquet file: {str(error).splitlines()[0][:200]}",
                file=source.path,
                remedy="Write or download it again",
            ) from error
        self._refuse_missing()
        if self.rows == 0:
            raise self.fault("the table has no rows", remedy="Write or download it again")

    def _names(self, kinds: Mapping[str, str]) -> dict[str, str]:
        folded = {"".join(c for c in name.casefold() if c.isalnum()): name for name in kinds}
        found = {}
        for key, column in self.columns.items():
            for spelling in column.names:
                there = folded.get("".join(c for c in spelling.casefold() if c.isalnum()))
                if there is not None:
                    found[key] = there
                    break
            else:
                if column.required:
                    close = nearest(column.names[0], kinds)
                    raise UnknownNameError(
                        f"the column {column.names[0]!r} is missing", file=self.source.path,
                        why=f"Found: {', '.join(list(kinds)[:15])}",
                        remedy=f"Is it {close!r}? Rename it" if close else "Rename it in the file",
                    )  # fmt: skip
        return found

    def line_of(self, **cells: Any) -> int | None:
        """A Parquet file has no lines."""
        return None


def read_table(
    database: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, Column], *, name: str, scratch: Path
) -> LongTable:
    """A CSV (plain, gzip, zip) or Parquet file as the table `name`, its known columns under our names."""
    if path.is_file() and path.suffix.lower() in (".parquet", ".pq"):
        if set("*?[") & set(str(path)):
            raise BaselineError("the path has a sign of patterns (* ? [)", file=path, remedy="Rename the file")
        with path.open("rb") as stream:
            magic = stream.read(4)
        if magic != b"PAR1":
            raise BaselineError("this is not a Parquet file", file=path, remedy="Check the suffix of its name")
        return ParquetTable(database, _unpacked(path, name), columns, name=name)
    return LongTable(database, take(path, name, scratch), columns, name=name, scratch=scratch)


def _unpacked(path: Path, role: str) -> SourceFile:
    import hashlib

    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return SourceFile(
        path=path, text=path, role=role, sha256=sha256, size=path.stat().st_size, encoding="utf-8", ends_whole=True
    )
