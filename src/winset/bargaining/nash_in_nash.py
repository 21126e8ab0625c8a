"""Nash-in-Nash: many bilateral bargains at once, each taking the others' outcome as given (Horn, Wolinsky 1988).

A pair chooses its own terms to maximise the weighted product of its two gains. Its disagreement point is its own
terms at the status quo with all other agreements unchanged (passive beliefs). The solution is a fixed point of
all pairs' bargains. It need not exist in a list nor be unique; what is returned says how far it is from one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.evaluator import Evaluation, Evaluator, evaluator_of
from winset.bargaining.finite import bargain
from winset.bargaining.goals import build, limits_of, row_floor
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.search import TOLERANCE, climb
from winset.core.errors import RequestError

__all__ = ["NashInNash", "NashInNashList", "Pair", "nash_in_nash", "nash_in_nash_list"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Pair(Plain):
    """Two parties and what they bargain over."""

    parties: tuple[str, str]
    instruments: tuple[str, ...]
    """No instrument may belong to two pairs."""
    weight: float = 0.5
    """Bargaining power of the first party, between 0 and 1."""


@dataclass(frozen=True, kw_only=True, eq=False)
class NashInNash(Plain):
    """The packages that all pairs together arrive at."""

    x: Floats
    """(m,)"""
    payoffs: Floats
    """(parties,)"""
    gains: dict[str, tuple[float, float]]
    """By pair (names joined by a dash): each side's gain over this pair having no agreement."""
    third_parties: dict[str, Floats]
    """By pair: (parties,) what everybody gains from this pair's agreement, the others' unchanged."""
    residual: float
    """Largest change that any pair would still make, as a share of an instrument's width."""
    converged: bool
    rounds: int
    evaluations: int


def nash_in_nash(
    problem: Problem | Evaluator,
    pairs: Sequence[Pair],
    status_quo: ArrayLike,
    *,
    damping: float = 0.5,
    tolerance: float = 1e-6,
    rounds: int = 200,
) -> NashInNash:
    """Fixed point of bilateral Nash bargains over continuous instruments.

    status_quo: (m,) where each pair's instruments stay without its agreement; instruments in no pair stay there.
    damping: share of the old package kept in each round, from 0 to below 1. Limits of the problem bind every pair.
    A pair that cannot gain stays at the status quo. Ends when no pair would move an instrument by more than
    `tolerance` of its width, or after `rounds`, not converged, with the last package and its residual.
    """
    room = evaluator_of(problem)
    _check(room.problem, pairs)
    if not 0 <= damping < 1 or not 1 <= rounds <= 100_000:
        raise RequestError("damping is a share from 0 to below 1, and rounds are 1 to 100,000")
    before = len(room.points)
    start = room.of(status_quo)
    z = start.z
    residual, done = np.inf, 0
    while done < rounds:
        done += 1
        replies = [_reply(room, pair, z, start.z) for pair in pairs]
        # Every pair answers the same package: passive beliefs, and no order of moving.
        target = z.copy()
        for at, reply in replies:
            target[at] = reply
        residual = float(np.abs(target - z).max(initial=0.0))
        if residual <= tolerance:
            break
        z = damping * z + (1 - damping) * target
    end = _evaluated(room, z)
    count = len(room.problem.parties)
    gains, others = {}, {}
    for pair in pairs:
        alone = end.z.copy()
        at = [room.problem.instruments.index(name) for name in pair.instruments]
        alone[at] = start.z[at]
        difference = (end.values - _evaluated(room, alone).values)[:count]
        i, j = (room.problem.party(name) for name in pair.parties)
        gains["-".join(pair.parties)] = (float(difference[i]), float(difference[j]))
        others["-".join(pair.parties)] = difference
    return NashInNash(
        x=end.x,
        payoffs=end.values[:count],
        gains=gains,
        third_parties=others,
        residual=residual,
        converged=residual <= tolerance,
        rounds=done,
        evaluations=len(room.points) - before,
    )


def _reply(room: Evaluator, pair: Pair, z: Floats, status_quo: Floats) -> tuple[list[int], Floats]:
    """The pair's Nash bargain, all other instruments at z: (its instruments, their new values)."""
    at = [room.problem.instruments.index(name) for name in pair.instruments]
    low, high, alone = z.copy(), z.copy(), z.copy()
    low[at], high[at], alone[at] = 0.0, room.top[at], status_quo[at]
    without = _evaluated(room, alone)
    limits = limits_of(room, room.problem.limits)
    members = [room.problem.party(name) for name in pair.parties]
    logs, offsets = np.zeros(len(room.scale)), np.zeros(len(room.scale))
    powers = (2 * pair.weight, 2 * (1 - pair.weight))
    for k, power in zip(members, powers, strict=True):
        logs[k], offsets[k] = power, without.values[k] / room.scale[k]
    goal = build(room, limits, powers=logs, offsets=offsets)
    floors = [row_floor(room, f"gain {k}", k, float(without.values[k]), aux={0: -1.0}, defines=0) for k in members]
    even = build(room, [*limits, *floors], aux=[1.0], aux_low=[-np.inf])
    # Nash from the present terms; if a side loses there, from terms where both gain, if there are any.
    here = _evaluated(room, z)
    gaining = all(here.values[k] > without.values[k] for k in members)
    found = climb(room, goal, z if gaining else climb(room, even, z, box=(low, high)).at.z, box=(low, high))
    gains = np.array([found.at.values[k] - without.values[k] for k in members]) / room.scale[members]
    if found.broken > 10 * TOLERANCE or gains.min() < -TOLERANCE or gains.max() <= TOLERANCE:
        return at, status_quo[at]
    return at, found.at.z[at]


def _evaluated(room: Evaluator, z: Floats) -> Evaluation:
    found = room.at(z)
    if found is None:
        raise RequestError("a payoff is missing or infinite at a package that the pairs arrived at")
    return found


def _check(problem: Problem, pairs: Sequence[Pair]) -> None:
    seen: set[str] = set()
    if not pairs:
        raise RequestError("there is no pair that bargains")
    for pair in pairs:
        if problem.party(pair.parties[0]) == problem.party(pair.parties[1]):
            raise RequestError(f"{pair.parties[0]!r} cannot bargain with itself")
        if not 0 < pair.weight < 1:
            raise RequestError(f"the weight of a pair is between 0 and 1, found {pair.weight}")
        for name in pair.instruments:
            problem.instruments.index(name)
            if name in seen:
                raise RequestError(f"instrument {name!r} belongs to two pairs")
            seen.add(name)


@dataclass(frozen=True, kw_only=True, eq=False)
class NashInNashList(Plain):
    """Options that all pairs together arrive at, where each chooses from a list."""

    options: tuple[int, ...]
    """One per pair."""
    payoffs: Floats
    """(parties,)"""
    converged: bool
    """Whether no pair would change its option. If not, `cycle` holds the combinations that follow one another."""
    cycle: tuple[tuple[int, ...], ...]
    rounds: int


def nash_in_nash_list(
    payoffs: ArrayLike,
    pairs: Sequence[tuple[int, int]],
    status_quo: Sequence[int],
    *,
    weights: Mapping[int, float] | None = None,
    rounds: int = 1000,
) -> NashInNashList:
    """Fixed point of bilateral Nash bargains where each pair has a list of options.

    payoffs: (options of pair 0, options of pair 1, ..., parties). pairs: the two parties of each, by number.
    status_quo: each pair's option without agreement. weights: power of a pair's first party, by pair, 0.5 unless
    given. Pairs answer in turn, which converges more often than all at once.
    """
    table = np.asarray(payoffs, dtype=np.float64)
    if table.ndim != len(pairs) + 1 or not pairs or not np.isfinite(table).all():
        raise RequestError(
            f"payoffs must have one axis for each of {len(pairs)} pairs and one for parties, finite"
        )
    if len(status_quo) != len(pairs) or any(not 0 <= o < n for o, n in zip(status_quo, table.shape, strict=False)):
        raise RequestError("the status quo names one option of each pair")
    for pair in pairs:
        if pair[0] == pair[1] or not all(0 <= k < table.shape[-1] for k in pair):
            raise RequestError(f"pair {pair} does not name two of {table.shape[-1]} parties")
    now = tuple(int(o) for o in status_quo)
    seen = [now]
    for done in range(1, rounds + 1):
        old = now
        for k, pair in enumerate(pairs):
            power = (weights or {}).get(k, 0.5)
            own: tuple[Any, ...] = (*now[:k], slice(None), *now[k + 1 :])
            line = table[own][:, list(pair)]
            chosen = bargain(line, line[status_quo[k]], weights=[power, 1 - power]).nash
            # Ties keep the present option, so that indifference does not look like a cycle.
            option = now[k] if now[k] in chosen else int(chosen[0])
            now = (*now[:k], option, *now[k + 1 :])
        if now == old:
            return NashInNashList(options=now, payoffs=table[now], converged=True, cycle=(), rounds=done)
        if now in seen:
            cycle = tuple(seen[seen.index(now) :])
            return NashInNashList(options=now, payoffs=table[now], converged=False, cycle=cycle, rounds=done)
        seen.append(now)
    return NashInNashList(options=now, payoffs=table[now], converged=False, cycle=(), rounds=rounds)
