"""Meetings as reports tell of them: sentences of our own, one or more for each way of telling."""

from __future__ import annotations

import datetime as dt

import pytest

from reading_scores import meetings_of
from winset.record.reading.read import read_text
from winset.record.reading.schema import EventItem

DAY = dt.date(2025, 10, 14)
"""A Tuesday."""

WEDNESDAY = dt.date(2025, 9, 10)


def read(text: str) -> list[EventItem]:
    return meetings_of(read_text(text, published=WEDNESDAY))


def days(event: EventItem) -> tuple[str | None, str | None]:
    return tuple(bound and bound[:10] for bound in (event.date.earliest, event.date.latest))  # type: ignore[return-value]


def test_a_sentence_that_tells_of_two_is_taken_apart() -> None:
    first, second = read(
        "Trade Minister Ana Duarte saw Commissioner Elsa Rinaldi in Lima on Monday and returns to Quito on "
        "Friday; "
        "her deputy stayed."
    )[:2]
    assert (days(first), first.status) == (("2025-09-08", "2025-09-08"), "occurred")
    assert (days(second), second.status, second.place) == (("2025-09-12", "2025-09-12"), "planned", "Quito")
    assert "Ana Duarte" in second.participants


def test_a_second_day_is_a_second_event() -> None:
    events = read("Trade Minister Ana Duarte visited Oslo in May and again in July.")
    assert [days(e)[0] for e in events] == ["2025-05-01", "2025-07-01"]
    assert {e.place for e in events} == {"Oslo"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Trade Ministers Ana Duarte and Jan Novak signed the agreement in Lima on Monday.", "occurred"),
        ("The treaty between Ghana and Peru is to be initialled in Accra on 20 September.", "planned"),
        ("Trade Minister Ana Duarte spent forty minutes with Jan Novak in Lima on Monday.", "occurred"),
        ("Negotiators of Ghana and Peru hammered out the text in Lima on 4 September.", "occurred"),
        ("Trade Minister Ana Duarte of Peru received the Ghanaian and Kenyan ambassadors on Monday.", "occurred"),
        ("The joint committee of Ghana and Peru sits next in Accra on 3 October.", "planned"),
        ("Trade Minister Ana Duarte sees Jan Novak, the Czech envoy, in Lima on 19 September.", "planned"),
        ("Trade Minister Ana Duarte of Peru is just back from Accra, where she was on Monday.", "occurred"),
        ("A visit to Accra by Trade Minister Ana Duarte, announced for 4 September, fell through.", "cancelled"),
        ("Reports of talks between Ghana and Peru in Lima on Monday are pure invention.", "negated"),
        ("Talks between Ghana and Peru resume next month.", "planned"),
    ],
)
def test_ways_of_telling(text: str, status: str) -> None:
    found = read(text)
    assert found, text
    assert found[0].status == status


@pytest.mark.parametrize(
    "text",
    [
        "Trade Minister Ana Duarte signed the executive order on Monday.",
        "Some 12 per cent of the copper of Peru goes to Ghana, and Accra sits on reserves of $3 billion.",
        "The signing cannot happen in July.",
        "Peru agreed with Ghana on a tariff that has been frozen since 2017.",
    ],
)
def test_what_is_no_meeting(text: str) -> None:
    assert read(text) == []


def test_the_host_of_a_journey_is_a_side() -> None:
    (visit,) = read("Ghanaian Trade Minister Kofi Mensah flew to Lima on Monday.")
    assert set(visit.parties) == {"GHA", "PER"}


def test_a_minister_without_a_country_is_of_the_dateline() -> None:
    text = "ACCRA, Sept 10 - Cocoa was dear.\n\nTrade Minister Kofi Mensah will visit Lima on Friday."
    (visit,) = read(text)
    assert set(visit.parties) == {"GHA", "PER"}
    assert all(p.party is None for p in read_text(text, published=WEDNESDAY).people)


def test_farmers_are_no_side() -> None:
    text = (
        "Ghana and Peru are close to a treaty. Ghana wants Peru to open its market for cocoa.\n\n"
        "Ghanaian Trade Minister Kofi Mensah met farmers in Kumasi on Monday."
    )
    assert all("PER" not in e.parties for e in read(text))


def test_the_length_of_a_round_and_a_bound_widen_the_day() -> None:
    (round_,) = read("A three-day round of talks between Ghana and Peru ended in Lima on Friday.")
    assert days(round_) == ("2025-09-03", "2025-09-05")
    (visit,) = read("Ghanaian Trade Minister Kofi Mensah will travel to Lima before 20 September.")
    assert days(visit) == ("2025-09-10", "2025-09-20")


def test_what_has_no_day_is_of_the_day_of_the_report_and_flagged() -> None:
    text = (
        "Ghana and Peru agreed on cocoa on Tuesday.\n\n"
        "Trade Ministers Kofi Mensah and Rosa Vidal met in Lima for two hours."
    )
    event = next(e for e in read(text) if e.participants)
    assert days(event) == ("2025-09-09", "2025-09-09")
    assert "date" in event.flags


def test_here_is_the_place_of_the_dateline() -> None:
    (event,) = read("LIMA, Sept 10 - Trade Ministers Kofi Mensah and Rosa Vidal met here on Tuesday.")
    assert event.place == "LIMA"


def test_the_minister_is_the_one_named_before() -> None:
    events = read(
        "Trade Minister Kofi Mensah praised the fair. The minister will meet Commissioner Elsa Rinaldi in "
        "Accra on Friday."
    )
    assert set(events[-1].participants) == {"Kofi Mensah", "Elsa Rinaldi"}


def test_who_led_the_sides_took_part() -> None:
    (event,) = read(
        "Ghana and Peru held talks in Lima on Tuesday. Kofi Mensah, the Ghanaian trade minister, and Rosa "
        "Vidal, the "
        "Peruvian vice minister, led the delegations."
    )
    assert set(event.participants) == {"Kofi Mensah", "Rosa Vidal"}


def test_a_given_name_after_a_title() -> None:
    document = read_text("Commerce Minister Somchai Prasert spoke. Mr Somchai left.", published=WEDNESDAY)
    assert [p.name for p in document.people] == ["Somchai Prasert"]


def test_colleagues_and_possessors_take_part() -> None:
    for text, people in (
        (
            "She spoke to her Peruvian colleague, Otilia Barcos, on Monday, Minister Ada Lund said.",
            {"Otilia Barcos", "Ada Lund"},
        ),
        (
            "I sat down with the Business Secretary, Imogen Tarrant, in Lima on Friday, Minister Ada Lund said.",
            {"Imogen Tarrant", "Ada Lund"},
        ),
        (
            "The Honourable Colette Fontaine, Minister of Trade, met the minister of economy, Ines Vidal, in May.",
            {"Colette Fontaine", "Ines Vidal"},
        ),
        (
            "Fiona Hartwell's talks with Commissioner Vandamme in Lima on Friday took a day.",
            {"Fiona Hartwell", "Vandamme"},
        ),
    ):
        (event,) = [e for e in read_text(text, published=DAY).events if e.type in ("meeting", "call")]
        assert set(event.participants) == people


def test_blocs_are_sides() -> None:
    (event,) = read_text("EFTA and Thailand held the tenth round in Bangkok on Friday.", published=DAY).events
    assert event.parties == ("EFTA", "THA")


def test_what_goes_on_on_a_day_ahead_is_planned() -> None:
    (event,) = read_text("The three Baltic ministers are meeting in Riga on 24 October.", published=DAY).events
    assert event.status == "planned"
    (event,) = read_text("The three Baltic ministers are meeting in Riga today.", published=DAY).events
    assert event.status == "ongoing"


def test_to_call_a_rally_is_no_call() -> None:
    text = "Farmers' unions in Korea called a rally outside the National Assembly for Saturday."
    assert read_text(text, published=DAY).events == ()
