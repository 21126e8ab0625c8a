"""A number with its unit at its place in a text, before anything is said of what it is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Quantity"]


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number with its unit, at its place."""

    start: int
    end: int
    value: float
    unit: str
    """percent, percentage-points, basis-points, ISO 4217 code, noun, `duration` kinds, or empty while unknown."""
    approx: bool = False
    noun: str = ""
    """The words of what is counted."""
    scaled: bool = False
    scale: float = 1.0
    """What the scale word multiplied by."""
    relation: str = ""
    """before, after, low, high: place in a pair."""
    partner: int | None = None
    """Position of the other end in the list."""
    conflict: bool = False
    """A sign and a word that name different currencies."""
    per: str | None = None
