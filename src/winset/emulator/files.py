"""An emulator as one NPZ file: arrays, and JSON for the rest. Read with bounds; nothing in it is executed."""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.core.errors import RequestError, UnreadableFileError
from winset.core.files import write_bytes
from winset.emulator.basis import MAX_DEGREE
from winset.emulator.build import MAX_LEVERS
from winset.emulator.surrogate import Emulator, RowError

__all__ = ["MAX_BYTES", "SCHEMA", "load_emulator", "save_emulator"]

SCHEMA = "winset/emulator/1"
MAX_BYTES = 20_000_000
"""Of the file, and of all that it unpacks to."""
MAX_TERMS, MAX_ROWS = 100_000, 1000
ARRAYS = ("low", "high", "exponents", "coefficients", "about")
FAULTS = (ValueError, KeyError, TypeError, EOFError, RuntimeError, OverflowError, zipfile.BadZipFile, zlib.error)
"""What reading other people's bytes as an emulator may end in."""
STAMP = (1980, 1, 1, 0, 0, 0)
"""Of every member: the same emulator gives the same bytes."""


def save_emulator(emulator: Emulator, path: Path) -> None:
    """Write an emulator as a whole or not at all."""
    about = {
        "schema": SCHEMA, "key": emulator.key, "names": list(emulator.names), "target": emulator.target,
        "runs": emulator.runs, "checks": emulator.checks, "failed": emulator.failed, "seed": emulator.seed,
        "errors": [
            {"row": one.row, "unit": one.unit, "range": one.range, "largest": one.largest, "usual": one.usual,
             "left_out": list(one.left_out), "separate": list(one.separate)}
            for one in emulator.errors
        ],
    }  # fmt: skip
    text = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
    arrays = (emulator.low, emulator.high, emulator.exponents, emulator.coefficients, text)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in zip(ARRAYS, arrays, strict=True):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.getvalue())
    write_bytes(path, body.getvalue())


def load_emulator(path: Path, *, key: str | None = None) -> Emulator:
    """Read an emulator. key: id of the manifest that it must have been fitted to; None for any.

    Raises UnreadableFileError for a file that is none, RequestError where the key differs: the case, the baseline
    or a version has changed since.
    """
    try:
        arrays = _arrays(path)
        found = _emulator(arrays, json.loads(arrays["about"].tobytes().decode("utf-8")))
    except OSError as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(f"the file cannot be read: {error.strerror or error}", file=path) from error
    except FAULTS as error:
        raise UnreadableFileError(
            "this is not an emulator, or it is damaged", file=path, remedy="Fit it again: winset emulate CASE"
        ) from error
    if key is not None and found.key != key:
        raise RequestError(
            f"the emulator belongs to {found.key or 'no run'}, and this case is {key}", file=path,
            why="The case, its baseline, the settings or a version has changed since it was fitted",
            remedy="Fit it again: winset emulate CASE",
        )  # fmt: skip
    return found


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    if not path.is_file():
        raise UnreadableFileError("no such file", file=path, remedy="Fit one: winset emulate CASE -o FILE")
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFileError(f"the file has more than {MAX_BYTES:,} bytes", file=path)
    found = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if [one.filename for one in members] != [f"{name}.npy" for name in ARRAYS]:
            raise ValueError("other members")
        if sum(one.file_size for one in members) > MAX_BYTES:
            raise ValueError("too large unpacked")
        for name, member in zip(ARRAYS, members, strict=True):
            with archive.open(member) as stream:
                # The size that the directory states may be a lie.
                body = stream.read(MAX_BYTES + 1)
            found[name] = _array(body)
    return found


def _array(body: bytes) -> NDArray[Any]:
    """One NPY member; its header must promise just the bytes that follow, so that nothing large is made."""
    stream = io.BytesIO(body)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("another version")
    shape, by_columns, kind = np.lib.format.read_array_header_1_0(stream)
    if kind.hasobject or kind.kind not in "fiu" or kind.itemsize not in (1, 2, 8):
        raise ValueError("another kind of numbers")
    rest = body[stream.tell() :]
    if math.prod(shape) * kind.itemsize != len(rest):
        raise ValueError("cut short")
    return np.frombuffer(rest, dtype=kind).reshape(shape, order="F" if by_columns else "C")


def _emulator(arrays: dict[str, NDArray[Any]], about: Any) -> Emulator:
    if not isinstance(about, dict) or about.get("schema") != SCHEMA:
        raise ValueError("another schema")
    names = tuple(about["names"])
    errors = tuple(
        RowError(
            row=_text(one["row"]), unit=_text(one["unit"]), range=_number(one["range"]),
            largest=_number(one["largest"]), usual=_number(one["usual"]), left_out=_pair(one["left_out"]),
            separate=_pair(one["separate"]),
        )
        for one in about["errors"]
    )  # fmt: skip
    count = len(names)
    if not 1 <= count <= MAX_LEVERS or not 1 <= len(errors) <= MAX_ROWS or len(set(map(_text, names))) != count:
        raise ValueError("levers or rows")
    low, high = (np.asarray(arrays[one], dtype=np.float64) for one in ("low", "high"))
    powers, weights = arrays["exponents"], np.asarray(arrays["coefficients"], dtype=np.float64)
    if low.shape != (count,) or high.shape != (count,) or not (low < high).all():
        raise ValueError("bounds")
    if powers.dtype != np.int16 or powers.ndim != 2 or powers.shape[1] != count or len(powers) > MAX_TERMS:
        raise ValueError("terms")
    if powers.size and (powers.min() < 0 or powers.max() > MAX_DEGREE or ((powers > 0).sum(axis=1) > 3).any()):
        raise ValueError("degrees")
    if weights.shape != (len(powers), len(errors)):
        raise ValueError("coefficients")
    if not (np.isfinite(weights).all() and np.isfinite(low).all() and np.isfinite(high).all()):
        raise ValueError("numbers")
    return Emulator(
        names=names, low=low, high=high, exponents=powers, coefficients=weights, errors=errors,
        target=_number(about["target"]), runs=_count(about["runs"]), checks=_count(about["checks"]),
        failed=_count(about["failed"]), seed=_count(about["seed"]), key=_text(about["key"]),
    )  # fmt: skip


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise ValueError("text")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError("number")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**62:
        raise ValueError("count")
    return value


def _pair(value: Any) -> tuple[float, float]:
    one, other = value
    return _number(one), _number(other)
