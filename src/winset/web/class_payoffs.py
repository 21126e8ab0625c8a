"""Accounts of any package for class mode: the model for tariffs, arithmetic for everything else.

One solve a package and no gradient, so that a class can move its sliders at once; equal packages are looked up.
Billions of base-year dollars, present value, over no deal; central values, central elasticities.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.classroom.setup import Condition, Lever, Setup, Team
from winset.classroom.worth import Account, Line, Map, Met, Spot
from winset.core.errors import RequestError, WinsetError
from winset.core.files import read_text, write_text
from winset.core.names import known
from winset.core.provenance import version
from winset.package.bargain_sheet import BargainSheet, LeverSheet, RatifierSheet, SetCommitment, load_bargain

if TYPE_CHECKING:
    from winset.package.case import Case
    from winset.web.class_lines import LeverLines
    from winset.workflow import OpenCase

__all__ = ["CasePayoffs", "class_map", "class_setup"]

BILLION = 1e3
SLACK = 1e-6
"""Relative; a condition met this closely is met, as in `winset bargain`."""
POINTS = {2: 50, 3: 24}
"""Of the frontier: a curve for two teams, a set for three, which takes longer a point."""
SOLUTIONS = {
    "nash": "Nash", "kalai_smorodinsky": "Kalai-Smorodinsky", "egalitarian": "Equal gains",
    "utilitarian": "Largest sum",
}  # fmt: skip


def class_setup(opened: OpenCase, teams: Sequence[str] = ()) -> Setup:
    """What a class plays: two or three parties of the case and the levers between them.

    teams: codes in the order of their moves; default: the bargaining parties. Raises RequestError where the case
    has no levers, or none for these teams; UnknownNameError for a party.
    """
    case = opened.case
    sheet = load_bargain(case)
    if sheet is None:
        raise RequestError(
            f"the case {case.sheet.name} opens no levers, so there is nothing to negotiate in class",
            remedy="Write its bargain.yaml; docs/how-to/bargain.md tells how",
        )
    codes = [known(code, case.reported, "party") for code in teams or case.parties]
    if not 2 <= len(codes) <= 3 or len(set(codes)) != len(codes):
        raise RequestError(f"a class has two or three different teams, not {', '.join(codes) or 'none'}",
                           remedy="Name them with --teams A,B")  # fmt: skip
    levers = _levers(case, sheet, codes)
    if not levers:
        raise RequestError(f"no lever of bargain.yaml belongs to talks of {', '.join(codes)}",
                           remedy="Name other teams")  # fmt: skip
    names = {party.code: party.name for party in case.sheet.parties}
    open_ = {lever.id for lever in levers}
    model = case.sheet.model
    return Setup(
        case=case.sheet.name,
        title=case.sheet.title,
        teams=tuple(
            Team(code=code, name=names.get(code, code), conditions=tuple(
                Condition(id=one.id, label=one.label, why=one.why)
                for one in sheet.ratifiers if one.party == code and set(one.levers) <= open_
            ))
            for code in codes
        ),
        levers=tuple(
            Lever(id=v.id, label=v.label, unit=v.unit, low=v.low, high=v.high, value=v.value) for v in levers
        ),
        no_deal=case.package(sheet.disagreement).title,
        unit=f"billion US dollars, present value over no deal; {case.sheet.horizon.years} years; "
        f"baseline {model.baseline}, closure {model.closure}, elasticities {model.elasticities}, central values",
    )  # fmt: skip


def _levers(case: Case, sheet: BargainSheet, teams: Sequence[str]) -> list[LeverSheet]:
    return [lever for lever in sheet.levers if set(lever.parties or case.parties) <= set(teams)]


class CasePayoffs:
    """Accounts by the model. Loads it when first called; one thread at a time (it locks)."""

    def __init__(
        self, opened: OpenCase, teams: Sequence[str], *, prepare: Callable[[], None] | None = None
    ) -> None:
        """prepare: called once, before the model is imported."""
        self._prepare = prepare
        sheet = load_bargain(opened.case)
        assert sheet is not None  # noqa: S101 - `class_setup` has looked
        self.opened, self.teams, self.sheet = opened, tuple(teams), sheet
        self.levers = _levers(opened.case, sheet, teams)
        there = {lever.id for lever in self.levers}
        self.ratifiers = [r for r in sheet.ratifiers if r.party in self.teams and set(r.levers) <= there]
        # The case's own labels tell the base package's numbers, which levers change.
        self._labels = {
            target.commitment: lever.label
            for lever in reversed(self.levers) for target in lever.sets if isinstance(target, SetCommitment)
        }  # fmt: skip
        self._lock = threading.Lock()
        self._payoffs: LeverLines | None = None

    def __call__(self, levers: Mapping[str, float]) -> dict[str, Account]:
        """Accounts by team of a package with every lever given."""
        with self._lock:
            payoffs = self._payoffs = self._payoffs or self._loaded()
            x = np.array([levers[one.id] for one in self.levers])
            lines, rows = _accounts(payoffs, x, self._labels)
        found = {}
        for code, own in lines.items():
            net = sum(line.value for line in own)
            met = tuple(self._met(one, levers, net, rows) for one in self.ratifiers if one.party == code)
            found[code] = Account(net=net, lines=tuple(own), met=met)
        return found

    def _loaded(self) -> LeverLines:
        if self._prepare is not None:
            self._prepare()
        from winset.valuation.levers import IndustryRow
        from winset.web.class_lines import LeverLines

        rows = dict.fromkeys(
            IndustryRow(party=one.party, sector=one.industry)
            for one in self.ratifiers if one.industry is not None
        )  # fmt: skip
        sheet = self.sheet
        valuer = self.opened.valuer(draws=0)
        return LeverLines(valuer, sheet.base, sheet.disagreement, self.levers, tuple(rows), self.teams)

    def _met(self, one: RatifierSheet, levers: Mapping[str, float], net: float, rows: Mapping[str, float]) -> Met:
        if one.payoff:
            value, unit = net, "billion dollars"
        elif one.industry is not None:
            value, unit = rows[f"{one.party}:{one.industry}"], "percent"
        else:
            value = sum(weight * levers[name] for name, weight in one.levers.items())
            units = {v.unit for v in self.levers if v.id in one.levers}
            unit = units.pop() if len(units) == 1 else ""
        bound = one.at_least if one.at_least is not None else one.at_most
        assert bound is not None  # noqa: S101 - the sheet has one of the two
        room = value - bound if one.at_least is not None else bound - value
        return Met(id=one.id, met=room >= -SLACK * max(1.0, abs(bound)), value=value, bound=bound,
                   at_least=one.at_least is not None, unit=unit)  # fmt: skip


def _accounts(
    payoffs: LeverLines, x: Any, labels: Mapping[str, str]
) -> tuple[dict[str, list[Line]], dict[str, float]]:
    """Lines by party, billions, that sum to the payoff; and the industries' rows, percent."""
    values, parts = payoffs.lines(x)
    count = len(payoffs.parties)
    found = {}
    for k, code in enumerate(payoffs.parties):
        money = [
            Line(id=id, label=labels.get(id, label), value=float(by[k]) / BILLION)
            for id, label, by in parts if by[k] != 0
        ]  # fmt: skip
        rest = float(values[k]) / BILLION - sum(line.value for line in money)
        tariffs = Line(id="tariffs", label="Tariffs: real income, revenue included", value=rest)
        found[code] = [tariffs, *money]
    rows = {row.name: float(value) for row, value in zip(payoffs.industries, values[count:], strict=True)}
    return found, rows


def class_map(opened: OpenCase, teams: Sequence[str], cache: Path | None = None) -> Map:
    """Frontier, win-sets and solutions for the debrief; takes seconds to minutes.

    cache: folder in which it is kept under the id of the run's manifest.
    """
    run = str(opened.manifest(draws=0)["id"])
    kept = None if cache is None else cache / f"class-{run}-{'-'.join(teams)}.json"
    if kept is not None and (found := _kept(kept)) is not None:
        return found
    from winset.negotiation import negotiate

    result = negotiate(opened, list(teams), draws=0, points=POINTS[len(teams)])
    curve = result.frontier.points if result.frontier else ()
    notes = [result.frontier.reason] if result.frontier and result.frontier.reason else []
    if result.solutions is not None and result.solutions.reason:
        notes.append(result.solutions.reason)
    found = Map(
        frontier=tuple(dict(zip(teams, map(float, p.payoffs), strict=True)) for p in curve),
        spots=tuple(
            Spot(id=p.id, label=SOLUTIONS.get(p.id, p.label), kind=p.kind, payoffs=dict(p.payoffs),
                 levers=dict(p.levers))
            for p in result.points if p.kind in ("package", "solution")
        ),
        sizes={code: one.size for code, one in result.winsets.items()},
        common=None if result.agreement is None else result.agreement.size,
        notes=tuple(notes),
    )  # fmt: skip
    if kept is not None:
        write_text(kept, json.dumps(_plain(found), allow_nan=False))
    return found


def _plain(found: Map) -> dict[str, Any]:
    return {
        "schema": "winset/class-map/1",
        "winset": version(),
        "frontier": [dict(p) for p in found.frontier],
        "spots": [{"id": s.id, "label": s.label, "kind": s.kind, "payoffs": dict(s.payoffs),
                   "levers": dict(s.levers)} for s in found.spots],
        "sizes": dict(found.sizes),
        "common": found.common,
        "notes": list(found.notes),
    }  # fmt: skip


def _kept(path: Path) -> Map | None:
    """A map kept on the disk; whatever is not one is passed over and made again."""
    if not path.is_file():
        return None
    try:
        data = json.loads(read_text(path))
        if data["schema"] != "winset/class-map/1" or data["winset"] != version():
            return None
        return Map(
            frontier=tuple(data["frontier"]), spots=tuple(Spot(**one) for one in data["spots"]),
            sizes=data["sizes"], common=data["common"], notes=tuple(data["notes"]),
        )  # fmt: skip
    except (WinsetError, ValueError, KeyError, TypeError, RecursionError):
        return None
