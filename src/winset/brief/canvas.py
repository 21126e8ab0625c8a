"""What all pictures share: one look, text that stays put in any font, and SVG fit to stand in a page.

Text is left as text (`svg.fonttype: none`), so it can be searched, read aloud and set in Korean by the
reader's own fonts. Every place is worked out from a wide font, so a narrower one only leaves more air.
Importing this module does not import matplotlib.
"""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from winset.brief.content import Finding
from winset.brief.formats import finding_text, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "GAIN",
    "GRID",
    "INK",
    "LOSS",
    "MUTED",
    "WIDTH",
    "Picture",
    "Sheet",
    "limits",
    "picture",
    "style",
]

WIDTH = 6.85
"""Width of every picture (inches): that of the text on A4 with 18 mm margins, so type prints full size."""

# Okabe and Ito's palette: told apart by every common kind of colour vision.
GAIN, LOSS, INK = "#0072B2", "#D55E00", "#1a1a1a"
MUTED, GRID = "#595959", "#d9d9d9"

_STACK = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'Noto Sans CJK KR', sans-serif"
_HANGUL = ("Noto Sans CJK KR", "Noto Sans CJK JP", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic")


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
    figure: Figure = field(repr=False, compare=False)
    """The drawing, for other formats."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The table behind the picture as text."""
        return tuple(
            tuple(cell if isinstance(cell, str) else finding_text(cell) for cell in row) for row in self.cells
        )

    def png(self, dpi: int = 200) -> bytes:
        """The picture as PNG, for documents that cannot hold SVG."""
        buffer = io.BytesIO()
        with style(self.id):
            self.figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        return buffer.getvalue()


@contextmanager
def style(salt: str) -> Iterator[None]:
    """The look of all pictures; the settings of the process are as before when it ends."""
    import matplotlib
    from matplotlib.font_manager import fontManager

    known = set(fontManager.get_font_names())
    with matplotlib.rc_context(), warnings.catch_warnings():
        # Measured in a font without Hangul, such text is a little narrow; the reader's own font draws it.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": ["DejaVu Sans", *[name for name in _HANGUL if name in known][:1]],
                "font.size": 8,
                "text.color": INK,
                "text.parse_math": False,  # "$350bn against $100bn" is money, not a formula
                "svg.fonttype": "none",
                "svg.hashsalt": salt,
                "hatch.linewidth": 0.6,
                "axes.linewidth": 0.6,
            }
        )
        yield


class Sheet:
    """A blank picture on which places are inches from the left and from the top."""

    def __init__(self, height: float) -> None:
        from matplotlib.figure import Figure

        self.height = height
        self.figure = Figure(figsize=(WIDTH, height))

    def text(
        self,
        x: float,
        y: float,
        words: str | Sequence[str],
        *,
        size: float = 8,
        ha: str = "left",
        color: str = INK,
        bold: bool = False,
        anchor: str = "middle",
    ) -> None:
        """One or more lines about (`x`, `y`). Each line is its own element, so each keeps its alignment."""
        lines = [words] if isinstance(words, str) else list(words)
        step = size * 1.22 / 72
        first = {"middle": y - step * (len(lines) - 1) / 2, "top": y, "bottom": y - step * (len(lines) - 1)}[
            anchor
        ]
        for position, line in enumerate(lines):
            self.figure.text(
                x / WIDTH,
                1 - (first + step * position) / self.height,
                line,
                fontsize=size,
                ha=ha,
                va="center",
                color=color,
                fontweight="bold" if bold else "normal",
            )

    def axes(self, left: float, top: float, width: float, height: float, rows: float) -> Axes:
        """Bare axes whose vertical scale runs down from 0 to `rows`."""
        ax = self.figure.add_axes(
            (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH, height / self.height)
        )
        ax.set_ylim(rows, 0)
        ax.set_yticks([])
        for side in ("left", "right", "top", "bottom"):
            ax.spines[side].set_visible(False)
        ax.tick_params(axis="x", length=0, labelsize=7, labelcolor=MUTED, pad=3)
        ax.patch.set_visible(False)
        ax.set_axisbelow(True)
        return ax

    def scale(self, ax: Axes, low: float, high: float, bins: int = 5, *, zero: bool = True) -> None:
        """Limits, light grid lines and a dark zero line along the horizontal axis."""
        from matplotlib.ticker import MaxNLocator

        ax.set_xlim(low, high)
        ticks = [t for t in MaxNLocator(bins, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high]
        ax.set_xticks(ticks, [_tick(t) for t in ticks])
        ax.grid(axis="x", color=GRID, linewidth=0.6)
        if zero:
            ax.axvline(0, color=INK, linewidth=0.9, zorder=3)

    def rule(self, y: float, left: float = 0.0, right: float = WIDTH, color: str = GRID) -> None:
        """A thin line across the sheet."""
        from matplotlib.lines import Line2D

        at = 1 - y / self.height
        self.figure.add_artist(Line2D([left / WIDTH, right / WIDTH], [at, at], color=color, linewidth=0.5))


def _tick(value: float) -> str:
    text = number(value, 6)
    return text.rstrip("0").rstrip(".") if "." in text else text


def limits(values: Sequence[float], pad: float = 0.05) -> tuple[float, float]:
    """Ends of an axis that holds every value and zero, with some air."""
    finite = [v for v in values if v == v and abs(v) != float("inf")]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    if low == high:
        return -1.0, 1.0
    air = (high - low) * pad
    return low - air, high + air


def picture(
    sheet: Sheet,
    *,
    id: str,
    title: str,
    caption: str,
    source: str,
    alt: str,
    headers: Sequence[str],
    cells: Sequence[Sequence[str | Finding]],
) -> Picture:
    """Finish a drawing. Must be called inside `style(id)`."""
    buffer = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    sheet.figure.savefig(buffer, format="svg", metadata=nothing)
    return Picture(
        id=id,
        title=title,
        caption=caption,
        source=source,
        alt=alt,
        svg=_for_page(buffer.getvalue(), id, title, alt),
        headers=tuple(headers),
        cells=tuple(tuple(row) for row in cells),
        figure=sheet.figure,
    )


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
        return re.sub(r'(font: [^;"]*?px)[^;"]*', rf"\1 {_STACK}", text)

    # Matplotlib escapes < and > in text and attributes, so this touches tags alone.
    svg = re.sub(r"<[^>]+>", tag, svg)
    box = re.search(r'viewBox="[^"]*"', svg)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box.group() if box else ""} class="picture" role="img" '
        f'aria-labelledby="{id}-title {id}-alt" '
        f'style="stroke-linejoin:round;stroke-linecap:butt;font-family:{_STACK}">'
        f'<title id="{id}-title">{html.escape(title)}</title><desc id="{id}-alt">{html.escape(alt)}</desc>'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: head, svg).strip()
