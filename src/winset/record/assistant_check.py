"""Nothing that a model says is stored unless the document says it: the checks on what an endpoint proposes.

The quote must stand in the sentences that it names, and every number, day and name of the item must stand in the
quote or come from our own resolver. Days are taken from the resolver alone, kinds and roles from fixed lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from winset.record.reading.names import letters, scan
from winset.record.reading.schema import (
    DateMention,
    DeadlineItem,
    EventItem,
    Figure,
    PositionItem,
    ReadDocument,
    Sentence,
    Span,
    TermItem,
    When,
)

__all__ = ["KINDS", "Rejected", "Verified", "find_quote", "verify"]

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "event": {
        "type": (
            "meeting",
            "summit",
            "call",
            "visit",
            "statement",
            "letter",
            "signing",
            "announcement",
            "ruling",
            "threat",
        ),
        "status": ("planned", "occurred", "cancelled", "negated", "expected", "ongoing"),
    },
    "position": {"kind": ("demand", "offer", "commitment", "red_line", "expectation", "agenda", "position")},
    "deadline": {"kind": ("deadline", "target", "effective"), "status": ("pending", "moved", "met", "passed")},
    "term": {
        "status": (
            "demanded",
            "offered",
            "threatened",
            "announced",
            "agreed",
            "in_force",
            "suspended",
            "void",
            "reported",
        )
    },
}
"""The kinds of item and the words that their fields may hold."""
ALLOWED = {
    "event": {"what", "type", "status", "participants", "parties", "place", "date_text", "sentences", "quote"},
    "position": {"what", "kind", "holder", "speaker", "addressee", "issue", "sentences", "quote"},
    "deadline": {"what", "kind", "status", "thing", "date_text", "issue", "sentences", "quote"},
    "term": {"what", "status", "figure_text", "from", "to", "issue", "sentences", "quote"},
}
MAX_QUOTE = 1200
Item = EventItem | TermItem | DeadlineItem | PositionItem


@dataclass(frozen=True, kw_only=True)
class Verified:
    """An item of which every part was found in the document."""

    what: str
    item: Item


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """An item that was refused, and why."""

    why: str
    item: str
    """As returned, cut to 400 characters."""


class _RefusedError(Exception):
    """Why an item is refused."""


def verify(document: ReadDocument, proposed: Any) -> Verified | Rejected:
    """One item as returned by the endpoint: verified, or rejected with the first reason."""
    try:
        return _verified(document, proposed)
    except _RefusedError as refusal:
        return Rejected(why=str(refusal), item=repr(proposed)[:400])


def _verified(document: ReadDocument, data: Any) -> Verified:
    if not isinstance(data, dict):
        raise _RefusedError("not an object")
    what = data.get("what")
    if not isinstance(what, str) or what not in KINDS:
        raise _RefusedError("unknown kind of item")
    if extra := set(data) - ALLOWED[what]:
        raise _RefusedError(f"unknown keys: {', '.join(sorted(map(str, extra)))[:80]}")
    for key, words in KINDS[what].items():
        if data.get(key) not in words:
            raise _RefusedError(f"{key} is not one of the words allowed")
    for key, value in data.items():
        if key in ("sentences", "participants", "parties"):
            if not isinstance(value, list):
                raise _RefusedError(f"{key} is not a list")
        elif value is not None and not isinstance(value, str):
            raise _RefusedError(f"{key} is not text")
    cited = _cited(document, data.get("sentences"))
    quote = find_quote(document.text, cited, data.get("quote") or "")
    if quote is None:
        raise _RefusedError("the quote does not stand in the sentences cited")
    return Verified(what=what, item=_BUILD[what](document, data, quote, cited[0]))


def _cited(document: ReadDocument, numbers: Any) -> list[Sentence]:
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 5:
        raise _RefusedError("cite one to five sentences")
    by_number = {s.i: s for s in document.sentences}
    found = []
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int) or number not in by_number:
            raise _RefusedError("a sentence cited does not exist")
        found.append(by_number[number])
    found.sort(key=lambda s: s.i)
    if found[-1].i - found[0].i >= 8:
        raise _RefusedError("the sentences cited lie too far apart")
    return found


_SAME = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-"}


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with quotation marks, dashes and blanks made plain, and for each letter its place."""
    out: list[str] = []
    places: list[int] = []
    for at, c in enumerate(text):
        plain = " " if c.isspace() else _SAME.get(c, c)
        if plain == " " and out and out[-1] == " ":
            continue
        out.append(plain)
        places.append(at)
    return "".join(out), places


def find_quote(text: str, cited: Sequence[Sentence], quote: str) -> Span | None:
    """Where a quote stands in the sentences cited: exactly, or else with blanks and marks made plain."""
    if not 8 <= len(quote) <= MAX_QUOTE or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in quote):
        return None
    start, end = cited[0].start, cited[-1].end
    allowed = [(s.start, s.end) for s in cited]
    at = text.find(quote, start, end)
    last = at + len(quote)
    if at < 0:
        folded, places = _folded(text[start:end])
        wanted = _folded(quote.strip())[0]
        found = folded.find(wanted)
        if found < 0 or not wanted:
            return None
        at = start + places[found]
        last = start + places[found + len(wanted) - 1] + 1
    # Words between two sentences that were not cited (an advertisement) are no part of the quote.
    for place in (at, last - 1):
        if not any(first <= place < stop for first, stop in allowed):
            return None
    if any(not any(f <= p < t for f, t in allowed) and not text[p].isspace() for p in range(at, last)):
        return None
    return Span(start=at, end=last, text=text[at:last])


def _name_in(name: Any, document: ReadDocument, quote: Span, what: str) -> str | None:
    """A name that the quote holds, or a person that our own reading put into its sentences."""
    if name is None or name == "":
        return None
    if not isinstance(name, str) or not 2 <= len(name) <= 120:
        raise _RefusedError(f"{what} is no name")
    if letters(name) and letters(name) in letters(quote.text):
        return _known(name, document) or name
    for person in document.people:
        if letters(person.name) == letters(name) and any(
            quote.start <= m.start < quote.end for m in person.mentions
        ):
            return person.name
    raise _RefusedError(f"{what} {name[:60]!r} does not stand in the quote")


def _known(name: str, document: ReadDocument) -> str | None:
    """The canonical name, where the words given are a mention of a person read in the document."""
    for person in document.people:
        if letters(person.name) == letters(name) or any(letters(m.text) == letters(name) for m in person.mentions):
            return person.name
    return None


def _code_in(code: Any, quote: Span, document: ReadDocument, what: str) -> str | None:
    """A country code that a name in the quote carries, or a person named in it."""
    if code is None or code == "":
        return None
    if not isinstance(code, str) or re.fullmatch(r"[A-Z]{3}|[A-Z]{2,3}\d\d", code) is None:
        raise _RefusedError(f"{what} is no country code")
    codes = {hit.entry.code for hit in scan(document.text, quote.start, quote.end)}
    for person in document.people:
        if any(quote.start <= m.start < quote.end for m in person.mentions):
            codes.add(person.party)
    if code not in codes:
        raise _RefusedError(f"{what} {code} does not follow from the quote")
    return code


def _number_check(text: str, quote: Span, what: str) -> None:
    for number in re.findall(r"\d+(?:[.,]\d+)*", text):
        if re.search(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", quote.text) is None:
            raise _RefusedError(f"{what}: the number {number[:20]} does not stand in the quote")


def _date(text: Any, document: ReadDocument, quote: Span) -> When:
    """Our own resolution of an expression of time in the quote; the model's idea of the day is never asked for."""
    if text is None or text == "":
        return When(value=None, earliest=None, latest=None, basis="unresolved", why="no day was proposed")
    if not isinstance(text, str) or len(text) > 80 or _folded(text)[0].strip() not in _folded(quote.text)[0]:
        raise _RefusedError("the words of the date do not stand in the quote")
    inside: list[DateMention] = [
        d
        for d in document.date_mentions
        if quote.start <= d.start and d.end <= quote.end and (d.text in text or text in d.text)
    ]
    if not inside:
        raise _RefusedError("the words of the date are no time that we can read")
    d = max(inside, key=lambda mention: mention.end - mention.start)
    return When(
        value=d.value, earliest=d.earliest, latest=d.latest, basis=d.basis, utc=d.utc, local=d.local, why=d.why
    )


def _issue(text: Any, quote: Span) -> str:
    from winset.record.reading.parties import issues_in

    if text is None:
        return ""
    if not isinstance(text, str) or len(text) > 60:
        raise _RefusedError("issue is too long")
    found = issues_in(quote.text)
    return "; ".join(found[:3])


_MODEL = ("model",)


def _event(document: ReadDocument, data: Mapping[str, Any], quote: Span, sentence: Sentence) -> EventItem:
    people = [_name_in(name, document, quote, "participant") for name in (data.get("participants") or [])[:20]]
    codes = [_code_in(code, quote, document, "party") for code in (data.get("parties") or [])[:20]]
    place = data.get("place") or None
    if place is not None and letters(place) not in letters(quote.text):
        raise _RefusedError("the place does not stand in the quote")
    from winset.record.reading.parties import issues_in

    return EventItem(
        id="",
        type=data["type"],
        status=data["status"],
        participants=tuple(dict.fromkeys(p for p in people if p)),
        parties=tuple(dict.fromkeys(c for c in codes if c)),
        place=place,
        channel=None,
        date=_date(data.get("date_text"), document, quote),
        issues=issues_in(quote.text),
        quote=quote,
        sentence=sentence.i,
        confidence="low",
        flags=_MODEL,
    )


def _position(document: ReadDocument, data: Mapping[str, Any], quote: Span, sentence: Sentence) -> PositionItem:
    return PositionItem(
        id="",
        kind=data["kind"],
        holder=_either(data.get("holder"), document, quote, "holder"),
        speaker=_name_in(data.get("speaker"), document, quote, "speaker"),
        addressee=_code_in(data.get("addressee"), quote, document, "addressee"),
        issue=_issue(data.get("issue"), quote),
        quote=quote,
        sentence=sentence.i,
        confidence="low",
        flags=_MODEL,
    )


def _either(text: Any, document: ReadDocument, quote: Span, what: str) -> str | None:
    if isinstance(text, str) and re.fullmatch(r"[A-Z]{3}|[A-Z]{2,3}\d\d", text):
        return _code_in(text, quote, document, what)
    return _name_in(text, document, quote, what)


def _deadline(document: ReadDocument, data: Mapping[str, Any], quote: Span, sentence: Sentence) -> DeadlineItem:
    thing = data.get("thing") or ""
    if thing and letters(thing) not in letters(quote.text):
        raise _RefusedError("the thing that is due does not stand in the quote")
    return DeadlineItem(
        id="",
        what=thing or quote.text[:80],
        kind=data["kind"],
        status=data["status"],
        date=_date(data.get("date_text"), document, quote),
        issue=_issue(data.get("issue") or "", quote),
        quote=quote,
        sentence=sentence.i,
        flags=_MODEL,
    )


def _term(document: ReadDocument, data: Mapping[str, Any], quote: Span, sentence: Sentence) -> TermItem:
    text = data.get("figure_text")
    if not isinstance(text, str) or not text:
        raise _RefusedError("a term needs the words of its figure")
    _number_check(text, quote, "figure")
    figures: list[Figure] = [
        f
        for f in document.figures
        if quote.start <= f.start and f.end <= quote.end and _folded(f.text)[0] == _folded(text)[0].strip()
    ]
    if not figures:
        raise _RefusedError("the words of the figure are no quantity that we read in the quote")
    figure = figures[0]
    return TermItem(
        id="",
        figure=figure.id,
        role=figure.role,
        status=data["status"],
        from_party=_code_in(data.get("from"), quote, document, "from"),
        to_party=_code_in(data.get("to"), quote, document, "to"),
        issue=_issue(data.get("issue") or "", quote),
        quote=quote,
        sentence=sentence.i,
        equals=figure.equals,
        confidence="low",
        flags=_MODEL,
    )


_BUILD: dict[str, Callable[[ReadDocument, Mapping[str, Any], Span, Sentence], Item]] = {
    "event": _event,
    "position": _position,
    "deadline": _deadline,
    "term": _term,
}
