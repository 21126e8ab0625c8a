"""The section on win-sets, frontier, solutions and counter-offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from winset.brief.canvas import Picture
from winset.brief.content import Bargaining
from winset.brief.document import Block, Bullets, Cell, Illustration, Paragraph, Part, Run
from winset.brief.figure_data import BargainView
from winset.brief.formats import stated
from winset.brief.outline_pen import Pen

__all__ = ["bargain_section"]


def bargain_section(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    """What every side could ratify; a line where the case does not say."""
    yield pen.heading("bargain", 3, "Win-sets and frontier")
    found, view = pen.content.bargain, pen.content.bargain_view
    if found is None:
        yield pen.empty(pen.content.no_bargain or "No bargain was computed.")
        return
    yield pen.paragraph(
        "A win-set holds the packages that all who must agree at home would accept; a deal is possible where the "
        "win-sets meet. A solution is what a stated rule gives, not what a government will do, and not what is "
        "fair. No value is put on security."
    )
    if found.agreement_words:
        share: Part = () if found.agreement is None else pen.say(" ({share})", share=found.agreement)
        yield Paragraph(runs=(Run(text=found.agreement_words, style="strong"), *share, Run(text=".")))
    if found.sampling:
        yield pen.fine(found.sampling)
    for picture in (one for id, one in drawn.items() if id.startswith("fig-bargain")):
        yield Illustration(picture=picture)
    if view is not None:
        yield from _points(pen, view)
    yield from _win_sets(pen, found)
    yield from _solutions(pen, found)
    yield from _opens(pen, found)
    yield from _counters(pen, found)
    if found.in_words:
        yield pen.fine("Conditions in words alone, which no number here holds:")
        yield Bullets(items=tuple((Run(text=one),) for one in found.in_words))


KINDS = {
    "disagreement": "no deal", "package": "package of the case", "offer": "offer", "solution": "solution",
    "status-quo": "state of play", "counter-offer": "counter-offer",
}  # fmt: skip


def _points(pen: Pen, view: BargainView) -> Iterator[Block]:
    words = pen.words
    known = [f for point in view.points for f in point.payoffs]
    head = [words("Package"), words("Kind"), *view.parties, words("Accepted by")]
    rows = []
    for point in view.points:
        who = ", ".join(point.accepted_by) or words("nobody")
        judged = point.kind in ("offer", "solution", "counter-offer")
        rows.append(
            [
                pen.head(point.label), pen.text(words(KINDS[point.kind])), *(pen.cell(f) for f in point.payoffs),
                pen.text(who if judged else words("not asked")),
            ]
        )  # fmt: skip
    yield pen.table(
        "bargain-points", words("Packages, offers and solutions"),
        words("What each is worth over no deal.") + " " + stated(known), [pen.head(one) for one in head], rows,
    )  # fmt: skip


def _win_sets(pen: Pen, found: Bargaining) -> Iterator[Block]:
    words = pen.words
    if not found.win_sets:
        return
    rows: list[list[Cell]] = []
    for party, size in zip(found.parties, found.win_sets, strict=True):
        rows.append(
            [pen.head(party), pen.text(words("accepted by all its ratifiers")), pen.cell(size), pen.text(""),
             pen.text("")]
        )  # fmt: skip
        rows += [
            [
                pen.head(""), pen.text(one.label), pen.cell(one.refused), pen.cell(one.alone),
                Cell(runs=(Run(text=f"{one.why} "), *pen.named(one.sources))),
            ]
            for one in found.refusals if one.party == party
        ]  # fmt: skip
    yield pen.table(
        "bargain-win-sets",
        words("Win-sets"),
        words("Win-sets, in percent of the packages looked at. First its size; below, what each condition "
              "refuses, and what it alone keeps out."),
        [pen.head(words(one)) for one in ("Side", "Condition", "Percent of packages", "It alone", "Why")],
        rows,
        wordy=True,
    )  # fmt: skip


def _solutions(pen: Pen, found: Bargaining) -> Iterator[Block]:
    words = pen.words
    if not found.solutions or not found.levers:
        return
    yield pen.table(
        "bargain-solutions",
        words("Terms at each solution"),
        words("Where each lever stands at the solutions within all win-sets."),
        [pen.head(words("Lever")), pen.head(words("Unit")), *(pen.head(words(one)) for one in found.solutions)],
        [[pen.head(label), pen.text(unit), *(pen.cell(f) for f in cells)] for label, unit, cells in found.levers],
    )


def _opens(pen: Pen, found: Bargaining) -> Iterator[Block]:
    if found.opens:
        yield pen.paragraph("The smallest relaxation that opens a deal:")
        yield Bullets(items=tuple(pen.say("{what}: {by}", what=what, by=by) for what, by in found.opens))
    if found.payment:
        yield pen.paragraph("The cheapest side-payment that opens a deal, received less paid:")
        yield Bullets(
            items=tuple(
                pen.say("{what}: {by}", what=party, by=by)
                for party, by in zip(found.parties, found.payment, strict=True)
            )
        )


def _counters(pen: Pen, found: Bargaining) -> Iterator[Block]:
    words = pen.words
    if not found.counters:
        return
    rows = []
    for one in found.counters:
        changes: list[Run] = []
        for lever, by in one.changes:
            changes += [Run(text=f"{'; ' if changes else ''}{lever} "), pen.number(by, with_unit=True)]
        told = (Run(text=one.reason),) if one.reason else tuple(changes) or (Run(text=words("no change")),)
        cells = [pen.cell(f) for f in one.payoffs] or [pen.cell(None) for _ in found.parties]
        rows.append([pen.head(one.offer), pen.text(one.by), Cell(runs=told), *cells])
    yield pen.table(
        "bargain-counters",
        words("Counter-offers"),
        words("The answer to each offer that costs its maker least and that all would accept, over no deal."),
        [
            *(pen.head(words(one)) for one in ("Offer", "Answer by", "Changes")),
            *(pen.head(party) for party in found.parties),
        ],
        rows,
        wordy=True,
    )  # fmt: skip
