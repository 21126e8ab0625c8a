"""Chunks cover a sweep once and depend on nothing but the plan; grids are checked against the levers."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.core.errors import RequestError, UnknownNameError
from winset.package.bargain_sheet import LeverSheet
from winset.sweep.plan import Axis, Plan, axes_of, plan_from


def plan(**changed: object) -> Plan:
    given: dict[str, object] = {
        "packages": ("a", "b/../c d"), "against": "z", "draws": 10, "seed": 1, "mode": "sets", "spread": 0.0,
        "block": 4,
    }  # fmt: skip
    return Plan(**{**given, **changed})  # type: ignore[arg-type]


@given(
    draws=st.integers(1, 60),
    block=st.integers(1, 70),
    counts=st.lists(st.integers(1, 6), max_size=3),
    packages=st.integers(0, 3),
)
def test_every_cell_is_in_one_chunk(draws: int, block: int, counts: list[int], packages: int) -> None:
    axes = tuple(Axis(lever=f"l{k}", low=0.0, high=float(n > 1), count=n) for k, n in enumerate(counts))
    names = tuple(f"p{k}" for k in range(packages))
    one = plan(packages=names, draws=draws, block=block, axes=axes, base="base" if axes else "")
    chunks = list(one.chunks())
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    seen: Counter[object] = Counter()
    for chunk in chunks:
        for draw in range(chunk.first, chunk.last):
            if chunk.points is None:
                seen[chunk.kind, chunk.package, draw] += 1
            else:
                seen.update((chunk.kind, k, draw) for k in range(*chunk.points))
    points = 1 if axes else 0
    for n in counts:
        points *= n
    assert set(seen.values()) == {1}
    assert len(seen) == draws * (1 + packages + points)
    assert plan_from(json.loads(json.dumps(one.to_dict()))) == one


def test_files_stay_in_their_folder() -> None:
    for chunk in plan(packages=("../../etc", "a/b", "..", "con.", "é=%")).chunks():
        parts = chunk.id.split("/")
        assert len(parts) == (2 if chunk.kind == "draws" else 3)
        assert ".." not in parts


def test_levers_at_a_point_are_the_product_in_order() -> None:
    axes = (Axis(lever="x", low=0.0, high=1.0, count=3), Axis(lever="y", low=5.0, high=5.0, count=1))
    one = plan(axes=(*axes, Axis(lever="z", low=0.1, high=0.7, count=4)), base="b")
    every = list(one.grid())
    assert one.points == len(every) == 12
    assert every == [one.levers_at(k) for k in range(12)]
    assert every[0] == {"x": 0.0, "y": 5.0, "z": 0.1}
    assert every[1] == {"x": 0.0, "y": 5.0, "z": pytest.approx(0.3)}
    assert every[-1] == {"x": 1.0, "y": 5.0, "z": 0.7}


LEVER = {
    "id": "rate", "label": "r", "unit": "percent", "low": 0, "high": 25, "value": 15, "why": "test",
    "sets": [{"importer": "A", "exporter": "B", "good": "g", "authority": "S232", "kind": "total"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rate", "LEVER=a:b:n"),
        ("rate=1:2", "LEVER=a:b:n"),
        ("rate=1:2:3:4", "LEVER=a:b:n"),
        ("rate=a:2:3", "numbers"),
        ("rate=1:2:2.5", "numbers"),
        ("rate=nan:2:3", "finite"),
        ("rate=0:25:0", "n must be"),
        ("rate=0:25:99999999", "n must be"),
        ("rate=0:26:3", "does not fit"),
        ("rate=20:10:3", "does not fit"),
        ("rate=5:5:3", "does not fit"),
    ],
)
def test_a_grid_that_cannot_be(text: str, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        axes_of([text], [LeverSheet(**LEVER)])  # type: ignore[arg-type]


def test_a_lever_must_exist_once_and_the_product_is_bounded() -> None:
    lever = LeverSheet(**LEVER)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="'rate'"):
        axes_of(["rats=0:1:2"], [lever])
    with pytest.raises(RequestError, match="twice"):
        axes_of(["rate=0:1:2", "rate=0:2:2"], [lever])
    other = lever.model_copy(update={"id": "more"})
    with pytest.raises(RequestError, match="points"):
        axes_of(["rate=0:1:2000", "more=0:1:2000"], [lever, other])
