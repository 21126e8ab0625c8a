"""A package as the account sees it: its branches, its states solved, real income by year at any point.

Equilibria are solved once per state and elasticity set. Where an assumption enters a shock itself (a quota
share, the size of a measure removed) the state is also solved at both ends of its range under the central
set, and points in between are interpolated; probabilities and discount rates are exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from winset.model.baseline import Baseline
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock
from winset.model.solve import solve_many
from winset.package.case import Case, Package
from winset.package.terms import Commitment, Parameter
from winset.valuation.paths import Branch, State, branches, shock_parameters, year_weights
from winset.valuation.points import Points
from winset.valuation.translate import central, state_shock

__all__ = ["Background", "Progress", "Side", "Solver"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
Background = tuple[dt.date, tuple[str, ...]]
Key = tuple[State, Background, str]

CHUNK = 16
"""Equilibria solved in one batch. Fixed, so that the solver is compiled once."""


class Solver:
    """Solves states and keeps them, so that each is solved once however often it is compared."""

    def __init__(
        self,
        case: Case,
        raw: Baseline,
        worlds: Mapping[str, Baseline],
        *,
        closure: str,
        without: tuple[str, ...] = (),
        answers: Mapping[str, str] | None = None,
        central: str = "",
        weights: Floats | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.case, self.raw, self.worlds = case, raw, worlds
        self.closure, self.without, self.progress = closure, without, progress
        self.answers, self.central = dict(answers or {}), central
        self.weights = np.ones(raw.output.shape) if weights is None else weights
        self.worst_residual = 0.0
        self._solved: dict[Key, Equilibrium] = {}
        self._gains: dict[Key, Floats] = {}

    def solve(self, wanted: Iterable[Key]) -> None:
        """Solve every (state, background, elasticity set) that is not yet known."""
        keys = [key for key in dict.fromkeys(wanted) if key not in self._solved]
        shocks = {}
        for state, background, _ in keys:
            if (state, background) not in shocks:
                on, statuses = background
                shocks[state, background] = self._answered(
                    state_shock(self.case, state, self.raw, on=on, statuses=statuses, without=self.without)
                )
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            problems = [(self.worlds[name], shocks[state, background]) for state, background, name in part]
            # Pad to a full chunk: another batch size would be compiled anew.
            full = problems + [problems[-1]] * (CHUNK - len(problems))
            for key, result in zip(part, solve_many(full, closure=self.closure), strict=False):
                self._solved[key] = result.checked()
                self.worst_residual = max(self.worst_residual, result.residual)
            if self.progress:
                self.progress(min(start + CHUNK, len(keys)), len(keys))

    def _answered(self, shock: Shock) -> Shock:
        """The shock with the answers of those who retaliate to duties above the base date's law."""
        if all(rule == "none" for rule in self.answers.values()):
            return shock
        from winset.strategy.retaliation import retaliate

        # The same tariffs under every elasticity set: a rule is a policy, not a property of the draw.
        world = self.worlds[self.central or next(iter(self.worlds))]
        return retaliate(world, shock, self.answers, closure=self.closure).shock

    def equilibrium(self, state: State, background: Background, name: str) -> Equilibrium:
        """A solved equilibrium."""
        return self._solved[state, background, name]

    def gains(self, key: Key) -> Floats:
        """(2, n) gain on the baseline, millions a year: real income; what sector weights above 1 add to it."""
        if key not in self._gains:
            one = self._solved[key]
            added = real_value_added(one) - one.world.value_added_shares * one.world.output
            extra = ((self.weights - 1) * added).sum(axis=1)
            self._gains[key] = np.stack([one.world.income * (one.real_income_hat - 1), extra])
        return self._gains[key]


def real_value_added(one: Equilibrium) -> Floats:
    """(n, s) value added over consumer prices, millions of base-year dollars a year."""
    output = np.where(one.world.output > 0, one.world.output * np.nan_to_num(one.output_hat), 0.0)
    return np.asarray(one.world.value_added_shares * output / one.price_index_hat[:, None])


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One package over the horizon, seen from one day and under one background."""

    package: Package
    background: Background
    branches: tuple[Branch, ...]
    weights: tuple[tuple[Mapping[State, float], ...], ...]
    """By branch, by year: share of the year in each state."""
    bent: Mapping[str, tuple[tuple[tuple[Mapping[State, float], ...], ...], ...]]
    """By assumption that enters shocks: the weights with the states at its low, then at its high."""
    ranges: Mapping[str, tuple[float, float, float]]
    """Low, value, high of those assumptions."""
    solver: Solver
    sets: tuple[str, ...]
    main: str
    """Central elasticity set."""
    kept: dict[tuple[object, ...], Floats] = field(default_factory=dict)
    """Tables made so far."""

    @classmethod
    def of(
        cls,
        solver: Solver,
        package: Package,
        start: dt.date,
        background: Background,
        sets: Sequence[str],
        main: str,
    ) -> Side:
        """The side of a package; nothing is solved yet."""
        case, years = solver.case, solver.case.sheet.horizon.years

        def seen(changed: Mapping[str, float]) -> tuple[Branch, ...]:
            def get(p: Parameter) -> float:
                return changed[p] if isinstance(p, str) and p in changed else central(case, p)

            return branches(case, package, start, get)

        def weigh(several: tuple[Branch, ...]) -> tuple[tuple[Mapping[State, float], ...], ...]:
            return tuple(tuple(year_weights(b.spans, start, years)) for b in several)

        several = seen({})
        names = [*shock_parameters(package)]
        if package.enforcement:
            names += shock_parameters(case.package(package.enforcement.to))
        used = {n: case.assumptions[n] for n in dict.fromkeys(names)}
        ranged = {n: a for n, a in used.items() if a.low < a.high}
        return cls(
            package=package,
            background=background,
            branches=several,
            weights=weigh(several),
            bent={n: (weigh(seen({n: a.low})), weigh(seen({n: a.high}))) for n, a in ranged.items()},
            ranges={n: (a.low, a.value, a.high) for n, a in ranged.items()},
            solver=solver,
            sets=tuple(sets),
            main=main,
        )

    def needs(self) -> list[Key]:
        """What must be solved."""
        keys = [(s, self.background, name) for s in _states(self.weights) for name in self.sets]
        for low, high in self.bent.values():
            keys += [(s, self.background, self.main) for s in (*_states(low), *_states(high))]
        return keys

    def only(self, branch: int) -> Side:
        """This side if it is sure to turn out as one of its branches."""
        return replace(
            self,
            branches=(replace(self.branches[branch], chances=()),),
            weights=(self.weights[branch],),
            bent={n: tuple((ends[branch],) for ends in both) for n, both in self.bent.items()},
            kept={},
        )

    def chances(self, points: Points) -> list[Floats]:
        """Probability of each branch at each point."""
        found = []
        for branch in self.branches:
            chance = np.ones(len(points))
            for parameter, came in branch.chances:
                p = points.get(parameter)
                chance = chance * (p if came else 1 - p)
            found.append(chance)
        return found

    def uses(self) -> tuple[str, ...]:
        """Ids of the assumptions that real income rests on: probabilities and what enters shocks."""
        named = [p for b in self.branches for p, _ in b.chances if isinstance(p, str)]
        return tuple(dict.fromkeys([*named, *self.ranges]))

    def yearly(self, points: Points, region: int, kind: int = 0) -> Floats:
        """(years, m) gain of a region on the baseline in each year, millions of base-year dollars."""
        total = np.zeros((len(self.weights[0]), len(points)))
        for position, chance in enumerate(self.chances(points)):
            here = self._table(position, region, kind)[:, points.sets]
            for name in self.bent:
                here = here + self._bend(points, name, position, region, kind)
            total = total + chance * here
        return total

    def _year(self, weights: Mapping[State, float], name: str, region: int, kind: int) -> float:
        return sum(
            share * float(self.solver.gains((state, self.background, name))[kind, region])
            for state, share in weights.items()
        )

    def _table(self, position: int, region: int, kind: int) -> Floats:
        """(years, sets) gain on one branch; kept, since every line is evaluated at many points."""
        key = ("table", position, region, kind)
        if key not in self.kept:
            self.kept[key] = np.array(
                [[self._year(w, s, region, kind) for s in self.sets] for w in self.weights[position]]
            )
        return self.kept[key]

    def _ends(self, name: str, position: int, region: int, kind: int) -> Floats:
        """(2, years) what the low and the high of an assumption inside the shock add, central set."""
        key = (name, position, region, kind)
        if key not in self.kept:
            at = [self._year(w, self.main, region, kind) for w in self.weights[position]]
            ends = [[self._year(w, self.main, region, kind) for w in end[position]] for end in self.bent[name]]
            self.kept[key] = np.array(ends) - np.array(at)
        return self.kept[key]

    def _bend(self, points: Points, name: str, position: int, region: int, kind: int) -> Floats:
        """What an assumption inside the shock adds away from its central value, on two straight lines."""
        bottom, middle, top = self.ranges[name]
        value = np.asarray(points.values[name])
        down, up = self._ends(name, position, region, kind)
        below = np.clip((middle - value) / (middle - bottom), 0, 1) if bottom < middle else 0 * value
        above = np.clip((value - middle) / (top - middle), 0, 1) if middle < top else 0 * value
        return np.asarray(down[:, None] * below + up[:, None] * above)

    def mean(self, level: Callable[[Equilibrium], Floats], name: str, points: Points) -> Floats:
        """A level averaged over the horizon and, with the probabilities of one point, over the branches."""
        total: Floats | None = None
        for chance, years in zip(self.chances(points), self.weights, strict=True):
            shares: dict[State, float] = {}
            for year in years:
                for state, share in year.items():
                    shares[state] = shares.get(state, 0.0) + share
            for state, share in shares.items():
                part = level(self.solver.equilibrium(state, self.background, name))
                part = part * (float(chance[0]) * share / len(years))
                total = part if total is None else total + part
        assert total is not None, "a side has at least one branch and one state"  # noqa: S101
        return total

    def variants(self) -> dict[str, list[tuple[Commitment, dt.date | None, tuple[int, ...]]]]:
        """By id of a commitment: each form that it takes, with the branches on which it does."""
        found: dict[str, list[tuple[Commitment, dt.date | None, tuple[int, ...]]]] = {}
        for position, branch in enumerate(self.branches):
            for term, stop in branch.commitments:
                forms = found.setdefault(term.id, [])
                for k, (other, end, where) in enumerate(forms):
                    if other == term and end == stop:
                        forms[k] = (other, end, (*where, position))
                        break
                else:
                    forms.append((term, stop, (position,)))
        return found


def _states(weights: Sequence[Sequence[Mapping[State, float]]]) -> list[State]:
    return list(dict.fromkeys(state for years in weights for year in years for state in year))
