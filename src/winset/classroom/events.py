"""What can happen in a session. A line of the log each; nothing else is ever stored.

`t` is the server's clock in seconds. It never runs backwards within a log, and stands still while the server does.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from winset.classroom.setup import Code, Rules, Setup
from winset.core.casefile import CaseModel

__all__ = [
    "EVENT",
    "MESSAGE",
    "NAME",
    "OBSERVER",
    "Advanced",
    "Answered",
    "Began",
    "Debriefed",
    "Ended",
    "Event",
    "Extended",
    "Joined",
    "Offered",
    "Opened",
    "Paused",
    "Ratified",
    "Removed",
    "Reset",
    "Resumed",
    "Ruled",
    "Spoke",
    "Ticked",
    "Withdrawn",
]

NAME, MESSAGE = 40, 500
"""Characters of a display name, and of the message that goes with an offer."""
OBSERVER = "observer"
"""Stands among the access codes beside the teams."""

Number = Annotated[int, Field(ge=0, lt=1_000_000)]


class _Event(CaseModel):
    t: float = Field(ge=0)


class Opened(_Event):
    """A session is set up. codes: access code by team, and of observers."""

    kind: Literal["opened"] = "opened"
    setup: Setup
    rules: Rules
    codes: dict[str, str]


class Ruled(_Event):
    """The teacher changes the rules."""

    kind: Literal["ruled"] = "ruled"
    rules: Rules


class Joined(_Event):
    """Somebody comes in. key: SHA-256 of the bearer token, in hex, so that the log lets nobody in."""

    kind: Literal["joined"] = "joined"
    member: Number
    name: Annotated[str, Field(min_length=1, max_length=NAME + 8)]
    team: Code | None
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Removed(_Event):
    """The teacher shows somebody out; the token is void from now on."""

    kind: Literal["removed"] = "removed"
    member: Number


class Spoke(_Event):
    """Who acts for a team from now on."""

    kind: Literal["spoke"] = "spoke"
    team: Code
    member: Number


class Began(_Event):
    """The talks begin: the clock runs, the first team is on the move."""

    kind: Literal["began"] = "began"


class Paused(_Event):
    """The clock stops. by: the teacher, or a server that was started again."""

    kind: Literal["paused"] = "paused"
    by: Literal["teacher", "restart"] = "teacher"


class Resumed(_Event):
    """The clock runs on."""

    kind: Literal["resumed"] = "resumed"


class Extended(_Event):
    """More time, for this round or for the talks."""

    kind: Literal["extended"] = "extended"
    what: Literal["round", "talks"]
    seconds: float = Field(gt=0, le=86400)


class Advanced(_Event):
    """The next round. by: what ended the last one."""

    kind: Literal["advanced"] = "advanced"
    mover: Code
    by: Literal["clock", "teacher", "answer"]


class Offered(_Event):
    """A package on the table. counter_to: the offer that it answers."""

    kind: Literal["offered"] = "offered"
    offer: Number
    team: Code
    member: Number
    levers: dict[str, float] = Field(max_length=20)
    message: Annotated[str, Field(max_length=MESSAGE)] = ""
    counter_to: Number | None = None


class Answered(_Event):
    """A team answers an offer. counter: it refuses, and its own offer follows."""

    kind: Literal["answered"] = "answered"
    offer: Number
    team: Code
    member: Number
    answer: Literal["accept", "refuse", "counter"]


class Withdrawn(_Event):
    """A team takes its own offer back."""

    kind: Literal["withdrawn"] = "withdrawn"
    offer: Number
    team: Code
    member: Number


class Ended(_Event):
    """The talks are over. offer: what all accepted, where they did."""

    kind: Literal["ended"] = "ended"
    why: Literal["agreement", "deadline", "rounds", "teacher"]
    offer: Number | None = None


class Ratified(_Event):
    """What those at home say to the agreement: by team, the conditions that it breaks."""

    kind: Literal["ratified"] = "ratified"
    refused: dict[str, tuple[str, ...]]


class Debriefed(_Event):
    """The teacher lays everybody's cards on the table."""

    kind: Literal["debriefed"] = "debriefed"


class Reset(_Event):
    """Another play from the start. codes: new ones, where everybody has to join again."""

    kind: Literal["reset"] = "reset"
    codes: dict[str, str] | None = None


class Ticked(_Event):
    """The clock was still running: what a crash can give back is no more than the time between two of these."""

    kind: Literal["ticked"] = "ticked"


Event = (
    Opened | Ruled | Joined | Removed | Spoke | Began | Paused | Resumed | Extended | Advanced | Offered | Answered
    | Withdrawn | Ended | Ratified | Debriefed | Reset | Ticked
)  # fmt: skip
EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
"""Reads and writes any of them."""
