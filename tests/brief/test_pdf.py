"""The PDF, read back: what it says, where it leads, what it tells a screen reader, and that nothing in it runs."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.trees import HOSTILE, document, full, hostile, picture, table, text
from winset.brief.document import Document, Heading, PageBreak, Paragraph, Run, Table
from winset.brief.fonts import FOLDER, font_files, uncovered
from winset.brief.fonts.make_hangul import characters
from winset.brief.formats import band_text, value_text
from winset.brief.pdf import write_pdf
from winset.brief.printing import clean, findings_of
from winset.brief.typeset import png, typeset

A4, MARGIN = (595.28, 841.89), 51.0


@cache
def written(language: str = "en") -> bytes:
    return write_pdf(full(language))


def opened(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def squeezed(text: str) -> str:
    """Without white space, and without the places where a long word may be cut."""
    return re.sub(r"[\s\u200b\u00a0]+", "", text)


def said(data: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in opened(data).pages))


def structure(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Every element of the tag tree."""
    todo: list[Any] = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        one = todo.pop().get_object()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            yield one
            if "/K" in one:
                todo.append(one["/K"])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_finding_is_printed(language: str) -> None:
    everything = said(written(language))
    found = findings_of(full(language).walk(), pictures=False)
    assert found
    for one in found:
        assert squeezed(value_text(one)) in everything
        assert squeezed(f"({band_text(one)})") in everything


@pytest.mark.parametrize("language", ["en", "ko"])
def test_bookmarks_are_the_headings_in_order(language: str) -> None:
    def flat(several: list[Any]) -> Iterator[str]:
        for one in several:
            if isinstance(one, list):
                yield from flat(one)
            else:
                yield one.title

    headings = [one.text for one in full(language).walk() if isinstance(one, Heading)]
    assert list(flat(opened(written(language)).outline)) == headings


def test_links_lead_to_places_of_the_file_or_to_the_web() -> None:
    reader = opened(written())
    places = set(reader.named_destinations)
    inside, outside = [], []
    for page in reader.pages:
        for note in page.get("/Annots", []):
            note = note.get_object()
            assert note["/Subtype"] == "/Link"
            if "/Dest" in note:
                inside.append(note["/Dest"])
            else:
                action = note["/A"]
                assert action["/S"] in ("/URI", "/GoTo")
                (outside if action["/S"] == "/URI" else inside).append(action.get("/URI") or action["/D"])
    assert sorted(set(outside)) == ["http://example.org/x", "https://example.org/a?b=1&c=2"]
    names = {one for one in inside if isinstance(one, str)}
    assert inside
    assert names <= places
    pages = {page.indirect_reference.idnum for page in reader.pages}
    assert all(one[0].idnum in pages for one in inside if not isinstance(one, str))


@pytest.mark.parametrize(("language", "code"), [("en", "en-GB"), ("ko", "ko-KR")])
def test_it_is_tagged_and_says_what_it_is(language: str, code: str) -> None:
    reader = opened(written(language))
    root = reader.trailer["/Root"]
    assert root["/Lang"].lower() == code.lower()
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == next(b.text for b in full(language).walk() if isinstance(b, Heading)) or (
        reader.metadata.title == full(language).title
    )
    assert reader.metadata.author == "Winset"
    assert reader.metadata.creation_date.date().isoformat() == "2026-07-25"
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    tags = [one.get("/S") for one in structure(reader)]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/Link", "/L"} <= set(tags)


def test_the_picture_speaks() -> None:
    alts = [one["/Alt"] for one in structure(opened(written())) if one.get("/S") == "/Figure" and "/Alt" in one]
    assert alts == [picture().picture.alt]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_font_is_inside_and_none_comes_from_the_machine(language: str) -> None:
    names = set()
    for page in opened(written(language)).pages:
        for font in page["/Resources"]["/Font"].values():
            (below,) = font.get_object()["/DescendantFonts"]
            described = below.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described)
            names.add(str(described["/FontName"]).partition("+")[2])
    assert "NotoSansKR-Regular" in names or "NotoSansKR-Bold" in names
    assert all(name.startswith(("SourceSans3", "NotoSansKR", "LibertinusSerif")) for name in names)
    assert ("LibertinusSerif" in " ".join(names)) == (language == "en")


def test_the_picture_is_drawn_as_lines_and_words() -> None:
    made = picture().picture
    assert "Korea against the threat, $350bn 한국" in made.svg
    assert squeezed("Korea against the threat, $350bn 한국") in said(written())
    assert not any(page.images for page in opened(written()).pages)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert write_pdf(full()) == written()


def test_hostile_texts_are_set_and_nothing_runs() -> None:
    data = write_pdf(hostile())
    everything = said(data)
    drawn = [one for one in HOSTILE if not uncovered(one)]
    assert len(drawn) > 8
    for one in drawn:
        assert squeezed(one) in everything
    assert "root:x:0:0" not in everything
    reader = opened(data)
    root = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
    for page in reader.pages:
        for note in page.get("/Annots", []):
            assert note.get_object().get("/A", {}).get("/S") in (None, "/URI", "/GoTo")


@settings(max_examples=40)
@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_any_ascii_text_is_set_as_it_is(one: str) -> None:
    assert squeezed(clean(one)) in said(write_pdf(document(Paragraph(runs=(Run(text=f"x{one}"),)))))


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_no_text_stops_the_writer(one: str) -> None:
    tree = document(
        Heading(id=one, level=2, text=one),
        Paragraph(runs=(Run(text=one, target=one, url=one),)),
        table(1, name=one, id=f"{one}2"),
        title=one,
    )
    assert len(opened(write_pdf(tree)).pages) == 1


@pytest.mark.parametrize("tree", [document(), document(table(0, 3)), document(PageBreak(), table(2), picture())])
def test_awkward_documents_are_set(tree: Document) -> None:
    assert opened(write_pdf(tree)).pages


def test_a_long_table_goes_on_with_its_head_and_nothing_leaves_the_page(tmp_path: Path) -> None:
    long = Table(id="w", name="w", caption=(), head=(), rows=((text("x" * 3000), text("word " * 5000)),))
    tree = document(table(90, 7), table(30, 12, id="t2", start=9000), long)
    data = write_pdf(tree)
    pages = [page.extract_text() for page in opened(data).pages]
    assert len(pages) >= 3
    assert all("Party 7" in page for page in pages[:2])
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("the places of words are measured with pdftotext (poppler-utils), which is not installed")
    (tmp_path / "a.pdf").write_bytes(data)
    subprocess.run([tool, "-bbox", tmp_path / "a.pdf", tmp_path / "a.html"], check=True, timeout=60)
    boxes = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', (tmp_path / "a.html").read_text()
    )
    assert len(boxes) > 1000
    assert min(float(box[0]) for box in boxes) >= MARGIN - 0.5
    assert max(float(box[2]) for box in boxes) <= A4[0] - MARGIN + 0.5
    assert max(float(box[3]) for box in boxes) <= A4[1]


def test_the_shipped_fonts_cover_korean_print_and_say_what_they_lack() -> None:
    assert uncovered("Tariff −12.3% “€” 한국과 미국의 합의 · ₩350조 「」") == frozenset()
    assert uncovered("\u5927\U0001f1f0 a") == {"\u5927", "\U0001f1f0"}
    assert all(chr(point).isspace() or not uncovered(chr(point)) for point in characters())
    assert sum(0xAC00 <= point <= 0xD7A3 for point in characters()) == 2350  # as KS X 1001 says
    assert all(path.is_file() for path in font_files())
    assert set(font_files("en")) < set(font_files("ko")) == set(font_files())
    assert {path.name for path in font_files()} == {path.name for path in FOLDER.glob("*.ttf")}


def test_a_character_that_only_the_machine_may_know_does_not_stop_the_brief() -> None:
    data = write_pdf(document(Paragraph(runs=(Run(text="a \u5927\u97d3 \U000f0000 b"),))))
    assert said(data).startswith("a")


def test_a_picture_as_png_has_its_size_in_inches_and_the_same_bytes_each_time() -> None:
    made = picture().picture
    small, large = png(made.svg, 100), png(made.svg, 300)
    sizes = [[int.from_bytes(data[k : k + 4], "big") for k in (16, 20)] for data in (small, large)]
    for (width, height), dpi in zip(sizes, (100, 300), strict=True):
        assert width == pytest.approx(6.85 * dpi, abs=1)
        assert height == pytest.approx(1.6 * dpi, abs=1)
    assert png(made.svg, 100) == small


def test_no_file_of_the_machine_can_be_reached(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    for name in (str(secret), "../secret.txt", "/etc/hostname", "@preview/cetz:0.1.0"):
        with pytest.raises(RuntimeError):
            typeset({"main.typ": f"#read({json.dumps(name)})".encode()}, "", format="pdf")
    image = f'<image href="{secret}" width="9" height="9"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{image}</svg>'
    empty = svg.replace(str(secret), "nothing.png")
    assert _drawn(svg) == _drawn(empty)


def _drawn(svg: str) -> str:
    """The picture, or the kind of refusal."""
    try:
        return png(svg, 72).hex()
    except RuntimeError:
        return "refused"
