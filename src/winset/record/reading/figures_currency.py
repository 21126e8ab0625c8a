"""Currencies that a word or a sign alone does not name: pesos, kroner, and the dollar of the body that speaks."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from winset.record.reading.dates_zones import rows
from winset.record.reading.figures_units import currencies

__all__ = ["home_dollar", "shared_code"]


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """Names, adjectives and seats of each country, by its code."""
    found = {}
    for row in rows("names_countries.csv", delimiter=";"):
        words = (row[column].split("|") for column in ("names", "adjectives", "seats"))
        found[row["code"]] = tuple(word for group in words for word in group if len(word) > 2)
    return found


@cache
def _named(countries: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of the names of some countries, and which country each name is of."""
    names = {name: code for code in countries for name in _countries().get(code, ())}
    longest = sorted(names, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b"), names


@cache
def _in_heads(countries: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The same in letters of any size, for headings."""
    pattern, names = _named(countries)
    return re.compile(pattern.pattern, re.I), {name.casefold(): code for name, code in names.items()}


def shared_code(text: str, word: str, at: int) -> str:
    """The ISO 4217 code of a currency word that several countries use, at `at` in `text`.

    That of the country which the text named last before the place, or else at its head or first after it, among
    those that use the word; failing that the one that the word alone means, or "".
    """
    table = currencies()
    users = table.shared.get(word) or table.shared[word.casefold()]
    pattern, names = _named(tuple(sorted(users)))
    last = None
    for match in pattern.finditer(text, max(0, at - _WITHIN), at):
        last = match
    last = last or pattern.search(text, 0, min(at, _WITHIN)) or pattern.search(text, at, at + _WITHIN)
    if last:
        return users[names[last[0]]]
    return table.symbol.get(word) or table.word.get(word.casefold(), "")


_FOREIGN = re.compile(r"\bUS\$|\bUSD\b|\bU\.S\.\$|\bUS dollars\b")
_FOREIGN_SIGNS = ("US$", "USD", "U.S.$", "US dollars")
"""One of these stands in every match: looking for the letters is far cheaper."""
_HEAD, _LINE, _LINES = 300, 120, 5
"""Characters at the head of a text; of a line that is no sentence; and how many such lines may say who speaks."""
_WITHIN = 4_000
"""Characters within which a country tells whose money is meant, so that long texts stay cheap."""
_HYPHENED = re.compile(
    r"\$[\d.,]+-(?:million|billion|trillion)\s(?:in|of|by|from|to|since|a year|last|this|on|for|worth)\b"
)
"""How Canadian papers write every amount, "collected $3.8-billion in duties"; others do so only before a noun."""
_HYPHENS = ("-million", "-billion", "-trillion")
_ISSUED = re.compile(
    r"\b(?:(?i:media (?:release|statement)|news release|press release|transcript)|Minister (?:for|of)|Ministry"
    r"|Department (?:of|for)|Standing Committee|Select Committee|Hansard|House of (?:Commons|Representatives)"
    r"|Parliament of|Treasury|Bureau of|Office of|Reserve Bank|Bank of)\b"
)
"""At the head of what a public body puts out itself."""
_TELLS = re.compile(r"\b(?:says?|said|meets?|met|warns?|hails?|seeks?|calls?|urges?|eyes|vows?|plans?|wants?)\b")


def _main_country(text: str) -> str:
    """The country that a text names first, where it names none more often; else ""."""
    pattern, names = _named(tuple(_countries()))
    codes = [names[match[0]] for match in pattern.finditer(text)]
    return codes[0] if codes and Counter(codes).most_common(1)[0][1] <= codes.count(codes[0]) else ""


def home_dollar(text: str) -> str:
    """The ISO 4217 code of a bare "$" in `text`: USD, unless the text itself tells that another one is meant.

    It does where it writes "US$" for the dollar of the United States and no sign of its own for that of a country
    which its head names; where its first lines are those of a public body of a country that has a dollar; where it
    is about Canada and writes amounts as papers there do; or where such a country is the first that it names, none
    is named more often, and it writes "per cent", as the Commonwealth does.
    """
    table = currencies()
    pattern, names = _in_heads(tuple(sorted(table.dollars)))
    head = text[:_HEAD]
    lines = [line for line in head.splitlines() if line.strip() and len(line) <= _LINE][:_LINES]
    first = "\n".join(line for line in lines if _TELLS.search(line) is None)
    issuer = pattern.search(first) if _ISSUED.search(first) else None
    foreign = issuer is None and any(sign in text for sign in _FOREIGN_SIGNS) and _FOREIGN.search(text)
    named = issuer or (pattern.search(head) if foreign else None)
    if named:
        code = table.dollars[names[named[0].casefold()]]
    elif (
        any(scale in text for scale in _HYPHENS)
        and _HYPHENED.search(text)
        and re.search(r"\bCanad|\bOttawa\b", text)
    ):
        code = "CAD"
    elif " per cent" in text and " percent" not in text:
        code = table.dollars.get(_main_country(text[:_WITHIN]), "USD")
    else:
        return "USD"
    own = (sign for sign, of in table.symbol.items() if of == code)
    return "USD" if any(sign in text for sign in own) else code
