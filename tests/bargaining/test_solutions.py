"""Solutions over continuous packages: worked values, axioms, and grids that look everywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining.spaces import box, grid, smooth, triangle
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.frontier import frontier
from winset.bargaining.lotteries import lotteries
from winset.bargaining.mixed import solve_mixed
from winset.bargaining.problem import Limit, Problem
from winset.bargaining.solutions import CONVENTIONS, Solutions, solve_bargain
from winset.core.errors import RequestError, UnknownNameError


def gains(out: Solutions, name: str) -> np.ndarray:
    assert out.solutions[name].converged
    return out.solutions[name].gains


def disc(powers: tuple[float, float] = (2.0, 2.0)) -> Problem:
    """u1^p + u2^q <= 1, payoffs being the instruments; the bound is a curved measure."""
    from winset.bargaining.problem import Measure

    def inside(x: np.ndarray, values: np.ndarray, jacobian: np.ndarray) -> tuple[float, np.ndarray]:
        p, q = powers
        return 1 - x[0] ** p - x[1] ** q, np.array([-p * x[0] ** (p - 1), -q * x[1] ** (q - 1)])

    return Problem(
        instruments=box(("a", "b")),
        parties=("one", "two"),
        payoffs=lambda x: (x, np.eye(2)),
        disagreement=np.zeros(2),
        measures=(Measure(name="room", function=inside),),
        limits=(Limit(name="disc", rows={"room": 1.0}, at_least=0.0),),
    )


def test_the_textbook_triangle() -> None:
    out = solve_bargain(triangle())
    assert gains(out, "nash") == pytest.approx([0.5, 1.0], abs=1e-7)
    assert gains(out, "kalai_smorodinsky") == pytest.approx([0.5, 1.0], abs=1e-7)
    assert gains(out, "egalitarian") == pytest.approx([2 / 3, 2 / 3], abs=1e-7)
    assert gains(out, "utilitarian") == pytest.approx([0.0, 2.0], abs=1e-7)
    assert out.ideal == pytest.approx([1.0, 2.0], abs=1e-7)
    assert all(one.residual < 1e-6 for one in out.solutions.values())


@pytest.mark.parametrize("weight", [0.1, 0.3, 0.5, 0.8])
def test_powers_divide_a_line_in_their_ratio(weight: float) -> None:
    """max b ln u1 + (1 - b) ln u2 on u1 + u2/2 = 1 is (b, 2 (1 - b))."""
    out = solve_bargain(triangle(), weights=[weight, 1 - weight], names=["nash"])
    assert gains(out, "nash") == pytest.approx([weight, 2 * (1 - weight)], abs=1e-6)


def test_a_curved_set() -> None:
    """On u1^2 + u2 = 1: Nash at u1 = 1/sqrt 3, egalitarian at the golden ratio less one, likewise KS."""
    out = solve_bargain(disc((2.0, 1.0)))
    assert gains(out, "nash") == pytest.approx([1 / np.sqrt(3), 2 / 3], abs=1e-5)
    golden = (np.sqrt(5) - 1) / 2
    for name in ("egalitarian", "kalai_smorodinsky"):
        assert gains(out, name) == pytest.approx([golden, golden], abs=1e-5)
    assert gains(out, "utilitarian") == pytest.approx([0.5, 0.75], abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_on_a_grid_is_better(seed: int) -> None:
    problem = smooth(seed, wave=0.3)
    out = solve_bargain(problem)
    gain = grid(problem, 25)[1] - problem.disagreement
    gain = gain[(gain >= 0).all(axis=1)]
    best = {
        "nash": gain.prod(axis=1).max(),
        "kalai_smorodinsky": (gain / out.ideal).min(axis=1).max(),
        "egalitarian": gain.min(axis=1).max(),
        "utilitarian": gain.sum(axis=1).max(),
    }
    ours = {name: gains(out, name) for name in best}
    assert ours["nash"].prod() >= best["nash"] * (1 - 1e-6)
    assert (ours["kalai_smorodinsky"] / out.ideal).min() >= best["kalai_smorodinsky"] - 1e-6
    assert ours["egalitarian"].min() >= best["egalitarian"] - 1e-4
    assert ours["utilitarian"].sum() >= best["utilitarian"] - 1e-4
    assert (out.ideal >= gain.max(axis=0) - 1e-4).all()
    for one in ours.values():
        assert one.min() >= -1e-4


@pytest.mark.parametrize("seed", range(3))
def test_units_do_not_move_nash_and_kalai_smorodinsky(seed: int) -> None:
    problem = smooth(seed, wave=0.3)
    plain = problem.payoffs
    scale, shift = np.array([0.01, 30.0]), np.array([5.0, -700.0])

    def rescaled(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, slopes = plain(x)
        return scale * values + shift, scale[:, None] * slopes

    other = replace(problem, payoffs=rescaled, disagreement=scale * problem.disagreement + shift)
    ours, theirs = solve_bargain(problem), solve_bargain(other)
    for name in ("nash", "kalai_smorodinsky"):
        assert gains(theirs, name) / scale == pytest.approx(gains(ours, name), rel=1e-4, abs=1e-3)


def test_symmetry() -> None:
    for name in CONVENTIONS:
        if name != "utilitarian":
            found = gains(solve_bargain(disc()), name)
            assert found == pytest.approx([np.sqrt(0.5)] * 2, abs=1e-5)


def test_nash_ignores_alternatives_that_it_does_not_choose() -> None:
    whole = gains(solve_bargain(disc((2.0, 1.0))), "nash")
    problem = disc((2.0, 1.0))
    cut = replace(
        problem, limits=(*problem.limits, Limit(name="cut", instruments={"b": 1.0}, at_most=whole[1] + 0.05))
    )
    assert gains(solve_bargain(cut), "nash") == pytest.approx(whole, abs=1e-5)


@settings(max_examples=8)
@given(st.floats(1.1, 4.0), st.floats(1.05, 1.6))
def test_kalai_smorodinsky_is_monotone(power: float, wider: float) -> None:
    """A set that grows with everybody's ideal unchanged hurts nobody."""
    small = gains(solve_bargain(disc((power, power)), names=["kalai_smorodinsky"]), "kalai_smorodinsky")
    large = gains(solve_bargain(disc((power * wider, power)), names=["kalai_smorodinsky"]), "kalai_smorodinsky")
    assert (large >= small - 1e-6).all()


@settings(max_examples=12)
@given(st.floats(0, 0.5), st.floats(0.01, 0.3), st.floats(0.2, 0.8))
def test_a_better_outside_option_never_hurts_its_owner(start: float, rise: float, power: float) -> None:
    weights = [power, 1 - power]
    before, after = (
        solve_bargain(replace(disc(), disagreement=np.array([d, 0.1])), names=["nash"], weights=weights)
        for d in (start, start + rise)
    )
    assert after.solutions["nash"].payoffs[0] >= before.solutions["nash"].payoffs[0] - 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_tightening_never_raises_the_surplus(seed: int) -> None:
    problem = smooth(seed, wave=0.3)
    sums = []
    for cap in (3.0, 1.2, 0.9):
        limit = Limit(name="cap", instruments={"x0": 1.0, "x1": 1.0, "x2": 1.0}, at_most=cap, party="A")
        out = solve_bargain(replace(problem, limits=(limit,)))
        sums.append(gains(out, "utilitarian").sum() if out.solutions else -np.inf)
    assert sums[0] >= sums[1] - 1e-4
    assert sums[1] >= sums[2] - 1e-4


def test_distances_and_weights_are_told() -> None:
    out = solve_bargain(triangle(), offers={"demand": [0.9, 0.1]})
    far = out.solutions["nash"].distances["demand"]
    assert far.payoffs == pytest.approx([-0.4, 0.9], abs=1e-6)
    assert far.instruments == pytest.approx({"a": -0.4, "b": 0.9}, abs=1e-6)
    assert far.change == pytest.approx(0.4 / 4 + 0.9 / 4, abs=1e-6)
    assert out.solutions["nash"].weights == pytest.approx([2 / 3, 1 / 3], abs=1e-6)


def test_frontier_and_solutions_share_evaluations() -> None:
    room = Evaluator(smooth(0, instruments=8, wave=0.3))
    frontier(room, points=50)
    out = solve_bargain(room)
    assert len(out.solutions) == 4
    assert all(one.converged for one in out.solutions.values())
    assert room.calls < 1000


def test_three_parties() -> None:
    """u1 + u2 + u3 <= 1 with powers: shares are the powers."""
    problem = Problem(
        instruments=box("abc"),
        parties=("x", "y", "z"),
        payoffs=lambda x: (x, np.eye(3)),
        disagreement=np.zeros(3),
        limits=(Limit(name="pie", instruments=dict.fromkeys("abc", 1.0), at_most=1.0),),
    )
    out = solve_bargain(problem, weights=[1, 2, 5])
    assert gains(out, "nash") == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=1e-6)
    assert gains(out, "egalitarian") == pytest.approx([1 / 3] * 3, abs=1e-6)


def test_nobody_can_gain_is_an_answer() -> None:
    out = solve_bargain(triangle(disagreement=(0.9, 0.9)))
    assert out.solutions == {}
    assert "disagreement" in out.reason
    corner = solve_bargain(triangle(disagreement=(0.5, 1.0)))
    assert corner.solutions["nash"].gains == pytest.approx([0, 0], abs=1e-5)


def test_unknown_solution_and_bad_powers() -> None:
    with pytest.raises(UnknownNameError, match="nash"):
        solve_bargain(triangle(), names=["nahs"])
    with pytest.raises(RequestError, match="positive"):
        solve_bargain(triangle(), weights=[1.0, 0.0])


@settings(max_examples=100)
@given(st.integers(0, 100_000))
def test_lotteries_on_the_hull(seed: int) -> None:
    """Two parties: against the edges of the hull, divided finely."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-1, 2, (int(rng.integers(1, 12)), 2))
    out = lotteries(points, [0.0, 0.0])
    share = np.linspace(0, 1, 401)[:, None]
    mixes = np.vstack([share * a + (1 - share) * b for a in points for b in points])
    mixes = mixes[(mixes >= 0).all(axis=1)]
    if not len(mixes):
        assert out.nash is None or out.nash.payoffs.min() < 0.02
        return
    assert out.nash is not None
    assert out.egalitarian is not None
    assert out.utilitarian is not None
    assert out.nash.payoffs.prod() >= mixes.prod(axis=1).max() - 1e-7
    assert out.nash.payoffs.prod() <= mixes.prod(axis=1).max() + 0.02
    assert out.egalitarian.payoffs.min() >= mixes.min(axis=1).max() - 1e-9
    assert out.utilitarian.payoffs.sum() >= mixes.sum(axis=1).max() - 1e-9
    for one in (out.nash, out.egalitarian, out.utilitarian, out.kalai_smorodinsky):
        assert one is not None
        assert sum(one.chances.values()) == pytest.approx(1, abs=1e-7)
        assert one.payoffs.min() >= -1e-9


def test_lotteries_help_where_packages_are_extreme() -> None:
    out = lotteries([[2.0, 0.0], [0.0, 2.0]], [0.5, 0.5])
    assert out.nash is not None
    assert out.nash.payoffs == pytest.approx([1.0, 1.0], abs=1e-6)
    assert out.nash.chances == pytest.approx({0: 0.5, 1: 0.5}, abs=1e-6)


def test_either_or_beside_issues_of_degree() -> None:
    """A switch that shifts the line from u1 + u2 <= 1 to u1 + u2 <= 1.2 but caps the first at 0.2."""

    def problem(options: dict[str, str]) -> Problem:
        wide = options["switch"] == "wide"
        limits = [Limit(name="pie", instruments={"a": 1.0, "b": 1.0}, at_most=1.2 if wide else 1.0)]
        if wide:
            limits.append(Limit(name="cap", instruments={"a": 1.0}, at_most=0.2))
        return Problem(
            instruments=box(("a", "b"), 0, 2),
            parties=("one", "two"),
            payoffs=lambda x: (x, np.eye(2)),
            disagreement=np.zeros(2),
            limits=tuple(limits),
        )

    out = solve_mixed({"switch": ["narrow", "wide"]}, problem, points=21)
    assert out.solutions["nash"].gains == pytest.approx([0.5, 0.5], abs=1e-6)
    assert out.options["nash"] == {"switch": "narrow"}
    assert out.solutions["utilitarian"].gains.sum() == pytest.approx(1.2, abs=1e-6)
    assert out.options["utilitarian"] == {"switch": "wide"}
    assert out.ideal == pytest.approx([1.0, 1.2], abs=1e-6)
    # The largest common share of the ideals, over both pieces: 1/1 + 1/1.2 of the narrow line.
    assert (out.solutions["kalai_smorodinsky"].gains / out.ideal).min() == pytest.approx(1 / 2.2, abs=1e-6)
    u = np.array([one.point.payoffs for one in out.points])
    wide = np.array([one.options["switch"] == "wide" for one in out.points])
    assert u[wide, 0].max() == pytest.approx(0.2, abs=1e-6)
    assert u[~wide, 0].min() > 0.0
    for row in u:
        assert not ((u >= row).all(axis=1) & (u > row).any(axis=1)).any()
    with pytest.raises(RequestError, match="combinations"):
        solve_mixed({str(k): ["a", "b"] for k in range(10)}, problem)
