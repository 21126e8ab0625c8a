"""Which ISIC Rev. 4 divisions a sector code covers, in the spellings of OECD, WIOD and the shipped baseline.

Source of sections and divisions: United Nations Statistics Division, International Standard Industrial
Classification of All Economic Activities, Revision 4, Statistical Papers M 4/Rev.4 (2008).
"""

from __future__ import annotations

import re

__all__ = ["FIRST_SERVICE", "divisions"]

SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47),
    "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82),
    "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
FIRST_SERVICE = 35
"""From this division on nothing crosses a border as a good (electricity, construction, services)."""
END = re.compile(r"(?P<section>[A-U])?(?P<digits>\d{2,4})?(?P<part>[A-Z])?")


def divisions(code: str) -> frozenset[int]:
    """Two-digit divisions of a code ("C10T12", "C10-C12", "A01_02", "R_S", "C302T309", "SERV"); empty if none."""
    if code == "SERV":
        return frozenset(range(FIRST_SERVICE, 100))
    found: set[int] = set()
    for token in re.split("[_,]", code):
        ends = re.split(r"(?<=\d)T(?=\d)|-", token)
        spans = [_span(end) for end in ends]
        if len(ends) > 2 or any(span is None for span in spans):
            return frozenset()
        bounds = [span for span in spans if span is not None]
        found.update(range(bounds[0][0], bounds[-1][1] + 1))
    return frozenset(found)


def _span(end: str) -> tuple[int, int] | None:
    match = END.fullmatch(end)
    if match is None or not end:
        return None
    digits = match["digits"]
    if digits:
        return int(digits[:2]), int(digits[:2])
    if match["section"] and not match["part"]:
        return SECTIONS[match["section"]]
    return None
