"""A shock: the counterfactual tariffs and iceberg cost changes that an equilibrium is solved for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import RequestError
from winset.model.baseline import Baseline

__all__ = ["Key", "Shock"]

Floats = NDArray[np.float64]
Key = tuple[str | None, str | None, str | None]
"""exporter, importer, sector; None for all."""

LOWEST, HIGHEST = -1.0, 10.0
"""Named tariffs must lie above -100 percent and at most at 1000 percent: beyond that it is a slip of units."""


class _Tariffs:
    """`shock.tariffs` is the array; `Shock.tariffs(world, {...})` makes a shock from named rates."""

    def __get__(self, instance: Shock | None, owner: type[Shock]) -> Any:
        if instance is None:
            return owner._from_rates
        return instance.__dict__["tariffs"]

    def __set__(self, instance: Shock, value: Any) -> None:
        raise AttributeError("a Shock does not change; make another one")


class Shock:
    """Counterfactual tariffs (levels, fractions) and iceberg changes (ratios). Immutable.

    tariffs: (n, n, s) counterfactual ad-valorem fractions; None keeps the baseline's.
    cost_hat: (n, n, s) ratio of iceberg trade cost to the baseline; None for no change.
    """

    tariffs = _Tariffs()

    def __init__(self, tariffs: ArrayLike | None = None, cost_hat: ArrayLike | None = None) -> None:
        self.__dict__["tariffs"] = None if tariffs is None else _frozen(tariffs, "tariffs")
        self.__dict__["cost_hat"] = None if cost_hat is None else _frozen(cost_hat, "cost_hat")
        rate, cost = self.__dict__["tariffs"], self.__dict__["cost_hat"]
        if rate is not None and (rate <= LOWEST).any():
            raise RequestError(
                "a tariff is -100 percent or less", remedy="Tariffs are fractions: 0.25 for 25 percent"
            )
        if cost is not None and (cost <= 0).any():
            raise RequestError(
                "cost_hat must be positive", remedy="It is a ratio: 1 for no change, 1.1 for 10 percent"
            )

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a Shock does not change; make another one")

    def __repr__(self) -> str:
        given = [name for name in ("tariffs", "cost_hat") if self.__dict__[name] is not None]
        return f"Shock({', '.join(given) or 'no change'})"

    @property
    def cost_hat(self) -> Floats | None:
        """(n, n, s) iceberg ratio, or None."""
        result: Floats | None = self.__dict__["cost_hat"]
        return result

    @classmethod
    def _from_rates(
        cls, world: Baseline, rates: Mapping[Key, float], *, cost_hat: Mapping[Key, float] | None = None
    ) -> Shock:
        """A shock from named rates: {(exporter, importer, sector): fraction}; None stands for all.

        What is not named keeps the baseline's rate; a region's own goods are never taxed. Later keys win
        over earlier ones. Raises UnknownNameError for an unknown name, RequestError for a rate above 1000
        percent or not above -100 percent (a rate of 25 is 2500 percent: write 0.25).
        """
        tariff = _set_named(world, world.tariffs.copy(), rates, _check_rate)
        cost = None
        if cost_hat is not None:
            cost = _set_named(world, np.ones_like(world.flows), cost_hat, _check_cost)
        return cls(tariffs=tariff, cost_hat=cost)

    def with_rates(self, world: Baseline, rates: Mapping[Key, float]) -> Shock:
        """This shock with some named rates in place of its own; refuses what `Shock.tariffs` refuses."""
        tariff, cost = self.filled(world)
        return Shock(tariffs=_set_named(world, tariff.copy(), rates, _check_rate), cost_hat=cost)

    def filled(self, world: Baseline) -> tuple[Floats, Floats]:
        """Both arrays at full size for `world`; RequestError where a shape does not fit."""
        shape = world.flows.shape
        tariff = world.tariffs if self.tariffs is None else self.tariffs
        cost = np.ones(shape) if self.cost_hat is None else self.cost_hat
        for name, value in (("tariffs", tariff), ("cost_hat", cost)):
            if value.shape != shape:
                raise RequestError(
                    f"the shock's {name} has shape {value.shape}; this world needs {shape}",
                    why="Axes are exporter, importer, sector",
                )
        every = np.arange(shape[0])
        if (tariff[every, every] != 0).any():
            raise RequestError("the shock taxes a region's own goods", remedy="Leave the diagonal of tariffs at 0")
        return tariff, cost


def _frozen(values: ArrayLike, what: str) -> Floats:
    result = np.array(values, dtype=np.float64)
    if result.ndim != 3 or not np.isfinite(result).all():
        raise RequestError(
            f"{what} must be a finite (exporter, importer, sector) array, found shape {result.shape}"
        )
    result.flags.writeable = False
    return result


def _set_named(
    world: Baseline, array: Floats, rates: Mapping[Key, float], check: Callable[[Key, float], float]
) -> Floats:
    for key, value in rates.items():
        if not isinstance(key, tuple) or len(key) != 3:
            raise RequestError(
                f"{key!r} is not (exporter, importer, sector)", remedy="Use None for all of one axis"
            )
        exporter, importer, sector = key
        i = slice(None) if exporter is None else world.region(exporter)
        j = slice(None) if importer is None else world.region(importer)
        s = slice(None) if sector is None else world.sector(sector)
        if exporter is not None and exporter == importer:
            raise RequestError(f"{key!r} is a region's trade with itself", remedy="Name two different regions")
        before = np.einsum("iis->is", array).copy()
        array[i, j, s] = check(key, float(value))
        every = np.arange(array.shape[0])
        array[every, every] = before
    return array


def _check_rate(key: Key, rate: float) -> float:
    if not (LOWEST < rate <= HIGHEST):
        raise RequestError(
            f"the rate {rate:g} on {key!r} is outside -100 to 1000 percent",
            remedy=f"Rates are fractions; write {rate / 100:g} if you meant {rate:g} percent",
        )
    return rate


def _check_cost(key: Key, ratio: float) -> float:
    if not ratio > 0:
        raise RequestError(f"the iceberg ratio {ratio:g} on {key!r} is not positive")
    return ratio
