"""The picture of a bargain: the frontier, what is on the table, and where each side stands without a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from winset.brief.canvas import GAIN, GRID, INK, LOSS, MUTED, WIDTH, Picture, Sheet, limits, picture, style
from winset.brief.wrapping import wrap

__all__ = ["Spot", "bargaining_map"]

MARKS = {"disagreement": "X", "package": "s", "offer": "o", "solution": "D"}
COLORS = {"disagreement": INK, "package": MUTED, "offer": LOSS, "solution": GAIN}
WORDS = {
    "disagreement": "no deal", "package": "packages of the case", "offer": "offers", "solution": "solutions",
}  # fmt: skip
HEIGHT, TOP, SIDE = 6.4, 0.25, 3.9
NEAR = 0.025
"""Share of an axis within which two spots share a label."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One point of the picture."""

    label: str
    kind: str
    """disagreement, package, offer, solution."""
    x: float
    y: float
    accepted: bool = False
    """Whether every side's ratifiers accept it."""


def bargaining_map(
    spots: Sequence[Spot], frontier: Sequence[tuple[float, float]], ratified: Sequence[tuple[float, float]],
    *, names: tuple[str, str], unit: str, source: str,
) -> Picture:  # fmt: skip
    """Payoffs of two sides: points by kind, the frontier as a line, packages that all ratifiers accept as dots.

    frontier, ratified: (payoff of the first side, of the second), in `unit` over no deal.
    """
    with style("bargain"):
        sheet = Sheet(HEIGHT)
        ax = sheet.figure.add_axes((0.62 / WIDTH, 1 - (TOP + SIDE) / HEIGHT, (WIDTH - 0.8) / WIDTH, SIDE / HEIGHT))
        everyone = [(s.x, s.y) for s in spots] + list(frontier) + list(ratified)
        for axis, values in (("x", [p[0] for p in everyone]), ("y", [p[1] for p in everyone])):
            getattr(ax, f"set_{axis}lim")(*limits(values, 0.08))
        for side in ("right", "top", "left", "bottom"):
            ax.spines[side].set_visible(False)
        ax.grid(color=GRID, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.axhline(0, color=INK, linewidth=0.9, zorder=2)
        ax.axvline(0, color=INK, linewidth=0.9, zorder=2)
        ax.tick_params(length=0, labelsize=7, labelcolor=MUTED)
        ax.set_xlabel(f"{names[0]}: {unit}", fontsize=7.5, color=INK)
        ax.set_ylabel(f"{names[1]}: {unit}", fontsize=7.5, color=INK)
        if frontier:
            ax.plot([p[0] for p in frontier], [p[1] for p in frontier], color=GAIN, linewidth=1.6, zorder=3)
        if ratified:
            ax.scatter([p[0] for p in ratified], [p[1] for p in ratified], s=9, color=GAIN, alpha=0.35, zorder=3,
                       linewidths=0)  # fmt: skip
        for spot in spots:
            color = COLORS[spot.kind]
            ax.scatter(
                [spot.x], [spot.y], marker=MARKS[spot.kind], s=34, zorder=5, linewidths=1.1, edgecolors=color,
                facecolors=color if spot.accepted or spot.kind == "disagreement" else "white",
            )  # fmt: skip
        for names_of, spot in _together(spots, ax.get_xlim(), ax.get_ylim()):
            ax.annotate(names_of, (spot.x, spot.y), xytext=(6, 5), textcoords="offset points", fontsize=7,
                        color=COLORS[spot.kind], zorder=6)  # fmt: skip
        _key(sheet, spots, bool(frontier), bool(ratified))
        told = "; ".join(f"{s.label}: {s.x:+.1f} and {s.y:+.1f}" for s in spots)
        return picture(
            sheet,
            id="bargain",
            title=f"What {names[0]} and {names[1]} could agree on",
            caption=(
                f"Each point is a package: its worth to {names[0]} to the right, to {names[1]} upwards, {unit}. "
                "Line: packages that no other betters for both. Filled marks: every ratifier accepts."
            ),
            source=source,
            alt=f"Payoffs of {names[0]} and {names[1]}, {unit}. {told}.",
            headers=("Package", "Kind", names[0], names[1], "Ratified"),
            cells=[(s.label, s.kind, f"{s.x:+.2f}", f"{s.y:+.2f}", "yes" if s.accepted else "no") for s in spots]
            + [("Frontier", "frontier", f"{x:+.2f}", f"{y:+.2f}", "") for x, y in frontier],
        )


def _together(
    spots: Sequence[Spot], across: tuple[float, float], up: tuple[float, float]
) -> list[tuple[str, Spot]]:
    """Numbers of spots, those too near to be told apart in one label."""
    groups: list[tuple[list[str], Spot]] = []
    for number, spot in enumerate(spots, 1):
        for numbers, first in groups:
            near = abs(spot.x - first.x) < NEAR * (across[1] - across[0])
            if near and abs(spot.y - first.y) < NEAR * (up[1] - up[0]):
                numbers.append(str(number))
                break
        else:
            groups.append(([str(number)], spot))
    return [(", ".join(numbers), spot) for numbers, spot in groups]


def _key(sheet: Sheet, spots: Sequence[Spot], curve: bool, dots: bool) -> None:
    """The numbered list under the picture, in two columns."""
    lines = [
        (f"{k}  {line}", COLORS[s.kind]) for k, s in enumerate(spots, 1) for line in wrap(s.label, 3.0, 7.5, 1)
    ]
    top, half = TOP + SIDE + 0.62, (len(lines) + 1) // 2
    for k, (line, color) in enumerate(lines):
        sheet.text(0.1 + (k // half) * (WIDTH / 2), top + 0.17 * (k % half), line, size=7.5, color=color)
    words = [WORDS[kind] for kind in MARKS if any(s.kind == kind for s in spots)]
    said = "Colours: " + ", ".join(words) + (". Blue line: frontier" if curve else "")
    sheet.text(0.1, top + 0.17 * half + 0.12, said + (". Blue dots: accepted by all ratifiers." if dots else "."),
               size=7, color=MUTED)  # fmt: skip
