"""The parts of a reading one by one: sentences, blocks, publication, figures that cannot be right."""

# ruff: noqa: E501  (samples are kept on one line each)
from __future__ import annotations

import datetime as dt

import pytest

from winset.core.errors import RequestError
from winset.record.reading import blocks
from winset.record.reading.read import document_id, read_text
from winset.record.reading.sentences import split

SENTENCES = [
    "Mr. Ito met Gov. Lund in the U.S. on Sept. 5. They spoke for an hour.|2",
    "The deal covers No. 5 and No. 6. It is short.|2",
    "He arrived at 9 p.m. The talks began at 10 a.m. on Friday.|2",
    "They live in the U.S. The ministers do not.|2",
    "The U.S. Trade Representative spoke. U.S. officials agreed.|2",
    'She said: "We will see. It is early." Then she left.|3',
    '"Will you sign?" he asked. "No!" she said.|2',
    "The rate is 2.5 percent. In 2024 it was 3.1.|2",
    "J. K. Example and A. B. Sample met in St. Gallen. Both smiled.|2",
    "It is... well, unclear. Nobody knows…|2",
    "Acme Inc. agreed with Example Corp. and others. Shares rose.|2",
    "“It is done,” he said. “We sign tomorrow.”|2",
    "The pact (see Art. 5.2) is ready. (It has ten parts.) More follows.|3",
    "Prices rose 3% vs. 2% in Oct. The bank waits.|2",
    "A line\u00a0with a hard space.\u00a0Another one.|2",
]


@pytest.mark.parametrize("case", SENTENCES)
def test_sentences(case: str) -> None:
    text, count = case.rsplit("|", 1)
    found = [text[a:b] for a, b in split(text, 0, len(text))]
    assert len(found) == int(count), found


STORY = (
    "The two ministers agreed to cut the duty on cars to 8 percent, an official said on Monday, and will meet "
    "again in Lima "
    "to go through the remaining items of the list."
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(p.kind, text[p.start : p.end]) for p in blocks.label(text)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Advertisement", "advertisement"),
        ("Sign up for our newsletter and save 40%", "advertisement"),
        ("Markets | Politics | Sport | Weather | More", "advertisement"),
        ("© 2025 The Example. All rights reserved.", "disclaimer"),
        ("Disclaimer: prices may fall by 5%", "disclaimer"),
        ("By Ana Example", "byline"),
        ("Reporting by Ana Example; Editing by Bo Sample", "byline"),
        ("ana@example.org", "byline"),
        ("Updated: May 9, 2025, 10:30 a.m. GMT", "dateline"),
        ("9 May 2025", "dateline"),
        ("KOSPI 3,211.05 ▲ 0.52%", "ticker"),
        ("$ABCD +4.1% $EFG -2.0%", "ticker"),
        ("Read more: exports fell 7%", "link-list"),
    ],
)
def test_lines_that_stand_around_a_story(line: str, kind: str) -> None:
    text = f"Ministers agree on car duties\n\n{STORY}\n\n{line}\n\n{STORY} It ends there."
    assert kinds(text) == [
        ("title", "Ministers agree on car duties"), ("body", STORY), (kind, line), ("body", f"{STORY} It ends there."),
    ]  # fmt: skip
    assert {f.text for f in read_text(text).figures} == {"8 percent"}


def test_lines_after_a_heading_of_links_are_links() -> None:
    text = f"{STORY}\nMost read\nToken jumps past $6.5M in presale\nBank cuts rate to 3%\n{STORY * 2}"
    assert [k for k, _ in kinds(text)] == ["body", "link-list", "link-list", "link-list", "body"]


def test_what_readers_wrote_is_no_story() -> None:
    text = f"{STORY}\nComments (12)\n{STORY}\nI disagree, 90 percent of it is wrong.\n"
    assert [k for k, _ in kinds(text)] == ["body", "comments", "comments", "comments"]
    assert {f.text for f in read_text(text).figures} == {"8 percent"}


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = STORY.replace("percent, ", "percent,\n").replace("again in ", "again in\n")
    text = wrapped + "\n\n" + STORY
    document = read_text(text)
    assert [s.text.split() for s in document.sentences] == [STORY.split()] * 2


PUBLISHED = [
    ("Duty to fall\nPublished: 9 May 2025, 14:05\n", "stated", "2025-05-09", "2025-05-09"),
    ("Duty to fall\nMay 9, 2025\n", "stated", "2025-05-09", "2025-05-09"),
    ("Fri, 9-May-2025\n\nDuty to fall\n\n", "unknown", None, "2025-05-09"),
    ("Duty to fall\nUpdated on 2025-05-09 at 10:00\n", "stated", "2025-05-09", "2025-05-09"),
    ("Duty to fall\nUpdated: May 10, 2025\nPublished: May 9, 2025\n", "stated", "2025-05-09", "2025-05-09"),
    ("Duty to fall\nPosted 05/09/2025\n", "stated", "2025-05-09", "2025-09-05"),
    ("Duty to fall\nLIMA, May 9, 2025 (Newswire) -- ", "stated", "2025-05-09", "2025-05-09"),
    ("Duty to fall\nLIMA, May 9 (Newswire) -- ", "unknown", None, None),
    ("Duty to fall\n", "unknown", None, None),
]


@pytest.mark.parametrize(("head", "basis", "earliest", "latest"), PUBLISHED)
def test_publication(head: str, basis: str, earliest: str | None, latest: str | None) -> None:
    published = read_text(head + STORY).published
    assert (published.basis, published.earliest, published.latest) == (basis, earliest, latest)
    assert published.why


def test_publication_inferred_from_a_dated_report() -> None:
    document = read_text(
        "The envoy said on Friday, May 9, 2025, that the duty falls to 5 percent. Talks go on next week."
    )
    assert (document.published.basis, document.published.earliest, document.published.latest) == (
        "inferred_text",
        "2025-05-09",
        "2025-05-10",
    )
    later = next(d for d in document.date_mentions if d.text == "next week")
    assert (later.earliest, later.latest, later.flagged) == ("2025-05-12", "2025-05-18", True)


def test_what_the_user_says_wins() -> None:
    text = "Duty to fall\nPublished: 9 May 2025\n" + STORY
    document = read_text(text, published=dt.datetime(2025, 6, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=9))))
    assert (document.published.value, document.published.utc) == ("2025-06-02T09:00+09:00", "2025-06-02T00:00Z")
    assert document.date_mentions[0].earliest == "2025-06-02"


def test_an_open_publication_leaves_intervals() -> None:
    text = "They will meet on Friday. They met in July."
    friday, july = read_text(text, published=(dt.date(2025, 8, 18), dt.date(2025, 8, 25))).date_mentions
    assert (friday.earliest, friday.latest, friday.flagged) == ("2025-08-22", "2025-08-29", True)
    assert (july.earliest, july.latest, july.value) == ("2025-07-01", "2025-07-31", "2025-07")
    for bound in ((None, dt.date(2025, 8, 25)), (dt.date(2025, 8, 18), None), None):
        for mention in read_text(text, published=bound).date_mentions:
            assert mention.flagged
            assert None in (mention.earliest, mention.latest)


def test_a_weekday_that_does_not_fit_is_flagged() -> None:
    wrong, right = read_text("They met on Monday, May 9, 2025, and on Friday, May 9, 2025.").date_mentions
    assert (wrong.flagged, right.flagged) == (True, False)
    assert "weekday" in wrong.why


def test_days_that_do_not_exist_are_open_and_flagged() -> None:
    for words in ("They met on February 30, 2025.", "They met on 31 June."):
        (mention,) = read_text(words, published=dt.date(2025, 7, 1)).date_mentions
        assert (mention.earliest, mention.latest, mention.flagged) == (None, None, True)


CLOCKS = [
    (
        "They will speak on Friday at 9 p.m. Tokyo time, he said in Ottawa.",
        "2025-05-09T12:00Z",
        "2025-05-09T08:00-04:00 (Ottawa)",
    ),
    (
        "They will speak at 15:00 GMT on Friday, he said in New Delhi.",
        "2025-05-09T15:00Z",
        "2025-05-09T20:30+05:30 (New Delhi)",
    ),
    ("He will land in Lima at noon.|", None, None),
    ("They will speak in Sydney on Friday at 8:30 a.m. (local time).", "2025-05-08T22:30Z", None),
]


@pytest.mark.parametrize(("text", "utc", "elsewhere"), CLOCKS)
def test_clocks(text: str, utc: str | None, elsewhere: str | None) -> None:
    mentions = read_text(text, published=dt.date(2025, 5, 5)).date_mentions
    assert [m.utc for m in mentions] == ([] if utc is None else [utc])
    if elsewhere is not None:
        assert elsewhere in mentions[0].local


CHECKS = [
    ("The firm invests 126 trillion won ($91.2 billion).", set()),
    ("The firm invests 126 trillion won ($91.2 million).", {"implausible_exchange_rate"}),
    ("The firm invests $126 trillion won ($91.2 billion).", {"currency_conflict"}),
    ("The firm invests 126 billion won ($91.2 billion).", {"implausible_exchange_rate"}),
    ("They will invest $350 billion. He said the pledge to invest $350 million stands.", {"order_of_magnitude"}),
    ("They will invest $350 billion and buy $350 million of gas.", set()),
    ("About 140 percent of the surplus comes from cars.", {"share_above_whole"}),
]


@pytest.mark.parametrize(("text", "kinds"), CHECKS)
def test_figures_that_cannot_be_right_are_flagged(text: str, kinds: set[str]) -> None:
    document = read_text(text)
    assert {kind for f in document.figures for kind in f.flags} == kinds
    wanted = {"currency_conflict", "implausible_exchange_rate", "order_of_magnitude", "share_above_whole"}
    assert {flag.kind for flag in document.flags} & wanted == kinds


def test_one_amount_in_two_currencies() -> None:
    won, dollars, other = read_text(
        "The state lends 1.4 trillion won (about $1 billion) and 3 billion euros."
    ).figures
    assert (won.equals, dollars.equals, other.equals) == (dollars.id, won.id, None)
    assert won.role == dollars.role == "loan"


def test_ids_of_files() -> None:
    assert document_id("a/007_x_y.txt") == "007"
    assert document_id("a/talks_x.txt") == "talks_x"
    assert document_id("story.html") == "story"


@pytest.mark.parametrize(
    ("text", "parts", "flagged"),
    [
        ("The fund is $90 billion: 50 in cash and 45 in loans.", [50e9, 45e9], True),
        ("The fund is $90 billion: $50 billion in cash and $40 billion in loans.", [50e9, 40e9], False),
        ("The fund is $90 billion: $50 billion in cash and $30 billion in loans.", [50e9, 30e9], True),
        (
            "The fund is about $90 billion, made up of $50 billion in cash and $39 billion in loans.",
            [50e9, 39e9],
            False,
        ),
        ("A fund of $90 billion, of which $50 billion is cash, was agreed.", [50e9], False),
        ("A fund of $90 billion, including $95 billion in loans, was agreed.", [95e9], True),
        ("The deficit was $5 billion: exports of $4 billion and imports of $3 billion.", [], False),
        ("They offered $90 billion, and 50 countries signed.", [], False),
        ("The fund is $90 billion: 50 countries and 45 banks signed.", [], False),
    ],
)
def test_parts_against_their_total(text: str, parts: list[float], flagged: bool) -> None:
    document = read_text(text, published=dt.date(2025, 5, 9))
    assert [f.value for f in document.figures if f.part_of == "f1"] == parts
    flags = [f for f in document.flags if f.kind == "parts_against_total"]
    assert len(flags) == flagged
    if flagged:
        assert set(flags[0].items) == {f.id for f in document.figures}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Brokers say a truce would do. A pause could calm a market.", "en"),
        ("A no vote a day as a rule: a grim no.", "und"),
    ],
)
def test_short_texts_are_not_taken_for_another_language(text: str, lang: str) -> None:
    assert read_text(text).lang == lang


@pytest.mark.parametrize(
    "text",
    [
        "O acordo não foi assinado e os ministros da região não vão a Lima.",
        "El pacto no se firma y los ministros de la zona no van a Lima.",
    ],
)
def test_short_texts_in_another_language_are_refused(text: str) -> None:
    with pytest.raises(RequestError, match="Only English"):
        read_text(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The envoy did not attend Monday's session.", "2025-05-05"),
        ("The envoy didn't meet them on Monday.", "2025-05-05"),
        ("The envoy will attend Monday's session.", "2025-05-12"),
        ("They spoke this morning.", "2025-05-09"),
    ],
)
def test_what_was_not_done_lies_behind(text: str, day: str) -> None:
    assert [d.value for d in read_text(text, published=dt.date(2025, 5, 9)).date_mentions] == [day]


def test_a_number_alone_is_no_ticker() -> None:
    assert kinds("Copper: 40 percent, up from 30 percent.")[0][0] in blocks.CLAIMS
    assert kinds(STORY + "\n\n▲ 0.4% ABC/DEF +1.2")[1][0] == "ticker"


def test_millions_of_pounds_are_money_unless_they_weigh() -> None:
    found = read_text("It costs 3 million pounds. They sold 3 million pounds of tea.").figures
    assert (found[0].value, found[0].unit) == (3e6, "GBP")
    assert "GBP" not in [f.unit for f in found[1:]]
