"""The process of class mode: its log, its sockets, its addresses, a clean end."""

from __future__ import annotations

import contextlib
import secrets
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from winset.classroom.journal import Journal
from winset.classroom.session import Session
from winset.classroom.setup import Rules
from winset.classroom.worth import Map
from winset.core.errors import RequestError
from winset.web.class_payoffs import CasePayoffs, class_map, class_setup
from winset.web.class_routes import create_class_app
from winset.web.security import Guard, Hosts
from winset.web.server import address, cache_folder, listen
from winset.workflow import OpenCase, open_case

__all__ = ["ClassProcess", "lan_address", "run_class", "state_file"]


def run_class(
    opened: OpenCase, *, port: int, browser: bool, tell: Callable[[str], object], rules: Rules,
    teams: Sequence[str] = (), lan: bool = False, state: Path | None = None,
    prepare: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """Play a case in class until interrupted.

    lan: let other machines of the local network in, by this machine's address there. state: the file that keeps
    the session; None: one of the user's own, by case. prepare: called before the model is imported. Raises
    RequestError or UnreadableFileError where the address or the file cannot be had, or the case has no levers.
    """
    setup = class_setup(opened, teams)
    sockets = [listen("127.0.0.1", port)]
    try:
        port = int(sockets[0].getsockname()[1])
        hosts = Hosts(port=port)
        outside = None
        if lan:
            outside = lan_address()
            sockets.append(listen(outside, port))
            hosts.allow(outside)
        with Journal(state or state_file(setup.case)) as journal:
            session = Session(journal, setup, rules)
            token = secrets.token_urlsafe(24)
            payoffs = CasePayoffs(opened, setup.codes, prepare=prepare)

            def mapped() -> Map:
                # Objects of its own, so that the numbers of two threads cannot meet.
                return class_map(open_case(opened.case.folder), setup.codes, cache_folder())

            where = f"{address(outside or '127.0.0.1', port)}/class"
            app = create_class_app(session, payoffs, mapping=mapped, token=token, hosts=hosts, where=where)
            url = f"{address('127.0.0.1', port)}/class#teacher={token}"
            _tell(tell, session, url, None if outside is None else address(outside, port))
            _serve(app, sockets, url if browser else None)
    finally:
        for one in sockets:
            one.close()
    tell("Stopped; the session is kept.")


def _tell(tell: Callable[[str], object], session: Session, url: str, outside: str | None) -> None:
    state = session.state
    again = "resumed; the clock stands until you let it run on" if session.resumed else "begun"
    tell(f"{state.setup.title}: class session {again}\n  {session.journal.path}\n")
    tell(f"Your page, on this machine only:\n  {url}\n")
    if outside is None:
        tell(f"Students on this machine open {url.partition('#')[0]}; --lan lets the local network in.")
    else:
        tell(f"Students open:\n  {outside}/class\n")
        tell("Everybody on this network can reach that page; what is sent there is not encrypted.")
    names = {team.code: team.name for team in state.setup.teams}
    for who, code in state.codes.items():
        tell(f"  {code[:3]}-{code[3:]}  {names.get(who, 'Observers')}")
    tell("\nStop with Ctrl-C.")


def state_file(case: str) -> Path:
    """Where the session of a case is kept unless the teacher names another place."""
    import platformdirs

    return platformdirs.user_state_path("winset") / "class" / f"{case}.jsonl"


def lan_address() -> str:
    """This machine's address on the local network. Raises RequestError where it is on none.

    Asks the system which of its addresses leads outwards; nothing is sent.
    """
    found = ""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # An address of RFC 5737, which belongs to nobody; a datagram socket that is connected sends no packet.
        probe.connect(("192.0.2.1", 9))
        found = str(probe.getsockname()[0])
    if not found or found.startswith(("127.", "0.")):
        with contextlib.suppress(OSError):
            found = socket.gethostbyname(socket.gethostname())
    if not found or found.startswith(("127.", "0.")):
        raise RequestError("this machine is on no local network", remedy="Connect it, or leave --lan out")
    return found


class ClassProcess(uvicorn.Server):
    """Serves `create_class_app`'s application; answers held questions before it waits for connections to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in order."""
        app = self.config.app
        if isinstance(app, Guard) and isinstance(app.app, Starlette):
            app.app.state.classroom.release()
        await super().shutdown(sockets)


def _serve(app: ASGIApp, sockets: list[socket.socket], url: str | None) -> None:
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="on", ws="none",
        timeout_keep_alive=30, timeout_graceful_shutdown=1, limit_concurrency=1000,
        h11_max_incomplete_event_size=32 * 1024, proxy_headers=False,
    )  # fmt: skip
    server = ClassProcess(config)
    if url is not None:
        threading.Thread(target=_show, args=(server, url), daemon=True).start()
    # uvicorn ends in order, then raises the signal again.
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=sockets)
    sys.stdout.flush()


def _show(server: uvicorn.Server, url: str) -> None:
    for _ in range(200):
        if server.started:
            webbrowser.open(url)
            return
        time.sleep(0.05)
