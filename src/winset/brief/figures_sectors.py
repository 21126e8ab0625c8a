"""The heat map: sectors down, packages across, the number in each cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from winset.brief.canvas import (
    GAIN,
    LOSS,
    MUTED,
    TALLEST,
    WIDTH,
    Picture,
    Sheet,
    picture,
    shared,
    style,
)
from winset.brief.content import BriefContent, Finding, SectorRow
from winset.brief.figures_hatch import hatch
from winset.brief.figures_style import type_on
from winset.brief.findings import titles_for
from winset.brief.formats import MINUS, finding_text, unit_text, value_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

__all__ = ["heat_maps"]

NAMES, STEP, FOOT = 2.25, 0.205, 0.4
NONE = "#e4e4e4"
"""Where there is no number."""
STRIPE = "#7a3400"
"""Stripes of a fall."""
NARROW = 0.62
"""A column narrower than this (inches) is headed by a number, explained under the map."""

Box = list[tuple[float, float]]


def _finite(several: Iterable[Finding | None]) -> list[Finding]:
    return [f for f in several if f is not None and math.isfinite(f.value)]


def heat_maps(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """One map per region; more where a region has more sectors than a page holds."""
    say = words or Words(content.language)
    regions = list(dict.fromkeys(row.region for row in content.sectors))
    sizes = sorted(abs(f.value) for row in content.sectors for f in _finite(row.findings))
    # The strongest colour stands for the size that nine cells in ten stay below, so that one extreme
    # sector does not turn all others white. One limit for all regions, so that their maps compare.
    limit = _round_up(sizes[int(0.9 * (len(sizes) - 1))]) if sizes else 1.0
    found: list[Picture] = []
    for region in regions:
        rows = [row for row in content.sectors if row.region == region and any(row.findings)]
        if not rows:
            continue
        titles = titles_for(content, max((row.findings for row in rows), key=len))
        head, foot = _head(titles)
        for part in shared([_tall(row) for row in rows], TALLEST - head - foot):
            chosen = [rows[k] for k in part]
            found.append(_heat_map(content, region, chosen, titles, f"fig-sectors-{len(found) + 1}", limit, say))
    return tuple(found)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    return next((s * 10.0**p for p in range(-4, 9) for s in (1, 2, 5) if s * 10.0**p >= value), 1.0)


def _tall(row: SectorRow) -> float:
    return 0.27 if len(wrap(row.name, NAMES - 0.1, 7.2, most=2)) > 1 else STEP


def _cell(titles: Sequence[str]) -> float:
    return min(1.25, (WIDTH - NAMES) / len(titles))


def _key_lines(titles: Sequence[str]) -> list[list[str]]:
    """Titles of numbered columns, for two columns of a key; nothing where titles stand over the columns."""
    if _cell(titles) >= NARROW:
        return []
    return [wrap(text, WIDTH / 2 - 0.3, 6.8, most=1) for text in titles]


def _head(titles: Sequence[str]) -> tuple[float, float]:
    """Inches above and below the cells."""
    key = _key_lines(titles)
    if key:
        return 0.24, FOOT + 0.13 * math.ceil(len(key) / 2) + 0.06
    heads = [wrap(text, _cell(titles) - 0.05, 6.5, most=7) for text in titles]
    return 0.12 + 0.116 * max(len(lines) for lines in heads), FOOT


def _heat_map(
    content: BriefContent, region: str, rows: Sequence[SectorRow], titles: Sequence[str], id: str, limit: float,
    say: Words,
) -> Picture:  # fmt: skip
    several = [f for row in rows for f in row.findings if f is not None]
    with style(id):
        from matplotlib.colors import LinearSegmentedColormap, to_rgba

        cell = _cell(titles)
        top, foot = _head(titles)
        heights = [_tall(row) for row in rows]
        edges = list(accumulate(heights, initial=0.0))
        sheet = Sheet(top + edges[-1] + foot)
        colors = LinearSegmentedColormap.from_list("gain-loss", [LOSS, "#f4c9ae", "#ffffff", "#aecde3", GAIN])
        ax = sheet.axes(NAMES, top, cell * len(titles), edges[-1], edges[-1])
        ax.set_xlim(0, len(titles))
        ax.set_xticks([])
        key = _key_lines(titles)
        for column, title in enumerate(titles):
            lines = [str(column + 1)] if key else wrap(title, cell - 0.05, 6.5, most=7)
            sheet.text(NAMES + cell * (column + 0.5), top - 0.09, lines, size=6.5, ha="center", anchor="bottom")
        longest = max(text_width(value_text(f), 1.0) for f in several)
        size = min(7.2, (cell - 0.09) / longest)
        boxes: list[Box] = []
        falls: list[Box] = []
        fills: list[tuple[float, float, float, float]] = []
        for position, row in enumerate(rows):
            y = top + edges[position] + heights[position] / 2
            sheet.text(0, y, wrap(row.name, NAMES - 0.1, 7.2, most=2), size=7.2)
            high, low = edges[position], edges[position + 1]
            for column in range(len(titles)):
                f = row.findings[column] if column < len(row.findings) else None
                fill = to_rgba(NONE)
                if f is not None and math.isfinite(f.value):
                    fill = colors((max(-limit, min(limit, f.value)) / limit + 1) / 2)
                    if f.value < 0:
                        falls.append(_box(column, column + 0.055 / cell, high, low))
                boxes.append(_box(column, column + 1, high, low))
                fills.append(fill)
                text = "–" if f is None or not math.isfinite(f.value) else value_text(f)
                x = NAMES + cell * (column + 0.5) + 0.02
                sheet.text(x, y, text, size=size, ha="center", color=type_on(fill))
        _paint(sheet, ax, boxes, fills, falls)
        _scale(sheet, colors, limit, sheet.height - foot + 0.14, say)
        for n, lines in enumerate(key):
            half = math.ceil(len(key) / 2)
            x, y = WIDTH / 2 * (n // half), sheet.height - foot + FOOT + 0.13 * (n % half)
            sheet.text(x, y, str(n + 1), size=6.8, bold=True)
            sheet.text(x + 0.2, y, lines, size=6.8)
        pairs = [(f, row.name, t) for row in rows for f, t in zip(row.findings, titles, strict=False) if f]
        # What is not a number is named only where nothing is.
        least = min(pairs, key=lambda p: (not math.isfinite(p[0].value), p[0].value))
        most = max(pairs, key=lambda p: (math.isfinite(p[0].value), p[0].value))
        return picture(
            sheet,
            id=id,
            title=say("Output by sector and package: {region}", region=region),
            caption=say(
                "Blue: output rises; orange, with a hatched edge: it falls; full colour from {limit} {unit}; –: "
                "no number. Central values; bands in the data.",
                limit=f"{limit:g}", unit=unit_text(several[0].unit),
            )
            + f" {facts(content, several)}",
            source=source_line(content, several),
            alt=say(
                "Table of {sectors} sectors of {region} by {packages} packages, coloured by the change of output. "
                "Highest: {high} under {high_package}, {most}. Lowest: {low} under {low_package}, {least}.",
                sectors=len(rows), region=region, packages=len(titles), high=most[1], high_package=most[2],
                most=finding_text(most[0]), low=least[1], low_package=least[2], least=finding_text(least[0]),
            ),
            headers=(say("Sector"), *titles),
            cells=[
                (row.name, *(f or "–" for f in row.findings), *["–"] * (len(titles) - len(row.findings)))
                for row in rows
            ],
        )  # fmt: skip


def _box(left: float, right: float, high: float, low: float) -> Box:
    return [(left, high), (right, high), (right, low), (left, low)]


def _paint(
    sheet: Sheet,
    ax: Axes,
    boxes: Sequence[Box],
    fills: Sequence[tuple[float, float, float, float]],
    falls: Sequence[Box],
) -> None:
    from matplotlib.collections import PolyCollection

    # One collection each: a thousand separate bars would take most of the time of the whole brief.
    ax.add_collection(PolyCollection(boxes, facecolors=fills, edgecolors="white", linewidths=0.8), autolim=False)
    _stripes(sheet, ax, falls)


def _stripes(sheet: Sheet, ax: Axes, boxes: Sequence[Box]) -> None:
    """White boxes with slanted stripes, the sign of a loss."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if not boxes:
        return
    ax.add_collection(PolyCollection(boxes, facecolors="white", linewidths=0, zorder=2), autolim=False)
    # Worked out in inches, so that stripes slant alike on every scale.
    inches = ax.transData + sheet.figure.dpi_scale_trans.inverted()
    rings = [inches.transform([*box, box[0]]) for box in boxes]
    lines = hatch(rings, 0.03)
    if len(lines):
        path = Path(
            inches.inverted().transform(lines.reshape(-1, 2)), np.tile([Path.MOVETO, Path.LINETO], len(lines))
        )
        ax.add_artist(PathPatch(path, facecolor="none", edgecolor=STRIPE, linewidth=0.7, zorder=2.1))


def _scale(sheet: Sheet, colors: Colormap, limit: float, y: float, say: Words) -> None:
    """The key of the colours, under the map."""
    wide, swatch, count = 1.9, 0.11, 21
    ax = sheet.axes(NAMES, y - swatch / 2, wide, swatch, 1)
    ax.set_xlim(0, count)
    ax.set_xticks([])
    boxes = [_box(k, k + 1, 0, 1) for k in range(count)]
    from matplotlib.collections import PolyCollection

    ax.add_collection(
        PolyCollection(boxes, facecolors=[colors(k / (count - 1)) for k in range(count)]), autolim=False
    )
    _stripes(sheet, ax, [_box(0, count / 2, 0, 0.35)])
    for share, text in ((0.0, f"{MINUS}{limit:g}"), (0.5, "0"), (1.0, f"+{limit:g}")):
        sheet.text(NAMES + wide * share, y + 0.13, text, size=6.8, ha="center", color=MUTED)
    sheet.text(NAMES + wide + 0.3, y, say("percent; beyond the ends the same colour"), size=6.8, color=MUTED)
