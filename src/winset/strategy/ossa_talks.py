"""Trade talks of Ossa (2014): the efficient tariffs at which everybody gains by the same proportion.

Maximise log G of one region subject to log G_j equal for all j, over all tariffs at once, where hats are
relative to the threat point. That is the egalitarian point in logs, without side payments; it is not in
general the maximiser of the Nash product. By an augmented Lagrangian, written for the mean of log G so that
no region is singled out:

    L = mean_j g_j - sum_j m_j (g_j - mean g) - (rho / 2) sum_j (g_j - mean g)^2,   g = log G.

All of it is a quadratic in g, so that value and gradient cost one equilibrium and one adjoint system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.ossa import OssaEvaluator, OssaWorld, solve_ossa
from winset.strategy.instruments import FINE_FLOOR, SHARE_FLOOR, Floats, FreeTariffs
from winset.strategy.ossa_optima import TIE, nash_tariffs_ossa
from winset.strategy.ossa_policy import OssaPolicy, free_tariffs, start_tariffs
from winset.strategy.search import maximised

__all__ = ["OssaTalks", "talks_ossa"]

DISAGREEMENTS = ("factual", "nash", "free-trade")
PENALTY = 30.0
"""rho: the multipliers do the work, the penalty only makes the problem concave along the constraints."""
LOWEST_SUBSIDY = -0.9
"""Lowest tariff when import subsidies are allowed; a bound that is never reached in the published talks."""
MAX_ROUNDS = 25


@dataclass(frozen=True, kw_only=True, eq=False)
class OssaTalks(OssaPolicy):
    """An agreement; its equilibrium is relative to the threat point."""

    threat: OssaWorld
    """The world without agreement."""
    gain: float
    """Mean log G of the players, relative to the threat point."""
    spread: float
    """Largest less smallest log G over players; zero at an exact solution."""
    multipliers: Floats
    """(n,) weights of the log G at the optimum, summing to one: the slope of the frontier there."""
    rounds: int
    """Rounds of the augmented Lagrangian."""


def talks_ossa(
    world: OssaWorld,
    *,
    disagreement: str | ArrayLike = "factual",
    players: Sequence[str | int] | None = None,
    instruments: str = "partner-sector",
    subsidies: bool = False,
    liberalise_only: bool = False,
    highest: float = 10.0,
    starts: Sequence[float | str] | None = None,
    tolerance: float = 1e-6,
    max_rounds: int = MAX_ROUNDS,
) -> OssaTalks:
    """Tariffs of all `players` (None: all regions) that give them equal and largest proportional gains in G.

    disagreement: "factual" (the baseline), "nash" (the war among the players, solved first), "free-trade", or
    tariffs (n, n, s). subsidies: let tariffs fall below zero. liberalise_only: let none rise above the threat
    point's. starts: "threat" or what `start_tariffs` knows, the best is kept; None for the threat point, and
    with lobbying weights, where there are several optima, for "lobbying" and 0. tolerance: on the spread of
    log G; the scaled gradient is held to the same. UnknownNameError or RequestError for arguments that cannot
    be used. Ossa (2014), section III.D.
    """
    everyone = list(range(len(world.regions))) if players is None else [world.region(p) for p in players]
    if not everyone or max_rounds < 1:
        raise RequestError("talks need at least one player and one round")
    threat = _threat(world, disagreement, everyone, instruments, highest)
    low = LOWEST_SUBSIDY if subsidies else 0.0
    top = np.maximum(threat.tariffs, low) if liberalise_only else highest
    free, fine = (
        free_tariffs(threat, tuple(everyone), instruments=instruments, low=low, high=top, floor=floor)
        for floor in (SHARE_FLOOR, FINE_FLOOR)
    )
    evaluator = OssaEvaluator(threat)
    if starts is None:
        starts = ("threat",) if (world.lobbying == 1).all() else ("lobbying", 0.0)
    best: OssaTalks | None = None
    for start in starts:
        at = threat.tariffs if start == "threat" else start_tariffs(threat, start)
        found = _search(threat, evaluator, (free, fine), everyone, at, tolerance, max_rounds)
        if best is None or (found.converged, found.gain) > (best.converged, best.gain + TIE):
            best = found
    if best is None:
        raise RequestError("no start is given")
    return best


def _search(
    threat: OssaWorld,
    evaluator: OssaEvaluator,
    scalings: tuple[FreeTariffs, FreeTariffs],
    players: list[int],
    start: Floats,
    tolerance: float,
    max_rounds: int,
) -> OssaTalks:
    """One search from `start` (n, n, s): early rounds with the first scaling, exact ones with the second."""
    n, count, before = len(threat.regions), len(players), evaluator.solves
    mean = np.zeros((1, 2 * n))
    mean[0, players] = 1 / count
    deviation = np.zeros((count, 2 * n))
    deviation[np.arange(count), players] = 1.0
    deviation -= mean
    bend = -PENALTY * deviation.T @ deviation
    tariffs, multipliers, rounds, finished = start, np.zeros(count), 0, False
    while rounds < max_rounds and not finished:
        rounds += 1
        row = mean - multipliers @ deviation

        def merit(tariffs: Floats, row: Floats = row) -> tuple[float, Floats]:
            payoffs, gradients = evaluator(tariffs, row, bend)
            return float(row[0] @ payoffs + 0.5 * payoffs @ bend @ payoffs), gradients[0]

        # No use in an exact answer to multipliers that are still wrong.
        care = max(0.5 * tolerance, 1e-4 * 0.2**rounds)
        free = scalings[care <= tolerance]
        found = maximised(free, merit, free.unknowns(tariffs), threat.tariffs, tolerance=care)
        tariffs = free.placed(found.unknowns, threat.tariffs)
        outcome = solve_ossa(threat, tariffs)
        gains = np.log(outcome.government_hat[players])
        spread = float(gains.max() - gains.min())
        multipliers = multipliers + PENALTY * (gains - gains.mean())
        finished = spread <= tolerance and care <= tolerance
    full = np.zeros(n)
    full[players] = 1 / count - (multipliers - multipliers.mean())
    return OssaTalks(
        tariffs=tariffs,
        equilibrium=outcome,
        converged=finished and found.residual <= 2 * tolerance,
        first_order_residual=found.residual,
        evaluations=evaluator.solves - before,
        threat=threat,
        gain=float(gains.mean()),
        spread=spread,
        multipliers=full,
        rounds=rounds,
    )


def _threat(
    world: OssaWorld, disagreement: str | ArrayLike, players: Sequence[int], instruments: str, highest: float
) -> OssaWorld:
    if not isinstance(disagreement, str):
        return solve_ossa(world, disagreement).rebased()
    known(disagreement, DISAGREEMENTS, "threat point")
    if disagreement == "nash":
        war = nash_tariffs_ossa(world, players=players, instruments=instruments, highest=highest)
        return war.checked().equilibrium.rebased()
    tariffs = np.zeros_like(world.tariffs) if disagreement == "free-trade" else world.tariffs
    return solve_ossa(world, tariffs).rebased()
