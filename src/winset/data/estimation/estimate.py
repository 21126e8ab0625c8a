"""From slopes to trade elasticities, with what must be looked at before they are used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winset.core.errors import RequestError
from winset.core.names import known
from winset.data.estimation.panel import read_panel
from winset.data.estimation.ppml import Slope, ppml
from winset.data.estimation.tetrads import caliendo_parro

__all__ = ["FLAGS", "METHODS", "Estimate", "EstimatedSet", "estimate"]

METHODS = ("ppml", "caliendo-parro")
FEW = 100
"""Below so many observations an estimate is flagged."""
FEW_CLUSTERS = 30
"""Below so many country pairs clustered errors are too small (Cameron, Gelbach and Miller 2008)."""
LARGE = 50.0
"""An elasticity above this is rather a mistake of unit."""
FLAGS = ("none", "wrong sign", "not significant", "few observations", "few clusters", "very large")


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One sector."""

    sector: str
    theta: float
    """sigma - 1; NaN where there is none. May be negative: then it is flagged, and no baseline takes it."""
    standard_error: float
    """Clustered by country pair; that of theta and that of the slope are the same."""
    robust_error: float
    """Caliendo-Parro: of triples taken for independent; NaN otherwise."""
    slope: float
    """Coefficient on ln(1 + tariff)."""
    observations: int
    dropped: int
    clusters: int
    flags: tuple[str, ...]
    """What speaks against it (see FLAGS); empty: nothing found."""
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EstimatedSet:
    """A set by sector, and where it comes from."""

    method: str
    values: str
    """exclusive or inclusive of the duty."""
    estimates: tuple[Estimate, ...]
    files: tuple[tuple[str, str], ...]
    """Name and sha256 of the user's files."""
    libraries: tuple[tuple[str, str], ...]
    """Name and version."""

    @property
    def citation(self) -> str:
        """Method and data, in words."""
        how = {
            "ppml": "PPML with exporter-year, importer-year and pair effects, errors clustered by pair",
            "caliendo-parro": "triple ratios of Caliendo and Parro (2015), errors clustered by pair",
        }[self.method]
        data = ", ".join(f"{name} (sha256 {sha})" for name, sha in self.files)
        with_ = ", ".join(f"{name} {version}" for name, version in self.libraries)
        return f"Estimated by {how}, values {self.values} of duties, from {data}" + (f"; {with_}" if with_ else "")


def estimate(
    trade: Path, tariffs: Path, *, method: str = "ppml", values: str = "exclusive", unit: str = "fraction"
) -> EstimatedSet:
    """Elasticities by sector.

    values: `exclusive` where trade leaves the duty out (customs values): the slope is then -(theta + 1) = -sigma.
    `inclusive`: the slope is -theta. unit: of the tariffs, percent or fraction.
    """
    known(method, METHODS, "method")
    if values not in ("exclusive", "inclusive") or unit not in ("percent", "fraction"):
        raise RequestError(
            f"{values!r} or {unit!r} is not known", remedy="exclusive, inclusive; percent, fraction"
        )
    panels, files = read_panel(trade, tariffs, unit=unit)
    made = []
    for panel in panels:
        if method == "ppml":
            slope, robust = ppml(panel), np.nan
        else:
            slope, robust = caliendo_parro(panel)
        made.append(_estimate(panel.sector, slope, robust, values))
    libraries: list[tuple[str, str]] = []
    if method == "ppml":
        from importlib import metadata

        libraries = [("pyfixest", metadata.version("pyfixest"))]
    return EstimatedSet(
        method=method, values=values, estimates=tuple(made), files=tuple(files), libraries=tuple(libraries)
    )


def _estimate(sector: str, slope: Slope, robust: float, values: str) -> Estimate:
    theta = -slope.value - (1.0 if values == "exclusive" else 0.0)
    flags = []
    if not np.isfinite(theta):
        flags.append("none")
    else:
        if theta <= 0:
            flags.append("wrong sign")
        if not (np.isfinite(slope.error) and abs(theta) > 1.96 * slope.error):
            flags.append("not significant")
        if slope.observations < FEW:
            flags.append("few observations")
        if slope.clusters < FEW_CLUSTERS:
            flags.append("few clusters")
        if theta > LARGE:
            flags.append("very large")
    return Estimate(
        sector=sector, theta=theta, standard_error=slope.error, robust_error=float(robust), slope=slope.value,
        observations=slope.observations, dropped=slope.dropped, clusters=slope.clusters, flags=tuple(flags),
        remarks=slope.remarks,
    )  # fmt: skip
