"""Many bilateral talks at once: symmetry, the fixed point by an independent search, and third parties."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from strategy.tariff_worlds import Floats, N, S, log_real_income, small_world, symmetric_world
from winset.core.errors import RequestError
from winset.model.shocks import Shock
from winset.strategy.talks import talks

TRIANGLE = [("R00", "R01"), ("R01", "R02"), ("R02", "R00")]


def test_equal_countries_agree_alike_and_below_their_tariffs() -> None:
    world = symmetric_world(tariff=0.3)
    agreed = talks(world, pairs=TRIANGLE).checked()
    abroad = ~np.eye(N, dtype=bool)
    assert np.ptp(agreed.tariffs[abroad], axis=0).max() < 1e-4
    assert agreed.tariffs[abroad].max() < 0.3
    gains = list(agreed.gains.values())
    assert np.ptp(gains) < 1e-6
    assert min(gains) > 0


def test_each_pair_stands_still_by_a_search_of_its_own() -> None:
    """Given the others, the product of a pair's gains over its own status quo cannot be raised."""
    world = small_world(12)
    agreed = talks(world, pairs=TRIANGLE).checked()
    for pair in TRIANGLE:
        i, j = (world.region(name) for name in pair)
        apart = np.array(agreed.tariffs)
        apart[i, j], apart[j, i] = world.tariffs[i, j], world.tariffs[j, i]
        without = log_real_income(world, apart)[[i, j]]

        def placed(point: Floats, i: int = i, j: int = j) -> Floats:
            tariffs = np.array(agreed.tariffs)
            tariffs[i, j], tariffs[j, i] = point.reshape(2, S)
            return tariffs

        def loss(point: Floats, i: int = i, j: int = j, without: Floats = without) -> float:
            gains = np.expm1(log_real_income(world, placed(point))[[i, j]] - without)
            return -float(gains.prod()) if (gains > 0).all() else 1.0

        ours = np.concatenate([agreed.tariffs[i, j], agreed.tariffs[j, i]])
        mine = -loss(ours)
        assert mine > 0
        for start in (ours, 0.5 * (ours + np.concatenate([world.tariffs[i, j], world.tariffs[j, i]]))):
            found = optimize.minimize(
                loss, start, method="Powell", bounds=[(0, 10)] * (2 * S), options={"ftol": 1e-12, "maxfev": 700}
            )
            assert -found.fun <= mine * (1 + 1e-4)


def test_one_pair_alone_is_bilateral_talks_and_outsiders_lose() -> None:
    world = symmetric_world(tariff=0.3)
    alone = talks(world, pairs=[("R00", "R01")]).checked()
    both = talks(world, ["R00", "R01"], rule="nash").checked()
    for name in ("R00", "R01"):
        assert alone.gains[name] == pytest.approx(both.gains[name], abs=1e-6)
        assert alone.gains[name] > 0
    assert alone.third_parties["R02"] < 0
    assert (alone.tariffs[:, 2] == world.tariffs[:, 2]).all()
    assert (alone.tariffs[2] == world.tariffs[2]).all()


def test_the_threat_may_be_given() -> None:
    world = symmetric_world(tariff=0.1)
    raised = np.where(world.tariffs > 0, 0.5, 0.0)
    agreed = talks(world, pairs=TRIANGLE, disagreement=Shock(tariffs=raised)).checked()
    np.testing.assert_array_equal(agreed.threat.tariffs, raised)
    assert min(agreed.gains.values()) > 0


def test_nothing_to_agree_is_told() -> None:
    world = symmetric_world(tariff=0.0)
    agreed = talks(world, pairs=[("R00", "R01")])
    assert (agreed.tariffs == world.tariffs).all()
    assert not agreed.worthwhile
    assert "Nothing to agree on" in str(agreed)


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([], "no pair"),
        ([("R00", "R00")], "not a pair of two different"),
        ([("R00", "R01", "R02")], "not a pair of two different"),
        ([("R00", "R01"), ("R01", "R00")], "named twice"),
    ],
)
def test_pairs_that_are_none(pairs: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(RequestError, match=told):
        talks(symmetric_world(), pairs=pairs)


def test_pairs_take_no_players_or_rule() -> None:
    with pytest.raises(RequestError, match="leave players and rule out"):
        talks(symmetric_world(), ["R00", "R01"], pairs=TRIANGLE)
