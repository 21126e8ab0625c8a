"""Made-up sentences about many countries: figures, roles and dates at the rates asked of unseen documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from reading_tally import f1, read_case, tally

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("reading_cases.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def counted() -> Any:
    return tally(CASES)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 150
    assert len({case["t"] for case in CASES}) == len(CASES)


def test_figures_are_found_with_their_units(counted: Any) -> None:
    n, lines = counted
    assert f1(n["figures right"], n["figures found"], n["figures"]) >= 0.98, "\n".join(lines)


def test_figures_have_their_roles(counted: Any) -> None:
    n, lines = counted
    assert f1(n["roles right"], n["figures found"], n["figures"]) >= 0.92, "\n".join(lines)


def test_dates_are_placed(counted: Any) -> None:
    n, lines = counted
    assert f1(n["dates right"], n["dates found"], n["dates"]) >= 0.92, "\n".join(lines)


def test_a_wrong_date_is_flagged(counted: Any) -> None:
    n, lines = counted
    assert n["dates wrong unflagged"] <= 0.02 * n["dates found"], "\n".join(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["t"][:40])
def test_without_a_publication_date_nothing_relative_is_closed_unflagged(case: dict[str, Any]) -> None:
    from winset.record.reading.read import read_text

    given = {(d.start, d.end): d for d in read_case(case).date_mentions}
    for mention in read_text(case["t"]).date_mentions:
        known = given.get((mention.start, mention.end))
        if known is not None and known.basis in ("relative_to_publication", "year_inferred"):
            assert mention.flagged, mention
            if mention.basis != "relative_to_text":
                assert mention.earliest is None or mention.latest is None, mention


TRAPS = [
    "The levy falls from 25% at once.",
    "It may well be so, and he may not.",
    "The 2+2 and the 3+3 formats differ.",
    "Now and then we sit down with them.",
    "About 67% of it is gone.",
    "He won $91 at the night market.",
    "The daily bulletin came out at noon, they march on.",
    "SARAH JUNE-PARK spoke in the second-largest hall.",
    "The G7 and G20, Section 301 and Article 24 are unaffected.",
    "The KF-21 and the A350 flew past.",
    "A one-night, two-day trip.",
    "In the sun, a mon ami sat.",
    "The third of five rounds.",
]


@pytest.mark.parametrize("text", TRAPS)
def test_words_that_only_look_like_dates_are_none(text: str) -> None:
    from winset.record.reading.read import read_text

    assert [d.text for d in read_text(text, published=CASES[0]["p"]).date_mentions] == []


NO_FIGURES = [
    "The 2+2 meeting and the 3-way talks follow the 3rd tour.",
    "Section 232, Article 5 and Resolution 2397 apply.",
    "Boeing 737 jets and KF-21 fighters of the 7th Fleet.",
    "It begins at 9 p.m. on May 8, 2025, or at 21:00.",
    "Token $PEPETO and 1R0R are tickers; $FF is one too.",
    "The two sides and the four ministers agreed on three points.",
    "Call 02-555-0199 or visit 10.0.0.1 on version 2.10.3.",
    "He is 52-year-old and lives at No. 10.",
]


@pytest.mark.parametrize("text", NO_FIGURES)
def test_numbers_that_are_no_figures_are_none(text: str) -> None:
    from winset.record.reading.read import read_text

    assert [(f.text, f.unit) for f in read_text(text, published=CASES[0]["p"]).figures] == []
