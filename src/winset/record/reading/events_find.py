"""Meetings, calls and visits as one sentence tells them: who, where, when, and whether planned, held or denied.

A trigger (a verb of meeting, or a noun such as "talks" with its verb) becomes an event only where the sentence
anchors it: somebody takes part, or a day, a place or a verb of holding stands with it. Wishes for talks, talks as
a topic and generalities are no events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading import events_words as w
from winset.record.reading.cues import rx
from winset.record.reading.events_anchor import (
    GERUND,
    ahead,
    anchored,
    noun_excluded,
    noun_stands,
    on_agenda,
    told_as_past,
)
from winset.record.reading.events_around import (
    BACKWARD,
    PRONOUN,
    at_home,
    codes_of,
    date_of,
    first_person,
    people_of,
    place_of,
    unique,
)
from winset.record.reading.events_days import fitting
from winset.record.reading.events_status import status_of
from winset.record.reading.events_types import Context, Found, Trigger
from winset.record.reading.placed import placed
from winset.record.reading.schema import changed
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import triggers

__all__ = ["find"]

# A class in front lets the machine skip to the next blank or stop, one behind it past most words.
FORWARD = re.compile(
    r"[;, ](?:(?<=;)|(?=[ abfiotw])(?:(?:(?<=,) |(?<= ))(?:but |while |after |because |amid |as (?!well)|which |"
    r"who |where |ahead of |aimed |according |following |before |when |in which |and (?:he|she|they|it) )|"
    r"(?<=,) said |(?<= )(?:that |to (?:discuss|convey) |over the |and (?:(?:will|would|is|are|was|were) "
    r"|(?!held |met |visited |hosted )[a-z]{3,}ed (?!by)))))",
)
DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those)\s+(?:[\w“”\"'’+-]+\s+){0,4}$|^(?:They|The two|Both)\b", re.IGNORECASE
)
INDEFINITE = re.compile(
    r"\b(?:separate|another|second|third|further|additional|follow-up|last|previous|new|"
    r"more)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
WITH = re.compile(r"\s+(?:(?:on|in|at)\s[^,;]{1,40}\s)?(?:between|with|among|of)\b")
AFTER = re.compile(r"\b(?:after|following|during|at)\s+(?:an?|their|his|her|the)?\s*(?:[\w-]+\s+){0,3}$")
HERE = re.compile(r"\b(?:here in|in person|face[- ]to[- ]face|over (?:lunch|dinner|coffee))\b")
LEVEL = re.compile(
    r"\b(?:working-level|technical|ministerial|expert|director-level|preparatory)\s+(?:[\w-]+\s+){0,2}$", re.I
)
# Words of which the sentence must hold one for the pattern to be tried.
_OTHER = triggers("separate another second third further additional follow last previous new more")
_LEVELS = triggers("working technical ministerial expert director preparatory")
_AGAIN = triggers("again")
PURPOSE = re.compile(r"^[^;]{0,90}?(?:\bto\s+|\band\s+)(?:meet|hold|attend|resume|discuss|begin|join)\b")


_WAS_TO = rx(r"\b(?:was|were|had been)\s(?:\w+\s)?(?:to|due|set|scheduled|expected|supposed|planned)\b")


def find(line: Line, context: Context) -> list[Found]:
    """Events of the family of meetings in one sentence, in order."""
    if line.words.isdisjoint(w.TRIGGERS) and not (
        (line.people or line.dates) and not line.words.isdisjoint(w.BE_WORDS if line.people else w.THERE_WORDS)
    ):
        return []
    seen = [t for t in _triggers(line) if line.outside(t.start) or _told_of(line, t)]
    found: list[Found] = []
    for trigger in seen:
        one = _event(line, trigger, context, seen)
        if one is None:
            continue
        before = found[-1] if found else None
        if before is not None and _one_thing(line, before, one):
            found[-1] = _joined(before, one)
        else:
            if before is not None and one.start < before.end:
                one.start = max(one.start, min(before.end, one.at))
            found.append(one)
    return found


def _told_of(line: Line, t: Trigger) -> bool:
    """Whether the words that attribute tell of a meeting: "she said after talks with the minister"."""
    near = line.low[max(line.start, t.start - 40) : t.start]
    if t.how in ("sign", "see"):
        return rx(r"\b(?:after|before|upon|on|following)\s+$").search(near) is not None
    if t.how != "noun" or AFTER.search(near) is None:
        return False
    if WITH.match(line.low, t.end) is not None or rx(r"day['’]s (?:\w+ )?$").search(near) is not None:
        return True
    return rx(r"\s(?:in|at)\s(?:the\s)?[A-Z]").match(line.text, t.end) is not None


def _triggers(line: Line) -> list[Trigger]:
    text, start, end = line.text, line.start, line.end
    found: list[Trigger] = []

    def add(at: int, to: int, how: str, kind: str, channel: str) -> None:
        found.append(Trigger(at, to, how, kind, channel))

    here = line.words
    if not here.isdisjoint(w.MEET_WORDS):
        idiom = not here.isdisjoint(w.MEET_IDIOMS)
        for m in (
            w.MEET.finditer(line.low, start, end)
            if idiom
            else placed(w.MEET, here & w.MEET_OPENINGS, line.low, start, end)
        ):
            add(m.start(), m.end(), "meet", "meeting", "in_person")
    if not here.isdisjoint(w.ALSO_WORDS):
        for m in w.MEET_ALSO.finditer(line.low, start, end):
            add(m.start(), m.end(), "meet", "meeting", "in_person")
    if not here.isdisjoint(w.SEE_WORDS):
        for m in placed(w.SEE, here & w.SEE_WORDS, text, start, end):
            add(m.start(), m.end(), "see", "meeting", "in_person")
    if not here.isdisjoint(w.HOUR_WORDS):
        for m in w.HOURS_WITH.finditer(text, start, end):
            add(m.start(), m.end(), "hours", "meeting", "in_person")
    if line.dates and not here.isdisjoint(w.WORK_WORDS):
        for m in w.WORK.finditer(line.low, start, end):
            add(m.start(), m.end(), "work", "meeting", "in_person")
    if not here.isdisjoint(w.RING_WORDS):
        for m in placed(w.RING, here & w.RING_WORDS, text, start, end):
            add(m.start(), m.end(), "ring", "call", "phone")
    if line.people and not here.isdisjoint(w.BE_WORDS):
        for m in placed(w.BE_WITH, here & w.BE_WORDS, text, start, end):
            add(m.start(), m.end(), "see", "meeting", "in_person")
    if not here.isdisjoint(w.TALK_WORDS):
        for m in placed(w.TALKED, here & w.TALK_WORDS, text, start, end):
            add(m.start(), m.end(), "talk", "call", "phone")
    if not here.isdisjoint(w.PHONE_WORDS):
        for m in w.SPEAK.finditer(line.low, start, end):
            add(m.start(), m.end(), "speak", "call", "video" if "video" in m.group().casefold() else "phone")
    if not here.isdisjoint(w.VISIT_WORDS):
        for m in (
            placed(w.VISIT, here & w.VISIT_WORDS, text, start, end)
            if here.isdisjoint(w.VISIT_IDIOMS)
            else w.VISIT.finditer(text, start, end)
        ):
            add(m.start(), m.end(), "come" if m["come"] else "visit", "visit", "in_person")
        for m in placed(w.ARRIVE, here & w.ARRIVE_WORDS, text, start, end):
            add(m.start(), m.end(), "arrive", "visit", "in_person")
        if not here.isdisjoint(w.ON_VISIT_WORDS):
            for m in w.ON_VISIT.finditer(line.low, start, end):
                add(m.start(), m.end(), "on-visit", "visit", "in_person")
    if not here.isdisjoint(w.TRIP_WORDS):
        for m in w.TRIP.finditer(text, start, end):
            add(m.start(), m.end(), "visit", "visit", "in_person")
    if not here.isdisjoint(w.TEAM_WORDS):
        for m in w.TEAM.finditer(text, start, end):
            add(m.start(), m.end(), "visit", "visit", "in_person")
    if line.dates and not here.isdisjoint(w.THERE_WORDS):
        for m in w.THERE.finditer(text, start, end):
            add(m.start(), m.end(), "there", "visit", "in_person")
        for m in w.THERE_SHORT.finditer(text, start, end):
            add(m.start(), m.end(), "there", "visit", "in_person")
    if "been" in here:
        for m in w.BEEN.finditer(text, start, end):
            add(m.start(), m.end(), "visit", "visit", "in_person")
    if not here.isdisjoint(w.TOUR_WORDS):
        for m in w.TOUR.finditer(text, start, end):
            add(m.start(), m.end(), "visit", "visit", "in_person")
    if not here.isdisjoint(w.HOST_WORDS):
        for m in placed(w.HOST, here & w.HOST_WORDS, text, start, end):
            add(m.start(), m.end(), "host", "meeting", "in_person")
        for m in w.GUESTS.finditer(line.low, start, end) if not here.isdisjoint(w.GUEST_WORDS) else ():
            add(m.start(), m.end(), "guests", "meeting", "in_person")
        for m in placed(w.JOIN, here & w.HOST_WORDS, text, start, end):
            add(m.start(), m.end(), "join", "meeting", "in_person")
    if not here.isdisjoint(w.SIGN_WORDS):
        for m in w.SIGN.finditer(line.low, start, end):
            add(m.start(), m.end(), "sign", "meeting", "in_person")
    if here.isdisjoint(w.NOUN_WORDS):
        return _apart(found)
    for m in placed(w.NOUN, here & w.NOUN_OPENINGS, line.low, start, end):
        noun = m.group("noun").casefold()
        if noun in ("meeting", "meetings") and any(t.start == m.start() and t.how == "meet" for t in found):
            verbal = GERUND.search(text[start : m.start()])
            if (
                verbal
                and not noun.endswith("s")
                and rx(
                    r"\s+(?:(?:with|in|his|her|their|online|virtually|remotely|on|at|this|again|today"
                    r"|behind)\b|[A-Z])"
                ).match(text[m.end() : end])
            ):
                continue
            found[:] = [t for t in found if t.start != m.start()]
        kind, channel = "meeting", "in_person"
        if "phone" in noun or "call" in noun or noun == "teleconference":
            kind, channel = "call", "phone"
        if "video" in noun:
            kind, channel = "call", "video"
        if noun.startswith("summit"):
            kind = "summit"
        if noun in ("visit", "visits", "trip", "stopover", "stop"):
            kind = "visit"
        add(m.start(), m.end(), "noun", kind, channel)
    return _apart(found)


def _apart(found: list[Trigger]) -> list[Trigger]:
    """Triggers in order, of two that overlap the longer one."""
    if len(found) < 2:
        return found
    found.sort(key=lambda t: (t.start, -t.end))
    kept: list[Trigger] = []
    for t in found:
        if kept and t.start < kept[-1].end:
            continue
        kept.append(t)
    return kept


def _last_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    at = start
    for m in pattern.finditer(text, start, end):
        at = m.end()
    return at


def _event(line: Line, t: Trigger, context: Context, others: Sequence[Trigger]) -> Found | None:
    text, start, end = line.text, line.start, line.end
    stop = end
    if line.said is not None and line.said.start > t.start:
        stop = line.said.start
    begin = start
    if line.said is not None and line.said.end <= t.start:
        begin = line.said.end
    left = _last_end(BACKWARD, text, begin, t.start)
    if line.said is not None and not line.outside(t.start):
        begin = left = line.start if line.said.verb and line.said.start > t.start else line.said.start
        stop = line.end
    cut = FORWARD.search(text, t.end, stop)
    right = cut.start() if cut is not None else stop
    before, after = text[left : t.start], text[t.end : right]
    wide = text[t.end : stop]
    if t.how == "noun" and noun_excluded(line, t, after):
        return None
    if not anchored(line, t, before, after, wide, left, right):
        return None
    # "postponed to", "called off" may follow a comma or a "but": look to the end of the sentence.
    denied = line.said is not None and line.said.verb in ("denied", "deny") and line.said.start < t.start
    status, moved = status_of(line.low, line.words, t, begin, left, right, stop, denied=denied)
    if status is None:
        return None
    noun = t.how == "noun"
    definite = noun and DEFINITE.search(before) is not None
    reach = right
    if definite and not WITH.match(after):
        reach = t.end
    people, flags = people_of(line, t, left, reach, context)
    if definite and people and w.HELD_BEFORE.search(line.low, max(left, t.start - 70), t.start) is None:
        people = unique(n.person for n in line.people_in(t.end, reach))
    codes = codes_of(line, t, left, reach, people, context)
    date = date_of(line, t, left, right, stop, others, moved)
    place = place_of(line, t, left, right, stop)
    if t.how == "talk" and (place is not None or HERE.search(text, t.end, stop)):
        t = Trigger(t.start, t.end, t.how, "meeting", "in_person")
    if date is None and on_agenda(line):
        date = line.dates[0]
    # "They are meeting in Riga on 24 April", "talks continue in December": what lies ahead is not under way.
    if (
        date is not None
        and ahead(date, context.published)
        and (status == "ongoing" or (status == "occurred" and not told_as_past(line, t, left)))
    ):
        status = "planned"
    if date is not None and moved is None and status in ("occurred", "planned", "expected"):
        fit = fitting(date, status, context.published)
        if fit is None and not (status != "occurred" and _WAS_TO.search(line.low, left, t.start)):
            date = next(
                (
                    d for d in line.dates
                    if d is not date and left <= d.start <= stop and not (d.value or "").startswith("P")
                    and line.outside(d.start) == line.outside(t.start) and d.earliest and d.latest
                    and fitting(d, status, context.published) is d
                    and all(o is t or abs(d.start - t.end) <= abs(d.start - o.end) for o in others)
                ),
                None,
            )  # fmt: skip
        else:
            date = fit or date
    if noun:
        separate = (
            not line.words.isdisjoint(_OTHER)
            and INDEFINITE.search(before) is not None
            and "last week" not in before
        )
    else:
        separate = not line.words.isdisjoint(_AGAIN) and rx(r"\bagain\b").search(text[t.start : t.end]) is not None
    if noun and not noun_stands(line, t, before, after, people, codes, date, place, definite, status):
        return None
    if t.how in ("visit", "there", "come", "on-visit") and not (
        people
        or (codes and not text.startswith(("go", "come"), t.start))
        or w.OFFICIALS.search(before.lower())
        or PRONOUN.search(before)
    ):
        return None
    if t.how in ("visit", "there", "come") and at_home(line, t, people, place, context):
        return None
    if text[t.start : t.end].casefold().startswith("accompan"):
        # Whoever accompanies is on the journey of those accompanied.
        people = unique(n.person for n in line.people_in(t.end, right))
        codes = tuple(dict.fromkeys(p.party for p in people if p.party)) or codes
        if not people:
            return None
    if (
        not noun
        and t.how not in ("sign", "work")
        and not people
        and not codes
        and PRONOUN.search(before) is None
        and first_person(line, before) is None
        and not w.OFFICIALS.search(before.lower())
    ):
        return None
    first = t.start - len(before.lstrip())
    last = max([right, *([date.end] if date is not None and date.end <= stop else [])])
    purpose = t.how in ("meet", "noun", "join") and any(
        v.how == "visit" and v.end <= t.start and PURPOSE.match(text[v.end : t.end + 1] + " ") for v in others
    )
    return Found(
        type=t.type,
        status=status,
        channel=t.channel,
        people=people,
        codes=codes,
        place=place,
        date=date,
        start=first,
        end=last,
        at=t.start,
        line=line,
        definite=definite
        or (not noun and rx(r"\s*They\b").match(before) is not None)
        or (not noun and "pronoun" in flags and date is None and not line.people_in(left, right)),
        separate=separate,
        flags=flags,
        verbal=not noun,
        named=tuple(n.person.name for n in line.people_in(left, right)),
        level="low" if not line.words.isdisjoint(_LEVELS) and LEVEL.search(before[-40:]) else "",
        purpose=purpose,
    )


def _one_thing(line: Line, a: Found, b: Found) -> bool:
    """Whether two triggers of a sentence tell of one event."""
    if b.separate and not a.separate:
        return False
    if b.purpose:
        return True
    between = line.text[min(a.end, b.start) : b.start]
    if a.date is not None and b.date is not None and a.date is not b.date:
        return False
    ahead = ("planned", "expected")
    same_side = (a.status in ahead) == (b.status in ahead)
    if not same_side and "cancelled" not in (a.status, b.status):
        return False
    return not (a.date is not None and b.date is None and rx(r"\bfollow\w*\b").search(between))


def _joined(a: Found, b: Found) -> Found:
    order = ("summit", "call", "meeting", "visit")
    kind = min((a.type, b.type), key=lambda k: order.index(k) if k in order else 9)
    status = a.status
    if b.status == "cancelled" or (b.purpose and a.type == "visit" and b.status in ("planned", "expected")):
        status = b.status
    date = a.date or b.date
    if b.purpose and a.type == "visit" and a.status == "occurred" and b.status == "planned":
        date = b.date
    return changed(
        a,
        type=kind,
        status=status,
        channel=b.channel if kind == b.type else a.channel,
        people=unique((*a.people, *b.people)),
        codes=tuple(dict.fromkeys((*a.codes, *b.codes))),
        place=a.place or b.place,
        date=date,
        end=max(a.end, b.end),
        definite=a.definite or (b.definite and not a.verbal),
        named=tuple(dict.fromkeys((*a.named, *b.named))),
        level=a.level or b.level,
        flags=tuple(dict.fromkeys((*a.flags, *b.flags))),
        verbal=a.verbal or b.verbal,
    )
