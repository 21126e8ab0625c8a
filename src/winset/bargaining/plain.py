"""Results as plain data: every result type of this room turns itself into what JSON can hold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["Plain"]


class Plain:
    """A result whose fields are numbers, text, dates, arrays, mappings, or more such results."""

    def as_plain(self) -> dict[str, Any]:
        """Fields by name: arrays as lists, dates as ISO text, numbers that are not finite as None."""
        fields: dict[str, Any] = self.__dataclass_fields__  # type: ignore[attr-defined]
        return {name: _plain(getattr(self, name)) for name in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.as_plain()
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, Mapping):
        return {_key(key): _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def _key(key: Any) -> str:
    if isinstance(key, frozenset | set):
        return "+".join(sorted(map(str, key)))
    return "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
