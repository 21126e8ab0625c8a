"""Frontiers of continuous packages: against grids, known curves, and the conditions of optimality."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bargaining.spaces import box, grid, smooth, triangle
from winset.bargaining.dominance import undominated
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.frontier import frontier
from winset.bargaining.problem import Instruments, Limit, Measure, Problem
from winset.core.errors import RequestError, UnknownNameError


def test_a_straight_frontier_is_met_exactly() -> None:
    out = frontier(triangle(), points=11)
    expected = np.column_stack([np.linspace(1, 0, 11), np.linspace(0, 2, 11)])
    assert out.payoffs == pytest.approx(expected, abs=1e-9)
    assert out.spread == pytest.approx(1.0, abs=1e-6)
    for point in out.points[1:-1]:
        # du1 = -1/2 du2 along the line: weights stand as 2 to 1, and the limit is worth both shares.
        assert point.weights == pytest.approx([2 / 3, 1 / 3], abs=1e-9)
        assert point.prices["feasible"] == pytest.approx(2 / 3, abs=1e-9)
        assert point.residual < 1e-9


def test_a_frontier_that_bends_inwards() -> None:
    """u = (x^3, (1 - x)^3): no weighted sum reaches the inside, epsilon-constraint does, evenly."""

    def payoffs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.array([x[0] ** 3, (1 - x[0]) ** 3]), np.array([[3 * x[0] ** 2], [-3 * (1 - x[0]) ** 2]])

    problem = Problem(instruments=box(["x"]), parties=("one", "two"), payoffs=payoffs, disagreement=np.zeros(2))
    out = frontier(problem, points=21)
    u = out.payoffs
    assert len(u) == 21
    assert np.cbrt(u[:, 0]) + np.cbrt(u[:, 1]) == pytest.approx(np.ones(21), abs=1e-6)
    assert out.spread < 1.1


def test_a_frontier_in_two_pieces() -> None:
    """Two bumps with a hole between them: neither bridge nor dominated point."""

    def payoffs(x: np.ndarray) -> tuple[np.ndarray, None]:
        t = x[0]
        dent = 0.6 * np.exp(-(((t - 0.5) / 0.12) ** 2))
        return np.array([t - dent, 1 - t - dent]), None

    problem = Problem(
        instruments=box(["x"]), parties=("one", "two"), payoffs=payoffs, disagreement=np.full(2, -1.0)
    )
    u = frontier(problem, points=25).payoffs
    every = np.array([payoffs(np.array([t]))[0] for t in np.linspace(0, 1, 4001)])
    best = every[undominated(every)]
    assert undominated(u).tolist() == list(range(len(u)))
    for row in u:
        assert not (best > row + 1e-3).all(axis=1).any()
    # Both pieces are there.
    assert (u[:, 0] > 0.6).sum() >= 5
    assert (u[:, 1] > 0.6).sum() >= 5


@pytest.mark.parametrize("seed", range(8))
def test_no_package_of_a_grid_beats_it(seed: int) -> None:
    """Searches are local; with ripples this size all basins are found, with much larger ones not always."""
    problem = smooth(seed, wave=0.3)
    out = frontier(problem, points=15)
    u = out.payoffs
    assert len(u) >= 13
    every = grid(problem, 25)[1]
    rational = every[(every >= problem.disagreement).all(axis=1)]
    size = np.ptp(u, axis=0).max()
    for row in u:
        assert not (rational > row + 1e-5 * size).all(axis=1).any()
    assert (u >= problem.disagreement - 1e-5 * size).all()
    assert undominated(u).tolist() == list(range(len(u)))
    assert max(point.residual for point in out.points) < 1e-5


@pytest.mark.parametrize("seed", [12, 13, 14])
def test_three_parties_against_a_grid(seed: int) -> None:
    problem = smooth(seed, instruments=2, parties=3, wave=0.3)
    u = frontier(problem, points=30).payoffs
    assert len(u) > 10
    assert undominated(u).tolist() == list(range(len(u)))
    every = grid(problem, 61)[1]
    rational = every[(every >= problem.disagreement).all(axis=1)]
    for row in u:
        assert not (rational > row + 1e-3).all(axis=1).any()


@pytest.mark.parametrize("parties", [4, 6])
def test_more_parties(parties: int) -> None:
    problem = smooth(5, instruments=4, parties=parties)
    problem = replace(problem, disagreement=problem.disagreement - 20)
    out = frontier(problem, points=20)
    assert len(out.points) > 10
    assert undominated(out.payoffs).tolist() == list(range(len(out.points)))
    assert max(point.residual for point in out.points) < 1e-4


def test_evaluations_stay_few() -> None:
    """A model solve each: fifty points with eight instruments must not take a thousand of them."""
    room = Evaluator(smooth(1, instruments=8, wave=0.3))
    out = frontier(room, points=50)
    assert len(out.points) == 50
    assert out.spread < 1.2
    assert room.calls < 500


def test_without_gradients() -> None:
    ours, theirs = (frontier(smooth(2, gradient=g), points=9).payoffs for g in (True, False))
    assert theirs == pytest.approx(ours, abs=1e-2)
    room = Evaluator(smooth(2, gradient=False))
    assert room.calls == len(room.points) * 4  # three instruments and the package itself


@pytest.mark.parametrize("seed", range(4))
def test_a_limit_never_raises_the_frontier(seed: int) -> None:
    problem = smooth(seed)
    tight = replace(problem, limits=(Limit(name="cap", instruments={"x0": 1.0, "x1": 1.0}, at_most=0.8),))
    free = frontier(problem, points=25).payoffs
    held = frontier(tight, points=15)
    for point in held.points:
        assert point.x[:2].sum() <= 0.8 + 1e-6
        # Something on the free frontier is as good, up to the gaps between its points.
        assert (free >= point.payoffs - 0.1 * np.ptp(free, axis=0).max()).all(axis=1).any()
        assert not (point.payoffs > free + 1e-4).all(axis=1).all()


def test_prices_of_limits_are_derivatives() -> None:
    problem = smooth(3, instruments=4)
    for bound, step in ((0.7, 1e-3),):
        prices, sums = [], []
        for at_most in (bound - step, bound, bound + step):
            cap = Limit(name="cap", instruments={"x0": 1.0, "x2": 1.0}, at_most=at_most)
            room = Evaluator(replace(problem, limits=(cap,), disagreement=problem.disagreement - 1000))
            out = frontier(room, points=2)
            prices.append(out.points[0].prices.get("cap", 0.0))
            sums.append(out.points[0].payoffs[0])
        # The first end maximises A's payoff, so its weight is one and the price is in A's payoff.
        assert (sums[2] - sums[0]) / (2 * step) == pytest.approx(prices[1], rel=1e-3, abs=1e-3)


def test_measures_and_groups_can_carry_limits() -> None:
    problem = smooth(1)
    plain = problem.payoffs

    def wider(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, slopes = plain(x)
        return np.append(values, x.sum()), np.vstack([slopes, np.ones(3)])

    def curved(x: np.ndarray, values: np.ndarray, jacobian: np.ndarray) -> tuple[float, None]:
        return float(x @ x), None

    bound = replace(
        problem,
        payoffs=wider,
        groups=("outlay",),
        measures=(Measure(name="square", function=curved),),
        limits=(
            Limit(name="outlay cap", rows={"outlay": 1.0}, at_most=1.2),
            Limit(name="round", rows={"square": 1.0}, at_most=0.6),
        ),
    )
    out = frontier(bound, points=8)
    assert len(out.points) >= 6
    x = np.array([point.x for point in out.points])
    assert (x.sum(axis=1) <= 1.2 + 1e-5).all()
    assert ((x**2).sum(axis=1) <= 0.6 + 1e-5).all()
    assert any("round" in point.prices or "outlay cap" in point.prices for point in out.points)


def test_no_rational_package_is_an_answer() -> None:
    out = frontier(triangle(disagreement=(0.8, 1.0)))
    assert out.points == ()
    assert "disagreement" in out.reason


def test_limits_that_clash_are_an_answer() -> None:
    problem = replace(
        triangle(),
        limits=(
            Limit(name="low", instruments={"a": 1.0}, at_most=0.2),
            Limit(name="high", instruments={"a": 1.0}, at_least=0.5),
        ),
    )
    out = frontier(problem)
    assert out.points == ()
    assert "low" in out.reason
    assert "high" in out.reason


def test_packages_without_payoffs_are_avoided() -> None:
    problem = smooth(4)
    plain = problem.payoffs

    def broken(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, slopes = plain(x)
        return (values * np.nan if x[0] > 0.8 else values), slopes

    room = Evaluator(replace(problem, payoffs=broken))
    out = frontier(room, points=8)
    assert out.points
    assert room.failed > 0
    assert all(point.x[0] <= 0.8 for point in out.points)


def test_a_held_instrument_stays() -> None:
    instruments = Instruments(names=("x0", "x1", "x2"), low=np.array([0, 0.3, 0]), high=np.array([1, 0.3, 1]))
    out = frontier(replace(smooth(1), instruments=instruments, disagreement=np.full(2, -1e3)), points=6)
    assert all(point.x[1] == 0.3 for point in out.points)
    assert max(point.residual for point in out.points) < 1e-5


def test_plain_data() -> None:
    import json

    text = json.dumps(frontier(triangle(), points=3).as_plain(), allow_nan=False)
    assert '"weights"' in text


@pytest.mark.parametrize(
    "change",
    [
        {"disagreement": np.zeros(3)},
        {"parties": ("one",)},
        {"parties": ("one", "one")},
        {"step": 0.0},
        {"payoffs": lambda x: (x[:1], None)},
        {"payoffs": lambda x: (x, np.eye(3))},
        {"payoffs": lambda x: (x * np.nan, None)},
    ],
)
def test_wrong_problems_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        frontier(replace(triangle(), **change))  # type: ignore[arg-type]


def test_unknown_names_are_named() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'a'"):
        replace(triangle(), limits=(Limit(name="x", instruments={"A": 1.0}, at_most=1.0),))
    with pytest.raises(RequestError, match="exactly one"):
        Limit(name="x", instruments={"a": 1.0})
    with pytest.raises(RequestError, match="finite range"):
        Instruments(names=("a",), low=np.array([1.0]), high=np.array([0.0]))
    with pytest.raises(RequestError, match="from 0 to 4"):
        Evaluator(triangle()).of([5.0, 0.0])
