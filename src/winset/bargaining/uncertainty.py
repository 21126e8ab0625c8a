"""What uncertain payoffs do to win-sets: chances over draws, and regret.

Draws are common to all packages (the same elasticities, the same yields), so differences between packages are far
more certain than each by itself. A share of draws is not the probability of an event: draws say what is admitted
not to be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from winset.bargaining.plain import Plain
from winset.bargaining.ratification import PackageTable, WinSet, margins
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["Regret", "UncertainPackages", "over_draws"]

Floats = NDArray[np.float64]

MOST = 50_000_000
"""Numbers in one array of draws."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Regret(Plain):
    """What a party loses by each package against the best one, had the draw been known."""

    party: str
    expected: Floats
    """(packages,) mean over draws, in payoff units."""
    error: Floats
    """(packages,) standard error of that mean."""
    worst: Floats
    """(packages,) largest over draws."""
    minimax: int
    """Package whose largest regret is smallest, the first of ties."""
    least_expected: int
    """Package whose expected regret is smallest, the first of ties."""


@dataclass(frozen=True, kw_only=True, eq=False)
class UncertainPackages(Plain):
    """Chances of packages over draws."""

    draws: int
    gains: dict[str, Floats]
    """By party: (packages,) share of draws in which it is not below disagreement."""
    win_sets: dict[str, Floats]
    """By party: (packages,) share of draws in which all its ratifiers accept."""
    agreement: Floats
    """(packages,) share of draws in which every party gains and every ratifier accepts."""
    errors: dict[str, Floats]
    """Standard errors of these shares, by `<party> gains`, `<party> win-set` and `agreement`."""
    accepted: NDArray[np.bool_] = field(repr=False)
    """(draws, packages) whether the package is in the agreement set in the draw."""
    some_deal: float
    """Share of draws in which at least one package is in the agreement set."""
    regrets: tuple[Regret, ...]
    """By party, over the packages given."""

    def difference(self, one: int, other: int) -> tuple[float, float]:
        """Chance of agreement of one package less that of another, and its standard error with common draws."""
        gap = self.accepted[:, one].astype(float) - self.accepted[:, other]
        return float(gap.mean()), _error(gap)

    def as_plain(self) -> dict[str, object]:
        """As for other results, without the table of draws."""
        return {name: value for name, value in super().as_plain().items() if name != "accepted"}


def over_draws(
    values: ArrayLike,
    rows: Sequence[str],
    parties: Sequence[str],
    disagreement: ArrayLike,
    win_sets: Sequence[WinSet] = (),
    *,
    instruments: Sequence[str] = (),
    packages: ArrayLike | None = None,
) -> UncertainPackages:
    """Chances and regrets over draws of payoffs.

    values: (draws, packages, rows), rows being the parties and then groups that ratifiers look at. disagreement:
    (parties,) or (draws, parties). packages: (packages, instruments), where a ratifier looks at instruments.
    """
    table = np.asarray(values, dtype=np.float64)
    n = len(parties)
    if table.ndim != 3 or table.shape[2] != len(rows) or 0 in table.shape or table.size > MOST:
        raise RequestError(f"values must be (draws, packages, {len(rows)}), found {table.shape}")
    if tuple(rows[:n]) != tuple(parties) or not np.isfinite(table).all():
        raise RequestError("the first rows must be the parties, and no payoff may be missing")
    draws, count = table.shape[:2]
    fallback = np.asarray(disagreement, dtype=np.float64)
    if fallback.shape not in ((n,), (draws, n)) or not np.isfinite(fallback).all():
        raise RequestError(f"disagreement must be ({n},) or ({draws}, {n}) and finite, found {fallback.shape}")
    listed = np.empty((count, 0)) if packages is None else np.asarray(packages, dtype=np.float64)
    flat = PackageTable(
        rows=tuple(rows),
        values=table.reshape(draws * count, -1),
        parties=tuple(parties),
        disagreement=np.zeros(n),
        instruments=tuple(instruments),
        packages=np.tile(listed, (draws, 1)),
    )
    level = np.broadcast_to(fallback, (draws, n))
    gain = table[:, :, :n] - level[:, None, :]
    inside: NDArray[np.bool_] = np.asarray((gain >= 0).all(axis=2))
    chances, errors = {}, {}
    for one in win_sets:
        known(one.party, parties, "party")
        yes = np.ones((draws, count), dtype=bool)
        for ratifier in one.ratifiers:
            yes &= (margins(ratifier, flat) >= 0).reshape(draws, count)
        inside = inside & yes
        chances[one.party] = yes.mean(axis=0)
        errors[f"{one.party} win-set"] = _errors(yes)
    gains = {}
    for i, party in enumerate(parties):
        gains[party] = (gain[:, :, i] >= 0).mean(axis=0)
        errors[f"{party} gains"] = _errors(gain[:, :, i] >= 0)
    errors["agreement"] = _errors(inside)
    return UncertainPackages(
        draws=draws,
        gains=gains,
        win_sets=chances,
        agreement=inside.mean(axis=0),
        errors=errors,
        accepted=inside,
        some_deal=float(inside.any(axis=1).mean()),
        regrets=tuple(_regret(party, table[:, :, i]) for i, party in enumerate(parties)),
    )


def _regret(party: str, payoff: Floats) -> Regret:
    regret = payoff.max(axis=1, keepdims=True) - payoff
    expected, worst = regret.mean(axis=0), regret.max(axis=0)
    return Regret(
        party=party,
        expected=expected,
        error=_errors(regret),
        worst=worst,
        minimax=int(worst.argmin()),
        least_expected=int(expected.argmin()),
    )


def _errors(samples: NDArray[np.bool_] | Floats) -> Floats:
    """(packages,) standard errors of means over the first axis; nan with a single draw."""
    if len(samples) < 2:
        return np.full(samples.shape[1], np.nan)
    return np.asarray(samples.std(axis=0, ddof=1) / np.sqrt(len(samples)))


def _error(sample: Floats) -> float:
    return float(_errors(sample[:, None])[0])
