"""The moves of a session as CSV and JSON, every play of it. For the teacher: messages and names are in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from winset.classroom import events as ev
from winset.classroom.state import State, apply, fold

__all__ = ["moves", "moves_csv"]

FIRST = ("play", "number", "clock_seconds", "round", "event", "team", "member", "offer", "answer", "counter_to",
         "message", "detail")  # fmt: skip


def moves(events: Sequence[ev.Event]) -> list[dict[str, Any]]:
    """One entry for everything that happened at the table, in order; who came and went is left out."""
    found: list[dict[str, Any]] = []
    if not events:
        return found
    state = fold(events[:1])
    for event in events[1:]:
        after = apply(state, event)
        row = _row(event, after)
        if row is not None:
            who = state.members.get(getattr(event, "member", -1))
            # A reset belongs to the play that it ends.
            play = state.play
            found.append(
                {"play": play, "number": len(found) + 1,
                 "clock_seconds": round(state.at(event.t) if isinstance(event, ev.Reset) else after.elapsed, 1),
                 "round": after.round, "event": event.kind, "member": who.name if who else None, **row}
            )  # fmt: skip
        state = after
    return found


def _row(event: ev.Event, state: State) -> dict[str, Any] | None:
    match event:
        case ev.Offered():
            return {"team": event.team, "offer": event.offer, "counter_to": event.counter_to,
                    "message": event.message, "levers": dict(event.levers)}  # fmt: skip
        case ev.Answered():
            return {"team": event.team, "offer": event.offer, "answer": event.answer}
        case ev.Withdrawn():
            return {"team": event.team, "offer": event.offer}
        case ev.Advanced():
            return {"team": event.mover, "detail": event.by}
        case ev.Ended():
            return {"offer": event.offer, "detail": event.why}
        case ev.Ratified():
            refused = [f"{team}: {', '.join(ids)}" for team, ids in event.refused.items() if ids]
            return {"detail": "; ".join(refused) or "accepted at home"}
        case ev.Extended():
            return {"detail": f"{event.what} +{event.seconds:g} s"}
        case ev.Paused():
            return {"detail": event.by}
        case ev.Began() | ev.Resumed() | ev.Debriefed() | ev.Reset():
            return {}
    return None


def moves_csv(events: Sequence[ev.Event], levers: Iterable[str]) -> str:
    """The same as a table: one column for each lever. Text that a sheet would take for a formula is quoted."""
    names = list(levers)
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow([*FIRST, *(f"lever:{name}" for name in names)])
    for one in moves(events):
        at = one.get("levers") or {}
        writer.writerow([*(_cell(one.get(key)) for key in FIRST), *(_cell(at.get(name)) for name in names)])
    return sheet.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
