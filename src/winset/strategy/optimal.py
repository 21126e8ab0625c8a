"""Unilaterally optimal tariffs: what one government would choose if nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.objectives import is_log
from winset.model.shocks import Shock
from winset.strategy.game import Bounds, Game, Objectives, tariff_game
from winset.strategy.instruments import SHARE_FLOOR, Floats, FreeTariffs
from winset.strategy.results import CAUTION, StrategyResult, mean_tariff
from winset.strategy.search import Search, maximised

__all__ = ["OptimalTariffs", "best_response", "optimal_tariffs", "start_rates"]

TOLERANCE = 1e-6
"""On the first-order residual."""
TIE = 1e-8
"""A later start must beat an earlier one by this much: where the objective is flat, the first stands."""
STARTS = ("uniform", "elasticity", "lobbying", "status-quo")
PROBE = 1e-4
"""Step in log(1 + t) of the check of a user's derivative."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OptimalTariffs(StrategyResult):
    """The tariffs that maximise one region's objective, everybody else's unchanged."""

    region: str
    instruments: str
    objective: str
    gain: float
    """Change of the objective from the status quo: in logs for real income and lobbying, else in its own unit."""
    uniform_rate: float
    """The best single rate on everything that is free, a fraction."""
    uniform_gain: float
    """What that single rate gains."""
    at_low: tuple[tuple[str, str], ...]
    """(exporter, sector) of traded goods whose tariff stands at its lower bound."""
    at_high: tuple[tuple[str, str], ...]
    """The same at the upper bound."""
    mean: float
    """Mean of the free tariffs, weighted by baseline imports."""
    starts: dict[str, float]
    """Gain reached from each start: where they differ, the problem has several local optima."""

    def _headline(self) -> str:
        return f"optimal tariffs of {self.region} ({self.instruments}), objective {self.objective}"

    def _lines(self) -> list[str]:
        unit = "percent" if self.objective in ("real-income", "lobbying") else "of its unit"
        size = 100 if unit == "percent" else 1
        share = f" ({self.uniform_gain / self.gain:.0%} of it)" if self.gain > 1e-9 else ""
        lines = [
            f"gain {size * self.gain:.3f} {unit}, mean rate {100 * self.mean:.1f} percent; one uniform rate of "
            f"{100 * self.uniform_rate:.1f} percent gains {size * self.uniform_gain:.3f}{share}",
        ]
        if self.at_low or self.at_high:
            lines.append(
                f"at their lower bound: {len(self.at_low)} rates; at their upper bound: {len(self.at_high)}"
            )
        return [*lines, CAUTION]


def optimal_tariffs(
    world: Baseline,
    region: str,
    *,
    against: Sequence[str] | None = None,
    instruments: str = "partner-sector",
    objective: Objectives = "real-income",
    bounds: Bounds = (0.0, 10.0),
    exempt: Sequence[str] = (),
    shock: Shock | None = None,
    closure: str = "world-share",
    model: str = "caliendo-parro",
    lobbying: ArrayLike | None = None,
    starts: Sequence[str | float] | None = None,
    tolerance: float = TOLERANCE,
    **settings: Any,
) -> OptimalTariffs:
    """Tariffs of `region` on `against` (None: everybody) that maximise its objective, others' tariffs unchanged.

    instruments: `partner-sector`, `sector` (the same for all named partners), `partner` or `uniform`. bounds:
    (lowest, highest) fractions, each one number or (n, n, s). exempt: sectors whose tariffs do not move. shock:
    the tariffs (and iceberg ratios) to start from; None for the baseline's. objective: `real-income` (ln W),
    `lobbying` (ln G with weights `lobbying`, (n, s), mean one by region: Ossa 2014, section II.A), `revenue`, or
    a function of `winset.model.gradients.Quantities` written with jax.numpy that returns one number.
    starts: `uniform` (the best single rate), `elasticity` (1 / theta of each sector, the optimum of a small
    region), `lobbying` (that plus the weight above one), `status-quo`, or a rate; the best is kept, since the
    problem need not be concave. model, closure, settings: as in `winset.solve`.

    The search is L-BFGS-B on scaled log(1 + t) with adjoint gradients. Raises UnknownNameError or RequestError
    for what cannot be used, NotConvergedError where the status quo has no equilibrium.
    """
    if not 0 < tolerance < 1:
        raise RequestError(f"tolerance {tolerance!r} is not between 0 and 1")
    world.region(region)
    partners: Sequence[str] | str = "everyone" if against is None else against
    if against is not None and region in ([against] if isinstance(against, str) else list(against)):
        raise RequestError(f"{region} cannot set tariffs against itself", remedy="Name other regions in against")
    game = tariff_game(
        world, [region], against=partners, instruments=instruments, objective=objective, bounds=bounds,
        exempt=exempt, shock=shock, closure=closure, model=model, lobbying=lobbying, settings=settings,
    )  # fmt: skip
    player = game.players[0]
    goal = game.objectives[player]
    own = game.own(player)
    status_quo = own(game.others)[0]
    if not np.isfinite(status_quo):
        game.evaluator.equilibrium(game.others).checked()
    if callable(goal):
        _check_derivative(game, player)
    uniform = _uniform(game, player)
    names: Sequence[str | float] = ("uniform", "elasticity")
    if starts is not None:
        names = starts
    elif lobbying is not None:
        names = (*names, "lobbying", 0.1)
    reached: dict[str, float] = {}
    best: Search | None = None
    free, fine = game.free(player), game.fine(player)
    for start in names:
        at = uniform[0] if start == "uniform" else start_rates(game, start)
        found = maximised(free, own, free.unknowns(at), game.others, tolerance=10 * tolerance)
        reached[str(start)] = found.value - status_quo
        if best is None or found.value > best.value + TIE:
            best = found
    if best is None:
        raise RequestError("no start is given", remedy=f"One of {', '.join(STARTS)}, or a rate")
    tariffs = free.placed(best.unknowns, game.others)
    tariffs, best = best_response(game, player, tariffs, 0.1 * tolerance)
    return _result(game, player, tariffs, best, status_quo, uniform, reached, tolerance, fine)


def best_response(
    game: Game, player: int, tariffs: Floats, tolerance: float, max_iterations: int = 2000
) -> tuple[Floats, Search]:
    """One player's best tariffs from where it stands, small flows included; nobody else moves."""
    free = game.fine(player) if tolerance <= TOLERANCE else game.free(player)
    found = maximised(
        free, game.own(player), free.unknowns(tariffs), tariffs, tolerance=tolerance, max_iterations=max_iterations
    )
    return free.placed(found.unknowns, tariffs), found


def start_rates(game: Game, start: str | float | Floats) -> Floats:
    """(n, n, s) tariffs to start a search from."""
    if isinstance(start, np.ndarray):
        return start
    if not isinstance(start, str):
        return np.full(game.others.shape, float(start))
    known(start, STARTS, "start")
    if start == "status-quo":
        return game.others
    rate = np.broadcast_to(1 / game.world.elasticities, game.others.shape[1:])
    if start == "lobbying" and game.lobbying is not None:
        rate = np.maximum(rate + game.lobbying - 1, 0.0)
    return np.broadcast_to(rate[None], game.others.shape)


def _uniform(game: Game, player: int) -> tuple[Floats, float, float]:
    """The best single rate on all free tariffs of a player: tariffs, rate, payoff."""
    mine = np.zeros_like(game.cells)
    mine[:, player] = game.cells[:, player]
    free = game.free(player)
    cells = free.group >= 0
    low = np.full(mine.shape, -0.99)
    high = low.copy()
    low[cells], high[cells] = free.low[free.group[cells]], free.high[free.group[cells]]
    bottom, top = low[cells].max(), high[cells].min()
    one = FreeTariffs.of(
        game.importance, mine, instruments="uniform", low=min(bottom, top), high=top, floor=SHARE_FLOOR
    )
    # The importance holds theta times the flow: its ratio to the flow is the mean elasticity.
    flows = game.importance / game.world.elasticities
    theta = game.importance[mine].sum() / max(flows[mine].sum(), 1e-300)
    begin = one.unknowns(np.full(mine.shape, 1 / theta))
    found = maximised(one, game.own(player), begin, game.others, tolerance=1e-7)
    tariffs = one.placed(found.unknowns, game.others)
    return tariffs, float(tariffs[mine][0]), found.value


def _check_derivative(game: Game, player: int) -> None:
    """A user's function must change as its derivative says: rounding and comparing pass tracing, not this."""
    own, free = game.own(player), game.free(player)
    start = start_rates(game, "elasticity")
    at = free.unknowns(start)
    tariffs = free.placed(at, game.others)
    _, gradient = own(tariffs)
    slopes = free.slopes(gradient, tariffs)
    if not slopes.any():
        raise RequestError(
            f"the objective of {game.world.regions[player]} does not answer its tariffs: its derivative is zero",
            why="A constant has no optimum, and a function that rounds or compares hides what it answers",
            remedy="Write it as a smooth function of the equilibrium with jax.numpy",
        )
    step = PROBE * np.sign(slopes) * free.scale
    bounds = free.bounds
    up, down = (np.clip(at + way * step, bounds.lb, bounds.ub) for way in (1, -1))
    moved = (up - down) / free.scale
    values = [own(free.placed(x, game.others))[0] for x in (up, down)]
    expected, measured = float(slopes @ moved), values[0] - values[1]
    noise = 1e-9 + 1e-8 * abs(values[0])
    if abs(expected - measured) > 0.05 * max(abs(expected), abs(measured)) + noise:
        raise RequestError(
            f"the objective of {game.world.regions[player]} does not change as its derivative says",
            why=f"Along a small step it changes by {measured:.3g}; its derivative gives {expected:.3g}",
            remedy="It rounds, compares or jumps somewhere: write it as a smooth function with jax.numpy",
        )


def _result(
    game: Game, player: int, tariffs: Floats, found: Search, status_quo: float,
    uniform: tuple[Floats, float, float], reached: dict[str, float], tolerance: float, fine: FreeTariffs,
) -> OptimalTariffs:  # fmt: skip
    world = game.world
    after = game.evaluator.equilibrium(tariffs)
    at_low, at_high = fine.held(found.unknowns)
    traded = world.flows > 0

    def where(held: Any) -> tuple[tuple[str, str], ...]:
        hit = np.zeros_like(game.cells)
        free = fine.group >= 0
        hit[free] = held[fine.group[free]]
        cells = np.argwhere((hit & traded)[:, player])
        return tuple((world.regions[i], world.sectors[s]) for i, s in cells)

    goal = game.objectives[player]
    notes = []
    if max(reached.values()) - min(reached.values()) > 1e-5 and is_log(goal):
        notes.append(
            "Starts end at different optima ("
            + ", ".join(f"{name}: {100 * value:.3f} percent" for name, value in reached.items())
            + "); the best is kept, and a better one cannot be ruled out."
        )
    return OptimalTariffs(
        tariffs=tariffs,
        equilibrium=after,
        converged=bool(found.residual <= tolerance and after.converged),
        first_order_residual=found.residual,
        evaluations=game.evaluator.evaluations,
        notes=tuple(notes),
        region=world.regions[player],
        instruments=game.instruments,
        objective=goal if isinstance(goal, str) else getattr(goal, "__name__", "given"),
        gain=found.value - status_quo,
        uniform_rate=uniform[1],
        uniform_gain=uniform[2] - status_quo,
        at_low=where(at_low),
        at_high=where(at_high),
        mean=mean_tariff(tariffs, world.flows, player, game.exporters(player)),
        starts=reached,
        **game.names,
    )
