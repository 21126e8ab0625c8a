"""A package as it stands in `packages/*.yaml`, and the rules that it must keep, each fault with its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from winset.core.casefile import CaseModel, Located
from winset.core.names import known
from winset.package.law import Law
from winset.package.terms import (
    Cited,
    Commitment,
    Condition,
    Dated,
    MarketAccess,
    PurchaseCommitment,
    SnapBack,
    Status,
    Steps,
    TariffTerm,
    parameters,
)

if TYPE_CHECKING:
    from winset.package.case import Assumption, CaseSheet

__all__ = ["Background", "Package", "PackageTariffs", "check_package", "cited_parts"]

Path = tuple[str | int, ...]


class Background(CaseModel):
    """The law that everyone outside the package lives under."""

    on: dt.date
    statuses: list[Literal["in_force", "unconfirmed", "announced", "threatened"]] = ["in_force"]


class PackageTariffs(CaseModel):
    """Rates between the parties."""

    from_law: dt.date
    """Start from what the law has in force between the parties on this day."""
    terms: list[TariffTerm] = []


class Package(CaseModel):
    """What is, was or could be on the table."""

    name: str
    title: str
    date: dt.date
    """Day on which it is valued."""
    status: Status
    summary: str
    citation: list[str] = Field(min_length=1)
    background: Background | None = None
    """Default: the law in force on `date`."""
    tariffs: PackageTariffs
    access: list[MarketAccess] = []
    commitments: list[Commitment] = []
    conditions: list[Condition] = []
    """Forks in the road; each doubles the branches that are valued."""
    enforcement: SnapBack | None = None

    @property
    def background_day(self) -> dt.date:
        """Day of the background law."""
        return self.background.on if self.background else self.date

    @property
    def background_statuses(self) -> tuple[str, ...]:
        """Which rows of the law count as applied in the background."""
        return tuple(self.background.statuses) if self.background else ("in_force",)


MAX_CONDITIONS = 4
"""Most conditions of one package: each doubles the branches."""


def cited_parts(package: Package) -> Iterator[tuple[Path, Cited]]:
    """Every term of a package with its place in the file."""
    yield from _steps(
        Steps.model_construct(tariffs=[], access=package.access, commitments=package.commitments), ()
    )
    for position, term in enumerate(package.tariffs.terms):
        yield ("tariffs", "terms", position), term
    for position, condition in enumerate(package.conditions):
        at: Path = ("conditions", position)
        yield at, condition
        yield from _steps(condition.then, (*at, "then"))
        yield from _steps(condition.otherwise, (*at, "otherwise"))
    if package.enforcement:
        yield ("enforcement",), package.enforcement


def _steps(steps: Steps, at: Path) -> Iterator[tuple[Path, Cited]]:
    for key in ("tariffs", "access", "commitments"):
        for position, term in enumerate(getattr(steps, key)):
            yield (*at, key, position), term


def check_package(package: Package, located: Located, sheet: CaseSheet, law: Law) -> None:
    """Names, dates, shares, floors and overlaps of one package. Raises with file, line and the rule broken."""
    assumptions = {one.id: one for one in sheet.assumptions}
    codes = [p.code for p in sheet.parties if p.role == "party"]
    _check_days(package, located, sheet)
    ids: dict[str, set[str]] = {}
    for at, term in cited_parts(package):
        for key in ("importer", "exporter", "payer", "recipient"):
            if hasattr(term, key):
                known(getattr(term, key), codes, "party", file=located.file, line=located.line((*at, key)))
        _check_parameters(term, assumptions, located, at)
        if isinstance(term, TariffTerm):
            line = located.line((*at, "good"))
            known(term.good, law.book.goods, "good", file=located.file, line=line)
            line = located.line((*at, "authority"))
            known(term.authority, law.book.authorities, "authority", file=located.file, line=line)
            if term.quota:
                _check_parameters(term.quota, assumptions, located, (*at, "quota"))
        if isinstance(term, MarketAccess):
            for index, sector in enumerate(term.sectors):
                line = located.line((*at, "sectors", index))
                known(sector, law.book.sectors, "sector", file=located.file, line=line)
        if isinstance(term, PurchaseCommitment) and sheet.purchase_goods is not None:
            line = located.line((*at, "good"))
            known(term.good, sheet.purchase_goods, "good", file=located.file, line=line)
        if hasattr(term, "id"):
            # Both branches of a fork may speak of the same commitment; one list may not do so twice.
            seen = ids.setdefault(".".join(map(str, at[:-1])), set())
            if term.id in seen:
                raise located.error(f"commitment or condition {term.id!r} stands twice", (*at, "id"))
            seen.add(term.id)
    _check_conditions(package, located)
    _check_overlaps(package.tariffs.terms, located, ("tariffs", "terms"))
    for position, condition in enumerate(package.conditions):
        for side in ("then", "otherwise"):
            _check_overlaps(getattr(condition, side).tariffs, located, ("conditions", position, side, "tariffs"))
    _check_floors(package, located, law)


def _check_days(package: Package, located: Located, sheet: CaseSheet) -> None:
    days = {
        ("date",): package.date,
        ("tariffs", "from_law"): package.tariffs.from_law,
        ("background", "on"): package.background_day,
    }
    for path, day in days.items():
        if not sheet.period.start <= day <= sheet.period.end:
            raise located.error(
                f"{'.'.join(path)} {day} lies outside the case",
                path,
                why=f"The case runs from {sheet.period.start} to {sheet.period.end}",
                remedy="Change the date, or the period in case.yaml",
            )


def _check_conditions(package: Package, located: Located) -> None:
    if len(package.conditions) > MAX_CONDITIONS:
        raise located.error(
            f"{len(package.conditions)} conditions make too many branches; at most {MAX_CONDITIONS}",
            ("conditions",),
        )
    before: list[Condition] = []
    for position, condition in enumerate(package.conditions):
        if condition.after is not None:
            path = ("conditions", position, "after")
            known(condition.after, [c.id for c in before], "earlier condition", file=located.file,
                  line=located.line(path))  # fmt: skip
            first = next(c for c in before if c.id == condition.after)
            if condition.by < first.by:
                raise located.error(
                    f"condition {condition.id!r} is decided on {condition.by}, before {first.id!r} on which it "
                    f"rests ({first.by}) (rule: dates)",
                    path,
                )
        before.append(condition)


def _check_parameters(term: CaseModel, assumptions: Mapping[str, Assumption], located: Located, at: Path) -> None:
    for key, value, share in parameters(term):
        if not isinstance(value, str):
            continue
        known(value, list(assumptions), "assumption", file=located.file, line=located.line((*at, key)))
        one = assumptions[value]
        if share and not 0 <= one.low <= one.high <= 1:
            raise located.error(
                f"{key}: assumption {value!r} ranges from {one.low:g} to {one.high:g}, but a share lies between "
                "0 and 1 (rule: shares)",
                (*at, key),
                remedy="Change the range in case.yaml",
            )


def _check_overlaps(terms: Iterable[TariffTerm], located: Located, at: Path) -> None:
    """No good may have two rates under one authority, or two totals, on one day."""
    seen: list[TariffTerm] = []
    for position, term in enumerate(terms):
        for other in seen:
            if _line(term) != _line(other) or not _counts(term, other) or not term.meets(other):
                continue
            if (term.authority, term.action) == (other.authority, other.action):
                raise located.error(
                    f"{term.good} from {term.exporter} has two rates under {term.authority} on the same days "
                    f"({other.rate:g} and {term.rate:g}) (rule: overlapping terms)",
                    (*at, position),
                    remedy="Date them with 'since' and 'until', or write one term with 'steps'",
                )
            if term.kind == other.kind == "total" and term.rate != other.rate:
                raise located.error(
                    f"{term.good} from {term.exporter} has two totals on the same days, {other.rate:g} under "
                    f"{other.authority} and {term.rate:g} under {term.authority} (rule: contradictory terms)",
                    (*at, position),
                    remedy="Only the higher would be felt: remove one, or make one additional",
                )
        seen.append(term)


def _line(term: TariffTerm) -> tuple[str, str, str]:
    return term.importer, term.exporter, term.good


def _counts(*terms: Dated) -> bool:
    return all(term.status != "void" for term in terms)


def _check_floors(package: Package, located: Located, law: Law) -> None:
    """A total below another total that stands in the law on the same good changes nothing: a slip."""
    frozen = law.frozen({(t.importer, t.exporter) for t in package.tariffs.terms}, package.tariffs.from_law)
    for position, term in enumerate(package.tariffs.terms):
        if term.kind != "total" or term.status == "void":
            continue
        # The term and its later rates replace the row of its own authority; other totals stay a floor.
        lowest = min([term.rate, *(step.rate for step in term.steps)])
        answer = frozen.rate(term.importer, term.exporter, term.good, package.tariffs.from_law)
        for part in answer.parts:
            if part.kind == "total" and part.authority != term.authority and part.rate > lowest:
                raise located.error(
                    f"a total of {lowest:g} percent on {term.good} lies below the floor of {part.rate:g} that "
                    f"{part.authority} sets since {part.since} (rule: floor)",
                    ("tariffs", "terms", position),
                    remedy=f"Write the term under {part.authority}, or at {part.rate:g} or more",
                )
