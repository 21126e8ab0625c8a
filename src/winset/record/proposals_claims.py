"""A proposal as a claim of the record: the document's words stay with the proposal, the claim says it in ours.

Nothing is made up on the way. What the record needs and the document does not say (a day where there is none, a
giver, the kind of a position) must come from the analyst, and the error names the field to set.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from winset.core.casefile import Located, validate
from winset.core.errors import RequestError
from winset.core.names import known
from winset.documents.sources import Documents
from winset.record.claims import CLAIM_KINDS, Claim
from winset.record.proposals import Proposal
from winset.record.proposals_merge import day_bounds
from winset.record.reading.names import word_set

__all__ = ["FIELDS", "claim_of", "our_words"]

FIELDS = {
    "text": "our own words",
    "date": "the day (YYYY-MM-DD) it happened, was said or took effect",
    "earliest": "first possible day",
    "latest": "last possible day",
    "known": "the day from which a view of the past may see it",
    "track": "the line of talks it belongs to",
    "issue": "what it is about",
    "type": "event: meeting, call, visit, summit, statement, letter, signing, ...; position: demand, offer, ...",
    "status": "planned, occurred, cancelled, negated; demanded, offered, agreed, in_force; pending, moved ...",
    "participants": "persons, separated by semicolons",
    "parties": "ISO codes, separated by commas",
    "place": "where",
    "holder": "whose position it is",
    "from": "who imposes, owes or gives (ISO code)",
    "to": "whom it falls on, or who gets it (ISO code)",
    "role": "what a quantity is",
    "value": "the number",
    "unit": "its unit in words",
    "since": "first day a term is in force",
    "updates": "the earlier claim that this one carries on",
    "confidence": "high, medium or low",
    "note": "what a reader should know",
}
"""What a correction may set."""
_EVENT_TYPES = {"agreement": "announcement", "briefing": "meeting", "talks": "meeting"}
_EVENT_STATUS = {"expected": "planned", "ongoing": "occurred"}


def claim_of(
    proposal: Proposal, documents: Documents, *, changes: Mapping[str, str], also: tuple[str, ...] = ()
) -> Claim:
    """The claim that accepting a proposal adds to the record, with the analyst's `changes`.

    `also`: further documents that tell of the same event. Raises `RequestError` where something is missing.
    """
    for name in changes:
        known(name, FIELDS, "field")
    if proposal.document not in documents:
        raise RequestError(
            f"{proposal.document!r} ({proposal.file}) is not in documents.yaml, so no claim can cite it",
            why="The record shows publisher, day and address beside each claim",
            remedy=f"Add it there with 'file: {proposal.file}' and when it was published (or bounds)",
        )
    document = documents[proposal.document]
    data: dict[str, Any] = {
        "kind": proposal.what,
        "id": proposal.id,
        "known": changes.get("known") or document.published.by.isoformat(),
        "known_basis": "document",
        "track": _slug(changes.get("track", "talks")),
        "issue": _slug(changes.get("issue") or _issue(proposal)),
        "source": proposal.document,
        "also": [name for name in also if name != proposal.document and name in documents],
        "confidence": changes.get("confidence") or _confidence(proposal, changes),
        "note": changes.get("note", ""),
    }
    if "updates" in changes:
        data["updates"] = changes["updates"]
    if "known" in changes and not _in_bounds(changes["known"], document.published.since, document.published.by):
        data["known_basis"] = "public-act"
    _OF[proposal.what](proposal, changes, data)
    if proposal.what != "deadline" or "date" not in data:
        data.setdefault("date", _when(proposal, changes, document.published.since, document.published.by))
    parties = _listed(changes["parties"], ",") if "parties" in changes else _parties(proposal)
    data["parties"] = parties
    data["text"] = changes.get("text") or our_words(proposal, changes)
    located = Located(data=data, file=f"proposal {proposal.id}", lines={})
    return validate(CLAIM_KINDS[proposal.what], located)


def _in_bounds(day: str, since: dt.date | None, by: dt.date) -> bool:
    value = _day(day, "known")
    return value <= by and (since is None or value >= since)


def _day(text: str, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise RequestError(f"{name}: {text!r} is not a day", remedy="Write it as 2025-07-31") from error


def _when(proposal: Proposal, changes: Mapping[str, str], since: dt.date | None, by: dt.date) -> dict[str, Any]:
    """The time of the claim: of the event, or (for what was said) of the document."""
    given = _given(changes)
    if given is not None:
        return given
    if proposal.what in ("position", "term"):
        # Said at the latest when the document appeared; when exactly, the document does not tell.
        if since == by:
            return {"value": by.isoformat(), "basis": "inferred"}
        if since is not None:
            return {"earliest": since.isoformat(), "latest": by.isoformat(), "basis": "unknown"}
        raise _no_day(proposal, "the document's own day is open")
    bounds = day_bounds(proposal.item["date"])
    if bounds is None:
        raise _no_day(proposal, "the words give no day")
    return _bounds(bounds, proposal)


def _bounds(bounds: tuple[dt.date, dt.date], proposal: Proposal) -> dict[str, Any]:
    basis = "stated" if proposal.item["date"]["basis"] == "stated" else "inferred"
    if bounds[0] == bounds[1]:
        return {"value": bounds[0].isoformat(), "basis": basis}
    return {"earliest": bounds[0].isoformat(), "latest": bounds[1].isoformat(), "basis": "unknown"}


def _given(changes: Mapping[str, str]) -> dict[str, Any] | None:
    if "date" in changes:
        return {"value": _day(changes["date"], "date").isoformat(), "basis": "stated"}
    if "earliest" in changes or "latest" in changes:
        if not {"earliest", "latest"} <= set(changes):
            raise RequestError("a time without a day needs both 'earliest' and 'latest'")
        first, last = _day(changes["earliest"], "earliest"), _day(changes["latest"], "latest")
        return {"earliest": first.isoformat(), "latest": last.isoformat(), "basis": "unknown"}
    return None


def _no_day(proposal: Proposal, why: str) -> RequestError:
    return RequestError(
        f"{proposal.id} has no day that the record could hold: {why}",
        remedy="Correct it with --set date=YYYY-MM-DD, or with --set earliest=DAY --set latest=DAY",
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.-]+", "-", text.casefold()).strip("-.") or "talks"


def _listed(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]


def _issue(proposal: Proposal) -> str:
    item = proposal.item
    issues = item.get("issues") or [part for part in str(item.get("issue") or "").split("; ") if part]
    return issues[0] if issues else "talks"


def _parties(proposal: Proposal) -> list[str]:
    item = proposal.item
    codes = list(item.get("parties") or ())
    codes += [item.get(key) for key in ("from_party", "to_party", "holder", "addressee")]
    return [
        code
        for code in dict.fromkeys(codes)
        if isinstance(code, str) and re.fullmatch(r"[A-Z]{3}|[A-Z]{2,3}\d\d", code)
    ]


def _confidence(proposal: Proposal, changes: Mapping[str, str]) -> str:
    # One report read by rules and looked at by a person is no more than "medium": high needs a second source.
    return "low" if proposal.item.get("confidence") == "low" and not changes else "medium"


def _event(proposal: Proposal, changes: Mapping[str, str], data: dict[str, Any]) -> None:
    item = proposal.item
    data["type"] = changes.get("type") or _EVENT_TYPES.get(item["type"], item["type"])
    data["status"] = changes.get("status") or _EVENT_STATUS.get(item["status"], item["status"])
    people = _listed(changes["participants"], ";") if "participants" in changes else list(item["participants"])
    data["participants"] = people
    data["place"] = changes.get("place", item["place"] or "")


def _term(proposal: Proposal, changes: Mapping[str, str], data: dict[str, Any]) -> None:
    item, figure = proposal.item, dict(proposal.figure or {})
    data["status"] = changes.get("status") or item["status"]
    if data["status"] == "reported":
        raise RequestError(
            f"{proposal.id}: the words do not tell whether the term is demanded, offered, agreed or in force",
            remedy="Correct it with --set status=STATUS",
        )
    data["quantity"] = _quantity(figure, changes, proposal)
    data["role"] = _slug(changes.get("role") or item["role"])
    for key, name in (("from_party", "from"), ("to_party", "to")):
        party = changes.get(name) or item[key]
        if party is None:
            raise RequestError(
                f"{proposal.id}: the words do not tell {FIELDS[name]}", remedy=f"Correct it with --set {name}=AAA"
            )
        data[key] = party
    thing = _slug(str(figure.get("on") or "")) if figure.get("on") else ""
    data["on"] = [thing] if thing else []
    if "since" in changes:
        data["effective"] = {"since": _day(changes["since"], "since").isoformat()}


def _quantity(figure: Mapping[str, Any], changes: Mapping[str, str], proposal: Proposal) -> dict[str, Any]:
    unit = str(figure.get("unit") or "")
    money = re.fullmatch(r"[A-Z]{3}", unit) is not None
    # The record counts money in millions.
    scale = 1e-6 if money else 1.0
    words = changes.get("unit") or (f"million {unit}" if money else unit)
    if figure.get("per") and "unit" not in changes:
        words += f" a {figure['per']}"
    if "value" in changes:
        try:
            return {"value": float(changes["value"]), "unit": words}
        except ValueError as error:
            raise RequestError(f"value: {changes['value']!r} is not a number") from error
    quantity: dict[str, Any] = {"unit": words, "approx": bool(figure.get("approx"))}
    if figure.get("low") is not None and figure.get("high") is not None:
        quantity |= {"low": figure["low"] * scale, "high": figure["high"] * scale}
    elif figure.get("value") is not None:
        quantity["value"] = figure["value"] * scale
    else:
        raise RequestError(
            f"{proposal.id} has no figure", remedy="Correct it with --set value=NUMBER --set unit=UNIT"
        )
    return quantity


def _deadline(proposal: Proposal, changes: Mapping[str, str], data: dict[str, Any]) -> None:
    item = proposal.item
    status = changes.get("status") or item["status"]
    data["status"] = status
    bounds = day_bounds(item["date"])
    due = _given(changes) or (None if bounds is None else _bounds(bounds, proposal))
    if due is None:
        raise _no_day(proposal, "the deadline is open")
    if status == "moved":
        raise RequestError(
            f"{proposal.id} moves a deadline; the record needs the day it stood at before",
            remedy="Accept it as pending at the new day: --set status=pending --set updates=CLAIM",
        )
    data["due"] = due
    told = day_bounds(proposal.published)
    data["date"] = _bounds_of(told) if told is not None else due


def _bounds_of(bounds: tuple[dt.date, dt.date]) -> dict[str, Any]:
    if bounds[0] == bounds[1]:
        return {"value": bounds[0].isoformat(), "basis": "inferred"}
    return {"earliest": bounds[0].isoformat(), "latest": bounds[1].isoformat(), "basis": "unknown"}


def _position(proposal: Proposal, changes: Mapping[str, str], data: dict[str, Any]) -> None:
    kind = changes.get("type") or proposal.item["kind"]
    if kind == "position":
        raise RequestError(
            f"{proposal.id}: a position of the record is a demand, offer, commitment, red_line, "
            f"expectation or agenda",
            remedy="Correct it with --set type=TYPE",
        )
    data["type"] = kind
    data["holder"] = changes.get("holder") or proposal.item["holder"] or proposal.item["speaker"] or ""
    if not data["holder"]:
        raise RequestError(
            f"{proposal.id}: the words do not tell whose position it is",
            remedy="Correct it with --set holder=NAME",
        )


_THINGS = word_set(
    "pause period truce waiver exemption suspension moratorium quota tariff tariffs duty duties "
    "levy agreement deal ban measure measures order deadline extension sanctions licence license "
    "offer talks negotiations rate rates"
)
_OF = {"event": _event, "term": _term, "deadline": _deadline, "position": _position}


def our_words(proposal: Proposal, changes: Mapping[str, str] | None = None) -> str:
    """A plain sentence of ours for a claim, from its fields alone; no words of the document but names."""
    changes = changes or {}
    item = proposal.item
    if proposal.what == "event":
        people = _listed(changes["participants"], ";") if "participants" in changes else list(item["participants"])
        sides = _listed(changes["parties"], ",") if "parties" in changes else list(item["parties"])
        who = _and(people) or _and(sides)
        kind = (changes.get("type") or item["type"]).replace("_", " ").capitalize()
        status = changes.get("status") or item["status"]
        place = changes.get("place", item["place"] or "")
        between = f" of {who}" if who else ""
        sides_too = f" ({', '.join(sides)})" if people and sides else ""
        return f"{kind}{between}{sides_too}{f' in {place}' if place else ''}, {status}."
    if proposal.what == "term":
        figure = proposal.figure or {}
        quantity = _quantity(figure, changes, proposal)
        from winset.record.fields import Quantity
        from winset.record.rendering import quantity_text

        amount = quantity_text(Quantity.model_validate(quantity))
        role = (changes.get("role") or item["role"]).replace("_", " ")
        ends = f", {changes.get('from') or item['from_party']} to {changes.get('to') or item['to_party']}"
        return f"{role.capitalize()} of {amount}{ends}, {changes.get('status') or item['status']}."
    if proposal.what == "deadline":
        matter = (changes.get("issue") or item["issue"] or "talks").split("; ")[0]
        noun = item["what"].casefold().split()[-1:] or ["term"]
        thing = noun[0] if noun[0] in _THINGS else "term"
        verbs = {"effective": "takes effect", "target": "is meant to be done", "deadline": "runs out"}
        return f"The {thing} ({matter}) {verbs[item['kind']]}; {changes.get('status') or item['status']}."
    holder = changes.get("holder") or item["holder"] or item["speaker"] or "Unknown"
    kind = (changes.get("type") or item["kind"]).replace("_", " ")
    matter = changes.get("issue") or item["issue"] or "the talks"
    towards = f", towards {item['addressee']}" if item["addressee"] else ""
    return f"{holder}: {kind} on {matter}{towards}."


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
