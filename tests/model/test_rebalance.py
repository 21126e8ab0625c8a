"""Making an equilibrium of data that are not one."""

from __future__ import annotations

import numpy as np
import pytest

from economies import random_world
from winset.core.errors import BaselineError
from winset.model.baseline import Baseline
from winset.model.rebalance import rebalance, rebalanced_flows
from winset.model.solve import balanced_world, solve


def parts(world: Baseline) -> dict[str, object]:
    return {
        "regions": world.regions,
        "sectors": world.sectors,
        "trade_shares": world.trade_shares,
        "tariffs": world.tariffs,
        "elasticities": world.elasticities,
        "value_added_shares": world.value_added_shares,
        "input_shares": world.input_shares,
        "final_shares": world.final_shares,
        "value_added": world.value_added,
        "deficit": world.deficit,
    }


@pytest.mark.parametrize("seed", range(5))
def test_an_equilibrium_stays_where_it_is(seed: int) -> None:
    world = random_world(seed, zero_flows=0.2)
    again = rebalance(**parts(world))
    assert again.move < 1e-10
    assert again.world.flows == pytest.approx(world.flows, rel=1e-9)


def test_without_deficits_it_is_the_purged_world() -> None:
    world = random_world(1)
    again = rebalance(**{**parts(world), "deficit": np.zeros(3)})
    purged, move = balanced_world(world)
    assert again.world.flows == pytest.approx(purged.flows, rel=1e-8)
    assert again.move == pytest.approx(move, rel=1e-8)


def test_negative_final_demand_is_clipped_and_balanced() -> None:
    world = random_world(2)
    gamma = world.input_shares.copy()
    # More of the first sector is used as an input in the first region than is bought there.
    lift = 1.05 * world.expenditure[0, 0] / (gamma[0, 0] * world.output[0]).sum()
    gamma[0, 0] *= lift
    data = {
        "regions": world.regions, "sectors": world.sectors, "flows": world.flows, "tariffs": world.tariffs,
        "elasticities": world.elasticities, "value_added_shares": 1 - gamma.sum(axis=1), "input_shares": gamma,
    }  # fmt: skip
    with pytest.raises(BaselineError, match="R00 S00"):
        Baseline.from_arrays(**data)
    found = rebalanced_flows(**data)
    assert found.clipped > 0
    assert 0 < found.move < 1
    assert solve(found.world).real_income_hat == pytest.approx(1)
    assert found.world.final_expenditure[0, 0] == pytest.approx(0, abs=1e-9 * found.world.income[0])


def test_shares_that_do_not_sum_are_refused() -> None:
    world = random_world(1)
    with pytest.raises(BaselineError, match="sum to 1"):
        rebalance(**{**parts(world), "final_shares": world.final_shares * 0.9})
    with pytest.raises(BaselineError, match="deficits"):
        rebalance(**{**parts(world), "deficit": world.deficit + 1.0})
