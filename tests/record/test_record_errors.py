"""Every fault of a record is one message with file and line; decisions are appended, never written over."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from winset.core.errors import CaseFileError, UnknownNameError, UnreadableFileError, WinsetError
from winset.documents.sources import load_documents
from winset.record.claims import Decision
from winset.record.ledger import append_decision, load_record
from winset.record.timeline import state_of_play

DOCUMENTS = """documents:
  - id: gazette
    title: "A notice"
    publisher: "Gazette"
    published: {value: 2025-05-01, basis: stated}
    url: "https://example.org/notice"
    lang: "en"
    kind: official
  - id: paper
    title: "A report"
    publisher: "Paper"
    published: {earliest: 2025-05-01, latest: 2025-05-31, basis: inferred}
    url: null
    file: report.txt
    lang: "en"
    kind: press
"""
EVENT: dict[str, Any] = {
    "kind": "event",
    "id": "e1",
    "date": {"value": "2025-05-01"},
    "known": "2025-05-01",
    "track": "talks",
    "issue": "talks",
    "text": "They meet.",
    "parties": ["AAA", "BBB"],
    "source": "gazette",
    "confidence": "high",
    "type": "meeting",
    "status": "occurred",
}
TERM: dict[str, Any] = {
    **{key: value for key, value in EVENT.items() if key not in ("type", "status")},
    "kind": "term",
    "id": "t1",
    "status": "in_force",
    "quantity": {"value": 10, "unit": "percent"},
    "role": "rate",
    "on": ["cars"],
    "from_party": "AAA",
    "to_party": "BBB",
    "effective": {"since": "2025-05-01"},
}


def case(folder: Path, *lines: dict[str, Any] | str, documents: str = DOCUMENTS) -> Path:
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "documents.yaml").write_text(documents, "utf-8")
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "record.jsonl").write_text(text + "\n", "utf-8")
    return folder


def failing(folder: Path) -> WinsetError:
    with pytest.raises(WinsetError) as caught:
        load_record(folder)
    assert caught.value.exit_code == 2
    return caught.value


def test_a_good_record_loads(tmp_path: Path) -> None:
    assert [claim.id for claim in load_record(case(tmp_path, EVENT, "", TERM))] == ["e1", "t1"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"source": "gazete"}, "'gazette'"),
        ({"source": ""}, "source"),
        ({"also": ["papre"]}, "'paper'"),
        ({"date": {"value": "2025-02-30"}}, "day value is outside"),
        ({"date": {"earliest": "2025-05-02", "latest": "2025-05-01"}}, "lies after"),
        ({"date": {"earliest": "2025-05-02"}}, "give 'value'"),
        ({"known": "soon"}, "known"),
        ({"known": "2025-04-30"}, "is not the day"),
        ({"known": "2025-04-30", "known_basis": "public-act"}, "before the event itself"),
        ({"confidense": "high"}, "'confidence'"),
        ({"parties": ["Aland"]}, "parties.0"),
        ({"status": "happened"}, "status"),
        ({"updates": "e0"}, "unknown claim 'e0'"),
        ({"kind": "evnt"}, "'event'"),
        ({"kind": None}, "'kind' is missing"),
        ({"text": " "}, "text"),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    error = failing(case(tmp_path, TERM, "", {**EVENT, **change}))
    assert error.where == f"{tmp_path / 'record.jsonl'}:3"
    assert says in str(error)


def test_broken_line(tmp_path: Path) -> None:
    error = failing(case(tmp_path, EVENT, '{"kind": "term",'))
    assert error.line == 2
    assert "not valid JSON" in str(error)


def test_duplicate_id_names_both_lines(tmp_path: Path) -> None:
    error = failing(case(tmp_path, EVENT, TERM, EVENT))
    assert error.line == 3
    assert "line 1" in str(error)


def test_a_circle_of_updates_is_refused(tmp_path: Path) -> None:
    error = failing(case(tmp_path, {**EVENT, "updates": "e2"}, {**EVENT, "id": "e2", "updates": "e1"}))
    assert "circle" in str(error)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"quantity": {"unit": "percent"}}, "needs 'value'"),
        ({"quantity": {"low": 2, "high": 1, "unit": "percent"}}, "above 'high'"),
        ({"quantity": {"value": 1}}, "'unit' is missing"),
        ({"effective": {}}, "effective.since"),
        ({"effective": {"since": "2025-05-02", "until": "2025-05-01"}}, "lies after"),
    ],
)
def test_faults_of_terms(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    assert says in str(failing(case(tmp_path, {**TERM, **change})))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("  - id: paper", "  - id: gazette", 9, "stands twice"),
        ('    publisher: "Paper"\n', "", 9, "'publisher' is missing"),
        ("    url: null\n", "", 9, "'url' is missing"),
        ("    file: report.txt\n", "", 9, "may be null only"),
        ("{value: 2025-05-01, basis: stated}", "{basis: stated}", 5, "'latest'"),
        ("    kind: press", "    kind: rumour", 16, "'rumour'"),
        ("2025-05-31", "2025-04-31", 12, "not a day"),
        ('"https://example.org/notice"', '"www.example.org"', 6, "'www.example.org'"),
    ],
)
def test_faults_of_documents(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in DOCUMENTS
    error = failing(case(tmp_path, EVENT, documents=DOCUMENTS.replace(old, new)))
    assert str(error.file).endswith("documents.yaml")
    assert says in str(error)
    assert error.line == line


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        load_record(tmp_path)
    case(tmp_path, EVENT)
    (tmp_path / "record.jsonl").unlink()
    with pytest.raises(UnreadableFileError):
        load_record(tmp_path)


def test_documents_are_sorted_and_looked_up(tmp_path: Path) -> None:
    documents = load_documents(case(tmp_path, EVENT))
    assert list(documents) == ["gazette", "paper"]
    assert documents["gazette"].official
    with pytest.raises(UnknownNameError, match="Did you mean 'paper'"):
        documents.cited("papers")


def test_official_text_prevails_over_press(tmp_path: Path) -> None:
    press = {
        **TERM,
        "id": "t2",
        "source": "paper",
        "known": "2025-05-31",
        "quantity": {"value": 12, "unit": "percent"},
    }
    record = load_record(case(tmp_path, press, TERM))
    (shown,) = state_of_play(record, dt.date(2025, 6, 1)).in_force
    assert shown.claim.id == "t1"
    assert [(loser.claim.id, loser.why) for loser in shown.losers] == [("t2", "press beside an official text")]


def test_a_later_demand_stands_beside_an_agreement(tmp_path: Path) -> None:
    agreed = {**TERM, "id": "a", "status": "agreed", "effective": {}}
    asked = {
        **agreed,
        "id": "b",
        "status": "demanded",
        "date": {"value": "2025-05-10"},
        "source": "paper",
        "known": "2025-05-31",
    }
    record = load_record(case(tmp_path, agreed, asked))
    table = state_of_play(record, dt.date(2025, 6, 1)).on_table
    assert [shown.claim.id for shown in table] == ["a", "b"]
    again = {**agreed, "id": "c", "date": {"value": "2025-05-20"}, "source": "paper", "known": "2025-05-31"}
    record = load_record(case(tmp_path, agreed, asked, again))
    (shown,) = state_of_play(record, dt.date(2025, 6, 1)).on_table
    assert shown.claim.id == "c"
    assert {loser.claim.id for loser in shown.losers} == {"a", "b"}


def test_decisions_are_appended_and_the_latest_counts(tmp_path: Path) -> None:
    folder = case(tmp_path, EVENT, TERM)
    before = (folder / "record.jsonl").read_bytes()
    today = dt.date(2025, 6, 1)

    def decide(name: str, verdict: str, hour: int) -> None:
        made = {"kind": "decision", "id": name, "claim": "t1", "verdict": verdict, "by": "analyst"}
        append_decision(folder, Decision.model_validate({**made, "at": dt.datetime(2025, 6, 2, hour)}))

    decide("d1", "refuse", 9)
    assert {claim.id for claim in load_record(folder).as_of(today)} == {"e1"}
    decide("d2", "accept", 10)
    record = load_record(folder)
    assert {claim.id for claim in record.as_of(today)} == {"e1", "t1"}
    assert [decision.id for decision in record.decisions] == ["d1", "d2"]
    assert (folder / "record.jsonl").read_bytes().startswith(before)
    with pytest.raises(CaseFileError, match="stands twice"):
        decide("d1", "accept", 11)


def test_a_correction_takes_the_place_of_a_claim(tmp_path: Path) -> None:
    better = {**TERM, "id": "t2", "quantity": {"value": 15, "unit": "percent"}}
    decision = {
        "kind": "decision",
        "id": "d1",
        "claim": "t1",
        "verdict": "correct",
        "becomes": "t2",
        "by": "a",
        "at": "2025-06-01T10:00:00Z",
    }
    record = load_record(case(tmp_path, TERM, better, decision))
    (shown,) = state_of_play(record, dt.date(2025, 6, 1)).in_force
    assert shown.claim.id == "t2"
    assert shown.losers == ()
    assert len(record) == 2
    verdict = record.verdict("t1")
    assert verdict is not None
    assert verdict.becomes == "t2"
    error = failing(case(tmp_path, TERM, {**decision, "becomes": "t9"}))
    assert error.line == 2
