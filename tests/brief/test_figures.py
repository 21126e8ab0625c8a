"""The pictures: drawn for every size of case, the same every time, with words and data beside them."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest

from brief.sample import sample
from winset.brief.canvas import limits, style
from winset.brief.content import Finding
from winset.brief.figures import (
    Picture,
    gains,
    heat_maps,
    pictures,
    published_estimates,
    tariff_path,
    third_parties,
    waterfall,
)
from winset.brief.wrapping import wrap


@pytest.mark.parametrize(("packages", "parties"), [(1, 2), (7, 2), (7, 4), (2, 3)])
def test_every_size_of_case_is_drawn(packages: int, parties: int) -> None:
    drawn = pictures(sample(packages, parties))
    kinds = {re.sub(r"-\d+$", "", one.id) for one in drawn}
    assert {"fig-gains", "fig-path", "fig-waterfall", "fig-sectors", "fig-third", "fig-published"} <= kinds
    assert sum(one.id.startswith("fig-sectors") for one in drawn) == parties
    for one in drawn:
        _check(one)
    assert len({one.id for one in drawn}) == len(drawn)


def _check(one: Picture) -> None:
    root = ET.fromstring(one.svg)  # noqa: S314 - our own drawing
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(str(name).startswith(one.id) for name in ids)
    assert root.get("role") == "img"
    assert root[0].tag.endswith("title")
    assert root[0].text == one.title
    assert root[1].text == one.alt
    assert not re.search(r"<\?xml|<!DOCTYPE|<metadata|<style|<image", one.svg)
    for text in (one.title, one.caption, one.source, one.alt):
        assert text.strip()
    assert one.rows
    assert all(len(row) == len(one.headers) for row in one.rows)
    width, height = (float(x) for x in str(root.get("viewBox")).split()[2:])
    assert width == pytest.approx(493.2, abs=0.1)
    assert height < 1300
    for element in root.iter():
        if element.tag.endswith("}text"):
            assert 0 <= float(str(element.get("x"))) <= width
            assert 0 <= float(str(element.get("y"))) <= height


def test_the_same_picture_every_time() -> None:
    first, second = (pictures(sample(3, 2)) for _ in range(2))
    assert [one.svg for one in first] == [one.svg for one in second]


def test_nothing_to_draw_is_no_picture() -> None:
    content = dataclasses.replace(sample(2, 2, empty=True), memos=())
    assert [one.id for one in pictures(content)] == ["fig-gains", "fig-waterfall"]
    assert pictures(dataclasses.replace(content, bars=(), waterfall=())) == ()


def test_alt_text_holds_the_main_numbers() -> None:
    content = sample(7, 2)
    picture = gains(content)
    assert picture is not None
    for text in (cell for row in picture.rows for cell in row[1:]):
        assert text in picture.alt
    path = tariff_path(content)
    assert path is not None
    assert "unknown from 24 July 2026" in path.alt
    assert "unknown" in path.svg


def test_a_row_without_the_package_it_is_held_against_gets_the_right_titles() -> None:
    content = sample(3, 2)
    where = content.packages.index(content.main_against)
    shorter = tuple((p, tuple(f for n, f in enumerate(fs) if n != where)) for p, fs in content.bars)
    picture = gains(dataclasses.replace(content, bars=shorter))
    assert picture is not None
    titles = [title for n, title in enumerate(content.package_titles) if n != where]
    assert [row[0] for row in picture.rows] == titles


def test_numbers_that_are_not_numbers_do_not_stop_a_picture() -> None:
    content = sample(2, 2)

    def broken(finding: Finding) -> Finding:
        return dataclasses.replace(finding, value=float("nan"), low=float("nan"), high=float("inf"))

    name, several = content.third_parties[0]
    twisted = dataclasses.replace(
        content,
        third_parties=((name, tuple(broken(f) for f in several)), *content.third_parties[1:]),
        bars=tuple((p, (broken(fs[0]), *fs[1:])) for p, fs in content.bars),
        waterfall=tuple((p, tuple(broken(f) for f in fs)) for p, fs in content.waterfall),
        sectors=tuple(
            dataclasses.replace(row, findings=tuple(broken(f) if f else None for f in row.findings))
            for row in content.sectors
        ),
    )
    for one in (third_parties(twisted), gains(twisted), waterfall(twisted), *heat_maps(twisted)):
        assert one is not None
        assert "not computed" in one.alt


def test_maps_share_one_scale_of_colour_and_show_gaps() -> None:
    maps = heat_maps(sample(7, 2))
    assert len({re.search(r"full colour from (\S+) percent", one.caption).group(1) for one in maps}) == 1  # type: ignore[union-attr]
    assert any(cell == "–" for row in maps[0].rows for cell in row)


def test_published_estimates_say_whether_ours_lies_inside() -> None:
    picture = published_estimates(sample(7, 2))
    assert picture is not None
    assert [row[-1] for row in picture.rows] == ["yes", "no", "yes", "no"]
    assert "−0.40 to −0.30" in picture.rows[0]


def test_png_for_documents_without_svg() -> None:
    picture = tariff_path(sample(1, 2))
    assert picture is not None
    assert picture.png(dpi=60).startswith(b"\x89PNG")


def test_settings_of_the_process_are_left_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    with style("x"):
        assert matplotlib.rcParams["svg.hashsalt"] == "x"
    assert dict(matplotlib.rcParams) == before


def test_wrapping() -> None:
    assert wrap("", 1, 8) == [""]
    assert wrap("one two", 5, 8) == ["one two"]
    assert "".join(wrap("a" * 90, 1, 8, most=20)) == "a" * 90
    assert wrap("Section 122 and Section 232 and more", 0.9, 8, most=1) == ["Section 122…"]
    assert wrap("Counter-offer", 0.6, 8) == ["Counter-", "offer"]
    assert wrap("Counter-offer", 5, 8) == ["Counter-offer"]
    assert wrap("a - b", 5, 8) == ["a - b"]


def test_limits_hold_zero_and_every_number() -> None:
    assert limits([]) == (-1, 1)
    assert limits([0.0, float("nan")]) == (-1, 1)
    low, high = limits([2.0, 5.0])
    assert low < 0 < 5 < high


def test_a_path_of_one_day_and_a_step_on_the_last_day_can_be_seen() -> None:
    content = sample(1, 2)
    path = (("Cars", ((content.as_of, 15.0),)), ("Ships", ((content.as_of, None),)))
    picture = tariff_path(dataclasses.replace(content, tariff_path=path))
    assert picture is not None
    assert picture.rows == (("Cars", content.as_of, "15"), ("Ships", content.as_of, "unknown"))
    assert ">unknown<" in picture.svg
