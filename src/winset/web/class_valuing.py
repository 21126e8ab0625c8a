"""Accounts for a class: one at a time in a thread, equal packages once, and the newest wish of each person.

Whoever drags a slider wants the last place of it; an older wish that still waits is answered with `NewerError`. So
at most one wish a person waits, and nobody can keep the others from theirs.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from winset.classroom.worth import Accounts, Valuing

__all__ = ["KEPT", "NewerError", "Queue"]

KEPT = 4096
"""Packages whose accounts are kept (a few kilobytes each)."""
Key = tuple[tuple[str, float], ...]


class NewerError(Exception):
    """The same person has asked for another package meanwhile."""


class Queue:
    """Use within one event loop."""

    def __init__(self, valuing: Valuing) -> None:
        self.valuing = valuing
        self.computed = 0
        """Packages that were not looked up."""
        self._known: OrderedDict[Key, Accounts] = OrderedDict()
        self._waiting: OrderedDict[str, tuple[Key, asyncio.Future[Accounts]]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="winset-class")
        self._worker: asyncio.Task[None] | None = None

    async def accounts(self, who: str, levers: Mapping[str, float]) -> Accounts:
        """Accounts of a package, asked for by somebody. Raises what the valuing raises, or NewerError."""
        key = tuple(sorted(levers.items()))
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        future: asyncio.Future[Accounts] = asyncio.get_running_loop().create_future()
        _, old = self._waiting.get(who, (None, None))
        if old is not None and not old.done():
            old.set_exception(NewerError())
        # Assigning keeps the place in line that somebody has.
        self._waiting[who] = (key, future)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            _, (key, future) = self._waiting.popitem(last=False)
            if future.done():
                continue
            try:
                if key not in self._known:
                    self._known[key] = await loop.run_in_executor(self._thread, self.valuing, dict(key))
                    self.computed += 1
                    while len(self._known) > KEPT:
                        self._known.popitem(last=False)
                found = self._known[key]
            except Exception as error:
                if not future.done():
                    future.set_exception(error)
                continue
            if not future.done():
                future.set_result(found)

    def close(self) -> None:
        """Take no more work."""
        if self._worker is not None:
            self._worker.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
