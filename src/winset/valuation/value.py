"""What packages are worth: every equilibrium that an account needs, solved together, then turned into money.

real income of party i: base-year final expenditure times the change of the real-income ratio between the
package and the one it is held against, every year of the horizon, discounted at the party's real rate.
Tariff revenue is inside real income; it is shown and never added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from winset.core.names import known
from winset.model.baseline import Baseline
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, solve_many
from winset.package.case import Case, Package
from winset.package.terms import Parameter
from winset.valuation.account import Band, Line, Memo, PackageAccount, PartyAccount, SectorChange
from winset.valuation.commitments import Prices, commitment_bands
from winset.valuation.translate import calibrated, package_tariffs

__all__ = ["Valuation", "Valuer"]

CHUNK = 16
"""Equilibria solved in one batch. Fixed, so that the solver is compiled once."""

Progress = Callable[[int, int], None]
Background = tuple[dt.date, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Valuation:
    """Accounts of a run, and the settings that every number in them shares."""

    accounts: tuple[PackageAccount, ...]
    baseline: str
    elasticities: str
    elasticity_sets: tuple[str, ...]
    closure: str
    horizon_years: int
    unit: str
    run: str
    """Id of the run, from its manifest."""
    worst_residual: float
    """Largest residual of any equilibrium behind the accounts."""

    def account(self, name: str, against: str) -> PackageAccount:
        """The account of one package against another."""
        return next(a for a in self.accounts if a.name == name and a.against == against)


class Valuer:
    """Solves what accounts need and keeps it, so that a package is solved once however often it is compared."""

    def __init__(
        self,
        case: Case,
        world: Baseline,
        *,
        run: str,
        elasticities: str | None = None,
        sets: Sequence[str] | None = None,
        closure: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.case = case
        self.run = run
        # What the caller chose is the caller's mistake; what the case chose is a line of its file.
        for name in (elasticities, *(sets or ())):
            if name is not None:
                known(name, world.elasticity_sets, "elasticity set")
        for position, name in enumerate(case.sheet.model.elasticity_sets):
            with case.blame("case.yaml", "model", "elasticity_sets", position):
                known(name, world.elasticity_sets, "elasticity set")
        if closure is not None:
            known(closure, CLOSURES, "closure")
        with case.blame("case.yaml", "model", "closure"):
            known(case.sheet.model.closure, CLOSURES, "closure")
        self.closure = closure or case.sheet.model.closure
        self.central = elasticities or case.sheet.model.elasticities
        self.sets = tuple(dict.fromkeys([self.central, *(sets or case.sheet.model.elasticity_sets)]))
        self.raw = world
        self.worlds = {name: calibrated(case, world.with_elasticities(name)) for name in self.sets}
        self.progress = progress
        self._solved: dict[tuple[str, str, Background], Equilibrium] = {}

    # ------------------------------------------------------------------ equilibria

    def background(self, package: Package, on: dt.date | None) -> Background:
        """The background a package is valued in: its own, or the law in force on a given day."""
        return (package.background_day, package.background_statuses) if on is None else (on, ("in_force",))

    def solve(self, wanted: Iterable[tuple[str, Background]]) -> None:
        """Solve every (package name, background) under every elasticity set that is not yet known."""
        keys = [
            (name, package, background)
            for package, background in dict.fromkeys(wanted)
            for name in self.sets
            if (name, package, background) not in self._solved
        ]
        shocks: dict[tuple[str, Background], Shock] = {}
        for _, package, background in keys:
            if (package, background) not in shocks:
                on, statuses = background
                rates = package_tariffs(self.case, self.case.package(package), self.raw, on=on, statuses=statuses)
                shocks[package, background] = Shock(tariffs=rates)
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            problems = [(self.worlds[name], shocks[package, background]) for name, package, background in part]
            # Pad to a full chunk: another batch size would be compiled anew.
            full = problems + [problems[-1]] * (CHUNK - len(problems))
            for key, result in zip(part, solve_many(full, closure=self.closure), strict=False):
                self._solved[key] = result.checked()
            if self.progress:
                self.progress(min(start + CHUNK, len(keys)), len(keys))

    def equilibrium(self, package: str, background: Background, name: str | None = None) -> Equilibrium:
        """One solved equilibrium, by package, background and elasticity set (default: the central one)."""
        return self._solved[name or self.central, package, background]

    # ------------------------------------------------------------------ accounts

    def value(self, pairs: Sequence[tuple[str, str]], *, on: dt.date | None = None) -> Valuation:
        """Accounts of each (package, against), both under the background of the package (or of day `on`)."""
        wanted: list[tuple[str, Background]] = []
        for name, against in pairs:
            background = self.background(self.case.package(name), on)
            wanted += [(name, background), (against, background)]
        self.solve(wanted)
        accounts = tuple(self._account(name, against, on) for name, against in pairs)
        return Valuation(
            accounts=accounts,
            baseline=self.raw.name,
            elasticities=self.central,
            elasticity_sets=self.sets,
            closure=self.closure,
            horizon_years=self.case.sheet.horizon.years,
            unit=self.unit,
            run=self.run,
            worst_residual=max((e.residual for e in self._solved.values()), default=0.0),
        )

    @property
    def unit(self) -> str:
        """Unit of every line of an account."""
        return f"million US dollars of {self.raw.year}, present value"

    def number(self, parameter: Parameter) -> float:
        """Central value of a parameter."""
        return self.case.assumptions[parameter].value if isinstance(parameter, str) else float(parameter)

    def _account(self, name: str, against: str, on: dt.date | None) -> PackageAccount:
        package, other = self.case.package(name), self.case.package(against)
        background = self.background(package, on)
        day, statuses = background
        note = "" if statuses == ("in_force",) else f" (counting rows that are {', '.join(statuses)})"
        commitments = self._commitment_lines(package, other, name, against)
        parties = {
            code: self._party(code, name, against, background, commitments.get(code, []))
            for code in self.case.reported
        }
        return PackageAccount(name=name, against=against, background=f"{day.isoformat()}{note}", parties=parties)

    def _discount(self, code: str) -> Parameter:
        party = next(p for p in self.case.sheet.parties if p.code == code)
        if party.discount_rate is not None:
            return party.discount_rate
        # A third party has no rate of its own: the mean of the bargaining parties' central rates.
        rates = [self.number(p.discount_rate) for p in self.case.sheet.parties if p.discount_rate is not None]
        return sum(rates) / len(rates)

    def _annuity(self, code: str) -> Band:
        """Present value of one dollar a year at the end of each year of the horizon, real."""
        rate, years = self._discount(code), self.case.sheet.horizon.years

        def worth(r: float) -> float:
            return sum((1 + r) ** -y for y in range(1, years + 1))

        if isinstance(rate, str):
            one = self.case.assumptions[rate]
            return Band(value=worth(one.value), low=worth(one.high), high=worth(one.low))
        return Band(value=worth(rate), low=worth(rate), high=worth(rate))

    def _party(
        self, code: str, name: str, against: str, background: Background, commitments: list[Line]
    ) -> PartyAccount:
        position = self.raw.region(code)
        pairs = {
            s: (self.equilibrium(name, background, s), self.equilibrium(against, background, s)) for s in self.sets
        }
        annual = {
            s: float(a.world.income[position] * (a.real_income_hat[position] - b.real_income_hat[position]))
            for s, (a, b) in pairs.items()
        }
        annuity = self._annuity(code)
        present = {s: value * annuity.value for s, value in annual.items()}
        ends = [value * factor for value in annual.values() for factor in (annuity.low, annuity.high)]
        years = self.case.sheet.horizon.years
        rate = self._discount(code)
        rests = (self.run, *((rate,) if isinstance(rate, str) else ()))
        tariffs = Line(
            id="tariffs",
            label="Tariffs: real income, revenue included",
            band=Band(value=present[self.central], low=min(ends), high=max(ends)),
            unit=self.unit,
            horizon=f"{years} years, trade fully adjusted",
            basis="model",
            rests_on=rests,
        )
        lines = (tariffs, *commitments)
        other = sum(line.band.value for line in commitments)
        net = Band(
            value=sum(line.band.value for line in lines),
            low=sum(line.band.low for line in lines),
            high=sum(line.band.high for line in lines),
        )
        return PartyAccount(
            party=code,
            net=net,
            lines=lines,
            memos=self._memos(code, pairs, annual),
            sectors=self._sectors(code, pairs),
            by_set={s: present[s] + other for s in self.sets},
        )

    def _over_sets(self, of: Mapping[str, float]) -> Band:
        return Band(value=of[self.central], low=min(of.values()), high=max(of.values()))

    def _memos(
        self, code: str, pairs: Mapping[str, tuple[Equilibrium, Equilibrium]], annual: Mapping[str, float]
    ) -> tuple[Memo, ...]:
        j = self.raw.region(code)
        horizon = "a year, trade fully adjusted"
        money = f"million US dollars of {self.raw.year} a year"

        def memo(id: str, label: str, unit: str, f: Callable[[Equilibrium, Equilibrium], float]) -> Memo:
            band = self._over_sets({s: f(a, b) for s, (a, b) in pairs.items()})
            return Memo(id=id, label=label, band=band, unit=unit, horizon=horizon, rests_on=(self.run,))

        def percent(a: float, b: float) -> float:
            return 100 * (a / b - 1)

        memos = [
            Memo(
                id="annual",
                label="Real income a year",
                band=self._over_sets(annual),
                unit=money,
                horizon=horizon,
                rests_on=(self.run,),
            ),
            memo(
                "real-income",
                "Real income",
                "percent",
                lambda a, b: percent(a.real_income_hat[j], b.real_income_hat[j]),
            ),
            memo(
                "revenue",
                "Tariff revenue (inside real income)",
                money,
                lambda a, b: float(a.tariff_revenue[j] - b.tariff_revenue[j]),
            ),
            memo(
                "prices",
                "Consumer prices relative to wages",
                "percent",
                lambda a, b: percent(a.price_index_hat[j] / a.wage_hat[j], b.price_index_hat[j] / b.wage_hat[j]),
            ),
            memo(
                "exports",
                "Exports to the world, value",
                "percent",
                lambda a, b: percent(_exports(a, j), _exports(b, j)),
            ),
        ]
        for other in self.case.parties:
            if other != code:
                k = self.raw.region(other)
                memos.append(
                    memo(
                        f"exports-{other}",
                        f"Exports to {self.raw.region_names.get(other, other)}, value",
                        "percent",
                        lambda a, b, k=k: percent(a.flows[j, k].sum(), b.flows[j, k].sum()),  # type: ignore[misc]
                    )
                )
        return tuple(memos)

    def _sectors(
        self, code: str, pairs: Mapping[str, tuple[Equilibrium, Equilibrium]]
    ) -> tuple[SectorChange, ...]:
        j = self.raw.region(code)
        changes = []
        for s, sector in enumerate(self.raw.sectors):
            if not self.raw.output[j, s] > 0:
                continue
            output = {
                key: 100 * float(a.output_hat[j, s] / b.output_hat[j, s] - 1) for key, (a, b) in pairs.items()
            }
            a, b = pairs[self.central]
            exports = {
                other: 100 * float(a.flows[j, k, s] / b.flows[j, k, s] - 1)
                for other in self.case.parties
                if other != code and b.flows[j, (k := self.raw.region(other)), s] > 0
            }
            changes.append(
                SectorChange(
                    sector=sector,
                    name=self.raw.sector_names.get(sector, sector),
                    output=self._over_sets(output),
                    exports_to=exports,
                )
            )
        return tuple(changes)

    def _commitment_lines(
        self, package: Package, other: Package, name: str, against: str
    ) -> dict[str, list[Line]]:
        """Lines of the package's commitments, less those of the package it is held against."""
        lines: dict[str, list[Line]] = {code: [] for code in self.case.parties}
        horizon = self.case.sheet.horizon
        # Both packages are valued on the day of the first: what is the same in both then cancels exactly.
        prices = Prices(
            valued_in=package.date.year,
            inflation=horizon.inflation,
            price_level=horizon.price_level,
            discount={code: self._discount(code) for code in self.case.parties},
        )
        mine = {term.id: term for term in package.commitments}
        theirs = {term.id: term for term in other.commitments}
        for id in {**theirs, **mine}:
            if id in mine and id in theirs and mine[id] == theirs[id]:
                continue
            for source, terms, sign in ((package, mine, 1.0), (other, theirs, -1.0)):
                if id not in terms:
                    continue
                one = terms[id]
                bands, used = commitment_bands(one, prices, self.case.assumptions)
                given_up = "" if sign > 0 else f" (in {source.name}, not in {name})"
                for code, band in bands.items():
                    lines[code].append(
                        Line(
                            id=id if sign > 0 else f"{id}@{against}",
                            label=one.label + given_up,
                            band=band.scaled(sign),
                            unit=self.unit,
                            horizon=_span(one),
                            basis="arithmetic",
                            rests_on=(*one.citation, *used),
                        )
                    )
        return lines


def _exports(equilibrium: Equilibrium, j: int) -> float:
    return float(equilibrium.flows[j].sum() - equilibrium.flows[j, j].sum())


def _span(term: object) -> str:
    years = getattr(term, "years", 1)
    life = getattr(term, "life", None)
    paid = f"paid over {years} year{'s' if years > 1 else ''}"
    return f"{paid}, projects pay for {life} years" if life else paid
