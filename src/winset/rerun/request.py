"""What a result says about how it was made. Another person's file: each word is checked, none is executed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import read_text
from winset.core.names import known

__all__ = ["COMMANDS", "Request", "read_request"]

MAX_BYTES = 100_000_000
MAX_DEPTH = 64
"""Levels of a result; no result of ours has twenty."""


def _parts(value: Any) -> Any:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _pairs(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = {}
    for part in value.split(","):
        name, _, rule = part.partition("=")
        found[name.strip()] = rule.strip()
    return found


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[list[Name], BeforeValidator(_parts), Field(max_length=2000)]
Rules = Annotated[dict[Name, Name], BeforeValidator(_pairs), Field(max_length=200)]
Draws = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Seed = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ValueArguments(_Arguments):
    """Of `winset value`."""

    packages: Names = []
    against: Name | None = None
    elasticities: Name | None = None
    closure: Name | None = None
    on: dt.date | None = None
    draws: Draws | None = None
    seed: Seed | None = None
    without: Names = []
    retaliation: Rules = {}


class BargainArguments(_Arguments):
    """Of `winset bargain`."""

    parties: Names | None = None
    points: Annotated[int, Field(strict=True, ge=2, le=1000)] = 50
    elasticities: Name | None = None
    closure: Name | None = None
    draws: Draws | None = None
    seed: Seed | None = None


class RateArguments(_Arguments):
    """Of `winset rate`."""

    importer: Name
    exporter: Name
    good: Name | None = None
    sector: Name | None = None
    on: dt.date


class TimelineArguments(_Arguments):
    """Of `winset timeline`."""

    as_of: dt.date


class BriefArguments(_Arguments):
    """What a findings file says of `winset brief`."""

    bargain: Annotated[bool, Field(strict=True)] = True


class ReplicateArguments(_Arguments):
    """Of `winset replicate`."""

    paper: Name


class SweepArguments(_Arguments):
    """The plan of a sweep."""

    packages: Names = []
    against: Name
    draws: Annotated[int, Field(strict=True, ge=1, le=10_000_000)]
    seed: Seed
    mode: Annotated[str, Field(pattern="^(sets|spread)$")]
    spread: Annotated[float, Field(ge=0, le=2)] = 0.0
    base: Annotated[str, Field(max_length=200)] = ""
    axes: Annotated[list[dict[str, Any]], Field(max_length=20)] = []
    block: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    closure: Name | None = None


class EmulateArguments(_Arguments):
    """Of `winset emulate`."""

    parties: Names | None = None
    budget: Annotated[int, Field(strict=True, ge=48, le=20_000)] = 400
    target: Annotated[float, Field(ge=0.001, le=0.5)] = 0.05
    design: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] = 1
    elasticities: Name | None = None
    closure: Name | None = None


class ReadArguments(_Arguments):
    """Of `winset read`, of each document alike."""

    published: Annotated[str, Field(max_length=100)] | None = None


COMMANDS: Mapping[str, type[_Arguments]] = {
    "value": ValueArguments, "bargain": BargainArguments, "rate": RateArguments, "timeline": TimelineArguments,
    "brief": BriefArguments, "replicate": ReplicateArguments, "sweep": SweepArguments, "emulate": EmulateArguments,
    "read": ReadArguments,
}  # fmt: skip
"""All that can be repeated."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A result, and the checked request that made it."""

    file: Path
    command: str
    arguments: Any
    """One of the classes above."""
    document: Any
    """The result as it was written."""
    manifest: Mapping[str, Any]
    case: str
    """Name of the case; empty where none was named."""


def read_request(file: Path) -> Request:
    """Read a result with a manifest, a findings file or the manifest of a sweep.

    Raises UnreadableFileError for a file that is none of these, RequestError for one that asks for what is not
    done.
    """
    document = _json(file)
    if isinstance(document, list):
        return _request(file, "read", _given(document), document, {})
    if not isinstance(document, dict):
        raise _no_result(file, "it is neither an object nor a list")
    settings = document.get("settings")
    if "schema" not in document and isinstance(settings, dict) and isinstance(settings.get("sweep"), dict):
        plan = {**settings["sweep"], "closure": settings.get("closure")}
        return _request(file, "sweep", plan, None, document)
    schema = document.get("schema")
    if not isinstance(schema, str) or not schema.startswith("winset/"):
        raise _no_result(file, "it has no schema of ours")
    if schema == "winset/sweep/1":
        raise RequestError(
            "a sweep is repeated from its folder", file=file, remedy="Name the manifest.json in the folder"
        )
    manifest = document.get("manifest")
    if not isinstance(manifest, dict):
        raise _no_result(file, "it has no manifest")
    request = manifest.get("request")
    if request is not None:
        if not isinstance(request, dict) or not isinstance(request.get("arguments"), dict):
            raise _no_result(file, "its request is not a command with arguments")
        command, arguments = request.get("command"), dict(request["arguments"])
    else:
        command, arguments = _inferred(file, schema, document, manifest)
    if not isinstance(command, str):
        raise _no_result(file, "its command is not a word")
    return _request(file, command, arguments, document, manifest)


def _request(file: Path, command: str, arguments: Any, document: Any, manifest: Mapping[str, Any]) -> Request:
    kind = COMMANDS[known(_short(command), COMMANDS, "command that can be repeated", file=file)]
    try:
        checked = kind.model_validate(arguments)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(one) for one in first["loc"])
        raise RequestError(
            f"the argument {_short(place)!r} of {command} cannot be used: {_short(first['msg'])}", file=file,
            why="The file was not written by Winset, or was changed",
        ) from error  # fmt: skip
    settings = manifest.get("settings")
    case = settings.get("case") if isinstance(settings, dict) else ""
    for key in ("inputs", "libraries", "settings", "platform"):
        if not isinstance(manifest.get(key, {}), dict):
            raise _no_result(file, f"its {key} are not an object")
    return Request(
        file=file, command=command, arguments=checked, document=document, manifest=manifest,
        case=case if isinstance(case, str) else "",
    )  # fmt: skip


def _inferred(
    file: Path, schema: str, document: Mapping[str, Any], manifest: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The request of a result that does not tell it: earlier versions, and findings files."""
    settings = manifest.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    choice = {name: settings.get(name) for name in ("elasticities", "closure", "draws")}
    choice["seed"] = manifest.get("seed")
    read: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
        "winset/findings/1": lambda: ("brief", {"bargain": document["settings"]["bargain"]}),
        "winset/bargain/1": lambda: ("bargain", {**choice, "parties": document["parties"]}),
        "winset/value/1": lambda: (
            "value",
            {
                **choice,
                "packages": [one["name"] for one in document["packages"]],
                "against": document["packages"][0]["against"] if document["packages"] else None,
                "without": settings.get("without", []), "retaliation": settings.get("retaliation", {}),
            },
        ),
    }  # fmt: skip
    found = read.get(schema)
    if found is None:
        raise _no_result(file, "it does not tell the command that made it")
    try:
        return found()
    except (KeyError, TypeError, IndexError) as error:
        raise _no_result(file, "parts of the result are missing") from error


def _given(document: list[Any]) -> dict[str, Any]:
    """Arguments of `winset read`, which every document of its list carries."""
    for one in document:
        if isinstance(one, dict) and isinstance(one.get("manifest"), dict):
            request = one["manifest"].get("request")
            if isinstance(request, dict) and isinstance(request.get("arguments"), dict):
                return dict(request["arguments"])
    return {}


def _json(file: Path) -> Any:
    def refused(name: str) -> float:
        raise ValueError(f"{name} is not JSON")

    try:
        found = json.loads(read_text(file, limit=MAX_BYTES), parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise _no_result(file, "it is not valid JSON") from error
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _no_result(file, f"it is nested more than {MAX_DEPTH} levels deep")
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]
    return found


def _no_result(file: Path, why: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"this is not a result that can be repeated: {why}", file=file,
        remedy="Name a file written with --json, a .findings.json, or the manifest.json of a sweep",
    )  # fmt: skip


def _short(text: str) -> str:
    """Text of another's file for a terminal: no control characters, no page of it."""
    shown = "".join(c if c.isprintable() else "?" for c in text[:200])
    return shown if len(shown) <= 80 else shown[:79] + "…"
