"""iCalendar and CSV of the state of play, read back by other programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.documents.sources import Documents
from winset.record.calendar import COLUMNS, calendar_csv, calendar_ics
from winset.record.claims import Deadline, Event
from winset.record.ledger import Record, load_record
from winset.record.timeline import StateOfPlay, state_of_play

CASE = Path(__file__).resolve().parents[2] / "src" / "winset" / "cases" / "korea-us-2025"
DAY = dt.date(2025, 7, 10)


@pytest.fixture(scope="module")
def state() -> StateOfPlay:
    return state_of_play(load_record(CASE), DAY)


def made_up(text: str, place: str = "", note: str = "") -> StateOfPlay:
    common = {
        "known": "2025-01-02",
        "track": "t",
        "issue": "i",
        "text": text,
        "source": "s",
        "confidence": "low",
        "note": note,
    }
    due = {"earliest": "2025-02-01", "latest": "2025-02-28", "basis": "unknown"}
    claims = (
        Deadline.model_validate(
            {
                **common,
                "kind": "deadline",
                "id": "d",
                "date": {"value": "2025-01-02"},
                "status": "pending",
                "due": due,
            }
        ),
        Event.model_validate(
            {
                **common,
                "kind": "event",
                "id": "e",
                "date": {"value": "2025-03-04"},
                "type": "meeting",
                "status": "planned",
                "place": place,
            }
        ),
    )
    return state_of_play(Record(claims=claims, decisions=(), documents=Documents(file="")), dt.date(2025, 1, 3))


def entries(text: str) -> list[dict[str, object]]:
    icalendar = pytest.importorskip("icalendar", reason="icalendar, a development tool, is not installed")
    calendar = icalendar.Calendar.from_ical(text)
    return [dict(event) for event in calendar.walk("VEVENT")]


def test_read_back(state: StateOfPlay) -> None:
    found = {str(e["UID"]): e for e in entries(calendar_ics(state))}
    pending = [d for d in state.deadlines if d.status == "pending"]
    assert set(found) == {f"{claim.id}@winset" for claim in (*[d.claim for d in pending], *state.planned)}
    assert pending
    for shown in pending:
        entry = found[f"{shown.claim.id}@winset"]
        due = shown.claim.moved_to or shown.claim.due
        assert entry["DTSTART"].dt == due.first  # type: ignore[attr-defined]
        assert entry["DTEND"].dt == due.last + dt.timedelta(days=1)  # type: ignore[attr-defined]
        assert str(entry["SUMMARY"]) == f"Deadline: {shown.claim.text}"
        assert entry["DTSTAMP"].dt.date() == DAY  # type: ignore[attr-defined]


def test_the_same_record_gives_the_same_bytes(state: StateOfPlay) -> None:
    again = state_of_play(load_record(CASE), DAY)
    assert calendar_ics(again) == calendar_ics(state)
    assert calendar_csv(again) == calendar_csv(state)


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(
    lambda t: t.strip()
)


@given(TEXT, TEXT)
def test_any_text_folds_and_comes_back(text: str, place: str) -> None:
    body = calendar_ics(made_up(text, place))
    assert body.endswith("\r\n")
    for line in body.split("\r\n"):
        assert len(line.encode("utf-8")) <= 75
        assert "\n" not in line
    unfolded = body.replace("\r\n ", "")
    (summary,) = [line for line in unfolded.split("\r\n") if line.startswith("SUMMARY:Meeting")]
    plain = summary.removeprefix("SUMMARY:Meeting: ")
    for escaped, letter in (("\\;", ";"), ("\\,", ","), ("\\n", "\n")):
        plain = plain.replace("\\\\", "\0").replace(escaped, letter).replace("\0", "\\\\")
    assert plain.replace("\\\\", "\\") == text.strip()


def test_a_day_between_two_is_said_to_be_open() -> None:
    (deadline,) = [e for e in entries(calendar_ics(made_up("X"))) if str(e["UID"]).startswith("d@")]
    assert str(deadline["STATUS"]) == "TENTATIVE"
    assert "not known" in str(deadline["DESCRIPTION"])


def test_csv_holds_every_line_of_the_view(state: StateOfPlay) -> None:
    rows = list(csv.DictReader(io.StringIO(calendar_csv(state), newline="")))
    assert list(rows[0]) == list(COLUMNS)
    terms = [row for row in rows if row["kind"] == "term" and not row["status"].startswith("not held")]
    assert len(terms) == len(state.in_force) + len(state.on_table) + len(state.ended)
    assert sum(row["section"] == "deadline" for row in rows) == len(state.deadlines)
    assert sum(row["section"] == "event" for row in rows) == len(state.events)
    losers = sum(len(s.losers) for s in (*state.in_force, *state.on_table, *state.ended))
    assert sum(row["status"].startswith("not held") for row in rows) == losers


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_is_never_a_formula(start: str) -> None:
    text = f'{start}HYPERLINK("http://example.org"), "a"\nb'
    rows = list(csv.DictReader(io.StringIO(calendar_csv(made_up(text)), newline="")))
    assert {row["text"] for row in rows} == {"'" + text}
