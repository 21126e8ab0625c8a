"""Sentences that were written and annotated before the rules had seen them: they stay read.

The thresholds are those asked of unseen documents; the scores of the first run are in `docs/explain/reading.md`.
"""

from __future__ import annotations

import datetime as dt
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from reading_scores import Scores, add_case
from reading_tally import f1
from winset.core.casefile import load_yaml
from winset.record.reading.read import read_text

BLIND: dict[str, Any] = load_yaml(Path(__file__).with_name("reading_blind.yaml")).data


@pytest.fixture(scope="module")
def meetings() -> Scores:
    scores = Scores()
    for case in BLIND["meetings"]:
        add_case(scores, read_text(case["text"], published=dt.date.fromisoformat(str(case["published"]))), case)
    return scores


def test_meetings_are_found(meetings: Scores) -> None:
    assert meetings.meetings.precision >= 0.90, meetings.meetings.misses
    assert meetings.meetings.recall >= 0.85, meetings.meetings.misses


def test_status_and_participants(meetings: Scores) -> None:
    assert meetings.status.f1 >= 0.95, meetings.status.misses
    assert meetings.participants.f1 >= 0.90, meetings.participants.misses


def test_figures_have_their_roles() -> None:
    found = wanted = right = 0
    misses = []
    for case in BLIND["figures"]:
        left = list(read_text(case["t"], published=dt.date.fromisoformat(str(case["p"]))).figures)
        found += len(left)
        for words, value, unit, roles in case["f"]:
            wanted += 1
            hit = next((f for f in left if f.unit == unit and f.value == pytest.approx(value, rel=1e-9)), None)
            if hit is not None:
                left.remove(hit)
            if hit is not None and any(fnmatchcase(hit.role, role) for role in roles.split("|")):
                right += 1
            else:
                misses.append(f"{words}: {None if hit is None else hit.role}, not {roles}")
    assert f1(right, found, wanted) >= 0.92, misses
