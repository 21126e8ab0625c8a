"""The words under a picture: what its numbers are, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence

from winset.brief.content import BriefContent, Finding
from winset.brief.findings import References, package_title
from winset.brief.formats import stated

__all__ = ["facts", "source_line"]


def facts(content: BriefContent, several: Sequence[Finding]) -> str:
    """What some numbers are held against, by title, then unit, horizon, baseline, closure, elasticities."""
    held = dict.fromkeys(package_title(content, f.against) for f in several if f.against)
    against = f"Held against: {' / '.join(held)}. " if held else ""
    return against + stated(several, against=False)


def source_line(content: BriefContent, several: Sequence[Finding]) -> str:
    """Source line with the marks of the annex: Source: Winset, run-1a2b; claims C1, C3; assumption A2."""
    references = References(content).of(*several)
    run = str(content.manifest.get("id", ""))
    parts = [f"Winset, {run}" if run and any(r.mark == "R" for r in references) else "Winset"]
    for kind, word in (("claim-", "claim"), ("assumption-", "assumption")):
        marks = [r.mark for r in references if r.anchor.startswith(kind)]
        if marks:
            many = len(marks) > 1 or "–" in marks[0]
            parts.append(f"{word}{'s' if many else ''} {', '.join(marks)}")
    return f"Source: {'; '.join(parts)}."
