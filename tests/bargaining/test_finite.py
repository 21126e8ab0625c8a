"""Finite bargaining against brute force and the axioms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.bargaining.finite import bargain
from winset.core.errors import RequestError


def problem(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    outcomes, parties = int(rng.integers(1, 30)), int(rng.integers(2, 5))
    # A coarse grid makes ties and equal rows common.
    return rng.integers(-3, 6, (outcomes, parties)).astype(float), rng.integers(-2, 2, parties).astype(float)


def brute_front(utilities: np.ndarray, disagreement: np.ndarray) -> list[int]:
    rational = [k for k, u in enumerate(utilities) if all(u >= disagreement)]
    return [
        k
        for k in rational
        if not any(all(utilities[o] >= utilities[k]) and any(utilities[o] > utilities[k]) for o in rational)
    ]


@settings(max_examples=400)
@given(st.integers(0, 100_000))
def test_against_brute_force(seed: int) -> None:
    utilities, disagreement = problem(seed)
    out = bargain(utilities, disagreement)
    front = brute_front(utilities, disagreement)
    assert out.pareto.tolist() == front
    if not front:
        assert out.nash.size == out.utilitarian.size == 0
        return
    gains = {k: utilities[k] - disagreement for k in front}
    rational = [u - disagreement for u in utilities if all(u >= disagreement)]
    ideal = np.max(rational, axis=0)
    able = ideal > 0
    products = {k: float(np.prod(g[able])) for k, g in gains.items()}
    top = max(products.values())
    assert sorted(out.nash.tolist()) == [k for k in front if products[k] == pytest.approx(top, rel=1e-12)]
    worst = {k: float(g.min()) for k, g in gains.items()}
    assert worst[int(out.egalitarian[0])] == max(worst.values())
    if able.any():
        relative = {k: float((g[able] / ideal[able]).min()) for k, g in gains.items()}
        assert relative[int(out.kalai_smorodinsky[0])] == pytest.approx(max(relative.values()))
    sums = {k: float(g.sum()) for k, g in gains.items()}
    best = [k for k in front if sums[k] == max(sums.values())]
    assert sorted(out.utilitarian.tolist()) == best


@settings(max_examples=100)
@given(st.integers(0, 100_000))
def test_nash_does_not_depend_on_units(seed: int) -> None:
    utilities, disagreement = problem(seed)
    rng = np.random.default_rng(seed + 1)
    scale, shift = rng.uniform(0.1, 10, utilities.shape[1]), rng.uniform(-5, 5, utilities.shape[1])
    shift = np.round(shift)  # keeps equal payoffs equal
    scale = 2.0 ** np.round(np.log2(scale))
    a, b = bargain(utilities, disagreement), bargain(utilities * scale + shift, disagreement * scale + shift)
    assert a.pareto.tolist() == b.pareto.tolist()
    assert sorted(a.nash.tolist()) == sorted(b.nash.tolist())
    assert sorted(a.kalai_smorodinsky.tolist()) == sorted(b.kalai_smorodinsky.tolist())


@settings(max_examples=100)
@given(st.integers(0, 100_000))
def test_dropping_an_outcome_that_is_not_chosen_leaves_nash(seed: int) -> None:
    utilities, disagreement = problem(seed)
    out = bargain(utilities, disagreement)
    others = [k for k in range(len(utilities)) if k not in out.nash]
    if not out.nash.size or not others:
        return
    keep = [k for k in range(len(utilities)) if k != others[0]]
    again = bargain(utilities[keep], disagreement)
    assert sorted(keep[k] for k in again.nash) == sorted(out.nash.tolist())


@settings(max_examples=200)
@given(st.integers(0, 100_000), st.floats(0.01, 3.0))
def test_a_better_outside_option_never_hurts_its_owner(seed: int, rise: float) -> None:
    """The chosen outcome, or the outside option itself where nothing is left, is worth no less to its owner."""
    utilities, disagreement = problem(seed)
    better = disagreement.copy()
    better[0] += rise
    worth = []
    for point in (disagreement, better):
        out = bargain(utilities[:, :2], point[:2])
        # Ties for the product are broken by relative gains, so the best of them is compared.
        worth.append(utilities[out.nash, 0].max() if out.nash.size else point[0])
        if out.nash.size and (utilities[out.nash, :2] <= point[:2]).any():
            return  # a product of zero says nothing
    assert worth[1] >= worth[0]


@settings(max_examples=200)
@given(st.integers(0, 100_000))
def test_fewer_ratifiable_outcomes_never_raise_the_surplus(seed: int) -> None:
    utilities, disagreement = problem(seed)
    ratified = np.random.default_rng(seed).random(len(utilities)) < 0.7
    whole, part = bargain(utilities, disagreement), bargain(utilities[ratified], disagreement)
    if part.pareto.size:
        most = utilities[ratified][part.utilitarian[0]].sum()
        assert most <= utilities[whole.utilitarian[0]].sum()
        # Nothing in the smaller set beats all of the larger frontier.
        for u in utilities[ratified][part.pareto]:
            assert (utilities[whole.pareto] >= u).all(axis=1).any()


@settings(max_examples=100)
@given(st.integers(0, 100_000))
def test_powers_against_every_outcome(seed: int) -> None:
    utilities, disagreement = problem(seed)
    power = np.random.default_rng(seed).uniform(0.2, 3, utilities.shape[1])
    out = bargain(utilities, disagreement, weights=power)
    gains = utilities[out.pareto] - disagreement
    if not out.nash.size or (gains.max(axis=0) <= 0).any():
        return
    score = (gains**power).prod(axis=1)
    chosen = utilities[out.nash[0]] - disagreement
    assert (chosen**power).prod() == pytest.approx(score.max(), rel=1e-9)


def test_equal_outcomes_are_all_named_the_first_first() -> None:
    out = bargain([[1, 1], [0, 0], [1, 1], [1, 1]], [0, 0])
    for found in (out.pareto, out.nash, out.kalai_smorodinsky, out.egalitarian, out.utilitarian):
        assert found.tolist() == [0, 2, 3]
    assert out.as_plain()["nash"] == [0, 2, 3]


@pytest.mark.parametrize("parties", [2, 3])
def test_hundreds_of_thousands_of_outcomes(parties: int) -> None:
    """On the plane of shares every outcome is undominated, and the solutions are known."""
    rng = np.random.default_rng(parties)
    shares = rng.dirichlet(np.ones(parties), 100_000)
    shares[777] = 1 / parties
    out = bargain(shares, np.zeros(parties))
    # Sums round, so some rows may dominate by the last bit; none of those left is dominated.
    assert len(out.pareto) > 99_000
    assert out.nash[0] == out.egalitarian[0] == 777


def test_symmetric_problems_have_symmetric_solutions() -> None:
    points = np.array(list(itertools.product(range(5), repeat=2)), dtype=float)
    feasible = points[points.sum(axis=1) <= 4]
    out = bargain(feasible, [0, 0])
    for solution in (out.nash, out.kalai_smorodinsky, out.egalitarian):
        assert feasible[solution[0]].tolist() == [2.0, 2.0]


def test_the_textbook_triangle() -> None:
    """u1 + u2/2 <= 1, d = 0: Nash and Kalai-Smorodinsky (0.5, 1), egalitarian (2/3, 2/3)."""
    grid = np.arange(0, 601) / 600
    points = np.column_stack([grid, 2 * (1 - grid)])
    out = bargain(points, [0, 0])
    assert points[out.nash[0]] == pytest.approx([0.5, 1.0])
    assert points[out.kalai_smorodinsky[0]] == pytest.approx([0.5, 1.0])
    assert points[out.egalitarian[0]] == pytest.approx([2 / 3, 2 / 3])


@pytest.mark.parametrize(
    ("utilities", "disagreement"),
    [([[1.0]], [0.0]), ([[1.0, 2.0]], [0.0]), ([[np.nan, 1.0]], [0.0, 0.0]), ([1.0, 2.0], [0.0])],
)
def test_wrong_shapes_are_refused(utilities: object, disagreement: object) -> None:
    with pytest.raises(RequestError):
        bargain(utilities, disagreement)
