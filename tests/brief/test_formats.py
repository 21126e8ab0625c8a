"""Numbers as people read them."""

from __future__ import annotations

import pytest

from brief.sample_parts import MONEY
from winset.brief.content import Finding
from winset.brief.formats import (
    band_text,
    day,
    finding_text,
    finding_with_unit,
    hover,
    like,
    number,
    plain,
    stated,
    typographic,
    unit_text,
    value_text,
)


def made(value: float, low: float, high: float, unit: str = "percent", against: str = "threat-25") -> Finding:
    return Finding(
        id="f-1",
        label="Real income",
        value=value,
        low=low,
        high=high,
        unit=unit,
        horizon="10 years",
        against=against,
        baseline="icio-2022",
        closure="world-share",
        elasticities="BSY",
        basis="model",
        rests_on=("run-1",),
    )


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (made(-0.41, -0.52, -0.29), "−0.41 (−0.52 to −0.29)"),
        (made(0.41, 0.29, 0.52), "+0.41 (+0.29 to +0.52)"),
        (made(0.41, 0.29, 0.52, against=""), "0.41 (0.29 to 0.52)"),
        (made(-0.41, -0.52, 0.29, against=""), "−0.41 (−0.52 to 0.29)"),
        (made(1234, 800, 1900, MONEY), "+1.2 (+0.8 to +1.9)"),
        (made(1234, 1234, 1234, MONEY), "+1.2"),
        (made(-350_000, -420_000, -280_000, MONEY), "−350 (−420 to −280)"),
        (made(2_345_678, 2_000_000, 2_900_000, MONEY), "+2,346 (+2,000 to +2,900)"),
        (made(2_345_678, 1_000_000, 2_900_000, MONEY), "+2,300 (+1,000 to +2,900)"),
        (made(34, 20, 48, MONEY), "+0.03 (+0.02 to +0.05)"),
        (made(2.4, 2.4, 2.4, MONEY), "+0.002"),
        (made(0.1, 0.1, 0.1, MONEY), "0.0"),
        (made(0.004, 0.001, 0.006), "+0.004 (+0.001 to +0.006)"),
        (made(-0.00004, -0.00005, -0.00003), "0.00"),
        (made(-0.0, -0.0, -0.0), "0.00"),
        (made(0.0, -0.4, 0.4), "0.00 (−0.40 to +0.40)"),
        (made(12.345, 4.0, 21.0), "+12 (+4 to +21)"),
        (made(-5.0, -105.0, 95.0), "−5 (−105 to +95)"),
        (made(float("nan"), float("nan"), float("nan")), "not computed"),
        (made(0.3, float("-inf"), 0.5), "+0.30"),
        (made(0.37, 0.28, 0.49, "share of the pledge", ""), "0.37 (0.28 to 0.49)"),
        (made(1250, 1250, 1250, "ships", ""), "1,250"),
    ],
)
def test_value_and_band(finding: Finding, text: str) -> None:
    assert finding_text(finding) == text


def test_units() -> None:
    assert unit_text(MONEY) == "billion US dollars of 2022, present value"
    assert finding_with_unit(made(-0.41, -0.52, -0.29)) == "−0.41% (−0.52 to −0.29)"
    assert finding_with_unit(made(1234, 800, 1900, MONEY)) == "+1.2 bn (+0.8 to +1.9)"
    assert finding_with_unit(made(3, 3, 3, "ships", "")) == "3.00 ships"
    assert finding_with_unit(made(float("inf"), 0, 1)) == "not computed"


def test_a_keyboard_minus_where_a_machine_reads_on() -> None:
    assert value_text(made(-0.41, -0.52, -0.29), minus="-") == "-0.41"
    assert band_text(made(-0.41, -0.52, -0.29), minus="-") == "-0.52 to -0.29"


def test_another_value_of_the_same_thing_is_as_fine_as_the_finding() -> None:
    net = made(69_000, 48_000, 97_000, MONEY)
    assert like(97_345, net) == "+97"


def test_numbers() -> None:
    assert number(1234567.891, 1) == "1,234,567.9"
    assert number(-0.04, 1, signed=True) == "0.0"
    assert number(155, -1, signed=True) == "+160"
    assert [plain(x) for x in (0.045, 350, 1_250_000, -0.5, 0, 12.0)] == [
        *("0.045", "350", "1,250,000", "−0.5", "0", "12"),
    ]
    assert plain(float("nan")) == "not computed"


def test_hover_and_caption_say_everything() -> None:
    finding = made(1234, 800, 1900, MONEY)
    for word in ("Real income", "10 years", "threat-25", "icio-2022", "world-share", "BSY", "model", "run-1"):
        assert word in hover(finding)
    assert stated([finding, made(1, 1, 1)]) == (
        "Billion US dollars of 2022, present value / percent; horizon 10 years; against threat-25; "
        "baseline icio-2022; deficit closure world-share; elasticities BSY."
    )
    assert stated([]) == ""


def test_days_and_minus_signs_in_texts() -> None:
    assert day("2026-07-25") == "25 July 2026"
    assert day("about May 2026") == "about May 2026"
    assert typographic("-0.30 to -0.40") == "−0.30 to −0.40"
    assert typographic("2025-06, KORUS-2, 15-25") == "2025-06, KORUS-2, 15-25"
