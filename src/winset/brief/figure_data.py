"""What some pictures need beyond tables of the brief: rates by authority, the world, bargains, memos by package.

Plain data, filled by the workflow. Every number that a picture prints is a `Finding`, or a rate of law with its
citation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from winset.brief.content import Finding

__all__ = [
    "BargainPoint",
    "BargainView",
    "DutyPart",
    "DutyPath",
    "DutyStep",
    "DutyTimeline",
    "MemoSeries",
    "PolicyDate",
    "RegionEffect",
    "WorldEffects",
]


@dataclass(frozen=True, kw_only=True)
class DutyPart:
    """One duty of several that a good pays."""

    authority: str
    """Legal authority, as the law file names it: "S232"."""
    rate: float
    """Percent."""
    kind: Literal["additional", "total"] = "additional"
    """total: all that is paid, the normal duty within it; of several totals the highest is paid."""
    citation: str = ""
    """Notice or proclamation."""


@dataclass(frozen=True, kw_only=True)
class DutyStep:
    """What a good pays from a day on."""

    since: str
    """ISO day."""
    rate: float | None
    """Percent in all; None where the record does not settle it."""
    parts: tuple[DutyPart, ...] = ()
    """The duties behind it; empty for none, and where the rate is unknown."""
    why: str = ""
    """Why it is unknown."""


@dataclass(frozen=True, kw_only=True)
class DutyPath:
    """One good through time."""

    good: str
    """Id in the law file."""
    label: str
    steps: tuple[DutyStep, ...]
    """In order of days; each holds until the next."""


@dataclass(frozen=True, kw_only=True)
class PolicyDate:
    """A day worth marking across the strips: a deal, a ruling."""

    day: str
    """ISO."""
    label: str
    """A few words."""
    claim: str = ""
    """Id of the claim it rests on."""


@dataclass(frozen=True, kw_only=True)
class DutyTimeline:
    """Rates of an importer on an exporter, by legal authority."""

    importer: str
    """Name of the region."""
    exporter: str
    """Name of the region."""
    paths: tuple[DutyPath, ...]
    dates: tuple[PolicyDate, ...] = ()
    authorities: tuple[tuple[str, str], ...] = ()
    """(id, name in words) in the order of stacking; authorities not listed follow under their ids."""


@dataclass(frozen=True, kw_only=True)
class RegionEffect:
    """What the packages do to one region of the baseline."""

    code: str
    """ISO 3166 alpha-3, or the baseline's code of an aggregate."""
    name: str
    members: tuple[str, ...] = ()
    """ISO 3166 alpha-3 codes of an aggregate; empty where `code` is one itself."""
    party: bool = False
    """Whether it sits at the table."""
    residual: bool = False
    """Whether it is the rest of the world: it then takes every country that no other region names."""
    findings: tuple[Finding | None, ...]
    """Change of real income, percent, one per package of `WorldEffects.packages`; None: not reported."""


@dataclass(frozen=True, kw_only=True)
class WorldEffects:
    """Real income of every region of the baseline under some packages."""

    packages: tuple[str, ...]
    """Titles."""
    regions: tuple[RegionEffect, ...]


@dataclass(frozen=True, kw_only=True)
class BargainPoint:
    """A package with a name and what it is worth to each party."""

    id: str
    label: str
    kind: Literal["disagreement", "package", "offer", "solution", "status-quo", "counter-offer"]
    payoffs: tuple[Finding, ...]
    """Over disagreement, one per party of `BargainView.parties`."""
    by: str = ""
    """Who made the offer."""
    accepted_by: tuple[str, ...] = ()
    """Parties whose ratifiers accept it."""


@dataclass(frozen=True, kw_only=True)
class BargainView:
    """A bargain as it is drawn."""

    parties: tuple[str, ...]
    """Names, two to six."""
    points: tuple[BargainPoint, ...]
    """Disagreement first."""
    frontier: tuple[tuple[Finding, ...], ...] = ()
    """Payoffs of packages that no other betters for all, a finding per party."""
    sample: tuple[tuple[float, ...], ...] = ()
    """Payoffs of sampled packages in the unit of the findings, a number per party; drawn as small dots."""
    sample_accepted: tuple[tuple[bool, ...], ...] = ()
    """Whether each party's ratifiers accept it, in the order of `sample`; empty where nobody was asked."""
    sampled: int = 0
    """How many packages were sampled, for the caption; 0: as many as `sample` holds."""
    shares: tuple[Finding, ...] = ()
    """Share of the sample inside each party's win-set, for the key; empty where not measured."""


@dataclass(frozen=True, kw_only=True)
class MemoSeries:
    """A number shown beside the accounts (revenue, prices, exports), across packages."""

    id: str
    """As the account names it: "revenue", "prices"."""
    label: str
    packages: tuple[str, ...]
    """Titles."""
    rows: tuple[tuple[str, tuple[Finding | None, ...]], ...]
    """(party, a finding per package)."""
