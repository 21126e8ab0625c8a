"""A valuation as JSON-ready data, schema `winset/value/1`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.core.provenance import version
from winset.valuation.account import (
    Band,
    BranchAccount,
    BreakEven,
    DrawSummary,
    Driver,
    Line,
    Memo,
    PackageAccount,
    PartyAccount,
    SectorChange,
    YearValue,
)
from winset.valuation.value import Valuation

__all__ = ["account_data", "value_document"]


def value_document(valuation: Valuation, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The whole result of `winset value`."""
    return {
        "schema": "winset/value/1",
        "winset": version(),
        "manifest": dict(manifest),
        "baseline": valuation.baseline,
        "closure": valuation.closure,
        "elasticities": {"central": valuation.elasticities, "sets": list(valuation.elasticity_sets)},
        "bands": "lowest and highest over the elasticity sets and the stated ranges of assumptions",
        "draws": {
            "count": valuation.draws,
            "seed": valuation.seed,
            "meaning": "shares of draws: elasticity sets equally likely, ranges triangles on low, value, high",
        },
        "without": list(valuation.without),
        "retaliation": dict(valuation.retaliation),
        "residual": valuation.worst_residual,
        "packages": [account_data(account) for account in valuation.accounts],
        "against_table": [
            {
                "name": account.name,
                "against": account.against,
                "background": account.background,
                "parties": {
                    code: {**_band(party.net), "unit": party.lines[0].unit, "draws": _draws(party.draws)}
                    for code, party in account.parties.items()
                },
            }
            for account in valuation.against_table
        ],
    }


def account_data(account: PackageAccount) -> dict[str, Any]:
    """One package against another."""
    return {
        "name": account.name,
        "against": account.against,
        "background": account.background,
        "parties": {code: _party(party) for code, party in account.parties.items()},
        "branches": [_branch(one) for one in account.branches],
    }


def _party(party: PartyAccount) -> dict[str, Any]:
    political = None
    if party.political is not None:
        political = _band(party.political) | {
            "unit": party.lines[0].unit,
            "meaning": "sectors weighted by the case's judgement; beside the economic net, not welfare",
        }
    return {
        "net": _band(party.net) | {"unit": party.lines[0].unit},
        "lines": [_line(line) for line in party.lines],
        "draws": _draws(party.draws),
        "drivers": [_driver(one) for one in party.drivers],
        "years": [_year(one) for one in party.years],
        "break_evens": [_break_even(one) for one in party.break_evens],
        "political": political,
        "places": [
            {
                "name": place.name,
                "value_added": _band(place.value_added),
                "political_weight": place.weight,
                "meaning": "approximation: each sector's change times the place's share of the sector",
            }
            for place in party.places
        ],
        "memos": [_memo(memo) for memo in party.memos],
        "by_elasticity_set": dict(party.by_set),
        "sectors": [_sector(one) for one in party.sectors],
    }


def _band(band: Band) -> dict[str, Any]:
    return {"value": band.value, "low": band.low, "high": band.high}


def _draws(found: DrawSummary | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "count": found.count,
        "quantiles": {str(q): value for q, value in found.quantiles.items()},
        "gains": found.gains,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "label": line.label,
        **_band(line.band),
        "unit": line.unit,
        "horizon": line.horizon,
        "basis": line.basis,
        "rests_on": list(line.rests_on),
        "status": line.status,
        "draws": _draws(line.draws),
    }


def _memo(memo: Memo) -> dict[str, Any]:
    return {
        "id": memo.id,
        "label": memo.label,
        **_band(memo.band),
        "unit": memo.unit,
        "horizon": memo.horizon,
        "rests_on": list(memo.rests_on),
    }


def _driver(one: Driver) -> dict[str, Any]:
    return {"id": one.id, "label": one.label, "at_low": one.at_low, "at_high": one.at_high, "share": one.share}


def _year(one: YearValue) -> dict[str, Any]:
    return {"year": one.year, **_band(one.value), "discounted": one.discounted}


def _break_even(one: BreakEven) -> dict[str, Any]:
    low, high = one.tried
    return {
        "id": one.id,
        "label": one.label,
        "value": one.value,
        "unit": one.unit,
        # JSON knows no infinity: an open end is null.
        "tried": [low, None if high == float("inf") else high],
        "assumed": one.assumed,
        "why": one.why,
        "draws": None
        if one.draws is None
        else {"count": one.draws.count, "quantiles": {str(q): v for q, v in one.draws.quantiles.items()}},
        "rests_on": list(one.rests_on),
    }


def _branch(one: BranchAccount) -> dict[str, Any]:
    return {"label": one.label, "probability": one.probability, "net": dict(one.net)}


def _sector(one: SectorChange) -> dict[str, Any]:
    return {
        "sector": one.sector,
        "name": one.name,
        "output_percent": _band(one.output),
        "exports_percent": dict(one.exports_to),
        "exports_to_all_percent": one.exports,
        "value_added": _band(one.value_added),
        "political_weight": one.weight,
    }
