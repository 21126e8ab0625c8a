"""The picture of a bargain: frontier, win-sets, what is on the table, where each side stands without a deal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winset.brief.canvas import GAIN, GRID, INK, LOSS, MUTED, WIDTH, Picture, Sheet, limits, picture, style
from winset.brief.content import BriefContent, Finding
from winset.brief.figure_data import BargainPoint, BargainView
from winset.brief.figures_bars import by_party
from winset.brief.figures_labels import Box, place
from winset.brief.formats import in_shown_unit, number, unit_text, value_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Spot", "bargain_pictures", "bargaining_map"]

Pair = tuple[float, float]

MARKS = {
    "disagreement": "X",
    "status-quo": "^",
    "package": "s",
    "offer": "o",
    "counter-offer": "v",
    "solution": "D",
}
COLORS = {
    "disagreement": INK, "status-quo": INK, "package": MUTED, "offer": LOSS, "counter-offer": LOSS,
    "solution": GAIN,
}  # fmt: skip
KINDS = {
    "disagreement": "no deal", "status-quo": "status quo", "package": "package of the case", "offer": "offer",
    "counter-offer": "counter-offer", "solution": "solution",
}  # fmt: skip
NEITHER, ZONE = "#a6a6a6", "#e3eef6"
TOP, SIDE, FOOT = 0.3, 3.15, 0.46
"""Inches over, along and under the panels."""
LABEL = 7.2
CROWDED = 0.35
"""A frontier that takes less than this share of either axis is drawn a second time, enlarged."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One point of the picture."""

    label: str
    kind: str
    """disagreement, status-quo, package, offer, counter-offer, solution."""
    x: float
    y: float
    accepted: bool = False
    """Whether every side's ratifiers accept it."""


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """Everything in a plane, in the unit shown."""

    names: tuple[str, str]
    unit: str
    spots: Sequence[Spot]
    told: Sequence[tuple[str, str]]
    """Payoffs of each spot as printed."""
    frontier: Sequence[Pair]
    sample: Sequence[Pair]
    accepted: Sequence[tuple[bool, ...]]
    shares: tuple[str, ...] = ()
    """Share of the sample that each side's ratifiers accept, as printed."""


def bargaining_map(
    spots: Sequence[Spot], frontier: Sequence[Pair], ratified: Sequence[Pair], *, names: tuple[str, str],
    unit: str, source: str, words: Words | None = None,
) -> Picture:  # fmt: skip
    """Payoffs of two sides: points by kind, the frontier as a line, packages that all ratifiers accept as crosses.

    frontier, ratified: (payoff of the first side, of the second), in `unit` over no deal.
    """
    say = words or Words("en")
    scene = _Scene(
        names=names, unit=unit, spots=spots,
        told=[(number(s.x, 1, signed=True), number(s.y, 1, signed=True)) for s in spots],
        frontier=frontier, sample=ratified, accepted=[(True, True)] * len(ratified),
    )  # fmt: skip
    cells: list[tuple[str | Finding, ...]] = [
        (s.label, say(KINDS[s.kind]), f"{s.x:+.2f}", f"{s.y:+.2f}", say("yes") if s.accepted else say("no"))
        for s in spots
    ]
    cells += [(say("Frontier"), say("frontier"), f"{x:+.2f}", f"{y:+.2f}", "") for x, y in frontier]
    return _plane(scene, cells, id="bargain", facts_text="", source=source, say=say)


def bargain_pictures(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Of two sides a plane with frontier and win-sets; of more a bar per package and side."""
    view = content.bargain_view
    if view is None or not view.points:
        return ()
    say = words or Words(content.language)
    if len(view.parties) != 2:
        return _columns(content, view, say)
    everything = [f for p in view.points for f in p.payoffs]
    unit = everything[0].unit
    scene = _Scene(
        names=(view.parties[0], view.parties[1]),
        unit=unit_text(unit),
        spots=[_spot(point, view.parties) for point in view.points],
        told=[(value_text(p.payoffs[0]), value_text(p.payoffs[1])) for p in view.points],
        frontier=[(_shown(a), _shown(b)) for a, b in view.frontier],
        sample=[(in_shown_unit(row[0], unit), in_shown_unit(row[1], unit)) for row in view.sample],
        accepted=view.sample_accepted,
        shares=tuple(f"{value_text(f)}%" for f in view.shares),
    )
    cells: list[tuple[str | Finding, ...]] = [
        (p.label, say(KINDS[p.kind]), *p.payoffs, ", ".join(p.accepted_by)) for p in view.points
    ]
    cells += [(say("Frontier"), str(n), a, b, "") for n, (a, b) in enumerate(view.frontier, 1)]
    cells += [
        (say("Share of packages accepted (percent)"), party, *(f if k == n else "" for k in (0, 1)), "")
        for n, (party, f) in enumerate(zip(view.parties, view.shares, strict=False))
    ]
    return (
        _plane(
            scene, cells, id="fig-bargain", facts_text=facts(content, everything),
            source=source_line(content, everything), say=say,
        ),
    )  # fmt: skip


def _columns(content: BriefContent, view: BargainView, say: Words) -> tuple[Picture, ...]:
    titles = [
        f"{p.label} ({say(KINDS[p.kind])}"
        + (say("; accepted by {names}", names=", ".join(p.accepted_by)) if p.accepted_by else "")
        + ")"
        for p in view.points
    ]
    columns = [(party, [p.payoffs[n] for p in view.points]) for n, party in enumerate(view.parties)]
    return by_party(
        content, columns, titles, id="fig-bargain", title=say("What each side gets from each package"),
        lead=say("Bar: over no deal; hatched: less than without one. Accepted by: whose ratifiers agree to it."),
        words=say,
    )  # fmt: skip


def _shown(f: Finding) -> float:
    return in_shown_unit(f.value, f.unit)


def _spot(point: BargainPoint, parties: Sequence[str]) -> Spot:
    return Spot(
        label=point.label, kind=point.kind, x=_shown(point.payoffs[0]), y=_shown(point.payoffs[1]),
        accepted=set(parties) <= set(point.accepted_by),
    )  # fmt: skip


# ---------------------------------------------------------------------- the plane


def _plane(
    scene: _Scene, cells: Sequence[Sequence[str | Finding]], *, id: str, facts_text: str, source: str, say: Words
) -> Picture:
    one, two = scene.names
    near = _near(scene)
    with style(id):
        lines, key_height = _key_lines(scene)
        signs = _signs(scene, say)
        sheet = Sheet(TOP + SIDE + FOOT + key_height + 0.17 * math.ceil(len(signs) / 2) + 0.14)
        everything = [*[(s.x, s.y) for s in scene.spots], *scene.frontier, *scene.sample]
        full = _ends(everything)
        if near is None:
            _panel(sheet, scene, 0.56, WIDTH - 0.66, full, None, say)
        else:
            _panel(sheet, scene, 0.52, 2.86, full, near, say)
            _panel(sheet, scene, 3.93, 2.86, near, None, say, head=say("Enlarged: the dashed frame"))
        sheet.text(0.56, TOP + SIDE + 0.36, f"→ {one}: {scene.unit}", size=7.2)
        sheet.text(0.0, TOP - 0.18, f"↑ {two}: {scene.unit}", size=7.2)
        ground = sheet.ground()
        top = TOP + SIDE + FOOT + 0.1
        half = math.ceil(len(lines) / 2)
        for k, (spot, text, told) in enumerate(lines):
            x, y = (k // half) * (WIDTH / 2 + 0.05), top + sum(_tall(t) for _, t, _ in lines[k - k % half : k])
            y += _tall(text) / 2
            _mark(ground, spot, x + 0.06, y, 26)
            sheet.text(x + 0.16, y, str(k + 1), size=LABEL, bold=True, color=COLORS[spot.kind])
            sheet.text(x + 0.36, y, text, size=LABEL)
            sheet.text(x + WIDTH / 2 - 0.1, y, f"{told[0]} / {told[1]}", size=LABEL, ha="right")
        _sign_rows(sheet, ground, signs, TOP + SIDE + FOOT + key_height + 0.1)
        told_all = "; ".join(
            f"{s.label} ({say(KINDS[s.kind])}): {a}, {b}"
            for s, (a, b) in zip(scene.spots, scene.told, strict=True)
        )
        return picture(
            sheet,
            id=id,
            title=say("What {one} and {two} could agree on", one=one, two=two),
            caption=say(
                "Each point is a package: its worth to {one} to the right, to {two} upwards, over no deal "
                "(numbers in the key in this order). Line: packages that no other betters for both. Filled marks: "
                "every ratifier accepts. Blue ground: both gain.",
                one=one, two=two,
            )
            + (f" {facts_text}" if facts_text else f" {scene.unit}."),
            source=source,
            alt=say("Payoffs of {one} and {two}, {unit}.", one=one, two=two, unit=scene.unit) + f" {told_all}.",
            headers=(say("Package"), say("Kind"), one, two, say("Accepted by")),
            cells=cells,
        )  # fmt: skip


def _finite(pairs: Sequence[Pair]) -> list[Pair]:
    return [(x, y) for x, y in pairs if math.isfinite(x) and math.isfinite(y)]


def _ends(pairs: Sequence[Pair]) -> Box:
    """(lowest x, lowest y, highest x, highest y) with air, zero within."""
    kept = _finite(pairs)
    (left, right), (low, high) = limits([x for x, _ in kept], 0.08), limits([y for _, y in kept], 0.08)
    return left, low, right, high


def _near(scene: _Scene) -> Box | None:
    """What is worth enlarging: the frontier, no deal and the points among them, where small in the whole."""
    curve = _finite(scene.frontier)
    if not curve:
        return None
    most_x, most_y = max(max(x for x, _ in curve), 1e-9), max(max(y for _, y in curve), 1e-9)
    around = (-0.3 * most_x, -0.3 * most_y, 1.3 * most_x, 1.3 * most_y)
    close = [(s.x, s.y) for s in scene.spots if _within(s.x, s.y, around)]
    box = _ends([*curve, (0.0, 0.0), *close])
    full = _ends([*[(s.x, s.y) for s in scene.spots], *curve, *scene.sample])
    small = [(box[k + 2] - box[k]) / (full[k + 2] - full[k]) for k in (0, 1)]
    return box if max(small) < CROWDED or math.prod(small) < CROWDED**2 else None


def _panel(
    sheet: Sheet,
    scene: _Scene,
    left: float,
    width: float,
    box: Box,
    marked: Box | None,
    say: Words,
    head: str = "",
) -> None:
    """One view of the plane. marked: what another panel enlarges."""
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

    ax = sheet.axes(left, TOP, width, SIDE, 1)
    ax.set_xlim(box[0], box[2])
    ax.set_ylim(box[1], box[3])
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.tick_params(length=0, labelsize=7, labelcolor=MUTED)
    ax.grid(color=GRID, linewidth=0.6)
    ax.add_patch(Rectangle((0, 0), max(box[2], 0), max(box[3], 0), facecolor=ZONE, linewidth=0, zorder=0.5))
    ax.axhline(0, color=INK, linewidth=0.9, zorder=2)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=2)
    if head:
        sheet.text(left + width, TOP - 0.1, head, size=7.2, color=MUTED, ha="right")
    _dots(ax, scene)
    curve = sorted(_finite(scene.frontier))
    if curve:
        ax.plot([x for x, _ in curve], [y for _, y in curve], color=GAIN, linewidth=1.7, zorder=3)
    for spot in scene.spots:
        if math.isfinite(spot.x) and math.isfinite(spot.y):
            _mark(ax, spot, spot.x, spot.y, 32)
    if marked:
        frame = Rectangle(
            (marked[0], marked[1]), marked[2] - marked[0], marked[3] - marked[1], facecolor="none", edgecolor=INK,
            linewidth=0.8, linestyle=(0, (3, 2)), zorder=4,
        )  # fmt: skip
        ax.add_patch(frame)
    _names(sheet, scene, left, width, box, marked)


def _dots(ax: Axes, scene: _Scene) -> None:
    """The sample: an upright stroke where the first side's ratifiers accept, a level one where the second's do; so
    that both make a cross."""
    flags = list(scene.accepted) or [(False, False)] * len(scene.sample)
    none = [p for p, by in zip(scene.sample, flags, strict=False) if not any(by[:2])]
    for pairs, marker, size, color, wide in (
        (none, ".", 5, NEITHER, 0.0),
        ([p for p, by in zip(scene.sample, flags, strict=False) if by[0]], "|", 26, GAIN, 1.0),
        ([p for p, by in zip(scene.sample, flags, strict=False) if by[1]], "_", 26, LOSS, 1.0),
    ):
        kept = _finite(pairs)
        if kept:
            xs, ys = zip(*kept, strict=True)
            ax.scatter(xs, ys, marker=marker, s=size, color=color, linewidths=wide, zorder=1.5)


def _mark(ax: Axes, spot: Spot, x: float, y: float, size: float) -> None:
    color = COLORS[spot.kind]
    full = spot.accepted or spot.kind in ("disagreement", "status-quo")
    ax.scatter([x], [y], marker=MARKS[spot.kind], s=size, zorder=5, linewidths=1.1, edgecolors=color,
               facecolors=color if full else "white")  # fmt: skip


def _names(sheet: Sheet, scene: _Scene, left: float, width: float, box: Box, marked: Box | None) -> None:
    """Numbers beside the points of a panel; those that another panel enlarges are named there."""

    def inches(x: float, y: float) -> Pair:
        return left + (x - box[0]) / (box[2] - box[0]) * width, TOP + (box[3] - y) / (box[3] - box[1]) * SIDE

    groups: list[tuple[list[int], Pair, str]] = []
    for n, spot in enumerate(scene.spots, 1):
        x, y = spot.x, spot.y
        if not (math.isfinite(x) and math.isfinite(y) and _within(x, y, box)) or (
            marked and _within(x, y, marked)
        ):
            continue
        at = inches(x, y)
        group = next((g for g in groups if math.dist(g[1], at) < 0.05), None)
        if group:
            group[0].append(n)
        else:
            groups.append(([n], at, COLORS[spot.kind]))
    texts = [", ".join(map(str, numbers)) for numbers, _, _ in groups]
    sizes = [(text_width(text, LABEL, bold=True), 0.115) for text in texts]
    marks: list[Box] = [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for _, (x, y), _ in groups]
    curve = [inches(x, y) for x, y in sorted(_finite(scene.frontier)) if _within(x, y, box)]
    marks += [(x - 0.02, y - 0.02, x + 0.02, y + 0.02) for x, y in curve]
    if marked:
        (a, b), (c, d) = inches(marked[0], marked[3]), inches(marked[2], marked[1])
        marks.append((a, b, c, d))
    places = place([at for _, at, _ in groups], sizes, (left, TOP, left + width, TOP + SIDE), marks)
    for (_, at, color), text, placed in zip(groups, texts, places, strict=True):
        if placed.joined:
            sheet.line(at, placed.middle, color=color)
        x, y = placed.middle
        sheet.text(x, y, text, size=LABEL, ha="center", color=color, bold=True, halo=True)


def _within(x: float, y: float, box: Box) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


# ---------------------------------------------------------------------- the key


def _tall(lines: Sequence[str]) -> float:
    return 0.05 + 0.125 * len(lines)


def _key_lines(scene: _Scene) -> tuple[list[tuple[Spot, list[str], tuple[str, str]]], float]:
    """The numbered list of points, and its height in two columns."""
    lines = []
    for spot, told in zip(scene.spots, scene.told, strict=True):
        room = WIDTH / 2 - 0.56 - text_width(f"{told[0]} / {told[1]}", LABEL)
        lines.append((spot, wrap(spot.label, room, LABEL, most=2), told))
    half = math.ceil(len(lines) / 2)
    columns = [lines[:half], lines[half:]]
    return lines, max(sum(_tall(text) for _, text, _ in column) for column in columns) + 0.16


Sign = tuple[str, str, bool, str]
"""Marker ("line" for the frontier), colour, filled, what it stands for."""


def _signs(scene: _Scene, say: Words) -> list[Sign]:
    found: list[Sign] = [
        (MARKS[kind], COLORS[kind], kind in ("disagreement", "status-quo"), say(KINDS[kind]))
        for kind in MARKS
        if any(s.kind == kind for s in scene.spots)
    ]
    if scene.frontier:
        found.append(("line", GAIN, True, say("frontier: no other package betters both")))
    if any(s.accepted for s in scene.spots):
        found.append(("D", MUTED, True, say("filled: accepted by all ratifiers")))
    flags = list(scene.accepted)
    for n, (marker, color) in enumerate((("|", GAIN), ("_", LOSS))):
        if any(len(by) > n and by[n] for by in flags) and not all(all(by) for by in flags):
            share = f" ({scene.shares[n]})" if len(scene.shares) > n else ""
            found.append(
                (marker, color, True, say("accepted by the ratifiers of {name}", name=scene.names[n]) + share)
            )
    if any(all(by) for by in flags):
        found.append(("+", INK, True, say("accepted by the ratifiers of both")))
    if len(scene.sample) > sum(any(by) for by in flags):
        found.append((".", NEITHER, True, say("other packages looked at")))
    return found


def _sign_rows(sheet: Sheet, ground: Axes, signs: Sequence[Sign], top: float) -> None:
    """What marks mean, in two columns under the list."""
    sheet.rule(top - 0.1)
    half = math.ceil(len(signs) / 2)
    for k, (marker, color, full, text) in enumerate(signs):
        x, y = (k // half) * (WIDTH / 2 + 0.05), top + 0.06 + 0.17 * (k % half)
        if marker == "line":
            ground.plot([x, x + 0.16], [y, y], color=color, linewidth=1.7)
        elif marker == "+":
            ground.scatter([x + 0.06], [y], marker="|", s=30, color=GAIN, linewidths=1.0)
            ground.scatter([x + 0.06], [y], marker="_", s=30, color=LOSS, linewidths=1.0)
        elif marker in "|_.":
            ground.scatter([x + 0.06], [y], marker=marker, s=26, color=color, linewidths=1.0)
        else:
            ground.scatter([x + 0.06], [y], marker=marker, s=24, linewidths=1.1, edgecolors=color,
                           facecolors=color if full else "white")  # fmt: skip
        sheet.text(x + 0.24, y, wrap(text, WIDTH / 2 - 0.3, 7, most=1), size=7, color=MUTED)
