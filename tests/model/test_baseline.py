"""Building a baseline: what is accepted, what is refused and how the refusal reads."""

from __future__ import annotations

import numpy as np
import pytest

from economies import random_world
from winset.core.errors import BaselineError, RequestError, UnknownNameError
from winset.model.baseline import Baseline

PARTS = {
    "regions": ["AAA", "BBB"],
    "sectors": ["goods"],
    "flows": [[[80.0], [20.0]], [[25.0], [60.0]]],
    "tariffs": [[[0.0], [0.1]], [[0.05], [0.0]]],
    "elasticities": [4.0],
}


def changed(**parts: object) -> dict[str, object]:
    return {**PARTS, **parts}


def test_accounts_by_hand() -> None:
    world = Baseline.from_arrays(**PARTS)
    # AAA buys 80 at home and 25 from BBB at 5 percent: 80 + 26.25; BBB buys 60 and 20 at 10 percent.
    assert world.expenditure.ravel() == pytest.approx([106.25, 82.0])
    assert world.output.ravel() == pytest.approx([100.0, 85.0])
    assert world.tariff_revenue == pytest.approx([1.25, 2.0])
    assert world.deficit == pytest.approx([5.0, -5.0])
    assert world.income == pytest.approx([100 + 1.25 + 5, 85 + 2 - 5])
    assert world.trade_shares[1, 0, 0] == pytest.approx(26.25 / 106.25)


@pytest.mark.parametrize("seed", range(20))
def test_income_identity_holds_in_every_region(seed: int) -> None:
    world = random_world(seed, regions=4, sectors=3, zero_flows=0.3)
    identity = world.value_added + world.tariff_revenue + world.deficit
    assert world.income == pytest.approx(identity, rel=1e-12)
    assert world.deficit.sum() == pytest.approx(0, abs=1e-9 * world.value_added.sum())
    assert world.final_shares.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"flows": [[[80.0], [-20.0]], [[25.0], [60.0]]]}, "AAA BBB goods"),
        ({"flows": [[[80.0], [np.nan]], [[25.0], [60.0]]]}, "missing or infinite"),
        ({"flows": [[[80.0]], [[25.0]]]}, "expected (2, 2, 1)"),
        ({"tariffs": [[[0.02], [0.1]], [[0.05], [0.0]]]}, "own goods"),
        ({"tariffs": [[[0.0], [-1.0]], [[0.05], [0.0]]]}, "-100 percent"),
        ({"elasticities": [0.0]}, "elasticity"),
        ({"regions": ["AAA", "AAA"]}, "stands twice"),
        ({"value_added_shares": [[1.0], [1.0]]}, "without input_shares"),
        ({"value_added_shares": [[0.5], [0.5]], "input_shares": [[[0.5]], [[0.4]]]}, "do not sum to 1"),
        ({"value_added_shares": [[0.0001], [0.5]], "input_shares": [[[0.9999]], [[0.5]]]}, None),
        ({"flows": [[[0.0], [0.0]], [[25.0], [60.0]]]}, "value added"),
    ],
)
def test_refusals_name_the_cell(parts: dict[str, object], says: str | None) -> None:
    if says is None:
        Baseline.from_arrays(**changed(**parts))
        return
    with pytest.raises(BaselineError, match=r".") as caught:
        Baseline.from_arrays(**changed(**parts))
    assert says in str(caught.value)


def test_negative_final_demand_names_the_worst_cell() -> None:
    # BBB's input use of goods is 0.99 of 85 + 100 sold, above the 82 it buys.
    flows = [[[80.0], [20.0]], [[125.0], [60.0]]]
    shares = {"value_added_shares": [[0.5], [0.01]], "input_shares": [[[0.5]], [[0.99]]]}
    with pytest.raises(BaselineError) as caught:
        Baseline.from_arrays(**changed(flows=flows, **shares))
    assert "negative final demand" in str(caught.value)
    assert "BBB goods" in str(caught.value)


def test_merging_keeps_totals() -> None:
    world = random_world(3, regions=4, sectors=3)
    merged = world.aggregate(regions={"WEST": ["R00", "R02"]}, sectors={"ALL": ["S00", "S01"]})
    assert merged.regions == ("WEST", "R01", "R03")
    assert merged.sectors == ("ALL", "S02")
    assert merged.flows.sum() == pytest.approx(world.flows.sum())
    assert merged.value_added.sum() == pytest.approx(world.value_added.sum())
    assert merged.deficit[1] == pytest.approx(world.deficit[1])
    # Revenue between others is kept; only what WEST levied on itself is gone.
    inside = [world.region("R00"), world.region("R02")]
    own = sum((world.tariffs * world.flows)[i, j].sum() for i in inside for j in inside)
    assert merged.tariff_revenue.sum() == pytest.approx(world.tariff_revenue.sum() - own)


def test_merging_refuses_unknown_and_doubled_names() -> None:
    world = random_world(3)
    with pytest.raises(UnknownNameError, match="R09"):
        world.aggregate(regions={"X": ["R09"]})
    with pytest.raises(RequestError, match="two groups"):
        world.aggregate(regions={"X": ["R00"], "Y": ["R00", "R01"]})


def test_other_tariffs_leave_flows_and_stay_balanced() -> None:
    world = random_world(5)
    higher = world.with_tariffs(world.tariffs * 2)
    assert (higher.flows == world.flows).all()
    assert higher.income == pytest.approx(higher.value_added + higher.tariff_revenue + higher.deficit)


def test_unknown_elasticity_set_is_named() -> None:
    with pytest.raises(UnknownNameError, match="BSI"):
        random_world(1).with_elasticities("BSI")
