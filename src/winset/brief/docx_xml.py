"""The elements of WordprocessingML that python-docx has no name for: runs in hyperlinks, bookmarks, fields.

Element names and their order are those of ECMA-376, part 1, chapter 17.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from winset.brief.printing import Names

__all__ = ["Bookmarks", "element", "field", "link", "run"]


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """An element `w:tag` with attributes of the same namespace and children; None among them is left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    for child in children:
        if child is not None:
            made.append(child)
    return made


def run(text: str, style: str = "") -> Any:
    """A run of cleaned text in a character style (by its id); line ends become breaks."""
    made = element("r")
    if style:
        made.append(element("rPr", element("rStyle", val=style)))
    for position, line in enumerate(text.split("\n")):
        if position:
            made.append(element("br"))
        if line:
            words = element("t")
            words.text = line.replace("\t", " ")
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(words)
    return made


def link(*runs: Any, anchor: str = "", relation: str = "", tooltip: str = "") -> Any:
    """A hyperlink to a bookmark or, by the id of a relationship, to the web."""
    made = element("hyperlink", *runs)
    if relation:
        made.set(qn("r:id"), relation)
    else:
        made.set(qn("w:anchor"), anchor)
    if tooltip:
        # Word shows 260 characters and refuses longer ones in its own dialogue.
        made.set(qn("w:tooltip"), tooltip if len(tooltip) <= 255 else tooltip[:254] + "…")
    made.set(qn("w:history"), "1")
    return made


def field(instruction: str, shown: str, style: str = "") -> Any:
    """A field with the result that stands there until Word works it out anew."""
    return element("fldSimple", run(shown, style), instr=f" {instruction} ")


class Bookmarks:
    """Bookmarks for the ids of a document. Word takes names of letters, digits and underscores, 40 at most."""

    def __init__(self) -> None:
        self.name = Names(prefix="b_", joint="_", longest=40)
        self._placed: set[str] = set()

    def place(self, id: str) -> list[Any]:
        """Start and end of the bookmark at its first place; nothing later."""
        if not id or id in self._placed:
            return []
        self._placed.add(id)
        number = str(len(self._placed))
        return [element("bookmarkStart", id=number, name=self.name(id)), element("bookmarkEnd", id=number)]
