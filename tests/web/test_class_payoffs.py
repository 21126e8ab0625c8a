"""Accounts in class against those of the rest of the program, which are made another way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import winset
from tolerances import SOLVER
from winset.core.errors import RequestError, UnknownNameError
from winset.package.bargain_sheet import load_bargain
from winset.valuation.levers import LeverPayoffs
from winset.web.class_payoffs import CasePayoffs, _kept, _plain, class_setup
from winset.workflow import OpenCase

CASE = "korea-us-2025"


@pytest.fixture(scope="module")
def opened() -> OpenCase:
    return winset.open_case(CASE)


@pytest.fixture(scope="module")
def payoffs(opened: OpenCase) -> CasePayoffs:
    return CasePayoffs(opened, class_setup(opened).codes)


def test_the_base_package_is_worth_what_value_says(opened: OpenCase, payoffs: CasePayoffs) -> None:
    sheet = load_bargain(opened.case)
    assert sheet is not None
    whole = opened.value(sheet.base, against=sheet.disagreement, draws=0)
    found = payoffs({lever.id: lever.value for lever in payoffs.levers})
    for code, account in found.items():
        lines = {line.id: line.value for line in account.lines}
        expected = {line.id: line.band.value / 1e3 for line in whole.parties[code].lines}
        assert set(lines) == set(expected)
        for id, value in expected.items():
            # A gain is a difference of incomes, each as exact as a solver is.
            income = opened.world.output[opened.world.region(code)].sum() / 1e3
            assert lines[id] == pytest.approx(value, rel=SOLVER, abs=SOLVER * income), id


def test_any_package_is_worth_what_bargain_says(opened: OpenCase, payoffs: CasePayoffs) -> None:
    sheet = load_bargain(opened.case)
    assert sheet is not None
    twin = LeverPayoffs(opened.valuer(draws=0), sheet.base, sheet.disagreement, payoffs.levers, (), payoffs.teams)
    rng = np.random.default_rng(5)
    for _ in range(4):
        x = np.array([rng.uniform(lever.low, lever.high) for lever in payoffs.levers])
        found = payoffs(dict(zip([lever.id for lever in payoffs.levers], x, strict=True)))
        for code, expected in zip(payoffs.teams, twin(x)[0] / 1e3, strict=True):
            account = found[code]
            assert account.net == pytest.approx(expected, rel=SOLVER)
            assert sum(line.value for line in account.lines) == pytest.approx(account.net, rel=SOLVER)


def test_conditions_are_those_of_the_sheet(payoffs: CasePayoffs) -> None:
    levers = {lever.id: lever.value for lever in payoffs.levers}
    assert payoffs(levers)["USA"].refused == ()
    assert payoffs({**levers, "cash": 149.0})["USA"].refused == ("headline",)
    hard = payoffs({**levers, "cash-a-year": 20.1, "car-rate": 25.0})["KOR"].refused
    assert {"currency", "cars-as-japan"} <= set(hard)


def test_who_can_play(opened: OpenCase) -> None:
    three = class_setup(opened, ["KOR", "USA", "JPN"])
    assert {"japan-car-rate", "car-rate"} <= {lever.id for lever in three.levers}
    assert "japan-car-rate" not in {lever.id for lever in class_setup(opened).levers}
    with pytest.raises(RequestError, match="two or three"):
        class_setup(opened, ["KOR"])
    with pytest.raises(UnknownNameError, match="KOR"):
        class_setup(opened, ["KORR", "USA"])
    with pytest.raises(RequestError, match="no lever"):
        class_setup(opened, ["KOR", "JPN"])


def test_a_kept_map_comes_back_and_anything_else_does_not(tmp_path: Path) -> None:
    from class_rooms import whole_map

    path = tmp_path / "map.json"
    path.write_text(json.dumps(_plain(whole_map())), encoding="utf-8")
    assert _kept(path) == whole_map()
    for text in ("", "[]", "{}", "{" * 5000, path.read_text(encoding="utf-8").replace("map/1", "map/0")):
        path.write_text(text, encoding="utf-8")
        assert _kept(path) is None
