"""How fast the bargaining room is: `python benchmarks/bench_bargaining.py`.

Lists in seconds (the best of three). Continuous bargains in payoff evaluations, since there a payoff is a model
solve and everything else is small beside it; the seconds shown are this room's own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from winset.bargaining.additive import additive
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.finite import bargain
from winset.bargaining.frontier import frontier
from winset.bargaining.problem import Instruments, Problem
from winset.bargaining.solutions import solve_bargain


def best(work: Callable[[], object], times: int = 3) -> float:
    """Least seconds of some repetitions: the machine is shared."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def clouds(rows: int, parties: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Easy and hard lists: from almost nothing undominated to everything."""
    ball = np.abs(rng.normal(size=(rows, parties)))
    sphere = ball / np.linalg.norm(ball, axis=1, keepdims=True)
    curve = np.column_stack([rng.random((rows, parties - 2)), rng.random(rows), np.zeros(rows)])
    curve[:, -1] = 1 - curve[:, -2]
    return {
        "uniform": rng.random((rows, parties)),
        "correlated": rng.random((rows, 1)) + 0.1 * rng.random((rows, parties)),
        "anti-correlated": sphere * (1 - 0.01 * rng.random((rows, 1))),
        "all undominated (sphere)": sphere,
        "all undominated (plane)": rng.dirichlet(np.ones(parties), rows),
        "all undominated (curve)": curve,
        "many ties": rng.integers(0, 50, (rows, parties)).astype(float),
    }


def lists() -> None:
    rng = np.random.default_rng(0)
    for rows, parties in ((2_000_000, 2), (400_000, 3), (50_000, 4)):
        for name, table in clouds(rows, parties, rng).items():
            point = np.zeros(parties)
            seconds = best(lambda table=table, point=point: bargain(table, point))  # type: ignore[misc]
            kept = len(bargain(table, point).pareto)
            print(f"{rows:9,} x {parties}  {name:26} {seconds:7.3f} s  {kept:9,} undominated")


def issues() -> None:
    rng = np.random.default_rng(0)
    for options, count, parties in ((6, 8, 2), (6, 8, 3), (10, 12, 2), (10, 10, 3)):
        tables = [rng.random((options, parties)) for _ in range(count)]
        seconds = best(lambda tables=tables, p=parties: additive(tables, np.zeros(p)))  # type: ignore[misc]
        print(f"{options}^{count} additive outcomes, {parties} parties  {1e3 * seconds:7.1f} ms")


def synthetic(seed: int, instruments: int, parties: int) -> Problem:
    """Bowls with ripples, a different one for each party."""
    rng = np.random.default_rng(seed)
    m, n = instruments, parties
    bowls = [root @ root.T / m + 0.2 * np.eye(m) for root in rng.normal(size=(n, m, m))]
    centre, ripple, often = rng.random((n, m)), 0.5 * rng.normal(size=(n, m)), rng.uniform(0.5, 2, (n, m))

    def payoffs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = x - centre
        values = [
            -0.5 * a @ q @ a + r @ np.sin(f * x) for a, q, r, f in zip(away, bowls, ripple, often, strict=True)
        ]
        slopes = [-q @ a + r * f * np.cos(f * x) for a, q, r, f in zip(away, bowls, ripple, often, strict=True)]
        return np.array(values), np.array(slopes)

    box = Instruments(names=tuple(f"x{k}" for k in range(m)), low=np.zeros(m), high=np.ones(m))
    point = payoffs(np.full(m, 0.5))[0] - 0.1
    return Problem(instruments=box, parties=tuple("ABCDEF"[:n]), payoffs=payoffs, disagreement=point)


def continuous() -> None:
    for parties in (2, 3):
        for seed in range(4):
            room = Evaluator(synthetic(seed, 8, parties))
            start = time.perf_counter()
            traced = frontier(room, points=50)
            after = room.calls
            solved = solve_bargain(room)
            seconds = time.perf_counter() - start
            worst = max((one.residual for one in solved.solutions.values()), default=float("nan"))
            print(
                f"8 instruments, {parties} parties: {len(traced.points)} points with {after} evaluations, "
                f"solutions with {room.calls - after} more (residual {worst:.0e}); {seconds:.2f} s of our own"
            )


def case(name: str) -> None:
    """A case with levers on its own model: frontier, solutions, one evaluation, as ratios to one solve."""
    import winset
    from winset.negotiation import _problem
    from winset.package.bargain_sheet import load_bargain
    from winset.valuation.levers import LeverPayoffs

    opened = winset.open_case(name)
    sheet = load_bargain(opened.case)
    if sheet is None:
        print(f"{name} opens no levers")
        return
    levers = [lever for lever in sheet.levers if not lever.parties]
    valuer = opened.valuer(draws=0)
    for label in ("cold", "warm"):
        start = time.perf_counter()
        payoffs = LeverPayoffs(valuer, sheet.base, sheet.disagreement, levers)
        room = Evaluator(_problem(payoffs, levers, opened.case.parties))
        traced = frontier(room, points=50)
        between = time.perf_counter()
        solve_bargain(room)
        end = time.perf_counter()
        each = (end - start) / room.calls
        print(
            f"{name} {label}: {len(levers)} levers, {len(traced.points)} points in {between - start:.1f} s, all "
            f"solutions {end - between:.1f} s more; {room.calls} evaluations with gradients of {1e3 * each:.0f} ms"
        )


if __name__ == "__main__":
    lists()
    issues()
    continuous()
    case(sys.argv[1] if len(sys.argv) > 1 else "korea-us-2025")
