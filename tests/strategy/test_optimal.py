"""Optimal tariffs against searches without gradients, known answers, and Ossa's (2014) published optima."""

from __future__ import annotations

import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import optimize

from strategy.tariff_worlds import Floats, N, S, log_real_income, small_world, two_regions, with_rates
from tolerances import SOLVER
from winset.core.errors import NotConvergedError
from winset.model.baseline import Baseline
from winset.model.gradients import Quantities
from winset.model.shocks import Shock
from winset.model.solve import solve
from winset.replications.ossa_2014_setting import load
from winset.strategy.optimal import optimal_tariffs

SMALL = 1e-7
"""Log points of real income: what a search without gradients may find beyond ours by rounding."""
SHAPES = {"uniform": (1, 1), "partner": (N - 1, 1), "sector": (1, S), "partner-sector": (N - 1, S)}


def own_best(world: Baseline, instruments: str, start: float) -> float:
    """Largest ln real income of the first region over its tariffs, by Nelder and Mead's simplex."""
    shape = SHAPES[instruments]

    def loss(point: Floats) -> float:
        rates = np.clip(np.broadcast_to(point.reshape(shape), (N - 1, S)), 0, 10)
        return -float(log_real_income(world, with_rates(world, 0, rates))[0])

    found = optimize.minimize(
        loss, np.full(shape, start).ravel(), method="Nelder-Mead", options={"fatol": 1e-10, "xatol": 1e-5}
    )
    return -float(found.fun)


@pytest.mark.parametrize("instruments", SHAPES)
def test_against_a_search_without_gradients(instruments: str) -> None:
    world = small_world(12)
    best = optimal_tariffs(world, "R00", instruments=instruments).checked()
    other = own_best(world, instruments, 0.2)
    assert other - SMALL < best.gain < other + 10 * SMALL
    assert log_real_income(world, best.tariffs)[0] == pytest.approx(best.gain, abs=SOLVER)
    assert (best.tariffs[:, 1:] == world.tariffs[:, 1:]).all()
    assert best.first_order_residual < 1e-6
    assert best.at_low == best.at_high == ()
    together = tuple(k for k in (0, 1) if SHAPES[instruments][k] == 1)
    assert not together or np.ptp(best.tariffs[1:, 0], axis=together).max() < 1e-12


@pytest.mark.parametrize("seed", [11, 13])
def test_finer_instruments_gain_at_least_as_much(seed: int) -> None:
    world = small_world(seed)
    gain = {kind: optimal_tariffs(world, "R01", instruments=kind).checked().gain for kind in SHAPES}
    assert 0 < gain["uniform"] <= min(gain["partner"], gain["sector"]) + SMALL
    assert max(gain["partner"], gain["sector"]) <= gain["partner-sector"] + SMALL
    finest = optimal_tariffs(world, "R01")
    assert finest.uniform_gain == pytest.approx(gain["uniform"], abs=SMALL)
    assert max(finest.starts.values()) == pytest.approx(finest.gain, abs=1e-6)


@pytest.mark.parametrize("theta", [2.0, 4.0, 9.0])
def test_a_tiny_economy_levies_one_over_theta(theta: float) -> None:
    world = two_regions(size=1e6, theta=theta, tariffs=(0.0, 0.0))
    best = optimal_tariffs(world, "R00").checked()
    # Its share abroad is of the order 1e-7, and so is what is left of its effect on prices there.
    assert best.tariffs[1, 0, 0] == pytest.approx(1 / theta, abs=1e-5)


def test_bounds_hold_and_are_reported() -> None:
    world = small_world(12)
    free = optimal_tariffs(world, "R00", instruments="sector")
    low, high = free.tariffs[1, 0].min(), free.tariffs[1, 0].max()
    middle = 0.5 * (low + high)
    capped = optimal_tariffs(world, "R00", bounds=(0.0, middle)).checked()
    assert capped.tariffs[1:, 0].max() == middle
    hit = {(world.regions[i], world.sectors[s]) for i, s in np.argwhere(capped.tariffs[:, 0] == middle)}
    assert set(capped.at_high) == hit != set()
    assert capped.at_low == ()
    floored = optimal_tariffs(world, "R00", bounds=(2.0, 3.0)).checked()
    assert len(floored.at_low) == (N - 1) * S
    np.testing.assert_allclose(floored.tariffs[1:, 0], 2.0, rtol=1e-12)
    assert "at their lower bound: 4" in str(floored)


def test_bounds_by_cell() -> None:
    world = small_world(12)
    high = np.full((N, N, S), 10.0)
    high[1, 0, 0] = 0.05
    best = optimal_tariffs(world, "R00", bounds=(0.0, high)).checked()
    assert best.tariffs[1, 0, 0] == 0.05
    assert best.at_high == (("R01", "S00"),)
    assert best.tariffs[2, 0].min() > 0.1


def test_exempt_sectors_partners_and_others_stay() -> None:
    world = small_world(12)
    best = optimal_tariffs(world, "R00", against=["R02"], exempt=["S01"]).checked()
    moved = np.argwhere(best.tariffs != world.tariffs)
    assert moved.tolist() == [[2, 0, 0]]


def test_a_given_shock_is_where_it_starts() -> None:
    world = small_world(12)
    tariffs = np.array(world.tariffs)
    tariffs[0, 2] = 0.7
    best = optimal_tariffs(world, "R00", shock=Shock(tariffs=tariffs)).checked()
    assert (best.tariffs[0, 2] == 0.7).all()
    assert best.gain > 0
    wanted = log_real_income(world, best.tariffs)[0] - log_real_income(world, tariffs)[0]
    assert best.gain == pytest.approx(wanted, abs=SOLVER)


def test_revenue_against_a_grid() -> None:
    world = small_world(12)
    best = optimal_tariffs(world, "R00", objective="revenue", instruments="uniform").checked()
    rate = best.tariffs[1, 0, 0]

    def revenue(t: float) -> float:
        return float(solve(world, Shock(tariffs=with_rates(world, 0, np.full((1, 1), t)))).tariff_revenue[0])

    grid = [revenue(t) for t in np.linspace(0.05, 2.0, 14)]
    assert revenue(rate) >= max(grid)
    assert all(revenue(rate) >= revenue(rate + step) for step in (-1e-3, 1e-3))
    assert best.gain * world.income[0] == pytest.approx(revenue(rate) - revenue_now(world), rel=1e-6)


def revenue_now(world: Baseline) -> float:
    return float((world.tariffs * world.flows)[:, 0].sum())


def test_lobbying_protects_the_favoured() -> None:
    world = small_world(12)
    even = np.ones((N, S))
    favoured = even.copy()
    favoured[0] = [1.6, 0.4]
    base = optimal_tariffs(world, "R00", instruments="sector").checked()
    same = optimal_tariffs(world, "R00", instruments="sector", objective="lobbying", lobbying=even).checked()
    np.testing.assert_allclose(same.tariffs, base.tariffs, atol=1e-5)
    assert same.gain == pytest.approx(base.gain, abs=SMALL)
    tilted = optimal_tariffs(world, "R00", instruments="sector", objective="lobbying", lobbying=favoured).checked()
    assert tilted.tariffs[1, 0, 0] > base.tariffs[1, 0, 0] + 0.01
    assert tilted.tariffs[1, 0, 1] < base.tariffs[1, 0, 1] - 0.01
    assert log_real_income(world, tilted.tariffs)[0] < log_real_income(world, base.tariffs)[0]


def own_log_income(q: Quantities) -> jnp.ndarray:
    return jnp.log(q.real_income_hat[0])


def test_a_function_that_says_the_same_gives_the_same() -> None:
    world = small_world(12)
    named = optimal_tariffs(world, "R00").checked()
    given = optimal_tariffs(world, "R00", objective=own_log_income).checked()
    assert given.objective == "own_log_income"
    assert given.gain == pytest.approx(named.gain, abs=SMALL)
    np.testing.assert_allclose(given.tariffs, named.tariffs, atol=1e-4)


@pytest.mark.parametrize("closure", ["balanced", "nominal", "own-share"])
def test_every_closure_with_inputs(closure: str) -> None:
    world = small_world(12)
    best = optimal_tariffs(world, "R01", instruments="uniform", closure=closure).checked()
    rate = best.tariffs[0, 1, 0]
    value = log_real_income(world, best.tariffs, closure)[1]
    for step in (-1e-2, 1e-2):
        moved = with_rates(world, 1, np.full((1, 1), rate + step))
        assert log_real_income(world, moved, closure)[1] < value
    assert closure in str(best)


def test_the_summary_tells_what_it_rests_on() -> None:
    text = str(optimal_tariffs(small_world(12), "R00", instruments="uniform"))
    for part in ("caliendo-parro", "closure world-share", "elasticities given", "not advice", "residual"):
        assert part in text


def test_no_agreement_with_first_order_conditions_is_said() -> None:
    best = optimal_tariffs(small_world(12), "R00", tolerance=1e-16)
    assert not best.converged
    with pytest.raises(NotConvergedError, match="first-order residual"):
        best.checked()


@pytest.fixture(scope="module")
def ossa(shared: Path) -> tuple[Baseline, dict[str, list[list[float]]]]:
    """The published data as a baseline, and the independent solution of the model note's section 8."""
    firms = load(shared / "data").worlds["BAS"]
    world = Baseline.from_arrays(
        regions=firms.regions, sectors=firms.industries, flows=firms.flows, tariffs=firms.tariffs,
        elasticities=firms.sigma - 1, name="ossa-2014",
    )  # fmt: skip
    found = json.loads((shared / "reference" / "ossa2014.json").read_text(encoding="utf-8"))["independent"]
    return world, {name: found[name]["rows"] for name in ("optimal_BAS", "uniform_optimal_tariff_BAS")}


def test_published_optima(ossa: tuple[Baseline, dict[str, list[list[float]]]]) -> None:
    """Ossa (2014), table 3: own G to 1e-4 points and single rates to their printed digits; medians to 0.6."""
    world, wanted = ossa
    for k, region in enumerate(world.regions):
        best = optimal_tariffs(world, region, model="ossa-2014", closure="balanced").checked()
        row = wanted["optimal_BAS"][k]
        assert 100 * np.expm1(best.gain) == pytest.approx(row[0], abs=1e-4)
        abroad = [i for i in range(len(world.regions)) if i != k]
        assert 100 * np.median(best.tariffs[abroad, k]) == pytest.approx(row[8], abs=0.6)
        rate, gain = wanted["uniform_optimal_tariff_BAS"][k]
        assert 100 * best.uniform_rate == pytest.approx(rate, abs=0.05)
        assert 100 * np.expm1(best.uniform_gain) == pytest.approx(gain, abs=1e-4)
