"""What a session is about: teams, open numbers, conditions at home, rules. The first line of its log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from winset.core.casefile import CaseModel
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["Condition", "Lever", "Rules", "Setup", "Team", "check_levers"]

Text = Annotated[str, Field(max_length=500)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,15}$")]


class Lever(CaseModel):
    """One open number of the package. Known to everybody."""

    id: Annotated[str, Field(max_length=80)]
    label: Text
    unit: Text
    low: float
    high: float
    value: float
    """Where sliders start."""

    @model_validator(mode="after")
    def _ordered(self) -> Lever:
        if not self.low < self.high or not self.low <= self.value <= self.high:
            raise ValueError(f"lever {self.id!r} stands at {self.value:g} within {self.low:g} to {self.high:g}")
        return self


class Condition(CaseModel):
    """What somebody at home asks for before a team's signature counts. Known to that team only."""

    id: Annotated[str, Field(max_length=80)]
    label: Text
    why: Annotated[str, Field(max_length=2000)] = ""


class Team(CaseModel):
    """One side of the table."""

    code: Code
    """Code of the party, as in the case."""
    name: Text
    conditions: tuple[Condition, ...] = ()


class Rules(CaseModel):
    """How the talks run. The teacher may change them until they begin."""

    turns: Literal["alternate", "free"] = "alternate"
    """alternate: one team is on the move and the others answer. free: anybody offers at any time."""
    rounds: int = Field(default=6, ge=1, le=50)
    round_seconds: float | None = Field(default=300.0, ge=5, le=7200)
    """None: rounds pass by moves alone."""
    total_seconds: float | None = Field(default=1800.0, ge=5, le=86400)
    """None: no clock over all."""


class Setup(CaseModel):
    """Everything about a session that does not change while it is played, rules aside."""

    case: Annotated[str, Field(max_length=200)]
    title: Text
    teams: tuple[Team, ...] = Field(min_length=2, max_length=3)
    """In the order of their moves."""
    levers: tuple[Lever, ...] = Field(min_length=1, max_length=20)
    no_deal: Text
    """What holds without an agreement, in words."""
    unit: Text
    """Of every account."""

    @model_validator(mode="after")
    def _distinct(self) -> Setup:
        for what, names in (("team", [t.code for t in self.teams]), ("lever", [v.id for v in self.levers])):
            if len(set(names)) != len(names):
                raise ValueError(f"two of the same {what}: {', '.join(names)}")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the teams, in the order of their moves."""
        return tuple(team.code for team in self.teams)


def check_levers(setup: Setup, given: Mapping[str, object]) -> dict[str, float]:
    """The package with every lever at a number within its bounds, levers not named at their start.

    Raises UnknownNameError for a lever that is not open, RequestError for a number that is none or out of bounds.
    """
    levers = {lever.id: lever for lever in setup.levers}
    found = {lever.id: lever.value for lever in setup.levers}
    for name, number in given.items():
        lever = levers[known(str(name)[:80], levers, "lever")]
        if isinstance(number, bool) or not isinstance(number, int | float) or number != number:
            raise RequestError(f"{lever.label}: a number is needed")
        if not lever.low <= number <= lever.high:
            raise RequestError(
                f"{lever.label}: {str(number)[:20]} lies outside its bounds, {lever.low:g} to {lever.high:g}"
            )
        found[lever.id] = float(number)
    return found
