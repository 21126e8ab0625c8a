"""The levers of a small case under an emulator, against the model that it stands in for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from case_copies import copied
from winset.bargaining.evaluator import evaluator_of
from winset.bargaining.solutions import solve_bargain
from winset.cli_emulate import emulate as command
from winset.core.errors import RequestError
from winset.emulation import Emulation, emulate, emulation_document, emulation_text, load_emulation
from winset.rerun.again import rerun
from winset.workflow import open_case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("emulation"))


@pytest.fixture(scope="module")
def found(case: Path) -> Emulation:
    return emulate(open_case(case), budget=240)


def test_it_is_within_five_percent_of_the_model_at_fresh_packages(found: Emulation) -> None:
    one = found.emulator
    assert one.reached
    x = one.low + np.random.default_rng(77).random((40, len(one.names))) * (one.high - one.low)
    truth = np.array([found.model(place)[0] for place in x])
    off = np.abs(one.predict(x).values - truth) / [row.range for row in one.errors]
    assert off.max() <= 0.05


def test_a_search_on_it_leads_to_about_where_the_model_does(found: Emulation) -> None:
    quick = solve_bargain(evaluator_of(found.problem())).solutions["nash"]
    slow = solve_bargain(evaluator_of(found.problem(emulated=False))).solutions["nash"]
    confirmed = found.model(np.asarray(quick.x))[0][:2]
    best = found.model(np.asarray(slow.x))[0][:2]
    room = [row.range for row in found.emulator.errors[:2]]
    # The product of gains is flat along the frontier, so gains are compared and not levers.
    assert np.prod(confirmed) >= np.prod(best) - 0.05 * np.prod(room)


def test_a_search_over_very_many_packages_is_confirmed_by_the_model(found: Emulation) -> None:
    def score(values: Any) -> Any:
        gains = values[:, :2]
        return np.where((gains > 0).all(axis=1), gains.min(axis=1), np.nan)

    best = found.search(score, packages=4096, confirmed=4)
    assert (found.model(best.x)[0] == best.values).all()
    assert (np.abs(best.emulated - best.values) <= 2 * best.error).all()
    # No package of a smaller search on the model itself does better than the error can explain.
    x = found.emulator.low + np.random.default_rng(8).random((60, len(best.x))) * (
        found.emulator.high - found.emulator.low
    )
    slow = np.nanmax(score(np.array([found.model(place)[0] for place in x])), initial=-np.inf)
    assert score(best.values[None])[0] >= slow - best.error[:2].max()
    with pytest.raises(RequestError, match="no package"):
        found.search(lambda values: np.full(len(values), np.nan), packages=64)


def test_a_page_gets_numbers_with_their_error(found: Emulation) -> None:
    told = found.payoffs([[lever.value for lever in found.levers]] * 2)
    assert told["emulated"]
    assert list(told["rows"])[:2] == list(found.parties)
    assert all("emulator, error ±" in row["told"] and len(row["values"]) == 2 for row in told["rows"].values())
    assert json.loads(json.dumps(told)) == told


def test_a_file_serves_its_own_case_only(found: Emulation, case: Path, tmp_path: Path) -> None:
    path = tmp_path / "k.npz"
    found.save(path)
    again = load_emulation(open_case(case), path)
    assert again.emulator.coefficients.tobytes() == found.emulator.coefficients.tobytes()
    changed = copied(tmp_path)
    sheet = changed / "case.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("years: 10", "years: 9"), encoding="utf-8")
    with pytest.raises(RequestError, match="has changed since it was fitted"):
        load_emulation(open_case(changed), path)
    with pytest.raises(RequestError, match="has changed since it was fitted"):
        load_emulation(open_case(case), path, closure="nominal")


def test_the_command_says_how_far_it_is_off_and_can_be_repeated(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "k.npz"
    done = CliRunner().invoke(command, [str(case), "-o", str(target), "--budget", "60", "--json", "-"])
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.output)
    assert target.is_file()
    assert document["schema"] == "winset/emulate/1"
    assert not document["reached"]
    assert document["runs"] + document["checks"] == 60
    from winset.core.provenance import stamped

    asked = {"budget": 60, "target": 0.05, "design": 1}
    document["manifest"] = stamped(document["manifest"], "emulate", asked)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert rerun(path, case=case).verdict == "identical"


def test_the_text_states_error_and_verdict(found: Emulation) -> None:
    text = emulation_text(found)
    assert "emulator, error ±" in text
    assert "is reached" in text
    for row in emulation_document(found)["rows"]:
        assert row["largest"] == max(row["left_out"][0], row["separate"][0])


def test_a_case_without_levers_is_told_so(tmp_path: Path) -> None:
    plain = copied(tmp_path)
    (plain / "bargain.yaml").unlink()
    with pytest.raises(RequestError, match=r"no bargain\.yaml"):
        emulate(open_case(plain))
