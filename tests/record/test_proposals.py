"""Many documents: the same whatever their order, one event told twice, copies, updates; a case's own folder."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.core.errors import CaseFileError, RequestError
from winset.record.proposals import PROPOSALS, gather, load_proposals, proposals_of, read_case
from winset.record.proposals_merge import groups, near_duplicates, signature, similarity
from winset.record.reading.read import read_document, read_text
from winset.record.reading.schema import ReadDocument

FIRST = (
    "Danish Trade Minister Ida Holm will meet Maltese Economy Minister Carmelo Zahra in Valletta on "
    "March 12. "
    "Denmark agreed to buy $40 million of Maltese ships."
)
SECOND = "Maltese Economy Minister Carmelo Zahra met Danish Trade Minister Ida Holm in Valletta on Tuesday."
MOVED = "Danish Trade Minister Ida Holm will meet Maltese Economy Minister Carmelo Zahra in Valletta on March 26."
OTHER = "Peruvian Foreign Minister Rosa Quispe visited Quito on Monday and met Ecuadorian President Juan Paredes."


def document(text: str, day: str, name: str) -> ReadDocument:
    return read_text(text, published=dt.date.fromisoformat(day), id=name, file=f"{name}.txt")


def four() -> list[ReadDocument]:
    return [
        document(FIRST, "2024-03-04", "a"),
        document(SECOND, "2024-03-13", "b"),
        document(MOVED, "2024-03-08", "c"),
        document(OTHER, "2024-03-13", "d"),
    ]


def test_order_does_not_matter_and_twice_is_once() -> None:
    documents = four()
    first = gather(documents)
    for order in itertools.permutations(documents):
        assert gather([*order, *order]) == first


def test_one_event_in_two_documents() -> None:
    reading = gather(four())
    same = [link for link in reading.links if link.kind == "same"]
    by_id = {p.id: p for p in reading.proposals}
    assert [(by_id[link.a].document, by_id[link.b].document) for link in same] == [("a", "b")]
    assert len(
        {root for name, root in groups(reading.proposals, reading.links).items() if by_id[name].what == "event"}
    ) == (sum(p.what == "event" for p in reading.proposals) - 1)


def test_a_meeting_that_moved_is_an_update() -> None:
    reading = gather(four()[:1] + four()[2:3])
    (link,) = [link for link in reading.links if link.kind != "copy"]
    by_id = {p.id: p for p in reading.proposals}
    assert (link.kind, by_id[link.a].document, by_id[link.b].document) == ("updates", "a", "c")


def test_open_days_join_nothing() -> None:
    one = document("Danish Trade Minister Ida Holm met Maltese Economy Minister Carmelo Zahra.", "2024-03-04", "a")
    two = document(
        "Maltese Economy Minister Carmelo Zahra met Danish Trade Minister Ida Holm again.", "2024-03-05", "b"
    )
    assert [link for link in gather([one, two]).links if link.kind == "same"] == []


def test_ids_follow_content_not_names() -> None:
    ids = [[p.id for p in proposals_of(document(FIRST, "2024-03-04", name))] for name in ("a", "zz")]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) >= 2


def exact(a: str, b: str) -> float:
    """Slow twin of the estimate: the share of three-word runs in common."""

    def runs(text: str) -> set[str]:
        words = re.findall(r"\w+", text.casefold())
        return {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}

    one, two = runs(a), runs(b)
    return len(one & two) / len(one | two)


WORD = st.sampled_from([f"w{i}" for i in range(40)])


@settings(max_examples=40)
@given(st.lists(WORD, min_size=3, max_size=120), st.lists(WORD, max_size=40), st.integers(0, 120))
def test_minhash_against_the_exact_share(words: list[str], more: list[str], cut: int) -> None:
    a, b = " ".join(words), " ".join([*words[:cut], *more])
    # Five standard errors of 128 permutations: sqrt(0.25 / 128) = 0.044.
    assert abs(similarity(signature(a), signature(b)) - exact(a, b)) <= 5 * 0.0442


def test_copies_are_shown_and_stories_are_not() -> None:
    long = " ".join(
        f"On day {n} the ministers of Chile and Peru spoke about item {n * 7} of the list." for n in range(1, 30)
    )
    whole = read_text(long, id="whole")
    cut = read_text(long[: int(len(long) * 0.7)], id="cut")
    other = read_text(FIRST, id="other")
    assert [{link.a, link.b} for link in near_duplicates([whole, cut, other])] == [{"whole", "cut"}]


def case(folder: Path) -> Path:
    shelf = folder / "documents"
    shelf.mkdir(parents=True)
    (shelf / "first.txt").write_text(FIRST, encoding="utf-8")
    (shelf / "second.txt").write_text(SECOND, encoding="utf-8")
    (shelf / "documents.yaml").write_text(
        "documents:\n"
        "  - {id: first, title: One, publisher: A paper, published: {value: 2024-03-04, basis: stated}, "
        "url: null, "
        "file: first.txt, lang: en, kind: press}\n",
        encoding="utf-8",
    )
    (folder / "record.jsonl").write_text("", encoding="utf-8")
    return folder


def test_a_case_is_read_and_read_again(tmp_path: Path) -> None:
    folder = case(tmp_path / "case")
    reading = read_case(folder)
    written = (folder / PROPOSALS).read_bytes()
    assert load_proposals(folder) == (reading.proposals, reading.conflicts)
    assert read_case(folder).proposals == reading.proposals
    assert (folder / PROPOSALS).read_bytes() == written
    (meeting,) = [p for p in reading.proposals if p.document == "first" and p.what == "event"]
    assert meeting.item["date"]["earliest"] == "2024-03-12"
    assert meeting.context[meeting.quote_at : meeting.quote_at + len(meeting.quote)] == meeting.quote


PAGE = (
    "<html><body><article><h1>Trade</h1><p>Danish Trade Minister <a href='x'>Ida&nbsp;Holm</a> will meet "
    "<b>Maltese Economy Minister Carmelo Zahra</b> in Valletta on March 12, 2024.</p><p>The ministers will "
    "discuss honey &amp; ships, and the two governments said little else of it.</p></article></body></html>"
)


def test_a_page_is_shown_as_a_reader_sees_it(tmp_path: Path) -> None:
    folder = case(tmp_path / "case")
    (folder / "documents" / "page.html").write_text(PAGE, encoding="utf-8")
    reading = read_case(folder)
    (meeting,) = [p for p in reading.proposals if p.document == "page" and p.what == "event"]
    assert meeting.item["participants"] == ["Ida Holm", "Carmelo Zahra"]
    span = meeting.item["quote"]
    assert PAGE[span["start"] : span["end"]] == span["text"]
    assert "<" not in meeting.context
    assert meeting.context[meeting.quote_at :].startswith(meeting.quote)


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = case(tmp_path / "case")
    (folder / "documents" / "third.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (folder / "documents" / "fourth.txt").write_text("", encoding="utf-8")
    outside = tmp_path / "outside.txt"
    outside.write_text(OTHER, encoding="utf-8")
    (folder / "documents" / "fifth.txt").symlink_to(outside)
    reading = read_case(folder)
    assert {d.id for d in reading.documents} == {"first", "second"}
    assert sorted(problem.split(":")[0] for problem in reading.problems) == [
        "fifth.txt",
        "fourth.txt",
        "third.txt",
    ]


def test_without_documents_or_reading_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="documents"):
        read_case(tmp_path)
    with pytest.raises(RequestError, match="winset read"):
        load_proposals(tmp_path)


def test_a_damaged_result_is_an_error_with_its_line(tmp_path: Path) -> None:
    folder = case(tmp_path / "case")
    read_case(folder)
    with (folder / PROPOSALS).open("a", encoding="utf-8") as stream:
        stream.write('{"id": "x", "what": "event"}\n')
    lines = len((folder / PROPOSALS).read_text(encoding="utf-8").splitlines())
    with pytest.raises(CaseFileError, match=f"proposals.jsonl:{lines}"):
        load_proposals(folder)


def test_annotated_documents(shared: Path) -> None:
    documents = [read_document(path) for path in sorted((shared / "seeds").glob("*.txt"))]
    reading = gather(documents)
    assert gather(documents[::-1]) == reading
    assert not [link for link in reading.links if link.kind == "same"]  # five stories, five sets of meetings
