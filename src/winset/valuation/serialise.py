"""A valuation as JSON-ready data, schema `winset/value/1`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.core.provenance import version
from winset.valuation.account import Band, Line, Memo, PackageAccount
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
        "residual": valuation.worst_residual,
        "packages": [account_data(account) for account in valuation.accounts],
    }


def account_data(account: PackageAccount) -> dict[str, Any]:
    """One package against another."""
    return {
        "name": account.name,
        "against": account.against,
        "background": account.background,
        "parties": {
            code: {
                "net": _band(party.net) | {"unit": party.lines[0].unit},
                "lines": [_line(line) for line in party.lines],
                "memos": [_memo(memo) for memo in party.memos],
                "by_elasticity_set": dict(party.by_set),
                "sectors": [
                    {
                        "sector": one.sector,
                        "name": one.name,
                        "output_percent": _band(one.output),
                        "exports_percent": dict(one.exports_to),
                    }
                    for one in party.sectors
                ],
            }
            for code, party in account.parties.items()
        },
    }


def _band(band: Band) -> dict[str, Any]:
    return {"value": band.value, "low": band.low, "high": band.high}


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "label": line.label,
        **_band(line.band),
        "unit": line.unit,
        "horizon": line.horizon,
        "basis": line.basis,
        "rests_on": list(line.rests_on),
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
