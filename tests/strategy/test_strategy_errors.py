"""Every mistake is one message of ours, with exit code 2, before anything long is computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from strategy.tariff_worlds import N, S, small_world
from winset.core.errors import BaselineError, RequestError, UnknownNameError, WinsetError
from winset.model.gradients import Quantities
from winset.strategy.optimal import optimal_tariffs
from winset.strategy.talks import talks
from winset.strategy.war import nash_tariffs

WORLD = small_world(12)
Ask = Callable[[], Any]


def told(ask: Ask, kind: type[WinsetError], *words: str) -> None:
    """One message of the wanted class that names what was wrong, and no traceback of a library in it."""
    with pytest.raises(kind) as caught:
        ask()
    text = str(caught.value)
    for word in words:
        assert word in text, text
    assert caught.value.exit_code == 2
    assert "Traceback" not in text
    assert "jax.Array" not in text
    assert len(text) < 900


REGIONS: list[tuple[Ask, type[WinsetError], tuple[str, ...]]] = [
    (lambda: optimal_tariffs(WORLD, "R0O"), UnknownNameError, ("R0O", "R00")),
    (lambda: optimal_tariffs(WORLD, "R00", against=["R00"]), RequestError, ("against itself",)),
    (lambda: optimal_tariffs(WORLD, "R00", against=["R01", "R01"]), RequestError, ("R01", "twice")),
    (lambda: optimal_tariffs(WORLD, "R00", against=[]), RequestError, ("no partner",)),
    (lambda: optimal_tariffs(WORLD, "R00", against=["R09"]), UnknownNameError, ("R09",)),
    (lambda: optimal_tariffs(WORLD, "R00", exempt=["S9"]), UnknownNameError, ("S9",)),
    (lambda: optimal_tariffs(WORLD, "R00", exempt=["S00", "S01"]), RequestError, ("no tariff is free",)),
    (lambda: nash_tariffs(WORLD, []), RequestError, ("no player",)),
    (lambda: nash_tariffs(WORLD, ["R00"]), RequestError, ("R00", "only player")),
    (lambda: nash_tariffs(WORLD, ["R00", "R00"]), RequestError, ("R00", "twice")),
    (lambda: nash_tariffs(WORLD, ["R00", "R0l"]), UnknownNameError, ("R0l", "R01")),
    (lambda: nash_tariffs(WORLD, ["R00"], against=["R00"]), RequestError, ("R00", "itself")),
    (lambda: nash_tariffs(WORLD, against="player"), UnknownNameError, ("players",)),
    (lambda: talks(WORLD, []), RequestError, ("no player",)),
    (lambda: talks(WORLD, ["R00"]), RequestError, ("two players",)),
    (lambda: talks(WORLD, ["R00", "R00"]), RequestError, ("twice",)),
    (lambda: talks(WORLD, ["R00", "R0x"]), UnknownNameError, ("R0x",)),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "kind", "words"), REGIONS)
def test_regions_and_sectors(ask: Ask, kind: type[WinsetError], words: tuple[str, ...]) -> None:
    told(ask, kind, *words)


CHOICES: list[tuple[Ask, type[WinsetError], tuple[str, ...]]] = [
    (lambda: optimal_tariffs(WORLD, "R00", instruments="sectors"), UnknownNameError, ("sectors", "sector")),
    (lambda: optimal_tariffs(WORLD, "R00", objective="real income"), UnknownNameError, ("real-income",)),
    (lambda: optimal_tariffs(WORLD, "R00", objective=3), RequestError, ("neither a name",)),  # type: ignore[arg-type]
    (lambda: optimal_tariffs(WORLD, "R00", closure="world"), UnknownNameError, ("world-share",)),
    (lambda: optimal_tariffs(WORLD, "R00", model="ossa"), UnknownNameError, ("ossa-2014",)),
    (lambda: optimal_tariffs(WORLD, "R00", starts=["uniforme"]), UnknownNameError, ("uniform",)),
    (lambda: optimal_tariffs(WORLD, "R00", starts=[]), RequestError, ("start",)),
    (lambda: optimal_tariffs(WORLD, "R00", tolerance=0.0), RequestError, ("tolerance",)),
    (lambda: optimal_tariffs(WORLD, "R00", phi=1.0), RequestError, ("phi",)),
    (lambda: nash_tariffs(WORLD, method="exakt"), UnknownNameError, ("exact",)),
    (lambda: nash_tariffs(WORLD, max_rounds=0), RequestError, ("max_rounds",)),
    (lambda: nash_tariffs(WORLD, start="status quo"), UnknownNameError, ("status-quo",)),
    (lambda: nash_tariffs(WORLD, objective={"R00": "revenue"}), RequestError, ("R01", "no objective")),
    (lambda: nash_tariffs(WORLD, ["R00", "R01"], responses={("R00", "R01", None): 0.1}), RequestError,
     ("R01", "chooses itself")),
    (lambda: nash_tariffs(WORLD, ["R00", "R01"], responses={(None, "R00", "S00"): 0.1}), RequestError,
     ("R00", "chooses itself")),
    (lambda: talks(WORLD, rule="nasch"), UnknownNameError, ("nash",)),
    (lambda: talks(WORLD, disagreement="wars"), UnknownNameError, ("war",)),
    (lambda: talks(WORLD, objective="revenue"), UnknownNameError, ("revenue",)),
    (lambda: talks(WORLD, weights={"R00": 2.0}), RequestError, ("weights", "nash")),
    (lambda: talks(WORLD, rule="nash", weights={"R00": 2.0}), RequestError, ("positive bargaining weight",)),
    (lambda: talks(WORLD, rule="nash", weights={"R00": 1.0, "R1": 1.0}), UnknownNameError, ("R1",)),
    (lambda: talks(WORLD, starts=[]), RequestError, ("start",)),
    (lambda: talks(WORLD, pairs=[("R00", "R07")]), UnknownNameError, ("R07",)),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "kind", "words"), CHOICES)
def test_choices(ask: Ask, kind: type[WinsetError], words: tuple[str, ...]) -> None:
    told(ask, kind, *words)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((0.5, 0.1), ("cross", "0.5", "0.1")),
        ((-1.0, 1.0), ("lower bound", "-100 percent")),
        ((-3.0, -2.0), ("lower bound",)),
        ((0.0, math.inf), ("upper bound", "infinite")),
        ((math.nan, 1.0), ("lower bound", "missing")),
        ((0.0,), ("bounds must be",)),
        (1.0, ("bounds must be",)),
        ((0.0, np.ones((2, 2))), ("bounds must be",)),
        (("low", "high"), ("bounds must be",)),
    ],
)
@pytest.mark.parametrize("room", [optimal_tariffs, nash_tariffs, talks])
def test_bounds(room: Callable[..., Any], bounds: Any, words: tuple[str, ...]) -> None:
    who = ("R00",) if room is optimal_tariffs else ()
    told(lambda: room(WORLD, *who, bounds=bounds), RequestError, *words)


@pytest.mark.parametrize("room", [optimal_tariffs, nash_tariffs, talks])
@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (None, ("needs weights",)),
        (np.ones((N, S + 1)), ("lobbying weights", str((N, S)))),
        (-np.ones((N, S)), ("0 or more",)),
        (np.full((N, S), np.nan), ("lobbying weights",)),
        (np.full((N, S), 2.0), ("R00", "average 2", "mean")),
    ],
)
def test_lobbying_weights(room: Callable[..., Any], weights: Any, words: tuple[str, ...]) -> None:
    who = ("R00",) if room is optimal_tariffs else ()
    told(lambda: room(WORLD, *who, objective="lobbying", lobbying=weights), RequestError, *words)


def a_float(q: Quantities) -> Any:
    return float(q.real_income_hat[0])


def a_numpy_call(q: Quantities) -> Any:
    return np.log(np.asarray(q.real_income_hat))[0]


def a_comparison(q: Quantities) -> Any:
    return q.real_income_hat[0] if q.real_income_hat[0] > 1 else -q.real_income_hat[0]


def a_vector(q: Quantities) -> Any:
    return q.real_income_hat


def an_integer(q: Quantities) -> Any:
    return (q.real_income_hat[0] > 1).astype(int)


def a_rounding(q: Quantities) -> Any:
    return jnp.round(1e5 * q.real_income_hat[0])


def a_word(q: Quantities) -> Any:
    return "more"


def no_number(q: Quantities) -> Any:
    return None


def a_missing_field(q: Quantities) -> Any:
    return q.real_incom_hat[0]  # type: ignore[attr-defined]


def a_failure(q: Quantities) -> Any:
    return {}["real_income"]


def a_constant(q: Quantities) -> Any:
    return 1.0


def a_root_of_nothing(q: Quantities) -> Any:
    return jnp.sqrt(q.real_income_hat[0] - q.real_income_hat[0])


@pytest.mark.parametrize(
    "objective",
    [a_float, a_numpy_call, a_comparison, a_vector, an_integer, a_rounding, a_word, no_number, a_missing_field,
     a_failure, a_constant, a_root_of_nothing],
)  # fmt: skip
def test_objectives_that_cannot_be_differentiated(objective: Callable[..., Any]) -> None:
    told(
        lambda: optimal_tariffs(WORLD, "R00", objective=objective, instruments="uniform"),
        RequestError,
        "objective",
    )


def test_talks_take_no_function() -> None:
    told(lambda: talks(WORLD, objective=a_vector), RequestError, "proportional gains")  # type: ignore[arg-type]


def test_variants_refuse_what_they_do_not_have() -> None:
    told(lambda: optimal_tariffs(WORLD, "R00", model="ossa-2014", closure="balanced"), BaselineError, "inputs")
    told(
        lambda: optimal_tariffs(WORLD, "R00", model="ossa-2014", closure="own-share"), UnknownNameError, "closure"
    )
    told(lambda: nash_tariffs(WORLD, model="liberation-day-2025"), RequestError, "one sector")
