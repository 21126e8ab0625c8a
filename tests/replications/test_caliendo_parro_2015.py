"""Caliendo and Parro (2015): the print to its last digit, and why the print is not the welfare change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tolerances import PUBLISHED
from winset.core.errors import UnreadableFileError
from winset.replications.caliendo_parro_2015 import BLOC, baseline, load, replicate


@pytest.fixture(scope="module")
def tables(shared: Path) -> dict[str, Any]:
    return replicate(shared / "data")["tables"]


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "reference" / "caliendo-parro-2015.json").read_text(encoding="utf-8"))


def test_table_2_to_the_printed_digit(tables: dict[str, Any], reference: dict[str, Any]) -> None:
    for country, cells in reference["Table2_pct"].items():
        for column, printed in cells.items():
            cell = tables["Table2_pct"][country][column]
            assert cell["printed"] == printed, "the print kept with the code must be the reference's"
            assert cell["ours"] == pytest.approx(printed, abs=PUBLISHED * 0.01), (country, column)


def test_imports_from_the_bloc_to_the_printed_digit(tables: dict[str, Any], reference: dict[str, Any]) -> None:
    for country, printed in reference["imports_from_bloc_pct"].items():
        assert tables["imports_from_bloc_pct"][country]["ours"] == pytest.approx(printed, abs=PUBLISHED)


def test_the_exact_change_and_the_way_to_it(tables: dict[str, Any], reference: dict[str, Any]) -> None:
    """1.312 in one step, 0.253 in 5, 0.068 in 20, 0.0225 in 80, 0.0073 exactly (an independent solve)."""
    assert tables["exact"]["Mexico"]["ours"] == pytest.approx(reference["exact"]["Mexico"], abs=5e-5)
    steps = {k: cell["ours"] for k, cell in tables["steps_pct"]["Mexico"].items()}
    assert steps["1"] == pytest.approx(1.312, abs=5e-4)
    assert steps["5"] == pytest.approx(0.253, abs=5e-4)
    assert steps["20"] == pytest.approx(0.068, abs=5e-4)
    assert steps["80"] == pytest.approx(0.0225, abs=5e-5)


def test_the_path_adds_up(tables: dict[str, Any]) -> None:
    for suffix in ("", "_deficits_held"):
        for country in BLOC:
            total = tables[f"path_integrated_pct{suffix}"][country]["total"]["ours"]
            exact = tables[f"exact{suffix}"][country]["ours"]
            assert total == pytest.approx(100 * np.log1p(exact / 100), abs=1e-6)


def test_table_3_splits_table_2(tables: dict[str, Any]) -> None:
    for country in BLOC:
        cells = {name: cell["ours"] for name, cell in tables["Table3_pct"][country].items()}
        for part in ("tot", "vot"):
            whole = tables["Table2_pct"][country][part]["ours"]
            assert cells[f"{part}_nafta"] + cells[f"{part}_row"] == pytest.approx(whole, abs=1e-9)


def test_how_far_the_data_are_from_an_equilibrium(tables: dict[str, Any]) -> None:
    """Wages move by -7.6 to +6.7 percent with deficits at zero, by -1.4 to +0.8 with those of 1993."""
    cells = {k: [c["ours"] for c in v.values()] for k, v in tables["rebalancing_pct"].items()}
    assert cells["deficits_zero"] == pytest.approx([-7.6, 6.7], abs=0.05)
    assert cells["deficits_held"] == pytest.approx([-1.4, 0.8], abs=0.05)


def test_the_baseline_is_balanced(shared: Path) -> None:
    world = baseline(load(shared / "data"), deficits="zero").world
    assert np.abs(world.deficit).max() < 1e-9 * world.value_added.sum()
    assert (len(world.regions), len(world.sectors)) == (31, 40)


def test_a_folder_without_the_data_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"cp2015\.npz"):
        replicate(tmp_path)
