"""One sheet of the workbook: texts that can never be formulas, numbers with their own format, links inside."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from winset.brief.content import Finding
from winset.brief.formats import in_shown_unit, value_text
from winset.brief.printing import clean

__all__ = ["Book", "Sheet", "sheet_name"]

_LONGEST = 32_767
"""UTF-16 units in a cell of Excel."""
_WIDEST, _NARROWEST = 60.0, 8.0
"""Characters across a column."""
_LINE = 110.0
"""Characters across a caption."""
_LEADING, _TALLEST = 13.5, 400.0
"""Points from line to line, and of a row at most."""

_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "text": {"text_wrap": True, "valign": "top"},
    "plain": {"valign": "top"},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1},
    "head-number": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "align": "right"},
    "caption": {"font_color": "#555555", "text_wrap": True, "valign": "top"},
    "strong": {"bold": True, "valign": "top"},
    "small": {"font_color": "#555555", "font_size": 8, "valign": "top"},
    "link": {"font_color": "#0B4F86", "underline": 1, "valign": "top"},
    "small-link": {"font_color": "#0B4F86", "font_size": 8, "valign": "top"},
}


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 characters, none of []:*?/\\, no quote at an end, none twice."""
    name = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", clean(wanted)).split()).strip("'")
    # Excel counts in UTF-16, and keeps "History" for itself.
    name = _cut(name, 31).strip("' ") or "Sheet"
    name = f"{name} 1" if name.casefold() == "history" else name
    stem, count = name, 1
    while name.casefold() in taken:
        count += 1
        end = f" {count}"
        name = _cut(stem, 31 - len(end)) + end
    taken.add(name.casefold())
    return name


def _cut(text: str, units: int) -> str:
    """The text, cut to so many UTF-16 units, never within a character."""
    if len(text) * 2 <= units or len(text.encode("utf-16-le")) // 2 <= units:
        return text
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", errors="ignore")


@dataclass(kw_only=True)
class Book:
    """The workbook, with its formats made once each."""

    workbook: Any
    """Of XlsxWriter."""
    taken: set[str]
    """Names of sheets given, in lower case."""
    formats: dict[str, Any]

    def format(self, name: str) -> Any:
        """A format by its name, or a number format by its pattern."""
        if name not in self.formats:
            facts = _FORMATS.get(name) or {"num_format": name, "valign": "top"}
            self.formats[name] = self.workbook.add_format(facts)
        return self.formats[name]

    def sheet(self, wanted: str) -> Sheet:
        """A new sheet at the end."""
        name = sheet_name(wanted, self.taken)
        return Sheet(self, self.workbook.add_worksheet(name), name)


class Sheet:
    """Writes cells, and remembers how wide their columns and how tall their rows must be."""

    def __init__(self, book: Book, worksheet: Any, name: str) -> None:
        self.book, self.name = book, name
        self.worksheet = worksheet
        self._widths: dict[int, float] = {}
        self._wrapped: list[tuple[int, int, str]] = []
        self._across: list[tuple[int, int, str, str]] = []
        self._right = self._bottom = 0
        worksheet.hide_gridlines(2)
        worksheet.set_paper(9)
        worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)

    def text(self, row: int, column: int, text: str, style: str = "text", *, measured: bool = True) -> None:
        """A text, whatever it begins with; what is longer than a cell of Excel is cut and ends in an ellipsis."""
        text = self._string(row, column, text, style)
        if measured:
            self._measure(column, max(map(_across, text.split("\n"))))
        if "text_wrap" in _FORMATS.get(style, {}):
            self._wrapped.append((row, column, text))

    def across(self, row: int, column: int, text: str, style: str = "caption") -> None:
        """A text over as many columns from this one on as a line of it needs."""
        if text:
            self._across.append((row, column, text, style))

    def _string(self, row: int, column: int, text: str, style: str) -> str:
        text = clean(text)
        if len(cut := _cut(text, _LONGEST)) < len(text):
            text = _cut(cut, _LONGEST - 1) + "…"
        self.worksheet.write_string(row, column, text, self.book.format(style))
        return text

    def number(self, row: int, column: int, value: float, pattern: str) -> None:
        """A number as a number; what is not finite as words."""
        if math.isfinite(value):
            self.worksheet.write_number(row, column, value, self.book.format(pattern))
        else:
            self.text(row, column, "not computed", "plain")
        self._measure(column, 10.0)

    def finding(self, row: int, column: int, one: Finding) -> None:
        """Value, low and high in three columns, in the unit in which they are printed."""
        for offset, value in enumerate((one.value, one.low, one.high)):
            self.number(row, column + offset, in_shown_unit(value, one.unit), pattern(one))

    def link(self, row: int, column: int, sheet: str, text: str, style: str = "link", *, at: str = "A1") -> None:
        """A link to a cell of another sheet."""
        quoted = sheet.replace("'", "''")
        self.worksheet.write_url(row, column, f"internal:'{quoted}'!{at}", self.book.format(style), clean(text))
        self._measure(column, min(_across(text), 14.0) if style == "small-link" else _across(text))

    def url(self, row: int, column: int, address: str) -> None:
        """A link to the web; the address has been found safe."""
        self.worksheet.write_url(row, column, address, self.book.format("link"), address)
        self._measure(column, 40.0)

    def head(
        self, row: int, texts: Sequence[str], numbers: Sequence[bool], count: int, *, fixed: bool = True
    ) -> None:
        """The head of a table whose `count` rows follow; fixed: it stays in sight and is repeated on paper."""
        self._right = len(texts) - 1
        self.reserve(row + count)
        for column, (text, number) in enumerate(zip(texts, numbers, strict=True)):
            self.text(row, column, text, "head-number" if number else "head", measured=False)
            self._measure(column, min(max(map(_across, text.split()), default=0.0), 24.0))

        if fixed:
            self.worksheet.freeze_panes(row + 1, 1)
            self.worksheet.repeat_rows(row)
        if fixed and count >= 15:
            self.worksheet.autofilter(row, 0, row + count, len(texts) - 1)

    def reserve(self, row: int) -> None:
        """Print down to this row at least."""
        self._bottom = max(self._bottom, row)

    def close(self) -> None:
        """Set widths and heights; to be called once, after the last cell."""
        widths = {n: min(max(width + 2, _NARROWEST), _WIDEST) for n, width in self._widths.items()}
        for column, width in widths.items():
            self.worksheet.set_column(column, column, width)
        heights: dict[int, int] = {}
        for row, column, text in self._wrapped:
            heights[row] = max(heights.get(row, 1), _lines(text, widths.get(column, _NARROWEST)))
        for row, first, text, style in self._across:
            last, room = first, widths.get(first, _NARROWEST)
            while room < min(_LINE, _across(text)) and last < first + 20:
                last += 1
                room += widths.get(last, 9.0)
            if last > first:
                # The words are written as a string of their own: a merged range would guess at what they are.
                self.worksheet.merge_range(row, first, row, last, "", self.book.format(style))
            self._string(row, first, text, style)
            heights[row] = max(heights.get(row, 1), _lines(text, room))
        # What runs on beyond the last column, and the cells that only a chart reads, stay off paper.
        self.worksheet.print_area(0, 0, self._bottom, max(self._right, 7))
        for row, count in heights.items():
            if count > 1:
                self.worksheet.set_row(row, min(_LEADING * count + 2, _TALLEST))

    def _measure(self, column: int, width: float) -> None:
        self._widths[column] = max(self._widths.get(column, 0.0), width)


def _across(text: str) -> float:
    """Characters across, a Korean syllable counted as two."""
    return sum(1.9 if "\u1100" <= c <= "\uffdc" and not "\u2000" <= c <= "\u2bff" else 1.0 for c in text)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column so many characters wide."""
    return sum(int(_across(line) * 0.95 / width) + 1 for line in text.split("\n"))


def pattern(one: Finding) -> str:
    """Number format with as many digits after the point as are printed, signed where a change is."""
    after = value_text(one).partition(".")[2]
    digits = "#,##0" + (f".{'0' * len(after)}" if after.isdigit() else "")
    return f"+{digits};-{digits};{digits}" if one.against else digits
