"""Sector tariffs from lines as CSV, JSON and text."""

from __future__ import annotations

import csv
import io
from typing import Any

from winset.data.lines.aggregate import SectorTariffs

__all__ = ["aggregate_document", "aggregate_text", "tariffs_csv"]

SHOWN = 40
"""Rows that the text shows."""


def tariffs_csv(table: SectorTariffs) -> str:
    """exporter, importer, sector, tariff (fraction), imports, lines, base, basis: a table `baseline build`
    reads.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["exporter", "importer", "sector", "tariff", "imports", "lines", "base_tariff", "basis"])
    for k, sector in enumerate(table.sectors):
        writer.writerow([
            table.exporters[k], table.importers[k], sector, f"{table.rates[k]:.12g}",
            f"{_number(table.imports[k]):.12g}",
            int(table.lines[k]), f"{table.base[k]:.12g}", table.basis[k],
        ])  # fmt: skip
    return stream.getvalue()


def _number(value: float) -> float:
    return float(value) if value == value else 0.0


def aggregate_document(table: SectorTariffs) -> dict[str, Any]:
    """For JSON."""
    return {
        "method": table.method,
        "tariffs": [
            {
                "exporter": table.exporters[k], "importer": table.importers[k], "sector": sector,
                "tariff": float(table.rates[k]), "base_tariff": float(table.base[k]),
                "imports": _number(table.imports[k]), "lines": int(table.lines[k]), "basis": table.basis[k],
            }
            for k, sector in enumerate(table.sectors)
        ],
        "quota_rents": [
            dict(zip(("importer", "exporter", "sector", "holder", "rent"), row, strict=True))
            for row in table.rents
        ],
        "notes": list(table.notes),
        "source": [list(row) for row in table.about],
    }  # fmt: skip


def aggregate_text(table: SectorTariffs) -> str:
    """A table in percent, notes, rents."""
    out = [
        f"{'importer':9} {'exporter':9} {'sector':10} {'tariff %':>9} {'lines %':>9} {'imports':>15} {'lines':>7}"
    ]
    for k, sector in enumerate(table.sectors[:SHOWN]):
        out.append(
            f"{table.importers[k]:9} {table.exporters[k]:9} {sector:10} {100 * table.rates[k]:9.3f} "
            f"{100 * table.base[k]:9.3f} {_number(table.imports[k]):15,.1f} {table.lines[k]:7,}"
            + ("" if table.basis[k] == table.method else f"  {table.basis[k]}")
        )
    if len(table.sectors) > SHOWN:
        out.append(f"{len(table.sectors):,} rows; the first {SHOWN} are shown (-o FILE for all)")
    out += [f"Quota rent, {a} on {b}, {c}: {rent:,.3g} ({holder})" for a, b, c, holder, rent in table.rents]
    return "\n".join([*out, *table.notes])
