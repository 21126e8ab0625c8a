"""The command: a sweep, a query, the mistakes and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sweep.sweep_cases import small_case
from winset.cli import cli, main
from winset.sweep import run as run_module
from winset.sweep.run import Sweep


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_case(tmp_path_factory.mktemp("case"))


def test_a_sweep_and_a_query(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    common = ["sweep", str(case), "-o", str(folder)]
    given = [*common, "--draws", "10", "--packages", "korus-2024, test", "--workers", "1", "--seed", "5"]
    done = CliRunner().invoke(cli, [*given, "--json", "-"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["schema"] == "winset/sweep/1"
    assert (document["chunks"], document["computed"], document["unconverged"]) == (3, 3, 0)
    assert document["plan"]["seed"] == 5
    text = CliRunner().invoke(cli, given, catch_exceptions=False).stdout
    assert "3 chunks were there already" in text
    sql = "select package, party, count(*) n, count(net) m from rows group by all order by all"
    shown = CliRunner().invoke(cli, [*common, "--sql", sql], catch_exceptions=False).stdout
    assert shown.splitlines()[0].split() == ["package", "party", "n", "m"]
    written = CliRunner().invoke(cli, [*common, "--sql", sql, "--csv", "-"], catch_exceptions=False).stdout
    assert "korus-2024,KOR,10,10" in written.splitlines()
    answer = json.loads(CliRunner().invoke(cli, [*common, "--sql", sql, "--json", "-"]).stdout)
    assert answer["run"] == document["run"]
    assert ["test", "USA", 10, 10] in answer["rows"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--packages", "koruz-2024"], "korus-2024"),
        (["--against", "threat-52"], "threat-25"),
        (["--grid", "car-rat=0:1:2"], "car-rate"),
        (["--grid", "car-rate=0:99:2"], "does not fit"),
        (["--draws", "0"], "--draws"),
        (["--spread", "0"], "--spread"),
        (["--closure", "open"], "closure"),
        (["--csv", "-"], "--csv goes with --sql"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "--workers is for this machine"),
        (["--sql", "select 1"], "no sweep here"),
        (["--draws", "9000000", "--grid", "car-rate=0:25:900000"], "at most"),
    ],
)
def test_a_mistake_is_one_message_with_exit_code_two(
    case: Path, tmp_path: Path, arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.argv", ["winset", "sweep", str(case), "-o", str(tmp_path / "s"), *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert not (tmp_path / "s").exists()


def test_what_did_not_converge_is_counted_and_leaves_with_three(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def some(opened: Any, folder: Path, **settings: Any) -> Sweep:
        plan = run_module.plan_of(opened, draws=settings["draws"])
        return Sweep(
            folder=folder, run="run-1", plan=plan, chunks=1, computed=1, rows=60, unconverged=7, solves=9,
            worst_residual=1e-11, cpu_seconds=0.1, mended=(),
        )  # fmt: skip

    monkeypatch.setattr(run_module, "sweep", some)
    monkeypatch.setattr("sys.argv", ["winset", "sweep", str(case), "--draws", "10", "-o", str(tmp_path / "s")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 3
    shown = capsys.readouterr()
    assert "60 rows" in shown.out
    assert "7 cells" in shown.err


def test_stopping_by_hand_keeps_what_is_finished(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*given: Any, **settings: Any) -> Sweep:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_module, "sweep", stopped)
    monkeypatch.setattr("sys.argv", ["winset", "sweep", str(case), "-o", str(tmp_path / "s")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130
    assert "the same command goes on" in capsys.readouterr().err
