"""A set from a file as a further elasticity set of a baseline, in a copy of its folder."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

import yaml

from winset.core.errors import BaselineError, RequestError, UnreadableFileError
from winset.core.files import read_text
from winset.core.names import known
from winset.data.elasticity_files import LARGEST
from winset.data.folder import baseline_files, load_baseline, read_sheet, write_baseline

__all__ = ["with_set"]


def with_set(file: Path, baseline: str, *, name: str, fill: str | None, target: Path) -> list[str]:
    """Write a copy of a baseline with the set of a file added under a name; the sectors that were filled.

    A sector whose estimate is absent or not positive takes its value from the set `fill`, without an error.
    Raises RequestError where there is such a sector and no `fill`, or where the name is taken.
    """
    sheet, about = read_sheet(baseline)
    codes = [sector.code for sector in sheet.sectors]
    if name in sheet.elasticity_sets:
        raise RequestError(f"{baseline} already has a set {name!r}", remedy="Choose another --name")
    if fill is not None:
        known(fill, sheet.elasticity_sets, "elasticity set")
    values, errors, citation = _read(file, codes)
    missing = [code for code in codes if code not in values]
    if missing and fill is None:
        raise RequestError(
            f"{file.name} has no positive elasticity for {', '.join(missing[:10])}",
            remedy="Name a set of the baseline to take them from with --fill",
        )
    if fill is not None:
        values.update({code: sheet.elasticity_sets[fill].values[code] for code in missing})
    note = f"Taken from {fill}: {', '.join(missing)}." if missing else ""
    body: dict[str, Any] = sheet.model_dump(mode="json")
    for one in body["elasticity_sets"].values():
        if one["standard_errors"] is None:
            del one["standard_errors"]
    body["elasticity_sets"][name] = {
        "citation": citation, "note": note, "services": None,
        "values": {code: values[code] for code in codes},
        **({"standard_errors": errors} if errors else {}),
    }  # fmt: skip
    if target.exists() and target.resolve() == baseline_files(baseline)["baseline.yaml"].parent.resolve():
        raise UnreadableFileError(
            "the copy would replace the baseline itself", file=target, remedy="Name a new folder"
        )
    world = load_baseline(baseline)
    arrays = {
        "flows": world.flows, "tariffs": world.tariffs, "value_added_shares": world.value_added_shares,
        "input_shares": world.input_shares,
    }  # fmt: skip
    write_baseline(target, yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=100), arrays, about)
    return missing


def _read(file: Path, codes: list[str]) -> tuple[dict[str, float], dict[str, float], str]:
    rows = csv.DictReader(io.StringIO(read_text(file).lstrip("\ufeff")))
    if not {"sector", "theta"} <= set(rows.fieldnames or ()):
        raise BaselineError(
            "the columns sector and theta are needed", file=file, line=1,
            remedy="Give a file of winset elasticities estimate -o, or one like it",
        )  # fmt: skip
    values: dict[str, float] = {}
    errors: dict[str, float] = {}
    citation, seen = "", set()
    for number, row in enumerate(rows, start=2):
        code = known((row.get("sector") or "").strip(), codes, "sector", file=file, line=number)
        if code in seen:
            raise BaselineError(f"sector {code!r} stands twice", file=file, line=number)
        seen.add(code)
        citation = citation or (row.get("citation") or "").strip()
        theta, error = (_number(row.get(key), key, file, number) for key in ("theta", "standard_error"))
        if theta is not None and 0 < theta <= LARGEST:
            values[code] = theta
            if error is not None and error > 0:
                errors[code] = error
    return values, errors, citation or f"Given by the user in {file.name}"


def _number(text: str | None, key: str, file: Path, line: int) -> float | None:
    cell = (text or "").strip()
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BaselineError(
            f"the {key} {cell!r} is not a number", file=file, line=line, remedy="Mend it or leave it empty"
        )
    return value
