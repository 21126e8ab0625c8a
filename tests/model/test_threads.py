"""Starting JAX on one thread leaves the process with the cores that it had."""

import subprocess
import sys
import textwrap

import pytest

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux lets a process choose its cores"
)


@linux
def test_pools_are_made_for_one_core_and_the_cores_given_back() -> None:
    code = """
        import os
        from pathlib import Path
        from winset.model.threads import start_on_one_thread

        before = os.sched_getaffinity(0)
        assert start_on_one_thread()
        tasks = [int(task.name) for task in Path("/proc/self/task").iterdir()]
        assert all(os.sched_getaffinity(task) == before for task in tasks)
        assert not start_on_one_thread(), "JAX has started: nothing is to be done"
        print(len(tasks))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 1
