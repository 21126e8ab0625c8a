"""One thread for the compiled solver: what a process that has one core of many to itself should use."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["start_on_one_thread"]


def start_on_one_thread() -> bool:
    """Let JAX make its pools of threads while this process may use one core, then give the cores back.

    XLA sizes its pools by the cores that it may use when it starts, whatever its flags say; threads that wait for
    work turn idly and take a fifth of a core from the worker beside. Linux only; elsewhere, and where JAX has
    started, nothing is done. Returns whether anything was.
    """
    if "jax" in sys.modules or not sys.platform.startswith("linux"):
        return False
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        import jax

        jax.devices()
    finally:
        # Threads made meanwhile were bound to that core too.
        for task in Path("/proc/self/task").iterdir():
            with suppress(OSError):
                os.sched_setaffinity(int(task.name), cores)
    return True
