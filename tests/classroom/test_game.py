"""The rules of the game: whatever people try, in whatever order, what must hold holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from class_rooms import setup
from winset.classroom import events as ev
from winset.classroom import moves
from winset.classroom.codes import key_of, new_codes
from winset.classroom.setup import Rules, check_levers
from winset.classroom.state import Member, State, apply, fold
from winset.classroom.views import TEACHER, view_for
from winset.core.errors import RequestError, UnknownNameError


class Table:
    """A session without disk or clock: every action at a time that the test gives."""

    def __init__(self, teams: int = 2, **rules: Any) -> None:
        about = setup(teams)
        self.codes = new_codes([*about.codes, ev.OBSERVER])
        given_rules = Rules(**{"rounds": 4, "round_seconds": 60, "total_seconds": 200, **rules})
        self.events: list[ev.Event] = [ev.Opened(t=0, setup=about, rules=given_rules, codes=self.codes)]
        self.state = fold(self.events)
        self.now = 0.0

    def put(self, events: Iterator[ev.Event]) -> None:
        state, made = self.state, list(events)
        for event in made:
            state = apply(state, event)
        self.state = state
        self.events += made

    def do(self, decide: Any, *rest: Any, **named: Any) -> None:
        self.put(moves.due(self.state, self.now))
        self.put(decide(self.state, self.now, *rest, **named))

    def join(self, team: str | None, name: str = "x") -> Member:
        self.do(moves.join, team, name, key_of(f"{team}{name}{self.state.next_member}"))
        return self.state.members[self.state.next_member - 1]

    def teach(self, action: str, **ask: Any) -> None:
        self.do(moves.teacher, action, moves.Ask(**ask))


def begun(teams: int = 2, **rules: Any) -> tuple[Table, list[Member]]:
    table = Table(teams, **rules)
    people = [table.join(team) for team in table.state.setup.codes]
    table.teach("begin")
    return table, people


# ---------------------------------------------------------------------- one story after another


def test_offer_counter_accept() -> None:
    table, (a, b) = begun()
    table.do(moves.offer, a, {"money": 80}, "first")
    assert table.state.offers[0].levers == {"duty": 15, "money": 80}
    table.do(moves.offer, b, {"money": 20}, "", counter_to=1)
    assert [one.standing for one in table.state.offers] == ["countered", "open"]
    assert (table.state.round, table.state.mover) == (2, "BBB")
    table.do(moves.answer, a, 2, "accept")
    assert table.state.phase == "ended"
    assert table.state.outcome is not None
    assert (table.state.outcome.why, table.state.outcome.offer) == ("agreement", 2)
    assert not table.state.outcome.holds, "nobody at home was asked yet"
    table.put(moves.ratified(table.state, 9.0, {"AAA": (), "BBB": ("b-purse",)}))
    assert not table.state.outcome.holds
    assert list(moves.ratified(table.state, 9.0, {"AAA": ()})) == [], "those at home are asked once"


def test_three_teams_need_both_others() -> None:
    table, (a, b, c) = begun(3)
    table.do(moves.offer, a, {})
    table.do(moves.answer, b, 1, "accept")
    assert table.state.phase == "talks"
    table.do(moves.answer, c, 1, "accept")
    assert table.state.outcome is not None
    assert table.state.outcome.why == "agreement"


def test_a_refusal_passes_the_move_and_the_last_one_ends_the_talks() -> None:
    table, (a, b) = begun(rounds=2)
    table.do(moves.offer, a, {})
    table.do(moves.answer, b, 1, "refuse")
    assert (table.state.round, table.state.mover) == (2, "BBB")
    table.do(moves.offer, b, {})
    with pytest.raises(RequestError, match="last round"):
        table.do(moves.offer, a, {}, "", counter_to=2)
    table.do(moves.answer, a, 2, "refuse")
    assert table.state.outcome is not None
    assert table.state.outcome.why == "rounds"


def test_the_clock_ends_rounds_and_talks_at_their_own_instants() -> None:
    table, _ = begun(round_seconds=60, total_seconds=200)
    table.now = 1000.0
    table.put(moves.due(table.state, table.now))
    assert [(event.t, event.kind) for event in table.events[-4:]] == [
        (60.0, "advanced"), (120.0, "advanced"), (180.0, "advanced"), (200.0, "ended"),
    ]  # fmt: skip
    assert table.state.outcome is not None
    assert table.state.outcome.why == "deadline"
    assert table.state.elapsed == 200.0


def test_a_pause_costs_nobody_time_and_more_can_be_given() -> None:
    table, (a, _) = begun(round_seconds=60, total_seconds=100)
    table.now = 10.0
    table.teach("pause")
    table.now = 500.0
    with pytest.raises(RequestError, match="stands still"):
        table.do(moves.offer, a, {})
    table.teach("extend", what="talks", seconds=50)
    table.teach("resume")
    table.now = 520.0
    view = view_for(table.state, TEACHER, table.now)
    assert view["clock"]["elapsed"] == 30.0
    assert (view["clock"]["round_left"], view["clock"]["total_left"]) == (30.0, 120.0)


def test_who_may_do_what() -> None:
    table, (a, b) = begun()
    second, watcher = table.join("AAA", "second"), table.join(None, "watcher")
    table.do(moves.offer, a, {})
    for who, what in ((second, "somebody else speaks"), (watcher, "observers"), (a, "your own offer")):
        with pytest.raises(RequestError, match=what):
            table.do(moves.answer, who, 1, "accept")
    with pytest.raises(RequestError, match="another team is on the move"):
        table.do(moves.offer, b, {})
    with pytest.raises(RequestError, match="another team's offer"):
        table.do(moves.withdraw, b, 1)
    table.do(moves.speak, second)
    with pytest.raises(RequestError, match="somebody else speaks"):
        table.do(moves.withdraw, a, 1)
    table.do(moves.withdraw, second, 1)
    assert table.state.offers[0].standing == "withdrawn"
    table.teach("remove", member=second.id)
    assert table.state.speakers["AAA"] == a.id


def test_nobody_begins_alone_and_a_reset_begins_anew() -> None:
    table = Table()
    table.join("AAA")
    with pytest.raises(RequestError, match="nobody has joined Borduria"):
        table.teach("begin")
    b = table.join("BBB")
    table.teach("begin")
    with pytest.raises(RequestError, match="not possible now"):
        table.teach("rules", rules=Rules())
    table.teach("reset")
    assert (table.state.phase, table.state.play, len(table.state.members)) == ("lobby", 2, 2)
    codes = new_codes(table.codes)
    table.teach("reset", codes=codes)
    assert table.state.members == {}
    assert table.state.codes == codes
    with pytest.raises(RequestError):
        table.do(moves.speak, b) if b.id in table.state.members else table.teach("remove", member=b.id)


@pytest.mark.parametrize("text", ["\u202eevil", "a\x00b\x1b[31m", "line\nbreak\u2028x", "  wide   gaps  "])
def test_text_of_people_becomes_one_plain_line(text: str) -> None:
    kept = moves.plain(text, 40)
    assert kept.isprintable()
    assert kept == " ".join(kept.split())


@pytest.mark.parametrize("bad", ["x" * 501, "y" * 100_000, 7, None, ["a"]])
def test_text_that_is_none_or_too_long_is_refused(bad: object) -> None:
    with pytest.raises(RequestError):
        moves.plain(bad, 500)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -0.01, 100.01, "50", True, None, [1], 10**400])
def test_no_number_outside_the_bounds(bad: object) -> None:
    with pytest.raises(RequestError):
        check_levers(setup(), {"money": bad})


def test_an_unknown_lever_is_named() -> None:
    with pytest.raises(UnknownNameError, match="money"):
        check_levers(setup(), {"mony": 5})


def test_names_are_told_apart() -> None:
    table = Table()
    names = [table.join("AAA", name).name for name in ("Ann", "ann", "Ann")]
    assert len({name.casefold() for name in names}) == 3


# ---------------------------------------------------------------------- anything at all

numbers = st.one_of(st.floats(0, 100), st.floats(-1e3, 1e3), st.just(float("nan")), st.integers(-5, 200))
ids = st.integers(0, 6)
step = st.one_of(
    st.tuples(st.just("join"), st.sampled_from(["AAA", "BBB", "CCC", None])),
    st.tuples(st.just("offer"), ids, numbers, numbers, st.none() | ids),
    st.tuples(st.just("answer"), ids, ids, st.sampled_from(["accept", "accept", "refuse", "maybe"])),
    st.tuples(st.just("withdraw"), ids, ids),
    st.tuples(st.just("speak"), ids),
    st.tuples(st.just("teach"), st.sampled_from([*moves.TEACHER_ACTIONS, "begin", "resume", "nonsense"]), ids,
              st.floats(-10, 8000)),
    st.tuples(st.just("wait"), st.floats(0, 90)),
)  # fmt: skip


def _try(table: Table, one: tuple[Any, ...]) -> None:
    """One step as people take it; whoever has no number is nobody."""
    people = table.state.members
    match one:
        case ("join", team):
            table.join(team if team in table.state.setup.codes else None)
        case ("offer", who, duty, money, counter) if who in people:
            table.do(moves.offer, people[who], {"duty": duty, "money": money}, "hello", counter)
        case ("answer", who, offer, said) if who in people:
            table.do(moves.answer, people[who], offer, said)
        case ("withdraw", who, offer) if who in people:
            table.do(moves.withdraw, people[who], offer)
        case ("speak", who) if who in people:
            table.do(moves.speak, people[who])
        case ("teach", action, member, seconds):
            out = new_codes(table.codes) if member == 3 else None
            table.teach(action, seconds=seconds, member=member, rules=Rules(turns="free"), codes=out)
        case ("wait", seconds):
            table.now += seconds
            table.put(moves.due(table.state, table.now))


@given(teams=st.sampled_from([2, 3]), turns=st.sampled_from(["alternate", "free"]),
       steps=st.lists(step, max_size=40), early=st.booleans())  # fmt: skip
def test_what_must_hold_holds_whatever_people_try(
    teams: int, turns: str, steps: list[tuple[Any, ...]], early: bool
) -> None:
    table, _ = begun(teams, turns=turns) if early else (Table(teams, turns=turns), [])
    for one in steps:
        before = table.state
        length = len(table.events)
        try:
            _try(table, one)
        except (RequestError, UnknownNameError):
            # What the clock did may stand; what was asked for has left no trace.
            assert all(event.kind in ("advanced", "ended") for event in table.events[length:])
        _holds(before, table.state)
        _secrets(table)
    lines = [ev.EVENT.dump_json(event) for event in table.events]
    assert fold([ev.EVENT.validate_json(line) for line in lines]) == table.state


def _holds(before: State, after: State) -> None:
    assert after.t >= before.t
    assert after.version >= before.version
    if after.play == before.play and before.phase != "lobby":
        assert after.elapsed >= before.elapsed
        assert len(after.offers) >= len(before.offers)
    bounds = {lever.id: (lever.low, lever.high) for lever in after.setup.levers}
    for one in after.offers:
        assert set(one.levers) == set(bounds)
        assert all(bounds[name][0] <= value <= bounds[name][1] for name, value in one.levers.items())
        assert one.by not in one.answers
    open_by = [one.by for one in after.open_offers]
    assert len(open_by) == len(set(open_by))
    if after.rules.turns == "alternate":
        assert len(open_by) <= 1
    if after.phase != "talks":
        assert not after.running
        assert not open_by
    assert after.round <= after.rules.rounds
    agreed = [one for one in after.offers if one.standing == "agreed"]
    assert len(agreed) <= 1
    if agreed:
        others = set(after.setup.codes) - {agreed[0].by}
        assert {team for team, said in agreed[0].answers.items() if said == "accept"} == others
        assert after.outcome is not None
        assert after.outcome.offer == agreed[0].id
    for team, who in after.speakers.items():
        assert after.members[who].team == team


def _secrets(table: Table) -> None:
    """Nobody's view holds another team's conditions, a code, or what lets anybody in."""
    state = table.state
    kept = [*state.codes.values(), *(one.key for one in state.members.values())]
    for who in state.members.values():
        told = json.dumps(view_for(state, who, table.now), allow_nan=False)
        assert not any(secret in told for secret in kept)
        for team in ("A", "B"):
            if state.phase != "debrief" and who.team != team * 3:
                assert f"SECRET-{team}" not in told
        if state.phase != "debrief" and state.outcome is not None:
            assert "refused" not in json.loads(told)["outcome"]
    assert json.loads(json.dumps(view_for(state, TEACHER, table.now), allow_nan=False))["codes"] == state.codes
