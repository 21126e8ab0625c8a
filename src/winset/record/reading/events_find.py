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
from winset.record.reading.events_around import (
    BACKWARD,
    PRONOUN,
    at_home,
    codes_of,
    date_of,
    people_of,
    place_of,
    unique,
)
from winset.record.reading.events_status import status_of
from winset.record.reading.events_types import Context, Found, Trigger
from winset.record.reading.names import words
from winset.record.reading.schema import DateMention, Person, changed
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import words as words_of

__all__ = ["find"]

FORWARD = re.compile(
    r";|,? but |,? while |,? after |,? because |,? amid |,? as (?!well)|,? which |,? who |,? where | that "
    r"|,? ahead of | to discuss |"
    r" to convey |,? aimed |,? according |,? following |, said |,? before | over the | and (?:will|would|"
    r"is|are|was|were) |"
    r",? when |,? in which |,? and (?:he|she|they|it) | and (?!held |met |visited |hosted )[a-z]{3,}ed (?!by)",
)
DEFINITE = re.compile(
    r"\b(?:the|this|that|these|those)\s+(?:[\w“”\"'’+-]+\s+){0,4}$|^(?:They|The two|Both)\b", re.IGNORECASE
)
INDEFINITE = re.compile(
    r"\b(?:separate|another|second|third|further|additional|follow-up|last|previous|new|"
    r"more)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
CALL_OK = re.compile(
    r"\b(?:a|an|the|their|his|her|phone|telephone|first|inaugural|minute|hour|conference|another|video|"
    r"[\w]+day['’]s)\s+"
    r"(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
PLURAL = re.compile(
    r"\b(?:officials|negotiators|ministers|leaders|chiefs|diplomats|envoys|delegations|teams|they|sides|parties|"
    r"governments|two|we|pair)\b",
    re.I,
)
WITH = re.compile(r"\s+(?:(?:on|in|at)\s[^,;]{1,40}\s)?(?:between|with|among|of)\b")
GERUND = re.compile(
    r"\b(?:is|are|was|were|been|be|after|by|before|while|rul(?:es|ed|ing) out|avoid(?:s|ed)?)\s+$", re.I
)
FORUM = re.compile(
    r"\b(?:cabinet|parliament|committee|council of ministers|board|shareholders|party|caucus|task force)\b", re.I
)
AFTER = re.compile(r"\b(?:after|following|during|at)\s+(?:an?|their|his|her|the)?\s*(?:[\w-]+\s+){0,3}$")
HINT = re.compile(r"\b(?:the|this|no|upcoming|forthcoming)\b|[’']s?\s")
AFTER_HINT = re.compile(r"\s+(?:between|with|among|set|scheduled|planned|slated|due|on|in|at)\b")
LEVEL = re.compile(
    r"\b(?:working-level|technical|ministerial|expert|director-level|preparatory)\s+(?:[\w-]+\s+){0,2}$", re.I
)
PURPOSE = re.compile(r"^[^;]{0,90}?(?:\bto\s+|\band\s+)(?:meet|hold|attend|resume|discuss|begin|join)\b")


def find(line: Line, context: Context) -> list[Found]:
    """Events of the family of meetings in one sentence, in order."""
    if line.words.isdisjoint(w.TRIGGERS):
        return []
    triggers = [t for t in _triggers(line) if line.outside(t.start) or _told_of(line, t)]
    found: list[Found] = []
    for trigger in triggers:
        one = _event(line, trigger, context, triggers)
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
    return t.how == "noun" and AFTER.search(near) is not None and WITH.match(line.low, t.end) is not None


def _triggers(line: Line) -> list[Trigger]:
    text, start, end = line.text, line.start, line.end
    found: list[Trigger] = []

    def add(at: int, to: int, how: str, kind: str, channel: str) -> None:
        found.append(Trigger(at, to, how, kind, channel))

    here = line.words
    if not here.isdisjoint(w.MEET_WORDS):
        for m in w.MEET.finditer(line.low, start, end):
            add(m.start(), m.end(), "meet", "meeting", "in_person")
    if not here.isdisjoint(w.SEE_WORDS):
        for m in w.SEE.finditer(text, start, end):
            add(m.start(), m.end(), "see", "meeting", "in_person")
    if not here.isdisjoint(w.PHONE_WORDS):
        for m in w.SPEAK.finditer(line.low, start, end):
            add(m.start(), m.end(), "speak", "call", "video" if "video" in m.group().casefold() else "phone")
    if not here.isdisjoint(w.VISIT_WORDS):
        for m in w.VISIT.finditer(text, start, end):
            add(m.start(), m.end(), "visit", "visit", "in_person")
        for m in w.ARRIVE.finditer(text, start, end):
            add(m.start(), m.end(), "arrive", "visit", "in_person")
        for m in w.ON_VISIT.finditer(line.low, start, end):
            add(m.start(), m.end(), "on-visit", "visit", "in_person")
    if not here.isdisjoint(w.HOST_WORDS):
        for m in w.HOST.finditer(text, start, end):
            add(m.start(), m.end(), "host", "meeting", "in_person")
        for m in w.JOIN.finditer(text, start, end):
            add(m.start(), m.end(), "join", "meeting", "in_person")
    if here.isdisjoint(w.NOUN_WORDS):
        return _apart(found)
    for m in w.NOUN.finditer(line.low, start, end):
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
        if noun in ("visit", "visits", "trip", "stopover"):
            kind = "visit"
        add(m.start(), m.end(), "noun", kind, channel)
    return _apart(found)


def _apart(found: list[Trigger]) -> list[Trigger]:
    """Triggers in order, of two that overlap the longer one."""
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


def _event(line: Line, t: Trigger, context: Context, triggers: Sequence[Trigger]) -> Found | None:
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
    if t.how == "noun" and _noun_excluded(line, t, after):
        return None
    if not _anchored(line, t, before, after, wide, left, right):
        return None
    # "postponed to", "called off" may follow a comma or a "but": look to the end of the sentence.
    denied = line.said is not None and line.said.verb in ("denied", "deny") and line.said.start < t.start
    status, moved = status_of(line.low, t, begin, left, right, stop, denied=denied)
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
    date = date_of(line, t, left, right, stop, triggers, moved)
    place = place_of(line, t, left, right, stop)
    if date is None and _on_agenda(line):
        date = line.dates[0]
    if (
        status == "occurred"
        and date is not None
        and not _told_as_past(line, t, left)
        and _ahead(date, context.published)
    ):
        status = "planned"
    separate = noun and INDEFINITE.search(before) is not None and "last week" not in before
    separate = separate or (not noun and rx(r"\bagain\b").search(text[t.start : t.end]) is not None)
    if noun and not _noun_stands(line, t, before, after, people, codes, date, place, definite, status):
        return None
    if t.how in ("visit", "on-visit") and not (
        people or codes or w.OFFICIALS.search(before.lower()) or PRONOUN.search(before)
    ):
        return None
    if t.how == "visit" and at_home(line, t, people, place, context):
        return None
    if text[t.start : t.end].casefold().startswith("accompan"):
        # Whoever accompanies is on the journey of those accompanied.
        people = unique(n.person for n in line.people_in(t.end, right))
        codes = tuple(dict.fromkeys(p.party for p in people if p.party)) or codes
        if not people:
            return None
    if (
        not noun
        and not people
        and not codes
        and PRONOUN.search(before) is None
        and not w.OFFICIALS.search(before.lower())
    ):
        return None
    first = left
    for m in rx(r"\S").finditer(text[left : t.start]):
        first = left + m.start()
        break
    else:
        first = t.start
    last = max([right, *([date.end] if date is not None and date.end <= stop else [])])
    purpose = t.how in ("meet", "noun", "join") and any(
        v.how == "visit" and v.end <= t.start and PURPOSE.match(text[v.end : t.end + 1] + " ") for v in triggers
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
        level="low" if LEVEL.search(before[-40:]) else "",
        purpose=purpose,
    )


def _told_as_past(line: Line, t: Trigger, left: int) -> bool:
    """Whether the verb of the event stands in the past: "met", "held talks"."""
    verb = line.low[left : t.start] if t.how == "noun" else line.low[t.start : t.end]
    return (
        rx(r"\b(?:met|sat|saw|spoke|went|flew|left|had|held|shook|was|were|[a-z]+ed)\b").search(verb) is not None
    )


def _ahead(date: DateMention, published: str) -> bool:
    """Whether a day surely lies after publication: "sits down with her tomorrow"."""
    return bool(published) and not date.flagged and date.earliest is not None and date.earliest[:10] > published


def _anchored(line: Line, t: Trigger, before: str, after: str, wide: str, left: int, right: int) -> bool:
    """Whether the words around a verb make it a meeting; nouns are judged later."""
    text = line.text
    near = line.low[max(line.start, t.start - 70) : t.start]
    infinitive = rx(r"\bto\s+(?:\w+ly\s+)?$").search(near) is not None
    if t.how == "meet":
        if w.NOT_MET.match(wide.lower()):
            return False
        verb = text[t.start : t.end].casefold()
        if verb == "meeting" and GERUND.search(near) is None:
            return False
        refused = rx(r"\b(?:refus(?:e|es|ed)|declin(?:e|es|ed)) to\s+(?:\w+ly\s+)?$").search(near)
        if w.GENERIC_BEFORE.search(near) and "never" not in near and refused is None:
            return False
        if rx(r"\bshall\s+(?:\w+ly\s+)?$").search(near) and w.OFTEN.search(wide):
            return False
        if rx(r"\bnever\s+$").search(near):
            return False
        named = bool(line.people_in(t.end, right)) or any(
            h.entry.kind != "media" for h in line.hits_in(t.end, right)
        )
        other = rx(r"(?:\s+with)?\s+([A-Z]\w+)").match(after)
        named = named or (other is not None and other.group(1) not in words().not_names)
        objects = named or w.OFFICIALS.search(after[:80].lower()) is not None
        subjects = (
            len(line.people_in(left, t.start)) + len([h for h in line.hits_in(left, t.start) if h.entry.code]) >= 2
            or PLURAL.search(before) is not None
        )
        if not objects and not subjects:
            return False
        if not named and not line.dates and rx(r"\bwe\b[^.;]{0,40}$", re.I).search(before):
            return False  # "now and then we meet"
    if t.how == "speak" and w.GENERIC_BEFORE.search(near):
        return False
    if t.how == "see":
        seen = next((n for n in line.people_in(t.end - 1, right) if n.mention.first <= t.end + 45), None)
        if seen is None or rx(r"\s+(?:to|as)\s+\w").match(text, seen.mention.end, line.end):
            return False
        between = text[t.end : seen.mention.first]
        return (
            "," not in between
            and not rx(r"['’]s?\s").match(text, seen.mention.end)
            and (bool(line.people_in(left, t.start)) or PRONOUN.search(before) is not None)
        )
    if t.how == "host":
        guest = rx(r"(?:by\s+)?(?:his|her|their)\s+(?:\w+\s+)?counterpart\b").match(text[t.end : t.end + 50])
        return guest is not None or bool(line.people_in(t.end, min(right, t.end + 110)))
    if t.how == "arrive":
        return bool(line.dates) and (
            bool(line.people_in(left, t.start))
            or rx(r"\b(?:delegation|mission|minister|officials|negotiators|envoy|team|president)\b").search(before)
            is not None
        )
    if t.how == "join":
        return (
            bool(line.people_in(t.end, right))
            and rx(r"\b(?:talks|meeting|summit|session|round)\b").search(after) is not None
        )
    if t.how == "visit":
        rest = text[t.end : t.end + 60]
        if not any(h.start == t.end and h.entry.form in ("seat", "name") for h in line.hits) and not rx(
            r"[A-Z][\w-]+(?:,|\.|\s|$)"
        ).match(rest):
            return False
        if any(n.mention.start == t.end for n in line.people):
            return False
        if rx(r"(?:export|ship)").match(rest):
            return False
    if rx(r"\b(?:whether|if)\b[^,;]*$", re.I).search(before):
        return False
    if infinitive and t.how in ("meet", "speak", "visit", "join", "host"):
        lead = w.INFINITIVE.search(text, left, t.start)
        purpose = rx(
            r"\b(?:trip|visit\w*|travel\w*|flew|fl(?:y|ies)|arriv\w+|left|went|go|head\w*)\b", re.I
        ).search(before)
        name_before = any(n.mention.end >= t.start - 8 for n in line.people_in(left, t.start))
        if not (lead or purpose or name_before):
            return False
        if rx(
            r"\b(?:unusual|important|procedure|necessary|difficult|easy|hard|reluctant|able|chance)\b", re.I
        ).search(before):
            return False
    return True


def _noun_excluded(line: Line, t: Trigger, after: str) -> bool:
    """Meetings of a forum or of one government with itself, and calls that are appeals."""
    text = line.text
    noun = text[t.start : t.end].casefold()
    near = line.low[max(line.start, t.start - 70) : t.start]
    if rx(r"(?:sidelines|margins) of\s+[^.;,]{0,60}$").search(near) or w.DOMESTIC.search(near):
        return True
    whose = rx(r"\s+of\s+(?:the\s+|his\s+|her\s+|its\s+)?(?:[\w-]+\s+){0,2}").match(after)
    if whose is not None and FORUM.search(whose.group()):
        return True
    forum = any(h.entry.kind == "intergovernmental" and h.end + 1 == t.start for h in line.hits)
    if forum and w.SETTING.search(near) is not None:
        return True
    if noun in ("call", "calls") and not CALL_OK.search(near):
        return True
    if noun in ("call", "calls") and rx(r"\s+(?:for|on|to)\b").match(after):
        return True
    # No verb, no setting, no sides and no day: a mention of a meeting, which tells of none.
    return not (
        line.dates
        or HINT.search(near)
        or AFTER_HINT.match(after)
        or "phone" in noun
        or w.PREDICATE.search(after[:140].lower())
        or w.HELD_BEFORE.search(near)
        or w.SETTING.search(near)
    )


_HELD_WITH = words_of("talks meetings meeting consultations negotiations discussions")


def _on_agenda(line: Line) -> bool:
    """Whether the line is an entry of a calendar: "- 22 October: dialogue, Brussels"."""
    first = line.dates[0] if line.dates else None
    if first is None or first.start - line.start > 4:
        return False
    return rx(r"\s?[:–—]\s").match(line.text, first.end) is not None


def _noun_stands(
    line: Line,
    t: Trigger,
    before: str,
    after: str,
    people: Sequence[Person],
    codes: Sequence[str],
    date: DateMention | None,
    place: str | None,
    definite: bool,
    status: str,
) -> bool:
    """Whether a noun ("talks", "a summit") tells of an event that was, is or will be."""
    text = line.text
    noun = text[t.start : t.end].casefold()
    near = line.low[max(line.start, t.start - 70) : t.start]
    if noun in ("round", "session", "dialogue", "trip", "stopover") and not (people or len(codes) >= 2 or date):
        return definite
    if _on_agenda(line) and (people or codes or place):
        return True
    # "flew in for talks with the minister", "left for his eighth visit to ..."
    if (people or codes) and (date or place) and rx(r"\bfor\s+(?:[\w-]+\s+){0,3}$").search(near):
        whom = rx(r"\s+(?:with|between)\s") if noun in _HELD_WITH else rx(r"\s+to\s+(?=[A-Z])")
        if whom.match(after) and not rx(
            r"\b(?:call|press|wait|hope|plan|push|ask|appeal|demand)\w*\s+for\s"
        ).search(near):
            return True
    held = w.HELD_BEFORE.search(near)
    predicate = w.PREDICATE.search(after[:140].lower())
    between = rx(r"\s+(?:(?:on|in|at)\s[^,;]{1,40}\s)?(?:between|with|among)\b").match(after) is not None
    joint = len(people) + len(codes) >= 2
    if w.GENERIC_BEFORE.search(near) and not (date is not None and predicate):
        return False
    if (
        rx(r"\b(?:could|would|might)\s+(?!be\b|take\b|follow\b|also\b|now\b|not\b)\w+").search(after[:40])
        and not joint
    ):
        return False
    if status == "negated" and rx(r"\bno (?:plans? for (?:a |any )?)?[\w\s-]{0,20}$", re.I).search(near):
        return True
    verb = held.group("verb").casefold() if held is not None else ""
    if rx(r"\b(?:such|likes of)\s+$").search(near):
        return False
    if status == "negated" and between and joint:
        return True
    if predicate is not None and predicate.start() < 110:
        return bool(joint or date or place or codes or people or definite)
    if verb and verb not in ("for", "in", "had", "have", "made", "make", "made"):
        return bool(joint or date or place or (people and noun not in ("negotiations",)))
    if verb in ("had", "have", "made", "make") and (between or date or place) and (people or codes):
        return True
    if w.SETTING.search(near) and (people or codes) and (between or date or place or definite or joint):
        return noun not in ("negotiations", "dialogue", "discussions") or definite
    if (between or rx(r"[’']s?\s+(?:[\w-]+\s+){0,2}$").search(near)) and joint:
        if noun in ("negotiations", "dialogue", "discussions"):
            return date is not None
        return (
            date is not None
            or rx(r"\b(?:recent|last|first|latest|upcoming|planned|inaugural|this)\b", re.I).search(near)
            is not None
        )
    if rx(r"\b(?:upcoming|forthcoming)\s+(?:[\w“”\"-]+\s+){0,4}$", re.I).search(near):
        return True
    if rx(r"\s+(?:set|scheduled|planned|slated|due)\b").match(after):
        return True
    if t.type == "call" and "phone" in noun and joint:
        return True
    return bool(joint and date is not None and (definite or rx(r"day[’']s\s").search(near)))


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
