"""The model with profits of Ossa (2014): against its slow twin, its own identities, and central differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from economies import random_tariffs, random_world
from tolerances import INVARIANCE, SOLVER
from winset.core.errors import BaselineError, NotConvergedError, RequestError, UnknownNameError
from winset.model.ossa import (
    OssaEvaluator,
    OssaWorld,
    ossa_value_and_gradient,
    purge,
    solve_ossa,
    solve_ossa_many,
)
from winset.model.ossa_reference import reference_ossa

Floats = NDArray[np.float64]
seeds = st.integers(0, 10_000)
# A fixed size, so that the solver is compiled once.
N, S = 3, 2
STEP = 1e-4
"""Of a central difference on log(1 + t)-like variables of order one: its own error is then near 1e-9."""


def world_of(seed: int, *, lobbying: bool = True, zero_flows: float = 0.1) -> OssaWorld:
    """A random small world; with zero flows, one industry may also be bought by nobody somewhere."""
    baseline = random_world(seed, regions=N, sectors=S, zero_flows=zero_flows, inputs=False)
    weight = np.random.default_rng(seed).uniform(0, 2, (N, S))
    return OssaWorld.from_baseline(
        baseline, lobbying=weight / weight.mean(axis=1, keepdims=True) if lobbying else None
    )


def rates(world: OssaWorld, seed: int, top: float = 0.5) -> Floats:
    return random_tariffs(random_world(seed, regions=N, sectors=S), seed, top)


def check_against_twin(world: OssaWorld, tariffs: Floats, net_exports: str) -> None:
    fast = solve_ossa(world, tariffs, net_exports=net_exports)
    slow = reference_ossa(world, tariffs, fast.net_exports)
    assert fast.converged
    assert slow["gap"] < SOLVER
    for name in ("wage", "income", "price_index", "real_income", "government", "profit"):
        assert getattr(fast, f"{name}_hat") == pytest.approx(slow[name], rel=SOLVER), name
    assert fast.flows == pytest.approx(slow["flows"], rel=SOLVER, abs=SOLVER * world.flows.max())


@settings(max_examples=20)
@given(seeds)
def test_twin_with_lobbying_and_zero_flows(seed: int) -> None:
    world = world_of(seed)
    check_against_twin(world, rates(world, seed), "zero")


@pytest.mark.parametrize("seed", range(5))
def test_twin_with_high_tariffs(seed: int) -> None:
    world = world_of(seed, lobbying=False)
    check_against_twin(world, rates(world, seed, 10.0), "zero")


@pytest.mark.parametrize("seed", range(5))
def test_twin_with_net_exports_held(seed: int) -> None:
    balanced = purge(world_of(seed, zero_flows=0.0)).world
    # Small imbalances, which every income can carry.
    flow = balanced.flows.copy()
    flow[0, 1] *= 1.05
    world = balanced.with_trade(flow, balanced.tariffs)
    assert np.abs(world.net_exports).max() > 0
    check_against_twin(world, rates(world, seed), "held")


def test_industry_that_nobody_buys_somewhere() -> None:
    flow = np.random.default_rng(3).uniform(1, 2, (N, N, S))
    flow[:, 1, 0] = 0.0
    flow[2, :, 1] = 0.0
    world = OssaWorld.from_arrays(
        regions="abc", industries="xy", flows=flow, tariffs=np.zeros_like(flow), sigma=[2.5, 5.0]
    )
    check_against_twin(world, rates(world, 1), "zero")
    after = solve_ossa(world, rates(world, 1))
    assert np.isnan(after.industry_profit_hat[2, 1])
    _, slope = ossa_value_and_gradient(world, rates(world, 1), "b")
    assert np.isfinite(slope).all()


@settings(max_examples=20)
@given(seeds)
def test_nothing_changes_without_a_change(seed: int) -> None:
    world = purge(world_of(seed)).world
    after = solve_ossa(world, world.tariffs)
    for hat in (after.wage_hat, after.real_income_hat, after.government_hat, after.profit_hat):
        assert hat == pytest.approx(1, abs=INVARIANCE)


@settings(max_examples=20)
@given(seeds)
def test_budgets_and_the_government_without_lobbying(seed: int) -> None:
    world = purge(world_of(seed, lobbying=False)).world
    after = solve_ossa(world, rates(world, seed))
    spent = ((1 + after.tariffs) * after.flows).sum(axis=(0, 2))
    assert spent == pytest.approx(after.income_hat * world.income, rel=INVARIANCE)
    assert after.flows.sum(axis=(0, 2)) == pytest.approx(after.flows.sum(axis=(1, 2)), rel=INVARIANCE)
    assert (after.wage_hat * world.wage_bill).sum() == pytest.approx(world.wage_bill.sum(), rel=INVARIANCE)
    assert after.government_hat == pytest.approx(after.real_income_hat, rel=INVARIANCE)


@settings(max_examples=20)
@given(seeds)
def test_in_two_steps_as_in_one(seed: int) -> None:
    world = purge(world_of(seed)).world
    first, goal = rates(world, seed), rates(world, seed + 1)
    middle = solve_ossa(world, first)
    second = solve_ossa(middle.rebased(), goal)
    direct = solve_ossa(world, goal)
    for name in ("government_hat", "real_income_hat", "profit_hat"):
        both = getattr(middle, name) * getattr(second, name)
        assert both == pytest.approx(getattr(direct, name), rel=INVARIANCE)


def test_currency_unit_and_order_do_not_matter() -> None:
    world = world_of(7)
    tariffs = rates(world, 7)
    order = [2, 0, 1]
    other = OssaWorld.from_arrays(
        regions=[world.regions[k] for k in order],
        industries=world.industries,
        flows=1e-3 * world.flows[np.ix_(order, order)],
        tariffs=world.tariffs[np.ix_(order, order)],
        sigma=world.sigma,
        lobbying=world.lobbying[order],
    )
    one, two = solve_ossa(world, tariffs), solve_ossa(other, tariffs[np.ix_(order, order)])
    assert two.government_hat == pytest.approx(one.government_hat[order], rel=INVARIANCE)


def test_purge_takes_net_exports_away_and_says_what_it_moved() -> None:
    world = world_of(5)
    done = purge(world)
    size = world.income.sum()
    assert np.abs(done.world.net_exports).max() < INVARIANCE * size
    assert np.abs(world.net_exports).max() > 1e-4 * size
    # Giving up a deficit costs real income in at least one place, and gains it in another.
    assert done.real_income_hat.min() < 1 < done.real_income_hat.max()
    assert (done.wage_hat * world.wage_bill).sum() == pytest.approx(world.wage_bill.sum())


@pytest.mark.parametrize("of", ["government", "real-income"])
@pytest.mark.parametrize("seed", range(3))
def test_gradient_against_central_differences(seed: int, of: str) -> None:
    world = world_of(seed, zero_flows=0.2)
    tariffs, region = rates(world, seed), world.regions[seed % N]
    position, name = world.region(region), "government_hat" if of == "government" else "real_income_hat"
    value, slope = ossa_value_and_gradient(world, tariffs, region, of=of)
    assert value == pytest.approx(getattr(solve_ossa(world, tariffs), name)[position], rel=1e-12)
    size = np.abs(slope).max()
    for i, j, k in np.argwhere(~np.eye(N, dtype=bool)[:, :, None] & np.ones(S, dtype=bool)):
        step = np.zeros_like(tariffs)
        step[i, j, k] = STEP
        # Richardson: two steps, so that the difference itself is good to more digits than are asked for.
        near, far = (
            (
                getattr(solve_ossa(world, tariffs + c * step, tolerance=1e-14), name)[position]
                - getattr(solve_ossa(world, tariffs - c * step, tolerance=1e-14), name)[position]
            )
            / (2 * c * STEP)
            for c in (1, 2)
        )
        assert slope[i, j, k] == pytest.approx((4 * near - far) / 3, rel=1e-7, abs=1e-7 * size)
    assert (slope[np.arange(N), np.arange(N)] == 0).all()


def test_evaluator_agrees_with_itself_along_a_path_and_bends() -> None:
    world = world_of(2)
    evaluator = OssaEvaluator(world)
    row = np.zeros((1, 2 * N))
    row[0, 1] = 1.0
    bend = np.diag(np.arange(2.0 * N))
    for seed in range(4):
        tariffs = rates(world, seed)
        payoffs, gradients = evaluator(tariffs, row)
        exact = solve_ossa(world, tariffs)
        assert payoffs[:N] == pytest.approx(np.log(exact.government_hat), abs=1e-11)
        assert payoffs[N:] == pytest.approx(np.log(exact.real_income_hat), abs=1e-11)
        # A quadratic's gradient is that of the linear form with the weights it has at this point.
        _, curved = evaluator(tariffs, row, bend)
        _, linear = evaluator(tariffs, row + bend @ payoffs)
        assert curved == pytest.approx(linear, rel=1e-9, abs=1e-12)
        assert np.isfinite(gradients).all()


def test_many_equals_one_by_one() -> None:
    world = world_of(4)
    several = [rates(world, k) for k in range(4)]
    for together, tariffs in zip(solve_ossa_many(world, several), several, strict=True):
        assert together.government_hat == pytest.approx(solve_ossa(world, tariffs).government_hat, rel=INVARIANCE)
    assert solve_ossa_many(world, []) == []


def test_failure_is_a_status() -> None:
    world = world_of(4)
    stopped = solve_ossa(world, rates(world, 1, 2.0), max_iterations=1)
    assert not stopped.converged
    with pytest.raises(NotConvergedError, match="did not converge"):
        stopped.checked()
    beyond = np.array([-1.0, 1.0, 0.0]) * 10 * world.income.sum()
    assert not solve_ossa(world, world.tariffs, net_exports=beyond).converged


def test_float64_whatever_the_caller_set() -> None:
    import jax

    world = world_of(1)
    for setting in (False, True):
        with jax.enable_x64(setting):
            assert solve_ossa(world, rates(world, 1)).residual < 1e-12
    assert jax.numpy.ones(1).dtype == np.float32


def test_wrong_worlds_are_refused() -> None:
    good = world_of(1, zero_flows=0.0)
    parts = {
        "regions": good.regions, "industries": good.industries, "flows": good.flows, "tariffs": good.tariffs,
        "sigma": good.sigma,
    }  # fmt: skip
    wrong = {
        "sigma": ([1.0, 3.0], "elasticity of substitution"),
        "flows": (-good.flows, "negative trade flow"),
        "tariffs": (good.tariffs - 2, "-100 percent"),
        "lobbying": (np.full((N, S), 2.0), "mean is not 1"),
        "regions": (["a", "a", "b"], "name of its own"),
    }
    for name, (value, message) in wrong.items():
        with pytest.raises(BaselineError, match=message):
            OssaWorld.from_arrays(**{**parts, name: value})  # type: ignore[arg-type]
    with pytest.raises(BaselineError, match="expected"):
        OssaWorld.from_arrays(**{**parts, "flows": good.flows[:2]})  # type: ignore[arg-type]
    with pytest.raises(BaselineError, match="intermediate inputs"):
        OssaWorld.from_baseline(random_world(1, regions=N, sectors=S))
    assert OssaWorld.from_baseline(random_world(1, regions=N, sectors=S, inputs=False)).sigma == pytest.approx(
        random_world(1, regions=N, sectors=S, inputs=False).elasticities + 1
    )


def test_wrong_requests_are_refused() -> None:
    world = world_of(1)
    with pytest.raises(RequestError, match="shape"):
        solve_ossa(world, world.tariffs[0])
    with pytest.raises(RequestError, match="own goods"):
        solve_ossa(world, world.tariffs + 0.1)
    with pytest.raises(UnknownNameError, match="held"):
        solve_ossa(world, world.tariffs, net_exports="hold")
    with pytest.raises(RequestError, match="sum to"):
        solve_ossa(world, world.tariffs, net_exports=[1e6, 0, 0])
    with pytest.raises(RequestError, match="tolerance"):
        solve_ossa(world, world.tariffs, tolerance=2.0)
    with pytest.raises(UnknownNameError, match="R00"):
        ossa_value_and_gradient(world, world.tariffs, "R0")
    with pytest.raises(RequestError, match="neither"):
        ossa_value_and_gradient(world, world.tariffs, "R00", of="profit")
    with pytest.raises(RequestError, match="no region at position"):
        ossa_value_and_gradient(world, world.tariffs, 9)
