"""The brief's own words in the reader's language.

The English text is the key: `words("Net gain of {party}", party="Korea")`. A catalogue in `labels/` gives the same
text in another language; what is not in it stays English. Texts of a case are the case's, translated in its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from winset.core.names import known

__all__ = ["LANGUAGES", "Words"]

LANGUAGES = ("en", "ko")
"""ISO 639 codes; English is the language that the texts are written in."""


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language == "en":
        return MappingProxyType({})
    text = (files("winset.brief") / "labels" / f"{language}.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text) or {})


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
        """A text of the case (a title, a name, the label of a line): the case's translation, else as it is."""
        return self._case.get(text, self._catalogue.get(text, text))
