"""Accounts of the shipped case: identities that must hold whatever the numbers are."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import winset
from tolerances import SOLVER
from winset.model.shocks import Shock
from winset.model.solve import solve
from winset.valuation.translate import calibrated, package_tariffs
from winset.valuation.value import Valuation
from winset.workflow import OpenCase


@pytest.fixture(scope="module")
def opened() -> OpenCase:
    return winset.open_case("korea-us-2025")


@pytest.fixture(scope="module")
def valuation(opened: OpenCase) -> Valuation:
    return opened.value_all()


def test_lines_add_up_to_the_net(valuation: Valuation) -> None:
    for account in valuation.accounts:
        for party in account.parties.values():
            assert sum(line.band.value for line in party.lines) == pytest.approx(party.net.value, abs=1e-9)
            for line in party.lines:
                assert line.band.low <= line.band.value <= line.band.high
                assert line.unit
                assert line.horizon
                assert line.rests_on


def test_a_package_against_itself_is_worth_nothing_to_anyone(opened: OpenCase) -> None:
    account = opened.value("november-2025-terms", against="november-2025-terms")
    for party in account.parties.values():
        assert (party.net.low, party.net.value, party.net.high) == (0.0, 0.0, 0.0)


def test_the_status_quo_on_the_base_date_is_no_shock(opened: OpenCase) -> None:
    """The law of the base date is calibrated in, so the package that keeps it moves nothing."""
    world = calibrated(opened.case, opened.world)
    package = opened.case.package("korus-2024")
    rates = package_tariffs(
        opened.case, package, opened.world, on=opened.case.law.base_date, statuses=("in_force",)
    )
    assert np.array_equal(rates, world.tariffs)
    assert solve(world, Shock(tariffs=rates)).real_income_hat == pytest.approx(1, abs=1e-13)


def test_against_b_is_minus_b_against_a_on_one_day(opened: OpenCase) -> None:
    day = dt.date(2025, 11, 14)
    there = opened.value("november-2025-terms", against="threat-25", on=day)
    back = opened.value("threat-25", against="november-2025-terms", on=day)
    for code in opened.case.reported:
        ours, theirs = there.parties[code], back.parties[code]
        tariffs = ours.line("tariffs").band.value
        assert tariffs == pytest.approx(-theirs.line("tariffs").band.value, rel=SOLVER, abs=1e-6)


def test_the_tariff_line_by_hand(opened: OpenCase) -> None:
    """One account recomputed step by step from the public solver."""
    case, raw = opened.case, opened.world
    world = calibrated(case, raw.with_elasticities("BSY"))
    hats = {}
    for name in ("threat-25", "korus-2024"):
        package = case.package(name)
        day = case.package("threat-25").background_day
        rates = package_tariffs(case, package, raw, on=day, statuses=("in_force",))
        hats[name] = solve(world, Shock(tariffs=rates)).checked().real_income_hat[world.region("KOR")]
    yearly = world.income[world.region("KOR")] * (hats["threat-25"] - hats["korus-2024"])
    present = sum(yearly * 1.03**-y for y in range(1, 11))
    account = opened.value("threat-25", against="korus-2024")
    assert account.parties["KOR"].line("tariffs").band.value == pytest.approx(present, rel=1e-7)


def test_named_rates_reach_the_right_cell(opened: OpenCase) -> None:
    """Cars at 25 additional on 2025-10-31 and 15 total a day later, from exporter Korea to importer US."""
    case, world = opened.case, opened.world
    korea, america, cars = world.region("KOR"), world.region("USA"), world.sector("C29")
    before, after = (
        case.law.tariffs(
            world.tariffs, regions=world.regions, sectors=world.sectors, on=day, statuses=("in_force",)
        )
        for day in (dt.date(2025, 10, 31), dt.date(2025, 11, 1))
    )
    normal = world.tariffs[korea, america, cars]
    assert before[korea, america, cars] == pytest.approx(normal + 0.25)
    assert after[korea, america, cars] == pytest.approx(0.15)
    assert before[america, korea, cars] == world.tariffs[america, korea, cars]


def test_korea_at_25_percent_is_where_published_estimates_are(opened: OpenCase) -> None:
    """-0.2 to -0.7 percent of real income, the span of KIEP, KIET and NABO."""
    band = opened.value("threat-25", against="korus-2024").parties["KOR"].memo("real-income").band
    assert -0.7 <= band.low <= band.high <= -0.2


def test_revenue_is_a_memo_and_never_a_line(valuation: Valuation) -> None:
    for account in valuation.accounts:
        for party in account.parties.values():
            assert "revenue" not in {line.id for line in party.lines}
            assert party.memo("revenue")


def test_real_income_of_every_region_is_told_and_agrees_with_the_memos(
    valuation: Valuation, opened: OpenCase
) -> None:
    for account in valuation.accounts:
        assert set(account.real_income) == set(opened.world.regions)
        for code, party in account.parties.items():
            assert account.real_income[code] == party.memo("real-income").band


def test_what_two_packages_share_cancels(opened: OpenCase) -> None:
    """The November commitments stand under Section 122, so against November only tariffs remain."""
    account = opened.value("section-122", against="november-2025-terms")
    assert [line.id for line in account.parties["KOR"].lines] == ["tariffs"]


def test_given_up_commitments_return_with_the_opposite_sign(opened: OpenCase) -> None:
    there = opened.value("november-2025-terms", against="korus-2024").parties["KOR"]
    back = opened.value("korus-2024", against="november-2025-terms").parties["KOR"]
    for line in there.lines[1:]:
        other = back.line(f"{line.id}@november-2025-terms").band
        assert other.value == pytest.approx(-line.band.value)
        assert (other.low, other.high) == pytest.approx((-line.band.high, -line.band.low))


def test_choices_are_checked_before_anything_is_solved(opened: OpenCase) -> None:
    for arguments, says in (
        ({"package": "july-2025-framwork"}, "july-2025-framework"),
        ({"package": "threat-25", "against": "korus"}, "korus-2024"),
        ({"package": "threat-25", "elasticities": "BSI"}, "BSY"),
        ({"package": "threat-25", "closure": "world"}, "world-share"),
    ):
        with pytest.raises(winset.WinsetError) as caught:
            opened.value(**arguments)
        assert says in str(caught.value)
