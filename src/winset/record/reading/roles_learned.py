"""Roles of figures by weights learnt from annotated texts, where no rule is sure of its topic.

A multinomial logistic regression for each kind of figure (rates, money, counts) over the features of
`roles_features`; what the rules say is one of them. `benchmarks/train_roles.py` makes `roles_weights.json` from
the texts under `tests/record`, and says how well it does on texts held out. Prediction adds numbers from a table:
no randomness, no dependence on other documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from math import exp
from struct import unpack
from typing import Any

from winset.record.reading.figures_bare import GOODS
from winset.record.reading.roles_features import Around, features, general, kind_of
from winset.record.reading.roles_shares import share_role
from winset.record.reading.schema import Figure, Sentence, changed

__all__ = ["Example", "Learned", "examples", "learned", "learned_roles", "role_named"]

_TOLD = frozenset(
    [
        "approval_rating", "unemployment_rate", "inflation_rate", "interest_rate", "probability",
        "defence_spending",
        "content_share", "ownership_stake", "profit_share", "reserves", "fine", "profit", "tariff_revenue",
        "trade_covered_by_tariffs", "defence_cost_sharing", "budget_balance", "share_of_gdp", "subsidy",
        "duration",
        "exchange_rate", "exports", "trade_balance", "trade_volume", "loan", "quota", "tariff_rate_after",
        "investment_existing", "corporate_investment_existing",
    ]
)  # fmt: skip
"""What the rules say that stands: told by words that seldom mean anything else, or too rare to learn.
Elsewhere the weights, which know what the rules say, are right more often, on texts that neither had seen."""
_SURE = 0.3
"""Probability from which a figure of which no rule could tell anything is said to be something."""
UNSURE = 0.7
"""Probability below which a role carries the flag `role_unsure`, for the reviewer."""
_NEAR_BY = 2
"""Sentences within which a number may leave its measure out."""
_PLAIN = 0.7
"""Probability below which a figure is what the same value is where that is told more plainly."""
_KEPT = 8
"""Sentences kept cut into words; a long document is not held so as a whole."""
_UNTOLD = ("amount", "percentage")
_OF = re.compile(r"\sof\s(?P<what>.+)", re.S)


_BITS = 32
"""Of a weight where many stand in one number; sums of weights stay far below half of what that holds."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Weights for one kind of figure."""

    roles: tuple[str, ...]
    unit: int
    """What the weights are counted in: 100 where they are whole hundredths."""
    weights: Mapping[str, int] = field(repr=False)
    """Feature -> its weights of all roles packed into one whole number, the first role lowest.

    Adding such numbers adds the weights of every role at once, exactly and in any order.
    """
    middle: int = field(repr=False, init=False)
    """Half of what each weight's place holds, packed likewise: with it added, no place is below nought."""

    def __post_init__(self) -> None:
        half = 1 << _BITS - 1
        object.__setattr__(self, "middle", sum(half << _BITS * place for place in range(len(self.roles))))

    def probabilities(self, names: Iterable[str]) -> list[float]:
        """Of each role, for a figure of which the features `names` hold; they add up to 1."""
        # Features without a weight are left out: to add nought to so long a number costs as much as any weight.
        total = sum(filter(None, map(self.weights.get, names)), self.middle)
        places = len(self.roles)
        scores = unpack(f"<{places}I", total.to_bytes(places * _BITS // 8, "little"))
        highest, unit = max(scores), self.unit
        parts = [exp((score - highest) / unit) for score in scores]
        whole = sum(parts)
        return [part / whole for part in parts]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A figure that is up for a role, and what stands around it."""

    figure: Figure
    names: tuple[str, ...]


def read_weights(found: Mapping[str, Any]) -> dict[str, Learned]:
    """The weights of each kind of figure from the JSON that the trainer writes."""
    return {
        kind: Learned(
            roles=tuple(one["roles"]),
            unit=one["unit"],
            weights={
                name: sum(row[i + 1] << _BITS * row[i] for i in range(0, len(row), 2))
                for name, row in one["weights"].items()
            },
        )
        for kind, one in found["kinds"].items()
    }


@cache
def learned() -> dict[str, Learned]:
    """The weights that come with the package."""
    source = resources.files(__package__).joinpath("roles_weights.json").read_text(encoding="utf-8")
    return read_weights(json.loads(source))


def examples(
    low: str, sentences: Sequence[Sentence], figures: Sequence[Figure], *, every: bool = False
) -> list[Example]:
    """The figures whose role the weights tell, or all, with features. `low`: the text in small letters."""
    at = {sentence.i: n for n, sentence in enumerate(sentences)}
    cut: dict[int, Around] = {}

    def seen(n: int) -> Around:
        if n not in cut:
            if len(cut) > _KEPT:
                cut.clear()
            sentence = sentences[n]
            cut[n] = Around(low, sentence.start, sentence.end)
        return cut[n]

    def beside(n: int, i: int, unit: str) -> tuple[Around | None, Figure] | None:
        if not 0 <= i < len(figures) or (other := figures[i].sentence) is None:
            return None
        m = at[other]
        if abs(m - n) > 1:
            return None
        # Of a figure of another unit no words are asked, so that its sentence need not be cut.
        return (seen(m) if m == n or figures[i].unit == unit else None), figures[i]

    found: list[Example] = []
    for i, figure in enumerate(figures):
        if figure.sentence is None or not (every or not _certain(figure)):
            continue
        n = at[figure.sentence]
        left, right = beside(n, i - 1, figure.unit), beside(n, i + 1, figure.unit)
        names = features(seen(n), figure, figure.role, left, right, sentences[n].block)
        found.append(Example(figure=figure, names=tuple(names)))
    return found


def _certain(figure: Figure) -> bool:
    """Whether what the rules say stands, or both ends of a change are told."""
    return figure.role in _TOLD or (figure.pair is not None and figure.role == "tariff_rate_before")


def least_for(role: str) -> float:
    """The probability from which another role than `role`, which the rules say, is taken; 2 for never."""
    if role in _UNTOLD:
        return _SURE
    return 2.0 if role in _TOLD else 0.0


def role_named(low: str, figure: Figure, role: str) -> str:
    """`role`, of the kind that is learnt, with what it is a share or a count of."""
    if role == general(figure.role):
        return figure.role
    if role == "count_of":
        return f"count_of_{figure.unit.replace('-', '_')}"
    if role == "share_of":
        of = _OF.match(low, figure.end, figure.end + 80)
        named = share_role(of["what"]) if of else "share"
        return named if named.startswith("share") else "share"
    return role


def learned_roles(low: str, sentences: Sequence[Sentence], figures: Sequence[Figure]) -> list[Figure]:
    """`figures`, in order, with the likeliest role where the rules leave it open."""
    told: dict[str, str] = {}
    unsure: set[str] = set()
    doubtful: set[str] = set()
    chance: dict[str, float] = {}
    table = learned()
    for example in examples(low, sentences, figures):
        figure = example.figure
        chance[figure.id] = 0.0
        known = table[kind_of(figure)]
        chances = known.probabilities(example.names)
        best = max(range(len(chances)), key=chances.__getitem__)
        if chances[best] < UNSURE:
            unsure.add(figure.id)
        if chances[best] < _PLAIN:
            doubtful.add(figure.id)
        if chances[best] < least_for(figure.role):
            continue
        told[figure.id] = role_named(low, figure, known.roles[best])
        chance[figure.id] = chances[best]
    _alike(figures, told, chance)
    _both_ends(figures, told, chance)
    _told_elsewhere(figures, told, doubtful)
    _same_goods(low, figures, told)
    marked = [
        changed(figure, flags=(*figure.flags, "role_unsure")) if figure.id in unsure else figure
        for figure in figures
    ]
    return [
        changed(figure, role=told[figure.id]) if told.get(figure.id, figure.role) != figure.role else figure
        for figure in marked
    ]


def _both_ends(figures: Sequence[Figure], told: dict[str, str], chance: Mapping[str, float]) -> None:
    """What falls "from 100 percent to 50 percent of the volumes" is one thing: the surer end says what."""
    by_id = {figure.id: figure for figure in figures}
    for figure in figures:
        other = by_id.get(figure.pair or "")
        if other is None or figure.low is not None or other.start < figure.start:
            continue
        first, last = (told.get(end.id, end.role) for end in (figure, other))
        rated = [role.startswith("tariff_rate") for role in (first, last)]
        if first == last or all(rated):
            continue
        leads = chance.get(figure.id, 1.0) >= chance.get(other.id, 1.0)
        if rated[0 if leads else 1]:
            told[figure.id], told[other.id] = "tariff_rate_before", "tariff_rate_after"
        else:
            told[figure.id] = told[other.id] = first if leads else last


def _same_goods(low: str, figures: Sequence[Figure], told: dict[str, str]) -> None:
    """ "Lima asked for 40,000": a number without its measure is what the last one with that measure was."""
    last: dict[str, Figure] = {}
    for figure in figures:
        if figure.unit not in GOODS:
            continue
        like = last.get(figure.unit)
        near = like is not None and (figure.sentence or 0) - (like.sentence or 0) <= _NEAR_BY
        bare = not low.startswith((f" {figure.unit}", f"-{figure.unit}", f" metric {figure.unit}"), figure.end)
        if like is not None and near and bare and figure.text.replace(",", "").isdigit():
            told[figure.id] = told.get(like.id, like.role)
        last[figure.unit] = figure


def _told_elsewhere(figures: Sequence[Figure], told: dict[str, str], doubtful: set[str]) -> None:
    """A figure of which nothing is sure is what the same value is where that is told more plainly."""
    plain: dict[tuple[float, str], set[str]] = {}
    if doubtful:
        for figure in figures:
            if figure.id not in doubtful and figure.unit != "years":
                plain.setdefault((figure.value, figure.unit), set()).add(told.get(figure.id, figure.role))
    for figure in figures:
        if figure.id in doubtful and len(roles := plain.get((figure.value, figure.unit), set())) == 1:
            told[figure.id] = next(iter(roles))


def _alike(figures: Sequence[Figure], told: dict[str, str], chance: Mapping[str, float]) -> None:
    """One amount in two currencies is one thing, of which the surer says what; of a range, the upper end does.

    `chance`: of what was weighed; what rules tell is sure.
    """
    by_id = {figure.id: figure for figure in figures}
    for figure in figures:
        other = by_id.get(figure.equals or "")
        if other is not None and other.start < figure.start and (figure.id in told or other.id in told):
            first = chance.get(other.id, 1.0) >= chance.get(figure.id, 1.0)
            role = told.get(other.id, other.role) if first else told.get(figure.id, figure.role)
            told[other.id] = told[figure.id] = role
        if figure.low is not None and figure.pair is not None and figure.value == figure.low:
            upper = by_id.get(figure.pair)
            if upper is not None and figure.id in told:
                told[figure.id] = told.get(upper.id, upper.role)
