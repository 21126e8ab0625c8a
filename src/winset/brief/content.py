"""What a brief says, as plain data: the contract between the workflow, which fills it, and the renderers.

Every number that is printed is a `Finding` or carries the id of what it rests on: a run, a claim of the
record, or an assumption of the case. Renderers format; they never add, divide or compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "AccountTable",
    "Assumed",
    "BreakEvenRow",
    "BriefContent",
    "ComparisonRow",
    "DriverRow",
    "Event",
    "Finding",
    "RateRow",
    "RateTable",
    "SectorRow",
    "Source",
]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number with everything that must stand beside it."""

    id: str
    """Unique in the brief, used as an anchor: f-1, f-2, ..."""
    label: str
    """What it is, in words."""
    value: float
    low: float
    high: float
    unit: str
    """In words: "million US dollars of 2022, present value", "percent", ..."""
    horizon: str
    against: str
    """The package it is held against, or empty."""
    baseline: str
    """Name of the baseline world."""
    closure: str
    elasticities: str
    """Central elasticity set."""
    basis: Literal["model", "arithmetic", "assumption", "record"]
    rests_on: tuple[str, ...]
    """Ids of runs, claims and assumptions."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something of the record that changed the state of play."""

    date: str
    """ISO, or in words where the day is not known."""
    text: str
    claim: str
    """Id of the claim."""


@dataclass(frozen=True, kw_only=True)
class RateRow:
    """One good across packages."""

    good: str
    label: str
    cells: tuple[str, ...]
    """One per column: "25 added", "15 in all", "unknown"."""
    details: tuple[str, ...]
    """One per column: legal authority and citation, or why it is unknown."""


@dataclass(frozen=True, kw_only=True)
class RateTable:
    """Rates of one importer on one exporter: now, and under each package."""

    importer: str
    exporter: str
    columns: tuple[str, ...]
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, kw_only=True)
class AccountTable:
    """The account of one package against one other: a column per party, a row per line, then the net."""

    package: str
    title: str
    summary: str
    status: str
    date: str
    background: str
    against: str
    parties: tuple[str, ...]
    """Names of the parties, in the order of the columns."""
    rows: tuple[tuple[str, tuple[Finding | None, ...]], ...]
    """(label, a finding per party or None where the line does not touch it)."""
    net: tuple[Finding, ...]
    memos: tuple[tuple[str, tuple[Finding | None, ...]], ...]
    """Numbers shown, never added: real income percent, revenue, prices, exports."""


@dataclass(frozen=True, kw_only=True)
class SectorRow:
    """One sector of one region: change of output by package, percent, central value and band."""

    region: str
    sector: str
    name: str
    findings: tuple[Finding | None, ...]
    """One per package of `BriefContent.packages`."""


@dataclass(frozen=True, kw_only=True)
class ComparisonRow:
    """A published estimate beside ours."""

    institution: str
    date: str
    scenario: str
    outcome: str
    published: str
    """As a range in words: "-0.30 to -0.40"."""
    published_low: float
    published_high: float
    ours: Finding
    inside: bool
    """Whether our band and the published range meet."""
    why: str
    claim: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """An assumption of the case."""

    id: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    why: str
    source: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A claim that the brief cites, with the document behind it."""

    claim: str
    text: str
    publisher: str
    date: str
    url: str
    confidence: str


@dataclass(frozen=True, kw_only=True)
class DriverRow:
    """What one assumption does to a party's net, all else at the centre."""

    label: str
    span: Finding
    """Value: the net; low and high: the lowest and highest net within the range of the assumption."""
    low_end: str
    """Which end of the range gives the lowest net, in words: "low end", "high end"."""
    share: Finding
    """Percent of the spread over the draws that goes with it."""


@dataclass(frozen=True, kw_only=True)
class BreakEvenRow:
    """The value of one input at which a party is indifferent."""

    party: str
    label: str
    value: Finding | None
    """None where no value does; the band is that of nine draws in ten in which there is one."""
    assumed: Finding | None
    """What the account assumes in its place."""
    why: str


@dataclass(frozen=True, kw_only=True)
class BriefContent:
    """Everything on the pages, in the order in which it is read."""

    title: str
    summary: str
    as_of: str
    """Day of the state of play (ISO)."""
    headline: str
    """One or two sentences; its numbers are those of `key_numbers`."""
    key_numbers: tuple[Finding, ...]
    """Three."""
    gains: str
    """Who gains, in one or two sentences."""
    changed: tuple[Event, ...]
    """What changed lately, newest first."""
    decide: tuple[str, ...]
    """What is open: threats and deadlines still ahead, from the record."""
    rates: tuple[RateTable, ...]
    packages: tuple[str, ...]
    """Names, in order of date."""
    package_titles: tuple[str, ...]
    accounts: tuple[AccountTable, ...]
    """One per package against `main_against`; then those of the headline package against the others."""
    main_against: str
    headline_package: str = ""
    """Name of the package of headline, waterfall and sensitivity table; empty: found by its net."""
    bars: tuple[tuple[str, tuple[Finding, ...]], ...]
    """Picture 1: (party name, net per package against `main_against`)."""
    waterfall: tuple[tuple[str, tuple[Finding, ...]], ...]
    """Picture 2: (party name, lines of the headline package then its net)."""
    tariff_path: tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...]
    """Picture 3: (label of good, ((ISO day from which it holds, percent or None for unknown), ...))."""
    sectors: tuple[SectorRow, ...]
    """Picture 4 and table: parties by sector by package."""
    third_parties: tuple[tuple[str, tuple[Finding, ...]], ...]
    """(region name, real income percent per package)."""
    elasticity_spread: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    """(party name, ((elasticity set, net of the headline package), ...)), for the sensitivity table."""
    draws: str = ""
    """What the draws are, in a sentence; empty where none were made."""
    chances: tuple[tuple[str, tuple[Finding, ...]], ...] = ()
    """(party name, in how many of 100 draws it gains, per package against `main_against`)."""
    drivers: tuple[tuple[str, tuple[DriverRow, ...]], ...] = ()
    """Picture: (party name, largest first), for the headline package."""
    break_evens: tuple[BreakEvenRow, ...] = ()
    """For the headline package."""
    comparisons: tuple[ComparisonRow, ...]
    leaves_out: tuple[str, ...]
    assumptions: tuple[Assumed, ...]
    contradictions: tuple[tuple[str, str, str], ...]
    """(one version, the other version, our reading)."""
    sources: tuple[Source, ...]
    method: tuple[tuple[str, str], ...]
    """(heading, paragraph): model, closure, elasticity sets, baseline, bands."""
    manifest: Mapping[str, Any]
