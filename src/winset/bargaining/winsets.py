"""How large win-sets are, where they meet, and which ratifier stands in the way.

Size is a share of the packages looked at: of a list, or of a sample spread evenly over the bounds of the
instruments (scrambled Sobol). It depends on those bounds, so sizes are to be compared, not read alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from winset.bargaining.evaluator import Evaluator, evaluator_of
from winset.bargaining.plain import Plain
from winset.bargaining.problem import Problem
from winset.bargaining.ratification import PackageTable, WinSet, accepted, margins
from winset.core.errors import RequestError

__all__ = ["AgreementSet", "Obstacle", "WinSetSize", "agreement_set", "sample", "win_set_sizes"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST = 1 << 17
"""Packages in a sample."""


@dataclass(frozen=True, kw_only=True)
class Obstacle(Plain):
    """What one ratifier does to a set."""

    name: str
    party: str
    refused: float
    """Share of all packages that it refuses."""
    alone: float
    """Share of all packages that it alone keeps out of the set: by how much the set would grow without it."""
    worst_margin: float
    """Smallest margin of this condition among all packages, in its own unit."""
    best_margin: float
    """Largest one; below zero where no package satisfies the condition."""


@dataclass(frozen=True, kw_only=True)
class WinSetSize(Plain):
    """The win-set of one party, measured."""

    party: str
    size: float
    """Share of packages that all its ratifiers accept."""
    error: float
    """Standard error of the share over independent scramblings of the sample; nan for a list."""
    binding: tuple[Obstacle, ...]
    """Its ratifiers, the one that alone keeps out most first."""
    packages: int


@dataclass(frozen=True, kw_only=True, eq=False)
class AgreementSet(Plain):
    """Packages in every win-set that leave no party below disagreement."""

    empty: bool
    size: float
    """Share of packages."""
    error: float
    """Standard error as in `WinSetSize`; where no package of a sample is inside, see `upper`."""
    upper: float
    """With nothing found, the share of independent draws that would be missed with chance 5 percent (3/n); else
    size plus two errors, and the size itself for a list."""
    members: NDArray[np.intp]
    """Packages inside, by index of the table."""
    obstacles: tuple[Obstacle, ...]
    """Every ratifier and every party's own disagreement, the one that alone keeps out most first."""
    pivotal: str
    """The ratifier without which the set would grow most; empty where none alone makes a difference."""
    reason: str
    """Why it is empty; empty text where it is not."""


def sample(
    problem: Problem | Evaluator, *, packages: int = 256, replicates: int = 8, seed: int = 0
) -> PackageTable:
    """Payoffs at scrambled Sobol points of the instruments' bounds.

    packages: in all, rounded up so that each of `replicates` independently scrambled sets holds a power of two;
    their spread gives the standard errors. Packages where a payoff is missing are left out. Limits of the problem
    are not applied: they belong to nobody's win-set; state them as ratifiers where they should count.
    """
    if not 2 <= replicates <= 64 or not replicates <= packages <= MOST:
        raise RequestError(
            f"a sample of {packages:,} packages in {replicates} replicates cannot be drawn",
            remedy=f"Ask for 2 to 64 replicates and at most {MOST:,} packages",
        )
    room = evaluator_of(problem)
    each = 1 << (max(1, packages // replicates) - 1).bit_length()
    m = len(room.low)
    found, replicate = [], []
    for number, source in enumerate(np.random.SeedSequence(seed).spawn(replicates)):
        draws = qmc.Sobol(m, seed=np.random.default_rng(source)).random(each)
        for z in draws:
            at = room.at(z * room.top)
            if at is not None:
                found.append(at)
                replicate.append(number)
    if not found:
        raise RequestError("the payoff function gave no finite payoff at any package of the sample")
    return PackageTable(
        rows=room.problem.rows,
        values=np.array([at.values for at in found]),
        parties=room.problem.parties,
        disagreement=room.problem.disagreement,
        instruments=room.problem.instruments.names,
        packages=np.array([at.x for at in found]),
        replicate=np.array(replicate, dtype=np.intp),
    )


def win_set_sizes(win_sets: Sequence[WinSet], table: PackageTable) -> dict[str, WinSetSize]:
    """Size and obstacles of each win-set, by party; a party's own disagreement payoff is not part of it."""
    found = {}
    for one in win_sets:
        held = [(r.name, r.party, margins(r, table)) for r in one.ratifiers]
        inside = accepted(one, table)
        found[one.party] = WinSetSize(
            party=one.party,
            size=float(inside.mean()) if len(inside) else 0.0,
            error=_error(inside, table),
            binding=_obstacles(held, len(inside)),
            packages=len(inside),
        )
    return found


def agreement_set(win_sets: Sequence[WinSet], table: PackageTable) -> AgreementSet:
    """Where all win-sets meet and every party gains; empty is an answer, with the reason."""
    count = len(table.values)
    held = [(r.name, r.party, margins(r, table)) for one in win_sets for r in one.ratifiers]
    held += [
        (f"{party} at least at disagreement", party, table.gains[:, i]) for i, party in enumerate(table.parties)
    ]
    inside = np.ones(count, dtype=bool)
    for _, _, margin in held:
        inside &= margin >= 0
    obstacles = _obstacles(held, count)
    size, error = (float(inside.mean()) if count else 0.0), _error(inside, table)
    listed = table.replicate.size == 0
    upper = size if listed else (size + 2 * error if inside.any() else min(1.0, 3.0 / max(count, 1)))
    return AgreementSet(
        empty=not inside.any(),
        size=size,
        error=error,
        upper=upper,
        members=np.flatnonzero(inside),
        obstacles=obstacles,
        pivotal=obstacles[0].name if obstacles and obstacles[0].alone > 0 else "",
        reason="" if inside.any() else _reason(held, count),
    )


def _error(inside: Bools, table: PackageTable) -> float:
    """Standard error of a share from the spread of its replicates."""
    if table.replicate.size == 0:
        return float("nan")
    number = np.bincount(table.replicate)
    hits = np.bincount(table.replicate, weights=inside)
    shares = (hits / np.maximum(number, 1))[number > 0]
    return float(shares.std(ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else float("nan")


def _obstacles(held: Sequence[tuple[str, str, Floats]], count: int) -> tuple[Obstacle, ...]:
    if not count:
        return ()
    refusals = np.zeros(count, dtype=np.int64)
    for _, _, margin in held:
        refusals += margin < 0
    found = [
        Obstacle(
            name=name,
            party=party,
            refused=float((margin < 0).mean()),
            alone=float(((margin < 0) & (refusals == 1)).mean()),
            worst_margin=float(margin.min()),
            best_margin=float(margin.max()),
        )
        for name, party, margin in held
    ]
    return tuple(sorted(found, key=lambda one: (-one.alone, -one.refused)))


def _reason(held: Sequence[tuple[str, str, Floats]], count: int) -> str:
    """A smallest set of conditions that no package satisfies together (found by leaving out one at a time)."""
    if not count:
        return "no package was looked at"
    core = list(held)
    for one in list(held):
        rest = [other for other in core if other is not one]
        if not rest or not _together(rest, count).any():
            core = rest
    names = [f"{name} ({party})" for name, party, _ in core]
    if len(names) == 1:
        return f"no package satisfies: {names[0]}"
    return f"no package satisfies together: {', '.join(names)}"


def _together(held: Sequence[tuple[str, str, Floats]], count: int) -> Bools:
    inside = np.ones(count, dtype=bool)
    for _, _, margin in held:
        inside &= margin >= 0
    return inside
