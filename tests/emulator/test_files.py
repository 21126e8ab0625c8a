"""The file of an emulator: exact, the same bytes always, and no more trusted than any other file."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.known import fitted, places, smooth
from winset.core.errors import RequestError, UnreadableFileError
from winset.emulator.files import load_emulator, save_emulator


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("emulator") / "one.npz"
    save_emulator(fitted(smooth, budget=60, key="run-a", units=["billion"]), path)
    return path


def test_what_is_read_is_what_was_written(file: Path, tmp_path: Path) -> None:
    one = fitted(smooth, budget=60, key="run-a", units=["billion"])
    found = load_emulator(file, key="run-a")
    assert found.predict(places(50)).values.tobytes() == one.predict(places(50)).values.tobytes()
    assert (found.names, found.errors, found.runs, found.target) == (one.names, one.errors, one.runs, one.target)
    save_emulator(found, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == file.read_bytes()
    # Others can open it too.
    with np.load(file, allow_pickle=False) as plain:
        assert json.loads(plain["about"].tobytes())["schema"] == "winset/emulator/1"


def test_a_changed_case_does_not_get_it(file: Path) -> None:
    with pytest.raises(RequestError, match="run-a, and this case is run-b"):
        load_emulator(file, key="run-b")


@given(st.data())
def test_damage_is_one_clear_error(
    file: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    body = bytearray(file.read_bytes())
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body) - 1)) :]
    else:
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damage") / "x.npz"
    path.write_bytes(bytes(body))
    try:
        found = load_emulator(path)
    except UnreadableFileError:
        return
    # Bits that the archive does not read (times, attributes) may change; what it holds may not.
    assert found.predict(places(3)).values.tobytes() == load_emulator(file).predict(places(3)).values.tobytes()


def member(array: Any, **more: Any) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=(1, 0), **more)
    return stream.getvalue()


def huge() -> bytes:
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
    head += b" " * (117 - len(head)) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + b"\0" * 8


def hostile(kind: str, file: Path) -> bytes:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    about = json.loads(np.load(io.BytesIO(parts["about.npy"])).tobytes())
    if kind == "pickle":
        parts["low.npy"] = member(np.array([{"a": 1}, 2, 3], dtype=object), allow_pickle=True)
    elif kind == "huge":
        parts["coefficients.npy"] = huge()
    elif kind == "bomb":
        parts["coefficients.npy"] = b"\0" * 300_000_000
    elif kind == "other":
        parts["../../x.npy"] = b""
    elif kind == "nan":
        parts["low.npy"] = member(np.array([np.nan, 0, 0]))
    elif kind == "degree":
        shape = np.load(io.BytesIO(parts["exponents.npy"])).shape
        parts["exponents.npy"] = member(np.full(shape, 30_000, dtype=np.int16))
    else:
        about[kind] = {"errors": [], "names": [["a"], "b", "c"], "runs": -1, "target": "x", "schema": "other"}[
            kind
        ]
        parts["about.npy"] = member(np.frombuffer(json.dumps(about).encode(), dtype=np.uint8))
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return body.getvalue()


KINDS = ["pickle", "huge", "bomb", "other", "nan", "degree", "errors", "names", "runs", "target", "schema"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_is_refused_before_it_costs_anything(kind: str, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(hostile(kind, file))
    with pytest.raises(UnreadableFileError, match="not an emulator, or it is damaged"):
        load_emulator(path)


def test_no_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.npz"):
        with pytest.raises(UnreadableFileError, match="no such file"):
            load_emulator(path)
