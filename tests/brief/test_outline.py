"""The tree: the order of a brief, and every number in it resolving to what it rests on."""

from __future__ import annotations

import dataclasses
import io
import re
from functools import cache

import pytest

from brief.number_walk import loose, resolves, runs, tree_findings
from brief.pages import Page
from brief.sample import RUN, sample
from brief.test_ranges import with_ranges
from winset.brief.content import BriefContent, Since
from winset.brief.document import Bullets, Document, Heading, Illustration, PageBreak, Table
from winset.brief.findings import findings
from winset.brief.formats import band_text, value_text
from winset.brief.outline import outline
from winset.brief.outline_turns import flips
from winset.brief.render import render_html

FIRST = ["summary", "gains", "changed", "decide", "turns", "rates"]
ANNEX = [
    "annex", "law", "accounts", "against", "sectors", "third", "revenue", "trade", "bargain", "sensitivity",
    "published", "contradictions", "method", "assumptions", "sources", "left-out", "run",
]  # fmt: skip


@cache
def tree() -> Document:
    return outline(sample())


def _heads(document: Document) -> list[str]:
    return [b.id for b in document.walk() if isinstance(b, Heading) and b.level in (2, 3)]


def test_two_pages_first_then_the_annex_in_its_order() -> None:
    document = tree()
    assert _heads(document) == FIRST + ANNEX
    before = document.blocks[: next(k for k, b in enumerate(document.blocks) if isinstance(b, PageBreak))]
    assert [b.id for b in before if isinstance(b, Heading) and b.level == 2] == ["summary"]
    assert sum(isinstance(b, PageBreak) for b in document.blocks) == 1


def test_headings_ids_and_rows_are_unique_and_targets_exist() -> None:
    document = tree()
    ids = [b.id for b in document.walk() if isinstance(b, (Heading, Table))]
    ids += [one for b in document.walk() if isinstance(b, (Table, Bullets)) for one in b.ids]
    ids += [b.picture.id for b in document.walk() if isinstance(b, Illustration)]
    assert len(ids) == len(set(ids))
    assert {run.target for run in runs(document) if run.target} <= set(ids)


@pytest.mark.parametrize("content", [sample(), with_ranges()], ids=["plain", "with draws"])
def test_every_number_of_the_content_is_in_the_tree_and_resolves(content: BriefContent) -> None:
    document = outline(content)
    there = tree_findings(document)
    assert there == {one.id: one for one in findings(content)}
    known = {one.claim for one in content.sources} | {one.id for one in content.assumptions}
    # "troops" of the sample is listed nowhere: the walk must see that.
    lost = {name for one in there.values() for name in one.rests_on} - known - {RUN}
    for one in there.values():
        assert resolves(one, known | lost, RUN)
        assert resolves(one, known, RUN) == (not lost & set(one.rests_on))


def _outside_findings(page: str) -> list[str]:
    """Texts of table cells and key numbers of a page outside its numbers, marks and the data of pictures."""
    page = re.sub(r"<style.*?</style>|<svg.*?</svg>|<details>.*?</details>", "", page, flags=re.DOTALL)
    page = re.sub(r'<(a|span) class="n".*?</span></\1>', " ", page, flags=re.DOTALL)
    page = re.sub(r'<(a|span) class="(?:ref|n)"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    cells = re.findall(r"<t[dh][ >].*?</t[dh]>", page, flags=re.DOTALL)
    cells += re.findall(r'<ul class="key">.*?</ul>', page, flags=re.DOTALL)
    return ["".join(Page(cell).text) for cell in cells]


def test_no_number_on_the_page_stands_alone() -> None:
    content = with_ranges()
    page = render_html(outline(content))
    cells = _outside_findings(page)
    assert len(cells) > 300
    assert loose(cells, content) == []


def test_the_walk_finds_a_number_that_stands_alone() -> None:
    content = with_ranges()
    page = render_html(outline(content)).replace(
        "<td>open</td>", "<td>a gain of 987.65 billion</td>"
    ).replace('<td class="short">open</td>', '<td class="short">987.65</td>')  # fmt: skip
    assert {number for number, _ in loose(_outside_findings(page), content)} == {"987.65"}


def test_the_page_prints_every_finding_of_the_tree_with_its_band() -> None:
    document = tree()
    page = Page(render_html(document))
    for one in tree_findings(document).values():
        assert value_text(one) in page.by_id[one.id]
        assert band_text(one) in page.by_id[one.id]


def test_what_would_change_our_mind_comes_from_the_content() -> None:
    content = with_ranges()
    nets = {party: lines[-1] for party, lines in content.waterfall}
    (party, several), *rest = content.elasticity_spread
    name, one = several[0]
    turned = dataclasses.replace(one, value=-nets[party].value)
    spread = ((party, ((name, turned), *several[1:])), *rest)
    flipped = dataclasses.replace(content, elasticity_spread=spread)
    assert flips(content) == []
    assert flips(flipped) == [(party, name, turned)]
    page = Page(render_html(outline(flipped)))
    assert name in page.by_id["turns"]
    assert value_text(turned) in page.by_id["turns"]
    assert "Yield" in page.by_id["turns"]
    assert "15% “imposed”" in page.by_id["turns"], "a contradiction on what the headline rests on"
    assert "A threat" not in page.by_id["turns"], "one that nothing here rests on"


def test_a_brief_says_what_moved_since_the_last_version() -> None:
    content = sample()
    first = dataclasses.replace(content, since=Since(version=""))
    assert "first version" in Page(render_html(outline(first))).by_id["since"]
    moved = tuple((f, "+999 (+1 to +2)") for f in content.key_numbers)
    later = dataclasses.replace(
        content, since=Since(version="run-000", moved=moved, inputs=("case.yaml",), gone=("An old number",))
    )
    said = Page(render_html(outline(later))).by_id["since"]
    for word in ("run-000", "+999 (+1 to +2)", "case.yaml", "An old number", value_text(content.key_numbers[0])):
        assert word in said
    same = dataclasses.replace(content, since=Since(version="run-000"))
    assert "no number of the first pages moved" in Page(render_html(outline(same))).by_id["since"]
    assert "since" not in Page(render_html(outline(content))).by_id


def test_pictures_offer_their_files_only_where_they_lie_beside_the_page() -> None:
    page = Page(render_html(tree(), lambda picture, ending: f"figures/x/{picture.id}.{ending}"))
    drawn = [b.picture.id for b in tree().walk() if isinstance(b, Illustration)]
    wanted = [f"figures/x/{id}.{ending}" for id in drawn for ending in ("svg", "png", "csv")]
    assert [link for link in page.links if link.startswith("figures/")] == wanted
    assert not [link for link in Page(render_html(tree())).links if link.startswith("figures/")]


def test_the_first_part_fits_two_pages_of_a4() -> None:
    """With everything that the first pages may hold at once, as the PDF sets it."""
    from pypdf import PdfReader

    from winset.brief.pdf import write_pdf

    content = with_ranges()
    moved = tuple((f, "+999 (+1 to +2)") for f in content.key_numbers)
    full = dataclasses.replace(content, since=Since(version="run-000", moved=moved, inputs=("case.yaml",)))
    pages = PdfReader(io.BytesIO(write_pdf(outline(full)))).pages
    annex = next(
        k for k, page in enumerate(pages) if re.search(r"^\s*Annex\s*$", page.extract_text(), re.MULTILINE)
    )
    assert annex == 2
