"""Fills a brief: asks every room for what it knows and puts it into `BriefContent`. Computes no economics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from winset.brief.content import Assumed, BriefContent, Contested, Event, Finding, Source
from winset.brief.words import Words
from winset.briefing_ranges import break_even_rows, chance_rows, draws_text, driver_rows
from winset.briefing_sentences import concerns, decide, gains, headline, method
from winset.briefing_tables import (
    Writer,
    account_table,
    comparison_row,
    duty_timeline,
    memo_series,
    rate_paths,
    rate_table,
    rests_of,
    sector_rows,
    third_rows,
    world_effects,
)
from winset.record.rendering import when_text
from winset.record.timeline import StateOfPlay, state_of_play
from winset.valuation.account import Band, PackageAccount

if TYPE_CHECKING:
    from winset.negotiation import Negotiation
    from winset.workflow import OpenCase

__all__ = ["brief_content"]

RECENT = 4
"""Events shown as "what changed lately"."""


def brief_content(
    opened: OpenCase,
    *,
    words: Words | None = None,
    bargain: Negotiation | None = None,
    no_bargain: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> BriefContent:
    """Everything that the brief of a case says, in the language of `words` (default: English).

    bargain: what `OpenCase.bargain` found; `no_bargain` says why there is none. What was solved once is kept, so
    a second language costs little. Raises NotConvergedError rather than print a doubtful number.
    """
    words = words or Words()
    case, head = opened.case, opened.case.sheet.headline
    valuer = opened.valuer(progress=progress)
    names = list(case.packages)
    held = [name for name in names if name != head.against]
    pairs = [(name, head.against) for name in held]
    pairs += [(name, head.before) for name in names if name != head.before]
    pairs += [(head.package, other) for other in head.also_against]
    valuation = valuer.value(list(dict.fromkeys(pairs)))
    write = Writer(opened, valuation, words)

    main = valuation.account(head.package, head.against)
    state = state_of_play(case.record, max(claim.known for claim in case.record))
    changed = _changed(write, state)
    key = _key_numbers(write, main)
    accounts = [account_table(write, valuation.account(name, head.against)) for name in held]
    accounts += [
        account_table(write, valuation.account(head.package, other), memos=False) for other in head.also_against
    ]
    content = BriefContent(
        title=words.of_case(case.sheet.title),
        summary=words.of_case(case.sheet.summary),
        as_of=state.on.isoformat(),
        headline=headline(write, main, key),
        key_numbers=key,
        gains=gains(write, names, main),
        changed=changed,
        decide=decide(write, state),
        rates=tuple(rate_table(write, t.importer, t.exporter, t.goods, state.on) for t in case.sheet.rates),
        packages=tuple(names),
        package_titles=tuple(write.title(name) for name in names),
        accounts=tuple(accounts),
        main_against=head.against,
        headline_package=head.package,
        bars=tuple(
            (write.name(code), tuple(write.net(valuation.account(n, head.against), code) for n in held))
            for code in case.parties
        ),
        waterfall=tuple(
            (
                write.name(code),
                (
                    *(write.line(x, main.name, main.against, code) for x in main.parties[code].lines),
                    write.net(main, code),
                ),
            )
            for code in case.parties
        ),
        tariff_path=rate_paths(write),
        timeline=duty_timeline(write),
        sectors=sector_rows(write, names),
        third_parties=third_rows(write, names),
        world=world_effects(write, names),
        memos=memo_series(write, held, head.against),
        elasticity_spread=_spread(write, main),
        draws=draws_text(valuation, words),
        chances=chance_rows(write, case.parties, held, head.against),
        drivers=driver_rows(write, case.parties, main),
        break_evens=break_even_rows(write, case.parties, main),
        comparisons=tuple(comparison_row(write, position) for position in range(len(case.sheet.comparisons))),
        leaves_out=tuple(words.of_case(one) for one in case.sheet.leaves_out),
        assumptions=tuple(
            Assumed(
                id=a.id, label=words.of_case(a.label), value=a.value, low=a.low, high=a.high, unit=a.unit,
                why=words.of_case(a.why), source=tuple(a.source),
            )
            for a in case.sheet.assumptions
        ),
        contradictions=_contradictions(write, state, main),
        chronicle=_chronicle(write, state),
        sources=(),
        method=method(write),
        manifest=opened.manifest(),
        language=words.language,
        no_bargain=no_bargain,
    )  # fmt: skip
    if bargain is not None:
        from winset.briefing_bargain import bargained

        content = bargained(write, content, bargain)
    return replace(content, sources=_sources(write))


def _key_numbers(write: Writer, main: PackageAccount) -> tuple[Finding, ...]:
    """The nets of the parties, and the first one's tariffs alone."""
    nets = tuple(write.net(main, code) for code in write.case.parties)
    first = write.case.parties[0]
    tariffs = write.line(main.parties[first].line("tariffs"), main.name, main.against, first)
    label = write.words("{party}: tariffs alone, revenue included", party=write.name(first))
    return (*nets, replace(tariffs, id=f"headline/{tariffs.id}", label=label))


def _spread(write: Writer, main: PackageAccount) -> tuple[tuple[str, tuple[tuple[str, Finding], ...]], ...]:
    """Net of the headline package under each elasticity set."""
    rows = []
    for code in write.case.parties:
        several = sorted(main.parties[code].by_set.items())
        label = write.words("{party}, net, under the elasticities {set}", party=write.name(code), set="{set}")
        rows.append(
            (
                write.name(code),
                tuple(
                    (
                        name,
                        replace(
                            write.finding(
                                f"elasticities/{name}/{main.name}/against/{main.against}/{code}",
                                label.replace("{set}", name),
                                Band(value=net, low=net, high=net),
                                unit=write.valuation.unit,
                                horizon=write.horizon,
                                against=main.against,
                                basis="model",
                                rests_on=rests_of(main, code),
                            ),
                            elasticities=name,
                        ),
                    )
                    for name, net in several
                ),
            )
        )
    return tuple(rows)


# ---------------------------------------------------------------------- the record


def _changed(write: Writer, state: StateOfPlay) -> tuple[Event, ...]:
    shown = [event for event in state.events if concerns(write, event.parties)][:RECENT]
    write.cited |= dict.fromkeys(event.id for event in shown)
    return tuple(Event(date=when_text(event.date), text=event.text, claim=event.id) for event in shown)


def _chronicle(write: Writer, state: StateOfPlay) -> tuple[Event, ...]:
    """Every event about these talks, each with who published it."""
    rows = []
    for event in state.events:
        if concerns(write, event.parties):
            document = write.case.record.cited_by(event)[0]
            rows.append(
                Event(
                    date=when_text(event.date), text=event.text, claim=event.id, publisher=document.publisher,
                    url=document.url or "",
                )
            )  # fmt: skip
    return tuple(rows)


def _contradictions(write: Writer, state: StateOfPlay, main: PackageAccount) -> tuple[Contested, ...]:
    """Those first that the headline package, or what it is held against, rests on."""
    rests = {x for code in write.case.parties for x in rests_of(main, code)}
    for name in (main.name, main.against):
        package = write.case.packages[name]
        rests |= {*package.citation}
        for term in (*package.tariffs.terms, *package.commitments):
            rests |= {*term.citation}
    found = [
        Contested(
            topic=c.claim.text.rstrip("."),
            one=c.claim.a.text,
            other=c.claim.b.text,
            reading=c.reading,
            claim=c.claim.id,
            matters=bool(rests & {*c.claim.a.claims, *c.claim.b.claims}),
        )
        for c in state.contradictions
    ]
    return tuple(sorted(found, key=lambda one: not one.matters))


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
