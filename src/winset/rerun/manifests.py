"""Manifests of commands that read a part of a case, or none; one function for the command and its repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from winset.core.errors import UnreadableFileError
from winset.core.provenance import manifest
from winset.package.law import Law

__all__ = ["rate_manifest", "replicate_manifest", "timeline_manifest"]

MOST_FILES, MOST_BYTES = 5000, 5_000_000_000
"""Of a folder of data: what is hashed at most."""


def rate_manifest(folder: Path, law: Law) -> dict[str, Any]:
    """Of `winset rate` for a good: the law of the case in `folder`, and what it extends."""
    return manifest(
        inputs={f"case/{name}": path for name, path in law.files.items()}, settings={"case": folder.resolve().name}
    )


def timeline_manifest(folder: Path) -> dict[str, Any]:
    """Of `winset timeline`: the record of the case in `folder` and the list of its documents."""
    names = ("record.jsonl", "documents/documents.yaml")
    found = {f"case/{name}": folder / name for name in names if (folder / name).is_file()}
    return manifest(inputs=found, settings={"case": folder.resolve().name})


def replicate_manifest(paper: str, folder: Path) -> dict[str, Any]:
    """Of `winset replicate`: every file of the folder of data."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(files) > MOST_FILES or sum(path.stat().st_size for path in files) > MOST_BYTES:
        raise UnreadableFileError("the folder holds far more than a paper's data", file=folder)
    return manifest(
        inputs={f"data/{path.relative_to(folder).as_posix()}": path for path in files}, settings={"paper": paper}
    )
