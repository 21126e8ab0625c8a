"""A sweep's folder: `manifest.json`, `chunks.jsonl`, `draws/`, `rows/package=NAME/`, `grid.parquet`.

A chunk is one file, written whole or not at all, and counts once its line in `chunks.jsonl` (size, rows, SHA-256)
is on the disk. Whatever else lies in the folder is not part of the sweep: a driver that died between file and
line, or within a line, leaves a chunk to be computed again, with the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import inside, read_text, write_bytes, write_text
from winset.core.provenance import digest
from winset.sweep.work import Made

__all__ = ["Store", "open_store", "read_store"]

MANIFEST, CHUNKS, GRID = "manifest.json", "chunks.jsonl", "grid.parquet"
OWN = (MANIFEST, CHUNKS, GRID, "draws", "rows")
"""All that a sweep writes, and all that a fresh start removes."""
MAX_MANIFEST = 50_000_000


@dataclass(kw_only=True)
class Store:
    """A sweep's folder, open for a run or for reading."""

    folder: Path
    manifest: Mapping[str, Any]
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Records of finished chunks, by id."""
    mended: list[str] = field(default_factory=list)
    """What was found damaged and is computed again, in words."""

    def keep(self, made: Made) -> None:
        """Write a chunk and then its record. Raises UnreadableFileError where the disk refuses."""
        record = {
            "id": made.id, "rows": made.rows, "bytes": len(made.content), "sha256": digest(made.content),
            "unconverged": made.unconverged, "worst_residual": made.worst_residual, "solves": made.solves,
        }  # fmt: skip
        write_bytes(self.folder / made.id, made.content)
        path = self.folder / CHUNKS
        try:
            with path.open("ab") as stream:
                stream.write(_line(record))
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise UnreadableFileError(
                f"the record of a chunk could not be written: {error.strerror or error}",
                file=path,
                remedy="Make room and give the same command again; finished chunks are kept",
            ) from error
        self.done[made.id] = record

    def finish(self) -> None:
        """Put the records in order, so that the file does not tell in which order workers finished."""
        records = [self.done[name] for name in sorted(self.done)]
        write_bytes(self.folder / CHUNKS, b"".join(_line(record) for record in records))

    def total(self, key: str) -> int:
        """Sum of a number over the finished chunks."""
        return int(sum(record[key] for record in self.done.values()))


def _line(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, sort_keys=True) + "\n").encode()


def open_store(folder: Path, manifest: Mapping[str, Any], *, fresh: bool = False) -> Store:
    """The folder of a run: a new one, or one that holds some of its chunks, each checked against its hash.

    Raises RequestError where the folder holds something else, naming what differs; fresh: remove that sweep first.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MANIFEST).is_file():
            raise RequestError(f"{folder} is not empty and holds no sweep", remedy="Choose another folder with -o")
        if fresh:
            _clear(folder)
        else:
            found = _manifest(folder)
            if found != manifest:
                raise RequestError(
                    f"{folder} holds another sweep: {'; '.join(_differences(found, manifest))}",
                    remedy="Choose another folder with -o, or give --fresh to replace it",
                )
            store = Store(folder=folder, manifest=manifest)
            _load(store, check=True)
            return store
    write_text(folder / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return Store(folder=folder, manifest=manifest)


def read_store(folder: Path) -> Store:
    """A sweep to be queried. Raises UnreadableFileError where there is none, or where a chunk lost bytes."""
    if not (folder / MANIFEST).is_file():
        raise UnreadableFileError(
            "there is no sweep here", file=folder, remedy="Run the sweep first, or name its folder with -o"
        )
    store = Store(folder=folder, manifest=_manifest(folder))
    _load(store, check=False)
    for name, record in store.done.items():
        path = folder / name
        size = path.stat().st_size if path.is_file() else 0
        if size != record["bytes"]:
            raise UnreadableFileError(
                f"the chunk has {size:,} bytes where {record['bytes']:,} were written",
                file=path,
                remedy="Run the sweep again with the same settings: only damaged chunks are computed",
            )
    return store


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        found = json.loads(read_text(path, limit=MAX_MANIFEST))
    except ValueError as error:
        raise UnreadableFileError(
            f"the manifest of a sweep is damaged: {error}", file=path, remedy="Give --fresh to start anew"
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get("settings"), dict):
        raise UnreadableFileError("this is not the manifest of a sweep", file=path)
    return found


def _load(store: Store, *, check: bool) -> None:
    """Read the records; with check, drop what the disk does not hold as recorded and keep what it does."""
    path = store.folder / CHUNKS
    if not path.is_file():
        return
    content = path.read_bytes()
    lost = 0
    for line in content.splitlines(keepends=True):
        try:
            record = json.loads(line)
            name, size = str(record["id"]), int(record["bytes"])
            target = inside(store.folder, name)
            whole = line.endswith(b"\n") and len(record["sha256"]) == 64 and size >= 0
        except (ValueError, KeyError, TypeError, UnreadableFileError):
            whole = False
        if not whole:
            lost += 1
            continue
        if check:
            found = target.read_bytes() if target.is_file() else b""
            if len(found) != size or digest(found) != record["sha256"]:
                store.mended.append(f"{name} is {'damaged' if found else 'missing'}")
                store.done.pop(name, None)
                continue
        store.done[name] = record
    if lost:
        store.mended.append(f"{lost} line{'s' if lost > 1 else ''} of {CHUNKS} cut short")
    if check and store.mended:
        store.finish()


def _clear(folder: Path) -> None:
    """Remove a sweep, the manifest last: until then the folder is known as one."""
    for name in reversed(OWN):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], at: str = "") -> list[str]:
    """What two manifests say differently, in words; ids and hashes by name only."""
    found = []
    for key in sorted({*old, *new}):
        if key == "id" and not at:
            continue
        a, b = old.get(key), new.get(key)
        place = f"{at}{key}"
        if a == b:
            continue
        if isinstance(a, Mapping) and isinstance(b, Mapping):
            found += _differences(a, b, f"{place} ")
        elif at.startswith("inputs"):
            found.append(f"{place} has changed")
        else:
            found.append(f"{place} was {a}, now {b}")
    return found
