"""Trade elasticities for a world that is being built: published sets by ISIC division, or the user's file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from winset.core.errors import BaselineError
from winset.core.files import read_text
from winset.core.names import known
from winset.data.folder import read_sheet
from winset.data.isic import FIRST_SERVICE, divisions
from winset.data.source_files import cells_of

__all__ = ["Sets", "published_sets", "read_elasticities"]

Sets = dict[str, dict[str, Any]]
"""By set name: citation, note, services, values by sector code."""
REFERENCE = "icio-2022"
"""The shipped baseline whose sheet holds the published sets."""
BESIDE = ("name", "note", "citation", "source", "standard_error", "robust_error", "slope", "observations",
          "dropped", "clusters", "flags", "remarks")  # fmt: skip
"""Columns that are no set: words, and what `winset elasticities estimate` says of its estimates."""
LARGEST = 200.0
"""An elasticity above this is a mistake of unit or column."""


def published_sets(sectors: Sequence[str], *, isic: bool) -> Sets:
    """The published sets on these sectors: by division where codes are ISIC, the uniform sets alone otherwise.

    A sector that covers several groups of a set takes their simple mean; services take the set's value for
    services.
    """
    sheet, _ = read_sheet(REFERENCE)
    groups = {sector.code: divisions(sector.code) for sector in sheet.sectors}
    covered = {code: divisions(code) if isic else frozenset() for code in sectors}
    sets: Sets = {}
    for name, one in sheet.elasticity_sets.items():
        uniform = len({*one.values.values(), one.services}) == 1
        values: dict[str, float] = {}
        for code, parts in covered.items():
            near = [one.values[g] for g, own in groups.items() if parts & own and g != "SERV"]
            if isic and code in one.values:
                values[code] = one.values[code]
            elif one.services is not None and (uniform or (parts and min(parts) >= FIRST_SERVICE)):
                values[code] = one.services
            elif near:
                values[code] = sum(near) / len(near)
        if len(values) == len(sectors):
            sets[name] = {"citation": one.citation, "note": one.note, "services": one.services, "values": values}
    return sets


def read_elasticities(path: Path, sectors: Sequence[str]) -> Sets:
    """Sets from a CSV: a column `sector`, then one column of positive elasticities a set (name: any).

    Raises UnknownNameError for a sector the world does not have, BaselineError for one that is missing, stands
    twice or is not a positive number.
    """
    text = read_text(path).lstrip("\ufeff").splitlines()
    lines = [cells_of(line, path, number) for number, line in enumerate(text, start=1)]
    header = [cell.strip() for cell in lines[0]] if lines else []
    if not header or header[0].casefold() != "sector" or len(header) < 2:
        raise BaselineError(
            f"the first column must be 'sector' and a column of elasticities must follow; found {header}",
            file=path, line=1, remedy="For example: sector,theta",
        )  # fmt: skip
    names = [name for name in header[1:] if name and name.casefold() not in BESIDE]
    values: dict[str, dict[str, float]] = {name: {} for name in names}
    errors: dict[str, float] = {}
    for number, row in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        code = known(cells[0], sectors, "sector", file=path, line=number)
        for name in names:
            cell = cells[header.index(name)] if len(cells) > header.index(name) else ""
            try:
                theta = float(cell)
            except ValueError:
                theta = math.nan
            if not 0 < theta <= LARGEST:
                raise BaselineError(
                    f"the elasticity of {code} in {name!r} is {cell or 'empty'}, not a number between 0 and "
                    f"{LARGEST:g}",
                    file=path, line=number, remedy="Give theta = sigma - 1, positive",
                )  # fmt: skip
            if code in values[name]:
                raise BaselineError(f"sector {code!r} stands twice", file=path, line=number)
            values[name][code] = theta
    if "standard_error" in header and len(names) == 1:
        errors = _standard_errors(lines, header, path)
    missing = [code for code in sectors if names and code not in values[names[0]]]
    if missing or not names:
        raise BaselineError(
            f"no elasticity for {', '.join(missing[:10])}" if names else "no column of elasticities",
            file=path, remedy="Add a line for each sector of the world",
        )  # fmt: skip
    return {
        name: {
            "citation": f"Given by the user in {path.name}",
            "note": "",
            "services": _services(of),
            "values": of,
            **({"standard_errors": errors} if errors else {}),
        }
        for name, of in values.items()
    }


def _standard_errors(lines: list[list[str]], header: list[str], path: Path) -> dict[str, float]:
    """The column of standard errors by sector; empty cells have none."""
    place = header.index("standard_error")
    found: dict[str, float] = {}
    for number, row in enumerate(lines[1:], start=2):
        cell = row[place].strip() if len(row) > place else ""
        if not cell:
            continue
        try:
            error = float(cell)
        except ValueError:
            error = math.nan
        if not 0 < error < math.inf:
            raise BaselineError(
                f"the standard error {cell!r} is not a positive number", file=path, line=number,
                remedy="Leave it empty where there is none",
            )  # fmt: skip
        found[row[0].strip()] = error
    return found


def _services(values: dict[str, float]) -> float | None:
    """The value used for services, where they all have one."""
    service = {
        theta for code, theta in values.items() if divisions(code) and min(divisions(code)) >= FIRST_SERVICE
    }
    return service.pop() if len(service) == 1 else None
