"""Triple ratios of flows on triple ratios of tariffs: Caliendo and Parro (2015, Rev. Econ. Studies 82, 1-44).

For three countries a, b, c: ln [X_ab X_bc X_ca / (X_ba X_cb X_ac)] = slope ln [(1 + t_ab) (1 + t_bc) (1 + t_ca) /
((1 + t_ba) (1 + t_cb) (1 + t_ac))] + error, by least squares without a constant. Importer effects, exporter
effects and whatever is the same both ways between two countries cancel.

Each flow stands in many triples, so their errors are far from independent. With y_ab = ln X_ab - ln X_ba the left
side is y_ab + y_bc + y_ca, a linear map C of pair errors u; the slope's error is sum_p (C' z)_p u_p / z'z, and
the standard error clusters by country pair over years, with u from a fit of y on x and one effect a country and
year, scaled by pairs over pairs less effects. The heteroskedasticity-robust error of independent triples is given
beside it; it is usually too small.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from winset.data.estimation.panel import Panel
from winset.data.estimation.ppml import Slope

__all__ = ["caliendo_parro"]

Floats = NDArray[np.float64]
MOST = 400
"""Countries of one year: 400 make ten million triples."""


def caliendo_parro(panel: Panel) -> tuple[Slope, float]:
    """The slope of one sector, and the robust error that takes triples for independent."""
    names = sorted({*panel.exporters.tolist(), *panel.importers.tolist()})
    place = {name: k for k, name in enumerate(names)}
    n = len(names)
    if n > MOST:
        return _none(f"more than {MOST} countries"), np.nan
    zz = zy = meat = robust = 0.0
    triples = 0
    score, effects, pairs = np.zeros((n, n)), 0, 0
    stored: list[tuple[Floats, Floats, Floats]] = []
    for year in np.unique(panel.years):
        y, x = _ratios(panel, panel.years == year, place, n)
        there = np.isfinite(y)
        found = _sums(y, x, there)
        if found is None:
            continue
        zz, zy, triples = zz + found[0], zy + found[1], triples + found[2]
        stored.append((y, x, found[3]))
        effects += max(int(there.any(axis=1).sum()) - 1, 0)
        pairs += int(np.triu(there, 1).sum())
    if triples == 0 or zz <= 1e-12 * max(triples, 1):
        why = "no three countries trade all six ways" if triples == 0 else "tariffs are the same both ways"
        return _none(why), np.nan
    slope = zy / zz
    for y, x, weight in stored:
        score += weight * _residual(y, x, slope)
        robust += _robust(y, x, slope)
    scale = pairs / max(pairs - effects - 1, 1)
    meat = float(np.sum(np.triu(score, 1) ** 2))
    clusters = int(np.triu(score != 0, 1).sum())
    remarks = [] if pairs > effects + 1 else ["too few pairs for a standard error"]
    lost = int(np.sum((panel.exporters != panel.importers) & (panel.values <= 0)))
    if lost:
        remarks.append(f"{lost} zero flows are in no triple")
    error = float(np.sqrt(scale * meat) / zz) if pairs > effects + 1 else np.nan
    return (
        Slope(
            value=slope, error=error, observations=triples, dropped=lost, clusters=clusters, remarks=tuple(remarks)
        ),
        float(np.sqrt(robust) / zz),
    )


def _none(why: str) -> Slope:
    return Slope(value=np.nan, error=np.nan, observations=0, dropped=0, clusters=0, remarks=(why,))


def _ratios(panel: Panel, rows: NDArray[np.bool_], place: dict[str, int], n: int) -> tuple[Floats, Floats]:
    """(n, n) antisymmetric ln X_ab - ln X_ba and its like of 1 + tariff; NaN where a flow is absent or zero."""
    flows, rates = np.full((n, n), np.nan), np.full((n, n), np.nan)
    at = [place[name] for name in panel.exporters[rows]], [place[name] for name in panel.importers[rows]]
    with np.errstate(divide="ignore"):
        logs = np.log(panel.values[rows])
    flows[at] = np.where(np.isfinite(logs), logs, np.nan)
    rates[at] = np.log1p(panel.tariffs[rows])
    y, x = flows - flows.T, rates - rates.T
    np.fill_diagonal(y, np.nan)
    return y, np.where(np.isfinite(y), x, np.nan)


def _sums(y: Floats, x: Floats, there: NDArray[np.bool_]) -> tuple[float, float, int, Floats] | None:
    """z'z, z'y, number of triples, and (C' z) as an antisymmetric (n, n) array."""
    n = len(y)
    zz = zy = 0.0
    count = 0
    weight = np.zeros((n, n))
    for a in range(n - 2):
        later = np.flatnonzero(there[a, a + 1 :]) + a + 1
        if len(later) < 2:
            continue
        b, c = np.triu_indices(len(later), 1)
        b, c = later[b], later[c]
        ok = there[b, c]
        b, c = b[ok], c[ok]
        z = x[a, b] + x[b, c] + x[c, a]
        zz += float(z @ z)
        zy += float(z @ (y[a, b] + y[b, c] + y[c, a]))
        count += len(z)
        np.add.at(weight, (np.full(len(b), a), b), z)
        np.add.at(weight, (b, c), z)
        np.add.at(weight, (c, np.full(len(c), a)), z)
    return None if count == 0 else (zz, zy, count, weight - weight.T)


def _residual(y: Floats, x: Floats, slope: float) -> Floats:
    """(n, n) antisymmetric residuals of pairs once each country has its effect; zero where there is no pair."""
    there = np.isfinite(y)
    left = np.where(there, y - slope * np.where(there, x, 0.0), 0.0)
    # Least squares of left_ab on effect_a - effect_b: the normal equations are those of a graph's Laplacian.
    laplacian = np.diag(there.sum(axis=1).astype(np.float64)) - there
    effect = np.linalg.lstsq(laplacian, left.sum(axis=1), rcond=None)[0]
    result: Floats = np.where(there, left - (effect[:, None] - effect[None, :]), 0.0)
    return result


def _robust(y: Floats, x: Floats, slope: float) -> float:
    there = np.isfinite(y)
    total = 0.0
    n = len(y)
    for a in range(n - 2):
        later = np.flatnonzero(there[a, a + 1 :]) + a + 1
        b, c = np.triu_indices(len(later), 1)
        b, c = later[b], later[c]
        ok = there[b, c]
        b, c = b[ok], c[ok]
        z = x[a, b] + x[b, c] + x[c, a]
        e = y[a, b] + y[b, c] + y[c, a] - slope * z
        total += float(np.sum((z * e) ** 2))
    return total
