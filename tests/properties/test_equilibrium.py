"""Properties that every equilibrium must have, on random economies (`docs/explain/model.md`)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from economies import random_tariffs, random_world
from tolerances import INVARIANCE
from winset.model.baseline import Baseline
from winset.model.equilibrium import Equilibrium
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, balanced_world, solve

seeds = st.integers(0, 10_000)
closures = st.sampled_from(CLOSURES)
# A fixed size, so that the solver is compiled once.
N, S = 3, 2


def world_and_shock(seed: int) -> tuple[Baseline, Shock]:
    world = random_world(seed, regions=N, sectors=S, zero_flows=0.1)
    return world, Shock(tariffs=random_tariffs(world, seed, 0.3))


def solved(world: Baseline, shock: Shock | None, closure: str = "world-share", **more: str) -> Equilibrium | None:
    """None where the economy has no equilibrium to be found (large random deficits): then nothing is claimed."""
    result = solve(world, shock, closure=closure, tolerance=1e-12, **more)
    return result if result.converged else None


@settings(max_examples=30)
@given(seeds, closures)
def test_no_shock_gives_ones(seed: int, closure: str) -> None:
    world, _ = world_and_shock(seed)
    after = solve(world, closure=closure, tolerance=1e-12)
    assert after.converged
    for hat in (after.real_income_hat, after.wage_hat, after.price_index_hat, after.sector_price_hat):
        assert hat == pytest.approx(1, abs=INVARIANCE)


@settings(max_examples=30)
@given(seeds, closures)
def test_walras_every_labour_market_clears(seed: int, closure: str) -> None:
    world, shock = world_and_shock(seed)
    after = solved(world, shock, closure)
    if after is None:
        return
    base = after.world
    demand = (base.value_added_shares * after.flows.sum(axis=1)).sum(axis=1)
    assert demand == pytest.approx(after.wage_hat * base.value_added, rel=INVARIANCE)
    assert (after.wage_hat * base.value_added).sum() == pytest.approx(base.value_added.sum(), rel=INVARIANCE)
    assert after.deficit.sum() == pytest.approx(0, abs=INVARIANCE * base.value_added.sum())


@settings(max_examples=30)
@given(seeds)
def test_in_two_steps_as_in_one(seed: int) -> None:
    """Base to 1 to 2 equals base to 2 (deficits a fixed share of world labour income, the numeraire)."""
    world, second = world_and_shock(seed)
    first = Shock(tariffs=random_tariffs(world, seed + 1, 0.3))
    one, direct = solved(world, first), solved(world, second)
    if one is None or direct is None:
        return
    middle = world.with_equilibrium(one.flows, first.tariffs)
    two = solved(middle, second)
    assert two is not None
    product = one.real_income_hat * two.real_income_hat
    assert product == pytest.approx(direct.real_income_hat, rel=100 * INVARIANCE)


@settings(max_examples=20)
@given(seeds, closures, st.permutations(range(N)))
def test_relabelling_changes_nothing(seed: int, closure: str, order: list[int]) -> None:
    world, shock = world_and_shock(seed)
    after = solved(world, shock, closure)
    if after is None:
        return
    p = np.array(order)
    other = Baseline.from_arrays(
        regions=[world.regions[k] for k in p],
        sectors=world.sectors,
        flows=world.flows[np.ix_(p, p)],
        tariffs=world.tariffs[np.ix_(p, p)],
        elasticities=world.elasticities,
        value_added_shares=world.value_added_shares[p],
        input_shares=world.input_shares[p],
    )
    again = solve(other, Shock(tariffs=shock.tariffs[np.ix_(p, p)]), closure=closure, tolerance=1e-12)
    assert again.real_income_hat == pytest.approx(after.real_income_hat[p], rel=INVARIANCE)


@settings(max_examples=20)
@given(seeds, closures, st.floats(1e-6, 1e6))
def test_the_currency_unit_changes_nothing(seed: int, closure: str, unit: float) -> None:
    world, shock = world_and_shock(seed)
    after = solved(world, shock, closure)
    if after is None:
        return
    other = world.with_flows(world.flows * unit)
    again = solve(other, shock, closure=closure, tolerance=1e-12)
    assert again.real_income_hat == pytest.approx(after.real_income_hat, rel=INVARIANCE)
    assert again.tariff_revenue == pytest.approx(after.tariff_revenue * unit, rel=1e-8, abs=1e-8 * unit)


@settings(max_examples=15)
@given(seeds)
def test_splitting_a_region_into_halves_changes_nothing(seed: int) -> None:
    """Two identical halves that trade freely and homogeneously with one another are the whole.

    Each half buys from both halves in proportion, so home sales of the whole become four equal cells.
    """
    world, shock = world_and_shock(seed)
    after = solved(world, shock)
    if after is None:
        return
    split = np.repeat(np.arange(N), [2, *([1] * (N - 1))])
    share = np.array([0.5, 0.5, *([1.0] * (N - 1))])
    other = Baseline.from_arrays(
        regions=["R00a", "R00b", *world.regions[1:]],
        sectors=world.sectors,
        flows=world.flows[np.ix_(split, split)] * share[:, None, None] * share[None, :, None],
        tariffs=world.tariffs[np.ix_(split, split)],
        elasticities=world.elasticities,
        value_added_shares=world.value_added_shares[split],
        input_shares=world.input_shares[split],
    )
    again = solve(other, Shock(tariffs=shock.tariffs[np.ix_(split, split)]), tolerance=1e-12)
    assert again.real_income_hat == pytest.approx(after.real_income_hat[split], rel=INVARIANCE)


@settings(max_examples=15)
@given(seeds)
def test_splitting_a_sector_into_halves_changes_nothing(seed: int) -> None:
    world, shock = world_and_shock(seed)
    after = solved(world, shock)
    if after is None:
        return
    split = np.array([0, 0, 1])
    share = np.array([0.5, 0.5, 1.0])
    # A unit of either half uses the same inputs; each input is bought half from each half.
    inputs = world.input_shares[:, split][:, :, split] * share[None, :, None]
    other = Baseline.from_arrays(
        regions=world.regions,
        sectors=["S00a", "S00b", "S01"],
        flows=world.flows[:, :, split] * share,
        tariffs=world.tariffs[:, :, split],
        elasticities=world.elasticities[split],
        value_added_shares=world.value_added_shares[:, split],
        input_shares=inputs,
    )
    again = solve(other, Shock(tariffs=shock.tariffs[:, :, split]), tolerance=1e-12)
    assert again.real_income_hat == pytest.approx(after.real_income_hat, rel=INVARIANCE)


@settings(max_examples=20)
@given(seeds)
def test_nominal_in_the_world_numeraire_is_world_share(seed: int) -> None:
    world, shock = world_and_shock(seed)
    a, b = solved(world, shock, "world-share"), solved(world, shock, "nominal")
    if a is None or b is None:
        return
    assert a.real_income_hat == pytest.approx(b.real_income_hat, rel=INVARIANCE)


@settings(max_examples=20)
@given(seeds)
def test_fixing_deficits_in_another_money_matters(seed: int) -> None:
    """Homogeneity fails when deficits are fixed in the money of a region whose wage moves."""
    world, shock = world_and_shock(seed)
    if np.abs(world.deficit / world.income).min() < 0.02:
        return
    a, b = solved(world, shock, "world-share"), solved(world, shock, "nominal", numeraire="R00")
    if a is None or b is None or abs(np.log(b.wage_hat[0])) < 1e-3:
        return
    assert np.abs(a.real_income_hat - b.real_income_hat).max() > 1e-7


@settings(max_examples=20)
@given(seeds)
def test_without_deficits_the_closures_agree(seed: int) -> None:
    world, shock = world_and_shock(seed)
    if not solve(world, closure="balanced").converged:
        return
    base, _ = balanced_world(world)
    results = [solve(base, shock, closure=c, tolerance=1e-12) for c in CLOSURES]
    if not all(r.converged for r in results):
        return
    for r in results[1:]:
        assert r.real_income_hat == pytest.approx(results[0].real_income_hat, rel=INVARIANCE)
