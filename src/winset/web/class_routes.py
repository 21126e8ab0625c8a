"""The server of class mode: join by code, see one's own side, offer and answer; the teacher's page beside it.

Nothing of the ordinary page is mounted here, so there is nothing of it to protect. Everything told about a session
comes from `classroom.views`, every account from `_account` below: these two decide who sees what. Tokens travel in
the header `Authorization: Bearer`, never in a cookie or an address, so no other site can use them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from winset.classroom import moves
from winset.classroom.codes import Guesses
from winset.classroom.debrief import debrief
from winset.classroom.export import moves as moves_of
from winset.classroom.export import moves_csv
from winset.classroom.session import Session
from winset.classroom.setup import Rules, check_levers
from winset.classroom.state import Member
from winset.classroom.views import TEACHER, Teacher, Viewer, may_see
from winset.classroom.worth import Accounts, Map, Valuing
from winset.core.errors import NotConvergedError
from winset.core.provenance import version
from winset.web.class_asking import (
    RefusedError,
    address_of,
    bearer,
    is_own,
    mapping_of,
    name_of,
    object_of,
    told,
    whole,
)
from winset.web.class_valuing import NewerError
from winset.web.class_work import SPREAD, ClassWork
from winset.web.security import Guard, Hosts, Rate, refusal

__all__ = ["ELSEWHERE", "ClassServer", "create_class_app"]

RATE = Rate(per_second=40.0, burst=400.0)
"""Of one person; before joining of one address, from which a whole class may come."""
STATIC = Path(__file__).resolve().parent / "static"
FILES: Mapping[str, str] = {
    "class.css": "text/css; charset=utf-8",
    "class.js": "text/javascript; charset=utf-8",
    "class-chart.js": "text/javascript; charset=utf-8",
    "class-parts.js": "text/javascript; charset=utf-8",
    "class-words.json": "application/json",
    "vendor/htm.mjs": "text/javascript; charset=utf-8",
    "vendor/preact.mjs": "text/javascript; charset=utf-8",
    "vendor/preact-hooks.mjs": "text/javascript; charset=utf-8",
}
"""All that is ever read from the disk for the page, with its type."""
ELSEWHERE = (
    "/", "/class", "/static/", "/class/api/about", "/class/api/join", "/class/api/state", "/class/api/account",
    "/class/api/debrief", "/class/api/offer", "/class/api/answer", "/class/api/withdraw", "/class/api/speak",
)  # fmt: skip
"""What other machines reach; the teacher's paths are for the machine that runs the session."""


def create_class_app(
    session: Session, valuing: Valuing, *, mapping: Callable[[], Map], token: str, hosts: Hosts,
    where: str = "", warm: bool = True, guesses: Guesses | None = None,
    rate: Rate = RATE,
) -> Guard:  # fmt: skip
    """The whole of class mode behind its gate.

    token: the teacher's, accepted from this machine only. mapping: computes the map for the debrief, in a thread
    of its own. where: the address that students open. warm: begin with that, and with a first account, as soon as
    the server runs. rate: of one person.
    """
    server = ClassServer(session, valuing, mapping, token, where=where, warm=warm, guesses=guesses)
    app = Starlette(routes=server.routes(), lifespan=server.lifespan)
    app.state.classroom = server
    return Guard(
        app, token=token, hosts=hosts, rate=rate, elsewhere=ELSEWHERE, own_tokens=("/class/api/",),
        open_reads=False, client=server.client,
    )  # fmt: skip


class ClassServer(ClassWork):
    """The routes."""

    def __init__(
        self, session: Session, valuing: Valuing, mapping: Callable[[], Map], token: str, *, where: str,
        warm: bool, guesses: Guesses | None,
    ) -> None:  # fmt: skip
        super().__init__(session, valuing, mapping, warm=warm)
        self.token, self.where = token, where
        self.guesses = guesses or Guesses()
        self._files = {name: STATIC / name for name in FILES}

    def routes(self) -> list[Route]:
        """Every route there is."""
        return [
            Route("/", self.home),
            Route("/class", self.page),
            Route("/static/{name:path}", self.static),
            Route("/class/api/about", self.about),
            Route("/class/api/join", self.join, methods=["POST"]),
            Route("/class/api/state", self.state),
            Route("/class/api/account", self.account, methods=["POST"]),
            Route("/class/api/debrief", self.debrief),
            Route("/class/api/offer", self.offer, methods=["POST"]),
            Route("/class/api/answer", self.answer, methods=["POST"]),
            Route("/class/api/withdraw", self.withdraw, methods=["POST"]),
            Route("/class/api/speak", self.speak, methods=["POST"]),
            Route("/class/api/teacher/act", self.teacher, methods=["POST"]),
            Route("/class/api/teacher/moves.csv", self.moves_csv),
            Route("/class/api/teacher/moves.json", self.moves_json),
        ]

    # ------------------------------------------------------------------ who asks

    def client(self, scope: Scope) -> str:
        """Whose rate a request counts against: a person's, or before joining an address's."""
        who = self._member(bearer(scope))
        return f"member {who.id}" if who else address_of(scope)

    def _member(self, token: str) -> Member | None:
        return self.session.member(token) if token else None

    def _viewer(self, request: Request) -> Viewer:
        """Who holds the token of a request. Refuses it where nobody does."""
        token = bearer(request.scope)
        if token and hmac.compare_digest(token.encode(), self.token.encode()):
            if is_own(request.scope):
                return TEACHER
            raise RefusedError(
                refusal(403, "the teacher's page is for the machine that runs winset", code="elsewhere")
            )
        member = self._member(token)
        if member is None:
            answer = refusal(401, "you are not in the room", remedy="Join with your team's code", code="token")
            answer.headers["WWW-Authenticate"] = "Bearer"
            raise RefusedError(answer)
        return member

    def _player(self, request: Request) -> Member:
        viewer = self._viewer(request)
        if isinstance(viewer, Teacher):
            raise RefusedError(refusal(403, "the teacher makes no offers", code="role"))
        return viewer

    def _teacher(self, request: Request) -> None:
        if not isinstance(self._viewer(request), Teacher):
            raise RefusedError(refusal(403, "this is for the teacher", code="role"))

    # ------------------------------------------------------------------ the page

    async def home(self, _: Request) -> Response:
        """The front door."""
        return RedirectResponse("/class", status_code=307)

    async def page(self, _: Request) -> Response:
        """The one page; what it shows depends on the token that it holds."""
        return Response(_read(STATIC / "class.html"), media_type="text/html")

    async def static(self, request: Request) -> Response:
        """A file of the fixed list; nothing of the address reaches the disk."""
        path = self._files.get(request.path_params["name"])
        if path is None:
            return refusal(404, "there is no such file", code="unknown")
        return Response(_read(path), headers={"content-type": FILES[request.path_params["name"]]})

    # ------------------------------------------------------------------ everybody

    @told
    async def about(self, _: Request) -> Response:
        """What the door says to somebody who has not joined."""
        setup = self.session.state.setup
        return JSONResponse({"schema": "winset/class-about/1", "winset": version(), "title": setup.title,
                             "teams": [team.name for team in setup.teams]})  # fmt: skip

    @told
    async def join(self, request: Request) -> Response:
        """A code and a name for a token."""
        data = await object_of(request, ("code", "name"))
        address, now = address_of(request.scope), asyncio.get_running_loop().time()
        wait = self.guesses.wait(address, now)
        if wait > 0:
            answer = refusal(429, "too many wrong codes", code="rate",
                             remedy=f"Wait {math.ceil(wait)} seconds, then try again")  # fmt: skip
            answer.headers["Retry-After"] = str(math.ceil(wait))
            return answer
        found = await run_in_threadpool(self.session.join, data.get("code"), data.get("name"))
        if found is None:
            self.guesses.wrong(address, now)
            return refusal(403, "this code opens no team", remedy="Check it with your teacher", code="code")
        token, member = found
        return JSONResponse({"schema": "winset/class-join/1", "token": token, "name": member.name,
                             "team": member.team})  # fmt: skip

    @told
    async def state(self, request: Request) -> Response:
        """What this person sees; with `?since=VERSION`, once there is something newer, or after a while."""
        viewer = self._viewer(request)
        since = request.query_params.get("since", "")
        if since.isascii() and since.isdigit():
            await self.newer(name_of(viewer), int(since[:12]), request.query_params.get("mapped") != "0")
            if isinstance(viewer, Member):
                await asyncio.sleep(SPREAD * (viewer.id % 10))
            viewer = self._viewer(request)
        told = {**self.session.view(viewer), "map_ready": self.mapped}
        return JSONResponse({**told, "where": self.where} if isinstance(viewer, Teacher) else told)

    @told
    async def account(self, request: Request) -> Response:
        """What a package is worth to those whose accounts this person may see: for a team, itself."""
        viewer = self._viewer(request)
        data = await object_of(request, ("levers",))
        teams = may_see(self.session.state, viewer)
        if not teams:
            return refusal(403, "observers see no account before the debrief", code="role")
        levers = check_levers(self.session.state.setup, mapping_of(data.get("levers")))
        accounts = await self.queue.accounts(name_of(viewer), levers)
        # The phase may have changed while the model ran.
        teams = may_see(self.session.state, viewer)
        return JSONResponse({
            "schema": "winset/class-account/1",
            "levers": levers,
            "unit": self.session.state.setup.unit,
            "accounts": {team: accounts[team].plain() for team in teams},
        })  # fmt: skip

    @told
    async def debrief(self, request: Request) -> Response:
        """Everybody's cards, once the teacher has laid them on the table."""
        self._viewer(request)
        state = self.session.state
        if state.phase != "debrief":
            return refusal(403, "the debrief is not open yet", remedy="Wait for the teacher", code="phase")
        accounts: dict[int, Accounts] = {}
        for one in state.offers:
            with contextlib.suppress(NotConvergedError, NewerError):
                accounts[one.id] = await self.queue.accounts(f"debrief {id(request)}", one.levers)
        return JSONResponse(debrief(state, accounts, self.map, self.map_failed))

    # ------------------------------------------------------------------ teams

    @told
    async def offer(self, request: Request) -> Response:
        """Put a package on the table."""
        who = self._player(request)
        data = await object_of(request, ("levers", "message", "counter_to"))
        counter = data.get("counter_to")
        given = {
            "levers": mapping_of(data.get("levers")),
            "message": data.get("message") or "",
            "counter_to": None if counter is None else whole(counter),
        }
        return await self._acted(who, "offer", given)

    @told
    async def answer(self, request: Request) -> Response:
        """Accept or refuse an offer."""
        who = self._player(request)
        data = await object_of(request, ("offer", "answer"))
        return await self._acted(who, "answer", {"id": whole(data.get("offer")), "said": str(data.get("answer"))})

    @told
    async def withdraw(self, request: Request) -> Response:
        """Take an offer back."""
        who = self._player(request)
        data = await object_of(request, ("offer",))
        return await self._acted(who, "withdraw", {"id": whole(data.get("offer"))})

    @told
    async def speak(self, request: Request) -> Response:
        """Act for the team from now on."""
        who = self._player(request)
        await object_of(request, ())
        return await self._acted(who, "speak", {})

    async def _acted(self, who: Member, action: str, given: Mapping[str, Any]) -> Response:
        await run_in_threadpool(lambda: self.session.act(who, action, **given))
        return JSONResponse(self.session.view(who))

    # ------------------------------------------------------------------ the teacher

    @told
    async def teacher(self, request: Request) -> Response:
        """Begin, pause, resume, extend, advance, end, debrief, reset, remove, speaker, rules."""
        self._teacher(request)
        data = await object_of(request, ("action", "seconds", "what", "member", "rules", "out"))
        seconds = data.get("seconds", 60)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 1e6:
            raise RefusedError(refusal(400, "'seconds' must be a number"))
        rules = None
        if data.get("rules") is not None:
            try:
                rules = Rules.model_validate(data["rules"])
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                raise RefusedError(refusal(400, f"the rules cannot be used: {where}: {first['msg']}")) from error
        ask = moves.Ask(
            seconds=float(seconds), what=str(data.get("what", "round")), member=whole(data.get("member", 0)),
            rules=rules,
        )  # fmt: skip
        action, out = str(data.get("action")), data.get("out") is True
        await run_in_threadpool(lambda: self.session.teacher(action, ask, out=out))
        return JSONResponse(self.session.view(TEACHER))

    @told
    async def moves_csv(self, request: Request) -> Response:
        """All moves as a table."""
        self._teacher(request)
        setup = self.session.state.setup
        text = moves_csv(list(self.session.journal.events), [lever.id for lever in setup.levers])
        # The mark tells spreadsheets that this is UTF-8.
        return _file("﻿" + text, "text/csv; charset=utf-8", f"{setup.case}-moves.csv")

    @told
    async def moves_json(self, request: Request) -> Response:
        """All moves as data."""
        self._teacher(request)
        setup = self.session.state.setup
        return JSONResponse({
            "schema": "winset/class-moves/1",
            "winset": version(),
            "case": setup.case,
            "teams": [{"code": team.code, "name": team.name} for team in setup.teams],
            "rules": self.session.state.rules.model_dump(),
            "levers": [lever.model_dump() for lever in setup.levers],
            "moves": moves_of(list(self.session.journal.events)),
        })  # fmt: skip


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _file(text: str, media: str, name: str) -> Response:
    return Response(
        text.encode(), headers={"content-type": media, "content-disposition": f'attachment; filename="{name}"'}
    )
