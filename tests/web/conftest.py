"""The made-up case behind a warm server, once for all tests of the page."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import winset
import winset.negotiation
from web.small_case import made_up
from winset.web.app import create_app
from winset.web.live import Live
from winset.web.security import Rate

PORT = 8731
TOKEN = "a-token-of-the-test"  # noqa: S105
GATE = {"rate": Rate(per_second=1e6, burst=1e6)}


def client_of(app: Starlette, token: str | None = TOKEN) -> TestClient:
    """A client that asks as the page does."""
    headers = {} if token is None else {"X-Winset-Token": token}
    return TestClient(app, base_url=f"http://127.0.0.1:{PORT}", client=("127.0.0.1", 5000), headers=headers)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The made-up case with its model warm and its bargain made (of few points)."""
    live = Live(winset.open_case(made_up(tmp_path_factory.mktemp("web"))), cache=tmp_path_factory.mktemp("cache"))
    live.warm()
    with pytest.MonkeyPatch.context() as patch:
        few = functools.partial(winset.negotiation.negotiate, points=6, sampled=32)
        patch.setattr(winset.negotiation, "negotiate", few)
        live._bargain()
    return live


@pytest.fixture(scope="session")
def app(warm: Live) -> Starlette:
    """The application over it."""
    return create_app(warm.opened, token=TOKEN, host="127.0.0.1", port=PORT, live=warm, gate=GATE)


@pytest.fixture
def client(app: Starlette) -> TestClient:
    """Asks with the token."""
    return client_of(app)


@pytest.fixture
def own(tmp_path: Path) -> TestClient:
    """A case of the test's own, to be written to; its model is not warm."""
    live = Live(winset.open_case(made_up(tmp_path)))
    return client_of(create_app(live.opened, token=TOKEN, host="127.0.0.1", port=PORT, live=live, gate=GATE))
