"""Planted contradictions: every one shown, with both sides; sound arithmetic raises nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from winset.record.conflicts import Conflict
from winset.record.proposals import gather
from winset.record.reading.read import read_text


def found(*texts: tuple[str, str]) -> list[Conflict]:
    documents = [
        read_text(text, published=dt.date.fromisoformat(day), id=f"doc-{n}", file=f"{n}.txt")
        for n, (day, text) in enumerate(texts)
    ]
    reading = gather(documents)
    assert gather(documents[::-1]) == reading
    for conflict in reading.conflicts:
        for side in (conflict.a, conflict.b):
            if side is not None:
                text = next(d.text for d in documents if d.id == side.document)
                assert text[side.quote.start : side.quote.end] == side.quote.text
    return list(reading.conflicts)


def kinds(*texts: tuple[str, str]) -> list[str]:
    return sorted(conflict.kind for conflict in found(*texts))


def test_one_pledge_two_figures() -> None:
    (conflict,) = found(
        ("2024-05-02", "Norway has pledged to invest $4 billion in Canadian ports."),
        ("2024-05-09", "Norway has pledged to invest $5 billion in Canadian ports."),
    )
    assert conflict.b is not None
    assert {conflict.a.says, conflict.b.says} == {"4,000,000,000 USD", "5,000,000,000 USD"}


def test_the_same_figure_is_no_conflict() -> None:
    assert (
        kinds(
            ("2024-05-02", "Norway has pledged to invest $4 billion in Canadian ports."),
            ("2024-05-09", "Norway has pledged to invest $4.01 billion in Canadian ports."),
        )
        == []
    )


def test_a_wish_may_change_with_time() -> None:
    assert (
        kinds(
            ("2024-05-02", "Norway demanded a 12 percent tariff on Canadian salmon."),
            ("2024-06-09", "Norway demanded a 15 percent tariff on Canadian salmon."),
        )
        == []
    )


def test_a_million_for_a_billion() -> None:
    shown = kinds(
        ("2024-05-02", "Norway has pledged to invest $4 billion in Canadian ports."),
        ("2024-05-09", "Norway has pledged to invest $4 million in Canadian ports."),
    )
    assert "magnitude" in shown
    assert "contradiction" in shown


def test_held_or_called_off() -> None:
    (conflict,) = found(
        ("2024-05-09", "Kenyan and Ugandan officials met in Nairobi on May 7."),
        ("2024-05-09", "A meeting between Kenya and Uganda planned for May 7 was cancelled."),
    )
    assert conflict.kind == "contradiction"


def test_one_event_two_places() -> None:
    (conflict,) = found(
        ("2024-05-09", "Kenyan and Ugandan officials met in Nairobi on May 7."),
        ("2024-05-09", "Ugandan and Kenyan officials met in Geneva on May 7."),
    )
    assert conflict.b is not None
    assert {conflict.a.says, conflict.b.says} == {"Nairobi", "Geneva"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The fund of $350 million consists of $200 million in cash and $150 million in loans.", False),
        ("The fund of $350 million consists of $200 million in cash and $180 million in loans.", True),
        ("Korea pledged $350 billion, including $150 billion for ships.", False),
        ("Korea pledged $350 billion, including $450 billion for ships.", True),
    ],
)
def test_parts_and_totals(text: str, wrong: bool) -> None:
    assert ("total" in kinds(("2024-05-09", text))) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The firms invested 126 trillion won ($91.2 billion) there.", False),
        ("The firms invested 126 billion won ($91.2 billion) there.", True),
        ("The firms invested 126 trillion won ($9.12 billion) there.", True),
    ],
)
def test_won_against_dollars(text: str, wrong: bool) -> None:
    assert ("exchange_rate" in kinds(("2024-05-09", text))) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The talks will be held on Tuesday, May 14, 2024.", False),
        ("The talks will be held on Monday, May 14, 2024.", True),
    ],
)
def test_weekday_against_date(text: str, wrong: bool) -> None:
    assert ("weekday" in kinds(("2024-05-09", text))) == wrong
