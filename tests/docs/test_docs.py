"""Every example of the documentation runs.

The Python and console blocks of a page run from top to bottom, in one empty folder and one namespace. A console
block with prompts shows output: what it shows must be what is printed, numbers within their printed digits; `...`
on a line stands for any lines. A block with `<!-- not run: REASON -->` on the line before it is only read: Python
must compile, commands and options must exist. So are the commands of `NOT_RUN`, each with its reason.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from generate import commands, documents, gallery

import winset.cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})(?P<language>[\w+{}:-]*)[^`]*$")
UNTESTED = re.compile(r"^<!-- not run: (?P<reason>\S.{9,}) -->$")
STOPS = {"|", "||", "&&", "&", ";", ">", ">>", "<", "2>"}
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")

NOT_RUN = {
    r"^winset serve\b": "runs until it is stopped; tests/browser starts it",
    r"\b(CASE|DIR|FILE)\b": "stands for a name of the reader's own",
    r"^winset replicate\b": "needs a paper's data; tests/replications runs it where they are",
    r"^winset baseline (build|lines)\b": "needs downloaded files; tests/data builds from made-up ones",
    r"^winset baseline (show|check) my-": "asks for what the build above would have written",
    r"^winset sweep\b": "takes minutes, or a cluster; tests/sweep runs the same on small worlds",
    r"^winset (brief .*--format .*,|bargain .*--parties \w+,\w+,)": "takes minutes; its own tests run the same",
    r"^(make|python benchmarks)\b": "would run these tests, or measure; the target or the file must be there",
}
"""Commands that are only looked up, by a pattern of the line."""


@dataclass(frozen=True, kw_only=True)
class Block:
    page: Path
    line: int
    """Line of the page on which the code starts, from 1."""
    language: str
    code: str
    why_not: str
    """Reason for which it is not run; empty where it is."""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command line of a console block, and the output shown below it (None: none is shown)."""

    line: str
    shown: list[str] | None


def blocks(page: Path) -> list[Block]:
    """Code blocks of a page; an open fence at the end is an error."""
    found = []
    lines = page.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if not opening:
            number += 1
            continue
        start = number = number + 1
        while number < len(lines) and lines[number].strip() != opening["marks"]:
            number += 1
        assert number < len(lines), f"{page.name}:{start}: this code block is never closed"
        before = UNTESTED.match(lines[start - 2].strip()) if start > 1 else None
        code = textwrap.dedent("\n".join(lines[start:number]))
        why_not = before["reason"] if before else ""
        found.append(Block(page=page, line=start + 1, language=opening["language"], code=code, why_not=why_not))
        number += 1
    return found


def command_lines(code: str) -> list[Command]:
    """Commands of a console block. With a prompt anywhere in it, lines without one are output."""
    lines = code.replace("\\\n", " ").splitlines()
    if not any(line.startswith("$ ") for line in lines):
        plain = [line.strip() for line in lines if not line.startswith("#")]
        return [Command(line=line, shown=None) for line in plain if line]
    found: list[Command] = []
    for line in lines:
        if line.startswith("$ "):
            found.append(Command(line=line[2:].strip(), shown=None))
        elif found:
            found[-1] = Command(line=found[-1].line, shown=[*(found[-1].shown or []), line.rstrip()])
    return found


def words(line: str) -> tuple[list[str], list[str]]:
    """The words of one command, and what follows it: a pipe, a redirection or a comment."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found = list(lexer)
    stop = next((k for k, word in enumerate(found) if word in STOPS), len(found))
    return found[:stop], found[stop:]


def fault(arguments: list[str]) -> str | None:
    """What is wrong with a command line, by the commands and options that --help would list."""
    command: click.Command = commands.root()
    context = click.Context(command, info_name="winset")
    rest = list(arguments)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        inner = command.get_command(context, name)
        if inner is None:
            return f"no command {name!r}; there are {', '.join(command.list_commands(context))}"
        command, context = inner, click.Context(inner, parent=context, info_name=name)
    assert command.get_help(context)
    options = {o for p in command.get_params(context) for o in (*p.opts, *p.secondary_opts) if o.startswith("-")}
    for word in rest:
        option = word.partition("=")[0]
        if re.match(r"--?[A-Za-z]", option) and option not in options:
            return f"no option {option} of {context.command_path!r}; there are {', '.join(sorted(options))}"
    return None


def looked_up(line: str) -> str | None:
    """What is wrong with a command that is not run."""
    said, _ = words(line)
    if said[0] == "winset":
        return fault(said[1:])
    if said[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return None if set(said[1:]) <= set(targets) else f"no such target: {line}"
    if said[0] == "python":
        return None if (ROOT / said[1]).is_file() else f"no such file: {said[1]}"
    return None if said[0] in ("pip", "pipx") else f"nobody knows how to run {said[0]!r}"


def run(arguments: list[str]) -> str:
    """What `winset` prints for these arguments; anything but success fails the test."""
    printed = io.StringIO()
    code: object = 0
    before, sys.argv = sys.argv, ["winset", *arguments]
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            winset.cli.main()
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv = before
    assert code == 0, f"exit code {code}: {printed.getvalue()}"
    return printed.getvalue()


def alike(shown: str, printed: str) -> bool:
    """Whether two lines say the same, numbers within the last digit that is shown."""
    if " ".join(NUMBER.sub("#", shown).split()) != " ".join(NUMBER.sub("#", printed).split()):
        return False
    for one, other in zip(NUMBER.findall(shown), NUMBER.findall(printed), strict=True):
        decimals = len(one.partition(".")[2])
        # A whole number is a date, a count or a rate, and must be the same; others may differ in the last digit.
        last = 1.001 * 10.0**-decimals if decimals else 0.0
        if abs(float(one.replace(",", "")) - float(other.replace(",", ""))) > last:
            return False
    return True


def follows(shown: list[str], printed: list[str]) -> bool:
    """Whether the shown lines are the printed ones; `...` stands for any number of lines."""
    if not shown:
        return not [line for line in printed if line.strip()]
    if shown[0].strip() == "...":
        return any(follows(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and alike(shown[0], printed[0]) and follows(shown[1:], printed[1:])


done: dict[tuple[str, ...], str] = {}
"""What commands on shipped cases printed: pages show the same ones, and nothing of a page changes them."""


def run_block(block: Block, namespace: dict[str, object]) -> None:
    """One block, in the folder and the namespace of its page."""
    if block.language == "python":
        # Blank lines before the code make a traceback point at the line of the page.
        source = compile("\n" * (block.line - 1) + block.code, str(block.page), "exec")
        if not block.why_not:
            exec(source, namespace)  # noqa: S102
        return
    for command in command_lines(block.code):
        if block.why_not or any(re.search(pattern, command.line) for pattern in NOT_RUN):
            problem = looked_up(command.line)
            assert problem is None, f"{block}: `{command.line}`: {problem}"
            continue
        said, rest = words(command.line)
        assert said[0] == "winset", f"{block}: `{command.line}` is no command of Winset: say why it is not run"
        key = tuple(said)
        shipped = any(word in ("korea-us-2025", "japan-us-2025", "icio-2022") for word in said)
        if key not in done or not shipped:
            done[key] = run(said[1:])
        if command.shown is not None:
            assert not rest, f"{block}: output of a pipe cannot be compared"
            shown = "\n".join(command.shown)
            assert follows(command.shown, done[key].splitlines()), f"{block} shows\n{shown}\nbut is\n{done[key]}"
        if "--json" in said and said[said.index("--json") + 1] != "-":
            document = json.loads(Path(said[said.index("--json") + 1]).read_text(encoding="utf-8"))
            if isinstance(document, dict):
                assert documents.unlisted(document) == [], f"{block}: keys that docs/reference/json.md lacks"


RUN = {"python", "console"}
RUNNABLE = [page for page in PAGES if page != gallery.PAGE and any(one.language in RUN for one in blocks(page))]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.language in RUN:
            run_block(block, namespace)


def test_the_code_of_the_gallery_draws_its_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into an empty folder, whether or not the site was built before."""
    monkeypatch.setattr(gallery, "PICTURES", tmp_path / "pictures")
    gallery.make()
    for name in gallery.shown():
        assert (tmp_path / "pictures" / name).read_text(encoding="utf-8").lstrip().startswith("<")


@pytest.mark.parametrize("language", ["bash", "sh", "shell", "py", "pycon", "json", "http"])
def test_no_example_hides_behind_another_language(language: str) -> None:
    hidden = [str(one) for page in PAGES for one in blocks(page) if one.language == language]
    assert hidden == [], "use console or python, so that it is run"


def test_every_exception_is_needed() -> None:
    consoles = [one for page in PAGES for one in blocks(page) if one.language == "console"]
    lines = [command.line for one in consoles for command in command_lines(one.code)]
    for pattern in NOT_RUN:
        assert any(re.search(pattern, line) for line in lines), f"no example needs the exception {pattern}"


# ------------------------------------------------------------------ the checks themselves


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("winset --version", None),
        ("winset rate CASE --importer USA --exporter=KOR --good cars --on 2025-11-01 --json - | head", None),
        ("winset baseline show icio-2022 > about.txt", None),
        ("winset brieff korea-us-2025", "no command 'brieff'"),
        ("winset value korea-us-2025 --agianst threat-25", "no option --agianst"),
        ("winset baseline sho icio-2022", "no command 'sho'"),
        ("make no-such-target", "no such target"),
        ("make test", None),
        ("curl example.org", "nobody knows"),
    ],
)
def test_commands_that_are_not_run_are_looked_up(line: str, complaint: str | None) -> None:
    found = looked_up(line)
    assert (found is None) if complaint is None else (complaint in (found or "")), found


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["net 1.5"], ["net 1.5"], True),
        (["net 1.5"], ["net   1.6"], True),
        (["net 1.5"], ["net 1.7"], False),
        (["25 percent"], ["26 percent"], False),
        (["1,250.0"], ["1,250.1"], True),
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["..."], ["a"], True),
        (["a"], ["a", "b"], False),
        (["net 1.5"], ["gross 1.5"], False),
    ],
)
def test_shown_output_is_compared(shown: list[str], printed: list[str], same: bool) -> None:
    assert follows(shown, printed) is same


def page_of(text: str, folder: Path) -> list[Block]:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return blocks(page)


def test_a_block_that_is_not_run_gives_a_reason(tmp_path: Path) -> None:
    told = page_of("<!-- not run: needs a printer -->\n```python\n1 / 0\n```\n", tmp_path)
    run_block(told[0], {})
    (silent,) = page_of("<!-- not run: -->\n```python\n1 / 0\n```\n", tmp_path)
    with pytest.raises(ZeroDivisionError):
        run_block(silent, {})


def test_commands_and_their_output_are_told_apart() -> None:
    assert command_lines("winset a\nwinset b") == [
        Command(line="winset a", shown=None),
        Command(line="winset b", shown=None),
    ]
    assert command_lines("$ winset a\nout\n$ winset b") == [
        Command(line="winset a", shown=["out"]),
        Command(line="winset b", shown=None),
    ]


def test_readme_shows_both_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make brief" in readme
    assert "make test" in readme


def test_the_runner_reports_a_failing_command() -> None:
    runner: Callable[[list[str]], str] = run
    with pytest.raises(AssertionError, match="exit code 2"):
        runner(["value", "no-such-case"])
