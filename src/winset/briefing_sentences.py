"""The sentences of a brief, put together from accounts and record in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from winset.bargaining.finite import bargain
from winset.brief.content import Finding
from winset.briefing_ranges import draws_text
from winset.briefing_tables import Writer, lower
from winset.record.rendering import quantity_text
from winset.record.timeline import StateOfPlay
from winset.valuation.account import PackageAccount

__all__ = ["concerns", "decide", "gains", "headline", "method"]

OPEN = 6
"""Open matters shown as "what to decide"."""


def _billions(millions: float) -> str:
    return f"{abs(millions) / 1000:,.0f}" if abs(millions) >= 10_000 else f"{abs(millions) / 1000:,.1f}"


def _signed(millions: float) -> str:
    return ("+" if millions >= 0 else "\N{MINUS SIGN}") + _billions(millions)


def headline(write: Writer, main: PackageAccount, key: tuple[Finding, ...]) -> str:
    """Who gains and who loses from the headline package, and how surely."""
    words = write.words

    def side(value: float) -> str:
        amount = _billions(value)
        return (
            words("a gain of {amount}", amount=amount)
            if value >= 0
            else words("a loss of {amount}", amount=amount)
        )

    sides = [
        words("{party} {value} billion dollars (between {low} and {high})", party=write.name(code),
              value=side(f.value), low=side(f.low), high=side(f.high))
        for code, f in zip(write.case.parties, key, strict=False)
    ]  # fmt: skip
    return words(
        "{package}, held against {against}: {sides}. Present value over {years} years of trade and the life of "
        "the pledges.",
        package=write.title(main.name),
        against=lower(write.title(main.against)),
        sides="; ".join(sides),
        years=write.valuation.horizon_years,
    )


def gains(write: Writer, names: list[str], main: PackageAccount) -> str:
    """Who gains: each side in a sentence, then the packages that leave nobody worse off."""
    return " ".join([*(_side(write, main, code) for code in write.case.parties), _agreeable(write, names)])


def _side(write: Writer, main: PackageAccount, code: str) -> str:
    words, party = write.words, main.parties[code]
    net, name = party.net, write.name(code)
    if net.low > 0:
        sure = words("{party} gains at both ends of the band", party=name)
    elif net.high < 0:
        sure = words("{party} loses at both ends of the band", party=name)
    elif net.value > 0:
        sure = words("{party} gains in the centre, but the sign changes within the band", party=name)
    else:
        sure = words("{party} loses in the centre, but the sign changes within the band", party=name)
    if party.draws is not None:
        gains = party.draws.gains
        if gains == 0:
            sure += words(", and in none of the draws does it gain")
        elif gains == 1:
            sure += words(", and gains in every draw")
        else:
            # Between the two, no rounding may say "none" or "all".
            share = f"{min(max(gains, 0.01), 0.99):.0%}"
            sure += words(", and gains in {share} of the draws", share=share)
    rest = sum(line.band.value for line in party.lines if line.id != "tariffs")
    return words(
        "{sure} (tariffs {tariffs}, commitments {rest} billion).",
        sure=sure, tariffs=_signed(party.line("tariffs").band.value), rest=_signed(rest),
    )  # fmt: skip


def _agreeable(write: Writer, names: list[str]) -> str:
    """Which packages leave nobody below the headline's alternative, all valued under one day's law."""
    words, head = write.words, write.case.sheet.headline
    day = write.case.package(head.package).background_day
    valuation = write.opened.valuer().value([(name, head.against) for name in names], on=day)
    utilities = [
        [valuation.account(name, head.against).parties[code].net.value for code in write.case.parties]
        for name in names
    ]
    outcome = bargain(utilities, [0.0] * len(write.case.parties))
    better = [write.title(names[k]) for k in outcome.pareto if names[k] != head.against]
    against = lower(write.title(head.against))
    if not better:
        return words(
            "No package on the table leaves every side at least as well off as {against} (central values, all "
            "under the law of {day}).",
            against=against, day=day,
        )  # fmt: skip
    return words(
        "Every side is at least as well off as under {against} with: {packages} (central values, all under the "
        "law of {day}).",
        against=against, packages="; ".join(lower(one) for one in better), day=day,
    )  # fmt: skip


def concerns(write: Writer, parties: Iterable[str]) -> bool:
    """Whether a claim is about this negotiation: it names both sides, or nobody outside it."""
    named, sides = set(parties), set(write.case.parties)
    return sides <= named or named <= sides


def decide(write: Writer, state: StateOfPlay) -> tuple[str, ...]:
    """Deadlines ahead, then rates that are threatened or announced and bind nobody yet, newest first."""
    words = write.words
    ahead = [d for d in state.deadlines if d.status == "pending" and concerns(write, d.claim.parties)]
    lines = [words("{due}: {text}", due=d.due, text=d.claim.text) for d in ahead]
    waiting = [
        t
        for t in state.on_table
        if t.status in ("threatened", "announced", "suspended")
        and t.claim.role == "rate"
        and concerns(write, t.claim.parties)
    ]
    for term in sorted(waiting, key=lambda t: t.claim.date.last, reverse=True):
        amount = quantity_text(term.claim.quantity)
        what = f"{term.on.replace('-', ' ')}, {amount}" if term.on else amount
        if term.status == "threatened":
            lines.append(words("Threatened, not in force: {what}. {text}", what=what, text=term.claim.text))
        elif term.status == "announced":
            lines.append(words("Announced, not in force: {what}. {text}", what=what, text=term.claim.text))
        else:
            lines.append(words("Suspended: {what}. {text}", what=what, text=term.claim.text))
    return tuple(dict.fromkeys(lines))[:OPEN]


CLOSURES = {
    "world-share": "each region's trade deficit stays a fixed share of world labour income",
    "balanced": "deficits are taken out of the baseline first, and stay out",
    "nominal": "each region's trade deficit stays fixed in units of the numeraire",
    "own-share": "each region's spending stays a fixed multiple of its own income",
}


def method(write: Writer) -> tuple[tuple[str, str], ...]:
    """(heading, paragraph): model, closure, elasticity sets, baseline, bands."""
    case, world, valuation, words = write.case, write.opened.world, write.valuation, write.words
    sets = "; ".join(f"{name}: {world.elasticity_sets[name].citation}" for name in valuation.elasticity_sets)
    drawn = draws_text(valuation, words)
    return (
        (
            words("Model"),
            words(
                "Many regions and sectors, trade in inputs, tariffs with revenue (Caliendo and Parro 2015, Review "
                "of Economic Studies 82(1), in changes). Two states are compared once trade has adjusted, with "
                "full employment; the largest residual of any solution here is {residual}, as a share.",
                residual=f"{valuation.worst_residual:.0e}",
            ),
        ),
        (
            words("What a number means"),
            words(
                "Real income of a region is its final spending, tariff revenue included, over its consumer "
                "prices. A tariff line is base-year spending times the change of real income, every year of the "
                "horizon, discounted; pledges, purchases and payments are arithmetic on the assumptions listed, "
                "in the same dollars. Revenue is inside real income and never added."
            ),
        ),
        (words("Closure"), f"{valuation.closure}: {words(CLOSURES[valuation.closure])}."),
        (
            words("Bands"),
            words(
                "Lowest and highest over the elasticity sets, and over every corner of the stated ranges of "
                "assumptions; those of a net are the sums of its lines' ends. They are not probabilities."
            ),
        ),
        *(((words("Draws"), drawn),) if drawn else ()),
        (
            words("Elasticity sets"),
            words("Central set {central}. {sets}.", central=valuation.elasticities, sets=sets),
        ),
        (
            words("Law"),
            words(
                "Rates by legal authority and day, averaged over the sectors of the baseline. What was in force "
                "on {day} is taken as already in the trade of the base year; only later changes are shocks. Each "
                "package is valued under the law that other partners lived under on its day, and the package it "
                "is held against under the same.",
                day=case.law.base_date,
            ),
        ),
        (
            words("Baseline"),
            words(
                "{baseline}, {regions} regions and {sectors} sectors, year {year}. 'winset baseline show "
                "{baseline}' prints its sources, method and weaknesses.",
                baseline=world.name, regions=len(world.regions), sectors=len(world.sectors), year=world.year,
            ),
        ),
    )  # fmt: skip
