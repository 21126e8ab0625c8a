"""Where a change of real income comes from: the path adds up, the one-step formula does not."""

from __future__ import annotations

import numpy as np
import pytest

from economies import random_tariffs, random_world
from winset.core.errors import RequestError
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES
from winset.model.welfare import decompose, first_order


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_path_adds_up_to_the_exact_change(seed: int, closure: str) -> None:
    world = random_world(seed, zero_flows=0.2)
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0, 0.1, world.flows.shape))
    parts = decompose(world, Shock(tariffs=random_tariffs(world, seed, 0.8), cost_hat=cost), closure=closure)
    assert np.abs(parts.exact).max() > 1e-3
    assert np.abs(parts.gap).max() < 1e-6
    assert parts.terms_of_trade_ij.sum(axis=0) == pytest.approx(parts.terms_of_trade)
    if closure == "balanced":
        assert np.abs(parts.transfers).max() < 1e-9


def test_the_one_step_formula_is_right_for_small_shocks_only() -> None:
    world = random_world(3)
    target = random_tariffs(world, 3, 0.8)

    def gap(share: float) -> float:
        rates = world.tariffs + share * (target - world.tariffs)
        return float(np.abs(first_order(world, Shock(tariffs=rates)).gap).max())

    # The error of a first-order formula falls with the square of the shock.
    assert gap(0.01) == pytest.approx(gap(0.02) / 4, rel=0.1)
    assert gap(1.0) > 1e-3


def test_more_steps_tend_to_the_exact_change() -> None:
    world = random_world(4)
    shock = Shock(tariffs=random_tariffs(world, 4, 0.8))
    gaps = [np.abs(first_order(world, shock, steps=k).gap).max() for k in (1, 4, 16)]
    assert gaps[0] > 2 * gaps[1] > 4 * gaps[2]


def test_terms_of_trade_are_zero_sum_in_money() -> None:
    """What one region gains on its prices another loses: world sums vanish at baseline weights."""
    world = random_world(5)
    parts = first_order(world, Shock(tariffs=random_tariffs(world, 5, 0.1)), closure="world-share")
    assert (parts.terms_of_trade * world.income).sum() == pytest.approx(0, abs=1e-9 * world.income.sum())


def test_too_few_steps_are_refused() -> None:
    with pytest.raises(RequestError, match="steps"):
        decompose(random_world(1), Shock(), steps=2)
    with pytest.raises(RequestError, match="steps"):
        first_order(random_world(1), Shock(), steps=0)
