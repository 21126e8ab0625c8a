"""The state of play on a date: five days of the shipped case, and what holds for every day."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import time
from pathlib import Path

import pytest

from winset.record.ledger import Record, load_record
from winset.record.rendering import render, to_dict
from winset.record.timeline import StateOfPlay, TermShown, state_of_play

CASE = Path(__file__).resolve().parents[2] / "src" / "winset" / "cases" / "korea-us-2025"
LAST = dt.date(2026, 12, 31)


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record(CASE)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def pick(shown: tuple[TermShown, ...], on: str, authority: str | None = None, role: str = "rate") -> list[str]:
    """Ids of the terms on one good, levied on the first party of the case."""
    return [
        term.claim.id
        for term in shown
        if term.on == on
        and term.claim.to_party == "KOR"
        and term.claim.role == role
        and (authority is None or term.claim.authority == authority)
    ]


def ids(state: StateOfPlay) -> set[str]:
    parts = (state.events, state.planned, state.positions, state.numbers, state.estimates)
    found = {claim.id for part in parts for claim in part}
    for terms in (state.in_force, state.ended, state.on_table):
        for term in terms:
            found |= {term.claim.id, *(loser.claim.id for loser in term.losers)}
    found |= {shown.claim.id for shown in state.deadlines}
    return found | {shown.claim.id for shown in state.contradictions}


def test_first_talks(record: Record) -> None:
    state = state_of_play(record, day("2025-04-24"))
    assert state.events[0].id == "k08-first-2plus2"
    assert "s000-talks-planned" not in {event.id for event in state.planned}
    assert pick(state.in_force, "everything-else", "IEEPA") == ["p3-base-10"]
    assert pick(state.on_table, "everything-else", "IEEPA") == ["k06-25-suspended"]
    assert pick(state.in_force, "cars", "Section 232") == ["p2-cars-25"]
    assert pick(state.on_table, "car-parts", "Section 232") == ["p3-parts-25"]
    assert [(d.claim.id, d.status) for d in state.deadlines] == [("k06-pause-ends", "pending")]


def test_the_day_before_the_first_talks_they_are_planned(record: Record) -> None:
    state = state_of_play(record, day("2025-04-23"))
    assert "s000-talks-planned" in {event.id for event in state.planned}


def test_july_deal(record: Record) -> None:
    state = state_of_play(record, day("2025-07-31"))
    assert pick(state.in_force, "everything-else", "IEEPA") == ["p3-base-10"]
    (coming,) = [t for t in state.on_table if t.claim.id == "p5-general-15"]
    assert coming.status == "announced"
    assert {loser.claim.id for loser in coming.losers} >= {"k13-25-threat", "k15-rate-15"}
    table = {term.claim.id: term.claim for term in state.on_table}
    assert table["k15-invest-350"].quantity.value == 350_000
    assert table["k15-energy-100"].quantity.value == 100_000
    assert ("k13-rate-date-met", "met") in [(d.claim.id, d.status) for d in state.deadlines]
    farm = next(c for c in state.contradictions if c.claim.id == "x07")
    assert farm.open
    assert not farm.reading


def test_fact_sheet_day_knows_nothing_of_the_notice(record: Record) -> None:
    state = state_of_play(record, day("2025-11-14"))
    assert pick(state.in_force, "cars", "Section 232") == ["p2-cars-25"]
    assert pick(state.on_table, "cars", "Section 232") == ["k25-cars-15"]
    assert pick(state.in_force, "everything-else", "IEEPA") == ["p5-general-15"]
    table = {term.claim.id for term in state.on_table}
    assert {"k29-arms-25", "k29-usfk-33", "k26-cap-20", "k31-45-days"} <= table
    share = next(t for t in state.on_table if t.claim.id == "k32-us-share")
    assert {loser.claim.id for loser in share.losers} == {"k17-profit-90", "k23-profit-90"}
    assert "k35-notice" not in ids(state)
    assert next(c for c in state.contradictions if c.claim.id == "x07").reading


def test_looking_back_sees_the_back_dated_notice(record: Record) -> None:
    on = day("2025-11-01")
    assert pick(state_of_play(record, on).in_force, "cars", "Section 232") == ["p2-cars-25"]
    later = state_of_play(record, on, known_by=day("2025-12-05"))
    assert pick(later.in_force, "cars", "Section 232") == ["p6-cars-15"]
    assert pick(later.in_force, "everything-else", "IEEPA") == ["p5-general-15"]
    eve = state_of_play(record, day("2025-10-31"), known_by=LAST)
    assert pick(eve.in_force, "cars", "Section 232") == ["p2-cars-25"]
    unaware = ids(state_of_play(record, day("2025-10-31")))
    assert not unaware & {"k35-notice", "p6-cars-15", "p7-general-15", "p7-lumber-15", "k35-aircraft-0"}


def test_after_the_ruling(record: Record) -> None:
    state = state_of_play(record, day("2026-02-25"))
    assert pick(state.in_force, "everything-else", "Section 122") == ["p8-general-10"]
    assert pick(state.in_force, "everything-else", "IEEPA") == []
    assert pick(state.ended, "everything-else", "IEEPA") == ["k42-general-void"]
    assert pick(state.in_force, "cars", "Section 232") == ["p6-cars-15"]
    assert pick(state.on_table, "cars", "Section 232") == ["k37-25-cars"]
    pending = {d.claim.id for d in state.deadlines if d.status == "pending"}
    assert {"k43-s122-ends", "k41-committee-ends"} <= pending


def test_after_section_122(record: Record) -> None:
    state = state_of_play(record, day("2026-08-15"))
    assert pick(state.in_force, "everything-else", "Section 122") == []
    assert pick(state.on_table, "everything-else", role="forced-labour-rate") == ["k51-12-5"]
    assert pick(state.in_force, "steel", "Section 232") == ["p9-metals-50"]
    assert {c.claim.id for c in state.contradictions if c.open} == {"x10", "x12"}
    assert "s122" not in " ".join(d.claim.id for d in state.deadlines if d.status == "pending")


@pytest.mark.parametrize(
    ("on", "general", "cars", "steel"),
    [
        ("2025-03-11", 0, 0, 0),
        ("2025-03-12", 0, 0, 25),
        ("2025-04-02", 0, 0, 25),
        ("2025-04-03", 0, 25, 25),
        ("2025-04-05", 10, 25, 25),
        ("2025-06-03", 10, 25, 25),
        ("2025-06-04", 10, 25, 50),
        ("2025-08-06", 10, 25, 50),
        ("2025-08-07", 15, 25, 50),
        ("2025-10-31", 15, 25, 50),
        ("2025-11-01", 15, 15, 50),
        ("2025-11-14", 15, 15, 50),
        ("2026-02-23", 15, 15, 50),
        ("2026-02-24", 10, 15, 50),
        ("2026-04-06", 10, 15, 50),
        ("2026-07-23", 10, 15, 50),
        ("2026-07-24", 0, 15, 50),
    ],
)
def test_rates_on_every_step_of_the_path(
    record: Record, on: str, general: float, cars: float, steel: float
) -> None:
    state = state_of_play(record, day(on), known_by=LAST)
    for good, wanted in (("everything-else", general), ("cars", cars), ("steel", steel)):
        rates = [
            t.claim.quantity.value
            for t in state.in_force
            if t.on == good and t.issue == "tariff" and t.claim.role == "rate" and t.claim.to_party == "KOR"
        ]
        assert max((rate for rate in rates if rate is not None), default=0) == wanted, (good, rates)


DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=9 * n) for n in range(70)]


def test_what_is_known_only_grows(record: Record) -> None:
    before: set[str] = set()
    for on in DAYS:
        now = {claim.id for claim in record.as_of(on)}
        assert before <= now
        assert all(claim.known <= on for claim in record.as_of(on))
        before = now
    assert {claim.id for claim in record.as_of(LAST)} == {claim.id for claim in record}


def test_no_view_shows_what_was_not_yet_known(record: Record) -> None:
    for on in DAYS:
        state = state_of_play(record, on)
        known = {claim.id: claim.known for claim in record}
        assert all(known[name] <= on for name in ids(state))


def test_order_of_lines_does_not_matter(record: Record, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(CASE / "documents", case / "documents")
    lines = (CASE / "record.jsonl").read_text("utf-8").splitlines()
    random.Random(7).shuffle(lines)
    (case / "record.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    shuffled = load_record(case)
    assert shuffled.claims == record.claims
    for on in DAYS[::10]:
        assert to_dict(state_of_play(shuffled, on)) == to_dict(state_of_play(record, on))


def test_reading_twice_changes_nothing(record: Record) -> None:
    assert load_record(CASE) == record
    on = day("2025-11-14")
    assert state_of_play(record, on) == state_of_play(record, on)
    assert render(state_of_play(record, on)) == render(state_of_play(record, on))


def test_rendering_fits_a_terminal_and_the_dict_is_json(record: Record) -> None:
    for on in DAYS[::5]:
        state = state_of_play(record, on)
        assert max(len(line) for line in render(state).splitlines()) <= 80
        assert json.loads(json.dumps(to_dict(state))) == to_dict(state)


def test_a_reading_that_came_later_does_not_leak(record: Record) -> None:
    plain = to_dict(state_of_play(record, day("2025-07-31")))
    farm = next(c for c in plain["contradictions"] if c["claim"]["id"] == "x07")
    assert "reading" not in farm["claim"]


def test_loading_and_rendering_are_quick() -> None:
    best = min(_seconds() for _ in range(5))
    assert best < 0.1


def _seconds() -> float:
    start = time.perf_counter()
    render(state_of_play(load_record(CASE), day("2026-02-25")))
    return time.perf_counter() - start
