"""What a government may want of an equilibrium, as differentiable functions of it.

All payoffs of all regions stand in one vector, so that one compiled function serves every player:

    (0) ln real income,   (1) ln G, the lobbying-weighted objective,   (2) tariff revenue,   users' functions,
    and last the ln of each industry's sales over consumer prices, which its real value added is in proportion to.

G of region j is sum_s lambda_js E_js over the price index, E the income attributed to industries, lambda the
weights (mean one): Ossa (2014), section II.A; where all weights are one it is real income.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.gradients import Quantities

__all__ = [
    "OBJECTIVES",
    "Objective",
    "Weighing",
    "industry_position",
    "is_log",
    "payoff_vector",
    "position",
]

OBJECTIVES = ("real-income", "lobbying", "revenue")

Objective = str | Callable[[Quantities], Any]
"""A name of `OBJECTIVES`, or a function of the equilibrium's `Quantities` written with jax.numpy."""


class Weighing(NamedTuple):
    """Numbers that the built-in payoffs need."""

    lobbying: Any
    """(n, s) lambda."""
    earned: Any
    """(n,) sum_s lambda_is E_is at the baseline."""
    income: Any
    """(n,) baseline income, unit of the revenue."""
    sales: Any
    """(n, s) baseline sales, unit of the revenue."""


def payoff_vector(quantities: Quantities, weighing: Weighing, users: tuple[Callable[..., Any], ...] = ()) -> Array:
    """(3n + users + n s,) ln real income, ln G, tariff revenue as a share of baseline income; users' values; ln
    real sales by region and industry, relative to the baseline (0 where an industry sells nothing).
    """
    government = (weighing.lobbying * quantities.attributed_income).sum(axis=1) / weighing.earned
    parts = [
        jnp.log(quantities.real_income_hat),
        jnp.log(government / quantities.price_index_hat),
        quantities.tariff_revenue / weighing.income,
    ]
    sold = weighing.sales > 0
    real = quantities.flows.sum(axis=1) / quantities.price_index_hat[:, None]
    industries = jnp.log(jnp.where(sold, real / jnp.where(sold, weighing.sales, 1.0), 1.0))
    return jnp.concatenate([*parts, *(_scalar(user, quantities) for user in users), industries.ravel()])


def _scalar(user: Callable[..., Any], quantities: Quantities) -> Array:
    try:
        value = user(quantities)
    except TRACING_ERRORS:
        raise
    except Exception as error:
        raise TypeError(f"it raised {type(error).__name__}: {error}") from error
    if not isinstance(value, Array | np.ndarray | np.generic | float | int):
        raise TypeError(f"it returned {type(value).__name__}, not one number")
    if jnp.shape(value) != ():
        raise TypeError(f"it returned shape {jnp.shape(value)}, not one number")
    if not jnp.issubdtype(jnp.result_type(value), jnp.floating):
        raise TypeError(f"it returned {jnp.result_type(value)}, not a real number")
    return jnp.asarray(value)[None]


def position(objective: Objective, region: int, count: int, users: Sequence[Callable[..., Any]]) -> int:
    """Where the payoff of a region with this objective stands in the vector; UnknownNameError for a name."""
    if isinstance(objective, str):
        return OBJECTIVES.index(known(objective, OBJECTIVES, "objective")) * count + region
    return len(OBJECTIVES) * count + list(users).index(objective)


def industry_position(region: int, sector: int, shape: tuple[int, int], users: int = 0) -> int:
    """Where an industry's ln real sales stand in the vector; shape: (n, s), users: functions before them."""
    return len(OBJECTIVES) * shape[0] + users + region * shape[1] + sector


def is_log(objective: Objective) -> bool:
    """Whether a payoff is a logarithm, so that differences are proportional gains."""
    return objective in ("real-income", "lobbying")


def refused(error: Exception) -> RequestError:
    """The message for a user's function that cannot be differentiated."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return RequestError(
        f"the objective is not a differentiable number of the equilibrium: {first}",
        why="Optimal tariffs follow its derivative; a function that leaves jax.numpy has none",
        remedy="Write it with jax.numpy, without int(), float(), if or numpy calls on the equilibrium, and return "
        "one number",
    )


TRACING_ERRORS = (TypeError, jax.errors.JAXTypeError, jax.errors.JAXIndexError)
"""What a user's function raises when it is traced and cannot be."""
