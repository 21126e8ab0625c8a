"""What a law file may say: dated tariff rows by legal authority, and judgements that carry them to sectors.

Rates are PERCENT as in statutes and gazettes (25 means 25 percent); shares are fractions from 0 to 1.
`until` is the last day in force; an absent `until` means open when last seen. Every row has a citation.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from winset.core.casefile import CaseModel

__all__ = [
    "ALL_GOODS",
    "EVERYTHING_ELSE",
    "Compliance",
    "Entry",
    "Estimate",
    "Exemption",
    "Good",
    "Kind",
    "LawFile",
    "LawPart",
    "NormalDuty",
    "SectorDuty",
    "SectorShare",
    "Stacking",
    "Status",
]

EVERYTHING_ELSE = "everything-else"
"""The good that stands for every named good which has no row of its own under an authority."""
ALL_GOODS = "all-goods"
"""The good that stands for all goods whatever, the named ones too."""

Status = Literal["in_force", "unconfirmed", "announced", "threatened", "void"]
Kind = Literal["additional", "total"]
Confidence = Literal["high", "medium", "low"]
Words = Annotated[str, Field(min_length=1)]
# Strict, because `rate: yes` or `rate: "25"` would otherwise pass for a number.
Percent = Annotated[float, Field(ge=-100, le=1000, strict=True)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[Words, ...], BeforeValidator(_listed)]


class Estimate(CaseModel):
    """A share with its range; written `0.6`, or `[0.6, 0.4, 0.8]` for share, low, high."""

    share: Share
    low: Share
    high: Share

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"share": value, "low": value, "high": value}
        if isinstance(value, list):
            if len(value) != 3:
                raise ValueError("write one number, or [share, low, high]")
            return dict(zip(("share", "low", "high"), value, strict=True))
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if not self.low <= self.share <= self.high:
            raise ValueError(f"the share {self.share:g} lies outside its range {self.low:g} to {self.high:g}")
        return self


class Dated(CaseModel):
    """A row that holds from `since` to `until`, both included; open at an absent end."""

    since: dt.date | None = None
    until: dt.date | None = None

    @model_validator(mode="after")
    def _forward(self) -> Dated:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"'until' ({self.until}) is before 'since' ({self.since})")
        return self

    def covers(self, on: dt.date) -> bool:
        """Whether the row holds on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class Scoped(Dated):
    """A judgement that holds for some trade: absent `importer` or `exporters` means any."""

    importer: Words | None = None
    exporters: Names = ()
    citation: Words
    confidence: Confidence = "low"
    note: str = ""

    def reaches(self, importer: str, exporter: str, on: dt.date) -> bool:
        """Whether the row speaks of this trade on this day."""
        return (
            (self.importer is None or self.importer == importer)
            and (not self.exporters or exporter in self.exporters)
            and self.covers(on)
        )

    @property
    def precision(self) -> int:
        """How specific the row is; of two that reach the same trade the more specific wins."""
        return 2 * bool(self.exporters) + (self.importer is not None)


class Good(CaseModel):
    """A named line: what it is, its headings, and the wider goods of which it is a part."""

    label: Words
    hs: tuple[Words, ...] = ()
    """Headings of the Harmonized System, 2 to 10 digits; empty where the line is a legal list."""
    parents: Names = ()
    partial: bool = False
    """Whether the law means only some of what lies under these headings, or a part of its value (a metal in
    machines): on tariff lines it is then laid by the shares that the law states."""
    note: str = ""


class Duty(Dated):
    """What every row of law has."""

    importer: Words
    exporters: Names
    """Regions, or `all` for every region of the file except the importer."""
    authority: Words
    action: str = ""
    """A label that lets two duties under one authority stand side by side and add up."""
    since: dt.date
    status: Status = "in_force"
    citation: Words
    confidence: Confidence = "medium"
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Authority and action: within one key the most specific row wins, across keys duties stack."""
        return self.authority, self.action


class Entry(Duty):
    """A duty on one good."""

    barring: Names = Field(default=(), alias="except")
    """Exporters that `all` leaves out."""
    good: Words
    rate: Percent
    kind: Kind = "additional"
    """`additional` is on top of the normal duty; `total` is the higher of the normal duty and the rate."""
    coverage: Estimate = Estimate(share=1.0, low=1.0, high=1.0)
    """Share of the line's value that the duty hits, when it is averaged over a sector."""
    aggregate: bool = True
    """False: answers for its good, but is already in a sector's rate by another row."""


class NormalDuty(CaseModel):
    """Trade of which the record claims to know all extra duties: where no row applies, there is none."""

    importers: Names
    exporters: Names
    authority: Words
    citation: Words
    note: str = ""


class Stacking(Dated):
    """Who replaces whom. Where `authority` has a non-zero row for a good, `excludes` do not apply to it.

    Rules work in the order of the file, and a duty that one rule removed removes nothing itself.
    """

    authority: Words
    excludes: Names
    """Authorities, or `authority/action` for one action only."""
    importer: Words | None = None
    exporters: Names = ()
    goods: Names = ()
    """The goods (and all that have them as parents) to which the rule is limited; none: all."""
    reach: Literal["named", "any"] = "named"
    """`any`: the rule works also where the authority reaches the good only as `everything-else`."""
    citation: Words
    note: str = ""


class Compliance(Scoped):
    """Share of trade that claims a preference, by date; that part of a good becomes its twin good."""

    preference: Words
    importer: Words
    exporters: Names = Field(min_length=1)
    sectors: Names = ()
    twins: dict[Words, Words]
    """Good to the good that its compliant part is."""
    steps: dict[dt.date, Estimate] = Field(min_length=1)
    """Day to the share from that day on."""


class SectorShare(Scoped):
    """How much of a sector's imports is this good, by sector. What is left over is `everything-else`."""

    good: Words
    shares: dict[Words, Estimate] = Field(min_length=1)


class Exemption(Scoped):
    """Share of a sector's imports (outside the goods with rows of their own) that is on an exempt list."""

    authorities: Names
    shares: dict[Words, Estimate] = Field(min_length=1)


class SectorDuty(Duty):
    """A duty known only as an average by sector (percent, added to the normal duty)."""

    rates: dict[Words, Percent] = Field(min_length=1)


class LawFile(CaseModel):
    """The whole file."""

    about: Words
    known_from: dt.date
    """Before this day the record is silent, and so is every answer."""
    base_date: dt.date
    """The law of this day is taken as already in the base-year trade data."""
    last_seen: dt.date
    """Last day to which the sources reach; an answer for a later day says so."""
    regions: tuple[Words, ...]
    sectors: tuple[Words, ...]
    untaxed: tuple[Words, ...] = ()
    """Sectors that never pay a duty."""
    authorities: dict[Words, Words]
    goods: dict[Words, Good]
    normal_duty: tuple[NormalDuty, ...]
    stacking: tuple[Stacking, ...] = ()
    compliance: tuple[Compliance, ...] = ()
    sector_shares: tuple[SectorShare, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    sector_rates: tuple[SectorDuty, ...] = ()
    entries: tuple[Entry, ...] = ()


Section = Literal[
    "untaxed",
    "normal_duty",
    "stacking",
    "compliance",
    "sector_shares",
    "exemptions",
    "sector_rates",
    "entries",
]


class LawPart(CaseModel):
    """A file that stands on another law: only what it adds to it, or says in its place."""

    extends: Words
    """A law that comes with Winset, the law of a shipped case, or a file of the same case folder."""
    replaces: tuple[Section, ...] = ()
    """Sections of which nothing is taken over."""
    about: Words | None = None
    known_from: dt.date | None = None
    base_date: dt.date | None = None
    last_seen: dt.date | None = None
    regions: tuple[Words, ...] = ()
    sectors: tuple[Words, ...] = ()
    untaxed: tuple[Words, ...] = ()
    authorities: dict[Words, Words] = {}
    goods: dict[Words, Good] = {}
    normal_duty: tuple[NormalDuty, ...] = ()
    stacking: tuple[Stacking, ...] = ()
    compliance: tuple[Compliance, ...] = ()
    sector_shares: tuple[SectorShare, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    sector_rates: tuple[SectorDuty, ...] = ()
    entries: tuple[Entry, ...] = ()
