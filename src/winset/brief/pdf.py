"""The brief as PDF, set by Typst: tagged, with bookmarks, its fonts inside, and the same bytes each time.

The template `templates/brief.typ` is fixed. Texts, numbers and pictures reach it as JSON and as files held in
memory, so nothing that a case or a document says is ever read as markup, and no file of the machine can be named.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

from winset.brief.columns import layout, numeric
from winset.brief.document import (
    Block,
    Bullets,
    Cell,
    Definitions,
    Document,
    Heading,
    Illustration,
    KeyNumbers,
    PageBreak,
    Paragraph,
    Part,
    Run,
    Side,
    Table,
)
from winset.brief.fonts import HANGUL, SANS
from winset.brief.printing import Names, clean, date_of, ids_of, kept, number_of, safe_url
from winset.brief.typeset import own_fonts, typeset
from winset.brief.words import Words

__all__ = ["write_pdf"]

_TEXT_WIDTH = 493.2
"""Points: A4 without margins of 18 mm."""
_PIECE = 12
"""Characters; a word longer than two such pieces may be cut between them."""
_CUT = "\u200b"
"""Zero-width space: a line may end here."""
_LONG_CELL = 45
"""Lines; a row that is taller may go on over the page."""
_ONE_PIECE = 34
"""Lines; a table that takes fewer is kept on one page."""
_SERIF = "Libertinus Serif"
"""Comes with Typst."""


def write_pdf(document: Document) -> bytes:
    """The whole brief as one PDF (A4, PDF/UA-1). The same document gives the same bytes."""
    import typst

    builder = _Builder(document)
    text = json.dumps(builder.data(), ensure_ascii=False)
    template = (files("winset.brief") / "templates" / "brief.typ").read_bytes()
    inputs = {"main.typ": template, "brief.json": text.encode(), **builder.files}
    drawn = text + "".join(body.decode() for body in builder.files.values())
    options: dict[str, Any] = {"format": "pdf", "timestamp": int(date_of(document).timestamp())}
    try:
        return typeset(inputs, drawn, pdf_standards=["ua-1"], **options)
    except typst.TypstError:
        # A character that no font draws may not stand in a file that claims PDF/UA; the rest is as good.
        return typeset(inputs, drawn, **options)


class _Builder:
    """Document to what the template reads."""

    def __init__(self, document: Document) -> None:
        self.files: dict[str, bytes] = {}
        self._document = document
        self._words = Words(document.language)
        self._known = ids_of(document)
        self._names = Names()
        self._given: set[str] = set()
        self._tables = self._pictures = 0

    def data(self) -> dict[str, Any]:
        document = self._document
        date = date_of(document)
        korean = document.language == "ko"
        sans = [SANS, HANGUL]
        title = clean(document.title).strip() or self._words("Brief")
        return {
            "title": title,
            "author": "Winset",
            "description": clean(str(document.manifest.get("id", ""))),
            "date": {"year": date.year, "month": date.month, "day": date.day},
            "lang": document.language,
            "region": "KR" if korean else "GB",
            "fonts": {"sans": sans, "serif": sans if korean else [_SERIF, *sans]},
            "footer": title,
            "blocks": self._blocks(document.blocks),
        }

    def _blocks(self, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
        return [self._block(block) | {"keep": keep} for block, keep in zip(blocks, kept(blocks), strict=True)]

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading():
                return {"b": "heading", "id": self._id(block.id), "level": block.level, "t": _text(block.text)}
            case Paragraph():
                return {"b": "paragraph", "style": block.style, "r": self._part(block.runs)}
            case Bullets():
                ids = block.ids or ("",) * len(block.items)
                items = [{"id": self._id(i), "r": self._part(p)} for i, p in zip(ids, block.items, strict=True)]
                return {"b": "bullets", "style": block.style, "items": items}
            case Definitions():
                return {
                    "b": "definitions",
                    "items": [
                        {"term": _text(term), "parts": [self._part(part) for part in parts]}
                        for term, parts in block.items
                    ],
                }
            case KeyNumbers():
                return {
                    "b": "key",
                    "items": [
                        {
                            "n": self._run(Run(finding=finding, with_unit=True)),
                            "what": self._part(what),
                            "fine": self._part(fine),
                        }
                        for finding, what, fine in block.items
                    ],
                }
            case Table():
                return self._table(block)
            case Illustration():
                return self._picture(block)
            case Side():
                return {"b": "side", "left": self._blocks(block.left), "right": self._blocks(block.right)}
            case PageBreak():
                return {"b": "break"}

    def _id(self, name: str) -> str:
        """The id, for the first place that asks for it."""
        if not name or name in self._given:
            return ""
        self._given.add(name)
        return self._names(name)

    def _part(self, part: Part) -> list[dict[str, Any]]:
        return [self._run(run) for run in part]

    def _run(self, run: Run, *, tight: bool = False) -> dict[str, Any]:
        made: dict[str, Any] = {"s": run.style}
        if run.finding is not None:
            number = number_of(run.finding, with_unit=run.with_unit)
            made |= {"s": "number", "t": number.value, "unit": number.unit, "band": number.joined(tight=tight)}
        else:
            made["t"] = _text(run.text)
        if run.target in self._known:
            made["to"] = self._names(run.target)
        elif url := safe_url(run.url):
            made["url"] = url
        return made

    def _table(self, table: Table) -> dict[str, Any]:
        self._tables += 1
        look = layout(table, _TEXT_WIDTH)

        def cell(one: Cell) -> dict[str, Any]:
            return {"k": one.kind, "id": self._id(one.id), "r": [self._run(r, tight=look.tight) for r in one.runs]}

        return {
            "b": "table",
            "id": self._id(table.id),
            "label": f"{self._words('Table')} {self._tables}.",
            "caption": self._part(table.caption),
            "head": [cell(one) for one in table.head],
            "rows": [[cell(one) for one in row] for row in table.rows],
            "ids": [self._id(one) for one in table.ids],
            "total": table.total and bool(table.rows),
            "hyphenate": look.tight,
            "numeric": numeric(table),
            "shares": look.shares or (1.0,),
            "size": look.size,
            "long": look.tallest > _LONG_CELL,
            "breakable": look.lines > _ONE_PIECE,
        }

    def _picture(self, block: Illustration) -> dict[str, Any]:
        self._pictures += 1
        picture = block.picture
        name = f"picture-{self._pictures}.svg"
        self.files[name] = own_fonts(picture.svg).encode()
        return {
            "b": "picture",
            "id": self._id(picture.id),
            "label": f"{self._words('Figure')} {self._pictures}.",
            "title": clean(picture.title).rstrip(".") + ".",
            "caption": clean(picture.caption),
            "source": clean(picture.source),
            "alt": clean(picture.alt) or clean(picture.title),
            "file": name,
            "format": "svg",
            "width": 1,
        }


def _text(text: str) -> str:
    """The text, with places where a word that is too long for a line may be cut."""

    def cut(match: re.Match[str]) -> str:
        word = match.group()
        return _CUT.join(word[n : n + _PIECE] for n in range(0, len(word), _PIECE))

    return re.sub(rf"\S{{{2 * _PIECE + 1},}}", cut, clean(text))
