"""Layouts of public tariff tables: columns, unit, citation, licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winset.core.errors import BaselineError
from winset.data.long_tables import Column
from winset.data.source_files import SourceFile, bounded_lines

__all__ = ["LAYOUTS", "WEIGHT", "Layout", "layout_of"]

WEIGHT = "weight"
"""Our name for the column of imports."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Columns, unit and checks of a layout."""

    columns: Mapping[str, Column]
    percent: bool
    citation: str
    licence: str


LAYOUTS = {
    "teti": Layout(
        columns={
            "importer": Column(names=("iso1",)),
            "exporter": Column(names=("iso2",)),
            "year": Column(names=("year",), number=True),
            "product": Column(names=("sector", "hs6", "hs", "isic", "gtap", "section", "product")),
            "rate": Column(names=("tariff",), number=True, blank=True),
            "weighted": Column(names=("tariff_w",), number=True, required=False, blank=True),
        },
        percent=True,
        citation="Teti (2024), Missing Tariffs: Global Tariff Database, ECARES working paper 2024-04",
        licence="Global Tariff Database: terms not found; ask its author before redistributing",
    ),
    "wits": Layout(
        columns={
            "importer": Column(names=("Reporter", "Reporter Name", "Reporter_ISO_N")),
            "exporter": Column(names=("Partner", "Partner Name")),
            "year": Column(names=("Tariff Year", "Year"), number=True),
            "product": Column(names=("Product", "ProductCode")),
            "kind": Column(names=("DutyType",), required=False),
            "rate": Column(names=("Simple Average", "SimpleAverage"), number=True, blank=True),
            "weighted": Column(
                names=("Weighted Average", "WeightedAverage"), number=True, required=False, blank=True
            ),
            WEIGHT: Column(
                names=("Imports Value in 1000 USD", "ImportsValue"), number=True, required=False, blank=True
            ),
        },
        percent=True,
        citation="World Bank, World Integrated Trade Solution (WITS); UNCTAD, TRAINS",
        licence="WITS/TRAINS: free use; redistribution terms not open",
    ),
    "csv": Layout(
        columns={
            "importer": Column(names=("importer",)),
            "exporter": Column(names=("exporter",)),
            "year": Column(names=("year",), number=True, required=False),
            "product": Column(names=("sector", "product")),
            "rate": Column(names=("tariff", "rate"), number=True),
            WEIGHT: Column(names=("imports", "weight"), number=True, required=False, blank=True),
        },
        percent=False,
        citation="Tariffs given by the user",
        licence="Tariffs: the user's own",
    ),
}


def layout_of(source: SourceFile) -> str:
    """The layout whose columns the file has."""
    heading = next(iter(bounded_lines(source)))[1].casefold()
    for name, marks in (("teti", ("iso1", "iso2")), ("wits", ("reporter",)), ("csv", ("exporter", "importer"))):
        if all(mark in heading for mark in marks):
            return name
    raise BaselineError(
        "the columns are of no known tariff layout", file=source.path, line=1,
        why=f"Found: {heading.strip()[:120]}",
        remedy="Known: teti (iso1, iso2, year, sector, tariff), wits (Reporter, Partner, Product, ...), "
        "csv (exporter, importer, sector, tariff)",
    )  # fmt: skip
