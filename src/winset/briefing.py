"""Fills a brief: asks every room for what it knows and puts it into `BriefContent`. Computes no economics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from winset.bargaining.finite import bargain
from winset.brief.content import (
    AccountTable,
    Assumed,
    BriefContent,
    ComparisonRow,
    Event,
    Finding,
    RateRow,
    RateTable,
    SectorRow,
    Source,
)
from winset.package.law import Law
from winset.record.claims import Estimate
from winset.record.rendering import quantity_text, when_text
from winset.record.timeline import StateOfPlay, state_of_play
from winset.valuation.account import Band, Line, Memo, PackageAccount
from winset.valuation.translate import package_law

if TYPE_CHECKING:
    from winset.valuation.value import Valuation
    from winset.workflow import OpenCase

__all__ = ["brief_content"]

RECENT = 8
"""Events shown as "what changed"."""
OPEN = 8
"""Open matters shown as "what to decide"."""


class _Writer:
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
            f"{self.name(code)}, net: {_lower(self.title(account.name))}",
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


def brief_content(opened: OpenCase, *, progress: Callable[[int, int], None] | None = None) -> BriefContent:
    """Everything that the brief of a case says. Raises NotConvergedError rather than print a doubtful number."""
    case, head = opened.case, opened.case.sheet.headline
    valuer = opened.valuer(progress=progress)
    names = list(case.packages)
    pairs = [(name, head.against) for name in names if name != head.against]
    pairs += [(name, head.before) for name in names if name != head.before]
    pairs += [(head.package, other) for other in head.also_against]
    valuation = valuer.value(list(dict.fromkeys(pairs)))
    write = _Writer(opened, valuation)

    main = valuation.account(head.package, head.against)
    key = tuple(write.net(main, code) for code in case.parties)
    first = case.parties[0]
    tariffs = main.parties[first].line("tariffs")
    key += (
        write.line(replace(tariffs, label=f"{write.name(first)}: tariffs alone, revenue included"), head.against),
    )
    state = state_of_play(case.record, max(claim.known for claim in case.record))
    changed = _changed(write, state)
    tables = [_account(write, valuation.account(name, head.against)) for name in names if name != head.against]
    tables += [_account(write, valuation.account(head.package, other)) for other in head.also_against]
    bars = tuple(
        (
            write.name(code),
            tuple(write.net(valuation.account(n, head.against), code) for n in names if n != head.against),
        )
        for code in case.parties
    )
    waterfall = tuple(
        (
            write.name(code),
            (*(write.line(line, head.against) for line in main.parties[code].lines), write.net(main, code)),
        )
        for code in case.parties
    )
    sectors = _sectors(write, names)
    third = _third(write, names)
    comparisons = tuple(_comparison(write, position) for position in range(len(case.sheet.comparisons)))
    rates = tuple(
        _rates(write, table.importer, table.exporter, table.goods, state.on) for table in case.sheet.rates
    )
    manifest = opened.manifest()
    return BriefContent(
        title=case.sheet.title,
        summary=case.sheet.summary,
        as_of=state.on.isoformat(),
        headline=_headline(write, main, key),
        key_numbers=key,
        gains=f"{_gains(write, main)} {_agreeable(write, names, main)}",
        changed=changed,
        decide=_decide(write, state),
        rates=rates,
        packages=tuple(names),
        package_titles=tuple(write.title(name) for name in names),
        accounts=tuple(tables),
        main_against=head.against,
        headline_package=head.package,
        bars=bars,
        waterfall=waterfall,
        tariff_path=_paths(write),
        sectors=sectors,
        third_parties=third,
        elasticity_spread=tuple(
            (write.name(code), tuple(sorted(main.parties[code].by_set.items()))) for code in case.parties
        ),
        comparisons=comparisons,
        leaves_out=tuple(case.sheet.leaves_out),
        assumptions=tuple(
            Assumed(
                id=a.id, label=a.label, value=a.value, low=a.low, high=a.high, unit=a.unit, why=a.why,
                source=tuple(a.source),
            )
            for a in case.sheet.assumptions
        ),
        contradictions=tuple((f"{c.claim.text.rstrip('.')}: {c.claim.a.text}", c.claim.b.text, c.reading or "open")
            for c in state.contradictions),
        sources=_sources(write),
        method=_method(write),
        manifest=manifest,
    )  # fmt: skip


# ---------------------------------------------------------------------- sentences


def _billions(millions: float) -> str:
    return f"{abs(millions) / 1000:,.0f}" if abs(millions) >= 10_000 else f"{abs(millions) / 1000:,.1f}"


def _amount(finding: Finding) -> str:
    """ "a loss of 64 billion dollars (between a loss of 181 and a gain of 16)" """

    def side(value: float) -> str:
        return f"a {'gain' if value >= 0 else 'loss'} of {_billions(value)}"

    return f"{side(finding.value)} billion dollars (between {side(finding.low)} and {side(finding.high)})"


def _headline(write: _Writer, main: PackageAccount, key: tuple[Finding, ...]) -> str:
    years = write.valuation.horizon_years
    sides = [f"{write.name(code)} {_amount(f)}" for code, f in zip(write.case.parties, key, strict=False)]
    return (
        f"{write.title(main.name)}, held against {_lower(write.title(main.against))}: {'; '.join(sides)}. "
        f"Present value over {years} years of trade and the life of the pledges."
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _agreeable(write: _Writer, names: list[str], main: PackageAccount) -> str:
    """Which packages leave nobody below the headline's alternative, all valued under one day's law."""
    head = write.case.sheet.headline
    day = write.case.package(head.package).background_day
    valuation = write.opened.valuer().value([(name, head.against) for name in names], on=day)
    utilities = [
        [valuation.account(name, head.against).parties[code].net.value for code in write.case.parties]
        for name in names
    ]
    outcome = bargain(utilities, [0.0] * len(write.case.parties))
    better = [k for k in outcome.pareto if names[k] != head.against]
    how = f"central values, all under the law of {day}"
    if not better:
        return f"No package on the table leaves every side at least as well off as {head.against} ({how})."
    listed = ", ".join(names[k] for k in better)
    return f"Every side is at least as well off as under {head.against} with: {listed} ({how})."


def _gains(write: _Writer, main: PackageAccount) -> str:
    sentences = []
    for code in write.case.parties:
        net, tariffs = main.parties[code].net, main.parties[code].line("tariffs").band
        name = write.name(code)
        if net.low > 0:
            sure = f"{name} gains at both ends of the band"
        elif net.high < 0:
            sure = f"{name} loses at both ends of the band"
        else:
            how = "gains" if net.value > 0 else "loses"
            sure = f"{name} {how} in the centre, but the sign changes within the band"
        rest = sum(line.band.value for line in main.parties[code].lines if line.id != "tariffs")
        split = f"tariffs {_signed(tariffs.value)}, commitments {_signed(rest)} billion"
        sentences.append(f"{sure} ({split}).")
    return " ".join(sentences)


def _signed(millions: float) -> str:
    return ("+" if millions >= 0 else "\N{MINUS SIGN}") + _billions(millions)


def _concerns(write: _Writer, parties: Iterable[str]) -> bool:
    """Whether a claim is about this negotiation: it names both sides, or nobody outside it."""
    named, sides = set(parties), set(write.case.parties)
    return sides <= named or named <= sides


def _changed(write: _Writer, state: StateOfPlay) -> tuple[Event, ...]:
    shown = [event for event in state.events if _concerns(write, event.parties)][:RECENT]
    write.cited |= dict.fromkeys(event.id for event in shown)
    return tuple(Event(date=when_text(event.date), text=event.text, claim=event.id) for event in shown)


def _decide(write: _Writer, state: StateOfPlay) -> tuple[str, ...]:
    """Deadlines ahead, then rates that are threatened or announced and bind nobody yet, newest first."""
    ahead = [d for d in state.deadlines if d.status == "pending" and _concerns(write, d.claim.parties)]
    lines = [f"{d.due}: {d.claim.text}" for d in ahead]
    waiting = [
        t
        for t in state.on_table
        if t.status in ("threatened", "announced", "suspended")
        and t.claim.role == "rate"
        and _concerns(write, t.claim.parties)
    ]
    for term in sorted(waiting, key=lambda t: t.claim.date.last, reverse=True):
        what = f"{term.on.replace('-', ' ')}: " if term.on else ""
        status, amount = term.status.capitalize(), quantity_text(term.claim.quantity)
        lines.append(f"{status}, not in force: {what}{amount}. {term.claim.text}")
    return tuple(dict.fromkeys(lines))[:OPEN]


# ---------------------------------------------------------------------- tables


def _account(write: _Writer, account: PackageAccount) -> AccountTable:
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


def _rates(write: _Writer, importer: str, exporter: str, goods: list[str], now: dt.date) -> RateTable:
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


def _paths(write: _Writer) -> tuple[tuple[str, tuple[tuple[str, float | None], ...]], ...]:
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


def _sectors(write: _Writer, names: list[str]) -> tuple[SectorRow, ...]:
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


def _third(write: _Writer, names: list[str]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
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


def _comparison(write: _Writer, position: int) -> ComparisonRow:
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


def _sources(write: _Writer) -> tuple[Source, ...]:
    """Every claim that a finding, package, assumption or event of this brief rests on."""
    case = write.case
    ids = dict(write.cited)
    for package in case.packages.values():
        ids |= dict.fromkeys(package.citation)
        for term in (*package.tariffs.terms, *package.commitments):
            ids |= dict.fromkeys(term.citation)
    for assumption in case.sheet.assumptions:
        ids |= dict.fromkeys(assumption.source)
    rows = []
    for claim in case.record:
        if claim.id in ids:
            document = case.record.cited_by(claim)[0]
            published = document.published
            rows.append(
                Source(
                    claim=claim.id,
                    text=claim.text,
                    publisher=document.publisher,
                    date=str(published.value or f"by {published.by}"),
                    url=document.url or "",
                    confidence=claim.confidence,
                )
            )
    return tuple(rows)


CLOSURES = {
    "world-share": "each region's trade deficit stays a fixed share of world labour income",
    "balanced": "deficits are taken out of the baseline first, and stay out",
    "nominal": "each region's trade deficit stays fixed in units of the numeraire",
    "own-share": "each region's spending stays a fixed multiple of its own income",
}


def _method(write: _Writer) -> tuple[tuple[str, str], ...]:
    case, world, valuation = write.case, write.opened.world, write.valuation
    sets = "; ".join(f"{name}: {world.elasticity_sets[name].citation}" for name in valuation.elasticity_sets)
    return (
        (
            "Model",
            "Many regions and sectors, trade in inputs, tariffs with revenue (Caliendo and Parro 2015, Review of "
            "Economic Studies 82(1), in changes). Two states are compared once trade has adjusted, with full "
            "employment; the largest residual of any solution here is "
            f"{valuation.worst_residual:.0e}, as a share.",
        ),
        (
            "What a number means",
            "Real income of a region is its final spending, tariff revenue included, over its consumer prices. A "
            "tariff line is base-year spending times the change of real income, every year of the horizon, "
            "discounted; pledges, purchases and payments are arithmetic on the assumptions listed, in the same "
            "dollars. Revenue is inside real income and never added.",
        ),
        ("Closure", f"{valuation.closure}: {CLOSURES[valuation.closure]}."),
        (
            "Bands",
            "Lowest and highest over the elasticity sets, and over every corner of the stated ranges of "
            "assumptions; those of a net are the sums of its lines' ends. They are not probabilities.",
        ),
        ("Elasticity sets", f"Central set {valuation.elasticities}. {sets}."),
        (
            "Law",
            f"Rates by legal authority and day, averaged over the sectors of the baseline. What was in force on "
            f"{case.law.base_date} is taken as already in the trade of the base year; only later changes are "
            "shocks. Each package is valued under the law that other partners lived under on its day, and the "
            "package it is held against under the same.",
        ),
        (
            "Baseline",
            f"{world.name}, {len(world.regions)} regions and {len(world.sectors)} sectors, year {world.year}. "
            f"'winset baseline show {world.name}' prints its sources, method and weaknesses.",
        ),
    )
