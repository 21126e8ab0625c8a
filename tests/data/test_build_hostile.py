"""Damaged source files of every kind: a world or one clear error, never a traceback, never a partial folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import make_long
from data.make_wide import FINAL, ICIO_2025, LABELS, WIOD, icio_lines, made_up, wiod_lines
from data.test_build_long import GDP, spreadsheet
from winset.core.errors import WinsetError
from winset.data.build import BuildRequest, build
from winset.data.folder import load_baseline
from winset.data.source_files import MAX_LINE_BYTES, bounded_lines, take

REGIONS = ("JPN", "KOR", "USA")


def originals(folder: Path) -> dict[str, tuple[Path, int | None, str]]:
    """For each source: what --from names, the year, and the file that is damaged."""
    icio = made_up(REGIONS, ICIO_2025, categories=len(FINAL), stock=4, seed=1)
    (folder / "2022_SML.csv").write_text("\n".join(icio_lines(icio)) + "\n", encoding="utf-8")
    wiod = made_up(REGIONS, WIOD, categories=len(LABELS), stock=4, seed=1)
    text = "\n".join(wiod_lines(wiod, 2014)) + "\n"
    (folder / "WIOT2014_ROW.csv").write_text(text, encoding="utf-8")
    (folder / "baci").mkdir()
    trade = make_long.baci(folder / "baci", make_long.trade(1))
    make_long.world_bank(folder / "baci", GDP)
    spreadsheet(folder / "csv")
    return {
        "oecd-icio": (folder / "2022_SML.csv", None, "2022_SML.csv"),
        "wiod-2016": (folder / "WIOT2014_ROW.csv", None, "WIOT2014_ROW.csv"),
        "baci": (folder / "baci", None, f"baci/{trade.name}"),
        "csv": (folder / "csv", 2023, "csv/flows.csv"),
    }


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[Path, int | None, str]]]:
    folder = tmp_path_factory.mktemp("sources")
    return folder, originals(folder)


@settings(max_examples=25)
@given(
    source=st.sampled_from(["oecd-icio", "wiod-2016", "baci", "csv"]),
    where=st.floats(0, 1),
    damage=st.sampled_from(["cut", "flip", "comma", "newline", "quote", "null", "number", "drop", "repeat"]),
    byte=st.integers(1, 255),
)
def test_damage_gives_a_world_or_one_clear_error(
    sources: tuple[Path, dict[str, tuple[Path, int | None, str]]],
    source: str,
    where: float,
    damage: str,
    byte: int,
) -> None:
    folder, known = sources
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "in"
        shutil.copytree(folder, copy)
        start, year, file = known[source]
        path = copy / file
        content = bytearray(path.read_bytes())
        at = min(int(where * len(content)), len(content) - 1)
        end = content.find(b"\n", at)
        insert = {"comma": b",", "newline": b"\n", "quote": b'"', "null": b"\0", "number": b"9e999"}.get(damage)
        if insert is not None:
            content[at:at] = insert
        elif damage == "cut":
            del content[at:]
        elif damage == "flip":
            content[at] ^= byte
        elif damage == "drop":
            del content[at : end + 1 if end > 0 else None]
        else:
            content[at:at] = content[at : end + 1]
        path.write_bytes(bytes(content))
        out = Path(scratch) / "out"
        request = BuildRequest(source=source, path=copy / start.relative_to(folder), folder=out, year=year)
        try:
            build(request)
        except WinsetError:
            assert not out.exists()
        else:
            assert load_baseline(out).regions
        assert {one.name for one in Path(scratch).iterdir()} <= {"in", "out"}


def test_an_endless_line_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "2022_SML.csv"
    path.write_bytes(b"1," * MAX_LINE_BYTES)
    with pytest.raises(WinsetError, match=r"2022_SML\.csv:1: a line of more than"):
        list(bounded_lines(take(path, "table", tmp_path)))
    with pytest.raises(WinsetError, match="a line of more than"):
        build(BuildRequest(source="oecd-icio", path=path, folder=tmp_path / "out"))


def test_a_failed_write_leaves_the_earlier_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = BuildRequest(source="csv", path=spreadsheet(tmp_path / "in"), folder=tmp_path / "out", year=2023)
    build(request)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (tmp_path / "in" / "elasticities.csv").write_text("sector,mine\nC29,6\nSERV,3\n", encoding="utf-8")
    real = Path.rename

    def full(self: Path, target: Path) -> Path:
        if Path(target) == tmp_path / "out" and "-old" not in self.name:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(WinsetError, match="No space left on device; nothing was changed"):
        build(request)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    build(request)
    assert load_baseline(tmp_path / "out").elasticities.tolist() == [6, 3]
