"""The annex of the outline: accounts, rates, sectors, third parties, revenue, prices, sensitivity, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from winset.brief.canvas import Picture
from winset.brief.content import AccountTable, Finding, RateTable
from winset.brief.document import (
    Block,
    Cell,
    Heading,
    Illustration,
    Paragraph,
    Run,
    Table,
)
from winset.brief.findings import anchor, headline_title
from winset.brief.formats import capital, day, stated, typographic, unit_text
from winset.brief.outline_pen import DASH, Pen
from winset.brief.outline_record import record, safe

__all__ = ["annex", "rate_block"]


def annex(pen: Pen, drawn: Mapping[str, Picture], bargain: Iterable[Block]) -> Iterator[Block]:
    """Everything behind the first pages, in the order in which it is asked for."""
    yield pen.heading("annex", 2, "Annex")
    yield pen.fine(
        "Marks: R is the run of the model, A an assumption, C a claim of the record. A number leads to the first "
        "of those that it rests on; beside it stand unit, horizon, baseline and the rest."
    )
    yield from _law(pen, drawn)
    yield from _accounts(pen, drawn)
    yield from _against(pen)
    yield from _sectors(pen, drawn)
    yield from _third(pen, drawn)
    yield from _memos(pen, drawn)
    yield from bargain
    yield from _break_evens(pen)
    yield from _draws(pen)
    yield from _sensitivity(pen, drawn)
    yield from _published(pen, drawn)
    yield from record(pen)


def _illustrations(drawn: Mapping[str, Picture], *starts: str) -> Iterator[Block]:
    for id, one in drawn.items():
        if id.startswith(starts):
            yield Illustration(picture=one)


def account_id(account: AccountTable) -> str:
    """Anchor of an account."""
    return anchor("account", f"{account.package}-against-{account.against}")


# ---------------------------------------------------------------------- law


def rate_block(pen: Pen, position: int) -> Table:
    """Rates of one importer on one exporter: now, and under each package."""
    content, words, table = pen.content, pen.words, pen.content.rates[position]
    told = pen.say(
        "{importer} on goods from {exporter}, percent of customs value, on {day} and under each package.",
        importer=table.importer, exporter=table.exporter, day=day(content.as_of, content.language),
    )  # fmt: skip
    if not position:
        told += (
            Run(text=" "),
            *pen.say(
                "“Added” comes on top of the ordinary rate; “in all” includes it; “unknown” is not zero. "
                "Authority and citation: {annex}.",
                annex=Run(text=words("annex"), target="law"),
            ),
        )
    return pen.table(
        f"rates-{position + 1}",
        words("Rates: {importer} on {exporter}", importer=table.importer, exporter=table.exporter),
        told,
        [pen.head(words("Good")), *(pen.head(pen.title(column)) for column in table.columns)],
        [
            [
                pen.head(row.label),
                *(
                    pen.text(cell, hover=row.details[n] if n < len(row.details) else "")
                    for n, cell in enumerate(row.cells)
                ),
            ]
            for row in table.rows
        ],
    )


def _law(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    yield pen.heading("law", 3, "Rates by date and authority")
    yield from _illustrations(drawn, "fig-path", "fig-timeline")
    if not pen.content.rates:
        yield pen.empty("The case holds no dated rates.")
    for position, table in enumerate(pen.content.rates):
        if position:
            yield rate_block(pen, position)
        told = pen.words("{importer} on {exporter}", importer=table.importer, exporter=table.exporter)
        yield pen.table(
            anchor("law", f"{table.importer}-{table.exporter}"),
            pen.words("Legal basis: {importer} on {exporter}", importer=table.importer, exporter=table.exporter),
            pen.say("Authority and citation of each rate: {pair}.", pair=told),
            [pen.head(pen.words(one)) for one in ("Good", "Package", "Authority, rate and citation")],
            [
                [pen.head(good if not n else ""), pen.text(columns), pen.text(detail)]
                for good, lines in _kinds(pen, table)
                for n, (columns, detail) in enumerate(lines)
            ],
            wordy=True,
        )


def _kinds(pen: Pen, table: RateTable) -> list[tuple[str, list[tuple[str, str]]]]:
    """(good, ((columns, authority and citation), ...)): columns with the same authority stand together.

    The largest group comes last and is called "all columns" or "otherwise", so that no list of every package is
    repeated for every good.
    """
    kept = []
    for row in table.rows:
        together: dict[str, list[str]] = {}
        for column, detail in zip(table.columns, row.details, strict=False):
            together.setdefault(detail, []).append(pen.title(column))
        groups = sorted(((c, d) for d, c in together.items() if d), key=lambda group: -len(group[0]))
        lines = [("; ".join(columns), detail) for columns, detail in groups]
        if groups and len(groups[0][0]) > 1:
            rest = pen.words("all columns") if len(together) == 1 else pen.words("otherwise")
            lines = [*lines[1:], (rest, lines[0][1])]
        kept.append((row.label, lines))
    return kept


# ---------------------------------------------------------------------- accounts


def _accounts(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    yield pen.heading("accounts", 3, "Account of each package")
    yield from _illustrations(drawn, "fig-waterfall")
    told: set[str] = set()
    for account in pen.content.accounts:
        against = pen.title(account.against)
        title = pen.words("{package}, against {against}", package=account.title, against=against)
        yield Heading(id=account_id(account), level=4, text=title)
        if account.package not in told:
            told.add(account.package)
            yield Paragraph(runs=(Run(text=account.summary),))
        yield pen.fine(
            "{status}, {day}. Law in the background: {law}.", status=capital(pen.words.of_case(account.status)),
            day=day(account.date, pen.content.language), law=account.background,
        )  # fmt: skip
        yield _account(pen, account)
    if not pen.content.accounts:
        yield pen.empty("No package was valued.")


def _account(pen: Pen, account: AccountTable) -> Block:
    rows = [
        [
            pen.head(label, small=pen.unlike(account.net, cells)),
            *(pen.cell(f) for f in cells),
            Cell(runs=(Run(text=f"{_bases(pen, cells)} ", style="small"), *pen.marks(*cells))),
        ]
        for label, cells in account.rows
    ]
    net = [
        pen.head(pen.words("Net")),
        *(pen.cell(f) for f in account.net),
        pen.text(pen.words("sum of the lines")),
    ]
    caption = pen.words(
        "{package}, held against {against}. {facts} Band in parentheses: lowest to highest.",
        package=account.title, against=pen.title(account.against), facts=stated(account.net, against=False),
    )  # fmt: skip
    return pen.table(
        f"{account_id(account)}-table",
        pen.words("Account: {package}", package=account.title),
        caption,
        [
            pen.head(pen.words("Line")),
            *(pen.head(one) for one in account.parties),
            pen.head(pen.words("Rests on")),
        ],
        [*rows, net],
        total=True,
    )


def _bases(pen: Pen, several: Iterable[Finding | None]) -> str:
    return ", ".join(dict.fromkeys(pen.words.of_case(f.basis) for f in several if f))


def _against(pen: Pen) -> Iterator[Block]:
    yield pen.heading("against", 3, "Against what?")
    yield pen.paragraph(
        "A gain is a difference between two worlds. {size}: what is a gain against a threat may be a loss against "
        "the agreement that stood before.",
        size=Run(text=pen.words("Its size, and often its sign, changes with the world that it is measured from"),
                 style="strong"),
    )  # fmt: skip
    title = headline_title(pen.content)
    chosen = [a for a in pen.content.accounts if a.title == title]
    if len(chosen) < 2:
        return
    yield pen.table(
        "against-table",
        pen.words("Net by baseline"),
        pen.words("Net of {package}, by what it is held against.", package=title)
        + " " + stated(chosen[0].net, against=False),
        [pen.head(pen.words("Held against")), *(pen.head(one) for one in chosen[0].parties)],
        [
            [
                Cell(runs=(Run(text=pen.title(a.against), target=account_id(a)),), kind="head"),
                *(pen.cell(f) for f in a.net),
            ]
            for a in chosen
        ],
    )  # fmt: skip


# ---------------------------------------------------------------------- pictures with their tables


def _sectors(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    yield pen.heading("sectors", 3, "Sectors")
    found = list(_illustrations(drawn, "fig-sectors"))
    yield from found or [pen.empty("No sector results were asked for.")]


def _third(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    yield pen.heading("third", 3, "Third parties")
    found = list(_illustrations(drawn, "fig-third", "fig-world"))
    yield from found or [pen.empty("No third party was reported.")]


GROUPS = (
    ("revenue", "Real income and revenue", ("annual", "real-income", "revenue")),
    ("prices", "Prices", ("prices",)),
    ("trade", "Trade between the sides", ("exports",)),
    ("currency", "In own money", ("own-currency",)),
)
"""Sections on numbers beside the accounts: anchor, heading, and how the ids of their series begin."""


def _memos(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    """Numbers beside the accounts, across packages: each group has a section with tables of its own."""
    held = pen.words("Held against {against}.", against=pen.title(pen.content.main_against))
    for id, heading, starts in GROUPS:
        series = [one for one in pen.content.memos if one.id.startswith(starts)]
        if not series:
            continue
        yield pen.heading(id, 3, heading)
        if id == "revenue":
            yield pen.fine("Shown beside the accounts and never added to them: revenue is inside real income.")
        yield from _illustrations(drawn, *(f"fig-memo-{start}" for start in starts))
        for one in series:
            known = [f for _, cells in one.rows for f in cells if f]
            if not known:
                continue
            yield pen.table(
                anchor("memo", one.id),
                one.label,
                f"{one.label}. {held} " + stated(known, against=False),
                [pen.head(pen.words("Side")), *(pen.head(title) for title in one.packages)],
                [[pen.head(party), *(pen.cell(f) for f in cells)] for party, cells in one.rows if any(cells)],
            )


# ---------------------------------------------------------------------- what is not known


def _break_evens(pen: Pen) -> Iterator[Block]:
    if not pen.content.break_evens:
        return
    words, title = pen.words, headline_title(pen.content)
    yield pen.heading("break-evens", 3, "Break-evens")
    yield pen.paragraph(
        "How far one input would have to move for a side to be indifferent to {package}, all else at the centre. "
        "{none}; least of all about the worth of security.",
        package=title,
        none=Run(text=words("None of these is a claim about what the input is"), style="strong"),
    )
    rows = []
    for row in pen.content.break_evens:
        unit = () if row.value is None else (Run(text=f" {unit_text(row.value.unit)}", style="small"),)
        value = pen.text(words("none")) if row.value is None else pen.cell(row.value, *unit)
        rows.append(
            [
                pen.head(row.party), pen.text(row.label), value,
                pen.text(DASH) if row.assumed is None else pen.cell(row.assumed), pen.text(row.why),
            ]
        )  # fmt: skip
    yield pen.table(
        "break-evens-table",
        words("Break-evens"),
        words(
            "{package}, held against {against}. In parentheses: nine in ten of the draws that have a break-even.",
            package=title, against=pen.title(pen.content.main_against),
        ),
        [pen.head(words(one)) for one in ("Side", "Input", "Indifferent at", "In the account", "Note")],
        rows,
        wordy=True,
    )  # fmt: skip


def _draws(pen: Pen) -> Iterator[Block]:
    content, words = pen.content, pen.words
    if not content.chances:
        return
    yield pen.heading("draws", 3, "In how many draws each side gains")
    yield Paragraph(runs=(Run(text=content.draws),))
    titles = [
        title for name, title in zip(content.packages, content.package_titles, strict=True)
        if name != content.main_against
    ]  # fmt: skip
    yield pen.table(
        "draws-table",
        words("Share of draws in which each side gains"),
        words(
            "In how many of 100 draws a side gains, held against {against}. Not the probability of an event.",
            against=pen.title(content.main_against),
        ),
        [pen.head(words("Side")), *(pen.head(title) for title in titles)],
        [[pen.head(party), *(pen.cell(f) for f in cells)] for party, cells in content.chances],
    )


def _sensitivity(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    yield pen.heading("sensitivity", 3, "Sensitivity")
    yield from _illustrations(drawn, "fig-tornado")
    several = pen.content.elasticity_spread
    sets = tuple(dict.fromkeys(name for _, values in several for name, _ in values))
    if not sets:
        yield pen.empty("Only one elasticity set was used.")
        return
    nets = {party: lines[-1] for party, lines in pen.content.waterfall if lines}
    rows = [
        [pen.head(party), *(pen.cell(dict(values).get(name)) for name in sets), pen.cell(nets.get(party))]
        for party, values in several
    ]
    yield pen.table(
        "sensitivity-table",
        pen.words("Net by elasticity set"),
        pen.words(
            "Net of {package} under each elasticity set, other lines at their central values. {facts}",
            package=headline_title(pen.content), facts=stated(list(nets.values())),
        ),
        [
            pen.head(pen.words("Side")), *(pen.head(name) for name in sets),
            pen.head(pen.words("Central, with band")),
        ],
        rows,
    )  # fmt: skip


def _published(pen: Pen, drawn: Mapping[str, Picture]) -> Iterator[Block]:
    words, several = pen.words, pen.content.comparisons
    yield pen.heading("published", 3, "Published estimates beside ours")
    if not several:
        yield pen.empty("The record holds no published estimate of the same thing.")
        return
    yield from _illustrations(drawn, "fig-published")
    heads = ("Published by", "Scenario and outcome", "Published", "Ours", "Why they differ or agree")
    yield pen.table(
        "published-table",
        words("Published estimates beside ours"),
        words("Published estimates and ours.") + " " + stated([row.ours for row in several]),
        [pen.head(words(one)) for one in heads],
        [
            [
                Cell(
                    runs=(
                        Run(text=row.institution, url=safe(row.url)),
                        Run(text=f", {day(row.date, pen.content.language)} "), *pen.named([row.claim]),
                    ),
                    kind="head",
                ),
                pen.text(f"{row.scenario}: {row.outcome}"),
                Cell(runs=(Run(text=typographic(row.published)),), kind="number"),
                pen.cell(row.ours, Run(
                    text=f" {words('the two meet') if row.inside else words('the two do not meet')}",
                    style="small",
                )),
                pen.text(row.why),
            ]
            for row in several
        ],
        wordy=True,
    )  # fmt: skip
