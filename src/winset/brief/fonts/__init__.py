"""The type that travels with the program, so that a brief looks the same on a machine without fonts.

Source Sans 3 (regular, italic, bold; unchanged) for Latin, Greek and Cyrillic; Noto Sans KR (regular, bold)
cut down by `make_hangul.py` to the syllables of KS X 1001. Both under the SIL Open Font License, beside this file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["FOLDER", "HANGUL", "SANS", "font_files", "uncovered"]

FOLDER = Path(__file__).parent
"""Where the font files lie."""
SANS = "Source Sans 3"
"""Family of the Latin font."""
HANGUL = "Noto Sans KR"
"""Family of the Korean font."""

_LATIN_FILES = ("SourceSans3-Regular.ttf", "SourceSans3-Bold.ttf", "SourceSans3-Italic.ttf")
_HANGUL_FILES = ("NotoSansKR-Regular-KSX1001.ttf", "NotoSansKR-Bold-KSX1001.ttf")


def font_files(language: str = "") -> tuple[Path, ...]:
    """Font files that a text in this language (ISO 639) needs, regular first; every file without a language."""
    names = _LATIN_FILES if language and language != "ko" else _LATIN_FILES + _HANGUL_FILES
    return tuple(FOLDER / name for name in names)


@cache
def _covered() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    points: set[int] = set()
    for name in (_LATIN_FILES[0], _HANGUL_FILES[0]):
        points.update(FT2Font(str(FOLDER / name)).get_charmap())
    return frozenset(points)


def uncovered(text: str) -> frozenset[str]:
    """Characters of a text that none of the shipped fonts can draw; white space is not counted."""
    return frozenset(c for c in set(text) if ord(c) not in _covered() and not c.isspace())
