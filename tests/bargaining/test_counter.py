"""Counter-offers, exchange rates, linkage: worked examples and grids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bargaining.spaces import box, grid, smooth
from winset.bargaining.counter import counter_offer, exchange_rates
from winset.bargaining.evaluator import Evaluator
from winset.bargaining.linkage import link_instruments, link_issues
from winset.bargaining.problem import Limit, Problem
from winset.bargaining.ratification import WinSet
from winset.core.errors import RequestError, UnknownNameError


def linear() -> Problem:
    """Three issues; B wants 0.5 and is offered nothing. Per unit to B, a costs A 2, b 1/2, c 1."""
    slopes = np.array([[-2.0, -0.5, -1.0], [1.0, 1.0, 1.0]])
    return Problem(
        instruments=box("abc"),
        parties=("A", "B"),
        payoffs=lambda x: (np.array([3.0, 0.0]) + slopes @ x, slopes),
        disagreement=np.array([0.0, 0.5]),
    )


def test_the_cheapest_change() -> None:
    out = counter_offer(linear(), [0, 0, 0], "A")
    assert out.refused_by == ("B accepts",)
    assert out.x == pytest.approx([0, 0.5, 0], abs=1e-6)
    assert out.cost == pytest.approx(0.25, abs=1e-6)
    assert out.prices["B accepts"] == pytest.approx(0.5, abs=1e-6)
    assert out.moved is not None
    assert out.moved.instruments == pytest.approx({"b": 0.5}, abs=1e-6)


def test_what_the_other_needs_and_its_ratifiers() -> None:
    cap = WinSet(party="B", ratifiers=(Limit(name="b cap", instruments={"b": 1.0}, at_most=0.2, party="B"),))
    out = counter_offer(linear(), [0, 0, 0], "A", win_sets=[cap], needs={"B": 0.8})
    assert out.x == pytest.approx([0, 0.2, 0.6], abs=1e-6)
    assert out.cost == pytest.approx(0.7, abs=1e-6)
    assert out.prices["b cap"] == pytest.approx(0.5, abs=1e-6)


def test_the_fewest_changes() -> None:
    cap = WinSet(party="B", ratifiers=(Limit(name="b cap", instruments={"b": 1.0}, at_most=0.2, party="B"),))
    out = counter_offer(linear(), [0, 0, 0], "A", win_sets=[cap], least="count")
    assert out.x == pytest.approx([0, 0, 0.5], abs=1e-6)
    assert out.complete
    assert out.residual < 1e-6
    two = counter_offer(linear(), [0, 0, 0], "A", win_sets=[cap], least="count", needs={"B": 1.1})
    assert np.count_nonzero(two.x > 1e-6) == 2
    assert two.x == pytest.approx([0, 0.2, 0.9], abs=1e-6)
    as_is = counter_offer(linear(), [0, 0.6, 0], "A", least="count")
    assert as_is.refused_by == ()
    assert as_is.x == pytest.approx([0, 0.6, 0])


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_change_against_a_grid(seed: int) -> None:
    problem = smooth(seed, instruments=2, wave=0.3)
    packages, payoffs = grid(problem, 101)
    problem = replace(problem, disagreement=np.quantile(payoffs, 0.6, axis=0))
    fine = packages[(payoffs >= problem.disagreement).all(axis=1)]
    start = packages[payoffs[:, 0].argmax()]
    out = counter_offer(problem, start, "A", least="change")
    if not len(fine):
        assert out.reason
        return
    assert out.moved is not None
    assert out.moved.change <= np.abs(fine - start).sum(axis=1).min() + 1e-5
    assert (out.payoffs >= problem.disagreement - 1e-3).all()
    cheap = counter_offer(problem, start, "A")
    values = payoffs[(payoffs >= problem.disagreement).all(axis=1), 0]
    assert cheap.payoffs[0] >= values.max() - 1e-3


@pytest.mark.parametrize("seed", [1, 2])
def test_the_fewest_changes_of_a_curved_problem_are_stationary(seed: int) -> None:
    problem = smooth(seed, instruments=6, wave=0.3)
    room = Evaluator(problem)
    out = counter_offer(room, np.zeros(6), "A", least="count")
    assert out.moved is not None
    assert out.residual < 1e-4
    assert out.payoffs.min() > problem.disagreement.min() - 1e-3
    # One instrument alone, tried finely, does not do it where two were needed.
    if len(out.moved.instruments) == 2:
        for k in range(6):
            alone = np.array([problem.payoffs(t * np.eye(6)[k])[0] for t in np.linspace(0, 1, 201)])
            assert not (alone >= problem.disagreement + 1e-3).all(axis=1).any()
    # What searches with ratifiers evaluate is known to the evaluator that was handed in.
    assert len(room.points) == room.calls


def test_nothing_suits_is_an_answer() -> None:
    out = counter_offer(linear(), [0, 0, 0], "A", needs={"B": 5.0})
    assert "no package" in out.reason
    assert out.x.size == 0
    with pytest.raises(UnknownNameError, match="'A'"):
        counter_offer(linear(), [0, 0, 0], "a")
    with pytest.raises(RequestError, match="from 0 to 1"):
        counter_offer(linear(), [0, 0, 2], "A")


def test_exchange_rates() -> None:
    rates = exchange_rates(linear(), [0.5, 0.5, 0.5])
    # One unit more of a costs A two: four units less of b, at a half each, make it good.
    assert rates.rate("A", "a", "b") == pytest.approx(-4.0)
    assert rates.rate("B", "a", "b") == pytest.approx(-1.0)
    assert rates.marginal == pytest.approx(np.array([[-2.0, -0.5, -1.0], [1.0, 1.0, 1.0]]))
    product = rates.rates * rates.rates.transpose(0, 2, 1)
    assert product == pytest.approx(np.ones_like(product))
    with pytest.raises(UnknownNameError):
        rates.rate("A", "a", "d")


def test_linkage_of_two_lists() -> None:
    """Issues worth (3, 1) and (1, 3), shared in tenths: (2, 2) apart, (3, 3) linked."""
    share = np.linspace(0, 1, 11)[:, None]
    issues = {
        "one": np.hstack([3 * share, 1 - share]),
        "two": np.hstack([share, 3 * (1 - share)]),
    }
    zero = dict.fromkeys(issues, np.zeros(2))
    for solution in ("nash", "kalai_smorodinsky"):
        out = link_issues(issues, zero, solution=solution)
        assert out.apart == pytest.approx([2.0, 2.0])
        assert out.together == pytest.approx([3.0, 3.0])
        assert out.gain == pytest.approx([1.0, 1.0])
    # Where relative values are equal there is nothing to trade.
    same = link_issues({"one": issues["one"], "two": issues["one"]}, zero)
    assert same.gain.sum() == pytest.approx(0.0)


def test_linkage_of_instruments() -> None:
    slopes = np.array([[3.0, 1.0], [-1.0, -3.0]])
    problem = Problem(
        instruments=box(("one", "two")),
        parties=("A", "B"),
        payoffs=lambda x: (slopes @ x + np.array([0.0, 4.0]), slopes),
        disagreement=np.array([-9.0, -9.0]),
    )
    # From (0, 1): A gains 3 by the first issue, B by giving back the second; neither deal works alone.
    out = link_instruments(problem, {"first": ["one"], "second": ["two"]}, [0.0, 1.0])
    assert out.apart == pytest.approx([0.0, 0.0], abs=1e-6)
    assert out.together == pytest.approx([2.0, 2.0], abs=1e-5)
    with pytest.raises(RequestError, match="overlap"):
        link_instruments(problem, {"first": ["one"], "second": ["one"]}, [0.0, 1.0])
