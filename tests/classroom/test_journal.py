"""The log: nothing that was acknowledged is lost, whatever happens to the process or the last line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from class_rooms import RULES, setup
from winset.classroom.journal import Journal
from winset.classroom.session import Session
from winset.core.errors import CaseFileError, RequestError, UnreadableFileError


class Clock:
    """Seconds that the test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_session_is_taken_up_where_it_was(tmp_path: Path) -> None:
    clock = Clock()
    with Journal(tmp_path / "s.jsonl") as journal:
        first = Session(journal, setup(), RULES, clock=clock)
        come = first.join(first.state.codes["AAA"].lower(), "Ann")
        assert come is not None
        token, ann = come
        assert first.join("WRONG1", "Eve") is None
        other = first.join(first.state.codes["BBB"], "Bo")
        assert other is not None
        first.teacher("begin", _ask())
        clock.now += 30
        first.act(ann, "offer", levers={"money": 40}, message="so")
        state = first.state
    clock.now += 5000
    with Journal(tmp_path / "s.jsonl") as journal:
        again = Session(journal, setup(), RULES, clock=clock)
        assert again.resumed
        assert again.state.offers == state.offers
        assert again.state.elapsed == 30
        assert not again.state.running, "the time without a server belongs to nobody"
        assert again.state.stopped_by == "restart"
        assert again.member(token) == ann
        assert again.member("another") is None
        clock.now += 100
        again.teacher("resume", _ask())
        clock.now += 10
        assert again.view()["clock"]["elapsed"] == 40


def _ask() -> object:
    from winset.classroom.moves import Ask

    return Ask()


def test_a_line_cut_short_is_dropped_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    with Journal(path) as journal:
        Session(journal, setup(), RULES).join("", "x")
        codes = Session(journal, setup(), RULES).state.codes
    whole = path.read_bytes()
    for cut in (b'{"t":1.0,"kind":"joi', b"{", b'{"t":1.0,"kind":"began"}'):
        path.write_bytes(whole + cut)
        with Journal(path) as journal:
            session = Session(journal, setup(), RULES)
            assert session.state.members == {}
            assert session.join(codes["AAA"], "Ann") is not None
        with Journal(path) as journal:
            assert [event.kind for event in journal.events] == ["opened", "joined"]
        path.write_bytes(whole)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"not json\n", 1), (b"no line at all", 1), (b'{"t":0,"kind":"party"}\n', 1), (b"\xff\xfe\n", 1)],
)
def test_somebody_elses_file_is_left_alone(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(content)
    with pytest.raises(CaseFileError) as caught:
        Journal(path)
    assert caught.value.line == line
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    with Journal(path) as journal:
        session = Session(journal, setup(), RULES)
        session.join(session.state.codes["AAA"], "Ann")
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b'{"t":1}\n' + second)
    with pytest.raises(CaseFileError, match=r"s\.jsonl:2"):
        Journal(path)


def test_two_servers_do_not_share_a_session(tmp_path: Path) -> None:
    with Journal(tmp_path / "s.jsonl"), pytest.raises(RequestError, match="in use"):
        Journal(tmp_path / "s.jsonl")
    Journal(tmp_path / "s.jsonl").close()


def test_a_session_of_other_teams_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path / "s.jsonl") as journal:
        Session(journal, setup(2), RULES)
    with Journal(tmp_path / "s.jsonl") as journal, pytest.raises(RequestError, match="other teams"):
        Session(journal, setup(3), RULES)


def test_a_move_that_cannot_be_kept_did_not_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.jsonl"
    with Journal(path) as journal:
        session = Session(journal, setup(), RULES)
        before, size = session.state, path.stat().st_size

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(UnreadableFileError, match="did not happen"):
            session.join(session.state.codes["AAA"], "Ann")
        assert session.state == before
        assert path.stat().st_size == size
        monkeypatch.undo()
        assert session.join(session.state.codes["AAA"], "Ann") is not None


def test_the_log_is_nobody_elses_business(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("modes of files are a matter of POSIX systems")
    with Journal(tmp_path / "s.jsonl"):
        assert (tmp_path / "s.jsonl").stat().st_mode & 0o077 == 0


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from class_rooms import RULES, setup
from winset.classroom.journal import Journal
from winset.classroom.session import Session

session = Session(Journal(Path(sys.argv[1])), setup(), RULES)
number = 0
while True:
    number += 1
    if number <= 150:
        _, member = session.join(session.state.codes["AAA"], f"student {number}")
        print(member.name, flush=True)
    else:
        session.act(session.state.members[1 + number % 2], "speak")
        print(f"speaks {1 + number % 2}", flush=True)
"""


@pytest.mark.parametrize("seconds", [0.05, 0.2])
def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "s.jsonl"
    command = [sys.executable, "-c", WRITER, str(path), str(Path(__file__).resolve().parents[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip()]
        time.sleep(seconds)
        process.kill()
        told += [line.strip() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    with Journal(path) as journal:
        session = Session(journal, setup(), RULES)
        names = {member.name for member in session.state.members.values()}
        assert {line for line in told if line.startswith("student")} <= names
        speaks = [line for line in told if line.startswith("speaks")]
        if speaks:
            # The last one that was told, or one more that was kept and not told any more.
            kept = [event for event in journal.events if event.kind == "spoke"]
            assert len(kept) - len(speaks) in (0, 1)
