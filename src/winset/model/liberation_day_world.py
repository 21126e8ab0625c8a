"""Calibrated worlds of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025, JIE): Liberation Day tariffs.

One sector, any number of regions. Two departures from a plain gravity model matter for the accounts:
a share nu_d of every sale in d pays labour of the *destination* (the cost of penetrating its market), and
production may use a bundle of goods as inputs (share 1 - beta of cost). Section and equation numbers are
those of the model note; axes are exporter, importer; money is millions of base-year dollars; base tariffs
are zero in the whole family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from winset.core.errors import BaselineError, NotConvergedError
from winset.core.names import known
from winset.model.baseline import checked_array

__all__ = ["LiberationDayWorld", "home_sales", "penetration_shares", "tariff_exponents"]

Floats = NDArray[np.float64]

TRANSFER_TOLERANCE = 1e-9
"""Transfers may sum to this share of world expenditure before Walras' law counts as broken (rounding)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LiberationDayWorld:
    """A world that is an equilibrium at zero tariffs. Build it with a constructor; all of them check.

    E, Y, T and lambda of the paper are `expenditure`, `labour_income`, `transfers` and `trade_shares`.
    """

    regions: tuple[str, ...]
    """(n,) names; results are in this order."""
    flows: Floats
    """(n, n) exporter, importer: value of sales, home sales on the diagonal, millions of dollars a year."""
    eps: float
    """Trade elasticity, positive."""
    kappa: float
    """Elasticity of labour supply to the real after-tax wage, at least 0."""
    psi: float
    """Scale (entry) elasticity: unit cost falls with employment to this power; 0 without scale economies."""
    nu: Floats
    """(n,) share of sales in the destination that pays the destination's labour, in [0, 1)."""
    phi: Floats
    """(n,) exponent of the tariff factor in delivered prices (aggregate pass-through), positive."""
    beta: float = 1.0
    """Share of labour in production cost; 1 without intermediate inputs."""
    replaced_transfers: Floats | None = None
    """(n,) transfers used instead of those that the flows imply, millions; None: as implied."""
    truncated: tuple[str, ...] = ()
    """Regions whose implied home sales were negative and were set to zero."""
    name: str = "unnamed"

    def __repr__(self) -> str:
        inputs = "" if self.beta == 1 else f", beta {self.beta:g}"
        return f"LiberationDayWorld({self.name!r}, {len(self.regions)} regions, eps {self.eps:g}{inputs})"

    # ------------------------------------------------------------------ building

    @classmethod
    def from_flows(
        cls,
        *,
        regions: Sequence[str],
        flows: ArrayLike,
        nu: ArrayLike,
        phi: ArrayLike | None = None,
        eps: float = 4.0,
        kappa: float = 0.5,
        psi: float = 0.67 / 4,
        beta: float = 1.0,
        pass_through: float = 1.0,
        **about: Any,
    ) -> LiberationDayWorld:
        """Check arrays that include home sales and make a world of them.

        flows: (n, n), diagonal included; nu, phi: (n,). phi None: from `tariff_exponents` at the firm-level
        `pass_through`. The other defaults are the paper's section 2. Raises BaselineError, naming the worst
        cell, where the data cannot be an equilibrium.
        """
        labels = tuple(str(r) for r in regions)
        n = len(labels)
        share = checked_array(nu, (n,), "nu", "region")
        world = cls(
            regions=labels,
            flows=checked_array(flows, (n, n), "flows", "exporter, importer"),
            eps=float(eps), kappa=float(kappa), psi=float(psi), beta=float(beta),
            nu=share,
            phi=tariff_exponents(share, psi=psi, pass_through=pass_through)
            if phi is None
            else checked_array(phi, (n,), "phi", "region"),
            **about,
        )  # fmt: skip
        return world._checked()

    @classmethod
    def from_trade(
        cls,
        *,
        regions: Sequence[str],
        trade: ArrayLike,
        gdp: ArrayLike,
        nu: ArrayLike,
        as_published: bool = True,
        **parameters: Any,
    ) -> LiberationDayWorld:
        """Construct home sales from GDP (section 3.1), then take every account from the completed matrix.

        trade: (n, n), diagonal ignored; gdp: (n,), same money. `parameters` go to `from_flows`.

        as_published keeps **a slip of the paper**: home sales come from E0 = GDP + (1 - nu)(M - V), but the
        accounts need E0 = GDP + (1 - nu) M - V, with M imports and V foreign sales net of destination cost.
        So the labour income of the published calibration is GDP + nu V, not GDP. False uses the identity;
        labour income is then GDP wherever home sales are not cut at zero. `truncated` names those cut.
        """
        labels = tuple(str(r) for r in regions)
        n = len(labels)
        flow = checked_array(trade, (n, n), "trade", "exporter, importer").copy()
        income = checked_array(gdp, (n,), "gdp", "region")
        home = home_sales(flow, income, checked_array(nu, (n,), "nu", "region"), as_published=as_published)
        np.fill_diagonal(flow, np.maximum(home, 0.0))
        cut = tuple(label for label, value in zip(labels, home, strict=True) if value < 0)
        return cls.from_flows(regions=labels, flows=flow, nu=nu, truncated=cut, **parameters)

    def changed(self, **fields: Any) -> LiberationDayWorld:
        """A checked copy with other parameters (`eps=8.0`); phi and nu stay unless given."""
        n = len(self.regions)
        for what in ("nu", "phi", "replaced_transfers"):
            if fields.get(what) is not None:
                fields[what] = checked_array(fields[what], (n,), what, "region")
        if "flows" in fields:
            fields["flows"] = checked_array(fields["flows"], (n, n), "flows", "exporter, importer")
        return replace(self, **fields)._checked()

    def with_intermediates(self, beta: float) -> LiberationDayWorld:
        """The input-output world of section 4.1: labour's cost share becomes `beta`.

        Gross output exceeds value added by 1/beta, and the paper puts all of the difference into home sales.
        """
        if not 0 < beta <= 1:
            raise BaselineError(f"beta is {beta!r}; labour's share of cost must lie above 0 and at most at 1")
        flow = self.flows.copy()
        np.fill_diagonal(flow, np.diag(flow) / beta)
        return self.changed(flows=flow, beta=float(beta), replaced_transfers=None)

    def eaton_kortum(self) -> LiberationDayWorld:
        """The case nu = 0, phi = 1 on the same flows (section 5.1): no cost of penetrating a market."""
        n = len(self.regions)
        return self.changed(nu=np.zeros(n), phi=np.ones(n), replaced_transfers=None)

    def without_bilateral_imbalance(self, partner: str, *, as_published: bool = True) -> LiberationDayWorld:
        """Transfers less every region's imbalance with `partner`, whose own become 0 (section 5.2).

        as_published keeps **a defect of the paper**: transfers are net of destination cost, the imbalance it
        subtracts is gross. The new transfers then do not sum to zero, Walras' law fails, and one region must
        absorb the rest (see `solve_liberation_day`, absorber). False subtracts the imbalance net of
        destination cost, so that transfers still sum to zero.
        """
        at = self.regions.index(known(partner, self.regions, "region"))
        bought, sold = self.flows[at, :], self.flows[:, at]
        if not as_published:
            bought, sold = (1 - self.nu) * bought, (1 - self.nu[at]) * sold
        transfer = self.implied_transfers - (bought - sold)
        transfer[at] = 0.0
        return self.changed(replaced_transfers=transfer)

    def two_blocks(self, block: str, *, rest: str = "rest") -> LiberationDayWorld:
        """The world of (rest, block): everyone else merged; nu and phi are means weighted by spending.

        Flows add up, so labour income does too where the merged regions share one nu, as in the paper.
        """
        at = self.regions.index(known(block, self.regions, "region"))
        other = np.arange(len(self.regions)) != at
        member = np.vstack([other, ~other]).astype(float)
        spending = member @ self.expenditure
        return replace(
            self,
            regions=(rest, block),
            flows=member @ self.flows @ member.T,
            nu=member @ (self.nu * self.expenditure) / spending,
            phi=member @ (self.phi * self.expenditure) / spending,
            replaced_transfers=None if self.replaced_transfers is None else member @ self.replaced_transfers,
            truncated=(),
            name=f"{self.name} ({rest}, {block})",
        )._checked()

    def _checked(self) -> LiberationDayWorld:
        n = len(self.regions)
        if n < 2:
            raise BaselineError(f"{n} region is given; trade needs at least two")
        twice = sorted({name for name in self.regions if self.regions.count(name) > 1})
        if twice:
            raise BaselineError(f"region {twice[0]!r} stands twice", remedy="Each region needs its own name")
        for value, least, what in (
            (self.eps, np.nextafter(0, 1), "eps"),
            (self.kappa, 0.0, "kappa"),
            (self.psi, 0.0, "psi"),
        ):
            if not (np.isfinite(value) and value >= least):
                raise BaselineError(f"{what} is {value!r}", remedy="Elasticities are finite and not negative")
        if not 0 < self.beta <= 1:
            raise BaselineError(f"beta is {self.beta!r}; labour's share of cost must lie above 0 and at most at 1")
        self._refuse(self.flows.min(axis=1) < 0, "a negative sale", "Flows are values sold, never below 0")
        self._refuse((self.nu < 0) | (self.nu >= 1), "nu outside 0 to 1", "It is a share of sales")
        self._refuse(self.phi <= 0, "phi of zero or less", "It is the exponent of the tariff factor, near 1")
        self._refuse(self.expenditure <= 0, "no spending", "Drop or merge the region")
        self._refuse(self.labour_income <= 0, "labour income of zero or less", "Drop or merge the region")
        self._refuse(self.final_expenditure <= 0, "final spending of zero or less", "Drop or merge the region")
        for values in (self.flows, self.nu, self.phi):
            values.flags.writeable = False
        return self

    def _refuse(self, bad: NDArray[np.bool_], what: str, remedy: str) -> None:
        if bad.any():
            names = ", ".join(name for name, is_bad in zip(self.regions, bad, strict=True) if is_bad)
            raise BaselineError(f"{what}: {names}", remedy=remedy)

    # ------------------------------------------------------------------ accounts (levels, base-year millions)

    @cached_property
    def expenditure(self) -> Floats:
        """(n,) E: all spending on goods, final and as inputs; column sums of the flows."""
        return np.asarray(self.flows.sum(axis=0))

    @cached_property
    def net_sales(self) -> Floats:
        """(n,) V: sales to everyone less what pays labour of the destination, sum_d (1 - nu_d) X_od."""
        return np.asarray(self.flows @ (1 - self.nu))

    @cached_property
    def labour_income(self) -> Floats:
        """(n,) Y = beta V + nu E: production labour and the labour that serves the home market."""
        return np.asarray(self.beta * self.net_sales + self.nu * self.expenditure)

    @cached_property
    def final_expenditure(self) -> Floats:
        """(n,) spending less inputs, E - (1 - beta) V; equals Y + T as the flows imply it."""
        return np.asarray(self.expenditure - (1 - self.beta) * self.net_sales)

    @cached_property
    def implied_transfers(self) -> Floats:
        """(n,) final expenditure less labour income; sums to zero."""
        return np.asarray(self.final_expenditure - self.labour_income)

    @property
    def transfers(self) -> Floats:
        """(n,) T: received from abroad in the base year, as implied or as replaced."""
        return self.implied_transfers if self.replaced_transfers is None else self.replaced_transfers

    @property
    def transfers_balance(self) -> bool:
        """Whether transfers sum to zero up to rounding; otherwise Walras' law fails in this world."""
        return bool(abs(self.transfers.sum()) <= TRANSFER_TOLERANCE * self.expenditure.sum())

    @cached_property
    def trade_shares(self) -> Floats:
        """(n, n) lambda: share of the exporter in the importer's spending."""
        return np.asarray(self.flows / self.expenditure)

    @property
    def amplification(self) -> Floats:
        """(n,) kappa (psi + phi - 1) / (1 - (1 - beta)(1 + psi)): the feedback of a closed region on itself.

        More employment brings more varieties, a lower price index, a higher real wage and so more
        employment, and cheaper inputs add to it. At 1 or above the loop does not fade, equilibria need not
        exist or be unique, and a solve may fail for that reason. About 0.74 at most in the published worlds.
        """
        loop = 1 - (1 - self.beta) * (1 + self.psi)
        if loop <= 0:
            return np.full(len(self.regions), np.inf)
        return np.asarray(self.kappa * (self.psi + self.phi - 1) / loop)

    @property
    def deficit(self) -> Floats:
        """(n,) D: imports less exports."""
        return np.asarray(self.flows.sum(axis=0) - self.flows.sum(axis=1))


def tariff_exponents(nu: ArrayLike, *, psi: float, pass_through: float = 1.0) -> Floats:
    """phi (section 2): by how much the price index answers a tariff factor, in logs.

    phi_d = pass_through + (1 + theta) / ((1 - nu_d) theta) - 1/theta - 1 with theta = 1/psi. nu: (n,).
    pass_through is the firm-level one, 1 in the paper's main case. Note that theta is *not* tied to a changed
    trade elasticity: the paper doubles eps and keeps psi and phi.
    """
    share = np.asarray(nu, dtype=np.float64)
    return np.asarray(pass_through + (1 + psi) / (1 - share) - psi - 1)


def home_sales(trade: Floats, gdp: Floats, nu: Floats, *, as_published: bool = True) -> Floats:
    """(n,) E0 - M, negative ones included (see `from_trade`); trade: (n, n), diagonal ignored."""
    foreign = trade - np.diag(np.diag(trade))
    imports, net = foreign.sum(axis=0), foreign @ (1 - nu)
    transfer = (1 - nu) * (imports - net) if as_published else (1 - nu) * imports - net
    return np.asarray(gdp + transfer - imports)


def penetration_shares(
    *,
    gdp: tuple[float, float],
    internal_trade: float,
    sold_to_block: float,
    bought_from_block: float,
    targets: tuple[float, float] = (0.12, 0.26),
    start: tuple[float, float] = (0.1, 0.24),
) -> tuple[float, float]:
    """nu of (rest, block) from two aggregates (section 2): the mean nu over each one's sales hits its target.

    gdp: of (rest, block); internal_trade: among the rest; sold_to_block: by the rest; bought_from_block: by
    the rest; all in the same money. targets: the paper's 0.12 (rest) and 0.26 (United States). Negative
    solutions are set to 0. Raises NotConvergedError where no pair hits the targets.
    """
    trade = np.array([[internal_trade, sold_to_block], [bought_from_block, 0.0]])
    income = np.asarray(gdp, dtype=np.float64)

    def gap(nu: Floats) -> Floats:
        spending = income + (1 - nu) * (trade.sum(axis=0) - trade @ (1 - nu))
        home = spending - np.array([bought_from_block, sold_to_block])
        share = home / (home + np.array([sold_to_block, bought_from_block]))
        return np.asarray(share * nu + (1 - share) * nu[::-1] - np.asarray(targets))

    found = optimize.root(gap, np.asarray(start), method="hybr", options={"xtol": 1e-15})
    nu = np.asarray(found.x)
    for _ in range(3):  # polish: hybr stops as soon as its own steps are small
        slope = np.column_stack([(gap(nu + h) - gap(nu - h)) / 2e-6 for h in 1e-6 * np.eye(2)])
        nu = nu - np.linalg.solve(slope, gap(nu))
    if not np.abs(gap(nu)).max() <= 1e-12:
        raise NotConvergedError(
            f"no market-penetration shares hit the targets {targets}: off by {np.abs(gap(nu)).max():.2e}",
            remedy="Check that GDP and trade are in the same money",
        )
    rest, block = np.maximum(nu, 0.0)
    return float(rest), float(block)
