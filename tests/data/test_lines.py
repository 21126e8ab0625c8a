"""Schedules of tariff lines: read, refused with file and line, aggregated as a plain loop does, law laid on."""

from __future__ import annotations

import datetime as dt
import gzip
import random
from pathlib import Path

import duckdb
import pytest

from tolerances import INVARIANCE
from winset.core.errors import WinsetError
from winset.data.isic import divisions
from winset.data.lines.aggregate import SectorTariffs, aggregate_lines
from winset.data.lines.hs import sectors_of
from winset.data.lines.load import Loaded, load_lines
from winset.data.lines.store import applied, open_lines, show
from winset.line_law import aggregate_with_law, differences, differences_csv
from winset.model.shocks import Shock

ON = dt.date(2025, 6, 30)
SECTORS = ("A01", "C24A", "C24B", "C26", "C28", "C29", "SERV")


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def loaded(tmp_path: Path, *lines: str, **options: object) -> Loaded:
    source = table(tmp_path / "schedule.csv", *lines)
    return load_lines(source, tmp_path / "lines.duckdb", edition="HS2022", **options)  # type: ignore[arg-type]


def rates(path: Path, on: dt.date = ON, exporters: tuple[str, ...] = ()) -> dict[tuple[str, str, str], float]:
    with open_lines(path) as database:
        applied(database, on, exporters)
        rows = database.execute("SELECT importer, exporter, hs, rate FROM applied").fetchall()
    return {(a, b, c): rate for a, b, c, rate in rows}


def of(result: SectorTariffs) -> dict[tuple[str, str, str], float]:
    keys = zip(result.importers, result.exporters, result.sectors, strict=True)
    return dict(zip(keys, result.rates.tolist(), strict=True))


def test_codes_keep_their_zeros_and_dots_are_dropped(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "AAA,BBB,0101.21.00,5", "AAA,BBB,870323,10")
    assert rates(made.path) == {("AAA", "BBB", "01012100"): 0.05, ("AAA", "BBB", "870323"): 0.1}


def test_csv_packed_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate,imports", "AAA,BBB,010121,5,7", "AAA,CCC,870323,2.5,9")
    packed = tmp_path / "schedule.csv.gz"
    packed.write_bytes(gzip.compress((tmp_path / "schedule.csv").read_bytes()))
    duckdb.execute(
        f"COPY (SELECT importer, exporter, hs, rate, imports FROM read_csv('{tmp_path / 'schedule.csv'}', "  # noqa: S608
        f"types={{'hs': 'VARCHAR'}})) TO '{tmp_path / 's.parquet'}'"
    )
    for other in (packed, tmp_path / "s.parquet"):
        again = load_lines(other, tmp_path / "again.duckdb", edition="HS2022")
        assert rates(again.path) == rates(made.path)
        with open_lines(again.path) as database:
            assert dict(database.execute("FROM store.about").fetchall())["source"] == other.name


def test_parquet_with_codes_as_numbers_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "s.parquet"
    duckdb.execute(f"COPY (SELECT 'A' AS importer, 'B' AS exporter, 10121 AS hs, 5.0 AS rate) TO '{source}'")
    with pytest.raises(WinsetError, match="leading zeros"):
        load_lines(source, tmp_path / "lines.duckdb", edition="HS2022")


@pytest.mark.parametrize(
    ("lines", "said", "line"),
    [
        (("importer,exporter,hs,rate", "A,B,010121,5", "A,B,10121,5"), "no HS code", 3),
        (("importer,exporter,hs,rate", "A,B,010121,5", "A,B,0101xx,5"), "no HS code", 3),
        (("importer,exporter,hs,rate", "A,B,010121,5", "A,B,010129,"), "has no rate", 3),
        (("importer,exporter,hs,rate", "A,B,010121,-5"), "negative", 2),
        (("importer,exporter,hs,rate", "A,B,010121,9999.99"), "placeholder", 2),
        (("importer,exporter,hs,rate", "A,B,010121,ten"), "not a number", 2),
        (("importer,exporter,hs,rate", "A,B,010121,5", "A,C,010121,5", "A,B,010121,6"), "stands 2 times", 2),
        (("importer,exporter,hs,rate", "A,B,010121,5", "A,B,01012100,5"), "both the heading", 2),
        (("importer,exporter,hs,rate", "A,B,010121,0.05", "A,B,010129,0.1"), "look like fractions", None),
        (("importer,exporter,hs,specific", "A,B,010121,5"), "no unit value", 2),
        (("importer,exporter,hs,rate,since", "A,B,010121,5,tomorrow"), "no day", 2),
        (("importer,exporter,hs,rate,since,until", "A,B,010121,5,2025-02-01,2025-01-01"), "before it begins", 2),
        (
            ("importer,exporter,hs,rate,since,until", "A,B,010121,5,2025-01-01,2025-03-01",
             "A,B,010121,6,2025-03-01,2025-12-31"), "two rates from 2025-03-01", 2,
        ),
        (("importer,exporter,hs,rate,quota,in_rate", "A,B,010121,50,100,5"), "quota without", 2),
        (("importer,exporter,hs,rate,quota,in_rate,volume", "A,B,010121,5,100,50,10"), "pays more", 2),
        (("importer,regime,hs,rate", "A,PTA,010121,5"), "which partners", 2),
        (("importer,exporter,product code,rate", "A,B,010121,5"), "column 'hs' is missing", 1),
        (("importer,exporter,hs,rate", "A,B,010121,5", "A,B"), "fewer fields", 3),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_nothing_written(
    tmp_path: Path, lines: tuple[str, ...], said: str, line: int | None
) -> None:
    with pytest.raises(WinsetError, match=said) as caught:
        loaded(tmp_path, *lines)
    assert caught.value.line == line
    assert caught.value.file == str(tmp_path / "schedule.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["schedule.csv"]


def test_an_earlier_file_survives_a_failed_load(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "A,B,010121,5")
    before = made.path.read_bytes()
    with pytest.raises(WinsetError, match="has no rate"):
        loaded(tmp_path, "importer,exporter,hs,rate", "A,B,010121,")
    assert made.path.read_bytes() == before


def test_a_damaged_file_is_not_read(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "A,B,010121,5")
    content = made.path.read_bytes()
    for damaged in (content[: len(content) // 2], b"no database", b""):
        made.path.write_bytes(damaged)
        with pytest.raises(WinsetError, match="no whole file"), open_lines(made.path):
            pass


def test_dates_choose_the_rate(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "importer,exporter,hs,rate,since,until", "A,B,010121,5,,2025-06-29", "A,B,010121,7,2025-06-30,"
    )
    assert rates(made.path, ON - dt.timedelta(1)) == {("A", "B", "010121"): 0.05}
    assert rates(made.path, ON) == {("A", "B", "010121"): 0.07}
    years = loaded(tmp_path, "importer,exporter,hs,rate,year", "A,B,010121,5,2024", "A,B,010121,7,2025")
    assert rates(years.path) == {("A", "B", "010121"): 0.07}


def test_specific_compound_and_mixed_duties(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "importer,exporter,hs,rate,specific,unit_value,rule",
        "A,B,010121,,3,12,", "A,B,010129,10,3,12,sum", "A,B,010130,10,3,12,max", "A,B,010190,10,3,12,min",
    )  # fmt: skip
    assert {key[2]: rate for key, rate in rates(made.path).items()} == pytest.approx(
        {"010121": 3 / 12, "010129": 0.1 + 3 / 12, "010130": 3 / 12, "010190": 0.1}
    )


def test_a_partner_of_its_own_goes_before_any_partner(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "A,*,010121,9", "A,B,010121,2", "A,,870323,4")
    assert rates(made.path, exporters=("A", "B", "C")) == {
        ("A", "B", "010121"): 0.02, ("A", "C", "010121"): 0.09, ("A", "B", "870323"): 0.04,
        ("A", "C", "870323"): 0.04,
    }  # fmt: skip


def test_of_several_regimes_the_lowest_duty_is_paid(tmp_path: Path) -> None:
    regimes = table(tmp_path / "regimes.csv", "regime,exporter", "PTA,B", "GSP,B", "GSP,C")
    made = loaded(
        tmp_path, "importer,regime,hs,rate", "A,MFN,010121,9", "A,PTA,010121,2", "A,GSP,010121,4",
        "A,MFN,870323,1", "A,PTA,870323,3", regimes=regimes,
    )  # fmt: skip
    assert rates(made.path, exporters=("D",)) == {
        ("A", "B", "010121"): 0.02, ("A", "C", "010121"): 0.04, ("A", "D", "010121"): 0.09,
        ("A", "B", "870323"): 0.01, ("A", "C", "870323"): 0.01, ("A", "D", "870323"): 0.01,
    }  # fmt: skip


def test_general_rates_over_too_many_partners_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "A,*,010121,9", "A,*,870323,4")
    assert len(rates(made.path, exporters=("B", "C", "D"))) == 6
    monkeypatch.setattr("winset.data.lines.store.MOST", 5)
    with pytest.raises(WinsetError, match="general rates over 3 partners"):
        rates(made.path, exporters=("B", "C", "D"))


def test_a_quota_by_its_fill_and_its_rent(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "importer,exporter,hs,in_rate,out_rate,quota,volume,rent,imports",
        "A,B,010121,5,45,100,80,importer,800", "A,B,010129,5,45,100,95,exporter,950",
        "A,B,010130,5,45,100,125,,1250",
    )  # fmt: skip
    assert {key[2]: rate for key, rate in rates(made.path).items()} == pytest.approx(
        {"010121": 0.05, "010129": 0.25, "010130": 0.45}
    )
    found = aggregate_lines(made.path, on=ON, method="weighted", sectors=SECTORS)
    # Below its quota no rent; just filled half the gap on all of it; exceeded the gap on what came in inside.
    assert {holder: rent for *_, holder, rent in found.rents} == pytest.approx(
        {"importer": 0.0, "exporter": 0.2 * 950, "unstated": 0.4 * 1000}
    )


def test_trade_for_a_heading_is_shared_by_its_lines(tmp_path: Path) -> None:
    trade = table(tmp_path / "trade.csv", "importer,exporter,hs,imports", "A,B,010121,60", "A,C,870323,40")
    made = loaded(
        tmp_path, "importer,exporter,hs,rate", "A,*,01012110,0", "A,*,01012190,10", "A,*,87032300,20", trade=trade
    )
    found = of(aggregate_lines(made.path, on=ON, method="weighted", sectors=SECTORS))
    assert found["A", "B", "A01"] == pytest.approx(0.05)
    assert found["A", "C", "C29"] == pytest.approx(0.2)


def test_trade_of_another_edition_is_refused(tmp_path: Path) -> None:
    trade = table(tmp_path / "trade.csv", "importer,exporter,hs,imports", "A,B,010121,60", "A,C,999999,40")
    with pytest.raises(WinsetError, match="only 60%"):
        loaded(tmp_path, "importer,exporter,hs,rate", "A,*,010121,5", trade=trade)


@pytest.mark.parametrize("method", ["simple", "weighted"])
def test_aggregation_is_a_plain_loop(tmp_path: Path, method: str) -> None:
    draw = random.Random(4)
    codes = ["010121", "020110", "720839", "760110", "854231", "847130", "870323", "870899", "980100"]
    lines = [
        (a, b, code, round(draw.uniform(0, 60), 2), round(draw.uniform(0, 90), 1))
        for a in "AB" for b in "CD" for code in codes
    ]  # fmt: skip
    made = loaded(tmp_path, "importer,exporter,hs,rate,imports", *(",".join(map(str, line)) for line in lines))
    result = aggregate_lines(made.path, on=ON, method=method, sectors=SECTORS)
    home = {"01": "A01", "72": "C24A", "76": "C24B", "85": "C26", "84": "C26", "87": "C29"}
    top: dict[tuple[str, str, str], float] = {}
    bottom: dict[tuple[str, str, str], float] = {}
    for importer, exporter, code, rate, imports in lines:
        if code[:2] in home:
            key, weight = (importer, exporter, home[code[:2]]), 1.0 if method == "simple" else imports
            top[key] = top.get(key, 0) + weight * rate / 100
            bottom[key] = bottom.get(key, 0) + weight
    assert of(result) == pytest.approx({key: top[key] / bottom[key] for key in top}, rel=INVARIANCE)
    assert any("980100" in note for note in result.notes)


def test_regions_are_merged_by_trade_and_home_trade_left_out(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "importer,exporter,hs,rate,imports", "DEU,FRA,870323,50,9", "DEU,USA,870323,10,30",
        "FRA,USA,870323,20,10",
    )  # fmt: skip
    regions = table(tmp_path / "regions.csv", "country,region", "DEU,EU", "FRA,EU", "USA,USA")
    found = aggregate_lines(made.path, on=ON, method="weighted", sectors=SECTORS, regions=regions)
    assert of(found) == pytest.approx({("EU", "USA", "C29"): (0.1 * 30 + 0.2 * 10) / 40})
    assert found.shock() == {("USA", "EU", "C29"): of(found)["EU", "USA", "C29"]}


def test_without_imports_only_the_simple_mean_is_given(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "A,B,010121,5")
    with pytest.raises(WinsetError, match="no imports"):
        aggregate_lines(made.path, on=ON, method="weighted", sectors=SECTORS)
    assert of(aggregate_lines(made.path, on=ON, method="simple", sectors=SECTORS)) == {("A", "B", "A01"): 0.05}


def test_every_chapter_has_an_industry_of_goods() -> None:
    every = ["A01", "A02", "A03", *(f"{k:02d}" for k in range(5, 34)), "SERV"]
    codes = [f"{chapter:02d}9999" for chapter in range(1, 98) if chapter != 77]
    found, left = sectors_of(codes, every)
    assert not left
    assert {code for code, sector in found.items() if min(divisions(sector)) >= 34} == {"979999"}
    assert sectors_of(["770000", "980000", "990388"], every) == ({}, ["770000", "980000", "990388"])


def law_case(tmp_path: Path) -> Path:
    """A law of two regions: cars are a heading, toys a list without headings, a floor and an addition."""
    folder = tmp_path / "case"
    folder.mkdir()
    table(folder / "case.yaml", "name: made-up")
    table(
        folder / "law.yaml",
        "about: made up", "known_from: 2025-01-01", "base_date: 2025-01-01", "last_seen: 2025-12-31",
        "regions: [AAA, BBB]", "sectors: [C28, C29, SERV]", "untaxed: [SERV]",
        "authorities: {X: one, Y: two, MFN: normal}",
        "goods:",
        "  everything-else: {label: the rest}",
        "  all-goods: {label: all}",
        '  cars: {label: Cars, hs: ["8703"]}',
        '  small-cars: {label: Small cars, hs: ["870321"], parents: [cars]}',
        "  listed: {label: A list without headings}",
        "normal_duty:",
        "  - {importers: all, exporters: all, authority: MFN, citation: made up}",
        "sector_shares:",
        "  - {good: cars, citation: made up, shares: {C29: 0.5}}",
        "  - {good: listed, citation: made up, shares: {C29: 0.1, C28: 0.2}}",
        "entries:",
        "  - {importer: AAA, exporters: BBB, good: cars, authority: X, rate: 15, kind: total,",
        "     since: 2025-02-01, citation: made up}",
        "  - {importer: AAA, exporters: BBB, good: listed, authority: Y, rate: 20, since: 2025-02-01,",
        "     citation: made up}",
        "  - {importer: AAA, exporters: BBB, good: everything-else, authority: X, rate: 10, since: 2025-02-01,",
        "     citation: made up}",
    )  # fmt: skip
    return folder


def test_law_on_lines(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "importer,exporter,hs,rate,imports", "AAA,BBB,870323,2,60", "AAA,BBB,870321,30,20",
        "AAA,BBB,870899,1,20", "AAA,BBB,842139,4,10",
    )  # fmt: skip
    law, found = aggregate_with_law(made.path, str(law_case(tmp_path)), on=ON, method="weighted", sectors=())
    assert law is not None
    # The list has no headings: it is a fifth of the other half of C29 by stated shares, and a fifth of C28.
    rest = 0.01 + 0.2 * (0.20 + 0.10) + 0.8 * 0.10
    expected = {
        ("AAA", "BBB", "C29"): (60 * 0.15 + 20 * 0.30 + 20 * rest) / 100,
        ("AAA", "BBB", "C28"): 0.04 + 0.2 * (0.20 + 0.10) + 0.8 * 0.10,
    }
    assert of(found) == pytest.approx(expected, rel=INVARIANCE)
    compared = {one.sector: one for one in differences(law, found, ON)}
    # Without a heading in the sector both ways are one.
    assert compared["C28"].by_lines == pytest.approx(compared["C28"].by_shares, rel=INVARIANCE)
    assert compared["C29"].shares["cars"] == pytest.approx((0.6, 0.5))
    assert compared["C29"].by_lines != pytest.approx(compared["C29"].by_shares, rel=1e-3)
    assert differences_csv(list(compared.values())).count("\n") == 3
    before = aggregate_with_law(
        made.path, str(tmp_path / "case"), on=dt.date(2025, 1, 15), method="weighted", sectors=()
    )[1]
    assert before.rates == pytest.approx(before.base)


def test_lines_that_hold_the_stated_shares_give_the_sector_rate(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, "importer,exporter,hs,rate,imports", "AAA,BBB,870323,2,50", "AAA,BBB,870899,2,50",
        "AAA,BBB,842139,4,10",
    )  # fmt: skip
    law, found = aggregate_with_law(made.path, str(law_case(tmp_path)), on=ON, method="weighted", sectors=())
    assert law is not None
    for one in differences(law, found, ON):
        assert one.by_lines == pytest.approx(one.by_shares, rel=INVARIANCE)


def test_a_good_laid_by_shares_takes_no_lines(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate,imports", "AAA,BBB,870323,2,80", "AAA,BBB,870899,2,20")
    law, found = aggregate_with_law(
        made.path, str(law_case(tmp_path)), on=ON, method="weighted", sectors=(), spread=("cars", "small-cars")
    )
    assert law is not None
    (one,) = differences(law, found, ON)
    assert one.by_lines == pytest.approx(one.by_shares, rel=INVARIANCE)


def test_the_result_is_a_shock(tmp_path: Path) -> None:
    from winset.model.baseline import Baseline

    world = Baseline.from_arrays(
        regions=["AAA", "BBB"], sectors=["C29"], flows=[[[50.0], [5.0]], [[5.0], [50.0]]],
        tariffs=[[[0.0], [0.0]], [[0.0], [0.0]]], elasticities=[4.0],
    )  # fmt: skip
    made = loaded(tmp_path, "importer,exporter,hs,rate,imports", "AAA,BBB,870323,12,80")
    found = aggregate_lines(made.path, on=ON, method="ces-price", sectors=["C29"])
    shock = Shock.tariffs(world, dict(found.shock()))
    assert shock.filled(world)[0][1, 0, 0] == pytest.approx(0.12)


def test_show_finds_codes(tmp_path: Path) -> None:
    made = loaded(tmp_path, "importer,exporter,hs,rate", "A,B,010121,5", "A,B,870323,10")
    found = show(made.path, on=ON, importer="A", exporter="", hs="87")
    assert [row["hs"] for row in found["lines"]] == ["870323"]
    assert dict(found["about"])["edition"] == "HS2022"
