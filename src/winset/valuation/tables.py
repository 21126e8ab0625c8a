"""Accounts as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap

from winset.package.case import Case
from winset.valuation.account import Band, PackageAccount
from winset.valuation.value import Valuation

__all__ = ["value_text"]

WIDTH = 80


def value_text(valuation: Valuation, case: Case) -> str:
    """Every account, the bargaining parties line by line, the others in one line each."""
    out: list[str] = []
    for account in valuation.accounts:
        out += [*_account(account, case), ""]
    horizon = f"{valuation.horizon_years} years for tariffs, own schedule for commitments"
    notes = [
        f"Billion {valuation.unit.removeprefix('million ')}; horizon: {horizon}. "
        f"Baseline {valuation.baseline}; closure {valuation.closure}; "
        f"elasticities {valuation.elasticities}.",
        f"In brackets: lowest and highest over {len(valuation.elasticity_sets)} elasticity sets "
        f"({', '.join(valuation.elasticity_sets)}) and the stated ranges of assumptions; not a probability.",
        "Tariff revenue is inside real income and is never added. No value is put on security.",
    ]
    for note in notes:
        out += textwrap.wrap(note, WIDTH)
    return "\n".join(out)


def _account(account: PackageAccount, case: Case) -> list[str]:
    package = case.packages[account.name]
    title = f"{account.name}: {package.title}"
    out = [*textwrap.wrap(title, WIDTH), f"against {account.against}; background law of {account.background}"]
    out = [line for part in out for line in textwrap.wrap(part, WIDTH)]
    out.append("-" * WIDTH)
    for code in case.parties:
        party = account.parties[code]
        name = next(p.name for p in case.sheet.parties if p.code == code)
        share = party.memo("real-income").band
        out.append(_row(f"{name}, net", party.net))
        out += [_row(f"  {line.label}", line.band) for line in party.lines]
        out.append(f"  (tariffs: {_percent(share)} of real income a year)")
    others = [p for p in case.sheet.parties if p.role != "party"]
    for other in others:
        share = account.parties[other.code].memo("real-income").band
        out.append(f"{other.name + ', real income':<44}{_percent(share):>36}")
    return out


def _row(label: str, band: Band) -> str:
    numbers = f"{_billions(band.value):>9} {f'({_billions(band.low)} to {_billions(band.high)})':>24}"
    room = WIDTH - len(numbers) - 1
    lines = textwrap.wrap(
        label, room, subsequent_indent="    ", initial_indent=label[: len(label) - len(label.lstrip())]
    )
    lines = lines or [""]
    return "\n".join([*lines[:-1], f"{lines[-1]:<{room}} {numbers}"])


def _billions(millions: float) -> str:
    value = millions / 1000
    return "0.0" if abs(value) < 0.05 else f"{value:+,.1f}"


def _percent(band: Band) -> str:
    # Effects on third parties are small: more digits where two would only show zeros.
    digits = 2 if max(abs(band.low), abs(band.high)) >= 0.1 else 3
    value, low, high = (f"{x:+.{digits}f}" for x in (band.value, band.low, band.high))
    return f"{value}% ({low} to {high})"
