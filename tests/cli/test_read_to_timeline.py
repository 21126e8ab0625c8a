"""Documents to the state of play, as a person does it: read, review, timeline, each its own process."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LISTING = """\
documents:
  - {id: daily-0304, title: "A report before the meeting", publisher: "A daily", file: before.txt, lang: en,
     kind: press, published: {value: 2024-03-04, basis: stated}, url: null}
  - {id: daily-0313, title: "A report after the meeting", publisher: "A daily", file: after.txt, lang: en,
     kind: press, published: {value: 2024-03-13, basis: stated}, url: null}
"""
BEFORE = (
    "Ministers to talk about cars\n\nDanish Trade Minister Ida Holm will meet Maltese Economy Minister Carmelo "
    "Zahra in Valletta on March 12.\n\nThe tariff pause expires on April 30, officials said.\n"
)
AFTER = (
    "Talks end\n\nMaltese Economy Minister Carmelo Zahra met Danish Trade Minister Ida Holm in Valletta on "
    "Tuesday.\n\n"
    "Malta agreed to cut its duty on cars from 20 percent to 12 percent, she said.\n"
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case without a record yet, in a folder with a space and Korean letters."""
    folder = tmp_path / "my 협상 case"
    (folder / "documents").mkdir(parents=True)
    (folder / "case.yaml").write_text("name: made-up\n", encoding="utf-8")
    (folder / "record.jsonl").write_text("", encoding="utf-8")
    (folder / "documents/documents.yaml").write_text(LISTING, encoding="utf-8")
    for name, text in (("before.txt", BEFORE), ("after.txt", AFTER)):
        (folder / "documents" / name).write_text(text.replace("\\\n", "\n"), encoding="utf-8")
    return folder


def winset(*arguments: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "winset", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80", "LC_ALL": "ko_KR.UTF-8"},
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + (done.stderr if code else "")


def test_documents_become_a_state_of_play(case: Path, tmp_path: Path) -> None:
    said = winset("read", case)
    assert "2 documents read" in said
    first = (case / "proposals.jsonl").read_bytes()
    winset("read", case)
    assert (case / "proposals.jsonl").read_bytes() == first
    queue = json.loads(winset("review", case, "--json", "-"))
    meetings = [e for e in queue["entries"] if "Holm" in json.dumps(e, ensure_ascii=False)]
    assert meetings
    listed = winset("review", case, "--list")
    assert "open" in listed
    taken = next(e["id"] for e in queue["entries"] if "2024-04-30" in json.dumps(e))
    winset("review", case, "--accept", taken, "--by", "an analyst")
    again = winset("review", case, "--accept", taken, "--by", "an analyst", code=2)
    assert taken in again
    sheet, calendar = tmp_path / "state.csv", tmp_path / "state.ics"
    shown = winset("timeline", case, "--as-of", "2024-03-20", "--csv", sheet, "--ics", calendar)
    assert "2024-04-30" in shown
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 1
    assert "DTSTART;VALUE=DATE:20240430" in calendar.read_text(encoding="utf-8")
    before = winset("timeline", case, "--as-of", "2024-03-03")
    assert "2024-04-30" not in before


def test_mistakes(case: Path, tmp_path: Path) -> None:
    assert "documents.yaml" in winset("read", case, "--published", "2024-03-04", code=2)
    assert "no folder 'documents'" in winset("read", tmp_path, code=2)
    assert "URL" in winset("read", case / "documents/before.txt", "--model", "x", code=2)
    assert "https" in winset(
        "read", case / "documents/before.txt", "--assistant", "http://example.org", "--model", "x", code=2
    )
    assert "nearest" not in winset("review", case, "--accept", "nothing-such", code=2)
