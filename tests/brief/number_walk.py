"""Walks a brief and finds numbers that stand alone: printed, yet neither a finding nor a word of the content.

Writers of other formats use it too: give `loose` the texts that a file prints outside its findings.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from winset.brief.content import BriefContent, Finding
from winset.brief.document import Bullets, Definitions, Document, Illustration, KeyNumbers, Paragraph, Run, Table
from winset.brief.formats import band_text, plain, value_text

__all__ = ["loose", "numbers", "printed", "resolves", "runs", "said_by", "tree_findings"]

NUMBER = re.compile(r"(?<![\w.,])[-+\u2212]?\d[\d.,]*\d|(?<![\w.,])[-+\u2212]?\d")


def numbers(text: str) -> list[str]:
    """Numbers of a text as they are printed, without sign and without a closing point; not those within names."""
    return [found.lstrip("+-\u2212").rstrip(".,") for found in NUMBER.findall(text)]


def runs(document: Document) -> Iterator[Run]:
    """Every run of the tree."""
    for block in document.walk():
        if isinstance(block, Paragraph):
            yield from block.runs
        elif isinstance(block, Bullets):
            yield from (run for item in block.items for run in item)
        elif isinstance(block, Definitions):
            yield from (run for _, parts in block.items for part in parts for run in part)
        elif isinstance(block, KeyNumbers):
            for finding, what, small in block.items:
                yield Run(finding=finding)
                yield from (*what, *small)
        elif isinstance(block, Table):
            yield from block.caption
            yield from (run for row in (block.head, *block.rows) for cell in row for run in cell.runs)


def tree_findings(document: Document) -> dict[str, Finding]:
    """Findings printed anywhere in the tree, those in the data of pictures included, by id."""
    found = {run.finding.id: run.finding for run in runs(document) if run.finding is not None}
    for block in document.walk():
        if isinstance(block, Illustration):
            found |= {cell.id: cell for row in block.picture.cells for cell in row if isinstance(cell, Finding)}
    return found


def printed(finding: Finding) -> str:
    """A finding as every format prints it."""
    return f"{value_text(finding)} {band_text(finding)}".strip()


def resolves(finding: Finding, known: Iterable[str], run: str) -> bool:
    """Whether a number rests on something, and all of that is a claim, an assumption, or this run."""
    return bool(finding.rests_on) and set(finding.rests_on) <= {*known, run}


def said_by(content: BriefContent) -> set[str]:
    """Numbers that the content says in words: titles, texts of claims, rates with citation, days, inputs."""
    found: set[str] = set()
    for text in _texts(content):
        found |= set(numbers(text))
    for one in content.assumptions:
        found |= {number for x in (one.value, one.low, one.high) for number in numbers(plain(x))}
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Finding):
        yield from (value.unit, value.horizon, value.label, value.baseline, value.elasticities, *value.rests_on)
    elif isinstance(value, str):
        yield value
        # Days are printed in words: 2026-07-25 as 25 July 2026.
        yield from (f"{int(d)} {int(m)} {y}" for y, m, d in re.findall(r"(\d{4})-(\d\d)-(\d\d)", value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name != "figure":
                yield from _texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from (str(key), *_texts(one))
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value)


def loose(texts: Iterable[str], content: BriefContent) -> list[tuple[str, str]]:
    """(number, text) of numbers in texts outside findings that nothing in the content says."""
    known = said_by(content)
    return [(number, text) for text in texts for number in numbers(text) if number not in known]
