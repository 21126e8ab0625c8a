"""The answer to `winset rate`, as data and as a few lines of text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from winset.package.law import Law

__all__ = ["good_answer", "rate_text", "sector_answer"]


def good_answer(law: Law, importer: str, exporter: str, good: str, on: dt.date) -> dict[str, Any]:
    """Rate on a named good: the JSON of `winset rate`, with what was asked."""
    answer = law.rate(importer, exporter, good, on).as_json()
    return {"importer": importer, "exporter": exporter, "good": good, "on": on.isoformat(), **answer}


def sector_answer(
    law: Law, importer: str, exporter: str, sector: str, on: dt.date, base_rate: float
) -> dict[str, Any]:
    """Average rate on a sector (all duties, percent), from its goods; `base_rate`: normal duty, fraction.

    Unknown where law that may hold on that day, and is not known to, would change the sector's rate.
    """
    asked = {"importer": importer, "exporter": exporter, "sector": sector, "on": on.isoformat()}
    found = law.sector_rate(importer, exporter, sector, on, base_rate)
    if found.unconfirmed:
        why = f"part of this sector falls under law that is not confirmed: {'; '.join(found.unconfirmed)}"
        return {**asked, "rate": None, "why": why}
    parts = [
        {**part, "share": round(good.share, 6)}
        for good in found.goods
        for part in law.rate(importer, exporter, good.good, on).as_json().get("parts", [])
    ]
    return {
        **asked,
        "rate": round(100 * found.rate, 4),
        "unit": "percent",
        "kind": "total",
        "normal_duty": round(100 * found.base_rate, 4),
        "added_by_authority": {name: round(points, 4) for name, points in found.parts},
        "parts": parts,
    }


def rate_text(answer: dict[str, Any]) -> str:
    """For the terminal."""
    what = answer.get("good") or answer.get("sector")
    head = f"{answer['importer']} on {what} from {answer['exporter']}, {answer['on']}: "
    if answer.get("rate") is None:
        return head + f"unknown. {answer['why']}"
    how = "in all" if answer["kind"] == "total" else "on top of the normal duty"
    out = [head + f"{answer['rate']:g} percent {how}"]
    for part in answer["parts"]:
        until = f" until {part['until']}" if part.get("until") else ""
        out.append(f"  {part['authority']}: {part['rate']:g}, since {part['since']}{until}. {part['citation']}")
    return "\n".join(out)
