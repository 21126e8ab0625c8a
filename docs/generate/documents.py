"""Every JSON document that Winset writes, key by key, from `documents.yaml` beside this file.

The tests run the commands on a small case and ask that every key they print stands here, and that every key that
stands here (but those marked optional) is printed; and that every `winset/NAME/N` in the source has its entry.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generate.source import PACKAGE, cell, code, table

MEANINGS = Path(__file__).with_name("documents.yaml")
NAME = re.compile(r"[\"'](winset/[a-z-]+/\d+)[\"']")


@cache
def documents() -> dict[str, dict[str, Any]]:
    """By schema: `from`, `about`, and `keys` from path to meaning."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    return found


def in_source() -> dict[str, list[str]]:
    """Every schema that the source names, with the files that name it."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in NAME.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(path.relative_to(PACKAGE).as_posix())
    return found


def paths(value: Any, wild: frozenset[str], at: str = "") -> set[str]:
    """Paths of every key in a document; mappings at the paths of `wild` have data for keys."""
    if isinstance(value, list):
        return {p for one in value for p in paths(one, wild, f"{at}[]")}
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for key, inner in value.items():
        name = "*" if at in wild else str(key)
        here = f"{at}.{name}" if at else name
        found |= {here} | paths(inner, wild, here)
    return found


def wild(schema: str) -> frozenset[str]:
    """Paths of mappings whose keys are data."""
    return frozenset(path.removesuffix(".*") for path in listed(schema) if path.endswith(".*"))


def unlisted(document: dict[str, Any]) -> list[str]:
    """Keys of a document that stand nowhere; the schema itself where it has no entry."""
    schema = document["schema"]
    if schema not in documents():
        return [schema]
    below = tuple(path.removesuffix("**") for path in listed(schema) if path.endswith("**"))
    found = paths(document, wild(schema))
    return sorted(p for p in found if p not in listed(schema) and not p.startswith(below))


def absent(document: dict[str, Any]) -> list[str]:
    """Keys that stand here and should be in a document, but are not."""
    schema = document["schema"]
    found = paths(document, wild(schema))
    may = optional(schema)
    return sorted(p for p in listed(schema) if p not in found and p not in may and not p.endswith("**"))


def listed(schema: str) -> dict[str, str]:
    """Meaning by path; a meaning that begins with `optional` belongs to a key that need not be there."""
    return documents()[schema].get("keys", {})


def optional(schema: str) -> set[str]:
    """Keys that need not be there, and everything under them."""
    heads = [path for path, said in listed(schema).items() if said.startswith("optional")]
    return {p for p in listed(schema) for h in heads if p == h or p.startswith((f"{h}.", f"{h}["))}


def text() -> str:
    """A section for each document that a command writes; the messages of the local page in one table."""
    parts, inside = [], []
    for schema, one in documents().items():
        if "keys" not in one:
            inside.append([code(schema), cell(one["about"])])
            continue
        parts.append(f"## {schema}\n\nFrom {code(one['from'])}. {one['about']}.")
        parts.append(table(["key", "meaning"], [[code(path), cell(said)] for path, said in one["keys"].items()]))
    parts.append(
        "## Messages of the local page\n\nBetween `winset serve` and the page that it serves, or kept by it; not "
        "meant for scripts, and without their keys here."
    )
    parts.append(table(["schema", "what it carries"], inside))
    return "\n\n".join(parts)
