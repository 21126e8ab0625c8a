"""The cases that come with Winset: every one loads, cites, adds up, and is told in our own words."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

import winset
from tolerances import INVARIANCE, SOLVER
from winset.core.casefile import load_yaml
from winset.core.provenance import digest
from winset.package.case import Case, check_citations, open_case_folder
from winset.package.folder import SHIPPED, shipped_cases, shipped_laws
from winset.package.law import load_law
from winset.record.claims import Term
from winset.valuation.translate import package_law

LONGEST_SHARED_RUN = 8  # words; more than this in a row would be copying
CASES = shipped_cases()


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return open_case_folder(request.param)


@pytest.fixture(scope="module")
def japan() -> Case:
    return open_case_folder("japan-us-2025")


@pytest.fixture(scope="module")
def theirs(shared: Path) -> set[tuple[str, ...]]:
    """Every run of words of the chronology and the seeds that is too long to share."""
    texts = _strings(json.loads((shared / "facts" / "korea-us-facts.json").read_text("utf-8")))
    texts += [path.read_text("utf-8") for path in sorted((shared / "facts").rglob("*.md"))]
    texts += [path.read_text("utf-8") for path in sorted((shared / "seeds").glob("*.txt"))]
    runs = {run for text in texts for run in _runs(text)}
    assert len(runs) > 3000  # the comparison has something to compare with
    return runs


def _runs(text: str) -> set[tuple[str, ...]]:
    words, size = re.findall(r"[a-z0-9]+", text.lower()), LONGEST_SHARED_RUN + 1
    return {tuple(words[n : n + size]) for n in range(len(words) - size + 1)}


def _strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for child in children for text in _strings(child)]


def test_there_are_two() -> None:
    assert {"japan-us-2025", "korea-us-2025"} <= set(CASES)


def test_every_citation_resolves(case: Case) -> None:
    check_citations(case)
    for claim in case.record:
        for document in case.record.cited_by(claim):
            assert document.url or document.file, document.id
            assert document.publisher
        if isinstance(claim, Term):
            assert claim.quantity.unit


def test_every_document_is_cited(case: Case) -> None:
    used = {name for claim in case.record for name in claim.documents}
    assert used == set(case.record.documents)


def test_every_assumption_has_a_reason_and_is_used(case: Case) -> None:
    text = "\n".join(path.read_text("utf-8") for path in case.files.values())
    for one in case.sheet.assumptions:
        assert len(one.why.split()) > 4, one.id
        assert re.search(rf": {re.escape(one.id)}[,}}\n]", text.replace(f"id: {one.id},", "")), one.id


def test_claims_and_files_are_in_our_own_words(case: Case, theirs: set[tuple[str, ...]]) -> None:
    ours = [(claim.id, text) for claim in case.record for text in _strings(claim.model_dump(mode="json"))]
    ours += [(d.id, text) for d in case.record.documents.values() for text in (d.title, d.publisher, d.note)]
    for file, path in case.files.items():
        if file == "case.yaml" or file.startswith("packages/"):
            ours += [(file, text) for text in _strings(load_yaml(path).data)]
    assert [(name, " ".join(run)) for name, text in ours for run in _runs(text) & theirs] == []


def test_the_manifest_holds_every_file_of_the_case_and_of_the_law_it_stands_on(case: Case) -> None:
    inputs = winset.open_case(case.folder).manifest()["inputs"]
    for path in (p for p in case.folder.rglob("*") if p.is_file() and p.suffix in (".yaml", ".jsonl")):
        assert inputs[f"case/{path.relative_to(case.folder).as_posix()}"] == digest(path.read_bytes())
    base = load_yaml(case.folder / "law.yaml").data.get("extends")
    if base is not None:
        assert inputs[f"case/shipped:{base}"] == digest(shipped_laws()[base].read_bytes())


def test_no_case_repeats_the_law_of_the_world() -> None:
    for name in CASES:
        assert len((SHIPPED / name / "law.yaml").read_text("utf-8").splitlines()) < 200, name


# ---------------------------------------------------------------------- Japan: the arithmetic in the comments


def test_what_the_japanese_record_says_the_law_says(japan: Case) -> None:
    for name, good in (("p2-cars-25", "cars"), ("j2-cars", "cars"), ("j2-general", "everything-else")):
        claim = japan.record.claim(name)
        assert isinstance(claim, Term)
        assert claim.effective.since is not None
        answer = japan.law.rate("USA", "JPN", good, claim.effective.since)
        assert (answer.rate, answer.kind) == (claim.quantity.value, claim.stacking)


def test_japanese_cars_pay_the_normal_duty_and_25_until_the_eve_and_15_in_all_then(japan: Case) -> None:
    eve, day = (japan.law.rate("USA", "JPN", "cars", dt.date(2025, 9, n)) for n in (15, 16))
    assert (eve.rate, eve.kind) == (25, "additional")
    assert (day.rate, day.kind) == (15, "total")
    normal = 0.025
    rates = [japan.law.sector_rate("USA", "JPN", "C29", dt.date(2025, 9, n), normal) for n in (15, 16)]
    # Every good of the sector pays the same: 2.5 + 25 = 27.5, then max(2.5, 15) = 15.
    assert rates[0].rate == pytest.approx(0.275, abs=INVARIANCE)
    assert rates[1].rate == pytest.approx(0.15, abs=INVARIANCE)
    assert {good.good: round(good.share, 3) for good in rates[1].goods} == {"cars": 0.837, "car-parts": 0.163}
    exports, cars, both = (japan.record.claim(n) for n in ("n-exports-2024", "n-cars-share", "n-cars-parts"))
    assert exports.value * cars.value / 100 / both.value == pytest.approx(0.837, rel=1e-3)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("package", "good", "rate", "kind"),
    [
        ("before-2025", "everything-else", 0, "additional"),
        ("paid-2025-04", "everything-else", 10, "additional"),
        ("paid-2025-04", "cars", 25, "additional"),
        ("threat-25", "everything-else", 25, "additional"),
        ("threat-25", "cars", 25, "additional"),
        ("threat-25", "steel", 50, "additional"),
        ("july-2025-framework", "everything-else", 15, "total"),
        ("july-2025-framework", "cars", 15, "total"),
        ("september-2025-order", "everything-else", 15, "total"),
        ("september-2025-order", "cars", 15, "total"),
        ("september-2025-order", "aircraft-parts", 0, "additional"),
        ("section-122", "everything-else", 10, "additional"),
        ("section-122", "car-parts", 15, "total"),
        ("section-301-proposal", "everything-else", 12.5, "additional"),
    ],
)
def test_rates_of_the_japanese_packages(japan: Case, package: str, good: str, rate: float, kind: str) -> None:
    one = japan.package(package)
    answer = package_law(japan, one).rate("USA", "JPN", good, one.background_day)
    assert (answer.rate, answer.kind) == (rate, kind)


def test_the_amounts_in_the_comments(japan: Case) -> None:
    def terms(package: str) -> dict[str, Any]:
        return {term.id: term for term in japan.package(package).commitments}

    september, later = terms("september-2025-order"), terms("section-122")
    assert september["pledge"].amount == 550_000
    assert later["pledge-first"].amount + later["pledge-rest"].amount == 550_000
    assert september["farm"].amount == 8_000 * september["farm"].years
    assert september["arms"].amount == (17_000 - 14_000) * september["arms"].years
    tonnes = japan.record.claim("n-rice-now").value * 0.75  # type: ignore[attr-defined]
    assert tonnes == 255_000
    assert september["rice"].amount == pytest.approx(tonnes * 900 / 1e6 * september["rice"].years, rel=0.01)


def test_the_korean_law_is_the_shared_law_and_its_own() -> None:
    korea = load_law(SHIPPED / "korea-us-2025" / "law.yaml")
    shared = load_law(shipped_laws()["us-tariffs-2025-26"])
    for pair, rows in shared.entries.items():
        assert {*rows} <= {*korea.entries[pair]}
    day = dt.date(2025, 11, 1)
    assert korea.rate("KOR", "USA", "rice", day).rate == 513


def test_the_japanese_account_adds_up_and_shows_the_pledge_and_the_rate() -> None:
    opened = winset.open_case("japan-us-2025")
    account = opened.value("september-2025-order", against="threat-25")
    for code in ("JPN", "USA"):
        party = account.parties[code]
        total = sum(line.band.value for line in party.lines)
        assert total == pytest.approx(party.net.value, rel=SOLVER)
        pledge = party.line("pledge")
        assert "550 billion" in pledge.label
        assert pledge.band.low < pledge.band.value < pledge.band.high
    japan = account.parties["JPN"]
    assert japan.line("tariffs").band.low > 0  # 15 in all is better than the threat at every elasticity set
    assert japan.line("pledge").band.high < 0
    assert {"KOR", "CHN", "EU27", "ROW"} <= set(account.parties)
    assert "15 percent in all" in opened.case.package("september-2025-order").summary
