"""Numbers, scales and units as news writes them: patterns and what they mean."""

from __future__ import annotations

from functools import cache

from winset.record.reading.cues import by_letter, rx
from winset.record.reading.dates_words import NUMBER_WORDS
from winset.record.reading.dates_zones import rows

__all__ = ["Currencies", "currencies", "number_of", "scale_of"]

SCALE = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9,
    "bln": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "trln": 1e12, "tn": 1e12, "trn": 1e12, "t": 1e12,
    "quadrillion": 1e15, "eok": 1e8, "jo": 1e12, "lakh": 1e5, "crore": 1e7, "lakh crore": 1e12, "man": 1e4,
    "hundred million": 1e8, "hundred billion": 1e11, "hundred thousand": 1e5, "thousand billion": 1e12,
}  # fmt: skip
"""What a scale word multiplies by; eok and jo are Korean, lakh and crore Indian."""

SCALE_PATTERN = (
    r"(?:lakh crore|hundred (?:million|billion|thousand)|hundred|thousand|million|mln|billion|bln|trillion|trln"
    r"|quadrillion"
    r"|eok|jo|lakh|crore|bn|mn|tn|trn)"
)
SHORT_SCALE = r"(?:[kKmMbBtT]|bn|mn|tn|Bn|Mn|Tn|BN|MN|TN)"
"""Letters that are scales only right after an amount with a currency sign."""

_SINGLE = {word: i for word, i in NUMBER_WORDS.items() if i < 20}
_TENS = {
    word: 10 * i
    for i, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
NUMBERS = (*_SINGLE, *_TENS, "half")
"""Words of which numbers in words are made."""
_ONES = "|".join(list(_SINGLE)[1:10])
TEN_OR_MORE = (
    rf"(?:(?:{'|'.join(_TENS)})(?:-(?:{_ONES}))?"
    rf"|{'|'.join(sorted((word for word, i in _SINGLE.items() if i >= 10), key=len, reverse=True))})"
)
"""Numbers in words that count things; smaller ones only count people in passing ("the two ministers")."""
WORD_NUMBER = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[-\s](?:{_ONES}))?"
    rf"|{'|'.join(sorted(_SINGLE, key=len, reverse=True))}|half an?|an?)"
)
DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,10})?)"


def number_of(words: str) -> float:
    """The value of digits with separators, or of a number in words below a hundred."""
    words = words.casefold()
    if words[0].isdigit():
        return float(words.replace(",", ""))
    if words.startswith("half"):
        return 0.5
    if words in ("a", "an"):
        return 1.0
    return float(sum(_SINGLE.get(part, _TENS.get(part, 0)) for part in rx(r"[-\s]").split(words)))


def scale_of(words: str | None) -> float:
    """What the scale multiplies by; 1 where there is none."""
    return SCALE[rx(r"\s+").sub(" ", words.casefold())] if words else 1.0


class Currencies:
    """The table of currencies, as patterns and lookups."""

    def __init__(self) -> None:
        self.symbol: dict[str, str] = {}
        self.word: dict[str, str] = {}
        self.per_dollar: dict[str, tuple[float, float]] = {}
        self.shared: dict[str, dict[str, str]] = {}
        """Words that several countries use: ISO 3166 alpha-3 of the country -> ISO 4217 code."""
        self.dollars: dict[str, str] = {}
        """Countries with a dollar of their own -> its code."""
        for row in rows("currencies.csv"):
            code = row["code"]
            self.symbol |= dict.fromkeys(filter(None, row["symbols"].split("|")), code) | {code: code}
            self.word |= {word.casefold(): code for word in filter(None, row["words"].split("|"))}
            country = row["country"] or ""
            for word in filter(None, (row["shared"] or "").split("|")):
                self.shared.setdefault(word, {})[country] = code
                if word[0].isupper():
                    self.symbol.setdefault(word, "")
                else:
                    self.word.setdefault(word, "")
            if country and "dollars" in row["words"]:
                self.dollars[country] = code
            self.per_dollar[code] = float(row["low"]), float(row["high"])
        # A single letter is a sign of money only before digits and a scale ("W350tn").
        single = "".join(sorted(s for s in self.symbol if len(s) == 1 and s.isalpha()))
        longer = sorted((s for s in self.symbol if s not in single), key=len, reverse=True)
        self.before = rf"(?:{by_letter(longer)}|[{single}](?=[\d.,]+\s?(?:tn|bn|trillion|billion|million)))"
        names = sorted(self.word, key=len, reverse=True)
        self.after = rf"(?=[^\W\d_])(?:(?i:{by_letter(names)})|{by_letter([*self.per_dollar, 'RMB'])})\b"

    def code(self, words: str) -> str:
        """ISO 4217 code of a sign, code or word."""
        found = self.symbol.get(words)
        return found if found is not None else self.word[words.casefold()]


@cache
def currencies() -> Currencies:
    """The table, read once."""
    return Currencies()
