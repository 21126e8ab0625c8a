"""The arithmetic of pledges, purchases and payments, against hand computation and stated illustrations."""

from __future__ import annotations

import pytest

from winset.package.case import Assumption
from winset.package.terms import DefencePayment, InvestmentPledge, PurchaseCommitment, yearly_amounts
from winset.valuation.commitments import Prices, commitment_bands, commitment_value, pledge_per_dollar

PLAIN = Prices(valued_in=2025, inflation=0.0, price_level=1.0, discount={"KOR": 0.0, "USA": 0.0})
COMMON = {"payer": "KOR", "recipient": "USA", "start": 2026, "status": "agreed", "citation": ["c"]}


def number(parameter: float | str) -> float:
    return float(parameter)


def pledge(**changes: object) -> InvestmentPledge:
    parts: dict[str, object] = {
        "kind": "investment-pledge",
        "id": "p",
        "label": "p",
        "amount": 1000.0,
        "years": 10,
        "planned_anyway": 0.0,
        "credit_share": 0.0,
        "grant_element": 0.0,
        "project_yield": 0.08,
        "required_return": 0.05,
        "deemed_rate": 0.05,
        "share_before": 0.5,
        "share_after": 0.1,
        **COMMON,
        **changes,
    }
    return InvestmentPledge.model_validate(parts)


@pytest.mark.parametrize(
    ("project_yield", "at_4_5"),
    # Design illustration: 20 years of level cash after two years, half until principal and 5.5 percent are
    # back, then a tenth. At 12 percent the split never changes and the value is exactly
    # -1 + 0.06 x 13.0079 x 1.045^-2 = -0.2853; the illustration prints -0.28.
    [(0.06, -0.64), (0.08, -0.52), (0.10, -0.40), (0.12, -0.2853), (0.15, -0.11), (0.20, 0.12)],
)
def test_split_rule_against_the_illustration(project_yield: float, at_4_5: float) -> None:
    payer, _ = pledge_per_dollar(
        project_yield=project_yield, required_return=0.045, deemed_rate=0.055, share_before=0.5,
        share_after=0.1, life=20, lag=2,
    )  # fmt: skip
    assert payer == pytest.approx(at_4_5, abs=0.005)


def test_split_rule_at_a_higher_required_return() -> None:
    values = [
        pledge_per_dollar(
            project_yield=y,
            required_return=0.06,
            deemed_rate=0.055,
            share_before=0.5,
            share_after=0.1,
            life=20,
            lag=2,
        )[0]
        for y in (0.06, 0.20)
    ]
    assert values == pytest.approx([-0.69, -0.03], abs=0.005)


def test_both_sides_share_the_cash_of_the_project() -> None:
    """Payer plus host is the project itself: its discounted cash less the dollar put in."""
    for share_after in (0.0, 0.3, 1.0):
        payer, host = pledge_per_dollar(
            project_yield=0.3, required_return=0.04, deemed_rate=0.05, share_before=0.6, share_after=share_after,
            life=15, lag=1,
        )  # fmt: skip
        project = sum(0.3 * 1.04**-y for y in range(2, 17)) - 1
        assert payer + host == pytest.approx(project, rel=1e-12)


def test_schedule_is_ten_equal_payments_from_the_next_year() -> None:
    amounts = yearly_amounts(pledge(), 2025)
    assert amounts == [(k, 100.0) for k in range(1, 11)]
    # Already begun: nothing is lost, the first payment falls one year after valuation.
    assert yearly_amounts(pledge(start=2020), 2025)[0] == (1, 100.0)
    assert yearly_amounts(pledge(start=2030), 2025)[0] == (5, 100.0)


def test_present_value_of_twenty_billion_a_year() -> None:
    """20 a year for ten years: 147 at 6 percent, 158 at 4.5 percent (billions)."""
    payment = DefencePayment.model_validate(
        {"kind": "defence-payment", "id": "d", "label": "d", "amount": 200_000.0, "years": 10,
         "paid_anyway": 0.0, "local_gain": 0.0, **COMMON}
    )  # fmt: skip
    for rate, expected in ((0.06, 147.2), (0.045, 158.3)):
        prices = Prices(valued_in=2025, inflation=0.0, price_level=1.0, discount={"KOR": rate, "USA": rate})
        value = commitment_value(payment, prices, number)
        assert value["USA"] / 1000 == pytest.approx(expected, abs=0.05)
        assert value["KOR"] + value["USA"] == pytest.approx(0, abs=1e-9), "pure cash nets to zero"


def test_inflation_and_price_level_deflate() -> None:
    payment = DefencePayment.model_validate(
        {"kind": "defence-payment", "id": "d", "label": "d", "amount": 100.0, "years": 1,
         "paid_anyway": 0.0, "local_gain": 0.0, **COMMON}
    )  # fmt: skip
    prices = Prices(valued_in=2025, inflation=0.02, price_level=1.1, discount={"KOR": 0.03, "USA": 0.03})
    # 100 paid in one year, worth 100 / (1.03 x 1.02) in today's dollars and / 1.1 in base-year dollars.
    assert commitment_value(payment, prices, number)["USA"] == pytest.approx(100 / (1.03 * 1.02) / 1.1)


def test_splitting_a_pledge_changes_nothing() -> None:
    whole = commitment_value(pledge(), PLAIN, number)
    halves = commitment_value(pledge(amount=500.0), PLAIN, number)
    assert {p: 2 * v for p, v in halves.items()} == pytest.approx(whole)


def test_what_would_have_been_done_anyway_is_worth_nothing() -> None:
    assert commitment_value(pledge(planned_anyway=1.0), PLAIN, number) == pytest.approx({"KOR": 0, "USA": 0})
    bought = PurchaseCommitment.model_validate(
        {"kind": "purchase", "id": "q", "label": "q", "good": "energy", "amount": 100.0, "years": 4,
         "bought_anyway": 0.8, "premium": 0.1, "seller_gain": 0.05, **COMMON}
    )  # fmt: skip
    # 100 x 0.2 diverted = 20: the buyer pays 10 percent more, the seller's country gains 5 percent.
    assert commitment_value(bought, PLAIN, number) == pytest.approx({"KOR": -2.0, "USA": 1.0})


def test_credit_costs_its_grant_element_and_nothing_else() -> None:
    value = commitment_value(pledge(credit_share=1.0, grant_element=0.05), PLAIN, number)
    assert value == pytest.approx({"KOR": -50.0, "USA": 50.0})


def test_bands_are_the_corners_of_the_ranges() -> None:
    assumed = {
        "z": Assumption(id="z", label="z", value=0.2, low=0.0, high=0.5, unit="fraction", why="test"),
        "g": Assumption(id="g", label="g", value=0.05, low=0.0, high=0.1, unit="fraction", why="test"),
    }
    term = pledge(planned_anyway="z", credit_share=1.0, grant_element="g")
    bands, used = commitment_bands(term, PLAIN, assumed)
    assert used == ("g", "z")
    # Payer: -(1 - z) g x 1000. Centre 0.8 x 0.05; worst 1.0 x 0.1; best 0.
    assert bands["KOR"].value == pytest.approx(-40)
    assert (bands["KOR"].low, bands["KOR"].high) == pytest.approx((-100, 0))


def test_a_schedule_above_its_cap_is_refused() -> None:
    with pytest.raises(ValueError, match="above the yearly cap"):
        pledge(yearly_cap=99.0)
