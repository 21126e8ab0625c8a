"""Text in lines of a width, worked out without asking any font."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["drawable", "text_width", "wrap"]

_PART = "\u200b"
"""Stands, while a text is wrapped, where a long word may be parted: it joins on without a space."""

# Widths as shares of the type size, those of DejaVu Sans: among the widest of common sans-serif fonts.
_WIDTHS = {
    letter: width
    for letters, width in (
        ("ijl'|", 0.3), ("I.,:; ", 0.34), ("f()[]!/\u2018\u2019\u00b7-", 0.4), ("rt", 0.42),
        ("\"*\u201c\u201d", 0.52),
        ("csz_", 0.56), ("JkvxyL?", 0.6), ("FTYSEPZ", 0.68), ("wM+=<>~&\u2212\u00b1", 0.86), ("GOQN", 0.79),
        ("mW%@\u2026\u2014", 1.0),
    )
    for letter in letters
}  # fmt: skip


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Rough width of a text (inches) at a type size (points), on the wide side.

    Hangul and Hanja are a full square; bold type is a tenth broader.
    """
    return sum(map(_width, text)) * size / 72 * (1.1 if bold else 1.0)


def _width(letter: str) -> float:
    if letter == _PART or unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return _WIDTHS.get(letter, 0.74 if letter.isupper() else 0.64)


def drawable(text: str) -> str:
    """A text without what no font draws: controls, halves of pairs, marks that turn the direction."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Cf") else c for c in text)


def wrap(text: str, inches: float, size: float, most: int = 3, *, bold: bool = False) -> list[str]:
    """The text in at most `most` lines of a width; what does not fit ends in an ellipsis."""

    def width(words: str) -> float:
        return text_width(words, size, bold=bold)

    lines: list[str] = []
    line = ""
    for word in _words(drawable(text)):
        if len(lines) > most:
            break  # a text of any length costs no more than what is shown of it
        while width(word) > inches:
            cut = _fits(word, inches, size, bold)
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:cut])
            word = word[cut:]
            if len(lines) > most:
                break
        candidate = line + word if line.endswith(_PART) else f"{line} {word}".strip()
        if line and width(candidate) > inches:
            lines.append(line)
            line = word
        else:
            line = candidate
    if line:
        lines.append(line)
    if len(lines) > most:
        # Whole words go: "Section 23…" would be another section than "Section 232".
        kept = lines[most - 1].split(" ")
        while len(kept) > 1 and width(" ".join(kept) + "…") > inches:
            kept.pop()
        last = " ".join(kept).rstrip(",;:(")
        while len(last) > 1 and width(last + "…") > inches:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return [line.replace(_PART, "") for line in lines] or [""]


def _fits(word: str, inches: float, size: float, bold: bool) -> int:
    """How many letters of a word fit, at least one."""
    used, scale = 0.0, size / 72 * (1.1 if bold else 1.0)
    for position, letter in enumerate(word):
        used += _width(letter) * scale
        if used > inches:
            return max(position, 1)
    return len(word)


def _words(text: str) -> list[str]:
    """Words, long ones parted after a hyphen between letters."""
    return re.sub(r"(?<=[^\W\d]{3}-)(?=[^\W\d]{3})", _PART + " ", text).split()
