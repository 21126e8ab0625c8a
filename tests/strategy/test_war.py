"""Tariff wars: nobody gains by another tariff, by searches that share nothing with the one under test."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from strategy.tariff_worlds import (
    Floats,
    N,
    S,
    log_real_income,
    small_world,
    symmetric_world,
    two_regions,
    with_rates,
)
from winset.core.errors import NotConvergedError
from winset.model.baseline import Baseline
from winset.model.shocks import Shock
from winset.replications.ossa_2014_setting import load
from winset.strategy.war import nash_tariffs

SMALL = 1e-7
EXACT = 1e-7
"""Tolerance where two wars are compared: what one player's slack does to another is of first order."""


def best_answer(world: Baseline, player: int, tariffs: Floats) -> Floats:
    """A slow best response over a player's tariffs, by a search along conjugate directions (Powell)."""
    abroad = [k for k in range(N) if k != player]

    def loss(point: Floats) -> float:
        return -float(log_real_income(world, with_rates(world, player, point.reshape(N - 1, S), tariffs))[player])

    found = optimize.minimize(
        loss, tariffs[abroad, player].ravel(), method="Powell", bounds=[(0, 10)] * (S * (N - 1)),
        options={"ftol": 1e-13, "xtol": 1e-6},
    )  # fmt: skip
    return with_rates(world, player, found.x.reshape(N - 1, S), tariffs)


def test_slow_best_responses_from_another_start_reach_the_same_war() -> None:
    world = small_world(13)
    war = nash_tariffs(world, tolerance=EXACT).checked()
    assert war.first_order_residual < EXACT
    assert war.interior
    tariffs = with_rates(world, 0, np.full((N - 1, S), 0.1))
    for _ in range(4):
        for player in range(N):
            tariffs = best_answer(world, player, tariffs)
    ours = log_real_income(world, war.tariffs)
    np.testing.assert_allclose(log_real_income(world, tariffs), ours, atol=1e-5)
    np.testing.assert_allclose(tariffs, war.tariffs, atol=5e-3)
    for player in range(N):
        answer = best_answer(world, player, war.tariffs)
        assert log_real_income(world, answer)[player] < ours[player] + SMALL


@pytest.mark.parametrize("start", ["status-quo", "elasticity", 0.8])
def test_the_start_does_not_matter(start: str | float) -> None:
    world = small_world(13)
    war = nash_tariffs(world, start=start, look_further=False, tolerance=EXACT).checked()
    other = nash_tariffs(world, look_further=False, tolerance=EXACT).checked()
    np.testing.assert_allclose(
        log_real_income(world, war.tariffs), log_real_income(world, other.tariffs), atol=10 * SMALL
    )


@pytest.mark.parametrize("seed", [11, 12, 21])
def test_no_other_tariffs_gain(seed: int) -> None:
    world = small_world(seed)
    war = nash_tariffs(world).checked()
    ours = log_real_income(world, war.tariffs)
    rng = np.random.default_rng(seed)
    for player in range(N):
        for size in (0.01, 0.1, 0.5):
            factor = np.exp(size * rng.normal(size=(N - 1, S)))
            abroad = [k for k in range(N) if k != player]
            rates = np.clip((1 + war.tariffs[abroad, player]) * factor - 1, 0, 10)
            moved = with_rates(world, player, rates, war.tariffs)
            assert log_real_income(world, moved)[player] < ours[player] + SMALL
    assert max(war.best_response_residuals.values()) == pytest.approx(war.first_order_residual)
    assert len(war.path.residuals) == war.rounds == len(war.path.mean_tariffs) - 1


def test_a_symmetric_world_has_a_symmetric_war() -> None:
    world = symmetric_world()
    war = nash_tariffs(world, tolerance=EXACT).checked()
    abroad = ~np.eye(N, dtype=bool)
    rates = war.tariffs[abroad]
    assert np.ptp(rates, axis=0).max() < 1e-4
    income = war.equilibrium.real_income_hat
    assert np.ptp(income) < SMALL
    assert income.max() < 1
    assert war.second is None


def test_outsiders_keep_their_tariffs() -> None:
    world = small_world(12)
    war = nash_tariffs(world, ["R02", "R00"]).checked()
    assert war.players == ("R02", "R00")
    changed = {tuple(cell[:2]) for cell in np.argwhere(war.tariffs != world.tariffs)}
    assert changed == {(0, 2), (2, 0)}
    everyone = nash_tariffs(world, ["R02", "R00"], against="everyone").checked()
    assert (everyone.tariffs[:, 1] == world.tariffs[:, 1]).all()
    assert (everyone.tariffs[1, [0, 2]] != world.tariffs[1, [0, 2]]).all()


def test_listed_responses_are_applied_and_answered() -> None:
    world = small_world(12)
    plain = nash_tariffs(world, ["R00", "R02"], look_further=False).checked()
    war = nash_tariffs(
        world, ["R00", "R02"], responses={("R00", "R01", None): 0.9, ("R02", "R01", "S00"): 0.4},
        look_further=False,
    ).checked()  # fmt: skip
    assert (war.tariffs[0, 1] == 0.9).all()
    assert war.tariffs[2, 1, 0] == 0.4
    assert war.tariffs[2, 1, 1] == world.tariffs[2, 1, 1]
    given = np.array(world.tariffs)
    given[0, 1], given[2, 1, 0] = 0.9, 0.4
    same = nash_tariffs(world, ["R00", "R02"], shock=Shock(tariffs=given), look_further=False).checked()
    np.testing.assert_array_equal(war.tariffs, same.tariffs)
    assert np.abs(war.tariffs - plain.tariffs)[[0, 2], [2, 0]].max() > 1e-5


def test_players_may_want_different_things() -> None:
    world = small_world(12)
    war = nash_tariffs(
        world, ["R00", "R01"], objective={"R00": "revenue", "R01": "real-income"}, instruments="uniform",
        look_further=False,
    ).checked()  # fmt: skip
    plain = nash_tariffs(world, ["R00", "R01"], instruments="uniform", look_further=False).checked()
    assert war.tariffs[1, 0, 0] > plain.tariffs[1, 0, 0] + 0.1


def test_autarky_is_named_and_the_interior_war_reported() -> None:
    """From prohibitive tariffs nobody can gain alone: an equilibrium too, but not the one that is meant."""
    world = two_regions()
    stuck = nash_tariffs(world, bounds=(0.0, 1e3), start=500.0, look_further=False)
    assert not stuck.interior
    assert "autarky-like" in str(stuck)
    war = nash_tariffs(world, bounds=(0.0, 1e3), start=500.0).checked()
    assert war.interior
    assert war.second is not None
    assert not war.second.interior
    assert "second equilibrium" in str(war)
    plain = nash_tariffs(world).checked()
    np.testing.assert_allclose(war.tariffs, plain.tariffs, atol=1e-5)
    assert plain.second is None


def test_a_bound_that_binds_is_not_interior() -> None:
    world = two_regions()
    war = nash_tariffs(world, bounds=(0.0, 0.1), look_further=False)
    assert war.converged
    assert not war.interior
    assert "upper bound" in str(war)
    assert war.tariffs[[0, 1], [1, 0]].max() == 0.1


def test_an_unfinished_war_is_told() -> None:
    world = small_world(12)
    seen: list[tuple[int, float]] = []
    war = nash_tariffs(world, max_rounds=1, progress=lambda count, residual: seen.append((count, residual)))
    assert not war.converged
    assert war.rounds == 1
    assert [count for count, _ in seen] == [1]
    assert war.path.mean_tariffs.shape == (2, N)
    with pytest.raises(NotConvergedError) as caught:
        war.checked()
    assert caught.value.exit_code == 3
    for region in world.regions:
        assert f"{region}: " in str(caught.value)
    assert "sufficient-statistics" in str(caught.value)
    assert "NOT CONVERGED" in str(war)


def test_published_war(shared: Path) -> None:
    """Ossa (2014), table 4, at the exact fixed point of the model note's section 8; medians to 0.6 points."""
    firms = load(shared / "data").worlds["BAS"]
    world = Baseline.from_arrays(
        regions=firms.regions, sectors=firms.industries, flows=firms.flows, tariffs=firms.tariffs,
        elasticities=firms.sigma - 1, name="ossa-2014",
    )  # fmt: skip
    war = nash_tariffs(world, model="ossa-2014", closure="balanced", look_further=False).checked()
    found = json.loads((shared / "reference" / "ossa2014.json").read_text(encoding="utf-8"))["independent"]
    for k, row in enumerate(found["nash_BAS"]["rows"]):
        assert war.percent(world.regions[k]) == pytest.approx(row[0], abs=1e-4)
        abroad = [i for i in range(len(world.regions)) if i != k]
        assert 100 * np.median(war.tariffs[abroad, k]) == pytest.approx(row[4], abs=0.6)
