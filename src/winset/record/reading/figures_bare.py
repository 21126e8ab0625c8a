"""Numbers whose unit stands elsewhere: "buys 27 billion", "it is now 5", "Products: 344", "farmers number 900"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from winset.record.reading.figures_currency import shared_code
from winset.record.reading.figures_units import currencies
from winset.record.reading.wordlists import words

__all__ = ["GOODS", "Bare", "label_unit", "leaning_unit"]

GOODS = words(
    "tonnes tons barrels litres liters bushels bales head vehicles cars trucks units cases bottles boxes "
    "kilograms pieces"
)
"""Measures of goods, which a number with a scale may leave out: "took 6 million tonnes; 10 million is the aim"."""

_LARGE = 1e6
_MANY = 2_200
"""From here on a number by itself is no year."""
_TOLD_NEAR, _LOOKED_AT = 200, 12
"""Characters within which a vote is told; quantities before a number that may lend it their unit."""
_REACH = 90
"""Characters between a number and the quantity that it leans on."""
_FREE = re.compile(
    r"\s*(?:[,.;:)\]!?”\"’—–]|$|\b(?:and|or|but|a|in|from|to|for|by|last|this|next|over|through|with|while"
    r"|which|that"
    r"|against|per|each|annually|yearly|more|less|is|was|are|were|has|had|will|would|thereof|due|on|after|at"
    r"|falling"
    r"|apiece|once|only|so|as|if|until|before|since|under|within|between|already|now|today|it|he|she|we|they"
    r"|overall"
    r"|of (?:it|that|this|them|those|these|which)|of (?:the |new |fresh )?(?:investments?|loans?|grants?"
    r"|purchases?|exports"
    r"|imports|spending|aid|equity|guarantees|debt|capital|trade|goods))\b)"
)
"""After a number with a scale that is followed by no noun."""
_CLOSED = re.compile(
    r"\s*(?:[,;:)\]!?”\"’]|\.(?!\d)|$|\b(?:and|but|in (?:19|20)\d\d|last|this year|now|today|instead|before"
    r"|earlier)\b)"
)
"""After a bare number that is complete in itself."""
_RATED = re.compile(
    r"\s*(?:[,;:)\]!?”\"’—–]|\.(?!\d)|$|-\s|\b(?:and|but|or|in (?:(?:19|20)\d\d|[A-Z][a-z]+)|last|this year"
    r"|now|today"
    r"|instead|before|earlier|already|on|for|by (?:19|20)\d\d|from|until|under|below|above|after|to follow|a year"
    r"|over (?:time|the)|is (?:a|an|the|too|what|still|not)|apply|applies|at (?:present|most|least))\b)"
)
"""After a number that is a rate whose percent sign is left out."""
_LEVEL = re.compile(
    r"\b(?:(?:is|was|are|were|be|now|then|just|only|stays? at|stands? at|stood at|to|from|than|pays?|paid"
    r"|charged|faces?))\s$"
)
"""Before a number that gives another level of what the last percentage measures."""
_RATE_BEFORE = re.compile(
    r"\b(?:is|was|are|were|be|been|now|then|just|only|at|to|from|than|pay(?:s|ing)?|paid|charged|fac(?:es?|ing)"
    r"|becomes?|became|and|or|but|not|of|with|against|versus|above|below|beyond|got|gets?|accepted|remains?|stays?"
    r"|put|puts|imposed?|threatened|(?:asking|settled|settling|pushing|aiming|calling) for|instead of|rather than"
    r"|in place of|that (?:down|up) to|down from|up from|once|still|perhaps|nearly|almost|about|some"
    r"|more than|merely)\s$"
    r"|,\s$|[;:]\s$"
)
_GAPPED = re.compile(r",\s(?:and\s|but\s)?(?:[a-z’'-]+\s){1,4}")
"""Between a percentage and one whose unit is left out: "145 percent, everything else 10"."""
_TOLD_AGAIN = re.compile(
    r"\b(?:[Ii]t|[Tt]hat|[Tt]his|rate|duty|tariff|levy|[Ww]e|[Tt]hey|[A-Z]\w+|ours|theirs)\s(?:is|was|were"
    r"|becomes?|became"
    r"|got|gets?|stays? at|stands? at|stood at|remain(?:s|ed)? at|fell to|rose to|goes? to|went (?:up "
    r"|down )?to|pays?|paid"
    r"|used to be|had been|would be|will be|faced?|faces)\s(?:now\s|once\s|only\s|just\s|still\s|then\s)?$"
    r"|^(?:And|But|Now|Not)\s$|\b(?:[Bb]ring|[Cc]ut|[Rr]aise|[Ll]ower|[Pp]ut) (?:it|that|this) (?:down "
    r"|up )?(?:to|at)\s$"
    r"|\b(?:came|come|comes|went) (?:down|up) from\s$|\binstead of (?:the\s)?$"
)
"""Before a number that gives another level of a rate told in the sentence before."""
_LENGTHS = frozenset(["years", "months", "weeks", "days"])
_INSTEAD = re.compile(r"\b(?:instead of|rather than|not|down from|up from|against)\s(?:the\s)?$")
_NAMED = re.compile(
    r"(?:\b[A-Z][\w.-]*|\b(?:no|item|paragraph|annex|article|chapter|section|round|page|point)\.?|#)\s$"
)
"""Before a number that counts nothing: "Chapter 5", "item 3"."""
_NAME_GOES = re.compile(r"\b(?:And|But|Now|Not|Once|Only|About|Some|Nearly|Perhaps|To|From|At)\s$")
_PEOPLE = re.compile(r"\b(?:population|people|inhabitants|users|voters|consumers)\b[^,;]{0,30}$")
_LABEL = re.compile(r"[-–—•*·\s]*(?P<words>[A-Za-z][A-Za-z ’'-]{2,50}?)(?:\s\([^()]{1,20}\))?\s*[:=]\s*$")
_LABEL_PLURAL = re.compile(r"[a-z-]*[a-rt-z]s|people|staff|aircraft|personnel|members")
_DOLLAR = re.compile(
    r"\s(?:to|per|against|for|a)\s(?:(?:the|one)\s)?(?:US\s|U\.S\.\s)?(?:dollar|greenback|euro)\b"
)
_MONEY_BEFORE = re.compile(
    r"\b(?P<word>won|yen|yuan|renminbi|euro|pound|sterling|franc|rupee|rupiah|ringgit|baht|dong|peso|real"
    r"|rand|lira"
    r"|rouble|ruble|krona|krone|forint|zloty|hryvnia|taka|kip|kyat|riel|tenge|tugrik|naira|cedi|shilling|birr"
    r"|dirham"
    r"|dinar|riyal|shekel|loonie|sol|koruna|lari|manat|kwacha)\b"
)
_NUMBERED = re.compile(
    r"\b(?P<noun>[A-Za-z][a-z-]{2,}s|people|staff)\s(?:(?:[a-z’'-]+|[A-Z]\w+)\s){0,5}?(?:numbers?|numbered|numbering"
    r"|totall?ed)\s"
    r"(?:about\s|around\s|some\s|roughly\s|nearly\s|almost\s|at least\s|more than\s|over\s)?$"
)
_NUMBER_OF = re.compile(
    r"\bnumber of (?:[a-z-]+\s){0,3}?(?P<noun>[a-z-]{3,}s|people|staff)\b[^.;]{0,80}"
    r"\b(?:to|at|was|is|were|reached|hit|stood at|stands at|from)\s(?:about\s|around\s|some\s|nearly\s|almost\s)?$"
)
_VOTED = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|pass(?:ed|es)|carried|rejected|approved|adopted|ratified|defeated|backed)\b"
)
_TALLY_AFTER = re.compile(
    r"(?:\svotes)?\s(?:to|against|versus)\s\d{1,3}(?![\d%.,]*\d)(?!\s?(?:percent|per cent|%|[ap]\.?m\b"
    r"|[a-z]+s\b(?<!votes)))"
)
_TALLY_BEFORE = re.compile(r"\b\d{1,3}(?:\svotes)?\s(?:to|against|versus)\s$")
_NO_VOTES = ("%", "percent", "per cent", "a.m", "p.m", "am ", "pm ")


@dataclass(frozen=True, kw_only=True)
class Bare:
    """A number without a unit, and what was told before it."""

    start: int
    end: int
    value: float
    scale: float
    """What its scale word multiplies by, 1 for none."""
    before: Sequence[tuple[int, str]]
    """End and unit of each quantity before it in its sentence."""
    carried: str
    """Currency of the sentences just before, or ""."""
    rated: bool
    """Whether one of the sentences just before gives a percentage."""
    goods: str
    """Measure of goods of the sentences just before, or ""."""


def leaning_unit(text: str, start: int, end: int, bare: Bare) -> str:
    """The unit that a bare number of the sentence `text[start:end]` takes from elsewhere, or ""."""
    at, to, before = bare.start, bare.end, bare.before
    lead = text[max(start, at - 40) : at]
    if bare.scale >= _LARGE:
        return _of_scaled(text, start, end, bare, lead)
    if bare.scale == 1 and _DOLLAR.match(text, to, end):
        money = _last_word(_MONEY_BEFORE, text, max(0, at - 160), at)
        return _code(text, money, at) if money else ""
    if bare.scale == 1:
        counted = _NUMBERED.search(text, max(start, at - 90), at) or _NUMBER_OF.search(
            text, max(start, at - 140), at
        )
        if counted and bare.value >= 2 and _CLOSED.match(text, to, end):
            return counted["noun"].casefold()
        if _tally(text, start, end, bare):
            return "votes"
    named = _NAMED.search(lead) is not None and _NAME_GOES.search(lead) is None
    if not before and bare.rated and bare.value <= 200 and _RATED.match(text, to, end):
        return "percent" if _TOLD_AGAIN.search(text[max(start, at - 60) : at]) else ""
    if bare.goods and not before and not named and bare.value >= _MANY and bare.scale == 1:
        return bare.goods if _CLOSED.match(text, to, end) else ""
    if not before or named or at - before[-1][0] > _REACH:
        return ""
    last, unit = before[-1]
    if unit == "percent":
        if bare.value > 1000:
            return ""
        gapped = _GAPPED.fullmatch(text, last, at) is not None
        if _CLOSED.match(text, to, end) and (gapped or _LEVEL.search(lead)):
            return unit
        told = _RATED.match(text, to, end) and _RATE_BEFORE.search(lead)
        return unit if told and bare.value <= 250 and not 1900 <= bare.value <= 2100 else ""
    if not _CLOSED.match(text, to, end):
        return ""
    if unit in _LENGTHS:
        return unit if _INSTEAD.search(lead) else ""
    counted_unit = unit not in currencies().per_dollar and unit not in ("percentage-points", "basis-points")
    return unit if counted_unit and bare.value >= 100 else ""


def _of_scaled(text: str, start: int, end: int, bare: Bare, lead: str) -> str:
    """The unit of "27 billion": what the sentence counts or pays last, else the currency of those before."""
    if not _FREE.match(text, bare.end, end) or _PEOPLE.search(lead):
        return ""
    table = currencies().per_dollar
    for _, unit in reversed(bare.before[-_LOOKED_AT:]):
        if unit in table or (unit in GOODS and bare.scale < 1e9):
            return unit
    return bare.carried


def _tally(text: str, start: int, end: int, bare: Bare) -> bool:
    """Whether a number is one side of a vote: "passed by 187 votes to 42"."""
    if (
        bare.value > 2000
        or bare.value != int(bare.value)
        or not _VOTED.search(text, max(start, bare.start - _TOLD_NEAR), min(end, bare.end + _TOLD_NEAR))
    ):
        return False
    if _TALLY_AFTER.match(text, bare.end, end) is not None:
        return True
    after = text[bare.end : bare.end + 12].lstrip()
    second = _TALLY_BEFORE.search(text, max(start, bare.start - 16), bare.start) is not None
    return second and not after.startswith(_NO_VOTES)


def _last_word(pattern: re.Pattern[str], text: str, start: int, end: int) -> str:
    found = ""
    for match in pattern.finditer(text, start, end):
        found = match["word"]
    return found


def _code(text: str, word: str, at: int) -> str:
    """The code of a currency by its name in the singular, or ""."""
    table = currencies()
    for form in (word, f"{word}s"):
        if form in table.shared:
            return shared_code(text, form, at)
        if code := table.word.get(form, ""):
            return code
    return ""


def label_unit(text: str, start: int, end: int, at: int, to: int) -> str:
    """What a number alone behind a label counts ("Protected names: 344"): the last word of the label, or ""."""
    if text[to:end].strip(" .;"):
        return ""
    label = _LABEL.match(text, start, at)
    if label is None or label.end() != at:
        return ""
    word = label["words"].rsplit(None, 1)[-1].casefold()
    return word if _LABEL_PLURAL.fullmatch(word) else ""
