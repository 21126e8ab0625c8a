"""What must be true of the files themselves: present, readable, free of any one machine, and in agreement."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from winset.core.casefile import load_jsonl, load_yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

REQUIRED = [
    ".ci/run",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "docs/explain/model.md",
    "requirements/dev.txt",
    "requirements/run.txt",
    "src/winset/py.typed",
]
FOLDERS = ("root", "home", "tmp", "work", "opt", "Users")
MACHINE_PATH = re.compile(rf"(?<![\w.~/-])(/(?:{'|'.join(FOLDERS)})/|[A-Za-z]:\\Users\\)")
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".jsonl", ".txt", ".j2", ".css", ".html", ".cff", ""}


def repository_files() -> list[str]:
    """Files under version control or about to be; every file where this is not a git checkout."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
        if listing.returncode == 0:
            return sorted(name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())
    folders = [ROOT / name for name in ("src", "docs", "tests", "requirements")]
    files = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    return sorted(p.relative_to(ROOT).as_posix() for p in [*files, *ROOT.iterdir()] if p.is_file())


FILES = repository_files()
SHIPPED = [name for name in FILES if name.startswith("src/")]


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    found = []
    for name in names:
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:120]}")
    return found


@pytest.mark.parametrize("name", REQUIRED)
def test_required_file_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


def test_ci_script_can_be_run() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert "make test" in script


def test_no_path_of_one_machine() -> None:
    texts = [n for n in FILES if not n.startswith("tests/") and Path(n).suffix in TEXT]
    assert lines_with(MACHINE_PATH, texts) == []


def test_no_registry_in_the_lock() -> None:
    locks = [n for n in FILES if n.startswith("requirements/") and not n.endswith("constraints.txt")]
    assert len(locks) == 2
    assert lines_with(re.compile(r"://|--\w*index|--find-links|--trusted-host|\bfile:| @ "), locks) == []


def pins(name: str) -> dict[str, list[Requirement]]:
    """Locked requirements by package; one package has several where versions differ by Python."""
    found: dict[str, list[Requirement]] = {}
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            pin, *hashes = re.split(r"\s+--hash=", line.split(" #")[0].strip())
            assert hashes, f"{pin} has no hash"
            assert all(h.startswith("sha256:") for h in hashes)
            requirement = Requirement(pin)
            assert [s.operator for s in requirement.specifier] == ["=="], pin
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def declared(*groups: str) -> list[Requirement]:
    """Requirements of pyproject.toml: the project's and those of dependency groups, includes followed."""
    texts = [] if groups else list(PROJECT["project"]["dependencies"])
    for group in groups:
        for entry in PROJECT["dependency-groups"][group]:
            if isinstance(entry, str):
                texts.append(entry)
            else:
                texts.extend(str(r) for r in declared(entry["include-group"]))
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize(("lock", "groups"), [("run.txt", ["build"]), ("dev.txt", ["dev"])])
def test_lock_answers_every_declared_requirement(lock: str, groups: list[str]) -> None:
    locked = pins(lock)
    backend = [Requirement(text) for text in PROJECT["build-system"]["requires"]]
    for wanted in [*declared(), *declared(*groups), *backend]:
        found = locked.get(canonicalize_name(wanted.name))
        assert found, f"{wanted.name} is not in {lock}: run `make lock`"
        for pin in found:
            (version,) = (s.version for s in pin.specifier)
            assert wanted.specifier.contains(version), f"{pin} in {lock} is not {wanted}: run `make lock`"


def test_both_locks_agree_and_run_holds_no_tool() -> None:
    run, dev = pins("run.txt"), pins("dev.txt")
    for name, pin in run.items():
        # A tool may need on every Python what the program needs on one: the versions are the same all the same.
        assert {str(p.specifier) for p in pin} == {str(p.specifier) for p in dev[name]}, name
        if [str(p) for p in pin] != [str(p) for p in dev[name]]:
            assert all(p.marker is None for p in dev[name]), name
    assert not {"pytest", "mypy", "ruff", "hypothesis", "pre-commit"} & set(run)


@pytest.mark.parametrize("name", [n for n in SHIPPED if n.endswith((".yaml", ".yml"))])
def test_yaml_can_be_read(name: str) -> None:
    assert load_yaml(ROOT / name).data is not None


@pytest.mark.parametrize("name", [n for n in SHIPPED if n.endswith(".jsonl")])
def test_json_lines_can_be_read(name: str) -> None:
    assert list(load_jsonl(ROOT / name))


def test_json_can_be_read() -> None:
    for name in (n for n in SHIPPED if n.endswith(".json")):
        json.loads((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [n for n in SHIPPED if n.endswith(".npz")])
def test_arrays_can_be_read_without_pickle(name: str) -> None:
    with np.load(ROOT / name, allow_pickle=False) as arrays:
        assert arrays.files
        assert all(arrays[key].dtype != object for key in arrays.files)


def test_versions_agree() -> None:
    version = PROJECT["project"]["version"]
    assert load_yaml(ROOT / "CITATION.cff").data["version"] == version
    assert importlib.metadata.version("winset") == version
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog
    assert version in changelog


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    assert [r.name for r in declared() if f"| {r.name.lower()} |" not in page.lower()] == []


def test_decisions_are_dated() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert pages
    for page in pages:
        assert re.search(r"^\d{4}-\d{2}-\d{2}\b", page.read_text(encoding="utf-8"), re.MULTILINE), page.name
