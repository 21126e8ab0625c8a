"""PPML gravity: flows on ln(1 + tariff) with exporter-year, importer-year and pair effects.

Santos Silva and Tenreyro (2006, Review of Economics and Statistics 88, 641-658); the effects of structural
gravity as in Head and Mayer (2014, Handbook of International Economics 4, ch. 3). The fixed effects are taken out
by pyfixest (the extra `estimation`), imported here only. Without years there are no pair effects: what else lies
between two countries is then in the error, and the result says so.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from winset.core.errors import RequestError
from winset.data.estimation.panel import Panel

__all__ = ["Slope", "ppml"]

TOLERANCE = 1e-10
"""Change of the deviance at which the iteration stops, and that of the demeaning within it."""


@dataclass(frozen=True, kw_only=True)
class Slope:
    """The coefficient on ln(1 + tariff) of one sector, or why there is none."""

    value: float
    """NaN where there is none."""
    error: float
    """Standard error."""
    observations: int
    """Used."""
    dropped: int
    """Left out: singletons, and observations that an effect predicts perfectly (separation)."""
    clusters: int
    """Country pairs over which errors are clustered."""
    remarks: tuple[str, ...]


def ppml(panel: Panel, *, tolerance: float = TOLERANCE) -> Slope:
    """The slope of one sector. Raises RequestError where the library is not installed."""
    try:
        import pandas as pd  # type: ignore[import-untyped,unused-ignore]
        import pyfixest
    except ImportError as error:
        raise RequestError(
            "PPML needs the package pyfixest, which is not installed",
            remedy="Install winset[estimation], or use --method caliendo-parro",
        ) from error
    count = len(panel.values)
    remarks: list[str] = []
    year = panel.years.astype(np.str_)
    pair = np.char.add(np.char.add(panel.exporters, "|"), panel.importers)
    clusters = len(np.unique(pair))
    effects = ["ey", "iy"]
    if len(np.unique(panel.years)) > 1:
        effects.append("pair")
    else:
        remarks.append("one year only: no pair effects, so distance and the like stay in the error")
    frame = pd.DataFrame({
        "value": panel.values,
        "x": np.log1p(panel.tariffs),
        "ey": np.char.add(np.char.add(panel.exporters, "|"), year),
        "iy": np.char.add(np.char.add(panel.importers, "|"), year),
        "pair": pair,
    })  # fmt: skip

    def none(why: str) -> Slope:
        return Slope(value=np.nan, error=np.nan, observations=0, dropped=count, clusters=clusters,
                     remarks=(*remarks, why))  # fmt: skip

    if clusters < 3 or not np.any(panel.values > 0):
        return none("too few flows")
    try:
        with warnings.catch_warnings():
            # The library warns of separation and singletons, which are reported here, and of what
            # pandas will change.
            warnings.simplefilter("ignore")
            fit = pyfixest.fepois(
                f"value ~ x | {' + '.join(effects)}", data=frame, vcov={"CRV1": "pair"}, iwls_tol=tolerance,
                iwls_maxiter=100, separation_check=["fe", "ir"], store_data=False, copy_data=False,
                demeaner=pyfixest.MapDemeaner(fixef_tol=min(tolerance, 1e-9), fixef_maxiter=100_000),
            )  # fmt: skip
            names = list(fit._coefnames)
            if names != ["x"]:
                return none("the effects explain every difference between tariffs")
            value, spread = float(fit.coef()["x"]), float(fit.se()["x"])
    except (ValueError, RuntimeError, np.linalg.LinAlgError, ZeroDivisionError) as error:
        return none(f"no estimate: {str(error).splitlines()[0][:120] if str(error) else type(error).__name__}")
    used = int(fit._N)
    separated = int(getattr(fit, "n_separation_na", 0) or 0)
    if separated:
        remarks.append(f"{separated} observations predicted perfectly (separation) were left out")
    if not np.isfinite(value) or not np.isfinite(spread) or spread <= 0:
        return none("no estimate: the standard error is not a number")
    return Slope(
        value=value,
        error=spread,
        observations=used,
        dropped=count - used,
        clusters=clusters,
        remarks=tuple(remarks),
    )
