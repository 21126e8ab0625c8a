"""The command line as a person meets it: one message for every mistake, exit codes, nothing half-written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import winset.package.folder
from winset.core.provenance import version

SHIPPED = winset.package.folder.SHIPPED / "korea-us-2025"
Run = Callable[..., subprocess.CompletedProcess[str]]


def winset_cli(
    *arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    import os

    command = [sys.executable, "-c", "from winset.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **(env or {})},
        check=False,
    )


def refused(*arguments: object, cwd: Path | None = None) -> str:
    """The message of a command that must end with exit code 2 and say nothing on standard output."""
    done = winset_cli(*arguments, cwd=cwd)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("See '")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of the shipped case, in a folder whose name has a space."""
    folder = tmp_path / "my case"
    shutil.copytree(SHIPPED, folder)
    return folder


def edit(path: Path, old: str, new: str) -> int:
    """Replace text once; returns the line on which the new text begins."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    at = text.index(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[:at].count("\n") + 1


def test_help_and_version() -> None:
    assert "What each package" in winset_cli("--help").stdout
    assert winset_cli("--version").stdout.strip().endswith(version())
    for command in ("brief", "value", "timeline", "rate", "baseline"):
        assert winset_cli(command, "--help").returncode == 0


def test_value_json_is_whole_and_repeatable(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    for target in (first, second):
        done = winset_cli("value", "korea-us-2025", "section-122", "--json", target)
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
    assert first.read_bytes() == second.read_bytes()
    document = json.loads(first.read_text(encoding="utf-8"))
    assert document["schema"] == "winset/value/1"
    assert document["manifest"]["inputs"]["case/case.yaml"]
    (package,) = document["packages"]
    assert package["name"] == "section-122"
    for party in package["parties"].values():
        assert sum(line["value"] for line in party["lines"]) == pytest.approx(party["net"]["value"], abs=1e-9)


def test_json_to_standard_output_is_json_and_nothing_else() -> None:
    done = winset_cli("timeline", "korea-us-2025", "--as-of", "2025-11-14", "--json", "-")
    assert json.loads(done.stdout)["schema"] == "winset/timeline/1"


def test_timeline_fits_a_terminal_of_80_columns() -> None:
    done = winset_cli("timeline", "korea-us-2025")
    assert done.returncode == 0
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_value_fits_a_terminal_of_80_columns() -> None:
    done = winset_cli("value", "korea-us-2025", "july-2025-framework")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    ("good", "day", "rate", "kind"),
    [
        ("cars", "2025-10-31", 25, "additional"),
        ("cars", "2025-11-01", 15, "total"),
        ("everything-else", "2025-08-06", 10, "additional"),
        ("everything-else", "2025-08-07", 15, "additional"),
        ("everything-else", "2025-11-14", 15, "total"),
        ("everything-else", "2026-02-24", 10, "additional"),
        ("steel", "2025-06-04", 50, "additional"),
        ("everything-else", "2026-08-15", None, None),
    ],
)
def test_rates(good: str, day: str, rate: float | None, kind: str | None) -> None:
    arguments = ("--importer", "USA", "--exporter", "KOR", "--good", good, "--on", day, "--json", "-")
    answer = json.loads(winset_cli("rate", "korea-us-2025", *arguments).stdout)
    assert answer["rate"] == rate
    if rate is None:
        assert answer["why"]
    else:
        assert answer["kind"] == kind
        assert all(part["citation"] for part in answer["parts"])


def test_baseline_commands(tmp_path: Path) -> None:
    assert "icio-2022" in winset_cli("baseline", "list").stdout
    shown = winset_cli("baseline", "show", "icio-2022").stdout
    for word in ("Weaknesses", "Caliendo and Parro", "services 8.35", "KOR", "C29"):
        assert word in shown
    checked = json.loads(winset_cli("baseline", "check", "icio-2022", "--json", "-").stdout)
    assert checked["balanced"]
    assert "icio-2022" in refused("baseline", "show", "icio-2023")


def rate_of(exporter: str, kind: str, name: str) -> tuple[str, ...]:
    pair = ("--importer", "USA", "--exporter", exporter)
    return ("rate", "korea-us-2025", *pair, kind, name, "--on", "2025-11-01")


def test_names_that_do_not_exist_give_the_nearest() -> None:
    said = [
        (("value", "korea-us-2025", "novmber-2025-terms"), "november-2025-terms"),
        (("value", "korea-us-2025", "--against", "threat25"), "threat-25"),
        (("value", "korea-us-2025", "--elasticities", "BSI"), "BSY"),
        (("value", "korea-us-2025", "--closure", "balance"), "balanced"),
        (("value", "korea-us-2026"), "korea-us-2025"),
        (("brief", "korea-us-2025", "--format", "htm"), "html"),
        (rate_of("KOR", "--good", "carz"), "cars"),
        (rate_of("KOX", "--good", "cars"), "KOR"),
        (rate_of("KOR", "--sector", "C92"), "C29"),
        (("timeline", "korea-us-2025", "--as-of", "14.11.2025"), "2025-11-01"),
        (("valeu", "korea-us-2025"), "value"),
    ]  # fmt: skip
    for arguments, nearest in said:
        assert nearest in refused(*arguments), arguments


CASE_FAULTS = [
    ("case.yaml", "closure: world-share", "closure: world-shares", "world-share"),
    ("case.yaml", "baseline: icio-2022", "baseline: icio-2202", "icio-2022"),
    ("case.yaml", "elasticities: BSY", "elasticities: BSI", "elasticity_sets"),
    ("case.yaml", "  years: 10", "  years: ten", "years"),
    ("case.yaml", "  years: 10", "  yaers: 10", "years"),
    ("case.yaml", "headline:", "headline", "YAML"),
    ("case.yaml", "code: JPN", "code: JAP", "JPN"),
    ("case.yaml", "estimate: m01-gdp", "estimate: m01-gpd", "m01-gdp"),
    ("packages/threat-25.yaml", "rate: 25,", "rate: 1025,", "1000"),
    ("packages/threat-25.yaml", "rate: 25,", "rate: -125,", "-100"),
    ("packages/threat-25.yaml", "date: 2025-08-01", "date: 2024-08-01", "outside the case"),
    ("packages/threat-25.yaml", "date: 2025-08-01", "date: 2025-08-32", "calendar"),
    ("packages/threat-25.yaml", "good: everything-else", "good: everthing-else", "everything-else"),
    ("packages/threat-25.yaml", "importer: USA", "importer: UAS", "USA"),
    ("packages/threat-25.yaml", "citation: [k13-25-threat]}", "citation: [k13-25-treat]}", "k13-25-threat"),
    ("packages/threat-25.yaml", "status: threatened", "status: threatend", "threatened"),
    ("packages/november-2025-terms.yaml", "yearly_cap: 20000", "yearly_cap: 2000", "yearly cap"),
    (
        "packages/november-2025-terms.yaml",
        "project_yield: project-yield",
        "project_yield: project-yeild",
        "project-yield",
    ),
    ("law.yaml", "extends: us-tariffs-2025-26", "extends: us-tarifs-2025-26", "us-tariffs-2025-26"),
    ("law.yaml", "rate: 513,", "rate: 5130,", "1000"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), CASE_FAULTS)
def test_faults_in_a_case_name_file_and_line(case: Path, file: str, old: str, new: str, says: str) -> None:
    line = edit(case / file, old, new)
    message = refused("brief", case, "-o", case / "out")
    assert Path(file).name in message
    assert says in message
    found = int(message.split(f"{Path(file).name}:")[1].split(":")[0])
    # A YAML fault may be noticed a line later; a rule over several keys points at the start of their item.
    assert line - (8 if "cap" in says else 2) <= found <= line + 2, (line, message)
    assert not (case / "out").exists(), "nothing may be written"


def test_unreadable_files(case: Path) -> None:
    (case / "law.yaml").write_bytes(b"\xff\xfe\x00law")
    assert "UTF-8" in refused("value", case)
    (case / "law.yaml").unlink()
    assert "no such file" in refused("value", case)
    (case / "law.yaml").mkdir()
    assert "not a regular file" in refused("value", case)
    assert "no case" in refused("value", case / "nowhere")
    assert "case.yaml" in refused("value", case / "packages")


def test_yaml_bombs_and_tags_are_refused(case: Path) -> None:
    (case / "case.yaml").write_text("a: &a [x, x]\nb: [*a, *a]\n", encoding="utf-8")
    assert "anchors" in refused("value", case)
    (case / "case.yaml").write_text("a: !!python/object/apply:os.system ['true']\n", encoding="utf-8")
    assert "tag" in refused("value", case)
    (case / "case.yaml").write_text("[" * 3000, encoding="utf-8")
    refused("value", case)


def test_missing_trade_data_are_never_zero(case: Path) -> None:
    import numpy as np

    folder = case / "world"
    shutil.copytree(
        Path(winset.package.folder.__file__).parent.parent / "data" / "baselines" / "icio-2022", folder
    )
    with np.load(folder / "arrays.npz") as archive:
        arrays = {name: archive[name].copy() for name in archive.files}
    arrays["flows"][1, 0, 23] = np.nan
    np.savez(folder / "arrays.npz", **arrays)
    edit(case / "case.yaml", "baseline: icio-2022", "baseline: world")
    assert "missing" in refused("value", case)
    edit(case / "case.yaml", "baseline: world", "baseline: ../world")
    assert "outside" in refused("value", case)


def test_a_folder_that_cannot_be_written_to(case: Path, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way", encoding="utf-8")
    message = refused("timeline", case, "--json", blocker / "x.json")
    assert "cannot write here" in message
    assert blocker.read_text(encoding="utf-8") == "in the way"
