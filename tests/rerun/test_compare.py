"""Two results, number by number: what is identical, what is the same to nine digits, what differs."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.rerun.compare import compare, differences

numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
leaves = st.none() | st.booleans() | st.integers(-1000, 1000) | numbers | st.text(max_size=5)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


@given(trees)
def test_a_result_is_identical_to_itself_through_json(tree: Any) -> None:
    found = compare({"body": tree}, {"body": json.loads(json.dumps(tree))})
    assert (found.verdict, found.differ, found.unequal) == ("identical", 0, 0)


@given(st.lists(numbers, min_size=1, max_size=8), st.data())
def test_one_number_moved_is_one_difference_at_its_place(several: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(several) - 1))
    moved = list(several)
    moved[at] += 1e-3 + 1e-6 * abs(moved[at])
    found = compare({"a": several}, {"a": moved})
    assert found.verdict == "differs"
    assert [(one.id, one.old, one.new) for one in found.moved] == [(f"a/{at}", several[at], moved[at])]


@given(numbers.filter(lambda v: abs(v) > 1e-3), st.floats(1e-13, 1e-10))
def test_the_last_digits_may_differ(value: float, share: float) -> None:
    found = compare({"a": value}, {"a": value * (1 + share)})
    assert found.verdict in ("identical", "same")
    assert found.largest <= 2 * share


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, 2), (10**12, 10**12 + 1), (True, 1), (0, False), ("a", "b"), (None, 0.0), (1.0, "1.0"), (10**400, 2.0)],
)
def test_counts_flags_and_words_have_no_tolerance(old: Any, new: Any) -> None:
    assert compare({"a": old}, {"a": new}).verdict == "differs"


def test_members_are_matched_by_id_and_a_missing_one_is_told() -> None:
    old = {"lines": [{"id": "one", "value": 1.0}, {"id": "two", "value": 2.0}]}
    new = copy.deepcopy(old)
    new["lines"].reverse()
    assert compare(old, new).verdict == "identical"
    found = compare(old, {"lines": new["lines"][:1]})
    assert {one.id for one in found.moved} == {"lines/one/id", "lines/one/value"}


def test_what_tells_of_the_run_is_no_part_of_its_result() -> None:
    old = {"winset": "1", "manifest": {"id": "run-a"}, "rests_on": ["run-a", "run-b"]}
    new = {"winset": "2", "manifest": {"id": "run-c"}, "rests_on": ["run-c", "run-c"]}
    found = compare(old, new, run=("run-a", "run-c"))
    assert [one.id for one in found.moved] == ["rests_on/1"]


def test_differences_of_inputs_are_named() -> None:
    found = differences({"a": "1", "b": "2", "c": {"d": 1}}, {"a": "1", "b": "3", "c": {"d": 2}, "e": "4"})
    assert [one.id for one in found] == ["b", "c.d", "e"]
