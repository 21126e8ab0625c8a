"""Words and signs that several countries use for their money."""

from __future__ import annotations

import pytest

from winset.record.reading.dates_zones import rows
from winset.record.reading.figures_units import currencies
from winset.record.reading.read import read_text


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("The Treasury in Mexico City hopes for 70 billion pesos a year.", ["MXN"]),
        ("Manila spent 3 billion pesos. Chile spent 9 billion pesos.", ["PHP", "CLP"]),
        ("Some 4 billion kroner went to farmers, Norway's minister said.", ["NOK"]),
        ("Danish firms paid 4 billion kroner; Norwegian ones 9 billion kroner.", ["DKK", "NOK"]),
        ("A mill costs 30 billion rupees.", ["INR"]),
        ("A mill in Karachi, Pakistan, costs 30 billion rupees.", ["PKR"]),
        ("The fund holds 300 million pesos.", []),
        ("MEDIA RELEASE - Minister for Trade, Australia\n\nTrade was worth $9.9 billion.", ["AUD"]),
        ("Canada's exports were $4 billion, or US$3 billion, last year.", ["CAD", "USD"]),
        ("Canada's exports were C$4 billion, or $3 billion, last year.", ["CAD", "USD"]),
        ("Australia sold $9 billion, up 4 per cent.", ["AUD", "percent"]),
        ("Australia sold $9 billion, up 4 percent.", ["USD", "percent"]),
        ("Seoul and Canberra met. Korea buys $9 billion, up 4 per cent, Korea said.", ["USD", "percent"]),
        ("Trade Minister of Australia says $3 billion will come\n\nTrade was worth $9.9 billion.", ["USD", "USD"]),
    ],
)
def test_whose_money(text: str, units: list[str]) -> None:
    figures = read_text(text).figures
    assert [figure.unit for figure in figures] == units
    for figure in figures:
        assumed = figure.unit != "USD" and figure.text.startswith("$")
        assert ("currency_assumed" in figure.flags) == assumed


def test_countries_of_the_table_are_known() -> None:
    known = {row["code"] for row in rows("names_countries.csv", delimiter=";")}
    table = currencies()
    assert {country for users in table.shared.values() for country in users} <= known
    assert set(table.dollars) <= known
    assert all(code in table.per_dollar for users in table.shared.values() for code in users.values())
