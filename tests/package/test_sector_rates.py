"""From law to sectors: arithmetic by hand on a small law, and the shipped law against its sources."""

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import winset
from winset.core.errors import RequestError, UnknownNameError
from winset.package.law import Law, load_law

SMALL = """\
about: A small law
known_from: 2025-01-01
base_date: 2025-01-01
last_seen: 2025-12-31
regions: [AAA, BBB, CCC]
sectors: [S1, S2, SERV]
untaxed: [SERV]
authorities: {safety: A, wide: B, old: C}
goods:
  everything-else: {label: Rest}
  all-goods: {label: All}
  cars: {label: Cars}
  compliant: {label: Compliant}
  compliant-cars: {label: Compliant cars, parents: [cars, compliant]}
  glass: {label: Glass}
normal_duty:
  - {importers: AAA, exporters: all, authority: wide, citation: Schedule}
stacking:
  - {authority: safety, excludes: wide, citation: Act}
compliance:
  - {preference: P, importer: AAA, exporters: CCC, citation: Counts,
     twins: {everything-else: compliant, cars: compliant-cars}, steps: {2025-01-01: 0.5, 2025-06-01: 0.8}}
sector_shares:
  - {good: cars, shares: {S1: 0.6}, citation: Count}
  - {good: cars, exporters: BBB, shares: {S1: 0.7}, citation: Count}
  - {good: glass, since: 2025-06-01, shares: {S1: 0.1}, citation: Count}
exemptions:
  - {authorities: wide, shares: {S1: 0.25, S2: 0.5}, citation: List}
sector_rates:
  - {importer: AAA, exporters: BBB, authority: old, since: 2020-01-01, rates: {S2: 7}, citation: Act}
entries:
  - {importer: AAA, exporters: all, good: cars, authority: safety, rate: 30, since: 2025-02-01,
     until: 2025-05-31, citation: Act}
  - {importer: AAA, exporters: all, good: cars, authority: safety, rate: 15, kind: total, since: 2025-06-01,
     citation: Act}
  - {importer: AAA, exporters: all, good: compliant-cars, authority: safety, rate: 30, since: 2025-02-01,
     coverage: [0.5, 0.4, 0.6], citation: Act}
  - {importer: AAA, exporters: all, good: everything-else, authority: wide, rate: 10, since: 2025-02-01,
     until: 2025-06-30, citation: Act}
  - {importer: AAA, exporters: all, good: everything-else, authority: wide, rate: 10, kind: total,
     since: 2025-07-01, until: 2025-08-31, citation: Act}
  - {importer: AAA, exporters: all, good: everything-else, authority: wide, rate: 40, since: 2025-09-01,
     status: unconfirmed, citation: Bill}
  - {importer: AAA, exporters: all, good: compliant, authority: wide, rate: 0, since: 2025-02-01,
     citation: Act}
  - {importer: AAA, exporters: all, good: glass, authority: wide, rate: 50, since: 2025-02-01,
     aggregate: false, citation: Act}
"""
LAW_FILE = Path(next(iter(winset.__path__))) / "cases" / "korea-us-2025" / "law.yaml"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Law:
    path = tmp_path_factory.mktemp("law") / "law.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return load_law(path)


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law(LAW_FILE)


def shared(name: str) -> Path:
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / name).exists():
            return folder / "shared" / name
    pytest.skip(f"the folder shared/ with {name} is not beside this checkout")


@pytest.mark.parametrize(
    ("exporter", "sector", "month", "base", "expected"),
    [
        # Before any duty: the base rate.
        ("BBB", "S1", 1, 0.02, 0.02),
        # 0.7 cars at base + 30; 0.3 rest, of which three quarters pay 10 more:
        # 0.02 + 0.7 * 0.30 + 0.3 * 0.75 * 0.10 = 0.02 + 0.21 + 0.0225
        ("BBB", "S1", 2, 0.02, 0.2525),
        # The total of 15 lifts cars from 2 to 15 (13 points); glass (0.1) pays the 10 of everything else, its
        # own row being left out of sectors: 0.02 + 0.7 * 0.13 + (0.1 + 0.2) * 0.75 * 0.10
        ("BBB", "S1", 6, 0.02, 0.02 + 0.091 + 0.0225),
        # A base of 20 is above both totals of July, so nothing is added.
        ("BBB", "S1", 7, 0.20, 0.20),
        # Rest only, half exempt, total 10 on a base of 2: 0.5 * 0.08; the old duty of 7 by sector on top.
        ("BBB", "S2", 7, 0.02, 0.02 + 0.04 + 0.07),
        # Half of all claims the preference: cars 0.3 at 30; compliant cars 0.3, half of value hit: 0.15 * 30;
        # rest 0.2 * 0.75 * 10; compliant rest nothing: 0.09 + 0.045 + 0.015
        ("CCC", "S1", 2, 0.0, 0.15),
        ("BBB", "SERV", 2, 0.0, 0.0),
    ],
)
def test_sector_rate_by_hand(
    small: Law, exporter: str, sector: str, month: int, base: float, expected: float
) -> None:
    result = small.sector_rate("AAA", exporter, sector, dt.date(2025, month, 15), base)
    assert result.rate == pytest.approx(expected, abs=1e-12)
    assert result.base_rate == base
    assert sum(points for _, points in result.parts) / 100 == pytest.approx(expected - base, abs=1e-12)
    if sector != "SERV":
        assert sum(good.share for good in result.goods) == pytest.approx(1, abs=1e-12)


def test_parts_say_which_authority_adds_what(small: Law) -> None:
    result = small.sector_rate("AAA", "BBB", "S1", dt.date(2025, 2, 15), 0.02)
    # 0.7 * 30 = 21 points; 0.3 * 0.75 * 10 = 2.25 points
    assert dict(result.parts) == pytest.approx({"safety": 21.0, "wide": 2.25})


def test_unconfirmed_law_is_named_and_counted_only_when_asked(small: Law) -> None:
    on = dt.date(2025, 9, 15)
    plain = small.sector_rate("AAA", "BBB", "S2", on, 0.0)
    assert plain.rate == pytest.approx(0.07)
    assert plain.unconfirmed == ("wide 40 percent, unconfirmed from 2025-09-01",)
    # 0.07 by sector and half of 40.
    counted = small.sector_rate("AAA", "BBB", "S2", on, 0.0, ("in_force", "unconfirmed"))
    assert counted.rate == pytest.approx(0.27)
    assert counted.unconfirmed == ()


@pytest.mark.parametrize(
    "on", [dt.date(2025, 1, 1), dt.date(2025, 9, 1), dt.date(2025, 12, 1), dt.date(2026, 8, 1)]
)
@pytest.mark.parametrize("statuses", [("in_force",), ("in_force", "unconfirmed")])
def test_the_array_equals_the_loop(law: Law, on: dt.date, statuses: tuple[str, ...]) -> None:
    regions, sectors = list(law.book.regions), list(law.book.sectors)
    base = np.random.default_rng(5).uniform(0, 0.2, (len(regions), len(regions), len(sectors)))
    kept = base.copy()
    result = law.tariffs(base, regions, sectors, on, statuses)
    assert np.array_equal(base, kept)
    for i in range(len(regions)):
        assert np.array_equal(result[i, i], base[i, i])
    rng = np.random.default_rng(6)
    for importer in ("USA", "CHN", "CAN", "KOR", "JPN"):
        for exporter in regions if importer == "USA" else ["USA", "BRA"]:
            if exporter == importer:
                continue
            i, j = regions.index(exporter), regions.index(importer)
            for k in rng.choice(len(sectors), 6, replace=False):
                one = law.sector_rate(importer, exporter, sectors[k], on, float(base[i, j, k]), statuses)
                assert result[i, j, k] == pytest.approx(one.rate, abs=1e-14)
    assert result.min() > -1
    assert np.all(result >= base - 1e-15)
    assert np.array_equal(result[..., sectors.index("SERV")], base[..., sectors.index("SERV")])


def test_the_array_follows_its_labels(law: Law) -> None:
    on = dt.date(2025, 9, 1)
    full = law.tariffs(np.zeros((24, 24, 28)), law.book.regions, law.book.sectors, on)
    part = law.tariffs(np.zeros((3, 3, 2)), ["ROW", "USA", "KOR"], ["C29", "C24A"], on)
    r, s = law.book.regions.index, law.book.sectors.index
    assert part[2, 1].tolist() == [full[r("KOR"), r("USA"), s("C29")], full[r("KOR"), r("USA"), s("C24A")]]
    assert part[0, 2].tolist() == [0, 0]


def test_the_law_of_some_pairs_alone_leaves_the_others_at_their_base(law: Law) -> None:
    regions, sectors, on = ["KOR", "USA", "JPN"], ["C29", "C24A"], dt.date(2025, 11, 20)
    base = np.full((3, 3, 2), 0.03)
    full = law.tariffs(base, regions, sectors, on)
    part = law.tariffs(base, regions, sectors, on, pairs=[("USA", "KOR")])
    assert np.array_equal(part[0, 1], full[0, 1])
    assert not np.array_equal(full[2, 1], base[2, 1])
    rest = np.ones((3, 3), dtype=bool)
    rest[0, 1] = False
    assert np.array_equal(part[rest], base[rest])


def test_wrong_requests(law: Law) -> None:
    on = dt.date(2025, 9, 1)
    with pytest.raises(RequestError, match="shape"):
        law.tariffs(np.zeros((2, 2, 2)), ["USA", "KOR"], ["C29"], on)
    with pytest.raises(UnknownNameError, match="region 'DEU'"):
        law.tariffs(np.zeros((2, 2, 1)), ["USA", "DEU"], ["C29"], on)
    with pytest.raises(UnknownNameError, match="sector 'C99'"):
        law.sector_rate("USA", "KOR", "C99", on, 0.0)
    with pytest.raises(RequestError, match="begins on 2025-01-01"):
        law.tariffs(np.zeros((2, 2, 1)), ["USA", "KOR"], ["C29"], dt.date(2024, 1, 1))


def test_korean_cars_by_hand(law: Law) -> None:
    # Cars 0.806 at +25 from 3 Apr, parts 0.194 at +25 from 3 May; before that parts pay the reciprocal 10.
    april = law.sector_rate("USA", "KOR", "C29", dt.date(2025, 4, 20), 0.0)
    assert april.rate == pytest.approx(0.806 * 0.25 + 0.194 * 0.10)
    assert law.sector_rate("USA", "KOR", "C29", dt.date(2025, 10, 31), 0.0).rate == pytest.approx(0.25)
    assert law.sector_rate("USA", "KOR", "C29", dt.date(2025, 11, 1), 0.01).rate == pytest.approx(0.15)


def test_frozen_and_struck_laws_reach_the_array(law: Law) -> None:
    regions, sectors = ["USA", "KOR", "JPN"], ["C29", "C28"]
    base = np.full((3, 3, 2), 0.01)
    then, now = dt.date(2025, 10, 1), dt.date(2026, 5, 1)
    frozen = law.frozen([("USA", "KOR")], then).tariffs(base, regions, sectors, now)
    assert np.array_equal(frozen[1, 0], law.tariffs(base, regions, sectors, then)[1, 0])
    assert np.array_equal(frozen[2, 0], law.tariffs(base, regions, sectors, now)[2, 0])
    bare = law.without(list(law.book.authorities)).tariffs(base, regions, sectors, now)
    assert np.array_equal(bare, base)


# --- Judgements that say they are derived, derived again ----------------------------------------------------

SECTORS = {
    "AGR": "A01", "MIN": "B07", "FOOD": "C10T12", "TEX": "C13T15", "WOOD": "C16", "PAP": "C17_18",
    "CHEM": "C20", "PLAS": "C22", "NMM": "C23", "FMET": "C25", "EEQ": "C27", "MACH": "C28",
    "OTRN": "C301", "OMAN": "C31T33",
}  # fmt: skip


def test_exempt_shares_follow_from_the_simple_averages(law: Law) -> None:
    with shared("facts/us_tariffs/us_on_korea_by_sector_simple_avg.csv").open(encoding="utf-8") as stream:
        averages = {row["sector"]: row for row in csv.DictReader(stream)}
    reciprocal, s122 = law.book.exemptions[0], law.book.exemptions[1]
    lumber = next(r for r in law.book.sector_shares if r.good == "lumber" and not r.exporters)
    assert "C16" not in reciprocal.shares
    for code, sector in SECTORS.items():
        rate = {key: float(value) for key, value in averages[code].items() if key.startswith("20")}
        metal = (rate["2025-03-12"] - rate["2025-01-01"]) / 0.25
        reached = (rate["2025-05-03"] - rate["2025-03-12"]) / 0.10
        # The free lines of wood products are lumber, which is a good of its own and not exempt twice.
        ours = lumber if code == "WOOD" else reciprocal
        assert ours.shares[sector].share == pytest.approx(1 - reached / (1 - metal), abs=0.006), code
        reached = (rate["2026-02-24"] - rate["2025-01-01"] - 0.50 * metal) / 0.10
        assert s122.shares[sector].share == pytest.approx(max(0, 1 - reached / (1 - metal)), abs=0.006), code
    row = next(r for r in law.book.sector_shares if r.good == "steel-articles")
    for code, sector in {"FMET": "C25", "EEQ": "C27", "MACH": "C28", "OMAN": "C31T33"}.items():
        step = float(averages[code]["2025-03-12"]) - float(averages[code]["2025-01-01"])
        assert row.shares[sector].share == pytest.approx(step / 0.25, abs=0.001)


def test_duties_of_2018_follow_from_the_overlay(law: Law) -> None:
    path = shared("data/icio2022/icio2022_24x28/tariff_overlay_us_china_2019.csv")
    with path.open(encoding="utf-8") as stream:
        overlay = list(csv.DictReader(stream))
    american, chinese = law.book.sector_rates
    for row in overlay:
        ours = american.rates.get(row["sector"], 0.0)
        assert ours == pytest.approx(min(100 * float(row["us_on_china_addon"]), 25) * 0.905, abs=0.051)
        assert chinese.rates.get(row["sector"], 0.0) == pytest.approx(
            95 * float(row["china_on_us_addon"]), abs=0.051
        )


def test_rates_by_sector_are_not_counted_twice(law: Law) -> None:
    # Section 301 of 2018-19 reaches Chinese machinery once: by sector.
    parts = dict(law.sector_rate("USA", "CHN", "C28", dt.date(2025, 1, 1), 0.0).parts)
    assert parts == {"S301": pytest.approx(law.book.sector_rates[0].rates["C28"])}
    named = [e for e in law.book.entries if e.authority == "S301" and e.status == "in_force"]
    assert named
    assert not any(e.aggregate for e in named)
