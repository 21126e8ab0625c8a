"""Trade talks: efficient tariffs that players could agree on, from what each has without agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import NotConvergedError, RequestError
from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock
from winset.strategy.agreement import (
    Agreement,
    Rule,
    agreed,
    equal_gains,
    ideal,
    kalai_smorodinsky,
    nash_product,
    utilitarian,
)
from winset.strategy.game import Bounds, Game, tariff_game
from winset.strategy.instruments import FINE_FLOOR, SHARE_FLOOR, Floats, FreeTariffs
from winset.strategy.optimal import TIE, start_rates
from winset.strategy.results import StrategyResult, listed
from winset.strategy.war import war_of

__all__ = ["DISAGREEMENTS", "RULES", "Search", "TariffTalks", "talks", "threat_tariffs", "told", "weights_of"]

DISAGREEMENTS = ("factual", "war", "free-trade")
RULES = ("equal-gains", "nash", "kalai-smorodinsky", "utilitarian")
TOLERANCE = 1e-6
NEGATIVE = 1e-4
"""A weight below minus this says that equal gains are not efficient."""
WORTH = 1e-7
"""Gains below this (in logs) are none: the players have nothing to agree on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TariffTalks(StrategyResult):
    """An agreement, its gains over disagreement, and what it does to those who were not asked."""

    players: tuple[str, ...]
    rule: str
    instruments: str
    threat: Equilibrium
    """The equilibrium without agreement."""
    gains: Mapping[str, float]
    """Proportional gain of each player's objective over disagreement: 0.01 is one percent."""
    third_parties: Mapping[str, float]
    """Proportional change of real income of everybody else, agreement over disagreement."""
    weights: Mapping[str, float]
    """Weight of each player's gain at the solution, summing to one: the slope of the frontier there."""
    violation: float
    """Largest breach of the rule's conditions, in log points."""
    worthwhile: bool
    """False where nothing that may move makes every player better off: tariffs then stay as they were."""
    ideals: Mapping[str, float] | None = None
    """With Kalai-Smorodinsky: the most each player could gain with nobody below disagreement."""

    def _headline(self) -> str:
        return f"talks of {', '.join(self.players)} ({self.instruments}), rule {self.rule}"

    def _lines(self) -> list[str]:
        gains = ", ".join(f"{name} {100 * gain:+.3f}" for name, gain in self.gains.items())
        rates = ", ".join(f"{name} {100 * self.mean_tariff(name):.1f}" for name in self.players)
        lines = [
            f"gains over disagreement, percent: {gains}",
            f"mean tariffs on all others, percent: {rates}",
        ]
        if self.third_parties:
            names = tuple(self.third_parties)
            values = 100 * np.array(list(self.third_parties.values()))
            order = [int(k) for k in np.argsort(values)]
            few = order if len(order) <= 6 else [*order[:3], *order[-3:]]
            lines.append(f"third parties, percent: {listed(names, values, few, '{:+.3f}')}")
        if not self.worthwhile:
            lines.append("Nothing that may move makes every player better off: there is no agreement to make.")
        return lines

    def _remedy(self) -> str:
        return "Start elsewhere (starts=), choose coarser instruments, or check that an agreement exists at all"


def talks(
    world: Baseline,
    players: Sequence[str] | None = None,
    *,
    disagreement: str | Shock | ArrayLike = "factual",
    rule: str = "equal-gains",
    weights: Mapping[str, float] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    against: Sequence[str] | str = "players",
    instruments: str = "partner-sector",
    objective: str = "real-income",
    bounds: Bounds = (0.0, 10.0),
    exempt: Sequence[str] = (),
    liberalise_only: bool = False,
    mfn: bool = False,
    shock: Shock | None = None,
    closure: str = "world-share",
    model: str = "caliendo-parro",
    lobbying: ArrayLike | None = None,
    starts: Sequence[str | float] | None = None,
    tolerance: float = TOLERANCE,
    **settings: Any,
) -> TariffTalks:
    """Efficient tariffs of `players` (None: all regions) under a sharing rule; two players make bilateral talks.

    Only the players' tariffs on one another move (`against="players"`), or also those on others ("everyone", or
    codes); `mfn` sets one rate for all partners, outsiders included. disagreement: "factual" (the status quo:
    baseline or `shock`), "war" (the players' exact tariff war, solved first), "free-trade" (zero on what may
    move), a Shock, or tariffs (n, n, s).

    rule: `equal-gains` (largest equal proportional gains: the rule of Ossa 2014, section III.D; where exact
    equality costs everyone, the largest smallest gain), `nash` (product of proportional gains, with `weights`),
    `kalai-smorodinsky` (equal shares of ideal gains, ideals with nobody below disagreement), `utilitarian` (the
    sum of equivalent variations, nobody below disagreement). pairs: many bilateral talks at once, each taking the
    others' outcomes as given, by the Nash product (Nash-in-Nash: Horn and Wolinsky 1988; Bagwell, Staiger and
    Yurukoglu); `players` and `rule` are then left out.

    liberalise_only: no tariff above its disagreement level. starts: `disagreement`, `elasticity`, or a rate; the
    best is kept. objective: `real-income` or `lobbying`. Other arguments as in `optimal_tariffs`. No side
    payments. Raises UnknownNameError or RequestError for what cannot be used, NotConvergedError where disagreement
    has no equilibrium.
    """
    if pairs is not None:
        from winset.strategy.nash_in_nash import nash_in_nash

        if players is not None or rule != "equal-gains":
            raise RequestError("pairs bargain by the Nash product: leave players and rule out")
        return nash_in_nash(
            world, pairs, disagreement=disagreement, weights=weights, instruments=instruments,
            objective=objective, bounds=bounds, exempt=exempt, liberalise_only=liberalise_only, shock=shock,
            closure=closure, model=model, lobbying=lobbying, tolerance=tolerance, settings=settings,
        )  # fmt: skip
    known(rule, RULES, "rule")
    if not isinstance(objective, str):
        raise RequestError(
            "talks compare proportional gains, so the objective is 'real-income' or 'lobbying'",
            remedy="Use winset.bargain on payoffs of your own",
        )
    known(objective, ("real-income", "lobbying"), "objective of talks")
    if mfn:
        coarser = {"partner-sector": "sector", "partner": "uniform"}
        instruments, against = coarser.get(instruments, instruments), "everyone"
    if isinstance(disagreement, Shock):
        if shock is not None:
            raise RequestError("give the threat as disagreement or as shock, not both")
        shock, disagreement = disagreement, "factual"
    if players is not None and len([players] if isinstance(players, str) else list(players)) == 1:
        raise RequestError("talks need two players or more", remedy="Use optimal_tariffs for one")
    game = tariff_game(
        world, players, against=against, instruments=instruments, objective=objective, bounds=bounds,
        exempt=exempt, shock=shock, closure=closure, model=model, lobbying=lobbying, settings=settings,
    )  # fmt: skip
    threat = threat_tariffs(game, disagreement)
    search = Search(game, threat, liberalise_only=liberalise_only, tolerance=tolerance, starts=starts)
    shares = weights_of(weights, [game.world.regions[p] for p in game.players]) if rule == "nash" else None
    if weights is not None and rule != "nash":
        raise RequestError(f"weights belong to the rule 'nash', not to {rule!r}")
    found, ideals = search.solve(rule, shares)
    return _result(game, search, found, rule, ideals)


def threat_tariffs(game: Game, disagreement: str | ArrayLike) -> Floats:
    """(n, n, s) tariffs without agreement; raises where the war behind them does not converge."""
    if not isinstance(disagreement, str):
        return Shock(tariffs=disagreement).filled(game.world)[0]
    known(disagreement, DISAGREEMENTS, "disagreement")
    if disagreement == "war":
        return war_of(game, "players", look_further=False).checked().tariffs
    if disagreement == "free-trade":
        return np.where(game.cells, 0.0, game.others)
    return game.others


class Search:
    """Everything that solving a rule over one set of free tariffs needs."""

    def __init__(
        self, game: Game, threat: Floats, *, liberalise_only: bool = False, tolerance: float = TOLERANCE,
        starts: Sequence[str | float] | None = None,
    ) -> None:  # fmt: skip
        self.game, self.threat, self.tolerance = game, threat, tolerance
        n = len(game.world.regions)
        self.rows = np.array([game.rows[p] for p in game.players])
        first = game.evaluator.payoffs(threat)
        if not np.isfinite(first[: 2 * n]).all():
            game.evaluator.equilibrium(threat).checked()
            raise NotConvergedError("the disagreement has no equilibrium", remedy="Choose another threat")
        self.base = first[self.rows]
        self.base_income = first[:n]
        high = np.minimum(game.high, np.maximum(threat, game.low)) if liberalise_only else game.high

        def free(floor: float) -> FreeTariffs:
            return FreeTariffs.of(
                game.importance, game.cells, instruments=game.instruments, low=game.low, high=high, floor=floor
            )

        self.ahead: tuple[str, ...] = ()
        """Players who gain more than the rest under equal gains, because less for them would help nobody."""
        self.scalings = (free(SHARE_FLOOR), free(FINE_FLOOR))
        self.starts: Sequence[str | float] = starts if starts is not None else ("disagreement",)
        if starts is None and game.lobbying is not None:
            # With lobbying there are several optima; these two starts found the best known ones.
            self.starts = ("disagreement", "lobbying-walls", 0.0)

    def at(self, start: str | float) -> Floats:
        if start == "disagreement":
            rates = self.threat
        elif start == "lobbying-walls" and self.game.lobbying is not None:
            rates = np.broadcast_to(np.maximum(self.game.lobbying - 1, 0.0)[None], self.threat.shape)
        else:
            rates = start_rates(self.game, start)
        free = self.scalings[0]
        return free.placed(free.unknowns(rates), self.threat)

    def best(self, rule: Rule, starts: Sequence[Floats]) -> Agreement:
        """The best end of searches from several starts."""
        kept: tuple[tuple[bool, float], Agreement] | None = None
        for start in starts:
            one = agreed(
                self.game.evaluator, self.rows, self.base, self.scalings, start, rule, tolerance=self.tolerance
            )
            value = rule.value(one.gains)[0]
            rank = (one.settled, value if np.isfinite(value) else -np.inf)
            if kept is None or rank[0] > kept[0][0] or (rank[0] == kept[0][0] and rank[1] > kept[0][1] + TIE):
                kept = rank, one
        if kept is None:
            raise RequestError("no start is given")
        return kept[1]

    def solve(self, rule: str, shares: Floats | None) -> tuple[Agreement, Floats | None]:
        """A rule's agreement, and the players' ideal gains where the rule needs them."""
        count = len(self.rows)
        starts = [self.at(start) for start in self.starts]
        even = self.best(equal_gains(count), starts)
        ahead: frozenset[int] = frozenset()
        while even.settled and (even.weights < -NEGATIVE).any() and len(ahead) < count - 1:
            # To give these players as little as the rest costs the rest: let them have more.
            ahead = ahead | frozenset(int(k) for k in np.flatnonzero(even.weights < -NEGATIVE))
            even = self.best(equal_gains(count, ahead), [even.tariffs, *starts])
        self.ahead = tuple(self.game.world.regions[self.game.players[k]] for k in sorted(ahead))
        if rule == "utilitarian":
            # Also where the largest smallest gain is nil: one may gain while the others stand still.
            where = list(self.game.players)
            money = self.game.world.income[where] * np.exp(self.base_income[where])
            return self.best(utilitarian(money), [even.tariffs, *starts]), None
        if rule == "equal-gains" or not (even.gains > WORTH).all():
            return even, None
        if rule == "nash":
            part = np.full(count, 1 / count) if shares is None else shares
            # Where all gains are equal every factor is positive: a start inside.
            scale = float(np.mean(np.expm1(even.gains)))
            return self.best(nash_product(part, scale), [even.tariffs]), None
        ideals = np.array([np.expm1(self.best(ideal(count, k), [even.tariffs]).gains[k]) for k in range(count)])
        return self.best(kalai_smorodinsky(ideals), [even.tariffs]), ideals


def weights_of(weights: Mapping[str, float] | None, names: Sequence[str]) -> Floats:
    """(p,) bargaining weights summing to one; equal where none are given, refused where one is missing."""
    if weights is None:
        return np.full(len(names), 1 / len(names))
    for name in weights:
        known(name, names, "player with a bargaining weight")
    values = np.array([float(weights.get(name, 0.0)) for name in names])
    if not np.isfinite(values).all() or (values <= 0).any():
        raise RequestError(
            "every player needs a positive bargaining weight", remedy=f"Players: {', '.join(names)}"
        )
    return np.asarray(values / values.sum())


def _result(game: Game, search: Search, found: Agreement, rule: str, ideals: Floats | None) -> TariffTalks:
    names = tuple(game.world.regions[p] for p in game.players)
    # Under the sum of money some may stand at disagreement exactly; under the other rules everybody gains.
    least = -search.tolerance if rule == "utilitarian" else WORTH
    # A comparison with a gain that is no number is False: a search that got lost found nothing worth agreeing.
    worthwhile = bool((found.gains > least).all() and found.gains.max() > WORTH)
    notes: tuple[str, ...] = ()
    if rule == "equal-gains" and search.ahead:
        notes = (
            f"Exactly equal gains would cost everyone: {', '.join(search.ahead)} may gain more, and the smallest "
            "gain is the largest possible.",
        )
    return told(
        game, search.threat, found.tariffs if worthwhile else search.threat, names, rule=rule,
        converged=found.settled, residual=found.residual, violation=found.violation, worthwhile=worthwhile,
        weights=dict(zip(names, map(float, found.weights), strict=True)), notes=notes,
        ideals=None if ideals is None else dict(zip(names, map(float, ideals), strict=True)),
    )  # fmt: skip


def told(
    game: Game, threat: Floats, tariffs: Floats, names: tuple[str, ...], *, rule: str, converged: bool,
    residual: float, violation: float, worthwhile: bool, weights: Mapping[str, float],
    ideals: Mapping[str, float] | None = None, notes: tuple[str, ...] = (),
) -> TariffTalks:  # fmt: skip
    """The result of talks that ended at `tariffs`, everybody's gains over the threat included."""
    world = game.world
    without, after = game.evaluator.equilibrium(threat), game.evaluator.equilibrium(tariffs)
    rows = [game.rows[p] for p in game.players]
    gains = np.expm1(game.evaluator.payoffs(tariffs)[rows] - game.evaluator.payoffs(threat)[rows])
    by_name = {world.regions[p]: float(gain) for p, gain in zip(game.players, gains, strict=True)}
    change = after.real_income_hat / without.real_income_hat - 1
    return TariffTalks(
        tariffs=tariffs,
        equilibrium=after,
        converged=bool(converged and after.converged and without.converged),
        first_order_residual=residual,
        evaluations=game.evaluator.evaluations,
        notes=notes,
        players=names,
        rule=rule,
        instruments=game.instruments,
        threat=without,
        gains={name: by_name[name] for name in names},
        third_parties={name: float(change[k]) for k, name in enumerate(world.regions) if name not in names},
        weights=weights,
        violation=violation,
        worthwhile=worthwhile,
        ideals=ideals,
        **cast(Any, game.names),
    )
