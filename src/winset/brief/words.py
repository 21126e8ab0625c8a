"""The brief's own words in the reader's language.

The English text is the key: `words("Net gain of {party}", party="Korea")`. A catalogue in `labels/` gives the same
text in another language; what is not in it stays English. Texts of a case are translated in a file of the case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from winset.core.names import known

__all__ = ["LANGUAGES", "Words"]

LANGUAGES = ("en", "ko")
"""ISO 639 codes; English is the language that the texts are written in."""
LONGEST = 300
"""Characters of the longest text that is held against a pattern."""


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language == "en":
        return MappingProxyType({})
    # One file a part of the brief: ko.yaml, ko_figures.yaml, ...
    found: dict[str, str] = {}
    for part in sorted((files("winset.brief") / "labels").iterdir(), key=lambda entry: entry.name):
        if part.name.startswith(language) and part.name.endswith(".yaml"):
            found |= yaml.safe_load(part.read_text(encoding="utf-8")) or {}
    return MappingProxyType(found)


class Words:
    """Texts in one language. Raises UnknownNameError for a language without a catalogue."""

    def __init__(self, language: str = "en", case: Mapping[str, str] | None = None) -> None:
        self.language = known(language, LANGUAGES, "language")
        self._catalogue = _catalogue(language)
        self._case = dict(case or {})

    def __call__(self, text: str, /, **slots: object) -> str:
        """A text of the brief, its {slots} filled after it is translated."""
        translated = self._catalogue.get(text, text)
        return translated.format(**slots) if slots else translated

    def of_case(self, text: str) -> str:
        """A text of the case, or one put together by the rooms below (a title, the label of a line, a horizon).

        The case's translation, else the catalogue's, else that of the pattern in `labels/*_rooms.yaml` that it
        fits, its parts translated likewise; else as it is.
        """
        if text in self._case:
            return self._case[text]
        if text in self._catalogue or not text or len(text) > LONGEST:
            return self._catalogue.get(text, text)
        for pattern, translated in _patterns(self.language):
            found = pattern.fullmatch(text)
            if found:
                return translated.format(**{name: self.of_case(part) for name, part in found.groupdict().items()})
        return text

    def country(self, code: str) -> str:
        """Name of a country by its ISO 3166 alpha-3 code; empty where the code is of none, or in English."""
        if self.language == "en" or not re.fullmatch("[A-Z]{3}", code):
            return ""
        from babel import Locale
        from babel.core import get_global

        two = get_global("territory_aliases").get(code, [])
        return str(Locale(self.language).territories.get(two[0], "")) if len(two) == 1 else ""


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Texts of the rooms below that hold a name or a number, as patterns; the most specific first."""
    if language == "en":
        return ()
    found: dict[str, str] = {}
    for part in (files("winset.brief") / "labels").iterdir():
        if part.name == f"{language}_rooms.yaml":
            found = yaml.safe_load(part.read_text(encoding="utf-8")) or {}
    kept = []
    for text, translated in sorted(found.items(), key=lambda item: (-len(item[0]), item[0])):
        if "{" in text:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(text))
            kept.append((re.compile(pattern), translated))
    return tuple(kept)
