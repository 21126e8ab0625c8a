"""How a region answers tariffs raised on it: not at all, in kind, in value, at its best, or by a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.shocks import Key, Shock
from winset.strategy.game import Bounds, tariff_game
from winset.strategy.instruments import Floats
from winset.strategy.war import war_of

__all__ = ["RULES", "Answer", "Response", "Retaliation", "retaliate"]

RULES = ("none", "reciprocal", "proportional", "optimal")
Answer = str | Mapping[Key, float]
"""A rule's name, or listed rates {(exporter, importer, sector): fraction}."""
RAISED = 1e-9
"""A tariff counts as raised above this, a fraction."""
HIGHEST = 10.0
"""An answer in kind or in value adds nothing above this, a fraction."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """What one region does."""

    by: str
    rule: str
    """One of `RULES`, or "list"."""
    against: tuple[str, ...]
    """Regions whose tariffs on it rose."""
    mean_added: float
    """Mean of what it adds on their goods, a fraction, weighted by baseline imports."""
    struck: float
    """Baseline exports of the responder on which tariffs rose, millions."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Retaliation:
    """The shock with everybody's answer in it."""

    shock: Shock
    responses: tuple[Response, ...]

    def __str__(self) -> str:
        return "\n".join(
            f"{one.by}: {one.rule}, {100 * one.mean_added:+.1f} points on {', '.join(one.against) or 'nobody'}"
            for one in self.responses
        )


def retaliate(
    world: Baseline,
    shock: Shock,
    answers: Mapping[str, Answer],
    *,
    before: ArrayLike | None = None,
    exempt: Sequence[str] = (),
    instruments: str = "partner-sector",
    bounds: Bounds = (0.0, 10.0),
    closure: str = "world-share",
    model: str = "caliendo-parro",
    objective: str = "real-income",
    lobbying: ArrayLike | None = None,
    **settings: Any,
) -> Retaliation:
    """The shock with each region's answer to the tariffs raised on it over `before` (None: the baseline).

    `none`: nothing. `reciprocal`: as many points, sector by sector, on the goods of the region that raised them.
    `proportional`: one extra rate on all goods of that region whose duty at baseline trade equals the duty added
    to the responder's own exports at baseline trade (equivalent concessions). `optimal`: the responder's best
    tariffs on those regions, given everything else; where several answer so, given one another. A list: the rates
    named, of which the responder must be the importer. exempt: sectors left alone (not by a list). Cuts are not
    answered.

    Other arguments as in `optimal_tariffs`. Raises UnknownNameError or RequestError for what cannot be used,
    NotConvergedError where optimal answers do not settle.
    """
    tariffs, cost = shock.filled(world)
    tariffs = tariffs.copy()
    reference = world.tariffs if before is None else Shock(tariffs=before).filled(world)[0]
    added = np.where(tariffs > reference + RAISED, tariffs - reference, 0.0)
    for name in answers:
        world.region(name)
    spared = [world.sector(name) for name in exempt]
    told: dict[str, Response] = {}
    optimal: dict[str, list[int]] = {}
    after = tariffs.copy()
    for name, answer in answers.items():
        j = world.region(name)
        hostile = [k for k in range(len(world.regions)) if added[j, k].any()]
        rule = known(answer, RULES, "retaliation rule") if isinstance(answer, str) else "list"
        if not isinstance(answer, str):
            _check_list(name, answer)
            after = Shock(tariffs=after).with_rates(world, answer).filled(world)[0]
        elif rule == "optimal" and hostile:
            optimal[name] = hostile
        else:
            for k in hostile:
                extra = _extra(world, added[j, k], rule, k, j, spared)
                after[k, j] = np.maximum(after[k, j], np.minimum(after[k, j] + extra, HIGHEST))
        told[name] = Response(
            by=name, rule=rule, against=tuple(world.regions[k] for k in hostile), mean_added=0.0,
            struck=float(world.flows[j][added[j] > 0].sum()),
        )  # fmt: skip
    if optimal:
        game = tariff_game(
            world, list(optimal), against="everyone", instruments=instruments, objective=objective, bounds=bounds,
            exempt=exempt, shock=Shock(tariffs=after, cost_hat=cost), closure=closure, model=model,
            lobbying=lobbying, settings=settings,
        )  # fmt: skip
        cells = np.zeros_like(game.cells)
        for name, hostile in optimal.items():
            # Each answers those who raised tariffs on it, and spares the rest.
            j = world.region(name)
            cells[hostile, j] = game.cells[hostile, j]
        game = replace(game, cells=cells, _kept={})
        after = war_of(game, "whoever raised theirs", start="status-quo", look_further=False).checked().tariffs
    return Retaliation(
        shock=Shock(tariffs=after, cost_hat=cost),
        responses=tuple(_measured(world, one, after - tariffs) for one in told.values()),
    )


def _extra(world: Baseline, raised: Floats, rule: str, raiser: int, responder: int, spared: list[int]) -> Floats:
    """(s,) points added on the raiser's goods."""
    extra = np.zeros(len(world.sectors))
    if rule == "reciprocal":
        extra = raised.copy()
    elif rule == "proportional":
        duty = (raised * world.flows[responder, raiser]).sum()
        open_ = np.ones(len(world.sectors), dtype=bool)
        open_[spared] = False
        bought = world.flows[raiser, responder][open_].sum()
        if duty > 0 and bought > 0:
            extra[open_] = duty / bought
    extra[spared] = 0.0
    return extra


def _check_list(name: str, answer: Mapping[Key, float]) -> None:
    for key in answer:
        if not (isinstance(key, tuple) and len(key) == 3):
            raise RequestError(
                f"{key!r} is not (exporter, importer, sector)", remedy="Use None for all of one axis"
            )
        if key[1] != name:
            raise RequestError(
                f"the listed answer of {name} names {key!r}", why="A region sets tariffs as the importer only",
                remedy=f"Put {name} in the second place",
            )  # fmt: skip


def _measured(world: Baseline, one: Response, change: Floats) -> Response:
    j = world.region(one.by)
    who = [world.region(k) for k in one.against]
    if one.rule == "list":
        who = [k for k in range(len(world.regions)) if change[k, j].any()]
    weight = world.flows[who, j].sum()
    mean = float((change[who, j] * world.flows[who, j]).sum() / weight) if weight > 0 else 0.0
    return Response(
        by=one.by, rule=one.rule, against=tuple(world.regions[k] for k in who), mean_added=mean, struck=one.struck
    )
