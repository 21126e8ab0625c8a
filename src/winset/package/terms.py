"""The terms a package is made of. Amounts are millions of current US dollars; rates are percent.

A parameter is either a number or the id of an assumption in `case.yaml`, where it has a value, a range and
a reason. A new kind of term is a class here, listed in `Commitment`, with its arithmetic in
`winset.valuation.commitments`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from winset.core.casefile import CaseModel

__all__ = [
    "Commitment",
    "DefencePayment",
    "InvestmentPledge",
    "Parameter",
    "PurchaseCommitment",
    "Status",
    "TariffTerm",
    "yearly_amounts",
]

Status = Literal["in_force", "agreed", "announced", "proposed", "threatened", "void"]
Parameter = float | str
"""A number, or the id of an assumption of the case."""
Rate = Annotated[float, Field(gt=-100, le=1000)]
Amount = Annotated[float, Field(gt=0, le=1e8)]


class TariffTerm(CaseModel):
    """A rate on one good, in place of what the law says for the same pair, good and authority."""

    importer: str
    exporter: str
    good: str
    authority: str
    rate: Rate
    """Percent of customs value."""
    kind: Literal["additional", "total"]
    """`additional` is added to the normal duty; `total` is the higher of the normal duty and the rate."""
    action: str | None = None
    """Label that lets two duties of one authority add up."""
    status: Status
    citation: list[str] = Field(min_length=1)
    """Ids of claims in the record."""

    @model_validator(mode="after")
    def _two_sides(self) -> TariffTerm:
        if self.importer == self.exporter:
            raise ValueError("a tariff needs two different regions")
        return self


class _Schedule(CaseModel):
    id: str
    label: str
    payer: str
    """Region that pays."""
    recipient: str
    """Region that receives."""
    amount: Amount
    """Total, millions of current US dollars."""
    start: int
    """First calendar year of payment."""
    years: int = Field(ge=1, le=60)
    """Number of years over which it is paid, evenly."""
    yearly_cap: Amount | None = None
    """Most that may be paid in one year, millions; the schedule then runs as long as it takes."""
    status: Status
    citation: list[str] = Field(min_length=1)

    @model_validator(mode="after")
    def _sides_and_cap(self) -> _Schedule:
        if self.payer == self.recipient:
            raise ValueError("payer and recipient are the same region")
        if self.yearly_cap is not None and self.amount / self.years > self.yearly_cap * (1 + 1e-9):
            raise ValueError(
                f"{self.amount:,.0f} over {self.years} years is {self.amount / self.years:,.0f} a year, "
                f"above the yearly cap of {self.yearly_cap:,.0f}"
            )
        return self


class InvestmentPledge(_Schedule):
    """A promise to invest. Its cost is what the payer does not get back, not the headline."""

    kind: Literal["investment-pledge"]
    planned_anyway: Parameter
    """Share that would have been invested without the package, 0 to 1."""
    credit_share: Parameter
    """Share given as loans and guarantees, the rest as money put into projects, 0 to 1."""
    grant_element: Parameter
    """What a dollar of loans and guarantees costs the payer, 0 to 1."""
    project_yield: Parameter
    """Yearly cash of a project per dollar put in, fraction."""
    required_return: Parameter
    """Return that money of this risk must earn, fraction a year: the payer's discount rate for it."""
    deemed_rate: Parameter
    """Interest at which the payer's unrecovered principal grows under the split rule, fraction a year."""
    share_before: Parameter
    """Payer's share of the cash until its principal and deemed interest are back."""
    share_after: Parameter
    """Payer's share of the cash afterwards."""
    life: int = Field(default=20, ge=1, le=100)
    """Years for which a project pays."""
    lag: int = Field(default=2, ge=0, le=20)
    """Years between disbursement and the year before the first payment."""


class PurchaseCommitment(_Schedule):
    """A promise to buy. Only what would not have been bought anyway, and its premium, is worth anything."""

    kind: Literal["purchase"]
    good: str
    bought_anyway: Parameter
    """Share that would have been bought without the package, 0 to 1."""
    premium: Parameter
    """Extra cost to the buyer per dollar diverted, fraction of value."""
    seller_gain: Parameter
    """Gain to the seller's country per dollar diverted, fraction of value."""


class DefencePayment(_Schedule):
    """A payment toward troops or a defence programme. No value of the security itself is claimed."""

    kind: Literal["defence-payment"]
    paid_anyway: Parameter
    """Share that existing agreements or plans would have paid without the package, 0 to 1."""
    local_gain: Parameter
    """Share of each dollar that returns to the payer as extra local income, 0 to 1."""


Commitment = Annotated[InvestmentPledge | PurchaseCommitment | DefencePayment, Field(discriminator="kind")]


def yearly_amounts(term: _Schedule, valued_in: int) -> list[tuple[int, float]]:
    """(years after valuation: 1, 2, ...; millions of current dollars) of a schedule valued in a calendar year.

    Payments fall a whole number of years after the valuation, the first at the earliest one year after it;
    nothing of the amount is lost where the schedule had already begun.
    """
    first = max(term.start - valued_in, 1)
    each = term.amount / term.years
    return [(first + k, each) for k in range(term.years)]
