"""A state of play as plain text for a terminal of 80 columns, and as a dict ready for JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from winset.record.claims import Claim, Event, Quantity, Term
from winset.record.fields import When
from winset.record.timeline import StateOfPlay, TermShown

__all__ = ["quantity_text", "render", "to_dict", "when_text"]

WIDTH = 80
RECENT = 12
"""How many of the latest events are printed; the dict has all of them."""


def when_text(when: When) -> str:
    """A day as printed: `2025-07-30`, or `2025-07-01..31 (early July)`."""
    if when.value is not None:
        day = when.value.isoformat()
    else:
        same_month = (when.first.year, when.first.month) == (when.last.year, when.last.month)
        day = f"{when.first}..{when.last.day:02d}" if same_month else f"{when.first}..{when.last}"
    return f"{day} ({when.text})" if when.text else day


def quantity_text(quantity: Quantity) -> str:
    """A quantity as printed, with its unit: `about 350,000 million USD`, `3 to 5 years`."""
    if quantity.value is not None:
        number = _number(quantity.value)
    elif quantity.low is not None and quantity.high is not None:
        number = f"{_number(quantity.low)} to {_number(quantity.high)}"
    elif quantity.low is not None:
        number = f"at least {_number(quantity.low)}"
    else:
        number = f"at most {_number(quantity.high or 0.0)}"
    return f"{'about ' if quantity.approx else ''}{number} {quantity.unit}"


def _number(value: float) -> str:
    return f"{value:,.10g}"


def render(state: StateOfPlay) -> str:
    """The state of play as text, at most 80 columns wide, every entry with its claim id in brackets."""
    head = f"State of play on {state.on}"
    if state.known_by != state.on:
        head += f", as known by {state.known_by}"
    out = [head, "=" * len(head)]
    _section(out, "In force", (_term_line(shown) for shown in state.in_force))
    _section(out, "On the table, not in force", (_term_line(shown) for shown in state.on_table))
    _section(out, "Ended", (_term_line(shown) for shown in state.ended))
    _section(
        out,
        "Deadlines",
        (f"{d.due}  {d.status}: {d.claim.text} [{d.claim.id}]" for d in state.deadlines),
    )
    _section(out, "Planned", (_dated(event) for event in state.planned))
    more = len(state.events) - RECENT
    title = "Events, the latest first" + (f" ({RECENT} of {len(state.events)})" if more > 0 else "")
    _section(out, title, (_dated(event) for event in state.events[:RECENT]))
    _section(out, "Positions", (f"{p.holder}, {p.type}: {p.text} [{p.id}]" for p in state.positions))
    _section(
        out,
        "Contradictions",
        (
            f"{'OPEN' if c.open else 'read'}  {c.claim.text} (a) {c.claim.a.by}: {c.claim.a.text} "
            f"(b) {c.claim.b.by}: {c.claim.b.text} {f'Our reading: {c.reading} ' if c.reading else ''}"
            f"[{c.claim.id}]"
            for c in state.contradictions
        ),
    )
    out.append("")
    known = f"{len(state.numbers)} statistics and {len(state.estimates)} published estimates were known by then."
    out.extend(textwrap.wrap(known, WIDTH))
    return "\n".join(out) + "\n"


def _section(out: list[str], title: str, lines: Iterable[str]) -> None:
    out.extend(["", title])
    entries = [
        textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
        for line in lines
    ]
    out.extend(entries or ["  nothing on record"])


def _dated(event: Event) -> str:
    place = f" {event.place}." if event.place else ""
    return f"{when_text(event.date)}  {event.text}{place} [{event.id}]"


def _term_line(shown: TermShown) -> str:
    term = shown.claim
    matter = " / ".join(word for word in (shown.issue, shown.on, term.role) if word)
    stacking = f", {term.stacking}" if term.stacking else ""
    law = f", {term.authority}" if term.authority else ""
    span = _span(term)
    lost = "".join(
        f"; not {quantity_text(loser.claim.quantity)} ({loser.claim.status}, {loser.why})"
        for loser in shown.losers
        if loser.claim.quantity != term.quantity
    )
    wish = f"{shown.status} by {term.by}: " if term.by else f"{shown.status}: "
    state = "" if shown.status in ("in_force", "ended") else wish
    return (
        f"{matter}, {term.from_party} to {term.to_party}: {state}{quantity_text(term.quantity)}"
        f"{stacking}{law}{span}{lost} [{term.id}]"
    )


def _span(term: Term) -> str:
    since = f", since {term.effective.since}" if term.effective.since else f", said {when_text(term.date)}"
    return since + (f", until {term.effective.until}" if term.effective.until else "")


def to_dict(state: StateOfPlay) -> dict[str, Any]:
    """The state of play as plain data; `on` and `known_by` are ISO days, claims as in the record."""
    return {
        "on": state.on.isoformat(),
        "known_by": state.known_by.isoformat(),
        "events": [_plain(claim) for claim in state.events],
        "planned": [_plain(claim) for claim in state.planned],
        "in_force": [_term_dict(shown) for shown in state.in_force],
        "ended": [_term_dict(shown) for shown in state.ended],
        "on_table": [_term_dict(shown) for shown in state.on_table],
        "deadlines": [
            {"status": d.status, "due": d.due.isoformat(), "claim": _plain(d.claim)} for d in state.deadlines
        ],
        "positions": [_plain(claim) for claim in state.positions],
        "contradictions": [
            {"open": c.open, "reading": c.reading, "claim": _plain(c.claim, hide=not c.reading)}
            for c in state.contradictions
        ],
        "numbers": [_plain(claim) for claim in state.numbers],
        "estimates": [_plain(claim) for claim in state.estimates],
    }


def _plain(claim: Claim, *, hide: bool = False) -> dict[str, Any]:
    # A reading that could not yet be held must not leak into a view of the past.
    return claim.model_dump(mode="json", exclude_none=True, exclude={"reading"} if hide else None)


def _term_dict(shown: TermShown) -> dict[str, Any]:
    return {
        "issue": shown.issue,
        "on": shown.on,
        "status": shown.status,
        "claim": _plain(shown.claim),
        "losers": [{"why": loser.why, "claim": _plain(loser.claim)} for loser in shown.losers],
    }
