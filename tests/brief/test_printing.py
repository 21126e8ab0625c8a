"""What every writer of files does with text, addresses and ids."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brief.trees import document, finding, full, hostile, table
from winset.brief.document import Heading, Paragraph, Run
from winset.brief.formats import finding_with_unit
from winset.brief.printing import Names, clean, date_of, findings_of, ids_of, kept, number_of, run_text, safe_url

ANY = st.text(st.characters(exclude_categories=[]), max_size=40)


@given(ANY)
def test_clean_text_is_what_xml_and_utf_8_can_hold(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    # The production Char of XML 1.0, fifth edition, without the carriage return, which XML reads as a line end.
    assert re.fullmatch("[\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*", cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_clean_leaves_ordinary_text_alone(text: str) -> None:
    assert clean(text) == text


def test_a_direction_override_cannot_turn_a_number_around() -> None:
    assert clean("rate \u202e521\u202c percent \u2066x\u2069") == "rate 521 percent x"


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c=%20#d", "HTTP://EXAMPLE.ORG", "http://[::1]/x"])
def test_addresses_of_the_web_are_links(url: str) -> None:
    if "[" in url:
        assert safe_url(url) == url
    assert safe_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//example.org", "http:///x",
        "mailto:a@b.c", "https://example.org/ x", 'https://example.org/"x', "https://example.org/<x>", "",
        "https://example.org/" + "a" * 3000, "internal:'Contents'!A1", "\\\\host\\share", "https://ex\nample.org",
    ],
)  # fmt: skip
def test_anything_else_is_not(url: str) -> None:
    assert safe_url(url) == ""


@pytest.mark.parametrize("unit", ["percent", "million US dollars of 2022", "share of the pledge"])
def test_a_number_reads_as_in_html(unit: str) -> None:
    one = finding(1, unit=unit)
    assert run_text(Run(finding=one, with_unit=True)) == finding_with_unit(one)
    assert str(number_of(one)) == run_text(Run(finding=one))


def test_a_number_that_was_not_computed_has_no_unit() -> None:
    one = finding(1, value=float("nan"))
    assert run_text(Run(finding=one, with_unit=True)) == "not computed"


def test_every_id_of_the_tree_is_known_and_every_finding_found_once() -> None:
    tree = full()
    assert {"top", "table-1", "table-1-row-0", "claim-1", "fig-nets", "run"} <= ids_of(tree)
    found = findings_of(tree.walk())
    assert len({one.id for one in found}) == len(found)
    assert {one.id for one in found} > {one.id for one in findings_of(tree.walk(), pictures=False)}
    assert "" not in ids_of(hostile())


def test_the_date_of_a_file() -> None:
    body = Paragraph(runs=())
    assert date_of(document(body)) == dt.datetime(2026, 7, 25, tzinfo=dt.UTC)
    for day in ("", "soon", "1812-06-18"):
        assert date_of(document(body, day=day)).year == 1980


def test_what_leads_up_to_a_table_is_kept_with_it_unless_it_is_long() -> None:
    head, short, long = (
        Heading(id="h", level=3, text="h"),
        Paragraph(runs=(Run(text="a few words"),)),
        Paragraph(runs=(Run(text="word " * 500),)),
    )
    assert kept([head, short, short, table(1), short]) == [False, True, True, False, False]
    assert kept([short, long, table(1)]) == [False, False, False]
    assert kept([short, head]) == [False, False]
    assert kept([]) == []


def test_a_band_is_broken_at_most_once_and_before_its_upper_end() -> None:
    number = number_of(finding(1))
    assert number.band == "(+0.3 to +1.7)"
    assert number.joined() == "(+0.3\u00a0to\u00a0+1.7)"
    assert number.joined(tight=True) == "(+0.3\u00a0to +1.7)"
    assert number_of(finding(1, low=1234.5, high=1234.5)).joined(tight=True) == ""


@given(st.lists(ANY, max_size=12))
def test_names_are_plain_short_and_each_its_own(ids: list[str]) -> None:
    names = Names(prefix="b_", joint="_", longest=12)
    given = [names(one) for one in ids]
    assert given == [names(one) for one in ids]
    assert len({one.lower() for one in given}) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,11}", one) for one in given)
