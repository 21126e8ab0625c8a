"""Quantities in a sentence: number, scale and unit, with ranges and pairs; not yet what they are."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from winset.record.reading.cues import rx
from winset.record.reading.dates_zones import rows
from winset.record.reading.figures_bare import Bare, label_unit, leaning_unit
from winset.record.reading.figures_currency import shared_code
from winset.record.reading.figures_units import (
    DIGITS,
    NUMBERS,
    SCALE,
    SCALE_PATTERN,
    SHORT_SCALE,
    TEN_OR_MORE,
    WORD_NUMBER,
    currencies,
    number_of,
    scale_of,
)
from winset.record.reading.schema import changed
from winset.record.reading.wordlists import triggers, words

__all__ = ["PARTS", "PART_LINK", "Quantity", "find"]


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number with its unit, at its place."""

    start: int
    end: int
    value: float
    unit: str
    """percent, percentage-points, basis-points, ISO 4217 code, noun, `duration` kinds, or empty while unknown."""
    approx: bool = False
    noun: str = ""
    """The words of what is counted."""
    scaled: bool = False
    scale: float = 1.0
    """What the scale word multiplied by."""
    relation: str = ""
    """before, after, low, high: place in a pair."""
    partner: int | None = None
    """Position of the other end in the list."""
    conflict: bool = False
    """A sign and a word that name different currencies."""
    per: str | None = None


_PERCENT = (
    r"(?:\s?%(?!\w)|[\s-]?(?:percentage[\s-]points?|percent(?:age)?\b|per[\s-]?cent\b|pct\b|(?<=\d)pc\b)(?:\s"
    r"(?:points?)\b)?|\s?%p\b|\s?pp\b|[\s-]basis[\s-]points?\b|\sbps\b)"
)


_AFTER_NO = r"[\w.,:/+&]"
"""No quantity begins right after one of these."""


@cache
def _pattern() -> re.Pattern[str]:
    table = currencies()
    return re.compile(
        rf"(?<!{_AFTER_NO})(?:(?<![A-Za-z)]-)|(?=[$€£¥₩]))(?<!\d[-–]\d\d[-–])"
        rf"(?P<sign>[-−](?=\d))?(?:(?P<pre>{table.before})\s?(?=[\d]))?"
        rf"(?:(?P<num>{DIGITS})(?![\d])|(?P<word>(?i:{WORD_NUMBER}))(?=[\s-](?:{SCALE_PATTERN}|percent|per\s?cent"
        rf"|percentage)\b|\s(?:years|months|(?:percentage\s|full\s)?points)\b)(?!\s(?:hundred|thousand|million"
        rf"|billion)s?\sof\b)"
        rf"|(?P<ten>(?i:{TEN_OR_MORE}))(?=\s(?:[a-z-]+\s){{0,2}}?[a-z]+s\b))"
        rf"(?:(?<=\d)(?P<short>{SHORT_SCALE})(?![\w-])|[\s-]?(?P<scale>(?i:{SCALE_PATTERN}))\b)?"
        rf"(?:(?P<percent>{_PERCENT})|[\s-]?(?P<post>{table.after}))?",
    )


_COUNTING = frozenset(["m", "bn", "mn"])
_NUMBER_WORDS = triggers(
    frozenset((*NUMBERS, *(word for scale in SCALE for word in scale.split() if len(word) > 2)))
)
_A_PERCENT = ("a percent", "a per cent", "a-percent")
_APPROX = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|some|roughly|nearly|almost|an? estimated|more than|over"
    r"|at least|less than|up to|as much as|"
    r"as many as|close to|under|just over|just under|well over|fewer than|an additional|estimated at|or so"
    r"|worth about|upwards? of)\s|~\s?)(?:an?\s(?:combined|total|additional|record|estimated)\s)?$",
    re.I,
)
_PER = re.compile(
    r"\s(?:(?:worth|in [a-z]+|of [a-z]+(?: [a-z]+)?)\s)?(?:(?:a|per|each|every|an)\s(?P<unit>year|month|week"
    r"|day|quarter|barrel|ton|tonne|unit|vehicle|head|bushel|kilogram|hour|dollar)\b|(?P<adverb>annually"
    r"|monthly|yearly|quarterly|per annum)\b)"
)
_ANNUAL_BEFORE = re.compile(r"\b(?P<adverb>annual|yearly|monthly|quarterly|annually)\s(?:[a-z-]+\s){0,4}$")
_POUNDS = re.compile(
    r"\spounds(?: sterling)?\b(?!\sof\b(?!\s(?:[a-z-]+\s){0,2}?(?:exports|imports|trade|goods|products"
    r"|services|investments?"
    r"|spending|business|orders|aid|sales|loans|money|tariffs|duties|revenue|output|assets|contracts"
    r"|purchases)\b))"
)
"""Money after millions; "pounds of beef" weighs."""
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_STAMP = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d\s(?!(?:percent|per cent|percentage|points?|tonnes|tons)\b)")
"""A time of day at the head of a line of a live report: "13.12 Japan's minister tells ..."."""
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
_LASTS = re.compile(
    r"\b(?:be|is|remains|over|for|within|during|lasting|last|lasts|spanning|across|period of|term of|takes?"
    r"|took|runs?"
    r"|first|coming|nearly|almost|normally|after"
    r"|maturity of|next|by"
    r"|sentence of|least|than|up to|another|additional|about|around)\s(?:the\s(?:next|coming|past)\s"
    r"|a period of\s|a term of\s|about\s|around\s|at least\s|another\s|up to\s)?$"
)
_HOURS = re.compile(r"[\s-](?P<unit>hour|minute)s?\b(?!\s(?:ago|later|earlier|before|after|old)\b)")
_NO_LENGTH = re.compile(
    r"\s(?:ago|earlier|later|before|after|old|hence|running|now|away|from (?:now|today)|in a row|of [a-z]+ing)\b"
)
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
_RANGE = re.compile(
    r"\s?(?:[-–—~]|\bto\b|\band\b|\bor\b)\s?$|\s(?:to|and|or)\s(?:as much as\s|about\s|around\s|perhaps\s)?$"
)


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


def _overlaps(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a span touches one of the spans, which are in order and apart."""
    i = bisect.bisect_left(taken, (end,))
    return i > 0 and taken[i - 1][1] > start


@cache
def _beginning(in_words: bool) -> re.Pattern[str]:
    """The first character of what can be a quantity, with numbers in words or without."""
    table = currencies()
    signs = "".join(map(re.escape, sorted({sign[0] for sign in table.symbol} | {"W"})))
    longest = max(map(len, table.symbol))
    after = rf"(?<=\d)|(?<=[-−])(?=\d)|(?<=[{signs}])(?=[^\s\d]{{0,{longest}}}\s?\.?\d)"
    letters = ""
    if in_words:
        rests: dict[str, list[str]] = {}
        for word in (*NUMBERS, "a", "an"):
            rests.setdefault(word[0], []).append(word[1:])
        letters = "".join(first + first.upper() for first in rests)
        for first, ends in rests.items():
            after += rf"|(?<=[{first}{first.upper()}])(?i:(?=(?:{'|'.join(ends)})\b))"
    return re.compile(rf"[\d−{signs}{letters}-](?<!{_AFTER_NO}.)(?:{after})", re.S)


_BEFORE_ROUGH: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        words(
            "about around approximately approx approx. some roughly nearly almost estimated than over least under "
            "additional combined total record"
        ),
        ("",),
    ),
    "to": ("up", "close"),
    "as": ("much", "many"),
    "of": ("upward", "upwards"),
    "at": ("estimated",),
    "so": ("or",),
}
"""The last word of what makes a number rough, and how the word before it must end."""


def _approximate(text: str, start: int, at: int) -> bool:
    """Whether the words right before a number make it a rough one or a bound."""
    before = text[max(start, at - 40) : at]
    if "~" not in before:
        last = before.rsplit(None, 2)[-2:]
        if not last:
            return False
        if last[-1][0].isalpha():
            ends = _BEFORE_ROUGH.get(last[-1].casefold())
            if ends is None or not last[0].casefold().endswith(ends):
                return False
    return _APPROX.search(text, max(start, at - 40), at) is not None


def _matches(text: str, start: int, end: int, said: frozenset[str]) -> Iterator[re.Match[str]]:
    """What `finditer` would give, looked for only where a quantity can begin."""
    in_words = not said.isdisjoint(_NUMBER_WORDS) or any(text.find(a, start, end) >= 0 for a in _A_PERCENT)
    pattern, reached = _pattern(), start
    for first in _beginning(in_words).finditer(text, start, end):
        at = first.start()
        if at >= reached and (found := pattern.match(text, at, end)) is not None:
            reached = found.end()
            yield found


def find(
    text: str,
    start: int,
    end: int,
    said: frozenset[str],
    taken: Sequence[tuple[int, int]] = (),
    carried: str = "",
    rated: bool = False,
) -> list[Quantity]:
    """Every quantity of `text[start:end]` outside the spans `taken` (dates), in order.

    `said`: the words of the sentence that some rule looks for (`told_by`); `carried`: the currency last spoken of;
    `rated`: whether the sentences just before give a percentage.
    """
    table = currencies()
    raw: list[Quantity] = []
    for match in _matches(text, start, end, said):
        at, until = match.start(), match.end()
        if _overlaps(at, until, taken):
            continue
        words = match["num"] or match["word"] or match["ten"]
        scale_word = match["short"] or match["scale"]
        if (
            match["short"]
            and not match["pre"]
            and not match["post"]
            and not _counts(text, match["short"], until, end)
        ):
            continue
        if match["scale"] and match["scale"].casefold() == "jo" and not match["post"]:
            continue
        value = number_of(words) * scale_of(scale_word)
        if match["sign"]:
            value = -value
        unit, conflict, noun = "", False, ""
        if match["percent"]:
            kind = match["percent"].casefold()
            unit = "percent"
            if ("point" in kind and "basis" not in kind) or kind.strip() in ("%p", "pp"):
                unit = "percentage-points"
            elif "basis" in kind or "bps" in kind:
                unit = "basis-points"
        elif match["post"]:
            unit = table.code("CNY" if match["post"] == "RMB" else match["post"])
            if match["post"].casefold() in table.shared:
                unit = shared_code(text, match["post"], at)
                if not unit:
                    continue
            conflict = (
                bool(match["pre"])
                and table.code(match["pre"]) != unit
                and not (match["pre"] == "¥" and unit == "CNY")
            )
        elif match["pre"]:
            unit = table.code(match["pre"])
            if match["pre"] in table.shared:
                unit = shared_code(text, match["pre"], at)
        if not unit and scale_of(scale_word) >= 1e6 and (pounds := _POUNDS.match(text, until, end)):
            unit, until = "GBP", pounds.end()
        raw.append(
            Quantity(
                start=at,
                end=until,
                value=value,
                unit=unit,
                conflict=conflict,
                noun=noun,
                scaled=bool(scale_word),
                scale=scale_of(scale_word),
                approx=_approximate(text, start, at),
            )
        )
    joined = _parts(text, _ranges(text, raw))
    found: list[Quantity] = []
    before: list[tuple[int, str]] = []
    keep: dict[int, int] = {}
    for i, quantity in enumerate(joined):
        whole = quantity if quantity.unit else _counted(text, quantity, start, end)
        if whole is None and i + 1 < len(joined):
            whole = _counted_with(text, quantity, joined[i + 1], start, end)
        if whole is None:
            bare = Bare(
                start=quantity.start, end=quantity.end, value=quantity.value, scale=quantity.scale, before=before,
                carried=carried, rated=rated,
            )  # fmt: skip
            unit = leaning_unit(text, start, end, bare) or (
                "" if len(joined) > 1 else label_unit(text, start, end, quantity.start, quantity.end)
            )
            if not unit:
                continue
            money = unit in table.per_dollar or unit == "percent"
            whole = changed(quantity, unit=unit, noun="" if money else unit)
        keep[i] = len(found)
        found.append(_with_period(text, whole, start, end))
        before.append((whole.end, whole.unit))
    return [
        q
        if q.partner is None
        else changed(q, partner=keep.get(q.partner), relation=q.relation if q.partner in keep else "")
        for q in found
    ]


def _counted_with(text: str, q: Quantity, following: Quantity, start: int, end: int) -> Quantity | None:
    """A bare number that shares the noun of the next: "from 50,000 to 75,000 tonnes"."""
    if (
        following.unit
        or q.scaled != following.scaled
        or not rx(r"\s?(?:to|or|[-–—])\s?").fullmatch(text, q.end, following.start)
    ):
        return None
    counted = _counted(text, following, start, end)
    if counted is None or counted.noun == "duration" or q.value < 10:
        return None
    return changed(q, unit=counted.unit, noun=counted.noun)


def _counts(text: str, scale: str, at: int, end: int) -> bool:
    """Whether "1m" counts ("1m barrels"); without money or a noun it is metres, minutes or a name."""
    return scale in _COUNTING and text[at : at + 1] == " " and _noun(text, at, end) is not None


def _with_period(text: str, q: Quantity, start: int, end: int) -> Quantity:
    after = _PER.match(text, q.end, end)
    if after:
        adverb = {
            "annually": "year",
            "per annum": "year",
            "yearly": "year",
            "monthly": "month",
            "quarterly": "quarter",
        }
        return changed(q, per=after["unit"] or adverb[after["adverb"]])
    first = max(start, q.start - 60)
    # "annual" or an adverb: looking for the letters is far cheaper than for the words.
    told = text.find("nnual", first, q.start) >= 0 or text.find("ly", first, q.start) >= 0
    if told and (before := _ANNUAL_BEFORE.search(text, first, q.start)):
        return changed(q, per={"monthly": "month", "quarterly": "quarter"}.get(before["adverb"], "year"))
    return q


def _counted(text: str, q: Quantity, start: int, end: int) -> Quantity | None:
    """A bare number as a count or a duration; None where it is neither."""
    before = text[max(start, q.start - 24) : q.start]
    if _SECTION.search(before):
        return None
    capital = _CAPITAL.search(before)
    if capital and capital["word"] not in _BEFORE_OK and not _GROUPED.match(text, q.start, q.end):
        return None  # "Boeing 737", "Agenda 2030"; but "offered Peru 30,000 tonnes"
    if _STAMP.match(text, q.start, end) and text[start : q.start].strip(" -–—•*[(") == "":
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
        if text[q.end] == "-" or not (
            _LASTS.search(text, max(start, q.start - 40), q.start)
            or (text[q.start].isdigit() and not _NO_LENGTH.match(text, time.end(), end))
        ):
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


_BY = re.compile(r"\bby\s(?:about\s|around\s|some\s|nearly\s|almost\s|up to\s|more than\s|just\s)?$")
_LOW_HIGH = re.compile(r"\b(?:between|ranging|ranges?|anywhere)\b[^.;]{0,60}$", re.I)
_FROM = re.compile(
    r"\bfrom\s(?:an?\s|the\s)?(?:(?:current|previous|initial|existing|original|planned|proposed|about|around"
    r"|threatened)\s)*$",
    re.I,
)
_TO_AFTER = re.compile(
    r"\s?(?:(?:tariffs?|dut(?:y|ies)|rates?|lev(?:y|ies)|[a-z]+)\s)?(?:down\s|up\s)?(?:to|into)\s(?:an?\s"
    r"|the\s)?(?:(?:about|around|just|only|baseline|at least|a flat)\s)*$",
    re.I,
)
_FROM_BETWEEN = re.compile(
    r"\s?,?\s?(?:[a-z]+\s){0,2}?(?:down\s|up\s|lower than\s)?(?:from|instead of|rather than|compared (?:with"
    r"|to)|versus|not)\s(?:an?\s|the\s)?(?:(?:current|previous|initial|existing|original|planned|proposed|about"
    r"|around|earlier|threatened|initially|previously|current|feared)\s){0,2}$",
    re.I,
)


def _ranges(text: str, raw: list[Quantity]) -> list[Quantity]:
    """Ends of ranges and from-to pairs told apart; an end without unit or scale takes the other's."""
    found = list(raw)
    for i in range(len(found) - 1):
        low, high = found[i], found[i + 1]
        if low.relation or high.start - low.end > 60:
            continue
        between = text[low.end : high.start]
        plain = bool(_RANGE.fullmatch(between) or (_RANGE.match(between) and len(between) < 16))
        if (
            plain
            and low.unit == "percent"
            and not high.unit
            and (high.value > 1000 or _BY.search(text, max(0, low.start - 24), low.start))
        ):
            continue  # "cut by 15 percent to 412,000 tonnes": a change, and the level that it leads to
        same = low.unit == high.unit or (plain and (not low.unit or not high.unit))
        if not same:
            continue
        preceded = text[max(0, low.start - 60) : low.start]
        if plain and (not low.unit or not high.unit or not low.scaled) and high.unit:
            low = _completed(low, high)
        elif plain and low.unit and not high.unit and high.scaled == low.scaled:
            if between.strip() in ("and", "or"):
                continue
            high = changed(high, unit=low.unit)
        if not low.unit or low.unit != high.unit:
            continue
        moved = _FROM.search(preceded) and _TO_AFTER.fullmatch(between) and not _LOW_HIGH.search(preceded)
        if moved:
            found[i], found[i + 1] = (
                changed(low, relation="before", partner=i + 1),
                changed(high, relation="after", partner=i),
            )
        elif _FROM_BETWEEN.fullmatch(between) and rx(
            r"\b(?:to|at|of|into|with|accept(?:s|ed|ing)?|pay(?:s|ing)?|paid|fac(?:e|es|ed|ing)|charg(?:e|es"
            r"|ed|ing)"
            r"|impos(?:e|es|ed|ing))\s(?:an?\s|the\s)?(?:[a-z]+\s)?$"
        ).search(preceded):
            found[i], found[i + 1] = (
                changed(low, relation="after", partner=i + 1),
                changed(high, relation="before", partner=i),
            )
        elif plain and (between.strip() in ("to", "–", "-", "—", "~", "or") or _LOW_HIGH.search(preceded)):
            found[i], found[i + 1] = (
                changed(low, relation="low", partner=i + 1),
                changed(high, relation="high", partner=i),
            )
    return found


PARTS = re.compile(
    r",?\s?(?:\([^()]{0,60}\)\s?)?(?:[\w’'-]+\s){0,5}?(?P<all>:|—|–|--|\b(?:comprising|consisting of"
    r"|made up of|composed of"
    r"|split (?:into|between)|divided (?:into|between)|broken down into)\b)"
    r"|,?\s?\(?(?:[\w’'-]+\s){0,5}?(?P<some>of which|including)\b"
)
"""Right after a total: its parts follow, all of them or some."""
PART_LINK = re.compile(
    r"[^.;:]{0,80}(?:,|\band|\bplus)\s(?:(?:another|about|some|the (?:other|remaining)|up to|a|an)\s)*$"
)
"""Between two parts of one total."""
_BARE_PART = re.compile(r"\s(?:in|for|of|as|from|to|on)\s")


def _parts(text: str, found: list[Quantity]) -> list[Quantity]:
    """Bare numbers that are parts of an amount, with its unit and scale: "$350 billion: 200 in cash"."""
    total: Quantity | None = None
    for i in range(1, len(found)):
        before, q = found[i - 1], found[i]
        if q.unit and not q.noun and before.unit:
            total = None
        between = text[before.end : q.start]
        if before.unit and before.scaled and PARTS.match(between):
            total = before
        elif total is None or not PART_LINK.match(between):
            total = None
        if total is not None and not q.unit and not q.scaled and _BARE_PART.match(text, q.end):
            found[i] = changed(q, unit=total.unit, value=q.value * total.scale, scaled=True, scale=total.scale)
    return found


def _completed(low: Quantity, high: Quantity) -> Quantity:
    """The first end of a range with the unit, and where it has none the scale, of the second."""
    if low.scaled or not high.scaled or low.value > 1e5:
        return changed(low, unit=high.unit)
    return changed(low, unit=high.unit, value=low.value * high.scale, scaled=True, scale=high.scale)
