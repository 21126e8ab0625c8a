"""The part of a brief on what is not known: shares of draws, drivers and break-evens. Computes no economics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Protocol

from winset.brief.content import BreakEvenRow, DriverRow, Finding
from winset.valuation.account import Band, BreakEven, Driver, PackageAccount

if TYPE_CHECKING:
    from winset.valuation.value import Valuation

__all__ = ["break_even_rows", "chance_rows", "draws_text", "driver_rows"]

DRIVERS = 6
"""Bars of the tornado for each side."""


class _Write(Protocol):
    valuation: Valuation

    def name(self, code: str) -> str: ...

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
    ) -> Finding: ...


def _fixed(value: float) -> Band:
    return Band(value=value, low=value, high=value)


def _horizon(write: _Write) -> str:
    return f"{write.valuation.horizon_years} years for tariffs, own schedule for commitments"


def _rests(account: PackageAccount, code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(x for line in account.parties[code].lines for x in line.rests_on))


def draws_text(valuation: Valuation) -> str:
    """What the draws are, in a sentence."""
    if not valuation.draws:
        return ""
    return (
        f"{valuation.draws} draws (seed {valuation.seed}), the same for every package: each takes one of the "
        f"{len(valuation.elasticity_sets)} elasticity sets, all as likely, and a value in every range, likelier "
        "near its centre. The shares say how much of what is not known points one way; nobody knows how likely an "
        "elasticity set is."
    )


def chance_rows(
    write: _Write, parties: list[str], names: list[str], against: str
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
                    f"{write.name(code)}: draws in which it gains from {name}, held against {against}",
                    _fixed(100 * draws.gains),
                    unit="in 100 draws",
                    horizon=_horizon(write),
                    against="",
                    basis="assumption",
                    rests_on=_rests(account, code),
                )
            )
        rows.append((write.name(code), tuple(cells)))
    return tuple(rows)


def driver_rows(
    write: _Write, parties: list[str], main: PackageAccount
) -> tuple[tuple[str, tuple[DriverRow, ...]], ...]:
    """What moves each party's net under the headline package, largest first."""
    return tuple(
        (
            write.name(code),
            tuple(_driver(write, main, code, one) for one in main.parties[code].drivers[:DRIVERS] if one.swing),
        )
        for code in parties
    )


def _driver(write: _Write, main: PackageAccount, code: str, one: Driver) -> DriverRow:
    party = main.parties[code]
    known = {x for line in party.lines for x in line.rests_on}
    rests = (one.id,) if one.id in known else (write.valuation.run,)
    ends = sorted((one.at_low, one.at_high, party.net.value))
    return DriverRow(
        label=one.label,
        span=write.finding(
            f"{write.name(code)}, net, over the range of: {one.label}",
            Band(value=party.net.value, low=ends[0], high=ends[-1]),
            unit=write.valuation.unit,
            horizon=_horizon(write),
            against=main.against,
            basis="arithmetic" if one.id in known else "model",
            rests_on=rests,
        ),
        low_end="one of the sets"
        if one.id not in known
        else "low end"
        if one.at_low < one.at_high
        else "high end",
        share=write.finding(
            f"{write.name(code)}: share of the spread that goes with it",
            _fixed(100 * one.share),
            unit="percent",
            horizon=_horizon(write),
            against="",
            basis="assumption",
            rests_on=rests,
        ),
    )


def break_even_rows(write: _Write, parties: list[str], main: PackageAccount) -> tuple[BreakEvenRow, ...]:
    """Break-evens of the headline package."""
    return tuple(_break_even(write, main, code, one) for code in parties for one in main.parties[code].break_evens)


def _break_even(write: _Write, main: PackageAccount, code: str, one: BreakEven) -> BreakEvenRow:
    money = "million" in one.unit
    unit = f"million US dollars of {_year(write)} a year" if money else one.unit.replace("fraction", "percent")
    scale = 1.0 if money else 100.0

    def finding(band: Band) -> Finding:
        return write.finding(
            f"{write.name(code)}: {one.label[:1].lower()}{one.label[1:]}",
            band,
            unit=unit,
            horizon=_horizon(write),
            against="",
            basis="arithmetic",
            rests_on=one.rests_on,
        )

    def around() -> Band:
        at = scale * (one.value or 0.0)
        ends = [at] if one.draws is None else [at, *(scale * one.draws.quantiles[q] for q in (5, 95))]
        return Band(value=at, low=min(ends), high=max(ends))

    said = one.why
    if one.value is None and one.id != "security-service":
        said = f"{write.name(code)} is {one.why}"
    if one.draws is not None and one.draws.count < write.valuation.draws:
        said = "; ".join(x for x in (said, f"{one.draws.count} of {write.valuation.draws} draws have one") if x)
    assumed = one.assumed
    return BreakEvenRow(
        party=write.name(code),
        label=one.label,
        value=None if one.value is None else finding(around()),
        assumed=None if assumed is None else finding(_fixed(scale * assumed)),
        why=said,
    )


def _year(write: _Write) -> str:
    return write.valuation.unit.split(" of ")[1].split(",")[0]
