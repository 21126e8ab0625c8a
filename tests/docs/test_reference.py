"""Nothing public is undocumented: commands, options, keys of files, Python names, errors, JSON, assumptions."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from generate import assumptions, commands, documents, errors, gallery, keys, modules, names, pages

import winset
from winset.core.errors import WinsetError
from winset.workflow import new_case

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = dict(commands.walk())
MODELS = [*keys.reached(*(model for models in keys.heads().values() for model in models))]


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_says_what_it_does(path: str) -> None:
    command = COMMANDS[path]
    assert (command.help or "").strip(), f"{path} has no description"
    silent = [option.name for option in commands.options(command, path) if not (option.help or "").strip()]
    assert not silent, f"{path}: options without help: {silent}"
    section = commands.section(path, command)
    context = click.Context(command, info_name=path)
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            assert all(f"`{name}`" in section for name in parameter.opts)
        else:
            assert parameter.make_metavar(context) in commands.usage(path, command)


def test_every_command_of_help_has_its_section() -> None:
    text = commands.text()
    for name in commands.root().list_commands(click.Context(commands.root())):
        assert f"## winset {name}" in text


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_every_key_has_one_meaning(model: type) -> None:
    assert inspect.cleandoc(model.__doc__ or ""), "a mapping without a docstring"
    for key in keys.keys(model):
        assert key.own or key.given, f"{key.name}: add a docstring below the field, or a line to keys.yaml"
        assert not (key.own and key.given), f"{key.name} has a docstring; its line in keys.yaml can go"


def test_no_line_of_keys_yaml_is_left_over() -> None:
    used = set()
    for model in MODELS:
        for base in model.__mro__:
            for title in (base.__name__, f"{base.__module__.rpartition('.')[2]}.{base.__name__}"):
                used |= {(title, key.name) for key in keys.keys(model)}
    written = {(title, key) for title, lines in keys.given().items() for key in lines}
    assert written <= used, sorted(written - used)


def test_keys_are_what_the_files_hold() -> None:
    """The shipped cases use no key that the page lacks: each is found under some mapping of its file."""
    known = {key.name for model in MODELS for key in keys.keys(model)}
    for case in assumptions.cases():
        sheet = yaml.safe_load((ROOT / "src/winset/cases" / case / "case.yaml").read_text(encoding="utf-8"))
        assert set(sheet) <= known


def test_public_names_are_documented() -> None:
    assert set(names.homes()) == set(winset.__all__)
    assert names.undocumented() == []
    text = names.text()
    for name in winset.__all__:
        assert f"winset.{name}" in text


@pytest.mark.parametrize("name", winset.__all__)
def test_documented_members_are_those_of_the_object(name: str) -> None:
    """An independent look: what `dir` finds on the class itself is on the page."""
    one = getattr(winset, name)
    if not inspect.isclass(one) or issubclass(one, BaseException):
        return
    listed = {row[4] for row in names.documented_members(name, names.homes()[name])}
    own = {key for base in one.__mro__ if base.__module__.startswith("winset.") for key in vars(base)}
    public = {key for key in own if not key.startswith("_")}
    assert public - listed == set()


def test_every_error_class_is_listed() -> None:
    """By importing everything and asking the classes, where the page reads the source."""
    for module in pkgutil.walk_packages(winset.__path__, "winset."):
        if module.name != "winset.__main__" and not module.name.endswith((".make_outlines", ".make_hangul")):
            importlib.import_module(module.name)

    def family(base: type[WinsetError]) -> set[type[WinsetError]]:
        return {base}.union(*(family(child) for child in base.__subclasses__()))

    real = {one for one in family(WinsetError) if one.__module__.startswith("winset.")}
    listed = errors.all_errors()
    assert set(listed) == {one.__name__ for one in real}
    for one in real:
        assert listed[one.__name__].exit_code == one.exit_code
        assert listed[one.__name__].doc
        assert f"| {one.exit_code} |" in (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")


def test_every_module_says_what_it_is() -> None:
    text = modules.text()
    for name in modules.modules():
        one = modules.module(name)
        if one.path.name != "__init__.py":
            assert one.doc, f"{name} has no docstring"
            assert f"`{modules.link(name)}`" in text


@pytest.mark.parametrize("case", assumptions.cases())
def test_every_assumption_is_listed_with_its_reason(case: str) -> None:
    text = assumptions.text()
    written = yaml.safe_load((ROOT / "src/winset/cases" / case / "case.yaml").read_text(encoding="utf-8"))
    assert written["assumptions"]
    for one in written["assumptions"]:
        assert f"| `{one['id']}` |" in text
        assert " ".join(one["why"].split()).replace("|", "\\|") in text


# ------------------------------------------------------------------ JSON


def test_every_schema_of_the_source_has_its_entry() -> None:
    assert set(documents.in_source()) == set(documents.documents())


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small case and what commands say of it."""
    folder = tmp_path_factory.mktemp("json")
    new_case("small", folder, ["MEX", "USA"])
    return folder


OUTPUTS = {
    "winset/value/1": ["value", "small"],
    "winset/bargain/1": ["bargain", "small", "--draws", "0"],
    "winset/rate/1": [
        "rate",
        "small",
        "--importer",
        "USA",
        "--exporter",
        "MEX",
        "--good",
        "cars",
        "--on",
        "2025-09-15",
    ],
    "winset/timeline/1": ["timeline", "small"],
    "winset/baselines/1": ["baseline", "list"],
    "winset/baseline/1": ["baseline", "show", "icio-2022"],
    "winset/baseline-check/1": ["baseline", "check", "icio-2022"],
}


@pytest.mark.parametrize("schema", OUTPUTS)
def test_json_holds_the_keys_that_are_listed(schema: str, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written)
    found = CliRunner().invoke(winset.cli.cli, [*OUTPUTS[schema], "--json", "-"], catch_exceptions=False)
    document = json.loads(found.stdout)
    assert document["schema"] == schema
    assert documents.unlisted(document) == []
    assert documents.absent(document) == []


def test_the_check_of_json_finds_what_is_wrong() -> None:
    good = {"schema": "winset/sweep-query/1", "run": "", "chunks": 1, "chunks_planned": 1}
    good |= {"columns": [], "rows": []}
    assert (documents.unlisted(good), documents.absent(good)) == ([], [])
    assert documents.unlisted(good | {"news": 1}) == ["news"]
    assert documents.absent({k: v for k, v in good.items() if k != "rows"}) == ["rows"]


# ------------------------------------------------------------------ pages


def test_every_mark_names_a_part_and_every_part_has_a_page() -> None:
    marks = {
        found["name"]
        for page in (ROOT / "docs").rglob("*.md")
        for found in pages.MARK.finditer(page.read_text(encoding="utf-8"))
    }
    assert marks == set(pages.PARTS)


def test_the_path_of_a_page_becomes_a_link() -> None:
    text = "See `docs/decisions/closure.md`, `docs/explain/welfare.md` and `docs/explain/nothing.md`."
    title = (ROOT / "docs/decisions/closure.md").read_text(encoding="utf-8").splitlines()[0]
    made = pages.linked(text, "explain/model")
    assert f"[{title[2:].replace('`', '')}](../decisions/closure.md)" in made
    assert "](welfare.md)" in made
    assert "`docs/explain/nothing.md`" in made


def test_paths_of_pages_that_are_mentioned_exist() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for found in pages.MENTION.finditer(page.read_text(encoding="utf-8")):
            assert (ROOT / "docs" / found["page"]).is_file(), (
                f"{page.name} speaks of {found[0]}, which is not there"
            )


def test_every_picture_of_the_gallery_is_drawn_by_its_code() -> None:
    code = gallery.code()
    assert gallery.shown()
    for name in gallery.shown():
        stem = name.removesuffix(".svg").rstrip("-0123456789")
        assert f'save("{stem}"' in code or f'save(f"{stem}-{{number}}"' in code, name


def test_importing_the_generators_needs_no_site_builder() -> None:
    """So that this file runs where only the tests' packages are installed."""
    assert "generate.site" not in sys.modules
