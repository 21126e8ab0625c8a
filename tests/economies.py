"""Random economies for property tests: balanced by construction, hostile on request."""

from __future__ import annotations

import numpy as np

from winset.model.baseline import Baseline


def random_world(
    seed: int,
    *,
    regions: int = 3,
    sectors: int = 2,
    zero_flows: float = 0.0,
    theta: tuple[float, float] = (1.0, 10.0),
    tariff: float = 0.3,
    inputs: bool = True,
) -> Baseline:
    """A random baseline whose final demand is positive everywhere and whose deficits can be carried.

    Flows are log-normal, nearly the same both ways (so that deficits stay moderate), with heavy home sales;
    input shares are shrunk until every cell leaves room for final demand, so the accounts always hold.
    """
    rng = np.random.default_rng(seed)
    n, s = regions, sectors
    flow = rng.lognormal(3, 1.5, (n, n, s))
    flow = np.sqrt(flow * flow.transpose(1, 0, 2)) * np.exp(rng.normal(0, 0.2, (n, n, s)))
    every = np.arange(n)
    flow[every, every] *= rng.uniform(2, 20)
    if zero_flows:
        gone = rng.random((n, n, s)) < zero_flows
        gone |= gone.transpose(1, 0, 2)
        gone[every, every] = False
        # Everybody trades something with everybody: the wage of a region cut off from the rest has no meaning.
        gone[:, :, 0] = False
        flow[gone] = 0.0
    rate = rng.uniform(0, tariff, (n, n, s))
    rate[every, every] = 0.0
    elasticity = np.exp(rng.uniform(np.log(theta[0]), np.log(theta[1]), s))
    if not inputs:
        return Baseline.from_arrays(
            regions=_names("R", n), sectors=_names("S", s), flows=flow, tariffs=rate, elasticities=elasticity
        )
    gamma = rng.dirichlet(np.ones(s), (n, s)).transpose(0, 2, 1) * rng.uniform(0.2, 0.7, (n, 1, s))
    output, spending = flow.sum(axis=1), ((1 + rate) * flow).sum(axis=0)
    use = np.einsum("iks,is->ik", gamma, output)
    room = np.minimum(1.0, 0.9 * spending / np.maximum(use, 1e-300))
    gamma = gamma * room[:, :, None]
    return Baseline.from_arrays(
        regions=_names("R", n),
        sectors=_names("S", s),
        flows=flow,
        tariffs=rate,
        elasticities=elasticity,
        value_added_shares=1 - gamma.sum(axis=1),
        input_shares=gamma,
    )


def random_tariffs(world: Baseline, seed: int, top: float = 1.0) -> np.ndarray:
    """Counterfactual tariffs between zero and `top` on every foreign flow."""
    rate = np.random.default_rng(seed).uniform(0, top, world.flows.shape)
    every = np.arange(len(world.regions))
    rate[every, every] = 0.0
    return rate


def _names(letter: str, count: int) -> list[str]:
    return [f"{letter}{k:02d}" for k in range(count)]
