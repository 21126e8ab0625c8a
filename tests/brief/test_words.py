"""The brief in Korean: every fixed text has an entry with the same slots, and the numbers are the same."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import winset
from brief.fixed_texts import keys, slots
from brief.number_walk import tree_findings
from brief.pages import Page
from brief.test_ranges import with_ranges
from winset.brief.content import BriefContent, Finding
from winset.brief.document import Document
from winset.brief.findings import findings
from winset.brief.formats import band_text, day, hover, short_unit, stated, unit_text, value_text
from winset.brief.outline import outline
from winset.brief.render import render_html
from winset.brief.words import LANGUAGES, Words
from winset.core.errors import UnknownNameError

LABELS = Path(winset.__file__).parent / "brief" / "labels"
HANGUL = re.compile(r"[가-힣]")


def _catalogues(language: str) -> dict[str, dict[str, str]]:
    return {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for path in sorted(LABELS.glob(f"{language}*.yaml"))
    }


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_fixed_text_is_translated(language: str) -> None:
    found = {key for part in _catalogues(language).values() for key in part}
    assert len(keys()) > 200
    assert keys() - found == set()


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_entries_have_the_slots_of_their_keys_and_no_two_files_differ(language: str) -> None:
    seen: dict[str, str] = {}
    for name, part in _catalogues(language).items():
        for key, text in part.items():
            assert isinstance(text, str), (name, key)
            assert text.strip(), (name, key)
            assert set(slots(text)) == set(slots(key)), (name, key)
            assert seen.setdefault(key, text) == text, (name, key)


def _korean(content: BriefContent) -> BriefContent:
    """The made-up brief as the workflow would put it into Korean."""
    words = Words("ko")

    def put(value: object) -> object:
        if isinstance(value, Finding):
            return dataclasses.replace(
                value, language="ko", unit=words.of_case(value.unit), horizon=words.of_case(value.horizon)
            )
        if isinstance(value, tuple):
            return tuple(put(one) for one in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return dataclasses.replace(
                value, **{f.name: put(getattr(value, f.name)) for f in dataclasses.fields(value)}
            )  # type: ignore[type-var]
        return value

    found = put(content)
    assert isinstance(found, BriefContent)
    return dataclasses.replace(found, language="ko")


@cache
def _trees() -> tuple[Document, Document]:
    return outline(with_ranges()), outline(_korean(with_ranges()))


class _Noting(Words):
    """Notes texts that no catalogue has."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.missed: set[str] = set()

    def __call__(self, text: str, /, **slots: object) -> str:
        if text not in self._catalogue:
            self.missed.add(text)
        return super().__call__(text, **slots)


def test_an_outline_asks_for_nothing_that_the_catalogue_lacks() -> None:
    words = _Noting("ko")
    outline(_korean(with_ranges()), words)
    assert words.missed == set()


def test_the_korean_page_has_the_same_numbers_and_korean_heads() -> None:
    english, korean = _trees()
    assert {id: f.value for id, f in tree_findings(english).items()} == {
        id: f.value for id, f in tree_findings(korean).items()
    }
    page = Page(render_html(korean))
    assert page.all("html")[0]["lang"] == "ko"
    for finding in findings(_korean(with_ranges())):
        assert value_text(finding) in page.by_id[finding.id]
    for name in ("summary", "gains", "turns", "annex", "method"):
        assert HANGUL.search(page.by_id[name])


def test_digits_do_not_depend_on_the_language() -> None:
    said = {one.id: one for one in findings(_korean(with_ranges()))}
    for one in findings(with_ranges()):
        assert value_text(said[one.id]) == value_text(one)
        assert band_text(said[one.id]) == band_text(one).replace(" to ", " ~ ")


def test_units_and_captions_are_in_the_language_of_the_finding() -> None:
    money = with_ranges().key_numbers[0]
    said = next(f for f in findings(_korean(with_ranges())) if f.id == money.id)
    assert "billion US dollars" in unit_text(money.unit)
    assert unit_text(said.unit).startswith("10억 달러")
    assert "10억 달러" in short_unit(said)
    assert "기준 자료" in hover(said)
    assert "적자 마감 조건" in stated([said])


def test_dates_as_each_language_writes_them() -> None:
    assert day("2026-07-05") == "5 July 2026"
    assert day("2026-07-05", "ko") == "2026년 7월 5일"
    assert day("about May", "ko") == "about May"


def test_the_names_of_countries_come_by_their_codes() -> None:
    korean = Words("ko")
    assert korean.country("MEX") == "멕시코"
    for code in ("EU27", "ROW", "XYZ", "", "mex", "../x"):
        assert korean.country(code) == ""
    assert Words("en").country("MEX") == ""


def test_texts_of_the_rooms_below_are_translated_with_their_parts() -> None:
    words = Words("ko", {"Strawberries": "딸기"})
    assert words.of_case("Strawberries") == "딸기"
    assert words.of_case("Exports to Korea, value") == "한국에 대한 수출액"
    assert words.of_case("million US dollars of 2031, present value") == "백만 달러(2031년 가격, 현재가치)"
    assert words.of_case("Nothing that anyone says") == "Nothing that anyone says"


@settings(max_examples=200, deadline=1000, derandomize=True)
@given(st.text(max_size=400))
def test_any_text_of_a_case_survives_the_patterns(text: str) -> None:
    assert isinstance(Words("ko").of_case(text), str)
    assert Words("en").of_case(text) == text
    assert Words("ko", {text: "x"}).of_case(text) == "x"


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(UnknownNameError, match="language"):
        Words("kr")
