"""What keeps reading fast: alternatives chosen by their first letters, and work that grows as the text does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.record.reading import dates_scan, figures_cues, terms
from winset.record.reading.cues import Cues, alternatives, by_letter, openings
from winset.record.reading.dates_find import find_at
from winset.record.reading.read import read_text
from winset.record.reading.schema import Span, as_json, changed
from winset.record.reading.wordlists import DIGIT, flat, letters, small, told_by, triggers, words

GROUPS = {
    "money": figures_cues.MONEY,
    "percent": figures_cues.PERCENT,
    "status": terms.STATUS,
    "made up": (
        ("a", r"(?:no|not) more than|a|an? (?:[a-z]+ )?hat|U\.S\. troops"),
        ("b", r"off-?take|(?:up|down)?stream|bo+t|we(?:st)?"),
    ),
}
PIECES = sorted(
    words(
        "annual cap of no more than tariff revenues collected in duties up downstream boot west a hat an old hat "
        "U.S. troops credit lines growth rate rose fell invest funding fund deal agreed to agreement plan would "
        "remains threat off-take offtake defence cost-sharing profit 25 % $ , . ( ) é É Éire x9a _cap cap_ tax on "
        "steel"
    )
)
texts = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda some: st.sampled_from([" ", "  ", ", ", "-", ""]).map(lambda gap: gap.join(some))
)


@pytest.mark.parametrize("name", GROUPS)
@given(text=texts)
def test_cues_find_what_one_pattern_finds(name: str, text: str) -> None:
    groups = GROUPS[name]
    whole = re.compile(r"\b(?:" + "|".join(rf"(?P<{n}>(?:{source})\b)" for n, source in groups) + ")", re.I)
    for start in (0, len(text) // 3):
        wanted = [(m.span(), m.lastgroup) for m in whole.finditer(text, start, len(text))]
        assert [(m.span(), m.lastgroup) for m in Cues(groups).finditer(text, start, len(text))] == wanted


@pytest.mark.parametrize("name", GROUPS)
@given(text=texts)
def test_cues_in_small_letters_find_the_same(name: str, text: str) -> None:
    groups = [(n, source.lower()) for n, source in GROUPS[name]]
    low = small(text)
    wanted = [(m.span(), m.lastgroup) for m in Cues(groups).finditer(low, 0, len(low))]
    assert [(m.span(), m.lastgroup) for m in Cues(groups, flags=0).finditer(low, 0, len(low))] == wanted


@given(st.text(alphabet="in the May 3rd,Tuesday aMAY-$é5.", max_size=60))
def test_places_of_dates_are_those_of_every_place(text: str) -> None:
    """Looking only where a date can begin finds what looking everywhere between words finds."""
    skipping = [(e.start, e.end) for e in dates_scan.find(text, 0, len(text))]
    places = set(dates_scan._places(text, 0, len(text)))
    for match in re.finditer(r"(?<![\w$€£¥₩/-])(?:[A-Za-z]+|\d+)", text):
        if match.start() not in places:
            one = find_at(text, match.start(), len(text))
            assert one is None or any(a <= one.start < b or a < one.end <= b for a, b in skipping), (text, one)


DATES = words(
    "the a in on within over by about as little less than coming last next previous first second fourth early "
    "mid late end middle of this that same day days weeks weekend month years quarter half fiscal FY FY25 Q1 "
    "Q3 H2 2Q winter fall 2025 2024-25 1999 9 May June Jan. Monday Tue. today tomorrow evening recent near "
    "future due course ago later earlier from now business working more forty-five thirty 30 12 3rd 90-day "
    "pause term year-end end-June mid-2025 10:30 a.m. noon GMT 2025-05-09 5/9/2025 25 percent % $5 billion "
    "1,200 , . ( ) - – to and between minister said held"
)


@given(st.lists(st.tuples(st.sampled_from(sorted(DATES)), st.sampled_from((" ", " ", ", ", "-"))), max_size=40))
def test_dates_are_within_reach_of_what_tells_of_them(some: list[tuple[str, str]]) -> None:
    """Looking only around digits and words of time finds what looking through the whole sentence finds."""
    text = "".join(word + gap for word, gap in some)
    low = small(flat(text))
    said = told_by(low, 0, len(low))
    whole = dates_scan.find(text, 0, len(text))
    assert dates_scan.find(text, 0, len(text), dates_scan.around(text, low, 0, len(text), said)) == whole
    assert dates_scan.may_hold(said) or not whole


@given(texts)
def test_words_by_letter_are_those_of_one_pattern(text: str) -> None:
    listed = sorted({piece for piece in PIECES if piece}, key=len, reverse=True)
    wanted = re.findall("|".join(map(re.escape, listed)), text)
    assert re.findall(by_letter(listed), text) == wanted


def test_alternatives_and_their_openings() -> None:
    assert alternatives(r"a|b(?:c|d)|[|]x|\|") == ["a", "b(?:c|d)", "[|]x", r"\|"]
    assert openings(r"ca(?:p|r)s?", 4) == {"cap", "caps", "car", "cars"}
    assert openings(r"(?:no|not) more", 4) == {"no m", "not ", "no", "not"}
    assert openings(r"[a-z]+") == {""}


@given(texts)
def test_words_are_told_once(text: str) -> None:
    low = small(flat(text))
    assert len(low) == len(text)
    assert letters(low).split() == re.findall("[a-z]+", low)
    told = told_by(low, 0, len(low))
    assert (DIGIT in told) == any(c.isdigit() for c in text)
    assert told - {DIGIT} <= set(re.findall("[a-z]+", low))


def test_a_trigger_is_a_word() -> None:
    with pytest.raises(ValueError, match="small letters"):
        triggers("cost-sharing")


def test_json_is_every_field_but_the_text() -> None:
    document = read_text("Ada Lund met Ole Berg in Lima on Monday.", published=dt.date(2025, 5, 9))
    whole = dataclasses.asdict(document)
    del whole["text"]
    assert document.events
    assert as_json(document) == whole
    assert list(as_json(document)) == list(whole)


def test_a_changed_copy() -> None:
    one = Span(start=1, end=2, text="a")
    other = changed(one, end=3)
    assert (one.end, other) == (2, Span(start=1, end=3, text="a"))


def _story(meetings: int) -> str:
    """A text of so many different meetings, two figures each."""
    letters = "abcdefghijklmnopqrst"
    names = [f"B{a}{b}{c}ov" for a in letters for b in letters for c in letters]
    return "\n\n".join(
        f"Trade Minister Ada {names[2 * i]} met Foreign Minister Ole {names[2 * i + 1]} in Lima on {i % 27 + 1} "
        f"March. The duty on cars fell from {i % 30 + 9} percent to {i % 8} percent, and talks will resume in May."
        for i in range(meetings)
    )


def _calls(text: str) -> int:
    """How many functions of ours are called while a text is read."""
    count = 0

    def counted(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        read_text(text, published=dt.date(2025, 5, 9))
    finally:
        sys.setprofile(None)
    return count


def test_work_grows_as_the_text_does() -> None:
    """Four times the text is about four times the work; comparing each event with all would make it thirteen."""
    read_text(_story(2), published=dt.date(2025, 5, 9))
    once, four_times = _calls(_story(300)), _calls(_story(1200))
    assert four_times <= 5.2 * once


_SAID = st.lists(
    st.sampled_from(["need", "needed", "me", "meet", "meets", "ended", "bed", "ed", ",", "2"]), max_size=12
)


@given(words=_SAID)
def test_cues_that_may_go_on_find_what_one_pattern_does(words: list[str]) -> None:
    text = " ".join(words)
    wanted = [(m.span(), m.lastgroup) for m in re.finditer(r"\b(?:(?P<a>meet|me)|(?P<b>nee))", text)]
    found = Cues([("a", "meet|me"), ("b", "nee")], whole=False, flags=0).finditer(text, 0, len(text))
    assert [(m.span(), m.lastgroup) for m in found] == wanted


@given(words=_SAID)
def test_cues_of_one_ending_find_what_one_pattern_does(words: list[str]) -> None:
    text = " ".join(words)
    wanted = [(m.span(), m.lastgroup) for m in re.finditer(r"\b(?:(?P<a>me)\b|(?P<b>[a-z]+ed)\b)", text)]
    found = Cues([("a", "me"), ("b", "[a-z]+ed")], ending="ed", flags=0).finditer(text, 0, len(text))
    assert [(m.span(), m.lastgroup) for m in found] == wanted
