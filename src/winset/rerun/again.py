"""`winset rerun`: find the inputs, say what is not as it was, run, compare, and put it into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.core.provenance import machine, version
from winset.rerun.compare import ABSENT, Comparison, Moved, compare, differences
from winset.rerun.request import Request, read_request
from winset.rerun.runs import Places, absent, opened_case, run
from winset.rerun.sweeps import repeat_sweep

__all__ = ["Rerun", "rerun", "rerun_document", "rerun_text"]

SHOWN = 40
"""Rows of the table that the text shows."""


@dataclass(frozen=True, kw_only=True)
class Rerun:
    """A result held against the same run made now."""

    command: str
    case: str
    before: str
    """Id of the run of the file; empty where it states none."""
    now: str
    """Id of this run."""
    inputs: tuple[Moved, ...]
    """Inputs whose bytes have changed, or that were not there before."""
    settings: tuple[Moved, ...]
    versions: tuple[Moved, ...]
    """Of Winset and of the libraries that decide numbers."""
    platform: tuple[Moved, ...] | None
    """Machine and Python; None where the file does not tell them."""
    inferred: bool
    """Whether the file does not tell its command, so that options which leave no trace in a result are unknown."""
    result: Comparison

    @property
    def verdict(self) -> str:
        """identical: every bit; same: to nine significant digits; differs."""
        return self.result.verdict


def rerun(
    file: Path, *, case: Path | str | None = None, data: Path | None = None, workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Rerun:  # fmt: skip
    """Repeat the run that a result tells of, and compare.

    file: a result written with --json, a findings file of a brief, or the manifest.json of a sweep. case: folder
    or shipped name, unless the result names a shipped case. data: folder of a paper's data or of documents.
    Raises UnreadableFileError where inputs are missing, RequestError or UnknownNameError for a request that
    cannot be repeated; nothing but the commands of `request.COMMANDS` is run.
    """
    asked = read_request(file)
    places = Places(case=case, data=data)
    if asked.command == "sweep":
        opened = opened_case(asked, places)
        _all_there(asked, opened.manifest())
        result, now = repeat_sweep(asked, opened, workers=workers, progress=progress)
    else:
        if asked.command in ("value", "bargain", "brief", "emulate"):
            # Told before hours of work: a case that lost a file is another case.
            _all_there(asked, opened_case(asked, places).manifest())
        document, now = run(asked, places, progress=progress)
        _all_there(asked, now)
        ids = str(asked.manifest.get("id", "")), str(now["id"])
        result = compare(asked.document, document, run=ids)
    return _told(asked, now, result)


def _all_there(asked: Request, now: Mapping[str, Any]) -> None:
    gone = sorted(set(asked.manifest.get("inputs", {})) - set(now["inputs"]))
    if gone:
        raise absent(asked, gone)


def _told(asked: Request, now: Mapping[str, Any], result: Comparison) -> Rerun:
    was = asked.manifest
    inputs: Mapping[str, Any] = was.get("inputs", {})
    if asked.command == "read":
        inputs = dict(zip(now["inputs"], _shas(asked), strict=False))
    known = "inputs" in was or asked.command == "read"
    platform = was.get("platform")
    before = {"winset": was.get("winset"), **was.get("libraries", {})}
    after = {"winset": now["winset"], **now["libraries"]}
    return Rerun(
        command=asked.command, case=_clean(asked.case), before=_clean(str(was.get("id", ""))), now=str(now["id"]),
        inputs=differences(inputs, now["inputs"]) if known else (),
        settings=differences(
            {**was["settings"], "seed": was.get("seed")}, {**now["settings"], "seed": now["seed"]}
        ) if "settings" in was else (),
        versions=differences(before, after) if "winset" in was else (),
        platform=differences(platform, machine()) if isinstance(platform, dict) else None,
        inferred=asked.command != "sweep" and "request" not in was and asked.command != "read",
        result=result,
    )  # fmt: skip


def _shas(asked: Request) -> list[Any]:
    return [one.get("sha256") for one in asked.document]


def _clean(text: str, most: int = 80) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:most])


def rerun_document(found: Rerun) -> dict[str, Any]:
    """The comparison as plain data, schema winset/rerun/1."""

    def rows(several: tuple[Moved, ...] | None) -> list[dict[str, Any]]:
        return [{"id": one.id, "old": one.old, "new": one.new} for one in several or ()]

    return {
        "schema": "winset/rerun/1", "winset": version(), "verdict": found.verdict, "command": found.command,
        "case": found.case, "run": {"before": found.before, "now": found.now},
        "inputs": rows(found.inputs), "settings": rows(found.settings), "versions": rows(found.versions),
        "platform": rows(found.platform),
        "inferred": found.inferred, "compared": found.result.compared, "unequal": found.result.unequal,
        "largest_relative": found.result.largest, "differ": found.result.differ, "moved": rows(found.result.moved),
    }  # fmt: skip


def rerun_text(found: Rerun) -> str:
    """What differs, and the verdict."""
    result = found.result
    of = f" of {found.case}" if found.case else ""
    lines = [f"winset {found.command}{of}: run {found.before or '(not stated)'}, repeated as {found.now}"]
    for title, several in (
        ("Inputs", found.inputs), ("Settings", found.settings), ("Versions", found.versions),
        ("Machine", found.platform),
    ):  # fmt: skip
        if several is None:
            lines.append(f"{title}: not stated in the file")
            continue
        lines.append(f"{title} that are not as before:" if several else f"{title}: as before")
        for one in several[:SHOWN]:
            what = _change(one)
            lines.append(f"  {_clean(one.id)}: {what}")
        if len(several) > SHOWN:
            lines.append(f"  and {len(several) - SHOWN} more")
    if found.inferred:
        lines.append("The file does not tell the command's options; those that its result shows were used")
    if found.verdict == "identical":
        lines.append(f"Verdict: identical, all {result.compared:,} places compared")
    elif found.verdict == "same":
        lines.append(
            f"Verdict: the same to nine digits; {result.unequal:,} of {result.compared:,} numbers are not equal "
            f"to the last bit, by at most {result.largest:.1e} of their size"
        )
    else:
        lines.append(f"Verdict: DIFFERS in {result.differ:,} of {result.compared:,} places")
        lines += [
            f"  {_clean(one.id, 200)}: {_value(one.old)} -> {_value(one.new)}" for one in result.moved[:SHOWN]
        ]
        if result.differ > SHOWN:
            lines.append(f"  and {result.differ - min(SHOWN, len(result.moved)):,} more (all of them with --json)")
    return "\n".join(lines)


def _change(one: Moved) -> str:
    if one.old == ABSENT:
        return "was not there before"
    if isinstance(one.old, str) and len(one.old) == 64 and isinstance(one.new, str) and len(one.new) == 64:
        return "its bytes have changed"
    return f"{_value(one.old)} -> {_value(one.new)}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return _clean(str(value))
