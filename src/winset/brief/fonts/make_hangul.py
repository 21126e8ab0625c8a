"""Make the Korean fonts of the brief: Noto Sans KR cut down to what Korean print needs.

Run by hand, and only when the fonts change (needs fontTools):

    python src/winset/brief/fonts/make_hangul.py NotoSansKR-Regular.ttf NotoSansKR-Bold.ttf

Kept are the 2,350 syllables of KS X 1001, the jamo that stand alone, and the punctuation of Korean text; Latin
letters and digits come from the Latin font. Hinting and layout features are dropped. The same input gives the same
bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["characters"]

_PUNCTUATION = (0x00B7, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x20A9, 0x203B)


def characters() -> list[int]:
    """Code points of the cut-down fonts."""
    # Python's EUC-KR also writes the other 8,822 syllables, in eight bytes; those of the standard take two.
    syllables = [point for point in range(0xAC00, 0xD7A4) if len(chr(point).encode("euc_kr")) == 2]
    jamo = range(0x3131, 0x3164)
    brackets = range(0x3000, 0x3020)
    full_width = range(0xFF01, 0xFF5F)
    return sorted({0x20, *syllables, *jamo, *brackets, *full_width, *_PUNCTUATION})


def _cut(source: Path, target: Path) -> None:
    from fontTools import subset

    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.recalc_timestamp = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters())
    worker.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    folder = Path(__file__).parent
    for name in sys.argv[1:]:
        _cut(Path(name), folder / f"{Path(name).stem.replace('_', '-')}-KSX1001.ttf")
