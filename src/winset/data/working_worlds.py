"""The project's two fine working worlds: `wiod-2014` (44 x 50, with inputs) and `icio-2022-81` (81 x 28, without).

Their source folders hold `arrays.npz` beside tables that repeat them. The figures are read by label, transposed to
exporter, importer, sector, and held against each other; a cell on which two of them differ is refused.
"""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from winset.core.errors import BaselineError, UnreadableFileError
from winset.core.files import read_text
from winset.core.provenance import digest
from winset.data.checks import swapped
from winset.data.folder import MAX_ARRAY_BYTES
from winset.data.levels import Floats, Levels
from winset.data.source_files import SourceFile, take

__all__ = ["read_icio_81", "read_wiod_44"]

TOLERANCE = 1e-10
"""Largest relative gap between two statements of one account."""


def read_wiod_44(path: Path, year: int | None, scratch: Path) -> tuple[Levels, int, list[SourceFile]]:
    """Levels of WIOD 2014 as recovered from the inputs of Felbermayr, Groeschl and Heiland (2022)."""
    folder = path / "wiod2014_44x50" if (path / "wiod2014_44x50").is_dir() else path
    arrays, sources = _arrays(folder, scratch)
    need = (
        "regions", "sectors", "Z_importer_exporter_sector", "tariff_importer_exporter_sector",
        "gamma_region_using_input", "beta_region_sector", "alpha_region_sector", "deficit",
    )  # fmt: skip
    _has(arrays, need, folder)
    regions, sectors = _names(arrays["regions"]), _names(arrays["sectors"])
    flows = np.ascontiguousarray(arrays["Z_importer_exporter_sector"].transpose(1, 0, 2))
    tariffs = np.ascontiguousarray(arrays["tariff_importer_exporter_sector"].transpose(1, 0, 2))
    made = flows.sum(axis=1)
    share = arrays["gamma_region_using_input"].transpose(0, 2, 1) * (1 - arrays["beta_region_sector"])[:, None, :]
    spending = ((1 + tariffs) * flows).sum(axis=0)
    final = spending - np.einsum("jks,js->jk", share, made)
    income = final.sum(axis=1)
    _same(final, arrays["alpha_region_sector"] * income[:, None], "final demand", (regions, sectors), spending)
    _same(
        flows.sum(axis=(0, 2)) - flows.sum(axis=(1, 2)), arrays["deficit"], "trade deficit", (regions,),
        flows.sum(axis=(0, 2)),
    )  # fmt: skip
    # Inputs at the price without tariffs, as every reader hands them on; balancing puts the tariff back.
    bought = flows.sum(axis=0)
    factor = np.divide(spending, bought, out=np.ones_like(bought), where=bought > 0)
    inputs = share * made[:, None, :] / factor[:, :, None]
    names = {row["sector"]: row["name"] for row in _rows(folder / "sectors.csv")}
    levels = Levels(
        regions=regions, sectors=sectors, flows=flows, tariffs=tariffs, inputs=inputs, output=made,
        sector_names={s: names.get(s, s) for s in sectors}, isic=True,
        notes=(
            "Read through the inputs of Felbermayr, Groeschl and Heiland (2022), whose tariff file is "
            "transposed; the "
            "importer stands first here. Inventories removed, negative investment set to zero and 14 cells "
            "trimmed at "
            "the source.",
            "Tariffs: WITS/TRAINS 2014, effectively applied, import-weighted; ROW is the mean of six countries.",
        ),
        findings=tuple(swapped(tariffs, regions, folder / "arrays.npz")),
    )  # fmt: skip
    return levels, _only(2014, year, folder), sources


def read_icio_81(path: Path, year: int | None, scratch: Path) -> tuple[Levels, int, list[SourceFile]]:
    """Levels of OECD ICIO 2022 on 81 countries; the source has no input-output data, so neither has the world."""
    for folder in (path / "icio2022" / "icio2022_81x28", path / "icio2022_81x28", path):
        if (folder / "arrays.npz").is_file():
            break
    arrays, sources = _arrays(folder, scratch)
    _has(
        arrays,
        ("countries", "sectors", "flow_exporter_importer_sector", "tariff_exporter_importer_sector"),
        folder,
    )
    regions, sectors = _names(arrays["countries"]), _names(arrays["sectors"])
    names = {row["sector"]: row["name"] for row in _rows(folder / "sectors.csv")}
    tariffs = arrays["tariff_exporter_importer_sector"]
    levels = Levels(
        regions=regions, sectors=sectors, flows=arrays["flow_exporter_importer_sector"], tariffs=tariffs,
        sector_names={s: names.get(s, s) for s in sectors}, isic=True,
        notes=(
            "No inputs: the source has no input-output table on these countries. Value added equals output, so "
            "incomes "
            "are too large and gains from trade too small against the shipped world with inputs.",
            "Tariffs: Teti (2024), year 2021, simple averages, corrected as in the shipped baseline icio-2022.",
        ),
        findings=tuple(swapped(tariffs, regions, folder / "arrays.npz")),
    )  # fmt: skip
    return levels, _only(2022, year, folder), sources


def _arrays(folder: Path, scratch: Path) -> tuple[dict[str, Any], list[SourceFile]]:
    path = folder / "arrays.npz"
    if not path.is_file():
        take(path, "arrays", scratch)  # says that there is no such file
    content = path.read_bytes()
    source = SourceFile(
        path=path,
        text=path,
        role="arrays",
        sha256=digest(content),
        size=len(content),
        encoding="binary",
        ends_whole=True,
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > MAX_ARRAY_BYTES:
            raise UnreadableFileError(f"the arrays unpack to {size:,} bytes", file=path)
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}, [source]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(f"cannot read the source arrays: {error}", file=path) from error


def _has(arrays: dict[str, Any], names: tuple[str, ...], folder: Path) -> None:
    missing = [name for name in names if name not in arrays]
    if missing:
        raise BaselineError(
            f"the array {missing[0]!r} is missing", file=folder / "arrays.npz",
            remedy="Name the folder of that world with --from",
        )  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(read_text(path).splitlines()))


def _names(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _only(own: int, year: int | None, folder: Path) -> int:
    if year not in (None, own):
        raise BaselineError(f"--year {year}, but these figures are of {own}", file=folder)
    return own


def _same(ours: Floats, theirs: Floats, what: str, axes: tuple[tuple[str, ...], ...], scale: Floats) -> None:
    gap = np.abs(ours - theirs) / np.maximum(scale, 1e-6 * scale.max())
    at = np.unravel_index(int(np.argmax(np.where(np.isfinite(gap), gap, np.inf))), gap.shape)
    if not gap[at] <= TOLERANCE:
        cell = " ".join(axis[k] for axis, k in zip(axes, at, strict=True))
        raise BaselineError(
            f"the {what} of {cell} is {ours[at]:.10g} from the flows and {theirs[at]:.10g} as stated",
            why="Two parts of the source contradict each other", remedy="Mend the source; nothing was written",
        )  # fmt: skip
