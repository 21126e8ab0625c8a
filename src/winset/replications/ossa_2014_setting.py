"""The data of Ossa (2014) as worlds, and every optimum, war and talk solved in them, each once."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import UnreadableFileError
from winset.model.ossa import OssaWorld
from winset.strategy.ossa_optima import nash_tariffs_ossa, optimal_tariffs_ossa
from winset.strategy.ossa_policy import OssaPolicy
from winset.strategy.ossa_talks import OssaTalks, talks_ossa

__all__ = ["OssaData", "load"]

Floats = NDArray[np.float64]
FILE = "ossa2014.npz"
ARRAYS = (
    "regions", "industries", "trade", "trade_raw", "tariff", "sigma", "sigma_alt", "lambda_pol",
    "pub_opt_bas", "pub_nash_bas",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class OssaData:
    """The published data as worlds, and everything solved in them, each once."""

    arrays: Mapping[str, NDArray[Any]]

    @cached_property
    def raw(self) -> OssaWorld:
        """Before net exports are set to zero."""
        return OssaWorld.from_arrays(
            regions=[str(x) for x in self.arrays["regions"]],
            industries=[str(x) for x in self.arrays["industries"]],
            flows=self.arrays["trade_raw"],
            tariffs=self.arrays["tariff"],
            sigma=self.arrays["sigma"],
        )

    @cached_property
    def worlds(self) -> dict[str, OssaWorld]:
        """BAS and POL, with the published flows, from which net exports are purged."""
        plain = self.raw.with_trade(self.arrays["trade"], self.arrays["tariff"])
        # One published weight is zero up to rounding, and below it.
        return {"BAS": plain, "POL": plain.with_lobbying(np.maximum(self.arrays["lambda_pol"], 0.0))}

    @cached_property
    def _kept(self) -> dict[tuple[str, ...], Any]:
        return {}

    def optima(self, kind: str, instruments: str = "partner-sector") -> list[OssaPolicy]:
        """Unilateral optima, one a region."""
        key = ("optima", kind, instruments)
        if key not in self._kept:
            world = self.worlds[kind]
            self._kept[key] = [
                optimal_tariffs_ossa(world, region, instruments=instruments).checked() for region in world.regions
            ]
        found: list[OssaPolicy] = self._kept[key]
        return found

    def war(self, kind: str, instruments: str = "partner-sector") -> OssaPolicy:
        """The trade war."""
        key = ("war", kind, instruments)
        if key not in self._kept:
            # The war by partner and sector starts from the MFN war, as published.
            start = self.war(kind, "sector").tariffs if instruments == "partner-sector" else None
            self._kept[key] = nash_tariffs_ossa(self.worlds[kind], instruments=instruments, start=start).checked()
        found: OssaPolicy = self._kept[key]
        return found

    def talks(
        self, kind: str, threat: str, instruments: str = "partner-sector", *, subsidies: bool = False
    ) -> OssaTalks:
        """Talks from factual tariffs (Fact), the war (Nash), the published war, or free trade (Free)."""
        key = ("talks", kind, threat, instruments, str(subsidies))
        if key not in self._kept:
            start: str | Floats
            if threat == "Nash":
                start = self.war(kind, instruments).tariffs
            elif threat == "PublishedNash":
                start = self.arrays["pub_nash_bas"]
            else:
                start = {"Fact": "factual", "Free": "free-trade"}[threat]
            world = self.worlds[kind]
            self._kept[key] = talks_ossa(
                world, disagreement=start, instruments=instruments, subsidies=subsidies
            ).checked()
        found: OssaTalks = self._kept[key]
        return found


def load(data: Path) -> OssaData:
    """The data in a folder; UnreadableFileError where the file is absent, no archive, or lacks an array."""
    places = (data / "ossa2014" / FILE, data / FILE)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise UnreadableFileError(f"no {FILE} here", file=data, remedy=f"Give the folder that holds {FILE}")
    try:
        with np.load(found, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise UnreadableFileError(f"not an archive of arrays: {error}", file=found) from error
    missing = [name for name in ARRAYS if name not in arrays]
    if missing:
        raise UnreadableFileError(f"the array {missing[0]!r} is missing", file=found)
    return OssaData(arrays=arrays)
