"""What is due, expires or takes effect, and when; a deadline without a day stays open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.cues import rx
from winset.record.reading.parties import issues_in
from winset.record.reading.schema import DateMention, DeadlineItem, When, changed
from winset.record.reading.understand_lines import Line, span, when
from winset.record.reading.wordlists import triggers

__all__ = ["deadline_in"]

TRIGGERS = triggers(
    "expire expires expired expiring expiry run runs ran lapse lapses lapsed deadline until till "
    "by before within later effect force effective end ends ended extend extends extended "
    "extension through"
)
OPEN_ENDED = triggers("expire expires expired expiring expiry run runs ran lapse lapses lapsed")
"""Without a day, only these tell of a deadline."""
MOVING = triggers("extended moved postponed pushed delayed prolonged put")
EFFECTIVE = triggers("effect force effective")
EXPIRING = OPEN_ENDED | triggers("end ends")
EXPIRES = re.compile(
    r"\b(?:(?P<past>expired|ran out|lapsed)|(?:set |due |scheduled |will |would |about )?(?:to "
    r")?(?:expires?|runs? out|lapses?)|expiring|expiry|"
    r"(?P<ends>(?:is|are|was) (?:set|due|scheduled) to end|ends|will end))\b",
    re.IGNORECASE,
)
EFFECT = re.compile(
    r"\b(?:(?P<past>took effect|entered into force|came into (?:force|effect)|went into effect)|"
    r"(?:take|takes|taking|to take) effect|enters? into force|comes? into (?:force|effect)|go(?:es)? into "
    r"effect|effective(?: from| on| as of)?)\b",
    re.IGNORECASE,
)
LIMIT = re.compile(
    r"\b(?P<word>by|until|till|no later than|before|within|through)\s+(?:the\s+(?:end\s+of\s+)?|about\s+|"
    r"around\s+)?$",
    re.I,
)
DEADLINE = re.compile(r"\b(?P<self>self-imposed )?deadline\b", re.IGNORECASE)
MOVED = re.compile(
    r"\b(?:extended|moved|postponed|pushed (?:back)?|delayed|prolonged|put off)\b[^.;]{0,60}?\b(?:to|"
    r"until|till|by)\b",
    re.I,
)
DUE = re.compile(
    r"\b(?:must|has to|have to|had to|need(?:s)? to|required to|obliged to|due|decide|answer|respond|"
    r"submit|conclude[ds]?|complete[ds]?|"
    r"finali[sz]e[ds]?|agree[ds]?|reach(?:ed)?|sign(?:ed)?|ratif\w+|deliver\w*|finish(?:ed)?|resolve[ds]?|"
    r"impose[ds]?|pass(?:ed)?|"
    r"done|will (?:be )?\w+|to be \w+ed)\b",
    re.IGNORECASE,
)
STAYS = re.compile(
    r"\b(?:stay|stays|remain|remains|in place|in force|appl(?:y|ies)|valid|has|have|had|extend\w*|hold|"
    r"holds|last|lasts|suspend\w*|pause[ds]?|"
    r"exempt\w*|waive[drs]*|truce|grace|delay\w*|postpone[ds]?|hold off|run|runs)\b",
    re.IGNORECASE,
)
TARGET = re.compile(
    r"\b(?:hop(?:es?|ed|ing)|aim(?:s|ed|ing)?|target\w*|plan(?:s|ned)?|want(?:s|ed)?|seek(?:s|ing)?|"
    r"intend\w*|expect\w*|goal|wish\w*)\b",
    re.I,
)
MISSED = re.compile(r"\b(?:missed|failed to meet|passed|expired|lapsed|went by)\b", re.I)
MET = re.compile(r"\bmet\b(?=[^.;]{0,30}\bdeadline)", re.I)
VISITS = re.compile(r"\b(?:visit\w*|stay in|stays in|trip|tour|talks|meetings?|summit|conference)\b", re.I)
THING = re.compile(
    r"\b(?:(?:the|a|an|its|existing|current|new|this|that|mutual|reciprocal|\d+-day)\s+)*(?:[\w-]+\s+){0,3}?"
    r"(?:pauses?|grace period|truce|waivers?|exemptions?|suspensions?|moratorium|quotas?|tariffs?|dut(?:y|"
    r"ies)|lev(?:y|ies)|agreement|deal|"
    r"accord|ban|measures?|order|reprieve|deadline|extension|sanctions?|licen[cs]es?|offer|talks|"
    r"negotiations|rates?)\b",
    re.IGNORECASE,
)


def deadline_in(line: Line) -> DeadlineItem | None:
    """The deadline that a line tells of, if any."""
    if line.sentence.block == "title" or line.words.isdisjoint(TRIGGERS):
        return None
    return _deadline(line)


def _deadline(line: Line) -> DeadlineItem | None:
    text, start, end = line.text, line.start, line.end
    dates = [d for d in line.dates if line.outside(d.start)]
    if not dates and line.words.isdisjoint(OPEN_ENDED):
        return None
    moved = None if line.words.isdisjoint(MOVING) else MOVED.search(text, start, end)
    if moved is not None and (DEADLINE.search(text, start, end) or STAYS.search(text, start, moved.end())):
        after = [d for d in dates if d.end > moved.end()]
        if after:
            # "from 1 May to 1 June": the day after "to" is the new one.
            return _item(line, after[0], "deadline", "moved", moved.start())
    effect = None if line.words.isdisjoint(EFFECTIVE) else EFFECT.search(text, start, end)
    if effect is not None:
        date = _after(dates, effect.end(), text)
        if date is not None:
            return _item(line, date, "effective", "met" if effect.group("past") else "pending", effect.start())
    expires = None if line.words.isdisjoint(EXPIRING) else EXPIRES.search(text, start, end)
    if expires is not None and THING.search(text, start, expires.start() + 1) is not None:
        date = _after(dates, expires.end(), text)
        if date is None and expires.group("ends"):
            return None
        status = "passed" if expires.group("past") else "pending"
        return _item(line, date, "deadline", status, expires.start())
    deadline = DEADLINE.search(text, start, end) if "deadline" in line.words else None
    if deadline is not None:
        date = _after(dates, deadline.end(), text, reach=60) or next(
            (d for d in reversed(dates) if d.end <= deadline.start()), None
        )
        if date is not None:
            before = text[start : deadline.end()]
            status = (
                "met"
                if MET.search(before) and not rx(r"\b(?:fail|not|miss)").search(before)
                else "passed"
                if MISSED.search(before)
                else "pending"
            )
            kind = "target" if deadline.group("self") else "deadline"
            return _item(line, date, kind, status, deadline.start())
    for date in dates:
        limit = LIMIT.search(text, max(start, date.start - 26), date.start)
        word = limit.group("word").casefold() if limit is not None else ""
        if not word:
            inside = rx(r"(?:by|until|till|before|within|no later than)\b", re.I).match(
                text[date.start : date.end]
            )
            word = inside.group().casefold() if inside is not None else ""
        if not word or (
            word == "before"
            and not rx(r"\b(?:must|has to|have to|conclude|finish)").search(text[start : date.start])
        ):
            continue
        at = limit.start() if limit is not None else date.start
        before = text[start:at]
        if word in ("until", "till", "through"):
            if not STAYS.search(before) or VISITS.search(before[-40:]):
                continue
            return _item(line, date, "deadline", "pending", at)
        if not DUE.search(before):
            continue
        return _item(line, date, "target" if TARGET.search(before) else "deadline", "pending", at)
    return None


def _after(dates: Sequence[DateMention], at: int, text: str, reach: int = 45) -> DateMention | None:
    for date in dates:
        if at - 1 <= date.start <= at + reach and ";" not in text[at : date.start]:
            return date
    return None


def _last_day(day: When, text: str, date: DateMention, status: str) -> When:
    """The last day alone, where the words name an end: "by the end of May", "moved from 1 May to 1 June"."""
    ending = rx(r"\bend of\b", re.I).search(text[max(0, date.start - 14) : date.end])
    moved = status == "moved" and rx(r"\bto\b|\buntil\b").search(date.text) is not None
    if day.latest is None or not (ending or moved):
        return day
    last = day.latest[:10]
    return changed(day, value=last, earliest=last, latest=last)


def _item(line: Line, date: DateMention | None, kind: str, status: str, at: int) -> DeadlineItem:
    text = line.text
    first = line.start
    things = list(THING.finditer(text, line.start, at))
    thing = things[-1] if things else None
    what = thing.group().strip() if thing is not None else ""
    if not what:
        what = rx(r"\s+").sub(" ", text[line.start : at]).strip(" ,")[-80:]
    if thing is not None:
        first = thing.start()
    last = at
    verb = rx(r"[\w’'-]+(?:\s(?:out|effect|into force|to expire|to end))?").match(text[at:])
    last = at + (verb.end() if verb is not None else 0)
    if date is not None:
        last = max(last, date.end)
        first = min(first, date.start)
    day = (
        _last_day(when(date), text, date, status)
        if date is not None
        else When(value=None, earliest=None, latest=None, basis="unresolved", why="no day stands with it")
    )
    flags = () if date is not None and not date.flagged else ("undated",) if date is None else ("date",)
    issues = issues_in(text[line.start : line.end])
    return DeadlineItem(
        id="",
        what=what,
        kind=kind,
        status=status,
        date=day,
        issue="; ".join(issues[:2]),
        quote=span(text, first, last),
        sentence=line.sentence.i,
        flags=flags,
    )
