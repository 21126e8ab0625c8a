"""State of play and review queue on the page: what the record says, no more, and every decision in the one log."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import winset
from web.conftest import GATE, PORT, TOKEN, client_of
from web.small_case import TEXT
from winset.record.ledger import load_record
from winset.record.review import open_review
from winset.record.review_log import read_log
from winset.record.timeline import state_of_play
from winset.web.app import create_app
from winset.web.live import Live


def folder_of(client: TestClient) -> Path:
    live: Live = client.app.state.live  # type: ignore[attr-defined]
    return Path(live.case.folder)


@pytest.fixture(scope="module")
def flagship() -> TestClient:
    """The shipped case; its model is not touched."""
    live = Live(winset.open_case("korea-us-2025"))
    return client_of(create_app(live.opened, token=TOKEN, host="127.0.0.1", port=PORT, live=live, gate=GATE))


def queue(client: TestClient) -> list[dict[str, Any]]:
    return list(client.get("/api/review").json()["entries"])


# ------------------------------------------------------------------ state of play


@pytest.mark.parametrize("day", ["2025-04-30", "2025-08-01", "2025-11-14", "2026-03-01"])
def test_the_state_of_play_is_that_of_the_record(flagship: TestClient, day: str) -> None:
    found = flagship.get(f"/api/state?on={day}").json()
    state = state_of_play(load_record(folder_of(flagship)), dt.date.fromisoformat(day))
    assert [e["id"] for e in found["events"]] == [e.id for e in state.events]
    assert [e["id"] for e in found["planned"]] == [e.id for e in state.planned]
    assert [t["id"] for t in found["in_force"]] == [t.claim.id for t in state.in_force]
    assert [t["id"] for t in found["on_table"]] == [t.claim.id for t in state.on_table]
    assert [(d["id"], d["status"]) for d in found["deadlines"]] == [
        (d.claim.id, d.status) for d in state.deadlines
    ]
    assert [p["id"] for p in found["positions"]] == [p.id for p in state.positions]
    for shown, one in zip(found["contradictions"], state.contradictions, strict=True):
        assert (shown["id"], shown["open"], shown["reading"]) == (one.claim.id, one.open, one.reading)
        assert shown["a"]["text"]
        assert shown["b"]["text"]


def test_every_entry_cites_a_source_that_is_told(flagship: TestClient) -> None:
    found = flagship.get("/api/state").json()
    entries = [e for key in ("in_force", "on_table", "ended", "deadlines", "events", "positions", "contradictions")
               for e in found[key]]  # fmt: skip
    assert len(entries) > 100
    for entry in entries:
        assert entry["sources"], entry["id"]
        for name in entry["sources"]:
            source = found["sources"][name]
            assert source["title"]
            assert source["publisher"]
            assert source["url"] or source["file"]
    for name in (n for c in found["contradictions"] for side in "ab" for n in c[side]["sources"]):
        assert name in found["sources"]


@pytest.mark.parametrize("day", ["2025-13-01", "tomorrow", "2025-1-1x", "0000-00-00", "9999-12-31", "%00"])
def test_days_that_are_none(flagship: TestClient, day: str) -> None:
    assert flagship.get(f"/api/state?on={day}").status_code == 422


def test_claims_are_told_by_id(flagship: TestClient) -> None:
    record = load_record(folder_of(flagship))
    claim = next(iter(record))
    found = flagship.get(f"/api/claims?ids={claim.id},nothing,../x").json()["claims"]
    assert [one["id"] for one in found] == [claim.id]
    assert found[0]["text"] == claim.text
    assert set(found[0]["sources_of"]) == set(claim.documents)


def test_the_case_tells_levers_presets_and_conditions(client: TestClient) -> None:
    told = client.get("/api/case").json()
    builder = told["builder"]
    assert [lever["id"] for lever in builder["levers"]] == ["general", "cars", "money"]
    assert {p["id"]: p["at"] for p in builder["presets"]} == {
        "deal": {"general": 15, "cars": 15, "money": 20},
        "no-deal": {"general": 25, "cars": 25, "money": 0},
        "first-offer": {"general": 10, "cars": 15, "money": 5},
    }
    assert [one["id"] for one in builder["ratifiers"]] == ["car-makers", "budget", "both-rates", "gain"]
    assert told["against"] == "threat"
    assert told["locked"] == ""
    assert str(folder_of(client)) not in json.dumps(told)


# ------------------------------------------------------------------ review


def test_the_queue_shows_each_proposal_with_its_words(own: TestClient) -> None:
    entries = queue(own)
    assert entries
    review = open_review(folder_of(own))
    assert {e["id"] for e in entries} == {e.id for e in review.entries}
    for entry in entries:
        if entry["what"] != "contradiction" and entry["document"] == "tx-a":
            assert entry["quote"] in TEXT
            assert entry["before"] + entry["quote"] + entry["after"] in TEXT + " "


def test_accept_correct_refuse_and_back_are_lines_of_the_one_log(own: TestClient) -> None:
    folder = folder_of(own)
    names = [e["id"] for e in queue(own) if e["what"] != "contradiction"]
    term = next(e["id"] for e in queue(own) if e["what"] == "term")
    first, second = [name for name in names if name != term][:2]
    sent = [
        {"id": term, "verdict": "accept", "by": "Ada"},
        {"id": first, "verdict": "refuse", "by": "Ben", "why": "Not said"},
        {"id": first, "verdict": "reopen", "by": "Ada"},
        {"id": second, "verdict": "refuse", "by": "Ada", "why": "Twice told"},
    ]
    for decision in sent:
        answer = own.post("/api/review", json=decision)
        assert answer.status_code == 200, answer.text
    log = read_log(folder)
    assert [(line.proposal, line.verdict, line.by) for line in log] == [
        (d["id"], d["verdict"], d["by"]) for d in sent
    ]
    assert load_record(folder).claim(term).id == term
    states = {e["id"]: e["state"] for e in queue(own)}
    assert (states[term], states[first], states[second]) == ("accept", "open", "refuse")
    # Twice is once too often, and the log has not grown.
    again = own.post("/api/review", json=sent[0])
    assert again.status_code == 422
    assert "Ada" in again.json()["error"]["what"]
    assert read_log(folder) == log


def test_a_correction_reaches_the_record_and_its_quote_the_page(own: TestClient) -> None:
    term = next(e for e in queue(own) if e["what"] == "term")
    told = {"id": term["id"], "verdict": "correct", "by": "Ada", "changes": {"value": "41", "known": "2025-03-05"}}
    assert own.post("/api/review", json=told).status_code == 200
    state = own.get("/api/state?on=2025-12-31").json()
    (shown,) = [t for key in ("in_force", "on_table") for t in state[key] if t["id"] == term["id"]]
    assert shown["quantity"].startswith("41 ")
    assert shown["quote"] == term["quote"]
    assert shown["sources"] == ["tx-a"]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "nothing"}, {"id": 5}, {"id": "../x"}, {"verdict": "destroy"}, {"by": ""}, {"by": "  "}, {"by": 7},
        {"by": "x" * 2001}, {"verdict": "refuse", "why": ""}, {"verdict": "correct"},
        {"verdict": "correct", "changes": []},
        {"verdict": "correct", "changes": {"nothing": "x"}}, {"verdict": "correct", "changes": {"value": 5}},
        {"verdict": "correct", "changes": {"date": "soon"}}, {"verdict": "reopen"}, {"more": "x"},
    ],
)  # fmt: skip
def test_decisions_that_are_refused(own: TestClient, change: dict[str, Any]) -> None:
    term = next(e["id"] for e in queue(own) if e["what"] == "term")
    record = (folder_of(own) / "record.jsonl").read_bytes()
    answer = own.post("/api/review", json={"id": term, "verdict": "accept", "by": "Ada", **change})
    assert answer.status_code in (404, 422), answer.text
    assert read_log(folder_of(own)) == ()
    assert (folder_of(own) / "record.jsonl").read_bytes() == record


def test_without_the_token_nothing_is_decided(own: TestClient) -> None:
    term = next(e["id"] for e in queue(own) if e["what"] == "term")
    plain = client_of(own.app, token=None)  # type: ignore[arg-type]
    assert plain.post("/api/review", json={"id": term, "verdict": "accept", "by": "Ada"}).status_code == 403
    assert read_log(folder_of(own)) == ()


def test_a_case_that_read_nothing_says_so(flagship: TestClient) -> None:
    told = flagship.get("/api/review").json()
    assert told["entries"] == []
    assert told["why_empty"]
    assert told["locked"]


# ------------------------------------------------------------------ a document read on the spot


def upload(client: TestClient, name: str, body: bytes) -> Any:
    return client.post("/api/read", params={"name": name}, content=body)


def test_a_document_is_read_and_not_kept(own: TestClient) -> None:
    folder = folder_of(own)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    found = upload(own, "a.txt", TEXT.encode()).json()
    assert found["counts"]["event"] >= 1
    assert all(one["quote"] in TEXT for one in found["proposals"])
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("name", ["", "a.exe", "a", "../../a.sh", ".yaml", "a.txt\x00.exe"])
def test_files_of_other_kinds_are_refused(own: TestClient, name: str) -> None:
    assert upload(own, name, b"text").status_code == 422


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"%PDF-1.7 broken", b"\xff\xfe\x00"])
def test_broken_documents_are_one_clear_message(own: TestClient, body: bytes) -> None:
    for name in ("a.pdf", "a.txt", "a.html"):
        answer = upload(own, name, body)
        assert answer.status_code in (200, 422)
        assert "Traceback" not in answer.text


def test_a_name_leads_nowhere(own: TestClient) -> None:
    assert upload(own, "../../../outside.txt", TEXT.encode()).status_code == 200
    assert not (folder_of(own).parent / "outside.txt").exists()


def test_reading_needs_the_token_and_is_bounded(own: TestClient) -> None:
    assert upload(client_of(own.app, token=None), "a.txt", b"x").status_code == 403  # type: ignore[arg-type]
    assert upload(own, "a.txt", b"x" * 20_000_001).status_code == 413
