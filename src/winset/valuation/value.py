"""What packages are worth: every equilibrium that an account needs, solved together, then turned into money.

real income of party i: base-year final expenditure times the change of the real-income ratio between the
package and the one it is held against, every year of the horizon, discounted at the party's real rate.
Tariff revenue is inside real income; it is shown and never added. Draws, break-evens and drivers evaluate
the same lines at other points (`points`): arithmetic only, no further solve.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from winset.core.names import known
from winset.model.baseline import Baseline, Floats
from winset.model.solve import CLOSURES
from winset.package.case import Case, Package
from winset.package.law_rules import authority_names
from winset.package.terms import MarketAccess, Parameter
from winset.strategy.retaliation import RULES
from winset.valuation.account import (
    Band,
    BranchAccount,
    Line,
    Memo,
    PackageAccount,
    PartyAccount,
    PlaceChange,
    SectorChange,
    YearValue,
)
from winset.valuation.breakeven import break_evens
from winset.valuation.commitments import Prices
from winset.valuation.drivers import drivers, net, summary
from winset.valuation.effects import Effects
from winset.valuation.lines import LineSource, commitment_lines, discounts, rent_lines, tariff_line
from winset.valuation.points import Points, centre, corners, draws, over_sets
from winset.valuation.sides import Background, Progress, Side, Solver
from winset.valuation.translate import calibrated, central

__all__ = ["Valuation", "Valuer"]


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
    draws: int = 0
    seed: int = 0
    without: tuple[str, ...] = ()
    """Legal authorities struck."""
    retaliation: Mapping[str, str] = field(default_factory=dict)
    """How regions answer duties raised on them above the base date's law, in every package."""
    against_table: tuple[PackageAccount, ...] = ()
    """One package against every other, under its own background."""

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
        draws: int | None = None,
        seed: int | None = None,
        without: Sequence[str] = (),
        retaliation: Mapping[str, str] | None = None,
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
        self.retaliation = dict(retaliation or {})
        for code, rule in self.retaliation.items():
            known(code, world.regions, f"region of baseline {world.name}")
            known(rule, RULES, "retaliation rule")
        with case.blame("case.yaml", "model", "closure"):
            known(case.sheet.model.closure, CLOSURES, "closure")
        struck = [one for name in without for one in _family(case, name)]
        model = case.sheet.model
        self.closure = closure or model.closure
        self.central = elasticities or model.elasticities
        self.sets = tuple(dict.fromkeys([self.central, *(sets or model.elasticity_sets)]))
        self.draws = model.draws if draws is None else draws
        self.seed = model.seed if seed is None else seed
        self.without = tuple(dict.fromkeys(struck))
        self.raw = world
        self.worlds = {name: calibrated(case, world.with_elasticities(name)) for name in self.sets}
        self.weights = self._weights()
        self.solver = Solver(
            case, world, self.worlds, closure=self.closure, without=self.without, weights=self.weights,
            answers=self.retaliation, central=self.central, progress=progress,
        )  # fmt: skip
        self._sides: dict[tuple[str, dt.date, Background], Side] = {}

    # ------------------------------------------------------------------ points

    @property
    def progress(self) -> Progress | None:
        """Called with (done, total) while equilibria are solved."""
        return self.solver.progress

    @progress.setter
    def progress(self, value: Progress | None) -> None:
        self.solver.progress = value

    @cached_property
    def centre(self) -> Points:
        """Every assumption at its value, the central elasticities."""
        return centre(self.case.assumptions, 0)

    @cached_property
    def drawn(self) -> Points:
        """The draws, common to every package."""
        return draws(self.case.assumptions, self.sets, count=self.draws, seed=self.seed)

    @cached_property
    def by_set(self) -> Points:
        """One point per elasticity set."""
        return over_sets(self.case.assumptions, len(self.sets))

    def _weights(self) -> Floats:
        """(n, s) political weights."""
        found = np.ones(self.raw.output.shape)
        for party in self.case.sheet.parties:
            for sector in party.weighted_sectors:
                weight = party.political_weight(sector)
                found[self.raw.region(party.code), self.raw.sector(sector)] = weight
        return found

    # ------------------------------------------------------------------ accounts

    def background(self, package: Package, on: dt.date | None) -> Background:
        """The background a package is valued in: its own, or the law in force on a given day."""
        return (package.background_day, package.background_statuses) if on is None else (on, ("in_force",))

    def side(self, name: str, start: dt.date, background: Background) -> Side:
        """A package seen from a day; its states are solved by `value`."""
        key = (name, start, background)
        if key not in self._sides:
            self._sides[key] = Side.of(
                self.solver, self.case.package(name), start, background, self.sets, self.central
            )
        return self._sides[key]

    def _pair(self, name: str, against: str, on: dt.date | None) -> tuple[Side, Side]:
        package = self.case.package(name)
        background = self.background(package, on)
        return self.side(name, package.date, background), self.side(against, package.date, background)

    def value(
        self, pairs: Sequence[tuple[str, str]], *, on: dt.date | None = None, table_of: str | None = None
    ) -> Valuation:
        """Accounts of each (package, against), both under the background of the package (or of day `on`).

        table_of: a package to hold against every other as well.
        """
        for pair in pairs:
            for name in pair:
                self.case.package(name)
        others = [(table_of, name) for name in self.case.packages if name != table_of] if table_of else []
        sides = [side for name, against in [*pairs, *others] for side in self._pair(str(name), against, on)]
        self.solver.solve(key for side in dict.fromkeys(sides) for key in side.needs())
        made = {pair: self._account(*pair, on) for pair in dict.fromkeys(pairs)}
        table = tuple(
            made.get((str(name), against)) or self._account(str(name), against, on, brief=True)
            for name, against in others
        )
        return Valuation(
            accounts=tuple(made[pair] for pair in pairs),
            baseline=self.raw.name,
            elasticities=self.central,
            elasticity_sets=self.sets,
            closure=self.closure,
            horizon_years=self.years,
            unit=self.unit,
            run=self.run,
            worst_residual=self.solver.worst_residual,
            draws=self.draws,
            seed=self.seed,
            without=self.without,
            retaliation=self.retaliation,
            against_table=table,
        )

    @property
    def years(self) -> int:
        """Horizon."""
        return self.case.sheet.horizon.years

    @property
    def unit(self) -> str:
        """Unit of every line of an account."""
        return f"million US dollars of {self.raw.year}, present value"

    def prices(self, package: Package) -> Prices:
        """Both packages are valued on the day of the first: what is the same in both then cancels exactly."""
        horizon = self.case.sheet.horizon
        return Prices(
            valued_in=package.date.year,
            inflation=horizon.inflation,
            price_level=horizon.price_level,
            discount={code: self.discount_of(code) for code in self.case.parties},
        )

    def discount_of(self, code: str) -> Parameter:
        """Real discount rate of a region."""
        party = next(p for p in self.case.sheet.parties if p.code == code)
        if party.discount_rate is not None:
            return party.discount_rate
        # A third party has no rate of its own: the mean of the bargaining parties' central rates.
        rates = [central(self.case, r) for p in self.case.sheet.parties if (r := p.discount_rate) is not None]
        return sum(rates) / len(rates)

    def with_packages(self, packages: Mapping[str, Package]) -> Valuer:
        """This valuer with further packages; what is solved is shared, and the case itself does not change."""
        other = copy.copy(self)
        files = {name: self.case.package_files.get(name, "bargain.yaml") for name in packages}
        other.case = replace(
            self.case,
            packages={**self.case.packages, **packages},
            package_files={**self.case.package_files, **files},
        )
        other.solver = copy.copy(self.solver)
        other.solver.case = other.case
        other._sides = {}
        return other

    def lines_of(self, name: str, against: str) -> dict[str, list[LineSource]]:
        """The lines of every region of one package against another, solved and ready to be evaluated."""
        mine, theirs = self._pair(name, against, None)
        self.solver.solve(key for side in (mine, theirs) for key in side.needs())
        return self.sources(mine, theirs)

    def sources(self, mine: Side, theirs: Side) -> dict[str, list[LineSource]]:
        """The lines of every region as functions of points."""
        prices = self.prices(mine.package)
        rents = rent_lines(mine, theirs, prices, self.years, self._trade)
        commitments = commitment_lines(mine, theirs, prices, self.case.assumptions)
        return {
            code: [
                tariff_line(mine, theirs, self.raw.region(code), self.discount_of(code), self.years, self.run),
                *rents.get(code, []),
                *commitments.get(code, []),
            ]
            for code in self.case.reported
        }

    def _trade(self, term: MarketAccess) -> float:
        """Base-year flow that a measure touched, millions a year."""
        i, j = self.raw.region(term.exporter), self.raw.region(term.importer)
        return float(sum(self.raw.flows[i, j, self.raw.sector(s)] for s in term.sectors))

    def _account(self, name: str, against: str, on: dt.date | None, *, brief: bool = False) -> PackageAccount:
        mine, theirs = self._pair(name, against, on)
        day, statuses = mine.background
        note = "" if statuses == ("in_force",) else f" (counting rows that are {', '.join(statuses)})"
        sources = self.sources(mine, theirs)
        effects = None if brief else Effects(mine, theirs, self.centre, self.case.parties, self.run)
        return PackageAccount(
            name=name,
            against=against,
            background=f"{day.isoformat()}{note}",
            parties={code: self._party(code, mine, theirs, sources[code], effects) for code in self.case.reported},
            branches=() if len(mine.branches) == 1 else self._branches(mine, theirs),
            real_income=effects.real_income() if effects else {},
        )

    def _branches(self, mine: Side, theirs: Side) -> tuple[BranchAccount, ...]:
        chances = mine.chances(self.centre)
        found = []
        for position, branch in enumerate(mine.branches):
            sources = self.sources(mine.only(position), theirs)
            found.append(
                BranchAccount(
                    label=branch.label,
                    probability=float(chances[position][0]),
                    net={code: float(net(sources[code], self.centre)[0]) for code in self.case.reported},
                )
            )
        return tuple(found)

    def _party(
        self, code: str, mine: Side, theirs: Side, sources: Sequence[LineSource], effects: Effects | None
    ) -> PartyAccount:
        lines = tuple(self._line(source) for source in sources)
        whole = Band(
            value=sum(line.band.value for line in lines),
            low=sum(line.band.low for line in lines),
            high=sum(line.band.high for line in lines),
        )
        over = net(sources, self.drawn)
        by_set = net(sources, self.by_set)
        spoken = dict(zip(self.sets, map(float, by_set), strict=True))
        if effects is None:
            return PartyAccount(
                party=code, net=whole, lines=lines, memos=(), sectors=(), by_set=spoken, draws=summary(over)
            )
        region = self.raw.region(code)
        bargains = code in self.case.parties
        sectors = effects.sectors(code, self.weights[region])
        return PartyAccount(
            party=code,
            net=whole,
            lines=lines,
            memos=(*effects.memos(code), *self._own_currency(code, whole)),
            sectors=sectors,
            places=self._places(code, sectors),
            by_set=spoken,
            draws=summary(over),
            drivers=drivers(sources, self.case.assumptions, self.drawn, over, self.sets, 0) if bargains else (),
            years=self._years(code, mine, theirs),
            break_evens=break_evens(
                sources, code, self.prices(mine.package), self.centre, self.drawn, self.years, self._names
            )
            if bargains
            else (),
            political=self._political(code, mine, theirs, whole),
        )

    def _places(self, code: str, sectors: Sequence[SectorChange]) -> tuple[PlaceChange, ...]:
        """Value added by place within a party: each sector's change times the place's share of the sector."""
        party = next(p for p in self.case.sheet.parties if p.code == code)
        changes = []
        for place in party.places:
            parts = [one.value_added.scaled(place.shares.get(one.sector, 0.0)) for one in sectors]
            whole = Band(
                value=sum(b.value for b in parts), low=sum(b.low for b in parts), high=sum(b.high for b in parts)
            )
            changes.append(PlaceChange(name=place.name, value_added=whole, weight=place.weight))
        return tuple(changes)

    @property
    def _names(self) -> Mapping[str, str]:
        return {p.code: p.name for p in self.case.sheet.parties}

    def _line(self, source: LineSource) -> Line:
        value = float(source.evaluate(self.centre)[0])
        places = range(len(self.sets)) if source.by_set else (0,)
        points = corners(self.case.assumptions, source.uses, tuple(places), of=f"line {source.id!r}")
        ends = source.evaluate(points)
        drawn = source.evaluate(self.drawn) if self.draws else np.zeros(0)
        return Line(
            id=source.id,
            label=source.label,
            band=Band(value=value, low=min(value, float(ends.min())), high=max(value, float(ends.max()))),
            unit=self.unit,
            horizon=source.horizon,
            basis=source.basis,
            rests_on=source.rests_on,
            status=source.status,
            draws=summary(drawn),
        )

    def _years(self, code: str, mine: Side, theirs: Side) -> tuple[YearValue, ...]:
        region = self.raw.region(code)

        def path(points: Points) -> Floats:
            return mine.yearly(points, region) - theirs.yearly(points, region)

        middle, sets = path(self.centre)[:, 0], path(self.by_set)
        factors = discounts(self.centre, self.discount_of(code), self.years)[:, 0]
        return tuple(
            YearValue(
                year=y + 1,
                value=Band(value=float(middle[y]), low=float(sets[y].min()), high=float(sets[y].max())),
                discounted=float(middle[y] * factors[y]),
            )
            for y in range(self.years)
        )

    def _own_currency(self, code: str, net: Band) -> tuple[Memo, ...]:
        """The net in the party's own money: to the prices of the case's first year, then at its exchange rate."""
        currency = next(p.currency for p in self.case.sheet.parties if p.code == code)
        if currency is None:
            return ()
        level = self.case.sheet.horizon.price_level
        rate = central(self.case, level) * central(self.case, currency.per_dollar)
        year = self.case.sheet.period.start.year
        return (
            Memo(
                id="own-currency",
                label=f"Net, in {currency.name} of {year}",
                band=net.scaled(rate / (1e3 if currency.unit == "billion" else 1e6)),
                unit=f"{currency.unit} {currency.name} of {year}, present value",
                horizon=f"{self.years} years for tariffs, own schedule for commitments",
                rests_on=(self.run, *(p for p in (level, currency.per_dollar) if isinstance(p, str))),
            ),
        )

    def _political(self, code: str, mine: Side, theirs: Side, economic: Band) -> Band | None:
        region = self.raw.region(code)
        if (self.weights[region] == 1).all():
            return None
        extra = self._line(
            tariff_line(mine, theirs, region, self.discount_of(code), self.years, self.run, kind=1)
        ).band
        return Band(
            value=economic.value + extra.value, low=economic.low + extra.low, high=economic.high + extra.high
        )


def _family(case: Case, name: str) -> list[str]:
    """An authority, or every one of a family: `IEEPA` stands for `IEEPA-reciprocal` and the others."""
    names = list(authority_names(case.law.book))
    family = [one for one in names if one.startswith(f"{name}-") and "/" not in one]
    return family if family and name not in names else [known(name, names, "authority")]
