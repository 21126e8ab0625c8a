"""Tables of names, and where they stand in a text: countries, governments, bodies, media, firms, cities.

A table is read once. A scan looks at capitalised words only and asks a dictionary, so its cost does not
depend on the number of names known.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from winset.record.reading.cues import rx

__all__ = [
    "FRAGMENT",
    "Entry",
    "Hit",
    "Words",
    "capitals",
    "known_at",
    "letters",
    "offices_by_country",
    "scan",
    "surnames_by_country",
    "table",
    "title_countries",
    "word_set",
    "words",
]

# A capitalised word, or capitals with points (U.S., R.O.K.); the hyphen of a compound parts two words.
# (A class in front lets the machine skip to the next capital.)
FRAGMENT = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž](?:(?<=[A-Z])\.(?:[A-Z]\.)+|\w*)")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a name stands for."""

    name: str
    """The usual name of the party, by which all its names are joined."""
    kind: str
    """country, seat, city, bloc, government, legislature, intergovernmental, body, media, company."""
    code: str | None
    """ISO 3166 alpha-3 of the country, EU27 for the union; None for a body of many."""
    form: str
    """name, adjective, or seat (a place that also stands for its government)."""
    metonym: bool
    """Whether the name, where it acts, means the government of `code`."""


class Hit(NamedTuple):
    """A known name in a text."""

    start: int
    end: int
    text: str
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Words:
    """The word lists by which persons and bodies are recognised."""

    titles: frozenset[str]
    """Last words of offices, as a title is written, and small."""
    qualifiers: frozenset[str]
    """Words that may precede the last word of an office."""
    surnames_first: frozenset[str]
    """Family names that are written first."""
    particles: frozenset[str]
    """Small words inside Western and Arabic names."""
    not_names: frozenset[str]
    """Capitalised words that are no part of a person's name."""
    company_words: frozenset[str]
    body_words: frozenset[str]
    media_words: frozenset[str]


def word_set(text: str) -> frozenset[str]:
    """The words of a text that is a list of words."""
    return frozenset(text.split())


@functools.lru_cache(maxsize=4096)
def letters(name: str) -> str:
    """The letters of a name alone, small: by these two spellings are the same, and by nothing looser."""
    return "".join(c for c in name.casefold() if c.isalpha())


def _data(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[list[str]]:
    lines = [line for line in _data(name).split("\n") if line and not line.startswith("#")]
    for line in lines[1:]:
        yield line.split(";")


@functools.cache
def _sheet() -> dict[str, Any]:
    return tomllib.loads(_data("names_words.toml"))


@functools.cache
def words() -> Words:
    """The word lists of `names_words.toml`."""
    sheet = _sheet()
    return Words(
        titles=frozenset(form for word in sheet["titles"] for form in (word, word.casefold())),
        qualifiers=frozenset(sheet["qualifiers"]),
        surnames_first=frozenset(name for group in sheet["surnames_first"] for name in group["names"]),
        particles=frozenset(sheet["particles"]),
        not_names=frozenset(sheet["not_names"]),
        company_words=frozenset(sheet["company_words"]),
        body_words=frozenset(sheet["body_words"]),
        media_words=frozenset(sheet["media_words"]),
    )


@functools.cache
def table() -> dict[str, tuple[tuple[str, Entry], ...]]:
    """First capitalised word of a name -> the names that begin with it and what they mean, the longest first."""
    found: dict[str, Entry] = {}
    for city, code in _sheet()["cities"].items():
        found[city] = Entry(name=city, kind="city", code=code, form="seat", metonym=False)
    for code, names, adjectives, seats in _rows("names_countries.csv"):
        usual = names.split("|")[0]
        for form, column in (("name", names), ("adjective", adjectives), ("seat", seats)):
            for name in filter(None, column.split("|")):
                kind = "seat" if form == "seat" else "country"
                found[name] = Entry(name=usual, kind=kind, code=code, form=form, metonym=True)
    for kind, code, metonym, names in _rows("names_bodies.csv"):
        usual = "European Union" if kind == "seat" else names.split("|")[0]
        for name in names.split("|"):
            form = "seat" if kind == "seat" else "name"
            # A medium or a firm is itself; the names of one row only share what they are.
            own = name if kind in ("media", "company", "intergovernmental", "legislature", "body") else usual
            own = usual if _same_thing(name, usual) else own
            found[name] = Entry(name=own, kind=kind, code=code or None, form=form, metonym=metonym == "yes")
    index: dict[str, list[tuple[str, Entry]]] = {}
    for name, entry in found.items():
        first = FRAGMENT.search(name)
        if first is not None and first.start() == 0:
            index.setdefault(first.group(), []).append((name, entry))
    return {word: tuple(sorted(names, key=lambda n: -len(n[0]))) for word, names in index.items()}


@functools.cache
def title_countries() -> dict[str, str]:
    """Offices that one state alone has under this name, with its code."""
    offices: dict[str, str] = _sheet()["title_countries"]
    return offices


@functools.cache
def capitals() -> dict[str, str]:
    """Country -> its seat of government, the first that the table names."""
    return {code: seats.split("|")[0] for code, _, _, seats in _rows("names_countries.csv") if seats}


@functools.cache
def offices_by_country() -> tuple[tuple[tuple[str, ...], frozenset[str], frozenset[str]], ...]:
    """Words of offices (small letters), the countries that alone have them (none: any), and those that have "
    "not."""
    return tuple(
        (tuple(group["words"]), frozenset(group.get("only", ())), frozenset(group.get("never", ())))
        for group in _sheet()["offices"]
    )


@functools.cache
def surnames_by_country() -> dict[str, frozenset[str]]:
    """Family names that are written first, by the countries where they are usual."""
    return {code: frozenset(group["names"]) for group in _sheet()["surnames_first"] for code in group["countries"]}


def _same_thing(name: str, usual: str) -> bool:
    """Whether two names of a row are spellings or initials of one: "Yonhap" and "Yonhap News Agency"."""
    initials = "".join(word[0] for word in rx(r"\b[A-Z]\w*").findall(usual))
    return name.startswith(usual) or usual.startswith(name) or letters(name) == letters(initials)


def known_at(names: Sequence[tuple[str, Entry]], text: str, at: int, end: int) -> Hit | None:
    """The first of some names (an entry of `table`) that stands whole at a place, before `end`."""
    for name, entry in names:
        stop = at + len(name)
        if text.startswith(name, at) and stop <= end and not text[stop : stop + 1].isalnum():
            return Hit(at, stop, name, entry)
    return None


def scan(text: str, start: int, end: int) -> list[Hit]:
    """Known names in `text[start:end]`, the longest at each place, in order; offsets are those of `text`."""
    index = table()
    found: list[Hit] = []
    after = start
    for match in FRAGMENT.finditer(text, start, end):
        at = match.start()
        if at < after:
            continue
        names = index.get(match[0])
        hit = known_at(names, text, at, end) if names is not None else None
        if hit is not None:
            found.append(hit)
            after = hit.end
    return found
