"""The parts that pictures are made of, against slow twins, published values and facts about the globe."""

from __future__ import annotations

import math
from importlib.resources import files

import numpy as np
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

import winset
from brief.figures_sample import timeline
from winset.brief.figure_data import DutyPart, DutyStep, RegionEffect, WorldEffects
from winset.brief.figures_hatch import hatch, thinned
from winset.brief.figures_labels import place
from winset.brief.figures_sectors import NONE
from winset.brief.figures_style import GAIN, LOSS, luminance, type_on
from winset.brief.figures_timeline import LOOKS, stack
from winset.brief.figures_world import FILLS, HATCHES, classes, homes
from winset.brief.words import Words
from winset.brief.world.outlines import members, points, shapes
from winset.brief.world.projection import HEIGHT, WIDTH, equal_earth
from winset.brief.wrapping import drawable, text_width, wrap

# ---------------------------------------------------------------------- the globe


@given(st.floats(-179, 179), st.floats(-89, 89))
def test_equal_earth_keeps_areas_true(east: float, north: float) -> None:
    d = 1e-5
    (x0, x1), _ = equal_earth([east - d, east + d], [north, north])
    (a, b), (y0, y1) = equal_earth([east, east], [north - d, north + d])
    (c0, c1), (e0, e1) = equal_earth([east - d, east + d], [north, north])
    width = math.radians(2 * d)
    # The determinant of the derivatives is that of the sphere.
    area = (x1 - x0) / width * (y1 - y0) / width - (b - a) / width * (e1 - e0) / width
    assert area == pytest.approx(math.cos(math.radians(north)), abs=2e-6)
    assert (c0, c1) == (x0, x1)
    assert e0 == e1


def test_equal_earth_has_the_published_shape() -> None:
    # Savric, Patterson and Jenny (2018): poles 0.59247 of the equator, which is 2.05458 times the height.
    pole, equator = (float(equal_earth(180.0, north)[0]) for north in (90.0, 0.0))
    assert pole / equator == pytest.approx(0.59247, abs=5e-6)
    assert pytest.approx(2.05458, abs=5e-6) == WIDTH / HEIGHT


# Land in thousand square kilometres, as atlases have it; outlines at 1:110 million are coarse.
AREAS = {
    "RUS": 16378,
    "CAN": 9094,
    "USA": 9147,
    "CHN": 9388,
    "BRA": 8358,
    "AUS": 7682,
    "IND": 2973,
    "KOR": 98,
    "FRA": 640,
}


@pytest.mark.parametrize(("code", "area"), sorted(AREAS.items()))
def test_countries_are_where_and_as_large_as_they_are(code: str, area: float) -> None:
    total = 0.0
    for ring in shapes()[code]:
        x, y = equal_earth(ring[:, 0], ring[:, 1])
        total += abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2
    assert total * 6371.0072**2 / 1000 == pytest.approx(area, rel=0.12)


def test_outlines_are_closed_on_the_globe_and_small() -> None:
    assert (files("winset.brief.world") / "outlines.json").stat().st_size < 120_000  # type: ignore[attr-defined]
    for code, rings in shapes().items():
        for ring in rings:
            assert len(ring) >= 4, code
            assert np.allclose(ring[0], ring[-1]), code
            assert np.ptp(ring[:, 0]) < 180, "no outline runs around the globe"
            assert np.all(np.abs(ring[:, 1]) <= 90)
    assert not set(shapes()) & set(points())


def test_codes_are_those_of_iso_3166() -> None:
    known = {country.alpha_3 for country in pycountry.countries}
    assert {*shapes(), *points()} - known == {"XKX"}
    assert len(members("EU27")) == 27
    assert set(members("EU27")) <= known
    assert members("KOR") == ()
    places = {"SGP": (103.8, 1.35), "MLT": (14.4, 35.9), "HKG": (114.2, 22.3), "MUS": (57.6, -20.3)}
    for code, (east, north) in places.items():
        assert points()[code] == pytest.approx((east, north), abs=0.6)


def test_every_region_of_the_shipped_baseline_is_drawn() -> None:
    world = winset.load_baseline("icio-2022")
    regions = tuple(RegionEffect(code=c, name=c, residual=c == "ROW", findings=()) for c in world.regions)
    home = homes(WorldEffects(packages=(), regions=regions))
    assert {regions[k].code for k in home.values()} == set(world.regions)
    assert set(home) == {*shapes(), *points()}
    assert regions[home["DEU"]].code == "EU27"
    assert regions[home["ARG"]].code == "ROW"
    bare = homes(WorldEffects(packages=(), regions=tuple(r for r in regions if not r.residual)))
    assert "ARG" not in bare


# ---------------------------------------------------------------------- classes and colours


@given(st.lists(st.floats(-1e4, 1e4), max_size=40), st.floats(-1e4, 1e4))
def test_classes_grow_and_mirror(values: list[float], value: float) -> None:
    found = classes(values)
    low, mid, high = found.bounds
    assert 0 < low < mid < high
    kind, mirrored = found.of(value), found.of(-value)
    assert kind is not None
    assert mirrored == 6 - kind
    assert (kind == 3) == (abs(value) < low)
    assert (kind > 3) == (value >= low)
    slow = 3 if abs(value) < low else 4 if abs(value) < mid else 5 if abs(value) < high else 6
    assert max(kind, 6 - kind) == slow
    assert found.of(float("nan")) is None
    assert len(set(found.words(Words("en")))) == 7


def test_classes_are_told_apart_without_colour() -> None:
    looks = [(round(luminance(fill), 2), HATCHES.get(k, (0, (), ""))[:2]) for k, fill in enumerate(FILLS)]
    for a in range(7):
        for b in range(a):
            contrast = (max(looks[a][0], looks[b][0]) + 0.05) / (min(looks[a][0], looks[b][0]) + 0.05)
            assert looks[a][1] != looks[b][1] or contrast > 1.4, (a, b)
    assert len({hatch for _, hatch in LOOKS}) == len(LOOKS)


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_type_on_any_ground_is_legible(red: int, green: int, blue: int) -> None:
    fill = f"#{red:02x}{green:02x}{blue:02x}"
    a, b = luminance(fill), luminance(type_on(fill))
    assert (max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4.5


def test_luminance_is_that_of_the_standard() -> None:
    # WCAG 2.2 gives 21 to 1 for black on white; the pure colours have the weights of the formula.
    assert (luminance("#ffffff"), luminance("#000000")) == (pytest.approx(1.0), 0.0)
    assert luminance("#00ff00") == pytest.approx(0.7152)
    assert luminance("#808080") == pytest.approx(0.2159, abs=1e-4)
    assert luminance(GAIN) < luminance(LOSS) < luminance(NONE)


# ---------------------------------------------------------------------- hatching, labels, stacks, lines


@given(
    st.lists(st.tuples(st.floats(0.2, 3), st.floats(0, 0.9)), min_size=4, max_size=9),
    st.sampled_from([0.0, 30.0, 45.0, 90.0, 135.0]),
)
def test_hatching_lies_inside_and_covers_evenly(spokes: list[tuple[float, float]], angle: float) -> None:
    from matplotlib.path import Path

    # Spokes in order, less than half a turn apart: no side crosses another.
    turns = [2 * math.pi * (k + part) / len(spokes) for k, (_, part) in enumerate(spokes)]
    star = np.array([(r * math.cos(t), r * math.sin(t)) for (r, _), t in zip(spokes, turns, strict=True)])
    ring = np.vstack([star, star[:1]])
    x, y = ring.T
    area = abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2
    spacing = 0.01
    lines = hatch([ring], spacing, angle)
    lengths = np.linalg.norm(lines[:, 1] - lines[:, 0], axis=1) if len(lines) else np.zeros(0)
    around = float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum())
    assert float(lengths.sum()) * spacing == pytest.approx(area, abs=around * spacing + 1e-9)
    middles = lines.mean(axis=1)[lengths > 1e-3]
    assert Path(ring).contains_points(middles, radius=1e-6).all() or Path(ring).contains_points(
        middles, radius=-1e-6).all()  # fmt: skip


def test_hatching_runs_on_over_a_border() -> None:
    left = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], float)
    right = left + np.array([1.0, 0.0])
    assert len(hatch([left, right], 0.25, 0.0)) == len(hatch([left], 0.25, 0.0))
    assert hatch([], 0.1).shape == (0, 2, 2)
    assert len(thinned(left, 0.1)) == 5
    assert len(thinned(left, 10.0)) == 0


spot = st.tuples(st.floats(0.3, 3.7), st.floats(0.3, 2.7))


@given(st.lists(spot, min_size=1, max_size=12), st.booleans())
def test_labels_stay_apart_and_inside(spots: list[tuple[float, float]], crowd: bool) -> None:
    if crowd:
        spots = [(2 + (x - 2) / 8, 1.5 + (y - 1.5) / 8) for x, y in spots]
    sizes = [(0.09 + 0.07 * (n % 3), 0.115) for n in range(len(spots))]
    found = place(spots, sizes, (0, 0, 4, 3))
    for n, one in enumerate(found):
        assert one.box[0] >= -1e-9
        assert one.box[1] >= -1e-9
        assert one.box[2] <= 4 + 1e-9
        assert one.box[3] <= 3 + 1e-9
        assert (one.box[2] - one.box[0], one.box[3] - one.box[1]) == pytest.approx(sizes[n])
        for other in found[:n]:
            wide = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            tall = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
            assert wide <= 1e-9 or tall <= 1e-9
    assert found == place(spots, sizes, (0, 0, 4, 3))


duty = st.builds(
    DutyPart, authority=st.sampled_from(["a", "b", "c"]), rate=st.integers(0, 50).map(float),
    kind=st.sampled_from(["additional", "total"]),
)  # fmt: skip


@given(st.lists(duty, max_size=5))
def test_stacked_duties_sum_to_the_rate(parts: list[DutyPart]) -> None:
    totals = [p.rate for p in parts if p.kind == "total"]
    rate = max(totals, default=0.0) + sum(p.rate for p in parts if p.kind == "additional")
    layers = stack(DutyStep(since="2025-01-01", rate=rate, parts=tuple(parts)))
    assert sum(height for _, height in layers) == pytest.approx(rate)
    assert all(height > 0 for _, height in layers)
    assert "" not in dict(layers)
    short = stack(DutyStep(since="2025-01-01", rate=rate + 5, parts=tuple(parts)))
    assert dict(short)[""] == pytest.approx(5)
    assert stack(DutyStep(since="2025-01-01", rate=None, parts=tuple(parts))) == ()


def test_the_higher_of_two_total_duties_is_paid() -> None:
    step = timeline().paths[0].steps[2]
    assert stack(step) == (("S232", 15.0),)


@given(st.text(max_size=300), st.floats(0.4, 3.0), st.integers(1, 5))
def test_lines_keep_to_their_width(text: str, inches: float, most: int) -> None:
    lines = wrap(text, inches, 8, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line, 8) <= inches + 1e-9 for line in lines)
    if len(lines) < most and not any(line.endswith("…") for line in lines):
        assert "".join("".join(lines).split()) == "".join(drawable(text).split())


def test_wide_letters_are_measured_as_such() -> None:
    assert text_width("가나다라", 7.2) == pytest.approx(0.4)
    assert text_width("iiii", 7.2) < text_width("nnnn", 7.2) < text_width("mmmm", 7.2)
    assert text_width("n", 7.2, bold=True) > text_width("n", 7.2)
