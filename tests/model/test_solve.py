"""The solver against its slow twin, known answers, and statuses."""

from __future__ import annotations

import numpy as np
import pytest

from economies import random_tariffs, random_world
from tolerances import SOLVER
from winset.core.errors import NotConvergedError, RequestError, UnknownNameError
from winset.model.baseline import Baseline
from winset.model.reference import reference_real_income
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, balanced_world, solve, solve_many

EVERY_CLOSURE = [("world-share", "world"), ("nominal", "world"), ("nominal", "R01"), ("own-share", "world")]


@pytest.mark.parametrize(("closure", "numeraire"), EVERY_CLOSURE)
@pytest.mark.parametrize("seed", range(8))
def test_twin(seed: int, closure: str, numeraire: str) -> None:
    world = random_world(seed, regions=2 + seed % 3, sectors=1 + seed % 3, inputs=seed % 4 > 0)
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0, 0.1, world.flows.shape))
    shock = Shock(tariffs=random_tariffs(world, seed, 0.6), cost_hat=cost)
    fast = solve(world, shock, closure=closure, numeraire=numeraire, tolerance=1e-12)
    slow, gap = reference_real_income(world, shock, closure=closure, numeraire=numeraire)
    assert gap < SOLVER, "the twin itself must have solved"
    assert fast.converged
    assert fast.real_income_hat == pytest.approx(slow, rel=SOLVER)


@pytest.mark.parametrize("seed", range(4))
def test_balanced_is_the_purged_world(seed: int) -> None:
    world = random_world(seed)
    shock = Shock(tariffs=random_tariffs(world, seed, 0.5))
    purged, move = balanced_world(world)
    assert move > 0
    assert np.abs(purged.deficit).max() < 1e-9 * world.value_added.sum()
    slow, gap = reference_real_income(purged, shock)
    assert gap < SOLVER
    fast = solve(world, shock, closure="balanced", tolerance=1e-12)
    assert fast.real_income_hat == pytest.approx(slow, rel=SOLVER)
    assert fast.baseline_move == move


def test_one_sector_without_inputs_is_the_acr_formula() -> None:
    """Welfare is own share hat to the power -1/theta (Arkolakis, Costinot, Rodriguez-Clare 2012)."""
    world, _ = balanced_world(random_world(11, regions=4, sectors=1, inputs=False, tariff=0.0))
    rng = np.random.default_rng(0)
    cost = np.exp(rng.normal(0, 0.3, world.flows.shape))
    cost[range(4), range(4)] = 1.0
    after = solve(world, Shock(cost_hat=cost), tolerance=1e-12)
    every = np.arange(4)
    own_before = world.trade_shares[every, every, 0]
    own_after = after.flows[every, every, 0] / after.expenditure[:, 0]
    expected = (own_after / own_before) ** (-1 / world.elasticities[0])
    assert after.real_income_hat == pytest.approx(expected, rel=SOLVER)


def test_accounts_of_the_result_hold() -> None:
    world = random_world(2, regions=4, sectors=3)
    shock = Shock(tariffs=random_tariffs(world, 2, 0.5))
    after = solve(world, shock, tolerance=1e-12)
    spent = ((1 + after.tariffs) * after.flows).sum(axis=0)
    assert after.expenditure == pytest.approx(spent, rel=SOLVER)
    assert after.tariff_revenue == pytest.approx((shock.tariffs * after.flows).sum(axis=(0, 2)))
    labour = (world.value_added_shares * after.flows.sum(axis=1)).sum(axis=1)
    assert labour == pytest.approx(after.wage_hat * world.value_added, rel=SOLVER)
    # world-share: each deficit a fixed share of world labour income, which is the numeraire.
    assert after.deficit == pytest.approx(world.deficit, rel=1e-8)


def test_a_bigger_uniform_tariff_than_the_best_hurts_and_the_best_is_near_one_over_theta() -> None:
    """A small economy's optimal uniform tariff tends to 1/theta (one sector, no inputs)."""
    n, theta = 3, 5.0
    flow = np.full((n, n, 1), 50.0)
    flow[0, :], flow[:, 0] = 0.001, 0.001
    flow[range(n), range(n)] = [[0.01], [1000.0], [1000.0]]
    world, _ = balanced_world(
        Baseline.from_arrays(
            regions=["TINY", "B", "C"],
            sectors=["x"],
            flows=flow,
            tariffs=np.zeros((n, n, 1)),
            elasticities=[theta],
        )
    )
    rates = np.linspace(0.1, 0.3, 41)
    shocks = [(world, Shock.tariffs(world, {(None, "TINY", "x"): float(r)})) for r in rates]
    gains = [e.checked().real_income_hat[0] for e in solve_many(shocks, tolerance=1e-12)]
    assert rates[int(np.argmax(gains))] == pytest.approx(1 / theta, abs=0.006)


def test_many_equals_one_by_one_and_a_failure_spoils_nobody() -> None:
    world = random_world(4)
    shocks = [Shock(tariffs=random_tariffs(world, k, 0.4)) for k in range(5)]
    # A deficit far above what exports could ever pay for has no equilibrium under a closed border.
    wall = Shock(cost_hat=np.where(np.eye(3)[:, :, None] > 0, 1.0, 1e6) * np.ones(2))
    together = solve_many([(world, s) for s in [*shocks[:2], wall, *shocks[2:]]])
    assert not together[2].converged
    for one, s in zip([*together[:2], *together[3:]], shocks, strict=True):
        assert one.converged
        assert one.real_income_hat == pytest.approx(solve(world, s).real_income_hat, rel=SOLVER)


def test_not_converged_is_a_status_with_a_name_and_a_remedy() -> None:
    world = random_world(4)
    stopped = solve(world, Shock(tariffs=random_tariffs(world, 1, 0.9)), max_iterations=3)
    assert not stopped.converged
    assert stopped.residual > 1e-10
    assert any(region in stopped.worst_equation for region in world.regions)
    assert stopped.remedy
    with pytest.raises(NotConvergedError, match="did not converge"):
        stopped.checked()
    assert NotConvergedError("x").exit_code == 3


def test_float64_whatever_the_caller_set() -> None:
    import jax

    world = random_world(1)
    shock = Shock(tariffs=random_tariffs(world, 1))
    for setting in (False, True):
        with jax.enable_x64(setting):
            assert solve(world, shock).real_income_hat.dtype == np.float64
            assert solve(world, shock).residual < 1e-10
    assert jax.numpy.ones(1).dtype == np.float32, "the caller's own setting must be untouched"


def test_wrong_settings_are_refused() -> None:
    world = random_world(1)
    with pytest.raises(UnknownNameError, match="world-share"):
        solve(world, closure="world-shares")
    with pytest.raises(RequestError, match="numeraire"):
        solve(world, closure="balanced", numeraire="R00")
    with pytest.raises(UnknownNameError, match="R00"):
        solve(world, closure="nominal", numeraire="R0")
    with pytest.raises(RequestError, match="tolerance"):
        solve(world, tolerance=0.0)
    with pytest.raises(RequestError, match="size"):
        solve_many([(world, None), (random_world(1, regions=4), None)])
    assert solve_many([]) == []


def test_to_xarray_carries_labels() -> None:
    world = random_world(1)
    table = solve(world, Shock(tariffs=random_tariffs(world, 1))).to_xarray()
    assert float(table["tariffs"].sel(exporter="R00", importer="R01", sector="S00")) > 0
    assert set(CLOSURES) >= {table.attrs["closure"]}
