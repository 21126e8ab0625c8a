"""Who, what happened, who wants what: added to a document whose sentences, dates and figures are read.

Read this first: persons and parties are found sentence by sentence, then joined over the document; then each
sentence is asked for events, positions, deadlines and terms. Rules propose; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from winset.record.reading.deadlines import deadline_in
from winset.record.reading.events import events
from winset.record.reading.events_days import lead_day
from winset.record.reading.events_sides import home_of, homes
from winset.record.reading.events_types import Context
from winset.record.reading.names import Hit, letters
from winset.record.reading.parties import bodies_in, codes_by_weight, parties, two_sides
from winset.record.reading.people import Marked, Mention, guesses, mentions_in, persons, surnames_of, tokens_in
from winset.record.reading.positions import positions_in
from winset.record.reading.schema import (
    DateMention,
    DeadlineItem,
    EventItem,
    Figure,
    Flag,
    Party,
    Person,
    PositionItem,
    ReadDocument,
    Sentence,
    Span,
    TermItem,
    changed,
    numbered,
)
from winset.record.reading.terms import terms_in
from winset.record.reading.understand_lines import Line, Named, attribution
from winset.record.reading.understand_turns import Turns
from winset.record.reading.wordlists import flat, small

__all__ = ["understand"]

_Item = TypeVar("_Item", EventItem, DeadlineItem, PositionItem, TermItem)
_Named = TypeVar("_Named", Person, Party)


def understand(document: ReadDocument, said: Sequence[frozenset[str]]) -> ReadDocument:
    """The document with people, parties, events, terms, deadlines and positions, and flags on what needs eyes.

    `said`: the words of each sentence that some rule looks for (`told_by`).
    """
    text = flat(document.text)
    sentences = [s for s in document.sentences if s.end - s.start <= LONGEST]
    hits, mentions = _mentions(text, sentences, said)
    people, belongs = persons([m for group in mentions for m in group])
    by_name = {person.name: person for person in people}
    all_hits = [hit for group in hits for hit in group]
    weights = codes_by_weight(all_hits)
    trio = _trio(hits)
    base, home = home_of(document.blocks, sentences)
    context = Context(
        published=(document.published.latest or "")[:10],
        pair=weights,
        sides=two_sides(all_hits),
        trio=trio,
        people=people,
        guesses=guesses(people, weights),
        homes=homes(people, weights, home),
        home=home,
        base=base,
        lead=lead_day(
            document.date_mentions,
            (document.published.latest or "")[:10],
            next((s.i for s in sentences if s.block == "body"), 0),
        ),
    )
    figures = {figure.id for figure in document.figures}
    turns = Turns(document.text, sentences)
    bodies: list[Span] = []
    due: list[DeadlineItem] = []
    held: list[PositionItem] = []
    tabled: list[TermItem] = []

    def told() -> Iterator[Line]:
        """Each line, asked for all but its events; one at a time, since a line weighs more than its words."""
        for line in _speakers(_lines(document, text, sentences, said, hits, mentions, by_name, belongs), turns):
            bodies.extend(bodies_in(line))
            deadline = deadline_in(line)
            if deadline is not None:
                due.append(deadline)
            held.extend(positions_in(line, weights, trio))
            tabled.extend(terms_in(line, figures))
            yield line

    found_events = events(told(), context, document.published)
    held.sort(key=lambda p: (p.quote.start, p.quote.end))
    flags = [
        Flag(
            kind="bare_surname",
            text=f"Only a family name is given: {person.name}; who it is needs an analyst",
            spans=person.mentions[:1],
        )
        for person in people
        if " " not in person.name
    ]
    understood = changed(
        document,
        people=numbered(people, f"{document.id}-n"),
        parties=numbered(parties(all_hits, bodies), f"{document.id}-a"),
        events=numbered(found_events, f"{document.id}-e"),
        deadlines=numbered(due, f"{document.id}-dl"),
        positions=numbered(held, f"{document.id}-p"),
        terms=numbered(tabled, f"{document.id}-t"),
        flags=(*document.flags, *flags),
    )
    return understood if text == document.text else _resliced(understood)


def _resliced(document: ReadDocument) -> ReadDocument:
    """Every span with the file's own blanks again."""
    text = document.text

    def span(old: Span) -> Span:
        return Span(start=old.start, end=old.end, text=text[old.start : old.end])

    def quoted(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
        return tuple(
            i if i.quote.text == text[i.quote.start : i.quote.end] else changed(i, quote=span(i.quote))
            for i in items
        )

    def mentioned(items: tuple[_Named, ...]) -> tuple[_Named, ...]:
        return tuple(
            i
            if all(m.text == text[m.start : m.end] for m in i.mentions)
            else changed(i, mentions=tuple(span(m) for m in i.mentions))
            for i in items
        )

    flags = tuple(changed(f, spans=tuple(_true(s, text) for s in f.spans)) for f in document.flags)
    return changed(
        document,
        people=mentioned(document.people),
        parties=mentioned(document.parties),
        events=quoted(document.events),
        deadlines=quoted(document.deadlines),
        positions=quoted(document.positions),
        terms=quoted(document.terms),
        flags=flags,
    )


def _true(span: Span, text: str) -> Span:
    return (
        span
        if span.text == text[span.start : span.end]
        else Span(start=span.start, end=span.end, text=text[span.start : span.end])
    )


LONGEST = 2000
"""Characters in a sentence; what is longer is a table or a list, and no rule of ours is meant for it."""


KEPT = 200
"""Sentences of which the words are kept for a second look; a long document is not held so as a whole."""


def _trio(hits: Iterable[Sequence[Hit]]) -> tuple[str, ...]:
    """The first three countries that one sentence names, and no fourth."""
    for group in hits:
        codes = dict.fromkeys(h.entry.code for h in group if h.entry.code and h.entry.kind in ("country", "bloc"))
        if len(codes) == 3:
            return tuple(codes)
    return ()


def _mentions(
    text: str, sentences: Sequence[Sentence], said: Sequence[frozenset[str]]
) -> tuple[list[list[Hit]], list[list[Mention]]]:
    """Known names, and persons, of each sentence.

    A bare surname counts only where the document has the name elsewhere.
    """
    hits: list[list[Hit]] = []
    found: list[list[Mention]] = []
    doubtful: list[tuple[int, list[str], Marked | None]] = []
    for n, sentence in enumerate(sentences):
        known, marked = tokens_in(text, sentence.start, sentence.end)
        hits.append(known)
        if "X" not in marked.kinds:
            found.append([])
            continue
        named, passed_over = mentions_in(text, marked, known, frozenset(), said[sentence.i])
        found.append(named)
        if passed_over:
            doubtful.append((n, passed_over, marked if n < KEPT else None))
    kin = frozenset(k for group in found for m in group for k in (letters(m.text), *surnames_of(m.text)))
    for n, passed_over, kept in doubtful:
        if kin.isdisjoint(passed_over):
            continue
        marked = kept or tokens_in(text, sentences[n].start, sentences[n].end)[1]
        unknown = [word for word, kind in zip(marked.texts, marked.kinds, strict=True) if kind == "X"]
        if not kin.isdisjoint(map(letters, unknown)) or any(map(str.isupper, unknown)):
            found[n], _ = mentions_in(text, marked, hits[n], kin, said[sentences[n].i])
    return hits, found


def _lines(
    document: ReadDocument,
    text: str,
    sentences: Sequence[Sentence],
    said: Sequence[frozenset[str]],
    hits: Sequence[list[Hit]],
    mentions: Sequence[list[Mention]],
    people: Mapping[str, Person],
    belongs: Mapping[int, str],
) -> Iterator[Line]:
    """Every sentence with names, persons, dates and figures in it."""
    dates: dict[int | None, list[DateMention]] = {}
    for date in document.date_mentions:
        dates.setdefault(date.sentence, []).append(date)
    figures: dict[int | None, list[Figure]] = {}
    for figure in document.figures:
        figures.setdefault(figure.sentence, []).append(figure)
    low = small(text)
    for sentence, names, named in zip(sentences, hits, mentions, strict=True):
        line = Line(
            sentence=sentence,
            text=text,
            low=low,
            words=said[sentence.i],
            hits=names,
            people=[Named(mention=m, person=people[belongs[m.start]]) for m in named],
            dates=dates.get(sentence.i, ()),
            figures=figures.get(sentence.i, ()),
        )
        line.said = attribution(line)
        yield line


def _speakers(lines: Iterable[Line], turns: Turns) -> Iterator[Line]:
    """Who speaks in each line; "he said" is the person who spoke, or was the subject, last."""
    last: Person | None = None
    for line in lines:
        said = line.said
        if said is not None:
            if said.person is not None:
                line.speaker = said.person
            elif said.pronoun in ("he", "she"):
                line.speaker = last
            line.speaker_code = line.speaker.party if line.speaker is not None else None
            if line.speaker is None and said.party is not None:
                line.speaker_code = said.party.entry.code
            if said.medium is not None and said.verb != "told":
                line.reported_by = said.medium.text
            elif said.verb == "according":
                line.reported_by = said.who
        turns.tell(line)
        if line.speaker is not None:
            last = line.speaker
        elif line.people:
            last = line.people[0].person
        yield line
