"""The queue of proposals and contradictions, and what a decision does.

A decision is first a line of `review.jsonl`, which holds everything; then the record follows it. If the program is
killed between the two, the next start carries out what the log says.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.core.errors import RequestError, UnknownNameError
from winset.core.files import read_text, write_text
from winset.core.names import known, nearest
from winset.documents.sources import load_documents
from winset.record.claims import Decision
from winset.record.conflicts import Conflict
from winset.record.proposals import Proposal, load_proposals
from winset.record.proposals_claims import claim_of
from winset.record.proposals_merge import Link, groups, links
from winset.record.review_log import ReviewLine, Warn, append, locked, read_log

__all__ = ["Entry", "Review", "carry_out", "decide", "open_review"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to judge: a proposal with all that tells of the same event, or a conflict."""

    id: str
    proposal: Proposal | None
    same: tuple[Proposal, ...] = ()
    """Further items that tell of the same event, in other documents."""
    links: tuple[Link, ...] = ()
    conflict: Conflict | None = None
    against: tuple[Conflict, ...] = ()
    """Conflicts in which the proposal is one side."""
    decided: ReviewLine | None = None


@dataclass(frozen=True, kw_only=True)
class Review:
    """The queue of a case, decided ones included, in order: conflicts beside the first item they touch."""

    folder: Path
    entries: tuple[Entry, ...]
    log: tuple[ReviewLine, ...]

    @property
    def open(self) -> tuple[Entry, ...]:
        """What nobody has decided yet."""
        return tuple(entry for entry in self.entries if entry.decided is None)

    def entry(self, name: str) -> Entry:
        """The entry with this id (its own or of an item in it); an unknown id is an error naming the nearest."""
        for entry in self.entries:
            if name == entry.id or any(name == p.id for p in entry.same):
                return entry
        choices = [entry.id for entry in self.entries]
        close = nearest(name, choices)
        raise UnknownNameError(
            f"unknown proposal {name!r}",
            remedy=(f"Did you mean {close!r}? " if close else "")
            + f"See the queue of {len(choices)}: winset review {self.folder} --list",
        )


def open_review(folder: Path, *, warn: Warn | None = None) -> Review:
    """The queue of a case. First carries out decisions that a killed process left undone."""
    folder = Path(folder)
    proposals, against = load_proposals(folder)
    log = read_log(folder, warn=warn)
    if any(line.claim is not None for line in log):
        with locked(folder):
            carry_out(folder, read_log(folder))
    latest = _latest(log)
    ties = links(proposals)
    first = groups(proposals, ties)
    by_group: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_group.setdefault(first[proposal.id], []).append(proposal)
    entries: list[Entry] = []
    shown: set[str] = set()
    for group in by_group.values():
        names = {p.id for p in group}
        decided = next((latest[p.id] for p in group if p.id in latest), None)
        touching = tuple(
            c for c in against if c.a.proposal in names or (c.b is not None and c.b.proposal in names)
        )
        entries.append(
            Entry(
                id=group[0].id,
                proposal=group[0],
                same=tuple(group[1:]),
                links=tuple(link for link in ties if link.kind != "same" and (link.a in names or link.b in names)),
                against=touching,
                decided=decided,
            )
        )
        for conflict in touching:
            if conflict.id not in shown:
                shown.add(conflict.id)
                entries.append(
                    Entry(id=conflict.id, proposal=None, conflict=conflict, decided=latest.get(conflict.id))
                )
    # Sums, exchange rates and weekdays concern figures and dates, not one item.
    entries += [
        Entry(id=c.id, proposal=None, conflict=c, decided=latest.get(c.id)) for c in against if c.id not in shown
    ]
    return Review(folder=folder, entries=tuple(entries), log=log)


def _latest(log: Sequence[ReviewLine]) -> dict[str, ReviewLine]:
    latest: dict[str, ReviewLine] = {}
    for line in log:
        latest[line.proposal] = line
    return {name: line for name, line in latest.items() if line.verdict != "reopen"}


def decide(
    review: Review,
    name: str,
    verdict: str,
    *,
    by: str,
    why: str = "",
    changes: Mapping[str, str] | None = None,
    now: dt.datetime | None = None,
    warn: Warn | None = None,
) -> ReviewLine:
    """Accept, correct or refuse one entry; the decision is on the disk when this returns.

    `changes` are the fields of `proposals_claims.FIELDS`. A conflict can be accepted (it is one) or refused (it is
    none). Raises `RequestError` for a second decision: take the first one back with the verdict `reopen`.
    """
    known(verdict, ("accept", "correct", "refuse", "reopen"), "verdict")
    entry = review.entry(name)
    changes = dict(changes or {})
    if not by.strip():
        raise RequestError("a decision needs a name", remedy="Say who decides: --by NAME")
    if verdict == "refuse" and not why.strip():
        raise RequestError("a refusal needs a reason", remedy="Say why: --why TEXT")
    if verdict == "correct" and not changes:
        raise RequestError("a correction needs a change", remedy="For example --set date=2025-07-31")
    if verdict == "correct" and entry.proposal is None:
        raise RequestError("a contradiction cannot be corrected", remedy="Correct the items on its two sides")
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    with locked(review.folder):
        # Another process may have decided meanwhile.
        latest = _latest(read_log(review.folder))
        own = [entry.id, *(p.id for p in entry.same)]
        already = next((latest[name] for name in own if name in latest), None)
        if already is not None and verdict != "reopen":
            raise RequestError(
                f"{entry.id} was decided by {already.by} on {already.at}: {already.verdict}",
                remedy=f"Take that back first: winset review {review.folder} --reopen {entry.id}",
            )
        if already is None and verdict == "reopen":
            raise RequestError(f"{entry.id} is not decided", remedy="There is nothing to take back")
        claim: dict[str, Any] | None = None
        if entry.proposal is not None and verdict in ("accept", "correct"):
            also = tuple(dict.fromkeys(p.document for p in entry.same))
            documents = load_documents(review.folder)
            made = claim_of(entry.proposal, documents, changes=changes, also=also)
            claim = made.model_dump(mode="json", exclude_none=True)
        line = ReviewLine(
            proposal=already.proposal if already is not None else entry.id,
            verdict=verdict,
            by=by.strip(),
            at=moment.isoformat(timespec="microseconds"),
            why=why,
            claim=claim,
        )
        append(review.folder, line, warn=warn)
        carry_out(review.folder, read_log(review.folder))
    return line


def carry_out(folder: Path, log: Sequence[ReviewLine]) -> int:
    """Bring `record.jsonl` up to what the log says; how many lines were added. Call it inside `locked`.

    The file is replaced as a whole, so a kill leaves the old one or the new one. Lines that stand are never
    touched: taking a claim back adds a decision that refuses it.
    """
    path = folder / "record.jsonl"
    text = read_text(path) if path.exists() else ""
    present = set()
    for raw in text.split("\n"):
        if raw.strip():
            entry = json.loads(raw)
            present.add(entry.get("id") if isinstance(entry, dict) else None)
    added: list[str] = []
    taken_back: dict[str, ReviewLine] = {}
    for number, line in enumerate(log):
        if line.claim is not None:
            count = sum(1 for other in log[:number] if other.claim is not None and other.proposal == line.proposal)
            # Accepted, taken back, accepted again: the new claim needs an id of its own.
            claim = {**line.claim, "id": line.claim["id"] + (f".{count + 1}" if count else "")}
            if claim["id"] not in present:
                added.append(json.dumps(claim, ensure_ascii=False))
                present.add(claim["id"])
            _decision(added, present, str(claim["id"]), "accept", line, number)
            taken_back[line.proposal] = line
        elif line.verdict == "reopen" and line.proposal in taken_back:
            earlier = [o for o in log[:number] if o.claim is not None and o.proposal == line.proposal]
            name = line.proposal + (f".{len(earlier)}" if len(earlier) > 1 else "")
            _decision(added, present, name, "refuse", line, number)
    if added:
        body = text + ("" if not text or text.endswith("\n") else "\n") + "\n".join(added) + "\n"
        write_text(path, body)
    return len(added)


def _decision(
    added: list[str], present: set[Any], claim: str, verdict: str, line: ReviewLine, number: int
) -> None:
    name = f"d-{claim}-{number + 1}"
    if name in present:
        return
    decision = Decision.model_validate(
        {
            "kind": "decision",
            "id": name,
            "claim": claim,
            "verdict": verdict,
            "by": line.by,
            "at": line.at,
            "text": line.why,
        }
    )
    added.append(json.dumps(decision.model_dump(mode="json", exclude_none=True), ensure_ascii=False))
    present.add(name)
