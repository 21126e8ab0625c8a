"""The command `winset serve`: the local web page."""

from __future__ import annotations

from typing import Any

import click

from winset.cli_class import class_options, only_class, serve_class

__all__ = ["serve"]

PORT = 8731


@click.command()
@click.argument("case")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port (0: any that is free)."
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDR", help="Address to listen on.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@class_options
def serve(case: str, port: int, host: str, no_browser: bool, class_mode: bool, **classroom: Any) -> None:
    """Serve a case as a local web page: state of play, package builder, review queue. Works offline.

    Only this machine can reach it unless --host says otherwise. The address printed holds a token, new at every
    start: with it the page may save packages and decide on claims, without it the page only shows.
    """
    from winset.cli_tools import start_model
    from winset.web.server import run
    from winset.workflow import open_case

    opened = open_case(case)
    if class_mode:
        serve_class(opened, port=port, browser=not no_browser, **classroom)
        return
    only_class(**classroom)
    run(opened, host=host, port=port, browser=not no_browser, tell=click.echo, prepare=start_model)
