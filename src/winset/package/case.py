"""A case folder: `case.yaml`, `law.yaml`, `packages/*.yaml`, checked against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from winset.core.casefile import CaseModel, Located, load_yaml, validate
from winset.core.errors import CaseFileError, RequestError, UnreadableFileError, WinsetError
from winset.core.names import known, nearest
from winset.package.folder import case_folder
from winset.package.law import Law, load_law
from winset.package.packages import Background, Package, PackageTariffs, check_package, cited_parts
from winset.package.terms import Parameter
from winset.record.claims import Estimate
from winset.record.ledger import Record, load_record

__all__ = [
    "Assumption",
    "Background",
    "Case",
    "CaseSheet",
    "Package",
    "PackageTariffs",
    "check_citations",
    "open_case_folder",
]


Weight = Annotated[float, Field(ge=0, le=100)]


class Currency(CaseModel):
    """A party's own money, in which its net is printed beside the dollars."""

    name: str
    """As it is read after a number: won, yen."""
    unit: Literal["billion", "trillion"]
    per_dollar: Parameter
    """Units of it for a current US dollar."""


class Place(CaseModel):
    """A part of a party's territory: how much of each sector stands there, and what it weighs at home."""

    name: str
    weight: Weight = 1.0
    """Political weight of a dollar of value added there; 1 counts it like any other."""
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(min_length=1)
    """Share of the party's value added in a sector that is made there, by code of the baseline."""
    why: str = Field(min_length=1)
    """Source of the shares and reason of the weight."""


class Party(CaseModel):
    """A region that matters to the case."""

    code: str
    name: str
    role: Literal["party", "third", "passive"]
    """`party` bargains and its terms are in packages; `third` is reported; `passive` is in the background."""
    discount_rate: Parameter | None = None
    """Real discount rate, fraction a year; required for a party."""
    currency: Currency | None = None
    weights: dict[str, Weight] = {}
    """Political weight of a sector's value added, by code of the baseline; 1 where none is given."""
    weights_why: str = ""
    """Why these weights: required with them."""
    places: list[Place] = []
    """Regions within the party."""

    def political_weight(self, sector: str) -> float:
        """Weight of a dollar of value added in a sector: its own, plus what the places it stands in add."""
        extra = sum(place.shares.get(sector, 0.0) * (place.weight - 1) for place in self.places)
        return self.weights.get(sector, 1.0) + extra

    @property
    def weighted_sectors(self) -> set[str]:
        """Sectors that a weight or a place names."""
        return set(self.weights).union(*(place.shares for place in self.places))

    @model_validator(mode="after")
    def _reasoned(self) -> Party:
        for sector in self.weighted_sectors:
            total = sum(place.shares.get(sector, 0.0) for place in self.places)
            if total > 1 + 1e-9:
                raise ValueError(f"the places' shares of sector {sector} sum to {total:g}, above 1")
        if self.weights and not self.weights_why:
            raise ValueError("weights need a reason: add 'weights_why'")
        return self


class Assumption(CaseModel):
    """A number that no document settles, with its range and why."""

    id: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    why: str = Field(min_length=1)
    source: list[str] = []
    """Ids of claims it leans on, if any."""

    @model_validator(mode="after")
    def _ordered(self) -> Assumption:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"the value {self.value:g} is outside its range {self.low:g} to {self.high:g}")
        return self


class Period(CaseModel):
    """First and last day that the case covers."""

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class ModelSettings(CaseModel):
    """Which world and how it is closed."""

    baseline: str
    elasticities: str
    elasticity_sets: list[str] = Field(min_length=1)
    """Sets whose spread makes the bands; includes `elasticities`."""
    closure: str = "world-share"
    draws: int = Field(default=200, ge=0, le=100_000)
    """Draws over the elasticity sets and the ranges of the assumptions; 0 for none."""
    seed: int = Field(default=1, ge=0, lt=2**63)
    """Names the draws: the same seed gives the same ones."""


class Horizon(CaseModel):
    """Over how long packages are valued, and in which dollars."""

    years: int = Field(ge=1, le=50)
    inflation: Parameter
    """Expected yearly change of dollar prices: turns current-dollar payments into constant dollars."""
    price_level: Parameter
    """Dollar price level of the case's first year over that of the baseline's year."""


class Headline(CaseModel):
    """Which package the first page is about, and against what."""

    package: str
    against: str
    before: str
    """The package that stands for the world before the dispute: sectors and third parties are shown against it."""
    also_against: list[str] = []


class RatesShown(CaseModel):
    """A table of rates in the brief: one importer on one exporter, for some goods."""

    importer: str
    exporter: str
    goods: list[str] = Field(min_length=1)


class Comparison(CaseModel):
    """A published estimate held against the result for a package."""

    estimate: str
    """Id of an estimate in the record."""
    package: str
    against: str
    party: str
    on: dt.date | None = None
    """Date of the background, where the estimate assumed another one than the package."""
    why: str = Field(min_length=1)
    """Why ours may differ, in words."""


class CaseSheet(CaseModel):
    """What `case.yaml` says."""

    name: str
    title: str
    summary: str
    period: Period
    parties: list[Party] = Field(min_length=2)
    model: ModelSettings
    horizon: Horizon
    headline: Headline
    rates: list[RatesShown] = []
    assumptions: list[Assumption]
    purchase_goods: list[str] | None = None
    """Goods that purchase commitments may name; absent: any."""
    comparisons: list[Comparison] = []
    leaves_out: list[str] = Field(min_length=1)
    """What the model leaves out, in words; printed in every brief."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A checked case: everything a person wrote in the folder, and nothing computed."""

    folder: Path
    sheet: CaseSheet
    law: Law
    packages: Mapping[str, Package]
    """By name, in order of date."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Files that the case was read from, for the manifest."""
    package_files: Mapping[str, str] = field(default_factory=dict)
    """The file of each package, relative to the folder."""

    @cached_property
    def record(self) -> Record:
        """The record of claims."""
        return load_record(self.folder)

    @cached_property
    def assumptions(self) -> Mapping[str, Assumption]:
        """By id."""
        return {one.id: one for one in self.sheet.assumptions}

    @property
    def parties(self) -> list[str]:
        """Codes of the regions that bargain."""
        return [p.code for p in self.sheet.parties if p.role == "party"]

    @property
    def reported(self) -> list[str]:
        """Codes of every region whose account is shown."""
        return [p.code for p in self.sheet.parties]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(importer, exporter) pairs whose tariffs a package decides."""
        return [(a, b) for a in self.parties for b in self.parties if a != b]

    def package(self, name: str) -> Package:
        """A package by name; UnknownNameError names the nearest."""
        return self.packages[known(name, self.packages, "package", file=self.folder / "packages")]

    @contextmanager
    def blame(self, file: str, *path: str | int) -> Iterator[None]:
        """Faults inside that name no place are blamed on this value of a file of the case."""
        try:
            yield
        except WinsetError as error:
            if error.file is not None:
                raise
            located = load_yaml(self.folder / file)
            raise error.at(located.file, located.line(path)) from error

    def file_of(self, package: str) -> str:
        """The file of a package, relative to the folder."""
        return self.package_files[package]


def open_case_folder(name: str | Path) -> Case:
    """Read and check a case: a shipped one by name, or a folder. Every fault names its file and line."""
    folder = case_folder(name)
    located = load_yaml(folder / "case.yaml")
    sheet = validate(CaseSheet, located)
    _check_sheet(sheet, located)
    law = load_law(folder / "law.yaml")
    files = {"case.yaml": folder / "case.yaml", **law.files}
    found: list[tuple[Package, Located]] = []
    for path in sorted((folder / "packages").glob("*.yaml")):
        place = load_yaml(path)
        package = validate(Package, place)
        check_package(package, place, sheet, law)
        files[f"packages/{path.name}"] = path
        found.append((package, place))
    if not found:
        raise UnreadableFileError("no packages/*.yaml", file=folder, remedy="A case needs at least one package")
    packages: dict[str, Package] = {}
    package_files: dict[str, str] = {}
    for package, place in sorted(found, key=lambda pair: (pair[0].date, pair[0].name)):
        if package.name in packages:
            raise place.error(f"another package is already named {package.name!r}", ("name",))
        packages[package.name] = package
        package_files[package.name] = f"packages/{Path(place.file).name}"
    for package, place in found:
        if package.enforcement:
            line = place.line(("enforcement", "to"))
            known(package.enforcement.to, packages, "package", file=place.file, line=line)
    for key in ("package", "against", "before"):
        line = located.line(("headline", key))
        known(getattr(sheet.headline, key), packages, "package", file=located.file, line=line)
    for position, other in enumerate(sheet.headline.also_against):
        line = located.line(("headline", "also_against", position))
        known(other, packages, "package", file=located.file, line=line)
    for position, party in enumerate(sheet.parties):
        for sector in party.weights:
            line = located.line(("parties", position, "weights", sector))
            known(sector, law.book.sectors, "sector", file=located.file, line=line)
        for index, spot in enumerate(party.places):
            for sector in spot.shares:
                line = located.line(("parties", position, "places", index, "shares", sector))
                known(sector, law.book.sectors, "sector", file=located.file, line=line)
    for position, table in enumerate(sheet.rates):
        for index, good in enumerate(table.goods):
            line = located.line(("rates", position, "goods", index))
            known(good, law.book.goods, "good", file=located.file, line=line)
    for position, one in enumerate(sheet.comparisons):
        for key in ("package", "against"):
            line = located.line(("comparisons", position, key))
            known(getattr(one, key), packages, "package", file=located.file, line=line)
    for name in ("record.jsonl", "documents/documents.yaml", "bargain.yaml", "translations.yaml"):
        if (folder / name).is_file():
            files[name] = folder / name
    return Case(folder=folder, sheet=sheet, law=law, packages=packages, files=files, package_files=package_files)


def _check_sheet(sheet: CaseSheet, located: Located) -> None:
    ids = [one.id for one in sheet.assumptions]
    for position, one in enumerate(sheet.assumptions):
        if ids.index(one.id) != position:
            raise located.error(f"assumption {one.id!r} stands twice", ("assumptions", position, "id"))
    codes = [p.code for p in sheet.parties]
    for position, party in enumerate(sheet.parties):
        at = ("parties", position)
        if codes.index(party.code) != position:
            raise located.error(f"party {party.code!r} stands twice", (*at, "code"))
        if party.role == "party" and party.discount_rate is None:
            raise located.error(
                f"party {party.code} has no discount_rate", at, remedy="Give a number or an assumption"
            )
        _check_parameter(party.discount_rate, ids, located, (*at, "discount_rate"))
        if party.currency:
            _check_parameter(party.currency.per_dollar, ids, located, (*at, "currency", "per_dollar"))
    if sum(p.role == "party" for p in sheet.parties) < 2:
        raise located.error("a case needs at least two parties with role: party", ("parties",))
    for key in ("inflation", "price_level"):
        _check_parameter(getattr(sheet.horizon, key), ids, located, ("horizon", key))
    if sheet.model.elasticities not in sheet.model.elasticity_sets:
        raise located.error(
            f"elasticities {sheet.model.elasticities!r} is not in elasticity_sets", ("model", "elasticities")
        )
    for position, comparison in enumerate(sheet.comparisons):
        known(
            comparison.party,
            codes,
            "party",
            file=located.file,
            line=located.line(("comparisons", position, "party")),
        )


def _check_parameter(value: Any, ids: list[str], located: Located, path: tuple[str | int, ...]) -> None:
    if isinstance(value, str):
        known(value, ids, "assumption", file=located.file, line=located.line(path))


def check_citations(case: Case) -> None:
    """Every citation must be the id of a claim in the record; the error names file and line."""
    ids = {claim.id for claim in case.record}
    for position, comparison in enumerate(case.sheet.comparisons):
        with case.blame("case.yaml", "comparisons", position, "estimate"):
            claim = case.record.claim(comparison.estimate)
            if not isinstance(claim, Estimate):
                raise RequestError(
                    f"{comparison.estimate!r} is not an estimate", remedy="Name a claim of that kind"
                )
    for position, assumption in enumerate(case.sheet.assumptions):
        for index, source in enumerate(assumption.source):
            with case.blame("case.yaml", "assumptions", position, "source", index):
                known(source, ids, "claim")
    for file, path in case.files.items():
        if not file.startswith("packages/"):
            continue
        located = load_yaml(path)
        package = validate(Package, located)
        places: list[tuple[tuple[str | int, ...], str]]
        places = [(("citation", k), c) for k, c in enumerate(package.citation)]
        for at, term in cited_parts(package):
            places += [((*at, "citation", k), c) for k, c in enumerate(term.citation)]
        for place, citation in places:
            if citation not in ids:
                close = nearest(citation, ids)
                raise CaseFileError(
                    f"citation {citation!r} is not in the record",
                    file=path,
                    line=located.line(place),
                    remedy=f"Did you mean {close!r}?" if close else "Add the claim to record.jsonl first",
                )
