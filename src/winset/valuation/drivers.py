"""What moves a party's net: each assumption from low to high, and its share of the spread over the draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from winset.package.case import Assumption
from winset.valuation.account import QUANTILES, DrawSummary, Driver
from winset.valuation.lines import LineSource
from winset.valuation.points import ELASTICITIES, Points, one_at_a_time, over_sets

__all__ = ["drivers", "net", "summary"]

Floats = NDArray[np.float64]


def net(lines: Sequence[LineSource], points: Points) -> Floats:
    """(m,) sum of the lines at every point."""
    total = np.zeros(len(points))
    for line in lines:
        total = total + line.evaluate(points)
    return total


def summary(values: Floats) -> DrawSummary | None:
    """Quantiles and the share above zero; None without draws."""
    if not len(values):
        return None
    found = np.quantile(values, [q / 100 for q in QUANTILES])
    return DrawSummary(
        quantiles={q: float(v) for q, v in zip(QUANTILES, found, strict=True)},
        gains=float(np.mean(values > 0)),
        count=len(values),
    )


def drivers(
    lines: Sequence[LineSource],
    assumptions: Mapping[str, Assumption],
    points: Points,
    values: Floats,
    sets: Sequence[str],
    central: int,
) -> tuple[Driver, ...]:
    """Largest swing first. points, values: the draws and the net over them.

    The share of an assumption is its squared rank correlation with the net, of the elasticity sets the
    share of the variance of ranks between them, both less what chance alone would give, scaled to sum to 1.
    """
    used = dict.fromkeys(name for line in lines for name in line.uses)
    names = [name for name in used if assumptions[name].low < assumptions[name].high]
    ends = net(lines, one_at_a_time(assumptions, names, central))
    raw = [_correlation(points.values[name], values) for name in names]
    swings = [
        (name, assumptions[name].label, float(ends[2 * k]), float(ends[2 * k + 1])) for k, name in enumerate(names)
    ]
    if len(sets) > 1 and any(line.by_set for line in lines):
        by_set = net(lines, over_sets(assumptions, len(sets)))
        swings.append((ELASTICITIES, "Which set of trade elasticities", float(by_set.min()), float(by_set.max())))
        raw.append(_between(points.sets, values))
    total = sum(raw) or 1.0
    found = [
        Driver(id=id, label=label, at_low=low, at_high=high, share=share / total)
        for (id, label, low, high), share in zip(swings, raw, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.swing, one.id)))


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, ties at their mean; here because loading scipy.stats takes longer than all draws."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[place], dtype=np.float64)


def _correlation(x: Floats, y: Floats) -> float:
    """Squared rank correlation, less its expectation where there is none."""
    n = len(y)
    if n < 3:
        return 0.0
    a, b = _ranks(x), _ranks(y)
    a, b = a - a.mean(), b - b.mean()
    size = float((a * a).sum() * (b * b).sum())
    if size == 0:
        return 0.0
    square = float((a * b).sum()) ** 2 / size
    return max(0.0, square - (1 - square) / (n - 2))


def _between(groups: NDArray[np.intp], y: Floats) -> float:
    """Share of the variance of ranks between groups, less its expectation where there is none."""
    n, several = len(y), np.unique(groups)
    if n <= len(several):
        return 0.0
    ranks = _ranks(y)
    ranks = ranks - ranks.mean()
    whole = float((ranks * ranks).sum())
    if whole == 0:
        return 0.0
    means = [(float(ranks[groups == g].mean()), int((groups == g).sum())) for g in several]
    square = sum(m * m * k for m, k in means) / whole
    return max(0.0, square - (1 - square) * (len(several) - 1) / (n - len(several)))
