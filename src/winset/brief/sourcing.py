"""The words under a picture: what its numbers are, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence

from winset.brief.content import BriefContent, Finding
from winset.brief.findings import References, package_title
from winset.brief.formats import stated
from winset.brief.words import Words

__all__ = ["facts", "source_line"]


def facts(content: BriefContent, several: Sequence[Finding]) -> str:
    """What some numbers are held against, by title, then unit, horizon, baseline, closure, elasticities."""
    held = dict.fromkeys(package_title(content, f.against) for f in several if f.against)
    words = Words(content.language)
    against = words("Held against: {packages}. ", packages=" / ".join(held)) if held else ""
    return against + stated(several, against=False)


def source_line(content: BriefContent, several: Sequence[Finding]) -> str:
    """Source line with the marks of the annex: Source: Winset, run-1a2b; claims C1, C3; assumption A2."""
    words = Words(content.language)
    references = References(content).of(*several)
    run = str(content.manifest.get("id", ""))
    parts = [f"Winset, {run}" if run and any(r.mark == "R" for r in references) else "Winset"]
    claims = [r.mark for r in references if r.anchor.startswith("claim-")]
    if claims:
        one = len(claims) == 1 and "–" not in claims[0]
        marks = ", ".join(claims)
        parts.append(words("claim {marks}", marks=marks) if one else words("claims {marks}", marks=marks))
    assumed = [r.mark for r in references if r.anchor.startswith("assumption-")]
    if assumed:
        one = len(assumed) == 1 and "–" not in assumed[0]
        marks = ", ".join(assumed)
        parts.append(
            words("assumption {marks}", marks=marks) if one else words("assumptions {marks}", marks=marks)
        )
    return words("Source: {parts}.", parts="; ".join(parts))
