"""Unilaterally optimal tariffs and the tariff war of Ossa (2014), by adjoint gradients.

Each government maximises its own G given everybody else's tariffs. A Nash equilibrium is the interior fixed
point of best responses; autarky is another, and is not looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.model.ossa import OssaEvaluator, OssaWorld, solve_ossa
from winset.strategy.instruments import FINE_FLOOR, SHARE_FLOOR, Floats, FreeTariffs
from winset.strategy.ossa_policy import OssaPolicy, free_tariffs, start_tariffs
from winset.strategy.search import Search, maximised

__all__ = ["OssaWar", "nash_tariffs_ossa", "optimal_tariffs_ossa"]

TOLERANCE = 1e-6
"""On the scaled projected gradient of log G of a best response."""
TIE = 1e-8
"""A later start must beat an earlier one by this much in log G: where the objective is flat, the first stands."""
PLAIN_STARTS: tuple[float | str, ...] = ("markup", 0.5)
LOBBYING_STARTS: tuple[float | str, ...] = ("markup", 0.5, 0.1, "markup+lobbying")
"""No one of these is best everywhere. On the published data four random starts a region found nothing better
than the best of them; that is evidence of a global optimum, not proof."""
MAX_ROUNDS = 40


def optimal_tariffs_ossa(
    world: OssaWorld,
    region: str | int,
    *,
    against: ArrayLike | None = None,
    instruments: str = "partner-sector",
    highest: float = 10.0,
    starts: Sequence[float | str] | None = None,
    tolerance: float = TOLERANCE,
) -> OssaPolicy:
    """Tariffs of `region` that maximise its G, everybody else's at `against` (n, n, s; None: the baseline's).

    instruments: partner-sector, sector (MFN), partner or uniform; 0 <= t <= highest. The problem is not
    concave (prohibitive tariffs), so several starts are tried and the best is returned. starts: see
    `start_tariffs`; None for "markup" and 0.5, and with lobbying weights also 0.1 and "markup+lobbying".
    UnknownNameError or RequestError for arguments that cannot be used. Ossa (2014), section III.B.
    """
    position = world.region(region)
    others = world.tariffs if against is None else world.checked_tariffs(against)
    free = free_tariffs(world, (position,), instruments=instruments, high=highest)
    if starts is None:
        starts = PLAIN_STARTS if (world.lobbying == 1).all() else LOBBYING_STARTS
    evaluator = OssaEvaluator(world)
    found = _best(world, evaluator, free, position, others, starts, 10 * tolerance)
    tariffs = free.placed(found.unknowns, others)
    # The value is settled; tariffs on small flows, which hardly move it, are not yet.
    fine = free_tariffs(world, (position,), instruments=instruments, high=highest, floor=FINE_FLOOR)
    found = _answer(evaluator, fine, position, others, fine.unknowns(tariffs), 0.1 * tolerance)
    tariffs = fine.placed(found.unknowns, others)
    return OssaPolicy(
        tariffs=tariffs,
        equilibrium=solve_ossa(world, tariffs),
        converged=found.residual <= 2 * tolerance,
        first_order_residual=found.residual,
        evaluations=evaluator.solves,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class OssaWar(OssaPolicy):
    """A fixed point of best responses; `first_order_residual` is the largest over all players."""

    rounds: int
    """Rounds in which each player answered in turn."""


def nash_tariffs_ossa(
    world: OssaWorld,
    *,
    players: Sequence[str | int] | None = None,
    instruments: str = "partner-sector",
    start: ArrayLike | None = None,
    highest: float = 10.0,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> OssaWar:
    """The tariff war among `players` (None: all), others' tariffs as in the baseline.

    Best responses in turn, each from where that player stands, until no player's first-order residual
    exceeds `tolerance`. start: (n, n, s); None for the MFN war when tariffs may differ by partner, and for the
    best of several starts of each player in the first round otherwise. Ossa (2014), section III.C.
    """
    everyone = range(len(world.regions)) if players is None else [world.region(p) for p in players]
    if max_rounds < 1 or not 0 < tolerance < 1:
        raise RequestError("max_rounds must be at least 1 and tolerance between 0 and 1")
    evaluator = OssaEvaluator(world)
    solves = 0
    if start is not None:
        tariffs = world.checked_tariffs(start)
    elif instruments in ("partner-sector", "partner"):
        coarse = "sector" if instruments == "partner-sector" else "uniform"
        # A rough MFN war is start enough.
        before = nash_tariffs_ossa(
            world, players=everyone, instruments=coarse, highest=highest, tolerance=max(tolerance, 1e-4),
            max_rounds=max_rounds,
        )  # fmt: skip
        tariffs, solves = before.tariffs, before.evaluations
    else:
        tariffs = _war_start(world, evaluator, everyone, instruments, highest)
    coarse_or_fine = [
        {j: free_tariffs(world, (j,), instruments=instruments, high=highest, floor=floor) for j in everyone}
        for floor in (SHARE_FLOOR, FINE_FLOOR)
    ]
    residual, rounds = np.inf, 0
    while rounds < max_rounds:
        rounds += 1
        # Early rounds answer tariffs that will still move: they need not be exact.
        care = max(0.1 * tolerance, 10.0 ** (-2 - 2 * rounds))
        free = coarse_or_fine[care <= tolerance]
        for j in everyone:
            found = _answer(evaluator, free[j], j, tariffs, free[j].unknowns(tariffs), care)
            tariffs = free[j].placed(found.unknowns, tariffs)
        residual = _war_residual(evaluator, free, tariffs)
        if residual <= tolerance and care <= tolerance:
            break
    return OssaWar(
        tariffs=tariffs,
        equilibrium=solve_ossa(world, tariffs),
        converged=residual <= tolerance,
        first_order_residual=residual,
        evaluations=evaluator.solves + solves,
        rounds=rounds,
    )


def _weights(world: OssaWorld, region: int) -> Floats:
    """Row that picks log G of a region from the evaluator's payoffs."""
    row = np.zeros((1, 2 * len(world.regions)))
    row[0, region] = 1.0
    return row


def _answer(
    evaluator: OssaEvaluator, free: FreeTariffs, region: int, others: Floats, start: Floats, tolerance: float
) -> Search:
    row = _weights(evaluator.world, region)

    def own(tariffs: Floats) -> tuple[float, Floats]:
        payoffs, gradients = evaluator(tariffs, row)
        return float(payoffs[region]), gradients[0]

    return maximised(free, own, start, others, tolerance=tolerance)


def _best(
    world: OssaWorld, evaluator: OssaEvaluator, free: FreeTariffs, region: int, others: Floats,
    starts: Sequence[float | str], tolerance: float,
) -> Search:  # fmt: skip
    best: Search | None = None
    for start in starts:
        found = _answer(evaluator, free, region, others, free.unknowns(start_tariffs(world, start)), tolerance)
        if best is None or found.value > best.value + TIE:
            best = found
    if best is None:
        raise RequestError("no start is given")
    return best


def _war_start(
    world: OssaWorld, evaluator: OssaEvaluator, players: Sequence[int], instruments: str, highest: float
) -> Floats:
    tariffs = world.tariffs
    starts = PLAIN_STARTS if (world.lobbying == 1).all() else LOBBYING_STARTS
    for j in players:
        free = free_tariffs(world, (j,), instruments=instruments, high=highest)
        found = _best(world, evaluator, free, j, world.tariffs, starts, 1e-4)
        tariffs = free.placed(found.unknowns, tariffs)
    return tariffs


def _war_residual(evaluator: OssaEvaluator, free: dict[int, FreeTariffs], tariffs: Floats) -> float:
    world = evaluator.world
    rows = np.concatenate([_weights(world, j) for j in free])
    _, gradients = evaluator(tariffs, rows)
    residuals = [
        one.residual(one.slopes(gradient, tariffs), one.unknowns(tariffs))
        for one, gradient in zip(free.values(), gradients, strict=True)
    ]
    return max(residuals)
