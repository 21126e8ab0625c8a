"""The seven means of tariff lines: against a plain-Python twin, and what is true of every group of lines."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolerances import INVARIANCE, SOLVER
from winset.core.errors import RequestError
from winset.data.lines.means import METHODS, SUMS, combine

DATABASE = duckdb.connect(config={"threads": 1})
Line = tuple[float, float, float]
"""Rate, imports, elasticity."""


def by_program(method: str, lines: list[Line], sigma: float, eta: float) -> float:
    cells = ", ".join(f"({t!r}::DOUBLE, {m!r}::DOUBLE, {e!r}::DOUBLE, {sigma!r}::DOUBLE)" for t, m, e in lines)
    sums_of = ", ".join(sql.format(t="t") for sql in SUMS.values())
    row = DATABASE.execute(f"SELECT {sums_of} FROM (VALUES {cells}) l(t, m, e, sigma)").fetchall()[0]  # noqa: S608
    sums: dict[str, Any] = {
        key: np.array([np.nan if value is None else value]) for key, value in zip(SUMS, row, strict=True)
    }
    return float(combine(method, sums, np.array([sigma]), np.array([eta]))[0])


def by_hand(method: str, lines: list[Line], sigma: float, eta: float) -> float:
    """The definitions, solved for the uniform tariff from demand itself where there is one."""
    total = sum(m for _, m, _ in lines)
    if method == "simple":
        return sum(t for t, _, _ in lines) / len(lines)
    if method == "weighted":
        return sum(t * m for t, m, _ in lines) / total
    if method == "otri":
        return sum(t * m * e for t, m, e in lines) / sum(m * e for _, m, e in lines)
    if method == "tri":
        return math.sqrt(sum(t * t * m * e for t, m, e in lines) / sum(m * e for _, m, e in lines))
    # CES: tastes a_n that yield the observed imports at border prices of one and the observed tariffs.
    spending = sum(m * (1 + t) for t, m, _ in lines)
    taste = [m * (1 + t) / spending * (1 + t) ** (sigma - 1) for t, m, _ in lines]

    def state(rates: list[float]) -> tuple[float, float, float]:
        """Price index, imports at the border, consumers' surplus and revenue, per unit of demand's scale."""
        if sigma == 1:
            price = math.exp(sum(a * math.log(1 + r) for a, r in zip(taste, rates, strict=True)))
        else:
            price = sum(a * (1 + r) ** (1 - sigma) for a, r in zip(taste, rates, strict=True)) ** (1 / (1 - sigma))
        spent = price ** (1 - eta)
        shares = [a * ((1 + r) / price) ** (1 - sigma) for a, r in zip(taste, rates, strict=True)]
        imports = spent * sum(s / (1 + r) for s, r in zip(shares, rates, strict=True))
        surplus = -math.log(price) if eta == 1 else price ** (1 - eta) / (eta - 1)
        return price, imports, surplus + spent - imports

    place = {"ces-price": 0, "ces-imports": 1, "ces-welfare": 2}[method]
    sign = 1 if place == 0 else -1
    goal = state([t for t, _, _ in lines])[place]
    low, high = 0.0, 1e5
    for _ in range(300):
        middle = (low + high) / 2
        if sign * (state([middle] * len(lines))[place] - goal) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


rates = st.floats(0.01, 3.0)
groups = st.lists(st.tuples(rates, st.floats(0.1, 1e3), st.floats(0.2, 20)), min_size=1, max_size=8)
sigmas = st.one_of(st.just(1.0), st.floats(1.5, 8.0))


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=30)
@given(lines=groups, sigma=sigmas, eta=st.floats(1.0, 6.0))
def test_each_method_is_its_definition(method: str, lines: list[Line], sigma: float, eta: float) -> None:
    assert by_program(method, lines, sigma, eta) == pytest.approx(by_hand(method, lines, sigma, eta), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=30)
@given(lines=groups, rate=rates, sigma=sigmas, eta=st.floats(1.0, 6.0))
def test_a_uniform_tariff_is_its_own_mean(
    method: str, lines: list[Line], rate: float, sigma: float, eta: float
) -> None:
    flat = [(rate, m, e) for _, m, e in lines]
    assert by_program(method, flat, sigma, eta) == pytest.approx(rate, rel=SOLVER)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "ces-welfare"])
@settings(max_examples=30)
@given(lines=groups, sigma=sigmas, eta=st.floats(1.0, 6.0))
def test_no_mean_leaves_the_range(method: str, lines: list[Line], sigma: float, eta: float) -> None:
    found = by_program(method, lines, sigma, eta)
    assert min(t for t, _, _ in lines) <= found <= max(t for t, _, _ in lines)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "simple"])
@settings(max_examples=30)
@given(lines=groups, sigma=sigmas, eta=st.floats(1.0, 6.0), which=st.integers(0, 7))
def test_splitting_a_line_into_halves_changes_nothing(
    method: str, lines: list[Line], sigma: float, eta: float, which: int
) -> None:
    k = which % len(lines)
    t, m, e = lines[k]
    split = [*lines[:k], *lines[k + 1 :], (t, m / 2, e), (t, m / 2, e)]
    whole = by_program(method, lines, sigma, eta)
    assert by_program(method, split, sigma, eta) == pytest.approx(whole, rel=SOLVER)


@settings(max_examples=30)
@given(lines=groups)
def test_the_welfare_index_is_never_below_the_import_index_of_the_same_weights(lines: list[Line]) -> None:
    assert by_program("tri", lines, 5, 5) >= by_program("otri", lines, 5, 5) * (1 - INVARIANCE)
    # With one elasticity for all, the weights are imports.
    same = [(t, m, 3.0) for t, m, _ in lines]
    assert by_program("otri", same, 5, 5) == pytest.approx(by_program("weighted", same, 5, 5), rel=INVARIANCE)
    assert by_program("tri", same, 5, 5) >= by_program("weighted", same, 5, 5) * (1 - INVARIANCE)


@settings(max_examples=30)
@given(lines=groups, sigma=sigmas, eta=st.floats(1.0, 6.0))
def test_the_exact_indices_stand_in_order(lines: list[Line], sigma: float, eta: float) -> None:
    mean, imports, price = (by_program(m, lines, sigma, eta) for m in ("weighted", "ces-imports", "ces-price"))
    assert mean * (1 - SOLVER) <= imports <= price * (1 + SOLVER)


def test_small_tariffs_meet_the_expansion() -> None:
    lines = [(1e-3 * t, m, 4.0) for t, m in ((1.0, 3.0), (4.0, 1.0), (0.0, 2.0))]
    # sigma = eta: lines are independent, each with the elasticity sigma, which is what the expansion assumes.
    exact, expansion = by_program("ces-welfare", lines, 4.0, 4.0), by_program("tri", lines, 4.0, 4.0)
    assert exact == pytest.approx(expansion, rel=1e-2)
    assert abs(exact - expansion) > 1e-9


def test_no_imports_no_weighted_mean() -> None:
    assert math.isnan(by_program("weighted", [(0.1, 0.0, 1.0)], 5, 5))
    assert by_program("simple", [(0.1, 0.0, 1.0), (0.3, 0.0, 1.0)], 5, 5) == pytest.approx(0.2)


def test_a_demand_below_one_is_refused() -> None:
    with pytest.raises(RequestError, match="below one"):
        by_program("ces-imports", [(0.1, 1.0, 1.0)], 5, 0.5)
