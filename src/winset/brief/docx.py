"""The brief as a Word file: real headings, tables, captions and alt texts, all in styles, and the same bytes."""

from __future__ import annotations

import io
import zipfile

from winset.brief.document import Document
from winset.brief.printing import clean, date_of

__all__ = ["write_docx"]


def write_docx(document: Document) -> bytes:
    """The whole brief as a Word file (Office Open XML, A4, no macro). The same document gives the same bytes."""
    import docx

    from winset.brief.docx_blocks import Body
    from winset.brief.docx_styles import apply, finish

    word = docx.Document()
    _bare(word)
    apply(word, document.language)
    body = Body(word, document)
    body.write(document.blocks)
    body.close()
    date = date_of(document)
    finish(
        word,
        title=clean(document.title),
        subject=document.day,
        keywords=clean(str(document.manifest.get("id", ""))),
        language="ko-KR" if document.language == "ko" else "en-GB",
        date=date,
    )
    buffer = io.BytesIO()
    word.save(buffer)
    return _dated(buffer.getvalue(), date.timetuple()[:6])


def _bare(word: object) -> None:
    """Without the preview picture of the library's own template."""
    relations = word.part.package.rels  # type: ignore[attr-defined]
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]


def _dated(archive: bytes, date: tuple[int, ...]) -> bytes:
    """The same archive with every member as old as the document."""
    year, month, day, hour, minute, second = date
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, (year, month, day, hour, minute, second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(member))
    return buffer.getvalue()
