"""Makes outlines.json from the npm package world-atlas: `python make_outlines.py FOLDER_OF_THE_PACKAGE`.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz      -> ./package
    python src/winset/brief/world/make_outlines.py package

world-atlas holds Natural Earth 4.1.0 (public domain) as TopoJSON with ISO 3166 numeric codes. Shapes are those of
1:110 million; a country too small for it becomes a point, the middle of its largest island at 1:50 million. Places
are tenths of a degree, each but the first of a ring as its step from the one before. The development packages
bring pycountry, which knows the codes; the program itself does not need it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

Ring = list[tuple[int, int]]

BY_NAME = {"N. Cyprus": "CYP", "Somaliland": "SOM", "Kosovo": "XKX"}
"""Shapes without an ISO code: two go to the state that the United Nations count them to, one to its usual code."""
HALF = 1800
"""Half way round the globe, tenths of a degree."""
WEST = -1720
"""West of this, tenths of a degree, a shape is drawn on the right."""
LEFT_OUT = ("ATA",)
"""Antarctica trades with nobody and would take a tenth of the page."""


def main(folder: Path, target: Path) -> None:
    """Read the package and write the outlines."""
    shapes: dict[str, list[Ring]] = {}
    for code, rings in _countries(folder / "countries-110m.json"):
        shapes.setdefault(code, []).extend(ring for ring in map(_tenths, rings) if len(ring) > 3)
    points = {}
    for code, rings in _countries(folder / "countries-50m.json"):
        if code not in shapes and code not in points:
            points[code] = _middle(max(map(_tenths_all, rings), key=lambda ring: abs(_area(ring))))
    for code in LEFT_OUT:
        shapes.pop(code, None)
        points.pop(code, None)
    body = {
        "source": "Natural Earth 4.1.0, public domain, by way of world-atlas 2.0.2 (made by make_outlines.py)",
        "unit": "tenths of a degree: east, north; each place but the first of a ring is a step",
        "shapes": {code: [_steps(ring) for ring in shapes[code]] for code in sorted(shapes)},
        "points": {code: points[code] for code in sorted(points)},
    }
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=True)
    target.write_text(text.replace('],"', '],\n"').replace('},"', '},\n"') + "\n", encoding="utf-8")
    print(f"{len(shapes)} shapes, {len(points)} points, {target.stat().st_size:,} bytes")


def _countries(path: Path) -> Iterator[tuple[str, list[list[tuple[float, float]]]]]:
    """(ISO alpha-3, rings in degrees) of a TopoJSON file; holes are left out, as no lake is drawn."""
    world = json.loads(path.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for arc in world["arcs"]:
        x = y = 0
        places = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            places.append((x * sx + tx, y * sy + ty))
        arcs.append(places)
    for country in world["objects"]["countries"]["geometries"]:
        code = _code(country)
        if code:
            shapes: list[Any] = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            yield code, [_ring(arcs, shape[0]) for shape in shapes]


def _code(country: dict[str, Any]) -> str:
    import pycountry

    if country.get("id"):
        found = pycountry.countries.get(numeric=str(country["id"]).zfill(3))
        return str(found.alpha_3) if found else ""
    return BY_NAME.get(country["properties"]["name"], "")


def _ring(arcs: list[list[tuple[float, float]]], numbers: list[int]) -> list[tuple[float, float]]:
    """Arcs joined; a negative number is an arc walked backwards (TopoJSON 2.1.4)."""
    ring: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _tenths_all(ring: list[tuple[float, float]]) -> Ring:
    """Rounded; a ring that crosses the meridian of 180 degrees goes on beyond it instead of around the globe."""
    places: Ring = []
    turn = 0
    for x, y in ring:
        east = round(10 * x) + turn
        if places and abs(east - places[-1][0]) > HALF:
            step = -2 * HALF if east > places[-1][0] else 2 * HALF
            turn, east = turn + step, east + step
        places.append((east, round(10 * y)))
    # What lies farther west than the Bering Strait's western shore belongs to the right of the map.
    back = 2 * HALF if sum(x for x, _ in places) < WEST * len(places) else 0
    return [(x + back, y) for x, y in places]


def _tenths(ring: list[tuple[float, float]]) -> Ring:
    """Rounded; what repeats or lies on the line between its neighbours is left out."""
    kept: Ring = []
    for place in _tenths_all(ring):
        if kept and kept[-1] == place:
            continue
        while len(kept) > 1 and _between(kept[-2], kept[-1], place):
            kept.pop()
        kept.append(place)
    return kept


def _between(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2


def _middle(ring: Ring) -> list[int]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return [round((min(xs) + max(xs)) / 2), round((min(ys) + max(ys)) / 2)]


def _steps(ring: Ring) -> list[int]:
    flat = list(ring[0])
    for (ax, ay), (bx, by) in pairwise(ring):
        flat += [bx - ax, by - ay]
    return flat


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).with_name("outlines.json"))
