"""One document read: language, blocks, sentences, publication, dates and figures, then who and what.

Read this first: it is the order in which the parts of the room work. Everything is done on the text that a reader
would see; for HTML the spans are carried back to the file at the end, so that `text == file[start:end]` for all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

from winset.documents.load import LoadedText, load_text
from winset.record.reading import blocks, language, sentences
from winset.record.reading.dates import read_dates
from winset.record.reading.figures import read_figures
from winset.record.reading.publication import Given, publication
from winset.record.reading.schema import Block, Flag, ReadDocument, Sentence, Span, changed
from winset.record.reading.spans import to_file
from winset.record.reading.understand import understand
from winset.record.reading.wordlists import flat, small, told_each

__all__ = ["document_id", "read_document", "read_loaded", "read_text"]


def document_id(path: Path | str) -> str:
    """The id of a file: the number before the first underscore of its name, or else its stem."""
    stem = Path(path).stem
    first = stem.split("_", 1)[0]
    return first if first.isdigit() else stem


def read_document(
    path: Path | str,
    *,
    published: Given = None,
    today: dt.date | None = None,
    root: Path | None = None,
    id: str | None = None,
) -> ReadDocument:
    """Read a file: plain text, HTML or PDF.

    `published` overrides what the document says: a day, an instant, or the first and last possible day. `today`
    serves to notice a stated publication that lies in the future. A path outside `root` is refused. Raises
    `UnreadableFileError` for what cannot be read and `RequestError` for another language.
    """
    loaded = load_text(Path(path), root=root)
    return read_loaded(loaded, published=published, today=today, file=str(path), id=id or document_id(path))


def read_text(
    text: str,
    *,
    published: Given = None,
    today: dt.date | None = None,
    file: str = "",
    id: str = "",
) -> ReadDocument:
    """Read a plain text that is already in memory; see `read_document`."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    loaded = LoadedText(text=text, media="text", sha256=sha256, encoding="utf-8")
    return read_loaded(loaded, published=published, today=today, file=file, id=id)


def read_loaded(
    loaded: LoadedText,
    *,
    published: Given = None,
    today: dt.date | None = None,
    file: str = "",
    id: str = "",
) -> ReadDocument:
    """Read what `winset.documents.load` made of a file; see `read_document`."""
    text = loaded.visible
    lang = language.require_english(text, file=file)
    paragraphs = blocks.label(text, loaded.paragraphs)
    found_sentences = _sentences(text, paragraphs)
    appeared = publication(
        text, paragraphs, found_sentences, given=published, today=today, metadata=loaded.metadata
    )
    low = small(flat(text))
    said = told_each(low, [(s.start, s.end) for s in found_sentences])
    dates = read_dates(text, low, found_sentences, said, appeared.when, apart=appeared.span)
    figures, figure_flags = read_figures(text, low, found_sentences, said, dates)
    flags = [Flag(kind=kind, text=words) for kind, words in loaded.flags]
    flags += appeared.flags
    flags += [
        Flag(kind=d.basis, text=d.why, spans=(Span(start=d.start, end=d.end, text=d.text),), items=(d.id,))
        for d in dates
        if d.flagged
    ]
    flags += figure_flags
    document = ReadDocument(
        id=id,
        file=file,
        sha256=loaded.sha256,
        n_chars=len(loaded.text),
        lang=lang,
        media=loaded.media,
        text=text,
        published=appeared.when,
        blocks=tuple(Block(start=p.start, end=p.end, text=text[p.start : p.end], kind=p.kind) for p in paragraphs),
        sentences=found_sentences,
        figures=figures,
        date_mentions=dates,
        flags=tuple(flags),
    )
    document = understand(document, said)
    if loaded.same:
        return document
    document = to_file(document, loaded)
    hidden = tuple(
        Block(start=start, end=end, text=loaded.text[start:end], kind="hidden") for start, end in loaded.hidden
    )
    ordered = tuple(sorted((*document.blocks, *hidden), key=lambda block: (block.start, block.end)))
    return changed(document, text=loaded.text, blocks=ordered)


def _sentences(text: str, paragraphs: Sequence[blocks.Paragraph]) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    for paragraph in paragraphs:
        if paragraph.kind in blocks.CLAIMS:
            for start, end in sentences.split(text, paragraph.start, paragraph.end):
                found.append(
                    Sentence(start=start, end=end, text=text[start:end], i=len(found), block=paragraph.kind)
                )
    return tuple(found)
