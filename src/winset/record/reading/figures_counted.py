"""What a bare number counts: the noun after it, a length of time, a measure; or that it counts nothing."""

from __future__ import annotations

import re
from functools import cache

from winset.record.reading.dates_zones import rows
from winset.record.reading.figures_quantity import Quantity
from winset.record.reading.schema import changed
from winset.record.reading.wordlists import words

__all__ = ["counted", "counted_with", "counts"]

_COUNTING = frozenset(["m", "bn", "mn"])
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_BULLETS = ' -–—•*·[("“'
"""What may stand before the first word of an item of a list: "- Protect 221 names"."""
_STAMP = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d\s(?!(?:percent|per cent|percentage|points?|tonnes|tons)\b)")
"""A time of day at the head of a line of a live report: "13.12 Japan's minister tells ..."."""
_LINKED = re.compile(r"\s?(?:to|or|[-–—]|(?P<and>\band\b)|(?P<of>\bof(?: the| its| their| some)?))\s?")
"""Between two numbers that count one thing: "2,500 to 3,000 people", "14 of the 20 chapters"."""
_SECTION = re.compile(
    r"(?:\b(?:[Ss]ections?|[Aa]rticles?|[Cc]hapters?|[Nn]os?\.|[Tt]itle|[Rr]esolution|[Rr]oute|[Ff]light"
    r"|[Gg]roup of|[Ll]evel|[Pp]hase|[Pp]art|[Pp]age|[Aa]nnex|[Rr]ule|[Aa]genda|[Nn]umber|[Cc]hannel|[Hh]ighway"
    r"|[Pp]aragraph|[Aa]ged?|[Cc]hina|[Vv]ision|[Tt]op)|#)\s$"
)
_CAPITAL = re.compile(r"(?P<word>[A-Z][\w&.-]*)\s$")
_BEFORE_OK = words(
    "The Some About Nearly Around Over More All Of In At For With Only Another These Those Its Their Our "
    "Approximately Roughly Almost And But To By From On A An Up Than Least Most Other Between Under Hyundai "
    "Beyond Above Below After Before Against Among Besides Exactly Only Just Half Within Without Across Through "
    "Then Now Still Yet Even Her His My Your Each Every Both"
)
_STOP = words(
    "of in on at to from by with for and or but as than that which who were was is are be been has have had "
    "will would may could can per a an the its their his her this these those not also if when while after "
    "before since until into over under between including against during through across about around worth "
    "more less later earlier ago said says each every both between out up down off it he she we they you"
)
_PLURAL = words(
    "people head aircraft countries vehicles personnel troops staff economies members men women children cattle "
    "sheep fish megawatts gigawatts GW MW kilometers kilometres tons tonnes barrels bushels nations jobs"
)
_NOT_COUNTED = words(
    "pesos soles crowns dinars rials francs times years months weeks days hours minutes seconds decades "
    "points cents degrees goals pounds centuries yesterdays plus minus series various previous serious less "
    "across process access success a.m p.m"
)
_SINGULAR_S = ("ss", "us", "is", "’s", "'s", "ous")
_TIME = re.compile(r"[\s-](?P<unit>year|month|week|day)s?\b(?![\s-]old)")
_HOURS = re.compile(r"[\s-](?P<unit>hour|minute)s?\b(?!\s(?:ago|later|earlier|before|after|old)\b)")
_NO_LENGTH = re.compile(
    r"\s(?:ago|earlier|later|before|after|old|hence|running|now|away|from (?:now|today)|in a row)\b"
)
_ANY = re.compile(r"\b(?:any|each|every)\s$")
_NO_TERM = re.compile(
    r"-?\s?(?:old|bonds?|notes?|treasur|gilts?|bunds?|yields?|highs?|lows?|peak|anniversary|veterans?|record)\b",
    re.I,
)
"""After "ten-year", what is no term that somebody sets."""
"""After days or years that place an event in time, and say nothing of how long it lasts."""
_TONS = re.compile(r"-(?:metric-)?(?P<unit>tonne|ton)\b|\sMT\b")
_SINCE = re.compile(r"\s(?:since|after|before|to|until|through|following|ending)\b")
_OF_A_PERIOD = re.compile(r"\b(?:first|last|opening|final|initial)\s$", re.I)
_OF_A_TERM = re.compile(r"\s(?:after|following|under|from|of (?:the|its) (?:agreement|deal|pact|accord|entry))\b")
"""Months that are no stretch of the calendar, as "the first 10 months of the year" are."""
_IN_THE = re.compile(r"\b(?:in|over|during|for) the\s(?:about\s|almost\s|nearly\s)?$", re.I)
_POINTS = re.compile(r"\s(?:full\s)?points?\b(?!\sof\b)")
_RATED = re.compile(
    r"%|\b(?:percent|per cent|dut(?:y|ies)|tariffs?|lev(?:y|ies)|(?:interest|growth|inflation) rate)\b", re.I
)
_QUOTED = re.compile(r"\b(?:index|shares?|stocks?|nikkei|kospi|dow|nasdaq)\b", re.I)
"""Points of an index are not points of a percentage."""
_TONNES = re.compile(r"\s?(?:m|k)?t(?![\w.’'-])")
_TOKEN = re.compile(r"[\s-]([A-Za-z][\w’'&.-]*)")


def _noun(text: str, end: int, stop: int) -> tuple[str, int, str] | None:
    """What a bare number counts: its noun, where it ends, and all words of the phrase."""
    pos = end
    demonyms = _demonyms()
    for _ in range(5):
        token = _TOKEN.match(text, pos, stop)
        if token is None:
            return None
        word = token[1].rstrip(".'’")
        low = word.casefold()
        if low in _STOP or low in _NOT_COUNTED:
            return None
        pos = token.start(1) + len(word)
        if text[token.start()] == "-" and token.start() == end:
            return None  # "24-nation", "3-way": a compound, no count
        # A capitalised plural is a name ("57 Nations United") unless the phrase ends with it.
        if word[0].islower() and (
            low in _PLURAL or (len(low) > 3 and low.endswith("s") and not low.endswith(_SINGULAR_S))
        ):
            return low, pos, text[end + 1 : pos]
        if word in demonyms:
            return word, pos, text[end + 1 : pos]
        if word in ("GW", "MW", "TWh", "GWh"):
            return word, pos, word
        if not text[pos : pos + 1].isspace() and text[pos : pos + 1] != "-":
            return None
    return None


@cache
def _demonyms() -> frozenset[str]:
    """People by their country in the plural: "32,000 Salvadorans"."""
    adjectives = (row["adjectives"].split("|") for row in rows("names_countries.csv", delimiter=";"))
    found = {word for group in adjectives for word in group if word[:1].isupper()}
    return frozenset(word for word in found if word.endswith("s") and not word.endswith("ss"))


_ECONOMIC = {("economic", "entities"): "economies", ("economic", "partners"): "partners"}


def _unit_of_noun(noun: str, phrase: str) -> str:
    words = phrase.casefold().split()
    return _ECONOMIC.get((words[-2], words[-1]), noun) if len(words) > 1 else noun


def counted_with(text: str, q: Quantity, following: Quantity, start: int, end: int) -> Quantity | None:
    """A bare number that shares the noun of the next: "from 50,000 to 75,000 tonnes"."""
    if (
        following.unit
        or q.scaled != following.scaled
        or (link := _LINKED.fullmatch(text, q.end, following.start)) is None
    ):
        return None
    part = link["of"] is not None and q.value <= following.value
    if (link["of"] and not part) or (
        link["and"] and text[max(start, q.start - 8) : q.start].casefold() != "between "
    ):
        return None
    whole = counted(text, following, start, end)
    if whole is None or whole.noun == "duration" or (q.value < 10 and not part):
        return None
    return changed(q, unit=whole.unit, noun=whole.noun)


def counts(text: str, scale: str, at: int, end: int) -> bool:
    """Whether "1m" counts ("1m barrels"); without money or a noun it is metres, minutes or a name."""
    return scale in _COUNTING and text[at : at + 1] == " " and _noun(text, at, end) is not None


def counted(text: str, q: Quantity, start: int, end: int) -> Quantity | None:
    """A bare number as a count or a duration; None where it is neither."""
    before = text[max(start, q.start - 24) : q.start]
    if _SECTION.search(before):
        return None
    capital = _CAPITAL.search(before)
    lead = text[start : q.start - len(capital[0])] if capital else ""
    opens = lead != "" and lead.strip(_BULLETS) == "" and lead.strip() != ""
    if (
        capital
        and (not opens or 1900 <= q.value <= 2100)
        and capital["word"] not in _BEFORE_OK
        and not _GROUPED.match(text, q.start, q.end)
    ):
        return None  # "Boeing 737", "Agenda 2030"; but "offered Peru 30,000 tonnes"
    if _STAMP.match(text, q.start, end) and text[start : q.start].strip(_BULLETS) == "":
        return None
    if (
        _POINTS.match(text, q.end, end)
        and _RATED.search(text, start, end)
        and not _QUOTED.search(text, start, end)
    ):
        return changed(q, unit="percentage-points")
    if _TONNES.match(text, q.end, end):
        return changed(q, unit="tonnes", noun="tonnes", end=q.end)
    tons = _TONS.match(text, q.end, end)
    if tons:
        unit = "tons" if tons["unit"] == "ton" and "metric" not in tons[0] else "tonnes"
        return changed(q, unit=unit, noun=unit, end=q.end)
    time = _TIME.match(text, q.end, end)
    if time:
        if time["unit"] == "month" and (
            (_OF_A_PERIOD.search(before) and not _OF_A_TERM.match(text, time.end(), end))
            or (_SINCE.match(text, time.end(), end) and _IN_THE.search(before))
        ):
            return None
        if text[q.end] == "-":
            if time["unit"] not in ("year", "month") or _NO_TERM.match(text, time.end(), end):
                return None
        elif _NO_LENGTH.match(text, time.end(), end) or _ANY.search(before):
            return None
        return changed(q, unit=time["unit"] + "s", end=q.end, noun="duration")
    hours = _HOURS.match(text, q.end, end) if text[q.start].isdigit() else None
    if hours:
        return changed(q, unit=hours["unit"] + "s", end=q.end, noun="duration")
    named = _noun(text, q.end, end)
    if named is None:
        return None
    noun, _, phrase = named
    return changed(q, unit=_unit_of_noun(noun, phrase), noun=phrase)
