"""Tariff tables of Teti, WITS and plain CSV on a world: read back, unit and direction checked, gaps named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import make_long
from data.test_build_long import edited, mapping, nothing_written
from winset.core.errors import BaselineError, WinsetError
from winset.data.build import BuildRequest, Built, build
from winset.data.checks import importer_share, swapped

NAMES = tuple(make_long.COUNTRIES)
SECTORS = ("C10T12", "C29", "SERV")
GOODS = ("15", "34")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    rng = np.random.default_rng(8)
    flows = np.round(rng.lognormal(7, 1, (6, 6, 3)), 3)
    flows[np.arange(6), np.arange(6)] *= 30
    lines = ["exporter,importer,sector,value"]
    lines += [f"{NAMES[i]},{NAMES[j]},{SECTORS[k]},{flows[i, j, k]}" for i, j, k in np.ndindex(flows.shape)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "flows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "in"


@pytest.fixture
def map_products(tmp_path: Path) -> Path:
    return mapping(tmp_path / "products.csv", "15,C10T12", "16,C10T12", "34,C29")


def built(tmp_path: Path, world: Path, tariffs: Path, **options: Any) -> Built:
    return build(
        BuildRequest(source="csv", path=world, folder=tmp_path / "out", year=2021, tariffs=tariffs, **options)
    )


def test_teti_in_percent_on_the_importer(tmp_path: Path, world: Path, map_products: Path) -> None:
    percent = make_long.rates(2, 6, 2)
    table = make_long.teti(tmp_path / "tariff_isic33.csv", percent, NAMES, GOODS)
    made = built(tmp_path, world, table, tariff_year=2021, tariff_products=map_products)
    assert np.allclose(made.world.tariffs[:, :, :2], percent / 100, atol=1e-12)
    assert not made.world.tariffs[:, :, 2].any()
    assert any("pay nothing: SERV" in note for note in made.notes)
    half = built(tmp_path, world, table, tariff_year=2021, tariff_products=map_products, tariff_mean="weighted")
    assert np.allclose(half.world.tariffs[:, :, :2], percent / 200, atol=1e-12)


def test_two_products_of_one_sector_by_either_mean(tmp_path: Path, world: Path, map_products: Path) -> None:
    percent = make_long.rates(2, 6, 3)
    codes = [str(number) for number in make_long.COUNTRIES.values()]
    table = make_long.wits(tmp_path / "DataJobID-1.csv", percent, codes, ("15", "16", "34"))
    countries = mapping(tmp_path / "c.csv", *(f"{number},{name}" for name, number in make_long.COUNTRIES.items()))
    options: dict[str, Any] = {"tariff_products": map_products, "tariff_countries": countries}
    simple = built(tmp_path, world, table, **options).world
    assert np.allclose(simple.tariffs[:, :, 0], percent[:, :, :2].mean(axis=2) / 100, atol=1e-9)
    weighted = built(tmp_path, world, table, tariff_mean="weighted", **options).world
    assert np.allclose(weighted.tariffs[:, :, 0], (percent[:, :, 0] + 2 * percent[:, :, 1]) / 300, atol=1e-9)
    mfn = built(tmp_path, world, table, duty="MFN", **options).world
    off = ~np.eye(6, dtype=bool)
    assert np.allclose(mfn.tariffs[:, :, 1][off], (percent[:, :, 2][off] + 10) / 100, atol=1e-9)
    with pytest.raises(BaselineError, match=r"no rates of type BND.*AHS, MFN"):
        built(tmp_path, world, table, duty="BND", **options)


def test_a_rate_for_any_partner_stands_where_no_other_does(
    tmp_path: Path, world: Path, map_products: Path
) -> None:
    percent = make_long.rates(2, 6, 2)
    table = make_long.teti(tmp_path / "t.csv", percent, NAMES, GOODS)
    edited(
        table,
        lambda x: [line for line in x if not line.startswith("USA,KOR,2021,34,")] + ["USA,WLD,2021,34,7.5,7"],
    )
    made = built(tmp_path, world, table, tariff_year=2021, tariff_products=map_products).world
    assert made.tariffs[made.region("KOR"), made.region("USA"), 1] == pytest.approx(0.075)
    assert made.tariffs[made.region("JPN"), made.region("USA"), 1] == pytest.approx(percent[1, 4, 1] / 100)


def test_one_code_for_several_members(tmp_path: Path, world: Path, map_products: Path) -> None:
    percent = make_long.rates(2, 6, 2)
    names = ["EUN", *NAMES[1:]]
    table = make_long.teti(tmp_path / "t.csv", percent, names, GOODS)
    countries = mapping(tmp_path / "c.csv", "EUN,DEU", "EUN,FRA")
    made = built(
        tmp_path, world, table, tariff_year=2021, tariff_products=map_products, tariff_countries=countries
    )
    assert np.allclose(made.world.tariffs[:, 0, :2], percent[:, 0] / 100, atol=1e-12)


def exchanged(lines: list[str]) -> list[str]:
    rows = [line.split(",") for line in lines[1:]]
    return [lines[0], *(",".join([r[1], r[0], *r[2:]]) for r in rows)]


def fractions(lines: list[str]) -> list[str]:
    rows = [line.split(",") for line in lines[1:]]
    return [lines[0], *(",".join([*r[:4], repr(float(r[4]) / 100), repr(float(r[5]) / 100)]) for r in rows)]


DEFECTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "exchanged": (exchanged, r"tariffs differ by exporter \(\d+% of their variance\).*check 'swapped'"),
    "fractions": (fractions, "read as percent, 95 of 100 positive tariffs are .*--tariff-unit fraction"),
    "renamed": (lambda x: [x[0].replace("iso2", "iso_2b"), *x[1:]], "the column"),
    "a product without sector": (lambda x: [*x, "USA,KOR,2021,99,3.0,3.0"], r"1 product\(s\) have no sector: 99"),
    "negative": (lambda x: [*x[:-1], "VNM,USA,2021,34,-3.0,1"], r"a tariff is negative: -3"),
    "an importer without rates": (
        lambda x: [line for line in x if not line.startswith("JPN,")],
        "have no rate; most by importers JPN.*tariffs-missing",
    ),
    "of other countries": (
        lambda x: [x[0], *(f"Q{k}{line[3:]}" for k, line in enumerate(x[-5:]))],
        "no country of the tariff table .* is a region",
    ),
    "thousands of percent": (
        lambda x: [line if line[:15] != "USA,VNM,2021,34" else f"{line[:15]},30000,1" for line in x], "is 30000%"
    ),
    "one record twice": (lambda x: [*x, x[-1]], "stands 2 times"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_named(tmp_path: Path, world: Path, map_products: Path, name: str) -> None:
    change, message = DEFECTS[name]
    table = make_long.teti(tmp_path / "t.csv", make_long.rates(2, 6, 2), NAMES, GOODS)
    edited(table, change)
    with pytest.raises(WinsetError, match=message) as caught:
        built(tmp_path, world, table, tariff_year=2021, tariff_products=map_products)
    assert caught.value.exit_code == 2
    assert nothing_written(tmp_path)


def test_a_table_of_several_years_asks_which(tmp_path: Path, world: Path, map_products: Path) -> None:
    table = make_long.teti(tmp_path / "t.csv", make_long.rates(2, 6, 2), NAMES, GOODS)
    with pytest.raises(BaselineError, match=r"holds 2 years \(2020 to 2021\).*--tariff-year"):
        built(tmp_path, world, table, tariff_products=map_products)
    with pytest.raises(BaselineError, match=r"no product code .* is a sector of the world.*--tariff-products"):
        built(tmp_path, world, table, tariff_year=2021)


def test_an_accepted_gap_takes_the_importers_mean(tmp_path: Path, world: Path, map_products: Path) -> None:
    percent = make_long.rates(2, 6, 2)
    table = make_long.teti(tmp_path / "t.csv", percent, NAMES, GOODS)
    edited(table, lambda x: [line for line in x if not line.startswith("JPN,KOR,")])
    made = built(
        tmp_path, world, table, tariff_year=2021, tariff_products=map_products, accept=("tariffs-missing",)
    )
    others = [i for i in range(6) if NAMES[i] not in ("JPN", "KOR")]
    assert made.world.tariffs[2, 1, 0] == pytest.approx(percent[others, 1, 0].mean() / 100)
    assert any("importer's simple mean" in note for note in made.notes)


def test_real_tariffs_differ_by_importer_and_their_transposes_are_seen(shared: Path) -> None:
    """Four published tables, none of which is taken for exchanged; each is when it is transposed."""
    found = {}
    with np.load(shared / "data" / "wiod2014_44x50" / "arrays.npz") as a:
        found["wiod"] = a["tariff_importer_exporter_sector"].transpose(1, 0, 2)
    with np.load(shared / "data" / "icio2022" / "icio2022_81x28" / "arrays.npz") as a:
        found["icio"] = a["tariff_exporter_importer_sector"]
    with np.load(shared / "data" / "cp2015" / "cp2015.npz") as a:
        found["cp"] = a["tau_nij"].transpose(1, 0, 2)
    with np.load(shared / "data" / "ossa2014" / "ossa2014.npz") as a:
        found["ossa"] = a["tariff"]
    for name, rate in found.items():
        regions = tuple(map(str, range(len(rate))))
        assert swapped(rate, regions, Path(name)) == [], name
        assert [one.code for one in swapped(rate.transpose(1, 0, 2), regions, Path(name))] == ["swapped"], name
        assert importer_share(rate) == pytest.approx(importer_share(rate.transpose(1, 0, 2))[::-1])
