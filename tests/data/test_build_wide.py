"""OECD ICIO and WIOD: true layouts read back to the figures that were written, every planted defect named."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.make_wide import (
    FINAL,
    ICIO_2023,
    ICIO_2025,
    LABELS,
    WIOD,
    Table,
    icio_lines,
    made_up,
    wiod_lines,
    wiod_workbook,
)
from tolerances import INVARIANCE
from winset.core.errors import BaselineError, UnreadableFileError, WinsetError
from winset.data.balancing import VALUE_ADDED_FLOOR, balanced
from winset.data.build import BuildRequest, Built, build
from winset.data.folder import load_baseline, read_sheet
from winset.data.listing import accounts
from winset.data.oecd_icio import read_icio
from winset.data.wiod2016 import read_wiod

REGIONS = ("AUS", "JPN", "KOR", "USA")


def icio_table(sectors: tuple[str, ...] = ICIO_2025, regions: tuple[str, ...] = REGIONS, **settings: Any) -> Table:
    return made_up(regions, sectors, categories=len(FINAL), stock=FINAL.index("INVNT"), seed=3, **settings)


def written(folder: Path, lines: list[str], name: str = "2022_SML.csv") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def built(tmp_path: Path, path: Path, source: str = "oecd-icio", **options: Any) -> Built:
    return build(BuildRequest(source=source, path=path, folder=tmp_path / "out", **options))


def test_figures_are_read_back_cell_by_cell(tmp_path: Path) -> None:
    table = icio_table()
    levels, year, (source,) = read_icio(written(tmp_path / "in", icio_lines(table)), None, tmp_path)
    assert (year, levels.regions, levels.sectors) == (2022, REGIONS, ICIO_2025)
    assert np.allclose(levels.flows, table.flows, rtol=1e-12, atol=0)
    assert levels.inputs is not None
    assert np.allclose(levels.inputs, table.inputs, rtol=1e-12, atol=0)
    stock = table.final[..., table.stock].transpose(0, 2, 1)
    assert levels.inventories is not None
    assert np.allclose(levels.inventories, stock, rtol=1e-9, atol=1e-6)
    assert (levels.inventories < 0).any()
    assert source.sha256
    assert levels.findings == ()


def test_the_built_world_balances_and_keeps_published_coefficients(tmp_path: Path) -> None:
    table = icio_table()
    made = built(tmp_path, written(tmp_path / "in", icio_lines(table)))
    world = load_baseline(tmp_path / "out")
    for key, value in accounts(world).items():
        if key.endswith("gap"):
            assert value < INVARIANCE, key
    assert np.array_equal(world.flows, np.maximum(table.flows, 0)) or np.allclose(
        world.flows, table.flows, rtol=1e-9
    )
    coefficient = table.inputs / table.output[:, None, :]
    trimmed = ~np.isclose(world.input_shares, coefficient, rtol=1e-8)
    cells = {(j, k) for j, k, _ in np.argwhere(trimmed)}
    said = [line for line in made.adjustments if line.startswith("Input uses cut")]
    assert (f"in {len(cells)} of" in said[0]) if cells else not said
    assert world.elasticity_name == "BSY"
    assert world.elasticities[world.sector("C29")] == load_baseline("icio-2022").elasticities[23]


def test_the_sheet_holds_checksum_citation_settings_and_what_was_moved(tmp_path: Path) -> None:
    import hashlib

    path = written(tmp_path / "in", icio_lines(icio_table()))
    built(tmp_path, path, year=2022)
    sheet, about = read_sheet(tmp_path / "out")
    (file,) = sheet.files
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (file.name, file.bytes) == ("2022_SML.csv", path.stat().st_size)
    assert sheet.settings["year"] == "2022"
    assert any("Changes in inventories left out" in line for line in sheet.adjustments)
    assert "OECD" in sheet.sources[0]
    assert "CC BY" in sheet.licences[0]
    assert str(tmp_path) not in (tmp_path / "out" / "baseline.yaml").read_text("utf-8")
    assert "edition 2025" in about.lower()


def test_parts_of_china_and_mexico_are_added_up(tmp_path: Path) -> None:
    whole = icio_table(ICIO_2023, ("CHN", "JPN", "MEX", "USA"))
    parts = ("CN1", "CN2", "JPN", "MX1", "MX2", "USA")
    home = np.array([0, 0, 1, 2, 2, 3])
    weight = np.array([0.7, 0.3, 1.0, 0.9, 0.1, 1.0])
    split_use = whole.use[home][:, :, home] * weight[:, None, None, None] * weight[None, None, :, None]
    lines = []
    pairs = [f"{r}_{s}" for r in parts for s in ICIO_2023]
    lines.append(",".join(["V1", *pairs, *(f"{r}_{c}" for r in whole.regions for c in FINAL), "OUT"]))
    final = whole.final[home] * weight[:, None, None, None]
    output = split_use.sum(axis=(2, 3)) + final.sum(axis=(2, 3))
    for i, part in enumerate(parts):
        for k, sector in enumerate(ICIO_2023):
            cells = [*split_use[i, k].ravel(), *final[i, k].ravel(), output[i, k]]
            lines.append(",".join([f"{part}_{sector}", *(repr(float(x)) for x in cells)]))
    taxes = whole.taxes[home] * weight[:, None]
    for name, row in (("TLS", taxes), ("VA", output - split_use.sum(axis=(0, 1)) - taxes), ("OUT", output)):
        lines.append(",".join([name, *(repr(float(x)) for x in row.ravel()), *["0"] * (4 * len(FINAL)), "0"]))
    levels, year, _ = read_icio(written(tmp_path / "in", lines, "2020.csv"), 2020, tmp_path)
    assert (levels.regions, year) == (("CHN", "JPN", "MEX", "USA"), 2020)
    assert np.allclose(levels.flows, whole.flows, rtol=1e-10)
    assert np.allclose(levels.inputs, whole.inputs, rtol=1e-10)
    assert any("2023" in note for note in levels.notes)


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_packed_files_are_read_as_they_come(tmp_path: Path, packed: str) -> None:
    text = ("\n".join(icio_lines(icio_table())) + "\n").encode()
    path = tmp_path / f"2022_SML.csv.{packed}" if packed == "gz" else tmp_path / "2022.zip"
    if packed == "gz":
        path.write_bytes(gzip.compress(text))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("2021_SML.csv", "V1\n")
            archive.writestr("2022_SML.csv", text)
    levels, _, _ = read_icio(path, 2022, tmp_path)
    assert np.allclose(levels.flows, icio_table().flows, rtol=1e-12)


def no_partial_folder(tmp_path: Path) -> bool:
    return not (tmp_path / "out").exists() and not [p for p in tmp_path.iterdir() if p.name.startswith(".out")]


def shifted(lines: list[str], line: int, column: int, value: str) -> list[str]:
    cells = lines[line - 1].split(",")
    cells[column] = value
    return [*lines[: line - 1], ",".join(cells), *lines[line:]]


def renamed(lines: list[str], old: str, new: str) -> list[str]:
    return [line.replace(old, new) if k == 0 else line for k, line in enumerate(lines)]


def thousandfold(line: str) -> str:
    name, *cells = line.split(",")
    return ",".join([name, *(f"{float(cell) * 1000:.1f}" for cell in cells)])


DEFECTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "cut in a row": (lambda x: [*x[:9], x[9][:200]], r"2022_SML\.csv:10: the row .* cells"),
    "rows of totals gone": (lambda x: x[:-3], "the row 'OUT' is missing.*cut short"),
    "one industry gone": (lambda x: [*x[:5], *x[6:]], "the row AUS_C29 is missing"),
    "row twice": (lambda x: [*x[:6], x[5], *x[6:]], r":7: the row AUS_C29 stands twice, first on line 6"),
    "not a number": (lambda x: shifted(x, 4, 7, "n.a."), r":4: the cell in column 'JPN_A01' is 'n.a.'"),
    "NaN": (lambda x: shifted(x, 4, 7, "NaN"), r":4: the cell in column 'JPN_A01' is 'NaN'"),
    "empty cell": (lambda x: shifted(x, 4, 7, ""), r":4: the cell in column 'JPN_A01' is ''"),
    "edited cell": (lambda x: shifted(x, 4, 3, "90000000"), "check 'accounts'"),
    "category renamed": (lambda x: renamed(x, "_GFCF", "_GFCAP"), "GFCAP and so on have no row.*rename 'GFCF'"),
    "total renamed": (lambda x: renamed(x, ",OUT", ",OUTPUT"), "unexpected column 'OUTPUT'.*OUT"),
    "older edition": (lambda x: [line.replace("_C29", "_29T30") for line in x], "edition up to 2021"),
    "unknown row": (lambda x: [*x[:-3], x[-3].replace("TLS", "TXS"), *x[-2:]], "unknown row 'TXS'.*'TLS'"),
    "another table": (lambda _: ["TIME,VALUE", "2022,1"], r":1: the first line does not name columns"),
    "thousands": (
        lambda x: [x[0], *(thousandfold(line) for line in x[1:])],
        "check 'totals'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    spoil, message = DEFECTS[name]
    size = 2e7 if name != "thousands" else 9e8
    path = written(tmp_path / "in", spoil(icio_lines(icio_table(size=size))))
    with pytest.raises(WinsetError, match=message) as caught:
        built(tmp_path, path)
    assert caught.value.exit_code == 2
    assert caught.value.remedy
    assert no_partial_folder(tmp_path)


def test_wrong_year_and_absent_files(tmp_path: Path) -> None:
    path = written(tmp_path / "in", icio_lines(icio_table()))
    with pytest.raises(BaselineError, match="--year 2019, but the file's name says 2022"):
        built(tmp_path, path, year=2019)
    with pytest.raises(UnreadableFileError, match=r"no table of 2019 here.*Nearest: 2022_SML\.csv"):
        built(tmp_path, path.parent, year=2019)
    with pytest.raises(UnreadableFileError, match="no such file"):
        built(tmp_path, tmp_path / "nowhere")


def test_damaged_archives_and_bombs(tmp_path: Path) -> None:
    text = ("\n".join(icio_lines(icio_table())) + "\n").encode()
    cut = tmp_path / "2022_SML.csv.gz"
    cut.write_bytes(gzip.compress(text)[:-400])
    with pytest.raises(UnreadableFileError, match="damaged, cut short or encrypted"):
        built(tmp_path, cut)
    bad = tmp_path / "2022.zip"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2022_SML.csv", text)
    raw = bytearray(bad.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    bad.write_bytes(bytes(raw))
    with pytest.raises(UnreadableFileError, match="damaged, cut short or encrypted"):
        built(tmp_path, bad)
    bomb = tmp_path / "2021.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("2021_SML.csv", "w") as member:
        for _ in range(100):
            member.write(b"0" * 1_000_000)
    with pytest.raises(UnreadableFileError, match="archive bomb"):
        built(tmp_path, bomb)
    assert no_partial_folder(tmp_path)


def test_a_sector_that_cannot_pay_its_inputs_is_mended_and_told(tmp_path: Path) -> None:
    table = icio_table()
    use = table.use.copy()
    use[:, :, 1, 2] *= 3.0  # JPN C10T12: inputs cost more than output
    broken = replace(table, use=use)
    assert broken.added[1, 2] < 0
    made = built(tmp_path, written(tmp_path / "in", icio_lines(broken)), accept=("balancing",))
    assert made.world.value_added_shares[1, 2] >= VALUE_ADDED_FLOOR - 1e-12
    assert any("Value added raised" in line and "JPN C10T12" in line for line in made.adjustments)


def test_a_table_that_needs_too_much_balancing_is_refused(tmp_path: Path) -> None:
    table = icio_table()
    broken = replace(table, final=table.final * 0.02, taxes=table.taxes * 0)
    with pytest.raises(BaselineError, match=r"balancing would move .* add --accept balancing"):
        built(tmp_path, written(tmp_path / "in", icio_lines(broken)), accept=("totals",))
    assert no_partial_folder(tmp_path)


def test_withdrawals_from_inventories_under_either_method(tmp_path: Path) -> None:
    levels, _, _ = read_icio(written(tmp_path / "in", icio_lines(icio_table())), 2022, tmp_path)
    assert levels.inventories is not None
    dropped, clipped = balanced(levels), balanced(levels, inventories="clip")
    assert np.allclose(dropped.arrays["flows"], levels.flows)
    assert np.allclose(clipped.arrays["flows"], levels.flows + np.maximum(levels.inventories, 0))
    with pytest.raises(BaselineError, match="neither"):
        balanced(levels, inventories="keep")


def wiod_table() -> Table:
    return made_up(REGIONS, WIOD, categories=len(LABELS), stock=4, seed=5)


def test_wiod_as_csv_and_as_workbook_are_one_world(tmp_path: Path) -> None:
    table = wiod_table()
    text = written(tmp_path / "in", wiod_lines(table, 2014), "WIOT2014_October16_ROW.csv")
    levels, year, _ = read_wiod(text, None, tmp_path)
    assert (year, levels.regions, levels.sectors) == (2014, REGIONS, ("A01", "C10T12", "C29", "H49"))
    assert np.allclose(levels.flows, table.flows, rtol=1e-10)
    assert np.allclose(levels.inputs, table.inputs, rtol=1e-10)
    assert levels.sector_names[levels.sectors[2]] == "Industry, C29"
    pytest.importorskip("python_calamine", reason="reading a workbook needs python-calamine")
    book = tmp_path / "WIOT2014_Nov16_ROW.xlsx"
    wiod_workbook(table, book)
    again, _, _ = read_wiod(book, 2014, tmp_path)
    assert again.sectors == levels.sectors
    assert np.allclose(again.flows, levels.flows, rtol=1e-12)
    assert np.allclose(again.inventories, levels.inventories, rtol=1e-9, atol=1e-9)


WIOD_DEFECTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "cut": (lambda x: [*x[:9], x[9][:150]], r":10: the row .* has \d+ figures"),
    "total gone": (lambda x: x[:-1], "the row 'GO' is missing"),
    "renamed": (lambda x: [x[0].replace("RNr", "Row"), *x[1:]], "the column 'RNr' is missing"),
    "wrong column": (lambda x: [x[0].replace('"AUS3"', '"Australia3"'), *x[1:]], "the column 'Australia3'"),
    "NaN": (lambda x: shifted(x, 3, 9, "NA"), r":3: the cell in column .* is 'NA'"),
    "two years": (lambda x: [*x[:-1], x[-1].replace(",2014,", ",2013,")], "several are in it"),
}


@pytest.mark.parametrize("name", WIOD_DEFECTS)
def test_a_planted_defect_of_wiod_is_named(tmp_path: Path, name: str) -> None:
    spoil, message = WIOD_DEFECTS[name]
    path = written(tmp_path / "in", spoil(wiod_lines(wiod_table(), 2014)), "WIOT2014_October16_ROW.csv")
    with pytest.raises(WinsetError, match=message):
        built(tmp_path, path, "wiod-2016")
    assert no_partial_folder(tmp_path)


def test_another_year_of_wiod_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "in", wiod_lines(wiod_table(), 2014), "WIOT2013_October16_ROW.csv")
    with pytest.raises(BaselineError, match="--year 2013, but the table is of 2014"):
        built(tmp_path, path, "wiod-2016", year=2013)
