"""The state of a session as the fold of its events. Pure: no clock, no disk, no payoff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Literal

from winset.classroom import events as ev
from winset.classroom.setup import Rules, Setup
from winset.core.errors import RequestError

__all__ = ["Member", "Offer", "Outcome", "State", "apply", "fold"]

Phase = Literal["lobby", "talks", "ended", "debrief"]
Standing = Literal["open", "agreed", "refused", "countered", "lapsed", "replaced", "withdrawn"]


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody in the room."""

    id: int
    name: str
    team: str | None
    """None: an observer."""
    key: str
    """SHA-256 of the bearer token, in hex."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A package that was on the table."""

    id: int
    round: int
    by: str
    """Team."""
    member: str
    """Display name of who made it."""
    levers: Mapping[str, float]
    message: str
    at: float
    """Seconds of the talks' own clock."""
    counter_to: int | None
    answers: Mapping[str, str]
    """accept, refuse or counter, by team."""
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How the talks ended."""

    why: Literal["agreement", "deadline", "rounds", "teacher"]
    offer: int | None
    refused: Mapping[str, tuple[str, ...]] | None = None
    """By team, conditions at home that the agreement breaks; None until they were asked."""

    @property
    def holds(self) -> bool:
        """Whether there is an agreement that everybody at home accepts."""
        return self.offer is not None and self.refused is not None and not any(self.refused.values())


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a session stands."""

    setup: Setup
    rules: Rules
    codes: Mapping[str, str]
    """Access code by team, and of observers."""
    t: float
    """Clock of the last event."""
    version: int = 1
    """Rises with every event that anybody could see; a tick is none."""
    play: int = 1
    phase: Phase = "lobby"
    running: bool = False
    stopped_by: str = ""
    """Why the clock stands while talks are on: teacher or restart."""
    elapsed: float = 0.0
    """Seconds that the talks' clock has run, as of `t`."""
    round: int = 0
    round_ends: float | None = None
    """By the talks' clock; None without a clock over rounds."""
    total_ends: float | None = None
    mover: str = ""
    """Team on the move, where moves alternate."""
    members: Mapping[int, Member] = field(default_factory=dict)
    next_member: int = 1
    speakers: Mapping[str, int] = field(default_factory=dict)
    """Member who acts for each team."""
    offers: tuple[Offer, ...] = ()
    outcome: Outcome | None = None

    def at(self, t: float) -> float:
        """The talks' clock when the server's shows t; never less than it was."""
        return self.elapsed + max(0.0, t - self.t) if self.running else self.elapsed

    def after(self, team: str) -> str:
        """The team that moves after this one."""
        codes = self.setup.codes
        return codes[(codes.index(team) + 1) % len(codes)]

    def offer(self, id: int) -> Offer:
        """An offer by its number. Raises RequestError."""
        if not 1 <= id <= len(self.offers):
            raise RequestError(f"there is no offer {id}")
        return self.offers[id - 1]

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        """Those still on the table."""
        return tuple(one for one in self.offers if one.standing == "open")


def fold(events: Iterable[ev.Event]) -> State:
    """The state after these events, the first of which opens the session."""
    rest = iter(events)
    first = next(rest, None)
    if not isinstance(first, ev.Opened):
        raise RequestError("a session begins by being opened")
    start = State(setup=first.setup, rules=first.rules, codes=first.codes, t=first.t)
    return reduce(apply, rest, start)


def apply(state: State, event: ev.Event) -> State:
    """The state after one more event. Raises RequestError for one that cannot follow (a damaged log)."""
    t = max(state.t, event.t)
    now = replace(state, elapsed=state.at(t), t=t, version=state.version + 1)
    match event:
        case ev.Ticked():
            return replace(now, version=state.version)
        case ev.Ruled():
            return replace(now, rules=event.rules)
        case ev.Joined():
            one = Member(id=event.member, name=event.name, team=event.team, key=event.key)
            speakers = now.speakers
            if one.team is not None and one.team not in speakers:
                speakers = {**speakers, one.team: one.id}
            members = {**now.members, one.id: one}
            return replace(now, members=members, speakers=speakers, next_member=max(now.next_member, one.id + 1))
        case ev.Removed():
            return _without(now, event.member)
        case ev.Spoke():
            return replace(now, speakers={**now.speakers, event.team: event.member})
        case ev.Began():
            total = now.rules.total_seconds
            return _round(replace(
                now, phase="talks", running=True, stopped_by="", elapsed=0.0, round=0, offers=(), outcome=None,
                total_ends=total,
            ), now.setup.codes[0])  # fmt: skip
        case ev.Paused():
            return replace(now, running=False, stopped_by=event.by)
        case ev.Resumed():
            return replace(now, running=True, stopped_by="")
        case ev.Extended():
            if event.what == "round" and now.round_ends is not None:
                return replace(now, round_ends=now.round_ends + event.seconds)
            if event.what == "talks" and now.total_ends is not None:
                return replace(now, total_ends=now.total_ends + event.seconds)
            return now
        case ev.Reset():
            fresh = State(
                setup=now.setup, rules=now.rules, codes=event.codes or now.codes, t=t, version=now.version,
                play=now.play + 1, members=now.members, next_member=now.next_member, speakers=now.speakers,
            )  # fmt: skip
            return replace(fresh, members={}, speakers={}) if event.codes else fresh
        case ev.Ended():
            offers = now.offers
            if event.offer is not None:
                now.offer(event.offer)
                offers = _standing(offers, {event.offer}, "agreed")
            offers = _standing(offers, {one.id for one in offers if one.standing == "open"}, "lapsed")
            ended = Outcome(why=event.why, offer=event.offer)
            return replace(now, phase="ended", running=False, stopped_by="", offers=offers, outcome=ended)
        case ev.Ratified():
            if now.outcome is None:
                raise RequestError("nothing was agreed that could be ratified")
            return replace(now, outcome=replace(now.outcome, refused=event.refused))
        case ev.Debriefed():
            return replace(now, phase="debrief", running=False)
        case ev.Advanced():
            return _round(now, event.mover)
        case ev.Offered() | ev.Answered() | ev.Withdrawn():
            return replace(now, offers=_table(now, event))
    raise RequestError("a session is opened once")


def _round(state: State, mover: str) -> State:
    """The next round; where moves alternate, what lay on the table lapses with the last one."""
    seconds = state.rules.round_seconds
    offers = state.offers
    if state.rules.turns == "alternate":
        offers = _standing(offers, {one.id for one in offers if one.standing == "open"}, "lapsed")
    ends = None if seconds is None else state.elapsed + seconds
    return replace(state, round=state.round + 1, mover=mover, round_ends=ends, offers=offers)


def _table(state: State, event: ev.Offered | ev.Answered | ev.Withdrawn) -> tuple[Offer, ...]:
    if isinstance(event, ev.Offered):
        if event.offer != len(state.offers) + 1:
            raise RequestError(f"offer {event.offer} does not follow offer {len(state.offers)}")
        mine = {one.id for one in state.offers if one.by == event.team and one.standing == "open"}
        who = state.members.get(event.member)
        new = Offer(
            id=event.offer, round=state.round, by=event.team, member=who.name if who else "", levers=event.levers,
            message=event.message, at=state.elapsed, counter_to=event.counter_to, answers={}, standing="open",
        )  # fmt: skip
        return (*_standing(state.offers, mine, "replaced"), new)
    state.offer(event.offer)
    if isinstance(event, ev.Withdrawn):
        return _standing(state.offers, {event.offer}, "withdrawn")
    after: dict[str, Standing] = {"accept": "open", "refuse": "refused", "counter": "countered"}
    return tuple(
        replace(one, answers={**one.answers, event.team: event.answer}, standing=after[event.answer])
        if one.id == event.offer else one
        for one in state.offers
    )  # fmt: skip


def _standing(offers: tuple[Offer, ...], ids: set[int], standing: Standing) -> tuple[Offer, ...]:
    return tuple(replace(one, standing=standing) if one.id in ids else one for one in offers)


def _without(state: State, member: int) -> State:
    gone = state.members.get(member)
    members = {id: one for id, one in state.members.items() if id != member}
    speakers = dict(state.speakers)
    if gone is not None and gone.team is not None and speakers.get(gone.team) == member:
        # The next in line speaks; a team with nobody left has no speaker until somebody joins.
        heirs = [id for id, one in members.items() if one.team == gone.team]
        speakers.pop(gone.team)
        if heirs:
            speakers[gone.team] = min(heirs)
    return replace(state, members=members, speakers=speakers)
