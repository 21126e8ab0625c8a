"""Three parties: coalitions, Nash-in-Nash, staged packages."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.bargaining.coalitions import Coalitions, blocks, third_party_losses
from winset.bargaining.nash_in_nash import Pair, nash_in_nash, nash_in_nash_list
from winset.bargaining.problem import Instruments, Problem
from winset.bargaining.staged import Step, check_steps
from winset.core.errors import RequestError, UnknownNameError

PLAYERS = ("x", "y", "z")


def game(pair: float, whole: float = 1.0) -> Coalitions:
    values = {frozenset(c): pair for c in itertools.combinations(PLAYERS, 2)} | {frozenset(PLAYERS): whole}
    return Coalitions(players=PLAYERS, values=values)


@pytest.mark.parametrize(("pair", "empty"), [(0.0, False), (0.6, False), (2 / 3, False), (0.7, True), (1.0, True)])
def test_the_core_of_a_majority_game(pair: float, empty: bool) -> None:
    """Three pairs worth v, the whole worth 1: the core is not empty if and only if 3 v <= 2."""
    core = game(pair).core()
    assert core.empty == empty
    assert core.least_excess == pytest.approx(max(pair - 2 / 3, -1 / 3), abs=1e-9)
    assert sum(core.division.values()) == pytest.approx(1.0)
    if not empty:
        assert max(game(pair).excesses(core.division).values()) <= 1e-9


@settings(max_examples=100)
@given(st.integers(0, 1_000_000))
def test_shapley_against_every_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    players = tuple("abcd"[: int(rng.integers(1, 5))])
    values = {
        frozenset(c): float(rng.normal())
        for size in range(1, len(players) + 1)
        for c in itertools.combinations(players, size)
    }
    it = Coalitions(players=players, values=values)
    expected = dict.fromkeys(players, 0.0)
    orders = list(itertools.permutations(players))
    for order in orders:
        for k, one in enumerate(order):
            with_it, without = frozenset(order[: k + 1]), frozenset(order[:k])
            expected[one] += (values[with_it] - values.get(without, 0.0)) / len(orders)
    assert it.shapley() == pytest.approx(expected)
    assert sum(it.shapley().values()) == pytest.approx(values[frozenset(players)])
    core = it.core()
    excess = it.excesses(core.division)
    del excess[frozenset(players)]
    if excess:
        assert max(excess.values()) == pytest.approx(core.least_excess, abs=1e-7)


def test_coalitions_that_are_not_named_add_nothing() -> None:
    it = Coalitions(players=PLAYERS, values={frozenset("x"): 1.0, frozenset("xyz"): 4.0})
    assert it.value("xy") == 1.0
    assert it.value("y") == 0.0
    with pytest.raises(UnknownNameError):
        Coalitions(players=PLAYERS, values={frozenset("w"): 1.0})


def test_blocking_without_side_payments() -> None:
    outcome = {"x": 1.0, "y": 1.0, "z": 1.0}
    options = {frozenset("xy"): [[1.5, 0.5], [1.2, 1.1]], frozenset("z"): [[1.0]], frozenset("yz"): [[1.0, 2.0]]}
    (one,) = blocks(outcome, options)
    assert one.coalition == frozenset("xy")
    assert one.option == 1
    assert one.gains == pytest.approx({"x": 0.2, "y": 0.1})
    assert {b.coalition for b in blocks(outcome, options, weakly=True)} == {frozenset("xy"), frozenset("yz")}


def test_losses_of_third_parties() -> None:
    assert third_party_losses([2, 2, -1], [0, 0, 0.5], PLAYERS, ["x", "y"]) == {"z": 1.5}


A, E, C, START = 0.2, 0.2, 0.3, 1.0


def three_countries() -> Problem:
    """Each pair shares one tariff; a country likes its own near A, gains E by others'; its own are complements.

    W_i = sum over own pairs of -(t - A)^2 / 2, + E t of the others, + C t t' of its two pairs.
    """
    pairs = list(itertools.combinations(range(3), 2))

    def payoffs(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, slope = np.zeros(3), np.zeros((3, 3))
        for i in range(3):
            own = [k for k, pair in enumerate(pairs) if i in pair]
            (other,) = [k for k in range(3) if k not in own]
            value[i] = sum(-0.5 * (t[k] - A) ** 2 for k in own) + E * t[other] + C * t[own[0]] * t[own[1]]
            slope[i, own] = [-(t[k] - A) for k in own]
            slope[i, own] += C * t[own[::-1]]
            slope[i, other] = E
        return value, slope

    return Problem(
        instruments=Instruments(names=("xy", "xz", "yz"), low=np.zeros(3), high=np.full(3, START)),
        parties=PLAYERS,
        payoffs=payoffs,
        disagreement=np.zeros(3),
    )


@pytest.mark.parametrize("damping", [0.0, 0.5])
def test_nash_in_nash_of_three_symmetric_countries(damping: float) -> None:
    """First-order conditions: negotiated A / (1 - C), efficient (A + E / 2) / (1 - C)."""
    pairs = [Pair(parties=(name[0], name[1]), instruments=(name,)) for name in ("xy", "xz", "yz")]
    out = nash_in_nash(three_countries(), pairs, [START] * 3, damping=damping)
    assert out.converged
    assert out.residual <= 1e-6
    assert out.x == pytest.approx([A / (1 - C)] * 3, abs=1e-5)
    efficient = (A + E / 2) / (1 - C)
    assert (out.x < efficient - 0.1).all()
    for name, gains in out.gains.items():
        assert min(gains) > 0
        (third,) = [k for k, p in enumerate(PLAYERS) if p not in name.split("-")]
        assert out.third_parties[name][third] < 0
    payoffs = three_countries().payoffs
    assert payoffs(np.full(3, efficient))[0].sum() > out.payoffs.sum()
    json.dumps(out.as_plain(), allow_nan=False)


def test_nash_in_nash_says_when_it_has_not_converged() -> None:
    pairs = [Pair(parties=("x", "y"), instruments=("xy",)), Pair(parties=("x", "z"), instruments=("xz",))]
    out = nash_in_nash(three_countries(), pairs, [START] * 3, rounds=1, damping=0.9)
    assert not out.converged
    assert out.residual > 0.1
    assert out.x[2] == START  # in no pair
    with pytest.raises(RequestError, match="two pairs"):
        nash_in_nash(three_countries(), [pairs[0], pairs[0]], [START] * 3)


def test_nash_in_nash_over_lists_agrees_with_instruments() -> None:
    grid = np.round(np.linspace(0, START, 22), 12)
    payoffs = three_countries().payoffs
    table = np.array([[[payoffs(np.array([a, b, c]))[0] for c in grid] for b in grid] for a in grid])
    out = nash_in_nash_list(table, [(0, 1), (0, 2), (1, 2)], [21, 21, 21])
    assert out.converged
    assert grid[list(out.options)] == pytest.approx([A / (1 - C)] * 3, abs=0.03)
    # No pair would change its option alone.
    for k, pair in enumerate([(0, 1), (0, 2), (1, 2)]):
        line = np.moveaxis(table, k, 0)[(slice(None), *[o for j, o in enumerate(out.options) if j != k])]
        gains = line[:, list(pair)] - line[21, list(pair)]
        products = np.where((gains >= 0).all(axis=1), gains.prod(axis=1), -1)
        assert products[out.options[k]] == pytest.approx(products.max())


def test_lists_that_chase_one_another() -> None:
    """Pair 0 wants to match pair 1, which wants to differ: a cycle, and it is said."""
    table = np.zeros((3, 3, 4))
    for a, b in itertools.product(range(3), repeat=2):
        table[a, b, :2] = 0 if a == 2 else 1 + (a == b)
        table[a, b, 2:] = 0 if b == 2 else 1 + (a != b)
    out = nash_in_nash_list(table, [(0, 1), (2, 3)], [2, 2])
    assert not out.converged
    assert len(out.cycle) >= 2


def staged() -> list[Step]:
    """One side freezes, the other relieves, the first ends its program, the other lifts the rest."""
    return [
        Step(name="freeze", mover="one", years=0, flows={"one": -1, "two": 2}, stopped={"one": 0, "two": 0}),
        Step(name="relief", mover="two", years=1, flows={"one": 3, "two": -1}, stopped={"one": -4, "two": 1}),
        Step(name="end", mover="one", years=2, flows={"one": -2, "two": 4}, stopped={"one": 1, "two": -3}),
        Step(name="lift", mover="two", years=3, flows={"one": 6, "two": -1}, stopped={"one": -5, "two": 1.5}),
    ]


def test_staged_steps_by_hand() -> None:
    rates = {"one": 0.1, "two": 0.05}
    out = check_steps(staged(), rates)
    # The last mover keeps what it was given: 1.5 by stopping against -1.
    assert out.steps[3].temptation == pytest.approx(2.5)
    assert not out.self_enforcing
    assert out.steps[2].going_on["one"] == pytest.approx(-2 + 6 / 1.1)
    assert out.steps[2].temptation == pytest.approx(1 - (-2 + 6 / 1.1))
    # Knowing that, the first side would not end its program, nor, knowing that, ...
    assert not out.steps[2].taken
    assert out.bonds == pytest.approx({"one": 0.0, "two": 2.5 / 1.05**3})
    value = -1 + (3 + (-2 + 6 / 1.1) / 1.1) / 1.1
    assert out.value["one"] == pytest.approx(value)
    again = check_steps(staged(), rates, bonds={"two": out.bonds["two"] * (1 + 1e-12)})
    assert again.self_enforcing
    assert again.ends_after == 4
    assert not check_steps(staged(), rates, bonds={"two": out.bonds["two"] * 0.99}).self_enforcing


@settings(max_examples=100)
@given(st.integers(0, 1_000_000))
def test_bonds_are_smallest_and_looking_ahead_is_consistent(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ("one", "two")
    steps = [
        Step(
            name=str(k),
            mover=names[int(rng.integers(2))],
            years=float(k) / 2,
            flows=dict(zip(names, rng.normal(size=2).tolist(), strict=True)),
            stopped=dict(zip(names, rng.normal(size=2).tolist(), strict=True)),
        )
        for k in range(int(rng.integers(1, 6)))
    ]
    rates = {"one": 0.07, "two": 0.02}
    out = check_steps(steps, rates)
    assert out.self_enforcing == all(b == 0 for b in out.bonds.values())
    if out.self_enforcing:
        assert out.ends_after == len(steps)
    fixed = check_steps(steps, rates, bonds={n: b + 1e-9 for n, b in out.bonds.items()})
    assert fixed.self_enforcing
    assert fixed.ends_after == len(steps)
    for name, bond in out.bonds.items():
        if bond > 1e-6:
            less = {n: b + 1e-9 for n, b in out.bonds.items()} | {name: bond * 0.999 - 1e-9}
            assert not check_steps(steps, rates, bonds=less).self_enforcing


def test_steps_with_mistakes_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="one"):
        check_steps(staged(), {"on": 0.1, "two": 0.1})
    with pytest.raises(RequestError, match="comes before"):
        check_steps(staged()[::-1], {"one": 0.1, "two": 0.1})
