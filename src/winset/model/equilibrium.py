"""What a solve returns: hats, levels and the status. Plain NumPy; knows how to become an xarray Dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from winset.core.errors import NotConvergedError
from winset.model.baseline import Baseline, Floats

if TYPE_CHECKING:
    import xarray

__all__ = ["Equilibrium", "Levels", "equilibrium_from"]


class Levels(NamedTuple):
    """The solved unknowns and the shock, as plain arrays."""

    log_wage: Floats
    log_price: Floats
    log_spend: Floats
    tariffs: Floats
    cost_hat: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Equilibrium:
    """A counterfactual equilibrium, relative to its baseline. Ratios unless a unit is named.

    Check `converged` (or call `checked()`) before using a number: values of an equilibrium that did not
    converge are those of the best iterate and mean nothing.
    """

    world: Baseline
    """The baseline that hats are relative to (re-solved without deficits under `balanced`)."""
    closure: str
    numeraire: str
    converged: bool
    residual: float
    """Largest log difference over all markets: prices, spending, labour."""
    iterations: int
    """Passes through the equations."""
    worst_equation: str
    """The market with the largest residual, in words."""
    remedy: str
    """What to try where it did not converge; empty where it did."""
    baseline_move: float
    """Largest |ln wage| by which the baseline was re-solved first (0 unless the closure needs it)."""
    real_income_hat: Floats
    """(n,) welfare: nominal final expenditure over the consumer price index."""
    income_hat: Floats
    """(n,) nominal final expenditure; world labour income is the numeraire."""
    price_index_hat: Floats
    """(n,) consumer price index, same numeraire."""
    wage_hat: Floats
    """(n,) wage, same numeraire."""
    sector_price_hat: Floats
    """(n, s) price of sector s in region j, tariffs included."""
    output_hat: Floats
    """(n, s) value of output; nan where the baseline produces nothing."""
    flows: Floats
    """(n, n, s) counterfactual flows, millions of base-year dollars, tariff-exclusive."""
    expenditure: Floats
    """(n, s) counterfactual spending, tariffs included, millions."""
    tariffs: Floats
    """(n, n, s) counterfactual tariffs, fractions."""
    tariff_revenue: Floats
    """(n,) millions a year."""
    deficit: Floats
    """(n,) imports less exports, millions a year."""
    detail: Any = None
    """What only the model in use knows (profits, employment); None for the core model."""

    def checked(self) -> Equilibrium:
        """This equilibrium if it converged; otherwise NotConvergedError (exit code 3)."""
        if not self.converged:
            raise NotConvergedError(
                f"the equilibrium did not converge: residual {self.residual:.2e} after {self.iterations} passes, "
                f"worst in the {self.worst_equation}",
                remedy=self.remedy,
            )
        return self

    @property
    def equivalent_variation(self) -> Floats:
        """(n,) change of real income in millions of base-year dollars a year: income (real_income_hat - 1)."""
        return np.asarray(self.world.income * (self.real_income_hat - 1))

    def to_xarray(self) -> xarray.Dataset:
        """Every array with its labels: dimensions exporter, importer, sector, region."""
        import xarray

        one = ("region",)
        two = ("region", "sector")
        three = ("exporter", "importer", "sector")
        return xarray.Dataset(
            {
                "real_income_hat": (one, self.real_income_hat),
                "income_hat": (one, self.income_hat),
                "price_index_hat": (one, self.price_index_hat),
                "wage_hat": (one, self.wage_hat),
                "tariff_revenue": (one, self.tariff_revenue, {"unit": "million base-year USD a year"}),
                "deficit": (one, self.deficit, {"unit": "million base-year USD a year"}),
                "sector_price_hat": (two, self.sector_price_hat),
                "output_hat": (two, self.output_hat),
                "expenditure": (two, self.expenditure, {"unit": "million base-year USD a year"}),
                "flows": (three, self.flows, {"unit": "million base-year USD a year"}),
                "tariffs": (three, self.tariffs, {"unit": "fraction"}),
            },
            coords={
                "region": list(self.world.regions),
                "exporter": list(self.world.regions),
                "importer": list(self.world.regions),
                "sector": list(self.world.sectors),
            },
            attrs={
                "baseline": self.world.name,
                "elasticities": self.world.elasticity_name,
                "closure": self.closure,
                "converged": int(self.converged),
                "residual": self.residual,
            },
        )


def _remedy(reached: float) -> str:
    if reached < 1:
        return (
            f"Followed in steps, the shock was solved up to {reached:.1%} of its size. Allow more iterations; if "
            "that does not help, a region's trade deficit or surplus may have become too large to be carried: "
            "take a smaller shock, or another closure"
        )
    return "Allow more iterations, or loosen the tolerance"


def equilibrium_from(
    world: Baseline,
    levels: Levels,
    *,
    closure: str,
    numeraire: str,
    tolerance: float,
    residual: float,
    iterations: int,
    worst: str,
    baseline_move: float,
    reached: float = 1.0,
) -> Equilibrium:
    """Expand solved unknowns to every reported quantity (equations (2) to (5), in levels)."""
    wage = np.exp(levels.log_wage)
    wage = wage * world.value_added.sum() / (wage * world.value_added).sum()
    price = np.exp(levels.log_price)
    spending = world.expenditure * np.exp(levels.log_spend)
    theta = world.elasticities
    log_cost = world.value_added_shares * np.log(wage)[:, None] + np.einsum(
        "iks,ik->is", world.input_shares, levels.log_price
    )
    factor = levels.cost_hat * (1 + levels.tariffs) / (1 + world.tariffs)
    relative = np.log(factor) + log_cost[:, None, :] - levels.log_price[None]
    share = world.trade_shares * np.exp(-theta * relative)
    flow = share * spending[None] / (1 + levels.tariffs)
    revenue = (levels.tariffs * flow).sum(axis=(0, 2))
    final = spending - np.einsum("jks,js->jk", world.input_shares, flow.sum(axis=1))
    income = final.sum(axis=1)
    index = np.exp((world.final_shares * levels.log_price).sum(axis=1))
    output = flow.sum(axis=1)
    output_hat = np.divide(output, world.output, out=np.full_like(output, np.nan), where=world.output > 0)
    converged = bool(residual <= tolerance)
    return Equilibrium(
        world=world,
        closure=closure,
        numeraire=numeraire,
        converged=converged,
        residual=float(residual),
        iterations=int(iterations),
        worst_equation=worst,
        remedy="" if converged else _remedy(reached),
        baseline_move=baseline_move,
        real_income_hat=income / world.income / index,
        income_hat=income / world.income,
        price_index_hat=index,
        wage_hat=wage,
        sector_price_hat=price,
        output_hat=output_hat,
        flows=flow,
        expenditure=spending,
        tariffs=np.array(levels.tariffs),
        tariff_revenue=revenue,
        deficit=flow.sum(axis=(0, 2)) - flow.sum(axis=(1, 2)),
    )
