"""The outline of a brief: two pages that say it all, then the annex. From content to the tree of blocks.

Nothing is computed here: numbers arrive as findings and leave as findings; what is left is order and words.
"""

from __future__ import annotations

from collections.abc import Iterator

from winset.brief.canvas import Picture
from winset.brief.content import BriefContent, Finding
from winset.brief.document import (
    Block,
    Bullets,
    Document,
    Heading,
    Illustration,
    KeyNumbers,
    PageBreak,
    Paragraph,
    Part,
    Run,
    Side,
)
from winset.brief.figures import pictures
from winset.brief.findings import findings
from winset.brief.formats import capital, day, unit_text
from winset.brief.outline_annex import annex, rate_block
from winset.brief.outline_bargain import bargain_section
from winset.brief.outline_pen import Pen
from winset.brief.outline_turns import since_blocks, turns
from winset.brief.words import Words

__all__ = ["outline"]


def outline(content: BriefContent, words: Words | None = None) -> Document:
    """The whole brief as a tree. The same content gives the same tree. ValueError for two numbers under one id."""
    words = words or Words(content.language)
    findings(content)  # two numbers under one id must not reach a page
    pen = Pen(content, words)
    drawn = {one.id: one for one in pictures(content)}
    blocks: list[Block] = [*_top(pen), *_first_pages(pen, drawn), PageBreak()]
    blocks += annex(pen, drawn, bargain_section(pen, drawn))
    title = f"{content.title}: {words('brief')}, {day(content.as_of, content.language)}"
    return Document(
        title=title, language=content.language, day=content.as_of, blocks=tuple(blocks), manifest=content.manifest
    )


def _top(pen: Pen) -> Iterator[Block]:
    content, words = pen.content, pen.words
    kicker = words("Brief · state of play on {day}", day=day(content.as_of, content.language))
    yield Paragraph(runs=(Run(text=kicker),), style="kicker")
    yield Heading(id="top", level=1, text=content.title)
    yield Paragraph(runs=(Run(text=content.summary),), style="lead")


def _first_pages(pen: Pen, drawn: dict[str, Picture]) -> Iterator[Block]:
    content = pen.content
    yield pen.heading("summary", 2, "Summary")
    yield Paragraph(runs=(Run(text=content.headline),), style="headline")
    if content.key_numbers:
        yield KeyNumbers(items=tuple((f, (Run(text=f.label),), _small_print(pen, f)) for f in content.key_numbers))
    yield pen.heading("gains", 3, "Who gains")
    yield Paragraph(runs=(Run(text=content.gains),))
    if "fig-gains" in drawn:
        yield Illustration(picture=drawn["fig-gains"])
    yield from since_blocks(pen)
    events = tuple(
        (Run(text=day(e.date, content.language), style="strong"), Run(text=f" {e.text} "), *pen.named([e.claim]))
        for e in content.changed
    )
    decide = tuple((Run(text=one),) for one in content.decide)
    yield Side(
        left=(
            pen.heading("changed", 3, "What changed lately"),
            Bullets(items=events, style="dated") if events else pen.empty("The record shows no change."),
        ),
        right=(
            pen.heading("decide", 3, "What to decide"),
            Bullets(items=decide) if decide else pen.empty("No threat or deadline in the record is still ahead."),
        ),
    )
    yield pen.heading("turns", 3, "What would change our mind")
    found = turns(pen)
    yield Bullets(items=found) if found else pen.empty("Nothing that was computed comes near it.")
    yield from _rates(pen)
    yield pen.fine(
        "No forecast of what a government will do is made here, and no number should be quoted without what it is "
        "held against."
    )


def _small_print(pen: Pen, f: Finding) -> Part:
    words = pen.words
    said = [capital(unit_text(f.unit)), f.horizon]
    if f.against:
        said.append(words("against {package}", package=pen.title(f.against)))
    said.append(words("baseline {baseline}, closure {closure}", baseline=f.baseline, closure=f.closure))
    return (
        Run(text="; ".join(said) + ". " + words("Rests on") + " ", style="small"),
        *pen.marks(f),
    )


def _rates(pen: Pen) -> Iterator[Block]:
    yield pen.heading("rates", 3, "Rates now and under each package")
    if not pen.content.rates:
        yield pen.empty("The case holds no dated rates.")
        return
    yield rate_block(pen, 0)
