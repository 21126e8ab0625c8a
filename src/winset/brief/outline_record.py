"""The end of the annex: the record by date, contradictions, method, assumptions, sources, gaps, the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from winset.brief.document import Block, Bullets, Cell, Definitions, Part, Run
from winset.brief.formats import day, plain
from winset.brief.outline_pen import DASH, Pen

__all__ = ["record", "safe"]


def record(pen: Pen) -> Iterator[Block]:
    """What the numbers rest on, and what they do not say."""
    yield from _chronicle(pen)
    yield from _contradictions(pen)
    yield from _method(pen)
    yield from _assumptions(pen)
    yield from _sources(pen)
    yield from _left_out(pen)
    yield from _run(pen)


def safe(url: str) -> str:
    """An address that may be a link: the web, never a script; else nothing."""
    return url if url.startswith(("https://", "http://")) else ""


def _chronicle(pen: Pen) -> Iterator[Block]:
    if not pen.content.chronicle:
        return
    yield pen.heading("timeline", 3, "The record by date")
    if pen.content.language != "en":
        yield pen.fine("Claims of the record stand in the language of the record.")
    items = []
    for event in pen.content.chronicle:
        by = (Run(text=event.publisher, url=safe(event.url), style="small"),) if event.publisher else ()
        date = Run(text=day(event.date, pen.content.language), style="strong")
        items.append((date, Run(text=f" {event.text} "), *by))
    yield Bullets(items=tuple(items), style="dated")


def _contradictions(pen: Pen) -> Iterator[Block]:
    words = pen.words
    yield pen.heading("contradictions", 3, "Where the sources contradict each other")
    if not pen.content.contradictions:
        yield pen.empty("The record shows none.")
        return
    yield pen.table(
        "contradictions-table",
        words("Contradictions"),
        words("Both versions, and how this brief reads them."),
        [pen.head(words(one)) for one in ("Matter", "One version", "The other", "Our reading")],
        [
            [pen.head(one.topic), pen.text(one.one), pen.text(one.other), pen.text(one.reading or words("open"))]
            for one in pen.content.contradictions
        ],
        wordy=True,
    )


def _method(pen: Pen) -> Iterator[Block]:
    yield pen.heading("method", 3, "Method")
    yield Definitions(items=tuple((head, ((Run(text=text),),)) for head, text in pen.content.method))


def _assumptions(pen: Pen) -> Iterator[Block]:
    words = pen.words
    yield pen.heading("assumptions", 3, "Assumptions")
    if not pen.content.assumptions:
        yield pen.empty("The case makes none.")
        return
    rows, ids = [], []
    for one in pen.content.assumptions:
        ref = pen.references(one.id)
        ids.append(ref.anchor)
        ends = DASH if one.low == one.high else words("{low} to {high}", low=plain(one.low), high=plain(one.high))
        rows.append(
            [
                pen.text(ref.mark),
                pen.head(one.label, small=one.id),
                Cell(runs=(Run(text=plain(one.value)),), kind="number"),
                Cell(runs=(Run(text=ends),), kind="number"),
                pen.text(words.of_case(one.unit)),
                Cell(runs=(Run(text=f"{one.why} "), *pen.named(one.source))),
            ]
        )
    yield pen.table(
        "assumptions-table",
        words("Assumptions"),
        words("Inputs that no source settles; each may be changed in the case. Unit in its own column."),
        [pen.head(words(x)) for x in ("Mark", "Assumption", "Value", "Range", "Unit", "Why, and from where")],
        rows,
        wordy=True,
        ids=tuple(ids),
    )


def _sources(pen: Pen) -> Iterator[Block]:
    words = pen.words
    yield pen.heading("sources", 3, "Sources")
    if not pen.content.sources:
        yield pen.empty("No claim of the record is cited.")
        return
    if pen.content.language != "en":
        yield pen.fine("Claims of the record stand in the language of the record.")
    items: list[Part] = []
    for one in pen.content.sources:
        told = words(
            ", {day}; {confidence}; claim {claim}", day=day(one.date, pen.content.language),
            confidence=words.of_case(f"{one.confidence} confidence"), claim=one.claim,
        )  # fmt: skip
        items.append(
            (
                Run(text=pen.references(one.claim).mark, style="strong"),
                Run(text=f" {one.text} "),
                Run(text=one.publisher, url=safe(one.url), style="small"),
                Run(text=told, style="small"),
            )
        )
    ids = tuple(pen.references(one.claim).anchor for one in pen.content.sources)
    yield Bullets(items=tuple(items), style="sources", ids=ids)


def _left_out(pen: Pen) -> Iterator[Block]:
    yield pen.heading("left-out", 3, "What the model leaves out")
    yield Bullets(items=tuple((Run(text=one),) for one in pen.content.leaves_out))


def _run(pen: Pen) -> Iterator[Block]:
    words = pen.words
    yield pen.heading("run", 3, "The run")
    yield pen.paragraph("With the inputs and settings below anyone gets the same numbers again.")
    yield pen.table(
        "run-table",
        words("Manifest of the run"),
        words("Manifest: versions, settings, and the SHA-256 of every input."),
        [pen.head(words("Setting")), pen.head(words("Value"))],
        [[pen.head(name), pen.text(value)] for name, value in _flat(pen.content.manifest, "")],
        wordy=True,
    )


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """The manifest as (name, value), nested names joined by points."""
    if isinstance(value, Mapping):
        for key in value:
            yield from _flat(value[key], f"{name}.{key}" if name else str(key))
    elif isinstance(value, (list, tuple)):
        yield name, ", ".join(str(one) for one in value) or "–"
    else:
        yield name, "–" if value is None else str(value)
