"""Every mistake that a user can make, as one family of exceptions with one shape.

A message says what was wrong, where it stands, why it matters and what to do next. The command line
prints `str(error)` and leaves with `exit_code`; nothing else about an error is promised.
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "BaselineError",
    "CaseFileError",
    "NotConvergedError",
    "RequestError",
    "UnknownNameError",
    "UnreadableFileError",
    "WinsetError",
]


class WinsetError(Exception):
    """A mistake that the user can mend. `str()` gives the whole message, ready to print."""

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        why: str = "",
        remedy: str = "",
    ) -> None:
        self.what = what
        self.file = None if file is None else str(file)
        self.line = line
        self.why = why
        self.remedy = remedy
        super().__init__(self._message())

    @property
    def where(self) -> str:
        """`file:line`, `file`, or nothing."""
        if self.file is None:
            return ""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def at(self, file: Path | str, line: int | None) -> WinsetError:
        """The same error with the place that caused it, where it does not name one yet."""
        if self.file is not None:
            return self
        return type(self)(self.what, file=file, line=line, why=self.why, remedy=self.remedy)

    def _message(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        parts = [head.rstrip(".") + "."]
        for extra in (self.why, self.remedy):
            if extra:
                parts.append(extra.rstrip(".") + ".")
        return " ".join(parts)


class UnknownNameError(WinsetError, KeyError):
    """A region, sector, package, closure, elasticity set or other name that does not exist."""

    # KeyError prints its argument quoted; we want the plain message.
    __str__ = Exception.__str__


class RequestError(WinsetError, ValueError):
    """An argument that cannot be used: a wrong shape, a rate out of range, options that clash."""


class BaselineError(WinsetError, ValueError):
    """Trade, tariff or input data from which no baseline world can be built."""


class CaseFileError(WinsetError, ValueError):
    """A case file that cannot be read or does not say what it must."""


class UnreadableFileError(WinsetError, OSError):
    """A file or folder that is absent, not a regular file, too large, or not text."""

    __str__ = Exception.__str__


class NotConvergedError(WinsetError, ArithmeticError):
    """A result that was needed did not converge. Never replaced by the last iterate."""

    exit_code = 3
