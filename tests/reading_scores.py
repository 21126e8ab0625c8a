"""Scores of what was read against what a person annotated: meetings, participants, positions, deadlines, terms.

Meetings, summits, calls, visits and talks are one family. One item found may answer one item annotated, by an
overlapping quote or by the same parties on the same day. Participants are persons with names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from winset.record.reading.names import letters
from winset.record.reading.schema import EventItem, ReadDocument

FAMILY = {"meeting", "summit", "call", "visit", "talks", "briefing", "visit_domestic"}
ALPHA3 = {"KR": "KOR", "US": "USA", "JP": "JPN", "KP": "PRK", "CN": "CHN"}
AHEAD = {"planned", "expected"}


@dataclass
class Tally:
    """Counts from which precision, recall and F1 follow."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        both = self.found + self.wanted
        return 2 * self.right / both if both else 1.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} ({self.right}/{self.found}/{self.wanted})"


@dataclass
class Scores:
    meetings: Tally = field(default_factory=Tally)
    """`wanted` and recall over core items only; `found` over all."""
    core_right: int = 0
    status: Tally = field(default_factory=Tally)
    participants: Tally = field(default_factory=Tally)
    parties: Tally = field(default_factory=Tally)
    dates: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)
    people: Tally = field(default_factory=Tally)
    positions: Tally = field(default_factory=Tally)
    deadlines: Tally = field(default_factory=Tally)
    terms: Tally = field(default_factory=Tally)


def same_status(ours: str, theirs: str) -> bool:
    """Whether an event lies ahead, has been, is under way, was called off or is denied."""
    return ours == theirs or {ours, theirs} <= AHEAD


def meetings_of(document: ReadDocument) -> list[EventItem]:
    return [event for event in document.events if event.type in FAMILY]


def add_gold(scores: Scores, document: ReadDocument, gold: Mapping[str, Any]) -> None:
    """Add one annotated document of `gold_seeds.json`."""
    persons = {a["canonical"] for a in gold["actors"] if a["type"] == "person"}
    wanted = [e for e in gold["events"] if e["type"] in FAMILY]
    free = list(wanted)
    ours = meetings_of(document)
    scores.meetings.found += len(ours)
    scores.meetings.wanted += sum(e["relevance"] == "core" for e in wanted)
    pairs = []
    for close in (True, False):
        for event in list(ours):
            match = next((g for g in free if _matches(event, g, close=close)), None)
            if match is not None:
                free.remove(match)
                ours.remove(event)
                pairs.append((event, match))
    for event, match in pairs:
        scores.meetings.right += 1
        scores.core_right += match["relevance"] == "core"
        scores.status.found += 1
        scores.status.wanted += 1
        if same_status(event.status, match["status"]):
            scores.status.right += 1
        else:
            scores.status.misses.append(f"{match['id']}: {event.status}, not {match['status']}")
        names = {letters(p) for p in match["participants"] if p in persons}
        _sets(scores.participants, {letters(p) for p in event.participants}, names, match["id"])
        _sets(
            scores.parties,
            set(event.parties),
            {ALPHA3.get(p[:2], p) for p in match["parties"] if p != "multilateral"},
            match["id"],
        )
    scores.meetings.misses += [f"{gold['id']} extra: {e.type} {e.status} {e.quote.text[:90]!r}" for e in ours]
    scores.meetings.misses += [f"{g['id']} missed ({g['relevance']})" for g in free]


def _matches(event: EventItem, gold: Mapping[str, Any], *, close: bool) -> bool:
    quotes = [e["quote"] for e in gold["evidence"]]
    if any(q["start"] < event.quote.end and event.quote.start < q["end"] for q in quotes):
        return True
    if close:
        return False
    day, theirs = (event.date.value or "")[:10], str(gold["date"]["value"] or "")[:10]
    parties = {ALPHA3.get(p[:2], p) for p in gold["parties"]}
    return bool(day) and day == theirs and set(event.parties) == parties


def _sets(tally: Tally, ours: set[str], theirs: set[str], name: str) -> None:
    tally.right += len(ours & theirs)
    tally.found += len(ours)
    tally.wanted += len(theirs)
    if ours != theirs:
        tally.misses.append(f"{name}: {sorted(ours)} for {sorted(theirs)}")


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]


def add_case(scores: Scores, document: ReadDocument, case: Mapping[str, Any]) -> None:
    """Add one made-up case of `understand_cases.yaml`."""
    name = case["id"]
    if "people" in case:
        _sets(
            scores.people, {letters(p.name) for p in document.people}, {letters(p) for p in case["people"]}, name
        )
    if "meetings" in case:
        _case_meetings(scores, document, case["meetings"], name)
    for key, tally in (("positions", scores.positions), ("deadlines", scores.deadlines), ("terms", scores.terms)):
        if key in case:
            _case_items(tally, list(getattr(document, key)), case[key], name, key)


def _case_meetings(scores: Scores, document: ReadDocument, wanted: Sequence[Mapping[str, Any]], name: str) -> None:
    ours = meetings_of(document)
    scores.meetings.found += len(ours)
    scores.meetings.wanted += len(wanted)
    left = list(ours)
    for gold in wanted:
        best = max(left, key=lambda e: _likeness(e, gold), default=None)
        if best is None:
            scores.meetings.misses.append(f"{name} missed: {gold['type']} {gold['status']}")
            continue
        left.remove(best)
        scores.meetings.right += 1
        scores.core_right += 1
        scores.status.found += 1
        scores.status.wanted += 1
        if same_status(best.status, gold["status"]):
            scores.status.right += 1
        else:
            scores.status.misses.append(f"{name}: {best.status}, not {gold['status']}")
        if "who" in gold:
            _sets(
                scores.participants,
                {letters(p) for p in best.participants},
                {letters(p) for p in gold["who"]},
                name,
            )
        if "parties" in gold:
            _sets(scores.parties, set(best.parties), set(gold["parties"]), name)
        if "on" in gold:
            first, _, last = str(gold["on"]).partition("..")
            _one(scores.dates, (_day(best.date.earliest), _day(best.date.latest)), (first, last or first), name)
        if "place" in gold:
            _one(scores.places, best.place, gold["place"], name)
    scores.meetings.misses += [f"{name} extra: {e.type} {e.status} {e.quote.text[:90]!r}" for e in left]


def _likeness(event: EventItem, gold: Mapping[str, Any]) -> float:
    people = len({letters(p) for p in event.participants} & {letters(p) for p in gold.get("who", ())})
    return (
        people
        + len(set(event.parties) & set(gold.get("parties", ())))
        + 2 * (event.status == gold["status"])
        + 2 * (event.type == gold["type"])
        + 2 * (event.place is not None and event.place == gold.get("place"))
    )


def _one(tally: Tally, ours: Any, theirs: Any, name: str) -> None:
    tally.found += 1
    tally.wanted += 1
    if ours == theirs:
        tally.right += 1
    else:
        tally.misses.append(f"{name}: {ours} for {theirs}")


def _case_items(tally: Tally, ours: list[Any], wanted: Sequence[Mapping[str, Any]], name: str, key: str) -> None:
    tally.found += len(ours)
    tally.wanted += len(wanted)
    left = list(ours)
    for gold in wanted:
        match = next((item for item in left if _fits(item, gold)), None)
        if match is None:
            tally.misses.append(f"{name} {key} missed: {dict(gold)}")
            continue
        left.remove(match)
        tally.right += 1
    tally.misses += [f"{name} {key} extra: {_short(item)}" for item in left]


def _fits(item: Any, gold: Mapping[str, Any]) -> bool:
    for key, value in gold.items():
        if key == "on":
            first, _, last = (None, "", None) if value is None else str(value).partition("..")
            if (_day(item.date.earliest), _day(item.date.latest)) != (first, last or first):
                return False
        else:
            attribute = {"from": "from_party", "to": "to_party"}.get(key, key)
            if getattr(item, attribute) != value:
                return False
    return True


def _short(item: Any) -> str:
    names = ("kind", "role", "status", "holder", "addressee", "from_party", "to_party")
    shown = {n: getattr(item, n) for n in names if hasattr(item, n)}
    if hasattr(item, "date"):
        shown["date"] = (item.date.earliest, item.date.latest)
    return f"{shown} {item.quote.text[:70]!r}"
