"""Money that is not a tariff: pledges, purchases, defence. Plain arithmetic, every input named.

Each function returns {party: millions of constant base-year dollars, present value at the package's date};
a negative number is a cost. Inputs may be numbers or arrays over draws. Security itself is given no value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.package.case import Assumption
from winset.package.terms import (
    Commitment,
    DefencePayment,
    InvestmentPledge,
    Parameter,
    PurchaseCommitment,
    Schedule,
    parameters,
    yearly_amounts,
)
from winset.valuation.account import Band
from winset.valuation.points import corners

__all__ = [
    "KINDS",
    "Prices",
    "commitment_bands",
    "commitment_uses",
    "commitment_value",
    "pledge_per_dollar",
    "present_amount",
]

Floats = NDArray[np.float64]
Number = float | Floats


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What turns a payment of current dollars in a later year into constant dollars today."""

    valued_in: int
    """Calendar year of valuation."""
    inflation: Parameter
    """Expected change of dollar prices, fraction a year."""
    price_level: Parameter
    """Dollar price level at valuation over that of the baseline's year."""
    discount: Mapping[str, Parameter]
    """Real discount rate of each party, fraction a year."""


Lookup = Callable[[Parameter], Number]


def pledge_per_dollar(
    *,
    project_yield: Number,
    required_return: Number,
    deemed_rate: Number,
    share_before: Number,
    share_after: Number,
    life: int,
    lag: int,
) -> tuple[Number, Number]:
    """(payer, host) net present value of a dollar put into a project, at the day it is put in.

    The project pays `project_yield` a year for `life` years, the first payment `lag` + 1 years after the
    dollar. The payer takes `share_before` of it until its own receipts have repaid the dollar and the deemed
    interest on it, `share_after` then (pro rata in the year of the change). Both sides discount at
    `required_return`. The payer's value starts at -1; the host's is the cash it keeps.
    """
    before = np.asarray(share_before * project_yield, dtype=np.float64)
    after = np.asarray(share_after * project_yield, dtype=np.float64)
    owed: Floats = np.ones(np.broadcast(before, after, deemed_rate, required_return).shape)
    payer: Floats = -np.ones_like(owed)
    host: Floats = np.zeros_like(owed)
    for year in range(1, lag + life + 1):
        owed = owed * (1 + deemed_rate)
        if year <= lag:
            continue
        # The part of the year's cash that still repays: all of it, none, or what is left over it.
        part = np.clip(np.divide(owed, before, out=np.ones_like(owed), where=before > 0), 0.0, 1.0)
        received = part * before + (1 - part) * after
        owed = np.maximum(owed - before, 0.0)
        factor = (1 + required_return) ** -year
        payer = payer + received * factor
        host = host + (project_yield - received) * factor
    return payer[()], host[()]


@lru_cache(maxsize=4096)
def _pledge_of_numbers(life: int, lag: int, *terms: float) -> tuple[Number, Number]:
    """`pledge_per_dollar` at single numbers, kept: a search over amounts asks for the same dollar many times."""
    project_yield, required_return, deemed_rate, share_before, share_after = terms
    return pledge_per_dollar(
        project_yield=project_yield, required_return=required_return, deemed_rate=deemed_rate,
        share_before=share_before, share_after=share_after, life=life, lag=lag,
    )  # fmt: skip


def _pledge(term: InvestmentPledge, get: Lookup) -> tuple[Number, Number]:
    inputs = {
        "project_yield": get(term.project_yield) * (1 - get(term.loss)),
        "required_return": get(term.required_return),
        "deemed_rate": get(term.deemed_rate),
        "share_before": get(term.share_before),
        "share_after": get(term.share_after),
    }
    if all(isinstance(one, float) for one in inputs.values()):
        payer, host = _pledge_of_numbers(term.life, term.lag, *map(float, inputs.values()))
    else:
        payer, host = pledge_per_dollar(**inputs, life=term.life, lag=term.lag)
    credit, new, grant = get(term.credit_share), 1 - get(term.planned_anyway), get(term.grant_element)
    return new * ((1 - credit) * payer - credit * grant), new * ((1 - credit) * host + credit * grant)


def _purchase(term: PurchaseCommitment, get: Lookup) -> tuple[Number, Number]:
    diverted = 1 - get(term.bought_anyway)
    return -diverted * get(term.premium), diverted * get(term.seller_gain)


def _defence(term: DefencePayment, get: Lookup) -> tuple[Number, Number]:
    new = 1 - get(term.paid_anyway)
    return -new * (1 - get(term.local_gain)), new


KINDS: Mapping[type[Schedule], Callable[[Any, Lookup], tuple[Number, Number]]] = {
    InvestmentPledge: _pledge,
    PurchaseCommitment: _purchase,
    DefencePayment: _defence,
}
"""Every kind of commitment: what a dollar of it is worth to (payer, recipient) on the day it is paid."""


def present_amount(
    term: Commitment, party: str, prices: Prices, get: Lookup, *, until: dt.date | None = None
) -> Number:
    """Present value of the payments themselves at one side's discount rate, millions of base-year dollars.

    until: payments of calendar years after this day's are withheld.
    """
    yearly = (1 + get(prices.discount[party])) * (1 + get(prices.inflation))
    total: Number = 0.0
    for year, amount in yearly_amounts(term, prices.valued_in):
        if until is None or prices.valued_in + year <= until.year:
            total = total + amount * yearly**-year
    if isinstance(term, PurchaseCommitment) and term.volume is not None and term.unit_price is not None:
        total = total * (term.volume * get(term.unit_price) / 1e6)
    return total / get(prices.price_level)


def commitment_value(
    term: Commitment, prices: Prices, get: Lookup, *, until: dt.date | None = None
) -> dict[str, Number]:
    """{payer: value, recipient: value} of a term, its parameters read through `get`."""
    worth = KINDS[type(term)](term, get)
    return {
        party: present_amount(term, party, prices, get, until=until) * per_dollar
        for party, per_dollar in zip((term.payer, term.recipient), worth, strict=True)
    }


def commitment_uses(
    term: Commitment, prices: Prices, assumptions: Mapping[str, Assumption], parties: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Ids of the assumptions that a term's value rests on, for both sides or for some."""
    sides = parties or (term.payer, term.recipient)
    named = [value for _, value, _ in parameters(term) if isinstance(value, str)]
    named += [v for v in (prices.inflation, prices.price_level) if isinstance(v, str)]
    named += [v for p in sides if isinstance(v := prices.discount[p], str)]
    return tuple(sorted(set(named) & set(assumptions)))


def commitment_bands(
    term: Commitment, prices: Prices, assumptions: Mapping[str, Assumption]
) -> tuple[dict[str, Band], tuple[str, ...]]:
    """Bands of a term for both sides, and the assumptions it rests on.

    Low and high are the extremes over every corner of the ranges of those assumptions.
    """
    used = commitment_uses(term, prices, assumptions)
    only = {name: assumptions[name] for name in used}
    points = corners(only, used, (0,), of=f"commitment {term.id!r}")
    middle = commitment_value(term, prices, lambda p: only[p].value if isinstance(p, str) else float(p))
    ends = commitment_value(term, prices, points.get)
    bands = {
        party: Band(
            value=float(middle[party]),
            low=float(np.minimum(np.min(ends[party]), middle[party])),
            high=float(np.maximum(np.max(ends[party]), middle[party])),
        )
        for party in middle
    }
    return bands, used
