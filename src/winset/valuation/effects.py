"""What stands beside an account: real income in percent, revenue, prices, exports, and sector by sector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from winset.model.equilibrium import Equilibrium
from winset.valuation.account import Band, Memo, SectorChange
from winset.valuation.points import Points
from winset.valuation.sides import Side, real_value_added

__all__ = ["Effects"]

Floats = NDArray[np.float64]
Level = Callable[[Equilibrium], Floats]


class Effects:
    """Levels under two packages, averaged over the horizon, under every elasticity set."""

    def __init__(self, mine: Side, theirs: Side, at: Points, others: Sequence[str], run: str) -> None:
        self.mine, self.theirs, self.at, self.others, self.run = mine, theirs, at, others, run
        self.raw = mine.solver.raw
        self._kept: dict[str, dict[str, tuple[Floats, Floats]]] = {}

    def levels(self, what: str, level: Level) -> dict[str, tuple[Floats, Floats]]:
        """(under the package, under the other) by elasticity set."""
        if what not in self._kept:
            self._kept[what] = {
                s: (self.mine.mean(level, s, self.at), self.theirs.mean(level, s, self.at)) for s in self.mine.sets
            }
        return self._kept[what]

    def band(self, of: dict[str, float]) -> Band:
        """Central set, lowest and highest of any."""
        return Band(value=of[self.mine.main], low=min(of.values()), high=max(of.values()))

    def real_income(self) -> dict[str, Band]:
        """Change of real income of every region, percent."""
        levels = self.levels("real", _real)
        change = {s: 100 * (mine / theirs - 1) for s, (mine, theirs) in levels.items()}
        return {
            code: self.band({s: float(values[j]) for s, values in change.items()})
            for j, code in enumerate(self.raw.regions)
        }

    def memos(self, code: str) -> tuple[Memo, ...]:
        """Numbers beside the account of one region."""
        j = self.raw.region(code)
        money = f"million US dollars of {self.raw.year} a year"

        def memo(
            id: str,
            label: str,
            unit: str,
            what: str,
            level: Level,
            pick: Callable[[Floats], float],
            change: Callable[[float, float], float],
        ) -> Memo:
            found = {s: change(pick(a), pick(b)) for s, (a, b) in self.levels(what, level).items()}
            return Memo(
                id=id,
                label=label,
                band=self.band(found),
                unit=unit,
                horizon="a year, trade fully adjusted",
                rests_on=(self.run,),
            )

        def percent(a: float, b: float) -> float:
            return 100 * (a / b - 1)

        def less(a: float, b: float) -> float:
            return a - b

        income = self.mine.solver.worlds[self.mine.main].income

        def at(values: Floats) -> float:
            return float(values[j])

        def worth(a: float, b: float) -> float:
            return float(income[j] * (a - b))

        memos = [
            memo("annual", "Real income a year", money, "real", _real, at, worth),
            memo("real-income", "Real income", "percent", "real", _real, at, percent),
            memo("revenue", "Tariff revenue (inside real income)", money, "revenue", _revenue, at, less),
            memo("prices", "Consumer prices relative to wages", "percent", "prices", _prices, at, percent),
            memo(
                "exports", "Exports to the world, value", "percent", "flows", _flows,
                lambda f: float(f[j].sum() - f[j, j].sum()), percent,
            ),
        ]  # fmt: skip
        for other in self.others:
            if other != code:
                k = self.raw.region(other)
                name = self.raw.region_names.get(other, other)

                def to(values: Floats, k: int = k) -> float:
                    return float(values[j, k].sum())

                label = f"Exports to {name}, value"
                memos.append(memo(f"exports-{other}", label, "percent", "flows", _flows, to, percent))
        return tuple(memos)

    def sectors(self, code: str, weights: Floats) -> tuple[SectorChange, ...]:
        """Output, exports and value added of every sector that produces. weights: (s,) political."""
        j = self.raw.region(code)
        output, added, flows = (
            self.levels("output", _output),
            self.levels("added", real_value_added),
            self.levels("flows", _flows),
        )
        a, b = flows[self.mine.main]
        changes = []
        for s, sector in enumerate(self.raw.sectors):
            if not self.raw.output[j, s] > 0:
                continue
            produced = {key: 100 * float(x[j, s] / y[j, s] - 1) for key, (x, y) in output.items()}
            worth = {key: float(x[j, s] - y[j, s]) for key, (x, y) in added.items()}
            abroad = [float(f[j, :, s].sum() - f[j, j, s]) for f in (a, b)]
            changes.append(
                SectorChange(
                    sector=sector,
                    name=self.raw.sector_names.get(sector, sector),
                    output=self.band(produced),
                    exports_to={
                        other: 100 * float(a[j, k, s] / b[j, k, s] - 1)
                        for other in self.others
                        if other != code and b[j, (k := self.raw.region(other)), s] > 0
                    },
                    exports=100 * (abroad[0] / abroad[1] - 1) if abroad[1] > 0 else None,
                    value_added=self.band(worth),
                    weight=float(weights[s]),
                )
            )
        return tuple(changes)


def _real(one: Equilibrium) -> Floats:
    return one.real_income_hat


def _revenue(one: Equilibrium) -> Floats:
    return one.tariff_revenue


def _prices(one: Equilibrium) -> Floats:
    return np.asarray(one.price_index_hat / one.wage_hat)


def _flows(one: Equilibrium) -> Floats:
    return one.flows


def _output(one: Equilibrium) -> Floats:
    return one.output_hat
