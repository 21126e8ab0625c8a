"""Review: what a decision does, what a kill leaves, what two reviewers at once may not do."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from winset.cli_review import review as command
from winset.core.errors import CaseFileError, RequestError, UnknownNameError
from winset.record.claims import Event, Term
from winset.record.ledger import load_record
from winset.record.proposals import read_case
from winset.record.review import Entry, Review, decide, open_review
from winset.record.review_log import LOG, TORN, ReviewLine, append, locked, read_log
from winset.record.review_text import entry_line, entry_text, safe
from winset.record.timeline import state_of_play

TEXT = (
    "Danish Trade Minister Ida Holm will meet Maltese Economy Minister Carmelo Zahra in Valletta on "
    "March 12. "
    "Denmark agreed to buy $40 million of Maltese ships. Malta wants Denmark to lift its ban on honey. "
    "The truce expires on April 1. Denmark must answer before the licence runs out."
)
UNDATED = "Danish Trade Minister Ida Holm met Maltese Economy Minister Carmelo Zahra."
NOW = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    shelf = folder / "documents"
    shelf.mkdir(parents=True)
    (shelf / "a.txt").write_text(TEXT, encoding="utf-8")
    (shelf / "b.txt").write_text(UNDATED, encoding="utf-8")
    (shelf / "loose.txt").write_text("Peruvian President Ana Ruiz visited Quito on Monday.", encoding="utf-8")
    (shelf / "documents.yaml").write_text(
        "documents:\n"
        "  - {id: a, title: One, publisher: A paper, published: {value: 2024-03-04, basis: stated}, url: null, "
        "file: a.txt, lang: en, kind: press}\n"
        "  - {id: b, title: Two, publisher: A paper, published: {latest: 2024-05-01, basis: unknown}, url: null, "
        "file: b.txt, lang: en, kind: press}\n",
        encoding="utf-8",
    )
    (folder / "record.jsonl").write_text("", encoding="utf-8")
    (folder / "case.yaml").write_text("title: Only its place matters here\n", encoding="utf-8")
    read_case(folder)
    return folder


def first(queue: Review, what: str, document: str = "a") -> Entry:
    return next(
        e for e in queue.open if e.proposal and e.proposal.what == what and e.proposal.document == document
    )


def test_accepting_makes_a_claim_that_the_timeline_shows(case: Path) -> None:
    queue = open_review(case)
    for what in ("event", "term", "deadline", "position"):
        decide(queue, first(queue, what).id, "accept", by="Ana", now=NOW)
    record = load_record(case)
    assert len(record) == 4
    (event,) = record.of(Event)
    assert (event.status, event.date.value, event.place) == ("planned", dt.date(2024, 3, 12), "Valletta")
    assert event.participants == ("Ida Holm", "Carmelo Zahra")
    (term,) = record.of(Term)
    assert (term.quantity.value, term.quantity.unit, term.from_party, term.to_party) == (
        40.0,
        "million USD",
        "DNK",
        "MLT",
    )
    decision = record.verdict(event.id)
    assert decision is not None
    assert (decision.by, decision.at, decision.verdict) == ("Ana", NOW, "accept")
    state = state_of_play(record, dt.date(2024, 3, 5))
    assert [e.id for e in state.planned] == [event.id]
    assert state_of_play(record, dt.date(2024, 3, 3)).planned == ()
    # Nothing of the document's wording is in the record.
    assert "will meet" not in (case / "record.jsonl").read_text(encoding="utf-8")


def test_a_refusal_stays_out_of_the_record(case: Path) -> None:
    queue = open_review(case)
    entry = first(queue, "event")
    with pytest.raises(RequestError, match="--why"):
        decide(queue, entry.id, "refuse", by="Ana")
    decide(queue, entry.id, "refuse", by="Ana", why="A rumour")
    assert len(load_record(case)) == 0
    assert entry.id not in {e.id for e in open_review(case).open}
    assert read_log(case)[0].why == "A rumour"


def test_an_open_day_must_come_from_the_analyst(case: Path) -> None:
    queue = open_review(case)
    licence = next(
        e for e in queue.open if e.proposal and e.proposal.what == "deadline" and "licence" in e.proposal.quote
    )
    for entry in (first(queue, "event", "b"), licence):
        with pytest.raises(RequestError, match="date=YYYY-MM-DD"):
            decide(queue, entry.id, "accept", by="Ana")
    entry = first(queue, "event", "b")
    decide(queue, entry.id, "correct", by="Ana", changes={"earliest": "2024-04-01", "latest": "2024-04-30"})
    (event,) = load_record(case).of(Event)
    assert (event.date.first, event.date.last) == (dt.date(2024, 4, 1), dt.date(2024, 4, 30))


def test_a_document_that_is_not_listed_cannot_be_cited(case: Path) -> None:
    queue = open_review(case)
    entry = first(queue, "event", "loose")
    with pytest.raises(RequestError, match=r"documents\.yaml"):
        decide(queue, entry.id, "accept", by="Ana")
    assert read_log(case) == ()


def test_corrections_are_checked(case: Path) -> None:
    queue = open_review(case)
    entry = first(queue, "event")
    with pytest.raises(UnknownNameError, match="place"):
        decide(queue, entry.id, "correct", by="Ana", changes={"plaze": "Gozo"})
    with pytest.raises(CaseFileError):
        decide(queue, entry.id, "correct", by="Ana", changes={"status": "perhaps"})
    with pytest.raises(RequestError, match="not a day"):
        decide(queue, entry.id, "correct", by="Ana", changes={"date": "soon"})
    decide(queue, entry.id, "correct", by="Ana", changes={"place": "Gozo", "date": "2024-03-13"})
    (event,) = load_record(case).of(Event)
    assert (event.place, event.date.value) == ("Gozo", dt.date(2024, 3, 13))


def test_a_second_decision_needs_the_first_taken_back(case: Path) -> None:
    queue = open_review(case)
    entry = first(queue, "event")
    decide(queue, entry.id, "accept", by="Ana", now=NOW)
    with pytest.raises(RequestError, match="was decided by Ana"):
        decide(queue, entry.id, "refuse", by="Ben", why="No")
    decide(open_review(case), entry.id, "reopen", by="Ben", now=NOW + dt.timedelta(hours=1))
    record = load_record(case)
    assert record.set_aside() == {entry.id}
    decide(open_review(case), entry.id, "accept", by="Ana", now=NOW + dt.timedelta(hours=2))
    record = load_record(case)
    assert len(record) == 2
    assert len(state_of_play(record, dt.date(2024, 3, 5)).planned) == 1
    assert [line.verdict for line in read_log(case)] == ["accept", "reopen", "accept"]


def test_decisions_survive_a_second_reading_and_new_files(case: Path) -> None:
    queue = open_review(case)
    entry = first(queue, "event")
    decide(queue, entry.id, "accept", by="Ana")
    (case / "documents" / "0.txt").write_text("Chile demanded that Peru open its ports.", encoding="utf-8")
    read_case(case)
    assert open_review(case).entry(entry.id).decided is not None
    assert len(load_record(case)) == 1


def test_the_record_follows_the_log_after_a_kill(case: Path) -> None:
    """Killed after the line of the log, before the record: the next start carries it out, once."""
    queue = open_review(case)
    decide(queue, first(queue, "event").id, "accept", by="Ana")
    full = (case / "record.jsonl").read_text(encoding="utf-8")
    (case / "record.jsonl").write_text("", encoding="utf-8")
    open_review(case)
    assert (case / "record.jsonl").read_text(encoding="utf-8") == full
    open_review(case)
    assert (case / "record.jsonl").read_text(encoding="utf-8") == full


@pytest.mark.parametrize("cut", [1, 2, 10, 40])
def test_a_torn_last_line_is_kept_and_said(case: Path, cut: int) -> None:
    queue = open_review(case)
    whole = first(queue, "event").id
    decide(queue, whole, "refuse", by="Ana", why="Because")
    decide(queue, first(open_review(case), "term").id, "refuse", by="Ana", why="Because")
    content = (case / LOG).read_bytes()
    (case / LOG).write_bytes(content[:-cut])
    said: list[str] = []
    lines = read_log(case, warn=said.append)
    if cut == 1:  # only the line feed is gone: nothing is lost
        assert len(lines) == 2
        assert said == []
    else:
        assert [line.proposal for line in lines] == [whole]
        assert "cut off" in said[0]
    with locked(case):
        append(
            case,
            ReviewLine(proposal="x", verdict="refuse", by="Ben", at=NOW.isoformat(), why="No"),
            warn=said.append,
        )
    assert read_log(case)[-1].proposal == "x"
    assert len(read_log(case)) == (3 if cut == 1 else 2)
    if cut > 1:
        torn = (case / TORN).read_bytes().rstrip(b"\n")
        assert content[:-cut].endswith(torn)


def test_a_damaged_line_in_the_middle_is_an_error(case: Path) -> None:
    (case / LOG).write_text('{"proposal": "a"\n{"proposal": "b"}\n', encoding="utf-8")
    with pytest.raises(CaseFileError, match=r"review\.jsonl:1"):
        read_log(case)


WRITER = """
import datetime as dt, sys
from pathlib import Path
from winset.record.review_log import ReviewLine, append, locked
folder = Path(sys.argv[1])
for number in range(int(sys.argv[3])):
    with locked(folder):
        name = f"{sys.argv[2]}-{number}"
        append(folder, ReviewLine(proposal=name, verdict="refuse", by="w", at="2024-01-01", why="x" * 3000))
    print(f"{sys.argv[2]}-{number}", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a signal of POSIX systems")
def test_a_kill_at_any_moment_loses_nothing_decided(tmp_path: Path) -> None:
    """Real processes killed in the middle of their work, again and again, on one log."""
    confirmed: list[str] = []
    for attempt in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), f"run{attempt}", "100000"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        seen = [process.stdout.readline().strip() for _ in range(3 + attempt)]
        time.sleep(0.003 * attempt)
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        confirmed += [*seen, *rest.split()]
        decided = {line.proposal for line in read_log(tmp_path, warn=lambda _: None)}
        assert set(confirmed) <= decided
    assert len(confirmed) > 8 * 3


def test_writers_take_turns(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), f"w{n}", "15"], stdout=subprocess.DEVNULL)
        for n in range(3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert {line.proposal for line in read_log(tmp_path)} == {f"w{n}-{k}" for n in range(3) for k in range(15)}


def test_the_command(case: Path) -> None:
    runner = CliRunner()
    listed = runner.invoke(command, [str(case), "--list"], catch_exceptions=False)
    assert listed.exit_code == 0
    assert "open, 0 decided" in listed.output
    entry = first(open_review(case), "event")
    done = runner.invoke(command, [str(case), "--accept", entry.id, "--by", "Ana"], catch_exceptions=False)
    assert f"{entry.id}: accept by Ana" in done.output
    shown = runner.invoke(command, [str(case), "--json", "-"], catch_exceptions=False)
    document = json.loads(shown.output)
    assert (document["schema"], document["decided"]) == ("winset/review/1", 1)
    with pytest.raises(RequestError, match="--correct"):
        runner.invoke(command, [str(case), "--accept", entry.id, "--set", "place=X"], catch_exceptions=False)


def test_walking_the_queue(case: Path) -> None:
    runner = CliRunner()
    queue = open_review(case).open
    chosen = first(open_review(case), "event")
    at = next(n for n, entry in enumerate(queue) if entry.id == chosen.id)
    answers = "s\n" * at + "a\nr\nnot said\nq\n"
    walked = runner.invoke(command, [str(case), "--by", "Ana"], input=answers, catch_exceptions=False)
    assert walked.exit_code == 0
    assert ">>>" in walked.output
    assert [line.verdict for line in read_log(case)] == ["accept", "refuse"]


def test_a_document_cannot_drive_the_terminal(case: Path) -> None:
    assert safe("a\x1b[2Jb\u202ec\x9b\nd") == "a<U+001B>[2Jb<U+202E>c<U+009B> d"
    (case / "documents" / "evil.txt").write_text(
        "Danish Trade Minister Ida Holm met \x1b]0;pwned\x07 Maltese Economy Minister Carmelo Zahra in "
        "Valletta on Monday.",
        encoding="utf-8",
    )
    read_case(case)
    for entry in open_review(case).entries:
        assert not set(entry_text(entry) + entry_line(entry)) & {"\x1b", "\x07", "\u202e"}
