"""Sets of trade elasticities, each with its source.

Convention: theta = sigma - 1 > 0. When (1 + tariff) on one source rises by 1 percent, tariff-inclusive
spending on it relative to other sources falls by theta percent, tariff-exclusive value by theta + 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ElasticitySet"]


@dataclass(frozen=True, kw_only=True)
class ElasticitySet:
    """One published set of trade elasticities on the sectors of a baseline."""

    name: str
    """Short name used on the command line."""
    values: NDArray[np.float64]
    """(s,) theta, positive, no unit."""
    citation: str
    """Paper and how its groups were mapped, in words."""
    note: str = ""
    """What was filled in, in particular the value used for services."""
    standard_errors: NDArray[np.float64] | None = None
    """(s,) of theta; NaN where a sector has none. None for a set without any."""
