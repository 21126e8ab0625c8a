"""What a worker does: open the case once, then compute chunks, each the bytes of one Parquet file."""

from __future__ import annotations

import os
import sys
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from winset.sweep.parquet import Names, encoded
from winset.sweep.plan import Chunk, Plan

if TYPE_CHECKING:
    from winset.model.baseline import Baseline
    from winset.package.bargain_sheet import BargainSheet
    from winset.package.case import Case, Package
    from winset.sweep.bundle import Bundle
    from winset.sweep.payoffs import Payoffs, Rows
    from winset.valuation.points import Points
    from winset.valuation.value import Valuer

__all__ = ["Made", "Setup", "compute", "one_thread"]

Floats = NDArray[np.float64]
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
"""A worker has a core; threads of its own would fight over the others, and could change the order of sums."""
KEPT = 2
"""Cases that a worker keeps open."""
_setups: OrderedDict[str, Setup] = OrderedDict()


def one_thread() -> None:
    """Ask for one thread of libraries that have not been loaded yet."""
    if "jax" not in sys.modules:
        for name, value in ONE_THREAD.items():
            os.environ.setdefault(name, value)
        from winset.model.threads import start_on_one_thread

        start_on_one_thread()


@dataclass(frozen=True, kw_only=True)
class Made:
    """A computed chunk."""

    id: str
    content: bytes
    rows: int
    unconverged: int
    """(package or point) x draw cells without an equilibrium."""
    worst_residual: float
    solves: int
    seconds: float
    """CPU time of the computation; never written into a sweep."""


@dataclass(kw_only=True, eq=False)
class Setup:
    """A case opened on a worker."""

    valuer: Valuer
    payoffs: Payoffs
    sheet: BargainSheet | None

    @classmethod
    def of(cls, bundle: Bundle) -> Setup:
        """The setup of a bundle; the last few are kept."""
        if bundle.id in _setups:
            _setups.move_to_end(bundle.id)
            return _setups[bundle.id]
        one_thread()
        from winset.sweep.bundle import unpacked

        made = cls.opened(*unpacked(bundle), bundle.settings)
        _setups[bundle.id] = made
        while len(_setups) > KEPT:
            _setups.popitem(last=False)
        return made

    @classmethod
    def opened(cls, case: Case, world: Baseline, sheet: BargainSheet | None, settings: Mapping[str, Any]) -> Setup:
        """A setup of a case at hand."""
        from winset.sweep.payoffs import Payoffs
        from winset.valuation.value import Valuer

        valuer = Valuer(case, world, run="sweep", draws=0, **settings)
        return cls(valuer=valuer, payoffs=Payoffs(valuer=valuer), sheet=sheet)

    def points(self, plan: Plan, first: int, last: int) -> Points:
        """Draws first to last - 1."""
        from winset.sweep.keyed import drawn_points

        case, sets = self.valuer.case, self.valuer.sets
        return drawn_points(case.assumptions, sets, start=first, stop=last, seed=plan.seed)

    def thetas(self, plan: Plan, points: Points, first: int) -> Floats | None:
        """(m, s) own elasticities of the draws, or None where each has those of its set."""
        if plan.mode == "sets":
            return None
        from winset.sweep.keyed import drawn_elasticities

        world = self.valuer.raw
        sets = [world.elasticity_sets[name] for name in self.valuer.sets]
        middle = np.array([one.values for one in sets])
        spread = np.array([log_errors(one, plan.spread) for one in sets])
        draws = np.arange(first, first + len(points), dtype=np.int64)
        return drawn_elasticities(
            middle[points.sets], spread[points.sets], world.sectors, draws=draws, seed=plan.seed
        )

    def package(self, plan: Plan, point: int) -> Package:
        """The base of the grid with its levers at a point; levers that are no axis stand as in the base."""
        from winset.valuation.levers import with_levers

        assert self.sheet is not None, "a grid needs bargain.yaml"  # noqa: S101
        at = plan.levers_at(point)
        levers = [lever for lever in self.sheet.levers if lever.id in at]
        made = with_levers(self.valuer.case.package(plan.base), levers, [at[lever.id] for lever in levers])
        return made.model_copy(update={"name": f"{plan.base}@{point}"})


def log_errors(one: Any, spread: float) -> Floats:
    """(s,) standard deviation of log elasticities: from the set's standard errors, else the stated spread."""
    errors = getattr(one, "standard_errors", None)
    if errors is None:
        return np.full(len(one.values), spread)
    stated = np.asarray(errors, dtype=np.float64)
    return np.where(np.isfinite(stated), np.nan_to_num(stated) / one.values, spread)


def compute(bundle: Bundle, plan: Plan, chunk: Chunk, run: str) -> Made:
    """One chunk, the same bytes wherever and whenever it is computed."""
    setup = Setup.of(bundle)
    began = time.process_time()
    points = setup.points(plan, chunk.first, chunk.last)
    thetas = setup.thetas(plan, points, chunk.first)
    if chunk.kind == "draws":
        made = _draws(setup, chunk, points, thetas, run)
    else:
        made = _rows(setup, plan, chunk, points, thetas, run)
    content, rows, unconverged, worst, solves = made
    return Made(
        id=chunk.id, content=content, rows=rows, unconverged=unconverged, worst_residual=worst, solves=solves,
        seconds=time.process_time() - began,
    )  # fmt: skip


Content = tuple[bytes, int, int, float, int]


def _draws(setup: Setup, chunk: Chunk, points: Points, thetas: Floats | None, run: str) -> Content:
    valuer = setup.valuer
    columns: dict[str, Any] = {
        "draw": np.arange(chunk.first, chunk.last, dtype=np.int32),
        "elasticity_set": Names(valuer.sets, points.sets.astype(np.int32)),
    }
    units = {"draw": "number", "elasticity_set": "name"}
    for name, one in valuer.case.assumptions.items():
        key = "value_" + name.replace("-", "_")
        columns[key], units[key] = points.values[name], one.unit
    if thetas is not None:
        for s, code in enumerate(valuer.raw.sectors):
            columns[f"theta_{code}"], units[f"theta_{code}"] = thetas[:, s], "trade elasticity"
    return encoded(columns, {"run": run, "units": units}), len(points), 0, 0.0, 0


def _rows(setup: Setup, plan: Plan, chunk: Chunk, points: Points, thetas: Floats | None, run: str) -> Content:
    valuer = setup.valuer
    case = valuer.case
    several: list[Rows] = []
    numbers = [None] if chunk.points is None else list(range(*chunk.points))
    for number in numbers:
        package = case.package(chunk.package) if number is None else setup.package(plan, number)
        several.append(setup.payoffs.rows(package, plan.against, points, thetas))
    m, parties = len(points), case.reported
    whole = (len(several), len(parties), m)
    draw = np.arange(chunk.first, chunk.last, dtype=np.int32)
    columns: dict[str, Any] = {}
    units: dict[str, str] = {"draw": "number", "party": "region", "elasticity_set": "name", "converged": "flag"}
    if chunk.points is not None:
        at = np.array(numbers, dtype=np.int32)[:, None, None]
        columns["point"], units["point"] = np.broadcast_to(at, whole).reshape(-1), "number"
    columns["draw"] = np.broadcast_to(draw, whole).reshape(-1)
    codes = np.arange(len(parties), dtype=np.int32)[None, :, None]
    columns["party"] = Names(parties, np.broadcast_to(codes, whole).reshape(-1))
    columns["elasticity_set"] = Names(
        valuer.sets, np.broadcast_to(points.sets.astype(np.int32), whole).reshape(-1)
    )
    good = np.stack([one.converged for one in several])
    columns["converged"] = np.broadcast_to(good[:, None], whole).reshape(-1)
    names: dict[str, None] = dict.fromkeys(("net", "real_income_percent", "revenue"))
    for one in several:
        for found in one.columns.values():
            names |= dict.fromkeys(found)
    money = valuer.unit
    for name in names:
        # A line that this party or point does not have adds nothing; one without an equilibrium is missing.
        blank = [np.where(one.converged, 0.0, np.nan) for one in several]
        columns[name] = np.concatenate(
            [one.columns[code].get(name, blank[k]) for k, one in enumerate(several) for code in parties]
        )
        units[name] = money
    units["real_income_percent"] = "percent, average over the horizon"
    units["revenue"] = f"million US dollars of {valuer.raw.year} a year, average over the horizon, inside net"
    about = {"run": run, "package": chunk.package, "against": plan.against, "units": units}
    return (
        encoded(columns, about),
        len(several) * len(parties) * m,
        int((~good).sum()),
        max(one.worst_residual for one in several),
        sum(one.solves for one in several),
    )
