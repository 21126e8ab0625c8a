"""Who takes part in an event, which sides, where and when: from the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from winset.record.reading.cues import rx
from winset.record.reading.events_days import loose
from winset.record.reading.events_types import Context, Trigger
from winset.record.reading.names import Hit, capitals
from winset.record.reading.schema import DateMention, Person
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import triggers

__all__ = [
    "BACKWARD",
    "FIRST",
    "PRONOUN",
    "at_home",
    "codes_of",
    "date_of",
    "first_person",
    "linked",
    "people_of",
    "place_of",
    "unique",
]

# A class in front lets the machine skip to the next blank or stop, one behind it past most words.
BACKWARD = re.compile(
    r"[;:, ](?:(?<=;)|(?=[ abtw])(?:(?<=:) |(?:(?<=,) |(?<= ))(?:but |while |after |because |where |when |"
    r"which |who |that |as (?!well)|and (?:he|she|they|it) (?=\w))|(?<= )(?<!, )before ))"
)
PLACE_BEFORE = re.compile(
    r"\b(?:in|at|to|into|for|near|from|outside)\s+(?:the\s+|central\s+|downtown\s+|nearby\s+)*$"
)
VENUE = re.compile(
    r"[ia][nt](?:(?<=\bin)|(?<=\bat))\s+(?:the\s+)?(?P<name>[A-Z][\w’'-]+(?:\s(?:[A-Z][\w’'-]+|de|del|el|of(?=\s[A-Z])))*)"
)
PAIR = re.compile(
    r"\b(?:two|both) (?:countries|sides|nations|governments|allies|leaders|presidents|ministers|"
    r"neighbou?rs|capitals|"
    r"delegations|partners|economies|chiefs)|\bbetween the (?:countries|sides|leaders|presidents)\b|"
    r"\bboth nations\b",
    re.IGNORECASE,
)
TRIO = re.compile(
    r"\bthree (?:[\w-]+ ){0,2}(?:countries|sides|nations|governments|leaders|diplomats|ministers)\b|"
    r"\btheir respective leaders\b",
    re.IGNORECASE,
)
# Words of which the sentence must hold one for the pattern to be tried.
_ERRANDS = triggers("lead prepare success outcome focus purpose ahead request")
_SERVANTS = triggers(
    "adviser advisor aide envoy assistant ally successor predecessor confidant place behalf rival critic"
)
_HIS, _HIM = triggers("his her their"), triggers("him her")
_PAIRED, _THREE = triggers("two both between"), triggers("three respective")
_PRONOUNS = triggers("he she they")
_GROUPS = triggers("pair two leaders ministers presidents diplomats chiefs negotiators officials")
PRONOUN = re.compile(r"\b(?P<one>[Hh]e|[Ss]he)\b|\b(?P<many>[Tt]hey)\b")
FIRST = re.compile(r"\bI\b|\b[Yy]ou\b")
"""Who speaks, or is asked: in what is said, and in questions and answers."""
GROUP = re.compile(
    r"\b[Tt]he (?:pair|two)\b(?! [a-z]+s\b)|\b(?:[Tt]he|[Bb]oth)(?: two| three)? (?:[\w-]+ )?(?:leaders"
    r"|ministers|presidents|diplomats|chiefs|"
    r"negotiators|officials)\b"
)
ERRAND = re.compile(
    r"\b(?:lead|prepare (?:for )?|success of|outcome of|focus of|purpose of|ahead of|request "
    r"of)\s+the\s+(?:[\w“”\"'+-]+\s+){0,3}$",
    re.I,
)
SERVANT = re.compile(
    r"\b(?:advis[eo]r|aide|envoy|spokes\w+|assistant|ally|successor|predecessor|confidant|place|behalf|"
    r"rival|critic)\s+"
    r"(?:to|of|for)\s+[^;]{0,50}$",
    re.I,
)
ROLE = re.compile(
    r"\b(?P<role>president|prime minister|premier|chancellor|foreign minister|trade minister|king)\b"
)
FROM = re.compile(
    r"\b(?:officials?|negotiators|delegations?|teams?|ministers?|leaders|envoys|chiefs|representatives|"
    r"lawmakers)\s+(?:from|for|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def people_of(
    line: Line, t: Trigger, left: int, right: int, context: Context
) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    text = line.text
    found: list[Person] = []
    flags: list[str] = []
    words = line.words
    if (
        t.how == "noun"
        and not words.isdisjoint(_ERRANDS)
        and ERRAND.search(text[max(line.start, t.start - 60) : t.start])
    ):
        return (), ()
    here = line.people_in(left, right)
    if here:
        serving = not words.isdisjoint(_SERVANTS) or line.low.find("spokes", line.start, line.end) >= 0
        for mention, who in here:
            if serving and SERVANT.search(text[max(line.start, mention.first - 70) : mention.first]):
                continue
            if text.startswith(("'", "’"), mention.end) and _not_oneself(
                text[mention.end : mention.end + 40], mention.end <= t.start
            ):
                continue
            found.append(who)
    before = text[left : t.start]
    lead = text[max(line.start, left - 12) : left]
    earlier = line.people_in(line.start, left)
    if earlier and rx(r"\bwho $").search(lead):
        found.insert(0, earlier[-1].person)
    pronoun = None
    if not words.isdisjoint(_PRONOUNS):
        pronoun = PRONOUN.search(before) or (
            PRONOUN.search(text, line.start, t.start) if not found and t.how != "noun" else None
        )
    groups = not words.isdisjoint(_GROUPS)
    if earlier and rx(r"\s*(?:the two|they|both)(?:\s+(?:sides|leaders|men|women|ministers))?\s*", re.I).fullmatch(
        before
    ):
        found[:0] = [n.person for n in earlier]
    elif not (here and here[0].mention.start < t.start):
        if pronoun is not None and pronoun.group("one"):
            asking = line.speaker if line.said is None else None  # the name at the head of a turn is no antecedent
            person = next(
                (n.person for n in line.people if n.mention.start < t.start and n.person is not asking), None
            )
            if line.said is not None and line.speaker is not None and line.said.end <= t.start:
                person = line.speaker  # "Lund said she had met ..."
            if person is None:
                person = context.subject
                flags.append("pronoun")
            if person is not None:
                found.insert(0, person)
        elif t.how != "noun" and (first := first_person(line, before)) is not None:
            found.insert(0, first)
        elif line.carried is not None:
            found.insert(0, line.carried)
        elif (
            (pronoun is not None and pronoun.group("many"))
            or (groups and GROUP.search(before))
            or (groups and t.how == "noun" and GROUP.search(text, left, right))
        ):
            found[:0] = context.group
            flags.append("pronoun")
    owned = t.how == "noun" and not words.isdisjoint(_HIS)
    if owned and not found and rx(r"\b(?:his|her|their)\s+(?:[\w-]+\s+){0,3}$").search(before):
        found = [n.person for n in line.people if n.mention.start < t.start]
    elif owned and found and _OWN.search(before) and _WITH.match(text, t.end):
        # "His last encounter with Ada Lund": whose it was takes part.
        own = next((n.person for n in line.people if n.mention.end < t.start), context.subject)
        if own is not None:
            found.insert(0, own)
    if found and not words.isdisjoint(_HIM) and _OBJECT.search(text, t.start, right):
        others = [n.person for n in line.people if n.mention.start < t.start and n.person.name != found[0].name]
        if not others and context.subject is not None:
            others = [context.subject]
        found.extend(others[:1])
    roles = _roles(line, left, right, context)
    found.extend(roles)
    found.extend(_holders(line, t, left, right, context))
    return unique(found), tuple(flags)


_HOLDER = re.compile(
    r"\b[Tt]he (?P<office>(?:prime |foreign |trade |finance |deputy |economy |vice )?(?:[Mm]inister|"
    r"[Pp]resident|[Pp]remier|[Cc]hancellor|[Cc]ommissioner"
    r"|[Ss]ecretary|envoy|ambassador))\b(?!['’-]|\s(?:of|for|to the|[A-Z])|\s(?:general|said|told)\b)"
)


def _holders(line: Line, t: Trigger, left: int, right: int, context: Context) -> list[Person]:
    """ "The minister": of those in such an office, who was named last before."""
    found: list[Person] = []
    if line.words.isdisjoint(_OFFICES):
        return found
    for match in _HOLDER.finditer(line.text, left, right):
        office = match["office"].casefold().split()[-1]
        if any(h.start <= match.start("office") < h.end for h in line.hits):
            continue
        before = [
            (max(m.start for m in p.mentions if m.start < t.start), p)
            for p in context.people
            if any(office in title.casefold() for title in p.titles) and any(m.start < t.start for m in p.mentions)
        ]
        if before:
            found.append(max(before, key=lambda pair: pair[0])[1])
    return found


_OFFICES = triggers("minister president premier chancellor commissioner secretary envoy ambassador")
_OWN = re.compile(r"\b(?:[Hh]is|[Hh]er)\s+(?:[\w-]+\s+){0,3}$")
_WITH = re.compile(r"\s+with\b")
_OBJECT = re.compile(
    r"\b(?:met|meet|meets|saw|see|sees|with|to|called|phoned|telephoned|rang|received|hosted|welcomed)\s(?:him|her)\b"
    r"(?!\s[a-z]+(?:er|or|or-general|part|ist|gue)\b)"
)


def _not_oneself(after: str, told_later: bool) -> bool:
    """Whether what stands after a name, an apostrophe first, makes it that of an owner who takes no part."""
    if (
        told_later
        and rx(r"['’]s?\s").match(after)
        and not rx(
            r"['’]s?\s+(?:[\w-]+\s+){0,3}(?:trip|visit|meeting|talks|delegation|team|call|summit|stop)\b"
        ).match(after)
    ):
        return True
    return (
        rx(r"['’]s?\s+(?:office|ministry|country|government|administration|spokes\w+|term)\b").match(after)
        is not None
    )


def first_person(line: Line, before: str) -> Person | None:
    """Who is "I", or "you" in a question, in the words before a verb."""
    own = FIRST.search(before)
    if own is None:
        return None
    return line.asked if own.group() in ("you", "You") else line.speaker


def unique(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({person.name: person for person in people}.values())


def _roles(line: Line, left: int, right: int, context: Context) -> list[Person]:
    """ "the South Korean president", "his American counterpart": the person of that country and office."""
    text = line.text
    found: list[Person] = []
    for hit in line.hits_in(left, right):
        if hit.entry.code is None:
            continue
        after = text[hit.end : hit.end + 40]
        role = rx(r"(?:['’]s)?\s+(?P<role>[a-z][a-z ]{2,24}?)\b(?=[\s,.;]|$)").match(after)
        if role is None:
            continue
        office = ROLE.match(after.removeprefix("'s").removeprefix("’s").lstrip())
        counterpart = rx(r"\s+counterpart\b").match(after)
        if office is None and counterpart is None:
            continue
        fits = context.of(hit.entry.code, office.group("role") if office is not None else "")
        if len(fits) == 1:
            found.extend(fits)
    return found


def _is_place(line: Line, hit: Hit) -> bool:
    before = line.text[max(line.start, hit.start - 34) : hit.start]
    return (
        hit.entry.form in ("seat", "name")
        and PLACE_BEFORE.search(before) is not None
        and FROM.search(before) is None
    )


def at_home(line: Line, t: Trigger, people: Sequence[Person], place: str | None, context: Context) -> bool:
    """Whether a journey stays in the traveller's own country, or leads to no place that is known."""
    hit = next((h for h in line.hits if h.start == t.end), None)
    if hit is None:
        return len(people) < 2
    if hit.entry.kind not in ("city", "seat", "country"):
        return False
    own = {p.party or context.guesses.get(p.name) for p in people}
    return own == {hit.entry.code}


def codes_of(
    line: Line, t: Trigger, left: int, right: int, people: Sequence[Person], context: Context
) -> tuple[str, ...]:
    text = line.text
    found: list[str] = []
    for hit in line.hits_in(left, right):
        entry = hit.entry
        if entry.code is None or entry.kind in ("media", "company", "city", "body", "intergovernmental"):
            continue
        if _is_place(line, hit) or (t.how in ("visit", "there", "come") and hit.start == t.end):
            continue
        if rx(r"\b(?:regarding|about|towards?|against|on|over|of|including)\s+(?:the\s+)?$").search(
            text[max(left, hit.start - 16) : hit.start]
        ):
            of_people = rx(
                r"(?:minister|president|officials|delegations?|ministers|negotiators|chiefs|leaders|envoy|"
                r"secretary)[^.;,]{0,45}\bof\s+(?:the\s+)?$",
                re.I,
            ).search(text[max(left, hit.start - 80) : hit.start])
            if rx(r"\s+(?:delegation|team|minister|president|side|government)\b", re.I).match(text, hit.end):
                found.append(entry.code)
                continue
            if not of_people and not rx(r"\s+and\s+[A-Z]").match(text[hit.end : right]):
                continue
        if hit.start > t.end and entry.form == "name" and rx(r"\bimposed by\b").search(text[t.end : hit.start]):
            continue
        found.append(entry.code)
    found.extend(p.party for p in people if p.party is not None)
    if line.said is not None and line.said.party is not None and rx(r"\bit\s").search(text[left : t.start]):
        found.insert(0, str(line.said.party.entry.code))
    if len(set(found)) < 2 and not line.words.isdisjoint(_PAIRED) and PAIR.search(text, left, right):
        found.extend(context.pair[:2])
    if len(set(found)) < 3 and not line.words.isdisjoint(_THREE) and TRIO.search(text, left, right):
        found.extend(context.trio or context.pair[:3])
    if len(set(found)) < 2:
        found.extend(code for p in people if p.party is None and (code := context.guesses.get(p.name)))
    return tuple(dict.fromkeys(found))


def date_of(
    line: Line, t: Trigger, left: int, right: int, stop: int, triggers: Sequence[Trigger], moved: int | None
) -> DateMention | None:
    if moved is not None:
        return next((d for d in line.dates if d.end > moved and d.start >= moved - 2), None)
    best: tuple[float, DateMention] | None = None
    for date in line.dates:
        if line.outside(date.start) != line.outside(t.start):
            continue
        value = date.value or ""
        if value.startswith("P") or loose(line.low, line.start, date):
            continue
        if date.start >= t.start:
            if date.start > max(right, t.end) and rx(r"[;]|\bbut\b|\bafter\b|\bwhere\b|\bwho\b").search(
                line.text[t.end : date.start]
            ):
                continue
            if _ELSE.search(line.low, t.end, date.start) is not None:
                continue
            distance = float(date.start - t.end)
        else:
            if date.start < left and left > line.start and line.text[left - 2 : left] != ", ":
                continue
            distance = 1.5 * (t.start - date.end)
        # A date belongs to the trigger that it stands nearest to, counting what follows a verb as nearer.
        for other in triggers:
            if other is t or not line.outside(other.start):
                continue
            away = float(date.start - other.end) if date.start >= other.start else 1.5 * (other.start - date.end)
            if away < distance and not linked(line, t, other):
                break
        else:
            if best is None or distance < best[0]:
                best = (distance, date)
    return best[1] if best is not None and best[0] < 170 else None


def linked(line: Line, a: Trigger, b: Trigger) -> bool:
    """Two triggers of one event: "hold talks during a visit", "will visit and meet"."""
    first, second = (a, b) if a.start < b.start else (b, a)
    between = line.text[first.end : second.start]
    return len(between) < 90 and BACKWARD.search(between) is None and "ahead of" not in between


_ELSE = rx(
    r"\b(?:it|they|he|she|which|that)\s(?:had|was|were|has)\b(?! (?:been|due|to|set|planned|announced|pencil|"
    r"scheduled|billed)\b)"
)
"""Between a meeting and a day: the day of something else ("talks that it had broken off on Friday")."""
_CAPITAL = re.compile(r"\b(?:in|at|to)\s(?:the\s)?(?P<land>[A-Z][\w.]+)(?:['’]s)?\scapital\b")


def place_of(line: Line, t: Trigger, left: int, right: int, stop: int) -> str | None:
    text = line.text
    if t.how in ("visit", "there", "come"):
        hit = next((h for h in line.hits if h.start == t.end), None)
        if hit is not None:
            return hit.text
        unknown = rx(r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*").match(text[t.end : stop])
        return unknown.group() if unknown else None
    spots: list[tuple[int, str]] = []
    apposed = next((h for h in line.hits if h.start == t.end + 2 and text[t.end : h.start] == ", "), None)
    if apposed is not None and apposed.entry.form in ("seat", "name"):
        return apposed.text  # "seventh meeting, Ottawa, 19-20 November"
    for hit in line.hits:
        if hit.start < left or hit.end > max(right, t.end) or hit.entry.kind == "media":
            continue
        lead = text[max(line.start, hit.start - 24) : hit.start]
        if (
            hit.entry.form in ("seat", "name")
            and lead[-1:].isspace()
            and rx(r"\b(?:in|at|to|for)\s+(?:the\s+|central\s+|downtown\s+)*$").search(lead)
        ):
            spots.append((abs(hit.start - t.end), hit.text))
    capital = (
        _CAPITAL.search(text, left, max(right, t.end)) if " capital" in text[left : max(right, t.end)] else None
    )
    if capital is not None:
        land = next((h for h in line.hits if h.start == capital.start("land")), None)
        seat = capitals().get(land.entry.code or "") if land is not None else None
        if seat is not None:
            return seat
    venue = VENUE.search(text, t.end, max(right, t.end))
    if (
        venue is not None
        and not any(d.start < venue.end() and venue.start("name") < d.end for d in line.dates)
        and not any(h.start == venue.start("name") and h.entry.form == "adjective" for h in line.hits)
        and not any(n.mention.first <= venue.start("name") < n.mention.end for n in line.people)
    ):
        spots.append((venue.start("name") - t.end, venue.group("name")))
    if not spots:
        if text.find(", where", line.start, t.start) < 0:
            return None
        where = rx(r"\bin\s+([A-Z][\w-]+(?:\s[A-Z][\w-]+)*), where\b").search(text[line.start : t.start])
        return where.group(1) if where else None
    return min(spots)[1]
