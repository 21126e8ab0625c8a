"""Every fixed text of the brief, found in the source: what a catalogue must translate."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import winset

SOURCE = Path(winset.__file__).parent
CALLS = {"words", "say", "paragraph", "fine", "empty", "_words"}
"""Calls whose first argument is a text of the catalogue; `heading` has it third."""
TEMPLATE = re.compile(r"words\(\"([^\"]+)\"")


def files() -> list[Path]:
    """Source files that print fixed texts, pictures excepted: those have a catalogue and a test of their own."""
    return sorted(
        path for path in (*(SOURCE / "brief").glob("*.py"), *SOURCE.glob("briefing*.py"))
        if not path.name.startswith(("figure", "canvas", "wrapping"))
    )  # fmt: skip


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    if isinstance(call.func, ast.Name):
        return call.func.id
    return "words" if isinstance(call.func, ast.Call) else ""


def _strings(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (ast.Tuple, ast.List)):
        for one in node.elts:
            yield from _strings(one)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value)


def keys() -> set[str]:
    """Literal keys of the catalogue, those of templates and of loops over literals included."""
    found: set[str] = set()
    for path in files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in ast.walk(tree) if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                position = 2 if _name(node) == "heading" else 0
                if _name(node) in CALLS | {"heading"} and len(node.args) > position:
                    argument = node.args[position]
                    found |= set(_strings(argument))
                    if isinstance(argument, ast.Subscript) and isinstance(argument.value, ast.Name):
                        found |= set(_strings(constants.get(argument.value.id, ast.Tuple(elts=[]))))
            if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
                first = node.generators[0]
                inner = [n for n in ast.walk(node.elt) if isinstance(n, ast.Call) and _name(n) == "words"]
                loops = any(isinstance(n.args[0], ast.Name) and isinstance(first.target, ast.Name)
                            and n.args[0].id == first.target.id for n in inner if n.args)  # fmt: skip
                iterated = first.iter
                if isinstance(iterated, ast.Name):
                    iterated = constants.get(iterated.id, iterated)
                if loops:
                    found |= set(_strings(iterated))
    for path in (SOURCE / "brief" / "templates").glob("*.j2"):
        found |= set(TEMPLATE.findall(path.read_text(encoding="utf-8")))
    return {one for one in found if one.strip()}


def slots(text: str) -> list[str]:
    """Names in braces, sorted."""
    return sorted(re.findall(r"\{(\w+)\}", text))
