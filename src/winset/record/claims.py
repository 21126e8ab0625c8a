"""What one line of `record.jsonl` may say. A claim is never overwritten: a later line says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from pydantic import model_validator

from winset.core.casefile import CaseModel
from winset.record.fields import Effective, Moment, PartyCode, Quantity, Slug, When, Word

__all__ = [
    "CLAIM_KINDS",
    "Claim",
    "Contradiction",
    "Deadline",
    "Decision",
    "Effective",
    "Estimate",
    "Event",
    "Number",
    "Position",
    "Quantity",
    "Reading",
    "Side",
    "Term",
    "When",
]


class Claim(CaseModel):
    """What every claim carries."""

    id: Slug
    """Unique in the record."""
    ref: tuple[Word, ...] = ()
    """Entries of an outside chronology that this claim covers."""
    date: When
    """When it happened, was said, or took effect."""
    known: dt.date
    """From this day on, a view of the past may see the claim."""
    known_basis: Literal["document", "public-act", "comparison"] = "document"
    """document: the day the cited text appeared; public-act: the act was public that day (a law, a letter,
    a summit), though the text cited here is a later one; comparison: the day both versions were out."""
    track: Slug
    """Which line of talks or law it belongs to."""
    issue: Slug
    """What it is about."""
    text: Word
    """One or two plain sentences of our own."""
    parties: tuple[PartyCode, ...] = ()
    """Who is concerned."""
    source: Word
    """The document cited."""
    also: tuple[Word, ...] = ()
    """Further documents that say so."""
    updates: Slug | None = None
    """The earlier claim that this one carries on: a planned meeting held, a deadline moved."""
    confidence: Literal["high", "medium", "low"]
    """How sure we are: high for an official text or two independent reports."""
    note: str = ""
    """What a reader should know before using it."""

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of all documents cited, the main one first."""
        return (self.source, *self.also)


class Event(Claim):
    """Something that took place, was planned, or was called off."""

    kind: Literal["event"]
    type: Literal[
        "meeting",
        "call",
        "visit",
        "summit",
        "statement",
        "letter",
        "signing",
        "legislative",
        "ruling",
        "threat",
        "announcement",
    ]
    status: Literal["planned", "occurred", "cancelled", "negated", "unknown"]
    participants: tuple[Word, ...] = ()
    """Persons or bodies, as named by the source."""
    place: str = ""


class Term(Claim):
    """A quantity demanded, offered, threatened, announced, agreed or in force."""

    kind: Literal["term"]
    status: Literal["demanded", "offered", "threatened", "announced", "agreed", "in_force", "suspended", "void"]
    quantity: Quantity
    role: Slug
    """What the quantity is: rate, total, part, annual-cap, share."""
    on: tuple[Slug, ...] = ()
    """Goods or matters it falls on; a claim on several speaks for each."""
    from_party: PartyCode
    """Who imposes, owes or would give it."""
    to_party: PartyCode
    """Whom it falls on, or who gets it."""
    by: PartyCode | None = None
    """Who demands, offers or threatens it, where that is not `from_party`."""
    authority: str = ""
    """Legal basis, where there is one."""
    stacking: Literal["additional", "total"] | None = None
    """For duties: on top of the normal duty, or including it (all-in)."""
    effective: Effective = Effective()

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.status in ("in_force", "void") and self.effective.since is None:
            raise ValueError(f"a term with status {self.status!r} needs effective.since")
        return self


class Deadline(Claim):
    """A day by which something is due, or what became of it (`updates` names the earlier line)."""

    kind: Literal["deadline"]
    status: Literal["pending", "moved", "met", "passed"]
    due: When
    """The day it stands at according to this line; for `moved`, the day it stood at before."""
    moved_to: When | None = None

    @model_validator(mode="after")
    def _moved_somewhere(self) -> Self:
        if (self.status == "moved") != (self.moved_to is not None):
            raise ValueError("'moved_to' belongs to status 'moved', and only to it")
        if self.status != "pending" and self.updates is None:
            raise ValueError(f"a deadline with status {self.status!r} must name the line it 'updates'")
        return self


class Position(Claim):
    """What a side wants, offers, will not accept or expects."""

    kind: Literal["position"]
    type: Literal["demand", "offer", "commitment", "red_line", "expectation", "agenda"]
    holder: Word
    """The person, office or side."""


class Number(Claim):
    """A statistic."""

    kind: Literal["number"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Word
    year: Word
    """The year or period it describes."""

    @model_validator(mode="after")
    def _some_number(self) -> Self:
        Quantity(value=self.value, low=self.low, high=self.high, unit=self.unit)
        return self


class Estimate(Claim):
    """One published model result: one scenario, one outcome, one region."""

    kind: Literal["estimate"]
    institution: Word
    scenario: Word
    against: Word
    """The baseline from which the change is measured, or "not stated"."""
    outcome: Word
    """The variable: real GDP, growth, exports to a partner."""
    region: Word
    low: float
    """Lower end in `unit`; equal to `high` where one number was published."""
    high: float
    unit: Word
    horizon: Word
    comparable: bool
    """Whether it may stand beside a model result of ours."""
    why: Word
    """Why it may, or may not."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"'low' {self.low} is above 'high' {self.high}")
        return self


class Side(CaseModel):
    """One version in a contradiction."""

    text: Word
    by: Word
    """Who says so."""
    claims: tuple[Slug, ...] = ()
    """Claims of this record that take this side."""
    documents: tuple[Word, ...] = ()


class Reading(CaseModel):
    """Which version we hold, and why; nobody could hold it before `since`."""

    outcome: Literal["a", "b", "both", "open"]
    reason: Word
    since: dt.date


class Contradiction(Claim):
    """Two versions that cannot both be taken as they stand. Shown, never resolved silently."""

    kind: Literal["contradiction"]
    a: Side
    b: Side
    reading: Reading


class Decision(CaseModel):
    """An analyst's word on a claim, appended to the record; the latest one counts."""

    kind: Literal["decision"]
    id: Slug
    claim: Slug
    """The claim judged."""
    verdict: Literal["accept", "correct", "refuse"]
    becomes: Slug | None = None
    """For `correct`: the claim that takes its place."""
    by: Word
    at: Moment
    text: str = ""
    """The reason."""

    @model_validator(mode="after")
    def _corrected_by(self) -> Self:
        if (self.verdict == "correct") != (self.becomes is not None):
            raise ValueError("'becomes' belongs to the verdict 'correct', and only to it")
        return self


CLAIM_KINDS: dict[str, type[Claim]] = {
    "event": Event,
    "term": Term,
    "deadline": Deadline,
    "position": Position,
    "number": Number,
    "estimate": Estimate,
    "contradiction": Contradiction,
}
"""The model of each kind of claim, by the word under `kind`."""
