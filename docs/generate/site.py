"""The Sphinx side: generated parts and typeset equations put into pages, mathematics set as MathML."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes

from generate import gallery, notation, pages


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline_math, None), (display_math, None))
    app.connect("builder-inited", lambda app: gallery.make())
    # A page may say something new though its file is old: what it is made from has changed.
    app.connect("env-get-outdated", lambda app, env, added, changed, removed: sorted(env.found_docs))
    app.connect("source-read", source_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def source_read(app: Any, name: str, source: list[str]) -> None:
    """A page as Sphinx should read it."""
    text = pages.linked(pages.fill(source[0]), name)
    source[0] = notation.typeset(text) if name.startswith("explain/") else text


def inline_math(writer: Any, node: nodes.Node) -> None:
    """A formula within a line."""
    writer.body.append(notation.mathml(node.astext(), display=False))
    raise nodes.SkipNode


def display_math(writer: Any, node: nodes.Node) -> None:
    """A formula on a line of its own; it scrolls where the screen is narrow, and can be reached by keyboard."""
    formula = node.astext().strip()
    label = escape(formula, quote=True)
    writer.body.append(f'<div class="formula" tabindex="0" role="group" aria-label="{label}">')
    writer.body.append(notation.mathml(formula, display=True) + "</div>\n")
    raise nodes.SkipNode
