"""The command `winset brief`: documents to brief, the main job."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["brief"]


@click.command()
@click.argument("case")
@click.option(
    "-o", "--output", "folder", default="brief", show_default=True, metavar="DIR", help="Folder to write to."
)
@click.option(
    "--format",
    "formats",
    default="html",
    show_default=True,
    metavar="A,B,...",
    help="Of html, docx, pdf and xlsx.",
)
@click.option("--lang", "languages", default="en", show_default=True, metavar="A,B,...", help="Of en and ko.")
@click.option(
    "--since", "since_file", metavar="FILE",
    help="Tell what changed since this findings file (default: the one in DIR, if any).",
)  # fmt: skip
@click.option("--no-bargain", is_flag=True, help="Leave win-sets and frontier out; quicker.")
def brief(case: str, folder: str, formats: str, languages: str, since_file: str | None, no_bargain: bool) -> None:
    """Write the brief of a case: two pages, then the annex with every number's source.

    Beside it stand the pictures (figures/), and every number with its sources (CASE.findings.json).
    """
    from winset.brief.words import LANGUAGES
    from winset.briefing_files import FORMATS, chosen, write_brief
    from winset.cli_tools import Bar, start_model
    from winset.workflow import open_case

    wanted = chosen(formats.split(","), FORMATS, "format")
    said = chosen(languages.split(","), LANGUAGES, "language")
    opened = open_case(case)
    start_model()
    written = write_brief(
        opened,
        Path(folder),
        wanted,
        said,
        since_file=Path(since_file) if since_file else None,
        bargain=not no_bargain,
        progress=Bar("Writing the brief"),
    )
    pictures = [path for path in written if "figures" in path.relative_to(folder).parts[:1]]
    for path in written:
        if path not in pictures:
            click.echo(f"Wrote {path}")
    if pictures:
        click.echo(f"Wrote {len(pictures)} files of pictures and their data to {pictures[0].parent}")
