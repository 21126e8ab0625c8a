"""What goes beyond one bargain of two: deadlines, staged packages, talks of three, draws."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.coalitions import Coalitions, Core
from winset.bargaining.deadlines import DisagreementPath, Settlement, StandingOffer, settle, standing_offer
from winset.bargaining.evaluator import Evaluator, evaluator_of
from winset.bargaining.nash_in_nash import NashInNash, Pair, nash_in_nash
from winset.bargaining.problem import Instruments, Limit, Problem
from winset.bargaining.ratification import WinSet
from winset.bargaining.solutions import solve_bargain
from winset.bargaining.staged import StagedPackage, Step, check_steps
from winset.bargaining.uncertainty import UncertainPackages, over_draws
from winset.package.bargain_sheet import BargainSheet, DeadlineSheet, LeverSheet
from winset.valuation.drivers import net
from winset.valuation.levers import LeverPayoffs, with_levers

if TYPE_CHECKING:
    from winset.valuation.value import Valuer
    from winset.workflow import OpenCase

__all__ = ["Extras", "ThreeSided", "extras_of"]

Floats = NDArray[np.float64]
BILLION = 1e3
DAYS_A_YEAR = 365.25
ROUNDED = 3
"""Digits of levers and of industries' percent at which ratifiers judge a package in draws."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ThreeSided:
    """Talks of three parties or more."""

    pairs: NashInNash
    coalitions: Coalitions
    core: Core
    shapley: Mapping[str, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Extras:
    """Empty parts were not asked for by the case."""

    settlement: Settlement | None = None
    settlement_names: tuple[str, ...] = ()
    """Packages that could be signed, in the order of the settlement's indices."""
    standing: Mapping[str, Mapping[str, StandingOffer]] = field(default_factory=dict)
    """By offer, by party: when to take it if it stays on the table."""
    ruling: str = ""
    staged: StagedPackage | None = None
    staged_labels: Mapping[str, str] = field(default_factory=dict)
    staged_note: str = ""
    three: ThreeSided | None = None
    draws: UncertainPackages | None = None
    drawn: tuple[str, ...] = ()
    """Packages that were drawn, in the order of the chances."""


At = Callable[[Mapping[str, float]], Floats]


def extras_of(
    opened: OpenCase, sheet: BargainSheet, valuer: Valuer, payoffs: LeverPayoffs, levers: Sequence[LeverSheet],
    names: Sequence[str], sets: Sequence[WinSet], packages: Mapping[str, Floats], at: At,
) -> Extras:  # fmt: skip
    """Everything that the case's `bargain.yaml` asks for beyond the bargain itself.

    packages: lever values (m,) of offers and solutions by name; at: a point of the levers from named values.
    """
    found = Extras()
    if sheet.deadline and packages:
        settlement, standing = _deadline(sheet.deadline, payoffs, names, sets, packages)
        found = replace(
            found,
            settlement=settlement,
            settlement_names=tuple(packages),
            standing=standing,
            ruling=sheet.deadline.ruling.label if sheet.deadline.ruling else "",
        )
    if sheet.stages and {stage.mover for stage in sheet.stages} <= set(names):
        found = replace(
            found,
            staged=_staged(sheet, payoffs, names, at),
            staged_labels={stage.id: stage.label for stage in sheet.stages},
            staged_note=sheet.stages_note,
        )
    pairs = [pair for pair in sheet.pairs if set(pair.parties) <= set(names)]
    if len(names) > 2 and pairs:
        found = replace(found, three=_three(sheet, payoffs, levers, names, at))
    if valuer.draws and packages:
        draws, drawn = _draws(valuer, sheet, levers, names, sets, packages, payoffs)
        found = replace(found, draws=draws, drawn=drawn)
    return found


# ---------------------------------------------------------------------- deadlines


def _deadline(
    sheet: DeadlineSheet, payoffs: LeverPayoffs, names: Sequence[str], sets: Sequence[WinSet],
    packages: Mapping[str, Floats],
) -> tuple[Settlement, dict[str, dict[str, StandingOffer]]]:  # fmt: skip
    dates = _months(sheet.start, sheet.expiry, sheet.end)
    rates = payoffs.discount_rates
    horizon = payoffs.years
    before, after = (payoffs.yearly(package) / BILLION for package in (sheet.before, sheet.after))
    flows = np.zeros((len(dates), len(names)))
    for k, day in enumerate(dates[:-1]):
        years = (dates[k + 1] - day).days / DAYS_A_YEAR
        flows[k] = (before if day < sheet.expiry else after) * years
    left = [horizon - (day - dates[0]).days / DAYS_A_YEAR for day in dates]
    flows[-1] = after * _annuity(rates, left[-1])
    hazard, broken = np.zeros(len(dates)), np.zeros((len(dates), len(names)))
    if sheet.ruling:
        ruled = payoffs.yearly(sheet.ruling.then) / BILLION
        for k in range(len(dates) - 1):
            months = (dates[k + 1] - dates[k]).days / (DAYS_A_YEAR / 12)
            hazard[k] = 1 - (1 - sheet.ruling.chance_a_month) ** months
            broken[k] = ruled * _annuity(rates, left[k + 1])
    path = DisagreementPath(
        parties=tuple(names), dates=tuple(dates), flows=flows, rates=rates, hazard=hazard, breakdown=broken
    )
    table = np.zeros((len(dates), len(packages), len(names)))
    for p, x in enumerate(packages.values()):
        tariffs, money = payoffs.parts(x)
        whole = _annuity(rates, horizon)
        for k in range(len(dates)):
            # Tariff relief lasts to the same last day whenever it is signed; the pledge is paid from signing.
            table[k, p] = (tariffs * _annuity(rates, left[k]) / whole + money) / BILLION
    ratified = [_accepted(payoffs, sets, x) for x in packages.values()]
    settlement = settle(path, table, ratified=ratified if any(ratified) else None)
    standing = {
        name: {party: standing_offer(path, party, table[:, p, i]) for i, party in enumerate(names)}
        for p, name in enumerate(packages)
    }
    return settlement, standing


def _months(start: dt.date, expiry: dt.date, end: dt.date) -> list[dt.date]:
    """Start, expiry, and the first of every month between start and end, and the end."""
    days = {start, expiry, end}
    year, month = start.year, start.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day = dt.date(year, month, 1)
        if day >= end:
            return sorted(days)
        days.add(day)


def _annuity(rates: Floats, years: float) -> Floats:
    """(parties,) present value of one a year for so many years, paid evenly."""
    force = np.log1p(rates)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (1 - np.exp(-force * years)) / force
    return np.where(np.abs(force) < 1e-12, years, value)


def _accepted(payoffs: LeverPayoffs, sets: Sequence[WinSet], x: Floats) -> bool:
    values, _ = payoffs(x)
    scaled = values.copy()
    scaled[: len(payoffs.parties)] /= BILLION
    rows = (*payoffs.parties, *(one.name for one in payoffs.industries))
    for one in sets:
        for limit in one.ratifiers:
            assert isinstance(limit, Limit)  # noqa: S101 - the sheet makes no other
            c, e = limit.coefficients(rows, tuple(lever.id for lever in payoffs.levers))
            if float(c @ scaled + e @ x) < limit.sign * limit.bound - 1e-6 * max(1.0, abs(limit.bound)):
                return False
    return True


# ---------------------------------------------------------------------- stages


def _staged(sheet: BargainSheet, payoffs: LeverPayoffs, names: Sequence[str], at: At) -> StagedPackage:
    """Each state of the stages lasts until the next step or, if talks stop, to the end of the horizon.

    Tariffs flow while they last; a pledge counts from the step that makes it, and what was pledged stays pledged.
    """
    point = dict(sheet.stages_start)
    states = [at(point)]
    for stage in sheet.stages:
        point |= stage.at
        states.append(at(point))
    rates = payoffs.discount_rates
    whole = _annuity(rates, payoffs.years)
    flows = [tuple(part / BILLION for part in payoffs.parts(x)) for x in states]
    times = [stage.months / 12 for stage in sheet.stages]
    steps = []
    for k, stage in enumerate(sheet.stages):
        left = payoffs.years - times[k]
        until = (times[k + 1] - times[k]) if k + 1 < len(times) else left
        (old, old_money), (new, new_money) = flows[k], flows[k + 1]
        # What the step adds in money is had on its day; older pledges are sunk either way.
        taken = new / whole * _annuity(rates, until) + (new_money - old_money)
        stopped = old / whole * _annuity(rates, left)
        steps.append(
            Step(
                name=stage.id,
                mover=stage.mover,
                years=times[k],
                flows=dict(zip(names, map(float, taken), strict=True)),
                stopped=dict(zip(names, map(float, stopped), strict=True)),
            )
        )
    return check_steps(steps, dict(zip(names, map(float, rates), strict=True)))


# ---------------------------------------------------------------------- three parties


def _three(
    sheet: BargainSheet, payoffs: LeverPayoffs, levers: Sequence[LeverSheet], names: Sequence[str], at: At
) -> ThreeSided:
    room = evaluator_of(_restricted(payoffs, levers, names, names, at(sheet.no_deal), levers))
    there = {lever.id for lever in levers}
    pairs = [
        Pair(
            parties=pair.parties,
            instruments=tuple(name for name in pair.levers if name in there),
            weight=pair.weight,
        )
        for pair in sheet.pairs
        if set(pair.parties) <= set(names)
    ]
    bargained = nash_in_nash(room, pairs, at(sheet.no_deal))
    before = payoffs(at(sheet.no_deal))[0][: len(names)] / BILLION
    values: dict[frozenset[str], float] = {frozenset([name]): float(before[k]) for k, name in enumerate(names)}
    for size in range(2, len(names) + 1):
        for members in itertools.combinations(names, size):
            mine = [lever for lever in levers if set(lever.parties or payoffs.case.parties) <= set(members)]
            if mine:
                values[frozenset(members)] = _secured(payoffs, levers, names, members, at(sheet.no_deal), mine)
    game = Coalitions(players=tuple(names), values=values)
    return ThreeSided(pairs=bargained, coalitions=game, core=game.core(), shapley=game.shapley())


def _secured(
    payoffs: LeverPayoffs, levers: Sequence[LeverSheet], names: Sequence[str], members: Sequence[str],
    fixed: Floats, mine: Sequence[LeverSheet],
) -> float:  # fmt: skip
    """The largest sum that a coalition reaches with its own levers, everybody else's at no deal."""
    problem = _restricted(payoffs, levers, names, members, fixed, mine)
    room: Evaluator = evaluator_of(problem)
    found = solve_bargain(room, names=("utilitarian",))
    if found.solutions:
        return float(found.solutions["utilitarian"].payoffs.sum())
    return float(problem.disagreement.sum())


def _restricted(
    payoffs: LeverPayoffs, levers: Sequence[LeverSheet], names: Sequence[str], members: Sequence[str],
    fixed: Floats, mine: Sequence[LeverSheet],
) -> Problem:  # fmt: skip
    """A bargain of some parties over some levers, disagreement being no deal on them."""
    which = [k for k, lever in enumerate(levers) if lever in mine]
    rows = [list(names).index(name) for name in members]

    def part(x: Floats) -> tuple[Floats, Floats]:
        full = fixed.copy()
        full[which] = x
        values, jacobian = payoffs(full)
        return values[rows] / BILLION, jacobian[np.ix_(rows, which)] / BILLION

    return Problem(
        instruments=Instruments(
            names=tuple(levers[k].id for k in which),
            low=np.array([levers[k].low for k in which]),
            high=np.array([levers[k].high for k in which]),
        ),
        parties=tuple(members),
        payoffs=part,
        disagreement=payoffs(fixed)[0][rows] / BILLION,
    )


# ---------------------------------------------------------------------- draws


def _draws(
    valuer: Valuer, sheet: BargainSheet, levers: Sequence[LeverSheet], names: Sequence[str],
    sets: Sequence[WinSet], packages: Mapping[str, Floats], payoffs: LeverPayoffs,
) -> tuple[UncertainPackages, tuple[str, ...]]:  # fmt: skip
    """Chances over the draws of the case. Industries stand at their central values in every draw."""
    case = valuer.case
    base = case.package(sheet.base)
    made = {
        f"lever-point-{k}": with_levers(base, levers, x).model_copy(update={"name": f"lever-point-{k}"})
        for k, x in enumerate(packages.values())
    }
    several = valuer.with_packages(made)
    values = np.zeros((valuer.draws, len(packages), len(names) + len(payoffs.industries)))
    for p, (name, x) in enumerate(zip(made, packages.values(), strict=True)):
        lines = several.lines_of(name, sheet.disagreement)
        for i, code in enumerate(names):
            values[:, p, i] = net(lines[code], valuer.drawn) / BILLION
        # A solution stands on the limits that bind it: rounding must not push it over.
        values[:, p, len(names) :] = np.round(payoffs(x)[0][len(names) :], ROUNDED)
    rows = (*names, *(one.name for one in payoffs.industries))
    found = over_draws(
        values, rows, tuple(names), np.zeros(len(names)), sets,
        instruments=tuple(lever.id for lever in levers),
        packages=np.round(np.array(list(packages.values())), ROUNDED),
    )  # fmt: skip
    return found, tuple(packages)
