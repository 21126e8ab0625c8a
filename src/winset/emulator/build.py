"""Runs of the model where they tell most, until the error is small enough or the budget is spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import NotConvergedError, RequestError
from winset.emulator.design import refine, spread
from winset.emulator.fit import Fit, Runs, fit
from winset.emulator.surrogate import Emulator, RowError

__all__ = ["MAX_LEVERS", "MAX_RUNS", "build"]

Floats = NDArray[np.float64]
Payoffs = Callable[[Floats], tuple[Any, Any]]
"""x (m,) -> (values (rows,), slopes (rows, m) or None)."""

MAX_LEVERS = 20
MAX_RUNS = 20_000
LEAST = 24
GROWTH = 1.5
"""Each round has so many times the runs of the one before."""
MARGIN = 0.8
"""Share of the asked error at which runs end: what is met next may be a little worse."""
CHECKS = 0.15
"""Share of the budget for runs that are only compared with."""
FAILURES = 0.1
"""Share of places without an answer that is borne."""


def build(
    payoffs: Payoffs, *, names: Sequence[str], low: ArrayLike, high: ArrayLike, rows: Sequence[str],
    units: Sequence[str] = (), budget: int = 400, target: float = 0.05, seed: int = 1, key: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Emulator:  # fmt: skip
    """Fit an emulator of `payoffs` over the box low .. high.

    payoffs: as in the bargaining room, with slopes where it has them. rows: names of the payoffs; units: theirs.
    budget: most runs of the model, comparisons included. target: largest error asked for, a fraction of each
    payoff's range; `Emulator.reached` says whether it was met. seed: names the design: the same gives the same
    emulator. Raises RequestError for a box or a number that cannot be used, NotConvergedError where the model
    fails at more than a tenth of the places.
    """
    bottom, top = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    _check(names, bottom, top, rows, units, budget, target, seed)
    levers = len(names)
    ask = _Asker(payoffs, bottom, top, len(rows), budget, progress)
    checks = max(LEAST // 3, int(CHECKS * budget))
    # A stream of its own, so that no place of it is ever in the fit.
    test = ask(spread(levers, 0, checks, seed + 1_000_003))
    most = budget - checks
    runs = ask(spread(levers, 0, min(most, max(LEAST, 2 * (levers + 1))), seed))
    taken = len(runs.u)
    while True:
        scale = _ranges(runs, test)
        found = fit(_scaled(runs, scale))
        known = _errors(found, _scaled(test, scale))
        worst = max(float(np.abs(found.left_out).max()), float(known.max(initial=0.0)))
        left = most - ask.asked + checks
        # A shape that fits the runs by chance must also stand up to a few more of them.
        if left <= 0 or (worst <= MARGIN * target and taken > LEAST):
            break
        step = min(left, max(8, int((GROWTH - 1) * taken)))
        even = spread(levers, taken, step - step // 2, seed)
        candidates = spread(levers, 0, 1024, seed + 2_000_003 + taken)
        hard = refine(runs.u, np.abs(found.left_out).max(axis=1), candidates, step // 2)
        runs = _joined(runs, ask(np.vstack([even, hard])))
        taken += step
    return _finished(
        found, scale, known, names=names, low=bottom, high=top, rows=rows, units=units, runs=runs, test=test,
        target=target, failed=ask.failed, seed=seed, key=key,
    )  # fmt: skip


class _Asker:
    """Runs the model, counts, and leaves out where it has no answer."""

    def __init__(
        self, payoffs: Payoffs, low: Floats, high: Floats, rows: int, budget: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:  # fmt: skip
        self.payoffs, self.low, self.high, self.rows = payoffs, low, high, rows
        self.budget, self.progress = budget, progress
        self.asked = self.failed = 0

    def __call__(self, u: Floats) -> Runs:
        width = self.high - self.low
        places, values, slopes = [], [], []
        for place in u:
            # Exactly the bounds at the faces.
            x = np.where(place >= 1, self.high, self.low + place * width)
            self.asked += 1
            try:
                value, slope = self.payoffs(x)
                value = np.asarray(value, dtype=np.float64)
                if value.shape != (self.rows,) or not np.isfinite(value).all():
                    raise NotConvergedError(f"payoffs of shape {value.shape} are not {self.rows} finite numbers")
            except NotConvergedError as error:
                self.failed += 1
                if self.failed > max(2.0, FAILURES * self.asked):
                    raise NotConvergedError(
                        f"{self.failed} of {self.asked} places have no answer: {error.what}",
                        remedy="Narrow the bounds",
                    ) from error
                continue
            places.append(place)
            values.append(value)
            slopes.append(None if slope is None else np.asarray(slope, dtype=np.float64) * width)
            if self.progress:
                self.progress(self.asked, self.budget)
        kept = [one for one in slopes if one is not None and np.isfinite(one).all()]
        whole = len(kept) == len(places) and bool(kept)
        return Runs(
            u=np.array(places).reshape(-1, len(self.low)),
            values=np.array(values).reshape(-1, self.rows),
            slopes=np.array(kept) if whole else None,
        )


def _joined(one: Runs, other: Runs) -> Runs:
    slopes = None
    if one.slopes is not None and other.slopes is not None:
        slopes = np.concatenate([one.slopes, other.slopes])
    return Runs(
        u=np.vstack([one.u, other.u]), values=np.vstack([one.values, other.values]), slopes=slopes
    )  # fmt: skip


def _ranges(*several: Runs) -> Floats:
    """(rows,) spread of the payoffs over all runs; 1 for a payoff that does not move."""
    values = np.vstack([one.values for one in several])
    found = values.max(axis=0) - values.min(axis=0)
    still = found <= 1e-12 * np.maximum(1.0, np.abs(values).max(axis=0))
    return np.where(still, 1.0, found)


def _scaled(runs: Runs, scale: Floats) -> Runs:
    return Runs(
        u=runs.u, values=runs.values / scale,
        slopes=None if runs.slopes is None else runs.slopes / scale[:, None],
    )  # fmt: skip


def _errors(found: Fit, test: Runs) -> Floats:
    """(runs, rows) |error| at runs that the fit has not seen."""
    return np.abs(found(test.u) - test.values)


def _finished(
    found: Fit, scale: Floats, known: Floats, *, names: Sequence[str], low: Floats, high: Floats,
    rows: Sequence[str], units: Sequence[str], runs: Runs, test: Runs, target: float, failed: int, seed: int,
    key: str,
) -> Emulator:  # fmt: skip
    # The range of the runs themselves: an emulator that overshoots must not make its own error look smaller.
    values = np.vstack([runs.values, test.values])
    whole = values.max(axis=0) - values.min(axis=0)
    left, apart = np.abs(found.left_out) * scale, known * scale
    several = []
    for k, row in enumerate(rows):
        a, b = _two(left[:, k]), _two(apart[:, k])
        several.append(
            RowError(
                row=row, unit=units[k] if units else "", range=float(whole[k]), largest=max(a[0], b[0]),
                usual=max(a[1], b[1]), left_out=a, separate=b,
            )
        )  # fmt: skip
    return Emulator(
        names=tuple(names), low=low, high=high, exponents=found.exponents, coefficients=found.coefficients * scale,
        errors=tuple(several), target=target, runs=len(runs.u), checks=len(test.u), failed=failed, seed=seed,
        key=key,
    )  # fmt: skip


def _two(error: Floats) -> tuple[float, float]:
    """Largest and 95th percentile."""
    return (float(error.max()), float(np.percentile(error, 95))) if len(error) else (0.0, 0.0)


def _check(
    names: Sequence[str], low: Floats, high: Floats, rows: Sequence[str], units: Sequence[str], budget: int,
    target: float, seed: int,
) -> None:  # fmt: skip
    count = len(names)
    if not 1 <= count <= MAX_LEVERS or len(set(names)) != count:
        raise RequestError(f"an emulator takes 1 to {MAX_LEVERS} different levers, found {count}")
    if low.shape != (count,) or high.shape != (count,) or not (np.isfinite(low) & np.isfinite(high)).all():
        raise RequestError("give one finite low and high for each lever")
    if not (low < high).all():
        name = names[int((~(low < high)).argmax())]
        raise RequestError(f"lever {name!r} has no width", remedy="Leave out a lever that is held fixed")
    if not rows or (units and len(units) != len(rows)):
        raise RequestError(f"{len(rows)} payoffs, {len(units)} units")
    if not 2 * LEAST <= budget <= MAX_RUNS:
        raise RequestError(f"a budget of {budget} runs: give {2 * LEAST} to {MAX_RUNS:,}")
    if not 0 < target < 1:
        raise RequestError(f"an error of {target:g} is not a share between 0 and 1", remedy="0.05 is five percent")
    if not 0 <= seed <= 2**31:
        raise RequestError(f"a seed of {seed} is not between 0 and {2**31}")
