"""Case files: YAML and JSON lines read safely, checked by pydantic models, every error with its line.

YAML is read through PyYAML's node graph (never its object constructors), so a document can hold only
mappings, lists, strings, numbers, booleans, dates and null. Anchors and aliases are refused: no case
needs them and they are how a small file becomes a large one.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from winset.core.errors import CaseFileError
from winset.core.files import read_text
from winset.core.names import nearest

__all__ = ["CaseModel", "Located", "load_jsonl", "load_yaml", "parse_yaml", "validate"]

MAX_DEPTH = 40
Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]


class CaseModel(BaseModel):
    """Base of everything read from a case file: frozen, and an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


@dataclass(frozen=True, kw_only=True)
class Located:
    """Plain data read from a file, with the line on which each part of it stands."""

    data: Any
    """Mappings, lists and scalars."""
    file: str
    """The path as the user gave it."""
    lines: dict[Path_, int] = field(default_factory=dict)
    """Line (1-based) of each value, by its path of keys and positions."""
    files: dict[Path_, str] = field(default_factory=dict)
    """Where data were put together from several files: the file of each part that is not in `file`."""

    def file_of(self, path: Path_ = ()) -> str:
        """The file in which `path`, or its nearest enclosing part, stands."""
        for end in range(len(path) if self.files else 0, 0, -1):
            if path[:end] in self.files:
                return self.files[path[:end]]
        return self.file

    def mention(self, path: Path_, beside: Path_) -> str:
        """Where `path` stands, for a message that points at `beside`: the file only if it is another one."""
        file, line = self.file_of(path), self.line(path)
        return f"line {line}" if file == self.file_of(beside) else f"{file}:{line}"

    def line(self, path: Path_ = ()) -> int | None:
        """The line of `path`, or of its nearest enclosing value."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None

    def error(self, what: str, path: Path_ = (), *, why: str = "", remedy: str = "") -> CaseFileError:
        """An error that points at `path`."""
        return CaseFileError(what, file=self.file_of(path), line=self.line(path), why=why, remedy=remedy)


def load_yaml(path: Path) -> Located:
    """Read one YAML document with the line of every value."""
    return parse_yaml(read_text(path), str(path))


def parse_yaml(text: str, file: str) -> Located:
    """As `load_yaml`, from text; `file` is only for messages."""
    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader_class):
            line = 1 if event.start_mark is None else event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise CaseFileError(
                    "YAML anchors and aliases (& and *) are not allowed in a case file",
                    file=file,
                    line=line,
                    remedy="Write the value out",
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise CaseFileError(f"nested deeper than {MAX_DEPTH} levels", file=file, line=line)
        root = yaml.compose(text, Loader=loader_class)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CaseFileError(
            f"this is not valid YAML: {error.problem or error.context}",
            file=file,
            line=None if mark is None else mark.line + 1,
            remedy="Check indentation, colons and quotation marks on this line and the one before",
        ) from error
    except yaml.YAMLError as error:
        raise CaseFileError(f"this is not valid YAML: {error}", file=file) from error
    lines: dict[Path_, int] = {}
    data = None if root is None else _plain(root, (), lines, file)
    return Located(data=data, file=file, lines=lines)


_INT = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9]+|[0-9][0-9_]*)([eE][-+]?[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _scalar(node: yaml.ScalarNode, file: str) -> Any:
    # YAML 1.2 core types plus dates: 'no' and 'on' stay words, as a country code or a key must.
    text: str = node.value
    if node.style in ('"', "'", "|", ">"):
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if _DATE.match(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise CaseFileError(
                f"{text} is not a day of the calendar", file=file, line=node.start_mark.line + 1
            ) from error
    if _INT.match(text):
        return int(text.replace("_", ""))
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text


def _plain(node: yaml.Node, path: Path_, lines: dict[Path_, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        if not node.tag.startswith("tag:yaml.org,2002:") and node.tag != "!":
            raise CaseFileError(f"YAML tag {node.tag!r} is not allowed", file=file, line=lines[path])
        return _scalar(node, file)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, position), lines, file) for position, child in enumerate(node.value)]
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise CaseFileError("a key must be a plain word", file=file, line=key_node.start_mark.line + 1)
        key = key_node.value
        if key in result:
            raise CaseFileError(
                f"the key {key!r} stands twice in one mapping",
                file=file,
                line=key_node.start_mark.line + 1,
                remedy="Remove one of them",
            )
        result[key] = _plain(value_node, (*path, key), lines, file)
        lines[(*path, key)] = key_node.start_mark.line + 1
    return result


def load_jsonl(path: Path) -> Iterator[Located]:
    """Read JSON lines, one object a line; blank lines are passed over."""
    for number, raw in enumerate(read_text(path).split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            data = json.loads(raw)
        except (json.JSONDecodeError, RecursionError) as error:
            detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise CaseFileError(
                f"this line is not valid JSON: {detail}",
                file=path,
                line=number,
                remedy="Each line must be one JSON object",
            ) from error
        if not isinstance(data, dict):
            raise CaseFileError("this line is not a JSON object", file=path, line=number)
        yield Located(data=data, file=str(path), lines={(): number})


def validate(model: type[Model], located: Located, path: Path_ = ()) -> Model:
    """Check the data at `path` against a pydantic model; the first fault becomes one error with its line."""
    data = located.data
    for step in path:
        data = data[step]
    if data is None:
        data = {}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _first_fault(model, error, located, path) from error


def _first_fault(model: type[BaseModel], error: ValidationError, located: Located, path: Path_) -> CaseFileError:
    fault = error.errors(include_url=False)[0]
    steps: Path_ = tuple(fault["loc"])
    at = _longest_known(located, path, steps)
    name = ".".join(str(step) for step in at[len(path) :]) or "this file"
    if fault["type"] == "extra_forbidden":
        key = str(steps[-1])
        fields = _fields_at(model, steps[:-1])
        close = nearest(key, fields)
        guess = f"Did you mean {close!r}? " if close else ""
        return located.error(f"unknown key {key!r}", at, remedy=f"{guess}Known here: {', '.join(fields)}")
    if fault["type"] == "missing":
        where = ".".join(str(step) for step in steps[:-1])
        return located.error(f"the key {str(steps[-1])!r} is missing{f' in {where}' if where else ''}", at)
    shown = repr(fault.get("input"))
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] in ("value_error", "assertion_error"):
        return located.error(f"{name}: {message}", at)
    return located.error(f"{name}: {message}, found {shown}", at)


def _longest_known(located: Located, base: Path_, steps: Path_) -> Path_:
    """The deepest value of the file on the fault's path (discriminator tags are not in the file)."""
    at = base
    for step in steps:
        if (*at, step) in located.lines:
            at = (*at, step)
    return at


def _fields_at(model: type[BaseModel], steps: Path_) -> list[str]:
    """Names of the fields of the (possibly nested) model in which an unknown key stands."""
    current: Any = model
    for step in steps:
        inner = _models_in(current.model_fields[step].annotation) if _has(current, step) else []
        tagged = [m for m in _all_models(current) if m.__name__ == step]
        if inner:
            current = inner[0]
        elif tagged:
            current = tagged[0]
    return [f.alias or n for n, f in current.model_fields.items()]


def _has(model: Any, step: str | int) -> bool:
    return isinstance(step, str) and step in getattr(model, "model_fields", {})


def _all_models(model: type[BaseModel]) -> list[type[BaseModel]]:
    return [m for f in model.model_fields.values() for m in _models_in(f.annotation)]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for argument in getattr(annotation, "__args__", ()):
        found.extend(_models_in(argument))
    return found
