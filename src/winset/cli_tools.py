"""What commands share: output as text or JSON, the progress bar, the start of the model."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["Bar", "emit", "start_model"]


def emit(document: Any, target: str | None, text: Callable[[], str]) -> None:
    """Print text, or write JSON to a file, or JSON alone to standard output for `-`."""
    if target is None:
        click.echo(text())
        return
    body = json.dumps(_stamped(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if target == "-":
        click.echo(body, nl=False)
    else:
        from winset.core.files import write_text

        write_text(Path(target), body)


def _stamped(document: Any) -> Any:
    """The document with the command that made it, and the machine, in its manifest."""
    from winset.core.provenance import stamped

    context = click.get_current_context(silent=True)
    if context is None or not isinstance(document, dict) or "manifest" not in document:
        return document
    name = context.command.name or ""
    return {**document, "manifest": stamped(document["manifest"], name, context.params)}


def start_model() -> None:
    """Keep compiled solvers in the user's cache folder, so that only the first run on a machine compiles."""
    import jax
    import platformdirs

    folder = platformdirs.user_cache_path("winset") / "jax"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # no home folder, or a read-only one: compile each time
    settings: dict[str, Any] = {
        "jax_compilation_cache_dir": str(folder),
        "jax_persistent_cache_min_compile_time_secs": 0.0,
        "jax_persistent_cache_min_entry_size_bytes": 0,
    }
    update: Callable[[str, Any], None] = jax.config.update
    for name, setting in settings.items():
        update(name, setting)


class Bar:
    """A progress bar on a terminal, silence in a pipe."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.bar: Any = None
        self.shown = 0

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self.bar is None or self.bar.length != total:
            self.bar = click.progressbar(length=total, label=self.label, file=sys.stderr)
            self.bar.__enter__()
            self.shown = 0
        self.bar.update(done - self.shown)
        self.shown = done
        if done >= total:
            self.bar.__exit__(None, None, None)
            self.bar = None
