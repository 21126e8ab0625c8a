"""The command line: arguments in, text or JSON out. Every heavy import waits for the command that needs it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from winset.cli_bargain import bargain
from winset.cli_baseline import baseline
from winset.cli_brief import brief
from winset.cli_emulate import emulate
from winset.cli_lines import elasticities as elasticity_sets
from winset.cli_lines import lines
from winset.cli_read import read
from winset.cli_rerun import rerun
from winset.cli_review import review
from winset.cli_serve import serve
from winset.cli_sweep import sweep
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
    from winset.rerun.manifests import timeline_manifest

    record = load_record(case_folder(case))
    state = state_of_play(record, as_of or max(claim.known for claim in record))
    if csv_file or ics_file:
        from winset.core.files import write_text
        from winset.record.calendar import calendar_csv, calendar_ics

        if csv_file:
            write_text(Path(csv_file), calendar_csv(state))
        if ics_file:
            write_text(Path(ics_file), calendar_ics(state, name=Path(case).name))
    # The day that was meant, where none was named: a longer record must not change what is repeated.
    click.get_current_context().params["as_of"] = as_of or max(claim.known for claim in record)
    manifest = timeline_manifest(case_folder(case))
    document = {"schema": "winset/timeline/1", "winset": version(), "manifest": manifest, **to_dict(state)}
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
    from winset.rerun.manifests import rate_manifest

    if (good is None) == (sector is None):
        raise RequestError("name either --good or --sector", remedy="For example --good cars")
    law = load_law(case_folder(case) / "law.yaml")
    manifest = rate_manifest(case_folder(case), law)
    if good is not None:
        answer = good_answer(law, importer, exporter, good, on)
    elif sector is not None:
        from winset.workflow import open_case

        opened = open_case(case)
        world, manifest = opened.world, opened.manifest()
        base = float(world.tariffs[world.region(exporter), world.region(importer), world.sector(sector)])
        answer = sector_answer(law, importer, exporter, sector, on, base)
    document = {"schema": "winset/rate/1", "winset": version(), "manifest": manifest, **answer}
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
    from winset.rerun.manifests import replicate_manifest

    known(paper, PAPERS, "paper")
    if not Path(folder).is_dir():
        raise UnreadableFileError(
            "no such folder", file=folder, remedy="Name the folder that holds the paper's data"
        )
    start_model()
    result = recompute(paper, Path(folder))
    manifest = replicate_manifest(paper, Path(folder))
    document = {
        "schema": "winset/replicate/1",
        "winset": version(),
        "manifest": manifest,
        "paper": paper,
        **result,
    }
    emit(document, json_file, lambda: replication_text(result))


for _command in (emulate, rerun, bargain, baseline, brief, elasticity_sets, lines, read, review, serve, sweep):
    cli.add_command(_command)
