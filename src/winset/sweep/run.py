"""A sweep from start to end: check, plan, find what is done, compute the rest, say what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.core.errors import RequestError
from winset.core.provenance import digest
from winset.sweep.bundle import bundle_of, libraries
from winset.sweep.engine import run_chunks
from winset.sweep.parquet import encoded
from winset.sweep.plan import BLOCK, MAX_CELLS, MAX_DRAWS, Axis, Mode, Plan, axes_of
from winset.sweep.store import GRID, Store, open_store
from winset.sweep.work import Made

if TYPE_CHECKING:
    from winset.workflow import OpenCase

__all__ = ["Sweep", "plan_of", "sweep", "sweep_manifest"]

SPREAD = 0.2
"""Log standard deviation where neither set nor user gives one."""


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a run of a sweep did."""

    folder: Path
    run: str
    plan: Plan
    chunks: int
    """Chunks of the plan, all of them on disk."""
    computed: int
    """Of these, by this run."""
    rows: int
    unconverged: int
    """(package or point) x draw cells without an equilibrium; their rows say so and hold no number."""
    worst_residual: float
    """Largest residual of any equilibrium behind a number."""
    solves: int
    """Equilibria computed, in this run and before."""
    cpu_seconds: float
    """Of the workers, in this run."""
    mended: tuple[str, ...]
    """What was found damaged and computed again."""


def plan_of(
    opened: OpenCase,
    *,
    draws: int,
    packages: Sequence[str] = (),
    grid: Sequence[str] = (),
    against: str | None = None,
    seed: int | None = None,
    mode: Mode = "sets",
    spread: float = SPREAD,
    block: int | None = None,
) -> Plan:
    """The checked plan of a sweep; arguments as in `sweep`. block: draws of a chunk, for tests."""
    from winset.package.bargain_sheet import load_bargain

    case = opened.case
    if not 1 <= draws <= MAX_DRAWS:
        raise RequestError(f"{draws} draws: give 1 to {MAX_DRAWS:,}")
    if not 0 < spread <= 2:
        raise RequestError(f"a spread of {spread:g} is not between 0 and 2", remedy="0.2 is 20 percent")
    other = case.package(against or case.sheet.headline.against).name
    names = list(dict.fromkeys(case.package(name).name for name in packages))
    axes: tuple[Axis, ...] = ()
    base = ""
    if grid:
        sheet = load_bargain(case)
        if sheet is None:
            raise RequestError(
                "a grid needs levers, and the case has no bargain.yaml", file=case.folder,
                remedy="Write one (see docs/how-to/bargain.md), or leave --grid out",
            )  # fmt: skip
        axes, base = axes_of(grid, sheet.levers), sheet.base
    if not names and not grid:
        names = [name for name in case.packages if name != other]
    model = case.sheet.model
    plan = Plan(
        packages=tuple(names), against=other, draws=draws, seed=model.seed if seed is None else seed, mode=mode,
        spread=spread if mode == "spread" else 0.0, base=base, axes=axes, block=block or BLOCK[mode],
    )  # fmt: skip
    if (len(names) + plan.points) * draws > MAX_CELLS:
        raise RequestError(
            f"{(len(names) + plan.points) * draws:,} cells; at most {MAX_CELLS:,} in one sweep",
            remedy="Take fewer draws or grid points, or several sweeps with seeds of their own",
        )
    return plan


def sweep_manifest(opened: OpenCase, plan: Plan, *, closure: str | None = None) -> dict[str, Any]:
    """Inputs with their hashes, settings, versions and the plan; its id names the run."""
    body = opened.manifest(closure=closure, draws=plan.draws, seed=plan.seed)
    body.pop("id")
    body["libraries"] = {**body["libraries"], **{k: v for k, v in libraries().items() if k != "winset"}}
    body["settings"] = {**body["settings"], "sweep": plan.to_dict()}
    body["id"] = "run-" + digest(json.dumps(body, sort_keys=True).encode())[:12]
    return body


def sweep(
    opened: OpenCase,
    folder: Path,
    *,
    draws: int,
    packages: Sequence[str] = (),
    grid: Sequence[str] = (),
    against: str | None = None,
    seed: int | None = None,
    mode: Mode = "sets",
    spread: float = SPREAD,
    closure: str | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    fresh: bool = False,
    block: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Value packages and grid points at many draws and write the tables to a folder.

    draws: how many; draw k is the same whatever their number. packages: default all but `against`, or none where
    there is a grid. grid: LEVER=a:b:n each, their product. against: default the case's. mode: `sets`, one set of
    elasticities per draw, or `spread`, own elasticities per draw, lognormal around the set with its standard
    errors or else `spread`. scheduler: address of a Dask scheduler; without, `workers` processes (default: the
    cores). A folder that holds part of the same sweep is gone on with; another sweep in it is refused unless
    `fresh`.
    Equilibria that fail leave rows with `converged` false and no number, and are counted.
    """
    plan = plan_of(
        opened, draws=draws, packages=packages, grid=grid, against=against, seed=seed, mode=mode, spread=spread,
        block=block,
    )  # fmt: skip
    # Calibrates and checks citations here, where faults can name their file.
    opened.valuer(closure=closure, draws=0, seed=plan.seed)
    manifest = sweep_manifest(opened, plan, closure=closure)
    store = open_store(folder, manifest, fresh=fresh)
    run = str(manifest["id"])
    _write_grid(store, plan, run)
    chunks = list(plan.chunks())
    left = [chunk for chunk in chunks if chunk.id not in store.done]
    seconds = 0.0

    def keep(made: Made) -> None:
        nonlocal seconds
        store.keep(made)
        seconds += made.seconds
        if progress:
            progress(len(store.done), len(chunks))

    run_chunks(
        left, total=len(left), bundle=bundle_of(opened, {"closure": closure, "seed": plan.seed}), plan=plan,
        run=run, keep=keep, scheduler=scheduler, workers=workers,
    )  # fmt: skip
    store.finish()
    return Sweep(
        folder=folder, run=run, plan=plan, chunks=len(chunks), computed=len(left), rows=store.total("rows"),
        unconverged=store.total("unconverged"), solves=store.total("solves"), cpu_seconds=seconds,
        worst_residual=max((one["worst_residual"] for one in store.done.values()), default=0.0),
        mended=tuple(store.mended),
    )  # fmt: skip


def _write_grid(store: Store, plan: Plan, run: str) -> None:
    """`grid.parquet`: the levers of every point. Written anew each time: it is quick, and always the same."""
    from winset.core.files import write_bytes

    if not plan.axes:
        return
    points = list(plan.grid())
    columns: dict[str, Any] = {"point": np.arange(len(points), dtype=np.int32)}
    for axis in plan.axes:
        columns["lever_" + axis.lever.replace("-", "_")] = np.array([one[axis.lever] for one in points])
    write_bytes(store.folder / GRID, encoded(columns, {"run": run, "package": plan.base}))
