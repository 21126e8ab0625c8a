"""A pattern tried only at the places where its matches can begin, instead of along the whole sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["placed"]


def placed(
    pattern: re.Pattern[str], openings: Iterable[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text, start, end)` finds, looked for only where one of `openings` stands.

    For patterns of which every match begins with one of these words. `openings` is best the few that the sentence
    holds, by `told_by`: then the text is not gone through by the pattern at all.
    """
    places: list[int] = []
    for word in openings:
        at = text.find(word, start, end)
        while at >= 0:
            places.append(at)
            at = text.find(word, at + 1, end)
    if len(places) > 1:
        places.sort()
    reached = start
    for at in places:
        if at >= reached:
            match = pattern.match(text, at, end)
            if match is not None:
                reached = match.end()
                yield match
