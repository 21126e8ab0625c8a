"""Positions: whose wish it is, who says so, towards whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from reading_scores import Scores, add_case
from winset.core.casefile import load_yaml
from winset.record.reading.read import read_text

CASES = load_yaml(Path(__file__).with_name("understand_cases.yaml")).data


@pytest.mark.parametrize("which", ["cases", "later", "last"])
def test_made_up_reports(which: str) -> None:
    scores = Scores()
    for case in CASES[which]:
        if "positions" in case:
            document = read_text(case["text"], published=case["published"])
            add_case(scores, document, {"id": case["id"], "positions": case["positions"]})
    assert scores.positions.recall >= 0.85, scores.positions.misses
    assert scores.positions.precision >= 0.85, scores.positions.misses


def test_speaker_and_holder_are_two_things() -> None:
    text = "Peruvian Trade Minister Inés Vega said on Monday that Chile had demanded a quota on grapes."
    (position,) = [p for p in read_text(text).positions if p.kind == "demand"]
    assert (position.holder, position.speaker) == ("CHL", "Inés Vega")


def test_who_reports_is_kept() -> None:
    text = "Iceland wants a longer transition for fish, according to Reuters."
    (position,) = read_text(text).positions
    assert (position.kind, position.holder, position.reported_by) == ("demand", "ISL", "Reuters")


def test_both_sides_together() -> None:
    text = "Kenya and Uganda have pledged to remove checks on maize. The two countries agreed to open the border."
    assert [p.holder for p in read_text(text).positions if p.kind == "commitment"] == ["KEN+UGA", "KEN+UGA"]


def test_analysts_hold_no_position() -> None:
    assert read_text("Analysts expect a deal by June. Observers believe that the talks will fail.").positions == ()
