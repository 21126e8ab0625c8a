"""Numbers, bands, units and dates as people read them, in the language of the finding.

Money arrives in millions and is printed in billions. A change always carries its sign. No number is
printed finer than its band supports: a digit after the point is never smaller than a hundredth of it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from functools import cache

from winset.brief.content import Finding
from winset.brief.words import LANGUAGES, Words

__all__ = [
    "MINUS",
    "band_text",
    "capital",
    "day",
    "finding_text",
    "finding_with_unit",
    "hover",
    "in_shown_unit",
    "like",
    "number",
    "plain",
    "scale",
    "short_unit",
    "stated",
    "typographic",
    "unit_text",
    "value_text",
]

MINUS = "\u2212"
"""The minus sign of HTML and print; pass `minus="-"` where a machine or a plain keyboard reads on."""

NOT_COMPUTED = "not computed"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@cache
def _words(language: str) -> Words:
    return Words(language)


@cache
def _money() -> tuple[tuple[str, str], ...]:
    """(millions of dollars, billions of dollars) as each language names them."""
    found = {(_words(one)("million US dollars"), _words(one)("billion US dollars")) for one in LANGUAGES}
    return tuple(sorted(found))


@cache
def _percent() -> tuple[str, ...]:
    return tuple(sorted({_words(one)("percent") for one in LANGUAGES}))


def scale(unit: str) -> float:
    """What a value in `unit` is divided by to be printed: 1,000 for millions of dollars, else 1."""
    return 1000.0 if any(million in unit for million, _ in _money()) else 1.0


def unit_text(unit: str) -> str:
    """The unit in which a value is printed: millions of dollars become billions."""
    for million, billion in _money():
        unit = unit.replace(million, billion)
    return unit


def in_shown_unit(value: float, unit: str) -> float:
    """A value in the unit in which it is printed."""
    return value / scale(unit)


def number(value: float, decimals: int = 1, *, signed: bool = False, minus: str = MINUS) -> str:
    """A number with thousands separators; negative `decimals` round to tens, hundreds and so on.

    What rounds to zero carries no sign.
    """
    if not math.isfinite(value):
        return NOT_COMPUTED
    rounded = round(value, decimals)
    digits = f"{abs(rounded):,.{max(decimals, 0)}f}"
    if rounded < 0:
        return minus + digits
    return f"+{digits}" if signed and rounded > 0 else digits


def plain(value: float, *, minus: str = MINUS) -> str:
    """An input as it was given, to six figures at most: 0.045, 350, 1,250,000."""
    if not math.isfinite(value):
        return NOT_COMPUTED
    if value == 0:
        return "0"
    decimals = max(0, 5 - math.floor(math.log10(abs(value))))
    text = number(value, decimals, minus=minus)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _usual_decimals(unit: str, largest: float) -> int:
    if any(one in unit for names in _money() for one in names):
        return 1
    if any(one in unit for one in _percent()):
        return 2 if largest < 10 else 1
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def _decimals(finding: Finding) -> int:
    by = scale(finding.unit)
    ends = [x / by for x in (finding.value, finding.low, finding.high) if math.isfinite(x)]
    largest = max((abs(x) for x in ends), default=0.0)
    decimals = _usual_decimals(finding.unit, largest)
    # A small number is given a digit more, money two, rather than printed as nothing.
    size = ends[0] if math.isfinite(finding.value) else 0.0
    for extra in (1, 2) if by > 1 else (1,):
        if round(size, decimals) == 0 and round(size, decimals + extra) != 0:
            decimals += extra
            break
    width = abs(finding.high - finding.low) / by
    if math.isfinite(width) and width > 0:
        supported = math.floor(2 - math.log10(width) + 1e-9)
        # Whole units stay as they are up to a band of a thousand: tens would part them from the sentences.
        decimals = min(decimals, max(supported, 0) if width < 1000 else supported)
    return decimals


def value_text(finding: Finding, *, minus: str = MINUS) -> str:
    """The central value: "−12.3". Signed where it is a change, that is, held against a package."""
    return number(
        in_shown_unit(finding.value, finding.unit),
        _decimals(finding),
        signed=bool(finding.against),
        minus=minus,
    )


def like(value: float, finding: Finding, *, minus: str = MINUS) -> str:
    """Another value of the same thing, as fine as the finding is printed."""
    shown = in_shown_unit(value, finding.unit)
    return number(shown, _decimals(finding), signed=bool(finding.against), minus=minus)


def band_text(finding: Finding, *, minus: str = MINUS) -> str:
    """The band: "−16.9 to −8.1"; empty where there is none."""
    if finding.low == finding.high or not all(map(math.isfinite, (finding.value, finding.low, finding.high))):
        return ""
    low, high = (
        number(in_shown_unit(x, finding.unit), _decimals(finding), signed=bool(finding.against), minus=minus)
        for x in (finding.low, finding.high)
    )
    # A band that vanishes in the rounding says nothing.
    return "" if low == high else _words(finding.language)("{low} to {high}", low=low, high=high)


def finding_text(finding: Finding, *, minus: str = MINUS) -> str:
    """Value and band without unit: "−0.41 (−0.52 to −0.29)"."""
    band = band_text(finding, minus=minus)
    value = value_text(finding, minus=minus)
    return f"{value} ({band})" if band else value


def short_unit(finding: Finding) -> str:
    """What may follow the number at once: "%", " bn", or nothing where the unit needs words."""
    if finding.unit in _percent():
        return "%"
    shown = unit_text(finding.unit)
    return _words(finding.language)(" bn") if any(billion in shown for _, billion in _money()) else ""


def finding_with_unit(finding: Finding, *, minus: str = MINUS) -> str:
    """Value, short unit and band: "−0.41% (−0.52 to −0.29)", "+1.2 bn (+0.8 to +1.9)"."""
    band = band_text(finding, minus=minus)
    value = value_text(finding, minus=minus)
    if value != NOT_COMPUTED:
        value += short_unit(finding) or f" {unit_text(finding.unit)}"
    return f"{value} ({band})" if band else value


def hover(finding: Finding) -> str:
    """Everything that must stand beside one number, on one line."""
    words = _words(finding.language)
    held = words("against: {package}", package=finding.against)
    rests = words("rests on: {names}", names=", ".join(finding.rests_on))
    parts = [
        finding.label,
        f"{finding_text(finding)} {unit_text(finding.unit)}",
        words("horizon: {horizon}", horizon=finding.horizon),
        held if finding.against else words("a level, not a change"),
        words("baseline: {baseline}", baseline=finding.baseline),
        words("deficit closure: {closure}", closure=finding.closure),
        words("elasticities: {set}", set=finding.elasticities),
        words("basis: {basis}", basis=words(finding.basis)),
        rests if finding.rests_on else "",
    ]
    return " · ".join(part for part in parts if part)


def _joined(values: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(value for value in values if value))


def stated(findings: Sequence[Finding], *, against: bool = True) -> str:
    """What a caption says of its numbers: unit, horizon, against, baseline, closure, elasticity set.

    Where the numbers differ in one of these, every version is named, in order of appearance.
    """
    if not findings:
        return ""
    words = _words(findings[0].language)
    held = _joined(f.against for f in findings)
    parts = [
        capital(_joined(unit_text(f.unit) for f in findings)),
        words("horizon {horizon}", horizon=_joined(f.horizon for f in findings)),
        words("against {package}", package=held) if held and against else "",
        words("baseline {baseline}", baseline=_joined(f.baseline for f in findings)),
        words("deficit closure {closure}", closure=_joined(f.closure for f in findings)),
        words("elasticities {set}", set=_joined(f.elasticities for f in findings)),
    ]
    return "; ".join(part for part in parts if part) + "."


def typographic(text: str) -> str:
    """A text with true minus signs before its negative numbers; hyphens in words and dates stay."""
    return re.sub(r"(?<![\w.])-(?=\.?\d)", MINUS, text)


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def day(text: str, language: str = "en") -> str:
    """An ISO day in words, "25 July 2026"; any other text as it stands."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return text
    words = _words(language)
    return words("{day} {month} {year}", day=date.day, month=words(_MONTHS[date.month - 1]), year=date.year)
