"""Optimal tariffs, wars and talks in the model with profits, on small random worlds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from economies import random_world
from winset.core.errors import NotConvergedError, RequestError, UnknownNameError
from winset.model.ossa import OssaWorld, purge, solve_ossa
from winset.strategy.ossa_optima import nash_tariffs_ossa, optimal_tariffs_ossa
from winset.strategy.ossa_talks import talks_ossa

N, S = 3, 2


def world_of(seed: int, *, lobbying: bool = False) -> OssaWorld:
    baseline = random_world(seed, regions=N, sectors=S, theta=(1.5, 5.0), inputs=False)
    weight = np.random.default_rng(seed).uniform(0.5, 1.5, (N, S))
    weight = weight / weight.mean(axis=1, keepdims=True)
    return purge(OssaWorld.from_baseline(baseline, lobbying=weight if lobbying else None)).world


@pytest.mark.parametrize("lobbying", [False, True])
def test_optimum_against_a_search_without_gradients(lobbying: bool) -> None:
    world = world_of(3, lobbying=lobbying)
    best = optimal_tariffs_ossa(world, "R00").checked()

    def loss(rates: np.ndarray) -> float:
        tariffs = world.tariffs.copy()
        tariffs[1:, 0] = np.clip(rates, 0, 10).reshape(N - 1, S)
        return -float(solve_ossa(world, tariffs).government_hat[0])

    start = best.tariffs[1:, 0].ravel()
    for shift in (0.0, 0.3):
        found = optimize.minimize(
            loss, start + shift, method="Nelder-Mead", options={"fatol": 1e-10, "maxiter": 500}
        )
        assert -found.fun <= best.equilibrium.government_hat[0] + 1e-8
    assert (best.tariffs[:, 1:] == world.tariffs[:, 1:]).all()
    assert best.first_order_residual < 1e-6


def test_coarser_instruments_gain_less() -> None:
    world = world_of(5)
    alone = optimal_tariffs_ossa(world, 0, instruments="uniform")
    every = optimal_tariffs_ossa(world, 0)
    mfn = optimal_tariffs_ossa(world, 0, instruments="sector")
    gains = [one.equilibrium.government_hat[0] for one in (alone, mfn, every)]
    assert 1 < gains[0] <= gains[1] <= gains[2]
    assert np.ptp(alone.tariffs[1:, 0]) < 1e-12
    assert np.ptp(mfn.tariffs[1:, 0], axis=0).max() < 1e-12


@pytest.mark.parametrize("lobbying", [False, True])
def test_in_a_war_nobody_gains_by_another_tariff(lobbying: bool) -> None:
    world = world_of(2, lobbying=lobbying)
    war = nash_tariffs_ossa(world).checked()
    assert war.first_order_residual < 1e-6
    for region in world.regions:
        answer = optimal_tariffs_ossa(world, region, against=war.tariffs)
        position = world.region(region)
        gain = answer.equilibrium.government_hat[position] - war.equilibrium.government_hat[position]
        assert abs(gain) < 1e-7


def test_a_war_of_two_leaves_the_third_alone() -> None:
    world = world_of(2)
    war = nash_tariffs_ossa(world, players=["R00", "R02"])
    assert (war.tariffs[:, 1] == world.tariffs[:, 1]).all()
    assert war.converged


@pytest.mark.parametrize("disagreement", ["factual", "nash", "free-trade"])
def test_talks_share_equally_and_are_efficient(disagreement: str) -> None:
    world = world_of(2)
    agreed = talks_ossa(world, disagreement=disagreement).checked()
    gains = np.log(agreed.equilibrium.government_hat)
    assert np.ptp(gains) <= 1e-6
    assert gains.min() > -1e-9
    assert agreed.multipliers.sum() == pytest.approx(1)
    assert (agreed.multipliers > 0).all()
    # Along the frontier the weighted sum of log G is stationary: no random change within bounds gains.
    rng = np.random.default_rng(0)
    for _ in range(30):
        other = np.clip(agreed.tariffs + 0.01 * rng.normal(size=agreed.tariffs.shape), 0, 10)
        other[np.arange(N), np.arange(N)] = 0.0
        change = np.log(solve_ossa(agreed.threat, other).government_hat) - gains
        assert agreed.multipliers @ change < 1e-7


def test_subsidies_and_limits() -> None:
    world = world_of(4)
    plain = talks_ossa(world)
    assert talks_ossa(world, subsidies=True).gain >= plain.gain - 1e-8
    lower = talks_ossa(world, liberalise_only=True)
    assert (lower.tariffs <= world.tariffs + 1e-12).all()
    assert lower.gain <= plain.gain + 1e-6


def test_not_converged_is_said() -> None:
    world = world_of(2)
    war = nash_tariffs_ossa(world, start=world.tariffs, max_rounds=1, tolerance=1e-12)
    assert not war.converged
    with pytest.raises(NotConvergedError, match="first-order residual"):
        war.checked()
    assert not talks_ossa(world, max_rounds=1).converged


def test_wrong_requests_are_refused() -> None:
    world = world_of(2)
    with pytest.raises(UnknownNameError, match="sector"):
        optimal_tariffs_ossa(world, 0, instruments="sectors")
    with pytest.raises(UnknownNameError, match="markup"):
        optimal_tariffs_ossa(world, 0, starts=["mark-up"])
    with pytest.raises(RequestError, match="start"):
        optimal_tariffs_ossa(world, 0, starts=[])
    with pytest.raises(RequestError, match="bounds"):
        optimal_tariffs_ossa(world, 0, highest=-0.5)
    with pytest.raises(UnknownNameError, match="factual"):
        talks_ossa(world, disagreement="fact")
    with pytest.raises(RequestError, match="round"):
        nash_tariffs_ossa(world, max_rounds=0)
