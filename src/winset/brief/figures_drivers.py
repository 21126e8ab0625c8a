"""The tornado: which assumption moves each side's net most."""

from __future__ import annotations

from winset.brief.canvas import GAIN, INK, LOSS, MUTED, WIDTH, Picture, Sheet, limits, picture, style
from winset.brief.content import BriefContent, Finding
from winset.brief.findings import headline_title
from winset.brief.formats import band_text, finding_text, in_shown_unit, number, unit_text
from winset.brief.sourcing import facts, source_line
from winset.brief.wrapping import wrap

__all__ = ["tornado"]


def _ends(f: Finding) -> tuple[float, float, float]:
    low, value, high = (in_shown_unit(x, f.unit) for x in (f.low, f.value, f.high))
    return low, value, high


def tornado(content: BriefContent) -> Picture | None:
    """For each side, a bar per assumption from the lowest to the highest net that it gives, longest on top."""
    blocks = [(party, rows) for party, rows in content.drivers if rows]
    if not blocks:
        return None
    spans = [row.span for _, rows in blocks for row in rows]
    headline = headline_title(content)
    id, title = "fig-tornado", f"What moves the net of each side: {headline}"
    with style(id):
        size, names_width, numbers = 7.6, 2.75, 1.55
        head, gap, foot = 0.3, 0.14, 0.34
        wrapped = [[wrap(row.label, names_width - 0.15, size, most=3) for row in rows] for _, rows in blocks]
        heights = [[max(0.26, 0.13 * len(words) + 0.06) for words in texts] for texts in wrapped]
        total = sum(head + sum(many) + gap for many in heights)
        sheet = Sheet(total + foot)
        ax = sheet.axes(names_width, 0, WIDTH - names_width - numbers, total, total)
        sheet.scale(ax, *limits([x for f in spans for x in _ends(f)], 0.03))
        top = 0.0
        for (party, rows), texts, tall in zip(blocks, wrapped, heights, strict=True):
            sheet.text(0, top + head / 2 + 0.03, party, size=9, bold=True)
            sheet.text(WIDTH, top + head / 2 + 0.03, "share of spread", size=6.8, ha="right", color=MUTED)
            sheet.rule(top + head, color=MUTED)
            y = top + head
            for row, words, height in zip(rows, texts, tall, strict=True):
                middle = y + height / 2
                low, value, high = _ends(row.span)
                # Below the net hatched, as losses are everywhere, so that the two survive a grey print.
                for start, end, color in ((low, value, LOSS), (value, high, GAIN)):
                    ax.barh(
                        middle, end - start, left=start, height=0.17, color=color, edgecolor="white", linewidth=0,
                        hatch="/////" if color == LOSS else None, zorder=2,
                    )  # fmt: skip
                ax.plot([value, value], [middle - 0.11, middle + 0.11], color=INK, linewidth=1.0, zorder=4)
                sheet.text(0.1, middle, words, size=size)
                sheet.text(WIDTH - numbers + 0.08, middle, band_text(row.span), size=7, color=MUTED)
                sheet.text(WIDTH, middle, f"{number(row.share.value, 0)}%", size=7.6, ha="right")
                y += height
            top += head + sum(tall) + gap
        unit = unit_text(spans[0].unit)
        sheet.text(names_width, sheet.height - 0.09, unit, size=7, color=MUTED)
        alt = f"Tornado in {unit} for {headline}. " + " ".join(
            f"{party}: {'; '.join(f'{row.label} {finding_text(row.span)}' for row in rows)}."
            for party, rows in blocks
        )
        return picture(
            sheet,
            id=id,
            title=title,
            caption="Each bar: lowest to highest net over the range of one assumption, the rest at the centre "
            f"(dark mark); share: of the variance of the ranks over the draws. {facts(content, spans)}",
            source=source_line(content, spans),
            alt=alt,
            headers=("Side", "Assumption", "Net, over its range", "Lowest at", "Share of the spread (percent)"),
            cells=[(party, row.label, row.span, row.low_end, row.share) for party, rows in blocks for row in rows],
        )
