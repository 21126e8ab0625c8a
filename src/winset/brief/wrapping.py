"""Text in lines of a width, worked out without asking any font."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["wrap"]

_PART = "\u200b"
"""Stands, while a text is wrapped, where a long word may be parted: it joins on without a space."""


def _width(text: str, size: float) -> float:
    """Rough width of a text (inches), on the wide side."""
    wide = sum(
        1.0
        if unicodedata.east_asian_width(c) in "WF"
        else 0.0
        if c == _PART
        else 0.3
        if c in " .,ilI'|:;"
        else 0.6
        for c in text
    )
    return wide * size / 72


def wrap(text: str, inches: float, size: float, most: int = 3) -> list[str]:
    """The text in at most `most` lines of a width; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        while _width(word, size) > inches:
            cut = next((n for n in range(len(word), 1, -1) if _width(word[:n], size) <= inches), 1)
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:cut])
            word = word[cut:]
        candidate = line + word if line.endswith(_PART) else f"{line} {word}".strip()
        if line and _width(candidate, size) > inches:
            lines.append(line)
            line = word
        else:
            line = candidate
    if line:
        lines.append(line)
    if len(lines) > most:
        # Whole words go: "Section 23…" would be another section than "Section 232".
        kept = lines[most - 1].split(" ")
        while len(kept) > 1 and _width(" ".join(kept) + "…", size) > inches:
            kept.pop()
        lines = [*lines[: most - 1], " ".join(kept).rstrip(",;:(") + "…"]
    return [line.replace(_PART, "") for line in lines] or [""]


def _words(text: str) -> list[str]:
    """Words, long ones parted after a hyphen between letters."""
    return re.sub(r"(?<=[^\W\d]{3}-)(?=[^\W\d]{3})", _PART + " ", text).split()
