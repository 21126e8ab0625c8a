"""Looking names up: a name is either known, or the error says which known name is nearest."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from winset.core.errors import UnknownNameError

__all__ = ["known", "nearest"]


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice most like `name` (letter case ignored), or None where nothing is alike."""
    by_folded = {choice.casefold(): choice for choice in choices}
    given = str(name).casefold()

    def likeness(other: str) -> tuple[float, bool, bool]:
        # Of equals, the one with the same letters in another order (KRO: KOR, not ROW), then the same beginning.
        ratio = round(difflib.SequenceMatcher(None, other, given).ratio(), 9)
        return ratio, sorted(other) == sorted(given), other[:1] == given[:1]

    close = difflib.get_close_matches(given, by_folded, n=8, cutoff=0.5)
    return by_folded[max(close, key=likeness)] if close else None


def known(
    name: str,
    choices: Iterable[str],
    what: str,
    *,
    file: Path | str | None = None,
    line: int | None = None,
) -> str:
    """Return `name` if it is one of `choices`; otherwise raise, naming the nearest and listing them all.

    `what` is the kind of thing in words ("region", "elasticity set").
    """
    options = list(choices)
    if name in options:
        return name
    close = nearest(name, options)
    shown = ", ".join(options[:40]) + (f" and {len(options) - 40} more" if len(options) > 40 else "")
    guess = f"Did you mean {close!r}? " if close else ""
    raise UnknownNameError(
        f"unknown {what} {name!r}",
        file=file,
        line=line,
        remedy=f"{guess}Known: {shown}" if shown else f"{guess}None is defined",
    )
