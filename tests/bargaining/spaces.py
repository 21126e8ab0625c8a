"""Small continuous bargains whose answers can be found otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from winset.bargaining.problem import Instruments, Limit, Problem


def box(names: Sequence[str], low: float = 0.0, high: float = 1.0) -> Instruments:
    return Instruments(names=tuple(names), low=np.full(len(names), low), high=np.full(len(names), high))


def triangle(weights: tuple[float, float] = (1.0, 0.5), disagreement: Sequence[float] = (0.0, 0.0)) -> Problem:
    """Instruments are payoffs; w . u <= 1."""
    return Problem(
        instruments=box(("a", "b"), 0.0, 4.0),
        parties=("one", "two"),
        payoffs=lambda x: (x, np.eye(2)),
        disagreement=np.array(disagreement),
        limits=(Limit(name="feasible", instruments={"a": weights[0], "b": weights[1]}, at_most=1.0),),
    )


def smooth(
    seed: int, *, instruments: int = 3, parties: int = 2, gradient: bool = True, wave: float = 0.5, **more: object
) -> Problem:
    """Bowls with ripples, each party's centre its own; disagreement a little below the middle of the bounds."""
    rng = np.random.default_rng(seed)
    m, n = instruments, parties
    bowls = [root @ root.T / m + 0.3 * np.eye(m) for root in rng.normal(size=(n, m, m))]
    centre, ripple = rng.random((n, m)), wave * rng.normal(size=(n, m))
    often = rng.uniform(0.5, 4.0, (n, m))

    def payoffs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        values, slopes = np.empty(n), np.empty((n, m))
        for i in range(n):
            away = x - centre[i]
            values[i] = -0.5 * away @ bowls[i] @ away + ripple[i] @ np.sin(often[i] * x)
            slopes[i] = -bowls[i] @ away + ripple[i] * often[i] * np.cos(often[i] * x)
        return 100 * values, 100 * slopes if gradient else None

    middle = payoffs(np.full(m, 0.5))[0]
    return Problem(
        instruments=box([f"x{k}" for k in range(m)]),
        parties=tuple("ABCDEF"[:n]),
        payoffs=payoffs,
        disagreement=middle - 5.0,
        **more,  # type: ignore[arg-type]
    )


def grid(problem: Problem, points: int = 41) -> tuple[np.ndarray, np.ndarray]:
    """Every package of an even grid and its payoffs: slow, and sure to look everywhere."""
    axes = [
        np.linspace(a, b, points) for a, b in zip(problem.instruments.low, problem.instruments.high, strict=True)
    ]
    packages = np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=1)
    return packages, np.array([problem.payoffs(x)[0] for x in packages])
