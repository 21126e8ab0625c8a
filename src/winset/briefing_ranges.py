"""The part of a brief on what is not known: shares of draws, drivers and break-evens. Computes no economics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.brief.content import BreakEvenRow, DriverRow, Finding
from winset.brief.words import Words
from winset.briefing_tables import Writer, lower, rests_of
from winset.valuation.account import Band, BreakEven, Driver, PackageAccount

if TYPE_CHECKING:
    from winset.valuation.value import Valuation

__all__ = ["break_even_rows", "chance_rows", "draws_text", "driver_rows"]

DRIVERS = 6
"""Bars of the tornado for each side."""


def _fixed(value: float) -> Band:
    return Band(value=value, low=value, high=value)


def draws_text(valuation: Valuation, words: Words) -> str:
    """What the draws are, in a sentence."""
    if not valuation.draws:
        return ""
    return words(
        "{draws} draws (seed {seed}), the same for every package: each takes one of the {sets} elasticity sets, "
        "all as likely, and a value in every range, likelier near its centre. The shares say how much of what is "
        "not known points one way; nobody knows how likely an elasticity set is.",
        draws=valuation.draws, seed=valuation.seed, sets=len(valuation.elasticity_sets),
    )  # fmt: skip


def chance_rows(
    write: Writer, parties: list[str], names: list[str], against: str
) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Percent of draws in which each party gains, by package."""
    rows = []
    for code in parties:
        cells = []
        for name in names:
            account = write.valuation.account(name, against)
            draws = account.parties[code].draws
            if draws is None:
                return ()
            cells.append(
                write.finding(
                    f"draws/gains/{name}/against/{against}/{code}",
                    write.words(
                        "{party}: draws in which it gains from {package}, held against {against}",
                        party=write.name(code),
                        package=name,
                        against=against,
                    ),
                    _fixed(100 * draws.gains),
                    unit="in 100 draws",
                    horizon=write.horizon,
                    against="",
                    basis="assumption",
                    rests_on=rests_of(account, code),
                )
            )
        rows.append((write.name(code), tuple(cells)))
    return tuple(rows)


def driver_rows(
    write: Writer, parties: list[str], main: PackageAccount
) -> tuple[tuple[str, tuple[DriverRow, ...]], ...]:
    """What moves each party's net under the headline package, largest first."""
    return tuple(
        (
            write.name(code),
            tuple(_driver(write, main, code, one) for one in main.parties[code].drivers[:DRIVERS] if one.swing),
        )
        for code in parties
    )


def _driver(write: Writer, main: PackageAccount, code: str, one: Driver) -> DriverRow:
    party = main.parties[code]
    known = {x for line in party.lines for x in line.rests_on}
    rests = (one.id,) if one.id in known else (write.valuation.run,)
    ends = sorted((one.at_low, one.at_high, party.net.value))
    words, label = write.words, write.words.of_case(one.label)
    which = words("one of the sets") if one.id not in known else words("low end")
    if one.id in known and one.at_low >= one.at_high:
        which = words("high end")
    return DriverRow(
        label=label,
        span=write.finding(
            f"driver/{one.id}/{main.name}/against/{main.against}/{code}",
            words("{party}, net, over the range of: {what}", party=write.name(code), what=label),
            Band(value=party.net.value, low=ends[0], high=ends[-1]),
            unit=write.valuation.unit,
            horizon=write.horizon,
            against=main.against,
            basis="arithmetic" if one.id in known else "model",
            rests_on=rests,
        ),
        low_end=which,
        share=write.finding(
            f"driver-share/{one.id}/{main.name}/against/{main.against}/{code}",
            words("{party}: share of the spread that goes with: {what}", party=write.name(code), what=label),
            _fixed(100 * one.share),
            unit="percent",
            horizon=write.horizon,
            against="",
            basis="assumption",
            rests_on=rests,
        ),
    )


def break_even_rows(write: Writer, parties: list[str], main: PackageAccount) -> tuple[BreakEvenRow, ...]:
    """Break-evens of the headline package."""
    return tuple(_break_even(write, main, code, one) for code in parties for one in main.parties[code].break_evens)


def _break_even(write: Writer, main: PackageAccount, code: str, one: BreakEven) -> BreakEvenRow:
    money = "million" in one.unit
    unit = f"million US dollars of {_year(write)} a year" if money else one.unit.replace("fraction", "percent")
    scale = 1.0 if money else 100.0

    words, party = write.words, write.name(code)
    label = words.of_case(one.label)

    def finding(what: str, band: Band) -> Finding:
        return write.finding(
            f"{what}/{one.id}/{main.name}/against/{main.against}/{code}",
            f"{party}: {lower(label)}",
            band,
            unit=unit,
            horizon=write.horizon,
            against="",
            basis="arithmetic",
            rests_on=one.rests_on,
        )

    def around() -> Band:
        at = scale * (one.value or 0.0)
        ends = [at] if one.draws is None else [at, *(scale * one.draws.quantiles[q] for q in (5, 95))]
        return Band(value=at, low=min(ends), high=max(ends))

    said = words.of_case(one.why)
    if one.value is None and one.id != "security-service":
        said = words("{party} is {why}", party=party, why=said)
    if one.draws is not None and one.draws.count < write.valuation.draws:
        have = words("{count} of {draws} draws have one", count=one.draws.count, draws=write.valuation.draws)
        said = "; ".join(x for x in (said, have) if x)
    assumed = one.assumed
    return BreakEvenRow(
        party=party,
        label=label,
        value=None if one.value is None else finding("break-even", around()),
        assumed=None if assumed is None else finding("break-even-assumed", _fixed(scale * assumed)),
        why=said,
    )


def _year(write: Writer) -> str:
    return write.valuation.unit.split(" of ")[1].split(",")[0]
