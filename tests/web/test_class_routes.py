"""Class mode over HTTP: what a team does, what nobody may learn, and what the server bears."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from class_rooms import RULES, TOKEN, setup, whole_map, worth
from winset.classroom.codes import Guesses
from winset.classroom.journal import Journal
from winset.classroom.session import Session
from winset.classroom.worth import Account
from winset.core.errors import NotConvergedError

testclient = pytest.importorskip("starlette.testclient", reason="needs the package httpx")
from winset.web.class_routes import ELSEWHERE, create_class_app  # noqa: E402
from winset.web.security import HEADERS, Guard, Hosts, Rate  # noqa: E402

PORT = 8700
SECRET_A, SECRET_B = 7771.53125, 8882.15625
"""Numbers of the two accounts that stand nowhere else: exact in binary, so JSON tells them as they are."""


def accounts(levers: Mapping[str, float]) -> dict[str, Account]:
    found = worth(levers)
    return {
        code: Account(net=secret, lines=tuple(
            type(line)(id=line.id, label=f"SECRET-{code[0]}-line", value=secret / 2) for line in found[code].lines
        ), met=found[code].met)
        for code, secret in (("AAA", SECRET_A), ("BBB", SECRET_B))
    }  # fmt: skip


class Room:
    """A server in this thread, and clients of it on this machine or another."""

    def __init__(self, session: Session, app: Guard) -> None:
        self.session, self.app = session, app

    def client(self, *, address: str = "127.0.0.1", host: str = "127.0.0.1") -> Any:
        return testclient.TestClient(
            self.app, base_url=f"http://{host}:{PORT}", client=(address, 50_000), follow_redirects=False
        )

    def join(self, client: Any, team: str, name: str) -> dict[str, str]:
        answer = client.post("/class/api/join", json={"code": self.session.state.codes[team], "name": name})
        assert answer.status_code == 200, answer.text
        return bearer(answer.json()["token"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


DESK = bearer(TOKEN)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    open_: list[Journal] = []

    def made(valuing: Any = worth, **choice: Any) -> Room:
        journal = Journal(tmp_path / f"{len(open_)}.jsonl")
        open_.append(journal)
        session = Session(journal, setup(), RULES)
        hosts = choice.pop("hosts", Hosts(port=PORT))
        app = create_class_app(session, valuing, mapping=whole_map, token=TOKEN, hosts=hosts, **choice)
        return Room(session, app)

    yield made
    for journal in open_:
        journal.close()


def test_two_teams_talk_and_the_teacher_debriefs(make: Callable[..., Room]) -> None:
    room = make()
    with room.client() as client:
        a, b = room.join(client, "AAA", "Ann"), room.join(client, "BBB", "Bo")
        assert client.post("/class/api/teacher/act", json={"action": "begin"}, headers=DESK).status_code == 200
        mine = client.post("/class/api/account", json={"levers": {"money": 70}}, headers=a).json()
        assert set(mine["accounts"]) == {"AAA"}
        expected = worth({"duty": 15, "money": 70})["AAA"]
        assert mine["accounts"]["AAA"]["net"] == expected.net
        assert sum(line["value"] for line in mine["accounts"]["AAA"]["lines"]) == pytest.approx(expected.net)
        offer = {"levers": {"money": 70}, "message": "<script>alert(1)</script>"}
        assert client.post("/class/api/offer", json=offer, headers=a).status_code == 200
        seen = client.get("/class/api/state", headers=b).json()
        assert seen["offers"][0]["message"] == "<script>alert(1)</script>"
        assert client.get("/class/api/debrief", headers=b).status_code == 403
        counter = {"levers": {"duty": 5, "money": 40}, "counter_to": 1}
        assert client.post("/class/api/offer", json=counter, headers=b).status_code == 200
        done = client.post("/class/api/answer", json={"offer": 2, "answer": "accept"}, headers=a).json()
        assert done["outcome"] == {"why": "agreement", "offer": 2}
        _until(lambda: room.session.state.outcome.refused is not None)
        client.post("/class/api/teacher/act", json={"action": "debrief"}, headers=DESK)
        _until(lambda: client.get("/class/api/state", headers=b).json()["map_ready"])
        cards = client.get("/class/api/debrief", headers=b).json()
        assert cards["outcome"]["refused"] == {"AAA": ["a-floor"], "BBB": []}
        assert not cards["outcome"]["holds"]
        assert cards["outcome"]["gains"] == {"AAA": 0.0, "BBB": 0.0}
        assert [step["payoffs"]["BBB"] for step in cards["path"]] == [
            worth({"duty": 15, "money": 70})["BBB"].net, worth({"duty": 5, "money": 40})["BBB"].net,
        ]  # fmt: skip
        table = client.get("/class/api/teacher/moves.csv", headers=DESK)
        assert table.headers["content-type"].startswith("text/csv")
        assert table.text.count("offered") == 2
        kept = client.get("/class/api/teacher/moves.json", headers=DESK).json()
        assert [one["event"] for one in kept["moves"]][:4] == ["began", "offered", "answered", "advanced"]


def _until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


# ---------------------------------------------------------------------- nobody learns what is not theirs

UNBRAKED: Any = {"rate": Rate(per_second=1e6, burst=1e6), "guesses": Guesses(each=10**6, every=10**6)}
"""Nothing may look safe only because too much was asked."""
BODIES: tuple[Any, ...] = (
    {}, {"levers": {}}, {"levers": {"money": 60}}, {"levers": {}, "team": "AAA"}, {"offer": 1, "answer": "accept"},
    {"offer": 1}, {"action": "debrief"}, {"action": "rules"}, {"code": "AAA", "name": "x"},
    {"package": "a"}, {"levers": {}, "package": "a"},
)  # fmt: skip
ORDINARY = (
    "/api/case", "/api/status", "/api/state", "/api/claims", "/api/account", "/api/account/bands", "/api/bargain",
    "/api/review", "/api/read", "/api/export", "/api/packages", "/static/index.html", "/static/app.js",
    "/static/../class_routes.py", "/static/%2e%2e/%2e%2e/cli.py", "/static/class.html/..", "/class/api/teacher/",
)  # fmt: skip


def _paths(app: Guard) -> list[str]:
    found = [re.sub(r"\{[^}]*\}", "class.js", route.path) for route in app.app.routes]
    return [*found, *(f"{path}?team=AAA&since=0" for path in found), *ORDINARY]


def _everything(client: Any, app: Guard, headers: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Every answer that somebody gets by trying every path, method and body."""
    for path in _paths(app):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
            yield f"{method} {path}", client.request(method, path, headers=headers)
        for body in BODIES:
            yield f"POST {path} {body}", client.post(path, json=body, headers=headers)


@pytest.mark.parametrize("who", ["team B", "observer", "nobody", "wrong token", "shown out", "team B elsewhere"])
def test_no_route_tells_what_belongs_to_team_a(make: Callable[..., Room], who: str) -> None:
    hosts = Hosts(port=PORT)
    hosts.allow("192.168.7.7")
    room = make(accounts, hosts=hosts, **UNBRAKED)
    session = room.session
    with room.client() as client:
        a = room.join(client, "AAA", "Ann")
        headers = {
            "team B": lambda: room.join(client, "BBB", "Bo"),
            "team B elsewhere": lambda: room.join(client, "BBB", "Bo"),
            "observer": lambda: room.join(client, "observer", "Oz"),
            "nobody": dict,
            "wrong token": lambda: bearer("x" * 32),
            "shown out": lambda: room.join(client, "AAA", "Out"),
        }[who]()
        if who == "shown out":
            client.post("/class/api/teacher/act", json={"action": "remove", "member": 2}, headers=DESK)
        if "BBB" not in session.state.speakers:
            room.join(client, "BBB", "Second")
        client.post("/class/api/teacher/act", json={"action": "begin"}, headers=DESK)
        client.post("/class/api/offer", json={"levers": {"money": 80}}, headers=a)
        own = client.post("/class/api/account", json={"levers": {"money": 80}}, headers=a).text
        assert str(SECRET_A) in own, "the secret is there to be found"
        private = [
            str(SECRET_A), str(SECRET_A / 2), "SECRET-A", a["Authorization"].split()[1], TOKEN,
            *session.state.codes.values(), *(one.key for one in session.state.members.values()),
        ]  # fmt: skip
        if not who.startswith("team B"):
            private += [str(SECRET_B), "SECRET-B"]
        tried = client
        if who == "team B elsewhere":
            tried = room.client(address="192.168.7.9", host="192.168.7.7")
        learnt = []
        for what, answer in _everything(tried, room.app, headers):
            assert answer.status_code != 429
            told = answer.text + json.dumps(dict(answer.headers))
            learnt += [(what, secret) for secret in private if secret in told]
            if "/api/" in what and what.startswith("GET /api"):
                assert answer.status_code in (403, 404), what
        assert learnt == []
        assert session.state.phase != "debrief"


def test_the_teacher_is_on_this_machine_only(make: Callable[..., Room]) -> None:
    hosts = Hosts(port=PORT)
    hosts.allow("192.168.7.7")
    room = make(hosts=hosts)
    with room.client() as own:
        outside = room.client(address="192.168.7.9", host="192.168.7.7")
        assert own.get("/class/api/state", headers=DESK).status_code == 200
        assert outside.get("/class/api/state", headers=DESK).status_code == 403
        assert outside.post("/class/api/teacher/act", json={"action": "begin"}, headers=DESK).status_code == 403
        assert outside.get("/class").status_code == 200
        assert outside.get("/").status_code == 307
        come = {"code": room.session.state.codes["AAA"], "name": "Ann"}
        assert outside.post("/class/api/join", json=come).status_code == 200
        assert not any(path.startswith("/class/api/teacher") for path in ELSEWHERE)


def test_every_answer_carries_the_headers(make: Callable[..., Room]) -> None:
    room = make(**UNBRAKED)
    with room.client() as client:
        for what, answer in _everything(client, room.app, {}):
            for name, value in HEADERS.items():
                assert answer.headers.get(name) == value, what
            if "/api/" in what:
                assert answer.headers["cache-control"] == "no-store", what
        for strange in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            answer = client.post("/class/api/join", json={"code": "x", "name": "y"}, headers=strange)
            assert answer.status_code in (403, 421)


def test_guessing_codes_is_slowed_down_for_the_guesser_alone(make: Callable[..., Room]) -> None:
    hosts = Hosts(port=PORT)
    hosts.allow("192.168.7.7")
    room = make(hosts=hosts, guesses=Guesses(each=5, every=100))
    with room.client() as own:
        guesser = room.client(address="192.168.7.66", host="192.168.7.7")
        right = {"code": room.session.state.codes["AAA"], "name": "Ann"}
        for _ in range(5):
            assert guesser.post("/class/api/join", json={"code": "AAAAAA", "name": "E"}).status_code == 403
        stopped = guesser.post("/class/api/join", json=right)
        assert stopped.status_code == 429
        assert int(stopped.headers["retry-after"]) > 0
        assert own.post("/class/api/join", json=right).status_code == 200


def test_a_flood_of_one_person_stops_nobody_else(make: Callable[..., Room]) -> None:
    room = make(rate=Rate(per_second=0.001, burst=20))
    with room.client() as client:
        a, b = room.join(client, "AAA", "Ann"), room.join(client, "BBB", "Bo")
        codes = [client.get("/class/api/state", headers=a).status_code for _ in range(25)]
        assert codes == [200] * 20 + [429] * 5
        assert client.get("/class/api/state", headers=b).status_code == 200
        # A token that opens nothing counts against the address, like none.
        codes = [client.get("/class/api/state", headers=bearer(f"{k}")).status_code for k in range(25)]
        assert codes[-1] == 429


def test_wrong_codes_in_a_window() -> None:
    guesses = Guesses(each=3, every=5, seconds=60)
    for second in (0, 10, 20):
        assert guesses.wait("a", second) == 0
        guesses.wrong("a", second)
    assert guesses.wait("a", 30) == 30
    assert guesses.wait("b", 30) == 0
    assert guesses.wait("a", 60) == 0
    for _ in range(3):
        guesses.wrong("b", 61)
    assert guesses.wait("c", 61) > 0, "all together are slowed down too"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("offer", {"levers": {"money": "70"}}), ("offer", {"levers": {"money": 1e9}}), ("offer", {"levers": []}),
        ("offer", {"levers": {"mony": 1}}), ("offer", {"levers": {}, "message": 7}), ("offer", {"levers": None}),
        ("offer", {"levers": {}, "message": "x" * 501}), ("offer", {"levers": {}, "counter_to": "1"}),
        ("offer", {"levers": {}, "counter_to": -1}), ("offer", {"levers": {}, "extra": 1}), ("offer", []),
        ("offer", {"levers": {f"l{k}": 0 for k in range(21)}}),
        ("answer", {"offer": 9, "answer": "accept"}), ("answer", {"offer": 1, "answer": "maybe"}), ("answer", {}),
        ("withdraw", {"offer": True}), ("speak", {"member": 1}), ("account", {"levers": {"money": [1]}}),
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_and_change_nothing(make: Callable[..., Room], path: str, body: Any) -> None:
    room = make()
    with room.client() as client:
        a, _ = room.join(client, "AAA", "Ann"), room.join(client, "BBB", "Bo")
        client.post("/class/api/teacher/act", json={"action": "begin"}, headers=DESK)
        before = room.session.state.offers
        answer = client.post(f"/class/api/{path}", json=body, headers=a)
        assert answer.status_code in (400, 409), answer.text
        assert answer.json()["error"]["what"]
        assert room.session.state.offers == before


@pytest.mark.parametrize("body", [b'{"levers": {"money": NaN}}', b'{"levers": {"money": 1e999}}', b"[" * 30_000,
                                  b"\xff", b"", b'{"levers": {"money": ' + b"9" * 5000 + b"}}"])  # fmt: skip
def test_bodies_that_are_no_json_are_refused(make: Callable[..., Room], body: bytes) -> None:
    room = make()
    with room.client() as client:
        a = room.join(client, "AAA", "Ann")
        headers = {**a, "Content-Type": "application/json"}
        assert client.post("/class/api/account", content=body, headers=headers).status_code in (400, 409)
        large = client.post("/class/api/account", content=b" " * 100_000, headers=headers)
        assert large.status_code == 413
        assert client.post("/class/api/account", data={"levers": "1"}, headers=a).status_code == 415


@pytest.mark.parametrize("body", [{"action": "nonsense"}, {"action": "extend", "seconds": 1e300},
                                  {"action": "extend", "seconds": -5}, {"action": "extend", "seconds": "9"},
                                  {"action": "rules", "rules": {"rounds": 0}}, {"action": "rules"},
                                  {"action": "rules", "rules": {"colour": 1}}, {"action": "remove", "member": 99},
                                  {"action": "extend", "seconds": 10**400}])  # fmt: skip
def test_the_teachers_slips_are_told(make: Callable[..., Room], body: Any) -> None:
    room = make()
    with room.client() as client:
        version = room.session.state.version
        answer = client.post("/class/api/teacher/act", json=body, headers=DESK)
        assert answer.status_code in (400, 409), answer.text
        assert room.session.state.version == version


def test_equal_packages_are_computed_once_and_old_wishes_dropped(make: Callable[..., Room]) -> None:
    gate, asked = threading.Event(), []

    def slow(levers: Mapping[str, float]) -> Mapping[str, Account]:
        asked.append(levers["money"])
        gate.wait(20)
        return worth(levers)

    room = make(slow, warm=False)
    with room.client() as client:
        a, b = room.join(client, "AAA", "Ann"), room.join(client, "BBB", "Bo")
        answers: dict[str, Any] = {}

        def wish(key: str, money: float, who: dict[str, str]) -> threading.Thread:
            def work() -> None:
                body = {"levers": {"money": money}}
                answers[key] = client.post("/class/api/account", json=body, headers=who)

            thread = threading.Thread(target=work)
            thread.start()
            return thread

        threads = [wish("busy", 1, b)]
        _until(lambda: asked == [1])
        threads.append(wish("old", 2, a))
        _until(lambda: "member 1" in room.app.app.state.classroom.queue._waiting)
        threads.append(wish("new", 3, a))
        _until(lambda: "old" in answers)
        gate.set()
        for thread in threads:
            thread.join(20)
        assert answers["old"].status_code == 409
        assert answers["old"].json()["error"]["code"] == "newer"
        assert (answers["busy"].status_code, answers["new"].status_code) == (200, 200)
        assert asked == [1, 3]
        client.post("/class/api/account", json={"levers": {"money": 3}}, headers=b)
        assert asked == [1, 3]


def test_a_package_without_a_result_is_said_to_have_none(make: Callable[..., Room]) -> None:
    def fails(_: Mapping[str, float]) -> Mapping[str, Account]:
        raise NotConvergedError("this package has no equilibrium")

    room = make(fails, warm=False)
    with room.client() as client:
        a = room.join(client, "AAA", "Ann")
        answer = client.post("/class/api/account", json={"levers": {}}, headers=a)
        assert answer.status_code == 422
        assert "no equilibrium" in answer.json()["error"]["what"]


def test_whoever_waits_hears_of_the_map(make: Callable[..., Room]) -> None:
    gate = threading.Event()

    def slow() -> Any:
        gate.wait(20)
        return whole_map()

    room = make()
    room.app.app.state.classroom.mapping = slow
    with room.client() as client:
        first = client.get("/class/api/state", headers=DESK).json()
        assert not first["map_ready"]
        timer = threading.Timer(0.3, gate.set)
        timer.start()
        began = time.monotonic()
        again = client.get(f"/class/api/state?since={first['version']}&mapped=0", headers=DESK).json()
        assert again["map_ready"]
        assert time.monotonic() - began < 15
        timer.join()


def test_whoever_waits_for_news_gets_it_when_it_comes(make: Callable[..., Room]) -> None:
    room = make()
    with room.client() as client:
        a = room.join(client, "AAA", "Ann")
        version = client.get("/class/api/state", headers=a).json()["version"]
        timer = threading.Timer(0.3, lambda: room.join(client, "BBB", "Bo"))
        timer.start()
        began = time.monotonic()
        news = client.get(f"/class/api/state?since={version}", headers=a).json()
        assert news["version"] > version
        assert time.monotonic() - began < 15, "it must not wait for the whole hold"
        assert news["teams"][1]["members"] == 1
        timer.join()
