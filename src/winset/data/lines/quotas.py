"""Tariff-rate quotas: which rate works at the margin, and how large the rent is.

Inside the quota a low duty is paid, beyond it a high one. Which of the two raises the domestic price depends on
the fill: below the quota the low duty, beyond it the high one; a quota that is just filled holds the price
between them. As in MAcMap-HS6 (Bouet, Decreux, Fontagne, Jean and Laborde 2008, Review of International Economics
16(5), 850-863) a fill below 90 percent counts as not binding, above 99 percent as exceeded, and between them the
mean is taken.

The rent is what licences are worth: (rate at the margin - rate inside) x value imported inside. Who has it (the
importer's traders, the exporter, or the state that auctions licences) is the user's to say, and otherwise
unstated.
"""

from __future__ import annotations

__all__ = ["EXCEEDED", "HOLDERS", "NOT_BINDING", "marginal_sql", "rent_sql"]

NOT_BINDING = 0.90
"""Fill (volume over quota) below which the quota does not bind."""
EXCEEDED = 0.99
"""Fill above which imports pay the high duty at the margin."""
HOLDERS = ("importer", "exporter", "government", "unstated")
"""Who may have the rent."""


def marginal_sql(fill: str, low: str, high: str) -> str:
    """SQL of the rate at the margin (fraction) from the fill and the two rates."""
    return (
        f"CASE WHEN {fill} < {NOT_BINDING} THEN {low} WHEN {fill} > {EXCEEDED} THEN {high} "
        f"ELSE ({low} + {high}) / 2 END"
    )


def rent_sql(rate: str, low: str, fill: str, imports: str) -> str:
    """SQL of the rent, in the unit of imports; zero where there is no quota."""
    return f"coalesce(({rate} - {low}) * {imports} * least(1.0, 1.0 / nullif({fill}, 0)), 0)"
