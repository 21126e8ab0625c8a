"""The page: whole, self-contained, escaped, every number printed and every link leading somewhere."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from functools import cache

import pytest

from brief.pages import Page
from brief.sample import HOSTILE, RUN, sample
from winset.brief.content import BriefContent, Finding
from winset.brief.figures import pictures
from winset.brief.findings import References, findings
from winset.brief.formats import hover, value_text
from winset.brief.outline import outline
from winset.brief.render import render_html

SIZES = [(7, 2, False), (1, 2, True), (3, 4, False)]


@cache
def html(packages: int = 7, parties: int = 2, empty: bool = False) -> str:
    return render_html(outline(sample(packages, parties, empty=empty)))


@pytest.mark.parametrize("size", SIZES)
def test_tags_balance_ids_are_unique_and_links_lead_somewhere(size: tuple[int, int, bool]) -> None:
    page = Page(html(*size))
    assert len(page.ids) == len(set(page.ids))
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert {"summary", "annex", "run", "sources", "assumptions", "method"} <= set(page.ids)


@pytest.mark.parametrize("size", SIZES)
def test_every_finding_is_printed_at_its_anchor_with_all_that_belongs_beside_it(
    size: tuple[int, int, bool],
) -> None:
    content = sample(size[0], size[1], empty=size[2])
    page = Page(html(*size))
    titles = {found["title"] for _, found in page.tags if found.get("title")}
    for finding in findings(content):
        assert value_text(finding) in page.by_id[finding.id], finding
        assert hover(finding) in titles
        for word in (finding.horizon, finding.baseline, finding.closure, finding.elasticities, finding.basis):
            assert word in hover(finding)


def test_every_number_links_to_something_it_rests_on() -> None:
    content = sample()
    page, references = Page(html()), References(content)
    numbers = {str(f["id"]): str(f.get("href")) for f in page.all("a") if f.get("class") == "n" and f.get("id")}
    for finding in findings(content):
        assert numbers[finding.id] in {f"#{references(name).anchor}" for name in finding.rests_on}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_loaded_and_nothing_is_run(size: tuple[int, int, bool]) -> None:
    text = html(*size)
    page = Page(text)
    assert page.loads == []
    assert not {tag for tag, _ in page.tags} & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "img",
        "base",
        "form",
    }
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert "@import" not in text
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))
    assert all(link.startswith(("#", "https://", "http://")) for link in page.links)


def test_text_of_the_case_is_escaped() -> None:
    text = html()
    assert "<script" not in text.lower()
    assert HOSTILE in "".join(Page(text).text)
    assert "javascript:" not in "".join(Page(text).links)
    assert "판결" in text


def test_the_page_says_what_it_is_to_machines() -> None:
    page = Page(html())
    assert html().startswith("<!DOCTYPE html>")
    assert page.all("html")[0]["lang"] == "en"
    assert {"charset": "utf-8"} in page.all("meta")
    assert any(found.get("name") == "viewport" for found in page.all("meta"))
    assert all(found.get("scope") for found in page.all("th"))
    assert len(page.all("table")) == len(page.all("caption"))
    assert len(page.all("h1")) == 1


def test_every_picture_has_a_title_and_a_description() -> None:
    page = Page(html())
    drawings = page.all("svg")
    assert len(drawings) == len(pictures(sample())) > 7
    for found in drawings:
        assert found["role"] == "img"
        for name in str(found["aria-labelledby"]).split():
            assert page.by_id[name].strip()


def test_table_captions_state_unit_horizon_baseline_and_closure() -> None:
    account = re.findall(
        r'<table id="[^"]*" class="account[^"]*">\s*<caption>(.*?)</caption>', html(), flags=re.DOTALL
    )
    assert account
    for caption in account:
        for word in ("Billion US dollars of 2022", "10 years", "icio-2022", "world-share"):
            assert word in caption


def test_twice_the_same_bytes() -> None:
    assert render_html(outline(sample(3, 2))) == render_html(outline(sample(3, 2)))


def test_an_id_for_two_different_numbers_is_refused() -> None:
    content = sample(2, 2)
    first, second, *rest = content.key_numbers
    twin: Finding = dataclasses.replace(second, id=first.id)
    twisted: BriefContent = dataclasses.replace(content, key_numbers=(first, twin, *rest))
    with pytest.raises(ValueError, match=first.id):
        outline(twisted)


def test_findings_come_once_each() -> None:
    ids = [finding.id for finding in findings(sample())]
    assert len(ids) == len(set(ids)) > 500


def test_what_a_brief_does_not_list_keeps_its_name_and_leads_nowhere() -> None:
    references = References(sample())
    assert references("nowhere").anchor == ""
    assert references("nowhere").mark == "nowhere"
    assert references(RUN).anchor == "run"
    assert references("invest-200").mark == "C1"


def test_marks_that_follow_each_other_become_a_range() -> None:
    content = sample()
    marks = [ref.mark for ref in References(content).of(*findings(content))]
    assert marks == ["R", "A1–A5", "C1–C3"]


def test_importing_the_room_does_not_import_matplotlib() -> None:
    code = "import sys, winset.brief.render, winset.brief.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
