"""Packages saved from the page: valid, worth the same, whole, and never over what is there."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import winset
import winset.package.folder
from web.conftest import GATE, PORT, TOKEN, client_of
from winset.core.casefile import parse_yaml, validate
from winset.core.errors import WinsetError
from winset.package.packages import Package
from winset.web.app import create_app
from winset.web.live import Live, Wish
from winset.web.saving import named, package_text, save_package


def folder_of(client: TestClient) -> Path:
    live: Live = client.app.state.live  # type: ignore[attr-defined]
    return Path(live.case.folder)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_saved_package_opens_and_is_worth_what_was_shown(own: TestClient) -> None:
    levers = {"general": 7.5, "cars": 12.0, "money": 11.0}
    live: Live = own.app.state.live  # type: ignore[attr-defined]
    live.warm()
    shown = own.post("/api/account", json={"levers": levers}).json()
    answer = own.post("/api/packages", json={"levers": levers, "name": "offer-2", "title": "Ours: #2"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["saved"]
    assert answer.json()["note"] == ""
    opened = winset.open_case(folder_of(own))
    package = opened.case.package("offer-2")
    assert package.title == "Ours: #2"
    assert package.status == "proposed"
    account = opened.value("offer-2", against="threat")
    for code in ("CAN", "MEX"):
        assert account.parties[code].net.value == pytest.approx(shown["parties"][code]["net"], rel=1e-6)
    # The page knows it at once.
    assert "offer-2" in [p["name"] for p in own.get("/api/case").json()["packages"]]


def test_nothing_is_written_over(own: TestClient) -> None:
    folder = folder_of(own)
    stray = folder / "packages" / "stray.yaml"
    stray.write_text("not a package that the case knows yet", encoding="utf-8")
    before = files(folder)
    for name in ("deal", "stray"):
        answer = own.post("/api/packages", json={"levers": {}, "name": name})
        assert answer.status_code == 422, name
    assert files(folder) == before


@pytest.mark.parametrize(
    "name",
    ["", "..", "../up", "a/b", "a\\b", "/etc/x", "A", "a.yaml", "a b", "-a", "a-", "con", "nul", "lpt1", "a" * 65,
     "\u00e9", "a\x00", "a\n", "%2e%2e", 5, None, ["a"], {"a": 1}],
)  # fmt: skip
def test_names_that_are_refused(own: TestClient, name: Any) -> None:
    before = files(folder_of(own))
    answer = own.post("/api/packages", json={"levers": {}, "name": name})
    assert answer.status_code == 422
    assert files(folder_of(own)) == before


@pytest.mark.parametrize(
    "part",
    [{"title": "a\x07b"}, {"title": "x" * 201}, {"summary": "x" * 2001}, {"title": "\u202e"}, {"title": 5},
     {"path": "x"}, {"levers": {"money": 41}}, {"levers": None}, {"summary": "\ud800"}],
)  # fmt: skip
def test_other_parts_that_are_refused(own: TestClient, part: dict[str, Any]) -> None:
    before = files(folder_of(own))
    # Written with escapes: half of a surrogate pair is valid JSON and no text.
    body = json.dumps({"levers": {}, "name": "fine", **part})
    answer = own.post("/api/packages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (404, 422)
    assert files(folder_of(own)) == before


def test_without_the_token_nothing_is_saved(own: TestClient) -> None:
    before = files(folder_of(own))
    answer = client_of(own.app, token=None).post("/api/packages", json={"levers": {}, "name": "fine"})  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert files(folder_of(own)) == before


def test_of_many_at_once_one_wins(own: TestClient) -> None:
    live: Live = own.app.state.live  # type: ignore[attr-defined]
    package = named(live.case, live.package(Wish(levers={"money": 3})), {"name": "race"})
    won: list[int] = []
    barrier = threading.Barrier(6)

    def attempt(k: int) -> None:
        mine = package.model_copy(update={"title": f"Number {k}"})
        barrier.wait()
        try:
            save_package(live.case, mine)
            won.append(k)
        except WinsetError:
            return

    threads = [threading.Thread(target=attempt, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert winset.open_case(live.case.folder).case.package("race").title == f"Number {won[0]}"
    assert [p.name for p in (live.case.folder / "packages").iterdir() if p.name.startswith(".")] == []


@given(
    general=st.floats(0, 25), cars=st.floats(0, 30), money=st.floats(0, 40),
    title=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60),
)  # fmt: skip
def test_every_point_of_the_levers_can_be_written_and_read(
    warm: Live, general: float, cars: float, money: float, title: str
) -> None:
    made = warm.package(Wish(levers={"general": general, "cars": cars, "money": money}))
    try:
        package = named(warm.case, made, {"name": "any", "title": title})
    except WinsetError:
        assert not all(c.isprintable() for c in title)
        return
    text = package_text(warm.case, package)
    assert validate(Package, parse_yaml(text, "any.yaml")) == package


def test_a_yearly_lever_is_rounded_to_calendar_years_and_says_so() -> None:
    live = Live(winset.open_case("korea-us-2025"))
    app = create_app(live.opened, token=TOKEN, host="127.0.0.1", port=PORT, live=live, gate=GATE)
    body = {"levers": {"cash": 123.0, "cash-a-year": 33.0}, "name": "uneven"}
    told = client_of(app).post("/api/packages", json=body).json()
    assert told["note"]
    package = validate(Package, parse_yaml(told["text"], "uneven.yaml"))
    (cash,) = (term for term in package.commitments if term.id == "pledge-cash")
    assert cash.schedule == {2026: 33000.0, 2027: 33000.0, 2028: 33000.0, 2029: pytest.approx(24000.0)}


def test_a_shipped_case_is_not_written_to() -> None:
    folder = winset.package.folder.SHIPPED / "korea-us-2025"
    before = files(folder)
    live = Live(winset.open_case("korea-us-2025"))
    client = client_of(create_app(live.opened, token=TOKEN, host="127.0.0.1", port=PORT, live=live, gate=GATE))
    told = client.post("/api/packages", json={"levers": {"car-rate": 12.5}, "name": "mine"}).json()
    assert not told["saved"]
    assert told["why"]
    assert told["note"] == ""
    assert "rate: 12.5" in told["text"]
    assert client.get("/api/case").json()["locked"]
    assert client.post("/api/review", json={"id": "x", "verdict": "accept", "by": "me"}).status_code == 422
    assert files(folder) == before


def test_a_case_without_levers_has_no_builder_and_saves_nothing(tmp_path: Path, warm: Live) -> None:
    copy = tmp_path / "plain"
    shutil.copytree(warm.case.folder, copy)
    (copy / "bargain.yaml").unlink()
    live = Live(winset.open_case(copy))
    live.warm()
    client = client_of(create_app(live.opened, token=TOKEN, host="127.0.0.1", port=PORT, live=live, gate=GATE))
    told = client.get("/api/case").json()
    assert told["builder"] is None
    assert "bargain.yaml" in told["why_no_builder"]
    found = client.post("/api/account", json={"package": "deal"}).json()
    other = warm.account(Wish(package="deal"))
    assert found["payoffs"] == pytest.approx(other["payoffs"])
    assert found["accepted_by"] is None
    assert client.post("/api/account", json={"levers": {}}).status_code == 422
    assert client.post("/api/packages", json={"levers": {}, "name": "x"}).status_code == 422
    assert client.get("/api/state").json()["events"]
