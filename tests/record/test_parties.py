"""The table of names: codes that exist, no name for two things by accident, issues by their words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.record.reading.names import scan, table
from winset.record.reading.parties import ISSUES, issues_in
from winset.record.reading.read import read_text


def entries() -> list[tuple[str, str | None, str, str]]:
    return [(name, e.code, e.kind, e.form) for names in table().values() for name, e in names]


def test_codes_are_iso_codes() -> None:
    pycountry = pytest.importorskip("pycountry", reason="pycountry, a development tool, is not installed")
    codes = {code for _, code, _, _ in entries() if code is not None}
    known = {country.alpha_3 for country in pycountry.countries}
    blocs = {code for _, code, kind, _ in entries() if kind == "bloc" and code is not None}
    # The union, other blocs by their short names, and the user-assigned code of Kosovo.
    assert codes - known == blocs | {"EU27", "XKX"}
    assert not blocs & known


def test_every_state_of_the_united_nations_is_there() -> None:
    pycountry = pytest.importorskip("pycountry", reason="pycountry, a development tool, is not installed")
    countries = {code for _, code, kind, _ in entries() if kind == "country"}
    missing = {c.alpha_3 for c in pycountry.countries} - countries
    # What is left out are dependencies and uninhabited territories.
    assert not {"USA", "CHN", "DEU", "KOR", "JPN", "IND", "BRA", "ZAF", "SGP", "CHE", "VNM", "TUR"} & missing
    assert len(countries) >= 193


def test_enough_metonyms() -> None:
    assert sum(kind == "seat" for _, _, kind, _ in entries()) >= 60


@given(st.sampled_from(entries()))
def test_every_name_is_found_where_it_stands(entry: tuple[str, str | None, str, str]) -> None:
    name, code, _, _ = entry
    text = f"they told {name}, again"
    (hit,) = scan(text, 0, len(text))
    assert (hit.text, hit.entry.code) == (name, code)
    assert text[hit.start : hit.end] == name
    assert scan(f"x{name}y", 0, len(name) + 2) == [] or "." in name or " " in name or "-" in name


def test_compounds_and_boundaries() -> None:
    text = "South Korea-U.S.-Japan ties, the UK-EU pact, Nigeria's offer; Nigerien rice; Koreatown; us"
    assert [(h.text, h.entry.code) for h in scan(text, 0, len(text))] == [
        ("South Korea", "KOR"),
        ("U.S.", "USA"),
        ("Japan", "JPN"),
        ("UK", "GBR"),
        ("EU", "EU27"),
        ("Nigeria", "NGA"),
        ("Nigerien", "NER"),
    ]


def test_parties_join_names_and_seats() -> None:
    document = read_text(
        "Seoul rejected the plan. South Korean officials said Brussels and the European Union agreed."
    )
    found = {party.code: [m.text for m in party.mentions] for party in document.parties}
    assert found == {"KOR": ["Seoul", "South Korean"], "EU27": ["Brussels", "European Union"]}


def test_issues_against_the_plain_patterns() -> None:
    text = "Duties on cars and beef, LNG, the trade deficit, North Korean missiles, chip plants and data flows."
    slow = {
        name: match.start()
        for name, words in ISSUES.items()
        if (match := re.search(rf"(?<![a-z-])(?:{words})\b", text.lower())) is not None
    }
    assert list(issues_in(text)) == sorted(slow, key=lambda name: slow[name])
