"""The tariff by legal authority over time: a strip per good, duties stacked, unknown rates shown as such."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from winset.brief.canvas import INK, LOSS, MUTED, TALLEST, WIDTH, Picture, Sheet, picture, shared, style
from winset.brief.content import BriefContent
from winset.brief.figure_data import DutyPath, DutyStep, DutyTimeline
from winset.brief.figures_rates import months, rate_text
from winset.brief.formats import day
from winset.brief.words import Words
from winset.brief.wrapping import text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["duty_timelines", "stack"]

NAMES, STRIP, TOP, AXIS = 1.55, 0.52, 0.3, 0.3

# Okabe and Ito's colours, each with a hatch of its own for grey print; the last stands for all further ones.
LOOKS = (
    ("#0072B2", ""), ("#E69F00", "/////"), ("#009E73", "-----"), ("#CC79A7", "xxxxx"), ("#56B4E9", "|||||"),
    ("#F0E442", "+++++"), ("#D55E00", "\\\\\\\\\\"), ("#8c8c8c", "////"),
)  # fmt: skip
PLAIN = ("#bdbdbd", "")
"""What a rate holds that no authority is named for."""
AHEAD = "#f0f0f0"
"""Ground of the time past the state of play."""

Layer = tuple[str, float]
"""(authority, percent)."""


@dataclass(frozen=True, kw_only=True)
class _Span:
    """A step with its end, in days (ordinals)."""

    first: int
    end: int
    step: DutyStep


def stack(step: DutyStep) -> tuple[Layer, ...]:
    """The duties of a step from the ground up; their heights sum to its rate, where that is known.

    Of several total duties the highest is paid, and the normal duty is within it. What no duty accounts for stands
    last under an empty name.
    """
    if step.rate is None:
        return ()
    totals = sorted((p for p in step.parts if p.kind == "total"), key=lambda p: -p.rate)[:1]
    heights: dict[str, float] = {}
    for part in (*totals, *(p for p in step.parts if p.kind == "additional")):
        if part.rate > 0:
            heights[part.authority] = heights.get(part.authority, 0.0) + part.rate
    named = sum(heights.values())
    if named > step.rate:
        heights = {name: height * max(step.rate, 0.0) / named for name, height in heights.items()}
    elif step.rate - named > 1e-9:
        heights[""] = step.rate - named
    return tuple((name, height) for name, height in heights.items() if height > 0)


def duty_timelines(content: BriefContent, *, words: Words | None = None) -> tuple[Picture, ...]:
    """Rates of one importer on one exporter, a strip per good on one scale; a picture per pageful."""
    line = content.timeline
    paths = [path for path in line.paths if path.steps] if line else []
    if line is None or not paths:
        return ()
    say = words or Words(content.language)
    names = _authorities(line, paths)
    as_of = dt.date.fromisoformat(content.as_of).toordinal()
    days = [_ordinal(step.since) for path in paths for step in path.steps]
    first = min(days)
    # A path ends on the day of the state of play, or later where the last step would be too short to see.
    end = max(as_of, max(days)) + max(30, (max(as_of, *days) - first) // 9)
    dates = [one for one in line.dates if first <= _ordinal(one.day) <= end]
    highest = max([1.0, *(step.rate for path in paths for step in path.steps if step.rate is not None)])
    marks = tuple((_ordinal(one.day), f"{day(one.day, content.language)}: {one.label}") for one in dates)
    draw = _Drawing(line=line, names=names, as_of=as_of, first=first, end=end, highest=highest, marks=marks)
    room = TALLEST - TOP - AXIS - _key_height(draw, say)
    return tuple(
        draw.picture(content, [paths[k] for k in part], f"fig-timeline{'' if n == 1 else f'-{n}'}", say)
        for n, part in enumerate(shared([STRIP] * len(paths), room), 1)
    )


def _ordinal(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


def _authorities(line: DutyTimeline, paths: Sequence[DutyPath]) -> Mapping[str, str]:
    """Authorities that some duty rests on, with their names: those listed first, then as they come."""
    used = dict.fromkeys(name for path in paths for step in path.steps for name, _ in stack(step))
    listed = dict(line.authorities)
    order = [name for name in listed if name in used] + [name for name in used if name and name not in listed]
    return {name: listed.get(name, name) for name in order} | ({"": ""} if "" in used else {})


def _entries(draw: _Drawing, say: Words) -> list[str]:
    return [text or say("no authority named") for text in draw.names.values()] + [say("unknown: not settled")]


def _key_rows(entries: Sequence[str]) -> list[list[int]]:
    """Entries of the key in rows, by position."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for position, text in enumerate(entries):
        wide = 0.36 + text_width(text, 7)
        if rows[-1] and used + wide > WIDTH:
            rows.append([])
            used = 0.0
        rows[-1].append(position)
        used += wide
    return rows


def _key_height(draw: _Drawing, say: Words) -> float:
    return 0.1 + 0.19 * len(_key_rows(_entries(draw, say))) + 0.14 * ((len(draw.marks) + 1) // 2)


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    """What all strips share."""

    line: DutyTimeline
    names: Mapping[str, str]
    as_of: int
    first: int
    end: int
    highest: float
    marks: tuple[tuple[int, str], ...]

    @property
    def per_day(self) -> float:
        """Inches."""
        return (WIDTH - NAMES - 0.1) / (self.end - self.first)

    def look(self, authority: str) -> tuple[str, str]:
        """Colour and hatch."""
        if not authority:
            return PLAIN
        position = [name for name in self.names if name].index(authority)
        return LOOKS[min(position, len(LOOKS) - 1)]

    def spans(self, path: DutyPath) -> Iterator[_Span]:
        """Steps with their ends; neighbours with one rate and one stack are one."""
        ordered = sorted(path.steps, key=lambda step: step.since)
        kept: list[DutyStep] = []
        for step in ordered:
            if not kept or (kept[-1].rate, stack(kept[-1])) != (step.rate, stack(step)):
                kept.append(step)
        for position, step in enumerate(kept):
            stop = _ordinal(kept[position + 1].since) if position + 1 < len(kept) else self.end
            if stop > _ordinal(step.since):
                yield _Span(first=_ordinal(step.since), end=stop, step=step)

    def x(self, at: int) -> float:
        """Inches from the left of the sheet."""
        return NAMES + (at - self.first) * self.per_day

    def picture(self, content: BriefContent, paths: Sequence[DutyPath], id: str, say: Words) -> Picture:
        """One sheet of strips."""
        with style(id):
            foot = AXIS + _key_height(self, say)
            sheet = Sheet(TOP + STRIP * len(paths) + foot)
            ticks = months(self.first, self.end, say)
            for position, path in enumerate(paths):
                y = TOP + STRIP * position
                sheet.text(0, y + STRIP * 0.6, wrap(path.label, NAMES - 0.12, 8, most=3), size=8)
                ax = sheet.axes(NAMES, y, WIDTH - NAMES - 0.1, STRIP, 1)
                ax.set_xlim(self.first, self.end)
                ax.set_ylim(0, self.highest * 1.6)
                ax.set_xticks([])
                ax.axvspan(self.as_of, self.end, color=AHEAD, linewidth=0, zorder=0)
                for tick, _ in ticks:
                    ax.axvline(tick, color="#e4e4e4", linewidth=0.5, zorder=0.5)
                for mark, _ in self.marks:
                    ax.axvline(mark, color="#b8b8b8", linewidth=0.7, linestyle=(0, (3, 2)), zorder=0.6)
                spans = list(self.spans(path))
                for span in spans:
                    self._draw(ax, span)
                _label(sheet, self, spans, y)
                sheet.rule(y + STRIP, NAMES, WIDTH - 0.1, color="#8c8c8c")
            self._heads(sheet, content, say)
            below = TOP + STRIP * len(paths)
            for tick, text in ticks:
                if self.x(tick) + text_width(text, 7) < WIDTH + 0.05:
                    sheet.text(self.x(tick), below + 0.11, text, size=7, color=MUTED)
            self._key(sheet, below + AXIS, say)
            rows = [(path, span) for path in paths for span in self.spans(path)]
            return picture(
                sheet,
                id=id,
                title=say(
                    "{importer}: duties on goods from {exporter}, by legal authority",
                    importer=self.line.importer, exporter=self.line.exporter,
                ),
                caption=say(
                    "Percent of customs value, duties stacked by authority; every strip has one scale, the "
                    "number is the sum. Hatched box: the record does not settle the rate. Numbered lines: days of "
                    "policy. Grey ground: past the state of play on {day}, if nothing else changes.",
                    day=day(content.as_of, content.language),
                ),
                source=say(
                    "Source: dated rates of the case, cited in the annex under “Rates and their legal basis”."
                ),
                alt=say("Stacked steps of tariff rates in percent, one strip per good.") + " " + " ".join(
                    f"{path.label}: {self._story(path, content, say)}." for path in paths
                ),
                headers=(say("Good"), say("From"), say("Percent"), say("Authority"), say("Citation")),
                cells=[
                    (
                        path.label, span.step.since,
                        say("unknown") if span.step.rate is None else rate_text(span.step.rate),
                        "; ".join(f"{self.names.get(p.authority) or p.authority} {rate_text(p.rate)}"
                                  + (f" ({say('in all')})" if p.kind == "total" else "")
                                  for p in span.step.parts),
                        span.step.why
                        or "; ".join(dict.fromkeys(p.citation for p in span.step.parts if p.citation)),
                    )
                    for path, span in rows
                ],
            )  # fmt: skip

    def _story(self, path: DutyPath, content: BriefContent, say: Words) -> str:
        return ", ".join(
            say(
                "{rate} from {day}",
                rate=say("unknown") if span.step.rate is None else rate_text(span.step.rate),
                day=day(span.step.since, content.language),
            )
            for span in self.spans(path)
        )

    def _draw(self, ax: Axes, span: _Span) -> None:
        if span.step.rate is None:
            ax.bar(
                span.first, self.highest * 0.62, width=span.end - span.first, align="edge", facecolor="white",
                edgecolor=LOSS, hatch="//", linewidth=0.9, linestyle=(0, (3, 2)), zorder=2,
            )  # fmt: skip
            return
        known = min(max(self.as_of, span.first), span.end)
        for a, b, alpha in ((span.first, known, 1.0), (known, span.end, 0.4)):
            if b <= a:
                continue
            ground = 0.0
            for authority, height in stack(span.step):
                color, hatch = self.look(authority)
                ax.bar(
                    a, height, width=b - a, bottom=ground, align="edge", facecolor=color, edgecolor="white",
                    hatch=hatch or None, linewidth=0, alpha=alpha, zorder=2,
                )  # fmt: skip
                ground += height
            dashes = "-" if alpha == 1 else (0, (1.5, 1.5))
            ax.plot([a, b], [ground, ground], color=INK, linewidth=0.9 if ground else 1.4, zorder=3,
                    linestyle=dashes, solid_capstyle="butt", clip_on=False)  # fmt: skip

    def _heads(self, sheet: Sheet, content: BriefContent, say: Words) -> None:
        """Numbers of the policy days, and where the state of play ends, over the strips."""
        free = 0.0
        for number, (mark, _) in enumerate(self.marks, 1):
            wide = text_width(str(number), 7, bold=True)
            at = max(self.x(mark) - wide / 2, free)
            sheet.text(at, TOP - 0.05, str(number), size=7, bold=True, color=MUTED)
            free = at + wide + 0.04
        text = say("state of play {day}", day=day(content.as_of, content.language))
        wide = text_width(text, 6.8)
        sheet.text(min(self.x(self.as_of), WIDTH - wide), TOP - 0.2, text, size=6.8, color=MUTED)

    def _key(self, sheet: Sheet, top: float, say: Words) -> None:
        entries = _entries(self, say)
        names = list(self.names)
        for row, positions in enumerate(_key_rows(entries)):
            left = 0.0
            for position in positions:
                y = top + 0.1 + 0.19 * row
                look: dict[str, Any] = {
                    "facecolor": "white", "edgecolor": LOSS, "hatch": "//", "linewidth": 0.9,
                    "linestyle": (0, (3, 2)),
                }  # fmt: skip
                if position < len(names):
                    color, hatch = self.look(names[position])
                    look = {"facecolor": color, "edgecolor": "white", "hatch": hatch or None, "linewidth": 0}
                sheet.swatch(left, y, 0.22, 0.11, **look)
                sheet.text(left + 0.27, y, entries[position], size=7)
                left += 0.36 + text_width(entries[position], 7)
        below = top + 0.14 + 0.19 * len(_key_rows(entries))
        half = (len(self.marks) + 1) // 2
        for n, (_, text) in enumerate(self.marks):
            x, y = WIDTH / 2 * (n // half), below + 0.14 * (n % half)
            sheet.text(x, y, str(n + 1), size=6.8, color=MUTED, bold=True)
            line = wrap(text, WIDTH / 2 - 0.3, 6.8, most=1)
            sheet.text(x + 0.2, y, line, size=6.8, color=MUTED)


def _label(sheet: Sheet, draw: _Drawing, spans: Sequence[_Span], y: float) -> None:
    """Rates above their steps. A step too short for its number goes without: the table has it."""
    free = 0.0
    for span in spans:
        rate = span.step.rate
        a, b = draw.x(span.first), draw.x(span.end)
        text = "?" if rate is None else rate_text(rate)
        need = text_width(text, 7.5) + 0.03
        at = max(a + 0.03, free)
        if at + need > b + 0.06 and b - a < need:
            continue
        high = draw.highest * 0.62 if rate is None else rate
        place = y + STRIP * (1 - high / (draw.highest * 1.6)) - 0.075
        sheet.text(at, place, text, size=7.5, color=LOSS if rate is None else INK, bold=rate is None)
        free = at + need
