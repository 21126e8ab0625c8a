"""One package over many draws: equilibria of its states, then the lines of its account at every draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import NotConvergedError
from winset.model.drawn import Centre, centre_of, solve_drawn
from winset.model.shocks import Shock
from winset.model.solve import solve_many
from winset.package.case import Package
from winset.valuation.paths import State
from winset.valuation.points import Points
from winset.valuation.sides import Background, Side, Solver
from winset.valuation.translate import state_shock
from winset.valuation.value import Valuer

__all__ = ["Payoffs", "Rows", "line_column"]

Floats = NDArray[np.float64]


def line_column(id: str) -> str:
    """The column of a line: its id with underscores, so that SQL need not quote it."""
    return "line_" + id.replace("@", "_in_").replace("-", "_")


@dataclass(frozen=True, kw_only=True, eq=False)
class Levels:
    """One state under c columns: elasticity sets, or draws. nan where there is no equilibrium."""

    real: Floats
    """(c, n) real-income ratios."""
    gain: Floats
    """(c, n) gain on the baseline, millions a year."""
    revenue: Floats
    """(c, n) tariff revenue, millions a year."""
    residual: Floats
    """(c,) largest log difference over markets."""
    converged: NDArray[np.bool_]
    """(c,)"""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """A package at m draws, by party."""

    converged: NDArray[np.bool_]
    """(m,) whether every equilibrium behind the draw was found."""
    columns: Mapping[str, Mapping[str, Floats]]
    """By party, by column: (m,) net, real income, revenue and every line."""
    worst_residual: float
    """Over the equilibria that converged."""
    solves: int
    """Equilibria computed."""


@dataclass(kw_only=True, eq=False)
class Payoffs:
    """Evaluates packages of one valuer; keeps what draws of the same package share."""

    valuer: Valuer
    _centres: dict[tuple[State, Background, str], Centre] = field(default_factory=dict)
    _by_set: dict[tuple[State, Background], Levels] = field(default_factory=dict)
    _shocks: dict[tuple[State, Background], Shock] = field(default_factory=dict)
    _of: tuple[str, str] = ("", "")

    def rows(self, package: Package, against: str, points: Points, thetas: Floats | None) -> Rows:
        """The lines of every reported party at each point.

        points: draws, with positions of elasticity sets; thetas: (m, s) own elasticities of each draw, or None
        where the sets' own hold.
        """
        if self._of != (package.name, against):
            self._centres.clear()
            self._by_set.clear()
            self._shocks.clear()
            self._of = (package.name, against)
        valuer = self.valuer.with_packages({package.name: package})
        background = valuer.background(package, None)
        solver = Solver(
            valuer.case, valuer.raw, valuer.worlds, closure=valuer.closure, without=valuer.without,
            weights=valuer.weights, central=valuer.central,
        )  # fmt: skip
        mine, theirs = (
            Side.of(solver, valuer.case.package(name), package.date, background, valuer.sets, valuer.central)
            for name in (package.name, against)
        )
        states = list(dict.fromkeys(state for side in (mine, theirs) for state in _states(side)))
        if thetas is None:
            levels = self._sets(valuer, states, background)
            at = points
        else:
            levels = {s: self._drawn(valuer, s, background, points, thetas) for s in states}
            at = replace(points, sets=np.arange(len(points)))
        converged = np.logical_and.reduce([levels[s].converged[at.sets] for s in states])
        try:
            # Only where an assumption enters a shock: its ends, under the central set.
            bent = [(s, background, valuer.central) for side in (mine, theirs) for s in _bent_states(side)]
            if bent:
                solver.solve([*bent, *((s, background, valuer.central) for s in states)])
        except NotConvergedError:
            converged = np.zeros_like(converged)
        regions = [valuer.raw.region(code) for code in valuer.case.reported]
        for side in (mine, theirs):
            _fill(side, levels, regions)
        columns: dict[str, dict[str, Floats]] = {}
        sources = valuer.sources(mine, theirs) if converged.any() else {}
        for code, region in zip(valuer.case.reported, regions, strict=True):
            lines = {line_column(one.id): one.evaluate(at) for one in sources.get(code, [])}
            whole = np.zeros(len(points))
            for value in lines.values():
                whole = whole + value
            real = [_mean(side, levels, at, region, "real") for side in (mine, theirs)]
            revenue = [_mean(side, levels, at, region, "revenue") for side in (mine, theirs)]
            found = {
                "net": whole, "real_income_percent": 100 * (real[0] / real[1] - 1),
                "revenue": revenue[0] - revenue[1], **lines,
            }  # fmt: skip
            columns[code] = {k: np.where(converged, v, np.nan) for k, v in found.items()}
        known_residuals = [levels[s].residual[levels[s].converged] for s in states]
        return Rows(
            converged=converged,
            columns=columns,
            worst_residual=float(max((r.max() for r in known_residuals if len(r)), default=0.0)),
            solves=sum(len(levels[s].converged) for s in states),
        )

    def _shock(self, valuer: Valuer, state: State, background: Background) -> Shock:
        """The law of a state, read once for all sets and blocks of draws."""
        if (state, background) not in self._shocks:
            on, statuses = background
            self._shocks[state, background] = state_shock(
                valuer.case, state, valuer.raw, on=on, statuses=statuses, without=valuer.without
            )
        return self._shocks[state, background]

    def _sets(self, valuer: Valuer, states: Sequence[State], background: Background) -> dict[State, Levels]:
        """Every state under every set, all solved together."""
        missing = [s for s in states if (s, background) not in self._by_set]
        shocks = [self._shock(valuer, s, background) for s in missing]
        problems = [(valuer.worlds[name], shock) for shock in shocks for name in valuer.sets]
        found = solve_many(problems, closure=valuer.closure)
        for k, state in enumerate(missing):
            part = found[k * len(valuer.sets) : (k + 1) * len(valuer.sets)]
            ok = np.array([one.converged for one in part])
            real = np.where(ok[:, None], [one.real_income_hat for one in part], np.nan)
            self._by_set[state, background] = Levels(
                real=real,
                gain=np.array([one.world.income for one in part]) * (real - 1),
                revenue=np.where(ok[:, None], [one.tariff_revenue for one in part], np.nan),
                residual=np.array([one.residual for one in part]),
                converged=ok,
            )
        return {s: self._by_set[s, background] for s in states}

    def _drawn(
        self, valuer: Valuer, state: State, background: Background, points: Points, thetas: Floats
    ) -> Levels:
        """A state under the own elasticities of every draw, each started from the set around which it lies."""
        m, n = len(points), len(valuer.raw.regions)
        real, gain, revenue = (np.full((m, n), np.nan) for _ in range(3))
        residual, ok = np.full(m, np.inf), np.zeros(m, dtype=bool)
        for position in np.unique(points.sets):
            key = (state, background, valuer.sets[position])
            if key not in self._centres:
                shock = self._shock(valuer, state, background)
                self._centres[key] = centre_of(valuer.worlds[key[2]], shock, closure=valuer.closure)
            rows = np.flatnonzero(points.sets == position)
            found = solve_drawn(self._centres[key], thetas[rows])
            real[rows], revenue[rows] = found.real_income_hat, found.tariff_revenue
            gain[rows] = found.income * (found.real_income_hat - 1)
            residual[rows], ok[rows] = found.residual, found.converged
        return Levels(real=real, gain=gain, revenue=revenue, residual=residual, converged=ok)


def _states(side: Side) -> list[State]:
    return list(dict.fromkeys(state for years in side.weights for year in years for state in year))


def _bent_states(side: Side) -> list[State]:
    return [
        state for ends in side.bent.values() for end in ends for years in end for year in years for state in year
    ]


def _fill(side: Side, levels: Mapping[State, Levels], regions: Sequence[int]) -> None:
    """Give a side its tables of yearly gains, which it would otherwise make from equilibria one by one."""
    for position, years in enumerate(side.weights):
        for region in regions:
            table = []
            for year in years:
                total = np.zeros(len(next(iter(levels.values())).gain))
                for state, share in year.items():
                    total = total + share * levels[state].gain[:, region]
                table.append(total)
            side.kept["table", position, region, 0] = np.array(table)


def _mean(side: Side, levels: Mapping[State, Levels], at: Points, region: int, what: str) -> Floats:
    """(m,) a level averaged over the horizon and the branches, at the central value of what enters shocks."""
    total = np.zeros(len(at))
    for chance, years in zip(side.chances(at), side.weights, strict=True):
        shares: dict[State, float] = {}
        for year in years:
            for state, share in year.items():
                shares[state] = shares.get(state, 0.0) + share / len(years)
        for state, share in shares.items():
            total = total + chance * share * getattr(levels[state], what)[at.sets, region]
    return total
