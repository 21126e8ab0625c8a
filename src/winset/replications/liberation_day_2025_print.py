"""What Ignatenko, Lashkaripour, Macedoni and Simonovska (2025) print, and where the print is in error.

Numbers are transcribed from the paper's tables (percent; decimals as printed). Labels are the paper's own,
spelling included, so that a cell can be found there. A cell that is not here is not known here.
"""

from __future__ import annotations

__all__ = ["DECIMALS", "KNOWN_GAPS", "NOTES", "PRINTED", "SIX", "Cells", "four", "six"]

Cells = dict[str, dict[str, float]]
"""{row: {column: printed value}}"""

SIX = ("welfare", "deficit", "exports_gdp", "imports_gdp", "employment", "prices")
FOUR = ("welfare", "deficit", "employment", "prices")

DECIMALS = {
    "welfare": 2, "deficit": 1, "exports_gdp": 1, "imports_gdp": 1, "employment": 2, "prices": 1,
    "Table_3": 2, "change in global trade-to-GDP": 1, "change in global employment": 2,
}  # fmt: skip
"""Printed decimals by column; Table 3 and the rows of Table 11 have their own."""


def six(usa: str, non_us: str) -> Cells:
    """Two rows of six printed columns, as text to keep them readable."""
    return {
        row: dict(zip(SIX, map(float, text.split()), strict=True))
        for row, text in (("USA", usa), ("non-US (average)", non_us))
    }


def four(usa: str, china: str, europe: str, non_us: str) -> Cells:
    """Four rows of the four columns of Table 2."""
    rows = {"USA": usa, "CHN": china, "EU": europe, "non-US (average)": non_us}
    return {row: dict(zip(FOUR, map(float, text.split()), strict=True)) for row, text in rows.items()}


MAIN = six("1.13 -18.1 -52.7 -43.6 0.32 12.8", "-0.58 11.6 -3.2 -3.3 -0.14 -4.7")

TABLE_1 = {
    "Case 1: USTR tariffs + income tax relief + no retlaiation": MAIN,
    "Case 2: USTR tariffs + lump-sum rebate + no retlaiation": six(
        "-0.01 -18.4 -52.5 -43.3 -0.41 13.1", "-0.57 11.7 -3.3 -3.4 -0.14 -4.8"
    ),
    "Case 3: optimal US tariffs + income tax relief + no retlaiation": six(
        "1.79 -19.1 -55.3 -45.6 0.51 12.6", "-0.61 17.1 -4.2 -3.7 -0.16 -4.6"
    ),
}
TABLE_2 = {
    "(1) USTR tariff + reciprocal retaliation": four(
        "-0.36 -26.7 -0.18 7.5", "-0.82 6.2 -0.16 -3.7", "-0.22 15.4 -0.09 -2.6", "-0.46 19.8 -0.13 -2.7"
    ),
    "(3) USTR tariff + optimal retaliation": four(
        "-0.75 -29.0 -0.32 6.0", "-0.65 6.3 -0.13 -3.3", "-0.23 16.6 -0.09 -2.1", "-0.43 22.4 -0.13 -2.2"
    ),
    "(4) optimal tariff + optimal retaliation": four(
        "-0.32 -28.4 -0.20 4.2", "-0.36 4.2 -0.08 -2.1", "-0.23 16.9 -0.09 -1.5", "-0.39 25.1 -0.13 -1.5"
    ),
}
TABLE_3_COLUMNS = ("USTR tariff", "optimal tariff", "retaliation: optimal", "retaliation: reciprocal")
TABLE_3 = {
    "% of GDP": dict(zip(TABLE_3_COLUMNS, (1.14, 1.35, 0.74, 0.82), strict=True)),
    "% of Federal Budget": dict(zip(TABLE_3_COLUMNS, (4.95, 5.88, 3.24, 3.57), strict=True)),
}

PRE, POST = "Pre-Retaliation", "Post-Retaliation"
PRE_OPTIMUM, PRE_ENDPOINT = "(2) Optimal tariff + one sector", "(2) as printed: near a uniform 12.57 percent"
POST_OPTIMUM, POST_ENDPOINT = (
    "(2) optimal retaliation + one sector",
    "(2) as printed: near a uniform 28.3 percent",
)
PRE_PRINT: Cells = {"USA": {"welfare": 2.15}}
POST_PRINT: Cells = {"USA": {"welfare": -5.26}, "non-US (average)": {"welfare": -1.13}}

BASE_9 = r"Baseline model:($\tilde{\varphi}=1$, $\varphi>1$, $\varepsilon=4$)"
BALANCED_4 = "(4) Post-retaliation: balanced trade (Ossa, 2014) "

PRINTED: dict[str, dict[str, dict[str, Cells]] | dict[str, Cells] | Cells] = {
    "Table_1": TABLE_1,
    "Table_2": TABLE_2,
    "Table_3": TABLE_3,
    "Table_4": {
        PRE: {PRE_OPTIMUM: PRE_PRINT, PRE_ENDPOINT: PRE_PRINT},
        POST: {POST_OPTIMUM: POST_PRINT, POST_ENDPOINT: POST_PRINT},
    },
    "Table_9": {BASE_9: MAIN},
    "Table_10": {BALANCED_4: {"non-US (average)": {"welfare": -0.26}}},
}
"""{table: {panel: {row: {column: value}}}}, without the panel level, or with one more, where the paper is so."""

UNCONVERGED = "the printed row is where an optimiser stopped, not an optimum; ours is the optimum"
KNOWN_GAPS: dict[tuple[str, ...], str] = {
    ("Table_4", PRE, PRE_OPTIMUM): UNCONVERGED,
    ("Table_4", POST, POST_OPTIMUM): UNCONVERGED,
    ("Table_4", POST, POST_ENDPOINT): "the printed tariff vector is not stored; a uniform rate comes near it",
    ("Table_10", BALANCED_4, "non-US (average)", "welfare"): "slip of the print: it repeats panel (3)",
}
"""Why a cell, or all cells below a label, may differ from the print."""

NOTES = {
    "Table_1": [
        "Case 3 takes E for Z in the closed-form tariff (0.218); the rate of the abstract, 0.185, takes Y and is "
        "used in Table 2 (4) only. Neither is the best uniform tariff, which is about 0.25.",
        "Home sales follow the published calibration, whose labour income is GDP plus nu times foreign sales (net "
        "of destination cost) instead of GDP; it is off by more than 1 percent in 153 countries. Home sales of "
        "Gambia and the Marshall Islands come out negative and are set to zero.",
    ],
    "Table_2": [
        "EU is 25 members: the published list leaves out Czechia and Slovakia.",
        "Panels are numbered (1), (3), (4). Retaliation (3), (4) treats all partners as one player and is a "
        "closed formula, not an optimisation.",
    ],
    "Table_3": ['The row "% of GDP" divides by base-year expenditure; the second row is the first over 0.23.'],
    "Table_4": [
        "Averages are weighted by GDP of the data, not by model expenditure; wages are the numeraire.",
        "Pre (2) prints 2.15 percent for the United States. The published code optimises 193 tariffs, keeps "
        "the last one only and applies it to all; the print is matched by a uniform 0.1257, the middle of the "
        "search interval, while the best uniform rate is 0.179 and the optimum by partner gives 2.29. Ours is "
        "the optimum by partner; what is near the print stands beside it.",
        "Post (2) prints -5.26 and -1.13. A uniform 0.283 comes near all of it and is worth little more to the "
        "partners than plain reciprocity: the optimiser stopped early. Ours is the optimum, which costs the "
        "United States less and leaves its partners better off.",
        "Rows (3) need sectoral data that are not distributed here.",
    ],
    "Table_8": ["Every case starts from 10 percent both ways. EU is 25 members; RoW is all others."],
    "Table_9": [
        "Alternative 1 needs sectoral data. Alternative 3 doubles eps and leaves psi and phi as they are."
    ],
    "Table_10": [
        "Welfare of the non-US row is a simple mean over regions, every other average is weighted by expenditure.",
        "Panels (2), (4): the imbalance taken out is gross of destination cost while transfers are net of it, so "
        "transfers sum to some 573 billion dollars, Walras' law fails, and the last region in the alphabet "
        "absorbs the sum (its wage falls by two thirds). Printed values are differences between two such "
        "solutions. The panels marked corrected take out the imbalance net of that cost.",
        "Panel (4) applies to every partner a rate from the US exponent phi. The print of its non-US "
        "welfare, -0.26, repeats panel (3).",
    ],
    "Table_11": [
        "Employment is weighted by each model's own labour income. The multi-sector columns need sectoral data; "
        "as published, the one after retaliation is not an equilibrium.",
    ],
    "map_no_retaliation": ["Percent changes; revenue is a fraction of base-year expenditure."],
    "map_retaliation": ["As map_no_retaliation, with every partner's formula tariff of Table 2 (3)."],
}
