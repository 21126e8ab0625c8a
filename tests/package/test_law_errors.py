"""Every fault of a law file is one message with file and line."""

from pathlib import Path

import pytest

from winset.core.errors import CaseFileError, UnknownNameError, WinsetError
from winset.package.law import load_law

GOOD_FILE = """\
about: A small law
known_from: 2025-01-01
base_date: 2025-01-01
last_seen: 2025-12-31
regions: [AAA, BBB, CCC]
sectors: [S1, S2]
authorities: {duty: A duty, other: Another}
goods:
  everything-else: {label: Rest}
  all-goods: {label: All}
  cars: {label: Cars}
normal_duty:
  - {importers: AAA, exporters: all, authority: duty, citation: Schedule}
stacking:
  - {authority: duty, excludes: other, citation: Act}
sector_shares:
  - {good: cars, shares: {S1: 0.6}, citation: Count}
exemptions:
  - {authorities: duty, shares: {S1: [0.2, 0.1, 0.3]}, citation: List}
sector_rates:
  - {importer: AAA, exporters: BBB, authority: other, since: 2025-01-01, rates: {S2: 5}, citation: Act}
entries:
  - {importer: AAA, exporters: [BBB], good: cars, authority: duty, rate: 10, since: 2025-01-01,
     until: 2025-06-30, citation: Act 1}
  - {importer: AAA, exporters: [BBB], good: cars, authority: duty, rate: 20, since: 2025-07-01,
     citation: Act 2}
"""
SHARE = "  - {good: cars, shares: {S1: 0.6}, citation: Count}"


def write(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in GOOD_FILE
    path = folder / "law.yaml"
    path.write_text(GOOD_FILE.replace(old, new, 1) if old else GOOD_FILE, encoding="utf-8")
    return path


def test_the_small_file_is_good(tmp_path: Path) -> None:
    assert len(load_law(write(tmp_path)).entries["AAA", "BBB"]) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("until: 2025-06-30", "until: 2025-07-01", 25, "line 23.*10 and 20 percent"),
        ("rate: 20", "rate: 1001", 25, "1000"),
        ("rate: 20", "rate: -101", 25, "-100"),
        ("rate: 20", "rate: yes", 25, "number"),
        ("until: 2025-06-30", "until: 2024-06-30", 23, "'until' .* is before 'since'"),
        (
            "good: cars, authority: duty, rate: 20",
            "good: carz, authority: duty, rate: 20",
            25,
            "'carz'.*'cars'",
        ),
        ("authority: duty, rate: 20", "authority: dutie, rate: 20", 25, "'dutie'.*'duty'"),
        (
            "exporters: [BBB], good: cars, authority: duty, rate: 20",
            "exporters: [BBC], good: cars, authority: duty, rate: 20",
            25,
            "'BBC'.*'BBB'",
        ),
        ("     citation: Act 2", "    ", 25, "'citation' is missing"),
        ("citation: Act 2", 'citation: " "', 26, "at least 1 character"),
        (", citation: Count", "", 17, "'citation' is missing"),
        (", citation: List", "", 19, "'citation' is missing"),
        (
            SHARE,
            f"{SHARE}\n{SHARE.replace('cars', 'all-goods').replace('0.6', '0.5')}",
            18,
            "add to 1.1.*cars on line 17",
        ),
        (
            SHARE,
            f"{SHARE}\n{SHARE.replace('0.6', '0.5')}",
            18,
            "given here and on line 17",
        ),
        ("{S1: 0.6}", "{S1: 1.6}", 17, "1"),
        ("{S1: 0.6}", "{S3: 0.6}", 17, "sector 'S3'"),
        ("[0.2, 0.1, 0.3]", "[0.4, 0.1, 0.3]", 19, "outside its range"),
        ("[0.2, 0.1, 0.3]", "[0.2, 0.1]", 19, r"\[share, low, high\]"),
        ("excludes: other", "excludes: othre", 15, "'othre'.*'other'"),
        ("cars: {label: Cars}", "cars: {label: Cars, parents: [vehicle]}", 11, "good 'vehicle'"),
        ("cars: {label: Cars}", "cars: {label: Cars, parents: [cars]}", 11, "its own parent"),
        ("  all-goods: {label: All}\n", "", 8, "'all-goods' is missing"),
        ("rate: 20", "rate: 20, state: void", 25, "unknown key 'state'.*'status'"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    path = write(tmp_path, old, new)
    with pytest.raises(WinsetError, match=words) as caught:
        load_law(path)
    assert isinstance(caught.value, CaseFileError | UnknownNameError)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert caught.value.exit_code == 2


def test_rows_told_apart_by_action_or_status_may_overlap(tmp_path: Path) -> None:
    for mark in ("action: second", "status: threatened"):
        path = write(tmp_path, "rate: 20, since: 2025-07-01", f"rate: 20, {mark}, since: 2025-03-01")
        assert len(load_law(path).entries["AAA", "BBB"]) == 2
