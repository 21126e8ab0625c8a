"""Stretches of time, days told through other days, feasts, financial years; ahead or behind by verb and noun."""

from __future__ import annotations

import datetime as dt

import pytest

from winset.record.reading.dates_calendar import month
from winset.record.reading.dates_context import Context
from winset.record.reading.dates_expression import Expression
from winset.record.reading.dates_periods import holidays
from winset.record.reading.dates_spans import SPANS
from winset.record.reading.read import read_text
from winset.record.reading.schema import DateMention

DAY = dt.date(2025, 10, 15)
"""A Wednesday."""


def mentions(text: str, published: dt.date = DAY) -> tuple[DateMention, ...]:
    return tuple(d for d in read_text(text, published=published).date_mentions if d.basis != "duration")


def bounds(found: DateMention) -> tuple[str | None, str | None]:
    return tuple(None if bound is None else bound[:10] for bound in (found.earliest, found.latest))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "words", "first", "last", "flagged"),
    [
        ("Exports grew in the ten months to July.", "the ten months to July", "2024-10-01", "2025-07-31", False),
        ("In the year ended June 30 sales fell.", "the year ended June 30", "2024-07-01", "2025-06-30", False),
        (
            "Sales fell in the three quarters to end-September.",
            "the three quarters to end-September",
            "2025-01-01",
            "2025-09-30",
            False,
        ),
        (
            "Lumber sales fell in the first seven months.",
            "the first seven months",
            "2025-01-01",
            "2025-07-31",
            False,
        ),
        (
            "It lost money over the first five months of 2023.",
            "the first five months of 2023",
            "2023-01-01",
            "2023-05-31",
            False,
        ),
        (
            "It will lose money in the final two months of next year.",
            "the final two months of next year",
            "2026-11-01",
            "2026-12-31",
            False,
        ),
        ("The krona has lost 4% year to date.", "year to date", "2025-01-01", "2025-10-15", False),
        ("Growth was 3% in 1H24.", "1H24", "2024-01-01", "2024-06-30", False),
        ("That will not be repaid before the 2040s.", "the 2040s", "2040-01-01", "2049-12-31", False),
        ("It goes back to the early 1990s.", "the early 1990s", "1990-01-01", "1993-12-31", False),
        ("She was in Rabat on Monday last week.", "Monday last week", "2025-10-06", "2025-10-06", False),
        (
            "She will be in Rabat on Tuesday of next week.",
            "Tuesday of next week",
            "2025-10-21",
            "2025-10-21",
            False,
        ),
        ("She will be in Rabat a week from Friday.", "a week from Friday", "2025-10-24", "2025-10-24", False),
        ("Parliament will vote on Friday week.", "Friday week", "2025-10-24", "2025-10-24", False),
        ("They spoke the night before last.", "the night before last", "2025-10-13", "2025-10-13", False),
        ("They speak again the day after tomorrow.", "the day after tomorrow", "2025-10-17", "2025-10-17", False),
        ("The pact was frozen in June last year.", "June last year", "2024-06-01", "2024-06-30", False),
        ("The order came on 9 May last year.", "9 May last year", "2024-05-09", "2024-05-09", False),
        (
            "The treaty enters into force today, 15 October 2025.",
            "today, 15 October 2025",
            "2025-10-15",
            "2025-10-15",
            False,
        ),
        ("They will reconvene in the spring.", "the spring", "2026-03-01", "2026-05-31", False),
        ("They had reconvened in the spring.", "the spring", "2025-03-01", "2025-05-31", False),
        ("They met a fortnight ago.", "a fortnight ago", "2025-09-29", "2025-10-05", True),
        ("Talks were held a week ago.", "a week ago", "2025-10-08", "2025-10-08", True),
        ("Reserves stood at $40 billion at end-September.", "end-September", "2025-09-24", "2025-09-30", False),
        (
            "It took place on the weekend of 4 October.",
            "the weekend of 4 October",
            "2025-10-04",
            "2025-10-05",
            False,
        ),
        ("Sales in the March quarter fell.", "March quarter", "2025-01-01", "2025-03-31", False),
        ("Profit fell in the April-June quarter.", "April-June", "2025-04-01", "2025-06-30", False),
        ("In the week to 10 October it rose.", "the week to 10 October", "2025-10-04", "2025-10-10", False),
        (
            "They sit from Monday 3 to Wednesday 5 November.",
            "Monday 3 to Wednesday 5 November",
            "2025-11-03",
            "2025-11-05",
            False,
        ),
        (
            "He will be in Lima next Monday and Tuesday.",
            "next Monday and Tuesday",
            "2025-10-20",
            "2025-10-21",
            False,
        ),
        ("They adopted a plan for 2025 to 2028.", "2025 to 2028", "2025-01-01", "2028-12-31", False),
        ("Trade was 19% above 2023.", "2023", "2023-01-01", "2023-12-31", False),
        ("Both sides praised 2024 trade of $3 billion.", "2024", "2024-01-01", "2024-12-31", False),
    ],
)
def test_stretch(text: str, words: str, first: str, last: str, flagged: bool) -> None:
    (found,) = mentions(text)
    assert (found.text, *bounds(found), found.flagged) == (words, first, last, flagged)


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        (
            "Talks began in 2019 and were broken off later that year.",
            "later that year",
            "2019-01-01",
            "2019-12-31",
        ),
        (
            "A team comes in the week of 10 November, a call follows by the end of that month.",
            "the end of that month",
            "2025-11-24",
            "2025-11-30",
        ),
        (
            "The minister came home on Monday. His deputy had fared no better the week before.",
            "the week before",
            "2025-10-06",
            "2025-10-12",
        ),
        (
            "The share will be 1.5 trillion in 2026, 8% up on the year before.",
            "the year before",
            "2025-01-01",
            "2025-12-31",
        ),
        (
            "The talks collapsed in May 2023. They resumed the following month.",
            "following month",
            "2023-06-01",
            "2023-06-30",
        ),
        (
            "Imports fell in the third quarter; oil was $68, against $75 a year before.",
            "a year before",
            "2024-07-01",
            "2024-09-30",
        ),
        (
            "Sales rose in the third quarter, more than in the same period of 2023.",
            "the same period of 2023",
            "2023-07-01",
            "2023-09-30",
        ),
    ],
)
def test_seen_from_a_date_before(text: str, words: str, first: str, last: str) -> None:
    found = mentions(text)[-1]
    assert (found.text, *bounds(found)) == (words, first, last)
    assert found.flagged  # what it is counted from is our reading


def test_a_day_to_come_is_not_the_day_of_what_was() -> None:
    found = mentions(
        "They agreed on Monday to cut duties by March 1. The visit took in a dinner the previous day."
    )
    assert bounds(found[-1]) == ("2025-10-12", "2025-10-12")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("India shipped goods worth $1.3 billion in 2024-25.", "2024-04-01", "2025-03-31"),
        ("Australia's trade came to A$90 billion in 2023-24.", "2023-07-01", "2024-06-30"),
        ("Canada sets aside C$9 billion this fiscal year.", "2025-04-01", "2026-03-31"),
        ("The United States took in $88 billion last fiscal year.", "2024-10-01", "2025-09-30"),
        ("It shipped goods worth $1.3 billion in 2024-25.", "2024-01-01", "2025-12-31"),
        ("The United States opened 212 audits in fiscal 2025.", "2024-10-01", "2025-09-30"),
        ("Japan's growth in fiscal 2025 may reach 0.7%.", "2025-04-01", "2026-03-31"),
    ],
)
def test_financial_years_are_flagged(text: str, first: str, last: str) -> None:
    found = mentions(text)[-1]
    assert (*bounds(found), found.flagged) == (first, last, True)


def test_feasts() -> None:
    found = mentions("He spent St Patrick's Day in Boston. A deal is hoped for by Christmas.")
    assert [bounds(d)[0] for d in found] == ["2025-03-17", "2025-12-25"]
    assert {"Easter", "Thanksgiving", "Labor Day"} <= set(holidays())


@pytest.mark.parametrize("year", range(1990, 2040))
def test_easter_is_the_sunday_after_the_first_full_moon_of_spring(year: int) -> None:
    """By the tables of the Gregorian calendar: golden number, epact, and the Sunday after the paschal moon."""
    placed = SPANS["holiday"](
        Expression(kind="holiday", start=0, end=6, name="Easter"),
        Context(earliest=dt.date(year, 4, 8), latest=dt.date(year, 4, 8), stated=True, direction=lambda: 0),
    )
    golden, century = year % 19 + 1, year // 100 + 1
    epact = (11 * golden + 20 + (8 * century + 5) // 25 - 5 - (3 * century // 4 - 12)) % 30
    epact += epact == 24 or (epact == 25 and golden > 11)
    moon = 44 - epact if 44 - epact >= 21 else 74 - epact
    day = month(year, 3)[0] + dt.timedelta(days=moon - 1)
    assert placed.span[0] == day + dt.timedelta(days=6 - day.weekday() or 7)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("The premier rang Oslo on Monday to count votes.", ["2025-10-13"]),
        ("The rates, to be published on Friday, are pegged at 14%.", ["2025-10-17"]),
        ("She raised it with the union's head in Riga on Sunday.", ["2025-10-12"]),
        ("The tax, which stood at 26% until Monday, was high.", ["2025-10-13"]),
        ("The king is received at the palace on Thursday.", ["2025-10-16"]),
        (
            "The minister, speaking after a virtual meeting with her peer on Monday, would not be rushed.",
            ["2025-10-13"],
        ),
        ("Local media reported a visit for Friday.", ["2025-10-17"]),
        ("The envoy has an appointment with the treasurer on Friday.", ["2025-10-17"]),
        ("I speak with my counterpart again on Thursday.", ["2025-10-16"]),
        ("At Monday's meeting, both sides agreed to reconvene.", ["2025-10-13"]),
        ("Shares fell on Monday on fears that talks on Friday will fail.", ["2025-10-13", "2025-10-17"]),
        ("Ahead of Friday's vote, lawmakers were briefed.", ["2025-10-17"]),
        ("Their next meeting is on Friday.", ["2025-10-17"]),
        ("Escobar leads a delegation to Lima on Friday.", ["2025-10-17"]),
        ("The committee takes evidence from growers on Thursday.", ["2025-10-16"]),
        ("From Monday the first 100 lorries shipped will pay less.", ["2025-10-20"]),
        ("The two discussed a provisional start in Rabat on Monday.", ["2025-10-13"]),
        ("The deadline, May 31, has passed.", ["2025-05-31"]),
    ],
)
def test_ahead_or_behind(text: str, days: list[str]) -> None:
    found = mentions(text)
    assert [d.value for d in found] == days
    assert not any(d.flagged for d in found)


def test_an_overtaken_plan_is_the_nearer_day_and_flagged() -> None:
    found = mentions("A dinner pencilled in for Tuesday was dropped.")
    assert [(d.value, d.flagged) for d in found] == [("2025-10-14", True)]


@pytest.mark.parametrize(
    "text",
    [
        "They sell wheat in winter and fruit in summer.",
        "The first three months after the signing were calm.",
        "Two quarters of growth followed.",
        "Good offices were offered in New Delhi.",
        "Christmas trees are exempt.",
        "The plant employs 2025 people.",
        "Stocks would last six months.",
        "Black Friday sales were weak.",
        "It was his third visit to Oslo in a month.",
        "Imports were lower than the year before.",
        "Volumes may grow by no more than 10% in a year.",
        "It was the last month of the truce.",
    ],
)
def test_no_date(text: str) -> None:
    assert mentions(text) == ()


def test_a_month_far_off_without_a_tense_is_flagged() -> None:
    (found,) = mentions("The duty in the April list: 27 percent.", dt.date(2025, 11, 7))
    assert found.flagged


def test_a_list_lettered_c_is_no_copyright_and_recommended_steps_no_links() -> None:
    found = mentions(
        "Client alert\n\nThe duty on tiles was cut on Monday.\n\nRecommended steps\n\n"
        "1. Review the entries that were made since August 7, 2025.\n2. File before November 20.\n\n"
        "The two discussed:\n\n(a) quotas for tiles;\n\n(b) energy for the region;\n\n"
        "(c) investment. Firms have announced projects worth $2 billion since last July."
    )
    assert [d.text for d in found] == ["Monday", "August 7, 2025", "November 20", "last July"]


@pytest.mark.parametrize("published", [dt.date(1, 1, 1), dt.date(9999, 12, 31), None])
def test_the_ends_of_the_calendar_are_no_error(published: dt.date | None) -> None:
    document = read_text(
        "They made it in 2024-25, this fiscal year and fiscal 2025. By Easter, the first seven months and the ten "
        "months to October were over. It was so the year before, a week from Friday, Monday last week and June 3 "
        "last year.",
        published=published,
    )
    assert len(document.date_mentions) >= 8
