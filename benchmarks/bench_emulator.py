"""How many runs an emulator takes, how far it is off, and what it saves: `python benchmarks/bench_emulator.py`.

On the shipped Korea-US case. Times are of the processor (one process), the best of three where they are short.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from winset.bargaining.evaluator import evaluator_of
from winset.bargaining.frontier import frontier
from winset.bargaining.solutions import solve_bargain
from winset.bargaining.winsets import sample
from winset.cli_tools import start_model
from winset.emulation import Emulation, emulate, emulation_text
from winset.workflow import open_case

PACKAGES = 100_000
FRESH = 200


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Best processor time of several."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def searched(found: Emulation, *, emulated: bool) -> float:
    """A frontier of 50 points, four solutions and a sample of 2,048 packages."""
    room = evaluator_of(found.problem(emulated=emulated))

    def work() -> None:
        frontier(room, points=50)
        solve_bargain(room)
        sample(room, packages=2048)

    return seconds(work)


def main() -> None:
    """Print the table."""
    start_model()
    opened = open_case("korea-us-2025")
    emulate(opened, budget=48)  # compiles
    for budget in map(int, sys.argv[1:] or (100, 200, 400)):
        kept: list[Emulation] = []
        spent = seconds(lambda b=budget, k=kept: k.append(emulate(opened, budget=b)))  # type: ignore[misc]
        found = kept[0]
        print(f"\nbudget {budget}: {spent:.1f} s of processor time")
        print(emulation_text(found))
    one = found.emulator
    x = one.low + np.random.default_rng(5).random((PACKAGES, len(one.names))) * (one.high - one.low)
    print(f"\n{PACKAGES:,} packages: {seconds(lambda: one.predict(x), 3):.2f} s of processor time")
    truth = np.empty((FRESH, len(one.rows)))

    def model() -> None:
        truth[:] = [found.model(place)[0] for place in x[:FRESH]]

    spent = seconds(model) / FRESH
    print(
        f"one package of the model with slopes: {1e3 * spent:.1f} ms; {PACKAGES:,} would take "
        f"{spent * PACKAGES:,.0f} s"
    )
    off = np.abs(one.predict(x[:FRESH]).values - truth) / [row.range for row in one.errors]
    print(f"{FRESH} fresh packages, largest error: {', '.join(f'{v:.1%}' for v in off.max(axis=0))} of the range")

    def score(values: np.ndarray) -> np.ndarray:
        gains = values[:, :2]
        return np.where((gains > 0).all(axis=1), gains.prod(axis=1), np.nan)

    quick = seconds(lambda: found.search(score, packages=PACKAGES), 2)
    print(f"the best of {PACKAGES:,} packages, 16 confirmed by the model: {quick:.1f} s")
    quick, slow = (searched(found, emulated=emulated) for emulated in (True, False))
    print(f"the same search: {quick:.1f} s on the emulator, {slow:.1f} s on the model, {slow / quick:.0f} times")


if __name__ == "__main__":
    main()
