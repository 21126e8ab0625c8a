"""Every error class of Winset with its exit code and what it says, found in the source."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from generate.source import cell, code, first, module, modules, table

ROOT_ERROR = "WinsetError"


@dataclass(frozen=True, kw_only=True)
class ErrorClass:
    """An exception that a user of the program may meet."""

    name: str
    home: str
    bases: tuple[str, ...]
    exit_code: int
    doc: str


def all_errors() -> dict[str, ErrorClass]:
    """By name: WinsetError and everything in the program that descends from it, parents first."""
    nodes = [(name, node) for name in modules() for node in module(name).classes.values()]
    found: dict[str, ErrorClass] = {}
    grown = True
    while grown:
        grown = False
        for home, node in nodes:
            bases = tuple(ast.unparse(base) for base in node.bases)
            parent = next((base for base in bases if base in found), None)
            if node.name in found or not (node.name == ROOT_ERROR or parent):
                continue
            inherited = found[parent].exit_code if parent else 2
            found[node.name] = ErrorClass(
                name=node.name, home=home, bases=bases, doc=module(home).docs[node.name],
                exit_code=_own_code(node, inherited),
            )  # fmt: skip
            grown = True
    return found


def _own_code(node: ast.ClassDef, inherited: int) -> int:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "exit_code":
            return int(ast.literal_eval(statement.value))
    return inherited


def text() -> str:
    """The table of the errors page."""
    rows = [
        [
            code(one.name), str(one.exit_code), ", ".join(code(base) for base in one.bases), cell(first(one.doc)),
            code(one.home),
        ]
        for one in all_errors().values()
    ]  # fmt: skip
    return table(["class", "exit code", "is also", "when", "defined in"], rows)
