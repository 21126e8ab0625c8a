"""What the debrief says about who got what, against brute force; and the table of moves."""

from __future__ import annotations

import csv
import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from class_rooms import setup, whole_map, worth
from winset.classroom import events as ev
from winset.classroom.debrief import could_gain, debrief
from winset.classroom.export import moves, moves_csv
from winset.classroom.setup import Rules
from winset.classroom.state import fold

LEVERS = {"duty": 12.0, "money": 40.0}
SAID = '@sum, "quoted"'
STORY: list[ev.Event] = [
    ev.Opened(t=0, setup=setup(), rules=Rules(), codes={"AAA": "A", "BBB": "B", "observer": "O"}),
    ev.Joined(t=1, member=1, name="=cmd()", team="AAA", key="0" * 64),
    ev.Joined(t=2, member=2, name="Bo", team="BBB", key="1" * 64),
    ev.Began(t=10),
    ev.Offered(t=15, offer=1, team="AAA", member=1, levers={"duty": 5.0, "money": 35.0}, message=SAID),
    ev.Answered(t=20, offer=1, team="BBB", member=2, answer="counter"),
    ev.Advanced(t=20, mover="BBB", by="answer"),
    ev.Offered(t=20, offer=2, team="BBB", member=2, levers=LEVERS, counter_to=1),
    ev.Answered(t=30, offer=2, team="AAA", member=1, answer="accept"),
    ev.Ended(t=30, why="agreement", offer=2),
    ev.Ratified(t=31, refused={"AAA": (), "BBB": ()}),
    ev.Debriefed(t=40),
]  # fmt: skip


def test_shares_add_up_to_what_was_made() -> None:
    state = fold(STORY)
    accounts = {one.id: worth(one.levers) for one in state.offers}
    told = debrief(state, accounts, whole_map())
    gains = {team: one.net for team, one in worth(LEVERS).items()}
    assert told["outcome"]["gains"] == gains
    surplus = told["surplus"]
    assert surplus["made"] + surplus["left"] == pytest.approx(surplus["most"])
    assert sum(surplus["shares"].values()) * surplus["most"] == pytest.approx(sum(gains.values()))
    # The frontier is that of no duty at all: 25 of cut is worth 2 * 25 - 0.03 * 625 - 0.5 * 25 before any payment.
    best = max(18.75 + 0.1 * money for money in range(62, 17, -4))
    assert surplus["most"] == pytest.approx(best)
    assert told["missed"] == [], "offer 1 was refused at home in Aland"


def test_what_those_at_home_refuse_is_worth_no_deal() -> None:
    story = [*STORY[:-2], ev.Ratified(t=31, refused={"AAA": (), "BBB": ("b-purse",)})]
    state = fold(story)
    told = debrief(state, {one.id: worth(one.levers) for one in state.offers}, whole_map())
    assert set(told["outcome"]["gains"].values()) == {0.0}
    assert told["surplus"]["made"] == 0.0


def test_a_good_offer_that_nobody_took_is_named() -> None:
    good = {"duty": 10.0, "money": 30.0}
    assert all(one.net > 0 and not one.refused for one in worth(good).values())
    story = [
        *STORY[:4],
        ev.Offered(t=15, offer=1, team="AAA", member=1, levers=good),
        ev.Ended(t=30, why="deadline"),
    ]
    state = fold(story)
    assert debrief(state, {1: worth(good)}, None)["missed"] == [1]
    assert debrief(state, {}, None, "it failed")["map_failed"] == "it failed"


@given(
    ends=st.tuples(st.floats(1, 50), st.floats(1, 50), st.floats(1, 50)),
    at=st.floats(0, 1), down=st.floats(0, 10),
)  # fmt: skip
def test_what_a_team_could_have_had_is_read_off_the_lines(
    ends: tuple[float, float, float], at: float, down: float
) -> None:
    """A concave frontier in pieces, against a fine comb of points on its lines."""
    a, b, c = ends
    corners = np.array([[a + b, 0.0], [a, c], [0.0, c + min(b, c)]])
    frontier = [{"X": float(x), "Y": float(y)} for x, y in corners]
    comb = np.vstack([np.linspace(p, q, 4001) for p, q in itertools.pairwise(corners)])
    y = at * float(corners[2, 1])
    best = float(comb[comb[:, 1] >= y - 1e-12][:, 0].max())
    gains = {"X": best - down, "Y": y}
    found = could_gain("X", gains, frontier)
    assert found is not None
    # The comb's teeth are a four-thousandth of a piece apart.
    assert abs(found - down) <= (a + b) / 4000 + 1e-9
    assert could_gain("X", {"X": 0.0, "Y": float(corners[2, 1]) + 1.0}, frontier) is None


def test_the_table_of_moves_holds_every_move_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(moves_csv(STORY, ["duty", "money"]))))
    assert [row["event"] for row in rows] == [one["event"] for one in moves(STORY)] == [
        "began", "offered", "answered", "advanced", "offered", "answered", "ended", "ratified", "debriefed",
    ]  # fmt: skip
    offer = rows[1]
    assert (offer["lever:duty"], offer["lever:money"], offer["clock_seconds"]) == ("5.0", "35.0", "5.0")
    assert offer["message"] == f"'{SAID}"
    assert offer["member"] == "'=cmd()"
    assert rows[4]["counter_to"] == "1"


def test_moves_of_every_play_are_kept() -> None:
    story = [*STORY, ev.Reset(t=50), ev.Began(t=60),
             ev.Offered(t=65, offer=1, team="AAA", member=1, levers=LEVERS)]  # fmt: skip
    found = moves(story)
    assert [one["play"] for one in found if one["event"] == "offered"] == [1, 1, 2]
    assert found[-1]["clock_seconds"] == 5.0
