"""A sentence with all that was found in it, and who is reported as saying it: what the later steps look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from winset.record.reading.cues import rx
from winset.record.reading.names import Hit
from winset.record.reading.people import Mention
from winset.record.reading.placed import placed
from winset.record.reading.schema import DateMention, Figure, Person, Sentence, Span, When
from winset.record.reading.wordlists import triggers

__all__ = ["Attribution", "Line", "Named", "attribution", "slice_of", "span", "when"]

SAID = (
    r"said|says|saying|told|tells|added|adding|noted|noting|stressed|stated|stating|emphasized|emphasised|"
    r"remarked|"
    r"cautioned|warned|announced|reported|explained|wrote|confirmed|continued|claimed|insisted|argued|"
    r"acknowledged|"
    r"denied|repeated|replied|responded|declared|reiterated|maintained"
)
_ENDING = (
    r"\b(?P<rest>(?:\s+(?:on|in|during|at|after|to|late|earlier|this|last|yesterday|today|reporters|"
    r"journalists|lawmakers|separately|"
    r"Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|(?<=told )[A-Z])[^“”\"]{0,160}|, (?:adding|citing|without|"
    r"referring)[^“”\"]{0,160})?)$"
)
# "..., X said on Monday." / "...,” X said during ..."
TRAILING = re.compile(
    rf"(?P<cut>[,”\"](?:(?<=,)[”\"’])?)\s+(?P<who>[^,“”\"]{{1,110}}?(?:,[^,“”\"]{{1,60}},)?)\s+(?P<verb>{SAID})"
    + _ENDING
)
SAID_LAST = re.compile(rf"\b(?:{SAID}){_ENDING}")
"""What the above ends with: by far the most sentences do not, and it begins with a word that is known."""
# "X said (on Monday) that ..." / "X told reporters, “...”"
LEADING = re.compile(
    rf"(?P<who>[^“”\"]{{1,200}}?)\s+(?:has |had |have |also |later |then )*(?P<verb>{SAID})\b"
    rf"(?P<rest>(?:\s+(?:on|in|during|at|after|to)\s[^,“”\":]{{1,70}}?|(?<=told)\s+(?:reporters|"
    rf"journalists|lawmakers|[A-Z]\w+(?: [A-Z]\w+)?)"
    rf"|\s+(?:yesterday|today|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day))*)"
    rf"(?P<link>\s+that\s|,?\s*[:,]?\s*(?=[“\"])|:\s|\s)",
)
PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been|being)\s+(?:\w+ly\s+)?$")
"""Before a verb of saying: what was announced, not who announces."""
ACCORDING = re.compile(r"\b[Aa]ccording to (?P<who>(?:[A-Z]\.|[^,.;“”\"]){2,80})")
SAY_WORDS = triggers(frozenset(SAID.split("|")) | {"according"})


class Named(NamedTuple):
    """A person at one place of a sentence."""

    mention: Mention
    person: Person


class Attribution(NamedTuple):
    """Who is reported as saying the rest of the sentence."""

    start: int
    end: int
    """The words that attribute, which are no part of what is said."""
    verb: str
    person: Person | None = None
    party: Hit | None = None
    medium: Hit | None = None
    """Who reports: "according to ...", or a medium as the subject."""
    pronoun: str = ""
    """he, she, they, it, where the subject is no name."""
    who: str = ""
    """The subject as written."""


@dataclass(kw_only=True)
class Line:
    """A sentence that may carry claims; `start` and `end` are those of the sentence."""

    sentence: Sentence
    text: str = field(repr=False)
    """The whole document."""
    low: str = field(repr=False)
    """The same in small letters, place by place."""
    words: frozenset[str]
    """Those words of the sentence, small, that some rule looks for: they decide which are tried at all."""
    hits: list[Hit]
    people: list[Named]
    dates: Sequence[DateMention]
    figures: Sequence[Figure]
    said: Attribution | None = None
    speaker: Person | None = None
    """Who speaks, pronouns resolved."""
    speaker_code: str | None = None
    asked: Person | None = None
    """Who is "you" in a question."""
    reported_by: str | None = None
    carried: Person | None = None
    """In a part of a sentence: the subject of the parts before, which a verb without a subject has."""
    start: int = field(init=False)
    end: int = field(init=False)

    def __post_init__(self) -> None:
        self.start, self.end = self.sentence.start, self.sentence.end

    def outside(self, at: int) -> bool:
        """Whether a place lies in what is said, not in the words that attribute it."""
        return self.said is None or not self.said.start <= at < self.said.end

    def people_in(self, start: int, end: int) -> list[Named]:
        return self.people and [n for n in self.people if n.mention.start >= start and n.mention.end <= end]

    def hits_in(self, start: int, end: int) -> list[Hit]:
        return self.hits and [h for h in self.hits if h.start >= start and h.end <= end]


def span(text: str, start: int, end: int) -> Span:
    """A slice without the blanks and commas at its ends."""
    while start < end and text[start] in " \t\n\xa0,;":
        start += 1
    while end > start and text[end - 1] in " \t\n\xa0,;":
        end -= 1
    return Span(start=start, end=end, text=text[start:end])


def slice_of(items: Iterable[Span], start: int, end: int) -> list[Span]:
    return [item for item in items if item.start >= start and item.end <= end]


def when(mention: DateMention) -> When:
    """The time of a mention, without its place in the text."""
    return When(
        value=mention.value,
        earliest=mention.earliest,
        latest=mention.latest,
        basis=mention.basis,
        utc=mention.utc,
        local=mention.local,
        why=mention.why,
    )


def attribution(line: Line) -> Attribution | None:
    """Who says what the sentence says, if the sentence tells."""
    text, start, end = line.text, line.start, line.end
    if line.words.isdisjoint(SAY_WORDS):
        return None
    stop = end
    while stop > start and text[stop - 1] in ".!? \n":
        stop -= 1
    found = None
    if any(placed(SAID_LAST, line.words & SAY_WORDS, text, start, stop)):
        found = TRAILING.search(text, start, stop)
    if found is not None and " that " not in found.group("rest"):
        return _subject(line, found.start("who"), found.start("verb"), found.end("cut"), end, found.group("verb"))
    leading = LEADING.match(text, start, end)
    if (
        leading is not None
        and leading.end("link") < end
        and not (leading["verb"] == "announced" and text.startswith(" for ", leading.end("verb")))
        and PASSIVE.search(text, max(start, leading.start("verb") - 10), leading.start("verb")) is None
    ):
        return _subject(
            line, start, leading.start("verb"), leading.start("verb"), leading.end("rest"), leading.group("verb")
        )
    according = ACCORDING.search(text, start, end)
    if according is not None:
        return _subject(
            line, according.start("who"), according.end("who"), according.start(), according.end(), "according"
        )
    return None


def _subject(line: Line, first: int, last: int, start: int, end: int, verb: str) -> Attribution:
    people = line.people_in(first, last)
    hits = line.hits_in(first, last)
    # "Deputy Minister Kim, who met Rao in Oslo, said": the first person is the subject.
    # In "Lund's counterpart, Ole Berg, said" it is whom the name does not only own.
    owning = [n for n in people if line.text[n.mention.end : n.mention.end + 2] not in ("'s", "’s")]
    person = (owning or people)[0].person if people else None
    medium = next((h for h in hits if h.entry.kind == "media"), None)
    party = next((h for h in hits if h.entry.kind != "media" and h.entry.code is not None), None)
    who = line.text[first:last].strip(' ,“”"')
    pronoun = rx(r"(?:In |Regarding |After |At |During |.*, )?(he|she|they|it)$", re.IGNORECASE | re.DOTALL).match(
        who
    )
    return Attribution(
        start=start,
        end=end,
        verb=verb,
        person=person,
        party=party,
        medium=medium,
        pronoun=pronoun.group(1).casefold() if pronoun else "",
        who=who,
    )
