"""What a chunk holds: the account at every draw, whatever the chunk it is computed in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import winset
from sweep.sweep_cases import rounding, small_case
from tolerances import SOLVER
from winset.model.elasticities import ElasticitySet
from winset.model.solve import solve_many
from winset.sweep import payoffs as payoffs_module
from winset.sweep import work
from winset.sweep.bundle import Bundle, bundle_of
from winset.sweep.plan import Plan
from winset.sweep.run import plan_of
from winset.sweep.work import Setup, compute
from winset.valuation.drivers import net
from winset.valuation.points import Points
from winset.valuation.value import Valuer
from winset.workflow import OpenCase

DRAWS = 20


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> OpenCase:
    return winset.open_case(small_case(tmp_path_factory.mktemp("case")))


@pytest.fixture(scope="module")
def bundle(case: OpenCase) -> Bundle:
    return bundle_of(case, {"closure": None, "seed": 1})


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    work._setups.clear()


def table(bundle: Bundle, plan: Plan, folder: Path, kind: str = "rows") -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by (package or point, draw, party), through the same files as on disk."""
    found = {}
    for k, chunk in enumerate(c for c in plan.chunks() if c.kind == kind):
        path = folder / f"{k}.parquet"
        path.write_bytes(compute(bundle, plan, chunk, "run-x").content)
        answer = duckdb.read_parquet(str(path))
        for row in answer.fetchall():
            one = dict(zip(answer.columns, row, strict=True))
            found[one.get("point", chunk.package), one["draw"], one.get("party")] = one
    return found


def test_one_set_a_draw_is_the_account_of_the_case(case: OpenCase, bundle: Bundle, tmp_path: Path) -> None:
    names = ["test", "november-2025-terms"]
    plan = plan_of(case, draws=DRAWS, packages=names, block=DRAWS)
    found = table(bundle, plan, tmp_path)
    valuer = case.valuer(draws=DRAWS)
    account = case.value_all(names, draws=DRAWS)
    for name in names:
        lines = valuer.lines_of(name, plan.against)
        for code in case.case.reported:
            rows = [found[name, k, code] for k in range(DRAWS)]
            assert [row["net"] for row in rows] == pytest.approx(
                net(lines[code], valuer.drawn), abs=rounding(case, code)
            )
            assert [row["elasticity_set"] for row in rows] == [valuer.sets[p] for p in valuer.drawn.sets]
            for line in lines[code]:
                column = "line_" + line.id.replace("@", "_in_").replace("-", "_")
                assert [row[column] for row in rows] == pytest.approx(
                    line.evaluate(valuer.drawn), abs=rounding(case, code)
                )
            low, high = (
                {
                    memo.id: getattr(memo.band, end)
                    for memo in account.account(name, plan.against).parties[code].memos
                }
                for end in ("low", "high")
            )
            if name != "test":  # One branch, so that the memo at the centre is that of every draw of a set.
                for row in rows:
                    for column, memo in (("real_income_percent", "real-income"), ("revenue", "revenue")):
                        ends = (low[memo], high[memo])
                        assert min(abs(row[column] - end) for end in ends) <= SOLVER * max(1, abs(row[column]))


def test_own_elasticities_are_the_account_of_a_world_of_its_own(
    case: OpenCase, bundle: Bundle, tmp_path: Path
) -> None:
    """The slow twin: for each draw a world whose only elasticity set is the draw's."""
    plan = plan_of(case, draws=5, packages=["november-2025-terms"], mode="spread", spread=0.3, block=5)
    found = table(bundle, plan, tmp_path)
    (tmp_path / "draws").mkdir()
    values = table(bundle, plan, tmp_path / "draws", "draws")
    world = case.world
    settings = case.case.sheet.model.model_copy(update={"elasticities": "own", "elasticity_sets": ["own"]})
    sheet = case.case.sheet.model_copy(update={"model": settings})
    alone = dataclasses.replace(case.case, sheet=sheet)
    for k in range(5):
        row = values["", k, None]
        theta = np.array([row[f"theta_{code}"] for code in world.sectors])
        own = dataclasses.replace(
            world, elasticity_sets={"own": ElasticitySet(name="own", values=theta, citation="a test")}
        )
        valuer = Valuer(alone, own, run="x")
        at = Points(
            sets=np.array([0]),
            values={name: np.array([row["value_" + name.replace("-", "_")]]) for name in alone.assumptions},
        )
        for code, lines in valuer.lines_of("november-2025-terms", plan.against).items():
            assert found["november-2025-terms", k, code]["net"] == pytest.approx(
                net(lines, at)[0], abs=rounding(case, code)
            )
    drawn = {tuple(row[f"theta_{code}"] for code in world.sectors) for row in values.values()}
    assert len(drawn) == 5


@pytest.mark.parametrize("mode", ["sets", "spread"])
def test_neither_chunks_nor_later_draws_move_a_row(
    case: OpenCase, bundle: Bundle, tmp_path: Path, mode: Any
) -> None:
    whole = table(bundle, plan_of(case, draws=12, packages=["test"], mode=mode, block=12), tmp_path)
    work._setups.clear()
    parts = table(bundle, plan_of(case, draws=9, packages=["test"], mode=mode, block=4), tmp_path)
    assert len(parts) == 9 * len(case.case.reported)
    for key, row in parts.items():
        near = rounding(case, str(key[2]))
        for column, value in row.items():
            other = whole[key][column]
            assert value == (pytest.approx(other, abs=near) if isinstance(value, float) else other)


def test_a_chunk_is_the_same_bytes_whatever_was_computed_before(case: OpenCase, bundle: Bundle) -> None:
    plan = plan_of(case, draws=12, packages=["test", "korus-2024"], mode="spread", block=6)
    chunks = list(plan.chunks())
    forward = {chunk.id: compute(bundle, plan, chunk, "run-x").content for chunk in chunks}
    work._setups.clear()
    backward = {chunk.id: compute(bundle, plan, chunk, "run-x").content for chunk in reversed(chunks)}
    assert forward == backward


def test_a_grid_point_where_the_base_stands_is_the_base(case: OpenCase, bundle: Bundle, tmp_path: Path) -> None:
    grid = ["car-rate=15:25:2", "cash=0:200:2"]
    plan = plan_of(case, draws=4, packages=["november-2025-terms"], grid=grid, block=16)
    found = table(bundle, plan, tmp_path)
    at = {tuple(levers.values()): k for k, levers in enumerate(plan.grid())}
    for code in case.case.reported:
        for draw in range(4):
            base = found["november-2025-terms", draw, code]
            same = found[at[15.0, 200.0], draw, code]
            assert same["net"] == pytest.approx(base["net"], abs=rounding(case, code))
            # Without the cash there is no such line; a higher duty on cars hurts Korea.
            assert found[at[15.0, 0.0], draw, code]["line_pledge_cash"] == 0
        higher, lower = (found[at[rate, 200.0], 0, code] for rate in (25.0, 15.0))
        if code == "KOR":
            assert higher["line_tariffs"] < lower["line_tariffs"]


def test_a_set_without_equilibrium_gives_no_number(
    case: OpenCase, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(problems: Any, **settings: Any) -> Any:
        return [
            dataclasses.replace(one, converged=one.world.elasticity_name != "CP", residual=1.0)
            if one.world.elasticity_name == "CP"
            else one
            for one in solve_many(problems, **settings)
        ]

    monkeypatch.setattr(payoffs_module, "solve_many", failing)
    plan = plan_of(case, draws=DRAWS, packages=["korus-2024"], block=DRAWS)
    found = table(bundle, plan, tmp_path)
    (rows,) = [chunk for chunk in plan.chunks() if chunk.kind == "rows"]
    made = compute(bundle, plan, rows, "run-x")
    bad = [row for row in found.values() if row["elasticity_set"] == "CP"]
    assert 0 < len(bad) < len(found)
    assert made.unconverged == len(bad) / len(case.case.reported)
    for row in found.values():
        failed = row["elasticity_set"] == "CP"
        assert row["converged"] is not failed
        assert (row["net"] is None) is failed
        assert all((row[c] is None) is failed for c in row if c.startswith("line_"))
    assert made.worst_residual < 1e-9


def test_standard_errors_of_a_set_replace_the_stated_spread() -> None:
    @dataclasses.dataclass
    class WithErrors:
        values: Any
        standard_errors: Any = None

    theta = np.array([2.0, 4.0])
    assert work.log_errors(WithErrors(theta), 0.2).tolist() == [0.2, 0.2]
    assert work.log_errors(WithErrors(theta, np.array([0.5, np.nan])), 0.2).tolist() == [0.25, 0.2]


def test_a_bundle_needs_no_folder_and_refuses_another_version(case: OpenCase, bundle: Bundle) -> None:
    setup = Setup.of(bundle)
    assert setup.valuer.case.folder != case.case.folder
    assert not setup.valuer.case.folder.exists()
    assert setup.valuer.case.packages.keys() == case.case.packages.keys()
    np.testing.assert_array_equal(setup.valuer.raw.flows, case.world.flows)
    other = dataclasses.replace(bundle, id="other", versions={**bundle.versions, "numpy": "0.1"})
    with pytest.raises(winset.WinsetError, match=r"numpy .*, the driver 0\.1"):
        Setup.of(other)
    other = dataclasses.replace(bundle, id="third", shipped={"us-tariffs-2025-26": "0" * 64})
    with pytest.raises(winset.WinsetError, match="another law"):
        Setup.of(other)
