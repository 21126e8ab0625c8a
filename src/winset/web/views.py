"""What the page shows of a case before anything is computed: plain data for JSON, nothing of the model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from winset.core.errors import RequestError, WinsetError
from winset.core.provenance import version
from winset.documents.sources import Document, Documents, load_documents
from winset.package.bargain_sheet import BargainSheet, LeverSheet, SetTariff
from winset.package.case import Case
from winset.record.claims import Claim, Contradiction, Side, Term
from winset.record.ledger import Record
from winset.record.proposals import PROPOSALS, Proposal, load_proposals
from winset.record.rendering import quantity_text, when_text
from winset.record.timeline import TermShown, state_of_play

__all__ = ["Views", "open_levers"]


def open_levers(case: Case, sheet: BargainSheet) -> list[LeverSheet]:
    """The levers that belong to talks of the bargaining parties of the case."""
    return [lever for lever in sheet.levers if set(lever.parties or case.parties) <= set(case.parties)]


class Views:
    """Views of one case, made when they are first asked for."""

    def __init__(self, case: Case, sheet: BargainSheet | None) -> None:
        self.case, self.sheet = case, sheet

    # ------------------------------------------------------------------ the case

    def case_data(self) -> dict[str, Any]:
        """Parties, packages, levers, presets, conditions: all that the page needs to draw its controls."""
        sheet, case = self.case.sheet, self.case
        against = self.sheet.disagreement if self.sheet else sheet.headline.against
        return {
            "schema": "winset/case/1",
            "winset": version(),
            "name": sheet.name,
            "title": sheet.title,
            "summary": sheet.summary,
            "period": {"start": sheet.period.start.isoformat(), "end": sheet.period.end.isoformat()},
            "parties": [{"code": p.code, "name": p.name, "role": p.role} for p in sheet.parties],
            "model": {
                "baseline": sheet.model.baseline,
                "closure": sheet.model.closure,
                "elasticities": sheet.model.elasticities,
                "elasticity_sets": list(sheet.model.elasticity_sets),
                "horizon_years": sheet.horizon.years,
            },
            "packages": [
                {
                    "name": p.name, "title": p.title, "date": p.date.isoformat(), "status": p.status,
                    "summary": p.summary, "citation": list(p.citation),
                }
                for p in case.packages.values()
            ],
            "headline": sheet.headline.package,
            "against": against,
            "leaves_out": list(sheet.leaves_out),
            "builder": self._builder(),
            "why_no_builder": ""
            if self.sheet
            else "This case has no bargain.yaml, so no number of a package is open.",
        }  # fmt: skip

    def _builder(self) -> dict[str, Any] | None:
        if self.sheet is None:
            return None
        sheet = self.sheet
        levers = open_levers(self.case, sheet)
        base = {lever.id: lever.value for lever in levers}
        presets = [{"id": sheet.base, "kind": "package", "label": self.case.package(sheet.base).title, "at": base}]
        if sheet.no_deal:
            stands = base | {k: v for k, v in sheet.no_deal.items() if k in base}
            presets.append({"id": "no-deal", "kind": "no-deal", "label": "No deal on the levers", "at": stands})
        for offer in sheet.offers:
            at = base | {k: v for k, v in offer.at.items() if k in base}
            presets.append({"id": offer.id, "kind": "offer", "label": offer.label, "at": at, "by": offer.by,
                            "date": offer.date.isoformat(), "citation": list(offer.citation)})  # fmt: skip
        return {
            "base": sheet.base,
            "levers": [
                {
                    "id": one.id, "label": one.label, "unit": one.unit, "low": one.low, "high": one.high,
                    "value": one.value, "why": one.why,
                    "issue": "tariffs" if any(isinstance(t, SetTariff) for t in one.sets) else "money",
                }
                for one in levers
            ],
            "presets": presets,
            "ratifiers": [
                {
                    "id": one.id, "party": one.party, "label": one.label, "why": one.why,
                    "citation": list(one.citation), "at_least": one.at_least, "at_most": one.at_most,
                }
                for one in sheet.ratifiers
                if one.party in self.case.parties
            ],
            "limits_in_words": list(sheet.limits_in_words),
        }  # fmt: skip

    # ------------------------------------------------------------------ the record

    @cached_property
    def record(self) -> Record | None:
        """The record, or None for a case that keeps none."""
        if not (self.case.folder / "record.jsonl").is_file():
            return None
        return self.case.record

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """What claims cite."""
        path = self.case.folder / "documents" / "documents.yaml"
        return load_documents(self.case.folder) if path.is_file() else Documents(file=str(path))

    @cached_property
    def quotes(self) -> Mapping[str, Proposal]:
        """The words behind claims that came from the case's own documents, by id of the claim."""
        if not (self.case.folder / PROPOSALS).is_file():
            return {}
        try:
            return {one.id: one for one in load_proposals(self.case.folder)[0]}
        except WinsetError:
            # The review queue says what is wrong with the file; the record stands without it.
            return {}

    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day on which a view of the record differs."""
        if self.record is None or not len(self.record):
            return self.case.sheet.period.start, self.case.sheet.period.end
        known = [claim.known for claim in self.record]
        return min(known), max(known)

    def play(self, on: dt.date | None) -> dict[str, Any]:
        """The state of play as of a day, each entry with its citation and, where the words are here, its quote."""
        first, last = self.days()
        day = on or last
        if not dt.date(1900, 1, 1) <= day <= dt.date(2200, 1, 1):
            raise RequestError(f"{day} is no day of any record", remedy=f"Ask for {first} to {last}")
        head = {
            "schema": "winset/state-of-play/1", "winset": version(), "on": day.isoformat(),
            "first": first.isoformat(), "last": last.isoformat(),
        }  # fmt: skip
        if self.record is None:
            empty: dict[str, Any] = {key: [] for key in (
                "in_force", "on_table", "ended", "deadlines", "planned", "events", "positions", "contradictions",
            )}  # fmt: skip
            return {**head, **empty, "sources": {}, "why_empty": "This case has no record.jsonl."}
        state = state_of_play(self.record, day)
        cited: dict[str, Any] = {}
        return {
            **head,
            "in_force": [self._term(t, cited) for t in state.in_force],
            "on_table": [self._term(t, cited) for t in state.on_table],
            "ended": [self._term(t, cited) for t in state.ended],
            "deadlines": [
                {**self._claim(d.claim, cited), "status": d.status, "due": d.due.isoformat()}
                for d in state.deadlines
            ],
            "planned": [self._claim(e, cited) for e in state.planned],
            "events": [self._claim(e, cited) for e in state.events],
            "positions": [
                {**self._claim(p, cited), "holder": p.holder, "type": p.type} for p in state.positions
            ],
            "contradictions": [
                {
                    **self._claim(c.claim, cited), "open": c.open, "reading": c.reading,
                    "a": self._version(c.claim.a, cited), "b": self._version(c.claim.b, cited),
                }
                for c in state.contradictions
                if isinstance(c.claim, Contradiction)
            ],
            "sources": cited,
            "why_empty": "",
        }  # fmt: skip

    def claims(self, ids: list[str]) -> list[dict[str, Any]]:
        """Claims by id, with their sources beside them; ids that the record lacks are left out."""
        if self.record is None:
            return []
        by_id = {claim.id: claim for claim in self.record}
        found = []
        for name in ids:
            if name in by_id:
                cited: dict[str, Any] = {}
                found.append({**self._claim(by_id[name], cited), "sources_of": cited})
        return found

    def _claim(self, claim: Claim, cited: dict[str, Any]) -> dict[str, Any]:
        for name in claim.documents:
            self._cite(name, cited)
        data: dict[str, Any] = {
            "id": claim.id,
            "text": claim.text,
            "when": when_text(claim.date),
            "day": claim.date.last.isoformat(),
            "issue": claim.issue,
            "parties": list(claim.parties),
            "sources": list(claim.documents),
            "confidence": claim.confidence,
            "note": claim.note,
        }
        proposal = self.quotes.get(claim.id)
        if proposal is not None:
            data["quote"] = proposal.quote
            data["context"] = proposal.context
        return data

    def _term(self, shown: TermShown, cited: dict[str, Any]) -> dict[str, Any]:
        term: Term = shown.claim
        return {
            **self._claim(term, cited),
            "issue": shown.issue,
            "on": shown.on,
            "status": shown.status,
            "role": term.role,
            "from": term.from_party,
            "to": term.to_party,
            "by": term.by,
            "quantity": quantity_text(term.quantity),
            "stacking": term.stacking,
            "authority": term.authority,
            "since": term.effective.since.isoformat() if term.effective.since else None,
            "until": term.effective.until.isoformat() if term.effective.until else None,
            "losers": [
                {**self._claim(one.claim, cited), "quantity": quantity_text(one.claim.quantity),
                 "status": one.claim.status, "why": one.why}
                for one in shown.losers
            ],
        }  # fmt: skip

    def _version(self, side: Side, cited: dict[str, Any]) -> dict[str, Any]:
        for name in side.documents:
            self._cite(name, cited)
        words = [self.quotes[name].quote for name in side.claims if name in self.quotes]
        return {"text": side.text, "by": side.by, "claims": list(side.claims), "sources": list(side.documents),
                "quotes": words}  # fmt: skip

    def _cite(self, name: str, cited: dict[str, Any]) -> None:
        document = self.documents.get(name)
        if name in cited or document is None:
            return
        published = document.published
        cited[name] = {
            "title": document.title,
            "publisher": document.publisher,
            "published": published.by.isoformat(),
            "exact": published.value is not None,
            "url": document.url,
            "file": document.file,
            "kind": document.kind,
        }
