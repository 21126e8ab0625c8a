"""A made-up case with levers, ratifiers, an offer and two documents, small enough to be solved in a test."""

from __future__ import annotations

from pathlib import Path

from winset.record.proposals import read_case
from winset.workflow import new_case

BARGAIN = """
base: deal
disagreement: threat
shown: [before, deal, threat]
levers:
  - id: general
    label: Rate on general goods
    unit: percent
    low: 0
    high: 25
    value: 15
    why: "Made up"
    sets: [{importer: MEX, exporter: CAN, good: everything-else, authority: new-duty, kind: total}]
  - id: cars
    label: Rate on cars
    unit: percent
    low: 0
    high: 30
    value: 15
    why: "Made up"
    sets: [{importer: MEX, exporter: CAN, good: cars, authority: new-duty, kind: total}]
  - id: money
    label: Investment
    unit: billion dollars
    low: 0
    high: 40
    value: 20
    why: "Made up"
    sets: [{commitment: invest, key: amount, scale: 1000}]
no_deal: {general: 25, cars: 25, money: 0}
offers:
  - {id: first-offer, label: The first offer, by: CAN, date: 2025-08-15, at: {general: 10, money: 5},
     citation: [deal]}
ratifiers:
  - {id: car-makers, party: CAN, label: Car makers keep their output, industry: C29, at_least: -4,
     why: "Made up"}
  - {id: budget, party: CAN, label: No more than a budget, levers: {money: 1}, at_most: 25, why: "Made up",
     citation: [deal]}
  - {id: both-rates, party: MEX, label: Rates stay up, levers: {general: 1, cars: 0.5}, at_least: 20,
     why: "Made up"}
  - {id: gain, party: MEX, label: A gain to show, payoff: true, at_least: 0, why: "Made up"}
limits_in_words: ["Milk is not spoken of."]
"""
TEXT = (
    "Danish Trade Minister Ida Holm will meet Maltese Economy Minister Carmelo Zahra in Valletta on "
    "March 12. Denmark agreed to buy $40 million of Maltese ships. Malta wants Denmark to lift its ban on "
    "honey. The truce expires on April 1."
)
OTHER = (
    "Danish Trade Minister Ida Holm did not meet Maltese Economy Minister Carmelo Zahra in Valletta on March 12."
)
LISTING = (
    "\n  - {id: tx-a, title: One, publisher: A paper, published: {value: 2025-03-04, basis: stated}, url: null, "
    "file: tx-a.txt, lang: en, kind: press}"
    "\n  - {id: tx-b, title: Two, publisher: Another, published: {value: 2025-03-14, basis: stated}, url: null, "
    "file: tx-b.txt, lang: en, kind: press}\n"
)


def made_up(folder: Path, *, levers: bool = True, documents: bool = True) -> Path:
    """The folder of the case, in `folder`."""
    path = new_case("talks", folder, ["CAN", "MEX"])
    sheet = path / "case.yaml"
    text = sheet.read_text(encoding="utf-8")
    old = "elasticity_sets: [IS, CP, FGO, LL, BSY, GYY, Shap, U4]"
    assert old in text
    sheet.write_text(text.replace(old, "elasticity_sets: [BSY, CP]\n  draws: 0"), encoding="utf-8")
    if levers:
        (path / "bargain.yaml").write_text(BARGAIN, encoding="utf-8")
    if documents:
        shelf = path / "documents"
        (shelf / "tx-a.txt").write_text(TEXT, encoding="utf-8")
        (shelf / "tx-b.txt").write_text(OTHER, encoding="utf-8")
        with (shelf / "documents.yaml").open("a", encoding="utf-8") as stream:
            stream.write(LISTING)
        read_case(path)
    return path
