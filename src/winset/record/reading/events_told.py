"""Meetings that no rule names: a sentence weighed as a whole for whether it tells of one, and of what state.

The rules of `events_find` know verbs and nouns of meeting in their usual places. What is left is told in other
words ("came away from an hour with", "picked up the phone to"). Here a sentence that holds a word of the kind,
or a day and a place, is weighed by a logistic regression over its words, its persons, countries and days
(`meetings_weights.json`, made by `benchmarks/train_meetings.py`); who, where and when are then read as for
every other event.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

from winset.record.reading import events_words as w
from winset.record.reading.cues import rx
from winset.record.reading.events_around import codes_of, people_of, place_of
from winset.record.reading.events_days import fitting, loose
from winset.record.reading.events_sides import goes_home
from winset.record.reading.events_types import Context, Found, Trigger
from winset.record.reading.roles_features import stem
from winset.record.reading.roles_learned import Learned, read_weights
from winset.record.reading.schema import DateMention
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import triggers

__all__ = ["STATES", "clues", "may_tell", "told"]

STATES = ("none", "occurred", "planned", "cancelled", "negated")
_SURE = 0.6
"""Probability of any state but `none` from which a sentence tells of a meeting."""
_CERTAIN = 0.85
"""The same from which somebody, a day or a place alone will do."""
_FEW = 3
_WEAKER = frozenset(["TOGETHER", "VISIT", "EVENT", "SIGN", "THRASH", "AWAITED"])
"""Classes of words that give way to a plain word of meeting, talking or calling."""


_AS_TOPIC = rx(
    r"[\"“]?(?:the|this|that|these|his|her|their|both|such)\s(?:[\w’'-]+\s){0,3}?"
    r"(?:visit|trip|talks|meetings?|negotiations|dialogue|summit|calls?|discussions|consultations|conversation)\s"
)
"""A sentence about a meeting told before: "The visit also matters at home"."""
_OFF = rx(
    r"\b(?:called off|cancell?ed|scrapped|scuppered|shelved|fell through|struck (?:out|from)|given up|put off"
    r"|dropped (?:from|at|because|after)|(?:was|were|been) (?:dropped|deferred|withdrawn|abandoned)"
    r"|did(?: not|n[’']t) (?:go ahead|take place|materiali[sz]e|happen)|pulled out of|came to nothing"
    r"|never left|(?:was|were) to have)\b"
)
"""Words by which what was planned did not come about."""
_MAYBE = 0.1
_SUBJECTS = frozenset(
    ["talks", "negotiations", "dialogue", "negotiation", "consultation", "discussion", "meeting"]
)


@cache
def _sheet() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        resources.files(__package__).joinpath("events_told.toml").read_text(encoding="utf-8")
    )
    return found


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, listing in _sheet()["classes"].items():
        for word in listing.split():
            found.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in found.items()}


_STARTING = frozenset(_sheet()["start"]["words"].split())
_WORDS = triggers(
    frozenset(word for word, names in _classes().items() if word.isascii() and word.isalpha()
              and not _STARTING.isdisjoint(names))
)  # fmt: skip


@cache
def weights() -> Learned:
    """The weights that come with the package."""
    source = resources.files(__package__).joinpath("meetings_weights.json").read_text(encoding="utf-8")
    return read_weights(json.loads(source))["meeting"]


def may_tell(line: Line) -> bool:
    """Whether a sentence has a word of meeting, and somebody or a day with it; or a day and a place."""
    if not line.words.isdisjoint(_WORDS):
        return bool(line.people or line.dates or len({h.entry.code for h in line.hits}) > 1)
    return bool(line.dates) and _spot(line) is not None


def _spot(line: Line) -> tuple[int, int, str] | None:
    """A city or seat of government after "in", "at" or "to", which may be where somebody goes."""
    for hit in line.hits:
        place = hit.entry.form == "seat" or hit.entry.kind == "city"
        if place and rx(r"\b(?:in|at|to)\s$").search(line.low, max(line.start, hit.start - 4), hit.start):
            return hit.start, hit.end, "SPOT"
    if line.people:
        where = _ANY_SPOT.search(line.text, line.start, line.end)
        if where is not None and not any(d.start < where.end() and where.start(1) < d.end for d in line.dates):
            return where.start(1), where.end(1), "SPOT"
    return None


_ANY_SPOT = rx(r"\b(?:in|at|to)\s(?:the\s)?([A-Z][\w’'-]+)")
_TOKEN = re.compile(r"[a-z][a-z’'-]*[a-z]|[a-z]|\d+|[,;:()?—–]")


@lru_cache(maxsize=20_000)
def _clues_of(word: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """A word's short form, its own clue, the clues of its classes, and those classes that tell of meetings."""
    names = _classes().get(word, ())
    short = "#" if word.isdigit() else stem(word)
    return short, f"w:{short}", tuple(f"C.{n}" for n in names), tuple(n for n in names if n in _STARTING)


def _when(date: DateMention, context: Context) -> str:
    if date.earliest is None and date.latest is None:
        return "open"
    if date.earliest is not None and date.earliest[:10] > context.published:
        return "ahead"
    if date.latest is not None and date.latest[:10] < context.published:
        return "behind"
    same = date.earliest is not None and date.latest is not None and date.earliest[:10] == date.latest[:10]
    return "today" if same else "around"


def _width(date: DateMention) -> str:
    """day, days or open: how closely a day is known."""
    if date.earliest is None or date.latest is None:
        return "open"
    return "day" if date.earliest[:10] == date.latest[:10] else "days"


def _days(line: Line) -> list[DateMention]:
    return [d for d in line.dates if not (d.value or "").startswith("P")]


def clues(line: Line, context: Context) -> tuple[list[str], tuple[int, int, str] | None]:
    """Names of what holds of a sentence, and its first word of meeting: where it begins, ends, and its class."""
    found, at = _clues(line, context)
    return sorted(found), at


def _clues(line: Line, context: Context) -> tuple[set[str], tuple[int, int, str] | None]:
    found = {"bias"}
    at: tuple[int, int, str] | None = None
    named = [(n.mention.first, n.mention.end) for n in line.people]
    named.sort(reverse=True)
    dates = [(d.start, d.end) for d in line.dates]
    dates.sort(reverse=True)
    hits, known = line.hits, 0
    person = day = -1  # up to where the persons and the days that began before go
    before, pending = "^", ""
    for token in _TOKEN.finditer(line.low, line.start, line.end):
        begin = token.start()
        while named and named[-1][0] <= begin:
            person = max(person, named.pop()[1])
        while dates and dates[-1][0] <= begin:
            day = max(day, dates.pop()[1])
        while known < len(hits) and hits[known].end <= begin:
            known += 1
        if begin < person:
            mark = "@P"
        elif known < len(hits) and hits[known].start <= begin:
            mark = "@S" if hits[known].entry.form == "seat" else "@"
        else:
            mark = "@D" if begin < day else ""
        if mark:
            if mark == before:
                continue
            short = mark
        else:
            short, told_alone, classes, starting = _clues_of(token[0])
            found.add(told_alone)
            if classes:
                found.update(classes)
                for name in starting:
                    if at is None or (at[2] in _WEAKER and name in ("MEET", "TALK", "CALL")):
                        at = (begin, token.end(), name)
                        found.add(f"l={before}_{name}")
                        pending = name
        if pending and short != before:
            found.add(f"r={pending}_{short}")
            pending = ""
        if before != "^":
            found.add(f"b:{before}_{short}")
        before = short
    at = at or _spot(line)
    people = min(len({n.person.name for n in line.people}), _FEW)
    codes = min(len({h.entry.code for h in line.hits if h.entry.code}), _FEW)
    days = _days(line)
    found.update((f"p={people}", f"c={codes}", f"d={min(len(days), 2)}", f"pc={people}{codes}{min(len(days), 1)}"))
    if at is not None:
        found.update((f"at={at[2]}", f"at_p={at[2]}{people}", f"at_d={at[2]}{min(len(days), 1)}"))
    for date in days:
        state = _when(date, context)
        found.update((f"t={state}", f"t_at={state}_{at[2] if at else ''}", f"width={_width(date)}"))
        if at is not None:
            apart = abs(date.start - at[0]) // 30
            found.add(f"far={min(apart, 4)}")
    found.add(f"long={min((line.end - line.start) // 60, 5)}")
    if line.said is not None:
        found.add("said")
    if place_of(line, Trigger(line.end, line.end, "noun", "", ""), line.start, line.end, line.end):
        found.add("place")
    if line.sentence.block != "body":
        found.add("head")
    return found, at


_CALLED = rx(
    r"(?:called|calling)\s(?:for|it|upon)\b|call(?:s|ed|ing)?\san?\s(?:[a-z-]+\s)?(?:rally|strike|election|vote|protest"
    r"|referendum|halt|truce|boycott|march|demonstration)\b"
)
"""No call by telephone: "called a rally", "calls for talks"."""
_YEAR = rx(r"(?:19|20)\d\d|last year|this year")
_AFTER_SAID = rx(r"\b(?:after|following|at|during|on (?:his|her|their) return from)\s[^,;]{0,40}$")
_WILL = rx(
    r"\b(?:will|would|shall|is to|are to|was to|were to|due|set to|plans?|planned|next|tomorrow|tonight|"
    r"scheduled|slated|expect\w*|hopes?|intends?"
    r"|going to|[a-z]+[’']ll|upcoming|forthcoming|invited|agreed to|fixed|booked|pencill?ed|later)\b"
)
_TO_HOLD = rx(
    r"\b(?:will|(?:is|are) (?:due |set )?to)\s(?:[a-z]+ly\s|also\s|now\s|then\s)?(?:hold|meet|host|open|resume"
    r"|begin|start|have|visit|travel|fly|see|receive|attend|join)\b"
)
"""What is to come, whatever else of the sentence was called off."""
_AHEAD_OF = rx(
    r"\bbefore\s(?:flying|heading|leaving|travell?ing|meeting|seeing|departing|going|boarding)\b|\b(?:before|until|when|once)\s[^,;]{3,60}?\b(?:is|are|meets?|sees?|flies|travels?|arrives?|visits?|hosts?|lands?|sits?|convenes?|gathers?)\b"
)
"""What lies ahead of what the sentence tells: "before the president is received in Rome"."""


def told(line: Line, context: Context) -> Found | None:
    """The meeting of which a sentence tells in words that no rule knows, if it does."""
    if not may_tell(line) or line.low.find(" interview", line.start, line.end) >= 0:
        return None
    names, at = _clues(line, context)
    if at is None or _as_topic(line, at[0], at[1]):
        return None
    if at[2] == "CALL" and _CALLED.match(line.low, at[0], line.end):
        return None
    if at[2] in ("MEET", "TALK", "EVENT") and w.DOMESTIC.search(line.low, max(line.start, at[0] - 70), at[0]):
        return None
    known = weights()
    chances = known.probabilities(names)
    none = known.roles.index("none")
    if 1.0 - chances[none] < _SURE:
        return None
    off = [i for i, state in enumerate(known.roles) if state in ("cancelled", "negated")]
    called_off = _OFF.search(line.low, line.start, line.end) is not None and sum(chances[i] for i in off) >= _MAYBE
    status = known.roles[max(off if called_off else set(range(len(chances))) - {none}, key=chances.__getitem__)]
    if status in ("cancelled", "negated") and _TO_HOLD.search(line.low, max(line.start, at[0] - 60), at[1]):
        status = "planned"
    clause = _AHEAD_OF.search(line.low, line.start, line.end) if status == "occurred" else None
    if clause is not None and clause.start() < at[0] <= clause.end() + 20:
        status = "planned"
    elif status == "planned" and _WILL.search(line.low, line.start, line.end) is None:
        days = [d for d in _days(line) if line.outside(d.start) == line.outside(at[0]) and d.latest is not None]
        if days and all(_when(d, context) == "behind" for d in days):
            status = "occurred"  # no word of what lies ahead, and every day lies behind
    kind, channel = "meeting", "in_person"
    if at[2] == "CALL":
        kind, channel = "call", "phone"
    elif at[2] == "VISIT":
        kind = "visit"
    elif "summit" in line.low[line.start : line.end]:
        kind = "summit"
    trigger = Trigger(at[0], at[1], "told", kind, channel)
    people, flags = people_of(line, trigger, line.start, line.end, context)
    codes = codes_of(line, trigger, line.start, line.end, people, context)
    place = place_of(line, trigger, line.start, line.end, line.end)
    date = _date(line, at[0], status, context)
    if kind == "visit" and len(people) < 2 and goes_home(people, place, context):
        return None
    known_day = date is not None and _width(date) != "open"
    anchored = len(people) > 1 or (known_day and (people or codes or place)) or (people and codes and place)
    certain = 1.0 - chances[none] >= _CERTAIN and (known_day or len(codes) > 1 or (people and (codes or place)))
    if not anchored and not certain:
        return None
    if at[2] == "TOGETHER" and len(people) < 2 and not known_day:
        return None  # "defence partnerships alongside trade": of things, unless two persons or a day are named
    first = line.start
    return Found(
        type=kind, status=status, channel=channel, people=people, codes=codes, place=place, date=date,
        start=first, end=line.end, at=at[0], line=line, flags=(*flags, "told"), verbal=True,
        named=tuple(n.person.name for n in line.people),
    )  # fmt: skip


def _as_topic(line: Line, start: int, end: int) -> bool:
    """Whether the sentence is about talks told before, or somebody speaks of talks as such."""
    about = _AS_TOPIC.match(line.low, line.start)
    if about is not None and w.PREDICATE.match(line.low, about.end()) is None:
        return True
    before = line.low[line.start : start]
    quoted = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return quoted and line.low[start:end] in _SUBJECTS


def _date(line: Line, at: int, status: str, context: Context) -> DateMention | None:
    """The day nearest to the word of meeting that fits its state, on its side of the words that attribute."""
    moved = w.POSTPONED_TO.search(line.low, line.start, line.end) if status == "planned" else None
    days = [
        d for d in _days(line) if line.outside(d.start) == line.outside(at) and not loose(line.low, line.start, d)
    ]
    if status == "occurred":
        days = [d for d in days if not _YEAR.fullmatch(d.text)]
    if (
        not days
        and status == "occurred"
        and line.said is not None
        and _AFTER_SAID.search(line.low, line.start, at)
    ):
        days = [d for d in _days(line) if d.start < at]  # "said on Friday after seeing the envoy"
    if moved is not None:
        days = [d for d in days if d.end > moved.end()] or days
    days = [fit for d in days if (fit := fitting(d, status, context.published)) is not None]
    return min(days, key=lambda d: abs(d.start - at), default=None)
