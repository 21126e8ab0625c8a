"""Ignatenko, Lashkaripour, Macedoni and Simonovska (2025): every printed cell, and the intermediate values.

Expectations are the paper's print and the values that an independent solver found from the same equations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tolerances import PUBLISHED
from winset.core.errors import UnreadableFileError
from winset.model.liberation_day import LiberationDayEquilibrium, LiberationDayScenario
from winset.model.liberation_day_optimum import (
    LiberationDayOptimum,
    export_exposure,
    optimal_liberation_day_tariffs,
)
from winset.replications.liberation_day_2025 import decimals, optima, replicate, report_of, solved
from winset.replications.liberation_day_2025_print import KNOWN_GAPS, NOTES
from winset.replications.liberation_day_2025_setting import Setting, load

SIX_DIGITS = 5e-7
"""The trade matrix here holds six significant digits, so sums over it are good to about this share."""

Path_ = tuple[str, ...]


@pytest.fixture(scope="module")
def setting(shared: Path) -> Setting:
    return load(shared / "data")


@pytest.fixture(scope="module")
def equilibria(setting: Setting) -> dict[str, LiberationDayEquilibrium]:
    return solved(setting)


@pytest.fixture(scope="module")
def best(setting: Setting) -> dict[str, LiberationDayOptimum]:
    return optima(setting)


@pytest.fixture(scope="module")
def report(
    setting: Setting, equilibria: dict[str, LiberationDayEquilibrium], best: dict[str, LiberationDayOptimum]
) -> dict[str, Any]:
    return report_of(setting, equilibria, best)


def leaves(tree: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if not isinstance(tree, dict) or set(tree) == {"ours", "printed"}:
        yield path, tree
        return
    for key, value in tree.items():
        yield from leaves(value, (*path, key))


def explained(path: Path_) -> bool:
    return any(path[: len(key)] == key for key in KNOWN_GAPS)


def test_every_printed_cell(report: dict[str, Any], shared: Path) -> None:
    """Half the last printed digit, for every cell whose print is known; or one of the documented gaps."""
    reference = json.loads((shared / "reference" / "liberation-day-2025.json").read_text(encoding="utf-8"))
    ours = dict(leaves(report["tables"]))
    prints = {path: value for path, value in leaves(reference) if path[0] != "_meta"}
    assert set(prints) <= set(ours), "a label differs from the paper's"
    known = {path: value for path, value in prints.items() if value is not None}
    assert len(known) > 100
    for path, value in known.items():
        assert ours[path]["printed"] == value, path
    for path, cell in ours.items():
        if cell["printed"] is None or explained(path):
            continue
        off = abs(cell["ours"] - cell["printed"]) * 10 ** decimals(path)
        assert off <= PUBLISHED, (path, cell)


def test_replicate_finds_either_folder(
    shared: Path,
    setting: Setting,
    equilibria: dict[str, LiberationDayEquilibrium],
    best: dict[str, LiberationDayOptimum],
    report: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The solves are those of the fixtures; what is tested is that both folders lead to the same report."""
    monkeypatch.setattr("winset.replications.liberation_day_2025.solved", lambda _: equilibria)
    monkeypatch.setattr("winset.replications.liberation_day_2025.optima", lambda _: best)
    for folder in (shared / "data", shared / "data" / "world194"):
        assert replicate(folder) == report
        np.testing.assert_array_equal(load(folder).world.flows, setting.world.flows)


def test_verdict_agrees_with_the_cells(report: dict[str, Any]) -> None:
    verdict = report["verdict"]
    assert verdict["explained"]
    assert verdict["matched"] + len(verdict["misses"]) == verdict["printed"]
    assert all(explained(tuple(miss["cell"])) for miss in verdict["misses"])
    assert verdict["optima_converged"] == {"pre": True, "post": True}
    assert set(NOTES) == set(report["tables"]) == set(report["notes"])
    json.dumps(report, allow_nan=False)


def test_maps_have_a_row_for_every_country(report: dict[str, Any], setting: Setting) -> None:
    for name in ("map_no_retaliation", "map_retaliation"):
        table = report["tables"][name]
        assert tuple(table) == setting.world.regions
        assert all(np.isfinite(cell["ours"]) for row in table.values() for cell in row.values())
    levied = {r: row["revenue"]["ours"] > 0 for r, row in report["tables"]["map_no_retaliation"].items()}
    assert [r for r, is_levied in levied.items() if is_levied] == ["USA"]


def test_data(setting: Setting) -> None:
    """Section 1: world totals as given there, and who counts as EU."""
    flows, us = setting.world.flows, setting.us
    trade = flows - np.diag(np.diag(flows))
    assert setting.gdp.sum() / 1e6 == pytest.approx(105.3, abs=0.05)
    assert trade.sum() / 1e6 == pytest.approx(21.75, abs=0.005)
    assert trade[:, us].sum() / 1e6 == pytest.approx(2.903, abs=0.0005)
    assert trade[us].sum() / 1e6 == pytest.approx(1.859, abs=0.0005)
    assert 100 * (trade * setting.ustr)[:, us].sum() / trade[:, us].sum() == pytest.approx(24.9, abs=0.05)
    assert setting.eu.sum() == 25
    one_based = [int(k) + 1 for k in np.flatnonzero(setting.eu)]
    assert one_based[:5] + one_based[-2:] == [10, 13, 17, 45, 47, 164, 165]
    assert setting.ustr_rate[setting.world.regions.index("RUS")] == 0.10


def test_calibration(setting: Setting) -> None:
    """Sections 2 and 3.1."""
    world, us = setting.world, setting.us
    assert world.nu[0] == pytest.approx(0.11433521281618, abs=1e-13)
    assert world.nu[us] == pytest.approx(0.27047098228279, abs=1e-13)
    assert world.phi[0] == pytest.approx(1.15071883052655, abs=1e-13)
    assert world.phi[us] == pytest.approx(1.43284758268184, abs=1e-13)
    assert world.truncated == ("GMB", "MHL")
    off = np.abs(world.labour_income / setting.gdp - 1)
    assert (off > 0.01).sum() == 153
    assert off[world.regions.index("MHL")] == pytest.approx(4.80, abs=0.005)
    assert world.transfers_balance
    assert (world.amplification < 1).all()


def test_formula_rates(setting: Setting) -> None:
    """Section 3.5, 5.1 and 5.2."""
    world, rate = setting.world, setting.formula_rates
    rest = world.two_blocks("USA")
    assert export_exposure(world, "USA", base="expenditure") == pytest.approx(0.7248775836, rel=SIX_DIGITS)
    assert export_exposure(world, "USA") == pytest.approx(0.865403090, rel=SIX_DIGITS)
    assert export_exposure(rest, "rest") == pytest.approx(0.922552514, rel=SIX_DIGITS)
    assert rate["optimal (E)"] == pytest.approx(0.217988215, rel=SIX_DIGITS)
    assert rate["optimal (Y)"] == pytest.approx(0.185432068, rel=SIX_DIGITS)
    assert rate["retaliation"] == pytest.approx(0.227421946, rel=SIX_DIGITS)
    assert rate["balanced"] == pytest.approx(0.162226055, abs=5e-10)
    assert rate["eaton-kortum"] == 0.25


def test_best_uniform_tariff_of_the_base_model(setting: Setting) -> None:
    """Section 3.5: the closed form is not the optimum."""
    uniform = np.full_like(setting.world.flows, -1, dtype=int)
    uniform[:, setting.us] = 0
    scenario = LiberationDayScenario(world=setting.world, tariffs=setting.on_us_imports(0.15))
    found = optimal_liberation_day_tariffs(scenario, weights=~setting.abroad, instruments=uniform, bounds=(0, 1))
    assert found.converged
    assert found.tariffs[0, setting.us] == pytest.approx(0.25, abs=0.005)
    assert 100 * found.objective == pytest.approx(1.806, abs=0.0005)


def test_optimum_before_retaliation(setting: Setting, best: dict[str, LiberationDayOptimum]) -> None:
    """Section 4.3, Pre (2)."""
    found = best["pre"]
    rate = found.tariffs[setting.abroad, setting.us]
    bought = setting.world.flows[setting.abroad, setting.us]
    assert found.converged
    assert found.at_bound == 0
    assert 100 * found.objective == pytest.approx(2.2876, abs=5e-5)
    assert rate.min() == pytest.approx(0.018, abs=5e-4)
    assert rate.max() == pytest.approx(0.202, abs=5e-4)
    assert np.median(rate) == pytest.approx(0.1746, abs=5e-5)
    assert (rate * bought).sum() / bought.sum() == pytest.approx(0.1793, abs=5e-5)


def test_optimum_after_retaliation(setting: Setting, best: dict[str, LiberationDayOptimum]) -> None:
    """Section 4.3, Post (2): the optimum costs the United States less than the print says."""
    found = best["post"]
    rate = found.tariffs[setting.us]
    welfare = 100 * (found.equilibrium.welfare_hat - 1)
    weight = setting.gdp * setting.abroad
    assert found.converged
    assert 100 * found.objective == pytest.approx(-1.0137, abs=5e-5)
    assert (weight * welfare).sum() / weight.sum() == pytest.approx(-1.09, abs=0.005)
    assert welfare[setting.us] == pytest.approx(-3.63, abs=0.005)
    assert np.median(rate[setting.abroad]) == pytest.approx(0.19, abs=0.005)
    assert (rate > 0.5 - 1e-9).sum() == found.at_bound == 5
    for name, value in {"CHN": 0.128, "CAN": 0.199, "MEX": 0.190, "DEU": 0.150}.items():
        assert rate[setting.world.regions.index(name)] == pytest.approx(value, abs=5e-4), name


def test_printed_endpoints_are_not_optima(
    setting: Setting, equilibria: dict[str, LiberationDayEquilibrium]
) -> None:
    """Section 4.3: a uniform 0.1257 gives the printed 2.15; 0.283 the printed -5.26 and an objective of -1.063."""
    pre, post = equilibria["inputs, endpoint pre"], equilibria["inputs, endpoint post"]
    weight = setting.with_inputs.labour_income * setting.abroad
    assert 100 * (pre.welfare_hat[setting.us] - 1) == pytest.approx(2.15, abs=0.005)
    assert 100 * (post.welfare_hat[setting.us] - 1) == pytest.approx(-5.26, abs=0.005)
    for name, value in {"endpoint post": -1.063, "reciprocal": -1.084}.items():
        change = equilibria[f"inputs, {name}"].welfare_hat - 1
        assert 100 * (weight * change).sum() / weight.sum() == pytest.approx(value, abs=0.0005), name


def test_defective_closure(
    setting: Setting, equilibria: dict[str, LiberationDayEquilibrium], report: dict[str, Any]
) -> None:
    """Section 5.2: what does not sum to zero, who absorbs it, and the slip of the print."""
    gross = equilibria["gross"]
    assert gross.world.transfers.sum() / 1e3 == pytest.approx(572.6, abs=0.05)
    assert gross.wage_hat[-1] == pytest.approx(0.314, abs=0.0005)
    assert gross.walras_gap > 1
    assert equilibria["net"].walras_gap == 0
    welfare = {
        panel[:3]: rows["non-US (average)"]["welfare"]["ours"]
        for panel, rows in report["tables"]["Table_10"].items()
        if "corrected" not in panel
    }
    assert welfare["(3)"] == pytest.approx(-0.26, abs=0.005)
    assert welfare["(4)"] == pytest.approx(-0.15, abs=0.005)


def test_every_equilibrium_is_exact(equilibria: dict[str, LiberationDayEquilibrium]) -> None:
    assert {name for name, one in equilibria.items() if not one.converged} == set()
    assert max(one.residual for one in equilibria.values()) <= 1e-12


def test_mistakes_in_the_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        load(tmp_path)
    trade, countries = tmp_path / "trade_matrix_usd_m.csv", tmp_path / "countries.csv"
    trade.write_text("iso3,USA,CHN\nUSA,,x\nCHN,2,\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"trade_matrix_usd_m\.csv:2: 'x' is not a number"):
        load(tmp_path)
    trade.write_text("iso3,USA,CHN\nCHN,,1\nUSA,2,\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="labels that differ"):
        load(tmp_path)
    trade.write_text("iso3,USA,CHN\nUSA,,1\nCHN,2,\n", encoding="utf-8")
    countries.write_text("iso3,gdp_usd\nUSA,1\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no column 'eu27'"):
        load(tmp_path)
    head = "iso3,gdp_usd,exports_usd_m,imports_usd_m,us_tariff_2apr2025_announced,eu27\n"
    countries.write_text(head + "USA,1e8,1,2,0,False\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="no row for CHN"):
        load(tmp_path)
