"""Draws: seeded, common to all packages, equal to a loop over single draws, and honest about shares."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

import winset
from tolerances import SOLVER
from valuation import loop_twin
from winset.package.case import Assumption
from winset.valuation.account import QUANTILES
from winset.valuation.drivers import drivers, net, summary
from winset.valuation.lines import LineSource
from winset.valuation.points import ELASTICITIES, Points, centre, corners, draws, uniform
from winset.workflow import OpenCase

SETS = ("b", "a", "c")


def assumed(id: str, value: float, low: float, high: float) -> Assumption:
    return Assumption(id=id, label=id, value=value, low=low, high=high, unit="fraction", why="test")


RANGES = {a.id: a for a in (assumed("x", 0.2, 0.0, 1.0), assumed("y", 5.0, 5.0, 5.0), assumed("z", 1.0, 0.0, 1.0))}


@pytest.fixture(scope="module")
def opened() -> OpenCase:
    return winset.open_case("korea-us-2025")


def test_a_draw_depends_on_seed_number_and_name_alone() -> None:
    many = draws(RANGES, SETS, count=50, seed=3)
    few = draws({"z": RANGES["z"], "x": RANGES["x"]}, ("c", "b", "a"), count=20, seed=3)
    assert np.array_equal(many.values["x"][:20], few.values["x"])
    assert np.array_equal(many.values["z"][:20], few.values["z"])
    assert [SETS[k] for k in many.sets[:20]] == [("c", "b", "a")[k] for k in few.sets]
    other = draws(RANGES, SETS, count=50, seed=4)
    assert not np.array_equal(many.values["x"], other.values["x"])
    assert uniform(3, 7, "x") == uniform(3, 7, "x") != uniform(3, 7, "y")


def test_draws_keep_to_their_triangles_and_take_every_set() -> None:
    points = draws(RANGES, SETS, count=4000, seed=1)
    x = points.values["x"]
    assert 0 <= x.min() < 0.05
    assert 0.9 < x.max() <= 1
    # A triangle on 0, 0.2, 1 has mean 0.4 and standard deviation 0.2160; four standard errors of the mean.
    assert x.mean() == pytest.approx(0.4, abs=4 * 0.2160 / 4000**0.5)
    # Below the mode lies (0.2 - 0) / (1 - 0) of it.
    assert (x < 0.2).mean() == pytest.approx(0.2, abs=4 * (0.16 / 4000) ** 0.5)
    assert (points.values["y"] == 5.0).all()
    counts = np.bincount(points.sets, minlength=3) / 4000
    assert counts == pytest.approx(1 / 3, abs=4 * (2 / 9 / 4000) ** 0.5)


def test_corners_are_every_combination_of_ends() -> None:
    points = corners(RANGES, ["x", "y", "z"], (0, 2))
    assert len(points) == 8
    found = {
        (float(a), float(b), int(s))
        for a, b, s in zip(points.values["x"], points.values["z"], points.sets, strict=True)
    }
    assert found == {(a, b, s) for a in (0.0, 1.0) for b in (0.0, 1.0) for s in (0, 2)}


def test_vectorised_draws_equal_a_loop_over_single_draws(opened: OpenCase) -> None:
    case, count = opened.case, 25
    valuer = opened.valuer(draws=count, seed=11)
    package = case.package("november-2025-terms")
    valuer.value([("november-2025-terms", "threat-25")])
    mine, theirs = valuer._pair("november-2025-terms", "threat-25", None)
    sources = valuer.sources(mine, theirs)
    points = valuer.drawn
    for code in case.parties:
        fast = net(sources[code], points)
        j = opened.world.region(code)
        discount = next(p.discount_rate for p in case.sheet.parties if p.code == code)
        for k in range(count):
            at = {name: float(values[k]) for name, values in points.values.items()}
            name = valuer.sets[int(points.sets[k])]
            hats = [
                side.solver.equilibrium(side.branches[0].spans[0][1], side.background, name)
                for side in (mine, theirs)
            ]
            yearly = hats[0].world.income[j] * (hats[0].real_income_hat[j] - hats[1].real_income_hat[j])
            slow = sum(yearly * (1 + at[str(discount)]) ** -y for y in range(1, case.sheet.horizon.years + 1))
            for term in package.commitments:
                slow += loop_twin.commitment(term, case, code, package.date.year, at)
            assert fast[k] == pytest.approx(slow, rel=SOLVER, abs=1e-6), (code, k)


def test_lines_and_nets_over_draws(opened: OpenCase) -> None:
    account = opened.value("november-2025-terms", against="threat-25")
    for party in account.parties.values():
        assert party.draws is not None
        assert party.draws.count == 200
        assert tuple(party.draws.quantiles) == QUANTILES
        assert list(party.draws.quantiles.values()) == sorted(party.draws.quantiles.values())
        assert (
            party.net.low - 1e-6 <= party.draws.quantiles[5] <= party.draws.quantiles[95] <= party.net.high + 1e-6
        )
        for line in party.lines:
            assert line.draws is not None
            assert (
                line.band.low - 1e-6
                <= line.draws.quantiles[5]
                <= line.draws.quantiles[95]
                <= line.band.high + 1e-6
            )


def test_share_of_draws_that_gain_is_counted(opened: OpenCase) -> None:
    valuer = opened.valuer()
    valuer.value([("july-2025-framework", "november-2025-terms")])
    mine, theirs = valuer._pair("july-2025-framework", "november-2025-terms", None)
    account = opened.value("july-2025-framework", against="november-2025-terms")
    for code in opened.case.parties:
        values = [float(v) for v in net(valuer.sources(mine, theirs)[code], valuer.drawn)]
        counted = sum(1 for v in values if v > 0)
        found = account.parties[code].draws
        assert found is not None
        assert found.gains == counted / len(values)


def test_no_draws_and_the_status_quo(opened: OpenCase) -> None:
    assert opened.value("threat-25", draws=0).parties["KOR"].draws is None
    same = opened.value("november-2025-terms", against="november-2025-terms").parties["KOR"]
    assert same.draws is not None
    assert set(same.draws.quantiles.values()) == {0.0}
    assert same.draws.gains == 0.0
    assert summary(np.array([-1.0, 0.0, 1.0, 2.0])).gains == 0.5  # type: ignore[union-attr]


def test_extremes_do_not_depend_on_the_seed(opened: OpenCase) -> None:
    one, other = (opened.value("july-2025-framework", seed=seed).parties["KOR"] for seed in (1, 2))
    assert one.net == other.net
    assert one.draws != other.draws


def line(id: str, uses: tuple[str, ...], by_set: bool, evaluate: object) -> LineSource:
    return LineSource(
        id=id, label=id, horizon="", basis="model", rests_on=(), uses=uses, by_set=by_set, evaluate=evaluate,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_tornado_finds_what_drives() -> None:
    """Net = 10 x + effect of the set, z not felt: known swings, and shares that sum to one."""
    effect = np.array([0.0, 0.5, 1.0])

    def evaluate(points: Points) -> np.ndarray:
        return 10 * points.values["x"] + effect[points.sets] + 0 * points.values["z"]

    lines = [line("a", ("x", "z"), True, evaluate)]
    points = draws(RANGES, SETS, count=500, seed=2)
    found = drivers(lines, RANGES, points, net(lines, points), SETS, 0)
    assert [one.id for one in found] == ["x", ELASTICITIES, "z"]
    assert (found[0].at_low, found[0].at_high, found[0].swing) == pytest.approx((0.0, 10.0, 10.0))
    assert (found[1].at_low, found[1].at_high) == pytest.approx((2.0, 3.0))
    assert found[2].swing == 0
    assert sum(one.share for one in found) == pytest.approx(1)
    assert found[0].share > 0.9
    assert net(lines, centre(RANGES, 0)) == pytest.approx([2.0])


def test_same_seed_same_bytes() -> None:
    """Two processes, one file: nothing depends on hashing, order or clock."""
    command = [sys.executable, "-c", "from winset.cli import main; main()", "value", "korea-us-2025", "threat-25",
               "--draws", "30", "--seed", "9", "--json", "-"]  # fmt: skip
    first, second = (
        subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
        for _ in range(2)
    )
    assert first == second
    document = json.loads(first)
    assert document["draws"] == {**document["draws"], "count": 30, "seed": 9}
    assert document["manifest"]["seed"] == 9
