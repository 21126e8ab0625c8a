"""When a document appeared: stated, inferred from its text with the reason, or unknown.

Everything relative hangs on this, so a date is taken only where the document says that it is the date of
publication. A date at the head of a page is the day on which the page was shown or fetched: it bounds the
publication from above and is never taken for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from winset.record.reading.blocks import Paragraph
from winset.record.reading.dates_calendar import day
from winset.record.reading.dates_expression import Expression
from winset.record.reading.dates_scan import find
from winset.record.reading.dates_zones import info, instant_text, zone_of
from winset.record.reading.schema import Flag, Sentence, Span, When

__all__ = ["Given", "Publication", "publication"]

Given = dt.date | dt.datetime | tuple[dt.date | None, dt.date | None] | None
"""What the user says of the publication: a day, an instant, or first and last possible day."""

_PUBLISHED = re.compile(
    r"\s*(?:first |date )?(?:published|posted|issued|released|release date|publication date|date)\b", re.I
)
_UPDATED = re.compile(r"\s*(?:last )?(?:updated|modified)\b", re.I)
_REPORT = re.compile(
    r"\b(?:said|says|told|announced|stated|reported|added|confirmed|wrote|posted|issued|released)\b[^.;]{0,40}?"
    r"(?:\s(?:on|late on|early on))?\s(?:\w+day,?\s)?\(?$"
)
_PREFIX = re.compile(r"(?P<head>[^\n]{3,90}?)(?:\s--?\s|\s?[—–]\s?|\)\s?[-:]\s|:\s)")
_LOWER_WORD = re.compile(r"\b(?!of\b|and\b|de\b|local\b|time\b|a\.m|p\.m)[a-z]{2,}\b")
_INFERENCE_SENTENCES = 40
"""Sentences from the top in which a dated report is looked for."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The publication, what an analyst should look at, and the span that states it inside the body."""

    when: When
    flags: tuple[Flag, ...] = ()
    span: tuple[int, int] | None = None
    """A place-and-date line inside the first sentence: not a date mention of the story."""


def _day_text(bound: dt.date | None) -> str | None:
    return None if bound is None else bound.isoformat()[:10]


def _given(given: dt.date | tuple[dt.date | None, dt.date | None]) -> When:
    why = "given by the user"
    if isinstance(given, tuple):
        low, high = given
        value = low.isoformat() if low is not None and low == high else None
        return When(
            value=value,
            earliest=_day_text(low),
            latest=_day_text(high),
            basis="stated",
            why=why,
        )
    value = instant_text(given) if isinstance(given, dt.datetime) else given.isoformat()
    utc = None
    if isinstance(given, dt.datetime) and given.tzinfo is not None:
        utc = f"{given.astimezone(dt.timezone.utc):%Y-%m-%dT%H:%M}Z"  # noqa: UP017
    return When(value=value, earliest=value[:10], latest=value[:10], basis="stated", utc=utc, why=why)


def _stated(e: Expression, why: str) -> When | None:
    """The day (and time) of a full date; None where it is not one."""
    if e.kind != "day" or e.year is None or e.month is None or e.day is None or e.until or e.until_day:
        return None
    found = day(e.year, e.month, e.day)
    if found is None:
        return None
    if e.ambiguous:
        other = day(e.year, e.day, e.month) or found
        low, high = sorted((found, other))
        why += "; day and month may be exchanged"
        return When(value=None, earliest=low.isoformat(), latest=high.isoformat(), basis="stated", why=why)
    value, utc = found.isoformat(), None
    if e.time:
        zone = zone_of(e.zone) if e.zone else None
        rules = info(zone) if zone else None
        moment = dt.datetime.combine(found, dt.time(*e.time), tzinfo=rules)
        value = instant_text(moment)
        utc = f"{moment.astimezone(dt.timezone.utc):%Y-%m-%dT%H:%M}Z" if rules else None  # noqa: UP017
    return When(
        value=value, earliest=found.isoformat(), latest=found.isoformat(), basis="stated", utc=utc, why=why
    )


def _lines(text: str, paragraphs: Sequence[Paragraph]) -> tuple[When | None, list[Flag]]:
    """What the lines about the date of publication say; the first one labelled so wins over a bare one."""
    ranked: list[tuple[int, int, When]] = []
    title_seen = False
    for position, p in enumerate(paragraphs):
        title_seen = title_seen or p.kind == "title"
        if p.kind != "dateline" or p.end - p.start > 240:
            continue
        line = text[p.start : p.end]
        rank = 0 if _PUBLISHED.match(line) else 2 if _UPDATED.match(line) else 1
        if rank == 1 and not title_seen:
            continue
        for e in find(text, p.start, p.end):
            why = ("its line of publication", "the date line under its title", "its line of the last change")[rank]
            when = _stated(e, f"{why} says so: '{line[:60].strip()}'")
            if when is not None:
                ranked.append((rank, position, when))
                break
    if not ranked:
        return None, []
    ranked.sort(key=lambda item: item[:2])
    chosen = ranked[0][2]
    others = [w for rank, _, w in ranked[1:] if rank < 2 and w.earliest != chosen.earliest]
    flags = []
    if others:
        flags.append(
            Flag(
                kind="publication",
                text=f"Two lines state different dates: {chosen.earliest} and {others[0].earliest}",
            )
        )
    return chosen, flags


def _place_line(text: str, sentences: Sequence[Sentence]) -> Expression | None:
    """The date of a place-and-date line at the start of the body: "GENEVA, May 12, 2025 (Agency) -- "."""
    first = next((s for s in sentences if s.block == "body"), None)
    if first is None:
        return None
    prefix = _PREFIX.match(text, first.start, min(first.end, first.start + 110))
    if prefix is None or not text[first.start].isupper() or _LOWER_WORD.search(prefix["head"]):
        return None
    return next((e for e in find(text, first.start, prefix.end("head") + 1) if e.kind == "day"), None)


def _from_metadata(metadata: Sequence[tuple[str, str]]) -> When | None:
    """What the page's markup states; later changes only where nothing else is stated."""
    for name, value in metadata:
        try:
            moment = dt.datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        except ValueError:
            continue
        shown = moment.date().isoformat()
        full = shown if len(value.strip()) <= 10 else instant_text(moment)
        utc = f"{moment.astimezone(dt.timezone.utc):%Y-%m-%dT%H:%M}Z" if moment.tzinfo else None  # noqa: UP017
        return When(
            value=full,
            earliest=shown,
            latest=shown,
            basis="stated",
            utc=utc,
            why=f"the page's markup says so ({name})",
        )
    return None


def _bounds(text: str, paragraphs: Sequence[Paragraph]) -> tuple[dt.date | None, Span | None]:
    """The date at the head of the page: the publication is no later."""
    for p in paragraphs:
        if p.kind == "page-header":
            for e in find(text, p.start, p.end):
                when = _stated(e, "")
                if when is not None and when.latest is not None:
                    return dt.date.fromisoformat(when.latest), Span(
                        start=e.start, end=e.end, text=text[e.start : e.end]
                    )
    return None, None


def _inferred(text: str, sentences: Sequence[Sentence], latest: dt.date | None) -> When | None:
    """From the last full date on which the text says that somebody spoke."""
    best: tuple[dt.date, str] | None = None
    for sentence in sentences[:_INFERENCE_SENTENCES]:
        for e in find(text, sentence.start, sentence.end):
            when = _stated(e, "")
            if when is None or when.value is None or when.latest is None:
                continue
            spoken = _REPORT.search(text, max(sentence.start, e.start - 70), e.start)
            found = dt.date.fromisoformat(when.latest)
            if spoken and (latest is None or found <= latest) and (best is None or found > best[0]):
                best = (found, text[max(sentence.start, e.start - 30) : e.end])
    if best is None:
        return None
    last = min(best[0] + dt.timedelta(days=1), latest or dt.date.max)
    return When(
        value=best[0].isoformat(),
        earliest=best[0].isoformat(),
        latest=last.isoformat(),
        basis="inferred_text",
        why=f"the latest dated report in the text: '...{best[1].strip()}'",
    )


def publication(
    text: str,
    paragraphs: Sequence[Paragraph],
    sentences: Sequence[Sentence],
    *,
    given: Given = None,
    today: dt.date | None = None,
    metadata: Sequence[tuple[str, str]] = (),
) -> Publication:
    """When the document appeared, with its reason.

    Order: what the user says, the page's line of publication, its markup, a place-and-date line, an inference from
    dated reports; else unknown, bounded by the date at the head of the page. `today` only serves
    to notice a stated date that lies in the future: what is read must not depend on the day of reading.
    """
    latest, shown_span = _bounds(text, paragraphs)
    place = _place_line(text, sentences)
    span = (place.start, place.end) if place else None
    if given is not None:
        return Publication(when=_given(given), span=span)
    flags: list[Flag] = []
    stated, line_flags = _lines(text, paragraphs)
    flags += line_flags
    marked = _from_metadata(metadata)
    if stated is not None and marked is not None and stated.earliest != marked.earliest:
        flags.append(
            Flag(kind="publication", text=f"The page prints {stated.earliest}, its markup says {marked.earliest}")
        )
    found = stated or marked
    if found is None and place is not None:
        found = _stated(place, "its place-and-date line says so")
        if found is None and latest is not None and place.year is None and place.month and place.day:
            # Month and day, no year: the last such day that is not after the page was shown.
            options = (day(year, place.month, place.day) for year in (latest.year, latest.year - 1))
            near = next((d for d in options if d is not None and d <= latest), None)
            if near is not None:
                found = When(
                    value=near.isoformat(),
                    earliest=near.isoformat(),
                    latest=near.isoformat(),
                    basis="inferred_text",
                    why=f"its place-and-date line names the day, the year is the last possible before {latest}",
                )
    if found is not None and today is not None and found.earliest and found.earliest > today.isoformat():
        flags.append(Flag(kind="publication", text=f"The stated publication {found.earliest} lies in the future"))
    if found is None:
        found = _inferred(text, sentences, latest)
        if found is not None:
            flags.append(Flag(kind="publication", text=f"The publication was inferred: {found.why}"))
    if found is None:
        why = "nothing in the document says when it appeared"
        if latest is not None and shown_span is not None:
            why += f"; the date at the head of the page ({latest}) only says that it was not later"
            flags.append(
                Flag(
                    kind="publication",
                    text="The date at the head of the page is not the publication",
                    spans=(shown_span,),
                )
            )
        found = When(value=None, earliest=None, latest=_day_text(latest), basis="unknown", why=why)
        flags.append(Flag(kind="publication", text="The publication is unknown; relative dates stay open"))
    return Publication(when=found, flags=tuple(flags), span=span)
