"""Shares of draws, tornado and break-evens on the page: from content alone, every number with its source."""

from __future__ import annotations

import dataclasses
import re

import pytest

import winset
from brief.number_walk import resolves, tree_findings
from brief.pages import Page
from brief.sample import sample
from winset.brief.content import BreakEvenRow, BriefContent, DriverRow, Finding
from winset.brief.figures import pictures, tornado
from winset.brief.findings import findings
from winset.brief.outline import outline
from winset.brief.render import render_html
from winset.briefing import brief_content


def with_ranges() -> BriefContent:
    content = sample()
    first = content.key_numbers[0]

    def made(id: str, value: float, low: float, high: float, unit: str, against: str = "") -> Finding:
        return dataclasses.replace(
            first, id=id, value=value, low=low, high=high, unit=unit, against=against, label=id
        )

    row = DriverRow(
        label="Yield of <b>projects</b>",
        span=made("f-d1", -60e3, -80e3, -40e3, first.unit, first.against),
        low_end="low end",
        share=made("f-d2", 41.7, 41.7, 41.7, "percent"),
    )
    even = BreakEvenRow(
        party="Korea", label="Yield", value=made("f-b1", 15.4, 13.9, 19.1, "percent a year"),
        assumed=made("f-b2", 7.6, 7.6, 7.6, "percent a year"), why="",
    )  # fmt: skip
    none = BreakEvenRow(party="Korea", label="Share", value=None, assumed=None, why="worse off at every value")
    chance = tuple(
        made(f"f-c{n}", 12.5 * n, 12.5 * n, 12.5 * n, "in 100 draws") for n in range(len(content.packages))
    )
    return dataclasses.replace(
        content, draws="200 draws, seed 1.", chances=(("Korea", chance),), drivers=(("Korea", (row,)),),
        break_evens=(even, none),
    )  # fmt: skip


def test_the_page_shows_them_with_their_sources() -> None:
    content = with_ranges()
    text = render_html(outline(content))
    page = Page(text)
    for anchor in ("break-evens", "draws", "fig-tornado", "f-b1", "f-c3", "f-d1"):
        assert anchor in page.by_id, anchor
    assert len(page.all("svg")) == len(pictures(content)) > 8
    assert "none" in page.by_id["break-evens"]
    heads = re.search(r'id="draws".*?<thead>(.*?)</thead>', text, flags=re.DOTALL)
    assert heads is not None
    assert heads.group(1).count("<th ") == len(content.packages), (
        "a side, and every package but the one held against"
    )
    assert "held against" not in heads.group(1)
    assert "<b>projects</b>" not in text
    ids = [one.id for one in findings(content)]
    assert {"f-d1", "f-d2", "f-b1", "f-b2", "f-c0"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_tornado_says_its_numbers_in_words() -> None:
    picture = tornado(with_ranges())
    assert picture is not None
    assert "−60" in picture.alt
    assert "(−80 to −40)" in picture.alt.replace(".0", "")
    assert picture.rows[0][3] == "low end"
    assert len(pictures(with_ranges())) == len(pictures(sample())) + 1


def test_a_case_without_draws_leaves_them_out() -> None:
    assert tornado(sample()) is None
    page = Page(render_html(outline(sample())))
    assert "draws" not in page.by_id
    assert "break-evens" not in page.by_id


@pytest.fixture(scope="module")
def shipped() -> BriefContent:
    return brief_content(winset.open_case("korea-us-2025"))


def test_the_shipped_brief_repeats_the_valuation(shipped: BriefContent) -> None:
    opened = winset.open_case("korea-us-2025")
    head = opened.case.sheet.headline
    account = opened.value(head.package, against=head.against)
    names = [name for name in shipped.packages if name != head.against]
    for code, (party, cells) in zip(opened.case.parties, shipped.chances, strict=True):
        draws = account.parties[code].draws
        assert draws is not None
        assert cells[names.index(head.package)].value == pytest.approx(100 * draws.gains), party
    drivers = dict(shipped.drivers)
    for code in opened.case.parties:
        party_account = account.parties[code]
        name = next(p.name for p in opened.case.sheet.parties if p.code == code)
        assert [row.label for row in drivers[name]] == [
            one.label for one in party_account.drivers[: len(drivers[name])]
        ]
        for row in drivers[name]:
            assert row.span.low <= row.span.value == party_account.net.value <= row.span.high
            assert row.span.rests_on
    assert [row.party for row in shipped.break_evens].count("Korea") == 4
    for even in shipped.break_evens:
        assert even.value is None or (
            even.value.low <= even.value.value <= even.value.high and even.value.rests_on
        )


def test_every_number_of_the_shipped_brief_resolves(shipped: BriefContent) -> None:
    case = winset.open_case("korea-us-2025").case
    known = {claim.id for claim in case.record} | set(case.assumptions)
    document = outline(shipped)
    there = tree_findings(document)
    assert set(there) == {one.id for one in findings(shipped)}
    assert [one.id for one in there.values() if not resolves(one, known, shipped.manifest["id"])] == []
    listed = {one.claim for one in shipped.sources} | {one.id for one in shipped.assumptions}
    assert {name for one in there.values() for name in one.rests_on} <= listed | {shipped.manifest["id"]}
