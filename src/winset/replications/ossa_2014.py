"""The tables of Ossa (2014), "Trade Wars and Trade Talks with Data", recomputed from the published data.

`replicate(folder)` evaluates the published tariffs, then solves every optimum, war and talk anew and puts
our number beside the print. Names of regions and industries and the paper's reporting conventions live here;
the model knows none of them. BAS is without, POL with lobbying weights; MFN tariffs do not differ by partner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError
from winset.model.ossa import OssaEquilibrium, purge, solve_ossa
from winset.replications import ossa_2014_print as paper
from winset.replications.ossa_2014_setting import OssaData, load
from winset.strategy.ossa_optima import nash_tariffs_ossa, optimal_tariffs_ossa
from winset.strategy.ossa_policy import OssaPolicy
from winset.strategy.ossa_talks import talks_ossa

__all__ = ["replicate", "table_names"]

Floats = NDArray[np.float64]
Rows = dict[str, dict[str, float]]
UNILATERAL = (
    *paper.OPTIMAL, "tariff_simple_mean_%", "tariff_mean_weighted_by_factual_imports_%", "own_imports_change_%",
)  # fmt: skip
SHOCK = 0.5
"""Table 2 raises one industry's tariffs by 50 percentage points."""
SHOCKED = {"chemicals": "crp", "apparel": "wap"}
SHOCKER = "US"


def replicate(data: Path, only: Sequence[str] | None = None) -> dict[str, Any]:
    """Every table: {tables: {TABLE: {ROW: {COLUMN: {ours, printed}}}}, notes, verdict}. Numbers are percent.

    data: the folder with ossa2014.npz, or one that holds it as ossa2014/. only: names of tables, None for
    all (`table_names`). Rows are regions and their mean. Raises UnreadableFileError for an absent or malformed
    file, RequestError for an unknown table, NotConvergedError where something was not found.
    """
    makers = _makers(load(Path(data)))
    unknown = sorted(set(only or ()) - set(makers))
    if unknown:
        raise RequestError(f"there is no table {unknown[0]!r}", remedy=f"Tables are {', '.join(makers)}")
    tables = {name: _beside(name, make()) for name, make in makers.items() if only is None or name in only}
    return {"tables": tables, "notes": paper.NOTES, "verdict": _verdict(tables)}


def table_names() -> tuple[str, ...]:
    """Every table, in order."""
    return tuple(_makers(None))


def _makers(data: OssaData | None) -> dict[str, Callable[[], Rows]]:
    """Every table's name and how it is made; nothing is computed before it is asked for."""
    # Only `table_names` passes None, and calls nothing.
    d = OssaData(arrays={}) if data is None else data
    makers: dict[str, Callable[[], Rows]] = {
        "purge": lambda: _purge(d),
        "TABLE2": lambda: _table_2(d),
        "published_optimal_BAS": lambda: _unilateral(_published_optima(d)),
        "published_nash_BAS": lambda: _war(solve_ossa(d.worlds["BAS"], d.arrays["pub_nash_bas"]).checked()),
        "published_nash_net_exports_held": lambda: _held(d),
        "free_trade": lambda: _free_trade(d),
    }
    for prefix, instruments in (("", "partner-sector"), ("mfn_", "sector")):
        for kind in ("BAS", "POL"):
            makers |= _strategic(d, prefix, kind, instruments)
    for kind in ("BAS", "POL"):
        makers[f"uniform_optimal_tariff_{kind}"] = lambda kind=kind: _uniform(d, kind)  # type: ignore[misc]
    makers["talks_BAS_PublishedNash_restricted"] = lambda: _talks(d.talks("BAS", "PublishedNash"))
    for threat in ("Fact", "Nash", "Free"):
        makers[f"talks_BAS_{threat}_unrestricted"] = lambda threat=threat: _talks(  # type: ignore[misc]
            d.talks("BAS", threat, subsidies=True)
        )
    makers["sensitivity_BAS"] = lambda: _sensitivity(d)
    makers["abstract"] = lambda: _abstract(d)
    return makers


def _strategic(d: OssaData, prefix: str, kind: str, instruments: str) -> dict[str, Callable[[], Rows]]:
    def optimal() -> Rows:
        return _unilateral([policy.equilibrium for policy in d.optima(kind, instruments)])

    makers: dict[str, Callable[[], Rows]] = {
        f"{prefix}optimal_{kind}": optimal,
        f"{prefix}nash_{kind}": lambda: _war(d.war(kind, instruments).equilibrium),
    }
    for threat in ("Fact", "Nash", "Free"):
        makers[f"{prefix}talks_{kind}_{threat}_restricted"] = lambda threat=threat: _talks(  # type: ignore[misc]
            d.talks(kind, threat, instruments)
        )
    return makers


# ---------------------------------------------------------------------- reporting conventions (section 6)


def _percent(hat: Floats) -> Floats:
    return np.asarray(100 * (hat - 1))


def _wages(e: OssaEquilibrium) -> Floats:
    """(n,) wage less the simple mean over regions."""
    return np.asarray(100 * (e.wage_hat - e.wage_hat.mean()))


def _profits(e: OssaEquilibrium) -> Floats:
    """(n,) profits relative to the wage."""
    return _percent(e.profit_hat / e.wage_hat)


def _abroad(values: Floats, importer: int) -> Floats:
    """(n - 1, s) foreign entries of an importer's column."""
    return np.delete(values[:, importer], importer, axis=0)


def _medians(e: OssaEquilibrium) -> Floats:
    return np.array([100 * np.median(_abroad(e.tariffs, j)) for j in range(len(e.world.regions))])


def _means(e: OssaEquilibrium) -> Floats:
    return np.array([100 * _abroad(e.tariffs, j).mean() for j in range(len(e.world.regions))])


def _imports(flows: Floats) -> Floats:
    return np.asarray(flows.sum(axis=(0, 2)) - np.einsum("jjs->j", flows))


def _with_mean(regions: Sequence[str], columns: Mapping[str, Floats]) -> Rows:
    rows = {
        region: {column: float(values[j]) for column, values in columns.items()}
        for j, region in enumerate(regions)
    }
    rows["mean"] = {column: float(np.mean(values)) for column, values in columns.items()}
    return rows


def _unilateral(equilibria: Sequence[OssaEquilibrium]) -> Rows:
    """One equilibrium a region, in which that region has chosen."""
    rows: list[list[float]] = []
    for j, e in enumerate(equilibria):
        values: list[float] = []
        for change in (_percent(e.government_hat), _percent(e.real_income_hat), _wages(e), _profits(e)):
            values += [float(change[j]), float(np.delete(change, j).mean())]
        before = _abroad(e.world.flows, j)
        values += [
            float(_medians(e)[j]),
            float(_means(e)[j]),
            float(100 * (_abroad(e.tariffs, j) * before).sum() / before.sum()),
            float(_percent(_imports(e.flows) / _imports(e.world.flows))[j]),
        ]
        rows.append(values)
    return _with_mean(equilibria[0].world.regions, dict(zip(UNILATERAL, np.array(rows).T, strict=True)))


def _war(e: OssaEquilibrium) -> Rows:
    columns = {
        "G_%": _percent(e.government_hat),
        "W_%": _percent(e.real_income_hat),
        "wage_%": _wages(e),
        "profit_%": _profits(e),
        "tariff_median_%": _medians(e),
        "tariff_simple_mean_%": _means(e),
        "imports_change_%": _percent(_imports(e.flows) / _imports(e.world.flows)),
    }
    return _with_mean(e.world.regions, columns)


def _talks(policy: OssaPolicy) -> Rows:
    e = policy.equilibrium
    columns = {
        "G": _percent(e.government_hat),
        "W": _percent(e.real_income_hat),
        "wage": _wages(e),
        "profit": _profits(e),
        "tariff_median": _medians(e),
    }
    return _with_mean(e.world.regions, columns)


# ---------------------------------------------------------------------- the other tables


def _published_optima(d: OssaData) -> list[OssaEquilibrium]:
    """Column j of the published array is j's answer to everybody else's factual tariffs."""
    world, found = d.worlds["BAS"], []
    for j in range(len(world.regions)):
        tariffs = world.tariffs.copy()
        tariffs[:, j] = d.arrays["pub_opt_bas"][:, j]
        found.append(solve_ossa(world, tariffs).checked())
    return found


def _table_2(d: OssaData) -> Rows:
    """One industry's tariff up by 50 points, with the first-order decomposition of welfare."""
    world = d.worlds["BAS"]
    j, rows = world.region(SHOCKER), {}
    for label, code in SHOCKED.items():
        k = world.industries.index(code)
        tariffs = world.tariffs.copy()
        tariffs[:, j, k] += SHOCK
        tariffs[j, j, k] = 0.0
        e = solve_ossa(world, tariffs).checked()
        industry = _percent(e.industry_profit_hat[j] / e.wage_hat[j])
        wage, profit = e.wage_hat - 1, e.industry_profit_hat[j] - 1
        trade_share, profit_share = world.flows[:, j] / world.income[j], world.profits[j] / world.income[j]
        rows[label] = {
            "US_wage_%": float(_wages(e)[j]),
            "own_industry_%": float(industry[k]),
            "other_industries_mean_%": float(np.delete(industry, k).mean()),
            "US_W_%": float(_percent(e.real_income_hat)[j]),
            "terms_of_trade_%": float(100 * (trade_share * (wage[j] - wage)[:, None]).sum()),
            "profit_shifting_%": float(100 * (profit_share * (profit - wage[j])).sum()),
        }
    return rows


def _purge(d: OssaData) -> Rows:
    done = purge(d.raw)
    columns = {
        "W_%": _percent(done.real_income_hat),
        "wage_%": _percent(done.wage_hat),
        "net_exports_before_million": d.raw.net_exports,
    }
    return _with_mean(d.raw.regions, columns)


def _held(d: OssaData) -> Rows:
    """The published war on unpurged data, net exports held in units of world labour income."""
    e = solve_ossa(d.raw, d.arrays["pub_nash_bas"], net_exports="held").checked()
    return _with_mean(d.raw.regions, {"W_%": _percent(e.real_income_hat)})


def _free_trade(d: OssaData) -> Rows:
    columns: dict[str, Floats] = {}
    for kind, world in d.worlds.items():
        e = solve_ossa(world, np.zeros_like(world.tariffs)).checked()
        columns |= {f"G_{kind}": _percent(e.government_hat), f"W_{kind}": _percent(e.real_income_hat)}
    return _with_mean(d.raw.regions, columns)


def _uniform(d: OssaData, kind: str) -> Rows:
    optima = d.optima(kind, "uniform")
    own = np.array([_percent(policy.equilibrium.government_hat)[j] for j, policy in enumerate(optima)])
    rate = np.array([_means(policy.equilibrium)[j] for j, policy in enumerate(optima)])
    return _with_mean(d.raw.regions, {"single uniform tariff_%": rate, "G_own_%": own})


def _sensitivity(d: OssaData) -> Rows:
    """Means over regions with elasticities scaled to other means; columns 1 to 3 of sigma_alt."""
    rows = {}
    for column, label in enumerate(paper.SIGMAS, start=1):
        world = purge(d.raw.with_sigma(d.arrays["sigma_alt"][:, column])).world
        optimal = _unilateral([optimal_tariffs_ossa(world, j).checked().equilibrium for j in world.regions])[
            "mean"
        ]
        war = nash_tariffs_ossa(world).checked().equilibrium
        agreed = talks_ossa(world).checked().equilibrium
        rows[label] = {
            "optimal_tariff_median_%": optimal["tariff_median_%"],
            "optimal_G_own_%": optimal["G_own_%"],
            "nash_G_%": float(_percent(war.government_hat).mean()),
            "talks_Fact_G": float(_percent(agreed.government_hat).mean()),
        }
    return rows


def _abstract(d: OssaData) -> Rows:
    """The four numbers of the abstract, all with lobbying, means over regions."""
    war = _war(d.war("POL").equilibrium)["mean"]
    optimal = _unilateral([policy.equilibrium for policy in d.optima("POL")])["mean"]
    numbers = {
        "optimal tariff": optimal["tariff_median_%"],
        "trade war tariff": war["tariff_median_%"],
        "government welfare in a trade war": war["G_%"],
        "gain from further talks": _talks(d.talks("POL", "Fact"))["mean"]["G"],
    }
    return {row: {"with_lobbying_%": value} for row, value in numbers.items()}


# ---------------------------------------------------------------------- beside the print


def _beside(table: str, rows: Rows) -> dict[str, dict[str, dict[str, float | None]]]:
    printed = paper.PRINTED.get(table, {})
    return {
        row: {
            column: {"ours": value, "printed": printed.get(row, {}).get(column)} for column, value in cells.items()
        }
        for row, cells in rows.items()
    }


def _printed_cells(tables: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], float, float]]:
    for table, rows in tables.items():
        for row, cells in rows.items():
            for column, cell in cells.items():
                if cell["printed"] is not None:
                    yield (table, row, column), cell["ours"], cell["printed"]


def _verdict(tables: Mapping[str, Any]) -> dict[str, Any]:
    """How many printed cells are met to half their last digit, and the reason for each that is not."""
    matched, count, misses = 0, 0, []
    for (table, row, column), ours, printed in _printed_cells(tables):
        count += 1
        if abs(ours - printed) <= 0.5 * 10.0 ** -paper.DECIMALS[table, row, column] * (1 + 1e-9):
            matched += 1
            continue
        why = paper.KNOWN_GAPS.get((table, column)) or paper.KNOWN_GAPS.get((table,), "unexplained")
        misses.append({"cell": [table, row, column], "ours": ours, "printed": printed, "reason": why})
    return {
        "matched": matched,
        "printed": count,
        "misses": misses,
        "explained": all(miss["reason"] != "unexplained" for miss in misses),
    }
