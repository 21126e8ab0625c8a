"""Money that is not a tariff: pledges, purchases, defence. Plain arithmetic, every input named.

Each function returns {party: millions of constant base-year dollars, present value at the package's date};
a negative number is a cost. Security itself is given no value here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from winset.core.errors import RequestError
from winset.package.case import Assumption
from winset.package.terms import (
    Commitment,
    DefencePayment,
    InvestmentPledge,
    Parameter,
    PurchaseCommitment,
    yearly_amounts,
)
from winset.valuation.account import Band

__all__ = ["Prices", "commitment_bands", "commitment_value", "pledge_per_dollar"]

MAX_RANGED = 12
"""Most ranged inputs of one term whose corners are all tried (4,096 evaluations)."""


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


Lookup = Callable[[Parameter], float]


def pledge_per_dollar(
    *,
    project_yield: float,
    required_return: float,
    deemed_rate: float,
    share_before: float,
    share_after: float,
    life: int,
    lag: int,
) -> tuple[float, float]:
    """(payer, host) net present value of a dollar put into a project, at the day it is put in.

    The project pays `project_yield` a year for `life` years, the first payment `lag` + 1 years after the
    dollar. The payer takes `share_before` of it until its own receipts have repaid the dollar and the deemed
    interest on it, `share_after` then (pro rata in the year of the change). Both sides discount at
    `required_return`. The payer's value starts at -1; the host's is the cash it keeps.
    """
    owed, payer, host = 1.0, -1.0, 0.0
    for year in range(1, lag + life + 1):
        owed *= 1 + deemed_rate
        if year <= lag:
            continue
        full = share_before * project_yield
        if owed <= 0:
            received = share_after * project_yield
        elif full < owed:
            received = full
            owed -= full
        else:
            part = owed / full if full > 0 else 1.0
            received = part * full + (1 - part) * share_after * project_yield
            owed = 0.0
        factor = (1 + required_return) ** -year
        payer += received * factor
        host += (project_yield - received) * factor
    return payer, host


def commitment_value(term: Commitment, prices: Prices, get: Lookup) -> dict[str, float]:
    """{payer: value, recipient: value} of a term, its parameters read through `get`."""
    streams = {
        party: sum(
            amount * ((1 + get(rate)) * (1 + get(prices.inflation))) ** -year
            for year, amount in yearly_amounts(term, prices.valued_in)
        )
        / get(prices.price_level)
        for party, rate in ((p, prices.discount[p]) for p in (term.payer, term.recipient))
    }
    if isinstance(term, InvestmentPledge):
        payer, host = pledge_per_dollar(
            project_yield=get(term.project_yield),
            required_return=get(term.required_return),
            deemed_rate=get(term.deemed_rate),
            share_before=get(term.share_before),
            share_after=get(term.share_after),
            life=term.life,
            lag=term.lag,
        )
        credit, new = get(term.credit_share), 1 - get(term.planned_anyway)
        grant = get(term.grant_element)
        per_payer = new * ((1 - credit) * payer - credit * grant)
        per_host = new * ((1 - credit) * host + credit * grant)
    elif isinstance(term, PurchaseCommitment):
        diverted = 1 - get(term.bought_anyway)
        per_payer, per_host = -diverted * get(term.premium), diverted * get(term.seller_gain)
    elif isinstance(term, DefencePayment):
        new = 1 - get(term.paid_anyway)
        per_payer, per_host = -new * (1 - get(term.local_gain)), new
    return {term.payer: streams[term.payer] * per_payer, term.recipient: streams[term.recipient] * per_host}


def commitment_bands(
    term: Commitment, prices: Prices, assumptions: Mapping[str, Assumption]
) -> tuple[dict[str, Band], tuple[str, ...]]:
    """Bands of a term for both sides, and the assumptions it rests on.

    Low and high are the extremes over every corner of the ranges of those assumptions.
    """
    used = sorted(
        {value for _, value in term if isinstance(value, str) and value in assumptions}
        | {v for v in (prices.inflation, prices.price_level) if isinstance(v, str)}
        | {v for p in (term.payer, term.recipient) if isinstance(v := prices.discount[p], str)}
    )
    ranged = [name for name in used if assumptions[name].low < assumptions[name].high]
    if len(ranged) > MAX_RANGED:
        raise RequestError(
            f"commitment {term.id!r} rests on {len(ranged)} ranged assumptions; at most {MAX_RANGED} are tried",
            remedy="Fix some of them (low = value = high)",
        )

    def at(values: Mapping[str, float]) -> dict[str, float]:
        return commitment_value(term, prices, lambda p: values[p] if isinstance(p, str) else float(p))

    centre = {name: assumptions[name].value for name in used}
    middle = at(centre)
    low, high = dict(middle), dict(middle)
    for corner in itertools.product(*((assumptions[n].low, assumptions[n].high) for n in ranged)):
        for party, value in at(centre | dict(zip(ranged, corner, strict=True))).items():
            low[party], high[party] = min(low[party], value), max(high[party], value)
    bands = {party: Band(value=middle[party], low=low[party], high=high[party]) for party in middle}
    return bands, tuple(used)
