"""From levels to the arrays of a baseline whose accounts hold to rounding, and an account of what was moved.

Order: flows below zero are set to zero; input coefficients are those published (use over published output), at
the tariff-inclusive price of the region's average mix; where inputs cost more than a sector can pay, its column
is scaled down; where a region would use more of a product than it buys, that row is scaled down. Output,
spending, value added, final demand, tariff revenue and deficits then follow from the arrays, so nothing is left
over. Scaling rows after columns only ever frees value added, so one pass is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winset.core.errors import BaselineError
from winset.data.findings import Finding
from winset.data.levels import Floats, Levels

__all__ = ["INVENTORIES", "VALUE_ADDED_FLOOR", "Balanced", "balanced"]

VALUE_ADDED_FLOOR = 0.03
"""Least value added per unit of output. Published tables hold sectors at or below zero, which no wage can pay."""
MOVED_LIMIT = 0.05
"""Share of all inputs that balancing may move before the table is taken to be misread."""
INVENTORIES = ("drop", "clip")
"""drop: changes in inventories are no sale of a normal year; clip: additions are final demand, withdrawals 0."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Balanced:
    """Arrays ready for a baseline."""

    arrays: dict[str, Any]
    """flows, tariffs, value_added_shares, input_shares."""
    adjustments: tuple[str, ...]
    """What was moved, how much, and where most."""
    findings: tuple[Finding, ...]


def balanced(levels: Levels, *, inventories: str = "drop") -> Balanced:
    """Balance levels by the module's method. Raises BaselineError where a region produces nothing."""
    if inventories not in INVENTORIES:
        raise BaselineError(f"inventories {inventories!r} is neither 'drop' nor 'clip'")
    said: list[str] = []
    flows = _flows(levels, inventories, said)
    n, s = len(levels.regions), len(levels.sectors)
    tariffs = levels.tariffs.copy()
    every = np.arange(n)
    tariffs[every, every] = 0.0
    output = flows.sum(axis=1)
    if (output.sum(axis=1) <= 0).any():
        gone = levels.regions[int(np.argmin(output.sum(axis=1)))]
        raise BaselineError(f"{gone} sells nothing at all", remedy="Leave it out, or merge it with another region")
    findings: list[Finding] = []
    inputs = np.zeros((n, s, s))
    if levels.inputs is not None and levels.output is not None:
        inputs = _inputs(levels, levels.inputs, levels.output, flows, tariffs, said, findings)
    return Balanced(
        arrays={
            "flows": flows,
            "tariffs": tariffs,
            "value_added_shares": 1 - inputs.sum(axis=1),
            "input_shares": inputs,
        },
        adjustments=tuple(said),
        findings=tuple(findings),
    )


def _flows(levels: Levels, inventories: str, said: list[str]) -> Floats:
    flows = levels.flows.copy()
    if levels.inventories is not None:
        total = max(float(flows.sum()), 1e-300)
        stock = levels.inventories
        if inventories == "clip":
            flows += np.maximum(stock, 0.0)
            below = np.minimum(stock, 0.0)
            if below.any():
                said.append(
                    f"Withdrawals from inventories set to zero in {int((below < 0).sum()):,} flows, "
                    f"{-below.sum() / total:.3%} of all flows; {_worst(-below, levels, 'largest')}."
                )
        elif stock.any():
            said.append(
                f"Changes in inventories left out: {np.abs(stock).sum() / total:.3%} of all flows in absolute "
                f"value; {_worst(np.abs(stock), levels, 'largest')}."
            )
    below = np.minimum(flows, 0.0)
    if below.any():
        said.append(
            f"Flows below zero set to zero: {int((below < 0).sum()):,}, "
            f"{-below.sum() / max(flows.sum(), 1e-300):.4%} "
            f"of all flows; {_worst(-below, levels, 'largest')}."
        )
    return np.asarray(np.maximum(flows, 0.0))


def _inputs(
    levels: Levels,
    used: Floats,
    published: Floats,
    flows: Floats,
    tariffs: Floats,
    said: list[str],
    findings: list[Finding],
) -> Floats:
    """(n, k, s) input coefficients, tariffs included."""
    use, output = used.copy(), flows.sum(axis=1)
    if (use < 0).any():
        said.append(
            f"Input uses below zero set to zero: {int((use < 0).sum()):,}, "
            f"{-np.minimum(use, 0).sum() / use.sum():.4%} of all inputs."
        )
        use = np.maximum(use, 0.0)
    made = (published > 0) & (output > 0)
    coefficient = np.divide(use, published[:, None], out=np.zeros_like(use), where=made[:, None])
    spending = ((1 + tariffs) * flows).sum(axis=0)
    bought = flows.sum(axis=0)
    factor = np.divide(spending, bought, out=np.ones_like(bought), where=bought > 0)
    coefficient *= factor[:, :, None]
    total = float((coefficient * output[:, None]).sum())

    cost = coefficient.sum(axis=1)
    column = np.where(
        cost > 1 - VALUE_ADDED_FLOOR + 1e-9, (1 - VALUE_ADDED_FLOOR) / np.where(cost > 0, cost, 1.0), 1.0
    )
    coefficient *= column[:, None]
    lowered = (1 - column) * cost * output
    if lowered.any():
        said.append(
            f"Value added raised to {VALUE_ADDED_FLOOR:.0%} of output in {int((column < 1).sum())} sectors "
            "whose inputs "
            f"cost more, {lowered.sum() / total:.4%} of all inputs; {_worst(lowered, levels, 'largest')}."
        )
    need = np.einsum("jks,js->jk", coefficient, output)
    row = np.where(need > spending, spending / np.where(need > 0, need, 1.0), 1.0)
    coefficient *= row[:, :, None]
    trimmed = (1 - row) * need
    if trimmed.any():
        said.append(
            "Input uses cut to what the region buys (final demand would be negative) in "
            f"{int((row < 1).sum())} of "
            f"{row.size:,} cells, {trimmed.sum() / total:.4%} of all inputs; {_worst(trimmed, levels, 'largest')}."
        )
    moved = float((lowered.sum() + trimmed.sum()) / total) if total > 0 else 0.0
    if moved > MOVED_LIMIT:
        findings.append(
            Finding(
                code="balancing",
                what=f"balancing would move {moved:.1%} of all inputs (sound tables: below 1%); "
                f"{_worst(np.maximum(lowered, trimmed), levels, 'most')}",
                remedy="Check that trade and inputs are of the same year, unit and price basis",
                stops=True,
            )
        )
    return np.asarray(coefficient)


def _worst(values: Floats, levels: Levels, word: str) -> str:
    at = np.unravel_index(int(np.argmax(values)), values.shape)
    axes: Sequence[tuple[str, ...]] = (
        (levels.regions, levels.regions, levels.sectors) if values.ndim == 3 else (levels.regions, levels.sectors)
    )
    cell = " ".join(axis[k] for axis, k in zip(axes, at, strict=True))
    return f"{word} {cell}, {values[at]:,.1f} million"
