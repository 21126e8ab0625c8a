"""What a brief says, as plain data: the contract between the workflow, which fills it, and the renderers.

Every number that is printed is a `Finding` or carries the id of what it rests on: a run, a claim of the
record, or an assumption of the case. Renderers format; they never add, divide or compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from winset.brief.figure_data import BargainView, DutyTimeline, MemoSeries, WorldEffects

__all__ = [
    "AccountTable",
    "Assumed",
    "Bargaining",
    "BreakEvenRow",
    "BriefContent",
    "ComparisonRow",
    "Contested",
    "Counter",
    "DriverRow",
    "Event",
    "Finding",
    "RateRow",
    "RateTable",
    "Refusal",
    "SectorRow",
    "Since",
    "Source",
]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number with everything that must stand beside it."""

    id: str
    """Unique in the brief and the same in every version of it, built from what the number is and used as an
    anchor: "net/deal/against/threat/KOR". No space, no quote."""
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
    language: str = "en"
    """ISO 639: the language of its words, and of the small words printed with it ("to" between two ends)."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something of the record that changed the state of play."""

    date: str
    """ISO, or in words where the day is not known."""
    text: str
    claim: str
    """Id of the claim."""
    publisher: str = ""
    """Who published it; empty where the claim stands in the list of sources."""
    url: str = ""


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
class Contested:
    """Two versions of one matter that cannot both be taken as they stand."""

    topic: str
    one: str
    other: str
    reading: str
    """Ours, and why; empty where none is held."""
    claim: str
    """Id of the line of the record."""
    matters: bool = False
    """Whether the headline package, or what it is held against, rests on one of the versions."""


@dataclass(frozen=True, kw_only=True)
class Since:
    """What is not as it was in an earlier version of the same brief."""

    version: str
    """Run of the earlier version; empty where this is the first."""
    inputs: tuple[str, ...] = ()
    """Which inputs, settings or versions of programs differ, in words."""
    moved: tuple[tuple[Finding, str], ...] = ()
    """(number of this version, the earlier one as it was printed), where the two differ as printed."""
    gone: tuple[str, ...] = ()
    """Labels of numbers that the earlier version had and this one has not."""
    added: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One condition of a party's ratifiers, and what it keeps out."""

    party: str
    label: str
    refused: Finding
    """Percent of the packages looked at that it refuses."""
    alone: Finding
    """Percent that it alone keeps out of the win-set."""
    why: str
    sources: tuple[str, ...] = ()
    """Ids of claims that it rests on."""


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The answer to an offer that suits one side best and that all ratifiers accept, or why there is none."""

    offer: str
    by: str
    changes: tuple[tuple[str, Finding], ...] = ()
    """(lever, by how much it moves)."""
    payoffs: tuple[Finding, ...] = ()
    reason: str = ""
    """Why there is none."""


@dataclass(frozen=True, kw_only=True)
class Bargaining:
    """What packages every side could ratify. Points and frontier are in `BriefContent.bargain_view`."""

    parties: tuple[str, ...]
    against: str
    """Title of the package that holds without a deal."""
    levers: tuple[tuple[str, str, tuple[Finding, ...]], ...] = ()
    """(lever, unit, where it stands at each solution)."""
    solutions: tuple[str, ...] = ()
    """Names, in the order of the findings of `levers`."""
    win_sets: tuple[Finding, ...] = ()
    """Percent of the packages looked at that all ratifiers of a party accept."""
    refusals: tuple[Refusal, ...] = ()
    agreement: Finding | None = None
    """Percent that all accept and that leave nobody below no deal."""
    agreement_words: str = ""
    """Whether there is room for a deal, in a sentence without numbers."""
    opens: tuple[tuple[str, Finding], ...] = ()
    """(condition, by how much it must give): the smallest relaxation that opens a deal, where there is none."""
    payment: tuple[Finding, ...] = ()
    """The cheapest side-payment that opens one, received by each party."""
    counters: tuple[Counter, ...] = ()
    in_words: tuple[str, ...] = ()
    """Conditions of the case that are not numbers."""
    sampling: str = ""
    """How packages were looked at."""


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
    elasticity_spread: tuple[tuple[str, tuple[tuple[str, Finding], ...]], ...]
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
    contradictions: tuple[Contested, ...]
    sources: tuple[Source, ...]
    method: tuple[tuple[str, str], ...]
    """(heading, paragraph): model, closure, elasticity sets, baseline, bands."""
    manifest: Mapping[str, Any]
    language: str = "en"
    """ISO 639: language of every text here; claims of the record stay in the language of the record."""
    since: Since | None = None
    """None where no comparison was asked for."""
    chronicle: tuple[Event, ...] = ()
    """Every event of the record about these talks, newest first."""
    bargain: Bargaining | None = None
    no_bargain: str = ""
    """Why there is no bargain here, in a sentence."""
    bargain_view: BargainView | None = None
    timeline: DutyTimeline | None = None
    """Rates of the first table through time, by legal authority."""
    world: WorldEffects | None = None
    """Real income of every region that the baseline tells apart."""
    memos: tuple[MemoSeries, ...] = ()
    """Numbers beside the accounts, across packages, held against `main_against`."""
