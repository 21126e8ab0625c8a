"""Arithmetic inside one document: amounts that are said to be equal, parts and totals, orders of magnitude."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from winset.record.reading.figures_pairs import PART_LINK, PARTS
from winset.record.reading.figures_units import currencies
from winset.record.reading.schema import Figure, Flag, Span, changed

__all__ = ["check"]

_FLOWS = ("exports", "imports", "trade_balance", "budget_balance", "revenue", "profit", "loss", "price")
"""Amounts that follow a total of another kind without being parts of it: a deficit, and the exports behind it."""
_ROUNDED, _ABOUT = 0.005, 0.05
"""How far parts may be from their total, as a share of it: as written, and where any is said to be about."""

_SAME_DIGITS = 1e-9


def _span(figure: Figure) -> Span:
    return Span(start=figure.start, end=figure.end, text=figure.text)


def _flag(kind: str, words: str, *figures: Figure) -> Flag:
    return Flag(kind=kind, text=words, spans=tuple(map(_span, figures)), items=tuple(f.id for f in figures))


def _rate(a: Figure, b: Figure) -> tuple[float, float, float] | None:
    """Units of `a`'s currency for one of `b`'s, as implied by their being equal, with the plausible bounds."""
    table = currencies().per_dollar
    if a.unit not in table or b.unit not in table or not b.value or not a.value:
        return None
    low = table[a.unit][0] / table[b.unit][1]
    high = table[a.unit][1] / table[b.unit][0]
    return a.value / b.value, low, high


def check(text: str, figures: Sequence[Figure]) -> tuple[tuple[Figure, ...], list[Flag]]:
    """`figures` with their flags, and one sentence for each thing that does not add up."""
    found = {figure.id: figure for figure in figures}
    flags: list[Flag] = []

    def mark(kind: str, words: str, *members: Figure) -> None:
        flags.append(_flag(kind, words, *members))
        for member in members:
            held = found[member.id]
            if kind not in held.flags:
                found[member.id] = changed(held, flags=(*held.flags, kind))

    for figure in figures:
        if "currency_conflict" in figure.flags:
            flags.append(
                _flag("currency_conflict", f"'{figure.text}' names two currencies; read as {figure.unit}", figure)
            )
        if figure.equals and (other := found[figure.equals]).start > figure.start:
            implied = _rate(figure, other)
            if implied and not implied[1] <= implied[0] <= implied[2]:
                mark(
                    "implausible_exchange_rate",
                    f"'{figure.text}' and '{other.text}' are given as one amount, which implies "
                    f"{implied[0]:.4g} {figure.unit} for one {other.unit}",
                    figure,
                    other,
                )
        if figure.role.startswith("share_of_") and figure.unit == "percent" and figure.value > 100:
            mark("share_above_whole", f"'{figure.text}' is a share of more than the whole", figure)
    for total, parts, complete in _wholes(text, figures):
        for part in parts:
            found[part.id] = changed(found[part.id], part_of=total.id)
        added = sum(part.value for part in parts)
        leeway = total.value * (_ABOUT if any(f.approx for f in (total, *parts)) else _ROUNDED)
        if added > total.value + leeway or (complete and len(parts) > 1 and added < total.value - leeway):
            words = " and ".join(f"'{part.text}'" for part in parts)
            mark(
                "parts_against_total",
                f"{words} are given as parts of '{total.text}' and add up to {added:,.0f}, not {total.value:,.0f}",
                total,
                *parts,
            )
    for a, b in itertools.islice(itertools.combinations(_amounts(figures), 2), 2_000):
        if a.unit == b.unit and a.role == b.role and a.value and b.value:
            ratio = math.log10(abs(a.value / b.value))
            steps = round(ratio)
            if abs(steps) >= 2 and steps % 3 == 0 and abs(ratio - steps) < _SAME_DIGITS:
                mark(
                    "order_of_magnitude",
                    f"'{a.text}' and '{b.text}' have the same digits and differ by a factor of 10^{abs(steps)}",
                    a,
                    b,
                )
    return tuple(found[figure.id] for figure in figures), flags


def _wholes(text: str, figures: Sequence[Figure]) -> Iterator[tuple[Figure, list[Figure], bool]]:
    """Amounts that their sentence takes apart, the parts, and whether they are said to be all of them."""
    i = 0
    while i < len(figures) - 1:
        total = figures[i]
        i += 1
        opened = PARTS.match(text[total.end : figures[i].start][:160])
        if opened is None or total.value <= 0 or not _part(total, figures[i], opened.lastgroup or ""):
            continue
        parts = [figures[i]]
        while i + 1 < len(figures) and _part(total, figures[i + 1], opened.lastgroup or ""):
            if PART_LINK.match(text[parts[-1].end : figures[i + 1].start]) is None:
                break
            i += 1
            parts.append(figures[i])
        yield total, parts, opened["all"] is not None


def _part(total: Figure, other: Figure, said: str) -> bool:
    """Whether a figure can be a part of an amount: of its kind, its sentence, smaller, and no end of a range."""
    return (
        other.sentence == total.sentence
        and other.unit == total.unit
        and other.unit in currencies().per_dollar
        and other.value > 0
        and (said == "some" or other.value < total.value)
        and (other.role == total.role or other.role not in _FLOWS)
        and other.low is None
        and other.equals is None
        and other.per == total.per
    )


def _amounts(figures: Sequence[Figure]) -> list[Figure]:
    table = currencies().per_dollar
    return [figure for figure in figures if figure.unit in table]
