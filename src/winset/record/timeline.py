"""The state of play on a date: a pure function of the record, the date and what was known by then.

"Current value" is a view, never a row. Among the lines of one matter (issue, thing, authority, role and
the two parties) a binding line (in force, or void) of the latest start wins; on the table stand the lines
that no later line of equal or higher rank has overtaken. Whatever loses is listed with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from winset.record.claims import Claim, Contradiction, Deadline, Estimate, Event, Number, Position, Term
from winset.record.ledger import Record

__all__ = [
    "ContradictionShown",
    "DeadlineShown",
    "Loser",
    "StateOfPlay",
    "TermShown",
    "state_of_play",
]

RANK = {
    "demanded": 1,
    "offered": 2,
    "threatened": 2,
    "announced": 3,
    "suspended": 3,
    "agreed": 4,
    "in_force": 5,
    "void": 5,
}
"""How far a term has come; a later line overtakes an earlier one of equal or lower rank."""
BINDING = ("in_force", "void")
_SURENESS = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True, kw_only=True)
class Loser:
    """A line on the same matter that is not the current value."""

    claim: Term
    """The line itself."""
    why: str
    """earlier | overtaken (by an agreement or a measure) | press beside an official text | less sure"""


@dataclass(frozen=True, kw_only=True)
class TermShown:
    """The current value of one matter, with the lines it prevailed over."""

    issue: str
    """What the talks or the law treat."""
    on: str
    """The good or matter; empty where the term falls on no good."""
    status: str
    """Status on the day of the view: a law known but not yet begun is "announced", its end "to end"."""
    claim: Term
    """The line that holds."""
    losers: tuple[Loser, ...]
    """Other lines on the same matter, the latest first."""


@dataclass(frozen=True, kw_only=True)
class DeadlineShown:
    """A deadline as it stands on the day of the view."""

    claim: Deadline
    """The latest line on it."""
    status: str
    """pending | passed | met; one that was moved is pending at its new day"""
    due: dt.date
    """The last day it allows."""


@dataclass(frozen=True, kw_only=True)
class ContradictionShown:
    """Two versions, both known; `reading` is empty as long as nobody could have held it."""

    claim: Contradiction
    """The line itself."""
    open: bool
    """True where neither version can be preferred on what is known."""
    reading: str
    """Our reading and its reason, or empty."""


@dataclass(frozen=True, kw_only=True)
class StateOfPlay:
    """What stood where on a day, by what was known on another (usually the same)."""

    on: dt.date
    """The day of the view."""
    known_by: dt.date
    """Only claims known on this day are used."""
    events: tuple[Event, ...]
    """What had happened by that day, the latest first."""
    planned: tuple[Event, ...]
    """What was planned for that day or later and not yet reported as held or called off."""
    in_force: tuple[TermShown, ...]
    """Terms that bind on the day."""
    ended: tuple[TermShown, ...]
    """Terms that bound before and do so no longer: void, or past their last day."""
    on_table: tuple[TermShown, ...]
    """Demanded, offered, threatened, announced, suspended or agreed, and not in force."""
    deadlines: tuple[DeadlineShown, ...]
    """Pending ones first, then those passed, met or moved."""
    positions: tuple[Position, ...]
    """The latest position of each holder on each issue."""
    contradictions: tuple[ContradictionShown, ...]
    """Open ones first."""
    numbers: tuple[Number, ...]
    """Statistics known by then."""
    estimates: tuple[Estimate, ...]
    """Published model results known by then."""


def state_of_play(record: Record, on: dt.date, *, known_by: dt.date | None = None) -> StateOfPlay:
    """The state of play on a day.

    `known_by` (default: the day itself) bounds what may be used: with a later day one looks back with
    what came out since, such as a notice that back-dates a rate.
    """
    seen = on if known_by is None else known_by
    claims = record.as_of(seen)
    terms = [claim for claim in claims if isinstance(claim, Term)]
    in_force, ended, on_table = _terms(record, terms, on)
    said = [claim for claim in claims if claim.date.first <= on or isinstance(claim, Event)]
    happened, planned = _events([claim for claim in said if isinstance(claim, Event)], on)
    return StateOfPlay(
        on=on,
        known_by=seen,
        events=happened,
        planned=planned,
        in_force=in_force,
        ended=ended,
        on_table=on_table,
        deadlines=_deadlines([claim for claim in said if isinstance(claim, Deadline)], on),
        positions=_positions(claim for claim in said if isinstance(claim, Position)),
        contradictions=_contradictions((c for c in said if isinstance(c, Contradiction)), seen),
        numbers=tuple(claim for claim in claims if isinstance(claim, Number)),
        estimates=tuple(claim for claim in claims if isinstance(claim, Estimate)),
    )


def _events(events: Sequence[Event], on: dt.date) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    happened = [e for e in events if e.status != "planned" and e.date.first <= on]
    # Only what has come about by the day itself closes a plan: looking back, the day still lay ahead.
    closed = {event.updates for event in events if event.date.first <= on}
    planned = [e for e in events if e.status == "planned" and e.date.last >= on and e.id not in closed]
    return tuple(sorted(happened, key=_newest)), tuple(planned)


def _newest(claim: Claim) -> tuple[int, str]:
    return (-claim.date.last.toordinal(), claim.id)


Shown = tuple[TermShown, ...]


def _terms(record: Record, terms: Iterable[Term], on: dt.date) -> tuple[Shown, Shown, Shown]:
    matters: dict[tuple[str, ...], list[Term]] = defaultdict(list)
    for term in terms:
        for thing in term.on or ("",):
            parties = (term.from_party, term.to_party)
            matters[(term.issue, thing, term.authority, term.role, *parties)].append(term)
    in_force: list[TermShown] = []
    ended: list[TermShown] = []
    on_table: list[TermShown] = []
    for (issue, thing, *_), lines in sorted(matters.items()):
        binding = [line for line in lines if line.status in BINDING and _since(line) <= on]
        waiting = [line for line in lines if line not in binding and line.date.first <= on]
        holder = max(binding, key=lambda line: (_since(line), _weight(record, line, on)), default=None)
        settled = [line for line in waiting if holder is not None and _settles(holder, line)]
        if holder is not None:
            over = holder.status == "void" or (holder.effective.until or on) < on
            shown = TermShown(
                issue=issue,
                on=thing,
                status="ended" if over else "in_force",
                claim=holder,
                losers=_losers(record, holder, [*binding, *settled]),
            )
            (ended if over else in_force).append(shown)
        waiting = [line for line in waiting if line not in settled]
        for line in waiting:
            if any(_overtakes(record, other, line, on) for other in waiting):
                continue
            beaten = [other for other in waiting if _overtakes(record, line, other, on)]
            status = {"in_force": "announced", "void": "to end"}.get(line.status, line.status)
            losers = _losers(record, line, beaten)
            on_table.append(TermShown(issue=issue, on=thing, status=status, claim=line, losers=losers))
    return tuple(in_force), tuple(ended), tuple(on_table)


def _since(term: Term) -> dt.date:
    return term.effective.since or term.date.first


def _settles(holder: Term, line: Term) -> bool:
    """Whether a binding line answers a waiting one: it came no earlier, and that one is not law to come."""
    return holder.date.first >= line.date.first and line.status not in BINDING


def _weight(record: Record, term: Term, on: dt.date) -> tuple[int, int, dt.date, int, str]:
    """Among lines of one start: status rank, then official text over press, then the later, then the surer.

    A law that has not begun has the rank of an agreement.
    """
    rank = RANK[term.status] if _since(term) <= on else min(RANK[term.status], RANK["agreed"])
    return rank, int(record.official(term)), term.date.first, _SURENESS[term.confidence], term.id


def _overtakes(record: Record, later: Term, earlier: Term, on: dt.date) -> bool:
    if later is earlier or later.date.first < earlier.date.first:
        return False
    new, old = _weight(record, later, on), _weight(record, earlier, on)
    return new[0] >= old[0] if later.date.first > earlier.date.first else new > old


def _losers(record: Record, holder: Term, others: Iterable[Term]) -> tuple[Loser, ...]:
    found = []
    for other in others:
        if other is holder:
            continue
        if RANK[other.status] < RANK[holder.status]:
            why = "overtaken"
        elif _since(other) < _since(holder) or other.date.first < holder.date.first:
            why = "earlier"
        elif record.official(holder) and not record.official(other):
            why = "press beside an official text"
        else:
            why = "less sure"
        found.append(Loser(claim=other, why=why))
    return tuple(sorted(found, key=lambda loser: _newest(loser.claim)))


def _deadlines(deadlines: Sequence[Deadline], on: dt.date) -> tuple[DeadlineShown, ...]:
    earlier = {deadline.id: deadline.updates for deadline in deadlines}
    matters: dict[str, list[Deadline]] = defaultdict(list)
    for deadline in deadlines:
        root = deadline.id
        while (before := earlier.get(root)) is not None:
            root = before
        matters[root].append(deadline)
    shown = []
    for lines in matters.values():
        deadline = max(lines, key=_latest_word)
        due = (deadline.moved_to or deadline.due).last
        # A moved deadline is pending at its new day; one that nobody reported on has simply passed.
        waiting = deadline.status in ("pending", "moved") and due >= on
        done = deadline.status if deadline.status in ("met", "passed") else "passed"
        shown.append(DeadlineShown(claim=deadline, status="pending" if waiting else done, due=due))
    return tuple(sorted(shown, key=lambda d: (d.status != "pending", d.due, d.claim.id)))


def _latest_word(deadline: Deadline) -> tuple[bool, int, int, str]:
    """What became of a deadline beats restating it; of two that only state it, the more exact one counts."""
    settled = deadline.status != "pending"
    width = (deadline.due.last - deadline.due.first).days
    return settled, deadline.date.last.toordinal() if settled else 0, -width, deadline.id


def _positions(positions: Iterable[Position]) -> tuple[Position, ...]:
    latest: dict[tuple[str, str, str], Position] = {}
    for position in positions:  # in order of date, as the record keeps them
        latest[(position.holder, position.issue, position.type)] = position
    return tuple(sorted(latest.values(), key=_newest))


def _contradictions(items: Iterable[Contradiction], seen: dt.date) -> tuple[ContradictionShown, ...]:
    shown = []
    for claim in items:
        held = claim.reading.since <= seen
        open_ = not held or claim.reading.outcome == "open"
        shown.append(ContradictionShown(claim=claim, open=open_, reading=claim.reading.reason if held else ""))
    return tuple(sorted(shown, key=lambda item: (not item.open, item.claim.id)))
