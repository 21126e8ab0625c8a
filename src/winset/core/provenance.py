"""What a result was made from: inputs with their hashes, settings, versions. One manifest per run."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["digest", "machine", "manifest", "stamped", "version"]

OUTPUTS = (
    "case", "csv_file", "data", "file", "files", "folder", "ics_file", "json_file", "key_variable", "picture",
)  # fmt: skip
"""Arguments that name places of one machine; what lies there is among the inputs, or is an output."""


@cache
def version() -> str:
    """The version of Winset that is running."""
    try:
        return metadata.version("winset")
    except metadata.PackageNotFoundError:
        return "unknown"


def digest(content: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@cache
def _libraries() -> Mapping[str, str]:
    return {name: metadata.version(name) for name in ("jax", "jaxlib", "numpy")}


def manifest(
    *,
    inputs: Mapping[str, Path],
    settings: Mapping[str, Any],
    seed: int | None = None,
    hashes: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The manifest of a run: hash of every input file, every setting, the seed, the libraries that decide.

    hashes: SHA-256 of inputs that were hashed when they were read. Holds no path of the machine, no clock and no
    user name, so the same run anywhere gives the same text.
    """
    known = {name: digest(path.read_bytes()) for name, path in inputs.items()} | dict(hashes or {})
    body: dict[str, Any] = {
        "winset": version(),
        "libraries": dict(_libraries()),
        "inputs": dict(sorted(known.items())),
        "settings": dict(sorted(settings.items())),
        "seed": seed,
    }
    body["id"] = "run-" + digest(json.dumps(body, sort_keys=True).encode())[:12]
    return body


def machine() -> dict[str, Any]:
    """What may move the last digits and is not in the id of a run: system, processor, Python, threads."""
    threads = os.environ.get("OMP_NUM_THREADS", "")
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        # Sums are split over threads, so their number decides the order of additions.
        "threads": int(threads) if threads.isdecimal() else os.cpu_count() or 1,
    }


def stamped(manifest: Mapping[str, Any], command: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with the command that was given and the machine, both beside the id and not in it.

    arguments: by name, as the command took them. Empty ones and names of files are left out, days become text.
    """
    kept = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in sorted(arguments.items())
        if name not in OUTPUTS
        and not isinstance(value, Path)
        and value is not None
        and value != ()
        and value != ""
        and value != {}
    }
    plain = json.loads(json.dumps(kept))
    return {**manifest, "request": {"command": command, "arguments": plain}, "platform": machine()}
