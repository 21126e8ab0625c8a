"""Whole texts in many styles, annotated by somebody who had not seen the rules; and single frames of figures."""

from __future__ import annotations

import datetime as dt
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from reading_tally import f1
from reading_texts import TextScores, score_texts
from winset.core.casefile import load_yaml
from winset.record.reading.read import read_text

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def scores() -> TextScores:
    texts: list[dict[str, Any]] = load_yaml(HERE / "reading_texts.yaml").data["texts"]
    for text in texts:
        text["published"] = dt.date.fromisoformat(str(text["published"]))
    return score_texts(texts)


def test_figures_and_roles(scores: TextScores) -> None:
    assert scores.figures.f1 >= 0.98, scores.figures.misses
    assert scores.roles.f1 >= 0.92, scores.roles.misses


def test_dates(scores: TextScores) -> None:
    assert scores.dates.f1 >= 0.92, scores.dates.misses
    assert scores.unflagged <= 0.02 * scores.dates.found


def test_meetings(scores: TextScores) -> None:
    assert scores.meetings.precision >= 0.90, scores.meetings.misses
    assert scores.meetings.recall >= 0.85, scores.meetings.misses
    assert scores.status.f1 >= 0.95, scores.status.misses
    assert scores.days.f1 >= 0.92, scores.days.misses


def test_what_text_and_annotation_say_of_places() -> None:
    """The annotation points at the words that it quotes."""
    for case in load_yaml(HERE / "reading_texts.yaml").data["texts"]:
        for item in (*case["figures"], *case["dates"]):
            assert case["text"][item["start"] : item["end"]] == str(item["text"])


def test_frames() -> None:
    found = wanted = right = 0
    misses = []
    for text, roles in load_yaml(HERE / "reading_frames.yaml").data["frames"]:
        figures = read_text(text, published=dt.date(2025, 9, 1)).figures
        found += len(figures)
        wanted += len(roles)
        if len(figures) != len(roles):
            misses.append(f"{text}: {[f.text for f in figures]}")
            continue
        for figure, role in zip(figures, roles, strict=True):
            fits = any(fnmatchcase(figure.role, one) for one in role.split("|"))
            right += fits
            if not fits:
                misses.append(f"{text}: {figure.role}, not {role}")
    assert f1(right, found, wanted) >= 0.92, misses
