"""What one person may see. Everything that leaves the server about a session goes through `view_for`.

Before the debrief a team sees what everybody sees, its own conditions and its own people; never another team's
conditions, and no account at all (those are asked for one by one, see `worth`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from winset.classroom.setup import Team
from winset.classroom.state import Member, Offer, State

__all__ = ["SCHEMA", "TEACHER", "Teacher", "Viewer", "may_see", "view_for"]

SCHEMA = "winset/class/1"


@dataclass(frozen=True)
class Teacher:
    """Whoever holds the teacher's token."""


TEACHER = Teacher()
Viewer = Teacher | Member


def may_see(state: State, viewer: Viewer) -> tuple[str, ...]:
    """Teams whose conditions and accounts somebody may see now."""
    if isinstance(viewer, Teacher) or state.phase == "debrief":
        return state.setup.codes
    return () if viewer.team is None else (viewer.team,)


def view_for(state: State, viewer: Viewer, now: float) -> dict[str, Any]:
    """The session as plain data for one person. now: the server's clock, seconds."""
    seen = may_see(state, viewer)
    setup = state.setup
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "version": state.version,
        "case": setup.case,
        "title": setup.title,
        "unit": setup.unit,
        "no_deal": setup.no_deal,
        "play": state.play,
        "phase": state.phase,
        "rules": state.rules.model_dump(),
        "round": state.round,
        "mover": state.mover if state.phase == "talks" and state.rules.turns == "alternate" else None,
        "clock": clock(state, now),
        "levers": [lever.model_dump() for lever in setup.levers],
        "teams": [_team(state, team) for team in setup.teams],
        "offers": [_offer(one) for one in state.offers],
        "outcome": _outcome(state, full=state.phase == "debrief" or isinstance(viewer, Teacher)),
        "conditions": {team.code: [c.model_dump() for c in team.conditions]
                       for team in setup.teams if team.code in seen},
        "me": {"role": "teacher"},
    }  # fmt: skip
    if isinstance(viewer, Member):
        speaks = viewer.team is not None and state.speakers.get(viewer.team) == viewer.id
        found["me"] = {
            "role": "observer" if viewer.team is None else "team",
            "team": viewer.team,
            "name": viewer.name,
            "speaks": speaks,
        }
        mates = [one for one in state.members.values() if viewer.team is not None and one.team == viewer.team]
        found["mates"] = [
            {"name": one.name, "speaks": state.speakers.get(viewer.team or "") == one.id} for one in mates
        ]
    else:
        found["codes"] = dict(state.codes)
        found["members"] = [
            {"id": one.id, "name": one.name, "team": one.team,
             "speaks": one.team is not None and state.speakers.get(one.team) == one.id}
            for one in state.members.values()
        ]  # fmt: skip
    return found


def clock(state: State, now: float) -> dict[str, Any]:
    """What the clocks say, seconds; None where there is no clock."""
    at = state.at(now)
    on = state.phase == "talks"

    def left(end: float | None) -> float | None:
        return round(max(0.0, end - at), 3) if on and end is not None else None

    return {
        "running": state.running,
        "stopped_by": state.stopped_by,
        "elapsed": round(at, 3),
        "round_left": left(state.round_ends),
        "total_left": left(state.total_ends),
    }


def _team(state: State, team: Team) -> dict[str, Any]:
    return {
        "code": team.code,
        "name": team.name,
        "members": sum(one.team == team.code for one in state.members.values()),
    }


def _offer(one: Offer) -> dict[str, Any]:
    return {
        "id": one.id,
        "round": one.round,
        "by": one.by,
        "member": one.member,
        "levers": dict(one.levers),
        "message": one.message,
        "at": round(one.at, 3),
        "counter_to": one.counter_to,
        "answers": dict(one.answers),
        "standing": one.standing,
    }


def _outcome(state: State, *, full: bool) -> dict[str, Any] | None:
    """What those at home said tells about their conditions, so it waits for the debrief."""
    if state.outcome is None:
        return None
    found: dict[str, Any] = {"why": state.outcome.why, "offer": state.outcome.offer}
    if full:
        refused = state.outcome.refused
        found["refused"] = None if refused is None else {team: list(ids) for team, ids in refused.items()}
        found["holds"] = state.outcome.holds
    return found
