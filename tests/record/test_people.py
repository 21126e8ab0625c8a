"""Persons: titles, spellings, bare surnames; never joined by likeness."""

from __future__ import annotations

from pathlib import Path

import pytest

from reading_scores import Scores, add_case
from winset.core.casefile import load_yaml
from winset.record.reading.names import letters
from winset.record.reading.read import read_document, read_text

CASES = load_yaml(Path(__file__).with_name("understand_cases.yaml")).data


def names(text: str) -> dict[str, str | None]:
    return {person.name: person.party for person in read_text(text).people}


@pytest.mark.parametrize("which", ["cases", "later", "last"])
def test_made_up_reports(which: str) -> None:
    scores = Scores()
    for case in CASES[which]:
        if "people" in case:
            add_case(
                scores,
                read_text(case["text"], published=case["published"]),
                {"id": case["id"], "people": case["people"]},
            )
    assert scores.people.precision >= 0.95, scores.people.misses
    assert scores.people.recall >= 0.95, scores.people.misses


def test_spellings_are_one_person_and_likeness_is_not() -> None:
    text = (
        "President Yun Jae Hwan spoke first. Yun Jae-hwan then left, said Trade Minister Yun Jae-hwa. "
        "Farmers said that YUN JAE-HWAN had spoken for an hour."
    )
    found = read_text(text).people
    by_letters = {letters(p.name): len(p.mentions) for p in found}
    assert by_letters == {"yunjaehwan": 3, "yunjaehwa": 1}


def test_a_bare_surname_belongs_to_the_last_full_name() -> None:
    text = (
        "Trade Minister Kim Do-yeon met farmers. Kim said prices would fall. "
        "Foreign Minister Kim Ha-rin disagreed. Kim said prices would rise."
    )
    people = {p.name: [m.start for m in p.mentions] for p in read_text(text).people}
    assert len(people["Kim Do-yeon"]) == 2
    assert len(people["Kim Ha-rin"]) == 2
    assert people["Kim Do-yeon"][1] < people["Kim Ha-rin"][0]


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("Norwegian Trade Minister Liv Strand spoke.", "Liv Strand", "NOR"),
        ("Liv Strand, Norway's trade minister, spoke.", "Liv Strand", "NOR"),
        ("Trade Minister Liv Strand of Norway spoke.", "Liv Strand", "NOR"),
        ("Norway's trade minister, Liv Strand, spoke.", "Liv Strand", "NOR"),
        ("A Norwegian delegation led by Trade Minister Liv Strand spoke.", "Liv Strand", "NOR"),
        ("Trade Minister Liv Strand spoke.", "Liv Strand", None),
        ("Minister of Trade, Industry and Fisheries Liv Strand spoke.", "Liv Strand", None),
        ("President Chad Sommers spoke.", "Chad Sommers", None),
        ("President Sofia Lindgren of Sweden spoke.", "Sofia Lindgren", "SWE"),
        ("EU Trade Commissioner Jan de Wit spoke.", "Jan de Wit", "EU27"),
        ("Malaysian Prime Minister Anwar bin Yusof spoke.", "Anwar bin Yusof", "MYS"),
    ],
)
def test_country_as_the_text_says(text: str, name: str, code: str | None) -> None:
    assert names(text) == {name: code}


def test_what_is_no_person() -> None:
    text = (
        "The Ministry of Trade and Industry met its target on Monday. Acme Steel Corp said exports fell. "
        "The Blue House and Capitol Hill were silent. Trade Security Task Force members left in June."
    )
    assert names(text) == {}


def test_a_person_known_by_a_surname_alone_is_flagged() -> None:
    document = read_text("President Morales visited Lima.")
    assert [p.name for p in document.people] == ["Morales"]
    assert any(flag.kind == "bare_surname" for flag in document.flags)


def test_annotated_documents(shared: Path) -> None:
    found = {p.name for path in sorted((shared / "seeds").glob("*.txt")) for p in read_document(path).people}
    wanted = {
        "Han Duck-soo",
        "Ahn Duk-geun",
        "Jamieson Greer",
        "Lee Jae-myung",
        "Cho Hyun",
        "Kim Jong-un",
        "Kim Hyun-jong",
    }
    assert wanted <= found
    assert all(" " in name for name in found)
