"""The documents that a case cites: `documents/documents.yaml`, each with publisher, date and address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from winset.core.casefile import CaseModel, load_yaml, validate
from winset.core.names import known

__all__ = ["Document", "DocumentKind", "Documents", "Published", "load_documents"]

DocumentKind = Literal["official", "press", "study", "data"]
"""official: a government's, court's or parliament's own text; study: a paper or outlook; data: figures."""


class Published(CaseModel):
    """When a document appeared: one day, or the two days between which it must lie."""

    value: dt.date | None = None
    """The day, where it is known."""
    earliest: dt.date | None = None
    """First possible day, where the day is not known."""
    latest: dt.date | None = None
    """Last possible day, where the day is not known."""
    basis: Literal["stated", "inferred", "unknown"]
    """stated by the document or its address; inferred from what it tells; unknown: bounds only."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.value is None and self.latest is None:
            raise ValueError("give 'value', or 'latest' (and 'earliest' where it can be bounded)")
        if self.value is not None and (self.earliest or self.latest):
            raise ValueError("give either 'value' or the bounds 'earliest' and 'latest', not both")
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"'earliest' {self.earliest} lies after 'latest' {self.latest}")
        return self

    @property
    def by(self) -> dt.date:
        """The day by which the document had surely appeared."""
        day = self.value or self.latest
        assert day is not None  # noqa: S101  (the validator above)
        return day

    @property
    def since(self) -> dt.date | None:
        """The first day on which it may have appeared; None where that is open."""
        return self.value or self.earliest


class Document(CaseModel):
    """One source. A text that is kept beside the case may lack an address if it names its `file`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    """Short name by which claims cite it."""
    title: str = Field(min_length=1)
    """What it is, in our own words."""
    publisher: str = Field(min_length=1)
    """Outlet, office or author."""
    published: Published
    """When it appeared."""
    url: str | None = Field(pattern=r"^https?://\S+$")
    """Its address; the key must be written, and may be null only beside `file`."""
    file: str | None = None
    """Name of the text in the case's documents folder, where one is kept."""
    lang: str = Field(pattern=r"^[a-z]{2}$")
    """Language, ISO 639-1."""
    kind: DocumentKind
    """What weight it carries: an official text is preferred to press."""
    note: str = ""
    """What a reader should know of it: a mirror, a machine translation, bounds of its date."""

    @model_validator(mode="after")
    def _found_somewhere(self) -> Self:
        if self.url is None and not self.file:
            raise ValueError("'url' may be null only for a document that names its 'file'")
        return self

    @property
    def official(self) -> bool:
        """Whether this is an official text."""
        return self.kind == "official"


class _Listing(CaseModel):
    documents: tuple[Document, ...]


@dataclass(frozen=True, kw_only=True)
class Documents(Mapping[str, Document]):
    """The documents of a case by id, in alphabetical order of the ids."""

    file: str
    """The file they were read from."""
    by_id: dict[str, Document] = field(default_factory=dict)
    """Every document by its id."""

    def __getitem__(self, key: str) -> Document:
        return self.by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def cited(self, name: str, *, file: str | None = None, line: int | None = None) -> Document:
        """The document `name`; an unknown one is an error at `file:line` with the nearest known name."""
        return self.by_id[known(name, self.by_id, "document", file=file or self.file, line=line)]


def load_documents(case_folder: Path) -> Documents:
    """Read and check `documents/documents.yaml` of a case folder."""
    located = load_yaml(Path(case_folder) / "documents" / "documents.yaml")
    listing = validate(_Listing, located)
    found: dict[str, Document] = {}
    for position, document in enumerate(listing.documents):
        if document.id in found:
            first = next(i for i, other in enumerate(listing.documents) if other.id == document.id)
            raise located.error(
                f"the document id {document.id!r} stands twice",
                ("documents", position),
                why=f"It was first used on line {located.line(('documents', first))}",
                remedy="Give one of them another id",
            )
        found[document.id] = document
    return Documents(file=located.file, by_id=dict(sorted(found.items())))
