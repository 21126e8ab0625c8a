"""Least squares on values and slopes together, and the error of each run when it is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from winset.emulator.basis import MAX_DEGREE, Terms, columns, slopes, terms

__all__ = ["Fit", "Runs", "fit"]

Floats = NDArray[np.float64]

SLOPE_WEIGHT = 0.2
"""Weight of a slope over the whole box against a value: slopes near a kink tell little of the other side."""
SHAPES = (
    (1, 1.0), (2, 1.0), (3, 1.0), (4, 0.5), (6, 0.5), (4, 1.0), (8, 0.5), (10, 0.5), (8, 0.6), (16, 0.4),
    (12, 0.5), (16, 0.5), (6, 1.0), (MAX_DEGREE, 0.4), (8, 1.0), (12, 1.0), (MAX_DEGREE, 1.0),
)  # fmt: skip
"""Degree and norm of the terms that are tried (see `basis.terms`), roughly from few to many."""
MOST_TERMS = 700
SHARE = 0.6
"""Most terms for each number that a run gave: beyond, the fit follows noise."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Runs:
    """What the model said."""

    u: Floats
    """(runs, m) places in the unit box."""
    values: Floats
    """(runs, rows), each row divided by its range."""
    slopes: Floats | None
    """(runs, rows, m) changes over the whole width of the box, in the same unit; None where there are none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """A polynomial and its left-out errors, in the unit of `Runs.values`."""

    exponents: Terms
    coefficients: Floats
    """(terms, rows)."""
    left_out: Floats
    """(runs, rows) prediction less model of each run by the fit to all others."""

    def __call__(self, u: Floats) -> Floats:
        """(packages, rows) values at places of the unit box."""
        return np.asarray(columns(u, self.exponents).T @ self.coefficients)


def fit(runs: Runs) -> Fit:
    """The polynomial whose largest left-out error is smallest, of the shapes that the runs can carry."""
    count, levers = runs.u.shape
    block = 1 if runs.slopes is None else 1 + levers
    most = min(MOST_TERMS, int(SHARE * count * block))
    best: Fit | None = None
    seen: set[int] = set()
    for degree, norm in SHAPES:
        chosen = terms(levers, degree, norm, most)
        if chosen is None or len(chosen) in seen:
            continue
        seen.add(len(chosen))
        found = solve(runs, chosen)
        if found is not None and (best is None or _worst(found) < _worst(best)):
            best = found
    if best is None:
        constant = solve(runs, np.zeros((1, levers), dtype=np.int16))
        assert constant is not None  # noqa: S101 - one column of ones has full rank
        return constant
    return best


def _worst(found: Fit) -> float:
    return float(np.abs(found.left_out).max())


def solve(runs: Runs, exponents: Terms) -> Fit | None:
    """One least-squares fit; None where the runs do not settle all of its terms.

    A run left out takes its value and all of its slopes with it: with Q of the QR factors and r the residuals,
    the residuals of block b without that block are (I - Q_b Q_b')^-1 r_b (Cook and Weisberg 1982, ch. 3).
    """
    count = len(runs.u)
    parts = [columns(runs.u, exponents).T[:, None, :]]
    given = [runs.values[:, None, :]]
    if runs.slopes is not None:
        parts.append(SLOPE_WEIGHT * slopes(runs.u, exponents).transpose(2, 0, 1))
        given.append(SLOPE_WEIGHT * runs.slopes.transpose(0, 2, 1))
    design, target = np.concatenate(parts, axis=1), np.concatenate(given, axis=1)
    block = design.shape[1]
    matrix, right = design.reshape(count * block, -1), target.reshape(count * block, -1)
    if matrix.shape[0] < matrix.shape[1]:
        return None
    q, r = qr(matrix, mode="economic", check_finite=False)
    size = np.abs(np.diag(r))
    if size.min() <= 1e-10 * size.max():
        return None
    coefficients = solve_triangular(r, q.T @ right, check_finite=False)
    residual = (right - matrix @ coefficients).reshape(count, block, -1)
    pieces = q.reshape(count, block, -1)
    hold = np.eye(block) - pieces @ pieces.transpose(0, 2, 1)
    if np.linalg.eigvalsh(hold)[:, 0].min() <= 1e-9:
        return None  # without one of the runs, a term would hang in the air
    left_out = -np.linalg.solve(hold, residual)[:, 0, :]
    return Fit(exponents=exponents, coefficients=coefficients, left_out=left_out)
