"""A made-up class: two or three teams, two levers, payoffs by hand, and a server of it that runs in a thread."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from winset.classroom.journal import Journal
from winset.classroom.session import Session
from winset.classroom.setup import Condition, Lever, Rules, Setup, Team
from winset.classroom.worth import Account, Line, Map, Met, Spot

TOKEN = "-".join(["the", "teacher", "of", "this", "test"])
RULES = Rules(rounds=4, round_seconds=300, total_seconds=900)


def setup(teams: int = 2) -> Setup:
    """AAA levies, BBB pays, CCC watches and takes a little of both."""
    found = (
        Team(code="AAA", name="Aland", conditions=(
            Condition(id="a-floor", label="SECRET-A-label no duty under ten", why="SECRET-A-why the mills"),)),
        Team(code="BBB", name="Borduria", conditions=(
            Condition(id="b-purse", label="SECRET-B-label no more than sixty", why="SECRET-B-why the purse"),)),
        Team(code="CCC", name="Cagliostro"),
    )  # fmt: skip
    return Setup(
        case="made-up", title="Aland and Borduria", teams=found[:teams],
        levers=(
            Lever(id="duty", label="Duty on everything", unit="percent", low=0, high=25, value=15),
            Lever(id="money", label="Money paid", unit="billion dollars", low=0, high=100, value=50),
        ),
        no_deal="Duty of 25, nothing paid", unit="billion dollars over no deal",
    )  # fmt: skip


def worth(levers: Mapping[str, float], teams: int = 2) -> dict[str, Account]:
    """Aland loses revenue when its duty falls and gets most of what is paid; Borduria the other way round."""
    cut, money = 25 - levers["duty"], levers["money"]
    duty = {"AAA": -0.5 * cut, "BBB": 2.0 * cut - 0.03 * cut**2, "CCC": -0.1 * cut}
    paid = {"AAA": 0.7 * money, "BBB": -0.6 * money, "CCC": 0.05 * money}
    met = {
        "AAA": (Met(id="a-floor", met=levers["duty"] >= 10, value=levers["duty"], bound=10, at_least=True,
                    unit="percent"),),
        "BBB": (Met(id="b-purse", met=money <= 60, value=money, bound=60, at_least=False,
                    unit="billion dollars"),),
        "CCC": (),
    }  # fmt: skip
    return {
        code: Account(
            net=duty[code] + paid[code],
            lines=(Line(id="duty", label="Duty", value=duty[code]),
                   Line(id="money", label="Payment", value=paid[code])),
            met=met[code],
        )
        for code in ("AAA", "BBB", "CCC")[:teams]
    }  # fmt: skip


def whole_map() -> Map:
    """Sums are largest where the duty is nothing: 2 - 0.06 cut - 0.5 > 0 up to a cut of 25."""
    curve = [worth({"duty": 0, "money": money}) for money in range(62, 17, -4)]
    return Map(
        frontier=tuple({code: one.net for code, one in point.items()} for point in curve),
        spots=(Spot(id="nash", label="Nash", kind="solution", payoffs={"AAA": 8.0, "BBB": 11.0}),),
        sizes={"AAA": 0.6, "BBB": 0.6}, common=0.1,
    )  # fmt: skip


@contextlib.contextmanager
def served(folder: Path, rules: Rules = RULES, teams: int = 2) -> Iterator[tuple[str, Session]]:
    """(address, session) of a class that runs in this process."""
    import uvicorn

    from winset.web.class_routes import create_class_app
    from winset.web.class_server import ClassProcess
    from winset.web.security import Hosts
    from winset.web.server import listen

    bound = listen("127.0.0.1", 0)
    port = int(bound.getsockname()[1])
    with Journal(folder / "session.jsonl") as journal:
        session = Session(journal, setup(teams), rules)
        app = create_class_app(
            session, lambda levers: worth(levers, teams), mapping=whole_map, token=TOKEN, hosts=Hosts(port=port),
            where=f"http://127.0.0.1:{port}/class",
        )  # fmt: skip
        config = uvicorn.Config(app, log_level="error", lifespan="on", ws="none", timeout_graceful_shutdown=1)
        server = ClassProcess(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            end = time.monotonic() + 20
            while not server.started and time.monotonic() < end:
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port}", session
        finally:
            server.should_exit = True
            thread.join(20)
            bound.close()
