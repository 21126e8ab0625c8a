"""The command `winset bargain`: win-sets, frontier, solutions, counter-offers."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["bargain"]


@click.command()
@click.argument("case")
@click.option("--parties", metavar="A,B,...", help="Who bargains (default: the bargaining parties of the case).")
@click.option(
    "--points", type=click.IntRange(2, 1000), default=50, show_default=True, help="Points of the frontier."
)
@click.option("--elasticities", metavar="SET", help="Central set of trade elasticities (default: the case's).")
@click.option("--closure", metavar="NAME", help="world-share, balanced, nominal or own-share.")
@click.option("--draws", type=click.IntRange(0, 100_000), metavar="N", help="Draws (default: the case's).")
@click.option("--seed", type=click.IntRange(0), metavar="K", help="Names the draws (default: the case's).")
@click.option("--picture", metavar="FILE", help="Draw frontier, offers and no deal to FILE (.svg or .png).")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
)
def bargain(
    case: str, parties: str | None, points: int, elasticities: str | None, closure: str | None, draws: int | None,
    seed: int | None, picture: str | None, json_file: str | None,
) -> None:  # fmt: skip
    """Which packages every side could ratify: win-sets, frontier, solutions, counter-offers, deadlines.

    Levers, ratifiers and offers stand in bargain.yaml of the case; without it the packages bargain as they stand.
    """
    from winset.cli_tools import Bar, emit, start_model
    from winset.core.errors import RequestError
    from winset.negotiation import negotiate
    from winset.negotiation_text import bargain_document, bargain_text
    from winset.workflow import open_case

    if picture and not picture.lower().endswith((".svg", ".png")):
        raise RequestError(f"--picture {picture}: the name must end in .svg or .png")
    opened = open_case(case)
    names = [name.strip() for name in parties.split(",")] if parties else None
    start_model()
    choice: dict[str, Any] = {"elasticities": elasticities, "closure": closure, "draws": draws, "seed": seed}
    found = negotiate(opened, names, points=points, progress=Bar("Bargaining"), **choice)
    if picture:
        _draw(found, picture)
    emit(bargain_document(found, opened.manifest(**choice)), json_file, lambda: bargain_text(found))


def _draw(found: Any, target: str) -> None:
    from pathlib import Path

    from winset.brief.figures_bargain import Spot, bargaining_map
    from winset.core.errors import RequestError
    from winset.core.files import write_bytes, write_text
    from winset.negotiation_text import NAMES

    if len(found.parties) != 2:
        raise RequestError("the picture has two sides", remedy="Name two --parties, or leave --picture out")
    one, two = found.parties
    spots = [
        Spot(
            label=NAMES.get(p.id, p.label), kind=p.kind, x=p.payoffs[one], y=p.payoffs[two],
            accepted=bool(p.levers) and set(p.accepted_by) == set(found.parties),
        )
        for p in found.points
    ]  # fmt: skip
    curve = [(float(p.payoffs[0]), float(p.payoffs[1])) for p in found.frontier.points] if found.frontier else []
    made = bargaining_map(
        spots, curve, [], names=(one, two), unit=f"{found.unit}, over no deal",
        source=f"Winset, case {found.case}, run {found.run}; baseline {found.baseline}, closure {found.closure}",
    )  # fmt: skip
    if target.lower().endswith(".png"):
        write_bytes(Path(target), made.png())
    else:
        write_text(Path(target), made.svg + "\n")
