"""The one-sector Liberation Day models: against a slow twin, and what is true in every world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolerances import GRADIENT, INVARIANCE, SOLVER
from winset.core.errors import BaselineError, NotConvergedError, RequestError, UnknownNameError
from winset.model.liberation_day import (
    LiberationDayScenario,
    LiberationDayWorld,
    home_sales,
    penetration_shares,
    solve_liberation_day,
    solve_liberation_days,
)
from winset.model.liberation_day_optimum import (
    export_exposure,
    formula_tariff,
    liberation_day_gradient,
    optimal_liberation_day_tariffs,
)
from winset.model.liberation_day_reference import reference_liberation_day

SEEDS = st.integers(0, 10_000)


def random_world(seed: int, *, regions: int = 4, beta: float = 1.0) -> LiberationDayWorld:
    """Gravity flows with heavy home sales, and parameters whose feedbacks fade (`amplification` below 1)."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(1, 1, regions)
    flow = np.outer(size, size) * rng.uniform(0.5, 1.5, (regions, regions)) / size.sum()
    flow[np.diag_indices(regions)] = flow.sum(axis=0) * rng.uniform(2, 6, regions)
    return LiberationDayWorld.from_flows(
        regions=[f"R{k}" for k in range(regions)],
        flows=flow,
        nu=rng.uniform(0, 0.2, regions),
        eps=rng.uniform(2, 6),
        kappa=rng.uniform(0, 0.5),
        psi=rng.uniform(0, 0.15),
        beta=beta,
        pass_through=rng.uniform(0.3, 1),
    )


def random_tariffs(world: LiberationDayWorld, seed: int, top: float = 0.5) -> np.ndarray:
    rate = np.random.default_rng(seed).uniform(0, top, world.flows.shape)
    np.fill_diagonal(rate, 0)
    return rate


@pytest.mark.parametrize("relief", ["income-tax", "lump-sum"])
@pytest.mark.parametrize(
    ("beta", "numeraire"), [(1.0, "prices"), (0.49, "wages"), (0.7, "prices"), (1.0, "wages")]
)
@pytest.mark.parametrize(("seed", "regions"), [(1, 2), (2, 4), (3, 4)])
def test_twin(seed: int, regions: int, beta: float, numeraire: str, relief: str) -> None:
    world = random_world(seed, regions=regions, beta=beta)
    tariff = random_tariffs(world, seed + 1)
    found = solve_liberation_day(world, tariff, relief=relief, numeraire=numeraire).checked()
    twin = reference_liberation_day(
        world.flows, world.nu, world.phi, tariff, eps=world.eps, kappa=world.kappa, psi=world.psi, beta=beta,
        lump_sum=relief == "lump-sum", wage_numeraire=numeraire == "wages",
    )  # fmt: skip
    assert twin["residual"] < SOLVER
    for name in ("wage_hat", "expenditure_hat", "employment_hat", "price_hat", "welfare_hat"):
        np.testing.assert_allclose(getattr(found, name), twin[name], atol=SOLVER, err_msg=name)
    np.testing.assert_allclose(found.revenue_share, twin["revenue_share"], atol=SOLVER)
    assert abs(twin["dropped"]) < SOLVER


@pytest.mark.parametrize("beta", [1.0, 0.49])
def test_newton_goes_on_where_passes_stop(beta: float, monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_world(5, beta=beta)
    tariff = random_tariffs(world, 6)
    passes = solve_liberation_day(world, tariff).checked()
    monkeypatch.setattr("winset.model.liberation_day.MAX_PASSES", 2)
    newton = solve_liberation_day(world, tariff).checked()
    assert newton.iterations < passes.iterations
    np.testing.assert_allclose(newton.welfare_hat, passes.welfare_hat, atol=INVARIANCE)


@given(seed=SEEDS, beta=st.sampled_from([1.0, 0.5]), closure=st.sampled_from(["world-share", "nominal"]))
@settings(max_examples=15)
def test_no_shock_gives_ones(seed: int, beta: float, closure: str) -> None:
    world = random_world(seed, beta=beta)
    found = solve_liberation_day(world, np.zeros((4, 4)), closure=closure).checked()
    for hat in (found.wage_hat, found.employment_hat, found.price_hat, found.welfare_hat):
        np.testing.assert_allclose(hat, 1, atol=INVARIANCE)
    np.testing.assert_allclose(found.flows, world.flows, rtol=INVARIANCE)
    np.testing.assert_allclose(found.transfers.sum(), 0, atol=INVARIANCE * world.expenditure.sum())


@given(seed=SEEDS, beta=st.sampled_from([1.0, 0.5]))
@settings(max_examples=15)
def test_every_account_holds_in_levels(seed: int, beta: float) -> None:
    """Walras: each labour market clears, the last included, and spending equals what is paid."""
    world = random_world(seed, beta=beta)
    tariff = random_tariffs(world, seed + 1)
    found = solve_liberation_day(world, tariff).checked()
    pay = found.labour_income_hat * world.labour_income
    net = found.flows @ (1 - world.nu)
    unit = world.expenditure.sum()
    demand = world.beta * net + world.nu * found.flows.sum(axis=0)
    np.testing.assert_allclose(demand, pay, atol=INVARIANCE * unit)
    paid = ((1 + tariff) * found.flows).sum(axis=0)
    np.testing.assert_allclose(paid, found.expenditure_hat * world.expenditure, atol=INVARIANCE * unit)
    np.testing.assert_allclose(found.revenue, (tariff * found.flows).sum(axis=0), atol=INVARIANCE * unit)
    received = pay + found.revenue + found.transfers
    np.testing.assert_allclose(found.income_hat * world.final_expenditure, received, atol=INVARIANCE * unit)
    np.testing.assert_allclose((found.price_hat * world.expenditure).sum(), unit, rtol=INVARIANCE)


@given(seed=SEEDS, beta=st.sampled_from([1.0, 0.5]))
@settings(max_examples=10)
def test_relabelling_and_money_unit(seed: int, beta: float) -> None:
    world = random_world(seed, beta=beta)
    tariff = random_tariffs(world, seed + 1)
    order = np.random.default_rng(seed).permutation(4)
    other = LiberationDayWorld.from_flows(
        regions=[world.regions[k] for k in order],
        flows=7.5 * world.flows[np.ix_(order, order)], nu=world.nu[order], phi=world.phi[order],
        eps=world.eps, kappa=world.kappa, psi=world.psi, beta=beta,
    )  # fmt: skip
    first = solve_liberation_day(world, tariff).checked().reported()
    second = solve_liberation_day(other, tariff[np.ix_(order, order)]).checked().reported()
    for name, values in first.items():
        # A balanced base year makes the relative change of the deficit huge; it is compared as a ratio.
        np.testing.assert_allclose(second[name], values[order], rtol=1e3 * INVARIANCE, atol=1e3 * INVARIANCE)


@given(seed=SEEDS)
@settings(max_examples=10)
def test_real_results_do_not_depend_on_the_numeraire(seed: int) -> None:
    world = random_world(seed)
    tariff = random_tariffs(world, seed + 1)
    prices, wages = (
        solve_liberation_day(world, tariff, numeraire=name).checked()  # type: ignore[arg-type]
        for name in ("prices", "wages")
    )
    np.testing.assert_allclose(prices.welfare_hat, wages.welfare_hat, atol=INVARIANCE)
    np.testing.assert_allclose(prices.employment_hat, wages.employment_hat, atol=INVARIANCE)
    np.testing.assert_allclose((wages.wage_hat * world.labour_income).sum(), world.labour_income.sum())


def test_nominal_transfers_stay_in_units_of_the_numeraire() -> None:
    world = random_world(4)
    for numeraire in ("prices", "wages"):
        found = solve_liberation_day(
            world, random_tariffs(world, 5), closure="nominal", numeraire=numeraire
        ).checked()
        scale = world.expenditure.sum()
        np.testing.assert_allclose(found.transfers, world.transfers, atol=INVARIANCE * scale)


def test_known_answer_without_frictions() -> None:
    """nu = 0, phi = 1, no entry, fixed labour: the real wage is the home share hat to -1/eps (ACR 2012)."""
    flow = np.array([[90.0, 4.0, 6.0], [7.0, 80.0, 1.0], [3.0, 5.0, 60.0]])
    world = LiberationDayWorld.from_flows(
        regions="abc", flows=flow, nu=np.zeros(3), phi=np.ones(3), eps=5, kappa=0, psi=0
    )
    found = solve_liberation_day(world, random_tariffs(world, 1), relief="lump-sum").checked()
    paid = (1 + found.tariffs) * found.flows
    home = np.diag(paid) / paid.sum(axis=0) / np.diag(world.trade_shares)
    real_wage = found.wage_hat / found.price_hat
    np.testing.assert_allclose(real_wage, home ** (-1 / world.eps), atol=SOLVER)


@pytest.mark.parametrize("beta", [1.0, 0.49])
@pytest.mark.parametrize("relief", ["income-tax", "lump-sum"])
def test_gradient(beta: float, relief: str) -> None:
    world = random_world(11, beta=beta)
    tariff = random_tariffs(world, 12)
    tariff[0, 1] = 0.0
    weight = np.array([0.5, -0.2, 1.0, 0.1])
    slope = liberation_day_gradient(solve_liberation_day(world, tariff, relief=relief), weight)
    step = 1e-5
    for o in range(4):
        for d in range(4):
            if o == d:
                assert slope[o, d] == 0
                continue
            ends = []
            for sign in (1, -1):
                moved = tariff.copy()
                moved[o, d] += sign * step
                ends.append(weight @ solve_liberation_day(world, moved, relief=relief).checked().welfare_hat)
            assert slope[o, d] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=GRADIENT)


@pytest.mark.parametrize("beta", [1.0, 0.49])
def test_optimum_beats_its_neighbours(beta: float) -> None:
    world = random_world(21, beta=beta)
    label = np.full((4, 4), -1)
    label[:, 2] = np.arange(4)
    weight = np.eye(4)[2]
    scenario = LiberationDayScenario(world=world, tariffs=np.zeros((4, 4)))
    best = optimal_liberation_day_tariffs(scenario, weights=weight, instruments=label, bounds=(0, 2))
    assert best.converged, best.message
    assert best.first_order_residual <= GRADIENT
    rng = np.random.default_rng(0)
    for _ in range(10):
        other = best.tariffs.copy()
        other[[0, 1, 3], 2] = np.clip(other[[0, 1, 3], 2] + rng.normal(0, 0.05, 3), 0, 2)
        assert solve_liberation_day(world, other).checked().welfare_hat[2] - 1 < best.objective


def test_tiny_economy_levies_the_formula_rate() -> None:
    """Tiny economy, nu = 0, phi = 1, labour fixed: delta is 1 and the best uniform tariff 1/eps."""
    flow = np.array([[1.0, 1e-3, 1e-3], [1e-3, 1e5, 500.0], [1e-3, 500.0, 1e5]])
    world = LiberationDayWorld.from_flows(
        regions="abc", flows=flow, nu=np.zeros(3), phi=np.ones(3), eps=4, kappa=0, psi=0
    )
    label = np.full((3, 3), -1)
    label[:, 0] = 0
    scenario = LiberationDayScenario(world=world, tariffs=np.zeros((3, 3)))
    best = optimal_liberation_day_tariffs(scenario, weights=[1, 0, 0], instruments=label, bounds=(0, 1))
    assert export_exposure(world, "a") == pytest.approx(1, abs=1e-6)
    assert formula_tariff(world, "a") == pytest.approx(1 / 4, abs=1e-6)
    # Two in a thousand is home's own weight in its trade, which the formula leaves out.
    assert best.tariffs[1, 0] == pytest.approx(1 / 4, abs=2e-3)


def test_a_loop_that_does_not_fade_is_named() -> None:
    world = random_world(71, beta=0.6)
    assert (world.amplification < 1).all()
    hot = world.changed(kappa=3.0, phi=np.full(4, 2.0))
    assert (hot.amplification > 1).all()
    failed = solve_liberation_day(hot, random_tariffs(hot, 3, top=2))
    assert not failed.converged
    assert "amplif" in failed.remedy


def test_scenarios_are_solved_apart() -> None:
    world = random_world(31)
    good = LiberationDayScenario(world=world, tariffs=random_tariffs(world, 32))
    gift = 10 * world.labour_income[0] * np.array([-1.0, 1.0, 0.0, 0.0])
    bad = LiberationDayScenario(world=world.changed(replaced_transfers=gift), tariffs=np.zeros((4, 4)))
    first, failed, second = solve_liberation_days([good, bad, good])
    assert not failed.converged
    assert " of R" in failed.worst_equation
    assert failed.remedy
    with pytest.raises(NotConvergedError, match="worst in"):
        failed.checked()
    np.testing.assert_array_equal(first.welfare_hat, second.welfare_hat)


def test_transfers_that_do_not_balance_need_an_absorber() -> None:
    world = random_world(41)
    with pytest.raises(RequestError, match="Leave absorber out"):
        solve_liberation_day(world, np.zeros((4, 4)), absorber="R1")
    gross = world.without_bilateral_imbalance("R0")
    net = world.without_bilateral_imbalance("R0", as_published=False)
    assert net.transfers_balance
    assert not gross.transfers_balance
    solve_liberation_day(net, np.zeros((4, 4))).checked()
    with pytest.raises(RequestError, match="Walras"):
        solve_liberation_day(gross, np.zeros((4, 4)))
    found = solve_liberation_day(gross, np.zeros((4, 4)), absorber="R1").checked()
    assert found.walras_gap > SOLVER


def test_home_sales_with_and_without_the_published_slip() -> None:
    rng = np.random.default_rng(5)
    trade, gdp, nu = rng.lognormal(1, 1, (4, 4)), rng.uniform(50, 90, 4), rng.uniform(0.05, 0.3, 4)
    kwargs = {"regions": "abcd", "trade": trade, "gdp": gdp, "nu": nu}
    exact = LiberationDayWorld.from_trade(**kwargs, as_published=False)
    np.testing.assert_allclose(exact.labour_income, gdp)
    foreign = trade * (1 - np.eye(4))
    slip = LiberationDayWorld.from_trade(**kwargs)
    np.testing.assert_allclose(slip.labour_income, gdp + nu * (foreign @ (1 - nu)))
    small = gdp.copy()
    small[1] = 0.01
    assert (home_sales(trade, small, nu) < 0).tolist() == [False, True, False, False]
    assert LiberationDayWorld.from_trade(regions="abcd", trade=trade, gdp=small, nu=nu).truncated == ("b",)


def test_penetration_shares_hit_their_targets() -> None:
    nu = penetration_shares(gdp=(80.0, 25.0), internal_trade=17.0, sold_to_block=3.0, bought_from_block=2.0)
    trade = np.array([[17.0, 3.0], [2.0, 0.0]])
    share = np.array(nu)
    spending = np.array([80.0, 25.0]) + (1 - share) * (trade.sum(axis=0) - trade @ (1 - share))
    home = spending - [2.0, 3.0]
    assert (home[0] * nu[0] + 3 * nu[1]) / (home[0] + 3) == pytest.approx(0.12, abs=SOLVER)
    assert (home[1] * nu[1] + 2 * nu[0]) / (home[1] + 2) == pytest.approx(0.26, abs=SOLVER)


def test_mistakes_are_named() -> None:
    world = random_world(51)
    zero = np.zeros((4, 4))
    with pytest.raises(RequestError, match="25 percent"):
        solve_liberation_day(world, 25 * (1 - np.eye(4)))
    with pytest.raises(RequestError, match="R1 on R1"):
        solve_liberation_day(world, np.diag([0, 0.1, 0, 0]))
    with pytest.raises(RequestError, match="shape"):
        solve_liberation_day(world, np.zeros((2, 2)))
    with pytest.raises(UnknownNameError, match="income-tax"):
        solve_liberation_day(world, zero, relief="income tax")  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="tolerance"):
        solve_liberation_day(world, zero, tolerance=0)
    with pytest.raises(BaselineError, match="R2"):
        world.changed(nu=[0.1, 0.1, 1.0, 0.1])
    with pytest.raises(BaselineError, match="stands twice"):
        LiberationDayWorld.from_flows(regions="aa", flows=np.eye(2), nu=[0, 0])
    with pytest.raises(BaselineError, match="missing"):
        LiberationDayWorld.from_flows(regions="ab", flows=[[1, np.nan], [1, 1]], nu=[0, 0])
    with pytest.raises(BaselineError, match="beta"):
        world.with_intermediates(0)


def test_a_region_without_exports() -> None:
    flow = random_world(3).flows.copy()
    flow[0, 1:] = 0
    world = random_world(3).changed(flows=flow)
    found = solve_liberation_day(world, random_tariffs(world, 4)).checked()
    assert np.isnan(found.exports_to_gdp_hat).tolist() == [True, False, False, False]
    assert np.isfinite(found.welfare_hat).all()


def test_many_regions_by_the_same_code() -> None:
    world = random_world(61, regions=40)
    found = solve_liberation_day(world, random_tariffs(world, 62)).checked()
    assert found.iterations < 200
