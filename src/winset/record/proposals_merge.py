"""Which items of different documents tell of one event, which update an earlier one, which documents are copies.

Two items are of one event where family, parties and day (give or take one) agree: on annotated documents that key
never joined two events. Likeness of wording is not used; it joined wrong ones far more often than right ones.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.record.reading.schema import ReadDocument

if TYPE_CHECKING:
    from winset.record.proposals import Proposal

__all__ = ["FAMILIES", "Link", "day_bounds", "groups", "links", "near_duplicates", "signature", "similarity"]

FAMILIES = {"meeting": "meeting", "summit": "meeting", "talks": "meeting"}
SLACK = dt.timedelta(days=1)
"""A day in one city is the next in another, and "on Thursday" may be the day of the talks or of the report."""
WIDEST = dt.timedelta(days=9)
"""A time that may be any day of a longer stretch names no event by itself."""
SLIP = dt.timedelta(days=60)
"""A planned event told later with another day, within this span, is taken to have moved."""
PERMUTATIONS = 128
NEAR = 0.5
"""Share of three-word runs in common from which documents are shown as copies. Two reports of one event share
next to none; one cut to half its length shares half."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A tie between two proposals, or (for `copy`) between two documents."""

    kind: str
    """same, updates (b carries a on), perhaps (to be judged), copy."""
    a: str
    b: str
    why: str


def day_bounds(date: dict[str, Any] | Any) -> tuple[dt.date, dt.date] | None:
    """First and last day of a time as read, or None where one of them is open."""
    first, last = date["earliest"], date["latest"]
    if not first or not last:
        return None
    try:
        return dt.date.fromisoformat(str(first)[:10]), dt.date.fromisoformat(str(last)[:10])
    except ValueError:
        return None


def _family(kind: str) -> str:
    return FAMILIES.get(kind, kind)


def links(proposals: Sequence[Proposal]) -> tuple[Link, ...]:
    """Ties between events of different documents; each pair at most once, the earlier document first."""
    found: list[Link] = []
    events = [p for p in proposals if p.what == "event" and p.item["parties"]]
    by_key: dict[tuple[str, tuple[str, ...]], list[Proposal]] = {}
    for event in events:
        key = (_family(event.item["type"]), tuple(sorted(event.item["parties"])))
        by_key.setdefault(key, []).append(event)
    for group in by_key.values():
        for i, first in enumerate(group):
            for second in group[i + 1 :]:
                if first.sha256 == second.sha256:
                    continue
                link = _tie(first, second)
                if link is not None:
                    found.append(link)
    return tuple(found)


def _tie(first: Proposal, second: Proposal) -> Link | None:
    one, two = day_bounds(first.item["date"]), day_bounds(second.item["date"])
    if len(first.item["parties"]) < 2 and not set(first.item["participants"]) & set(second.item["participants"]):
        # One side alone (a statement, a visit) needs a person in common.
        return None
    if one is not None and two is not None and one[1] - one[0] <= WIDEST and two[1] - two[0] <= WIDEST:
        if one[0] - SLACK <= two[1] and two[0] - SLACK <= one[1]:
            exact = first.item["date"].get("utc"), second.item["date"].get("utc")
            told = " at the same instant" if exact[0] and exact[0] == exact[1] else ""
            return Link(kind="same", a=first.id, b=second.id, why=f"same kind, parties and day{told}")
        earlier, later = (first, second) if _told(first) <= _told(second) else (second, first)
        days = day_bounds(earlier.item["date"]), day_bounds(later.item["date"])
        ahead = earlier.item["status"] in ("planned", "expected") and _told(earlier) < _told(later)
        if (
            ahead
            and days[0] is not None
            and days[1] is not None
            and days[1][0] > days[0][1]
            and days[1][0] - days[0][1] <= SLIP
        ):
            people = set(earlier.item["participants"]), set(later.item["participants"])
            if people[0] & people[1] or not (people[0] and people[1]):
                return Link(
                    kind="updates",
                    a=earlier.id,
                    b=later.id,
                    why=f"planned for {days[0][0]}, later told for {days[1][0]}",
                )
        return None
    if one is not None and two is not None and one[0] <= two[1] and two[0] <= one[1]:
        return Link(kind="perhaps", a=first.id, b=second.id, why="same kind and parties; the days are wide")
    return None


def _told(proposal: Proposal) -> str:
    return str(proposal.published.get("earliest") or "")[:10]


def groups(proposals: Sequence[Proposal], ties: Sequence[Link]) -> dict[str, str]:
    """Proposal id -> id of the first of those that tell of the same event (itself, where it stands alone)."""
    order = {proposal.id: n for n, proposal in enumerate(proposals)}
    parent = {proposal.id: proposal.id for proposal in proposals}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for link in ties:
        if link.kind == "same" and link.a in parent and link.b in parent:
            one, two = sorted((root(link.a), root(link.b)), key=lambda name: order[name])
            parent[two] = one
    return {name: root(name) for name in parent}


_WORD = re.compile(r"\w+")
_SEEDS = np.random.default_rng(20250424).integers(1, 1 << 63, PERMUTATIONS, dtype=np.uint64)


def _mixed(values: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of the input moves every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def signature(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """MinHash of the three-word runs of a text (Broder 1997), as `PERMUTATIONS` numbers."""
    words = _WORD.findall(text.casefold())[:20_000]
    runs = {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
    hashes = np.array(sorted({zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs}), dtype=np.uint64)
    lowest: np.ndarray[tuple[int], np.dtype[np.uint64]] = _mixed(hashes[None, :] ^ _SEEDS[:, None]).min(axis=1)
    return lowest


def similarity(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    """Estimated share of runs in common (Jaccard), standard error at most 0.045."""
    return float(np.mean(a == b))


def near_duplicates(documents: Sequence[ReadDocument]) -> tuple[Link, ...]:
    """Pairs of documents of which one is largely a copy of the other. Only claim-bearing text is compared."""
    kept = [d for d in documents if d.sentences]
    if len(kept) < 2:
        return ()
    marks = np.stack([signature(" ".join(s.text for s in d.sentences)) for d in kept])
    found = []
    for i, document in enumerate(kept[:-1]):
        alike = np.mean(marks[i + 1 :] == marks[i], axis=1)
        for j in np.flatnonzero(alike >= NEAR):
            other = kept[i + 1 + int(j)]
            found.append(
                Link(
                    kind="copy",
                    a=document.id,
                    b=other.id,
                    why=f"about {100 * float(alike[j]):.0f}% of their three-word runs are the same",
                )
            )
    return tuple(found)
