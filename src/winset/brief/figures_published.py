"""Published estimates beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from winset.brief.canvas import GAIN, MUTED, TALLEST, WIDTH, Picture, Sheet, limits, picture, shared, style
from winset.brief.content import BriefContent, ComparisonRow
from winset.brief.formats import (
    band_text,
    day,
    finding_with_unit,
    in_shown_unit,
    stated,
    typographic,
    unit_text,
    value_text,
)
from winset.brief.sourcing import source_line
from winset.brief.words import Words
from winset.brief.wrapping import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["published_estimates", "published_pictures"]

NAMES, NUMBERS, STEP, FOOT = 2.75, 1.35, 0.5, 0.4


def published_estimates(content: BriefContent, *, words: Words | None = None) -> Picture | None:
    """The comparisons that fit on one page."""
    found = published_pictures(content, words=words)
    return found[0] if found else None


def published_pictures(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Published ranges as bars, ours as a dot with its band; a scale of its own for each unit."""
    say = words or Words(content.language)
    units = list(dict.fromkeys(row.ours.unit for row in content.comparisons))
    rows = [row for unit in units for row in content.comparisons if row.ours.unit == unit]
    room = TALLEST - FOOT * len(units)
    return tuple(
        _drawn(content, [rows[k] for k in part], f"fig-published{'' if n == 1 else f'-{n}'}", say)
        for n, part in enumerate(shared([STEP] * len(rows), max(room, STEP)), 1)
    )


def _drawn(content: BriefContent, rows: Sequence[ComparisonRow], id: str, say: Words) -> Picture:
    units = list(dict.fromkeys(row.ours.unit for row in rows))
    with style(id):
        sheet = Sheet(sum(STEP * sum(r.ours.unit == u for r in rows) + FOOT for u in units))
        top = 0.0
        for unit in units:
            group = [row for row in rows if row.ours.unit == unit]
            ax = sheet.axes(NAMES, top, WIDTH - NAMES - NUMBERS - 0.15, STEP * len(group), len(group))
            ends = [(r.published_low, r.published_high, r.ours.value, r.ours.low, r.ours.high) for r in group]
            sheet.scale(ax, *limits([in_shown_unit(x, unit) for many in ends for x in many]), bins=4)
            for position, row in enumerate(group):
                y = top + STEP * (position + 0.5)
                name = f"{row.institution}, {day(row.date, content.language)}"
                sheet.text(0, y - 0.13, wrap(name, NAMES - 0.15, 8, most=1, bold=True), bold=True)
                lines = wrap(f"{row.outcome}; {row.scenario}", NAMES - 0.15, 6.8, most=2)
                sheet.text(0, y + 0.02, lines, size=6.8, color=MUTED, anchor="top")
                said = say("published {range}", range=typographic(row.published))
                lines = wrap(said, NUMBERS, 6.8, most=2)
                sheet.text(WIDTH - NUMBERS, y - 0.08, lines, size=6.8, color=MUTED, anchor="bottom")
                band = band_text(row.ours)
                ours = say("ours {value}", value=value_text(row.ours))
                mine = [
                    *wrap(ours, NUMBERS, 6.8, most=1),
                    *(wrap(f"({band})", NUMBERS, 6.8, most=1) if band else []),
                ]
                sheet.text(WIDTH - NUMBERS, y + 0.07, mine, size=6.8, anchor="top")
                sheet.rule(top + STEP * (position + 1))
                _compare(ax, position + 0.5, row)
            top += STEP * len(group) + FOOT
            sheet.text(NAMES, top - 0.09, unit_text(unit), size=7, color=MUTED)
        ours_all = [row.ours for row in rows]
        verdict = {True: say("the two meet"), False: say("the two do not meet")}
        told = " ".join(
            say(
                "{institution}, {outcome}, {scenario}: published {range}, ours {ours}, {verdict}.",
                institution=r.institution, outcome=r.outcome, scenario=r.scenario, range=r.published,
                ours=finding_with_unit(r.ours), verdict=verdict[r.inside],
            )
            for r in rows
        )  # fmt: skip
        return picture(
            sheet,
            id=id,
            title=say("Published estimates beside ours"),
            caption=say(
                "Grey bar: range published; dot: ours, filled where our band meets that range, hollow where not; "
                "line: our band."
            )
            + f" {stated(ours_all)}",
            source=f"{source_line(content, ours_all)} " + say("Published: see the table."),
            alt=say("Published ranges as bars with our estimate as a dot.") + " " + told,
            headers=(
                say("Institution"), say("Date"), say("Scenario"), say("Outcome"), say("Published"), say("Ours"),
                say("Do they meet?"),
            ),
            cells=[
                (
                    r.institution, r.date, r.scenario, r.outcome, typographic(r.published), r.ours,
                    say("yes") if r.inside else say("no"),
                )
                for r in rows
            ],
        )  # fmt: skip


def _compare(ax: Axes, y: float, row: ComparisonRow) -> None:
    low, high = (in_shown_unit(x, row.ours.unit) for x in (row.published_low, row.published_high))
    value, least, most = (in_shown_unit(x, row.ours.unit) for x in (row.ours.value, row.ours.low, row.ours.high))
    ax.barh(y - 0.13, high - low, left=low, height=0.24, color="#b3b3b3", zorder=2)
    # A published point has no width; a tick keeps it in sight.
    for end in (low, high):
        ax.plot([end, end], [y - 0.25, y - 0.01], color="#595959", linewidth=1.3, zorder=2)
    ax.plot([least, most], [y + 0.16, y + 0.16], color=GAIN, linewidth=1.3, zorder=3, solid_capstyle="butt")
    ax.plot(
        value,
        y + 0.16,
        "o",
        markersize=5,
        color=GAIN,
        markerfacecolor=GAIN if row.inside else "white",
        zorder=4,
    )
