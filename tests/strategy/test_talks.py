"""Agreements against brute force over all tariffs of a tiny world, and the talks of Ossa (2014)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from strategy.tariff_worlds import Floats, N, log_real_income, small_world, symmetric_world, two_regions
from winset.model.baseline import Baseline
from winset.model.shocks import Shock
from winset.replications.ossa_2014_setting import load
from winset.strategy.talks import RULES, talks
from winset.strategy.war import nash_tariffs

GRID = np.linspace(0.0, 0.5, 21)
CLOSE = 2e-4
"""Proportional gain: what a grid of 2.5 points may leave on the table, the frontier being one-dimensional."""


@cache
def tiny() -> Baseline:
    return two_regions()


@cache
def gains_on_grid() -> Floats:
    """(k, 2) proportional gains of both regions over the status quo, for every pair of tariffs."""
    world = tiny()
    now = log_real_income(world, world.tariffs)
    found = []
    for one in GRID:
        for other in GRID:
            tariffs = np.zeros((2, 2, 1))
            tariffs[1, 0], tariffs[0, 1] = one, other
            found.append(np.expm1(log_real_income(world, tariffs) - now))
    return np.array(found)


def value(rule: str, gains: Floats, ideals: Floats) -> Floats:
    """What a rule maximises, over rows of gains (k, 2); minus infinity where someone loses."""
    if rule == "nash":
        worth = np.sqrt(np.maximum(gains, 0.0).prod(axis=1))
    elif rule == "utilitarian":
        worth = gains @ tiny().income / tiny().income.sum()
    elif rule == "kalai-smorodinsky":
        worth = (gains / ideals).min(axis=1)
    else:
        worth = gains.min(axis=1)
    found: Floats = np.where((gains >= -1e-9).all(axis=1), worth, -np.inf)
    return found


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_against_a_grid(rule: str) -> None:
    agreed = talks(tiny(), rule=rule).checked()
    gains = gains_on_grid()
    rational = gains[(gains >= 0).all(axis=1)]
    ideals = rational.max(axis=0)
    ours = np.array([list(agreed.gains.values())])
    np.testing.assert_allclose(
        ours[0], np.expm1(log_real_income(tiny(), agreed.tariffs) - log_real_income(tiny(), tiny().tariffs)),
        atol=1e-9,
    )  # fmt: skip
    if rule == "kalai-smorodinsky":
        assert agreed.ideals is not None
        found = np.array(list(agreed.ideals.values()))
        assert (found > ideals - 1e-6).all()
        np.testing.assert_allclose(found, ideals, atol=20 * CLOSE)
        ideals = found
    best = value(rule, gains, ideals).max()
    mine = value(rule, ours, ideals)[0]
    assert mine >= best - 1e-6
    slack = CLOSE / ideals.min() if rule == "kalai-smorodinsky" else CLOSE
    assert mine <= best + 10 * slack
    # Weakly efficient: no point of the grid is better for both.
    assert not (gains > ours + 1e-6).all(axis=1).any()


def test_nash_with_weights_moves_towards_the_stronger() -> None:
    even = talks(tiny(), rule="nash").checked()
    strong = talks(tiny(), rule="nash", weights={"R00": 3.0, "R01": 1.0}).checked()
    assert strong.gains["R00"] > even.gains["R00"]
    assert strong.gains["R01"] < even.gains["R01"]
    gains = gains_on_grid()
    worth = np.maximum(gains, 0) ** np.array([0.75, 0.25])
    ours = strong.gains["R00"] ** 0.75 * strong.gains["R01"] ** 0.25
    assert ours >= worth.prod(axis=1).max() - 1e-6


@pytest.mark.parametrize("disagreement", ["factual", "war"])
def test_equal_gains_are_equal_and_efficient(disagreement: str) -> None:
    world = small_world(12)
    agreed = talks(world, disagreement=disagreement).checked()
    gains = np.log1p(list(agreed.gains.values()))
    assert agreed.violation <= 1e-6
    assert agreed.worthwhile
    assert sum(agreed.weights.values()) == pytest.approx(1)
    weight = np.array([agreed.weights[name] for name in world.regions])
    if not agreed.notes:
        assert np.ptp(gains) <= 1e-6
    # Along the frontier the weighted sum of gains is stationary: no change within bounds raises it.
    base = np.log(agreed.threat.real_income_hat)
    rng = np.random.default_rng(0)
    for _ in range(25):
        other = np.clip(agreed.tariffs + 0.02 * rng.normal(size=agreed.tariffs.shape), 0, 10)
        other[np.arange(N), np.arange(N)] = 0.0
        assert weight @ (log_real_income(world, other) - base - gains) < 1e-6


def test_the_war_as_threat_is_the_war() -> None:
    world = small_world(12)
    war = nash_tariffs(world, look_further=False).checked()
    agreed = talks(world, disagreement="war", rule="nash").checked()
    np.testing.assert_allclose(agreed.threat.tariffs, war.tariffs, atol=1e-9)
    given = talks(world, disagreement=Shock(tariffs=war.tariffs), rule="nash").checked()
    for name in world.regions:
        assert given.gains[name] == pytest.approx(agreed.gains[name], abs=1e-6)
    assert min(agreed.gains.values()) > 0


def test_two_talk_and_the_third_is_told() -> None:
    world = small_world(12)
    agreed = talks(world, ["R00", "R01"], rule="nash").checked()
    moved = {tuple(cell[:2]) for cell in np.argwhere(agreed.tariffs != world.tariffs)}
    assert moved <= {(0, 1), (1, 0)}
    assert set(agreed.third_parties) == {"R02"}
    change = log_real_income(world, agreed.tariffs) - log_real_income(world, world.tariffs)
    assert agreed.third_parties["R02"] == pytest.approx(np.expm1(change[2]), abs=1e-8)
    assert "third parties" in str(agreed)


def test_liberalise_only_and_mfn() -> None:
    world = small_world(12)
    plain = talks(world, rule="utilitarian").checked()
    lower = talks(world, rule="utilitarian", liberalise_only=True).checked()
    assert (lower.tariffs <= world.tariffs + 1e-12).all()

    def total(gains: dict[str, float]) -> float:
        return float(np.array([gains[name] for name in world.regions]) @ world.income)

    assert total(dict(lower.gains)) <= total(dict(plain.gains)) + 1e-6 * world.income.sum()
    same = talks(world, ["R00", "R01"], mfn=True, rule="nash")
    assert np.ptp(same.tariffs[1:, 0], axis=0).max() < 1e-12
    assert np.ptp(same.tariffs[[0, 2], 1], axis=0).max() < 1e-12
    assert (same.tariffs[:, 2] == world.tariffs[:, 2]).all()


@pytest.mark.parametrize("rule", ["nash", "equal-gains"])
def test_the_order_of_players_does_not_matter(rule: str) -> None:
    world = small_world(12)
    one = talks(world, ["R00", "R01", "R02"], rule=rule).checked()
    other = talks(world, ["R02", "R00", "R01"], rule=rule).checked()
    assert list(other.gains) == ["R02", "R00", "R01"]
    for name in world.regions:
        assert other.gains[name] == pytest.approx(one.gains[name], abs=2e-6)


@pytest.mark.parametrize("rule", RULES)
def test_from_free_trade_among_equals_there_is_nothing_to_agree(rule: str) -> None:
    world = symmetric_world()
    agreed = talks(world, rule=rule)
    assert not agreed.worthwhile
    assert (agreed.tariffs == world.tariffs).all()
    assert "no agreement" in str(agreed)


def test_equals_with_tariffs_go_to_free_trade() -> None:
    world = symmetric_world(tariff=0.3)
    agreed = talks(world, disagreement="war", rule="nash").checked()
    assert np.ptp(list(agreed.gains.values())) < 1e-6
    free = np.expm1(log_real_income(world, np.zeros_like(world.tariffs)) - np.log(agreed.threat.real_income_hat))
    np.testing.assert_allclose(list(agreed.gains.values()), free, atol=1e-5)


@pytest.mark.parametrize(("threat", "gain"), [("factual", 0.5242), ("war", 3.4247), ("free-trade", 0.0294)])
def test_published_talks(shared: Path, threat: str, gain: float) -> None:
    """Ossa (2014), table 5, to the four digits of the model note's section 8: everybody's G by the same."""
    firms = load(shared / "data").worlds["BAS"]
    world = Baseline.from_arrays(
        regions=firms.regions, sectors=firms.industries, flows=firms.flows, tariffs=firms.tariffs,
        elasticities=firms.sigma - 1, name="ossa-2014",
    )  # fmt: skip
    agreed = talks(world, disagreement=threat, model="ossa-2014", closure="balanced").checked()
    gains = 100 * np.array(list(agreed.gains.values()))
    np.testing.assert_allclose(gains, gain, atol=1e-4)
