"""What was read in a document, as text for a terminal of 80 columns: each item beside the words that carry it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from winset.record.reading.cues import rx
from winset.record.reading.schema import DateMention, Figure, ReadDocument, Span, When

__all__ = ["document_text"]

_WIDTH = 79
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_SPACE = re.compile(r"\s+")
_CONTEXT = 48


def _shown(words: str) -> str:
    """Words from a document, safe to print: no control or direction characters, white space folded."""
    return _CONTROL.sub(" ", _SPACE.sub(" ", words)).strip()


def _wrapped(words: str, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    return textwrap.wrap(
        words, _WIDTH, initial_indent=initial_indent, subsequent_indent=subsequent_indent, break_on_hyphens=False
    )


def _amount(figure: Figure) -> str:
    value = f"{figure.value:,.10g}"
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(figure.value) >= size:
            value = f"{figure.value / size:,.10g} {name}"
            break
    per = f" a {figure.per}" if figure.per else ""
    return f"{'about ' if figure.approx else ''}{value} {figure.unit}{per}"


def _when(when: When) -> str:
    if when.value and (when.earliest is None or when.earliest == when.latest or when.value.startswith("P")):
        return when.value
    if when.earliest is None and when.latest is None:
        return "open"
    return f"{when.earliest or '...'} to {when.latest or '...'}"


def _quote(document: ReadDocument, span: Span, sentences: Sequence[Span]) -> str:
    """The words around a span, cut to a line."""
    sentence = next((s for s in sentences if s.start <= span.start and span.end <= s.end), span)
    left = max(sentence.start, span.start - _CONTEXT)
    right = min(sentence.end, span.end + _CONTEXT)
    words = document.text[left:right]
    words = rx(r"<[^<>]*>?|&\w+;").sub(" ", words) if document.media == "html" else words
    shown = _shown(words)
    return f"{'...' if left > sentence.start else ''}{shown}{'...' if right < sentence.end else ''}"


def _rows(document: ReadDocument, title: str, rows: Iterable[tuple[str, Span]]) -> list[str]:
    listed = list(rows)
    if not listed:
        return []
    lines = ["", f"{title} ({len(listed)})"]
    for head, span in listed:
        lines += _wrapped(head, initial_indent="  ", subsequent_indent="      ")
        quote = f'"{_quote(document, span, document.sentences)}"'
        lines += _wrapped(quote, initial_indent="      ", subsequent_indent="      ")
    return lines


def _date_head(mention: DateMention) -> str:
    head = f"{_when(mention)}  [{mention.basis}]"
    if mention.local:
        head += "  = " + ", ".join(mention.local)
    return head + (f"  CHECK: {mention.why}" if mention.flagged else "")


def _figure_head(figure: Figure) -> str:
    head = f"{_amount(figure)}  {figure.role}" + (f" on {_shown(figure.on)}" if figure.on else "")
    if figure.equals:
        head += f"  = {figure.equals}"
    return f"{figure.id}  {head}" + (f"  CHECK: {', '.join(figure.flags)}" if figure.flags else "")


def document_text(document: ReadDocument) -> str:
    """The listing of one document."""
    published = document.published
    lines = [
        f"{document.id}  {document.file}",
        "=" * min(_WIDTH, max(8, len(document.id) + 2 + len(document.file))),
    ]
    lines += _wrapped(
        f"Published: {_when(published)} [{published.basis}]"
        + (f" - {_shown(published.why)}" if published.why else ""),
        subsequent_indent="  ",
    )
    lines += _rows(document, "Figures", ((_figure_head(f), f) for f in document.figures))
    lines += _rows(document, "Dates", ((_date_head(d), d) for d in document.date_mentions))
    lines += _rows(
        document,
        "Events",
        (
            (
                f"{e.type}, {e.status}, {_when(e.date)}"
                + (f", {e.place}" if e.place else "")
                + (f": {', '.join(e.participants or e.parties)}" if e.participants or e.parties else ""),
                e.quote,
            )
            for e in document.events
        ),
    )
    lines += _rows(
        document,
        "Deadlines",
        ((f"{d.kind}, {d.status}, {_when(d.date)}: {_shown(d.what)}", d.quote) for d in document.deadlines),
    )
    lines += _rows(
        document,
        "Terms",
        (
            (f"{t.role}, {t.status}: {t.from_party or '?'} to {t.to_party or '?'} ({t.figure})", t.quote)
            for t in document.terms
        ),
    )
    lines += _rows(
        document,
        "Positions",
        (
            (
                f"{p.kind}, {p.holder or '?'}" + (f" to {p.addressee}" if p.addressee else "") + f", {p.issue}",
                p.quote,
            )
            for p in document.positions
        ),
    )
    if document.people:
        named = ", ".join(_shown(person.name) for person in document.people)
        lines += ["", *_wrapped(f"People: {named}", subsequent_indent="  ")]
    left_out = [block for block in document.blocks if block.kind not in ("title", "subtitle", "body")]
    if left_out:
        kinds = sorted({block.kind for block in left_out})
        lines += [
            "",
            *_wrapped(f"Not read as story: {len(left_out)} blocks ({', '.join(kinds)})", subsequent_indent="  "),
        ]
    dated = {d.id for d in document.date_mentions}
    checks = [flag for flag in document.flags if not (flag.items and flag.items[0] in dated)]
    if checks:
        lines += ["", "To check"]
        for flag in checks:
            lines += _wrapped(f"{flag.kind}: {_shown(flag.text)}", initial_indent="  ", subsequent_indent="      ")
    return "\n".join(lines)
