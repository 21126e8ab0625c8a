"""The look of all pictures: colours, hatches, fonts. Importing this module does not import matplotlib."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files

__all__ = [
    "GAIN",
    "GRID",
    "HATCH",
    "INK",
    "LOSS",
    "MUTED",
    "PAPER",
    "STACK",
    "WIDTH",
    "luminance",
    "style",
    "type_on",
]

WIDTH = 6.85
"""Width of every picture (inches): that of the text on A4 with 18 mm margins, so type prints full size."""

# Okabe and Ito's palette: told apart by every common kind of colour vision.
GAIN, LOSS, INK = "#0072B2", "#D55E00", "#1a1a1a"
MUTED, GRID, PAPER = "#595959", "#d9d9d9", "#ffffff"

HATCH = "/////"
"""Over every loss, so that losses and gains survive a grey print."""

STACK = (
    "'Source Sans 3', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'Noto Sans KR', "
    "'Noto Sans CJK KR', 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif"
)
"""Fonts of the text in an SVG, the first that the reader has."""

_COMMON = "\u2212\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2192\u2191"
_OWN = ("Source Sans 3", "Noto Sans KR")
_HANGUL = ("Noto Sans CJK KR", "Noto Sans CJK JP", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic")


@cache
def _families() -> tuple[str, ...]:
    """Font families that are there, own ones first; looked for once in a process."""
    from matplotlib.font_manager import fontManager

    folder = files("winset.brief") / "fonts"
    if folder.is_dir():
        for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if one.name.lower().endswith((".ttf", ".otf")):
                with as_file(one) as path:
                    fontManager.addfont(path)
    known = set(fontManager.get_font_names())
    own = [name for name in _OWN if name in known]
    # matplotlib brings DejaVu Sans; a Hangul font of the machine stands in for what our own lacks.
    return (*own, "DejaVu Sans", *[name for name in _HANGUL if name in known][:1])


def families(text: str) -> tuple[str, ...]:
    """Font families for a text. Those for Hangul and the like are asked only where it holds some: asking costs."""
    every = _families()
    return (
        every
        if any(ord(c) > 0x10FF for c in text if c not in _COMMON)
        else tuple(name for name in every if name in ("Source Sans 3", "DejaVu Sans"))
    )


@contextmanager
def style(salt: str) -> Iterator[None]:
    """The look of all pictures; the settings of the process are as before when it ends."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        # Measured in a font without Hangul, such text is a little narrow; the reader's own font draws it.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": list(families(text="")),
                "font.size": 8,
                "text.color": INK,
                "text.parse_math": False,  # "$350bn against $100bn" is money, not a formula
                "svg.fonttype": "none",
                "svg.hashsalt": salt,
                "hatch.linewidth": 0.6,
                "axes.linewidth": 0.6,
            }
        )
        yield


def luminance(color: str | tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    if isinstance(color, str):
        color = tuple(int(color[k : k + 2], 16) / 255 for k in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def type_on(fill: str | tuple[float, ...]) -> str:
    """Black or white type, whichever stands out more on a fill: one of the two always has a contrast above 4.5."""
    at = luminance(fill)
    return "#000000" if (at + 0.05) ** 2 >= 1.05 * 0.05 else PAPER
