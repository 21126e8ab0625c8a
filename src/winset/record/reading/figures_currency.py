"""Currencies that a word or a sign alone does not name: pesos, kroner, and the dollar of the body that speaks."""

from __future__ import annotations

import re
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


def shared_code(text: str, word: str, at: int) -> str:
    """The ISO 4217 code of a currency word that several countries use, at `at` in `text`.

    That of the country which the text named last before the place, or else first after it, among those that use
    the word; failing that the one that the word alone means, or "".
    """
    users = currencies().shared[word.casefold()]
    pattern, names = _named(tuple(sorted(users)))
    last = None
    for match in pattern.finditer(text, 0, at):
        last = match
    last = last or pattern.search(text, at)
    return users[names[last[0]]] if last else currencies().word[word.casefold()]


_FOREIGN = re.compile(r"\bUS\$|\bUSD\b|\bU\.S\.\$|\bUS dollars\b")
_HEAD = 300
_ISSUED = re.compile(
    r"\b(?:(?i:media (?:release|statement)|news release|press release)|Minister (?:for|of)|Ministry"
    r"|Department (?:of|for)|Standing Committee|Select Committee|Hansard|House of (?:Commons|Representatives)"
    r"|Parliament of|Treasury|Bureau of|Office of|Reserve Bank|Bank of)\b"
)
"""In the first line of what a public body puts out itself."""
_TELLS = re.compile(r"\b(?:says?|said|meets?|met|warns?|hails?|seeks?|calls?|urges?|eyes|vows?|plans?|wants?)\b")


def home_dollar(text: str) -> str:
    """The ISO 4217 code of a bare "$" in `text`: USD, unless the text itself tells that another one is meant.

    It does where it writes "US$" for the dollar of the United States and no sign of its own for that of a country
    which its head names; or where its first line is that of a public body of a country that has a dollar.
    """
    table = currencies()
    pattern, names = _named(tuple(sorted(table.dollars)))
    head = text[:_HEAD]
    first = next((line for line in head.splitlines() if line.strip()), "")
    issued = _ISSUED.search(first) is not None and _TELLS.search(first) is None
    if not issued and not _FOREIGN.search(text):
        return "USD"
    named = pattern.search(first) if issued else pattern.search(head)
    if named is None:
        return "USD"
    code = table.dollars[names[named[0]]]
    own = (sign for sign, of in table.symbol.items() if of == code)
    return "USD" if any(sign in text for sign in own) else code
