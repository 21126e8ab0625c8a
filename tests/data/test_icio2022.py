"""The shipped baseline, and the build that refuses figures which do not balance."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import winset
from winset.core.errors import BaselineError, UnknownNameError, UnreadableFileError
from winset.data.folder import load_baseline, read_sheet
from winset.data.icio2022 import build


def test_the_shipped_world_balances_to_the_last_digit() -> None:
    world = winset.load_baseline("icio-2022")
    assert (len(world.regions), len(world.sectors)) == (24, 28)
    identity = world.value_added + world.tariff_revenue + world.deficit
    assert world.income == pytest.approx(identity, rel=1e-13)
    assert world.final_expenditure.min() > 0
    # Facts stated by the source's own notes (billions): Korean cars to the US, the US deficit.
    cars = world.flows[world.region("KOR"), world.region("USA"), world.sector("C29")]
    assert cars / 1000 == pytest.approx(29.0, abs=0.05)
    assert world.deficit[world.region("USA")] / 1000 == pytest.approx(962, abs=0.5)
    goods = [s for s in world.sectors if s != "SERV"]
    rows = [world.sector(s) for s in goods]
    assert world.flows[world.region("KOR"), world.region("USA"), rows].sum() / 1000 == pytest.approx(
        98.1, abs=0.05
    )


def test_eight_cited_elasticity_sets_with_named_services() -> None:
    world = load_baseline("icio-2022")
    assert list(world.elasticity_sets) == ["IS", "CP", "FGO", "LL", "BSY", "GYY", "Shap", "U4"]
    assert world.elasticity_name == "BSY"
    for one in world.elasticity_sets.values():
        assert one.citation
        assert "Services" in one.note
    assert world.elasticity_sets["CP"].values[world.sector("C29")] == pytest.approx(1.115)
    assert load_baseline("icio-2022", elasticities="FGO").elasticities[world.sector("SERV")] == 8.35
    with pytest.raises(UnknownNameError, match="BSY"):
        load_baseline("icio-2022", elasticities="BSI")


def test_about_carries_sources_and_weaknesses() -> None:
    _, about = read_sheet("icio-2022")
    for word in ("OECD", "WIOD", "2014", "Weaknesses", "RAS", "Section 301"):
        assert word in about


def test_the_build_repeats_the_shipped_files(shared: Path, tmp_path: Path) -> None:
    build(shared / "data" / "icio2022", tmp_path)
    again, shipped = load_baseline(tmp_path), load_baseline("icio-2022")
    for name in ("flows", "tariffs", "value_added_shares", "input_shares", "elasticities"):
        assert np.array_equal(getattr(again, name), getattr(shipped, name)), name


def test_the_build_refuses_what_does_not_balance(shared: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for part in ("icio2022_24x28", "icio2022_81x28"):
        (source / part).mkdir(parents=True)
        for file in (shared / "data" / "icio2022" / part).iterdir():
            shutil.copyfile(file, source / part / file.name)
    path = source / "icio2022_24x28" / "arrays.npz"
    with np.load(path) as archive:
        arrays = {name: archive[name].copy() for name in archive.files}
    arrays["flow_exporter_importer_sector"][1, 0, 23] *= 1.001
    np.savez(path, **arrays)
    with pytest.raises(BaselineError, match="KOR USA C29"):
        build(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_or_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="icio-2022"):
        load_baseline("icio-2023")
    folder = tmp_path / "with space"
    shutil.copytree(Path(winset.data.folder.__file__).parent / "baselines" / "icio-2022", folder)
    assert load_baseline(folder).name == "icio-2022"
    (folder / "arrays.npz").write_bytes((folder / "arrays.npz").read_bytes()[:1000])
    with pytest.raises(UnreadableFileError, match=r"arrays\.npz"):
        load_baseline(folder)
