"""What reading one document gives: every item with its place in the file, as code points, end exclusive.

These are the types behind the JSON of `winset read`; `as_json` writes them. An item never holds words of its
own making where it could hold the document's: `text` is the slice of the file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

__all__ = [
    "Block",
    "DateMention",
    "DeadlineItem",
    "EventItem",
    "Figure",
    "Flag",
    "Party",
    "Person",
    "PositionItem",
    "ReadDocument",
    "Sentence",
    "Span",
    "TermItem",
    "When",
    "as_json",
    "changed",
    "numbered",
]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A slice of the file."""

    start: int
    end: int
    text: str
    plain: str | None = None
    """What a reader sees, where the slice of the file holds markup or entities (HTML); else null."""


@dataclass(frozen=True, kw_only=True)
class Block(Span):
    """A run of lines of one kind; only `title`, `subtitle` and `body` may carry claims."""

    kind: str
    """title, subtitle, byline, dateline, body, advertisement, disclaimer, link-list, ticker, page-header,
    repeated-title, hidden, or other boilerplate."""


@dataclass(frozen=True, kw_only=True)
class Sentence(Span):
    """One sentence of a block that may carry claims."""

    i: int
    """Position in the document, from 0."""
    block: str
    """Kind of its block."""


@dataclass(frozen=True, kw_only=True)
class When:
    """A time, with bounds: null bounds are open, not unknown to us alone."""

    value: str | None
    """ISO 8601: instant, day, month (2025-07), week (2025-W35), interval (a/b), duration (P30D), or null."""
    earliest: str | None
    latest: str | None
    basis: str
    """stated, inferred_text, inferred_world, unknown (publication); stated, relative_to_publication,
    relative_to_inferred_publication, year_inferred, relative_to_text, world_knowledge, vague, unresolved."""
    utc: str | None = None
    """The instant in UTC where the zone is known."""
    local: tuple[str, ...] = ()
    """The same instant on the clocks of the places concerned: "2025-04-24T08:00-04:00 (Washington)"."""
    why: str = ""
    """The reason for an inference, in our words."""


@dataclass(frozen=True, kw_only=True)
class DateMention(Span, When):
    """An expression of time in the text."""

    id: str
    sentence: int | None
    flagged: bool = False
    """True where it needs an analyst: relative with no stated publication date, vague, or two readings."""


@dataclass(frozen=True, kw_only=True)
class Figure(Span):
    """A quantity with its unit and what it is."""

    id: str
    value: float
    unit: str
    """percent, percentage-points, ISO 4217 code, or what is counted (economies, firms, days, ...)."""
    role: str
    """tariff_rate_before, tariff_rate_after, tariff_rate, investment_commitment, purchase_commitment, cap, ..."""
    approx: bool
    sentence: int | None
    on: str = ""
    """What it is a rate on, a share of, or a count of, as the text says it."""
    pair: str | None = None
    """Id of the other end of a from-to pair."""
    equals: str | None = None
    """Id of the same amount in another unit."""
    low: float | None = None
    high: float | None = None
    part_of: str | None = None
    """Id of the amount that this is a part of, where the text says so."""
    per: str | None = None
    """year, month, ... where it is a flow."""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Party:
    """A country, bloc, government, body, company, medium that the text names."""

    id: str
    name: str
    kind: str
    """country, bloc, government, legislature, body, company, media, intergovernmental, party_org."""
    code: str | None = None
    """ISO 3166 alpha-3 of the country it is or belongs to; EU27, MERCOSUR, EFTA ... for a bloc."""
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person that the text names; a bare surname belongs to the last full name that carries it."""

    id: str
    name: str
    titles: tuple[str, ...] = ()
    party: str | None = None
    """Code of the country, where the text says it."""
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventItem:
    """A meeting, call, visit, statement ... with the sentence that says so."""

    id: str
    type: str
    status: str
    """planned, occurred, cancelled, negated, expected, ongoing, unknown."""
    participants: tuple[str, ...]
    """Canonical names of persons."""
    parties: tuple[str, ...]
    """ISO alpha-3 codes; EU27, and other blocs by their short names."""
    place: str | None
    channel: str | None
    """in_person, phone, video, letter, statement, interview, press."""
    date: When
    issues: tuple[str, ...]
    quote: Span
    sentence: int
    reported_by: str | None = None
    confidence: str = "medium"
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TermItem:
    """A figure as a term on the table: who demands, offers or agreed what of whom."""

    id: str
    figure: str
    role: str
    status: str
    """demanded, offered, threatened, announced, agreed, in_force, suspended, void, reported."""
    from_party: str | None
    to_party: str | None
    issue: str
    quote: Span
    sentence: int
    equals: str | None = None
    confidence: str = "medium"
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeadlineItem:
    """Something due, expiring or taking effect."""

    id: str
    what: str
    kind: str
    """deadline, target, effective."""
    status: str
    """pending, moved, met, passed."""
    date: When
    issue: str
    quote: Span
    sentence: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PositionItem:
    """What somebody wants, offers, refuses or expects."""

    id: str
    kind: str
    """demand, offer, commitment, red_line, expectation, agenda, position."""
    holder: str | None
    speaker: str | None
    addressee: str | None
    issue: str
    quote: Span
    sentence: int
    reported_by: str | None = None
    confidence: str = "medium"
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something that an analyst should look at."""

    kind: str
    text: str
    """One sentence of ours."""
    spans: tuple[Span, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """Everything read in one document."""

    id: str
    file: str
    sha256: str
    n_chars: int
    lang: str
    media: str
    """text, html, pdf."""
    text: str = field(repr=False)
    """The file as read, which all offsets refer to (for PDF, the extracted text layer)."""
    published: When
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    figures: tuple[Figure, ...] = ()
    date_mentions: tuple[DateMention, ...] = ()
    events: tuple[EventItem, ...] = ()
    terms: tuple[TermItem, ...] = ()
    deadlines: tuple[DeadlineItem, ...] = ()
    positions: tuple[PositionItem, ...] = ()
    parties: tuple[Party, ...] = ()
    people: tuple[Person, ...] = ()
    flags: tuple[Flag, ...] = ()


_Item = TypeVar("_Item")


def changed(item: _Item, **changes: Any) -> _Item:
    """A copy of a dataclass with other values, as `dataclasses.replace`, a tenth of its cost.

    The values go into the copy's own dictionary without `__init__`; so only for classes without slots and
    without `__post_init__`, as those above are.
    """
    copy: _Item = object.__new__(type(item))
    copy.__dict__.update(item.__dict__)
    copy.__dict__.update(changes)
    return copy


def numbered(items: Iterable[_Item], prefix: str) -> tuple[_Item, ...]:
    """Items with ids in their order: the prefix and 1, 2, ..."""
    return tuple(changed(item, id=f"{prefix}{i}") for i, item in enumerate(items, 1))


def as_json(document: ReadDocument) -> dict[str, Any]:
    """The entry of a document in the JSON of `winset read`: every field but the text itself."""
    return {name: _plain(value) for name, value in vars(document).items() if name != "text"}


def _plain(value: Any) -> Any:
    """As `dataclasses.asdict`, without its copies: nothing here can be changed."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if dataclasses.is_dataclass(value):
        return {name: _plain(held) for name, held in vars(value).items()}
    return value
