"""What is true of the reading of any text: it ends, its spans hold, and it says the same twice."""

# ruff: noqa: E501  (samples are kept on one line each)
from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.core.errors import RequestError
from winset.record.reading import dates_calendar as cal
from winset.record.reading.blocks import CLAIMS
from winset.record.reading.read import read_text
from winset.record.reading.sentences import split

PIECES = [
    "The ", "Monday", "last ", "next ", "May ", "8", "2025", "$", "350 billion", "%", "25", " percent", " to ", "from ", "tariff", " on ",
    "early ", "July", " 9 p.m. KST", "\n", "\n\n", ". ", "U.S. ", "(", ")", "“", "”", "won", " trillion", "-", "–", ", ", " said ", "will ",
    "within two weeks", "the same day", "recently", "Published: ", "12:02", "\u00a0", "\u202e", "\x00", "한국", "é", "\U0001f600", "½", "two ",
    "days starting ", "first quarter", "fiscal ", "a ", "10-year", "between ", " and ", "annual ", "cap", "Q3 ", "1/2/2025", "31 February 2025",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
givens = st.one_of(st.none(), days, st.tuples(st.one_of(st.none(), days), st.one_of(st.none(), days)))


def read(text: str, published: Any = None) -> Any:
    try:
        return read_text(text, published=published)
    except RequestError:
        return None


@settings(max_examples=400)
@given(texts, givens)
def test_any_text_is_read(text: str, published: Any) -> None:
    if isinstance(published, tuple) and None not in published:
        published = tuple(sorted(published))
    document = read(text, published)
    assert document == read(text, published)
    if document is None:
        return
    for item in (*document.blocks, *document.sentences, *document.figures, *document.date_mentions):
        assert text[item.start : item.end] == item.text
        assert item.start < item.end
    for mention in document.date_mentions:
        if mention.earliest is not None and mention.latest is not None:
            assert mention.earliest[:10] <= mention.latest[:10]
    allowed = [(s.start, s.end) for s in document.sentences]
    for item in (*document.figures, *document.date_mentions):
        assert any(a <= item.start and item.end <= b for a, b in allowed)
    assert {s.block for s in document.sentences} <= CLAIMS


@settings(max_examples=200)
@given(texts)
def test_every_line_with_words_is_in_a_block(text: str) -> None:
    document = read(text)
    if document is None:
        return
    inside = set()
    for block in document.blocks:
        inside |= set(range(block.start, block.end))
    assert all(i in inside or text[i].isspace() for i in range(len(text)))


@settings(max_examples=200)
@given(texts)
def test_sentences_cover_what_they_cut(text: str) -> None:
    found = split(text, 0, len(text))
    reached = 0
    for start, end in found:
        assert not text[reached:start].strip()
        assert not text[start].isspace()
        reached = end
    assert not text[reached:].strip()


REPEATED = [
    "Monday ", "May 8 ", "from 25% to 15% ", "$1 billion ", "(", "“", "1,000", "9", "the ", "the end of ", "A. ", "U.S. ", "...", "a ", "early ",
    "to be ", "will be ", "tariff on ", "1-", "1 ", "- ", "&amp;", "\u00a0", "in the ", "half a ", "twenty ", "and ", "said ", "between 1 and 2 ",
    "Mon. ", "\n", "x\n", "Read more\n", "A", "é", "2025-", "12:", "$", "billion ", "per ", "worth of ",
]  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_time_grows_with_length_only(piece: str) -> None:
    """Twice the text may take twice as long (here: six times, for noise), and a long text is read in seconds."""

    def seconds(size: int) -> float:
        text = "The minister said. " + piece * (size // len(piece))
        start = time.process_time()
        read(text, dt.date(2025, 5, 9))
        return time.process_time() - start

    seconds(2_000)
    short, long = seconds(20_000), seconds(40_000)
    assert long < max(6 * short, 1.0)


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
)
def test_weekdays_against_counting_days(published: dt.date, name: str) -> None:
    """The day said to lie ahead or behind, found by walking day by day."""
    for words, step in ((f"They will meet on {name}.", 1), (f"They met on {name}.", -1)):
        day = published
        while f"{day:%A}" != name:
            day += dt.timedelta(days=step)
        (mention,) = read_text(words, published=published).date_mentions
        assert (mention.earliest, mention.latest, mention.flagged) == (day.isoformat(), day.isoformat(), False)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), st.integers(0, 27))
def test_a_later_publication_never_makes_an_earlier_date(published: dt.date, later: int) -> None:
    for words in (
        "They will meet on Friday.",
        "They met last week.",
        "It ended yesterday.",
        "It ends next month.",
    ):
        (a,) = read_text(words, published=published).date_mentions
        (b,) = read_text(words, published=published + dt.timedelta(days=later)).date_mentions
        assert a.earliest is not None
        assert a.earliest <= b.earliest
        assert a.latest <= b.latest
        (both,) = read_text(words, published=(published, published + dt.timedelta(days=later))).date_mentions
        assert (both.earliest, both.latest) == (a.earliest, b.latest)


@given(st.dates(), st.integers(-5000, 5000), st.sampled_from("DWMY"))
def test_adding_stays_in_the_calendar(day: dt.date, count: int, unit: str) -> None:
    moved = cal.add(day, count, unit)
    if dt.date(50, 1, 1) <= day <= dt.date(9950, 1, 1) and abs(count) <= 40 and unit in "MY":
        months = (moved.year - day.year) * 12 + moved.month - day.month
        assert months == count * (12 if unit == "Y" else 1)
        assert moved.day <= day.day
