"""PDF: the text layer is read; pictures, locks, damage and bombs end in a message, in bounded time."""

# ruff: noqa: E501  (samples are kept on one line each)
from __future__ import annotations

import time
import zlib

import pytest

from winset.core.errors import UnreadableFileError
from winset.documents.load import load_bytes
from winset.documents.pdf import pdf_text
from winset.record.reading.read import read_loaded


def pdf(pages: list[str], *, stream: bytes | None = None) -> bytes:
    """A small PDF, written by hand: one line of text an entry and page, or one given compressed stream."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode())
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    for i, words in enumerate(pages):
        lines = " ".join(f"({line}) Tj 0 -14 Td" for line in words.split("\n"))
        body = f"BT /F1 11 Tf 60 780 Td {lines} ET".encode("cp1252")
        head = b""
        if stream is not None:
            body, head = stream, b"/Filter/FlateDecode"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * i} 0 R/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        objects.append(b"<<" + head + f"/Length {len(body)}>>stream\n".encode() + body + b"\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + content + b"endobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF".encode()


def test_the_text_layer_is_the_file() -> None:
    head = "Ministry of Trade - weekly letter"
    pages = [
        f"{head}\nThe ministers agreed to cut the duty from 25 percent to 15 percent.\nPage 1",
        f"{head}\nThe bloc will buy 90 aircraft worth $12 billion.\nPage 2",
        f"{head}\nTalks resume on 4 May 2026 in Lima.\nPage 3",
    ]
    loaded = load_bytes(pdf(pages))
    document = read_loaded(loaded)
    assert loaded.media == "pdf"
    assert [(f.value, f.unit) for f in document.figures] == [
        (25, "percent"),
        (15, "percent"),
        (90, "aircraft"),
        (12e9, "USD"),
    ]
    assert [d.value for d in document.date_mentions] == ["2026-05-04"]
    for item in (*document.blocks, *document.sentences, *document.figures):
        assert loaded.text[item.start : item.end] == item.text
    assert {b.text for b in document.blocks if b.kind == "page-header"} >= {head}


def test_a_pdf_of_pictures_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no text layer"):
        load_bytes(pdf([""]), path="scan.pdf")


@pytest.mark.parametrize("cut", [20, 200, 400])
def test_a_damaged_pdf_is_refused_or_read(cut: int) -> None:
    whole = pdf(["The duty falls to 15 percent."])
    try:
        assert load_bytes(whole[:cut] + whole[cut + 60 :], path="x.pdf").text
    except UnreadableFileError as error:
        assert "PDF" in str(error)  # noqa: PT017


def test_a_bomb_is_bounded() -> None:
    packed = zlib.compress(b"0 " * 50_000_000, 9)
    start = time.monotonic()
    with pytest.raises(UnreadableFileError):
        pdf_text(pdf(["x"] * 3, stream=packed), path="bomb.pdf", seconds=20)
    assert time.monotonic() - start < 40


def test_time_is_bounded() -> None:
    with pytest.raises(UnreadableFileError, match="within"):
        pdf_text(pdf(["x"]), path="slow.pdf", seconds=0.001)
