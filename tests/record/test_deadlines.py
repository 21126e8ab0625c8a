"""Deadlines: what is due when, what stays open, what is none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reading_scores import Scores, add_case
from winset.core.casefile import load_yaml
from winset.record.reading.read import read_document, read_text

CASES = load_yaml(Path(__file__).with_name("understand_cases.yaml")).data


@pytest.mark.parametrize("which", ["cases", "later", "last"])
def test_made_up_reports(which: str) -> None:
    scores = Scores()
    for case in CASES[which]:
        if "deadlines" in case:
            document = read_text(case["text"], published=case["published"])
            add_case(scores, document, {"id": case["id"], "deadlines": case["deadlines"]})
    assert scores.deadlines.f1 >= 0.90, scores.deadlines.misses


@pytest.mark.parametrize(
    "text",
    [
        "The visit lasts until Friday.",
        "By Monday the mood had changed.",
        "He spoke by phone on Friday.",
        "Imports rose by 5 percent in May.",
        "The price was set by the ministry.",
        "Within the party there is doubt.",
    ],
)
def test_what_is_no_deadline(text: str) -> None:
    assert read_text(text, published=dt.date(2024, 5, 15)).deadlines == ()


def test_annotated_documents(shared: Path) -> None:
    """The pause of early July with its 57 economies, and the pause without a day."""
    # The file does not hold its year; the shipped case gives its day of publication.
    dated = read_document(next((shared / "seeds").glob("002_*.txt")), published=dt.date(2025, 5, 9))
    (pause,) = dated.deadlines
    assert (pause.kind, pause.status, pause.date.earliest) == ("deadline", "pending", "2025-07-01")
    assert pause.date.latest is not None
    assert pause.date.latest.startswith("2025-07")
    (count,) = [f for f in dated.figures if f.value == 57]
    assert count.sentence == pause.sentence
    undated = read_document(next((shared / "seeds").glob("001_*.txt")))
    (open_pause,) = undated.deadlines
    assert (open_pause.date.value, open_pause.date.earliest, open_pause.date.latest) == (None, None, None)
    assert (open_pause.status, "undated" in open_pause.flags) == ("pending", True)
