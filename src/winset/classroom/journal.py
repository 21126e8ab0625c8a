"""The log of a session on disk: one JSON line an event, on the disk before anybody is told that it happened.

A line that a crash left unfinished at the end is dropped: nobody was told of it. Damage anywhere else is an error.
One server at a time: a lock beside the file, which the system lets go of however the process ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from winset.classroom import events as ev
from winset.core.errors import CaseFileError, RequestError, UnreadableFileError

__all__ = ["LARGEST", "Journal"]

LARGEST = 32_000_000
"""Bytes. Some hundred lessons; beyond it nothing is written."""


class Journal:
    """An open log. Use as a context manager, or `close` it."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file and takes its lock.

        Raises UnreadableFileError where it cannot be read or written, RequestError where another server holds it,
        CaseFileError (with the line) where it is damaged.
        """
        self.path = path
        self.events: list[ev.Event] = []
        """All of them, in order."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(path)
        except OSError as error:
            raise UnreadableFileError(
                f"the session cannot be kept here: {error.strerror or error}", file=path,
                remedy="Name another file with --state",
            ) from error  # fmt: skip
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> None:
        try:
            new = not self.path.exists()
            if not new and not self.path.is_file():
                raise UnreadableFileError("this is not a regular file", file=self.path)
            # Access codes stand in it: nobody else on this machine needs to read it.
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._file = os.open(self.path, flags, 0o600)
        except UnreadableFileError:
            raise
        except OSError as error:
            raise UnreadableFileError(
                f"the session cannot be kept here: {error.strerror or error}", file=self.path,
                remedy="Name another file with --state",
            ) from error  # fmt: skip
        try:
            self._size = self._load()
            # Whatever a crash left unfinished must not run into the next line.
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)
            if new:
                _sync_folder(self.path.parent)
        except BaseException:
            os.close(self._file)
            raise

    def _load(self) -> int:
        """Read all events; the length of what is whole."""
        size = os.fstat(self._file).st_size
        if size > LARGEST:
            raise UnreadableFileError(
                f"the file has {size:,} bytes; at most {LARGEST:,} are read", file=self.path,
                remedy="Name another file with --state",
            )  # fmt: skip
        with os.fdopen(os.dup(self._file), "rb") as stream:
            stream.seek(0)
            content = stream.read()
        whole = content[: content.rfind(b"\n") + 1]
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                self.events.append(ev.EVENT.validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                raise CaseFileError(
                    f"this is no line of a class session: {first['msg']}", file=self.path, line=number,
                    remedy="Name another file with --state",
                ) from error  # fmt: skip
        if content and not whole:
            # Not one whole line: perhaps somebody else's file, which must not be emptied.
            raise CaseFileError("this is no class session", file=self.path, line=1,
                                remedy="Name another file with --state")  # fmt: skip
        return len(whole)

    def append(self, events: Sequence[ev.Event]) -> None:
        """Write events, all or none, and return once they are on the disk. Raises UnreadableFileError."""
        if not events:
            return
        block = b"".join(ev.EVENT.dump_json(event) + b"\n" for event in events)
        if self._size + len(block) > LARGEST:
            raise RequestError("the log of the session is full", remedy="Begin another with --state FILE")
        try:
            written = 0
            while written < len(block):
                written += os.write(self._file, block[written:])
            os.fsync(self._file)
        except OSError as error:
            # Half a line must not stand before the next one. If even that fails, the next start drops it.
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)
            raise UnreadableFileError(
                f"the move could not be kept: {error.strerror or error}; it did not happen", file=self.path
            ) from error
        self._size += len(block)
        self.events.extend(events)

    def close(self) -> None:
        """Let go of the file and its lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self._lock.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _locked(path: Path) -> IO[bytes]:
    """The lock file, held. It stays when the server goes: removing it would let two in at once."""
    handle = path.with_name(f"{path.name}.lock").open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise RequestError(
            f"{path} is in use by another class session", remedy="Stop that one, or name another file with --state"
        ) from error
    return handle


def _sync_folder(folder: Path) -> None:
    """Make the file's own name last. Not every system can open a folder; those keep names by themselves."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
