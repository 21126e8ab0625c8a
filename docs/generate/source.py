"""What the program's source says of itself: docstrings of modules, classes, fields and functions, unexecuted."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "winset"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Field:
    """One annotated name in the body of a class."""

    name: str
    annotation: str
    default: str
    """As written; empty where there is none."""
    doc: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Module:
    """One file of the package, parsed."""

    name: str
    path: Path
    doc: str
    public: tuple[str, ...]
    """What `__all__` lists."""
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    docs: dict[str, str] = field(default_factory=dict)
    """Docstring by name, of constants too."""


def clean(text: str | None) -> str:
    """A docstring without the indentation of the code around it."""
    return inspect.cleandoc(text) if text else ""


def first(doc: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(doc.split("\n\n")[0].split())


def _after(body: list[ast.stmt], position: int) -> str:
    """The string that stands alone right below a statement."""
    following = body[position + 1] if position + 1 < len(body) else None
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        return clean(following.value.value) if isinstance(following.value.value, str) else ""
    return ""


def fields(node: ast.ClassDef) -> list[Field]:
    """Annotated names of a class body, in order, those with a leading underscore left out."""
    found = []
    for position, statement in enumerate(node.body):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        if statement.target.id.startswith("_") or "ClassVar" in ast.unparse(statement.annotation):
            continue
        default = ast.unparse(statement.value) if statement.value is not None else ""
        found.append(
            Field(
                name=statement.target.id, annotation=ast.unparse(statement.annotation), default=default,
                doc=_after(node.body, position), line=statement.lineno,
            )
        )  # fmt: skip
    return found


@cache
def module(name: str) -> Module:
    """A module of the package by its dotted name."""
    path = PACKAGE.joinpath(*name.split(".")[1:])
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    public: tuple[str, ...] = ()
    classes, functions, docs = {}, {}, {}
    for position, statement in enumerate(tree.body):
        if isinstance(statement, ast.ClassDef):
            classes[statement.name] = statement
            docs[statement.name] = clean(ast.get_docstring(statement))
        elif isinstance(statement, Function):
            functions[statement.name] = statement
            docs[statement.name] = clean(ast.get_docstring(statement))
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    docs[target.id] = _after(tree.body, position)
                    if target.id == "__all__" and statement.value is not None:
                        public = tuple(ast.literal_eval(statement.value))
    return Module(
        name=name, path=path, doc=clean(ast.get_docstring(tree)), public=public,
        classes=classes, functions=functions, docs=docs,
    )  # fmt: skip


@cache
def modules() -> tuple[str, ...]:
    """Dotted names of every module, in order."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ["winset", *path.relative_to(PACKAGE).with_suffix("").parts]
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return tuple(sorted(found))


def link(module_name: str) -> str:
    """The file of a module, from the root of the repository."""
    return module(module_name).path.relative_to(ROOT).as_posix()


def cell(text: str) -> str:
    """Text that may stand in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Text set as code, whatever it holds."""
    if not text:
        return ""
    return f"`` {cell(text)} ``" if "`" in text else f"`{cell(text)}`"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
