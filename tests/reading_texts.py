"""Scores of whole texts, annotated by somebody who had not seen the rules: figures with roles, dates, meetings.

A figure or date answers an annotation by an overlap of spans. A meeting answers one by what both say of who, which
sides, where and when; the pairs that agree most are taken first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from reading_scores import Tally, meetings_of, same_status
from winset.record.reading.names import letters
from winset.record.reading.read import read_text
from winset.record.reading.schema import EventItem, ReadDocument

__all__ = ["TextScores", "score_texts"]


@dataclass
class TextScores:
    figures: Tally = field(default_factory=Tally)
    """Value and unit."""
    roles: Tally = field(default_factory=Tally)
    dates: Tally = field(default_factory=Tally)
    unflagged: int = 0
    """Dates that are wrong and not flagged."""
    meetings: Tally = field(default_factory=Tally)
    status: Tally = field(default_factory=Tally)
    participants: Tally = field(default_factory=Tally)
    parties: Tally = field(default_factory=Tally)
    days: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)


def score_texts(cases: Sequence[Mapping[str, Any]]) -> TextScores:
    """All texts of a file as `reading_texts.yaml`, read with their day of publication."""
    scores = TextScores()
    for case in cases:
        document = read_text(case["text"], published=case["published"])
        _figures(scores, document, case)
        _dates(scores, document, case)
        _meetings(scores, document, case)
    return scores


def _overlaps(item: Any, gold: Mapping[str, Any]) -> bool:
    return bool(item.start < gold["end"] and gold["start"] < item.end)


def _kept(items: Sequence[Any], case: Mapping[str, Any]) -> list[Any]:
    """Items outside the spans that the annotation leaves out."""
    left_out = case.get("ignored") or ()
    return [item for item in items if not any(_overlaps(item, gold) for gold in left_out)]


def _figures(scores: TextScores, document: ReadDocument, case: Mapping[str, Any]) -> None:
    left = _kept(document.figures, case)
    for tally in (scores.figures, scores.roles):
        tally.found += len(left)
        tally.wanted += len(case["figures"])
    for gold in case["figures"]:
        hit = next(
            (
                f
                for f in left
                if _overlaps(f, gold)
                and f.unit == gold["unit"]
                and abs(f.value - gold["value"]) <= 1e-9 * abs(f.value)
            ),
            None,
        )
        words = f"{case['id']} {_context(case['text'], gold)}"
        if hit is None:
            near = [(f.text, f.value, f.unit) for f in left if _overlaps(f, gold)]
            scores.figures.misses.append(
                f"{words}: missed, {near or 'nothing'} for {gold['value']} {gold['unit']}"
            )
            continue
        left.remove(hit)
        scores.figures.right += 1
        if any(fnmatchcase(hit.role, role) for role in str(gold["role"]).split("|")):
            scores.roles.right += 1
        else:
            scores.roles.misses.append(f"{words}: {hit.role}, not {gold['role']}")
    scores.figures.misses += [f"{case['id']} extra: {f.text!r} {f.unit} {f.role}" for f in left]


def _context(text: str, gold: Mapping[str, Any]) -> str:
    start, end = gold["start"], gold["end"]
    before, after = text[max(0, start - 70) : start], text[end : end + 50]
    return f"{before}[{text[start:end]}]{after}".replace("\n", " / ")


def _day(bound: Any) -> str | None:
    return None if bound is None else str(bound)[:10]


def _dates(scores: TextScores, document: ReadDocument, case: Mapping[str, Any]) -> None:
    left = [d for d in _kept(document.date_mentions, case) if d.basis != "duration"]
    scores.dates.found += len(left)
    scores.dates.wanted += len(case["dates"])
    for gold in case["dates"]:
        hit = next((d for d in left if _overlaps(d, gold)), None)
        words = f"{case['id']} {_context(case['text'], gold)}"
        if hit is None:
            scores.dates.misses.append(f"{words}: missed")
            continue
        left.remove(hit)
        ours, theirs = (_day(hit.earliest), _day(hit.latest)), (_day(gold["earliest"]), _day(gold["latest"]))
        if ours == theirs:
            scores.dates.right += 1
        else:
            scores.unflagged += not hit.flagged
            scores.dates.misses.append(f"{words}: {ours} {'' if hit.flagged else 'unflagged '}for {theirs}")
    scores.dates.misses += [f"{case['id']} extra: {d.text!r}" for d in left]


def _meetings(scores: TextScores, document: ReadDocument, case: Mapping[str, Any]) -> None:
    ours, wanted = meetings_of(document), list(case.get("meetings") or ())
    pairs = sorted(
        (
            (likeness, i, j)
            for i, event in enumerate(ours)
            for j, gold in enumerate(wanted)
            if (likeness := _likeness(event, gold)) > 0
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in found and j not in found.values():
            found[i] = j
    optional = {j for j, gold in enumerate(wanted) if gold.get("optional")}
    counted = {i: j for i, j in found.items() if j not in optional}
    scores.meetings.right += len(counted)
    scores.meetings.found += len(ours) - (len(found) - len(counted))
    scores.meetings.wanted += len(wanted) - len(optional)
    name = case["id"]
    for i, j in counted.items():
        _pair(scores, ours[i], wanted[j], name)
    scores.meetings.misses += [
        f"{name} extra: {e.type} {e.status} {e.participants} {e.parties} {e.quote.text[:110]!r}"
        for i, e in enumerate(ours)
        if i not in found
    ]
    scores.meetings.misses += [
        f"{name} missed: {dict(gold)}"
        for j, gold in enumerate(wanted)
        if j not in found.values() and j not in optional
    ]


def _pair(scores: TextScores, event: EventItem, gold: Mapping[str, Any], name: str) -> None:
    shown = f"{name} {event.quote.text[:60]!r}"
    if "status" in gold:
        fits = any(same_status(event.status, status) for status in str(gold["status"]).split("|"))
        _one(scores.status, fits, f"{shown}: {event.status} for {gold['status']}")
    if "who" in gold:
        _sets(scores.participants, _named(event.participants, gold["who"]), set(map(letters, gold["who"])), shown)
    if "parties" in gold:
        _sets(scores.parties, set(event.parties), set(gold["parties"]), shown)
    if "on" in gold or "from" in gold:
        ours, theirs = (_day(event.date.earliest), _day(event.date.latest)), _bounds(gold)
        _one(scores.days, ours == theirs, f"{shown}: {ours} for {theirs}")
    if gold.get("place"):
        right = event.place is not None and _like_place(event.place, gold["place"])
        _one(scores.places, right, f"{shown}: {event.place} for {gold['place']}")


def _one(tally: Tally, right: bool, words: str) -> None:
    tally.found += 1
    tally.wanted += 1
    tally.right += right
    if not right:
        tally.misses.append(words)


def _sets(tally: Tally, ours: set[str], theirs: set[str], words: str) -> None:
    tally.right += len(ours & theirs)
    tally.found += len(ours)
    tally.wanted += len(theirs)
    if ours != theirs:
        tally.misses.append(f"{words}: {sorted(ours)} for {sorted(theirs)}")


def _named(ours: Sequence[str], theirs: Sequence[str]) -> set[str]:
    """Our names, shortened to a family name where the annotation has no more of it."""
    short = {letters(name): name for name in theirs if " " not in name}
    found = set()
    for name in ours:
        # A family name stands last, or first: "Ada Lund", "Seo Jun-ho".
        family = next((part for part in map(letters, reversed(name.split())) if part in short), None)
        found.add(family or letters(name))
    return found


def _bounds(gold: Mapping[str, Any]) -> tuple[str | None, str | None]:
    if "on" in gold:
        return _day(gold["on"]), _day(gold["on"])
    return _day(gold.get("from")), _day(gold.get("to"))


def _like_place(ours: str, theirs: str) -> bool:
    return letters(ours) in letters(theirs) or letters(theirs) in letters(ours)


def _likeness(event: EventItem, gold: Mapping[str, Any]) -> float:
    """How much a meeting found and one annotated say the same; 0 where nothing ties them, or the days differ."""
    first, last = _day(event.date.earliest), _day(event.date.latest)
    points = 0.0
    if "on" in gold or "from" in gold:
        begin, end = _bounds(gold)
        if event.date.basis != "unresolved" and (first or last):
            if (last or "9999") < (begin or "0") or (end or "9999") < (first or "0"):
                return 0.0
            points += 2.0 if first and last and (first, last) == (begin, end) else 0.5 if first and last else 0.0
    points += 2.0 * len(_families(event.participants) & _families(gold.get("who", ())))
    points += len(set(event.parties) & set(gold.get("parties", ())))
    if event.place is not None and gold.get("place"):
        points += 2.0 if _like_place(event.place, gold["place"]) else -1.0
    if points <= 0:
        return 0.0
    fits = any(same_status(event.status, status) for status in str(gold.get("status", "")).split("|"))
    return points + fits + (event.type in str(gold["type"]).split("|"))


def _families(names: Sequence[str]) -> set[str]:
    return {letters(part) for part in _last_words(names)}


def _last_words(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield name.split()[-1]
