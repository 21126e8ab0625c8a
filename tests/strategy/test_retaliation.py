"""Each rule of retaliation by hand on a small world."""

from __future__ import annotations

import numpy as np
import pytest

from strategy.tariff_worlds import Floats, small_world
from winset.core.errors import RequestError, UnknownNameError
from winset.model.baseline import Baseline
from winset.model.shocks import Shock
from winset.strategy.optimal import optimal_tariffs
from winset.strategy.retaliation import retaliate
from winset.strategy.war import nash_tariffs


@pytest.fixture
def world() -> Baseline:
    return small_world(12)


def raised(world: Baseline, points: dict[tuple[int, int, int], float]) -> Floats:
    tariffs = np.array(world.tariffs)
    for cell, more in points.items():
        tariffs[cell] += more
    return tariffs


def test_none_does_nothing(world: Baseline) -> None:
    after = raised(world, {(1, 0, 0): 0.2})
    found = retaliate(world, Shock(tariffs=after), {"R01": "none"})
    np.testing.assert_array_equal(found.shock.filled(world)[0], after)
    assert found.responses[0].mean_added == 0
    assert found.responses[0].against == ("R00",)


def test_reciprocal_adds_the_same_points_sector_by_sector(world: Baseline) -> None:
    # R00 raises tariffs on both others; R01 answers, R02 was not asked. A cut is not answered.
    after = raised(world, {(1, 0, 0): 0.2, (1, 0, 1): 0.05, (2, 0, 0): 0.3})
    after[1, 2, 0] = 0.0
    found = retaliate(world, Shock(tariffs=after), {"R01": "reciprocal"})
    wanted = after.copy()
    wanted[0, 1, 0] += 0.2
    wanted[0, 1, 1] += 0.05
    np.testing.assert_allclose(found.shock.filled(world)[0], wanted, atol=1e-15)
    (one,) = found.responses
    assert one.by == "R01"
    assert one.rule == "reciprocal"
    assert one.against == ("R00",)
    assert one.struck == pytest.approx(world.flows[1, 0].sum())
    weight = world.flows[0, 1]
    assert one.mean_added == pytest.approx((weight @ [0.2, 0.05]) / weight.sum())


def test_exempt_sectors_are_left_alone(world: Baseline) -> None:
    after = raised(world, {(1, 0, 0): 0.2, (1, 0, 1): 0.05})
    found = retaliate(world, Shock(tariffs=after), {"R01": "reciprocal"}, exempt=["S00"])
    change = found.shock.filled(world)[0] - after
    assert change[0, 1].tolist() == pytest.approx([0.0, 0.05])
    assert np.count_nonzero(change) == 1


@pytest.mark.parametrize("exempt", [(), ("S01",)])
def test_proportional_answers_with_equal_duty(world: Baseline, exempt: tuple[str, ...]) -> None:
    after = raised(world, {(1, 0, 0): 0.2, (1, 0, 1): 0.05})
    found = retaliate(world, Shock(tariffs=after), {"R01": "proportional"}, exempt=exempt)
    change = found.shock.filled(world)[0] - after
    duty = 0.2 * world.flows[1, 0, 0] + 0.05 * world.flows[1, 0, 1]
    assert (change[0, 1] * world.flows[0, 1]).sum() == pytest.approx(duty)
    hit = change[0, 1][change[0, 1] > 0]
    assert len(hit) == 2 - len(exempt)
    assert np.ptp(hit) < 1e-12
    change[0, 1] = 0
    assert not change.any()


def test_optimal_is_the_best_answer(world: Baseline) -> None:
    after = raised(world, {(1, 0, 0): 0.3})
    found = retaliate(world, Shock(tariffs=after), {"R01": "optimal"}).shock.filled(world)[0]
    best = optimal_tariffs(world, "R01", against=["R00"], shock=Shock(tariffs=after)).checked()
    np.testing.assert_allclose(found, best.tariffs, atol=1e-4)
    moved = {tuple(cell[:2]) for cell in np.argwhere(found != after)}
    assert moved == {(0, 1)}


def test_two_optimal_answers_are_best_given_one_another(world: Baseline) -> None:
    """R01 was struck by R00 alone and R02 by both: R01 spares R02, and each answer is best given the other's."""
    after = raised(world, {(1, 0, 0): 0.3, (2, 0, 0): 0.3, (2, 1, 1): 0.2})
    found = retaliate(world, Shock(tariffs=after), {"R01": "optimal", "R02": "optimal"}).shock.filled(world)[0]
    assert (found[2, 1] == after[2, 1]).all()
    for region, struck_by in (("R01", ["R00"]), ("R02", ["R00", "R01"])):
        again = optimal_tariffs(
            world, region, against=struck_by, shock=Shock(tariffs=found), starts=["status-quo"]
        )
        assert again.gain < 1e-7
    war = nash_tariffs(world, ["R02"], against=["R00", "R01"], shock=Shock(tariffs=found), look_further=False)
    np.testing.assert_allclose(war.tariffs, found, atol=1e-3)


def test_a_list_is_levied_as_it_stands(world: Baseline) -> None:
    after = raised(world, {(1, 0, 0): 0.2})
    found = retaliate(world, Shock(tariffs=after), {"R01": {("R00", "R01", "S01"): 0.44}}, exempt=["S01"])
    change = found.shock.filled(world)[0]
    assert change[0, 1, 1] == 0.44
    assert change[0, 1, 0] == after[0, 1, 0]
    assert found.responses[0].rule == "list"
    assert "list" in str(found)


def test_what_counts_as_raised_follows_before(world: Baseline) -> None:
    """Over given earlier tariffs; where nothing rose, nothing is answered."""
    before = raised(world, {(1, 0, 0): 0.2})
    found = retaliate(
        world, Shock(tariffs=before), {"R01": "reciprocal", "R02": "optimal"}, before=before
    )  # fmt: skip
    np.testing.assert_array_equal(found.shock.filled(world)[0], before)
    assert [one.against for one in found.responses] == [(), ()]


def test_an_answer_never_lowers_a_tariff(world: Baseline) -> None:
    after = raised(world, {(1, 0, 0): 0.2, (0, 1, 0): 12.0})
    found = retaliate(world, Shock(tariffs=after), {"R01": "reciprocal"}).shock.filled(world)[0]
    assert (found >= after).all()


def test_iceberg_costs_are_kept(world: Baseline) -> None:
    cost = np.ones_like(world.flows)
    cost[0, 1] = 1.1
    shock = Shock(tariffs=raised(world, {(1, 0, 0): 0.2}), cost_hat=cost)
    found = retaliate(world, shock, {"R01": "reciprocal"}).shock.filled(world)[1]
    np.testing.assert_array_equal(found, cost)


def test_what_cannot_be_used(world: Baseline) -> None:
    shock = Shock(tariffs=raised(world, {(1, 0, 0): 0.2}))
    with pytest.raises(UnknownNameError, match="proportional"):
        retaliate(world, shock, {"R01": "proportionate"})
    with pytest.raises(UnknownNameError, match="R01"):
        retaliate(world, shock, {"R0l": "none"})
    with pytest.raises(RequestError, match="as the importer only"):
        retaliate(world, shock, {"R01": {("R01", "R00", "S00"): 0.1}})
    with pytest.raises(RequestError, match="exporter, importer, sector"):
        retaliate(world, shock, {"R01": {"R00": 0.1}})  # type: ignore[dict-item]
    with pytest.raises(UnknownNameError, match="S01"):
        retaliate(world, shock, {"R01": "reciprocal"}, exempt=["S1"])
