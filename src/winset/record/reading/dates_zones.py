"""Clocks: the zone that an expression names or means, and the same instant elsewhere, by the IANA database."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zoneinfo
from collections.abc import Iterable
from functools import cache
from importlib import resources

from winset.record.reading.cues import by_letter, rx

__all__ = ["Clock", "info", "instant_text", "local_clocks", "places", "rows", "terms", "zone_of"]

Clock = tuple[str, str]
"""A place's name and its zone in the IANA database."""


def rows(name: str, *, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a table beside this module; lines that begin with # are notes."""
    listing = resources.files("winset.record.reading").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in listing.splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter=delimiter))


@cache
def _zones() -> dict[str, str]:
    return {row["name"].casefold(): row["zone"] for row in rows("zones.csv")}


@cache
def _cities() -> tuple[dict[str, str], re.Pattern[str]]:
    table = {row["name"]: row["zone"] for row in rows("zones.csv") if row["kind"] == "city"}
    # Without a boundary in front the machine skips to the next capital.
    return table, re.compile(rf"(?:{by_letter(sorted(table, key=len, reverse=True))})\b")


@cache
def terms() -> dict[tuple[str, int], tuple[dt.date, dt.date]]:
    """First and last day of a leader's numbered term, by name and number."""
    return {
        (row["name"], int(row["term"])): (dt.date.fromisoformat(row["start"]), dt.date.fromisoformat(row["end"]))
        for row in rows("leaders_terms.csv")
    }


def places(text: str) -> list[tuple[int, Clock]]:
    """Cities that the text names, each with its place."""
    table, pattern = _cities()
    return [
        (match.start(), (match[0], table[match[0]]))
        for match in pattern.finditer(text)
        if match.start() == 0 or not (text[match.start() - 1].isalnum() or text[match.start() - 1] == "_")
    ]


def zone_of(words: str, near: Iterable[Clock] = ()) -> str | None:
    """The zone that "KST", "Seoul time" or "local time" means; `near`: places concerned, nearest first."""
    words = words.strip("() ").casefold()
    if words in ("local time", ""):
        return next((zone for _, zone in near), None)
    bare = rx(r"\s(?:standard |daylight )?time$").sub("", words)
    offset = rx(r"(?:gmt|utc)([+-]\d{1,2})").fullmatch(bare)
    if offset:
        hours = int(offset[1])
        # The signs of Etc/GMT are reversed by POSIX custom.
        return f"Etc/GMT{-hours:+d}" if -14 <= hours <= 12 and hours else "Etc/UTC"
    return _zones().get(bare)


def info(zone: str) -> zoneinfo.ZoneInfo | None:
    """The zone's rules; None on a machine without the database."""
    try:
        return zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None


def instant_text(when: dt.datetime) -> str:
    """ISO 8601 to the minute, with the offset where it is known."""
    return when.isoformat(timespec="minutes")


def local_clocks(when: dt.datetime, clocks: Iterable[Clock]) -> tuple[str, ...]:
    """The instant on other clocks: "2025-04-24T08:00-04:00 (Washington)", at most four, own clock left out."""
    found: list[str] = []
    offsets = {when.utcoffset()}
    for name, zone in clocks:
        rules = info(zone)
        if rules is None:
            continue
        there = when.astimezone(rules)
        if there.utcoffset() not in offsets:
            offsets.add(there.utcoffset())
            found.append(f"{instant_text(there)} ({name})")
            if len(found) == 4:
                break
    return tuple(found)
