"""The emulator on functions that are known: exact where it can be, honest where it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.known import HIGH, LOW, NAMES, fitted, kinked, places, quadratic, smooth
from tolerances import GRADIENT, INVARIANCE, SOLVER
from winset.core.errors import NotConvergedError, RequestError
from winset.emulator.basis import columns, slopes, terms
from winset.emulator.build import build
from winset.emulator.fit import Runs, fit, solve


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_a_quadratic_is_met_exactly_with_its_slopes(seed: int) -> None:
    truth = quadratic(seed)
    one = fitted(truth, 2, budget=60)
    x = places(20, seed + 1)
    found = one.predict(x, gradients=True)
    ranges = np.array([row.range for row in one.errors])
    for k, place in enumerate(x):
        values, jacobian = truth(place)
        assert (np.abs(found.values[k] - values) <= SOLVER * ranges).all()
        wide = (found.gradients[k] - jacobian) * (HIGH - LOW)
        assert (np.abs(wide) <= SOLVER * ranges[:, None]).all()
    assert one.reached


@given(st.integers(1, 4), st.sampled_from([(2, 1.0), (4, 0.5), (8, 0.6)]), st.integers(0, 1000))
@settings(max_examples=15)
def test_columns_are_products_of_legendre_polynomials(levers: int, shape: tuple[int, float], seed: int) -> None:
    chosen = terms(levers, *shape, 10_000)
    assert chosen is not None
    u = np.random.default_rng(seed).random((5, levers))
    for exponents, column in zip(chosen, columns(u, chosen), strict=True):
        slow = np.ones(5)
        for k, power in enumerate(exponents):
            weights = np.zeros(power + 1)
            weights[power] = 1.0
            slow *= np.polynomial.legendre.legval(2 * u[:, k] - 1, weights)
        np.testing.assert_allclose(column, slow, rtol=0, atol=INVARIANCE)


def test_slopes_are_the_differences_of_columns() -> None:
    chosen = terms(3, 5, 1.0, 1000)
    assert chosen is not None
    u = np.random.default_rng(3).uniform(0.1, 0.9, (4, 3))
    found = slopes(u, chosen)
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-5
        central = (columns(u + step, chosen) - columns(u - step, chosen)) / 2e-5
        np.testing.assert_allclose(found[k], central, rtol=GRADIENT, atol=GRADIENT)


def test_left_out_errors_are_those_of_fits_that_leave_the_run_out() -> None:
    rng = np.random.default_rng(5)
    u = rng.random((15, 3))
    runs = Runs(u=u, values=rng.normal(size=(15, 2)), slopes=rng.normal(size=(15, 2, 3)))
    chosen = terms(3, 2, 1.0, 100)
    assert chosen is not None
    assert runs.slopes is not None
    whole = solve(runs, chosen)
    assert whole is not None
    for k in range(15):
        rest = np.arange(15) != k
        part = solve(Runs(u=u[rest], values=runs.values[rest], slopes=runs.slopes[rest]), chosen)
        assert part is not None
        np.testing.assert_allclose(
            whole.left_out[k], part(u[k : k + 1])[0] - runs.values[k], rtol=SOLVER, atol=SOLVER
        )


@pytest.mark.parametrize("truth", [smooth, kinked])
def test_the_error_that_is_stated_is_the_error_that_is_met(truth: Any) -> None:
    one = fitted(truth, budget=250, target=0.02)
    x = places(2000, 11)
    off = np.abs(one.predict(x).values[:, 0] - np.array([truth(place)[0][0] for place in x]))
    row = one.errors[0]
    assert np.percentile(off, 95) <= 1.5 * row.usual + 1e-12
    assert row.usual <= row.largest
    if truth is smooth:
        assert one.reached
        assert off.max() <= 0.02 * row.range
    else:
        # A jump is met by no polynomial: it must say so.
        assert not one.reached
        assert row.relative[0] > 0.02
        assert off.max() > 0.02 * row.range


def test_slopes_save_runs() -> None:
    with_slopes = fitted(smooth, budget=48, target=0.001)
    without = fitted(lambda x: (smooth(x)[0], None), budget=48, target=0.001)
    assert with_slopes.errors[0].largest < without.errors[0].largest


def test_runs_end_when_the_error_is_small_or_the_budget_spent() -> None:
    counted = []

    def told(x: Any) -> tuple[Any, Any]:
        counted.append(x)
        return kinked(x)

    one = fitted(told, budget=100, target=0.001)
    assert len(counted) == one.runs + one.checks == 100
    easy = fitted(quadratic(1), 2, budget=2000)
    assert easy.reached
    assert easy.runs < 100


def test_runs_lie_in_the_box_and_touch_its_bounds() -> None:
    seen = []

    def told(x: Any) -> tuple[Any, Any]:
        seen.append(x)
        return kinked(x)

    fitted(told, budget=120, target=0.001)
    x = np.array(seen)
    assert (x >= LOW).all()
    assert (x <= HIGH).all()
    assert (x == LOW).any(axis=0).all()
    assert (x == HIGH).any(axis=0).all()


def test_the_same_seed_gives_the_same_emulator_and_another_does_not() -> None:
    one, same, other = (fitted(kinked, budget=80, seed=seed) for seed in (1, 1, 2))
    assert one.coefficients.tobytes() == same.coefficients.tobytes()
    assert one.coefficients.tobytes() != other.coefficients.tobytes()


def test_nothing_is_extrapolated() -> None:
    one = fitted(smooth, budget=60)
    one.predict(np.vstack([LOW, HIGH]))
    for place in (HIGH + np.array([1.0, 0, 0]), LOW - [0, 0, 1e-3], [np.nan, 0, 20], [np.inf, 0, 20]):
        with pytest.raises(RequestError, match="in a package"):
            one.predict(place)
    with pytest.raises(RequestError, match="3 levers"):
        one.predict([1.0, 2.0])


def test_a_payoff_that_does_not_move_has_no_error() -> None:
    one = fitted(lambda x: (np.array([7.0]), np.zeros((1, 3))), budget=60)
    assert one.reached
    assert one.errors[0].relative == (0.0, 0.0)
    assert one.predict(places(3)).values == pytest.approx(7.0)


def test_places_without_an_answer_are_counted_and_too_many_refused() -> None:
    def some(x: Any) -> tuple[Any, Any]:
        if x[0] > 24.5:
            raise NotConvergedError("no equilibrium")
        return kinked(x)

    one = fitted(some, budget=100, target=1e-6)
    assert one.failed > 0
    assert one.runs + one.checks + one.failed == 100

    def most(x: Any) -> tuple[Any, Any]:
        if x[0] > 5:
            return np.array([np.nan]), None
        return smooth(x)

    with pytest.raises(NotConvergedError, match="places have no answer"):
        fitted(most, budget=100)


@pytest.mark.parametrize(
    "change",
    [
        {"budget": 5}, {"budget": 10**9}, {"target": 0.0}, {"target": 2.0}, {"seed": -1}, {"low": HIGH},
        {"low": [0, 0]}, {"low": [0, 0, np.nan]}, {"names": ("a", "a", "b")}, {"rows": []}, {"units": ["x", "y"]},
    ],
)  # fmt: skip
def test_a_box_or_number_that_cannot_be_used_is_refused(change: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"names": NAMES, "low": LOW, "high": HIGH, "rows": ["r"]}
    with pytest.raises(RequestError):
        build(smooth, **plain | change)


def test_a_hundred_thousand_packages_at_once_are_those_one_by_one() -> None:
    one = fitted(smooth, budget=60)
    x = places(100_000)
    found = one.predict(x)
    assert found.values.shape == (100_000, 1)
    for k in (0, 4095, 4096, 99_999):
        assert found.values[k] == pytest.approx(one.predict(x[k]).values[0], rel=INVARIANCE)
    values, jacobian = one(x[5])
    assert values.shape == (1,)
    assert jacobian.shape == (1, 3)
    assert one.error_text(0).startswith("emulator, error ±")


def test_fit_without_enough_runs_is_a_constant() -> None:
    found = fit(Runs(u=np.array([[0.2], [0.4]]), values=np.array([[1.0], [3.0]]), slopes=None))
    assert found(np.array([[0.9]]))[0, 0] == pytest.approx(2.0)


def test_the_room_imports_no_economics_and_a_brief_no_emulator() -> None:
    import winset

    root = Path(winset.__file__).parent
    for path in (root / "emulator").glob("*.py"):
        for word in ("model", "valuation", "bargaining", "package", "data", "workflow"):
            assert f"winset.{word}" not in path.read_text(encoding="utf-8"), path
    briefs = [*(root / "brief").glob("*.py"), *root.glob("briefing*.py"), *root.glob("negotiation*.py")]
    assert len(briefs) > 10
    for path in [*briefs, root / "cli_brief.py"]:
        assert "emulat" not in path.read_text(encoding="utf-8"), path
