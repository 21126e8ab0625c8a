"""Many draws of the elasticities at once give what each gives alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from economies import random_tariffs, random_world
from tolerances import INVARIANCE, SOLVER
from winset.core.errors import RequestError
from winset.model.drawn import BATCH, centre_of, solve_drawn
from winset.model.reference import reference_real_income
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, TOLERANCE, solve


def thetas(world, count, spread=0.2, seed=5):  # type: ignore[no-untyped-def]
    noise = np.random.default_rng(seed).standard_normal((count, len(world.sectors)))
    return world.elasticities * np.exp(spread * noise)


@pytest.mark.parametrize("closure", CLOSURES)
def test_each_draw_is_the_solve_of_its_own_world(closure: str) -> None:
    world = random_world(4, regions=4, sectors=3)
    shock = Shock(tariffs=random_tariffs(world, 8, 0.4), cost_hat=np.exp(0.05 * random_tariffs(world, 9, 1.0)))
    drawn = thetas(world, BATCH + 3)
    found = solve_drawn(centre_of(world, shock, closure=closure, tolerance=1e-12), drawn, tolerance=1e-12)
    assert found.converged.all()
    for k, theta in enumerate(drawn):
        alone = solve(world.with_elasticities(theta), shock, closure=closure, tolerance=1e-12)
        np.testing.assert_allclose(found.real_income_hat[k], alone.real_income_hat, rtol=INVARIANCE)
        np.testing.assert_allclose(found.income[k], alone.world.income, rtol=INVARIANCE)
        np.testing.assert_allclose(found.tariff_revenue[k], alone.tariff_revenue, rtol=SOLVER)


def test_a_draw_far_from_its_set_is_still_solved() -> None:
    world = random_world(2, regions=5, sectors=2)
    shock = Shock(tariffs=random_tariffs(world, 3, 1.0))
    drawn = thetas(world, 5, spread=1.0)
    found = solve_drawn(centre_of(world, shock), drawn)
    assert found.converged.all()
    for k, theta in enumerate(drawn):
        alone = solve(world.with_elasticities(theta), shock)
        np.testing.assert_allclose(found.real_income_hat[k], alone.real_income_hat, rtol=SOLVER)


def test_a_sector_that_nobody_buys_somewhere() -> None:
    world = random_world(6, regions=4, sectors=3, zero_flows=0.5)
    flows = world.flows.copy()
    flows[:, 1, 2] = 0.0
    bare = type(world).from_arrays(
        regions=world.regions, sectors=world.sectors, flows=flows, tariffs=world.tariffs,
        elasticities=world.elasticities,
    )  # fmt: skip
    assert (bare.expenditure == 0).any()
    shock = Shock(tariffs=random_tariffs(bare, 3, 0.3))
    drawn = thetas(bare, 3)
    found = solve_drawn(centre_of(bare, shock), drawn, tolerance=1e-12)
    assert found.converged.all()
    for k, theta in enumerate(drawn):
        alone = solve(bare.with_elasticities(theta), shock, tolerance=1e-12)
        np.testing.assert_allclose(found.real_income_hat[k], alone.real_income_hat, rtol=SOLVER)
        np.testing.assert_allclose(found.tariff_revenue[k], alone.tariff_revenue, rtol=SOLVER)


def test_what_has_no_equilibrium_is_missing_and_touches_nobody() -> None:
    """A dear border: trade survives it where elasticities are low, and no exports pay a deficit where not."""
    world = random_world(4).with_elasticities([0.2, 0.2])
    wall = Shock(cost_hat=np.where(np.eye(3)[:, :, None] > 0, 1.0, 1e6) * np.ones(2))
    low, high = np.array([0.2, 0.25]), np.array([9.0, 9.0])
    found = solve_drawn(centre_of(world, wall), np.array([low, high, low]))
    assert found.converged.tolist() == [True, False, True]
    assert np.isnan(found.real_income_hat[1]).all()
    assert np.isnan(found.tariff_revenue[1]).all()
    assert found.residual[1] > TOLERANCE
    alone = solve(world.with_elasticities(low), wall)
    np.testing.assert_allclose(found.real_income_hat[[0, 2]], [alone.real_income_hat] * 2, rtol=SOLVER)


def test_a_set_without_equilibrium_does_not_stop_its_draws() -> None:
    world = random_world(4).with_elasticities([9.0, 9.0])
    wall = Shock(cost_hat=np.where(np.eye(3)[:, :, None] > 0, 1.0, 1e6) * np.ones(2))
    centre = centre_of(world, wall)
    assert not centre.middle.converged
    low = np.array([0.2, 0.25])
    found = solve_drawn(centre, low[None])
    alone = solve(world.with_elasticities(low), wall)
    np.testing.assert_allclose(found.real_income_hat[0], alone.real_income_hat, rtol=SOLVER)


@pytest.mark.parametrize("bad", [np.ones(2), np.ones((3, 5)), np.array([[1.0, -1.0]]), np.array([[1.0, np.nan]])])
def test_elasticities_that_are_none(bad: np.ndarray) -> None:
    world = random_world(1)
    centre = centre_of(world)
    with pytest.raises(RequestError):
        solve_drawn(centre, bad)


def test_the_slow_twin_agrees() -> None:
    world = random_world(11, regions=3, sectors=2)
    shock = Shock(tariffs=random_tariffs(world, 1, 0.3))
    drawn = thetas(world, 2)
    found = solve_drawn(centre_of(world, shock, tolerance=1e-12), drawn, tolerance=1e-12)
    for k, theta in enumerate(drawn):
        twin, _ = reference_real_income(dataclasses.replace(world, elasticities=theta), shock)
        np.testing.assert_allclose(found.real_income_hat[k], twin, rtol=SOLVER)
