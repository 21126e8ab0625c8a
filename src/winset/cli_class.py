"""Class mode on the command line: the options that `winset serve` takes for it, and what they start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from winset.workflow import OpenCase

__all__ = ["class_options", "only_class", "serve_class"]


def class_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of class mode to a command; they arrive as `class_mode`, `lan`, `minutes` and so on."""
    options = (
        click.option("--class", "class_mode", is_flag=True, help="Play the talks in class: teams join by code."),
        click.option("--lan", is_flag=True, help="Class: let other machines of the local network join."),
        click.option("--minutes", type=click.FloatRange(1, 1440), metavar="N",
                     help="Class: length of the talks (default: 30)."),
        click.option("--rounds", type=click.IntRange(1, 50), metavar="N", help="Class: rounds (default: 6)."),
        click.option("--teams", metavar="A,B[,C]",
                     help="Class: who plays (default: the bargaining parties of the case)."),
        click.option("--state", metavar="FILE",
                     help="Class: file that keeps the session (default: one of your own, by case)."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def serve_class(
    opened: OpenCase, *, port: int, browser: bool, lan: bool, minutes: float | None, rounds: int | None,
    teams: str | None, state: str | None,
) -> None:  # fmt: skip
    """Play a case in class; `winset serve CASE --class`."""
    from winset.classroom.setup import Rules
    from winset.cli_tools import start_model
    from winset.web.class_server import run_class

    seconds = 60.0 * (30.0 if minutes is None else minutes)
    count = 6 if rounds is None else rounds
    # By default a round has its share of the whole, so that the clock over all ends the last one.
    rules = Rules(rounds=count, round_seconds=min(7200.0, max(5.0, seconds / count)), total_seconds=seconds)
    names = [name.strip() for name in teams.split(",")] if teams else []
    run_class(
        opened, port=port, browser=browser, tell=click.echo, rules=rules, teams=names, lan=lan,
        state=None if state is None else Path(state), prepare=start_model,
    )  # fmt: skip


def only_class(**given: object) -> None:
    """Refuses options of class mode where it was not asked for."""
    from winset.core.errors import RequestError

    named = [f"--{name}" for name, value in given.items() if value not in (None, False)]
    if named:
        raise RequestError(f"{', '.join(named)} only with --class", remedy="Add --class")
