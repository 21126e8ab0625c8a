"""A baseline world: trade, tariffs, production structure and elasticities that are an equilibrium.

Axes are always exporter i, importer j, sector s; inputs k before use s (`docs/decisions/axes.md`).
Money is millions of base-year US dollars a year at basic prices; tariffs are fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.core.errors import BaselineError, RequestError
from winset.core.names import known
from winset.model.elasticities import ElasticitySet

__all__ = ["Baseline", "checked_array"]

Floats = NDArray[np.float64]

SHARE_TOLERANCE = 1e-9
"""How far value-added and input shares of a sector may be from summing to one (rounding in the source)."""

LOWEST_INPUT_SHARE = -0.01
"""Published tables hold a few slightly negative input shares (by-products, scrap); larger ones are mistakes."""

NEGATIVE_TOLERANCE = 1e-9
"""Final demand below minus this share of the cell's spending is an error, not rounding."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Baseline:
    """Everything the model needs to know of the world before a shock.

    Build one with `Baseline.from_arrays` or `winset.load_baseline`; both check the accounting.
    """

    regions: tuple[str, ...]
    """(n,) ISO 3166 alpha-3 codes, or EU27, ROW."""
    sectors: tuple[str, ...]
    """(s,) ISIC Rev. 4 codes."""
    flows: Floats
    """(n, n, s) value received by the exporter, tariff-exclusive; domestic sales on the diagonal."""
    tariffs: Floats
    """(n, n, s) ad-valorem fraction levied by the importer on the exporter; zero on the diagonal."""
    elasticities: Floats
    """(s,) trade elasticity theta = sigma - 1 > 0."""
    value_added_shares: Floats
    """(n, s) value added per unit value of output."""
    input_shares: Floats
    """(n, s_input, s_use) value of input k per unit value of output of s."""
    name: str = "unnamed"
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    elasticity_sets: Mapping[str, ElasticitySet] = field(default_factory=dict)
    elasticity_name: str = "given"
    """Name of the elasticity set in use, or "given"."""
    year: int | None = None
    about: str = ""
    """Source, method and weaknesses, in words."""

    def __repr__(self) -> str:
        size = f"{len(self.regions)} regions x {len(self.sectors)} sectors"
        return f"Baseline({self.name!r}, {size}, elasticities {self.elasticity_name!r})"

    # ------------------------------------------------------------------ building

    @classmethod
    def from_arrays(
        cls,
        *,
        regions: Sequence[str],
        sectors: Sequence[str],
        flows: ArrayLike,
        tariffs: ArrayLike,
        elasticities: ArrayLike,
        value_added_shares: ArrayLike | None = None,
        input_shares: ArrayLike | None = None,
        **about: Any,
    ) -> Baseline:
        """Check arrays and make a baseline of them.

        flows, tariffs: (n, n, s); elasticities: (s,); value_added_shares: (n, s), None for 1 (no
        intermediates); input_shares: (n, s_input, s_use), summing over s_input to 1 - value-added share.
        Raises BaselineError, naming the worst cell, where the data cannot be an equilibrium: a wrong
        shape, a missing or negative number, a tariff on home sales, shares that do not sum to one, or
        final demand (spending less intermediate use) below zero.
        """
        region_list, sector_list = _labels(regions, "region"), _labels(sectors, "sector")
        n, s = len(region_list), len(sector_list)
        flow = checked_array(flows, (n, n, s), "flows", "exporter, importer, sector")
        tariff = checked_array(tariffs, (n, n, s), "tariffs", "exporter, importer, sector")
        theta = checked_array(elasticities, (s,), "elasticities", "sector")
        if value_added_shares is None:
            if input_shares is not None:
                raise BaselineError(
                    "input_shares are given without value_added_shares",
                    remedy="Give both, or neither for a world without intermediates",
                )
            share_va, share_in = np.ones((n, s)), np.zeros((n, s, s))
        else:
            share_va = checked_array(value_added_shares, (n, s), "value_added_shares", "region, sector")
            if input_shares is None:
                raise BaselineError(
                    "value_added_shares are given without input_shares",
                    remedy="Give both, or neither for a world without intermediates",
                )
            share_in = checked_array(input_shares, (n, s, s), "input_shares", "region, input sector, using sector")
        world = cls(
            regions=region_list,
            sectors=sector_list,
            flows=flow,
            tariffs=tariff,
            elasticities=theta,
            value_added_shares=share_va,
            input_shares=share_in,
            **about,
        )
        world._check()
        for values in (flow, tariff, theta, share_va, share_in):
            values.flags.writeable = False
        return world

    def _check(self) -> None:
        three = (self.regions, self.regions, self.sectors)
        _refuse(self.flows < 0, -self.flows, three, "negative trade flow", "Flows are values sold, never below 0")
        _refuse(
            self.tariffs <= -1,
            -self.tariffs,
            three,
            "tariff of -100 percent or less",
            "Tariffs are fractions: 0.25 for 25 percent",
        )
        home = np.zeros_like(self.tariffs, dtype=bool)
        every = np.arange(len(self.regions))
        home[every, every] = self.tariffs[every, every] != 0
        _refuse(home, np.abs(self.tariffs), three, "tariff on a region's own goods", "Set the diagonal to 0")
        _refuse(
            self.elasticities <= 0,
            -self.elasticities,
            (self.sectors,),
            "trade elasticity of zero or less",
            "Elasticities are theta = sigma - 1, positive",
        )
        two = (self.regions, self.sectors)
        _refuse(
            (self.value_added_shares < 0) | (self.value_added_shares > 1 + SHARE_TOLERANCE),
            np.abs(self.value_added_shares - 0.5),
            two,
            "value-added share outside 0 to 1",
            "Shares are fractions of output",
        )
        _refuse(
            self.input_shares < LOWEST_INPUT_SHARE,
            -self.input_shares,
            (self.regions, self.sectors, self.sectors),
            "negative input share",
            "Input shares are fractions of output",
        )
        gap = self.value_added_shares + self.input_shares.sum(axis=1) - 1
        _refuse(
            np.abs(gap) > SHARE_TOLERANCE,
            np.abs(gap),
            two,
            "value-added share and input shares that do not sum to 1",
            "Their sum over inputs must be 1 minus the value-added share",
        )
        final = self.expenditure - self.intermediate_use
        _refuse(
            final < -NEGATIVE_TOLERANCE * np.maximum(self.expenditure, self.intermediate_use),
            -final,
            two,
            "negative final demand (intermediate use exceeds spending)",
            "These data are not an equilibrium: balance them (scale the row of inputs, or re-solve the baseline)",
        )
        _refuse(
            self.value_added <= 0,
            -self.value_added,
            (self.regions,),
            "value added of zero or less",
            "Every region must produce something; drop or merge it",
        )
        _refuse(
            self.income <= 0,
            -self.income,
            (self.regions,),
            "final expenditure of zero or less",
            "Drop or merge the region, or check its trade balance",
        )

    # ------------------------------------------------------------------ accounts (levels, base-year millions)

    @cached_property
    def expenditure(self) -> Floats:
        """(n, s) spending of j on s, tariffs included: sum_i (1 + tariff_ijs) flow_ijs."""
        return np.asarray(((1 + self.tariffs) * self.flows).sum(axis=0))

    @cached_property
    def trade_shares(self) -> Floats:
        """(n, n, s) share of i in j's spending on s, tariffs included; 0 where j spends nothing on s."""
        spending = self.expenditure[None]
        value = (1 + self.tariffs) * self.flows
        return np.divide(value, spending, out=np.zeros_like(value), where=spending > 0)

    @cached_property
    def output(self) -> Floats:
        """(n, s) sales of i in s to everyone, tariffs excluded."""
        return np.asarray(self.flows.sum(axis=1))

    @cached_property
    def intermediate_use(self) -> Floats:
        """(n, s) value of sector s used as an input in region j: sum_g gamma_jsg output_jg."""
        return np.asarray(np.einsum("jkg,jg->jk", self.input_shares, self.output))

    @cached_property
    def final_expenditure(self) -> Floats:
        """(n, s) final spending (consumption, investment, government); rounding below zero is set to zero."""
        return np.maximum(self.expenditure - self.intermediate_use, 0.0)

    @cached_property
    def income(self) -> Floats:
        """(n,) final expenditure = value added + tariff revenue + trade deficit."""
        return np.asarray(self.final_expenditure.sum(axis=1))

    @cached_property
    def final_shares(self) -> Floats:
        """(n, s) Cobb-Douglas shares alpha of final expenditure."""
        return np.asarray(self.final_expenditure / self.income[:, None])

    @cached_property
    def value_added(self) -> Floats:
        """(n,) labour (all primary-factor) income."""
        return np.asarray((self.value_added_shares * self.output).sum(axis=1))

    @cached_property
    def tariff_revenue(self) -> Floats:
        """(n,) revenue of the importer."""
        return np.asarray((self.tariffs * self.flows).sum(axis=(0, 2)))

    @cached_property
    def deficit(self) -> Floats:
        """(n,) imports less exports, tariffs excluded; sums to zero over regions."""
        return np.asarray(self.flows.sum(axis=(0, 2)) - self.flows.sum(axis=(1, 2)))

    # ------------------------------------------------------------------ changed copies

    def with_elasticities(self, which: str | ArrayLike) -> Baseline:
        """The same world with another elasticity set, by name, or with a given (s,) array of theta."""
        if isinstance(which, str):
            known(which, self.elasticity_sets, "elasticity set")
            return replace(self, elasticities=self.elasticity_sets[which].values, elasticity_name=which)
        theta = checked_array(which, (len(self.sectors),), "elasticities", "sector")
        changed = replace(self, elasticities=theta, elasticity_name="given")
        changed._check()
        return changed

    def with_tariffs(self, tariffs: ArrayLike) -> Baseline:
        """The same trade flows, calibrated to other tariffs in force in the base year.

        Flows are data and stay; spending, revenue and final demand are recomputed, so the result is an
        exact equilibrium. This is not a shock: use `Shock` for a change of policy.
        """
        shape = self.flows.shape
        value = checked_array(tariffs, shape, "tariffs", "exporter, importer, sector")
        changed = replace(self, tariffs=value)
        changed._check()
        value.flags.writeable = False
        return changed

    def with_flows(self, flows: Floats) -> Baseline:
        """The same technology, tastes, tariffs and elasticities around other (equilibrium) flows."""
        changed = replace(self, flows=flows)
        changed._check()
        return changed

    def with_equilibrium(self, flows: Floats, tariffs: Floats) -> Baseline:
        """The same world after a shock, as the starting point of another: its flows and tariffs of then."""
        changed = replace(self, flows=flows, tariffs=tariffs)
        changed._check()
        return changed

    def aggregate(
        self,
        *,
        regions: Mapping[str, Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
    ) -> Baseline:
        """Merge regions and sectors: {new name: [old names]}; whatever is not named stays as it is.

        Flows add up. Tariffs are weighted by flows (a simple mean where nothing is traded), cost shares by
        output, elasticities by cross-border flows. Trade inside a merged region becomes domestic and
        untaxed. Raises UnknownNameError for a name that does not exist.
        """
        region_map, new_regions = _grouping(self.regions, regions, "region")
        sector_map, new_sectors = _grouping(self.sectors, sectors, "sector")
        flow = np.einsum("ai,bj,cs,ijs->abc", region_map, region_map, sector_map, self.flows)
        paid = np.einsum("ai,bj,cs,ijs->abc", region_map, region_map, sector_map, self.flows * self.tariffs)
        plain = np.einsum("ai,bj,cs,ijs->abc", region_map, region_map, sector_map, self.tariffs)
        count = np.einsum("a,b,c->abc", region_map.sum(1), region_map.sum(1), sector_map.sum(1))
        tariff = np.divide(paid, flow, out=plain / count, where=flow > 0)
        every = np.arange(len(new_regions))
        tariff[every, every] = 0.0
        output = region_map @ self.output @ sector_map.T
        use = np.einsum(
            "ai,ck,ds,iks->acd", region_map, sector_map, sector_map, self.input_shares * self.output[:, None]
        )
        made = region_map @ (self.value_added_shares * self.output) @ sector_map.T
        # A sector that produces nothing has no cost shares of its own: take the plain mean of its members.
        members = region_map.sum(1)[:, None] * sector_map.sum(1)
        mean_va = region_map @ self.value_added_shares @ sector_map.T / members
        mean_in = (
            np.einsum("ai,ck,ds,iks->acd", region_map, sector_map, sector_map, self.input_shares)
            / members[:, None]
        )
        empty = output <= 0
        safe = np.where(empty, 1.0, output)
        share_va = np.where(empty, mean_va, made / safe)
        share_in = np.where(empty[:, None], mean_in, use / safe[:, None])
        trade = self.flows.sum(axis=(0, 1)) - np.einsum("iis->s", self.flows)

        def merged(theta: Floats) -> Floats:
            weight = np.where(sector_map @ trade > 0, sector_map @ trade, 1.0)
            mean = sector_map @ theta / sector_map.sum(1)
            return np.asarray(np.where(sector_map @ trade > 0, sector_map @ (trade * theta) / weight, mean))

        def merged_errors(errors: Floats | None) -> Floats | None:
            # Estimates of different sectors are taken for independent; a merged sector needs all of its errors.
            if errors is None:
                return None
            weight = sector_map * np.where(sector_map @ trade > 0, 1.0, 0.0)[:, None] * trade
            weight += sector_map * np.where(sector_map @ trade > 0, 0.0, 1.0)[:, None]
            terms = np.where(sector_map > 0, (weight * errors) ** 2, 0.0)
            return np.asarray(np.sqrt(terms.sum(axis=1)) / weight.sum(axis=1))

        sets = {
            name: replace(
                one,
                values=merged(one.values),
                standard_errors=merged_errors(one.standard_errors),
                note=(one.note + " Merged by trade weights.").strip(),
            )
            for name, one in self.elasticity_sets.items()
        }
        return Baseline.from_arrays(
            regions=new_regions,
            sectors=new_sectors,
            flows=flow,
            tariffs=tariff,
            elasticities=merged(self.elasticities),
            value_added_shares=share_va,
            input_shares=share_in,
            name=f"{self.name} (merged)",
            region_names={r: self.region_names.get(r, r) for r in new_regions},
            sector_names={x: self.sector_names.get(x, x) for x in new_sectors},
            elasticity_sets=sets,
            elasticity_name=self.elasticity_name,
            year=self.year,
            about=self.about,
        )

    # ------------------------------------------------------------------ looking names up

    @cached_property
    def region_index(self) -> Mapping[str, int]:
        """Position of each region."""
        return MappingProxyType({name: position for position, name in enumerate(self.regions)})

    @cached_property
    def sector_index(self) -> Mapping[str, int]:
        """Position of each sector."""
        return MappingProxyType({name: position for position, name in enumerate(self.sectors)})

    def region(self, name: str) -> int:
        """Position of a region; UnknownNameError names the nearest."""
        return self.region_index[known(name, self.regions, "region")]

    def sector(self, name: str) -> int:
        """Position of a sector; UnknownNameError names the nearest."""
        return self.sector_index[known(name, self.sectors, "sector")]


def _labels(names: Sequence[str], what: str) -> tuple[str, ...]:
    labels = tuple(str(name) for name in names)
    if not labels:
        raise BaselineError(f"no {what} is given")
    twice = {name for name in labels if labels.count(name) > 1}
    if twice:
        raise BaselineError(f"{what} {sorted(twice)[0]!r} stands twice", remedy=f"Each {what} needs its own name")
    return labels


def checked_array(values: ArrayLike, shape: tuple[int, ...], what: str, axes: str) -> Floats:
    """A copy as finite numbers of the given shape; BaselineError names what is wrong, and where."""
    try:
        result = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BaselineError(f"{what} is not an array of numbers: {error}") from error
    if result.shape != shape:
        raise BaselineError(f"{what} has shape {result.shape}, expected {shape} ({axes})")
    if not np.isfinite(result).all():
        where = tuple(int(x) for x in np.argwhere(~np.isfinite(result))[0])
        raise BaselineError(
            f"{what} has a missing or infinite number at position {where} ({axes})",
            why="A missing figure is never taken for zero",
            remedy="Fill it from a source, or set it to 0 yourself",
        )
    return result


def _refuse(
    bad: NDArray[np.bool_], size: Floats, axes: tuple[tuple[str, ...], ...], what: str, remedy: str
) -> None:
    """Raise for the worst cell of `bad`, by `size`, named on its axes."""
    if not bad.any():
        return
    worst = np.unravel_index(int(np.argmax(np.where(bad, size, -np.inf))), bad.shape)
    cell = " ".join(axis[position] for axis, position in zip(axes, worst, strict=True))
    raise BaselineError(
        f"{what} in {int(bad.sum())} cell(s); the worst is {cell} ({float(size[worst]):.6g} in size)",
        remedy=remedy,
    )


def _grouping(
    old: tuple[str, ...], groups: Mapping[str, Sequence[str]] | None, what: str
) -> tuple[Floats, tuple[str, ...]]:
    """The (new, old) membership matrix of a grouping, and the new names in order of first member."""
    if not groups:
        return np.eye(len(old)), old
    home: dict[str, str] = {}
    for new, members in groups.items():
        if isinstance(members, str) or not members:
            raise RequestError(f"{what} group {new!r} must be a list of at least one {what}")
        for member in members:
            known(member, old, what)
            if member in home:
                raise RequestError(f"{what} {member!r} stands in two groups, {home[member]!r} and {new!r}")
            home[member] = new
    names = tuple(dict.fromkeys(home.get(name, name) for name in old))
    clash = set(groups) & {name for name in old if name not in home}
    if clash:
        raise RequestError(f"group {sorted(clash)[0]!r} has the name of a {what} that is not in it")
    matrix = np.zeros((len(names), len(old)))
    for position, name in enumerate(old):
        matrix[names.index(home.get(name, name)), position] = 1.0
    return matrix, names
