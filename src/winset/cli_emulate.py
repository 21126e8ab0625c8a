"""The command `winset emulate`: a fitted stand-in for the model over the levers of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

__all__ = ["emulate"]


@click.command()
@click.argument("case")
@click.option("-o", "--output", "file", metavar="FILE", help="Where to keep it (default: CASE.emulator.npz).")
@click.option("--parties", metavar="A,B,...", help="Who bargains (default: the bargaining parties of the case).")
@click.option(
    "--budget", type=click.IntRange(48, 20_000), default=400, show_default=True, metavar="N",
    help="Most runs of the model.",
)  # fmt: skip
@click.option(
    "--error", "target", type=click.FloatRange(0.001, 0.5), default=0.05, show_default=True, metavar="E",
    help="Largest error asked for, as a share of each payoff's range.",
)  # fmt: skip
@click.option(
    "--design", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, metavar="K",
    help="Names the places where the model is run.",
)  # fmt: skip
@click.option("--elasticities", metavar="SET", help="Central set of trade elasticities (default: the case's).")
@click.option("--closure", metavar="NAME", help="world-share, balanced, nominal or own-share.")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
)
def emulate(
    case: str, file: str | None, parties: str | None, budget: int, target: float, design: int,
    elasticities: str | None, closure: str | None, json_file: str | None,
) -> None:  # fmt: skip
    """Fit a quick stand-in for the model over the levers of bargain.yaml, and say how far it is off.

    For searches over very many packages; a brief is always written from the model itself.
    """
    from winset.cli_tools import Bar, emit, start_model
    from winset.emulation import emulate as fitted
    from winset.emulation import emulation_document, emulation_text
    from winset.workflow import open_case

    opened = open_case(case)
    names = [name.strip() for name in parties.split(",")] if parties else None
    start_model()
    choice: dict[str, Any] = {"elasticities": elasticities, "closure": closure}
    found = fitted(
        opened, names, budget=budget, target=target, design=design, progress=Bar("Fitting"), **choice
    )  # fmt: skip
    path = Path(file or f"{Path(case).resolve().name}.emulator.npz")
    found.save(path)
    emit(emulation_document(found), json_file, lambda: f"{emulation_text(found)}\nWrote {path}")
