"""Which generated part belongs to which mark in a page."""

from __future__ import annotations

import posixpath
import re
from importlib import import_module

from generate.source import ROOT

MARK = re.compile(r"^<!-- generated: (?P<name>[a-z]+) -->$", re.MULTILINE)
MENTION = re.compile(r"`docs/(?P<page>[\w/-]+\.md)`")
PARTS = ("assumptions", "commands", "documents", "equations", "errors", "keys", "modules", "names")
"""Modules of this package that have a `text()`."""


def fill(page: str) -> str:
    """A page with every mark replaced by what it names."""
    return MARK.sub(lambda found: part(found["name"]), page)


def part(name: str) -> str:
    """The Markdown of one generated part."""
    if name not in PARTS:
        raise LookupError(f"no generated part {name!r}; there are {', '.join(PARTS)}")
    made: str = import_module(f"generate.{name}").text()
    return made


def linked(page: str, name: str) -> str:
    """A page in which the path of another, written as code for readers of the files, is a link with its title.

    name: of the page itself, as Sphinx has it ("explain/model").
    """

    def link(found: re.Match[str]) -> str:
        target = ROOT / "docs" / found["page"]
        if not target.is_file():
            return found[0]
        title = target.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").replace("`", "")
        return f"[{title}]({posixpath.relpath(found['page'], posixpath.dirname(name) or '.')})"

    return MENTION.sub(link, page)
