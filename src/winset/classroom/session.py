"""A session being played: state, clock and log together. Every change of state goes through `Session.do`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from winset.classroom import events as ev
from winset.classroom import moves
from winset.classroom.codes import key_of, match, new_codes, new_token
from winset.classroom.journal import Journal
from winset.classroom.setup import Rules, Setup
from winset.classroom.state import Member, State, apply, fold
from winset.classroom.views import TEACHER, Viewer, view_for
from winset.core.errors import RequestError

__all__ = ["TICK", "Session"]

TICK = 5.0
"""Seconds between two marks that the clock was running."""
Deciding = Callable[[State, float], Iterator[ev.Event]]


class Session:
    """May be used by several threads: one event after another, each on the disk before the next."""

    def __init__(
        self, journal: Journal, setup: Setup, rules: Rules, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Opens a session, or takes up the one that the log holds. clock: seconds, never running backwards.

        A log of another setup is refused: offers in it might not exist here. What the talks' clock showed when the
        server stopped is what it shows now, and it stands until the teacher lets it run on.
        """
        self.journal = journal
        self._lock = threading.Lock()
        self._clock = clock
        self._heard: list[Callable[[], None]] = []
        if journal.events:
            self.resumed = True
            first = journal.events[0]
            if not isinstance(first, ev.Opened) or first.setup != setup:
                raise RequestError(
                    f"{journal.path} holds a session of another case, other teams or other terms",
                    remedy="Name another file with --state",
                )
            self.state = fold(journal.events)
            self._since = self.state.t - clock()
            if self.state.running:
                self._commit([ev.Paused(t=self.state.t, by="restart")])
        else:
            self.resumed = False
            self._since = -clock()
            codes = new_codes([*setup.codes, ev.OBSERVER])
            opened = ev.Opened(t=0.0, setup=setup, rules=rules, codes=codes)
            journal.append([opened])
            self.state = fold([opened])

    def now(self) -> float:
        """The session's clock, which goes on where the log ends."""
        return max(self.state.t, round(self._since + self._clock(), 3))

    def listen(self, heard: Callable[[], None]) -> None:
        """Call this after every change, from whatever thread made it."""
        self._heard.append(heard)

    def do(self, deciding: Deciding) -> State:
        """First what the clock has brought about, then what is asked for; the state after it.

        Raises RequestError where it is refused; what the clock did stays done.
        """
        with self._lock:
            now = self.now()
            changed = self._commit(list(moves.due(self.state, now)))
            try:
                # Events are decided one after another on the state at hand, and happen all or none.
                asked = list(deciding(self.state, now))
                changed = self._commit(asked) or changed
            finally:
                state = self.state
                if changed:
                    for heard in self._heard:
                        heard()
        return state

    def _commit(self, events: list[ev.Event]) -> bool:
        if not events:
            return False
        state = self.state
        for event in events:
            state = apply(state, event)
        self.journal.append(events)
        self.state = state
        return True

    # ------------------------------------------------------------------ what the server calls

    def tick(self) -> None:
        """Let the clock do its work; call about once a second."""

        def mark(state: State, now: float) -> Iterator[ev.Event]:
            if state.running and now - state.t >= TICK:
                yield ev.Ticked(t=now)

        # Most ticks change nothing: look before taking the lock.
        state = self.state
        if state.running:
            self.do(mark)

    def join(self, code: object, name: object) -> tuple[str, Member] | None:
        """A bearer token and its member for a right code; None for a wrong one. Raises RequestError for a name."""
        token = new_token()
        chosen: list[int] = []

        def come_in(state: State, now: float) -> Iterator[ev.Event]:
            found = match(state.codes, code)
            if found is None:
                return
            chosen.append(state.next_member)
            yield from moves.join(state, now, None if found == ev.OBSERVER else found, name, key_of(token))

        state = self.do(come_in)
        return (token, state.members[chosen[0]]) if chosen else None

    def member(self, token: str) -> Member | None:
        """Who holds a token."""
        key = key_of(token)
        return next((one for one in self.state.members.values() if one.key == key), None)

    def teacher(self, action: str, ask: moves.Ask, *, out: bool = False) -> State:
        """What the teacher asks for. out: a reset sends everybody out and makes new codes."""
        if action == "reset" and out:
            ask = moves.Ask(codes=new_codes([*self.state.setup.codes, ev.OBSERVER]))
        return self.do(lambda state, now: moves.teacher(state, now, action, ask))

    def act(self, who: Member, action: str, **given: Any) -> State:
        """offer, answer, withdraw or speak, by a member who is still in the room."""
        deciding: Mapping[str, Callable[..., Iterator[ev.Event]]] = {
            "offer": moves.offer, "answer": moves.answer, "withdraw": moves.withdraw, "speak": moves.speak,
        }  # fmt: skip

        def decide(state: State, now: float) -> Iterator[ev.Event]:
            if state.members.get(who.id) != who:
                raise RequestError("you are not in the room any more", remedy="Join again")
            return deciding[action](state, now, who, **given)

        return self.do(decide)

    def view(self, viewer: Viewer = TEACHER) -> dict[str, Any]:
        """What one person sees now."""
        return view_for(self.state, viewer, self.now())
