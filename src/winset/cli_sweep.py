"""The command `winset sweep`: many draws, packages and grid points into Parquet tables, and SQL over them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

__all__ = ["sweep"]


@click.command()
@click.argument("case")
@click.option("--draws", type=click.IntRange(1), metavar="N", help="Draws (default: the case's).")
@click.option("--packages", metavar="A,B,...", help="Packages (default: all; with --grid none).")
@click.option(
    "--grid", multiple=True, metavar="LEVER=a:b:n",
    help="n values of a lever of bargain.yaml from a to b; several make their product.",
)  # fmt: skip
@click.option("--against", help="Package to hold the others against (default: the case's).")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), metavar="K", help="Names the draws (default: the case's)."
)
@click.option(
    "--elasticities", "mode", type=click.Choice(["sets", "spread"]), default="sets", show_default=True,
    help="One of the case's sets per draw, or each draw its own around the set that it drew.",
)  # fmt: skip
@click.option(
    "--spread", type=click.FloatRange(0, 2, min_open=True), default=0.2, show_default=True,
    help="Standard deviation of log elasticities where a set states no standard errors.",
)  # fmt: skip
@click.option("--closure", metavar="NAME", help="world-share, balanced, nominal or own-share.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786 (default: this machine).")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="W", help="Local processes (default: the cores).")
@click.option("-o", "--output", "folder", metavar="DIR", help="Folder of the sweep (default: CASE.sweep).")
@click.option("--resume/--fresh", default=True, help="Go on with what DIR holds (default), or replace it.")
@click.option("--sql", metavar="QUERY", help="Query a finished sweep instead: one SELECT over rows, draws, grid.")
@click.option("--csv", "csv_file", metavar="FILE", help="With --sql: write CSV to FILE ('-': standard output).")
@click.option(
    "--json", "json_file", metavar="FILE", help="Write the result as JSON to FILE ('-': standard output)."
)
def sweep(
    case: str, draws: int | None, packages: str | None, grid: tuple[str, ...], against: str | None,
    seed: int | None, mode: Any, spread: float, closure: str | None, scheduler: str | None, workers: int | None,
    folder: str | None, resume: bool, sql: str | None, csv_file: str | None, json_file: str | None,
) -> None:  # fmt: skip
    """Value packages at many draws, and a grid of levers, on all cores or a Dask cluster.

    The tables are Parquet files in DIR; a run that was stopped goes on where it was.
    """
    from winset.cli_tools import Bar, emit, start_model
    from winset.core.errors import NotConvergedError, RequestError

    default = f"{Path(case).resolve().name}.sweep"
    if sql is not None:
        _query(Path(folder or default), sql, csv_file, json_file)
        return
    if csv_file is not None:
        raise RequestError("--csv goes with --sql", remedy="The tables themselves are Parquet")
    if scheduler is not None and workers is not None:
        raise RequestError("--workers is for this machine; a cluster has its own", remedy="Leave one of them out")
    from winset.sweep.run import sweep as run_sweep
    from winset.workflow import open_case

    opened = open_case(case)
    start_model()
    _share_compiled()
    target = Path(folder or default)
    bar = Bar("Sweeping")
    try:
        done = run_sweep(
            opened, target, draws=opened.case.sheet.model.draws if draws is None else draws,
            packages=[name.strip() for name in packages.split(",")] if packages else (), grid=grid,
            against=against, seed=seed, mode=mode, spread=spread, closure=closure, scheduler=scheduler,
            workers=workers, fresh=not resume, progress=bar,
        )  # fmt: skip
    except KeyboardInterrupt:
        click.echo(f"\nwinset: stopped; finished chunks in {target} are kept: the same command goes on", err=True)
        sys.exit(130)
    document = {
        "schema": "winset/sweep/1", "run": done.run, "folder": str(target), "plan": done.plan.to_dict(),
        "chunks": done.chunks, "computed": done.computed, "rows": done.rows, "unconverged": done.unconverged,
        "worst_residual": done.worst_residual, "solves": done.solves,
        "cpu_seconds": round(done.cpu_seconds, 3), "mended": list(done.mended),
    }  # fmt: skip
    emit(document, json_file, lambda: _text(done))
    if done.unconverged:
        raise NotConvergedError(
            f"{done.unconverged:,} cells of draw and package have no equilibrium within the tolerance",
            why="Their rows are in the tables with converged = false and no numbers; all others are kept",
            remedy="Count them by package: winset sweep CASE --sql "
            '"select package, point, count(*) from rows where not converged group by all"',
        )


def _query(folder: Path, sql: str, csv_file: str | None, json_file: str | None) -> None:
    from winset.cli_tools import emit
    from winset.core.files import write_text
    from winset.sweep.query import answer_csv, answer_document, answer_text, query

    answer = query(folder, sql)
    if csv_file == "-":
        click.echo(answer_csv(answer), nl=False)
    elif csv_file is not None:
        write_text(Path(csv_file), answer_csv(answer))
    else:
        emit(answer_document(answer, folder), json_file, lambda: answer_text(answer))


def _share_compiled() -> None:
    """Tell the local workers where compiled solvers are kept: `start_model` speaks to this process only."""
    import os

    import platformdirs

    folder = platformdirs.user_cache_path("winset") / "jax"
    if folder.is_dir():
        os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(folder))
        os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
        os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "0")


def _text(done: Any) -> str:
    from winset.sweep.plan import plan_text

    lines = [
        f"Wrote {done.folder}: {done.rows:,} rows in {done.chunks:,} chunks, run {done.run}",
        plan_text(done.plan),
    ]
    if done.computed < done.chunks:
        lines.append(f"{done.chunks - done.computed:,} chunks were there already")
    lines += [f"Computed again: {one}" for one in done.mended]
    if done.cpu_seconds and done.computed == done.chunks and done.solves:
        lines.append(f"{done.solves:,} equilibria, {1e3 * done.cpu_seconds / done.solves:.2f} ms of CPU time each")
    lines.append('Query it with --sql "select package, party, median(net) from rows group by all"')
    return "\n".join(lines)
