"""What figures are: names of shares, what governs a figure, and who decides between rules and weights."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winset.record.reading import figures
from winset.record.reading.read import read_text
from winset.record.reading.roles_features import Around
from winset.record.reading.roles_learned import Learned, learned
from winset.record.reading.roles_shares import share_role
from winset.record.reading.schema import ReadDocument


def read(text: str) -> ReadDocument:
    return read_text(text, published=dt.date(2025, 9, 10))


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("the country's trade surplus with Peru", "share_of_trade_surplus"),
        ("Chilean exports, and more", "share_of_exports"),
        ("Dutch trade", "share_of_trade"),
        ("its tariff lines", "share_of_tariff_lines"),
        ("U.S. wheat shipments", "share_of_exports"),
        ("what we sell there", "share_of_exports"),
        ("all that Kenya buys abroad", "share_of_imports"),
        ("what islanders eat", "share_of_consumption"),
        ("Tunisian lines go to nothing", "share_of_tariff_lines"),
        ("the shares but not the votes", "ownership_stake"),
        ("a Bolivian lithium miner", "ownership_stake"),
        ("the profits", "profit_share"),
        ("it", "share"),
        ("Bolivians told a newspaper", "share"),
        ("", "share"),
    ],
)
def test_names_of_shares(words: str, role: str) -> None:
    assert share_role(words) == role


@given(st.text(max_size=80))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_every_share_has_a_name(words: str) -> None:
    role = share_role(words)
    assert role in ("share", "profit_share", "quota_share", "content_share", "ownership_stake") or role.startswith(
        "share_of_"
    )
    assert role == role.casefold()
    assert " " not in role


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Commerce came to 9 billion euros, tilted 2 billion in our favour.", ["trade_volume", "trade_balance"]),
        ("The monetary fund released a tranche of $210 million to Zambia.", ["loan"]),
        ("Tents paid a duty of 12 percent; they now pay 30 percent.", ["tariff_rate", "tariff_rate_after"]),
        ("The duty on rope drops to 4 percent from 11 percent.", ["tariff_rate_after", "tariff_rate_before"]),
        ("Exports of rope rose 4 percent to $11 million.", ["growth_rate", "exports"]),
        ("A regulator in Oslo fined two ferry lines 30 million kroner.", ["fine"]),
    ],
)  # fmt: skip
def test_what_governs_a_figure(text: str, roles: list[str]) -> None:
    assert [f.role for f in read(text).figures] == roles


def test_a_phrase_tells_more_than_its_words() -> None:
    low = "the ministry rakes in some 30 billion francs"
    assert "CUSTOMSTAKE" in Around(low, 0, len(low)).all
    apart = "in some years the ministry raised 30 billion francs"
    assert "CUSTOMSTAKE" not in {
        name for group in Around(apart, 0, len(apart)).words[:2] for name in group.classes
    }


def test_what_rules_tell_in_plain_words_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Inflation slowed to 3 percent, joblessness rose to 7 percent, and the gap in trade reached $4 billion."
    with_weights = [f.role for f in read(text).figures]
    assert with_weights == ["inflation_rate", "unemployment_rate", "trade_balance"]
    monkeypatch.setattr(figures, "learned_roles", lambda low, sentences, found: list(found))
    assert [f.role for f in read(text).figures] == with_weights


@given(
    st.lists(st.lists(st.integers(-3000, 3000), min_size=4, max_size=4), min_size=1, max_size=40),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_packed_weights_add_as_loose_ones_do(rows: list[list[int]]) -> None:
    packed = {f"w{n}": sum(w << (32 * i) for i, w in enumerate(row)) for n, row in enumerate(rows)}
    found = Learned(roles=("a", "b", "c", "d"), weights=packed, unit=100).probabilities([*packed, "unknown"])
    sums = [sum(row[i] for row in rows) / 100 for i in range(4)]
    parts = [math.exp(s - max(sums)) for s in sums]
    assert found == pytest.approx([part / sum(parts) for part in parts], rel=1e-12)


def test_every_kind_of_figure_has_weights() -> None:
    assert set(learned()) == {"percent", "money", "count"}


def test_both_ends_of_a_change_are_one_thing() -> None:
    figures = read(
        "The shares of Peru and Chile fall from 100 percent to 50 percent of the volumes shipped."
    ).figures
    assert [f.role.startswith("share") for f in figures] == [True, True]


def test_a_number_without_its_measure_is_what_the_last_one_was() -> None:
    found = read(
        "Lima offers a quota of 30,000 tonnes of beef. The ranchers asked for 45,000, nothing less."
    ).figures
    assert [(f.value, f.unit, f.role) for f in found] == [(30_000, "tonnes", "quota"), (45_000, "tonnes", "quota")]
    found = read("Lima offers a quota of 30,000 tonnes of beef. The ranchers gathered 45,000 signatures.").figures
    assert [f.role for f in found] == ["quota", "count_of_signatures"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Accra owes its bondholders $3.2 billion.", "loan"),
        ("Dairy farmers will be handed $85 million in compensation.", "aid"),
        ("The customs office collected $640 million in duties.", "tariff_revenue"),
        ("The Danish brewer will sink $400 million into a plant in Texas.", "investment_commitment"),
        ("Last year Spain sold Peru machinery for $700 million.", "exports"),
    ],
)
def test_sums_of_money_by_who_does_what(text: str, role: str) -> None:
    assert [f.role for f in read(text).figures if f.unit == "USD"] == [role]
