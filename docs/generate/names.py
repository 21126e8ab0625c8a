"""The public Python names: what `winset` exports, and the classes that they hand out, with all their members."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import yaml

import winset
from generate.source import Function, clean, fields, first, link, module, modules

FENCE = "`" * 3
GLOSSARY = Path(__file__).with_name("names.yaml")
ENDS = {"Document", "Valuer"}
"""Handed out, but what they in turn hold is the inside of the program."""
FILES = {"winset.package.bargain_sheet", "winset.package.case", "winset.package.packages"}
"""What these read is on the page of the files of a case."""


@cache
def glossary() -> dict[str, dict[str, str]]:
    """What members mean whose class leaves the name to speak for itself: `common` by name, then by class."""
    found: dict[str, dict[str, str]] = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    return found


def said_of(name: str, member: str) -> str:
    """What the glossary says of a member; empty where it says nothing."""
    return glossary().get(name, {}).get(member) or glossary()["common"].get(member, "")


@cache
def homes() -> dict[str, str]:
    """Module in which each exported name is defined."""
    found = {}
    for name in winset.__all__:
        found[name] = winset._HOME[name]
    return found


@cache
def classes() -> dict[str, list[str]]:
    """Modules that define a public class of a name."""
    found: dict[str, list[str]] = {}
    for name in modules():
        for one in module(name).classes:
            if not one.startswith("_"):
                found.setdefault(one, []).append(name)
    return found


def handed_out() -> list[tuple[str, str]]:
    """(class, module) of every class that a public function returns or a public field holds, not exported."""
    queue = [(name, home) for name, home in homes().items()]
    seen = {name for name, _ in queue}
    found = []
    while queue:
        name, home = queue.pop(0)
        for word in _mentioned(name, home):
            place = _home_of(word, home)
            if place is None or word in seen or place in FILES:
                continue
            seen.add(word)
            found.append((word, place))
            if word not in ENDS:
                queue.append((word, place))
    return sorted(found)


def _mentioned(name: str, home: str) -> list[str]:
    """Words of the annotations of what a caller gets: results, fields and properties."""
    node = module(home).classes.get(name) or module(home).functions.get(name)
    if node is None:
        return []
    written = []
    if isinstance(node, ast.ClassDef):
        written += [one.annotation for one in fields(node)]
        written += [ast.unparse(f.returns) for f in members(node) if f.returns is not None]
    elif node.returns is not None:
        written.append(ast.unparse(node.returns))
    return list(dict.fromkeys(word for text in written for word in re.findall(r"\b[A-Z]\w+", text)))


def _home_of(word: str, seen_from: str) -> str | None:
    """The module that the word means where it is used: its own, the one it imports it from, or the only one."""
    places = classes().get(word, [])
    if seen_from in places:
        return seen_from
    tree = ast.parse(module(seen_from).path.read_text(encoding="utf-8"))
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ImportFrom) and any(a.name == word for a in statement.names):
            return statement.module if statement.module in places else None
    return None


def members(node: ast.ClassDef) -> list[Function]:
    """Public methods and properties, and __init__ where it is written out."""
    functions = [statement for statement in node.body if isinstance(statement, Function)]
    return [one for one in functions if not one.name.startswith("_") or one.name == "__init__"]


def decorated(node: Function, *names: str) -> bool:
    """Whether a function carries one of these decorators."""
    return any(ast.unparse(one) in names for one in node.decorator_list)


def signature(node: Function, *, bound: bool) -> str:
    """Arguments and result as written, without self."""
    arguments = ast.arguments(**{key: getattr(node.args, key) for key in node.args._fields})
    if bound and arguments.args:
        arguments.args = arguments.args[1:]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None and node.name != "__init__" else ""
    return f"({ast.unparse(arguments)}){returns}"


def _class_signature(node: ast.ClassDef) -> str:
    init = next((m for m in members(node) if m.name == "__init__"), None)
    if init is not None:
        return signature(init, bound=True)
    if any("dataclass" in ast.unparse(one) for one in node.decorator_list):
        plain = {one.name: one.default for one in fields(node) if "field(" not in one.default}
        shown = [f"{one.name}={plain[one.name]}" if plain.get(one.name) else one.name for one in fields(node)]
        return f"({', '.join(shown)})"
    return ""


def block(kind: str, head: str, body: str, *options: str, fence: int = 3) -> str:
    """A MyST directive."""
    marks = "`" * fence
    lines = [f"{marks}{{py:{kind}}} {head}", *(f":{option}:" for option in options), "", body, marks]
    return "\n".join(lines)


def documented_members(name: str, home: str) -> list[tuple[str, str, str, list[str], str]]:
    """(kind, head, docstring, options, name) of every member of a class, its own and what it inherits here."""
    node = module(home).classes[name]
    rows: list[tuple[str, str, str, list[str], str]] = []
    for one in fields(node):
        doc = one.doc or said_of(name, one.name)
        rows.append(("attribute", one.name, doc, [f"type: {one.annotation}"], one.name))
    for statement in node.body:
        # A descriptor with a class of its own: `tariffs = _Tariffs()`.
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            target, maker = ast.unparse(statement.targets[0]), ast.unparse(statement.value.func)
            if not target.startswith("_") and module(home).docs.get(maker):
                rows.append(("attribute", target, module(home).docs[maker], [], target))
    for method in members(node):
        doc = clean(ast.get_docstring(method)) or said_of(name, method.name)
        if method.name == "__init__":
            continue
        if decorated(method, "property", "cached_property", "functools.cached_property"):
            kind = ast.unparse(method.returns) if method.returns else ""
            rows.append(("property", method.name, doc, [f"type: {kind}"], method.name))
        elif not any(re.search(r"\.setter$|validator", ast.unparse(one)) for one in method.decorator_list):
            static = decorated(method, "staticmethod")
            option = ["classmethod"] if decorated(method, "classmethod") else ["staticmethod"] if static else []
            rows.append(("method", method.name + signature(method, bound=not static), doc, option, method.name))
    for base in node.bases:
        word = ast.unparse(base)
        place = _home_of(word, home)
        if place and word in module(place).classes:
            have = {row[4] for row in rows}
            rows += [row for row in documented_members(word, place) if row[4] not in have]
    return rows


def section(name: str, home: str, shown: str) -> str:
    """One name as a section."""
    source = module(home)
    doc = source.docs.get(name, "")
    where = f"Defined in `{link(home)}`."
    if name in source.functions:
        head = shown + signature(source.functions[name], bound=False)
        return f"### {name}\n\n" + block("function", head, f"{doc}\n\n{where}")
    node = source.classes[name]
    inner = []
    for kind, head, said, extra, _ in documented_members(name, home):
        lines = [f"{FENCE}{{py:{kind}}} {head}"]
        for option in extra:
            key, _, value = option.partition(": ")
            lines.append(f":{key}: {value}".rstrip())
        inner.append("\n".join([*lines, "", said, FENCE]))
    body = "\n\n".join([doc, where, *inner])
    return f"### {name}\n\n" + block("class", shown + _class_signature(node), body, fence=4)


def text() -> str:
    """The whole page."""
    parts = ["## What `winset` exports"]
    parts += [section(name, home, f"winset.{name}") for name, home in homes().items()]
    parts.append("## What they hand out")
    parts.append("Not imported by hand: results and parts of results of the names above.")
    parts += [section(name, home, f"{home}.{name}") for name, home in handed_out()]
    return "\n\n".join(parts)


def undocumented() -> list[str]:
    """Exported names, what they hand out, and members of both, that have no docstring."""
    missing = []
    for name, home in [*homes().items(), *handed_out()]:
        if not first(module(home).docs.get(name, "")):
            missing.append(f"{home}.{name}")
        if name in module(home).classes:
            missing += [f"{home}.{name}.{row[4]}" for row in documented_members(name, home) if not row[2]]
    return missing
