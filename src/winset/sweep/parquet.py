"""Columns to Parquet and back through DuckDB: the same columns give the same bytes, with no clock in them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Names", "encoded", "quoted"]


class Names:
    """A column of words as positions in a short list."""

    def __init__(self, words: Sequence[str], at: NDArray[np.int32]) -> None:
        self.words, self.at = list(words), at


Column = NDArray[Any] | Names


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def encoded(columns: Mapping[str, Column], about: Mapping[str, Any]) -> bytes:
    """One Parquet file. Columns of equal length; nan becomes a missing value; about goes into its metadata.

    One thread, so that rows keep their order and the file its bytes.
    """
    import duckdb

    plain: dict[str, NDArray[Any]] = {}
    chosen = []
    for k, (name, column) in enumerate(columns.items()):
        key = f"c{k}"
        if isinstance(column, Names):
            plain[key] = column.at
            words = ", ".join(_text(word) for word in column.words)
            source = f"([{words}]::VARCHAR[])[{key} + 1]"
        else:
            plain[key] = column
            source = f"CASE WHEN isnan({key}) THEN NULL ELSE {key} END" if column.dtype.kind == "f" else key
        chosen.append(f"{source} AS {quoted(name)}")
    note = _text(json.dumps(about, sort_keys=True, ensure_ascii=False))
    with tempfile.TemporaryDirectory(prefix="winset-") as folder:
        path = Path(folder) / "chunk.parquet"
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            connection.register("given", plain)
            connection.execute(
                f"COPY (SELECT {', '.join(chosen)} FROM given) TO {_text(str(path))} "  # noqa: S608
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, KV_METADATA {{winset: {note}}})"
            )
        return path.read_bytes()
