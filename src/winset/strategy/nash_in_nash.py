"""Many bilateral talks at once: each pair bargains by the Nash product, the others' outcomes taken as given.

Horn and Wolinsky (1988); with tariffs, Bagwell, Staiger and Yurukoglu. For pair (i, j) the pair's tariffs on one
another maximise (W_i - W_i^d)^b (W_j - W_j^d)^(1-b), where disagreement d is this pair at the status quo and every
other agreement unchanged. Pairs bargain in turn until nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.shocks import Shock
from winset.strategy.agreement import nash_product
from winset.strategy.game import Bounds, Game, tariff_game
from winset.strategy.instruments import Floats
from winset.strategy.talks import WORTH, Search, TariffTalks, threat_tariffs, told, weights_of

__all__ = ["nash_in_nash"]

MAX_ROUNDS = 60
MOVED = 1e-7
"""Largest change of ln(1 + t), weighted by the flow's importance, that still counts as standing still."""


def nash_in_nash(
    world: Baseline, pairs: Sequence[tuple[str, str]], *, disagreement: str | Shock | ArrayLike,
    weights: Mapping[str, float] | None, instruments: str, objective: str, bounds: Bounds, exempt: Sequence[str],
    liberalise_only: bool, shock: Shock | None, closure: str, model: str, lobbying: ArrayLike | None,
    tolerance: float, settings: Mapping[str, Any],
) -> TariffTalks:  # fmt: skip
    """The fixed point over all pairs; see `winset.talks`. `first_order_residual` is the largest over pairs.

    Raises RequestError for no pairs, a region paired with itself, or a pair named twice.
    """
    named = [tuple(pair) for pair in pairs]
    if not named:
        raise RequestError("no pair is named", remedy="Give pairs=[('A', 'B'), ...]")
    for pair in named:
        if len(pair) != 2 or pair[0] == pair[1]:
            raise RequestError(f"{pair!r} is not a pair of two different regions")
    if len({frozenset(pair) for pair in named}) < len(named):
        raise RequestError("a pair is named twice", remedy="Name each pair once")
    if isinstance(disagreement, Shock):
        if shock is not None:
            raise RequestError("give the threat as disagreement or as shock, not both")
        shock, disagreement = disagreement, "factual"
    everyone = tuple(dict.fromkeys(name for pair in named for name in pair))
    for name in weights or ():
        known(name, everyone, "player with a bargaining weight")
    shares = [
        weights_of(None if weights is None else {name: weights.get(name, 0.0) for name in pair}, pair)
        for pair in named
    ]
    common: dict[str, Any] = {
        "against": "players", "instruments": instruments, "objective": objective, "bounds": bounds,
        "exempt": exempt, "shock": shock, "closure": closure, "model": model, "lobbying": lobbying,
        "settings": settings,
    }  # fmt: skip
    whole = tariff_game(world, everyone, **common)
    games = [_pair_game(whole, world, pair) for pair in named]
    paired = np.any([game.cells for game in games], axis=0)
    whole = replace(whole, cells=paired)
    status_quo = threat_tariffs(whole, disagreement)
    tariffs, rounds, moved, residuals = status_quo, 0, np.inf, [np.inf] * len(games)
    importance = np.sqrt(whole.importance)
    notes: list[str] = []
    while rounds < MAX_ROUNDS and not moved <= MOVED:
        rounds += 1
        before = tariffs
        for k, game in enumerate(games):
            tariffs, residuals[k] = _bargained(game, status_quo, tariffs, shares[k], liberalise_only, tolerance)
        moved = float((importance * np.abs(np.log1p(tariffs) - np.log1p(before))).max())
    if not moved <= MOVED:
        notes.append(f"Pairs still move one another after {rounds} rounds (by {moved:.1e}).")
    idle = [
        "-".join(pair)
        for pair, game in zip(named, games, strict=True)
        if np.allclose(tariffs[game.cells], status_quo[game.cells], atol=1e-9)
    ]
    if idle:
        notes.append(f"Nothing to agree on, the others' outcomes given: {', '.join(idle)}.")
    even = {name: 1 / len(everyone) for name in everyone}
    return told(
        whole, status_quo, tariffs, everyone, rule="nash-in-nash", converged=moved <= MOVED,
        residual=max(residuals), violation=0.0, worthwhile=len(idle) < len(named), weights=even,
        notes=tuple(notes),
    )  # fmt: skip


def _pair_game(whole: Game, world: Baseline, pair: tuple[str, ...]) -> Game:
    """The game of one pair, on the same evaluator."""
    numbers = tuple(world.region(name) for name in pair)
    cells = np.zeros_like(whole.cells)
    for i, j in (numbers, numbers[::-1]):
        cells[i, j] = whole.cells[i, j]
    return replace(whole, players=numbers, cells=cells, _kept={})


def _bargained(
    game: Game, status_quo: Floats, tariffs: Floats, shares: Floats, liberalise_only: bool, tolerance: float
) -> tuple[Floats, float]:
    """This pair's Nash bargain, the others' tariffs as they stand; and its first-order residual."""
    without = np.where(game.cells, status_quo, tariffs)
    search = Search(game, without, liberalise_only=liberalise_only, tolerance=tolerance)
    now = game.evaluator.payoffs(tariffs)[search.rows] - search.base
    if (now > WORTH).all():
        found = search.best(nash_product(shares, float(np.mean(np.expm1(now)))), [tariffs])
    else:
        found, _ = search.solve("nash", shares)
    if not (found.gains > WORTH).all():
        return without, 0.0 if found.settled else found.residual
    return found.tariffs, found.residual
