"""Reading YAML and JSON lines with the line of every value."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.core.casefile import CaseModel, load_jsonl, parse_yaml, validate
from winset.core.errors import CaseFileError, UnreadableFileError, WinsetError
from winset.core.files import inside, read_text, write_text
from winset.core.names import known, nearest


class Inner(CaseModel):
    rate: float
    code: str


class Outer(CaseModel):
    name: str
    rows: list[Inner] = []


def test_words_stay_words_and_dates_become_dates() -> None:
    data = parse_yaml("on: no\ncode: NO\nday: 2025-11-01\nrate: 1e-3\nid: '007'\nnone: null\nyes: true", "x").data
    assert data.pop("day") == dt.date(2025, 11, 1)
    assert data == {"on": "no", "code": "NO", "rate": 0.001, "id": "007", "none": None, "yes": True}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("name: a\nrows:\n  - {rate: high, code: x}\n", 3, "rows.0.rate"),
        ("name: a\nrows:\n  - {rate: 1, code: x}\n  - {rate: 1, coed: x}\n", 4, "'code'"),
        ("name: a\nname: b\n", 2, "twice"),
        ("name: a\nnmae: b\n", 2, "'name'"),
        ("rows: []\n", 1, "'name' is missing"),
        ("name: [a\n", 2, "not valid YAML"),
        ("name: a\nrows: *r\n", 2, "anchors"),
        ("name: 2025-02-30\n", 1, "calendar"),
    ],
)
def test_faults_name_the_line_and_the_key(text: str, line: int, says: str) -> None:
    with pytest.raises(CaseFileError) as caught:
        validate(Outer, parse_yaml(text, "case.yaml"))
    assert caught.value.line == line
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"case.yaml:{line}: ")


@given(st.text(max_size=200))
def test_any_text_is_data_or_one_of_our_errors(text: str) -> None:
    with contextlib.suppress(WinsetError):
        parse_yaml(text, "x")


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    path.write_text('{"a": 1}\n\n{"a": 2}\n', encoding="utf-8")
    assert [(row.data["a"], row.line()) for row in load_jsonl(path)] == [(1, 1), (2, 3)]
    path.write_text('{"a": 1}\n[1]\n', encoding="utf-8")
    with pytest.raises(CaseFileError, match=r"record\.jsonl:2"):
        list(load_jsonl(path))


def test_names() -> None:
    assert nearest("kor", ["USA", "KOR"]) == "KOR"
    assert nearest("zzz", ["USA", "KOR"]) is None
    # Two letters changed places: as alike as another name, but the same letters.
    assert nearest("KRO", ["ROW", "USA", "KOR"]) == "KOR"
    with pytest.raises(KeyError, match="Did you mean 'KOR'"):
        known("KRO", ["USA", "KOR"], "region")


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a" / "b.txt"
    write_text(path, "first")
    assert read_text(path) == "first"

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("winset.core.files.os.fsync", fails)
    with pytest.raises(UnreadableFileError, match="No space left"):
        write_text(path, "second")
    assert path.read_text(encoding="utf-8") == "first"
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]


def test_nothing_outside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "link").symlink_to(tmp_path)
    for name in ("../x", "/etc/passwd", "link/x"):
        with pytest.raises(UnreadableFileError, match="outside"):
            inside(tmp_path / "case", name)
    assert inside(tmp_path / "case", "a/../b").name == "b"


def test_large_and_odd_files(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_text("x" * 100, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="at most 10"):
        read_text(path, limit=10)
    with pytest.raises(UnreadableFileError, match="regular"):
        read_text(tmp_path)
