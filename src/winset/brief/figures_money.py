"""Pictures of money: what each package is worth to each side, and how the headline package adds up."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from winset.brief.canvas import (
    GAIN,
    GRID,
    INK,
    LOSS,
    MUTED,
    WIDTH,
    Picture,
    Sheet,
    limits,
    picture,
    style,
)
from winset.brief.content import BriefContent, Finding
from winset.brief.findings import headline_title, titles_for
from winset.brief.formats import (
    band_text,
    capital,
    finding_text,
    in_shown_unit,
    unit_text,
    value_text,
)
from winset.brief.sourcing import facts, source_line
from winset.brief.wrapping import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["gains", "waterfall"]


def _shown(f: Finding) -> tuple[float, float, float]:
    """Value, low and high in the unit printed."""
    value, low, high = (in_shown_unit(x, f.unit) for x in (f.value, f.low, f.high))
    return value, low, high


def _whisker(ax: Axes, y: float, low: float, high: float) -> None:
    if low != high:
        ax.plot([low, high], [y, y], color=INK, linewidth=1.0, zorder=4, solid_capstyle="butt")
        for end in (low, high):
            ax.plot([end, end], [y - 0.13, y + 0.13], color=INK, linewidth=1.0, zorder=4)


def _bar(ax: Axes, y: float, start: float, end: float, color: str, height: float = 0.5) -> None:
    # Losses are hatched as well as red, so that the two survive a grey print.
    ax.barh(
        y,
        end - start,
        left=start,
        height=height,
        color=color,
        edgecolor="white",
        linewidth=0,
        hatch="/////" if color == LOSS else None,
        zorder=2,
    )


def gains(content: BriefContent) -> Picture | None:
    """Net gain of each party under each package: a column per party, a row per package."""
    bars = [(name, several) for name, several in content.bars if several]
    if not bars:
        return None
    titles = titles_for(content, max((several for _, several in bars), key=len))
    everything = [f for _, several in bars for f in several]
    id, title = "fig-gains", "Net gain of each side under each package"
    with style(id):
        size = 8.0
        names_width = 1.95 if len(bars) <= 2 else 1.85
        width = (WIDTH - names_width) / len(bars)
        wrapped = [wrap(text, names_width - 0.12, size, most=4) for text in titles]
        row = max(0.36, 0.136 * max(len(lines) for lines in wrapped) + 0.06)
        head_size = 9 if len(bars) <= 2 else 8
        heads = [wrap(party, width - 0.08, head_size, most=3) for party, _ in bars]
        top, foot = 0.14 + 0.15 * max(len(lines) for lines in heads), 0.36
        sheet = Sheet(top + row * len(titles) + foot)
        numbers = 0.82 if len(bars) <= 2 else 0.5
        low, high = limits([x for f in everything for x in _shown(f)])
        for position, lines in enumerate(wrapped):
            y = top + row * (position + 0.5)
            sheet.text(0, y, lines, size=size)
            sheet.rule(top + row * (position + 1))
        sheet.rule(top, color=MUTED)
        for column, (_, several) in enumerate(bars):
            left = names_width + column * width
            sheet.text(left, top - 0.1, heads[column], size=head_size, bold=True, anchor="bottom")
            ax = sheet.axes(left, top, width - numbers - 0.08, row * len(titles), len(titles))
            sheet.scale(ax, low, high, bins=4 if len(bars) <= 2 else 2)
            for position, f in enumerate(several):
                value, least, most = _shown(f)
                _bar(ax, position + 0.5, 0, value, GAIN if value >= 0 else LOSS)
                _whisker(ax, position + 0.5, least, most)
                y = top + row * (position + 0.5)
                if len(bars) <= 2:
                    band = band_text(f)
                    right = left + width - 0.1
                    sheet.text(right, y - 0.065 if band else y, value_text(f), size=8.5, ha="right", bold=True)
                    if band:
                        sheet.text(right, y + 0.075, band, size=6.5, ha="right", color=MUTED)
                else:
                    sheet.text(left + width - 0.08, y, value_text(f), ha="right", bold=True)
        unit = unit_text(everything[0].unit)
        sheet.text(names_width, sheet.height - 0.09, unit, size=7, color=MUTED)
        alt = f"Horizontal bars in {unit}, with bands. " + " ".join(
            f"{party}: {'; '.join(f'{t} {finding_text(f)}' for t, f in zip(titles, several, strict=False))}."
            for party, several in bars
        )
        return picture(
            sheet,
            id=id,
            title=title,
            caption=f"Bar: central value; thin line: lowest to highest. {facts(content, everything)}",
            source=source_line(content, everything),
            alt=alt,
            headers=("Package", *(party for party, _ in bars)),
            cells=[
                (text, *(several[n] if n < len(several) else "" for _, several in bars))
                for n, text in enumerate(titles)
            ],
        )


def waterfall(content: BriefContent) -> Picture | None:
    """Lines of the headline package, one after the other, down to the net of each party."""
    blocks = [(party, lines) for party, lines in content.waterfall if lines]
    if not blocks:
        return None
    nets = [lines[-1] for _, lines in blocks]
    everything = [f for _, lines in blocks for f in lines]
    headline = headline_title(content)
    id, title = "fig-waterfall", f"From lines to net: {headline}"
    with style(id):
        size, names_width, numbers = 7.8, 2.55, 1.45
        head, gap, foot = 0.3, 0.12, 0.34
        wrapped = [[wrap(f.label, names_width - 0.15, size, most=4) for f in lines] for _, lines in blocks]
        heights = [[max(0.29, 0.135 * len(words) + 0.06) for words in texts] for texts in wrapped]
        total = sum(head + sum(many) + gap for many in heights)
        sheet = Sheet(total + foot)
        # One scale of inches for all parties: rows are placed in inches, so the axes' unit is the inch too.
        ax = sheet.axes(names_width, 0, WIDTH - names_width - numbers, total, total)
        starts = [list(accumulate((_shown(f)[0] for f in lines[:-1]), initial=0.0)) for _, lines in blocks]
        reach = [x for many in starts for x in many]
        for many, (_, lines) in zip(starts, blocks, strict=True):
            reach += [s + end for s, f in zip(many, lines[:-1], strict=False) for end in _shown(f)]
            reach += _shown(lines[-1])
        sheet.scale(ax, *limits(reach, 0.03))
        top = 0.0
        for (party, lines), texts, many, tall in zip(blocks, wrapped, starts, heights, strict=True):
            sheet.text(0, top + head / 2 + 0.03, party, size=9, bold=True)
            sheet.rule(top + head, color=MUTED)
            middles = [top + head + below - row / 2 for below, row in zip(accumulate(tall), tall, strict=True)]
            for position, (f, words, y, row) in enumerate(zip(lines, texts, middles, tall, strict=True)):
                last = position == len(lines) - 1
                value, least, most = _shown(f)
                start = 0.0 if last else many[position]
                color = INK if last else GAIN if value >= 0 else LOSS
                _bar(ax, y, start, start + value, "#4d4d4d" if last else color, height=0.18)
                if least != most:
                    ax.plot([start + least, start + most], [y, y], color="black", linewidth=1.0, zorder=4)
                    ends = [start + least, start + most]
                    ax.plot(ends, [y, y], "|", color="black", markersize=5, markeredgewidth=1.0, zorder=4)
                if not last:
                    join = [y + 0.09, middles[position + 1] - 0.09]
                    ax.plot([start + value] * 2, join, color=MUTED, linewidth=0.7, zorder=1)
                else:
                    sheet.rule(y - row / 2, color=GRID)
                sheet.text(0 if last else 0.1, y, words, size=size, bold=last)
                sheet.text(WIDTH - numbers + 0.48, y, value_text(f), size=8.5, ha="right", bold=last)
                band = band_text(f)
                sheet.text(WIDTH - numbers + 0.55, y, f"({band})" if band else "", size=6.8, color=MUTED)
            top += head + sum(tall) + gap
        unit = unit_text(nets[0].unit)
        sheet.text(names_width, sheet.height - 0.09, unit, size=7, color=MUTED)
        alt = f"Waterfall in {unit} for {headline}. " + " ".join(
            f"{party}: {'; '.join(f'{capital(f.label)} {finding_text(f)}' for f in lines)}."
            for party, lines in blocks
        )
        return picture(
            sheet,
            id=id,
            title=title,
            caption="Each line starts where the one above ends; hatched: a loss; dark: the net. "
            f"{facts(content, nets)}",
            source=source_line(content, everything),
            alt=alt,
            headers=("Party", "Line", "Value"),
            cells=[(party, f.label, f) for party, lines in blocks for f in lines],
        )
