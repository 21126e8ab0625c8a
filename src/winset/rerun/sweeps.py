"""A sweep made again: chunks held against their hashes, and those that differ number by number."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import inside
from winset.rerun.compare import FLOOR, MOST, Comparison, Moved
from winset.rerun.request import Request

if TYPE_CHECKING:
    from winset.workflow import OpenCase

__all__ = ["repeat_sweep"]

NEAR = 0.5e-8
"""Nine significant digits, as `compare`."""
MOST_CHUNKS = 200_000


def repeat_sweep(
    request: Request, opened: OpenCase, *, workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Comparison, Mapping[str, Any]]:  # fmt: skip
    """Run the plan of a sweep's manifest again, in a folder that is thrown away, and compare the tables.

    Raises UnreadableFileError where the sweep beside the manifest is unfinished or damaged, RequestError for a
    plan that is none.
    """
    from winset.sweep.run import SPREAD, plan_of, sweep, sweep_manifest
    from winset.sweep.store import read_store

    asked = request.arguments
    settings: dict[str, Any] = {
        "draws": asked.draws, "packages": asked.packages, "grid": [_axis(request, one) for one in asked.axes],
        "against": asked.against, "seed": asked.seed, "mode": asked.mode, "spread": asked.spread or SPREAD,
        "block": asked.block,
    }  # fmt: skip
    plan = plan_of(opened, **settings)
    if plan.draws / plan.block * max(1, len(plan.packages) + plan.points) > MOST_CHUNKS:
        raise RequestError("the plan is cut into too many pieces", file=request.file)
    folder = request.file.parent
    store = read_store(folder)
    wanted = [chunk.id for chunk in plan.chunks()]
    missing = [name for name in wanted if name not in store.done]
    if missing:
        raise UnreadableFileError(
            f"{len(missing):,} of {len(wanted):,} chunks of the sweep are not there: {missing[0]} ...",
            file=folder, remedy="Finish the sweep first",
        )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="winset-") as aside:
        sweep(
            opened, Path(aside), closure=asked.closure, workers=workers, progress=progress, **settings
        )  # fmt: skip
        fresh = read_store(Path(aside))
        counts = _Counts()
        for name in wanted:
            if store.done[name]["sha256"] == fresh.done[name]["sha256"]:
                counts.compared += int(store.done[name]["rows"])
            else:
                _chunk(counts, name, inside(folder, name), inside(Path(aside), name))
    return counts.told(), sweep_manifest(opened, plan, closure=asked.closure)


class _Counts:
    def __init__(self) -> None:
        self.compared = self.unequal = self.differ = 0
        self.largest = 0.0
        self.moved: list[Moved] = []

    def told(self) -> Comparison:
        return Comparison(
            compared=self.compared, unequal=self.unequal, largest=self.largest, differ=self.differ,
            moved=tuple(self.moved),
        )  # fmt: skip

    def add(self, place: str, old: Any, new: Any) -> None:
        self.differ += 1
        if len(self.moved) < MOST:
            self.moved.append(Moved(id=place, old=old, new=new))


def _axis(request: Request, one: Mapping[str, Any]) -> str:
    lever, low, high, count = (one.get(key) for key in ("lever", "low", "high", "count"))
    fine = isinstance(lever, str) and isinstance(count, int)
    if not fine or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (low, high)):
        raise RequestError("an axis of the sweep's grid is damaged", file=request.file)
    return f"{lever}={low!r}:{high!r}:{count}"


def _chunk(counts: _Counts, name: str, old: Path, new: Path) -> None:
    """Columns of one chunk, whose rows stand in one order always."""
    before, after = _columns(old), _columns(new)
    for column in dict.fromkeys([*before, *after]):
        a, b = before.get(column), after.get(column)
        place = f"{name}/{column}"
        if a is None or b is None or len(a) != len(b):
            counts.add(place, None if a is None else f"{len(a)} rows", None if b is None else f"{len(b)} rows")
            continue
        counts.compared += len(a)
        if a.dtype.kind == "f" and b.dtype.kind == "f":
            far = np.abs(a - b)
            scale = np.maximum(np.abs(a), np.abs(b))
            equal = (a == b) | (np.isnan(a) & np.isnan(b))
            near = ~equal & ((far <= NEAR * scale) | (far <= FLOOR))
            counts.unequal += int(near.sum())
            share = np.where(near & (far > FLOOR), far / np.where(scale > 0, scale, 1.0), 0.0)
            counts.largest = max(counts.largest, float(share.max(initial=0.0)))
            off = np.nonzero(~equal & ~near)[0]
        else:
            off = np.nonzero(np.asarray(a != b))[0]
        for k in off[:MOST]:
            counts.add(f"{place}/{int(k)}", _plain(a[k]), _plain(b[k]))
        counts.differ += max(0, len(off) - MOST)


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, bool | int | str) or value is None else str(value)


def _columns(path: Path) -> dict[str, Any]:
    import duckdb

    quoted = "'" + str(path).replace("'", "''") + "'"
    try:
        with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False}) as connection:
            query = f"SELECT * FROM read_parquet({quoted}, hive_partitioning = false)"  # noqa: S608
            found = connection.execute(query).fetchnumpy()
    except duckdb.Error as error:
        raise UnreadableFileError("a chunk cannot be read as Parquet", file=path) from error
    return {name: _whole(column) for name, column in found.items()}


def _whole(column: Any) -> Any:
    """A column without its mask: a missing number is nan."""
    if isinstance(column, np.ma.MaskedArray) and column.dtype.kind == "f":
        return column.filled(np.nan)
    return np.asarray(column)
