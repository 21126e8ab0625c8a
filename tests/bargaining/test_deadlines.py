"""Alternating offers and dated disagreement: printed values, limits of the theory, and slow recursion."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.bargaining.alternating import Curve, Packages, alternating_offers
from winset.bargaining.deadlines import DisagreementPath, settle, standing_offer
from winset.bargaining.finite import bargain
from winset.core.errors import RequestError, UnknownNameError


def line() -> Curve:
    return Curve(lambda u: 1 - u, 0.0, 1.0)


@pytest.mark.parametrize(
    ("periods", "expected"), [(1, (1.0, 0.0)), (2, (0.1, 0.9)), (3, (0.91, 0.09)), (None, (1 / 1.9, 0.9 / 1.9))]
)
def test_printed_values(periods: int | None, expected: tuple[float, float]) -> None:
    for frontier in (line(), Curve.through([[0, 1], [1, 0]])):
        out = alternating_offers(frontier, (0.9, 0.9), periods=periods)
        assert out.payoffs == pytest.approx(expected, abs=1e-12)
        assert out.agreed
        assert out.converged


@settings(max_examples=60)
@given(st.floats(0.05, 0.97), st.floats(0.05, 0.97))
def test_first_movers_share(one: float, other: float) -> None:
    out = alternating_offers(line(), (one, other))
    assert out.payoffs[0] == pytest.approx((1 - other) / (1 - one * other), abs=1e-10)
    second = alternating_offers(line(), (one, other), first=1)
    assert second.payoffs[1] == pytest.approx((1 - one) / (1 - one * other), abs=1e-10)


def test_inside_options_are_the_threat_under_patience() -> None:
    """Flows (1 - d) g while talking: Nash with threat point g as d goes to one (first-order gap)."""
    g = np.array([0.3, 0.1])
    for patience in (0.99, 0.999):
        out = alternating_offers(line(), (patience, patience), inside=(1 - patience) * g)
        assert out.payoffs == pytest.approx([0.6, 0.4], abs=1 - patience)


def test_breakdown_payoffs_are_the_threat_under_risk() -> None:
    for hazard in (1e-2, 1e-3):
        out = alternating_offers(line(), (1, 1), breakdown=hazard, after_breakdown=(0.3, 0.1))
        assert out.payoffs == pytest.approx([0.6, 0.4], abs=hazard)


def test_outside_options_bind_only_as_bounds() -> None:
    free = alternating_offers(line(), (0.9, 0.9)).payoffs
    assert alternating_offers(line(), (0.9, 0.9), outside=(0.2, 0.4)).payoffs == pytest.approx(free, abs=1e-12)
    assert alternating_offers(line(), (0.9, 0.9), outside=(0.0, 0.6)).payoffs == pytest.approx([0.4, 0.6])
    # Nothing to divide beyond what leaving gives: they leave.
    gone = alternating_offers(line(), (0.9, 0.9), outside=(0.7, 0.8))
    assert not gone.agreed
    assert gone.payoffs == pytest.approx([0.7, 0.8])


def test_a_curved_frontier_tends_to_nash() -> None:
    curve = Curve(lambda u: 1 - u**2, 0.0, 1.0)
    out = alternating_offers(curve, (0.999, 0.999))
    assert out.payoffs == pytest.approx([1 / np.sqrt(3), 2 / 3], abs=1e-3)


@settings(max_examples=200)
@given(st.integers(0, 1_000_000))
def test_lists_against_slow_recursion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(-2, 8, (int(rng.integers(1, 9)), 2)).astype(float)
    discount = rng.uniform(0.3, 1.0, 2)
    inside, end, broken = rng.uniform(-0.5, 0.5, 2), rng.uniform(-1, 2, 2), rng.uniform(-1, 1, 2)
    outside = rng.uniform(-1, 3, 2) if rng.random() < 0.5 else None
    hazard, periods = float(rng.choice([0.0, 0.3])), int(rng.integers(1, 7))

    @cache
    def value(t: int) -> tuple[float, float]:
        if t == periods:
            return tuple(end)
        after = value(t + 1)
        wait = [inside[i] + discount[i] * ((1 - hazard) * after[i] + hazard * broken[i]) for i in (0, 1)]
        me, you = t % 2, 1 - t % 2
        if outside is not None and outside[you] > wait[you]:
            wait = list(outside)
        fine = [u for u in table if u[you] >= wait[you] - 1e-12]
        best = max(fine, key=lambda u: (u[me], u[you]), default=None)
        return tuple(best) if best is not None and best[me] >= wait[me] - 1e-12 else tuple(wait)

    out = alternating_offers(
        Packages(table),
        discount,
        periods=periods,
        inside=inside,
        outside=outside,
        breakdown=hazard,
        after_breakdown=broken,
        after_deadline=end,
    )
    assert out.payoffs == pytest.approx(value(0), abs=1e-9)
    if out.agreed:
        assert table[out.package] == pytest.approx(out.payoffs)


def test_nobody_in_a_hurry_is_refused() -> None:
    with pytest.raises(RequestError, match="hurry"):
        alternating_offers(line(), (1.0, 0.9))
    with pytest.raises(RequestError, match="discounts"):
        alternating_offers(line(), (0.0, 0.9))
    with pytest.raises(RequestError, match="fall"):
        Curve(lambda u: u, 0, 1)


def path(hazard: float = 0.0) -> DisagreementPath:
    """A pause until July, then a snap-back: three dates, the last with what follows for ever."""
    return DisagreementPath(
        parties=("here", "there"),
        dates=(dt.date(2030, 1, 1), dt.date(2030, 7, 1), dt.date(2031, 1, 1)),
        flows=np.array([[0.0, 1.0], [-5.0, 2.0], [-100.0, -10.0]]),
        rates=np.array([0.05, 0.02]),
        hazard=np.array([0.0, hazard, 0.0]),
        breakdown=np.array([[0.0, 0.0], [-50.0, 30.0], [0.0, 0.0]]),
    )


@pytest.mark.parametrize("hazard", [0.0, 0.25])
def test_the_dated_disagreement_point_by_hand(hazard: float) -> None:
    p = path(hazard)
    for i, rate in enumerate((0.05, 0.02)):
        first, second = (1 + rate) ** (-181 / 365.25), (1 + rate) ** (-184 / 365.25)
        last = p.flows[2, i]
        middle = p.flows[1, i] + second * ((1 - hazard) * last + hazard * p.breakdown[1, i])
        assert p.never[:, i] == pytest.approx([p.flows[0, i] + first * middle, middle, last])


def test_a_standing_offer() -> None:
    p = path()
    # 'there' has flows while it waits and loses at the end: it takes an offer of zero on the last date.
    late = standing_offer(p, "there", 0.0)
    assert late.settle_on == p.dates[2]
    assert late.option == pytest.approx(1.0 + 2.0 * 1.02 ** (-181 / 365.25))
    soon = standing_offer(p, "here", 1.0)
    assert soon.settle_on == p.dates[0]
    assert soon.option == 0.0
    never = standing_offer(p, "here", -1000.0)
    assert never.settle_on is None
    assert never.value == pytest.approx(p.never[:, 0])
    # With a court that may decide for it, waiting is worth more to 'there'.
    assert standing_offer(path(0.25), "there", 0.0).value[1] > late.value[1]


@settings(max_examples=100)
@given(st.integers(0, 1_000_000))
def test_settlement_against_slow_recursion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count, n, k = int(rng.integers(1, 6)), int(rng.integers(2, 4)), int(rng.integers(1, 7))
    days = np.cumsum(rng.integers(1, 200, count))
    p = DisagreementPath(
        parties=tuple("ABC"[:n]),
        dates=tuple(dt.date(2030, 1, 1) + dt.timedelta(days=int(d)) for d in days),
        flows=rng.normal(size=(count, n)),
        rates=rng.uniform(0, 0.3, n),
        hazard=rng.uniform(0, 0.5, count),
        breakdown=rng.normal(size=(count, n)),
    )
    table = rng.normal(size=(count, k, n))
    ratified = rng.random(k) < 0.8

    def value(t: int) -> np.ndarray:
        if t == count - 1:
            on = p.flows[t]
        else:
            d = (1 + p.rates) ** (-(p.dates[t + 1] - p.dates[t]).days / 365.25)
            on = p.flows[t] + d * ((1 - p.hazard[t]) * value(t + 1) + p.hazard[t] * p.breakdown[t])
        fine = [j for j in range(k) if ratified[j] and (table[t, j] >= np.maximum(on, p.never[t])).all()]
        if not fine:
            return on
        gains = table[t, fine] - np.maximum(on, p.never[t])
        return table[t, fine[int(bargain(gains, np.zeros(n)).nash[0])]]

    out = settle(p, table, ratified=ratified.tolist())
    assert out.value[0] == pytest.approx(value(0))
    assert (out.value >= out.never - 1e-12).all()
    assert (out.cost_of_waiting >= -1e-12).all()
    if out.settle_on is not None:
        assert out.package[p.dates.index(out.settle_on)] >= 0
    json.dumps(out.as_plain(), allow_nan=False)


def test_who_settles_when() -> None:
    """The side that is paid to wait signs on the last day, unless the offer loses more than the pause pays."""
    p = path()
    late = settle(p, [[1.0, 4.0]])
    # In July going on is worth 2 and a later 4, more than 4; today another flow of 1 comes before it.
    assert late.package == (-1, -1, 0)
    assert late.settle_on == p.dates[2]
    assert late.earliest == {"here": p.dates[0], "there": p.dates[2]}
    soon = settle(p, [[[1.0, 9.0]], [[1.0, 4.0]], [[1.0, 4.0]]])
    assert soon.package == (0, -1, 0)
    assert soon.settle_on == p.dates[0]
    never = settle(p, [[-200.0, 0.0]])
    assert never.settle_on is None
    assert never.value == pytest.approx(p.never)


def test_paths_with_mistakes_are_refused() -> None:
    good = {"parties": ("a",), "dates": (dt.date(2030, 1, 1),), "flows": [[1.0]], "rates": [0.1]}
    DisagreementPath(**good)  # type: ignore[arg-type]
    for change in (
        {"dates": (dt.date(2030, 1, 1),) * 2, "flows": [[1.0], [1.0]]},
        {"flows": [[np.nan]]},
        {"hazard": [1.5]},
        {"rates": [0.1, 0.2]},
    ):
        with pytest.raises(RequestError):
            DisagreementPath(**{**good, **change})  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="here"):
        standing_offer(path(), "heer", 0.0)
