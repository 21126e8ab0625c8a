"""`winset new`: valid as written, whole or not at all, and the guide that starts from it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from winset.core.casefile import load_yaml
from winset.core.errors import RequestError, UnknownNameError, UnreadableFileError, WinsetError
from winset.package import scaffold
from winset.package.case import check_citations, open_case_folder
from winset.valuation.translate import package_law
from winset.workflow import new_case

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "how-to" / "own-case.md"


def cli(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from winset.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env={**os.environ}, check=False
    )


@pytest.mark.parametrize("parties", [(), ("KOR", "USA"), ("GBR", "EU27"), ("ROW", "CHN"), ("THA", "VNM")])
def test_a_new_case_is_valid_for_any_two_regions(tmp_path: Path, parties: tuple[str, ...]) -> None:
    folder = new_case("fresh", tmp_path, parties)
    case = open_case_folder(folder)
    check_citations(case)
    chosen = list(parties) or load_yaml(scaffold.TEMPLATE / scaffold.CHOICES).data["parties"]
    assert case.parties == chosen
    assert len(set(case.reported)) == len(case.reported) >= 3
    assert [*case.packages] == ["before", "threat", "deal"]
    first, second = chosen
    law = package_law(case, case.package("deal"))
    answer = law.rate(second, first, "cars", case.package("deal").date)
    assert (answer.rate, answer.kind) == (15, "total")
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file())
    assert "$" not in text
    assert str(tmp_path) not in text
    assert [path.name for path in tmp_path.iterdir()] == ["fresh"]


def test_every_line_of_the_template_is_explained_and_every_claim_made_up(tmp_path: Path) -> None:
    folder = new_case("fresh", tmp_path)
    for name in ("case.yaml", "law.yaml", "documents/documents.yaml", "packages/deal.yaml"):
        assert "# " in (folder / name).read_text("utf-8"), name
    readme = (folder / "README.md").read_text("utf-8")
    for path in folder.rglob("*.*"):
        named = path.name in readme or path.parent.name == "packages"
        assert named or path.name == "README.md", path.name
    assert all(claim.text.startswith("Made up") for claim in open_case_folder(folder).record)


def test_a_new_case_can_stand_on_the_shipped_law(tmp_path: Path) -> None:
    folder = new_case("fresh", tmp_path)
    text = (folder / "law.yaml").read_text("utf-8")
    kept = text[text.index("authorities:") : text.index("# Named lines")] + text[text.index("entries:") :]
    (folder / "law.yaml").write_text("extends: us-tariffs-2025-26\n" + kept, encoding="utf-8")
    case = open_case_folder(folder)
    answer = case.law.rate("USA", "CHN", "everything-else", case.package("deal").date)
    assert answer.rate == 10 + 20  # reciprocal and fentanyl


def test_space_in_the_path_and_modes(tmp_path: Path) -> None:
    folder = tmp_path / "my folder"
    folder.mkdir()
    done = cli("new", "fresh", "--in", folder, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f'winset value "{folder / "fresh"}"' in done.stdout
    plain = tmp_path / "plain"
    plain.mkdir()
    assert (folder / "fresh").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fresh", "--parties", "USB,MEX"), "Did you mean 'USA'"),
        (("fresh", "--parties", "USA"), "two different parties"),
        (("fresh", "--parties", "USA,USA"), "two different parties"),
        (("fresh", "--parties", "USA,MEX,CAN"), "two different parties"),
        (("fresh", "--parties", ""), "two different parties"),
        (("fresh", "--in", "nowhere"), "no such folder"),
        (("../fresh",), "cannot be the name"),
        (("a case",), "cannot be the name"),
        ((".fresh",), "cannot be the name"),
        (("japan-us-2025",), "comes with Winset"),
        (("there",), "nothing is overwritten"),
        (("link",), "nothing is overwritten"),
        (("file",), "nothing is overwritten"),
    ],
)
def test_mistakes(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = cli("new", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not any((tmp_path / "there").iterdir())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["_move", "write_text", "open_case_folder"])
def test_a_failure_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(scaffold, step, fail)
    with pytest.raises((UnreadableFileError, KeyboardInterrupt)) as caught:
        new_case("fresh", tmp_path)
    if isinstance(caught.value, UnreadableFileError):
        assert "No space left on device" in str(caught.value)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_appears_meanwhile_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = scaffold._move

    def late(draft: Path, target: Path) -> None:
        target.mkdir()
        (target / "mine").write_text("mine", encoding="utf-8")
        move(draft, target)

    monkeypatch.setattr(scaffold, "_move", late)
    with pytest.raises(UnreadableFileError, match="could not be written"):
        new_case("fresh", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["fresh"]
    assert (tmp_path / "fresh" / "mine").read_text("utf-8") == "mine"


def test_errors_are_of_one_family(tmp_path: Path) -> None:
    for parties, kind in ((("XXX", "USA"), UnknownNameError), (("USA",), RequestError)):
        with pytest.raises(kind) as caught:
            new_case("fresh", tmp_path, parties)
        assert isinstance(caught.value, WinsetError)


# ---------------------------------------------------------------------- the guide, step by step

STEP = re.compile(
    r"In `(?P<file>[^`]+)`:\n\n```diff\n(?P<diff>.*?)```|```console\n(?P<commands>.*?)```", re.DOTALL
)


def test_the_guide_works_as_it_is_written(tmp_path: Path) -> None:
    """Every command of the guide runs and every edit applies, in order; what it promises comes out."""
    answers: dict[str, str] = {}
    edits = 0
    for step in STEP.finditer(GUIDE.read_text("utf-8")):
        if step["commands"]:
            for line in step["commands"].splitlines():
                words = shlex.split(line)
                assert words[0] == "winset"
                done = cli(*words[1:], cwd=tmp_path)
                assert done.returncode == 0, (line, done.stderr)
                answers[line] = done.stdout
            continue
        lines = step["diff"].splitlines()
        old = "\n".join(line[1:] for line in lines if line.startswith("-"))
        new = "\n".join(line[1:] for line in lines if line.startswith("+"))
        path = tmp_path / step["file"]
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (step["file"], old)
        path.write_text(text.replace(old, new), encoding="utf-8")
        check_citations(open_case_folder(tmp_path / "my-case"))
        edits += 1
    assert edits == GUIDE.read_text("utf-8").count("```diff") == 5
    said = "\n".join(answers.values())
    assert "everything-else from MEX, 2025-05-31: 10 percent" in said
    assert "everything-else from MEX, 2025-06-01: 12 percent" in said
    law = open_case_folder(tmp_path / "my-case")
    deal = law.package("deal")
    assert package_law(law, deal).rate("USA", "MEX", "everything-else", deal.date).rate == 12
    page = (tmp_path / "my-brief" / "my-case.html").read_text("utf-8")
    assert "A made-up quarrel over cars" in page
    assert "Mexico promises investment in American plants" in page
