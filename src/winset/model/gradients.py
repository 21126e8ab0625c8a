"""Derivatives of an equilibrium, by the implicit function theorem.

With u the unknowns, p the parameters (tariffs, iceberg ratios, elasticities, deficits) and G the steered map
of `fixed_point`, the equilibrium is u = G(u, p). For a quantity q(u, p)

    dq/dp = q_p + y' G_p,   (1 - G_u)' y = q_u     (adjoint: one linear solve for all parameters)
    du    = (1 - G_u)^(-1) G_p dp                  (forward: one linear solve for all quantities)

Both linear systems are solved by GMRES; steering makes 1 - G_u nearly the identity, so few products are
needed. Nothing is differenced and no solve is repeated.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.sparse.linalg import gmres
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model import equations as eqn
from winset.model.baseline import Baseline, Floats
from winset.model.fixed_point import steered_map
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, MAX_ITERATIONS, TOLERANCE, economy_of, solve

__all__ = [
    "Fixed",
    "Parameters",
    "Quantities",
    "gradient",
    "jvp",
    "quantities_at",
    "shocked_economy",
    "welfare_gradient",
]

LINEAR_TOLERANCE = 1e-12
"""Relative residual of the linear solves."""


class Parameters(NamedTuple):
    """What an equilibrium depends on; also the shape of a gradient with respect to it."""

    tariffs: Any
    """(n, n, s) counterfactual tariffs, fractions; the diagonal's derivative is zero by convention."""
    cost_hat: Any
    """(n, n, s) iceberg ratios."""
    elasticities: Any
    """(s,) theta; the baseline's shares are data and do not move."""
    deficit: Any
    """(n,) deficits that the closure fixes, as shares of world labour income (no effect in some)."""


class Quantities(NamedTuple):
    """What can be differentiated, as JAX arrays; ratios to the baseline unless said otherwise."""

    real_income_hat: Any
    """(n,)"""
    income_hat: Any
    """(n,)"""
    price_index_hat: Any
    """(n,)"""
    wage_hat: Any
    """(n,)"""
    sector_price_hat: Any
    """(n, s)"""
    tariff_revenue: Any
    """(n,) share of baseline world labour income."""
    flows: Any
    """(n, n, s) tariff-exclusive, share of baseline world labour income."""
    attributed_income: Any
    """(n, s) income by industry: what its labour (and firms, in a model with profits) earns, and its share, by
    labour, of everything else; same unit. Sums over industries to income, net exports aside with profits."""


class Fixed(NamedTuple):
    """The parts of a problem that parameters do not touch."""

    economy: eqn.Economy
    share_ijs: Any
    log_factor_ijs: Any
    """ln(1 + baseline tariff)."""


Objective = Callable[..., Array]


def welfare_gradient(
    world: Baseline,
    shock: Shock | None = None,
    *,
    region: str,
    closure: str = "world-share",
    tolerance: float = TOLERANCE,
) -> Floats:
    """(n, n, s) derivative of ln real income of a region with respect to every tariff, at the shock.

    Exporter, importer, sector; per unit of the tariff fraction (0.01 of it is the effect of one point). The
    diagonal is zero. Raises UnknownNameError for the region, NotConvergedError where there is no equilibrium.
    """
    j = world.region(region)
    weights = np.zeros(len(world.regions))
    weights[j] = 1.0
    found = gradient(world, shock, _log_real_income, weights, closure=closure, tolerance=tolerance)
    result: Floats = found.tariffs
    return result


def _log_real_income(q: Quantities, weights: Array) -> Array:
    """Weighted sum of ln real incomes; one compiled function for every region."""
    value: Array = (weights * jnp.log(q.real_income_hat)).sum()
    return value


def gradient(
    world: Baseline,
    shock: Shock | None,
    objective: Objective,
    argument: ArrayLike | None = None,
    *,
    closure: str = "world-share",
    tolerance: float = TOLERANCE,
) -> Parameters:
    """Gradient of any scalar function of the equilibrium with respect to all parameters (adjoint).

    objective: takes `Quantities` (and `argument`, where one is given) and returns a scalar, written with
    jax.numpy; it is compiled, so pass the same function again, with another argument, rather than a new one.
    Raises NotConvergedError where there is no equilibrium.
    """
    point, parameters, fixed = _solved(world, shock, closure, tolerance)
    with jax.enable_x64(True):
        try:
            given = None if argument is None else jnp.asarray(argument)
            found, gap = _adjoint(
                jnp.asarray(point), parameters, fixed, given, objective=objective, closure=closure
            )
        except (TypeError, jax.errors.JAXTypeError) as error:
            raise RequestError(
                f"the objective is not a differentiable scalar of the equilibrium: {str(error).splitlines()[0]}",
                remedy="Write it with jax.numpy and return one number",
            ) from error
        if not float(gap) < 1e-8:
            raise RequestError(f"the derivative could not be solved for: relative residual {float(gap):.1e}")
        result = Parameters(*(np.array(part) for part in found))
    every = np.arange(len(world.regions))
    result.tariffs[every, every] = 0.0
    return result


def jvp(
    world: Baseline,
    shock: Shock | None,
    direction: Parameters,
    *,
    closure: str = "world-share",
    tolerance: float = TOLERANCE,
) -> Quantities:
    """Derivative of every quantity along one direction of the parameters (forward).

    direction: arrays of the shapes in `Parameters`; None for a part that does not move.
    """
    point, parameters, fixed = _solved(world, shock, closure, tolerance)
    filled = [
        np.zeros_like(value) if part is None else np.asarray(part, dtype=float)
        for part, value in zip(direction, parameters, strict=True)
    ]
    for name, part, value in zip(Parameters._fields, filled, parameters, strict=True):
        if part.shape != value.shape:
            raise RequestError(f"direction.{name} has shape {part.shape}, expected {value.shape}")
    with jax.enable_x64(True):
        found, gap = _forward(jnp.asarray(point), parameters, fixed, Parameters(*filled), closure=closure)
        if not float(gap) < 1e-8:
            raise RequestError(f"the derivative could not be solved for: relative residual {float(gap):.1e}")
        return Quantities(*(np.array(part) for part in found))


def _solved(
    world: Baseline, shock: Shock | None, closure: str, tolerance: float
) -> tuple[Floats, Parameters, Fixed]:
    known(closure, CLOSURES, "closure")
    equilibrium = solve(
        world, shock, closure=closure, tolerance=min(tolerance, 1e-11), max_iterations=MAX_ITERATIONS
    ).checked()
    base = equilibrium.world
    tariff, cost = (shock or Shock()).filled(base)
    with jax.enable_x64(True):
        economy = economy_of(base, tariff, cost, "world")
    parameters = Parameters(tariff, cost, base.elasticities, base.deficit / base.value_added.sum())
    fixed = Fixed(economy, base.trade_shares, np.log1p(base.tariffs))
    spend = np.divide(
        equilibrium.expenditure, base.expenditure, out=np.ones_like(base.expenditure), where=base.expenditure > 0
    )
    parts = (np.log(equilibrium.wage_hat), np.log(equilibrium.sector_price_hat).ravel(), np.log(spend).ravel())
    return np.concatenate(parts), parameters, fixed


def shocked_economy(parameters: Parameters, fixed: Fixed) -> eqn.Economy:
    """The economy as a differentiable function of the parameters."""
    log_factor = jnp.log(parameters.cost_hat) + jnp.log1p(parameters.tariffs) - fixed.log_factor_ijs
    weight = fixed.share_ijs * jnp.exp(-parameters.elasticities * log_factor)
    return fixed.economy._replace(
        weight_sij=weight.transpose(2, 0, 1),
        net_weight_sij=(weight / (1 + parameters.tariffs)).transpose(2, 0, 1),
        theta_s=parameters.elasticities,
        deficit_j=parameters.deficit,
    )


def quantities_at(point: Array, parameters: Parameters, fixed: Fixed) -> Quantities:
    """Everything that follows from the unknowns (m,) of `fixed_point` under given parameters."""
    economy = shocked_economy(parameters, fixed)
    n, s = economy.va_is.shape
    log_wage, log_price = point[:n], point[n : n + n * s].reshape(n, s)
    log_wage = log_wage - jnp.log((jnp.exp(log_wage) * economy.va_i).sum())
    spending = economy.expenditure_js * jnp.exp(point[n + n * s :].reshape(n, s))
    log_cost = eqn.costs(log_wage, log_price, economy)
    theta = economy.theta_s
    relative = jnp.exp(-theta * (log_cost[:, None, :] - log_price[None]))
    flow = economy.net_weight_sij.transpose(1, 2, 0) * relative * spending[None]
    inputs = eqn.intermediate_demand(flow.sum(axis=1), economy)
    income = (spending - inputs).sum(axis=1)
    index = jnp.exp((economy.alpha_js * log_price).sum(axis=1))
    labour = economy.va_is * flow.sum(axis=1)
    return Quantities(
        real_income_hat=income / economy.income_j / index,
        income_hat=income / economy.income_j,
        price_index_hat=index,
        wage_hat=jnp.exp(log_wage),
        sector_price_hat=jnp.exp(log_price),
        tariff_revenue=(parameters.tariffs * flow).sum(axis=(0, 2)),
        flows=flow,
        attributed_income=labour / labour.sum(axis=1, keepdims=True) * income[:, None],
    )


@partial(jax.jit, static_argnames=("objective", "closure"))
def _adjoint(
    point: Array,
    parameters: Parameters,
    fixed: Fixed,
    argument: Array | None,
    *,
    objective: Objective,
    closure: str,
) -> tuple[Parameters, Array]:
    def value(u: Array, p: Parameters) -> Array:
        found = quantities_at(u, p, fixed)
        return objective(found) if argument is None else objective(found, argument)

    def image(u: Array, p: Parameters) -> Array:
        return steered_map(u, shocked_economy(p, fixed), closure)

    by_point, direct = jax.grad(value, argnums=(0, 1))(point, parameters)
    _, pull_point = jax.vjp(lambda u: image(u, parameters), point)
    answer, gap = _linear(lambda y: y - pull_point(y)[0], by_point)
    _, pull_parameters = jax.vjp(lambda p: image(point, p), parameters)
    through = pull_parameters(answer)[0]
    return jax.tree.map(jnp.add, direct, through), gap


@partial(jax.jit, static_argnames=("closure",))
def _forward(
    point: Array, parameters: Parameters, fixed: Fixed, direction: Parameters, *, closure: str
) -> tuple[Quantities, Array]:
    def image(u: Array, p: Parameters) -> Array:
        return steered_map(u, shocked_economy(p, fixed), closure)

    _, push = jax.linearize(lambda u: image(u, parameters), point)
    _, moved = jax.jvp(lambda p: image(point, p), (parameters,), (direction,))
    shift, gap = _linear(lambda v: v - push(v), moved)
    _, tangent = jax.jvp(lambda u, p: quantities_at(u, p, fixed), (point, parameters), (shift, direction))
    return tangent, gap


def _linear(product: Callable[[Array], Array], right: Array) -> tuple[Array, Array]:
    """Solve product(x) = right; returns x and its relative residual."""
    solver: Callable[..., tuple[Array, Any]] = gmres
    options = {"tol": LINEAR_TOLERANCE, "atol": 0.0, "restart": 40, "maxiter": 10, "solve_method": "incremental"}
    answer, _ = solver(product, right, **options)
    size = jnp.maximum(jnp.abs(right).max(), 1e-300)
    return answer, jnp.abs(product(answer) - right).max() / size
