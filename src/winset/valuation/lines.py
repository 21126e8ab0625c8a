"""The lines of an account as functions of points: one function gives centre, extremes, draws and break-evens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.package.case import Assumption
from winset.package.terms import Commitment, MarketAccess
from winset.valuation.account import Basis
from winset.valuation.commitments import Lookup, Number, Prices, commitment_uses, commitment_value
from winset.valuation.paths import year_weights
from winset.valuation.points import Points
from winset.valuation.sides import Side

__all__ = ["LineSource", "commitment_lines", "discounts", "rent_lines", "tariff_line"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LineSource:
    """A line before it is evaluated."""

    id: str
    label: str
    horizon: str
    basis: Basis
    rests_on: tuple[str, ...]
    """Claims and assumptions; the run is added where the model is used."""
    uses: tuple[str, ...]
    """Assumptions that move it."""
    by_set: bool
    """Whether the elasticity set moves it."""
    evaluate: Callable[[Points], Floats]
    """(m,) millions of base-year dollars, present value."""
    status: str = ""
    pledge: tuple[Side, str] | None = None
    """For commitments of the package itself: side and id, from which break-evens start."""


def discounts(points: Points, rate: float | str, years: int) -> Floats:
    """(years, m) present value of a dollar at the end of each year."""
    r = np.broadcast_to(points.get(rate), (len(points),))
    return np.asarray((1 + r) ** -np.arange(1, years + 1)[:, None])


def tariff_line(
    mine: Side, theirs: Side, region: int, rate: float | str, years: int, run: str, kind: int = 0
) -> LineSource:
    """Real income, both packages, every year of the horizon, discounted."""

    def evaluate(points: Points) -> Floats:
        gain = mine.yearly(points, region, kind) - theirs.yearly(points, region, kind)
        return np.asarray((gain * discounts(points, rate, years)).sum(axis=0))

    uses = tuple(dict.fromkeys([*mine.uses(), *theirs.uses(), *([rate] if isinstance(rate, str) else [])]))
    return LineSource(
        id="tariffs",
        label="Tariffs: real income, revenue included",
        horizon=f"{years} years, trade fully adjusted",
        basis="model",
        rests_on=(run, *uses),
        uses=uses,
        by_set=True,
        evaluate=evaluate,
    )


def expected(side: Side, id: str, prices: Prices, points: Points, get: Lookup | None = None) -> dict[str, Number]:
    """Value of a commitment to both sides, averaged over the branches by their probabilities."""
    chances = side.chances(points)
    total: dict[str, Number] = {}
    for term, stop, where in side.variants()[id]:
        chance = sum(chances[k] for k in where)
        for party, value in commitment_value(term, prices, get or points.get, until=stop).items():
            total[party] = total.get(party, 0.0) + chance * value
    return total


def commitment_lines(
    mine: Side, theirs: Side, prices: Prices, assumptions: Mapping[str, Assumption]
) -> dict[str, list[LineSource]]:
    """Lines of the package's commitments, less those of the package it is held against, by party."""
    lines: dict[str, list[LineSource]] = {code: [] for code in prices.discount}
    ours, others = mine.variants(), theirs.variants()
    for id in {**others, **ours}:
        if id in ours and id in others and _same(mine, theirs, id):
            continue
        for side, forms, sign in ((mine, ours, 1.0), (theirs, others, -1.0)):
            if id not in forms:
                continue
            first = forms[id][0][0]
            given_up = "" if sign > 0 else f" (in {side.package.name}, not in {mine.package.name})"
            for party in dict.fromkeys(p for term, _, _ in forms[id] for p in (term.payer, term.recipient)):
                uses = _uses(side, id, prices, assumptions, party)

                def evaluate(
                    points: Points, side: Side = side, id: str = id, party: str = party, sign: float = sign
                ) -> Floats:
                    value = expected(side, id, prices, points)[party]
                    return sign * np.broadcast_to(np.asarray(value, dtype=np.float64), (len(points),))

                citations = [c for term, _, _ in forms[id] for c in term.citation]
                everything = dict.fromkeys(
                    [*citations, *_uses(side, id, prices, assumptions, first.payer),
                     *_uses(side, id, prices, assumptions, first.recipient)]
                )  # fmt: skip
                lines[party].append(
                    LineSource(
                        id=id if sign > 0 else f"{id}@{side.package.name}",
                        label=first.label + given_up,
                        horizon=_span(first),
                        basis="arithmetic",
                        rests_on=tuple(everything),
                        uses=uses,
                        by_set=False,
                        evaluate=evaluate,
                        status=first.status,
                        pledge=(side, id) if sign > 0 else None,
                    )
                )
    return lines


def _same(mine: Side, theirs: Side, id: str) -> bool:
    """Whether both packages hold the same commitment on every branch, so that it cancels."""
    a, b = mine.variants()[id], theirs.variants()[id]
    whole = len(a) == len(b) == 1 and len(a[0][2]) == len(mine.branches) and len(b[0][2]) == len(theirs.branches)
    return whole and a[0][:2] == b[0][:2]


def _uses(
    side: Side, id: str, prices: Prices, assumptions: Mapping[str, Assumption], party: str
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    forms = side.variants()[id]
    for term, _, _ in forms:
        found |= dict.fromkeys(commitment_uses(term, prices, assumptions, (party,)))
    if len(forms) > 1 or len(forms[0][2]) < len(side.branches):
        found |= {p: None for b in side.branches for p, _ in b.chances if isinstance(p, str)}
    return tuple(sorted(found))


def rent_lines(
    mine: Side, theirs: Side, prices: Prices, years: int, flows: Callable[[MarketAccess], float]
) -> dict[str, list[LineSource]]:
    """What the exporting side loses where the rent of a removed measure was its own, by party.

    In the model the exporter's part of the rent is taken off the importer's price as a cost, which leaves the
    exporter whole; the line takes it from the exporter: its rent on the trade of the base year.
    """
    lines: dict[str, list[LineSource]] = {}
    for side, sign in ((mine, 1.0), (theirs, -1.0)):
        for term in side.package.access:
            if not term.rent_exporter or term.status == "void":
                continue
            start = mine.package.date
            named = [v for v in (term.equivalent, term.reach, term.real_share) if isinstance(v, str)]
            rate = prices.discount[term.exporter]
            uses = tuple(dict.fromkeys([*named, *([rate] if isinstance(rate, str) else [])]))
            held = _held(side, term, start, years)

            def evaluate(
                points: Points,
                term: MarketAccess = term,
                rate: float | str = rate,
                sign: float = sign,
                held: Floats = held,
            ) -> Floats:
                rent = points.get(term.equivalent) * points.get(term.reach) * (1 - points.get(term.real_share))
                yearly = -sign * flows(term) * rent * term.rent_exporter
                return np.asarray(yearly * (held[:, None] * discounts(points, rate, years)).sum(axis=0))

            lines.setdefault(term.exporter, []).append(
                LineSource(
                    id=f"rent-{term.id}" if sign > 0 else f"rent-{term.id}@{side.package.name}",
                    label=f"Rent given up: {term.label}",
                    horizon=f"{years} years",
                    basis="arithmetic",
                    rests_on=(*term.citation, *uses),
                    uses=uses,
                    by_set=False,
                    evaluate=evaluate,
                    status=term.status,
                )
            )
    return lines


def _held(side: Side, term: MarketAccess, start: dt.date, years: int) -> Floats:
    """Share of each year on which the measure is away."""
    held = np.zeros(years)
    for year, shares in enumerate(year_weights(_spans(term, start), start, years)):
        held[year] = sum(share for state, share in shares.items() if state)
    return held


def _spans(term: MarketAccess, start: dt.date) -> tuple[tuple[dt.date, bool], ...]:
    spans = [(max(term.since or start, start), True)]
    if term.until:
        spans.append((term.until + dt.timedelta(days=1), False))
    return tuple(spans)


def _span(term: Commitment) -> str:
    years = len(term.payments())
    life = getattr(term, "life", None)
    paid = f"paid over {years} year{'s' if years > 1 else ''}"
    return f"{paid}, projects pay for {life} years" if life else paid
