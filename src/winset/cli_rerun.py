"""The command `winset rerun`: a result made again from its manifest."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["rerun"]


@click.command()
@click.argument("file", metavar="MANIFEST")
@click.option(
    "--case", metavar="CASE", help="Folder of the case (default: the shipped case that the result names)."
)
@click.option("--data", metavar="DIR", help="Folder of a paper's data, or of the documents that were read.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="W", help="Processes of a sweep.")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
)
def rerun(file: str, case: str | None, data: str | None, workers: int | None, json_file: str | None) -> None:
    """Repeat a result and say what differs: inputs, settings, versions, machine, numbers.

    MANIFEST is a result written with --json, a CASE.findings.json of a brief, or the manifest.json of a sweep.
    Ends with 0 whatever the verdict, which is printed and stands in the JSON as "verdict".
    """
    from winset.cli_tools import Bar, emit, start_model
    from winset.rerun.again import rerun as repeat
    from winset.rerun.again import rerun_document, rerun_text

    start_model()
    found = repeat(
        Path(file), case=case, data=Path(data) if data else None, workers=workers, progress=Bar("Repeating")
    )  # fmt: skip
    emit(rerun_document(found), json_file, lambda: rerun_text(found))
