"""The server process: a socket, a token, the application, a clean end."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from winset.core.errors import RequestError
from winset.web.app import create_app
from winset.web.live import Live
from winset.workflow import OpenCase

__all__ = ["address", "cache_folder", "listen", "run"]


def run(
    opened: OpenCase,
    *,
    host: str,
    port: int,
    browser: bool,
    tell: Callable[[str], object],
    extra: Sequence[BaseRoute] = (),
    prepare: Callable[[], None] | None = None,
) -> None:
    """Serve a case until interrupted. Raises RequestError where the address cannot be had.

    tell: prints a line for the user. prepare: called in the thread of the model before it is imported.
    """
    bound = listen(host, port)
    try:
        port = int(bound.getsockname()[1])
        token = secrets.token_urlsafe(24)
        live = Live(opened, cache=cache_folder())
        app = create_app(opened, token=token, host=host, port=port, extra=extra, live=live)
        url = f"{address(host, port)}/?token={token}"
        tell(f"{opened.case.sheet.title}\n\n  {url}\n")
        tell(
            "Only this machine can reach it. Stop with Ctrl-C."
            if _is_own(host)
            else "Whoever reaches this address can read the case; only the token can write. Stop with Ctrl-C."
        )
        live.start(prepare=prepare)
        _serve(app, bound, url if browser else None)
    finally:
        bound.close()
    tell("Stopped.")
    if not live.stop():
        # The model's own threads may be compiling; a result half made is kept nowhere, so leave without them.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _serve(app: ASGIApp, bound: socket.socket, url: str | None) -> None:
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none",
        timeout_keep_alive=30, timeout_graceful_shutdown=2, limit_concurrency=500,
        h11_max_incomplete_event_size=32 * 1024, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    if url is not None:
        threading.Thread(target=_show, args=(server, url), daemon=True).start()
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        # uvicorn ends in order, then raises the signal again.
        return


def _show(server: uvicorn.Server, url: str) -> None:
    for _ in range(200):
        if server.started:
            webbrowser.open(url)
            return
        time.sleep(0.05)


def address(host: str, port: int) -> str:
    """The address that a browser on this machine opens."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown and not shown.startswith('[') else shown}:{port}"


def cache_folder() -> Path | None:
    """Where computed bargains are kept; None where the user has no cache folder that can be written."""
    import platformdirs

    folder = platformdirs.user_cache_path("winset") / "bargain"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; one clear message where it cannot be."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise RequestError(
            f"--host {host}: {error.strerror or error}", remedy="Give an address of this machine"
        ) from error
    try:
        if sys.platform == "win32":
            # There, reuse would let two servers share the port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(place)
        bound.listen(128)
    except OSError as error:
        bound.close()
        raise RequestError(
            f"port {port} on {host} cannot be had: {error.strerror or error}",
            remedy="Name another with --port, or --port 0 for any that is free",
        ) from error
    return bound


def _is_own(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
