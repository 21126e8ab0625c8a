"""How fast sweeps are: `python benchmarks/bench_sweep.py [--draws N] [--workers W] [--data DIR] [--plan]`.

Reports wall-clock and CPU seconds, CPU per equilibrium, two workers over one, and the largest memory of driver and
of a worker. --data: the folder with icio2022/, for the world of 81 regions. --plan: only the projection of
docs/explain/large-sweeps.md from a short measurement. Other load on the machine stretches the wall clock and, by
shared caches, CPU time a little.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import winset
from winset.cli_sweep import _share_compiled
from winset.cli_tools import start_model
from winset.model.baseline import Baseline
from winset.sweep.keyed import drawn_elasticities
from winset.sweep.run import Sweep, sweep

CASE = "korea-us-2025"


class Memory(threading.Thread):
    """The largest resident memory of this process and of any child, bytes, sampled twice a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.driver = self.worker = 0
        self.over = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.over.wait(0.5):
            self.driver = max(self.driver, me.memory_info().rss)
            for child in me.children(recursive=True):
                try:
                    self.worker = max(self.worker, child.memory_info().rss)
                except psutil.Error:
                    continue


def timed(label: str, *, draws: int, workers: int, mode: Any) -> tuple[Sweep, float]:
    opened = winset.open_case(CASE)
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory()
        memory.start()
        began = time.perf_counter()
        done = sweep(opened, Path(folder) / "s", draws=draws, workers=workers, mode=mode)
        wall = time.perf_counter() - began
        memory.over.set()
        memory.join()
    each = 1e3 * done.cpu_seconds / max(done.solves, 1)
    print(
        f"{label:34} {wall:7.1f} s wall, {done.cpu_seconds:7.1f} s CPU of workers; {done.solves:,} equilibria, "
        f"{each:.2f} ms each; {done.rows:,} rows; driver {memory.driver / 2**20:.0f} MiB, "
        f"worker {memory.worker / 2**20:.0f} MiB; worst residual {done.worst_residual:.0e}"
    )
    return done, wall


def fine(data: Path, draws: int) -> None:
    """The world of 81 regions: one shock, own elasticities per draw, in this process."""
    from winset.model.drawn import centre_of, solve_drawn
    from winset.model.shocks import Shock

    with np.load(data / "icio2022" / "icio2022_81x28" / "arrays.npz") as arrays:
        world = Baseline.from_arrays(
            regions=[str(x) for x in arrays["countries"]],
            sectors=[str(x) for x in arrays["sectors"]],
            flows=arrays["flow_exporter_importer_sector"],
            tariffs=arrays["tariff_exporter_importer_sector"],
            elasticities=arrays["epsilon_set_sector"][4],
        )
    rates = world.tariffs + np.random.default_rng(3).uniform(0, 0.1, world.flows.shape)
    every = np.arange(len(world.regions))
    rates[every, every] = 0.0
    numbers = np.arange(draws, dtype=np.int64)
    middle = np.tile(world.elasticities, (draws, 1))
    thetas = drawn_elasticities(middle, np.full_like(middle, 0.2), world.sectors, draws=numbers, seed=1)
    centre = centre_of(world, Shock(tariffs=rates))
    solve_drawn(centre, thetas[:8])
    wall, cpu = time.perf_counter(), time.process_time()
    found = solve_drawn(centre, thetas)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{f'81 x 28 without inputs, {draws:,} draws':34} {wall:7.1f} s wall, {cpu:7.1f} s CPU, "
        f"{1e3 * cpu / draws:.2f} ms each; {int((~found.converged).sum())} not converged"
    )


def projection(milliseconds: float, workers: int = 100, draws: int = 1_000_000, states: int = 12) -> str:
    """What a million draws cost: equilibria, core hours, wall clock."""
    solves = draws * states
    hours = solves * milliseconds / 3.6e6
    return (
        f"{draws:,} draws x {states} states = {solves:,} equilibria at {milliseconds:.2f} ms: "
        f"{hours:.1f} core hours, {60 * hours / workers:.1f} minutes on {workers} cores"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--data", type=Path, help="folder with icio2022/ (optional)")
    parser.add_argument("--plan", action="store_true", help="only the projection, from 2,048 draws on one worker")
    chosen = parser.parse_args()
    start_model()
    _share_compiled()
    if chosen.plan:
        done, _ = timed("2,048 draws, one worker", draws=2048, workers=1, mode="spread")
        print(projection(1e3 * done.cpu_seconds / done.solves))
        return
    timed("one set a draw", draws=chosen.draws, workers=chosen.workers, mode="sets")
    label = f"own elasticities, {chosen.workers} workers"
    done, wall = timed(label, draws=chosen.draws, workers=chosen.workers, mode="spread")
    print(projection(1e3 * done.cpu_seconds / done.solves))
    if chosen.workers > 1:
        _, alone = timed("own elasticities, one worker", draws=chosen.draws, workers=1, mode="spread")
        print(f"{chosen.workers} workers over one: {alone / wall:.2f} times as fast")
    if chosen.data is not None:
        fine(chosen.data, 1000)


if __name__ == "__main__":
    main()
