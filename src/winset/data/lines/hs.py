"""Codes of the Harmonized System: editions, and an approximate way from a code to a sector.

`hs_isic.csv` gives an ISIC Rev. 4 division (or group, where sectors split a division) for each chapter, and for
headings whose goods another industry makes. Made for Winset from the public texts of both classifications (World
Customs Organization, HS nomenclature; United Nations Statistics Division, ISIC Rev. 4, Statistical Papers M
4/Rev.4). A code belongs to one industry only, so the table is approximate: no official correspondence is this
short. Give your own concordance where a sector's rate matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from winset.core.errors import BaselineError
from winset.core.names import known
from winset.data.isic import FIRST_SERVICE, divisions
from winset.data.mappings import Concordance, read_concordance

__all__ = ["EDITIONS", "longest", "read_rates_by_code", "sectors_of"]

EDITIONS = ("HS1988", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022", "HS2028")
TABLE = Path(__file__).parent / "hs_isic.csv"
NATIONAL = ("77", "98", "99")
"""Chapters that the HS leaves free: they hold national provisions, and say nothing of an industry."""
METALS = {"A": "241", "B": "242"}
"""OECD splits division 24: A is basic iron and steel, B non-ferrous metals (castings with their metal)."""


@cache
def _table() -> Concordance:
    return read_concordance(TABLE)


def longest(code: str, by_prefix: Mapping[str, str]) -> str | None:
    """The value of the longest prefix of a code, or None."""
    for length in range(len(code), 0, -1):
        if code[:length] in by_prefix:
            return by_prefix[code[:length]]
    return None


def sectors_of(
    codes: Iterable[str], sectors: Sequence[str], own: Path | None = None
) -> tuple[dict[str, str], list[str]]:
    """The sector of each HS code, and the codes that have none (national chapters, industries not in `sectors`).

    own: CSV hs,sector (longest prefix counts; `*` takes the rest); without it the shipped approximate table.
    Raises UnknownNameError for a sector of the CSV that is not one, BaselineError where `sectors` are not ISIC.
    """
    found: dict[str, str] = {}
    left: list[str] = []
    if own is not None:
        mapping = read_concordance(own)
        for sector in mapping.sectors:
            known(sector, sectors, "sector", file=own)
        for code in codes:
            sector_found = mapping.lookup(code)
            if sector_found is None:
                left.append(code)
            else:
                found[code] = sector_found
        return found, left
    home = _homes(sectors)
    for code in codes:
        group = None if code[:2] in NATIONAL else _table().lookup(code)
        place = home.get(group) if group else None
        if place is None:
            left.append(code)
        else:
            found[code] = place
    return found, left


def _homes(sectors: Sequence[str]) -> dict[str, str]:
    """Division or group of the table to the sector that holds it."""
    covered = {sector: divisions(sector) for sector in sectors}
    if not any(covered.values()):
        raise BaselineError(
            f"the sectors are not ISIC codes ({', '.join(list(sectors)[:5])})",
            remedy="Give your own concordance: a CSV of hs,sector",
        )
    homes: dict[str, str] = {}
    for group in set(_table().sector_of.values()):
        having = [sector for sector, parts in covered.items() if int(group[:2]) in parts]
        if len(having) > 1:
            having = [sector for sector in having if _holds(sector, group)]
        if len(having) == 1 and (int(group[:2]) < FIRST_SERVICE or having[0] == "SERV"):
            homes[group] = having[0]
    return homes


def _holds(sector: str, group: str) -> bool:
    """Whether a sector that covers part of a division holds this group of it."""
    match = re.fullmatch(r"[A-U]?(\d{2})(\d?)(?:T\d{2}(\d))?([A-Z]?)", sector)
    if match is None:
        return False
    division, first, last, part = match.groups()
    if part:
        return group[:2] == division and METALS.get(part) == group
    low, high = int(first or 0), int(last or first or 9)
    # A division without a group in our table goes to none of its parts rather than to the wrong one.
    return len(group) == 3 and group[:2] == division and low <= int(group[2]) <= high


def read_rates_by_code(path: Path, what: str) -> dict[str, str]:
    """A CSV of hs,number whose numbers are positive; the prefix as text, the number as text that float() takes."""
    found = read_concordance(path).sector_of
    for code, text in found.items():
        try:
            good = 0 < float(text) < 1000
        except ValueError:
            good = False
        if not good:
            raise BaselineError(
                f"the {what} of {code} is {text!r}, not a number between 0 and 1000",
                file=path,
                remedy="Give magnitudes, positive",
            )
    return found
