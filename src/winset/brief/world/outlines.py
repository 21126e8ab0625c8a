"""Outlines of countries by ISO 3166 alpha-3 code, and members of aggregates. Read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import yaml
from numpy.typing import NDArray

__all__ = ["members", "points", "shapes"]

Ring = NDArray[np.float64]
"""(n, 2) degrees east and north, closed."""


@cache
def _read() -> tuple[Mapping[str, tuple[Ring, ...]], Mapping[str, tuple[float, float]]]:
    body = json.loads((files("winset.brief.world") / "outlines.json").read_text(encoding="utf-8"))
    shapes = {
        code: tuple(np.cumsum(np.array(ring, float).reshape(-1, 2), axis=0) / 10 for ring in rings)
        for code, rings in body["shapes"].items()
    }
    points = {code: (x / 10, y / 10) for code, (x, y) in body["points"].items()}
    return MappingProxyType(shapes), MappingProxyType(points)


def shapes() -> Mapping[str, tuple[Ring, ...]]:
    """Rings of every country that is large enough to be drawn."""
    return _read()[0]


def points() -> Mapping[str, tuple[float, float]]:
    """Degrees east and north of every country that is not."""
    return _read()[1]


@cache
def _members() -> Mapping[str, tuple[str, ...]]:
    text = (files("winset.brief.world") / "members.yaml").read_text(encoding="utf-8")
    return MappingProxyType({name: tuple(codes) for name, codes in yaml.safe_load(text).items()})


def members(code: str) -> tuple[str, ...]:
    """Members of an aggregate that baselines use; empty for a country and for what is not known."""
    return _members().get(code, ())
