"""What an expression of time may lean on, and how it is placed from the first and last day of publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from winset.record.reading import dates_calendar as cal
from winset.record.reading import dates_zones as zones
from winset.record.reading.dates_expression import Expression
from winset.record.reading.schema import changed

__all__ = ["OPEN", "Context", "Resolved", "Told", "iso_value", "nearest_year", "relative", "two_years"]


@dataclass(frozen=True)
class Told:
    """A stretch that the text named, and in which sentence."""

    first: dt.date
    last: dt.date
    sentence: int
    day: bool = False
    """A day of the story, no stretch that happens to be one day long."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What an expression may lean on."""

    earliest: dt.date | None
    """First day on which the document may have appeared."""
    latest: dt.date | None
    """Last such day."""
    stated: bool
    """Whether the publication is stated (or given), not inferred."""
    direction: Callable[[], int]
    """+1 ahead, -1 behind, 0 not told; asked only where it matters."""
    antecedent: cal.Interval | None = None
    """The day last spoken of, where it is known."""
    near: Callable[[], list[zones.Clock]] = list
    """Places concerned, nearest first."""
    told: Sequence[Told] = ()
    """What was named so far."""
    sentence: int = 0
    """The number of the sentence."""
    fiscal: Callable[[str], tuple[int, str] | None] = lambda words: None
    """First month of the financial year that these words mean here, where the text tells."""
    attributive: bool = False
    """The expression only names a thing ("the July deal")."""


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Where an expression lies; see `schema.When`."""

    value: str | None = None
    span: tuple[dt.date | None, dt.date | None] = (None, None)
    basis: str = "unresolved"
    flagged: bool = False
    why: str = ""
    times: tuple[str, str] | None = None
    """Bounds with time of day, in place of the days."""
    utc: str | None = None
    local: tuple[str, ...] = field(default=())


OPEN = Resolved(flagged=True, why="no publication date is known, so that the expression cannot be placed")


def iso_value(interval: cal.Interval, kind: str) -> str:
    first, last = interval
    if first == last:
        return first.isoformat()
    if kind == "month":
        return first.isoformat()[:7]
    if kind == "year":
        return f"{first.year:04d}"
    if kind == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return f"{first.isoformat()}/{last.isoformat()}"


def relative(
    place: Callable[[dt.date], cal.Interval], context: Context, kind: str = "", *, guess: str = "", basis: str = ""
) -> Resolved:
    """`place` applied to the publication, which may itself be an interval. `guess`: a second reading exists."""
    low, high = context.earliest, context.latest
    own = basis or ("relative_to_publication" if context.stated else "relative_to_inferred_publication")
    if low is None or high is None:
        if low is None and high is None:
            return OPEN
        span = (place(low)[0] if low else None, place(high)[1] if high else None)
        return Resolved(span=span, basis=own, flagged=True, why="the publication is bounded on one side only")
    first = place(low)
    last = first if low == high else place(high)
    flagged = not context.stated or bool(guess)
    why = guess or ("" if context.stated else "it rests on an inferred publication date")
    if first == last:
        return Resolved(value=iso_value(first, kind), span=first, basis=own, flagged=flagged, why=why)
    span = (min(first[0], last[0]), max(first[1], last[1]))
    return Resolved(span=span, basis=own, flagged=True, why="the publication is known only as an interval")


_UNSURE = 120
"""Days from publication beyond which a day or month without year and tense is flagged."""
_CONTRADICTED = 250
"""Days that a reading against the tense must be nearer by before it is preferred."""


def nearest_year(
    build: Callable[[int], cal.Interval | None],
    context: Context,
    relation: str = "",
    *,
    weekday: int | None = None,
) -> Callable[[dt.date], cal.Interval]:
    """A day or month without a year: the occurrence nearest to publication, the tense weighed in."""
    sign = {"last": -1, "next": 1, "coming": 1}.get(relation) or (
        0 if context.attributive else context.direction()
    )

    def place(published: dt.date) -> cal.Interval:
        best: tuple[float, cal.Interval] | None = None
        today = published.toordinal()
        for year in range(max(published.year - 2, 1), min(published.year + 2, 9999) + 1):
            interval = build(year)
            if interval is None:
                continue
            first, last = interval
            ahead, behind = first.toordinal() - today, today - last.toordinal()
            if relation == "last" and (behind <= 0):
                continue
            if relation in ("next", "coming") and ahead <= 0:
                continue
            cost = float(max(ahead, behind, 0))
            if (sign > 0 and behind > 0) or (sign < 0 and ahead > 0):
                cost += _CONTRADICTED
            if weekday is not None and first.weekday() != weekday:
                cost += 2_000
            if best is None or cost < best[0]:
                best = (cost, interval)
        return best[1] if best else (published, published)

    return place


def two_years(
    build: Callable[[int], cal.Interval | None],
    found: Resolved,
    e: Expression,
    context: Context,
    *,
    far: int = 180,
) -> Resolved:
    """`found`, flagged where the tense chose a far year although a much nearer one exists."""
    published, first = context.latest, found.span[0]
    if published is None or first is None or found.flagged or e.relation:
        return found
    away = max((first - published).days, (published - (found.span[1] or first)).days)
    if far == 180 and away > _UNSURE and (context.attributive or context.direction() == 0):
        return changed(found, flagged=True, why="neither the tense nor nearness tells the year")
    if abs((first - published).days) <= far:
        return found
    nearest = nearest_year(build, changed(context, attributive=True), weekday=e.weekday)(published)
    if nearest[0] == first:
        return found
    return changed(found, flagged=True, why=f"the tense points at {first}, the nearest such date is {nearest[0]}")
