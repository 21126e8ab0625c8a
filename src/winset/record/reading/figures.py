"""Figures of a document: quantities found, what each is, which belong together, and which cannot be right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from winset.record.reading.figures_bare import GOODS
from winset.record.reading.figures_checks import check
from winset.record.reading.figures_context import roles_in_context
from winset.record.reading.figures_currency import home_dollar
from winset.record.reading.figures_find import find
from winset.record.reading.figures_quantity import Quantity
from winset.record.reading.figures_roles import role_and_object
from winset.record.reading.figures_units import NUMBERS, currencies, number_of
from winset.record.reading.roles_learned import learned_roles
from winset.record.reading.schema import DateMention, Figure, Flag, Sentence, changed
from winset.record.reading.wordlists import DIGIT, triggers

__all__ = ["read_figures"]

_IN_WORDS = triggers(
    "hundred hundreds thousand thousands million millions billion billions trillion trillions quadrillion lakh "
    "crore percent percentage cent year years month months points"
) | triggers(frozenset(word for word in NUMBERS if number_of(word) >= 10))
"""Words without one of which a number in words is no quantity."""
_CARRIES = 2
"""Sentences for which the currency of an amount goes without saying: "That leaves a gap of 38 billion"."""
_TERM = re.compile(r"within\b.*\b(?:months?|years?)$", re.I)
"""A date that is also a length of time: what must be done "within five years"."""
_REACH = 400
"""Characters of the sentence on either side of a figure that may say what it is."""
_EQUAL = re.compile(
    r"\s?,?\s?(?:\(|\[|or\s|equivalent to\s|equal to\s|–\s|- )\s?(?:(?:about|approximately|approx\.?|around"
    r"|roughly|some|nearly|or|almost|equivalent to|worth|USD)\s)*$",
    re.I,
)


def read_figures(
    text: str,
    low: str,
    sentences: Sequence[Sentence],
    said: Sequence[frozenset[str]],
    dates: Sequence[DateMention],
) -> tuple[tuple[Figure, ...], list[Flag]]:
    """Every figure of the sentences, in order, and what does not add up among them.

    `low` is the text in small letters; `said`: the words of each sentence that some rule looks for (`told_by`).
    Spans that are dates are no figures. Money is in units of its currency, rates in percent as written.
    """
    by_sentence: dict[int | None, list[tuple[int, int]]] = {}
    for mention in dates:
        if _TERM.match(mention.text) is None and not (
            mention.basis == "duration" and (mention.value or "").endswith(("Y", "M"))
        ):
            by_sentence.setdefault(mention.sentence, []).append((mention.start, mention.end))
    found: list[Figure] = []
    money = currencies().per_dollar
    for sentence, words in zip(sentences, said, strict=True):
        if DIGIT not in words and words.isdisjoint(_IN_WORDS):
            continue
        carried = next(
            (
                f.unit
                for f in reversed(found[-4:])
                if f.unit in money and f.role != "exchange_rate" and sentence.i - (f.sentence or 0) <= _CARRIES
            ),
            "",
        )
        goods = next(
            (
                f.unit
                for f in reversed(found[-4:])
                if f.unit in GOODS and sentence.i - (f.sentence or 0) <= _CARRIES
            ),
            "",
        )
        rated = any(f.unit == "percent" and sentence.i - (f.sentence or 0) <= _CARRIES for f in found[-4:])
        quantities = find(
            text, sentence.start, sentence.end, words, by_sentence.get(sentence.i, ()), carried, rated, goods
        )
        if quantities:
            found.extend(_figures(text, low, sentence, quantities, len(found)))
    found = _of_the_body(text, found)
    told = roles_in_context(text, low, sentences, found)
    return check(text, tuple(learned_roles(low, sentences, told)))


def _figures(text: str, lower: str, sentence: Sentence, quantities: list[Quantity], base: int) -> list[Figure]:
    made: list[Figure] = []
    money = currencies().per_dollar
    for i, q in enumerate(quantities):
        role, on = role_and_object(
            text, lower, q, max(sentence.start, q.start - _REACH), min(sentence.end, q.end + _REACH)
        )
        flags = ("currency_conflict",) if q.conflict else ()
        low = high = pair = equals = None
        if q.partner is not None:
            other = quantities[q.partner]
            pair = f"f{base + q.partner + 1}"
            if q.relation in ("low", "high"):
                low, high = min(q.value, other.value), max(q.value, other.value)
        if i and q.unit in money:
            before = quantities[i - 1]
            if before.unit in money and before.unit != q.unit and _EQUAL.fullmatch(text[before.end : q.start]):
                # One amount in two currencies: what the first is, the second is.
                equals = f"f{base + i}"
                role, on = made[i - 1].role, made[i - 1].on
                made[i - 1] = changed(made[i - 1], equals=f"f{base + i + 1}")
        made.append(
            Figure(
                id=f"f{base + i + 1}", start=q.start, end=q.end, text=text[q.start : q.end], value=_clean(q.value),
                unit=q.unit, role=role, approx=q.approx, sentence=sentence.i, on=on, pair=pair, equals=equals,
                low=low, high=high, per=q.per, flags=flags,
            )
        )  # fmt: skip
    # Both ends of a range are the same thing; the end that stands nearer to the words says what.
    for i, q in enumerate(quantities):
        if q.relation == "low" and q.partner is not None:
            high_end = made[q.partner]
            made[i] = changed(made[i], role=high_end.role)
    return made


def _of_the_body(text: str, figures: list[Figure]) -> list[Figure]:
    """Amounts after a bare "$" in the dollar that the text means; flagged where that is not the American one."""
    if not any(f.unit == "USD" and f.text.startswith("$") for f in figures) or (own := home_dollar(text)) == "USD":
        return figures
    return [
        changed(f, unit=own, flags=(*f.flags, "currency_assumed"))
        if f.unit == "USD" and f.text.startswith("$")
        else f
        for f in figures
    ]


def _clean(value: float) -> float:
    """`value` without the binary dust of a multiplication (91.2 billion is 91200000000)."""
    rounded = round(value, 6)
    return float(round(rounded)) if abs(rounded - round(rounded)) < 1e-6 else rounded
