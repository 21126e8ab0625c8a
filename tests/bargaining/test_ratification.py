"""Ratifiers, votes, win-sets and what opens a deal: against counting, listing and worked examples."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining.spaces import box, grid, smooth, triangle
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.problem import Limit, Problem
from winset.bargaining.ratification import PackageTable, SeatQuota, SeatVote, WinSet, accepted, margins
from winset.bargaining.relaxation import best_ask, side_payment, smallest_relaxation, with_win_sets
from winset.bargaining.voting import banzhaf, passing_chance, seat_distribution, shapley_shubik, yes_chances
from winset.bargaining.winsets import agreement_set, sample, win_set_sizes
from winset.core.errors import RequestError, UnknownNameError


def random_seats(rng: np.random.Generator, most: int = 7) -> tuple[list[int], int]:
    seats = [int(s) for s in rng.integers(1, 9, rng.integers(1, most + 1))]
    return seats, int(rng.integers(1, sum(seats) + 2))


@settings(max_examples=150)
@given(st.integers(0, 1_000_000))
def test_votes_against_listing_every_outcome(seed: int) -> None:
    rng = np.random.default_rng(seed)
    seats, quota = random_seats(rng)
    n = len(seats)
    margin, spread = rng.normal(size=n), rng.uniform(0.2, 3, n)
    p = 1 / (1 + np.exp(-margin / spread))
    expected, by_seats = 0.0, np.zeros(sum(seats) + 1)
    pivotal = np.zeros(n)
    for votes in itertools.product([0, 1], repeat=n):
        chance = math.prod(p[k] if v else 1 - p[k] for k, v in enumerate(votes))
        have = sum(s for s, v in zip(seats, votes, strict=True) if v)
        by_seats[have] += chance
        expected += chance * (have >= quota)
        for k in range(n):
            without = have - seats[k] * votes[k]
            pivotal[k] += (without < quota <= without + seats[k]) / 2**n
    assert seat_distribution(p, seats) == pytest.approx(by_seats, abs=1e-12)
    chance, slope = passing_chance(margin, spread, seats, quota)
    assert chance == pytest.approx(expected, abs=1e-12)
    assert banzhaf(seats, quota) == pytest.approx(pivotal, abs=1e-12)
    step = 1e-6
    for k in range(n):
        up, down = (passing_chance(margin + d * np.eye(n)[k], spread, seats, quota)[0] for d in (step, -step))
        assert slope[k] == pytest.approx((up - down) / (2 * step), abs=1e-7)


@settings(max_examples=60)
@given(st.integers(0, 1_000_000))
def test_shapley_shubik_against_every_order(seed: int) -> None:
    seats, quota = random_seats(np.random.default_rng(seed), most=6)
    count = np.zeros(len(seats))
    orders = list(itertools.permutations(range(len(seats))))
    for order in orders:
        have = 0
        for k in order:
            if have < quota <= have + seats[k]:
                count[k] += 1
            have += seats[k]
    assert shapley_shubik(seats, quota) == pytest.approx(count / len(orders), abs=1e-12)


def test_a_common_shock_against_a_fine_sum() -> None:
    margin, spread, seats, quota = np.array([1.0, -0.5, 0.2]), np.array([1.0, 0.5, 2.0]), [3, 2, 2], 4
    z = np.linspace(-9, 9, 20001)
    weight = np.exp(-0.5 * z**2)
    weight /= weight.sum()
    fine = sum(
        w * seat_distribution(yes_chances(margin, spread, 0.8 * x), seats)[quota:].sum()
        for x, w in zip(z[::20], 20 * weight[::20], strict=True)
    )
    assert passing_chance(margin, spread, seats, quota, common=0.8)[0] == pytest.approx(fine, abs=1e-6)


def table_of(rng: np.random.Generator, packages: int = 40) -> PackageTable:
    return PackageTable(
        rows=("A", "B", "farms", "cars"),
        values=rng.integers(-4, 6, (packages, 4)).astype(float),
        parties=("A", "B"),
        disagreement=np.array([-1.0, 0.0]),
        instruments=("rate", "other"),
        packages=rng.integers(0, 4, (packages, 2)).astype(float),
    )


def ratifiers(rng: np.random.Generator) -> list[WinSet]:
    a = (
        Limit(name="farms hold", rows={"farms": 1.0}, at_least=float(rng.integers(-3, 2)), party="A"),
        Limit(name="no worse than the other", instruments={"rate": 1.0, "other": -1.0}, at_most=0.0, party="A"),
        SeatQuota(
            name="house",
            party="A",
            seats={"farms": 3, "cars": 2, "A": 4},
            floors={"farms": 0.0, "cars": 1.0, "A": -1.0},
            quota=int(rng.integers(1, 9)),
        ),
    )
    b = (
        SeatVote(
            name="senate",
            party="B",
            seats={"farms": 1, "cars": 1},
            floors={"farms": 0.0, "cars": 0.0},
            spreads={"farms": 1.0, "cars": 2.0},
            quota=1,
            at_least=0.6,
        ),
    )
    return [WinSet(party="A", ratifiers=a), WinSet(party="B", ratifiers=b)]


@settings(max_examples=150)
@given(st.integers(0, 1_000_000))
def test_sets_against_asking_each_ratifier(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, sides = table_of(rng), ratifiers(rng)
    quota = sides[0].ratifiers[2]
    limit = sides[0].ratifiers[0]
    vote = sides[1].ratifiers[0]
    assert isinstance(quota, SeatQuota)
    assert isinstance(limit, Limit)
    assert isinstance(vote, SeatVote)
    inside_a, inside_b, deal = [], [], []
    for u, x in zip(table.values, table.packages, strict=True):
        yes = sum(s for row, s in quota.seats.items() if u[table.rows.index(row)] >= quota.floors[row])
        a = bool(u[2] >= limit.bound and x[0] <= x[1] and yes >= quota.quota)
        p, q = 1 / (1 + math.exp(-u[2])), 1 / (1 + math.exp(-u[3] / 2))
        b = 1 - (1 - p) * (1 - q) >= 0.6
        inside_a.append(a)
        inside_b.append(b)
        deal.append(a and b and u[0] >= -1 and u[1] >= 0)
    sizes = win_set_sizes(sides, table)
    assert sizes["A"].size == pytest.approx(np.mean(inside_a))
    assert sizes["B"].size == pytest.approx(np.mean(inside_b))
    meeting = agreement_set(sides, table)
    assert meeting.members.tolist() == np.flatnonzero(deal).tolist()
    assert meeting.empty == (not any(deal))
    assert bool(meeting.reason) == meeting.empty
    # What each alone keeps out is what appears once it is left out.
    for obstacle in meeting.obstacles:
        if obstacle.name.endswith("at least at disagreement"):
            continue
        fewer = [
            replace(one, ratifiers=tuple(r for r in one.ratifiers if r.name != obstacle.name)) for one in sides
        ]
        assert agreement_set(fewer, table).size - meeting.size == pytest.approx(obstacle.alone)
    json.dumps(meeting.as_plain(), allow_nan=False)


@settings(max_examples=100)
@given(st.integers(0, 1_000_000))
def test_another_ratifier_never_enlarges_a_win_set(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, sides = table_of(rng), ratifiers(rng)
    for side in sides:
        inside = np.ones(len(table.values), dtype=bool)
        for k in range(len(side.ratifiers) + 1):
            now = accepted(replace(side, ratifiers=side.ratifiers[:k]), table)
            assert not (now & ~inside).any()
            inside = now


def test_margin_of_a_quota_is_how_far_all_could_fall() -> None:
    rng = np.random.default_rng(2)
    table = table_of(rng)
    quota = ratifiers(rng)[0].ratifiers[2]
    for margin, row in zip(margins(quota, table), table.values, strict=True):
        for shift, holds in ((margin, True), (margin + 1e-9, False)):
            moved = replace(table, values=row[None] - shift, packages=table.packages[:1])
            assert (margins(quota, moved)[0] >= -1e-12) == holds


def test_an_empty_set_names_a_smallest_clash() -> None:
    table = PackageTable(
        rows=("A", "B"), values=np.array([[2.0, -1.0], [-1.0, 2.0]]), parties=("A", "B"), disagreement=np.zeros(2)
    )
    out = agreement_set([], table)
    assert out.empty
    assert out.reason == (
        "no package satisfies together: A at least at disagreement (A), B at least at disagreement (B)"
    )
    none = agreement_set([], replace(table, values=np.empty((0, 2)), packages=np.empty((0, 0))))
    assert none.empty
    assert none.reason == "no package was looked at"


def test_sampled_size_and_its_error() -> None:
    """A quarter disc within the unit square, by squares of the instruments as payoffs."""
    problem = Problem(
        instruments=box("ab"),
        parties=("A", "B"),
        payoffs=lambda x: (x**2, np.diag(2 * x)),
        disagreement=np.zeros(2),
    )
    table = sample(problem, packages=2048, replicates=8, seed=3)
    side = WinSet(party="A", ratifiers=(Limit(name="disc", rows={"A": 1.0, "B": 1.0}, at_most=1.0, party="A"),))
    size = win_set_sizes([side], table)["A"]
    assert size.packages == 2048
    assert 0 < size.error < 0.01
    assert abs(size.size - math.pi / 4) < 5 * size.error
    again = sample(problem, packages=2048, replicates=8, seed=3)
    assert np.array_equal(again.packages, table.packages)


def farm_problem() -> Problem:
    """A gains from the cut of B's tariff, its farms lose by its own; the mirror for B."""
    slopes = np.array([[-1.0, 3.0], [2.0, -1.0], [-2.0, 0.5]])
    return Problem(
        instruments=box(("own cut", "their cut")),
        parties=("A", "B"),
        groups=("farms",),
        payoffs=lambda x: (slopes @ x, slopes),
        disagreement=np.zeros(2),
    )


def test_best_ask_and_prices() -> None:
    """A asks for the whole of B's cut, paying with its own until B is at zero: x = (1/2, 1), worth 2.5 to A."""
    ask = best_ask(farm_problem(), "A")
    assert ask.x == pytest.approx([0.5, 1.0], abs=1e-6)
    assert ask.payoffs == pytest.approx([2.5, 0.0], abs=1e-6)
    # One unit more needed by B costs A half a unit of its own cut.
    assert ask.prices["B at least at disagreement"] == pytest.approx(0.5, abs=1e-5)
    farms = WinSet(party="A", ratifiers=(Limit(name="farms", rows={"farms": 1.0}, at_least=-0.3, party="A"),))
    held = best_ask(farm_problem(), "A", [farms])
    # Farms: -2 a + b/2 >= -0.3 with 2 a >= b: b <= 0.6 and a = b / 2.
    assert held.x == pytest.approx([0.3, 0.6], abs=1e-6)
    step = 1e-4
    looser = WinSet(
        party="A", ratifiers=(Limit(name="farms", rows={"farms": 1.0}, at_least=-0.3 - step, party="A"),)
    )
    gained = best_ask(farm_problem(), "A", [looser]).payoffs[0] - held.payoffs[0]
    assert held.prices["farms"] == pytest.approx(gained / step, rel=1e-4)


def test_smallest_relaxation() -> None:
    """Farms at 0.2 and B at 0: b/2 - 2a >= 0.2 and 2a >= b cannot both hold; together they miss by 0.2."""
    farms = WinSet(party="A", ratifiers=(Limit(name="farms", rows={"farms": 1.0}, at_least=0.2, party="A"),))
    assert best_ask(farm_problem(), "A", [farms]).reason
    names = ["A at least at disagreement", "B at least at disagreement"]
    out = smallest_relaxation(farm_problem(), [farms], keep=names)
    assert out.loosened == pytest.approx({"farms": 0.2}, abs=1e-5)
    assert out.cost == pytest.approx(0.2, abs=1e-5)
    dear = smallest_relaxation(farm_problem(), [farms], weights={"farms": 100.0}, keep=names[:1])
    # b = 0.4 satisfies the farms without any own cut, at 0.4 to B.
    assert dear.loosened == pytest.approx({names[1]: 0.4}, abs=1e-5)
    assert smallest_relaxation(farm_problem()).cost == 0.0
    with pytest.raises(UnknownNameError, match="farms"):
        smallest_relaxation(farm_problem(), [farms], keep=["farm"])


@pytest.mark.parametrize("seed", range(4))
def test_relaxation_against_a_grid(seed: int) -> None:
    problem = smooth(seed, instruments=2, wave=0.3)
    problem = replace(problem, disagreement=grid(problem, 41)[1].max(axis=0) - 1.0)
    out = smallest_relaxation(problem)
    short = np.maximum(0.0, problem.disagreement - grid(problem, 81)[1]).sum(axis=1)
    assert out.cost <= short.min() + 1e-4
    assert out.cost == pytest.approx(np.maximum(0, problem.disagreement - out.payoffs).sum(), rel=1e-3, abs=1e-3)


def test_side_payment() -> None:
    """Packages on u1 + 2 u2 = 2 with d = (1.5, 0.5): A must have 1.5, which leaves B 0.25 of the 0.5 it needs."""
    problem = triangle((0.5, 1.0), (1.5, 0.5))
    assert best_ask(problem, "one").reason
    out = side_payment(problem)
    assert out.paid > 0
    final = out.payoffs + out.received
    assert (final >= problem.disagreement - 1e-6).all()
    assert out.received.sum() == pytest.approx(0.0, abs=1e-9)
    listed = np.array([[u, 1 - u / 2] for u in np.linspace(0, 2, 2001)])
    over = listed - problem.disagreement
    enough = over[over.sum(axis=1) >= 0]
    assert out.paid == pytest.approx(np.maximum(0, -enough).sum(axis=1).min(), abs=2e-3)
    lossy = side_payment(problem, loss=0.1)
    assert lossy.reason or lossy.paid >= out.paid
    hopeless = side_payment(triangle(disagreement=(3.0, 3.0)))
    assert "enough" in hopeless.reason
    assert side_payment(triangle()).paid == 0.0


def test_quota_in_a_search() -> None:
    """Two of three groups must gain; A's best package drops the one that is dearest to please."""
    slopes = np.array([[3.0, 1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-4.0, 1.0]])
    problem = Problem(
        instruments=box("ab"),
        parties=("A", "B"),
        groups=("g1", "g2", "g3"),
        payoffs=lambda x: (slopes @ x, slopes),
        disagreement=np.zeros(2),
    )
    seats = dict.fromkeys(("g1", "g2", "g3"), 1)
    quota = SeatQuota(name="house", party="B", seats=seats, floors=dict.fromkeys(seats, 0.0), quota=2)
    side = WinSet(party="B", ratifiers=(quota,))
    rooms, complete = with_win_sets(problem, [side])
    assert complete
    assert len(rooms) == 3
    ask = best_ask(problem, "A", [side])
    packages, payoffs = grid(problem, 101)
    yes = (payoffs[:, 2:] >= 0).sum(axis=1) >= 2
    best = packages[yes][payoffs[yes, 0].argmax()]
    assert ask.x == pytest.approx(best, abs=1e-5)
    assert ask.payoffs[0] == pytest.approx(payoffs[yes, 0].max(), abs=1e-5)


def test_required_chance_in_a_search() -> None:
    vote = SeatVote(
        name="house",
        party="A",
        seats={"farms": 2, "A": 1},
        floors={"farms": 0.0, "A": 0.0},
        spreads={"farms": 0.5, "A": 1.0},
        quota=2,
        at_least=0.5,
    )
    side = WinSet(party="A", ratifiers=(vote,))
    room = Evaluator(farm_problem())
    ask = best_ask(room, "A", [side])
    # Farms alone have the two seats, so they must be as likely as not: -2 a + b/2 >= 0, and 2 a >= b kills it.
    assert ask.payoffs[0] == pytest.approx(0.0, abs=1e-4)
    lax = replace(vote, at_least=0.2)
    ask = best_ask(room, "A", [WinSet(party="A", ratifiers=(lax,))])
    assert vote.chance(np.array([-2 * ask.x[0] + 0.5 * ask.x[1], ask.payoffs[0]]))[0] >= 0.2 - 1e-5
    assert ask.payoffs[0] > 0.1


def test_mistakes_are_named() -> None:
    with pytest.raises(UnknownNameError, match="farms"):
        accepted(
            WinSet(party="A", ratifiers=(Limit(name="x", rows={"farm": 1.0}, at_least=0.0, party="A"),)),
            table_of(np.random.default_rng(0)),
        )
    with pytest.raises(RequestError, match="belongs to"):
        WinSet(party="A", ratifiers=(Limit(name="x", rows={"farm": 1.0}, at_least=0.0, party="B"),))
    with pytest.raises(RequestError, match="whole numbers"):
        SeatQuota(name="x", party="A", seats={"a": 0}, floors={"a": 0.0}, quota=1)
    with pytest.raises(RequestError, match="between 0 and 1"):
        SeatVote(name="x", party="A", seats={"a": 1}, floors={"a": 0.0}, spreads={"a": 1.0}, quota=1, at_least=1.0)
