"""The tables of a brief, and the writer that numbers its findings. Computes no economics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from winset.brief.content import AccountTable, ComparisonRow, Finding, RateRow, RateTable, SectorRow
from winset.brief.figure_data import (
    DutyPart,
    DutyPath,
    DutyStep,
    DutyTimeline,
    MemoSeries,
    PolicyDate,
    RegionEffect,
    WorldEffects,
)
from winset.brief.words import Words
from winset.brief.world.outlines import members
from winset.package.law import Law
from winset.record.claims import Estimate
from winset.record.rendering import when_text
from winset.valuation.account import Band, Line, Memo, PackageAccount
from winset.valuation.translate import package_law

if TYPE_CHECKING:
    from winset.valuation.value import Valuation
    from winset.workflow import OpenCase

__all__ = [
    "Writer",
    "account_table",
    "comparison_row",
    "duty_timeline",
    "lower",
    "memo_series",
    "rate_paths",
    "rate_table",
    "rests_of",
    "sector_rows",
    "third_rows",
    "world_effects",
]


class Writer:
    """Makes the findings of one brief in one language, each number once, and remembers what they rest on."""

    def __init__(self, opened: OpenCase, valuation: Valuation, words: Words) -> None:
        self.opened, self.case = opened, opened.case
        self.valuation = valuation
        self.words = words
        self.made: dict[str, Finding] = {}
        self.cited: dict[str, None] = {}

    def finding(
        self,
        id: str,
        label: str,
        band: Band,
        *,
        unit: str,
        horizon: str,
        against: str,
        basis: Literal["model", "arithmetic", "assumption", "record"],
        rests_on: Iterable[str],
    ) -> Finding:
        """A number under an id that says what it is; label, unit and horizon are put into the brief's language."""
        if id in self.made:
            return self.made[id]
        rests = tuple(rests_on)
        self.cited |= dict.fromkeys(rests)
        self.made[id] = Finding(
            id=id,
            label=self.words.of_case(label),
            value=float(band.value),
            low=float(band.low),
            high=float(band.high),
            unit=self.words.of_case(unit),
            horizon=self.words.of_case(horizon),
            against=against,
            baseline=self.valuation.baseline,
            closure=self.valuation.closure,
            elasticities=self.valuation.elasticities,
            basis=basis,
            rests_on=rests,
            language=self.words.language,
        )
        return self.made[id]

    def line(self, line: Line, package: str, against: str, code: str) -> Finding:
        """One line of an account."""
        return self.finding(
            f"line/{line.id}/{package}/against/{against}/{code}", line.label, line.band, unit=line.unit,
            horizon=line.horizon, against=against, basis=line.basis, rests_on=line.rests_on,
        )  # fmt: skip

    def memo(self, memo: Memo, package: str, against: str, code: str, on: str = "") -> Finding:
        """A number beside an account. on: day of the background law, where it is not the package's own."""
        return self.finding(
            f"memo/{memo.id}/{package}/against/{against}/{code}" + (f"/on/{on}" if on else ""), memo.label,
            memo.band, unit=memo.unit, horizon=memo.horizon, against=against, basis="model",
            rests_on=memo.rests_on,
        )  # fmt: skip

    def net(self, account: PackageAccount, code: str) -> Finding:
        """The net of a party."""
        party = account.parties[code]
        label = self.words(
            "{party}, net: {package}", party=self.name(code), package=lower(self.title(account.name))
        )
        return self.finding(
            f"net/{account.name}/against/{account.against}/{code}",
            label,
            party.net,
            unit=self.valuation.unit,
            horizon=self.horizon,
            against=account.against,
            basis="arithmetic" if len(party.lines) > 1 else "model",
            rests_on=rests_of(account, code),
        )

    @property
    def horizon(self) -> str:
        """Horizon of a net."""
        return f"{self.valuation.horizon_years} years for tariffs, own schedule for commitments"

    def name(self, code: str) -> str:
        """Name of a party."""
        return self.region(code, next(p.name for p in self.case.sheet.parties if p.code == code))

    def region(self, code: str, english: str) -> str:
        """Name of a region: as the case translates it, else as its language calls the country of that code."""
        said = self.words.of_case(english)
        return said if said != english else self.words.country(code) or english

    def title(self, package: str) -> str:
        """Title of a package."""
        return self.words.of_case(self.case.packages[package].title)


def rests_of(account: PackageAccount, code: str) -> tuple[str, ...]:
    """Everything that the lines of a party rest on."""
    return tuple(dict.fromkeys(x for line in account.parties[code].lines for x in line.rests_on))


def lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def account_table(write: Writer, account: PackageAccount, *, memos: bool = True) -> AccountTable:
    """One account. memos: whether the numbers beside it are kept too."""
    package = write.case.packages[account.name]
    codes = write.case.parties
    lines: dict[str, str] = {}
    beside: dict[str, str] = {}
    for code in codes:
        lines |= {line.id: line.label for line in account.parties[code].lines}
        beside |= {memo.id: memo.label for memo in account.parties[code].memos} if memos else {}
    rows = []
    for id, label in lines.items():
        found = [next((x for x in account.parties[c].lines if x.id == id), None) for c in codes]
        cells = tuple(
            None if x is None else write.line(x, account.name, account.against, c)
            for c, x in zip(codes, found, strict=True)
        )
        rows.append((write.words.of_case(label), cells))
    shown = []
    for id, label in beside.items():
        notes = [next((x for x in account.parties[c].memos if x.id == id), None) for c in codes]
        numbers = tuple(
            None if x is None else write.memo(x, account.name, account.against, c)
            for c, x in zip(codes, notes, strict=True)
        )
        shown.append((write.words.of_case(label), numbers))
    return AccountTable(
        package=account.name,
        title=write.title(account.name),
        summary=write.words.of_case(package.summary),
        status=package.status.replace("_", " "),
        date=package.date.isoformat(),
        background=account.background,
        against=account.against,
        parties=tuple(write.name(code) for code in codes),
        rows=tuple(rows),
        net=tuple(write.net(account, code) for code in codes),
        memos=tuple(shown),
    )


def memo_series(write: Writer, names: list[str], against: str) -> tuple[MemoSeries, ...]:
    """The numbers beside the accounts, each across packages."""
    codes = write.case.parties
    accounts = [write.valuation.account(name, against) for name in names]
    labels = {memo.id: memo.label for a in accounts for c in codes for memo in a.parties[c].memos}
    found = []
    for id, label in labels.items():
        rows = []
        for code in codes:
            notes = [next((x for x in a.parties[code].memos if x.id == id), None) for a in accounts]
            cells = tuple(
                None if x is None else write.memo(x, a.name, against, code)
                for a, x in zip(accounts, notes, strict=True)
            )
            rows.append((write.name(code), cells))
        found.append(
            MemoSeries(
                id=id, label=write.words.of_case(label), packages=tuple(write.title(n) for n in names),
                rows=tuple(rows),
            )
        )  # fmt: skip
    return tuple(found)


def _cell(write: Writer, law: Law, importer: str, exporter: str, good: str, on: dt.date) -> tuple[str, str]:
    answer, words = law.rate(importer, exporter, good, on), write.words
    if answer.rate is None:
        return words("unknown"), answer.why
    detail = "; ".join(
        words("{authority} {rate} since {day}: {citation}", authority=p.authority, rate=f"{p.rate:g}", day=p.since,
              citation=p.citation)
        for p in answer.parts
    )  # fmt: skip
    if answer.kind == "total":
        return words("{rate} in all", rate=f"{answer.rate:g}"), detail
    return words("{rate} added", rate=f"{answer.rate:g}") if answer.rate else words("none"), detail


def rate_table(write: Writer, importer: str, exporter: str, goods: list[str], now: dt.date) -> RateTable:
    """Rates of one importer on one exporter: now, and under each package."""
    case = write.case
    between = (importer, exporter) in case.pairs
    columns: list[tuple[str, Law, dt.date]] = [(write.words("On {day}", day=now), case.law, now)]
    for package in case.packages.values():
        law = package_law(case, package) if between else case.law
        columns.append((package.name, law, package.background_day))
    rows = []
    for good in goods:
        cells = [_cell(write, law, importer, exporter, good, on) for _, law, on in columns]
        rows.append(
            RateRow(
                good=good,
                label=write.words.of_case(case.law.book.goods[good].label),
                cells=tuple(c for c, _ in cells),
                details=tuple(d for _, d in cells),
            )
        )
    region = write.opened.world.region_names
    return RateTable(
        importer=write.region(importer, region.get(importer, importer)),
        exporter=write.region(exporter, region.get(exporter, exporter)),
        columns=tuple(name for name, _, _ in columns),
        rows=tuple(rows),
    )


def _days(write: Writer) -> list[dt.date]:
    """Days on which a rate of the case's law may change, from the first that is known."""
    case = write.case
    start = max(case.sheet.period.start, case.law.known_from)
    days = {start}
    for entry in case.law.book.entries:
        for day in (entry.since, None if entry.until is None else entry.until + dt.timedelta(days=1)):
            if day is not None and start <= day <= case.sheet.period.end:
                days.add(day)
    return sorted(days)


def rate_paths(write: Writer) -> tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...]:
    """Rates of the first table's goods through the case's period: the days on which each changes."""
    found = duty_timeline(write)
    if found is None:
        return ()
    paths = []
    for path in found.paths:
        steps: list[tuple[str, float | None]] = []
        for step in path.steps:
            if not steps or steps[-1][1] != step.rate:
                steps.append((step.since, step.rate))
        paths.append((path.label, tuple(steps)))
    return tuple(paths)


def duty_timeline(write: Writer) -> DutyTimeline | None:
    """Rates of the first table's goods through the case's period, by legal authority."""
    case = write.case
    if not case.sheet.rates:
        return None
    table, days = case.sheet.rates[0], _days(write)
    paths = []
    for good in table.goods:
        steps: list[DutyStep] = []
        for day in days:
            answer = case.law.rate(table.importer, table.exporter, good, day)
            parts = tuple(
                DutyPart(authority=p.authority, rate=p.rate, kind=p.kind, citation=p.citation)
                for p in answer.parts
            )
            same = [(p.authority, p.rate, p.kind) for p in parts]
            last = steps[-1] if steps else None
            if last is None or (last.rate, [(p.authority, p.rate, p.kind) for p in last.parts]) != (
                answer.rate,
                same,
            ):
                steps.append(DutyStep(since=day.isoformat(), rate=answer.rate, parts=parts, why=answer.why or ""))
        label = write.words.of_case(case.law.book.goods[good].label)
        paths.append(DutyPath(good=good, label=label, steps=tuple(steps)))
    region = write.opened.world.region_names
    start, end = case.sheet.period.start, case.sheet.period.end
    dates = [
        PolicyDate(day=p.date.isoformat(), label=write.title(p.name), claim=next(iter(p.citation), ""))
        for p in case.packages.values() if start < p.date <= end
    ]  # fmt: skip
    return DutyTimeline(
        importer=write.region(table.importer, region.get(table.importer, table.importer)),
        exporter=write.region(table.exporter, region.get(table.exporter, table.exporter)),
        paths=tuple(paths),
        dates=tuple(dates),
    )


def sector_rows(write: Writer, names: list[str]) -> tuple[SectorRow, ...]:
    case, before = write.case, write.case.sheet.headline.before
    rows = []
    for code in case.parties:
        accounts = {n: write.valuation.account(n, before).parties[code] for n in names if n != before}
        for change in next(iter(accounts.values())).sectors:
            found: list[Finding | None] = []
            for name in names:
                if name == before:
                    found.append(None)
                    continue
                one = next(s for s in accounts[name].sectors if s.sector == change.sector)
                label = write.words(
                    "{party}, {sector}: value of output",
                    party=write.name(code),
                    sector=write.words.of_case(change.name),
                )
                found.append(
                    write.finding(
                        f"output/{change.sector}/{name}/against/{before}/{code}",
                        label,
                        one.output,
                        unit="percent",
                        horizon="trade fully adjusted",
                        against=before,
                        basis="model",
                        rests_on=(write.valuation.run,),
                    )
                )
            rows.append(
                SectorRow(
                    region=write.name(code),
                    sector=change.sector,
                    name=write.words.of_case(change.name),
                    findings=tuple(found),
                )
            )
    return tuple(rows)


def third_rows(write: Writer, names: list[str]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    before = write.case.sheet.headline.before
    return tuple(
        (
            write.name(code),
            tuple(_income(write, n, before, code) for n in names if n != before),
        )
        for code in write.case.reported
        if code not in write.case.parties
    )


def _income(write: Writer, package: str, against: str, code: str) -> Finding:
    memo = write.valuation.account(package, against).parties[code].memo("real-income")
    return write.memo(memo, package, against, code)


def world_effects(write: Writer, names: list[str]) -> WorldEffects:
    """Real income of every region of the baseline, parties included, under each package."""
    before = write.case.sheet.headline.before
    shown = [name for name in names if name != before]
    named = write.opened.world.region_names

    def change(package: str, code: str) -> Finding:
        account = write.valuation.account(package, before)
        if code in account.parties:
            return _income(write, package, before, code)
        like = next(iter(account.parties.values())).memo("real-income")
        return write.memo(replace(like, band=account.real_income[code]), package, before, code)

    return WorldEffects(
        packages=tuple(write.title(name) for name in shown),
        regions=tuple(
            RegionEffect(
                code=code,
                name=write.region(code, named.get(code, code)),
                members=members(code),
                party=code in write.case.parties,
                residual=code == "ROW",
                findings=tuple(change(name, code) for name in shown),
            )
            for code in write.opened.world.regions
        ),
    )


def comparison_row(write: Writer, position: int) -> ComparisonRow:
    one = write.case.sheet.comparisons[position]
    claim = write.case.record.claim(one.estimate)
    assert isinstance(claim, Estimate), "checked with the citations"  # noqa: S101
    valuation = write.opened.valuer().value([(one.package, one.against)], on=one.on)
    memo = valuation.account(one.package, one.against).parties[one.party].memo("real-income")
    words = write.words
    ours = write.memo(memo, one.package, one.against, one.party, on="" if one.on is None else one.on.isoformat())
    write.cited[claim.id] = None
    document = write.case.record.cited_by(claim)[0]
    low, high = sorted((claim.low, claim.high))
    ends = words("{low} to {high}", low=f"{low:+.2f}", high=f"{high:+.2f}")
    text = f"{claim.low:+.2f}" if low == high else ends
    return ComparisonRow(
        institution=words.of_case(claim.institution),
        date=when_text(claim.date),
        scenario=words.of_case(claim.scenario),
        outcome=f"{words.of_case(claim.outcome)} ({words.of_case(claim.unit)})",
        published=text,
        published_low=low,
        published_high=high,
        ours=ours,
        inside=ours.low <= high and low <= ours.high,
        why=words.of_case(one.why),
        claim=claim.id,
        url=document.url or "",
    )
