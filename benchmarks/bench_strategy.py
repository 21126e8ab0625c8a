"""How fast strategy is: `python benchmarks/bench_strategy.py [--data DIR] [--only WORD]`.

Each row is one finished result, warm (programs compiled, nothing else kept): the figure that was asked for, the
median seconds of some repetitions, and the same in units of one solve plus one gradient of the same world, which
depends less on the machine. Rows on Ossa's and the 81-country data need DIR, the folder that holds them.
"""

from __future__ import annotations

import argparse
import functools
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import winset
from winset.model.baseline import Baseline
from winset.model.evaluators import evaluator

TIMES = 3


def median(work: Callable[[], object], times: int = TIMES) -> float:
    """Median seconds of some repetitions, after one that compiles."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def unit(world: Baseline, **settings: Any) -> float:
    """Seconds of one equilibrium and one gradient at tariffs that differ a little each time."""
    judge = evaluator(world, **settings)
    row = np.zeros(judge.payoffs(world.tariffs).size)
    row[0] = 1.0
    every = np.arange(len(world.regions))
    count = 0

    def once() -> None:
        nonlocal count
        count += 1
        tariffs = world.tariffs * (1 + 0.05 * np.sin(count)) + 0.01 * (1 + np.cos(count))
        tariffs[every, every] = 0.0
        judge.payoffs(tariffs)
        judge.gradients(row)

    return median(once, 21)


class Table:
    """Prints rows as they come; leaves out those that were not asked for."""

    def __init__(self, only: str) -> None:
        self.only = only.lower()
        print(f"{'work':52} {'asked':>7} {'seconds':>8} {'solve+gradient':>15}")

    def row(
        self, label: str, asked: float, one: Callable[[], float], work: Callable[[], Any], times: int = TIMES
    ) -> None:
        """One row: `asked` in seconds, `one` the unit's seconds; results that did not converge are marked."""
        if self.only not in label.lower():
            return
        results: list[Any] = []
        taken = median(lambda: results.append(work()), times)
        parts = results[-1] if isinstance(results[-1], list) else [results[-1]]
        mark = "" if all(part.converged for part in parts) else "  NOT CONVERGED"
        print(f"{label:52} {asked:7.1f} {taken:8.2f} {taken / one():15.0f}{mark}", flush=True)


def ossa_rows(table: Table, data: Path) -> None:
    from winset.replications.ossa_2014_setting import load

    firms = load(data).worlds["BAS"]
    world = Baseline.from_arrays(
        regions=firms.regions, sectors=firms.industries, flows=firms.flows, tariffs=firms.tariffs,
        elasticities=firms.sigma - 1, name="ossa-2014",
    )  # fmt: skip
    how: dict[str, Any] = {"model": "ossa-2014", "closure": "balanced"}

    def one() -> float:
        return unit(world, **how)

    table.row(
        "Ossa, seven unilateral optima, 198 tariffs each", 1.5, one,
        lambda: [winset.optimal_tariffs(world, region, **how) for region in world.regions],
    )  # fmt: skip
    table.row("Ossa, world war, exact", 4.0, one, lambda: winset.nash_tariffs(world, look_further=False, **how))
    table.row("Ossa, world war, exact, looking further", 4.0, one, lambda: winset.nash_tariffs(world, **how))
    war = winset.nash_tariffs(world, look_further=False, **how).tariffs

    def talks_from(threat: Any) -> Any:
        return winset.talks(world, disagreement=threat, **how)

    for name, threat in (("factual", "factual"), ("war", war), ("free trade", "free-trade")):
        work = functools.partial(talks_from, threat)
        table.row(f"Ossa, talks over 1,386 tariffs, from {name}", 3.0, one, work)
    table.row(
        "Ossa, bilateral Nash bargain", 3.0, one,
        lambda: winset.talks(world, [world.regions[1], world.regions[-1]], rule="nash", **how),
    )  # fmt: skip


def icio_rows(table: Table) -> None:
    world = winset.load_baseline("icio-2022")

    def one() -> float:
        return unit(world)

    def war_of_all(look_further: bool) -> Any:
        return winset.nash_tariffs(world, instruments="partner", look_further=look_further)

    label = "icio-2022, world war, partner"
    table.row(
        "icio-2022, US-Korea war, partner-sector", 5.0, one, lambda: winset.nash_tariffs(world, ["USA", "KOR"])
    )
    table.row(label, 60.0, one, lambda: war_of_all(False), 1)
    table.row(f"{label}, looking further", 60.0, one, lambda: war_of_all(True), 1)


def fine_rows(table: Table, data: Path) -> None:
    with np.load(data / "icio2022" / "icio2022_81x28" / "arrays.npz", allow_pickle=False) as fine:
        world = Baseline.from_arrays(
            regions=[str(x) for x in fine["countries"]], sectors=[str(x) for x in fine["sectors"]],
            flows=fine["flow_exporter_importer_sector"], tariffs=fine["tariff_exporter_importer_sector"],
            elasticities=fine["epsilon_set_sector"][4],
        )  # fmt: skip
    from winset.strategy.sufficient_statistics import sufficient_statistics

    def one() -> float:
        return unit(world, closure="balanced")

    table.row("81 x 28, 3n equations", 0.2, one, lambda: sufficient_statistics(world))
    table.row(
        "81 x 28, the same with its equilibrium", 0.2, one,
        lambda: winset.nash_tariffs(world, method="sufficient-statistics", closure="balanced"),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with ossa2014/ and icio2022/ (optional)")
    parser.add_argument("--only", default="", help="rows whose label holds this word")
    given = parser.parse_args()
    table = Table(given.only)
    if given.data is not None:
        ossa_rows(table, given.data)
        fine_rows(table, given.data)
    icio_rows(table)


if __name__ == "__main__":
    main()
