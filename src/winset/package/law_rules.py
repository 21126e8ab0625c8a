"""Which rows of law hold for a good of a partner on a day: the most specific row, then who replaces whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from winset.package.law_schema import ALL_GOODS, EVERYTHING_ELSE, Entry, Good, LawFile, Stacking

__all__ = ["Active", "Hit", "Key", "active", "authority_names", "hits", "lineage", "names", "partners"]

Key = tuple[str, str]
"""Authority and action."""
Active = Mapping[str, Mapping[Key, Entry]]
"""Good to the rows that hold for it on one day."""


class Hit(NamedTuple):
    """A row that applies to a good, and the good by whose name it does."""

    entry: Entry
    place: str

    @property
    def named(self) -> bool:
        """Whether the row is for this good or a parent of it, not for goods at large."""
        return self.place not in (EVERYTHING_ELSE, ALL_GOODS)


def partners(
    exporters: Sequence[str], importer: str, regions: Sequence[str], barring: Sequence[str] = ()
) -> list[str]:
    """The exporters that a row names; `all` is every region but the importer and the barred ones."""
    chosen = regions if "all" in exporters else exporters
    return [name for name in chosen if name != importer and name not in barring]


def names(name: str, key: Key) -> bool:
    """Whether `authority` or `authority/action` speaks of this key; an authority alone means all its own."""
    authority, _, action = name.partition("/")
    return key[0] == authority and (not action or key[1] == action)


def authority_names(law: LawFile) -> list[str]:
    """Every `authority`, and every `authority/action` that a row has."""
    rows = (*law.entries, *law.sector_rates)
    return [*law.authorities, *sorted({f"{row.authority}/{row.action}" for row in rows if row.action})]


def lineage(goods: Mapping[str, Good], good: str) -> tuple[str, ...]:
    """The good, then its parents, nearest first, each once (a good that recurs ends the search)."""
    line = [good]
    for name in line:
        for parent in goods[name].parents:
            if parent == good:
                return (*line, good)
            if parent not in line:
                line.append(parent)
    return tuple(line)


def active(entries: Iterable[Entry], on: dt.date, statuses: Collection[str]) -> dict[str, dict[Key, Entry]]:
    """Rows with one of these statuses on that day, by good; law in force goes before law that is not."""
    found: dict[str, dict[Key, Entry]] = {}
    for entry in entries:
        if entry.status in statuses and entry.covers(on):
            rows = found.setdefault(entry.good, {})
            if entry.key not in rows or entry.status == "in_force":
                rows[entry.key] = entry
    return found


def hits(rows: Active, line: Sequence[str], rules: Iterable[Stacking], certain: Collection[str]) -> dict[Key, Hit]:
    """The rows that apply to a good, one for each authority and action, after the stacking rules.

    `line` is the good's lineage; `rules` those of this trade and day; only rows whose status is in
    `certain` can replace others (a duty that may never have begun replaces nothing).
    """
    chosen: dict[Key, Hit] = {}
    # A good that is itself "all goods" is not also "everything else".
    wider = [name for name in (EVERYTHING_ELSE, ALL_GOODS) if name not in line and line[0] != ALL_GOODS]
    for place in (*line, *wider):
        for key, entry in rows.get(place, {}).items():
            chosen.setdefault(key, Hit(entry, place))
    for rule in rules:
        if rule.goods and not set(rule.goods) & set(line):
            continue
        # A row of rate 0 is an exemption: a good that escapes an authority is not shielded by it.
        works = any(
            names(rule.authority, key)
            and hit.entry.rate != 0
            and hit.entry.status in certain
            and (hit.named or rule.reach == "any")
            for key, hit in chosen.items()
        )
        if works:
            chosen = {
                key: hit for key, hit in chosen.items() if not any(names(name, key) for name in rule.excludes)
            }
    return chosen
