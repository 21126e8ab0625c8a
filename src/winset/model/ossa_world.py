"""The world of Ossa (2014): flows, tariffs, elasticities of substitution and lobbying weights. Plain NumPy.

Krugman varieties in every industry, a fixed number of firms (so there are profits), labour only, mobile
across industries. Axes: exporter i, importer j, industry s. Tariffs are fractions; money is in whatever
unit the flows have. Section numbers below are those of Ossa, "Trade Wars and Trade Talks with Data",
American Economic Review 104(12), 2014.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import BaselineError, RequestError
from winset.core.names import known
from winset.model.baseline import Baseline, checked_array

__all__ = ["OssaWorld"]

Floats = NDArray[np.float64]

WEIGHT_TOLERANCE = 1e-6
"""How far a region's mean lobbying weight may be from one (rounding in the source)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OssaWorld:
    """A baseline of the model with profits. Build one with `from_arrays` or `from_baseline`: both check it."""

    regions: tuple[str, ...]
    """(n,) labels."""
    industries: tuple[str, ...]
    """(s,) labels."""
    flows: Floats
    """(n, n, s) factory-gate value, tariff-exclusive; domestic sales on the diagonal."""
    tariffs: Floats
    """(n, n, s) ad-valorem fraction levied by the importer on the exporter; zero on the diagonal."""
    sigma: Floats
    """(s,) elasticity of substitution between varieties, above 1."""
    lobbying: Floats
    """(n, s) lambda: the weight a government gives to income earned in an industry; mean one in each region."""
    net_exports: Floats
    """(n,) exports less imports, tariffs excluded, in the unit of the flows; a transfer that sums to zero."""
    _kept: dict[str, object] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        kind = "no lobbying" if bool((self.lobbying == 1).all()) else "lobbying weights"
        return f"OssaWorld({len(self.regions)} regions x {len(self.industries)} industries, {kind})"

    # ------------------------------------------------------------------ building

    @classmethod
    def from_arrays(
        cls,
        *,
        regions: Sequence[str],
        industries: Sequence[str],
        flows: ArrayLike,
        tariffs: ArrayLike,
        sigma: ArrayLike,
        lobbying: ArrayLike | None = None,
    ) -> OssaWorld:
        """Check arrays and make a world of them.

        flows, tariffs: (n, n, s); sigma: (s,) above 1; lobbying: (n, s), None for ones. Net exports follow
        from the flows. Raises BaselineError, naming the cell, for a wrong shape, a missing or negative
        number, a tariff on home sales, or a region that sells or buys nothing.
        """
        region_list, industry_list = _labels(regions, "region"), _labels(industries, "industry")
        n, s = len(region_list), len(industry_list)
        flow = checked_array(flows, (n, n, s), "flows", "exporter, importer, industry")
        tariff = checked_array(tariffs, (n, n, s), "tariffs", "exporter, importer, industry")
        elasticity = checked_array(sigma, (s,), "sigma", "industry")
        weight = (
            np.ones((n, s))
            if lobbying is None
            else checked_array(lobbying, (n, s), "lobbying", "region, industry")
        )
        three = (region_list, region_list, industry_list)
        _refuse(flow < 0, three, "negative trade flow", "Flows are values sold, never below 0")
        _refuse(tariff <= -1, three, "tariff of -100 percent or less", "Write 0.25 for 25 percent")
        home = np.zeros_like(tariff, dtype=bool)
        home[np.arange(n), np.arange(n)] = tariff[np.arange(n), np.arange(n)] != 0
        _refuse(home, three, "tariff on a region's own goods", "Set the diagonal to 0")
        _refuse(elasticity <= 1, (industry_list,), "elasticity of substitution of 1 or less", "sigma = theta + 1")
        _refuse(weight < 0, (region_list, industry_list), "negative lobbying weight", "Clip rounding below 0")
        uneven = np.abs(weight.mean(axis=1) - 1) > WEIGHT_TOLERANCE
        _refuse(uneven, (region_list,), "lobbying weights whose mean is not 1", "Divide each row by its mean")
        _refuse(flow.sum(axis=(1, 2)) <= 0, (region_list,), "no sales at all", "Drop or merge the region")
        _refuse(flow.sum(axis=(0, 2)) <= 0, (region_list,), "no purchases at all", "Drop or merge the region")
        for values in (flow, tariff, elasticity, weight):
            values.flags.writeable = False
        return cls(
            regions=region_list,
            industries=industry_list,
            flows=flow,
            tariffs=tariff,
            sigma=elasticity,
            lobbying=weight,
            net_exports=flow.sum(axis=(1, 2)) - flow.sum(axis=(0, 2)),
        )

    @classmethod
    def from_baseline(cls, baseline: Baseline, *, lobbying: ArrayLike | None = None) -> OssaWorld:
        """The same flows and tariffs with sigma = theta + 1; BaselineError where the baseline has inputs."""
        if (baseline.input_shares > 0).any():
            raise BaselineError(
                f"baseline {baseline.name!r} has intermediate inputs",
                why="The model with profits has labour only",
                remedy="Build a Baseline without value_added_shares and input_shares",
            )
        return cls.from_arrays(
            regions=baseline.regions,
            industries=baseline.sectors,
            flows=baseline.flows,
            tariffs=baseline.tariffs,
            sigma=baseline.elasticities + 1,
            lobbying=lobbying,
        )

    # ------------------------------------------------------------------ accounts (unit of the flows)

    @cached_property
    def sales(self) -> Floats:
        """(n, s) sales of i in s to everyone, tariffs excluded."""
        return np.asarray(self.flows.sum(axis=1))

    @cached_property
    def expenditure(self) -> Floats:
        """(n, s) spending of j on s, tariffs included."""
        return np.asarray(((1 + self.tariffs) * self.flows).sum(axis=0))

    @cached_property
    def income(self) -> Floats:
        """(n,) X: total spending = wages + profits + tariff revenue - net exports."""
        return np.asarray(self.expenditure.sum(axis=1))

    @cached_property
    def profits(self) -> Floats:
        """(n, s) sales over sigma (constant markups)."""
        return np.asarray(self.sales / self.sigma)

    @cached_property
    def wage_bill(self) -> Floats:
        """(n,) wL = sum_s (1 - 1/sigma_s) sales_is."""
        return np.asarray(((1 - 1 / self.sigma) * self.sales).sum(axis=1))

    @cached_property
    def tariff_revenue(self) -> Floats:
        """(n,) revenue of the importer."""
        return np.asarray((self.tariffs * self.flows).sum(axis=(0, 2)))

    # ------------------------------------------------------------------ changed copies

    def with_lobbying(self, lobbying: ArrayLike | None) -> OssaWorld:
        """The same world with other lobbying weights (n, s); None for ones."""
        return OssaWorld.from_arrays(
            regions=self.regions, industries=self.industries, flows=self.flows, tariffs=self.tariffs,
            sigma=self.sigma, lobbying=lobbying,
        )  # fmt: skip

    def with_sigma(self, sigma: ArrayLike) -> OssaWorld:
        """The same flows and tariffs with other elasticities (s,): profits and wage bills follow."""
        return OssaWorld.from_arrays(
            regions=self.regions, industries=self.industries, flows=self.flows, tariffs=self.tariffs,
            sigma=sigma, lobbying=self.lobbying,
        )  # fmt: skip

    def with_trade(self, flows: Floats, tariffs: Floats) -> OssaWorld:
        """The same technology and tastes around another equilibrium: hats are then relative to that one."""
        net = flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2))
        return replace(self, flows=np.array(flows), tariffs=np.array(tariffs), net_exports=net, _kept={})

    # ------------------------------------------------------------------ looking up

    def region(self, which: str | int) -> int:
        """Position of a region given by name or position; UnknownNameError names the nearest."""
        if isinstance(which, str):
            return self.regions.index(known(which, self.regions, "region"))
        if not 0 <= which < len(self.regions):
            raise RequestError(f"there is no region at position {which}; there are {len(self.regions)}")
        return int(which)

    def checked_tariffs(self, tariffs: ArrayLike) -> Floats:
        """Counterfactual tariffs (n, n, s), finite, above -1, zero at home; RequestError otherwise."""
        rate = np.array(tariffs, dtype=np.float64)
        if rate.shape != self.flows.shape:
            raise RequestError(
                f"tariffs have shape {rate.shape}; this world needs {self.flows.shape}, exporter first"
            )
        if not np.isfinite(rate).all() or (rate <= -1).any():
            raise RequestError("a tariff is missing or -100 percent or less", remedy="Write 0.25 for 25 percent")
        every = np.arange(rate.shape[0])
        if (rate[every, every] != 0).any():
            raise RequestError("the tariffs tax a region's own goods", remedy="Leave the diagonal at 0")
        return rate

    def checked_net_exports(self, net_exports: str | ArrayLike) -> Floats:
        """(n,) counterfactual net exports: "zero", "held" (at their level in numeraire units) or an array."""
        n = len(self.regions)
        if isinstance(net_exports, str):
            known(net_exports, ("zero", "held"), "treatment of net exports")
            return np.zeros(n) if net_exports == "zero" else self.net_exports.copy()
        value = np.array(net_exports, dtype=np.float64)
        if value.shape != (n,) or not np.isfinite(value).all():
            raise RequestError(f"net_exports must be {n} finite numbers, one a region")
        if abs(value.sum()) > 1e-9 * self.income.sum():
            raise RequestError(
                f"net exports sum to {value.sum():.6g} over the world, not to zero",
                why="One region's surplus is another's deficit",
            )
        return value


def _labels(names: Sequence[str], what: str) -> tuple[str, ...]:
    labels = tuple(str(name) for name in names)
    if not labels or len(set(labels)) < len(labels):
        raise BaselineError(f"each {what} needs a name of its own, found {labels!r}")
    return labels


def _refuse(bad: NDArray[np.bool_], axes: tuple[tuple[str, ...], ...], what: str, remedy: str) -> None:
    """Raise for the first bad cell, named on its axes."""
    if bad.any():
        where = np.argwhere(bad)[0]
        cell = " ".join(axis[position] for axis, position in zip(axes, where, strict=True))
        raise BaselineError(f"{what} in {int(bad.sum())} cell(s), the first is {cell}", remedy=remedy)
