"""The fine working worlds through the build; grouping and balancing as properties; ISIC codes; the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import winset
from data.make_wide import FINAL, ICIO_2025, icio_lines, made_up
from economies import random_tariffs, random_world
from tolerances import INVARIANCE
from winset.core.errors import BaselineError, UnreadableFileError
from winset.data.balancing import VALUE_ADDED_FLOOR, balanced
from winset.data.build import BuildRequest, build
from winset.data.checks import placeholders
from winset.data.elasticity_files import published_sets
from winset.data.folder import load_baseline
from winset.data.isic import divisions
from winset.data.levels import Levels, Membership, grouped, without_empty
from winset.data.listing import accounts
from winset.model.baseline import Baseline


def test_wiod_2014_44_by_50(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "wiod2014_44x50"
    world = build(BuildRequest(source="wiod-2014", path=source, folder=tmp_path / "out")).world
    assert (len(world.regions), len(world.sectors), world.name) == (44, 50, "wiod-2014")
    with np.load(source / "arrays.npz") as a:
        assert np.array_equal(world.flows, a["Z_importer_exporter_sector"].transpose(1, 0, 2))
        assert np.array_equal(world.tariffs, a["tariff_importer_exporter_sector"].transpose(1, 0, 2))
        assert np.allclose(world.value_added_shares, a["beta_region_sector"], rtol=0, atol=INVARIANCE)
        gamma = a["gamma_region_using_input"].transpose(0, 2, 1) * (1 - a["beta_region_sector"])[:, None]
        assert np.allclose(world.input_shares, gamma, rtol=0, atol=INVARIANCE)
        assert np.allclose(world.final_shares, a["alpha_region_sector"], rtol=0, atol=INVARIANCE)
        assert np.allclose(world.deficit, a["deficit"], rtol=0, atol=INVARIANCE * world.value_added.max())
    for key, value in accounts(world).items():
        if key.endswith("gap"):
            assert value < INVARIANCE, key
    # Facts that a transposed tariff would break, from the notes of the source.
    usa, kor, crops = world.region("USA"), world.region("KOR"), world.sector("A01")
    assert world.tariffs[usa, kor, crops] == pytest.approx(0.76, abs=0.005)
    assert world.tariffs[kor, usa, crops] == pytest.approx(0.005, abs=0.0005)


def test_icio_2022_81_by_28(shared: Path, tmp_path: Path) -> None:
    world = build(
        BuildRequest(source="icio-2022-81", path=shared / "data" / "icio2022", folder=tmp_path / "out")
    ).world
    assert (len(world.regions), len(world.sectors), world.name) == (81, 28, "icio-2022-81")
    with np.load(shared / "data" / "icio2022" / "icio2022_81x28" / "arrays.npz") as a:
        assert np.array_equal(world.flows, a["flow_exporter_importer_sector"])
        assert np.array_equal(world.tariffs, a["tariff_exporter_importer_sector"])
    for key, value in accounts(world).items():
        if key.endswith("gap"):
            assert value < INVARIANCE, key
    assert list(world.elasticity_sets) == list(load_baseline("icio-2022").elasticity_sets)


@pytest.mark.parametrize(("source", "folder"), [("wiod-2014", "wiod2014_44x50"), ("icio-2022-81", "icio2022")])
def test_a_tariff_shock_is_solved_on_the_fine_world(
    shared: Path, tmp_path: Path, source: str, folder: str
) -> None:
    world = build(BuildRequest(source=source, path=shared / "data" / folder, folder=tmp_path / "out")).world
    shock = winset.Shock.tariffs(world, {("KOR", "USA", "C29"): 0.25})
    result = winset.solve(world, shock)
    assert result.converged
    hats = dict(zip(world.regions, result.real_income_hat, strict=True))
    assert hats["KOR"] < 1
    assert min(hats, key=lambda region: hats[region]) == "KOR"
    spent = (result.flows * (1 + shock.tariffs)).sum(axis=(0, 2))
    assert np.isfinite(spent).all()


def test_a_contradiction_in_the_working_arrays_is_refused(shared: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for file in ("sectors.csv", "arrays.npz"):
        shutil.copyfile(shared / "data" / "wiod2014_44x50" / file, source / file)
    with np.load(source / "arrays.npz") as archive:
        arrays = {name: archive[name].copy() for name in archive.files}
    arrays["tariff_importer_exporter_sector"] = arrays["tariff_importer_exporter_sector"].transpose(1, 0, 2)
    np.savez(source / "arrays.npz", **arrays)
    with pytest.raises(BaselineError, match=r"final demand of .* is .* from the flows"):
        build(BuildRequest(source="wiod-2014", path=source, folder=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    (source / "arrays.npz").write_bytes(b"PK\x03\x04 not an archive")
    with pytest.raises(UnreadableFileError, match=r"arrays\.npz: cannot read the source arrays"):
        build(BuildRequest(source="wiod-2014", path=source, folder=tmp_path / "out"))


def levels_of(world: Baseline) -> Levels:
    """A balanced world taken apart again: inputs at the price without tariffs."""
    factor = world.expenditure / np.where(world.flows.sum(axis=0) > 0, world.flows.sum(axis=0), 1)
    inputs = world.input_shares * world.output[:, None] / np.where(factor > 0, factor, 1)[:, :, None]
    return Levels(
        regions=world.regions, sectors=world.sectors, flows=world.flows, tariffs=world.tariffs, inputs=inputs,
        output=world.output,
    )  # fmt: skip


@given(seed=st.integers(0, 10_000))
def test_a_balanced_world_passes_through_unchanged(seed: int) -> None:
    world = random_world(seed, regions=4, sectors=3)
    made = balanced(levels_of(world))
    assert made.findings == ()
    assert np.array_equal(made.arrays["flows"], world.flows)
    assert np.allclose(made.arrays["input_shares"], world.input_shares, rtol=1e-9, atol=1e-12)


@given(seed=st.integers(0, 10_000), wild=st.floats(0.0, 1.5))
def test_whatever_the_levels_the_result_is_a_baseline(seed: int, wild: float) -> None:
    """Negative flows, negative final demand, inputs above output: the accounts hold afterwards all the same."""
    world = random_world(seed, regions=4, sectors=3, zero_flows=0.2)
    rng = np.random.default_rng(seed)
    levels = levels_of(world)
    assert levels.inputs is not None
    bent = Levels(
        regions=levels.regions, sectors=levels.sectors, tariffs=levels.tariffs, output=levels.output,
        flows=levels.flows - wild * 0.1 * rng.random(levels.flows.shape) * levels.flows.mean(),
        inputs=levels.inputs * rng.lognormal(0, wild, levels.inputs.shape) - 0.001 * wild * levels.inputs.mean(),
    )  # fmt: skip
    made = balanced(bent)
    flows, shares = made.arrays["flows"], made.arrays["input_shares"]
    spending = ((1 + made.arrays["tariffs"]) * flows).sum(axis=0)
    final = spending - np.einsum("jks,js->jk", shares, flows.sum(axis=1))
    # A region whose surplus takes all it earns has no final demand under any balancing: refused later, not mended.
    assume((final.sum(axis=1) > 1e-6 * spending.sum(axis=1)).all())
    again = Baseline.from_arrays(
        regions=world.regions, sectors=world.sectors, elasticities=world.elasticities, **made.arrays
    )
    gap = again.value_added + again.tariff_revenue + again.deficit - again.income
    assert np.abs(gap / again.income).max() < INVARIANCE
    assert again.value_added_shares[again.output > 0].min() >= VALUE_ADDED_FLOOR - INVARIANCE


@given(seed=st.integers(0, 10_000))
def test_grouping_agrees_with_the_aggregation_of_a_baseline(seed: int) -> None:
    """Twin: the same groups formed by Baseline.aggregate, which sums letter by letter."""
    flat = random_world(seed, regions=5, sectors=4, tariff=0.0 if seed % 2 else 0.3)
    regions = Membership(
        groups=("A", "B", "R04"), matrix=np.array([[1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 1.0]])
    )
    sectors = Membership(groups=("X", "S03"), matrix=np.array([[1, 1, 1, 0], [0, 0, 0, 1.0]]))
    coarse = grouped(levels_of(flat), regions, sectors)
    twin = flat.aggregate(regions={"A": ["R00", "R02"], "B": ["R01", "R03"]}, sectors={"X": ["S00", "S01", "S02"]})
    assert np.allclose(coarse.flows, twin.flows, rtol=1e-12)
    assert np.allclose(coarse.tariffs, twin.tariffs, rtol=1e-10, atol=1e-15)
    if seed % 2:
        made = balanced(coarse).arrays
        assert np.allclose(made["input_shares"], twin.input_shares, rtol=1e-9)


def test_empty_regions_and_sectors_are_left_out_and_named() -> None:
    flows = np.zeros((3, 3, 2))
    flows[:2, :2, 0] = 5.0
    flows[0, 2, 0] = 1.0  # the third only buys
    levels = Levels(regions=("A", "B", "C"), sectors=("X", "Y"), flows=flows, tariffs=flows * 0)
    kept = without_empty(levels)
    assert (kept.regions, kept.sectors) == (("A", "B"), ("X",))
    assert any(note.endswith(": C.") for note in kept.notes)
    assert any(note.endswith("sectors Y.") for note in kept.notes)


def test_no_published_world_is_taken_for_placeholders(shared: Path) -> None:
    with np.load(shared / "data" / "icio2022" / "icio2022_81x28" / "arrays.npz") as a:
        flows = a["flow_exporter_importer_sector"]
    assert placeholders(flows, tuple(map(str, range(81))), tuple(map(str, range(28))), Path("x")) == []
    with np.load(shared / "data" / "wiod2014_44x50" / "arrays.npz") as a:
        flows = a["Z_importer_exporter_sector"].transpose(1, 0, 2)
    assert placeholders(flows, tuple(map(str, range(44))), tuple(map(str, range(50))), Path("x")) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A01", {1}), ("A01_02", {1, 2}), ("C10T12", {10, 11, 12}), ("C10-C12", {10, 11, 12}), ("C24A", {24}),
        ("C301", {30}), ("C302T309", {30}), ("E37-E39", {37, 38, 39}), ("M71,M73-M75", {71, 73, 74, 75}),
        ("R-U", set(range(90, 100))), ("J62_J63", {62, 63}), ("D", {35}),
        ("R_S", {90, 91, 92, 93, 94, 95, 96}), ("SERV", set(range(35, 100))), ("Manufacturing", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_isic_codes_in_every_spelling(code: str, expected: set[int]) -> None:
    assert divisions(code) == expected


def test_published_elasticities_by_division_and_only_uniform_ones_without() -> None:
    shipped = load_baseline("icio-2022")
    sets = published_sets(["B05_06", "C29", "H49"], isic=True)
    own = dict(zip(shipped.sectors, shipped.elasticity_sets["CP"].values, strict=True))
    assert sets["CP"]["values"] == {"B05_06": (own["B05"] + own["B06"]) / 2, "C29": own["C29"], "H49": own["SERV"]}
    assert list(published_sets(["87", "01"], isic=False)) == ["U4"]


def test_the_command_builds_shows_and_checks(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from winset.cli import cli

    table = made_up(("JPN", "KOR", "USA"), ICIO_2025, categories=len(FINAL), stock=4, seed=1)
    (tmp_path / "2022_SML.csv").write_text("\n".join(icio_lines(table)) + "\n", encoding="utf-8")
    run, out = CliRunner(), str(tmp_path / "mine")
    done = run.invoke(
        cli,
        ["baseline", "build", "oecd-icio", "--from", str(tmp_path), "--year", "2022", "-o", out, "--json", "-"],
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.output)
    assert document["schema"] == "winset/baseline-build/1"
    assert document["files"][0]["name"] == "2022_SML.csv"
    shown = run.invoke(cli, ["baseline", "show", out])
    assert "Changes in inventories left out" in shown.output
    assert document["files"][0]["sha256"] in shown.output
    assert run.invoke(cli, ["baseline", "check", out]).exit_code == 0
    failed = run.invoke(cli, ["baseline", "build", "oecd-icio", "--from", out, "-o", str(tmp_path / "other")])
    assert isinstance(failed.exception, UnreadableFileError)
    assert not (tmp_path / "other").exists()


def test_the_command_offers_the_sources_of_the_catalogue() -> None:
    from winset.cli_baseline import SOURCES as offered
    from winset.data.catalogue import SOURCES

    assert sorted(offered) == sorted(SOURCES)


def test_shocks_on_a_built_world_start_from_an_equilibrium(tmp_path: Path) -> None:
    table = made_up(("JPN", "KOR", "USA"), ICIO_2025, categories=len(FINAL), stock=4, seed=1)
    (tmp_path / "2022_SML.csv").write_text("\n".join(icio_lines(table)) + "\n", encoding="utf-8")
    world = build(BuildRequest(source="oecd-icio", path=tmp_path / "2022_SML.csv", folder=tmp_path / "out")).world
    still = winset.solve(world, winset.Shock(tariffs=world.tariffs), tolerance=1e-12)
    assert np.abs(still.real_income_hat - 1).max() < INVARIANCE
    moved = winset.solve(world, winset.Shock(tariffs=random_tariffs(world, 1, 0.3)))
    assert moved.converged
