"""What leaves the page as a file: a package for the case folder, an account as a table.

A package is written whole, never over a file of its name, after the very checks that opening the case makes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from winset.core.casefile import parse_yaml, validate
from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import inside
from winset.package.case import Case
from winset.package.folder import SHIPPED
from winset.package.packages import Package, check_package
from winset.package.terms import Commitment

__all__ = ["account_csv", "named", "package_text", "rounded_years", "save_package", "why_not_own"]

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])")
"""Names that mean a device on Windows; a case may be carried there."""
TITLE = 200
SUMMARY = 2000


def why_not_own(folder: Path) -> str:
    """Why nothing may be written into this case, or nothing."""
    if folder.resolve().is_relative_to(SHIPPED.resolve()):
        return "This case comes with the program and is not changed; copy its folder to save into it."
    if not os.access(folder, os.W_OK):
        return "The folder of this case cannot be written to."
    return ""


def named(case: Case, package: Package, data: Mapping[str, Any]) -> Package:
    """The package under a name, title and summary of the user's, proposed and citing what its base cites."""
    name, title, summary = (data.get(key, "") for key in ("name", "title", "summary"))
    if not isinstance(name, str) or not NAME.fullmatch(name) or RESERVED.fullmatch(name):
        raise RequestError(
            f"{str(name)[:80]!r} cannot name a package",
            why="Up to 64 small letters, digits and hyphens, starting and ending with a letter or digit",
        )
    if name in case.packages:
        raise RequestError(
            f"a package is already named {name!r}", remedy="Choose another name; nothing was changed"
        )
    for what, text, limit in (("title", title, TITLE), ("summary", summary, SUMMARY)):
        if not isinstance(text, str) or len(text) > limit or not _plain(text):
            raise RequestError(f"the {what} must be plain text of at most {limit} characters")
    return package.model_copy(
        update={
            "name": name,
            "title": title.strip() or name,
            "summary": summary.strip() or f"Made on the page from {package.name}.",
            "status": "proposed",
            "commitments": [_whole_years(term) for term in package.commitments],
        }
    )


def _whole_years(term: Commitment) -> Commitment:
    """A lever of yearly amounts may put the rest into part of a year; a file of the case knows calendar years."""
    paid = term.schedule
    if not paid:
        return term
    whole: dict[int, float] = {}
    for year, amount in paid.items():
        whole[math.ceil(year - 1e-9)] = whole.get(math.ceil(year - 1e-9), 0.0) + amount
    return term.model_copy(update={"schedule": whole})


def rounded_years(before: Package, after: Package) -> bool:
    """Whether a payment was moved to the calendar year it ends in, so that the file is worth a little else."""
    return any(a.schedule != b.schedule for a, b in zip(before.commitments, after.commitments, strict=True))


def _plain(text: str) -> bool:
    return all(c == "\n" or c.isprintable() for c in text)


def package_text(case: Case, package: Package) -> str:
    """The package as a file of the case. Raises CaseFileError where the case would refuse to open with it."""
    data = package.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    # Defaults are left out, but what a kind of term or a day must say stays.
    data |= {"name": package.name, "status": package.status}
    file = f"packages/{package.name}.yaml"
    text = (
        "# Saved from the local page. Terms not changed there are those of the package it started from.\n"
        + yaml.safe_dump(_dates(data), sort_keys=False, allow_unicode=True, width=110)
    )
    located = parse_yaml(text, file)
    again = validate(Package, located)
    check_package(again, located, case.sheet, case.law)
    if again != package:
        raise RequestError("this package cannot be written without changing it", remedy="Please report this")
    return text


def _dates(value: Any) -> Any:
    """Days written bare, as people write them; keys of schedules as numbers."""
    if isinstance(value, dict):
        return {int(key) if str(key).isdigit() else key: _dates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_dates(one) for one in value]
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(ValueError):
            return dt.date.fromisoformat(value)
    return value


def save_package(case: Case, package: Package) -> Path:
    """Write `packages/NAME.yaml`: whole or not at all, and never over a file that is there."""
    why = why_not_own(case.folder)
    if why:
        raise RequestError("nothing can be saved into this case", why=why, remedy="Download the file instead")
    text = package_text(case, package)
    target = inside(case.folder, f"packages/{package.name}.yaml")
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{package.name}.", suffix=".part")
    except OSError as error:
        raise UnreadableFileError(f"cannot write here: {error.strerror or error}", file=target) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        _put(Path(temporary), target)
    except FileExistsError as error:
        raise RequestError(
            f"there is a file {target.name} already", remedy="Choose another name; nothing was changed"
        ) from error
    except OSError as error:
        raise UnreadableFileError(
            f"the file could not be written: {error.strerror or error}; nothing was changed", file=target
        ) from error
    finally:
        Path(temporary).unlink(missing_ok=True)
    return target


def _put(part: Path, target: Path) -> None:
    """Give the finished file its name, unless the name is taken: a rename would replace what is there."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links.
        with target.open("xb") as stream:
            stream.write(part.read_bytes())
            stream.flush()
            os.fsync(stream.fileno())


def account_csv(account: Mapping[str, Any], bands: Mapping[str, Any] | None = None) -> str:
    """An account as a table: a line a row, the net after each party's lines, settings on every row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["party", "line", "label", "value", "low", "high", "unit", "horizon", "basis", "rests_on", "against",
         "baseline", "closure", "elasticities", "run"]
    )  # fmt: skip
    common = [account["against"]["name"], account["baseline"], account["closure"], account["elasticities"],
              account["manifest"]]  # fmt: skip
    for code, party in account["parties"].items():
        width = bands["parties"][code] if bands else None
        for line in party["lines"]:
            ends = width["lines"][line["id"]] if width else {"low": "", "high": ""}
            writer.writerow(
                [code, line["id"], _cell(line["label"]), line["value"], ends["low"], ends["high"], line["unit"],
                 _cell(line["horizon"]), line["basis"], " ".join(line["rests_on"]), *common]
            )  # fmt: skip
        ends = width["net"] if width else {"low": "", "high": ""}
        writer.writerow(
            [code, "net", "Net", party["net"], ends["low"], ends["high"], party["unit"], "", "", "", *common]
        )
    return out.getvalue()


def _cell(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
