"""The tables of a brief, and the writer that numbers its findings. Computes no economics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from winset.brief.content import AccountTable, ComparisonRow, Finding, RateRow, RateTable, SectorRow
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
    "lower",
    "rate_paths",
    "rate_table",
    "sector_rows",
    "third_rows",
]


class Writer:
    """Numbers every finding of one brief and remembers what they rest on."""

    def __init__(self, opened: OpenCase, valuation: Valuation) -> None:
        self.opened, self.case = opened, opened.case
        self.valuation = valuation
        self.count = 0
        self.cited: dict[str, None] = {}

    def finding(
        self,
        label: str,
        band: Band,
        *,
        unit: str,
        horizon: str,
        against: str,
        basis: Literal["model", "arithmetic", "assumption", "record"],
        rests_on: Iterable[str],
    ) -> Finding:
        self.count += 1
        rests = tuple(rests_on)
        self.cited |= dict.fromkeys(rests)
        return Finding(
            id=f"f-{self.count}",
            label=label,
            value=float(band.value),
            low=float(band.low),
            high=float(band.high),
            unit=unit,
            horizon=horizon,
            against=against,
            baseline=self.valuation.baseline,
            closure=self.valuation.closure,
            elasticities=self.valuation.elasticities,
            basis=basis,
            rests_on=rests,
        )

    def line(self, line: Line, against: str) -> Finding:
        return self.finding(
            line.label, line.band, unit=line.unit, horizon=line.horizon, against=against, basis=line.basis,
            rests_on=line.rests_on,
        )  # fmt: skip

    def memo(self, memo: Memo, against: str) -> Finding:
        return self.finding(
            memo.label, memo.band, unit=memo.unit, horizon=memo.horizon, against=against, basis="model",
            rests_on=memo.rests_on,
        )  # fmt: skip

    def net(self, account: PackageAccount, code: str) -> Finding:
        party = account.parties[code]
        rests = dict.fromkeys(x for line in party.lines for x in line.rests_on)
        years = self.valuation.horizon_years
        return self.finding(
            f"{self.name(code)}, net: {lower(self.title(account.name))}",
            party.net,
            unit=self.valuation.unit,
            horizon=f"{years} years for tariffs, own schedule for commitments",
            against=account.against,
            basis="arithmetic" if len(party.lines) > 1 else "model",
            rests_on=rests,
        )

    def name(self, code: str) -> str:
        return next(p.name for p in self.case.sheet.parties if p.code == code)

    def title(self, package: str) -> str:
        return self.case.packages[package].title


def lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def account_table(write: Writer, account: PackageAccount) -> AccountTable:
    package = write.case.packages[account.name]
    codes = write.case.parties
    lines: dict[str, str] = {}
    memos: dict[str, str] = {}
    for code in codes:
        lines |= {line.id: line.label for line in account.parties[code].lines}
        memos |= {memo.id: memo.label for memo in account.parties[code].memos}
    rows = []
    for id, label in lines.items():
        found = [next((x for x in account.parties[c].lines if x.id == id), None) for c in codes]
        rows.append((label, tuple(None if x is None else write.line(x, account.against) for x in found)))
    shown = []
    for id, label in memos.items():
        notes = [next((x for x in account.parties[c].memos if x.id == id), None) for c in codes]
        shown.append((label, tuple(None if x is None else write.memo(x, account.against) for x in notes)))
    return AccountTable(
        package=account.name,
        title=package.title,
        summary=package.summary,
        status=package.status.replace("_", " "),
        date=package.date.isoformat(),
        background=account.background,
        against=account.against,
        parties=tuple(write.name(code) for code in codes),
        rows=tuple(rows),
        net=tuple(write.net(account, code) for code in codes),
        memos=tuple(shown),
    )


def _cell(law: Law, importer: str, exporter: str, good: str, on: dt.date) -> tuple[str, str]:
    answer = law.rate(importer, exporter, good, on)
    if answer.rate is None:
        return "unknown", answer.why
    how = "in all" if answer.kind == "total" else "added"
    detail = "; ".join(f"{p.authority} {p.rate:g} since {p.since}: {p.citation}" for p in answer.parts)
    return (f"{answer.rate:g} {how}" if answer.rate or answer.kind == "total" else "none"), detail


def rate_table(write: Writer, importer: str, exporter: str, goods: list[str], now: dt.date) -> RateTable:
    case = write.case
    between = (importer, exporter) in case.pairs
    columns: list[tuple[str, Law, dt.date]] = [(f"On {now}", case.law, now)]
    for package in case.packages.values():
        law = package_law(case, package) if between else case.law
        columns.append((package.name, law, package.background_day))
    rows = []
    for good in goods:
        cells = [_cell(law, importer, exporter, good, on) for _, law, on in columns]
        rows.append(
            RateRow(
                good=good,
                label=case.law.book.goods[good].label,
                cells=tuple(c for c, _ in cells),
                details=tuple(d for _, d in cells),
            )
        )
    region = write.opened.world.region_names
    return RateTable(
        importer=region.get(importer, importer),
        exporter=region.get(exporter, exporter),
        columns=tuple(name for name, _, _ in columns),
        rows=tuple(rows),
    )


def rate_paths(write: Writer) -> tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...]:
    """Rates of the first table's goods through the case's period: the days on which each changes."""
    case = write.case
    if not case.sheet.rates:
        return ()
    table = case.sheet.rates[0]
    start = max(case.sheet.period.start, case.law.known_from)
    days = {start}
    for entry in case.law.book.entries:
        for day in (entry.since, None if entry.until is None else entry.until + dt.timedelta(days=1)):
            if day is not None and start <= day <= case.sheet.period.end:
                days.add(day)
    paths = []
    for good in table.goods:
        steps: list[tuple[str, float | None]] = []
        for day in sorted(days):
            rate = case.law.rate(table.importer, table.exporter, good, day).rate
            if not steps or steps[-1][1] != rate:
                steps.append((day.isoformat(), rate))
        paths.append((case.law.book.goods[good].label, tuple(steps)))
    return tuple(paths)


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
                found.append(
                    write.finding(
                        f"{write.name(code)}, {change.name}: value of output",
                        one.output,
                        unit="percent",
                        horizon="trade fully adjusted",
                        against=before,
                        basis="model",
                        rests_on=(write.valuation.run,),
                    )
                )
            rows.append(
                SectorRow(region=write.name(code), sector=change.sector, name=change.name, findings=tuple(found))
            )
    return tuple(rows)


def third_rows(write: Writer, names: list[str]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    before = write.case.sheet.headline.before
    return tuple(
        (
            write.name(code),
            tuple(
                write.memo(write.valuation.account(n, before).parties[code].memo("real-income"), before)
                for n in names
                if n != before
            ),
        )
        for code in write.case.reported
        if code not in write.case.parties
    )


def comparison_row(write: Writer, position: int) -> ComparisonRow:
    one = write.case.sheet.comparisons[position]
    claim = write.case.record.claim(one.estimate)
    assert isinstance(claim, Estimate), "checked with the citations"  # noqa: S101
    valuation = write.opened.valuer().value([(one.package, one.against)], on=one.on)
    memo = valuation.account(one.package, one.against).parties[one.party].memo("real-income")
    ours = write.memo(memo, one.against)
    write.cited[claim.id] = None
    document = write.case.record.cited_by(claim)[0]
    low, high = sorted((claim.low, claim.high))
    text = f"{claim.low:+.2f}" if low == high else f"{low:+.2f} to {high:+.2f}"
    return ComparisonRow(
        institution=claim.institution,
        date=when_text(claim.date),
        scenario=claim.scenario,
        outcome=f"{claim.outcome} ({claim.unit})",
        published=text,
        published_low=low,
        published_high=high,
        ours=ours,
        inside=ours.low <= high and low <= ours.high,
        why=one.why,
        claim=claim.id,
        url=document.url or "",
    )
