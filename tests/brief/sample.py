"""A made-up brief with every awkward thing that a real one may hold. No number in it means anything."""

from __future__ import annotations

import dataclasses

from brief.sample_parts import (
    HOSTILE,
    LINES,
    PACKAGES,
    PARTIES,
    RUN,
    THIRD,
    Maker,
    assumptions,
    comparisons,
    path,
    rates,
    sectors,
    sources,
)
from winset.brief.content import (
    AccountTable,
    BriefContent,
    Contested,
    Event,
    Finding,
)
from winset.brief.figure_data import MemoSeries

__all__ = ["HOSTILE", "RUN", "sample"]


def sample(packages: int = 7, parties: int = 2, *, empty: bool = False) -> BriefContent:
    """A brief with so many packages and parties; `empty` leaves out whatever a case may lack."""
    make = Maker()
    names = [name for name, _ in PACKAGES[-packages:]]
    titles = [title for _, title in PACKAGES[-packages:]]
    who = PARTIES[:parties]
    against = "threat-25" if "threat-25" in names else names[0]
    headline = names[-1] if packages < 3 else names[-3]
    accounts = tuple(_account(make, name, title, against, who) for name, title in zip(names, titles, strict=True))
    others = tuple(
        dataclasses.replace(_account(make, headline, titles[names.index(headline)], other, who), memos=())
        for other in names
        if other not in (headline, against)
    )
    main = accounts[names.index(headline)]
    return BriefContent(
        title="Korea and the United States, 2025-26",
        summary=f"What each package on the table is worth to each side. {HOSTILE}",
        as_of="2026-07-25",
        headline=(
            "Against the 25% of the July letter, the October terms leave Korea better off by some 38 billion "
            "dollars and the United States by about 63 billion; from the free trade agreement, Korea loses."
        ),
        key_numbers=(
            main.net[0],
            main.net[1],
            make.finding(
                "Share of the pledge that may be a grant before Korea is no better off",
                0.37,
                0.09,
                unit="share of the pledge",
                against="",
                basis="arithmetic",
                rests_on=("invest-200", "project-yield", RUN),
            ),
        ),
        gains=(
            "Both sides gain against the threat; only the United States gains against the agreement. "
            "Most of what Korea gains is cars."
        ),
        changed=(
            Event(date="2026-07-24", text="The 10% under Section 122 lapsed.", claim="s122-lapse"),
            Event(date="2026-02-20", text="The Supreme Court held the IEEPA tariffs void. 판결.", claim="ruling"),
            Event(date="about May 2026", text=f"A statement {HOSTILE}", claim="not-listed"),
        ),
        decide=(
            "Whether the Section 301 rate announced for Korea replaces the lapsed 10%, and on what day.",
            "Second tranche of the investment pledge: due by 31 December 2026, at most $20bn a year.",
            "Rice and beef remain outside every text agreed so far.",
        ),
        rates=(rates("United States", "Korea", titles), rates("Korea", "United States", titles[:2])),
        packages=tuple(names),
        package_titles=tuple(titles),
        accounts=accounts + others,
        main_against=against,
        headline_package=headline,
        bars=tuple((party, tuple(a.net[n] for a in accounts)) for n, party in enumerate(who)),
        waterfall=tuple(
            (party, (*(c for _, cells in main.rows if (c := cells[n]) is not None), main.net[n]))
            for n, party in enumerate(who)
        ),
        tariff_path=() if empty else path(),
        sectors=() if empty else tuple(sectors(make, who, packages)),
        third_parties=()
        if empty
        else tuple(
            (
                region,
                tuple(
                    make.finding(f"Real income of {region}", make.random.gauss(0, 0.08), 0.03, unit="percent")
                    for _ in names
                ),
            )
            for region in THIRD
        ),
        elasticity_spread=tuple(
            (
                party,
                tuple(
                    (
                        s,
                        make.finding(
                            f"Net for {party}, {s}", main.net[n].value * f, 0.0, against=against, elasticities=s
                        ),
                    )
                    for s, f in (("IS", 1.4), ("CP", 0.6), ("FGO", 1.1), ("BSY", 1))
                ),
            )
            for n, party in enumerate(who)
        ),
        comparisons=() if empty else comparisons(make),
        leaves_out=(
            "Uncertainty, the exchange rate, and capital that moves between countries.",
            "Jobs: the model has full employment.",
            "No dollar value is given to deterrence or to the alliance.",
        ),
        assumptions=assumptions(),
        contradictions=()
        if empty
        else (
            Contested(
                topic="The rate of Section 122",
                one="10% in force from 24 February 2026",
                other="15% “imposed”",
                reading="10%: 15% was announced, never proclaimed",
                claim="x1",
                matters=True,
            ),
            Contested(
                topic=f"25% of 26 January: {HOSTILE}",
                one="A threat",
                other="Reinstated on 27 January",
                reading="",
                claim="x2",
            ),
        ),
        sources=sources(),
        method=(
            ("Model", "A multi-sector general-equilibrium trade model with input-output links."),
            (
                "Bands",
                "Lowest and highest over the elasticity sets and the stated ranges of the assumptions.",
            ),
            ("Deficit closure", "Each deficit is a fixed share of world labour income."),
        ),
        memos=tuple(
            MemoSeries(
                id=id,
                label=accounts[0].memos[k][0],
                packages=tuple(titles),
                rows=tuple((party, tuple(a.memos[k][1][n] for a in accounts)) for n, party in enumerate(who)),
            )
            for k, id in enumerate(("real-income", "revenue", "exports-USA"))
        ),
        manifest={
            "winset": "0.1.0",
            "id": RUN,
            "inputs": {"case.yaml": "ab" * 32, "law.yaml": "cd" * 32},
            "settings": {"closure": "world-share", "sets": ["IS", "CP", "FGO", "BSY"], "note": HOSTILE},
            "seed": None,
        },
    )


def _account(make: Maker, name: str, title: str, against: str, who: tuple[str, ...]) -> AccountTable:
    rows: list[tuple[str, tuple[Finding | None, ...]]] = []
    chosen = LINES if "20" in name else LINES[:1]
    for position, (label, basis, rests) in enumerate(chosen):
        cells: list[Finding | None] = []
        for n, _ in enumerate(who):
            if position == 4 and n > 0:
                cells.append(None)
                continue
            value = (
                0.0 if name == against else make.random.gauss(20000, 30000) * (1 if n else -0.6 if position else 1)
            )
            cells.append(
                make.finding(
                    label,
                    value / (1 if position < 3 else 20),
                    abs(value) * 0.3 / (1 + position),
                    basis=basis,
                    rests_on=rests,
                    against=against,
                    horizon="paid over 10 years, projects pay for 20 years"
                    if position in (1, 2)
                    else "10 years, trade fully adjusted",
                )
            )
        rows.append((label, tuple(cells)))
    net = []
    for n, party in enumerate(who):
        parts = [cells[n] for _, cells in rows]
        net.append(
            make.finding(
                f"Net for {party}",
                sum(f.value for f in parts if f),
                0.0,
                against=against,
                low=sum(f.low for f in parts if f),
                high=sum(f.high for f in parts if f),
                rests_on=tuple(dict.fromkeys(r for f in parts if f for r in f.rests_on)),
            )
        )
    one = "a year, trade fully adjusted"
    memos: tuple[tuple[str, tuple[Finding | None, ...]], ...] = (
        (
            "Real income",
            tuple(
                make.finding(
                    "Real income",
                    make.random.gauss(0, 0.4),
                    0.12,
                    unit="percent",
                    horizon=one,
                    against=against,
                )
                for _ in who
            ),
        ),
        (
            "Tariff revenue (inside real income)",
            tuple(
                make.finding(
                    "Tariff revenue",
                    make.random.gauss(0, 9000),
                    900.0,
                    horizon=one,
                    against=against,
                    unit="million US dollars of 2022 a year",
                )
                for _ in who
            ),
        ),
        (
            "Exports to the other side, value",
            (
                None,
                *(
                    make.finding("Exports", -0.00004, 0.00001, unit="percent", horizon=one, against=against)
                    for _ in who[1:]
                ),
            ),
        ),
    )
    return AccountTable(
        package=name,
        title=title,
        summary=f"{title}. {HOSTILE}",
        status="proposed",
        date="2025-10-29",
        background="2026-02-24 (counting rows that are announced)",
        against=against,
        parties=who,
        rows=tuple(rows),
        net=tuple(net),
        memos=memos,
    )
