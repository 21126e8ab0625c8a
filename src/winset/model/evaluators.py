"""Payoffs at one tariff array after another, with their gradients: what a search over tariffs calls.

Each solve starts from the last answer, and so does the linear system of the adjoint: neighbouring points of a
search cost a few passes. The core model is solved by `fixed_point` and its adjoint by GMRES; the variants are
small enough for a dense Jacobian. An evaluator remembers where it was, so it is not shared between threads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.sparse.linalg import gmres
from numpy.typing import ArrayLike

from winset.core.errors import NotConvergedError, RequestError
from winset.core.names import known
from winset.model import equations as eqn
from winset.model.baseline import Baseline, Floats
from winset.model.equilibrium import Equilibrium
from winset.model.fixed_point import iterate, steered_map
from winset.model.gradients import Fixed, Parameters, Quantities, quantities_at, shocked_economy
from winset.model.objectives import TRACING_ERRORS, Weighing, payoff_vector, refused
from winset.model.shocks import Shock
from winset.model.solve import CLOSURES, balanced_world, economy_of, solve
from winset.model.variant_problems import variant_problem
from winset.model.variants import MODELS

__all__ = ["TariffEvaluator", "evaluator"]

TOLERANCE = 1e-12
"""Asked of each solve; rounding may keep it from the last digit, so `GOOD` is what is accepted."""
GOOD = 1e-10
DIRECT_PASSES = 60
STRAY = 1000
"""Passes given to a point that a warm start does not reach, before a search is told to turn back."""
LINEAR_TOLERANCE = 1e-10
"""Relative residual asked of the adjoint; 1e-8 is accepted."""
Users = tuple[Callable[..., Any], ...]


class TariffEvaluator(ABC):
    """Payoffs and gradients at tariffs (n, n, s) for one world, model, closure and set of objectives."""

    def __init__(self, world: Baseline, solved_by: Callable[[Floats], Equilibrium], users: Users) -> None:
        self.world = world
        """What hats are relative to (re-solved without deficits where the closure asks for it)."""
        self.evaluations = 0
        """Equilibria computed so far."""
        self.users = users
        self._solved_by = solved_by

    @property
    def width(self) -> int:
        """Length of the vector of payoffs."""
        n, s = len(self.world.regions), len(self.world.sectors)
        return 3 * n + len(self.users) + n * s

    def equilibrium(self, tariffs: Floats) -> Equilibrium:
        """The full equilibrium at these tariffs."""
        return self._solved_by(tariffs)

    def payoffs(self, tariffs: Floats) -> Floats:
        """The vector of `objectives.payoff_vector` (`width`,); nan where no equilibrium is found."""
        self.evaluations += 1
        with jax.enable_x64(True):
            try:
                return self._payoffs(tariffs)
            except TRACING_ERRORS as error:
                if not self.users:
                    raise
                raise refused(error) from error

    def gradients(self, rows: Floats) -> Floats:
        """(m, n, n, s) derivatives of rows (m, up to `width`) times payoffs to tariffs, where payoffs last were.

        Home tariffs have derivative zero by convention. Raises NotConvergedError where the linear system
        cannot be solved.
        """
        with jax.enable_x64(True):
            try:
                given = np.atleast_2d(rows)
                full = np.zeros((len(given), self.width))
                full[:, : given.shape[1]] = given
                found = np.array(self._gradients(full))
            except TRACING_ERRORS as error:
                if not self.users:
                    raise
                raise refused(error) from error
        every = np.arange(len(self.world.regions))
        found[:, every, every] = 0.0
        return found

    @abstractmethod
    def _payoffs(self, tariffs: Floats) -> Floats:
        """`payoffs`, inside double precision."""

    @abstractmethod
    def _gradients(self, rows: Floats) -> Floats:
        """`gradients` of rows of full width, inside double precision."""


def evaluator(
    world: Baseline,
    *,
    shock: Shock | None = None,
    closure: str = "world-share",
    numeraire: str = "world",
    model: str = "caliendo-parro",
    lobbying: ArrayLike | None = None,
    users: Users = (),
    settings: Mapping[str, Any] | None = None,
) -> TariffEvaluator:
    """The evaluator for a world, model and closure.

    shock: only its iceberg ratios are used (tariffs are what varies). lobbying: (n, s) weights, mean one by
    region; None for ones. users: objectives that are functions. Raises UnknownNameError, RequestError,
    or NotConvergedError where the balanced baseline has no solution.
    """
    known(model, MODELS, "model")
    n, s = len(world.regions), len(world.sectors)
    weights = np.ones((n, s)) if lobbying is None else np.asarray(lobbying, dtype=np.float64)
    if weights.shape != (n, s) or not np.isfinite(weights).all() or (weights < 0).any():
        raise RequestError(
            f"lobbying weights must be {(n, s)} numbers of 0 or more (region, sector), found {weights.shape}"
        )
    uneven = np.abs(weights.mean(axis=1) - 1)
    if uneven.max() > 1e-6:
        j = int(uneven.argmax())
        raise RequestError(
            f"the lobbying weights of {world.regions[j]} average {weights[j].mean():.6g}, not 1",
            remedy="Divide each region's weights by their mean",
        )
    if model == "caliendo-parro":
        if settings:
            raise RequestError(f"the model {model!r} has no setting {sorted(settings)[0]!r}")
        return _CoreEvaluator(world, shock, closure, numeraire, weights, users)
    if numeraire != "world":
        raise RequestError(f"the model {model!r} takes no numeraire region")
    return _DenseEvaluator(world, shock, closure, model, weights, users, dict(settings or {}))


# ---------------------------------------------------------------------- core model


@partial(jax.jit, static_argnames=("closure", "users"))
def _core_payoffs(
    start: Array, parameters: Parameters, fixed: Fixed, weighing: Weighing, tolerance: Array, limit: Array,
    *, closure: str, users: Users,
) -> tuple[Array, Array, Array]:  # fmt: skip
    economy = shocked_economy(parameters, fixed)
    shared = (True,) * len(eqn.Economy._fields)
    points, residuals, _ = iterate(start[None], economy, tolerance, limit, closure=closure, shared=shared)
    return points[0], residuals[0], payoff_vector(quantities_at(points[0], parameters, fixed), weighing, users)


@partial(jax.jit, static_argnames=("users",))
def _core_payoffs_at(
    point: Array, parameters: Parameters, fixed: Fixed, weighing: Weighing, *, users: Users
) -> Array:
    found: Array = payoff_vector(quantities_at(point, parameters, fixed), weighing, users)
    return found


@partial(jax.jit, static_argnames=("closure", "users"))
def _core_gradient(
    point: Array, parameters: Parameters, fixed: Fixed, weighing: Weighing, row: Array, guess: Array,
    *, closure: str, users: Users,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Gradient of row . payoffs to tariffs by the adjoint of `gradients`, the adjoint, its relative residual."""

    def value(u: Array, tariffs: Array) -> Array:
        found = quantities_at(u, parameters._replace(tariffs=tariffs), fixed)
        total: Array = jnp.dot(row, payoff_vector(found, weighing, users))
        return total

    def image(u: Array, tariffs: Array) -> Array:
        return steered_map(u, shocked_economy(parameters._replace(tariffs=tariffs), fixed), closure)

    by_point, direct = jax.grad(value, argnums=(0, 1))(point, parameters.tariffs)
    _, pull_point = jax.vjp(lambda u: image(u, parameters.tariffs), point)

    def product(y: Array) -> Array:
        left: Array = y - pull_point(y)[0]
        return left

    solver: Callable[..., tuple[Array, Any]] = gmres
    answer, _ = solver(
        product, by_point, x0=guess, tol=LINEAR_TOLERANCE, atol=0.0, restart=30, maxiter=12,
        solve_method="incremental",
    )  # fmt: skip
    gap = jnp.abs(product(answer) - by_point).max() / jnp.maximum(jnp.abs(by_point).max(), 1e-300)
    _, pull_tariffs = jax.vjp(lambda t: image(point, t), parameters.tariffs)
    return direct + pull_tariffs(answer)[0], answer, gap


class _CoreEvaluator(TariffEvaluator):
    def __init__(
        self, world: Baseline, shock: Shock | None, closure: str, numeraire: str, lobbying: Floats, users: Users
    ) -> None:
        known(closure, CLOSURES, "closure")
        base = balanced_world(world)[0] if closure == "balanced" else world
        _, cost = (shock or Shock()).filled(world)

        def solved_by(tariffs: Floats) -> Equilibrium:
            return solve(
                world, Shock(tariffs=tariffs, cost_hat=cost), closure=closure, numeraire=numeraire, tolerance=1e-11
            )

        def cautious(tariffs: Floats) -> Equilibrium:
            return solve(
                world, Shock(tariffs=tariffs, cost_hat=cost), closure=closure, numeraire=numeraire,
                tolerance=1e-11, max_iterations=STRAY,
            )  # fmt: skip

        super().__init__(base, solved_by, users)
        self._cautious = cautious
        self._closure = closure
        unit = base.value_added.sum()
        labour = base.value_added_shares * base.output
        earned = labour / labour.sum(axis=1, keepdims=True) * base.income[:, None] / unit
        with jax.enable_x64(True):
            self._fixed = Fixed(
                economy_of(base, base.tariffs, np.ones_like(base.flows), numeraire),
                jnp.asarray(base.trade_shares),
                jnp.asarray(np.log1p(base.tariffs)),
            )
            self._parameters = Parameters(
                jnp.asarray(base.tariffs), jnp.asarray(cost), jnp.asarray(base.elasticities),
                jnp.asarray(base.deficit / unit),
            )  # fmt: skip
            self._weighing = Weighing(
                jnp.asarray(lobbying),
                jnp.asarray((lobbying * earned).sum(axis=1)),
                jnp.asarray(base.income / unit),
                jnp.asarray(base.output / unit),
            )
        size = len(base.regions) * (1 + 2 * len(base.sectors))
        self._origin = np.zeros(size)
        self._point = self._origin
        self._guess: dict[int, Floats] = {}

    def _payoffs(self, tariffs: Floats) -> Floats:
        self._parameters = self._parameters._replace(tariffs=jnp.asarray(tariffs))
        for start in (self._point, self._origin):
            point, residual, payoffs = _core_payoffs(
                start, self._parameters, self._fixed, self._weighing, np.float64(TOLERANCE),
                np.int64(DIRECT_PASSES), closure=self._closure, users=self.users,
            )  # fmt: skip
            if float(residual) <= GOOD:
                self._point = np.asarray(point)
                return np.asarray(payoffs)
        # Far from the baseline the solver with care knows more ways; a search that strays needs not all of them.
        found = self._cautious(np.asarray(tariffs))
        if not found.converged:
            return np.full(np.shape(payoffs), np.nan)
        self._point = _unknowns(found)
        values = _core_payoffs_at(self._point, self._parameters, self._fixed, self._weighing, users=self.users)
        return np.asarray(values)

    def _gradients(self, rows: Floats) -> Floats:
        found = []
        for k, row in enumerate(rows):
            guess = self._guess.get(k, self._origin)
            gradient, answer, gap = _core_gradient(
                self._point, self._parameters, self._fixed, self._weighing, row, guess,
                closure=self._closure, users=self.users,
            )  # fmt: skip
            if np.isnan(gap) and self.users:
                raise RequestError(
                    "an objective has no finite derivative at these tariffs",
                    why="A kink, a root or a logarithm of zero has none",
                    remedy="Write it so that it is smooth where tariffs may go, or narrow the bounds",
                )
            if not float(gap) < 1e-7:
                raise NotConvergedError(
                    f"the derivative could not be solved for: relative residual {float(gap):.1e}",
                    remedy="Lower the bounds of the tariffs",
                )
            self._guess[k] = np.asarray(answer)
            found.append(np.asarray(gradient))
        return np.stack(found)


def _unknowns(found: Equilibrium) -> Floats:
    """The unknowns of `fixed_point` at an equilibrium."""
    base = found.world
    spend = np.divide(
        found.expenditure, base.expenditure, out=np.ones_like(base.expenditure), where=base.expenditure > 0
    )
    parts = (np.log(found.wage_hat), np.log(found.sector_price_hat).ravel(), np.log(spend).ravel())
    return np.concatenate(parts)


# ---------------------------------------------------------------------- variants


@partial(jax.jit, static_argnames=("describe", "users"))
def _dense_payoffs(
    point: Array, tariffs: Array, data: Any, weighing: Weighing, *, describe: Callable[..., Any], users: Users
) -> Array:
    quantities: Quantities = describe(point, tariffs, data)[1]
    found: Array = payoff_vector(quantities, weighing, users)
    return found


@partial(jax.jit, static_argnames=("describe", "users"))
def _dense_gradients(
    point: Array, tariffs: Array, data: Any, weighing: Weighing, rows: Array,
    *, describe: Callable[..., Any], users: Users,
) -> Array:  # fmt: skip
    """dG/dt = G_t - F_t' (F_y')^(-1) G_y for each row, with gaps F and payoffs G of point y and tariffs t."""

    def gaps_and_payoffs(y: Array, t: Array) -> tuple[Array, Array]:
        gaps, quantities = describe(y, t, data)
        return gaps, payoff_vector(quantities, weighing, users)

    gaps_y, payoffs_y = jax.jacfwd(gaps_and_payoffs)(point, tariffs)
    adjoint = -jnp.linalg.solve(gaps_y.T, payoffs_y.T @ rows.T).T
    _, pull = jax.vjp(lambda t: gaps_and_payoffs(point, t), tariffs)
    found: Array = jax.vmap(lambda a, row: pull((a, row))[0])(adjoint, rows)
    return found


class _DenseEvaluator(TariffEvaluator):
    def __init__(
        self, world: Baseline, shock: Shock | None, closure: str, model: str, lobbying: Floats, users: Users,
        settings: dict[str, Any],
    ) -> None:  # fmt: skip
        if shock is not None and shock.cost_hat is not None and (shock.cost_hat != 1).any():
            raise RequestError(f"the model {model!r} takes tariffs only, no iceberg changes")
        if model == "ossa-2014":
            settings = settings | {"lobbying": lobbying}
        problem = variant_problem(world, model=model, closure=closure, settings=settings)

        def solved_by(tariffs: Floats) -> Equilibrium:
            return solve(world, Shock(tariffs=tariffs), closure=closure, model=model, **settings)

        super().__init__(problem.base, solved_by, users)
        self._problem = problem
        self._point: Floats | None = None
        self._tariffs = problem.base.tariffs
        with jax.enable_x64(True):
            origin, before = jnp.asarray(problem.origin), jnp.asarray(problem.base.tariffs)
            start: Quantities = problem.describe(origin, before, problem.data)[1]
            earned = (lobbying * np.asarray(start.attributed_income)).sum(axis=1)
            income = np.asarray(start.attributed_income).sum(axis=1)
            self._weighing = Weighing(
                jnp.asarray(lobbying), jnp.asarray(earned), jnp.asarray(income), start.flows.sum(axis=1)
            )

    def _payoffs(self, tariffs: Floats) -> Floats:
        self._tariffs = tariffs
        found = self._problem.solved(self._point, tariffs)
        if found is None and self._point is not None:
            found = self._problem.solved(None, tariffs)
        if found is None:
            return np.full(self.width, np.nan)
        self._point = found
        values = _dense_payoffs(
            found, tariffs, self._problem.data, self._weighing, describe=self._problem.describe, users=self.users
        )
        return np.asarray(values)

    def _gradients(self, rows: Floats) -> Floats:
        assert self._point is not None  # noqa: S101 - payoffs come first
        found = _dense_gradients(
            self._point, self._tariffs, self._problem.data, self._weighing, rows,
            describe=self._problem.describe, users=self.users,
        )  # fmt: skip
        return np.asarray(found)
