"""Persons: titled names, full names, names in apposition, and later bare surnames.

Spellings are joined by equal letters alone ("Jae Myung", "Jae-myung"), never by likeness: two Koreans of one
family may differ by one letter. A bare surname belongs to the last full name that carries it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from winset.record.reading.cues import rx
from winset.record.reading.dates_patterns import GIVEN_NAMES, NO_NAME_BEFORE
from winset.record.reading.names import (
    FRAGMENT,
    Hit,
    known_at,
    letters,
    surnames_by_country,
    table,
    title_countries,
    words,
)
from winset.record.reading.schema import Person, Span
from winset.record.reading.wordlists import triggers
from winset.record.reading.wordlists import words as word_list

__all__ = ["Marked", "Mention", "guesses", "mentions_in", "persons", "surnames_of", "tokens_in"]

_CAPITAL = r"(?:(?<=[A-Z])\.(?:[A-Z]\.)*|\w*(?:[’'][A-Z]\w+)?(?:-\w+)*)"
# A class in front lets the machine skip to the next capital; names with an article before them are the rarer.
TOKEN = re.compile(rf"[A-ZÀ-ÖØ-ÞĀ-Ž]{_CAPITAL}")
ARTICLE = re.compile(r"[hldrs]-[A-Z]")
TOKEN_OR_ARTICLE = re.compile(rf"(?:al|el|ul|as|ash|ad|ar)-[A-Z]\w+|[A-ZÀ-ÖØ-ÞĀ-Ž]{_CAPITAL}")
OFFICE = (
    r"president|premier|minister|secretary|representative|commissioner|chancellor|ambassador|governor|"
    r"senator|"
    r"chair(?:man|woman)?|director|envoy|chief|negotiator|spokes(?:man|woman|person)|undersecretary|leader|"
    r"candidate|advis[eo]r|king|queen|prince|sultan|emir|speaker|counsell?or|lawmaker|mayor|economist|"
    r"analyst|"
    r"opposite number|deputy|head|aide|official|diplomat|counterpart|colleague|host|guest|successor"
    r"|predecessor|vice-minister|lady|delegate|ministers"
    r"|presidents|leaders"
)
BEFORE = re.compile(rf"(?:^|[\s(“\"])((?:[a-z][\w-]*\s+){{0,3}}?(?:{OFFICE})),?\s+$")
BEFORE_OF = re.compile(
    rf"(?:^|[\s(“\"])((?:[a-z][\w-]*\s+){{0,3}}?(?:{OFFICE})\s(?:of|for)\s(?:[a-z]+,?\s(?:and\s)?){{0,3}}?[a-z]+),\s$"
)
"""The same where the office says of what: "the minister of economy, Ada Lund"."""
_OFFICE_ENDINGS = word_list(
    "president premier minister secretary representative commissioner chancellor ambassador governor senator "
    "chair "
    "chairman chairwoman director envoy chief negotiator spokesman spokeswoman spokesperson undersecretary leader "
    "candidate adviser advisor king queen prince sultan emir speaker counselor counsellor lawmaker mayor "
    "economist "
    "colleague host guest successor predecessor "
    "analyst number deputy head aide official diplomat counterpart vice-minister lady delegate ministers "
    "presidents "
    "leaders"
)
"""Last words of the offices above."""
_OFFICE_WORDS = triggers(frozenset(word.rpartition("-")[2] for word in _OFFICE_ENDINGS))
LED_BY = re.compile(
    r"(?:\b(?:led|headed|accompanied|chaired|represented|succeeded|joined) by|\bnamed|\bcounterpart)\s+$"
)
MET_BEFORE = re.compile(
    r"\b(?:met(?: with)?|telephoned|phoned|rang|reached|shook hands with|guest of"
    r"|(?:talks?|talked|spoke|speaks?|sits?|sat|sit down|sat down|meets?|conferred|session|meeting|encounter|"
    r"call|conversation"
    r"|lunch|dinner|breakfast|summit|tête-à-tête|hours?|minutes|chat|appointment|out) (?:with|to))\s+$"
)
"""Right before two or three capitalised words that are nothing known: whom somebody met."""
APPOSED = re.compile(
    rf"^,\s+(?:(?:the|a|an|his|her|their|who is|now|then|and "
    rf"now)\s+)?(?P<office>[^,.;:]{{0,70}}?\b(?:{OFFICE}))\b",
    re.IGNORECASE,
)
VERB = re.compile(
    r"^(?:,[^,;]{1,80},)?\s+(?:has\s+|had\s+|have\s+|will\s+|would\s+|also\s+|later\s+|is\s+(?:due|set|"
    r"expected)\s+to\s+)*"
    r"(?:said|says|told|tells|added|noted|stressed|stated|met|meets?|visit\w*|arriv\w+|announced|warned|"
    r"argued|hosted|"
    r"welcomed|spoke|speak|travel\w*|flew|urged|praised|signed|agreed|rejected|called|emphasized|remarked|"
    r"repeated|"
    r"announce|hold|join|attend\w*|praise)\b"
    r"|^['’]s?\s(?:[a-z-]+\s){0,2}?(?:talks|meetings?|visit|trip|call|session|conversation|journey|tour|delegation|team|stop)\b"
)
# Only a person does these; a bare family name before them is one, whoever it is.
MOVES = re.compile(
    r"^(?:, who\b|\s+(?:will|would|has|had|is|was|did|does|also|later|not|been|due|to|set|\s)*\s?"
    r"(?:met with|met\s[A-Z]|meet\s|travel(?:s|led|ed)?\s+to|flew to|arrived in|visited\s[A-Z]|told "
    r"reporters))"
)
JOINED = re.compile(r"^(?:,\s+|,?\s+and\s+|,?\s+with\s+)$")
_OF_COUNTRY = frozenset([" of ", " from ", " of the ", " from the "])
"""Between a person or an office and the country."""
LED_TEAM = re.compile(
    r"\b(?:trade )?(?:delegation|team|mission|group)(?: of [^,;]{1,30})? (?:headed|led) by (?:the )?$"
)
_IS = (", who ", " is ", " was ")
IS_OF = re.compile(r"^(?:, who [^,;]{1,80},)? (?:is|was) (?:the )?$")
OWNED_OFFICE = re.compile(r"(?:['’]s?|\b(?:his|her|its|their|our|my|[Tt]he))\s$")
"""Before an office that its holder's name follows in apposition: "the Council's Secretary-General, Ada Lund"."""
_OWNING = ("'s ", "’s ")
POSSESSED = re.compile(r"^(?:['’]s?)?[\s-]+(?:\w+[\s-]+){0,2}$")


class Mention(NamedTuple):
    """A person's name at one place."""

    start: int
    end: int
    text: str
    first: int
    """Where the phrase begins, office included."""
    title: str
    """The office written with the name, or empty."""
    code: str | None
    """Country written with it."""
    full: bool
    """More than one word of a name."""


class Marked(NamedTuple):
    """The capitalised words of one sentence, each with what it may be; the lists go in step."""

    start: int
    end: int
    starts: list[int]
    ends: list[int]
    texts: list[str]
    kinds: list[str]
    """G known name, N no name, Q and T parts of an office, B of a body, X perhaps of a person's name."""


@functools.cache
def _kinds() -> dict[str, str]:
    """What a capitalised word of the lists is; see `Marked.kinds`."""
    lists = words()
    found = dict.fromkeys((*lists.body_words, *lists.media_words, *lists.company_words), "B")
    found |= dict.fromkeys(lists.qualifiers, "Q")
    found |= dict.fromkeys((*lists.titles, *(t.upper() for t in lists.titles if t.istitle() and len(t) > 3)), "T")
    found |= {word: "Q" if word in lists.qualifiers else "N" for word in lists.not_names}
    return found


def _hyphenated(word: str, kinds: dict[str, str]) -> str:
    """ "Secretary-General", "Vice-Premier": an office where every part is of one."""
    return "T" if all(kinds.get(part) in ("T", "Q") for part in word.split("-")) else "X"


def tokens_in(text: str, start: int, end: int) -> tuple[list[Hit], Marked]:
    """The known names of a sentence, as `scan` finds them, and its capitalised words.

    A word is part of a known name, of an office, of a person's name, or of neither.
    """
    index, of_lists, kin = table(), _kinds(), words().surnames_first
    hits: list[Hit] = []
    starts: list[int] = []
    ends: list[int] = []
    texts: list[str] = []
    kinds: list[str] = []
    covered = parted = start  # up to where the last known name goes, and the last part of a compound
    article = text.find("-", start, end) >= 0 and ARTICLE.search(text, start, end) is not None
    pattern = TOKEN_OR_ARTICLE if article else TOKEN
    kind = ""
    for match in pattern.finditer(text, start, end):
        first, last = match.span()
        word = match[0]
        if not word.isalpha():
            # A compound ("Seoul-based"), or initials: its parts may be known names.
            for part in FRAGMENT.finditer(text, max(first, parted), end):
                at = part.start()
                if at >= last:
                    break
                parted = part.end()
                if at >= covered and (names := index.get(part[0])) is not None:
                    hit = known_at(names, text, at, end)
                    if hit is not None:
                        hits.append(hit)
                        covered = hit.end
        elif first >= covered and first >= parted and (names := index.get(word)) is not None:
            hit = known_at(names, text, first, end)
            if hit is not None:
                hits.append(hit)
                covered = hit.end
        before = kind
        kind = of_lists.get(word) or (_hyphenated(word, of_lists) if "-" in word else "X")
        # "USTR" is a body, and before a name an office.
        if first < covered and not (kind == "T" and word.isupper()):
            kind = "G"
        elif kind == "N" and before == "T" and word in kin and text[ends[-1] : first] == " ":
            kind = "X"  # "Vice-Premier Sun": a day or a small word elsewhere, after an office a family name
        starts.append(first)
        ends.append(last)
        texts.append(word)
        kinds.append(kind)
    return hits, Marked(start, end, starts, ends, texts, kinds)


def _runs(text: str, marked: Marked) -> list[tuple[int, int]]:
    """Runs of words that may be a name, as [first, last] positions in `marked`."""
    particles = words().particles
    runs: list[tuple[int, int]] = []
    starts, ends, kinds = marked.starts, marked.ends, marked.kinds
    i, count, left = 0, len(kinds), kinds.count("X")
    while left:
        j = kinds.index("X", i)
        # What is no name itself may begin one only right before what is.
        if j > i and _given(marked, j - 1, text):
            j -= 1
        else:
            left -= 1
        i = j
        while j + 1 < count and kinds[j + 1] == "X":
            between = text[ends[j] : starts[j + 1]]
            if between != " " and not (
                between.startswith(" ")
                and all(w in particles for w in between.split())
                and between.strip() not in ("and", "e", "y", "und")
            ):
                break
            j += 1
            left -= 1
        runs.append((i, j))
        i = j + 1
    return runs


def _given(marked: Marked, i: int, text: str) -> bool:
    """Whether a word that is no person's name elsewhere begins one here, right before what is one.

    "An", "Do" before a hyphenated given name; a city or country ("Sofia", "Chad") between an office and a name.
    """
    kind, word = marked.kinds[i], marked.texts[i]
    if kind not in ("N", "G"):
        return False
    between = text[marked.ends[i] : marked.starts[i + 1]]
    if kind == "G" and word.isupper():
        return False  # "Deputy USTR Rao": an office, no given name
    if not (between == " " or all(w in words().particles for w in between.split())):
        return False
    if kind == "N" and word in words().surnames_first and "-" in marked.texts[i + 1]:
        return True
    if kind == "N" and len(word) < 3:
        return False
    start = marked.starts[i]
    if word in GIVEN_NAMES and between == " ":
        # "April Chen", unless it is the month: "in May Chen resigned".
        return NO_NAME_BEFORE.search(text, max(0, start - 8), start) is None
    # The adjective of a country ends in small letters too, so an office must stand right before.
    return i > 0 and marked.kinds[i - 1] == "T" and text[marked.ends[i - 1] : start] == " "


def _office_before(text: str, marked: Marked, i: int, floor: int) -> tuple[str, int] | None:
    """The office written before the name at word `i`: its words and where they begin."""
    starts, ends, kinds = marked.starts, marked.ends, marked.kinds
    k = i - 1
    name = start = starts[i]
    head = None
    while k >= 0 and kinds[k] in ("T", "Q", "B", "N") and starts[k] >= floor:
        between = text[ends[k] : start]
        if between not in _IN_OFFICE:
            break
        if between == ", " and kinds[k] == "T" and not _owned(text, marked, k, floor):
            break
        if kinds[k] == "N" and head is not None:
            break
        start = starts[k]
        if kinds[k] == "T":
            head = start
        k -= 1
    if head is not None:
        # Qualifiers that stand before the last word found: "Acting President and Prime Minister".
        return text[start:name].strip(" ,"), start
    reach = max(floor, name - 60)
    before = text[reach:name].rsplit(None, 1)
    word = before[-1].rstrip(" ,") if before else ""
    if word not in _OFFICE_ENDINGS and not ("(" in word or "“" in word or '"' in word):
        held = BEFORE_OF.search(text, reach, name) if text.startswith(", ", name - 2) else None
        return (held.group(1), held.start(1)) if held is not None else None
    small = BEFORE.search(text, reach, name)
    if small is not None:
        return small.group(1), small.start(1)
    return None


def _owned(text: str, marked: Marked, k: int, floor: int) -> bool:
    """Whether the office whose last word is at `k` is somebody's: "the Business Secretary, Ada Lund"."""
    starts, ends, kinds = marked.starts, marked.ends, marked.kinds
    while k > 0 and kinds[k - 1] in ("Q", "N") and text[ends[k - 1] : starts[k]] == " ":
        k -= 1
    return OWNED_OFFICE.search(text, floor, starts[k]) is not None


_IN_OFFICE = frozenset([" ", ". ", " of ", " for ", " and ", ", ", " and the ", " of the ", "-", ", and "])
"""What may stand between two words of an office."""


def _country(text: str, first: int, end: int, stop: int, hits: Sequence[Hit], offices: bool) -> str | None:
    """The country written with a person: before the office, after the name, or in the apposition."""
    for hit in reversed(hits):
        if hit.end <= first:
            between = text[hit.end : first]
            if (
                hit.entry.code is not None
                and POSSESSED.match(between or " ")
                and not rx(r"\b(?:and|with|to|in|from|by)\b").search(between.strip(" '’s"))
            ):
                return hit.entry.code
            break
    if text.find(" by ", max(0, first - 70), first) >= 0:
        led = LED_TEAM.search(text, max(0, first - 70), first)
        if led is not None:
            for hit in reversed(hits):
                if hit.end <= led.start() and led.start() - hit.end <= 2 and hit.entry.code is not None:
                    return hit.entry.code
    apposed = APPOSED.match(text[end:stop]) if offices and text.startswith(",", end) else None
    for hit in hits:
        if hit.start < end or hit.entry.code is None:
            continue
        between = text[end : hit.start]
        if between in _OF_COUNTRY or (between.startswith(_IS) and IS_OF.match(between)):
            return hit.entry.code
        if apposed is not None and (
            hit.start < end + apposed.end() or text[end + apposed.end() : hit.start] in _OF_COUNTRY
        ):
            return hit.entry.code
    return None


def mentions_in(
    text: str, marked: Marked, hits: Sequence[Hit], surnames: frozenset[str], said: frozenset[str]
) -> tuple[list[Mention], list[str]]:
    """Persons named in one sentence; and the letters of what would be one if its name were among `surnames`.

    `surnames`: bare names known from elsewhere in the document (letters); `said`: the words of the sentence that
    some rule looks for (`told_by`).
    """
    start, end, starts, ends, texts, kinds = marked
    found: list[Mention] = []
    passed_over: list[str] = []
    floor = start
    offices = not said.isdisjoint(_OFFICE_WORDS)
    previous: Mention | None = None
    for i, j in _runs(text, marked):
        first, last = starts[i], ends[j]
        name = text[first:last]
        count = j - i + 1
        if count > 5 or len(name) < 2:
            continue
        if j + 1 < len(kinds) and kinds[j + 1] == "B" and text[last : starts[j + 1]] == " ":
            continue  # "Acme Steel Corp", "Kumho Institute"
        office = _office_before(text, marked, i, floor)
        after = text[last : min(end, last + 90)]
        apposed = APPOSED.match(after) if offices and after.startswith(",") else None
        chained = previous is not None and JOINED.match(text[previous.end : first]) is not None
        owned = None
        if 2 <= count <= 3 and text.startswith(_OWNING, max(first - 3, 0)):
            owned = next((h for h in hits if h.end == first - 3 and h.entry.code), None)
        bare = bool(surnames) and letters(name) in surnames
        good = office is not None or bare
        if not good and count == 1:
            good = (len(name) > 2 and MOVES.match(after) is not None) or (
                chained and previous is not None and not previous.full and previous.title != ""
            )
        elif not good:
            good = (
                owned is not None
                or (chained and previous is not None and previous.full and count <= 3)
                or _surname_first(texts[i : j + 1], name)
                or (
                    count <= 4
                    and (
                        apposed is not None
                        or VERB.match(after) is not None
                        or LED_BY.search(text, start, first) is not None
                        or MET_BEFORE.search(text, start, first) is not None
                    )
                )
            )
        if not good:
            passed_over.append(letters(name))
            continue
        begin = office[1] if office is not None else first
        title = office[0] if office is not None else ""
        code = _country(text, begin, last, end, hits, offices)
        if code is None and owned is not None:
            code = owned.entry.code
        if code is None and chained and previous is not None and (title or previous.title):
            # "U.S. Treasury Secretary A and Trade Representative B": the country stands once for both.
            code = previous.code
        if not title and apposed is not None:
            title = rx(r"^(?:the|a|an)\s+").sub("", apposed.group("office")).strip()
        elif not title and chained and previous is not None and previous.title.endswith("s"):
            title = previous.title
        previous = Mention(first, last, name, begin, title, code, count > 1)
        found.append(previous)
        floor = last
    return found, passed_over


def _surname_first(parts: Sequence[str], name: str) -> bool:
    """Whether two or three words are a name by their form alone: "Lee Jae-min", "Do Van Minh"."""
    return (
        parts[0] in words().surnames_first
        and len(parts) <= 3
        and ("-" in name or (len(parts) == 3 and all(len(part) <= 6 for part in parts)))
    )


def surnames_of(name: str) -> tuple[str, ...]:
    """The words by which a full name may be shortened, as letters: the family name, last or (if listed) first."""
    parts = [p for p in name.split() if p.casefold() not in words().particles]
    if len(parts) < 2:
        return (letters(name),)
    kin = [letters(parts[-1])]
    if parts[0] in words().surnames_first or parts[0].title() in words().surnames_first:
        kin.insert(0, letters(parts[0]))
    return tuple(dict.fromkeys(kin))


def guesses(people: Sequence[Person], named: Sequence[str]) -> dict[str, str]:
    """For persons whose country no words give: the one country named in the document whose names have this form.

    Used for the parties of an event only, and never where two countries would fit.
    """
    found: dict[str, str] = {}
    for person in people:
        parts = person.name.split()
        if person.party is not None or len(parts) < 2:
            continue
        fits = [code for code in named if parts[0] in surnames_by_country().get(code, ())]
        if len(fits) == 1 and ("-" in parts[-1] or len(parts) == 3):
            found[person.name] = fits[0]
    return found


def _key(name: str) -> str:
    """One key for the spellings of a name: letters, with a family name that is written last put first."""
    parts = name.split()
    listed = words().surnames_first
    if len(parts) > 2 and parts[0].title() not in listed and parts[-1].title() in listed:
        parts = [parts[-1], *parts[:-1]]
    elif len(parts) == 2 and "-" in parts[0] and parts[-1].title() in listed:
        parts = [parts[-1], parts[0]]
    return letters("".join(parts))


def persons(found: Sequence[Mention]) -> tuple[tuple[Person, ...], dict[int, str]]:
    """Mentions of a document, in order, as persons; and for each mention (by its start) the canonical name."""
    by_key: dict[str, list[Mention]] = {}
    names: dict[str, str] = {}
    last: dict[str, str] = {}
    first_of: dict[str, str] = {}
    full_names = {mention.text: _key(mention.text) for mention in found if mention.full}
    kin_of = {name: surnames_of(name) for name in full_names}
    for name, key in full_names.items():
        for kin in kin_of[name]:
            first_of.setdefault(kin, key)
    given: dict[str, set[str]] = {}
    for mention in found:
        if mention.full:
            given.setdefault(letters(mention.text.split()[0]), set()).add(_key(mention.text))
    belongs: dict[int, str] = {}
    for mention in found:
        if mention.full:
            key = full_names[mention.text]
            for kin in kin_of[mention.text]:
                last[kin] = key
        else:
            bare = letters(mention.text)
            key = last.get(bare) or first_of.get(bare) or bare
            if key == bare and mention.title and len(given.get(bare, ())) == 1:
                key = next(iter(given[bare]))  # "Mr Somchai", where people go by the given name
        by_key.setdefault(key, []).append(mention)
        belongs[mention.start] = key
    people = []
    for key, group in by_key.items():
        full = [m for m in group if m.full and not m.text.isupper()] or [m for m in group if m.full] or group
        names[key] = full[0].text
        titles = tuple(dict.fromkeys(m.title for m in group if m.title))
        code = next((m.code for m in group if m.code), None)
        if code is None:
            code = next((c for t in titles for office, c in title_countries().items() if office in t), None)
        spans = tuple(Span(start=m.start, end=m.end, text=m.text) for m in group)
        people.append(Person(id="", name=full[0].text, titles=titles, party=code, mentions=spans))
    return tuple(people), {start: names[key] for start, key in belongs.items()}
