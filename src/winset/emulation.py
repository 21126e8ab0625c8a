"""The levers of a case under an emulator: fitted to the model, kept in a file, handed to searches.

    bargain.yaml -> LeverPayoffs (the model) -> emulator.build -> Emulation -> problem() for the bargaining room

A brief is written from the model alone and never comes here. What an emulator says is printed with its error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.problem import Instruments, Problem
from winset.core.errors import RequestError
from winset.core.names import known
from winset.core.provenance import version
from winset.emulator.build import build
from winset.emulator.design import spread
from winset.emulator.files import load_emulator, save_emulator
from winset.emulator.surrogate import Emulator
from winset.package.bargain_sheet import LeverSheet, load_bargain
from winset.valuation.levers import IndustryRow, LeverPayoffs

if TYPE_CHECKING:
    from winset.workflow import OpenCase

__all__ = ["BUDGET", "Emulation", "Found", "emulate", "emulation_document", "emulation_text", "load_emulation"]

Floats = NDArray[np.float64]
BILLION = 1e3
BUDGET = 400
"""Runs of the model unless asked otherwise."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """The best package of a search on the emulator."""

    x: Floats
    """(levers,) in their units."""
    values: Floats
    """(rows,) what the model says it is worth."""
    emulated: Floats
    """(rows,) what the emulator said."""
    error: Floats
    """(rows,) the error stated with that."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Emulation:
    """An emulator of a case's levers, and the model that it stands in for."""

    emulator: Emulator
    levers: tuple[LeverSheet, ...]
    parties: tuple[str, ...]
    manifest: dict[str, Any]
    base: str
    against: str
    model: Callable[[Floats], tuple[Floats, Floats]]
    """The full model: one package to values (rows,), slopes (rows, levers); billions, percent for industries."""

    def problem(self, *, emulated: bool = True) -> Problem:
        """The bargain over the levers, on the emulator, or on the model itself with `emulated=False`.

        For searches over large spaces: find with the one, confirm with the other.
        """
        rows = self.emulator.rows
        return Problem(
            instruments=Instruments(
                names=self.emulator.names, low=self.emulator.low, high=self.emulator.high,
                units=tuple(lever.unit for lever in self.levers),
            ),
            parties=self.parties, payoffs=self.emulator if emulated else self.model,
            disagreement=np.zeros(len(self.parties)), groups=rows[len(self.parties) :],
        )  # fmt: skip

    def payoffs(self, packages: Sequence[Sequence[float]] | Floats) -> dict[str, Any]:
        """Payoffs of many packages at once, ready for a page: values by row, each with its error in words.

        packages: (k, levers) lever values in their units. Raises RequestError outside the bounds.
        """
        found = self.emulator.predict(packages)
        return {
            "levers": list(self.emulator.names),
            "rows": {
                one.row: {
                    "values": found.values[:, k].tolist(), "unit": one.unit, "error": one.largest,
                    "told": self.emulator.error_text(k),
                }
                for k, one in enumerate(self.emulator.errors)
            },
            "emulated": True,
        }  # fmt: skip

    def search(
        self, score: Callable[[Floats], Floats], *, packages: int = 65_536, confirmed: int = 16, seed: int = 1
    ) -> Found:
        """The package of the highest score among very many, confirmed by the model.

        score: values (k, rows) -> (k,), higher is better, nan where a package will not do; it is given emulated
        payoffs first, then the model's. packages: places of a Sobol sequence over the box, bounds included.
        confirmed: the best of them that the model is asked about. Raises RequestError where none will do.
        """
        one = self.emulator
        u = spread(len(one.names), 0, packages, seed)
        x = np.where(u >= 1, one.high, one.low + u * (one.high - one.low))
        told = one.predict(x)
        points = np.asarray(score(told.values), dtype=np.float64)
        order = np.argsort(np.where(np.isfinite(points), -points, np.inf), kind="stable")[:confirmed]
        order = order[np.isfinite(points[order])]
        if not len(order):
            raise RequestError("no package of the search will do", remedy="Ask for less, or take more packages")
        truth = np.array([self.model(place)[0] for place in x[order]])
        again = np.asarray(score(truth), dtype=np.float64)
        if not np.isfinite(again).any():
            raise RequestError("the emulator found packages, and none of them will do by the model")
        k = int(np.nanargmax(again))
        return Found(x=x[order[k]], values=truth[k], emulated=told.values[order[k]], error=told.error)

    def save(self, path: Path) -> None:
        """Keep the emulator in a file, under the id of the manifest."""
        save_emulator(self.emulator, path)


def emulate(
    opened: OpenCase, parties: Sequence[str] | None = None, *, budget: int = BUDGET, target: float = 0.05,
    design: int = 1, progress: Callable[[int, int], None] | None = None, **choice: Any,
) -> Emulation:  # fmt: skip
    """Fit an emulator to the levers of `bargain.yaml`.

    parties: as in `negotiate`. budget: most runs of the model; target: largest error asked for, as a fraction of
    each payoff's range over the levers' bounds. design: seed of the places where the model is run. choice:
    elasticities and closure, as `OpenCase.value`. Raises RequestError for a case without levers.
    """
    made = _frame(opened, parties, choice)
    payoffs, levers, names, manifest = made
    emulator = build(
        _in_billions(payoffs), names=[lever.id for lever in levers], low=[lever.low for lever in levers],
        high=[lever.high for lever in levers], rows=[*names, *(row.name for row in payoffs.industries)],
        units=_units(payoffs), budget=budget, target=target, seed=design, key=str(manifest["id"]),
        progress=progress,
    )  # fmt: skip
    return _emulation(emulator, made)


def load_emulation(opened: OpenCase, path: Path, parties: Sequence[str] | None = None, **choice: Any) -> Emulation:
    """The emulator of a file, for this case: refused where case, baseline, settings or versions have changed."""
    # Whether it fits is known from the manifest, before anything is solved.
    emulator = load_emulator(path, key=str(opened.manifest(**_settings(choice))["id"]))
    made = _frame(opened, parties, choice)
    rows = (*made[2], *(row.name for row in made[0].industries))
    if emulator.names != tuple(lever.id for lever in made[1]) or emulator.rows != rows:
        raise RequestError(
            "the emulator is of other levers or parties", file=path, remedy="Name the same parties, or fit again"
        )
    return _emulation(emulator, made)


_Frame = tuple[LeverPayoffs, list[LeverSheet], list[str], dict[str, Any]]


def _frame(opened: OpenCase, parties: Sequence[str] | None, choice: dict[str, Any]) -> _Frame:
    case = opened.case
    names = list(case.parties) if parties is None else list(dict.fromkeys(parties))
    for name in names:
        known(name, case.reported, "party")
    sheet = load_bargain(case)
    if sheet is None:
        raise RequestError(
            "an emulator needs levers, and the case has no bargain.yaml", file=case.folder,
            remedy="Write one (see docs/how-to/bargain.md)",
        )  # fmt: skip
    levers = [lever for lever in sheet.levers if set(lever.parties or case.parties) <= set(names)]
    if not levers:
        raise RequestError(
            f"no lever of bargain.yaml belongs to talks of {', '.join(names)}", remedy="Name other parties"
        )
    rows = tuple(dict.fromkeys(
        IndustryRow(party=one.party, sector=one.industry)
        for one in sheet.ratifiers if one.industry is not None and one.party in names
    ))  # fmt: skip
    settings = _settings(choice)
    payoffs = LeverPayoffs(opened.valuer(**settings), sheet.base, sheet.disagreement, levers, rows, names)
    return payoffs, levers, names, opened.manifest(**settings)


def _settings(choice: dict[str, Any]) -> dict[str, Any]:
    """No draw enters a payoff at central values, so an emulator holds whatever their number."""
    return choice | {"draws": 0, "seed": 0}


def _emulation(emulator: Emulator, made: _Frame) -> Emulation:
    payoffs, levers, names, manifest = made
    return Emulation(
        emulator=emulator, levers=tuple(levers), parties=tuple(names), manifest=manifest, base=payoffs.base.name,
        against=payoffs.against.name, model=_in_billions(payoffs),
    )  # fmt: skip


def _in_billions(payoffs: LeverPayoffs) -> Callable[[Floats], tuple[Floats, Floats]]:
    scale = np.array([BILLION] * len(payoffs.parties) + [1.0] * len(payoffs.industries))

    def told(x: Floats) -> tuple[Floats, Floats]:
        values, jacobian = payoffs(x)
        return values / scale, jacobian / scale[:, None]

    return told


def _units(payoffs: LeverPayoffs) -> list[str]:
    money = f"billion {payoffs.valuer.unit.removeprefix('million ')}"
    return [money] * len(payoffs.parties) + ["percent"] * len(payoffs.industries)


def emulation_document(found: Emulation) -> dict[str, Any]:
    """The result of `winset emulate`, schema winset/emulate/1."""
    one = found.emulator
    return {
        "schema": "winset/emulate/1", "winset": version(), "manifest": found.manifest,
        "base": found.base, "disagreement": found.against, "parties": list(found.parties),
        "levers": [
            {"id": lever.id, "label": lever.label, "unit": lever.unit, "low": lever.low, "high": lever.high}
            for lever in found.levers
        ],
        "runs": one.runs, "checks": one.checks, "failed": one.failed, "terms": len(one.exponents),
        "design": one.seed, "target": one.target, "reached": one.reached,
        "rows": [
            {
                "row": row.row, "unit": row.unit, "range": row.range, "largest": row.largest, "usual": row.usual,
                "largest_share": row.relative[0], "usual_share": row.relative[1],
                "left_out": list(row.left_out), "separate": list(row.separate),
                "told": one.error_text(k),
            }
            for k, row in enumerate(one.errors)
        ],
    }  # fmt: skip


def emulation_text(found: Emulation) -> str:
    """The error table, and whether what was asked was reached."""
    one = found.emulator
    lines = [
        f"Emulator of {found.base} against {found.against}: {len(one.names)} levers, {len(one.exponents)} terms, "
        f"fitted to {one.runs} runs of the model, compared with {one.checks} more",
        f"Run {one.key}",
        "",
        f"{'':14}{'range':>10}{'largest error':>15}{'':>8}{'95 of 100 below':>17}",
    ]
    for row in one.errors:
        far, usual = row.relative
        lines.append(
            f"{row.row:14}{row.range:>10.4g}{row.largest:>15.3g}{far:>8.1%}{row.usual:>10.3g}{usual:>7.1%}"
            f"  {row.unit}"
        )
    lines += [
        "",
        "Errors are those at runs that the fit had not seen; elsewhere one may be larger.",
        f"Every number of it is to be shown as, for example: {one.errors[0].row} 12.3 ({one.error_text(0)})",
    ]
    if one.failed:
        lines.append(f"{one.failed} places have no equilibrium and were left out")
    if one.reached:
        lines.append(f"The error asked for, {one.target:.1%} of the range, is reached")
    else:
        lines.append(
            f"The error asked for, {one.target:.1%} of the range, is NOT reached within the budget: "
            "raise --budget, or narrow the levers"
        )
    return "\n".join(lines)
