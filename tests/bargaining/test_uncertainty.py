"""Chances and regret over draws, against loops."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.bargaining.problem import Limit
from winset.bargaining.ratification import WinSet
from winset.bargaining.uncertainty import over_draws
from winset.core.errors import RequestError


@settings(max_examples=60)
@given(st.integers(0, 1_000_000), st.booleans())
def test_against_loops(seed: int, drawn_disagreement: bool) -> None:
    rng = np.random.default_rng(seed)
    draws, count = int(rng.integers(2, 30)), int(rng.integers(1, 6))
    values = rng.normal(size=(draws, count, 3))
    fallback = rng.normal(size=(draws, 2)) if drawn_disagreement else rng.normal(size=2)
    packages = rng.random((count, 1))
    side = WinSet(
        party="A",
        ratifiers=(
            Limit(name="farms", rows={"farms": 1.0}, at_least=-0.2, party="A"),
            Limit(name="rate", instruments={"rate": 1.0}, at_most=0.7, party="A"),
        ),
    )
    out = over_draws(
        values, ("A", "B", "farms"), ("A", "B"), fallback, [side], instruments=("rate",), packages=packages
    )
    level = np.broadcast_to(fallback, (draws, 2))
    for p in range(count):
        ratified = [values[d, p, 2] >= -0.2 and packages[p, 0] <= 0.7 for d in range(draws)]
        gains = [(values[d, p, :2] >= level[d]).all() for d in range(draws)]
        both = np.array(ratified) & np.array(gains)
        assert out.win_sets["A"][p] == pytest.approx(np.mean(ratified))
        assert out.agreement[p] == pytest.approx(both.mean())
        assert out.errors["agreement"][p] == pytest.approx(both.std(ddof=1) / np.sqrt(draws))
        assert out.agreement[p] <= min(out.win_sets["A"][p], out.gains["A"][p], out.gains["B"][p])
    for i, regret in enumerate(out.regrets):
        lost = np.array([[values[d, :, i].max() - values[d, p, i] for p in range(count)] for d in range(draws)])
        assert regret.expected == pytest.approx(lost.mean(axis=0))
        assert regret.worst == pytest.approx(lost.max(axis=0))
        assert regret.worst[regret.minimax] == lost.max(axis=0).min()
    json.dumps(out.as_plain(), allow_nan=False)


def test_common_draws_make_differences_certain() -> None:
    """One package is always better by a hair: the difference has no error though each chance has one."""
    rng = np.random.default_rng(0)
    base = rng.normal(size=(400, 1, 2))
    values = np.concatenate([base, base + 0.01, base], axis=1)
    out = over_draws(values, ("A", "B"), ("A", "B"), [0.0, 0.0])
    assert out.difference(2, 0) == (0.0, 0.0)
    gap, error = out.difference(1, 0)
    assert gap >= 0
    assert error < out.errors["agreement"][0]


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(RequestError):
        over_draws(np.zeros((2, 2)), ("A", "B"), ("A", "B"), [0, 0])
    with pytest.raises(RequestError):
        over_draws(np.zeros((2, 2, 2)), ("A", "B"), ("B", "A"), [0, 0])
    with pytest.raises(RequestError):
        over_draws(np.zeros((2, 2, 2)), ("A", "B"), ("A", "B"), [0, 0, 0])
