"""The record of a case: every claim, checked against its documents, and what was known on a date."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from winset.core.casefile import Located, load_jsonl, validate
from winset.core.errors import CaseFileError
from winset.core.files import read_text, write_text
from winset.core.names import known
from winset.documents.sources import Document, Documents, load_documents
from winset.record.claims import CLAIM_KINDS, Claim, Contradiction, Decision, Event

__all__ = ["Record", "append_decision", "load_record"]

C = TypeVar("C", bound=Claim)
Entry = Claim | Decision


@dataclass(frozen=True, kw_only=True)
class Record:
    """All claims of a case in order of date, with the documents they cite. Nothing is ever removed."""

    claims: tuple[Claim, ...]
    """Every claim, by date and id; the order of lines in the file does not matter."""
    decisions: tuple[Decision, ...]
    """Every decision of an analyst, by its moment."""
    documents: Documents
    """The documents cited."""
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    """The line of the file on which each id stands."""

    def __len__(self) -> int:
        return len(self.claims)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def claim(self, name: str) -> Claim:
        """The claim with this id; an unknown one is an error with the nearest known id."""
        by_id = {claim.id: claim for claim in self.claims}
        return by_id[known(name, by_id, "claim")]

    def of(self, kind: type[C]) -> tuple[C, ...]:
        """All claims of one kind."""
        return tuple(claim for claim in self.claims if isinstance(claim, kind))

    def about(self, ref: str) -> tuple[Claim, ...]:
        """The claims that cover an entry of an outside chronology."""
        return tuple(claim for claim in self.claims if ref in claim.ref)

    def cited_by(self, claim: Claim) -> tuple[Document, ...]:
        """The documents that a claim cites, the main one first."""
        return tuple(self.documents[name] for name in claim.documents)

    def official(self, claim: Claim) -> bool:
        """Whether a claim rests on an official text."""
        return any(document.official for document in self.cited_by(claim))

    def verdict(self, name: str) -> Decision | None:
        """The latest decision on a claim, or None."""
        found = [decision for decision in self.decisions if decision.claim == name]
        return found[-1] if found else None

    def set_aside(self) -> frozenset[str]:
        """Claims that no view shows: those that the latest decision refuses or corrects by another line."""
        latest = {decision.claim: decision for decision in self.decisions}
        return frozenset(name for name, decision in latest.items() if decision.verdict != "accept")

    def as_of(self, day: dt.date) -> tuple[Claim, ...]:
        """The claims that could be known on `day` and that no analyst has set aside.

        A later day never knows less. A decision judges the record itself, so it counts for every day.
        """
        aside = self.set_aside()
        return tuple(claim for claim in self.claims if claim.known <= day and claim.id not in aside)


def load_record(case_folder: Path) -> Record:
    """Read `record.jsonl` and `documents/documents.yaml` of a case folder and check every citation."""
    folder = Path(case_folder)
    documents = load_documents(folder)
    entries: dict[str, tuple[Entry, Located]] = {}
    for located in load_jsonl(folder / "record.jsonl"):
        entry = _entry(located)
        if entry.id in entries:
            raise located.error(
                f"the id {entry.id!r} stands twice",
                why=f"It was first used on line {entries[entry.id][1].line()}",
                remedy="Claims are never overwritten: give the new line its own id, and 'updates' if it does",
            )
        entries[entry.id] = (entry, located)
    claims = {name: entry for name, (entry, _) in entries.items() if isinstance(entry, Claim)}
    for entry, located in entries.values():
        if isinstance(entry, Decision):
            _check_names((entry.claim, entry.becomes), claims, located)
        else:
            _check_claim(entry, claims, documents, located)
    decisions = [entry for entry, _ in entries.values() if isinstance(entry, Decision)]
    return Record(
        claims=tuple(sorted(claims.values(), key=lambda claim: (claim.date.first, claim.date.last, claim.id))),
        decisions=tuple(sorted(decisions, key=lambda decision: (decision.at, decision.id))),
        documents=documents,
        lines={name: located.line() or 0 for name, (_, located) in entries.items()},
    )


def append_decision(case_folder: Path, decision: Decision) -> Record:
    """Add an analyst's decision as a new last line; nothing already written changes. Returns the record."""
    path = Path(case_folder) / "record.jsonl"
    before = load_record(case_folder)
    known(decision.claim, (claim.id for claim in before), "claim", file=path)
    if decision.becomes is not None:
        known(decision.becomes, (claim.id for claim in before), "claim", file=path)
    if decision.id in before.lines:
        raise CaseFileError(
            f"the id {decision.id!r} stands twice",
            file=path,
            line=before.lines[decision.id],
            remedy="Choose another",
        )
    text = read_text(path)
    line = json.dumps(decision.model_dump(mode="json", exclude_none=True), ensure_ascii=False)
    write_text(path, text + ("" if not text or text.endswith("\n") else "\n") + line + "\n")
    return load_record(case_folder)


def _entry(located: Located) -> Entry:
    """One line as a claim or a decision; any fault names the key and the line."""
    kind = located.data.get("kind")
    if kind is None:
        raise located.error("the key 'kind' is missing", remedy=f"One of: {', '.join([*CLAIM_KINDS, 'decision'])}")
    known(str(kind), [*CLAIM_KINDS, "decision"], "kind of claim", file=located.file, line=located.line())
    model: type[Entry] = Decision if kind == "decision" else CLAIM_KINDS[str(kind)]
    try:
        return validate(model, located)
    except CaseFileError:
        # All of a JSON line stands on one line; with every path known the message can name the key at fault.
        lines = dict.fromkeys(_paths(located.data), located.line() or 1)
        validate(model, Located(data=located.data, file=located.file, lines=lines))
        raise


def _paths(data: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        yield from _paths(value, (*at, key))


def _check_names(names: tuple[str | None, ...], claims: dict[str, Claim], located: Located) -> None:
    for name in names:
        if name is not None:
            known(name, claims, "claim", file=located.file, line=located.line())


def _check_claim(claim: Claim, claims: dict[str, Claim], documents: Documents, located: Located) -> None:
    cited = [documents.cited(name, file=located.file, line=located.line()) for name in claim.documents]
    _check_names((claim.updates,), claims, located)
    walked, name = {claim.id}, claim.updates
    while name is not None:
        if name in walked:
            raise located.error(f"'updates' leads in a circle back to {name!r}", remedy="Break the circle")
        walked.add(name)
        name = claims[name].updates if name in claims else None
    if isinstance(claim, Contradiction):
        for side in (claim.a, claim.b):
            _check_names(side.claims, claims, located)
            for name in side.documents:
                documents.cited(name, file=located.file, line=located.line())
            for name in side.claims:
                if claims[name].known > claim.known:
                    raise located.error(
                        f"known {claim.known} is earlier than the claim {name!r} that it compares",
                        why=f"That one was known only on {claims[name].known}",
                    )
    if claim.known_basis == "document":
        published = cited[0].published
        if claim.known > published.by or (published.since is not None and claim.known < published.since):
            raise located.error(
                f"known {claim.known} is not the day on which the document {claim.source!r} appeared",
                why=f"It appeared {_span(published.since, published.by)}",
                remedy="Mend 'known', or set known_basis to 'public-act' if the act was public that day",
            )
    if isinstance(claim, Event) and claim.status == "occurred" and claim.known < claim.date.first:
        raise located.error(
            f"known {claim.known} lies before the event itself ({claim.date.first})",
            remedy="An event that lies ahead has the status 'planned'",
        )


def _span(since: dt.date | None, by: dt.date) -> str:
    if since == by:
        return f"on {by}"
    return f"by {by}" if since is None else f"between {since} and {by}"
