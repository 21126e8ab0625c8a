"""The waterfall: how the headline package adds up, from the tariff gain to the net of each side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from winset.brief.canvas import (
    GAIN,
    GRID,
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
from winset.brief.figures_bars import bar, shown
from winset.brief.findings import headline_title
from winset.brief.formats import band_text, capital, finding_text, unit_text, value_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

__all__ = ["waterfall", "waterfalls"]

Block = tuple[str, Sequence[Finding]]
"""A party, and its lines with the net last."""

SIZE, NAMES = 7.8, 2.5
HEAD, GAP, FOOT = 0.3, 0.12, 0.34


def waterfall(content: BriefContent, *, words: Words | None = None) -> Picture | None:
    """The waterfall of the parties that fit on one page."""
    found = waterfalls(content, words=words)
    return found[0] if found else None


def waterfalls(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Lines of the headline package, one after the other, down to the net of each party; a picture per pageful."""
    say = words or Words(content.language)
    blocks: list[Block] = [(party, lines) for party, lines in content.waterfall if lines]
    talls = [HEAD + sum(_heights(lines)) + GAP for _, lines in blocks]
    return tuple(
        _drawn(content, [blocks[k] for k in part], f"fig-waterfall{'' if n == 1 else f'-{n}'}", say)
        for n, part in enumerate(shared(talls, TALLEST - FOOT), 1)
    )


def _texts(lines: Sequence[Finding]) -> list[list[str]]:
    last = len(lines) - 1
    return [wrap(f.label, NAMES - 0.15, SIZE, most=4, bold=k == last) for k, f in enumerate(lines)]


def _heights(lines: Sequence[Finding]) -> list[float]:
    return [max(0.29, 0.135 * len(words) + 0.06) for words in _texts(lines)]


def _sums(lines: Sequence[Finding]) -> list[float]:
    """Where each line starts: the sum of those above it; what is not a number is passed over."""
    values = (shown(f)[0] for f in lines[:-1])
    return list(accumulate((v if math.isfinite(v) else 0.0 for v in values), initial=0.0))


def _drawn(content: BriefContent, blocks: Sequence[Block], id: str, say: Words) -> Picture:
    nets = [lines[-1] for _, lines in blocks]
    everything = [f for _, lines in blocks for f in lines]
    headline = headline_title(content)
    with style(id):
        heights = [_heights(lines) for _, lines in blocks]
        total = sum(HEAD + sum(many) + GAP for many in heights)
        room = max(text_width(value_text(f), 8.5, bold=True) for f in everything)
        bands = max(text_width(f"({band_text(f)})", 6.8) for f in everything)
        numbers = min(room + bands + 0.14, 2.0)
        sheet = Sheet(total + FOOT)
        # One scale of inches for all parties: rows are placed in inches, so the axes' unit is the inch too.
        ax = sheet.axes(NAMES, 0, WIDTH - NAMES - numbers - 0.05, total, total)
        starts = [_sums(lines) for _, lines in blocks]
        reach = [x for many in starts for x in many]
        for many, (_, lines) in zip(starts, blocks, strict=True):
            reach += [s + end for s, f in zip(many, lines[:-1], strict=False) for end in shown(f)]
            reach += shown(lines[-1])
        sheet.scale(ax, *limits(reach, 0.03))
        top = 0.0
        for (party, lines), many, tall in zip(blocks, starts, heights, strict=True):
            sheet.text(0, top + HEAD / 2 + 0.03, wrap(party, WIDTH - 0.1, 9, most=1, bold=True), size=9, bold=True)
            sheet.rule(top + HEAD, color=MUTED)
            middles = [top + HEAD + below - row / 2 for below, row in zip(accumulate(tall), tall, strict=True)]
            for position, (f, text, y, row) in enumerate(zip(lines, _texts(lines), middles, tall, strict=True)):
                last = position == len(lines) - 1
                value, least, most = shown(f)
                start = 0.0 if last else many[position]
                color = "#4d4d4d" if last else GAIN if value >= 0 else LOSS
                bar(ax, y, start, start + value, color, height=0.18)
                if least != most and math.isfinite(least) and math.isfinite(most):
                    ends = [start + least, start + most]
                    ax.plot(ends, [y, y], color="black", linewidth=1.0, zorder=4)
                    ax.plot(ends, [y, y], "|", color="black", markersize=5, markeredgewidth=1.0, zorder=4)
                if not last:
                    join = [y + 0.09, middles[position + 1] - 0.09]
                    ax.plot([many[position + 1]] * 2, join, color=MUTED, linewidth=0.7, zorder=1)
                else:
                    sheet.rule(y - row / 2, color=GRID)
                sheet.text(0 if last else 0.1, y, text, size=SIZE, bold=last)
                sheet.text(WIDTH - numbers + room + 0.02, y, value_text(f), size=8.5, ha="right", bold=last)
                band = band_text(f)
                sheet.text(WIDTH - numbers + room + 0.09, y, f"({band})" if band else "", size=6.8, color=MUTED)
            top += HEAD + sum(tall) + GAP
        unit = unit_text(nets[0].unit)
        sheet.text(NAMES, sheet.height - 0.09, unit, size=7, color=MUTED)
        told = " ".join(
            f"{party}: {'; '.join(f'{capital(f.label)} {finding_text(f)}' for f in lines)}."
            for party, lines in blocks
        )
        return picture(
            sheet,
            id=id,
            title=say("From lines to net: {package}", package=headline),
            caption=say("Each line starts where the one above ends; hatched: a loss; dark: the net.")
            + f" {facts(content, nets)}",
            source=source_line(content, everything),
            alt=say("Waterfall in {unit} for {package}.", unit=unit, package=headline) + " " + told,
            headers=(say("Party"), say("Line"), say("Value")),
            cells=[(party, f.label, f) for party, lines in blocks for f in lines],
        )
