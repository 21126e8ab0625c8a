"""A manifest is another person's file: what it asks for is checked before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winset.core.errors import RequestError, UnknownNameError, UnreadableFileError, WinsetError
from winset.rerun.again import rerun
from winset.rerun.request import read_request


def written(folder: Path, document: Any) -> Path:
    path = folder / "result.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def result(command: Any = "rate", arguments: Any = None, **manifest: Any) -> dict[str, Any]:
    asked = {"importer": "USA", "exporter": "KOR", "good": "cars", "on": "2025-11-01"}
    return {
        "schema": "winset/rate/1",
        "manifest": {
            "id": "run-1", "inputs": {}, "settings": {"case": "korea-us-2025"},
            "request": {"command": command, "arguments": asked if arguments is None else arguments}, **manifest,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    "command", ["serve", "new", "baseline", "__import__", "../value", "value; rm -rf /", "\x1b[2J"]
)
def test_no_other_command_is_run(tmp_path: Path, command: str) -> None:
    with pytest.raises(UnknownNameError, match="command that can be repeated") as told:
        read_request(written(tmp_path, result(command)))
    assert "\x1b" not in str(told.value)


@pytest.mark.parametrize(
    ("command", "arguments", "named"),
    [
        ("value", {"draws": 10**30}, "draws"),
        ("value", {"draws": "5"}, "draws"),
        ("value", {"draws": True}, "draws"),
        ("value", {"seed": -1}, "seed"),
        ("value", {"packages": ["a"] * 5000}, "packages"),
        ("value", {"json_file": "/etc/passwd"}, "json_file"),
        ("value", {"on": "yesterday"}, "on"),
        ("bargain", {"points": 10**9}, "points"),
        ("bargain", {"parties": {"a": 1}}, "parties"),
        ("rate", {"importer": "USA"}, "exporter"),
        ("emulate", {"budget": 10**12}, "budget"),
        ("replicate", {}, "paper"),
    ],
)
def test_an_argument_that_cannot_be_is_named(tmp_path: Path, command: str, arguments: Any, named: str) -> None:
    with pytest.raises(RequestError, match=named):
        read_request(written(tmp_path, result(command, arguments)))


@pytest.mark.parametrize(
    "document",
    [
        "", "{", "[" * 100_000, '{"schema": NaN}', "3", '"text"', "{}", '{"schema": 5}', '{"schema": "other/1"}',
        '{"schema": "winset/value/1"}', '{"schema": "winset/value/1", "manifest": {}}',
        '{"schema": "winset/value/1", "manifest": {"request": []}}',
        '{"schema": "winset/value/1", "manifest": {"settings": 3}, "packages": []}',
        '{"schema": "winset/value/1", "manifest": {"inputs": [1]}, "packages": []}',
        '{"a": ' * 100 + "1" + "}" * 100, '{"seed": ' + "9" * 5000 + "}",
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused_in_words(tmp_path: Path, document: str) -> None:
    with pytest.raises(UnreadableFileError, match="not a result that can be repeated"):
        read_request(written(tmp_path, document))


KEYS = ["schema", "manifest", "request", "command", "arguments", "settings", "sweep", "case", "x"]
finite = st.floats(allow_nan=False, allow_infinity=False)
json_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(KEYS),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(json_trees, st.sampled_from(["winset/value/1", "winset/bargain/1", "winset/findings/1", ""]))
def test_whatever_a_file_holds_it_is_one_clear_error_or_a_request(
    tmp_path_factory: pytest.TempPathFactory, tree: Any, schema: str
) -> None:
    document = {**tree, "schema": schema} if isinstance(tree, dict) and schema else tree
    path = written(tmp_path_factory.mktemp("any"), document)
    refused: WinsetError | None = None
    try:
        read_request(path)
    except WinsetError as error:
        refused = error
    assert refused is None or (refused.exit_code == 2 and str(path) in str(refused))


@pytest.mark.parametrize(
    "case", ["../../etc", "/etc", "no-such-case", "", "korea-us-2025/../korea-us-2025", "\x1b"]
)
def test_a_manifest_opens_no_folder(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not even one of that name in the working folder: only --case names a folder.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no-such-case").mkdir()
    (tmp_path / "no-such-case" / "case.yaml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="--case"):
        rerun(written(tmp_path, result(settings={"case": case})))


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "..", ".", "", "a\0b", "no\\..\\such.txt", 5])
def test_a_document_is_looked_for_in_the_named_folder_only(tmp_path: Path, name: Any) -> None:
    (tmp_path / "secret.txt").write_text("Made up.", encoding="utf-8")
    folder = tmp_path / "documents"
    folder.mkdir()
    path = written(tmp_path, [{"file": name, "sha256": "0" * 64}])
    with pytest.raises(UnreadableFileError, match=r"missing|names no file"):
        rerun(path, data=folder)


def test_missing_inputs_are_named(tmp_path: Path) -> None:
    lost = {"case/law.yaml": "0" * 64, "case/packages/lost.yaml": "0" * 64}
    with pytest.raises(UnreadableFileError, match=r"missing: case/packages/lost\.yaml"):
        rerun(written(tmp_path, result(inputs=lost)))


def test_a_sweep_is_repeated_from_its_folder(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"manifest\.json"):
        read_request(written(tmp_path, {"schema": "winset/sweep/1", "plan": {}}))
