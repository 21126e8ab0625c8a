"""Efficient tariffs under a sharing rule: one augmented Lagrangian over the gains of the players.

With g_j the players' ln payoffs relative to disagreement, each rule maximises F(g) subject to conditions on g:

    equal-gains          mean g                     g_j equal                        (Ossa 2014, section III.D)
    nash                 sum_j b_j ln(e^g_j - 1)    -
    kalai-smorodinsky    mean r,  r_j = (e^g_j - 1) / ideal_j      r_j equal
    utilitarian          sum_j Y_j (e^g_j - 1) / sum_j Y_j         g_j >= 0
    ideal of player i    g_i                        g_j >= 0

All conditions are functions of a few payoffs, so each evaluation costs one equilibrium and one adjoint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.model.evaluators import TariffEvaluator
from winset.strategy.instruments import Floats, FreeTariffs
from winset.strategy.search import maximised

__all__ = [
    "Agreement",
    "Rule",
    "agreed",
    "equal_gains",
    "ideal",
    "kalai_smorodinsky",
    "nash_product",
    "utilitarian",
]

PENALTY = 30.0
"""First rho: it makes the problem concave along the conditions."""
STIFFER, STIFFEST = 10.0, 1e7
"""rho grows by this where a round does not bring conditions much closer: gains of a few countries in a large world
answer weights so little that multipliers alone would take forever."""
CLOSER = 0.25
FINE = 1e-3
"""Conditions are held to this share of the gains where that is less than the tolerance asked for."""
FINEST = 1e-9
MAX_ROUNDS = 40

Value = Callable[[Floats], tuple[float, Floats]]
Conditions = Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """What is maximised, and under what conditions, as functions of the players' gains (p,)."""

    value: Value
    """F and its derivative (p,)."""
    equal: Conditions | None = None
    """Conditions that hold with equality: values (k,) and derivatives (k, p)."""
    above: Conditions | None = None
    """Conditions that must not be below zero."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Agreement:
    """Where the search ended."""

    tariffs: Floats
    gains: Floats
    """(p,) ln payoff of each player relative to disagreement."""
    weights: Floats
    """(p,) weight of each player's gain in the Lagrangian, summing to one: the slope of the frontier there."""
    violation: float
    """Largest breach of a condition, in log points."""
    residual: float
    """First-order residual of the Lagrangian, weights summing to one."""
    rounds: int
    settled: bool
    """Whether conditions and first-order conditions hold."""


def equal_gains(count: int, ahead: frozenset[int] = frozenset()) -> Rule:
    """Largest equal proportional gains; players `ahead` may have more than the rest, who are equal.

    Where the tariffs that give all the same are not efficient (a weight is negative), the largest smallest gain is
    meant: egalitarian with free disposal.
    """
    level = [k for k in range(count) if k not in ahead]
    mean = np.zeros(count)
    mean[level] = 1 / len(level)
    apart = np.eye(count)[level] - mean
    more = np.eye(count)[sorted(ahead)] - mean

    def value(g: Floats) -> tuple[float, Floats]:
        return float(mean @ g), mean

    return Rule(
        value=value,
        equal=(lambda g: (apart @ g, apart)) if len(level) > 1 else None,
        above=(lambda g: (more @ g, more)) if ahead else None,
    )


def nash_product(weights: Floats, scale: float) -> Rule:
    """Nash (1950): the weighted product of proportional gains, in logs; `scale` keeps slopes of order one."""

    def value(g: Floats) -> tuple[float, Floats]:
        if (g <= 0).any():
            return -np.inf, np.zeros_like(g)
        surplus = np.expm1(g)
        return float(scale * (weights * np.log(surplus)).sum()), scale * weights * np.exp(g) / surplus

    return Rule(value=value)


def kalai_smorodinsky(ideals: Floats) -> Rule:
    """Kalai and Smorodinsky (1975): the largest equal share of each player's ideal proportional gain."""
    count = len(ideals)
    scale = ideals.mean()
    apart = np.eye(count) - 1 / count

    def relative(g: Floats) -> tuple[Floats, Floats]:
        return scale * np.expm1(g) / ideals, scale * np.exp(g) / ideals

    def value(g: Floats) -> tuple[float, Floats]:
        share, slope = relative(g)
        return float(share.mean()), slope / count

    def equal(g: Floats) -> tuple[Floats, Floats]:
        share, slope = relative(g)
        return apart @ share, apart * slope[None]

    return Rule(value=value, equal=equal if count > 1 else None)


def utilitarian(money: Floats) -> Rule:
    """The sum of equivalent variations in money, nobody below disagreement."""
    part = money / money.sum()

    def value(g: Floats) -> tuple[float, Floats]:
        return float((part * np.expm1(g)).sum()), part * np.exp(g)

    return Rule(value=value, above=_nobody_loses)


def ideal(count: int, player: int) -> Rule:
    """The most that one player can have while nobody else is below disagreement."""
    row = np.eye(count)[player]
    others = np.delete(np.eye(count), player, axis=0)
    return Rule(
        value=lambda g: (float(row @ g), row), above=(lambda g: (others @ g, others)) if count > 1 else None
    )


def _nobody_loses(g: Floats) -> tuple[Floats, Floats]:
    return g, np.eye(len(g))


def agreed(
    evaluator: TariffEvaluator,
    rows: NDArray[np.intp],
    base: Floats,
    scalings: tuple[FreeTariffs, FreeTariffs],
    start: Floats,
    rule: Rule,
    *,
    tolerance: float,
    max_rounds: int = MAX_ROUNDS,
) -> Agreement:
    """Tariffs (n, n, s) that solve a rule from `start`.

    rows: (p,) where the players' ln payoffs stand in the evaluator's vector; base: (p,) the same at disagreement.
    scalings: the free tariffs for early rounds, and for exact ones.
    """
    tariffs, count, finished = start, len(rows), False
    width = 0
    gains = _gains(evaluator, rows, base, start)
    equal, above = rule.equal, rule.above
    even = np.zeros(len(equal(gains)[0]) if equal else 0)
    least = np.zeros(len(above(gains)[0]) if above else 0)
    rounds, residual, violation, penalty, held = 0, np.inf, np.inf, PENALTY, tolerance
    while rounds < max_rounds and not finished:
        rounds += 1

        def merit(
            tariffs: Floats, even: Floats = even, least: Floats = least, rho: float = penalty
        ) -> tuple[float, Floats]:
            nonlocal width
            payoffs = evaluator.payoffs(tariffs)
            width = payoffs.size
            g = payoffs[rows] - base
            if not np.isfinite(g).all():
                return -np.inf, np.zeros_like(tariffs)
            value, slope = rule.value(g)
            if not np.isfinite(value):
                return -np.inf, np.zeros_like(tariffs)
            slope = slope.copy()
            if equal is not None:
                c, by = equal(g)
                value -= float(even @ c + 0.5 * rho * c @ c)
                slope -= (even + rho * c) @ by
            if above is not None:
                c, by = above(g)
                pull = np.maximum(least - rho * c, 0.0)
                value -= float((pull**2 - least**2).sum() / (2 * rho))
                slope += pull @ by
            row = np.zeros(width)
            row[rows] = slope
            return value, evaluator.gradients(row)[0]

        # No use in an exact answer to multipliers that are still wrong; without conditions there are none.
        bound = equal is not None or above is not None
        care = max(0.5 * tolerance, 1e-4 * 0.2**rounds) if bound else (0.5 * tolerance if rounds > 1 else 1e-4)
        free = scalings[care <= tolerance]
        found = maximised(free, merit, free.unknowns(tariffs), tariffs, tolerance=care)
        if not np.isfinite(found.value):
            break
        reached = free.placed(found.unknowns, tariffs)
        now = _gains(evaluator, rows, base, reached)
        if not np.isfinite(now).all():
            # It strayed to tariffs whose equilibrium is found on one path only: back, and with stiffer conditions.
            residual = np.inf
            if not bound or penalty >= STIFFEST:
                break
            penalty = STIFFER * penalty
            continue
        tariffs, gains = reached, now
        before, violation = violation, 0.0
        if equal is not None:
            c, _ = equal(gains)
            even = even + penalty * c
            violation = float(np.ptp(c))
        if above is not None:
            c, _ = above(gains)
            least = np.maximum(least - penalty * c, 0.0)
            slack = np.minimum(np.maximum(c, 0.0), least)
            violation = max(violation, float(np.maximum(-c, 0.0).max(initial=0.0)), float(slack.max(initial=0.0)))
        residual = found.residual
        held = min(tolerance, max(FINE * float(np.abs(gains).mean()), FINEST))
        finished = violation <= held and care <= tolerance
        if bound and violation > CLOSER * before:
            penalty = min(STIFFER * penalty, STIFFEST)
    weights = np.full(count, np.nan)
    if np.isfinite(gains).all() and np.isfinite(rule.value(gains)[0]):
        weights = rule.value(gains)[1].copy()
        if equal is not None:
            weights = weights - even @ equal(gains)[1]
        if above is not None:
            weights = weights + least @ above(gains)[1]
        total = weights.sum()
        residual, weights = residual / max(abs(total), 1e-300), weights / total
    return Agreement(
        tariffs=tariffs, gains=gains, weights=weights, violation=violation, residual=residual, rounds=rounds,
        settled=bool(finished and residual <= 2 * tolerance),
    )  # fmt: skip


def _gains(evaluator: TariffEvaluator, rows: NDArray[np.intp], base: Floats, tariffs: Floats) -> Floats:
    return np.asarray(evaluator.payoffs(tariffs)[rows] - base)
