"""Results of every kind repeated on a small case, whole and with something changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from case_copies import copied
from winset.cli_rerun import rerun as command
from winset.core.errors import UnreadableFileError
from winset.core.provenance import machine, stamped
from winset.package.folder import case_folder
from winset.package.law import load_law
from winset.package.rate_text import good_answer
from winset.rerun.again import rerun, rerun_document, rerun_text
from winset.rerun.manifests import rate_manifest, timeline_manifest
from winset.valuation.serialise import value_document
from winset.workflow import open_case

PACKAGE = "july-2025-framework"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("again"))


@pytest.fixture(scope="module")
def valued(case: Path) -> dict[str, Any]:
    """What `winset value CASE july-2025-framework --draws 20` writes."""
    choice: dict[str, Any] = {"draws": 20}
    opened = open_case(case)
    now = stamped(opened.manifest(**choice), "value", {**choice, "case": str(case), "packages": (PACKAGE,)})
    document = value_document(opened.value_all([PACKAGE], **choice), now)
    found: dict[str, Any] = json.loads(json.dumps(document))
    return found


def kept(folder: Path, document: Any) -> Path:
    path = folder / "result.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_id_is_the_same_anywhere(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stamped(open_case(case).manifest(), "value", {"case": str(case), "packages": ()})
    monkeypatch.setattr("platform.system", lambda: "Plan 9")
    monkeypatch.setenv("OMP_NUM_THREADS", "77")
    after = stamped(open_case(case).manifest(), "bargain", {"points": 5})
    assert before["id"] == after["id"]
    assert after["platform"]["system"] == "Plan 9"
    assert after["platform"]["threads"] == 77
    assert before["platform"] != after["platform"]
    # No place of this machine in it.
    assert str(case) not in json.dumps(before)
    assert before["request"] == {"command": "value", "arguments": {}}


def test_the_same_run_again_is_identical(tmp_path: Path, case: Path, valued: dict[str, Any]) -> None:
    found = rerun(kept(tmp_path, valued), case=case)
    assert found.verdict == "identical"
    assert found.inputs == found.settings == found.versions == found.platform == ()
    assert found.before == found.now
    assert "Verdict: identical" in rerun_text(found)
    assert rerun_document(found)["verdict"] == "identical"


def test_a_result_without_its_command_is_repeated_from_what_it_shows(
    tmp_path: Path, case: Path, valued: dict[str, Any]
) -> None:
    older = {
        **valued,
        "manifest": {k: v for k, v in valued["manifest"].items() if k not in ("request", "platform")},
    }
    found = rerun(kept(tmp_path, older), case=case)
    assert found.verdict == "identical"
    assert found.inferred
    assert found.platform is None
    assert "Machine: not stated" in rerun_text(found)


def test_a_number_that_was_changed_is_found(tmp_path: Path, case: Path, valued: dict[str, Any]) -> None:
    other = json.loads(json.dumps(valued))
    net = other["packages"][0]["parties"]["KOR"]["net"]
    net["value"] *= 1 + 1e-6
    found = rerun(kept(tmp_path, other), case=case)
    assert found.verdict == "differs"
    assert [one.id for one in found.result.moved] == [f"packages/{PACKAGE}/parties/KOR/net/value"]
    net["value"] = valued["packages"][0]["parties"]["KOR"]["net"]["value"] * (1 + 1e-12)
    again = rerun(kept(tmp_path, other), case=case)
    assert (again.verdict, again.result.unequal) == ("same", 1)
    assert "the same to nine digits" in rerun_text(again)


def test_a_changed_input_and_its_numbers_are_told(tmp_path: Path, valued: dict[str, Any]) -> None:
    case = copied(tmp_path)
    sheet = case / "case.yaml"
    text = sheet.read_text(encoding="utf-8")
    assert "years: 10" in text
    sheet.write_text(text.replace("years: 10", "years: 9"), encoding="utf-8")
    done = CliRunner().invoke(command, [str(kept(tmp_path, valued)), "--case", str(case), "--json", "-"])
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert told["verdict"] == "differs"
    assert [one["id"] for one in told["inputs"]] == ["case/case.yaml"]
    assert [(one["id"], one["old"], one["new"]) for one in told["settings"]] == [("horizon_years", 10, 9)]
    assert told["run"]["before"] != told["run"]["now"]


def test_other_versions_and_another_machine_are_told(tmp_path: Path, case: Path, valued: dict[str, Any]) -> None:
    other = json.loads(json.dumps(valued))
    other["manifest"]["libraries"]["numpy"] = "0.0.1"
    other["manifest"]["platform"]["system"] = "Plan 9"
    found = rerun(kept(tmp_path, other), case=case)
    assert [(one.id, one.old) for one in found.versions] == [("numpy", "0.0.1")]
    assert found.platform is not None
    assert [(one.id, one.old, one.new) for one in found.platform] == [("system", "Plan 9", machine()["system"])]


def test_a_file_of_the_case_that_is_gone_is_named_before_the_work(tmp_path: Path, valued: dict[str, Any]) -> None:
    case = copied(tmp_path)
    (case / "bargain.yaml").unlink()
    with pytest.raises(UnreadableFileError, match=r"case/bargain\.yaml"):
        rerun(kept(tmp_path, valued), case=case)


def test_a_rate_and_a_timeline(tmp_path: Path) -> None:
    import datetime as dt

    from winset.record.ledger import load_record
    from winset.record.rendering import to_dict
    from winset.record.timeline import state_of_play

    folder, day = case_folder("korea-us-2025"), dt.date(2025, 11, 1)
    law = load_law(folder / "law.yaml")
    asked = {"importer": "USA", "exporter": "KOR", "good": "cars", "on": day}
    document = {
        "schema": "winset/rate/1", **good_answer(law, "USA", "KOR", "cars", day),
        "manifest": stamped(rate_manifest(folder, law), "rate", asked),
    }  # fmt: skip
    assert rerun(kept(tmp_path, document)).verdict == "identical"
    state = to_dict(state_of_play(load_record(folder), day))
    document = {
        "schema": "winset/timeline/1", **state,
        "manifest": stamped(timeline_manifest(folder), "timeline", {"as_of": day}),
    }  # fmt: skip
    assert rerun(kept(tmp_path, document)).verdict == "identical"


def test_documents_read_again(tmp_path: Path) -> None:
    from winset.record.reading.read import read_document
    from winset.record.reading.schema import as_json

    folder = tmp_path / "documents"
    folder.mkdir()
    paper = folder / "note.txt"
    paper.write_text(
        "Seoul, 3 March 2031.\n\nThe two sides agreed on a duty of 7 percent on cars.\n", encoding="utf-8"
    )
    found = as_json(read_document(paper))
    path = kept(tmp_path, [{**found, "file": "/somewhere/else/note.txt"}])
    assert rerun(path, data=folder).verdict == "identical"
    paper.write_text(paper.read_text(encoding="utf-8").replace("7 percent", "8 percent"), encoding="utf-8")
    again = rerun(path, data=folder)
    assert again.verdict == "differs"
    assert [one.id for one in again.inputs] == ["data/note.txt"]


def test_a_sweep(tmp_path: Path, case: Path) -> None:
    from winset.rerun.request import read_request
    from winset.rerun.sweeps import repeat_sweep
    from winset.sweep.run import sweep

    folder = tmp_path / "sweep"
    sweep(open_case(case), folder, draws=5, packages=[PACKAGE], workers=1, block=3)
    found = rerun(folder / "manifest.json", case=case, workers=1)
    assert found.verdict == "identical"
    assert found.settings == found.inputs == ()
    # One chunk lost: not a whole sweep, so nothing to compare with.
    asked = read_request(folder / "manifest.json")
    lines = (folder / "chunks.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "chunks.jsonl").write_bytes(b"".join(lines[1:]))
    with pytest.raises(UnreadableFileError, match="Finish the sweep"):
        repeat_sweep(asked, open_case(case), workers=1)


def test_a_chunk_of_other_numbers(tmp_path: Path) -> None:
    import numpy as np

    from winset.rerun.sweeps import _chunk, _Counts
    from winset.sweep.parquet import encoded

    draws = np.arange(4, dtype=np.int32)
    one = {"draw": draws, "net": np.array([1.0, np.nan, 3.0, 4.0])}
    other = {"draw": draws, "net": np.array([1.0 + 1e-12, np.nan, 3.5, np.nan])}
    for name, columns in (("a", one), ("b", other)):
        (tmp_path / name).write_bytes(encoded(columns, {"run": name}))
    counts = _Counts()
    _chunk(counts, "rows/x", tmp_path / "a", tmp_path / "b")
    told = counts.told()
    assert (told.compared, told.unequal, told.differ) == (8, 1, 2)
    assert [(one.id, one.old, one.new) for one in told.moved] == [
        ("rows/x/net/2", 3.0, 3.5),
        ("rows/x/net/3", 4.0, None),
    ]


def test_the_findings_of_a_brief(tmp_path: Path, case: Path) -> None:
    written = open_case(case).brief(tmp_path / "brief", bargain=False)
    path = next(one for one in written if one.name.endswith(".findings.json"))
    before = path.read_bytes()
    assert rerun(path, case=case).verdict == "identical"
    assert path.read_bytes() == before
