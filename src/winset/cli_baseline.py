"""The commands `winset baseline`: list, show, check and build worlds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["baseline"]

SOURCES = ("oecd-icio", "wiod-2016", "baci", "itpd-e", "csv", "wiod-2014", "icio-2022-81", "icio-2022")


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    option = click.option(
        "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
    )
    return option(command)


@click.group()
def baseline() -> None:
    """Baseline worlds: list, show, check, build."""


@baseline.command("list")
@_json_option
def baseline_list(json_file: str | None) -> None:
    """Baselines that come with Winset."""
    from winset.cli_tools import emit
    from winset.data.folder import read_sheet, shipped_baselines

    rows = []
    for name in shipped_baselines():
        sheet, _ = read_sheet(name)
        size = f"{len(sheet.regions)} regions x {len(sheet.sectors)} sectors"
        rows.append({"name": name, "title": sheet.title, "size": size, "year": sheet.year})
    emit(
        {"schema": "winset/baselines/1", "baselines": rows},
        json_file,
        lambda: "\n".join(f"{r['name']}  {r['size']}  {r['title']}" for r in rows),
    )


@baseline.command("show")
@click.argument("name")
@_json_option
def baseline_show(name: str, json_file: str | None) -> None:
    """What a baseline holds: sources, method, weaknesses, regions, sectors, elasticity sets."""
    from winset.cli_tools import emit
    from winset.data.folder import read_sheet
    from winset.data.listing import sheet_text

    sheet, about = read_sheet(name)
    document = {"schema": "winset/baseline/1", **sheet.model_dump(mode="json"), "about": about}
    emit(document, json_file, lambda: sheet_text(sheet, about))


@baseline.command("check")
@click.argument("path")
@_json_option
def baseline_check(path: str, json_file: str | None) -> None:
    """Check that a baseline balances; the worst cell is named where it does not."""
    from winset.cli_tools import emit
    from winset.data.folder import load_baseline
    from winset.data.listing import accounts

    document = {"schema": "winset/baseline-check/1", **accounts(load_baseline(path))}
    emit(document, json_file, lambda: "\n".join(f"{key}: {value}" for key, value in document.items()))


_FILE = click.Path(path_type=Path)


@baseline.command("build")
@click.argument("source", type=click.Choice(SOURCES))
@click.option("--from", "path", required=True, type=_FILE, metavar="PATH", help="File or folder of the source.")
@click.option("-o", "--output", "folder", required=True, type=_FILE, metavar="DIR", help="Folder to write.")
@click.option("--name", metavar="NAME", help="Name of the baseline (default: source and year).")
@click.option("--year", type=click.IntRange(1900, 2200), help="Year to take.")
@click.option("--regions", type=_FILE, metavar="FILE", help="CSV: country,region ('*' takes all others).")
@click.option("--sectors", type=_FILE, metavar="FILE", help="CSV: industry,sector.")
@click.option(
    "--products", type=_FILE, metavar="FILE", help="CSV: product or industry number,sector (baci, itpd-e)."
)
@click.option("--elasticities", metavar="SET|FILE", help="A published set, or a CSV: sector,theta.")
@click.option("--gdp", type=_FILE, metavar="FILE", help="World Bank GDP as downloaded (baci).")
@click.option("--output-ratio", type=float, default=1.0, show_default=True, help="Output over GDP (baci).")
@click.option(
    "--inventories", type=click.Choice(["drop", "clip"]), default="drop", show_default=True,
    help="Changes in inventories: left out, or additions kept and withdrawals set to zero.",
)  # fmt: skip
@click.option("--tariffs", type=_FILE, metavar="FILE", help="Tariff table: Teti's, WITS or plain CSV.")
@click.option(
    "--tariff-layout", type=click.Choice(["teti", "wits", "csv"]), help="Layout (default: by its columns)."
)
@click.option("--tariff-year", type=click.IntRange(1900, 2200), help="Year of the tariffs.")
@click.option("--tariff-unit", type=click.Choice(["percent", "fraction"]), help="Unit (default: the layout's).")
@click.option("--tariff-products", type=_FILE, metavar="FILE", help="CSV: product code,sector of the source.")
@click.option("--tariff-countries", type=_FILE, metavar="FILE", help="CSV: code,region of the source.")
@click.option("--tariff-mean", type=click.Choice(["simple", "weighted"]), default="simple", show_default=True,
              help="How product rates become a sector's.")  # fmt: skip
@click.option("--duty", type=click.Choice(["AHS", "MFN", "BND", "PRF"]), default="AHS", show_default=True,
              help="Duty type of a WITS table.")  # fmt: skip
@click.option("--accept", multiple=True, metavar="CHECK", help="Accept what a check found (repeatable).")
@_json_option
def baseline_build(source: str, json_file: str | None, **options: Any) -> None:
    """Build a baseline from public files; refuses figures that contradict themselves.

    The folder it writes can be named wherever a baseline can: in case.yaml, in show and check, in Python.
    """
    from winset.cli_tools import emit
    from winset.data.build import BuildRequest, build
    from winset.data.listing import accounts, built_text

    made = build(
        BuildRequest(source=source, **{key: value for key, value in options.items() if value is not None})
    )
    document = {
        "schema": "winset/baseline-build/1",
        "folder": str(made.folder),
        **accounts(made.world),
        "files": [{"name": f.path.name, "role": f.role, "sha256": f.sha256} for f in made.files],
        "notes": list(made.notes),
        "adjustments": list(made.adjustments),
        "warnings": list(made.warnings),
    }
    emit(document, json_file, lambda: built_text(made.folder, document))
