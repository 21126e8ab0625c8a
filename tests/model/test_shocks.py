"""Shocks by name and by array."""

from __future__ import annotations

import numpy as np
import pytest

from economies import random_world
from winset.core.errors import RequestError, UnknownNameError
from winset.model.shocks import Shock

WORLD = random_world(1)


def test_named_rates_change_only_what_is_named() -> None:
    shock = Shock.tariffs(WORLD, {("R00", "R01", "S01"): 0.25})
    moved = np.argwhere(shock.tariffs != WORLD.tariffs)
    assert moved.tolist() == [[0, 1, 1]]
    assert shock.tariffs[0, 1, 1] == 0.25


def test_none_means_all_but_never_home() -> None:
    shock = Shock.tariffs(WORLD, {(None, "R02", None): 0.5})
    assert (shock.tariffs[:2, 2] == 0.5).all()
    assert (shock.tariffs[2, 2] == 0).all()
    assert (shock.tariffs[:, 0] == WORLD.tariffs[:, 0]).all()


@pytest.mark.parametrize(
    ("key", "rate", "says"),
    [
        (("R00", "R01", "S00"), 25.0, "0.25"),
        (("R00", "R01", "S00"), -1.0, "-100"),
        (("R00", "R00", "S00"), 0.1, "itself"),
        (("R00", "R01"), 0.1, "exporter, importer, sector"),
    ],
)
def test_slips_are_refused(key: tuple[str, ...], rate: float, says: str) -> None:
    with pytest.raises(RequestError) as caught:
        Shock.tariffs(WORLD, {key: rate})
    assert says in str(caught.value)


def test_unknown_names_give_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="R00"):
        Shock.tariffs(WORLD, {("R0", "R01", "S00"): 0.1})


def test_a_shock_does_not_change() -> None:
    shock = Shock()
    with pytest.raises(AttributeError):
        shock.tariffs = np.zeros((3, 3, 2))
    with pytest.raises(ValueError, match="read-only"):
        Shock(tariffs=np.zeros((3, 3, 2))).tariffs[0, 1, 0] = 1.0


def test_shape_and_home_tariff_are_checked_against_the_world() -> None:
    with pytest.raises(RequestError, match="needs"):
        Shock(tariffs=np.zeros((2, 2, 2))).filled(WORLD)
    with pytest.raises(RequestError, match="own goods"):
        Shock(tariffs=np.full((3, 3, 2), 0.1)).filled(WORLD)
