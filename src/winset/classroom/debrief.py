"""The debrief: the path of offers against all that could have been agreed, and what was left on the table.

Surplus is the sum of gains over no deal. The most that could be shared is the largest sum on the frontier; the
frontier asks nobody at home, so what all of them would have let pass stands beside it as solutions.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from winset.classroom.state import Offer, State
from winset.classroom.worth import Account, Map

__all__ = ["could_gain", "debrief"]


def debrief(
    state: State, accounts: Mapping[int, Mapping[str, Account]], found: Map | None, failed: str = ""
) -> dict[str, Any]:
    """The debrief as plain data.

    accounts: by offer, then team. found: None while the map is being computed, or where that failed, with the
    reason in `failed`.
    """
    teams = state.setup.codes
    outcome = state.outcome
    gains = dict.fromkeys(teams, 0.0)
    taken = accounts.get(outcome.offer or 0) if outcome is not None and outcome.holds else None
    if taken is not None:
        gains = {team: taken[team].net for team in teams}
    document: dict[str, Any] = {
        "schema": "winset/class-debrief/1",
        "version": state.version,
        "case": state.setup.case,
        "unit": state.setup.unit,
        "teams": [{"code": team.code, "name": team.name} for team in state.setup.teams],
        "path": [_step(one, accounts.get(one.id), teams) for one in state.offers],
        "outcome": {
            "why": outcome.why if outcome else None,
            "offer": outcome.offer if outcome else None,
            "holds": bool(outcome and outcome.holds),
            "refused": {k: list(v) for k, v in (outcome.refused or {}).items()} if outcome else {},
            "gains": gains,
        },
        "missed": [one.id for one in state.offers if _missed(state, one, accounts.get(one.id))],
        "map": None,
        "map_failed": failed,
    }
    if found is not None:
        document["map"] = _map(found)
        document["surplus"] = _surplus(teams, gains, found)
    return document


def _step(one: Offer, account: Mapping[str, Account] | None, teams: Sequence[str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "round": one.round,
        "by": one.by,
        "at": round(one.at, 3),
        "standing": one.standing,
        "levers": dict(one.levers),
        "payoffs": {team: account[team].net for team in teams} if account else None,
        "refused": {team: list(account[team].refused) for team in teams} if account else None,
        "met": {team: [asdict(met) for met in account[team].met] for team in teams} if account else None,
    }


def _missed(state: State, one: Offer, account: Mapping[str, Account] | None) -> bool:
    """An offer that everybody would have gained from and everybody at home accepted, and that nobody took."""
    return (
        account is not None
        and one.standing != "agreed"
        and all(a.net > 0 and not a.refused for a in account.values())
    )


def _map(found: Map) -> dict[str, Any]:
    return {
        "frontier": [dict(point) for point in found.frontier],
        "spots": [
            {"id": s.id, "label": s.label, "kind": s.kind, "payoffs": dict(s.payoffs), "levers": dict(s.levers)}
            for s in found.spots
        ],
        "sizes": dict(found.sizes),
        "common": found.common,
        "notes": list(found.notes),
    }


def _surplus(teams: Sequence[str], gains: Mapping[str, float], found: Map) -> dict[str, Any]:
    made = sum(gains.values())
    sums = [sum(point.values()) for point in found.frontier]
    # What was agreed may lie a little beyond the points that stand for the frontier.
    most = max([*sums, made, 0.0])
    return {
        "most": most,
        "made": made,
        "left": most - made,
        "shares": {team: gains[team] / most if most > 0 else None for team in teams},
        "could_gain": {team: could_gain(team, gains, found.frontier) for team in teams},
    }


def could_gain(team: str, gains: Mapping[str, float], frontier: Sequence[Mapping[str, float]]) -> float | None:
    """How much more one team could have had with the others no worse off, by the points of the frontier.

    Two teams: along straight lines between neighbouring points. None where no point leaves the others as well off.
    """
    others = [one for one in gains if one != team]
    best: float | None = None
    fine = [point for point in frontier if all(point[o] >= gains[o] for o in others)]
    if fine:
        best = max(point[team] for point in fine)
    if len(others) == 1:
        (other,) = others
        for a, b in itertools.pairwise(frontier):
            low, high = sorted((a[other], b[other]))
            if low < gains[other] <= high:
                share = (gains[other] - a[other]) / (b[other] - a[other])
                between = a[team] + share * (b[team] - a[team])
                best = between if best is None else max(best, between)
    return None if best is None else max(0.0, best - gains[team])
