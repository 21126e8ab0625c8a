"""A case kept warm for the page: accounts of any value of the levers in a fraction of a second, one at a time.

The numbers are the rooms' own: lines as in `Valuer.lines_of`, industries as in `LeverPayoffs`, conditions as in
`bargain.yaml`. Nothing is fitted or rounded. All model work runs in threads behind one lock, and the whole bargain
in the background, kept on the disk under the id of its manifest.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.core.errors import RequestError, WinsetError
from winset.core.files import read_text, write_text
from winset.core.names import known
from winset.core.provenance import version
from winset.package.bargain_sheet import BargainSheet, LeverSheet, RatifierSheet, SetCommitment, load_bargain
from winset.web.views import Views, open_levers
from winset.workflow import OpenCase

if TYPE_CHECKING:
    from winset.package.packages import Package
    from winset.valuation.levers import LeverPayoffs
    from winset.valuation.lines import LineSource
    from winset.valuation.value import Valuer

__all__ = ["Live", "NotReadyError", "Wish"]

TRIED = "(builder)"
"""Name of the package that the levers make; no file can hold it, so it meets no package of the case."""
RENEW = 150
"""Packages after which solved equilibria are let go: about half a megabyte each, so memory stays bounded."""
RENEW_BANDS = 15
"""The same where every elasticity set is solved."""
BILLION = 1e3
MARGIN = 1e-6
"""A condition met this closely (relative) binds; as in the bargain itself."""

_log = logging.getLogger("winset.web")


class NotReadyError(WinsetError):
    """The model is still being made ready."""


class _StoppedError(Exception):
    """The server is closing."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an account is asked of: a value for every lever, or a package as it stands."""

    levers: Mapping[str, float] = field(default_factory=dict)
    """Levers not named stand as in the base package."""
    package: str | None = None
    against: str | None = None
    """Default: the disagreement package, or the case's headline choice."""

    @classmethod
    def parse(cls, data: Any) -> Wish:
        """From JSON, strictly: {"levers": {id: number}} or {"package": name}, and perhaps "against"."""
        if not isinstance(data, dict):
            raise RequestError("the request must be an object")
        for key in data:
            known(str(key), ("levers", "package", "against"), "key of a request")
        levers, package, against = data.get("levers"), data.get("package"), data.get("against")
        if (levers is None) == (package is None):
            raise RequestError("give either 'levers' or 'package'")
        for name, text in (("package", package), ("against", against)):
            if text is not None and not isinstance(text, str):
                raise RequestError(f"{name!r} must be the name of a package")
        if levers is not None and not isinstance(levers, dict):
            raise RequestError("'levers' must be an object of numbers")
        found: dict[str, float] = {}
        for name, value in (levers or {}).items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise RequestError(f"lever {name!r} must be a number")
            try:
                found[name] = float(value)
            except OverflowError:
                found[name] = math.inf
            if not math.isfinite(found[name]):
                raise RequestError(f"lever {name!r} must be a finite number")
        return cls(levers=found, package=package, against=against)


class Live:
    """One case behind one server."""

    def __init__(self, opened: OpenCase, *, cache: Path | None = None) -> None:
        """cache: folder for computed bargains; None keeps none."""
        self.cache = cache
        self.lock = threading.Lock()
        """Held by whatever uses the model."""
        self.state, self.why = "waiting", ""
        """waiting, warming, ready or failed, and why it failed."""
        self.progress: tuple[int, int] = (0, 0)
        self.bargain: dict[str, Any] | None = None
        self.bargain_state, self.bargain_why = "waiting", ""
        self._stop = threading.Event()
        self._go = threading.Event()
        self._thread: threading.Thread | None = None
        self._take(opened)

    def _take(self, opened: OpenCase) -> None:
        self.opened = opened
        self.case = opened.case
        self.sheet: BargainSheet | None = load_bargain(opened.case)
        self.levers: list[LeverSheet] = open_levers(opened.case, self.sheet) if self.sheet else []
        self.views = Views(opened.case, self.sheet)
        self.manifest: dict[str, Any] = opened.manifest()
        self._central: Valuer | None = None
        self._all: Valuer | None = None
        self._payoffs: LeverPayoffs | None = None
        self._made = self._made_all = 0

    @property
    def run(self) -> str:
        """Id of the manifest."""
        return str(self.manifest["id"])

    # ------------------------------------------------------------------ start and end

    def start(self, *, after: float = 2.0, prepare: Callable[[], None] | None = None) -> None:
        """Warm the model, then bargain, in a thread: once `go` is called, or after so many seconds.

        The page must not wait behind the import of the model, so it is given the first moments. prepare: called
        before anything of the model is imported.
        """

        def work() -> None:
            self._go.wait(after)
            if not self._stop.is_set():
                self._work(prepare)

        self._thread = threading.Thread(target=work, name="winset-model", daemon=True)
        self._thread.start()

    def go(self) -> None:
        """The page has what it needs first."""
        self._go.set()

    def stop(self, *, seconds: float = 2.0) -> bool:
        """Ask the background work to end; False where it has not within so many seconds."""
        self._stop.set()
        self._go.set()
        if self._thread is not None:
            self._thread.join(seconds)
            return not self._thread.is_alive()
        return True

    def _work(self, prepare: Callable[[], None] | None) -> None:
        try:
            self.state = "warming"
            if prepare is not None:
                prepare()
            self.warm()
            self.state = "ready"
            self._bargain()
        except _StoppedError:
            return
        except WinsetError as error:
            self._failed(str(error))
        except Exception:
            _log.exception("the model could not be made ready")
            self._failed("an unexpected fault; see the terminal")

    def _failed(self, why: str) -> None:
        if self.state == "ready":
            self.bargain_state, self.bargain_why = "failed", why
        else:
            self.state, self.why = "failed", why

    def warm(self) -> None:
        """Import, compile and solve what the first account needs."""
        first = Wish(levers={}) if self.sheet else Wish(package=self.case.sheet.headline.package)
        with self.lock:
            self._account(first)
            self._bands(first)
        self.state = "ready"

    def renew(self) -> None:
        """Read the case again, after a file of it was added."""
        from winset.workflow import open_case

        with self.lock:
            self._take(open_case(self.case.folder))

    def fresh_views(self) -> Views:
        """Views that read record and documents again, for when a decision has changed them."""
        from winset.workflow import open_case

        return Views(open_case(self.case.folder).case, self.sheet)

    def status(self) -> dict[str, Any]:
        """How far things are."""
        done, total = self.progress
        return {
            "schema": "winset/status/1",
            "model": {"state": self.state, "why": self.why},
            "bargain": {"state": self.bargain_state, "why": self.bargain_why, "done": done, "total": total},
            "manifest": self.run,
        }

    def _ready(self) -> None:
        if self.state == "failed":
            raise RequestError(f"the model could not be made ready: {self.why}")
        if self.state != "ready":
            raise NotReadyError("the model is warming up", remedy="Ask again in a moment")

    # ------------------------------------------------------------------ accounts

    def account(self, wish: Wish) -> dict[str, Any]:
        """Both sides' accounts, line by line, central values; and who would accept. `winset/account/1`."""
        self._ready()
        began = time.perf_counter()
        with self.lock:
            found = self._account(wish)
        return {**found, "seconds": round(time.perf_counter() - began, 4)}

    def bands(self, wish: Wish) -> dict[str, Any]:
        """Low and high of every line: over all elasticity sets and the corners of the assumptions' ranges."""
        self._ready()
        began = time.perf_counter()
        with self.lock:
            found = self._bands(wish)
        return {**found, "seconds": round(time.perf_counter() - began, 4)}

    def point(self, wish: Wish) -> list[float]:
        """The value of every lever, within its bounds."""
        if self.sheet is None:
            raise RequestError("this case has no levers", remedy="Ask for a package by name")
        by_id = {lever.id: lever for lever in self.levers}
        for name, value in wish.levers.items():
            lever = by_id[known(name, by_id, "lever")]
            if not lever.low <= value <= lever.high:
                raise RequestError(
                    f"{name} at {value:g} lies outside its bounds, {lever.low:g} to {lever.high:g} {lever.unit}"
                )
        return [float(wish.levers.get(lever.id, lever.value)) for lever in self.levers]

    def package(self, wish: Wish) -> Package:
        """The package that is asked about."""
        if wish.package is not None:
            return self.case.package(wish.package)
        from winset.valuation.levers import with_levers

        x = self.point(wish)
        assert self.sheet is not None  # noqa: S101 - `point` has said so otherwise
        made = with_levers(self.case.package(self.sheet.base), self.levers, x)
        # A label that tells the amount of the base package would now tell a wrong one.
        changed = self._changed(x)
        terms = [term.model_copy(update=changed.get(term.id, {})) for term in made.commitments]
        return made.model_copy(update={"commitments": terms})

    def _changed(self, x: list[float]) -> dict[str, dict[str, str]]:
        """Commitments that are not the base package's any more: what they are called now, by id."""
        found: dict[str, dict[str, str]] = {}
        for lever, value in zip(self.levers, x, strict=True):
            for target in lever.sets:
                if not isinstance(target, SetCommitment) or value == lever.value:
                    continue
                told = found.setdefault(target.commitment, {"status": "proposed"})
                if target.key == "amount":
                    told["label"] = f"{lever.label}: {value:.4g} {lever.unit}"
        return found

    def _against(self, wish: Wish) -> str:
        default = self.sheet.disagreement if self.sheet else self.case.sheet.headline.against
        return self.case.package(wish.against or default).name

    def _account(self, wish: Wish) -> dict[str, Any]:
        against = self._against(wish)
        package = self.package(wish)
        self._made += 1
        if self._made > RENEW:
            self._central = self._payoffs = None
            self._made = 0
        if self._central is None:
            self._central = self._valuer([self.case.sheet.model.elasticities])
        valuer = self._central
        sources = self._sources(valuer, package, against)
        parties: dict[str, dict[str, Any]] = {}
        for code, lines in sources.items():
            told: list[dict[str, Any]] = [
                {
                    "id": one.id, "label": one.label, "value": float(one.evaluate(valuer.centre)[0]),
                    "unit": valuer.unit, "horizon": one.horizon, "basis": one.basis,
                    "rests_on": list(one.rests_on), "status": one.status,
                }
                for one in lines
            ]  # fmt: skip
            parties[code] = {"net": sum(line["value"] for line in told), "unit": valuer.unit, "lines": told}
        nets = {code: parties[code]["net"] / BILLION for code in self.case.parties}
        judged = self._judged(wish, nets)
        other = self.case.package(against)
        return {
            "schema": "winset/account/1",
            "winset": version(),
            "manifest": self.run,
            "package": wish.package,
            "levers": None if wish.package else {
                lever.id: x for lever, x in zip(self.levers, self.point(wish), strict=True)
            },
            "title": package.title if wish.package else "",
            "against": {"name": other.name, "title": other.title},
            "valued_on": package.date.isoformat(),
            "unit": valuer.unit,
            "baseline": valuer.raw.name,
            "closure": valuer.closure,
            "elasticities": valuer.central,
            "horizon_years": valuer.years,
            "values": "central: every assumption at its value, the central elasticity set",
            "parties": parties,
            "payoffs": nets,
            "payoffs_unit": valuer.unit.replace("million", "billion"),
            **judged,
        }  # fmt: skip

    def _bands(self, wish: Wish) -> dict[str, Any]:
        from winset.valuation.points import corners

        against = self._against(wish)
        package = self.package(wish)
        self._made_all += 1
        if self._made_all > RENEW_BANDS:
            self._all, self._made_all = None, 0
        if self._all is None:
            self._all = self._valuer(None)
        valuer = self._all
        parties: dict[str, Any] = {}
        for code, lines in self._sources(valuer, package, against).items():
            told = {}
            for one in lines:
                sets = tuple(range(len(valuer.sets))) if one.by_set else (0,)
                ends = one.evaluate(corners(self.case.assumptions, one.uses, sets, of=f"line {one.id!r}"))
                middle = float(one.evaluate(valuer.centre)[0])
                told[one.id] = {"low": min(middle, float(ends.min())), "high": max(middle, float(ends.max()))}
            parties[code] = {
                "net": {end: sum(line[end] for line in told.values()) for end in ("low", "high")},
                "lines": told,
            }
        return {
            "schema": "winset/account-bands/1",
            "winset": version(),
            "manifest": self.run,
            "bands": "lowest and highest over the elasticity sets and the stated ranges of assumptions",
            "elasticity_sets": list(valuer.sets),
            "parties": parties,
        }

    def _valuer(self, sets: list[str] | None) -> Valuer:
        from winset.package.case import check_citations
        from winset.valuation.value import Valuer

        check_citations(self.case)
        return Valuer(self.case, self.opened.world, run=self.run, sets=sets, draws=0)

    def _sources(self, valuer: Valuer, package: Package, against: str) -> dict[str, list[LineSource]]:
        if package.name in self.case.packages and package == self.case.packages[package.name]:
            return valuer.lines_of(package.name, against)
        tried = package.model_copy(update={"name": TRIED})
        return valuer.with_packages({TRIED: tried}).lines_of(TRIED, against)

    # ------------------------------------------------------------------ who accepts

    def _judged(self, wish: Wish, nets: Mapping[str, float]) -> dict[str, Any]:
        """Each condition of `bargain.yaml`: what it reads, whether it is met, and by how much."""
        if self.sheet is None:
            return {"ratifiers": [], "accepted_by": None, "why_no_ratifiers": "This case names no ratifiers."}
        levers = wish.levers
        if wish.package is not None and wish.package != self.sheet.base:
            return {
                "ratifiers": [], "accepted_by": None,
                "why_no_ratifiers": "Conditions are on the levers, and this package stands outside them.",
            }  # fmt: skip
        x = self.point(Wish(levers=levers))
        at = {lever.id: value for lever, value in zip(self.levers, x, strict=True)}
        judged = [
            self._condition(one, at, x, nets)
            for one in self.sheet.ratifiers
            if one.party in self.case.parties and set(one.levers) <= set(at)
        ]
        accepted = {
            code: all(one["state"] != "broken" for one in judged if one["party"] == code)
            for code in self.case.parties
        }
        return {"ratifiers": judged, "accepted_by": accepted, "why_no_ratifiers": ""}

    def _condition(
        self, one: RatifierSheet, at: Mapping[str, float], x: list[float], nets: Mapping[str, float]
    ) -> dict[str, Any]:
        if one.payoff:
            reads, unit = nets[one.party], "billion dollars"
        elif one.industry is not None:
            reads, unit = self._industry(one.party, one.industry, x), "percent of its value added"
        else:
            reads = sum(weight * at[name] for name, weight in one.levers.items())
            units = {lever.unit for lever in self.levers if lever.id in one.levers}
            unit = units.pop() if len(units) == 1 else ""
        bound = one.at_least if one.at_least is not None else one.at_most
        assert bound is not None  # noqa: S101 - the sheet has one of the two
        room = reads - bound if one.at_least is not None else bound - reads
        slack = MARGIN * max(1.0, abs(bound))
        return {
            "id": one.id, "party": one.party, "label": one.label, "why": one.why, "citation": list(one.citation),
            "reads": reads, "unit": unit, "at_least": one.at_least, "at_most": one.at_most, "room": room,
            "state": "broken" if room < -slack else "binding" if room <= slack else "met",
        }  # fmt: skip

    def _industry(self, party: str, sector: str, x: list[float]) -> float:
        import numpy as np

        from winset.valuation.levers import IndustryRow, LeverPayoffs

        assert self.sheet is not None  # noqa: S101 - only a sheet has conditions
        assert self._central is not None  # noqa: S101 - the account was made first
        if self._payoffs is None:
            rows = dict.fromkeys(
                IndustryRow(party=one.party, sector=one.industry)
                for one in self.sheet.ratifiers
                if one.industry is not None and one.party in self.case.parties
            )
            self._payoffs = LeverPayoffs(
                self._central, self.sheet.base, self.sheet.disagreement, self.levers, tuple(rows)
            )
        names = [(row.party, row.sector) for row in self._payoffs.industries]
        values, _ = self._payoffs(np.asarray(x))
        return float(values[len(self._payoffs.parties) + names.index((party, sector))])

    # ------------------------------------------------------------------ the bargain

    def _bargain(self) -> None:
        """Frontier, win-sets, solutions, offers: from the disk if they are there, computed otherwise."""
        kept = None if self.cache is None else self.cache / f"{self.run}.json"
        if kept is not None and (found := _kept(kept, self.run)) is not None:
            self.bargain, self.bargain_state = found, "ready"
            return
        from winset.negotiation import negotiate
        from winset.negotiation_text import bargain_document

        self.bargain_state = "computing"

        def told(done: int, total: int) -> None:
            if self._stop.is_set():
                raise _StoppedError
            self.progress = (done, total)

        opened, manifest = self.opened, self.manifest
        # Objects of its own: sliders stay free meanwhile, and the numbers cannot get into each other's way.
        document = bargain_document(negotiate(OpenCase(opened.case), progress=told), manifest)
        self.bargain, self.bargain_state = document, "ready"
        if kept is not None:
            try:
                write_text(kept, json.dumps(document, ensure_ascii=False, allow_nan=False))
            except (WinsetError, OSError) as error:
                _log.warning("the bargain was not kept: %s", error)

    def bargain_data(self) -> dict[str, Any]:
        """The bargain, or how far it is."""
        if self.bargain is None:
            raise NotReadyError(
                "the bargain is being computed" if self.bargain_state != "failed" else self.bargain_why,
                remedy="Ask /api/status how far it is",
            )
        return self.bargain


def _kept(path: Path, run: str) -> dict[str, Any] | None:
    """A bargain kept on the disk; whatever is not one is passed over and made again."""
    if not path.is_file():
        return None
    try:
        found = json.loads(read_text(path))
        whole = found["schema"] == "winset/bargain/1" and found["manifest"]["id"] == run
    except (WinsetError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if whole and found["winset"] == version() else None
