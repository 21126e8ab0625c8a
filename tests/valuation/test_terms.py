"""Every kind of term, from its YAML to its number: staging, quotas, access, conditions, snap-back, volumes."""

from __future__ import annotations

import datetime as dt
import itertools
import typing
from pathlib import Path

import numpy as np
import pytest

import winset
from case_copies import CARS, assumption, copied, opened
from tolerances import SOLVER
from winset.package.terms import Commitment, MarketAccess, TariffTerm
from winset.valuation.account import PackageAccount
from winset.valuation.commitments import KINDS
from winset.valuation.paths import State, _cut, branches, year_weights
from winset.valuation.translate import central, state_shock
from winset.workflow import OpenCase

PLEDGE = """
  - {{kind: investment-pledge, id: {id}, label: {id}, payer: KOR, recipient: USA, amount: {amount}, {when},
     planned_anyway: pledge-planned, credit_share: july-credit, grant_element: grant-element,
     project_yield: project-yield, required_return: required-return, deemed_rate: deemed-rate,
     share_before: 0.5, share_after: 0.1, status: agreed, citation: [k31-mou]}}"""
BUY = """
  - {{kind: purchase, id: q, label: q, payer: KOR, recipient: USA, good: energy, {what}, start: 2026, years: 4,
     bought_anyway: 0.5, premium: 0.1, seller_gain: 0.1, status: agreed, citation: [k15-energy-100]}}"""


def years(account: PackageAccount, code: str = "KOR") -> list[float]:
    return [one.value.value for one in account.parties[code].years]


def check_sums(account: PackageAccount) -> None:
    for party in account.parties.values():
        assert sum(line.band.value for line in party.lines) == pytest.approx(party.net.value, abs=1e-9)
        assert sum(one.discounted for one in party.years) == pytest.approx(
            party.line("tariffs").band.value, abs=1e-6
        )


def test_every_kind_has_its_arithmetic() -> None:
    (union, *_) = typing.get_args(Commitment)
    assert set(KINDS) == set(typing.get_args(union))


def test_years_are_weighted_by_days() -> None:
    one, other = State("a", (), ()), State("b", (), ())
    start = dt.date(2025, 8, 7)
    weights = year_weights(((start, one), (dt.date(2026, 10, 19), other)), start, 3)
    assert weights[0] == {one: 1.0}
    # From 2026-08-07 to 2026-10-18: 25 + 30 + 18 = 73 days of 365, a fifth.
    assert weights[1] == pytest.approx({one: 0.2, other: 0.8})
    assert weights[2] == {other: 1.0}
    leap = year_weights(((dt.date(2024, 2, 29), one),), dt.date(2024, 2, 29), 5)
    assert leap == [{one: 1.0}] * 5


def test_a_staged_tariff_is_the_sum_over_years_of_the_rate_in_force(tmp_path: Path) -> None:
    staged = f"  terms:\n    - {{{CARS}, rate: 25, steps: [{{since: 2030-08-07, rate: 15}}]}}\n"
    flat = "  terms:\n    - {{{cars}, rate: {rate}}}\n"
    accounts = {}
    for name, body in (
        ("s", staged),
        ("25", flat.format(cars=CARS, rate=25)),
        ("15", flat.format(cars=CARS, rate=15)),
    ):
        case = opened(tmp_path / name, body)
        accounts[name] = case.value("test", against="korus-2024")
        check_sums(accounts[name])
        if name == "s":
            solved = case.valuer().solver._solved
            assert len(solved) == 3 * 2, "two states of the package and one of the other, two elasticity sets"
    assert years(accounts["s"])[:5] == pytest.approx(years(accounts["25"])[:5], rel=SOLVER)
    assert years(accounts["s"])[5:] == pytest.approx(years(accounts["15"])[5:], rel=SOLVER)
    assert years(accounts["25"])[0] < years(accounts["15"])[0] < 0


def test_a_quota_pays_the_average_rate(tmp_path: Path) -> None:
    term = f"{CARS.replace('kind: total', 'kind: additional')}, rate: 5"
    quota = "quota: {out_of_quota_rate: 25, in_quota_share: fill}"
    case = opened(tmp_path, f"  terms:\n    - {{{term}, {quota}}}\n", extra=assumption("fill", 0.6, 0.2, 0.8))
    package, world = case.case.package("test"), case.world
    korea, america, cars = world.region("KOR"), world.region("USA"), world.sector("C29")

    def rate(fill: float) -> float:
        get = lambda p: fill if p == "fill" else central(case.case, p)  # noqa: E731
        (branch,) = branches(case.case, package, package.date, get)
        shock = state_shock(case.case, branch.spans[0][1], world, on=package.date, statuses=("in_force",))
        return float(shock.tariffs[korea, america, cars])

    # 0.6 at 5 and 0.4 at 25 percent are 13 percent on the share of the sector that is cars.
    assert rate(1.0) < rate(0.6) < rate(0.0)
    assert rate(0.6) == pytest.approx(0.6 * rate(1.0) + 0.4 * rate(0.0), abs=1e-12)
    account = case.value("test", against="korus-2024")
    drivers = {one.id: one for one in account.parties["KOR"].drivers}
    assert drivers["fill"].at_low < account.parties["KOR"].net.value < drivers["fill"].at_high
    # At its ends a point gives the equilibrium solved there, under the central set.
    fixed = opened(tmp_path / "low", f"  terms:\n    - {{{term}, {quota.replace('fill', '0.2')}}}\n").value(
        "test", against="korus-2024"
    )
    assert drivers["fill"].at_low == pytest.approx(fixed.parties["KOR"].net.value, rel=SOLVER)


def test_market_access_cost_and_rent_shares() -> None:
    def term(**changes: object) -> MarketAccess:
        parts = {"id": "a", "label": "a", "importer": "KOR", "exporter": "USA", "sectors": ["C29"],
                 "equivalent": 0.1, "real_share": 0.5, "rent_importer": 0.4, "rent_exporter": 0.6,
                 "status": "agreed", "citation": ["c"]} | changes  # fmt: skip
        return MarketAccess.model_validate(parts)

    # Of 0.1: 0.05 real; of the rent of 0.05, 0.02 with the importer and 0.03 with the exporter. Over 1.1.
    cut = _cut(term(), float)
    assert (cut.cost, cut.tariff) == pytest.approx((0.08 / 1.1, 0.02 / 1.1))
    assert _cut(term(reach=0.5), float).tariff == pytest.approx(0.01 / 1.05)
    assert _cut(term(real_share=1.0), float).cost == pytest.approx(1 - 1 / 1.1), "prices fall from 1.1 to 1"


ACCESS = """access:
  - {{id: standards, label: Car standards, importer: KOR, exporter: USA, sectors: [C29], equivalent: 0.05,
     real_share: {phi}, rent_importer: {mine}, rent_exporter: {theirs}, status: agreed, citation: [k31-mou]}}
"""


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PackageAccount]:
    found = {}
    for name, phi, mine, theirs in (("cost", 1, 1, 0), ("home", 0, 1, 0), ("abroad", 0, 0, 1)):
        body = ACCESS.format(phi=phi, mine=mine, theirs=theirs)
        case = opened(tmp_path_factory.mktemp(name), body, day="2025-01-01")
        found[name] = case.value("test", against="korus-2024")
        check_sums(found[name])
    return found


def test_who_had_the_rent_decides_who_gains(access: dict[str, PackageAccount]) -> None:
    nets = {name: {c: a.parties[c].net.value for c in ("KOR", "USA")} for name, a in access.items()}
    # A real cost removed is a gain to the importer; a rent that it kept itself was no loss to it before, so
    # there is less to gain and more trade to divert.
    assert nets["cost"]["KOR"] > nets["home"]["KOR"]
    assert nets["cost"]["USA"] > 0
    # A rent of the exporter is the importer's gain and the exporter's loss, about one for one.
    assert nets["abroad"]["KOR"] == pytest.approx(nets["cost"]["KOR"], rel=1e-9)
    line = access["abroad"].parties["USA"].line("rent-standards")
    assert line.band.value < 0
    assert nets["abroad"]["USA"] == pytest.approx(nets["cost"]["USA"] + line.band.value)
    assert "rent-standards" not in {one.id for one in access["cost"].parties["USA"].lines}


SNAP = (
    "enforcement: {{on: 2028-08-07, to: threat-25, probability: {p}, status: proposed, citation: [k13-letter]}}\n"
)


def test_snap_back(tmp_path: Path) -> None:
    pledge = "commitments:" + PLEDGE.format(id="p", amount=200000, when="start: 2026, years: 10")
    accounts = {
        p: opened(tmp_path / f"p{p}", pledge + "\n" + SNAP.format(p=p)).value("test", against="korus-2024")
        for p in (0, 0.4, 1)
    }
    for account in accounts.values():
        check_sums(account)
    for code in ("KOR", "USA"):
        ends = [accounts[p].parties[code].net.value for p in (0, 1)]
        assert accounts[0.4].parties[code].net.value == pytest.approx(0.6 * ends[0] + 0.4 * ends[1], rel=SOLVER)
    held, back = years(accounts[0]), years(accounts[1])
    assert held[:3] == pytest.approx(back[:3], rel=SOLVER)
    assert all(a > b for a, b in zip(held[3:], back[3:], strict=True)), "25 percent is worse for Korea"
    # Payments of 2026, 2027 and 2028 are made, the other seven of ten withheld.
    pledges = [accounts[p].parties["KOR"].line("p").band.value for p in (0, 1)]
    assert 0.3 < pledges[1] / pledges[0] < 0.37
    branches = accounts[0.4].branches
    assert [b.probability for b in branches] == pytest.approx([0.6, 0.4])
    assert "snap-back" in branches[1].label
    assert accounts[1].branches == ()


FORK = """conditions:
  - id: ratified
    label: The Assembly passes the law
    by: 2026-08-07
    probability: pass
    status: proposed
    citation: [k31-mou]
    then:
      tariffs: [{{{cars}, rate: 15}}]
    otherwise:
      tariffs: [{{{cars}, rate: 25}}]
  - id: renewed
    label: It is renewed
    by: 2028-08-07
    probability: 0.5
    after: ratified
    status: proposed
    citation: [k31-mou]
    otherwise:
      tariffs: [{{{cars}, rate: 20}}]
"""


def test_conditions_make_branches_whose_mean_is_the_value(tmp_path: Path) -> None:
    case = opened(tmp_path, FORK.format(cars=CARS), extra=assumption("pass", 0.7, 0.5, 0.9))
    account = case.value("test", against="korus-2024")
    check_sums(account)
    assert [b.probability for b in account.branches] == pytest.approx([0.35, 0.35, 0.3])
    assert sum(b.probability for b in account.branches) == pytest.approx(1)
    for code in ("KOR", "USA"):
        mean = sum(b.probability * b.net[code] for b in account.branches)
        assert account.parties[code].net.value == pytest.approx(mean, rel=SOLVER)
    best, middle, worst = (b.net["KOR"] for b in account.branches)
    assert best > middle > worst
    drivers = {one.id: one for one in account.parties["KOR"].drivers}
    assert drivers["pass"].at_low == pytest.approx(0.25 * best + 0.25 * middle + 0.5 * worst, rel=SOLVER)


def test_purchases_by_volume_and_by_value_agree(tmp_path: Path) -> None:
    by_value = opened(tmp_path / "a", "commitments:" + BUY.format(what="amount: 100000"))
    # 10 billion units at 10 dollars are 100,000 million.
    by_volume = opened(tmp_path / "b", "commitments:" + BUY.format(what="volume: 10000000000, unit_price: 10"))
    one, other = (c.value("test", against="korus-2024").parties["KOR"].line("q") for c in (by_value, by_volume))
    assert (one.band.low, one.band.value, one.band.high) == pytest.approx(
        (other.band.low, other.band.value, other.band.high), rel=1e-12
    )
    assert one.band.value < 0


def test_a_schedule_by_year_is_the_even_one_written_out(tmp_path: Path) -> None:
    even = PLEDGE.format(id="p", amount=30000, when="start: 2026, years: 3")
    spelt = PLEDGE.format(id="p", amount=30000, when="schedule: {2026: 10000, 2027: 10000, 2028: 10000}")
    one, other = (
        opened(tmp_path / n, "commitments:" + body)
        .value("test", against="korus-2024")
        .parties["KOR"]
        .line("p")
        .band
        for n, body in (("a", even), ("b", spelt))
    )
    assert one == other


def test_splitting_a_pledge_changes_nothing_draw_by_draw(tmp_path: Path) -> None:
    when = "start: 2026, years: 5"
    whole = PLEDGE.format(id="p", amount=90000, when=when)
    parts = PLEDGE.format(id="p1", amount=30000, when=when) + PLEDGE.format(id="p2", amount=60000, when=when)
    one, other = (
        opened(tmp_path / n, "commitments:" + body).value("test", against="korus-2024")
        for n, body in (("a", whole), ("b", parts))
    )
    for code in ("KOR", "USA"):
        a, b = one.parties[code], other.parties[code]
        assert a.net.value == pytest.approx(b.net.value, abs=1e-9)
        assert (a.net.low, a.net.high) == pytest.approx((b.net.low, b.net.high))
        assert a.draws is not None
        assert b.draws is not None
        assert a.draws.quantiles == pytest.approx(b.draws.quantiles, abs=1e-6)
        assert a.draws.gains == b.draws.gains
        for mine, theirs in itertools.zip_longest(a.break_evens, b.break_evens):
            assert mine.value == pytest.approx(theirs.value, abs=1e-9)


def test_void_terms_count_for_nothing(tmp_path: Path) -> None:
    pledge = PLEDGE.format(id="p", amount=30000, when="start: 2026, years: 3").replace("agreed", "void")
    rate = f"  terms:\n    - {{{CARS.replace('agreed', 'void')}, rate: 100}}\n"
    with_void = opened(tmp_path / "a", rate + "commitments:" + pledge).value("test", against="korus-2024")
    without = opened(tmp_path / "b", "  terms: []\n").value("test", against="korus-2024")
    assert with_void.parties["KOR"].net == without.parties["KOR"].net


def test_struck_authorities(tmp_path: Path) -> None:
    shipped: OpenCase = winset.open_case(copied(tmp_path))
    full = shipped.value("section-122", against="korus-2024").parties["KOR"]
    struck = shipped.value("section-122", against="korus-2024", without=("S122",)).parties["KOR"]
    assert full.line("tariffs").band.value < struck.line("tariffs").band.value < 0, "Section 232 stands"
    none = shipped.value("threat-25", against="paid-2025-04", without=("IEEPA", "S232")).parties["KOR"]
    assert none.net.value == pytest.approx(0, abs=1), "nothing that parts the two packages is left"
    with pytest.raises(winset.WinsetError, match="S122"):
        shipped.value("threat-25", without=("S123",))


def test_rates_are_read_on_their_day() -> None:
    term = TariffTerm.model_validate(
        {"importer": "USA", "exporter": "KOR", "good": "cars", "authority": "S232", "rate": 25, "kind": "total",
         "since": "2025-01-01", "until": "2025-12-31", "steps": [{"since": "2025-06-01", "rate": 20}],
         "status": "agreed", "citation": ["c"]}
    )  # fmt: skip
    days = [dt.date(2025, 5, 31), dt.date(2025, 6, 1), dt.date(2025, 12, 31)]
    assert [term.rate_on(day) for day in days] == [25, 20, 20]
    assert [term.covers(day) for day in (*days, dt.date(2026, 1, 1), dt.date(2024, 12, 31))] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert np.isfinite(term.rate)
