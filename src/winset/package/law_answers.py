"""The answer to "which rate applied?": a number with its parts and sources, or unknown with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from winset.package.law_rules import Hit
from winset.package.law_schema import Kind

__all__ = ["RateAnswer", "RatePart", "compose", "unknown"]


@dataclass(frozen=True, kw_only=True)
class RatePart:
    """One duty of several."""

    authority: str
    rate: float
    """Percent."""
    kind: Kind
    since: dt.date
    until: dt.date | None
    """Last day in force; None where no end is known."""
    citation: str
    good: str = ""
    """The good by whose name the row applies (a parent, or `everything-else`, of the one asked for)."""
    action: str = ""
    coverage: float = 1.0
    """Share of the line's value that the duty hits."""
    confidence: str = "medium"
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data; what is empty is left out."""
        body: dict[str, Any] = {
            "authority": self.authority,
            "rate": self.rate,
            "since": self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "citation": self.citation,
            "kind": self.kind,
            "good": self.good,
            "confidence": self.confidence,
        }
        for key in ("action", "note"):
            if getattr(self, key):
                body[key] = getattr(self, key)
        if self.coverage != 1:
            body["coverage"] = self.coverage
        return body


@dataclass(frozen=True, kw_only=True)
class RateAnswer:
    """A rate in percent, or None and the reason."""

    on: dt.date
    rate: float | None
    """Percent. `additional`: on top of the normal duty. `total`: all that is paid."""
    kind: Kind | None = None
    parts: tuple[RatePart, ...] = ()
    why: str = ""
    """Why the rate is unknown."""
    last_seen: dt.date | None = None
    """Set where the day asked for lies beyond the last day that the sources reach."""

    def as_json(self) -> dict[str, Any]:
        """`{rate, unit, kind, parts}` or `{rate: null, why}`."""
        if self.rate is None:
            return {"rate": None, "why": self.why}
        body: dict[str, Any] = {
            "rate": self.rate,
            "unit": "percent",
            "kind": self.kind,
            "parts": [part.as_json() for part in self.parts],
        }
        if self.last_seen is not None:
            body["last_seen"] = self.last_seen.isoformat()
        return body


def unknown(on: dt.date, why: str) -> RateAnswer:
    """No rate, and why."""
    return RateAnswer(on=on, rate=None, why=why)


def compose(on: dt.date, chosen: Sequence[Hit], *, last_seen: dt.date | None) -> RateAnswer:
    """Add up the duties that apply: additional ones add; a total one takes in the normal duty.

    Of several totals the highest is paid, since each is a floor under the same duty.
    """
    totals = [hit.entry.rate for hit in chosen if hit.entry.kind == "total"]
    added = sum(hit.entry.rate for hit in chosen if hit.entry.kind == "additional")
    return RateAnswer(
        on=on,
        rate=(max(totals) if totals else 0.0) + added,
        kind="total" if totals else "additional",
        parts=tuple(
            RatePart(
                authority=entry.authority,
                rate=entry.rate,
                kind=entry.kind,
                since=entry.since,
                until=entry.until,
                citation=entry.citation,
                good=entry.good,
                action=entry.action,
                coverage=entry.coverage.share,
                confidence=entry.confidence,
                note=entry.note,
            )
            for entry, _ in chosen
        ),
        last_seen=last_seen,
    )
