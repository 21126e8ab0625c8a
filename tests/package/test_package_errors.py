"""Faults in a package: file, line, and the rule that is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

import winset
from case_copies import CARS, assumption, copied
from winset.package.case import check_citations, open_case_folder

PLEDGE = """commitments:
  - kind: investment-pledge
    id: p
    label: p
    payer: KOR
    recipient: USA
    amount: 30000
    start: 2026
    years: 3
    planned_anyway: pledge-planned
    credit_share: 0.5
    grant_element: grant-element
    project_yield: project-yield
    required_return: required-return
    deemed_rate: deemed-rate
    share_before: 0.5
    share_after: 0.1
    status: agreed
    citation: [k31-mou]
"""
BUY = """commitments:
  - kind: purchase
    id: q
    label: q
    payer: KOR
    recipient: USA
    good: energy
    amount: 100
    start: 2026
    years: 4
    bought_anyway: 0.5
    premium: 0.1
    seller_gain: 0.1
    status: agreed
    citation: [k15-energy-100]
"""
ACCESS = """access:
  - id: a
    label: a
    importer: KOR
    exporter: USA
    sectors: [C29]
    equivalent: 0.1
    real_share: 0.5
    rent_importer: 0.5
    rent_exporter: 0.5
    status: agreed
    citation: [k31-mou]
"""
FORK = """conditions:
  - id: one
    label: One
    by: 2026-01-01
    probability: 0.5
    status: proposed
    citation: [k31-mou]
  - id: two
    label: Two
    by: 2027-01-01
    probability: 0.5
    after: one
    status: proposed
    citation: [k31-mou]
"""
SNAP = "enforcement: {on: 2028-01-01, to: threat-25, status: proposed, citation: [k13-letter]}\n"
TERM = f"  terms:\n    - {{{CARS}, rate: 15}}\n"
TWO = TERM + f"    - {{{CARS}, rate: 20, since: 2026-01-01}}\n"
TOTALS = TERM + f"    - {{{CARS.replace('S232', 'IEEPA-reciprocal')}, rate: 10}}\n"
STAGED = f"  terms:\n    - {{{CARS}, rate: 15, since: 2026-01-01, steps: [{{since: 2027-01-01, rate: 10}}]}}\n"
QUOTA = f"  terms:\n    - {{{CARS}, rate: 5, quota: {{out_of_quota_rate: 25, in_quota_share: 0.5}}}}\n"

EVEN = "    start: 2026\n    years: 3\n"

FAULTS = [
    # body, old, new, words of the message, text on whose line it must point
    (TWO, "", "", "rule: overlapping terms", "rate: 20"),
    (TOTALS, "", "", "rule: contradictory terms", "IEEPA-reciprocal"),
    (TERM, "good: cars", "good: carz", "cars", "carz"),
    (TERM, "S232", "S233", "S232", "S233"),
    (TERM, "[k35-notice]", "[]", "rule: citation", "rate: 15"),
    (TERM, ", citation: [k35-notice]", "", "rule: citation", "rate: 15"),
    (STAGED, "since: 2027-01-01", "since: 2025-01-01", "rule: dates", "rate: 15"),
    (STAGED, "rate: 15,", "rate: 15, until: 2025-01-01,", "rule: dates", "rate: 15"),
    (QUOTA, "out_of_quota_rate: 25", "out_of_quota_rate: 2", "rule: quota", "rate: 5"),
    (QUOTA, "in_quota_share: 0.5", "in_quota_share: 1.5", "rule: shares", "1.5"),
    (QUOTA, "in_quota_share: 0.5", "in_quota_share: fill", "assumption", "fill"),
    (PLEDGE, "years: 3", "years: 3\n    yearly_cap: 9999", "rule: yearly cap", "kind: investment"),
    (PLEDGE, EVEN, "    schedule: {2026: 20000, 2027: 9000}\n", "rule: schedule sums", "kind: inv"),
    (PLEDGE, EVEN, "    schedule: {2026: 20000, 2027: 10000}\n    yearly_cap: 15000\n",
     "2026 pays 20,000 a year, above the yearly cap", "kind: inv"),
    (PLEDGE, "    years: 3\n", "    schedule: {2026: 30000}\n", "rule: one schedule", "kind: inv"),
    (PLEDGE, "    years: 3\n", "", "rule: one schedule", "kind: inv"),
    (PLEDGE, "credit_share: 0.5", "credit_share: 50", "rule: shares", "credit_share"),
    (PLEDGE, "credit_share: 0.5", "credit_share: price-level", "rule: shares", "credit_share"),
    (PLEDGE, "[k31-mou]", "[]", "rule: citation", "citation: []"),
    (PLEDGE, "[k31-mou]", "[k31-mu]", "k31-mou", "k31-mu"),
    (BUY, "amount: 100", "amount: 100\n    volume: 5", "rule: value or volume", "kind: purchase"),
    (BUY, "amount: 100", "volume: 5", "rule: value or volume", "kind: purchase"),
    (BUY, "    amount: 100\n", "", "amount", "kind: purchase"),
    (ACCESS, "rent_exporter: 0.5", "rent_exporter: 0.4", "rule: shares sum", "id: a"),
    (ACCESS, "[C29]", "[C92]", "C29", "C92"),
    (ACCESS, "importer: KOR", "importer: USA", "two different regions", "id: a"),
    (FORK, "after: one", "after: three", "one", "three"),
    (FORK, "by: 2027-01-01", "by: 2025-01-01", "rule: dates", "after: one"),
    (FORK, "id: two", "id: one", "stands twice", "id: one\n    label: Two"),
    (SNAP, "to: threat-25", "to: threat-52", "threat-25", "threat-52"),
    (SNAP, "[k13-letter]", "[k13-leter]", "k13-letter", "leter"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "old", "new", "says", "where"), FAULTS)
def test_a_broken_rule_is_named_with_file_and_line(
    tmp_path: Path, body: str, old: str, new: str, says: str, where: str
) -> None:
    assert old in body
    folder = copied(tmp_path, body.replace(old, new, 1) if old else body)
    with pytest.raises(winset.WinsetError) as caught:
        check_citations(open_case_folder(folder))
    message = str(caught.value)
    assert says in message
    text = (folder / "packages" / "test.yaml").read_text(encoding="utf-8")
    line = text[: text.index(where)].count("\n") + 1
    assert f"test.yaml:{line}:" in message, message


@pytest.mark.parametrize("body", [TERM, STAGED, QUOTA, PLEDGE, BUY, ACCESS, FORK, SNAP])
def test_the_same_packages_without_the_fault_are_accepted(tmp_path: Path, body: str) -> None:
    check_citations(open_case_folder(copied(tmp_path, body)))


def test_terms_that_follow_each_other_do_not_overlap(tmp_path: Path) -> None:
    body = (
        f"  terms:\n    - {{{CARS}, rate: 15, until: 2025-12-31}}\n    - {{{CARS}, rate: 20, since: 2026-01-01}}\n"
    )
    open_case_folder(copied(tmp_path, body))


def test_a_total_below_a_floor(tmp_path: Path) -> None:
    """Cars stand at 15 in all under Section 232 since 1 November 2025; a total of 10 elsewhere changes nothing."""
    body = f"  terms:\n    - {{{CARS.replace('S232', 'IEEPA-reciprocal')}, rate: 10}}\n"
    with pytest.raises(winset.WinsetError, match="rule: floor") as caught:
        open_case_folder(copied(tmp_path / "a", body, day="2025-11-14"))
    assert "test.yaml:12:" in str(caught.value)
    open_case_folder(copied(tmp_path / "b", body.replace("IEEPA-reciprocal", "S232"), day="2025-11-14"))


def test_a_share_whose_range_leaves_zero_to_one(tmp_path: Path) -> None:
    body = QUOTA.replace("in_quota_share: 0.5", "in_quota_share: fill")
    with pytest.raises(winset.WinsetError, match="rule: shares"):
        open_case_folder(copied(tmp_path, body, extra=assumption("fill", 0.5, 0.0, 1.2)))


def test_weights_need_a_sector_and_a_reason(tmp_path: Path) -> None:
    for name, weights, says in (
        ("a", "weights: {C92: 2}, weights_why: test", "C29"),
        ("b", "weights: {C29: 2}", "reason"),
        ("c", "weights: {C29: -1}, weights_why: test", "greater than or equal to 0"),
    ):
        folder = copied(tmp_path / name)
        case = folder / "case.yaml"
        text = case.read_text(encoding="utf-8").replace("discount-kor,", f"discount-kor, {weights},", 1)
        case.write_text(text, encoding="utf-8")
        with pytest.raises(winset.WinsetError, match=says):
            open_case_folder(folder)
