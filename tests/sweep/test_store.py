"""The folder of a sweep: what counts, what is computed again, what is refused."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from sweep.sweep_cases import hashes
from winset.core.errors import RequestError, UnreadableFileError
from winset.sweep.store import open_store, read_store
from winset.sweep.work import Made

MANIFEST = {"id": "run-1", "inputs": {"case/law.yaml": "aa"}, "settings": {"sweep": {"draws": 5}}, "seed": 1}


def made(name: str, content: bytes = b"abc") -> Made:
    return Made(id=name, content=content, rows=2, unconverged=0, worst_residual=1e-11, solves=3, seconds=1.0)


def filled(folder: Path, order: tuple[str, ...] = ("rows/package=a/1.parquet", "draws/1.parquet")) -> Path:
    store = open_store(folder, MANIFEST)
    for name in order:
        store.keep(made(name, name.encode()))
    store.finish()
    return folder


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    one = filled(tmp_path / "a")
    other = filled(tmp_path / "b", ("draws/1.parquet", "rows/package=a/1.parquet"))
    assert hashes(one) == hashes(other)
    assert len(hashes(one)) == 4


def test_a_finished_chunk_is_not_computed_again(tmp_path: Path) -> None:
    store = open_store(filled(tmp_path), MANIFEST)
    assert set(store.done) == {"rows/package=a/1.parquet", "draws/1.parquet"}
    assert store.mended == []
    assert store.total("rows") == 4


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_record_cut_short_does_not_count(tmp_path: Path, cut: int) -> None:
    path = filled(tmp_path / "a") / "chunks.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    store = open_store(tmp_path / "a", MANIFEST)
    assert set(store.done) == {"draws/1.parquet"}
    assert "cut short" in store.mended[0]
    store.keep(made("rows/package=a/1.parquet", b"rows/package=a/1.parquet"))
    store.finish()
    assert hashes(tmp_path / "a") == hashes(filled(tmp_path / "b"))


@pytest.mark.parametrize("damage", [b"", b"draws/1.parqueT", b"draws/1.parquet and more"])
def test_a_damaged_chunk_is_named_and_computed_again(tmp_path: Path, damage: bytes) -> None:
    (filled(tmp_path) / "draws/1.parquet").write_bytes(damage)
    store = open_store(tmp_path, MANIFEST)
    assert set(store.done) == {"rows/package=a/1.parquet"}
    assert store.mended == [f"draws/1.parquet is {'damaged' if damage else 'missing'}"]


def test_a_missing_chunk_is_named(tmp_path: Path) -> None:
    (filled(tmp_path) / "draws/1.parquet").unlink()
    with pytest.raises(UnreadableFileError, match=r"1\.parquet: the chunk has 0 bytes where 15 were"):
        read_store(tmp_path)
    assert open_store(tmp_path, MANIFEST).mended == ["draws/1.parquet is missing"]


@pytest.mark.parametrize(
    "line",
    [
        "[]", "{}", '{"id": 5}', '{"id": "../../x", "bytes": 1, "sha256": "a"}', "null", "\x00\x00",
        '{"id": "/etc/passwd", "bytes": 1, "sha256": "%s"}' % ("a" * 64),
    ],
)  # fmt: skip
def test_foreign_lines_are_dropped(tmp_path: Path, line: str) -> None:
    path = filled(tmp_path) / "chunks.jsonl"
    path.write_text(line + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    store = open_store(tmp_path, MANIFEST)
    assert len(store.done) == 2
    assert store.mended


def test_another_run_is_refused_and_what_differs_is_said(tmp_path: Path) -> None:
    filled(tmp_path)
    other = {
        "id": "run-2", "inputs": {"case/law.yaml": "bb"}, "settings": {"sweep": {"draws": 9}}, "seed": 1,
    }  # fmt: skip
    with pytest.raises(RequestError, match=r"law\.yaml has changed; settings sweep draws was 5, now 9.*--fresh"):
        open_store(tmp_path, other)
    assert len(hashes(tmp_path)) == 4, "nothing was touched"
    store = open_store(tmp_path, other, fresh=True)
    assert store.done == {}
    assert set(hashes(tmp_path)) == {"manifest.json"}


def test_a_folder_with_anything_else_is_refused_even_fresh(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    for fresh in (False, True):
        with pytest.raises(RequestError, match="holds no sweep"):
            open_store(tmp_path, MANIFEST, fresh=fresh)
    assert set(hashes(tmp_path)) == {"thesis.tex"}


def test_a_fresh_start_leaves_what_is_not_the_sweeps(tmp_path: Path) -> None:
    (filled(tmp_path) / "notes.txt").write_text("mine", encoding="utf-8")
    open_store(tmp_path, MANIFEST, fresh=True)
    assert set(hashes(tmp_path)) == {"manifest.json", "notes.txt"}


@pytest.mark.parametrize("text", ["{", "[]", '{"settings": 3}', "\x00"])
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    (filled(tmp_path) / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"manifest\.json"):
        open_store(tmp_path, MANIFEST)
    with pytest.raises(UnreadableFileError, match=r"manifest\.json"):
        read_store(tmp_path)


def test_no_sweep_to_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no sweep here"):
        read_store(tmp_path)


@pytest.mark.parametrize("full_at", [0, 1])
def test_a_full_disk_names_the_file_and_keeps_what_was_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_at: int
) -> None:
    """full_at 0: while the chunk is written; 1: while its record is."""
    store = open_store(tmp_path, MANIFEST)
    store.keep(made("draws/1.parquet"))
    calls = []
    real = os.fsync

    def fsync(handle: int) -> Any:
        calls.append(handle)
        if len(calls) > full_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UnreadableFileError, match=r"(2\.parquet|chunks\.jsonl): .*No space left") as caught:
        store.keep(made("rows/package=a/2.parquet"))
    assert caught.value.exit_code == 2
    monkeypatch.setattr(os, "fsync", real)
    assert "draws/1.parquet" in open_store(tmp_path, MANIFEST).done
    assert not [name for name in hashes(tmp_path) if "/." in name], "no temporary file is left"
    assert "rows/package=a/2.parquet" not in json.dumps(store.done)
