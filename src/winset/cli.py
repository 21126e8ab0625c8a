"""The command line: arguments in, text or JSON out. Every heavy import waits for the command that needs it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from winset.cli_bargain import bargain
from winset.cli_read import read
from winset.cli_review import review
from winset.cli_tools import Bar, emit, start_model
from winset.core.errors import NotConvergedError, WinsetError
from winset.core.provenance import version

__all__ = ["main"]

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Day(click.ParamType[dt.date]):
    """A day of the calendar, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2025-11-01", param, ctx)


@click.group(context_settings=CONTEXT)
@click.version_option(version(), prog_name="winset")
def cli() -> None:
    """What each package in a trade negotiation is worth to each side.

    CASE is the folder of a case, or the name of a shipped one (korea-us-2025, japan-us-2025).
    """


def main() -> None:
    """Entry point: every mistake becomes one message and exit code 2, a result that failed exit code 3."""
    # Windows and some servers still start Python with a narrow encoding; names and currencies need more.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.UsageError as error:
        if error.ctx is not None:
            click.echo(f"See '{error.ctx.command_path} --help'.", err=True)
        click.echo(f"winset: {error.format_message()}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"winset: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("winset: stopped; nothing was written", err=True)
        sys.exit(130)
    except NotConvergedError as error:
        click.echo(f"winset: {error}", err=True)
        sys.exit(error.exit_code)
    except WinsetError as error:
        click.echo(f"winset: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, less) went away; that is its right.
        sys.stdout = None
        sys.exit(0)


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    option = click.option(
        "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
    )
    return option(command)


@cli.command()
@click.argument("case")
@click.option("-o", "--output", "folder", default="brief", show_default=True, help="Folder to write to.")
@click.option("--format", "formats", default="html", show_default=True, help="Comma-separated: html.")
def brief(case: str, folder: str, formats: str) -> None:
    """Write the brief of a case: documents to brief, the main job."""
    from winset.core.files import write_text
    from winset.core.names import known
    from winset.workflow import open_case

    for one in formats.split(","):
        known(one.strip(), ["html"], "format")
    opened = open_case(case)
    start_model()
    page = opened.brief_html(progress=Bar("Solving"))
    path = Path(folder) / f"{opened.case.sheet.name}.html"
    write_text(path, page)
    click.echo(f"Wrote {path}")


@cli.command()
@click.argument("case")
@click.argument("packages", nargs=-1, metavar="[PACKAGE ...]")
@click.option("--against", help="Package to hold the others against (default: the case's).")
@click.option("--elasticities", metavar="SET", help="Central set of trade elasticities (default: the case's).")
@click.option("--closure", metavar="NAME", help="world-share, balanced, nominal or own-share.")
@click.option("--on", type=Day(), help="Value all under the background law of one day.")
@click.option("--draws", type=click.IntRange(0, 100_000), metavar="N", help="Draws (default: the case's).")
@click.option("--seed", type=click.IntRange(0), metavar="K", help="Names the draws (default: the case's).")
@click.option(
    "--without", metavar="A,B,...", help="Strike the duties of legal authorities (S122, IEEPA-reciprocal ...)."
)
@click.option(
    "--retaliation", metavar="A=RULE,...",
    help="Let regions answer duties raised on them: none, reciprocal, proportional or optimal.",
)  # fmt: skip
@_json_option
def value(
    case: str,
    packages: tuple[str, ...],
    against: str | None,
    elasticities: str | None,
    closure: str | None,
    on: dt.date | None,
    draws: int | None,
    seed: int | None,
    without: str | None,
    retaliation: str | None,
    json_file: str | None,
) -> None:
    """What each package is worth to each party."""
    from winset.workflow import open_case

    opened = open_case(case)
    for name in (*packages, *([against] if against else [])):
        opened.case.package(name)
    start_model()
    choice: dict[str, Any] = {
        "elasticities": elasticities,
        "closure": closure,
        "draws": draws,
        "seed": seed,
        "without": tuple(name.strip() for name in without.split(",")) if without else (),
        "retaliation": _answers(retaliation),
    }
    valuation = opened.value_all(packages, against=against, on=on, progress=Bar("Solving"), **choice)
    from winset.valuation.serialise import value_document
    from winset.valuation.tables import value_text

    manifest = opened.manifest(**choice)
    emit(value_document(valuation, manifest), json_file, lambda: value_text(valuation, opened.case))


def _answers(given: str | None) -> dict[str, str]:
    """{"KOR": "reciprocal"} from "KOR=reciprocal,..."."""
    from winset.core.errors import RequestError

    found: dict[str, str] = {}
    for part in (given or "").split(","):
        code, sign, rule = (piece.strip() for piece in part.partition("="))
        if not part.strip() and not given:
            continue
        if not (code and sign and rule) or code in found:
            raise RequestError(
                f"--retaliation {part.strip()!r} is not REGION=RULE, or names a region twice",
                remedy="For example --retaliation KOR=reciprocal,JPN=proportional",
            )
        found[code] = rule
    return found


@cli.command()
@click.argument("case")
@click.option("--as-of", "as_of", type=Day(), help="Day of the view (default: the last day of the record).")
@click.option("--csv", "csv_file", metavar="FILE", help="Write the state of play as CSV.")
@click.option("--ics", "ics_file", metavar="FILE", help="Write deadlines and planned meetings as a calendar.")
@_json_option
def timeline(
    case: str, as_of: dt.date | None, csv_file: str | None, ics_file: str | None, json_file: str | None
) -> None:
    """The state of play on a date, from the record."""
    from winset.package.folder import case_folder
    from winset.record.ledger import load_record
    from winset.record.rendering import render, to_dict
    from winset.record.timeline import state_of_play

    record = load_record(case_folder(case))
    state = state_of_play(record, as_of or max(claim.known for claim in record))
    if csv_file or ics_file:
        from winset.core.files import write_text
        from winset.record.calendar import calendar_csv, calendar_ics

        if csv_file:
            write_text(Path(csv_file), calendar_csv(state))
        if ics_file:
            write_text(Path(ics_file), calendar_ics(state, name=Path(case).name))
    document = {"schema": "winset/timeline/1", "winset": version(), **to_dict(state)}
    emit(document, json_file, lambda: render(state))


@cli.command()
@click.argument("case")
@click.option("--importer", required=True, metavar="REGION", help="Region that levies the duty.")
@click.option("--exporter", required=True, metavar="REGION", help="Region that the goods come from.")
@click.option("--good", help="A good named in the case's law (cars, steel, everything-else ...).")
@click.option("--sector", help="A sector of the case's baseline (C29 ...), instead of a good.")
@click.option("--on", type=Day(), required=True, help="The day.")
@_json_option
def rate(
    case: str,
    importer: str,
    exporter: str,
    good: str | None,
    sector: str | None,
    on: dt.date,
    json_file: str | None,
) -> None:
    """The duty on a good on a date, its parts by legal authority and their sources, or unknown."""
    from winset.core.errors import RequestError
    from winset.package.folder import case_folder
    from winset.package.law import load_law
    from winset.package.rate_text import good_answer, rate_text, sector_answer

    if (good is None) == (sector is None):
        raise RequestError("name either --good or --sector", remedy="For example --good cars")
    law = load_law(case_folder(case) / "law.yaml")
    if good is not None:
        answer = good_answer(law, importer, exporter, good, on)
    elif sector is not None:
        from winset.workflow import open_case

        world = open_case(case).world
        base = float(world.tariffs[world.region(exporter), world.region(importer), world.sector(sector)])
        answer = sector_answer(law, importer, exporter, sector, on, base)
    document = {"schema": "winset/rate/1", "winset": version(), **answer}
    emit(document, json_file, lambda: rate_text(answer))


@cli.command()
@click.argument("name")
@click.option("--in", "folder", default=".", show_default=True, metavar="DIR", help="Folder to write it into.")
@click.option("--parties", metavar="AAA,BBB", help="Region that sells, and region that levies.")
def new(name: str, folder: str, parties: str | None) -> None:
    """Write a new case folder: made up, working as it stands, every line explained."""
    from winset.workflow import new_case

    chosen = [] if parties is None else [code.strip() for code in parties.split(",")]
    path = new_case(name, folder, chosen)
    shown = f'"{path}"' if " " in str(path) else str(path)
    click.echo(f"Wrote {shown}\nTry it as it is: winset value {shown}")
    click.echo("Then edit it: README.md in it says which file holds what.")


@cli.command()
@click.argument("paper")
@click.option("--data", "folder", required=True, metavar="DIR", help="Folder that holds the paper's data.")
@_json_option
def replicate(paper: str, folder: str, json_file: str | None) -> None:
    """A published paper's tables, ours beside the print: caliendo-parro-2015, ossa-2014, liberation-day-2025."""
    from winset.core.errors import UnreadableFileError
    from winset.core.names import known
    from winset.replications.listing import PAPERS, replication_text
    from winset.replications.listing import replicate as recompute

    known(paper, PAPERS, "paper")
    if not Path(folder).is_dir():
        raise UnreadableFileError(
            "no such folder", file=folder, remedy="Name the folder that holds the paper's data"
        )
    start_model()
    result = recompute(paper, Path(folder))
    document = {"schema": "winset/replicate/1", "winset": version(), "paper": paper, **result}
    emit(document, json_file, lambda: replication_text(result))


@cli.group()
def baseline() -> None:
    """Baseline worlds: list, show, check, build."""


@baseline.command("list")
@_json_option
def baseline_list(json_file: str | None) -> None:
    """Baselines that come with Winset."""
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
    from winset.data.folder import load_baseline
    from winset.data.listing import accounts

    document = {"schema": "winset/baseline-check/1", **accounts(load_baseline(path))}
    emit(document, json_file, lambda: "\n".join(f"{key}: {value}" for key, value in document.items()))


@baseline.command("build")
@click.argument("source", type=click.Choice(["icio-2022"]))
@click.option("--from", "source_folder", required=True, metavar="DIR", help="Folder with the source figures.")
@click.option("-o", "--output", "folder", required=True, metavar="DIR", help="Folder to write the baseline to.")
def baseline_build(source: str, source_folder: str, folder: str) -> None:
    """Build a baseline from source figures; refuses figures that do not balance."""
    from winset.data.icio2022 import build

    world = build(Path(source_folder), Path(folder))
    click.echo(f"Wrote {source} ({len(world.regions)} x {len(world.sectors)}) to {folder}")


for _command in (bargain, read, review):
    cli.add_command(_command)
