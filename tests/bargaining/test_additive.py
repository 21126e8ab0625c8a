"""Additive issues against listing the whole product."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.bargaining.additive import additive
from winset.bargaining.finite import bargain
from winset.core.errors import RequestError


def product(issues: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    choices = np.array(list(itertools.product(*[range(len(i)) for i in issues])))
    return choices, sum(issue[choices[:, k]] for k, issue in enumerate(issues))  # type: ignore[return-value]


@settings(max_examples=400)
@given(st.integers(0, 1_000_000))
def test_against_the_whole_list(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parties = int(rng.integers(2, 5))
    issues = [
        rng.integers(-3, 5, (int(rng.integers(1, 6)), parties)).astype(float) for _ in range(rng.integers(1, 5))
    ]
    point = rng.integers(-4, 4, parties).astype(float)
    total = product(issues)[1]
    whole, ours = bargain(total, point), additive(issues, point)
    assert ours.outcomes == len(total)
    listed = np.unique(total[whole.pareto], axis=0)
    assert np.array_equal(np.unique(ours.payoffs, axis=0), listed)
    assert len(ours.payoffs) == len(listed)
    for row, choice, ways in zip(ours.payoffs, ours.choices, ours.ways, strict=True):
        assert np.array_equal(sum(issue[k] for issue, k in zip(issues, choice, strict=True)), row)
        assert ways == (total == row).all(axis=1).sum()
    for name in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian"):
        mine, theirs = getattr(ours, name), getattr(whole, name)
        assert {tuple(ours.payoffs[k]) for k in mine} == {tuple(total[k]) for k in theirs}
        if theirs.size:
            # The chosen ones are equally good, smallest gain first, though another option may be named.
            a, b = ours.payoffs[mine[0]] - point, total[theirs[0]] - point
            if name == "egalitarian":
                assert np.array_equal(np.sort(a), np.sort(b))


def test_a_space_too_large_to_list() -> None:
    """Twelve issues of ten options; one option of each is best for everybody, so the answer is known."""
    rng = np.random.default_rng(4)
    issues = [rng.uniform(0, 1, (10, 3)) for _ in range(12)]
    best = rng.integers(0, 10, 12)
    for issue, k in zip(issues, best, strict=True):
        issue[k] = 1.0 + rng.random(3)
    out = additive(issues, np.zeros(3))
    assert out.outcomes == 10**12
    assert out.choices.tolist() == [best.tolist()]
    assert out.ways.tolist() == [1.0]


@settings(max_examples=60)
@given(st.integers(0, 1_000_000), st.sampled_from([0.01, 0.1, 0.5]))
def test_tolerance_is_kept(seed: int, tolerance: float) -> None:
    rng = np.random.default_rng(seed)
    issues = [rng.uniform(-1, 1, (5, 2)) for _ in range(5)]
    exact = additive(issues, np.full(2, -100.0))
    coarse = additive(issues, np.full(2, -100.0), tolerance=tolerance)
    assert len(coarse.payoffs) <= len(exact.payoffs)
    for row in exact.payoffs:
        assert ((coarse.payoffs >= row - 5 * tolerance).all(axis=1)).any()


def test_no_rational_outcome_is_an_answer() -> None:
    out = additive([np.array([[1.0, -1.0], [-1.0, 1.0]])], [0.0, 0.0])
    assert out.choices.shape == (0, 1)
    assert out.nash.size == 0


def test_a_frontier_that_explodes_is_refused_with_a_remedy() -> None:
    a = np.random.default_rng(0).random((12, 30))
    issues = [np.column_stack([a[k] * 2.0**k, -a[k] * 2.0**k]) for k in range(12)]
    with pytest.raises(RequestError, match="tolerance"):
        additive(issues, [-1e9, -1e9])


@pytest.mark.parametrize(
    ("issues", "point"),
    [
        ([], [0, 0]),
        ([[[1.0]]], [0, 0]),
        ([[[1.0, np.nan]]], [0, 0]),
        ([[[1.0, 2.0]]], [0]),
        ([[[1.0, 2.0]]], [0, np.inf]),
    ],
)
def test_wrong_input_is_refused(issues: list, point: list) -> None:
    with pytest.raises(RequestError):
        additive(issues, point)
