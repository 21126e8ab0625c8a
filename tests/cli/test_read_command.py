"""`winset read`: several files, one bad one among them, JSON, and a listing that fits a terminal."""

# ruff: noqa: E501  (samples are kept on one line each)
from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from winset.cli_read import read
from winset.core.errors import WinsetError

STORY = "The ministers met in Lima on Friday and cut the duty on cars from 12 percent to 8 percent, worth $3 billion a year.\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, text in (("001_a.txt", STORY), ("b.txt", STORY * 2)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / "001_a.txt"), str(tmp_path / "b.txt")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(read, list(arguments))


def test_json(files: list[str], tmp_path: Path) -> None:
    done = run(*files, "--published", "2025-05-12", "--json", "-")
    assert done.exit_code == 0
    first, second = json.loads(done.stdout)
    assert (first["id"], second["id"]) == ("001", "b")
    assert first["published"]["value"] == "2025-05-12"
    assert first["date_mentions"][0]["earliest"] == "2025-05-09"
    assert [f["role"] for f in first["figures"][:2]] == ["tariff_rate_before", "tariff_rate_after"]
    target = tmp_path / "new" / "out.json"
    assert run(*files, "--published", "2025-05-12", "--json", str(target)).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8")) == [first, second]
    assert [path.name for path in target.parent.iterdir()] == ["out.json"]


def test_the_listing_fits_eighty_columns(files: list[str]) -> None:
    done = run(*files)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines if "001_a.txt" not in line and "b.txt" not in line)
    assert any("8 percent" in line for line in lines)
    assert "CHECK" in done.stdout


def test_one_bad_file_does_not_cost_the_others(files: list[str], tmp_path: Path) -> None:
    done = run(files[0], str(tmp_path / "none.txt"), "--json", "-")
    assert isinstance(done.exception, WinsetError)
    assert done.exception.exit_code == 2
    assert "none.txt" in str(done.exception)
    assert len(json.loads(done.stdout)) == 1
    target = tmp_path / "out.json"
    assert isinstance(run(str(tmp_path / "none.txt"), "--json", str(target)).exception, WinsetError)
    assert not target.exists()


@pytest.mark.parametrize("given", ["yesterday", "2025-13-01", "2025-05-09/2025-05-01", "2025-05-09T99:00"])
def test_a_date_that_is_none_is_refused(files: list[str], given: str) -> None:
    done = run(files[0], "--published", given)
    assert done.exit_code == 2


def test_bounds_may_be_left_open(files: list[str]) -> None:
    done = run(files[0], "--published", "2025-05-05/2025-05-12", "--json", "-")
    (document,) = json.loads(done.stdout)
    friday = document["date_mentions"][0]
    assert (friday["earliest"], friday["latest"], friday["flagged"]) == ("2025-05-02", "2025-05-09", True)


def test_a_case_nearly_named_is_named_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WinsetError, match="Did you mean 'korea-us-2025'"):
        CliRunner().invoke(read, ["korea-us-2052"], catch_exceptions=False)
    with pytest.raises(WinsetError, match="no such file"):
        CliRunner().invoke(read, ["korea.txt"], catch_exceptions=False)
