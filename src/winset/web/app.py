"""The routes of the local page. Arguments in, JSON out: each answer is made elsewhere.

    app = create_app(opened, token=token, host="127.0.0.1", port=8731)

`app.state.live` is the warm case (`winset.web.live.Live`) and `app.state.hosts` the names under which the server
answers; routes passed as `extra` find both there, and `gate` sets further options of the `Guard` that all share.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from winset.core.errors import NotConvergedError, RequestError, UnknownNameError, WinsetError
from winset.core.names import known
from winset.core.provenance import version
from winset.documents.load import MAX_BYTES
from winset.web.live import Live, NotReadyError, Wish
from winset.web.reviewing import decided, queue_data, read_data
from winset.web.saving import (
    account_csv,
    named,
    package_text,
    rounded_years,
    save_package,
    why_not_own,
)
from winset.web.security import Guard, Hosts, parsed, refusal
from winset.workflow import OpenCase

__all__ = ["answer", "body_of", "create_app"]

STATIC = Path(__file__).resolve().parent / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
ASKS = ("/api/account", "/api/account/bands", "/api/export")
"""Posts that change nothing."""
ROUNDED = (
    "The last payment of a commitment was moved to the end of its calendar year, as a file of the case knows "
    "whole years; so the saved package is worth a little else than what was shown."
)


def create_app(
    opened: OpenCase,
    *,
    token: str,
    host: str,
    port: int,
    extra: Sequence[BaseRoute] = (),
    live: Live | None = None,
    gate: Mapping[str, Any] | None = None,
) -> Starlette:
    """The application: the page, its parts and the API of one case, behind one gate.

    host: the address that the server binds to. extra: further routes. live: a warm case made before. gate: options
    of `Guard` beyond those set here.
    """
    live = live or Live(opened)
    hosts = Hosts(port=port)
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        hosts.allow_addresses()
    else:
        hosts.allow(host)
    options = {"bodies": {"/api/read": MAX_BYTES}, "asks": ASKS, **(gate or {})}
    app = Starlette(
        routes=[*routes(), *extra],
        middleware=[Middleware(Guard, token=token, hosts=hosts, **options)],
        exception_handlers={WinsetError: _mistake, HTTPException: _http},
    )
    app.state.live, app.state.hosts = live, hosts
    return app


def answer(data: Mapping[str, Any], status: int = 200) -> Response:
    """An answer of the API; a number that JSON does not know is a fault here, never NaN there."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(body.encode("utf-8", "backslashreplace"), status, media_type="application/json")


async def body_of(request: Request) -> Any:
    """The JSON of a request; RequestError for anything else."""
    try:
        return parsed(await request.body())
    except ValueError as error:
        raise RequestError("the body is not JSON", why=str(error)[:200]) from error


async def _mistake(request: Request, error: Exception) -> Response:
    assert isinstance(error, WinsetError)  # noqa: S101 - registered for these
    what = f"{Path(error.file).name}:{error.line or '?'}: {error.what}" if error.file else error.what
    if isinstance(error, NotReadyError):
        found = refusal(503, what, why=error.why, remedy=error.remedy, code="warming")
        found.headers["Retry-After"] = "1"
        return found
    code, status = "request", 422
    if isinstance(error, UnknownNameError):
        code, status = "unknown-name", 404
    elif isinstance(error, NotConvergedError):
        code = "not-converged"
    return refusal(status, what, why=error.why, remedy=error.remedy, code=code)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these
    found = refusal(error.status_code, str(error.detail), code="http")
    for name, value in (error.headers or {}).items():
        found.headers[name] = value
    return found


def _live(request: Request) -> Live:
    live: Live = request.app.state.live
    return live


# ---------------------------------------------------------------------- the page


def _assets() -> dict[str, Path]:
    """Every file of the page by its name in an address: a list made once, so no request names a path."""
    found = {}
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and path.suffix in TYPES:
            found[path.relative_to(STATIC).as_posix()] = path
    return found


ASSETS = _assets()


def _file(path: Path) -> Response:
    return Response(path.read_bytes(), media_type=TYPES[path.suffix])


async def page(request: Request) -> Response:
    """The page."""
    return _file(ASSETS["index.html"])


async def asset(request: Request) -> Response:
    """A part of the page."""
    path = ASSETS.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404, "no such file")
    return _file(path)


# ---------------------------------------------------------------------- the API


async def case(request: Request) -> Response:
    """What the page needs to draw its controls."""
    live = _live(request)
    data = await run_in_threadpool(live.views.case_data)
    return answer({**data, "manifest": live.run, "locked": why_not_own(live.case.folder)})


async def status(request: Request) -> Response:
    """How far the model and the bargain are."""
    live = _live(request)
    live.go()
    return answer({**live.status(), "winset": version()})


async def state(request: Request) -> Response:
    """The state of play as of a day."""
    text = request.query_params.get("on")
    try:
        on = None if not text else dt.date.fromisoformat(text)
    except ValueError as error:
        raise RequestError(f"{text[:40]!r} is not a day", remedy="Write it as 2025-11-01") from error  # type: ignore[index]
    live = _live(request)
    data = await run_in_threadpool(live.views.play, on)
    return answer({**data, "manifest": live.run})


async def claims(request: Request) -> Response:
    """Claims by id, with their sources."""
    ids = [name for name in request.query_params.get("ids", "").split(",")[:100] if name]
    live = _live(request)
    found = await run_in_threadpool(live.views.claims, ids)
    return answer({"schema": "winset/claims/1", "winset": version(), "manifest": live.run, "claims": found})


async def account(request: Request) -> Response:
    """Both sides' accounts of lever values, or of a package."""
    wish = Wish.parse(await body_of(request))
    return answer(await run_in_threadpool(_live(request).account, wish))


async def bands(request: Request) -> Response:
    """Low and high of the same lines."""
    wish = Wish.parse(await body_of(request))
    return answer(await run_in_threadpool(_live(request).bands, wish))


async def bargain(request: Request) -> Response:
    """Frontier, win-sets, solutions, offers."""
    return answer(_live(request).bargain_data())


async def queue(request: Request) -> Response:
    """The review queue."""
    return answer(await run_in_threadpool(queue_data, _live(request).case.folder))


async def review(request: Request) -> Response:
    """One decision on it."""
    data = await body_of(request)
    live = _live(request)
    found = await run_in_threadpool(decided, live.case.folder, data)
    # The record may have grown: the next view reads it again.
    live.views = await run_in_threadpool(live.fresh_views)
    return answer(found)


async def read(request: Request) -> Response:
    """Read a document; nothing is kept."""
    body = await request.body()
    return answer(await run_in_threadpool(read_data, request.query_params.get("name", ""), body))


async def export(request: Request) -> Response:
    """An account or a package as a file: {"format": "csv" | "json" | "yaml", "of": ..., "name", "title"}."""
    data = await body_of(request)
    if not isinstance(data, dict):
        raise RequestError("the request must be an object")
    form = known(str(data.get("format")), ("csv", "json", "yaml"), "format")
    wish = Wish.parse(data.get("of"))
    live = _live(request)

    def made() -> str:
        if form == "yaml":
            return package_text(live.case, named(live.case, live.package(wish), data))
        found, ends = live.account(wish), live.bands(wish)
        if form == "csv":
            return account_csv(found, ends)
        whole = {**found, "bands": ends, "manifest": live.manifest}
        return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n"

    text = await run_in_threadpool(made)
    media = {"csv": "text/csv", "json": "application/json", "yaml": "application/yaml"}[form]
    return Response(
        text, media_type=f"{media}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="winset.{form}"'},
    )  # fmt: skip


async def packages(request: Request) -> Response:
    """Save lever values as a package of the case, or give the file where the case is not the user's own."""
    data = await body_of(request)
    if not isinstance(data, dict):
        raise RequestError("the request must be an object")
    for key in data:
        known(str(key), ("levers", "name", "title", "summary"), "key of a package to save")
    live = _live(request)
    wish = Wish.parse({"levers": data.get("levers")})

    def saved() -> dict[str, Any]:
        before = live.package(wish)
        package = named(live.case, before, data)
        why = why_not_own(live.case.folder)
        told = {
            "schema": "winset/saved/1", "winset": version(), "name": package.name, "saved": not why, "why": why,
            "file": f"packages/{package.name}.yaml", "text": package_text(live.case, package),
            "note": ROUNDED if rounded_years(before, package) else "",
        }  # fmt: skip
        if not why:
            save_package(live.case, package)
            live.renew()
        return {**told, "manifest": live.run}

    return answer(await run_in_threadpool(saved))


def routes() -> list[BaseRoute]:
    """The page and its API."""
    return [
        Route("/", page),
        Route("/static/{name:path}", asset),
        Route("/api/case", case),
        Route("/api/status", status),
        Route("/api/state", state),
        Route("/api/claims", claims),
        Route("/api/account", account, methods=["POST"]),
        Route("/api/account/bands", bands, methods=["POST"]),
        Route("/api/bargain", bargain),
        Route("/api/review", queue),
        Route("/api/review", review, methods=["POST"]),
        Route("/api/read", read, methods=["POST"]),
        Route("/api/export", export, methods=["POST"]),
        Route("/api/packages", packages, methods=["POST"]),
    ]
