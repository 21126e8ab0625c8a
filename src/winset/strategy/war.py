"""Trade wars: tariffs from which no player alone would move, by best responses in turn.

Every region that trades with nobody is also an equilibrium (autarky); the interior one is meant, and the result
says where it is not interior or where another start ends elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.shocks import Key, Shock
from winset.strategy.game import Bounds, Game, Objectives, tariff_game
from winset.strategy.instruments import Floats
from winset.strategy.optimal import TOLERANCE, best_response, start_rates
from winset.strategy.results import CAUTION, StrategyResult, listed
from winset.strategy.search import maximised
from winset.strategy.sufficient_statistics import SufficientStatistics, sufficient_statistics

__all__ = ["METHODS", "TradeWar", "WarPath", "nash_tariffs", "war_of"]

METHODS = ("exact", "sufficient-statistics")
MAX_ROUNDS = 60
PATIENCE = 6
"""Rounds without real progress after which steps are damped, and as many more after which the search ends."""
PROGRESS = 0.7
"""The residual must fall to this share over `PATIENCE` rounds."""
CHOKED = 0.01
"""Trade among the players below this share of its baseline value: not the interior equilibrium."""
FAR_START = 3.0
"""The second start, as a multiple of ln(1 + t) of the first end point: from there on towards autarky."""
FAR_STEPS = 30
"""Steps of each answer of the second search: enough to see where it leads."""
GLOBAL = 1e-6
"""A player that gains more than this by a search from elsewhere has not played its best response."""
ELSEWHERE = 1e-4
"""Difference in a player's ln payoff beyond which a second end point is a second equilibrium."""

Progress = Callable[[int, float], None]
"""Called with the round and the residual after it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class WarPath:
    """What each player levied after each round."""

    players: tuple[str, ...]
    mean_tariffs: Floats
    """(rounds + 1, players) mean free tariff, weighted by baseline imports; the first row is the start."""
    residuals: tuple[float, ...]
    """(rounds,) largest first-order residual after each round."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TradeWar(StrategyResult):
    """A fixed point of best responses; `first_order_residual` is the largest over all players."""

    players: tuple[str, ...]
    against: str
    """Whom the players' tariffs fall on, in words."""
    instruments: str
    method: str
    rounds: int
    path: WarPath
    interior: bool
    """Whether trade among the players goes on and no player's traded goods stand at an upper bound."""
    second: TradeWar | None = None
    """Another equilibrium, where the second start ended at one."""
    judge: Callable[[], Mapping[str, float]] = field(default=dict, repr=False)
    """Computes `best_response_residuals`."""

    @cached_property
    def best_response_residuals(self) -> Mapping[str, float]:
        """How far each player is from a best response in the full model: its own first-order residual.

        For the exact method the largest is `first_order_residual`. For the 3n equations, whose own residual that
        is, it tells what they neglect; it costs one adjoint a player and is computed when asked for.
        """
        return self.judge()

    def _headline(self) -> str:
        how = f"{self.instruments}, {self.method}; tariffs fall on {self.against}"
        return f"tariff war of {', '.join(self.players)} ({how})"

    def _lines(self) -> list[str]:
        world = self.equilibrium.world
        where = [world.region(p) for p in self.players]
        rest = [k for k in range(len(world.regions)) if k not in where]
        change = 100 * (self.equilibrium.real_income_hat - 1)
        rates = ", ".join(
            f"{p} {100 * r:.1f}" for p, r in zip(self.players, self.path.mean_tariffs[-1], strict=True)
        )
        lines = [
            f"mean tariffs, percent: {rates}",
            f"real income, percent of the baseline: {listed(world.regions, change, where)}",
        ]
        if rest:
            worst = sorted(rest, key=lambda k: change[k])
            least, most = (listed(world.regions, change, part) for part in (worst[:3], worst[-3:]))
            told = f"{least} ... {most}" if len(rest) > 6 else listed(world.regions, change, worst)
            lines.append(f"others: {told}")
        return [*lines, CAUTION]

    def _remedy(self) -> str:
        last = ", ".join(
            f"{p}: " + " -> ".join(f"{100 * r:.0f}" for r in self.path.mean_tariffs[-6:, k])
            for k, p in enumerate(self.players)
        )
        return (
            f"Mean tariffs of the last rounds, percent: {last}. Start from method='sufficient-statistics' or "
            "another start, narrow the bounds, choose coarser instruments, or allow more rounds"
        )


def nash_tariffs(
    world: Baseline,
    players: Sequence[str] | None = None,
    *,
    against: Sequence[str] | str = "players",
    instruments: str = "partner-sector",
    method: str = "exact",
    objective: Objectives = "real-income",
    bounds: Bounds = (0.0, 10.0),
    exempt: Sequence[str] = (),
    responses: Mapping[Key, float] | None = None,
    shock: Shock | None = None,
    closure: str = "world-share",
    model: str = "caliendo-parro",
    lobbying: ArrayLike | None = None,
    start: str | float | ArrayLike = "sufficient-statistics",
    look_further: bool = True,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
    progress: Progress | None = None,
    **settings: Any,
) -> TradeWar:
    """The tariff war among `players` (None: all regions), each maximising its own objective given the others'.

    against: whom their tariffs fall on: "players" (one another), "everyone", or codes. Everybody else keeps the
    tariffs of `shock` (or the baseline), changed by `responses`: {(exporter, importer, sector): fraction}, None
    for all, rates that outsiders levy once there is war. The other arguments are those of `optimal_tariffs`.

    method: "exact", best responses in turn until no player's first-order residual exceeds `tolerance`; or
    "sufficient-statistics", one uniform rate a player from the 3n equations of Lashkaripour (2021): fast, but it
    neglects inputs, profits and a player's effect on wages among others. `first_order_residual` is then that of
    its own equations; `best_response_residuals` tells how far it is from best responses in the full model.
    start: "sufficient-statistics", "elasticity", "status-quo", a rate, or (n, n, s). look_further: run a second,
    coarse search from tariffs far from the first end and say where it ends elsewhere. Raises UnknownNameError or
    RequestError for what cannot be used; a war that does not settle is told by `converged` and `path`.
    """
    known(method, METHODS, "method")
    if max_rounds < 1 or not 0 < tolerance < 1:
        raise RequestError("max_rounds must be at least 1 and tolerance between 0 and 1")
    if responses:
        shock = _answered(world, players, against, responses, shock)
    if players is not None and not isinstance(players, str) and len(list(players)) == 1 and against == "players":
        raise RequestError(
            f"{next(iter(players))} is the only player, and would fight itself",
            remedy="Name a second player, or use optimal_tariffs",
        )
    game = tariff_game(
        world, [players] if isinstance(players, str) else players, against=against, instruments=instruments,
        objective=objective, bounds=bounds, exempt=exempt, shock=shock, closure=closure, model=model,
        lobbying=lobbying, settings=settings,
    )  # fmt: skip
    if not np.isfinite(game.evaluator.payoffs(game.others)[list(game.rows.values())]).all():
        game.evaluator.equilibrium(game.others).checked()
    words = against if isinstance(against, str) else ", ".join(against)
    if method == "sufficient-statistics":
        return _fast(game, words)
    return war_of(
        game, words, start=start, look_further=look_further, tolerance=tolerance, max_rounds=max_rounds,
        progress=progress,
    )  # fmt: skip


def war_of(
    game: Game,
    against: str,
    *,
    start: str | float | ArrayLike = "sufficient-statistics",
    look_further: bool = True,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
    progress: Progress | None = None,
) -> TradeWar:
    """The exact war of a game that has been checked."""
    begin = _start(game, start)
    first = _search(game, against, begin, tolerance, max_rounds, progress)
    if not look_further or not first.converged:
        return first
    first, honest = _best_of_all(game, first)
    if first.interior:
        far = _placed(game, np.expm1(FAR_START * np.log1p(np.maximum(first.tariffs, 0.0))))
    else:
        # It is at a bound or near autarky: is there an interior one?
        far = _placed(game, start_rates(game, "elasticity"))
    second = _search(game, against, far, max(1e-4, tolerance), 8, None, FAR_STEPS)
    if second.converged and not _same(game, first, second):
        # It ended elsewhere: is that an equilibrium too, or a place where search got stuck?
        other = _search(game, against, second.tariffs, tolerance, max_rounds, None)
        if other.converged and not _same(game, first, other) and not _improvements(game, other.tariffs):
            first = _told_apart(game, first, other)
    return replace(first, evaluations=game.evaluator.evaluations, converged=first.converged and honest)


def _same(game: Game, one: TradeWar, other: TradeWar) -> bool:
    rows = list(game.rows.values())
    gap = np.abs(game.evaluator.payoffs(one.tariffs)[rows] - game.evaluator.payoffs(other.tariffs)[rows])
    return bool(gap.max() < ELSEWHERE)


def _told_apart(game: Game, first: TradeWar, other: TradeWar) -> TradeWar:
    """The equilibrium with more trade, the other beside it."""
    if other.equilibrium.flows[game.cells].sum() > first.equilibrium.flows[game.cells].sum():
        first, other = other, first
    note = (
        "There is a second equilibrium: real income of the players there, percent: "
        + listed(game.world.regions, 100 * (other.equilibrium.real_income_hat - 1), list(game.players))
        + ". The one with more trade is reported."
    )
    return replace(first, second=other, notes=(*first.notes, note))


def _improvements(game: Game, tariffs: Floats) -> dict[str, float]:
    """Players that a search from the elasticity rule leaves better off than their tariffs, and by how much."""
    found = {}
    for player in game.players:
        own, free = game.own(player), game.free(player)
        now = own(tariffs)[0]
        again = maximised(free, own, free.unknowns(start_rates(game, "elasticity")), tariffs, tolerance=1e-5)
        if again.value > now + GLOBAL:
            found[game.world.regions[player]] = again.value - now
    return found


def _best_of_all(game: Game, war: TradeWar) -> tuple[TradeWar, bool]:
    """The war, and whether no player found anything better from elsewhere; where one did, that is told."""
    better = _improvements(game, war.tariffs)
    if not better:
        return war, True
    told = ", ".join(f"{name} by {100 * gain:.4f} percent" for name, gain in better.items())
    note = f"Not a best response for every player: from another start, gains are found for {told}."
    return replace(war, notes=(*war.notes, note)), False


def _search(
    game: Game, against: str, tariffs: Floats, tolerance: float, max_rounds: int, progress: Progress | None,
    steps: int = 2000,
) -> TradeWar:  # fmt: skip
    means, history = [_means(game, tariffs)], []
    residuals: dict[int, float] = {}
    share, since, finished = 1.0, 0, False
    for count in range(1, max_rounds + 1):
        # Early rounds answer tariffs that will still move: they need not be exact.
        care = max(0.1 * tolerance, 10.0 ** (-2 - 2 * count))
        for player in game.players:
            answer, _ = best_response(game, player, tariffs, care, steps)
            if share < 1:
                answer = np.expm1((1 - share) * np.log1p(tariffs) + share * np.log1p(answer))
            tariffs = answer
        residuals = _residuals(game, tariffs)
        history.append(max(residuals.values()))
        means.append(_means(game, tariffs))
        if progress is not None:
            progress(count, history[-1])
        if history[-1] <= tolerance and care <= tolerance:
            finished = True
            break
        if not np.isfinite(history[-1]):
            # Nobody could find anything with an equilibrium: another round would say the same.
            break
        if len(history) - since > PATIENCE and history[-1] > PROGRESS * history[-1 - PATIENCE]:
            if share < 1:
                break
            # Answers that overshoot one another settle when each goes half the way.
            share, since = 0.5, len(history)
    after = game.evaluator.equilibrium(tariffs)
    notes, interior = _nature(game, tariffs, after.flows)
    if not finished:
        notes = (
            *notes,
            f"No fixed point within {len(history)} rounds: the residual went "
            + " -> ".join(f"{r:.1e}" for r in history[-5:])
            + ".",
        )
    names = tuple(game.world.regions[p] for p in game.players)
    return TradeWar(
        tariffs=tariffs,
        equilibrium=after,
        converged=bool(finished and after.converged),
        first_order_residual=max(residuals.values()),
        evaluations=game.evaluator.evaluations,
        notes=notes,
        players=names,
        against=against,
        instruments=game.instruments,
        method="exact",
        rounds=len(history),
        judge=lambda: {game.world.regions[p]: r for p, r in residuals.items()},
        path=WarPath(players=names, mean_tariffs=np.array(means), residuals=tuple(history)),
        interior=interior,
        **cast(Any, game.names),
    )


def _residuals(game: Game, tariffs: Floats) -> dict[int, float]:
    """Each player's first-order residual, from one equilibrium."""
    payoffs = game.evaluator.payoffs(tariffs)
    if not np.isfinite(payoffs[list(game.rows.values())]).all():
        return dict.fromkeys(game.players, np.inf)
    rows = np.zeros((len(game.players), payoffs.size))
    rows[np.arange(len(game.players)), [game.rows[p] for p in game.players]] = 1.0
    found = {}
    for player, gradient in zip(game.players, game.evaluator.gradients(rows), strict=True):
        free = game.fine(player)
        found[player] = free.residual(free.slopes(gradient, tariffs), free.unknowns(tariffs))
    return found


def _nature(game: Game, tariffs: Floats, flows: Floats) -> tuple[tuple[str, ...], bool]:
    """Whether the war ended inside its bounds with trade going on, and what to tell if not."""
    world, notes, interior = game.world, [], True
    free = game.everybody
    _, at_high = free.held(free.unknowns(tariffs))
    cells = free.group >= 0
    hit = np.zeros_like(world.flows)
    hit[cells] = at_high[free.group[cells]]
    taxed = np.where(cells, world.flows, 0.0)
    share = (hit * taxed).sum(axis=(0, 2)) / np.maximum(taxed.sum(axis=(0, 2)), 1e-300)
    for player in game.players:
        value = share[player]
        if value > 1e-3:
            interior = False
            notes.append(
                f"{world.regions[player]} stands at its upper bound on {value:.0%} of what it may tax: the "
                "equilibrium is not interior there."
            )
    before, now = world.flows[game.cells].sum(), flows[game.cells].sum()
    if now < CHOKED * before:
        interior = False
        notes.append(
            f"Trade that the players may tax falls to {now / before:.2%} of its baseline value: this is the "
            "autarky-like equilibrium, not the interior one. Start from lower tariffs."
        )
    return tuple(notes), interior


def _means(game: Game, tariffs: Floats) -> list[float]:
    weight = np.where(game.cells, game.world.flows, 0.0)
    total = weight.sum(axis=(0, 2))
    mean = (tariffs * weight).sum(axis=(0, 2)) / np.where(total > 0, total, 1.0)
    return [float(mean[p]) for p in game.players]


def _placed(game: Game, rates: Floats) -> Floats:
    """The players' free tariffs at `rates`, within bounds; everybody else's as they are."""
    return game.everybody.placed(game.everybody.unknowns(rates), game.others)


def _start(game: Game, start: str | float | ArrayLike) -> Floats:
    if isinstance(start, str) and start == "sufficient-statistics":
        found = _statistics(game)
        rates = np.broadcast_to(found.rates[None, :, None], game.others.shape)
        if not found.converged:
            rates = start_rates(game, "elasticity")
    elif isinstance(start, str | float | int):
        rates = start_rates(game, start)
    else:
        rates = Shock(tariffs=start).filled(game.world)[0]
    return _placed(game, rates)


def _statistics(game: Game) -> SufficientStatistics:
    return sufficient_statistics(game.world, players=game.players, tariffs=game.others, free=game.cells)


def _fast(game: Game, against: str) -> TradeWar:
    found = _statistics(game)
    rates = np.broadcast_to(found.rates[None, :, None], game.others.shape)
    tariffs = _placed(game, rates)
    after = game.evaluator.equilibrium(tariffs)
    _, interior = _nature(game, tariffs, after.flows)
    names = tuple(game.world.regions[p] for p in game.players)
    notes = [
        "Rates follow from the 3n equations of Lashkaripour (2021), which neglect inputs, profits and a player's "
        "effect on wages among others; `best_response_residuals` tells how far they are from best responses here."
    ]
    if not found.converged:
        notes.append(
            f"The 3n equations did not settle: residual {found.residual:.1e} after {found.passes} passes."
        )
    means = np.array([_means(game, game.others), _means(game, tariffs)])
    return TradeWar(
        tariffs=tariffs,
        equilibrium=after,
        converged=bool(found.converged and after.converged),
        first_order_residual=found.residual,
        evaluations=game.evaluator.evaluations,
        notes=tuple(notes),
        players=names,
        against=against,
        instruments="uniform",
        method="sufficient-statistics",
        rounds=found.passes,
        judge=lambda: {game.world.regions[p]: r for p, r in _residuals(game, tariffs).items()},
        path=WarPath(players=names, mean_tariffs=means, residuals=(found.residual,)),
        interior=interior,
        **cast(Any, game.names),
    )


def _answered(
    world: Baseline,
    players: Sequence[str] | None,
    against: Sequence[str] | str,
    responses: Mapping[Key, float],
    shock: Shock | None,
) -> Shock:
    """The status quo with the outsiders' listed rates; refused where a listed rate is a player's own to choose."""
    codes = set(world.regions if players is None else [players] if isinstance(players, str) else players)
    targets = codes if against == "players" else set(world.regions) if against == "everyone" else set(against)
    for key in responses:
        exporter, importer, _ = key if isinstance(key, tuple) and len(key) == 3 else (None, None, None)
        if importer in codes and (exporter is None or exporter in targets):
            raise RequestError(
                f"the response {key!r} lists a tariff that player {importer} chooses itself",
                remedy="List rates of regions that are not players",
            )
    return (shock or Shock()).with_rates(world, responses)
