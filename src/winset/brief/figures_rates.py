"""Picture of the tariff path: what each good has paid over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from winset.brief.canvas import GAIN, INK, LOSS, MUTED, TALLEST, WIDTH, Picture, Sheet, picture, style
from winset.brief.content import BriefContent
from winset.brief.formats import day, number
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["months", "rate_text", "tariff_path"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_Step = tuple[int, int, float | None]


def rate_text(value: float) -> str:
    """A rate in percent as it is printed: 25, 12.5."""
    text = number(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _steps(path: Sequence[tuple[str, float | None]], end: int) -> list[_Step]:
    """(first day, day after the last, rate); neighbours at one rate become one step."""
    dated = [(dt.date.fromisoformat(start).toordinal(), rate) for start, rate in path]
    ordered = sorted(dated, key=lambda step: step[0])
    steps: list[_Step] = []
    for position, (start, rate) in enumerate(ordered):
        stop = ordered[position + 1][0] if position + 1 < len(ordered) else end
        if steps and steps[-1][2] == rate:
            steps[-1] = (steps[-1][0], stop, rate)
        elif stop > start:
            steps.append((start, stop, rate))
    return steps


def months(first: int, last: int, say: Words) -> list[tuple[int, str]]:
    """Tick days with labels, few enough to stand side by side; the year is named where it begins."""
    a, b = dt.date.fromordinal(first), dt.date.fromordinal(last)
    count = (b.year - a.year) * 12 + b.month - a.month + 1
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60) if count / n <= 9), 120)
    ticks: list[tuple[int, str]] = []
    year = None
    for month in range(a.year * 12, b.year * 12 + 12, every):
        date = dt.date(month // 12, month % 12 + 1, 1)
        if first <= date.toordinal() <= last:
            label = say(_MONTHS[date.month - 1])
            if date.year != year:
                label = say("{month} {year}", month=label, year=date.year)
            ticks.append((date.toordinal(), label))
            year = date.year
    return ticks


def tariff_path(content: BriefContent, *, words: Words | None = None) -> Picture | None:
    """A strip per good: a step line where the rate is known, a dashed gap marked "unknown" elsewhere."""
    say = words or Words(content.language)
    goods = [(label, path) for label, path in content.tariff_path if path]
    if not goods:
        return None
    as_of = dt.date.fromisoformat(content.as_of).toordinal()
    days = [dt.date.fromisoformat(start).toordinal() for _, path in goods for start, _ in path]
    first = min(days)
    # A path ends on the day of the state of play, or later where the last step would be too short to see.
    end = max(as_of, max(days) + max(30, (max(as_of, *days) - first) // 9))
    id, title = "fig-path", say("Tariff by good over time")
    with style(id):
        size, names_width, top, foot = 8.0, 1.55, 0.16, 0.3
        strip = min(0.56, (TALLEST - top - foot) / len(goods))
        sheet = Sheet(top + strip * len(goods) + foot)
        width = WIDTH - names_width - 0.1
        highest = max([1.0, *(rate for _, path in goods for _, rate in path if rate is not None)])
        per_day = width / (end - first)
        ticks = months(first, end, say)
        cells: list[tuple[str, ...]] = []
        told: list[str] = []
        for position, (label, path) in enumerate(goods):
            y = top + strip * position
            sheet.text(0, y + strip * 0.6, wrap(label, names_width - 0.12, size, most=3), size=size)
            ax = sheet.axes(names_width, y, width, strip, 1)
            ax.set_xlim(first, end)
            ax.set_ylim(0, highest * 1.6)
            ax.set_xticks([])
            for tick, _ in ticks:
                ax.axvline(tick, color="#ececec", linewidth=0.6, zorder=0)
            steps = _steps(path, end)
            _draw(ax, steps, highest, as_of)
            _label(sheet, steps, first, per_day, names_width, y, strip, highest, say("unknown"))
            if end > as_of:
                ax.axvline(as_of, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
            sheet.rule(y + strip, names_width, WIDTH - 0.1, color="#8c8c8c")
            shown = [(start, say("unknown") if rate is None else rate_text(rate)) for start, _, rate in steps]
            cells += [(label, dt.date.fromordinal(start).isoformat(), rate) for start, rate in shown]
            story = ", ".join(
                say(
                    "{rate} from {day}",
                    rate=rate,
                    day=day(dt.date.fromordinal(start).isoformat(), content.language),
                )
                for start, rate in shown
            )
            told.append(f"{label}: {story}.")
        for tick, text in ticks:
            at = names_width + (tick - first) * per_day
            if at < WIDTH - 0.4:
                sheet.text(at, sheet.height - foot + 0.11, text, size=7, color=MUTED)
        if end > as_of:
            sheet.text(
                names_width + (as_of - first) * per_day,
                0.07,
                say("state of play {day}", day=day(content.as_of, content.language)),
                size=6.8,
                ha="right" if (as_of - first) > (end - first) / 2 else "left",
                color=MUTED,
            )
        return picture(
            sheet,
            id=id,
            title=title,
            caption=say(
                "Percent of customs value; each strip has the same scale. The number stands above its step; a "
                "dashed gap marks a rate that the record does not settle; dotted: past the state of play, if "
                "nothing else changes. State of play on {day}.",
                day=day(content.as_of, content.language),
            ),
            source=say("Source: dated rates of the case, cited in the annex under “Rates and their legal basis”."),
            alt=say("Step lines of tariff rates in percent, one strip per good.") + " " + " ".join(told),
            headers=(say("Good"), say("From"), say("Percent")),
            cells=cells,
        )


def _draw(ax: Axes, steps: Sequence[_Step], highest: float, as_of: int) -> None:
    level: float | None = None
    for start, stop, rate in steps:
        if rate is None:
            ax.plot(
                [start, start, stop, stop],
                [0, highest * 0.62, highest * 0.62, 0],
                color=LOSS,
                linewidth=0.9,
                linestyle=(0, (3, 2)),
                zorder=2,
            )
        else:
            known = min(max(as_of, start), stop)
            ax.fill_between([start, known], [rate, rate], color=GAIN, alpha=0.16, linewidth=0, zorder=1)
            if level is not None:
                ax.plot([start, start], [level, rate], color=GAIN, linewidth=1.5, zorder=3)
            # Past the state of play a rate is only what the law would be if nothing else happened.
            for a, b, dashes in ((start, known, "-"), (known, stop, (0, (1.5, 1.5)))):
                if b > a:
                    ax.plot(
                        [a, b],
                        [rate, rate],
                        color=GAIN,
                        linewidth=1.8,
                        linestyle=dashes,
                        zorder=3,
                        solid_capstyle="butt",
                        clip_on=False,
                    )
        level = rate


def _label(
    sheet: Sheet,
    steps: Sequence[_Step],
    first: int,
    per_day: float,
    left: float,
    y: float,
    strip: float,
    highest: float,
    unknown: str,
) -> None:
    """Rates above their steps. A step too short for its number goes without: the table has it."""
    free = 0.0
    for start, stop, rate in steps:
        a, b = left + (start - first) * per_day, left + (stop - first) * per_day
        text = unknown if rate is None else rate_text(rate)
        if rate is None and b - a < text_width(text, 7.5):
            text = "?"
        need = text_width(text, 7.5) + 0.03
        at = max(a + 0.03, free)
        if at + need > b + 0.06 and b - a < need:
            continue
        high = highest * 0.62 if rate is None else rate
        place = y + strip * (1 - high / (highest * 1.6)) - 0.085
        if rate is None:
            place += 0.17
        sheet.text(at, place, text, size=7.5, color=LOSS if rate is None else INK)
        free = at + need
