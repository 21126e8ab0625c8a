"""Fills a brief: asks every room for what it knows and puts it into `BriefContent`. Computes no economics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from winset.bargaining.finite import bargain
from winset.brief.content import Assumed, BriefContent, Event, Finding, Source
from winset.briefing_ranges import break_even_rows, chance_rows, draws_text, driver_rows
from winset.briefing_tables import (
    Writer,
    account_table,
    comparison_row,
    lower,
    rate_paths,
    rate_table,
    sector_rows,
    third_rows,
)
from winset.record.rendering import quantity_text, when_text
from winset.record.timeline import StateOfPlay, state_of_play
from winset.valuation.account import PackageAccount

if TYPE_CHECKING:
    from winset.workflow import OpenCase

__all__ = ["brief_content"]

RECENT = 8
"""Events shown as "what changed"."""
OPEN = 8
"""Open matters shown as "what to decide"."""


def brief_content(opened: OpenCase, *, progress: Callable[[int, int], None] | None = None) -> BriefContent:
    """Everything that the brief of a case says. Raises NotConvergedError rather than print a doubtful number."""
    case, head = opened.case, opened.case.sheet.headline
    valuer = opened.valuer(progress=progress)
    names = list(case.packages)
    pairs = [(name, head.against) for name in names if name != head.against]
    pairs += [(name, head.before) for name in names if name != head.before]
    pairs += [(head.package, other) for other in head.also_against]
    valuation = valuer.value(list(dict.fromkeys(pairs)))
    write = Writer(opened, valuation)

    main = valuation.account(head.package, head.against)
    key = tuple(write.net(main, code) for code in case.parties)
    first = case.parties[0]
    tariffs = main.parties[first].line("tariffs")
    key += (
        write.line(replace(tariffs, label=f"{write.name(first)}: tariffs alone, revenue included"), head.against),
    )
    state = state_of_play(case.record, max(claim.known for claim in case.record))
    changed = _changed(write, state)
    tables = [
        account_table(write, valuation.account(name, head.against)) for name in names if name != head.against
    ]
    tables += [account_table(write, valuation.account(head.package, other)) for other in head.also_against]
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
    sectors = sector_rows(write, names)
    third = third_rows(write, names)
    comparisons = tuple(comparison_row(write, position) for position in range(len(case.sheet.comparisons)))
    rates = tuple(
        rate_table(write, table.importer, table.exporter, table.goods, state.on) for table in case.sheet.rates
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
        tariff_path=rate_paths(write),
        sectors=sectors,
        third_parties=third,
        elasticity_spread=tuple(
            (write.name(code), tuple(sorted(main.parties[code].by_set.items()))) for code in case.parties
        ),
        draws=draws_text(valuation),
        chances=chance_rows(write, case.parties, [n for n in names if n != head.against], head.against),
        drivers=driver_rows(write, case.parties, main),
        break_evens=break_even_rows(write, case.parties, main),
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


def _headline(write: Writer, main: PackageAccount, key: tuple[Finding, ...]) -> str:
    years = write.valuation.horizon_years
    sides = [f"{write.name(code)} {_amount(f)}" for code, f in zip(write.case.parties, key, strict=False)]
    return (
        f"{write.title(main.name)}, held against {lower(write.title(main.against))}: {'; '.join(sides)}. "
        f"Present value over {years} years of trade and the life of the pledges."
    )


def _agreeable(write: Writer, names: list[str], main: PackageAccount) -> str:
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


def _gains(write: Writer, main: PackageAccount) -> str:
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
        draws = main.parties[code].draws
        if draws is not None:
            sure += f", and gains in {draws.gains:.0%} of the draws"
        split = f"tariffs {_signed(tariffs.value)}, commitments {_signed(rest)} billion"
        sentences.append(f"{sure} ({split}).")
    return " ".join(sentences)


def _signed(millions: float) -> str:
    return ("+" if millions >= 0 else "\N{MINUS SIGN}") + _billions(millions)


def _concerns(write: Writer, parties: Iterable[str]) -> bool:
    """Whether a claim is about this negotiation: it names both sides, or nobody outside it."""
    named, sides = set(parties), set(write.case.parties)
    return sides <= named or named <= sides


def _changed(write: Writer, state: StateOfPlay) -> tuple[Event, ...]:
    shown = [event for event in state.events if _concerns(write, event.parties)][:RECENT]
    write.cited |= dict.fromkeys(event.id for event in shown)
    return tuple(Event(date=when_text(event.date), text=event.text, claim=event.id) for event in shown)


def _decide(write: Writer, state: StateOfPlay) -> tuple[str, ...]:
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


def _sources(write: Writer) -> tuple[Source, ...]:
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


def _method(write: Writer) -> tuple[tuple[str, str], ...]:
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
        *((("Draws", draws_text(valuation)),) if valuation.draws else ()),
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
