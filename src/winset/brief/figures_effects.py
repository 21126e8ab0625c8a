"""Third parties: dots with bands, a row per region and a column per package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from winset.brief.canvas import (
    GAIN,
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
from winset.brief.findings import titles_for
from winset.brief.formats import finding_text, unit_text, value_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["third_parties", "third_party_pictures"]

NAMES, STEP, FOOT, ABREAST = 1.45, 0.3, 0.24, 6
Row = tuple[str, Sequence[Finding]]


def third_parties(content: BriefContent, *, words: Words | None = None) -> Picture | None:
    """The third parties that fit on one page."""
    found = third_party_pictures(content, words=words)
    return found[0] if found else None


def third_party_pictures(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Dots with bands: a row per region, a column per package (six side by side), one scale throughout."""
    say = words or Words(content.language)
    rows: list[Row] = [(region, several) for region, several in content.third_parties if several]
    if not rows:
        return ()
    titles = titles_for(content, max((several for _, several in rows), key=len))
    parts = [range(k, min(k + ABREAST, len(titles))) for k in range(0, len(titles), ABREAST)]
    used = sum(_top([titles[c] for c in part], len(parts)) + FOOT for part in parts) + 0.12
    ends = limits([x for _, several in rows for f in several for x in (f.value, f.low, f.high)], 0.12)
    return tuple(
        _drawn(content, [rows[k] for k in part], titles, parts, ends, f"fig-third{'' if n == 1 else f'-{n}'}", say)
        for n, part in enumerate(shared([STEP * len(parts)] * len(rows), TALLEST - used), 1)
    )


def _width(columns: int, bands: int) -> float:
    """Inches of a column: bands under each other share one grid."""
    return min(2.6, (WIDTH - NAMES) / (ABREAST if bands > 1 else columns))


def _top(titles: Sequence[str], bands: int) -> float:
    width = _width(len(titles), bands)
    return 0.14 + 0.116 * max(len(wrap(text, width - 0.1, 6.8, most=7)) for text in titles)


def _drawn(
    content: BriefContent, rows: Sequence[Row], titles: Sequence[str], parts: Sequence[range],
    ends: tuple[float, float], id: str, say: Words,
) -> Picture:  # fmt: skip
    everything = [f for _, several in rows for f in several]
    with style(id):
        tops = [_top([titles[c] for c in part], len(parts)) for part in parts]
        sheet = Sheet(sum(top + STEP * len(rows) + FOOT for top in tops) + 0.12)
        above = 0.0
        for part, top in zip(parts, tops, strict=True):
            for position, (region, _) in enumerate(rows):
                y = above + top + STEP * (position + 0.55)
                sheet.text(0, y, wrap(region, NAMES - 0.1, 8, most=1))
                sheet.rule(above + top + STEP * (position + 1), color="#ececec")
            width = _width(len(part), len(parts))
            for place, column in enumerate(part):
                left = NAMES + width * place
                lines = wrap(titles[column], width - 0.1, 6.8, most=7)
                sheet.text(left + 0.04, above + top - 0.09, lines, size=6.8, anchor="bottom")
                inner = width - 0.1
                ax = sheet.axes(left, above + top, inner, STEP * len(rows), len(rows))
                sheet.scale(ax, *ends, bins=2 if width < 1.3 else 4, zero=False)
                for position, (_, several) in enumerate(rows):
                    if column < len(several):
                        y = above + top + STEP * position
                        _dot(sheet, ax, several[column], position, left, y, inner, ends)
            above += top + STEP * len(rows) + FOOT
        unit = unit_text(everything[0].unit)
        sheet.text(NAMES, sheet.height - 0.09, unit, size=7, color=MUTED)
        told = " ".join(
            f"{region}: {'; '.join(f'{t} {finding_text(f)}' for t, f in zip(titles, fs, strict=False))}."
            for region, fs in rows
        )
        return picture(
            sheet,
            id=id,
            title=say("Third parties: real income under each package"),
            caption=say("Dot: a gain; square: a loss; line: lowest to highest.")
            + f" {facts(content, everything)}",
            source=source_line(content, everything),
            alt=say("Dots with bands, {unit}.", unit=unit) + " " + told,
            headers=(say("Region"), *titles),
            cells=[(region, *many, *[""] * (len(titles) - len(many))) for region, many in rows],
        )


def _dot(
    sheet: Sheet, ax: Axes, f: Finding, row: int, left: float, top: float, inner: float, ends: tuple[float, float]
) -> None:
    low, high = ends
    # Zero is drawn beside each dot only, so that it runs through no number.
    ax.plot([0, 0], [row + 0.58, row + 0.94], color=INK, linewidth=0.9, zorder=2)
    y = row + 0.76
    gain = f.value >= 0
    ax.plot([f.low, f.high], [y, y], color=MUTED, linewidth=1.1, zorder=3, solid_capstyle="butt")
    ax.plot(f.value, y, "o" if gain else "s", color=GAIN if gain else LOSS, markersize=3.6, zorder=4)
    # The number stands over its dot, kept inside the panel.
    said = value_text(f) if math.isfinite(f.value) else "–"
    half = text_width(said, 6.8) / 2
    at = (f.value - low) / (high - low) * inner if math.isfinite(f.value) else 0.0
    sheet.text(left + min(max(at, half), max(inner - half, half)), top + STEP * 0.34, said, size=6.8, ha="center")
