"""The gate: what it refuses, what every answer carries, whoever asks and however."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from winset.web.security import BODY_BYTES, HEADERS, Guard, Hosts, Rate, below, parsed

PORT = 8731
TOKEN = "a-token-of-the-test"  # noqa: S105
OURS = {"X-Winset-Token": TOKEN, "Content-Type": "application/json"}
FAST = Rate(per_second=1e6, burst=1e6)


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _fault(request: Request) -> PlainTextResponse:
    raise RuntimeError("a secret of the inside")


async def _socket(websocket: Any) -> None:
    await websocket.accept()


ROUTES = [
    Route("/", _echo),
    Route("/api/write", _echo, methods=["GET", "POST", "PUT", "DELETE"]),
    Route("/api/ask", _echo, methods=["POST"]),
    Route("/api/upload", _echo, methods=["POST"]),
    Route("/api/fault", _fault),
    Route("/class/api/move", _echo, methods=["POST"]),
    Route("/static/{name:path}", _echo),
    WebSocketRoute("/socket", _socket),
]


def client(address: str = "127.0.0.1", hosts: Hosts | None = None, **options: Any) -> TestClient:
    options = {"rate": FAST, "asks": ("/api/ask",), "bodies": {"/api/upload": 200_000}, **options}
    gate = Middleware(Guard, token=TOKEN, hosts=hosts or Hosts(port=PORT), **options)
    guarded = Starlette(routes=ROUTES, middleware=[gate])
    return TestClient(guarded, base_url=f"http://127.0.0.1:{PORT}", client=(address, 5000))


def error(answer: Any) -> str:
    data = answer.json()
    assert data["schema"] == "winset/error/1"
    return str(data["error"]["code"])


def test_a_read_is_answered() -> None:
    assert client().get("/").status_code == 200


# ------------------------------------------------------------------ names


@pytest.mark.parametrize("host", ["127.0.0.1:8731", "localhost:8731", "LOCALHOST:8731", "[::1]:8731"])
def test_own_names_are_answered(host: str) -> None:
    assert client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8731", "evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8731.evil.example", "",
        "127.0.0.1:8731:8731", "127.0.0.1:08731x", "localhost.:8731", "192.168.1.20:8731", "127.0.0.1@evil:8731",
        "[::1]", "localhost:\u0668\u0667\u0663\u0661",
    ],
)  # fmt: skip
def test_names_of_others_are_refused(host: str) -> None:
    answer = client().get("/", headers={"Host": host.encode("utf-8")})
    assert answer.status_code == 421
    assert error(answer) == "host"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40))
def test_no_text_but_ours_is_a_name(text: str) -> None:
    expected = {f"{name}:{PORT}" for name in ("127.0.0.1", "localhost", "[::1]", "::1")}
    assert Hosts(port=PORT).knows(text) <= (text.lower() in expected)


def test_names_can_be_opened_and_closed() -> None:
    hosts = Hosts(port=PORT)
    hosts.allow("10.0.0.7")
    assert hosts.knows("10.0.0.7:8731")
    assert not hosts.knows("10.0.0.8:8731")
    hosts.allow_addresses()
    assert hosts.knows("10.0.0.8:8731")
    assert hosts.knows("[fe80::1]:8731")
    assert not hosts.knows("rebound.example:8731")
    hosts.close()
    assert not hosts.knows("10.0.0.7:8731")
    assert hosts.knows("127.0.0.1:8731")


# ------------------------------------------------------------------ origins and tokens


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://evil.example:8731", "https://127.0.0.1:8731", "http://127.0.0.1:1",
     "http://127.0.0.1:8731.evil.example", "http://127.0.0.1", ""],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/write", "/api/ask"])
def test_other_origins_may_not_write(origin: str, path: str) -> None:
    answer = client().post(path, content="{}", headers={**OURS, "Origin": origin})
    assert answer.status_code == 403
    assert error(answer) == "origin"


def test_our_origin_may_write() -> None:
    answer = client().post("/api/write", content="{}", headers={**OURS, "Origin": f"http://127.0.0.1:{PORT}"})
    assert answer.status_code == 200


def test_another_site_may_not_even_ask_the_api() -> None:
    assert client().get("/api/write", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client().get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("token", [None, "", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "\u00e9"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_needs_the_token(token: str | None, method: str) -> None:
    headers: dict[str, Any] = {"Content-Type": "application/json"}
    if token is not None:
        headers["X-Winset-Token"] = token.encode("utf-8")
    answer = client().request(method, "/api/write", content="{}", headers=headers)
    assert answer.status_code == 403
    assert error(answer) == "token"


def test_an_ask_needs_none_while_reads_are_open() -> None:
    plain = {"Content-Type": "application/json"}
    assert client().post("/api/ask", content="{}", headers=plain).status_code == 200
    closed = client(open_reads=False)
    assert closed.post("/api/ask", content="{}", headers=plain).status_code == 403
    assert closed.get("/api/write").status_code == 403
    assert closed.get("/api/write", headers={"X-Winset-Token": TOKEN}).status_code == 200
    assert closed.get("/").status_code == 200


def test_paths_with_tokens_of_their_own_pass_but_not_from_elsewhere() -> None:
    plain = {"Content-Type": "application/json"}
    options: dict[str, Any] = {"own_tokens": ("/class/api/",), "elsewhere": ("/class/", "/static/")}
    for address in ("127.0.0.1", "192.168.1.9"):
        assert client(address, **options).post("/class/api/move", content="{}", headers=plain).status_code == 200
        assert client(address, **options).get("/static/x.js").status_code == 200
    far = client("192.168.1.9", **options)
    for path in ("/", "/api/write", "/class", "/staticx"):
        answer = far.get(path)
        assert answer.status_code == 403
        assert error(answer) == "elsewhere"
    evil = {**plain, "Origin": "http://evil.example"}
    assert client(**options).post("/class/api/move", content="{}", headers=evil).status_code == 403


def test_below() -> None:
    assert below("/class/a", ("/class/",))
    assert below("/class", ("/class",))
    assert not below("/classy", ("/class", "/class/"))


# ------------------------------------------------------------------ bodies


def test_a_body_of_the_limit_passes_and_one_more_does_not() -> None:
    assert client().post("/api/write", content=b"1" * BODY_BYTES, headers=OURS).text == str(BODY_BYTES)
    answer = client().post("/api/write", content=b"1" * (BODY_BYTES + 1), headers=OURS)
    assert answer.status_code == 413
    assert client().post("/api/upload", content=b"1" * 200_000, headers=OURS).status_code == 200
    assert client().post("/api/upload", content=b"1" * 200_001, headers=OURS).status_code == 413


def test_a_stream_without_length_is_cut_off_at_the_limit() -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1000
            yield b"1" * 1000

    # The body is endless: only a bound can answer it.
    async def run() -> int:
        found: list[int] = []
        source = pieces()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": next(source), "more_body": True}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                found.append(message["status"])

        scope = {
            "type": "http", "method": "POST", "path": "/api/write", "query_string": b"", "client": ("::1", 1),
            "headers": [(b"host", b"127.0.0.1:8731"), (b"content-type", b"application/json"),
                        (b"x-winset-token", TOKEN.encode())],
        }  # fmt: skip
        guard = Guard(Starlette(routes=ROUTES), token=TOKEN, hosts=Hosts(port=PORT))
        await guard(scope, receive, send)
        return found[0]

    assert asyncio.run(run()) == 413
    assert sent <= BODY_BYTES + 2000


@pytest.mark.parametrize("told", ["-1", "1e9", "9" * 50, "\u0661"])
def test_a_length_that_is_no_number_is_refused(told: str) -> None:
    answer = client().post("/api/write", content=b"1", headers={**OURS, "Content-Length": told.encode()})
    assert answer.status_code == 413


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_can_send_is_refused(media: str) -> None:
    answer = client().post("/api/write", content="{}", headers={**OURS, "Content-Type": media})
    assert answer.status_code == 415


# ------------------------------------------------------------------ rates


def test_a_client_that_asks_too_often_waits_and_others_do_not() -> None:
    now = [100.0]
    options: dict[str, Any] = {"rate": Rate(per_second=2, burst=5), "clock": lambda: now[0]}
    guarded = Guard(Starlette(routes=ROUTES), token=TOKEN, hosts=Hosts(port=PORT), **options)
    one, two = (
        TestClient(guarded, base_url=f"http://127.0.0.1:{PORT}", client=(a, 1)) for a in ("1.1.1.1", "2.2.2.2")
    )
    assert [one.get("/").status_code for _ in range(7)] == [200] * 5 + [429] * 2
    assert two.get("/").status_code == 200
    now[0] += 0.5
    assert [one.get("/").status_code for _ in range(2)] == [200, 429]
    assert one.get("/").headers["Retry-After"] == "1"


def test_clients_are_not_remembered_without_end() -> None:
    guard = Guard(Starlette(routes=ROUTES), token=TOKEN, hosts=Hosts(port=PORT))
    for k in range(10_000):
        guard._within_rate(f"10.0.{k // 250}.{k % 250}")
    assert len(guard._left) <= 4096


# ------------------------------------------------------------------ every answer


def test_every_answer_carries_the_headers() -> None:
    far = client("192.168.1.9", elsewhere=())
    slow = client(rate=Rate(per_second=0, burst=0))
    here = client()
    answers = [
        here.get("/"), here.get("/nowhere"), here.delete("/", headers=OURS), here.post("/api/write"),
        here.post("/api/write", content=b"1" * 99_999, headers=OURS), here.get("/", headers={"Host": "x"}),
        far.get("/"), slow.get("/"), here.get("/api/fault"),
        here.post("/api/write", content="", headers={**OURS, "Content-Type": "text/plain"}),
    ]  # fmt: skip
    assert [a.status_code for a in answers] == [200, 404, 405, 403, 413, 421, 403, 429, 500, 415]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Cache-Control"] in ("no-cache", "no-store")
    assert here.get("/api/write").headers["Cache-Control"] == "no-store"
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_fault_says_nothing_of_the_inside() -> None:
    answer = client().get("/api/fault")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_sockets_are_refused() -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client().websocket_connect("/socket"):
        pass


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "{", "", "\xff", "[" * 60_000, '{"a":1}x'])
def test_what_is_not_json_is_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError):
        parsed(text.encode("latin-1"))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c, max_size=4)))
def test_json_is_read_as_it_was_written(value: Any) -> None:
    assert parsed(json.dumps(value).encode()) == value
