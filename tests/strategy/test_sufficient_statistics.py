"""The 3n equations of Lashkaripour (2021), against themselves written slowly, known limits, and the exact war."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from economies import random_world
from strategy.tariff_worlds import Floats, N, small_world, symmetric_world, two_regions
from tolerances import SOLVER
from winset.model.baseline import Baseline
from winset.model.solve import balanced_world
from winset.strategy.sufficient_statistics import sufficient_statistics
from winset.strategy.war import nash_tariffs


def slow_war(world: Baseline) -> tuple[Floats, Floats, Floats]:
    """Rates, ln wages and real incomes from the equations as printed, in loops, by a general root finder.

    Unknowns: ln w (world labour income is the unit), ln Y, ln(1 + t). Labour, budgets and the tariff formula of
    proposition 2, with the share of a buyer's tariffs in its spending as the paper's delta has it.
    """
    base = balanced_world(world)[0]
    n, s = len(base.regions), len(base.sectors)
    flow, old, eps = base.flows, base.tariffs, base.elasticities
    paid = (1 + old) * flow
    spending = paid.sum(axis=(0, 2))
    e = paid.sum(axis=0) / spending[:, None]
    lam0 = paid / paid.sum(axis=0)
    wage_bill = flow.sum(axis=(1, 2))

    def everything(x: Floats) -> tuple[Floats, Floats]:
        w, y, rate = np.exp(x[:n]), np.exp(x[n : 2 * n]), np.expm1(x[2 * n :])
        t = [[0.0 if i == j else rate[j] for j in range(n)] for i in range(n)]
        lam, price = np.zeros((n, n, s)), np.zeros((n, s))
        for j in range(n):
            for k in range(s):
                terms = [lam0[i, j, k] * (w[i] * (1 + t[i][j]) / (1 + old[i, j, k])) ** -eps[k] for i in range(n)]
                price[j, k] = sum(terms) ** (-1 / eps[k])
                for i in range(n):
                    lam[i, j, k] = terms[i] / sum(terms)
        gaps = []
        for i in range(n):
            sold = sum(
                lam[i, j, k] * e[j, k] * y[j] * spending[j] / (1 + t[i][j]) for j in range(n) for k in range(s)
            )
            gaps.append(sold / (w[i] * wage_bill[i]) - 1)
        for j in range(n):
            duties = sum(
                t[i][j] / (1 + t[i][j]) * lam[i, j, k] * e[j, k] * y[j] * spending[j]
                for i in range(n) for k in range(s)
            )  # fmt: skip
            gaps.append((w[j] * wage_bill[j] + duties) / (y[j] * spending[j]) - 1)
        for i in range(n):
            exports = {
                (j, k): lam[i, j, k] * e[j, k] * y[j] * spending[j] / (1 + t[i][j])
                for j in range(n) for k in range(s) if j != i
            }  # fmt: skip
            total, felt = sum(exports.values()), 0.0
            for (j, k), value in exports.items():
                home = sum(lam[j, j, g] * e[j, g] for g in range(s))
                delta = rate[j] * lam[j, j, k] * e[j, k] / (1 + rate[j] * home)
                felt += value / total * eps[k] * (1 - (1 - delta) * lam[i, j, k])
            gaps.append(rate[i] * felt - 1)
        # One of the first 2n follows from the others: the unit of account takes its place.
        gaps[0] = (w * wage_bill).sum() / wage_bill.sum() - 1
        real = np.array([y[j] / np.prod(price[j] ** e[j]) for j in range(n)])
        return np.array(gaps), real

    start = np.concatenate([np.zeros(2 * n), np.full(n, np.log1p(1 / eps.mean()))])
    found = optimize.root(lambda x: everything(x)[0], start, tol=1e-12)
    assert np.abs(everything(found.x)[0]).max() < 1e-9
    return np.expm1(found.x[2 * n :]), found.x[:n], everything(found.x)[1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("regions", [2, 4])
def test_against_the_equations_written_slowly(seed: int, regions: int) -> None:
    world = random_world(seed, regions=regions, sectors=2, theta=(2.0, 8.0), tariff=0.2, inputs=False)
    found = sufficient_statistics(world)
    assert found.converged
    rates, log_wage, real_income = slow_war(world)
    np.testing.assert_allclose(found.rates, rates, atol=SOLVER)
    np.testing.assert_allclose(np.log(found.wage_hat), log_wage, atol=SOLVER)
    np.testing.assert_allclose(found.real_income_hat, real_income, atol=SOLVER)


@pytest.mark.parametrize("theta", [2.0, 5.0])
def test_a_tiny_country_levies_one_over_its_elasticity(theta: float) -> None:
    found = sufficient_statistics(two_regions(size=1e6, theta=theta))
    assert found.rates[0] == pytest.approx(1 / theta, rel=1e-5)


def test_one_sector_and_equal_countries_are_exact() -> None:
    """With one sector and equal countries nothing is neglected: the exact uniform war has the same rates."""
    world = symmetric_world(2, (4.0,))
    fast = sufficient_statistics(world)
    exact = nash_tariffs(world, instruments="uniform", look_further=False, tolerance=1e-7).checked()
    assert exact.tariffs[0, 1, 0] == pytest.approx(fast.rates[0], abs=1e-5)
    np.testing.assert_allclose(exact.equilibrium.real_income_hat, fast.real_income_hat, atol=1e-6)


@pytest.mark.parametrize("home", [6.0, 30.0])
def test_equal_countries_with_two_sectors_are_close(home: float) -> None:
    """What is left out is of second order in openness: the relative gap falls with the share of trade."""
    world = symmetric_world(elasticities=(2.0, 8.0), home=home)
    fast = sufficient_statistics(world)
    exact = nash_tariffs(world, instruments="uniform", look_further=False, tolerance=1e-7).checked()
    share = (N - 1) / (N - 1 + home)
    assert exact.tariffs[0, 1, 0] == pytest.approx(fast.rates[0], rel=share**2)


def test_the_war_of_some_leaves_the_rest() -> None:
    world = small_world(12)
    war = nash_tariffs(world, ["R00", "R02"], method="sufficient-statistics").checked()
    assert (war.tariffs[:, 1] == world.tariffs[:, 1]).all()
    assert (war.tariffs[1] == world.tariffs[1]).all()
    assert np.ptp(war.tariffs[0, 2]) == np.ptp(war.tariffs[2, 0]) == 0


def test_it_tells_what_it_neglects() -> None:
    """Its own residual is tiny; how far it is from best responses in the model with inputs is said separately."""
    world = small_world(12)
    war = nash_tariffs(world, method="sufficient-statistics").checked()
    assert war.first_order_residual < 1e-9
    residuals = war.best_response_residuals
    assert set(residuals) == set(world.regions)
    assert max(residuals.values()) > 1e-6
    exact = nash_tariffs(world, start="sufficient-statistics", instruments="uniform", look_further=False).checked()
    assert max(exact.best_response_residuals.values()) < 1e-6
    assert "neglect" in str(war)


def test_81_countries(shared: Path) -> None:
    with np.load(shared / "data" / "icio2022" / "icio2022_81x28" / "arrays.npz", allow_pickle=False) as fine:
        world = Baseline.from_arrays(
            regions=[str(x) for x in fine["countries"]], sectors=[str(x) for x in fine["sectors"]],
            flows=fine["flow_exporter_importer_sector"], tariffs=fine["tariff_exporter_importer_sector"],
            elasticities=fine["epsilon_set_sector"][4],
        )  # fmt: skip
    found = sufficient_statistics(world)
    assert found.converged
    assert found.residual < 1e-9
    assert (found.rates > 0).all()
    assert found.real_income_hat.mean() < 1


# Lashkaripour (2021, Journal of International Economics 131), table 4: WIOD sectors and their elasticity. The note
# to the data section sets services to 10; the appendix says 4.
TABLE_4 = (
    (("A01", "A02", "A03"), 0.69), (("B",), 13.53), (("C10-C12",), 0.47), (("C13-C15",), 3.33), (("C16",), 5.73),
    (("C17", "C18"), 8.50), (("C19",), 14.94), (("C20", "C21"), 0.92), (("C22",), 1.69), (("C23",), 1.47),
    (("C24", "C25"), 3.28), (("C26", "C27"), 3.44), (("C28,C33",), 3.64), (("C29", "C30"), 1.38),
    (("C31_C32",), 1.64),
)  # fmt: skip
SERVICES = 10.0
# Table 2, "Baseline Model": Nash tariff and loss of real GDP, percent, of 12 of its 43 countries, and the average.
TABLE_2 = {
    "AUS": (14.1, 1.38), "CHN": (40.7, 0.35), "CZE": (49.3, 2.85), "DEU": (59.1, 0.96), "FRA": (51.8, 1.73),
    "HUN": (52.7, 4.23), "ITA": (49.8, 0.78), "JPN": (44.9, 0.53), "KOR": (43.6, 1.22), "NOR": (17.2, 2.05),
    "RUS": (12.2, 2.54), "USA": (43.6, 0.76),
}  # fmt: skip
AVERAGE = (40.5, 2.42)


def test_published_war_of_2014(shared: Path) -> None:
    """Close to the print, which used other tariffs and other accounts: docs/explain/strategy.md."""
    with np.load(shared / "data" / "wiod2014_44x50" / "arrays.npz", allow_pickle=False) as data:
        regions, sectors = ([str(x) for x in data[name]] for name in ("regions", "sectors"))
        flows = data["Z_importer_exporter_sector"].transpose(1, 0, 2)
        tariffs = np.array(data["tariff_importer_exporter_sector"].transpose(1, 0, 2))
    every = np.arange(len(regions))
    tariffs[every, every] = 0.0
    known = {sector: value for names, value in TABLE_4 for sector in names}
    world = Baseline.from_arrays(
        regions=regions, sectors=sectors, flows=flows, tariffs=tariffs,
        elasticities=[known.get(sector, SERVICES) for sector in sectors],
    )  # fmt: skip
    found = sufficient_statistics(world)
    assert found.converged
    rate, loss = 100 * found.rates, 100 * (1 - found.real_income_hat)
    countries = [k for k, region in enumerate(regions) if region != "ROW"]
    assert rate[countries].mean() == pytest.approx(AVERAGE[0], abs=1.0)
    assert loss[countries].mean() == pytest.approx(AVERAGE[1], abs=0.1)
    ours = np.array([(rate[regions.index(c)], loss[regions.index(c)]) for c in TABLE_2])
    printed = np.array(list(TABLE_2.values()))
    for column in (0, 1):
        assert np.corrcoef(ours[:, column], printed[:, column])[0, 1] > 0.98
