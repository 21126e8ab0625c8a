"""The world map: what each package does to the real income of every region, third parties above all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from winset.brief.canvas import INK, MUTED, TALLEST, WIDTH, Picture, Sheet, picture, style
from winset.brief.content import BriefContent, Finding
from winset.brief.figure_data import RegionEffect, WorldEffects
from winset.brief.figures_hatch import hatch, thinned
from winset.brief.formats import finding_text, plain, unit_text
from winset.brief.sourcing import facts, source_line
from winset.brief.words import Words
from winset.brief.world.outlines import members, points, shapes
from winset.brief.world.projection import equal_earth
from winset.brief.wrapping import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Classes", "classes", "homes", "world_maps"]

CENTRE = 10.0
"""Meridian in the middle: so that the strait between Asia and America is the edge."""
SOUTH = -56.0
"""Nothing south of this is drawn (degrees)."""
NORTH = 84.0
"""Where the map ends in the north (degrees)."""
FILLS = ("#a63603", "#f16913", "#fdbe85", "#f7f7f7", "#9ecae1", "#4292c6", "#08519c")
"""Losses, next to nothing, gains. Orange against blue: told apart by every common kind of colour vision."""
HATCHES: Mapping[int | None, tuple[float, tuple[float, ...], str]] = {
    0: (0.045, (45.0, 135.0), "#ffffff"),
    1: (0.045, (45.0,), "#ffffff"),
    2: (0.07, (45.0,), "#7a3400"),
    None: (0.07, (135.0,), "#a6a6a6"),
}
"""(inches between lines, angles, colour) by class. Losses are hatched, the larger the closer, so that they are not
taken for gains in a grey print; what is not reported is hatched the other way."""
UNKNOWN = "#ffffff"
"""Ground of a region whose number is not reported."""
FINE = 0.005
"""Inches; no outline is drawn finer."""
KEY = 0.62
"""Inches of the key under the maps."""

Ring = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Classes:
    """Bounds of the classes, symmetric about zero."""

    bounds: tuple[float, float, float]
    """Smallest size that counts, that of the middle class, that of the largest (in the unit shown)."""

    def of(self, value: float) -> int | None:
        """Number of the class, 0 (large loss) to 6 (large gain), 3 for next to nothing; None for no number."""
        if not math.isfinite(value):
            return None
        size = sum(abs(value) >= bound for bound in self.bounds)
        return 3 + size if value > 0 else 3 - size

    def words(self, say: Words) -> tuple[str, ...]:
        """What each class holds."""
        low, mid, high = map(plain, self.bounds)
        ranges = (
            say("{high} and more", high=high), say("{low} to {high}", low=mid, high=high),
            say("{low} to {high}", low=low, high=mid),
        )  # fmt: skip
        return (
            *(say("loss {range}", range=r) for r in ranges),
            say("less than {low}", low=low),
            *(say("gain {range}", range=r) for r in ranges[::-1]),
        )


def classes(values: Sequence[float]) -> Classes:
    """Bounds from the 1-2-5 series: the highest stays above nine tenths of the sizes, the others are 1/5 and 1/20
    of it or next to that, since effects on third parties differ by orders of magnitude."""
    sizes = sorted(abs(v) for v in values if math.isfinite(v) and v)
    if not sizes:
        return Classes(bounds=(0.1, 0.5, 1.0))
    series = [s * 10.0**p for p in range(-8, 6) for s in (1, 2, 5)]
    wanted = sizes[int(0.85 * (len(sizes) - 1))]
    top = max((k for k, s in enumerate(series) if s <= wanted), default=4)
    top = max(top, 4)
    return Classes(bounds=tuple(float(f"{series[top - k]:.0e}") for k in (4, 2, 0)))  # type: ignore[arg-type]


def homes(effects: WorldEffects) -> Mapping[str, int]:
    """Which region (by position) each country is drawn as; a country that two regions name goes to the first."""
    found: dict[str, int] = {}
    for position, region in enumerate(effects.regions):
        if not region.residual:
            for code in region.members or members(region.code) or (region.code,):
                found.setdefault(code, position)
    rest = next((n for n, region in enumerate(effects.regions) if region.residual), None)
    if rest is not None:
        for code in (*shapes(), *points()):
            found.setdefault(code, rest)
    return found


def world_maps(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """A map per package, six to a picture, all with the same classes."""
    effects = content.world
    if effects is None or not any(f for region in effects.regions for f in region.findings):
        return ()
    say = words or Words(content.language)
    used = [k for k in range(len(effects.packages)) if any(_at(region, k) for region in effects.regions)]
    limits = classes([f.value for region in effects.regions for f in region.findings if f])
    each = 6 if len(used) > 2 else 2
    return tuple(
        _drawn(content, effects, used[start : start + each], limits, f"fig-world-{start // each + 1}", say)
        for start in range(0, len(used), each)
    )


def _at(region: RegionEffect, package: int) -> Finding | None:
    return region.findings[package] if package < len(region.findings) else None


@cache
def _map_shapes(width: float) -> tuple[tuple[str, tuple[Ring, ...]], ...]:
    """Rings of every country on a map of some width: inches from its left edge and up from its lower one."""
    left, bottom, scale, _ = _frame(width)
    found = []
    for code, rings in shapes().items():
        placed = []
        for ring in rings:
            if ring[:, 1].max() > SOUTH:
                x, y = equal_earth(ring[:, 0], ring[:, 1], CENTRE)
                thin = thinned(np.column_stack([(x - left) * scale, (y - bottom) * scale]), FINE)
                if len(thin):
                    placed.append(thin)
        found.append((code, tuple(placed)))
    return tuple(found)


def _frame(width: float) -> tuple[float, float, float, float]:
    """(left and lower edge in radii, inches per radius, height in inches) of a map."""
    left, right = (float(equal_earth(east + CENTRE, 0.0, CENTRE)[0]) for east in (-180.0, 180.0))
    bottom, top = (float(equal_earth(0.0, north)[1]) for north in (SOUTH, NORTH))
    scale = width / (right - left)
    return left, bottom, scale, (top - bottom) * scale


def _drawn(
    content: BriefContent, effects: WorldEffects, packages: Sequence[int], limits: Classes, id: str, say: Words
) -> Picture:
    several = [f for region in effects.regions for k in packages if (f := _at(region, k))]
    across = 1 if len(packages) == 1 else 2
    down = math.ceil(len(packages) / across)
    width = (WIDTH - 0.12 * (across - 1)) / across
    tall = _frame(width)[3]
    heads = [wrap(effects.packages[k], width, 8, most=2, bold=True) for k in packages]
    head = 0.1 + 0.14 * max(map(len, heads))
    block = head + tall + 0.34
    with style(id):
        sheet = Sheet(min(block * down + KEY, TALLEST))
        corners: list[tuple[float, float]] = []
        for place, k in enumerate(packages):
            x, y = (width + 0.12) * (place % across), block * (place // across)
            sheet.text(x, y + head - 0.07, heads[place], size=8, bold=True, anchor="bottom")
            corners.append((x, y + head + tall))
            ends = [wrap(text, width, 6.8, most=1)[0] for text in _ends(effects, k, say)]
            sheet.text(x, y + head + tall + 0.08, ends, size=6.8, color=MUTED, anchor="top")
        _paint(sheet, effects, packages, corners, width, limits)
        _key(sheet, limits, sheet.height - KEY, unit_text(several[0].unit), say)
        told = " ".join(
            f"{effects.packages[k]}: "
            + "; ".join(f"{region.name} {finding_text(f)}" for region in effects.regions if (f := _at(region, k)))
            + "."
            for k in packages
        )
        return picture(
            sheet,
            id=id,
            title=say("Real income of every region under each package"),
            caption=say(
                "Central values; bands in the data. Blue: a gain; orange, hatched: a loss; grey lines: not "
                "reported; heavy outline: at the table; dot or square: a region too small to be drawn, square for "
                "a loss. All countries of an aggregate have its number. Equal Earth projection; borders as in "
                "Natural Earth, without a view on any dispute."
            )
            + f" {facts(content, several)}",
            source=source_line(content, several) + " " + say("Outlines: Natural Earth (public domain)."),
            alt=say("World maps coloured by the change of real income, {unit}.", unit=unit_text(several[0].unit))
            + f" {told}",
            headers=(say("Region"), say("Code"), *(effects.packages[k] for k in packages)),
            cells=[
                (region.name, region.code, *(_at(region, k) or say("not reported") for k in packages))
                for region in effects.regions
            ],
        )


def _paint(
    sheet: Sheet, effects: WorldEffects, packages: Sequence[int], corners: Sequence[tuple[float, float]],
    width: float, limits: Classes,
) -> None:  # fmt: skip
    """All maps of a sheet. corners: lower left of each, inches from the left and the top of the sheet."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    ground = sheet.ground()
    home = homes(effects)
    countries = _map_shapes(width)
    outlines = [Path.make_compound_path(*map(Path, rings)) for _, rings in countries if rings]
    codes = [code for code, rings in countries if rings]
    kinds = [[_kind(effects, home, code, k, limits) for code in codes] for k in packages]
    # One collection for all maps: the file then holds every outline once, however many maps there are.
    ground.add_collection(
        PathCollection(
            outlines,
            facecolors=[UNKNOWN if kind is None else FILLS[kind] for row in kinds for kind in row],
            edgecolors="#8a8a8a", linewidths=0.25, offsets=[corner for corner in corners for _ in codes],
            offset_transform=ground.transData, transform=sheet.figure.dpi_scale_trans, clip_on=False,
        ),
        autolim=False,
    )  # fmt: skip
    for row, (x, y), k in zip(kinds, corners, packages, strict=True):
        for kind, (spacing, angles, color) in HATCHES.items():
            rings = [ring for (code, many), of in zip(((c, m) for c, m in countries if m), row, strict=True)
                     if of == kind for ring in many]  # fmt: skip
            for angle in angles:
                lines = hatch(rings, spacing, angle)
                _lines(ground, np.stack([x + lines[..., 0], y - lines[..., 1]], axis=-1), color)
        _marks(ground, effects, k, home, limits, (x, y), width)


def _lines(ax: Axes, segments: NDArray[np.float64], color: str) -> None:
    """Segments (m, 2, 2) as one path, which a file holds in few words."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if len(segments):
        codes = np.tile([Path.MOVETO, Path.LINETO], len(segments))
        path = Path(segments.reshape(-1, 2), codes)
        ax.add_artist(PathPatch(path, facecolor="none", edgecolor=color, linewidth=0.55, zorder=2))


def _kind(effects: WorldEffects, home: Mapping[str, int], code: str, package: int, limits: Classes) -> int | None:
    """Class of a country under a package; None where nothing is reported."""
    f = _at(effects.regions[home[code]], package) if code in home else None
    return None if f is None else limits.of(f.value)


def _marks(
    ax: Axes, effects: WorldEffects, package: int, home: Mapping[str, int], limits: Classes,
    corner: tuple[float, float], width: float,
) -> None:  # fmt: skip
    """Outlines of those at the table, and a ring for each region that is too small to be drawn."""
    x0, y0 = corner
    for code, rings in _map_shapes(width):
        if code in home and effects.regions[home[code]].party:
            for ring in rings:
                # A country of a few millimetres would be nothing but outline.
                wide = 0.9 if np.ptp(ring, axis=0).max() > 0.3 else 0.45
                ax.plot(x0 + ring[:, 0], y0 - ring[:, 1], color=INK, linewidth=wide, zorder=3)
    left, bottom, scale, _ = _frame(width)
    for region in effects.regions:
        if region.code in points() and not region.members:
            east, north = equal_earth(*points()[region.code], CENTRE)
            kind = _kind(effects, home, region.code, package, limits)
            ax.plot(
                x0 + (float(east) - left) * scale, y0 - (float(north) - bottom) * scale,
                "o" if kind is None or kind >= 3 else "s", markersize=4.2,
                color=UNKNOWN if kind is None else FILLS[kind], markeredgecolor=INK,
                markeredgewidth=0.9 if region.party else 0.5, zorder=4,
            )  # fmt: skip


def _ends(effects: WorldEffects, package: int, say: Words) -> list[str]:
    """The largest gain and loss among those not at the table, in words."""
    third = [
        (f, region.name)
        for region in effects.regions
        if not region.party and (f := _at(region, package)) and math.isfinite(f.value)
    ]
    lines = []
    if third:
        most, least = max(third, key=lambda p: p[0].value), min(third, key=lambda p: p[0].value)
        if most[0].value > 0:
            lines.append(say("Largest gain of others: {name} {value}", name=most[1], value=finding_text(most[0])))
        if least[0].value < 0:
            lines.append(
                say("Largest loss of others: {name} {value}", name=least[1], value=finding_text(least[0]))
            )
    return lines or [""]


def _key(sheet: Sheet, limits: Classes, top: float, unit: str, say: Words) -> None:
    """Two rows of swatches with what they stand for."""
    entries: list[tuple[int | None, str]] = [*enumerate(limits.words(say)), (None, say("not reported"))]
    sheet.text(0, top + 0.08, unit, size=7, color=MUTED)
    wide, swatch = WIDTH / 4, np.array([[0, 0], [0.26, 0], [0.26, 0.13], [0, 0.13], [0, 0]], float)
    for n, (kind, text) in enumerate(entries):
        x, y = wide * (n % 4), top + 0.27 + 0.2 * (n // 4)
        fill = UNKNOWN if kind is None else FILLS[kind]
        sheet.swatch(x, y, 0.26, 0.13, facecolor=fill, edgecolor="#8a8a8a", linewidth=0.6)
        if kind in HATCHES:
            spacing, angles, color = HATCHES[kind]
            for angle in angles:
                lines = hatch([swatch], spacing, -angle)  # the scale of the sheet runs down
                _lines(sheet.ground(), lines + np.array([x, y - 0.065]), color)
        sheet.text(x + 0.32, y, wrap(text, wide - 0.36, 7, most=1), size=7)
