"""What a result was made from: inputs with their hashes, settings, versions. One manifest per run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["digest", "manifest", "version"]


def version() -> str:
    """The version of Winset that is running."""
    try:
        return metadata.version("winset")
    except metadata.PackageNotFoundError:
        return "unknown"


def digest(content: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def manifest(
    *, inputs: Mapping[str, Path], settings: Mapping[str, Any], seed: int | None = None
) -> dict[str, Any]:
    """The manifest of a run: hash of every input file, every setting, the seed, the libraries that decide.

    Holds no path of the machine, no clock and no user name, so the same run anywhere gives the same text.
    """
    libraries = {name: metadata.version(name) for name in ("jax", "jaxlib", "numpy")}
    body: dict[str, Any] = {
        "winset": version(),
        "libraries": libraries,
        "inputs": {name: digest(path.read_bytes()) for name, path in sorted(inputs.items())},
        "settings": dict(sorted(settings.items())),
        "seed": seed,
    }
    body["id"] = "run-" + digest(json.dumps(body, sort_keys=True).encode())[:12]
    return body
