"""Counting what a reading got right, by the rule of the shared scorer: overlapping spans, equal values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from winset.record.reading.read import read_text
from winset.record.reading.schema import ReadDocument

__all__ = ["f1", "read_case", "tally"]


def _overlap(a: tuple[int, int], item: Any) -> bool:
    return a[0] < item.end and item.start < a[1]


def _place(text: str, words: str, taken: list[tuple[int, int]]) -> tuple[int, int]:
    start = text.index(words)
    while any(start < b and a < start + len(words) for a, b in taken):
        start = text.index(words, start + 1)
    taken.append((start, start + len(words)))
    return taken[-1]


def _day(bound: Any) -> str | None:
    return None if bound is None else str(bound)[:10]


def read_case(case: Mapping[str, Any]) -> ReadDocument:
    return read_text(case["t"], published=case["p"])


def tally(cases: Sequence[Mapping[str, Any]]) -> tuple[Counter[str], list[str]]:
    """Counts of wanted, found and right items, and one line for each that is not right."""
    n: Counter[str] = Counter()
    lines: list[str] = []
    for case in cases:
        found = read_case(case)
        n["figures found"] += len(found.figures)
        n["dates found"] += len(found.date_mentions)
        used: set[str] = set()
        taken: list[tuple[int, int]] = []
        for words, value, unit, role in case["f"]:
            n["figures"] += 1
            span = _place(case["t"], words, taken)
            hit = next(
                (
                    x
                    for x in found.figures
                    if x.id not in used
                    and _overlap(span, x)
                    and abs(x.value - value) <= 1e-9 * abs(value)
                    and x.unit == unit
                ),
                None,
            )
            if hit is None:
                lines.append(f"missing figure {words!r} {value} {unit} in {case['t']!r}")
                continue
            used.add(hit.id)
            n["figures right"] += 1
            n["roles right"] += hit.role == role
            if hit.role != role:
                lines.append(f"role of {words!r}: {hit.role}, not {role}, in {case['t']!r}")
        lines += [
            f"extra figure {x.text!r} {x.value} {x.unit} in {case['t']!r}"
            for x in found.figures
            if x.id not in used
        ]
        taken, used = [], set()
        for words, earliest, latest in case["d"]:
            n["dates"] += 1
            span = _place(case["t"], words, taken)
            mention = next((x for x in found.date_mentions if x.id not in used and _overlap(span, x)), None)
            if mention is None:
                lines.append(f"missing date {words!r} in {case['t']!r}")
                continue
            used.add(mention.id)
            right = (_day(mention.earliest), _day(mention.latest)) == (_day(earliest), _day(latest))
            n["dates right"] += right
            if not right:
                n["dates wrong unflagged"] += not mention.flagged
                lines.append(
                    f"date {words!r}: {mention.earliest} to {mention.latest}, flagged "
                    f"{mention.flagged}, in {case['t']!r}"
                )
        lines += [f"extra date {x.text!r} in {case['t']!r}" for x in found.date_mentions if x.id not in used]
    return n, lines


def f1(right: int, found: int, wanted: int) -> float:
    """The harmonic mean of precision and recall; 1 where nothing was wanted and nothing found."""
    return 2 * right / (found + wanted) if found + wanted else 1.0
