"""The files of the page, the bargain kept on the disk, and the server's start and end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import winset
import winset.negotiation
from winset.core.errors import RequestError
from winset.web.app import ASSETS, STATIC
from winset.web.live import Live
from winset.web.server import address, listen
from winset.web.vendoring import faults

SCRIPTS = sorted(STATIC.glob("*.js"))


# ------------------------------------------------------------------ files


def test_every_file_that_the_page_names_is_served(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["Content-Type"].startswith("text/html")
    named = set(re.findall(r'(?:href|src)="(static/[^"]+)"', page.text))
    assert named
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        named |= {f"static/{name}" for name in re.findall(r'from "\./([^"]+)"', text)}
    for name in named:
        answer = client.get(f"/{name}")
        assert answer.status_code == 200, name
        assert answer.content == (STATIC / name.removeprefix("static/")).read_bytes()


def test_every_listed_file_has_its_type(client: TestClient) -> None:
    assert {"app.js", "style.css", "words.json", "vendor/preact.mjs"} <= set(ASSETS)
    kinds = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json"}
    for name in ASSETS:
        answer = client.get(f"/static/{name}")
        if Path(name).suffix in kinds:
            assert answer.headers["Content-Type"].startswith(kinds[Path(name).suffix])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd",
     "/static/vendor", "/static/vendor/", "/static/app.js/", "/static/APP.JS", "/static/app.js%00",
     "/../etc/passwd", "/static/....//app.py", "/static/%5c..%5capp.py", "/case.yaml", "/documents/tx-a.txt",
     "/api/", "/api/nothing"],
)  # fmt: skip
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["schema"] == "winset/error/1"


def test_the_libraries_are_those_listed() -> None:
    assert faults() == []


def test_no_script_of_the_page_names_another_machine_or_writes_markup() -> None:
    for path in [*SCRIPTS, STATIC / "index.html", STATIC / "style.css"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://[a-z0-9]", text), path.name
        assert not re.search(r"\beval\(|new Function|innerHTML|dangerouslySetInnerHTML|\bstyle=", text), path.name
    assert "<script>" not in (STATIC / "index.html").read_text(encoding="utf-8")


# ------------------------------------------------------------------ words


def words() -> dict[str, dict[str, str]]:
    return dict(json.loads((STATIC / "words.json").read_text(encoding="utf-8")))


def test_both_languages_have_every_word_and_its_blanks() -> None:
    one, two = words()["en"], words()["ko"]
    assert set(one) == set(two)
    for key in one:
        assert set(re.findall(r"\{\w+\}", one[key])) == set(re.findall(r"\{\w+\}", two[key])), key
        assert one[key].strip()
        assert two[key].strip()


def test_every_word_that_a_script_asks_for_exists_and_none_is_idle() -> None:
    known = set(words()["en"])
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS if not path.name.startswith("class"))
    asked = set(re.findall(r'\bt\("(\w+)"', text))
    stems = set(re.findall(r"\bt\(`(\w+_)\$\{", text))
    assert asked - known == set()
    assert {k for k in known - asked if not any(k.startswith(s) for s in stems)} == set()
    for stem in stems:
        assert any(key.startswith(stem) for key in known), stem


# ------------------------------------------------------------------ the bargain


def test_the_bargain_is_the_programs_own(client: TestClient, warm: Live) -> None:
    found = client.get("/api/bargain").json()
    assert found["schema"] == "winset/bargain/1"
    assert found["manifest"] == warm.opened.manifest()
    few = winset.negotiation.negotiate(winset.open_case(warm.case.folder), points=6, sampled=32)
    for told, own in zip(found["points"], few.points, strict=True):
        assert told["id"] == own.id
        assert told["payoffs"] == pytest.approx(dict(own.payoffs), abs=1e-6)
        assert told["accepted_by"] == list(own.accepted_by)


def test_a_kept_bargain_is_not_computed_again(warm: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(winset.negotiation, "negotiate", never)
    other = Live(winset.open_case(warm.case.folder), cache=warm.cache)
    other._bargain()
    assert other.bargain == warm.bargain
    assert other.status()["bargain"]["state"] == "ready"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"schema": "winset/bargain/1"}', b"[" * 100_000])
def test_a_spoilt_cache_is_passed_over(
    warm: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / f"{warm.run}.json").write_bytes(content)
    calls = []

    def counted(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        raise RequestError("enough")

    monkeypatch.setattr(winset.negotiation, "negotiate", counted)
    other = Live(winset.open_case(warm.case.folder), cache=tmp_path)
    with pytest.raises(RequestError):
        other._bargain()
    assert calls


def test_a_bargain_that_fails_leaves_the_accounts(warm: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RequestError("no package converged")

    monkeypatch.setattr(winset.negotiation, "negotiate", fails)
    other = Live(winset.open_case(warm.case.folder))
    other.start(after=0)
    assert other._thread is not None
    other._thread.join(120)
    told = other.status()
    assert told["model"]["state"] == "ready"
    assert told["bargain"]["state"] == "failed"
    assert "no package converged" in told["bargain"]["why"]


# ------------------------------------------------------------------ the server


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:9"), ("0.0.0.0", "http://127.0.0.1:9"), ("::1", "http://[::1]:9"),  # noqa: S104
     ("::", "http://[::1]:9"), ("localhost", "http://localhost:9")],
)  # fmt: skip
def test_addresses(host: str, shown: str) -> None:
    assert address(host, 9) == shown


def test_a_port_in_use_is_one_clear_message(warm: Live) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RequestError, match="--port"):
            listen("127.0.0.1", port)
        code = "from winset.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, "serve", str(warm.case.folder), "--port", str(port), "--no-browser"],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(port) in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("host", ["no.such.host.invalid", "256.1.1.1"])
def test_an_address_of_nobody_is_one_clear_message(host: str) -> None:
    with pytest.raises(RequestError, match="--host"):
        listen(host, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_the_server_answers_writes_only_with_its_token_and_stops_cleanly(warm: Live, tmp_path: Path) -> None:
    code = "from winset.cli import main; main()"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        [sys.executable, "-c", code, "serve", str(warm.case.folder), "--port", "0", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(3)]
        found = re.search(r"(http://127\.0\.0\.1:(\d+))/\?token=(\S+)", "".join(lines))
        assert found, lines
        base, token = found.group(1), found.group(3)
        assert len(token) >= 32
        with urllib.request.urlopen(f"{base}/api/status", timeout=30) as answer:  # noqa: S310
            assert json.load(answer)["schema"] == "winset/status/1"
        request = urllib.request.Request(  # noqa: S310
            f"{base}/api/packages", data=b"{}", headers={"Content-Type": "application/json"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)  # noqa: S310
        assert refused.value.code == 403
        refused.value.close()
    finally:
        server.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = server.communicate(timeout=60)
    assert server.returncode == 0, err
    assert "Stopped." in out
    assert err == ""
    assert time.monotonic() - began < 30
