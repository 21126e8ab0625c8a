"""Typst, fenced in: a template of ours, data and pictures held in memory, the fonts that travel with the program.

Nothing else can be read: the root is an empty folder, and no text reaches the template as markup.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from typing import Any

from winset.brief.figures_style import WIDTH
from winset.brief.fonts import FOLDER, HANGUL, SANS, uncovered
from winset.brief.printing import clean

__all__ = ["own_fonts", "png", "typeset"]

_PICTURE = """#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("picture.svg", width: {points}pt)"""


def typeset(files: Mapping[str, bytes], text: str, **options: Any) -> bytes:
    """Set `main.typ` of some files; `options` are those of `typst.compile`. `text` is all that will be drawn.

    Characters that the shipped fonts lack are looked for in the fonts of the machine; only then can the result
    differ from one machine to another.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=bool(uncovered(text)), font_paths=[str(FOLDER)])
    # Its annotations leave out that several files may be given as a dictionary.
    given: Any = dict(files)
    with tempfile.TemporaryDirectory() as empty:
        made: bytes = typst.compile(given, root=empty, font_paths=fonts, **options)
    return made


def own_fonts(svg: str) -> str:
    """A picture with its text in the fonts that travel with the program."""
    family = f"'{SANS}', '{HANGUL}'"
    svg = re.sub(r"(font-family:)[^;\"]*", rf"\1{family}", clean(svg))
    return re.sub(r"(font: [^;\"]*?px) [^;\"]*", rf"\1 {family}", svg)


def png(svg: str, dpi: int) -> bytes:
    """A picture as PNG on white, with so many dots to an inch of its view box (whose unit is the point)."""
    drawn = own_fonts(svg)
    box = re.search(r'viewBox="[\d.]+ [\d.]+ (\d+(?:\.\d+)?) ', drawn)
    points = float(box.group(1)) if box else WIDTH * 72
    files = {"main.typ": _PICTURE.format(points=points).encode(), "picture.svg": drawn.encode()}
    return typeset(files, drawn, format="png", ppi=float(dpi))
