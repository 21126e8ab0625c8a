"""The names that people script against exist, and asking for them is the only thing that loads a library."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

import winset

PROMISED = {
    "Baseline",
    "Shock",
    "bargain",
    "load_baseline",
    "nash_tariffs",
    "open_case",
    "optimal_tariffs",
    "retaliate",
    "solve",
    "solve_many",
    "talks",
    "welfare_gradient",
}
"""Names promised so far. One leaves this list only with a line in the changelog."""

HEAVY = ("jax", "jaxlib", "matplotlib", "pandas", "scipy", "xarray")


def loaded_by(code: str) -> set[str]:
    """Which heavy libraries a fresh interpreter has loaded after running `code`."""
    report = f"import sys\n{code}\nprint('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    return set(result.stdout.strip().splitlines()[-1].split()[1:])


def test_promised_names_are_public() -> None:
    assert set(winset.__all__) >= PROMISED


def test_public_names_are_sorted_and_complete() -> None:
    assert winset.__all__ == sorted(winset.__all__)
    assert dir(winset) == winset.__all__


@pytest.mark.parametrize("name", winset.__all__)
def test_public_name_loads_from_its_room(name: str) -> None:
    value = getattr(winset, name)
    assert value.__module__.startswith("winset."), f"{name} comes from {value.__module__}"
    assert value.__name__ == name
    assert (value.__doc__ or "").strip(), f"{name} has no docstring"


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = winset.no_such_name


def test_import_loads_no_library() -> None:
    assert loaded_by("import winset") == set()


def test_help_loads_no_library() -> None:
    code = """
sys.argv = ["winset", "--help"]
from winset.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
"""
    assert loaded_by(code) == set()


def test_command_is_installed() -> None:
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="winset")
    assert callable(entry.load())
