"""The import rules of pyproject.toml hold, and they are rules that can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

FORBIDDEN = {
    "core/names.py": "from winset.record.ledger import Record",
    "model/shocks.py": "from winset.package.law import Law",
    "package/terms.py": "import winset.model.solve",
    "bargaining/finite.py": "import jax",
    "valuation/account.py": "from winset.record.ledger import Record",
    "brief/content.py": "from winset.valuation.account import Band",
    "data/folder.py": "import jax.numpy",
    "unplaced.py": "",
}
"""One line that would break each rule, by the file it is added to."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder,
        # The copy's own source goes before the installed one.
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_every_import_keeps_the_rules() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize("file", FORBIDDEN)
def test_the_rules_catch(file: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.npz", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "src" / "winset" / file).open("a", encoding="utf-8") as source:
        source.write(f"\n{FORBIDDEN[file]}\n")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert Path(file).stem in result.stdout
