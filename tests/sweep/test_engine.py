"""Real processes: any number of workers, killed workers and drivers, lost schedulers; always the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

import winset
from sweep.sweep_cases import hashes, small_case
from winset.core.errors import RequestError, UnreadableFileError
from winset.sweep import engine
from winset.sweep.run import Sweep, sweep
from winset.workflow import OpenCase

PLAN: dict[str, Any] = {
    "draws": 40, "packages": ["test", "korus-2024"], "grid": ["car-rate=0:25:3"], "block": 8,
}  # fmt: skip
CHUNKS = 5 + 2 * 5 + 3 * 5
"""Five blocks of draws: their own table, two packages, three grid points."""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> OpenCase:
    return winset.open_case(small_case(tmp_path_factory.mktemp("case")))


@pytest.fixture(scope="module")
def whole(case: OpenCase, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sweep, dict[str, str]]:
    """The sweep by one worker that nothing disturbs."""
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    done = sweep(case, folder, workers=1, **PLAN)
    return done, hashes(folder)


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    """The worker processes below one."""
    found = []
    for child in process.children(recursive=True):
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def test_one_worker(case: OpenCase, whole: tuple[Sweep, dict[str, str]]) -> None:
    done, files = whole
    assert done.chunks == done.computed == CHUNKS
    # One file a chunk, the manifest, the records and the grid.
    assert len(files) == CHUNKS + 3
    assert done.rows == 40 + 5 * 40 * len(case.case.reported)
    assert done.unconverged == 0
    assert done.worst_residual <= 1e-10
    manifest = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["id"] == done.run
    assert manifest["libraries"].keys() == {"jax", "jaxlib", "numpy", "duckdb"}
    text = "".join(path.read_text(encoding="utf-8") for path in done.folder.glob("*.json*"))
    assert str(case.case.folder) not in text


def test_a_killed_worker_costs_nothing(
    case: OpenCase, whole: tuple[Sweep, dict[str, str]], tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done >= 3 and len(killed) < 2:
            for worker in workers_of(psutil.Process())[:1]:
                killed.append(worker.pid)
                worker.kill()

    done = sweep(case, tmp_path / "s", workers=2, progress=kill, **PLAN)
    assert len(set(killed)) == 2
    assert done.computed == CHUNKS
    assert hashes(tmp_path / "s") == whole[1]


DRIVER = """
import sys
from pathlib import Path
import winset
from winset.sweep import engine
from winset.sweep.run import sweep

if __name__ == "__main__":
    sweep(winset.open_case(sys.argv[1]), Path(sys.argv[2]), workers=1, draws=40, packages=["test", "korus-2024"],
          grid=["car-rate=0:25:3"], block=8)
"""


def test_a_killed_driver_is_gone_on_with(
    case: OpenCase, whole: tuple[Sweep, dict[str, str]], tmp_path: Path
) -> None:
    script, folder = tmp_path / "driver.py", tmp_path / "s"
    script.write_text(textwrap.dedent(DRIVER), encoding="utf-8")
    driver = subprocess.Popen([sys.executable, str(script), str(case.case.folder), str(folder)])
    records = folder / "chunks.jsonl"
    end = time.monotonic() + 240
    while time.monotonic() < end and driver.poll() is None:
        if records.is_file() and records.read_bytes().count(b"\n") >= 4:
            break
        time.sleep(0.02)
    left = workers_of(psutil.Process(driver.pid))
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait(30)
    psutil.wait_procs(left, timeout=60)
    before = len(records.read_bytes().splitlines())
    assert 4 <= before < CHUNKS
    # What a death in the middle of things leaves: a file without a record, half a record, half a temporary file.
    (folder / "draws").mkdir(exist_ok=True)
    (folder / "draws" / "000000032.parquet").write_bytes(b"PAR1 half")
    with records.open("ab") as stream:
        stream.write(b'{"bytes": 12, "id": "rows/pack')
    done = sweep(case, folder, workers=2, **PLAN)
    assert 0 < done.computed < CHUNKS
    assert hashes(folder) == whole[1]


def test_a_finished_sweep_is_left_alone_and_a_damaged_chunk_mended(
    case: OpenCase, whole: tuple[Sweep, dict[str, str]]
) -> None:
    folder = whole[0].folder
    again = sweep(case, folder, **PLAN)
    assert (again.computed, again.cpu_seconds) == (0, 0.0)
    assert hashes(folder) == whole[1]
    victim = folder / "rows" / "package=test" / "000000008.parquet"
    victim.write_bytes(victim.read_bytes()[:-100])
    mended = sweep(case, folder, workers=1, **PLAN)
    assert mended.computed == 1
    assert mended.mended == ("rows/package=test/000000008.parquet is damaged",)
    assert hashes(folder) == whole[1]


CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.readline()
        cluster.scale(0)
        sys.stdin.read()
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Any:
    """A cluster in processes of their own, started elsewhere: (its process, its address)."""
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    yield process, process.stdout.readline().strip()
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.kill()
    process.wait(30)
    for child in children:
        if child.is_running():
            child.kill()
    process.stdin.close()
    process.stdout.close()


def test_a_cluster_by_its_address(
    case: OpenCase, whole: tuple[Sweep, dict[str, str]], tmp_path: Path, cluster: tuple[Any, str]
) -> None:
    """The same code elsewhere. Its libraries may have more threads, so numbers agree and bytes may not."""
    done = sweep(case, tmp_path / "s", scheduler=cluster[1], **PLAN)
    assert done.computed == CHUNKS
    assert hashes(tmp_path / "s").keys() == whole[1].keys()


def test_a_scheduler_that_goes_away_is_named_and_finished_chunks_stay(
    case: OpenCase, tmp_path: Path, cluster: tuple[Any, str]
) -> None:
    process, address = cluster

    def leave(done: int, total: int) -> None:
        if done == 2:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()

    folder = tmp_path / "s"
    with pytest.raises(RequestError, match=f"the Dask scheduler at {address} cannot be reached") as caught:
        sweep(case, folder, scheduler=address, progress=leave, **PLAN)
    assert caught.value.exit_code == 2
    assert "same command again" in str(caught.value)
    assert len((folder / "chunks.jsonl").read_bytes().splitlines()) >= 2


def test_a_cluster_that_lost_its_workers_is_not_waited_for_for_ever(
    case: OpenCase, tmp_path: Path, cluster: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, address = cluster
    monkeypatch.setattr(engine, "POLL", 0.5)
    monkeypatch.setattr(engine, "PATIENCE", 2.0)

    def retire(done: int, total: int) -> None:
        if done == 1:
            process.stdin.write("\n")
            process.stdin.flush()

    with pytest.raises(RequestError, match="no worker is left"):
        sweep(case, tmp_path / "s", scheduler=address, progress=retire, **PLAN)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", ""])
def test_no_such_scheduler(case: OpenCase, tmp_path: Path, address: str) -> None:
    with pytest.raises(RequestError, match="scheduler"):
        sweep(case, tmp_path / "s", scheduler=address, **PLAN)


def test_a_full_disk_ends_the_run_and_keeps_what_was_written(
    case: OpenCase, whole: tuple[Sweep, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from winset.sweep import store

    real, written = store.write_bytes, []

    def full(path: Path, content: bytes) -> None:
        written.append(path)
        if len(written) > 4:
            raise UnreadableFileError("the file could not be written: No space left on device", file=path)
        real(path, content)

    monkeypatch.setattr(store, "write_bytes", full)
    with pytest.raises(UnreadableFileError, match="No space left"):
        sweep(case, tmp_path / "s", workers=1, **PLAN)
    monkeypatch.setattr(store, "write_bytes", real)
    done = sweep(case, tmp_path / "s", workers=1, **PLAN)
    assert done.computed == CHUNKS - 4
    assert hashes(tmp_path / "s") == whole[1]
