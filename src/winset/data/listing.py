"""A baseline in words, for the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from winset.data.folder import BaselineSheet
from winset.model.baseline import Baseline

__all__ = ["accounts", "built_text", "sheet_text"]


def sheet_text(sheet: BaselineSheet, about: str) -> str:
    """Everything a reader needs before trusting a number that rests on this baseline."""
    out = [
        about.rstrip() or f"# {sheet.name}: {sheet.title}",
        "",
        f"Unit: {sheet.unit}. {sheet.valuation}.",
        "",
    ]
    out += [
        "## Regions",
        *(f"{r.code:6} {r.name}" + (f" ({r.note})" if r.note else "") for r in sheet.regions),
        "",
    ]
    out += ["## Sectors", *(f"{s.code:9} {s.name}" for s in sheet.sectors), ""]
    out += [f"## Elasticity sets (default {sheet.default_elasticities})"]
    for name, one in sheet.elasticity_sets.items():
        low, high = min(one.values.values()), max(one.values.values())
        services = "" if one.services is None else f"; services {one.services:g}"
        out.append(f"{name:5} {one.citation}. {low:g} to {high:g}{services}. {one.note}".rstrip())
    out += ["", "## Sources", *sheet.sources, "", "## Licences", *sheet.licences]
    for heading, lines in (
        ("Source files", [f"{f.name}  {f.role}  {f.bytes:,} bytes  sha256 {f.sha256}" for f in sheet.files]),
        ("Notes", sheet.notes),
        ("Adjustments", sheet.adjustments),
        ("Warnings", sheet.warnings),
        ("Settings", [f"{key}: {value}" for key, value in sheet.settings.items()]),
    ):
        if lines:
            out += ["", f"## {heading}", *lines]
    return "\n".join(out)


def accounts(world: Baseline) -> dict[str, Any]:
    """The accounting identities of a baseline, each as its largest relative gap."""
    income_gap = world.value_added + world.tariff_revenue + world.deficit - world.income
    use = world.intermediate_use + world.final_expenditure - world.expenditure
    return {
        "name": world.name,
        "size": f"{len(world.regions)} regions x {len(world.sectors)} sectors",
        "income = value added + revenue + deficit, largest gap": float(np.abs(income_gap / world.income).max()),
        "uses = spending, largest gap": float(np.abs(use).max() / world.expenditure.max()),
        "deficits sum to zero, gap over world value added": float(
            abs(world.deficit.sum()) / world.value_added.sum()
        ),
        "smallest final demand (millions)": float(world.final_expenditure.min()),
        "empty sectors": int((world.output == 0).sum()),
        "zero flows": int((world.flows == 0).sum()),
        "balanced": True,
    }


def built_text(folder: Path, document: dict[str, Any]) -> str:
    """What `winset baseline build` says of the world it wrote."""
    out = [f"Wrote {document['name']} ({document['size']}) to {folder}"]
    for heading in ("notes", "adjustments", "warnings"):
        if document[heading]:
            out += ["", f"{heading.capitalize()}:", *(f"- {line}" for line in document[heading])]
    out += ["", "Checked: " + "; ".join(f"{key} {document[key]:.1e}" for key in document if key.endswith("gap"))]
    return "\n".join(out)
