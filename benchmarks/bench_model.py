"""How fast the model is, as ratios within one run: `python benchmarks/bench_model.py [--data DIR]`.

The unit is one residual evaluation: a single compiled pass of equations (1) to (6) over the data, here with
its steering. Seconds depend on the machine and its load; ratios much less. Medians of several repetitions.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np

import winset
from winset.model import fixed_point
from winset.model.baseline import Baseline
from winset.model.shocks import Shock
from winset.model.solve import economy_of, solve, solve_many


def median(work: Callable[[], object], times: int) -> float:
    """Median seconds of some repetitions, after one that compiles."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def evaluation(world: Baseline, shock: Shock) -> float:
    """Seconds of one pass, measured as a compiled loop of 200."""
    with jax.enable_x64(True):
        economy = economy_of(world, *shock.filled(world), "world")
        n, s = world.output.shape

        @jax.jit
        def passes(point: jax.Array) -> jax.Array:
            def step(_: int, u: jax.Array) -> jax.Array:
                moved: jax.Array = u + 1e-9 * fixed_point._pass(u, economy, "world-share")[1]
                return moved

            looped: jax.Array = jax.lax.fori_loop(0, 200, step, point)
            return looped

        start = np.zeros(n + 2 * n * s)
        return median(lambda: passes(start).block_until_ready(), 9) / 200


def report(label: str, world: Baseline, shock: Shock, times: int = 15) -> None:
    unit = evaluation(world, shock)
    whole = median(lambda: solve(world, shock), times)
    found = solve(world, shock)
    print(
        f"{label:34} solve {1e3 * whole:8.2f} ms = {whole / unit:6.1f} evaluations of {1e6 * unit:6.0f} us; "
        f"{found.iterations} passes, residual {found.residual:.0e}"
    )


def tariff_rise(world: Baseline, seed: int = 0, top: float = 0.3) -> Shock:
    rates = world.tariffs + np.random.default_rng(seed).uniform(0, top, world.flows.shape)
    every = np.arange(len(world.regions))
    rates[every, every] = 0.0
    return Shock(tariffs=rates)


def many_regions(n: int) -> Baseline:
    rng = np.random.default_rng(1)
    size = np.exp(rng.normal(0, 1.5, n))
    flow = np.outer(size, size)[:, :, None] * np.exp(rng.normal(0, 0.3, (n, n, 1))) / n
    flow = np.sqrt(flow * flow.transpose(1, 0, 2))
    every = np.arange(n)
    flow[every, every] = 3 * size[:, None] * size.mean()
    return Baseline.from_arrays(
        regions=[f"R{k}" for k in range(n)],
        sectors=["x"],
        flows=flow,
        tariffs=np.zeros((n, n, 1)),
        elasticities=[5.0],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with cp2015/, icio2022/, wiod2014_44x50/ (optional)")
    data = parser.parse_args().data
    icio = winset.load_baseline("icio-2022")
    one = Shock.tariffs(icio, {("KOR", "USA", s): 0.25 for s in icio.sectors if s != "SERV"})
    report("24 x 28, one pair at 25 percent", icio, one)
    report("24 x 28, all pairs up to 30 percent", icio, tariff_rise(icio))
    single = median(lambda: solve(icio, one), 15)
    gradient = median(lambda: winset.welfare_gradient(icio, one, region="KOR"), 15)
    print(f"{'gradient, all 16,128 tariffs':34} {gradient / single - 1:.2f} solves beyond the solve itself")
    shocks = [(icio, tariff_rise(icio, seed)) for seed in range(1000)]
    alone = median(lambda: [solve(*problem) for problem in shocks[:50]], 3) / 50
    together = median(lambda: solve_many(shocks), 1) / 1000
    print(f"{'1,000 shocks batched':34} {together / alone:.2f} of single solves ({1e3 * together:.2f} ms each)")
    big = many_regions(1000)
    print(f"{'1,000 regions, one sector':34} {median(lambda: solve(big, tariff_rise(big, 2, 0.1)), 3):.3f} s")
    if data is None:
        return
    from winset.replications.caliendo_parro_2015 import baseline, load

    arrays = load(data)
    nafta = baseline(arrays, deficits="zero").world
    cut = Shock(tariffs=np.ascontiguousarray(arrays["tau_nij_cfl"].transpose(1, 0, 2)))
    report("31 x 40, NAFTA's cuts", nafta, cut)
    with np.load(data / "icio2022" / "icio2022_81x28" / "arrays.npz") as fine:
        world = Baseline.from_arrays(
            regions=[str(x) for x in fine["countries"]],
            sectors=[str(x) for x in fine["sectors"]],
            flows=fine["flow_exporter_importer_sector"],
            tariffs=fine["tariff_exporter_importer_sector"],
            elasticities=fine["epsilon_set_sector"][4],
        )
    report("81 x 28 without inputs", world, tariff_rise(world, 3, 0.1), 7)


if __name__ == "__main__":
    main()
