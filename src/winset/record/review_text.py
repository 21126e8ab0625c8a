"""An entry of the review queue as text for a terminal, and as a dict for JSON.

Words of a document may hold escape sequences or marks that turn the reading direction; a terminal must show
letters and nothing else, so those are written out.
"""

from __future__ import annotations

import dataclasses
import textwrap
import unicodedata
from typing import Any

from winset.record.conflicts import Conflict, SideShown
from winset.record.proposals import Proposal
from winset.record.proposals_claims import our_words
from winset.record.review import Entry, Review

__all__ = ["entry_dict", "entry_line", "entry_text", "queue_dict", "safe"]

WIDTH = 78
SHOWN = (
    "type",
    "kind",
    "status",
    "participants",
    "parties",
    "place",
    "holder",
    "speaker",
    "addressee",
    "from_party",
    "to_party",
    "role",
    "issue",
    "reported_by",
    "flags",
)
"""Fields of an item that a reviewer sees, in order."""


def safe(text: str) -> str:
    """The text with blanks for line breaks, and control and direction marks written out as <U+202E>."""
    out = []
    for c in text:
        if c in "\n\r\t\u2028\u2029":
            out.append(" ")
        elif unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co"):
            out.append(f"<U+{ord(c):04X}>")
        else:
            out.append(c)
    return "".join(out)


def _wrapped(text: str, indent: str = "  ") -> str:
    return textwrap.fill(
        safe(text), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def summary(proposal: Proposal) -> str:
    """What a proposal says, in our words; where those need more than is known, its bare fields."""
    from winset.core.errors import WinsetError

    try:
        return safe(our_words(proposal))
    except WinsetError:
        return f"{proposal.what} {proposal.item.get('role') or ''}".strip()


def when_shown(date: dict[str, Any] | Any) -> str:
    """A time as read: its value, or its bounds with open ends shown as such."""
    if date["value"]:
        clocks = ", ".join(date.get("local") or ())
        utc = f" = {date['utc']}" if date.get("utc") else ""
        return f"{date['value']}{utc}{f' = {clocks}' if clocks else ''} ({date['basis']})"
    if date["earliest"] or date["latest"]:
        return f"{date['earliest'] or '?'}..{date['latest'] or '?'} ({date['basis']})"
    return f"open ({date['basis']})"


def entry_line(entry: Entry) -> str:
    """One line of the queue."""
    state = f"{entry.decided.verdict} by {entry.decided.by}" if entry.decided is not None else "open"
    if entry.conflict is not None:
        return f"{entry.id}  {state:<18}  {entry.conflict.kind}: {safe(entry.conflict.text)}"
    assert entry.proposal is not None  # noqa: S101
    more = f" (+{len(entry.same)} documents)" if entry.same else ""
    contested = " !" if entry.against else ""
    return f"{entry.id}  {state:<18}  {entry.proposal.what}: {summary(entry.proposal)}{more}{contested}"


def entry_text(entry: Entry) -> str:
    """An entry with its words, and both sides where it is contradicted."""
    if entry.conflict is not None:
        return _conflict(entry.conflict)
    assert entry.proposal is not None  # noqa: S101
    parts = [_proposal(entry.proposal)]
    for other in entry.same:
        parts.append(f"  The same event in {safe(other.document)}:")
        parts.append(_quoted(other))
    for link in entry.links:
        other_id = link.b if link.a == entry.id else link.a
        parts.append(f"  {link.kind}: {other_id} ({safe(link.why)})")
    for conflict in entry.against:
        parts.append(_conflict(conflict))
    return "\n".join(parts)


def _proposal(proposal: Proposal) -> str:
    item = proposal.item
    lines = [f"{proposal.id}  {proposal.what}", _wrapped(summary(proposal))]
    if "date" in item:
        lines.append(_wrapped(f"when: {when_shown(item['date'])}"))
    for name in SHOWN:
        if item.get(name):
            value = item[name]
            lines.append(_wrapped(f"{name}: {'; '.join(value) if isinstance(value, list) else value}"))
    lines.append(
        f"  in {safe(proposal.document)} ({safe(proposal.file)}), published {when_shown(proposal.published)}:"
    )
    lines.append(_quoted(proposal))
    return "\n".join(lines)


def _quoted(proposal: Proposal) -> str:
    at, text = proposal.quote_at, proposal.context
    quote = proposal.quote
    before, after = text[max(0, at - 120) : at], text[at + len(quote) : at + len(quote) + 120]
    return _wrapped(f"...{before.lstrip()}>>>{quote}<<<{after.rstrip()}...", indent="    | ")


def _conflict(conflict: Conflict) -> str:
    lines = [f"{conflict.id}  {conflict.kind}", _wrapped(conflict.text)]
    sides = [("a", conflict.a), ("b", conflict.b)]
    lines += [_side(name, side) for name, side in sides if side is not None]
    return "\n".join(lines)


def _side(name: str, side: SideShown) -> str:
    at = f" [{side.proposal}]" if side.proposal else ""
    return f"  ({name}) {safe(side.document)}{at}: {safe(side.says)}\n" + _wrapped(
        f">>>{side.quote.plain or side.quote.text}<<<", "    | "
    )


def entry_dict(entry: Entry) -> dict[str, Any]:
    """An entry as plain data."""
    return {
        "id": entry.id,
        "state": "open" if entry.decided is None else entry.decided.verdict,
        "decided": None
        if entry.decided is None
        else {k: v for k, v in vars(entry.decided).items() if k != "claim"},
        "proposal": None if entry.proposal is None else dataclasses.asdict(entry.proposal),
        "same": [dataclasses.asdict(p) for p in entry.same],
        "links": [dataclasses.asdict(link) for link in entry.links],
        "conflict": None if entry.conflict is None else dataclasses.asdict(entry.conflict),
        "against": [conflict.id for conflict in entry.against],
    }


def queue_dict(review: Review) -> dict[str, Any]:
    """The whole queue as plain data: what is open and what is decided."""
    return {
        "open": len(review.open),
        "decided": len(review.entries) - len(review.open),
        "entries": [entry_dict(entry) for entry in review.entries],
    }
