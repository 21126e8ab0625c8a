"""Which language a text is in: by its script first, then by the share of each language's commonest words.

Only English is read. A foreign quotation inside an English text does not matter, since shares decide; a text too
short to tell is taken for English unless its script says otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib import resources
from itertools import chain

from winset.core.errors import RequestError
from winset.record.reading.wordlists import letters

__all__ = ["Language", "detect", "require_english"]

Language = str
"""ISO 639-1 code, or `und` where the text is too short to tell."""

_SAMPLE = 400
"""Letters looked at from each of the beginning, the middle and the end."""
_SHORT = 40
"""Words of a text of which it is too little that some are shared with another language."""
_OWN = 2
"""Different words of its own that show a short text to be in another language."""
_WORDS = re.compile(r"[^\W\d_]+")
_MARKS = "“”‘’–—…\xa0"
"""Marks without which most English texts are plain ASCII."""
_SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_FOREIGN = re.compile(r"[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7a3]")
_NAMES = {
    "ko": "Korean", "ja": "Japanese", "zh": "Chinese", "ru": "Russian", "ar": "Arabic", "el": "Greek",
    "he": "Hebrew", "hi": "Hindi", "th": "Thai", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "sv": "Swedish", "da": "Danish", "id": "Indonesian",
    "tr": "Turkish", "vi": "Vietnamese",
}  # fmt: skip


@cache
def _stop_words() -> dict[str, tuple[Language, ...]]:
    """Each common word with the languages that have it."""
    found: dict[str, tuple[Language, ...]] = {}
    listing = resources.files("winset.record.reading").joinpath("stopwords.txt").read_text(encoding="utf-8")
    for line in listing.splitlines():
        if line and not line.startswith("#"):
            code, words = line.split(":")
            for word in words.split():
                found[word] = (*found.get(word, ()), code)
    return found


@cache
def _english() -> frozenset[str]:
    return frozenset(word for word, languages in _stop_words().items() if "en" in languages)


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = len(text) // 2
    return " ".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))


def detect(text: str) -> Language:
    """The language of most of the text."""
    sample = _sample(text)
    if not sample.isascii():
        for mark in _MARKS:
            sample = sample.replace(mark, " ")
    plain = sample.isascii()
    words = letters(sample.lower()).split() if plain else _WORDS.findall(sample.casefold())
    # Plain ASCII cannot hold another script; testing that first is far cheaper than counting.
    foreign = 0 if plain else len(_FOREIGN.findall(sample))
    if foreign and 2 * foreign > sum(map(len, words)) * 0.6:
        counts = {code: len(pattern.findall(sample)) for code, pattern in _SCRIPTS}
        if counts["ja"] and counts["ja"] * 10 > counts["zh"]:
            return "ja"
        return max(counts, key=lambda code: counts[code])
    table = _stop_words()
    known = sum(map(table.__contains__, words))
    if len(words) < 8 or known < 3:
        # Too little to tell: a headline, a table of figures, or no known words at all in a longer text.
        return "und" if len(words) < 40 or known else "other"
    if sum(map(_english().__contains__, words)) * 10 >= known * 9:
        return "en"  # no other language can have many more
    score = Counter(chain.from_iterable(table.get(word, ()) for word in words))
    best, hits = max(score.items(), key=lambda item: (item[1], item[0] == "en"))
    if score["en"] == hits or score["en"] * 10 >= hits * 9:
        return "en"
    if (
        len(words) < _SHORT
        and sum(best in table.get(word, ()) and "en" not in table[word] and len(word) > 1 for word in set(words))
        < _OWN
    ):
        return "und"
    return best


def require_english(text: str, *, file: str = "") -> Language:
    """`en`, or `und` for a text too short to tell; any other language is refused."""
    code = detect(text)
    if code in ("en", "und"):
        return code
    named = _NAMES.get(code)
    raise RequestError(
        f"the text is in {named}" if named else "the text is not in a language that can be read",
        file=file or None,
        why="Only English is read; in another language figures and dates would be guessed",
        remedy="Give an English translation, and say in documents.yaml that it is one",
    )
