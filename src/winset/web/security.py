"""The one gate in front of every route: who may ask, how much, and what every answer carries.

    app = Guard(router, token=token, hosts=Hosts(port=8321))

In this order, for every request: its client's rate; a Host of ours (a name that DNS was turned to us is refused);
paths closed to other machines; for a write, or a read asked by another site, the Origin; for a write the token in
the header `X-Winset-Token`, a media type that no form can send, and a bounded body, read whole before the route
runs. Every answer, errors included, carries `HEADERS`, and an answer of the API `Cache-Control: no-store`.

Class mode uses the same gate:

- `hosts.allow("192.168.1.20")` once the teacher opens the local network (`hosts.allow_addresses()` takes any
  address written as a number, which DNS cannot turn), `hosts.close()` afterwards;
- `elsewhere=("/class", "/static/")`: all that a client on another machine may reach; None for everything;
- `own_tokens=("/class/api/",)`: paths whose routes check a token of their own (a team's), on reads too;
- `open_reads=False`: reads under `/api/` need the token as well, so that a team on this machine learns nothing;
- `asks=("/api/account",)`: posts that change nothing, and so need no token while reads are open;
- `rate=Rate(per_second=..., burst=...)`, and `client=` to count by something else than the address.

A path in these tuples that ends in `/` stands for everything below it; any other for itself alone.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BODY_BYTES", "HEADERS", "TOKEN_HEADER", "Guard", "Hosts", "Rate", "below", "parsed", "refusal"]

BODY_BYTES = 64 * 1024
"""Largest body of a write, unless the route is given another bound."""
BODY_SECONDS = 20.0
"""A client that sends more slowly than this is left."""
TOKEN_HEADER = "X-Winset-Token"  # noqa: S105 - the name of a header
JSON_TYPE = "application/json"
READS = ("GET", "HEAD")
CLIENTS = 4096
"""Clients whose rate is remembered; the one not heard of for longest is forgotten first."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
}
"""On every answer."""

_log = logging.getLogger("winset.web")


def refusal(status: int, what: str, *, why: str = "", remedy: str = "", code: str = "refused") -> JSONResponse:
    """An error as the API tells it: what is wrong, why, what to do."""
    body = {"schema": "winset/error/1", "error": {"code": code, "what": what, "why": why, "remedy": remedy}}
    return JSONResponse(body, status_code=status)


def below(path: str, paths: Sequence[str]) -> bool:
    """Whether a path is one of these, or lies below one that ends in `/`."""
    return any(path.startswith(one) if one.endswith("/") else path == one for one in paths)


@dataclass(kw_only=True)
class Hosts:
    """The names under which this server answers. May change while it runs."""

    port: int
    names: set[str] = field(default_factory=set)
    """Further names or addresses; those of this machine itself always count."""
    addresses: bool = False
    """Whether any address written as a number counts."""

    OWN = frozenset({"127.0.0.1", "localhost", "::1"})

    def allow(self, name: str) -> None:
        """Answer under this name or address too."""
        self.names.add(name.strip("[]").lower())

    def allow_addresses(self) -> None:
        """Answer under any address written as a number: whoever opened it asked this machine by its own."""
        self.addresses = True

    def close(self) -> None:
        """Answer to this machine only."""
        self.names.clear()
        self.addresses = False

    def knows(self, authority: str) -> bool:
        """Whether a Host header, or what stands after http:// in an Origin, is ours, its port included."""
        name, port = _split(authority)
        if port != self.port:
            return False
        if name in self.OWN or name in self.names:
            return True
        return self.addresses and _is_address(name)


def _split(authority: str) -> tuple[str, int]:
    """(name, port) of `name:port`, `[v6]:port` or a bare name; port -1 where it cannot be read."""
    name, colon, port = authority.strip().lower().rpartition(":")
    if not colon or (authority.rstrip().endswith("]")):
        return authority.strip().lower().strip("[]"), 80
    if not (port.isascii() and port.isdigit() and len(port) <= 5):
        return "", -1
    return name.strip("[]"), int(port)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How often one client may ask."""

    per_second: float = 50.0
    burst: float = 200.0
    """Requests that may come at once."""


class Guard:
    """The gate; see the module. `hosts` may be changed while the server runs."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str,
        hosts: Hosts,
        bodies: Mapping[str, int] | None = None,
        rate: Rate | None = None,
        elsewhere: Sequence[str] | None = None,
        own_tokens: Sequence[str] = (),
        asks: Sequence[str] = (),
        open_reads: bool = True,
        client: Callable[[Scope], str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """bodies: largest body (bytes) of a path that takes something else than JSON, by path."""
        self.app, self.token, self.hosts = app, token, hosts
        self.bodies = dict(bodies or {})
        self.rate = rate or Rate()
        self.elsewhere = None if elsewhere is None else tuple(elsewhere)
        self.own_tokens = tuple(own_tokens)
        self.asks = tuple(asks)
        self.open_reads = open_reads
        self.client = client or _address
        self.clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            # There is no WebSocket here: closing before accepting answers 403.
            await send({"type": "websocket.close", "code": 1008})
            return
        started = False

        async def sealed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _seal(message, scope["path"])
            await send(message)

        answer = self._refused(scope)
        if answer is None and scope["method"] not in READS:
            body, answer = await self._body(scope, receive)
            receive = _replay(body, receive)
        if answer is not None:
            await answer(scope, receive, sealed)
            return
        try:
            await self.app(scope, receive, sealed)
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            fault = refusal(500, "this request failed", remedy="See the terminal that runs winset", code="fault")
            await fault(scope, receive, sealed)

    # ------------------------------------------------------------------ checks

    def _refused(self, scope: Scope) -> Response | None:
        headers, path, method = Headers(scope=scope), str(scope["path"]), str(scope["method"])
        if not self._within_rate(self.client(scope)):
            answer = refusal(429, "too many requests", remedy="Wait a second, then try again", code="rate")
            answer.headers["Retry-After"] = "1"
            return answer
        if len(headers.getlist("host")) != 1 or not self.hosts.knows(headers["host"]):
            return refusal(421, "this server does not answer under that name", code="host",
                           remedy="Open the address that winset printed")  # fmt: skip
        if self.elsewhere is not None and not _is_own(scope) and not below(path, self.elsewhere):
            return refusal(403, "this page is for the machine that runs winset", code="elsewhere")
        origin = headers.get("origin")
        reads = method in READS
        if origin is not None and not self._ours(origin):
            return refusal(403, "the request comes from another site", code="origin")
        asked_by = headers.get("sec-fetch-site", "same-origin")
        if asked_by not in ("same-origin", "none") and (not reads or "/api/" in path):
            return refusal(403, "the request comes from another site", code="origin")
        if below(path, self.own_tokens):
            return None
        writes = not reads and not below(path, self.asks)
        if (writes or ("/api/" in path and not self.open_reads)) and not self._holds_token(headers):
            return refusal(
                403, "the token is missing or not of this start", code="token",
                remedy="Open the address that winset printed, with its token",
            )  # fmt: skip
        return None

    def _ours(self, origin: str) -> bool:
        return origin.startswith("http://") and self.hosts.knows(origin.removeprefix("http://"))

    def _holds_token(self, headers: Headers) -> bool:
        return hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self.token.encode())

    def _within_rate(self, client: str) -> bool:
        now = self.clock()
        left, then = self._left.pop(client, (self.rate.burst, now))
        left = min(self.rate.burst, left + (now - then) * self.rate.per_second)
        fine = left >= 1.0
        self._left[client] = (left - 1.0 if fine else left, now)
        while len(self._left) > CLIENTS:
            self._left.popitem(last=False)
        return fine

    async def _body(self, scope: Scope, receive: Receive) -> tuple[bytes, Response | None]:
        """The whole body, or the refusal of it."""
        headers, path = Headers(scope=scope), str(scope["path"])
        limit = self.bodies.get(path, BODY_BYTES)
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if path not in self.bodies and media != JSON_TYPE:
            return b"", refusal(415, f"a write needs the content type {JSON_TYPE}", code="media-type")
        told = headers.get("content-length", "0")
        if not (told.isascii() and told.isdigit()) or int(told[:12]) > limit or len(told) > 12:
            return b"", _too_large(limit)
        found = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return b"", refusal(400, "the request broke off", code="broken")
                    found += message.get("body", b"")
                    if len(found) > limit:
                        return b"", _too_large(limit)
                    if not message.get("more_body", False):
                        return bytes(found), None
        except TimeoutError:
            return b"", refusal(408, "the body came too slowly", code="slow")


def _too_large(limit: int) -> Response:
    answer = refusal(413, f"the body is larger than {limit:,} bytes", code="too-large")
    # What was not read must not be taken for the next request.
    answer.headers["Connection"] = "close"
    return answer


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body already read, then whatever follows."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _seal(message: Message, path: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers[name] = value
    # The page and its parts are small and local; the next version must never be hidden by an old copy.
    headers["Cache-Control"] = "no-store" if "/api/" in path else headers.get("Cache-Control", "no-cache")


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _is_own(scope: Scope) -> bool:
    """Whether the client is on this machine."""
    try:
        return ipaddress.ip_address(_address(scope)).is_loopback
    except ValueError:
        return False


def parsed(body: bytes) -> Any:
    """The JSON of a body, without NaN or infinity. Raises ValueError, never anything else."""

    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not a number of JSON")

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
