"""Break-evens, years, the table of baselines and the political payoff."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import winset
from case_copies import copied
from tolerances import SOLVER
from winset.valuation.account import PartyAccount
from winset.valuation.breakeven import crossing
from winset.workflow import OpenCase

CASH = """commitments:
  - {kind: defence-payment, id: d, label: d, payer: KOR, recipient: USA, amount: 10000, start: 2026, years: 5,
     paid_anyway: 0, local_gain: 0, status: agreed, citation: [k29-usfk-33]}
"""


@pytest.fixture(scope="module")
def opened() -> OpenCase:
    return winset.open_case("korea-us-2025")


@pytest.fixture(scope="module")
def korea(opened: OpenCase) -> PartyAccount:
    return opened.value("november-2025-terms", against="threat-25").parties["KOR"]


def test_crossing_by_halving() -> None:
    target = np.array([0.2, 0.7, 2.0])
    rising = crossing(lambda x: x - target, 0.0, 1.0, 3)
    assert rising[:2] == pytest.approx([0.2, 0.7], abs=1e-12)
    assert math.isnan(rising[2]), "no sign change, no root"
    assert crossing(lambda x: target - x, 0.0, 1.0, 3)[:2] == pytest.approx([0.2, 0.7], abs=1e-12)
    assert crossing(lambda x: x * 0, 0.0, 1.0, 0).shape == (0,)


def edited(folder: Path, changes: dict[str, str]) -> OpenCase:
    """A copy whose assumptions are fixed at other values."""
    target = copied(folder)
    path = target / "case.yaml"
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        for id, value in changes.items():
            if f"id: {id}," in line:
                head, _, tail = line.partition("value: ")
                line = f"{head}value: {value}, low: {value}, high: {value}, unit:{tail.partition('unit:')[2]}"
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return winset.open_case(target)


def even(party: PartyAccount, id: str) -> float:
    value = next(one for one in party.break_evens if one.id == id).value
    assert value is not None
    return value


def test_at_the_break_even_the_payer_is_indifferent(tmp_path: Path, korea: PartyAccount) -> None:
    """The inputs are written into the case and the account is made again: its net is zero."""
    share = even(korea, "planned-anyway")
    again = edited(tmp_path / "a", {"pledge-planned": f"{share:.17g}", "ships-planned": f"{share:.17g}"})
    net = again.value("november-2025-terms", against="threat-25").parties["KOR"].net
    assert net.value == pytest.approx(0, abs=1e-4)
    cash = even(korea, "project-yield")
    again = edited(tmp_path / "b", {"project-yield": f"{cash:.17g}", "ship-yield": f"{cash:.17g}"})
    assert again.value("november-2025-terms", against="threat-25").parties["KOR"].net.value == pytest.approx(
        0, abs=1e-4
    )


def test_what_break_evens_mean(opened: OpenCase, korea: PartyAccount) -> None:
    pledges = [line.band.value for line in korea.lines if line.id.startswith("pledge")]
    others = korea.net.value - sum(pledges)
    grant = next(one for one in korea.break_evens if one.id == "grant-share")
    assert grant.assumed is not None
    # A gift of the break-even share costs what everything else brings.
    assert grant.value == pytest.approx(others / (-sum(pledges) / grant.assumed), rel=SOLVER)
    annuity = sum(1.03**-y for y in range(1, 11))
    assert even(korea, "security-service") == pytest.approx(-korea.net.value / annuity, rel=SOLVER)
    assert "security-service" not in {line.id for line in korea.lines}, "never in the account"
    for one in korea.break_evens:
        assert one.draws is None or one.draws.count <= 200
    america = opened.value("november-2025-terms", against="threat-25").parties["USA"]
    assert america.break_evens == (), "it pays nothing"


def test_break_evens_move_the_right_way(opened: OpenCase, tmp_path: Path, korea: PartyAccount) -> None:
    """A threat that is worse for the payer lets it give more; a higher required return asks for more."""
    easier = opened.value("november-2025-terms", against="paid-2025-04").parties["KOR"]
    yields = [next(o for o in p.break_evens if o.id == "project-yield").value for p in (korea, easier)]
    assert yields[1] is None or yields[0] < yields[1]
    nets = [korea.net.value, easier.net.value]
    assert nets[0] > nets[1]
    dearer = edited(tmp_path, {"required-return": "0.08"}).value("november-2025-terms", against="threat-25")
    assert even(dearer.parties["KOR"], "project-yield") > even(korea, "project-yield")
    assert even(dearer.parties["KOR"], "planned-anyway") > even(korea, "planned-anyway")


def test_none_where_nothing_would_do(opened: OpenCase) -> None:
    """Against the agreement that stood before, tariffs alone are a loss, so no pledge is light enough."""
    party = opened.value("november-2025-terms", against="korus-2024").parties["KOR"]
    found = {one.id: one for one in party.break_evens}
    for id in ("grant-share", "planned-anyway"):
        assert found[id].value is None
        assert "worse off at every value from 0 to 1" in found[id].why


def test_years_discount_to_the_tariff_line(opened: OpenCase) -> None:
    account = opened.value("november-2025-terms", against="threat-25")
    for party in account.parties.values():
        assert [one.year for one in party.years] == list(range(1, 11))
        assert sum(one.discounted for one in party.years) == pytest.approx(
            party.line("tariffs").band.value, abs=1e-6
        )
        annual = party.memo("annual").band
        for one in party.years:
            assert one.value.value == pytest.approx(annual.value, abs=1e-6)
            assert (one.value.low, one.value.high) == pytest.approx((annual.low, annual.high), abs=1e-6)


def test_the_headline_is_held_against_every_other_package(opened: OpenCase) -> None:
    valuation = opened.value_all()
    head = opened.case.sheet.headline.package
    table = {account.against: account for account in valuation.against_table}
    assert set(table) == set(opened.case.packages) - {head}
    assert {account.name for account in table.values()} == {head}
    for against, account in table.items():
        alone = opened.value(head, against=against)
        for code in opened.case.parties:
            assert account.parties[code].net == alone.parties[code].net
            assert account.parties[code].draws == alone.parties[code].draws
    signs = {account.parties["KOR"].net.value > 0 for account in table.values()}
    sizes = [account.parties["KOR"].net.value for account in table.values()]
    assert len(signs) == 2 or max(sizes) - min(sizes) > 1e4, "size changes with the baseline"


def test_pure_cash_nets_to_zero(tmp_path: Path) -> None:
    target = copied(tmp_path, CASH)
    account = winset.open_case(target).value("test", against="korus-2024")
    lines = [account.parties[code].line("d").band.value for code in ("KOR", "USA")]
    assert lines[0] < 0
    assert sum(lines) == pytest.approx(0, abs=1e-9), "equal discount rates at the centre"


def test_weights_of_one_are_the_economic_account(opened: OpenCase, tmp_path: Path) -> None:
    assert opened.value("threat-25", against="korus-2024").parties["KOR"].political is None
    target = copied(tmp_path)
    path = target / "case.yaml"
    text = path.read_text(encoding="utf-8")
    weights = "discount-kor, weights: {C29: 3}, weights_why: test,"
    path.write_text(
        text.replace("role: party, discount_rate: discount-kor,", f"role: party, discount_rate: {weights}", 1),
        encoding="utf-8",
    )
    party = winset.open_case(target).value("threat-25", against="korus-2024").parties["KOR"]
    cars = next(one for one in party.sectors if one.sector == "C29")
    assert cars.weight == 3
    assert party.political is not None
    annuity = sum(1.03**-y for y in range(1, 11))
    # Weight 3 counts the sector's value added two more times.
    assert party.political.value == pytest.approx(
        party.net.value + 2 * cars.value_added.value * annuity, rel=SOLVER
    )
    assert cars.value_added.value < 0
    assert party.political.value < party.net.value
    plain = opened.value("threat-25", against="korus-2024").parties["KOR"]
    assert party.net.value == pytest.approx(plain.net.value, rel=SOLVER), "the economic account stays"


def test_places_share_a_sector_and_weigh_it(opened: OpenCase, tmp_path: Path) -> None:
    target = copied(tmp_path)
    path = target / "case.yaml"
    text = path.read_text(encoding="utf-8")
    plain = "role: party, discount_rate: discount-kor,"

    def written(places: str) -> None:
        path.write_text(text.replace(plain, f"{plain} places: [{places}],", 1), encoding="utf-8")

    port = "{name: Port, weight: 2, shares: {C29: 0.4, C301: 0.5}, why: test}"
    rest = "{name: Rest, shares: {C29: 0.6}, why: test}"
    written(f"{port}, {rest}")
    party = winset.open_case(target).value("threat-25", against="korus-2024").parties["KOR"]
    by_sector = {one.sector: one for one in party.sectors}
    cars, ships = (by_sector[code].value_added.value for code in ("C29", "C301"))
    assert [place.name for place in party.places] == ["Port", "Rest"]
    assert party.places[0].value_added.value == pytest.approx(0.4 * cars + 0.5 * ships)
    assert party.places[1].value_added.value == pytest.approx(0.6 * cars)
    # A weight of 2 on 0.4 of the sector counts that part once more: 1 + 0.4 x (2 - 1).
    assert (by_sector["C29"].weight, by_sector["C301"].weight) == pytest.approx((1.4, 1.5))
    assert party.political is not None
    annuity = sum(1.03**-y for y in range(1, 11))
    expected = party.net.value + (0.4 * cars + 0.5 * ships) * annuity
    assert party.political.value == pytest.approx(expected, rel=SOLVER)
    written(f"{port}, {port.replace('0.4', '0.7')}")
    with pytest.raises(winset.WinsetError, match=r"C29 sum to 1\.1"):
        winset.open_case(target)
    written(port.replace("C301", "C3O1"))
    with pytest.raises(winset.WinsetError, match="C301"):
        winset.open_case(target)


def test_sectors_are_complete(opened: OpenCase) -> None:
    party = opened.value("threat-25", against="korus-2024").parties["KOR"]
    cars = next(one for one in party.sectors if one.sector == "C29")
    assert cars.output.value < 0
    assert cars.exports is not None
    assert cars.exports < 0
    assert cars.exports_to["USA"] < cars.exports
    assert all(one.value_added.low <= one.value_added.value <= one.value_added.high for one in party.sectors)


def test_the_net_in_own_currency(opened: OpenCase, korea: PartyAccount) -> None:
    memo = korea.memo("own-currency")
    # Millions of dollars of 2022, x 1.09 to 2025, x 1,380 won, in trillions.
    assert memo.band.value == pytest.approx(korea.net.value * 1.09 * 1380 / 1e6, rel=SOLVER)
    assert memo.unit.startswith("trillion won of 2025")
    assert {"price-level", "won-per-dollar"} <= set(memo.rests_on)
    america = opened.value("november-2025-terms", against="threat-25").parties["USA"]
    assert "own-currency" not in {one.id for one in america.memos}
