"""What a sweep consists of: its settings, and the chunks it is cut into. A plan knows nothing of workers."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import quote

from winset.core.errors import RequestError
from winset.core.names import known
from winset.package.bargain_sheet import LeverSheet

__all__ = ["Axis", "Chunk", "Plan", "axes_of", "plan_from", "plan_text"]

Mode = Literal["sets", "spread"]
MAX_DRAWS = 10_000_000
MAX_POINTS = 1_000_000
"""Grid points; a larger product is a mistake in a bound."""
MAX_CELLS = 1_000_000_000
"""Most (package or point) x draw cells: a thousand times the largest run that was planned for."""
BLOCK = {"sets": 8192, "spread": 2048}
"""Draws of one chunk. Fixed, whatever the number of workers: chunks decide the bytes of the tables."""
MOST_POINTS = 64
"""Grid points that share a chunk where each has few draws."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One lever of a grid."""

    lever: str
    low: float
    high: float
    count: int

    @property
    def values(self) -> list[float]:
        """Evenly spaced, both ends included; one value stands at the low end."""
        if self.count == 1:
            return [self.low]
        width = self.high - self.low
        return [self.low + width * k / (self.count - 1) for k in range(self.count - 1)] + [self.high]


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A piece of a sweep that is computed, written and resumed as a whole."""

    kind: Literal["draws", "rows"]
    package: str
    """Package, or base of the grid; empty for draws."""
    first: int
    """First draw."""
    last: int
    """Draw after the last."""
    points: tuple[int, int] | None = None
    """First grid point and the one after the last; None for a package as it stands."""

    @property
    def id(self) -> str:
        """Name of its file below the sweep, unique in the plan; a package's name is quoted as in an address."""
        if self.kind == "draws":
            return f"draws/{self.first:09d}.parquet"
        at = "" if self.points is None else f"grid-{self.points[0]:07d}-"
        return f"rows/package={quote(self.package, safe='')}/{at}{self.first:09d}.parquet"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Settings that decide every byte of a sweep's tables, beside the case, the baseline and the versions."""

    packages: tuple[str, ...]
    against: str
    draws: int
    seed: int
    mode: Mode
    """`sets`: each draw has the elasticities of one set; `spread`: its own around the set it drew."""
    spread: float
    """Standard deviation of log elasticities where a set states no standard errors."""
    base: str = ""
    """Package that the grid moves; empty without a grid."""
    axes: tuple[Axis, ...] = ()
    block: int
    """Draws of a chunk."""

    @property
    def points(self) -> int:
        """Grid points."""
        return math.prod(axis.count for axis in self.axes) if self.axes else 0

    def levers_at(self, point: int) -> dict[str, float]:
        """Lever values of a grid point; the last axis runs fastest."""
        found: dict[str, float] = {}
        for axis in reversed(self.axes):
            point, place = divmod(point, axis.count)
            found[axis.lever] = axis.values[place]
        return dict(reversed(found.items()))

    def grid(self) -> Iterator[dict[str, float]]:
        """Lever values of every grid point, in order."""
        for values in itertools.product(*(axis.values for axis in self.axes)):
            yield dict(zip((axis.lever for axis in self.axes), values, strict=True))

    def chunks(self) -> Iterator[Chunk]:
        """Every chunk, in an order that is the same everywhere."""
        blocks = [(a, min(a + self.block, self.draws)) for a in range(0, self.draws, self.block)]
        for first, last in blocks:
            yield Chunk(kind="draws", package="", first=first, last=last)
        for package in self.packages:
            for first, last in blocks:
                yield Chunk(kind="rows", package=package, first=first, last=last)
        if self.axes:
            step = max(1, min(MOST_POINTS, self.block // self.draws))
            for at in range(0, self.points, step):
                for first, last in blocks:
                    to = min(at + step, self.points)
                    yield Chunk(kind="rows", package=self.base, first=first, last=last, points=(at, to))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the manifest and the workers."""
        found: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return found


def plan_from(given: Mapping[str, Any]) -> Plan:
    """The plan that `to_dict` wrote."""
    fields = dict(given)
    return Plan(
        **fields
        | {
            "packages": tuple(fields["packages"]),
            "axes": tuple(Axis(**axis) for axis in fields["axes"]),
        }
    )


def axes_of(given: Sequence[str], levers: Sequence[LeverSheet]) -> tuple[Axis, ...]:
    """Grid axes from LEVER=a:b:n, checked against the levers of `bargain.yaml`.

    Raises RequestError for text of another form, a value outside the lever's bounds or a lever named twice;
    UnknownNameError for a lever that does not exist.
    """
    by_id = {lever.id: lever for lever in levers}
    found: dict[str, Axis] = {}
    for text in given:
        name, sign, span = (part.strip() for part in text.partition("="))
        parts = span.split(":")
        if not sign or len(parts) != 3:
            raise RequestError(
                f"--grid {text!r} is not LEVER=a:b:n", remedy="For example --grid car-rate=0:25:6: six values"
            )
        lever = by_id[known(name, by_id, "lever of bargain.yaml")]
        try:
            low, high, count = float(parts[0]), float(parts[1]), int(parts[2])
        except ValueError:
            raise RequestError(
                f"--grid {text!r}: a, b and n must be numbers, n a whole one", remedy="For example 0:25:6"
            ) from None
        if not (math.isfinite(low) and math.isfinite(high)) or count < 1 or count > MAX_POINTS:
            raise RequestError(f"--grid {text!r}: n must be 1 to {MAX_POINTS:,}, a and b finite")
        if not lever.low <= low <= high <= lever.high or (count == 1) != (low == high):
            raise RequestError(
                f"--grid {text!r} does not fit lever {name!r}, {lever.low:g} to {lever.high:g} {lever.unit}",
                remedy="Give a < b within the bounds, or a = b with n = 1",
            )
        if name in found:
            raise RequestError(f"--grid names lever {name!r} twice")
        found[name] = Axis(lever=name, low=low, high=high, count=count)
    if math.prod(axis.count for axis in found.values()) > MAX_POINTS:
        raise RequestError(f"the grid has more than {MAX_POINTS:,} points", remedy="Take fewer values an axis")
    return tuple(found.values())


def plan_text(plan: Plan) -> str:
    """The plan in one line."""
    parts = [f"{plan.draws:,} draws", f"{len(plan.packages)} packages"]
    if plan.axes:
        parts.append(f"{plan.points:,} grid points")
    how = "one set each" if plan.mode == "sets" else f"own elasticities each (log spread {plan.spread:g})"
    return f"{' x '.join(parts)} against {plan.against}, seed {plan.seed}, {how}"
