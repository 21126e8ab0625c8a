"""Reading with bounds and writing all or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from winset.core.errors import UnreadableFileError

__all__ = ["MAX_TEXT_BYTES", "inside", "read_text", "write_bytes", "write_text"]

MAX_TEXT_BYTES = 20_000_000
"""Largest case file that is read at all (bytes): far above any real one, far below what would hurt."""


def read_text(path: Path, *, limit: int = MAX_TEXT_BYTES) -> str:
    """The UTF-8 text of a regular file of at most `limit` bytes; anything else is one clear error."""
    if not path.exists():
        raise UnreadableFileError("no such file", file=path, remedy="Check the path")
    if not path.is_file():
        raise UnreadableFileError("this is not a regular file", file=path, remedy="Name a text file")
    try:
        size = path.stat().st_size
        if size > limit:
            raise UnreadableFileError(
                f"the file has {size:,} bytes; at most {limit:,} are read", file=path, remedy="Split it"
            )
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"the file is not UTF-8 text (byte {error.start})", file=path, remedy="Save it as UTF-8"
        ) from error
    except UnreadableFileError:
        raise
    except OSError as error:
        raise UnreadableFileError(
            f"the file cannot be read: {error.strerror or error}", file=path, remedy="Check its permissions"
        ) from error


def inside(folder: Path, name: str) -> Path:
    """`folder / name`, refused where it would lead outside `folder` (.. , an absolute path, a link)."""
    root = folder.resolve()
    target = (root / name).resolve()
    if not target.is_relative_to(root):
        raise UnreadableFileError(
            f"{name!r} leads outside the folder {folder}", why="A case may only name files of its own"
        )
    return target


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path` as a whole or not at all: a temporary file beside it, then a rename."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UnreadableFileError(
            f"cannot write here: {error.strerror or error}", file=path, remedy="Choose another folder with -o"
        ) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes the file private; give it the mode an ordinary new file would have had.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise UnreadableFileError(
            f"the file could not be written: {error.strerror or error}; nothing was changed", file=path
        ) from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: Path, content: str) -> None:
    """`write_bytes` for UTF-8 text with plain line feeds."""
    write_bytes(path, content.encode("utf-8"))
