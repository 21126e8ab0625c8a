"""What is tried only where its words stand finds what trying it everywhere finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.record.reading import events_words as w
from winset.record.reading import understand as whole
from winset.record.reading import understand_lines as lines
from winset.record.reading.names import scan
from winset.record.reading.people import mentions_in, surnames_of, tokens_in
from winset.record.reading.placed import placed
from winset.record.reading.read import read_text
from winset.record.reading.wordlists import flat, small, told_by, words

WORDS = [
    *sorted(w.TRIGGERS | w.PREDICATE_WORDS | lines.SAY_WORDS),
    *sorted(words("the a to in on with for by at her his was were will be is due and Lima Chad Lund Ada Monday")),
    *(
        "phone call",
        "video call",
        "round table",
        "at the table",
        "over lunch",
        "called on",
        "take place",
        "call off",
    ),
]
GAPS = st.sampled_from([" ", " ", " ", " ", ", ", ". ", "-", "  ", "’s ", "é", "” "])
sentences = st.lists(st.tuples(st.sampled_from(WORDS), GAPS), max_size=25).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


def _openings(text: str, said: frozenset[str]) -> list[tuple[re.Pattern[str], frozenset[str], str]]:
    """Patterns with the words at which they are tried, as `events_find` does, and the text they are tried on."""
    low = small(text)
    found = [
        (w.SEE, w.SEE_WORDS, text),
        (w.RING, w.RING_WORDS, text),
        (w.BE_WITH, w.BE_WORDS, text),
        (w.TALKED, w.TALK_WORDS, text),
        (w.ARRIVE, w.ARRIVE_WORDS, text),
        (w.HOST, w.HOST_WORDS, text),
        (w.JOIN, w.HOST_WORDS, text),
        (w.NOUN, w.NOUN_OPENINGS, low),
    ]
    if said.isdisjoint(w.MEET_IDIOMS):
        found.append((w.MEET, w.MEET_OPENINGS, low))
    if said.isdisjoint(w.VISIT_IDIOMS):
        found.append((w.VISIT, w.VISIT_WORDS, text))
    return found


@given(sentences)
def test_patterns_begin_with_their_openings(text: str) -> None:
    text = flat(text)
    said = told_by(small(text), 0, len(text))
    for pattern, openings, searched in _openings(text, said):
        everywhere = [m.span() for m in pattern.finditer(searched, 0, len(text))]
        assert [m.span() for m in placed(pattern, said & openings, searched, 0, len(text))] == everywhere


@given(sentences)
def test_what_a_pattern_needs_is_among_its_words(text: str) -> None:
    text = flat(text).strip()
    low = small(text)
    said = told_by(low, 0, len(low))
    assert w.PREDICATE.search(low) is None or said & w.PREDICATE_WORDS
    assert w.ON_VISIT.search(low) is None or said & w.ON_VISIT_WORDS
    if lines.TRAILING.search(text):
        assert any(placed(lines.SAID_LAST, said & lines.SAY_WORDS, text, 0, len(text)))


NAMES = sorted(
    words(
        "Chad Lund Ada Berg Seoul South Korea Korean U.S. EU European Union White House Lee Jae-min Jae Min "
        "Minister Deputy USTR President Seoul-based X-U.S. al-Lund O’Lund J. Acme Corp said met the and of de , . "
        "Lima-Chad Sofia"
    )
)


@given(st.lists(st.sampled_from(NAMES), max_size=20).map(" ".join))
def test_names_are_those_of_a_scan(text: str) -> None:
    hits, marked = tokens_in(text, 0, len(text))
    assert hits == scan(text, 0, len(text))
    for first, last, kind in zip(marked.starts, marked.ends, marked.kinds, strict=True):
        if kind == "G":
            assert any(h.start < last and first < h.end for h in hits)


@given(st.lists(st.sampled_from(NAMES), max_size=20).map(" ".join))
def test_what_is_passed_over_is_all_that_a_known_name_can_change(text: str) -> None:
    hits, marked = tokens_in(text, 0, len(text))
    said = told_by(small(text), 0, len(text))
    found, passed_over = mentions_in(text, marked, hits, frozenset(), said)
    for name in ("Ada Lund", "Lee Jae-min", "Berg", "Sofia Lund"):
        kin = frozenset(surnames_of(name))
        if kin.isdisjoint(passed_over):
            assert mentions_in(text, marked, hits, kin, said)[0] == found


def test_a_long_document_is_read_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Trade Minister Ada Lund met Ole Berg in Lima on Monday. Lund left. The minister thanked Lund again."
    short = read_text(text)
    monkeypatch.setattr(whole, "KEPT", 0)
    assert read_text(text) == short
    assert [len(p.mentions) for p in short.people if p.name == "Ada Lund"] == [3]
