"""What runs beside the routes of class mode: the clock, news for whoever waits, those at home, the map."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from winset.classroom import moves
from winset.classroom.session import Session
from winset.classroom.worth import Map, Valuing
from winset.core.errors import WinsetError
from winset.web.class_valuing import NewerError, Queue

__all__ = ["SPREAD", "ClassWork"]

HOLD = 20.0
"""Seconds for which a question after news is held open."""
SETTLE = 0.02
"""Seconds from a change until it is news."""
SPREAD = 0.01
"""Seconds between the answers to those who wait, ten at a time, so that a class does not ask all at once."""

_log = logging.getLogger("winset.web")


class ClassWork:
    """Lives as long as the server does."""

    def __init__(self, session: Session, valuing: Valuing, mapping: Callable[[], Map], *, warm: bool) -> None:
        """warm: begin with a first account and the map as soon as the server runs."""
        self.session, self.mapping, self.warm = session, mapping, warm
        self.queue = Queue(valuing)
        self.map: Map | None = None
        self.map_failed = ""
        self.closing = False
        self._news = asyncio.Event()
        self._told: asyncio.TimerHandle | None = None
        self._held: dict[str, asyncio.Event] = {}
        self._seen = 0
        """Offers of this play that were begun to be valued."""
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Runs the clock while the server runs."""
        loop = asyncio.get_running_loop()

        def heard() -> None:
            # A request that a closing server still ends may come after its loop.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._changed)

        self.session.listen(heard)
        self._start(self._tick())
        self._changed()
        if self.warm:
            self._start(self._warm())
        try:
            yield
        finally:
            for task in list(self._tasks):
                task.cancel()
            self.queue.close()

    @property
    def mapped(self) -> bool:
        """Whether the map has come, or will not."""
        return self.map is not None or bool(self.map_failed)

    def release(self) -> None:
        """Answer whoever waits for news: the server is about to close."""
        self.closing = True
        self._news.set()

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            try:
                await run_in_threadpool(self.session.tick)
            except WinsetError as error:
                _log.error("%s", error)

    async def _warm(self) -> None:
        levers = {lever.id: lever.value for lever in self.session.state.setup.levers}
        try:
            await self.queue.accounts("(warm)", levers)
        except Exception:
            _log.exception("the model could not be made ready")
        await self._map()

    async def _map(self) -> None:
        # A thread of its own, not one of the few that requests share.
        try:
            self.map = await asyncio.to_thread(self.mapping)
        except WinsetError as error:
            self.map_failed = str(error)
        except Exception:
            _log.exception("the map of the debrief could not be computed")
            self.map_failed = "an unexpected fault; see the terminal"
        self._changed()

    def _tell(self) -> None:
        """News for whoever waits."""
        self._told = None
        self._news.set()
        self._news = asyncio.Event()

    def _changed(self) -> None:
        # Whoever acted is answered first, and several changes at once are one piece of news.
        if self._told is None:
            self._told = asyncio.get_running_loop().call_later(SETTLE, self._tell)
        state = self.session.state
        if state.phase == "talks" and len(state.offers) != self._seen:
            # Everybody will look at a new offer; its account is begun before the first one asks.
            self._seen = len(state.offers)
            if state.offers:
                self._start(self._look(state.offers[-1].levers))
        outcome = state.outcome
        if outcome is not None and outcome.offer is not None and outcome.refused is None:
            self._start(self._ratify(outcome.offer))

    async def _look(self, levers: Mapping[str, float]) -> None:
        # Whoever asks for it next is told what is wrong with it.
        with contextlib.suppress(Exception):
            await self.queue.accounts("(offer)", levers)

    async def _ratify(self, offer: int) -> None:
        """Ask those at home; the answer is an event, so the fold needs no model."""
        try:
            accounts = await self.queue.accounts("(home)", self.session.state.offer(offer).levers)
            refused = {team: account.refused for team, account in accounts.items()}
            await run_in_threadpool(self.session.do, lambda state, now: moves.ratified(state, now, refused))
        except NewerError:
            return
        except Exception:
            _log.exception("the agreement could not be judged")

    # ------------------------------------------------------------------ news

    async def newer(self, who: str, since: int, mapped: bool) -> None:
        """Wait for news beyond a version, or for the map where it had not come yet.

        A person has one question open: a new one answers the one before.
        """
        newer = self._held.get(who)
        if newer is not None:
            newer.set()
        mine = self._held[who] = asyncio.Event()
        loop = asyncio.get_running_loop()
        end = loop.time() + HOLD
        try:
            while (
                self.session.state.version <= since
                and self.mapped <= mapped
                and not mine.is_set()
                and loop.time() < end
            ):
                if self.closing:
                    break
                waits = [asyncio.ensure_future(one.wait()) for one in (self._news, mine)]
                try:
                    await asyncio.wait(waits, timeout=end - loop.time(), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for one in waits:
                        one.cancel()
        finally:
            if self._held.get(who) is mine:
                del self._held[who]
