"""A package with free numbers: what each value of its levers is worth to every party, with the gradient.

A lever sets one or more numbers of a base package (a rate, an amount, a yearly amount, a share). Tariffs go
through the trade model: one equilibrium and one adjoint a row give value and gradient; the law between a lever and
the sector rates is piecewise linear and is differenced. Commitments are arithmetic and are differenced too.
Assumptions stand at their central values, the elasticities at the central set.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import NotConvergedError, RequestError
from winset.core.names import known
from winset.model.evaluators import evaluator
from winset.model.objectives import industry_position
from winset.package.bargain_sheet import LeverSheet, SetCommitment, SetTariff
from winset.package.packages import Package
from winset.package.terms import Commitment, TariffTerm
from winset.valuation.commitments import commitment_value
from winset.valuation.paths import Branch, Rate, State, branches, year_weights
from winset.valuation.sides import Background
from winset.valuation.translate import central, state_law, state_shock
from winset.valuation.value import Valuer

__all__ = ["IndustryRow", "LeverPayoffs", "with_levers"]

Floats = NDArray[np.float64]

PairLaw = tuple[str, str, str, tuple[Rate, ...]]
"""Package that gives the law, importer, exporter, the package's own rates for the pair."""
_Key = TypeVar("_Key", State, PairLaw)
KEPT = 64
"""States whose tariffs and payoffs are kept; a package with its neighbours has a few."""
LEAST = 1e-9
"""Percent. A duty of nothing is still a duty of its authority: where rows are stacked, one at exactly zero would
give the good back to a broader duty, so that a rate falling to zero would end in a jump upwards."""
STEP = 1e-6
"""Step of differences in the law and in commitments, as a share of a lever's width: both are exact arithmetic."""


@dataclass(frozen=True, kw_only=True)
class IndustryRow:
    """A further payoff row: change of an industry's real value added, percent, in the package's first state."""

    party: str
    sector: str

    @property
    def name(self) -> str:
        """As rows are named."""
        return f"{self.party}:{self.sector}"


def with_levers(base: Package, levers: Sequence[LeverSheet], x: Sequence[float] | Floats) -> Package:
    """The base package with every lever at its value; percent for rates, the lever's own unit for the rest."""
    terms = list(base.tariffs.terms)
    commitments = {term.id: term for term in base.commitments}
    for lever, value in zip(levers, x, strict=True):
        for target in lever.sets:
            if isinstance(target, SetTariff):
                new = TariffTerm(
                    importer=target.importer, exporter=target.exporter, good=target.good,
                    authority=target.authority, rate=max(float(value) * target.scale, LEAST), kind=target.kind,
                    action=target.action, status="proposed", citation=list(base.citation),
                )  # fmt: skip
                key = (new.importer, new.exporter, new.good, new.authority)
                terms = [t for t in terms if (t.importer, t.exporter, t.good, t.authority) != key]
                terms.append(new)
    for lever, value in zip(levers, x, strict=True):
        for target in lever.sets:
            if isinstance(target, SetCommitment) and target.key != "yearly":
                commitments[target.commitment] = _changed(
                    commitments[target.commitment], {target.key: float(value) * target.scale}
                )
    # Amounts first: a yearly amount is paid until the whole is.
    for lever, value in zip(levers, x, strict=True):
        for target in lever.sets:
            if isinstance(target, SetCommitment) and target.key == "yearly":
                commitments[target.commitment] = _paced(
                    commitments[target.commitment], float(value) * target.scale
                )
    kept = [term for term in commitments.values() if (term.amount or getattr(term, "volume", None) or 0) > 0]
    return base.model_copy(
        update={
            "tariffs": base.tariffs.model_copy(update={"terms": terms}),
            "commitments": kept,
        }
    )


def _changed(term: Commitment, update: dict[str, object]) -> Commitment:
    """A commitment with numbers replaced; an amount keeps its years, and a cap that a lever may pass is gone."""
    return term.model_copy(update={**update, "yearly_cap": None} if "amount" in update else update)


def _paced(term: Commitment, yearly: float) -> Commitment:
    """The same amount paid at so much a year, the rest in the last."""
    whole = term.amount or 0.0
    if whole <= 0 or yearly <= 0:
        return term
    first = term.payments()[0][0]
    whole_years = math.floor(whole / yearly + 1e-9)
    rest = whole - yearly * whole_years
    paid: dict[float, float] = {first + k: yearly for k in range(whole_years)}
    if rest > 1e-9 * whole:
        # Paid over the part of the last year that it needs: half way through it on average. So present value has
        # no kink where a payment begins or ends.
        paid[first + whole_years - 0.5 + 0.5 * rest / yearly] = rest
    return term.model_copy(update={"schedule": paid, "start": None, "years": None, "yearly_cap": None})


class LeverPayoffs:
    """Payoffs of every value of the levers against a disagreement package, millions of dollars, present value.

    Calling it gives (values (rows,), jacobian (rows, levers)): the parties first, then the industry rows. Kept, so
    the same package is solved once. Raises NotConvergedError where a package has no equilibrium.
    """

    def __init__(
        self, valuer: Valuer, base: str, against: str, levers: Sequence[LeverSheet],
        industries: Sequence[IndustryRow] = (), parties: Sequence[str] = (),
    ) -> None:  # fmt: skip
        case = valuer.case
        self.case, self.valuer = case, valuer
        self.base, self.against = case.package(base), case.package(against)
        self.levers = tuple(levers)
        self.parties = tuple(parties) or tuple(case.parties)
        self.industries = tuple(industries)
        self.world = valuer.worlds[valuer.central]
        self.evaluations = 0
        """Equilibria computed."""
        self.judge = evaluator(self.world, closure=valuer.closure)
        self.background: Background = valuer.background(self.base, None)
        self.prices = valuer.prices(self.base)
        self.years = valuer.years
        n, s = self.world.output.shape
        # Hats of the evaluator are relative to its own base, which the balanced closure has moved.
        self.income = self.judge.world.income
        self.rows = [self.world.region(code) for code in self.parties]
        self.row_industries = [
            industry_position(
                self.world.region(one.party),
                self.world.sector(known(one.sector, self.world.sectors, "sector")),
                (n, s),
            )
            for one in self.industries
        ]
        targets = [t for lever in self.levers for t in lever.sets if isinstance(t, SetTariff)]
        self._terms = {(t.importer, t.exporter, t.good, t.authority) for t in targets}
        named = dict.fromkeys(code for t in targets for code in (t.exporter, t.importer))
        self._moved = sorted(self.world.region(code) for code in named)
        self._frames: dict[State, tuple[Floats, Floats]] = {}
        """By what levers leave alone: the world's tariffs, and those among the regions that levers touch."""
        self._rates: dict[State, Floats] = {}
        self._pairs: dict[PairLaw, Floats] = {}
        self._solved: dict[State, Floats] = {}
        self._points: dict[bytes, tuple[Floats, Floats]] = {}
        self._base_values = self._value_of(self.against)
        # Industries are told against the baseline, parties against disagreement.
        self._base_values[len(self.parties) :] = 0.0
        width = np.array([lever.high - lever.low for lever in self.levers])
        self.steps = STEP * np.where(width > 0, width, 1.0)

    # ------------------------------------------------------------------ evaluation

    def __call__(self, x: Floats) -> tuple[Floats, Floats]:
        point = np.asarray(x, dtype=np.float64)
        key = point.tobytes()
        if key not in self._points:
            self._points[key] = self._at(point)
        return self._points[key]

    def third_parties(self, x: Floats) -> dict[str, float]:
        """Change of everybody else's real income in the first state over disagreement's first state, percent."""
        mine = self._levels(self._first(with_levers(self.base, self.levers, x)))
        theirs = self._levels(self._first(self.against))
        n = len(self.world.regions)
        change = 100 * np.expm1(mine[:n] - theirs[:n])
        return {code: float(change[k]) for k, code in enumerate(self.world.regions) if code not in self.parties}

    @property
    def discount_rates(self) -> Floats:
        """(parties,) real discount rates, fractions a year."""
        return np.array([self._get(self.valuer.discount_of(code)) for code in self.parties])

    def parts(self, x: Floats) -> tuple[Floats, Floats]:
        """(parties,) each: present value over disagreement of tariffs, and of everything else, millions."""
        package = with_levers(self.base, self.levers, x)
        money = self._commitments(package) - self._commitments(self.against)
        whole = self(x)[0][: len(self.parties)]
        return whole - money, money

    def yearly(self, package: str) -> Floats:
        """(parties,) real income a year of a package's first state over disagreement's first, millions."""
        n = len(self.world.regions)
        mine, theirs = (self._levels(self._first(self.case.package(p)))[:n] for p in (package, self.against.name))
        return np.asarray((self.income * (np.expm1(mine) - np.expm1(theirs)))[self.rows])

    def _at(self, x: Floats) -> tuple[Floats, Floats]:
        package = with_levers(self.base, self.levers, x)
        jacobian = np.zeros((len(self.parties) + len(self.industries), len(x)))
        moved = [package for _ in x]
        signs = np.ones(len(x))
        for k, lever in enumerate(self.levers):
            # Backwards at the top: a share above one, or a pledge beyond its bound, may not exist.
            signs[k] = -1.0 if x[k] + self.steps[k] > lever.high else 1.0
            shifted = x.copy()
            shifted[k] += signs[k] * self.steps[k]
            moved[k] = with_levers(self.base, self.levers, shifted)
        money = self._commitments(package)
        for k, other in enumerate(moved):
            if any(isinstance(t, SetCommitment) for t in self.levers[k].sets):
                change = (self._commitments(other) - money) / (signs[k] * self.steps[k])
                jacobian[: len(self.parties), k] += change
        self._tariff_slopes(package, moved, signs, jacobian)
        return self._value_of(package) - self._base_values, jacobian

    def _value_of(self, package: Package) -> Floats:
        """(rows,) parties' present value relative to the baseline; industries' percent change from it."""
        total = self._commitments(package)
        for state, share in self._shares(package).items():
            gain = self.income * np.expm1(self._levels(state)[: len(self.world.regions)])
            total = total + share * gain[self.rows]
        first = self._levels(self._first(package))
        return np.concatenate([total, 100 * np.expm1(first[self.row_industries])])

    def _tariff_slopes(self, package: Package, moved: Sequence[Package], signs: Floats, jacobian: Floats) -> None:
        tariff = [k for k, lever in enumerate(self.levers) if any(isinstance(t, SetTariff) for t in lever.sets)]
        if not tariff:
            return
        mine, others = self._spans(package), {k: self._spans(moved[k]) for k in tariff}
        count = len(self.parties)
        first = self._first(package)
        shares = self._shares(package)
        at = {state: position for position, state in enumerate(mine)}
        for state, share in shares.items():
            rates = self._tariffs(state)
            change = {
                k: (self._tariffs(others[k][at[state]]) - rates) / (signs[k] * self.steps[k]) for k in tariff
            }
            levels = self._levels(state, again=True)
            wanted = [*self.rows, *(self.row_industries if state == first else [])]
            rows = np.zeros((len(wanted), self.judge.width))
            rows[np.arange(len(wanted)), wanted] = 1.0
            slopes = self.judge.gradients(rows)
            for k, moved_rates in change.items():
                # A lever moves few cells.
                cells = np.nonzero(moved_rates)
                along = slopes[:, cells[0], cells[1], cells[2]] @ moved_rates[cells]
                scale = share * self.income[self.rows] * np.exp(levels[self.rows])
                jacobian[:count, k] += scale * along[:count]
                if state == first:
                    jacobian[count:, k] += 100 * np.exp(levels[self.row_industries]) * along[count:]

    # ------------------------------------------------------------------ pieces

    def _get(self, parameter: float | str) -> float:
        return central(self.case, parameter)

    def _branches(self, package: Package) -> tuple[Branch, ...]:
        return branches(self.case, package, self.base.date, self._get)

    def _spans(self, package: Package) -> list[State]:
        """Every state of a package, in one order for packages that differ in numbers only."""
        return list(dict.fromkeys(state for branch in self._branches(package) for _, state in branch.spans))

    def _first(self, package: Package) -> State:
        return self._branches(package)[0].spans[0][1]

    def _chance(self, branch: Branch) -> float:
        chance = 1.0
        for parameter, came in branch.chances:
            p = self._get(parameter)
            chance *= p if came else 1 - p
        return chance

    def _shares(self, package: Package) -> dict[State, Floats]:
        """(parties,) discounted years that each state holds, by party."""
        found: dict[State, Floats] = {}
        rates = self.discount_rates
        for branch in self._branches(package):
            chance = self._chance(branch)
            for year, held in enumerate(year_weights(branch.spans, self.base.date, self.years)):
                for state, share in held.items():
                    found[state] = found.get(state, 0.0) + chance * share * (1 + rates) ** -(year + 1)
        return found

    def _tariffs(self, state: State) -> Floats:
        """(n, n, s) tariffs of a state; the last few are kept.

        Levers move rates between few regions, so the law of everybody else is read once for all of them.
        """
        if state not in self._rates:
            fixed = state._replace(rates=tuple(r for r in state.rates if not self._moves(r)))
            if fixed not in self._frames:
                on, statuses = self.background
                shock = state_shock(
                    self.case, fixed, self.valuer.raw, on=on, statuses=statuses, without=self.valuer.without
                )
                tariffs, cost = shock.filled(self.world)
                if (cost != 1).any():
                    raise RequestError(
                        f"package {state.package!r} removes measures that are not tariffs",
                        why="Levers move tariffs and commitments only",
                        remedy="Leave market access out of the base package and the disagreement of bargain.yaml",
                    )
                self._frames[fixed] = (tariffs, self._between(fixed))
            whole, few = self._frames[fixed]
            rates = whole.copy()
            block = np.ix_(self._moved, self._moved)
            # What stands on top of the law (rents of measures) keeps its factor.
            rates[block] = (1 + whole[block]) / (1 + few) * (1 + self._between(state)) - 1
            _keep(self._rates, state, rates)
        return self._rates[state]

    def _moves(self, rate: Rate) -> bool:
        return (rate.importer, rate.exporter, rate.good, rate.authority) in self._terms

    def _between(self, state: State) -> Floats:
        """(k, k, s) the law of a state among the regions whose rates some lever moves.

        A pair's law hangs on that pair's rates alone, and a lever moves few pairs: the others are kept.
        """
        names = [self.world.regions[k] for k in self._moved]
        keys = {
            (importer, exporter): (
                state.package, importer, exporter,
                tuple(r for r in state.rates if (r.importer, r.exporter) == (importer, exporter)),
            )
            for importer in names for exporter in names
        }  # fmt: skip
        missing = [pair for pair, key in keys.items() if key not in self._pairs]
        if missing:
            on, statuses = self.background
            block = np.ix_(self._moved, self._moved)
            with self.case.blame("law.yaml"):
                fresh = state_law(self.case, state, self.valuer.without).tariffs(
                    self.valuer.raw.tariffs[block],
                    regions=names, sectors=self.world.sectors, on=on, statuses=statuses, pairs=missing,
                )  # fmt: skip
        found = np.empty((len(names), len(names), len(self.world.sectors)))
        for (importer, exporter), key in keys.items():
            at = names.index(exporter), names.index(importer)
            found[at] = fresh[at] if (importer, exporter) in missing else self._pairs[key]
        for importer, exporter in missing:
            at = names.index(exporter), names.index(importer)
            _keep(self._pairs, keys[importer, exporter], found[at])
        return found

    def _levels(self, state: State, *, again: bool = False) -> Floats:
        """The evaluator's payoffs at a state; again: even if known, so that gradients can follow."""
        if again or state not in self._solved:
            found = self.judge.payoffs(self._tariffs(state))
            self.evaluations += 1
            if not np.isfinite(found[: len(self.world.regions)]).all():
                raise NotConvergedError(
                    "a package on the way has no equilibrium", remedy="Narrow the levers' bounds"
                )
            _keep(self._solved, state, found)
        return self._solved[state]

    def _commitments(self, package: Package) -> Floats:
        """(parties,) present value of what is paid and received."""
        total = dict.fromkeys(self.parties, 0.0)
        for branch in self._branches(package):
            chance = self._chance(branch)
            for term, stop in branch.commitments:
                for party, value in commitment_value(term, self.prices, self._get, until=stop).items():
                    if party in total:
                        total[party] += chance * float(value)
        return np.array(list(total.values()))


def _keep(kept: dict[_Key, Floats], key: _Key, value: Floats) -> None:
    while len(kept) >= KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = value
