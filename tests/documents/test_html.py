"""Pages: what is seen is read, what is not seen is not, and every offset points into the file."""

# ruff: noqa: E501  (samples are kept on one line each)
from __future__ import annotations

import html
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.documents.html import render
from winset.documents.load import load_bytes
from winset.record.reading.read import read_loaded
from winset.record.reading.schema import ReadDocument

PAGE = """<!DOCTYPE html>
<html><head><title>Duties to fall - The Gazette</title>
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2025-07-28T21:30:00+09:00"}]}</script>
<script>var rate = "a tariff of 99 percent";</script></head>
<body><div class="top-date">Wed, 5-Nov-2025</div>
<nav><a href="/">Home</a> <a href="/m">Markets 77%</a></nav>
<article><h1>Duties &amp; quotas to fall</h1>
<p class="byline">By Ana Example</p>
<p>The two sides agreed on <b>Sunday</b> to cut the duty on most goods from
   25&nbsp;percent to 15&#37;, and the bloc will buy &#36;750 <i>billion</i> of energy over three years, officials said.</p>
<p style="display: none">In secret they agreed on a tariff of 88 percent.</p>
<p hidden>In secret they agreed on a tariff of 66 percent.</p>
<!-- a tariff of 55 percent -->
<p>The ministers will meet in Geneva on Friday to go through the lists, which cover 1,200 products, most of them from farms.</p>
</article>
<aside class="most-popular"><ul><li><a href="/x">Shares fall 5% after the vote</a></li></ul></aside>
<footer>&copy; 2025 The Gazette. All rights reserved. 42% off subscriptions.</footer></body></html>
"""


@pytest.fixture(scope="module")
def read() -> tuple[str, ReadDocument]:
    loaded = load_bytes(PAGE.encode())
    return loaded.text, read_loaded(loaded)


def test_offsets_point_into_the_file(read: tuple[str, ReadDocument]) -> None:
    text, document = read
    assert text == PAGE == document.text
    for item in (*document.blocks, *document.sentences, *document.figures, *document.date_mentions):
        assert PAGE[item.start : item.end] == item.text


def test_figures_across_markup_and_entities(read: tuple[str, ReadDocument]) -> None:
    found = [(f.text, f.plain, f.value, f.unit, f.role) for f in read[1].figures]
    assert found == [
        ("25&nbsp;percent", "25\u00a0percent", 25, "percent", "tariff_rate_before"),
        ("15&#37;", "15%", 15, "percent", "tariff_rate_after"),
        ("&#36;750 <i>billion", "$750 billion", 750e9, "USD", "purchase_commitment"),
        ("three", None, 3, "years", "duration"),
        ("1,200", None, 1200, "products", "count_of_products"),
    ]


def test_publication_from_markup(read: tuple[str, ReadDocument]) -> None:
    published = read[1].published
    assert (published.basis, published.earliest, published.utc) == ("stated", "2025-07-28", "2025-07-28T12:30Z")
    assert [(d.text, d.earliest) for d in read[1].date_mentions] == [
        ("Sunday", "2025-07-27"),
        ("Friday", "2025-08-01"),
    ]


def test_what_is_not_seen_is_not_read(read: tuple[str, ReadDocument]) -> None:
    document = read[1]
    sentences = " ".join(s.plain or s.text for s in document.sentences)
    for hidden in ("99", "88", "66", "55", "77", "42%", "Shares"):
        assert hidden not in sentences
    assert "hidden_text" in {flag.kind for flag in document.flags}
    inside = " ".join(block.text for block in document.blocks if block.kind == "hidden")
    assert "88 percent" in inside
    assert "99 percent" in inside


WORDS = st.text(alphabet="abc <>&;\u00a0é\n\"'", max_size=40)


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=1, max_size=6))
def test_each_character_of_the_rendering_is_in_the_file(words: list[str]) -> None:
    page = "<html><body>" + "".join(f"<p>{html.escape(w)}</p>" for w in words) + "</body></html>"
    loaded = load_bytes(page.encode())
    shown = loaded.visible
    for i, character in enumerate(shown):
        start, end = loaded.in_file(i, i + 1)
        raw = page[start:end]
        assert (
            html.unescape(raw) == character
            or (character == " " and raw.isspace())
            or (character == "\n" and not raw)
        )
    # What is seen is what was written, white space folded.
    assert shown.split() == " ".join(words).replace("\u00a0", " ").split() or "\u00a0" in "".join(words)


HOSTILE = [
    "<div>" * 30_000,
    "<b>" * 30_000 + "x",
    "</div>" * 30_000,
    "<a href='" * 20_000,
    '<a x="' * 20_000,
    "<!--" * 30_000,
    "<!" * 30_000,
    "<script>" * 20_000,
    "<textarea>" * 20_000,
    "<" * 60_000,
    "<a " * 40_000,
    "&" * 60_000,
    "&amp" * 30_000,
    " " * 100_000,
    "<p>a" * 30_000,
    "<li><a>x</a>" * 10_000,
    "<table><tr><td>" * 5_000,
]


@pytest.mark.parametrize("piece", HOSTILE, ids=lambda p: repr(p[:12]))
def test_hostile_pages_cost_no_more_than_their_length(piece: str) -> None:
    start = time.process_time()
    page = render("<html><body>" + piece)
    assert time.process_time() - start < 5
    assert len(page.rendering) <= len(piece) + 100_000
    assert all(a <= b for a, b in page.hidden)
