"""How class mode bears a class: `python benchmarks/bench_class.py [CASE]`, a real server and 30 clients over HTTP.

Every client holds a question after news open all the while, as the page does, and acts at its own pace: mostly new
packages on the sliders, now and then a look at an offer, an offer, an answer. Times are from request to answer as
the client sees them, all on one machine; other work on it makes them longer. `--think 0` is a flood that no class
makes. An answer refused by the rules (another was faster) stands with its code.
"""

from __future__ import annotations

import argparse
import collections
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

Times = dict[str, list[float]]


class Server:
    """`winset serve CASE --class` in a process of its own."""

    def __init__(self, case: str, folder: Path) -> None:
        command = [sys.executable, "-m", "winset", "serve", case, "--class", "--no-browser", "--port", "0",
                   "--minutes", "600", "--state", str(folder / "bench.jsonl")]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603
        text = ""
        for line in self.process.stdout or ():
            text += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"http://127\.0\.0\.1:(\d+)/class#teacher=(\S+)", text)
        if found is None:
            raise SystemExit(text)
        self.port, self.token = int(found[1]), found[2]
        self.codes = re.findall(r"^  (\w{3}-\w{3})  ", text, re.MULTILINE)


class Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port: int, token: str = "") -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.token = token

    def ask(self, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        self.link.request("GET" if body is None else "POST", f"/class/api/{path}", data, headers)
        answer = self.link.getresponse()
        return answer.status, json.loads(answer.read())


def student(server: Server, client: Client, seed: int, actions: int, think: float, times: Times) -> None:
    """One person's lesson."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    state = client.ask("state")[1]
    at = {one["id"]: one["value"] for one in state["levers"]}
    for _ in range(actions):
        time.sleep(rng.expovariate(1 / think) if think else 0)
        kind = rng.choices(("slider", "look", "state", "offer", "answer"), (70, 12, 8, 4, 6))[0]
        open_ = [one for one in state["offers"] if one["standing"] == "open"]
        if kind in ("look", "answer") and not open_:
            kind = "slider"
        if kind == "slider":
            lever = rng.choice(state["levers"])
            at[lever["id"]] = lever["low"] + (lever["high"] - lever["low"]) * rng.randrange(101) / 100
            call = ("account", {"levers": at})
        elif kind == "look":
            call = ("account", {"levers": rng.choice(open_)["levers"]})
        elif kind == "state":
            call = ("state", None)
        else:
            client.ask("speak", {})
            call = ("offer", {"levers": at, "message": "for the record"})
            if kind == "answer":
                call = ("answer", {"offer": rng.choice(open_)["id"], "answer": "refuse"})
        began = time.perf_counter()
        code, told = client.ask(*call)
        times[kind if code == 200 else f"{kind} ({code})"].append(time.perf_counter() - began)
        if call[0] != "account" and code == 200:
            state = told


def listener(client: Client, stop: threading.Event) -> None:
    """The page's other hand: waits for news, again and again."""
    since = 0
    while not stop.is_set():
        try:
            code, told = client.ask(f"state?since={since}")
        except (OSError, http.client.HTTPException, ValueError):
            return
        since = told.get("version", since) if code == 200 else since


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", default="korea-us-2025")
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--actions", type=int, default=40, help="of each client")
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds between two actions of a client")
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the map of the debrief first")
    given = parser.parse_args()
    times: Times = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(given.case, Path(folder))
        try:
            run(server, given, times)
        finally:
            server.process.kill()
            server.process.wait()
    for kind in sorted(times):
        found = sorted(times[kind])
        p95 = found[min(len(found) - 1, int(0.95 * len(found)))]
        print(f"{kind:14} {len(found):5}  p50 {1e3 * statistics.median(found):7.1f} ms  p95 {1e3 * p95:7.1f} ms  "
              f"longest {1e3 * found[-1]:7.1f} ms")  # fmt: skip


def run(server: Server, given: argparse.Namespace, times: Times) -> None:
    teacher = Client(server.port, server.token)
    began = time.perf_counter()
    teacher.ask("account", {"levers": {}})
    print(f"first account after {time.perf_counter() - began:.1f} s")
    while not given.no_wait and not teacher.ask("state")[1]["map_ready"]:
        time.sleep(0.5)
    print(
        f"map of the debrief after {time.perf_counter() - began:.1f} s" if not given.no_wait else "map not awaited"
    )
    teacher.ask("teacher/act", {"action": "rules", "rules": {"turns": "free", "rounds": 50, "round_seconds": None,
                                                             "total_seconds": 86400}})  # fmt: skip
    clients = []
    teams = len(server.codes) - 1
    for k in range(given.clients):
        door = Client(server.port)
        start = time.perf_counter()
        code, told = door.ask("join", {"code": server.codes[k % teams], "name": f"Student {k + 1}"})
        if code != 200:
            raise SystemExit(told)
        times["join"].append(time.perf_counter() - start)
        clients.append(Client(server.port, told["token"]))
    teacher.ask("teacher/act", {"action": "begin"})
    stop = threading.Event()
    ears = [threading.Thread(target=listener, args=(Client(server.port, one.token), stop), daemon=True)
            for one in clients]  # fmt: skip
    people = [threading.Thread(target=student, args=(server, one, k, given.actions, given.think, times))
              for k, one in enumerate(clients)]  # fmt: skip
    start = time.perf_counter()
    for thread in [*ears, *people]:
        thread.start()
    for thread in people:
        thread.join()
    stop.set()
    taken = time.perf_counter() - start
    print(
        f"{given.clients} clients, {given.clients * given.actions / taken:.0f} actions a second for {taken:.0f} s"
    )


if __name__ == "__main__":
    main()
