"""A new case folder: made up, valid as it stands, every line explained, written as a whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from winset.core.casefile import CaseModel, load_yaml, validate
from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import read_text, write_text
from winset.core.names import known
from winset.package.case import check_citations, open_case_folder
from winset.package.folder import shipped_cases

__all__ = ["template_baseline", "write_case"]

TEMPLATE = Path(__file__).resolve().parent / "template"
CHOICES = "template.yaml"
WIDTH = 110
"""Longest line of a list of names that is filled in."""


class _Choices(CaseModel):
    """What is written where the user does not say."""

    parties: tuple[str, str]
    others: tuple[str, ...]


def template_baseline() -> str:
    """The baseline that a new case starts from."""
    return str(load_yaml(TEMPLATE / "case.yaml").data["model"]["baseline"])


def write_case(
    name: str,
    folder: Path,
    *,
    regions: Mapping[str, str],
    sectors: Sequence[str],
    parties: Sequence[str] = (),
) -> Path:
    """Write the case `folder / name` and return its path; where anything fails nothing is left behind.

    regions: codes and names of the baseline. sectors: its codes. parties: the region that sells and the one
    that levies. Raises RequestError for a name or a number of parties that cannot be used, UnknownNameError
    for a region that the baseline lacks, UnreadableFileError where the folder exists or cannot be written.
    """
    target = _target(name, folder)
    choices = validate(_Choices, load_yaml(TEMPLATE / CHOICES))
    first, second = _pair(parties or choices.parties, regions)
    others = [code for code in choices.others if code in regions and code not in (first, second)]
    words = {
        "name": name,
        "first": first,
        "second": second,
        "first_name": regions[first],
        "second_name": regions[second],
        "others": "\n  - ".join(f"{{code: {c}, name: {_quoted(regions[c])}, role: passive}}" for c in others),
        "regions": _wrapped(list(regions), indent=len("regions: [")),
        "sectors": _wrapped(sectors, indent=len("sectors: [")),
    }
    try:
        draft = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}."))
    except OSError as error:
        raise _cannot(target, error) from error
    try:
        for source in sorted(TEMPLATE.rglob("*")):
            if source.is_file() and source.name != CHOICES:
                text = Template(read_text(source)).substitute(words)
                write_text(draft / source.relative_to(TEMPLATE), text)
        check_citations(open_case_folder(draft))
        # mkdtemp makes the folder private; give it the mode that an ordinary new folder would have had.
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o777 & ~mask)
        _move(draft, target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise error if isinstance(error, UnreadableFileError) else _cannot(target, error) from error
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return target


def _target(name: str, folder: Path) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise RequestError(
            f"{name!r} cannot be the name of a case",
            why="It names files: letters, digits, '-', '_' and '.', the first a letter or a digit",
            remedy="Name the folder it goes into with --in",
        )
    if name in shipped_cases():
        raise RequestError(f"{name!r} is a case that comes with Winset", remedy="Choose another name")
    if not folder.is_dir():
        raise UnreadableFileError("no such folder", file=folder, remedy="Make it first, or name another with --in")
    target = folder / name
    # lexists: a link that leads nowhere is in the way too.
    if os.path.lexists(target):
        raise UnreadableFileError(
            "this exists already, and nothing is overwritten", file=target, remedy="Choose another name"
        )
    return target


def _pair(parties: Sequence[str], regions: Mapping[str, str]) -> tuple[str, str]:
    if len(parties) != 2 or parties[0] == parties[1]:
        raise RequestError(
            f"a new case has two different parties, not {', '.join(parties) or 'none'}",
            remedy="Write the one that sells and the one that levies: --parties AAA,BBB; more can be added later",
        )
    first, second = (known(code, regions, "region") for code in parties)
    return first, second


def _move(draft: Path, target: Path) -> None:
    """The one step that makes the case appear."""
    draft.rename(target)


def _cannot(target: Path, error: OSError) -> UnreadableFileError:
    return UnreadableFileError(
        f"the case could not be written: {error.strerror or error}; nothing was left behind",
        file=target,
        remedy="Choose another folder with --in",
    )


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[^\w ]", text) else text


def _wrapped(names: Sequence[str], *, indent: int) -> str:
    lines = [""]
    for position, name in enumerate(names):
        word = name + ("," if position < len(names) - 1 else "")
        if lines[-1] and indent + len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return ("\n" + " " * indent).join(lines)
