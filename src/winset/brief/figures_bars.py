"""Bars by party and package, each with its band: the shape of the pictures of gains, revenue and prices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from winset.brief.canvas import (
    GAIN,
    HATCH,
    INK,
    LOSS,
    MUTED,
    TALLEST,
    WIDTH,
    Picture,
    Sheet,
    limits,
    picture,
    shared,
    style,
)
from winset.brief.content import BriefContent, Finding
from winset.brief.formats import band_text, finding_text, in_shown_unit, unit_text, value_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Column", "bar", "by_party", "shown", "whisker"]

SIZE = 8.0
"""Type of the packages' names (points)."""
ABREAST = 4
"""Parties side by side; more go on in a second row of panels."""

Column = tuple[str, Sequence[Finding | None]]
"""A party, and a finding per package or None where there is none."""


def shown(f: Finding) -> tuple[float, float, float]:
    """Value, low and high in the unit printed."""
    value, low, high = (in_shown_unit(x, f.unit) for x in (f.value, f.low, f.high))
    return value, low, high


def whisker(ax: Axes, y: float, low: float, high: float, half: float = 0.13) -> None:
    """The band as a thin line with ends; none where it has no width or is not a number."""
    if low != high and math.isfinite(low) and math.isfinite(high):
        ax.plot([low, high], [y, y], color=INK, linewidth=1.0, zorder=4, solid_capstyle="butt")
        for end in (low, high):
            ax.plot([end, end], [y - half, y + half], color=INK, linewidth=1.0, zorder=4)


def bar(ax: Axes, y: float, start: float, end: float, color: str, height: float = 0.5) -> None:
    """A bar; losses are hatched as well as red, so that the two survive a grey print."""
    if math.isfinite(start) and math.isfinite(end):
        ax.barh(
            y, end - start, left=start, height=height, color=color, edgecolor="white", linewidth=0,
            hatch=HATCH if color == LOSS else None, zorder=2,
        )  # fmt: skip


def by_party(
    content: BriefContent, columns: Sequence[Column], titles: Sequence[str], *, id: str, title: str, lead: str,
    words: Words,
) -> tuple[Picture, ...]:  # fmt: skip
    """A panel per party, a row per package: bar, band and number; all on one scale. A picture per pageful.

    titles: of the packages, one per finding of a column. lead: how to read it, before the facts of the caption.
    """
    columns = [(party, several) for party, several in columns if any(several)]
    everything = [f for _, several in columns for f in several if f is not None]
    if not everything:
        return ()
    frame = _Frame(columns=columns, titles=titles)
    pages = [
        (parties, packages)
        for packages in shared([frame.row] * len(titles), TALLEST - frame.top - 0.4)
        for parties in frame.pages(len(packages))
    ]
    return tuple(
        _drawn(
            content, frame, parties, packages, f"{id}{'' if n == 1 else f'-{n}'}", title, lead, words, everything
        )
        for n, (parties, packages) in enumerate(pages, 1)
    )


class _Frame:
    """Sizes (inches) that all pages of one picture share."""

    def __init__(self, columns: Sequence[Column], titles: Sequence[str]) -> None:
        self.columns, self.titles = columns, titles
        count = len(columns)
        self.names = 1.95 if count <= 2 else 1.7
        self.abreast = count if count <= ABREAST else math.ceil(count / math.ceil(count / 3))
        self.broad = self.abreast <= 2
        self.width = (WIDTH - self.names) / self.abreast
        self.wrapped = [wrap(text, self.names - 0.12, SIZE, most=4) for text in titles]
        self.row = max(0.36, 0.136 * max(len(lines) for lines in self.wrapped) + 0.06)
        self.head_size = 9 if self.broad else 8
        self.heads = [wrap(party, self.width - 0.14, self.head_size, most=3, bold=True) for party, _ in columns]
        self.top = 0.14 + 0.15 * max(len(lines) for lines in self.heads)

    def block(self, packages: int) -> float:
        """A row of panels with its scale."""
        return self.top + self.row * packages + 0.24

    def pages(self, packages: int) -> list[range]:
        """Parties of each page."""
        bands = max(1, int((TALLEST - 0.14) / self.block(packages)))
        each = bands * self.abreast
        return [range(k, min(k + each, len(self.columns))) for k in range(0, len(self.columns), each)]


def _drawn(
    content: BriefContent, frame: _Frame, parties: range, packages: range, id: str, title: str, lead: str,
    words: Words, everything: Sequence[Finding],
) -> Picture:  # fmt: skip
    columns = [
        (party, [several[n] if n < len(several) else None for n in packages])
        for party, several in (frame.columns[k] for k in parties)
    ]
    here = [f for _, several in columns for f in several if f is not None]
    with style(id):
        block = frame.block(len(packages))
        sheet = Sheet(block * math.ceil(len(columns) / frame.abreast) + 0.14)
        numbers = max(text_width(value_text(f), 8.5 if frame.broad else 8, bold=True) for f in everything)
        if frame.broad:
            numbers = max(numbers, *(text_width(band_text(f), 6.5) for f in everything))
        numbers = min(numbers + 0.06, frame.width * 0.6)
        ends = limits([x for f in everything for x in shown(f)])
        for position, (_, several) in enumerate(columns):
            above = block * (position // frame.abreast)
            left = frame.names + frame.width * (position % frame.abreast)
            if position % frame.abreast == 0:
                _rows(sheet, [frame.wrapped[n] for n in packages], above + frame.top, frame.row)
            head = frame.heads[parties[position]]
            sheet.text(left, above + frame.top - 0.1, head, size=frame.head_size, bold=True, anchor="bottom")
            ax = sheet.axes(
                left, above + frame.top, frame.width - numbers - 0.14, frame.row * len(packages), len(packages)
            )
            sheet.scale(ax, *ends, bins=4 if frame.broad else 2)
            for line, f in enumerate(several):
                y = above + frame.top + frame.row * (line + 0.5)
                _one(sheet, ax, f, line, left + frame.width - 0.1, y, frame.broad)
        unit = unit_text(everything[0].unit)
        sheet.text(frame.names, sheet.height - 0.09, unit, size=7, color=MUTED)
        titles = [frame.titles[n] for n in packages]
        told = " ".join(
            f"{party}: {'; '.join(f'{t} {finding_text(f)}' for t, f in zip(titles, several, strict=True) if f)}."
            for party, several in columns
        )
        return picture(
            sheet,
            id=id,
            title=title,
            caption=f"{lead} {facts(content, here or everything)}",
            source=source_line(content, here or everything),
            alt=words("Horizontal bars with bands, {unit}.", unit=unit) + " " + told,
            headers=(words("Package"), *(party for party, _ in columns)),
            cells=[(text, *(several[n] or "" for _, several in columns)) for n, text in enumerate(titles)],
        )


def _one(sheet: Sheet, ax: Axes, f: Finding | None, line: int, right: float, y: float, broad: bool) -> None:
    """One number: bar, band and digits."""
    if f is None:
        sheet.text(right, y, "–", ha="right", color=MUTED)
        return
    value, least, most = shown(f)
    bar(ax, line + 0.5, 0, value, GAIN if value >= 0 else LOSS)
    whisker(ax, line + 0.5, least, most)
    band = band_text(f) if broad else ""
    said = value_text(f) if math.isfinite(value) else "–"
    sheet.text(right, y - 0.065 if band else y, said, size=8.5 if broad else 8, ha="right", bold=True)
    sheet.text(right, y + 0.075, band, size=6.5, ha="right", color=MUTED)


def _rows(sheet: Sheet, wrapped: Sequence[Sequence[str]], top: float, row: float) -> None:
    """Names of the packages, and rules between them."""
    sheet.rule(top, color=MUTED)
    for position, lines in enumerate(wrapped):
        sheet.text(0, top + row * (position + 0.5), lines, size=SIZE)
        sheet.rule(top + row * (position + 1))
