"""Every example of the documentation runs, and every command line it shows exists.

Python blocks of a page run from top to bottom in one namespace, fresh for each page, in an empty folder.
Console blocks are not run: their `winset ...` lines are looked up among the commands and options. A block
with `<!-- no-test -->` on the line before it is left out.
"""

from __future__ import annotations

import re
import shlex
import textwrap
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

import winset.cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w+-]*)\s*$")
UNTESTED = "<!-- no-test -->"
STOPS = {"|", "||", "&&", "&", ";", ">", ">>", "<", "2>"}


@dataclass(frozen=True, kw_only=True)
class Block:
    page: Path
    line: int
    """Line of the page on which the code starts, from 1."""
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    """Tested code blocks of one language; an open fence at the end of a page is an error."""
    if not page.is_file():
        return []
    found = []
    lines = page.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if not opening:
            number += 1
            continue
        start = number + 1
        number = start
        while number < len(lines) and lines[number].strip() != "```":
            number += 1
        assert number < len(lines), f"{page.name}:{start}: this code block is never closed"
        tested = start < 2 or lines[start - 2].strip() != UNTESTED
        if opening["language"] == language and tested:
            code = textwrap.dedent("\n".join(lines[start:number]))
            found.append(Block(page=page, line=start + 1, language=language, code=code))
        number += 1
    return found


def winset_lines(block: Block) -> list[str]:
    """The `winset` command lines of a console block, continuation lines joined; output is passed over."""
    joined = block.code.replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    # With a prompt anywhere in the block, lines without one are output.
    if "$ " in joined:
        lines = (line[2:].strip() for line in lines if line.startswith("$ "))
    return [line for line in lines if line.split()[:1] == ["winset"]]


def words(line: str) -> list[str]:
    """The arguments of one command: up to a pipe, a redirection or a comment."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found: list[str] = []
    for word in lexer:
        if word in STOPS:
            break
        found.append(word)
    return found[1:]


def root_command() -> click.Group:
    (group,) = {v for v in vars(winset.cli).values() if isinstance(v, click.Group) and v.name in ("cli", "winset")}
    return group


def fault(arguments: list[str]) -> str | None:
    """What is wrong with a command line, by the commands and options that --help would list."""
    command: click.Command = root_command()
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


WITH_PYTHON = [page for page in PAGES if blocks(page, "python")]
CONSOLE = [(block, line) for page in PAGES for block in blocks(page, "console") for line in winset_lines(block)]


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page, "python"):
        # Blank lines before the code make a traceback point at the line of the page.
        source = "\n" * (block.line - 1) + block.code
        exec(compile(source, str(page), "exec"), namespace)  # noqa: S102


@pytest.mark.parametrize(("block", "line"), CONSOLE, ids=[f"{b}-{n}" for n, (b, _) in enumerate(CONSOLE)])
def test_console_examples_exist(block: Block, line: str) -> None:
    problem = fault(words(line))
    assert problem is None, f"{block}: `{line}`: {problem}"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("winset --version", None),
        ("winset rate CASE --importer USA --exporter=KOR --good cars --on 2025-11-01 --json - | head", None),
        ("winset baseline show icio-2022 > about.txt", None),
        ("winset brieff korea-us-2025", "no command 'brieff'"),
        ("winset value korea-us-2025 --agianst threat-25", "no option --agianst"),
        ("winset baseline sho icio-2022", "no command 'sho'"),
    ],
)
def test_the_check_itself(line: str, complaint: str | None) -> None:
    found = fault(words(line))
    assert (found is None) if complaint is None else (complaint in (found or "")), found


def test_readme_shows_both_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make brief" in readme
    assert "make test" in readme
