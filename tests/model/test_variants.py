"""The other models through the public call: same names, and where the models meet, the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

import winset
from economies import random_tariffs, random_world
from winset.core.errors import BaselineError, RequestError, UnknownNameError
from winset.model.ossa_reference import reference_ossa
from winset.model.ossa_world import OssaWorld
from winset.model.shocks import Shock


def test_no_shock_gives_ones_in_every_model() -> None:
    firms = random_world(1, inputs=False)
    one = random_world(1, sectors=1, inputs=False, tariff=0.0)
    for world, model, closure in ((firms, "ossa-2014", "balanced"), (firms, "ossa-2014", "nominal"),
                                  (one, "liberation-day-2025", "world-share")):  # fmt: skip
        after = winset.solve(world, closure=closure, model=model).checked()
        assert after.real_income_hat == pytest.approx(1, abs=1e-9)
        assert after.flows == pytest.approx(after.world.flows, rel=1e-7)


def test_without_extras_liberation_day_is_the_core_model() -> None:
    """No labour response, no scale effect, no penetration cost, revenue lump-sum: one-sector gravity."""
    world = random_world(3, regions=4, sectors=1, inputs=False, tariff=0.0)
    shock = Shock(tariffs=random_tariffs(world, 3, 0.5))
    after = winset.solve(
        world, shock, model="liberation-day-2025", closure="world-share", kappa=0.0, psi=0.0, phi=np.ones(4),
        relief="lump-sum",
    ).checked()  # fmt: skip
    core = winset.solve(world, shock, closure="world-share", tolerance=1e-12)
    assert after.real_income_hat == pytest.approx(core.real_income_hat, rel=1e-8)
    assert after.tariff_revenue / after.income_hat == pytest.approx(
        core.tariff_revenue / core.income_hat, rel=1e-6
    )


def test_ossa_is_its_twin() -> None:
    world = random_world(2, regions=3, sectors=2, inputs=False)
    rates = random_tariffs(world, 2, 0.5)
    after = winset.solve(world, Shock(tariffs=rates), model="ossa-2014", closure="balanced").checked()
    assert np.abs(after.deficit).max() < 1e-8 * world.value_added.sum()
    slow = reference_ossa(OssaWorld.from_baseline(after.world), rates, np.zeros(3))
    assert after.real_income_hat == pytest.approx(slow["real_income"], rel=1e-8)
    index = np.exp((after.world.final_shares * np.log(after.sector_price_hat)).sum(axis=1))
    assert after.price_index_hat == pytest.approx(index, rel=1e-8)


def test_what_does_not_suit_a_model_is_refused() -> None:
    world = random_world(1)
    with pytest.raises(UnknownNameError, match="ossa-2014"):
        winset.solve(world, model="ossa2014")
    with pytest.raises(BaselineError, match="inputs"):
        winset.solve(world, model="ossa-2014", closure="balanced")
    with pytest.raises(UnknownNameError, match="balanced"):
        winset.solve(random_world(1, inputs=False), model="ossa-2014", closure="own-share")
    with pytest.raises(RequestError, match="one sector"):
        winset.solve(world, model="liberation-day-2025")
    with pytest.raises(RequestError, match="no setting 'lobying'"):
        winset.solve(world, lobying=1)
