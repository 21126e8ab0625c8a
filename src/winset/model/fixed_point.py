"""One pass through the equilibrium conditions, and the accelerated iteration of it, compiled by JAX.

The unknowns of one problem are log wages, log sector prices and log sector spending, each as a change from
the baseline: m = n + 2 n s numbers. One pass through equations (1) to (6) maps them to themselves; the residual is
the largest log difference of that map over all markets, hence free of scale. Acceleration mixes the last
passes (Anderson 1965, type II; Walker and Ni 2011). It is safeguarded: a candidate that does not reduce the
residual is dropped with the memory, and plain passes with a shorter wage step follow. Problems are solved b at
a time; each has its own memory and its own safeguards.
"""

from functools import partial
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from winset.model import equations as eqn

__all__ = ["Solved", "iterate", "market_errors", "solve_batch", "steered_map"]

MEMORY = 8
"""Passes mixed by the acceleration."""


class _State(NamedTuple):
    point: Array
    """(b, m) unknowns."""
    step: Array
    """(b, m) steered map(point) - point."""
    residual: Array
    """(b,) largest error over markets."""
    d_step: Array
    """(b, MEMORY, m) last changes of the step."""
    d_both: Array
    """(b, MEMORY, m) the same changes plus those of the point."""
    gram: Array
    """(b, MEMORY, MEMORY) inner products of `d_step`, one row renewed a pass."""
    valid: Array
    """(MEMORY, b) rows that count."""
    damping: Array
    """(b,) multiplies the wage step of plain passes, in (0, 1]."""
    best_point: Array
    best_residual: Array
    passes: Array
    """(b,) passes used."""
    iteration: Array
    """Passes of the longest problem; the row of the memory that is written next."""


def _unpack(point: Array, n: int, s: int) -> tuple[Array, Array, Array]:
    return point[:n], point[n : n + n * s].reshape(n, s), point[n + n * s :].reshape(n, s)


def _pass(point: Array, economy: eqn.Economy, closure: str) -> tuple[Array, Array]:
    """One pass: the step of every unknown (wages scaled), and the step with wages unscaled (the residual)."""
    n, s = economy.va_is.shape
    log_wage, log_price, log_spend = _unpack(point, n, s)
    # Only relative wages matter; the numeraire (world labour income unchanged) is imposed on the way in.
    log_wage = log_wage - jnp.log((jnp.exp(log_wage) * economy.va_i).sum())
    wage = jnp.exp(log_wage)
    spending = economy.expenditure_js * jnp.exp(log_spend)
    cost_power = jnp.exp(-economy.theta_s * eqn.costs(log_wage, log_price, economy))
    kernel = eqn.price_kernel(cost_power, economy)
    active = economy.expenditure_js > 0
    safe_kernel = jnp.where(active, kernel, 1.0)
    new_log_price = jnp.where(active, -jnp.log(safe_kernel) / economy.theta_s, 0.0)
    output = eqn.outputs(cost_power, safe_kernel, spending, economy)
    wedge = jnp.where(active, eqn.tariff_wedge(cost_power, safe_kernel, economy), 0.0)
    inputs = eqn.intermediate_demand(output, economy)
    money = eqn.income(wage, wedge, inputs, spending, economy, closure)
    # Negative income would still solve the equations; it is no equilibrium.
    money = jnp.where(money > 0, money, jnp.nan)
    new_spending = inputs + economy.alpha_js * money[:, None]
    new_log_spend = jnp.where(active, jnp.log(new_spending / jnp.where(active, economy.expenditure_js, 1.0)), 0.0)
    excess = jnp.log(eqn.labour_demand(output, economy) / (wage * economy.va_i))
    price_gap, spend_gap = new_log_price - log_price, new_log_spend - log_spend
    # Steering (see `preconditioner`): wages take Newton's step for their markets, prices and spending follow
    # them and solve out the region's own loop (prices through the transpose; spending in levels).
    wage_step = economy.wage_im @ excess
    # World labour income is the numeraire: a common change of all wages is no step. (Left in, it would make
    # spending follow its own error.)
    wage_step = wage_step - (wage * economy.va_i * wage_step).sum()
    wage_step = wage_step / jnp.maximum(1.0, jnp.abs(wage_step).max())
    follows = economy.price_ism.shape[2]
    level = jnp.where(active, economy.expenditure_js, 1.0) * jnp.exp(log_spend)
    price_step = (
        jnp.einsum("iks,ik->is", economy.leontief_iks, price_gap) + economy.price_ism @ wage_step[:follows]
    )
    spend_step = (
        jnp.einsum("iks,is->ik", economy.leontief_iks, spend_gap * level) / level
        + economy.spend_ism @ wage_step[:follows]
    )
    shift = log_wage - point[:n]
    step = jnp.concatenate([shift + wage_step, price_step.ravel(), spend_step.ravel()])
    return step, jnp.concatenate([excess, price_gap.ravel(), spend_gap.ravel()])


def _dots(rows: Array, vector: Array) -> Array:
    """(b, k) inner products of (b, k, m) rows with a (b, m) vector: a fused sum, faster than a thin product."""
    found: Array = (rows * vector[:, None]).sum(axis=-1)
    return found


def _accelerated(state: _State) -> Array:
    """(b, m) the Anderson mix: the point and step at which a linear map would have the least step."""
    valid = state.valid.T
    pairs = valid[:, :, None] & valid[:, None, :]
    gram = jnp.where(pairs, state.gram, 0.0)
    # A tiny ridge keeps the normal equations solvable when remembered changes are nearly parallel.
    scale = jnp.trace(gram, axis1=1, axis2=2) / jnp.maximum(valid.sum(axis=1), 1)
    ridge = (1e-14 * scale + 1e-300)[:, None, None] * jnp.eye(MEMORY) + jnp.eye(MEMORY) * ~valid[:, None, :]
    right = jnp.where(valid, _dots(state.d_step, state.step), 0.0)
    mix = jnp.linalg.solve(gram + ridge, right[..., None])[..., 0]
    mixed: Array = state.point + state.step - jnp.einsum("bk,bkm->bm", mix, state.d_both)
    return mixed


@partial(jax.jit, static_argnames=("closure", "shared"))
def iterate(
    start: Array, economy: eqn.Economy, tolerance: Array, limit: Array, *, closure: str, shared: tuple[bool, ...]
) -> tuple[Array, Array, Array]:
    n = economy.va_i.shape[-1]
    batch, size = start.shape
    axes: Any = eqn.Economy(*[cast(Any, None if same else 0) for same in shared])
    one_pass = jax.vmap(partial(_pass, closure=closure), in_axes=(0, axes))

    def evaluate(point: Array) -> tuple[Array, Array]:
        step, error = one_pass(point, economy)
        residual = jnp.abs(error).max(axis=1)
        return step, jnp.where(jnp.isfinite(residual), residual, jnp.inf)

    step, residual = evaluate(start)
    memory = jnp.zeros((batch, MEMORY, size))
    initial = _State(
        point=start, step=step, residual=residual, d_step=memory, d_both=memory,
        gram=jnp.zeros((batch, MEMORY, MEMORY)),
        valid=jnp.zeros((MEMORY, batch), dtype=bool), damping=jnp.ones(batch), best_point=start,
        best_residual=residual, passes=jnp.ones(batch, dtype=int), iteration=jnp.array(1),
    )  # fmt: skip

    def running(state: _State) -> Array:
        return (state.best_residual > tolerance).any() & (state.iteration < limit)

    def advance(state: _State) -> _State:
        open_ = state.best_residual > tolerance
        plain = state.point + state.step.at[:, :n].multiply(state.damping[:, None])
        mixed = _accelerated(state)
        usable = state.valid.any(axis=0) & jnp.isfinite(mixed).all(axis=1)
        # A log change far beyond the plain step is an extrapolation, not an estimate.
        reach = jnp.maximum(2.0, 2.0 * jnp.abs(state.step).max(axis=1))
        usable &= jnp.abs(mixed - state.point).max(axis=1) < reach
        candidate = jnp.where(usable[:, None], mixed, plain)
        step, residual = evaluate(candidate)
        accept = jnp.where(usable, residual < 2.0 * state.best_residual, jnp.isfinite(residual)) & open_
        better = (residual < state.best_residual) & open_
        # A plain pass that made things worse shortens the next ones.
        worse = (~usable) & (residual > state.residual)
        damping = jnp.where(worse, 0.5 * state.damping, jnp.minimum(1.0, 1.1 * state.damping))
        # The oldest remembered change gives way. A rejected candidate empties the memory of its problem.
        row = state.iteration % MEMORY
        change = step - state.step
        change = jnp.where(accept[:, None], change, 0.0)
        d_step = state.d_step.at[:, row].set(change)
        moved = jnp.where(accept[:, None], candidate - state.point, 0.0)
        d_both = state.d_both.at[:, row].set(change + moved)
        products = _dots(d_step, change)
        return _State(
            point=jnp.where(accept[:, None], candidate, state.point),
            step=jnp.where(accept[:, None], step, state.step),
            residual=jnp.where(accept, residual, state.residual),
            d_step=d_step,
            d_both=d_both,
            gram=state.gram.at[:, row, :].set(products).at[:, :, row].set(products),
            valid=jnp.where(accept, state.valid.at[row].set(True), False),
            damping=jnp.where(accept & usable, state.damping, damping),
            best_point=jnp.where(better[:, None], candidate, state.best_point),
            best_residual=jnp.where(better, residual, state.best_residual),
            passes=state.passes + open_,
            iteration=state.iteration + 1,
        )

    final = jax.lax.while_loop(running, advance, initial)
    return final.best_point, final.best_residual, final.passes


Solved = tuple[NDArray[np.float64], float, int]
"""Unknowns (m,), residual, passes."""


def solve_batch(
    economies: list[eqn.Economy], starts: NDArray[np.float64], tolerance: float, limit: int, closure: str
) -> list[Solved]:
    """Solve problems of one size together: economies, their starts (b, m), a tolerance and most passes.

    Call it inside `jax.enable_x64(True)`. What all problems share is passed once.
    """
    columns = list(zip(*economies, strict=True))
    shared = tuple(all(part is column[0] for part in column) for column in columns)
    fields: list[Any] = [c[0] if same else np.stack(c) for c, same in zip(columns, shared, strict=True)]
    solved = iterate(
        jnp.asarray(starts),
        eqn.Economy(*fields),
        jnp.array(tolerance),
        jnp.array(limit),
        closure=closure,
        shared=shared,
    )
    points, residuals, counts = (np.asarray(part) for part in solved)
    return [(points[k], float(residuals[k]), int(counts[k])) for k in range(len(economies))]


def steered_map(point: Array, economy: eqn.Economy, closure: str) -> Array:
    """(m,) the map whose fixed point is the equilibrium: point plus its steered step. Differentiable."""
    return point + _pass(point, economy, closure)[0]


@partial(jax.jit, static_argnames=("closure",))
def market_errors(point: Array, economy: eqn.Economy, *, closure: str) -> Array:
    """(m,) errors of every labour market, price and spending, in logs."""
    return _pass(point, economy, closure)[1]
