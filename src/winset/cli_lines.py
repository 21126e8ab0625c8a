"""The commands `winset lines` (schedules by HS code) and `winset elasticities` (trade elasticities)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["elasticities", "lines"]

_FILE = click.Path(path_type=Path)
_DAY = click.DateTime(formats=["%Y-%m-%d"])
METHODS = ("simple", "weighted", "otri", "tri", "ces-price", "ces-imports", "ces-welfare")
EDITIONS = ("HS1988", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022", "HS2028")


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    option = click.option(
        "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
    )
    return option(command)


@click.group()
def lines() -> None:
    """Tariff lines: schedules of 6, 8 or 10 digits, and what they come to by sector."""


@lines.command("load")
@click.argument("schedule", type=_FILE)
@click.option("-o", "--output", "target", type=_FILE, required=True, metavar="FILE.duckdb", help="File to write.")
@click.option("--edition", type=click.Choice(EDITIONS), required=True, help="Edition of the HS.")
@click.option("--unit", type=click.Choice(["percent", "fraction"]), help="Unit of rates (default: percent).")
@click.option(
    "--trade", type=_FILE, metavar="FILE", help="Imports to weigh with: importer, exporter, hs, imports."
)
@click.option("--regimes", type=_FILE, metavar="FILE", help="CSV regime,exporter: which partners a regime is for.")
@_json_option
def lines_load(
    schedule: Path, target: Path, edition: str, unit: str | None, trade: Path | None, regimes: Path | None,
    json_file: str | None,
) -> None:  # fmt: skip
    """Check a schedule (CSV or Parquet) and write it as a DuckDB file."""
    from winset.cli_tools import emit
    from winset.data.lines.load import load_lines

    made = load_lines(schedule, target, edition=edition, unit=unit, trade=trade, regimes=regimes)
    document = {
        "schema": "winset/lines-load/1", "file": str(made.path), "lines": made.lines, "trade": made.trade,
        "notes": list(made.notes),
    }  # fmt: skip
    emit(document, json_file, lambda: "\n".join([f"Wrote {made.lines:,} lines to {made.path}", *made.notes]))


@lines.command("show")
@click.argument("file", type=_FILE)
@click.option("--on", type=_DAY, help="The day (default: today).")
@click.option("--importer", default="", metavar="CODE", help="Only lines of this importer.")
@click.option("--exporter", default="", metavar="CODE", help="Only goods from this partner.")
@click.option("--hs", default="", metavar="DIGITS", help="Only codes that begin so.")
@_json_option
def lines_show(
    file: Path, on: dt.datetime | None, importer: str, exporter: str, hs: str, json_file: str | None
) -> None:
    """What a file of lines is, and the rates of some codes on a day."""
    from winset.cli_tools import emit
    from winset.data.lines.store import show

    day = on.date() if on else dt.date.today()
    found = show(file, on=day, importer=importer, exporter=exporter, hs=hs)

    def text() -> str:
        out = [f"{key}: {value}" for key, value in found["about"]]
        out += [
            f"{r['importer']} {r['exporter']} {r['hs']}  {100 * r['rate']:g} percent"
            + (f"  (quota filled {r['fill']:.0%})" if r["fill"] is not None else "")
            for r in found["lines"]
        ]
        return "\n".join(out)

    emit({"schema": "winset/lines/1", "on": day.isoformat(), **found}, json_file, text)


@lines.command("aggregate")
@click.argument("file", type=_FILE)
@click.option("--on", type=_DAY, required=True, help="The day.")
@click.option("--method", type=click.Choice(METHODS), default="weighted", show_default=True, help="Which mean.")
@click.option("--law", metavar="CASE", help="Lay the duties of a case's law.yaml on the lines.")
@click.option("--baseline", default="icio-2022", show_default=True, metavar="NAME", help="Whose sectors.")
@click.option(
    "--concordance", type=_FILE, metavar="FILE", help="CSV hs,sector (default: approximate, by chapter)."
)
@click.option("--regions", type=_FILE, metavar="FILE", help="CSV country,region ('*' takes all others).")
@click.option("--sigma", type=click.FloatRange(0, 100), default=5.0, show_default=True,
              help="Substitution between lines of a sector (ces-*).")  # fmt: skip
@click.option(
    "--elasticities", metavar="SET", help="Set of the baseline: demand of a sector is theta + 1 (ces-*)."
)
@click.option(
    "--line-elasticities", type=_FILE, metavar="FILE", help="CSV hs,elasticity of import demand (otri, tri)."
)
@click.option(
    "--spread", multiple=True, metavar="GOOD", help="Lay a good by the law's shares, not by its headings."
)
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write the tariffs as CSV.")
@click.option("--report", type=_FILE, metavar="FILE", help="With --law: CSV of lines against stated shares.")
@_json_option
def lines_aggregate(
    file: Path, on: dt.datetime, method: str, law: str | None, baseline: str, concordance: Path | None,
    regions: Path | None, sigma: float, elasticities: str | None, line_elasticities: Path | None,
    spread: tuple[str, ...], output: Path | None, report: Path | None, json_file: str | None,
) -> None:  # fmt: skip
    """Sector tariffs from lines, with the law of a case on them: a table for a shock or a baseline."""
    from winset.cli_tools import emit
    from winset.core.errors import RequestError
    from winset.core.files import write_text
    from winset.core.provenance import manifest
    from winset.data.folder import read_sheet
    from winset.data.lines.listing import aggregate_document, aggregate_text, tariffs_csv
    from winset.line_law import aggregate_with_law, difference_text, differences, differences_csv

    if report is not None and law is None:
        raise RequestError("--report compares with a law", remedy="Name a case with --law")
    sheet, _ = read_sheet(baseline)
    sectors = [sector.code for sector in sheet.sectors]
    eta: dict[str, float] | None = None
    if elasticities is not None:
        from winset.core.names import known

        known(elasticities, sheet.elasticity_sets, "elasticity set")
        eta = {code: theta + 1 for code, theta in sheet.elasticity_sets[elasticities].values.items()}
    day = on.date()
    chosen = {"concordance": concordance, "regions": regions, "line-elasticities": line_elasticities}
    book, table = aggregate_with_law(
        file, law, on=day, spread=spread, method=method, sectors=sectors, concordance=concordance,
        regions=regions, sigma=sigma,
        eta=eta, line_elasticities=line_elasticities,
    )  # fmt: skip
    compared = differences(book, table, day) if book is not None else []
    if output is not None:
        write_text(output, tariffs_csv(table))
    if report is not None:
        write_text(report, differences_csv(compared))
    document = {
        "schema": "winset/lines-aggregate/1",
        "on": day.isoformat(),
        "law": law,
        **aggregate_document(table),
    }
    document["manifest"] = manifest(
        inputs={"lines": file}
        | {name: path for name, path in chosen.items() if path is not None}
        | ({f"law/{name}": path for name, path in book.files.items()} if book is not None else {}),
        settings={
            "on": day.isoformat(), "method": method, "law": law, "baseline": sheet.name, "sigma": sigma,
            "elasticities": elasticities, "spread": list(spread),
        },
    )  # fmt: skip
    document["differences"] = [
        {
            "importer": d.importer, "exporter": d.exporter, "sector": d.sector, "by_lines": d.by_lines,
            "by_shares": d.by_shares,
        }
        for d in compared
    ]  # fmt: skip
    emit(
        document, json_file, lambda: "\n\n".join(filter(None, [aggregate_text(table), difference_text(compared)]))
    )


@click.group()
def elasticities() -> None:
    """Trade elasticities: the published sets, and sets estimated from your own data."""


@elasticities.command("list")
@click.option("--baseline", default="icio-2022", show_default=True, metavar="NAME", help="A baseline or folder.")
@_json_option
def elasticities_list(baseline: str, json_file: str | None) -> None:
    """The sets of a baseline, with their papers."""
    from winset.cli_tools import emit
    from winset.data.estimation.listing import listed, listed_text

    rows = listed(baseline)
    emit(
        {"schema": "winset/elasticities/1", "baseline": baseline, "sets": rows},
        json_file,
        lambda: listed_text(rows),
    )


@elasticities.command("show")
@click.argument("name", metavar="SET|FILE")
@click.option("--baseline", default="icio-2022", show_default=True, metavar="NAME", help="A baseline or folder.")
@_json_option
def elasticities_show(name: str, baseline: str, json_file: str | None) -> None:
    """One set by sector, or a file that estimate wrote."""
    from winset.cli_tools import emit
    from winset.data.estimation.listing import shown, shown_text

    found = shown(name, baseline)
    emit({"schema": "winset/elasticity-set/1", **found}, json_file, lambda: shown_text(found))


@elasticities.command("estimate")
@click.argument("trade", type=_FILE)
@click.argument("tariffs", type=_FILE)
@click.option("--method", type=click.Choice(["ppml", "caliendo-parro"]), default="ppml", show_default=True,
              help="Poisson with fixed effects, or ratios in which they cancel.")  # fmt: skip
@click.option("--values", type=click.Choice(["exclusive", "inclusive"]), default="exclusive", show_default=True,
              help="Whether trade values leave out the duty (customs values do).")  # fmt: skip
@click.option("--unit", type=click.Choice(["percent", "fraction"]), default="fraction", show_default=True,
              help="Unit of the tariffs.")  # fmt: skip
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write the set as CSV.")
@_json_option
def elasticities_estimate(
    trade: Path, tariffs: Path, method: str, values: str, unit: str, output: Path | None, json_file: str | None
) -> None:
    """Estimate elasticities by sector from trade flows and tariffs."""
    from winset.cli_tools import emit
    from winset.core.files import write_text
    from winset.core.provenance import manifest
    from winset.data.estimation.estimate import estimate
    from winset.data.estimation.listing import estimated_document, estimated_text, set_csv

    made = estimate(trade, tariffs, method=method, values=values, unit=unit)
    if output is not None:
        write_text(output, set_csv(made))
    run = manifest(
        inputs={"trade": trade, "tariffs": tariffs}, settings={"method": method, "values": values, "unit": unit}
    )
    emit(
        {"schema": "winset/elasticity-estimate/1", **estimated_document(made), "manifest": run},
        json_file,
        lambda: estimated_text(made),
    )


@elasticities.command("add")
@click.argument("file", type=_FILE)
@click.option("--to", "baseline", required=True, metavar="NAME", help="The baseline to copy.")
@click.option("--name", required=True, metavar="SET", help="Name of the set in it.")
@click.option("--fill", metavar="SET", help="Where the file has no sound estimate, take this set of the baseline.")
@click.option("-o", "--output", type=_FILE, required=True, metavar="DIR", help="Folder of the copy.")
def elasticities_add(file: Path, baseline: str, name: str, fill: str | None, output: Path) -> None:
    """Copy a baseline with a set from a file as a further one, standard errors included."""
    from winset.data.estimation.into_baseline import with_set

    filled = with_set(file, baseline, name=name, fill=fill, target=output)
    click.echo(f"Wrote {output} with the set {name}")
    if filled:
        click.echo(f"Taken from {fill}: {', '.join(filled)}")
