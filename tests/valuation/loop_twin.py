"""A slow twin of the draws: one draw at a time, plain floats, no array; as a person would do it on paper."""

from __future__ import annotations

from collections.abc import Mapping

from winset.package.case import Case
from winset.package.terms import Commitment, DefencePayment, InvestmentPledge, PurchaseCommitment


def pledge(y: float, k: float, d: float, before: float, after: float, life: int, lag: int) -> tuple[float, float]:
    owed, payer, host = 1.0, -1.0, 0.0
    for year in range(1, lag + life + 1):
        owed *= 1 + d
        if year <= lag:
            continue
        cash = before * y
        if owed <= 0:
            received = after * y
        elif cash < owed:
            received = cash
            owed -= cash
        else:
            part = owed / cash if cash > 0 else 1.0
            received = part * cash + (1 - part) * after * y
            owed = 0.0
        payer += received * (1 + k) ** -year
        host += (y - received) * (1 + k) ** -year
    return payer, host


def commitment(term: Commitment, case: Case, party: str, year: int, at: Mapping[str, float]) -> float:
    """What one commitment is worth to a party on one draw, millions."""

    def get(p: float | str) -> float:
        return at[p] if isinstance(p, str) else float(p)

    sheet = case.sheet
    rate = next(p.discount_rate for p in sheet.parties if p.code == party)
    assert rate is not None
    assert term.start is not None
    assert term.years is not None
    assert term.amount is not None
    yearly = (1 + get(rate)) * (1 + get(sheet.horizon.inflation))
    first = max(term.start - year, 1)
    stream = 0.0
    for k in range(term.years):
        stream += term.amount / term.years * yearly ** -(first + k)
    stream /= get(sheet.horizon.price_level)
    if isinstance(term, InvestmentPledge):
        payer, host = pledge(
            get(term.project_yield), get(term.required_return), get(term.deemed_rate), get(term.share_before),
            get(term.share_after), term.life, term.lag,
        )  # fmt: skip
        credit, grant = get(term.credit_share), get(term.grant_element)
        mine = (1 - credit) * payer - credit * grant
        theirs = (1 - credit) * host + credit * grant
        worth = (1 - get(term.planned_anyway)) * (mine if party == term.payer else theirs)
    elif isinstance(term, PurchaseCommitment):
        share = -get(term.premium) if party == term.payer else get(term.seller_gain)
        worth = (1 - get(term.bought_anyway)) * share
    else:
        assert isinstance(term, DefencePayment)
        worth = (1 - get(term.paid_anyway)) * (get(term.local_gain) - 1 if party == term.payer else 1.0)
    return stream * worth
