"""The findings file, and what is not as it was in the version before.

Every finding has an id that stays from version to version, so two versions are compared number by number. A
findings file keeps the numbers of the version before it: the same inputs twice then give the same bytes, since a
second run is held against what the first was held against, and not against the first.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from winset.brief.content import BriefContent, Finding, Since
from winset.brief.findings import findings
from winset.brief.formats import finding_text, like, value_text
from winset.brief.words import Words
from winset.core.errors import UnreadableFileError
from winset.core.provenance import digest

__all__ = ["SCHEMA", "compared", "earlier_of", "findings_document", "parse_findings", "since"]

SCHEMA = "winset/findings/1"
FIELDS = (
    "id", "label", "value", "low", "high", "unit", "horizon", "against", "baseline", "closure", "elasticities",
    "basis", "rests_on",
)  # fmt: skip
MOST = 100_000
"""Findings of a file that is read."""


def compared(content: BriefContent) -> list[Finding]:
    """The numbers that versions are compared by: those of the first pages, and every net."""
    chosen = [
        *content.key_numbers,
        *(f for account in content.accounts for f in account.net),
        *(row.value for row in content.break_evens if row.value),
    ]
    return list({one.id: one for one in chosen}.values())


def findings_document(
    content: BriefContent, settings: Mapping[str, Any], earlier: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Every finding of a brief as plain data, and what it was held against.

    content: in English, so that a file does not depend on the languages asked for. settings: choices of the brief
    itself. earlier: the version before, from `earlier_of`.
    """
    return {
        "schema": SCHEMA,
        "case": str(content.manifest.get("settings", {}).get("case", content.title)),
        "as_of": content.as_of,
        "manifest": dict(content.manifest),
        "settings": dict(settings),
        "compared": [one.id for one in compared(content)],
        "findings": [{name: _plain(getattr(one, name)) for name in FIELDS} for one in findings(content)],
        "earlier": dict(earlier) if earlier else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    # JSON has no NaN: a number that was not computed is null.
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _version(document: Mapping[str, Any]) -> str:
    """What tells one version from another: all that it says but what it was held against."""
    kept = {name: document.get(name) for name in ("manifest", "settings", "findings")}
    return digest(json.dumps(kept, sort_keys=True).encode())


def earlier_of(document: Mapping[str, Any], found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a new version is held against, given the findings file that lies there (or is named).

    Another version: its numbers. The same version again: what that one was held against.
    """
    if found is None:
        return None
    if _version(found) == _version(document):
        kept = found.get("earlier")
        return kept if isinstance(kept, dict) else None
    names = set(found["compared"])
    return {
        "manifest": found["manifest"],
        "settings": found["settings"],
        "findings": [
            {name: one[name] for name in ("id", "label", "value", "low", "high", "unit")}
            for one in found["findings"]
            if one["id"] in names
        ],
    }


def parse_findings(text: str, file: str) -> dict[str, Any]:
    """A findings file, checked. Raises UnreadableFileError for anything else."""

    def refused(why: str) -> UnreadableFileError:
        return UnreadableFileError(
            f"this is not a findings file of a brief: {why}", file=file,
            remedy="Name a .findings.json written by 'winset brief', or move this one away",
        )  # fmt: skip

    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refused("it is not valid JSON") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise refused(f"its schema is not {SCHEMA}")
    if not isinstance(found.get("manifest"), dict) or not isinstance(found.get("settings"), dict):
        raise refused("it has no manifest")
    if not isinstance(found.get("compared"), list):
        raise refused("it does not say what is compared")
    found["compared"] = [str(one) for one in found["compared"]]
    for holder in (found, found.get("earlier")):
        if holder is None:
            continue
        if not isinstance(holder, dict) or not isinstance(holder.get("manifest"), dict):
            raise refused("the version before it has no manifest")
        several = holder.get("findings")
        if not isinstance(several, list) or len(several) > MOST:
            raise refused("it has no list of findings")
        if not all(_is_finding(one) for one in several):
            raise refused("one of its findings lacks an id, a label, a unit or a number")
    return found


def _is_finding(one: object) -> bool:
    return (
        isinstance(one, dict)
        and all(isinstance(one.get(name), str) for name in ("id", "label", "unit"))
        and all(
            name in one
            and (one[name] is None or (isinstance(one[name], (int, float)) and not isinstance(one[name], bool)))
            for name in ("value", "low", "high")
        )
    )


def since(content: BriefContent, earlier: Mapping[str, Any] | None, settings: Mapping[str, Any]) -> Since:
    """What is not as it was, in the language of the content; a difference that is not printed is none."""
    if earlier is None:
        return Since(version="")
    was = {one["id"]: one for one in earlier["findings"]}
    now = {one.id: one for one in compared(content)}
    moved = []
    for id, one in now.items():
        if id in was:
            old = _number(was[id]["value"])
            if like(old, one) != value_text(one):
                low, high = (_number(was[id][end]) for end in ("low", "high"))
                moved.append((one, finding_text(replace(one, value=old, low=low, high=high))))
    return Since(
        version=str(earlier["manifest"].get("id", "?")),
        inputs=tuple(_differences(earlier, content.manifest, settings, Words(content.language))),
        moved=tuple(moved),
        gone=tuple(str(one["label"]) for id, one in was.items() if id not in now),
        added=tuple(one for id, one in now.items() if id not in was),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _differences(
    earlier: Mapping[str, Any], manifest: Mapping[str, Any], settings: Mapping[str, Any], words: Words
) -> list[str]:
    """Which inputs, settings and versions differ."""
    before = _flat({**earlier["manifest"], "brief": earlier.get("settings") or {}})
    now = _flat({**manifest, "brief": settings})
    told = []
    for name in sorted(before.keys() | now.keys()):
        if name == "id" or before.get(name) == now.get(name):
            continue
        shown = name.removeprefix("inputs.").removeprefix("settings.").removeprefix("brief.")
        if name not in before:
            told.append(words("{name} (new)", name=shown))
        elif name not in now:
            told.append(words("{name} (gone)", name=shown))
        elif name.startswith("inputs."):
            told.append(shown)
        else:
            told.append(
                words("{name} ({before} before, {now} now)", name=shown, before=before[name], now=now[name])
            )
    return told


def _flat(value: Any, name: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, one in value.items():
            found |= _flat(one, f"{name}.{key}" if name else str(key))
        return found
    return {name: json.dumps(value, sort_keys=True) if isinstance(value, (list, dict)) else str(value)}
