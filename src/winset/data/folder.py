"""A baseline as a folder: `baseline.yaml` (labels, elasticity sets, citations), `arrays.npz`, `about.md`.

`arrays.npz` holds plain float64 arrays (no pickle): flows and tariffs (exporter, importer, sector),
value_added_shares (region, sector), input_shares (region, input sector, using sector). Figures are read by
the names in `baseline.yaml`, whose order is the order of the axes.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, field_validator

from winset.core.casefile import CaseModel, load_yaml, validate
from winset.core.errors import BaselineError, UnreadableFileError
from winset.core.files import read_text, write_bytes, write_text
from winset.core.names import nearest
from winset.model.baseline import Baseline
from winset.model.elasticities import ElasticitySet

__all__ = [
    "BaselineSheet",
    "SourceSheet",
    "baseline_files",
    "load_baseline",
    "read_sheet",
    "shipped_baselines",
    "write_baseline",
]

SHIPPED = Path(__file__).parent / "baselines"
ARRAYS = ("flows", "tariffs", "value_added_shares", "input_shares")
FILES = ("about.md", "arrays.npz", "baseline.yaml")
MAX_ARRAY_BYTES = 2_000_000_000
"""Largest uncompressed array read from a baseline folder; a 1000 x 1000 x 200 world would need 1.6 GB."""


class NamedCode(CaseModel):
    """A code of an axis and what it stands for."""

    code: str
    name: str
    note: str = ""


class ElasticitySheet(CaseModel):
    """One set of trade elasticities (theta = sigma - 1) by sector code."""

    citation: str = Field(min_length=1)
    note: str = ""
    services: float | None = None
    """The value used for services, named because it is usually a fill-in; none where no sector is one."""
    values: dict[str, float]
    standard_errors: dict[str, float] | None = None
    """Of theta, for the sectors that have one."""

    @field_validator("standard_errors")
    @classmethod
    def _finite(cls, errors: dict[str, float] | None) -> dict[str, float] | None:
        bad = [code for code, error in (errors or {}).items() if not 0 < error < float("inf")]
        if bad:
            raise ValueError(f"the standard error of {bad[0]} is not a positive number")
        return errors

    @field_validator("values")
    @classmethod
    def _positive(cls, values: dict[str, float]) -> dict[str, float]:
        bad = [code for code, theta in values.items() if not theta > 0]
        if bad:
            raise ValueError(f"the elasticity of {bad[0]} is not positive")
        return values


class SourceSheet(CaseModel):
    """One source file that a baseline was built from."""

    name: str
    role: str
    sha256: str = Field(min_length=64, max_length=64)
    bytes: int


class BaselineSheet(CaseModel):
    """What `baseline.yaml` says. What follows `licences` is written by `winset baseline build`."""

    name: str
    title: str
    year: int
    unit: str
    valuation: str
    regions: list[NamedCode]
    sectors: list[NamedCode]
    default_elasticities: str
    elasticity_sets: dict[str, ElasticitySheet]
    sources: list[str]
    licences: list[str]
    files: list[SourceSheet] = []
    settings: dict[str, str] = {}
    """The build that made it: source, year, mappings, options."""
    notes: list[str] = []
    """What the reader of the source did or assumed."""
    adjustments: list[str] = []
    """What balancing moved, how much, and where most."""
    warnings: list[str] = []
    """What the checks found and the user accepted, or need not accept."""


def shipped_baselines() -> list[str]:
    """Names of the baselines that come with Winset."""
    return sorted(path.name for path in SHIPPED.iterdir() if (path / "baseline.yaml").is_file())


def _folder(name: str | Path) -> Path:
    if isinstance(name, str) and name in shipped_baselines():
        return SHIPPED / name
    path = Path(name)
    if path.is_dir():
        return path
    close = nearest(str(name), shipped_baselines())
    raise UnreadableFileError(
        f"no baseline {str(name)!r}: neither a shipped one nor a folder",
        remedy=(f"Did you mean {close!r}? " if close else "") + f"Shipped: {', '.join(shipped_baselines())}",
    )


def baseline_files(name: str | Path) -> dict[str, Path]:
    """The files of a baseline, for a manifest."""
    folder = _folder(name)
    return {file: folder / file for file in ("baseline.yaml", "arrays.npz")}


def read_sheet(name: str | Path) -> tuple[BaselineSheet, str]:
    """The checked `baseline.yaml` and the text of `about.md`."""
    folder = _folder(name)
    located = load_yaml(folder / "baseline.yaml")
    sheet = validate(BaselineSheet, located)
    codes = {sector.code for sector in sheet.sectors}
    if sheet.default_elasticities not in sheet.elasticity_sets:
        raise located.error(
            f"default_elasticities {sheet.default_elasticities!r} is not among the sets",
            ("default_elasticities",),
            remedy=f"Known: {', '.join(sheet.elasticity_sets)}",
        )
    for key, one in sheet.elasticity_sets.items():
        missing = sorted(codes - set(one.values))
        extra = sorted({*one.values, *(one.standard_errors or {})} - codes)
        if missing or extra:
            fault = f"has no value for sector {missing[0]}" if missing else f"names the unknown sector {extra[0]}"
            raise located.error(f"elasticity set {key!r} {fault}", ("elasticity_sets", key, "values"))
    about = folder / "about.md"
    return sheet, read_text(about) if about.is_file() else ""


def load_baseline(name: str | Path, *, elasticities: str | None = None) -> Baseline:
    """A shipped baseline by name ("icio-2022"), or one in a folder; elasticities: a set's name, or the default.

    Raises UnreadableFileError for a missing or damaged file, CaseFileError (with its line) for a fault in
    `baseline.yaml`, BaselineError where the figures do not balance, UnknownNameError for a set's name.
    """
    sheet, about = read_sheet(name)
    arrays = _read_arrays(_folder(name) / "arrays.npz")
    codes = [sector.code for sector in sheet.sectors]
    sets = {
        key: ElasticitySet(
            name=key,
            values=np.array([one.values[code] for code in codes]),
            citation=one.citation,
            note=(one.note if one.services is None else f"{one.note} Services: {one.services:g}.").strip(),
            standard_errors=None
            if one.standard_errors is None
            else np.array([one.standard_errors.get(code, np.nan) for code in codes]),
        )
        for key, one in sheet.elasticity_sets.items()
    }
    world = Baseline.from_arrays(
        regions=[region.code for region in sheet.regions],
        sectors=codes,
        elasticities=sets[sheet.default_elasticities].values,
        elasticity_sets=sets,
        elasticity_name=sheet.default_elasticities,
        name=sheet.name,
        year=sheet.year,
        about=about,
        region_names={region.code: region.name for region in sheet.regions},
        sector_names={sector.code: sector.name for sector in sheet.sectors},
        **arrays,
    )
    return world if elasticities is None else world.with_elasticities(elasticities)


def _read_arrays(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise UnreadableFileError("no such file", file=path, remedy="A baseline folder needs arrays.npz")
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.file_size > MAX_ARRAY_BYTES:
                    raise BaselineError(f"{entry.filename} unpacks to {entry.file_size:,} bytes", file=path)
        with np.load(path, allow_pickle=False) as archive:
            missing = [name for name in ARRAYS if name not in archive.files]
            if missing:
                raise BaselineError(f"the array {missing[0]!r} is missing", file=path)
            return {name: archive[name] for name in ARRAYS}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        if isinstance(error, BaselineError):
            raise
        raise UnreadableFileError(f"this is not a readable array file: {error}", file=path) from error


def write_baseline(folder: Path, sheet_text: str, arrays: Mapping[str, Any], about: str) -> None:
    """Write a baseline folder whole or not at all; `arrays` as in the module's docstring.

    It is made beside its place and then moved there, over an empty folder or an earlier baseline. A folder that
    holds anything else is refused, since a baseline replaces the whole of it.
    """
    buffer = io.BytesIO()
    plain: dict[str, Any] = {name: arrays[name] for name in ARRAYS}
    np.savez_compressed(buffer, **plain)
    others = sorted(p.name for p in folder.iterdir() if p.name not in FILES) if folder.is_dir() else []
    if others or folder.is_file():
        raise UnreadableFileError(
            f"this folder holds other things ({others[0]})" if others else "there is a file of that name",
            file=folder,
            remedy="Name a new folder with -o",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise UnreadableFileError(
            f"cannot write here: {error.strerror or error}", file=folder, remedy="Choose another folder with -o"
        ) from error
    try:
        write_text(made / "about.md", about)
        write_text(made / "baseline.yaml", sheet_text)
        write_bytes(made / "arrays.npz", buffer.getvalue())
        made.chmod(0o755)
        _move_over(made, folder)
    except OSError as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            f"the folder could not be written: {error.strerror or error}; nothing was changed", file=folder
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _move_over(made: Path, folder: Path) -> None:
    """Put `made` in the place of `folder`; an earlier baseline there is only removed once the new one stands."""
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-old."))
    old.rmdir()
    folder.rename(old)
    try:
        made.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
