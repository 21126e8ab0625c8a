"""Payoffs against `winset.solve`, and their gradients against central differences, for every model and closure."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from economies import random_tariffs, random_world
from strategy.tariff_worlds import Floats, N, small_world
from tolerances import GRADIENT, SOLVER
from winset.model.baseline import Baseline
from winset.model.evaluators import TariffEvaluator, evaluator
from winset.model.gradients import Quantities
from winset.model.objectives import position
from winset.model.shocks import Shock
from winset.model.solve import solve

STEP = 1e-5
CORE = ("world-share", "balanced", "nominal", "own-share")
VARIANTS = (
    ("ossa-2014", "balanced"), ("ossa-2014", "nominal"), ("liberation-day-2025", "world-share"),
    ("liberation-day-2025", "nominal"),
)  # fmt: skip


def world_of(model: str, seed: int) -> Baseline:
    if model == "caliendo-parro":
        return small_world(seed)
    if model == "ossa-2014":
        return small_world(seed, inputs=False)
    return random_world(seed, regions=N, sectors=1, theta=(2.0, 6.0), tariff=0.0, inputs=False)


def weights_of(world: Baseline, seed: int) -> Floats:
    weight = np.random.default_rng(seed).uniform(0.5, 1.5, (len(world.regions), len(world.sectors)))
    found: Floats = weight / weight.mean(axis=1, keepdims=True)
    return found


def differences(judge: TariffEvaluator, rows: Floats, tariffs: Floats, cells: list[tuple[int, ...]]) -> Floats:
    """(rows, cells) central differences of rows times payoffs."""
    found = []
    for cell in cells:
        sides = []
        for way in (1, -1):
            moved = tariffs.copy()
            moved[cell] += way * STEP
            sides.append(rows @ judge.payoffs(moved))
        found.append((sides[0] - sides[1]) / (2 * STEP))
    return np.array(found).T


def agree(judge: TariffEvaluator, tariffs: Floats, seed: int) -> None:
    """Gradients of random weighted sums, and of one payoff, against differences in a handful of cells."""
    rng = np.random.default_rng(seed)
    n, _, s = tariffs.shape
    size = judge.payoffs(tariffs).size
    rows = np.vstack([rng.normal(size=(2, size)), np.eye(size)[seed % size]])
    gradient = judge.gradients(rows)
    cells = [(i, j, k) for i in range(n) for j in range(n) for k in range(s) if i != j]
    some = [cells[k] for k in rng.choice(len(cells), min(6, len(cells)), replace=False)]
    wanted = differences(judge, rows, tariffs, some)
    np.testing.assert_allclose(np.array([gradient[:, *cell] for cell in some]).T, wanted, atol=GRADIENT)
    every = np.arange(n)
    assert (gradient[:, every, every] == 0).all()


@pytest.mark.parametrize("closure", CORE)
@pytest.mark.parametrize("lobbied", [False, True])
def test_core_model(closure: str, lobbied: bool) -> None:
    world = small_world(11)
    weight = weights_of(world, 1) if lobbied else None
    judge = evaluator(world, closure=closure, lobbying=weight)
    for seed in range(2):
        tariffs = random_tariffs(world, seed, 0.6)
        payoffs = judge.payoffs(tariffs)
        found = solve(world, Shock(tariffs=tariffs), closure=closure, tolerance=1e-12).checked()
        np.testing.assert_allclose(payoffs[:N], np.log(found.real_income_hat), atol=SOLVER)
        np.testing.assert_allclose(payoffs[2 * N : 3 * N], found.tariff_revenue / judge.world.income, atol=SOLVER)
        if not lobbied:
            np.testing.assert_allclose(payoffs[N : 2 * N], payoffs[:N], atol=SOLVER)
        agree(judge, tariffs, seed)


@pytest.mark.parametrize(("model", "closure"), VARIANTS)
def test_variants(model: str, closure: str) -> None:
    world = world_of(model, 12)
    weight = weights_of(world, 2) if model == "ossa-2014" else None
    judge = evaluator(world, closure=closure, model=model, lobbying=weight)
    for seed in range(2):
        tariffs = random_tariffs(world, seed, 0.6)
        payoffs = judge.payoffs(tariffs)
        found = solve(world, Shock(tariffs=tariffs), closure=closure, model=model, tolerance=1e-12).checked()
        np.testing.assert_allclose(payoffs[:N], np.log(found.real_income_hat), atol=SOLVER)
        agree(judge, tariffs, seed)


def test_lobbying_objective_of_the_model_with_profits() -> None:
    """ln G of the vector is the government's objective that the older room of that model computes by itself."""
    world = world_of("ossa-2014", 12)
    weight = weights_of(world, 2)
    judge = evaluator(world, closure="balanced", model="ossa-2014", lobbying=weight)
    tariffs = random_tariffs(world, 5, 0.6)
    found = solve(world, Shock(tariffs=tariffs), closure="balanced", model="ossa-2014", lobbying=weight).checked()
    np.testing.assert_allclose(judge.payoffs(tariffs)[N : 2 * N], np.log(found.detail.government_hat), atol=SOLVER)


def test_lobbying_objective_by_hand() -> None:
    """G is the weighted sum of attributed incomes over prices: labour of a sector, and its share of revenue."""
    world = small_world(11)
    weight = weights_of(world, 1)
    tariffs = random_tariffs(world, 3, 0.6)
    found = solve(world, Shock(tariffs=tariffs), tolerance=1e-12).checked()

    def earned(sales: Floats, income: Floats) -> Floats:
        labour = world.value_added_shares * sales
        return (weight * labour / labour.sum(axis=1, keepdims=True) * income[:, None]).sum(axis=1)

    before = earned(world.flows.sum(axis=1), world.income)
    after = earned(found.flows.sum(axis=1), world.income * found.income_hat)
    wanted = np.log(after / before / found.price_index_hat)
    judge = evaluator(world, lobbying=weight)
    np.testing.assert_allclose(judge.payoffs(tariffs)[N : 2 * N], wanted, atol=SOLVER)


def test_iceberg_costs_of_the_shock_count() -> None:
    world = small_world(13)
    cost = np.random.default_rng(0).uniform(0.8, 1.2, world.flows.shape)
    cost[np.arange(N), np.arange(N)] = 1.0
    judge = evaluator(world, shock=Shock(cost_hat=cost))
    tariffs = random_tariffs(world, 1, 0.4)
    found = solve(world, Shock(tariffs=tariffs, cost_hat=cost), tolerance=1e-12).checked()
    np.testing.assert_allclose(judge.payoffs(tariffs)[:N], np.log(found.real_income_hat), atol=SOLVER)
    assert np.abs(judge.payoffs(tariffs)[:N] - evaluator(world).payoffs(tariffs)[:N]).max() > 1e-3
    agree(judge, tariffs, 1)


def openness(q: Quantities) -> Any:
    """Sales over home sales of the first region, and a price somewhere else."""
    return jnp.log(q.flows[0].sum() / q.flows[0, 0].sum()) + 0.1 * q.sector_price_hat[1, 1] ** 2


def test_a_function_of_ones_own() -> None:
    world = small_world(11)
    judge = evaluator(world, users=(openness,))
    tariffs = random_tariffs(world, 4, 0.5)
    found = solve(world, Shock(tariffs=tariffs), tolerance=1e-12).checked()
    wanted = np.log(found.flows[0].sum() / found.flows[0, 0].sum()) + 0.1 * found.sector_price_hat[1, 1] ** 2
    where = position(openness, 0, N, (openness,))
    payoffs = judge.payoffs(tariffs)
    assert payoffs[where] == pytest.approx(wanted, abs=SOLVER)
    row = np.eye(payoffs.size)[[where]]
    gradient = judge.gradients(row)
    cells = [(1, 0, 0), (0, 1, 1), (2, 1, 0)]
    slopes = differences(judge, row, tariffs, cells)
    np.testing.assert_allclose([gradient[0][cell] for cell in cells], slopes[0], atol=GRADIENT)


def test_where_it_was_does_not_matter() -> None:
    """A warm start changes the way, not the answer."""
    world = small_world(11)
    warm, tariffs = evaluator(world), random_tariffs(world, 6, 0.5)
    for seed in range(3):
        warm.payoffs(random_tariffs(world, seed, 2.0))
    np.testing.assert_allclose(warm.payoffs(tariffs), evaluator(world).payoffs(tariffs), atol=SOLVER)
    assert warm.evaluations == 4
