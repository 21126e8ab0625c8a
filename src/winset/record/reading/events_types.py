"""What is passed about while events are looked for in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from winset.record.reading.schema import DateMention, Person
from winset.record.reading.understand_lines import Line

__all__ = ["Context", "Found", "Trigger"]


@dataclass(kw_only=True)
class Context:
    """What earlier sentences give to a pronoun or a "the two sides"."""

    subject: Person | None = None
    group: tuple[Person, ...] = ()
    published: str = ""
    """The last day of publication, or empty."""
    pair: tuple[str, ...] = ()
    """The countries that the document names most, the first first."""
    sides: tuple[str, ...] = ()
    """The two countries of a document that is about two."""
    trio: tuple[str, ...] = ()
    """Three countries first named together."""
    guesses: Mapping[str, str] = field(default_factory=dict)
    """Name of a person without a stated country -> the one country that the form of the name allows here."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """Name of a person without a stated country -> a country of this document that has such an office."""
    home: str = ""
    """The country from which the document reports, or empty."""
    base: str = ""
    """The place from which it reports, as written, or empty."""
    journey: tuple[str, frozenset[str], int, str] | None = None
    """Where the last visit told led, who went, in which sentence it stands, and its status."""
    lead: DateMention | None = None
    """The day of which the document speaks first."""
    people: Sequence[Person] = ()
    _of: dict[tuple[str, str], tuple[Person, ...]] = field(default_factory=dict)

    def of(self, code: str, office: str = "") -> tuple[Person, ...]:
        """Persons of a country, in an office where one is given (small letters)."""
        found = self._of.get((code, office))
        if found is None:
            found = tuple(
                p
                for p in self.people
                if p.party == code and (not office or any(office in title.casefold() for title in p.titles))
            )
            self._of[code, office] = found
        return found


@dataclass(kw_only=True)
class Found:
    """An event as one sentence tells it."""

    type: str
    status: str
    channel: str
    people: tuple[Person, ...]
    codes: tuple[str, ...]
    place: str | None
    date: DateMention | None
    start: int
    end: int
    at: int
    """Where the word stands that tells of it."""
    line: Line = field(repr=False)
    definite: bool = False
    """"the talks": an event that was told before, if there is one."""
    separate: bool = False
    """"another meeting": surely not one that was told before."""
    flags: tuple[str, ...] = ()
    verbal: bool = False
    named: tuple[str, ...] = ()
    """Names of those taking part that stand in the sentence itself."""
    level: str = ""
    """working-level, ministerial: a meeting below that of the leaders."""
    purpose: bool = False
    """A meeting that is the purpose of a journey told in the same sentence."""


class Trigger(NamedTuple):
    """A word that may tell of an event."""

    start: int
    end: int
    how: str
    type: str
    channel: str
