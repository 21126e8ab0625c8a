"""What is read from elsewhere than the phrase: turns of speech, months that are names, tables, bare numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from winset.record.reading import blocks
from winset.record.reading.read import read_text
from winset.record.reading.schema import EventItem, ReadDocument

DAY = dt.date(2025, 10, 20)
"""A Monday."""


def read(text: str, day: dt.date = DAY) -> ReadDocument:
    return read_text(text, published=day)


def meetings(text: str) -> list[EventItem]:
    return [e for e in read(text).events if e.type in ("meeting", "call", "visit", "summit")]


def test_questions_and_answers() -> None:
    text = (
        "Q: Mr Lindgren, did you meet Minister Rosa Vidal in Lima last week?\n\nA: I met her. We demand a longer "
        "transition.\n\nQ: And now?\n\nA: I will travel to Quito on Friday."
    )
    document = read(text)
    assert [(p.kind, p.speaker) for p in document.positions] == [("demand", "Lindgren")]
    met, visit = meetings(text)
    assert (met.participants, met.place) == (("Lindgren", "Rosa Vidal"), "Lima")
    assert (visit.participants, visit.place, visit.status) == (("Lindgren",), "Quito", "planned")


def test_named_speakers() -> None:
    text = (
        "Mr Ole Berg (Minister for Trade): I met Rosa Vidal in Lima on Friday.\n\nIt was a good day, and I called "
        "Secretary Ada Lund on Saturday.\n\nMs Eva Holm: I was not there.\n\nThe hall was full."
    )
    met, call = meetings(text)
    assert (met.participants, met.date.value) == (("Ole Berg", "Rosa Vidal"), "2025-10-17")
    assert (call.type, call.participants, call.date.value) == ("call", ("Ole Berg", "Ada Lund"), "2025-10-18")


def test_a_heading_before_a_colon_speaks_not() -> None:
    document = read("Timing: I do not know who wrote this.\n\nSteel: we demand nothing of the sort, it says.")
    assert {p.speaker for p in document.positions} <= {None}


@pytest.mark.parametrize(
    ("text", "day", "wanted"),
    [
        ("The ministers will be back at the table in London on the 28th.", DAY, "2025-10-28"),
        ("They parted as friends on the 7th, and went home.", DAY, "2025-10-07"),
        ("They met on 3 June in Lima and parted on the 5th.", dt.date(2025, 6, 20), "2025-06-05"),
        ("They will meet on the 31st.", dt.date(2025, 11, 3), "2025-12-31"),
    ],
)
def test_a_day_without_its_month(text: str, day: dt.date, wanted: str) -> None:
    assert read(text, day).date_mentions[-1].value == wanted


def test_a_day_without_its_month_and_no_publication_stays_open() -> None:
    (mention,) = read_text("The ministers will meet in London on the 28th.").date_mentions
    assert (mention.value, mention.flagged) == (None, True)


@pytest.mark.parametrize(
    "text",
    [
        "The 7th Fleet and the 10th round, on the 21st floor, do not count.",
        "On the 50th anniversary they spoke of the 19th century.",
        "For the 12th time he refused.",
    ],
)
def test_ordinals_that_are_no_days(text: str) -> None:
    assert read(text).date_mentions == ()


@pytest.mark.parametrize(
    ("text", "people", "dates"),
    [
        (
            "April Chen, the trade minister, met June Park in Lima on Friday.",
            ["April Chen", "June Park"],
            ["Friday"],
        ),
        ("Trade Minister May Lindholm said the deal was close.", ["May Lindholm"], []),
        (
            "August Bergström, the envoy, said in May that the talks would end in August.",
            ["August Bergström"],
            ["May", "August"],
        ),
        ("In May Lindholm resigned. Ms June declined to comment.", [], ["May"]),
        ("By August the two sides had agreed, and May 5 is the deadline.", [], ["August", "May 5"]),
    ],
)
def test_names_that_are_months(text: str, people: list[str], dates: list[str]) -> None:
    document = read(text)
    assert [p.name for p in document.people] == people
    assert [d.text for d in document.date_mentions] == dates


def test_a_table_of_rates() -> None:
    text = (
        "WHO PAYS WHAT\n\nPartner | old rate | new rate | pledges\nPeru | 30% | 12% | $2 billion of purchases\n"
        "Ghana | 20% | 20% | none\n"
    )
    found = [(f.value, f.role) for f in read(text).figures]
    before, after = "tariff_rate_before", "tariff_rate_after"
    assert found == [(30, before), (12, after), (2e9, "purchase_commitment"), (20, before), (20, after)]


@pytest.mark.parametrize(
    "text",
    [
        "Home | News | Sport | More\nToday | 5% off | Sale | Now",
        "INDEX | 2,600 | +0.5% | up\nOTHER | 900 | -1.2% | down\nTHIRD | 70 | 0.1% | flat",
    ],
)
def test_menus_and_boards_are_no_tables(text: str) -> None:
    assert {p.kind for p in blocks.label("A story.\n\n" + text)} & {"advertisement", "ticker"}
    assert read("A story was told here today.\n\n" + text).figures == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It sells 65 billion francs of goods and buys 27 billion.", [(65e9, "CHF"), (27e9, "CHF")]),
        ("The duty was 8 percent, it is now 5, and stays.", [(8, "percent"), (5, "percent")]),
        ("They asked for 7,000 tonnes; we offered 5,500.", [(7000, "tonnes"), (5500, "tonnes")]),
        ("- Protected names: 344", [(344, "names")]),
        ("- Beef quota: 99,000 t", [(99000, "tonnes")]),
        ("Quota raised from 500 to 750 tonnes.", [(500, "tonnes"), (750, "tonnes")]),
        ("The duty rises by 20 points, to 35 percent.", [(20, "percentage-points"), (35, "percent")]),
        ("They lost R2.3 billion last season.", [(2.3e9, "ZAR")]),
        ("The levy is phased out over five years.", [(5, "years")]),
        ("A country of 1.4 billion people spent $2 billion.", [(1.4e9, "people"), (2e9, "USD")]),
        ("It spent $2 billion in chapter 5, and item 7 says why.", [(2e9, "USD")]),
        ("The index rose 20 points to 2,600.", []),
    ],
)
def test_numbers_that_lean_on_others(text: str, wanted: list[tuple[float, str]]) -> None:
    assert [(f.value, f.unit) for f in read(text).figures] == wanted


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Imports from there made up 25% of sales in 2023, compared with 4% in 2020.", ["share_of_sales"] * 2),
        ("The two will invest $300 billion. They promise another $150 billion.", ["investment_commitment"] * 2),
        ("The trade deficit is bigger than ever. Officials put it at $121 billion.", ["trade_balance"]),
        (
            "The levy was lifted from 2 percent; it stands at 25 percent.",
            ["tariff_rate_before", "tariff_rate_after"],
        ),
    ],
)
def test_roles_from_elsewhere(text: str, roles: list[str]) -> None:
    assert [f.role for f in read(text).figures] == roles


def test_what_another_subject_does_is_not_the_topic_before() -> None:
    (figure,) = read("The trade deficit is bigger than ever. Officials spent $121 billion.").figures
    assert figure.role != "trade_balance"
    assert "role_unsure" in figure.flags


@pytest.mark.parametrize(
    ("text", "kind", "status", "people"),
    [
        ("President Ada Lund rang Minister Ole Berg last Friday.", "call", "occurred", 2),
        ("Secretary Ada Lund called Minister Ole Berg late on Friday to close the deal.", "call", "occurred", 2),
        ("Minister Ole Berg will be in Lima on 5 November.", "visit", "planned", 1),
        ("Minister Ole Berg was with Secretary Ada Lund in Lima on Friday.", "meeting", "occurred", 2),
        ("Minister Ole Berg spoke about wheat with Secretary Ada Lund on Friday.", "call", "occurred", 2),
        ("When Minister Ole Berg visits in mid-January, he will ask.", "visit", "planned", 1),
        ("A trip to Lima by Minister Ole Berg that was announced for Thursday is off.", "visit", "cancelled", 1),
    ],
)
def test_frames_of_meetings(text: str, kind: str, status: str, people: int) -> None:
    (event,) = meetings(text)
    assert (event.type, event.status, len(event.participants)) == (kind, status, people)


@pytest.mark.parametrize(
    "text",
    [
        "Minister Ole Berg called Secretary Ada Lund a liar.",
        "The new plant was in Lima on 5 May.",
        "The price of wheat comes to Lima first.",
        "Minister Ole Berg has been with us for years.",
    ],
)
def test_what_only_looks_like_a_meeting(text: str) -> None:
    assert meetings(text) == []
