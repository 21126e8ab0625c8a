"""What every test may use: deterministic property tests, and the reference material beside the checkout."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
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

if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    # What one test process has compiled the others need not; the folder is as old as the run. Set before JAX is
    # imported, and inherited by the processes that pytest starts.
    _compiled = tempfile.mkdtemp(prefix="winset-tests-")
    atexit.register(shutil.rmtree, _compiled, ignore_errors=True)
    os.environ["JAX_COMPILATION_CACHE_DIR"] = _compiled
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.1"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "0"

if "PYTEST_XDIST_WORKER" in os.environ:
    # Processes side by side have a core each; threads of the linear algebra would only fight over them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")

SHARED_HOLDS = ("data", "reference", "seeds")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout (or above it); skips where it is absent."""
    for parent in Path(__file__).resolve().parents:
        folder = parent / "shared"
        if all((folder / name).is_dir() for name in SHARED_HOLDS):
            return folder
    pytest.skip("needs reference material that is not distributed: no folder 'shared' beside the checkout")
