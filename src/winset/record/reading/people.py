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
from winset.record.reading.names import Hit, letters, surnames_by_country, title_countries, words
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
    r"opposite number|deputy|head|aide|official|diplomat|counterpart|vice-minister|lady|delegate|ministers"
    r"|presidents|leaders"
)
BEFORE = re.compile(rf"(?:^|[\s(“\"])((?:[a-z][\w-]*\s+){{0,3}}?(?:{OFFICE})),?\s+$")
_OFFICE_ENDINGS = word_list(
    "president premier minister secretary representative commissioner chancellor ambassador governor senator "
    "chair "
    "chairman chairwoman director envoy chief negotiator spokesman spokeswoman spokesperson undersecretary leader "
    "candidate adviser advisor king queen prince sultan emir speaker counselor counsellor lawmaker mayor "
    "economist "
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
)
# Only a person does these; a bare family name before them is one, whoever it is.
MOVES = re.compile(
    r"^(?:, who\b|\s+(?:will|would|has|had|is|was|did|does|also|later|not|been|due|to|set|\s)*\s?"
    r"(?:met with|met\s[A-Z]|meet\s|travel(?:s|led|ed)?\s+to|flew to|arrived in|visited\s[A-Z]|told "
    r"reporters))"
)
JOINED = re.compile(r"^(?:,\s+|,?\s+and\s+|,?\s+with\s+)$")
OF_COUNTRY = re.compile(r"^ (?:of|from) (?:the )?$")
LED_TEAM = re.compile(
    r"\b(?:trade )?(?:delegation|team|mission|group)(?: of [^,;]{1,30})? (?:headed|led) by (?:the )?$"
)
IS_OF = re.compile(r"^(?:, who [^,;]{1,80},)? (?:is|was) (?:the )?$")
OWNED_OFFICE = re.compile(r"(?:['’]s?|\b(?:his|her|its|their))\s$")
"""Before an office that its holder's name follows in apposition: "the Council's Secretary-General, Ada Lund"."""
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


class _Token(NamedTuple):
    start: int
    end: int
    text: str
    kind: str
    """G known name, N no name, Q and T parts of an office, B of a body, X perhaps of a person's name."""


class Marked(NamedTuple):
    """The capitalised words of one sentence, each with what it may be."""

    start: int
    end: int
    tokens: list[_Token]


def tokens_in(text: str, start: int, end: int, hits: Sequence[Hit]) -> Marked:
    """The capitalised words of a sentence: part of a known name, of an office, of a person's name, or neither."""
    return Marked(start=start, end=end, tokens=_tokens(text, start, end, hits))


@functools.cache
def _kinds() -> dict[str, str]:
    """What a capitalised word of the lists is; see `_Token.kind`."""
    lists = words()
    found = dict.fromkeys((*lists.body_words, *lists.media_words, *lists.company_words), "B")
    found |= dict.fromkeys(lists.qualifiers, "Q")
    found |= dict.fromkeys((*lists.titles, *(t.upper() for t in lists.titles if t.istitle() and len(t) > 3)), "T")
    found |= {word: "Q" if word in lists.qualifiers else "N" for word in lists.not_names}
    return found


def _hyphenated(word: str, kinds: dict[str, str]) -> str:
    """ "Secretary-General", "Vice-Premier": an office where every part is of one."""
    if "-" in word and all(kinds.get(part) in ("T", "Q") for part in word.split("-")):
        return "T"
    return "X"


def _tokens(text: str, start: int, end: int, hits: Sequence[Hit]) -> list[_Token]:
    kinds, kin = _kinds(), words().surnames_first
    found: list[_Token] = []
    spans = [(hit.start, hit.end) for hit in hits]
    spans.append((end, end))
    at = 0
    article = text.find("-", start, end) >= 0 and ARTICLE.search(text, start, end) is not None
    pattern = TOKEN_OR_ARTICLE if article else TOKEN
    for match in pattern.finditer(text, start, end):
        first, last = match.span()
        word = match[0]
        while spans[at][1] <= first:
            at += 1
        kind = kinds.get(word) or _hyphenated(word, kinds)
        # "USTR" is a body, and before a name an office.
        if spans[at][0] < last and not (kind == "T" and word.isupper()):
            kind = "G"
        if kind == "N" and found and found[-1].kind == "T" and word in kin and text[found[-1].end : first] == " ":
            kind = "X"  # "Vice-Premier Sun": a day or a small word elsewhere, after an office a family name
        found.append(_Token(first, last, word, kind))
    return found


def _runs(text: str, tokens: Sequence[_Token]) -> list[tuple[int, int]]:
    """Runs of words that may be a name, as [first, last] positions in `tokens`."""
    particles = words().particles
    runs: list[tuple[int, int]] = []
    kinds = [token.kind for token in tokens]
    if "X" not in kinds:
        return runs
    i, count = 0, len(tokens)
    while i < count:
        # What is no name itself may begin one only right before what is.
        if kinds[i] != "X" and (kinds[i + 1 : i + 2] != ["X"] or not _given(tokens, i, text)):
            i += 1
            continue
        j = i
        while j + 1 < count:
            between = text[tokens[j].end : tokens[j + 1].start]
            joined = between == " " or (between.startswith(" ") and all(w in particles for w in between.split()))
            if not joined or between.strip() in ("and", "e", "y", "und") or tokens[j + 1].kind != "X":
                break
            j += 1
        runs.append((i, j))
        i = j + 1
    return runs


def _given(tokens: Sequence[_Token], i: int, text: str) -> bool:
    """Whether a word that is no person's name elsewhere begins one here.

    "An", "Do" before a hyphenated given name; a city or country ("Sofia", "Chad") between an office and a name.
    """
    if i + 1 >= len(tokens) or tokens[i].kind not in ("N", "G"):
        return False
    after = tokens[i + 1]
    between = text[tokens[i].end : after.start]
    if tokens[i].kind == "G" and tokens[i].text.isupper():
        return False  # "Deputy USTR Rao": an office, no given name
    if after.kind != "X" or not (between == " " or all(w in words().particles for w in between.split())):
        return False
    if tokens[i].kind == "N" and tokens[i].text in words().surnames_first and "-" in after.text:
        return True
    if tokens[i].kind == "N" and len(tokens[i].text) < 3:
        return False
    if tokens[i].text in GIVEN_NAMES and between == " ":
        # "April Chen", unless it is the month: "in May Chen resigned".
        return NO_NAME_BEFORE.search(text, max(0, tokens[i].start - 8), tokens[i].start) is None
    # The adjective of a country ends in small letters too, so an office must stand right before.
    before = tokens[i - 1] if i else None
    return before is not None and before.kind == "T" and text[before.end : tokens[i].start] == " "


def _office_before(text: str, tokens: Sequence[_Token], i: int, floor: int) -> tuple[str, int] | None:
    """The office written before the name at token `i`: its words and where they begin."""
    k = i - 1
    start = tokens[i].start
    head = None
    while k >= 0 and tokens[k].kind in ("T", "Q", "B", "N") and tokens[k].start >= floor:
        between = text[tokens[k].end : start]
        if between not in (" ", ". ", " of ", " for ", " and ", ", ", " and the ", " of the ", "-", ", and "):
            break
        if between == ", " and tokens[k].kind == "T" and not OWNED_OFFICE.search(text, floor, tokens[k].start):
            break
        if tokens[k].kind == "N" and head is not None:
            break
        start = tokens[k].start
        if tokens[k].kind == "T":
            head = start
        k -= 1
    if head is not None:
        # Qualifiers that stand before the last word found: "Acting President and Prime Minister".
        return text[start : tokens[i].start].strip(" ,"), start
    before = text[max(floor, tokens[i].start - 60) : tokens[i].start].split()
    word = before[-1].rstrip(",") if before else ""
    if word not in _OFFICE_ENDINGS and not ("(" in word or "“" in word or '"' in word):
        return None
    small = BEFORE.search(text, max(floor, tokens[i].start - 60), tokens[i].start)
    if small is not None:
        return small.group(1), small.start(1)
    return None


def _country(text: str, first: int, end: int, stop: int, hits: Sequence[Hit], offices: bool) -> str | None:
    """The country written with a person: before the office, after the name, or in the apposition."""
    for hit in reversed(hits):
        if hit.end <= first:
            if hit.entry.code is not None and POSSESSED.match(text[hit.end : first] or " "):
                between = text[hit.end : first].strip(" '’s")
                if not rx(r"\b(?:and|with|to|in|from|by)\b").search(between):
                    return hit.entry.code
            break
    lead = text[max(0, first - 70) : first]
    led = LED_TEAM.search(text, max(0, first - 70), first) if " by " in lead else None
    if led is not None:
        for hit in reversed(hits):
            if hit.end <= led.start() and led.start() - hit.end <= 2 and hit.entry.code is not None:
                return hit.entry.code
    apposed = APPOSED.match(text[end:stop]) if offices and text.startswith(",", end) else None
    for hit in hits:
        if hit.start < end or hit.entry.code is None:
            continue
        if OF_COUNTRY.match(text[end : hit.start]):
            return hit.entry.code
        if IS_OF.match(text[end : hit.start]):
            return hit.entry.code
        if apposed is not None and hit.start < end + apposed.end():
            return hit.entry.code
        if apposed is not None and OF_COUNTRY.match(text[end + apposed.end() : hit.start]):
            return hit.entry.code
    return None


def mentions_in(
    text: str, marked: Marked, hits: Sequence[Hit], surnames: frozenset[str], said: frozenset[str]
) -> list[Mention]:
    """Persons named in one sentence.

    `surnames`: bare names known from elsewhere in the document (letters); `said`: the words of the sentence that
    some rule looks for (`told_by`).
    """
    start, end, tokens = marked.start, marked.end, marked.tokens
    lists = words()
    found: list[Mention] = []
    floor = start
    offices = not said.isdisjoint(_OFFICE_WORDS)
    for i, j in _runs(text, tokens):
        first, last = tokens[i].start, tokens[j].end
        name = text[first:last]
        if j + 1 < len(tokens) and tokens[j + 1].kind == "B" and text[last : tokens[j + 1].start] == " ":
            continue  # "Acme Steel Corp", "Kumho Institute"
        inner = [p for p in found if p.start < last and first < p.end]
        if inner:
            continue
        office = _office_before(text, tokens, i, floor)
        after = text[last : min(end, last + 90)]
        apposed = APPOSED.match(after) if offices and after.startswith(",") else None
        count = j - i + 1
        previous = found[-1] if found else None
        chained = previous is not None and JOINED.match(text[previous.end : first]) is not None
        bare = letters(name) in surnames
        surname_first = (
            tokens[i].text in lists.surnames_first
            and 2 <= count <= 3
            and ("-" in name or (count == 3 and all(len(t.text) <= 6 for t in tokens[i : j + 1])))
        )
        moving = count == 1 and len(name) > 2 and MOVES.match(after) is not None
        owned = next(
            (h for h in hits if text[h.end : first] in ("'s ", "’s ") and h.entry.code and count in (2, 3)), None
        )
        good = (
            owned is not None
            or office is not None
            or moving
            or bare
            or surname_first
            or (chained and previous is not None and (count >= 2) == previous.full and count <= 3)
            or (
                count in (2, 3, 4)
                and (
                    apposed is not None
                    or VERB.match(after)
                    or LED_BY.search(text, start, first)
                    or MET_BEFORE.search(text, start, first)
                )
            )
        )
        if not good or count > 5 or len(name) < 2:
            continue
        if (
            count == 1
            and office is None
            and not bare
            and not moving
            and not (chained and previous is not None and previous.title)
        ):
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
        found.append(
            Mention(start=first, end=last, text=name, first=begin, title=title, code=code, full=count > 1)
        )
        floor = last
    return found


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
    for mention in found:
        if mention.full:
            key = _key(mention.text)
            for kin in surnames_of(mention.text):
                first_of.setdefault(kin, key)
    given: dict[str, set[str]] = {}
    for mention in found:
        if mention.full:
            given.setdefault(letters(mention.text.split()[0]), set()).add(_key(mention.text))
    belongs: dict[int, str] = {}
    for mention in found:
        if mention.full:
            key = _key(mention.text)
            for kin in surnames_of(mention.text):
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
