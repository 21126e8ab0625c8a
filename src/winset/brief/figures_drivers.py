"""The tornado: which assumption moves each side's net most."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
from winset.brief.content import BriefContent, DriverRow, Finding
from winset.brief.figures_bars import bar
from winset.brief.findings import headline_title
from winset.brief.formats import band_text, finding_text, in_shown_unit, number, unit_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

__all__ = ["tornado", "tornados"]

Block = tuple[str, Sequence[DriverRow]]

SIZE, NAMES = 7.6, 2.75
HEAD, GAP, FOOT = 0.3, 0.14, 0.34


def _ends(f: Finding) -> tuple[float, float, float]:
    low, value, high = (in_shown_unit(x, f.unit) for x in (f.low, f.value, f.high))
    return low, value, high


def tornado(content: BriefContent, *, words: Words | None = None) -> Picture | None:
    """The tornado of the sides that fit on one page."""
    found = tornados(content, words=words)
    return found[0] if found else None


def tornados(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """For each side, a bar per assumption from the lowest to the highest net that it gives, longest on top."""
    say = words or Words(content.language)
    blocks: list[Block] = [(party, rows) for party, rows in content.drivers if rows]
    talls = [HEAD + sum(_heights(rows)) + GAP for _, rows in blocks]
    return tuple(
        _drawn(content, [blocks[k] for k in part], f"fig-tornado{'' if n == 1 else f'-{n}'}", say)
        for n, part in enumerate(shared(talls, TALLEST - FOOT), 1)
    )


def _texts(rows: Sequence[DriverRow]) -> list[list[str]]:
    return [wrap(row.label, NAMES - 0.15, SIZE, most=3) for row in rows]


def _heights(rows: Sequence[DriverRow]) -> list[float]:
    return [max(0.26, 0.13 * len(words) + 0.06) for words in _texts(rows)]


def _drawn(content: BriefContent, blocks: Sequence[Block], id: str, say: Words) -> Picture:
    spans = [row.span for _, rows in blocks for row in rows]
    headline = headline_title(content)
    with style(id):
        heights = [_heights(rows) for _, rows in blocks]
        total = sum(HEAD + sum(many) + GAP for many in heights)
        share_head = say("share of spread")
        bands = max(text_width(band_text(f), 7) for f in spans)
        numbers = min(bands + 0.62, 2.0)
        sheet = Sheet(total + FOOT)
        ax = sheet.axes(NAMES, 0, WIDTH - NAMES - numbers, total, total)
        sheet.scale(ax, *limits([x for f in spans for x in _ends(f)], 0.03))
        top = 0.0
        for (party, rows), tall in zip(blocks, heights, strict=True):
            room = WIDTH - text_width(share_head, 6.8) - 0.2
            sheet.text(0, top + HEAD / 2 + 0.03, wrap(party, room, 9, most=1, bold=True), size=9, bold=True)
            sheet.text(WIDTH, top + HEAD / 2 + 0.03, share_head, size=6.8, ha="right", color=MUTED)
            sheet.rule(top + HEAD, color=MUTED)
            y = top + HEAD
            for row, text, height in zip(rows, _texts(rows), tall, strict=True):
                middle = y + height / 2
                low, value, high = _ends(row.span)
                # Below the net hatched, as losses are everywhere, so that the two survive a grey print.
                bar(ax, middle, low, value, LOSS, height=0.17)
                bar(ax, middle, value, high, GAIN, height=0.17)
                if math.isfinite(value):
                    ax.plot([value, value], [middle - 0.11, middle + 0.11], color=INK, linewidth=1.0, zorder=4)
                sheet.text(0.1, middle, text, size=SIZE)
                sheet.text(WIDTH - numbers + 0.08, middle, band_text(row.span), size=7, color=MUTED)
                share = row.share.value
                said = f"{number(share, 0)}%" if math.isfinite(share) else "–"
                sheet.text(WIDTH, middle, said, size=7.6, ha="right")
                y += height
            top += HEAD + sum(tall) + GAP
        unit = unit_text(spans[0].unit)
        sheet.text(NAMES, sheet.height - 0.09, unit, size=7, color=MUTED)
        told = " ".join(
            f"{party}: {'; '.join(f'{row.label} {finding_text(row.span)}' for row in rows)}."
            for party, rows in blocks
        )
        return picture(
            sheet,
            id=id,
            title=say("What moves the net of each side: {package}", package=headline),
            caption=say(
                "Each bar: lowest to highest net over the range of one assumption, the rest at the centre (dark "
                "mark); hatched: below the centre; share: of the variance of the ranks over the draws."
            )
            + f" {facts(content, spans)}",
            source=source_line(content, spans),
            alt=say("Tornado in {unit} for {package}.", unit=unit, package=headline) + " " + told,
            headers=(
                say("Party"), say("Assumption"), say("Net, over its range"), say("Lowest at"),
                say("Share of the spread (percent)"),
            ),
            cells=[(party, row.label, row.span, row.low_end, row.share) for party, rows in blocks for row in rows],
        )  # fmt: skip
