"""Where the record contradicts itself: between documents, and within one document's arithmetic.

Each conflict shows both sides with their words. Nothing here prefers one: that is for an analyst.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from winset.record.proposals_merge import Link, day_bounds, groups
from winset.record.reading.schema import DateMention, Figure, ReadDocument, Span

if TYPE_CHECKING:
    from winset.record.proposals import Proposal

__all__ = ["Conflict", "SideShown", "conflicts"]

ROUNDING = 0.005
"""Two figures for one thing that differ by less are one figure, rounded."""
RATE_GAP = 0.15
"""Implied exchange rates of one record that differ by more from their median are shown."""
MAGNITUDE = 8.0
"""A figure this many times larger or smaller than the others for its thing is shown as a slip of magnitude."""
SETTLED = ("agreed", "in_force", "announced", "reported")
"""Terms of which a later document may not silently tell another figure."""


@dataclass(frozen=True, kw_only=True)
class SideShown:
    """One version, with its words."""

    document: str
    quote: Span
    says: str
    """The version in our words."""
    proposal: str | None = None


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """Two versions that cannot both be taken as they stand, or a sum that does not come out."""

    id: str
    kind: str
    """contradiction, total, exchange_rate, weekday, magnitude."""
    text: str
    """What does not fit, in our words."""
    a: SideShown
    b: SideShown | None = None
    """The other version; None where one side contradicts arithmetic or the calendar."""


def conflicts(
    documents: Sequence[ReadDocument], proposals: Sequence[Proposal], ties: Sequence[Link]
) -> tuple[Conflict, ...]:
    """All conflicts, each once, in an order that does not depend on the order of files."""
    found = [
        *_events(proposals, ties),
        *_terms(proposals, _copies(ties)),
        *_deadlines(proposals),
        *_magnitudes(proposals),
        *_rates(documents),
    ]
    for document in documents:
        found += _totals(document)
        found += _weekdays(document)
    once = {conflict.id: conflict for conflict in found}
    return tuple(sorted(once.values(), key=lambda c: (c.a.document, c.a.quote.start, c.kind, c.id)))


def _copies(ties: Sequence[Link]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((link.a, link.b)) for link in ties if link.kind == "copy")


def _conflict(kind: str, text: str, a: SideShown, b: SideShown | None = None) -> Conflict:
    if b is not None and (b.document, b.quote.start) < (a.document, a.quote.start):
        a, b = b, a
    places = [[s.document, s.quote.start, s.quote.end, s.says] for s in (a, b) if s is not None]
    mark = hashlib.sha256(json.dumps([kind, places]).encode()).hexdigest()[:12]
    return Conflict(id=f"c-{mark}", kind=kind, text=text, a=a, b=b)


def _side(proposal: Proposal, says: str) -> SideShown:
    quote = Span(**proposal.item["quote"])
    return SideShown(document=proposal.document, quote=quote, says=says, proposal=proposal.id)


def _pairs(group: Sequence[Proposal]) -> list[tuple[Proposal, Proposal]]:
    return [(a, b) for i, a in enumerate(group) for b in group[i + 1 :]]


def _events(proposals: Sequence[Proposal], ties: Sequence[Link]) -> list[Conflict]:
    """One event told with another status, place or hour."""
    first = groups(proposals, ties)
    members: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.what == "event":
            members.setdefault(first[proposal.id], []).append(proposal)
    found = []
    for group in members.values():
        for a, b in _pairs(group):
            found += _event_pair(a, b)
    return found


def _event_pair(a: Proposal, b: Proposal) -> list[Conflict]:
    found = []
    held, off = {"occurred", "ongoing"}, {"cancelled", "negated"}
    one, two = a.item["status"], b.item["status"]
    if {one, two} & off and one != two and ({one, two} & held or a.published == b.published):
        found.append(
            _conflict(
                "contradiction", "One tells of an event as held, the other not", _side(a, one), _side(b, two)
            )
        )
    places = a.item["place"], b.item["place"]
    if places[0] and places[1] and not _same_place(*places):
        found.append(_conflict("contradiction", "One event, two places", _side(a, places[0]), _side(b, places[1])))
    hours = a.item["date"].get("utc"), b.item["date"].get("utc")
    if hours[0] and hours[1] and hours[0] != hours[1]:
        found.append(_conflict("contradiction", "One event, two hours", _side(a, hours[0]), _side(b, hours[1])))
    return found


def _same_place(one: str, two: str) -> bool:
    """Whether two names may be one place: one holds the other, or both lie in one city or country."""
    from winset.record.reading.names import scan

    if one.casefold() in two.casefold() or two.casefold() in one.casefold():
        return True
    codes = [{hit.entry.code for hit in scan(place, 0, len(place))} for place in (one, two)]
    kinds = [{hit.entry.kind for hit in scan(place, 0, len(place))} for place in (one, two)]
    # The White House lies in Washington; Osaka does not lie in Tokyo.
    return bool(codes[0] & codes[1]) and not (kinds[0] & kinds[1] & {"city"}) and "city" not in kinds[0] ^ kinds[1]


def _amount(proposal: Proposal) -> tuple[float, str] | None:
    figure = proposal.figure
    if figure is None:
        return None
    return float(figure["value"]), str(figure["unit"])


def _term_key(proposal: Proposal) -> tuple[Any, ...]:
    item = proposal.item
    figure: Mapping[str, Any] = proposal.figure or {}
    return (
        item["issue"],
        item["role"],
        item["from_party"],
        item["to_party"],
        _thing(str(figure.get("on") or "")),
        figure.get("unit"),
        figure.get("per"),
    )


def _thing(on: str) -> str:
    return re.sub(r"^(?:the|all|most|its|their)\s+", "", on.casefold()).strip()


def _terms(proposals: Sequence[Proposal], copies: frozenset[frozenset[str]]) -> list[Conflict]:
    """One term told with two figures, unless a later document tells of a wish that moved."""
    by_key: dict[tuple[Any, ...], list[Proposal]] = {}
    for proposal in proposals:
        if proposal.what == "term" and proposal.figure is not None and proposal.item["from_party"] is not None:
            by_key.setdefault(_term_key(proposal), []).append(proposal)
    found = []
    for group in by_key.values():
        for a, b in _pairs(group):
            if a.document == b.document and a.item["quote"]["start"] == b.item["quote"]["start"]:
                continue
            one, two = _amount(a), _amount(b)
            if one is None or two is None or abs(one[0] - two[0]) <= ROUNDING * max(abs(one[0]), abs(two[0])):
                continue
            same_status = a.item["status"] == b.item["status"] or (
                a.item["status"] in SETTLED and b.item["status"] in SETTLED
            )
            wish = a.item["status"] not in SETTLED
            if not same_status or (wish and _day_told(a) != _day_told(b)):
                continue
            found.append(
                _conflict(
                    "contradiction",
                    f"One term ({a.item['role']}), two figures",
                    _side(a, _shown(one)),
                    _side(b, _shown(two)),
                )
            )
    return found


def _day_told(proposal: Proposal) -> str:
    return str(proposal.published.get("value") or "")[:10]


def _shown(amount: tuple[float, str]) -> str:
    return f"{amount[0]:,.10g} {amount[1]}"


def _deadlines(proposals: Sequence[Proposal]) -> list[Conflict]:
    """One thing with two last days, neither told as moved."""
    by_key: dict[tuple[str, str, str], list[Proposal]] = {}
    for proposal in proposals:
        if proposal.what == "deadline" and day_bounds(proposal.item["date"]) is not None:
            item = proposal.item
            words = item["what"].casefold().split()
            key = (item["kind"], item["issue"], words[-1].rstrip("s") if words else "")
            by_key.setdefault(key, []).append(proposal)
    found = []
    for group in by_key.values():
        for a, b in _pairs(group):
            one, two = day_bounds(a.item["date"]), day_bounds(b.item["date"])
            if one is None or two is None or "moved" in (a.item["status"], b.item["status"]):
                continue
            if one[1] < two[0] or two[1] < one[0]:
                found.append(
                    _conflict(
                        "contradiction",
                        "Perhaps one deadline with two days",
                        _side(a, f"{one[0]}..{one[1]}"),
                        _side(b, f"{two[0]}..{two[1]}"),
                    )
                )
    return found


def _magnitudes(proposals: Sequence[Proposal]) -> list[Conflict]:
    """A figure far from all others for its role between the same parties: a million for a billion."""
    by_role: dict[tuple[Any, ...], list[Proposal]] = {}
    for proposal in proposals:
        if proposal.what == "term" and proposal.figure is not None and len(str(proposal.figure["unit"])) == 3:
            item = proposal.item
            by_role.setdefault(
                (item["role"], item["from_party"], item["to_party"], proposal.figure["unit"]), []
            ).append(proposal)
    found = []
    for group in by_role.values():
        for proposal in group:
            others = [p for p in group if p.sha256 != proposal.sha256 and p.figure is not None]
            if not others or proposal.figure is None:
                continue
            middle = statistics.median(abs(float(p.figure["value"])) for p in others if p.figure is not None)
            value = abs(float(proposal.figure["value"]))
            if middle <= 0 or value <= 0 or 1 / MAGNITUDE < value / middle < MAGNITUDE:
                continue
            nearest = min(others, key=lambda p: (abs(float((p.figure or {})["value"]) - middle), p.id))
            found.append(
                _conflict(
                    "magnitude",
                    "Two figures for one role lie orders of magnitude apart",
                    _side(proposal, _shown((value, str(proposal.figure["unit"])))),
                    _side(nearest, _shown(_amount(nearest) or (0.0, ""))),
                )
            )
    return found


@functools.cache
def _ranges() -> dict[str, tuple[float, float]]:
    text = files(__package__).joinpath("conflicts_rates.csv").read_text(encoding="utf-8")
    rows = [line.split(";") for line in text.split("\n") if line and not line.startswith("#")]
    return {code: (float(low), float(high)) for code, low, high in rows[1:]}


def _rates(documents: Sequence[ReadDocument]) -> list[Conflict]:
    """One amount in two currencies whose rate lies out of range, or far from the record's other pairs."""
    pairs: dict[str, list[tuple[float, ReadDocument, Figure, Figure]]] = {}
    for document in documents:
        figures = {figure.id: figure for figure in document.figures}
        for figure in document.figures:
            other = figures.get(figure.equals or "")
            if other is None or figure.unit == "USD" or other.unit != "USD" or other.value <= 0:
                continue
            pairs.setdefault(figure.unit, []).append((figure.value / other.value, document, figure, other))
    found = []
    for unit, seen in sorted(pairs.items()):
        low, high = _ranges().get(unit, (0.0, float("inf")))
        middle = statistics.median(rate for rate, *_ in seen)
        for rate, document, figure, other in seen:
            odd = len(seen) > 2 and abs(rate / middle - 1) > RATE_GAP
            if low <= rate <= high and not odd:
                continue
            why = (
                f"outside {low:g} to {high:g}"
                if not low <= rate <= high
                else f"the record's other pairs give {middle:,.4g}"
            )
            found.append(
                _conflict(
                    "exchange_rate",
                    f"One amount in two currencies gives {rate:,.4g} {unit} to the dollar; {why}",
                    SideShown(document=document.id, quote=_span(figure), says=_shown((figure.value, unit))),
                    SideShown(document=document.id, quote=_span(other), says=_shown((other.value, "USD"))),
                )
            )
    return found


def _span(item: Span) -> Span:
    return Span(start=item.start, end=item.end, text=item.text)


EXACT = re.compile(
    r"\b(?:consist\w* of|compris\w*|made up of|(?:split|divided|broken down) (?:in)?to|the sum of)\b|:\s*$", re.I
)
WITHIN = re.compile(r"\b(?:of which|including|includes|out of which|of that|of this|among which)\b", re.I)


def _totals(document: ReadDocument) -> list[Conflict]:
    """Parts that add up to another total, or to more than what they are part of."""
    by_sentence: dict[int, list[Figure]] = {}
    for figure in document.figures:
        if figure.sentence is not None:
            by_sentence.setdefault(figure.sentence, []).append(figure)
    found = []
    for members in by_sentence.values():
        ordered = sorted(members, key=lambda f: f.start)
        total, parts = ordered[0], [f for f in ordered[1:] if f.unit == ordered[0].unit and f.equals is None]
        if len(parts) < 1 or total.pair is not None:
            continue
        between = document.text[total.end : parts[0].start]
        sum_ = sum(part.value for part in parts)
        exact = EXACT.search(between) is not None and len(parts) >= 2
        within = WITHIN.search(between) is not None
        slack = max(ROUNDING * abs(total.value), 0.5 * len(parts) * _last_digit(parts))
        off = (exact and abs(sum_ - total.value) > slack) or (within and sum_ > total.value + slack)
        if not off:
            continue
        text = (
            f"The parts add up to {_shown((sum_, total.unit))}, the total is {_shown((total.value, total.unit))}"
        )
        last = parts[-1]
        words = document.text[parts[0].start : last.end]
        found.append(
            _conflict(
                "total",
                text,
                SideShown(document=document.id, quote=_span(total), says=_shown((total.value, total.unit))),
                SideShown(
                    document=document.id,
                    quote=Span(start=parts[0].start, end=last.end, text=words),
                    says=" + ".join(_shown((part.value, part.unit)) for part in parts),
                ),
            )
        )
    return found


def _last_digit(parts: Sequence[Figure]) -> float:
    """Half a unit of the last printed digit is what rounding may hide; this is that unit, of the coarsest part."""
    units = []
    for part in parts:
        printed = re.search(r"\d[\d,]*(?:\.(?P<decimals>\d+))?", part.text)
        number = float(printed.group().replace(",", "")) if printed is not None else 0.0
        scale = part.value / number if number else 1.0
        decimals = len(printed.group("decimals") or "") if printed is not None else 0
        units.append(abs(scale) * 10.0**-decimals)
    return max(units, default=0.0)


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMED_DAY = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b", re.I)


def _weekdays(document: ReadDocument) -> list[Conflict]:
    """A weekday and a day of the month that do not fall together."""
    import datetime as dt

    found = []
    mentions: Sequence[DateMention] = document.date_mentions
    for mention in mentions:
        named = NAMED_DAY.search(mention.text)
        numbered = re.search(r"\d", mention.text)
        value = (mention.value or "")[:10]
        if named is None or numbered is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            continue
        if re.search(r"\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m|o['’]clock)", mention.text, re.I) and not re.search(
            r"\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", mention.text, re.I
        ):
            continue
        day = dt.date.fromisoformat(value)
        if DAYS[day.weekday()][:3] == named.group(1).casefold():
            continue
        if mention.basis == "year_inferred":
            continue
        found.append(
            _conflict(
                "weekday",
                f"{value} is a {DAYS[day.weekday()].capitalize()}",
                SideShown(document=document.id, quote=_span(mention), says=mention.text),
            )
        )
    return found
