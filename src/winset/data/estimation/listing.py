"""Elasticity sets as text, JSON and CSV, published and estimated."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from winset.core.names import known
from winset.data.elasticity_files import read_elasticities
from winset.data.estimation.estimate import EstimatedSet
from winset.data.folder import read_sheet

__all__ = [
    "COLUMNS",
    "estimated_document",
    "estimated_text",
    "listed",
    "listed_text",
    "set_csv",
    "shown",
    "shown_text",
]

COLUMNS = (
    "sector", "theta", "standard_error", "robust_error", "slope", "observations", "dropped", "clusters", "flags",
    "remarks", "citation",
)  # fmt: skip


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def listed(baseline: str) -> list[dict[str, Any]]:
    """Each set of a baseline: name, paper, range, whether it has standard errors, which is the default."""
    sheet, _ = read_sheet(baseline)
    return [
        {
            "name": name, "citation": one.citation, "note": one.note, "lowest": min(one.values.values()),
            "highest": max(one.values.values()), "services": one.services,
            "standard_errors": one.standard_errors is not None, "default": name == sheet.default_elasticities,
        }
        for name, one in sheet.elasticity_sets.items()
    ]  # fmt: skip


def listed_text(rows: list[dict[str, Any]]) -> str:
    """One set a line."""
    out = []
    for row in rows:
        extra = ", with standard errors" if row["standard_errors"] else ""
        mark = " (default)" if row["default"] else ""
        out.append(f"{row['name']}{mark}: {row['lowest']:g} to {row['highest']:g}{extra}. {row['citation']}")
    return "\n".join([*out, "theta = sigma - 1"])


def shown(name: str, baseline: str) -> dict[str, Any]:
    """One set of a baseline by name, or of a file: citation, values, standard errors where it has them."""
    sheet, _ = read_sheet(baseline)
    path = Path(name)
    if name not in sheet.elasticity_sets and path.is_file():
        sectors = list(dict.fromkeys(row["sector"] for row in _rows(path)))
        found = read_elasticities(path, sectors)
        key = next(iter(found))
        return {"name": key, "errors": found[key].get("standard_errors"), **_shown(found[key])}
    known(name, sheet.elasticity_sets, "elasticity set (nor a file)")
    one = sheet.elasticity_sets[name]
    return {"name": name, "errors": one.standard_errors, **_shown(one.model_dump())}


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    return {"citation": one["citation"], "note": one["note"], "values": one["values"]}


def _rows(path: Path) -> list[dict[str, str]]:
    from winset.core.files import read_text

    return [
        {"sector": (row.get("sector") or "").strip()}
        for row in csv.DictReader(io.StringIO(read_text(path).lstrip("\ufeff")))
        if (row.get("sector") or "").strip()
    ]


def shown_text(found: dict[str, Any]) -> str:
    """By sector."""
    errors = found["errors"] or {}
    out = [f"{found['name']}: {found['citation']}", *([found["note"]] if found["note"] else [])]
    out += [
        f"{sector:10} {theta:8.3f}" + (f"  standard error {errors[sector]:.3f}" if sector in errors else "")
        for sector, theta in found["values"].items()
    ]
    return "\n".join(out)


def set_csv(made: EstimatedSet) -> str:
    """The set as a file that `baseline build --elasticities` and `elasticities add` read; gaps are empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)

    def cell(value: float) -> str:
        return f"{value:.10g}" if math.isfinite(value) else ""

    for one in made.estimates:
        writer.writerow([
            one.sector, cell(one.theta), cell(one.standard_error), cell(one.robust_error), cell(one.slope),
            one.observations, one.dropped, one.clusters, "; ".join(one.flags), "; ".join(one.remarks),
            made.citation,
        ])  # fmt: skip
    return stream.getvalue()


def estimated_document(made: EstimatedSet) -> dict[str, Any]:
    """For JSON."""
    return {
        "method": made.method, "values": made.values, "citation": made.citation,
        "files": [{"name": name, "sha256": sha} for name, sha in made.files],
        "convention": "theta = sigma - 1; the slope is -(theta + 1) where values leave the duty out, else -theta",
        "estimates": [
            {
                "sector": one.sector, "theta": _plain(one.theta), "standard_error": _plain(one.standard_error),
                "robust_error": _plain(one.robust_error), "slope": _plain(one.slope),
                "observations": one.observations, "dropped": one.dropped, "clusters": one.clusters,
                "flags": list(one.flags), "remarks": list(one.remarks),
            }
            for one in made.estimates
        ],
    }  # fmt: skip


def estimated_text(made: EstimatedSet) -> str:
    """One sector a line, what speaks against it behind."""
    out = [f"{'sector':10} {'theta':>8} {'s.e.':>8} {'observations':>13}"]
    for one in made.estimates:
        against = "; ".join((*(flag.upper() for flag in one.flags), *one.remarks))
        out.append(
            f"{one.sector:10} {one.theta:8.3f} {one.standard_error:8.3f} {one.observations:13,}"
            + (f"  {against}" if against else "")
        )
    return "\n".join([*out, made.citation])
