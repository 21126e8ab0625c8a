"""Three parties and more: what coalitions can secure, the core, the Shapley value, losses of third parties."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from winset.bargaining.plain import Plain
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["Block", "Coalitions", "Core", "blocks", "third_party_losses"]

Floats = NDArray[np.float64]

MOST_PLAYERS = 12
"""Players of a game in which every coalition has a value."""
EMPTY_CORE = 1e-9
"""A least excess above this share of the game's size means an empty core."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Core(Plain):
    """The core of a game with side payments: divisions of the whole that no coalition can better."""

    empty: bool
    least_excess: float
    """Smallest e such that some division leaves no proper coalition short by more than e. Zero or below: the core
    is not empty. Above zero: what each coalition would have to lose by leaving for the whole to hold."""
    division: dict[str, float]
    """A division that attains it (one of the least core)."""
    tight: tuple[frozenset[str], ...]
    """Coalitions that get exactly their value less the least excess there."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Coalitions(Plain):
    """A game in coalitional form with side payments: what each coalition can secure by itself."""

    players: tuple[str, ...]
    values: Mapping[frozenset[str], float]
    """In one unit; coalitions not named have the sum of their members' own values, and members not
    named zero."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.players) <= MOST_PLAYERS or len(set(self.players)) != len(self.players):
            raise RequestError(f"a game has 1 to {MOST_PLAYERS} different players")
        for coalition, value in self.values.items():
            for name in coalition:
                known(name, self.players, "player")
            if not math.isfinite(value) or (not coalition and value != 0):
                raise RequestError(
                    f"the value of coalition {'+'.join(sorted(coalition)) or 'of nobody'} is no number"
                )

    def value(self, coalition: Iterable[str]) -> float:
        """What a coalition can secure."""
        members = frozenset(coalition)
        if members in self.values:
            return float(self.values[members])
        return float(sum(self.values.get(frozenset([one]), 0.0) for one in members)) if len(members) > 1 else 0.0

    def shapley(self) -> dict[str, float]:
        """Shapley value: each player's marginal contribution averaged over all orders of joining."""
        n = len(self.players)
        found = dict.fromkeys(self.players, 0.0)
        for size in range(n):
            share = 1.0 / (n * math.comb(n - 1, size))
            for one in self.players:
                others = [p for p in self.players if p != one]
                found[one] += share * math.fsum(
                    self.value((*rest, one)) - self.value(rest) for rest in itertools.combinations(others, size)
                )
        return found

    def core(self) -> Core:
        """Is there a division of the whole that no coalition can better? By linear programming (least core)."""
        n = len(self.players)
        proper = [frozenset(c) for size in range(1, n) for c in itertools.combinations(self.players, size)]
        whole = self.value(self.players)
        if not proper:
            return Core(empty=False, least_excess=0.0, division={self.players[0]: whole}, tight=())
        member = np.array([[-1.0 * (p in c) for p in self.players] for c in proper])
        worth = np.array([self.value(c) for c in proper])
        # Minimise e subject to sum over members >= value - e for every proper coalition, and the whole divided.
        result = linprog(
            np.append(np.zeros(n), 1.0),
            A_ub=np.hstack([member, -np.ones((len(proper), 1))]),
            b_ub=-worth,
            A_eq=np.append(np.ones(n), 0.0)[None],
            b_eq=[whole],
            bounds=[(None, None)] * (n + 1),
        )
        division, excess = np.asarray(result.x[:n]), float(result.x[n])
        size = max(1.0, abs(whole), float(np.abs(worth).max()))
        short = worth + member @ division
        return Core(
            empty=excess > EMPTY_CORE * size,
            least_excess=excess,
            division=dict(zip(self.players, division.tolist(), strict=True)),
            tight=tuple(c for c, s in zip(proper, short, strict=True) if s >= excess - EMPTY_CORE * size),
        )

    def excesses(self, division: Mapping[str, float]) -> dict[frozenset[str], float]:
        """By how much each coalition could do better alone than in a division; in the core none is above zero."""
        shares = {known(name, self.players, "player"): value for name, value in division.items()}
        if len(shares) != len(self.players):
            raise RequestError("a division gives something to every player")
        return {
            frozenset(c): self.value(c) - math.fsum(shares[one] for one in c)
            for size in range(1, len(self.players) + 1)
            for c in itertools.combinations(self.players, size)
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Block(Plain):
    """A coalition that can do better by itself."""

    coalition: frozenset[str]
    option: int
    """Index of what it would do, among its options."""
    gains: dict[str, float]
    """By member, against the outcome that is blocked."""


def blocks(
    outcome: Mapping[str, float],
    options: Mapping[frozenset[str], ArrayLike],
    *,
    weakly: bool = False,
) -> tuple[Block, ...]:
    """Which coalitions block an outcome of a game without side payments; in the core none does.

    outcome: payoff by player. options: by coalition, (options, members) payoffs its members can secure alone,
    members in alphabetical order. A coalition blocks if an option makes all its members better off; with
    `weakly`, none worse and one better. Of several options the one with the largest smallest gain is shown.
    """
    found = []
    for coalition, listed in options.items():
        members = sorted(coalition)
        table = np.asarray(listed, dtype=np.float64)
        if not members or table.ndim != 2 or table.shape[1] != len(members) or not np.isfinite(table).all():
            raise RequestError(
                f"options of {'+'.join(members) or 'nobody'} must be (options, {len(members)}), finite"
            )
        now = np.array([outcome[known(name, outcome, "player")] for name in members])
        gains = table - now
        better = (gains > 0).all(axis=1)
        if weakly:
            better = (gains >= 0).all(axis=1) & (gains > 0).any(axis=1)
        at = np.flatnonzero(better)
        if at.size:
            best = int(at[gains[at].min(axis=1).argmax()])
            found.append(
                Block(
                    coalition=coalition, option=best, gains=dict(zip(members, gains[best].tolist(), strict=True))
                )
            )
    return tuple(found)


def third_party_losses(
    payoffs: ArrayLike, before: ArrayLike, names: Sequence[str], members: Collection[str]
) -> dict[str, float]:
    """What parties outside a deal lose by it (positive: a loss), in their payoff units.

    payoffs, before: (parties,) with and without the deal; members: who made it.
    """
    now, then = np.asarray(payoffs, dtype=np.float64), np.asarray(before, dtype=np.float64)
    if now.shape != (len(names),) or then.shape != now.shape:
        raise RequestError(f"there are {len(names)} parties, but payoffs of shapes {now.shape} and {then.shape}")
    for name in members:
        known(name, names, "party")
    return {name: float(then[k] - now[k]) for k, name in enumerate(names) if name not in members}
