"""The pictures of the gallery, drawn by the very code that its page shows."""

from __future__ import annotations

import contextlib
import io
import os
import re

from generate.source import PACKAGE, ROOT

PAGE = ROOT / "docs" / "gallery" / "index.md"
PICTURES = PAGE.parent / "pictures"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"\]\(pictures/([\w.-]+)\)")


def code() -> str:
    """All Python of the page, in order."""
    return "\n".join(PYTHON.findall(PAGE.read_text(encoding="utf-8")))


def shown() -> list[str]:
    """Names of the pictures that the page shows."""
    return list(dict.fromkeys(SHOWN.findall(PAGE.read_text(encoding="utf-8"))))


def fresh() -> bool:
    """Whether every picture is there, and none older than the page or any file of the program."""
    drawn = [PICTURES / name for name in shown()]
    if not all(path.is_file() for path in drawn):
        return False
    oldest = min(path.stat().st_mtime for path in drawn)
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return all(path.stat().st_mtime <= oldest for path in (PAGE, *files))


def make() -> None:
    """Draw every picture, unless those that lie there are as new as the program."""
    if fresh():
        return
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / ".gitignore").write_text("*\n", encoding="utf-8")
    os.environ.setdefault("MPLBACKEND", "Agg")
    with contextlib.chdir(PICTURES), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code(), str(PAGE), "exec"), {"__name__": "__main__"})  # noqa: S102
    missing = [name for name in shown() if not (PICTURES / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{PAGE.name} shows {', '.join(missing)}, but its code draws no such file")
