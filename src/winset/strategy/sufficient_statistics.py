"""Tariff wars from 3n equations, without optimisation: Lashkaripour (2021, Journal of International Economics).

Multi-sector Armington, balanced trade, no inputs. A player's best tariff is uniform,

    t_i = 1 / sum_k sum_{j != i} chi_ijk eps_k [1 - (1 - delta_jk) lambda_ijk],

chi_ijk the share of (j, k) in i's exports net of tariffs, lambda_ijk the share of i in j's spending on k, and
delta_jk = t_j lambda_jjk e_jk / (1 + t_j lambda_jj), lambda_jj = sum_k lambda_jjk e_jk. These n equations are
solved together with n labour markets and n budgets in changes. The effect of a player on relative wages among
others is neglected.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy.linalg import LinAlgWarning

from winset.model.baseline import Baseline
from winset.model.solve import balanced_world
from winset.strategy.instruments import Floats

__all__ = ["SufficientStatistics", "sufficient_statistics"]

TOLERANCE = 1e-10
MAX_PASSES = 300
MEMORY = 8
"""Passes mixed by the acceleration (Anderson 1965, type II)."""
HIGHEST = 10.0
"""Rates are kept below this on the way."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SufficientStatistics:
    """The war as the 3n equations see it."""

    rates: Floats
    """(n,) each region's uniform rate on all others; a region that does not play keeps its mean rate."""
    real_income_hat: Floats
    """(n,) under these equations, relative to the balanced baseline of a world without inputs."""
    wage_hat: Floats
    """(n,) world income is the numeraire."""
    converged: bool
    residual: float
    """Largest log gap of the 3n equations."""
    passes: int


def sufficient_statistics(
    world: Baseline,
    *,
    players: Sequence[int] | None = None,
    tariffs: Floats | None = None,
    free: NDArray[np.bool_] | None = None,
    tolerance: float = TOLERANCE,
    max_passes: int = MAX_PASSES,
) -> SufficientStatistics:
    """Nash rates of `players` (positions; None: all) by the 3n equations.

    tariffs: (n, n, s) of everybody before the war, kept on what nobody plays (None: the baseline's). free:
    (n, n, s) cells that a player's rate falls on (None: all foreign ones); a player's rate answers its exports to
    everyone. Flows are read as final trade: inputs are spending like any other, labour earns all sales, and
    deficits are left out of income.
    """
    n, _, s = world.flows.shape
    who = np.arange(n) if players is None else np.asarray(players)
    kept = world.tariffs if tariffs is None else tariffs
    moving = np.zeros((n, n, s), dtype=bool)
    moving[:, who] = True
    if free is not None:
        moving &= free
    moving[np.arange(n), np.arange(n)] = False
    plain = world
    if world.input_shares.any():
        plain = Baseline.from_arrays(
            regions=world.regions, sectors=world.sectors, flows=world.flows, tariffs=world.tariffs,
            elasticities=world.elasticities,
        )  # fmt: skip
    problem = _Problem(balanced_world(plain)[0], who, kept, moving)
    passes, last = 0, [np.inf]

    def step(point: Floats) -> Floats:
        nonlocal passes
        passes += 1
        found = problem.at(point).step
        last[0] = float(np.abs(found).max())
        return found

    start = np.concatenate([np.zeros(n), np.full(who.size, np.log1p(1 / world.elasticities.mean()))])
    choice = {"M": MEMORY, "alpha": 1.0, "f_tol": tolerance, "maxiter": max_passes, "line_search": None}
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            # Passes that hardly differ mix badly, and harmlessly: the residual at the end is what counts.
            warnings.simplefilter("ignore", LinAlgWarning)
            point = np.asarray(optimize.anderson(step, start, **choice))
    except (optimize.NoConvergence, ValueError) as error:
        # It ended away from a root: the last point says how far.
        given = error.args[0] if error.args else start
        point = np.asarray(given if isinstance(given, np.ndarray) and np.isfinite(given).all() else start)
    state = problem.at(point)
    residual = float(np.abs(state.step).max())
    return SufficientStatistics(
        rates=state.rates,
        real_income_hat=state.real_income,
        wage_hat=state.wage,
        converged=bool(residual <= tolerance),
        residual=residual,
        passes=passes,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _State:
    step: Floats
    """(n + players,) change of ln wage and ln(1 + rate) that one pass asks for."""
    rates: Floats
    wage: Floats
    real_income: Floats


class _Problem:
    """Arrays of one balanced world without inputs; sector first, so that sums over regions are matrix products.

    A flow depends on its cell only through what a player's rate moves and what it does not, so every sum of a pass
    is a product of a fixed array with a vector; nothing of size n x n x s is made on the way.
    """

    def __init__(self, base: Baseline, who: NDArray[np.intp], kept: Floats, moving: NDArray[np.bool_]) -> None:
        n = len(base.regions)
        self.n, self.who = n, who
        self.theta = base.elasticities
        self.income = base.income
        self.spent_sj = np.ascontiguousarray(base.final_shares.T)
        """e_jk, (s, n)."""
        self.unit = base.output.sum()
        self.labour = base.output.sum(axis=1) / self.unit
        share, before, after = (
            np.ascontiguousarray(x.transpose(2, 0, 1)) for x in (base.trade_shares, 1 + base.tariffs, 1 + kept)
        )
        free = moving.transpose(2, 0, 1)
        theta = self.theta[:, None, None]
        home = np.eye(n, dtype=bool)
        # What a player's rate moves, before (1 + t)^(-theta); and the rest abroad, with the tariffs that stay.
        self.moved = np.where(free, share * before**theta, 0.0)
        self.still = np.where(free | home, 0.0, share * (before / after) ** theta)
        self.still_net = self.still / after
        self.own = np.ascontiguousarray(np.einsum("sjj->sj", share))
        self.moved_squared, self.still_squared = self.moved**2, self.still * self.still_net
        self.fixed = bool(self.still.any())
        traded = base.flows * ~home[:, :, None]
        imports = traded.sum(axis=(0, 2))
        self.mean_kept = (kept * traded).sum(axis=(0, 2)) / np.where(imports > 0, imports, 1.0)
        # A wage step as long as demand for a region's labour is elastic.
        away = (base.flows * (1 - base.trade_shares) * self.theta).sum(axis=(1, 2)) / base.output.sum(axis=1)
        self.elasticity = 1 + away

    def at(self, point: Floats) -> _State:
        """Everything at ln wages (n,) and ln(1 + rate) of the players."""
        n, who, theta = self.n, self.who, self.theta[:, None]
        wage = np.exp(point[:n] - point[:n].mean())
        wage = wage / (wage * self.labour).sum()
        rates = self.mean_kept.copy()
        rates[who] = np.clip(np.expm1(point[n:]), -0.5, HIGHEST)
        power = np.exp(-theta * np.log(wage))
        wall, paid = np.ones_like(power), np.ones(n)
        wall[:, who] = np.exp(-theta * np.log1p(rates[who]))
        paid[who] = 1 + rates[who]
        through, at_home = wall * self._down(self.moved, power), power * self.own
        kernel = through + at_home + self._rest_down(self.still, power)
        received = (through / paid + at_home + self._rest_down(self.still_net, power)) / kernel
        # Income: labour, and the tariffs in its own spending.
        income = wage * self.labour / (received * self.spent_sj).sum(axis=0)
        demand = self.spent_sj * income / kernel
        moved_demand = wall / paid * demand
        exports = power * (self._across(self.moved, moved_demand) + self._rest_across(self.still_net, demand))
        gap = np.log((exports + at_home * demand).sum(axis=0) / (wage * self.labour))
        # The formula at the module's head; a flow times its share, summed over buyers.
        spent_home = at_home / kernel * self.spent_sj
        delta = rates * spent_home / (1 + rates * spent_home.sum(axis=0))
        felt = (1 - delta) / kernel
        double = power**2 * (
            self._across(self.moved_squared, wall * moved_demand * felt)
            + self._rest_across(self.still_squared, demand * felt)
        )
        best = exports.sum(axis=0) / (theta * (exports - double)).sum(axis=0)
        step = np.concatenate([gap / self.elasticity, np.log1p(best[who]) - np.log1p(rates[who])])
        log_price = -(np.log(kernel) / theta * self.spent_sj).sum(axis=0)
        real_income = income * self.unit / self.income / np.exp(log_price)
        return _State(step=step, rates=rates, wage=wage, real_income=real_income)

    def _down(self, cells: Floats, sellers: Floats) -> Floats:
        """(s, n) sum over exporters i of cells_sij sellers_si."""
        return np.asarray((sellers[:, None, :] @ cells)[:, 0])

    def _across(self, cells: Floats, buyers: Floats) -> Floats:
        """(s, n) sum over importers j of cells_sij buyers_sj."""
        return np.asarray((cells @ buyers[:, :, None])[:, :, 0])

    def _rest_down(self, cells: Floats, sellers: Floats) -> Floats | float:
        return self._down(cells, sellers) if self.fixed else 0.0

    def _rest_across(self, cells: Floats, buyers: Floats) -> Floats | float:
        return self._across(cells, buyers) if self.fixed else 0.0
