"""A case bargained: levers against accounts, gradients against differences, the promised JSON, mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import winset
from case_copies import copied
from tolerances import GRADIENT, SOLVER
from winset.bargaining.finite import bargain
from winset.cli import cli
from winset.core.errors import CaseFileError, RequestError, UnknownNameError, WinsetError
from winset.negotiation import Negotiation, negotiate
from winset.negotiation_text import bargain_document, bargain_text
from winset.package.bargain_sheet import BargainSheet, load_bargain
from winset.valuation.levers import IndustryRow, LeverPayoffs, with_levers
from winset.workflow import OpenCase

CASE = "korea-us-2025"


@pytest.fixture(scope="module")
def opened() -> OpenCase:
    return winset.open_case(CASE)


@pytest.fixture(scope="module")
def sheet(opened: OpenCase) -> BargainSheet:
    found = load_bargain(opened.case)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def payoffs(opened: OpenCase, sheet: BargainSheet) -> LeverPayoffs:
    levers = [lever for lever in sheet.levers if not lever.parties]
    return LeverPayoffs(
        opened.valuer(draws=0), sheet.base, sheet.disagreement, levers, [IndustryRow(party="KOR", sector="C29")]
    )


@pytest.fixture(scope="module")
def found(opened: OpenCase) -> Negotiation:
    return negotiate(opened, points=8, sampled=32, draws=20)


def test_levers_at_the_base_package_give_its_account(
    opened: OpenCase, sheet: BargainSheet, payoffs: LeverPayoffs
) -> None:
    """The account goes another way: the whole law for every region, one solve without gradients."""
    values, _ = payoffs(np.array([lever.value for lever in payoffs.levers]))
    account = opened.value(sheet.base, against=sheet.disagreement, draws=0)
    for k, code in enumerate(("KOR", "USA")):
        assert values[k] == pytest.approx(account.parties[code].net.value, abs=1e3 * SOLVER * 1e5)


def test_a_package_made_of_levers_gives_its_account(opened: OpenCase, payoffs: LeverPayoffs) -> None:
    x = np.array([9.0, 12.0, 31.0, 137.0, 27.0, 0.35, 60.0, 11.0])
    made = with_levers(payoffs.base, payoffs.levers, x).model_copy(update={"name": "made"})
    valuer = opened.valuer(draws=0).with_packages({"made": made})
    lines = valuer.lines_of("made", payoffs.against.name)
    values, _ = payoffs(x)
    for k, code in enumerate(("KOR", "USA")):
        whole = sum(float(line.evaluate(valuer.centre)[0]) for line in lines[code])
        assert values[k] == pytest.approx(whole, rel=1e-7)
    pledge = next(term for term in made.commitments if term.id == "pledge-cash")
    assert pledge.amount == 137_000
    assert sum(pledge.schedule.values()) == pytest.approx(137_000)
    assert max(pledge.schedule.values()) <= 27_000 + 1e-6


@pytest.mark.parametrize("seed", [1, 2])
def test_gradients_against_differences(payoffs: LeverPayoffs, seed: int) -> None:
    low = np.array([lever.low for lever in payoffs.levers])
    high = np.array([lever.high for lever in payoffs.levers])
    x = low + (high - low) * np.random.default_rng(seed).uniform(0.2, 0.8, low.size)
    _, jacobian = payoffs(x)
    for k in range(low.size):
        step = 1e-4 * (high[k] - low[k])
        up, down = x.copy(), x.copy()
        up[k] += step
        down[k] -= step
        slope = (payoffs(up)[0] - payoffs(down)[0]) / (2 * step)
        size = max(np.abs(slope).max(), 1.0)
        # A yearly amount is differenced twice: once here, once in the code; its curvature is that of compounding.
        assert np.abs(slope - jacobian[:, k]).max() <= 20 * GRADIENT * size, payoffs.levers[k].id


@pytest.mark.parametrize("end", ["low", "high"])
def test_payoffs_do_not_jump_at_the_ends_of_a_lever(payoffs: LeverPayoffs, end: str) -> None:
    """A steel duty of zero must not bring the general duty back on steel, as striking the steel duty would."""
    x = np.array([lever.value for lever in payoffs.levers])
    for k, lever in enumerate(payoffs.levers):
        at, near = x.copy(), x.copy()
        at[k] = getattr(lever, end)
        inward = 1e-3 * (lever.high - lever.low)
        near[k] = at[k] + (inward if end == "low" else -inward)
        (one, slope), (other, _) = payoffs(at), payoffs(near)
        assert np.abs(one - other - slope[:, k] * (at[k] - near[k])).max() < 50, lever.id
        assert np.abs(slope[:, k]).max() * (lever.high - lever.low) < 1e6, lever.id


def test_disagreement_is_worth_nothing_over_itself(opened: OpenCase, sheet: BargainSheet) -> None:
    lever = [one for one in sheet.levers if one.id == "general-rate"]
    same = LeverPayoffs(opened.valuer(draws=0), sheet.disagreement, sheet.disagreement, [
        lever[0].model_copy(update={"value": 25.0})
    ])  # fmt: skip
    values, _ = same(np.array([25.0]))
    # The law's own rate of that round is another kind of duty; the lever's 25 in all is near it, not it.
    assert np.abs(values).max() < 3000
    assert same._commitments(same.base) == pytest.approx(0.0)


def test_solutions_are_ratified_efficient_and_better_than_any_sampled_package(found: Negotiation) -> None:
    assert found.frontier is not None
    assert found.solutions is not None
    assert found.free is not None
    front = found.frontier.payoffs
    for k, row in enumerate(front):
        others = np.delete(front, k, axis=0)
        assert not ((others >= row - 1e-9).all(axis=1) & (others > row + 1e-6).any(axis=1)).any()
    assert max(p.residual for p in found.frontier.points) < 1e-4
    free = found.free.solutions
    together = front.sum(axis=1)
    assert free["utilitarian"].gains.sum() >= together.max() - 1e-4
    assert np.prod(free["nash"].gains) >= np.prod(front, axis=1).max() - 1e-3
    assert free["egalitarian"].gains.min() >= front.min(axis=1).max() - 1e-4
    points = {point.id: point for point in found.points}
    for name, one in found.solutions.solutions.items():
        assert set(points[name].accepted_by) == {"KOR", "USA"}, name
        assert (one.gains >= -1e-6).all()
        # Ratifiers only take away: nobody's best can rise.
        assert one.gains.sum() <= free["utilitarian"].gains.sum() + 1e-6


def test_offers_stand_where_they_were_made(found: Negotiation) -> None:
    points = {point.id: point for point in found.points}
    demand, terms = points["august-demand"], points["october-terms"]
    assert demand.levers["cash"] == 350
    assert demand.payoffs["KOR"] < terms.payoffs["KOR"] < points["korean-reading"].payoffs["KOR"]
    assert demand.payoffs["USA"] > terms.payoffs["USA"] > points["korean-reading"].payoffs["USA"]
    # 117 billion a year break the ceiling; the car rate is Japan's for both sides.
    assert "KOR" not in demand.accepted_by
    assert set(terms.accepted_by) == {"KOR", "USA"}
    assert terms.payoffs == pytest.approx(points["november-2025-terms"].payoffs, abs=1e-6)


def test_counter_offers_are_acceptable(found: Negotiation) -> None:
    assert {(offer, one.mover) for offer, one in found.counters} == {
        ("august-demand", "KOR"), ("korean-reading", "USA"), ("october-terms", "KOR"), ("october-terms", "USA"),
    }  # fmt: skip
    for _, one in found.counters:
        assert not one.reason
        # Feasible to the search: a hundred-thousandth of the payoffs' size, about a million dollars.
        assert (one.payoffs >= -1e-3).all()
        terms = dict(zip((lever.id for lever in found.levers), one.x, strict=True))
        assert terms["cash"] >= 150 - 1e-3
        assert terms["cash-a-year"] <= 20 + 1e-3
        assert terms["car-rate"] == pytest.approx(15, abs=1e-3)


def test_the_promised_json(found: Negotiation, opened: OpenCase) -> None:
    document = json.loads(json.dumps(bargain_document(found, opened.manifest()), allow_nan=False))
    assert document["schema"] == "winset/bargain/1"
    for key in ("winset", "manifest", "parties", "disagreement", "frontier", "solutions", "winsets",
                "agreement_set", "counter_offers"):  # fmt: skip
        assert key in document, key
    assert set(document["solutions"]) >= {"nash", "kalai_smorodinsky", "egalitarian", "utilitarian"}
    for point in (*document["frontier"], *document["counter_offers"], *document["solutions"].values()):
        assert set(point["payoffs"]) == {"KOR", "USA"}
        assert set(point["terms"]) == {lever["id"] for lever in document["levers"]}
    assert set(document["winsets"]["KOR"]) >= {"size", "binding"}
    assert document["agreement_set"]["empty"] is False
    assert document["draws"]["draws"] == 20
    assert document["deadline"]["dates"][0] == "2025-07-08"


def test_the_text_fits_a_terminal(found: Negotiation) -> None:
    text = bargain_text(found)
    assert max(len(line) for line in text.splitlines()) <= 80
    flat = " ".join(text.split())
    for words in ("American demand of August 2025", "Terms of October 2025", "No deal",
                  "Win-sets", "Counter-offers", "Staged package", "not what is fair"):  # fmt: skip
        assert words in flat, words


def test_without_levers_packages_bargain_as_they_stand() -> None:
    opened = winset.open_case("japan-us-2025")
    found = negotiate(opened, draws=0)
    assert found.frontier is None
    names, payoff = found.listed.names, found.listed.payoffs
    solved = bargain(payoff, np.zeros(2))
    assert found.listed.solved.nash.tolist() == solved.nash.tolist()
    account = opened.value(names[0], against=found.disagreement, on=None, draws=0)
    assert set(account.parties) >= set(found.parties)
    document = bargain_document(found, {})
    assert document["frontier"][0]["terms"]["package"] in names
    assert document["counter_offers"] == []


def bent(folder: Path, before: str, after: str) -> OpenCase:
    """A copy of the case with one thing changed in `bargain.yaml`."""
    target = copied(folder)
    path = target / "bargain.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= 1
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return winset.open_case(target)


FAULTS: list[tuple[str, str, type[WinsetError], str]] = [
    ("base: november-2025-terms", "base: november-2025-term", UnknownNameError, "november-2025-terms"),
    ("disagreement: threat-25", "disagreement: threat-26", UnknownNameError, "threat-25"),
    ("    high: 350", "    high: -5", CaseFileError, "cross"),
    ("    value: 200", "    value: 210", CaseFileError, "200"),
    (
        "commitment: pledge-cash, key: amount",
        "commitment: pledge-cas, key: amount",
        UnknownNameError,
        "pledge-cash",
    ),
    ("key: share_before", "key: share_befor", UnknownNameError, "share_before"),
    ("cash: 350,", "cash: 400,", CaseFileError, "outside its bounds"),
    ("cash: 350,", "cassh: 350,", UnknownNameError, "cash"),
    ("levers: {cash-a-year: 1}", "levers: {cash-per-year: 1}", UnknownNameError, "cash-a-year"),
    ("industry: C29", "industry: C92", UnknownNameError, "C29"),
    ("at_most: 15", "at_least: 15\n    at_most: 15", CaseFileError, "exactly one"),
    ("mover: USA, months: 12", "mover: USA, months: 1", CaseFileError, "before"),
    ("citation: [k25-cap-20, k24-swap", "citation: [k25-cap-21, k24-swap", UnknownNameError, "k25-cap-20"),
    ("  expiry: 2025-08-01", "  expiry: 2025-07-01", CaseFileError, "rise"),
    ("    low: 10\n", "    low: 0\n", CaseFileError, "above 0"),
    ("good: steel", "good: stel", UnknownNameError, "steel"),
]


@pytest.mark.parametrize(("before", "after", "kind", "says"), FAULTS)
def test_mistakes_in_the_file_name_their_line(
    tmp_path: Path, before: str, after: str, kind: type[WinsetError], says: str
) -> None:
    opened = bent(tmp_path, before, after)
    with pytest.raises(kind, match=says) as caught:
        load_bargain(opened.case)
    assert "bargain.yaml" in str(caught.value.file)
    assert caught.value.line


def test_mistakes_in_the_request() -> None:
    opened = winset.open_case(CASE)
    with pytest.raises(RequestError, match="two to six"):
        negotiate(opened, ["KOR"])
    with pytest.raises(RequestError, match="different"):
        negotiate(opened, ["KOR", "KOR"])
    with pytest.raises(UnknownNameError, match="KOR"):
        negotiate(opened, ["KOR", "USSR"])
    with pytest.raises(UnknownNameError, match="balanced"):
        negotiate(opened, closure="balance")


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=True)


def test_the_command(tmp_path: Path) -> None:
    target, picture = tmp_path / "b.json", tmp_path / "b.svg"
    done = run("bargain", "japan-us-2025", "--draws", 0, "--json", target, "--picture", picture)
    assert done.exit_code == 0, done.output
    assert json.loads(target.read_text(encoding="utf-8"))["schema"] == "winset/bargain/1"
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    bad = run("bargain", "japan-us-2025", "--picture", tmp_path / "b.doc")
    assert isinstance(bad.exception, RequestError)
    assert not (tmp_path / "b.doc").exists()
