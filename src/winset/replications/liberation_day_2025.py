"""The tables of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025, JIE), recomputed from trade and GDP.

`replicate(folder)` solves every table that one-sector data can give and puts our number beside the print.
Names of countries, lists of members and the paper's conventions (which weights where) live here; the model
knows none of them. Sections are those of the model note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.model.liberation_day import (
    COLUMNS,
    LiberationDayEquilibrium,
    LiberationDayScenario,
    solve_liberation_days,
)
from winset.model.liberation_day_optimum import LiberationDayOptimum, optimal_liberation_day_tariffs
from winset.replications import liberation_day_2025_print as paper
from winset.replications.liberation_day_2025_setting import Setting, load

__all__ = ["decimals", "optima", "replicate", "report_of", "solved"]

Floats = NDArray[np.float64]
Cell = dict[str, float | None]
PRE_BOUNDS, POST_BOUNDS = (0.0, 0.25), (0.0, 0.5)
FIRST_GUESS = 0.15
"""Bounds of the two searches and the start of the first, as published (section 4.3)."""


def replicate(data: Path) -> dict[str, Any]:
    """Every reproducible table: {tables: {TABLE: {PANEL: {ROW: {COLUMN: {ours, printed}}}}}, notes, verdict}.

    data: the folder with trade_matrix_usd_m.csv and countries.csv, or one that holds it as world194. Numbers
    are percent, except `revenue` on the maps (a fraction of base expenditure). Raises UnreadableFileError for
    absent or malformed files and NotConvergedError where an equilibrium was not found.
    """
    setting = load(Path(data))
    return report_of(setting, solved(setting), optima(setting))


def report_of(
    setting: Setting, found: Mapping[str, LiberationDayEquilibrium], best: Mapping[str, LiberationDayOptimum]
) -> dict[str, Any]:
    """The report of `replicate` from what was solved: names as in `solved` and `optima`."""
    tables = _tables(setting, found, best)
    return {"tables": tables, "notes": paper.NOTES, "verdict": _verdict(tables, found, best)}


def solved(setting: Setting) -> dict[str, LiberationDayEquilibrium]:
    """Every equilibrium behind the tables that needs no search, by name; each has converged."""
    scenarios = setting.scenarios()
    results = solve_liberation_days(list(scenarios.values()))
    return {name: result.checked() for name, result in zip(scenarios, results, strict=True)}


def optima(setting: Setting) -> dict[str, LiberationDayOptimum]:
    """The two optima of section 4.3 with inputs: `pre` of the US tariffs, `post` of its partners' on it."""
    n, us = len(setting.world.regions), setting.us
    by_partner = np.full((n, n), -1)
    by_partner[:, us] = np.arange(n)
    inputs = setting.with_inputs
    pre = optimal_liberation_day_tariffs(
        LiberationDayScenario(world=inputs, tariffs=setting.on_us_imports(FIRST_GUESS), numeraire="wages"),
        weights=~setting.abroad,
        instruments=by_partner,
        bounds=PRE_BOUNDS,
    )
    post = optimal_liberation_day_tariffs(
        LiberationDayScenario(world=inputs, tariffs=setting.reciprocal, numeraire="wages"),
        weights=inputs.labour_income * setting.abroad,
        instruments=by_partner.T,
        bounds=POST_BOUNDS,
    )
    return {"pre": pre, "post": post}


@dataclass(frozen=True, kw_only=True)
class _Panel:
    """Averages rows of an equilibrium's columns the way one table does."""

    groups: Mapping[str, NDArray[np.bool_]]
    weights: Floats
    columns: tuple[str, ...]
    welfare_weights: Floats | None = None
    """Other weights for the welfare column; None: the same."""

    def rows(self, values: Mapping[str, Floats]) -> dict[str, dict[str, float]]:
        return {
            name: {column: self._mean(values[column], column, member) for column in self.columns}
            for name, member in self.groups.items()
        }

    def _mean(self, values: Floats, column: str, member: NDArray[np.bool_]) -> float:
        other = self.welfare_weights
        weight = other if column == "welfare" and other is not None else self.weights
        return float((values * weight)[member].sum() / weight[member].sum())


def _tables(
    setting: Setting, found: Mapping[str, LiberationDayEquilibrium], best: Mapping[str, LiberationDayOptimum]
) -> dict[str, Any]:
    spending = setting.world.expenditure
    two = {"USA": ~setting.abroad, "non-US (average)": setting.abroad}
    trio = {"USA": ~setting.abroad, "CHN": setting.china, "EU": setting.eu}
    six = _Panel(groups=two, weights=spending, columns=paper.SIX)
    war = _Panel(groups=trio | {"non-US (average)": setting.abroad}, weights=spending, columns=paper.FOUR)
    region = _Panel(groups=trio | {"RoW": setting.rest}, weights=spending, columns=paper.FOUR)
    by_gdp = _Panel(groups=two, weights=setting.gdp, columns=paper.SIX)
    closure = _Panel(
        groups=two,
        weights=spending,
        columns=tuple(c for c in paper.SIX if c != "deficit"),
        welfare_weights=np.ones(len(setting.gdp)),
    )
    values = {name: one.reported() for name, one in found.items()}
    values |= {f"best {name}": one.equilibrium.reported() for name, one in best.items()}

    def change(after: str, before: str) -> dict[str, Floats]:
        return {column: values[after][column] - values[before][column] for column in COLUMNS}

    ours = {
        "Table_1": dict(
            zip(paper.TABLE_1, (six.rows(values[x]) for x in ("ustr", "lump sum", "optimal")), strict=True)
        ),
        "Table_2": dict(
            zip(
                paper.TABLE_2,
                (war.rows(values[x]) for x in ("reciprocal", "ustr, retaliation", "optimal, retaliation")),
                strict=True,
            )
        ),
        "Table_3": _revenue(setting, found),
        "Table_4": {
            paper.PRE: {
                "(1) USTR tariffs + one sector": by_gdp.rows(values["inputs, ustr"]),
                paper.PRE_OPTIMUM: by_gdp.rows(values["best pre"]),
                paper.PRE_ENDPOINT: by_gdp.rows(values["inputs, endpoint pre"]),
            },
            paper.POST: {
                "(1) reciprocal retaliation + one sector": by_gdp.rows(values["inputs, reciprocal"]),
                paper.POST_OPTIMUM: by_gdp.rows(values["best post"]),
                paper.POST_ENDPOINT: by_gdp.rows(values["inputs, endpoint post"]),
            },
        },
        "Table_8": {
            r"Case 1: US trade war with EU \& China": region.rows(values["war with EU and China"]),
            "Case 2: US trade war with China": region.rows(values["war with China"]),
            r"Case 3: US trade war with China (108\% tariff)": region.rows(values["war at 108 percent"]),
        },
        "Table_9": {
            paper.BASE_9: six.rows(values["ustr"]),
            r"Alternative 2: incomplete passthrough to firm-level prices ($\tilde{\varphi}=0.25$)": six.rows(
                values["incomplete pass-through"]
            ),
            r"Alternative 3: higher trade elasticity ($\varepsilon=8$)": six.rows(values["eps 8"]),
            r"Alternative 4: Eaton-Kortum-Krugman model ($\varphi=1$, $\nu=0$)": six.rows(values["eaton-kortum"]),
        },
        "Table_10": {
            "(1) Pre-retaliation: fixed transfers to global GDP (Dekle et al., 2008) ": closure.rows(
                values["eaton-kortum"]
            ),
            "(2) Pre-retaliation: balanced trade (Ossa, 2014) ": closure.rows(change("gross, pre", "gross")),
            "(3) Post-retaliation: fixed transfers to global GDP (Dekle et al., 2008) ": closure.rows(
                values["eaton-kortum, retaliation"]
            ),
            paper.BALANCED_4: closure.rows(change("gross, post", "gross")),
            "(2) corrected: imbalance net of destination cost": closure.rows(change("net, pre", "net")),
            "(4) corrected: imbalance net of destination cost": closure.rows(change("net, post", "net")),
        },
        "Table_11": _world(found),
        "map_no_retaliation": _map(setting, values["ustr"]),
        "map_retaliation": _map(setting, values["ustr, retaliation"]),
    }
    return {name: _beside(table, paper.PRINTED.get(name)) for name, table in ours.items()}


def _revenue(setting: Setting, found: Mapping[str, LiberationDayEquilibrium]) -> dict[str, dict[str, float]]:
    """Table 3: US revenue in percent of expenditure, and of a federal budget of 23 percent of it."""
    behind = ("ustr", "optimal", "ustr, retaliation", "reciprocal")
    share = [100 * float(found[name].revenue_share[setting.us]) for name in behind]
    return {
        "% of GDP": dict(zip(paper.TABLE_3_COLUMNS, share, strict=True)),
        "% of Federal Budget": dict(zip(paper.TABLE_3_COLUMNS, (x / 0.23 for x in share), strict=True)),
    }


def _world(found: Mapping[str, LiberationDayEquilibrium]) -> dict[str, dict[str, float]]:
    """Table 11: world trade over GDP and world employment, percent."""
    behind = {
        "before retaliation: main": found["ustr"],
        "before retaliation: IO": found["inputs, ustr"],
        "after retaliation: main": found["reciprocal"],
        "after retaliation: IO": found["inputs, reciprocal"],
    }
    return {
        "change in global trade-to-GDP": {k: 100 * e.world_trade_to_gdp_change for k, e in behind.items()},
        "change in global employment": {k: 100 * e.employment_change() for k, e in behind.items()},
    }


def _map(setting: Setting, values: Mapping[str, Floats]) -> dict[str, dict[str, float]]:
    return {
        region: {column: float(values[column][i]) for column in COLUMNS}
        for i, region in enumerate(setting.world.regions)
    }


def _beside(ours: Any, printed: Any) -> Any:
    """The same nesting with {ours, printed} for every number."""
    if isinstance(ours, dict):
        return {key: _beside(value, (printed or {}).get(key)) for key, value in ours.items()}
    return {"ours": ours, "printed": printed}


def _cells(table: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Cell]]:
    if set(table) == {"ours", "printed"}:
        yield path, table
        return
    for key, value in table.items():
        yield from _cells(value, (*path, key))


def decimals(path: tuple[str, ...]) -> int:
    """Printed decimals of the cell at (table, ..., row, column)."""
    if path[0] == "Table_10" and path[-2:] == ("non-US (average)", "imports_gdp"):
        return 2
    for label in (path[0], path[-2], path[-1]):
        if label in paper.DECIMALS:
            return paper.DECIMALS[label]
    raise KeyError(path)


def _verdict(
    tables: Mapping[str, Any],
    found: Mapping[str, LiberationDayEquilibrium],
    best: Mapping[str, LiberationDayOptimum],
) -> dict[str, Any]:
    """How many printed cells are met to half their last digit, and the reason for each that is not."""
    matched, count, misses = 0, 0, []
    for path, cell in _cells(tables):
        ours, printed = cell["ours"], cell["printed"]
        if ours is None or printed is None:
            continue
        count += 1
        if abs(ours - printed) <= 0.5 * 10.0 ** -decimals(path) * (1 + 1e-9):
            matched += 1
            continue
        why = next((text for key, text in paper.KNOWN_GAPS.items() if path[: len(key)] == key), "unexplained")
        misses.append({"cell": list(path), "ours": ours, "printed": printed, "reason": why})
    return {
        "matched": matched,
        "printed": count,
        "misses": misses,
        "explained": all(miss["reason"] != "unexplained" for miss in misses),
        "largest_residual": max(one.residual for one in found.values()),
        "optima_converged": {name: one.converged for name, one in best.items()},
        "optima_objective": {name: 100 * one.objective for name, one in best.items()},
    }
