"""A case bargained: win-sets, frontier, solutions, counter-offers, deadlines. `winset bargain` in one place.

    bargain.yaml + packages -> levers -> payoffs with gradients (valuation) -> bargaining -> Negotiation

Payoffs are billions of base-year dollars, present value, over disagreement. The rooms below compute; this joins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.counter import CounterOffer, ExchangeRates, counter_offer, exchange_rates
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.finite import Bargain, bargain
from winset.bargaining.frontier import Frontier, frontier
from winset.bargaining.linkage import Linkage, link_instruments
from winset.bargaining.problem import Instruments, Limit, Problem
from winset.bargaining.ratification import Ratifier, WinSet, accepted
from winset.bargaining.relaxation import (
    Ask,
    Relaxation,
    SidePayment,
    best_ask,
    side_payment,
    smallest_relaxation,
    with_win_sets,
)
from winset.bargaining.solutions import Solutions, solve_bargain
from winset.bargaining.winsets import AgreementSet, WinSetSize, agreement_set, sample, win_set_sizes
from winset.core.errors import RequestError
from winset.core.names import known
from winset.negotiation_extras import Extras, extras_of
from winset.package.bargain_sheet import BargainSheet, LeverSheet, SetTariff, load_bargain
from winset.valuation.levers import IndustryRow, LeverPayoffs

if TYPE_CHECKING:
    from winset.valuation.value import Valuer
    from winset.workflow import OpenCase

__all__ = ["Listed", "Negotiation", "Point", "negotiate"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

BILLION = 1e3
"""Payoffs are kept in millions; here they are told in billions."""
POINTS = 50
FEWER_SCOUTS = 2
"""Starts of a search where no extras are asked for: half the time, and four digits of the solutions the same."""
SAMPLE = 256
"""Packages of the sample that measures win-sets."""
DISTINCT = 0.05
"""Billions: packages this close are one on the list of finite outcomes."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """A package with a name and what it is worth."""

    id: str
    label: str
    kind: str
    """package, offer, solution, disagreement."""
    payoffs: Mapping[str, float]
    """Billions over disagreement, by party."""
    levers: Mapping[str, float] = field(default_factory=dict)
    """Where the levers stand; empty for a package of the case as it stands."""
    by: str = ""
    accepted_by: tuple[str, ...] = ()
    """Parties whose ratifiers accept it; empty also where there are no levers to judge by."""
    third_parties: Mapping[str, float] = field(default_factory=dict)
    """Change of real income of regions outside the talks against disagreement, percent, in its first state."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Listed:
    """The bargain over the packages of the case as they stand."""

    names: tuple[str, ...]
    payoffs: Floats
    """(packages, parties) billions over disagreement."""
    solved: Bargain


@dataclass(frozen=True, kw_only=True, eq=False)
class Negotiation:
    """Everything that `winset bargain` tells."""

    case: str
    parties: tuple[str, ...]
    unit: str
    disagreement: str
    baseline: str
    elasticities: str
    closure: str
    run: str
    points: tuple[Point, ...]
    """Disagreement, packages, offers and solutions, in this order."""
    listed: Listed
    levers: tuple[LeverSheet, ...] = ()
    frontier: Frontier | None = None
    """All packages within the levers' bounds that leave nobody below disagreement."""
    free: Solutions | None = None
    """Solutions if nobody's ratifiers had a say."""
    solutions: Solutions | None = None
    """Solutions within all win-sets; its reason says why there are none."""
    winsets: Mapping[str, WinSetSize] = field(default_factory=dict)
    agreement: AgreementSet | None = None
    asks: Mapping[str, Ask] = field(default_factory=dict)
    relaxation: Relaxation | None = None
    payment: SidePayment | None = None
    counters: tuple[tuple[str, CounterOffer], ...] = ()
    """(offer, counter-offer) for each offer and each party that did not make it."""
    rates: ExchangeRates | None = None
    """Marginal worth of levers at the base package."""
    linkage: Linkage | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """What ratifiers and levers are called."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Reason of each ratifier."""
    in_words: tuple[str, ...] = ()
    extras: Extras = field(default_factory=Extras)
    """Deadlines, stages, talks of three, draws."""
    sample: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """(packages, parties) payoffs of the packages that measured the win-sets, billions."""
    sample_accepted: NDArray[np.bool_] = field(default_factory=lambda: np.empty((0, 0), dtype=bool))
    """(packages, parties) whether each party's ratifiers accept them."""
    evaluations: int = 0


def negotiate(
    opened: OpenCase, parties: Sequence[str] | None = None, *, points: int = POINTS, sampled: int = SAMPLE,
    extras: bool = True, progress: Progress | None = None, **choice: Any,
) -> Negotiation:  # fmt: skip
    """Bargain over a case: its levers where `bargain.yaml` opens some, and its packages as they stand.

    parties: codes of two to six regions that the case reports; None for its bargaining parties. points: of the
    frontier; sampled: packages that measure the win-sets. extras: whether what a brief does not print is worked
    out too (solutions without ratifiers, linkage, exchange rates, deadlines, stages, talks of three, draws), which
    is more than half of the work. choice: as `OpenCase.value`. Raises UnknownNameError,
    RequestError, CaseFileError or NotConvergedError.
    """
    case = opened.case
    names = list(case.parties) if parties is None else list(parties)
    for name in names:
        known(name, case.reported, "party")
    if len(set(names)) != len(names) or not 2 <= len(names) <= 6:
        raise RequestError(f"a bargain needs two to six different parties, found {', '.join(names) or 'none'}")
    sheet = load_bargain(case)
    tell = _Steps(progress)
    valuer = opened.valuer(**choice)
    against = sheet.disagreement if sheet else case.sheet.headline.against
    listed, shown = _packages(valuer, sheet, names, against)
    common: dict[str, Any] = {
        "case": case.sheet.name,
        "parties": tuple(names),
        "unit": f"billion {valuer.unit.removeprefix('million ')}",
        "disagreement": against,
        "baseline": valuer.raw.name,
        "elasticities": valuer.central,
        "closure": valuer.closure,
        "run": valuer.run,
        "listed": listed,
    }
    start = Point(id="disagreement", label=f"No deal: {case.package(against).title}", kind="disagreement",
                  payoffs=dict.fromkeys(names, 0.0))  # fmt: skip
    tell()
    if sheet is None:
        return Negotiation(points=(start, *shown), **common)
    levers = [lever for lever in sheet.levers if set(lever.parties or case.parties) <= set(names)]
    if not levers:
        raise RequestError(
            f"no lever of bargain.yaml belongs to talks of {', '.join(names)}", remedy="Name other parties"
        )
    rows = tuple(dict.fromkeys(
        IndustryRow(party=one.party, sector=one.industry)
        for one in sheet.ratifiers if one.industry is not None and one.party in names
    ))  # fmt: skip
    payoffs = LeverPayoffs(valuer, sheet.base, against, levers, rows, names)
    problem = _problem(payoffs, levers, names)
    room = Evaluator(problem) if extras else Evaluator(problem, scouts=FEWER_SCOUTS)
    sets = _win_sets(sheet, levers, names)
    base = {lever.id: lever.value for lever in levers}

    def at(point: Mapping[str, float]) -> Floats:
        full = base | {k: v for k, v in point.items() if k in base}
        return np.array([full[lever.id] for lever in levers])

    offers = {one.id: at(one.at) for one in sheet.offers}
    curve = frontier(room, points=points)
    tell()
    free = solve_bargain(room, offers=offers) if extras else None
    tell()
    inside, _ = with_win_sets(room, sets)
    solutions = _best_room(inside, offers)
    tell()
    table = sample(room, packages=sampled)
    tell()
    agreement = agreement_set(sets, table)
    asks = {name: best_ask(room, name, sets) for name in names} if extras else {}
    open_ = not solutions.reason
    relaxation = None if open_ else smallest_relaxation(room, sets)
    payment = None if open_ else side_payment(room, sets)
    tell()
    counters = tuple(
        (one.id, counter_offer(room, offers[one.id], name, win_sets=sets))
        for one in sheet.offers for name in names if name != one.by
    )  # fmt: skip
    tell()
    parts = _parts(levers)
    linkage = None
    if extras and len(parts) > 1 and sheet.no_deal:
        linkage = link_instruments(room, parts, at(sheet.no_deal))
    tell()
    told = [
        *shown,
        *(_point(payoffs, sets, room, names, id=one.id, label=one.label, kind="offer", by=one.by, x=offers[one.id])
          for one in sheet.offers),
        *(_point(payoffs, sets, room, names, id=name, label=name.replace("_", "-"), kind="solution", x=one.x)
          for name, one in solutions.solutions.items()),
    ]  # fmt: skip
    beyond = Extras()
    if extras:
        beyond = extras_of(
            opened, sheet, valuer, payoffs, levers, names, sets,
            {p.id: np.array([p.levers[lever.id] for lever in levers]) for p in told if p.levers}, at,
        )  # fmt: skip
    tell(last=True)
    return Negotiation(
        points=(start, *told),
        levers=tuple(levers),
        frontier=curve,
        free=free,
        solutions=solutions,
        winsets=win_set_sizes(sets, table),
        sample=np.asarray(table.values[:, : len(names)]),
        sample_accepted=np.column_stack([accepted(one, table) for one in sets]),
        agreement=agreement,
        asks=asks,
        relaxation=relaxation,
        payment=payment,
        counters=counters,
        rates=exchange_rates(room, at({})) if extras else None,
        linkage=linkage,
        labels={one.id: one.label for one in sheet.ratifiers} | {one.id: one.label for one in levers},
        why={one.id: one.why for one in sheet.ratifiers},
        in_words=tuple(sheet.limits_in_words),
        extras=beyond,
        evaluations=payoffs.evaluations,
        **common,
    )


class _Steps:
    """Counts the steps of a run for a progress bar."""

    TOTAL = 9

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.done = progress, 0

    def __call__(self, *, last: bool = False) -> None:
        self.done = self.TOTAL if last else min(self.done + 1, self.TOTAL - 1)
        if self.progress:
            self.progress(self.done, self.TOTAL)


def _packages(
    valuer: Valuer, sheet: BargainSheet | None, names: Sequence[str], against: str
) -> tuple[Listed, list[Point]]:
    """The case's packages as they stand, each under the background of the day that talks are valued on."""
    case = valuer.case
    shown = [name for name in (sheet.shown if sheet else case.packages) if name != against]
    on = case.package(sheet.base).background_day if sheet else None
    valuation = valuer.value([(name, against) for name in shown], on=on)
    payoff = np.array(
        [[account.parties[code].net.value / BILLION for code in names] for account in valuation.accounts]
    ).reshape(len(shown), len(names))
    points = [
        Point(
            id=name, label=case.package(name).title, kind="package",
            payoffs=dict(zip(names, map(float, row), strict=True)),
        )
        for name, row in zip(shown, payoff, strict=True)
    ]  # fmt: skip
    every = np.vstack([payoff, np.zeros((1, len(names)))])
    return Listed(names=(*shown, against), payoffs=every, solved=bargain(every, np.zeros(len(names)))), points


def _problem(payoffs: LeverPayoffs, levers: Sequence[LeverSheet], names: Sequence[str]) -> Problem:
    count = len(names)

    def billions(x: Floats) -> tuple[Floats, Floats]:
        values, jacobian = payoffs(x)
        values, jacobian = values.copy(), jacobian.copy()
        values[:count] /= BILLION
        jacobian[:count] /= BILLION
        return values, jacobian

    return Problem(
        instruments=Instruments(
            names=tuple(lever.id for lever in levers),
            low=np.array([lever.low for lever in levers]),
            high=np.array([lever.high for lever in levers]),
            units=tuple(lever.unit for lever in levers),
        ),
        parties=tuple(names),
        payoffs=billions,
        disagreement=np.zeros(count),
        groups=tuple(row.name for row in payoffs.industries),
    )


def _win_sets(sheet: BargainSheet, levers: Sequence[LeverSheet], names: Sequence[str]) -> list[WinSet]:
    """Each party's ratifiers as limits; a condition on a lever that is not open in these talks is left out."""
    there = {lever.id for lever in levers}
    found = []
    for name in names:
        limits: list[Ratifier] = []
        for one in sheet.ratifiers:
            if one.party != name or not set(one.levers) <= there:
                continue
            rows = {name: 1.0} if one.payoff else {}
            if one.industry is not None:
                rows = {IndustryRow(party=name, sector=one.industry).name: 1.0}
            limits.append(
                Limit(name=one.id, party=name, rows=rows, instruments=one.levers, at_least=one.at_least,
                      at_most=one.at_most)
            )  # fmt: skip
        found.append(WinSet(party=name, ratifiers=tuple(limits)))
    return found


def _best_room(rooms: Sequence[Evaluator], offers: Mapping[str, Floats]) -> Solutions:
    """Solutions within the win-sets: of several ways to reach the quotas, the first that has some."""
    found = [solve_bargain(rooms[0], offers=offers)]
    for room in rooms[1:]:
        if not found[-1].reason:
            break
        found.append(solve_bargain(room, offers=offers))
    return found[-1] if not found[-1].reason else found[0]


def _parts(levers: Sequence[LeverSheet]) -> dict[str, list[str]]:
    """Levers by issue: tariffs, and money."""
    parts: dict[str, list[str]] = {}
    for lever in levers:
        issue = "tariffs" if any(isinstance(t, SetTariff) for t in lever.sets) else "money"
        parts.setdefault(issue, []).append(lever.id)
    return parts


def _point(
    payoffs: LeverPayoffs, sets: Sequence[WinSet], room: Evaluator, names: Sequence[str],
    *, id: str, label: str, kind: str, x: Floats, by: str = "",
) -> Point:  # fmt: skip
    values, _ = payoffs(x)
    problem = room.problem
    at = room.of(x)

    def fine(limit: Ratifier) -> bool:
        assert isinstance(limit, Limit)  # noqa: S101 - the sheet makes no other
        c, e = limit.coefficients(problem.rows, problem.instruments.names)
        margin = float(c @ at.values + e @ at.x - limit.sign * limit.bound)
        return margin >= -1e-6 * max(1.0, abs(limit.bound))

    return Point(
        id=id,
        label=label,
        kind=kind,
        payoffs=dict(zip(names, (float(v) / BILLION for v in values[: len(names)]), strict=True)),
        levers=problem.instruments.named(at.x),
        by=by,
        accepted_by=tuple(one.party for one in sets if all(fine(limit) for limit in one.ratifiers)),
        third_parties=payoffs.third_parties(x),
    )
