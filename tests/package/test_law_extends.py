"""A law that stands on another: what is taken over, what counts alone, and where a fault is said to be."""

import datetime as dt
import textwrap
from pathlib import Path

import pytest

from winset.core.errors import CaseFileError, UnknownNameError, UnreadableFileError, WinsetError
from winset.package.law import Law, load_law

BASE = """\
about: The law of the world
known_from: 2025-01-01
base_date: 2025-01-01
last_seen: 2025-12-31
regions: [AAA, BBB, CCC, DDD]
sectors: [S1, S2]
authorities: {duty: A duty, other: Another}
goods:
  everything-else: {label: Rest}
  all-goods: {label: All}
  cars: {label: Cars}
normal_duty:
  - {importers: all, exporters: all, authority: duty, citation: Schedule}
stacking:
  - {authority: duty, excludes: other, citation: Act}
compliance:
  - {preference: pact, importer: AAA, exporters: [BBB, CCC], twins: {everything-else: cars},
     steps: {2025-01-01: 0.5}, citation: Count}
sector_shares:
  - {importer: AAA, exporters: [BBB, CCC], good: cars, shares: {S1: 0.6, S2: 0.1}, citation: Count}
  - {importer: AAA, good: cars, shares: {S1: 0.3}, citation: Count}
exemptions:
  - {importer: AAA, authorities: [duty, other], shares: {S1: 0.2, S2: 0.2}, citation: List}
sector_rates:
  - {importer: AAA, exporters: [BBB, CCC], authority: other, since: 2025-01-01, rates: {S1: 5, S2: 5},
     citation: Act}
entries:
  - {importer: AAA, exporters: all, good: everything-else, authority: duty, rate: 10, since: 2025-01-01,
     citation: Act 1}
  - {importer: AAA, exporters: [BBB, CCC], good: cars, authority: duty, rate: 25, since: 2025-01-01,
     until: 2025-06-30, citation: Act 2}
  - {importer: AAA, exporters: [BBB], good: cars, authority: duty, rate: 20, since: 2025-07-01, citation: Act 3}
"""
DAY = dt.date(2025, 8, 1)


def law(folder: Path, own: str, base: str = BASE) -> Law:
    """The law of a case whose law.yaml extends base.yaml beside it."""
    (folder / "base.yaml").write_text(base, encoding="utf-8")
    text = "extends: base.yaml\n" + textwrap.dedent(own)
    (folder / "law.yaml").write_text(text, encoding="utf-8")
    return load_law(folder / "law.yaml")


def rate(of: Law, exporter: str, good: str, on: dt.date = DAY) -> float | None:
    return of.rate("AAA", exporter, good, on).rate


def share(of: Law, exporter: str, sector: str) -> dict[str, float]:
    found = of.sector_rate("AAA", exporter, sector, DAY, 0.0)
    return {good.good: good.share for good in found.goods}


def test_with_nothing_of_its_own_it_is_the_other_law(tmp_path: Path) -> None:
    both = law(tmp_path, "")
    alone = load_law(tmp_path / "base.yaml")
    assert both.book == alone.book
    assert both.entries == alone.entries
    assert [*both.files] == ["law.yaml", "base.yaml"]
    assert [*alone.files] == ["base.yaml"]


def test_single_values_and_names(tmp_path: Path) -> None:
    both = law(
        tmp_path,
        """
        last_seen: 2026-06-30
        regions: [EEE]
        sectors: [S3]
        untaxed: [S3]
        authorities: {fee: A fee}
        goods: {cars: {label: Motor cars}, rice: {label: Rice}}
        """,
    )
    book = both.book
    assert (book.last_seen, book.known_from) == (dt.date(2026, 6, 30), dt.date(2025, 1, 1))
    assert book.regions == ("AAA", "BBB", "CCC", "DDD", "EEE")
    assert (book.sectors, book.untaxed) == (("S1", "S2", "S3"), ("S3",))
    assert book.goods["cars"].label == "Motor cars"
    assert [*book.authorities] == ["duty", "other", "fee"]
    assert rate(both, "EEE", "rice") == 10  # `all` reaches the new region


def test_a_row_counts_alone_for_its_exporter_good_and_authority(tmp_path: Path) -> None:
    own = """
    entries:
      - {importer: AAA, exporters: BBB, good: cars, authority: duty, rate: 15, since: 2025-07-01, citation: Own}
      - {importer: AAA, exporters: DDD, good: everything-else, authority: duty, rate: 1, since: 2025-01-01,
         citation: Own}
    """
    both = law(tmp_path, own)
    before = dt.date(2025, 3, 1)
    assert rate(both, "BBB", "cars") == 15
    assert rate(both, "BBB", "cars", before) == 10  # the other file's 25 is put aside whatever its days
    assert rate(both, "CCC", "cars", before) == 25
    assert [rate(both, name, "everything-else") for name in ("BBB", "CCC", "DDD")] == [10, 10, 1]


@pytest.mark.parametrize("mark", ["status: threatened", "action: second"])
def test_a_row_of_another_status_or_action_puts_nothing_aside(tmp_path: Path, mark: str) -> None:
    own = f"""
    entries:
      - {{importer: AAA, exporters: BBB, good: cars, authority: duty, {mark}, rate: 40, since: 2025-01-01,
         citation: Own}}
    """
    assert rate(law(tmp_path, own), "BBB", "cars") == (20 if "status" in mark else 60)


def test_a_share_counts_alone_for_its_good_and_sector(tmp_path: Path) -> None:
    own = """
    sector_shares:
      - {importer: AAA, exporters: BBB, good: cars, shares: {S1: 0.9}, citation: Own}
    compliance:
      - {preference: pact, importer: AAA, exporters: BBB, twins: {everything-else: cars}, steps: {2025-01-01: 0},
         citation: Own}
    """
    both = law(tmp_path, own)
    assert share(both, "BBB", "S1") == pytest.approx({"cars": 0.9, "everything-else": 0.1})
    assert share(both, "BBB", "S2") == pytest.approx({"cars": 0.1, "everything-else": 0.9})
    assert share(both, "CCC", "S1") == pytest.approx({"cars": 0.8, "everything-else": 0.2})  # half the rest
    assert share(both, "DDD", "S1") == pytest.approx({"cars": 0.3, "everything-else": 0.7})


def test_a_general_share_gives_way_to_a_general_one_only(tmp_path: Path) -> None:
    both = law(tmp_path, "sector_shares: [{importer: AAA, good: cars, shares: {S1: 0.5}, citation: Own}]")
    assert share(both, "DDD", "S1")["cars"] == 0.5
    assert share(both, "BBB", "S2")["cars"] == pytest.approx(0.55)  # 0.1, and half the rest is compliant


def test_exemptions_and_sector_rates_give_way_by_authority_and_sector(tmp_path: Path) -> None:
    own = """
    exemptions:
      - {importer: AAA, authorities: duty, shares: {S1: 0.7}, citation: Own}
    sector_rates:
      - {importer: AAA, exporters: BBB, authority: other, since: 2025-01-01, rates: {S1: 9}, citation: Own}
    """
    book = law(tmp_path, own).book
    left = [(row.authorities, {k: v.share for k, v in row.shares.items()}) for row in book.exemptions]
    assert left == [(("duty",), {"S1": 0.7}), (("other",), {"S1": 0.2, "S2": 0.2}), (("duty",), {"S2": 0.2})]
    rates = [(row.exporters, row.rates) for row in book.sector_rates]
    assert rates == [(("BBB",), {"S1": 9}), (("CCC",), {"S1": 5, "S2": 5}), (("BBB",), {"S2": 5})]


def test_a_section_can_be_left_behind(tmp_path: Path) -> None:
    both = law(tmp_path, "replaces: [entries, stacking]")
    assert (both.book.entries, both.book.stacking) == ((), ())
    assert rate(both, "BBB", "cars") == 0  # no duty beyond the normal one


def test_its_own_normal_duty_and_stacking_come_first(tmp_path: Path) -> None:
    own = """
    normal_duty: [{importers: AAA, exporters: DDD, authority: duty, citation: Own}]
    stacking: [{authority: other, excludes: duty, citation: Own}]
    """
    book = law(tmp_path, own).book
    assert [row.citation for row in book.normal_duty] == ["Own", "Schedule"]
    assert [row.citation for row in book.stacking] == ["Own", "Act"]


@pytest.mark.parametrize(
    ("own", "file", "line", "words"),
    [
        ("goods: {rice: {label: Rice, parents: corn}}", "law.yaml", 2, "good 'corn'"),
        ("entires: []", "law.yaml", 2, "unknown key 'entires'.*'entries'"),
        ("replaces: [goods]", "law.yaml", 2, "replaces"),
        (
            "sector_shares: [{importer: AAA, good: everything-else, shares: {S1: 0.8}, citation: Own}]",
            "law.yaml",
            2,
            r"add to 1.1.*cars on .*base.yaml:21",
        ),
        (
            """entries:
  - {importer: AAA, exporters: BBB, good: cars, authority: duty, rate: 1, since: 2025-01-01, citation: Own}
  - {importer: AAA, exporters: BBB, good: cars, authority: duty, rate: 2, since: 2025-02-01, citation: Own}""",
            "law.yaml",
            4,
            "the one on line 3",
        ),
        ("sectors: []\nlast_seen: never", "law.yaml", 3, "last_seen"),
    ],
)
def test_a_fault_of_its_own_has_its_file_and_line(
    tmp_path: Path, own: str, file: str, line: int, words: str
) -> None:
    with pytest.raises(WinsetError, match=words) as caught:
        law(tmp_path, own)
    assert (Path(str(caught.value.file)).name, caught.value.line) == (file, line)


def test_a_fault_of_the_other_law_is_said_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="'dutie'") as caught:
        law(tmp_path, "", BASE.replace("authority: duty, rate: 20", "authority: dutie, rate: 20"))
    assert (Path(str(caught.value.file)).name, caught.value.line) == ("base.yaml", 32)


def test_circles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match=r"circle: law\.yaml -> base\.yaml -> law\.yaml") as caught:
        law(tmp_path, "", "extends: law.yaml\n")
    assert caught.value.line == 1
    (tmp_path / "law.yaml").write_text("# mine\nextends: law.yaml\n", encoding="utf-8")
    with pytest.raises(CaseFileError, match=r"circle: law\.yaml -> law\.yaml") as caught:
        load_law(tmp_path / "law.yaml")
    assert caught.value.line == 2


def test_it_may_stand_on_a_law_that_stands_on_another(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "world.yaml").write_text(BASE, encoding="utf-8")
    middle = "extends: law/world.yaml\nlast_seen: 2026-01-01\n"
    both = law(tmp_path, "goods: {rice: {label: Rice}}", middle)
    assert [*both.files] == ["law.yaml", "base.yaml", "law/world.yaml"]
    assert (both.book.last_seen.year, rate(both, "BBB", "rice")) == (2026, 10)


@pytest.mark.parametrize("name", ["../base.yaml", "/etc/passwd", "sub/../../base.yaml"])
def test_nothing_outside_the_case_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "law.yaml").write_text(f"extends: {name}\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="outside") as caught:
        load_law(folder / "law.yaml")
    assert caught.value.line == 1
    (folder / "link.yaml").symlink_to(tmp_path / "base.yaml")
    (folder / "law.yaml").write_text("extends: link.yaml\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="outside"):
        load_law(folder / "law.yaml")


def test_an_unknown_law_gives_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "law.yaml").write_text("extends: us-tarifs-2025-26\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="Did you mean 'us-tariffs-2025-26'") as caught:
        load_law(tmp_path / "law.yaml")
    assert caught.value.line == 1


def test_shipped_laws_by_name(tmp_path: Path) -> None:
    for name, files in (("us-tariffs-2025-26", 2), ("korea-us-2025", 3)):
        (tmp_path / "law.yaml").write_text(f"extends: {name}\n", encoding="utf-8")
        found = load_law(tmp_path / "law.yaml")
        assert len(found.files) == files
        assert found.rate("USA", "KOR", "cars", dt.date(2025, 11, 1)).rate == 15
