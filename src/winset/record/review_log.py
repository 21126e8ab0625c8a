"""What people decided, in a file that only grows: `review.jsonl`, one line a decision.

A decision counts from the moment its line is on the disk, and everything needed to carry it out is in that line; a
kill later loses nothing. A kill in the middle of a line leaves a torn last line: it is set aside in `review.torn`
with a warning, never dropped without a word. Writers take turns through a lock that the system releases when a
process dies.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from winset.core.errors import CaseFileError, UnreadableFileError
from winset.core.files import MAX_TEXT_BYTES, read_text

__all__ = ["LOG", "TORN", "ReviewLine", "append", "locked", "read_log"]

LOG = "review.jsonl"
TORN = "review.torn"
VERDICTS = ("accept", "correct", "refuse", "reopen")
WAIT_SECONDS = 20.0
Warn = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """One decision."""

    proposal: str
    """Id of the proposal, or of the conflict, judged."""
    verdict: str
    """accept, correct (accept with changes), refuse, or reopen (take the last one back)."""
    by: str
    at: str
    """ISO instant, UTC."""
    why: str = ""
    claim: dict[str, Any] | None = None
    """The claim that goes to the record, whole."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the case's review lock; waits for another writer, and says so if it takes too long."""
    path = folder / ".review.lock"
    try:
        handle = path.open("a+b")
    except OSError as error:
        raise UnreadableFileError(
            f"cannot write here: {error.strerror or error}",
            file=path,
            remedy="Review a copy of the case of your own",
        ) from error
    with handle:
        deadline = time.monotonic() + WAIT_SECONDS
        while not _take(handle):
            if time.monotonic() > deadline:
                raise CaseFileError(
                    "another review of this case is writing", file=folder, remedy="Wait for it, then try again"
                )
            time.sleep(0.02)
        try:
            yield
        finally:
            _give(handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _give(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def read_log(folder: Path, *, warn: Warn | None = None) -> tuple[ReviewLine, ...]:
    """Every decision as written. A torn last line is passed over with a warning; any other fault is an error."""
    path = folder / LOG
    if not path.exists():
        return ()
    lines = _bytes(path).split(b"\n")
    torn = lines.pop()
    found = [_line(raw, path, number) for number, raw in enumerate(lines, start=1) if raw.strip()]
    if torn:
        whole = _whole(torn)
        if whole is not None:
            # Only the line feed is missing: the decision is whole.
            found.append(whole)
        elif warn is not None:
            warn(f"{path}:{len(lines) + 1}: the last line was cut off while it was written; it is kept in {TORN}")
    return tuple(found)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > 10 * MAX_TEXT_BYTES:
        raise UnreadableFileError("the file is too large to be a review log", file=path)
    return path.read_bytes()


def _whole(raw: bytes) -> ReviewLine | None:
    try:
        return _parsed(raw)
    except (ValueError, TypeError):
        return None


def _parsed(raw: bytes) -> ReviewLine:
    data = json.loads(raw.decode("utf-8"))
    if not isinstance(data, dict):
        raise ValueError("not an object")
    line = ReviewLine(**data)
    if line.verdict not in VERDICTS:
        raise ValueError(f"unknown verdict {line.verdict!r}")
    return line


def _line(raw: bytes, path: Path, number: int) -> ReviewLine:
    try:
        return _parsed(raw)
    except (ValueError, TypeError, RecursionError) as error:
        raise CaseFileError(
            f"this line is not a decision: {error}",
            file=path,
            line=number,
            why="The file only grows; nobody but winset writes it",
            remedy="Restore the line from a copy, or cut it out by hand",
        ) from error


def append(folder: Path, line: ReviewLine, *, warn: Warn | None = None) -> None:
    """Write one decision at the end and wait until it is on the disk. Call it inside `locked`."""
    path = folder / LOG
    _mend(path, warn)
    data = {key: value for key, value in vars(line).items() if value not in ("", None)}
    raw = (json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8")
    new = not path.exists()
    try:
        # One write, unbuffered: what a kill can leave behind is a beginning of this line and nothing else.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        try:
            left = memoryview(raw)
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            _sync_folder(folder)
    except OSError as error:
        raise UnreadableFileError(
            f"the decision could not be written: {error.strerror or error}", file=path
        ) from error


def _mend(path: Path, warn: Warn | None) -> None:
    """Before a new line: finish or set aside what a killed writer left at the end."""
    if not path.exists():
        return
    content = _bytes(path)
    end = content.rfind(b"\n") + 1
    torn = content[end:]
    if not torn:
        return
    if _whole(torn) is not None:
        with path.open("ab") as stream:
            stream.write(b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        return
    with (path.parent / TORN).open("ab") as stream:
        stream.write(torn + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    with path.open("r+b") as stream:
        stream.truncate(end)
        stream.flush()
        os.fsync(stream.fileno())
    if warn is not None:
        warn(f"{path}: a last line that was cut off while it was written is now in {TORN}; judge that item again")


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only once its folder is; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def torn_lines(folder: Path) -> list[str]:
    """What was set aside, for a person to look at."""
    path = folder / TORN
    return read_text(path).split("\n")[:-1] if path.exists() else []
