"""What every test may use: deterministic property tests, and the reference material beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A solve compiles on first use, so time per example says nothing; the same examples are drawn every time.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", parent=settings.get_profile("ci"), derandomize=False, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

SHARED_HOLDS = ("data", "reference", "seeds")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout (or above it); skips where it is absent."""
    for parent in Path(__file__).resolve().parents:
        folder = parent / "shared"
        if all((folder / name).is_dir() for name in SHARED_HOLDS):
            return folder
    pytest.skip("needs reference material that is not distributed: no folder 'shared' beside the checkout")
