"""A tariff game, checked: who plays, which tariffs each may move within what bounds, and what each wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.evaluators import TariffEvaluator, evaluator
from winset.model.objectives import Objective, position
from winset.model.shocks import Shock
from winset.strategy.instruments import FINE_FLOOR, INSTRUMENTS, SHARE_FLOOR, Floats, FreeTariffs

__all__ = ["Bounds", "Game", "Objectives", "tariff_game"]

Bounds = tuple[float | ArrayLike, float | ArrayLike]
Objectives = Objective | Mapping[str, Objective]
"""One objective for every player, or one for each by name."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Game:
    """Players, their free tariffs, their objectives, and the evaluator of payoffs."""

    evaluator: TariffEvaluator
    others: Floats
    """(n, n, s) tariffs before anybody moves: those of the shock, or of the baseline."""
    players: tuple[int, ...]
    cells: np.ndarray[Any, np.dtype[np.bool_]]
    """(n, n, s) tariffs that some player may move."""
    importance: Floats
    """(n, n, s) elasticity times the flow's share in its buyer's income."""
    objectives: Mapping[int, Objective]
    rows: Mapping[int, int]
    """Where each player's payoff stands in the evaluator's vector."""
    instruments: str
    lobbying: Floats | None
    low: Floats
    """(n, n, s) lowest tariffs."""
    high: Floats
    names: Mapping[str, str]
    """model, closure, elasticities, baseline: what every result tells."""
    _kept: dict[tuple[int, float], FreeTariffs] = field(default_factory=dict, repr=False)

    @property
    def world(self) -> Baseline:
        """What hats are relative to."""
        return self.evaluator.world

    def own(self, player: int) -> Callable[[Floats], tuple[float, Floats]]:
        """A player's payoff and its gradient (n, n, s) as a function of all tariffs."""
        which = self.rows[player]
        row = np.zeros(3 * len(self.world.regions) + len(self.evaluator.users))
        row[which] = 1.0

        def payoff(tariffs: Floats) -> tuple[float, Floats]:
            value = float(self.evaluator.payoffs(tariffs)[which])
            if not np.isfinite(value):
                return value, np.zeros_like(tariffs)
            gradient = self.evaluator.gradients(row)[0]
            if not np.isfinite(gradient).all():
                raise RequestError(
                    f"the objective of {self.world.regions[player]} has no finite derivative at these tariffs",
                    why="A kink, a root or a logarithm of zero has none",
                    remedy="Write it so that it is smooth where tariffs may go, or narrow the bounds",
                )
            return value, gradient

        return payoff

    def free(self, player: int, floor: float = SHARE_FLOOR) -> FreeTariffs:
        """A player's tariffs, scaled for a first search, or with `FINE_FLOOR` for small flows."""
        if (player, floor) not in self._kept:
            mine = np.zeros_like(self.cells)
            mine[:, player] = self.cells[:, player]
            self._kept[player, floor] = FreeTariffs.of(
                self.importance, mine, instruments=self.instruments, low=self.low, high=self.high, floor=floor
            )
        return self._kept[player, floor]

    @cached_property
    def everybody(self) -> FreeTariffs:
        """All players' tariffs at once; unknowns never join two importers."""
        return FreeTariffs.of(
            self.importance, self.cells, instruments=self.instruments, low=self.low, high=self.high
        )

    def fine(self, player: int) -> FreeTariffs:
        """A player's tariffs, scaled so that small flows are right too."""
        return self.free(player, FINE_FLOOR)

    def exporters(self, player: int) -> list[int]:
        """Whom a player's free tariffs fall on."""
        return [int(i) for i in np.flatnonzero(self.cells[:, player].any(axis=1))]


def tariff_game(
    world: Baseline,
    players: Sequence[str] | None,
    *,
    against: Sequence[str] | str | None,
    instruments: str,
    objective: Objectives,
    bounds: Bounds,
    exempt: Sequence[str],
    shock: Shock | None,
    closure: str,
    model: str,
    lobbying: ArrayLike | None,
    settings: Mapping[str, Any],
) -> Game:
    """Check a request and make the game of it.

    players: codes of regions, None for all. against: whom the free tariffs fall on: "players" (one another),
    "everyone", or codes. Raises UnknownNameError or RequestError with one message.
    """
    codes = list(world.regions) if players is None else _codes(world, players, "player")
    if against == "everyone":
        targets = list(world.regions)
    elif against == "players":
        targets = codes
    elif isinstance(against, str) or against is None:
        known(str(against), ("players", "everyone"), "choice of whom tariffs fall on")
        raise AssertionError("known refuses it")
    else:
        targets = _codes(world, against, "partner")
    numbers = tuple(world.region(code) for code in codes)
    for code in codes:
        if set(targets) == {code}:
            raise RequestError(
                f"{code} would set tariffs against itself only",
                why="A region does not tax its own goods",
                remedy="Name a second player, other partners, or against='everyone'",
            )
    known(instruments, INSTRUMENTS, "kind of instrument")
    wanted = _objectives(objective, codes)
    if "lobbying" in wanted.values() and lobbying is None:
        raise RequestError(
            "the objective 'lobbying' needs weights", remedy="Give lobbying=(n, s) weights, mean one by region"
        )
    users = tuple(dict.fromkeys(one for one in wanted.values() if callable(one)))
    options = dict(settings)
    judge = evaluator(
        world, shock=shock, closure=closure, numeraire=options.pop("numeraire", "world"), model=model,
        lobbying=lobbying, users=users, settings=options,
    )  # fmt: skip
    base = judge.world
    tariffs, _ = (shock or Shock()).filled(world)
    n, _, s = base.flows.shape
    cells = np.zeros((n, n, s), dtype=bool)
    cells[np.ix_([world.region(t) for t in targets], numbers)] = True
    cells[np.arange(n), np.arange(n)] = False
    for name in exempt:
        cells[:, :, world.sector(name)] = False
    importance = base.elasticities * base.flows / base.income[:, None]
    low, high = _bounds(bounds, cells.shape)

    # A mistake in the bounds is found now, not when a player's turn comes.
    FreeTariffs.of(importance, cells, instruments="partner-sector", low=low, high=high)
    return Game(
        evaluator=judge,
        others=np.array(tariffs),
        players=numbers,
        cells=cells,
        importance=importance,
        objectives={world.region(code): wanted[code] for code in codes},
        rows={
            world.region(code): position(wanted[code], world.region(code), n, users) for code in codes
        },
        instruments=instruments,
        low=low,
        high=high,
        lobbying=None if lobbying is None else np.asarray(lobbying, dtype=np.float64),
        names={
            "model": model, "closure": closure, "elasticities": world.elasticity_name, "baseline": world.name,
        },
    )  # fmt: skip


def _codes(world: Baseline, names: Sequence[str], what: str) -> list[str]:
    given = [names] if isinstance(names, str) else list(names)
    if not given:
        raise RequestError(f"no {what} is named", remedy=f"Regions: {', '.join(world.regions)}")
    for name in given:
        world.region(name)
    if len(set(given)) < len(given):
        twice = next(name for name in given if given.count(name) > 1)
        raise RequestError(f"{twice} is named twice as a {what}", remedy="Name each region once")
    return given


def _objectives(objective: Objectives, codes: Sequence[str]) -> dict[str, Objective]:
    if not isinstance(objective, Mapping):
        if not (isinstance(objective, str) or callable(objective)):
            raise RequestError(f"the objective {objective!r} is neither a name nor a function")
        return dict.fromkeys(codes, objective)
    for code in objective:
        known(code, codes, "player with an objective")
    missing = [code for code in codes if code not in objective]
    if missing:
        raise RequestError(
            f"player {missing[0]} has no objective", remedy="Give one for every player, or one for all"
        )
    return {code: objective[code] for code in codes}


def _bounds(bounds: Bounds, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    try:
        low, high = bounds
        found = [np.broadcast_to(np.asarray(b, dtype=np.float64), shape) for b in (low, high)]
    except (TypeError, ValueError) as error:
        raise RequestError(
            "bounds must be (lowest, highest), each one number or an array (exporter, importer, sector)",
            why=str(error),
        ) from error
    return found[0], found[1]
