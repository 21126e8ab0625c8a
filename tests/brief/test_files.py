"""`winset brief`: the files it writes, all or none of them, in every language, and twice the same."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import winset
from brief.pages import Page
from winset.brief.findings import findings
from winset.brief.formats import value_text
from winset.brief.outline import outline
from winset.brief.render import render_html
from winset.briefing import brief_content
from winset.briefing_files import FORMATS, chosen, write_all, write_brief
from winset.cli_brief import brief
from winset.core.errors import RequestError, UnknownNameError, UnreadableFileError, WinsetError
from winset.negotiation import Negotiation
from winset.package.translations import case_texts, translations
from winset.workflow import OpenCase, new_case


def _small(folder: Path) -> Path:
    """A made-up case that is quick to solve."""
    path = new_case("small", folder)
    sheet = path / "case.yaml"
    text = sheet.read_text(encoding="utf-8")
    assert "\nmodel:\n" in text
    sheet.write_text(text.replace("\nmodel:\n", "\nmodel:\n  draws: 0\n", 1), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _small(tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="module")
def opened(case: Path) -> OpenCase:
    return winset.open_case(case)


@pytest.fixture(scope="module")
def written(opened: OpenCase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "deep" / "brief"
    write_brief(opened, folder, ["html"], ["en", "ko"])
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_page_for_each_language_the_pictures_and_the_findings(written: Path) -> None:
    names = set(_bytes(written))
    assert {"small.html", "small.ko.html", "small.findings.json"} <= names
    for name in ("small.html", "small.ko.html"):
        page = Page((written / name).read_text(encoding="utf-8"))
        beside = [link for link in page.links if not link.startswith(("#", "http"))]
        assert beside
        assert set(beside) <= names, "every picture that a page offers lies beside it"
    assert not [name for name in names if Path(name).name.startswith(".")]


def test_every_number_of_the_file_resolves_to_claim_assumption_or_run(written: Path, opened: OpenCase) -> None:
    made = json.loads((written / "small.findings.json").read_text(encoding="utf-8"))
    known = {claim.id for claim in opened.case.record} | set(opened.case.assumptions)
    ids = [row["id"] for row in made["findings"]]
    assert len(ids) == len(set(ids)) > 50
    page = Page((written / "small.html").read_text(encoding="utf-8"))
    for row in made["findings"]:
        assert re.fullmatch(r"[\w.@/-]+", row["id"]), "an id says what it is, without space or quote"
        assert row["id"] in page.by_id
        assert set(row["rests_on"]) <= known | {made["manifest"]["id"]}
        assert row["rests_on"]


def test_the_same_inputs_twice_give_the_same_bytes(written: Path, case: Path, tmp_path: Path) -> None:
    again = winset.open_case(case)
    before = _bytes(written)
    write_brief(again, written, ["html"], ["en", "ko"])
    assert _bytes(written) == before
    write_brief(again, tmp_path, ["html"], ["en", "ko"])
    assert _bytes(tmp_path) == before


def test_a_changed_case_says_what_moved_and_a_second_run_still_does(tmp_path: Path) -> None:
    path = _small(tmp_path)
    out = tmp_path / "out"
    opened = winset.open_case(path)
    write_brief(opened, out, ["html"], ["en"], bargain=False)
    old = json.loads((out / "small.findings.json").read_text(encoding="utf-8"))
    assert "first version" in Page((out / "small.html").read_text(encoding="utf-8")).by_id["since"]
    sheet = path / "case.yaml"
    text = sheet.read_text(encoding="utf-8")
    years = re.search(r"years: (\d+)", text)
    assert years
    sheet.write_text(text.replace(years.group(), f"years: {int(years.group(1)) + 5}"), encoding="utf-8")
    changed = winset.open_case(path)
    write_brief(changed, out, ["html"], ["en"], bargain=False)
    first = _bytes(out)
    said = Page((out / "small.html").read_text(encoding="utf-8")).by_id["since"]
    assert old["manifest"]["id"] in said
    assert "case.yaml" in said
    assert "horizon_years" in said
    assert "it was" in said
    write_brief(changed, out, ["html"], ["en"], bargain=False)
    assert _bytes(out) == first
    named = tmp_path / "old.json"
    named.write_text(json.dumps(old), encoding="utf-8")
    write_brief(changed, tmp_path / "fresh", ["html"], ["en"], bargain=False, since_file=named)
    assert _bytes(tmp_path / "fresh") == first


def test_a_brief_without_bargain_says_so(opened: OpenCase, tmp_path: Path) -> None:
    write_brief(opened, tmp_path, ["html"], ["ko"], bargain=False)
    assert "제외" in Page((tmp_path / "small.ko.html").read_text(encoding="utf-8")).by_id["bargain"]
    assert not (tmp_path / "small.html").exists()


def test_a_file_that_is_no_findings_file_is_not_overwritten(opened: OpenCase, tmp_path: Path) -> None:
    target = tmp_path / "small.findings.json"
    target.write_text("my own notes", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="findings"):
        write_brief(opened, tmp_path, ["html"], ["en"], bargain=False)
    assert _bytes(tmp_path) == {"small.findings.json": b"my own notes"}


def test_formats_and_languages_are_known_or_the_nearest_is_named(tmp_path: Path, case: Path) -> None:
    assert chosen(["pdf", " html ", "pdf"], FORMATS, "format") == ["pdf", "html"]
    for arguments, word in (
        (["--format", "docs"], "docx"),
        (["--lang", "kr"], "ko"),
        (["--format", ","], "format"),
    ):
        result = CliRunner().invoke(brief, [str(case), "-o", str(tmp_path / "out"), *arguments])
        assert isinstance(result.exception, WinsetError)
        assert result.exception.exit_code == 2
        assert word in str(result.exception)
    assert not (tmp_path / "out").exists()
    with pytest.raises(RequestError):
        chosen([], FORMATS, "format")


def test_the_command_lists_what_it_wrote(case: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(brief, [str(case), "-o", str(tmp_path), "--no-bargain"])
    assert result.exit_code == 0, result.exception
    assert f"Wrote {tmp_path / 'small.html'}" in result.output
    assert "small.findings.json" in result.output
    assert "figures" in result.output


# ---------------------------------------------------------------------- all or nothing


def test_all_files_are_written_and_old_ones_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "mine").write_bytes(b"mine")
    write_all(tmp_path, {Path("a"): b"new", Path("sub/b"): b"b"})
    assert _bytes(tmp_path) == {"a": b"new", "mine": b"mine", "sub/b": b"b"}


@pytest.mark.parametrize("fails", range(4))
def test_a_move_that_fails_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"old b")
    replace, calls = Path.replace, []

    def sometimes(self: Path, target: Path) -> Path:
        if ".brief-" in str(self) and "new" in self.parts and Path(target).parent != self.parent:
            calls.append(self)
            if len(calls) == fails + 1:
                raise OSError("the disk is full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", sometimes)
    files = {Path(name): b"new" for name in ("a", "c", "b", "d")}
    with pytest.raises(UnreadableFileError, match="nothing was changed"):
        write_all(tmp_path, files)
    assert len(calls) == fails + 1
    assert _bytes(tmp_path) == {"a": b"old a", "b": b"old b"}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_process_killed_while_it_writes_leaves_the_old_version_whole(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"old")
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "import winset.briefing_files as files\n"
        "write, done = files.write_bytes, []\n"
        "def slow(path, body):\n"
        "    write(path, body); done.append(path)\n"
        "    if len(done) == 2: print('two', flush=True); time.sleep(60)\n"
        "files.write_bytes = slow\n"
        "files.write_all(Path(sys.argv[1]), {Path(n): b'new' for n in 'abc'})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "two\n"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()
    assert {name: (tmp_path / name).read_bytes() for name in "abc"} == dict.fromkeys("abc", b"old")


# ---------------------------------------------------------------------- a case's own translations


@pytest.mark.parametrize("name", ["korea-us-2025", "japan-us-2025"])
def test_shipped_cases_are_told_in_korean(name: str) -> None:
    case = winset.open_case(name).case
    found = translations(case, "ko")
    wanted = {case.sheet.title, case.sheet.summary, *case.sheet.leaves_out}
    wanted |= {one.name for one in case.sheet.parties} | {one.label for one in case.sheet.assumptions}
    for package in case.packages.values():
        wanted |= {package.title, *(term.label for term in package.commitments)}
    shown = {good for table in case.sheet.rates for good in table.goods}
    wanted |= {case.law.book.goods[good].label for good in shown} - {"Iron and steel", "Ships and boats"}
    assert wanted - set(found) == set()
    assert all(re.search("[가-힣]", said) for said in found.values())


def test_a_translation_of_what_nobody_says_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = _small(tmp_path)
    case = winset.open_case(path).case
    title = case.sheet.title
    (path / "translations.yaml").write_text(f'ko:\n  "{title}": 제목\n', encoding="utf-8")
    assert translations(case, "ko") == {title: "제목"}
    assert translations(case, "fr") == {}
    assert title in case_texts(case)
    (path / "translations.yaml").write_text(f'ko:\n  "{title}": 제목\n  "{title[:-1]}": 제목\n', encoding="utf-8")
    with pytest.raises(UnknownNameError) as error:
        translations(case, "ko")
    assert error.value.line == 3
    assert repr(title) in str(error.value)


@pytest.mark.parametrize("text", ["[]", "ko: x", "korean: {}", 'ko: {"%s": ""}', 'ko: {"%s": [1]}', "ko: &a {}"])
def test_a_file_that_is_no_mapping_of_texts_is_refused(tmp_path: Path, text: str) -> None:
    path = _small(tmp_path)
    case = winset.open_case(path).case
    (path / "translations.yaml").write_text(text.replace("%s", case.sheet.title), encoding="utf-8")
    with pytest.raises(WinsetError) as error:
        translations(case, "ko")
    assert "translations.yaml" in str(error.value)


# ---------------------------------------------------------------------- the bargain of a brief


@pytest.fixture(scope="module")
def talks() -> tuple[OpenCase, Negotiation]:
    opened = winset.open_case("korea-us-2025")
    return opened, opened.bargain(points=4, sampled=16, draws=0, extras=False)


def test_the_light_bargain_finds_the_same_solutions(talks: tuple[OpenCase, Negotiation]) -> None:
    _, light = talks
    assert light.free is None
    assert light.linkage is None
    assert light.extras.draws is None
    assert light.solutions is not None
    assert all(one.converged for one in light.solutions.solutions.values())
    assert light.sample.shape == light.sample_accepted.shape == (16, 2)
    for k, code in enumerate(light.parties):
        assert light.winsets[code].size == pytest.approx(light.sample_accepted[:, k].mean())


def test_the_bargain_is_told_with_every_number_resolving(talks: tuple[OpenCase, Negotiation]) -> None:
    opened, light = talks
    content = brief_content(opened, bargain=light)
    assert content.bargain is not None
    assert content.bargain_view is not None
    known = {claim.id for claim in opened.case.record} | set(opened.case.assumptions)
    told = [one for one in findings(content) if one.id.startswith("bargain/")]
    assert len(told) > 50
    runs = {light.run, str(content.manifest["id"])}
    assert [one.id for one in told if not set(one.rests_on) <= known | runs] == []
    by_id = {one.id: one for one in told}
    for point in light.points:
        for code, billions in point.payoffs.items():
            assert by_id[f"bargain/{point.kind}/{point.id}/{code}"].value == pytest.approx(1000 * billions)
    page = Page(render_html(outline(content)))
    for one in told:
        assert value_text(one) in page.by_id[one.id]
    assert "16 packages" in page.by_id["bargain"]
