"""Small parts that the outline is put together from: numbers with what they rest on, cells, tables, headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from winset.brief.content import BriefContent, Finding
from winset.brief.document import Block, Cell, Heading, Paragraph, Part, Run, Table
from winset.brief.findings import Reference, References, package_title
from winset.brief.formats import hover, unit_text
from winset.brief.words import Words

__all__ = ["DASH", "Pen"]

DASH = "–"
"""Stands where a line does not touch a party."""


class Pen:
    """Writes parts of one brief in one language."""

    def __init__(self, content: BriefContent, words: Words) -> None:
        self.content, self.words = content, words
        self.references = References(content)

    def title(self, package: str) -> str:
        """Title of a package by its name."""
        return package_title(self.content, package)

    # ------------------------------------------------------------------ runs

    def number(self, finding: Finding, *, with_unit: bool = False) -> Run:
        """A number; it leads to the first listed thing that it rests on."""
        target = next((ref.anchor for ref in self.references.of(finding) if ref.anchor), "")
        return Run(finding=finding, with_unit=with_unit, target=target, hover=hover(finding))

    def sign(self, ref: Reference) -> Run:
        """The mark of a source, an assumption or the run."""
        return Run(text=ref.mark, target=ref.anchor, hover=ref.words, style="mark")

    def marks(self, *several: Finding | None) -> Part:
        """What some numbers rest on."""
        return spaced(self.sign(ref) for ref in self.references.of(*several))

    def named(self, names: Iterable[str]) -> Part:
        """Marks of claims and assumptions by their ids."""
        return spaced(self.sign(self.references(name)) for name in names)

    def say(self, text: str, /, **slots: object) -> Part:
        """A sentence of the brief as one run, or as several where a slot holds a number or runs."""
        return self.filled(self.words(text), slots)

    def filled(self, text: str, slots: dict[str, object]) -> Part:
        """A translated sentence with its slots filled; numbers stay numbers."""
        runs: list[Run] = []
        rest = text
        while rest:
            before, brace, after = rest.partition("{")
            if before:
                runs.append(Run(text=before))
            if not brace:
                break
            name, _, rest = after.partition("}")
            found = slots[name]
            if isinstance(found, Finding):
                runs.append(self.number(found, with_unit=True))
            elif isinstance(found, Run):
                runs.append(found)
            elif isinstance(found, tuple):
                runs.extend(found)
            else:
                runs.append(Run(text=str(found)))
        return tuple(runs)

    # ------------------------------------------------------------------ cells and tables

    def text(self, text: str, *, hover: str = "", id: str = "") -> Cell:
        """A cell of words."""
        return Cell(runs=(Run(text=text, hover=hover),), id=id)

    def head(self, text: str, *, number: bool = False, small: str = "") -> Cell:
        """A cell that names its row or column."""
        runs = [Run(text=text)]
        if small:
            runs.append(Run(text=f" {small}", style="small"))
        return Cell(runs=tuple(runs), kind="head")

    def cell(self, finding: Finding | None, *extra: Run) -> Cell:
        """A number in a table, or the dash that says that there is none."""
        if finding is None:
            none = Run(text=DASH, hover=self.words("This line does not touch this party"))
            return Cell(runs=(none, *extra), kind="number")
        return Cell(runs=(self.number(finding), *extra), kind="number")

    def unlike(self, caption: Sequence[Finding], cells: Sequence[Finding | None]) -> str:
        """Unit and horizon of a row where they are not those that the caption states."""
        units, horizons = {f.unit for f in caption}, {f.horizon for f in caption}
        said = [unit_text(f.unit) for f in cells if f and f.unit not in units]
        said += [f.horizon for f in cells if f and f.horizon not in horizons]
        return "; ".join(dict.fromkeys(said))

    def table(
        self, id: str, name: str, caption: str | Part, head: Sequence[Cell], rows: Iterable[Sequence[Cell]],
        *, total: bool = False, wordy: bool = False, ids: tuple[str, ...] = (),
    ) -> Table:  # fmt: skip
        """A table; a caption of plain words is one run."""
        runs = (Run(text=caption),) if isinstance(caption, str) else caption
        body = tuple(tuple(row) for row in rows)
        return Table(
            id=id, name=name, caption=runs, head=tuple(head), rows=body, total=total, wordy=wordy, ids=ids
        )

    # ------------------------------------------------------------------ blocks

    def heading(self, id: str, level: int, text: str) -> Heading:
        """A heading in the reader's language; `text` is a key of the catalogue."""
        return Heading(id=id, level=level, text=self.words(text))  # type: ignore[arg-type]

    def empty(self, text: str) -> Paragraph:
        """What is said where there is nothing to show."""
        return Paragraph(runs=(Run(text=self.words(text)),), style="empty")

    def paragraph(self, text: str, /, **slots: object) -> Paragraph:
        """A paragraph of the brief's own words."""
        return Paragraph(runs=self.say(text, **slots))

    def fine(self, text: str, /, **slots: object) -> Paragraph:
        """Small print."""
        return Paragraph(runs=self.say(text, **slots), style="fine")


def spaced(runs: Iterable[Run]) -> Part:
    """Runs with a space between each two."""
    found: list[Run] = []
    for run in runs:
        if found:
            found.append(Run(text=" ", style="mark"))
        found.append(run)
    return tuple(found)


def joined(blocks: Iterable[Iterable[Block]]) -> tuple[Block, ...]:
    """Sections one after the other."""
    return tuple(block for several in blocks for block in several)
