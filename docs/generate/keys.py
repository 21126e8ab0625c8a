"""Every key of a case's files, from the pydantic models that read them.

Meaning: the docstring below the field; for keys whose name the model leaves to speak for itself, the line of
`keys.yaml` beside this file. A key with neither, or with both, fails the tests.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
import types
import typing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generate.source import cell, clean, code, fields, first, module, table

MEANINGS = Path(__file__).with_name("keys.yaml")

UNITS = {
    "Rate": "percent", "Percent": "percent", "Share": "fraction", "Estimate": "fraction",
    "Amount": "millions of current US dollars", "dt.date": "YYYY-MM-DD", "Weight": "ratio",
}  # fmt: skip
"""Unit by the name that the annotation uses."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key of a mapping in a case file."""

    model: str
    name: str
    type: str
    unit: str
    default: str
    own: str
    """What the docstring below the field says."""
    given: str
    """What `keys.yaml` says."""

    @property
    def meaning(self) -> str:
        """What the key means."""
        return self.own or self.given


@cache
def given() -> dict[str, dict[str, str]]:
    """Meanings that the models leave out: model, key, words."""
    return yaml.safe_load(MEANINGS.read_text(encoding="utf-8")) or {}


def files() -> dict[str, type[BaseModel]]:
    """The model that reads each file of a case."""
    from winset.package.bargain_sheet import BargainSheet
    from winset.package.case import CaseSheet
    from winset.package.law_schema import LawFile
    from winset.package.packages import Package

    return {"case.yaml": CaseSheet, "law.yaml": LawFile, "packages/*.yaml": Package, "bargain.yaml": BargainSheet}


def more_files() -> dict[str, list[type[BaseModel]]]:
    """Files that are not one mapping: lines of the record, and a law that stands on another."""
    from winset.data.folder import BaselineSheet
    from winset.documents.sources import Document
    from winset.package.law_schema import LawPart
    from winset.record.claims import CLAIM_KINDS, Decision

    return {
        "law.yaml with extends": [LawPart],
        "record.jsonl, one mapping a line": [*CLAIM_KINDS.values(), Decision],
        "documents/documents.yaml, a list under documents": [Document],
        "baseline.yaml": [BaselineSheet],
    }


def heads() -> dict[str, list[type[BaseModel]]]:
    """Every file, with the models that its outermost mappings are read by."""
    return {name: [model] for name, model in files().items()} | more_files()


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Models that an annotation names, from outside inwards."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in typing.get_args(annotation) for m in models_in(part)]


def reached(*starts: type[BaseModel]) -> list[type[BaseModel]]:
    """The models themselves and every model under them, each once, in reading order."""
    found: list[type[BaseModel]] = []

    def visit(model: type[BaseModel]) -> None:
        if model in found:
            return
        found.append(model)
        for spec in model.model_fields.values():
            for inner in models_in(spec.annotation):
                visit(inner)

    for start in starts:
        visit(start)
    return found


def written_annotation(model: type[BaseModel], name: str) -> tuple[str, str]:
    """(annotation as the source has it, docstring below it), from the class that defines the field."""
    for base in model.__mro__:
        if not base.__module__.startswith("winset."):
            continue
        node = module(base.__module__).classes.get(base.__name__)
        for one in fields(node) if isinstance(node, ast.ClassDef) else []:
            if one.name == name:
                return one.annotation, one.doc
    raise LookupError(f"{model.__name__}.{name} is annotated nowhere")


def described(annotation: Any) -> str:
    """A type in words a person who writes YAML knows."""
    if annotation in (str,):
        return "text"
    if annotation is bool:
        return "true or false"
    if annotation is int:
        return "whole number"
    if annotation is float:
        return "number"
    if annotation is dt.date:
        return "day"
    if annotation is dt.datetime:
        return "moment"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{anchor(annotation)})"
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return described(inner[0])
    if origin is Literal:
        return ", ".join(code(str(one)) for one in inner)
    if origin in (typing.Union, types.UnionType):
        parts = list(dict.fromkeys(described(one) for one in inner if one is not type(None)))
        return "number, or id of an assumption" if set(parts) == {"number", "text"} else " or ".join(parts)
    if origin in (list, set, frozenset) or (origin is tuple and inner[-1:] == (Ellipsis,)):
        return f"list of {described(inner[0])}"
    if origin is tuple:
        return "list: " + ", ".join(described(one) for one in inner)
    if origin is dict:
        return f"mapping of {described(inner[0])} to {described(inner[1])}"
    return code(str(annotation))


def _bounds(spec: FieldInfo) -> str:
    said = []
    for rule in spec.metadata:
        for mark, words in (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below")):
            limit = getattr(rule, mark, None)
            if limit is not None and not callable(limit):
                said.append(f"{words} {limit:,}" if abs(limit) < 1e12 else f"{words} {limit:.3g}")
        if getattr(rule, "min_length", None):
            said.append("not empty")
        if getattr(rule, "max_length", None):
            said.append(f"at most {rule.max_length} entries")
        if isinstance(rule, str) and rule == "share":
            said.append("0 to 1")
    return ", ".join(said)


def _default(spec: FieldInfo) -> str:
    if spec.is_required():
        return "required"
    value = spec.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "see there"
    if value is None or value in ("", [], (), {}):
        return ""
    if isinstance(value, bool):
        return code(str(value).lower())
    return code(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def keys(model: type[BaseModel]) -> list[Key]:
    """Every key that the model reads, by the name it has in the file."""
    rows = []
    for name, spec in model.model_fields.items():
        annotation, doc = written_annotation(model, name)
        named = [u for word, u in UNITS.items() if re.search(rf"(?<![\w.]){re.escape(word)}\b", annotation)]
        unit = named[0] if named else ""
        bounds = _bounds(spec)
        kind = described(spec.annotation)
        rows.append(
            Key(
                model=model.__name__, name=spec.alias or name, type=f"{kind}; {bounds}" if bounds else kind,
                unit=unit, default=_default(spec), own=first(clean(doc)), given=_given(model, spec.alias or name),
            )
        )  # fmt: skip
    return rows


def _given(model: type[BaseModel], key: str) -> str:
    for base in model.__mro__:
        room = base.__module__.rpartition(".")[2]
        for title in (f"{room}.{base.__name__}", base.__name__):
            if key in given().get(title, {}):
                return given()[title][key]
    return ""


def anchor(model: type[BaseModel]) -> str:
    """Two rooms may use one name for two things: the room is part of the anchor."""
    room = re.sub(r"[._]", "-", model.__module__.removeprefix("winset."))
    return f"keys-{room}-{model.__name__.lower()}"


def _section(model: type[BaseModel]) -> str:
    doc = clean(model.__doc__)
    rows = [[code(k.name), k.type, k.unit, k.default, cell(k.meaning)] for k in keys(model)]
    heading = f"({anchor(model)})=\n### {model.__name__}"
    return "\n\n".join([heading, doc, table(["key", "what stands there", "unit", "default", "meaning"], rows)])


def text() -> str:
    """The whole page: one part for each file, one section for each mapping in it."""
    shown: list[type[BaseModel]] = []
    parts = []
    for name, starts in heads().items():
        parts.append(f"## {name}")
        for model in reached(*starts):
            if model not in shown:
                shown.append(model)
                parts.append(_section(model))
    return "\n\n".join(parts)
