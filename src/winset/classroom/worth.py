"""What a package is worth, as class mode is handed it. Whatever computes it stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Account", "Accounts", "Line", "Map", "Met", "Spot", "Valuing"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an account; lines sum to the net."""

    id: str
    label: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Met:
    """How a package stands to one condition at home."""

    id: str
    met: bool
    value: float
    """What the condition limits, in its unit."""
    bound: float
    at_least: bool
    """Whether the bound is a floor; else it is a ceiling."""
    unit: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a package is worth to one team over no deal."""

    net: float
    lines: tuple[Line, ...]
    met: tuple[Met, ...] = ()

    @property
    def refused(self) -> tuple[str, ...]:
        """Conditions that it breaks."""
        return tuple(one.id for one in self.met if not one.met)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


Accounts = Mapping[str, Account]
"""By team."""
Valuing = Callable[[Mapping[str, float]], Accounts]
"""Lever values to accounts; may take long, and is called from one thread at a time."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A package of the map."""

    id: str
    label: str
    kind: str
    """package or solution."""
    payoffs: Mapping[str, float]
    levers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Map:
    """Everything that could have been agreed, for the debrief."""

    frontier: tuple[Mapping[str, float], ...]
    """Payoffs by team; for two teams in falling order of the first one's."""
    spots: tuple[Spot, ...] = ()
    """The case's own packages, and bargaining solutions within all win-sets."""
    sizes: Mapping[str, float] = field(default_factory=dict)
    """Share of packages within bounds that those at home accept, by team."""
    common: float | None = None
    """Share that everybody accepts and that leaves nobody below no deal."""
    notes: tuple[str, ...] = ()
