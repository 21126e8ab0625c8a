"""Chunks through Dask's distributed scheduler: processes of this machine, or any cluster by its address."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from winset.core.errors import RequestError, WinsetError
from winset.sweep.plan import Chunk, Plan
from winset.sweep.work import ONE_THREAD, Made, compute

if TYPE_CHECKING:
    from distributed import Client

    from winset.sweep.bundle import Bundle

__all__ = ["cores", "run_chunks"]

AHEAD = 3
"""Chunks that wait for each worker: enough that none idles, few enough that results do not pile up."""
POLL = 5.0
"""Seconds without a finished chunk after which the cluster is looked at."""
PATIENCE = 60.0
"""Seconds without any worker after which the run ends."""
KEPT = "Finished chunks are kept: give the same command again to go on"


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_chunks(
    chunks: Iterable[Chunk],
    *,
    total: int,
    bundle: Bundle,
    plan: Plan,
    run: str,
    keep: Callable[[Made], None],
    scheduler: str | None = None,
    workers: int | None = None,
) -> None:
    """Compute every chunk and hand each to `keep`, in the order in which they are finished.

    A worker that dies is replaced and its chunk computed again by Dask; one that takes several workers with it,
    a scheduler that goes away and a worker with another Winset each raise RequestError. What `keep` raises ends
    the run.
    """
    if not total:
        return
    with _client(scheduler, min(workers or cores(), total)) as client:
        from distributed import wait

        # A task and not scattered data: should its holder die, the scheduler makes it again.
        sent = client.submit(_itself, bundle, key=f"winset-case-{bundle.id}-{run}", pure=False)
        waiting = iter(chunks)

        def submit(chunk: Chunk) -> Any:
            return client.submit(
                compute, sent, plan, chunk, run, key=f"winset-{run}-{chunk.id}", pure=False, retries=0
            )

        with _told(scheduler), client.as_current():
            threads = sum(client.nthreads().values()) or 1
            pending = {submit(chunk) for chunk in islice(waiting, AHEAD * threads)}
            idle = 0.0
            while pending:
                try:
                    finished = wait(pending, timeout=POLL, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    # Long chunks are no fault; a cluster without a worker that nobody replaces is one.
                    idle = 0.0 if client.nthreads() else idle + POLL
                    if client.status != "running" or idle >= PATIENCE:
                        raise _gone(scheduler, RuntimeError("no worker is left")) from None
                    continue
                idle = 0.0
                for future in finished:
                    pending.remove(future)
                    made = _result(future, scheduler)
                    future.release()
                    keep(made)
                    pending |= {submit(chunk) for chunk in islice(waiting, 1)}


def _itself(bundle: Bundle) -> Bundle:
    return bundle


@contextmanager
def _client(scheduler: str | None, workers: int) -> Iterator[Client]:
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise RequestError(
            f"sweeps need the package {error.name}", remedy="Install dask, distributed and duckdb"
        ) from error
    if scheduler is not None:
        with _told(scheduler):
            try:
                client = Client(scheduler, timeout=20, set_as_default=False)
            except ValueError as error:
                raise RequestError(
                    f"--scheduler {scheduler!r}: {error}", remedy="For example tcp://host:8786"
                ) from error
        try:
            with _told(scheduler):
                if not client.nthreads():
                    client.wait_for_workers(1, timeout=60)
            yield client
        finally:
            with suppress(Exception):
                client.close(timeout=5)
        return
    quiet = {
        # Before a worker starts: libraries count their threads when they are loaded.
        "distributed.nanny.pre-spawn-environ": ONE_THREAD,
        "distributed.admin.large-graph-warning-threshold": "1GB",
        "distributed.worker.daemon": True,
    }
    with dask.config.set(quiet):
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0,
            silence_logs=logging.CRITICAL, host="127.0.0.1",
        )  # fmt: skip
        try:
            client = Client(cluster, set_as_default=False)
            try:
                yield client
            finally:
                with suppress(Exception):
                    client.close(timeout=5)
        finally:
            with suppress(Exception):
                cluster.close(timeout=10)


@contextmanager
def _told(scheduler: str | None) -> Iterator[None]:
    """Faults of the connection as one message. Faults of the disk are WinsetErrors already and pass."""
    try:
        yield
    except WinsetError:
        raise
    except (OSError, TimeoutError, asyncio.CancelledError, futures.CancelledError) as error:
        raise _gone(scheduler, error) from error


def _gone(scheduler: str | None, error: BaseException) -> RequestError:
    where = f"the Dask scheduler at {scheduler}" if scheduler else "the local Dask scheduler"
    said = str(error).strip().splitlines()
    return RequestError(
        f"{where} cannot be reached or has no workers", why=said[0] if said else type(error).__name__, remedy=KEPT
    )


def _result(future: Any, scheduler: str | None) -> Made:
    """The chunk of a finished future, or what went wrong with it."""
    if future.status in ("cancelled", "lost"):
        raise _gone(scheduler, RuntimeError("the connection was lost"))
    error = future.exception(timeout=60)
    if error is None:
        made: Made = future.result(timeout=600)
        return made
    chunk = future.key.split("-", 3)[-1]
    if isinstance(error, WinsetError):
        raise error
    if type(error).__name__ == "KilledWorker":
        raise RequestError(
            f"chunk {chunk} took several workers with it", why="The usual cause is too little memory",
            remedy=f"Give workers more memory, or fewer of them a machine. {KEPT}",
        ) from error  # fmt: skip
    if isinstance(error, ModuleNotFoundError):
        raise RequestError(
            f"a worker lacks the package {error.name}", remedy="Install the same lock file on workers and driver"
        ) from error
    if isinstance(error, OSError) or type(error).__module__.startswith(("duckdb", "_duckdb")):
        raise RequestError(
            f"a worker could not write chunk {chunk} to its temporary folder: {error}",
            remedy=f"Make room there. {KEPT}",
        ) from error  # fmt: skip
    raise error
