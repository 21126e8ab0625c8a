"""The terms a package is made of. Amounts are millions of current US dollars; rates are percent.

A parameter is either a number or the id of an assumption in `case.yaml`, where it has a value, a range and
a reason. A new kind of commitment is a class here, listed in `Commitment`; its arithmetic is one function
in the table `KINDS` of `winset.valuation.commitments`, and a test says if either is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from winset.core.casefile import CaseModel

__all__ = [
    "SHARE",
    "Cited",
    "Commitment",
    "Condition",
    "DefencePayment",
    "InvestmentPledge",
    "MarketAccess",
    "Parameter",
    "PurchaseCommitment",
    "Quota",
    "RateStep",
    "Schedule",
    "SnapBack",
    "Status",
    "Steps",
    "TariffTerm",
    "parameters",
    "yearly_amounts",
]

Status = Literal["in_force", "agreed", "announced", "proposed", "threatened", "void"]
"""A term that is `void` stays in the file for the record and counts for nothing."""
Parameter = float | str
"""A number, or the id of an assumption of the case."""
SHARE = "share"
"""Mark of a parameter that must lie between 0 and 1, as must the whole range of its assumption."""


def _share(value: float | str) -> float | str:
    if not isinstance(value, str) and not 0 <= value <= 1:
        raise ValueError(f"a share lies between 0 and 1, found {value:g} (rule: shares)")
    return value


Share = Annotated[float | str, AfterValidator(_share), SHARE]
Rate = Annotated[float, Field(gt=-100, le=1000)]
Amount = Annotated[float, Field(gt=0, le=1e8)]


class Cited(CaseModel):
    """Whatever stands in a package: how far it has come, and the claims that say so."""

    status: Status
    citation: list[str] = Field(default_factory=list, validate_default=True)
    """Ids of claims in the record, at least one."""

    @field_validator("citation")
    @classmethod
    def _has_source(cls, value: list[str]) -> list[str]:
        if not value:
            raise ValueError("a term without a citation: name the claim that it rests on (rule: citation)")
        return value


class Dated(Cited):
    """A term between two regions that holds from `since` to `until`, both included."""

    importer: str
    exporter: str
    since: dt.date | None = None
    """First day in force; absent: from the day of the package (in a condition: from its `by`)."""
    until: dt.date | None = None
    """Last day in force; afterwards the law of `from_law` holds again. Absent: to the horizon."""

    @model_validator(mode="after")
    def _sides_and_dates(self) -> Dated:
        if self.importer == self.exporter:
            raise ValueError("a tariff or a measure needs two different regions")
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"'until' ({self.until}) is before 'since' ({self.since}) (rule: dates)")
        return self

    def covers(self, on: dt.date) -> bool:
        """Whether the term holds on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def meets(self, other: Dated) -> bool:
        """Whether there is a day on which both hold."""
        first = max(self.since or dt.date.min, other.since or dt.date.min)
        return first <= min(self.until or dt.date.max, other.until or dt.date.max)


class RateStep(CaseModel):
    """From a day on, another rate."""

    since: dt.date
    rate: Rate


class Quota(CaseModel):
    """A cheaper rate for a limited quantity. The model sees the average rate of what comes in.

    Whether the next unit pays the in-quota or the out-of-quota rate depends on the quantity, a kink that a
    model of broad sectors cannot resolve; the share that enters within the quota is an input instead.
    """

    out_of_quota_rate: Rate
    """Percent, on what exceeds the quota; the term's own rate is that within it."""
    in_quota_share: Share
    """Share of the good's imports that enters within the quota, 0 to 1."""


class TariffTerm(Dated):
    """A rate on one good, in place of what the law says for the same pair, good and authority."""

    good: str
    authority: str
    rate: Rate
    """Percent of customs value, until the first of `steps`."""
    kind: Literal["additional", "total"]
    """`additional` is added to the normal duty; `total` is the higher of the normal duty and the rate."""
    action: str | None = None
    """Label that lets two duties of one authority add up."""
    steps: list[RateStep] = []
    """Staging: later rates with the day from which each holds."""
    quota: Quota | None = None

    @model_validator(mode="after")
    def _staged(self) -> TariffTerm:
        days = [step.since for step in self.steps]
        bounds = [*([self.since] if self.since else []), *days, *([self.until] if self.until else [])]
        if sorted(set(days)) != days or sorted(bounds) != bounds:
            raise ValueError("the days of 'steps' must rise, within 'since' and 'until' (rule: dates)")
        if self.quota and self.quota.out_of_quota_rate < self.rate:
            raise ValueError(
                f"the rate outside the quota ({self.quota.out_of_quota_rate:g}) is below that within it "
                f"({self.rate:g}) (rule: quota)"
            )
        return self

    def rate_on(self, day: dt.date) -> float:
        """Percent on a day on which the term holds, within the quota if there is one."""
        return next((step.rate for step in reversed(self.steps) if step.since <= day), self.rate)


class MarketAccess(Dated):
    """A measure at the border that is not a tariff, removed: what of it was real cost, and who had the rent."""

    id: str
    label: str
    sectors: list[str] = Field(min_length=1)
    """Sectors of the baseline."""
    equivalent: Share
    """What the removed measure added to the price, ad valorem, fraction of the price without it."""
    reach: Share = 1.0
    """Share of the sectors' trade between the two that it touched."""
    real_share: Share
    """Share of the equivalent that was real cost, burnt by delay and testing; the rest was somebody's rent."""
    rent_importer: float = Field(ge=0, le=1)
    """Share of the rent that stayed with the importing side (as a tariff's revenue does)."""
    rent_exporter: float = Field(ge=0, le=1)
    """Share of the rent that the exporting side had (as holders of quota licences do)."""

    @model_validator(mode="after")
    def _whose_rent(self) -> MarketAccess:
        if abs(self.rent_importer + self.rent_exporter - 1) > 1e-9:
            raise ValueError(
                f"rent shares {self.rent_importer:g} and {self.rent_exporter:g} do not sum to 1 (rule: shares sum)"
            )
        return self


class Schedule(Cited):
    """Money, or goods, promised over years."""

    id: str
    label: str
    payer: str
    """Region that pays."""
    recipient: str
    """Region that receives."""
    amount: Amount | None = None
    """Total, millions of current US dollars."""
    start: int | None = None
    """First calendar year of payment."""
    years: int | None = Field(default=None, ge=1, le=60)
    """Number of years over which it is paid, evenly."""
    schedule: dict[int, Amount] | None = None
    """In place of `start` and `years`: millions by calendar year, which must sum to `amount`."""
    yearly_cap: Amount | None = None
    """Most that may be paid in one year, millions."""

    @model_validator(mode="after")
    def _sides_and_cap(self) -> Schedule:
        if self.payer == self.recipient:
            raise ValueError("payer and recipient are the same region")
        if (self.schedule is None) == (self.start is None and self.years is None):
            raise ValueError("give either 'start' and 'years', or 'schedule' (rule: one schedule)")
        if self.schedule is None and (self.start is None or self.years is None):
            raise ValueError("'start' and 'years' go together (rule: one schedule)")
        if self.amount is None:
            return self
        if self.schedule is not None and abs(sum(self.schedule.values()) - self.amount) > 1e-9 * self.amount:
            raise ValueError(
                f"the schedule sums to {sum(self.schedule.values()):,.0f}, not to the amount of "
                f"{self.amount:,.0f} (rule: schedule sums)"
            )
        for year, paid in self.payments():
            if self.yearly_cap is not None and paid * self.amount > self.yearly_cap * (1 + 1e-9):
                what = f"{year} pays" if self.schedule else f"{self.amount:,.0f} over {self.years} years is"
                raise ValueError(
                    f"{what} {paid * self.amount:,.0f} a year, above the yearly cap of {self.yearly_cap:,.0f} "
                    "(rule: yearly cap)"
                )
        return self

    @model_validator(mode="after")
    def _has_amount(self) -> Schedule:
        if self.amount is None and getattr(self, "volume", None) is None:
            raise ValueError("the key 'amount' is missing")
        return self

    def payments(self) -> list[tuple[int, float]]:
        """(calendar year, share of the whole)."""
        if self.schedule is not None:
            whole = sum(self.schedule.values())
            return [(year, paid / whole) for year, paid in sorted(self.schedule.items())]
        first, count = self.start or 0, self.years or 1
        return [(first + k, 1 / count) for k in range(count)]


class InvestmentPledge(Schedule):
    """A promise to invest. Its cost is what the payer does not get back, not the headline."""

    kind: Literal["investment-pledge"]
    planned_anyway: Share
    """Share that would have been invested without the package, 0 to 1."""
    credit_share: Share
    """Share given as loans and guarantees, the rest as money put into projects, 0 to 1."""
    grant_element: Share
    """What a dollar of loans and guarantees costs the payer, 0 to 1."""
    project_yield: Parameter
    """Yearly cash of a project per dollar put in, fraction."""
    required_return: Parameter
    """Return that money of this risk must earn, fraction a year: the payer's discount rate for it."""
    deemed_rate: Parameter
    """Interest at which the payer's unrecovered principal grows under the split rule, fraction a year."""
    share_before: Share
    """Payer's share of the cash until its principal and deemed interest are back."""
    share_after: Share
    """Payer's share of the cash afterwards."""
    loss: Share = 0.0
    """Share of the cash of projects that is lost (failed projects), 0 to 1."""
    life: int = Field(default=20, ge=1, le=100)
    """Years for which a project pays."""
    lag: int = Field(default=2, ge=0, le=20)
    """Years between disbursement and the year before the first payment."""


class PurchaseCommitment(Schedule):
    """A promise to buy. Only what would not have been bought anyway, and its premium, is worth anything."""

    kind: Literal["purchase"]
    good: str
    volume: float | None = Field(default=None, gt=0)
    """In place of `amount`: a quantity, in units of which `unit_price` is the price."""
    unit_price: Parameter | None = None
    """Current US dollars a unit; only with `volume`."""
    bought_anyway: Share
    """Share that would have been bought without the package, 0 to 1."""
    premium: Parameter
    """Extra cost to the buyer per dollar diverted, fraction of value."""
    seller_gain: Parameter
    """Gain to the seller's country per dollar diverted, fraction of value."""

    @model_validator(mode="after")
    def _value_or_volume(self) -> PurchaseCommitment:
        if (self.amount is None) == (self.volume is None):
            raise ValueError("give either 'amount' or 'volume' (rule: value or volume)")
        if (self.volume is None) != (self.unit_price is None):
            raise ValueError("'volume' needs a 'unit_price', and nothing else has one (rule: value or volume)")
        return self


class DefencePayment(Schedule):
    """A payment toward troops or a defence programme. No value of the security itself is claimed."""

    kind: Literal["defence-payment"]
    paid_anyway: Share
    """Share that existing agreements or plans would have paid without the package, 0 to 1."""
    local_gain: Share
    """Share of each dollar that returns to the payer as extra local income, 0 to 1."""


Commitment = Annotated[InvestmentPledge | PurchaseCommitment | DefencePayment, Field(discriminator="kind")]


class Steps(CaseModel):
    """What a branch of a condition brings; tariffs take the place of the package's own on the same good."""

    tariffs: list[TariffTerm] = []
    access: list[MarketAccess] = []
    commitments: list[Commitment] = []


class Condition(Cited):
    """If this happens by that date, then that, otherwise something else."""

    id: str
    label: str
    """The event, in words."""
    by: dt.date
    """The day on which it is known whether it happened."""
    probability: Share
    """Judgement of the analyst, 0 to 1."""
    after: str | None = None
    """Id of an earlier condition that must have come about for this one to arise at all."""
    then: Steps = Steps()
    otherwise: Steps = Steps()


class SnapBack(Cited):
    """Enforcement: from a day on the tariffs of another package return."""

    on: dt.date
    to: str
    """Name of the package whose tariffs then hold between the parties."""
    probability: Share = 1.0
    """Probability that it comes to that: 1 for a date certain."""
    payments_stop: bool = True
    """Whether payments due in calendar years after that day are then withheld."""


def parameters(term: CaseModel) -> Iterator[tuple[str, float | str, bool]]:
    """(key, number or id of an assumption, whether it is a share) of every parameter that a term gives."""
    for key, spec in type(term).model_fields.items():
        value = getattr(term, key)
        # By type, so that an id or a label which happens to be the name of an assumption is none.
        if value is not None and spec.annotation in (Parameter, Parameter | None):
            yield key, value, SHARE in spec.metadata


def yearly_amounts(term: Schedule, valued_in: int) -> list[tuple[int, float]]:
    """(years after valuation: 1, 2, ...; millions of current dollars) of a schedule valued in a calendar year.

    Payments fall a whole number of years after the valuation, the first at the earliest one year after it;
    nothing of the amount is lost where the schedule had already begun. A volume without a price counts as 1.
    """
    payments = term.payments()
    shift = max(valued_in + 1 - payments[0][0], 0)
    whole = 1.0 if term.amount is None else term.amount
    return [(year + shift - valued_in, whole * share) for year, share in payments]
