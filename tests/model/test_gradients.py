"""Implicit derivatives against central differences, in both directions and for every parameter."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import winset
from economies import random_tariffs, random_world
from tolerances import GRADIENT
from winset.core.errors import NotConvergedError, RequestError
from winset.model.gradients import Parameters, Quantities, gradient, jvp, welfare_gradient
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, solve

STEP = 1e-5
WORLD = random_world(2, regions=3, sectors=2, zero_flows=0.3)
RATES = random_tariffs(WORLD, 2, 0.5)
RATES[0, 1, 1] = 0.0  # a tariff of zero is a point like any other
HOME = np.arange(3)


def log_income(rates: np.ndarray, closure: str, cost: np.ndarray | None = None) -> np.ndarray:
    after = solve(WORLD, Shock(tariffs=rates, cost_hat=cost), closure=closure, tolerance=1e-12)
    return np.log(after.checked().real_income_hat)


@pytest.mark.parametrize("closure", CLOSURES)
def test_every_tariff_against_differences(closure: str) -> None:
    assert (WORLD.flows == 0).any(), "zero flows must be among the cells"
    ours = {r: welfare_gradient(WORLD, Shock(tariffs=RATES), region=r, closure=closure) for r in WORLD.regions}
    for i, j, s in np.ndindex(RATES.shape):
        if i == j:
            continue
        moved = []
        for sign in (1, -1):
            rates = RATES.copy()
            rates[i, j, s] += sign * STEP
            moved.append(log_income(rates, closure))
        difference = (moved[0] - moved[1]) / (2 * STEP)
        for k, region in enumerate(WORLD.regions):
            assert ours[region][i, j, s] == pytest.approx(difference[k], abs=GRADIENT * 0.1)
    for found in ours.values():
        assert (found[HOME, HOME] == 0).all()


def objective(q: Quantities) -> jnp.ndarray:
    """Mixes every kind of quantity."""
    return (
        jnp.log(q.real_income_hat[0]) + q.wage_hat[1] + q.price_index_hat[2] * q.income_hat[0]
        + 3 * q.tariff_revenue.sum() + q.flows[0, 1].sum() * q.sector_price_hat[1, 0]
    )  # fmt: skip


def value(world: winset.Baseline, shock: Shock, closure: str) -> float:
    after = solve(world, shock, closure=closure, tolerance=1e-12).checked()
    unit = after.world.value_added.sum()
    labour = after.world.value_added_shares * after.flows.sum(axis=1)
    income = after.income_hat * after.world.income / unit
    attributed = labour / labour.sum(axis=1, keepdims=True) * income[:, None]
    q = Quantities(
        after.real_income_hat, after.income_hat, after.price_index_hat, after.wage_hat, after.sector_price_hat,
        after.tariff_revenue / unit, after.flows / unit, attributed,
    )  # fmt: skip
    with jax.enable_x64(True):
        return float(objective(q))


def test_iceberg_changes_and_elasticities_against_differences() -> None:
    rng = np.random.default_rng(1)
    cost = np.exp(rng.normal(0, 0.1, RATES.shape))
    shock = Shock(tariffs=RATES, cost_hat=cost)
    found = gradient(WORLD, shock, objective)
    for cell in [(0, 1, 0), (2, 0, 1), (1, 1, 0)]:
        sides = []
        for sign in (1, -1):
            moved = cost.copy()
            moved[cell] += sign * STEP
            sides.append(value(WORLD, Shock(tariffs=RATES, cost_hat=moved), "world-share"))
        assert found.cost_hat[cell] == pytest.approx((sides[0] - sides[1]) / (2 * STEP), abs=GRADIENT)
    for s in range(2):
        sides = []
        for sign in (1, -1):
            theta = WORLD.elasticities.copy()
            theta[s] += sign * STEP
            sides.append(value(WORLD.with_elasticities(theta), shock, "world-share"))
        assert found.elasticities[s] == pytest.approx((sides[0] - sides[1]) / (2 * STEP), abs=GRADIENT)


def test_forward_and_adjoint_are_transposes() -> None:
    """<gradient, direction> equals the derivative of the objective along the direction, for every parameter."""
    rng = np.random.default_rng(3)
    rates = rng.normal(size=RATES.shape)
    rates[HOME, HOME] = 0.0
    shift = rng.normal(size=3) * 0.01
    direction = Parameters(rates, rng.normal(size=RATES.shape), rng.normal(size=2), shift - shift.mean())
    shock = Shock(tariffs=RATES)
    found, moved = gradient(WORLD, shock, objective), jvp(WORLD, shock, direction)
    after = solve(WORLD, shock, tolerance=1e-12)
    unit = WORLD.value_added.sum()
    along = (
        moved.real_income_hat[0] / after.real_income_hat[0] + moved.wage_hat[1]
        + moved.price_index_hat[2] * after.income_hat[0] + after.price_index_hat[2] * moved.income_hat[0]
        + 3 * moved.tariff_revenue.sum() + moved.flows[0, 1].sum() * after.sector_price_hat[1, 0]
        + after.flows[0, 1].sum() / unit * moved.sector_price_hat[1, 0]
    )  # fmt: skip
    paired = sum(float((a * b).sum()) for a, b in zip(found, direction, strict=True))
    assert paired == pytest.approx(float(along), rel=GRADIENT)


def test_deficits_against_differences() -> None:
    """Moving a deficit from one region to another at given shares: the equilibrium, not the calibration, moves."""
    direction = Parameters(None, None, None, np.array([0.01, -0.01, 0.0]))
    shock = Shock(tariffs=RATES)
    moved = jvp(WORLD, shock, direction)
    unit = WORLD.value_added.sum()
    sides = []
    for sign in (1, -1):
        other = dataclasses.replace(WORLD)
        # Only the transfer of the counterfactual changes; shares and weights stay those of the data.
        other.__dict__["deficit"] = WORLD.deficit + sign * STEP * np.array([0.01, -0.01, 0.0]) * unit
        sides.append(solve(other, shock, tolerance=1e-12).checked().wage_hat)
    difference = (sides[0] - sides[1]) / (2 * STEP)
    assert moved.wage_hat == pytest.approx(difference, abs=GRADIENT)


def test_the_public_name_and_refusals() -> None:
    assert winset.welfare_gradient is welfare_gradient
    with pytest.raises(winset.WinsetError, match="R00"):
        welfare_gradient(WORLD, region="R0")
    with pytest.raises(RequestError, match="shape"):
        jvp(WORLD, None, Parameters(np.zeros(3), None, None, None))
    with pytest.raises(RequestError, match="objective"):
        gradient(WORLD, None, lambda q: q.wage_hat)
    wall = Shock(cost_hat=np.where(np.eye(3)[:, :, None] > 0, 1.0, 1e8) * np.ones(2))
    with pytest.raises(NotConvergedError):
        welfare_gradient(WORLD, wall, region="R00")
