"""Break-evens: the value of one input at which a party is indifferent between two packages.

Found by bracketing, on the arithmetic of the account, at the centre and on every draw; nothing is solved
again. A break-even says how far an input would have to move, never what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from winset.package.terms import Commitment, DefencePayment, InvestmentPledge
from winset.valuation.account import BreakEven, DrawSummary
from winset.valuation.commitments import Prices, commitment_value, present_amount
from winset.valuation.drivers import net, summary
from winset.valuation.lines import LineSource, discounts
from winset.valuation.points import Points
from winset.valuation.sides import Side

__all__ = ["break_evens", "crossing"]

Floats = NDArray[np.float64]
STEPS = 100
"""Most evaluations; about ten are used."""
SMALL = 1e-13
"""A net this small beside those at the ends of the bracket is zero."""
MOST_YIELD = 1.0
"""Highest project yield tried, fraction a year."""


def crossing(f: Callable[[Floats], Floats], low: float, high: float, count: int) -> Floats:
    """(count,) where f changes sign between low and high; nan where it has one sign at both ends.

    Regula falsi, Illinois variant: the bracket always holds the root, and a straight line is met at once.
    """
    a, b = np.full(count, low), np.full(count, high)
    at_a, at_b = f(a), f(b)
    there = np.sign(at_a) * np.sign(at_b) <= 0
    near = SMALL * np.maximum(np.abs(at_a), np.abs(at_b))
    # A root at an end: start from it. Elsewhere b is the newest point and a the other end of the bracket.
    swap = (at_a == 0) & (at_b != 0)
    a, b, at_a, at_b = (np.where(swap, x, y) for x, y in ((b, a), (a, b), (at_b, at_a), (at_a, at_b)))
    for _ in range(STEPS):
        open_ = there & (np.abs(at_b) > near)
        if not open_.any():
            break
        slope = np.where(open_, at_b - at_a, 1.0)
        x = np.where(open_, b - at_b * (b - a) / slope, b)
        at_x = f(x)
        crossed = np.sign(at_x) * np.sign(at_b) < 0
        a = np.where(open_ & crossed, b, a)
        at_a = np.where(open_, np.where(crossed, at_b, 0.5 * at_a), at_a)
        b, at_b = np.where(open_, x, b), np.where(open_, at_x, at_b)
    return np.where(there & (np.abs(at_b) <= near), b, np.nan)


class _Pledges:
    """The pledges of one payer in a package, and the rest of its account."""

    def __init__(self, lines: Sequence[LineSource], party: str, prices: Prices) -> None:
        self.party, self.prices = party, prices
        self.found: list[tuple[Side, list[tuple[Commitment, object, tuple[int, ...]]]]] = []
        self.rest: list[LineSource] = []
        self.rests_on: dict[str, None] = {}
        for line in lines:
            self.rests_on |= dict.fromkeys(line.rests_on)
            side, id = line.pledge or (None, "")
            forms = side.variants()[id] if side else []
            mine = [t for t, _, _ in forms if isinstance(t, InvestmentPledge) and t.payer == party]
            if side and mine and len(mine) == len(forms):
                self.found.append((side, list(forms)))
            else:
                self.rest.append(line)

    def total(self, points: Points, of: Callable[[Commitment, object, Points], Floats]) -> Floats:
        """(m,) sum over pledges and branches of something about each."""
        whole = np.zeros(len(points))
        for side, forms in self.found:
            chances = side.chances(points)
            for term, stop, where in forms:
                chance = np.sum([chances[k] for k in where], axis=0)
                whole = whole + chance * of(term, stop, points)
        return whole

    def worth(self, points: Points, **changed: Floats) -> Floats:
        """(m,) value to the payer, with some parameters of every pledge replaced."""
        names = {key: f"={key}" for key in changed}
        here = points.with_values({names[key]: value for key, value in changed.items()})

        def of(term: Commitment, stop: object, _: Points) -> Floats:
            other = term.model_copy(update=names)
            return np.asarray(commitment_value(other, self.prices, here.get, until=stop)[self.party])  # type: ignore[arg-type]

        return self.total(points, of)

    def amount(self, points: Points) -> Floats:
        """(m,) present value of what is promised."""
        return self.total(
            points,
            lambda t, stop, p: np.asarray(
                present_amount(t, self.party, self.prices, p.get, until=stop)  # type: ignore[arg-type]
            ),
        )

    def average(self, points: Points, key: str) -> float | None:
        """A parameter at the centre, averaged by present amount."""
        whole = float(self.amount(points)[0])
        weighted = self.total(
            points,
            lambda t, stop, p: (
                np.asarray(
                    present_amount(t, self.party, self.prices, p.get, until=stop)  # type: ignore[arg-type]
                )
                * p.get(getattr(t, key))
            ),
        )
        return float(weighted[0]) / whole if whole else None


def break_evens(
    lines: Sequence[LineSource],
    party: str,
    prices: Prices,
    middle: Points,
    points: Points,
    years: int,
    names: Mapping[str, str],
) -> tuple[BreakEven, ...]:
    """Break-evens of one party: of its pledges taken together, then of the security service if it pays for one."""
    found = []
    pledges = _Pledges(lines, party, prices)
    if pledges.found:
        found += _of_pledges(pledges, middle, points)
    paid = [
        (line.pledge[0], where)
        for line in lines
        if line.pledge
        for term, _, where in line.pledge[0].variants()[line.pledge[1]]
        if isinstance(term, DefencePayment) and term.payer == party
    ]
    if paid:
        side, branches = paid[0][0], sorted({k for _, where in paid for k in where})
        found += _of_service(lines, party, prices, middle, points, years, names, side, branches)
    return tuple(found)


def _of_pledges(pledges: _Pledges, middle: Points, points: Points) -> list[BreakEven]:
    rests = tuple(pledges.rests_on)
    rest, rest_drawn = net(pledges.rest, middle), net(pledges.rest, points)
    promised, promised_drawn = pledges.amount(middle), pledges.amount(points)

    def one(
        id: str, label: str, unit: str, most: float, f: Callable[[Points, Floats], Floats], assumed: float | None
    ) -> BreakEven:
        at = crossing(lambda x: rest + f(middle, x), 0.0, most, 1)
        over = crossing(lambda x: rest_drawn + f(points, x), 0.0, most, len(points))
        ends = [float((rest + f(middle, np.array([x])))[0]) for x in (0.0, most)]
        value = None if np.isnan(at[0]) else float(at[0])
        sense = "better" if ends[0] > 0 else "worse"
        why = "" if value is not None else f"{sense} off at every value from 0 to {most:g}"
        return BreakEven(
            id=id, label=label, unit=unit, value=value, tried=(0.0, most), assumed=assumed, why=why,
            draws=_there(over), rests_on=rests,
        )  # fmt: skip

    cost = -float(pledges.worth(middle)[0])
    return [
        one(
            "grant-share",
            "Share of the pledges, at present value, that may be a gift",
            "fraction",
            1.0,
            lambda p, x: -x * (promised if p is middle else promised_drawn),
            cost / float(promised[0]),
        ),
        one(
            "planned-anyway",
            "Share of the pledges that must have been planned anyway",
            "fraction",
            1.0,
            lambda p, x: pledges.worth(p, planned_anyway=x),
            pledges.average(middle, "planned_anyway"),
        ),
        one(
            "project-yield",
            "Yearly cash that projects must pay per dollar put in",
            "fraction a year",
            MOST_YIELD,
            lambda p, x: pledges.worth(p, project_yield=x),
            pledges.average(middle, "project_yield"),
        ),
    ]


def _there(values: Floats) -> DrawSummary | None:
    return summary(values[np.isfinite(values)])


def _of_service(
    lines: Sequence[LineSource],
    party: str,
    prices: Prices,
    middle: Points,
    points: Points,
    years: int,
    names: Mapping[str, str],
    side: Side,
    branches: Sequence[int],
) -> list[BreakEven]:
    rate = prices.discount[party]

    def yearly(p: Points) -> Floats:
        # The service is had only on the branches on which it is paid for.
        chances = side.chances(p)
        annuity = discounts(p, rate, years).sum(axis=0) * np.sum([chances[k] for k in branches], axis=0)
        whole = net(lines, p)
        bound = float(np.max(np.abs(whole / annuity), initial=1.0))
        return crossing(lambda x: whole + x * annuity, 0.0, bound * 1.0001, len(p))

    at = yearly(middle)
    value = None if np.isnan(at[0]) else float(at[0])
    rests = tuple(dict.fromkeys(r for line in lines for r in line.rests_on))
    return [
        BreakEven(
            id="security-service",
            label="What the security that is paid for must be worth a year",
            unit="million base-year US dollars a year",
            value=value,
            tried=(0.0, float("inf")),
            assumed=None,
            why=(
                f"over {years} years; no value is claimed for it, and none is in the account"
                if value is not None
                else f"{names[party]} gains without putting any value on it"
            ),
            draws=_there(yearly(points)) if len(points) else None,
            rests_on=rests,
        )
    ]
