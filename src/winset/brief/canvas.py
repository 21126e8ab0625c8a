"""A blank picture on which places are inches from the left and from the top, and the parts that pictures share.

Every place is worked out from a wide font, so a narrower one only leaves more air.
Importing this module does not import matplotlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from winset.brief.content import Finding
from winset.brief.figures_output import Picture, finish
from winset.brief.figures_style import GAIN, GRID, HATCH, INK, LOSS, MUTED, WIDTH, families, style
from winset.brief.formats import number
from winset.brief.wrapping import drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GAIN", "GRID", "HATCH", "INK", "LOSS", "MUTED", "TALLEST", "WIDTH", "Picture", "Sheet", "limits",
           "picture", "shared", "style"]  # fmt: skip

TALLEST = 9.4
"""Most inches of a picture: what an A4 page holds beside its caption. What is taller goes on in another."""


class Sheet:
    """A blank picture on which places are inches from the left and from the top."""

    def __init__(self, height: float) -> None:
        from matplotlib.figure import Figure

        self.height = height
        self.figure = Figure(figsize=(WIDTH, height))
        self._ground: Axes | None = None

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
        halo: bool = False,
    ) -> None:
        """One or more lines about (`x`, `y`). Each line is its own element, so each keeps its alignment.

        halo: on a white ground of its own, for labels over a drawing.
        """
        ground = (
            {"boxstyle": "square,pad=0.05", "facecolor": "white", "alpha": 0.75, "linewidth": 0} if halo else None
        )
        lines = [words] if isinstance(words, str) else list(words)
        step = size * 1.22 / 72
        first = {"middle": y - step * (len(lines) - 1) / 2, "top": y, "bottom": y - step * (len(lines) - 1)}[
            anchor
        ]
        for position, line in enumerate(lines):
            if not line:
                continue
            self.figure.text(
                x / WIDTH,
                1 - (first + step * position) / self.height,
                drawable(line),
                fontsize=size,
                fontfamily=list(families(line)),
                ha=ha,
                va="center",
                color=color,
                fontweight="bold" if bold else "normal",
                bbox=ground,
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

    def ground(self) -> Axes:
        """Axes over the whole sheet whose scales are its inches; one for all that asks, as axes cost time."""
        if self._ground is None:
            self._ground = self.axes(0, 0, WIDTH, self.height, self.height)
            self._ground.set_xlim(0, WIDTH)
            self._ground.set_xticks([])
            self._ground.set_zorder(5)
        return self._ground

    def swatch(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """A box about the height `y` for a key. look: of a matplotlib patch."""
        from matplotlib.patches import Rectangle

        self.ground().add_patch(Rectangle((x, y - height / 2), width, height, **look))

    def scale(self, ax: Axes, low: float, high: float, bins: int = 5, *, zero: bool = True) -> None:
        """Limits, light grid lines and a dark zero line along the horizontal axis."""
        from matplotlib.ticker import MaxNLocator

        ax.set_xlim(low, high)
        ticks = [t for t in MaxNLocator(bins, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high]
        ax.set_xticks(ticks, [_tick(t) for t in ticks])
        ax.grid(axis="x", color=GRID, linewidth=0.6)
        if zero:
            ax.axvline(0, color=INK, linewidth=0.9, zorder=3)

    def line(self, start: tuple[float, float], end: tuple[float, float], color: str = MUTED) -> None:
        """A thin line between two places."""
        from matplotlib.lines import Line2D

        xs = [start[0] / WIDTH, end[0] / WIDTH]
        ys = [1 - start[1] / self.height, 1 - end[1] / self.height]
        self.figure.add_artist(Line2D(xs, ys, color=color, linewidth=0.5))

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


def shared(heights: Sequence[float], room: float) -> list[range]:
    """Parts of a list, in order, each of which fits into some room (at least one item each)."""
    parts: list[range] = []
    first, used = 0, 0.0
    for position, tall in enumerate(heights):
        if position > first and used + tall > room:
            parts.append(range(first, position))
            first, used = position, 0.0
        used += tall
    if heights:
        parts.append(range(first, len(heights)))
    return parts


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
    return finish(
        sheet.figure, sheet.height, id=id, title=title, caption=caption, source=source, alt=alt, headers=headers,
        cells=cells,
    )  # fmt: skip
