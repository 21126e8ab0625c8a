"""Pictures of money: what each package is worth to each side, revenue and prices beside it."""

from __future__ import annotations

from collections.abc import Iterator

from winset.brief.canvas import Picture
from winset.brief.content import BriefContent
from winset.brief.figure_data import MemoSeries
from winset.brief.figures_bars import by_party
from winset.brief.findings import anchor, titles_for
from winset.brief.formats import capital
from winset.brief.words import Words

__all__ = ["gains", "gains_pictures", "memo_pictures"]

MEMOS = ("revenue", "prices")
"""Memos that are drawn, in this order."""


def gains(content: BriefContent, *, words: Words | None = None) -> Picture | None:
    """Net gains, as many as fit on one page."""
    found = gains_pictures(content, words=words)
    return found[0] if found else None


def gains_pictures(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Net gain of each party under each package: a column per party, a row per package."""
    say = words or Words(content.language)
    bars = [(name, several) for name, several in content.bars if several]
    if not bars:
        return ()
    return by_party(
        content,
        bars,
        titles_for(content, max((several for _, several in bars), key=len)),
        id="fig-gains",
        title=say("Net gain of each side under each package"),
        lead=say("Bar: central value; thin line: lowest to highest; hatched: a loss."),
        words=say,
    )


def memo_pictures(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Revenue and prices by package; nothing of it is added to an account."""
    say = words or Words(content.language)
    lead = say(
        "Bar: central value; thin line: lowest to highest; hatched: a fall. Shown beside the accounts, never "
        "added to them."
    )
    return tuple(
        one
        for series in _series(content)
        for one in by_party(
            content,
            series.rows,
            series.packages,
            id=f"fig-memo-{anchor('', series.id).removeprefix('-')}",
            title=say("{what} under each package", what=capital(series.label)),
            lead=lead,
            words=say,
        )
    )


def _series(content: BriefContent) -> Iterator[MemoSeries]:
    known = {series.id: series for series in content.memos}
    for name in MEMOS:
        if name in known:
            yield known[name]
