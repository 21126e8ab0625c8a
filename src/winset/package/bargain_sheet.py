"""What `bargain.yaml` of a case says: which numbers of a package are open, what is on the table, who must agree.

The file is optional: without it a bargain is over the case's packages as they stand.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, model_validator

from winset.core.casefile import CaseModel, Located, load_yaml, validate
from winset.core.names import known
from winset.package.case import Case
from winset.package.law_schema import Kind
from winset.package.packages import Package
from winset.package.terms import Commitment

__all__ = [
    "BargainSheet",
    "DeadlineSheet",
    "LeverSheet",
    "OfferSheet",
    "PairSheet",
    "RatifierSheet",
    "SetCommitment",
    "SetTariff",
    "StageSheet",
    "load_bargain",
]

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
YEARLY = "yearly"


class SetTariff(CaseModel):
    """A lever sets the rate of a tariff term: percent, times `scale`."""

    importer: str
    exporter: str
    good: str
    authority: str
    kind: Kind
    action: str | None = None
    scale: float = Field(default=1.0, gt=0)


class SetCommitment(CaseModel):
    """A lever sets a number of a commitment of the base package: its value times `scale`."""

    commitment: str
    key: str
    """A number of the term: `amount`, `share_before` ...; or `yearly`, the most paid in one year, millions."""
    scale: float = Field(default=1.0, gt=0)
    """Millions for one unit of the lever: 1000 where the lever counts billions."""


class LeverSheet(CaseModel):
    """One open number of the bargain."""

    id: Slug
    label: str
    unit: str
    low: float
    high: float
    value: float
    """Where it stands in the base package."""
    sets: list[SetTariff | SetCommitment] = Field(min_length=1)
    parties: list[str] = []
    """Whose talks it belongs to, all of whom must take part; empty for the bargaining parties of the case."""
    why: str = Field(min_length=1)
    """Why these bounds."""

    @model_validator(mode="after")
    def _ordered(self) -> LeverSheet:
        if not self.low < self.high:
            raise ValueError(f"the bounds of lever {self.id!r} cross or meet: {self.low:g} to {self.high:g}")
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"lever {self.id!r} stands at {self.value:g}, outside its bounds {self.low:g} to {self.high:g}"
            )
        return self


class OfferSheet(CaseModel):
    """A point of the levers that somebody put on the table; levers not named stand as in the base package."""

    id: Slug
    label: str
    by: str
    """Who made it; "both" where it was agreed."""
    date: dt.date
    at: dict[str, float] = Field(min_length=1)
    citation: list[str] = Field(min_length=1)


class RatifierSheet(CaseModel):
    """Somebody whose consent a party needs, and the condition: a lever, a sum of levers, or an industry."""

    id: Slug
    party: str
    label: str
    levers: dict[str, float] = {}
    """Weight of each lever in the sum that is limited."""
    industry: str | None = None
    """Sector whose real value added is limited, percent of the baseline's."""
    payoff: bool = False
    """Whether the party's own gain over disagreement is limited, billions of dollars."""
    at_least: float | None = None
    at_most: float | None = None
    why: str = Field(min_length=1)
    citation: list[str] = []
    """Claims that it leans on; none for a judgement of the analyst."""

    @model_validator(mode="after")
    def _one_condition(self) -> RatifierSheet:
        if (bool(self.levers) + (self.industry is not None) + self.payoff) != 1:
            raise ValueError("give exactly one of 'levers', 'industry' and 'payoff'")
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give exactly one of 'at_least' and 'at_most'")
        return self


class RulingSheet(CaseModel):
    """A court, or any event that ends the talks by chance."""

    label: str
    chance_a_month: float = Field(ge=0, le=1)
    then: str
    """Package that holds afterwards."""
    why: str = Field(min_length=1)


class DeadlineSheet(CaseModel):
    """What holds until there is a deal: one package before the deadline, another after it."""

    start: dt.date
    expiry: dt.date
    end: dt.date
    """After this day no deal is possible any more."""
    before: str
    """Package in force while the pause lasts."""
    after: str
    """Package that holds once it has run out."""
    ruling: RulingSheet | None = None

    @model_validator(mode="after")
    def _in_order(self) -> DeadlineSheet:
        if not self.start < self.expiry < self.end:
            raise ValueError("'start', 'expiry' and 'end' must rise")
        if (self.end - self.start).days > 3660:
            raise ValueError("a path of more than ten years has too many months")
        return self


class StageSheet(CaseModel):
    """One step of a conditional package: who moves, and where the levers stand from then on."""

    id: Slug
    label: str
    mover: str
    months: float = Field(ge=0, le=600)
    """After how many months from the start."""
    at: dict[str, float]
    """Levers that change with this step."""


class PairSheet(CaseModel):
    """Two parties and the levers between them, for talks of several pairs at once."""

    parties: tuple[str, str]
    levers: list[str] = Field(min_length=1)
    weight: float = Field(default=0.5, gt=0, lt=1)
    """Bargaining power of the first."""


class BargainSheet(CaseModel):
    """What `bargain.yaml` says."""

    base: str
    """Package whose numbers the levers change."""
    disagreement: str
    """Package that holds without a deal."""
    shown: list[str] = []
    """Packages placed on the picture as they stand: the status quo, the threat, what was signed."""
    levers: list[LeverSheet] = Field(min_length=1, max_length=20)
    no_deal: dict[str, float] = {}
    """Where levers stand while nothing is agreed on them; those not named stand as in the base package."""
    offers: list[OfferSheet] = []
    ratifiers: list[RatifierSheet] = []
    deadline: DeadlineSheet | None = None
    stages: list[StageSheet] = []
    stages_start: dict[str, float] = {}
    """Levers before the first step; those not named stand at the base package."""
    stages_note: str = ""
    pairs: list[PairSheet] = []
    limits_in_words: list[str] = []
    """Red lines that no lever touches, printed with the result."""


def load_bargain(case: Case) -> BargainSheet | None:
    """Read and check `bargain.yaml` of a case; None where there is none. Every fault names file and line."""
    path = case.folder / "bargain.yaml"
    if not path.is_file():
        return None
    located = load_yaml(path)
    sheet = validate(BargainSheet, located)
    for key in ("base", "disagreement"):
        _known(getattr(sheet, key), case.packages, "package", located, (key,))
    for k, name in enumerate(sheet.shown):
        _known(name, case.packages, "package", located, ("shown", k))
    base = case.package(sheet.base)
    names = [lever.id for lever in sheet.levers]
    for k, lever in enumerate(sheet.levers):
        if names.index(lever.id) != k:
            raise located.error(f"lever {lever.id!r} stands twice", ("levers", k, "id"))
        for code in lever.parties:
            _known(code, case.reported, "party", located, ("levers", k, "parties"))
        _check_targets(case, base, lever, located, k)
    claims = {claim.id for claim in case.record}
    for k, offer in enumerate(sheet.offers):
        at = ("offers", k)
        if offer.by != "both":
            _known(offer.by, case.reported, "party", located, (*at, "by"))
        _check_point(sheet, offer.at, located, (*at, "at"))
        for index, citation in enumerate(offer.citation):
            _known(citation, claims, "claim", located, (*at, "citation", index))
    for k, one in enumerate(sheet.ratifiers):
        at = ("ratifiers", k)
        _known(one.party, case.reported, "party", located, (*at, "party"))
        for name in one.levers:
            _known(name, names, "lever", located, (*at, "levers", name))
        if one.industry is not None:
            _known(one.industry, case.law.book.sectors, "sector", located, (*at, "industry"))
        for index, citation in enumerate(one.citation):
            _known(citation, claims, "claim", located, (*at, "citation", index))
    if sheet.deadline:
        for key in ("before", "after"):
            _known(getattr(sheet.deadline, key), case.packages, "package", located, ("deadline", key))
        if sheet.deadline.ruling:
            _known(sheet.deadline.ruling.then, case.packages, "package", located, ("deadline", "ruling", "then"))
    _check_point(sheet, sheet.no_deal, located, ("no_deal",))
    _check_point(sheet, sheet.stages_start, located, ("stages_start",))
    for k, stage in enumerate(sheet.stages):
        _known(stage.mover, case.parties, "party", located, ("stages", k, "mover"))
        _check_point(sheet, stage.at, located, ("stages", k, "at"))
        if k and stage.months < sheet.stages[k - 1].months:
            raise located.error("a step comes before the one it follows", ("stages", k, "months"))
    for k, pair in enumerate(sheet.pairs):
        for code in pair.parties:
            _known(code, case.reported, "party", located, ("pairs", k, "parties"))
        for name in pair.levers:
            _known(name, names, "lever", located, ("pairs", k, "levers"))
    return sheet


Place = tuple[str | int, ...]


def _known(name: str, names: object, what: str, located: Located, at: Place) -> None:
    known(name, list(names), what, file=located.file, line=located.line(at))  # type: ignore[call-overload]


def _check_point(sheet: BargainSheet, at: dict[str, float], located: Located, place: Place) -> None:
    levers = {lever.id: lever for lever in sheet.levers}
    for name, value in at.items():
        _known(name, levers, "lever", located, (*place, name))
        lever = levers[name]
        if not lever.low <= value <= lever.high:
            raise located.error(
                f"{name} at {value:g} lies outside its bounds, {lever.low:g} to {lever.high:g}", (*place, name),
                remedy="Widen the lever's bounds if that was really on the table",
            )  # fmt: skip


def _check_targets(case: Case, base: Package, lever: LeverSheet, located: Located, k: int) -> None:
    terms = {term.id: term for term in base.commitments}
    for index, target in enumerate(lever.sets):
        at: Place = ("levers", k, "sets", index)
        if isinstance(target, SetTariff):
            for key in ("importer", "exporter"):
                _known(getattr(target, key), case.reported, "region", located, (*at, key))
            _known(target.good, case.law.book.goods, "good", located, (*at, "good"))
            _known(target.authority, case.law.book.authorities, "authority", located, (*at, "authority"))
            continue
        _known(target.commitment, terms, f"commitment of package {base.name!r}", located, (*at, "commitment"))
        term = terms[target.commitment]
        numbers = [
            key for key, spec in type(term).model_fields.items()
            if key not in ("start", "years", "life", "lag", "yearly_cap") and _is_number(spec.annotation)
        ]  # fmt: skip
        _known(target.key, [*numbers, YEARLY], f"number of commitment {term.id!r}", located, (*at, "key"))
        if target.key == YEARLY and lever.low <= 0:
            raise located.error("a yearly amount must stay above 0", ("levers", k, "low"))
        stands = _standing(case, term, target)
        if abs(lever.value * target.scale - stands) > 1e-6 * max(1.0, abs(stands)):
            raise located.error(
                f"lever {lever.id!r} stands at {lever.value:g}, but {term.id!r} has {target.key} "
                f"{stands / target.scale:g} in package {base.name!r}",
                ("levers", k, "value"),
            )


def _standing(case: Case, term: Commitment, target: SetCommitment) -> float:
    """The number of the base package that a lever sets, in the package's unit."""
    if target.key == YEARLY:
        return max(share for _, share in term.payments()) * float(term.amount or 0.0)
    number = getattr(term, target.key)
    return case.assumptions[number].value if isinstance(number, str) else float(number or 0.0)


def _is_number(annotation: object) -> bool:
    return "float" in str(annotation) and "dict" not in str(annotation)
