"""The Word file, read back with the library of another reader's eyes: python-docx and the bare XML."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.trees import HOSTILE, document, full, hostile, picture, table, text
from winset.brief.document import Document, Heading, PageBreak, Paragraph, Run, Table
from winset.brief.docx import write_docx
from winset.brief.printing import clean, findings_of, part_text, run_text

TEXT_WIDTH = 493.2 * 20
"""Twentieths of a point: A4 without margins."""
HEADINGS = {"Title": 1, "Heading 1": 2, "Heading 2": 3, "Heading 3": 4}


@cache
def written(language: str = "en") -> bytes:
    return write_docx(full(language))


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def words(element: Any) -> str:
    """Text of an element, breaks as line ends and no-break spaces as spaces."""
    pieces = {qn("w:t"): lambda e: e.text or "", qn("w:br"): lambda e: "\n"}
    return "".join(pieces[e.tag](e) for e in element.iter(*pieces)).replace("\u00a0", " ")


def tables(word: Any) -> list[Any]:
    """The tables of the brief; the frame of the key numbers is none."""
    return [one for one in word.tables if one.style is not None and one.style.name == "Brief Table"]


def test_every_cell_of_every_table_is_there_with_its_printed_digits() -> None:
    expected = [block for block in full().walk() if isinstance(block, Table)]
    found = tables(opened(written()))
    assert len(found) == len(expected) == 2
    for ours, theirs in zip(found, expected, strict=True):
        rows = [[words(tc) for tc in tr.tc_lst] for tr in ours._tbl.tr_lst]
        assert rows == [[part_text(cell.runs) for cell in row] for row in (theirs.head, *theirs.rows)]


def test_every_finding_is_printed() -> None:
    everything = words(opened(written()).element.body)
    found = findings_of(full().walk(), pictures=False)
    assert found
    for one in found:
        assert run_text(Run(finding=one)).split(" (")[0] in everything
    lead = next(one for one in found if one.id == "f-4/x")
    assert run_text(Run(finding=lead, with_unit=True)) in everything


@pytest.mark.parametrize("language", ["en", "ko"])
def test_headings_are_headings_in_order(language: str) -> None:
    word = opened(written(language))
    found = [(HEADINGS[p.style.name], words(p._p)) for p in word.paragraphs if p.style.name in HEADINGS]
    assert found == [(one.level, one.text) for one in full(language).walk() if isinstance(one, Heading)]


def test_tables_carry_captions_repeat_their_heads_and_keep_their_rows_whole() -> None:
    for number, one in enumerate(tables(opened(written())), start=1):
        caption = one._tbl.getprevious()
        assert caption.style == "Caption"
        assert caption.find(f".//{qn('w:keepNext')}") is not None
        assert words(caption).startswith(f"Table {number}. What each line is worth.")
        (field,) = caption.iter(qn("w:fldSimple"))
        assert field.get(qn("w:instr")).split()[:2] == ["SEQ", "Table"]
        rows = one._tbl.tr_lst
        assert rows[0].find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
        assert one._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Account"


def test_numbers_stand_at_the_right_in_a_style() -> None:
    one = tables(opened(written()))[0]
    names = [[p.style.name for cell in row.cells for p in cell.paragraphs] for row in one.rows]
    assert names[1] == ["Table Text", "Table Number", "Table Number", "Table Text"]
    assert names[0] == names[1]


def test_pictures_have_alt_text_a_caption_and_300_dots_an_inch() -> None:
    word = opened(written())
    (shape,) = word.inline_shapes
    made = picture().picture
    properties = shape._inline.docPr
    assert properties.get("descr") == made.alt
    assert properties.get("title") == made.title
    caption = shape._inline.getparent().getparent().getparent().getnext()
    assert caption.style == "Caption"
    assert words(caption) == f"Figure 1. {made.title}. {made.caption} {made.source}"
    (image,) = [one.image for one in word.part.package.image_parts]
    assert image.px_width / (shape.width / 914400) == pytest.approx(300, rel=0.01)


def test_every_link_leads_somewhere_and_only_the_web_is_outside() -> None:
    word = opened(written())
    body = word.element.body
    marks = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(set(marks)) == len(marks)
    ends = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkEnd"))]
    assert sorted(ends) == sorted(one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart")))
    links = list(body.iter(qn("w:hyperlink")))
    inside = {one.get(qn("w:anchor")) for one in links} - {None}
    assert inside
    assert inside <= set(marks)
    outside = [word.part.rels[one.get(qn("r:id"))].target_ref for one in links if one.get(qn("r:id"))]
    assert sorted(outside) == ["http://example.org/x", "https://example.org/a?b=1&c=2"]
    linked = {words(one) for one in links}
    assert {"C1", "A1", "R", "the site"} <= linked
    assert not {"nowhere", "a script"} & linked


def test_a_mark_says_what_it_stands_for() -> None:
    tips = {words(o): o.get(qn("w:tooltip")) for o in opened(written()).element.body.iter(qn("w:hyperlink"))}
    assert tips["C1"] == "a claim"


def test_the_annex_begins_a_page_with_a_list_of_its_sections() -> None:
    blocks = [PageBreak(), Heading(id="annex", level=2, text="Annex")]
    names = [f"Section {n}" for n in range(8)]
    for number, name in enumerate(names):
        blocks += [Heading(id=f"s{number}", level=3, text=name), Paragraph(runs=(Run(text="words"),))]
    word = opened(write_docx(document(Heading(id="first", level=3, text="Before"), *blocks)))
    annex = next(p for p in word.paragraphs if p.style.name == "Heading 1")
    assert annex.paragraph_format.page_break_before
    assert [words(p._p) for p in word.paragraphs if p.style.name.lower() == "toc 2"] == names
    kinds = [one.get(qn("w:fldCharType")) for one in word.element.body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


@pytest.mark.parametrize(("language", "latin", "core"), [("en", "en-GB", "en-GB"), ("ko", "en-GB", "ko-KR")])
def test_language_fonts_page_and_properties(language: str, latin: str, core: str) -> None:
    word = opened(written(language))
    (lang,) = word.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    assert (lang.get(qn("w:val")), lang.get(qn("w:eastAsia"))) == (latin, "ko-KR")
    assert word.core_properties.language == core
    for style in word.styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") if style.type == 1 else None
        if fonts is not None and style.name in (*HEADINGS, "Normal", "Caption", "Table Text"):
            assert fonts.get(qn("w:eastAsia")) == "Malgun Gothic"
            assert not [name for name in fonts.attrib if "Theme" in name]
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fields = {one.get(qn("w:instr")).strip() for one in section.footer._element.iter(qn("w:fldSimple"))}
    assert fields == {"PAGE", "NUMPAGES"}
    properties = word.core_properties
    assert (properties.title, properties.subject) == ("A made-up brief", "2026-07-25")
    assert properties.created.date().isoformat() == properties.modified.date().isoformat() == "2026-07-25"


def test_korean_labels_come_from_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("winset.brief.words.Words.__call__", lambda self, one, /, **slots: f"<{one}>")
    word = opened(write_docx(document(table(1), language="ko")))
    assert words(word.element.body).startswith("<Table> 1. ")


def test_the_same_document_gives_the_same_bytes_and_no_clock_is_read() -> None:
    again = write_docx(full())
    assert again == written()
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2026, 7, 25, 0, 0, 0)}
        names = archive.namelist()
    assert not [one for one in names if "vba" in one.lower() or "thumbnail" in one or one.endswith(".bin")]


def test_hostile_texts_survive_as_text() -> None:
    data = write_docx(hostile())
    word = opened(data)
    everything = words(word.element.body)
    for one in HOSTILE:
        assert everything.count(clean(one)) >= 4
    outside = [r.target_ref for r in word.part.rels.values() if r.is_external]
    assert outside == ["http://example.org/=1"]
    instructions = " ".join(one.get(qn("w:instr")) for one in word.element.iter(qn("w:fldSimple")))
    assert re.fullmatch(r"[\sA-Za-z\\*]*", instructions)


@settings(max_examples=12)
@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_any_text_is_written_as_it_is_once_cleaned(one: str) -> None:
    tree = document(Paragraph(runs=(Run(text=one, hover=one),)), Heading(id=one, level=3, text=one), title=one)
    word = opened(write_docx(tree))
    assert [words(p._p) for p in word.paragraphs] == [clean(one).replace("\t", " ").replace("\u00a0", " ")] * 2


@pytest.mark.parametrize("tree", [document(), document(table(0, 3)), document(PageBreak(), table(2), picture())])
def test_awkward_documents_open(tree: Document) -> None:
    opened(write_docx(tree))


def test_a_table_of_twelve_numbers_a_row_stays_on_the_page() -> None:
    word = opened(write_docx(document(table(30, 12), table(2, 1, id="t2"))))
    for one in tables(word):
        widths = [int(column.get(qn("w:w"))) for column in one._tbl.tblGrid.iter(qn("w:gridCol"))]
        assert sum(widths) <= TEXT_WIDTH + len(widths)
        assert min(widths) > 300
    small, usual = (one._tbl.find(f".//{qn('w:pStyle')}").get(qn("w:val")) for one in tables(word))
    assert usual == "TableText"
    assert small in ("TableTextSmall", "TableTextTiny")


def test_a_cell_longer_than_a_page_may_be_broken() -> None:
    long = Table(id="t", name="t", caption=(), head=(), rows=((text("word " * 4000), text("x")),))
    (one,) = tables(opened(write_docx(document(long))))
    assert one._tbl.find(f".//{qn('w:cantSplit')}") is None
