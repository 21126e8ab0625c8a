"""The five documents beside the checkout, scored against their annotation; skipped where they are absent."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from winset.record.reading.read import read_document
from winset.record.reading.schema import ReadDocument, Span, as_json


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "acceptance" / "gold_seeds.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def documents(shared: Path, gold: dict[str, Any]) -> dict[str, ReadDocument]:
    """Each document, its publication given where the document itself does not state it."""
    found = {}
    for entry in gold["documents"]:
        appeared = entry["publication"]
        given = None
        if appeared["basis"] != "stated" and appeared["value"]:
            given = dt.date.fromisoformat(appeared["value"][:10])
        document = read_document(shared / "seeds" / entry["file"], published=given)
        found[document.id] = document
    return found


@pytest.fixture(scope="module")
def score(shared: Path, gold: dict[str, Any], documents: dict[str, ReadDocument]) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("score_reading", shared / "acceptance" / "score_reading.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    output = json.loads(json.dumps([as_json(d) for d in documents.values()]))
    result: dict[str, Any] = scorer.score(gold, output)[0]
    return result


def test_figures(score: dict[str, Any]) -> None:
    assert score["figures"]["F1"] >= 0.98
    assert score["figure_with_role"]["F1"] >= 0.92


def test_dates(score: dict[str, Any]) -> None:
    assert score["dates_value"]["F1"] >= 0.92


def test_no_figure_from_boilerplate(score: dict[str, Any], documents: dict[str, ReadDocument]) -> None:
    assert score["n"]["fp_boiler"] == 0
    kinds = {block.kind for block in documents["004"].blocks}
    assert {"disclaimer", "link-list", "body"} <= kinds


def test_sentences(gold: dict[str, Any], documents: dict[str, ReadDocument]) -> None:
    wanted = [(d["id"], s["start"], s["end"]) for d in gold["documents"] for s in d["sentences"]]
    found = {(d.id, s.start, s.end) for d in documents.values() for s in d.sentences}
    assert sum(one in found for one in wanted) >= 80 * len(wanted) / 83


def spans(item: Any) -> list[Span]:
    """Every span of a document, at any depth."""
    found = [item] if isinstance(item, Span) else []
    for value in vars(item).values():
        for one in value if isinstance(value, tuple) else (value,):
            if hasattr(one, "__dataclass_fields__"):
                found += spans(one)
    return found


def test_every_quote_is_its_span(shared: Path, gold: dict[str, Any], documents: dict[str, ReadDocument]) -> None:
    for entry in gold["documents"]:
        text = (shared / "seeds" / entry["file"]).read_bytes().decode("utf-8")
        found = spans(documents[entry["id"]])
        assert len(found) > 40
        for span in found:
            assert text[span.start : span.end] == span.text


def test_nine_in_seoul_is_eight_in_washington(documents: dict[str, ReadDocument]) -> None:
    talks = next(d for d in documents["000"].date_mentions if "KST" in d.text)
    assert talks.value == "2025-04-24T21:00+09:00"
    assert talks.utc == "2025-04-24T12:00Z"
    assert "2025-04-24T08:00-04:00 (Washington)" in talks.local


def test_the_stated_publication(documents: dict[str, ReadDocument]) -> None:
    published = documents["000"].published
    assert (published.basis, published.earliest, published.latest) == ("stated", "2025-04-21", "2025-04-21")


@pytest.mark.parametrize("id", ["001", "002", "003", "004"])
def test_no_publication_is_made_up(shared: Path, gold: dict[str, Any], id: str) -> None:
    entry = next(d for d in gold["documents"] if d["id"] == id)
    document = read_document(shared / "seeds" / entry["file"])
    assert document.published.basis in ("unknown", "inferred_text")
    assert document.published.value is None
    truth = entry["publication"]["value"]
    for mention in document.date_mentions:
        if mention.earliest is None or mention.latest is None:
            assert mention.flagged
    if document.published.latest is not None and truth is not None:
        # The date at the head of the page bounds it and is not it.
        assert truth[:10] < document.published.latest


def test_won_and_dollars_are_one_amount(documents: dict[str, ReadDocument]) -> None:
    won, dollars = (
        next(f for f in documents["003"].figures if f.unit == unit and f.equals) for unit in ("KRW", "USD")
    )
    assert (won.equals, dollars.equals) == (dollars.id, won.id)
    assert won.flags == dollars.flags == ()
