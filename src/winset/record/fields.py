"""The parts of a claim: words, days with their doubt, quantities with their unit."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from winset.core.casefile import CaseModel

__all__ = ["Effective", "Moment", "PartyCode", "Quantity", "Slug", "When", "Word"]

Word = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
PartyCode = Annotated[str, Field(pattern=r"^([A-Z]{3}|[A-Z]{2,3}[0-9]{2})$")]
"""ISO 3166 alpha-3, or the code of a bloc (capitals and the number of its members)."""


def _as_utc(moment: dt.datetime) -> dt.datetime:
    # Decisions are ordered by their moment; a bare day or local clock is read as UTC so that all compare.
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


Moment = Annotated[dt.datetime, AfterValidator(_as_utc)]


class When(CaseModel):
    """A day, or bounds around one. A month is never taken for its first day."""

    value: dt.date | None = None
    """The day, where it is known."""
    earliest: dt.date | None = None
    """First possible day, where the day is not known."""
    latest: dt.date | None = None
    """Last possible day, where the day is not known."""
    text: str = ""
    """The fuzzy wording, for display: "early July"."""
    basis: Literal["stated", "inferred", "unknown"] = "stated"
    """stated in a source; inferred from it; unknown: bounds only."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.value is None and (self.earliest is None or self.latest is None):
            raise ValueError("give 'value', or both 'earliest' and 'latest'")
        if self.value is not None and (self.earliest or self.latest):
            raise ValueError("give either 'value' or the bounds, not both")
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"'earliest' {self.earliest} lies after 'latest' {self.latest}")
        return self

    @property
    def first(self) -> dt.date:
        """The day, or the first possible one."""
        day = self.value or self.earliest
        assert day is not None  # noqa: S101  (the validator above)
        return day

    @property
    def last(self) -> dt.date:
        """The day, or the last possible one."""
        day = self.value or self.latest
        assert day is not None  # noqa: S101  (the validator above)
        return day


class Quantity(CaseModel):
    """A number with its unit, or bounds."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Word
    """In words: percent, "million USD", "tonnes a year"."""
    approx: bool = False
    """Whether the source says about."""

    @model_validator(mode="after")
    def _some_number(self) -> Self:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError("a quantity needs 'value', 'low' or 'high'")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"'low' {self.low} is above 'high' {self.high}")
        return self


class Effective(CaseModel):
    """From which day to which a term holds; `until` is the last day and only what was known with it."""

    since: dt.date | None = None
    until: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"'since' {self.since} lies after 'until' {self.until}")
        return self
