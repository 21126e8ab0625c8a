"""The review queue and a document read on the spot, as the page shows them. Decisions go through the one log."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from winset.core.errors import RequestError
from winset.core.names import known
from winset.core.provenance import version
from winset.record.conflicts import Conflict, SideShown
from winset.record.proposals import PROPOSALS, Proposal, gather
from winset.record.proposals_claims import FIELDS
from winset.record.reading.read import read_document
from winset.record.review import Entry, decide, open_review
from winset.record.review_text import safe, summary, when_shown
from winset.web.saving import why_not_own

__all__ = ["SUFFIXES", "decided", "queue_data", "read_data"]

SUFFIXES = (".txt", ".html", ".htm", ".pdf")
SHOWN = 300
"""Items of one document that are shown; its own list in JSON has them all."""
WORDS = 2000
"""Longest name, reason or change of a decision, characters."""


def queue_data(folder: Path) -> dict[str, Any]:
    """The queue: open entries first in their order, then decided ones. `winset/review-page/1`."""
    head = {"schema": "winset/review-page/1", "winset": version(), "fields": dict(FIELDS)}
    if not (folder / PROPOSALS).is_file():
        return {**head, "open": 0, "decided": 0, "entries": [], "locked": why_not_own(folder),
                "why_empty": "No documents of this case have been read yet: run winset read on it."}  # fmt: skip
    locked = why_not_own(folder)
    review = open_review(folder)
    ordered = sorted(review.entries, key=lambda entry: entry.decided is not None)
    return {
        **head,
        "open": len(review.open),
        "decided": len(review.entries) - len(review.open),
        "entries": [_entry(entry) for entry in ordered],
        "locked": locked,
        "why_empty": "" if review.entries else "The documents of this case propose nothing.",
    }


def _entry(entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": entry.id,
        "state": "open" if entry.decided is None else entry.decided.verdict,
        "by": "" if entry.decided is None else entry.decided.by,
        "at": "" if entry.decided is None else entry.decided.at,
        "why": "" if entry.decided is None else entry.decided.why,
        "against": [_conflict(one) for one in entry.against],
        "same": [{"document": p.document, "quote": safe(p.quote)} for p in entry.same],
    }
    if entry.conflict is not None:
        return {**data, "what": "contradiction", **_conflict(entry.conflict)}
    assert entry.proposal is not None  # noqa: S101 - an entry is one or the other
    return {**data, **_proposal(entry.proposal)}


def _proposal(one: Proposal) -> dict[str, Any]:
    at, quote = one.quote_at, one.quote
    return {
        "what": one.what,
        "text": summary(one),
        "when": when_shown(one.item["date"]) if "date" in one.item else "",
        "document": one.document,
        "file": one.file,
        "published": when_shown(one.published),
        "before": safe(one.context[:at]),
        "quote": safe(quote),
        "after": safe(one.context[at + len(quote) :]),
    }


def _conflict(one: Conflict) -> dict[str, Any]:
    return {"id": one.id, "kind": one.kind, "text": safe(one.text), "a": _side(one.a),
            "b": None if one.b is None else _side(one.b)}  # fmt: skip


def _side(side: SideShown) -> dict[str, Any]:
    return {"document": side.document, "says": safe(side.says), "quote": safe(side.quote.plain or side.quote.text)}


def decided(folder: Path, data: Any) -> dict[str, Any]:
    """Carry out one decision: {"id", "verdict", "by", "why", "changes": {field: text}}."""
    why_not = why_not_own(folder)
    if why_not:
        raise RequestError("nothing can be decided in this case", why=why_not)
    if not isinstance(data, dict):
        raise RequestError("the request must be an object")
    for key in data:
        known(str(key), ("id", "verdict", "by", "why", "changes"), "key of a decision")
    texts = {key: data.get(key, "") for key in ("id", "verdict", "by", "why")}
    changes = data.get("changes") or {}
    if not isinstance(changes, dict):
        raise RequestError("'changes' must be an object of texts")
    for name in changes:
        known(str(name), FIELDS, "field")
    for key, text in [*texts.items(), *changes.items()]:
        if not isinstance(text, str) or len(text) > WORDS or any(0xD800 <= ord(c) < 0xE000 for c in text):
            raise RequestError(f"{key!r} must be text of at most {WORDS} characters")
    line = decide(
        open_review(folder), texts["id"], texts["verdict"], by=texts["by"], why=texts["why"], changes=changes
    )
    return {
        "schema": "winset/decision/1", "winset": version(), "id": line.proposal, "verdict": line.verdict,
        "by": line.by, "at": line.at,
    }  # fmt: skip


def read_data(name: str, body: bytes) -> dict[str, Any]:
    """What a document proposes, read as `winset read` reads a file; nothing is kept."""
    suffix = Path(name).suffix.casefold()
    if suffix not in SUFFIXES:
        raise RequestError(
            f"{safe(name)[:80]!r} is none of {', '.join(SUFFIXES)}", remedy="Give a text, an HTML page or a PDF"
        )
    with tempfile.TemporaryDirectory(prefix="winset-read-") as folder:
        # The name of the file is ours: no part of the request reaches the disk.
        path = Path(folder) / f"document{suffix}"
        path.write_bytes(body)
        document = read_document(path, today=dt.date.today(), root=Path(folder))
    found = gather([document])
    return {
        "schema": "winset/read-page/1",
        "winset": version(),
        "sha256": document.sha256,
        "counts": {
            what: sum(1 for p in found.proposals if p.what == what)
            for what in ("event", "term", "deadline", "position")
        },
        "proposals": [{"id": p.id, **_proposal(p)} for p in found.proposals[:SHOWN]],
        "conflicts": [_conflict(c) for c in found.conflicts[:SHOWN]],
        "shown": min(SHOWN, len(found.proposals)),
    }
