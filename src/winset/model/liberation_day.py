"""Solving the one-sector models of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025).

The world is `LiberationDayWorld`, with or without intermediate inputs; the conditions stand in
`liberation_day_equations`. Accelerated passes find nearly every equilibrium in some forty passes; where they
stall, Newton steps with the dense Jacobian and a line search go on from the best point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import jax
import numpy as np
from numpy.typing import ArrayLike

from winset.core.errors import RequestError
from winset.core.names import known
from winset.model.liberation_day_equations import Economy, errors, errors_and_jacobian, fixed_point
from winset.model.liberation_day_equilibrium import (
    COLUMNS,
    Closure,
    Floats,
    LiberationDayEquilibrium,
    LiberationDayScenario,
    Numeraire,
    Relief,
    equilibrium_from,
)
from winset.model.liberation_day_world import (
    LiberationDayWorld,
    home_sales,
    penetration_shares,
    tariff_exponents,
)

__all__ = [
    "COLUMNS",
    "LiberationDayEquilibrium",
    "LiberationDayScenario",
    "LiberationDayWorld",
    "home_sales",
    "penetration_shares",
    "solve_liberation_day",
    "solve_liberation_days",
    "tariff_exponents",
]

TOLERANCE = 1e-12
MAX_PASSES = 400
MAX_NEWTON = 60
SHORTEST = 2.0**-12
"""Newton steps are halved down to this share before the search gives up."""
MARGIN = 0.25
"""The solver aims at this share of the tolerance: the final check, in levels, rounds differently."""
HIGHEST_TARIFF = 10.0


def solve_liberation_day(
    world: LiberationDayWorld,
    tariffs: ArrayLike,
    *,
    relief: Relief = "income-tax",
    numeraire: Numeraire = "prices",
    closure: Closure = "world-share",
    absorber: str | None = None,
    tolerance: float = TOLERANCE,
    start: Floats | None = None,
) -> LiberationDayEquilibrium:
    """The equilibrium of `world` under (n, n) `tariffs` (fractions, exporter by importer; sections 3.2, 4.2).

    relief: `income-tax` (revenue lowers the tax on labour) or `lump-sum`. numeraire: `prices`, the E-weighted
    price index, or `wages`, the Y-weighted wage; real results do not depend on it. closure: `world-share`
    (each transfer a fixed share of world labour income) or `nominal` (fixed in units of the numeraire).
    absorber: where transfers do not sum to zero, Walras' law fails and one labour market must be left out;
    its region is named here and `walras_gap` says by how much it fails. start: `point` of a nearby solution.

    Returns a LiberationDayEquilibrium whose `converged` says whether it can be used. Raises RequestError for
    tariffs of a wrong shape or size, and UnknownNameError for a name that does not exist.
    """
    scenario = LiberationDayScenario(
        world=world, tariffs=tariffs, relief=relief, numeraire=numeraire, closure=closure, absorber=absorber
    )
    return solve_liberation_days([scenario], tolerance=tolerance, starts=[start])[0]


def solve_liberation_days(
    scenarios: Sequence[LiberationDayScenario],
    *,
    tolerance: float = TOLERANCE,
    starts: Sequence[Floats | None] | None = None,
) -> list[LiberationDayEquilibrium]:
    """Several scenarios, of any worlds, in order; one that fails does not touch the others."""
    if not 0 < tolerance < 1:
        raise RequestError(f"tolerance {tolerance!r} is not between 0 and 1")
    given = [None] * len(scenarios) if starts is None else list(starts)
    # Every request is checked before any is solved.
    prepared = [economy_of(scenario) for scenario in scenarios]
    results = []
    for scenario, (tariff, economy), start in zip(scenarios, prepared, given, strict=True):
        prices = prices_are_unknown(scenario)
        size = (3 if prices else 2) * len(scenario.world.regions)
        first = np.zeros(size) if start is None else np.asarray(start, dtype=np.float64)
        if first.shape != (size,):
            raise RequestError(f"start has shape {first.shape}, expected {(size,)} (a `point`)")
        point, passes = _solved(first, economy, prices, MARGIN * tolerance)
        cleared = np.asarray(economy.cleared_o)
        results.append(
            equilibrium_from(
                scenario, tariff, cleared, point, prices=prices, tolerance=tolerance, iterations=passes
            )
        )
    return results


def prices_are_unknown(scenario: LiberationDayScenario) -> bool:
    """Whether prices are unknowns beside wages and employment: they enter cost, or the transfers."""
    return scenario.world.beta < 1 or scenario.closure == "nominal"


def economy_of(scenario: LiberationDayScenario) -> tuple[Floats, Economy]:
    """Check a scenario; return its tariffs and the arrays that the conditions need."""
    world = scenario.world
    for value, choices, what in (
        (scenario.relief, Relief, "relief"),
        (scenario.numeraire, Numeraire, "numeraire"),
        (scenario.closure, Closure, "closure"),
    ):
        known(value, get_args(choices), what)
    tariff = _tariffs(scenario.tariffs, world)
    n = len(world.regions)
    cleared = np.ones(n)
    if world.transfers_balance:
        if scenario.absorber is not None:
            raise RequestError(
                "an absorber is named but transfers sum to zero",
                why="Every labour market clears here, so none is left out",
                remedy="Leave absorber out",
            )
    elif scenario.absorber is None:
        raise RequestError(
            f"the transfers of {world.name!r} sum to {world.transfers.sum():.6g}, not to zero",
            why="Walras' law then fails and no equilibrium clears every market",
            remedy="Correct the transfers, or name the region that absorbs the rest as absorber",
        )
    elif world.beta < 1:
        raise RequestError("with inputs no absorber is offered", remedy="Correct the transfers")
    else:
        cleared[world.regions.index(known(scenario.absorber, world.regions, "region"))] = 0.0
    unit = world.labour_income.sum()
    kernel = world.trade_shares * (1 + tariff) ** (-world.eps * world.phi)
    answer = world.flows * (1 - world.nu) * (1 - world.trade_shares)
    elasticity = world.eps * world.beta**2 * answer.sum(axis=1) / world.labour_income
    arrays: dict[str, Any] = dict(  # noqa: C408 - reads like the call it feeds
        kernel_od=kernel,
        net_kernel_od=kernel / (1 + tariff),
        nu_d=world.nu,
        phi_d=world.phi,
        labour_income_o=world.labour_income / unit,
        transfer_d=world.transfers / unit,
        expenditure_d=world.expenditure / unit,
        final_d=world.final_expenditure / unit,
        eps=np.asarray(world.eps),
        kappa=np.asarray(world.kappa),
        psi=np.asarray(world.psi),
        beta=np.asarray(world.beta),
        income_tax=np.asarray(float(scenario.relief == "income-tax")),
        price_numeraire=np.asarray(float(scenario.numeraire == "prices")),
        nominal=np.asarray(float(scenario.closure == "nominal")),
        cleared_o=cleared,
        wage_step_o=1 / (1 + elasticity),
    )
    return tariff, Economy(**arrays)


def _tariffs(values: ArrayLike, world: LiberationDayWorld) -> Floats:
    n = len(world.regions)
    tariff = np.array(values, dtype=np.float64)
    if tariff.shape != (n, n):
        raise RequestError(f"tariffs have shape {tariff.shape}, expected {(n, n)} (exporter, importer)")
    bad = ~np.isfinite(tariff) | (tariff <= -1) | (tariff > HIGHEST_TARIFF)
    np.fill_diagonal(bad, np.diag(tariff) != 0)
    if bad.any():
        o, d = (int(x) for x in np.argwhere(bad)[0])
        raise RequestError(
            f"the tariff of {world.regions[d]} on {world.regions[o]} is {tariff[o, d]!r}",
            why="Tariffs are fractions above -1 and at most 10, and zero on a region's own goods",
            remedy="Write 25 percent as 0.25",
        )
    return tariff


def _solved(start: Floats, economy: Economy, prices: bool, tolerance: float) -> tuple[Floats, int]:
    with jax.enable_x64(True):
        found, residual, passes = fixed_point(
            start, economy, np.asarray(tolerance), np.asarray(MAX_PASSES), prices=prices
        )
        point, count = np.asarray(found), int(passes)
        if float(residual) > tolerance:
            point, steps = _newton(point, economy, prices, tolerance)
            count += steps
    return point, count


def _newton(start: Floats, economy: Economy, prices: bool, tolerance: float) -> tuple[Floats, int]:
    """Damped Newton steps from `start`; returns the last point that lowered the gaps, and the steps taken."""
    point = start
    for taken in range(MAX_NEWTON):
        gap, jacobian = (np.asarray(x) for x in errors_and_jacobian(point, economy, prices=prices))
        if not np.isfinite(gap).all() or np.abs(gap).max() <= tolerance:
            return point, taken
        try:
            direction = np.linalg.solve(jacobian, -gap)
        except np.linalg.LinAlgError:
            return point, taken
        share, norm = 1.0, np.linalg.norm(gap)
        while share >= SHORTEST:
            trial = point + share * direction
            after = np.linalg.norm(np.asarray(errors(trial, economy, prices=prices)))
            if np.isfinite(after) and after < (1 - 1e-4 * share) * norm:
                break
            share /= 2
        else:
            return point, taken
        point = trial
    return point, MAX_NEWTON
