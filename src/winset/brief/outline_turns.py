"""What changed since the last version, and what would change our mind: found in the content, for any case."""

from __future__ import annotations

from collections.abc import Iterator

from winset.brief.content import BriefContent, Finding
from winset.brief.document import Block, Bullets, Part, Run
from winset.brief.outline_pen import Pen

__all__ = ["since_blocks", "turns"]

DRIVERS = 2
"""Drivers told for each side."""
EVENS = 2
"""Break-evens told for each side."""
CONTESTED = 2
"""Contradictions told."""
MOVED = 6
"""Numbers told that are not what they were."""
LEAST = 10.0
"""Percent of the spread below which a driver is not worth a line on the first pages."""


def since_blocks(pen: Pen) -> Iterator[Block]:
    """The section on the last version; nothing where no comparison was asked for."""
    since = pen.content.since
    if since is None:
        return
    yield pen.heading("since", 3, "What changed since the last version")
    if not since.version:
        yield pen.empty("This is the first version of this brief.")
        return
    if not since.moved and not since.added and not since.gone:
        yield pen.paragraph("Since {version} no number of the first pages moved.", version=since.version)
    else:
        yield pen.paragraph(
            "Since {version} these numbers moved, of those of the first pages and the nets:",
            version=since.version,
        )
        told = [pen.say("{label}: {now}; it was {before}.", label=f.label, now=f, before=was) for f, was in
                since.moved]  # fmt: skip
        told += [pen.say("New: {label}, {now}.", label=f.label, now=f) for f in since.added]
        told += [pen.say("No longer there: {label}.", label=label) for label in since.gone]
        shown = told[:MOVED]
        if len(told) > MOVED:
            shown.append(pen.say("And {count} more, in the findings file.", count=len(told) - MOVED))
        yield Bullets(items=tuple(shown))
    if since.inputs:
        yield pen.fine("Inputs that differ: {inputs}.", inputs=", ".join(since.inputs))


def turns(pen: Pen) -> tuple[Part, ...]:
    """What would turn the findings of the headline package, the nearest thing first."""
    return (*_evens(pen), *_drivers(pen), *_sets(pen), *_contested(pen))


def _evens(pen: Pen) -> Iterator[Part]:
    by_party: dict[str, int] = {}
    for row in pen.content.break_evens:
        if row.value is None or by_party.get(row.party, 0) >= EVENS:
            continue
        by_party[row.party] = by_party.get(row.party, 0) + 1
        if row.assumed is None:
            yield pen.say("{party} would be indifferent at: {what}, {value}.", party=row.party, what=row.label,
                          value=row.value)  # fmt: skip
        else:
            yield pen.say(
                "{party} would be indifferent at: {what}, {value}; the account has {assumed}.",
                party=row.party, what=row.label, value=row.value, assumed=row.assumed,
            )  # fmt: skip


def _drivers(pen: Pen) -> Iterator[Part]:
    for party, rows in pen.content.drivers:
        for row in [one for one in rows if one.share.value >= LEAST][:DRIVERS]:
            yield pen.say(
                "{party}, net over the range of “{what}”: {span}; {share} of the spread goes with it.",
                party=party, what=row.label, span=row.span, share=row.share,
            )  # fmt: skip


def flips(content: BriefContent) -> list[tuple[str, str, Finding]]:
    """(party, elasticity set, net under it) wherever a set turns the sign of the central net."""
    nets = {party: lines[-1] for party, lines in content.waterfall if lines}
    return [
        (party, name, one)
        for party, several in content.elasticity_spread
        for name, one in several
        if party in nets and one.value * nets[party].value < 0
    ]


def _sets(pen: Pen) -> Iterator[Part]:
    found = flips(pen.content)
    for party, name, one in found[:CONTESTED]:
        yield pen.say(
            "Under the elasticities {set} the sign turns: {party}, {net}.", set=name, party=party, net=one
        )
    if not found and any(len(several) > 1 for _, several in pen.content.elasticity_spread):
        yield (Run(text=pen.words("No set of trade elasticities alone turns the sign of a side's net.")),)


def _contested(pen: Pen) -> Iterator[Part]:
    for one in [x for x in pen.content.contradictions if x.matters][:CONTESTED]:
        yield pen.say(
            "The sources differ. {topic}: “{one}” or “{other}”",
            topic=one.topic, one=one.one.rstrip("."), other=one.other.rstrip("."),
        )  # fmt: skip
