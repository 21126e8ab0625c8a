"""Texts of a case in other languages: `translations.yaml`, a mapping of English texts by language.

ko:
  "The terms of November 2025": 2025년 11월 합의 조건
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from winset.core.casefile import load_yaml
from winset.core.errors import UnknownNameError
from winset.core.names import nearest
from winset.package.bargain_sheet import load_bargain
from winset.package.case import Case
from winset.record.claims import Estimate

__all__ = ["FILE", "case_texts", "translations"]

FILE = "translations.yaml"
LONGEST = 5_000
"""Characters of a translation."""


def translations(case: Case, language: str) -> Mapping[str, str]:
    """Texts of a case in a language; empty where the case has none.

    An entry must translate a text that the case, or the names of regions and goods behind it, really holds: a key
    that nothing says any more is an error with its line, so that translations do not go stale unseen.
    """
    path = case.folder / FILE
    if not path.is_file():
        return {}
    located = load_yaml(path)
    if not isinstance(located.data, dict):
        raise located.error(
            "this file maps a language to its texts", remedy="For example 'ko:' and lines below it"
        )
    texts = case_texts(case)
    found: dict[str, str] = {}
    for code, entries in located.data.items():
        if not (isinstance(code, str) and len(code) == 2 and code.islower()):
            raise located.error(
                f"{code!r} is not a language", (code,), remedy="Two letters of ISO 639: ko, ja, fr"
            )
        if not isinstance(entries, dict):
            raise located.error(f"{code} must map English texts to texts", (code,))
        for english, said in entries.items():
            at = (code, english)
            if not isinstance(said, str) or not said.strip() or len(said) > LONGEST:
                raise located.error("a translation is a text that is not empty", at)
            if english not in texts:
                close = nearest(english, texts)
                raise UnknownNameError(
                    f"nothing in this case says {english!r}", file=located.file, line=located.line(at),
                    remedy=f"Did you mean {close!r}?" if close else "Copy the English text as the case has it",
                )  # fmt: skip
        if code == language:
            found = dict(entries)
    return found


def case_texts(case: Case) -> set[str]:
    """Every text of a case that a brief may print: titles, labels, reasons, names, labels of goods."""
    kept = set(_texts(case.sheet))
    for package in case.packages.values():
        kept |= set(_texts(package))
    kept |= {good.label for good in case.law.book.goods.values()}
    sheet = load_bargain(case)
    if sheet is not None:
        kept |= set(_texts(sheet))
    for claim in case.record:
        if isinstance(claim, Estimate):
            kept |= {claim.institution, claim.scenario, claim.outcome, claim.unit}
    return kept


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield from _texts(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _texts(one)
