"""What people ask for, and the events that follow from it: the rules of the game. Pure.

A refusal is a RequestError that says why and what to do; nothing has then happened.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from winset.classroom import events as ev
from winset.classroom.setup import Rules, check_levers
from winset.classroom.state import Member, Offer, State, apply
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = [
    "MOST_MEMBERS",
    "MOST_OFFERS",
    "TEACHER_ACTIONS",
    "Ask",
    "answer",
    "due",
    "join",
    "offer",
    "plain",
    "ratified",
    "speak",
    "teacher",
    "withdraw",
]

MOST_MEMBERS = 200
"""People in one session."""
MOST_OFFERS = 500
"""Offers in one play."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What the teacher asks for, besides its name."""

    seconds: float = 60.0
    what: str = "round"
    """What to extend: round or talks."""
    member: int = 0
    rules: Rules | None = None
    codes: Mapping[str, str] | None = None
    """New access codes, where a reset sends everybody out."""


def plain(text: object, most: int) -> str:
    """Text of a person as one line that can be shown: no control or direction characters, at most so long."""
    if not isinstance(text, str):
        raise RequestError("text is needed here")
    if len(text) > 4 * most:
        raise RequestError(f"the text is too long: {len(text):,} characters", remedy=f"Use at most {most}")
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else c for c in text)
    line = " ".join(kept.split())
    if len(line) > most:
        raise RequestError(f"the text is too long: {len(line):,} characters", remedy=f"Use at most {most}")
    return line


# ---------------------------------------------------------------------- the clock


def due(state: State, now: float) -> Iterator[ev.Event]:
    """What the clock alone has brought about by `now`, each at its own instant, however late one looks."""
    while state.phase == "talks" and state.running:
        ends = [end for end in (state.round_ends, state.total_ends) if end is not None]
        if not ends or state.at(now) < min(ends):
            return
        end = min(ends)
        t = state.t + max(0.0, end - state.elapsed)
        if state.total_ends is not None and state.total_ends <= end:
            event: ev.Event = ev.Ended(t=t, why="deadline")
        else:
            event = next_round(state, t, "clock", state.after(state.mover))
        yield event
        state = apply(state, event)


def next_round(state: State, t: float, by: str, mover: str) -> ev.Event:
    """The next round, or the end where this was the last."""
    if state.round >= state.rules.rounds:
        return ev.Ended(t=t, why="rounds")
    return ev.Advanced.model_validate({"t": t, "mover": mover, "by": by})


# ---------------------------------------------------------------------- members of teams


def join(state: State, t: float, team: str | None, name: object, key: str) -> Iterator[ev.Event]:
    """Somebody who gave a right code comes in, under a name that nobody else has. team None: an observer."""
    if len(state.members) >= MOST_MEMBERS:
        raise RequestError(f"the session is full: {MOST_MEMBERS} people", remedy="Ask the teacher")
    wanted = plain(name, ev.NAME)
    if not wanted:
        raise RequestError("a name is needed", remedy="Write the name that the others are to see")
    taken = {one.name.casefold() for one in state.members.values()}
    chosen, count = wanted, 1
    while chosen.casefold() in taken:
        count += 1
        chosen = f"{wanted} ({count})"
    yield ev.Joined(t=t, member=state.next_member, name=chosen, team=team, key=key)


def offer(
    state: State, t: float, who: Member, levers: Mapping[str, object], message: object = "",
    counter_to: int | None = None,
) -> Iterator[ev.Event]:  # fmt: skip
    """A team puts a package on the table, by itself or in answer to another."""
    team = _acting(state, who)
    package = check_levers(state.setup, levers)
    words = plain(message, ev.MESSAGE)
    if len(state.offers) >= MOST_OFFERS:
        raise RequestError(
            f"{MOST_OFFERS} offers were made", remedy="Accept one, or ask the teacher to begin anew"
        )
    if counter_to is not None:
        yield from _counter(state, t, who, team, counter_to)
    elif state.rules.turns == "alternate":
        if state.mover != team:
            raise RequestError("another team is on the move", remedy="Answer its offer, or wait for your turn")
        if state.open_offers:
            raise RequestError(
                "your offer is still on the table", remedy="Wait for the answers, or withdraw it first"
            )
    yield ev.Offered(
        t=t, offer=len(state.offers) + 1, team=team, member=who.id, levers=package, message=words,
        counter_to=counter_to,
    )  # fmt: skip


def _counter(state: State, t: float, who: Member, team: str, id: int) -> Iterator[ev.Event]:
    old = _answerable(state, team, id)
    last = state.rules.turns == "alternate" and state.round >= state.rules.rounds
    if last:
        raise RequestError("this is the last round", remedy="Accept the offer or refuse it")
    yield ev.Answered(t=t, offer=old.id, team=team, member=who.id, answer="counter")
    if state.rules.turns == "alternate":
        yield ev.Advanced(t=t, mover=team, by="answer")


def answer(state: State, t: float, who: Member, id: int, said: str) -> Iterator[ev.Event]:
    """A team accepts or refuses an offer; where all others have accepted, the talks end in agreement."""
    team = _acting(state, who)
    if said not in ("accept", "refuse"):
        raise RequestError(f"unknown answer {said[:20]!r}", remedy="Say accept or refuse")
    old = _answerable(state, team, id)
    yield ev.Answered.model_validate({"t": t, "offer": id, "team": team, "member": who.id, "answer": said})
    if said == "refuse":
        if state.rules.turns == "alternate":
            yield next_round(state, t, "answer", state.after(state.mover))
        return
    others = [code for code in state.setup.codes if code not in (old.by, team)]
    if all(old.answers.get(code) == "accept" for code in others):
        yield ev.Ended(t=t, why="agreement", offer=id)


def withdraw(state: State, t: float, who: Member, id: int) -> Iterator[ev.Event]:
    """A team takes its offer back, as long as not all have accepted it."""
    team = _acting(state, who)
    old = state.offer(id)
    if old.by != team:
        raise RequestError("this is another team's offer", remedy="Refuse it instead")
    if old.standing != "open":
        raise RequestError(f"offer {id} is not on the table any more")
    yield ev.Withdrawn(t=t, offer=id, team=team, member=who.id)


def speak(state: State, t: float, who: Member) -> Iterator[ev.Event]:
    """A member acts for the team from now on. Anybody of it may: a phone that went away must block nobody."""
    if who.team is None:
        raise RequestError("observers act for nobody")
    if state.speakers.get(who.team) != who.id:
        yield ev.Spoke(t=t, team=who.team, member=who.id)


def _acting(state: State, who: Member) -> str:
    """The team that a member acts for now."""
    if who.team is None:
        raise RequestError("observers make no moves")
    if state.phase != "talks":
        raise RequestError("the talks are not on")
    if not state.running:
        raise RequestError("the clock stands still", remedy="Wait until the teacher lets it run on")
    if state.speakers.get(who.team) != who.id:
        raise RequestError("somebody else speaks for your team", remedy="Take over first")
    return who.team


def _answerable(state: State, team: str, id: int) -> Offer:
    old = state.offer(id)
    if old.standing != "open":
        raise RequestError(f"offer {id} is not on the table any more")
    if old.by == team:
        raise RequestError("this is your own offer", remedy="Withdraw it instead")
    if team in old.answers:
        raise RequestError(f"your team has answered offer {id} already")
    return old


# ---------------------------------------------------------------------- the teacher


def teacher(state: State, t: float, action: str, ask: Ask) -> Iterator[ev.Event]:
    """What the teacher asks for; see TEACHER_ACTIONS."""
    known(action[:40], TEACHER_ACTIONS, "action")
    phases = TEACHER_ACTIONS[action]
    if phases and state.phase not in phases:
        raise RequestError(f"{action} is not possible now", why=f"It belongs to: {', '.join(phases)}")
    match action:
        case "begin":
            empty = [team.name for team in state.setup.teams if team.code not in state.speakers]
            if empty:
                raise RequestError(f"nobody has joined {' and '.join(empty)} yet")
            yield ev.Began(t=t)
        case "pause" if state.running:
            yield ev.Paused(t=t)
        case "resume" if not state.running:
            yield ev.Resumed(t=t)
        case "extend":
            yield _extended(state, t, ask)
        case "advance":
            yield next_round(state, t, "teacher", state.after(state.mover))
        case "end":
            yield ev.Ended(t=t, why="teacher")
        case "debrief":
            if state.phase == "talks":
                yield ev.Ended(t=t, why="teacher")
            yield ev.Debriefed(t=t)
        case "reset":
            yield ev.Reset(t=t, codes=None if ask.codes is None else dict(ask.codes))
        case "remove":
            _member(state, ask.member)
            yield ev.Removed(t=t, member=ask.member)
        case "speaker":
            one = _member(state, ask.member)
            if one.team is None:
                raise RequestError(f"{one.name} is an observer")
            yield ev.Spoke(t=t, team=one.team, member=one.id)
        case "rules":
            if ask.rules is None:
                raise RequestError("the rules are missing")
            yield ev.Ruled(t=t, rules=ask.rules)


TEACHER_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "begin": ("lobby",),
    "pause": ("talks",),
    "resume": ("talks",),
    "extend": ("talks",),
    "advance": ("talks",),
    "end": ("talks",),
    "debrief": ("talks", "ended"),
    "reset": (),
    "remove": (),
    "speaker": (),
    "rules": ("lobby",),
}
"""What the teacher may ask for, and in which phases; none named: in all."""


def _extended(state: State, t: float, ask: Ask) -> ev.Event:
    if not 1 <= ask.seconds <= 7200:
        raise RequestError("time is added by 1 to 7200 seconds")
    known(str(ask.what)[:20], ["round", "talks"], "clock")
    if (state.round_ends if ask.what == "round" else state.total_ends) is None:
        raise RequestError(f"there is no clock over the {ask.what}")
    return ev.Extended.model_validate({"t": t, "what": ask.what, "seconds": ask.seconds})


def _member(state: State, id: int) -> Member:
    if id not in state.members:
        raise RequestError(f"there is nobody with number {id}")
    return state.members[id]


def ratified(state: State, t: float, refused: Mapping[str, tuple[str, ...]]) -> Iterator[ev.Event]:
    """What those at home say to the agreement, once."""
    if state.outcome is not None and state.outcome.offer is not None and state.outcome.refused is None:
        yield ev.Ratified(t=t, refused=dict(refused))
