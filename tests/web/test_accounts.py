"""Accounts on the page against the program's own, computed another way; and every wish that must be refused."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import winset
from tolerances import INVARIANCE, SOLVER
from winset.core.casefile import parse_yaml, validate
from winset.package.bargain_sheet import load_bargain
from winset.package.packages import Package
from winset.valuation.levers import IndustryRow, LeverPayoffs
from winset.web.live import Live, Wish


def asked(client: TestClient, wish: Any, path: str = "/api/account") -> dict[str, Any]:
    answer = client.post(path, json=wish)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture(scope="session")
def payoffs(warm: Live) -> LeverPayoffs:
    """The bargain's own payoffs, from a case opened anew."""
    opened = winset.open_case(warm.case.folder)
    sheet = load_bargain(opened.case)
    assert sheet is not None
    rows = [IndustryRow(party="CAN", sector="C29")]
    return LeverPayoffs(opened.valuer(), sheet.base, sheet.disagreement, sheet.levers, rows)


@settings(max_examples=12)
@given(
    general=st.floats(0, 25), cars=st.floats(0, 30), money=st.floats(0, 40)
)  # fmt: skip
def test_levers_are_worth_what_the_bargain_says(
    warm: Live, payoffs: LeverPayoffs, general: float, cars: float, money: float
) -> None:
    found = warm.account(Wish(levers={"general": general, "cars": cars, "money": money}))
    values, _ = payoffs(np.array([general, cars, money]))
    scale = max(1.0, float(np.abs(values[:2]).max()))
    for code, value in zip(("CAN", "MEX"), values[:2], strict=True):
        party = found["parties"][code]
        assert party["net"] == pytest.approx(float(value), abs=1e3 * SOLVER * scale)
        assert sum(line["value"] for line in party["lines"]) == pytest.approx(party["net"], rel=INVARIANCE)
        assert found["payoffs"][code] == pytest.approx(party["net"] / 1000, rel=INVARIANCE)
    # Each condition by its definition.
    meets = {
        "car-makers": float(values[2]) >= -4,
        "budget": money <= 25,
        "both-rates": general + 0.5 * cars >= 20,
        "gain": float(values[1]) >= 0,
    }
    told = {one["id"]: one["state"] != "broken" for one in found["ratifiers"]}
    near = {one["id"] for one in found["ratifiers"] if abs(one["room"]) < 1e-4}
    assert {k: v for k, v in told.items() if k not in near} == {k: v for k, v in meets.items() if k not in near}
    for party in ("CAN", "MEX"):
        whole = all(one["state"] != "broken" for one in found["ratifiers"] if one["party"] == party)
        assert found["accepted_by"][party] is whole


@pytest.mark.parametrize(("package", "against"), [("deal", "threat"), ("before", "threat"), ("deal", "before")])
def test_a_package_is_worth_what_value_says(client: TestClient, warm: Live, package: str, against: str) -> None:
    wish = {"package": package, "against": against}
    found, ends = asked(client, wish), asked(client, wish, "/api/account/bands")
    account = winset.open_case(warm.case.folder).value(package, against=against)
    assert list(found["parties"]) == list(account.parties)
    for code, party in account.parties.items():
        lines = found["parties"][code]["lines"]
        assert [line["id"] for line in lines] == [line.id for line in party.lines]
        for ours, theirs in zip(lines, party.lines, strict=True):
            assert ours["value"] == pytest.approx(theirs.band.value, rel=SOLVER, abs=1e-3)
            assert ours["label"] == theirs.label
            assert (ours["unit"], ours["horizon"], ours["basis"]) == (theirs.unit, theirs.horizon, theirs.basis)
            band = ends["parties"][code]["lines"][ours["id"]]
            assert band["low"] == pytest.approx(theirs.band.low, rel=SOLVER, abs=1e-3)
            assert band["high"] == pytest.approx(theirs.band.high, rel=SOLVER, abs=1e-3)
            assert band["low"] <= ours["value"] + 1e-3
            assert ours["value"] <= band["high"] + 1e-3
        net = ends["parties"][code]["net"]
        assert net["low"] == pytest.approx(party.net.low, rel=SOLVER, abs=1e-3)
        assert net["high"] == pytest.approx(party.net.high, rel=SOLVER, abs=1e-3)


def test_levers_at_the_base_are_the_base_package(client: TestClient) -> None:
    base, levers = asked(client, {"package": "deal"}), asked(client, {"levers": {}})
    for code in ("CAN", "MEX"):
        assert levers["parties"][code]["net"] == pytest.approx(base["parties"][code]["net"], rel=1e-6)
    assert [one["id"] for one in base["ratifiers"]] == [one["id"] for one in levers["ratifiers"]]


def test_every_number_says_what_it_is(client: TestClient, warm: Live) -> None:
    found = asked(client, {"levers": {"money": 7}})
    assert found["manifest"] == warm.opened.manifest()["id"]
    for key in ("unit", "baseline", "closure", "elasticities", "horizon_years", "valued_on", "values", "winset"):
        assert found[key]
    assert found["against"]["name"] == "threat"
    (line,) = (one for one in found["parties"]["CAN"]["lines"] if one["id"] == "invest")
    # The amount is not the base package's, so neither are its label and its standing.
    assert line["label"] == "Investment: 7 billion dollars"
    assert line["status"] == "proposed"
    assert line["rests_on"]


def test_a_package_outside_the_levers_says_why_nobody_judges_it(client: TestClient) -> None:
    found = asked(client, {"package": "before"})
    assert found["accepted_by"] is None
    assert found["why_no_ratifiers"]


def test_memory_is_let_go(warm: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winset.web.live.RENEW", 3)
    warm._made = 0
    before = warm.account(Wish(levers={"general": 9}))["payoffs"]
    first = warm._central
    for k in range(4):
        warm.account(Wish(levers={"general": float(k)}))
    assert warm._central is not first
    assert warm.account(Wish(levers={"general": 9}))["payoffs"] == before


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "request"), ([], "request"), ("x", "request"), (None, "request"), (1, "request"),
        ({"levers": {}, "package": "deal"}, "request"),
        ({"levers": []}, "request"), ({"levers": {"general": "5"}}, "request"),
        ({"levers": {"general": True}}, "request"), ({"levers": {"general": None}}, "request"),
        ({"levers": {"general": [1]}}, "request"), ({"levers": {"general": -0.01}}, "request"),
        ({"levers": {"general": 25.0001}}, "request"), ({"levers": {"general": 1e308}}, "request"),
        ({"levers": {"general": 10**400}}, "request"),
        ({"levers": {"generall": 5}}, "unknown-name"), ({"levers": {"__proto__": 5}}, "unknown-name"),
        ({"package": "nothing"}, "unknown-name"), ({"package": "../../etc/passwd"}, "unknown-name"),
        ({"package": 5}, "request"), ({"package": ["deal"]}, "request"),
        ({"package": "deal", "against": "nothing"}, "unknown-name"), ({"levers": {}, "against": {}}, "request"),
        ({"levers": {}, "draws": 1_000_000}, "unknown-name"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/account", "/api/account/bands"])
def test_wishes_that_are_refused(client: TestClient, body: Any, code: str, path: str) -> None:
    answer = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code in (404, 422)
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["what"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_are_none(client: TestClient, number: str) -> None:
    answer = client.post(
        "/api/account", content=f'{{"levers": {{"general": {number}}}}}',
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 422


def test_the_nearest_lever_is_named(client: TestClient) -> None:
    told = client.post("/api/account", json={"levers": {"mony": 1}}).json()["error"]
    assert "'money'" in told["remedy"]


def test_before_the_model_is_warm_the_answer_says_so(own: TestClient) -> None:
    answer = own.post("/api/account", json={"levers": {}})
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "warming"
    assert own.get("/api/bargain").status_code == 503
    assert own.get("/api/status").json()["model"]["state"] == "waiting"


# ------------------------------------------------------------------ files


def test_the_account_as_a_table_adds_up(client: TestClient) -> None:
    wish = {"levers": {"cars": 10}}
    answer = client.post("/api/export", json={"format": "csv", "of": wish})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = asked(client, wish)
    for code in ("CAN", "MEX"):
        own = [row for row in rows if row["party"] == code]
        lines = [float(row["value"]) for row in own if row["line"] != "net"]
        (net,) = (float(row["value"]) for row in own if row["line"] == "net")
        assert sum(lines) == pytest.approx(net, rel=INVARIANCE)
        assert net == pytest.approx(found["parties"][code]["net"], rel=INVARIANCE)
    assert {row["run"] for row in rows} == {found["manifest"]}
    assert all(float(row["low"]) <= float(row["value"]) + 1e-3 <= float(row["high"]) + 2e-3 for row in rows)


def test_the_account_as_json_holds_the_whole_manifest(client: TestClient, warm: Live) -> None:
    text = client.post("/api/export", json={"format": "json", "of": {"package": "deal"}}).text
    found = json.loads(text)
    assert found["manifest"] == warm.opened.manifest()
    assert found["bands"]["parties"]["CAN"]["net"]["low"] <= found["parties"]["CAN"]["net"]


@pytest.mark.parametrize(
    "body",
    [{"format": "exe", "of": {"levers": {}}}, {"of": {"levers": {}}}, {"format": "csv"}, [], {"format": ["csv"]}],
)
def test_exports_that_are_refused(client: TestClient, body: Any) -> None:
    assert client.post("/api/export", json=body).status_code in (404, 422)


def test_a_package_can_be_taken_away_without_saving_it(client: TestClient, warm: Live) -> None:
    body = {"format": "yaml", "of": {"levers": {"money": 6}}, "name": "away", "title": "Away"}
    answer = client.post("/api/export", json=body)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    package = validate(Package, parse_yaml(answer.text, "away.yaml"))
    assert (package.name, package.title) == ("away", "Away")
    assert [term.amount for term in package.commitments] == [6000]
    assert "away" not in warm.case.packages
    assert client.post("/api/export", json={**body, "name": "../up"}).status_code == 422
