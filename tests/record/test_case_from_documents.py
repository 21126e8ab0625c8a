"""The shipped case read again from those of its documents that are at hand, against its record made by people."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from winset.package.folder import SHIPPED
from winset.record.claims import Deadline, Event
from winset.record.ledger import Record, load_record
from winset.record.proposals import CaseReading, read_case
from winset.record.review import decide, open_review

MEETINGS = {"meeting", "summit", "visit", "call"}
"""Kinds that two readers may call by each other's name."""


@pytest.fixture(scope="module")
def case(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("again") / "case"
    shutil.copytree(SHIPPED / "korea-us-2025", folder)
    for path in sorted((shared / "seeds").glob("*.txt")):
        shutil.copy(path, folder / "documents")
    return folder


@pytest.fixture(scope="module")
def reading(case: Path) -> CaseReading:
    return read_case(case)


@pytest.fixture(scope="module")
def record(case: Path) -> Record:
    return load_record(case)


def days(item: Any) -> tuple[str, str]:
    """First and last day of a proposal's date; open ends reach to the ends of time."""
    return (item["date"]["earliest"] or "0000")[:10], (item["date"]["latest"] or "9999")[:10]


def fits(claim: Event, document: str, item: Any) -> bool:
    if document != claim.source or (item["type"] != claim.type and not {item["type"], claim.type} <= MEETINGS):
        return False
    first, last = days(item)
    return first <= claim.date.last.isoformat() and claim.date.first.isoformat() <= last


def test_every_listed_text_is_read(reading: CaseReading) -> None:
    assert len(reading.documents) == 5
    assert not reading.problems
    assert {one.id for one in reading.documents} == {f"seed-00{k}" for k in range(5)}


def test_what_people_recorded_of_these_documents_is_proposed(reading: CaseReading, record: Record) -> None:
    """Meetings all of them; of other events and background most, since a person also read between the lines."""
    proposed = [(p.document, p.item) for p in reading.proposals if p.what == "event"]
    wanted = [claim for claim in record.of(Event) if claim.source.startswith("seed-")]
    found = [claim for claim in wanted if any(fits(claim, *one) for one in proposed)]
    assert len(found) >= 2 * len(wanted) / 3
    missed = {claim.id for claim in wanted} - {claim.id for claim in found}
    assert not {claim.id for claim in wanted if claim.type in MEETINGS} & missed
    due = [claim for claim in record.of(Deadline) if claim.source.startswith("seed-")]
    assert {claim.source for claim in due} == {p.document for p in reading.proposals if p.what == "deadline"}


def test_an_accepted_proposal_stands_beside_the_claims_of_people(case: Path, reading: CaseReading) -> None:
    planned = [
        p for p in reading.proposals
        if p.what == "event" and p.document == "seed-000" and p.item["status"] == "planned"
    ]  # fmt: skip
    talks = next(p for p in planned if len(p.item["participants"]) == 4)
    assert talks.item["date"]["utc"] == "2025-04-24T12:00Z"
    assert talks.item["date"]["local"] == ["2025-04-24T08:00-04:00 (Washington)"]
    before = len(load_record(case))
    decide(open_review(case), talks.id, "accept", by="a test")
    after = load_record(case)
    assert len(after) == before + 1
    made = after.claim(talks.id)
    assert made.date.first == dt.date(2025, 4, 24)
    assert made.source == "seed-000"
