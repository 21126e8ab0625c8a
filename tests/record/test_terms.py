"""Terms: who levies, gives or owes a figure, and how far it has come."""

from __future__ import annotations

from pathlib import Path

import pytest

from reading_scores import Scores, add_case
from winset.core.casefile import load_yaml
from winset.record.reading.read import read_document, read_text

CASES = load_yaml(Path(__file__).with_name("understand_cases.yaml")).data


@pytest.mark.parametrize("which", ["cases", "later"])
def test_made_up_reports(which: str) -> None:
    scores = Scores()
    for case in CASES[which]:
        if "terms" in case:
            document = read_text(case["text"], published=case["published"])
            add_case(scores, document, {"id": case["id"], "terms": case["terms"]})
    assert scores.terms.f1 >= 0.90, scores.terms.misses


def test_every_term_names_its_figure() -> None:
    document = read_text("Fiji agreed to cut its duty on Tongan squash from 15 percent to 5 percent.")
    figures = {f.id: f.value for f in document.figures}
    found = {figures[t.figure]: (t.role, t.status, t.from_party, t.to_party) for t in document.terms}
    assert found == {
        15.0: ("tariff_rate_before", "agreed", "FJI", "TON"),
        5.0: ("tariff_rate_after", "agreed", "FJI", "TON"),
    }


def test_counts_and_shares_are_no_terms() -> None:
    document = read_text("Twelve firms took part. About 40 percent of exports go to Peru.")
    assert document.terms == ()


def test_annotated_document(shared: Path) -> None:
    document = read_document(next((shared / "seeds").glob("003_*.txt")))
    figures = {f.id: f for f in document.figures}
    pledges = {figures[t.figure].value: (t.from_party, t.to_party) for t in document.terms if t.status == "agreed"}
    assert pledges[350e9] == ("KOR", "USA")
    assert pledges[100e9] == ("KOR", "USA")
