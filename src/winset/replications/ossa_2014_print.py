"""What Ossa (2014), "Trade Wars and Trade Talks with Data", prints, and where an exact solution differs.

Numbers are transcribed from the paper's tables (percent; as text, to keep the printed decimals). A cell that
is not here is not known here.
"""

from __future__ import annotations

__all__ = ["DECIMALS", "KNOWN_GAPS", "NASH", "NOTES", "OPTIMAL", "PRINTED", "REGIONS", "SIGMAS", "TALKS"]

REGIONS = ("Brazil", "China", "EU", "India", "Japan", "ROW", "US")
SIGMAS = ("3.5", "5", "6.5")
"""Mean elasticities of the sensitivity panels."""

OPTIMAL = (
    "G_own_%", "G_others_mean_%", "W_own_%", "W_others_mean_%", "wage_own_%", "wage_others_mean_%",
    "profit_own_%", "profit_others_mean_%", "tariff_median_%",
)  # fmt: skip
NASH = ("G_%", "W_%", "wage_%", "profit_%", "tariff_median_%")
TALKS = ("G", "W", "wage", "profit")

_TABLE_2 = """
0.67 33.35 -0.97 -0.14 0.16 -0.15
1.45 5.73 -1.40 0.17 0.34 0.12
"""
_TABLE_3A = """
1.1 -0.1 1.1 -0.1 18.2 -3.0 0.8 -0.0 56.1
1.8 -0.6 1.8 -0.6 17.6 -2.9 0.5 -0.1 59.3
1.9 -1.0 1.9 -1.0 22.5 -3.7 0.1 -0.2 61.3
1.7 -0.1 1.7 -0.1 8.7 -1.5 2.7 -0.1 54.0
4.0 -0.3 4.0 -0.3 18.6 -3.1 1.7 -0.1 59.6
2.9 -1.7 2.9 -1.7 19.0 -3.2 1.1 -0.6 61.5
2.3 -0.9 2.3 -0.9 23.8 -4.0 0.6 -0.1 60.3
2.2 -0.7 2.2 -0.7 18.3 -3.1 1.1 -0.2 58.9
"""
_TABLE_4A = """
-1.9 -1.9 1.3 0.4 56.4
-2.2 -2.2 0.5 -0.2 58.6
-2.6 -2.6 2.7 -0.9 59.1
-2.2 -2.2 -9.3 1.9 54.5
-0.8 -0.8 -0.6 0.7 58.5
-5.0 -5.0 -0.8 -0.6 59.7
-2.2 -2.2 6.3 -0.3 59.6
-2.4 -2.4 0.0 0.2 58.1
"""
_TABLE_5A_NASH = """
3.4 3.4 9.2 -0.7
3.4 3.4 -0.0 -0.8
3.4 3.4 -2.1 1.0
3.4 3.4 5.8 -0.9
3.4 3.4 -2.7 1.4
3.4 3.4 -6.0 0.6
3.4 3.4 -4.2 0.4
3.4 3.4 -0.0 0.1
"""
_TABLE_5A_FACT = """
0.5 0.5 6.1 -0.7
0.5 0.5 0.2 -0.9
0.5 0.5 2.7 0.3
0.5 0.5 -4.0 1.0
0.5 0.5 -9.4 1.8
0.5 0.5 1.8 -0.2
0.5 0.5 2.8 0.3
0.5 0.5 -0.0 0.2
"""
_TABLE_5A_FREE = """
0.03 0.03 0.1 0.0
0.03 0.03 -0.2 0.2
0.03 0.03 0.1 -0.0
0.03 0.03 -0.1 0.2
0.03 0.03 0.6 -0.2
0.03 0.03 -0.2 0.3
0.03 0.03 -0.3 0.2
0.03 0.03 -0.0 0.1
"""
_SENSITIVITY = """
56.8 2.2 -2.3 0.5
34.3 1.7 -1.0 0.8
24.6 1.5 -0.3 1.1
"""

Cells = dict[str, dict[str, str]]


def _cells(text: str, rows: tuple[str, ...], columns: tuple[str, ...]) -> Cells:
    lines = text.strip().splitlines()
    return {row: dict(zip(columns, line.split(), strict=True)) for row, line in zip(rows, lines, strict=True)}


_WITH_MEAN = (*REGIONS, "mean")
_OPTIMAL = _cells(_TABLE_3A, _WITH_MEAN, OPTIMAL)
_NASH = _cells(_TABLE_4A, _WITH_MEAN, NASH)
_FROM_NASH = _cells(_TABLE_5A_NASH, _WITH_MEAN, TALKS)

_PRINT: dict[str, Cells] = {
    "TABLE2": _cells(
        _TABLE_2,
        ("apparel", "chemicals"),
        (
            "US_wage_%",
            "own_industry_%",
            "other_industries_mean_%",
            "US_W_%",
            "terms_of_trade_%",
            "profit_shifting_%",
        ),
    ),
    "published_optimal_BAS": _OPTIMAL,
    "optimal_BAS": _OPTIMAL,
    "published_nash_BAS": _NASH,
    "nash_BAS": _NASH,
    "talks_BAS_Nash_restricted": _FROM_NASH,
    "talks_BAS_PublishedNash_restricted": _FROM_NASH,
    "talks_BAS_Fact_restricted": _cells(_TABLE_5A_FACT, _WITH_MEAN, TALKS),
    "talks_BAS_Free_restricted": _cells(_TABLE_5A_FREE, _WITH_MEAN, TALKS),
    "sensitivity_BAS": _cells(
        _SENSITIVITY, SIGMAS, ("optimal_tariff_median_%", "optimal_G_own_%", "nash_G_%", "talks_Fact_G")
    ),
    "abstract": _cells(
        "62\n63\n-2.9\n0.5",
        ("optimal tariff", "trade war tariff", "government welfare in a trade war", "gain from further talks"),
        ("with_lobbying_%",),
    ),
}
PRINTED = {
    table: {row: {column: float(text) for column, text in cells.items()} for row, cells in rows.items()}
    for table, rows in _PRINT.items()
}
DECIMALS = {
    (table, row, column): len(text.partition(".")[2])
    for table, rows in _PRINT.items()
    for row, cells in rows.items()
    for column, text in cells.items()
}
"""Printed decimals of each cell at (table, row, column)."""

_LOOSE = (
    "The published war stops when the mean tariff moves by less than one point, short of the fixed point; the "
    "published tariffs themselves give the print (published_nash_BAS), and talks from them give it too "
    "(talks_BAS_PublishedNash_restricted)."
)
_FLAT = (
    "The objective is flat in tariffs on small flows, so a median is not identified to the printed digit: "
    "compare to 0.6 points."
)
KNOWN_GAPS = {
    ("optimal_BAS", "tariff_median_%"): _FLAT,
    ("nash_BAS", "tariff_median_%"): _LOOSE + " " + _FLAT,
    ("nash_BAS",): _LOOSE,
    ("talks_BAS_Nash_restricted",): _LOOSE,
    ("sensitivity_BAS", "optimal_tariff_median_%"): _FLAT,
}
"""Why a cell may differ from the print, by table and column, or by table."""

NOTES = {
    "all": [
        "Net exports are set to zero for everybody first. That is not innocuous: the table purge shows what it "
        "does to welfare, and the table published_nash_net_exports_held what the same tariffs do without it.",
    ],
    "nash_BAS": [_LOOSE],
    "optimal_POL": [
        "With lobbying the problems have several local optima (prohibitive tariffs): the best of several starts "
        "is shown. The same holds for talks."
    ],
    "talks_BAS_Fact_unrestricted": ["Import subsidies are allowed, down to -90 percent, which never binds."],
    "sensitivity_BAS": ["Net exports are purged anew for each set of elasticities."],
}
