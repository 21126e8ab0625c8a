"""A world as its source gives it, in levels, before it is balanced: what every reader hands on.

Axes are exporter i, importer j, sector s; inputs k before use s. Money is millions of US dollars of the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from winset.data.findings import Finding

__all__ = ["Floats", "Levels", "Membership", "grouped", "without_empty"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Levels:
    """Levels of one source, on its own countries and industries."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: Floats
    """(n, n, s) sales at basic prices to all users, changes in inventories left out; may be negative."""
    tariffs: Floats
    """(n, n, s) ad-valorem fraction levied by the importer; zeros where the source has none."""
    inputs: Floats | None = None
    """(n, k, s) use of product k by industry s, tariffs excluded; None for a source without inputs."""
    output: Floats | None = None
    """(n, s) output that `inputs` belongs to, as published (changes in inventories included)."""
    inventories: Floats | None = None
    """(n, n, s) changes in inventories, which the flows leave out."""
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    isic: bool = False
    """Whether sectors carry ISIC Rev. 4 codes, so that published elasticities can be looked up."""
    notes: tuple[str, ...] = ()
    """What the reader did, in words, for the data sheet."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Membership:
    """Which fine label belongs to which group."""

    groups: tuple[str, ...]
    matrix: Floats
    """(groups, fine labels) of zeros and ones; every column holds exactly one 1."""


def grouped(levels: Levels, regions: Membership, sectors: Membership) -> Levels:
    """Add levels up over groups.

    Tariffs are weighted by flows (simple mean where nothing is traded); trade inside a group of regions becomes
    domestic and untaxed.
    """
    if regions.groups == levels.regions and sectors.groups == levels.sectors:
        return levels  # a weighted mean of one figure would change its last digit
    r, z = regions.matrix, sectors.matrix
    every = np.arange(len(regions.groups))

    def cube(values: Floats) -> Floats:
        out = np.tensordot(r, values, axes=(1, 0))
        out = np.tensordot(out, r, axes=(1, 1))
        return np.ascontiguousarray(np.tensordot(out, z, axes=(1, 1)))

    weight = np.maximum(levels.flows, 0.0)
    traded = cube(weight)
    paid = cube(weight * levels.tariffs)
    count = (np.outer(r.sum(1), r.sum(1)))[:, :, None] * z.sum(1)
    tariff = np.divide(paid, traded, out=cube(levels.tariffs) / count, where=traded > 0)
    tariff[every, every] = 0.0
    inputs = None
    if levels.inputs is not None:
        inputs = np.tensordot(r, levels.inputs, axes=(1, 0))
        inputs = np.einsum("ck,aks,ds->acd", z, inputs, z, optimize=True)
    return replace(
        levels,
        regions=regions.groups,
        sectors=sectors.groups,
        flows=cube(levels.flows),
        tariffs=tariff,
        inputs=inputs,
        output=None if levels.output is None else r @ levels.output @ z.T,
        inventories=None if levels.inventories is None else cube(levels.inventories),
        region_names={name: levels.region_names.get(name, name) for name in regions.groups},
        sector_names={name: levels.sector_names.get(name, name) for name in sectors.groups},
    )


def without_empty(levels: Levels) -> Levels:
    """Leave out regions that sell nothing or buy nothing, and sectors without any flow, saying which."""
    flow = np.maximum(levels.flows, 0.0)
    keep, notes = np.ones(len(levels.regions), dtype=bool), list(levels.notes)
    while True:
        part = flow[np.ix_(keep, keep)]
        live = (part.sum(axis=(1, 2)) > 0) & (part.sum(axis=(0, 2)) > 0)
        if live.all():
            break
        keep[np.flatnonzero(keep)[~live]] = False
    used = flow[np.ix_(keep, keep)].sum(axis=(0, 1)) > 0
    if keep.all() and used.all():
        return levels
    gone = [name for name, kept in zip(levels.regions, keep, strict=True) if not kept]
    empty = [name for name, kept in zip(levels.sectors, used, strict=True) if not kept]
    if gone:
        notes.append(f"Left out, since they sell or buy nothing: {', '.join(gone)}.")
    if empty:
        notes.append(f"Left out, since nothing is traded or sold at home: sectors {', '.join(empty)}.")
    pick = np.ix_(keep, keep, used)
    return replace(
        levels,
        regions=tuple(name for name, kept in zip(levels.regions, keep, strict=True) if kept),
        sectors=tuple(name for name, kept in zip(levels.sectors, used, strict=True) if kept),
        flows=levels.flows[pick],
        tariffs=levels.tariffs[pick],
        inputs=None if levels.inputs is None else levels.inputs[np.ix_(keep, used, used)],
        output=None if levels.output is None else levels.output[np.ix_(keep, used)],
        inventories=None if levels.inventories is None else levels.inventories[pick],
        notes=tuple(notes),
    )
