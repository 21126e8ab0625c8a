"""Deadlines and planned meetings as iCalendar (RFC 5545), and the state of play as CSV.

Both are pure functions of the state of play: the same record gives the same bytes. The time stamp that iCalendar
asks for is the day by which the state was known, not the day on which the file was written.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable

from winset.record.claims import Claim, Event
from winset.record.fields import When
from winset.record.rendering import quantity_text, when_text
from winset.record.timeline import StateOfPlay

__all__ = ["COLUMNS", "calendar_csv", "calendar_ics"]

FOLD_OCTETS = 75
COLUMNS = (
    "section",
    "id",
    "kind",
    "status",
    "earliest",
    "latest",
    "issue",
    "text",
    "parties",
    "from_party",
    "to_party",
    "quantity",
    "place",
    "participants",
    "source",
    "confidence",
    "why",
)


def calendar_ics(state: StateOfPlay, *, name: str = "Winset") -> str:
    """Pending deadlines and planned meetings as a calendar: all-day entries, CRLF lines, at most 75 octets each.

    A day that is known only to lie between two stands as an entry over all days from the first to the last; that
    it is a bound, not a duration, is said in its text.
    """
    stamp = f"{state.known_by:%Y%m%d}T000000Z"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Winset//state of play//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(f'{name}, {state.on}')}",
    ]
    for shown in state.deadlines:
        if shown.status == "pending":
            lines += _entry(shown.claim, shown.claim.moved_to or shown.claim.due, "Deadline", stamp)
    for event in state.planned:
        lines += _entry(event, event.date, event.type.capitalize(), stamp)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


def _entry(claim: Claim, when: When, word: str, stamp: str) -> list[str]:
    open_ = "" if when.value is not None else " The day lies between these two; it is not known."
    note = f" {claim.note}" if claim.note else ""
    # All-day entries end on the day after the last one (RFC 5545, 3.6.1).
    end = when.last + dt.timedelta(days=1) if when.last < dt.date.max else when.last
    found = [
        "BEGIN:VEVENT",
        f"UID:{claim.id}@winset",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{when.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{_escaped(f'{word}: {claim.text}')}",
        f"DESCRIPTION:{_escaped(f'{when_text(when)}. Source: {claim.source}.{open_}{note}')}",
        f"CATEGORIES:{_escaped(claim.issue)}",
        "TRANSP:TRANSPARENT",
    ]
    if isinstance(claim, Event) and claim.place:
        found.append(f"LOCATION:{_escaped(claim.place)}")
    if when.value is None:
        found.append("STATUS:TENTATIVE")
    return [*found, "END:VEVENT"]


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _escaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11): marks and line breaks escaped, other controls dropped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text)
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A content line cut after at most 75 octets, never inside a character (RFC 5545, 3.1)."""
    out: list[str] = []
    width = 0
    for c in line:
        size = len(c.encode("utf-8", "replace"))
        if width + size > FOLD_OCTETS:
            out.append("\r\n ")
            width = 1
        out.append(c)
        width += size
    return "".join(out) + "\r\n"


def calendar_csv(state: StateOfPlay) -> str:
    """The state of play as CSV (RFC 4180), one claim a row, with those that lost and why.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for section, claim, status, why in _rows(state):
        row = {
            "section": section,
            "id": claim.id,
            "kind": getattr(claim, "kind", ""),
            "status": status,
            "earliest": claim.date.first.isoformat(),
            "latest": claim.date.last.isoformat(),
            "issue": claim.issue,
            "text": claim.text,
            "parties": " ".join(claim.parties),
            "from_party": getattr(claim, "from_party", ""),
            "to_party": getattr(claim, "to_party", ""),
            "place": getattr(claim, "place", ""),
            "participants": "; ".join(getattr(claim, "participants", ())),
            "source": " ".join(claim.documents),
            "confidence": claim.confidence,
            "why": why,
        }
        quantity = getattr(claim, "quantity", None)
        row["quantity"] = "" if quantity is None else quantity_text(quantity)
        due = getattr(claim, "moved_to", None) or getattr(claim, "due", None)
        if due is not None:
            row |= {"earliest": due.first.isoformat(), "latest": due.last.isoformat()}
        writer.writerow({key: _cell(str(value)) for key, value in row.items()})
    return stream.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _rows(state: StateOfPlay) -> Iterable[tuple[str, Claim, str, str]]:
    for section, shown_terms in (
        ("in force", state.in_force),
        ("on the table", state.on_table),
        ("ended", state.ended),
    ):
        for shown in shown_terms:
            yield section, shown.claim, shown.status, ""
            for loser in shown.losers:
                yield section, loser.claim, f"not held: {loser.claim.status}", loser.why
    for deadline in state.deadlines:
        yield "deadline", deadline.claim, deadline.status, ""
    for event in state.planned:
        yield "planned", event, event.status, ""
    for event in state.events:
        yield "event", event, event.status, ""
    for position in state.positions:
        yield "position", position, position.type, ""
    for contradiction in state.contradictions:
        claim = contradiction.claim
        yield "contradiction", claim, "open" if contradiction.open else "read", contradiction.reading
    for number in state.numbers:
        yield "statistic", number, "", ""
    for estimate in state.estimates:
        yield "estimate", estimate, "", ""
