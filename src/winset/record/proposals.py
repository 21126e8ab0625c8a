"""What the documents of a case propose for its record: `winset read CASE`, kept in `proposals.jsonl`.

One line an item, with its words. Ids follow from the document's content and the place of the words, so a second
reading, order of files or file name gives the same lines, and decisions stay with what they judged.
The file is a result: it may be thrown away and read again. What people decided lies elsewhere (`review.jsonl`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.core.casefile import load_jsonl
from winset.core.errors import CaseFileError, RequestError, WinsetError
from winset.core.files import inside, write_text
from winset.documents.sources import Document, Documents, load_documents
from winset.record.conflicts import Conflict, SideShown, conflicts
from winset.record.proposals_merge import Link, links, near_duplicates
from winset.record.reading.schema import ReadDocument, Span

__all__ = [
    "PROPOSALS",
    "CaseReading",
    "Proposal",
    "gather",
    "load_proposals",
    "proposals_of",
    "read_case",
]

PROPOSALS = "proposals.jsonl"
SUFFIXES = (".txt", ".html", ".htm", ".pdf")
CONTEXT_CHARS = 300
"""How much of the text around a quote is kept for the reviewer, on each side."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One item that a document proposes."""

    id: str
    """From the content of the document and the place of the words: the same at every reading."""
    what: str
    """event, term, deadline or position."""
    document: str
    """Id under which the case cites the document."""
    file: str
    sha256: str
    published: Mapping[str, Any]
    """When the document appeared, as read or as `documents.yaml` says (fields of `When`)."""
    item: Mapping[str, Any]
    """The item as in the JSON of `winset read`, without its own id."""
    figure: Mapping[str, Any] | None
    """For a term: its figure."""
    context: str
    """The text around the quote."""
    quote_at: int
    """Where the quote begins in `context`."""
    method: str = "rule"
    """rule, or model: proposed by an endpoint that the user named."""

    @property
    def quote(self) -> str:
        """The words as a reader sees them."""
        quote = self.item["quote"]
        return str(quote.get("plain") or quote["text"])


@dataclass(frozen=True, kw_only=True)
class CaseReading:
    """All that the documents of a case propose."""

    documents: tuple[ReadDocument, ...]
    """By publication and content; the order of files does not matter."""
    proposals: tuple[Proposal, ...]
    links: tuple[Link, ...]
    """Items that tell of one event, updates, and documents that copy each other."""
    conflicts: tuple[Conflict, ...]
    problems: tuple[str, ...] = ()
    """Files that could not be read, and why; the others are read."""
    path: Path | None = None
    """Where the proposals were written."""


def read_case(
    folder: Path,
    *,
    write: bool = True,
    progress: Callable[[int, int], None] | None = None,
    second_reader: Callable[[ReadDocument], ReadDocument] | None = None,
) -> CaseReading:
    """Read every text, HTML and PDF file in `documents/` of a case and write `proposals.jsonl` as a whole.

    A file listed in `documents.yaml` takes its id and its day of publication from there; a day that is not stated
    there is what the document itself shows. A file that cannot be read is named in `problems`.
    `progress` is called with the files done and all; `second_reader` may add items to a document that was read
    (`assistant.added`).
    """
    from winset.record.reading.read import read_document

    folder = Path(folder)
    shelf = folder / "documents"
    if not shelf.is_dir():
        raise CaseFileError(
            "this case has no folder 'documents'", file=folder, remedy="Put the texts there: .txt, .html or .pdf"
        )
    listing = _listing(folder)
    by_file = {document.file: document for document in listing.values() if document.file}
    files = sorted(path for path in shelf.iterdir() if path.suffix.casefold() in SUFFIXES)
    read: list[ReadDocument] = []
    problems: list[str] = []
    for number, path in enumerate(files):
        listed = by_file.get(path.name)
        try:
            inside(shelf, path.name)
            document = read_document(
                path,
                published=_given(listed),
                root=shelf,
                id=listed.id if listed is not None else _slug(path.stem),
            )
            read.append(document if second_reader is None else second_reader(document))
        except WinsetError as error:
            problems.append(f"{path.name}: {error}")
        if progress is not None:
            progress(number + 1, len(files))
    problems += [
        f"{document.file}: listed in documents.yaml as {document.id!r}, but not in the folder 'documents'"
        for name, document in sorted(by_file.items(), key=lambda pair: str(pair[0]))
        if not (shelf / str(name)).exists()
    ]
    result = gather(read, problems=problems)
    if write:
        path = folder / PROPOSALS
        entries: tuple[Proposal | Conflict, ...] = (*result.proposals, *result.conflicts)
        write_text(path, "".join(_line(entry) for entry in entries))
        result = dataclasses.replace(result, path=path)
    return result


def gather(documents: Iterable[ReadDocument], *, problems: Sequence[str] = ()) -> CaseReading:
    """Proposals, links and conflicts of documents that are read; their order does not matter."""
    once: dict[str, ReadDocument] = {}
    for document in sorted(documents, key=lambda d: (d.sha256, d.id)):
        # One content under two names is one document.
        once.setdefault(document.sha256, document)
    ordered = tuple(sorted(once.values(), key=lambda d: ((d.published.earliest or "")[:10], d.sha256)))
    found = tuple(p for document in ordered for p in proposals_of(document))
    copies = near_duplicates(ordered)
    tied = (*copies, *links(found))
    return CaseReading(
        documents=ordered,
        proposals=found,
        links=tied,
        conflicts=conflicts(ordered, found, tied),
        problems=tuple(problems),
    )


def proposals_of(document: ReadDocument) -> tuple[Proposal, ...]:
    """The items of one document, in order of their words."""
    figures = {figure.id: figure for figure in document.figures}
    found = []
    groups: tuple[tuple[str, Sequence[Any]], ...] = (
        ("event", document.events),
        ("term", document.terms),
        ("deadline", document.deadlines),
        ("position", document.positions),
    )
    for what, items in groups:
        for item in items:
            data = _plain(item)
            del data["id"]
            figure = figures.get(item.figure) if what == "term" else None
            data.pop("figure", None)
            sort = data.get("type") or data.get("kind") or data.get("role")
            at = figure if figure is not None else item.quote
            context, quote_at = _context(document, item)
            found.append(
                Proposal(
                    id=_id(what, document.sha256, at.start, at.end, sort, data.get("holder")),
                    what=what,
                    document=document.id,
                    file=Path(document.file).name,
                    sha256=document.sha256,
                    published=_plain(document.published),
                    item=data,
                    figure=None if figure is None else _without_ids(_plain(figure)),
                    context=context,
                    quote_at=quote_at,
                    method="model" if "model" in item.flags else "rule",
                )
            )
    unique = {proposal.id: proposal for proposal in found}
    return tuple(sorted(unique.values(), key=lambda p: (p.item["quote"]["start"], p.what, p.id)))


def load_proposals(folder: Path) -> tuple[tuple[Proposal, ...], tuple[Conflict, ...]]:
    """The proposals and conflicts that `winset read CASE` wrote; without them an error that says so."""
    path = Path(folder) / PROPOSALS
    if not path.exists():
        raise RequestError(
            f"{folder} has no {PROPOSALS} yet", remedy=f"Read its documents first: winset read {folder}"
        )
    found: list[Proposal] = []
    against: list[Conflict] = []
    for located in load_jsonl(path):
        data = dict(located.data)
        try:
            if data.get("what") == "conflict":
                del data["what"]
                sides = {name: _side(data.pop(name)) for name in ("a", "b")}
                against.append(Conflict(**data, **sides))
            else:
                proposal = Proposal(**data)
                Span(**proposal.item["quote"])
                found.append(proposal)
        except (TypeError, KeyError) as error:
            raise located.error(
                "this line is not a proposal",
                why=str(error),
                remedy=f"The file is a result; make it again: winset read {folder}",
            ) from error
    return tuple(found), tuple(against)


def _side(data: Any) -> Any:
    return None if data is None else SideShown(**{**data, "quote": Span(**data["quote"])})


def _listing(folder: Path) -> Mapping[str, Document]:
    if (folder / "documents" / "documents.yaml").exists():
        return load_documents(folder)
    return Documents(file=str(folder / "documents" / "documents.yaml"))


def _given(document: Document | None) -> dt.date | tuple[dt.date | None, dt.date | None] | None:
    """The publication that `documents.yaml` gives, as `read_document` takes it."""
    if document is None:
        return None
    published = document.published
    return published.value or (published.earliest, published.latest)


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9.-]+", "-", stem.casefold()).strip("-.") or "document"


def _id(*parts: object) -> str:
    text = json.dumps([str(part) for part in parts], ensure_ascii=True)
    return "r-" + hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(item: Any) -> dict[str, Any]:
    """As JSON would give it back: lists for tuples, so that what was written equals what is read again."""
    data: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(item)))
    return data


def _without_ids(figure: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in figure.items() if key not in ("id", "pair", "equals", "sentence")}


def _context(document: ReadDocument, item: Any) -> tuple[str, int]:
    """The sentences around an item as a reader sees them, and where its quote begins among them."""
    quote = item.quote.plain or item.quote.text
    sentences = document.sentences
    at = next((n for n, s in enumerate(sentences) if s.i == item.sentence), None)
    if at is None:
        return quote, 0
    before, own, after = (
        " ".join(s.plain or s.text for s in sentences[first:last])
        for first, last in ((max(0, at - 1), at), (at, at + 1), (at + 1, at + 2))
    )
    place = own.find(quote)
    if place < 0:
        return quote, 0
    before = before[-CONTEXT_CHARS:]
    lead = f"{before} " if before else ""
    return f"{lead}{own} {after[:CONTEXT_CHARS]}".rstrip(), len(lead) + place


def _line(entry: Proposal | Conflict) -> str:
    data = dataclasses.asdict(entry)
    if isinstance(entry, Conflict):
        data["what"] = "conflict"
    return json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n"
