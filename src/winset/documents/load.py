"""A file as text with addresses: plain text, HTML or PDF, within bounds of size, depth and time.

Nothing in a document is executed or followed. Characters are never removed or changed, or offsets would lie; what
is strange about them is flagged.
"""

from __future__ import annotations

import bisect
import codecs
import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from winset.core.errors import UnreadableFileError

__all__ = ["MAX_BYTES", "LoadedText", "decode", "load_bytes", "load_text"]

MAX_BYTES = 20_000_000
"""Largest document that is read (bytes): a book has 2, a long PDF report 10."""


@dataclass(frozen=True, kw_only=True)
class LoadedText:
    """The text of a file and how it was come by."""

    text: str = field(repr=False)
    """The file as decoded; for PDF its text layer. All offsets in results refer to it."""
    media: str
    """text, html, pdf."""
    sha256: str
    """Of the bytes of the file."""
    encoding: str
    """Python's name of the encoding."""
    flags: tuple[tuple[str, str], ...] = ()
    """Kind and one sentence for each thing that an analyst should know of the file itself."""
    rendering: str | None = field(default=None, repr=False)
    """What a reader of the page sees, where that is not the file itself (HTML)."""
    places: tuple[tuple[int, int, int], ...] = field(default=(), repr=False)
    """Pieces of the rendering, in order: place in it, place in the file, length in the file. A piece as long in
    the file as in the rendering is literal; any other (an entity, a run of white space) is one unit."""
    paragraphs: tuple[tuple[int, int, str], ...] | None = None
    """Blocks of the rendering with the kind their markup gives them, or "" (HTML)."""
    hidden: tuple[tuple[int, int], ...] = ()
    """Spans of the file that a reader of the page does not see, and that are never read as body."""
    metadata: tuple[tuple[str, str], ...] = ()
    """What the page's markup says of its publication: name of the statement and its value."""

    @property
    def visible(self) -> str:
        """The text to read."""
        return self.text if self.rendering is None else self.rendering

    @property
    def same(self) -> bool:
        """Whether offsets in the text to read are offsets in the file."""
        return self.rendering is None

    @cached_property
    def _starts(self) -> list[int]:
        return [place[0] for place in self.places]

    def _piece(self, offset: int) -> tuple[int, int, int, bool]:
        """Place in the rendering and file, length in the file, and whether literal, of the piece at `offset`."""
        i = bisect.bisect_right(self._starts, offset) - 1
        at, place, length = self.places[i]
        following = self.places[i + 1][0] if i + 1 < len(self.places) else len(self.visible)
        return at, place, length, following - at == length

    def in_file(self, start: int, end: int) -> tuple[int, int]:
        """The span of the file that carries `visible[start:end]`."""
        if self.rendering is None or not self.places:
            return start, end
        at, place, _, literal = self._piece(start)
        first = place + (start - at if literal else 0)
        if end <= start:
            return first, first
        at, place, length, literal = self._piece(end - 1)
        return first, place + (end - at if literal else length)


_BINARY = (
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"RIFF",
    b"OggS",
    b"SQLite format",
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p|meta|h1)[\s>]", re.I)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_SNIFF = 65_536


def _refuse(what: str, path: Path | str, *, why: str = "", remedy: str = "") -> UnreadableFileError:
    return UnreadableFileError(what, file=path, why=why, remedy=remedy)


def _read(path: Path, root: Path | None, limit: int) -> bytes:
    """The bytes of a regular file inside `root`, at most `limit` of them."""
    if root is not None:
        base = root.resolve()
        if not path.resolve().is_relative_to(base):
            raise _refuse(
                "the file lies outside the folder",
                path,
                why=f"Only files inside {root} are read",
                remedy="Copy it there",
            )
        if path.is_symlink():
            raise _refuse(
                "the file is a link", path, why="A case may only hold files of its own", remedy="Copy it"
            )
    try:
        # Without blocking: a named pipe would otherwise hold the program for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise _refuse("no such file", path, remedy="Check the path") from error
    except IsADirectoryError as error:
        raise _refuse("this is a folder", path, remedy="Name the files in it") from error
    except (OSError, ValueError) as error:
        shown = getattr(error, "strerror", None) or error
        if path.is_dir():
            raise _refuse("this is a folder", path, remedy="Name the files in it") from error
        raise _refuse(f"the file cannot be read: {shown}", path, remedy="Check its permissions") from error
    state = os.fstat(handle)
    if stat.S_ISDIR(state.st_mode):
        os.close(handle)
        raise _refuse("this is a folder", path, remedy="Name the files in it")
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(state.st_mode):
            raise _refuse("this is not a regular file", path, remedy="Name a document")
        if state.st_size > limit:
            raise _refuse(
                f"the file has {state.st_size:,} bytes; at most {limit:,} are read", path, remedy="Split it"
            )
        try:
            data = stream.read(limit + 1)
        except OSError as error:
            raise _refuse(f"the file cannot be read: {error.strerror or error}", path) from error
    if len(data) > limit:
        raise _refuse(f"the file has more than {limit:,} bytes", path, remedy="Split it")
    return data


def load_text(path: Path, *, root: Path | None = None, limit: int = MAX_BYTES) -> LoadedText:
    """Read a document; `root` confines the path, and links in it are then refused."""
    return load_bytes(_read(Path(path), root, limit), path=path)


def load_bytes(data: bytes, *, path: Path | str = "") -> LoadedText:
    """The text of a document's bytes; what they are is told from themselves, not from the name."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not data.strip():
        raise _refuse("the file is empty", path, remedy="Give a document with text")
    if b"%PDF-" in data[:1024]:
        from winset.documents.pdf import pdf_text

        text = pdf_text(data, path=path)
        return LoadedText(text=text, media="pdf", sha256=sha256, encoding="pdf", flags=tuple(_strange(text)))
    if data.startswith(_BINARY):
        raise _refuse(
            "this is no text, HTML or PDF file",
            path,
            why="Its first bytes are those of another format",
            remedy="Export it as text or PDF",
        )
    text, encoding, flags = decode(data, path=path)
    flags = [*flags, *_strange(text)]
    if _HTML.search(data[:_SNIFF]) or (
        encoding.startswith("utf-16") and _HTML.search(text[:_SNIFF].encode("utf-8"))
    ):
        from winset.documents.html import render

        page = render(text)
        return LoadedText(
            text=text,
            media="html",
            sha256=sha256,
            encoding=encoding,
            flags=(*flags, *page.flags),
            rendering=page.rendering,
            places=page.places,
            paragraphs=page.paragraphs,
            hidden=page.hidden,
            metadata=page.metadata,
        )
    if not text.strip():
        raise _refuse("the file holds white space only", path, remedy="Give a document with text")
    return LoadedText(text=text, media="text", sha256=sha256, encoding=encoding, flags=tuple(flags))


def decode(data: bytes, *, path: Path | str = "") -> tuple[str, str, list[tuple[str, str]]]:
    """Text, encoding and flags: by the byte order mark, as UTF-8, as the page declares, else as Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(name), name, []
            except UnicodeDecodeError as error:
                raise _refuse(f"the file begins as {name} and is not", path, remedy="Save it as UTF-8") from error
    sample = data[:_SNIFF]
    zeros = sample.count(0)
    if zeros * 4 >= len(sample) and len(sample) > 8:
        name = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        try:
            return data.decode(name), name, [("encoding", f"The file has no byte order mark; read as {name}")]
        except UnicodeDecodeError:
            pass
    odd = sum(sample.count(code) for code in (*range(9), 11, *range(14, 27), *range(28, 32)))
    if odd * 20 > len(sample):
        raise _refuse("this is a binary file", path, remedy="Export it as text or PDF")
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        broken = error.start
    declared = _CHARSET.search(data[:4096])
    if declared:
        name = declared[1].decode("ascii", "replace").lower()
        try:
            codec = codecs.lookup(name)
            if codec._is_text_encoding and codec.name not in (
                "utf-7",
                "idna",
                "punycode",
                "unicode_escape",
                "raw_unicode_escape",
            ):
                return data.decode(name), codec.name, []
        except (LookupError, UnicodeError, AttributeError):
            pass
    text = data.decode("cp1252", "replace")
    words = f"The file is not UTF-8 (byte {broken}); read as Windows-1252"
    if "\ufffd" in text:
        words += f", in which {text.count(chr(0xFFFD))} bytes have no meaning"
    return text, "cp1252", [("encoding", words)]


def _strange(text: str) -> list[tuple[str, str]]:
    """Flags for characters that a reader does not see or that change what is seen."""
    found: list[tuple[str, str]] = []
    for kind, pattern, words in (
        ("control_characters", _CONTROL, "control characters"),
        ("bidirectional_characters", _BIDIRECTIONAL, "characters that change the direction of the text shown"),
    ):
        first = pattern.search(text)
        if first:
            count = sum(1 for _ in pattern.finditer(text))
            found.append((kind, f"The text holds {count} {words}, the first at {first.start()}; they are kept"))
    if _INVISIBLE.search(text, 1):
        found.append(("invisible_characters", "The text holds characters of no width; they are kept"))
    return found
