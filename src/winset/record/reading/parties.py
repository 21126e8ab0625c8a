"""Parties that a document names, with every place; issues by their words."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from winset.record.reading.cues import rx
from winset.record.reading.names import Hit, Words, table, words
from winset.record.reading.placed import placed
from winset.record.reading.schema import Party, Span
from winset.record.reading.understand_lines import Line
from winset.record.reading.wordlists import triggers

__all__ = ["bodies_in", "codes_by_weight", "issues_in", "parties", "two_sides"]

ISSUES = {
    "tariffs": r"tariffs?|dut(?:y|ies)|lev(?:y|ies)|customs|surcharges?|rates? of duty",
    "autos": r"autos?|cars?|automobiles?|vehicles?|auto parts|car parts|trucks?",
    "steel": r"steel|aluminium|aluminum|copper",
    "agriculture": r"beef|rice|dairy|farm(?:ers?|ing)?|agricultur\w+|poultry|wheat|corn|sugar|wine|pork|lamb|"
    r"soy\w*|fruit|"
    r"apples?|shrimp|fisher\w+|whisk\w+|flowers",
    "energy": r"energy|lng|gas|oil|pipeline|nuclear power|coal|electricity",
    "shipbuilding": r"shipbuilding|shipyards?|ships?|vessels",
    "investment": r"invest\w*|factor(?:y|ies)|plants?|fund",
    "currency": r"currency|currencies|exchange rates?|foreign exchange|won-dollar|swap",
    "defence cost": r"troops?|defen[cs]e (?:cost|spending|contributions?)|burden[- ]sharing|stationed",
    "security": r"alliance|security|military|defen[cs]e|missiles?|arms",
    "North Korea": r"north korea\w*|pyongyang|denucleari[sz]ation|nuclear (?:issues?|talks)",
    "trade balance": r"trade (?:balance|deficit|surplus|gap|imbalance)",
    "non-tariff barriers": r"non-tariff|regulations?|standards|rules of origin|licen[cs](?:e|es|ing)|quotas?|"
    r"ban|bans|inspections?",
    "digital trade": r"digital|data flows?|platforms?|e-commerce|cloud",
    "technology": r"semiconductors?|chips?|artificial intelligence|technolog\w+|batter(?:y|ies)|quantum",
    "critical minerals": r"critical minerals?|rare earths?|lithium|supply chains?|nickel|cobalt",
    "pharmaceuticals": r"pharma\w*|medicines?|drugs?",
    "lumber": r"lumber|timber|wood",
}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@functools.cache
def _by_first() -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """First four letters -> the patterns that may begin there: a dictionary finds most words to be of no issue."""
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for name, words_ in ISSUES.items():
        pattern = re.compile(rf"(?:{words_})\b")
        for word in rx(r"\(\?:|\)|\\w[*+]|\[[^]]*\]|\?").sub("|", words_).split("|"):
            if word.strip():
                found.setdefault(word.strip()[:3], []).append((pattern, name))
    return {first: tuple(dict.fromkeys(patterns)) for first, patterns in found.items()}


@functools.lru_cache(maxsize=256)
def issues_in(text: str) -> tuple[str, ...]:
    """Issues whose words stand in a text, in the order in which they stand."""
    index = _by_first()
    low = text.lower()
    found: dict[str, None] = {}
    for word in _WORD.finditer(low):
        for pattern, name in index.get(word.group()[:3], ()):
            if name not in found and pattern.match(low, word.start()) is not None:
                found[name] = None
    return tuple(found)


# The seat of one's own hosts and the country itself are one party; an office of state is a party of its own.
_JOIN = ("country", "seat")


@functools.cache
def _body() -> re.Pattern[str]:
    lists = words()
    last = "|".join(
        sorted(
            map(re.escape, (lists.body_words | lists.media_words | lists.company_words) - {"Motor", "Heavy"}),
            key=len,
            reverse=True,
        )
    )
    cap = r"[A-Z][\w&’'-]*"
    return re.compile(
        rf"\b(?:Ministry|Department|Office|Bureau|Commission|Chamber|Council|Institute|Board|Organization|"
        rf"Organisation|Association|Bank|Court|University|Academy)"
        rf" (?:of|for|on) (?:the )?{cap}(?:(?: (?:and|of|for|&) |, | ){cap})*"
        rf"|\b(?:{cap} (?:(?:of|and|for) )?){{1,5}}(?:{last})(?![\w-])"
    )


def bodies_in(line: Line) -> list[Span]:
    """Bodies, media and firms known by the form of their names alone: "Trade Security Task Force"."""
    text, start, end = line.text, line.start, line.end
    if line.words.isdisjoint(BODY_WORDS) or not _has_body_word(text, start, end, line.words):
        return []
    found: list[Span] = []
    for match in _body().finditer(text, start, end):
        first, last = match.start(), match.end()
        head = rx(r"(?:The|A|An|In|At|During|From|And|But|For|After|Before|To|According)\s+").match(
            text[first:last]
        )
        if head is not None:
            first += head.end()
        if " " not in text[first:last]:
            continue
        if any(h.start <= first and last <= h.end for h in line.hits):
            continue
        if any(n.mention.first < last and first < n.mention.end for n in line.people):
            continue
        found.append(Span(start=first, end=last, text=text[first:last]))
    return found


def _body_endings(lists: Words) -> frozenset[str]:
    return lists.body_words | lists.media_words | lists.company_words


@functools.cache
def _body_forms() -> dict[str, tuple[str, ...]]:
    """First small letters of a word that ends a body's name -> the words as they are written."""
    found: dict[str, list[str]] = {}
    for word in sorted(_body_endings(words())):
        found.setdefault(re.findall(r"[a-z]+", word.lower())[0], []).append(word)
    return {first: tuple(forms) for first, forms in found.items()}


BODY_WORDS = triggers(frozenset(_body_forms()))


def _has_body_word(text: str, start: int, end: int, said: frozenset[str]) -> bool:
    """Whether one of the words stands there whole, as it is written."""
    for first in said & BODY_WORDS:
        for form in _body_forms()[first]:
            if any(placed(rx(rf"\b{re.escape(form)}\b"), (form,), text, start, end)):
                return True
    return False


def parties(hits: Sequence[Hit], bodies: Sequence[Span]) -> tuple[Party, ...]:
    """Hits and bodies of a document as parties, each with its places, in order of first mention."""
    groups: dict[tuple[str, str | None, str], list[Span]] = {}
    for hit in hits:
        entry = hit.entry
        if entry.kind == "city":
            continue
        kind = "country" if entry.kind in _JOIN else entry.kind
        if entry.code == "EU27" and entry.kind in ("seat", "bloc"):
            kind = "bloc"
        groups.setdefault((entry.name, entry.code, kind), []).append(
            Span(start=hit.start, end=hit.end, text=hit.text)
        )
    lists = words()
    for body in bodies:
        last = body.text.rsplit(" ", 1)[-1]
        kind = "media" if last in lists.media_words else "company" if last in lists.company_words else "body"
        if kind == "body" and rx(r"(?:Ministry|Department)\b").match(body.text):
            kind = "government"
        if last == "Party":
            kind = "party_org"
        if last in ("Assembly", "Parliament", "Senate"):
            kind = "legislature"
        groups.setdefault((body.text, None, kind), []).append(body)
    found = [
        Party(id="", name=name, kind=kind, code=code, mentions=tuple(sorted(spans, key=lambda s: s.start)))
        for (name, code, kind), spans in groups.items()
    ]
    return tuple(sorted(found, key=lambda p: (p.mentions[0].start, p.name)))


def codes_by_weight(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Countries by how often they are named, the most first; of equals, the first named."""
    count: dict[str, int] = {}
    for hit in hits:
        if hit.entry.code is not None and hit.entry.kind in ("country", "seat", "bloc", "government"):
            count[hit.entry.code] = count.get(hit.entry.code, 0) + 1
    return tuple(sorted(count, key=lambda code: -count[code]))


def two_sides(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The two countries of a document that is about two: each named twice, and far more often than any third."""
    count: dict[str, int] = {}
    for hit in hits:
        if hit.entry.code is not None and hit.entry.kind in ("country", "seat", "bloc", "government"):
            count[hit.entry.code] = count.get(hit.entry.code, 0) + 1
    ranked = sorted(count, key=lambda code: -count[code])
    if len(ranked) < 2 or count[ranked[1]] < _TWICE:
        return ()
    return tuple(ranked[:2]) if len(ranked) == 2 or count[ranked[1]] >= _MORE * count[ranked[2]] else ()


_TWICE, _MORE = 2, 2.0


def known_names() -> int:
    """How many names the table holds (for the documentation)."""
    return sum(len(names) for names in table().values())
