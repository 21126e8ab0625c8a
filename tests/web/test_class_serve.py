"""`winset serve CASE --class` as a process: what it prints, that killing it loses nothing, its mistakes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from winset.classroom.session import TICK
from winset.cli import cli
from winset.web.class_server import lan_address
from winset.workflow import new_case

BARGAIN = """
base: deal
disagreement: threat
levers:
  - {id: rate, label: Duty on everything else, unit: percent, low: 0, high: 25, value: 15, why: made up,
     sets: [{importer: USA, exporter: MEX, good: everything-else, authority: new-duty, kind: total}]}
  - {id: invest, label: Investment, unit: billion dollars, low: 0, high: 40, value: 20, why: made up,
     sets: [{commitment: invest, key: amount, scale: 1000}]}
ratifiers:
  - {id: purse, party: MEX, label: No more than 30 billion, levers: {invest: 1}, at_most: 30, why: made up}
  - {id: gain, party: USA, label: A gain of any size, payoff: true, at_least: 0, why: made up}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = new_case("talks", tmp_path)
    (folder / "bargain.yaml").write_text(BARGAIN, encoding="utf-8")
    return folder


class Served:
    """The command in a process of its own."""

    def __init__(self, case: Path, state: Path, *options: str) -> None:
        command = [sys.executable, "-m", "winset", "serve", str(case), "--class", "--no-browser", "--port", "0",
                   "--state", str(state), *options]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        self.text = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.text += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"(http://127\.0\.0\.1:\d+)/class#teacher=(\S+)", self.text)
        assert found is not None, self.text
        self.address, self.token = found[1], found[2]
        self.codes = [code.replace("-", "") for code in re.findall(r"^  (\w{3}-\w{3})  ", self.text, re.MULTILINE)]

    def ask(self, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/class/api/{path}", data, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def test_a_server_killed_in_the_middle_goes_on_where_it_was(case: Path, tmp_path: Path) -> None:
    state = tmp_path / "kept" / "session.jsonl"
    first = Served(case, state, "--minutes", "10")
    try:
        a = first.ask("join", {"code": first.codes[0], "name": "Ann"})[1]["token"]
        b = first.ask("join", {"code": first.codes[1], "name": "Bo"})[1]["token"]
        assert first.ask("teacher/act", {"action": "begin"}, first.token)[0] == 200
        assert first.ask("offer", {"levers": {"invest": 35}, "message": "all of it"}, a)[0] == 200
        code, told = first.ask("offer", {"levers": {"invest": 5, "rate": 20}, "counter_to": 1}, b)
        assert code == 200
    finally:
        first.kill()
    second = Served(case, state)
    try:
        assert "resumed" in second.text
        assert second.codes == first.codes
        assert second.token != first.token
        code, again = second.ask("state", None, b)
        assert code == 200, "whoever was in the room still is"
        for key in ("offers", "round", "mover", "phase", "rules", "me"):
            assert again[key] == told[key]
        assert 0 <= told["clock"]["elapsed"] - again["clock"]["elapsed"] <= TICK
        assert not again["clock"]["running"]
        assert second.ask("answer", {"offer": 2, "answer": "accept"}, a)[0] == 409
        assert second.ask("teacher/act", {"action": "resume"}, first.token)[0] == 401
        assert second.ask("teacher/act", {"action": "resume"}, second.token)[0] == 200
        assert second.ask("answer", {"offer": 2, "answer": "accept"}, a)[1]["outcome"]["offer"] == 2
        busy = CliRunner().invoke(cli, ["serve", str(case), "--class", "--no-browser", "--port", "0",
                                        "--state", str(state)])  # fmt: skip
        assert "in use" in str(busy.exception)
    finally:
        second.kill()


def test_a_server_ends_in_order(case: Path, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("an interrupt is sent another way there")
    import signal
    import threading

    served = Served(case, tmp_path / "session.jsonl")
    a = served.ask("join", {"code": served.codes[0], "name": "Ann"})[1]["token"]
    version = served.ask("state", None, a)[1]["version"]
    held = threading.Thread(target=served.ask, args=(f"state?since={version}", None, a))
    held.start()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(30) == 0
    assert served.process.stdout is not None
    with served.process.stdout as rest:
        text = rest.read()
    held.join(20)
    assert "Traceback" not in text
    assert "Stopped" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--lan"], "--lan only with --class"),
        (["--minutes", "5", "--state", "x"], "--minutes, --state only with --class"),
        (["--class", "--teams", "USA"], "two or three different teams"),
        (["--class", "--teams", "USA,MEXX"], "Did you mean 'MEX'"),
    ],
)
def test_mistakes_are_told(case: Path, options: list[str], words: str) -> None:
    result = CliRunner().invoke(cli, ["serve", str(case), "--no-browser", "--port", "0", *options])
    assert words in str(result.exception)


def test_a_case_without_levers_cannot_be_played(tmp_path: Path) -> None:
    folder = new_case("bare", tmp_path)
    result = CliRunner().invoke(cli, ["serve", str(folder), "--class", "--no-browser", "--port", "0"])
    assert "opens no levers" in str(result.exception)


def test_the_address_on_the_network_is_not_this_machines_own() -> None:
    try:
        found = lan_address()
    except ValueError as error:
        pytest.skip(str(error))
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", found)
    assert not found.startswith("127.")
