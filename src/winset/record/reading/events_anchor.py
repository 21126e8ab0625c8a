"""What anchors a trigger in its sentence: without it a verb of meeting or a noun such as "talks" is no event."""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading import events_words as w
from winset.record.reading.cues import rx
from winset.record.reading.events_around import FIRST, PRONOUN
from winset.record.reading.events_types import Trigger
from winset.record.reading.names import words
from winset.record.reading.schema import DateMention, Person
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import triggers
from winset.record.reading.wordlists import words as words_of

__all__ = ["GERUND", "ahead", "anchored", "noun_excluded", "noun_stands", "on_agenda", "told_as_past"]

_WHETHER = triggers("whether if")
_DOMESTIC = triggers(
    "cabinet task press news parliamentary committee council board staff party campaign caucus budget emergency "
    "economic town editorial shareholder shareholders annual security national"
)
_COULD, _SUCH, _COMING = triggers("could would might"), triggers("such likes"), triggers("upcoming forthcoming")
GERUND = re.compile(
    r"\b(?:is|are|was|were|been|be|after|by|before|while|rul(?:es|ed|ing) out|avoid(?:s|ed)?)\s+$", re.I
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
FORUM = re.compile(
    r"\b(?:cabinet|parliament|committee|council of ministers|board|shareholders|party|caucus|task force)\b", re.I
)
HINT = re.compile(r"\b(?:the|this|no|upcoming|forthcoming)\b|[’']s?\s")
AFTER_HINT = re.compile(r"\s+(?:between|with|among|set|scheduled|planned|slated|due|on|in|at)\b")


_DID = re.compile(
    r"(?:(?!\b(?:will|would|is|are|to)\b)[^.;,]){0,60}?\b(?:dealt|took|brought|gave|lasted"
    r"|(?!schedul|plann|expect|pencil|slat|arrang|announc|bill|postpon|delay|propos|call|need|speed|set|promis|agreed|fix)[a-z]{3,}ed)\b"
)


def told_as_past(line: Line, t: Trigger, left: int) -> bool:
    """Whether the verb of the event stands in the past: "met", "held talks"."""
    verb = line.low[left : t.start] if t.how == "noun" else line.low[t.start : t.end]
    if t.how == "noun" and _DID.match(line.low, t.end, line.end) is not None:
        return True
    return (
        rx(r"\b(?:met|sat|saw|spoke|went|flew|left|had|held|shook|was|were|[a-z]+ed)\b").search(verb) is not None
    )


def ahead(date: DateMention, published: str) -> bool:
    """Whether a day surely lies after publication: "sits down with her tomorrow"."""
    return bool(published) and not date.flagged and date.earliest is not None and date.earliest[:10] > published


def anchored(line: Line, t: Trigger, before: str, after: str, wide: str, left: int, right: int) -> bool:
    """Whether the words around a verb make it a meeting; nouns are judged later."""
    text = line.text
    near = line.low[max(line.start, t.start - 70) : t.start]
    infinitive = near.rstrip().endswith(("to", "ly")) and rx(r"\bto\s+(?:\w+ly\s+)?$").search(near) is not None
    if t.how == "meet":
        if w.NOT_MET.match(wide.lower()):
            return False
        verb = text[t.start : t.end].casefold()
        if verb.startswith(("sit", "sat")) and "down" not in verb and BODY.search(before) is None:
            return False
        if verb == "meeting" and GERUND.search(near) is None:
            return False
        if (
            w.GENERIC_BEFORE.search(near)
            and "never" not in near
            and not rx(r"\b(?:refus(?:e|es|ed)|declin(?:e|es|ed)) to\s+(?:\w+ly\s+)?$").search(near)
        ):
            return False
        if "shall" in near and rx(r"\bshall\s+(?:\w+ly\s+)?$").search(near) and w.OFTEN.search(wide):
            return False
        if "never" in near and rx(r"\bnever\s+$").search(near):
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
            or (
                bool(line.dates or line.hits)
                and BODY.search(before) is not None
                and OWN_BODY.search(before) is None
            )
        )
        if not objects and not subjects:
            return False
        if not named and not line.dates and rx(r"\bwe\b[^.;]{0,40}$", re.I).search(before):
            return False  # "now and then we meet"
    if t.how == "speak" and w.GENERIC_BEFORE.search(near):
        return False
    if t.how == "hours":
        return (
            bool(line.people_in(t.end - 1, right))
            or rx(
                r"\s*(?:the |his |her |its )?(?:[A-Z][\w.]+ ){0,3}(?:[a-z]+ ){0,2}?(?:" + _OFFICE + r")\b"
            ).match(text, t.end - 1)
            is not None
        ) and (
            bool(line.people_in(left, t.start))
            or PRONOUN.search(before) is not None
            or FIRST.search(before) is not None
        )
    if t.how == "work":
        return _works(line, t, before, left, right)
    if t.how == "ring" and text.startswith("r", t.start):
        seat = next((h for h in line.hits if h.start == t.end and h.entry.form == "seat"), None)
        if seat is not None and w.RUNG.match(text, seat.end, line.end):
            return bool(line.people_in(left, t.start) or line.hits_in(left, t.start) or PRONOUN.search(before))
    if t.how == "see" and line.dates and not text.startswith(("call", "w"), t.start):
        office = rx(
            r"\s*(?:the |his |her )?(?:[A-Z][\w.]+ ){1,3}(?:[a-z]+ ){0,2}?(?:"
            + _OFFICE
            + r")\b(?! (?:said|to|as)\b)"
        ).match(text, t.end - 1)
        if office is not None and (
            line.people_in(left, t.start) or PRONOUN.search(before) or FIRST.search(before)
        ):
            return True
    if t.how in ("see", "ring"):
        seen = next((n for n in line.people_in(t.end - 1, right) if n.mention.first <= t.end + 45), None)
        if seen is None:
            return False
        if t.how == "ring" and not w.RUNG.match(text, seen.mention.end, line.end):
            return False
        if t.how == "see" and rx(r"\s+(?:to|as)\s+\w").match(text, seen.mention.end, line.end):
            return False
        between = text[t.end : seen.mention.first]
        if "," in between and not rx(r"(?:[\w-]+\s)*(?:colleague|counterpart|opposite number),\s$").match(between):
            return False
        subject = bool(line.people_in(left, t.start)) or bool(PRONOUN.search(before) or FIRST.search(before))
        return subject and not rx(r"['’]s?\s").match(text, seen.mention.end)
    if t.how == "talk":
        heard = next((n for n in line.people_in(t.end, right) if n.mention.first <= t.end + 80), None)
        if heard is None or w.GENERIC_BEFORE.search(near):
            return False
        told = rx(r"\b(?:with|to)\s+(?:the\s|his\s|her\s)?$").search(text, t.end, heard.mention.first)
        subject = bool(line.people_in(left, t.start)) or bool(PRONOUN.search(before) or FIRST.search(before))
        return told is not None and subject and bool(line.dates)
    if t.how == "host":
        guest = rx(r"(?:by\s+)?(?:his|her|their)\s+(?:\w+\s+)?counterpart\b").match(text[t.end : t.end + 50])
        return guest is not None or bool(line.people_in(t.end, min(right, t.end + 110)))
    if t.how == "guests":
        joined = rx(r"(?:[\w’'.-]+\s){0,4}?and\s").match(text, t.end)
        if (
            joined is not None
            and not any(h.start == joined.end() for h in line.hits)
            and PLURAL.search(text, t.end, joined.end()) is None
        ):
            return False
        return bool(line.dates or line.people) and (
            bool(line.people_in(left, t.start))
            or HOSTS.search(before) is not None
            or bool(line.hits_in(left, t.start))
        )
    if t.how == "sign":
        return _signs(line, t, before, after, left, right)
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
    if t.how in ("there", "come"):
        # To be somewhere is a visit only for who is no part of the place, on a day.
        return (
            any(h.start == t.end and h.entry.form in ("seat", "name") for h in line.hits)
            and (
                bool(line.people_in(left, t.start))
                or PRONOUN.search(before) is not None
                or (line.speaker is not None and FIRST.search(before) is not None)
                or rx(
                    r"\b(?:delegation|mission|officials|negotiators|envoys?|teams?|ministers?|president|premier)\b"
                ).search(before)
                is not None
            )
            and (bool(line.dates) or t.how == "come")
        )
    if t.how == "visit" and rx(
        r"(?:%|per ?cent|share|exports|output|rest|half|bulk|third|quarter|goods|shipments)\s+$"
    ).search(before.lower()):
        return False
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
    if not line.words.isdisjoint(_WHETHER) and rx(r"\b(?:whether|if)\b[^,;]*$", re.I).search(before):
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


BODY = re.compile(
    r"\b(?:committee|commission|council|working group|group of (?:seven|twenty)|g-?7|g-?20|quad|forum|bloc|"
    r"panel|members|allies)\b",
    re.I,
)
OWN_BODY = re.compile(
    r"\b(?:parliamentary|house|senate|select|central bank|monetary|policy|board|cabinet|party|electoral|city|"
    r"security) (?:\w+ )?"
    r"(?:committee|commission|council)\b",
    re.I,
)
_OFFICE = (
    "officials|ministers?|president|secretary|premier|chancellor|commissioner|ambassadors?|envoys?|negotiators?|leaders|counterpart"
    "|colleague|host|opposite number|chief|representative|representatives|deput(?:y|ies)|trade chief|king|pope"
)


def _works(line: Line, t: Trigger, before: str, left: int, right: int) -> bool:
    """Whether two sides do at a table what the verb says, on a day: "bargained in Basel on Monday"."""
    if rx(
        r"\b(?:could|would|may|might|not|never|want\w*|hope\w*|yet to|help\w*|try|trying|able to|"
        r"need\w*)\b[^,;]{0,30}$"
    ).search(before.lower()):
        return False
    days = [
        d
        for d in line.dates
        if left <= d.start <= right + 30 and not (d.value or "").startswith("P") and d.earliest
    ]
    close = [d for d in days if d.latest and d.earliest and d.latest[:7] == d.earliest[:7]]
    spot = (
        any(
            h.entry.form == "seat"
            and rx(r"\b(?:in|at)\s$").search(line.text, max(line.start, h.start - 4), h.start)
            for h in line.hits_in(t.end, right)
        )
        or rx(r"\bhere\b").search(line.low, t.end, right) is not None
    )
    two = len({n.person.name for n in line.people_in(left, t.start)}) > 1
    table = rx(
        r"\b(?:negotiators|delegations|the two (?:sides|leaders|ministers|presidents)|both sides|ministers|"
        r"leaders|teams|envoys|delegates|officials)\b"
    )
    sides = table.search(before.lower()) is not None
    whom = rx(r"\bwith\s+(?:the\s|his\s|her\s)?[A-Z]").search(line.text, t.end, right) is not None and bool(
        line.people_in(left, t.start)
    )
    return bool(close) and ((two or whom) or (sides and spot))


HOSTS = re.compile(
    r"\b(?:he|she|they|we|i|minister|president|premier|secretary|team|commissioner|king|chancellor|host|ambassador"
    r"|negotiators?|officials|governor|ministry)\b",
    re.I,
)


def _signs(line: Line, t: Trigger, before: str, after: str, left: int, right: int) -> bool:
    """Whether two sides sign, at a place or on a day: "initialled the pact in Lima on Monday"."""
    near = line.low[max(line.start, t.start - 70) : t.start]
    rest = after[:110].lower()
    if w.GENERIC_BEFORE.search(near) or w.OWN_PAPER.search(rest[:70]) or w.OWN_PAPER.search(near):
        return False
    if rx(
        r"\b(?:until|unless|if|once|could|would|may|might|want\w*|has yet|ready|refus\w+|not|never)\b[^,;]{0,40}$"
    ).search(near):
        return False
    if rx(r"\s*(?:cannot|can[’']t|will not|won[’']t|would not|did not|has not|ceremony)\b").match(rest):
        return False
    noun = line.low[t.start : t.end] == "signing" and rx(r"\b(?:the|a|formal|for|official)\s+(?:\w+\s)?$").search(
        near
    )
    paper = w.PAPER.search(rest) or w.PAPER.search(before.lower()) or "names" in line.low[t.start : t.end]
    spot = any(
        (h.entry.form == "seat" or h.entry.kind == "city")
        and rx(r"\b(?:in|at)\s$").search(line.text, h.start - 4, h.start)
        for h in line.hits_in(t.end, right)
    )
    people = len({n.person.name for n in line.people_in(left, right)})
    people += PRONOUN.search(before) is not None or FIRST.search(before) is not None
    joint = people > 1 or len({h.entry.code for h in line.hits if h.entry.code}) > 1
    days = [
        d for d in line.dates if left <= d.start and not (d.value or "").startswith("P") and d.earliest is not None
    ]
    if people > 1 and not days and not spot and line.low.endswith("where ", line.start, left):
        return False
    return bool((paper or noun) and (spot or (days and (joint or noun)) or people > 1))


def noun_excluded(line: Line, t: Trigger, after: str) -> bool:
    """Meetings of a forum or of one government with itself, and calls that are appeals."""
    text = line.text
    noun = text[t.start : t.end].casefold()
    near = line.low[max(line.start, t.start - 70) : t.start]
    if " of " in near and rx(r"(?:sidelines|margins) of\s+[^.;,]{0,60}$").search(near):
        return True
    if not line.words.isdisjoint(_DOMESTIC) and w.DOMESTIC.search(near):
        return True
    whose = rx(r"\s+of\s+(?:the\s+|his\s+|her\s+|its\s+)?(?:[\w-]+\s+){0,2}").match(after)
    if whose is not None and FORUM.search(whose.group()):
        return True
    if noun == "stop" and not rx(
        r"\b(?:a|an|the|his|her|their|its|announced|planned|brief|short|[a-z]+['’]s)\s(?:\w+\s)?$"
    ).search(near):
        return True
    if noun == "sitting" and not rx(r"\b(?:a|an|the|its|[a-z]+['’]s)\s(?:\w+\s)?$").search(near):
        return True
    forum = any(h.entry.kind == "intergovernmental" and h.end + 1 == t.start for h in line.hits)
    if forum and w.SETTING.search(near) is not None:
        return True
    if noun in ("call", "calls") and not CALL_OK.search(near):
        return True
    if (
        noun in ("call", "calls")
        and rx(r"\s+(?:for|on|to)\b").match(after)
        and not rx(r"\b(?:is|was|will be|has been) (?:set|scheduled|planned|due|held|arranged)\b").search(after)
    ):
        return True
    # No verb, no setting, no sides and no day: a mention of a meeting, which tells of none.
    return not (
        line.dates
        or HINT.search(near)
        or AFTER_HINT.match(after)
        or "phone" in noun
        or (not line.words.isdisjoint(w.PREDICATE_WORDS) and w.PREDICATE.search(after[:140].lower()))
        or w.HELD_BEFORE.search(near)
        or w.SETTING.search(near)
    )


_HELD_WITH = words_of("talks meetings meeting consultations negotiations discussions")


def on_agenda(line: Line) -> bool:
    """Whether the line is an entry of a calendar: "- 22 October: dialogue, Brussels"."""
    first = line.dates[0] if line.dates else None
    if first is None or first.start - line.start > 4:
        return False
    return rx(r"\s?[:–—]\s").match(line.text, first.end) is not None


def noun_stands(
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
    if on_agenda(line) and (people or codes or place):
        return True
    # "flew in for talks with the minister", "left for his eighth visit to ..."
    if (people or codes) and (date or place) and rx(r"\bfor\s+(?:[\w-]+\s+){0,3}$").search(near):
        whom = rx(r"\s+(?:with|between)\s") if noun in _HELD_WITH else rx(r"\s+to\s+(?=[A-Z])")
        if whom.match(after) and not rx(
            r"\b(?:call|press|wait|hope|plan|push|ask|appeal|demand)\w*\s+for\s"
        ).search(near):
            return True
    held = w.HELD_BEFORE.search(near)
    predicate = None
    if not line.words.isdisjoint(w.PREDICATE_WORDS):
        predicate = w.PREDICATE.search(after[:140].lower())
    between = rx(r"\s+(?:(?:on|in|at)\s[^,;]{1,40}\s)?(?:between|with|among)\b").match(after) is not None
    joint = len(people) + len(codes) >= 2
    if w.GENERIC_BEFORE.search(near) and not (date is not None and predicate):
        return False
    if (
        not joint
        and not line.words.isdisjoint(_COULD)
        and rx(r"\b(?:could|would|might)\s+(?!be\b|take\b|follow\b|also\b|now\b|not\b)\w+").search(after[:40])
    ):
        return False
    if status == "negated" and rx(r"\bno (?:plans? for (?:a |any )?)?[\w\s-]{0,20}$", re.I).search(near):
        planned = rx(
            r"\s(?:is|are|was|were|has been)\s(?:\w+ )?(?:planned|scheduled|set|foreseen|due|in sight|"
            r"on the cards)\b"
        )
        return bool(people or codes or date or place or planned.match(after))
    if status == "cancelled" and (people or len(codes) >= 2 or date):
        return True
    if place and date is not None and rx(r",\s[A-Z][\w ’'-]{2,30},\s$").fullmatch(text[t.end : date.start]):
        return True  # the head of a record: "seventh meeting, Ottawa, 19-20 November"
    verb = held.group("verb").casefold() if held is not None else ""
    if not line.words.isdisjoint(_SUCH) and rx(r"\b(?:such|likes of)\s+$").search(near):
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
    if not line.words.isdisjoint(_COMING) and rx(
        r"\b(?:upcoming|forthcoming)\s+(?:[\w“”\"-]+\s+){0,4}$", re.I
    ).search(near):
        return True
    if rx(r"\s+(?:set|scheduled|planned|slated|due)\b").match(after):
        return True
    if t.type == "call" and "phone" in noun and joint:
        return True
    return bool(joint and date is not None and (definite or rx(r"day[’']s\s").search(near)))
