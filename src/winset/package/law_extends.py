"""Laws that stand on another: `extends` in a law file, so that no case repeats the law of the world.

A file that extends another takes over all that the other says. What it says itself counts alone: a row for an
importer, an exporter, a good and an authority (and action and status) puts aside every row of the other file
for these, whatever their days; a share puts aside the other's share of that good in that sector for the same
trade; a key of `goods` or `authorities` that of the same name. Its rows come first where order counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from winset.core.casefile import Located, load_yaml, validate
from winset.core.errors import WinsetError
from winset.core.files import inside
from winset.core.names import known
from winset.package.folder import shipped_laws
from winset.package.law_checks import check
from winset.package.law_rules import partners
from winset.package.law_schema import (
    Compliance,
    Entry,
    Exemption,
    LawFile,
    LawPart,
    NormalDuty,
    SectorDuty,
    SectorShare,
    Stacking,
)

__all__ = ["Book", "read_law"]

SHIPPED = "shipped:"
"""Begins the name of a file that is not the case's own."""


class Book(NamedTuple):
    """A law as read, whatever number of files it came from."""

    law: LawFile
    located: Located
    """Where every part of it stands."""
    files: dict[str, Path]
    """Every file it was read from, by its path in the case folder, or `shipped:` and its name."""


def read_law(path: Path) -> Book:
    """Read and check a law file and those it extends. Every fault names its file and line."""
    return _read(path, path.name, path.parent, ())


def _read(path: Path, name: str, root: Path, trail: tuple[Path, ...]) -> Book:
    located = load_yaml(path)
    if not isinstance(located.data, dict) or "extends" not in located.data:
        law = validate(LawFile, located)
        check(law, located)
        return Book(law, located, {name: path})
    own = validate(LawPart, located)
    trail = (*trail, path.resolve())
    base_name, base_path = _target(own.extends, root, located)
    if base_path.resolve() in trail:
        names = " -> ".join(p.name for p in (*trail[trail.index(base_path.resolve()) :], base_path))
        raise located.error(f"'extends' leads in a circle: {names}", ("extends",), remedy="Break the circle")
    base = _read(base_path, base_name, base_path.parent if base_name.startswith(SHIPPED) else root, trail)
    law, origins = _merged(base.law, own)
    places = _places(located, base.located, origins)
    check(law, places)
    return Book(law, places, {name: path, **base.files})


def _target(name: str, root: Path, located: Located) -> tuple[str, Path]:
    """What `extends` names: a shipped law, or a file inside the case; never anything outside."""
    shipped = shipped_laws()
    if name in shipped:
        return SHIPPED + name, shipped[name]
    at = located.line(("extends",))
    try:
        inside(root, name)
    except WinsetError as error:
        raise error.at(located.file, at) from error
    path = root / name
    if not path.is_file():
        here = sorted(p.name for p in root.glob("*.yaml") if p.name not in ("case.yaml", Path(located.file).name))
        known(name, [*shipped, *here], "law", file=located.file, line=at)
    return name, path


# ---------------------------------------------------------------------- putting together


@dataclass(frozen=True)
class _Origin:
    """Where a row of the whole comes from."""

    own: bool
    index: int


Rows = Sequence[Any]
Where = tuple[str | int, ...]
_SECTIONS = ("normal_duty", "stacking", "compliance", "sector_shares", "exemptions", "sector_rates", "entries")


def _merged(base: LawFile, own: LawPart) -> tuple[LawFile, dict[str, list[_Origin]]]:
    regions = tuple(dict.fromkeys((*base.regions, *own.regions)))
    fields: dict[str, Any] = {
        "about": own.about or base.about,
        "known_from": own.known_from or base.known_from,
        "base_date": own.base_date or base.base_date,
        "last_seen": own.last_seen or base.last_seen,
        "regions": regions,
        "sectors": tuple(dict.fromkeys((*base.sectors, *own.sectors))),
        "untaxed": tuple(dict.fromkeys((*own.untaxed, *(() if "untaxed" in own.replaces else base.untaxed)))),
        "authorities": {**base.authorities, **own.authorities},
        "goods": {**base.goods, **own.goods},
    }
    origins: dict[str, list[_Origin]] = {}
    for section in _SECTIONS:
        mine: Rows = getattr(own, section)
        rows, origin = list(mine), [_Origin(True, i) for i in range(len(mine))]
        for i, row in enumerate(() if section in own.replaces else getattr(base, section)):
            for left in _left(row, mine, regions):
                rows.append(left)
                origin.append(_Origin(False, i))
        fields[section], origins[section] = tuple(rows), origin
    # Every row has been checked in its own file, and a part of a row is a row.
    return base.model_copy(update=fields), origins


def _left(row: Any, mine: Rows, regions: Sequence[str]) -> list[Any]:
    """What remains of a row that is taken over, once the file's own rows have spoken."""
    left = [row]
    for one in mine:
        left = [part for old in left for part in _CARVE[type(row)](old, one, regions)]
    return left


def _whole(row: Any, one: Any, regions: Sequence[str]) -> Iterator[Any]:
    """Rows that no other puts aside: the order settles which counts."""
    yield row


def _entry(row: Entry, one: Entry, regions: Sequence[str]) -> Iterator[Entry]:
    same = (row.importer, row.good, row.key, row.status) == (one.importer, one.good, one.key, one.status)
    held = partners(row.exporters, row.importer, regions, row.barring)
    gone = partners(one.exporters, one.importer, regions, one.barring) if same else []
    left = tuple(name for name in held if name not in gone)
    if len(left) == len(held):
        yield row
    elif left:
        yield row.model_copy(update={"exporters": left, "barring": ()})


def _duty(row: SectorDuty, one: SectorDuty, regions: Sequence[str]) -> Iterator[SectorDuty]:
    same = (row.importer, row.key, row.status) == (one.importer, one.key, one.status)
    held = partners(row.exporters, row.importer, regions)
    gone = partners(one.exporters, one.importer, regions) if same and set(row.rates) & set(one.rates) else []
    inside_, outside = _parted(held, gone)
    if not inside_:
        yield row
        return
    if outside:
        yield row.model_copy(update={"exporters": outside})
    rates = {sector: rate for sector, rate in row.rates.items() if sector not in one.rates}
    if rates:
        yield row.model_copy(update={"exporters": inside_, "rates": rates})


def _claim(row: Compliance, one: Compliance, regions: Sequence[str]) -> Iterator[Compliance]:
    same = (row.importer, row.preference) == (one.importer, one.preference)
    inside_, outside = _parted(row.exporters, one.exporters if same else ())
    if not inside_:
        yield row
    elif outside:
        yield row.model_copy(update={"exporters": outside})


def _share(row: SectorShare, one: SectorShare, regions: Sequence[str]) -> Iterator[SectorShare]:
    if row.good != one.good:
        yield row
    else:
        yield from _scoped(row, one)


def _exemption(row: Exemption, one: Exemption, regions: Sequence[str]) -> Iterator[Exemption]:
    inside_, outside = _parted(row.authorities, one.authorities)
    if not inside_:
        yield row
        return
    if outside:
        yield row.model_copy(update={"authorities": outside})
    yield from _scoped(row.model_copy(update={"authorities": inside_}), one)


def _scoped(row: Any, one: Any) -> Iterator[Any]:
    """A judgement gives way only to one of the same reach; otherwise the more specific one wins anyway."""
    sectors = set(row.shares) & set(one.shares)
    if not sectors or row.importer != one.importer or bool(row.exporters) != bool(one.exporters):
        yield row
        return
    inside_, outside = _parted(row.exporters, one.exporters)
    if row.exporters and not inside_:
        yield row
        return
    if outside:
        yield row.model_copy(update={"exporters": outside})
    shares = {sector: share for sector, share in row.shares.items() if sector not in sectors}
    if shares:
        yield row.model_copy(update={"exporters": inside_, "shares": shares})


def _parted(held: Sequence[str], gone: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that are in `gone`, and the others."""
    return tuple(n for n in held if n in gone), tuple(n for n in held if n not in gone)


_CARVE: dict[type, Callable[[Any, Any, Sequence[str]], Iterator[Any]]] = {
    NormalDuty: _whole,
    Stacking: _whole,
    Compliance: _claim,
    SectorShare: _share,
    Exemption: _exemption,
    SectorDuty: _duty,
    Entry: _entry,
}


def _places(own: Located, base: Located, origins: dict[str, list[_Origin]]) -> Located:
    """The line and file of every part of the whole, so that a fault is found where it was written."""
    lines = {path: line for path, line in own.lines.items() if not path or path[0] not in origins}
    files: dict[Where, str] = {}
    # Names and single values: the file's own where it has them, else where they were taken from.
    for path, line in base.lines.items():
        if path and path[0] not in origins and path not in lines:
            lines[path] = line
            files[path] = base.file_of(path)
    mine, taken = _by_row(own), _by_row(base)
    for section, rows in origins.items():
        for position, origin in enumerate(rows):
            for rest, line in (mine if origin.own else taken)[section, origin.index].items():
                lines[section, position, *rest] = line
            if not origin.own:
                files[section, position] = base.file_of((section, origin.index))
    return Located(data=None, file=own.file, lines=lines, files=files)


def _by_row(located: Located) -> dict[Where, dict[Where, int]]:
    """The lines within every row, by section and position of the row."""
    found: dict[Where, dict[Where, int]] = {}
    for path, line in located.lines.items():
        found.setdefault(path[:2], {})[path[2:]] = line
    return found
