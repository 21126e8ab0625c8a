"""Staged conditional packages: do this, then that. Does any side gain by stopping after the other has moved?

Steps follow one another; each is taken, or not, by one party. If it is not taken the deal ends there and everybody
has what follows from that. A staged package enforces itself if at every step the party that must move is at least
as well off going on, given that all later steps are taken; working back from the last step says where it would
really end. A bond is what a party would forfeit by stopping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.bargaining.plain import Plain
from winset.core.errors import RequestError
from winset.core.names import known

__all__ = ["StagedPackage", "Step", "StepCheck", "check_steps"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Step(Plain):
    """One step of a staged package."""

    name: str
    mover: str
    """The party that takes it or does not."""
    years: float
    """When, in years from today; not before the step that precedes it."""
    flows: Mapping[str, float]
    """By party: present value, on the day of the step, of what is had from then to the next step if it is taken;
    for the last step, of all that follows."""
    stopped: Mapping[str, float]
    """By party: present value, on that day, of all that follows if it is not taken."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StepCheck(Plain):
    """One step, judged."""

    name: str
    mover: str
    going_on: dict[str, float]
    """By party: value, on the day of the step, if it and all later steps are taken."""
    stopping: dict[str, float]
    """By party: value if it is not taken."""
    temptation: float
    """What the mover gains by stopping, on that day; at or below zero where it has no reason to."""
    taken: bool
    """Whether the mover takes it if everybody looks ahead, knowing which later steps would be taken."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StagedPackage(Plain):
    """A staged package, judged."""

    steps: tuple[StepCheck, ...]
    self_enforcing: bool
    """No mover gains by stopping at its step if the rest is carried out."""
    ends_after: int
    """Number of steps that are really taken, everybody looking ahead."""
    bonds: dict[str, float]
    """By party: smallest bond, posted today, bearing interest at its own discount rate and forfeited if it stops
    at any of its steps, that takes all temptation away; zero where there is none."""
    value: dict[str, float]
    """By party: value today of the whole, all steps taken."""


def check_steps(
    steps: Sequence[Step], rates: Mapping[str, float], *, bonds: Mapping[str, float] | None = None
) -> StagedPackage:
    """Check whether a staged package enforces itself, and what bond would make it do so.

    rates: discount rate of each party, fraction a year. bonds: posted already by party, in value of today; each
    keeps its real value for the party that posted it and is lost to it if it stops. An indifferent party moves.
    """
    parties = list(rates)
    _check(steps, rates)
    posted = dict.fromkeys(parties, 0.0) | {
        known(name, parties, "party"): float(value) for name, value in (bonds or {}).items()
    }
    if not all(np.isfinite(b) and b >= 0 for b in posted.values()):
        raise RequestError("a bond is a number from zero up")
    going = dict.fromkeys(parties, 0.0)
    really = dict.fromkeys(parties, 0.0)
    checks: list[StepCheck] = []
    for k in range(len(steps) - 1, -1, -1):
        step = steps[k]
        gap = steps[k + 1].years - step.years if k + 1 < len(steps) else 0.0
        growth = {name: (1 + rates[name]) ** step.years for name in parties}
        going = {n: float(step.flows[n]) + going[n] * (1 + rates[n]) ** -gap for n in parties}
        ahead = {n: float(step.flows[n]) + really[n] * (1 + rates[n]) ** -gap for n in parties}
        stopping = {n: float(step.stopped[n]) for n in parties}
        lost = stopping[step.mover] - posted[step.mover] * growth[step.mover]
        # Judged on the path: the rest is carried out. Looking ahead: only what would be.
        temptation = lost - going[step.mover]
        taken = ahead[step.mover] >= lost
        really = ahead if taken else stopping
        checks.append(
            StepCheck(
                name=step.name,
                mover=step.mover,
                going_on=dict(going),
                stopping=stopping,
                temptation=temptation,
                taken=taken,
            )
        )
    checks.reverse()
    needed = dict.fromkeys(parties, 0.0)
    for step, check in zip(steps, checks, strict=True):
        today = (check.stopping[step.mover] - check.going_on[step.mover]) * (1 + rates[step.mover]) ** -step.years
        needed[step.mover] = max(needed[step.mover], today)
    ends = next((k for k, check in enumerate(checks) if not check.taken), len(checks))
    return StagedPackage(
        steps=tuple(checks),
        self_enforcing=all(check.temptation <= 0 for check in checks),
        ends_after=ends,
        bonds=needed,
        value={n: checks[0].going_on[n] * (1 + rates[n]) ** -steps[0].years for n in parties},
    )


def _check(steps: Sequence[Step], rates: Mapping[str, float]) -> None:
    if not steps or not rates:
        raise RequestError("a staged package needs steps, and parties with discount rates")
    if not all(np.isfinite(r) and r > -1 for r in rates.values()):
        raise RequestError("a discount rate is a fraction a year above -1")
    last = 0.0
    for step in steps:
        known(step.mover, rates, "party")
        if not (np.isfinite(step.years) and step.years >= last):
            raise RequestError(f"step {step.name!r} comes before the one it follows, or has no date")
        last = step.years
        for label, values in (("flows", step.flows), ("stopped", step.stopped)):
            if set(values) != set(rates) or not np.isfinite(list(values.values())).all():
                raise RequestError(f"{label} of step {step.name!r} must give one finite number for each party")
