"""Files of every kind, good and hostile: read as they are, flagged, or refused with a message."""

# ruff: noqa: E501  (samples are kept on one line each)
from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.core.errors import RequestError, UnreadableFileError, WinsetError
from winset.documents.load import MAX_BYTES, load_bytes, load_text
from winset.record.reading.read import read_document, read_loaded

STORY = "The ministers met in Lima on Friday. The duty falls from 12 percent to 8 percent.\n"


def test_a_text_file_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "7_story.txt"
    path.write_bytes(STORY.replace("\n", "\r\n").encode())
    loaded = load_text(path, root=tmp_path)
    assert loaded.text == STORY.replace("\n", "\r\n")
    assert (loaded.media, loaded.encoding, loaded.flags) == ("text", "utf-8", ())
    document = read_document(path, root=tmp_path)
    assert document.id == "7"
    assert [f.value for f in document.figures] == [12, 8]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    text = load_bytes((STORY * 3).encode(encoding)).text
    assert text.lstrip("\ufeff") == STORY * 3


def test_a_file_that_is_not_utf8_is_read_and_flagged() -> None:
    loaded = load_bytes("The café pays €5 million in São Paulo.".encode("cp1252"))
    assert loaded.text == "The café pays €5 million in São Paulo."
    assert [kind for kind, _ in loaded.flags] == ["encoding"]


def test_a_declared_encoding_is_used() -> None:
    page = "<html><head><meta charset='iso-8859-2'></head><body><p>The złoty fell by 3 percent, he said.</p></body></html>"
    assert "złoty" in load_bytes(page.encode("iso-8859-2")).text


@pytest.mark.parametrize("declared", ["utf-7", "rot13", "zip", "base64", "nonsense", "unicode_escape"])
def test_a_declared_encoding_that_is_none_is_passed_over(declared: str) -> None:
    page = f"<html><meta charset={declared}><body><p>Caf\xe9 duty of 3 percent.</p></body></html>"
    assert "Caf\xe9" in load_bytes(page.encode("cp1252")).text


def test_strange_characters_are_flagged_and_kept() -> None:
    text = "The duty\x00 is \u202e51\u202c percent\u200b."
    loaded = load_bytes(text.encode())
    assert loaded.text == text
    assert {kind for kind, _ in loaded.flags} == {
        "control_characters",
        "bidirectional_characters",
        "invisible_characters",
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"abc" * 50, "no text, HTML or PDF"),
        (b"PK\x03\x04" + b"abc" * 50, "no text, HTML or PDF"),
        (bytes(range(256)) * 8, "binary"),
        (b"%PDF-1.7\nnothing here", "PDF"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        load_bytes(data, path="x")


def test_too_large_a_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES * 50)
    with pytest.raises(UnreadableFileError, match=f"at most {MAX_BYTES:,}"):
        load_text(path)


def test_folders_and_absent_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="folder"):
        load_text(tmp_path)
    with pytest.raises(UnreadableFileError, match="no such file"):
        load_text(tmp_path / "none.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and named pipes")
def test_links_pipes_and_paths_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(STORY)
    root = tmp_path / "case"
    root.mkdir()
    (root / "inner.txt").write_text(STORY)
    (root / "out.txt").symlink_to(outside)
    (root / "in.txt").symlink_to(root / "inner.txt")
    assert load_text(root / "inner.txt", root=root).text == STORY
    for name in ("out.txt", "../outside.txt", "in.txt"):
        with pytest.raises(UnreadableFileError, match=r"outside|link"):
            load_text(root / name, root=root)
    os.mkfifo(root / "pipe")
    with pytest.raises(UnreadableFileError, match="regular file"):
        load_text(root / "pipe")


LANGUAGES = {
    "Korean": "양국 통상 장관은 금요일 워싱턴에서 만나 관세 협상을 이어가기로 했다고 산업부가 밝혔다. 관세율은 25%에서 15%로 낮아진다.",
    "Japanese": "両国の閣僚は金曜日にワシントンで会談し、関税について協議を続けると経済産業省が発表した。税率は15%になる見通しだ。",
    "Chinese": "两国部长将于星期五在华盛顿会面,继续就关税问题进行谈判,商务部发言人表示。税率将从百分之二十五降至百分之十五。",
    "German": "Die Minister der beiden Länder werden sich am Freitag in Bern treffen, um über die Zölle zu verhandeln, wie das Ministerium mitteilte.",
    "French": "Les ministres des deux pays se réuniront vendredi à Genève pour discuter des droits de douane, selon le communiqué du gouvernement.",
    "Spanish": "Los ministros de los dos países se reunirán el viernes en Lima para hablar de los aranceles, según el comunicado del gobierno.",
    "Italian": "I ministri dei due paesi si incontreranno venerdì a Roma per discutere dei dazi, secondo quanto ha detto il portavoce del governo.",
    "Portuguese": "Os ministros dos dois países vão se reunir na sexta-feira em Brasília para discutir as tarifas, segundo o comunicado do governo.",
    "Dutch": "De ministers van de twee landen komen vrijdag in Den Haag bijeen om over de heffingen te praten, zo meldt het ministerie van handel.",
    "Polish": "Ministrowie obu krajów spotkają się w piątek w Warszawie, aby rozmawiać o cłach, jak podało ministerstwo, które nie chce czekać na to.",
    "Russian": "Министры двух стран встретятся в пятницу в Женеве, чтобы обсудить пошлины, сообщили в министерстве торговли.",
    "Indonesian": "Para menteri dari kedua negara akan bertemu pada hari Jumat di Jakarta untuk membahas tarif yang dikenakan oleh negara itu.",
    "Vietnamese": "Bộ trưởng của hai nước sẽ gặp nhau vào thứ Sáu tại Hà Nội để thảo luận về các mức thuế, theo thông báo của chính phủ.",
    "Turkish": "İki ülkenin bakanları cuma günü Ankara'da bir araya gelerek gümrük vergileri için görüşecek ve bu konuda bir karar olarak açıklama yapacak.",
    "Arabic": "يلتقي وزراء البلدين يوم الجمعة في جنيف لمناقشة الرسوم الجمركية حسبما أعلنت الوزارة.",
}  # fmt: skip


@pytest.mark.parametrize("name", LANGUAGES)
def test_other_languages_are_refused_by_name(name: str) -> None:
    with pytest.raises(RequestError, match=f"in {name}"):
        read_loaded(load_bytes(LANGUAGES[name].encode()))


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "Tariff: 15%",
        'The minister said "관세는 15%로 한다" and "협상은 계속된다" before he left for the airport on Friday with his team.',
        "Chancellor Müller told Le Monde that the Länder and the Conseil d'État had been asked for their view of it.",
        "15 percent",
    ],
)
def test_english_with_foreign_words_is_read(text: str) -> None:
    assert read_loaded(load_bytes(text.encode())).lang in ("en", "und")


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(
    [b"<p>", b"</p>", b"<div ", b"class='ad'", b">", b"<!--", b"-->", b"<script>", b"</script>", b"&amp;", b"&#8364;", b"&nbsp;", b"5 percent ",
     b"the tariff on Monday ", b"\xff", b"\x00", b"<html>", b"<h1>", b"<a href=\"", b"\"", b"'", b"<", b"hidden", b"<br/>", b"%PDF-", b"\xef\xbb\xbf"]
), max_size=40).map(b"".join)))  # fmt: skip
def test_any_bytes_end_in_a_reading_or_a_message(data: bytes) -> None:
    if b"%PDF-" in data[:1024]:
        return  # a process each; see test_pdf
    try:
        loaded = load_bytes(data, path="x")
        document = read_loaded(loaded)
    except WinsetError as error:
        assert error.exit_code == 2  # noqa: PT017
        return
    assert read_loaded(load_bytes(data, path="x")) == document
    for item in (*document.blocks, *document.sentences, *document.figures, *document.date_mentions):
        assert loaded.text[item.start : item.end] == item.text
