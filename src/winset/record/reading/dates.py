"""Date mentions of a document: found in its sentences, told ahead from behind, placed on the calendar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from winset.record.reading import dates_zones as zones
from winset.record.reading.dates_context import Context, Resolved, Told
from winset.record.reading.dates_direction import direction
from winset.record.reading.dates_expression import Expression
from winset.record.reading.dates_resolve import resolve
from winset.record.reading.dates_scan import around, find, may_hold
from winset.record.reading.dates_spans import fiscal_month
from winset.record.reading.schema import DateMention, Sentence, When

__all__ = ["day_of", "read_dates"]

_NAMES_A_THING = re.compile(
    r"['’]?s?\s(?:[a-z]+\s){0,2}?(?:deal|agreement|accord|pact|framework|summit|meeting|talks|joint|statement"
    r"|fact|understanding|"
    r"announcement|order|memorandum|declaration|round|visit|trade|tariffs?|election|report|data|figures)\b"
)
_DETERMINER = re.compile(r"\b(?:the|a|an|its|their|his|her|that|this)\s$")
_UNTOLD = frozenset({"span", "vague", "duration", "term", "decade"})
"""Kinds that no later expression leans on."""
_DAYS = frozenset({"day", "weekday", "single", "anaphor", "ordinal", "holiday"})
_TOLD_KEPT = 40
_CITY_CHARS = 50_000
"""Characters of the text in which cities are looked for."""


def day_of(text: str | None) -> dt.date | None:
    """The day of an ISO date or instant."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _clocks(cities: Sequence[tuple[int, zones.Clock]], place: int) -> list[zones.Clock]:
    """Cities that the text names, the nearest to `place` first."""
    ordered = sorted(cities, key=lambda city: abs(city[0] - place))
    return list(dict.fromkeys(clock for _, clock in ordered))


def read_dates(
    text: str,
    low: str,
    sentences: Sequence[Sentence],
    said: Sequence[frozenset[str]],
    published: When,
    *,
    apart: tuple[int, int] | None = None,
) -> tuple[DateMention, ...]:
    """Every date mention of the sentences, in order, resolved against `published` where it is relative.

    `low` is the text in small letters; `said`: the words of each sentence that some rule looks for (`told_by`).
    `apart` is the span that states the publication itself, which is no date of the story.
    """
    earliest, latest = day_of(published.earliest), day_of(published.latest)
    found: list[DateMention] = []
    cities: list[tuple[int, zones.Clock]] | None = None

    def near(place: int) -> list[zones.Clock]:
        nonlocal cities
        if cities is None:
            cities = zones.places(text[:_CITY_CHARS])
        return _clocks(cities, place)

    antecedent: tuple[dt.date, dt.date] | None = None
    told: list[Told] = []
    for sentence, words in zip(sentences, said, strict=True):
        if not may_hold(words):
            continue
        parts = around(text, low, sentence.start, sentence.end, words)
        for e in find(text, sentence.start, sentence.end, parts):
            if apart is not None and e.start < apart[1] and apart[0] < e.end:
                continue
            context = Context(
                earliest=earliest,
                latest=latest,
                stated=published.basis == "stated",
                direction=lambda e=e, s=sentence: direction(text, e.start, e.end, (s.start, s.end)),  # type: ignore[misc]
                antecedent=antecedent,
                near=lambda e=e: near(e.start),  # type: ignore[misc]
                told=told,
                sentence=sentence.i,
                fiscal=lambda words, e=e: fiscal_month(text, e.start, words),  # type: ignore[misc]
                attributive=bool(
                    e.kind in ("month", "day")
                    and _DETERMINER.search(text, max(0, e.start - 8), e.start)
                    and _NAMES_A_THING.match(text, e.end)
                ),
            )
            placed = resolve(e, context)
            if (
                e.kind in ("day", "weekday", "single", "anaphor", "month")
                and None not in placed.span
                and placed.value
            ):
                antecedent = (placed.span[0], placed.span[1])  # type: ignore[assignment]
            if placed.span[0] is not None and placed.span[1] is not None and e.kind not in _UNTOLD:
                told.append(Told(placed.span[0], placed.span[1], sentence.i, e.kind in _DAYS))
                del told[:-_TOLD_KEPT]
            found.append(_mention(text, e, placed, f"d{len(found) + 1}", sentence.i))
    return tuple(found)


def _mention(text: str, e: Expression, placed: Resolved, id: str, sentence: int) -> DateMention:
    first, last = (None if bound is None else bound.isoformat() for bound in placed.span)
    if placed.times:
        first, last = placed.times
    return DateMention(
        id=id, start=e.start, end=e.end, text=text[e.start : e.end], sentence=sentence, value=placed.value,
        earliest=first, latest=last, basis=placed.basis, utc=placed.utc, local=placed.local, why=placed.why,
        flagged=placed.flagged,
    )  # fmt: skip
