"""The front-end libraries that lie beside the page: which, from where, and how to refresh them.

    python -m winset.web.vendoring preact@11.2.0 htm@3.1.1

packs the named versions with `npm pack`, takes their module files and licences, and writes `vendor.json` with the
SHA-256 of each file as packed and as it lies here. Two edits are made, both recorded there: a bare import becomes
one of the file beside it, since the page allows no inline import map, and the pointer to a source map goes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from winset.core.errors import RequestError
from winset.core.files import read_text, write_text
from winset.core.names import known
from winset.core.provenance import digest

__all__ = ["FOLDER", "TAKEN", "faults", "refresh"]

FOLDER = Path(__file__).resolve().parent / "static" / "vendor"
TAKEN = {
    "preact": {
        "dist/preact.mjs": "preact.mjs",
        "hooks/dist/hooks.mjs": "preact-hooks.mjs",
        "LICENSE": "preact.LICENSE",
    },
    "htm": {"dist/htm.mjs": "htm.mjs", "LICENSE": "htm.LICENSE"},
}
"""By package: its file, and the name of the file here."""
EDITS = "bare imports of preact made relative; source map pointer removed"
MEMBER = 2_000_000
"""Largest file that is taken out of a package, bytes."""


def refresh(wanted: list[str]) -> None:
    """Pack and place the named versions (`preact@11.2.0`), and write the list anew."""
    listing = _listing() if (FOLDER / "vendor.json").is_file() else {}
    for spec in wanted:
        name, _, release = spec.partition("@")
        known(name, TAKEN, "library")
        if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", release):
            raise RequestError(f"{spec!r} names no version", remedy="For example preact@11.2.0")
        listing[name] = _place(name, release)
    write_text(FOLDER / "vendor.json", json.dumps(listing, indent=2, sort_keys=True) + "\n")


def _place(name: str, release: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, f"{name}@{release}"]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603 - checked above
        (archive,) = Path(folder).glob("*.tgz")
        files = {}
        with tarfile.open(archive) as packed:
            for inner, here in TAKEN[name].items():
                member = packed.extractfile(f"package/{inner}")
                assert member is not None  # noqa: S101 - a package without its own files is not one
                raw = member.read(MEMBER)
                text = _edited(raw.decode("utf-8")) if here.endswith(".mjs") else raw.decode("utf-8")
                write_text(FOLDER / here, text)
                files[here] = {"from": inner, "packed": digest(raw), "here": digest(text.encode())}
        return {
            "version": release, "registry": "npm", "archive": digest(archive.read_bytes()), "edits": EDITS,
            "files": files,
        }  # fmt: skip


def _edited(text: str) -> str:
    text = re.sub(r'from\s*"preact"', 'from"./preact.mjs"', text)
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)


def _listing() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(read_text(FOLDER / "vendor.json"))
    return found


def faults() -> list[str]:
    """What is not as `vendor.json` says: a file changed, missing, or not listed."""
    found = []
    listed = {"vendor.json"}
    for name, entry in _listing().items():
        files = entry["files"]
        assert isinstance(files, dict)  # noqa: S101 - our own file
        for here, told in files.items():
            listed.add(here)
            path = FOLDER / here
            if not path.is_file() or digest(path.read_bytes()) != told["here"]:
                found.append(f"{name}: {here} is not the file that was taken")
    found += [f"{path.name}: not listed" for path in sorted(FOLDER.iterdir()) if path.name not in listed]
    return found


if __name__ == "__main__":
    refresh(sys.argv[1:])
