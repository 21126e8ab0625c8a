"""A case and its baseline as bytes, so that a worker needs neither the folder nor the machine it lies on."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.core.errors import RequestError
from winset.core.files import inside
from winset.core.provenance import digest, version

if TYPE_CHECKING:
    from winset.model.baseline import Baseline
    from winset.package.bargain_sheet import BargainSheet
    from winset.package.case import Case
    from winset.workflow import OpenCase

__all__ = ["Bundle", "bundle_of", "libraries", "unpacked"]

SHIPPED = "shipped:"
"""Begins the name of a law that comes with Winset, and is not sent."""
BASELINE = "baseline/"


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What travels to the workers."""

    files: bytes
    """A zip archive: the case's files by name, the baseline's below `baseline/`."""
    shipped: Mapping[str, str]
    """Hash of each law that comes with Winset and that the case stands on."""
    versions: Mapping[str, str]
    """Winset and the libraries that decide numbers and bytes."""
    settings: Mapping[str, Any]
    """Elasticities, closure, draws and seed, as `OpenCase.valuer` takes them."""
    id: str
    """Names the content."""


def libraries() -> dict[str, str]:
    """Versions that must be the same on every worker."""
    from importlib import metadata

    return {"winset": version()} | {name: metadata.version(name) for name in ("duckdb", "jax", "jaxlib", "numpy")}


def bundle_of(opened: OpenCase, settings: Mapping[str, Any]) -> Bundle:
    """Pack an opened case."""
    from winset.data.folder import baseline_files

    case = opened.case
    name = case.sheet.model.baseline
    own = inside(case.folder, name)
    buffer, hashes = io.BytesIO(), {}
    shipped = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        files = {key: path for key, path in case.files.items() if not key.startswith(SHIPPED)}
        files |= {BASELINE + key: path for key, path in baseline_files(own if own.is_dir() else name).items()}
        for key, path in sorted(files.items()):
            content = path.read_bytes()
            hashes[key] = digest(content)
            archive.writestr(zipfile.ZipInfo(key), content)
    for key, path in case.files.items():
        if key.startswith(SHIPPED):
            shipped[key.removeprefix(SHIPPED)] = digest(path.read_bytes())
    versions = libraries()
    whole = repr([sorted(hashes.items()), sorted(shipped.items()), versions, sorted(settings.items())])
    return Bundle(
        files=buffer.getvalue(), shipped=shipped, versions=versions, settings=dict(settings),
        id=digest(whole.encode())[:16],
    )  # fmt: skip


def unpacked(bundle: Bundle) -> tuple[Case, Baseline, BargainSheet | None]:
    """Case, baseline and levers, read on this machine. Raises RequestError where its Winset differs."""
    from winset.data.folder import load_baseline
    from winset.package.bargain_sheet import load_bargain
    from winset.package.case import open_case_folder
    from winset.package.folder import shipped_laws

    here = libraries()
    for name, wanted in bundle.versions.items():
        if here.get(name) != wanted:
            raise RequestError(
                f"a worker has {name} {here.get(name, 'none')}, the driver {wanted}",
                why="Numbers and files would differ in their last digits",
                remedy="Install the same lock file on both",
            )
    laws = shipped_laws()
    for name, wanted in bundle.shipped.items():
        if name not in laws or digest(laws[name].read_bytes()) != wanted:
            raise RequestError(
                f"a worker's Winset has another law {name!r} than the driver's", remedy="Install the same Winset"
            )
    with tempfile.TemporaryDirectory(prefix="winset-") as folder:
        root = Path(folder)
        with zipfile.ZipFile(io.BytesIO(bundle.files)) as archive:
            for entry in archive.namelist():
                target = inside(root, entry)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(entry))
        # Sheets are read whole; nothing looks at the folder again but to say where a fault stands.
        case = open_case_folder(root)
        return case, load_baseline(root / BASELINE.rstrip("/")), load_bargain(case)
