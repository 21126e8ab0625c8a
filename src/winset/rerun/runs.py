"""The commands that can be repeated, each from checked arguments to the document that it would write."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import inside, read_text
from winset.core.provenance import manifest, version
from winset.rerun.manifests import rate_manifest, replicate_manifest, timeline_manifest
from winset.rerun.request import Request

if TYPE_CHECKING:
    from winset.workflow import OpenCase

__all__ = ["Places", "absent", "opened_case", "run"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the inputs lie on this machine: never taken from a manifest."""

    case: Path | str | None = None
    """Folder of the case, or name of a shipped one; None: the shipped case that the result names."""
    data: Path | None = None
    """Folder of a paper's data, or of documents that were read."""


def run(request: Request, places: Places, *, progress: Progress | None = None) -> tuple[Any, Mapping[str, Any]]:
    """Repeat a request: the document, and the manifest of this run. Sweeps have `sweeps.run_sweep` of their own.

    Raises UnreadableFileError or RequestError where an input is not there, and what the command itself raises.
    """
    made = RUNS[request.command]
    return made(request, places, progress)


def opened_case(request: Request, places: Places) -> OpenCase:
    """The case to repeat a request on, open."""
    from winset.workflow import open_case

    return open_case(case_of(request, places))


def case_of(request: Request, places: Places) -> Path | str:
    """The case to repeat a request on. Raises UnreadableFileError where it did not come with Winset."""
    from winset.package.folder import shipped_cases

    if places.case is not None:
        return places.case
    if request.case in shipped_cases():
        # Not a folder of that name that happens to lie here.
        from winset.package.folder import SHIPPED

        return SHIPPED / request.case
    shown = "".join(c if c.isprintable() else "?" for c in request.case[:80])
    raise UnreadableFileError(
        f"the case {shown!r} of this result does not come with Winset" if shown else "the result names no case",
        file=request.file, remedy="Name its folder with --case",
    )  # fmt: skip


def _choice(arguments: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(arguments, name) for name in names}


def _value(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    from winset.valuation.serialise import value_document

    asked = request.arguments
    choice = _choice(asked, "elasticities", "closure", "draws", "seed", "without", "retaliation")
    opened = opened_case(request, places)
    valuation = opened.value_all(
        asked.packages, against=asked.against, on=asked.on, progress=progress, **choice
    )  # fmt: skip
    now = opened.manifest(**choice)
    return value_document(valuation, now), now


def _bargain(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    from winset.negotiation import negotiate
    from winset.negotiation_text import bargain_document

    asked = request.arguments
    choice = _choice(asked, "elasticities", "closure", "draws", "seed")
    opened = opened_case(request, places)
    found = negotiate(opened, asked.parties, points=asked.points, progress=progress, **choice)
    now = opened.manifest(**choice)
    return bargain_document(found, now), now


def _rate(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    from winset.package.folder import case_folder
    from winset.package.law import load_law
    from winset.package.rate_text import good_answer, sector_answer

    asked = request.arguments
    if (asked.good is None) == (asked.sector is None):
        raise RequestError("the request names not one of good and sector", file=request.file)
    if asked.good is not None:
        folder = case_folder(case_of(request, places))
        law = load_law(folder / "law.yaml")
        answer = good_answer(law, asked.importer, asked.exporter, asked.good, asked.on)
        now = rate_manifest(folder, law)
    else:
        opened = opened_case(request, places)
        world = opened.world
        at = world.region(asked.exporter), world.region(asked.importer), world.sector(asked.sector)
        base = float(world.tariffs[at])
        answer = sector_answer(opened.case.law, asked.importer, asked.exporter, asked.sector, asked.on, base)
        now = opened.manifest()
    return {"schema": "winset/rate/1", "winset": version(), **answer}, now


def _timeline(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    from winset.package.folder import case_folder
    from winset.record.ledger import load_record
    from winset.record.rendering import to_dict
    from winset.record.timeline import state_of_play

    folder = case_folder(case_of(request, places))
    state = state_of_play(load_record(folder), request.arguments.as_of)
    return {"schema": "winset/timeline/1", "winset": version(), **to_dict(state)}, timeline_manifest(folder)


def _brief(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    """A findings file: the brief is written aside and only its findings are kept."""
    from winset.briefing_files import FINDINGS_BYTES, write_brief

    opened = opened_case(request, places)
    with tempfile.TemporaryDirectory(prefix="winset-") as aside:
        written = write_brief(
            opened, Path(aside), ("html",), ("en",), bargain=request.arguments.bargain, progress=progress
        )
        target = next(path for path in written if path.name.endswith(".findings.json"))
        document = json.loads(read_text(target, limit=FINDINGS_BYTES))
    return document, document["manifest"]


def _emulate(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    from winset.emulation import emulate, emulation_document

    asked = request.arguments
    found = emulate(
        opened_case(request, places), asked.parties, budget=asked.budget, target=asked.target, design=asked.design,
        progress=progress, elasticities=asked.elasticities, closure=asked.closure,
    )  # fmt: skip
    return emulation_document(found), found.manifest


def _replicate(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    from winset.core.names import known
    from winset.replications.listing import PAPERS, replicate

    paper = known(request.arguments.paper, PAPERS, "paper", file=request.file)
    folder = _data(request, places, "the paper's data")
    result = replicate(paper, folder)
    document = {"schema": "winset/replicate/1", "winset": version(), "paper": paper, **result}
    return document, replicate_manifest(paper, folder)


def _read(request: Request, places: Places, progress: Progress | None) -> tuple[Any, Mapping[str, Any]]:
    """Documents read again, found by the name of their file in the folder that was named."""
    from winset.record.reading.read import read_document
    from winset.record.reading.schema import as_json

    folder = _data(request, places, "the documents")
    if not request.document:
        raise UnreadableFileError("the result holds no document", file=request.file)
    found, inputs, missing = [], {}, []
    for one in request.document:
        given = one.get("file") if isinstance(one, dict) else None
        # A path of another machine says nothing here, and must not lead anywhere.
        name = str(given).replace("\\", "/").rpartition("/")[2] if isinstance(given, str) else ""
        if not name or name in (".", "..") or "\0" in name:
            raise UnreadableFileError("one of its documents names no file", file=request.file)
        path = inside(folder, name)
        if not path.is_file():
            missing.append(name)
        inputs[f"data/{name}"] = path
    if missing:
        raise absent(request, missing)
    if len(inputs) != len(request.document):
        raise RequestError("two of its documents have files of one name", file=request.file)
    published = _published(request)
    for k, (one, path) in enumerate(zip(request.document, inputs.values(), strict=False)):
        document = as_json(read_document(path, published=published, today=dt.date.today()))
        # Where it lay when it was read first says nothing of what it holds.
        found.append({**document, "file": one["file"]})
        if progress:
            progress(k + 1, len(inputs))
    return found, manifest(inputs=inputs, settings={})


def _published(request: Request) -> Any:
    given = request.arguments.published
    if given is None:
        return None
    try:
        if "/" in given:
            low, high = (dt.date.fromisoformat(part) if part.strip(". ") else None for part in given.split("/"))
            return low, high
        return dt.datetime.fromisoformat(given) if "T" in given else dt.date.fromisoformat(given)
    except ValueError as error:
        raise RequestError("the day of publication in the request is not a date", file=request.file) from error


def _data(request: Request, places: Places, what: str) -> Path:
    if places.data is None:
        raise UnreadableFileError(
            f"{what} of this result must be named", file=request.file, remedy="Name their folder with --data"
        )
    if not places.data.is_dir():
        raise UnreadableFileError("no such folder", file=places.data, remedy=f"Name the folder that holds {what}")
    return places.data


def absent(request: Request, names: list[str]) -> UnreadableFileError:
    """The error that names inputs which are not there."""
    shown = ", ".join("".join(c if c.isprintable() else "?" for c in name[:80]) for name in names[:20])
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return UnreadableFileError(
        f"inputs of this result are missing: {shown}{more}", file=request.file,
        remedy="Name the folder that holds them with --case or --data",
    )  # fmt: skip


RUNS: Mapping[str, Callable[[Request, Places, Progress | None], tuple[Any, Mapping[str, Any]]]] = {
    "value": _value, "bargain": _bargain, "rate": _rate, "timeline": _timeline, "brief": _brief,
    "emulate": _emulate, "replicate": _replicate, "read": _read,
}  # fmt: skip
"""Nothing else is run, whatever a file asks for."""
