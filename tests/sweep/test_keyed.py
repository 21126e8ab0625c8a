"""The fast draws are those of the account, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.package.case import Assumption
from winset.sweep.keyed import drawn_elasticities, drawn_points, uniforms
from winset.valuation.points import draws, uniform


@given(
    seed=st.integers(0, 2**63 - 1),
    numbers=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=5),
    name=st.text(max_size=20),
)
def test_every_number_is_numpys_own(seed: int, numbers: list[int], name: str) -> None:
    found = uniforms(seed, np.array(numbers, dtype=np.int64), name)
    assert found.tolist() == [uniform(seed, k, name) for k in numbers]


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**62])
def test_seeds_of_one_and_two_words(seed: int) -> None:
    numbers = np.arange(3)
    assert uniforms(seed, numbers, "x").tolist() == [uniform(seed, k, "x") for k in numbers]


def test_a_draw_beyond_a_word_is_refused_not_wrapped() -> None:
    with pytest.raises(ValueError, match="2\\^32"):
        uniforms(1, np.array([2**32]), "x")


def assumption(name: str, low: float, value: float, high: float) -> Assumption:
    return Assumption(id=name, label=name, low=low, value=value, high=high, unit="x", why="test")


def test_a_range_of_draws_is_cut_from_the_whole() -> None:
    ranges = {"a": assumption("a", 0, 1, 4), "b": assumption("b", 2, 2, 2), "c": assumption("c", 0, 0, 1)}
    sets = ["second", "first", "third"]
    whole = draws(ranges, sets, count=40, seed=7)
    part = drawn_points(ranges, sets, start=13, stop=40, seed=7)
    assert part.sets.tolist() == whole.sets[13:].tolist()
    for name in ranges:
        assert part.values[name].tolist() == whole.values[name][13:].tolist()


def test_elasticities_are_lognormal_around_their_set() -> None:
    numbers = np.arange(20_000)
    middle, spread = np.array([[3.0, 8.0]]), np.array([[0.2, 0.0]])
    found = drawn_elasticities(middle, spread, ["x", "y"], draws=numbers, seed=3)
    assert found.shape == (20_000, 2)
    assert (found[:, 1] == 8.0).all()
    logs = np.log(found[:, 0] / 3.0)
    # Five standard errors of the mean and of the standard deviation.
    assert abs(logs.mean()) < 5 * 0.2 / np.sqrt(20_000)
    assert abs(logs.std() - 0.2) < 5 * 0.2 / np.sqrt(40_000)
    # Keyed by draw and sector: neither the order of sectors nor the range of draws moves a number.
    one = drawn_elasticities(middle[:, ::-1], spread[:, ::-1], ["y", "x"], draws=numbers[5:9], seed=3)
    assert one[:, 1].tolist() == found[5:9, 0].tolist()
