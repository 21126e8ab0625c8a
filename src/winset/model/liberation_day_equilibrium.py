"""What a Liberation Day solve returns: hats, levels, reported columns, and how far each condition is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import NotConvergedError
from winset.model.liberation_day_world import LiberationDayWorld

__all__ = ["COLUMNS", "Closure", "LiberationDayEquilibrium", "LiberationDayScenario", "Numeraire", "Relief"]

Floats = NDArray[np.float64]
Relief = Literal["income-tax", "lump-sum"]
Numeraire = Literal["prices", "wages"]
Closure = Literal["world-share", "nominal"]

COLUMNS = ("welfare", "deficit", "exports_gdp", "imports_gdp", "employment", "prices", "revenue")
"""The reported columns, in the order of the paper's tables; `revenue` stands on the maps only."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LiberationDayScenario:
    """One counterfactual to be solved. `solve_liberation_day` documents the choices."""

    world: LiberationDayWorld
    tariffs: ArrayLike
    """(n, n) exporter, importer: new tariffs, fractions; the diagonal is zero."""
    relief: Relief = "income-tax"
    numeraire: Numeraire = "prices"
    closure: Closure = "world-share"
    absorber: str | None = None
    """The region whose labour market is left out where transfers do not sum to zero."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LiberationDayEquilibrium:
    """A counterfactual relative to its world. Hats are ratios; check `converged`, or call `checked()`."""

    scenario: LiberationDayScenario
    tariffs: Floats
    """(n, n) fractions."""
    converged: bool
    residual: float
    """Largest log gap of conditions (i) to (iv) over regions, an absorber's labour market excepted."""
    iterations: int
    """Passes through the equations; a Newton step counts as one."""
    worst_equation: str
    """The condition and region with the largest gap, in words."""
    remedy: str
    """What to try where it did not converge; empty where it did."""
    walras_gap: float
    """Largest log gap of a labour market that was left out; 0 where none was."""
    point: Floats
    """The solver's unknowns, a start for a nearby solve."""
    wage_hat: Floats
    """(n,) in units of the numeraire, like every nominal hat."""
    employment_hat: Floats
    """(n,)"""
    price_hat: Floats
    """(n,) price index."""
    expenditure_hat: Floats
    """(n,) gross spending E, inputs included."""
    income_hat: Floats
    """(n,) final expenditure: labour income, tariff revenue and transfers."""
    labour_income_hat: Floats
    """(n,) wage times employment."""
    welfare_hat: Floats
    """(n,) consumption equivalent of section 3.3, disutility of labour included."""
    flows: Floats
    """(n, n) sales net of tariff, millions of base-year dollars in units of the numeraire."""
    revenue: Floats
    """(n,) tariff revenue of the importer, millions."""
    transfers: Floats
    """(n,) received from abroad, millions."""
    tax_relief: Floats
    """(n,) tau: labour-tax rate that revenue replaces, a fraction of labour income; 0 with a rebate."""

    @property
    def world(self) -> LiberationDayWorld:
        """The world that hats are relative to."""
        return self.scenario.world

    def checked(self) -> LiberationDayEquilibrium:
        """This equilibrium if it converged; otherwise NotConvergedError (exit code 3)."""
        if not self.converged:
            raise NotConvergedError(
                f"the equilibrium did not converge: residual {self.residual:.2e} "
                f"after {self.iterations} passes, worst in {self.worst_equation}",
                remedy=self.remedy,
            )
        return self

    @property
    def deficit(self) -> Floats:
        """(n,) imports less exports, net of tariff, millions."""
        return np.asarray(self.flows.sum(axis=0) - self.flows.sum(axis=1))

    @property
    def deficit_change(self) -> Floats:
        """(n,) (D' - D) / |D|; nan where the base year is balanced."""
        base = self.world.deficit
        blank = np.full_like(base, np.nan)
        return np.divide(self.deficit - base, np.abs(base), out=blank, where=base != 0)

    @property
    def exports_to_gdp_hat(self) -> Floats:
        """(n,) ratio of exports (net of tariff) over labour income to its base; nan without base exports."""
        return self._openness(axis=1)

    @property
    def imports_to_gdp_hat(self) -> Floats:
        """(n,) ratio of imports (net of tariff) over labour income to its base; nan without base imports."""
        return self._openness(axis=0)

    @property
    def revenue_share(self) -> Floats:
        """(n,) tariff revenue over base-year gross *expenditure* (the paper's label says GDP)."""
        return np.asarray(self.revenue / self.world.expenditure)

    @property
    def world_trade_to_gdp_change(self) -> float:
        """World trade, tariffs included, over world labour income: hat less one."""
        crossing = (1 + self.tariffs) * self.flows
        new = crossing.sum() - np.trace(crossing)
        old = self.world.flows.sum() - np.trace(self.world.flows)
        income = self.world.labour_income
        return float(new / old / ((self.labour_income_hat * income).sum() / income.sum()) - 1)

    def employment_change(self, weights: Floats | None = None) -> float:
        """Mean of employment_hat - 1 under (n,) weights; None: base-year labour income of this world."""
        weight = self.world.labour_income if weights is None else weights
        return float((weight * (self.employment_hat - 1)).sum() / weight.sum())

    def reported(self) -> dict[str, Floats]:
        """{column: (n,)} of section 3.3: percent changes; `revenue` a fraction of base expenditure."""
        return {
            "welfare": 100 * (self.welfare_hat - 1),
            "deficit": 100 * self.deficit_change,
            "exports_gdp": 100 * (self.exports_to_gdp_hat - 1),
            "imports_gdp": 100 * (self.imports_to_gdp_hat - 1),
            "employment": 100 * (self.employment_hat - 1),
            "prices": 100 * (self.price_hat - 1),
            "revenue": self.revenue_share,
        }

    def _openness(self, axis: int) -> Floats:
        base = self.world.flows
        old = base.sum(axis=axis) - np.diag(base)
        new = self.flows.sum(axis=axis) - np.diag(self.flows)
        blank = np.full_like(old, np.nan)
        return np.asarray(np.divide(new, old, out=blank, where=old > 0) / self.labour_income_hat)


@np.errstate(invalid="ignore", divide="ignore", over="ignore")
def equilibrium_from(
    scenario: LiberationDayScenario,
    tariffs: Floats,
    cleared: Floats,
    point: Floats,
    *,
    prices: bool,
    tolerance: float,
    iterations: int,
) -> LiberationDayEquilibrium:
    """Expand solved unknowns to every reported quantity, and judge them by the conditions in levels.

    point: log wages, employment and, where `prices`, prices; the numeraire is imposed here. A last iterate
    that makes no sense (negative spending) is reported as an infinite residual, not as a warning.
    """
    world = scenario.world
    n = len(world.regions)
    wage, labour = np.exp(point[:n]), np.exp(point[n : 2 * n])
    income, spent_before = world.labour_income, world.expenditure
    wedge = world.trade_shares * (1 + tariffs) ** (-world.eps * world.phi)
    entry = labour * wage ** (1 - world.beta)
    cost = wage**world.beta
    if prices:
        guess = np.exp(point[2 * n :])
        cost = cost * guess ** (1 - world.beta)
        entry = entry / guess ** (1 - world.beta)
    share = wedge * ((cost * entry**-world.psi) ** -world.eps)[:, None]
    market = share.sum(axis=0)
    share = share / market
    kept = (share / (1 + tariffs)).sum(axis=0)
    pay = wage * labour * income

    def level(price: Floats) -> float:
        if scenario.numeraire == "wages":
            return float((wage * income).sum() / income.sum())
        return float((price * spent_before).sum() / spent_before.sum())

    growth = level(np.exp(point[2 * n :])) if scenario.closure == "nominal" else pay.sum() / income.sum()
    transfer = world.transfers * growth
    spending = (pay / world.beta + transfer) / (kept * (1 + world.nu * (1 - world.beta) / world.beta))
    price = (spending / spent_before / wage) ** (1 - world.phi) * market ** (-1 / world.eps)
    flow = share / (1 + tariffs) * spending
    revenue = (tariffs * flow).sum(axis=0)
    tax = revenue / pay if scenario.relief == "income-tax" else np.zeros(n)
    net_sales = flow @ (1 - world.nu)
    gaps = {
        "the labour market (i)": np.log((world.beta * net_sales + world.nu * flow.sum(axis=0)) / pay),
        "the budget (ii)": np.log((revenue + pay + (1 - world.beta) * net_sales + transfer) / spending),
        "labour supply (iii)": world.kappa * np.log(wage / price / (1 - tax)) - np.log(labour),
        "the price index (iv)": np.log(price) - point[2 * n :] if prices else np.zeros(n),
    }
    left_out = np.abs(gaps["the labour market (i)"] * (1 - cleared)).max()
    gaps["the labour market (i)"] = gaps["the labour market (i)"] * cleared
    size = np.nan_to_num(np.abs(np.array(list(gaps.values()))), nan=np.inf)
    which, where = np.unravel_index(int(size.argmax()), size.shape)
    residual = float(size.max())
    unit = level(price)
    final = revenue + pay + transfer
    weight = world.final_expenditure / (
        world.final_expenditure - world.kappa * (1 - tax) * income / (1 + world.kappa)
    )
    welfare = (weight * final / world.final_expenditure + (1 - weight) * pay / income) / price
    converged = residual <= tolerance
    return LiberationDayEquilibrium(
        scenario=scenario,
        tariffs=tariffs,
        converged=converged,
        residual=residual,
        iterations=iterations,
        worst_equation=f"{list(gaps)[which]} of {world.regions[where]}",
        remedy="" if converged else _remedy(world),
        walras_gap=float(left_out),
        point=point,
        wage_hat=wage / unit,
        employment_hat=labour,
        price_hat=price / unit,
        expenditure_hat=spending / spent_before / unit,
        income_hat=final / world.final_expenditure / unit,
        labour_income_hat=wage * labour / unit,
        welfare_hat=welfare,
        flows=flow / unit,
        revenue=revenue / unit,
        transfers=transfer / unit,
        tax_relief=tax,
    )


def _remedy(world: LiberationDayWorld) -> str:
    most = float(world.amplification.max())
    if most >= 1:
        return (
            f"These parameters amplify a closed region's employment without end (amplification {most:.2f}, "
            "to be below 1), so no equilibrium need exist: lower kappa or psi, or raise beta"
        )
    return (
        "Take the shock in smaller steps, or check the region named for a transfer that its income cannot "
        "carry or for tariff revenue above its labour income"
    )
