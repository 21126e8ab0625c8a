"""The events of a document: what single sentences tell, joined where they tell of one event.

Joined are a later "the talks", "they will meet", or a second telling with the same people and no other day;
never "another meeting" or one with a different day.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence

from winset.record.reading.cues import rx
from winset.record.reading.events_days import spread, with_day
from winset.record.reading.events_find import find
from winset.record.reading.events_parts import again, parts, several
from winset.record.reading.events_sides import with_sides
from winset.record.reading.events_told import told
from winset.record.reading.events_types import Context, Found
from winset.record.reading.parties import issues_in
from winset.record.reading.schema import EventItem, Person, When, changed
from winset.record.reading.understand_lines import Line, span, when
from winset.record.reading.wordlists import triggers

__all__ = ["events"]

AHEAD = ("planned", "expected")
MEMORY = 100
"""Events back that a sentence may still speak of; what is older, in a file of many stories, is another story."""
CHAIN = re.compile(r"^,?\s*(?:and|with|,)?\s*[^.;]{0,50}$")
DELEGATION = re.compile(r"\bdelegation\b[^.;]{0,30}\b(?:headed|led) by\b", re.IGNORECASE)
TO_LEAD = re.compile(
    r"\bto (?:lead|attend|join|take part in|prepare for) the (?:talks|meeting|negotiations|summit)\b", re.I
)
SETTING = re.compile(
    r"\b(?P<how>in an interview with|in a (?:phone |recent |televised )?interview with|in (?:his|her|a) "
    r"(?:recent )?interview with|"
    r"told reporters|told lawmakers|told (?=[A-Z])|in a (?:press |written )?statement|during an? |at an? |"
    r"in a letter|"
    r"wrote (?:on|in)|in a speech|in a post)",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"\b(?P<verb>signed|sign|inked)\s+(?:a|an|the)\s+(?:[\w-]+\s+){0,5}(?P<what>memorandum|agreement|deal|"
    r"pact|treaty|accord|order|proclamation|letter of intent)\b",
    re.I,
)
REACHED = re.compile(
    r"\b(?P<what>agreement|deal|pact|accord|framework)\s+(?:was\s+|were\s+|has been\s+|that "
    r"was\s+)?(?P<verb>reached|struck|concluded|announced|clinched)\b"
    r"|\b(?:reached|struck|concluded|clinched)\s+(?:a|an|the)\s+(?:[\w-]+\s+){0,4}(?:agreement|deal|pact|"
    r"accord|framework)\b",
    re.I,
)
ANNOUNCED = re.compile(r"\b(?:announced|unveiled|disclosed|signal(?:l?ed)|hinted|expressed|reaffirmed)\b", re.I)
LETTER = re.compile(
    r"\b(?:sent|send|delivered|received)\s+(?:a|the)\s+(?:\w+\s+){0,2}letters?\b|\bexchanged letters\b", re.I
)
RULED = re.compile(
    r"\b(?:court|judges?|panel|tribunal)\b[^.;]{0,40}\b(?:ruled|struck down|upheld|overturned|blocked)\b", re.I
)
THREAT = re.compile(r"\bthreaten(?:s|ed)\s+to\b", re.I)
RARER: tuple[tuple[re.Pattern[str], str, frozenset[str]], ...] = (
    (SIGNED, "signing", triggers("signed sign inked")),
    (REACHED, "agreement", triggers("reached struck concluded announced clinched")),
    (LETTER, "letter", triggers("letter letters")),
    (RULED, "ruling", triggers("ruled struck upheld overturned blocked")),
    (THREAT, "threat", triggers("threatens threatened")),
)
"""Kinds of which one a sentence is told, each with words of which the sentence must hold one."""
ANY_RARER = frozenset().union(*(needed for _, _, needed in RARER))
ANNOUNCING = triggers("announced unveiled disclosed signaled signalled hinted expressed reaffirmed")
SET = triggers("interview told statement during at letter wrote speech post")
DELEGATES = triggers("delegation")
LED_WORDS = triggers("led headed lead leads head heads chaired represented")


def events(lines: Iterable[Line], context: Context, published: When) -> list[EventItem]:
    """Events of all lines, those of one event joined, in order of their first telling."""
    meetings: list[Found] = []
    others: list[Found] = []
    headlines: list[Found] = []
    for line in lines:
        if line.sentence.block in ("title", "subtitle"):
            headlines.extend(find(line, context))
            _remember(line, context)
            continue
        here = []
        for part in parts(line) if several(line) else (line,):
            named = find(part, context)
            if not named:
                unnamed = told(part, context)
                named = [unnamed] if unnamed is not None else []
            here.extend(again(named) if named and len(part.dates) > 1 else named)
            if part is not line:
                _remember(part, context)
        delegation = DELEGATION.search(line.text, line.start, line.end) if line.words & DELEGATES else None
        sent = delegation is not None and TO_LEAD.search(line.text, line.start, line.end) is not None
        if sent and meetings and here and "told" in here[0].flags:
            here = []
        untold = all("told" in found.flags for found in here)
        if untold and meetings and line.people and not line.words.isdisjoint(LED_WORDS) and _led(meetings, line):
            here = []
        for found in here:
            _place(found, context)
            known = _known(meetings, found)
            if known is not None:
                meetings[known] = _more(meetings[known], found)
            elif found.definite and not found.separate and not _stands_alone(found):
                continue
            else:
                meetings.append(found)
        if delegation is not None and meetings and sent:
            team = [n.person for n in line.people if n.mention.start >= delegation.end()]
            meetings[-1] = changed(meetings[-1], people=_union(meetings[-1].people, team))
        others.extend(_others(line))
        _remember(line, context)
    starts = [found.line.start for found in meetings]
    for headline in headlines:
        # A headline repeats the body; it stands for itself only where the body tells of nothing like it.
        near = bisect.bisect_left(starts, headline.line.start)
        window = range(max(near - MEMORY, 0), min(near + MEMORY, len(meetings)))
        at = next((i for i in window if _repeats(meetings[i], headline)), None)
        if at is None:
            if headline.people or headline.codes or (headline.place and headline.date):
                meetings.append(headline)
        else:
            body = meetings[at]
            if len(body.people) > len(body.codes):
                meetings[at] = changed(body, codes=tuple(dict.fromkeys((*body.codes, *headline.codes))))
    meetings = [with_day(with_sides(found, context), context.lead) for found in meetings]
    meetings = [found for found in meetings if found.people or found.codes or found.date or found.place]
    return [_item(found, published) for found in sorted([*meetings, *others], key=lambda f: (f.start, f.type))]


_LED = rx(
    r"\b(?:led|headed|leads?|heads?|chaired|co-chaired|represented)\b[^.;]{0,60}?\b(?:side|sides|teams?|delegations?|round|talks|meeting|session|negotiations|hosts)\b"
    r"|\b(?:sides?|teams?|delegations?|round|talks|meeting|session|negotiations)\b[^.;]{0,30}?\b(?:led|headed|"
    r"chaired|co-chaired) by\b"
)


def _led(meetings: list[Found], line: Line) -> bool:
    """Who led the sides of the meeting told just before took part in it; whether the line tells of that."""
    last = meetings[-1]
    if (
        line.sentence.i - last.line.sentence.i > 2
        or last.status not in ("occurred", "ongoing")
        or len(last.people) > 1
    ):
        return False
    led = _LED.search(line.low, line.start, line.end)
    if (
        led is None
        or last.type == "call"
        or rx(r"\b(?:will|would|to)\s$").search(line.low, line.start, led.start())
    ):
        return False
    near = [n for n in line.people if n.mention.start < led.end() + 60]
    codes = {n.person.party for n in near if n.person.party}
    if not near or line.dates or (codes and last.codes and not codes & set(last.codes)):
        return False
    meetings[-1] = changed(last, people=_union(last.people, [n.person for n in near[:3]]))
    return True


_HERE = rx(r"\bhere\b(?! (?:and|to|is|was|are)\b)")
_THERE = rx(r"\b(?:while )?there\b(?! (?:is|are|was|were|will|would|has|have|had|may|might|could)\b)")


def _place(found: Found, context: Context) -> None:
    """ "Here" is where the report is from; a meeting on a journey just told is where the journey led."""
    line = found.line
    words = line.low[max(found.start, line.start) : max(found.end, min(found.at + 60, line.end))]
    if found.place is None and context.base and _HERE.search(words) is not None:
        found.place = context.base
    last = context.journey
    if (
        found.place is None
        and last is not None
        and found.type == "meeting"
        and found.line.sentence.i - last[2] <= 1
    ):
        ahead = found.status in AHEAD, last[3] in AHEAD
        own = any(p.name in last[1] for p in found.people)
        if (own or _THERE.search(words) is not None) and (ahead[0] or not ahead[1]) and found.status != "negated":
            found.place = last[0]
    if found.place is not None and found.people and found.type == "visit":
        context.journey = (found.place, frozenset(p.name for p in found.people), line.sentence.i, found.status)


def _repeats(body: Found, headline: Found) -> bool:
    names = {p.name for p in headline.people}, {p.name for p in body.people}
    if names[0] & names[1]:
        return (body.status in AHEAD) == (headline.status in AHEAD) and len(names[0] - names[1]) <= 1
    return len(set(headline.codes) & set(body.codes)) >= 2 and (body.status in AHEAD) == (headline.status in AHEAD)


def _stands_alone(found: Found) -> bool:
    """A "the talks" that was not told before, yet says enough to be told now."""
    return (
        found.date is not None
        or len(found.people) >= 2
        or len(found.codes) >= 2
        or (found.place is not None and bool(found.people or found.codes or found.status != "occurred"))
    )


def _known(meetings: Sequence[Found], new: Found) -> int | None:
    """Which event told before a new telling belongs to."""
    if new.separate:
        return None
    last, first = len(meetings) - 1, max(len(meetings) - MEMORY, 0) - 1
    for at in range(last, first, -1):
        if _same(meetings[at], new):
            return at
    if new.definite and not _own_day(new) and not new.codes:
        for at in range(last, first, -1):
            if _kindred(meetings[at], new) and not _conflict(meetings[at], new):
                return at
    return None


def _own_day(found: Found) -> bool:
    return found.date is not None and found.date.earliest is not None


def _kindred(a: Found, b: Found) -> bool:
    family = {"summit": "meeting", "meeting": "meeting", "call": "call", "visit": "visit"}
    if a.level != b.level and "summit" in (a.type, b.type):
        return False
    if family[a.type] == family[b.type]:
        return True
    venue = a.place is not None and a.place in b.line.text[b.line.start : b.line.end]
    return b.type == "meeting" and (b.definite or (venue and a.status == b.status))


def _conflict(a: Found, b: Found) -> bool:
    """Whether two tellings cannot be of one event."""
    if a.date is not None and b.date is not None:
        first, second = a.date, b.date
        if first.earliest and second.earliest and first.latest and second.latest:
            if first.latest[:10] < second.earliest[:10] or second.latest[:10] < first.earliest[:10]:
                return True
        elif (first.value or first.text) != (second.value or second.text):
            return True
    if a.place and b.place and a.place != b.place and not ({a.place, b.place} & {"White House", "Washington"}):
        cities = a.place.split(",")[0], b.place.split(",")[0]
        if cities[0] not in cities[1] and cities[1] not in cities[0]:
            return True
    ahead = a.status in AHEAD, b.status in AHEAD
    if ahead[0] != ahead[1] and "cancelled" not in (a.status, b.status) and "ongoing" not in (a.status, b.status):
        return not b.definite or bool(b.date)
    return "negated" in (a.status, b.status) and a.status != b.status


def _same(old: Found, new: Found) -> bool:
    if not _kindred(old, new) or _conflict(old, new):
        return False
    ours, theirs = {p.name for p in old.people}, {p.name for p in new.people}
    if new.definite and "pronoun" in new.flags:
        theirs &= set(new.named)
        if not theirs and not _own_day(new):
            return True
    if ours and theirs:
        shared = ours & theirs
        if ours == theirs or (len(shared) >= 2):
            return True
        if shared and (ours <= theirs or theirs <= ours):
            return len(ours | theirs) - len(shared) <= 1 or new.definite or not (old.date and new.date)
        if new.definite and "pronoun" in new.flags:
            return True
        return bool(not shared and new.definite and set(old.codes) & set(new.codes) and not (_own_day(new)))
    both = set(old.codes) & set(new.codes)
    if old.codes and new.codes and (set(old.codes) <= set(new.codes) or set(new.codes) <= set(old.codes)):
        return bool(both) and (len(both) >= 2 or new.definite or old.type == new.type == "visit")
    return new.definite and bool(both)


def _union(people: Sequence[Person], more: Sequence[Person]) -> tuple[Person, ...]:
    return tuple({p.name: p for p in (*people, *more)}.values())


def _more(old: Found, new: Found) -> Found:
    """An event with what a later telling adds; the first telling stays its quote."""
    status = new.status if new.status == "cancelled" else old.status
    if old.status == "expected" and new.status == "planned":
        status = "planned"
    date = old.date
    if date is None or (new.date is not None and not date.earliest and new.date.earliest):
        date = new.date
    elif new.date is not None and new.date.earliest and date.earliest and date.latest and new.date.latest:
        narrower = new.date.earliest >= date.earliest and new.date.latest <= date.latest
        date = new.date if narrower and not date.utc else date
    people = new.people
    if (
        new.definite
        and "pronoun" in new.flags
        and old.people
        and len(old.people) + len(new.people) > 2
        and "They" not in new.line.text[new.line.start : new.line.start + 5]
    ):
        people = tuple(p for p in new.people if p.name in new.named)
    return changed(
        old,
        type="summit" if "summit" in (old.type, new.type) and old.type != "call" else old.type,
        status=status,
        people=_union(old.people, people),
        codes=tuple(dict.fromkeys((*old.codes, *new.codes))),
        place=old.place or new.place,
        date=date,
        flags=tuple(dict.fromkeys((*old.flags, *new.flags))),
    )


def _remember(line: Line, context: Context) -> None:
    """Subject and group that a pronoun of the next sentence may mean."""
    people = [n for n in line.people if line.outside(n.mention.start) or line.said is None]
    speaker = line.speaker
    if people and not (speaker is not None and line.said is not None and len(line.people) == 1):
        context.subject = people[0].person
    elif speaker is not None and line.said is not None:
        context.subject = speaker
    group: list[Person] = []
    best: list[Person] = []
    previous = None
    for named in line.people:
        if speaker is not None and named.person.name == speaker.name and not line.outside(named.mention.end):
            continue
        if previous is not None and CHAIN.match(line.text[previous.mention.end : named.mention.first]):
            group.append(named.person)
        else:
            group = [named.person]
        best = group if len(group) >= len(best) else best
        previous = named
    named_all = tuple({n.person.name: n.person for n in line.people}.values())
    if len(best) >= 2:
        context.group = tuple({p.name: p for p in best}.values())
    elif len(named_all) == 2:
        context.group = named_all


def _others(line: Line) -> list[Found]:
    """Signings, agreements, letters, rulings, threats, and statements made in a named setting."""
    text, start, end = line.text, line.start, line.end
    found: list[Found] = []
    for pattern, kind, needed in () if line.words.isdisjoint(ANY_RARER) else RARER:
        if line.words.isdisjoint(needed):
            continue
        match = pattern.search(text, start, end)
        if match is None:
            continue
        near = text[max(start, match.start() - 40) : match.start()]
        ahead = rx(r"\b(?:will|would|to|could|may|might|not|never|if|hopes?|expects?)\b[^.;,]{0,25}$").search(near)
        if ahead is not None:
            continue
        found.append(_plain(line, kind, match.start(), match.end(), "statement" if kind == "threat" else None))
    if line.said is not None and line.speaker is not None:
        setting = None if line.words.isdisjoint(SET) else SETTING.search(text, start, end)
        if setting is not None and not (line.said.start <= start):
            how = setting.group("how").casefold()
            channel = "interview" if "interview" in how else "press" if how.startswith("told") else "statement"
            if how.startswith(("during", "at a")):
                channel = "in_person"
            found.append(_plain(line, "statement", line.start, line.end, channel, people=(line.speaker,)))
    elif not found and not line.words.isdisjoint(ANNOUNCING):
        announced = ANNOUNCED.search(text, start, end)
        if announced is not None:
            people = [n for n in line.people if n.mention.end <= announced.start()]
            if people and announced.start() - people[-1].mention.end < 25:
                found.append(
                    _plain(
                        line,
                        "announcement"
                        if announced.group().casefold() in ("announced", "unveiled")
                        else "statement",
                        people[-1].mention.first,
                        end,
                        "statement",
                        people=(people[-1].person,),
                    )
                )
    return found


def _plain(
    line: Line, kind: str, start: int, end: int, channel: str | None, people: tuple[Person, ...] | None = None
) -> Found:
    text = line.text
    if people is None:
        people = tuple({n.person.name: n.person for n in line.people_in(line.start, start)}.values())
        start = line.start if people else start
    codes = [p.party for p in people if p.party]
    if kind != "statement":
        codes += [
            h.entry.code for h in line.hits_in(line.start, end) if h.entry.code and h.entry.kind == "country"
        ]
    dates = [d for d in line.dates if not (d.value or "").startswith("P")]
    if kind == "statement":
        # A day in what is said is the day of something else.
        dates = [d for d in dates if line.said is not None and not line.outside(d.start)]
    date = min(dates, key=lambda d: abs(d.start - end)) if dates else None
    venue = next(
        (
            h.text
            for h in line.hits
            if h.entry.form == "seat"
            and rx(r"\b(?:in|at)\s+(?:central\s+)?$").search(text[max(line.start, h.start - 12) : h.start])
        ),
        None,
    )
    return Found(
        type=kind,
        status="occurred",
        channel=channel or "",
        people=people,
        codes=tuple(dict.fromkeys(codes)),
        place=venue,
        date=date,
        start=start,
        end=max(end, date.end if date is not None and kind != "statement" else end),
        at=start,
        line=line,
    )


def _item(found: Found, published: When) -> EventItem:
    line = found.line
    flags = list(found.flags)
    if found.date is not None:
        date = spread(found, when(found.date), (published.latest or "")[:10])
        if found.date.flagged:
            flags.append("date")
    else:
        date = _undated(found.status, published)
        flags.append("undated")
    anchored = len(found.people) + len(found.codes) >= 2
    sure = anchored and found.date is not None and not found.date.flagged and "pronoun" not in found.flags
    return EventItem(
        id="",
        type=found.type,
        status=found.status,
        participants=tuple(p.name for p in found.people),
        parties=found.codes,
        place=found.place,
        channel=found.channel or None,
        date=date,
        issues=issues_in(line.text[line.start : line.end]),
        quote=span(line.text, found.start, found.end),
        sentence=line.sentence.i,
        reported_by=line.reported_by,
        confidence="high" if sure else "medium" if anchored else "low",
        flags=tuple(dict.fromkeys(flags)),
    )


def _undated(status: str, published: When) -> When:
    """What the status alone says of the time: before publication, or not before it."""
    first, last = (published.earliest or "")[:10] or None, (published.latest or "")[:10] or None
    why = "no date stands with it"
    if status in AHEAD and first is not None:
        return When(
            value=None, earliest=first, latest=None, basis="vague", why=f"{why}; it lay ahead at publication"
        )
    if status == "occurred" and last is not None:
        return When(
            value=None, earliest=None, latest=last, basis="vague", why=f"{why}; it lay behind at publication"
        )
    return When(value=None, earliest=None, latest=None, basis="unresolved", why=why)
