"""Pictures of effects: sectors, third parties, and published estimates beside ours."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING

from winset.brief.canvas import GAIN, INK, LOSS, MUTED, WIDTH, Picture, Sheet, limits, picture, style
from winset.brief.content import BriefContent, ComparisonRow, Finding, SectorRow
from winset.brief.findings import titles_for
from winset.brief.formats import (
    band_text,
    day,
    finding_text,
    finding_with_unit,
    in_shown_unit,
    stated,
    typographic,
    unit_text,
    value_text,
)
from winset.brief.sourcing import facts, source_line
from winset.brief.wrapping import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["heat_maps", "published_estimates", "third_parties"]


def _present(several: Iterable[Finding | None]) -> list[Finding]:
    return [f for f in several if f is not None]


def _finite(several: Iterable[Finding | None]) -> list[Finding]:
    return [f for f in _present(several) if math.isfinite(f.value)]


def heat_maps(content: BriefContent) -> tuple[Picture, ...]:
    """One map per region: sectors down, packages across, the number in each cell."""
    regions = list(dict.fromkeys(row.region for row in content.sectors))
    sizes = sorted(abs(f.value) for row in content.sectors for f in _finite(row.findings))
    # The strongest colour stands for the size that nine cells in ten stay below, so that one extreme
    # sector does not turn all others white. One limit for all regions, so that their maps compare.
    limit = _round_up(sizes[int(0.9 * (len(sizes) - 1))]) if sizes else 1.0
    return tuple(
        one
        for n, region in enumerate(regions, start=1)
        if (one := _heat_map(content, region, n, limit)) is not None
    )


def _luminance(color: tuple[float, float, float, float]) -> float:
    """How light a colour looks, 0 to 1; below 0.18 white type is the more legible."""
    red, green, blue, _ = (part**2.2 for part in color)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    return next((s * 10.0**p for p in range(-2, 9) for s in (1, 2, 5) if s * 10.0**p >= value), 1.0)


def _heat_map(content: BriefContent, region: str, n: int, limit: float) -> Picture | None:
    rows: list[SectorRow] = [row for row in content.sectors if row.region == region]
    several = _present([f for row in rows for f in row.findings])
    if not several:
        return None
    titles = titles_for(content, max((row.findings for row in rows), key=len))
    id, title = f"fig-sectors-{n}", f"Output by sector and package: {region}"
    with style(id):
        from matplotlib.collections import PolyCollection
        from matplotlib.colors import LinearSegmentedColormap, to_rgba

        names_width, step = 2.3, 0.205
        cell = min(1.25, (WIDTH - names_width) / len(titles))
        heads = [wrap(text, cell - 0.08, 6.8, most=7) for text in titles]
        top = 0.12 + 0.116 * max(len(lines) for lines in heads)
        names = [wrap(row.name, names_width - 0.1, 7.2, most=2) for row in rows]
        heights = [0.27 if len(lines) > 1 else step for lines in names]
        edges = list(accumulate(heights, initial=0.0))
        sheet = Sheet(top + edges[-1] + 0.03)
        colors = LinearSegmentedColormap.from_list("gain-loss", [LOSS, "#f4c9ae", "#ffffff", "#aecde3", GAIN])
        ax = sheet.axes(names_width, top, cell * len(titles), edges[-1], edges[-1])
        ax.set_xlim(0, len(titles))
        ax.set_xticks([])
        for column, lines in enumerate(heads):
            sheet.text(
                names_width + cell * (column + 0.5), top - 0.09, lines, size=6.8, ha="center", anchor="bottom"
            )
        boxes: list[list[tuple[float, float]]] = []
        fills: list[tuple[float, float, float, float]] = []
        for position, row in enumerate(rows):
            middle = edges[position] + heights[position] / 2
            y = top + middle
            sheet.text(0, y, names[position], size=7.2)
            for column in range(len(titles)):
                f = row.findings[column] if column < len(row.findings) else None
                fill = to_rgba("#ececec")
                if f is not None and math.isfinite(f.value):
                    fill = colors((max(-limit, min(limit, f.value)) / limit + 1) / 2)
                high, low = edges[position], edges[position + 1]
                boxes.append([(column, high), (column + 1, high), (column + 1, low), (column, low)])
                fills.append(fill)
                sheet.text(
                    names_width + cell * (column + 0.5),
                    y,
                    "–" if f is None else value_text(f),
                    size=7.2,
                    ha="center",
                    color="white" if _luminance(fill) < 0.18 else INK,
                )
        # One collection: a thousand separate bars would take most of the time of the whole brief.
        ax.add_collection(
            PolyCollection(boxes, facecolors=fills, edgecolors="white", linewidths=0.8), autolim=False
        )
        pairs = [(f, row.name, t) for row in rows for f, t in zip(row.findings, titles, strict=False) if f]
        # What is not a number is named only where nothing is.
        least = min(pairs, key=lambda p: (not math.isfinite(p[0].value), p[0].value))
        most = max(pairs, key=lambda p: (math.isfinite(p[0].value), p[0].value))
        return picture(
            sheet,
            id=id,
            title=title,
            caption=f"Blue: output rises; orange: it falls; full colour from {limit:g} percent; "
            f"–: no number. Central values; bands in the data. {facts(content, several)}",
            source=source_line(content, several),
            alt=f"Table of {len(rows)} sectors of {region} by {len(titles)} packages, coloured by the change "
            f"of output in percent. Highest: {most[1]} under {most[2]}, {finding_text(most[0])}. "
            f"Lowest: {least[1]} under {least[2]}, {finding_text(least[0])}.",
            headers=("Sector", *titles),
            cells=[(row.name, *("–" if f is None else f for f in row.findings)) for row in rows],
        )


def third_parties(content: BriefContent) -> Picture | None:
    """Dots with bands: a row per region, a column per package, one scale throughout."""
    rows = [(region, several) for region, several in content.third_parties if several]
    if not rows:
        return None
    everything = [f for _, several in rows for f in several]
    titles = titles_for(content, max((several for _, several in rows), key=len))
    id, title = "fig-third", "Third parties: real income under each package"
    with style(id):
        names_width, step, foot = 1.45, 0.29, 0.36
        width = min(2.6, (WIDTH - names_width) / len(titles))
        heads = [wrap(text, width - 0.1, 6.8, most=7) for text in titles]
        top = 0.12 + 0.116 * max(len(lines) for lines in heads)
        sheet = Sheet(top + step * len(rows) + foot)
        low, high = limits([x for f in everything for x in (f.value, f.low, f.high)], 0.12)
        for position, (region, _) in enumerate(rows):
            sheet.text(0, top + step * (position + 0.55), wrap(region, names_width - 0.1, 8, most=1))
            sheet.rule(top + step * (position + 1), color="#ececec")
        for column, lines in enumerate(heads):
            left = names_width + width * column
            sheet.text(left + 0.04, top - 0.09, lines, size=6.8, anchor="bottom")
            inner = width - 0.1
            ax = sheet.axes(left, top, inner, step * len(rows), len(rows))
            sheet.scale(ax, low, high, bins=2 if len(titles) > 4 else 4, zero=False)
            for position, (_, several) in enumerate(rows):
                if column >= len(several):
                    continue
                f = several[column]
                y = position + 0.74
                # Zero is drawn beside each dot only, so that it runs through no number.
                ax.plot([0, 0], [position + 0.56, position + 0.94], color=INK, linewidth=0.9, zorder=2)
                ax.plot([f.low, f.high], [y, y], color=MUTED, linewidth=1.1, zorder=3, solid_capstyle="butt")
                ax.plot(
                    f.value,
                    y,
                    "o" if f.value >= 0 else "s",
                    color=GAIN if f.value >= 0 else LOSS,
                    markersize=3.6,
                    zorder=4,
                )
                # The number stands over its dot, kept inside the panel.
                words = value_text(f)
                half = 0.032 * len(words)
                at = (f.value - low) / (high - low) * inner if math.isfinite(f.value) else 0.0
                at = min(max(at, half), inner - half)
                sheet.text(left + at, top + step * (position + 0.36), words, size=6.8, ha="center")
        sheet.text(names_width, sheet.height - 0.09, unit_text(everything[0].unit), size=7, color=MUTED)
        return picture(
            sheet,
            id=id,
            title=title,
            caption=f"Dot: a gain; square: a loss; line: lowest to highest. {facts(content, everything)}",
            source=source_line(content, everything),
            alt=f"Dots with bands, {unit_text(everything[0].unit)}. "
            + " ".join(
                f"{region}: {'; '.join(f'{t} {finding_text(f)}' for t, f in zip(titles, fs, strict=False))}."
                for region, fs in rows
            ),
            headers=("Region", *titles),
            cells=[(region, *many, *[""] * (len(titles) - len(many))) for region, many in rows],
        )


def published_estimates(content: BriefContent) -> Picture | None:
    """Published ranges as bars, ours as a dot with its band; a scale of its own for each unit."""
    rows = content.comparisons
    if not rows:
        return None
    units = list(dict.fromkeys(row.ours.unit for row in rows))
    id, title = "fig-published", "Published estimates beside ours"
    with style(id):
        names_width, numbers, step, foot = 2.75, 1.35, 0.5, 0.4
        sheet = Sheet(sum(step * sum(r.ours.unit == u for r in rows) + foot for u in units))
        top = 0.0
        for unit in units:
            group = [row for row in rows if row.ours.unit == unit]
            ax = sheet.axes(names_width, top, WIDTH - names_width - numbers - 0.15, step * len(group), len(group))
            ends = [(r.published_low, r.published_high, r.ours.value, r.ours.low, r.ours.high) for r in group]
            sheet.scale(ax, *limits([in_shown_unit(x, unit) for many in ends for x in many]), bins=4)
            for position, row in enumerate(group):
                y = top + step * (position + 0.5)
                head = wrap(f"{row.institution}, {day(row.date)}", names_width - 0.15, 8, most=1)
                sheet.text(0, y - 0.13, head, bold=True)
                lines = wrap(f"{row.outcome}; {row.scenario}", names_width - 0.15, 6.8, most=2)
                sheet.text(0, y, lines, size=6.8, color=MUTED, anchor="top")
                said = f"published {typographic(row.published)}"
                lines = wrap(said, numbers, 6.8, most=2)
                sheet.text(WIDTH - numbers, y - 0.08, lines, size=6.8, color=MUTED, anchor="bottom")
                band = band_text(row.ours)
                mine = [f"ours {value_text(row.ours)}", *([f"({band})"] if band else [])]
                sheet.text(WIDTH - numbers, y + 0.07, mine, size=6.8)
                sheet.rule(top + step * (position + 1))
                _compare(ax, position + 0.5, row)
            top += step * len(group) + foot
            sheet.text(names_width, top - 0.09, unit_text(unit), size=7, color=MUTED)
        ours = [row.ours for row in rows]
        return picture(
            sheet,
            id=id,
            title=title,
            caption="Grey bar: range published; dot: ours, filled where our band meets that range, hollow "
            f"where not; line: our band. {stated(ours)}",
            source=f"{source_line(content, ours)} Published: see the table.",
            alt="Published ranges as bars with our estimate as a dot. "
            + " ".join(
                f"{r.institution}, {r.outcome}, {r.scenario}: published {r.published}, ours "
                f"{finding_with_unit(r.ours)}, {'the two meet' if r.inside else 'the two do not meet'}."
                for r in rows
            ),
            headers=("Institution", "Date", "Scenario", "Outcome", "Published", "Ours", "Do they meet?"),
            cells=[
                (
                    r.institution,
                    r.date,
                    r.scenario,
                    r.outcome,
                    typographic(r.published),
                    r.ours,
                    "yes" if r.inside else "no",
                )
                for r in rows
            ],
        )


def _compare(ax: Axes, y: float, row: ComparisonRow) -> None:
    low, high = (in_shown_unit(x, row.ours.unit) for x in (row.published_low, row.published_high))
    value, least, most = (in_shown_unit(x, row.ours.unit) for x in (row.ours.value, row.ours.low, row.ours.high))
    ax.barh(y - 0.13, high - low, left=low, height=0.24, color="#b3b3b3", zorder=2)
    # A published point has no width; a tick keeps it in sight.
    for end in (low, high):
        ax.plot([end, end], [y - 0.25, y - 0.01], color="#595959", linewidth=1.3, zorder=2)
    ax.plot([least, most], [y + 0.16, y + 0.16], color=GAIN, linewidth=1.3, zorder=3, solid_capstyle="butt")
    ax.plot(
        value,
        y + 0.16,
        "o",
        markersize=5,
        color=GAIN,
        markerfacecolor=GAIN if row.inside else "white",
        zorder=4,
    )
