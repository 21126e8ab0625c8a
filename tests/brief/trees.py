"""Small documents for the writers of Word, PDF and Excel. No number in them means anything."""

from __future__ import annotations

from functools import cache

from winset.brief.canvas import GAIN, LOSS, Sheet, style
from winset.brief.canvas import picture as finish_picture
from winset.brief.content import Finding
from winset.brief.document import (
    Block,
    Bullets,
    Cell,
    Definitions,
    Document,
    Heading,
    Illustration,
    KeyNumbers,
    PageBreak,
    Paragraph,
    Run,
    Side,
    Table,
)

__all__ = ["HOSTILE", "cell", "document", "finding", "full", "hostile", "picture", "table", "text"]

HOSTILE = (
    '#read("/etc/passwd")',
    "#import sys: inputs; $ x^2 $ *bold* _it_ `raw` <label> @ref // gone /* gone */ \\ #text(red)[a]",
    '=cmd|"/C calc"!A0',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "http://example.org/=1",
    "file:///etc/passwd",
    "<script>alert(1)</script> & <w:t>not a tag</w:t>",
    "emoji \U0001f1f0\U0001f1f7 \U0001f468\u200d\U0001f469\u200d\U0001f467 and Arabic \u0633\u0644\u0627\u0645",
    "Hangul outside the standard \ub620\ubc29 \ud390 \uc090 and Hanja \u5927\u97d3\u6c11\u570b",
    "w" * 400,
    "{0} {name} %s %(x)s {{ x }} {% raw %}",
)
"""Texts that must come out as they went in."""


def finding(number: int, value: float = 1234.5, **facts: object) -> Finding:
    """A finding with an id of its own."""
    usual: dict[str, object] = {
        "id": f"f-{number}/x",
        "label": f"Finding number {number}",
        "value": value,
        "low": value - 900.0,
        "high": value + 450.0,
        "unit": "million US dollars of 2022, a year",
        "horizon": "a year",
        "against": "threat",
        "baseline": "toy-2022",
        "closure": "world-share",
        "elasticities": "central",
        "basis": "model",
        "rests_on": ("run-1", "pledge"),
    }
    return Finding(**(usual | facts))  # type: ignore[arg-type]


def text(words: str, **facts: object) -> Cell:
    """A cell of words."""
    return Cell(runs=(Run(text=words),), **facts)  # type: ignore[arg-type]


def cell(one: Finding, *more: Run) -> Cell:
    """A cell with a number and the mark of the run."""
    return Cell(runs=(Run(finding=one, target="run", hover="from the run"), *more), kind="number")


def table(
    rows: int = 3, numbers: int = 2, *, name: str = "Account", id: str = "table-1", start: int = 100
) -> Table:
    """A table with a text column, some columns of numbers and what each row rests on."""
    mark = Run(text="A1", target="assumption-1", style="mark", hover="an assumption")
    body = tuple(
        (
            text(f"Line {row}", kind="head"),
            *(
                cell(finding(start + row * numbers + n, value=(-1.0) ** n * (1000.0 + 137.0 * row)))
                for n in range(numbers)
            ),
            Cell(runs=(Run(text="model "), mark)),
        )
        for row in range(rows)
    )
    head = (
        text("Line", kind="head"),
        *(text(f"Party {n + 1}", kind="head") for n in range(numbers)),
        text("Rests on", kind="head"),
    )
    return Table(
        id=id,
        name=name,
        caption=(Run(text="What each line is worth. Billion US dollars of 2022, a year; against the threat."),),
        head=head,
        rows=body,
        total=rows > 0,
        ids=tuple(f"{id}-row-{n}" for n in range(rows)),
    )


@cache
def picture(id: str = "fig-nets", alt: str = "Two bars: Korea 1.5, the United States 0.5.") -> Illustration:
    """A small picture with bars, a hatch and Korean words."""
    numbers = tuple(finding(n, value=1000.0 * n - 3000.0) for n in (11, 12))
    with style(id):
        sheet = Sheet(1.6)
        sheet.text(0.1, 0.2, "Korea against the threat, $350bn 한국", bold=True)
        axes = sheet.axes(1.6, 0.4, 5.0, 1.0, rows=2)
        axes.barh([0.5, 1.5], [1.5, -0.5], height=0.5, color=[GAIN, LOSS], hatch="/////")
        sheet.scale(axes, -1.0, 2.0)
        made = finish_picture(
            sheet,
            id=id,
            title="Net by party",
            caption="Bars are central values. Billion US dollars of 2022, a year; against the threat.",
            source="Source: Winset, run-1; assumption A1.",
            alt=alt,
            headers=("Party", "Net"),
            cells=(("Korea", numbers[0]), ("United States", numbers[1]), ("Japan", "not computed")),
        )
    return Illustration(picture=made)


def document(
    *blocks: Block, language: str = "en", title: str = "A made-up brief", day: str = "2026-07-25"
) -> Document:
    """A document of these blocks."""
    return Document(
        title=title,
        language=language,
        day=day,
        blocks=blocks,
        manifest={"id": "run-1", "baseline": {"name": "toy-2022"}},
    )


def full(language: str = "en") -> Document:
    """One block of every kind."""
    korean = language == "ko"
    return document(
        Paragraph(runs=(Run(text="Brief · state of play"),), style="kicker"),
        Heading(id="top", level=1, text="한국과 미국: 가상의 협상" if korean else "A made-up brief"),
        Paragraph(runs=(Run(text="What is on the table, and what it is worth."),), style="lead"),
        Heading(id="summary", level=2, text="요약" if korean else "Summary"),
        Paragraph(runs=(Run(text="Both sides gain against the threat."),), style="headline"),
        KeyNumbers(
            items=tuple(
                (
                    finding(n, value=1000.0 * n - 1500.0),
                    (Run(text=f"한국의 이득 {n}" if korean else f"What number {n} is"),),
                    (
                        Run(text="Present value; rests on ", style="small"),
                        Run(text="R", target="run", style="mark"),
                    ),
                )
                for n in range(1, 4)
            )
        ),
        Heading(id="gains", level=3, text="누가 얻는가" if korean else "Who gains"),
        Paragraph(
            runs=(
                Run(text="The net is "),
                Run(finding=finding(4), with_unit=True, target="run"),
                Run(text=" and "),
                Run(text="strongly", style="strong"),
                Run(text=" so "),
                Run(text="C1", target="claim-1", style="mark", hover="a claim"),
                Run(text=". See "),
                Run(text="the site", url="https://example.org/a?b=1&c=2"),
                Run(text=" or "),
                Run(text="nowhere", target="missing"),
                Run(text=" or "),
                Run(text="a script", url="javascript:alert(1)"),
                Run(text="."),
            )
        ),
        picture(),
        Side(
            left=(
                Heading(id="changed", level=3, text="What changed"),
                Bullets(
                    items=((Run(text="24 July 2026", style="strong"), Run(text=" A duty lapsed. 판결.")),),
                    style="dated",
                ),
            ),
            right=(
                Heading(id="decide", level=3, text="What to decide"),
                Bullets(items=((Run(text="Whether to sign."),), (Run(text="When."),))),
            ),
        ),
        PageBreak(),
        Heading(id="annex", level=2, text="부속서" if korean else "Annex"),
        Heading(id="accounts", level=3, text="Accounts"),
        Heading(id="account-1", level=4, text="One package"),
        table(),
        table(name="Account", id="table-2", start=200),
        Definitions(items=(("Cars", ((Run(text="25 percent; Proclamation"),), (Run(text="15 percent"),))),)),
        Heading(id="sources", level=3, text="Sources"),
        Bullets(
            items=(
                (
                    Run(text="C1", style="mark"),
                    Run(text=" A statement, 2026. "),
                    Run(text="Link", url="http://example.org/x"),
                ),
                (Run(text="A1", style="mark"), Run(text=" An assumption.")),
            ),
            style="sources",
            ids=("claim-1", "assumption-1"),
        ),
        Heading(id="run", level=3, text="Run"),
        Paragraph(runs=(Run(text="Nothing further."),), style="empty"),
        language=language,
    )


def hostile() -> Document:
    """Every hostile text in every place that takes one."""
    several = HOSTILE
    return document(
        Heading(id='t"op <x>', level=1, text=several[0]),
        *(
            Paragraph(runs=(Run(text=one, hover=one, target=one), Run(text=one, url=one, style="mark")))
            for one in several
        ),
        Bullets(items=tuple((Run(text=one, style="strong"),) for one in several), ids=several, style="sources"),
        Definitions(items=tuple((one, ((Run(text=one),),)) for one in several)),
        Table(
            id="=hostile",
            name=several[2],
            caption=tuple(Run(text=one) for one in several[:3]),
            head=tuple(text(one, kind="head") for one in several[:4]),
            rows=tuple(tuple(text(one, id=one) for _ in range(4)) for one in several),
            ids=tuple(f"row {one}" for one in several),
        ),
        KeyNumbers(items=((finding(1, label=several[2]), (Run(text=several[1]),), (Run(text=several[0]),)),)),
        title=several[2],
    )
