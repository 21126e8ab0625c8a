"""Numbers whose unit stands elsewhere, numbers in words that count, and numbers that are none."""

from __future__ import annotations

import pytest

from winset.record.reading.read import read_text


def read(text: str) -> list[tuple[float, str]]:
    return [(figure.value, figure.unit) for figure in read_text(text).figures]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Norway puts 20 percent on cheese and 5 on fish, a diplomat said.", [(20, "percent"), (5, "percent")]),
        ("Growers pay 9 percent instead of 4.", [(9, "percent"), (4, "percent")]),
        ("The duty is 12 percent. It was 30 in May.", [(12, "percent"), (30, "percent")]),
        ("The duty is 12 percent. It was 30 ministers who voted.", [(12, "percent"), (30, "ministers")]),
        ("The won ended at 1,381.5 to the dollar.", [(1381.5, "KRW")]),
        ("The Chilean peso fell to 940 against the dollar.", [(940, "CLP")]),
        ("Growers of rice number about 63,000.", [(63_000, "growers")]),
        (
            "The number of seasonal permits will rise by 6 percent, to 27,500.",
            [(6, "percent"), (27_500, "permits")],
        ),
        ("The bill passed by 187 votes to 42.", [(187, "votes"), (42, "votes")]),
        ("Deputies rejected it by 67 to 54.", [(67, "votes"), (54, "votes")]),
        ("They took 5 million tonnes; 9 million is the aim.", [(5e6, "tonnes"), (9e6, "tonnes")]),
        ("Lima got 4 billion euros, 1.5 billion of it in loans.", [(4e9, "EUR"), (1.5e9, "EUR")]),
        ("The quota falls by 15 percent to 412,000 tonnes.", [(15, "percent"), (412_000, "tonnes")]),
        ("They offered Peru 30,000 tonnes of beef.", [(30_000, "tonnes")]),
        ("Some 32,000 Salvadorans work there.", [(32_000, "Salvadorans")]),
        ("A cargo of 1m barrels was ordered.", [(1e6, "barrels")]),
        ("Fourteen jets are to be leased to seventeen carriers.", [(14, "jets"), (17, "carriers")]),
        ("The bank kept its rate at 11pc.", [(11, "percent")]),
        ("Peru pays 30%, five points more than now.", [(30, "percent"), (5, "percentage-points")]),
        ("It meant duties on 2 billion pounds of exports.", [(2e9, "GBP")]),
        ("(c) investment. Firms announced USD 210 billion since July.", [(210e9, "USD")]),
        ("She came with 240 business leaders.", [(240, "leaders")]),
        ("They offered 30,000 tonnes. Canberra asked for 40,000.", [(30_000, "tonnes"), (40_000, "tonnes")]),
        ("It let in 48,000t of pork.", [(48_000, "tonnes")]),
        ("Some 14 of the 20 chapters are closed.", [(14, "chapters"), (20, "chapters")]),
        ("Between 2,500 and 3,000 people work there.", [(2500, "people"), (3000, "people")]),
        ("It lasts 24 months instead of 18.", [(24, "months"), (18, "months")]),
        ("There is a five-year phase-out on pulp.", [(5, "years")]),
        ("After three years of haggling they signed.", [(3, "years")]),
        ("- Protect 221 European names of origin", [(221, "names")]),
    ],
)
def test_unit(text: str, wanted: list[tuple[float, str]]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "13.12 The minister tells reporters that talks go on.",
        "It grew in the first 10 months of the year.",
        "In the eleven months to November the yards were full.",
        "The Boeing 737 flew on, and Agenda 2030 was read.",
        "The two ministers and three aides sat down.",
        "The bill passed after 4 to 5 p.m.",
        "The ten-year bond was at its three-year low.",
        "No more in any one year.",
        "Budget 2030 provides more.",
    ],
)
def test_none(text: str) -> None:
    assert read(text) == []


def test_copyright_is_a_topic_too() -> None:
    assert read("Copyright rules would cost Peru 30 percent of its films, the minister said.") == [(30, "percent")]
    assert read("Copyright 2025 Lima Wire. 30 percent off subscriptions.") == []
    assert read("(c) 2025 Lima Wire. 30 percent off subscriptions.") == []
