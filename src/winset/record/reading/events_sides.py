"""Which governments take part in a meeting, where its sentence names one of them or none.

A minister without a country is one of the country from which the text reports; a journey to a seat of government
has that government as its host; a document about two countries tells of meetings between the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.cues import rx
from winset.record.reading.events_types import Context, Found
from winset.record.reading.names import Hit, offices_by_country, scan
from winset.record.reading.schema import Block, Person, Sentence, changed

__all__ = ["goes_home", "home_of", "homes", "with_sides"]

_DATELINE = re.compile(
    r"[\s\"“(]*(?P<city>[A-ZÀ-ÖØ-Þ][\wÀ-ỹ.’']*(?:[ -][A-ZÀ-ÖØ-ÞĐ][\wÀ-ỹ.’']*){0,3}?)"
    r"(?:/[A-Z][\w ]+)?(?P<land>,\s[A-Z][\w. ]{2,24}?(?:\s\d{1,2})?(?:,?\s\d{4})?|,\s\d{1,2}\s[A-Z]\w+\s\d{4})?"
    r"(?:\s\([^)]{2,40}\))?\s?(?:(?P<dash>--|[-–—:])\s|\.\s(?=[A-Z]))"
)
_FIRST = 8
_LIST = re.compile(r"[A-ZÀ-ÖØ-ÞĐ][A-ZÀ-ỸĐ .’'-]{2,}")


def home_of(blocks: Sequence[Block], sentences: Sequence[Sentence]) -> tuple[str, str]:
    """The place from which a text reports, and the country it lies in; empty where the text does not say."""
    heads = [s for s in sentences[:_FIRST] if s.block == "body"]
    heads += [b for b in blocks[:_FIRST] if b.kind == "dateline"]  # type: ignore[misc]
    for head in heads:
        match = _DATELINE.match(head.text)
        if match is None:
            continue
        city = match["city"].rstrip(".")
        capitals = _LIST.fullmatch(city) is not None
        if not capitals and match["land"] is None:
            continue
        name = city.title() if capitals else city
        hits = [h for h in scan(name, 0, len(name)) if h.entry.form in ("seat", "name")]
        code = hits[0].entry.code if hits and hits[0].start == 0 else None
        if hits and hits[0].entry.form == "name":
            continue  # a country as a heading
        if code is None and match["land"]:
            land = scan(match["land"], 0, len(match["land"]))
            code = land[0].entry.code if land else None
        if code is not None:
            return city, code
    return "", ""


def homes(people: Sequence[Person], named: Sequence[str], home: str) -> dict[str, str]:
    """For persons of an office whose country no words give: the country named here that has such an office.

    Used for the sides of an event only. `named`: the countries of the document, the most named first; `home`: that
    from which it reports.
    """
    found: dict[str, str] = {}
    order = ([home] if home else []) + [code for code in named if code != home]
    for person in people:
        if person.party is not None or not person.titles:
            continue
        office = " ".join(person.titles).casefold()
        for words, only, never in offices_by_country():
            if any(word in office for word in words):
                fits = [c for c in order if (not only or c in only) and c not in never]
                if fits:
                    found[person.name] = fits[0]
                break
    return found


_DOMESTIC = rx(
    r"\b(?:farmers?|growers|industry (?:bosses|leaders|chiefs|groups?)|executives|retailers|lawmakers|mps?|"
    r"meps?|reporters"
    r"|unions?|exporters|importers|cabinet|parliament|senate|congress|committee hearing|party|bosses|students|"
    r"workers|"
    r"business(?:es|men| leaders)|companies|governors|voters|task force|briefed|citizens|producers|manufacturers"
    r"|carmakers|investors|bankers|shareholders)\b"
)
_OURS = rx(
    r"\b(?:round|talks|negotiations?|negotiators|consultations|session|committee|counterpart"
    r"|opposite number|colleague|two sides|both sides|bilateral|delegations|teams|delegates|parties"
    r"|we|us|our|my|i)\b"
)
"""Words of a meeting between the two sides of which a document speaks."""


def _host(found: Found) -> Hit | None:
    """The name of the place of an event, where it is a known one."""
    if found.place is None:
        return None
    hits = scan(found.place, 0, len(found.place))
    return hits[0] if hits and hits[0].start == 0 and hits[0].entry.code else None


def goes_home(people: Sequence[Person], place: str | None, context: Context) -> bool:
    """Whether a journey leads to the traveller's own country."""
    if place is None or not people:
        return False
    hits = scan(place, 0, len(place))
    codes = {p.party or context.guesses.get(p.name) or context.homes.get(p.name) for p in people}
    return bool(hits) and hits[0].entry.kind in ("city", "seat", "country") and codes == {hits[0].entry.code}


def with_sides(found: Found, context: Context) -> Found:
    """The meeting with the sides that its sentence leaves to be understood."""
    if len(found.codes) > 1 and all(p.party for p in found.people):
        return found
    words = found.line.low[found.line.start : found.line.end]
    codes = list(found.codes)
    if found.line.said is None and not codes and not found.people and _DOMESTIC.search(words) is not None:
        return found
    guessed = [context.homes.get(p.name) for p in found.people if p.party is None]
    if len(guessed) > 1 and len(found.people) == len(guessed) and len(set(guessed)) == 1:
        guessed = []  # two ministers who meet are rarely of one country
    codes += [c for c in guessed if c is not None and c not in codes and (len(codes) < 2 or len(found.people) < 3)]
    known = {p.party for p in found.people if p.party}
    two = context.sides
    apart = _DOMESTIC.search(words) is None
    if len(codes) < 2 and apart:
        codes = _of_two(found, codes, known, two, words)
    host = _host(found)
    if len(codes) == 1 and host is not None and host.entry.code not in codes and apart:
        foreign = host.entry.form == "seat" and (host.entry.kind != "city" or found.type == "visit")
        if foreign or (host.entry.form == "name" and found.type == "visit"):
            codes.append(str(host.entry.code))
    if not codes and host is not None and found.type == "visit" and host.entry.kind != "city":
        codes.append(str(host.entry.code))
        if context.home and context.home not in codes:
            codes.insert(0, context.home)
    return found if tuple(codes) == found.codes else changed(found, codes=tuple(codes))


def _of_two(found: Found, codes: list[str], known: set[str], two: tuple[str, ...], words: str) -> list[str]:
    """In a document about two countries, a meeting of which one side is untold is between the two."""
    if not two or (codes and codes[0] not in two):
        return codes
    if len(known) == 1 and len(found.people) > 1 and all(p.party for p in found.people):
        return codes  # among people of one country
    host = _host(found)
    if host is not None and host.entry.kind != "city" and host.entry.code not in two:
        return codes
    if found.type == "visit" and (host is None or host.entry.code not in two):
        return codes
    if len(found.people) > 1 or found.type in ("visit", "call", "summit") or _OURS.search(words) is not None:
        return [*codes, *(c for c in two if c not in codes)]
    return codes
