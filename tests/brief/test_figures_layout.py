"""Every picture, of every size: nothing outside the sheet, no label over another, every number in the table."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import numpy as np
import pytest

from brief.figures_sample import rich
from winset.brief.canvas import TALLEST
from winset.brief.content import BriefContent, Finding
from winset.brief.figures import Picture, pictures
from winset.brief.figures_style import style
from winset.brief.words import Words

SIZES = [(1, 2), (7, 2), (2, 3), (15, 6)]


@cache
def _drawn(packages: int, parties: int) -> tuple[Picture, ...]:
    """Drawn once for all tests; the largest with few sectors, as time goes with the cells."""
    return pictures(rich(packages, parties, sectors=4 if packages > 7 else 12))


def _kind(id: str) -> str:
    return re.sub(r"-\d+$", "", id)


def _texts(picture: Picture) -> list[tuple[str, Any]]:
    """Texts with their boxes in pixels, measured in the widest font that readers may have."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style(picture.id):
        canvas = FigureCanvasAgg(picture.figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        found = []
        for one in (*picture.figure.texts, *_ticks(picture)):
            if one.get_text().strip():
                if not any(ord(c) > 0x10FF for c in one.get_text()):
                    one.set_family("DejaVu Sans")
                one.set_bbox(None)
                found.append((one.get_text(), one.get_window_extent(renderer)))
    return found


def _ticks(picture: Picture) -> list[Any]:
    """Numbers along the axes that lie within them."""
    found = []
    for ax in picture.figure.axes:
        for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            for at, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True):
                if min(low, high) <= at <= max(low, high):
                    found.append(label)
    return found


@pytest.mark.parametrize(("packages", "parties"), SIZES)
def test_nothing_leaves_the_sheet_and_no_label_covers_another(packages: int, parties: int) -> None:
    for picture in _drawn(packages, parties):
        assert picture.height <= TALLEST + 1e-9, picture.id
        box = picture.figure.bbox
        texts = _texts(picture)
        for text, at in texts:
            # DejaVu Sans is the widest that is likely; three points of it may run into the margin of the page.
            slack = 3 * picture.figure.dpi / 72
            assert at.x0 >= box.x0 - slack, (picture.id, text)
            assert at.x1 <= box.x1 + slack, (picture.id, text)
            assert at.y0 >= box.y0 - slack, (picture.id, text)
            assert at.y1 <= box.y1 + slack, (picture.id, text)
        edges = np.array([(at.x0, at.y0, at.x1, at.y1) for _, at in texts])
        low, high = edges[:, None, :2], edges[:, None, 2:]
        wide, tall = np.moveaxis(np.minimum(high, high.swapaxes(0, 1)) - np.maximum(low, low.swapaxes(0, 1)), 2, 0)
        height = edges[:, 3] - edges[:, 1]
        # A box holds the tallest letters of its font, so boxes of neighbouring lines may touch.
        over = (wide > 2) & (tall > 0.3 * np.minimum(height, height[:, None]))
        a, b = np.nonzero(np.triu(over, 1))
        assert not len(a), (picture.id, [(texts[k][0], texts[m][0]) for k, m in zip(a, b, strict=True)])


@pytest.mark.parametrize(("packages", "parties"), SIZES)
def test_every_number_of_the_content_stands_in_a_table_behind_a_picture(packages: int, parties: int) -> None:
    content = rich(packages, parties, sectors=4 if packages > 7 else 12)
    behind: dict[str, set[str]] = {}
    for picture in _drawn(packages, parties):
        behind.setdefault(_kind(picture.id), set()).update(f.id for f in picture.findings)

    def ids(several: Any) -> set[str]:
        return {f.id for f in several if f is not None}

    view = content.bargain_view
    assert view is not None
    assert content.world is not None
    wanted = {
        "fig-gains": ids(f for _, fs in content.bars for f in fs),
        "fig-waterfall": ids(f for _, fs in content.waterfall for f in fs),
        "fig-sectors": ids(f for row in content.sectors for f in row.findings),
        "fig-third": ids(f for _, fs in content.third_parties for f in fs),
        "fig-tornado": ids(f for _, rows in content.drivers for row in rows for f in (row.span, row.share)),
        "fig-world": ids(f for region in content.world.regions for f in region.findings),
        "fig-memo-revenue": ids(f for _, fs in content.memos[0].rows for f in fs),
        "fig-memo-prices": ids(f for _, fs in content.memos[1].rows for f in fs),
        "fig-bargain": ids(f for p in view.points for f in p.payoffs)
        | ids(f for pair in view.frontier for f in pair),
        "fig-published": ids(row.ours for row in content.comparisons),
    }
    assert not [name for name, ids_of in wanted.items() if ids_of - behind[name]]
    assert "fig-timeline" in behind
    assert len({p.id for p in _drawn(packages, parties)}) == len(_drawn(packages, parties))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_files_stand_alone_and_are_the_same_every_time(language: str) -> None:
    first, second = (pictures(rich(2, 2, sectors=3, language=language)) for _ in range(2))
    for one, again in zip(first, second, strict=True):
        text = one.svg_file()
        assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
        root = ET.fromstring(text.encode())  # noqa: S314 - our own drawing
        names = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(names) == len(set(names))
        assert root[0].text == one.title
        tags = {e.tag.rpartition("}")[2] for e in root.iter()}
        assert not tags & {"script", "style", "image", "foreignObject", "metadata", "a", "animate"}
        referred = re.findall(r'(?:href="|url\()([^")]*)', text)
        assert all(name.startswith("#") for name in referred)
        assert {name[1:] for name in referred} <= set(names)
        assert not re.search(r'\son\w+="', text)
        written = " ".join(e.text or "" for e in root.iter() if e.tag.endswith("}text"))
        assert one.source.split(":")[0] in written
        assert one.title.split()[0] in written
        assert text == again.svg_file()
        assert one.csv_text() == again.csv_text()
    for one, again in list(zip(first, second, strict=True))[:3]:
        plain = one.png(60)
        assert plain == again.png(60)
        framed = one.png(60, framed=True)
        assert framed == again.png(60, framed=True)
        assert plain == one.png(60), "the frame leaves no trace"
        assert _height(framed) > _height(plain)


def _height(png: bytes) -> int:
    return int.from_bytes(png[20:24], "big")


def test_the_table_as_csv_holds_every_number_with_its_band_unit_and_id() -> None:
    for picture in _drawn(7, 2):
        text = picture.csv_text()
        assert "\n" not in text.replace("\r\n", "")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len({len(row) for row in rows}) == 1, picture.id
        assert rows[-1][0] == picture.source
        found = {row[-1]: row for row in rows[1:-2] if len(row) > 7 and row[-1]}
        for f in picture.findings:
            scale = 1000 if "million" in f.unit else 1
            value, low, high = (float(x) for x in found[f.id][-7:-4])
            assert (value * scale, low * scale, high * scale) == pytest.approx((f.value, f.low, f.high))
            assert found[f.id][-4] == f.unit.replace("million", "billion")


def test_no_cell_of_a_csv_is_a_formula() -> None:
    content = rich(2, 2)
    bad = ("=1+1", "+cmd", "-2+3|x", "@SUM(A1)", " =1", "\t=1")
    content = dataclasses.replace(content, third_parties=tuple((name, fs) for name, (_, fs) in zip(
        bad, [content.third_parties[0]] * len(bad), strict=True)))  # fmt: skip
    picture = next(p for p in pictures(content) if p.id == "fig-third")
    cells = [row[0] for row in csv.reader(io.StringIO(picture.csv_text(), newline=""))]
    assert not [cell for cell in cells if re.match(r"\s*[=+@-]", cell)]
    assert "'=1+1" in cells


HOSTILE = (
    "<script>alert(1)</script>", "$\\frac{1}{2}$ and $x", "{0} {name} %s", "x" * 5000, "가" * 3000, "\u202eevil",
    "a\x00b\x1bc\ud800", "&amp; ]]> --> <!DOCTYPE x>", "' onload='alert(1)", "",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_labels_stay_text(text: str) -> None:
    content = _relabelled(rich(1, 2, sectors=2), text)
    for picture in pictures(content):
        root = ET.fromstring(picture.svg_file().encode())  # noqa: S314 - our own drawing
        assert not {e.tag.rpartition("}")[2] for e in root.iter()} & {"script", "image", "foreignObject"}
        assert all(not name.startswith("on") for e in root.iter() for name in e.attrib)
        if picture.id in ("fig-waterfall", "fig-bargain"):
            picture.png(40, framed=True)
        picture.csv_text().encode("utf-8", "replace")


def _relabelled(content: BriefContent, text: str) -> BriefContent:
    assert content.world is not None
    assert content.timeline is not None
    assert content.bargain_view is not None
    view, line = content.bargain_view, content.timeline
    return dataclasses.replace(
        content,
        package_titles=(text,) * len(content.packages),
        bars=tuple((text, fs) for _, fs in content.bars),
        waterfall=tuple(
            (text, tuple(dataclasses.replace(f, label=text) for f in fs)) for _, fs in content.waterfall
        ),
        third_parties=tuple((text, fs) for _, fs in content.third_parties),
        sectors=tuple(dataclasses.replace(row, name=text) for row in content.sectors),
        world=dataclasses.replace(
            content.world, packages=(text,),
            regions=tuple(dataclasses.replace(r, name=text) for r in content.world.regions),
        ),
        timeline=dataclasses.replace(line, paths=tuple(dataclasses.replace(p, label=text) for p in line.paths)),
        bargain_view=dataclasses.replace(
            view, points=tuple(dataclasses.replace(p, label=text) for p in view.points)
        ),
    )  # fmt: skip


def test_numbers_that_are_not_numbers_stop_no_picture() -> None:
    def broken(value: Any) -> Any:
        if isinstance(value, Finding):
            return dataclasses.replace(value, value=float("nan"), low=float("-inf"), high=float("inf"))
        if isinstance(value, tuple):
            return tuple(broken(one) for one in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changes = {f.name: broken(getattr(value, f.name)) for f in dataclasses.fields(value)}
            return dataclasses.replace(value, **changes)
        return value

    content = rich(2, 2, sectors=3)
    fields = ("bars", "waterfall", "sectors", "third_parties", "drivers", "world", "bargain_view", "memos")
    twisted = dataclasses.replace(content, **{name: broken(getattr(content, name)) for name in fields})
    whole, found = pictures(content), pictures(twisted)
    assert {_kind(p.id) for p in found} == {_kind(p.id) for p in whole}
    for picture in found:
        ET.fromstring(picture.svg)  # noqa: S314 - our own drawing
        assert "nan" not in re.findall(r'd="[^"]*nan', picture.svg)
        picture.csv_text()


def test_korean_pictures_hold_no_english_of_ours() -> None:
    ours = set(Words("ko")._catalogue)
    single = {key for key in ours if re.fullmatch(r"[A-Z][a-z]+(?: [a-z]+)+[^{}]*", key)}
    for picture in pictures(rich(2, 2, sectors=3, language="ko")):
        root = ET.fromstring(picture.svg)  # noqa: S314 - our own drawing
        drawn = {(e.text or "").strip() for e in root.iter() if e.tag.endswith("}text")}
        assert not (drawn | set(picture.headers) | {picture.title, picture.caption}) & single, picture.id
