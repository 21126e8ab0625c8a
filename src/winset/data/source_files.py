"""Files of public sources as they come: plain, gzip or zip; hashed, bounded, and checked to be whole.

Source files are large and come from outside, so nothing here reads one into memory at once, and an archive that
unpacks to far more than it weighs is refused before it fills a disk.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from winset.core.errors import BaselineError, UnreadableFileError
from winset.core.names import nearest

__all__ = ["MAX_LINE_BYTES", "SourceFile", "bounded_lines", "cells_of", "find_source", "take"]

BLOCK = 1 << 20
MAX_SOURCE_BYTES = 64_000_000_000
"""Largest source that is read, unpacked (bytes): the largest known is below 10 GB."""
MAX_RATIO = 250
"""How many bytes one byte of an archive may unpack to. Tables of trade reach 10 to 50; deflate allows 1,032."""
ALWAYS_BYTES = 64_000_000
"""Below this size unpacked (bytes) the ratio is not looked at: it cannot hurt."""
MAX_LINE_BYTES = 4_000_000
"""Longest line (bytes): an inter-country table of 4,500 columns has lines below 100,000."""
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One file of a source, ready to be read as plain text."""

    path: Path
    """As the user gave it: what messages name."""
    text: Path
    """The plain text: `path` itself, or the unpacked copy of it."""
    role: str
    """What it is for ("trade", "tariffs", "country codes")."""
    sha256: str
    """Of the file as it was given, packed or not."""
    size: int
    """Bytes of the file as it was given."""
    encoding: str
    """utf-8, or latin-1 where the bytes are not UTF-8."""
    ends_whole: bool
    """Whether the last line ends with a line feed; a download that broke off usually does not."""


def take(path: Path, role: str, scratch: Path, *, member: str = "") -> SourceFile:
    """Hash a source file and unpack it into `scratch` if it is gzip or zip.

    member: a regular expression for the file wanted inside a zip archive that holds several.
    Raises UnreadableFileError for a file that is absent, damaged, cut short, encrypted or a bomb.
    """
    _regular(path)
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
        sha256, size = _hash(path)
        text = path
        if magic[:2] == b"\x1f\x8b":
            text = scratch / f"{len(list(scratch.iterdir()))}-{path.stem}"
            with gzip.open(path, "rb") as packed:
                _unpack(packed, text, path, size)
        elif magic == b"PK\x03\x04" and path.suffix.lower() not in (".xlsx", ".xlsb"):
            text = _unzip(path, scratch, member, size)
        encoding, whole = _scan(text, path)
    except (
        EOFError,
        zlib.error,
        gzip.BadGzipFile,
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise UnreadableFileError(
            f"the archive is damaged, cut short or encrypted: {error}",
            file=path,
            remedy="Download it again and compare its size with the publisher's",
        ) from error
    except OSError as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(f"the file cannot be read: {error.strerror or error}", file=path) from error
    return SourceFile(
        path=path, text=text, role=role, sha256=sha256, size=size, encoding=encoding, ends_whole=whole
    )


def find_source(folder: Path, patterns: Sequence[str], what: str) -> Path:
    """The one file for `what`: `folder` itself if it is a file, else the file whose name a pattern matches.

    patterns: regular expressions, tried in order against whole names, letter case ignored.
    """
    if folder.is_file():
        return folder
    if not folder.is_dir():
        raise UnreadableFileError("no such file or folder", file=folder, remedy=f"Name the {what} with --from")
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    for pattern in patterns:
        found = [name for name in names if re.fullmatch(pattern, name, re.IGNORECASE)]
        if len(found) > 1:
            raise BaselineError(
                f"several files could be the {what}: {', '.join(found[:5])}",
                file=folder,
                remedy="Name one of them, or say which --year",
            )
        if found:
            return folder / found[0]
    plain = re.sub(r"\[[^]]*\]|\\|\(\?:|[()?|*+]", "", patterns[0])
    close = nearest(plain, names)
    raise UnreadableFileError(
        f"no {what} here (a name like {plain})",
        file=folder,
        remedy=(f"Nearest: {close}. " if close else "") + "Name the file itself, or the folder that holds it",
    )


def bounded_lines(source: SourceFile) -> Iterator[tuple[int, str]]:
    """Number (from 1) and text of each line, without its end; UnreadableFileError where one is endless."""
    with source.text.open("rb") as stream:
        number = 0
        while True:
            raw = stream.readline(MAX_LINE_BYTES + 1)
            if not raw:
                return
            number += 1
            if len(raw) > MAX_LINE_BYTES:
                raise UnreadableFileError(
                    f"a line of more than {MAX_LINE_BYTES:,} bytes",
                    file=source.path,
                    line=number,
                    remedy="This is not a table with one record a line",
                )
            if b"\0" in raw:
                raise UnreadableFileError(
                    "the file holds null bytes: it is not text", file=source.path, line=number,
                    remedy="Name the CSV file; a workbook or archive needs its own suffix",
                )  # fmt: skip
            yield (
                number,
                raw.decode("utf-8-sig" if number == 1 and source.encoding == "utf-8" else source.encoding),
            )


def cells_of(line: str, file: Path, number: int, delimiter: str = ",") -> list[str]:
    """The cells of one line of CSV; UnreadableFileError where quotes or line ends make no sense."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error as error:
        raise UnreadableFileError(
            f"the line cannot be split into cells: {error}",
            file=file,
            line=number,
            remedy="Download the file again",
        ) from error


def _regular(path: Path) -> None:
    if not path.exists():
        raise UnreadableFileError("no such file", file=path, remedy="Check the path")
    if not path.is_file():
        raise UnreadableFileError("this is not a regular file", file=path, remedy="Name a file")
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("the file is empty", file=path, remedy="Download it again")
    if size > MAX_SOURCE_BYTES:
        raise UnreadableFileError(
            f"the file has {size:,} bytes; at most {MAX_SOURCE_BYTES:,} are read",
            file=path,
            remedy="Split it by year",
        )


def _hash(path: Path) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            total.update(block)
            size += len(block)
    return total.hexdigest(), size


def _unzip(path: Path, scratch: Path, member: str, size: int) -> Path:
    with zipfile.ZipFile(path) as archive:
        names = [e.filename for e in archive.infolist() if e.filename.lower().endswith(TEXT_SUFFIXES)]
        chosen = [n for n in names if not member or re.search(member, Path(n).name, re.IGNORECASE)] or names
        if len(chosen) != 1:
            fault = "no CSV file" if not chosen else f"several CSV files ({', '.join(chosen[:5])})"
            raise UnreadableFileError(
                f"the archive holds {fault}", file=path, remedy="Unpack it and name the file, or say which --year"
            )
        # Only the last part of the name: a member called ../../x must not leave the scratch folder.
        target = scratch / f"{len(list(scratch.iterdir()))}-{Path(chosen[0]).name}"
        with archive.open(chosen[0]) as packed:
            _unpack(packed, target, path, size)
    return target


def _unpack(packed: IO[bytes] | gzip.GzipFile, target: Path, path: Path, size: int) -> None:
    room = shutil.disk_usage(target.parent).free
    written = 0
    with target.open("wb") as out:
        while block := packed.read(BLOCK):
            written += len(block)
            if written > MAX_SOURCE_BYTES or (written > ALWAYS_BYTES and written > MAX_RATIO * size):
                raise UnreadableFileError(
                    f"the archive of {size:,} bytes unpacks to more than {written - len(block):,}",
                    file=path,
                    why="No table of a public source packs that well: it looks like an archive bomb",
                    remedy="Get the file from its publisher; unpack it yourself if you trust it",
                )
            if written > room // 2:
                raise UnreadableFileError(
                    f"the archive unpacks to more than {written:,} bytes, half of what is free for temporary "
                    "files",
                    file=path, remedy="Free some space, or set TMPDIR to a larger disk",
                )  # fmt: skip
            out.write(block)


def _scan(text: Path, path: Path) -> tuple[str, bool]:
    """Encoding, and whether the last byte is a line feed."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, last = "utf-8", b""
    with text.open("rb") as stream:
        while block := stream.read(BLOCK):
            last = block
            if encoding == "utf-8":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "latin-1"
    if not last:
        raise UnreadableFileError("the archive unpacks to an empty file", file=path, remedy="Download it again")
    return encoding, last.endswith(b"\n")
