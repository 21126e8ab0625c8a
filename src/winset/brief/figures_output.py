"""A finished picture: its words, the table behind it, and what it is written as (SVG, PNG, CSV).

Text is left as text (`svg.fonttype: none`), so it can be searched, read aloud and set in Korean by the reader's
own fonts. The same content gives the same bytes. Importing this module does not import matplotlib.
"""

from __future__ import annotations

import csv
import html
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from winset.brief.content import Finding
from winset.brief.figures_style import INK, MUTED, STACK, WIDTH, families, style
from winset.brief.formats import finding_text, in_shown_unit, unit_text
from winset.brief.words import Words
from winset.brief.wrapping import wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Picture", "finish"]

MARGIN = 0.14
"""Air around a picture that stands alone (inches)."""
TITLE, SMALL = 10.5, 6.8
"""Type sizes of its title and of the lines under it (points)."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture with everything that must stand beside it."""

    id: str
    """Anchor in the page, and prefix of every id inside the SVG."""
    title: str
    """What it shows, in a few words, for the caption."""
    caption: str
    """How to read it; unit, horizon, against, baseline, closure."""
    source: str
    """Source line."""
    alt: str
    """The picture in words, with its main numbers."""
    svg: str
    """Self-contained `<svg>` element, no prolog."""
    headers: tuple[str, ...]
    """Head of the table behind the picture."""
    cells: tuple[tuple[str | Finding, ...], ...]
    """Its rows."""
    height: float
    """Inches; the width is `WIDTH`."""
    figure: Figure = field(repr=False, compare=False)
    """The drawing, for other formats."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The table behind the picture as text."""
        return tuple(
            tuple(cell if isinstance(cell, str) else finding_text(cell) for cell in row) for row in self.cells
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every number of the table, in its order."""
        return tuple(cell for row in self.cells for cell in row if isinstance(cell, Finding))

    def png(self, dpi: int = 200, *, framed: bool = False) -> bytes:
        """The picture as PNG. framed: with title, caption and source, as it is handed on alone."""
        from matplotlib.transforms import Bbox

        buffer = io.BytesIO()
        with style(self.id):
            if not framed:
                self.figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
                return buffer.getvalue()
            above, below = self._frame()
            written: list[Text] = []
            try:
                for words, size, color, y, bold in self._framing():
                    written.append(
                        self.figure.text(
                            0, 1 - y / self.height, words, fontfamily=list(families(words)), fontsize=size,
                            color=color, va="center", fontweight="bold" if bold else "normal",
                        )
                    )  # fmt: skip
                box = Bbox([[-MARGIN, -below], [WIDTH + MARGIN, self.height + above]])
                self.figure.savefig(
                    buffer, format="png", dpi=dpi, metadata={"Software": None}, bbox_inches=box, pad_inches=0,
                    facecolor="white",
                )  # fmt: skip
            finally:
                for text in written:
                    text.remove()
        return buffer.getvalue()

    def svg_file(self) -> str:
        """The picture as a file of its own: prolog, white ground, title, caption and source in the drawing."""
        above, below = self._frame()
        pt = 72.0
        width, height = (WIDTH + 2 * MARGIN) * pt, (self.height + above + below) * pt
        inner = re.sub(r"^<svg[^>]*>\s*<title.*?</title><desc.*?</desc>", "", self.svg, flags=re.DOTALL)
        inner = re.sub(r"</svg>\s*$", "", inner)
        lines = "".join(
            f'<text x="{MARGIN * pt:.2f}" y="{(above + y) * pt + size * 0.36:.2f}" fill="{color}" '
            f'font-size="{size}px"{" font-weight=" + chr(34) + "bold" + chr(34) if bold else ""}>'
            f"{_clean(words)}</text>\n"
            for words, size, color, y, bold in self._framing()
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{width:.2f}pt" height="{height:.2f}pt" viewBox="0 0 {width:.2f} {height:.2f}" role="img" '
            f'aria-labelledby="{self.id}-title {self.id}-alt" '
            f'style="stroke-linejoin:round;stroke-linecap:butt;font-family:{STACK}">\n'
            f'<title id="{self.id}-title">{_clean(self.title)}</title>\n'
            f'<desc id="{self.id}-alt">{_clean(self.alt)}</desc>\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n{lines}'
            f'<g transform="translate({MARGIN * pt:.2f} {above * pt:.2f})">{inner}</g>\n</svg>\n'
        )

    def csv_text(self, words: Words | None = None) -> str:
        """The table behind the picture: RFC 4180, a row per number with low, high, unit and id; then the source.

        The columns before "series" are the table's own text columns. A row of the table with several numbers
        becomes as many rows, its "series" the head of their column.
        """
        say = words or Words("en")
        text = [n for n in range(len(self.headers)) if not any(isinstance(r[n], Finding) for r in self.cells)]
        numeric = [n for n in range(len(self.headers)) if n not in text]
        buffer = io.StringIO()
        write = csv.writer(buffer, lineterminator="\r\n")
        facts = [say(head) for head in ("series", "value", "low", "high", "unit", "horizon", "against", "finding")]
        facts = facts if numeric else []
        write.writerow([_as_text(self.headers[n]) for n in text] + facts)
        for row in self.cells:
            kept = [_as_text(str(row[n])) for n in text]
            if not numeric:
                write.writerow(kept)
            for n in numeric:
                cell = row[n]
                if isinstance(cell, Finding):
                    ends = [_exact(in_shown_unit(x, cell.unit)) for x in (cell.value, cell.low, cell.high)]
                    about = (unit_text(cell.unit), cell.horizon, cell.against, cell.id)
                    write.writerow([*kept, _as_text(self.headers[n]), *ends, *map(_as_text, about)])
                elif cell.strip():
                    # A cell without a number keeps its row, so that a gap is seen to be one.
                    write.writerow([*kept, _as_text(self.headers[n]), _as_text(cell), *[""] * 6])
        # As many fields as every other row: some readers refuse a file whose rows differ.
        for last in (f"{self.title}. {self.caption}", self.source):
            write.writerow([_as_text(last), *[""] * (len(text) + len(facts) - 1)])
        return buffer.getvalue()

    def _lines(self) -> tuple[list[str], list[str], list[str]]:
        return (
            wrap(self.title, WIDTH, TITLE * 1.12, most=2),
            wrap(self.caption, WIDTH, SMALL, most=6),
            wrap(self.source, WIDTH, SMALL, most=3),
        )

    def _frame(self) -> tuple[float, float]:
        """Inches above and below the drawing."""
        head, caption, source = self._lines()
        step = SMALL * 1.3 / 72
        return MARGIN * 1.6 + 0.19 * len(head), MARGIN * 1.7 + step * (len(caption) + len(source))

    def _framing(self) -> list[tuple[str, float, str, float, bool]]:
        """(text, size, colour, inches below the drawing's upper edge, bold)."""
        head, caption, source = self._lines()
        step = SMALL * 1.3 / 72
        above = [(t, TITLE, INK, -MARGIN * 0.6 - 0.19 * (len(head) - n - 0.5), True) for n, t in enumerate(head)]
        below = [
            (t, SMALL, MUTED, self.height + MARGIN * 0.7 + step * (n + 0.5), False)
            for n, t in enumerate((*caption, *source))
        ]
        return above + below


def _exact(value: float) -> str:
    """All digits of a number; nothing where there is none."""
    return repr(float(value)) if math.isfinite(value) else ""


def _as_text(value: str) -> str:
    """A cell that no spreadsheet takes for a formula; what else stands in it is kept."""
    value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", value)
    return f"'{value}" if value.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _clean(text: str) -> str:
    """Text as XML takes it: escaped, without the characters that XML does not know."""
    return html.escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def finish(
    figure: Figure,
    height: float,
    *,
    id: str,
    title: str,
    caption: str,
    source: str,
    alt: str,
    headers: Sequence[str],
    cells: Sequence[Sequence[str | Finding]],
) -> Picture:
    """Write a drawing as SVG and put it beside its words. Must be called inside `style(id)`."""
    buffer = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(buffer, format="svg", metadata=nothing)
    return Picture(
        id=id,
        title=title,
        caption=caption,
        source=source,
        alt=alt,
        svg=_for_page(buffer.getvalue(), id, title, alt),
        headers=tuple(headers),
        cells=tuple(tuple(row) for row in cells),
        height=height,
        figure=figure,
    )


def _shorter(path: str) -> str:
    """The numbers of a path with two decimals, on one line."""

    def cut(found: re.Match[str]) -> str:
        return f"{float(found.group()):.2f}".rstrip("0").rstrip(".")

    return re.sub(r"-?\d+\.\d+", cut, " ".join(path.split()))


def _for_page(svg: str, id: str, title: str, alt: str) -> str:
    """The bare `<svg>` element: ids made unique, no style that would reach the rest of the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style.*?</style>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*</defs>\s*", "", svg)

    def tag(match: re.Match[str]) -> str:
        text = match.group()
        text = re.sub(r'\sid="', f' id="{id}-', text)
        text = re.sub(r'\s(?:xlink:)?href="#', f' href="#{id}-', text)
        text = text.replace("url(#", f"url(#{id}-")
        text = re.sub(r'\stransform="rotate\(-0[^"]*"', "", text)
        # The reader's own fonts, named once on the root; versions of matplotlib write this in two ways.
        text = re.sub(r'font-family: [^;"]*;? ?', "", text)
        return re.sub(r'(font: [^;"]*?px)[^;"]*', rf"\1 {STACK}", text)

    # A hundredth of a point is finer than any printer; matplotlib writes millionths.
    svg = re.sub(r'(?<= d=")[^"]*', lambda found: _shorter(found.group()), svg)
    # Matplotlib escapes < and > in text and attributes, so this touches tags alone.
    svg = re.sub(r"<[^>]+>", tag, svg)
    svg = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", svg)
    box = re.search(r'viewBox="[^"]*"', svg)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box.group() if box else ""} class="picture" role="img" '
        f'aria-labelledby="{id}-title {id}-alt" '
        f'style="stroke-linejoin:round;stroke-linecap:butt;font-family:{STACK}">'
        f'<title id="{id}-title">{_clean(title)}</title><desc id="{id}-alt">{_clean(alt)}</desc>'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: head, svg).strip()
