"""BACI with World Bank GDP, ITPD-E and plain CSV: read back to the figures written, every planted defect named."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import make_long
from tolerances import INVARIANCE
from winset.core.errors import BaselineError, RequestError, UnknownNameError, WinsetError
from winset.data.build import BuildRequest, Built, build
from winset.data.checks import blank_pairs
from winset.data.folder import read_sheet
from winset.data.gravity_worlds import HOME_FLOOR
from winset.data.listing import accounts

NAMES = tuple(make_long.COUNTRIES)
GDP: dict[str, float | None] = {
    "DEU": 4.5e12,
    "JPN": 4.2e12,
    "KOR": 1.7e12,
    "MEX": 1.8e12,
    "USA": 27e12,
    "VNM": 0.43e12,
}


def mapping(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["code,group", *lines]) + "\n", encoding="utf-8")
    return path


def built(tmp_path: Path, source: str, path: Path, **options: Any) -> Built:
    return build(BuildRequest(source=source, path=path, folder=tmp_path / "out", **options))


def nothing_written(tmp_path: Path) -> bool:
    return not (tmp_path / "out").exists() and not [p for p in tmp_path.iterdir() if p.name.startswith(".out")]


@pytest.fixture
def baci(tmp_path: Path) -> Path:
    folder = tmp_path / "baci"
    folder.mkdir()
    make_long.baci(folder, make_long.trade(1))
    make_long.world_bank(folder, GDP)
    return folder


def test_baci_flows_and_home_sales(tmp_path: Path, baci: Path) -> None:
    world = built(tmp_path, "baci", baci).world
    value = make_long.trade(1)
    assert (world.regions, world.sectors) == (NAMES, ("01", "08", "27", "72", "87"))
    off = ~np.eye(6, dtype=bool)
    cars = value[:, :, 4] + value[:, :, 5]
    assert np.allclose(world.flows[:, :, 4][off], cars[off] / 1000, rtol=1e-12)
    made = np.array([GDP[name] or 0 for name in NAMES]) / 1e6
    exports = value.sum(axis=(1, 2)) / 1000
    assert np.allclose(world.output.sum(axis=1), np.maximum(made, exports * (1 + HOME_FLOOR)), rtol=1e-12)
    home = np.einsum("iis->is", world.flows)
    imports = value.sum(axis=0) / 1000
    share = home[:, 0] / imports[:, 0]
    assert np.allclose(home[:, 3] / imports[:, 3], share, rtol=1e-9)
    assert accounts(world)["income = value added + revenue + deficit, largest gap"] < INVARIANCE
    assert world.elasticity_name == "U4"


def test_baci_products_by_longest_code_and_regions_by_mapping(tmp_path: Path, baci: Path) -> None:
    products = mapping(tmp_path / "products.csv", "87,vehicles", "870829,parts", "*,other")
    regions = mapping(tmp_path / "regions.csv", "JPN,ASIA", "KOR,ASIA", "USA,USA", "*,ROW")
    world = built(tmp_path, "baci", baci, products=products, regions=regions).world
    assert (world.regions, world.sectors) == (("ASIA", "USA", "ROW"), ("vehicles", "parts", "other"))
    value = make_long.trade(1)
    parts = value[[1, 2], 4, 5].sum() / 1000
    assert world.flows[0, 1, 1] == pytest.approx(parts, rel=1e-12)
    sheet, _ = read_sheet(tmp_path / "out")
    assert {file.role for file in sheet.files} == {"trade", "codes", "gross domestic product"}
    assert sheet.settings["regions"] == "regions.csv"


def edited(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")


def scaled(factor: float) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        rows = [line.split(",") for line in lines[1:]]
        return [lines[0], *(",".join([*r[:4], repr(float(r[4]) * factor), r[5]]) for r in rows)]

    return change


def filler(line: str) -> str:
    return ",".join([*line.split(",")[:4], "1.0", "1"])


BACI_DEFECTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "renamed column": (lambda x: ["t,i,j,hs,v,q", *x[1:]], r":1: the column 'k' is missing"),
    "fewer fields": (lambda x: [*x[:20], "2023,276,392"], r":21: the line has fewer fields"),
    "more fields": (lambda x: [*x[:4], x[4] + ",7", *x[5:]], r":5: the line has more fields"),
    "not a number": (lambda x: [*x[:4], "2023,276,392,010121,..,1", *x[5:]], r":5: the column 'v' holds"),
    "empty": (lambda x: [*x[:4], "2023,276,392,010121,,1", *x[5:]], r":5: the column 'v' is empty"),
    "NaN": (lambda x: [*x[:4], "2023,276,392,010121,nan,1", *x[5:]], r":5: the column 'v' is nan"),
    "negative": (lambda x: [*x[:4], "2023,276,410,010121,-5.5,1", *x[5:]], r":5: a trade flow is negative: -5.5"),
    "duplicate": (lambda x: [*x, x[6]], r":7: .* stands 2 times"),
    "home sales": (lambda x: [*x, "2023,276,276,010121,5,1"], "country 276 exports to itself"),
    "two years": (lambda x: [*x, "2022,276,392,010121,5,1"], "holds 2 years"),
    "unlisted code": (lambda x: [*x, "2023,999,392,010121,5,1"], "country code '999' .* is not listed"),
    "dollars": (scaled(1000.0), "check 'totals'"),
    "billions": (scaled(1e-6), "check 'totals'"),
    "placeholders": (lambda x: [x[0], *(r if k % 3 else filler(r) for k, r in enumerate(x[1:]))],
                     "the value 0.001 .* stands in .*check 'placeholders'"),
}  # fmt: skip


@pytest.mark.parametrize("name", BACI_DEFECTS)
def test_a_planted_defect_of_baci_is_named(tmp_path: Path, baci: Path, name: str) -> None:
    change, message = BACI_DEFECTS[name]
    edited(baci / "BACI_HS22_Y2023_V202501.csv", change)
    with pytest.raises(WinsetError, match=message) as caught:
        built(tmp_path, "baci", baci)
    assert caught.value.exit_code == 2
    assert nothing_written(tmp_path)


def test_a_file_cut_in_the_middle_of_a_line(tmp_path: Path, baci: Path) -> None:
    path = baci / "BACI_HS22_Y2023_V202501.csv"
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b",", 0, len(content) // 2) - 4])
    with pytest.raises(BaselineError, match=r"fewer fields.*cut short"):
        built(tmp_path, "baci", baci)


def test_gdp_missing_or_of_another_indicator(tmp_path: Path, baci: Path) -> None:
    make_long.world_bank(baci, {**GDP, "MEX": None})
    with pytest.raises(BaselineError, match=r"1 of 6 countries have no GDP .*MEX .*gdp-missing"):
        built(tmp_path, "baci", baci)
    made = built(tmp_path, "baci", baci, accept=("gdp-missing",))
    assert "MEX" not in made.world.regions
    assert any(line.startswith("gdp-missing") for line in made.warnings)
    path = make_long.world_bank(baci, GDP)
    path.write_text(path.read_text("utf-8").replace('NY.GDP.MKTP.CD"', 'NY.GDP.MKTP.KD"'), encoding="utf-8")
    with pytest.raises(BaselineError, match=r"the indicator is NY\.GDP\.MKTP\.KD"):
        built(tmp_path, "baci", baci, accept=("gdp-missing",))


def test_lines_are_counted_from_the_top_of_the_file(tmp_path: Path, baci: Path) -> None:
    path = make_long.world_bank(baci, GDP)
    lines = path.read_text("utf-8").splitlines()
    assert lines[7].startswith('"Kor"')
    lines[7] = lines[7].replace(repr(GDP["KOR"]), "n/a")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(
        BaselineError, match=r"made_up\.csv:8: the column '2023' holds something that is not a number"
    ):
        built(tmp_path, "baci", baci)


def test_blank_pairs_are_seen_among_many_traders() -> None:
    rng = np.random.default_rng(0)
    flows = rng.lognormal(5, 1, (15, 15, 2))
    names = tuple(f"C{k:02d}" for k in range(15))
    assert blank_pairs(flows, names, Path("x")) == []
    one_way = flows.copy()
    one_way[3, 7] = 0
    assert blank_pairs(one_way, names, Path("x")) == []
    blank = one_way.copy()
    blank[7, 3] = 0
    (found,) = blank_pairs(blank, names, Path("x"))
    assert "C03-C07" in found.what or "C07-C03" in found.what
    assert found.stops


def test_the_blanks_of_a_real_file_on_a_recent_revision_are_found(shared: Path) -> None:
    with (shared / "data" / "world194" / "trade_long.csv").open(encoding="utf-8") as stream:
        rows = [(r["exporter"], r["importer"], float(r["value_usd_m"])) for r in csv.DictReader(stream)]
    names = tuple(sorted({name for row in rows for name in row[:2]}))
    flows = np.zeros((len(names), len(names), 1))
    for exporter, importer, value in rows:
        flows[names.index(exporter), names.index(importer), 0] = value
    (found,) = blank_pairs(flows, names, Path("x"))
    pairs = {frozenset(pair.split("-")) for pair in found.what.rsplit(": ", 1)[1].split(", ")}
    # The pairs that the notes on these data name as missing though large.
    assert frozenset(("KOR", "VNM")) in pairs


@pytest.fixture
def itpde(tmp_path: Path) -> tuple[Path, np.ndarray]:
    rng = np.random.default_rng(4)
    value = np.round(rng.lognormal(8, 1, (6, 6, 4)), 6)
    value[np.arange(6), np.arange(6)] *= 20
    folder = tmp_path / "itpd"
    folder.mkdir()
    return make_long.itpde(folder, value), value


def test_itpde_by_broad_sector_and_by_industry(tmp_path: Path, itpde: tuple[Path, np.ndarray]) -> None:
    path, value = itpde
    world = built(tmp_path, "itpd-e", path, year=2019).world
    assert world.sectors == ("Agriculture", "Manufacturing", "Services")
    assert np.allclose(world.flows[:, :, 1], value[:, :, 1] + value[:, :, 2], rtol=1e-12)
    assert world.value_added_shares.min() == 1
    products = mapping(tmp_path / "p.csv", "1,food", "2,cars", "3,steel", "4,services")
    again = built(tmp_path, "itpd-e", path, year=2018, products=products).world
    assert np.allclose(again.flows, 2 * value, rtol=1e-12)


ITPD_DEFECTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "renamed": (lambda x: [x[0].replace(",trade,", ",trade_value,"), *x[1:]], "'trade' is missing.*'trade_value'"),
    "negative home": (lambda x: [*x[:-1], x[-1].replace(x[-1].split(",")[-3], "-4")], "flow is negative: -4"),
    "no home": (lambda x: [line for line in x if line.count("DEU") != 4], "DEU .*domestic-missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", ITPD_DEFECTS)
def test_a_planted_defect_of_itpde_is_named(tmp_path: Path, itpde: tuple[Path, np.ndarray], name: str) -> None:
    change, message = ITPD_DEFECTS[name]
    edited(itpde[0], change)
    with pytest.raises(WinsetError, match=message):
        built(tmp_path, "itpd-e", itpde[0], year=2019)
    assert nothing_written(tmp_path)


def test_a_year_the_file_does_not_have(tmp_path: Path, itpde: tuple[Path, np.ndarray]) -> None:
    with pytest.raises(BaselineError, match=r"no record of the year 2031.*2018, 2019.*--year"):
        built(tmp_path, "itpd-e", itpde[0], year=2031)
    with pytest.raises(BaselineError, match="holds many years"):
        built(tmp_path, "itpd-e", itpde[0])


def spreadsheet(folder: Path) -> Path:
    """Two regions, two sectors, with inputs; sales equal value added and inputs."""
    folder.mkdir()
    rows = ["exporter,importer,sector,value", "KOR,KOR,C29,80", "KOR,USA,C29,20", "USA,USA,C29,190",
            "USA,KOR,C29,10", "KOR,KOR,SERV,100",
            "USA,USA,SERV,400", "USA,KOR,SERV,0", "KOR,USA,SERV,0"]  # fmt: skip
    (folder / "flows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    tariffs = "exporter,importer,sector,tariff\nKOR,USA,C29,0.025\nUSA,KOR,C29,0.08\n"
    (folder / "tariffs.csv").write_text(tariffs, encoding="utf-8")
    added = "region,sector,value\nKOR,C29,40\nKOR,SERV,70\nUSA,C29,90\nUSA,SERV,300\n"
    (folder / "value_added.csv").write_text(added, encoding="utf-8")
    inputs = ["region,input,sector,value", "KOR,C29,C29,40", "KOR,SERV,C29,20", "KOR,C29,SERV,10",
              "KOR,SERV,SERV,20", "USA,C29,C29,80", "USA,SERV,C29,30", "USA,C29,SERV,20",
              "USA,SERV,SERV,80"]  # fmt: skip
    (folder / "inputs.csv").write_text("\n".join(inputs) + "\n", encoding="utf-8")
    (folder / "elasticities.csv").write_text("sector,mine\nC29,5\nSERV,4\n", encoding="utf-8")
    return folder


def test_plain_csv_by_hand(tmp_path: Path) -> None:
    world = built(tmp_path, "csv", spreadsheet(tmp_path / "in"), year=2023).world
    assert (world.regions, world.sectors, world.elasticity_name) == (("KOR", "USA"), ("C29", "SERV"), "mine")
    # Korea buys 80 at home and 10 with 8 percent: 90.8, so an input of cars costs 90.8/90 of its price untaxed.
    assert world.expenditure[0, 0] == pytest.approx(90.8)
    assert world.input_shares[0, 0, 0] == pytest.approx(40 / 100 * 90.8 / 90)
    assert world.input_shares[0, 1, 0] == pytest.approx(0.2)
    assert world.tariffs[0, 1, 0] == 0.025
    assert world.elasticities.tolist() == [5, 4]


PLAIN_DEFECTS: dict[str, tuple[str, Callable[[list[str]], list[str]], str]] = {
    "percent": ("tariffs.csv", lambda x: [x[0], "KOR,USA,C29,2.5", "USA,KOR,C29,8"],
                "read as fractions.*--tariff-unit percent"),
    "unknown sector": ("inputs.csv", lambda x: [*x, "KOR,C30,SERV,1"], r"csv:10: unknown input 'C30'.*C29"),
    "contradiction": ("value_added.csv", lambda x: [*x[:-1], "USA,SERV,3000"], "differ from sales .* USA SERV"),
    "negative": ("value_added.csv", lambda x: [*x[:-1], "USA,SERV,-3"], r":5: value added is negative"),
    "no theta": ("elasticities.csv", lambda x: x[:-1], "no elasticity for SERV"),
    "theta zero": ("elasticities.csv", lambda x: [*x[:-1], "SERV,0"], r":3: the elasticity of SERV"),
    "duplicate": ("flows.csv", lambda x: [*x, "KOR,USA,C29,20"], r":3: .* stands 2 times"),
    "headless": ("flows.csv", lambda x: x[1:], r":1: the column 'exporter' is missing"),
    "header only": ("flows.csv", lambda x: x[:1], "nothing below it"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN_DEFECTS)
def test_a_planted_defect_of_plain_csv_is_named(tmp_path: Path, name: str) -> None:
    file, change, message = PLAIN_DEFECTS[name]
    folder = spreadsheet(tmp_path / "in")
    edited(folder / file, change)
    with pytest.raises(WinsetError, match=message):
        built(tmp_path, "csv", folder, year=2023)
    assert nothing_written(tmp_path)


def test_mappings_cover_every_code_once(tmp_path: Path) -> None:
    folder = spreadsheet(tmp_path / "in")
    cases = {
        ("KOR,ASIA",): (UnknownNameError, "1 region.s. of the source are not mapped: USA"),
        ("KOR,ASIA", "USB,US"): (UnknownNameError, r"m\.csv:3: unknown region in the mapping 'USB'\. .*'USA'"),
        ("KOR,ASIA", "USA,US", "KOR,ROW"): (BaselineError, r"m\.csv:4: region 'KOR' is mapped twice, to 'ASIA'"),
        ("KOR",): (BaselineError, r"m\.csv:2: a mapping needs a code and a group"),
        (): (BaselineError, "the mapping is empty"),
    }  # fmt: skip
    for lines, (error, message) in cases.items():
        with pytest.raises(error, match=message):
            built(tmp_path, "csv", folder, year=2023, regions=mapping(tmp_path / "m.csv", *lines))
    assert nothing_written(tmp_path)


def test_options_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    folder = spreadsheet(tmp_path / "in")
    with pytest.raises(RequestError, match="--gdp means nothing for csv"):
        built(tmp_path, "csv", folder, year=2023, gdp=folder)
    with pytest.raises(RequestError, match="icio-2022 is built as it is shipped; 'year' cannot be set"):
        built(tmp_path, "icio-2022", folder, year=2023)
    with pytest.raises(UnknownNameError, match=r"unknown check 'blankpairs'.*blank-pairs"):
        built(tmp_path, "csv", folder, year=2023, accept=("blankpairs",))
    with pytest.raises(UnknownNameError, match=r"BSI.*BSY"):
        built(tmp_path, "csv", folder, year=2023, elasticities="BSI")


def test_paths_that_look_like_patterns_and_open_ends(tmp_path: Path) -> None:
    folder = spreadsheet(tmp_path / "my [data] *?")
    text = (folder / "flows.csv").read_text("utf-8")
    (folder / "flows.csv").write_text(text.rstrip("\n"), encoding="utf-8")
    made = built(tmp_path, "csv", folder, year=2023)
    assert made.world.flows.sum() == 800
    assert [line.split(":")[0] for line in made.warnings] == ["truncated"]


@pytest.mark.parametrize("size", [0, 10**9])
def test_tables_in_memory_and_on_disk_agree(
    tmp_path: Path, baci: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("winset.data.long_tables.ON_DISK_BYTES", size)
    world = built(tmp_path, "baci", baci).world
    assert world.flows[0, 3, 0] == pytest.approx(make_long.trade(1)[0, 3, 0] / 1000, rel=1e-12)


def test_codes_that_look_like_numbers_stay_texts(tmp_path: Path, baci: Path) -> None:
    regions = mapping(tmp_path / "r.csv", "DEU,08", "JPN,1e5", "KOR,NO", "MEX,.5", "USA,null", "VNM,0x1F")
    world = built(tmp_path, "baci", baci, regions=regions).world
    assert world.regions == ("08", "1e5", "NO", ".5", "null", "0x1F")


def test_a_baseline_replaces_only_a_baseline(tmp_path: Path) -> None:
    folder = spreadsheet(tmp_path / "in")
    built(tmp_path, "csv", folder, year=2023)
    first = (tmp_path / "out" / "baseline.yaml").read_bytes()
    built(tmp_path, "csv", folder, year=2023)
    assert (tmp_path / "out" / "baseline.yaml").read_bytes() == first
    (tmp_path / "out" / "thesis.doc").write_text("mine", encoding="utf-8")
    with pytest.raises(WinsetError, match=r"holds other things \(thesis\.doc\)"):
        built(tmp_path, "csv", folder, year=2023)
    assert (tmp_path / "out" / "baseline.yaml").read_bytes() == first
