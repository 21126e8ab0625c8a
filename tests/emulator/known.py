"""Payoff functions that are known, over one box, for tests of the emulator."""

from __future__ import annotations

from typing import Any

import numpy as np

from winset.emulator.build import build

NAMES = ("a", "b", "c")
LOW, HIGH = np.array([0.0, -5.0, 10.0]), np.array([25.0, 5.0, 350.0])


def quadratic(seed: int) -> Any:
    """Two random quadratics of the levers in units of their widths, with slopes."""
    rng = np.random.default_rng(seed)
    constant, linear = rng.normal(size=2), rng.normal(size=(2, 3))
    square = rng.normal(size=(2, 3, 3))
    square = square + square.transpose(0, 2, 1)

    def told(x: Any) -> tuple[Any, Any]:
        u = (x - LOW) / (HIGH - LOW)
        values = constant + linear @ u + 0.5 * np.einsum("i,rij,j->r", u, square, u)
        return values, (linear + square @ u) / (HIGH - LOW)

    return told


def smooth(x: Any) -> tuple[Any, Any]:
    """exp of one lever times another, so not a polynomial."""
    u = (x - LOW) / (HIGH - LOW)
    value = np.exp(-2 * u[0]) * (1 + u[1]) + u[2]
    slope = np.array([-2 * np.exp(-2 * u[0]) * (1 + u[1]), np.exp(-2 * u[0]), 1.0])
    return np.array([value]), (slope / (HIGH - LOW))[None]


def kinked(x: Any) -> tuple[Any, Any]:
    """A payoff with a kink across two levers and a jump in the third: what stacking rules may do."""
    u = (x - LOW) / (HIGH - LOW)
    over = u[0] + u[1] > 0.8
    value = 3 * max(0.0, u[0] + u[1] - 0.8) + (0.3 if u[2] > 0.55 else 0.0)
    return np.array([value]), (np.array([3.0 * over, 3.0 * over, 0.0]) / (HIGH - LOW))[None]


def fitted(payoffs: Any, rows: int = 1, **more: Any) -> Any:
    return build(payoffs, names=NAMES, low=LOW, high=HIGH, rows=[f"r{k}" for k in range(rows)], **more)


def places(count: int, seed: int = 0) -> Any:
    return LOW + np.random.default_rng(seed).random((count, 3)) * (HIGH - LOW)
