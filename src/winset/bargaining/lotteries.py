"""Lotteries over packages: the four solutions where parties accept chances and judge them by expected payoff.

Only if asked for. A government seldom ratifies a lottery, so packages are not mixed anywhere else in this room.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from winset.bargaining.finite import payoff_table, powers
from winset.bargaining.plain import Plain
from winset.core.errors import RequestError

__all__ = ["Lotteries", "Lottery", "lotteries"]

Floats = NDArray[np.float64]

MOST = 20_000
"""Packages that may be mixed."""
STEPS = 20_000
"""Most steps of the search for the Nash lottery."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lottery(Plain):
    """Chances of packages."""

    chances: dict[int, float]
    """Probability by index of the package, those above 1e-9; at most one more than there are parties is needed."""
    payoffs: Floats
    """(parties,) expected payoffs."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lotteries(Plain):
    """The solutions on the convex hull; None where no lottery leaves every party at or above disagreement."""

    ideal: Floats
    """(parties,) best expected gain of each over individually rational lotteries."""
    nash: Lottery | None
    kalai_smorodinsky: Lottery | None
    egalitarian: Lottery | None
    utilitarian: Lottery | None


def lotteries(utilities: ArrayLike, disagreement: ArrayLike, *, weights: ArrayLike | None = None) -> Lotteries:
    """Solve a finite bargain in which the parties may also agree on chances of packages.

    utilities: (packages, parties); disagreement: (parties,); weights: (parties,) Nash powers. Individually
    rational in expectation. Kalai-Smorodinsky, egalitarian and utilitarian are linear programs; Nash is concave.
    """
    payoff, fallback = payoff_table(utilities, disagreement)
    if len(payoff) > MOST:
        raise RequestError(
            f"{len(payoff):,} packages are too many to mix", remedy=f"Give the Pareto set, at most {MOST:,}"
        )
    power = powers(weights, len(fallback))
    gains = payoff - fallback
    count, parties = gains.shape
    size = np.abs(gains).max(axis=0, initial=0.0)
    size[size == 0] = 1.0
    scaled = gains / size
    ideal = np.zeros(parties)
    for i in range(parties):
        best = _linear(scaled, scaled[:, i])
        if best is None:
            return Lotteries(ideal=ideal, nash=None, kalai_smorodinsky=None, egalitarian=None, utilitarian=None)
        ideal[i] = float(best @ gains[:, i])
    able = np.flatnonzero(ideal > 1e-12 * size)

    def told(p: Floats | None) -> Lottery | None:
        if p is None:
            return None
        p = np.maximum(p, 0) / np.maximum(p, 0).sum()
        chances = {int(k): float(p[k]) for k in np.flatnonzero(p > 1e-9)}
        return Lottery(chances=chances, payoffs=p @ payoff)

    relative = gains[:, able] / ideal[able] if able.size else np.zeros((count, 1))
    return Lotteries(
        ideal=ideal,
        nash=told(_nash(scaled, relative, power[able]))
        if able.size
        else told(_linear(scaled, scaled.sum(axis=1))),
        kalai_smorodinsky=told(_even(scaled, relative)),
        egalitarian=told(_even(scaled, gains / size.max())),
        utilitarian=told(_linear(scaled, gains.sum(axis=1) / size.max())),
    )


def _linear(scaled: Floats, reward: Floats) -> Floats | None:
    """Chances that maximise an expected reward among individually rational lotteries."""
    result = linprog(
        -reward, A_ub=-scaled.T, b_ub=np.zeros(scaled.shape[1]), A_eq=np.ones((1, len(scaled))), b_eq=[1.0]
    )
    return np.asarray(result.x) if result.status == 0 else None


def _even(scaled: Floats, shares: Floats) -> Floats | None:
    """Chances that maximise the smallest expected share; then, at that level, the sum of shares."""
    count, k = shares.shape
    upper = np.vstack(
        [np.hstack([-shares.T, np.ones((k, 1))]), np.hstack([-scaled.T, np.zeros((scaled.shape[1], 1))])]
    )
    reward = np.append(np.zeros(count), 1.0)
    simplex = np.append(np.ones(count), 0.0)[None]
    bounds: list[tuple[float | None, None]] = [*[(0.0, None)] * count, (None, None)]
    first = linprog(-reward, A_ub=upper, b_ub=np.zeros(len(upper)), A_eq=simplex, b_eq=[1.0], bounds=bounds)
    if first.status != 0:
        return None
    bounds[-1] = (float(first.x[-1]) - 1e-12, None)
    reward = np.append(shares.sum(axis=1), 0.0)
    second = linprog(-reward, A_ub=upper, b_ub=np.zeros(len(upper)), A_eq=simplex, b_eq=[1.0], bounds=bounds)
    return np.asarray(second.x[:-1] if second.status == 0 else first.x[:-1])


def _nash(scaled: Floats, relative: Floats, power: Floats) -> Floats:
    """Chances that maximise the weighted product of expected gains: pairwise Frank-Wolfe with exact steps.

    With the gains s of the present mixture, package k is worth w_k = sum_i b_i r_ki / s_i and the mixture itself
    sum_i b_i; chance moves from the least worthy package of the mixture to the worthiest until that gap closes.
    Where some party cannot gain at all the lottery that is best by relative gains is taken.
    """
    start = _even(scaled, relative)
    if start is None:  # An ideal was found, so there is a rational lottery: only rounding can say otherwise.
        return np.full(len(scaled), 1.0 / len(scaled))
    if relative.shape[1] < scaled.shape[1]:
        return start
    p: Floats = np.asarray(np.maximum(start, 0) / np.maximum(start, 0).sum())
    total = float(power.sum())
    for _ in range(STEPS):
        gain = p @ relative
        if gain.min() <= 0:
            break
        worth = relative @ (power / gain)
        best = int(worth.argmax())
        held = np.flatnonzero(p > 0)
        worst = int(held[worth[held].argmin()])
        if worth[best] - total <= 1e-13 * total or best == worst:
            break
        step = _step(gain, relative[best] - relative[worst], power, float(p[worst]))
        p[best] += step
        p[worst] = 0.0 if step >= p[worst] else p[worst] - step
    return p


def _step(gain: Floats, change: Floats, power: Floats, most: float) -> float:
    """The step from 0 to `most` that maximises sum b ln(gain + step * change), a concave function."""

    def slope(step: float) -> float:
        with np.errstate(divide="ignore"):
            return float((power * change / np.maximum(gain + step * change, 1e-300)).sum())

    if slope(most) >= 0 and (gain + most * change).min() > 0:
        return most
    low, high = 0.0, most
    for _ in range(100):
        middle = 0.5 * (low + high)
        if (gain + middle * change).min() > 0 and slope(middle) > 0:
            low = middle
        else:
            high = middle
    return low
