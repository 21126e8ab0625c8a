"""The fast filters against comparing every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.bargaining import dominance
from winset.bargaining.dominance import undominated
from winset.core.errors import RequestError


def every_pair(points: np.ndarray) -> list[int]:
    weakly = (points[:, None, :] >= points[None, :, :]).all(axis=2)
    strictly = (points[:, None, :] > points[None, :, :]).any(axis=2)
    return np.flatnonzero(~(weakly & strictly).any(axis=0)).tolist()


def cloud(rng: np.random.Generator, rows: int, parties: int, kind: str) -> np.ndarray:
    if kind == "grid":
        return rng.integers(-2, 3, (rows, parties)).astype(float)
    if kind == "sphere":
        ball = np.abs(rng.normal(size=(rows, parties)))
        return ball / np.linalg.norm(ball, axis=1, keepdims=True)
    if kind == "plane":
        return rng.dirichlet(np.ones(parties), rows)
    if kind == "line":
        return rng.random((rows, 1)) + 0.01 * rng.normal(size=(rows, parties))
    if kind == "copies":
        return rng.normal(size=(max(1, rows // 5), parties))[rng.integers(0, max(1, rows // 5), rows)]
    return rng.normal(size=(rows, parties))


KINDS = ("grid", "sphere", "plane", "line", "copies", "normal")


@pytest.mark.parametrize("parties", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_small_tables(parties: int, kind: str) -> None:
    rng = np.random.default_rng(parties)
    for _ in range(100):
        points = cloud(rng, int(rng.integers(1, 60)), parties, kind)
        assert undominated(points).tolist() == every_pair(points)


@pytest.mark.parametrize("parties", [2, 3, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_tables_large_enough_for_the_prefilter(parties: int, kind: str) -> None:
    points = cloud(np.random.default_rng(7), 1500, parties, kind)
    assert undominated(points).tolist() == every_pair(points)


@pytest.mark.parametrize("kind", KINDS)
def test_two_parties_with_cells(kind: str) -> None:
    """From tens of thousands of rows two parties are first put into cells; a running maximum knows the answer."""
    points = cloud(np.random.default_rng(3), 40_000, 2, kind)
    order = np.lexsort((points[:, 1], points[:, 0]))[::-1]
    best, kept, last = -np.inf, [], None
    for k in order:
        row = tuple(points[k])
        if row[1] > best or row == last:
            best, last = row[1], row
            kept.append(int(k))
    assert undominated(points).tolist() == sorted(kept)


@settings(max_examples=300)
@given(st.lists(st.tuples(*[st.floats(-1e300, 1e300)] * 3), min_size=1, max_size=40))
def test_any_numbers(rows: list[tuple[float, float, float]]) -> None:
    points = np.array(rows)
    assert undominated(points).tolist() == every_pair(points)


def test_extreme_spans_raise_no_warning() -> None:
    points = np.random.default_rng(0).choice([-1.7e308, 0.0, 1.7e308, 5e-324], (40_000, 3))
    assert undominated(points[:, :2]).tolist() == np.flatnonzero((points[:, :2] == 1.7e308).all(axis=1)).tolist()
    assert undominated(points).tolist() == np.flatnonzero((points == 1.7e308).all(axis=1)).tolist()


def test_no_row_and_one_row() -> None:
    assert undominated(np.empty((0, 3))).size == 0
    assert undominated(np.array([[1.0, 2.0]])).tolist() == [0]


def test_too_many_undominated_rows_of_four_parties_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    points = cloud(np.random.default_rng(0), 5000, 4, "sphere")
    assert len(undominated(points)) > 4900
    monkeypatch.setattr(dominance, "WORK", 1_000_000)
    with pytest.raises(RequestError, match="square"):
        undominated(points)
