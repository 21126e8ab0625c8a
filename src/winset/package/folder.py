"""Finding the folder of a case: a shipped one by name, or the user's own."""

from __future__ import annotations

from pathlib import Path

from winset.core.errors import UnreadableFileError
from winset.core.names import nearest

__all__ = ["case_folder", "shipped_cases", "shipped_laws"]

SHIPPED = Path(__file__).resolve().parent.parent / "cases"


def shipped_cases() -> list[str]:
    """Names of the cases that come with Winset."""
    return sorted(path.name for path in SHIPPED.iterdir() if (path / "case.yaml").is_file())


def shipped_laws() -> dict[str, Path]:
    """Laws that a case may extend by name: those shared by cases, and that of every shipped case."""
    shared = {path.stem: path for path in sorted((SHIPPED / "_law").glob("*.yaml"))}
    return shared | {name: SHIPPED / name / "law.yaml" for name in shipped_cases()}


def case_folder(name: str | Path) -> Path:
    """The folder of a shipped case, or of the user's own."""
    path = Path(name)
    if (path / "case.yaml").is_file():
        return path
    if str(name) in shipped_cases():
        return SHIPPED / str(name)
    if path.is_dir():
        raise UnreadableFileError("this folder has no case.yaml", file=path, remedy="Name the folder of a case")
    close = nearest(str(name), shipped_cases())
    raise UnreadableFileError(
        f"no case {str(name)!r}: neither a shipped one nor a folder",
        remedy=(f"Did you mean {close!r}? " if close else "") + f"Shipped: {', '.join(shipped_cases())}",
    )
