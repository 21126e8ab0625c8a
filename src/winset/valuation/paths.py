"""From a package's dates to states of the world: which tariffs and measures hold when, on which branch.

A package without dates or conditions is one branch with one state, in force over the whole horizon. Staging
adds states, a condition or a snap-back adds branches. Only distinct states are ever solved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeVar

from winset.package.case import Case, Package
from winset.package.law_schema import Kind
from winset.package.terms import Commitment, Condition, MarketAccess, Parameter, Steps, TariffTerm, parameters

__all__ = [
    "Branch",
    "Cut",
    "Rate",
    "State",
    "branches",
    "first_state",
    "measures",
    "shock_parameters",
    "year_weights",
]

Lookup = Callable[[Parameter], float]
Held = TypeVar("Held", bound=Hashable)


class Rate(NamedTuple):
    """A tariff term as it stands on some day: what `Law.with_terms` reads."""

    importer: str
    exporter: str
    good: str
    authority: str
    rate: float
    """Percent, averaged over the quota where there is one."""
    kind: Kind
    action: str | None
    citation: tuple[str, ...]


class Cut(NamedTuple):
    """A measure removed, in the terms of the model: fractions of the price with it."""

    id: str
    importer: str
    exporter: str
    sectors: tuple[str, ...]
    cost: float
    """Taken off the importer's price as real cost; the exporter's rent is in it and has a line of its own."""
    tariff: float
    """Taken off as if it were a tariff: the rent that stayed with the importing side."""


class State(NamedTuple):
    """What holds between the parties on some day."""

    package: str
    """The package whose `from_law` gives the law between the parties."""
    rates: tuple[Rate, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One way in which a package can turn out."""

    label: str
    chances: tuple[tuple[Parameter, bool], ...]
    """(probability, whether the event came about); the branch's own is the product."""
    spans: tuple[tuple[dt.date, State], ...]
    """From which day each state holds; the first from the day of valuation."""
    commitments: tuple[tuple[Commitment, dt.date | None], ...]
    """Terms that are paid on this branch, and the day after whose year payments stop."""


def first_state(case: Case, package: Package, get: Lookup) -> State:
    """The state on the package's own day, before any condition is decided."""
    return _state(package, package.tariffs.terms, package.access, package.date, get)


def branches(case: Case, package: Package, start: dt.date, get: Lookup) -> tuple[Branch, ...]:
    """Every branch of a package seen from a day. `get` gives the parameters that enter a shock."""
    found = []
    for decided in _outcomes(package.conditions):
        found.append(_branch(package, decided, start, get))
    snap = package.enforcement
    if snap is None or snap.status == "void":
        return tuple(found)
    other = case.package(snap.to)
    end: list[Branch] = []
    for one in found:
        days = [day for day in _days(other.tariffs.terms, other.access) if day > snap.on]
        after = [
            (day, _state(other, other.tariffs.terms, other.access, day, get))
            for day in [max(snap.on, start), *days]
        ]
        kept = [span for span in one.spans if span[0] < after[0][0]]
        stop = snap.on if snap.payments_stop else None
        back = replace(
            one,
            label=_joined(one.label, f"snap-back on {snap.on}"),
            chances=(*one.chances, (snap.probability, True)),
            spans=(*kept, *after),
            commitments=tuple((term, stop) for term, _ in one.commitments),
        )
        if snap.probability == 1:
            end.append(back)
            continue
        held = replace(
            one, label=_joined(one.label, "no snap-back"), chances=(*one.chances, (snap.probability, False))
        )
        end += [held, back]
    return tuple(end)


def _joined(*labels: str) -> str:
    return "; ".join(label for label in labels if label)


Outcome = tuple[tuple[Condition, bool], ...]


def _outcomes(conditions: Iterable[Condition]) -> list[Outcome]:
    """Every way in which the conditions can be decided; one that never arises is not in its branch."""
    found: list[Outcome] = [()]
    for condition in conditions:
        if condition.status == "void":
            continue
        grown: list[Outcome] = []
        for outcome in found:
            arises = condition.after is None or any(c.id == condition.after and came for c, came in outcome)
            if arises:
                grown += [(*outcome, (condition, True)), (*outcome, (condition, False))]
            else:
                grown.append(outcome)
        found = grown
    return found


def _branch(package: Package, outcome: Outcome, start: dt.date, get: Lookup) -> Branch:
    rates, access = list(package.tariffs.terms), list(package.access)
    commitments: dict[str, Commitment] = {term.id: term for term in package.commitments}
    for condition, came in outcome:
        steps: Steps = condition.then if came else condition.otherwise
        rates += [term.model_copy(update={"since": term.since or condition.by}) for term in steps.tariffs]
        access += [term.model_copy(update={"since": term.since or condition.by}) for term in steps.access]
        # A branch that names a commitment anew replaces it; it is not paid twice.
        commitments |= {term.id: term for term in steps.commitments}
    days = sorted({start, *(day for day in _days(rates, access) if day > start)})
    spans: list[tuple[dt.date, State]] = []
    for day in days:
        state = _state(package, rates, access, day, get)
        if not spans or spans[-1][1] != state:
            spans.append((day, state))
    label = _joined(*(c.label if came else f"not: {c.label}" for c, came in outcome))
    return Branch(
        label=label,
        chances=tuple((c.probability, came) for c, came in outcome),
        spans=tuple(spans),
        commitments=tuple((term, None) for term in commitments.values() if term.status != "void"),
    )


def _days(rates: Iterable[TariffTerm], access: Iterable[MarketAccess]) -> list[dt.date]:
    """Every day on which a term begins, ends or changes its rate."""
    days: set[dt.date] = set()
    for term in (*rates, *access):
        if term.since:
            days.add(term.since)
        if term.until:
            days.add(term.until + dt.timedelta(days=1))
    for rate in rates:
        days |= {step.since for step in rate.steps}
    return sorted(days)


def _state(
    package: Package,
    rates: Iterable[TariffTerm],
    access: Iterable[MarketAccess],
    day: dt.date,
    get: Lookup,
) -> State:
    standing = [term for term in rates if term.status != "void" and term.covers(day)]
    cuts = [term for term in access if term.status != "void" and term.covers(day)]
    return State(
        package.name,
        tuple(_rate(term, day, get) for term in standing),
        tuple(_cut(term, get) for term in cuts),
    )


def _rate(term: TariffTerm, day: dt.date, get: Lookup) -> Rate:
    rate = term.rate_on(day)
    if term.quota:
        inside = get(term.quota.in_quota_share)
        rate = inside * rate + (1 - inside) * term.quota.out_of_quota_rate
    return Rate(
        term.importer, term.exporter, term.good, term.authority, rate, term.kind, term.action, tuple(term.citation)
    )


def _cut(term: MarketAccess, get: Lookup) -> Cut:
    whole = get(term.equivalent) * get(term.reach)
    rent = whole * (1 - get(term.real_share))
    # Prices fall from 1 + equivalent to 1; as a ratio of what was paid, so that the factor stays positive.
    return Cut(
        term.id,
        term.importer,
        term.exporter,
        tuple(term.sectors),
        (whole - rent + rent * term.rent_exporter) / (1 + whole),
        rent * term.rent_importer / (1 + whole),
    )


def measures(case: Case, get: Lookup) -> dict[str, Cut]:
    """Every measure that some package of the case removes, by id: until then it stands, for all packages."""
    found: dict[str, Cut] = {}
    for package in case.packages.values():
        terms = list(package.access)
        for condition in package.conditions:
            terms += [*condition.then.access, *condition.otherwise.access]
        found |= {term.id: _cut(term, get) for term in terms if term.status != "void"}
    return found


def shock_parameters(package: Package) -> tuple[str, ...]:
    """Ids of the assumptions that enter the shock itself: quota shares, and the parts of a measure removed."""
    terms = [*package.tariffs.terms, *package.access]
    for condition in package.conditions:
        for steps in (condition.then, condition.otherwise):
            terms += [*steps.tariffs, *steps.access]
    found: dict[str, None] = {}
    for term in terms:
        for part in (term, *([term.quota] if isinstance(term, TariffTerm) and term.quota else [])):
            found |= {value: None for _, value, _ in parameters(part) if isinstance(value, str)}
    return tuple(found)


def year_weights(spans: Sequence[tuple[dt.date, Held]], start: dt.date, years: int) -> list[dict[Held, float]]:
    """For each year after the day of valuation, the share of its days on which each state holds."""
    found: list[dict[Held, float]] = []
    edges = [_later(start, y) for y in range(years + 1)]
    for first, last in pairwise(edges):
        shares: dict[Held, float] = {}
        for position, (begins, state) in enumerate(spans):
            ends = spans[position + 1][0] if position + 1 < len(spans) else dt.date.max
            days = (min(ends, last) - max(begins, first)).days
            if days > 0:
                shares[state] = shares.get(state, 0.0) + days / (last - first).days
        found.append(shares)
    return found


def _later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
