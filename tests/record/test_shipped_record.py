"""The record that ships with the program: complete, cited, in our own words, and true to the chronology."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from winset.record.claims import Contradiction, Deadline, Estimate, Event, Number, Position, Term
from winset.record.ledger import Record, load_record

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "src" / "winset" / "cases" / "korea-us-2025"
LONGEST_SHARED_RUN = 8  # words; more than this in a row would be copying
SCALES = {"USD bn": 1e3, "USD trn": 1e6, "USD m": 1.0, "trn KRW": 1.0, "%": 1.0, "t/yr": 1.0}


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record(CASE)


@pytest.fixture(scope="module")
def shared() -> Path:
    for folder in Path(__file__).resolve().parents:
        candidate = folder / "shared"
        if (candidate / "facts" / "korea-us-facts.json").is_file():
            return candidate
    pytest.skip("the folder shared/ with the chronology and the seeds is not beside this checkout")


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "facts" / "korea-us-facts.json").read_text("utf-8"))
    return loaded


def test_every_claim_is_cited_dated_and_said_in_words(record: Record) -> None:
    assert len(record) > 400
    assert len({claim.id for claim in record}) == len(record)
    for claim in record:
        assert claim.text.strip()
        assert claim.date.first <= claim.date.last
        for document in record.cited_by(claim):
            assert document.publisher
            assert document.url or document.file
        if isinstance(claim, Term):
            assert claim.quantity.unit
        if isinstance(claim, Number | Estimate):
            assert claim.unit
        if isinstance(claim, Contradiction):
            assert claim.reading.reason
            assert claim.a.text != claim.b.text


def test_every_kind_of_claim_occurs(record: Record) -> None:
    for kind in (Event, Term, Deadline, Position, Number, Estimate, Contradiction):
        assert record.of(kind), kind.__name__
    assert len(record.of(Contradiction)) == 19


def test_every_document_is_used(record: Record) -> None:
    used = {name for claim in record for name in claim.documents}
    used |= {n for c in record.of(Contradiction) for side in (c.a, c.b) for n in side.documents}
    assert used == set(record.documents)


def test_only_kept_texts_lack_an_address(record: Record) -> None:
    without = {name for name, document in record.documents.items() if document.url is None}
    assert without == {f"seed-00{n}" for n in range(5)}


def test_every_entry_of_the_chronology_is_covered(record: Record, facts: dict[str, Any]) -> None:
    wanted = [entry["id"] for key in ("facts", "numbers", "contradictions") for entry in facts[key]]
    for key, word in (("tariff_path", "path"), ("threat_points", "threat"), ("estimates", "estimate")):
        wanted += [f"{word}:{n}" for n in range(1, len(facts[key]) + 1)]
    wanted += [f"seed:00{n}" for n in range(5)]
    covered = {ref for claim in record for ref in claim.ref}
    assert [ref for ref in wanted if ref not in covered] == []
    assert sorted(covered - set(wanted)) == []


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _runs(text: str) -> set[tuple[str, ...]]:
    words, size = _words(text), LONGEST_SHARED_RUN + 1
    return {tuple(words[n : n + size]) for n in range(len(words) - size + 1)}


def _strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for child in children for text in _strings(child)]


def test_no_text_of_ours_copies_theirs(record: Record, shared: Path, facts: dict[str, Any]) -> None:
    theirs: set[tuple[str, ...]] = set()
    for text in [*_strings(facts), *(p.read_text("utf-8") for p in sorted((shared / "seeds").glob("*.txt")))]:
        theirs |= _runs(text)
    assert len(theirs) > 3000  # the comparison has something to compare with
    ours = [(claim.id, text) for claim in record for text in _strings(claim.model_dump(mode="json"))]
    ours += [(d.id, text) for d in record.documents.values() for text in (d.title, d.publisher, d.note)]
    copied = [(name, " ".join(run)) for name, text in ours for run in _runs(text) & theirs]
    assert copied == []


def _figures(text: str) -> list[float]:
    plain = re.sub(r"\([^)]*\)", "", text)
    return [float(found.replace(",", "")) for found in re.findall(r"-?\d[\d,]*\.?\d*", plain)]


def _amounts(record: Record, ref: str) -> set[float]:
    found: set[float] = set()
    for claim in record.about(ref):
        carrier: Any = claim.quantity if isinstance(claim, Term) else claim
        found |= {v for v in (getattr(carrier, n, None) for n in ("value", "low", "high")) if v is not None}
    return found


def test_statistics_equal_those_of_the_chronology(record: Record, facts: dict[str, Any]) -> None:
    for entry in facts["numbers"]:
        wanted = entry["value"]
        figures = [float(wanted)] if isinstance(wanted, int | float) else _figures(wanted)
        amounts = _amounts(record, entry["id"])
        for figure in figures:
            scaled = figure * SCALES[entry["unit"]]
            assert any(abs(scaled - ours) <= 1e-9 * abs(scaled) for ours in amounts), (entry["id"], figure)


def test_estimates_equal_those_of_the_chronology(record: Record, facts: dict[str, Any]) -> None:
    for n, entry in enumerate(facts["estimates"], start=1):
        # Signs are written as words or dashes there, and amounts in billions: compare sizes at all scales.
        printed = {
            abs(v) for v in (float(f.replace(",", "")) for f in re.findall(r"\d[\d,]*\.?\d*", entry["result"]))
        }
        for claim in record.about(f"estimate:{n}"):
            if isinstance(claim, Estimate):
                for value in (abs(claim.low), abs(claim.high)):
                    scaled = [value / scale for scale in (1, 1e3, 1e6)]
                    assert any(abs(s - p) < 1e-9 for s in scaled for p in printed), (claim.id, value)


@pytest.mark.parametrize(
    ("name", "low", "high", "unit"),
    [
        ("m02-gdp", 0.427, 0.751, "percentage points of real GDP"),
        ("m02-welfare", 9664, 17021, "million USD"),
        ("m04-gdp", -0.69, -0.69, "percent of real GDP"),
        ("m13-gdp-won", -7681.8, -7681.8, "billion KRW"),
    ],
)
def test_estimates_by_hand(record: Record, name: str, low: float, high: float, unit: str) -> None:
    claim = record.claim(name)
    assert isinstance(claim, Estimate)
    assert (claim.low, claim.high, claim.unit) == (low, high, unit)
    assert claim.why


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("k15-invest-350", 350_000, "million USD"),
        ("k25-cap-20", 20_000, "million USD a year"),
        ("k29-arms-25", 25_000, "million USD"),
        ("k29-usfk-33", 33_000, "million USD"),
        ("n22-sma-term", 1.5192, "trillion KRW a year"),
        ("k51-12-5", 12.5, "percent"),
    ],
)
def test_terms_by_hand(record: Record, name: str, value: float, unit: str) -> None:
    claim = record.claim(name)
    assert isinstance(claim, Term)
    assert (claim.quantity.value, claim.quantity.unit) == (value, unit)
