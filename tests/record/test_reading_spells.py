"""Parts of a month by number, weeks of a day, pairs of days, and days told by a verb in the present."""

from __future__ import annotations

import datetime as dt

import pytest

from winset.record.reading.read import read_text

DAY = dt.date(2025, 10, 14)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("Talks resume in the first week of December.", "the first week of December", "2025-12-01", "2025-12-07"),
        ("They will meet in the last week of November.", "the last week of November", "2025-11-24", "2025-11-30"),
        (
            "Envoys will return in the third week of next month.",
            "the third week of next month",
            "2025-11-15",
            "2025-11-21",
        ),
        (
            "Exports in the first 20 days of September fell.",
            "the first 20 days of September",
            "2025-09-01",
            "2025-09-20",
        ),
        (
            "Shipments grew over the last ten days of August 2025.",
            "the last ten days of August 2025",
            "2025-08-22",
            "2025-08-31",
        ),
        (
            "It was signed in the second half of February 2024.",
            "the second half of February 2024",
            "2024-02-16",
            "2024-02-29",
        ),
        ("A team will come in the week of 3 November.", "the week of 3 November", "2025-11-03", "2025-11-09"),
        ("A team was there in the week of Sept. 10.", "the week of Sept. 10", "2025-09-08", "2025-09-14"),
        ("They had talked on Saturday and Sunday.", "Saturday and Sunday", "2025-10-11", "2025-10-12"),
        ("The council sits on November 6 and 7.", "November 6 and 7", "2025-11-06", "2025-11-07"),
        ("The order was signed last night.", "last night", "2025-10-13T18:00", "2025-10-13T23:59"),
        ("The pact must be ready by the end of next month.", "the end of next month", "2025-11-24", "2025-11-30"),
        ("Beginning March 1, potash will be charged 6 percent.", "March 1", "2026-03-01", "2026-03-01"),
        ("They met thirty days ago.", "thirty days ago", "2025-09-14", "2025-09-14"),
        ("They met twenty-five days ago.", "twenty-five days ago", "2025-09-19", "2025-09-19"),
        ("The pause ends within ninety days.", "within ninety days", "2025-10-14", "2026-01-12"),
        ("They will meet in the next fifty days.", "in the next fifty days", "2025-10-14", "2025-12-03"),
        ("The first payment, due 2027, is small.", "2027", "2027-01-01", "2027-12-31"),
    ],
)
def test_spell(text: str, words: str, first: str, last: str) -> None:
    (found,) = read_text(text, published=DAY).date_mentions
    assert (found.text, found.earliest, found.latest, found.flagged) == (words, first, last, False)


def test_two_days_apart_are_two() -> None:
    found = read_text(
        "They met on Monday and Thursday, and on June 3 and 12 firms came.", published=DAY
    ).date_mentions
    assert [d.text for d in found] == ["Monday", "Thursday", "June 3"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The envoy flies home on Saturday.", "2025-10-18"),
        ("Mr Berg appears before the committee on Thursday.", "2025-10-16"),
        ("They were invited to Lima for Friday.", "2025-10-17"),
        ("I'm having lunch with her on Monday.", "2025-10-20"),
        ("Her office telephoned to complain; on Monday she was in Quito.", "2025-10-13"),
    ],
)
def test_days_of_the_tense(text: str, day: str) -> None:
    (found,) = read_text(text, published=DAY).date_mentions
    assert found.value == day
