"""Accounts as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap

from winset.package.case import Case
from winset.valuation.account import Band, BreakEven, PackageAccount, PartyAccount
from winset.valuation.value import Valuation

__all__ = ["value_text"]

WIDTH = 80
DRIVERS = 3
"""Drivers named under each net."""


def value_text(valuation: Valuation, case: Case) -> str:
    """Every account, the bargaining parties line by line, the others in one line each."""
    out: list[str] = []
    for account in valuation.accounts:
        out += [*_account(account, case), ""]
    if valuation.against_table:
        out += [*_against(valuation, case), ""]
    horizon = f"{valuation.horizon_years} years for tariffs, own schedule for commitments"
    struck = f" Without duties under {', '.join(valuation.without)}." if valuation.without else ""
    if valuation.retaliation:
        rules = ", ".join(f"{code} {rule}" for code, rule in valuation.retaliation.items())
        struck += f" Answers to duties raised above the base date's law: {rules}."
    notes = [
        f"Billion {valuation.unit.removeprefix('million ')}; horizon: {horizon}. "
        f"Baseline {valuation.baseline}; closure {valuation.closure}; "
        f"elasticities {valuation.elasticities}.{struck}",
        f"In brackets: lowest and highest over {len(valuation.elasticity_sets)} elasticity sets "
        f"({', '.join(valuation.elasticity_sets)}) and the stated ranges of assumptions; not a probability.",
        *_on_draws(valuation),
        "Tariff revenue is inside real income and is never added. No value is put on security.",
    ]
    for note in notes:
        out += textwrap.wrap(note, WIDTH)
    return "\n".join(out)


def _on_draws(valuation: Valuation) -> list[str]:
    if not valuation.draws:
        return []
    return [
        f"Draws: {valuation.draws}, seed {valuation.seed}, the same for every package; each takes one of the "
        "elasticity sets and a value in every range, likelier near its centre. Their shares say how much of "
        "what we do not know points one way, not how likely an event is."
    ]


def _name(case: Case, code: str) -> str:
    return next(p.name for p in case.sheet.parties if p.code == code)


def _account(account: PackageAccount, case: Case) -> list[str]:
    package = case.packages[account.name]
    title = f"{account.name}: {package.title}"
    out = [*textwrap.wrap(title, WIDTH), f"against {account.against}; background law of {account.background}"]
    out = [line for part in out for line in textwrap.wrap(part, WIDTH)]
    out.append("-" * WIDTH)
    for code in case.parties:
        out += _party(account.parties[code], _name(case, code))
    others = [p for p in case.sheet.parties if p.role != "party"]
    for other in others:
        share = account.parties[other.code].memo("real-income").band
        out.append(f"{other.name + ', real income':<44}{_percent(share):>36}")
    if account.branches:
        out.append("Branches (net by side, billion):")
        for branch in account.branches:
            nets = ", ".join(f"{_name(case, c)} {_billions(branch.net[c])}" for c in case.parties)
            out += _wrapped(f"{branch.probability:.0%} {branch.label or 'as written'}: {nets}")
    return out


def _party(party: PartyAccount, name: str) -> list[str]:
    share = party.memo("real-income").band
    out = [_row(f"{name}, net", party.net)]
    out += [_row(f"  {line.label}{_bound(line.status)}", line.band) for line in party.lines]
    out.append(f"  (tariffs: {_percent(share)} of real income a year)")
    for memo in party.memos:
        if memo.id == "own-currency":
            unit = memo.unit.removesuffix(", present value")
            out.append(f"  ({memo.label[:3].lower()}: {memo.band.value:+,.1f} {unit})")
    values = [year.value.value for year in party.years]
    if values and max(values) - min(values) > 1e-6 * max(abs(v) for v in values):
        out += _wrapped("by year: " + " ".join(_billions(v) for v in values))
    if party.draws:
        q = party.draws.quantiles
        out += _wrapped(
            f"draws: {name} gains in {party.draws.gains:.0%}; 5, 50, 95 percent of draws below "
            f"{', '.join(_billions(q[k]) for k in (5, 50, 95))}"
        )
    if party.drivers and party.drivers[0].swing:
        leading = [
            f"{d.label} ({_billions(d.at_low)} to {_billions(d.at_high)}, {d.share:.0%} of the spread)"
            for d in party.drivers[:DRIVERS]
            if d.swing
        ]
        out += _wrapped(f"moved most by: {'; '.join(leading)}")
    for one in party.break_evens:
        out += _wrapped(f"break-even: {_break_even(one, name)}")
    for place in party.places:
        out.append(_row(f"  {place.name}, value added a year (approximation)", place.value_added))
    if party.political is not None:
        out.append(_row("  Political payoff (sector and place weights; not welfare)", party.political))
    return out


def _bound(status: str) -> str:
    """How far a term has come, where it binds nobody yet."""
    return f" ({status})" if status not in ("", "agreed", "in_force") else ""


def _break_even(one: BreakEven, name: str) -> str:
    label = f"{one.label[:1].lower()}{one.label[1:]}"
    if one.value is None:
        return f"{label}: none; {one.why if one.id == 'security-service' else f'{name} is {one.why}'}"
    if one.id == "security-service":
        return f"{label}: {_billions(one.value)} billion ({one.why})"
    assumed = "" if one.assumed is None else f" (in the account: {one.assumed:.0%})"
    return f"{label}: {one.value:.1%}{assumed}"


def _against(valuation: Valuation, case: Case) -> list[str]:
    """The net of one package, by what it is held against."""
    several = valuation.against_table
    out = textwrap.wrap(f"{several[0].name}: net by what it is held against", WIDTH)
    heads = "".join(f"{_name(case, code)[:24]:>25}" for code in case.parties)
    out += [f"{'':<28}{heads}", "-" * WIDTH]
    for account in several:
        cells = ""
        for code in case.parties:
            party = account.parties[code]
            gains = f" ({party.draws.gains:.0%} gain)" if party.draws else ""
            cells += f"{_billions(party.net.value) + gains:>25}"
        out.append(f"{account.against:<28}{cells}")
    return out


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


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
